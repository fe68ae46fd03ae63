//! The constant facts about a file type.

use super::Row;

/// What is known about a file type before any file is read.
#[derive(Debug)]
pub struct Info {
    /// Stable id: `jpeg`. Folder name of its samples.
    pub id: &'static str,
    /// Name for people: `JPEG`.
    pub name: &'static str,
    /// Usual extensions, lower case, without dot; the first is the one for new names.
    pub extensions: &'static [&'static str],
    /// What a person calls such a file, as key for neutral names: `photo`, `picture`, `film`.
    pub noun: &'static str,
    /// The allowlist: all that a cleaned copy can consist of.
    pub rows: &'static [Row],
    /// Texts of the format itself that are located in every output, so that finding them proves nothing.
    pub vocabulary: &'static [&'static str],
}

/// The type of one file.
#[derive(Clone, Copy, Debug)]
pub struct FileKind {
    /// The format.
    pub info: &'static Info,
    /// The extensions that suit the content: those of the format, or fewer where programs go by the
    /// extension (a document with macros is `docm`, never `docx`). The first one is for new names.
    pub extensions: &'static [&'static str],
}

impl FileKind {
    /// The extension, in lower case, for a file that is called `name` now: its own where that suits the content.
    #[must_use]
    pub fn extension(&self, name: &str) -> &'static str {
        let own = name.rsplit_once('.').map(|(_, own)| own.to_lowercase());
        let suits = |known: &&&str| own.as_deref() == Some(**known);
        let known = self.extensions.iter().find(suits);
        known
            .or(self.extensions.first())
            .copied()
            .unwrap_or(self.info.id)
    }
}
