//! What a document contains and does not show: hidden text, slides, shapes, sheets, rows and columns. It is
//! reported, and with the strict policy removed where nothing that is shown depends on it.

mod cells;
mod refers;
mod shapes;
mod sheets;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use crate::bytes::{Context, Source};
use crate::containers::xml::stream::Piece;
use crate::containers::xml::tree::{Element, Node};
use crate::containers::zip::Archive;
use crate::model::Result;

use super::names::{is, value};
use super::report::{self as kind, Kind};
use super::{open, package};

/// Takes what is hidden: whether it is removed, what it is, and its text.
pub(super) type Say<'s> = dyn FnMut(bool, &'static Kind, &str) + 's;

/// The hidden content of one document.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    is_strict: bool,
    /// Parts that are removed.
    gone: BTreeMap<String, &'static Kind>,
    text: text::Styles,
    slides: shapes::Slides,
    book: sheets::Book,
    /// What the part that is read is.
    part: Part,
}

/// The part that is read.
#[derive(Debug, Default)]
enum Part {
    #[default]
    Other,
    /// A slide, layout or master: its name.
    Slide(String),
    Workbook,
    /// The drawing on a sheet: its name.
    Drawing(String),
    Sheet(cells::Reading),
}

/// A package that is looked at.
#[derive(Clone, Copy)]
struct Look<'l, 'b> {
    archive: &'l Archive,
    source: &'l Source<'l>,
    cx: &'l Context<'b>,
}

impl Look<'_, '_> {
    fn read(&self, part: &str, sink: &mut dyn FnMut(Piece<'_>) -> Result<()>) -> Result<()> {
        match self.archive.member(part) {
            Some(member) => open::read_xml(self.source, member, self.cx, sink),
            None => Ok(()),
        }
    }

    /// Parts that a part leads to: id and last segment of the type of the relationship, name.
    fn leads(&self, part: &str) -> Result<Vec<(String, String, String)>> {
        let relationships = open::relationships(self.archive, self.source, part, self.cx)?;
        let inside = relationships.into_iter().filter(|it| !it.is_external);
        let resolved = inside.filter_map(|it| {
            let target = package::resolve(part, &it.target)?;
            Some((it.id.clone(), it.name().to_owned(), target))
        });
        Ok(resolved.collect())
    }
}

impl Hidden {
    /// Looks through the document whose main part is this.
    ///
    /// # Errors
    /// As those of reading its parts.
    pub(super) fn find(
        archive: &Archive,
        source: &Source<'_>,
        main: &str,
        cx: &Context<'_>,
    ) -> Result<Self> {
        let look = Look {
            archive,
            source,
            cx,
        };
        let is_strict = cx.policy().strict;
        let mut hidden = Self {
            is_strict,
            ..Self::default()
        };
        let leads = look.leads(main)?;
        for (_, class, target) in &leads {
            if class == "styles" {
                hidden.text.read(&look, target)?;
            }
        }
        if leads.iter().any(|(_, class, _)| class == "slideMaster") {
            hidden.slides = shapes::Slides::find(&look, main, &leads, is_strict)?;
        }
        if leads.iter().any(|(_, class, _)| class == "worksheet") {
            hidden.book = sheets::Book::find(&look, main, &leads, is_strict)?;
        }
        if is_strict {
            let slides = hidden.slides.gone.iter();
            let slides = slides.map(|part| (part.clone(), kind::HIDDEN_SLIDE));
            let sheets = hidden.book.gone();
            let sheets = sheets.map(|part| (part.to_owned(), kind::HIDDEN_SHEET));
            hidden.gone = slides.chain(sheets).collect();
        }
        Ok(hidden)
    }

    /// What a part is, where it is removed.
    pub(super) fn gone(&self, part: &str) -> Option<&'static Kind> {
        self.gone.get(part).copied()
    }

    /// The root of a part.
    pub(super) fn begin(&mut self, part: &str, root: &Element, say: &mut Say<'_>) {
        self.part = Part::Other;
        if ["sld", "sldLayout", "sldMaster"]
            .iter()
            .any(|name| is(root, "p", name))
        {
            if matches!(root.get("show"), Some("0" | "false")) {
                say(false, kind::HIDDEN_SLIDE, "");
            }
            self.part = Part::Slide(part.to_owned());
        } else if is(root, "x", "workbook") {
            self.part = Part::Workbook;
        } else if is(root, "xdr", "wsDr") {
            self.part = Part::Drawing(part.to_owned());
        } else if is(root, "x", "worksheet") {
            self.part = Part::Sheet(cells::Reading::new(part));
        }
    }

    /// Takes what is hidden out of something below the root; `None` when nothing of it remains. Without the
    /// strict policy it is only reported.
    pub(super) fn strip(&mut self, node: Node, say: &mut Say<'_>) -> Option<Node> {
        let Node::Element(mut element) = node else {
            return Some(node);
        };
        let is_kept = match &mut self.part {
            Part::Slide(part) => self.slides.strip(&mut element, part, self.is_strict, say),
            Part::Workbook => {
                self.book.workbook(&mut element, say);
                true
            }
            Part::Drawing(part) => {
                shapes::on_sheet(&mut element, self.is_strict, say)
                    && self.book.anchor(&element, part, say)
            }
            Part::Sheet(reading) => reading.strip(&mut element, &self.book, self.is_strict, say),
            Part::Other => self.text.strip(&mut element, false, self.is_strict, say),
        };
        is_kept.then_some(Node::Element(element))
    }
}

/// Elements of a node, and of what is inside, for which `is_kept` is false are removed.
fn retain(element: &mut Element, is_kept: &mut dyn FnMut(&mut Element) -> bool) {
    element.children.retain_mut(|node| match node {
        Node::Element(inner) => is_kept(inner),
        _ => true,
    });
}

/// Values of an attribute in an element and all that is in it.
fn collect(element: &Element, names: &[(&str, &str)], key: &str, out: &mut BTreeSet<String>) {
    for inner in element.elements() {
        if names.iter().any(|(prefix, name)| is(inner, prefix, name))
            && let Some(found) = inner.get(key)
        {
            out.insert(found.to_owned());
        }
        collect(inner, names, key, out);
    }
}

/// The id of the relationship that an element names.
fn link(element: &Element) -> Option<&str> {
    value(element, "r", "id")
}
