//! Whose raw photo it is.

use crate::bytes::Order;
use crate::containers::tiff::ifd::{Ifd, Tiff};

/// A kind of raw photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Nikon NEF and NRW.
    Nef,
    /// Canon CR2.
    Cr2,
    /// Sony ARW and SR2.
    Arw,
    /// Panasonic RW2, Leica RWL.
    Rw2,
    /// Olympus ORF.
    Orf,
    /// Pentax PEF.
    Pef,
    /// Samsung SRW.
    Srw,
    /// Fujifilm RAF.
    Raf,
    /// Canon CR3.
    Cr3,
    /// One that is known and cannot be cleaned, and why.
    Other(&'static str),
}

const X3F: &str = "a raw photo of Sigma (X3F); export it as JPEG or TIFF in the program that came \
    with the camera, and clean that";
const MRW: &str = "a raw photo of Minolta (MRW); export it as JPEG or TIFF in the program that \
    came with the camera, and clean that";
const CRW: &str = "a raw photo of Canon (CRW); export it as JPEG or TIFF in the program that came \
    with the camera, and clean that";
const IIQ: &str = "a raw photo of Phase One or Leaf; export it as JPEG or TIFF in the program \
    that came with the camera, and clean that";
const HASSELBLAD: &str = "a raw photo of Hasselblad; export it as JPEG or TIFF in the program \
    that came with the camera, and clean that";
const KODAK: &str = "a raw photo of Kodak; export it as JPEG or TIFF in the program that came \
    with the camera, and clean that";
const EPSON: &str = "a raw photo of Epson; export it as JPEG or TIFF in the program that came \
    with the camera, and clean that";
const ANY: &str = "a raw photo of a rare kind; export it as JPEG or TIFF in the program that came \
    with the camera, and clean that";

/// Files that are no TIFF: what they begin with.
const HEADS: &[(usize, &[u8], Family)] = &[
    (0, b"FUJIFILMCCD-RAW", Family::Raf),
    (0, b"FOVb", Family::Other(X3F)),
    (0, b"\0MRM", Family::Other(MRW)),
    (0, b"II\x1A\0\0\0HEAPCCDR", Family::Other(CRW)),
    (4, b"ftypcrx ", Family::Cr3),
    (8, b"IIIITwaR", Family::Other(IIQ)),
    (8, b"MMMMRawT", Family::Other(IIQ)),
];

/// Compression schemes of cameras.
const SCHEMES: &[u64] = &[
    262, 32767, 32769, 32770, 32772, 32867, 34713, 65000, 65535, 65536,
];
const CFA: u64 = 32803;

/// Makers, in capitals, whose TIFF files with the look of a raw photo are one.
const MAKERS: &[(&str, Family)] = &[
    ("NIKON", Family::Nef),
    ("CANON", Family::Other(ANY)),
    ("SONY", Family::Arw),
    ("PENTAX", Family::Pef),
    ("RICOH", Family::Pef),
    ("SAMSUNG", Family::Srw),
    ("HASSELBLAD", Family::Other(HASSELBLAD)),
    ("IMACON", Family::Other(HASSELBLAD)),
    ("KODAK", Family::Other(KODAK)),
    ("EASTMAN KODAK", Family::Other(KODAK)),
    ("SEIKO EPSON", Family::Other(EPSON)),
    ("LEAF", Family::Other(IIQ)),
    ("PHASE ONE", Family::Other(IIQ)),
    ("MAMIYA", Family::Other(ANY)),
];

impl Family {
    /// What the names of such files end in; `None` where files of this family are not cleaned.
    pub(super) fn extensions(self) -> Option<&'static [&'static str]> {
        Some(match self {
            Self::Nef => &["nef", "nrw"],
            Self::Cr2 => &["cr2"],
            Self::Arw => &["arw", "sr2"],
            Self::Rw2 => &["rw2", "rwl"],
            Self::Orf => &["orf"],
            Self::Pef => &["pef"],
            Self::Srw => &["srw"],
            Self::Raf => &["raf"],
            Self::Cr3 => &["cr3"],
            Self::Other(_) => return None,
        })
    }
}

/// What the beginning of a file says.
pub(super) fn recognize(head: &[u8]) -> Option<Family> {
    let other = HEADS
        .iter()
        .find(|(at, start, _)| head.get(*at..).is_some_and(|rest| rest.starts_with(start)));
    if let Some((_, _, family)) = other {
        return Some(*family);
    }
    let (tiff, first) = Tiff::open(head)?;
    match tiff.order().u16(head.get(2..)?)? {
        0x4F52 | 0x5352 => return Some(Family::Orf),
        0x55 => return Some(Family::Rw2),
        0x2A => {}
        _ => return None,
    }
    if tiff.order() == Order::Little && head.get(8..10) == Some(b"CR") {
        return Some(Family::Cr2);
    }
    let ifd = tiff.ifd(first)?;
    if ifd.get(0xC612).is_some() || !looks_raw(&ifd) {
        return None;
    }
    let make = ifd.get(0x010F)?.value.to_ascii_uppercase();
    let known = MAKERS
        .iter()
        .find(|(name, _)| make.starts_with(name.as_bytes()));
    known.map(|(_, family)| *family)
}

/// A small picture with larger ones below it, or numbers of a sensor.
fn looks_raw(ifd: &Ifd<'_>) -> bool {
    let number = |tag| ifd.get(tag).and_then(|entry| entry.uint(0));
    number(0x00FE) == Some(1) && (ifd.get(0x014A).is_some() || ifd.get(0xC634).is_some())
        || number(0x0106) == Some(CFA)
        || number(0x0103).is_some_and(|scheme| SCHEMES.contains(&scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_by_their_beginning() {
        for (head, family) in [
            (&b"IIRO\x08\0\0\0"[..], Family::Orf),
            (b"IIU\0\x18\0\0\0", Family::Rw2),
            (b"II*\0\x10\0\0\0CR\x02\0", Family::Cr2),
            (b"FUJIFILMCCD-RAW 0201", Family::Raf),
            (b"\0\0\0\x18ftypcrx \0\0\0\x01", Family::Cr3),
        ] {
            assert_eq!(recognize(head), Some(family));
        }
        for head in [
            &b"II*\0\x08\0\0\0\0\0\0\0\0\0"[..],
            b"MM\0+\0\x08\0\0",
            b"",
            b"ftyp",
        ] {
            assert_eq!(recognize(head), None);
        }
    }
}
