//! Hidden sheets, and sheets with hidden cells: which of them can be removed so that the others show the
//! same. A sheet stays where a chart, a conditional format, a control or a formula without a value needs it.

use std::collections::{BTreeMap, BTreeSet};

use crate::containers::xml::stream::Piece;
use crate::containers::xml::tree::{Element, Node};
use crate::model::Result;

use super::cells::{self, Cell, Range, Reading};
use super::refers::Wanted;
use super::{Look, Say, link, retain};
use crate::formats::document::ooxml::names::{self, child, is};
use crate::formats::document::ooxml::report as kind;

/// Kinds of parts of a workbook that are sheets.
const SHEETS: &[&str] = &[
    "worksheet",
    "chartsheet",
    "dialogsheet",
    "xlMacrosheet",
    "xlIntlMacrosheet",
];
/// Kinds of parts of a sheet that can show what is in cells.
const SHOWN: &[&str] = &[
    "drawing",
    "chart",
    "chartEx",
    "chartUserShapes",
    "vmlDrawing",
    "ctrlProp",
    "diagramData",
    "diagramDrawing",
];

/// A workbook.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// In the order of the workbook.
    order: Vec<String>,
    /// By part.
    sheets: BTreeMap<String, Sheet>,
    /// Drawings on sheets with hidden cells, and the parts of the sheets.
    drawings: BTreeMap<String, String>,
    /// Sheets that are removed or of which cells are.
    wanted: Wanted,
    /// Sheets that are removed.
    removed: Wanted,
}

/// A sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// In lower case.
    name: String,
    is_hidden: bool,
    is_gone: bool,
    /// Whether hidden cells are removed.
    pub(super) is_cleared: bool,
    /// Cells in hidden rows or columns whose text is shown beyond them, because cells are merged.
    pub(super) shown: BTreeSet<Cell>,
    rows: Vec<Range>,
    columns: Vec<Range>,
}

/// Why a sheet stays: sheets by their names, in lower case.
type Needed = BTreeSet<String>;

impl Book {
    /// Looks through a workbook; sheets are read with the strict policy only.
    pub(super) fn find(
        look: &Look<'_, '_>,
        main: &str,
        leads: &[(String, String, String)],
        is_strict: bool,
    ) -> Result<Self> {
        let mut book = Self::default();
        let mut defined = Vec::new();
        look.read(main, &mut |piece| {
            if let Piece::Node(Node::Element(element)) = piece {
                if is(&element, "x", "sheets") {
                    book.list(&element, leads);
                } else if is(&element, "x", "definedNames") {
                    let name = |it: &Element| {
                        let name = it.get("name").unwrap_or_default().to_lowercase();
                        (name, it.text())
                    };
                    defined.extend(element.elements().map(name));
                }
            }
            Ok(())
        })?;
        if !is_strict || book.sheets.values().all(|sheet| sheet.is_hidden) {
            return Ok(book);
        }
        for part in book.order.clone() {
            book.cells(look, &part)?;
        }
        book.settle(look, &defined)?;
        Ok(book)
    }

    fn list(&mut self, sheets: &Element, leads: &[(String, String, String)]) {
        for sheet in sheets.elements() {
            let id = link(sheet).unwrap_or_default();
            let lead = leads
                .iter()
                .find(|(it, class, _)| it == id && SHEETS.contains(&class.as_str()));
            let Some((_, _, part)) = lead else { continue };
            self.order.push(part.clone());
            let known = Sheet {
                name: sheet.get("name").unwrap_or_default().to_lowercase(),
                is_hidden: matches!(sheet.get("state"), Some("hidden" | "veryHidden")),
                ..Sheet::default()
            };
            self.sheets.insert(part.clone(), known);
        }
    }

    /// Finds the hidden cells of a sheet that is shown.
    fn cells(&mut self, look: &Look<'_, '_>, part: &str) -> Result<()> {
        let Some(sheet) = self.sheets.get_mut(part).filter(|it| !it.is_hidden) else {
            return Ok(());
        };
        let mut reading = Reading::new(part);
        let mut has_content = false;
        let mut has_formats = false;
        let mut merged = Vec::new();
        look.read(part, &mut |piece| {
            let Piece::Node(Node::Element(element)) = piece else {
                return Ok(());
            };
            if is(&element, "x", "cols") {
                reading.columns(&element);
            } else if is(&element, "x", "row") {
                let row = reading.row(&element);
                if row.is_hidden {
                    add(&mut sheet.rows, row.number);
                }
                let mut column = 0u32;
                for cell in element.elements().filter(|it| is(it, "x", "c")) {
                    let at = cell.get("r").and_then(cells::place);
                    column = at.map_or(column.saturating_add(1), |(_, column)| column);
                    has_content |= cells::has_content(cell)
                        && (row.is_hidden || reading.is_column_hidden(column));
                }
            } else if is(&element, "x", "mergeCells") {
                let areas = element.elements().filter_map(|it| it.get("ref"));
                merged.extend(areas.filter_map(cells::area));
            }
            // Colours depend on the values of all cells.
            has_formats |= is(&element, "x", "conditionalFormatting")
                || is(&element, "x", "extLst") && names::has(&element, "x14", "cfRule");
            Ok(())
        })?;
        sheet.columns = reading.columns;
        let shows_all = |ranges: &[Range], first, last| {
            (first..=last)
                .take(1 << 14)
                .all(|at| cells::contains(ranges, at))
        };
        for ((top, left), (bottom, right)) in merged {
            let is_hidden =
                cells::contains(&sheet.rows, top) || cells::contains(&sheet.columns, left);
            if is_hidden
                && !shows_all(&sheet.rows, top, bottom)
                && !shows_all(&sheet.columns, left, right)
            {
                sheet.shown.insert((top, left));
            }
        }
        if !has_content || has_formats {
            return Ok(());
        }
        let (rows, columns) = (sheet.rows.clone(), sheet.columns.clone());
        let mut is_cleared = true;
        for (_, class, target) in look.leads(part)? {
            match class.as_str() {
                "table" => is_cleared &= !has_hidden_heading(look, &target, &rows, &columns)?,
                "drawing" => {
                    self.drawings.insert(target, part.to_owned());
                }
                _ => {}
            }
        }
        if let Some(sheet) = self.sheets.get_mut(part) {
            sheet.is_cleared = is_cleared;
        }
        Ok(())
    }

    /// Keeps what others need, until nothing more is needed.
    fn settle(&mut self, look: &Look<'_, '_>, defined: &[(String, String)]) -> Result<()> {
        for sheet in self.sheets.values_mut() {
            sheet.is_gone = sheet.is_hidden;
        }
        loop {
            self.wanted = self.names_of(defined, |it| it.is_gone || it.is_cleared);
            self.removed = self.names_of(defined, |it| it.is_gone);
            if self.wanted.sheets.is_empty() {
                return Ok(());
            }
            let single: Vec<_> = self
                .wanted
                .sheets
                .iter()
                .map(|name| self.names_of(defined, |it| it.name == *name))
                .collect();
            let mut needed = Needed::new();
            for part in &self.order {
                if self.sheets.get(part).is_some_and(|it| !it.is_gone) {
                    self.needs(look, part, &single, &mut needed)?;
                }
            }
            if needed.is_empty() {
                return Ok(());
            }
            for sheet in self.sheets.values_mut() {
                if needed.contains(&sheet.name) {
                    sheet.is_gone = false;
                    sheet.is_cleared = false;
                }
            }
        }
    }

    fn names_of(&self, defined: &[(String, String)], is_one: impl Fn(&Sheet) -> bool) -> Wanted {
        let sheets = self.sheets.values().filter(|it| is_one(it));
        let mut wanted = Wanted {
            sheets: sheets.map(|it| it.name.clone()).collect(),
            ..Wanted::default()
        };
        wanted.add_names(defined);
        wanted
    }

    /// Adds the sheets that this one needs.
    fn needs(
        &self,
        look: &Look<'_, '_>,
        part: &str,
        single: &[Wanted],
        needed: &mut Needed,
    ) -> Result<()> {
        let own = self.sheets.get(part);
        let mut add = |text: &str, is_shown_only: bool| {
            for wanted in single.iter().filter(|wanted| wanted.has(text)) {
                let of_cells = |name: &&String| {
                    let mut sheets = self.sheets.values();
                    !(is_shown_only && sheets.any(|it| it.name == **name && it.is_cleared))
                };
                needed.extend(wanted.sheets.iter().filter(of_cells).cloned());
            }
        };
        let mut shared: BTreeMap<String, String> = BTreeMap::new();
        look.read(part, &mut |piece| {
            let Piece::Node(Node::Element(element)) = piece else {
                return Ok(());
            };
            if !is(&element, "x", "row") {
                texts(&element, &mut |text| add(text, false));
                return Ok(());
            }
            for cell in element.elements() {
                let Some(formula) = child(cell, "x", "f") else {
                    continue;
                };
                let mut text = formula.text();
                if formula.get("t") == Some("shared")
                    && let Some(index) = formula.get("si")
                {
                    match shared.get(index) {
                        Some(known) if text.is_empty() => text.clone_from(known),
                        _ => {
                            shared.insert(index.to_owned(), text.clone());
                        }
                    }
                }
                // An empty text is a value, an empty number is none.
                let has_value = child(cell, "x", "v")
                    .is_some_and(|it| !it.text().is_empty() || cell.get("t") == Some("str"));
                if has_value || child(cell, "x", "is").is_some() {
                    continue;
                }
                // A formula that was never calculated cannot become its value.
                add(&text, false);
                let tables = single.iter().filter(|_| text.contains('['));
                let tables = tables.flat_map(|wanted| wanted.sheets.iter());
                let own = own.filter(|it| it.is_cleared).map(|it| &it.name);
                let both: Vec<_> = tables.chain(own).cloned().collect();
                for name in both {
                    add(&format!("'{}'!a1", name.replace('\'', "''")), false);
                }
            }
            Ok(())
        })?;
        let mut seen = BTreeSet::new();
        let mut stack = vec![part.to_owned()];
        while let Some(at) = stack.pop() {
            for (_, class, target) in look.leads(&at)? {
                if !SHOWN.contains(&class.as_str()) || !seen.insert(target.clone()) {
                    continue;
                }
                // A chart shows no hidden cells, unless it says so.
                let mut said = Vec::new();
                let mut has_hidden = class != "chart";
                look.read(&target, &mut |piece| {
                    if let Piece::Node(Node::Element(element)) = piece {
                        has_hidden |= shows_hidden(&element);
                        texts(&element, &mut |text| {
                            // Without a sheet, a word is a name of a cell only in a chart or control.
                            if class != "drawing" || text.contains('!') {
                                said.push(text.to_owned());
                            }
                        });
                    }
                    Ok(())
                })?;
                for text in said {
                    add(&text, !has_hidden);
                }
                stack.push(target);
            }
        }
        Ok(())
    }

    /// Parts that are removed.
    pub(super) fn gone(&self) -> impl Iterator<Item = &str> {
        self.sheets
            .iter()
            .filter(|(_, it)| it.is_gone)
            .map(|(part, _)| part.as_str())
    }

    /// A sheet by its part.
    pub(super) fn sheet(&self, part: &str) -> Option<&Sheet> {
        self.sheets.get(part)
    }

    /// Whether a formula on a sheet refers to cells that are removed.
    pub(super) fn refers(&self, part: &str, formula: &str) -> bool {
        let has_cleared = || self.sheets.values().any(|it| it.is_cleared);
        self.sheet(part).is_some_and(|it| it.is_cleared)
            || self.wanted.has(formula)
            // Columns of a table, which may be on any sheet.
            || formula.contains('[') && has_cleared()
    }

    /// Takes the sheets that are removed out of a part of the workbook.
    pub(super) fn workbook(&self, element: &mut Element, say: &mut Say<'_>) {
        if is(element, "x", "sheets") {
            for (sheet, part) in element.elements().zip(&self.order) {
                if self.sheets.get(part).is_some_and(|it| it.is_hidden) {
                    let is_gone = self.sheets.get(part).is_some_and(|it| it.is_gone);
                    say(
                        is_gone,
                        kind::HIDDEN_SHEET,
                        sheet.get("name").unwrap_or_default(),
                    );
                }
            }
        }
        if self.removed.sheets.is_empty() {
            return;
        }
        if is(element, "x", "bookViews") {
            for node in &mut element.children {
                let Node::Element(view) = node else { continue };
                for attribute in &mut view.attributes {
                    if matches!(attribute.name.as_str(), "activeTab" | "firstSheet") {
                        attribute.value = self.index(&attribute.value).unwrap_or(0).to_string();
                    }
                }
            }
        } else if is(element, "x", "definedNames") {
            retain(element, &mut |name| {
                if self.removed.has(&name.text()) {
                    return false;
                }
                let Some(at) = name
                    .attributes
                    .iter_mut()
                    .find(|it| it.name == "localSheetId")
                else {
                    return true;
                };
                match self.index(&at.value) {
                    Some(index) => at.value = index.to_string(),
                    None => return false,
                }
                true
            });
        }
    }

    /// The new number of a sheet; `None` for one that is removed.
    fn index(&self, old: &str) -> Option<usize> {
        let old: usize = old.trim().parse().ok()?;
        let is_gone = |part: &String| self.sheets.get(part).is_some_and(|it| it.is_gone);
        if is_gone(self.order.get(old)?) {
            return None;
        }
        let before = self.order.iter().take(old);
        Some(before.filter(|part| !is_gone(part)).count())
    }

    /// Other elements of a sheet: without choices from cells that are removed, and links to them.
    pub(super) fn rest(&self, element: &mut Element, say: &mut Say<'_>) -> bool {
        if self.removed.sheets.is_empty() {
            return true;
        }
        retain(element, &mut |inner| {
            let is_choice = inner.name == "dataValidation";
            let is_link = is(inner, "x", "hyperlink");
            let mut refers = false;
            if is_choice || is_link {
                all(inner, &mut |text| refers |= self.removed.has(text));
            }
            if refers {
                say(true, kind::HIDDEN_CHOICE, "");
                return false;
            }
            !matches!(inner.name.as_str(), "ext" | "dataValidations") || self.rest(inner, say)
        });
        let is_list = matches!(
            element.name.as_str(),
            "dataValidations" | "hyperlinks" | "ext"
        );
        if element.name == "dataValidations" {
            element.attributes.retain(|it| it.name != "count");
        }
        !is_list || element.elements().next().is_some()
    }

    /// Whether a drawing on a sheet is located in cells that are shown.
    pub(super) fn anchor(&self, anchor: &Element, drawing: &str, say: &mut Say<'_>) -> bool {
        let sheet = self.drawings.get(drawing).and_then(|part| self.sheet(part));
        let Some(sheet) = sheet.filter(|it| it.is_cleared) else {
            return true;
        };
        let number = |corner, name| {
            let inner = child(child(anchor, "xdr", corner)?, "xdr", name)?;
            inner.text().trim().parse::<u32>().ok()?.checked_add(1)
        };
        let is_inside = |name, ranges: &[Range]| {
            let ends = number("from", name).zip(number("to", name));
            ends.is_some_and(|(first, last)| {
                (first..=last)
                    .take(1 << 14)
                    .all(|at| cells::contains(ranges, at))
            })
        };
        let is_hidden = is_inside("row", &sheet.rows) || is_inside("col", &sheet.columns);
        if is_hidden {
            say(true, kind::HIDDEN_SHAPE, "");
        }
        !is_hidden
    }
}

/// Adds a number to ranges that grow.
fn add(ranges: &mut Vec<Range>, number: u32) {
    match ranges.last_mut() {
        Some((_, last)) if last.saturating_add(1) == number => *last = number,
        _ => ranges.push((number, number)),
    }
}

/// Whether a heading of a table is in a hidden row or column: it has to have the name of its column.
fn has_hidden_heading(
    look: &Look<'_, '_>,
    part: &str,
    rows: &[Range],
    columns: &[Range],
) -> Result<bool> {
    let mut is_hidden = false;
    look.read(part, &mut |piece| {
        if let Piece::Open(table, _) = piece
            && is(table, "x", "table")
            && let Some(((top, left), (_, right))) = table.get("ref").and_then(cells::area)
        {
            is_hidden = cells::contains(rows, top)
                || (left..=right)
                    .take(1 << 14)
                    .any(|at| cells::contains(columns, at));
        }
        Ok(())
    })?;
    Ok(is_hidden)
}

/// Whether a chart also shows hidden cells.
fn shows_hidden(element: &Element) -> bool {
    is(element, "c", "plotVisOnly") && matches!(element.get("val"), Some("0" | "false"))
        || element.elements().any(shows_hidden)
}

/// Formulas in an element, without those that a copy can do without: choices, links, headers.
fn texts(element: &Element, sink: &mut dyn FnMut(&str)) {
    if matches!(
        element.name.as_str(),
        "dataValidation" | "hyperlink" | "t" | "v" | "pt"
    ) {
        return;
    }
    own(element, sink);
    for inner in element.elements() {
        texts(inner, sink);
    }
}

/// All text and values of an element and what is in it.
fn all(element: &Element, sink: &mut dyn FnMut(&str)) {
    own(element, sink);
    for inner in element.elements() {
        all(inner, sink);
    }
}

fn own(element: &Element, sink: &mut dyn FnMut(&str)) {
    sink(&element.text());
    for attribute in &element.attributes {
        sink(&attribute.value);
    }
}
