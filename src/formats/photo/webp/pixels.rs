//! Decoded pixels: what of the coded data they need, and what they hide.
//!
//! Neither VP8 nor VP8L says how long it is, so that anything may stand behind the last pixel. A decoder
//! knows what it needs: the shortest beginning that gives the same pixels.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;

use super::parse::Picture;
use crate::bytes::{Context, Source};
use crate::containers::riff;
use crate::formats::common::Hidden;
use crate::model::{Result, Span, len_u64};

/// Encoders end with a few bytes that no decoder needs.
const SLACK: usize = 8;
/// So many unset bytes are left behind the last one that is needed, because decoders read ahead.
pub(super) const MARGIN: usize = 4;

/// A picture with its pixels.
pub(super) struct Pixels {
    alpha: Vec<u8>,
    coded: Vec<u8>,
    id: [u8; 4],
    size: (u32, u32),
    decoded: Vec<u8>,
}

impl Pixels {
    /// Decodes a picture; `None` when it cannot be decoded.
    ///
    /// # Errors
    /// [`crate::model::Error::LimitExceeded`] when it has too many pixels; reading.
    pub(super) fn of(
        picture: &Picture,
        source: &Source<'_>,
        cx: &Context<'_>,
    ) -> Result<Option<Self>> {
        let (width, height) = picture.size;
        let len = u64::from(width)
            .saturating_mul(height.into())
            .saturating_mul(4);
        cx.memory(len.saturating_add(picture.chunk.data.len()))?;
        let mut alpha = Vec::new();
        if let Some(plane) = &picture.alpha {
            cx.memory(plane.rest.len())?;
            alpha.push(plane.first);
            alpha.extend_from_slice(&source.read(plane.rest)?);
        }
        let mut pixels = Self {
            alpha,
            coded: source.read(picture.chunk.data)?.into_owned(),
            id: picture.chunk.id,
            size: picture.size,
            decoded: Vec::new(),
        };
        let decoded = pixels.decode(&pixels.alpha, &pixels.coded);
        Ok(decoded.map(|decoded| {
            pixels.decoded = decoded;
            pixels
        }))
    }

    /// The pixels, row by row.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.decoded
    }

    /// How many bytes of the picture's chunk are needed.
    ///
    /// # Errors
    /// When somebody wants to stop.
    pub(super) fn needed(&self, cx: &Context<'_>) -> Result<u64> {
        shortest(self.coded.len(), |n| {
            cx.check_stop()?;
            Ok(self.is_same(&self.alpha, self.coded.get(..n).unwrap_or_default()))
        })
    }

    /// How many bytes of the alpha plane's chunk are needed.
    ///
    /// # Errors
    /// When somebody wants to stop.
    pub(super) fn alpha_needed(&self, cx: &Context<'_>) -> Result<u64> {
        shortest(self.alpha.len(), |n| {
            cx.check_stop()?;
            Ok(self.is_same(self.alpha.get(..n).unwrap_or_default(), &self.coded))
        })
    }

    fn is_same(&self, alpha: &[u8], coded: &[u8]) -> bool {
        self.decode(alpha, coded)
            .is_some_and(|other| other == self.decoded)
    }

    /// Decodes as a file of its own.
    fn decode(&self, alpha: &[u8], coded: &[u8]) -> Option<Vec<u8>> {
        let mut body = b"WEBP".to_vec();
        if !self.alpha.is_empty() {
            let [[a, b, c, _], [d, e, f, _]] =
                [self.size.0, self.size.1].map(|n| n.saturating_sub(1).to_le_bytes());
            let vp8x = [super::parse::FLAG_ALPHA, 0, 0, 0, a, b, c, d, e, f];
            body.extend(riff::to_chunk(*b"VP8X", &vp8x));
            body.extend(riff::to_chunk(*b"ALPH", alpha));
        }
        body.extend(riff::to_chunk(self.id, coded));
        let decoder = WebPDecoder::new(Cursor::new(riff::to_chunk(*b"RIFF", &body))).ok()?;
        if decoder.dimensions() != self.size {
            return None;
        }
        let mut out = vec![0; usize::try_from(decoder.total_bytes()).ok()?];
        decoder.read_image(&mut out).ok()?;
        Some(out)
    }

    /// What stands below transparent pixels. Lossy coding leaves some colour around what
    /// is seen, so that only squares count of which nothing is seen.
    pub(super) fn hidden(&self) -> Hidden {
        let mut seen = Hidden::default();
        let width = usize::try_from(self.size.0).unwrap_or(usize::MAX);
        let pixels = self.decoded.as_chunks::<4>().0;
        let is_rgba =
            u64::from(self.size.0).checked_mul(self.size.1.into()) == Some(len_u64(pixels.len()));
        if !is_rgba || width == 0 {
            return seen;
        }
        if self.id == *b"VP8L" {
            let hidden = pixels.iter().filter(|[.., alpha]| *alpha == 0);
            hidden.for_each(|[r, g, b, _]| seen.see(&[*r, *g, *b]));
            return seen;
        }
        let rows: Vec<&[[u8; 4]]> = pixels.chunks(width).collect();
        let squares = rows.chunks_exact(SQUARE).flat_map(|rows| {
            (0..width.div_euclid(SQUARE)).map(|n| {
                let from = n.saturating_mul(SQUARE);
                rows.iter()
                    .filter_map(move |row| row.get(from..from.saturating_add(SQUARE)))
                    .flatten()
            })
        });
        let unseen = squares.filter(|square| {
            let mut greens = square.clone().map(|[_, g, _, _]| *g);
            let first = greens.next().unwrap_or_default();
            let (low, high) = greens.fold((first, first), |(a, b), g| (a.min(g), b.max(g)));
            high.saturating_sub(low) > COARSE && square.clone().all(|[.., alpha]| *alpha == 0)
        });
        for [r, g, b, _] in unseen.flatten() {
            seen.see(&[r / COARSE, g / COARSE, b / COARSE]);
        }
        seen
    }
}

/// Side of a square in pixels, as encoders flatten them.
const SQUARE: usize = 8;
/// Smaller differences are noise of the coding.
const COARSE: u8 = 16;

/// The smallest number for which `is_same` holds, or `len` where there is no doubt.
fn shortest(len: usize, mut is_same: impl FnMut(usize) -> Result<bool>) -> Result<u64> {
    let mut enough = len.saturating_sub(SLACK.saturating_add(1));
    if enough == 0 || !is_same(enough)? {
        return Ok(len_u64(len));
    }
    let mut too_few = 0usize;
    while let Some(rest) = enough.checked_sub(too_few).filter(|rest| *rest > 1) {
        let middle = too_few.saturating_add(rest / 2);
        if is_same(middle)? {
            enough = middle;
        } else {
            too_few = middle;
        }
    }
    Ok(len_u64(enough))
}

/// The beginning of `data` that is needed.
pub(super) fn beginning(data: Span, needed: u64) -> Span {
    Span::new(
        data.start(),
        data.start().saturating_add(needed).min(data.end()),
    )
}
