//! Everything that a package holds, decoded, for the output scan: text that is shown apart from names,
//! values and other files.

use crate::bytes::{Context, Source, Streams};
use crate::containers::xml::stream::Piece;
use crate::containers::xml::tree::{Element, Node};
use crate::containers::zip::{Archive, Member};
use crate::model::Result;

use super::ids;
use super::open;
use super::package::{self, TYPES_PART};
use super::parts;

/// Elements whose text is shown: of Word, Excel, PowerPoint and charts.
const SHOWN: &[&str] = &[
    "t",
    "v",
    "instrText",
    "f",
    "oddHeader",
    "oddFooter",
    "evenHeader",
    "evenFooter",
    "firstHeader",
    "firstFooter",
    "definedName",
    "formula",
    "formula1",
    "formula2",
    "sqref",
    "pt",
];

/// Attributes whose value is shown, or is typed by a person as a part of the content.
const SHOWN_VALUES: &[&str] = &[
    "name",
    "alt",
    "val",
    "styleId",
    "descr",
    "title",
    "display",
    "tooltip",
    "string",
    "formatCode",
    "instr",
    "displayName",
    "totalsRowLabel",
    "prompt",
    "promptTitle",
    "error",
    "errorTitle",
    "typeface",
    "location",
    "ref",
    "s",
];

/// Hands out all members.
pub(super) fn hand_out(
    archive: &Archive,
    source: &Source<'_>,
    cx: &Context<'_>,
    sink: &mut dyn Streams,
) -> Result<()> {
    for member in &archive.members {
        if !parts::is_ours(&member.name) {
            sink.structure("name", member.name.as_bytes())?;
            sink.structure("name", b"\n")?;
        }
    }
    for member in &archive.members {
        cx.item()?;
        let lower = member.name.to_lowercase();
        if member.name == TYPES_PART || lower.ends_with(".rels") {
            for element in package::children(&open::small(source, member, cx)?, cx)? {
                connection(&element, sink)?;
            }
            continue;
        }
        if [".xml", ".vml"].iter().any(|end| lower.ends_with(end)) {
            open::read_xml(source, member, cx, &mut |piece| match piece {
                Piece::Open(element, _) => values(element, sink),
                Piece::Node(Node::Element(element)) => walk(&element, sink),
                Piece::Node(Node::Text(text)) => sink.structure("text", text.as_bytes()),
                _ => Ok(()),
            })?;
            continue;
        }
        let opened = open::content(source, member, cx)?;
        let content = opened.source();
        // Macros are retained with what they say.
        let is_macro = lower.ends_with("vbaproject.bin");
        if is_macro || !opened.is_stored() {
            // The format of a file inside knows which of its text is shown.
            let is_shown = is_macro || cx.identify_nested(&content)?.is_some();
            content.for_each(content.whole(), |piece| match is_shown {
                true => sink.content("member", piece),
                false => sink.structure("member", piece),
            })?;
        }
        cx.streams_nested(&content, sink)?;
    }
    Ok(())
}

/// Hands out what a part shows, text by text.
pub(super) fn shown(
    source: &Source<'_>,
    member: &Member,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(&str),
) -> Result<()> {
    let mut sink = Shown(sink);
    open::read_xml(source, member, cx, &mut |piece| match piece {
        Piece::Open(element, _) => values(element, &mut sink),
        Piece::Node(Node::Element(element)) => walk(&element, &mut sink),
        _ => Ok(()),
    })
}

/// Takes what is shown, and nothing else.
pub(super) struct Shown<'s>(pub(super) &'s mut dyn FnMut(&str));

impl Streams for Shown<'_> {
    fn content(&mut self, _: &'static str, piece: &[u8]) -> Result<()> {
        if let Ok(text) = std::str::from_utf8(piece)
            && text.len() > 3
        {
            (self.0)(text);
        }
        Ok(())
    }

    fn structure(&mut self, _: &'static str, _: &[u8]) -> Result<()> {
        Ok(())
    }
}

/// A content type or relationship, without what every copy says.
fn connection(element: &Element, sink: &mut dyn Streams) -> Result<()> {
    let is_external = element.get("TargetMode") == Some("External");
    for attribute in &element.attributes {
        let value = attribute.value.as_str();
        let is_ours = match attribute.name.as_str() {
            "Target" if is_external => {
                sink.content("shown", value.as_bytes())?;
                sink.content("shown", b"\n")?;
                continue;
            }
            "Target" => parts::is_usual(value),
            "PartName" => parts::is_ours(value.trim_start_matches('/')),
            "Id" => ids::is_ours(value),
            "Type" | "ContentType" => parts::is_our_type(value),
            "TargetMode" => is_external,
            "Extension" => value.len() <= 4,
            _ => false,
        };
        if !is_ours {
            sink.structure("value", value.as_bytes())?;
            sink.structure("value", b"\n")?;
        }
    }
    Ok(())
}

fn walk(element: &Element, sink: &mut dyn Streams) -> Result<()> {
    values(element, sink)?;
    let is_shown = SHOWN.contains(&element.name.as_str());
    for node in &element.children {
        match node {
            Node::Element(inner) => walk(inner, sink)?,
            Node::Text(text) if is_shown => {
                sink.content("shown", text.as_bytes())?;
                sink.content("shown", b"\n")?;
            }
            Node::Text(text) | Node::Comment(text) | Node::Instruction(text) => {
                sink.structure("text", text.as_bytes())?;
                sink.structure("value", b"\n")?;
            }
        }
    }
    Ok(())
}

fn values(element: &Element, sink: &mut dyn Streams) -> Result<()> {
    for attribute in &element.attributes {
        if SHOWN_VALUES.contains(&attribute.name.as_str()) {
            sink.content("shown", attribute.value.as_bytes())?;
            sink.content("shown", b"\n")?;
        } else {
            sink.structure("value", attribute.value.as_bytes())?;
            sink.structure("value", b"\n")?;
        }
    }
    Ok(())
}
