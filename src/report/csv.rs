//! For spreadsheets: a row for each thing found.

use std::io::{self, Write};

use super::{Checked, Entry, Last, Words, folder, printable};
use crate::model::{Finding, Untrusted, Value};

/// A report that grows by a file at a time. Files without findings have a row as well.
#[derive(Debug)]
pub(super) struct Csv<W: Write> {
    writer: csv::Writer<W>,
    values: bool,
}

const HEADER: [&str; 12] = [
    "path", "output", "format", "outcome", "reason", "state", "id", "category", "severity",
    "where", "what", "value",
];

impl<W: Write> Csv<W> {
    pub(super) fn begin(values: bool, out: W) -> io::Result<Self> {
        let mut report = Self {
            writer: csv::Writer::from_writer(out),
            values,
        };
        report.row(HEADER.map(str::to_owned))?;
        Ok(report)
    }

    pub(super) fn add_entry(&mut self, entry: &Entry<'_>, words: &Words) -> io::Result<()> {
        let outcome = entry.outcome;
        let head = [
            printable(entry.path),
            entry.output.map(printable).unwrap_or_default(),
            outcome.format.unwrap_or_default().to_owned(),
            word(&outcome.kind),
            entry
                .why
                .map(|why| words.why(why, outcome.format))
                .unwrap_or_default(),
        ];
        self.rows(&head, &outcome.findings, &outcome.residue, words)
    }

    pub(super) fn add_pair(&mut self, pair: &Checked<'_>, words: &Words) -> io::Result<()> {
        let found = pair.comparison;
        let unclean = found.and_then(|found| found.unclean.as_ref());
        let head = [
            pair.original.map(printable).unwrap_or_default(),
            pair.copy.map(printable).unwrap_or_default(),
            pair.format.unwrap_or_default().to_owned(),
            word(&pair.verdict()),
            unclean
                .map(|error| words.unclean(error))
                .or_else(|| pair.why.map(|why| words.why(why, pair.format)))
                .unwrap_or_default(),
        ];
        let findings = found.map_or(&[][..], |found| &found.original.findings);
        self.rows(
            &head,
            findings,
            found.map_or(&[][..], |found| &found.residue),
            words,
        )
    }

    /// A row for each thing that the files tell together, without a path.
    pub(super) fn finish(mut self, last: &Last<'_>, words: &Words) -> io::Result<W> {
        if let Last::Summary(summary) = last {
            for sentence in folder::sentences(words, summary, self.values) {
                let mut row: [String; 12] = Default::default();
                let [.., state, _, _, _, _, what, _] = &mut row;
                "together".clone_into(state);
                *what = sentence;
                self.row(row)?;
            }
        }
        self.writer.into_inner().map_err(|error| {
            let kind = error.error().kind();
            io::Error::from(kind)
        })
    }

    fn rows(
        &mut self,
        head: &[String; 5],
        findings: &[Finding],
        residue: &[Finding],
        words: &Words,
    ) -> io::Result<()> {
        let found = findings.iter().map(|finding| ("found", finding));
        let left = residue.iter().map(|finding| ("left", finding));
        let [path, output, format, outcome, reason] = head;
        let mut row = |rest: [String; 7]| {
            let [state, id, category, severity, place, what, value] = rest;
            let head = [path, output, format, outcome, reason].map(String::clone);
            let [path, output, format, outcome, reason] = head;
            self.row([
                path, output, format, outcome, reason, state, id, category, severity, place, what,
                value,
            ])
        };
        let mut any = false;
        for (state, finding) in found.chain(left) {
            any = true;
            row([
                state.to_owned(),
                finding.id.to_owned(),
                word(&finding.category),
                word(&finding.severity),
                finding.place.clone(),
                words.phrase(&finding.what),
                finding.value.as_ref().map(value).unwrap_or_default(),
            ])?;
        }
        if any { Ok(()) } else { row(Default::default()) }
    }

    fn row(&mut self, cells: [String; 12]) -> io::Result<()> {
        let wanted = cells.len().saturating_sub(usize::from(!self.values));
        let cells = cells.iter().take(wanted).map(|cell| harmless(cell));
        self.writer
            .write_record(cells)
            .map_err(|error| match error.into_kind() {
                csv::ErrorKind::Io(error) => error,
                _ => io::ErrorKind::InvalidData.into(),
            })
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Place(place) => format!("{}, {}", place.latitude, place.longitude),
        Value::Time(text) | Value::Text(text) => text.for_terminal(4096),
        Value::Bytes(n) => n.to_string(),
    }
}

/// The word that JSON has for it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// What a formula can begin with. Some spreadsheets take the wide forms for the narrow ones.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠'];

/// A cell that no spreadsheet takes for a formula, and that stays one line.
fn harmless(cell: &str) -> String {
    let cell = Untrusted::new(cell).for_terminal(8192);
    if cell.trim_start().starts_with(FORMULA) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in [
            "=1+1", " +1", "-2", "@SUM(A1)", "|calc", "%x", "＝1+1", "＠x", "\t=1",
        ] {
            let cell = harmless(cell);
            assert!(!cell.trim_start().starts_with(FORMULA), "{cell}");
        }
        assert_eq!(harmless("a=b"), "a=b");
    }
}
