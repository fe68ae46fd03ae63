//! Scanlines: counted, and undone from their filters (PNG 3rd edition, 9.2) where pixels have an alpha
//! sample, to see what stands under transparent pixels.

use super::NAME;
use super::header::{Colour, Header, Pass};
use crate::bytes::Context;
use crate::formats::common::Hidden;
use crate::model::{Error, Result, len_u64};

/// Takes the inflated bytes of one picture and checks them on the way.
pub(super) struct Scanlines<'a> {
    passes: std::vec::IntoIter<Pass>,
    pass: Pass,
    /// Position in the scanline, in bytes.
    at: u64,
    /// Where the picture begins in the file, for messages.
    start: u64,
    under: Option<Under<'a>>,
}

impl<'a> Scanlines<'a> {
    /// Before the first scanline of a picture that begins at `start`. `hidden` collects across the
    /// pictures of a file; `palette` has the colour and alpha of each entry where some are hidden.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when a scanline with alpha cannot be held.
    pub(super) fn new(
        header: &Header,
        (width, height): (u32, u32),
        start: u64,
        palette: Vec<[u8; 4]>,
        hidden: &'a mut Hidden,
        cx: &Context<'_>,
    ) -> Result<Self> {
        let passes = header.passes(width, height);
        let is_mapped = header.colour == Colour::Indexed && palette.len() > 1;
        let under = if header.colour.has_alpha() || is_mapped {
            let longest = passes.iter().map(|pass| pass.row).max().unwrap_or(0);
            cx.memory(longest.saturating_mul(2))?;
            Some(Under {
                pixel: usize::from(header.pixel_bits().div_ceil(8)),
                alpha: usize::from(header.depth.div_euclid(8)),
                width: usize::try_from(width).unwrap_or(usize::MAX),
                depth: header.depth,
                palette,
                row: Vec::new(),
                above: Vec::new(),
                hidden,
            })
        } else {
            None
        };
        let mut passes = passes.into_iter();
        let pass = passes.next().unwrap_or(Pass { rows: 0, row: 0 });
        Ok(Self {
            passes,
            pass,
            at: 0,
            start,
            under,
        })
    }

    /// Takes more of the scanlines, and no more than there are.
    ///
    /// # Errors
    /// [`Error::Malformed`] for a filter type that does not exist.
    pub(super) fn take(&mut self, mut bytes: &[u8]) -> Result<()> {
        while let Some(first) = bytes.first() {
            if self.at == 0 && *first > 4 {
                return Err(Error::malformed(
                    NAME,
                    self.start,
                    "a scanline with an unknown filter",
                ));
            }
            let left = usize::try_from(self.pass.row.saturating_sub(self.at)).unwrap_or(usize::MAX);
            let (now, rest) = bytes.split_at_checked(left).unwrap_or((bytes, &[]));
            if let Some(under) = &mut self.under {
                under.row.extend_from_slice(now);
            }
            self.at = self.at.saturating_add(len_u64(now.len()));
            if self.at == self.pass.row {
                self.finish_row();
            }
            bytes = rest;
        }
        Ok(())
    }

    fn finish_row(&mut self) {
        self.at = 0;
        if let Some(under) = &mut self.under {
            under.finish_row();
        }
        self.pass.rows = self.pass.rows.saturating_sub(1);
        if self.pass.rows == 0 {
            if let Some(next) = self.passes.next() {
                self.pass = next;
            }
            if let Some(under) = &mut self.under {
                under.above.clear();
            }
        }
    }
}

/// The scanline at hand and the one above it.
struct Under<'a> {
    /// Bytes of a pixel: 1 of a palette, else 2, 4 or 8.
    pixel: usize,
    /// Bytes of its last sample.
    alpha: usize,
    /// Pixels of the longest row.
    width: usize,
    /// Bits of a palette index.
    depth: u8,
    palette: Vec<[u8; 4]>,
    /// Filter type and filtered bytes.
    row: Vec<u8>,
    /// Bytes without filter; empty above the first scanline of a pass.
    above: Vec<u8>,
    hidden: &'a mut Hidden,
}

impl Under<'_> {
    fn finish_row(&mut self) {
        if self.hidden.is_certain() {
            self.row.clear();
            return;
        }
        match self.pixel {
            1 => self.undo::<1>(),
            2 => self.undo::<2>(),
            4 => self.undo::<4>(),
            _ => self.undo::<8>(),
        }
    }

    fn undo<const N: usize>(&mut self) {
        let Some((filter, row)) = self.row.split_first_mut() else {
            return;
        };
        self.above.resize(row.len(), 0);
        unfilter::<N>(*filter, row, &self.above);
        self.above.copy_from_slice(row);
        self.row.clear();
        self.hidden.gap();
        if N == 1 {
            return self.mapped();
        }
        for pixel in self.above.as_chunks::<N>().0 {
            let (colour, alpha) = pixel.split_at(N.saturating_sub(self.alpha));
            // The first byte of two is the high one.
            self.hidden
                .pixel(colour, alpha.first().copied().unwrap_or_default());
        }
    }

    /// Looks at a row of palette indices.
    fn mapped(&mut self) {
        let depth = usize::from(self.depth.clamp(1, 8));
        let mask = 0xFFu8 >> 8_u8.saturating_sub(self.depth.clamp(1, 8));
        let per_byte = 8_usize.div_euclid(depth);
        let bits = |byte: u8| {
            let shifts =
                (1..=per_byte).map(move |n| 8_usize.saturating_sub(depth.saturating_mul(n)));
            shifts.map(move |shift| byte.wrapping_shr(u32::try_from(shift).unwrap_or(0)) & mask)
        };
        for index in self
            .above
            .iter()
            .flat_map(|byte| bits(*byte))
            .take(self.width)
        {
            let [r, g, b, alpha] = self
                .palette
                .get(usize::from(index))
                .copied()
                .unwrap_or([0, 0, 0, 255]);
            self.hidden.pixel(&[r, g, b], alpha);
        }
    }
}

/// Makes `row` what it was before it was filtered; `above` is of the same length.
fn unfilter<const N: usize>(filter: u8, row: &mut [u8], above: &[u8]) {
    let above = above.as_chunks::<N>().0.iter();
    let pixels = row.as_chunks_mut::<N>().0.iter_mut().zip(above);
    let mut left = [0u8; N];
    let mut corner = [0u8; N];
    for (pixel, up) in pixels {
        let samples = pixel.iter_mut().zip(&left).zip(up.iter().zip(&corner));
        for ((byte, left), (up, corner)) in samples {
            let guess = match filter {
                1 => *left,
                2 => *up,
                3 => u8::midpoint(*left, *up),
                4 => paeth(*left, *up, *corner),
                _ => 0,
            };
            *byte = byte.wrapping_add(guess);
        }
        left = *pixel;
        corner = *up;
    }
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let near = |x: i16, y: i16| x.saturating_sub(y).unsigned_abs();
    let (to_left, to_up) = (near(b, c), near(a, c));
    let to_corner = near(a.saturating_add(b), c.saturating_add(c));
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}
