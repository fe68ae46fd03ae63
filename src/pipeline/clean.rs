//! What a cleaned copy consists of.

use super::{Job, detect};
use crate::bytes::{Source, is_identity};
use crate::formats::Format;
use crate::model::{Digest, Inspection, Plan, Result};

/// A cleaned copy before it is written, and all that is needed to check it afterwards.
pub struct Cleaning {
    /// What kind of file it is.
    pub format: &'static dyn Format,
    /// What the original gives away.
    pub inspection: Inspection,
    /// What to write.
    pub plan: Plan,
    /// The plan is the original itself.
    pub already_clean: bool,
    /// Digest of the original's payload.
    pub(super) payload: Digest,
}

impl std::fmt::Debug for Cleaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cleaning")
            .field("plan", &self.plan)
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
        let inspection = format.inspect(source, cx)?;
        let plan = format.clean(source, &inspection, cx)?;
        let already_clean = is_identity(&plan, source)?;
        let payload = match inspection.payload {
            Some(payload) => payload,
            None => format.payload_digest(source, cx)?,
        };
        Ok(Cleaning {
            format,
            inspection,
            plan,
            already_clean,
            payload,
        })
    })
}
