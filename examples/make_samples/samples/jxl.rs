//! JPEG XL samples: headers are written here bit by bit, around sections that `cjxl -d 0` coded.

use super::mp4::boxed;
use super::seed::Seeds;
use super::tiff::Order;
use super::{Expect, Sample, c2pa, exif, icc, jpeg, xmp};

/// The house with a transparent sea, 48 by 32, as one section of four channels.
const HOUSE: &[u8] = include_bytes!("house.jxs");
/// The same house with the door somewhere else.
const OTHER: &[u8] = include_bytes!("house-open.jxs");

/// Bits, the least significant of a byte first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    len: usize,
}

impl Bits {
    fn put(&mut self, value: u64, n: u32) -> &mut Self {
        for i in 0..n {
            if self.len.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= ((value >> i & 1) as u8) << (self.len % 8);
            self.len += 1;
        }
        self
    }

    fn align(&mut self) -> &mut Self {
        self.len = self.bytes.len() * 8;
        self
    }

    fn name(&mut self, name: &str) -> &mut Self {
        match name.len() {
            0 => self.put(0, 2),
            n @ 1..=15 => self.put(1, 2).put(n as u64, 4),
            n @ 16..=47 => self.put(2, 2).put(n as u64 - 16, 5),
            n => self.put(3, 2).put(n as u64 - 48, 10),
        };
        for byte in name.bytes() {
            self.put(byte.into(), 8);
        }
        self
    }

    /// An extension of so many bytes, or none.
    fn extension(&mut self, data: &[u8]) -> &mut Self {
        if data.is_empty() {
            return self.put(0, 2);
        }
        // The first of 64; its length in bits.
        self.put(1, 2).put(0, 4);
        let bits = data.len() as u64 * 8;
        self.put(2, 2).put(bits - 17, 8);
        for byte in data {
            self.put((*byte).into(), 8);
        }
        self
    }
}

/// What a codestream is made of.
#[derive(Default)]
struct Stream {
    profile: Vec<u8>,
    preview: bool,
    animation: bool,
    channel: String,
    extension: Vec<u8>,
    frames: Vec<Frame>,
}

#[derive(Clone, Default)]
struct Frame {
    name: String,
    extension: Vec<u8>,
    timecode: u32,
    /// Another picture than the house.
    other: bool,
    /// It is kept for other frames, and no frame uses it.
    unused: bool,
}

impl Stream {
    fn build(&self) -> Vec<u8> {
        let mut b = Bits::default();
        b.put(0x0AFF, 16);
        // 32 rows, and half as many again columns.
        b.put(1, 1).put(3, 5).put(4, 3);
        b.put(0, 1).put(1, 1); // not all default; more fields:
        b.put(0, 3).put(0, 1); // orientation, no intrinsic size
        b.put(self.preview.into(), 1);
        if self.preview {
            b.put(1, 1).put(2, 2).put(3, 5).put(4, 3);
        }
        b.put(self.animation.into(), 1);
        if self.animation {
            // A hundred ticks a second, for ever, with time codes.
            b.put(0, 2).put(0, 2).put(0, 2).put(1, 1);
        }
        b.put(0, 1).put(0, 2).put(1, 1); // eight bits; short numbers
        b.put(1, 2); // one more channel:
        if self.channel.is_empty() {
            b.put(1, 1);
        } else {
            b.put(0, 1).put(0, 2).put(0, 3).put(0, 2);
            b.name(&self.channel).put(0, 1);
        }
        b.put(0, 1).put(0, 1); // not XYB; colours:
        if self.profile.is_empty() {
            b.put(0, 1).put(0, 2).put(1, 2).put(1, 2);
            b.put(0, 1).put(2, 2).put(11, 4).put(0, 2);
        } else {
            b.put(1, 1).put(0, 2);
        }
        b.put(1, 1); // tone mapping as usual
        b.extension(&self.extension);
        b.put(1, 1);
        if !self.profile.is_empty() {
            coded_profile(&mut b, &self.profile);
        }
        b.align();
        if self.preview {
            let preview = Frame {
                other: true,
                ..Frame::default()
            };
            self.frame(&mut b, &preview, true);
        }
        for (n, frame) in self.frames.iter().enumerate() {
            self.frame(&mut b, frame, n + 1 == self.frames.len());
        }
        b.bytes
    }

    fn frame(&self, b: &mut Bits, frame: &Frame, is_last: bool) {
        b.put(0, 1);
        b.put(if frame.unused { 2 } else { 0 }, 2).put(1, 1); // modular
        b.put(0, 2).put(0, 1).put(0, 2).put(0, 2).put(1, 2);
        if !frame.unused {
            b.put(0, 2); // one pass
        }
        b.put(0, 1); // no crop
        if !frame.unused {
            b.put(0, 2).put(0, 2); // replaces all
            if self.animation {
                b.put(2, 2).put(50, 8).put(frame.timecode.into(), 32);
            }
            b.put(is_last.into(), 1);
        }
        if frame.unused {
            b.put(1, 2).put(1, 1);
        } else if !is_last {
            b.put(0, 2);
            if !self.animation {
                b.put(0, 1);
            }
        }
        b.name(&frame.name);
        b.put(0, 1).put(0, 1).put(0, 2).put(0, 2); // no filters
        b.extension(&frame.extension);
        b.put(0, 1).align(); // sections in order
        let data = if frame.other { OTHER } else { HOUSE };
        b.put(0, 2).put(data.len() as u64, 10).align();
        b.bytes.extend(data);
        b.align();
    }
}

/// A profile in its coded form: no commands, and a code in which all bytes have eight bits.
fn coded_profile(b: &mut Bits, profile: &[u8]) {
    let varint = |mut n: usize| {
        let mut out = Vec::new();
        while n > 0x7F {
            out.push(n as u8 | 0x80);
            n >>= 7;
        }
        out.push(n as u8);
        out
    };
    let commands = [&[0, 1][..], &varint(profile.len() - 128)].concat();
    let mut coded = [varint(profile.len()), varint(commands.len()), commands].concat();
    for (i, byte) in profile.iter().enumerate() {
        let size = (profile.len() as u32).to_be_bytes();
        let expected = match i {
            0..=3 => size[i],
            8 => 4,
            12..=23 => b"mntrRGB XYZ "[i - 12],
            36..=39 => b"acsp"[i - 36],
            41..=43 if profile[40] == b'A' => b"APPL"[i - 40],
            41..=43 if profile[40] == b'M' => b"MSFT"[i - 40],
            70 => 246,
            71 => 214,
            73 => 1,
            78 => 211,
            79 => 45,
            80..=83 => profile[i - 76],
            _ => 0,
        };
        coded.push(byte.wrapping_sub(expected));
    }
    b.put(3, 2).put(coded.len() as u64, 12).put(0, 1);
    b.put(0, 1)
        .put(1, 1)
        .put(0, 2)
        .put(1, 1)
        .put(8, 4)
        .put(0, 8);
    b.put(1, 1).put(7, 4).put(127, 7);
    b.put(0, 2).put(0, 20).put(2, 2).put(0, 14);
    for byte in coded {
        b.put(byte.reverse_bits().into(), 8);
    }
}

fn plain() -> Vec<u8> {
    Stream {
        frames: vec![Frame::default()],
        ..Stream::default()
    }
    .build()
}

/// A brotli stream in which everything stands as it is.
fn brotli(data: &[u8]) -> Vec<u8> {
    // A window of 16 bits; pieces of at most 65,536 bytes, not compressed; an empty last one.
    let mut b = Bits::default();
    b.put(0, 1);
    for piece in data.chunks(1 << 16) {
        b.put(0, 1).put(0, 2).put(piece.len() as u64 - 1, 16);
        b.put(1, 1).align();
        b.bytes.extend(piece);
        b.align();
    }
    b.put(3, 2);
    b.bytes
}

fn brob(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    boxed(b"brob", &[&kind[..], &brotli(data)].concat())
}

fn container(boxes: &[Vec<u8>]) -> Vec<u8> {
    let mut out = boxed(b"JXL ", b"\r\n\x87\n");
    out.extend(boxed(b"ftyp", b"jxl \0\0\0\0jxl "));
    out.extend(boxes.concat());
    out
}

/// Exif as a box holds it.
fn exif_box(tiff: &[u8]) -> Vec<u8> {
    [&[0; 4][..], tiff].concat()
}

/// What is needed to make a JPEG again: its Exif of an unusual kind, a comment, bytes between its
/// segments and behind its end.
fn reconstruction(s: &mut Seeds) -> Vec<u8> {
    let block = s.at("APP1", |s| exif::small(s, Order::Big));
    let payload = [b"Exif\0\0", &block[..]].concat();
    let len = (payload.len() as u16 + 2).to_be_bytes();
    let app = [&[0xE1][..], &len, &payload].concat();
    let text = s.text("COM", "made by Anna Exempel ");
    let len = (text.len() as u16 + 2).to_be_bytes();
    let comment = [&len[..], text.as_bytes()].concat();
    let between = s.text("between markers", "between ").into_bytes();
    let tail = s.text("behind EOI", "tail ").into_bytes();
    let mut b = Bits::default();
    b.put(0, 1);
    for marker in [0xE1_u64, 0xFE, 0xFF, 0xC0, 0xDA, 0xD9] {
        b.put(marker - 0xC0, 6);
    }
    b.put(0, 2).put(app.len() as u64 - 1, 16);
    b.put(comment.len() as u64 - 1, 16);
    b.put(0, 2).put(0, 4); // one quantisation table
    b.put(0, 2).put(0, 2); // one component
    b.put(1, 2).put(0, 3); // two Huffman codes:
    for _ in 0..2 {
        b.put(0, 4).put(0, 34);
    }
    b.put(0, 2).put(0, 20).put(0, 6).put(0, 2); // one scan
    b.put(0, 2).put(0, 2);
    b.put(between.len() as u64, 16);
    b.put(1, 2).put(tail.len() as u64 - 1, 8);
    b.put(0, 1).align();
    b.bytes
        .extend(brotli(&[app, comment, between, tail].concat()));
    b.bytes
}

/// A gain map with a profile, and with more in its codestream than is needed.
fn gain_map(s: &mut Seeds) -> Vec<u8> {
    let profile = s.at("alt_icc", |s| icc::profile(s, icc::Kind::Monitor));
    let mut coded = Bits::default();
    coded_profile(&mut coded, &profile);
    let mut out = vec![0];
    let mut numbers = vec![0, 0, 0, 0, 0x40];
    for n in 1_u32..=14 {
        numbers.extend((n * 3).to_be_bytes());
    }
    numbers.extend(s.text("metadata", "behind the numbers ").bytes());
    out.extend((numbers.len() as u16).to_be_bytes());
    out.extend(numbers);
    let colours = [&[1][..], s.text("color_encoding", " ").as_bytes()].concat();
    out.push(colours.len() as u8);
    out.extend(colours);
    out.extend((coded.bytes.len() as u32).to_be_bytes());
    out.extend(coded.bytes);
    let frame = Frame {
        name: s.text("gain map/frame name", "gain "),
        ..Frame::default()
    };
    out.extend(
        Stream {
            frames: vec![frame],
            ..Stream::default()
        }
        .build(),
    );
    out.extend(s.text("behind the gain map", "tail ").bytes());
    out
}

fn jxl(
    name: &str,
    imitates: &str,
    how: &str,
    expect: Expect,
    make: impl FnOnce(&mut Seeds) -> Vec<u8>,
) -> Sample {
    Sample::new("jxl", name, imitates, how, expect, make)
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    use Expect::{AlreadyClean, Cleaned, Reduced, Refused};
    vec![
        jxl(
            "camera.jxl",
            "a photo out of a camera, made smaller and edited",
            "Exif, XMP and content credentials, each twice, one of them packed with brotli",
            Cleaned,
            |s| {
                let full = s.at("Exif", |s| {
                    let thumb = jpeg::thumb(s);
                    exif::full(s, &exif::CANON, None, &thumb).tiff(Order::Little)
                });
                let packed = s.at("brob Exif", |s| exif::small(s, Order::Little));
                let packet = s.at("xml", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
                let second = s.at("brob xml", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
                let thumb = s.at("jumb thumbnail", jpeg::thumb);
                let store = s.at("jumb", |s| c2pa::store(s, &thumb));
                let again = s.at("brob jumb", |s| c2pa::store(s, &thumb));
                container(&[
                    boxed(b"jxll", &[10]),
                    boxed(b"Exif", &exif_box(&full)),
                    brob(b"xml ", &second),
                    boxed(b"jxlc", &plain()),
                    boxed(b"xml ", &packet),
                    brob(b"Exif", &exif_box(&packed)),
                    store,
                    brob(b"jumb", &again[8..]),
                ])
            },
        ),
        jxl(
            "from-jpeg.jxl",
            "a JPEG packed without loss",
            "reconstruction data with Exif, a comment, bytes between segments and behind the end",
            Cleaned,
            |s| {
                let jbrd = s.at("jbrd", reconstruction);
                container(&[boxed(b"jbrd", &jbrd), boxed(b"jxlc", &plain())])
            },
        ),
        jxl(
            "boxes.jxl",
            "programs that add boxes of their own",
            "index, uuid, free space, unknown boxes, a second level, a long ftyp, and a trailer",
            Cleaned,
            |s| {
                let mut text = |name: &str| s.text(name, "somebody was here ").into_bytes();
                let mut out = boxed(b"JXL ", b"\r\n\x87\n");
                let brands = [b"jxl \0\0\0\0jxl ", &text("ftyp")[..]].concat();
                out.extend(boxed(b"ftyp", &brands));
                let uuid = [&[7; 16][..], &text("uuid")].concat();
                for (kind, data) in [
                    (b"jxll", vec![5]),
                    (b"jxli", text("jxli")),
                    (b"jxlc", plain()),
                    (b"jxll", text("jxll")),
                    (b"uuid", uuid),
                    (b"free", text("free")),
                    (b"skip", text("skip")),
                    (b"abcd", text("unknown box")),
                    (b"brob", text("brob without brotli")),
                ] {
                    out.extend(boxed(kind, &data));
                }
                out.extend(text("trailer"));
                out
            },
        ),
        jxl(
            "codestream.jxl",
            "a bare codestream of an editor",
            "names, extensions, a preview, a picture that nobody sees, the profile of a monitor, a tail",
            Cleaned,
            |s| {
                let profile = s.at("ICC", |s| icc::profile(s, icc::Kind::Monitor));
                let unused = Frame {
                    name: s.text("name of an unused frame", "old "),
                    other: true,
                    unused: true,
                    ..Frame::default()
                };
                let shown = Frame {
                    name: s.text("frame name", "Annas rum "),
                    extension: s.text("frame extension", "x ").into_bytes(),
                    ..Frame::default()
                };
                let stream = Stream {
                    profile,
                    preview: true,
                    channel: s.text("channel name", "Annas mask "),
                    extension: s.text("extension", "x ").into_bytes(),
                    frames: vec![unused, shown],
                    ..Stream::default()
                };
                let tail = s.text("behind the codestream", "tail ").into_bytes();
                [stream.build(), tail].concat()
            },
        ),
        jxl(
            "animation.jxl",
            "an animation in pieces",
            "time codes and names of frames; data behind the end in a piece of its own",
            Cleaned,
            |s| {
                let frame = |name: String, timecode, other| Frame {
                    name,
                    timecode,
                    other,
                    ..Frame::default()
                };
                s.spelled_bytes("timecode", &0x1437_0825_u32.to_le_bytes());
                let mut stream = Stream {
                    animation: true,
                    frames: vec![
                        frame(s.text("frame 1", "one "), 0x1437_0825, false),
                        frame(s.text("frame 2", "two "), 0x1437_0850, true),
                    ],
                    ..Stream::default()
                }
                .build();
                stream.extend(s.text("behind the codestream", "tail ").bytes());
                let hidden = s.text("jxlp behind the end", "more ");
                let (a, b) = stream.split_at(100);
                container(&[
                    boxed(b"jxlp", &[&[0; 4][..], a].concat()),
                    boxed(b"free", b""),
                    boxed(b"jxlp", &[&[0, 0, 0, 1][..], b].concat()),
                    boxed(b"jxlp", &[&[0x80, 0, 0, 2][..], hidden.as_bytes()].concat()),
                ])
            },
        ),
        jxl(
            "gain-map.jxl",
            "an HDR photo",
            "a gain map with a profile, a name and bytes behind its end",
            Cleaned,
            |s| {
                let map = s.at("jhgm", gain_map);
                container(&[boxed(b"jxlc", &plain()), boxed(b"jhgm", &map)])
            },
        ),
        jxl(
            "layers.jxl",
            "a picture with layers",
            "two layers, of which the upper one covers the lower one",
            Reduced,
            |_| {
                let lower = Frame {
                    other: true,
                    ..Frame::default()
                };
                Stream {
                    frames: vec![lower, Frame::default()],
                    ..Stream::default()
                }
                .build()
            },
        ),
        jxl(
            "damaged-short.jxl",
            "a damaged file",
            "ends within the picture",
            Refused,
            |s| {
                let text = s.text("xml", "<x/> ");
                let mut bytes =
                    container(&[boxed(b"xml ", text.as_bytes()), boxed(b"jxlc", &plain())]);
                bytes.truncate(bytes.len() - 40);
                bytes
            },
        ),
        jxl(
            "clean.jxl",
            "a picture without anything",
            "a container with a codestream",
            AlreadyClean,
            |_| container(&[boxed(b"jxlc", &plain())]),
        ),
    ]
}
