//! What is located under the transparent areas of a picture: the only reason to decode pixels.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;

use super::parse::{FLAG_ALPHA, Picture};
use crate::bytes::{Context, Source};
use crate::containers::riff;
use crate::formats::common::Hidden;
use crate::model::Result;

/// Side of a square in pixels, as encoders flatten them.
const SQUARE: usize = 8;

/// Looks under the transparent areas of a picture; `None` when it cannot be decoded.
///
/// # Errors
/// [`crate::model::Error::LimitExceeded`] when it has too many pixels; reading.
pub(super) fn look(
    picture: &Picture,
    hidden: &mut Hidden,
    source: &Source<'_>,
    cx: &Context<'_>,
) -> Result<Option<()>> {
    cx.check_stop()?;
    let coded = picture.chunk.data.len();
    cx.memory(picture.pixels().saturating_mul(4).saturating_add(coded))?;
    let mut body = b"WEBP".to_vec();
    if let Some(plane) = &picture.alpha {
        cx.memory(plane.rest.len())?;
        let [[a, b, c, _], [d, e, f, _]] =
            [picture.size.0, picture.size.1].map(|n| n.saturating_sub(1).to_le_bytes());
        let vp8x = [FLAG_ALPHA, 0, 0, 0, a, b, c, d, e, f];
        body.extend(riff::to_chunk(*b"VP8X", &vp8x));
        let alpha = [&[plane.first], &*source.read(plane.rest)?].concat();
        body.extend(riff::to_chunk(*b"ALPH", &alpha));
    }
    let coded = source.read(picture.chunk.data)?;
    body.extend(riff::to_chunk(picture.chunk.id, &coded));
    let Some(pixels) = decode(&riff::to_chunk(*b"RIFF", &body), picture.size) else {
        return Ok(None);
    };
    let width = usize::try_from(picture.size.0).unwrap_or(usize::MAX).max(1);
    let rows = pixels.as_chunks::<4>().0.chunks(width);
    if picture.chunk.id == *b"VP8L" {
        for row in rows {
            hidden.gap();
            row.iter()
                .for_each(|[r, g, b, alpha]| hidden.pixel(&[*r, *g, *b], *alpha));
        }
        return Ok(Some(()));
    }
    // Lossy coding leaves colour around what is seen, and steps between squares: only changes inside
    // squares that are wholly hidden count.
    let rows: Vec<&[[u8; 4]]> = rows.collect();
    for rows in rows.chunks(SQUARE) {
        for from in (0..width).step_by(SQUARE) {
            let to = from.saturating_add(SQUARE).min(width);
            let square = rows.iter().filter_map(|row| row.get(from..to));
            if square.clone().flatten().any(|[.., alpha]| *alpha > 3) {
                square.for_each(|row| hidden.pass(row.len()));
                continue;
            }
            for row in square {
                hidden.gap();
                row.iter()
                    .for_each(|[r, g, b, alpha]| hidden.pixel(&[*r, *g, *b], *alpha));
            }
        }
    }
    Ok(Some(()))
}

/// The pixels in RGBA.
fn decode(file: &[u8], size: (u32, u32)) -> Option<Vec<u8>> {
    let decoder = WebPDecoder::new(Cursor::new(file)).ok()?;
    if decoder.dimensions() != size || decoder.color_type() != image::ColorType::Rgba8 {
        return None;
    }
    let mut out = vec![0; usize::try_from(decoder.total_bytes()).ok()?];
    decoder.read_image(&mut out).ok()?;
    Some(out)
}
