//! Hidden rows and columns of one sheet (ISO/IEC 29500-1 §18.3.1.13, §18.3.1.73).

use std::collections::BTreeSet;

use crate::containers::xml::tree::{Element, Node};

use super::sheets::Book;
use super::{Say, retain};
use crate::formats::document::ooxml::names::{child, is};
use crate::formats::document::ooxml::report as kind;

/// Row and column, from 1.
pub(super) type Cell = (u32, u32);

/// First and last row or column.
pub(super) type Range = (u32, u32);

/// A sheet that is read from its beginning.
#[derive(Debug)]
pub(super) struct Reading {
    part: String,
    pub(super) columns: Vec<Range>,
    row: u32,
    /// Whether formulas that are shared were removed, by their index.
    shared: BTreeSet<String>,
}

/// A row, its cells, and whether they are hidden.
pub(super) struct Row {
    pub(super) number: u32,
    pub(super) is_hidden: bool,
}

impl Reading {
    pub(super) fn new(part: &str) -> Self {
        Self {
            part: part.to_owned(),
            columns: Vec::new(),
            row: 0,
            shared: BTreeSet::new(),
        }
    }

    /// Takes `cols`.
    pub(super) fn columns(&mut self, element: &Element) {
        let hidden = element.elements().filter(|col| is_hidden(col, "width"));
        let range = |col: &Element| {
            Some((
                col.get("min")?.parse::<u32>().ok()?,
                col.get("max")?.parse::<u32>().ok()?,
            ))
        };
        self.columns.extend(hidden.filter_map(range));
    }

    /// The row that an element is; rows without number follow each other.
    pub(super) fn row(&mut self, element: &Element) -> Row {
        let written = element.get("r").and_then(|it| it.parse::<u32>().ok());
        self.row = written.unwrap_or(self.row.saturating_add(1));
        Row {
            number: self.row,
            is_hidden: is_hidden(element, "ht"),
        }
    }

    /// Whether a column is hidden.
    pub(super) fn is_column_hidden(&self, column: u32) -> bool {
        contains(&self.columns, column)
    }

    /// Removes or reports what is hidden on a sheet; whether anything of the element remains.
    pub(super) fn strip(
        &mut self,
        element: &mut Element,
        book: &Book,
        is_strict: bool,
        say: &mut Say<'_>,
    ) -> bool {
        if is(element, "x", "cols") {
            self.columns(element);
        } else if is(element, "x", "row") {
            self.cells(element, book, is_strict, say);
        } else if is_strict {
            return book.rest(element, say);
        }
        true
    }

    fn cells(&mut self, row: &mut Element, book: &Book, is_strict: bool, say: &mut Say<'_>) {
        let Row { number, is_hidden } = self.row(row);
        let sheet = book.sheet(&self.part);
        let is_cleared = is_strict && sheet.is_some_and(|it| it.is_cleared);
        let mut column = 0u32;
        let part = self.part.clone();
        retain(row, &mut |cell| {
            if !is(cell, "x", "c") {
                return true;
            }
            let at = cell.get("r").and_then(place);
            column = at.map_or(column.saturating_add(1), |(_, column)| column);
            let is_shown = sheet.is_some_and(|it| it.shown.contains(&(number, column)));
            if (is_hidden || self.is_column_hidden(column)) && has_content(cell) && !is_shown {
                say(is_cleared, kind::HIDDEN_CELLS, "");
                if is_cleared {
                    cell.children.clear();
                    cell.attributes
                        .retain(|it| matches!(it.name.as_str(), "r" | "s"));
                    return true;
                }
            }
            if is_strict
                && let Some(formula) = child(cell, "x", "f")
                && self.is_replaced(formula, &part, book)
            {
                say(true, kind::HIDDEN_FORMULA, "");
                cell.children
                    .retain(|node| !matches!(node, Node::Element(it) if is(it, "x", "f")));
            }
            true
        });
    }

    /// Whether a formula becomes its value, because it refers to cells that are removed.
    fn is_replaced(&mut self, formula: &Element, part: &str, book: &Book) -> bool {
        let shared = formula
            .get("si")
            .filter(|_| formula.get("t") == Some("shared"));
        let text = formula.text();
        if text.is_empty() {
            return shared.is_some_and(|index| self.shared.contains(index))
                || book.sheet(part).is_some_and(|it| it.is_cleared);
        }
        let is_replaced = book.refers(part, &text);
        if let Some(index) = shared.filter(|_| is_replaced) {
            self.shared.insert(index.to_owned());
        }
        is_replaced
    }
}

/// Whether a row or column is hidden, or of no height or width.
fn is_hidden(element: &Element, size: &str) -> bool {
    matches!(element.get("hidden"), Some("1" | "true"))
        || element
            .get(size)
            .and_then(|it| it.parse::<f64>().ok())
            .is_some_and(|size| size <= 0.0)
}

/// Whether a cell has a value or formula.
pub(super) fn has_content(cell: &Element) -> bool {
    cell.elements().next().is_some()
}

/// Whether one of the ranges contains it.
pub(super) fn contains(ranges: &[Range], at: u32) -> bool {
    ranges
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&at))
}

/// `AB12` as row and column.
pub(super) fn place(reference: &str) -> Option<Cell> {
    let reference = reference.trim().replace('$', "");
    let split = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at(split);
    let mut column = 0u32;
    for letter in letters.bytes() {
        let letter = letter.to_ascii_uppercase();
        let value = u32::from(letter.checked_sub(b'A')?).checked_add(1)?;
        if value > 26 {
            return None;
        }
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    Some((digits.parse().ok()?, column))
}

/// `A1:B2` as its corners.
pub(super) fn area(reference: &str) -> Option<(Cell, Cell)> {
    let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
    Some((place(first)?, place(last)?))
}
