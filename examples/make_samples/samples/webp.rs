//! WebP samples (RFC 9649). The lossy frame was drawn here and coded once with a common encoder.

use super::scene::Scene;
use super::seed::Seeds;
use super::tiff::Order;
use super::{Expect, Sample, exif, icc, jpeg, xmp};

const WIDTH: usize = 48;
const HEIGHT: usize = 32;

struct Bits {
    out: Vec<u8>,
    count: usize,
}

impl Bits {
    fn put(&mut self, value: usize, length: usize) {
        for i in 0..length {
            if self.count.is_multiple_of(8) {
                self.out.push(0);
            }
            *self.out.last_mut().unwrap() |= ((value >> i & 1) as u8) << (self.count % 8);
            self.count += 1;
        }
    }

    /// 256 codes of eight bits for an alphabet of `symbols` symbols; its lengths are 8 or 0, spelled
    /// with one bit each.
    fn flat_code(&mut self, symbols: usize) {
        self.put(0, 1);
        // Lengths of the code of lengths, in their order 17 18 0 1 2 3 4 5 16 6 7 8.
        self.put(12 - 4, 4);
        for length in [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1] {
            self.put(length, 3);
        }
        self.put(0, 1);
        for symbol in 0..symbols {
            self.put(usize::from(symbol < 256), 1);
        }
    }

    /// A code of which `symbol` is the only symbol.
    fn single_code(&mut self, symbol: usize) {
        self.put(1, 1);
        self.put(0, 1);
        self.put(1, 1);
        self.put(symbol, 8);
    }
}

/// A lossless picture; the house is invisible if `hidden`.
fn lossless(door: usize, hidden: bool) -> Vec<u8> {
    let scene = Scene::house(WIDTH, HEIGHT, door);
    let mut bits = Bits {
        out: vec![0x2F],
        count: 8,
    };
    bits.put(WIDTH - 1, 14);
    bits.put(HEIGHT - 1, 14);
    bits.put(usize::from(hidden), 1);
    bits.put(0, 3);
    // No transforms, no colour cache, no meta codes.
    bits.put(0, 3);
    bits.flat_code(280);
    bits.flat_code(256);
    bits.flat_code(256);
    bits.flat_code(256);
    bits.single_code(0);
    for (i, p) in scene.rgb.chunks_exact(3).enumerate() {
        let (x, y) = (i % WIDTH * 100 / WIDTH, i / WIDTH * 100 / HEIGHT);
        let alpha = if hidden && x.abs_diff(door) < 25 && y > 25 {
            0
        } else {
            255
        };
        for value in [p[1], p[0], p[2], alpha] {
            bits.put(usize::from(value.reverse_bits()), 8);
        }
    }
    bits.out
}

/// The house, 48 by 32, as `cwebp -q 30 -m 6` codes it.
const LOSSY: &[u8] = include_bytes!("house.vp8");

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = [&name[..], &(data.len() as u32).to_le_bytes(), data].concat();
    out.resize(out.len().next_multiple_of(2), 0);
    out
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = [b"WEBP".to_vec(), chunks.concat()].concat();
    [
        b"RIFF".as_slice(),
        &(body.len() as u32).to_le_bytes(),
        &body,
    ]
    .concat()
}

const ICC: u8 = 0x20;
const ALPHA: u8 = 0x10;
const EXIF: u8 = 0x08;
const XMP: u8 = 0x04;
const ANIMATION: u8 = 0x02;

fn extended(flags: u8) -> Vec<u8> {
    chunk(
        b"VP8X",
        &[
            flags,
            0,
            0,
            0,
            WIDTH as u8 - 1,
            0,
            0,
            HEIGHT as u8 - 1,
            0,
            0,
        ],
    )
}

fn frame(inner: &[Vec<u8>]) -> Vec<u8> {
    let head = [
        0,
        0,
        0,
        0,
        0,
        0,
        WIDTH as u8 - 1,
        0,
        0,
        HEIGHT as u8 - 1,
        0,
        0,
        100,
        0,
        0,
        0,
    ];
    chunk(b"ANMF", &[&head[..], &inner.concat()].concat())
}

fn webp(
    name: &str,
    imitates: &str,
    how: &str,
    expect: Expect,
    make: impl FnOnce(&mut Seeds) -> Vec<u8>,
) -> Sample {
    Sample::new("webp", name, imitates, how, expect, make)
}

fn text(s: &mut Seeds, name: &[u8; 4], value: &str) -> Vec<u8> {
    let value = s.text(&String::from_utf8_lossy(name), value);
    chunk(name, value.as_bytes())
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    use Expect::{AlreadyClean, Cleaned, Reduced, Refused};
    vec![
        webp(
            "phone.webp",
            "an app that converts photos",
            "EXIF with orientation 6, XMP, profile of a monitor",
            Cleaned,
            |s| {
                let icc = s.at("ICCP", |s| icc::profile(s, icc::Kind::Monitor));
                let block = s.at("EXIF", |s| {
                    let thumb = jpeg::thumb(s);
                    exif::full(s, &exif::IPHONE, None, &thumb).tiff(Order::Big)
                });
                let packet = s.at("XMP", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
                riff(&[
                    extended(ICC | EXIF | XMP),
                    chunk(b"ICCP", &icc),
                    chunk(b"VP8 ", LOSSY),
                    chunk(b"EXIF", &block),
                    chunk(b"XMP ", &packet),
                ])
            },
        ),
        webp(
            "unknown-chunks.webp",
            "programs that add chunks of their own",
            "C2PA, SEAL, META and unknown chunks, a second EXIF with the prefix of JPEG, the XMP chunk misspelt",
            Cleaned,
            |s| {
                let first = s.at("EXIF", |s| exif::small(s, Order::Big));
                let second = s.at("EXIF 2", |s| exif::small(s, Order::Little));
                let packet = s.at("XMP misspelt", |s| {
                    xmp::packet(&xmp::COMMON, &xmp::common(s))
                });
                riff(&[
                    extended(EXIF),
                    text(s, b"META", "phone "),
                    chunk(b"VP8L", &lossless(45, false)),
                    text(s, b"C2PA", "jumb "),
                    text(s, b"SEAL", "<seal "),
                    text(s, b"abcd", "unknown "),
                    chunk(b"EXIF", &first),
                    chunk(b"EXIF", &[b"Exif\0\0".as_slice(), &second].concat()),
                    chunk(b"XMP\0", &packet),
                ])
            },
        ),
        webp(
            "animated.webp",
            "a messenger's sticker",
            "two frames with unknown chunks inside and between, loop 3",
            Cleaned,
            |s| {
                let inside = text(s, b"junk", "inside ANMF ");
                riff(&[
                    extended(ANIMATION),
                    chunk(b"ANIM", &[0, 0, 0, 0, 3, 0]),
                    frame(&[chunk(b"VP8L", &lossless(45, false)), inside]),
                    text(s, b"betw", "between frames "),
                    frame(&[chunk(b"VP8 ", LOSSY)]),
                ])
            },
        ),
        webp(
            "hidden.webp",
            "somebody who hides text",
            "pad byte, reserved bits, bytes behind the RIFF chunk",
            Cleaned,
            |s| {
                let mut file = riff(&[
                    chunk(
                        b"VP8X",
                        &[0xC1, 7, 7, 7, WIDTH as u8 - 1, 0, 0, HEIGHT as u8 - 1, 0, 0],
                    ),
                    [chunk(b"abcd", b"odd"), chunk(b"VP8L", &lossless(45, false))].concat(),
                ]);
                let pad = file.windows(4).position(|w| w == b"odd\0").unwrap() + 3;
                file[pad] = 0x41;
                file.extend(s.text("trailer", "hidden ").bytes());
                file
            },
        ),
        webp(
            "simple.webp",
            "a web page",
            "one lossy frame and a trailer, no VP8X",
            Cleaned,
            |s| {
                let mut file = riff(&[chunk(b"VP8 ", LOSSY)]);
                file.extend(s.text("trailer", "PK\x03\x04").bytes());
                file
            },
        ),
        webp(
            "hidden-alpha.webp",
            "a phone's eraser",
            "colours below fully transparent pixels",
            Reduced,
            |s| {
                let note = text(s, b"abcd", "unknown ");
                riff(&[extended(ALPHA), chunk(b"VP8L", &lossless(45, true)), note])
            },
        ),
        webp(
            "damaged-short.webp",
            "a damaged file",
            "ends within the picture",
            Refused,
            |s| {
                let note = text(s, b"abcd", "unknown ");
                let mut file = riff(&[extended(0), note, chunk(b"VP8L", &lossless(45, false))]);
                file.truncate(file.len() / 2);
                file
            },
        ),
        webp(
            "clean.webp",
            "a picture without anything",
            "one lossless frame",
            AlreadyClean,
            |_| riff(&[chunk(b"VP8L", &lossless(45, false))]),
        ),
    ]
}

/// Structures that no specification names.
pub fn attacks() -> Vec<Sample> {
    let attack = |name: &str, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
        webp(
            &format!("canary/attack-{name}.webp"),
            "an attacker",
            name,
            Expect::Cleaned,
            make,
        )
    };
    vec![
        attack("vp8x-long", &|s| {
            let text = s.text("VP8X behind its ten bytes", "x");
            let head = [0, 0, 0, 0, WIDTH as u8 - 1, 0, 0, HEIGHT as u8 - 1, 0, 0];
            riff(&[
                chunk(b"VP8X", &[&head, text.as_bytes()].concat()),
                chunk(b"VP8 ", LOSSY),
            ])
        }),
        attack("anim-long", &|s| {
            let text = s.text("ANIM behind its six bytes", "x");
            riff(&[
                extended(ANIMATION),
                chunk(b"ANIM", &[&[0, 0, 0, 0, 0, 0], text.as_bytes()].concat()),
                frame(&[chunk(b"VP8 ", LOSSY)]),
            ])
        }),
        attack("alph-tail", &|s| {
            let text = s.text("ALPH behind the last pixel", "x");
            let mut alpha = vec![0];
            alpha.resize(1 + WIDTH * HEIGHT, 200);
            alpha.extend(text.bytes());
            riff(&[
                extended(ALPHA),
                chunk(b"ALPH", &alpha),
                chunk(b"VP8 ", LOSSY),
            ])
        }),
        attack("second-image", &|s| {
            let text = s.text("VP8 behind its last partition", "x");
            riff(&[
                extended(0),
                chunk(b"VP8 ", LOSSY),
                chunk(b"VP8 ", &[LOSSY, text.as_bytes()].concat()),
            ])
        }),
        attack("anmf-tail", &|s| {
            let text = s.text("ANMF behind its chunks", "x");
            riff(&[
                extended(ANIMATION),
                chunk(b"ANIM", &[0, 0, 0, 0, 0, 0]),
                frame(&[chunk(b"VP8 ", LOSSY), text.into_bytes()]),
            ])
        }),
        attack("unknown-before-bitstream", &|s| {
            let before = text(s, b"jUNK", "in front of the bitstream ");
            riff(&[
                extended(ANIMATION),
                chunk(b"ANIM", &[0, 0, 0, 0, 0, 0]),
                frame(&[before, chunk(b"VP8L", &lossless(45, false))]),
            ])
        }),
        attack("exif-no-flag", &|s| {
            let block = s.at("EXIF", |s| exif::small(s, Order::Big));
            riff(&[extended(0), chunk(b"VP8 ", LOSSY), chunk(b"EXIF", &block)])
        }),
        attack("exif-in-simple-file", &|s| {
            let block = s.at("EXIF", |s| exif::small(s, Order::Big));
            riff(&[chunk(b"VP8 ", LOSSY), chunk(b"EXIF", &block)])
        }),
        attack("icc-after-image", &|s| {
            let icc = s.at("ICCP", |s| icc::profile(s, icc::Kind::Monitor));
            riff(&[extended(ICC), chunk(b"VP8 ", LOSSY), chunk(b"ICCP", &icc)])
        }),
    ]
}
