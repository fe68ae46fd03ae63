//! What does a file give away?

use super::{HEAD, Job, detect};
use crate::bytes::{CleanInside, Context, Nested, Source, run};
use crate::formats::Format;
use crate::model::{Error, Finding, Found, Result};

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
    let inspection = job.with_context(|cx| format.inspect(source, cx))?;
    Ok(Scanned {
        format,
        found: inspection.found,
        residue: inspection.residue,
    })
}

/// Files inside files go the same way as files.
pub(super) struct FilesInside;

impl Nested for FilesInside {
    fn inspect(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Found> {
        let Some(format) = detect(&source.peek(0, HEAD)?) else {
            return Ok(Found::default());
        };
        match format.inspect(source, cx) {
            Ok(inspection) => {
                let mut found = inspection.found;
                found.findings.extend(inspection.residue);
                Ok(found)
            }
            // It goes as a whole; that it is damaged is no reason to refuse the file around it.
            Err(Error::Malformed { .. } | Error::Unsupported { .. }) => Ok(Found::default()),
            Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                Ok(Found::default())
            }
            Err(error) => Err(error),
        }
    }

    fn clean(&self, id: &str, source: &Source<'_>, cx: &Context<'_>) -> Result<CleanInside> {
        let format = detect(&source.peek(0, HEAD)?)
            .filter(|format| format.info().id == id)
            .ok_or_else(|| {
                Error::unsupported("a file inside this file is not what it should be")
            })?;
        let inspection = format.inspect(source, cx)?;
        let plan = format.clean(source, &inspection, cx)?;
        cx.memory(plan.len())?;
        let mut bytes = Vec::new();
        run(&plan, source, &mut bytes)?;
        Ok(CleanInside {
            bytes,
            found: inspection.found,
            residue: inspection.residue,
        })
    }

    fn detect(&self, head: &[u8]) -> Option<&'static str> {
        detect(head).map(|format| format.info().id)
    }
}
