//! What a picture shows, by a decoder that this project did not write. It is asked where a plan changes
//! something inside coded data, because there the payload digest trusts the walk that decided on it.

use std::io::{BufRead, Cursor, Seek};

use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{
    AnimationDecoder, DynamicImage, Frames, ImageDecoder, ImageFormat, ImageReader, ImageResult,
    Limits,
};

use crate::bytes::{Context, Hasher, Source};
use crate::model::{Digest, Result, len_u64};

/// Why a file is refused whose original and copy another decoder shows differently: where coded data is
/// damaged, decoders disagree on what is shown.
pub(super) const DISPUTED: &str = "damaged picture data, which programs show in different ways; open it \
    where it can be seen, save it as JPEG or PNG, and clean that";

/// Maximum memory of the decoder, in bytes.
const MEMORY: u64 = 256 << 20;
/// Maximum length of a file that is decoded, in bytes.
const LARGEST: u64 = 64 << 20;

/// A digest of every pixel of every frame; `None` where the decoder does not know this kind of file, or
/// finds it damaged or too large: then the payload digest decides alone.
///
/// # Errors
/// Those of the budget, and of reading.
pub(super) fn digest(source: &Source<'_>, cx: &Context<'_>) -> Result<Option<Digest>> {
    if source.len() > LARGEST {
        return Ok(None);
    }
    cx.memory(source.len())?;
    let bytes = source.read(source.whole())?;
    let decoded = decode(Cursor::new(&*bytes)).ok();
    cx.check_stop()?;
    Ok(decoded)
}

fn decode(bytes: impl BufRead + Seek) -> ImageResult<Digest> {
    let reader = ImageReader::new(bytes).with_guessed_format()?;
    let mut hasher = Hasher::new();
    match reader.format() {
        Some(ImageFormat::Gif) => {
            let mut decoder = GifDecoder::new(reader.into_inner())?;
            decoder.set_limits(limits())?;
            frames(decoder.into_frames(), &mut hasher)?;
        }
        Some(ImageFormat::WebP) => {
            let decoder = WebPDecoder::new(reader.into_inner())?;
            if decoder.has_animation() {
                frames(decoder.into_frames(), &mut hasher)?;
            } else {
                still(decoder, &mut hasher)?;
            }
        }
        Some(ImageFormat::Png) => {
            let decoder = PngDecoder::with_limits(reader.into_inner(), limits())?;
            if decoder.is_apng()? {
                frames(decoder.apng()?.into_frames(), &mut hasher)?;
            } else {
                still(decoder, &mut hasher)?;
            }
        }
        _ => still(reader.into_decoder()?, &mut hasher)?,
    }
    Ok(hasher.finish())
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    limits
}

fn still(mut decoder: impl ImageDecoder, hasher: &mut Hasher) -> ImageResult<()> {
    decoder.set_limits(limits())?;
    let (width, height) = decoder.dimensions();
    hasher.label("width", width.into());
    hasher.label("height", height.into());
    hasher.bytes(format!("{:?}", decoder.color_type()).as_bytes());
    hasher.bytes(DynamicImage::from_decoder(decoder)?.as_bytes());
    Ok(())
}

fn frames(frames: Frames<'_>, hasher: &mut Hasher) -> ImageResult<()> {
    for frame in frames {
        let frame = frame?;
        let (numerator, denominator) = frame.delay().numer_denom_ms();
        hasher.label("delay", numerator.into());
        hasher.label("of", denominator.into());
        hasher.label("left", frame.left().into());
        hasher.label("top", frame.top().into());
        hasher.label("pixels", len_u64(frame.buffer().len()));
        hasher.bytes(frame.buffer());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    fn shown(bytes: &[u8]) -> Option<Digest> {
        with_context(|cx| digest(&Source::memory(bytes), cx)).unwrap()
    }

    #[test]
    fn pictures_are_told_from_each_other() {
        let picture = |shade: u8, format| {
            let image = image::RgbImage::from_pixel(16, 16, image::Rgb([shade, 9, 200]));
            let mut out = Cursor::new(Vec::new());
            image.write_to(&mut out, format).unwrap();
            out.into_inner()
        };
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif] {
            let one = shown(&picture(20, format));
            assert!(one.is_some());
            assert_eq!(one, shown(&picture(20, format)));
            assert_ne!(one, shown(&picture(90, format)));
        }
        assert_eq!(shown(b"no picture"), None);
    }
}
