//! What can go wrong, named after the culprit.

use std::borrow::Cow;

/// The result of everything that looks at a file.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a file could not be understood, cleaned or trusted.
///
/// The texts are plain English fragments without any value out of the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The disk, the network share or the operating system.
    #[error("cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The file breaks the rules of its format in a way that puts the content at stake.
    #[error("damaged {format}: {what} (at byte {at})")]
    Malformed {
        /// Name of the format, as in `Info::name`.
        format: &'static str,
        /// Offset in the file, in bytes.
        at: u64,
        /// What is wrong, as a fragment.
        what: Cow<'static, str>,
    },
    /// A named limit of [`super::Limits`] was passed.
    #[error("too large or too deep: {limit}")]
    LimitExceeded {
        /// Name of the limit.
        limit: &'static str,
    },
    /// The file may be fine, but this program does not know how to clean it.
    #[error("{what}")]
    Unsupported {
        /// What is not supported, as a fragment.
        what: Cow<'static, str>,
    },
    /// The candidate did not pass the second look, so it was thrown away.
    #[error("the cleaned copy did not pass the check: {what}")]
    VerifyFailed {
        /// Which check failed, as a fragment.
        what: Cow<'static, str>,
    },
    /// The candidate contains a value of the original, so it was thrown away.
    #[error(
        "the cleaned copy did not pass the check: a value of the original ({len} bytes) still \
         stands in the copy"
    )]
    ValueLeft {
        /// Length of the value, in bytes. The value itself stays out of messages: they end up in logs.
        len: usize,
    },
    /// No format recognises the file.
    #[error("this kind of file is not supported")]
    UnknownKind,
    /// The file has no byte.
    #[error("the file is empty")]
    Empty,
    /// Somebody pressed Ctrl-C, or the time for one file was up.
    #[error("stopped: {0}")]
    Stopped(&'static str),
}

impl Error {
    /// A [`Error::Malformed`].
    pub fn malformed(format: &'static str, at: u64, what: impl Into<Cow<'static, str>>) -> Self {
        Self::Malformed {
            format,
            at,
            what: what.into(),
        }
    }

    /// A [`Error::Unsupported`].
    pub fn unsupported(what: impl Into<Cow<'static, str>>) -> Self {
        Self::Unsupported { what: what.into() }
    }

    /// A [`Error::VerifyFailed`].
    pub fn verify(what: impl Into<Cow<'static, str>>) -> Self {
        Self::VerifyFailed { what: what.into() }
    }

    /// Whether the file is to blame (*refused*) and not the machine or this program (*failed*).
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Malformed { .. }
                | Self::LimitExceeded { .. }
                | Self::Unsupported { .. }
                | Self::UnknownKind
                | Self::Empty
        )
    }
}
