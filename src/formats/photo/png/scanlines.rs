//! Scanlines: counted, and undone from their filters (PNG 3rd edition, 9.2) where pixels have an alpha
//! sample, to see what is under transparent pixels, or where they are indexes of a palette, to see which
//! entries are used.

use super::NAME;
use super::header::{Colour, Header, Pass};
use super::layout::Layout;
use crate::bytes::{Context, Source};
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

/// What was seen of the pixels of a file so far.
pub(super) struct Seen<'a> {
    pub(super) hidden: &'a mut Hidden,
    pub(super) indexes: &'a mut Indexes,
    /// Colour and alpha of each palette entry, where some are hidden.
    pub(super) palette: Vec<[u8; 4]>,
}

impl Seen<'_> {
    /// The pixels of a scanline of palette indexes, without filter.
    fn indexes(&mut self, row: &[u8], columns: u32, depth: u8) {
        self.hidden.gap();
        let depth = u32::from(depth.clamp(1, 8));
        let per_byte = 8_u32.checked_div(depth).unwrap_or(1);
        let mask = 0xFF_u8.wrapping_shr(8_u32.saturating_sub(depth));
        let indexes = row.iter().flat_map(|byte| {
            (1..=per_byte).map(move |nth| {
                let shift = 8_u32.saturating_sub(nth.saturating_mul(depth));
                byte.wrapping_shr(shift) & mask
            })
        });
        let is_looked_at = !self.palette.is_empty() && !self.hidden.is_certain();
        let columns = usize::try_from(columns).unwrap_or(usize::MAX);
        for index in indexes.take(columns) {
            self.indexes.insert(index);
            if is_looked_at {
                let entry = self.palette.get(usize::from(index)).copied();
                let [r, g, b, alpha] = entry.unwrap_or([0, 0, 0, 255]);
                self.hidden.pixel(&[r, g, b], alpha);
            }
        }
    }
}

/// Palette entries that some pixel has.
#[derive(Debug)]
pub(super) struct Indexes {
    pub(super) used: [bool; 256],
}

impl Default for Indexes {
    fn default() -> Self {
        Self { used: [false; 256] }
    }
}

impl Indexes {
    fn insert(&mut self, index: u8) {
        if let Some(used) = self.used.get_mut(usize::from(index)) {
            *used = true;
        }
    }

    /// The colour that bKGD names is shown behind transparent pixels.
    pub(super) fn background(&mut self, layout: &Layout, source: &Source<'_>) -> Result<()> {
        let early = layout.chunks.iter().take(layout.idat);
        for chunk in early.filter(|chunk| &chunk.kind == b"bKGD" && chunk.data().len() == 1) {
            for index in &*source.read(chunk.data())? {
                self.insert(*index);
            }
        }
        Ok(())
    }
}

impl<'a> Scanlines<'a> {
    /// Before the first scanline of a picture that begins at `start`. `seen` collects across the pictures
    /// of a file.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when a scanline that is looked at cannot be held.
    pub(super) fn new(
        header: &Header,
        (width, height): (u32, u32),
        start: u64,
        seen: Seen<'a>,
        cx: &Context<'_>,
    ) -> Result<Self> {
        let passes = header.passes(width, height);
        let is_indexed = header.colour == Colour::Indexed;
        let under = if header.colour.has_alpha() || is_indexed {
            let longest = passes.iter().map(|pass| pass.row).max().unwrap_or(0);
            cx.memory(longest.saturating_mul(2))?;
            Some(Under {
                pixel: usize::from(header.pixel_bits().div_ceil(8)),
                alpha: usize::from(header.depth.div_euclid(8)),
                depth: header.depth,
                is_indexed,
                row: Vec::new(),
                above: Vec::new(),
                seen,
            })
        } else {
            None
        };
        let mut passes = passes.into_iter();
        let pass = passes.next().unwrap_or(Pass {
            rows: 0,
            row: 0,
            columns: 0,
        });
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
            under.finish_row(self.pass.columns);
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
    /// Bits of a sample.
    depth: u8,
    /// A sample is an index.
    is_indexed: bool,
    /// Filter type and filtered bytes.
    row: Vec<u8>,
    /// Bytes without filter; empty above the first scanline of a pass.
    above: Vec<u8>,
    seen: Seen<'a>,
}

impl Under<'_> {
    fn finish_row(&mut self, columns: u32) {
        if self.is_indexed {
            self.undo::<1>();
            self.seen.indexes(&self.above, columns, self.depth);
            return;
        }
        if self.seen.hidden.is_certain() {
            self.row.clear();
            return;
        }
        match self.pixel {
            1 => self.undo::<1>(),
            2 => self.undo::<2>(),
            4 => self.undo::<4>(),
            _ => self.undo::<8>(),
        }
        match self.pixel {
            2 => self.transparent::<2>(),
            4 => self.transparent::<4>(),
            _ => self.transparent::<8>(),
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
    }

    fn transparent<const N: usize>(&mut self) {
        let hidden = &mut *self.seen.hidden;
        hidden.gap();
        for pixel in self.above.as_chunks::<N>().0 {
            let (colour, alpha) = pixel.split_at(N.saturating_sub(self.alpha));
            // The first byte of two is the high one.
            hidden.pixel(colour, alpha.first().copied().unwrap_or_default());
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
