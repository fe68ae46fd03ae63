//! Containers and codestreams put together in code. Sections hold anything: nobody here looks into them.

use super::Jxl;
use super::bits::{Bits, Reader};
use super::boxes::{CONTAINER, FILE_TYPE};
use super::icc;
use crate::bytes::testing::with_context;
use crate::bytes::{ReadAt, Source};
use crate::formats::Format;
use crate::model::Error;
use crate::pipeline::testing::cleaned as clean;

const SECRET: &[u8] = b"57.70890N 11.97460E";

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len() + 8).unwrap();
    [&len.to_be_bytes(), &kind[..], body].concat()
}

fn container(boxes: &[Vec<u8>]) -> Vec<u8> {
    [CONTAINER, FILE_TYPE, &boxes.concat()].concat()
}

/// Signature and 8 by 8 pixels.
fn start() -> Bits {
    let mut bits = Bits::default();
    bits.push(0x0AFF, 16);
    bits.push(1, 1);
    bits.push(0, 5);
    bits.push(1, 3);
    bits
}

fn finish(bits: Bits, frames: &[Vec<u8>]) -> Vec<u8> {
    [bits.into_bytes(), frames.concat()].concat()
}

/// A frame of default form with this section.
fn frame(section: &[u8]) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(1, 1);
    bits.push(0, 1);
    let mut out = bits.into_bytes();
    out.extend(sizes(section.len()));
    out.extend(section);
    out
}

fn sizes(len: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(0, 2);
    bits.push(len as u64, 10);
    bits.into_bytes()
}

/// A picture of default form.
fn plain() -> Vec<u8> {
    let mut bits = start();
    bits.push(0b11, 2);
    finish(bits, &[frame(b"pixels of a house")])
}

#[test]
fn plain_pictures_stay_as_they_are() {
    for bytes in [
        plain(),
        container(&[boxed(b"jxll", &[5]), boxed(b"jxlc", &plain())]),
    ] {
        assert_eq!(clean(&bytes).unwrap().bytes, bytes);
    }
    // Up to the end of the file, and with a long size.
    let open = [CONTAINER, FILE_TYPE, b"\0\0\0\0jxlc", &plain()].concat();
    assert_eq!(clean(&open).unwrap().bytes, open);
    let long = (plain().len() as u64 + 16).to_be_bytes();
    let long = [CONTAINER, FILE_TYPE, b"\0\0\0\x01jxlc", &long, &plain()].concat();
    assert_eq!(clean(&long).unwrap().bytes, long);
}

#[test]
fn all_other_boxes_go() {
    let expected = container(&[boxed(b"jxlc", &plain())]);
    for (kind, id) in [
        (b"Exif", "jxl.exif"),
        (b"xml ", "jxl.xml"),
        (b"jumb", "jxl.jumb"),
        (b"jbrd", "jxl.jbrd"),
        (b"jxli", "jxl.jxli"),
        (b"jhgm", "jxl.jhgm"),
        (b"free", "jxl.free"),
        (b"skip", "jxl.free"),
        (b"abcd", "jxl.unknown"),
        (b"brob", "jxl.unknown"),
        (b"jxll", "jxl.unknown"),
    ] {
        for first in [true, false] {
            let mut boxes = vec![boxed(b"jxlc", &plain()), boxed(kind, SECRET)];
            if first {
                boxes.reverse();
            }
            let cleaned = clean(&container(&boxes)).unwrap();
            assert!(cleaned.has(id), "{id}: {:?}", cleaned.ids());
            assert_eq!(cleaned.bytes, expected, "{id}");
        }
    }
}

#[test]
fn another_file_behind_the_picture_is_looked_into() {
    let expected = container(&[boxed(b"jxlc", &plain())]);
    let film = [boxed(b"ftyp", b"isom\0\0\0\0isom"), boxed(b"moov", SECRET)].concat();
    let dirty = [&expected[..], &film].concat();
    let cleaned = clean(&dirty).unwrap();
    assert!(cleaned.has("trailer.motion"), "{:?}", cleaned.ids());
    assert_eq!(cleaned.bytes, expected);
    // One in front of the picture is a box like any other.
    let front = container(&[boxed(b"ftyp", SECRET), boxed(b"jxlc", &plain())]);
    let cleaned = clean(&front).unwrap();
    assert!(cleaned.has("jxl.unknown"), "{:?}", cleaned.ids());
    assert_eq!(cleaned.bytes, expected);
}

#[test]
fn nothing_is_left_behind_the_end() {
    let dirty = [plain(), SECRET.to_vec()].concat();
    assert_eq!(clean(&dirty).unwrap().bytes, plain());
    let expected = container(&[boxed(b"jxlc", &plain())]);
    let inside = container(&[boxed(b"jxlc", &dirty)]);
    let behind = [expected.clone(), SECRET.to_vec()].concat();
    let short = [expected.clone(), vec![7; 5]].concat();
    for dirty in [inside, behind, short] {
        let cleaned = clean(&dirty).unwrap();
        assert!(cleaned.has("jxl.trailer"));
        assert_eq!(cleaned.bytes, expected);
    }
}

#[test]
fn pieces_are_put_together() {
    let dirty = [plain(), SECRET.to_vec()].concat();
    let piece = |number: u32, data: &[u8]| boxed(b"jxlp", &[&number.to_be_bytes(), data].concat());
    let last = 0x8000_0000;
    for cut in 0..plain().len() {
        let (a, b) = dirty.split_at(cut);
        let file = container(&[
            piece(0, a),
            boxed(b"xml ", SECRET),
            piece(1, b),
            piece(2 | last, SECRET),
        ]);
        let cleaned = clean(&file).unwrap();
        assert!(!cleaned.bytes.windows(8).any(|w| w == &SECRET[..8]));
        let whole = plain();
        let (a, b) = whole.split_at(cut);
        let expected = container(&[piece(0, a), piece(1 | last, b)]);
        assert_eq!(cleaned.bytes, expected, "cut at {cut}");
    }
    for bad in [
        container(&[piece(1 | last, &plain())]),
        container(&[piece(0, &plain()), piece(last, &[])]),
        container(&[piece(last, &plain()), piece(1, &[])]),
        container(&[piece(last, &plain()), boxed(b"jxlc", &plain())]),
        container(&[boxed(b"jxlc", &plain()), boxed(b"jxlc", &plain())]),
        container(&[boxed(b"jxlp", b"\0")]),
        container(&[]),
    ] {
        assert!(matches!(clean(&bad), Err(Error::Malformed { .. })));
    }
}

/// A header with everything: preview, animation with time codes, named channel, extension.
fn rich(profile: Option<&[u8]>) -> Vec<u8> {
    let mut bits = start();
    bits.push(0b10, 2); // not all default, more fields
    bits.push(5, 3); // orientation
    bits.push(0, 1);
    bits.push(1, 1); // preview of 16 by 16
    bits.push(0b1, 1);
    bits.push(2, 2);
    bits.push(1, 5);
    bits.push(1, 3);
    bits.push(1, 1); // animation
    bits.push(0, 6);
    bits.push(1, 1);
    bits.push(0, 3); // eight bits
    bits.push(1, 1);
    bits.push(1, 2); // a mask, named
    bits.push(0, 1);
    bits.push(0, 5);
    bits.push(0, 2);
    name(&mut bits);
    bits.push(0, 1);
    bits.push(1, 1); // XYB
    match profile {
        None => bits.push(1, 1),
        Some(_) => bits.push(0b0010, 4),
    }
    bits.push(1, 1); // tone mapping
    extension(&mut bits);
    bits.push(1, 1);
    if let Some(profile) = profile {
        bits.append(&icc::write(profile));
    }
    let preview = rich_frame(true);
    finish(bits, &[preview, rich_frame(false), rich_frame(true)])
}

fn name(bits: &mut Bits) {
    bits.push(2, 2);
    bits.push(SECRET.len() as u64 - 16, 5);
    SECRET.iter().for_each(|b| bits.push((*b).into(), 8));
}

fn extension(bits: &mut Bits) {
    bits.push(1, 2);
    bits.push(0, 4);
    bits.push(2, 2);
    bits.push(SECRET.len() as u64 * 8 - 17, 8);
    SECRET.iter().for_each(|b| bits.push((*b).into(), 8));
}

fn rich_frame(is_last: bool) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(0, 1);
    bits.push(0, 2);
    bits.push(0, 1); // VarDCT
    bits.push(0, 2);
    bits.push(0, 4); // upsampling
    bits.push(0, 6);
    bits.push(0, 2);
    bits.push(0, 1);
    bits.push(0, 4); // blending
    bits.push(1, 2); // duration 1
    bits.push(0x1234_5678, 32);
    bits.push(is_last.into(), 1);
    if !is_last {
        bits.push(0, 2);
    }
    name(&mut bits);
    bits.push(0, 1); // filters:
    bits.push(0, 3);
    extension(&mut bits);
    extension(&mut bits);
    bits.push(0, 1);
    let mut out = bits.into_bytes();
    out.extend(sizes(3));
    out.extend(b"abc");
    out
}

#[test]
fn headers_keep_what_shows() {
    let profile = with_context(|cx| {
        let mut profile = vec![0; 132];
        profile[..4].copy_from_slice(&132u32.to_be_bytes());
        profile[8] = 4;
        profile[12..24].copy_from_slice(b"mntrRGB XYZ ");
        profile[36..40].copy_from_slice(b"acsp");
        profile[80..84].copy_from_slice(b"ANNA");
        crate::metadata::icc::scrub(&profile, cx).map(|clean| (profile, clean))
    });
    let (dirty, clean_profile) = profile.unwrap();
    for (profile, expected) in [(None, None), (Some(&dirty), Some(&clean_profile))] {
        let input = rich(profile.map(Vec::as_slice));
        let cleaned = clean(&input).unwrap();
        for id in [
            "jxl.codestream.name",
            "jxl.codestream.extension",
            "jxl.codestream.preview",
            "jxl.codestream.timecode",
        ] {
            assert!(cleaned.has(id), "{id}");
        }
        let mut bits = start();
        bits.push(0b10, 2);
        bits.push(5, 3);
        bits.push(0, 2);
        bits.push(1, 1);
        bits.push(0, 7);
        bits.push(0, 3);
        bits.push(1, 1);
        bits.push(1, 2);
        bits.push(0, 1);
        bits.push(0, 5);
        bits.push(0, 2);
        bits.push(0, 2);
        bits.push(0, 1);
        bits.push(1, 1);
        match expected {
            None => bits.push(1, 1),
            Some(_) => bits.push(0b0010, 4),
        }
        bits.push(1, 1);
        bits.push(0, 2);
        bits.push(1, 1);
        if let Some(profile) = expected {
            bits.append(&icc::write(profile));
        }
        let header = bits.into_bytes();
        assert_eq!(cleaned.bytes[..header.len()], header);
        assert!(cleaned.bytes.len() < input.len() / 2 + 200);
        assert!(cleaned.bytes.ends_with(b"abc"));
    }
}

#[test]
fn frames_that_nobody_sees_go_or_are_named() {
    let hidden = |kind: u64| {
        let mut bits = Bits::default();
        bits.push(0, 1);
        bits.push(kind, 2);
        bits.push(0, 1);
        bits.push(0, 2);
        bits.push(0, 2);
        bits.push(0, 6);
        if kind != 2 {
            bits.push(0, 2);
        }
        if kind == 1 {
            bits.push(0, 2);
        } else {
            bits.push(0, 1);
            bits.push(1, 2);
            bits.push(1, 1);
        }
        bits.push(0, 2);
        bits.push(1, 1);
        bits.push(0, 2);
        bits.push(0, 1);
        let mut out = bits.into_bytes();
        out.extend(sizes(SECRET.len()));
        out.extend(SECRET);
        out
    };
    for kind in [1, 2] {
        let mut bits = start();
        bits.push(0b11, 2);
        let input = finish(bits, &[hidden(kind), frame(b"pixels of a house")]);
        let cleaned = clean(&input).unwrap();
        assert!(cleaned.has("jxl.codestream.frame"));
        assert_eq!(cleaned.bytes, plain());
    }
    // A regular frame that is not the last: a layer.
    let mut bits = Bits::default();
    bits.push(0, 4);
    bits.push(0, 2);
    bits.push(0, 2);
    bits.push(0, 6);
    bits.push(0, 2);
    bits.push(0, 1);
    bits.push(0, 2);
    bits.push(0, 1);
    bits.push(0, 2);
    bits.push(0, 1);
    bits.push(0, 2);
    bits.push(1, 1);
    bits.push(0, 2);
    bits.push(0, 1);
    let layer = [bits.into_bytes(), sizes(3), b"abc".to_vec()].concat();
    let mut bits = start();
    bits.push(0b11, 2);
    let cleaned = clean(&finish(bits, &[layer, frame(b"above")])).unwrap();
    assert_eq!(cleaned.ids(), [] as [&str; 0]);
    assert_eq!(cleaned.residue[0].id, "jxl.hidden.layer");
}

#[test]
fn channels_that_nobody_sees_are_told() {
    // All fields of the picture, with one more channel of this kind.
    let with = |kind: u64| {
        let mut bits = start();
        bits.push(0, 2);
        bits.push(0, 3);
        bits.push(1, 1);
        // One channel, of a kind below 18, of eight bits, not scaled, without a name.
        bits.push(1, 2);
        bits.push(0, 1);
        match kind {
            0 | 1 => bits.push(kind, 2),
            _ => {
                bits.push(2, 2);
                bits.push(kind - 2, 4);
            }
        }
        bits.push(0, 3);
        bits.push(0, 2);
        bits.push(0, 2);
        if kind == 0 {
            bits.push(0, 1);
        }
        // XYB, standard colours, no extensions; standard transform.
        bits.push(0b11, 2);
        bits.push(0, 2);
        bits.push(1, 1);
        finish(bits, &[frame(b"pixels")])
    };
    for (kind, stays) in [
        (0, vec![]),
        (1, vec!["jxl.hidden.channel"]),
        (4, vec![]),
        (6, vec!["jxl.hidden.channel"]),
    ] {
        let cleaned = clean(&with(kind)).unwrap();
        assert_eq!(
            (cleaned.bytes == with(kind), cleaned.stays()),
            (true, stays)
        );
    }
}

#[test]
fn profiles_survive_their_coding() {
    for len in [1u64, 127, 128, 129, 400, 70_000] {
        let profile: Vec<u8> = (0..len).map(|n| (n * n % 251) as u8).collect();
        let coded = icc::write(&profile).into_bytes();
        let read = with_context(|cx| icc::read(&mut Reader::new(&coded), cx));
        assert_eq!(read.unwrap(), profile);
    }
}

#[test]
fn damage_is_refused() {
    let file = container(&[boxed(b"jxlc", &rich(None))]);
    for len in 0..file.len() {
        assert!(clean(&file[..len]).is_err(), "cut to {len} bytes");
    }
    for bare in [plain(), rich(None)] {
        for len in 0..bare.len() {
            assert!(clean(&bare[..len]).is_err(), "cut to {len} bytes");
        }
    }
    // Only zeros may fill the last byte of a header.
    let mut padded = plain();
    padded[3] |= 0x80;
    assert!(clean(&padded).is_err());
}

/// A file that is read at positions, as large ones are.
struct Positioned(Vec<u8>);

impl ReadAt for Positioned {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> std::io::Result<()> {
        let start = usize::try_from(offset).unwrap();
        buf.copy_from_slice(&self.0[start..start + buf.len()]);
        Ok(())
    }
}

#[test]
fn long_headers_are_read_as_far_as_it_takes() {
    // More channels with names than the first read can hold.
    let mut bits = start();
    bits.push(0, 2);
    bits.push(0, 3);
    bits.push(1, 1);
    bits.push(3, 2);
    bits.push(199, 12);
    for _ in 0..200 {
        bits.push(0, 1);
        bits.push(0, 5);
        bits.push(0, 2);
        name(&mut bits);
        bits.push(0, 1);
    }
    bits.push(0b11, 2);
    bits.push(0, 2);
    bits.push(1, 1);
    let bytes = finish(bits, &[frame(b"x")]);
    assert!(bytes.len() > 4096);
    let cleaned = clean(&bytes).unwrap();
    assert_eq!(cleaned.ids().len(), 200);
    let file = Positioned(bytes);
    let found = with_context(|cx| Jxl.examine(&Source::random(&file), cx));
    assert_eq!(found.unwrap().found.findings.len(), 200);
}

#[test]
fn packed_boxes_are_looked_into() {
    // A brotli stream of stored bytes.
    let brotli = |data: &[u8]| {
        let mut bits = Bits::default();
        bits.push(0, 4);
        bits.push(data.len() as u64 - 1, 16);
        bits.push(1, 1);
        let mut out = bits.into_bytes();
        out.extend(data);
        out.push(3);
        out
    };
    let body = [b"xml ", &brotli(b"<x>anna@example.org</x>")[..]].concat();
    let file = container(&[boxed(b"brob", &body), boxed(b"jxlc", &plain())]);
    let cleaned = clean(&file).unwrap();
    assert!(
        cleaned.has("jxl.xml") && cleaned.ids().len() > 1,
        "{:?}",
        cleaned.ids()
    );
    let mut streams = Vec::new();
    with_context(|cx| {
        Jxl.streams(
            &Source::memory(&file),
            cx,
            &mut |name: &'static str, bytes: &[u8]| {
                streams.push((name, bytes.to_vec()));
                Ok(())
            },
        )
    })
    .unwrap();
    assert_eq!(streams, [("brob", b"<x>anna@example.org</x>".to_vec())]);
}
