//! Hidden sheets, and hidden rows and columns, of a spreadsheet: which of them can be removed so that the
//! others show the same. All formulas become their values then. A sheet stays where a chart, a conditional
//! format, a pivot table or a formula without a value needs it.

use std::collections::BTreeSet;

use super::filter::value;
use super::hidden::{Named, Styles};
use super::spaces;
use crate::bytes::{Context, Source};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::{Element, Node};
use crate::formats::common::package::Reading;
use crate::model::Result;

/// First column, and the one behind the last.
type Range = (u64, u64);

/// What is removed of a spreadsheet.
#[derive(Debug, Default)]
pub(super) struct Removed {
    /// Names of hidden sheets.
    pub(super) sheets: BTreeSet<String>,
    /// Names of sheets whose hidden cells are emptied.
    pub(super) cleared: BTreeSet<String>,
    /// Ids of shapes that animations and connectors name.
    moved: BTreeSet<String>,
}

impl Removed {
    /// Looks through a part with the content of a document.
    ///
    /// # Errors
    /// As [`stream::read`].
    pub(super) fn find(source: &Source<'_>, named: &Named, cx: &Context<'_>) -> Result<Self> {
        let mut look = Look {
            styles: Styles::new(named),
            ..Look::default()
        };
        stream::read(Reading::new(source), cx, &|_, _| true, &mut |piece| {
            match piece {
                Piece::Open(element, _) => {
                    look.depth = look.depth.saturating_add(1);
                    look.open(element);
                }
                Piece::Node(Node::Text(text)) if !text.trim().is_empty() => look.fills(),
                Piece::Node(_) => {}
                Piece::Close => {
                    if look.cell.is_some_and(|(.., depth)| depth == look.depth) {
                        look.cell = None;
                    }
                    look.depth = look.depth.saturating_sub(1);
                }
            }
            Ok(())
        })?;
        Ok(look.finish())
    }

    /// Whether an animation moves a shape, or a connector leads to it.
    pub(super) fn moves(&self, shape: &Element) -> bool {
        ["draw:id", "xml:id"]
            .iter()
            .filter_map(|key| value(shape, key))
            .any(|id| self.moved.contains(id))
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.sheets.is_empty() && self.cleared.is_empty()
    }

    /// Whether an address or formula names a sheet that is removed.
    pub(super) fn names(&self, text: &str) -> bool {
        !self.sheets.is_empty() && named(text).any(|name| self.sheets.contains(&name))
    }
}

/// Where a row or column is among those of its sheet, and which are hidden.
#[derive(Debug, Default)]
pub(super) struct Grid {
    columns: Vec<Range>,
    next_column: u64,
    is_row_hidden: bool,
    next_cell: u64,
}

/// How much of a cell, or of neighbours that are written as one, is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    All,
    Part,
    None,
}

impl Grid {
    /// Takes an element of a sheet. Of a cell, says how much of it is seen.
    pub(super) fn open(&mut self, name: &str, element: &Element) -> Option<Seen> {
        let count = |wanted| {
            let count = value(element, wanted).and_then(|it| it.parse::<u64>().ok());
            count.unwrap_or(1)
        };
        let is_hidden = matches!(
            value(element, "table:visibility"),
            Some("collapse" | "filter")
        );
        match name {
            "table:table" => *self = Self::default(),
            "table:table-column" => {
                let first = self.next_column;
                self.next_column = first.saturating_add(count("table:number-columns-repeated"));
                if is_hidden {
                    self.columns.push((first, self.next_column));
                }
            }
            "table:table-row" => {
                self.is_row_hidden = is_hidden;
                self.next_cell = 0;
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let first = self.next_cell;
                self.next_cell = first.saturating_add(count("table:number-columns-repeated"));
                if self.is_row_hidden {
                    return Some(Seen::None);
                }
                let hidden = self.columns.iter().map(|(start, end)| {
                    let (start, end) = ((*start).max(first), (*end).min(self.next_cell));
                    end.saturating_sub(start)
                });
                let hidden = hidden.fold(0, u64::saturating_add);
                return Some(match hidden {
                    0 => Seen::All,
                    all if all >= self.next_cell.saturating_sub(first) => Seen::None,
                    _ => Seen::Part,
                });
            }
            _ => {}
        }
        None
    }
}

/// Whether a cell has a value or formula of its own.
pub(super) fn has_value(cell: &Element) -> bool {
    value(cell, "office:value-type").is_some() || value(cell, "table:formula").is_some()
}

/// A sheet that is looked at.
#[derive(Debug, Default)]
struct Sheet {
    name: String,
    is_hidden: bool,
    has_hidden: bool,
    /// Whether its hidden cells are needed.
    is_needed: bool,
}

#[derive(Debug, Default)]
struct Look {
    styles: Styles,
    is_spreadsheet: bool,
    sheets: Vec<Sheet>,
    grid: Grid,
    depth: usize,
    /// Of the open cell: how much of it is seen, whether it reaches into others, and its depth.
    cell: Option<(Seen, bool, usize)>,
    /// Sheets that something names which is not a formula of a cell.
    named: BTreeSet<String>,
    moved: BTreeSet<String>,
    /// Whether a formula has no value.
    is_uncalculated: bool,
}

impl Look {
    fn open(&mut self, element: &Element) {
        let prefix = spaces::prefix(&element.space);
        let name = format!("{prefix}:{}", element.name);
        let is_hidden = self.styles.open(&name, element).is_some();
        let moved = ["smil:targetElement", "draw:start-shape", "draw:end-shape"];
        let moved = moved.iter().filter_map(|key| value(element, key));
        self.moved.extend(moved.map(str::to_owned));
        self.is_spreadsheet |= name == "office:spreadsheet";
        if !self.is_spreadsheet {
            return;
        }
        if !matches!(
            name.as_str(),
            "table:content-validation"
                | "table:named-range"
                | "table:named-expression"
                | "table:database-range"
                | "table:table"
                | "text:a"
        ) {
            let refers = |key: &str| {
                ["address", "addresses", "range", "ranges"]
                    .iter()
                    .any(|end| key.ends_with(end))
                    || ["condition", "expression", "cell", "list"]
                        .iter()
                        .any(|end| key.ends_with(end))
            };
            let values = element.attributes.iter();
            let values = values.filter(|it| refers(&it.name) || prefix == "calcext");
            self.named.extend(values.flat_map(|it| named(&it.value)));
        }
        let seen = self.grid.open(&name, element);
        match name.as_str() {
            "table:table" => self.sheets.push(Sheet {
                name: value(element, "table:name").unwrap_or_default().to_owned(),
                is_hidden,
                ..Sheet::default()
            }),
            "calcext:conditional-format" | "style:map" => {
                if let Some(sheet) = self.sheets.last_mut() {
                    sheet.is_needed = true;
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let is_wide = ["table:number-columns-spanned", "table:number-rows-spanned"]
                    .iter()
                    .any(|key| value(element, key).is_some_and(|it| it != "1"));
                self.cell = seen.map(|seen| (seen, is_wide, self.depth));
                self.is_uncalculated |= value(element, "table:formula").is_some()
                    && value(element, "office:value-type").is_none();
                if has_value(element) {
                    self.fills();
                }
            }
            _ => self.fills(),
        }
    }

    /// Something is located in the open cell.
    fn fills(&mut self) {
        if let Some((seen, is_wide, _)) = self.cell
            && let Some(sheet) = self.sheets.last_mut()
            && seen != Seen::All
        {
            sheet.has_hidden = true;
            sheet.is_needed |= is_wide || seen == Seen::Part;
        }
    }

    fn finish(self) -> Removed {
        let mut removed = Removed {
            moved: self.moved,
            ..Removed::default()
        };
        if self.is_uncalculated || self.sheets.iter().all(|sheet| sheet.is_hidden) {
            return removed;
        }
        for sheet in self.sheets {
            if self.named.contains(&sheet.name) {
                continue;
            }
            if sheet.is_hidden {
                removed.sheets.insert(sheet.name);
            } else if sheet.has_hidden && !sheet.is_needed {
                removed.cleared.insert(sheet.name);
            }
        }
        removed
    }
}

/// Names of sheets in addresses: `Sheet.A1`, `$'A sheet'.$B$2`, `[$Sheet.A1:.B2]`.
fn named(text: &str) -> impl Iterator<Item = String> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices('.') {
        let before = text.get(..at).unwrap_or_default();
        if let Some(inner) = before.strip_suffix('\'') {
            // Two quotes are one in the name.
            let mut name: Vec<char> = Vec::new();
            let mut chars = inner.chars().rev().peekable();
            while let Some(c) = chars.next() {
                if c == '\'' && chars.next_if_eq(&'\'').is_none() {
                    break;
                }
                name.push(c);
            }
            out.push(name.into_iter().rev().collect());
        } else {
            let name: Vec<char> = before
                .chars()
                .rev()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if !name.is_empty() {
                out.push(name.into_iter().rev().collect());
            }
        }
    }
    out.into_iter()
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn sheets_are_found_in_addresses() {
        let names = |text| named(text).collect::<Vec<String>>();
        assert_eq!(names("$Lists.$A$1:.$A$2"), ["Lists"]);
        assert_eq!(names("of:=[$'It''s a'.A1]+[B.C2]"), ["It's a", "B"]);
        assert!(names("[.A1:.B2]").is_empty());
    }
}
