//! Files with one structure and one secret each: a tool that cannot cope with one of them still shows
//! what it does with the others.

use super::jpeg::{Jpeg, jfif, photo};
use super::jpeg_encode::{Colours, Options, encode, segment};
use super::png::{Png, chunk};
use super::scene::Scene;
use super::{
    Expect, Sample, exif, gif, heif, jpeg_samples, png_samples, psd, svg, tiff::Order, vendor,
    webp, xmp,
};

fn name(folder: &str, what: &str) -> String {
    let safe: String = what
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    format!("{folder}-{safe}")
}

pub(super) fn one(
    format: &'static str,
    what: &str,
    extension: &str,
    make: impl FnOnce(&mut super::Seeds) -> Vec<u8>,
) -> Sample {
    let file = format!("canary/{}.{extension}", name("one", what));
    Sample::new(format, &file, "nobody", what, Expect::Cleaned, make)
}

/// All of them.
pub fn canaries() -> Vec<Sample> {
    let mut all = jpeg();
    all.extend(png());
    all.extend(gif_and_webp());
    all.extend(heif::attacks());
    all.extend(psd::attacks());
    all.extend(svg::attacks());
    all
}

fn jpeg() -> Vec<Sample> {
    let mut all = Vec::new();
    let progressive = encode(
        &Scene::house(160, 112, 45),
        Options::progressive(Colours::YCbCr420),
    );
    for (marker, place, start) in vendor::KNOWN {
        if *place == "APP11 JPEG-HDR" {
            continue;
        }
        all.push(one("jpeg", place, "jpg", |s| {
            let payload = vendor::known(s, place, start);
            Jpeg::new(photo(45))
                .app(0xE0, &jfif(72, &[]))
                .app(*marker, &payload)
                .build()
        }));
        let between = format!("{place} between scans");
        all.push(one("jpeg", &between, "jpg", |s| {
            let payload = vendor::known(s, &between, start);
            Jpeg::new(progressive.clone())
                .app(0xE0, &jfif(72, &[]))
                .between(3, &segment(*marker, &payload))
                .build()
        }));
    }
    for (what, start, end) in vendor::TRAILERS {
        all.push(one("jpeg", &format!("trailer {what}"), "jpg", |s| {
            let trailer = vendor::trailer(s, what, start, end);
            Jpeg::new(photo(45))
                .app(0xE0, &jfif(72, &[]))
                .tail(&trailer)
                .build()
        }));
    }
    for (what, scan) in [
        ("Exif", 0),
        ("Exif between scans", 3),
        ("Exif before EOI", 99),
    ] {
        all.push(one("jpeg", what, "jpg", |s| {
            let block = s.at("APP1 Exif", |s| exif::small(s, Order::Big));
            let exif = segment(0xE1, &[b"Exif\0\0".as_slice(), &block].concat());
            Jpeg::new(progressive.clone())
                .app(0xE0, &jfif(72, &[]))
                .between(scan, &exif)
                .build()
        }));
    }
    all.push(one("jpeg", "extended XMP alone", "jpg", |s| {
        let packet = s.at("APP1 extended XMP", |s| {
            xmp::packet(&xmp::COMMON, &xmp::common(s))
        });
        Jpeg::new(photo(45))
            .apps(0xE1, &xmp::extended(&packet, 2))
            .build()
    }));
    all.extend(jpeg_samples::attacks());
    all
}

/// PNG chunk types: registered, historical, private, of programs.
const CHUNKS: &[&[u8; 4]] = &[
    b"tEXt", b"oFFs", b"pCAL", b"sCAL", b"sTER", b"sPLT", b"hIST", b"dSIG", b"fRAc", b"gIFg",
    b"gIFx", b"gIFt", b"vpAg", b"caNv", b"orNT", b"mkBF", b"mkTS", b"mkBS", b"mkBT", b"prVW",
    b"cpIp", b"meTa", b"skMf", b"skRf", b"gdAT", b"gmAP", b"mdAt", b"hdAp", b"tXMP", b"zxIf",
    b"caBX", b"seAl", b"iDOT", b"acMD", b"npTc", b"ruSt", b"abCd",
];

fn png() -> Vec<Sample> {
    let mut all = Vec::new();
    for kind in CHUNKS {
        let name = String::from_utf8_lossy(*kind);
        for place in ["before PLTE", "behind IDAT"] {
            all.push(one("png", &format!("{name} {place}"), "png", |s| {
                let text = s.text(&name, "secret\0 ");
                Png::rgb(45)
                    .put(place, &chunk(kind, text.as_bytes()))
                    .build()
            }));
        }
    }
    all.extend(png_samples::attacks());
    all
}

fn gif_and_webp() -> Vec<Sample> {
    let mut all = gif::attacks();
    all.extend(webp::attacks());
    all
}
