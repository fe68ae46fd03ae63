//! For a browser and for paper: one page without scripts, which fetches nothing.
//!
//! Without values it can be passed on: of a file it has a number, its kind and what sort of thing it tells, of a
//! place the country. With values it has names and places, and says on top that it must not be passed on.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::details::sections;
use super::human::explained;
use super::{
    Arg, Checked, Entry, Lang, Last, Risk, Verdict, Words, contacts, folder, located, printable,
    risk,
};
use crate::model::{Finding, OutcomeKind, Value};

/// So many files are listed; more are counted. No browser shows a longer page in time.
const MOST: usize = 20_000;
/// The style sheet.
const STYLE: &str = include_str!("html/style.css");

/// A page that grows by a file at a time.
#[derive(Debug)]
pub(super) struct Html<W: Write> {
    out: W,
    values: bool,
    lang: Lang,
    rows: Vec<String>,
    files: usize,
}

/// A row of the table: its mark, in words and as a class of the style sheet, and what it says.
struct Row<'a> {
    class: &'static str,
    mark: &'a str,
    name: String,
    says: Vec<String>,
}

impl<W: Write> Html<W> {
    pub(super) fn begin(values: bool, lang: Lang, out: W) -> Self {
        Self {
            out,
            values,
            lang,
            rows: Vec::new(),
            files: 0,
        }
    }

    pub(super) fn is_safe(&self) -> bool {
        !self.values
    }

    pub(super) fn add_entry(&mut self, entry: &Entry<'_>, words: &Words) {
        let outcome = entry.outcome;
        let why = entry.why.map(|why| words.why(why));
        let mut says = Vec::new();
        let (class, key) = match outcome.kind {
            OutcomeKind::Found | OutcomeKind::NothingFound => {
                says.extend(self.findings(&outcome.findings, words));
                let risk = Risk::of(&outcome.findings);
                let class = match risk {
                    Risk::Green => "good",
                    Risk::Amber => "odd",
                    Risk::Red => "bad",
                };
                (class, risk.key())
            }
            OutcomeKind::Cleaned => ("good", "cleaned"),
            OutcomeKind::AlreadyClean => ("good", "already-clean"),
            OutcomeKind::Reduced => ("odd", "reduced"),
            OutcomeKind::Refused => ("bad", "refused"),
            OutcomeKind::Failed => ("bad", "failed"),
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
        // A reason may quote the file.
        says.extend(why.filter(|_| self.values).or_else(|| {
            let is_refused = matches!(outcome.kind, OutcomeKind::Refused | OutcomeKind::Failed);
            is_refused.then(|| words.get("html-no-copy"))
        }));
        let mut name = self.name(outcome.format, words);
        if self.values {
            name = printable(entry.path);
            if let Some(output) = entry.output {
                let _ = write!(name, " → {}", printable(output));
            }
        }
        let mark = words.get(key);
        self.row(&Row {
            class,
            mark: &mark,
            name,
            says,
        });
    }

    pub(super) fn add_pair(&mut self, pair: &Checked<'_>, words: &Words) {
        let (class, key) = match pair.verdict() {
            Verdict::Proven => ("good", "verify-ok"),
            Verdict::Unclean => ("bad", "verify-unclean"),
            Verdict::Different => ("bad", "verify-different"),
            Verdict::Error => ("bad", "verify-error"),
            Verdict::NoCopy => ("bad", "verify-no-copy"),
            Verdict::NoOriginal => ("bad", "verify-no-original"),
        };
        let path = pair.original.or(pair.copy).filter(|_| self.values);
        let name = path.map_or_else(|| self.name(pair.format, words), printable);
        let mark = words.get(key);
        self.row(&Row {
            class,
            mark: &mark,
            name,
            says: Vec::new(),
        });
    }

    pub(super) fn finish(mut self, last: &Last<'_>) -> io::Result<W> {
        let words = Words::new(self.lang);
        let page = Page {
            words: &words,
            values: self.values,
        };
        self.out.write_all(page.head(last).as_bytes())?;
        for row in &self.rows {
            self.out.write_all(row.as_bytes())?;
        }
        let more = self.files.saturating_sub(self.rows.len());
        self.out.write_all(page.foot(more).as_bytes())?;
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
        if self.values {
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

    fn row(&mut self, row: &Row<'_>) {
        self.files = self.files.saturating_add(1);
        if self.rows.len() >= MOST {
            return;
        }
        let mut text = format!(
            "<tr><td><span class=\"mark {}\">{}</span></td><th scope=\"row\">{}</th><td>",
            row.class,
            escaped(row.mark),
            escaped(&row.name)
        );
        for line in &row.says {
            let _ = write!(text, "<p>{}</p>", escaped(line));
        }
        text.push_str("</td></tr>\n");
        self.rows.push(text);
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

/// What stands around the table.
struct Page<'a> {
    words: &'a Words,
    values: bool,
}

impl Page<'_> {
    fn head(&self, last: &Last<'_>) -> String {
        let words = self.words;
        let say = |key: &str| escaped(&words.get(key));
        let lang = match words.lang() {
            Lang::Sv => "sv",
            Lang::En => "en",
        };
        let title = say("html-title");
        let (class, kind) = match self.values {
            true => ("warning", say("html-full")),
            false => ("note", say("html-safe")),
        };
        let mut text = format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <h1>{title}</h1>\n<p class=\"{class}\">{kind}</p>\n<h2>{}</h2>\n<ul>\n",
            say("html-summary")
        );
        for (key, n) in counts(last) {
            if n > 0 {
                let _ = writeln!(text, "<li>{}</li>", escaped(&words.count(key, n)));
            }
        }
        text.push_str("</ul>\n");
        if let Last::Summary(summary) = last {
            let together = folder::sentences(words, summary, self.values);
            if !together.is_empty() {
                let _ = write!(text, "<h2>{}</h2>\n<ul>\n", say("html-together"));
                for sentence in &together {
                    let _ = writeln!(text, "<li>{}</li>", escaped(sentence));
                }
                text.push_str("</ul>\n");
            }
            let means: Vec<&str> = explained(summary).collect();
            if !means.is_empty() {
                let _ = writeln!(text, "<h2>{}</h2>", say("html-means"));
                for sort in means {
                    for part in ["explain", "do", "dont"] {
                        let _ = writeln!(text, "<p>{}</p>", say(&format!("{part}-{sort}")));
                    }
                }
            }
            if summary.is_dangerous() {
                let _ = write!(text, "<h2>{}</h2>\n<ul>\n", say("html-help"));
                for contact in contacts::contacts(words.lang()) {
                    let (who, how) = (escaped(contact.who), escaped(contact.how));
                    let _ = writeln!(text, "<li>{who}: <strong>{how}</strong></li>");
                }
                let _ = write!(
                    text,
                    "</ul>\n<p>{}</p>\n",
                    escaped(&contacts::checked(words))
                );
            }
        }
        let _ = write!(
            text,
            "<h2>{}</h2>\n<p>{}</p>\n<table>\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th>\
             <th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
            say("html-do"),
            say("html-do-text"),
            say("html-files"),
            say("html-column-mark"),
            say("html-column-file"),
            say("html-column-says"),
        );
        text
    }

    fn foot(&self, more: usize) -> String {
        let mut text = "</tbody>\n</table>\n".to_owned();
        if more > 0 {
            let more = self.words.count("html-more", more);
            let _ = writeln!(text, "<p>{}</p>", escaped(&more));
        }
        let limits = escaped(&self.words.get("look-yourself"));
        let _ = write!(text, "<p>{limits}</p>\n</main>\n</body>\n</html>\n");
        text
    }
}

fn counts(last: &Last<'_>) -> Vec<(&'static str, usize)> {
    match last {
        Last::Summary(summary) => {
            let [green, amber, red] = summary.risks;
            let outcomes = &summary.outcomes;
            vec![
                ("files", summary.files),
                ("count-red", red),
                ("count-amber", amber),
                ("count-green", green),
                ("count-cleaned", outcomes.cleaned),
                ("count-already-clean", outcomes.already_clean),
                ("count-reduced", outcomes.reduced),
                ("none-made", summary.not_done()),
                ("interrupted", summary.not_handled),
            ]
        }
        Last::Verdicts(verdicts) => vec![
            ("html-proven", verdicts.proven),
            ("html-not-proven", verdicts.not_proven),
            ("html-without-copy", verdicts.without_copy),
            ("html-without-original", verdicts.without_original),
            ("interrupted", verdicts.not_handled),
        ],
    }
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
