//! A second opinion on what a file shows, from decoders that share no code with this project.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::metadata::{LoopCount, Orientation};
use image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageFormat, ImageReader};

/// Larger pictures are not worth the time of a test.
const MAX_SIDE: u32 = 20_000;
const MAX_ALLOC: u64 = 512 << 20;

/// All that is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub format: ImageFormat,
    pub size: (u32, u32),
    pub colours: String,
    pub pixels: Vec<u8>,
    pub orientation: Orientation,
    /// Whether the picture brings its own colours.
    pub icc: bool,
    /// Loop count (`None`: for ever), and of each frame the delay in milliseconds (numerator, denominator) and the pixels.
    pub frames: Option<Frames>,
}

impl Shown {
    /// In what two pictures differ; `None` when they look the same.
    pub fn differs_from(&self, other: &Self) -> Option<&'static str> {
        [
            (self.format != other.format, "format"),
            (self.size != other.size, "size"),
            (self.colours != other.colours, "colour type"),
            (self.pixels != other.pixels, "pixels"),
            (self.orientation != other.orientation, "orientation"),
            (self.icc != other.icc, "colour profile"),
            (self.frames != other.frames, "frames"),
        ]
        .into_iter()
        .find_map(|(differs, what)| differs.then_some(what))
    }
}

/// What the file shows; `None` when the decoder does not know its kind or cannot decode it.
pub fn decode(bytes: &[u8]) -> Option<Shown> {
    catch_unwind(AssertUnwindSafe(|| try_decode(bytes).ok().flatten()))
        .ok()
        .flatten()
}

fn try_decode(bytes: &[u8]) -> image::ImageResult<Option<Shown>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let Some(format) = reader.format() else {
        return Ok(None);
    };
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    // Without its signature (ICC.1 §7.2.12) no viewer uses a profile.
    let icc = decoder.icc_profile().ok().flatten();
    let icc = icc.is_some_and(|icc| icc.get(36..40) == Some(b"acsp"));
    let size = decoder.dimensions();
    let (colours, pixels) = if format == ImageFormat::Jpeg {
        let Some(seen) = strict_jpeg(bytes) else {
            return Ok(None);
        };
        seen
    } else {
        let picture = DynamicImage::from_decoder(decoder)?;
        (format!("{:?}", picture.color()), picture.into_bytes())
    };
    Ok(Some(Shown {
        format,
        size,
        colours,
        pixels,
        orientation,
        icc,
        frames: frames(format, bytes)?,
    }))
}

/// The decoder of `image` reads on where the data of a JPEG is damaged, and stops at a comment between two
/// scans. This one gives up where the data is damaged, so that what it decodes can be compared.
fn strict_jpeg(bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(MAX_ALLOC as usize);
    let pixels = decoder.decode().ok()?;
    Some((format!("{:?}", decoder.info()?), pixels))
}

/// The pixels of a JPEG in the eyes of a decoder that skips extraneous bytes, as libjpeg does.
pub fn tolerant_jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let decoded = image::load_from_memory_with_format(bytes, ImageFormat::Jpeg);
    decoded.ok().map(image::DynamicImage::into_bytes)
}

type Frames = (Option<u32>, Vec<((u32, u32), Vec<u8>)>);

/// More frames than this are not compared.
const MAX_FRAMES: usize = 100;

fn frames(format: ImageFormat, bytes: &[u8]) -> image::ImageResult<Option<Frames>> {
    let bytes = Cursor::new(bytes);
    match format {
        ImageFormat::Gif => Ok(Some(collect(GifDecoder::new(bytes)?)?)),
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(bytes)?;
            decoder
                .has_animation()
                .then(|| collect(decoder))
                .transpose()
        }
        ImageFormat::Png => {
            let decoder = PngDecoder::new(bytes)?;
            decoder
                .is_apng()?
                .then(|| collect(decoder.apng()?))
                .transpose()
        }
        _ => Ok(None),
    }
}

fn collect<'a>(decoder: impl AnimationDecoder<'a>) -> image::ImageResult<Frames> {
    let loops = match decoder.loop_count() {
        LoopCount::Infinite => None,
        LoopCount::Finite(n) => Some(n.get()),
    };
    let frames = decoder
        .into_frames()
        .take(MAX_FRAMES)
        .map(|frame| {
            let frame = frame?;
            let delay = frame.delay().numer_denom_ms();
            Ok((delay, frame.into_buffer().into_raw()))
        })
        .collect::<image::ImageResult<_>>()?;
    Ok((loops, frames))
}
