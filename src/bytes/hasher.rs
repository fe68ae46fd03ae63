//! The hash behind [`Digest`].

use xxhash_rust::xxh3::Xxh3;

use super::Source;
use crate::model::{Digest, Result, Span};

/// Takes the parts of a payload, in order.
pub struct Hasher(Xxh3);

impl Hasher {
    /// Nothing taken yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Xxh3::new())
    }

    /// Takes bytes. Where parts of changing length follow each other, call [`Hasher::label`] between.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Takes a fixed name and a number: what follows, and how much of it.
    pub fn label(&mut self, name: &str, number: u64) {
        self.0.update(name.as_bytes());
        self.0.update(&[0]);
        self.0.update(&number.to_be_bytes());
    }

    /// Takes bytes of a file.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn span(&mut self, source: &Source<'_>, span: Span) -> Result<()> {
        source.for_each(span, |bytes| {
            self.0.update(bytes);
            Ok(())
        })
    }

    /// The digest of all that was taken.
    #[must_use]
    pub fn finish(&self) -> Digest {
        Digest(self.0.digest128())
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher")
    }
}
