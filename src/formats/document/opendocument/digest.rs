//! What a document shows, in its order: text, values of cells, pictures. Found without the lists.

use super::filter::value;
use super::hidden::{Named, Styles, is_cell};
use super::{binary, rules, spaces};
use crate::bytes::{Context, Hasher, Source};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::Node;
use crate::formats::common::package::Reading;
use crate::formats::common::{Target, target};
use crate::model::Result;

/// Elements that no reader sees, and fields that are different each time.
fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "office:annotation"
            | "office:annotation-end"
            | "text:tracked-changes"
            | "table:tracked-changes"
            | "office:change-info"
            | "office:scripts"
            | "office:event-listeners"
            | "text:script"
            | "office:meta"
            | "office:settings"
            | "svg:title"
            | "svg:desc"
            | "presentation:notes"
            | "text:hidden-text"
            | "table:named-expressions"
            | "table:dde-links"
            | "text:dde-connection-decls"
    )
}

/// Elements that are shown as a file. The file may be left out, with the text that is a part of them.
const FILES: &[&str] = &[
    "draw:image",
    "draw:object",
    "draw:object-ole",
    "draw:plugin",
    "draw:applet",
    "draw:floating-frame",
];

/// A file that a part shows.
pub(super) enum Shown<'a> {
    /// A member of the package.
    Member(&'a str),
    /// It is located in the part itself.
    Embedded(&'a [u8]),
}

/// An open element.
#[derive(Default)]
struct Open {
    has_text: bool,
    is_object: bool,
    /// A frame whose object is a document or a table.
    has_document: bool,
    /// A file: paragraphs in it are not shown on their own.
    is_file: bool,
    is_cell: bool,
}

/// Takes what a part shows. Files that it shows are handed to `inside`.
///
/// # Errors
/// As [`stream::read`], and those of `inside`.
pub(super) fn part(
    source: &Source<'_>,
    base: &str,
    named: &Named,
    cx: &Context<'_>,
    hasher: &mut Hasher,
    inside: &mut dyn FnMut(Shown<'_>, &mut Hasher) -> Result<()>,
) -> Result<()> {
    let mut unseen = 0usize;
    let mut hidden = Styles::of(source, named, cx)?;
    let mut open: Vec<Open> = Vec::new();
    let mut embedded: Option<String> = None;
    stream::read(Reading::new(source), cx, &|_, _| true, &mut |piece| {
        match piece {
            Piece::Open(element, _) => {
                let prefix = spaces::prefix(&element.space);
                let name = format!("{prefix}:{}", element.name);
                let is_external = name == "table:table"
                    && value(element, "table:name").is_some_and(|it| it.starts_with("'file:"));
                // A strict copy does not have them.
                let is_hidden = hidden
                    .open(&name, element)
                    .is_some_and(|hidden| hidden.is_removable);
                let reduced = hidden.reduced(&name, element);
                let element = reduced.as_ref().map_or(element, |(made, _)| made);
                let is_in_text = open.last().is_some_and(|it| it.has_text);
                let is_transparent = rules::is_transparent(element, &name, is_in_text);
                let is_unwrapped = rules::element(&name) == rules::Fate::Unwrap || is_transparent;
                let is_listed = spaces::ELEMENTS.contains(&name) || is_unwrapped;
                let is_preview =
                    name == "draw:image" && open.last().is_some_and(|it| it.has_document);
                // Programs update these fields whenever the document is opened.
                let is_filled_in =
                    matches!(name.as_str(), "text:date" | "text:time" | "text:file-name")
                        && !rules::is_fixed(element, &name);
                let is_in_file = matches!(name.as_str(), "text:p" | "text:list")
                    && open.last().is_some_and(|it| it.is_file);
                let is_unseen = is_unseen(&name)
                    || is_external
                    || is_hidden
                    || is_preview
                    || is_filled_in
                    || is_in_file;
                if unseen > 0 || !is_listed || is_unseen {
                    unseen = unseen.saturating_add(1);
                    return Ok(());
                }
                match name.as_str() {
                    "text:p" | "text:h" | "text:tab" | "text:line-break" | "text:list-item"
                    | "table:table-row" | "draw:page" => hasher.label(&name, 0),
                    "text:s" => hasher.label(value(element, "text:c").unwrap_or("1"), 1),
                    _ => {}
                }
                if let Some(number) = value(element, "office:value") {
                    hasher.label("value", 0);
                    hasher.bytes(number.as_bytes());
                }
                if matches!(
                    name.as_str(),
                    "draw:image" | "style:background-image" | "draw:fill-image"
                ) && let Some(href) = value(element, "xlink:href")
                    && let Target::Inside(path) = target(href, base)
                    && !path.contains("ObjectReplacements/")
                {
                    inside(Shown::Member(&path), hasher)?;
                }
                if matches!(name.as_str(), "office:document" | "math:math")
                    && let [.., frame, object] = open.as_mut_slice()
                    && object.is_object
                {
                    frame.has_document = true;
                }
                if let Some(frame) = open.last_mut() {
                    frame.has_document |= name == "table:table";
                }
                if name == binary::ELEMENT {
                    embedded = Some(String::new());
                }
                open.push(Open {
                    has_text: rules::has_text(&name) || is_unwrapped && is_in_text,
                    is_object: name == "draw:object",
                    has_document: false,
                    is_file: FILES.contains(&name.as_str()),
                    is_cell: is_cell(&name),
                });
            }
            Piece::Node(Node::Text(text)) => {
                if let Some(embedded) = &mut embedded {
                    embedded.push_str(&text);
                } else if unseen == 0 && open.last().is_some_and(|it| it.has_text) {
                    hasher.bytes(text.as_bytes());
                }
            }
            Piece::Node(_) => {}
            Piece::Close => {
                if let Some(embedded) = embedded.take()
                    && let Some(bytes) = binary::decoded(&embedded, cx)?
                {
                    inside(Shown::Embedded(&bytes), hasher)?;
                }
                if unseen > 0 {
                    unseen = unseen.saturating_sub(1);
                } else if open.pop().is_some_and(|it| it.is_cell) {
                    hidden.close("table:table-cell");
                }
            }
        }
        Ok(())
    })
}
