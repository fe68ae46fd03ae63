//! Small pictures of copies that are clean. Never of an original: a picture is what the report is to be read without.

use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use crate::bytes::base64;

/// Maximum width and height, in pixels.
const SIDE: u32 = 160;
/// JPEG quality.
const QUALITY: u8 = 70;
/// Maximum memory for decoding one picture, in bytes.
const MEMORY: u64 = 40 << 20;

/// The picture as the address of an image in a page; `None` where no decoder of this program reads it.
pub(super) fn thumbnail(copy: &Path) -> Option<String> {
    let mut reader = ImageReader::open(copy).ok()?.with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let bytes = decoder.total_bytes();
    if bytes > MEMORY {
        return None;
    }
    let orientation = decoder.orientation().ok()?;
    // Turned when it is small: the whole picture would be in memory twice.
    let mut small = DynamicImage::from_decoder(decoder)
        .ok()?
        .thumbnail(SIDE, SIDE);
    small.apply_orientation(orientation);
    let small = small.to_rgb8();
    let mut jpeg = Cursor::new(Vec::new());
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    small.write_with_encoder(encoder).ok()?;
    let mut address = "data:image/jpeg;base64,".to_owned();
    base64::encode(jpeg.get_ref(), &mut address);
    Some(address)
}
