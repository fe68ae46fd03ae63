//! Reports that are saved: one record for each file, in the form that the name of the report asks for.

use super::csv::Csv;
use super::json::Json;
use super::{Checked, Entry, Last, Words};

/// A report on its way. Values of findings stand in it only where that was asked for.
#[derive(Debug)]
pub struct Saved(Form);

#[derive(Debug)]
enum Form {
    Json(Json),
    Csv(Box<Csv>),
}

impl Saved {
    /// An empty report of the kind that `extension` (lower case, without dot) names, if there is one.
    #[must_use]
    pub fn of_kind(extension: &str, values: bool) -> Option<Self> {
        match extension {
            "json" => Some(Self(Form::Json(Json::new(values)))),
            "csv" => Some(Self(Form::Csv(Box::new(Csv::new(values))))),
            _ => None,
        }
    }

    /// One file that was looked at or cleaned.
    pub fn add_entry(&mut self, entry: &Entry<'_>, words: &Words) {
        match &mut self.0 {
            Form::Json(json) => json.add_entry(entry),
            Form::Csv(csv) => csv.add_entry(entry, words),
        }
    }

    /// One original and its copy that were compared.
    pub fn add_pair(&mut self, pair: &Checked<'_>, words: &Words) {
        match &mut self.0 {
            Form::Json(json) => json.add_pair(pair),
            Form::Csv(csv) => csv.add_pair(pair, words),
        }
    }

    /// The whole report. Tables have no place for the sum.
    #[must_use]
    pub fn into_bytes(self, summary: &Last<'_>) -> Vec<u8> {
        match self.0 {
            Form::Json(json) => json.into_bytes(summary),
            Form::Csv(csv) => csv.into_bytes(),
        }
    }
}
