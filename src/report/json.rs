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
pub fn checked_json(checked: &Checked<'_>) -> String {
    #[derive(Serialize)]
    struct Pair<'a> {
        path: Option<String>,
        output: Option<String>,
        format: Option<&'static str>,
        outcome: &'static str,
        reason: Option<String>,
        clean: bool,
        same: bool,
        pixels: Option<bool>,
        findings: Vec<Found<'a>>,
        residue: Vec<Found<'a>>,
    }
    let found = checked.comparison;
    let unclean = found.and_then(|found| found.unclean.as_ref());
    json(&Pair {
        path: checked.original.map(text),
        output: checked.copy.map(text),
        format: checked.format,
        outcome: match checked.verdict() {
            Verdict::Proven => "proven",
            Verdict::Unclean => "not_clean",
            Verdict::Different => "different",
            Verdict::Error => "not_compared",
            Verdict::NoCopy => "no_copy",
            Verdict::NoOriginal => "no_original",
        },
        reason: unclean
            .map(ToString::to_string)
            .or_else(|| checked.why.map(ToString::to_string)),
        clean: found.is_some() && unclean.is_none(),
        same: found.is_some_and(|found| found.same_payload),
        pixels: checked.pixels.flatten(),
        findings: found.map_or_else(Vec::new, |f| findings(&f.original.findings, true)),
        residue: found.map_or_else(Vec::new, |f| findings(&f.residue, true)),
    })
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

/// A whole report: `{"files": [records], "summary": {…}}`.
#[must_use]
pub fn report_json<'a>(
    entries: impl Iterator<Item = Entry<'a>>,
    summary: &Summary,
    values: bool,
) -> String {
    #[derive(Serialize)]
    struct Report<'a> {
        files: Vec<Record<'a>>,
        summary: &'a Summary,
    }
    let report = Report {
        files: entries.map(|entry| Record::new(&entry, values)).collect(),
        summary,
    };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}
