//! The boxes of a file.

mod iloc;
mod meta;

pub(super) use meta::{Item, Meta};

use super::NAME;
use crate::bytes::{Context, Order, Source};
use crate::containers::isobmff::{BoxHeader, Boxes, FourCc};
use crate::model::{Error, Result};

/// A file, as far as its outermost boxes and its `meta` box go.
#[derive(Debug)]
pub(super) struct File {
    pub(super) ftyp: FileType,
    pub(super) meta: Option<Meta>,
    pub(super) moov: Option<BoxHeader>,
    /// `mdat` boxes.
    pub(super) mdat: Vec<BoxHeader>,
    /// All boxes that are none of these.
    pub(super) others: Vec<BoxHeader>,
    /// Where the boxes end: what follows is something else.
    pub(super) end: u64,
}

/// `ftyp`, ISO/IEC 14496-12 §4.3.
#[derive(Clone, Debug)]
pub(super) struct FileType {
    pub(super) major: FourCc,
    pub(super) minor: u32,
    pub(super) compatible: Vec<FourCc>,
    /// What is left behind the last whole brand.
    pub(super) rest: bool,
}

impl FileType {
    /// Reads the body of the box.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let (brands, rest) = body.get(8..)?.as_chunks::<4>();
        Some(Self {
            major: FourCc::read(body)?,
            minor: Order::Big.u32(body.get(4..)?)?,
            compatible: brands.iter().map(|brand| FourCc(*brand)).collect(),
            rest: !rest.is_empty(),
        })
    }

    /// Whether it is the major or a compatible brand.
    pub(super) fn has(&self, brand: &[u8; 4]) -> bool {
        self.major.0 == *brand || self.compatible.iter().any(|known| known.0 == *brand)
    }
}

/// A larger `ftyp` is none: it would hold a quarter of a million brands.
const LARGEST_FILE_TYPE: u64 = 1 << 20;

impl File {
    /// Finds the boxes.
    ///
    /// # Errors
    /// [`Error::Malformed`] when the structures that lead to the picture cannot be read; reading; the
    /// budget.
    pub(super) fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let mut boxes = Boxes::new(source, source.whole());
        let bad = |at, what: &'static str| Error::malformed(NAME, at, what);
        let first = boxes
            .next(cx)?
            .filter(|header| header.is(b"ftyp") && header.body.len() <= LARGEST_FILE_TYPE)
            .ok_or_else(|| bad(0, "no ftyp at the beginning"))?;
        let body = first.read(source, cx)?;
        let ftyp = FileType::parse(&body).ok_or_else(|| bad(0, "ftyp is too short"))?;
        let mut file = Self {
            ftyp,
            meta: None,
            moov: None,
            mdat: Vec::new(),
            others: Vec::new(),
            end: source.len(),
        };
        loop {
            let at = boxes.at();
            let header = match boxes.next(cx) {
                Ok(Some(header)) if !header.is(b"ftyp") => header,
                Ok(None) => break,
                // Another file, or something that is no box.
                Ok(Some(_)) | Err(Error::Malformed { .. }) => {
                    file.end = at;
                    break;
                }
                Err(error) => return Err(error),
            };
            match &header.kind.0 {
                b"meta" if file.meta.is_some() => return Err(bad(at, "two meta boxes")),
                b"moov" if file.moov.is_some() => return Err(bad(at, "two moov boxes")),
                b"meta" => file.meta = Some(Meta::parse(source, header, cx)?),
                b"moov" => file.moov = Some(header),
                b"mdat" => file.mdat.push(header),
                _ => file.others.push(header),
            }
        }
        Ok(file)
    }
}
