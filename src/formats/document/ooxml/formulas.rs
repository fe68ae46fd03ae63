//! Formulas that refer to other workbooks (ISO/IEC 29500-1 §18.17.2.3).

use std::collections::BTreeSet;

use crate::containers::xml::tree::Element;

/// The formulas of one sheet.
#[derive(Debug, Default)]
pub(super) struct Formulas {
    /// Shared formulas that are removed.
    removed: BTreeSet<String>,
}

impl Formulas {
    /// Whether the formula of a cell is retained. Where it is not, the cell has its value.
    pub(super) fn keeps(&mut self, formula: &Element) -> bool {
        let shared = formula
            .get("si")
            .filter(|_| formula.get("t") == Some("shared"));
        let text = formula.text();
        if text.is_empty() {
            return shared.is_none_or(|index| !self.removed.contains(index));
        }
        let is_external = is_external(&text);
        if let Some(index) = shared.filter(|_| is_external) {
            self.removed.insert(index.to_owned());
        }
        !is_external
    }
}

/// Whether a formula names another workbook: by its number, `[1]Sheet1!A1`, or by its path,
/// `'C:\Data\[Book.xlsx]Sheet1'!A1`. Brackets behind a name are columns of a table.
pub(super) fn is_external(formula: &str) -> bool {
    let mut depth = 0_u32;
    let mut in_text = false;
    let mut before = ' ';
    for c in formula.chars() {
        match c {
            '"' => in_text = !in_text,
            '[' if !in_text => {
                let is_table = before.is_alphanumeric() || matches!(before, '_' | '.');
                if depth == 0 && !is_table {
                    return true;
                }
                depth = depth.saturating_add(1);
            }
            ']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = c;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_external;

    #[test]
    fn tables_are_in_the_same_workbook() {
        for formula in [
            "[1]Sheet1!A1",
            "SUM('[2]A b'!A1:B2)",
            "'C:\\a\\[b.xlsx]S'!A1",
            "[0]!Name",
            "1+[1]!x",
        ] {
            assert!(is_external(formula), "{formula}");
        }
        for formula in [
            "Table1[Col]",
            "SUM(Table1[[#All],[2010]])",
            "\"[1]\"&A1",
            "Sheet1!A1",
            "Table_1[[#This Row],[a]]*2",
        ] {
            assert!(!is_external(formula), "{formula}");
        }
    }
}
