//! Compares what two files show, pixel for pixel, with somebody else's decoder.

use std::fs::File;
use std::io::BufReader;

use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{
    AnimationDecoder, DynamicImage, Frames, ImageDecoder, ImageFormat, ImageReader, ImageResult,
    Limits,
};

use super::input::Input;

/// A picture may take so much memory, in bytes.
const MEMORY: u64 = 1 << 30;

/// What a comparison of pixels showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// Every pixel of every frame, and which side is up, are the same.
    Same,
    /// They are not.
    Different,
    /// The decoder does not know this kind of file, or finds it damaged.
    Unknown,
}

/// Decodes two files and compares them.
pub(super) fn compare(original: &Input, copy: &Input) -> Pixels {
    match try_compare(original, copy) {
        Ok(true) => Pixels::Same,
        Ok(false) => Pixels::Different,
        Err(_) => Pixels::Unknown,
    }
}

fn reader(input: &Input) -> ImageResult<ImageReader<BufReader<&File>>> {
    Ok(ImageReader::new(BufReader::new(input.file())).with_guessed_format()?)
}

fn try_compare(original: &Input, copy: &Input) -> ImageResult<bool> {
    let (one, other) = (reader(original)?, reader(copy)?);
    if one.format() != other.format() {
        return Ok(false);
    }
    match one.format() {
        Some(ImageFormat::Gif) => {
            let mut one = GifDecoder::new(one.into_inner())?;
            let mut other = GifDecoder::new(other.into_inner())?;
            one.set_limits(limits())?;
            other.set_limits(limits())?;
            same_frames(one.into_frames(), other.into_frames())
        }
        Some(ImageFormat::WebP) => {
            let one = WebPDecoder::new(one.into_inner())?;
            let other = WebPDecoder::new(other.into_inner())?;
            if one.has_animation() && other.has_animation() {
                return same_frames(one.into_frames(), other.into_frames());
            }
            still(one, other)
        }
        Some(ImageFormat::Png) => {
            let (one, other) = (
                PngDecoder::with_limits(one.into_inner(), limits())?,
                PngDecoder::with_limits(other.into_inner(), limits())?,
            );
            if one.is_apng()? && other.is_apng()? {
                return same_frames(one.apng()?.into_frames(), other.apng()?.into_frames());
            }
            still(one, other)
        }
        _ => still(one.into_decoder()?, other.into_decoder()?),
    }
}

fn still(mut one: impl ImageDecoder, mut other: impl ImageDecoder) -> ImageResult<bool> {
    Ok(same_picture(&mut one, &mut other)? && picture(one)? == picture(other)?)
}

/// Whether two pictures are of one size, kind and position.
fn same_picture(one: &mut impl ImageDecoder, other: &mut impl ImageDecoder) -> ImageResult<bool> {
    Ok(one.dimensions() == other.dimensions()
        && one.color_type() == other.color_type()
        && one.orientation()? == other.orientation()?)
}

fn picture(mut decoder: impl ImageDecoder) -> ImageResult<DynamicImage> {
    decoder.set_limits(limits())?;
    DynamicImage::from_decoder(decoder)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    limits
}

fn same_frames(mut one: Frames<'_>, mut other: Frames<'_>) -> ImageResult<bool> {
    loop {
        match (one.next().transpose()?, other.next().transpose()?) {
            (None, None) => return Ok(true),
            (Some(a), Some(b)) => {
                let same = a.delay() == b.delay()
                    && (a.left(), a.top()) == (b.left(), b.top())
                    && a.buffer() == b.buffer();
                if !same {
                    return Ok(false);
                }
            }
            _ => return Ok(false),
        }
    }
}
