//! For a browser and for paper: one page without scripts, which fetches nothing.
//!
//! Without values it can be passed on: of a file it has a number, its kind and what sort of thing it tells, of a
//! place the country. With values it has names and places, and says on top that it must not be passed on.

mod map;
mod page;
mod thumbnail;
mod timeline;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::details::sections;
use super::{Arg, Checked, Entry, Lang, Last, Risk, Verdict, Words, located, printable, risk};
use crate::model::{Finding, OutcomeKind, Value};

/// So many files are listed; more are counted. No browser shows a longer page in time.
const MOST: usize = 20_000;
/// Maximum number of files in one fold.
const FOLD: usize = 250;
/// Of so many files all folds are open.
const FEW: usize = 100;
/// Maximum length of all pictures, in bytes. Files beyond that have none.
const PICTURES: usize = 32 << 20;

/// A page that grows by a file at a time.
#[derive(Debug)]
pub(super) struct Html<W: Write> {
    out: W,
    show: Show,
    lang: Lang,
    rows: Vec<Listed>,
    files: usize,
    /// Length of all pictures, in bytes.
    pictures: usize,
}

/// What a report shows beside sorts of things.
#[derive(Clone, Copy, Debug, Default)]
pub struct Show {
    /// Names, places and everything else that was found.
    pub values: bool,
    /// Small pictures of the copies.
    pub thumbnails: bool,
    /// Files were looked at only: none has a copy.
    pub scans: bool,
}

/// A row as it is written, and its place among the others.
#[derive(Debug)]
struct Listed {
    order: (Rank, String),
    text: String,
}

/// The worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Bad,
    /// There is no copy, or nobody could read it.
    Missing,
    Odd,
    Good,
}

impl Rank {
    /// The class of the style sheet.
    fn class(self) -> &'static str {
        match self {
            Self::Bad | Self::Missing => "bad",
            Self::Odd => "odd",
            Self::Good => "good",
        }
    }
}

/// A row of the table: its mark, in words and as a class of the style sheet, and what it says.
struct Row<'a> {
    rank: Rank,
    mark: &'a str,
    name: String,
    picture: Option<String>,
    says: Vec<String>,
}

impl<W: Write> Html<W> {
    pub(super) fn begin(show: Show, lang: Lang, out: W) -> Self {
        Self {
            out,
            show,
            lang,
            rows: Vec::new(),
            files: 0,
            pictures: 0,
        }
    }

    pub(super) fn is_safe(&self) -> bool {
        !self.show.values && !self.show.thumbnails
    }

    pub(super) fn add_entry(&mut self, entry: &Entry<'_>, words: &Words) {
        let outcome = entry.outcome;
        let why = entry.why.map(|why| words.why(why, outcome.format));
        let mut says = Vec::new();
        let (rank, key) = match outcome.kind {
            OutcomeKind::Found | OutcomeKind::NothingFound => {
                says.extend(self.findings(&outcome.findings, words));
                let risk = Risk::of(&outcome.findings);
                let rank = match risk {
                    Risk::Green => Rank::Good,
                    Risk::Amber => Rank::Odd,
                    Risk::Red => Rank::Bad,
                };
                (rank, risk.key())
            }
            OutcomeKind::Cleaned => (Rank::Good, "cleaned"),
            OutcomeKind::AlreadyClean => (Rank::Good, "already-clean"),
            OutcomeKind::Reduced => (Rank::Odd, "reduced"),
            OutcomeKind::Refused if self.show.scans => (Rank::Missing, "not-read"),
            OutcomeKind::Refused => (Rank::Missing, "refused"),
            OutcomeKind::Failed => (Rank::Missing, "failed"),
        };
        if outcome.bytes_out.is_some() {
            says.extend(self.findings(&outcome.findings, words));
        }
        let left: Vec<String> = outcome
            .residue
            .iter()
            .filter(|finding| !finding.is_note())
            .map(|finding| words.phrase(&finding.what))
            .collect();
        if !left.is_empty() {
            let left = left.join(", ");
            says.push(words.say("html-left", &[("list", (&left).into())]));
        }
        says.extend(why);
        let mut name = self.name(outcome.format, words);
        if self.show.values {
            name = printable(entry.path);
            if let Some(output) = entry.output {
                let _ = write!(name, " → {}", printable(output));
            }
        }
        let mark = words.get(key);
        let picture = self.picture(entry);
        self.row(&Row {
            rank,
            mark: &mark,
            name,
            picture,
            says,
        });
    }

    pub(super) fn add_pair(&mut self, pair: &Checked<'_>, words: &Words) {
        let (rank, key) = match pair.verdict() {
            Verdict::Proven => (Rank::Good, "verify-ok"),
            Verdict::Unclean => (Rank::Bad, "verify-unclean"),
            Verdict::Different => (Rank::Bad, "verify-different"),
            Verdict::Error => (Rank::Bad, "verify-error"),
            Verdict::NoCopy => (Rank::Bad, "verify-no-copy"),
            Verdict::NoOriginal => (Rank::Bad, "verify-no-original"),
        };
        let path = pair.original.or(pair.copy).filter(|_| self.show.values);
        let name = path.map_or_else(|| self.name(pair.format, words), printable);
        let mark = words.get(key);
        self.row(&Row {
            rank,
            mark: &mark,
            name,
            picture: None,
            says: Vec::new(),
        });
    }

    /// The page, the files with the most dangerous ones first.
    pub(super) fn finish(mut self, last: &Last<'_>) -> io::Result<W> {
        let words = Words::new(self.lang);
        let head = page::head(&words, last, self.show);
        self.out.write_all(head.as_bytes())?;
        self.rows.sort_by(|one, other| one.order.cmp(&other.order));
        let mut first = true;
        for group in self.rows.chunk_by(|one, other| one.order == other.order) {
            for (at, part) in group.chunks(FOLD).enumerate() {
                let is_open = first || self.rows.len() <= FEW;
                first = false;
                let opening = fold(&words, group, at, is_open);
                self.out.write_all(opening.as_bytes())?;
                for row in part {
                    self.out.write_all(row.text.as_bytes())?;
                }
                self.out.write_all(b"</tbody>\n</table>\n</details>\n")?;
            }
        }
        let more = self.files.saturating_sub(self.rows.len());
        self.out.write_all(page::foot(&words, more).as_bytes())?;
        Ok(self.out)
    }

    /// What a file is called where its name may give something away.
    fn name(&self, format: Option<&str>, words: &Words) -> String {
        let number = self.files.saturating_add(1).to_string();
        let kind = format.unwrap_or_default().to_uppercase();
        let args: [(&'static str, Arg<'_>); 2] =
            [("number", (&number).into()), ("kind", (&kind).into())];
        words.say("html-file", &args).trim_end().to_owned()
    }

    /// What findings tell: their sorts, or with values everything that is said in a terminal.
    fn findings(&self, findings: &[Finding], words: &Words) -> Vec<String> {
        if self.show.values {
            let mut says = vec![risk::sentence(words, findings)];
            for section in sections(words, findings) {
                says.push(format!("{}: {}", section.label, section.items.join(" · ")));
            }
            return says;
        }
        let mut sorts: Vec<String> = Vec::new();
        for section in sections(words, findings) {
            let mut sort = words.get(section.about);
            if section.is_place {
                let countries = countries(findings, words);
                if !countries.is_empty() {
                    let _ = write!(sort, " ({})", countries.join(", "));
                }
            }
            if !sorts.contains(&sort) {
                sorts.push(sort);
            }
        }
        if sorts.is_empty() {
            return vec![words.get("nothing-found")];
        }
        let list = sorts.join(", ");
        vec![words.say("html-tells", &[("list", (&list).into())])]
    }

    /// A picture of the copy, where one is wanted and there is one.
    fn picture(&mut self, entry: &Entry<'_>) -> Option<String> {
        let is_clean = matches!(
            entry.outcome.kind,
            OutcomeKind::Cleaned | OutcomeKind::AlreadyClean
        );
        if !self.show.thumbnails || !is_clean || self.pictures >= PICTURES {
            return None;
        }
        let picture = thumbnail::thumbnail(entry.output?)?;
        self.pictures = self.pictures.saturating_add(picture.len());
        Some(picture)
    }

    fn row(&mut self, row: &Row<'_>) {
        self.files = self.files.saturating_add(1);
        if self.rows.len() >= MOST {
            return;
        }
        let mut text = format!(
            "<tr><td><span class=\"mark {}\">{}</span></td><th scope=\"row\">{}</th><td>",
            row.rank.class(),
            escaped(row.mark),
            escaped(&row.name)
        );
        if let Some(picture) = &row.picture {
            let _ = write!(text, "<img alt=\"\" src=\"{picture}\">");
        }
        for line in &row.says {
            let _ = write!(text, "<p>{}</p>", escaped(line));
        }
        text.push_str("</td></tr>\n");
        self.rows.push(Listed {
            order: (row.rank, row.mark.to_owned()),
            text,
        });
    }
}

/// The countries that places are in.
fn countries(findings: &[Finding], words: &Words) -> Vec<String> {
    let mut all = Vec::new();
    for finding in findings {
        let Some(Value::Place(place)) = &finding.value else {
            continue;
        };
        if let Some(country) = located::country(words, place)
            && !all.contains(&country)
        {
            all.push(country);
        }
    }
    all
}

/// The beginning of a fold: its heading, and the headings of the columns.
fn fold(words: &Words, group: &[Listed], at: usize, is_open: bool) -> String {
    let mark = group.first().map_or("", |row| &row.order.1);
    let files = words.count("files", group.len());
    let mut heading = words.say(
        "group",
        &[("name", mark.into()), ("files", (&files).into())],
    );
    if group.len() > FOLD {
        let from = at.saturating_mul(FOLD);
        let to = from.saturating_add(FOLD).min(group.len());
        let _ = write!(heading, ": {}–{to}", from.saturating_add(1));
    }
    let open = if is_open { " open" } else { "" };
    let column = |key: &str| escaped(&words.get(key));
    format!(
        "<details{open}><summary>{}</summary>\n<table class=\"files\">\n<thead><tr><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        escaped(&heading),
        column("html-column-mark"),
        column("html-column-file"),
        column("html-column-says"),
    )
}

/// Text as it is written in HTML (HTML Living Standard §13.3).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
