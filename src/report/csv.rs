//! For spreadsheets: a row for each thing found.

use super::{Entry, Words, printable};
use crate::model::{Finding, Untrusted, Value};

/// The whole report. Files without findings have a row as well.
#[must_use]
pub fn csv<'a>(entries: impl Iterator<Item = Entry<'a>>, words: &Words, values: bool) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut row = |cells: &[String]| {
        // Writing to memory cannot fail.
        let _ = writer.write_record(cells.iter().map(|cell| harmless(cell)));
    };
    let header = [
        "path", "output", "format", "outcome", "reason", "state", "id", "category", "severity",
        "where", "what",
    ];
    let mut cells: Vec<String> = header.iter().map(ToString::to_string).collect();
    if values {
        cells.push("value".to_owned());
    }
    row(&cells);
    for entry in entries {
        let outcome = entry.outcome;
        let head = [
            printable(entry.path),
            entry.output.map(printable).unwrap_or_default(),
            outcome.format.unwrap_or_default().to_owned(),
            word(&outcome.kind),
            entry.why.map(|why| words.why(why)).unwrap_or_default(),
        ];
        let found = outcome.findings.iter().map(|finding| ("found", finding));
        let left = outcome.residue.iter().map(|finding| ("left", finding));
        let mut any = false;
        for (state, finding) in found.chain(left) {
            any = true;
            let mut cells = head.to_vec();
            cells.push(state.to_owned());
            cells.extend(describe(finding));
            if values {
                cells.push(finding.value.as_ref().map(value).unwrap_or_default());
            }
            row(&cells);
        }
        if !any {
            let mut cells = head.to_vec();
            cells.resize(
                header.len().saturating_add(usize::from(values)),
                String::new(),
            );
            row(&cells);
        }
    }
    writer.into_inner().unwrap_or_default()
}

fn describe(finding: &Finding) -> [String; 5] {
    [
        finding.id.to_owned(),
        word(&finding.category),
        word(&finding.severity),
        finding.place.clone(),
        finding.what.to_string(),
    ]
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

/// A cell that no spreadsheet takes for a formula, and that stays one line.
fn harmless(cell: &str) -> String {
    let cell = Untrusted::new(cell).for_terminal(8192);
    if cell
        .trim_start()
        .starts_with(['=', '+', '-', '@', '|', '%'])
    {
        format!("'{cell}")
    } else {
        cell
    }
}
