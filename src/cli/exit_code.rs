//! What the shell is told (`design.md` §6).

use std::process;

/// What the shell is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExitCode {
    /// All done; nothing found.
    Done,
    /// Some files are not clean; something was found.
    NotClean,
    /// Typed wrongly, or the disk is in trouble, or somebody stopped it.
    Trouble,
}

impl From<ExitCode> for process::ExitCode {
    fn from(code: ExitCode) -> Self {
        // 10 is reserved for a match with a list of known files.
        Self::from(match code {
            ExitCode::Done => 0,
            ExitCode::NotClean => 1,
            ExitCode::Trouble => 2,
        })
    }
}
