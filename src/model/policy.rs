//! What cleaning removes, and what it may do on the way.

use std::fmt;
use std::sync::Arc;

/// What a cleaned copy may retain, and what the user has allowed for this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// HDR gain maps, hidden parts of documents and macros are removed as well, and coded data is read to its
    /// last bit, which takes longer.
    pub strict: bool,
    /// Signed documents are cleaned, although their signature is lost.
    pub allow_signed: bool,
    /// Files in an archive that cannot be cleaned are left out of the copy instead of refusing the archive.
    pub drop_uncleanable: bool,
}

impl Policy {
    /// Everything is removed that does not change how the file looks. The default.
    pub const SHARE: Self = Self {
        strict: false,
        allow_signed: false,
        drop_uncleanable: false,
    };
    /// [`Policy::SHARE`] with `strict`.
    pub const STRICT: Self = Self {
        strict: true,
        ..Self::SHARE
    };

    /// The word for how far cleaning goes, as in `--policy`.
    pub const fn name(&self) -> &'static str {
        if self.strict { "strict" } else { "share" }
    }
}

/// The password that opens encrypted documents. Its text is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Arc<str>);

impl Password {
    /// A password of this text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}
