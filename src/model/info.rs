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
