//! L6: what people and programs read about a batch.

mod contacts;
mod csv;
mod details;
mod discreet;
mod folder;
mod groups;
mod html;
mod human;
mod json;
#[cfg(test)]
mod lix;
mod located;
mod pairs;
mod phrases;
mod reason;
mod risk;
mod saved;
mod services;
mod statements;
mod summary;
mod words;

pub use details::{Section, sections};
pub use groups::{GroupBy, Groups};
pub use html::Show;
pub use human::{Human, Layout};
pub use json::{Last, checked_json, entry_json, summary_json};
pub use risk::Risk;
pub use saved::Saved;
pub use services::Service;
pub use summary::{Summary, Verdicts, Worst};
pub use words::{Arg, Lang, Words};

use std::path::Path;

use crate::model::{Outcome, Policy, Untrusted, Why};
use crate::pipeline::Comparison;

/// What is reported of one file.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its path as found.
    pub path: &'a Path,
    /// The path of its copy.
    pub output: Option<&'a Path>,
    /// What became of it.
    pub outcome: &'a Outcome,
    /// Why there is no copy, or no look at it.
    pub why: Option<&'a Why>,
}

impl Entry<'_> {
    /// Whether the copy has another name than the original.
    #[must_use]
    pub fn is_renamed(&self) -> bool {
        self.output
            .is_some_and(|output| output.file_name() != self.path.file_name())
    }
}

/// What is reported of an original and its copy.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The original's path; `None` when there is none.
    pub original: Option<&'a Path>,
    /// The copy's path; `None` when there is none.
    pub copy: Option<&'a Path>,
    /// Id of the original's format.
    pub format: Option<&'static str>,
    /// The policy with which they were compared.
    pub policy: Option<Policy>,
    /// What the comparison showed.
    pub comparison: Option<&'a Comparison>,
    /// Why there is none.
    pub why: Option<&'a Why>,
    /// Whether the pixels are the same: not asked for, not known, known.
    pub pixels: Option<Option<bool>>,
}

/// What a comparison of an original with its copy comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The copy is clean and shows the same.
    Proven,
    /// The copy gives something away.
    #[serde(rename = "not_clean")]
    Unclean,
    /// The copy shows something else.
    Different,
    /// They cannot be compared.
    #[serde(rename = "not_compared")]
    Error,
    /// The original has no copy.
    NoCopy,
    /// The copy has no original.
    NoOriginal,
}

impl Checked<'_> {
    /// What it comes to; the worst counts.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (self.original, self.copy, self.comparison) {
            (None, ..) => Verdict::NoOriginal,
            (_, None, _) => Verdict::NoCopy,
            (.., None) => Verdict::Error,
            (.., Some(found)) if found.unclean.is_some() => Verdict::Unclean,
            (.., Some(found)) if !found.same_payload || self.pixels == Some(Some(false)) => {
                Verdict::Different
            }
            _ => Verdict::Proven,
        }
    }
}

/// A path that is safe to print.
#[must_use]
pub fn printable(path: &Path) -> String {
    Untrusted::new(path.to_string_lossy()).for_terminal(4096)
}
