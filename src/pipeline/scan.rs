//! What does a file give away?

use super::{Job, detect};
use crate::bytes::Source;
use crate::formats::Format;
use crate::metadata::appended;
use crate::model::{Finding, Found, Result};

/// What one look at a file brought.
pub struct Scanned {
    /// What kind of file it is.
    pub format: &'static dyn Format,
    /// What it gives away and cleaning would take out.
    pub found: Found,
    /// What would stay.
    pub residue: Vec<Finding>,
}

impl std::fmt::Debug for Scanned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanned")
            .field("found", &self.found)
            .finish_non_exhaustive()
    }
}

/// Looks at a file and changes nothing.
///
/// # Errors
/// When its format is unknown or the file is damaged beyond understanding.
pub fn scan(source: &Source<'_>, job: &Job<'_>) -> Result<Scanned> {
    let format = detect::require(source)?;
    let examined = job.with_context(|cx| format.examine(source, &cx.without_plan()))?;
    Ok(Scanned {
        format,
        found: examined.found,
        residue: examined.residue,
    })
}

/// What can be read of a file that [`scan`] could not parse: there may be more in it.
#[must_use]
pub fn salvage(source: &Source<'_>, job: &Job<'_>) -> Found {
    let mut found = Found::default();
    let place = "damaged file, read in part";
    // The file has an error already; a second one says nothing new.
    let _ = job.with_context(|cx| appended::salvage(source, place, cx, &mut found));
    found
}
