//! For programs (`design.md` §6).

use std::path::Path;

use serde::Serialize;

use super::{Checked, Entry, Summary, Verdict, Verdicts};
use crate::model::{Category, Finding, OutcomeKind, Severity, Value};

#[derive(Serialize)]
struct Record<'a> {
    path: String,
    output: Option<String>,
    format: Option<&'static str>,
    outcome: OutcomeKind,
    reason: Option<&'a str>,
    findings: Vec<Found<'a>>,
    residue: Vec<Found<'a>>,
    bytes_in: u64,
    bytes_out: Option<u64>,
}

#[derive(Serialize)]
struct Found<'a> {
    id: &'static str,
    category: Category,
    severity: Severity,
    #[serde(rename = "where")]
    place: &'a str,
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a Value>,
}

fn findings(findings: &[Finding], values: bool) -> Vec<Found<'_>> {
    findings
        .iter()
        .map(|finding| Found {
            id: finding.id,
            category: finding.category,
            severity: finding.severity,
            place: &finding.place,
            what: &finding.what,
            value: finding.value.as_ref().filter(|_| values),
        })
        .collect()
}

impl<'a> Record<'a> {
    fn new(entry: &Entry<'a>, values: bool) -> Self {
        let outcome = entry.outcome;
        Self {
            path: text(entry.path),
            output: entry.output.map(text),
            format: outcome.format,
            outcome: outcome.kind,
            reason: outcome.reason.as_deref(),
            findings: findings(&outcome.findings, values),
            residue: findings(&outcome.residue, values),
            bytes_in: outcome.bytes_in,
            bytes_out: outcome.bytes_out,
        }
    }
}

/// JSON has no bytes: what is no text in a path shows as `U+FFFD`.
fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn json(value: &impl Serialize) -> String {
    // Strings as keys, no maps of anything else: there is nothing in it that JSON cannot say.
    serde_json::to_string(value).unwrap_or_default()
}

/// One line about one file.
#[must_use]
pub fn entry_json(entry: &Entry<'_>, values: bool) -> String {
    json(&Record::new(entry, values))
}

/// One line about one pair.
#[must_use]
pub fn checked_json(checked: &Checked<'_>, values: bool) -> String {
    json(&Pair::new(checked, values))
}

#[derive(Serialize)]
struct Pair<'a> {
    path: Option<String>,
    output: Option<String>,
    format: Option<&'static str>,
    outcome: Verdict,
    reason: Option<String>,
    clean: bool,
    same: bool,
    pixels: Option<bool>,
    findings: Vec<Found<'a>>,
    residue: Vec<Found<'a>>,
}

impl<'a> Pair<'a> {
    fn new(checked: &Checked<'a>, values: bool) -> Self {
        let found = checked.comparison;
        let unclean = found.and_then(|found| found.unclean.as_ref());
        Self {
            path: checked.original.map(text),
            output: checked.copy.map(text),
            format: checked.format,
            outcome: checked.verdict(),
            reason: unclean
                .map(ToString::to_string)
                .or_else(|| checked.why.map(ToString::to_string)),
            clean: found.is_some() && unclean.is_none(),
            same: found.is_some_and(|found| found.same_payload),
            pixels: checked.pixels.flatten(),
            findings: found.map_or_else(Vec::new, |f| findings(&f.original.findings, values)),
            residue: found.map_or_else(Vec::new, |f| findings(&f.residue, values)),
        }
    }
}

/// The last line.
#[must_use]
pub fn summary_json(summary: &Last<'_>) -> String {
    json(summary)
}

/// What the last line is about.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Last<'a> {
    /// Files.
    Summary(&'a Summary),
    /// Pairs.
    #[serde(rename = "summary")]
    Verdicts(&'a Verdicts),
}

/// A report that grows by a file at a time: `{"files": [records], "summary": {…}}`.
#[derive(Debug)]
pub(super) struct Json {
    files: Vec<serde_json::Value>,
    values: bool,
}

impl Json {
    pub(super) fn new(values: bool) -> Self {
        Self {
            files: Vec::new(),
            values,
        }
    }

    pub(super) fn add_entry(&mut self, entry: &Entry<'_>) {
        self.add(&Record::new(entry, self.values));
    }

    pub(super) fn add_pair(&mut self, pair: &Checked<'_>) {
        self.add(&Pair::new(pair, self.values));
    }

    fn add(&mut self, record: &impl Serialize) {
        self.files
            .push(serde_json::to_value(record).unwrap_or_default());
    }

    pub(super) fn into_bytes(self, summary: &Last<'_>) -> Vec<u8> {
        #[derive(Serialize)]
        struct Report<'a> {
            files: Vec<serde_json::Value>,
            #[serde(flatten)]
            summary: &'a Last<'a>,
        }
        let report = Report {
            files: self.files,
            summary,
        };
        let mut bytes = serde_json::to_vec_pretty(&report).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
