//! What became of one file.

use serde::Serialize;

use super::Finding;

/// Where findings stand that are about what a file is called.
pub const FILE_NAME: &str = "file name";
/// Where findings stand that are about what the folders around a file are called.
pub const FOLDER_NAME: &str = "folder name";

/// One word for what became of a file (`design.md` §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// Something was taken out, and nothing is left.
    Cleaned,
    /// Nothing had to be taken out.
    AlreadyClean,
    /// Something was taken out, and something named is left.
    Reduced,
    /// The file cannot be cleaned; there is no output.
    Refused,
    /// Something else went wrong; there is no output.
    Failed,
    /// `scan` found something.
    Found,
    /// `scan` found nothing.
    NothingFound,
}

impl OutcomeKind {
    /// The word for a copy of which this is left. Notes do not count.
    #[must_use]
    pub fn of_copy(already_clean: bool, residue: &[Finding]) -> Self {
        match (already_clean, residue.iter().all(Finding::is_note)) {
            (_, false) => Self::Reduced,
            (true, true) => Self::AlreadyClean,
            (false, true) => Self::Cleaned,
        }
    }
}

/// What became of one file, and why.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The word for it.
    pub kind: OutcomeKind,
    /// Id of the format, where it was recognised.
    pub format: Option<&'static str>,
    /// Why it was refused or failed.
    pub reason: Option<String>,
    /// What the input gave away.
    pub findings: Vec<Finding>,
    /// What is left in the output.
    pub residue: Vec<Finding>,
    /// Length of the input in bytes.
    pub bytes_in: u64,
    /// Length of the output in bytes; `None` where there is none.
    pub bytes_out: Option<u64>,
}
