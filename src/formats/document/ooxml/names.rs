//! Namespaces of ECMA-376 (ISO/IEC 29500) and Microsoft's extensions (MS-DOCX, MS-XLSX, MS-PPTX,
//! MS-ODRAWXML) that show something.

use std::sync::LazyLock;

use foldhash::HashMap;

use crate::containers::xml::tree::Element;

/// Prefix, namespace name, and the name of the same namespace in documents of the class Strict.
type Row = (&'static str, &'static str, &'static str);

/// Known namespaces. An element or attribute of any other is removed.
const KNOWN: &[Row] = &[
    (
        "w",
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ),
    (
        "x",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    (
        "p",
        "http://schemas.openxmlformats.org/presentationml/2006/main",
        "http://purl.oclc.org/ooxml/presentationml/main",
    ),
    (
        "a",
        "http://schemas.openxmlformats.org/drawingml/2006/main",
        "http://purl.oclc.org/ooxml/drawingml/main",
    ),
    (
        "r",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
    (
        "m",
        "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "http://purl.oclc.org/ooxml/officeDocument/math",
    ),
    (
        "pic",
        "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "http://purl.oclc.org/ooxml/drawingml/picture",
    ),
    (
        "wp",
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
    ),
    (
        "xdr",
        "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
        "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
    ),
    (
        "c",
        "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "http://purl.oclc.org/ooxml/drawingml/chart",
    ),
    (
        "cdr",
        "http://schemas.openxmlformats.org/drawingml/2006/chartDrawing",
        "http://purl.oclc.org/ooxml/drawingml/chartDrawing",
    ),
    (
        "dgm",
        "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "http://purl.oclc.org/ooxml/drawingml/diagram",
    ),
    (
        "lc",
        "http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas",
        "http://purl.oclc.org/ooxml/drawingml/lockedCanvas",
    ),
    (
        "mc",
        "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "",
    ),
    ("v", "urn:schemas-microsoft-com:vml", ""),
    ("o", "urn:schemas-microsoft-com:office:office", ""),
    ("w10", "urn:schemas-microsoft-com:office:word", ""),
    ("xvml", "urn:schemas-microsoft-com:office:excel", ""),
    ("pvml", "urn:schemas-microsoft-com:office:powerpoint", ""),
    (
        "w14",
        "http://schemas.microsoft.com/office/word/2010/wordml",
        "",
    ),
    (
        "w15",
        "http://schemas.microsoft.com/office/word/2012/wordml",
        "",
    ),
    (
        "w16se",
        "http://schemas.microsoft.com/office/word/2015/wordml/symex",
        "",
    ),
    (
        "wpc",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas",
        "",
    ),
    (
        "wpg",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
        "",
    ),
    (
        "wpi",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingInk",
        "",
    ),
    (
        "wps",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "",
    ),
    (
        "wp14",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing",
        "",
    ),
    (
        "a14",
        "http://schemas.microsoft.com/office/drawing/2010/main",
        "",
    ),
    (
        "a15",
        "http://schemas.microsoft.com/office/drawing/2012/main",
        "",
    ),
    (
        "pic14",
        "http://schemas.microsoft.com/office/drawing/2010/picture",
        "",
    ),
    (
        "c14",
        "http://schemas.microsoft.com/office/drawing/2007/8/2/chart",
        "",
    ),
    (
        "c15",
        "http://schemas.microsoft.com/office/drawing/2012/chart",
        "",
    ),
    (
        "c16r2",
        "http://schemas.microsoft.com/office/drawing/2015/06/chart",
        "",
    ),
    (
        "c16r3",
        "http://schemas.microsoft.com/office/drawing/2017/03/chart",
        "",
    ),
    (
        "cs",
        "http://schemas.microsoft.com/office/drawing/2012/chartStyle",
        "",
    ),
    (
        "cx",
        "http://schemas.microsoft.com/office/drawing/2014/chartex",
        "",
    ),
    (
        "cx1",
        "http://schemas.microsoft.com/office/drawing/2015/9/8/chartex",
        "",
    ),
    (
        "cx2",
        "http://schemas.microsoft.com/office/drawing/2015/10/21/chartex",
        "",
    ),
    (
        "cx4",
        "http://schemas.microsoft.com/office/drawing/2016/5/10/chartex",
        "",
    ),
    (
        "dsp",
        "http://schemas.microsoft.com/office/drawing/2008/diagram",
        "",
    ),
    (
        "dgm14",
        "http://schemas.microsoft.com/office/drawing/2010/diagram",
        "",
    ),
    (
        "asvg",
        "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
        "",
    ),
    (
        "adec",
        "http://schemas.microsoft.com/office/drawing/2017/decorative",
        "",
    ),
    (
        "a3d",
        "http://schemas.microsoft.com/office/drawing/2018/animation",
        "",
    ),
    (
        "sle15",
        "http://schemas.microsoft.com/office/drawing/2012/slicer",
        "",
    ),
    (
        "p14",
        "http://schemas.microsoft.com/office/powerpoint/2010/main",
        "",
    ),
    (
        "p15",
        "http://schemas.microsoft.com/office/powerpoint/2012/main",
        "",
    ),
    (
        "p159",
        "http://schemas.microsoft.com/office/powerpoint/2015/09/main",
        "",
    ),
    (
        "x14",
        "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
        "",
    ),
    (
        "x14ac",
        "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac",
        "",
    ),
    (
        "x15",
        "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main",
        "",
    ),
    (
        "xm",
        "http://schemas.microsoft.com/office/excel/2006/main",
        "",
    ),
];

/// The prefix that a known namespace has everywhere in this program, and in every copy.
pub(super) fn prefix(uri: &str) -> Option<&'static str> {
    PREFIXES.get(uri).copied()
}

/// Prefix of each namespace. It is asked for each element and attribute.
static PREFIXES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let both = |(prefix, name, strict): &Row| [(*name, *prefix), (*strict, *prefix)];
    let all = KNOWN.iter().flat_map(both);
    all.filter(|(uri, _)| !uri.is_empty()).collect()
});

/// The prefix with which a copy writes a namespace. In workbooks, as in those of every other program,
/// the main namespace has none.
pub(super) fn written(uri: &str) -> &'static str {
    match prefix(uri) {
        Some("x") => "",
        Some(prefix) => prefix,
        None => match uri {
            super::package::CONTENT_TYPES | super::package::RELATIONSHIPS => "",
            _ => "other",
        },
    }
}

/// Prefix and name of an element; `("", "")` when the namespace is not known.
pub(super) fn name(element: &Element) -> (&'static str, &str) {
    match prefix(element.space.uri()) {
        Some(prefix) => (prefix, &element.name),
        None => ("", ""),
    }
}

/// Whether an element has this prefix and name.
pub(super) fn is(element: &Element, prefix: &str, name: &str) -> bool {
    element.name == name && self::prefix(element.space.uri()) == Some(prefix)
}

/// The value of an attribute in a known namespace.
pub(super) fn value<'e>(element: &'e Element, prefix: &str, name: &str) -> Option<&'e str> {
    let attribute = element
        .attributes
        .iter()
        .find(|it| it.name == name && self::prefix(it.space.uri()) == Some(prefix));
    attribute.map(|it| it.value.as_str())
}

/// Whether a property that is on or off is on (`w:b`, `w:vanish`): it is there and not said to be off.
pub(super) fn is_on(element: &Element) -> bool {
    !matches!(value(element, "w", "val"), Some("0" | "false" | "off"))
}

/// Whether any element below, or the element itself, is of this name.
pub(super) fn has(element: &Element, prefix: &str, name: &str) -> bool {
    is(element, prefix, name) || element.elements().any(|inner| has(inner, prefix, name))
}

/// The first child of this name.
pub(super) fn child<'e>(element: &'e Element, prefix: &str, name: &str) -> Option<&'e Element> {
    element.elements().find(|inner| is(inner, prefix, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prefix_and_namespace_occurs_once() {
        for (index, (prefix, uri, strict)) in KNOWN.iter().enumerate() {
            for (other, name, other_strict) in KNOWN.iter().skip(index + 1) {
                assert_ne!(prefix, other);
                assert_ne!(uri, name);
                assert!(strict != other_strict || strict.is_empty());
            }
        }
    }
}
