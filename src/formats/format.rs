//! What a file type must be able to do.

use super::probe::{Match, Probe};
pub use crate::bytes::Streams;
use crate::bytes::{Context, Source};
pub use crate::model::Info;
use crate::model::{Digest, Examined, Result};

/// One file type. Implementations are stateless; there is one static of each.
pub trait Format: Sync {
    /// The constant facts.
    fn info(&self) -> &'static Info;

    /// Whether a file is of this type, and how sure that is. The bytes decide; a name is not known here.
    fn recognize(&self, probe: &Probe<'_>) -> Option<Match>;

    /// Walks through the whole file, once: every structure and what happens to it under the context's
    /// policy, what it gives away, and what a cleaned copy consists of.
    ///
    /// # Errors
    /// When the file cannot be understood so far that a cleaned copy is sure to look the same.
    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined>;

    /// A digest over the coded payload and all that decides how it is shown (orientation, colour,
    /// density, timing), found without asking the allowlist. Equal before and after cleaning. Files inside
    /// are hashed as they are (`Context::payload_nested`), never by way of their copies: a cleaner that
    /// damages them must not approve itself.
    ///
    /// # Errors
    /// As [`Format::examine`].
    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest>;

    /// Hands out everything that is compressed or nested inside the file, decoded, for the output scan.
    ///
    /// # Errors
    /// As [`Format::examine`], and the sink's.
    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()>;
}
