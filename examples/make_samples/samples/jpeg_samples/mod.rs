//! The JPEG samples.

mod attacks;
mod devices;
mod editors;
mod structures;

pub use attacks::attacks;

use super::jpeg::thumb;
use super::jpeg_encode::{Colours, Options, encode};
use super::scene::Scene;
use super::seed::Seeds;
use super::tiff::Value;
use super::{Expect, Sample, exif, mp4, xmp};

const JPEG: &str = "jpeg";

fn cleaned(
    name: &str,
    imitates: &str,
    how: &str,
    make: impl FnOnce(&mut Seeds) -> Vec<u8>,
) -> Sample {
    Sample::new(JPEG, name, imitates, how, Expect::Cleaned, make)
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    [
        devices::devices(),
        editors::editors(),
        editors::high_dynamic_range(),
        editors::several_pictures(),
        structures::odd_structures(),
        structures::trailers(),
        structures::codings(),
        structures::damaged(),
    ]
    .concat()
}

/// An Exif block of a device.
fn exif_of(s: &mut Seeds, device: &exif::Device, note: fn(&mut Seeds) -> Value) -> Vec<u8> {
    s.at("APP1 Exif", |s| {
        let note = note(s);
        let thumb = thumb(s);
        exif::full(s, device, Some(note), &thumb).tiff(device.order)
    })
}

/// A packet with the usual properties and some more.
fn xmp_of(
    s: &mut Seeds,
    more: &[(&str, &str)],
    body: impl FnOnce(&mut Seeds) -> String,
) -> Vec<u8> {
    s.at("APP1 XMP", |s| {
        let text = [xmp::common(s), body(s)].join("\n");
        xmp::app1(&xmp::packet(&[&xmp::COMMON[..], more].concat(), &text))
    })
}

fn film(s: &mut Seeds) -> Vec<u8> {
    let frame = encode(&Scene::house(64, 48, 30), Options::baseline(Colours::YCbCr)).plain();
    mp4::film(s, &frame, 64, 48)
}
