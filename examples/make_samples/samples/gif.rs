//! GIF samples (GIF89a).

use super::scene::Scene;
use super::seed::Seeds;
use super::{Expect, Sample, icc, xmp};

const WIDTH: usize = 48;
const HEIGHT: usize = 32;

/// Header, screen, palette of 16 colours.
fn header() -> Vec<u8> {
    let mut out = b"GIF89a".to_vec();
    out.extend([WIDTH as u8, 0, HEIGHT as u8, 0, 0b1011_0011, 0, 0]);
    for i in 0..16_u8 {
        out.extend([(i >> 2) * 80, 60 + (i >> 2) * 40, (i & 3) * 80]);
    }
    out
}

fn sub_blocks(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // Not 255, the most that is allowed, lest a boundary cut a secret in two.
    for piece in data.chunks(240) {
        out.push(piece.len() as u8);
        out.extend(piece);
    }
    out.push(0);
    out
}

fn extension(label: u8, data: &[u8]) -> Vec<u8> {
    [&[0x21, label][..], &sub_blocks(data)].concat()
}

fn application(name: &[u8; 11], data: &[u8]) -> Vec<u8> {
    [&[0x21, 0xFF, 11][..], name, &sub_blocks(data)].concat()
}

fn control(delay: u8) -> Vec<u8> {
    vec![0x21, 0xF9, 4, 0x04, delay, 0, 0, 0]
}

fn loops(count: u8) -> Vec<u8> {
    application(b"NETSCAPE2.0", &[1, count, 0])
}

/// A frame; `hidden` stands behind the end code of its data.
fn frame(door: usize, hidden: &[u8]) -> Vec<u8> {
    let scene = Scene::house(WIDTH, HEIGHT, door);
    let colours = scene.rgb.chunks_exact(3);
    coded(
        colours.map(|p| usize::from(p[0] >> 6 << 2 | p[2] >> 6)),
        hidden,
    )
}

/// A frame in which every colour of the palette occurs.
fn stripes() -> Vec<u8> {
    coded((0..WIDTH * HEIGHT).map(|i| i % 16), &[])
}

fn coded(colours: impl Iterator<Item = usize>, hidden: &[u8]) -> Vec<u8> {
    let mut bits: Vec<bool> = Vec::new();
    let mut put = |code: usize| bits.extend((0..5).map(|i| code >> i & 1 == 1));
    for (i, colour) in colours.enumerate() {
        // A clear code often enough keeps all codes five bits long.
        if i % 14 == 0 {
            put(16);
        }
        put(colour);
    }
    put(17);
    let mut data: Vec<u8> = bits
        .chunks(8)
        .map(|eight| {
            eight
                .iter()
                .enumerate()
                .map(|(i, &b)| u8::from(b) << i)
                .sum()
        })
        .collect();
    data.extend(hidden);
    let mut out = vec![0x2C, 0, 0, 0, 0, WIDTH as u8, 0, HEIGHT as u8, 0, 0, 4];
    out.extend(sub_blocks(&data));
    out
}

fn xmp_extension(s: &mut Seeds) -> Vec<u8> {
    let packet = s.at("XMP DataXMP", |s| {
        xmp::packet(&xmp::COMMON, &xmp::common(s))
    });
    let mut out = [&[0x21, 0xFF, 11][..], b"XMP DataXMP", &packet, &[1]].concat();
    out.extend((0..=255).rev());
    out.push(0);
    out
}

fn gif(
    name: &str,
    imitates: &str,
    how: &str,
    expect: Expect,
    make: impl FnOnce(&mut Seeds) -> Vec<Vec<u8>>,
) -> Sample {
    Sample::new("gif", name, imitates, how, expect, |s| make(s).concat())
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    use Expect::{Cleaned, Refused};
    vec![
        gif(
            "animated.gif",
            "a messenger's animation",
            "loop 0, comments and XMP between the frames, ICC, unknown application, label 0x77, plain text",
            Cleaned,
            |s| {
                let comment = s.text("comment", "C:\\Users\\anna\\");
                let second = s.text("comment between frames", "home ");
                let unknown = s.text("application Exempel", "phone ");
                let label = s.text("extension 0x77", "unknown ");
                let mut plain = vec![12, 0, 0, 0, 0, 48, 0, 32, 0, 8, 8, 1, 0];
                plain.extend(sub_blocks(s.text("plain text", "text ").as_bytes()));
                let profile = s.at("ICCRGBG1012", |s| icc::profile(s, icc::Kind::Monitor));
                let screen = s.text("application MGKIPTC0000", "iptc ");
                vec![
                    header(),
                    loops(0),
                    application(b"ICCRGBG1012", &profile),
                    application(b"MGKIPTC0000", screen.as_bytes()),
                    extension(0xFE, comment.as_bytes()),
                    xmp_extension(s),
                    control(10),
                    frame(45, &[]),
                    extension(0xFE, second.as_bytes()),
                    application(b"EXEMPEL 1.0", unknown.as_bytes()),
                    extension(0x77, label.as_bytes()),
                    control(20),
                    [&[0x21, 0x01], plain.as_slice()].concat(),
                    control(10),
                    frame(60, &[]),
                    vec![0x3B],
                ]
            },
        ),
        gif(
            "loop-three.gif",
            "an animation that ends",
            "loop 3, a buffer size in the loop extension, comment",
            Cleaned,
            |s| {
                let comment = s.text("comment", "Anna Exempel ");
                let mut looping = loops(3);
                looping.pop();
                looping.extend([5, 2, 0, 16, 0, 0, 0]);
                vec![
                    header(),
                    looping,
                    control(10),
                    frame(45, &[]),
                    control(10),
                    frame(60, &[]),
                    extension(0xFE, comment.as_bytes()),
                    vec![0x3B],
                ]
            },
        ),
        gif(
            "hidden.gif",
            "somebody who hides text",
            "bytes behind the end code of the picture and behind the end of the file",
            Cleaned,
            |s| {
                let behind = s.text("image data behind the end code", "hidden ");
                let trailer = s.text("trailer", "hidden ");
                vec![
                    header(),
                    frame(45, behind.as_bytes()),
                    vec![0x3B],
                    trailer.into_bytes(),
                ]
            },
        ),
        gif("still.gif", "a logo", "comment only", Cleaned, |s| {
            let comment = s.text("comment", "Created by Anna ");
            vec![
                header(),
                extension(0xFE, comment.as_bytes()),
                frame(45, &[]),
                vec![0x3B],
            ]
        }),
        gif(
            "damaged-xmp.gif",
            "a broken writer",
            "XMP without its ending, so that nobody knows where the picture begins",
            Refused,
            |s| {
                let packet = s.at("XMP DataXMP", |s| {
                    xmp::packet(&xmp::COMMON, &xmp::common(s))
                });
                vec![
                    header(),
                    [&[0x21, 0xFF, 11][..], b"XMP DataXMP", &packet].concat(),
                    frame(45, &[]),
                    vec![0x3B],
                ]
            },
        ),
        gif(
            "damaged-header.gif",
            "a damaged file",
            "ends within the palette",
            Refused,
            |s| {
                let comment = s.text("comment", "home ");
                vec![header()[..40].to_vec(), comment.into_bytes()]
            },
        ),
        gif(
            "clean.gif",
            "a picture without anything",
            "one frame",
            Expect::AlreadyClean,
            |_| vec![header(), stripes(), vec![0x3B]],
        ),
    ]
}

/// Structures that no specification names.
pub fn attacks() -> Vec<Sample> {
    let attack = |name: &str, make: &dyn Fn(&mut Seeds) -> Vec<Vec<u8>>| {
        gif(
            &format!("canary/attack-{name}.gif"),
            "an attacker",
            name,
            Expect::Cleaned,
            make,
        )
    };
    let still = |before: Vec<u8>| vec![header(), before, frame(45, &[]), vec![0x3B]];
    let app = |name: &'static [u8; 11]| {
        move |s: &mut Seeds| {
            let text = s.text(&String::from_utf8_lossy(name), "app ");
            still(application(name, text.as_bytes()))
        }
    };
    vec![
        attack("netscape-more", &|s| {
            let text = s.text("NETSCAPE2.0 sub-block 3", "n");
            let mut looping = loops(0);
            looping.pop();
            looping.extend(sub_blocks(text.as_bytes()));
            still(looping)
        }),
        attack("netscape-long", &|s| {
            let text = s.text("NETSCAPE2.0 sub-block 1", "n");
            still(application(
                b"NETSCAPE2.0",
                &[&[1, 0, 0], text.as_bytes()].concat(),
            ))
        }),
        attack("control-long", &|s| {
            let text = s.text("graphic control", "n");
            still(extension(0xF9, &[&[4, 10, 0, 0], text.as_bytes()].concat()))
        }),
        attack("control-second-block", &|s| {
            let text = s.text("graphic control, second block", "n");
            let mut block = control(10);
            block.pop();
            block.extend(sub_blocks(text.as_bytes()));
            still(block)
        }),
        attack("magick-8bim", &app(b"MGK8BIM0000")),
        attack("c2pa", &app(b"C2PA_GIF\x01\0\0")),
        attack("netscape-other-case", &app(b"Netscape2.0")),
        attack("animexts-text", &app(b"ANIMEXTS1.0")),
        attack("icc-text", &app(b"ICCRGBG1012")),
        attack("junk-between-blocks", &|s| {
            let text = s.text("bytes between blocks", "\0");
            still(text.into_bytes())
        }),
        attack("image-outside-screen", &|s| {
            let comment = s.text("comment", "n");
            let mut image = frame(45, &[]);
            image[1] = 200;
            vec![
                header(),
                extension(0xFE, comment.as_bytes()),
                frame(45, &[]),
                image,
                vec![0x3B],
            ]
        }),
        attack("cut-off", &|s| {
            let comment = s.text("comment", "home ");
            let mut image = frame(45, &[]);
            image.truncate(image.len() / 2);
            vec![header(), extension(0xFE, comment.as_bytes()), image]
        }),
        gif(
            "canary/attack-palette-surplus.gif",
            "an attacker",
            "text in colours that no pixel has",
            Expect::Reduced,
            |s| {
                let text = s.text("Global Color Table, unused colours", "hidden ");
                let mut front = header();
                front[10] = 0b1011_0111;
                front.extend(text.bytes());
                front.resize(13 + 768, 0x41);
                vec![front, frame(45, &[]), vec![0x3B]]
            },
        ),
        attack("header-of-87", &|s| {
            let comment = s.text("comment", "n");
            let mut front = header();
            front[4] = b'7';
            vec![
                front,
                extension(0xFE, comment.as_bytes()),
                frame(45, &[]),
                vec![0x3B],
            ]
        }),
    ]
}
