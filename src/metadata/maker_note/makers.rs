//! How to tell whose note it is, and how it is laid out.

use super::rows::{self, Row};

/// One kind of maker note.
pub(super) struct Maker {
    /// Name for people.
    pub(super) name: &'static str,
    /// What the note begins with; empty when only the make tells.
    signature: &'static [u8],
    /// What Make 0x010F begins with, in capitals; empty when the signature is enough.
    make: &'static str,
    pub(super) layout: Layout,
    pub(super) rows: &'static [Row],
}

/// Where the directory stands.
pub(super) enum Layout {
    /// So many bytes into the note; offsets count from there.
    Ifd(u64, Base),
    /// Where the little-endian offset at this place of the note says; offsets count from the note.
    Pointer(u64),
    /// Behind a TIFF header so many bytes into the note; offsets count from that header.
    Header(u64),
    /// Nobody knows: at the first place where a directory can be read.
    Unknown,
    /// There is none.
    None,
}

/// From where offsets count.
#[derive(Clone, Copy)]
pub(super) enum Base {
    /// From the TIFF header of the block.
    Block,
    /// From so many bytes into the note.
    Note(u64),
}

/// The maker of a note.
pub(super) fn recognize(note: &[u8], make: &str) -> Option<&'static Maker> {
    let make = make.to_ascii_uppercase();
    MAKERS
        .iter()
        .find(|maker| note.starts_with(maker.signature) && make.starts_with(maker.make))
}

const fn maker(
    name: &'static str,
    signature: &'static [u8],
    make: &'static str,
    layout: Layout,
    rows: &'static [Row],
) -> Maker {
    Maker {
        name,
        signature,
        make,
        layout,
        rows,
    }
}

use Layout::{Header, Ifd, Pointer, Unknown};

const TIFF: Base = Base::Block;
const NOTE: Base = Base::Note(0);

/// The first that fits: signatures before makes.
#[rustfmt::skip]
static MAKERS: &[Maker] = &[
    maker("Apple", b"Apple iOS\0", "", Ifd(14, NOTE), rows::APPLE),
    maker("Nikon", b"Nikon\0\x02", "", Header(10), rows::NIKON),
    maker("Nikon", b"Nikon\0\x01", "", Ifd(8, TIFF), rows::NIKON),
    maker("Casio", b"QVC\0", "", Ifd(6, TIFF), rows::CASIO),
    maker("Casio", b"DCI\0", "", Ifd(6, TIFF), rows::CASIO),
    maker("DJI", b"[ae_dbg_info:", "", Layout::None, &[]),
    maker("Fujifilm", b"FUJIFILM", "", Pointer(8), rows::FUJIFILM),
    maker("General Electric", b"GENERALE", "", Pointer(8), rows::FUJIFILM),
    maker("General Electric", b"GE\0\0", "", Ifd(18, TIFF), rows::GE),
    maker("General Electric", b"GENIC\0", "", Ifd(18, TIFF), rows::GE),
    maker("Hewlett-Packard", b"Hewlett-Packard", "", Unknown, &[]),
    maker("JVC", b"JVC ", "", Ifd(4, TIFF), &[]),
    maker("Kodak", b"KDK", "", Layout::None, &[]),
    maker("Kyocera", b"KYOCERA", "", Ifd(22, Base::Note(24)), &[]),
    maker("Leica", b"LEICA CAMERA AG\0", "", Ifd(18, TIFF), rows::PANASONIC),
    maker("Leica", b"LEICA\0\0\0", "LEICA CAMERA AG", Ifd(8, Base::Note(8)), rows::LEICA),
    maker("Leica", b"LEICA\0\0\0", "", Ifd(8, TIFF), rows::PANASONIC),
    maker("Leica", b"LEICA\0\x02", "", Ifd(8, TIFF), rows::LEICA),
    maker("Leica", b"LEICA\0\x08", "", Ifd(8, TIFF), rows::LEICA),
    maker("Leica", b"LEICA\0\x09", "", Ifd(8, TIFF), rows::LEICA),
    maker("Leica", b"LEICA", "", Ifd(8, NOTE), rows::LEICA),
    maker("Minolta", b"MINOL\0", "", Ifd(8, TIFF), rows::OLYMPUS),
    maker("Minolta", b"CAMER\0", "", Ifd(8, TIFF), rows::OLYMPUS),
    maker("Motorola", b"MOT\0", "", Ifd(8, NOTE), rows::MOTOROLA),
    maker("Google", b"HDRP", "", Layout::None, &[]),
    maker("Olympus", b"OLYMPUS\0", "", Ifd(12, NOTE), rows::OLYMPUS),
    maker("OM System", b"OM SYSTEM\0", "", Ifd(16, NOTE), rows::OLYMPUS),
    maker("Olympus", b"OLYMP\0", "", Ifd(8, TIFF), rows::OLYMPUS),
    maker("Epson", b"EPSON\0", "", Ifd(8, TIFF), rows::OLYMPUS),
    maker("Panasonic", b"Panasonic\0", "", Ifd(12, TIFF), rows::PANASONIC),
    maker("Pentax", b"AOC\0", "", Ifd(6, TIFF), rows::PENTAX),
    maker("Pentax", b"PENTAX \0", "", Ifd(10, NOTE), rows::PENTAX),
    maker("Phase One", b"IIII", "PHASE ONE", Layout::None, &[]),
    maker("Reconyx", b"RECONYX", "", Layout::None, &[]),
    maker("Ricoh", b"RICOH\0II", "", Ifd(8, NOTE), rows::PENTAX),
    maker("Ricoh", b"RICOH\0MM", "", Ifd(8, NOTE), rows::PENTAX),
    maker("Samsung", b"STMN", "", Unknown, &[]),
    maker("Sanyo", b"SANYO\0", "", Ifd(8, TIFF), rows::SANYO),
    maker("Sigma", b"SIGMA\0", "", Ifd(10, TIFF), rows::SIGMA),
    maker("Sigma", b"FOVEON\0", "", Ifd(10, TIFF), rows::SIGMA),
    maker("Sony", b"SONY PI\0", "", Ifd(12, TIFF), rows::OLYMPUS),
    maker("Sony", b"PREMI\0", "", Ifd(8, TIFF), rows::OLYMPUS),
    maker("Sony", b"SONY ", "", Ifd(12, TIFF), rows::SONY),
    maker("Sony", b"\0\0SONY PIC\0", "", Ifd(12, TIFF), rows::SONY),
    maker("Hasselblad", b"VHAB     \0", "", Ifd(12, TIFF), rows::SONY),
    maker("Sony Ericsson", b"SEMC MS\0", "", Ifd(20, Base::Note(12)), &[]),
    maker("Canon", b"", "CANON", Ifd(0, TIFF), rows::CANON),
    maker("Casio", b"", "CASIO", Ifd(0, TIFF), rows::CASIO),
    maker("DJI", b"", "DJI", Ifd(0, TIFF), rows::DJI),
    maker("FLIR", b"", "FLIR", Unknown, &[]),
    maker("Hasselblad", b"", "HASSELBLAD", Unknown, rows::SONY),
    maker("Kodak", b"", "EASTMAN KODAK", Unknown, &[]),
    maker("Kodak", b"", "KODAK", Unknown, &[]),
    maker("Minolta", b"", "KONICA MINOLTA", Ifd(0, TIFF), &[]),
    maker("Minolta", b"", "MINOLTA", Ifd(0, TIFF), &[]),
    maker("Nikon", b"", "NIKON", Ifd(0, TIFF), rows::NIKON),
    maker("Nintendo", b"", "NINTENDO", Ifd(0, TIFF), rows::NINTENDO),
    maker("Panasonic", b"", "PANASONIC", Unknown, rows::PANASONIC),
    maker("Pentax", b"", "ASAHI", Unknown, rows::CASIO),
    maker("Pentax", b"", "PENTAX", Unknown, rows::PENTAX),
    maker("Reconyx", b"", "RECONYX", Layout::None, &[]),
    maker("Ricoh", b"R", "RICOH", Ifd(8, TIFF), rows::RICOH),
    maker("Ricoh", b"", "RICOH", Unknown, rows::RICOH),
    maker("Samsung", b"", "SAMSUNG", Ifd(0, NOTE), rows::SAMSUNG),
    maker("Sony", b"", "SONY", Ifd(0, TIFF), rows::SONY),
    maker("Huawei", b"", "HUAWEI", Unknown, &[]),
    maker("Xiaomi", b"", "XIAOMI", Unknown, &[]),
    maker("Google", b"", "GOOGLE", Unknown, &[]),
    maker("HTC", b"", "HTC", Unknown, &[]),
    maker("LG", b"", "LG", Unknown, &[]),
    maker("Motorola", b"", "MOTOROLA", Unknown, rows::MOTOROLA),
    maker("Microsoft", b"", "MICROSOFT", Unknown, &[]),
    maker("Nokia", b"", "NOKIA", Unknown, &[]),
    maker("OnePlus", b"", "ONEPLUS", Unknown, &[]),
    maker("Oppo", b"", "OPPO", Unknown, &[]),
    maker("Vivo", b"", "VIVO", Unknown, &[]),
    maker("GoPro", b"", "GOPRO", Unknown, &[]),
    maker("Parrot", b"", "PARROT", Unknown, &[]),
    maker("Leica", b"", "LEICA", Unknown, rows::LEICA),
    maker("JVC", b"", "JVC", Unknown, &[]),
];
