//! Bytes that are neither in the input nor in memory for long: what was inflated out of a file.

use std::io;
use std::sync::Arc;

/// Something that can be read at any offset without a position of its own, such as an open file.
pub trait ReadAt: Send + Sync {
    /// Length in bytes at the time of opening.
    fn len(&self) -> u64;

    /// Whether there is no byte in it.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills the whole of `buf` from `offset` on.
    ///
    /// # Errors
    /// `UnexpectedEof` when the file has become shorter; whatever the operating system reports.
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()>;

    /// All bytes, where they are in memory anyway.
    fn in_memory(&self) -> Option<&[u8]> {
        None
    }
}

/// A finished scratch: it can be examined like a file, and a [`super::Plan`] can copy from it.
///
/// It is a handle. The bytes are released with the last plan that copies from them, so that a package of
/// many members never holds more of them than its plan needs.
#[derive(Clone)]
pub struct Scratch(Arc<dyn ReadAt>);

impl Scratch {
    /// Takes what was written. `bytes::Scratchpad` makes these.
    pub fn new(bytes: Arc<dyn ReadAt>) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &dyn ReadAt {
        &*self.0
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    /// Whether there is no byte in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Two handles are equal when they are handles of the same scratch.
impl PartialEq for Scratch {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Scratch {}

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
