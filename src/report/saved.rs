//! Reports that are saved: one record for each file, in the form that the name of the report asks for,
//! written as the batch goes on.

use std::io::{self, Write};

use super::csv::Csv;
use super::discreet::{Discreet, DiscreetPair};
use super::html::{Html, Show};
use super::json::Json;
use super::{Checked, Entry, Last, Words};

/// A report on its way to `W`. Values of findings are in it only where that was asked for.
#[derive(Debug)]
pub struct Saved<W: Write> {
    form: Form<W>,
    values: bool,
}

#[derive(Debug)]
enum Form<W: Write> {
    Json(Json<W>),
    Csv(Box<Csv<W>>),
    Html(Html<W>),
}

impl<W: Write> Saved<W> {
    /// Whether there are reports of the kind that `extension` (lower case, without dot) names.
    #[must_use]
    pub fn is_kind(extension: &str) -> bool {
        matches!(extension, "json" | "csv" | "html" | "htm")
    }

    /// Begins a report: in CSV or HTML for these extensions, otherwise in JSON.
    ///
    /// # Errors
    /// Those of `out`, as for everything below.
    pub fn begin(extension: &str, show: Show, words: &Words, out: W) -> io::Result<Self> {
        let form = match extension {
            "csv" => Form::Csv(Box::new(Csv::begin(show.values, out)?)),
            "html" | "htm" => Form::Html(Html::begin(show, words.lang(), out)),
            _ => Form::Json(Json::begin(show.values, out)?),
        };
        Ok(Self {
            form,
            values: show.values,
        })
    }

    /// Whether it contains nothing of the originals that may not be passed on.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        matches!(&self.form, Form::Html(html) if html.is_safe())
    }

    /// One file that was looked at or cleaned.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn add_entry(&mut self, entry: &Entry<'_>, words: &Words) -> io::Result<()> {
        let discreet;
        let mut entry = *entry;
        if !self.values {
            discreet = Discreet::new(&entry, words);
            entry = discreet.entry(&entry);
        }
        let entry = &entry;
        match &mut self.form {
            Form::Json(json) => json.add_entry(entry),
            Form::Csv(csv) => csv.add_entry(entry, words),
            Form::Html(html) => {
                html.add_entry(entry, words);
                Ok(())
            }
        }
    }

    /// One original and its copy that were compared.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn add_pair(&mut self, pair: &Checked<'_>, words: &Words) -> io::Result<()> {
        let discreet;
        let mut pair = *pair;
        if !self.values {
            discreet = DiscreetPair::new(&pair, words);
            pair = discreet.checked(&pair);
        }
        let pair = &pair;
        match &mut self.form {
            Form::Json(json) => json.add_pair(pair),
            Form::Csv(csv) => csv.add_pair(pair, words),
            Form::Html(html) => {
                html.add_pair(pair, words);
                Ok(())
            }
        }
    }

    /// Ends the report. Tables have no place for the counts.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish(self, summary: &Last<'_>, words: &Words) -> io::Result<W> {
        match self.form {
            Form::Json(json) => json.finish(summary),
            Form::Csv(csv) => csv.finish(summary, words),
            Form::Html(html) => html.finish(summary),
        }
    }
}
