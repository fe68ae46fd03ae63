//! WebPs put together in code around real coded pictures, with something hidden in every structure.

use image::AnimationDecoder;
use image::codecs::webp::{WebPDecoder, WebPEncoder};

use crate::containers::riff::to_chunk;
use crate::metadata::exif;
use crate::model::{Error, Severity};
use crate::pipeline::testing::cleaned as clean;

const SECRET: &[u8] = b"57.70890N 11.97460E";

fn webp(chunks: &[&[u8]]) -> Vec<u8> {
    to_chunk(*b"RIFF", &[b"WEBP", &*chunks.concat()].concat())
}

/// A lossless picture of 3 × 2 pixels; `alpha` makes one of them transparent.
fn vp8l(alpha: bool) -> Vec<u8> {
    let mut pixels: Vec<u8> = (0..24).map(|n| n * 9).collect();
    for (n, pixel) in pixels.chunks_mut(4).enumerate() {
        pixel[3] = if alpha && n == 2 { 40 } else { 255 };
    }
    let mut out = Vec::new();
    WebPEncoder::new_lossless(&mut out)
        .encode(&pixels, 3, 2, image::ExtendedColorType::Rgba8)
        .unwrap();
    // The encoder says that every RGBA picture has alpha.
    let at = out.windows(4).position(|w| w == b"VP8L").unwrap();
    let len = usize::from(out[at + 4]);
    if !alpha {
        out[at + 8 + 4] &= !0x10;
    }
    to_chunk(*b"VP8L", &out[at + 8..at + 8 + len])
}

/// A lossy picture of one grey pixel, encoded by libwebp.
fn vp8() -> Vec<u8> {
    let data = [
        0x30, 0x01, 0x00, 0x9D, 0x01, 0x2A, 0x01, 0x00, 0x01, 0x00, 0x02, 0x00, 0x34, 0x25, 0xA4,
        0x00, 0x03, 0x70, 0x00, 0xFE, 0xFB, 0x94, 0x00, 0x00,
    ];
    to_chunk(*b"VP8 ", &data)
}

fn vp8x(flags: u8) -> Vec<u8> {
    to_chunk(*b"VP8X", &[flags, 0, 0, 0, 2, 0, 0, 1, 0, 0])
}

fn anim() -> Vec<u8> {
    to_chunk(*b"ANIM", &[1, 2, 3, 4, 5, 0])
}

fn frame(duration: u8, chunks: &[&[u8]]) -> Vec<u8> {
    let header = [0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, duration, 0, 0, 2];
    to_chunk(*b"ANMF", &[&header[..], &chunks.concat()].concat())
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

/// What another decoder shows.
fn shown(bytes: &[u8]) -> Vec<(Vec<u8>, (u32, u32))> {
    let decoder = WebPDecoder::new(std::io::Cursor::new(bytes)).unwrap();
    if decoder.has_animation() {
        return decoder
            .into_frames()
            .map(|frame| {
                let frame = frame.unwrap();
                let delay = frame.delay().numer_denom_ms();
                (frame.into_buffer().into_raw(), delay)
            })
            .collect();
    }
    let picture = image::DynamicImage::from_decoder(decoder).unwrap();
    vec![(picture.into_rgba8().into_raw(), (0, 0))]
}

fn dirt() -> Vec<Vec<u8>> {
    let odd = &SECRET[..9];
    vec![
        to_chunk(*b"EXIF", SECRET),
        to_chunk(*b"XMP ", SECRET),
        to_chunk(*b"XMP\0", odd),
        to_chunk(*b"C2PA", SECRET),
        to_chunk(*b"META", SECRET),
        to_chunk(*b"HG00", odd),
        to_chunk(*b"LIST", SECRET),
    ]
}

#[test]
fn clean_files_stay_byte_for_byte() {
    let animation = [
        &vp8x(0x12)[..],
        &anim(),
        &frame(50, &[&vp8l(true)]),
        &frame(90, &[&vp8l(false)]),
    ];
    for file in [
        webp(&[&vp8()]),
        webp(&[&vp8l(true)]),
        webp(&[&vp8x(0x10), &vp8l(true)]),
        webp(&[&vp8x(0), &vp8l(false)]),
        webp(&[&vp8x(0x10), &to_chunk(*b"ALPH", &[0, 77]), &vp8()]),
        webp(&animation),
    ] {
        let cleaned = clean(&file).unwrap();
        assert_eq!(cleaned.found.findings, []);
        assert_eq!(cleaned.bytes, file);
    }
    assert_eq!(shown(&webp(&animation)).len(), 2);
}

#[test]
fn everything_else_goes_and_the_picture_stays() {
    for dirt in dirt() {
        let simple = webp(&[&vp8l(true), &dirt, &dirt]);
        let cleaned = clean(&simple).unwrap();
        assert_eq!(cleaned.bytes, webp(&[&vp8l(true)]));
        assert_eq!(shown(&simple), shown(&cleaned.bytes));

        // Flags that announce nothing but what goes.
        let extended = webp(&[&vp8x(0x1C), &dirt, &vp8l(true), &dirt]);
        let cleaned = clean(&extended).unwrap();
        assert_eq!(cleaned.bytes, webp(&[&vp8x(0x10), &vp8l(true)]));
        assert_eq!(shown(&simple), shown(&cleaned.bytes));

        let animation = webp(&[
            &vp8x(0x1E),
            &dirt,
            &anim(),
            &dirt,
            &frame(50, &[&dirt, &vp8l(true), &dirt]),
            &dirt,
            &frame(90, &[&vp8l(false), &dirt]),
        ]);
        let cleaned = clean(&animation).unwrap();
        let want = webp(&[
            &vp8x(0x12),
            &anim(),
            &frame(50, &[&vp8l(true)]),
            &frame(90, &[&vp8l(false)]),
        ]);
        assert_eq!(cleaned.bytes, want);
        assert!(!contains(&cleaned.bytes, &SECRET[..8]));
        assert!(cleaned.found.findings.len() >= 6);
    }
}

#[test]
fn flags_say_the_truth() {
    for flags in 0..=255u8 {
        let still = clean(&webp(&[&vp8x(flags), &vp8l(false)])).unwrap();
        assert_eq!(still.bytes, webp(&[&vp8x(0), &vp8l(false)]), "{flags:02X}");
        let alpha = to_chunk(*b"ALPH", &[0, 77]);
        let still = clean(&webp(&[&vp8x(flags), &alpha, &vp8()])).unwrap();
        assert_eq!(still.bytes, webp(&[&vp8x(flags & 0x10), &alpha, &vp8()]));
    }
    // Opaque frames that leave some of the canvas open.
    let mut small = frame(1, &[&vp8l(false)]);
    small[14] = 0;
    let open = webp(&[&vp8x(0x12), &anim(), &small]);
    assert_eq!(clean(&open).unwrap().bytes, open);
}

#[test]
fn a_block_that_is_no_profile_is_removed() {
    let profile = to_chunk(*b"ICCP", b"not a profile");
    for chunks in [
        [&vp8x(0x20), &profile, &vp8l(false)],
        [&vp8x(0), &vp8l(false), &profile],
    ] {
        let chunks = chunks.map(Vec::as_slice);
        let cleaned = clean(&webp(&chunks)).unwrap();
        assert_eq!(cleaned.bytes, webp(&[&vp8x(0), &vp8l(false)]));
        assert!(
            cleaned
                .found
                .findings
                .iter()
                .any(|one| one.id == "webp.icc")
        );
    }
}

#[test]
fn settings_in_a_wrong_place_are_refused() {
    let file = webp(&[&anim(), &vp8x(2)]);
    assert!(clean(&file).is_err(), "VP8X does not come first");
}

#[test]
fn the_orientation_stays_and_nothing_else_of_exif() {
    let upright = exif::Facts {
        orientation: Some(6),
        ..exif::Facts::default()
    };
    let tiff = exif::minimal(&upright).unwrap();
    let bare = to_chunk(*b"EXIF", &tiff);
    let prefixed = to_chunk(*b"EXIF", &[b"Exif\0\0", &*tiff].concat());
    for exif in [&bare, &prefixed] {
        let want = webp(&[&vp8x(0x08), &vp8l(false), exif]);
        assert_eq!(clean(&want).unwrap().bytes, want);
        // Before the picture, with text behind its only entry, a second block, flags that deny it.
        let dirty = to_chunk(*b"EXIF", &[&exif[8..], SECRET].concat());
        let file = webp(&[&vp8x(0), &dirty, &vp8l(false), &bare]);
        let cleaned = clean(&file).unwrap();
        assert_eq!(cleaned.bytes, want);
        assert!(!contains(&cleaned.bytes, SECRET));
    }
    // Decoders do not look for it where there is no VP8X.
    let simple = webp(&[&vp8l(false), &bare]);
    assert_eq!(clean(&simple).unwrap().bytes, webp(&[&vp8l(false)]));
}

#[test]
fn nothing_stays_between_behind_and_in_the_gaps() {
    let picture = webp(&[&vp8l(true)]);
    let cleaned = clean(&[&picture[..], b"PK\x03\x04", SECRET].concat()).unwrap();
    assert_eq!(cleaned.bytes, picture);
    let finding = cleaned.found.findings.iter().find(|f| f.id == "webp.pad");
    assert_eq!(finding.unwrap().severity, Severity::High);

    // Bytes inside the RIFF chunk that hold no chunk.
    let cleaned = clean(&webp(&[&vp8l(true), b"short"])).unwrap();
    assert_eq!(cleaned.bytes, picture);

    // Padding, VP8X, ANIM, frame header, ALPH.
    let mut padded = webp(&[&vp8x(0), &vp8l(false), &to_chunk(*b"odd ", b"a")]);
    *padded.last_mut().unwrap() = b'!';
    assert_eq!(
        clean(&padded).unwrap().bytes,
        webp(&[&vp8x(0), &vp8l(false)])
    );

    let long = |id, data: &[u8]| to_chunk(id, &[data, SECRET].concat());
    let fat = webp(&[
        &long(*b"VP8X", &[0xC3, 1, 2, 3, 2, 0, 0, 1, 0, 0]),
        &long(*b"ANIM", &[1, 2, 3, 4, 5, 0]),
        &{
            let mut frame = frame(50, &[&vp8l(false)]);
            frame[8 + 15] |= 0xFC;
            frame
        },
    ]);
    let cleaned = clean(&fat).unwrap();
    let want = webp(&[&vp8x(2), &anim(), &frame(50, &[&vp8l(false)])]);
    assert_eq!(cleaned.bytes, want);

    let alpha = long(*b"ALPH", &[0xC0, 77]);
    let cleaned = clean(&webp(&[&vp8x(0x10), &alpha, &vp8()])).unwrap();
    let want = webp(&[&vp8x(0x10), &to_chunk(*b"ALPH", &[0, 77]), &vp8()]);
    assert_eq!(cleaned.bytes, want);
}

/// A lossless picture of 64 × 16 pixels, of which the upper half has this alpha.
fn half_hidden(alpha: u8, colour: fn(u32) -> [u8; 3]) -> Vec<u8> {
    let mut pixels = Vec::new();
    for n in 0..64 * 16 {
        let [r, g, b] = colour(n);
        pixels.extend([r, g, b, if n < 64 * 8 { alpha } else { 255 }]);
    }
    let mut out = Vec::new();
    WebPEncoder::new_lossless(&mut out)
        .encode(&pixels, 64, 16, image::ExtendedColorType::Rgba8)
        .unwrap();
    out
}

#[test]
fn pictures_under_transparent_areas_are_named() {
    let residue = |alpha, colour| clean(&half_hidden(alpha, colour)).unwrap().residue;
    let letters = |n: u32| [if (n / 2).is_multiple_of(2) { 0 } else { 255 }; 3];
    for alpha in [0, 1, 3] {
        assert_eq!(
            residue(alpha, letters)[0].id,
            "webp.alpha.hidden",
            "{alpha}"
        );
    }
    assert_eq!(residue(0, |_| [9, 200, 7]), []);
    assert_eq!(residue(4, letters), []);
}

#[test]
fn a_picture_without_the_alpha_flag_gets_none() {
    let alpha = to_chunk(*b"ALPH", &[0, 77]);
    let opaque = webp(&[&vp8x(0), &alpha, &vp8()]);
    assert_eq!(clean(&opaque).unwrap().bytes, opaque);
}

#[test]
fn a_second_picture_is_not_the_picture() {
    let second = to_chunk(*b"VP8 ", &vp8()[8..]);
    let cleaned = clean(&webp(&[&vp8l(true), &second])).unwrap();
    assert_eq!(cleaned.bytes, webp(&[&vp8l(true)]));
    assert_eq!(cleaned.found.findings[0].severity, Severity::High);
    // Frames of what is no animation, a still picture beside an animation.
    let file = webp(&[&vp8x(0), &vp8l(false), &anim(), &frame(1, &[&vp8l(true)])]);
    assert_eq!(clean(&file).unwrap().bytes, webp(&[&vp8x(0), &vp8l(false)]));
    let file = webp(&[&vp8x(2), &vp8l(false), &anim(), &frame(1, &[&vp8l(false)])]);
    let want = webp(&[&vp8x(2), &anim(), &frame(1, &[&vp8l(false)])]);
    assert_eq!(clean(&file).unwrap().bytes, want);
}

#[test]
fn what_decoders_refuse_is_refused() {
    let whole = webp(&[&vp8x(0x10), &vp8l(true)]);
    for len in 12..whole.len() {
        assert!(clean(&whole[..len]).is_err(), "{len}");
    }
    let alpha = to_chunk(*b"ALPH", &[0, 1]);
    let refused = [
        webp(&[]),
        webp(&[&vp8x(0)]),
        webp(&[&vp8x(2), &anim()]),
        webp(&[&vp8x(2), &frame(1, &[&vp8l(true)])]),
        webp(&[&vp8x(2), &anim(), &frame(1, &[])]),
        webp(&[&vp8x(0), &anim(), &frame(1, &[&vp8l(true)])]),
        webp(&[&to_chunk(*b"EXIF", b""), &vp8l(true)]),
        webp(&[&vp8x(0x10), &alpha, &alpha, &vp8()]),
        webp(&[&to_chunk(*b"VP8 ", &[0; 20])]),
        webp(&[&to_chunk(*b"VP8L", b"")]),
    ];
    for file in refused {
        assert!(matches!(clean(&file), Err(Error::Malformed { .. })));
    }
    // A forgotten padding byte is mended.
    let mut file = webp(&[&vp8x(0), &vp8l(false), &to_chunk(*b"odd ", b"a")]);
    file.pop();
    assert_eq!(clean(&file).unwrap().bytes, webp(&[&vp8x(0), &vp8l(false)]));
}

#[test]
fn no_byte_brings_it_down() {
    let whole = webp(&[
        &vp8x(0x1E),
        &anim(),
        &frame(50, &[&vp8l(true), &to_chunk(*b"META", SECRET)]),
        &frame(90, &[&to_chunk(*b"ALPH", &[0, 77]), &vp8()]),
        &to_chunk(*b"EXIF", SECRET),
    ]);
    for at in 0..whole.len() {
        for value in [0, 1, 2, 0x7F, 0x80, 0xFF] {
            let mut broken = whole.clone();
            broken[at] = value;
            if let Ok(cleaned) = clean(&broken) {
                assert!(cleaned.bytes.len() <= broken.len() + 1);
            }
        }
        let _ = clean(&[&whole[..at], &whole[whole.len() / 2..]].concat());
    }
}

/// The parser of another crate reads the same chunks.
#[test]
fn another_parser_agrees() {
    let file = webp(&[&vp8x(0x1C), &vp8l(true), &to_chunk(*b"EXIF", SECRET)]);
    let cleaned = clean(&file).unwrap().bytes;
    let parsed = img_parts::webp::WebP::from_bytes(cleaned.clone().into()).unwrap();
    let ids: Vec<[u8; 4]> = parsed
        .chunks()
        .iter()
        .map(img_parts::riff::RiffChunk::id)
        .collect();
    assert_eq!(ids, [*b"VP8X", *b"VP8L"]);
    assert_eq!(parsed.encoder().bytes(), cleaned);
}
