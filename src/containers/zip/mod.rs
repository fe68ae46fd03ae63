//! ZIP (PKWARE *APPNOTE.TXT* 6.3.10): the directory at the end, a header before each member, and what is
//! located between them. Methods stored and deflate.

mod directory;
mod member;
mod names;
mod probe;
#[cfg(test)]
mod tests;
mod write;

use crate::bytes::{Context, Source};
use crate::model::{Error, Result, Span};

pub use directory::read;
pub use member::Extracted;
pub use probe::content;
pub use write::{Head, Writer};

/// Name of the format in errors.
pub(crate) const NAME: &str = "ZIP";

const LOCAL: &[u8; 4] = b"PK\x03\x04";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const END: &[u8; 4] = b"PK\x05\x06";
const END64: &[u8; 4] = b"PK\x06\x06";
const LOCATOR64: &[u8; 4] = b"PK\x06\x07";
const DESCRIPTOR: &[u8; 4] = b"PK\x07\x08";
/// 1980-01-01, the earliest date that can be written, as in every header that is written here.
const DATE: u16 = 0x0021;
/// Flag bit 11: the name is UTF-8.
const UTF8: u16 = 1 << 11;

/// Total size from which the compression ratio is looked at, in bytes.
const RATIO_FROM: u64 = 256 << 20;
/// Maximum ratio of a package larger than that. Office documents reach 40.
const MAXIMUM_RATIO: u64 = 200;

/// How a member is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// As it is.
    Stored,
    /// RFC 1951.
    Deflated,
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder: its name ends with a slash, or its attributes say so.
    Folder,
    /// A symbolic link; its content is the path.
    Link,
}

/// A member that the directory lists and whose local header agrees with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path, with slashes, as written: it may be absolute or contain `..`.
    pub name: String,
    /// File, folder or link.
    pub kind: Kind,
    /// How it is compressed.
    pub method: Method,
    /// CRC-32 of the content.
    pub crc: u32,
    /// Length of the content, in bytes.
    pub size: u64,
    /// The compressed content in the file.
    pub data: Span,
}

/// What bytes are that belong to no listed member and no directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GapKind {
    /// In front of the first member.
    Prefix,
    /// Between members, or between the last one and the directory.
    Between,
    /// Behind the end of the directory.
    Trailer,
    /// A member that the directory does not list, with its name and, where its header tells the length,
    /// its compressed content.
    Ghost(String, Option<Span>),
}

/// Bytes that belong to no listed member and no directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What they are.
    pub kind: GapKind,
    /// Where they are located.
    pub span: Span,
}

/// What headers contain beside names and lengths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Members whose header has a date other than 1980-01-01, or an extra field with times.
    pub timed: u64,
    /// The latest date and time of all headers, in the form of MS-DOS.
    pub newest: (u16, u16),
    /// Members with an extra field that names users or groups.
    pub owned: u64,
    /// The first such user and group.
    pub owner: Option<(u32, u32)>,
    /// Members with attributes, or made by another system than MS-DOS.
    pub systems: u64,
    /// Comments of the file and its members, at most [`MAXIMUM_TEXTS`].
    pub comments: Vec<String>,
    /// Names that local headers or extra fields give and the directory does not, at most
    /// [`MAXIMUM_TEXTS`].
    pub other_names: Vec<String>,
    /// Extra fields of other kinds: the bytes of the first of them.
    pub extra: Vec<u8>,
    /// Length of all of those, in bytes.
    pub extra_len: u64,
}

/// Maximum number of comments, and of other names, that are kept for a report.
pub const MAXIMUM_TEXTS: usize = 256;

/// A whole file.
#[derive(Clone, Debug, Default)]
pub struct Archive {
    /// In the order of the directory.
    pub members: Vec<Member>,
    /// In the order of the file.
    pub gaps: Vec<Gap>,
    /// What headers contain beside names and lengths.
    pub traces: Traces,
    /// Indexes of the members, by name; those with the same name in the order of the directory.
    index: Vec<usize>,
}

impl Archive {
    /// The member with this name; the last one where it occurs twice.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        let end = self
            .index
            .partition_point(|index| self.name(*index) <= name);
        let member = self.members.get(*self.index.get(end.checked_sub(1)?)?)?;
        (member.name == name).then_some(member)
    }

    /// Whether a name occurs twice.
    #[must_use]
    pub fn has_duplicates(&self) -> bool {
        self.index
            .windows(2)
            .any(|pair| matches!(pair, [one, other] if self.name(*one) == self.name(*other)))
    }

    fn name(&self, index: usize) -> &str {
        self.members.get(index).map_or("", |member| &member.name)
    }

    fn sort(&mut self) {
        let mut index: Vec<usize> = (0..self.members.len()).collect();
        index.sort_by(|one, other| self.name(*one).cmp(self.name(*other)));
        self.index = index;
    }

    /// The data of a member as a source of its own, where it is stored.
    ///
    /// # Errors
    /// As [`Source::sub`].
    pub fn stored<'a>(source: &Source<'a>, member: &Member) -> Result<Option<Source<'a>>> {
        match member.method {
            Method::Stored => source.sub(member.data).map(Some),
            Method::Deflated => Ok(None),
        }
    }
}

fn malformed(at: u64, what: &'static str) -> Error {
    Error::malformed(NAME, at, what)
}

/// Refuses what would inflate beyond all measure, by the lengths that the directory gives.
fn check_ratio(archive: &Archive, len: u64, cx: &Context<'_>) -> Result<()> {
    let deflated = archive
        .members
        .iter()
        .filter(|member| member.method == Method::Deflated);
    let total = deflated.fold(0u64, |sum, member| sum.saturating_add(member.size));
    if total > RATIO_FROM && total / MAXIMUM_RATIO > len || total > cx.limits().total {
        return Err(Error::LimitExceeded { limit: "total" });
    }
    Ok(())
}
