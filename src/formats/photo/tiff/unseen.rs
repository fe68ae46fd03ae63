//! Samples that nobody sees: in tiles beside and below the picture, in bits at the ends of rows, and
//! colours under transparent pixels.

use super::tree::Shape;
use crate::bytes::Order;
use crate::formats::common::Hidden;
use crate::model::{Result, Span, Step, len_u64};

/// How the rows of a strip or tile lie, and how much of them is seen.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// Bytes of a row.
    pub(super) row: usize,
    /// Bits of a row that are seen.
    bits: usize,
    rows: u64,
    rows_seen: u64,
    pixel_bits: Option<usize>,
    /// Bytes of a pixel, where it is made of whole ones.
    pixel: Option<usize>,
    /// Bytes of a sample, where all samples have as many.
    sample: Option<usize>,
    predictor: u64,
    order: Order,
    /// Where in a pixel its alpha sample stands, in bytes.
    alpha: Option<(usize, usize)>,
}

/// What a predictor is (TIFF 6.0 §14, Technical Note 3).
const DIFFERENCES: u64 = 2;
const FLOATING: u64 = 3;

impl Frame {
    /// Of the strip or tile with this number; `None` where its rows lie otherwise.
    pub(super) fn of(shape: &Shape, tiled: bool, index: u64, order: Order) -> Option<Self> {
        let block = shape.placed(tiled, index)?;
        let size = |n: u64| usize::try_from(n).ok();
        let bits: Vec<u64> = shape.sample_bits(block.plane)?;
        let pixel_bits = bits
            .iter()
            .try_fold(0_u64, |sum, bits| sum.checked_add(*bits))?;
        let all = block.width.checked_mul(pixel_bits)?;
        let first = *bits.first()?;
        let even = bits.iter().all(|bits| *bits == first) && first % 8 == 0;
        let sample = if even { size(first / 8) } else { None };
        let alpha = sample.and_then(|sample| {
            let place = shape.alpha().filter(|_| shape.planar != 2)?;
            Some((size(place)?.checked_mul(sample)?, sample))
        });
        Some(Self {
            row: size(all.div_ceil(8))?,
            bits: size(block.seen_width.checked_mul(pixel_bits)?)?,
            rows: block.rows,
            rows_seen: block.seen_rows,
            pixel_bits: size(pixel_bits),
            pixel: if pixel_bits % 8 == 0 {
                size(pixel_bits / 8)
            } else {
                None
            },
            sample,
            predictor: shape.predictor,
            order,
            alpha: alpha.filter(|_| matches!(sample, Some(1 | 2))),
        })
        .filter(|frame| frame.row > 0)
    }

    fn has_ends(&self) -> bool {
        self.bits < self.row.saturating_mul(8)
    }

    /// Whether there is anything that nobody sees.
    pub(super) fn hides(&self) -> bool {
        self.has_ends() || self.rows_seen < self.rows || self.alpha.is_some()
    }

    /// Bytes of a row that are seen wholly, and which bits of the next one.
    fn seen(&self) -> (usize, u8) {
        let left = u32::try_from(self.bits % 8).unwrap_or(0);
        let mask = u8::try_from(!(0xFF_u32 >> left) & 0xFF).unwrap_or(0);
        (self.bits / 8, mask)
    }

    /// Pixels of a row, and bits of each, where a pixel is one number of at most eight bits.
    fn indexes(&self) -> Option<(usize, usize)> {
        let bits = self
            .pixel_bits
            .filter(|bits| matches!(bits, 1 | 2 | 4 | 8))?;
        Some((self.bits.checked_div(bits)?, bits))
    }

    /// Whether the unseen can be emptied while the rows are coded as differences.
    fn can_blank(&self) -> bool {
        self.predictor != FLOATING || !self.has_ends()
    }

    /// Empties what nobody sees of all rows; `false` where that would change what is seen.
    pub(super) fn blank(&self, rows: &mut [u8]) -> bool {
        if !self.can_blank() {
            return false;
        }
        let (whole, mask) = self.seen();
        for (number, row) in (0_u64..).zip(rows.chunks_mut(self.row)) {
            let from = if number < self.rows_seen { whole } else { 0 };
            let mask = if number < self.rows_seen { mask } else { 0 };
            for (nth, byte) in row.iter_mut().skip(from).enumerate() {
                *byte &= if nth == 0 { mask } else { 0 };
            }
        }
        true
    }

    /// The same for rows that are not compressed, from `span` of a file. `partial` gives the byte at a
    /// place without its unseen bits.
    ///
    /// # Errors
    /// Those of `partial`.
    pub(super) fn blank_steps(
        &self,
        span: Span,
        mut partial: impl FnMut(u64, u8) -> Result<u8>,
    ) -> Result<Vec<Step>> {
        let (whole, mask) = self.seen();
        let (row, whole) = (len_u64(self.row), len_u64(whole));
        let mut steps = Vec::new();
        let mut at = span.start();
        for _ in 0..self.rows_seen {
            let end = at.saturating_add(row).min(span.end());
            let mut seen = at.saturating_add(whole).min(end);
            steps.push(Step::Copy(Span::new(at, seen)));
            if mask != 0 && seen < end {
                steps.push(Step::bytes(vec![partial(seen, mask)?]));
                seen = seen.saturating_add(1);
            }
            if seen < end {
                steps.push(Step::Zero(end.saturating_sub(seen)));
            }
            at = end;
        }
        if at < span.end() {
            steps.push(Step::Zero(span.end().saturating_sub(at)));
        }
        Ok(steps)
    }
}

/// What fills the room beside a picture. Three ways are usual: zeros, one value throughout, and the edge
/// of the picture once more.
#[derive(Debug, Default)]
struct Filling {
    first: Option<Vec<u8>>,
    not_zero: bool,
    not_even: bool,
    not_edge: bool,
}

impl Filling {
    fn see(&mut self, unit: &[u8], edge: &[u8]) {
        self.not_zero |= unit.iter().any(|byte| *byte != 0);
        self.not_edge |= unit != edge;
        match &self.first {
            Some(first) => self.not_even |= first != unit,
            None => self.first = Some(unit.to_vec()),
        }
    }

    fn tells(&self) -> bool {
        self.not_zero && self.not_even && self.not_edge
    }
}

/// What the pixels of a picture show.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Colours under transparent pixels.
    pub(super) hidden: Hidden,
    /// Which entries of the colour map some pixel has.
    used: Option<Vec<bool>>,
}

/// Schemes whose rows are looked at.
const DECODED: &[u64] = &[1, 5, 8, 32773, 32946, 50000];
/// PhotometricInterpretation: numbers of colours in a map.
const PALETTE: u64 = 3;

impl Seen {
    /// Nothing yet, of a picture of this shape.
    pub(super) fn of(shape: &Shape) -> Self {
        let is_plain = shape.photometric == Some(PALETTE)
            && shape.samples == 1
            && matches!(shape.bits.first(), Some(1 | 2 | 4 | 8))
            && DECODED.contains(&shape.compression);
        Self {
            hidden: Hidden::default(),
            used: is_plain.then(|| vec![false; 256]),
        }
    }

    pub(super) fn wants_pixels(&self) -> bool {
        self.used.is_some()
    }

    /// Pixels that cannot be looked at may have any colour.
    pub(super) fn give_up(&mut self) {
        self.used = None;
    }

    fn colours(&mut self, row: &[u8], width: usize, bits: usize) {
        let Some(used) = &mut self.used else { return };
        let per_byte = 8_usize.checked_div(bits).unwrap_or(1).max(1);
        for (nth, byte) in row.iter().enumerate() {
            let left = width.saturating_sub(nth.saturating_mul(per_byte));
            for pixel in 0..per_byte.min(left) {
                let by = u32::try_from(bits.saturating_mul(pixel)).unwrap_or(0);
                let down = u32::try_from(8_usize.saturating_sub(bits)).unwrap_or(0);
                let index = byte.checked_shl(by).unwrap_or(0) >> down;
                if let Some(entry) = used.get_mut(usize::from(index)) {
                    *entry = true;
                }
            }
        }
    }

    /// The colour map without colours that no pixel has; `None` where that is not known.
    pub(super) fn used_colours(&self, map: &[u8]) -> Option<Vec<u8>> {
        let used = self.used.as_ref()?;
        // Red, green and blue of all, in two bytes each.
        let count = map.len().checked_div(6).filter(|count| *count > 0)?;
        let mut out = map.to_vec();
        for (nth, entry) in out.chunks_mut(2).enumerate() {
            let index = nth.checked_rem(count)?;
            if !*used.get(index)? {
                entry.fill(0);
            }
        }
        Some(out)
    }
}

/// A look at the rows of one strip or tile.
pub(super) struct Unseen<'h> {
    frame: Frame,
    seen: &'h mut Seen,
    number: u64,
    row: Vec<u8>,
    /// Bytes of the row at hand that need not be kept.
    passed: usize,
    /// The last row of the picture.
    above: Vec<u8>,
    beside: Filling,
    below: Filling,
}

impl<'h> Unseen<'h> {
    pub(super) fn new(frame: Frame, seen: &'h mut Seen) -> Self {
        Self {
            frame,
            seen,
            number: 0,
            row: Vec::new(),
            passed: 0,
            above: Vec::new(),
            beside: Filling::default(),
            below: Filling::default(),
        }
    }

    /// Whether something stands where nobody looks.
    pub(super) fn tells(&self) -> bool {
        self.beside.tells() || self.below.tells()
    }

    fn is_needed(&self) -> bool {
        self.frame.has_ends()
            || self.frame.alpha.is_some() && !self.seen.hidden.is_certain()
            || self.seen.wants_pixels()
            || self.number.saturating_add(1) >= self.frame.rows_seen
                && self.frame.rows_seen < self.frame.rows
    }

    /// The next bytes of the rows, as they are coded.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let have = self.row.len().saturating_add(self.passed);
            let wanted = self.frame.row.saturating_sub(have);
            let (now, rest) = bytes.split_at_checked(wanted).unwrap_or((bytes, &[]));
            bytes = rest;
            if self.row.is_empty() && !self.is_needed() {
                self.passed = self.passed.saturating_add(now.len());
            } else {
                // What was passed by in this row stays unknown, which matters in no row.
                self.row.extend_from_slice(now);
            }
            if self.row.len().saturating_add(self.passed) >= self.frame.row {
                let mut row = std::mem::take(&mut self.row);
                if self.passed == 0 {
                    self.undo(&mut row);
                    self.see(&row);
                }
                row.clear();
                self.row = row;
                self.passed = 0;
                self.number = self.number.saturating_add(1);
            }
        }
    }

    /// Makes samples of differences.
    fn undo(&self, row: &mut Vec<u8>) {
        let (Some(sample), Some(pixel)) = (self.frame.sample, self.frame.pixel) else {
            return;
        };
        match self.frame.predictor {
            DIFFERENCES => add(row, sample, pixel, self.frame.order),
            FLOATING => {
                let samples = pixel.checked_div(sample).unwrap_or(1);
                add(row, 1, samples, self.frame.order);
                let count = row.len().checked_div(sample).unwrap_or(0);
                let plane = |byte: usize| row.get(byte.saturating_mul(count)..).unwrap_or_default();
                let planes: Vec<&[u8]> = (0..sample).map(plane).collect();
                let floats = (0..count).flat_map(|n| planes.iter().filter_map(move |p| p.get(n)));
                *row = floats.copied().collect();
            }
            _ => {}
        }
    }

    fn see(&mut self, row: &[u8]) {
        if self.number >= self.frame.rows_seen {
            let unit = self.frame.pixel.unwrap_or(1).max(1);
            let mut above = self.above.chunks(unit);
            for unit in row.chunks(unit) {
                self.below.see(unit, above.next().unwrap_or_default());
            }
            return;
        }
        if self.frame.rows_seen < self.frame.rows {
            self.above.clear();
            self.above.extend_from_slice(row);
        }
        let (whole, mask) = self.frame.seen();
        if let Some((width, bits)) = self.frame.indexes() {
            self.seen.colours(row, width, bits);
        }
        if self.frame.has_ends() {
            match self.frame.pixel {
                Some(pixel) if pixel > 0 => {
                    let edge = whole.saturating_sub(pixel);
                    let edge = row.get(edge..whole).unwrap_or_default();
                    for unit in row.get(whole..).unwrap_or_default().chunks(pixel) {
                        self.beside.see(unit, edge);
                    }
                }
                _ => self.bits(row, whole, mask),
            }
        }
        if let (Some((at, len)), Some(pixel)) = (self.frame.alpha, self.frame.pixel) {
            self.seen.hidden.gap();
            for pixel in row
                .get(..whole)
                .unwrap_or_default()
                .chunks_exact(pixel.max(1))
            {
                let (colour, rest) = pixel.split_at_checked(at).unwrap_or((pixel, &[]));
                let alpha = match (rest.get(..len), self.frame.order) {
                    (Some([alpha] | [alpha, _]), Order::Big) => *alpha,
                    (Some([.., alpha]), Order::Little) => *alpha,
                    _ => 255,
                };
                self.seen.hidden.pixel(colour, alpha);
            }
        }
    }

    /// Pixels that are no whole bytes: the rest of a byte of which all bits are alike counts as a byte
    /// of such bits.
    fn bits(&mut self, row: &[u8], whole: usize, mask: u8) {
        let last = match mask {
            0 => whole
                .checked_sub(1)
                .and_then(|at| row.get(at))
                .map(|byte| byte & 1),
            _ => row.get(whole).map(|byte| byte & mask & mask.wrapping_neg()),
        };
        let edge = if last.is_some_and(|bit| bit != 0) {
            0xFF
        } else {
            0
        };
        for (nth, byte) in row.iter().skip(whole).enumerate() {
            let byte = match (nth, byte & !mask) {
                (0, rest) if mask != 0 && rest == !mask => 0xFF,
                (0, rest) => rest,
                _ => *byte,
            };
            self.beside.see(&[byte], &[edge]);
        }
    }
}

/// Adds to each sample the one that stands `back` bytes before it (TIFF 6.0 §14).
fn add(row: &mut [u8], sample: usize, back: usize, order: Order) {
    let mut at = back;
    while at < row.len() && sample > 0 {
        let (before, here) = row.split_at_mut(at);
        let left = before.get(at.saturating_sub(back)..).unwrap_or_default();
        let mut carry = 0_u16;
        let mut one = |byte: &mut u8, left: &u8| {
            let sum = u16::from(*byte)
                .saturating_add(u16::from(*left))
                .saturating_add(carry);
            carry = sum >> 8;
            *byte = sum.to_le_bytes().first().copied().unwrap_or(0);
        };
        let pairs = here.iter_mut().zip(left).take(sample);
        match order {
            Order::Little => pairs.for_each(|(byte, left)| one(byte, left)),
            Order::Big => {
                let mut pairs: Vec<_> = pairs.collect();
                pairs.reverse();
                pairs.into_iter().for_each(|(byte, left)| one(byte, left));
            }
        }
        at = at.saturating_add(sample);
    }
}
