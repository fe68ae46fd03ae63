//! Which format a file is. Its bytes decide; its name does not.

use crate::bytes::Source;
use crate::formats::{FORMATS, Format, refusal};
use crate::model::{Error, Result};

/// How many bytes of a file's beginning decide its format.
pub const HEAD: u64 = 4096;

/// The format of a file that begins with `head`.
#[must_use]
pub fn detect(head: &[u8]) -> Option<&'static dyn Format> {
    FORMATS
        .iter()
        .copied()
        .find(|format| format.recognize(head))
}

/// The format of a file, by its beginning and whatever that points to.
///
/// # Errors
/// Reading.
pub fn identify(source: &Source<'_>) -> Result<Option<&'static dyn Format>> {
    let Some(format) = detect(&source.peek(0, HEAD)?) else {
        return Ok(None);
    };
    Ok(Some(format.settle(source)?.unwrap_or(format)))
}

/// The format of a file, or the reason why it cannot be looked at.
pub(super) fn require(source: &Source<'_>) -> Result<&'static dyn Format> {
    if source.is_empty() {
        return Err(Error::Empty);
    }
    let head = source.peek(0, HEAD)?;
    identify(source)?.ok_or_else(|| refusal(&head).map_or(Error::UnknownKind, Error::unsupported))
}
