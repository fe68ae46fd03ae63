//! Strips whose lengths are missing or wrong, and numbers of unusual types.

use super::*;

const ROWS: &[u8] = b"abcdefghijklmnop";

/// 4 × 4 grey pixels in one strip.
fn tall(compression: u16) -> Ifd {
    Ifd::new(LITTLE)
        .short(0x0100, &[4])
        .short(0x0101, &[4])
        .short(0x0102, &[8])
        .short(0x0103, &[compression])
        .short(0x0106, &[1])
        .short(0x0115, &[1])
        .short(0x0116, &[4])
}

/// The offset of the value of an entry of the first directory.
fn value_at(file: &[u8], tag: u16) -> usize {
    let (tiff, first) = crate::containers::tiff::ifd::Tiff::open(file).unwrap();
    let ifd = tiff.ifd(first).unwrap();
    usize::try_from(ifd.get(tag).unwrap().span.start()).unwrap()
}

/// The same file with other lengths of strips.
fn with_lengths(file: &[u8], lengths: &[u32]) -> Vec<u8> {
    let mut out = file.to_vec();
    let at = value_at(file, 0x0117);
    for (place, len) in out[at..].chunks_mut(4).zip(lengths) {
        place.copy_from_slice(&len.to_le_bytes());
    }
    out
}

#[test]
fn lengths_of_rows_that_are_not_compressed_are_computed() {
    let want = file(LITTLE, vec![plain(LITTLE)]);
    for lengths in [[0, 0], [8, 0], [0, 8], [4, 4], [8, 9_999], [7, 0]] {
        let cleaned = clean(&with_lengths(&want, &lengths)).unwrap();
        assert_eq!(cleaned.bytes, want, "{lengths:?}");
        assert_eq!(ids(&cleaned)[0], "tiff.slack");
    }
    let one = tall(1).one_strip(ROWS, 16);
    let want = file(LITTLE, vec![one]);
    let one = tall(1).one_strip(ROWS, 9_999);
    assert!(contains(
        &clean(&file(LITTLE, vec![one])).unwrap().bytes,
        ROWS
    ));
    assert!(clean(&want[..want.len() - 1]).is_err(), "cut off");
}

#[test]
fn lengths_of_compressed_rows_are_measured() {
    let strip = deflated(ROWS);
    for behind in [&b""[..], SECRET] {
        let page = tall(8).one_strip(&strip, 0);
        let input = [&file(LITTLE, vec![page])[..], behind].concat();
        let cleaned = clean(&input).unwrap();
        let page = tall(8).one_strip(&strip, u32::try_from(strip.len()).unwrap());
        assert_eq!(cleaned.bytes, file(LITTLE, vec![page]));
    }
    // Part of the rows is missing.
    let short = deflated(&ROWS[..9]);
    let page = tall(8).one_strip(&short, 0);
    assert!(clean(&file(LITTLE, vec![page])).is_err());
}

#[test]
fn strips_without_offset_and_length_are_empty() {
    let want = file(LITTLE, vec![plain(LITTLE)]);
    let mut sparse = with_lengths(&want, &[8, 0]);
    let at = value_at(&want, 0x0111);
    sparse[at + 4..at + 8].fill(0);
    let cleaned = clean(&sparse).unwrap();
    assert!(contains(&cleaned.bytes, &ROWS[..8]) && !contains(&cleaned.bytes, &ROWS[8..]));
}

#[test]
fn numbers_that_decoders_do_not_look_at_go() {
    let want = file(LITTLE, vec![plain(LITTLE)]);
    for (tag, value) in [(0x013D, 0), (0x013D, 2), (0x0213, 0), (0x0213, 3)] {
        let page = plain(LITTLE).short(tag, &[value]);
        let cleaned = clean(&file(LITTLE, vec![page])).unwrap();
        assert_eq!(cleaned.bytes, want, "{tag:X} {value}");
    }
    let page = plain(LITTLE).long(0x014A, &[0]);
    assert_eq!(clean(&file(LITTLE, vec![page])).unwrap().bytes, want);
}

#[test]
fn whole_numbers_of_any_type_are_read() {
    let want = file(LITTLE, vec![plain(LITTLE).short(0x0112, &[6])]);
    for (kind, bytes) in [
        (field::BYTE, &[6][..]),
        (field::SBYTE, &[6]),
        (field::SSHORT, &[6, 0]),
        (field::LONG, &[6, 0, 0, 0]),
        (field::SLONG, &[6, 0, 0, 0]),
    ] {
        let mut page = plain(LITTLE);
        page.0.bytes(0x0112, kind, 1, bytes.to_vec());
        let cleaned = clean(&file(LITTLE, vec![page])).unwrap();
        assert_eq!(cleaned.bytes, want, "{kind}");
    }
    let mut page = plain(LITTLE);
    page.0.bytes(0x0112, field::SBYTE, 1, vec![0xFA]);
    let cleaned = clean(&file(LITTLE, vec![page])).unwrap();
    assert_eq!(cleaned.bytes, file(LITTLE, vec![plain(LITTLE)]));
}

#[test]
fn samples_that_no_viewer_shows_are_named() {
    let rows = |extra: [u8; 4]| -> Vec<u8> { extra.iter().flat_map(|x| [1, 2, 3, *x]).collect() };
    let page = |kind: u16, extra: [u8; 4]| {
        let page = Ifd::new(LITTLE)
            .short(0x0100, &[2])
            .short(0x0101, &[2])
            .short(0x0102, &[8, 8, 8, 8])
            .short(0x0103, &[1])
            .short(0x0106, &[2])
            .short(0x0115, &[4])
            .short(0x0116, &[2])
            .short(0x0152, &[kind])
            .strips(&[&rows(extra)]);
        let cleaned = clean(&file(LITTLE, vec![page])).unwrap();
        cleaned.residue.iter().map(|f| f.id).collect::<Vec<_>>()
    };
    assert_eq!(page(0, *b"text"), ["tiff.pixels.unseen"]);
    assert_eq!(page(0, [255; 4]), [""; 0]);
    assert_eq!(page(1, *b"text"), [""; 0]);
    // A mask page.
    let mask = |rows: &[u8]| {
        let mask = Ifd::new(LITTLE)
            .long(0x00FE, &[4])
            .short(0x0100, &[16])
            .short(0x0101, &[2])
            .short(0x0102, &[1])
            .short(0x0103, &[1])
            .short(0x0106, &[4])
            .short(0x0115, &[1])
            .short(0x0116, &[2])
            .strips(&[rows]);
        let cleaned = clean(&file(LITTLE, vec![plain(LITTLE), mask])).unwrap();
        cleaned.residue.len()
    };
    assert_eq!((mask(b"text"), mask(&[255; 4])), (1, 0));
}
