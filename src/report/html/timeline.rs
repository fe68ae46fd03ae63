//! When files were made: a table with bars, by day where there are few days, otherwise by month or year.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escaped;
use crate::report::Words;
use crate::report::details::date;
use crate::story::Story;

/// Maximum number of rows.
const MOST: usize = 62;

/// The table; `None` where no file says when it was made.
pub(super) fn timeline(words: &Words, story: &Story) -> Option<String> {
    let days: Vec<(String, usize)> = story.days().collect();
    // The length of `2024-05-12`, `2024-05` and `2024`.
    let rows = [10, 7, 4].iter().map(|length| parts(&days, *length));
    let rows = rows.reduce(|best, next| if best.len() <= MOST { best } else { next })?;
    let most = *rows.values().max()?;
    let mut text = format!(
        "<h2>{}</h2>\n<table class=\"time\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        escaped(&words.get("html-time")),
        escaped(&words.get("html-column-when")),
        escaped(&words.get("html-column-files")),
    );
    for (when, n) in &rows {
        let percent = n.saturating_mul(100).checked_div(most).unwrap_or(0).max(1);
        let _ = writeln!(
            text,
            "<tr><th scope=\"row\">{}</th><td><span class=\"bar\" style=\"inline-size:{percent}%\"></span> {n}</td></tr>",
            escaped(&name(words, when))
        );
    }
    text.push_str("</tbody>\n</table>\n");
    Some(text)
}

/// Number of files by the beginning of the date.
fn parts(days: &[(String, usize)], length: usize) -> BTreeMap<String, usize> {
    let mut parts: BTreeMap<String, usize> = BTreeMap::new();
    for (day, n) in days {
        let part = day.get(..length).unwrap_or(day).to_owned();
        let files = parts.entry(part).or_default();
        *files = files.saturating_add(*n);
    }
    parts
}

fn name(words: &Words, when: &str) -> String {
    let month = || {
        let (year, month) = when.split_once('-')?;
        let months = words.get("months");
        let at = month.parse::<usize>().ok()?.checked_sub(1)?;
        Some(format!("{} {year}", months.split_whitespace().nth(at)?))
    };
    match when.len() {
        7 => month().unwrap_or_else(|| when.to_owned()),
        _ => date(words, when),
    }
}
