//! Paragraphs whose mark is deleted, and rows that are deleted (ISO/IEC 29500-1 §17.13.5): what Word shows
//! when all changes are accepted.

use crate::containers::xml::tree::{Element, Node};

use super::names::{child, is};

/// Blocks that follow each other. The content of a paragraph whose mark is deleted begins the next one,
/// whose mark has the properties of both.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    held: Option<Element>,
    /// Whether anything was handed out.
    has_any: bool,
}

impl Blocks {
    /// Takes a block, and hands out what is complete.
    pub(super) fn add(&mut self, node: Node, mark_is_deleted: bool, out: &mut Vec<Node>) {
        match node {
            Node::Element(mut paragraph) if is(&paragraph, "w", "p") => {
                if let Some(held) = self.held.take() {
                    prepend(&mut paragraph, held);
                }
                if mark_is_deleted {
                    self.held = Some(paragraph);
                } else {
                    self.has_any = true;
                    out.push(Node::Element(paragraph));
                }
            }
            Node::Element(element) => {
                let is_mark = is_mark(&element);
                if is_mark && let Some(held) = &mut self.held {
                    held.children.push(Node::Element(element));
                    return;
                }
                if !is_mark {
                    self.release(out);
                    self.has_any = true;
                }
                out.push(Node::Element(element));
            }
            node => out.push(node),
        }
    }

    /// The end of the blocks: a paragraph that is held is the last.
    pub(super) fn finish(&mut self, is_cell: bool, out: &mut Vec<Node>) {
        let last = out.iter().rev().find_map(|node| match node {
            Node::Element(element) => Some(is(element, "w", "p")),
            _ => None,
        });
        let is_needed = !self.has_any || is_cell && last != Some(true);
        self.hand_out(is_needed, out);
    }

    /// Nothing follows that the held paragraph can become a part of.
    fn release(&mut self, out: &mut Vec<Node>) {
        self.hand_out(false, out);
    }

    /// The held paragraph; of one that is empty, its bookmarks.
    fn hand_out(&mut self, is_needed: bool, out: &mut Vec<Node>) {
        match self.held.take() {
            Some(held) if is_needed || has_content(&held) => out.push(Node::Element(held)),
            Some(held) => {
                let marks = held.children.into_iter();
                out.extend(marks.filter(|node| matches!(node, Node::Element(it) if is_mark(it))));
            }
            None => {}
        }
    }
}

/// Elements between blocks that are none.
const MARKS: &[&str] = &["bookmarkStart", "bookmarkEnd"];

fn is_mark(element: &Element) -> bool {
    MARKS.iter().any(|name| is(element, "w", name))
}

fn has_content(paragraph: &Element) -> bool {
    let mut inner = paragraph.elements();
    inner.any(|inner| !is(inner, "w", "pPr") && !is_mark(inner))
}

fn prepend(paragraph: &mut Element, held: Element) {
    let at = usize::from(
        paragraph
            .elements()
            .next()
            .is_some_and(|first| is(first, "w", "pPr")),
    );
    let (properties, content): (Vec<_>, Vec<_>) = std::mem::take(&mut paragraph.children)
        .into_iter()
        .partition(|node| at == 1 && matches!(node, Node::Element(inner) if is(inner, "w", "pPr")));
    paragraph.children = properties;
    let held = held.children.into_iter();
    let held = held.filter(|node| !matches!(node, Node::Element(inner) if is(inner, "w", "pPr")));
    paragraph.children.extend(held);
    paragraph.children.extend(content);
}

/// Whether the mark of a paragraph is deleted or moved away.
pub(super) fn mark_is_deleted(node: &Node) -> bool {
    let Node::Element(paragraph) = node else {
        return false;
    };
    is(paragraph, "w", "p")
        && child(paragraph, "w", "pPr")
            .and_then(|properties| child(properties, "w", "rPr"))
            .is_some_and(is_deleted)
}

/// Whether a row or cell is deleted.
pub(super) fn is_deleted_part_of_table(element: &Element) -> bool {
    let has = |properties, mark| {
        child(element, "w", properties).is_some_and(|it| child(it, "w", mark).is_some())
    };
    is(element, "w", "tr") && has("trPr", "del") || is(element, "w", "tc") && has("tcPr", "cellDel")
}

fn is_deleted(properties: &Element) -> bool {
    child(properties, "w", "del").is_some() || child(properties, "w", "moveFrom").is_some()
}
