//! Structures that no specification names.

use super::super::jpeg::{Jpeg, jfif, photo};
use super::super::jpeg_encode::{Coded, Colours, Options, encode, segment};
use super::super::scene::Scene;
use super::super::seed::Seeds;
use super::super::tiff::{Ifd, Order, Value};
use super::super::{Expect, Sample, exif, icc, xmp};
use super::JPEG;
use super::editors::iso_gain_map;

/// Structures that no specification names.
pub fn attacks() -> Vec<Sample> {
    let attack = |name: &str, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
        let file = format!("canary/attack-{name}.jpg");
        Sample::new(JPEG, &file, "an attacker", name, Expect::Cleaned, make)
    };
    let base = || Jpeg::new(photo(45)).app(0xE0, &jfif(72, &[]));
    let tables = |marker: u8, start: &'static [u8]| {
        move |s: &mut Seeds| {
            let text = s.text(&format!("marker {marker:02X}"), "x");
            base()
                .app(marker, &[start, text.as_bytes()].concat())
                .build()
        }
    };
    vec![
        attack("jfif-too-long", &|s| {
            let text = s.text("APP0 JFIF behind its 14 bytes", "x");
            Jpeg::new(photo(45))
                .app(0xE0, &[&jfif(72, &[])[..], text.as_bytes()].concat())
                .build()
        }),
        attack("dri-too-long", &tables(0xDD, &[0, 0])),
        attack("dqt-tail", &|s| {
            let text = s.text("DQT behind its table", "\x05");
            base().app(0xDB, text.as_bytes()).build()
        }),
        attack("dqt-unused", &|s| {
            let mut table = s
                .text("DQT 3, which no component uses", "\x03")
                .into_bytes();
            table.resize(65, 0x41);
            base().app(0xDB, &table).build()
        }),
        attack("dqt-twice", &|s| {
            let mut table = s.text("DQT 0, replaced by another", "\0").into_bytes();
            table.resize(65, 0x41);
            base().app(0xDB, &table).build()
        }),
        attack("dht-unused", &|s| {
            let text = s.text("DHT 3, which no scan uses", "");
            let mut table = vec![0x13, 0, 0, 0, 0, text.len() as u8];
            table.resize(17, 0);
            table.extend(text.bytes());
            base().app(0xC4, &table).build()
        }),
        attack("dht-tail", &tables(0xC4, &[0x05])),
        attack("dac", &tables(0xCC, &[])),
        attack("dhp", &tables(0xDE, &[])),
        attack("exp", &tables(0xDF, &[])),
        attack("sof-tail", &|s| {
            let text = s.text("SOF0 behind its components", "x");
            let mut coded = photo(45);
            let at = coded
                .tables
                .windows(2)
                .position(|w| w == [0xFF, 0xC0])
                .unwrap();
            let length = usize::from(coded.tables[at + 3]);
            coded
                .tables
                .splice(at + 2 + length..at + 2 + length, text.bytes());
            coded.tables[at + 3] += text.len() as u8;
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("sos-tail", &|s| {
            let text = s.text("SOS behind its parameters", "x");
            let mut coded = photo(45);
            let length = usize::from(coded.scans[0][3]);
            coded.scans[0].splice(2 + length..2 + length, text.bytes());
            coded.scans[0][3] += text.len() as u8;
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("second-frame", &|s| {
            let text = s.text("COM between two frames", "x");
            let second = photo(60);
            base()
                .between(9, &segment(0xFE, text.as_bytes()))
                .between(9, &second.tables)
                .between(9, &second.scans[0])
                .build()
        }),
        attack("soi-again", &|s| {
            let comment = s.text("COM behind a second SOI", "x");
            base()
                .raw(&[0xFF, 0xD8])
                .app(0xFE, comment.as_bytes())
                .build()
        }),
        attack("tem-and-rst-outside", &|s| {
            let comment = s.text("COM", "x");
            base()
                .raw(&[0xFF, 0x01, 0xFF, 0xD3])
                .app(0xFE, comment.as_bytes())
                .build()
        }),
        attack("restart-tail", &|s| {
            let options = Options {
                restart: 7,
                ..Options::baseline(Colours::YCbCr420)
            };
            let mut coded = encode(&Scene::house(160, 112, 45), options);
            let text = s.text("coded data in front of RST2", "hidden text ");
            let at = coded.scans[0]
                .windows(2)
                .position(|w| w == [0xFF, 0xD2])
                .unwrap();
            coded.scans[0].splice(at..at, text.bytes());
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("progressive-tail", &|s| {
            let options = Options::progressive(Colours::YCbCr420);
            let mut coded = encode(&Scene::house(160, 112, 45), options);
            let text = s.text("coded data behind the third scan", "hidden text ");
            coded.scans[2].extend(text.bytes());
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("refinement-tail", &|s| {
            let options = Options::progressive(Colours::YCbCr420);
            let mut coded = encode(&Scene::house(160, 112, 45), options);
            let text = s.text("coded data behind the last scan", "hidden text ");
            coded.scans.last_mut().unwrap().extend(text.bytes());
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("binary-tail", &|s| {
            let mut coded = photo(45);
            coded.scans[0].extend(no_text(s, "binary coded data behind the last MCU", 24));
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("long-binary-tail", &|s| {
            let mut coded = photo(45);
            coded.scans[0].extend(no_text(s, "binary coded data behind the last MCU", 4000));
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("binary-restart-tail", &|s| {
            let options = Options {
                restart: 40,
                ..Options::baseline(Colours::YCbCr420)
            };
            let mut coded = encode(&Scene::house(160, 112, 45), options);
            let at = coded.scans[0].windows(2).position(|w| w == [0xFF, 0xD0]);
            let at = at.unwrap();
            let secret = no_text(s, "binary coded data in front of RST0", 24);
            coded.scans[0].splice(at..at, secret);
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("binary-progressive-tail", &|s| {
            let options = Options::progressive(Colours::YCbCr420);
            let mut coded = encode(&Scene::house(160, 112, 45), options);
            coded.scans[2].extend(no_text(s, "binary coded data behind the third scan", 24));
            let last = coded.scans.last_mut().unwrap();
            last.extend(no_text(s, "binary coded data behind the last scan", 24));
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("binary-tail-before-gain-map", &|s| {
            let mut coded = photo(45);
            coded.scans[0].extend(no_text(s, "binary coded data behind the last MCU", 24));
            let map = encode(&Scene::house(80, 56, 45), Options::baseline(Colours::Grey));
            with_gain_map(coded, map)
        }),
        attack("tail-in-gain-map", &|s| {
            let mut coded = encode(&Scene::house(80, 56, 45), Options::baseline(Colours::Grey));
            let text = s.text(
                "coded data behind the last MCU of the gain map",
                "hidden text ",
            );
            coded.scans[0].extend(text.bytes());
            with_gain_map(photo(45), coded)
        }),
        attack("iso-gain-map-tail", &|s| {
            let text = s.text("ISO 21496-1 behind its numbers", "x");
            let coded = encode(&Scene::house(80, 56, 45), Options::baseline(Colours::Grey));
            let packet = xmp::app1(&xmp::packet(&[xmp::HDRGM], &xmp::gain_map()));
            let long = [&iso_gain_map()[..], text.as_bytes()].concat();
            let map = Jpeg::new(coded).app(0xE1, &packet).app(0xE2, &long).build();
            let primary = s.text("ISO 21496-1 of the main picture", "x");
            let long = [b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0", primary.as_bytes()].concat();
            let items = [
                ("Primary", "image/jpeg", 0),
                ("GainMap", "image/jpeg", map.len()),
            ];
            let body = [xmp::element("hdrgm:Version", "1.0"), xmp::directory(&items)].concat();
            let packet = xmp::packet(&[xmp::HDRGM, xmp::CONTAINER, xmp::ITEM], &body);
            Jpeg::new(photo(45))
                .app(0xE1, &xmp::app1(&packet))
                .app(0xE2, &long)
                .images(Ifd::default(), vec![map])
                .build()
        }),
        attack("numbers-as-text-in-hdrgm", &|s| {
            let coded = encode(&Scene::house(80, 56, 45), Options::baseline(Colours::Grey));
            let text = s.text("hdrgm:GainMapMax", "2.5 ");
            let body = xmp::gain_map().replace(">2.5<", &format!(">{text}<"));
            let packet = xmp::app1(&xmp::packet(&[xmp::HDRGM], &body));
            let map = Jpeg::new(coded)
                .app(0xE1, &packet)
                .app(0xE2, &iso_gain_map())
                .build();
            let items = [
                ("Primary", "image/jpeg", 0),
                ("GainMap", "image/jpeg", map.len()),
            ];
            let body = [xmp::element("hdrgm:Version", "1.0"), xmp::directory(&items)].concat();
            let packet = xmp::packet(&[xmp::HDRGM, xmp::CONTAINER, xmp::ITEM], &body);
            Jpeg::new(photo(45))
                .app(0xE1, &xmp::app1(&packet))
                .app(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0")
                .images(Ifd::default(), vec![map])
                .build()
        }),
        attack("pano-projection-text", &|s| {
            let text = s.text("GPano:ProjectionType", "equirectangular ");
            let width = s.text("GPano:FullPanoWidthPixels", "160 ");
            let body = [
                xmp::element("GPano:ProjectionType", &text),
                xmp::element("GPano:FullPanoWidthPixels", &width),
                xmp::element("GPano:UsePanoramaViewer", "True"),
            ]
            .concat();
            base()
                .app(0xE1, &xmp::app1(&xmp::packet(&[xmp::GPANO], &body)))
                .build()
        }),
        attack("icc-hidden-in-curve", &|s| {
            let mut profile = icc::profile(s, icc::Kind::Standard);
            profile.extend(s.text("APP2 ICC_PROFILE behind its last tag", "x").bytes());
            let length = (profile.len() as u32).to_be_bytes();
            profile[..4].copy_from_slice(&length);
            base().apps(0xE2, &icc::app2(&profile, 1)).build()
        }),
        attack("apple-note-text-rational", &|s| {
            let exif = s.at("APP1 Exif", |s| {
                let text = s.text("Exif/MakerNote Apple behind its directory", "x");
                let mut note = b"Apple iOS\0\0\x01MM".to_vec();
                note.extend(
                    Ifd::new(vec![
                        (0x0021, Value::Srational(vec![(1, 1)])),
                        (0x0030, Value::Srational(vec![(1, 1)])),
                    ])
                    .write(Order::Big, 14),
                );
                note.extend(text.bytes());
                Ifd::new(vec![(
                    0x8769,
                    Value::Ifd(Ifd::new(vec![(0x927C, Value::Undefined(note))])),
                )])
                .tiff(Order::Big)
            });
            base().exif(&exif).build()
        }),
        attack("orientation-as-text", &|s| {
            let exif = s.at("APP1 Exif", |s| {
                let text = s.text("IFD0/Orientation", "6");
                Ifd::new(vec![(0x0112, Value::Ascii(text))]).tiff(Order::Big)
            });
            base().exif(&exif).build()
        }),
        attack("orientation-many", &|s| {
            let exif = s.at("APP1 Exif", |s| {
                let text = s.text("IFD0/Orientation", "\0\x06");
                Ifd::new(vec![(0x0112, Value::Other(3, 6, text.into_bytes()))]).tiff(Order::Big)
            });
            base().exif(&exif).build()
        }),
        attack("adobe-flags", &|s| {
            let text = s.text("APP14 Adobe", "x");
            base()
                .app(0xEE, &[b"Adobe".as_slice(), text.as_bytes(), &[1]].concat())
                .build()
        }),
        attack("comment-empty-and-huge", &|s| {
            let mut text = s.text("COM", "x").into_bytes();
            text.resize(65_533, b' ');
            base().app(0xFE, &[]).app(0xFE, &text).build()
        }),
        attack("trailer-of-zeros-then-text", &|s| {
            let text = s.text("trailer", "x");
            base().tail(&vec![0; 70_000]).tail(text.as_bytes()).build()
        }),
        attack("eoi-inside-comment", &|s| {
            let text = s.text("COM", "\u{0}");
            base()
                .app(
                    0xFE,
                    &[&[0xFF, 0xD9, 0xFF, 0xD8, 0xFF, 0xE1], text.as_bytes()].concat(),
                )
                .build()
        }),
        attack("cut-off", &|s| {
            let comment = s.text("COM", "home ");
            let mut file = base().app(0xFE, comment.as_bytes()).build();
            file.truncate(file.len() / 2);
            file
        }),
        attack("no-end", &|s| {
            let comment = s.text("COM", "home ");
            let mut file = base().app(0xFE, comment.as_bytes()).build();
            file.truncate(file.len() - 2);
            file
        }),
        attack("fill-between-scans", &|s| {
            let options = Options::progressive(Colours::YCbCr420);
            let coded = encode(&Scene::house(160, 112, 45), options);
            let comment = s.text("COM", "home ");
            Jpeg::new(coded)
                .between(2, &[0xFF; 300])
                .between(2, &segment(0xFE, comment.as_bytes()))
                .build()
        }),
        attack("behind-gain-map", &|s| {
            let mut file = hdr(s, &|_| plain_gain_map(&[]));
            file.extend(s.text("bytes behind the gain map", "x").bytes());
            file
        }),
        attack("comment-in-gain-map-between-tables", &|s| {
            hdr(s, &|s| {
                let text = s.text("COM in the gain map", "x");
                plain_gain_map(&segment(0xFE, text.as_bytes()))
            })
        }),
        attack("mpf-in-gain-map", &|s| {
            hdr(s, &|s| {
                let text = s.text("MPF in the gain map", "x");
                plain_gain_map(&segment(0xE2, &[b"MPF\0", text.as_bytes()].concat()))
            })
        }),
        attack("depth-map", &|s| {
            let coded = encode(&Scene::house(80, 56, 45), Options::baseline(Colours::Grey));
            let text = s.text("COM in the depth map", "x");
            let depth = Jpeg::new(coded).app(0xFE, text.as_bytes()).build();
            let items = [
                ("Primary", "image/jpeg", 0),
                ("Depth", "image/jpeg", depth.len()),
            ];
            let packet = xmp::packet(&[xmp::CONTAINER, xmp::ITEM], &xmp::directory(&items));
            base().app(0xE1, &xmp::app1(&packet)).tail(&depth).build()
        }),
        attack("xmp-utf16", &|s| {
            let text = s.at("APP1 XMP", |s| {
                s.utf16be("dc:creator in UTF-16", "<x:xmpmeta>")
            });
            base().app(0xE1, &xmp::app1(&text)).build()
        }),
        attack("exif-in-two-segments", &|s| {
            let block = s.at("APP1 Exif", |s| exif::small(s, Order::Big));
            let (first, second) = block.split_at(100);
            base()
                .exif(first)
                .app(0xE1, &[b"Exif\0\0", second].concat())
                .build()
        }),
        attack("icc-curve-of-text", &|s| {
            let text = s.text("ICC_PROFILE/rTRC", "text\0\0\0\0");
            base()
                .apps(0xE2, &icc::app2(&with_tag(b"rTRC", text), 1))
                .build()
        }),
        attack("icc-white-point-with-tail", &|s| {
            let text = s.text(
                "ICC_PROFILE/wtpt",
                "XYZ \0\0\0\0\0\0\x7F\0\0\0\x7F\0\0\0\x7F\0",
            );
            base()
                .apps(0xE2, &icc::app2(&with_tag(b"wtpt", text), 1))
                .build()
        }),
        attack("icc-adaptation-with-tail", &|s| {
            let text = s.text("ICC_PROFILE/chad", "sf32\0\0\0\0");
            base()
                .apps(0xE2, &icc::app2(&with_tag(b"chad", text), 1))
                .build()
        }),
        attack("icc-luminance-with-tail", &|s| {
            let text = s.text(
                "ICC_PROFILE/lumi",
                "XYZ \0\0\0\0\0\0\x7F\0\0\0\x7F\0\0\0\x7F\0",
            );
            base()
                .apps(0xE2, &icc::app2(&with_tag(b"lumi", text), 1))
                .build()
        }),
        attack("icc-table-of-text", &|s| {
            let text = s.text("ICC_PROFILE/A2B0", "mft2\0\0\0\0");
            base()
                .apps(0xE2, &icc::app2(&with_tag(b"A2B0", text), 1))
                .build()
        }),
        attack("icc-colorant-names", &|s| {
            let mut text = s.text("ICC_PROFILE/clrt", "clrt\0\0\0\0\0\0\0\x01");
            text.extend(['\0'; 28]);
            base()
                .apps(0xE2, &icc::app2(&with_tag(b"clrt", text), 1))
                .build()
        }),
        attack("icc-named-colours", &|s| {
            let mut text = s.text("ICC_PROFILE/ncl2", "ncl2\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0");
            text.extend(['\0'; 100]);
            base()
                .apps(0xE2, &icc::app2(&with_tag(b"ncl2", text), 1))
                .build()
        }),
        attack("icc-second-language", &|s| {
            let text = s.text("ICC_PROFILE/desc, second language", "mluc\0\0\0\0\0\0\0\0");
            base()
                .apps(0xE2, &icc::app2(&with_tag(b"dscm", text), 1))
                .build()
        }),
        attack("icc-header-fields", &|s| {
            let mut profile = icc::profile(s, icc::Kind::Standard);
            let text = s.text("ICC_PROFILE header, reserved bytes", "");
            profile[100..110].copy_from_slice(text.as_bytes());
            let text = s.text("ICC_PROFILE header, profile id", "");
            profile[84..94].copy_from_slice(text.as_bytes());
            base().apps(0xE2, &icc::app2(&profile, 1)).build()
        }),
    ]
}

/// A standard profile with this tag in place of `gTRC`, so that all other tags stay where they are.
fn with_tag(name: &[u8; 4], data: String) -> Vec<u8> {
    let mut seeds = Seeds::new("");
    let mut profile = icc::profile(&mut seeds, icc::Kind::Standard);
    let at = profile.windows(4).position(|w| w == b"gTRC").unwrap();
    let start = profile.len() as u32;
    profile[at..at + 4].copy_from_slice(name);
    profile[at + 4..at + 8].copy_from_slice(&start.to_be_bytes());
    profile[at + 8..at + 12].copy_from_slice(&(data.len() as u32).to_be_bytes());
    profile.extend(data.into_bytes());
    let length = (profile.len() as u32).to_be_bytes();
    profile[..4].copy_from_slice(&length);
    profile
}

/// A gain map with nothing but what it needs, and `more` in front of its tables.
fn plain_gain_map(more: &[u8]) -> Vec<u8> {
    let coded = encode(&Scene::house(80, 56, 45), Options::baseline(Colours::Grey));
    let packet = xmp::packet(&[xmp::HDRGM], &xmp::gain_map());
    Jpeg::new(coded)
        .app(0xE1, &xmp::app1(&packet))
        .app(0xE2, &iso_gain_map())
        .raw(more)
        .build()
}

/// An HDR picture around a gain map.
fn hdr(s: &mut Seeds, map: &dyn Fn(&mut Seeds) -> Vec<u8>) -> Vec<u8> {
    let map = map(s);
    let items = [
        ("Primary", "image/jpeg", 0),
        ("GainMap", "image/jpeg", map.len()),
    ];
    let body = [xmp::element("hdrgm:Version", "1.0"), xmp::directory(&items)].concat();
    let packet = xmp::packet(&[xmp::HDRGM, xmp::CONTAINER, xmp::ITEM], &body);
    Jpeg::new(photo(45))
        .app(0xE1, &xmp::app1(&packet))
        .app(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0")
        .images(Ifd::default(), vec![map])
        .build()
}

/// A photo in HDR.
fn with_gain_map(photo: Coded, map: Coded) -> Vec<u8> {
    let packet = xmp::app1(&xmp::packet(&[xmp::HDRGM], &xmp::gain_map()));
    let map = Jpeg::new(map)
        .app(0xE1, &packet)
        .app(0xE2, &iso_gain_map())
        .build();
    let items = [
        ("Primary", "image/jpeg", 0),
        ("GainMap", "image/jpeg", map.len()),
    ];
    let body = [xmp::element("hdrgm:Version", "1.0"), xmp::directory(&items)].concat();
    let packet = xmp::packet(&[xmp::HDRGM, xmp::CONTAINER, xmp::ITEM], &body);
    Jpeg::new(photo)
        .app(0xE1, &xmp::app1(&packet))
        .app(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0")
        .images(Ifd::default(), vec![map])
        .build()
}

/// Bytes that look like codes: neither printable nor equal, and no `FF` among them.
fn no_text(s: &mut Seeds, place: &str, len: usize) -> Vec<u8> {
    let bytes: Vec<u8> = (0..len)
        .map(|i| 0x83 + (i.wrapping_mul(37) % 120) as u8)
        .collect();
    s.spelled_bytes(place, &bytes[len - 24..]);
    bytes
}
