//! What a page shows, in its order, found without the lists.

use super::book::Item;
use super::{page, rules};
use crate::bytes::{Context, Hasher, Source};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::Node;
use crate::formats::common::package::Reading;
use crate::model::Result;

/// Elements that show nothing of what is inside them.
fn is_unseen(name: &str) -> bool {
    rules::is_unseen(name)
        || matches!(
            name,
            "html:head"
                | "html:style"
                | "html:iframe"
                | "svg:title"
                | "svg:desc"
                | "svg:style"
                | "ncx:head"
                | "ncx:docTitle"
        )
}

/// Elements that break lines.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "html:p"
            | "html:div"
            | "html:h1"
            | "html:h2"
            | "html:h3"
            | "html:h4"
            | "html:h5"
            | "html:h6"
            | "html:li"
            | "html:tr"
            | "html:td"
            | "html:th"
            | "html:br"
            | "html:hr"
            | "html:blockquote"
            | "html:pre"
            | "ncx:navPoint"
            | "ncx:pageTarget"
    )
}

/// Takes what a page shows.
///
/// # Errors
/// As [`stream::read_html`].
pub(super) fn page(
    source: &Source<'_>,
    item: &Item,
    cx: &Context<'_>,
    hasher: &mut Hasher,
) -> Result<()> {
    let is_ncx = item.is_ncx();
    let mut unseen = 0usize;
    let mut open: Vec<(String, bool)> = Vec::new();
    stream::read_html(Reading::new(source), cx, &mut |piece| {
        match piece {
            Piece::Open(element, _) => {
                let name = format!("{}:{}", rules::prefix(&element.space, is_ncx), element.name);
                let is_in = |wanted: &str| open.iter().any(|(name, _)| name == wanted);
                let is_hidden = page::is_hidden(&name, element) && !is_in("html:nav");
                let is_strange = !rules::ELEMENTS.contains(&name)
                    && (name.starts_with("svg:") || is_in("svg:svg"));
                if unseen > 0 || is_unseen(&name) || is_hidden || is_strange {
                    unseen = unseen.saturating_add(1);
                    return Ok(());
                }
                if is_block(&name) {
                    hasher.label(&name, 0);
                }
                let inherited = open.last().is_some_and(|(_, has_text)| *has_text);
                let has_text = inherited || matches!(name.as_str(), "html:body" | "ncx:text");
                open.push((name, has_text));
            }
            Piece::Node(Node::Text(text)) => {
                if unseen == 0 && open.last().is_some_and(|(_, has_text)| *has_text) {
                    hasher.bytes(text.as_bytes());
                }
            }
            Piece::Node(_) => {}
            Piece::Close if unseen > 0 => unseen = unseen.saturating_sub(1),
            Piece::Close => {
                open.pop();
            }
        }
        Ok(())
    })
}
