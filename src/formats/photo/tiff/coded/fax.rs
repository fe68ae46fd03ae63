//! Pictures of one bit as faxes send them (ITU-T T.4 and T.6), walked row by row.

use fax::BitReader;
use fax::maps::{Mode, black, mode, white};

use super::{Coded, End};
use crate::bytes::Context;
use crate::model::{Result, len_u64};

/// Group 4: each row is told by the one above.
const GROUP4: u64 = 4;
/// Group 3: each row ends with a mark.
const GROUP3: u64 = 3;
/// `CCITTRLEW`: each row begins with a pair of bytes.
const WORDS: u64 = 32771;
/// `T4Options`: in two dimensions.
const TWO_DIMENSIONS: u64 = 1;
/// A mark of the end of a row is at least so many zeros and a one.
const ZEROS: u64 = 11;

/// Walks to the end of the last row, and of the mark behind it.
pub(super) fn walk(coded: &Coded<'_, '_>, cx: &Context<'_>) -> Result<End> {
    let bytes = coded.read(cx)?;
    let Some((width, rows)) = coded.block else {
        return Ok(unsure());
    };
    let mut bits = Bits {
        bytes: &bytes,
        at: 0,
    };
    let two =
        coded.scheme == GROUP4 || coded.scheme == GROUP3 && coded.options & TWO_DIMENSIONS != 0;
    let mut above = Vec::new();
    for _ in 0..rows {
        cx.item()?;
        let start = bits.at;
        let Some(row) = bits.row(coded.scheme, two, width, &above) else {
            bits.at = start;
            // One mark stands before each row of group 3; two behind each other end the picture early.
            return Ok(if bits.marks(coded.scheme, two) > 1 {
                bits.end(coded)
            } else {
                unsure()
            });
        };
        above = row;
    }
    bits.marks(coded.scheme, two);
    Ok(bits.end(coded))
}

fn unsure() -> End {
    End {
        unsure: true,
        ..End::default()
    }
}

struct Bits<'b> {
    bytes: &'b [u8],
    /// In bits.
    at: u64,
}

impl BitReader for Bits<'_> {
    type Error = ();

    /// Behind the end stand zeros.
    fn peek(&self, bits: u8) -> Option<u16> {
        let from = usize::try_from(self.at / 8).ok()?;
        let window = (0..3).fold(0_u32, |sum, n| {
            let byte = from.checked_add(n).and_then(|at| self.bytes.get(at));
            sum << 8 | u32::from(byte.copied().unwrap_or(0))
        });
        let used = u32::try_from(self.at % 8).ok()?;
        let shift = 24_u32.checked_sub(used)?.checked_sub(u32::from(bits))?;
        u16::try_from(window >> shift & !(u32::MAX.checked_shl(u32::from(bits))?)).ok()
    }

    fn consume(&mut self, bits: u8) -> std::result::Result<(), ()> {
        self.at = self.at.saturating_add(u64::from(bits));
        (self.at <= self.len()).then_some(()).ok_or(())
    }

    fn bits_to_byte_boundary(&self) -> u8 {
        u8::try_from(self.at.wrapping_neg() % 8).unwrap_or(0)
    }
}

impl Bits<'_> {
    fn len(&self) -> u64 {
        len_u64(self.bytes.len()).saturating_mul(8)
    }

    fn align(&mut self, to: u64) {
        self.at = self.at.next_multiple_of(to);
    }

    /// Steps over the mark of an end of row, with the zeros before it.
    fn mark(&mut self) -> Option<()> {
        let mut at = self.at;
        let mut zeros = 0_u64;
        loop {
            let byte = *self.bytes.get(usize::try_from(at / 8).ok()?)?;
            let bit = byte.wrapping_shl(u32::try_from(at % 8).ok()?) >> 7;
            at = at.saturating_add(1);
            if bit == 1 {
                break;
            }
            zeros = zeros.saturating_add(1);
        }
        (zeros >= ZEROS).then(|| self.at = at)
    }

    /// Steps over the marks behind the last row, and counts them.
    fn marks(&mut self, scheme: u64, two: bool) -> u32 {
        let most = match scheme {
            GROUP3 => 6,
            GROUP4 => 2,
            _ => 0,
        };
        for count in 0..most {
            if self.mark().is_none() {
                return count;
            }
            if two && scheme == GROUP3 {
                self.at = self.at.saturating_add(1).min(self.len());
            }
        }
        most
    }

    /// The places in which the colour of a row changes.
    fn row(&mut self, scheme: u64, two: bool, width: u64, above: &[u64]) -> Option<Vec<u64>> {
        let mut told_by_above = scheme == GROUP4;
        match scheme {
            GROUP3 => {
                // Decoders look for the next mark, wherever it is.
                self.mark()?;
                if two {
                    told_by_above = self.peek(1)? == 0;
                    self.consume(1).ok()?;
                }
            }
            WORDS => self.align(16),
            GROUP4 => {}
            _ => self.align(8),
        }
        if told_by_above {
            self.by_above(width, above)
        } else {
            self.alone(width)
        }
    }

    fn run(&mut self, is_black: bool) -> Option<u64> {
        let mut sum = 0_u64;
        loop {
            let n = u64::from(if is_black {
                black::decode(self)?
            } else {
                white::decode(self)?
            });
            sum = sum.checked_add(n)?;
            if n < 64 {
                return Some(sum);
            }
        }
    }

    fn alone(&mut self, width: u64) -> Option<Vec<u64>> {
        let (mut at, mut is_black) = (0_u64, false);
        let mut changes = Vec::new();
        while at < width {
            at = at.checked_add(self.run(is_black)?)?;
            changes.push(at);
            is_black = !is_black;
        }
        (at == width).then_some(changes)
    }

    fn by_above(&mut self, width: u64, above: &[u64]) -> Option<Vec<u64>> {
        let (mut at, mut is_black) = (0_u64, false);
        let mut changes: Vec<u64> = Vec::new();
        // Changes above up to here stand before the place we are at.
        let (mut seen, mut started) = (0_usize, false);
        while at < width {
            // The next change above to the other colour, and the one behind it.
            let behind = |place: u64| place > at || !started && changes.is_empty();
            seen = seen.saturating_sub(2);
            while above.get(seen).is_some_and(|place| !behind(*place))
                || (seen % 2 == 1) != is_black
            {
                seen = seen.checked_add(1)?;
            }
            let first = above.get(seen).copied().unwrap_or(width);
            let second = above.get(seen.checked_add(1)?).copied().unwrap_or(width);
            match mode::decode(self)? {
                Mode::Pass => {
                    at = second;
                    started = true;
                }
                Mode::Horizontal => {
                    for black in [is_black, !is_black] {
                        at = at.checked_add(self.run(black)?)?;
                        changes.push(at);
                    }
                }
                Mode::Vertical(by) => {
                    let place = first.checked_add_signed(i64::from(by))?;
                    if place < at {
                        return None;
                    }
                    at = place;
                    changes.push(at);
                    is_black = !is_black;
                }
                Mode::Extension | Mode::EOF => return None,
            }
        }
        (at == width).then_some(changes)
    }

    /// Up to here the data is needed.
    fn end(&self, coded: &Coded<'_, '_>) -> End {
        let end = self.at.div_ceil(8);
        let rest = usize::try_from(end)
            .ok()
            .and_then(|end| self.bytes.get(end..));
        // A pair of bytes, or the longest word, may be filled up.
        let filled = rest.is_none_or(|rest| rest.len() < 8 && rest.iter().all(|byte| *byte == 0));
        let last = end.checked_sub(1).and_then(|at| {
            let byte = *self.bytes.get(usize::try_from(at).ok()?)?;
            let spare = u8::try_from(!(u32::MAX << self.bits_to_byte_boundary())).ok()?;
            (byte & spare != 0).then(|| (coded.place(at), coded.stored(byte & !spare)))
        });
        End {
            at: (!filled).then(|| coded.place(end)),
            patch: last,
            ..End::default()
        }
    }
}
