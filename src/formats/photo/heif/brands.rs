//! Brands: ISO/IEC 14496-12 annex E, ISO/IEC 23008-12 §10, ISO/IEC 23000-22, AVIF.

use super::parse::FileType;
use crate::bytes::Order;
use crate::containers::isobmff::FourCc;

/// Major brands of pictures and their sequences.
const PICTURES: &[&[u8; 4]] = &[
    b"heic", b"heix", b"heim", b"heis", b"avif", b"avio", b"avci", b"mif1", b"mif2", b"mif3",
    b"miaf", b"MiHB", b"MiHE", b"MiHA", b"MiPr", b"jpeg", b"MA1A", b"MA1B",
];
/// Those of sequences: `moov` belongs to what is shown.
const SEQUENCES: &[&[u8; 4]] = &[
    b"msf1", b"avis", b"hevc", b"hevx", b"hevm", b"hevs", b"avcs", b"jpgs", b"MiAn",
];
/// Those of them that say that the pictures are coded with AV1.
const AVIF: &[&[u8; 4]] = &[b"avif", b"avis", b"avio"];
/// Those of them that say that they are coded with HEVC, AVC or JPEG.
const HEVC: &[&[u8; 4]] = &[
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"avci", b"avcs",
    b"jpeg", b"jpgs",
];
/// Other brands that standards name. They say which readers can read the file, and not who wrote it.
const OTHERS: &[&[u8; 4]] = &[
    b"MiBu", b"MiAC", b"MiCm", b"tmap", b"unif", b"geo1", b"1pic", b"av01", b"hvc1", b"hev1",
    b"avc1", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"isoa",
    b"isob", b"isoc", b"isom", b"mp41", b"mp42",
];
/// Major brands of films, and of Canon's raw pictures, whose compatible brands say nothing.
const NOT_OURS: &[&[u8; 4]] = &[
    b"crx ", b"qt  ", b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"M4V ",
    b"M4A ", b"jp2 ", b"jpx ", b"jxl ", b"3gp4", b"3gp5", b"dash", b"avc1", b"av01", b"XAVC",
];

fn is_one_of(brand: FourCc, brands: &[&[u8; 4]]) -> bool {
    brands.iter().any(|known| brand.0 == **known)
}

/// Whether a file that begins so is a picture, or a sequence of pictures: `None` when it is not, and
/// otherwise whether it is AVIF.
pub(super) fn recognize(head: &[u8]) -> Option<bool> {
    let (len, rest) = (Order::Big.u32(head)?, head.get(4..)?);
    let rest = rest.strip_prefix(b"ftyp")?;
    // A box of size 0 goes on to the end, one of size 1 has its length behind the type.
    let (skip, len) = match len {
        0 => (0, usize::MAX),
        1 => (8, usize::MAX),
        len => (
            0,
            usize::try_from(len).unwrap_or(usize::MAX).saturating_sub(8),
        ),
    };
    let body = rest.get(..len.min(rest.len()))?.get(skip..)?;
    let major = FourCc::read(body)?;
    let is_ours = |brand| is_one_of(brand, PICTURES) || is_one_of(brand, SEQUENCES);
    let compatible = body.get(8..).unwrap_or_default().as_chunks::<4>().0;
    let compatible: Vec<FourCc> = compatible.iter().copied().map(FourCc).collect();
    let known =
        is_ours(major) || !is_one_of(major, NOT_OURS) && compatible.iter().copied().any(is_ours);
    known.then(|| is_avif(major, &compatible))
}

/// Whether these are the brands of an AVIF file.
fn is_avif(major: FourCc, compatible: &[FourCc]) -> bool {
    let mut brands = compatible.iter();
    is_one_of(major, AVIF) || !is_one_of(major, HEVC) && brands.any(|brand| is_one_of(*brand, AVIF))
}

/// Whether the file says that its `moov` is a sequence of pictures.
pub(super) fn is_sequence(ftyp: &FileType) -> bool {
    SEQUENCES.iter().any(|brand| ftyp.has(brand))
}

/// Whether it says so before everything else.
pub(super) fn is_sequence_first(ftyp: &FileType) -> bool {
    is_one_of(ftyp.major, SEQUENCES)
}

/// The brands that a copy says: those that standards name, each once, without those whose content is gone.
/// A major brand that no standard names is replaced by the first compatible one.
pub(super) fn kept(ftyp: &FileType, sequence: bool, tone_map: bool) -> (FourCc, Vec<FourCc>) {
    let stays = |brand: FourCc| {
        (is_one_of(brand, PICTURES)
            || is_one_of(brand, OTHERS)
            || sequence && is_one_of(brand, SEQUENCES))
            && (tone_map || brand.0 != *b"tmap")
    };
    let mut compatible: Vec<FourCc> = Vec::new();
    for brand in &ftyp.compatible {
        if stays(*brand) && !compatible.contains(brand) {
            compatible.push(*brand);
        }
    }
    let major = Some(ftyp.major)
        .filter(|major| stays(*major) && !is_one_of(*major, NOT_OURS))
        .or_else(|| {
            compatible
                .iter()
                .copied()
                .find(|brand| is_one_of(*brand, PICTURES))
        })
        .unwrap_or(FourCc(*b"mif1"));
    // What goes must not make another kind of file of it.
    let was_avif = is_avif(ftyp.major, &ftyp.compatible);
    let major = match (was_avif, is_avif(major, &compatible)) {
        (true, false) => FourCc(*b"avif"),
        (false, true) => FourCc(*b"heic"),
        _ => major,
    };
    (major, compatible)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(brands: &[u8]) -> Vec<u8> {
        let len = u32::try_from(brands.len() + 8).unwrap();
        [&len.to_be_bytes()[..], b"ftyp", brands].concat()
    }

    #[test]
    fn pictures_are_told_from_films_and_raw_files() {
        for ours in [
            &b"heic\0\0\0\0mif1heic"[..],
            b"avis\0\0\0\0avifavis",
            b"none\0\0\0\0mif1heic",
            b"msf1\0\0\0\0hevc",
        ] {
            let is_avif = ours.starts_with(b"avis");
            assert_eq!(recognize(&head(ours)), Some(is_avif), "{ours:?}");
        }
        for other in [
            &b"crx \0\0\0\x01crx isom"[..],
            b"qt  \0\0\0\0qt  ",
            b"mp42\0\0\0\0isommif1",
            b"jxl \0\0\0\0jxl ",
        ] {
            assert_eq!(recognize(&head(other)), None, "{other:?}");
        }
        assert_eq!(recognize(b"\0\0\0\x14ftyp"), None);
        assert_eq!(recognize(&head(b"mif1\0\0\0\0avif")), Some(true));
        // What stands behind the box is none of its brands.
        let behind = [head(b"abcd\0\0\0\0"), b"heic".to_vec()].concat();
        assert_eq!(recognize(&behind), None);
    }

    #[test]
    fn a_copy_is_of_the_same_kind() {
        for (brands, major, left) in [
            (&b"avis\0\0\0\0mif1"[..], b"avif", "mif1"),
            (b"mif1\0\0\0\0avismif1", b"avif", "mif1"),
            (b"none\0\0\0\0heicavif", b"avif", "heicavif"),
            (b"heic\0\0\0\x01heicnoneheictmap", b"heic", "heic"),
            (b"hevc\0\0\0\0avif", b"heic", "avif"),
        ] {
            let ftyp = FileType::parse(brands).unwrap();
            let kept = kept(&ftyp, false, false);
            assert_eq!(kept.0.0, *major, "{brands:?}");
            let all: String = kept.1.iter().map(ToString::to_string).collect();
            assert_eq!(all, left);
        }
    }
}
