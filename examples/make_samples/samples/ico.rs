//! Icons, cursors and animated cursors.

use super::png::{Png, chunk};
use super::scene::Scene;
use super::seed::Seeds;
use super::{Expect, Sample};

/// An image: its size, and its bytes behind the directory.
struct Image {
    /// Width and height.
    size: [u8; 2],
    bits: u16,
    bytes: Vec<u8>,
    /// Bytes in front of it that belong to nothing.
    gap: Vec<u8>,
}

/// A bitmap of 24 bits with a mask; `hidden` goes to the ends of the rows, where nobody reads it.
fn bitmap(size: usize, hidden: &[u8]) -> Image {
    let scene = Scene::house(size, size, 45);
    let mut hidden = hidden.iter().copied().chain(std::iter::repeat(0));
    let mut pixels = Vec::new();
    for y in (0..size).rev() {
        for x in 0..size {
            let [r, g, b] = scene.at(x, y);
            pixels.extend([b, g, r]);
        }
        while pixels.len() % 4 != 0 {
            pixels.extend(hidden.next());
        }
    }
    for y in 0..size {
        let bits = size.div_ceil(32) * 32;
        let mut row = vec![0; bits / 8];
        row[0] = if y == 0 { 0xF0 } else { 0 };
        for byte in row.iter_mut().skip(size.div_ceil(8)) {
            *byte = hidden.next().unwrap_or(0);
        }
        pixels.extend(row);
    }
    let mut bytes = 40_u32.to_le_bytes().to_vec();
    bytes.extend((size as u32).to_le_bytes());
    bytes.extend((size as u32 * 2).to_le_bytes());
    bytes.extend([1, 0, 24, 0, 0, 0, 0, 0]);
    bytes.extend((pixels.len() as u32).to_le_bytes());
    bytes.extend([0; 16]);
    bytes.extend(pixels);
    Image {
        size: [size as u8; 2],
        bits: 24,
        bytes,
        gap: Vec::new(),
    }
}

/// An icon (1) or a cursor (2), with this in the reserved bytes and behind the images.
fn icon(kind: u8, images: &[Image], reserved: &[u8], tail: &[u8]) -> Vec<u8> {
    let mut out = vec![0, 0, kind, 0, images.len() as u8, 0];
    let mut at = 6 + 16 * images.len();
    let mut data = Vec::new();
    for (n, image) in images.iter().enumerate() {
        at += image.gap.len();
        out.extend(image.size);
        out.push(0);
        out.push(reserved.get(n).copied().unwrap_or(0));
        let (x, y) = if kind == 2 { (7, 3) } else { (1, image.bits) };
        out.extend(u16::to_le_bytes(x));
        out.extend(y.to_le_bytes());
        out.extend((image.bytes.len() as u32).to_le_bytes());
        out.extend((at as u32).to_le_bytes());
        at += image.bytes.len();
        data.extend(&image.gap);
        data.extend(&image.bytes);
    }
    [&out, &data, tail].concat()
}

fn riff(id: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = id.to_vec();
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out.extend(&[0][..data.len() % 2]);
    out
}

fn list(id: &[u8; 4], kind: &[u8; 4], chunks: &[Vec<u8>]) -> Vec<u8> {
    riff(id, &[&kind[..], &chunks.concat()].concat())
}

/// `anih` for so many frames, six sixtieths of a second each.
fn header(frames: u8) -> Vec<u8> {
    let mut out = vec![36, 0, 0, 0, frames, 0, 0, 0, frames, 0, 0, 0];
    out.extend([0; 16]);
    out.extend([6, 0, 0, 0, 1, 0, 0, 0]);
    riff(b"anih", &out)
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    use Expect::{AlreadyClean, Cleaned, Refused};
    let ico =
        |name: &str, imitates: &str, how: &str, expect, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
            Sample::new("ico", name, imitates, how, expect, make)
        };
    let ani =
        |name: &str, imitates: &str, how: &str, expect, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
            Sample::new("ani", name, imitates, how, expect, make)
        };
    vec![
        ico(
            "favicon.ico",
            "a website's icon",
            "a bitmap and a PNG with a text chunk; bytes between the images and behind them",
            Cleaned,
            &|s| {
                let text = s.text("PNG/tEXt", "Author\0Anna Exempel ");
                let png = Png::rgb(45)
                    .put("before PLTE", &chunk(b"tEXt", text.as_bytes()))
                    .build();
                let mut first = bitmap(15, b"Anna Exempel, Strandgatan 0, Sjoviken");
                first.gap = s.text("gap behind the directory", "gap ").into_bytes();
                let second = Image {
                    size: [64, 48],
                    bits: 32,
                    bytes: png,
                    gap: s.text("gap between images", "gap ").into_bytes(),
                };
                let tail = s.text("behind the images", "tail ").into_bytes();
                icon(1, &[first, second], b"AE", &tail)
            },
        ),
        ico(
            "pointer.cur",
            "a cursor",
            "bytes behind the image",
            Cleaned,
            &|s| {
                let tail = s.text("behind the images", "tail ").into_bytes();
                icon(2, &[bitmap(16, b"")], &[], &tail)
            },
        ),
        ico(
            "damaged-short.ico",
            "a damaged file",
            "ends within the picture",
            Refused,
            &|s| {
                let mut image = bitmap(16, b"");
                image.gap = s.text("gap", "gap ").into_bytes();
                let mut bytes = icon(1, &[image], &[], &[]);
                bytes.truncate(bytes.len() - 100);
                bytes
            },
        ),
        ico(
            "clean.ico",
            "an icon without anything",
            "directory and bitmap",
            AlreadyClean,
            &|_| icon(1, &[bitmap(16, b"")], &[], &[]),
        ),
        ani(
            "wait.ani",
            "an animated cursor",
            "name and artist, unknown chunks, bytes in the icons and behind the end",
            Cleaned,
            &|s| {
                let name = s.text("LIST INFO/INAM", "Annas cursor ");
                let artist = s.text("LIST INFO/IART", "Anna Exempel ");
                let info = [
                    riff(b"INAM", name.as_bytes()),
                    riff(b"IART", artist.as_bytes()),
                ];
                let inside = s.text("icon/behind the images", "tail ");
                let first = icon(2, &[bitmap(16, b"")], &[], inside.as_bytes());
                let second = icon(2, &[bitmap(16, b"")], &[], &[]);
                let unknown = s.text("LIST fram/unknown chunk", "x ");
                let frames = [
                    riff(b"icon", &first),
                    riff(b"abcd", unknown.as_bytes()),
                    riff(b"icon", &second),
                ];
                let hidden = s.text("rate", "r ");
                let rate = [&[6, 0, 0, 0, 9, 0, 0, 0][..], hidden.as_bytes()];
                let picture = s.text("DISP", "d ");
                let mut out = list(
                    b"RIFF",
                    b"ACON",
                    &[
                        list(b"LIST", b"INFO", &info),
                        header(2),
                        riff(b"rate", &rate.concat()),
                        riff(b"seq ", &[1, 0, 0, 0, 0, 0, 0, 0]),
                        list(b"LIST", b"fram", &frames),
                        riff(b"DISP", picture.as_bytes()),
                    ],
                );
                out.extend(s.text("behind the end", "tail ").bytes());
                out
            },
        ),
        ani(
            "clean.ani",
            "an animated cursor without anything",
            "header and frames",
            AlreadyClean,
            &|_| {
                let frame = riff(b"icon", &icon(2, &[bitmap(16, b"")], &[], &[]));
                let frames = list(b"LIST", b"fram", &[frame]);
                list(b"RIFF", b"ACON", &[header(1), frames])
            },
        ),
    ]
}
