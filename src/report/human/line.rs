//! One line for each file, as wide as the terminal. No sentence is cut: of several that say the same the longest
//! one is chosen that fits.

use anstyle::AnsiColor;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{DOT, Human, Row, pad};
use crate::model::{Finding, OutcomeKind};
use crate::report::{Entry, Risk, printable, risk};

/// Where fewer columns are left for words, a line is not enough.
const LEAST: usize = 24;
/// Minimum columns for a path that is shortened.
const SHORTEST_PATH: usize = 16;

impl Human<'_> {
    /// The line about a file; `None` where one line is not enough.
    pub(super) fn line(&self, entry: &Entry<'_>) -> Option<String> {
        let outcome = entry.outcome;
        if self.details || entry.why.is_some() || !outcome.residue.iter().all(Finding::is_note) {
            return None;
        }
        let (row, forms) = match outcome.kind {
            OutcomeKind::NothingFound | OutcomeKind::Found => (
                self.risk_with(Risk::of(&outcome.findings), None),
                risk::forms(self.words, &outcome.findings),
            ),
            OutcomeKind::Cleaned => (
                self.state("cleaned", AnsiColor::Green, None),
                self.removed(entry),
            ),
            OutcomeKind::AlreadyClean => (
                self.state("already-clean", AnsiColor::Green, None),
                self.renamed(entry),
            ),
            _ => return None,
        };
        self.fit(&printable(entry.path), &row, &forms)
    }

    /// What was removed from a copy, in fewer and fewer words.
    fn removed(&self, entry: &Entry<'_>) -> Vec<String> {
        let categories = self.categories(&entry.outcome.findings);
        let with = |n: usize| {
            let list = categories.get(..n)?.join(", ");
            let key = match n {
                0 => return None,
                n if n < categories.len() => "taken-out-more",
                _ => "taken-out",
            };
            Some(self.words.say(key, &[("list", (&list).into())]))
        };
        let removed: Vec<String> = (1..=categories.len()).rev().filter_map(with).collect();
        let names = self.names(entry);
        let mut forms = Vec::new();
        for name in &names {
            forms.extend(removed.iter().map(|text| [name, text.as_str()].join(DOT)));
            forms.push(name.clone());
        }
        // The new name of a copy is always said.
        if !entry.is_renamed() {
            forms.extend(removed);
            forms.push(String::new());
        }
        forms
    }

    fn renamed(&self, entry: &Entry<'_>) -> Vec<String> {
        let mut forms = Vec::new();
        for name in self.names(entry) {
            if entry.is_renamed() {
                forms.push([name.as_str(), &self.words.get("renamed")].join(DOT));
            }
            forms.push(name);
        }
        if !entry.is_renamed() {
            forms.push(String::new());
        }
        forms
    }

    /// The path of the copy, and its name alone.
    fn names(&self, entry: &Entry<'_>) -> Vec<String> {
        let Some(output) = entry.output else {
            return Vec::new();
        };
        let mut names = vec![format!("→ {}", printable(output))];
        if entry.is_renamed() {
            let name = output.file_name().map(|name| printable(name.as_ref()));
            names.extend(name.map(|name| format!("→ {name}")));
        }
        names
    }

    /// The line with the longest form that fits; `None` where none does, and where there is no terminal.
    fn fit(&self, path: &str, row: &Row, forms: &[String]) -> Option<String> {
        let width = self.layout.width?;
        let room = width
            .checked_sub(self.short_path)?
            .checked_sub(self.label_width)?
            .checked_sub(4)?;
        let form = forms.iter().find(|form| form.width() <= room)?;
        let is_cut = path.width() > self.short_path;
        if room < LEAST || (is_cut && self.short_path < SHORTEST_PATH) {
            return None;
        }
        let mut text = shortened(path, self.short_path);
        let column = text.width();
        pad(
            &mut text,
            self.short_path.saturating_sub(column).saturating_add(2),
        );
        self.styled(&mut text, row.style, &row.label);
        if !form.is_empty() {
            let gap = self.label_width.saturating_sub(row.label.width());
            pad(&mut text, gap.saturating_add(2));
            text.push_str(form);
        }
        text.push('\n');
        Some(text)
    }
}

/// A path in so many columns: of folders the end is shown, of a name its beginning and its end.
fn shortened(path: &str, columns: usize) -> String {
    if path.width() <= columns {
        return path.to_owned();
    }
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let room = columns.saturating_sub(1);
    if name.width() < room {
        return format!("…{}", end(path, room));
    }
    let tail = end(name, room / 3);
    let mut head = String::new();
    let mut left = room.saturating_sub(tail.width());
    for c in name.chars() {
        let Some(rest) = left.checked_sub(c.width().unwrap_or(0)) else {
            break;
        };
        left = rest;
        head.push(c);
    }
    format!("{head}…{tail}")
}

/// The last columns of a text.
fn end(text: &str, columns: usize) -> &str {
    let mut left = columns;
    let mut from = text.len();
    for (at, c) in text.char_indices().rev() {
        let Some(rest) = left.checked_sub(c.width().unwrap_or(0)) else {
            break;
        };
        left = rest;
        from = at;
    }
    text.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_in_the_middle() {
        for (path, columns, short) in [
            ("a/b.jpg", 10, "a/b.jpg"),
            ("holiday/2024/b.jpg", 12, "…/2024/b.jpg"),
            ("IMG_20240512_143000_edited.jpg", 16, "IMG_202405…d.jpg"),
            ("猫猫猫猫猫猫猫猫.jpg", 12, "猫猫猫猫…jpg"),
        ] {
            let text = shortened(path, columns);
            assert!(text.width() <= columns, "{text}");
            assert_eq!(text, short);
        }
    }
}
