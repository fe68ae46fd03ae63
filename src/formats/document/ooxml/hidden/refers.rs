//! Which sheets and names a formula refers to (ISO/IEC 29500-1 §18.17).

use std::collections::BTreeSet;

/// Sheets or cells of sheets that are to be removed, by name in lower case.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) sheets: BTreeSet<String>,
    /// Defined names that refer to them.
    pub(super) names: BTreeSet<String>,
}

impl Wanted {
    /// Adds the defined names that refer to the sheets, directly or by other names.
    pub(super) fn add_names(&mut self, defined: &[(String, String)]) {
        loop {
            let more = defined
                .iter()
                .filter(|(name, formula)| !self.names.contains(name) && self.has(formula));
            let more: Vec<_> = more.map(|(name, _)| name.clone()).collect();
            if more.is_empty() {
                return;
            }
            self.names.extend(more);
        }
    }

    /// Whether a formula may refer to one of them.
    pub(super) fn has(&self, formula: &str) -> bool {
        if self.sheets.is_empty() {
            return false;
        }
        let formula = formula.to_lowercase();
        // The reference is made when the formula is calculated.
        if formula.contains("indirect(") {
            return true;
        }
        sheets(&formula).iter().any(|sheet| {
            // Several sheets that follow each other: `First:Last!A1`.
            sheet.contains(':') || self.sheets.contains(sheet)
        }) || formula
            .split(|c: char| !is_of_name(c))
            .any(|word| self.names.contains(word))
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '\\' | '?')
}

/// What is in front of each exclamation mark.
fn sheets(formula: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = formula;
    let mut before = String::new();
    while let Some(at) = rest.find('!') {
        let (head, tail) = rest.split_at(at);
        before.push_str(head);
        out.push(last_name(&before));
        before.push('!');
        rest = tail.get(1..).unwrap_or_default();
    }
    out
}

/// The name of a sheet at the end of a text, without its quotes.
fn last_name(text: &str) -> String {
    if let Some(inner) = text.strip_suffix('\'') {
        // Two quotes are one in the name.
        let mut name: Vec<char> = Vec::new();
        let mut chars = inner.chars().rev().peekable();
        while let Some(c) = chars.next() {
            if c == '\'' && chars.next_if_eq(&'\'').is_none() {
                break;
            }
            name.push(c);
        }
        return name.into_iter().rev().collect();
    }
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, c)| is_of_name(*c) || *c == ':')
        .last()
        .map_or(text.len(), |(at, _)| at);
    text.get(start..).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_and_names_are_found_in_formulas() {
        let mut wanted = Wanted {
            sheets: BTreeSet::from(["secret list".to_owned(), "it's".to_owned(), "b".to_owned()]),
            names: BTreeSet::new(),
        };
        wanted.add_names(&[
            ("second".to_owned(), "First+1".to_owned()),
            ("first".to_owned(), "B!$A$1".to_owned()),
            ("other".to_owned(), "C!$A$1".to_owned()),
        ]);
        for formula in [
            "SUM('Secret List'!A1:A3)",
            "1+'It''s'!A1",
            "B!A1*2",
            "Second*2",
            "SUM(A:C!A1)",
            "SUM('A x:C'!A1)",
            "INDIRECT(\"x\")",
            "IF(C!A1,b!A2)",
        ] {
            assert!(wanted.has(formula), "{formula}");
        }
        for formula in [
            "SUM(A1:B2)",
            "C!A1",
            "AB!A1",
            "Other",
            "'x b'!A1",
            "\"B\"&A1",
        ] {
            assert!(!wanted.has(formula), "{formula}");
        }
    }
}
