//! Whole files.

use crate::model::{Error, OutcomeKind, Result};
use crate::pipeline::testing::{Cleaned, cleaned};

const CLEAN: &[u8] = include_bytes!("../../../../sample_media/jpeg/clean.jpg");
const RESTART: &[u8] = include_bytes!("../../../../sample_media/jpeg/restart.jpg");
const ULTRA_HDR: &[u8] = include_bytes!("../../../../sample_media/jpeg/ultra-hdr.jpg");

fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let len = (payload.len() as u16 + 2).to_be_bytes();
    [&[0xFF, marker], &len[..], payload].concat()
}

/// Where the first marker of this kind is located.
fn at(jpeg: &[u8], marker: u8) -> usize {
    let mut at = 2;
    while jpeg[at + 1] != marker {
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    at
}

/// With `bytes` in front of the first marker of this kind.
fn with(jpeg: &[u8], marker: u8, bytes: &[u8]) -> Vec<u8> {
    let at = at(jpeg, marker);
    [&jpeg[..at], bytes, &jpeg[at..]].concat()
}

fn pixels(jpeg: &[u8]) -> Vec<u8> {
    let decoded = image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg);
    decoded.unwrap().into_rgb8().into_raw()
}

/// Coded by a standard encoder, noisy enough to be large.
fn noise(width: u32, height: u32) -> Vec<u8> {
    let mut state = 1u32;
    let mut pixels = Vec::new();
    for n in 0..width * height * 3 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let detail = (state >> 24) as u8 / 4;
        pixels.push(detail.wrapping_add(((n / width) % 97) as u8));
    }
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 60)
        .encode(&pixels, width, height, image::ExtendedColorType::Rgb8)
        .unwrap();
    out
}

fn is_damaged(result: Result<Cleaned>) -> bool {
    matches!(result, Err(Error::Malformed { .. }))
}

/// Offsets of the restart markers.
fn restarts(jpeg: &[u8]) -> Vec<usize> {
    let start = at(jpeg, 0xDA);
    let places = start..jpeg.len() - 1;
    places
        .filter(|n| jpeg[*n] == 0xFF && matches!(jpeg[n + 1], 0xD0..=0xD7))
        .collect()
}

#[test]
fn restart_intervals_out_of_order_are_damage() {
    let marks = restarts(RESTART);
    assert!(cleaned(RESTART).is_ok());
    // An interval doubled, one left out, one too many at the end, hidden data in one of its own.
    let doubled = [&RESTART[..marks[5]], &RESTART[marks[4]..]].concat();
    assert!(is_damaged(cleaned(&doubled)));
    let without = [&RESTART[..marks[4]], &RESTART[marks[5]..]].concat();
    assert!(is_damaged(cleaned(&without)));
    let end = RESTART.len() - 2;
    let more = [&RESTART[..end], b"\xFF\xD7secret\xFF\xD9"].concat();
    assert!(is_damaged(cleaned(&more)));
    let hidden = [
        &RESTART[..marks[4]],
        b"\xFF\xD4secret text",
        &RESTART[marks[4]..],
    ]
    .concat();
    assert!(is_damaged(cleaned(&hidden)));
    // Markers in a scan that has no intervals.
    let stray = [&CLEAN[..CLEAN.len() - 2], b"\xFF\xD0secret\xFF\xD9"].concat();
    assert!(is_damaged(cleaned(&stray)));
    // One more marker, with nothing behind it, does no harm.
    let bare = [&RESTART[..end], b"\xFF\xD7\xFF\xD9"].concat();
    assert_eq!(pixels(&cleaned(&bare).unwrap().bytes), pixels(RESTART));
}

#[test]
fn what_follows_a_picture_without_an_end_mark_is_removed() {
    let open = &CLEAN[..CLEAN.len() - 2];
    let place = b"{\"lat\": 59.5000, \"lng\": 18.2500}";
    for tail in [
        &b"\0\0\x30\x0A\xFF\x09\xFF\xE3\x12\x34\xFF\xD3ab\xFF\xC0\xFF"[..],
        b"\0\0\xFF\xE1\0\x08abcdef garbage \xFF\xD9 more",
        b"\x01\x02\xFF\xD8\xFF\xE1\0\x04abnot a picture",
        CLEAN,
    ] {
        let dirty = [open, tail, &[7; 40], place].concat();
        let cleaned = cleaned(&dirty).unwrap();
        assert_eq!(cleaned.bytes, CLEAN);
        let places = cleaned.found.findings.iter();
        let places = places.filter(|f| matches!(f.value, Some(crate::model::Value::Place(_))));
        assert_eq!(places.count(), 1, "{:?}", cleaned.found.findings);
    }
    // A picture that stops with its coded data, or in it, stays as it is.
    for len in [CLEAN.len() - 2, CLEAN.len() - 200] {
        assert_eq!(cleaned(&CLEAN[..len]).unwrap().bytes, &CLEAN[..len]);
    }
    // What stops in front of a marker that makes no sense is damaged.
    let damaged = [
        &CLEAN[..CLEAN.len() - 200],
        b"\xFF\x02",
        &CLEAN[CLEAN.len() - 198..],
    ]
    .concat();
    assert!(is_damaged(cleaned(&damaged)));
}

#[test]
fn segments_that_no_decoder_of_the_frame_reads_are_removed() {
    let secret = b"\x10S\x10E\x10C\x10R\x10E\x10T";
    for dirty in [
        with(CLEAN, 0xDA, &segment(0xCC, secret)),
        with(
            CLEAN,
            0xC0,
            &[segment(0xDD, b"AB"), segment(0xDD, b"\0\0")].concat(),
        ),
        [
            &CLEAN[..CLEAN.len() - 2],
            &segment(0xDC, b"AB"),
            b"\xFF\xD9",
        ]
        .concat(),
        [
            &CLEAN[..CLEAN.len() - 2],
            &segment(0xDD, b"AB"),
            b"\xFF\xD9",
        ]
        .concat(),
        [&CLEAN[..CLEAN.len() - 2], &segment(0xDF, b"A"), b"\xFF\xD9"].concat(),
        [
            &CLEAN[..CLEAN.len() - 2],
            &segment(0xDE, b"\x08\0\x08\0\x08\x01AAA"),
            b"\xFF\xD9",
        ]
        .concat(),
        [
            &CLEAN[..CLEAN.len() - 2],
            &segment(0xC0, b"\x08\0\x08\0\x08\x01AAA"),
            b"\xFF\xD9",
        ]
        .concat(),
    ] {
        let copy = cleaned(&dirty).unwrap().bytes;
        assert!(copy.len() <= CLEAN.len() + 6, "{}", copy.len());
        assert_eq!(pixels(&copy), pixels(CLEAN));
        assert!(!copy.windows(2).any(|two| two == b"AB"));
    }
    let scan = &CLEAN[at(CLEAN, 0xDA)..];
    let twice = [&CLEAN[..CLEAN.len() - 2], scan].concat();
    assert!(is_damaged(cleaned(&twice)));
}

#[test]
fn rows_below_the_height_are_removed() {
    for (width, height, less) in [(320, 240, 80u16), (1280, 960, 640)] {
        let whole = noise(width, height);
        assert_eq!(cleaned(&whole).unwrap().bytes, whole);
        let mut cut = whole.clone();
        let sof = at(&cut, 0xC0);
        cut[sof + 5..sof + 7].copy_from_slice(&less.to_be_bytes());
        let cleaned = cleaned(&cut).unwrap();
        let share = cleaned.bytes.len() * usize::try_from(height).unwrap();
        assert!(share < whole.len() * (usize::from(less) + 40), "{share}");
        assert_eq!(pixels(&cleaned.bytes), pixels(&cut));
    }
}

#[test]
fn standard_tables_are_written_where_there_are_none() {
    let whole = noise(64, 48);
    let mut bare = whole.clone();
    while let Some(dht) = (2..at(&bare, 0xDA)).find(|n| bare[*n..].starts_with(b"\xFF\xC4")) {
        let len = usize::from(u16::from_be_bytes([bare[dht + 2], bare[dht + 3]])) + 2;
        bare.drain(dht..dht + len);
    }
    for film in [b"AVI1\0\0\0\0\0\0".as_slice(), b"AVI1"] {
        let dirty = [&bare[..2], &segment(0xE0, film), &bare[2..]].concat();
        for dirty in [&dirty, &bare] {
            let copy = cleaned(dirty).unwrap().bytes;
            assert_eq!(pixels(&copy), pixels(&whole));
            assert_eq!(cleaned(&copy).unwrap().bytes, copy);
        }
    }
}

/// A profile with curves of so many points.
fn profile(points: u16) -> Vec<u8> {
    let xyz = |x: u32| -> Vec<u8> {
        let numbers = [x, 0x8000, 0x4000].map(u32::to_be_bytes).concat();
        [&b"XYZ \0\0\0\0"[..], &numbers].concat()
    };
    let curve = |k: u16| -> Vec<u8> {
        let table = (0..points).flat_map(|n| n.wrapping_mul(k).to_be_bytes());
        let count = u32::from(points).to_be_bytes();
        [&b"curv\0\0\0\0"[..], &count, &table.collect::<Vec<_>>()].concat()
    };
    let tags = [
        (b"wtpt", xyz(0xF6D6)),
        (b"rXYZ", xyz(1)),
        (b"gXYZ", xyz(2)),
        (b"bXYZ", xyz(3)),
        (b"rTRC", curve(1)),
        (b"gTRC", curve(2)),
        (b"bTRC", curve(3)),
    ];
    let mut out = vec![0; 128];
    out[8] = 2;
    out[12..24].copy_from_slice(b"mntrRGB XYZ ");
    out[36..40].copy_from_slice(b"acsp");
    out.extend((tags.len() as u32).to_be_bytes());
    let mut offset = 132 + tags.len() * 12;
    for (name, data) in &tags {
        out.extend(*name);
        out.extend((offset as u32).to_be_bytes());
        out.extend((data.len() as u32).to_be_bytes());
        offset += data.len();
    }
    out.extend(tags.iter().flat_map(|(_, data)| data.clone()));
    let len = (out.len() as u32).to_be_bytes();
    out[..4].copy_from_slice(&len);
    out
}

fn pieces(profile: &[u8], len: usize) -> Vec<u8> {
    let count = profile.len().div_ceil(len) as u8;
    let chunks = profile.chunks(len).zip(1..);
    chunks
        .flat_map(|(data, n)| segment(0xE2, &[b"ICC_PROFILE\0", &[n, count][..], data].concat()))
        .collect()
}

#[test]
fn a_profile_of_several_segments_is_kept() {
    let profile = profile(12_000);
    assert!(profile.len() > 65_519);
    for len in [65_519, 40_000, 1000] {
        let dirty = with(CLEAN, 0xDB, &pieces(&profile, len));
        let copy = cleaned(&dirty).unwrap().bytes;
        assert!(copy.len() > CLEAN.len() + 65_519);
        let again = cleaned(&copy).unwrap();
        assert_eq!((again.bytes, again.kind), (copy, OutcomeKind::AlreadyClean));
    }
}

#[test]
fn a_block_that_is_no_profile_is_removed() {
    let nonsense = vec![b'x'; 400];
    for data in [&b""[..], b"this is no profile", &nonsense] {
        let dirty = with(
            CLEAN,
            0xDB,
            &segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", data].concat()),
        );
        assert_eq!(cleaned(&dirty).unwrap().bytes, CLEAN);
    }
}

#[test]
fn a_gain_map_of_another_shape_is_removed() {
    let starts = |jpeg: &[u8]| jpeg.windows(3).filter(|w| *w == b"\xFF\xD8\xFF").count();
    let copy = cleaned(ULTRA_HDR).unwrap().bytes;
    assert_eq!(starts(&copy), 2);
    let mut places = 0..ULTRA_HDR.len() - 4;
    let map = places.rfind(|n| ULTRA_HDR[*n..].starts_with(b"\xFF\xC0\0\x11"));
    let sof = map.unwrap();
    for change in [5, 7] {
        // A shape that does not fit, and one that is larger than the picture.
        let mut other = ULTRA_HDR.to_vec();
        other[sof + change + 1] /= 2;
        assert_eq!(starts(&cleaned(&other).unwrap().bytes), 1);
        other[sof + change] = 9;
        assert_eq!(starts(&cleaned(&other).unwrap().bytes), 1);
    }
}

fn exif(orientation: u8) -> Vec<u8> {
    let tiff = [
        b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0",
        &[orientation][..],
        &[0; 6],
    ];
    segment(0xE1, &[&b"Exif\0\0"[..], &tiff.concat()].concat())
}

#[test]
fn the_first_exif_segment_turns_the_picture() {
    // Browsers, ImageMagick and Pillow read the first one only.
    let first = with(CLEAN, 0xDB, &[exif(6), exif(3)].concat());
    assert_eq!(cleaned(&first).unwrap().bytes, with(CLEAN, 0xDB, &exif(6)));
    let second = with(CLEAN, 0xDB, &[exif(1), exif(3)].concat());
    assert_eq!(cleaned(&second).unwrap().bytes, CLEAN);
    // One zero byte instead of two.
    let mut odd = exif(6);
    odd.remove(8);
    odd[3] -= 1;
    assert_eq!(cleaned(&with(CLEAN, 0xDB, &odd)).unwrap().bytes, CLEAN);
}

#[test]
fn metadata_between_the_segments_is_read() {
    let mut block = exif(6);
    block[0] = 0;
    let dirty = with(CLEAN, 0xDB, &block);
    let cleaned = cleaned(&dirty).unwrap();
    assert_eq!(cleaned.bytes, CLEAN);
    assert!(cleaned.has("trailer.exif"), "{:?}", cleaned.ids());
}

#[test]
fn many_entries_at_the_same_text_take_little() {
    // 2,000 entries of each segment point to the same 40,000 bytes.
    let mut tiff = b"MM\0*\0\0\0\x08\x07\xD0".to_vec();
    for _ in 0..2000 {
        tiff.extend(b"\x01\x0E\0\x02\0\0\x9C\x40\0\0\0\x08");
    }
    tiff.resize(60_000, b'x');
    let block = segment(0xE1, &[&b"Exif\0\0"[..], &tiff].concat());
    let cleaned = cleaned(&with(CLEAN, 0xDB, &block.repeat(60))).unwrap();
    assert_eq!(cleaned.bytes, CLEAN);
    assert!(
        cleaned.found.findings.len() < 12_000,
        "{}",
        cleaned.found.findings.len()
    );
}

#[test]
fn a_broken_table_that_is_replaced_hides_nothing() {
    // Two codes of one bit and one of two do not fit.
    let broken = [
        &[0][..],
        &[2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0, 1, 2],
    ]
    .concat();
    let mut dirty = with(CLEAN, 0xC4, &segment(0xC4, &broken));
    let end = dirty.len() - 2;
    dirty.splice(end..end, *b"text of a secret");
    assert_eq!(
        cleaned(&dirty).unwrap().bytes,
        cleaned(CLEAN).unwrap().bytes
    );
}
