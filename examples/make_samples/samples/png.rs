//! Putting PNG files together (PNG, third edition).

use super::deflate::{crc32, zlib};
use super::scene::Scene;

/// A chunk with a correct check sum.
pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = (data.len() as u32).to_be_bytes().to_vec();
    out.extend(kind);
    out.extend(data);
    let crc = crc32(&out[4..]);
    out.extend(crc.to_be_bytes());
    out
}

/// A PNG file in the making.
#[derive(Clone, Debug)]
pub struct Png {
    header: [u8; 13],
    front: Vec<u8>,
    palette: Vec<u8>,
    middle: Vec<u8>,
    /// Data of each IDAT.
    pub data: Vec<Vec<u8>>,
    back: Vec<u8>,
    tail: Vec<u8>,
}

/// How pixels are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 8 bits, RGB.
    Rgb,
    /// 8 bits, RGB, seven passes.
    Interlaced,
    /// 16 bits, RGB.
    Deep,
    /// 8 bits, RGBA; the house is invisible.
    Alpha,
    /// 4 bits, palette of 16 with one transparent colour.
    Palette,
}

const WIDTH: usize = 64;
const HEIGHT: usize = 48;

impl Png {
    /// The usual picture.
    pub fn rgb(door: usize) -> Self {
        Self::new(Kind::Rgb, door)
    }

    /// A picture of a kind.
    pub fn new(kind: Kind, door: usize) -> Self {
        let scene = Scene::house(WIDTH, HEIGHT, door);
        let (depth, colour, palette) = match kind {
            Kind::Rgb | Kind::Interlaced => (8, 2, Vec::new()),
            Kind::Deep => (16, 2, Vec::new()),
            Kind::Alpha => (8, 6, Vec::new()),
            Kind::Palette => (4, 3, palette()),
        };
        let mut header = [0; 13];
        header[3] = WIDTH as u8;
        header[7] = HEIGHT as u8;
        header[8..].copy_from_slice(&[depth, colour, 0, 0, u8::from(kind == Kind::Interlaced)]);
        let mut png = Self {
            header,
            front: Vec::new(),
            palette,
            middle: Vec::new(),
            data: Vec::new(),
            back: Vec::new(),
            tail: Vec::new(),
        };
        let (raw, stride) = scanlines(&scene, kind, door);
        png.data = zlib(&raw, &[1, 3, stride])
            .chunks(2000)
            .map(<[u8]>::to_vec)
            .collect();
        png
    }

    /// Bytes, mostly chunks, at a place: `before PLTE`, `before IDAT`, `behind IDAT`, `behind IEND`.
    pub fn put(mut self, place: &str, bytes: &[u8]) -> Self {
        match place {
            "before PLTE" => &mut self.front,
            "before IDAT" => &mut self.middle,
            "behind IDAT" => &mut self.back,
            "behind IEND" => &mut self.tail,
            _ => panic!("no such place: {place}"),
        }
        .extend(bytes);
        self
    }

    /// A chunk in front of the picture.
    pub fn chunk(self, kind: &[u8; 4], data: &[u8]) -> Self {
        self.put("before IDAT", &chunk(kind, data))
    }

    /// The file.
    pub fn build(&self) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1A\n".to_vec();
        out.extend(chunk(b"IHDR", &self.header));
        out.extend(&self.front);
        out.extend(&self.palette);
        out.extend(&self.middle);
        for data in &self.data {
            out.extend(chunk(b"IDAT", data));
        }
        out.extend(&self.back);
        out.extend(chunk(b"IEND", &[]));
        out.extend(&self.tail);
        out
    }
}

/// Scanlines of a picture, filter type 0, and the bytes in one of them.
pub fn scanlines(scene: &Scene, kind: Kind, door: usize) -> (Vec<u8>, usize) {
    let passes: &[(usize, usize, usize, usize)] = if kind == Kind::Interlaced {
        &[
            (0, 0, 8, 8),
            (4, 0, 8, 8),
            (0, 4, 4, 8),
            (2, 0, 4, 4),
            (0, 2, 2, 4),
            (1, 0, 2, 2),
            (0, 1, 1, 2),
        ]
    } else {
        &[(0, 0, 1, 1)]
    };
    let mut out = Vec::new();
    let mut stride = 0;
    for &(x0, y0, dx, dy) in passes {
        for y in (y0..scene.height).step_by(dy) {
            let start = out.len();
            out.push(0);
            let mut nibble = None;
            for x in (x0..scene.width).step_by(dx) {
                let rgb = scene.at(x, y);
                match kind {
                    Kind::Rgb | Kind::Interlaced => out.extend(rgb),
                    Kind::Deep => out.extend(rgb.iter().flat_map(|&c| [c, c ^ 0x55])),
                    Kind::Alpha => {
                        let hidden =
                            (x * 100 / scene.width).abs_diff(door) < 25 && y > scene.height / 4;
                        out.extend(rgb);
                        out.push(if hidden { 0 } else { 255 });
                    }
                    Kind::Palette => {
                        let index = rgb[0] >> 6 << 2 | rgb[2] >> 6;
                        match nibble.take() {
                            None => nibble = Some(index << 4),
                            Some(high) => out.push(high | index),
                        }
                    }
                }
            }
            stride = out.len() - start;
        }
    }
    (out, stride)
}

/// PLTE and tRNS.
fn palette() -> Vec<u8> {
    let colours: Vec<u8> = (0..16_u8)
        .flat_map(|i| [(i >> 2) * 80, 60 + (i >> 2) * 40, (i & 3) * 80])
        .collect();
    let mut out = chunk(b"PLTE", &colours);
    out.extend(chunk(b"tRNS", &[255, 255, 128]));
    out
}
