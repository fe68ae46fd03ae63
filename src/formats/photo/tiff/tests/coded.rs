//! Coded data: where it ends, and what it carries besides.

use super::*;

#[test]
fn one_strip_is_as_long_as_its_rows() {
    let page = |len| {
        let page = Ifd::new(LITTLE)
            .short(0x0100, &[4])
            .short(0x0101, &[4])
            .short(0x0102, &[8]);
        let page = page.short(0x0106, &[1]).ascii(0x010E, SECRET);
        page.one_strip(b"abcdefghijklmnop", len)
    };
    let whole = secret_goes(&file(LITTLE, vec![page(16)]), "exif.ifd0.text");
    let short = secret_goes(&file(LITTLE, vec![page(9)]), "exif.ifd0.text");
    assert_eq!(whole.bytes, short.bytes);
    let strips = grey(LITTLE, 1).strips(&[b"abcdefg", b"ijklmnop"]);
    assert!(clean(&file(LITTLE, vec![strips])).is_err());
}

#[test]
fn strips_that_are_jpeg_lose_their_metadata() {
    let dirty = jpeg_with(&[b"\xFF\xE1\0\x15", SECRET, b"\xFF\xFE\0\x15", SECRET].concat());
    let tail = [JPEG, SECRET].concat();
    let page = |a: &[u8], b: &[u8]| grey(LITTLE, 7).strips(&[a, b]);
    let tables = b"\xFF\xD8\xFF\xDD\0\x04\0\x07\xFF\xD9";
    let dirty_tables = [
        &tables[..2],
        b"\xFF\xFE\0\x15",
        SECRET,
        &tables[2..],
        SECRET,
    ]
    .concat();
    let input = file(
        LITTLE,
        vec![page(&dirty, &tail).raw(0x015B, field::UNDEFINED, &dirty_tables)],
    );
    let cleaned = secret_goes(&input, "tiff.jpegstrip");
    let expected = page(JPEG, JPEG).raw(0x015B, field::UNDEFINED, tables);
    assert_eq!(cleaned.bytes, file(LITTLE, vec![expected]));
    // The colour transform stays, and so does JFIF, without its thumbnail.
    let adobe = jpeg_with(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\x01");
    let jfif = jpeg_with(b"\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let input = file(LITTLE, vec![page(&adobe, &jfif)]);
    assert_eq!(clean(&input).unwrap().bytes, input);
    let thumbnail =
        jpeg_with(&[b"\xFF\xE0\0\x23JFIF\0\x01\x02\0\0\x01\0\x01\0\0", SECRET].concat());
    let input = file(LITTLE, vec![page(&adobe, &thumbnail)]);
    secret_goes(&input, "tiff.jpegstrip");
    for bad in [
        &b"abcdefgh"[..],
        b"\xFF\xD8\xFF\xE1\xFF\xFF",
        b"\xFF\xD8\xFF\x02\0\x04",
    ] {
        assert!(clean(&file(LITTLE, vec![page(bad, JPEG)])).is_err());
    }
}

#[test]
fn old_jpeg_streams_lose_their_metadata() {
    let dirty = jpeg_with(&[b"\xFF\xE1\0\x15", SECRET].concat());
    let build = |jpeg: &[u8]| {
        let mut page = grey(LITTLE, 6);
        let data = page.0.data(Data {
            pieces: vec![Step::bytes(jpeg.to_vec())],
        });
        let coded = memchr::memmem::find(jpeg, b"\x01\x02\xFF\0").unwrap() as u64;
        page.0.offsets(0x0201, vec![Some((data, 0))]);
        page.0
            .offsets(0x0111, vec![Some((data, coded)), Some((data, coded + 2))]);
        let page = page
            .long(0x0202, &[jpeg.len() as u32])
            .long(0x0117, &[2, 3]);
        file(LITTLE, vec![page])
    };
    let cleaned = secret_goes(&build(&dirty), "tiff.jpegstrip");
    assert_eq!(cleaned.bytes, build(JPEG));
}

#[test]
fn data_behind_the_end_of_compressed_strips_goes() {
    let zip = deflated(b"abcdefgh");
    let bits = b"\x07abcdefgh".to_vec();
    // Clear, `aaaaaaaa` as 97 258 259 258, end.
    let mut lzw = Vec::new();
    let (mut held, mut count) = (0_u32, 0);
    for code in [256_u32, 97, 258, 259, 258, 257] {
        held = held << 9 | code;
        count += 9;
        while count >= 8 {
            lzw.push((held >> (count - 8)) as u8);
            count -= 8;
        }
    }
    lzw.push((held << (8 - count)) as u8);
    let zstd = b"\x28\xB5\x2F\xFD\x20\x08\x41\0\0abcdefgh".to_vec();
    // Two white rows, and the mark of the end.
    let g4 = b"\xC0\x04\0\x40".to_vec();
    for (scheme, strip) in [
        (8, &zip),
        (32946, &zip),
        (32773, &bits),
        (5, &lzw),
        (50000, &zstd),
        (4, &g4),
    ] {
        let good = file(LITTLE, vec![grey(LITTLE, scheme).strips(&[strip, strip])]);
        let cleaned = clean(&good).unwrap();
        assert_eq!(cleaned.bytes, good, "{scheme} {:?}", cleaned.findings);
        assert!(cleaned.residue.is_empty(), "{scheme}");
        let tail = [strip, SECRET].concat();
        let input = file(LITTLE, vec![grey(LITTLE, scheme).strips(&[strip, &tail])]);
        assert_eq!(
            secret_goes(&input, "tiff.strip.tail").bytes,
            good,
            "{scheme}"
        );
    }
    // Rows that nobody sees go with the stream that holds them.
    let rows = deflated(&[b"abcdefgh", SECRET].concat());
    let input = file(LITTLE, vec![grey(LITTLE, 8).strips(&[&rows, &zip])]);
    let good = file(LITTLE, vec![grey(LITTLE, 8).strips(&[&zip, &zip])]);
    assert_eq!(secret_goes(&input, "tiff.pixels.unseen").bytes, good);
    let mut damaged = zip.clone();
    damaged[4] ^= 0x40;
    let input = file(LITTLE, vec![grey(LITTLE, 8).strips(&[&damaged, &zip])]);
    assert!(clean(&input).is_err());
}

#[test]
fn strips_that_are_files_are_cleaned_as_files() {
    let webp = [b"RIFFxxxxWEBP", SECRET].concat();
    let input = file(LITTLE, vec![grey(LITTLE, 50001).strips(&[&webp, &webp])]);
    secret_goes(&input, "tiff.jpegstrip");
    let input = file(
        LITTLE,
        vec![grey(LITTLE, 50001).strips(&[b"abcd", b"abcd"])],
    );
    assert!(clean(&input).is_err());
}

#[test]
fn equal_strips_are_written_once() {
    let mut page = grey(LITTLE, 1);
    let data = page.0.data(Data {
        pieces: vec![Step::bytes(b"abcdefgh".to_vec())],
    });
    page.0
        .offsets(0x0111, vec![Some((data, 0)), Some((data, 0))]);
    let page = page.long(0x0117, &[8, 8]).ascii(0x010E, SECRET);
    let cleaned = secret_goes(&file(LITTLE, vec![page]), "exif.ifd0.text");
    assert_eq!(
        memchr::memmem::find_iter(&cleaned.bytes, b"abcdefgh").count(),
        1
    );
}

#[test]
fn bits_the_other_way_round() {
    let rows = |zip: &[u8], tail: &[u8]| {
        let strip: Vec<u8> = [zip, tail]
            .concat()
            .iter()
            .map(|b| b.reverse_bits())
            .collect();
        let page = grey(LITTLE, 8).short(0x010A, &[2]);
        file(LITTLE, vec![page.strips(&[&strip, &strip])])
    };
    let zip = deflated(b"abcdefgh");
    let good = rows(&zip, b"");
    assert_eq!(clean(&good).unwrap().bytes, good);
    assert_eq!(clean(&rows(&zip, SECRET)).unwrap().bytes, good);
}

#[test]
fn runs_that_go_on_behind_the_last_row() {
    let build = |strip: &[u8]| file(LITTLE, vec![grey(LITTLE, 32773).strips(&[strip, strip])]);
    let long = [b"\x1Aabcdefgh", SECRET].concat();
    let cleaned = secret_goes(&build(&long), "tiff.strip.tail");
    assert_eq!(cleaned.bytes, build(b"\x07abcdefgh"));
    // Two runs, of which the second is too long.
    let long = [b"\x02abc\x17defgh", SECRET].concat();
    let cleaned = secret_goes(&build(&long), "tiff.strip.tail");
    assert_eq!(cleaned.bytes, build(b"\x02abc\x04defgh"));
}

#[test]
fn faxes_without_a_mark_of_their_end() {
    let build = |scheme: u16, strip: &[u8], options: &[u32]| {
        let mut page = Ifd::new(LITTLE)
            .short(0x0100, &[16])
            .short(0x0101, &[3])
            .short(0x0103, &[scheme])
            .short(0x0106, &[0]);
        if scheme == 3 {
            page = page.long(0x0124, options);
        }
        file(LITTLE, vec![page.one_strip(strip, strip.len() as u32)])
    };
    // White rows: `1` of T.6, `101010` of T.4 with marks and without.
    for (scheme, strip, options) in [
        (4, &b"\xE0"[..], &[][..]),
        (2, b"\xA8\xA8\xA8", &[]),
        (3, b"\x00\x1A\x80\x06\xA0\x01\xA8", &[0]),
    ] {
        let good = build(scheme, strip, options);
        let cleaned = clean(&good).unwrap();
        assert_eq!(cleaned.bytes, good, "{scheme} {:?}", cleaned.findings);
        assert!(cleaned.residue.is_empty());
        let input = build(scheme, &[strip, SECRET].concat(), options);
        assert_eq!(
            secret_goes(&input, "tiff.strip.tail").bytes,
            good,
            "{scheme}"
        );
    }
    // A row that is damaged does not end the picture.
    let damaged = build(3, b"\x00\x1A\x80\x06\x00\x01\xA8", &[0]);
    let cleaned = clean(&damaged).unwrap();
    assert_eq!((cleaned.bytes, cleaned.residue.len()), (damaged, 1));
    // What cannot be read is named.
    let cleaned = clean(&build(4, b"\x02SECRET", &[])).unwrap();
    assert_eq!(cleaned.residue[0].id, "tiff.strip.tail");
}

fn crc(bytes: &[u8]) -> Vec<u8> {
    crc32fast::hash(bytes).to_le_bytes().to_vec()
}

/// A stream of `.xz` around eight bytes, with a check sum and what stands behind it.
fn xz(check: u8, sum: &[u8], tail: &[u8]) -> Vec<u8> {
    let flags = [0, check];
    let header = [2, 0, 0x21, 1, 0x16, 0, 0, 0];
    let mut out = [
        &b"\xFD7zXZ\0"[..],
        &flags,
        &crc(&flags),
        &header,
        &crc(&header),
    ]
    .concat();
    out.extend(b"\x01\0\x07abcdefgh\0");
    let unpadded = 24 + sum.len() as u8;
    out.extend_from_slice(sum);
    let index = [0, 1, unpadded, 8];
    out.extend([&index[..], &crc(&index)].concat());
    let footer = [1, 0, 0, 0, 0, check];
    out.extend([&crc(&footer)[..], &footer, b"YZ"].concat());
    [&out, tail].concat()
}

#[test]
fn lzma_gets_a_container_of_its_own() {
    let build = |strip: &[u8]| file(LITTLE, vec![grey(LITTLE, 34925).strips(&[strip, strip])]);
    let good = build(&xz(0, &[], &[]));
    assert_eq!(clean(&good).unwrap().bytes, good);
    for dirty in [
        xz(10, &[SECRET, SECRET].concat()[..32], &[]),
        xz(0, &[], SECRET),
    ] {
        let cleaned = secret_goes(&build(&dirty), "tiff.strip.tail");
        assert_eq!(cleaned.bytes, good);
    }
    assert!(clean(&build(SECRET)).is_err());
}

#[test]
fn lerc_is_as_long_as_it_says() {
    let block = [
        &b"Lerc2 "[..],
        &4_i32.to_le_bytes(),
        &[0; 24],
        &40_i32.to_le_bytes(),
        b"xx",
    ];
    let block = block.concat();
    assert_eq!(block.len(), 40);
    let build = |options: u32, strip: &[u8]| {
        let page = grey(LITTLE, 34887).long(0xC5F2, &[4, options]);
        file(LITTLE, vec![page.strips(&[strip, strip])])
    };
    let good = build(0, &block);
    assert_eq!(clean(&good).unwrap().bytes, good);
    let input = build(0, &[&block, SECRET].concat());
    assert_eq!(secret_goes(&input, "tiff.strip.tail").bytes, good);
    let good = build(1, &deflated(&block));
    assert_eq!(clean(&good).unwrap().bytes, good);
    let hidden = deflated(&[&block, SECRET].concat());
    assert!(clean(&build(1, &hidden)).is_err());
    assert!(clean(&build(0, SECRET)).is_err());
}

#[test]
fn zstandard_names_nothing_else() {
    let build = |strip: &[u8]| file(LITTLE, vec![grey(LITTLE, 50000).strips(&[strip, strip])]);
    let good = b"\x28\xB5\x2F\xFD\x20\x08\x41\0\0abcdefgh";
    assert!(clean(&build(good)).is_ok());
    // A dictionary, a bit without meaning, a size and a check sum that are not true, a frame to be skipped.
    for bad in [
        &b"\x28\xB5\x2F\xFD\x23\x41\x42\x43\x44\x08\x41\0\0abcdefgh"[..],
        b"\x28\xB5\x2F\xFD\x30\x08\x41\0\0abcdefgh",
        b"\x28\xB5\x2F\xFD\x20\x09\x41\0\0abcdefgh",
        b"\x28\xB5\x2F\xFD\x24\x08\x41\0\0abcdefghNNNN",
        b"\x50\x2A\x4D\x18\x04\0\0\0text\x28\xB5\x2F\xFD\x20\x08\x41\0\0abcdefgh",
    ] {
        assert!(clean(&build(bad)).is_err(), "{bad:?}");
    }
}

#[test]
fn logarithms_of_sgi_and_thunder_scan() {
    for (scheme, photometric, bits, strip) in [
        (34676, 32844, 16, &b"\x82\x01\x04abcd\x82\x01\x82\x02"[..]),
        (34677, 32845, 8, &[7; 24][..]),
        (32809, 0, 4, b"\xC1\x03\xC2\x55"),
    ] {
        let page = |strip: &[u8]| {
            let page = Ifd::new(LITTLE)
                .short(0x0100, &[4])
                .short(0x0101, &[2])
                .short(0x0102, &[bits])
                .short(0x0103, &[scheme])
                .short(0x0106, &[photometric]);
            file(LITTLE, vec![page.one_strip(strip, strip.len() as u32)])
        };
        let good = page(strip);
        assert_eq!(clean(&good).unwrap().bytes, good, "{scheme}");
        let input = page(&[strip, SECRET].concat());
        assert_eq!(
            secret_goes(&input, "tiff.strip.tail").bytes,
            good,
            "{scheme}"
        );
    }
}

#[test]
fn jpeg_of_more_rows_is_named() {
    let jpeg = |rows: u8| {
        let frame = [0xFF, 0xC0, 0, 0x0B, 8, 0, rows, 0, 4, 1, 1, 0x11, 0];
        [&JPEG[..2], &frame, &JPEG[2..]].concat()
    };
    let build = |rows| file(LITTLE, vec![grey(LITTLE, 7).strips(&[&jpeg(rows), JPEG])]);
    assert!(clean(&build(2)).unwrap().residue.is_empty());
    assert_eq!(clean(&build(9)).unwrap().residue[0].id, "tiff.strip.tail");
}

#[test]
fn old_strips_may_begin_with_a_scan_header() {
    let header = b"\xFF\xDA\0\x08\x01\x01\0\0\x3F\0";
    let strip = [&header[..], b"\x01\x02"].concat();
    let build = |strip: &[u8]| file(LITTLE, vec![grey(LITTLE, 6).strips(&[strip, b"\x03\x04"])]);
    let good = build(&strip);
    assert_eq!(clean(&good).unwrap().bytes, good);
    let input = build(&[&strip, &b"\xFF\xFE\0\x15"[..], SECRET].concat());
    assert_eq!(secret_goes(&input, "tiff.jpegstrip").bytes, good);
}

#[test]
fn tables_that_no_scan_uses_go() {
    let huffman = |id: u8, text: &[u8]| {
        let mut table = vec![
            0xFF,
            0xC4,
            0,
            19 + text.len() as u8,
            id,
            0,
            text.len() as u8,
        ];
        table.extend([0; 14]);
        [&table, text].concat()
    };
    let frame = b"\xFF\xC0\0\x0B\x08\0\x02\0\x04\x01\x01\x11\0";
    let strip = |inside: &[u8]| [&JPEG[..2], inside, frame, &JPEG[2..]].concat();
    let build = |inside: &[u8], shared: &[u8]| {
        let tables = [b"\xFF\xD8", shared, b"\xFF\xD9"].concat();
        let page = grey(LITTLE, 7).strips(&[&strip(inside), &strip(inside)]);
        file(LITTLE, vec![page.raw(0x015B, field::UNDEFINED, &tables)])
    };
    let (used, unused) = (huffman(0, b"ab"), huffman(0x11, SECRET));
    let good = build(&used, &used);
    assert_eq!(clean(&good).unwrap().bytes, good);
    for dirty in [
        build(&used, &[&used[..], &unused].concat()),
        build(&[&used[..], &unused].concat(), &used),
    ] {
        assert_eq!(secret_goes(&dirty, "tiff.jpegstrip").bytes, good);
    }
    // Segments of kinds that no decoder needs, and longer than they say.
    for odd in [
        &b"\xFF\xDF\0\x06text"[..],
        b"\xFF\xC8\0\x06text",
        b"\xFF\xDD\0\x06text",
    ] {
        assert!(clean(&build(odd, &used)).is_err());
    }
}
