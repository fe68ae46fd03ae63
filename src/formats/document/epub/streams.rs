//! Everything in a book, decoded, for the output scan.

use super::book::{Book, CONTAINER, Item};
use super::rules::{self, Reference};
use super::style;
use crate::bytes::{Context, Source, Streams};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::Node;
use crate::formats::common::package::{Opened, Reading};
use crate::model::Result;

/// Hands out all members.
///
/// # Errors
/// As for a file of its own, and the sink's.
pub(super) fn hand_out(
    book: &Book,
    source: &Source<'_>,
    cx: &Context<'_>,
    sink: &mut dyn Streams,
) -> Result<()> {
    for member in &book.archive.members {
        sink.structure("name", member.name.as_bytes())?;
    }
    for member in &book.archive.members {
        let opened = Opened::unchecked(source, member, cx)?;
        let content = opened.source();
        let item = book.by_path(&member.name);
        match item {
            Some(item) if item.is_style() => {
                sink.content("style", style::decoded(&content, cx)?.as_bytes())?;
            }
            Some(item) if item.is_text() => markup(&content, Some(item), cx, sink)?,
            _ if member.name == book.path || member.name == CONTAINER => {
                markup(&content, None, cx, sink)?;
            }
            _ => {
                sink.structure("member", &[])?;
                if !opened.is_stored() {
                    content.for_each(content.whole(), |piece| sink.structure("member", piece))?;
                }
                cx.streams_nested(&content, sink)?;
            }
        }
    }
    Ok(())
}

/// Text and values of a page, or of the package document.
fn markup(
    content: &Source<'_>,
    item: Option<&Item>,
    cx: &Context<'_>,
    sink: &mut dyn Streams,
) -> Result<()> {
    let is_ncx = item.is_some_and(Item::is_ncx);
    stream::read_html(Reading::new(content), cx, &mut |piece| match piece {
        Piece::Open(element, _) => {
            let prefix = rules::prefix(&element.space, is_ncx);
            let name = format!("{prefix}:{}", element.name);
            for attribute in &element.attributes {
                let full = format!("{prefix}:{}", attribute.name);
                let is_reference = matches!(
                    rules::reference(&name, &full),
                    Some(Reference::Shown | Reference::Link)
                );
                let value = attribute.value.as_str();
                let is_web = value.contains(':');
                match value.split_once('#') {
                    Some((file, place)) if is_reference && !is_web => {
                        sink.structure("file", file.as_bytes())?;
                        sink.content("value", place.as_bytes())?;
                    }
                    // Titles of the guide are shown.
                    None if item.is_none()
                        && matches!(attribute.name.as_str(), "title" | "type") =>
                    {
                        sink.content("value", value.as_bytes())?;
                    }
                    None if is_reference && !is_web || item.is_none() => {
                        sink.structure("file", value.as_bytes())?;
                        sink.structure("file", b"\0")?;
                    }
                    _ => {
                        sink.content("value", value.as_bytes())?;
                        sink.content("value", b"\0")?;
                    }
                }
            }
            Ok(())
        }
        Piece::Node(Node::Text(text)) => sink.content("text", text.as_bytes()),
        Piece::Node(Node::Comment(text) | Node::Instruction(text)) => {
            sink.structure("comment", text.as_bytes())
        }
        Piece::Node(Node::Element(_)) | Piece::Close => Ok(()),
    })
}
