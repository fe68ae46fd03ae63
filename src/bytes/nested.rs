//! Files inside files, as far as a format may see how they are treated.

use super::{Context, Source, Streams};
use crate::model::{Digest, Examined, FileKind, Found, Info, Plan, Result};

/// A file inside a file that was recognised and examined.
#[derive(Debug)]
pub struct Inside {
    /// What kind of file it is.
    pub kind: FileKind,
    /// What the walk through it brought. Its plan copies from the inner file.
    pub examined: Examined,
}

impl Inside {
    /// Hands what was found over to the file around it, in which it is located at `place`. Returns the
    /// copy, as a plan over the inner file.
    pub fn told(
        self,
        place: &str,
        found: &mut Found,
        residue: &mut Vec<crate::model::Finding>,
    ) -> Plan {
        self.examined.told(place, found, residue)
    }
}

/// The pipeline, as far as a format may see it. In every answer, `None` stands for a file of a kind that no
/// format recognises.
pub trait Nested {
    /// The type of the file inside.
    ///
    /// # Errors
    /// Reading.
    fn identify(&self, source: &Source<'_>) -> Result<Option<FileKind>>;

    /// What one walk through the file inside brings.
    ///
    /// # Errors
    /// Whatever a file of its own would be refused for.
    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Option<Inside>>;

    /// Format and payload digest of the file inside.
    ///
    /// # Errors
    /// As [`Nested::examine`].
    fn payload(
        &self,
        source: &Source<'_>,
        cx: &Context<'_>,
    ) -> Result<Option<(&'static Info, Digest)>>;

    /// Hands out what is compressed or nested inside the file inside.
    ///
    /// # Errors
    /// As [`Nested::examine`], and the sink's.
    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()>;
}

/// For places where no file can be inside: recognises nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoNested;

impl Nested for NoNested {
    fn identify(&self, _: &Source<'_>) -> Result<Option<FileKind>> {
        Ok(None)
    }
    fn examine(&self, _: &Source<'_>, _: &Context<'_>) -> Result<Option<Inside>> {
        Ok(None)
    }
    fn payload(&self, _: &Source<'_>, _: &Context<'_>) -> Result<Option<(&'static Info, Digest)>> {
        Ok(None)
    }
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}
