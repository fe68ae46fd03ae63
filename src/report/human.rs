//! For people, in a terminal or on paper.

use std::fmt::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::details::{category, labels};
use super::{Arg, Checked, Entry, Section, Summary, Verdict, Verdicts, Words, printable, sections};
use crate::model::{Finding, OutcomeKind, Severity, Value};

/// Longer paths stand on a line of their own.
const WIDEST_PATH: usize = 36;
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
    label_width: usize,
    scans: bool,
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
        Self {
            words,
            layout,
            path_width: path_width.min(WIDEST_PATH),
            label_width,
            scans: false,
        }
    }

    /// For files that are looked at only.
    pub fn for_scan<'p>(
        words: &'a Words,
        layout: Layout,
        paths: impl Iterator<Item = &'p Path>,
    ) -> Self {
        let mut human = Self::new(words, layout, paths, &["not-read", "failed"]);
        let labels = labels(words);
        let widest = labels.iter().map(|label| label.width()).max().unwrap_or(0);
        human.label_width = human.label_width.max(widest);
        human.scans = true;
        human
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
        let scanned = matches!(outcome.kind, OutcomeKind::Found | OutcomeKind::NothingFound);
        let output = entry.output.map(|path| format!("→ {}", printable(path)));
        match outcome.kind {
            OutcomeKind::NothingFound => rows.push(Row {
                label: self.words.get("nothing-found"),
                style: Style::new().dimmed(),
                items: Vec::new(),
            }),
            OutcomeKind::Found => {
                rows.extend(
                    sections(self.words, &outcome.findings)
                        .into_iter()
                        .map(Row::from),
                );
            }
            OutcomeKind::Cleaned => {
                rows.push(self.state("cleaned", AnsiColor::Green, output));
            }
            OutcomeKind::AlreadyClean => {
                rows.push(self.state("already-clean", AnsiColor::Green, output));
            }
            OutcomeKind::Reduced => rows.push(self.state("reduced", AnsiColor::Yellow, output)),
            OutcomeKind::Refused | OutcomeKind::Failed => {
                let why = entry.why.map(|why| self.words.why(why));
                let key = match outcome.kind {
                    OutcomeKind::Failed => "failed",
                    _ if self.scans => "not-read",
                    _ => "refused",
                };
                rows.push(self.state(key, AnsiColor::Red, why));
            }
        }
        if scanned && let Some(why) = entry.why {
            for row in rows.iter_mut().take(1) {
                row.items = vec![self.words.why(why)];
            }
        }
        if matches!(outcome.kind, OutcomeKind::Cleaned | OutcomeKind::Reduced)
            && let Some(row) = rows.first_mut()
        {
            let list = self.categories(&outcome.findings);
            if !list.is_empty() {
                row.items
                    .push(self.words.say("taken-out", &[("list", (&list).into())]));
            }
        }
        if !outcome.residue.is_empty() {
            rows.push(self.left(&outcome.residue));
        }
        self.lines(&printable(entry.path), &rows)
    }

    /// Names of the categories, each once.
    fn categories(&self, findings: &[Finding]) -> String {
        let mut list: Vec<_> = findings.iter().map(|f| f.category).collect();
        list.sort();
        list.dedup();
        let words = list
            .into_iter()
            .map(|c| self.words.get(&format!("category-{}", category(c))));
        words.collect::<Vec<_>>().join(", ")
    }

    fn left(&self, residue: &[Finding]) -> Row {
        let mut items: Vec<String> = Vec::new();
        for finding in residue {
            let kind = self
                .words
                .get(&format!("category-{}", category(finding.category)));
            let what = crate::model::Untrusted::new(finding.what.as_ref()).for_terminal(60);
            let item = match &finding.value {
                Some(Value::Text(text)) => format!("{kind}: {what}: {}", text.for_terminal(40)),
                _ => format!("{kind}: {what}"),
            };
            if !items.contains(&item) {
                items.push(item);
            }
        }
        Row {
            label: self.words.get("section-left"),
            style: AnsiColor::Yellow.on_default().bold(),
            items,
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
        let (key, why) = match verdict {
            Verdict::Proven => ("verify-ok", None),
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
            Verdict::Error => ("verify-error", checked.why.map(|why| words.why(why))),
            Verdict::NoCopy => ("verify-no-copy", Some(words.get("verify-no-copy-why"))),
            Verdict::NoOriginal => (
                "verify-no-original",
                Some(words.get("verify-no-original-why")),
            ),
        };
        let colour = if verdict == Verdict::Proven {
            AnsiColor::Green
        } else {
            AnsiColor::Red
        };
        let mut row = self.state(key, colour, None);
        if let (Some(_), Some(copy)) = (checked.original, checked.copy) {
            row.items.push(format!("→ {}", printable(copy)));
        }
        row.items.extend(why);
        if verdict == Verdict::Proven {
            row.items.extend(checked.pixels.map(|known| {
                words.get(if known.is_some() {
                    "verify-pixels"
                } else {
                    "verify-pixels-unknown"
                })
            }));
        }
        let mut rows = vec![row];
        if let Some(found) = checked.comparison.filter(|found| !found.residue.is_empty()) {
            rows.push(self.left(&found.residue));
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
            if column > indent {
                text.push_str("  ");
            }
            pad(&mut text, indent.saturating_sub(column));
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

    fn paragraph(&self, text: &mut String, words: &str) {
        self.wrap(text, words, 0);
        text.push('\n');
    }

    /// The sum of a scan. `next` is a command that cleans what was scanned.
    #[must_use]
    pub fn scan_summary(&self, summary: &Summary, next: &str) -> String {
        let words = self.words;
        let categories = &summary.categories;
        let counts = [
            ("count-place", summary.located),
            ("count-time", categories.time),
            ("count-device", categories.device),
            ("count-person", categories.person),
            ("count-image", categories.image),
            ("count-history", categories.history),
            ("count-unknown", categories.unknown),
            ("count-not-read", summary.not_done()),
        ];
        let mut text = String::new();
        let mut first = self.sum(summary, &counts, "nothing-found");
        first.push(' ');
        first.push_str(&words.get("nothing-changed"));
        self.paragraph(&mut text, &first);
        self.interruption(&mut text, summary.not_handled);
        if summary.outcomes.found > 0 {
            self.next(&mut text, next);
        }
        text
    }

    /// The sum of a batch that made copies in `outputs`. `next` is a command that checks them.
    #[must_use]
    pub fn clean_summary(
        &self,
        summary: &Summary,
        outputs: &[&Path],
        kept_times: bool,
        next: &str,
    ) -> String {
        let words = self.words;
        let outcomes = &summary.outcomes;
        let counts = [
            ("count-cleaned", outcomes.cleaned),
            ("count-already-clean", outcomes.already_clean),
            ("count-reduced", outcomes.reduced),
            ("count-refused", outcomes.refused),
            ("count-failed", outcomes.failed),
        ];
        let mut text = String::new();
        self.paragraph(&mut text, &self.sum(summary, &counts, "no-files"));
        let copies = summary.files.saturating_sub(summary.not_done());
        if summary.dry_run {
            self.paragraph(&mut text, &words.get("nothing-written"));
        } else if copies > 0 {
            let folders: Vec<String> = outputs.iter().map(|path| printable(path)).collect();
            let folders = folders.join(", ");
            let folders = [("folders", Arg::from(&folders))];
            self.paragraph(&mut text, &words.say("copies-in", &folders));
        } else {
            self.paragraph(&mut text, &words.get("originals-unchanged"));
        }
        self.interruption(&mut text, summary.not_handled);
        if summary.not_done() > 0 {
            self.paragraph(&mut text, &words.count("none-made", summary.not_done()));
        }
        for (says, key) in [
            (summary.output_trouble, "output-trouble"),
            (summary.content_left, "left-why"),
            (summary.names_left, "left-names"),
            (kept_times && copies > 0, "kept-times"),
            (copies > 0 && !summary.dry_run, "look-yourself"),
        ] {
            if says {
                self.paragraph(&mut text, &words.get(key));
            }
        }
        if copies > 0 && !summary.dry_run && !next.is_empty() {
            self.next(&mut text, next);
        }
        text
    }

    /// The sum of comparisons.
    #[must_use]
    pub fn verify_summary(&self, verdicts: &Verdicts) -> String {
        let mut text = String::new();
        let sum = self.words.say(
            "verify-sum",
            &[
                ("n", verdicts.pairs.into()),
                ("good", verdicts.proven.into()),
                ("bad", verdicts.not_proven.into()),
                ("without_copy", verdicts.without_copy.into()),
                ("without_original", verdicts.without_original.into()),
            ],
        );
        self.paragraph(&mut text, &sum);
        self.interruption(&mut text, verdicts.not_handled);
        text
    }

    fn sum(&self, summary: &Summary, counts: &[(&str, usize)], none: &str) -> String {
        if summary.files == 0 {
            return self.words.get("no-files");
        }
        let mut list: Vec<String> = counts
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(key, n)| self.words.count(key, *n))
            .collect();
        if list.is_empty() {
            list.push(self.words.get(none));
        }
        let files = self.words.count("files", summary.files);
        let list = list.join(", ");
        self.words.say(
            "sum",
            &[("files", (&files).into()), ("list", (&list).into())],
        )
    }

    fn interruption(&self, text: &mut String, not_handled: usize) {
        if not_handled > 0 {
            self.paragraph(text, &self.words.count("interrupted", not_handled));
        }
    }

    fn next(&self, text: &mut String, command: &str) {
        self.paragraph(
            text,
            &self.words.say("next", &[("command", command.into())]),
        );
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
