//! Why there is no copy of a file.

use std::io;

use super::{Error, OutcomeKind};

/// Why there is no cleaned copy. The texts are plain English for programs; `report` has the words for
/// people.
#[derive(Debug, thiserror::Error)]
pub enum Why {
    /// The file's content, or the check of its copy.
    #[error(transparent)]
    File(#[from] Error),
    /// It has a name but is no file.
    #[error("not a regular file: {0}")]
    NotRegular(NotRegular),
    /// It belongs to other files and tells about them.
    #[error("goes with other files and tells about them: {0}")]
    Companion(&'static str),
    /// It cannot be opened or read.
    #[error("cannot be read: {0}")]
    Read(io::Error),
    /// The copy cannot be written.
    #[error("the copy cannot be written: {0}")]
    Write(io::Error),
    /// Somebody wrote to it while it was read.
    #[error("the file changed while it was read")]
    Changed,
    /// There is another file of that name in the output.
    #[error("another file of this name exists already in the output")]
    Exists,
    /// The place for the copy is one of the folders that are read.
    #[error("the output folder leads back into the input")]
    IntoInput,
    /// A mistake in this program.
    #[error("a mistake in this program")]
    Bug,
}

impl Why {
    /// `Refused` when the file is to blame, `Failed` otherwise.
    #[must_use]
    pub fn kind(&self) -> OutcomeKind {
        let refused = match self {
            Self::File(error) => error.is_refusal(),
            Self::NotRegular(_) | Self::Companion(_) => true,
            _ => false,
        };
        if refused {
            OutcomeKind::Refused
        } else {
            OutcomeKind::Failed
        }
    }

    /// Whether the place for the copies is to blame, and not one file.
    #[must_use]
    pub fn is_output(&self) -> bool {
        matches!(self, Self::Write(_) | Self::IntoInput)
    }
}

/// What a name can stand for, other than a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRegular {
    /// A pipe with a name.
    Pipe,
    /// A device.
    Device,
    /// A socket.
    Socket,
    /// A symbolic link, which is not followed.
    Link,
    /// A symbolic link that leads round in a circle.
    Loop,
    /// Something that this system does not name.
    Other,
}

impl NotRegular {
    /// One word for it, also the key of the words for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pipe => "pipe",
            Self::Device => "device",
            Self::Socket => "socket",
            Self::Link => "link",
            Self::Loop => "loop",
            Self::Other => "other",
        }
    }
}

impl std::fmt::Display for NotRegular {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// Reason in [`Error::Stopped`]: somebody wanted to stop.
pub const CANCELLED: &str = "interrupted";
/// Reason in [`Error::Stopped`]: one file took too long.
pub const TIME_IS_UP: &str = "the time for one file was up";
