//! What a cleaned copy consists of.

use super::{Job, detect};
use crate::bytes::{Context, Source, is_identity};
use crate::formats::Format;
use crate::model::{Digest, Examined, Result};

/// A cleaned copy before it is written, and all that is needed to check it afterwards.
pub struct Cleaning {
    /// What kind of file it is.
    pub format: &'static dyn Format,
    /// What the original gives away, what remains, and what to write.
    pub examined: Examined,
    /// The plan is the original itself.
    pub already_clean: bool,
    /// Digest of the original's payload.
    pub(super) payload: Digest,
}

impl std::fmt::Debug for Cleaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cleaning")
            .field("plan", &self.examined.plan)
            .finish_non_exhaustive()
    }
}

/// Plans the cleaned copy of a file. Nothing is written.
///
/// # Errors
/// When the file is of an unknown kind, damaged, or cannot be cleaned without loss.
pub fn clean(source: &Source<'_>, job: &Job<'_>) -> Result<Cleaning> {
    let format = detect::require(source)?;
    job.with_context(|cx| {
        let examined = format.examine(source, cx)?;
        Ok(Cleaning {
            format,
            already_clean: is_identity(&examined.plan, source)?,
            payload: payload(format, &examined, source, cx)?,
            examined,
        })
    })
}

/// The payload digest of a file that was examined.
pub(super) fn payload(
    format: &dyn Format,
    examined: &Examined,
    source: &Source<'_>,
    cx: &Context<'_>,
) -> Result<Digest> {
    match examined.payload {
        Some(payload) => Ok(payload),
        None => format.payload_digest(source, cx),
    }
}
