//! Names that pages, tables of contents and style sheets may contain, and which of them refer to a file.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::containers::xml::tree::{SVG, Space, XLINK};

/// The namespace of XHTML.
const XHTML: &str = "http://www.w3.org/1999/xhtml";
/// Prefix and namespace name.
const SPACES: &[(&str, &str)] = &[
    ("html", XHTML),
    ("svg", SVG),
    ("xlink", XLINK),
    ("math", "http://www.w3.org/1998/Math/MathML"),
    ("epub", "http://www.idpf.org/2007/ops"),
    ("ncx", "http://www.daisy.org/z3986/2005/ncx/"),
    ("ssml", "http://www.w3.org/2001/10/synthesis"),
];

/// The usual prefix of a namespace. Early books have none.
pub(super) fn prefix(space: &Space, is_ncx: bool) -> &'static str {
    match space {
        Space::Xml => "xml",
        Space::None if is_ncx => "ncx",
        Space::None => "html",
        space => SPACES
            .iter()
            .find(|(_, uri)| *uri == space.uri())
            .map_or("", |(prefix, _)| prefix),
    }
}

/// The namespace with this prefix.
pub(super) fn space(prefix: &str) -> Space {
    match prefix {
        "svg" => Space::Svg,
        prefix => SPACES
            .iter()
            .find(|(known, _)| *known == prefix)
            .map_or(Space::None, |(_, uri)| Space::Other((*uri).into())),
    }
}

/// The prefix with which a copy writes a namespace: elements have none, because not every program that shows
/// books knows namespaces.
pub(super) fn written(uri: &str) -> &'static str {
    SPACES
        .iter()
        .find(|(prefix, known)| *known == uri && matches!(*prefix, "xlink" | "epub" | "ssml"))
        .map_or("", |(prefix, _)| prefix)
}

/// `prefix:name` of every element that a copy may contain.
pub(super) static ELEMENTS: LazyLock<HashSet<String>> =
    LazyLock::new(|| names(include_str!("elements.txt")));
/// `prefix:name` of every attribute that a copy may contain.
pub(super) static ATTRIBUTES: LazyLock<HashSet<String>> =
    LazyLock::new(|| names(include_str!("attributes.txt")));
static PROPERTIES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("properties.txt").lines();
    let lines = lines.filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

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

/// Whether a standard defines a property of this name.
pub(super) fn is_property(name: &str) -> bool {
    let name = ["-webkit-", "-moz-", "-ms-", "-o-", "-epub-", "adobe-"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    PROPERTIES.contains(name)
}

/// What the value of an attribute refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// A file that is shown with the page.
    Shown,
    /// A place to go to.
    Link,
    /// Elements of the same page.
    Ids,
}

/// What an attribute refers to; both names with a prefix.
pub(super) fn reference(element: &str, attribute: &str) -> Option<Reference> {
    let (prefix, local) = element.split_once(':')?;
    let name = attribute
        .split_once(':')
        .map_or(attribute, |(_, name)| name);
    Some(match (prefix, local, name) {
        ("html", "a" | "area", "href") | ("svg", "a", "href") | ("ncx", "content", "src") => {
            Reference::Link
        }
        ("math", _, "href") => Reference::Link,
        ("html", "link", "href")
        | ("html", _, "src" | "poster" | "background")
        | ("html", "object", "data")
        | ("svg", _, "href")
        | ("math", "mglyph", "src") => Reference::Shown,
        (
            "html",
            _,
            "for" | "headers" | "aria-labelledby" | "aria-describedby" | "aria-controls"
            | "aria-owns" | "aria-details" | "aria-flowto" | "list" | "form",
        )
        | ("svg", _, "aria-labelledby" | "aria-describedby") => Reference::Ids,
        ("html", _, "usemap") => Reference::Link,
        _ => return None,
    })
}

/// Elements that never have content in HTML.
pub(super) fn is_void(name: &str) -> bool {
    name.strip_prefix("html:").is_some_and(|name| {
        matches!(
            name,
            "area"
                | "br"
                | "col"
                | "embed"
                | "hr"
                | "img"
                | "input"
                | "link"
                | "meta"
                | "param"
                | "source"
                | "track"
                | "wbr"
        )
    })
}

/// Whether the reader sees the value of an attribute, or hears it.
pub(super) fn is_text(name: &str) -> bool {
    let name = name.split_once(':').map_or(name, |(_, name)| name);
    matches!(
        name,
        "alt"
            | "title"
            | "label"
            | "placeholder"
            | "summary"
            | "abbr"
            | "alttext"
            | "value"
            | "aria-label"
            | "aria-description"
            | "aria-roledescription"
            | "aria-valuetext"
            | "ph"
    )
}

/// Elements whose content no reader sees, although it is text.
pub(super) fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "html:script"
            | "html:template"
            | "html:base"
            | "html:applet"
            | "svg:script"
            | "svg:metadata"
            | "svg:handler"
            | "math:annotation"
            | "math:annotation-xml"
            | "epub:trigger"
            | "ncx:docAuthor"
            | "ncx:smilCustomTest"
            | "ncx:audio"
            | "ncx:img"
    )
}
