//! PSD and PSB samples.

use super::png::{Png, chunk};
use super::scene::Scene;
use super::seed::{Seeds, utf16be};
use super::tiff::Order;
use super::{Expect, Sample, exif, icc, iptc, jpeg, xmp};
use iptc::resource;

const WIDTH: usize = 24;
const HEIGHT: usize = 16;

/// A Unicode string with its length and its zero.
fn unicode(text: &str) -> Vec<u8> {
    let units = utf16be(&format!("{text}\0"));
    [&(units.len() as u32 / 2).to_be_bytes()[..], &units].concat()
}

/// What a document is made of.
#[derive(Default)]
struct Document {
    large: bool,
    reserved: [u8; 6],
    resources: Vec<u8>,
    layers: Vec<Layer>,
    /// Bytes behind the pixels of the layers.
    layer_slack: Vec<u8>,
    /// Blocks of the document.
    blocks: Vec<u8>,
    tail: Vec<u8>,
}

/// A layer of four by three pixels.
#[derive(Default)]
struct Layer {
    name: String,
    hidden: bool,
    blocks: Vec<u8>,
    /// Bytes behind the pixels of its first channel.
    slack: Vec<u8>,
}

/// A tagged block.
fn block(large: bool, key: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let wide = large && [b"lnk2", b"FMsk", b"LMsk"].contains(&key);
    let mut out = [&b"8BIM"[..], key].concat();
    if wide {
        out.extend((data.len() as u64).to_be_bytes());
    } else {
        out.extend((data.len() as u32).to_be_bytes());
    }
    out.extend(data);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

impl Document {
    fn length(&self, n: usize) -> Vec<u8> {
        if self.large {
            (n as u64).to_be_bytes().to_vec()
        } else {
            (n as u32).to_be_bytes().to_vec()
        }
    }

    fn layer_info(&self) -> Vec<u8> {
        if self.layers.is_empty() {
            return Vec::new();
        }
        let mut out = (self.layers.len() as u16).to_be_bytes().to_vec();
        let mut pixels = Vec::new();
        for (number, layer) in self.layers.iter().enumerate() {
            for side in [1_u32, 2, 4, 6] {
                out.extend(side.to_be_bytes());
            }
            out.extend(3_u16.to_be_bytes());
            for channel in 0..3_u16 {
                let slack: &[u8] = if channel == 0 { &layer.slack } else { &[] };
                out.extend(channel.to_be_bytes());
                out.extend(self.length(14 + slack.len()));
                pixels.extend([0, 0]);
                pixels.extend([number as u8 * 40 + channel as u8 * 60; 12]);
                pixels.extend(slack);
            }
            out.extend(b"8BIMnorm\xff\0");
            out.extend([if layer.hidden { 2 } else { 0 }, 0]);
            let mut extra = vec![0; 8];
            extra.push(layer.name.len() as u8);
            extra.extend(layer.name.bytes());
            extra.resize(extra.len().next_multiple_of(4), 0);
            extra.extend(&layer.blocks);
            out.extend((extra.len() as u32).to_be_bytes());
            out.extend(extra);
        }
        out.extend(pixels);
        out.resize(out.len().next_multiple_of(2), 0);
        out.extend(&self.layer_slack);
        out
    }

    fn build(&self) -> Vec<u8> {
        let scene = Scene::house(WIDTH, HEIGHT, 45);
        let mut out = b"8BPS\0".to_vec();
        out.push(if self.large { 2 } else { 1 });
        out.extend(self.reserved);
        out.extend(3_u16.to_be_bytes());
        out.extend((HEIGHT as u32).to_be_bytes());
        out.extend((WIDTH as u32).to_be_bytes());
        out.extend([0, 8, 0, 3, 0, 0, 0, 0]);
        out.extend((self.resources.len() as u32).to_be_bytes());
        out.extend(&self.resources);
        let info = self.layer_info();
        let mut section = self.length(info.len());
        section.extend(info);
        section.extend([0; 4]);
        section.extend(&self.blocks);
        if self.layers.is_empty() && self.blocks.is_empty() {
            section.clear();
        }
        out.extend(self.length(section.len()));
        out.extend(section);
        out.extend([0, 0]);
        for channel in 0..3 {
            out.extend(scene.rgb.iter().skip(channel).step_by(3));
        }
        out.extend(&self.tail);
        out
    }
}

/// A descriptor with one text.
fn descriptor(key: &[u8; 4], text: &str) -> Vec<u8> {
    let mut out = vec![0, 0, 0, 16];
    out.extend(unicode(""));
    out.extend(b"\0\0\0\0null\0\0\0\x01\0\0\0\0");
    out.extend(key);
    out.extend(b"TEXT");
    out.extend(unicode(text));
    out
}

/// A file inside, as smart objects have them.
fn linked(id: &str, name: &str, data: &[u8]) -> Vec<u8> {
    let mut out = b"liFD\0\0\0\x02".to_vec();
    out.push(id.len() as u8);
    out.extend(id.bytes());
    out.extend(unicode(name));
    out.extend(b"png 8BIM");
    out.extend((data.len() as u64).to_be_bytes());
    out.push(0);
    out.extend(data);
    let mut entry = (out.len() as u64).to_be_bytes().to_vec();
    entry.extend(&out);
    entry.resize(entry.len() + out.len().next_multiple_of(4) - out.len(), 0);
    entry
}

fn smart_object(s: &mut Seeds) -> Vec<u8> {
    let id = s.text("unique id", "id-");
    let name = s.at("name", |s| {
        s.utf16be("file name", "/home/anna/")
            .chunks(2)
            .map(|unit| char::from(unit[1]))
            .collect::<String>()
    });
    let text = format!("Comment\0{}", s.text("tEXt", "home "));
    let png = Png::rgb(45).put("before PLTE", &chunk(b"tEXt", text.as_bytes()));
    linked(&id, &name, &png.build())
}

/// A text in UTF-16, as a string.
fn wide(s: &mut Seeds, field: &str, text: &str) -> String {
    let units = s.utf16be(field, text);
    units.chunks(2).map(|unit| char::from(unit[1])).collect()
}

fn resources(s: &mut Seeds) -> Vec<u8> {
    let thumb = jpeg::thumb(s);
    let block = s.at("8BIM 0422 Exif", |s| exif::small(s, Order::Big));
    let packet = s.at("8BIM 0424 XMP", |s| {
        xmp::packet(&xmp::COMMON, &xmp::common(s))
    });
    let mut all = s.at("Image Resources", |s| {
        iptc::resources(s, &thumb, &block, &packet)
    });
    let alpha = s.text("8BIM 03EE alpha names", "mask ");
    let alpha = [&[alpha.len() as u8][..], alpha.as_bytes()].concat();
    all.extend(resource(b"8BIM", 0x03EE, "", &alpha));
    let alpha = wide(s, "8BIM 0415 alpha names", "mask ");
    all.extend(resource(b"8BIM", 0x0415, "", &unicode(&alpha)));
    let profile = s.at("8BIM 040F ICC Profile", |s| {
        icc::profile(s, icc::Kind::Monitor)
    });
    all.extend(resource(b"8BIM", 0x040F, "", &profile));
    all
}

fn layers(s: &mut Seeds, large: bool) -> Vec<u8> {
    let block = |key: &[u8; 4], data: &[u8]| block(large, key, data);
    let mut layer = Layer {
        name: s.text("name", "Anna "),
        ..Layer::default()
    };
    let name = wide(s, "luni", "layer of Anna ");
    layer.blocks.extend(block(b"luni", &unicode(&name)));
    layer.blocks.extend(block(b"lyid", &[0, 0, 0, 7]));
    let notes = s.text("shmd", "metadata ");
    layer.blocks.extend(block(b"shmd", notes.as_bytes()));
    let fill = wide(s, "SoCo", "fill ");
    layer
        .blocks
        .extend(block(b"SoCo", &descriptor(b"Nm  ", &fill)));
    let unknown = s.text("unknown block", "private ");
    layer.blocks.extend(block(b"abCd", unknown.as_bytes()));
    layer.slack = s.text("slack of a channel", "slack ").into_bytes();
    let mut pattern = vec![0, 0, 0, 1, 0, 0, 0, 3, 0, 1, 0, 1];
    pattern.extend(unicode(&wide(s, "Patt name", "pattern ")));
    let id = s.text("Patt id", "id ");
    pattern.push(id.len() as u8);
    pattern.extend(id.bytes());
    pattern.extend([0; 4]);
    let pattern = [&(pattern.len() as u32).to_be_bytes()[..], &pattern].concat();
    let notes = s.text("Anno", "note ");
    let programs = s.text("cinf", "program ");
    let smart = s.at("lnk2 embedded file", smart_object);
    Document {
        large,
        reserved: *b"ANNAEX",
        resources: resources(s),
        layers: vec![
            layer,
            Layer {
                name: s.text("name of the second", "top "),
                ..Layer::default()
            },
        ],
        layer_slack: s.text("slack of the layers", "left").into_bytes(),
        blocks: [
            block(b"Patt", &pattern),
            block(b"Anno", notes.as_bytes()),
            block(b"cinf", programs.as_bytes()),
            block(b"lnk2", &smart),
        ]
        .concat(),
        tail: s.text("behind the picture", "tail ").into_bytes(),
    }
    .build()
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    use Expect::{AlreadyClean, Reduced, Refused};
    vec![
        Sample::new(
            "psd",
            "layers.psd",
            "a picture editor",
            "all resources, names, times, fills, patterns, a smart object, slack, a tail",
            Reduced,
            |s| layers(s, false),
        ),
        Sample::new(
            "psd",
            "text.psd",
            "a picture editor",
            "a layer of text and one that is not shown",
            Reduced,
            |s| {
                let text = s.text("TySh", "text of Anna ");
                let layer = Layer {
                    name: "Layer 1".into(),
                    hidden: true,
                    blocks: block(false, b"TySh", text.as_bytes()),
                    ..Layer::default()
                };
                Document {
                    layers: vec![layer],
                    ..Document::default()
                }
                .build()
            },
        ),
        Sample::new(
            "psd",
            "damaged-short.psd",
            "a damaged file",
            "ends within the picture",
            Refused,
            |s| {
                let mut bytes = Document {
                    resources: resources(s),
                    ..Document::default()
                }
                .build();
                bytes.truncate(bytes.len() - 100);
                bytes
            },
        ),
        Sample::new(
            "psd",
            "clean.psd",
            "a picture without anything",
            "two layers and the picture",
            Reduced,
            |_| {
                let layer = |number: u8| Layer {
                    name: format!("L{number}"),
                    ..Layer::default()
                };
                Document {
                    layers: vec![layer(1), layer(2)],
                    ..Document::default()
                }
                .build()
            },
        ),
        Sample::new(
            "psb",
            "layers.psb",
            "a picture editor",
            "the same in a large document",
            Reduced,
            |s| layers(s, true),
        ),
        Sample::new(
            "psb",
            "clean.psb",
            "a picture without anything",
            "the picture alone",
            AlreadyClean,
            |_| {
                Document {
                    large: true,
                    ..Document::default()
                }
                .build()
            },
        ),
    ]
}

/// Resources with one secret each.
const RESOURCES: &[u16] = &[
    0x03E8, 0x03E9, 0x03ED, 0x03EE, 0x03EF, 0x03F0, 0x03FC, 0x0400, 0x0404, 0x0408, 0x0409, 0x040B,
    0x040C, 0x0411, 0x0412, 0x0414, 0x0415, 0x0416, 0x041A, 0x041B, 0x041D, 0x041E, 0x0421, 0x0422,
    0x0424, 0x0425, 0x0428, 0x0429, 0x0432, 0x0433, 0x0434, 0x0435, 0x0438, 0x043A, 0x043B, 0x043C,
    0x043D, 0x043E, 0x07D0, 0x0BB7, 0x0FA0, 0x1B58, 0x1B59, 0x1F40, 0x2710,
];

/// Blocks with one secret each.
const BLOCKS: &[&[u8; 4]] = &[
    b"luni", b"lyid", b"shmd", b"cust", b"cinf", b"CAI ", b"GenI", b"Anno", b"pths", b"extd",
    b"FEid", b"FXid", b"PxSD", b"lnkD", b"lnk2", b"lnk3", b"lnkE", b"SoLd", b"PlLd", b"SoCo",
    b"GdFl", b"lfx2", b"clrL", b"grdm", b"Patt", b"abCd", b"FMsk", b"LMsk", b"lsct", b"anFX",
    b"levl", b"curv", b"lrFX", b"vmsk", b"hue2", b"brst", b"TySx",
];

/// One secret in each place.
pub fn attacks() -> Vec<Sample> {
    // What decides how the picture is shown holds numbers, up to its length.
    let behind = |text: &str, id: u16| match id {
        0x03ED => [&[0; 16][..], text.as_bytes()].concat(),
        0x0428 => [&[0; 12][..], text.as_bytes()].concat(),
        0x0416 | 0x0411 | 0x0412 => [&[0; 2][..], text.as_bytes()].concat(),
        0x0421 => [&[0, 0, 0, 1, 0][..], text.as_bytes()].concat(),
        0x041D => [text.as_bytes(), &[0; 3]].concat(),
        _ => text.as_bytes().to_vec(),
    };
    let resources = RESOURCES.iter().map(|id| {
        let what = format!("resource {id:04X}");
        super::canaries::one("psd", &what, "psd", |s| {
            let text = s.text(&what, "secret");
            Document {
                resources: resource(b"8BIM", *id, "", &behind(&text, *id)),
                ..Document::default()
            }
            .build()
        })
    });
    let blocks = BLOCKS.iter().flat_map(|key| {
        let name = String::from_utf8_lossy(*key);
        ["layer", "document"].map(|place| {
            let what = format!("block {name} of the {place}");
            super::canaries::one("psd", &what, "psd", |s| {
                // Longer than what any block of numbers may be.
                let text = s.text(&what, "secret secret ");
                let block = block(false, key, text.as_bytes());
                let mut document = Document {
                    layers: vec![Layer {
                        name: "L1".into(),
                        ..Layer::default()
                    }],
                    ..Document::default()
                };
                if place == "layer" {
                    document.layers[0].blocks = block;
                } else {
                    document.blocks = block;
                }
                document.build()
            })
        })
    });
    resources.chain(blocks).collect()
}
