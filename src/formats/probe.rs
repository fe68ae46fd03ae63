//! What detection shows each format of a file, and what a format answers.

use std::cell::OnceCell;

use crate::bytes::{Order, Source};
use crate::containers::zip;
use crate::model::{Error, Result};

/// How many bytes of a file's beginning every format sees.
pub const HEAD: u64 = 4096;
/// How many bytes of a file's end a format can ask for.
const TAIL: u64 = 4096;
/// Maximum number of bytes of a member of a ZIP file that says what kind of package it is.
const MAXIMUM_MEMBER: u64 = 1 << 20;

/// How sure a format is that a file is of its type. The highest answer decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Nothing but characters that people read.
    Text,
    /// Fields that make sense together, without a signature.
    Plausible,
    /// A signature where the standard has it.
    Signature,
    /// A signature, and content by which this type differs from others with the same signature.
    Content,
}

impl Confidence {
    /// This answer where the file fits, none otherwise.
    pub(super) fn when(self, fits: bool) -> Option<Match> {
        fits.then_some(Match {
            confidence: self,
            extensions: None,
        })
    }
}

/// A format's answer for a file of its type.
#[derive(Clone, Copy, Debug)]
pub struct Match {
    /// How sure the format is.
    pub confidence: Confidence,
    /// The extensions that suit this content, where not all of the format do.
    pub extensions: Option<&'static [&'static str]>,
}

impl Match {
    /// The same answer for a file that must have one of these extensions, of which the first is the usual one.
    pub(super) fn with_extensions(self, extensions: &'static [&'static str]) -> Self {
        Self {
            extensions: Some(extensions),
            ..self
        }
    }
}

/// The members of a ZIP file that say what kind of package it is.
#[derive(Debug, Default)]
struct Package {
    mimetype: Option<Vec<u8>>,
    content_types: Option<Vec<u8>>,
}

/// A file as detection sees it. What is not in the head is read when the first format asks for it. An error of
/// reading counts as absent content, and ends detection when all formats have answered.
#[derive(Debug)]
pub struct Probe<'s> {
    source: &'s Source<'s>,
    head: Vec<u8>,
    tail: OnceCell<Vec<u8>>,
    package: OnceCell<Package>,
    error: OnceCell<Error>,
}

impl<'s> Probe<'s> {
    /// Reads the head of a file.
    ///
    /// # Errors
    /// Reading.
    pub fn new(source: &'s Source<'s>) -> Result<Self> {
        Ok(Self {
            head: source.peek(0, HEAD)?.into_owned(),
            source,
            tail: OnceCell::new(),
            package: OnceCell::new(),
            error: OnceCell::new(),
        })
    }

    /// The first bytes of the file, at most [`HEAD`].
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The whole file, for a format that finds what decides by offsets in the head.
    pub(super) fn source(&self) -> &'s Source<'s> {
        self.source
    }

    /// The last bytes of the file, at most 4 KiB.
    pub(super) fn tail(&self) -> &[u8] {
        self.tail.get_or_init(|| {
            let start = self.source.len().saturating_sub(TAIL);
            self.noted(self.source.peek(start, TAIL))
                .map(std::borrow::Cow::into_owned)
                .unwrap_or_default()
        })
    }

    /// The content of the member `mimetype`, with which OpenDocument and EPUB packages begin.
    pub(super) fn mimetype(&self) -> Option<&[u8]> {
        self.package().mimetype.as_deref()
    }

    /// The content of the member `[Content_Types].xml`, which Office documents have.
    pub(super) fn content_types(&self) -> Option<&[u8]> {
        self.package().content_types.as_deref()
    }

    fn package(&self) -> &Package {
        self.package.get_or_init(|| {
            if !self.head.starts_with(b"PK") {
                return Package::default();
            }
            let member = |fits: &dyn Fn(&[u8]) -> bool| {
                let content = zip::content(self.source, fits, MAXIMUM_MEMBER);
                self.noted(content).flatten()
            };
            // Names of Office parts may have another case (ISO/IEC 29500-2 §9.1.1.3).
            let types = |name: &[u8]| name.eq_ignore_ascii_case(b"[Content_Types].xml");
            Package {
                mimetype: member(&|name| name == b"mimetype")
                    .or_else(|| first_mimetype(&self.head)),
                content_types: member(&types),
            }
        })
    }

    fn noted<T>(&self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.error.set(error)).ok()
    }

    /// Ends detection.
    ///
    /// # Errors
    /// The first one of reading, if there was one.
    pub fn finish(self) -> Result<()> {
        self.error.into_inner().map_or(Ok(()), Err)
    }
}

/// The content of `mimetype` where it is the first member, for files that are cut off before their directory.
fn first_mimetype(head: &[u8]) -> Option<Vec<u8>> {
    let header = head.strip_prefix(b"PK\x03\x04")?;
    let len = usize::try_from(Order::Little.u32(header.get(14..)?)?).ok()?;
    let extra = usize::from(Order::Little.u16(header.get(24..)?)?);
    let content = header.get(26..)?.strip_prefix(b"mimetype")?.get(extra..)?;
    content.get(..len).map(<[u8]>::to_vec)
}

/// Whether a format recognises a file.
#[cfg(test)]
pub(super) fn is_recognized(format: &dyn super::Format, file: &[u8]) -> bool {
    let source = Source::memory(file);
    Probe::new(&source).is_ok_and(|probe| format.recognize(&probe).is_some())
}
