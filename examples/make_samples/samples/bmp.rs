//! BMP samples.

use super::scene::Scene;
use super::seed::Seeds;
use super::{Expect, Sample, icc};

const WIDTH: usize = 41;
const HEIGHT: usize = 30;

/// What a file is made of.
#[derive(Default)]
struct Parts<'a> {
    /// `LINK` or `MBED` and its data, which make the header one of version 5.
    profile: Option<(&'a [u8; 4], Vec<u8>)>,
    /// `bfReserved1` and `2`.
    reserved: [u8; 4],
    /// Bytes between the header and the pixels.
    gap: Vec<u8>,
    /// Bytes at the ends of the rows.
    padding: Vec<u8>,
    /// Bytes behind the pixels.
    tail: Vec<u8>,
}

fn file(parts: &Parts<'_>) -> Vec<u8> {
    let scene = Scene::house(WIDTH, HEIGHT, 45);
    let mut padding = parts.padding.iter().copied().chain(std::iter::repeat(0));
    let mut pixels = Vec::new();
    for y in (0..HEIGHT).rev() {
        pixels.extend((0..WIDTH).flat_map(|x| {
            let [r, g, b] = scene.at(x, y);
            [b, g, r]
        }));
        while pixels.len() % 4 != 0 {
            pixels.extend(padding.next());
        }
    }
    let header_size: u32 = if parts.profile.is_some() { 124 } else { 40 };
    let offset = 14 + header_size + parts.gap.len() as u32;
    let mut dib = header_size.to_le_bytes().to_vec();
    dib.extend((WIDTH as u32).to_le_bytes());
    dib.extend((HEIGHT as u32).to_le_bytes());
    dib.extend([1, 0, 24, 0, 0, 0, 0, 0]);
    dib.extend((pixels.len() as u32).to_le_bytes());
    dib.extend([0x13, 0x0B, 0, 0, 0x13, 0x0B, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut profile: &[u8] = &[];
    if let Some((kind, data)) = &parts.profile {
        dib.resize(56, 0);
        dib.extend(kind.iter().rev());
        dib.resize(108, 0);
        dib.extend(4_u32.to_le_bytes());
        let start = header_size + (parts.gap.len() + pixels.len()) as u32;
        dib.extend(start.to_le_bytes());
        dib.extend((data.len() as u32).to_le_bytes());
        dib.resize(124, 0);
        profile = data;
    }
    let body = [&dib, &parts.gap, &pixels, profile, &parts.tail].concat();
    let mut out = b"BM".to_vec();
    out.extend((14 + body.len() as u32).to_le_bytes());
    out.extend(parts.reserved);
    out.extend(offset.to_le_bytes());
    out.extend(body);
    out
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    let bmp =
        |name: &str, imitates: &str, how: &str, expect, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
            Sample::new("bmp", name, imitates, how, expect, make)
        };
    vec![
        bmp(
            "linked-profile.bmp",
            "a program of Windows",
            "a header of version 5 with the path of a profile",
            Expect::Cleaned,
            &|s| {
                let path = s.text("bV5ProfileData LINK", "C:\\Users\\anna\\");
                let profile = Some((b"LINK", [path.as_bytes(), &[0]].concat()));
                file(&Parts {
                    profile,
                    ..Parts::default()
                })
            },
        ),
        bmp(
            "embedded-profile.bmp",
            "a program of Windows",
            "a header of version 5 with the profile of a monitor",
            Expect::Cleaned,
            &|s| {
                let icc = s.at("bV5ProfileData MBED", |s| {
                    icc::profile(s, icc::Kind::Monitor)
                });
                file(&Parts {
                    profile: Some((b"MBED", icc)),
                    ..Parts::default()
                })
            },
        ),
        bmp(
            "gaps.bmp",
            "somebody who hides text",
            "bytes in front of and behind the pixels, at the ends of the rows and in reserved fields",
            Expect::Cleaned,
            &|s| {
                file(&Parts {
                    reserved: *b"ANNA",
                    gap: s.text("bytes in front of the pixels", "gap ").into_bytes(),
                    padding: b"Anna Exempel, Strandgatan 0, Sjoviken".to_vec(),
                    tail: s.text("bytes behind the pixels", "tail ").into_bytes(),
                    ..Parts::default()
                })
            },
        ),
        bmp(
            "damaged-short.bmp",
            "a damaged file",
            "ends within the picture",
            Expect::Refused,
            &|s| {
                let gap = s.text("bytes in front of the pixels", "gap ").into_bytes();
                let mut bytes = file(&Parts {
                    gap,
                    ..Parts::default()
                });
                bytes.truncate(bytes.len() / 2);
                bytes
            },
        ),
        bmp(
            "clean.bmp",
            "a picture without anything",
            "header and pixels",
            Expect::AlreadyClean,
            &|_| file(&Parts::default()),
        ),
    ]
}
