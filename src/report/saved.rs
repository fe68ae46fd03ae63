//! Reports that are saved: one record for each file, in the form that the name of the report asks for,
//! written as the batch goes on.

use std::io::{self, Write};

use super::csv::Csv;
use super::json::Json;
use super::{Checked, Entry, Last, Words};

/// A report on its way to `W`. Values of findings are in it only where that was asked for.
#[derive(Debug)]
pub struct Saved<W: Write>(Form<W>);

#[derive(Debug)]
enum Form<W: Write> {
    Json(Json<W>),
    Csv(Box<Csv<W>>),
}

impl<W: Write> Saved<W> {
    /// Whether there are reports of the kind that `extension` (lower case, without dot) names.
    #[must_use]
    pub fn is_kind(extension: &str) -> bool {
        matches!(extension, "json" | "csv")
    }

    /// Begins a report: in CSV for that extension, otherwise in JSON.
    ///
    /// # Errors
    /// Those of `out`, as for everything below.
    pub fn begin(extension: &str, values: bool, out: W) -> io::Result<Self> {
        Ok(Self(if extension == "csv" {
            Form::Csv(Box::new(Csv::begin(values, out)?))
        } else {
            Form::Json(Json::begin(values, out)?)
        }))
    }

    /// One file that was looked at or cleaned.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn add_entry(&mut self, entry: &Entry<'_>, words: &Words) -> io::Result<()> {
        match &mut self.0 {
            Form::Json(json) => json.add_entry(entry),
            Form::Csv(csv) => csv.add_entry(entry, words),
        }
    }

    /// One original and its copy that were compared.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn add_pair(&mut self, pair: &Checked<'_>, words: &Words) -> io::Result<()> {
        match &mut self.0 {
            Form::Json(json) => json.add_pair(pair),
            Form::Csv(csv) => csv.add_pair(pair, words),
        }
    }

    /// Ends the report. Tables have no place for the sum.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish(self, summary: &Last<'_>) -> io::Result<W> {
        match self.0 {
            Form::Json(json) => json.finish(summary),
            Form::Csv(csv) => csv.finish(),
        }
    }
}
