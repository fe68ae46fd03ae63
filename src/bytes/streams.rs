//! Where formats put what is compressed or nested, so that the output scan reaches it.

use crate::model::Result;

/// Takes the decoded streams of a file. Pieces that follow each other under one name are one stream.
pub trait Streams {
    /// A piece of what the document visibly shows. A value of the original that is also a part of what is
    /// shown may remain here.
    ///
    /// # Errors
    /// When it contains what no copy may contain.
    fn content(&mut self, name: &'static str, piece: &[u8]) -> Result<()>;

    /// A piece of anything else: names, attributes, settings, coded data. No value of the original may
    /// remain here, even where the document shows it elsewhere.
    ///
    /// # Errors
    /// When it contains what no copy may contain.
    fn structure(&mut self, name: &'static str, piece: &[u8]) -> Result<()>;
}

/// A function that treats both alike.
impl<F: FnMut(&'static str, &[u8]) -> Result<()>> Streams for F {
    fn content(&mut self, name: &'static str, piece: &[u8]) -> Result<()> {
        self(name, piece)
    }

    fn structure(&mut self, name: &'static str, piece: &[u8]) -> Result<()> {
        self(name, piece)
    }
}
