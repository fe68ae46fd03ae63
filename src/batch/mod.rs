//! L6: many files. Walking, naming, publishing, and one outcome for each file.

mod events;
mod input;
mod naming;
mod pairs;
mod pixels;
mod plan;
mod progress;
mod publish;
mod run;
mod shelf;
mod walk;
mod workers;

pub use events::{Cancel, Ended, Event};
#[cfg(test)]
pub(crate) use naming::companion_words;
use naming::fold;
pub use pairs::{Compared, How, PairError, Paired, pair_up};
pub use pixels::Pixels;
pub use plan::{Batch, PlanError, lies_in};
pub use publish::PrivateFile;
pub use run::RunError;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::model::{Outcome, Password, Policy, Why};

/// Which copies get new names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// Those whose names give something away.
    #[default]
    Auto,
    /// None.
    Keep,
    /// All.
    Neutral,
}

/// Which time of change the copies show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// 1 January 2000.
    #[default]
    Neutral,
    /// The original's.
    Keep,
}

/// How copies are to be made.
#[derive(Clone, Debug, Default)]
pub struct Cleanse {
    /// The folder for them; otherwise they go beside the input.
    pub output: Option<PathBuf>,
    /// What a copy may keep.
    pub policy: Policy,
    /// Which copies get new names.
    pub names: Names,
    /// Which time they show.
    pub times: Times,
    /// Nothing is written.
    pub dry_run: bool,
    /// Files that exist are replaced.
    pub overwrite: bool,
    /// What people call files of a kind, by `Info::noun`, and `folder`. What is missing is called by
    /// its key.
    pub nouns: HashMap<String, String>,
}

/// How a batch is to be run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Copies are wanted, and how; otherwise the files are looked at only.
    pub clean: Option<Cleanse>,
    /// How many files at a time; 0 for as many as there are processors.
    pub jobs: usize,
    /// Symbolic links inside folders are followed.
    pub follow_links: bool,
    /// Names of people and places that must not be in names of files.
    pub listed: Vec<String>,
    /// The password that opens encrypted documents.
    pub password: Option<Password>,
}

/// What became of one file.
#[derive(Debug)]
pub struct Record {
    /// Its path, beginning with what the user typed.
    pub path: PathBuf,
    /// The path of its copy.
    pub output: Option<PathBuf>,
    /// What became of it.
    pub outcome: Outcome,
    /// Why there is no copy, or no look at it.
    pub why: Option<Arc<Why>>,
}
