//! For programs (`design.md` §6).

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::statements::{Statement, statements};
use super::{Checked, Entry, Summary, Verdict, Verdicts};
use crate::model::{Category, Finding, OutcomeKind, Policy, Severity, Value};

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
    value: Option<Shown<'a>>,
}

/// Maximum length of a text out of a file, in bytes.
const LONGEST: usize = 64 << 10;

/// A value as it is; of a text that is too long its beginning, and its length in bytes.
#[derive(Serialize)]
#[serde(untagged)]
enum Shown<'a> {
    Whole(&'a Value),
    Text { text: &'a str, length: usize },
    Time { time: &'a str, length: usize },
}

impl<'a> Shown<'a> {
    fn new(value: &'a Value) -> Self {
        match value {
            Value::Text(text) if text.raw().len() > LONGEST => Self::Text {
                text: beginning(text.raw()),
                length: text.raw().len(),
            },
            Value::Time(time) if time.raw().len() > LONGEST => Self::Time {
                time: beginning(time.raw()),
                length: time.raw().len(),
            },
            value => Self::Whole(value),
        }
    }
}

fn beginning(text: &str) -> &str {
    let mut end = LONGEST.min(text.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
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
            value: finding.value.as_ref().filter(|_| values).map(Shown::new),
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
    policy: Option<&'static str>,
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
            policy: checked.policy.as_ref().map(Policy::name),
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
pub fn summary_json(summary: &Last<'_>, values: bool) -> String {
    json(&Ending::new(summary, values))
}

/// The last line as it is written.
#[derive(Serialize)]
struct Ending<'a> {
    summary: Sums<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Sums<'a> {
    Files {
        #[serde(flatten)]
        summary: &'a Summary,
        /// What the files tell together.
        together: Vec<Statement>,
    },
    Pairs(&'a Verdicts),
}

impl<'a> Ending<'a> {
    fn new(last: &Last<'a>, values: bool) -> Self {
        Self {
            summary: match last {
                Last::Summary(summary) => Sums::Files {
                    summary,
                    together: statements(summary, values),
                },
                Last::Verdicts(verdicts) => Sums::Pairs(verdicts),
            },
        }
    }
}

/// What the last line is about.
#[derive(Clone, Copy, Debug)]
pub enum Last<'a> {
    /// Files.
    Summary(&'a Summary),
    /// Pairs.
    Verdicts(&'a Verdicts),
}

/// A report that grows by a file at a time: `{"files": [records], "summary": {…}}`.
#[derive(Debug)]
pub(super) struct Json<W: Write> {
    out: W,
    any: bool,
    values: bool,
}

impl<W: Write> Json<W> {
    pub(super) fn begin(values: bool, mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"files\": [")?;
        Ok(Self {
            out,
            any: false,
            values,
        })
    }

    pub(super) fn add_entry(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        self.add(&Record::new(entry, self.values))
    }

    pub(super) fn add_pair(&mut self, pair: &Checked<'_>) -> io::Result<()> {
        self.add(&Pair::new(pair, self.values))
    }

    fn add(&mut self, record: &impl Serialize) -> io::Result<()> {
        let before: &[u8] = if self.any { b",\n" } else { b"\n" };
        self.any = true;
        self.out.write_all(before)?;
        Ok(serde_json::to_writer(&mut self.out, record)?)
    }

    pub(super) fn finish(mut self, summary: &Last<'_>) -> io::Result<W> {
        let summary = serde_json::to_string(&Ending::new(summary, self.values))?;
        let summary = summary.strip_prefix('{').unwrap_or_default();
        writeln!(self.out, "\n],\n{summary}")?;
        self.out.flush()?;
        Ok(self.out)
    }
}
