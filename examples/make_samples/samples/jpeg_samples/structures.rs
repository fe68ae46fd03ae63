//! Odd structures, trailers, codings, damage.

use super::super::jpeg::{Jpeg, adobe, jfif, photo, thumb};
use super::super::jpeg_encode::{Colours, Options, encode, segment};
use super::super::scene::Scene;
use super::super::seed::Seeds;
use super::super::tiff::{Order, Value};
use super::super::{Expect, Sample, exif, icc, vendor};
use super::{JPEG, cleaned, exif_of, xmp_of};

pub fn odd_structures() -> Vec<Sample> {
    vec![
        cleaned(
            "two-exif.jpg",
            "an app that adds a second Exif block",
            "XMP, then Exif of one device, then Exif of another, then Exif with the other header",
            |s| {
                let xmp = xmp_of(s, &[], |_| String::new());
                let first = exif_of(s, &exif::GALAXY, exif::canon_note);
                let second = exif_of(s, &exif::IPHONE, exif::apple_note);
                let third = s.at("APP1 Exif", |s| exif::small(s, Order::Little));
                Jpeg::new(photo(45))
                    .app(0xE1, &xmp)
                    .exif(&first)
                    .exif(&second)
                    .app(0xE1, &[b"Exif\0\xFF".as_slice(), &third].concat())
                    .build()
            },
        ),
        cleaned(
            "exif-loops.jpg",
            "a hostile or broken writer",
            "Exif whose next directory is itself, a GPS pointer in the Exif directory, values that reach past the end",
            |s| {
                let exif = s.at("APP1 Exif", |s| {
                    let gps = exif::gps(s, Order::Big);
                    let shot = exif::shot(s, &exif::NIKON).with(0x8825, Value::Ifd(gps));
                    let lost = s.text("bytes that nothing points to", "orphan ");
                    let mut block = exif::ifd0(s, &exif::NIKON)
                        .with(0x8769, Value::Ifd(shot))
                        .with(0x9286, Value::Other(7, 0x7FFF_FFFF, vec![1, 2, 3, 4]))
                        .slack(lost.as_bytes())
                        .tiff(Order::Big);
                    let next = 8 + 2 + 12 * usize::from(u16::from_be_bytes([block[8], block[9]]));
                    block[next..next + 4].copy_from_slice(&[0, 0, 0, 8]);
                    block.extend(s.text("bytes behind the last directory", "orphan ").bytes());
                    block
                });
                Jpeg::new(photo(45)).exif(&exif).build()
            },
        ),
        cleaned(
            "vendors.jpg",
            "many devices at once",
            "each known beginning of APP0 to APP15 and COM once, and two segments of which nobody knows",
            |s| {
                let mut jpeg = Jpeg::new(photo(45)).app(0xE0, &jfif(72, &[]));
                // JPEG-HDR is left to the refused samples: without it the picture looks different.
                for (marker, place, start) in
                    vendor::KNOWN.iter().filter(|k| k.1 != "APP11 JPEG-HDR")
                {
                    jpeg = jpeg.app(*marker, &vendor::known(s, place, start));
                }
                jpeg.build()
            },
        ),
        cleaned(
            "progressive-junk.jpg",
            "a web service that writes between the scans",
            "progressive; COM, Exif, XMP, APP13, fill bytes and text without a segment between the scans and before the end",
            |s| {
                let coded = encode(
                    &Scene::house(160, 112, 45),
                    Options::progressive(Colours::YCbCr420),
                );
                let comment = s.text("COM between scans", "home ");
                let exif = s.at("APP1 Exif between scans", |s| exif::small(s, Order::Little));
                let xmp = s.at("between scans", |s| xmp_of(s, &[], |_| String::new()));
                let unknown = s.text("APP13 before the last scan", "unknown ");
                let last = s.text("COM before EOI", "home ");
                Jpeg::new(coded)
                    .app(0xE0, &jfif(72, &[]))
                    .between(1, &segment(0xFE, comment.as_bytes()))
                    .between(2, &segment(0xE1, &[b"Exif\0\0".as_slice(), &exif].concat()))
                    .between(3, &segment(0xE1, &xmp))
                    .between(4, &[0xFF; 7])
                    .between(7, &segment(0xED, unknown.as_bytes()))
                    .between(8, &segment(0xFE, last.as_bytes()))
                    .build()
            },
        ),
        cleaned(
            "fill-and-junk.jpg",
            "a broken writer",
            "fill bytes in front of markers, bytes between segments that belong to none, RES and JPG markers",
            |s| {
                let between = s.text("bytes between segments", "junk ");
                let comment = s.text("COM behind fill bytes", "home ");
                let reserved = s.text("JPG13", "extension ");
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .raw(&[0xFF; 9])
                    .app(0xFE, comment.as_bytes())
                    .raw(between.as_bytes())
                    .app(0xFD, reserved.as_bytes())
                    .build()
            },
        ),
        cleaned(
            "icc-disorder.jpg",
            "a converter with two ideas of a profile",
            "profile of a monitor in three chunks in the wrong order, a chunk twice, a chunk out of range",
            |s| {
                let profile = s.at("APP2", |s| icc::profile(s, icc::Kind::Monitor));
                let chunks = icc::app2(&profile, 3);
                let stray = s.text("APP2 ICC_PROFILE out of range", "stray ");
                let stray = [b"ICC_PROFILE\0\x09\x03", stray.as_bytes()].concat();
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .app(0xE2, &chunks[2])
                    .app(0xE2, &chunks[0])
                    .app(0xE2, &stray)
                    .app(0xE2, &chunks[1])
                    .app(0xE2, &chunks[0])
                    .build()
            },
        ),
        Sample::new(
            JPEG,
            "entropy-tail.jpg",
            "somebody who hides text",
            "text behind the last MCU, in front of EOI",
            Expect::Cleaned,
            |s| {
                let mut coded = photo(45);
                let text = s.text("entropy-coded data behind the last MCU", "hidden text ");
                coded.scans[0].extend(text.bytes());
                Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
            },
        ),
    ]
}

pub fn trailers() -> Vec<Sample> {
    vec![
        cleaned(
            "zip-tail.jpg",
            "a picture that is an archive as well",
            "ZIP behind the end",
            |s| {
                let zip = vendor::zip(s);
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .tail(&zip)
                    .build()
            },
        ),
        cleaned(
            "acropalypse.jpg",
            "a screenshot tool that does not truncate",
            "the end of a larger older picture behind the end",
            |s| {
                let mut older = photo(60);
                older.scans[0].extend(s.text("trailer (older picture)", "older ").bytes());
                let older = older.plain();
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .tail(&older[older.len() / 2..])
                    .build()
            },
        ),
        cleaned(
            "trailers.jpg",
            "many programs one after the other",
            "every known trailer behind the end",
            |s| {
                let mut jpeg = Jpeg::new(photo(45)).app(0xE0, &jfif(72, &[]));
                for (name, start, end) in vendor::TRAILERS {
                    jpeg = jpeg.tail(&vendor::trailer(s, name, start, end));
                }
                jpeg.build()
            },
        ),
        cleaned(
            "jpeg-tail.jpg",
            "two pictures in one file",
            "a second picture behind the end of which nothing tells",
            |s| {
                let second = s.at("trailer JPEG", thumb);
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .tail(&second)
                    .build()
            },
        ),
    ]
}

pub fn codings() -> Vec<Sample> {
    let coded = |name: &str,
                 imitates: &str,
                 how: &str,
                 options: Options,
                 head: fn(&mut Seeds, Jpeg) -> Jpeg| {
        cleaned(name, imitates, how, |s| {
            let coded = encode(&Scene::house(160, 112, 45), options);
            let comment = s.text("COM", "home ");
            head(s, Jpeg::new(coded))
                .app(0xFE, comment.as_bytes())
                .build()
        })
    };
    let plain = Options::baseline(Colours::YCbCr);
    vec![
        coded(
            "grey.jpg",
            "a fax program",
            "one component",
            Options::baseline(Colours::Grey),
            |_, j| j.app(0xE0, &jfif(204, &[])),
        ),
        coded(
            "restart.jpg",
            "a camera that writes restart markers",
            "4:2:0, a restart marker every third MCU",
            Options {
                restart: 3,
                ..Options::baseline(Colours::YCbCr420)
            },
            |_, j| j.app(0xE0, &jfif(72, &[])),
        ),
        coded(
            "cmyk.jpg",
            "a print shop",
            "four components, Adobe with bytes that do not belong there",
            Options::baseline(Colours::Cmyk),
            |s, j| {
                let more = s.text("APP14 Adobe behind its 12 bytes", "job ");
                j.app(0xEE, &adobe(0, more.as_bytes()))
            },
        ),
        coded(
            "ycck.jpg",
            "a print shop",
            "four components, transformed",
            Options::baseline(Colours::Ycck),
            |_, j| j.app(0xEE, &adobe(2, &[])),
        ),
        coded(
            "rgb.jpg",
            "an editor that saves without transform",
            "three components, Adobe says RGB",
            Options::baseline(Colours::Rgb),
            |_, j| j.app(0xEE, &adobe(0, &[])),
        ),
        coded(
            "dnl.jpg",
            "a scanner that learns the height last",
            "height in a DNL segment",
            Options { dnl: true, ..plain },
            |_, j| j.app(0xE0, &jfif(72, &[])),
        ),
        coded(
            "progressive-restart.jpg",
            "a web service",
            "progressive with restart markers",
            Options {
                restart: 5,
                ..Options::progressive(Colours::YCbCr420)
            },
            |_, j| j.app(0xE0, &jfif(72, &[])),
        ),
        Sample::new(
            JPEG,
            "clean.jpg",
            "a picture without anything",
            "JFIF and a picture",
            Expect::AlreadyClean,
            |_| Jpeg::new(photo(45)).app(0xE0, &jfif(72, &[])).build(),
        ),
    ]
}

pub fn damaged() -> Vec<Sample> {
    let refused = |name: &str, how: &str, make: fn(&mut Seeds) -> Vec<u8>| {
        Sample::new(JPEG, name, "a damaged file", how, Expect::Refused, make)
    };
    vec![
        refused("damaged-header.jpg", "ends within a segment", |s| {
            let comment = s.text("COM", "home ") + ", third floor";
            let mut file = Jpeg::new(photo(45)).app(0xFE, comment.as_bytes()).build();
            file.truncate(24);
            file
        }),
        refused("damaged-no-frame.jpg", "without frame and scan", |s| {
            let comment = s.text("COM", "home ");
            let mut file = vec![0xFF, 0xD8];
            file.extend(segment(0xFE, comment.as_bytes()));
            file.extend([0xFF, 0xD9]);
            file
        }),
        refused(
            "damaged-scan.jpg",
            "coded data that break their own rules, and no EOI",
            |s| {
                let comment = s.text("COM", "home ");
                let mut coded = photo(45);
                let middle = coded.scans[0].len() / 2;
                coded.scans[0].truncate(middle);
                coded.scans[0].extend([0xFF, 0x00].repeat(40));
                let mut file = Jpeg::new(coded).app(0xFE, comment.as_bytes()).build();
                file.truncate(file.len() - 2);
                file
            },
        ),
        refused(
            "jpeg-xt.jpg",
            "an APP11 segment with JPEG XT data, without which the picture looks different",
            |s| {
                let comment = s.text("COM", "home ");
                Jpeg::new(photo(45))
                    .app(
                        0xEB,
                        b"JP\0\x01\0\0\0\x01\0\0\0\x10RESI\x01\x02\x03\x04\x05\x06\x07\x08",
                    )
                    .app(0xFE, comment.as_bytes())
                    .build()
            },
        ),
    ]
}
