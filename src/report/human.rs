//! For people, in a terminal or on paper.

mod line;
mod sums;

pub(super) use sums::explained;

use std::fmt::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::details::{category, labels};
use super::{Checked, Entry, Risk, Section, Verdict, Words, printable, risk, sections};
use crate::model::{Category, Finding, OutcomeKind, Severity, Value, Why};

/// Longer paths stand on a line of their own.
const WIDEST_PATH: usize = 36;
/// Where fewer columns are left beside the paths, everything stands below them.
const NARROWEST: usize = 40;
/// Longest text out of a file that is shown of what is left, in characters.
const LONGEST_TEXT: usize = 200;
/// Between two things on one line.
const DOT: &str = " · ";

/// How text is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Columns of the terminal; `None` for no terminal, where lines are as long as they are.
    pub width: Option<usize>,
    /// Whether colours may be used.
    pub colour: bool,
}

/// Says things to people.
#[derive(Debug)]
pub struct Human<'a> {
    words: &'a Words,
    layout: Layout,
    path_width: usize,
    /// The same where each file has one line.
    short_path: usize,
    label_width: usize,
    scans: bool,
    details: bool,
}

struct Row {
    label: String,
    style: Style,
    items: Vec<String>,
}

impl<'a> Human<'a> {
    fn new<'p>(
        words: &'a Words,
        layout: Layout,
        paths: impl Iterator<Item = &'p Path>,
        states: &[&str],
    ) -> Self {
        let path_width = paths.map(|path| printable(path).width()).max().unwrap_or(0);
        let states = states.iter().map(|key| words.get(key));
        let label_width = states.map(|state| state.width()).max().unwrap_or(0);
        let two_fifths = layout
            .width
            .map_or(usize::MAX, |width| width.saturating_mul(7) / 20);
        Self {
            words,
            layout,
            path_width: path_width.min(WIDEST_PATH),
            short_path: path_width.min(two_fifths),
            label_width,
            scans: false,
            details: false,
        }
        .fitted()
    }

    /// Paths stand on lines of their own where there is little room beside them.
    fn fitted(mut self) -> Self {
        let least = [self.path_width, self.label_width, NARROWEST, 4]
            .iter()
            .sum::<usize>();
        if self.layout.width.is_some_and(|width| width < least) {
            self.path_width = 0;
        }
        self
    }

    /// For files that are looked at only: one sentence each, and with `details` everything that was found.
    pub fn for_scan<'p>(
        words: &'a Words,
        layout: Layout,
        paths: impl Iterator<Item = &'p Path>,
        details: bool,
    ) -> Self {
        let risks = [Risk::Green, Risk::Amber, Risk::Red].map(Risk::key);
        // In a terminal the column is as narrow as the words for risks, which nearly all files have.
        let trouble = match layout.width {
            Some(_) if !details => &[][..],
            _ => &["not-read", "failed"],
        };
        let states = [&risks[..], trouble].concat();
        let mut human = Self::new(words, layout, paths, &states);
        if details {
            let labels = labels(words);
            let widest = labels.iter().map(|label| label.width()).max().unwrap_or(0);
            human.label_width = human.label_width.max(widest);
        }
        human.scans = true;
        human.details = details;
        human.fitted()
    }

    /// For files that are cleaned.
    pub fn for_clean<'p>(
        words: &'a Words,
        layout: Layout,
        paths: impl Iterator<Item = &'p Path>,
    ) -> Self {
        let states = [
            "cleaned",
            "already-clean",
            "reduced",
            "refused",
            "failed",
            "section-left",
        ];
        Self::new(words, layout, paths, &states)
    }

    /// For copies that are compared with their originals.
    pub fn for_verify<'p>(
        words: &'a Words,
        layout: Layout,
        paths: impl Iterator<Item = &'p Path>,
    ) -> Self {
        let states = [
            "verify-ok",
            "verify-reduced",
            "verify-error",
            "section-left",
            "verify-unclean",
            "verify-different",
            "verify-no-copy",
            "verify-no-original",
        ];
        Self::new(words, layout, paths, &states)
    }

    /// What became of one file.
    #[must_use]
    pub fn entry(&self, entry: &Entry<'_>) -> String {
        let outcome = entry.outcome;
        let mut rows = Vec::new();
        let output = entry.output.map(|path| format!("→ {}", printable(path)));
        if let Some(line) = self.line(entry) {
            return line;
        }
        match outcome.kind {
            OutcomeKind::NothingFound | OutcomeKind::Found => {
                rows.push(self.risk(&outcome.findings));
                if let Some(why) = entry.why {
                    rows.push(self.state(
                        "not-read",
                        AnsiColor::Red,
                        Some(self.why(why, outcome.format)),
                    ));
                }
                if self.details {
                    let sections = sections(self.words, &outcome.findings);
                    rows.extend(sections.into_iter().map(Row::from));
                }
            }
            OutcomeKind::Cleaned => {
                rows.push(self.state("cleaned", AnsiColor::Green, output));
            }
            OutcomeKind::AlreadyClean => {
                let mut row = self.state("already-clean", AnsiColor::Green, output);
                if entry.is_renamed() {
                    row.items.push(self.words.get("renamed"));
                }
                rows.push(row);
            }
            OutcomeKind::Reduced => rows.push(self.state("reduced", AnsiColor::Yellow, output)),
            OutcomeKind::Refused | OutcomeKind::Failed => {
                let why = entry.why.map(|why| self.why(why, outcome.format));
                let key = match outcome.kind {
                    OutcomeKind::Failed => "failed",
                    _ if self.scans => "not-read",
                    _ => "refused",
                };
                rows.push(self.state(key, AnsiColor::Red, why));
            }
        }
        if matches!(outcome.kind, OutcomeKind::Cleaned | OutcomeKind::Reduced)
            && let Some(row) = rows.first_mut()
        {
            let list = self.categories(&outcome.findings).join(", ");
            if !list.is_empty() {
                row.items
                    .push(self.words.say("taken-out", &[("list", (&list).into())]));
            }
        }
        if !outcome.residue.iter().all(Finding::is_note) {
            rows.push(self.left(&outcome.residue));
        }
        self.lines(&printable(entry.path), &rows)
    }

    fn why(&self, why: &Why, format: Option<&str>) -> String {
        if self.details {
            self.words.why_in_detail(why, format)
        } else {
            self.words.why(why, format)
        }
    }

    /// How dangerous it is to pass the file on, and the worst reason.
    fn risk(&self, findings: &[Finding]) -> Row {
        let sentence = risk::sentence(self.words, findings);
        self.risk_with(Risk::of(findings), Some(sentence))
    }

    fn risk_with(&self, risk: Risk, item: Option<String>) -> Row {
        let colour = match risk {
            Risk::Green => AnsiColor::Green,
            Risk::Amber => AnsiColor::Yellow,
            Risk::Red => AnsiColor::Red,
        };
        self.state(risk.key(), colour, item)
    }

    /// Names of the categories, each once.
    fn categories(&self, findings: &[Finding]) -> Vec<String> {
        let mut list: Vec<_> = findings.iter().map(|f| f.category).collect();
        list.sort();
        list.dedup();
        let words = list
            .into_iter()
            .map(|c| self.words.get(&format!("category-{}", category(c))));
        words.collect()
    }

    /// What is left, whole: it must be understood before the copy is passed on.
    fn residue(&self, finding: &Finding) -> String {
        let of = |group: &str| format!("{group}-{}", category(finding.category));
        if finding.is_about_name() {
            return self.words.get(&of("name"));
        }
        let what = self.words.phrase(&finding.what);
        match finding.category {
            Category::Unknown => what,
            _ => format!("{}: {what}", self.words.get(&of("category"))),
        }
    }

    fn left(&self, residue: &[Finding]) -> Row {
        let mut items: Vec<(String, Vec<String>)> = Vec::new();
        for finding in residue.iter().filter(|finding| !finding.is_note()) {
            let item = self.residue(finding);
            let at = items.iter().position(|(known, _)| *known == item);
            let at = at.unwrap_or_else(|| {
                items.push((item, Vec::new()));
                items.len().saturating_sub(1)
            });
            let Some(Value::Text(text)) =
                finding.value.as_ref().filter(|_| !finding.is_about_name())
            else {
                continue;
            };
            let text = text.for_terminal(LONGEST_TEXT);
            let text = self.words.say("quoted", &[("text", (&text).into())]);
            if let Some((_, texts)) = items
                .get_mut(at)
                .filter(|(_, texts)| !texts.contains(&text))
            {
                texts.push(text);
            }
        }
        let whole = |(item, texts): (String, Vec<String>)| match texts.as_slice() {
            [] => item,
            texts => format!("{item}: {}", texts.join(", ")),
        };
        Row {
            label: self.words.get("section-left"),
            style: AnsiColor::Yellow.on_default().bold(),
            items: items.into_iter().map(whole).collect(),
        }
    }

    fn state(&self, key: &str, colour: AnsiColor, item: Option<String>) -> Row {
        Row {
            label: self.words.get(key),
            style: colour.on_default(),
            items: item.into_iter().collect(),
        }
    }

    /// What a comparison showed.
    #[must_use]
    pub fn checked(&self, checked: &Checked<'_>) -> String {
        let words = self.words;
        let verdict = checked.verdict();
        let left = checked.comparison.map_or(&[][..], |found| &found.residue);
        let (key, why) = match verdict {
            Verdict::Proven if left.iter().all(Finding::is_note) => ("verify-ok", None),
            Verdict::Proven => ("verify-reduced", None),
            Verdict::Unclean => (
                "verify-unclean",
                checked
                    .comparison
                    .and_then(|found| found.unclean.as_ref())
                    .map(|error| words.unclean(error)),
            ),
            Verdict::Different if checked.pixels == Some(Some(false)) => (
                "verify-different",
                Some(words.get("verify-pixels-different")),
            ),
            Verdict::Different => (
                "verify-different",
                Some(words.get("verify-payload-different")),
            ),
            Verdict::Error => (
                "verify-error",
                checked.why.map(|why| words.why(why, checked.format)),
            ),
            Verdict::NoCopy => ("verify-no-copy", Some(words.get("verify-no-copy-why"))),
            Verdict::NoOriginal => (
                "verify-no-original",
                Some(words.get("verify-no-original-why")),
            ),
        };
        let colour = match verdict {
            Verdict::Proven if left.iter().all(Finding::is_note) => AnsiColor::Green,
            Verdict::Proven => AnsiColor::Yellow,
            _ => AnsiColor::Red,
        };
        let mut row = self.state(key, colour, None);
        if let (Some(_), Some(copy)) = (checked.original, checked.copy) {
            row.items.push(format!("→ {}", printable(copy)));
        }
        row.items.extend(why);
        if verdict == Verdict::Proven {
            if checked.policy.is_some_and(|policy| policy.strict) {
                row.items.push("--policy strict".to_owned());
            }
            row.items.extend(checked.pixels.map(|known| {
                words.get(if known.is_some() {
                    "verify-pixels"
                } else {
                    "verify-pixels-unknown"
                })
            }));
        }
        let mut rows = vec![row];
        if !left.is_empty() {
            rows.push(self.left(left));
        }
        let path = checked
            .original
            .or(checked.copy)
            .map(printable)
            .unwrap_or_default();
        self.lines(&path, &rows)
    }

    /// The path, and beside it the rows, as wide as the terminal allows.
    fn lines(&self, path: &str, rows: &[Row]) -> String {
        let indent = self.path_width.saturating_add(2);
        let mut text = path.to_owned();
        let mut column = path.width();
        if column > self.path_width && self.layout.width.is_some() {
            text.push('\n');
            column = 0;
        }
        for row in rows {
            // Between a long path and what is said of it there are two columns as well.
            let least = if column > 0 { 2 } else { 0 };
            pad(&mut text, indent.saturating_sub(column).max(least));
            let label = row.label.width();
            self.styled(&mut text, row.style, &row.label);
            if !row.items.is_empty() {
                pad(
                    &mut text,
                    self.label_width.saturating_sub(label).saturating_add(2),
                );
                let from = indent
                    .saturating_add(self.label_width.max(label))
                    .saturating_add(2);
                self.wrap(&mut text, &row.items.join(DOT), from);
            }
            text.push('\n');
            column = 0;
        }
        text
    }

    /// Appends words; what does not fit goes on in column `from` of the next line.
    fn wrap(&self, text: &mut String, words: &str, from: usize) {
        let width = self.layout.width.unwrap_or(usize::MAX);
        // A terminal that narrow wraps as it likes.
        let width = if width < from.saturating_add(20) {
            usize::MAX
        } else {
            width
        };
        let mut column = from;
        for (n, word) in words.split(' ').enumerate() {
            let next = column
                .saturating_add(word.width())
                .saturating_add(usize::from(n > 0));
            if n > 0 && next > width {
                text.push('\n');
                pad(text, from);
                column = from.saturating_add(word.width());
            } else {
                if n > 0 {
                    text.push(' ');
                }
                column = next;
            }
            text.push_str(word);
        }
    }

    fn styled(&self, text: &mut String, style: Style, words: &str) {
        if self.layout.colour {
            // Writing to memory cannot fail.
            let _ = write!(text, "{style}{words}{style:#}");
        } else {
            text.push_str(words);
        }
    }
}

impl From<Section> for Row {
    fn from(section: Section) -> Self {
        let style = match section.severity {
            Severity::Critical => AnsiColor::Red.on_default().bold(),
            Severity::High => AnsiColor::Yellow.on_default(),
            Severity::Medium | Severity::Low => Style::new(),
        };
        Self {
            label: section.label,
            style,
            items: section.items,
        }
    }
}

fn pad(text: &mut String, n: usize) {
    text.extend(std::iter::repeat_n(' ', n));
}
