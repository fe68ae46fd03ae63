//! What a file type must be able to do.

use crate::bytes::{Context, Source};
use crate::model::{Digest, Error, Inspection, Plan, Result, Row};

/// The constant facts about a file type.
#[derive(Debug)]
pub struct Info {
    /// Stable id: `jpeg`. Folder name of its samples.
    pub id: &'static str,
    /// Name for people: `JPEG`.
    pub name: &'static str,
    /// Usual extensions, lower case, without dot; the first is the one for new names.
    pub extensions: &'static [&'static str],
    /// What somebody would call such a file, as key for neutral names: `photo`, `picture`, `film`.
    pub noun: &'static str,
    /// The allowlist: all that a cleaned copy can consist of.
    pub rows: &'static [Row],
    /// Texts of the format itself that stand in every output, so that finding them proves nothing.
    pub vocabulary: &'static [&'static str],
}

/// Where [`Format::streams`] puts what stands compressed inside a file: a name, and a piece of it.
pub type StreamSink<'a> = dyn FnMut(&'static str, &[u8]) -> Result<()> + 'a;

/// One file type. Implementations are stateless; there is one static of each.
pub trait Format: Sync {
    /// The constant facts.
    fn info(&self) -> &'static Info;

    /// Whether a file that begins with `head` (up to 4 KiB) is of this type.
    fn recognize(&self, head: &[u8]) -> bool;

    /// What a file that begins like this one turns out to be, where only what stands further back tells.
    ///
    /// # Errors
    /// Reading.
    fn settle(&self, _source: &Source<'_>) -> Result<Option<&'static dyn Format>> {
        Ok(None)
    }

    /// Looks at the whole file: every structure, what happens to it under the context's policy, and
    /// what it gives away.
    ///
    /// # Errors
    /// When the file cannot be understood so far that a cleaned copy is sure to look the same.
    fn inspect(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Inspection>;

    /// What a cleaned copy consists of. Formats whose parts cover the file need nothing of their own.
    ///
    /// # Errors
    /// When no copy can be made.
    fn clean(
        &self,
        _source: &Source<'_>,
        inspection: &Inspection,
        _cx: &Context<'_>,
    ) -> Result<Plan> {
        inspection
            .parts
            .as_ref()
            .map(crate::model::PartMap::plan)
            .ok_or_else(|| Error::unsupported("this format cannot be written"))
    }

    /// A digest over the coded payload and all that decides how it is shown (orientation, colour,
    /// density, timing), found without asking the allowlist. Equal before and after cleaning.
    ///
    /// # Errors
    /// As [`Format::inspect`].
    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest>;

    /// Hands out everything that stands compressed inside the file, inflated, for the second look.
    ///
    /// # Errors
    /// As [`Format::inspect`], and the sink's.
    fn streams(
        &self,
        _source: &Source<'_>,
        _cx: &Context<'_>,
        _sink: &mut StreamSink<'_>,
    ) -> Result<()> {
        Ok(())
    }
}
