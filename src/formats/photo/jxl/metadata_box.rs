//! Boxes that are not needed to show the picture: what they are, and what they give away.

use super::{LARGEST, jbrd};
use crate::bytes::{Context, Order, Source, unbrotli};
use crate::containers::isobmff::BoxHeader;
use crate::metadata::{appended, c2pa, exif, xmp};
use crate::model::{Category, Found, Result, Role, Severity};

/// What a box is, packed with brotli or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Exif,
    Xml,
    Jumbf,
    JpegReconstruction,
    FrameIndex,
    GainMap,
    Uuid,
    Free,
    Unknown,
}

type Description = (&'static str, Category, Severity, &'static str, Role);

impl Kind {
    pub(super) fn of(kind: [u8; 4]) -> Self {
        match &kind {
            b"Exif" => Self::Exif,
            b"xml " => Self::Xml,
            b"jumb" => Self::Jumbf,
            b"jbrd" => Self::JpegReconstruction,
            b"jxli" => Self::FrameIndex,
            b"jhgm" => Self::GainMap,
            b"uuid" => Self::Uuid,
            b"free" | b"skip" => Self::Free,
            _ => Self::Unknown,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Exif => "Exif",
            Self::Xml => "xml",
            Self::Jumbf => "jumb",
            Self::JpegReconstruction => "jbrd",
            Self::FrameIndex => "jxli",
            Self::GainMap => "jhgm",
            Self::Uuid => "uuid",
            Self::Free => "free",
            Self::Unknown => "unknown box",
        }
    }

    /// Id, category, severity, name and role of the finding for the box as a whole.
    pub(super) fn describe(self) -> Description {
        use Category::{Device, History, Person, Unknown};
        use Severity::{High, Low, Medium};
        let (id, category, severity, what) = match self {
            Self::Exif => ("jxl.exif", Device, Medium, "Exif block"),
            Self::Xml => ("jxl.xml", History, Medium, "XMP or other XML"),
            Self::Jumbf => ("jxl.jumb", Person, High, "content credentials"),
            Self::JpegReconstruction => (
                "jxl.jbrd",
                History,
                Medium,
                "what is needed to make the original JPEG again, with its metadata",
            ),
            Self::FrameIndex => ("jxl.jxli", Unknown, Low, "index of frames"),
            Self::GainMap => ("jxl.jhgm", Category::Image, Medium, "gain map"),
            Self::Uuid => ("jxl.uuid", Unknown, High, "data of a program"),
            Self::Free => ("jxl.free", Unknown, Medium, "unused space"),
            Self::Unknown => ("jxl.unknown", Unknown, High, "a box that nobody knows"),
        };
        (id, category, severity, what, Role::Other)
    }
}

/// The type and content of a `brob` box; `None` when it is too short to have a type.
///
/// # Errors
/// Those of the budget.
pub(super) fn unpack(
    source: &Source<'_>,
    header: &BoxHeader,
    cx: &Context<'_>,
) -> Result<Option<(Kind, Vec<u8>)>> {
    let body = header.read(source, cx)?;
    let Some((kind, packed)) = body.split_first_chunk::<4>() else {
        return Ok(None);
    };
    let unpacked = unbrotli(packed, LARGEST, cx)?;
    let mut bytes = unpacked.bytes;
    let kind = Kind::of(*kind);
    // What stands behind the stream is looked at with what came out of it.
    let used = usize::try_from(unpacked.used).unwrap_or(usize::MAX);
    let behind = packed.get(used..).unwrap_or_default();
    if kind != Kind::GainMap {
        bytes.extend_from_slice(behind);
    }
    Ok(Some((kind, bytes)))
}

/// Adds what the body of a box gives away to `found`.
///
/// # Errors
/// Those of the budget; reading.
pub(super) fn read(
    kind: Kind,
    body: &Source<'_>,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let whole = || -> Result<_> {
        cx.memory(body.len())?;
        body.read(body.whole())
    };
    let place = kind.name();
    match kind {
        Kind::Exif => {
            let block = whole()?;
            // Where the TIFF header stands behind this number; mostly 0.
            let skip = Order::Big.u32(&block).unwrap_or_default();
            let block = block.get(4..).unwrap_or_default();
            let skip = usize::try_from(skip).unwrap_or(usize::MAX);
            let tiff = block.get(skip..).filter(|tiff| !tiff.is_empty());
            if tiff.is_some_and(|tiff| tiff.len() < block.len()) {
                found.secrets.harvest(block);
            }
            exif::read(tiff.unwrap_or(block), place, cx, found)?;
        }
        Kind::Xml => {
            xmp::read(&whole()?, place, cx, found)?;
        }
        Kind::Jumbf => {
            let len = u32::try_from(body.len().saturating_add(8)).unwrap_or_default();
            let boxed = [&len.to_be_bytes()[..], b"jumb", &whole()?].concat();
            c2pa::read(&boxed, place, cx, found)?;
        }
        Kind::JpegReconstruction => jbrd::read(&whole()?, place, cx, found)?,
        Kind::FrameIndex => {}
        Kind::GainMap | Kind::Uuid | Kind::Free | Kind::Unknown => {
            if !body.is_empty() {
                appended::read(body, place, cx, found)?;
            }
        }
    }
    Ok(())
}
