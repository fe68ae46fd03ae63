//! Content that the reader does not see.

use std::collections::{BTreeMap, BTreeSet};

use super::filter::value;
use super::rules::Dropped;
use super::sheets::{Grid, Removed, Seen, has_value};
use super::spaces;
use crate::bytes::{Context, Source};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::Element;
use crate::formats::common::package::Reading;
use crate::model::Result;

/// What is hidden, and whether a strict copy goes without it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hidden {
    pub(super) what: &'static Dropped,
    pub(super) is_removable: bool,
}

macro_rules! hidden {
    ($($name:ident $what:literal;)*) => {
        $(static $name: Dropped = Dropped {
            id: "odf.hidden",
            what: $what,
            is_told: true,
        };)*
    };
}

hidden! {
    TEXT "hidden text";
    SECTION "a hidden section";
    SLIDE "a hidden slide";
    SHAPE "a shape or picture that is hidden";
    OUTSIDE "something beside the slide that is not shown";
    SHEET "a hidden sheet";
    CELLS "hidden rows or columns";
    FORMULA "formulas that refer to hidden cells; their values are retained";
    CHOICE "choices from a hidden sheet, and links to it";
}

/// So far from the page is what cannot be seen, in millimetres: lines and shadows are wider than shapes.
const MARGIN: f64 = 2.0;

/// Width and height, in millimetres.
type Size = (f64, f64);

/// What hides the content of a document, as far as its parts have said: styles, layers, and sizes of pages.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    /// Family and name.
    styles: BTreeSet<(String, String)>,
    /// The one that is being defined.
    style: (String, String),
    layers: BTreeSet<String>,
    layouts: BTreeMap<String, Size>,
    layout: String,
    masters: BTreeMap<String, Size>,
}

impl Named {
    /// Of the part with the styles of a document.
    ///
    /// # Errors
    /// As [`stream::read`].
    pub(super) fn find(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let mut named = Self::default();
        stream::read(Reading::new(source), cx, &|_, _| true, &mut |piece| {
            if let Piece::Open(element, _) = piece {
                let prefix = spaces::prefix(&element.space);
                named.open(&format!("{prefix}:{}", element.name), element);
            }
            Ok(())
        })?;
        Ok(named)
    }

    fn open(&mut self, name: &str, element: &Element) {
        let get = |wanted: &str| value(element, wanted);
        let text = |wanted: &str| get(wanted).unwrap_or_default().to_owned();
        let is_hidden = match name {
            "style:style" => {
                self.style = (text("style:family"), text("style:name"));
                let parent = (text("style:family"), text("style:parent-style-name"));
                self.styles.contains(&parent)
            }
            "style:table-properties" => get("table:display") == Some("false"),
            "style:drawing-page-properties" => get("presentation:visibility") == Some("hidden"),
            "style:text-properties" => {
                if get("text:display") == Some("true") {
                    self.styles.remove(&self.style);
                }
                get("text:display") == Some("none")
            }
            "draw:layer" if get("draw:display") == Some("none") => {
                self.layers.insert(text("draw:name"));
                false
            }
            "style:page-layout" => {
                self.layout = text("style:name");
                false
            }
            "style:page-layout-properties" => {
                let size = get("fo:page-width").and_then(millimetres);
                if let Some(size) = size.zip(get("fo:page-height").and_then(millimetres)) {
                    self.layouts.insert(self.layout.clone(), size);
                }
                false
            }
            "style:master-page" => {
                if let Some(size) = self.layouts.get(&text("style:page-layout-name")) {
                    self.masters.insert(text("style:name"), *size);
                }
                false
            }
            _ => false,
        };
        if is_hidden {
            self.styles.insert(self.style.clone());
        }
    }

    fn has(&self, family: &str, style: Option<&str>) -> bool {
        style.is_some_and(|style| self.styles.contains(&(family.to_owned(), style.to_owned())))
    }
}

/// A length in millimetres.
fn millimetres(length: &str) -> Option<f64> {
    let length = length.trim();
    let split = length.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = length.split_at(split);
    let unit = match unit {
        "mm" => 1.0,
        "cm" => 10.0,
        "in" => 25.4,
        "pt" => 25.4 / 72.0,
        "pc" => 25.4 / 6.0,
        _ => return None,
    };
    number.parse::<f64>().ok().map(|number| number * unit)
}

/// Finds what is hidden in a part.
#[derive(Debug, Default)]
pub(super) struct Styles {
    named: Named,
    removed: Removed,
    grid: Grid,
    /// The sheet that is read.
    sheet: String,
    /// Of the open cell: how much of it is seen.
    cell: Option<Seen>,
    /// Size of the page that is read.
    page: Option<Size>,
}

impl Styles {
    /// For a part of which a strict copy does not contain what is hidden.
    ///
    /// # Errors
    /// As those of reading the part.
    pub(super) fn of(source: &Source<'_>, named: &Named, cx: &Context<'_>) -> Result<Self> {
        Ok(Self {
            named: named.clone(),
            removed: match cx.policy().strict {
                true => Removed::find(source, named, cx)?,
                false => Removed::default(),
            },
            ..Self::default()
        })
    }

    /// For looking at a part for the first time.
    pub(super) fn new(named: &Named) -> Self {
        Self {
            named: named.clone(),
            ..Self::default()
        }
    }

    /// Takes an element in the order of the file. Returns what it is if nobody sees it.
    pub(super) fn open(&mut self, name: &str, element: &Element) -> Option<Hidden> {
        let get = |wanted: &str| value(element, wanted);
        let seen = self.grid.open(name, element);
        let is_cleared = |sheet: &String| self.removed.cleared.contains(sheet);
        let is_conditional = get("text:display") == Some("condition")
            && get("text:is-hidden").is_some_and(|it| it == "true");
        self.named.open(name, element);
        let (what, is_removable) = match name {
            "table:table" => {
                self.sheet = get("table:name").unwrap_or_default().to_owned();
                self.cell = None;
                if !self.named.has("table", get("table:style-name")) {
                    return None;
                }
                (&SHEET, self.removed.sheets.contains(&self.sheet))
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.cell = seen;
                // The cell itself remains, without its value.
                if seen == Some(Seen::All) || !has_value(element) || is_cleared(&self.sheet) {
                    return None;
                }
                (&CELLS, false)
            }
            "draw:page" => {
                let master = get("draw:master-page-name").unwrap_or_default();
                self.page = self.named.masters.get(master).copied();
                if !self.named.has("drawing-page", get("draw:style-name")) {
                    return None;
                }
                (&SLIDE, true)
            }
            "presentation:notes" => {
                self.page = None;
                return None;
            }
            "text:span" if self.named.has("text", get("text:style-name")) => (&TEXT, true),
            "text:p" | "text:h" if self.named.has("paragraph", get("text:style-name")) => {
                (&TEXT, true)
            }
            "text:section" if get("text:display") == Some("none") || is_conditional => {
                (&SECTION, true)
            }
            "text:hidden-text" => (&TEXT, true),
            "text:hidden-paragraph" => (&TEXT, false),
            "table:database-range" | "table:named-range" | "table:named-expression"
                if element
                    .attributes
                    .iter()
                    .any(|it| self.removed.names(&it.value)) =>
            {
                (&CHOICE, true)
            }
            _ if name.starts_with("draw:") && self.is_hidden_shape(element) => {
                (&SHAPE, !self.removed.moves(element))
            }
            _ if name.starts_with("draw:") && self.is_outside(element) => {
                (&OUTSIDE, !self.removed.moves(element))
            }
            _ if self.cell.is_some_and(|it| it != Seen::All) => (&CELLS, is_cleared(&self.sheet)),
            _ => return None,
        };
        Some(Hidden { what, is_removable })
    }

    fn is_hidden_shape(&self, shape: &Element) -> bool {
        value(shape, "drawooo:display") == Some("none")
            || value(shape, "draw:layer").is_some_and(|layer| self.named.layers.contains(layer))
    }

    /// Whether a shape is wholly beside the page.
    fn is_outside(&self, shape: &Element) -> bool {
        let Some((width, height)) = self.page else {
            return false;
        };
        let get = |wanted: &str| value(shape, wanted).and_then(millimetres);
        let (Some(x), Some(y), Some(wide), Some(high)) = (
            get("svg:x"),
            get("svg:y"),
            get("svg:width"),
            get("svg:height"),
        ) else {
            return false;
        };
        value(shape, "draw:transform").is_none()
            && (x + wide < -MARGIN
                || y + high < -MARGIN
                || x > width + MARGIN
                || y > height + MARGIN)
    }

    /// An element ends.
    pub(super) fn close(&mut self, name: &str) {
        if is_cell(name) {
            self.cell = None;
        }
    }

    /// The element without what a strict copy does not have: values of hidden cells, formulas, and choices
    /// that lead to them; and what was removed.
    pub(super) fn reduced(
        &self,
        name: &str,
        element: &Element,
    ) -> Option<(Element, &'static Dropped)> {
        if self.removed.is_empty() {
            return None;
        }
        let mut made = element.clone();
        let mut what = &FORMULA;
        match name {
            "table:table-cell" | "table:covered-table-cell" => {
                let is_cleared = self.cell != Some(Seen::All)
                    && self.removed.cleared.contains(&self.sheet)
                    && has_value(element);
                if is_cleared {
                    what = &CELLS;
                }
                made.attributes.retain(|it| {
                    let prefix = spaces::prefix(&it.space);
                    match it.name.as_str() {
                        "formula"
                        | "number-matrix-columns-spanned"
                        | "number-matrix-rows-spanned" => false,
                        _ => !is_cleared || prefix == "table",
                    }
                });
            }
            "table:content-validation" => {
                what = &CHOICE;
                made.attributes
                    .retain(|it| it.name != "condition" || !self.removed.names(&it.value));
            }
            _ => return None,
        }
        (made.attributes.len() < element.attributes.len()).then_some((made, what))
    }

    /// Whether a link leads to a sheet that is removed.
    pub(super) fn is_gone(&self, href: &str) -> bool {
        href.starts_with('#') && self.removed.names(href)
    }
}

/// Whether an element is a cell of a table.
pub(super) fn is_cell(name: &str) -> bool {
    matches!(name, "table:table-cell" | "table:covered-table-cell")
}
