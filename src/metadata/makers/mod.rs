//! Blocks of single makers outside of Exif: FLIR, GoPro (GPMF), Ricoh, DJI, Kodak, Canon CIFF, Casio.

mod ciff;
mod fixed;
mod flir;
pub(crate) mod gpmf;
mod ricoh;
mod texts;

use std::borrow::Cow;

use memchr::memmem;

use super::{exif, spelling, text};
use crate::bytes::{Context, Source};
use crate::model::Category::{self, Device, History, Image, Location, Person};
use crate::model::Severity::{self, Critical, High, Low, Medium};
use crate::model::{Finding, Found, Result, Role, len_u64};

/// How a maker's block is recognised, what it is, and who reads it.
struct Block {
    /// It stands so many bytes from the beginning; [`ANYWHERE`] in the first bytes.
    at: usize,
    magic: &'static [u8],
    /// Catalogue id.
    id: &'static str,
    name: &'static str,
    category: Category,
    severity: Severity,
    read: Reader,
}

type Reader = fn(&Block, &[u8], &mut Sink<'_>) -> Result<()>;

/// Where a reader puts what it finds.
struct Sink<'a> {
    place: &'a str,
    cx: &'a Context<'a>,
    found: &'a mut Found,
    /// Bytes that may still be looked at: directories may point at the same ones again and again.
    left: usize,
}

impl Sink<'_> {
    /// Whether so many more bytes may be looked at.
    fn spend(&mut self, len: usize) -> bool {
        let left = self.left.checked_sub(len);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }

    /// Adds a text value, and what it mentions; an empty one is nothing.
    fn text(
        &mut self,
        id: &'static str,
        what: impl Into<Cow<'static, str>>,
        (category, severity, role): (Category, Severity, Role),
        text: impl AsRef<str>,
    ) -> Result<()> {
        let text = text.as_ref();
        if text.is_empty() {
            return Ok(());
        }
        let finding = Finding::new(id, category, severity, self.place, what).role(role);
        match role {
            Role::TakenAt | Role::OtherTime => {
                self.found.add_as(finding.value(text::time(text)), text);
                Ok(())
            }
            Role::Text => {
                self.found.add(finding.text(text));
                text::mentions(id, text, self.place, self.cx, self.found)
            }
            _ => {
                self.found.add(finding.text(text));
                Ok(())
            }
        }
    }

    /// Looks into a picture inside.
    fn picture(&mut self, id: &'static str, what: &'static str, picture: &[u8]) -> Result<()> {
        self.found.add(
            Finding::new(id, Image, High, self.place, what)
                .bytes(len_u64(picture.len()))
                .role(Role::Picture),
        );
        let inner = self.cx.inspect_nested(&Source::memory(picture))?;
        self.found.merge(self.place, inner);
        Ok(())
    }
}

/// The magic may stand anywhere near the beginning.
const ANYWHERE: usize = usize::MAX;
/// What is near.
const NEAR: usize = 256;

#[rustfmt::skip] // One row a line.
static BLOCKS: &[Block] = &[
    row(0, b"FFF\0", "jpeg.app1.vendor", "FLIR thermal image", Image, High, flir::read),
    row(0, b"FLIR\0", "jpeg.app1.vendor", "FLIR thermal image", Image, High, rest),
    row(0, b"QVCI\0", "jpeg.app1.vendor", "Casio QVCI", Device, Medium, fixed::qvci),
    row(0, b"PARROT\0", "jpeg.app1.vendor", "Parrot thermal image", Image, High, tiff),
    row(6, b"HEAPJPGM", "jpeg.app0.other", "Canon CIFF", Device, High, ciff::read),
    row(0, b"AVI1", "jpeg.app0.other", "AVI1", Device, Low, rest),
    row(0, b"Ocad", "jpeg.app0.other", "Photobucket Ocad", Device, Low, rest),
    row(4, b"IJPEG\0", "jpeg.app2.infiray", "InfiRay version", Device, Medium, rest),
    row(0, b"infisense", "jpeg.app9", "InfiRay sensor", Device, Medium, rest),
    row(0, b"FPXR\0", "jpeg.app2.fpxr", "FlashPix", Image, High, flashpix),
    row(0, b"QVGA\0\xFF\xD8\xFF", "jpeg.app2.preview", "BenQ preview", Image, High, preview),
    row(0, b"BGTH\xFF\xD8\xFF", "jpeg.app2.preview", "Digilife preview", Image, High, preview),
    row(0, b"Meta\0\0", "jpeg.app3", "Kodak Meta", Device, High, tiff),
    row(0, b"META\0\0", "jpeg.app3", "Kodak Meta", Device, High, tiff),
    row(0, b"Stim\0", "jpeg.app3", "Stereo Still Image", Device, Medium, rest),
    row(0, b"_JPSJPS_", "jpeg.app3", "JPS stereo description", Device, Medium, texts::jps),
    row(0, b"SCALADO\0", "jpeg.app4", "Scalado", Device, Medium, rest),
    row(0, b"Qualcomm Dual Camera Attributes", "jpeg.app4", "Qualcomm dual camera", Device, Medium, rest),
    row(0, b"\xAA\x55\x12\x06", "jpeg.app4", "DJI thermal parameters", Device, Medium, rest),
    row(0, b"RMETA\0", "jpeg.app5", "Ricoh RMETA", Location, Critical, ricoh::read),
    row(ANYWHERE, b"ssuniqueid\0", "jpeg.app5", "Samsung unique id", Device, High, unique_id),
    row(0, b"EPPIM\0", "jpeg.app6", "Toshiba PrintIM", Device, Medium, tiff),
    row(0, b"NTIF\0", "jpeg.app6", "NITF", Device, Medium, rest),
    row(0, b"NITF\0", "jpeg.app6", "NITF", Device, Medium, rest),
    row(0, b"TDHD\x01\0\0\0", "jpeg.app6", "HP TDHD", Device, High, fixed::tdhd),
    row(0, b"GoPro\0", "jpeg.app6", "GoPro GPMF", Device, High, gopro),
    row(0, b"DTAT\0", "jpeg.app6", "DJI Thermal Analysis Tool", Device, Medium, rest),
    row(0, b"MMIMETA\0", "jpeg.app6", "Motorola MMIMETA", Device, Medium, rest),
    row(0, b"PENTAX \0", "jpeg.app7", "Pentax maker note", Device, High, rest),
    row(0, b"RICOH\0", "jpeg.app7", "Ricoh maker note", Device, High, rest),
    row(0, b"HUAWEI\0\0", "jpeg.app7", "Huawei maker note", Device, High, rest),
    row(0, b"\x1AQualcomm Camera Attributes", "jpeg.app7", "Qualcomm camera attributes", Device, Medium, rest),
    row(0, b"DJI-DBG\0", "jpeg.app7", "DJI debug data", Device, High, rest),
    row(0, b"SPIFF\0", "jpeg.app8", "SPIFF", Device, Low, rest),
    row(0, b"SEAL", "jpeg.app8", "SEAL signature", Person, High, texts::whole),
    row(0, b"Media Jukebox\0", "jpeg.app9", "Media Jukebox", Person, High, texts::whole),
    row(0, b"UNICODE\0", "jpeg.app10", "PhotoStudio comment", Person, High, texts::unicode),
    row(0, b"AROT\0", "jpeg.app10", "HDR gain curve", Device, Low, rest),
    row(0, b"HDR_RI ", "jpeg.app11", "JPEG-HDR", History, Medium, rest),
    row(0, b"Ducky", "jpeg.app12", "Adobe Ducky", Person, High, texts::ducky),
    row(ANYWHERE, b"[picture info]", "jpeg.app12", "Picture Info", Device, High, texts::picture_info),
    row(ANYWHERE, b"Type=", "jpeg.app12", "Picture Info", Device, High, texts::picture_info),
    row(0, b"Adobe_CM", "jpeg.app13", "Adobe colour management", Device, Low, rest),
    row(0, b"TEXT\0", "jpeg.app15", "Casio or Fujifilm text", Person, High, texts::whole),
];

const fn row(
    at: usize,
    magic: &'static [u8],
    id: &'static str,
    name: &'static str,
    category: Category,
    severity: Severity,
    read: Reader,
) -> Block {
    Block {
        at,
        magic,
        id,
        name,
        category,
        severity,
        read,
    }
}

/// GraphicConverter writes a `Q` and the quality into `APP15`.
static QUALITY: Block = row(
    0,
    b"Q",
    "jpeg.app15",
    "GraphicConverter quality",
    Device,
    Low,
    rest,
);

fn find(block: &[u8]) -> Option<&'static Block> {
    let near = block.get(..block.len().min(NEAR)).unwrap_or_default();
    let known = BLOCKS.iter().find(|row| match row.at {
        ANYWHERE => memmem::find(near, row.magic).is_some(),
        at => near
            .get(at..)
            .is_some_and(|rest| rest.starts_with(row.magic)),
    });
    let quality = |block: &[u8]| {
        matches!(block, [b'Q', rest @ ..] if (1..8).contains(&rest.len())
            && rest.iter().all(|b| b.is_ascii_digit() || *b == b' '))
    };
    known.or_else(|| quality(block).then_some(&QUALITY))
}

/// Which maker's block this is, by its first bytes: the catalogue id for its finding and a name for
/// people.
#[must_use]
pub fn recognize(block: &[u8]) -> Option<(&'static str, &'static str)> {
    find(block).map(|row| (row.id, row.name))
}

/// Adds what the block gives away to `found`: always its size, and what is known of its content. Of a
/// FLIR image that is cut into several segments (`FLIR\0`) nothing is told but its texts are kept in
/// mind; what is joined again (`FFF\0`) is read.
///
/// # Errors
/// Those of the budget.
pub fn read(block: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    cx.item()?;
    let Some(row) = find(block) else {
        found.secrets.harvest(block);
        return Ok(());
    };
    let mut sink = Sink {
        place,
        cx,
        found,
        left: block.len().saturating_mul(8),
    };
    (row.read)(row, block, &mut sink)?;
    if row.magic != b"FLIR\0" {
        found.add(
            Finding::new(row.id, row.category, row.severity, place, row.name)
                .bytes(len_u64(block.len())),
        );
    }
    Ok(())
}

/// A block whose layout is not known, or that tells nothing, or a piece that is read once it is joined
/// with the others.
fn rest(_: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    sink.found.secrets.harvest(block);
    Ok(())
}

/// A TIFF structure behind the magic.
fn tiff(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    sink.found.secrets.harvest(block);
    let tiff = block.get(row.magic.len()..).unwrap_or_default();
    exif::read(tiff, sink.place, sink.cx, sink.found).map(|_| ())
}

/// A JPEG, or its beginning, behind the magic.
fn preview(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    let start = row.magic.len().saturating_sub(3);
    sink.picture(row.id, "preview", block.get(start..).unwrap_or_default())
}

/// Streams of a FlashPix file (Exif 3.0 §4.7.3): previews, sound, owners' names in UTF-16.
fn flashpix(_: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    sink.found.secrets.harvest(block);
    // Every second byte of UTF-16 is zero; without them it reads like any text.
    let squeezed: Vec<u8> = block.iter().copied().step_by(2).collect();
    sink.found.secrets.harvest(&squeezed);
    let odd: Vec<u8> = block.iter().copied().skip(1).step_by(2).collect();
    sink.found.secrets.harvest(&odd);
    Ok(())
}

fn gopro(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    let inside = block.get(row.magic.len()..).unwrap_or_default();
    gpmf::read(row.id, inside, sink.place, sink.cx, sink.found)
}

/// `ssuniqueid\0` and 32 bytes.
fn unique_id(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    let id = memmem::find(block, row.magic)
        .and_then(|at| block.get(at.checked_add(row.magic.len())?..))
        .unwrap_or_default();
    let id = id.get(..id.len().min(64)).unwrap_or_default();
    sink.found.secrets.bytes(id);
    let text = if spelling::is_text(id) {
        spelling::text(id)
    } else {
        id.iter().map(|b| format!("{b:02x}")).collect()
    };
    sink.text(row.id, "unique id", (Device, High, Role::Serial), text)
}

#[cfg(test)]
mod tests;
