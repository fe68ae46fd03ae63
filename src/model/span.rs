//! Where bytes stand in a file.

use super::{Error, Result};

/// A half-open range of byte offsets. `start <= end` always holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u64,
    end: u64,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`. An inverted pair gives an empty span at
    /// `start`.
    #[must_use]
    pub fn new(start: u64, end: u64) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// `len` bytes from `start` on; `None` when the end does not fit into 64 bits.
    #[must_use]
    pub fn sized(start: u64, len: u64) -> Option<Self> {
        start.checked_add(len).map(|end| Self { start, end })
    }

    /// First offset.
    #[must_use]
    pub fn start(self) -> u64 {
        self.start
    }

    /// First offset behind the span.
    #[must_use]
    pub fn end(self) -> u64 {
        self.end
    }

    /// Number of bytes.
    #[must_use]
    pub fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether there is no byte in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A number as a field of a file has it.
///
/// # Errors
/// [`Error::LimitExceeded`] when the field is too small for it: another number would be a lie.
pub fn fit<T>(number: impl TryInto<T>) -> Result<T> {
    let too_small = |_| Error::LimitExceeded { limit: "block" };
    number.try_into().map_err(too_small)
}

/// The length of something in memory as a file length.
#[must_use]
pub fn len_u64(len: usize) -> u64 {
    // No platform that Rust runs on has a usize of more than 64 bits.
    u64::try_from(len).unwrap_or(u64::MAX)
}
