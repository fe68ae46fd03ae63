//! GIFs made in code, with something hidden in every structure.

use image::AnimationDecoder;

use super::blocks::to_sub_blocks;
use super::lzw::testing::pack;
use crate::model::{Error, Severity};
use crate::pipeline::testing::cleaned as clean;

/// Six pixels, all of colour 1, and the end code.
const CODES: [(u16, u32); 5] = [(4, 3), (1, 3), (6, 3), (7, 3), (5, 4)];
const SECRET: &[u8] = b"57.70890N 11.97460E";

/// A canvas of 3 × 2 pixels with a palette of four colours, and these blocks.
fn gif(blocks: &[&[u8]]) -> Vec<u8> {
    let mut out = b"GIF89a\x03\x00\x02\x00\x81\x00\x00".to_vec();
    // All pixels have colour 1, and colour 0 is the background.
    out.extend([9, 9, 9, 255, 0, 0, 0, 0, 0, 0, 0, 0]);
    out.extend(blocks.concat());
    out.push(0x3B);
    out
}

fn image_of(codes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x2C, 0, 0, 0, 0, 3, 0, 2, 0, 0, 2];
    out.extend(to_sub_blocks(codes));
    out.push(0);
    out
}

fn image() -> Vec<u8> {
    image_of(&pack(&CODES))
}

fn control(delay: u8) -> Vec<u8> {
    vec![0x21, 0xF9, 4, 0x09, delay, 0, 2, 0]
}

fn application(id: &[u8], data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x21, 0xFF, u8::try_from(id.len()).unwrap()];
    out.extend(id);
    out.extend(to_sub_blocks(data));
    out.push(0);
    out
}

fn extension(label: u8, data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x21, label];
    out.extend(to_sub_blocks(data));
    out.push(0);
    out
}

fn looped() -> Vec<u8> {
    application(b"NETSCAPE2.0", &[1, 7, 0])
}

fn xmp() -> Vec<u8> {
    let mut out = b"\x21\xFF\x0BXMP DataXMP<x:xmpmeta>".to_vec();
    out.extend(SECRET);
    out.extend(b"</x:xmpmeta>\x01");
    out.extend((0..=255).rev());
    out.push(0);
    out
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

/// What another decoder shows: the frames with their delays.
fn shown(bytes: &[u8]) -> Vec<(Vec<u8>, (u32, u32))> {
    let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(bytes)).unwrap();
    decoder
        .into_frames()
        .map(|frame| {
            let frame = frame.unwrap();
            let delay = frame.delay().numer_denom_ms();
            (frame.into_buffer().into_raw(), delay)
        })
        .collect()
}

#[test]
fn an_animation_stays_byte_for_byte() {
    let input = gif(&[&looped(), &control(5), &image(), &control(9), &image()]);
    let cleaned = clean(&input).unwrap();
    assert_eq!(cleaned.bytes, input);
    assert!(cleaned.found.findings.is_empty() && cleaned.residue.is_empty());
    assert_eq!(shown(&input).len(), 2);
}

#[test]
fn everything_else_goes_and_the_frames_stay() {
    let plain_text = [&[0; 12][..], SECRET].concat();
    let text = {
        let mut out = vec![0x21, 0x01, 12];
        out.extend(&plain_text[..12]);
        out.extend(to_sub_blocks(SECRET));
        out.push(0);
        out
    };
    let want = gif(&[&looped(), &control(5), &image(), &control(9), &image()]);
    let dirt: &[(&str, Vec<u8>)] = &[
        ("gif.comment", extension(0xFE, SECRET)),
        ("gif.comment", extension(0xFE, &SECRET.repeat(40))),
        ("gif.plaintext", text),
        ("gif.xmp", xmp()),
        ("gif.app.other", application(b"MIDISONGDm7", SECRET)),
        ("gif.app.other", application(b"MGK8BIM0000", SECRET)),
        ("gif.app.other", application(b"MGKIPTC0000", SECRET)),
        (
            "gif.app.other",
            application(b"C2PA_GIF\x01\x00\x00", SECRET),
        ),
        ("gif.app.other", application(SECRET, SECRET)),
        ("gif.app.other", application(b"ICCRGBG1012", b"")),
        (
            "gif.app.other",
            application(b"NETSCAPE2.0", &[2, 0, 0, 1, 0]),
        ),
        ("gif.ext.unknown", extension(0x77, SECRET)),
        ("gif.ext.unknown", extension(0x77, b"")),
    ];
    for (id, block) in dirt {
        let input = gif(&[
            block,
            &looped(),
            block,
            &control(5),
            block,
            &image(),
            block,
            &control(9),
            &image(),
            block,
        ]);
        let cleaned = clean(&input).unwrap();
        assert!(!contains(&cleaned.bytes, &SECRET[..8]), "{id}");
        assert_eq!(cleaned.bytes, want, "{id}");
        // The other decoder gives up at labels it does not know.
        if *id != "gif.ext.unknown" {
            assert_eq!(shown(&input), shown(&cleaned.bytes), "{id}");
        }
        let named = cleaned
            .found
            .findings
            .iter()
            .filter(|f| f.id == *id)
            .count();
        // Readers of comments, XMP and the like may have told more, under names of their own.
        assert!(
            named == 5 || cleaned.found.findings.len() >= 5,
            "{id}: {named}"
        );
    }
}

#[test]
fn nothing_stays_behind_the_end() {
    let clean_file = gif(&[&image()]);
    let input = [&clean_file[..], b"PK\x03\x04", SECRET].concat();
    let cleaned = clean(&input).unwrap();
    assert_eq!(cleaned.bytes, clean_file);
    let finding = cleaned
        .found
        .findings
        .iter()
        .find(|f| f.id == "gif.trailer");
    assert_eq!(finding.unwrap().severity, Severity::High);
}

#[test]
fn nothing_stays_behind_the_end_code() {
    let codes = pack(&CODES);
    let hidden = image_of(&[&codes[..], SECRET, &SECRET.repeat(30)].concat());
    let cleaned = clean(&gif(&[&hidden, &control(9), &image()])).unwrap();
    assert_eq!(cleaned.bytes, gif(&[&image(), &control(9), &image()]));
    assert_eq!(cleaned.found.findings[0].id, "gif.trailer");

    // In sub-blocks of their own, the end code cut in two by a boundary.
    let mut hidden = vec![0x2C, 0, 0, 0, 0, 3, 0, 2, 0, 0, 2, 1, codes[0], 1, codes[1]];
    hidden.extend(to_sub_blocks(SECRET));
    hidden.push(0);
    let cleaned = clean(&gif(&[&hidden])).unwrap();
    assert!(!contains(&cleaned.bytes, SECRET));
    assert_eq!(shown(&cleaned.bytes), shown(&gif(&[&image()])));

    // Pixels that no canvas has room for.
    let mut more = CODES[..4].to_vec();
    more.extend([(1, 4), (2, 4), (3, 4), (1, 4), (2, 4), (3, 4), (5, 4)]);
    let cleaned = clean(&gif(&[&image_of(&pack(&more))])).unwrap();
    assert_eq!(cleaned.bytes, gif(&[&image()]));
    assert_eq!(cleaned.found.findings[0].id, "gif.trailer");
}

#[test]
fn what_a_loop_or_a_control_block_carries_too_much_goes() {
    let fat_loop = application(b"NETSCAPE2.0", &[&[1, 7, 0][..], SECRET].concat());
    let fat_control = [&[0x21, 0xF9, 23, 0xE9, 5, 0, 2][..], SECRET, &[0]].concat();
    let input = gif(&[&fat_loop, &fat_control, &image()]);
    let cleaned = clean(&input).unwrap();
    assert_eq!(cleaned.bytes, gif(&[&looped(), &control(5), &image()]));
    assert!(
        cleaned
            .found
            .findings
            .iter()
            .all(|f| f.id == "gif.reserved")
    );

    // An index that is not used, and two reserved bits.
    let mut reserved = image();
    reserved[9] = 0x18;
    let unused = vec![0x21, 0xF9, 4, 0x08, 5, 0, 0x41, 0];
    let cleaned = clean(&gif(&[&unused, &reserved])).unwrap();
    let want = gif(&[&[0x21, 0xF9, 4, 0x08, 5, 0, 0, 0], &image()]);
    assert_eq!(cleaned.bytes, want);
    assert_eq!(cleaned.found.findings.len(), 2);
}

#[test]
fn colours_that_no_pixel_has_go() {
    let want = gif(&[&image()]);
    let mut dirty = want.clone();
    dirty[19..25].copy_from_slice(b"hidden");
    let cleaned = clean(&dirty).unwrap();
    assert_eq!(cleaned.bytes, want);
    assert_eq!(cleaned.found.findings[0].id, "gif.palette");
    assert_eq!(shown(&dirty), shown(&want));
    // A table of the image's own, and a global one that nobody uses.
    let local = |table: &[u8]| {
        let mut image = image();
        image[9] = 0x81;
        image.splice(10..10, table.iter().copied());
        gif(&[&image])
    };
    let cleaned = clean(&local(b"no, red, us,")).unwrap();
    let mut want = local(b"\0\0\0 re\0\0\0\0\0\0");
    want[16..19].fill(0);
    assert_eq!(cleaned.bytes, want);
}

#[test]
fn the_last_of_each_setting_counts() {
    let once = application(b"NETSCAPE2.0", &[1, 1, 0]);
    let other = application(b"ANIMEXTS1.0", &[1, 7, 0]);
    let input = gif(&[
        &once,
        &other,
        &control(3),
        &control(5),
        &image(),
        &looped(),
        &control(8),
    ]);
    let cleaned = clean(&input).unwrap();
    assert_eq!(
        cleaned.bytes,
        gif(&[&other, &control(5), &image(), &looped()])
    );
    // Browsers apply a control block to the next image, whatever text stands between them.
    let text = extension(0x01, &[0; 12]);
    let cleaned = clean(&gif(&[&control(5), &text, &image()])).unwrap();
    assert_eq!(cleaned.bytes, gif(&[&control(5), &image()]));
}

#[test]
fn what_is_no_profile_goes() {
    let profile = vec![b'p'; 600];
    let input = gif(&[&application(b"ICCRGBG1012", &profile), &image()]);
    let cleaned = clean(&input).unwrap();
    assert!(!contains(&cleaned.bytes, b"ICCRGBG1012"));
    assert!(!cleaned.found.findings.is_empty());
}

#[test]
fn pixels_outside_of_the_canvas_are_named() {
    let mut outside = image();
    outside[1] = 2;
    let cleaned = clean(&gif(&[&image(), &outside])).unwrap();
    assert_eq!(cleaned.residue[0].id, "gif.hidden");
}

#[test]
fn a_file_that_stops_early_is_ended() {
    let whole = gif(&[&looped(), &control(5), &image(), &control(9), &image()]);
    let first_image = 25 + looped().len() + control(5).len();
    for len in 0..whole.len() {
        let cut = &whole[..len];
        // An image that has begun, up to its minimum code size.
        if len < first_image + 11 {
            assert!(clean(cut).is_err_and(|error| error.is_refusal()), "{len}");
            continue;
        }
        let cleaned = clean(cut).unwrap();
        assert!(cleaned.bytes.ends_with(b"\x00\x3B"), "{len}");
    }
}

#[test]
fn pictures_behind_junk_are_refused_and_other_junk_goes() {
    let refused = |blocks: &[&[u8]]| matches!(clean(&gif(blocks)), Err(Error::Malformed { .. }));
    assert!(refused(&[&image(), b"\0", &image()]));
    assert!(refused(&[b"junk", &image()]));
    assert!(refused(&[]));
    assert!(refused(&[&extension(0xFE, SECRET)]));
    // A control block of a wrong size, a code that nobody defined.
    assert!(refused(&[&extension(0xF9, &[0, 0]), &image()]));
    assert!(refused(&[&image_of(&pack(&[(4, 3), (1, 3), (7, 3)]))]));

    // A size byte was lost, and what follows may be the rest of the picture.
    assert!(refused(&[&image_of(b""), b"\xF0 the rest"]));

    let cleaned = clean(&gif(&[&image(), b"\0\0junk", &extension(0xFE, SECRET)])).unwrap();
    assert_eq!(cleaned.bytes, gif(&[&image()]));
    // XMP whose magic trailer is cut swallows what follows, for decoders too.
    let packet = xmp();
    assert!(refused(&[&packet[..packet.len() - 200], &image()]));
}

#[test]
fn no_byte_brings_it_down() {
    let whole = gif(&[
        &looped(),
        &xmp(),
        &control(5),
        &image(),
        &extension(0xFE, SECRET),
        &image(),
        &application(b"MIDISONGDm7", SECRET),
    ]);
    for at in 0..whole.len() {
        for value in [0, 1, 0x21, 0x2C, 0x3B, 0x80, 0xFF] {
            let mut broken = whole.clone();
            broken[at] = value;
            if let Ok(cleaned) = clean(&broken) {
                assert!(cleaned.bytes.len() <= broken.len() + 1);
            }
        }
        let _ = clean(&whole[at..]);
        let _ = clean(&[&whole[..at], &whole[whole.len() / 2..]].concat());
    }
}

/// Runs of one colour, encoded by another encoder: tables that fill up, codes of all widths.
#[test]
fn pictures_of_another_encoder_are_walked_to_their_end() {
    for (width, height) in [(1, 1), (7, 3), (64, 64), (300, 200)] {
        let mut noise = 1u32;
        let frames = (0..3).map(|n| {
            let pixels = image::RgbaImage::from_fn(width, height, |x, y| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let grey = [x * y, noise >> 24, 7][n].to_le_bytes()[0];
                image::Rgba([grey, grey, 0, 255])
            });
            image::Frame::from_parts(pixels, 0, 0, image::Delay::from_numer_denom_ms(50, 1))
        });
        let mut bytes = Vec::new();
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        encoder.encode_frames(frames).unwrap();
        drop(encoder);
        let cleaned = clean(&bytes).unwrap();
        assert_eq!(cleaned.bytes, bytes, "{width} × {height}");
        let dirty = {
            let end = bytes.len() - 1;
            [&bytes[..end], &extension(0xFE, SECRET), &bytes[end..]].concat()
        };
        assert_eq!(clean(&dirty).unwrap().bytes, bytes);
    }
}
