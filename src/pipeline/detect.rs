//! Which format a file is. Its bytes decide; its name does not.

use std::cmp::Reverse;
use std::fmt;

use crate::bytes::Source;
use crate::formats::{Confidence, FORMATS, Format, HEAD, Match, Probe, refusal};
use crate::model::{Error, FileKind, Result};

/// A format, and what it says of one file.
#[derive(Clone, Copy)]
pub struct Detected {
    /// The format that is the most sure of the file.
    pub format: &'static dyn Format,
    matched: Match,
}

impl fmt::Debug for Detected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({:?})",
            self.format.info().id,
            self.matched.confidence
        )
    }
}

impl Detected {
    /// How sure the format is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.matched.confidence
    }

    /// The type of the file, with the extensions that suit its content.
    #[must_use]
    pub fn kind(&self) -> FileKind {
        let info = self.format.info();
        FileKind {
            info,
            extensions: self.matched.extensions.unwrap_or(info.extensions),
        }
    }
}

/// The formats that recognise a file, the most confident first.
///
/// # Errors
/// Reading.
pub fn candidates(source: &Source<'_>) -> Result<Vec<Detected>> {
    let probe = Probe::new(source)?;
    let formats = FORMATS.iter();
    #[cfg(test)]
    let formats = formats.chain(super::wrong::FORMATS);
    let mut all: Vec<Detected> = formats
        .filter_map(|format| {
            let matched = format.recognize(&probe)?;
            let format = *format;
            Some(Detected { format, matched })
        })
        .collect();
    probe.finish()?;
    all.sort_by_key(|it| Reverse(it.confidence()));
    Ok(all)
}

/// The format of a file.
///
/// # Errors
/// Reading.
pub fn identify(source: &Source<'_>) -> Result<Option<Detected>> {
    Ok(candidates(source)?.first().copied())
}

/// The format of a file, or the reason why it cannot be looked at.
pub(super) fn require(source: &Source<'_>) -> Result<&'static dyn Format> {
    if source.is_empty() {
        return Err(Error::Empty);
    }
    if let Some(detected) = identify(source)? {
        return Ok(detected.format);
    }
    let head = source.peek(0, HEAD)?;
    Err(refusal(&head).map_or(Error::UnknownKind, Error::unsupported))
}
