//! SVG: vector drawings (W3C *Scalable Vector Graphics* 1.1 and 2), plain and compressed with gzip
//! (RFC 1952).

mod css;
mod data;
mod digest;
mod gzip;
mod inside;
mod judge;
mod names;
mod place;
mod refs;
mod rename;
mod report;
mod seen;
mod selectors;
mod shapes;
mod smil;
mod styles;
#[cfg(test)]
mod tests;
mod values;
mod words;
mod write;

use crate::bytes::Streams;
use crate::bytes::{Context, Source};
use crate::containers::xml::{encoding, tree};
use crate::formats::format::{Format, Info};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{
    Category, Digest, Error, Examined, Finding, Found, How, Plan, Result, Row, Severity, len_u64,
};
use tree::{Document, Element, Node, Space};

const NAME: &str = "SVG";

/// SVG.
#[derive(Debug)]
pub(in crate::formats) struct Svg;

/// SVG in gzip.
#[derive(Debug)]
pub(in crate::formats) struct SvgZ;

static INFO: Info = Info {
    id: "svg",
    name: NAME,
    extensions: &["svg"],
    noun: "picture",
    rows: &[
        ELEMENTS, TEXT, ATTRIBUTES, REFERENCES, STYLE, PICTURES, FONTS,
    ],
    vocabulary: VOCABULARY,
};

static INFO_Z: Info = Info {
    id: "svgz",
    name: "SVGZ",
    extensions: &["svgz"],
    noun: "picture",
    rows: &[
        GZIP, ELEMENTS, TEXT, ATTRIBUTES, REFERENCES, STYLE, PICTURES, FONTS,
    ],
    vocabulary: VOCABULARY,
};

/// Maximum number of tags of a drawing, which are counted before any of them is kept.
const MOST_TAGS: usize = 600_000;

const VOCABULARY: &[&str] = &[
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "data:image/svg+xml;base64",
    "data:image/jpeg;base64",
    "data:image/png;base64",
];

const ELEMENTS: Row = Row {
    what: "elements of SVG",
    when: "a standard says that they are drawn, or how something is drawn",
    how: How::Rebuild,
    why: "the drawing",
    spec: "SVG 1.1 appendix F; SVG 2 appendix F; Filter Effects 1; SVG Animations 2",
};
const TEXT: Row = Row {
    what: "text",
    when: "inside text, tspan, textPath and their like",
    how: How::Verbatim,
    why: "what is written in the drawing",
    spec: "SVG 2 §11",
};
const ATTRIBUTES: Row = Row {
    what: "attributes and properties",
    when: "a standard defines them and their value",
    how: How::Rebuild,
    why: "place, form and colour",
    spec: "SVG 1.1 appendix M; SVG 2 appendix G; CSS",
};
const REFERENCES: Row = Row {
    what: "href and url()",
    when: "they lead to an id in the same drawing",
    how: How::Rebuild,
    why: "gradients, symbols, masks, filters",
    spec: "SVG 2 §16.1; CSS Values 4 §4.5",
};
const STYLE: Row = Row {
    what: "style",
    when: "style sheets and style attributes, without comments and @import",
    how: How::Rebuild,
    why: "colour and form",
    spec: "CSS Syntax 3; SVG 2 §6",
};
const PICTURES: Row = Row {
    what: "pictures in data: references",
    when: "cleaned as a file of its own",
    how: How::Verbatim,
    why: "the pictures in the drawing",
    spec: "RFC 2397; SVG 2 §12.3",
};
const FONTS: Row = Row {
    what: "fonts in data: references",
    when: "in @font-face; they stay as they are, and that is said",
    how: How::Verbatim,
    why: "how the text looks",
    spec: "CSS Fonts 4 §4.3",
};
const GZIP: Row = Row {
    what: "gzip",
    when: "always; a header without name, time and comment",
    how: How::Rebuild,
    why: "the file is compressed",
    spec: "RFC 1952",
};

/// Whether an element is for programs with an extension only, so that nobody else draws it.
fn needs_extension(element: &Element) -> bool {
    element.get("requiredExtensions").is_some_and(|value| {
        let mut needed = value.split_whitespace();
        let known = |uri: &str| {
            matches!(
                uri,
                "http://www.w3.org/1999/xhtml" | "http://www.w3.org/1998/Math/MathML"
            )
        };
        value.trim().is_empty() || !needed.all(known)
    })
}

/// Whether text begins as a drawing does: declarations, comments, and an element `svg`.
fn begins_like_svg(head: &str) -> bool {
    let mut rest = head.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    loop {
        let after = if let Some(rest) = rest.strip_prefix("<!--") {
            rest.split_once("-->")
        } else if let Some(rest) = rest.strip_prefix("<?") {
            rest.split_once("?>")
        } else if let Some(rest) = rest.strip_prefix("<!DOCTYPE") {
            let name = rest.trim_start();
            if !name.starts_with("svg") {
                return false;
            }
            let end = name.find(['[', '>']);
            if end.is_none_or(|end| name.get(end..).is_some_and(|rest| rest.starts_with('['))) {
                return true;
            }
            rest.split_once('>')
        } else {
            break;
        };
        let Some((_, after)) = after else {
            return false;
        };
        rest = after.trim_start_matches(tree::is_space);
    }
    let name = rest.strip_prefix('<').unwrap_or_default();
    let name = name
        .split(|c: char| tree::is_space(c) || matches!(c, '>' | '/'))
        .next()
        .unwrap_or_default();
    name == "svg" || name.ends_with(":svg")
}

/// The beginning of a file as text, as far as it can be read.
fn head_text(head: &[u8]) -> String {
    let whole = head.get(..head.len() & !1).unwrap_or_default();
    match head {
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..] => {
            let big = matches!(head, [0xFE, ..] | [0, ..]);
            let order = if big {
                crate::bytes::Order::Big
            } else {
                crate::bytes::Order::Little
            };
            let units = whole.chunks_exact(2).filter_map(|pair| order.u16(pair));
            char::decode_utf16(units)
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        _ => head
            .iter()
            .copied()
            .map(char::from)
            .collect::<String>()
            .replace("ï»¿", ""),
    }
}

/// Takes elements without a namespace for those of SVG. Old programs wrote drawings without the namespace, and
/// librsvg, Inkscape and ImageMagick show them.
fn adopt(element: &mut Element) {
    if element.space == Space::None {
        element.space = Space::Svg;
    }
    for node in &mut element.children {
        if let Node::Element(inner) = node {
            adopt(inner);
        }
    }
}

fn read(bytes: &[u8], cx: &Context<'_>) -> Result<Document> {
    cx.memory(len_u64(bytes.len()))?;
    if memchr::memchr_iter(b'<', bytes).count() > MOST_TAGS {
        return Err(Error::LimitExceeded { limit: "items" });
    }
    let mut document = tree::parse(&encoding::decode(bytes)?, cx)?;
    if document.root.space == Space::None && document.root.name == "svg" {
        adopt(&mut document.root);
    }
    if document.root.space != Space::Svg || document.root.name != "svg" {
        return Err(Error::malformed(
            NAME,
            0,
            "the outermost element is not svg",
        ));
    }
    Ok(document)
}

/// The copy of a drawing, and what is said of it.
struct Judged {
    found: Found,
    residue: Vec<Finding>,
    copy: Vec<u8>,
}

/// Looks at a drawing.
fn judged(bytes: &[u8], cx: &Context<'_>) -> Result<Judged> {
    let document = read(bytes, cx)?;
    let judge::Judged {
        root,
        mut found,
        residue,
    } = judge::judge(&document, cx)?;
    let copy = write::document(&root);
    cx.memory(len_u64(copy.len()))?;
    if found.findings.is_empty() && copy != bytes {
        found.add(Finding::new(
            "svg.markup",
            Category::Device,
            Severity::Low,
            "svg",
            "how the file is spelled: quotes, white space, encoding",
        ));
    }
    Ok(Judged {
        found,
        residue,
        copy,
    })
}

/// Text as it reads without escapes, and the files inside.
fn streams(bytes: &[u8], cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
    walk(&read(bytes, cx)?.root, cx, sink)
}

fn walk(element: &Element, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
    for attribute in &element.attributes {
        sink.content("attribute", attribute.value.as_bytes())?;
        hand_out(&attribute.value, cx, sink)?;
        if attribute.space == Space::None && attribute.value.contains("data:") {
            style_data(&attribute.value, cx, sink)?;
        }
    }
    for node in &element.children {
        match node {
            Node::Element(inner) => walk(inner, cx, sink)?,
            Node::Text(text) => {
                sink.content("text", text.as_bytes())?;
                if element.name == "style" {
                    style_data(text, cx, sink)?;
                }
            }
            Node::Comment(text) | Node::Instruction(text) => {
                sink.structure("text", text.as_bytes())?
            }
        }
    }
    Ok(())
}

/// Files inside style rules.
fn style_data(style: &str, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
    for token in css::tokens(style, cx)?.0 {
        if let css::Token::Url(url) = token {
            hand_out(&url, cx, sink)?;
        }
    }
    Ok(())
}

fn hand_out(reference: &str, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
    match data::target(reference, cx)? {
        data::Target::Data(data) => {
            sink.content("data", &data.bytes)?;
            cx.streams_nested(&Source::memory(&data.bytes), sink)
        }
        _ => Ok(()),
    }
}

impl Format for Svg {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Content.when(begins_like_svg(&head_text(probe.head())))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let judged = judged(&source.read(source.whole())?, cx)?;
        let mut plan = Plan::new();
        plan.bytes(judged.copy);
        Ok(Examined::rebuilt(judged.found, judged.residue, plan))
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        digest::digest(&read(&source.read(source.whole())?, cx)?.root, cx)
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        streams(&source.read(source.whole())?, cx, sink)
    }
}

impl Format for SvgZ {
    fn info(&self) -> &'static Info {
        &INFO_Z
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Content.when(
            gzip::beginning(probe.head()).is_some_and(|text| begins_like_svg(&head_text(&text))),
        )
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let bytes = source.read(source.whole())?;
        let file = gzip::Gzip::read(&bytes, cx)?;
        let mut judged = judged(&file.content, cx)?;
        file.report(&judged.copy, cx, &mut judged.found)?;
        let mut plan = Plan::new();
        if cx.wants_plan() {
            plan.bytes(gzip::Gzip::write(&judged.copy));
        }
        Ok(Examined::rebuilt(judged.found, judged.residue, plan))
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let bytes = source.read(source.whole())?;
        let file = gzip::Gzip::read(&bytes, cx)?;
        digest::digest(&read(&file.content, cx)?.root, cx)
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        let bytes = source.read(source.whole())?;
        let file = gzip::Gzip::read(&bytes, cx)?;
        sink.content("gzip", &file.content)?;
        streams(&file.content, cx, sink)
    }
}
