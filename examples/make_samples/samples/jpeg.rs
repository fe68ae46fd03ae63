//! Putting JPEG files together (ITU-T T.81, CIPA DC-007).

use super::exif;
use super::jpeg_encode::{Coded, Colours, Options, encode, segment};
use super::scene::Scene;
use super::seed::Seeds;
use super::tiff::{Ifd, Order, Value};

/// A JPEG file in the making.
#[derive(Clone, Debug)]
pub struct Jpeg {
    head: Vec<u8>,
    coded: Coded,
    between: Vec<(usize, Vec<u8>)>,
    images: Option<(Ifd, Vec<Vec<u8>>)>,
    tail: Vec<u8>,
}

impl Jpeg {
    /// A picture without any metadata.
    pub fn new(coded: Coded) -> Self {
        Self {
            head: Vec::new(),
            coded,
            between: Vec::new(),
            images: None,
            tail: Vec::new(),
        }
    }

    /// A segment in front of the tables.
    pub fn app(mut self, marker: u8, payload: &[u8]) -> Self {
        self.head.extend(segment(marker, payload));
        self
    }

    /// Several segments of one kind.
    pub fn apps(self, marker: u8, payloads: &[Vec<u8>]) -> Self {
        payloads
            .iter()
            .fold(self, |jpeg, payload| jpeg.app(marker, payload))
    }

    /// APP1 `Exif` with a TIFF block.
    pub fn exif(self, block: &[u8]) -> Self {
        self.app(0xE1, &[b"Exif\0\0", block].concat())
    }

    /// Bytes in front of the tables that are no segment.
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.head.extend(bytes);
        self
    }

    /// Bytes in front of scan `scan`.
    pub fn between(mut self, scan: usize, bytes: &[u8]) -> Self {
        self.between.push((scan, bytes.to_vec()));
        self
    }

    /// Other pictures behind this one, listed in an MPF segment with these further entries.
    pub fn images(mut self, more: Ifd, images: Vec<Vec<u8>>) -> Self {
        self.images = Some((more, images));
        self
    }

    /// Bytes behind the end.
    pub fn tail(mut self, bytes: &[u8]) -> Self {
        self.tail.extend(bytes);
        self
    }

    /// The file.
    pub fn build(&self) -> Vec<u8> {
        let mut out = vec![0xFF, 0xD8];
        out.extend(&self.head);
        if let Some((more, images)) = &self.images {
            let empty = mpf(more, &[(0, 0); 8][..=images.len()]);
            let base = out.len() + 8;
            let primary = out.len() + segment(0xE2, &empty).len() + self.body().len();
            let mut entries = vec![(primary, 0)];
            let mut at = primary;
            for image in images {
                entries.push((image.len(), at - base));
                at += image.len();
            }
            out.extend(segment(0xE2, &mpf(more, &entries)));
            out.extend(self.body());
            out.extend(images.iter().flatten());
        } else {
            out.extend(self.body());
        }
        out.extend(&self.tail);
        out
    }

    fn body(&self) -> Vec<u8> {
        let mut out = self.coded.tables.clone();
        for (i, scan) in self.coded.scans.iter().enumerate() {
            for (_, bytes) in self.between.iter().filter(|(at, _)| *at == i) {
                out.extend(bytes);
            }
            out.extend(scan);
        }
        for (_, bytes) in self
            .between
            .iter()
            .filter(|(at, _)| *at >= self.coded.scans.len())
        {
            out.extend(bytes);
        }
        out.extend([0xFF, 0xD9]);
        out
    }
}

/// The MPF payload: size and offset of each image.
fn mpf(more: &Ifd, images: &[(usize, usize)]) -> Vec<u8> {
    let mut entries = Vec::new();
    for (i, (size, offset)) in images.iter().enumerate() {
        let attribute: u32 = if i == 0 { 0x2003_0000 } else { 0 };
        for n in [attribute, *size as u32, *offset as u32, 0] {
            entries.extend(n.to_be_bytes());
        }
    }
    let ifd = more
        .clone()
        .with(0xB000, Value::Undefined(b"0100".to_vec()))
        .with(0xB001, Value::Long(vec![images.len() as u32]))
        .with(0xB002, Value::Undefined(entries));
    [b"MPF\0".as_slice(), &ifd.tiff(Order::Big)].concat()
}

/// The usual picture, baseline, 160 by 120.
pub fn photo(door: usize) -> Coded {
    encode(
        &Scene::house(160, 112, door),
        Options::baseline(Colours::YCbCr420),
    )
}

/// A small picture of another moment with a block of its own, as it stands in an Exif block.
pub fn thumb(s: &mut Seeds) -> Vec<u8> {
    s.at("thumbnail", |s| {
        let coded = encode(&Scene::house(48, 32, 60), Options::baseline(Colours::YCbCr));
        let exif = exif::small(s, Order::Big);
        let comment = s.text("COM", "uncropped ");
        Jpeg::new(coded)
            .exif(&exif)
            .app(0xFE, comment.as_bytes())
            .build()
    })
}

/// `JFIF` with this density in dots per inch and an RGB thumbnail of `thumb` (4 by 4, or none).
pub fn jfif(density: u16, thumb: &[u8]) -> Vec<u8> {
    let side = if thumb.is_empty() { 0 } else { 4 };
    let mut out = b"JFIF\0\x01\x02\x01".to_vec();
    out.extend([density.to_be_bytes(), density.to_be_bytes()].concat());
    out.extend([side, side]);
    out.extend(thumb);
    out
}

/// `Adobe` with this transform, and bytes that do not belong there.
pub fn adobe(transform: u8, more: &[u8]) -> Vec<u8> {
    [b"Adobe\0\x64\x80\0\0\0".as_slice(), &[transform], more].concat()
}
