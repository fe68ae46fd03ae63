//! Icons put together in code. Files inside go through the whole pipeline.

use super::Ico;
use crate::formats::probe::is_recognized;
use crate::model::Error;
use crate::pipeline::testing::cleaned as clean;

const SECRET: &[u8] = b"57.70890N 11.97460E";

/// A bitmap of 3 by 2 pixels; `padding` stands in the padding of rows and mask.
fn bitmap(depth: u16, padding: u8) -> Vec<u8> {
    let mut out = 40u32.to_le_bytes().to_vec();
    out.extend(3u32.to_le_bytes());
    out.extend(4u32.to_le_bytes());
    out.extend([1, 0]);
    out.extend(depth.to_le_bytes());
    out.extend([0; 24]);
    if depth == 1 {
        out.extend([1, 2, 3, 0, 4, 5, 6, 0]);
    }
    for _ in 0..2 {
        match depth {
            1 => out.extend([0xA0 | padding & 0x1F, padding, padding, padding]),
            24 => out.extend([7, 7, 7, 8, 8, 8, 9, 9, 9, padding, padding, padding]),
            _ => out.extend([7; 12]),
        }
    }
    for _ in 0..2 {
        out.extend([0x40 | padding & 0x1F, padding, padding, padding]);
    }
    out
}

fn entry(offset: usize, len: usize, depth: u8, reserved: u8) -> Vec<u8> {
    let mut out = vec![3, 2, 0, reserved, 1, 0, depth, 0];
    out.extend(u32::try_from(len).unwrap().to_le_bytes());
    out.extend(u32::try_from(offset).unwrap().to_le_bytes());
    out
}

fn icon(kind: u8, images: &[Vec<u8>]) -> Vec<u8> {
    let count = u8::try_from(images.len()).unwrap();
    let mut out = vec![0, 0, kind, 0, count, 0];
    let mut at = 6 + 16 * images.len();
    for image in images {
        // Behind the header's size and planes; the pictures in PNG have this size and depth too.
        let depth = if image.starts_with(&[40]) {
            image[14]
        } else {
            32
        };
        out.extend(entry(at, image.len(), depth, 0));
        at += image.len();
    }
    out.extend(images.concat());
    out
}

#[test]
fn plain_icons_stay_as_they_are() {
    for kind in [1, 2] {
        let icon = icon(kind, &[bitmap(1, 0), bitmap(24, 0), bitmap(32, 0)]);
        assert_eq!(clean(&icon).unwrap().bytes, icon);
    }
    // Transparency of its own needs no mask.
    let mut image = bitmap(32, 0);
    image.truncate(image.len() - 8);
    let icon = icon(1, &[image]);
    assert_eq!(clean(&icon).unwrap().bytes, icon);
}

#[test]
fn gaps_padding_and_tails_go() {
    for depth in [1, 24] {
        let image = bitmap(depth, 0xFF);
        let bits = u8::try_from(depth).unwrap();
        let mut dirty = vec![0, 0, 1, 0, 2, 0];
        // The second image stands first, and both have something around them.
        let first = 6 + 32 + SECRET.len();
        let second = first + image.len() + SECRET.len();
        dirty.extend(entry(second, image.len(), bits, 7));
        dirty.extend(entry(first, image.len(), bits, 9));
        dirty.extend([SECRET, &image, SECRET, &image, SECRET].concat());
        let cleaned = clean(&dirty).unwrap();
        let clean_image = bitmap(depth, 0);
        let mut expected = vec![0, 0, 1, 0, 2, 0];
        expected.extend(entry(38 + clean_image.len(), clean_image.len(), bits, 0));
        expected.extend(entry(38, clean_image.len(), bits, 0));
        expected.extend([&clean_image[..], &clean_image].concat());
        assert_eq!(cleaned.bytes, expected);
        assert!(cleaned.ids().contains(&"ico.gap") && cleaned.ids().contains(&"bmp.gap"));
    }
}

#[test]
fn lengths_follow_the_image() {
    // Announced too short and too long, and two entries for one image.
    let image = bitmap(24, 0);
    let expected = icon(1, std::slice::from_ref(&image));
    for len in [1, image.len() - 1, image.len() + 5] {
        let mut file = vec![0, 0, 1, 0, 1, 0];
        file.extend(entry(22, len, 24, 0));
        file.extend(&image);
        file.extend([7; 5]);
        assert_eq!(clean(&file).unwrap().bytes, expected, "{len}");
    }
    let mut shared = vec![0, 0, 1, 0, 2, 0];
    shared.extend(entry(38, image.len(), 24, 0));
    shared.extend(entry(38, image.len(), 24, 0));
    shared.extend(&image);
    assert_eq!(clean(&shared).unwrap().bytes, shared);
    let mut size = image;
    size[20] = 99;
    let cleaned = clean(&icon(1, &[size])).unwrap();
    assert_eq!(cleaned.ids(), ["ico.gap"]);
}

#[test]
fn entries_say_what_the_image_says() {
    let expected = icon(1, &[bitmap(24, 0)]);
    let mut dirty = expected.clone();
    dirty[6..14].copy_from_slice(b"annawash");
    assert_eq!(clean(&dirty).unwrap().bytes, expected);
    // Of a cursor two of these are the hot spot.
    let mut cursor = icon(2, &[bitmap(24, 0)]);
    cursor[10..14].copy_from_slice(&[9, 0, 7, 0]);
    assert_eq!(clean(&cursor).unwrap().bytes, cursor);
}

#[test]
fn colours_under_the_mask_are_told() {
    let with = |mask: u8| {
        let mut image = 40u32.to_le_bytes().to_vec();
        image.extend([32, 0, 0, 0, 16, 0, 0, 0, 1, 0, 24, 0]);
        image.extend([0; 24]);
        image.extend((0..=255_u8).flat_map(|n| [n, n.wrapping_mul(9), n]));
        image.extend([mask; 32]);
        let mut file = vec![0, 0, 1, 0, 1, 0, 32, 8, 0, 0, 1, 0, 24, 0];
        file.extend([72, 3, 0, 0, 22, 0, 0, 0]);
        [file, image].concat()
    };
    let cleaned = clean(&with(0xFF)).unwrap();
    assert_eq!(
        (cleaned.bytes.as_slice(), cleaned.stays()),
        (&*with(0xFF), vec!["ico.hidden"])
    );
    assert!(clean(&with(0x11)).unwrap().residue.is_empty());
}

#[test]
fn colours_under_alpha_are_told_and_alpha_is_none() {
    let with = |alpha: fn(u8) -> u8, mask: u8| {
        let mut image = 40u32.to_le_bytes().to_vec();
        image.extend([32, 0, 0, 0, 16, 0, 0, 0, 1, 0, 32, 0]);
        image.extend([0; 24]);
        image.extend((0..=255_u8).flat_map(|n| [n, n.wrapping_mul(9), n, alpha(n)]));
        image.extend([mask; 32]);
        let mut file = vec![0, 0, 1, 0, 1, 0, 32, 8, 0, 0, 1, 0, 32, 0];
        file.extend([72, 4, 0, 0, 22, 0, 0, 0]);
        clean(&[file, image].concat()).unwrap().stays()
    };
    assert!(with(|n| n | 8, 0).is_empty(), "only shades of what is seen");
    assert_eq!(with(|n| if n == 0 { 9 } else { 0 }, 0), ["ico.hidden"]);
    // Without any alpha the mask counts.
    assert!(with(|_| 0, 0).is_empty());
    assert_eq!(with(|_| 0, 0xFF), ["ico.hidden"]);
}

#[test]
fn pngs_are_cleaned_as_pngs() {
    use image::{ImageFormat, RgbaImage};
    let mut png = std::io::Cursor::new(Vec::new());
    let picture = RgbaImage::from_pixel(3, 2, image::Rgba([1, 2, 3, 4]));
    picture.write_to(&mut png, ImageFormat::Png).unwrap();
    let png = png.into_inner();
    let dirty = [&png, SECRET].concat();
    let cleaned = clean(&icon(1, &[dirty, bitmap(24, 0)])).unwrap();
    assert_eq!(cleaned.bytes, icon(1, &[png, bitmap(24, 0)]));
}

#[test]
fn damage_is_refused() {
    let whole = icon(1, &[bitmap(24, 0)]);
    for len in 14..whole.len() {
        assert!(clean(&whole[..len]).is_err(), "cut to {len} bytes");
    }
    let with = |at: usize, value: u8| {
        let mut file = whole.clone();
        file[at] = value;
        clean(&file)
    };
    for (at, value) in [(22, 12), (22 + 14, 3), (22 + 16, 1), (22 + 32, 1)] {
        assert!(
            matches!(with(at, value), Err(Error::Unsupported { .. })),
            "{at}"
        );
    }
    for (at, value) in [(18, 200), (22 + 8, 3), (22 + 11, 0x80), (22 + 4, 0)] {
        assert!(
            matches!(with(at, value), Err(Error::Malformed { .. })),
            "{at}"
        );
    }
    // Two images that overlap.
    let mut file = vec![0, 0, 1, 0, 2, 0];
    file.extend(entry(38, 9, 24, 0));
    file.extend(entry(40, 9, 24, 0));
    file.extend(bitmap(24, 0));
    assert!(clean(&file).is_err());
}

#[test]
fn few_files_are_taken_for_icons() {
    assert!(is_recognized(&Ico, &icon(2, &[bitmap(1, 0)])));
    for other in [
        &b"\0\0\x02\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18\0\0\0\0\0\0\0"[..],
        b"\0\0\x01\0\0\0",
        b"\0\0\x01\xBA!\0\x01\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0",
        b"\0\0\x01\0\x01\0aaaaaaaa\x01\0\0\0\x05\0\0\0",
    ] {
        assert!(!is_recognized(&Ico, other), "{other:?}");
    }
}
