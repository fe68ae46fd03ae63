//! Namespaces of OpenDocument, each with the prefix that it usually has, and the names that a copy may
//! contain.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::LazyLock;

use crate::containers::xml::tree::Space;

/// Prefix and namespace name. All of them are declared in the outermost element, because values can
/// contain prefixes as well.
pub(super) const SPACES: &[(&str, &str)] = &[
    ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
    ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
    ("table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
    ("draw", "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"),
    (
        "fo",
        "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    ),
    ("xlink", "http://www.w3.org/1999/xlink"),
    (
        "number",
        "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    ),
    (
        "svg",
        "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    ),
    ("chart", "urn:oasis:names:tc:opendocument:xmlns:chart:1.0"),
    ("dr3d", "urn:oasis:names:tc:opendocument:xmlns:dr3d:1.0"),
    ("math", "http://www.w3.org/1998/Math/MathML"),
    ("form", "urn:oasis:names:tc:opendocument:xmlns:form:1.0"),
    (
        "presentation",
        "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    ),
    (
        "anim",
        "urn:oasis:names:tc:opendocument:xmlns:animation:1.0",
    ),
    (
        "smil",
        "urn:oasis:names:tc:opendocument:xmlns:smil-compatible:1.0",
    ),
    ("of", "urn:oasis:names:tc:opendocument:xmlns:of:1.2"),
    ("ooo", "http://openoffice.org/2004/office"),
    ("ooow", "http://openoffice.org/2004/writer"),
    ("oooc", "http://openoffice.org/2004/calc"),
    ("tableooo", "http://openoffice.org/2009/table"),
    ("chartooo", "http://openoffice.org/2010/chart"),
    ("drawooo", "http://openoffice.org/2010/draw"),
    ("css3t", "http://www.w3.org/TR/css3-text/"),
    (
        "calcext",
        "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    ),
    (
        "loext",
        "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    ),
    (
        "field",
        "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0",
    ),
    (
        "formx",
        "urn:openoffice:names:experimental:ooxml-odf-interop:xmlns:form:1.0",
    ),
    ("config", "urn:oasis:names:tc:opendocument:xmlns:config:1.0"),
    (
        "manifest",
        "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    ),
    ("meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("script", "urn:oasis:names:tc:opendocument:xmlns:script:1.0"),
    ("officeooo", "http://openoffice.org/2009/office"),
];

/// Names that early and other programs give to the same namespaces. LibreOffice reads them as the same.
const ALIASES: &[(&str, &str)] = &[
    ("fo", "http://www.w3.org/1999/XSL/Format"),
    ("svg", "http://www.w3.org/2000/svg"),
    ("smil", "http://www.w3.org/2005/SMIL20/Language"),
    (
        "calcext",
        "urn:org:documentfoundation:names:experimental:calcext:xmlns:calcext:1.0",
    ),
];

/// How many of [`SPACES`] a copy declares.
const DECLARED: usize = 28;

/// The usual prefix of a namespace; empty for one that is not known.
pub(super) fn prefix(space: &Space) -> &'static str {
    match space {
        Space::Xml => "xml",
        space => of_uri(space.uri()),
    }
}

/// The same by its name.
pub(super) fn of_uri(uri: &str) -> &'static str {
    let mut known = SPACES.iter().chain(ALIASES);
    known
        .find(|(_, known)| *known == uri)
        .map_or("", |(prefix, _)| prefix)
}

/// The namespace under the name that copies use.
pub(super) fn usual(space: &Space) -> Space {
    let mut aliases = ALIASES.iter();
    let alias = aliases.find(|(_, alias)| *alias == space.uri());
    let usual = alias.and_then(|(prefix, _)| SPACES.iter().find(|(known, _)| known == prefix));
    usual.map_or_else(|| space.clone(), |(_, uri)| Space::Other(Rc::from(*uri)))
}

/// The namespace with this usual prefix.
pub(super) fn named(prefix: &str) -> Space {
    let mut known = SPACES.iter();
    let uri = known.find(|(known, _)| *known == prefix);
    uri.map_or(Space::None, |(_, uri)| Space::Other(Rc::from(*uri)))
}

/// The namespaces that a copy declares.
pub(super) fn declared() -> Vec<Rc<str>> {
    SPACES
        .iter()
        .take(DECLARED)
        .map(|(_, uri)| Rc::from(*uri))
        .collect()
}

/// `prefix:name` of every element that a copy may contain.
pub(super) static ELEMENTS: LazyLock<HashSet<String>> =
    LazyLock::new(|| names(include_str!("elements.txt")));
/// `prefix:name` of every attribute that a copy may contain.
pub(super) static ATTRIBUTES: LazyLock<HashSet<String>> =
    LazyLock::new(|| names(include_str!("attributes.txt")));

fn names(table: &str) -> HashSet<String> {
    let mut out = HashSet::new();
    let mut prefix = "";
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    for word in lines.flat_map(str::split_whitespace) {
        match word.strip_suffix(':') {
            Some(named) => prefix = named,
            None => {
                out.insert(format!("{prefix}:{word}"));
            }
        }
    }
    out
}
