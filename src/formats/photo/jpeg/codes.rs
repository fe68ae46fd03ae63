//! The bits of coded data and the tables that tell where one code ends (ITU-T T.81 annexes C and F.2.2).

use super::markers::{RST0, RST7};

/// Why a walk stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The data ended first: all of it belongs to the picture.
    OutOfData,
    /// A code that stands in no table, or a run past the last coefficient.
    Damaged,
    /// Restart markers are numbered in a wrong order, or there are more of them than the picture has
    /// intervals: decoders skip data there, each in its own way.
    Restarts,
}

pub(super) type Step<T> = std::result::Result<T, Stop>;

/// A code of a Huffman table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Code {
    /// Bits of the code; 0 where there is none.
    pub(super) len: u8,
    pub(super) symbol: u8,
    /// Bits of the code and of the coefficient behind it, where it stands for one of a sequential block.
    with_value: u8,
    /// So many coefficients of a sequential block are done with it; [`END_OF_BLOCK`] for all.
    advance: u8,
}

const END_OF_BLOCK: u8 = 128;
/// So many bits are looked up at once; longer codes are rare.
const FAST: u32 = 10;

impl Code {
    fn new(len: u8, symbol: u8) -> Self {
        let (run, size) = (symbol >> 4, symbol & 15);
        Self {
            len,
            symbol,
            with_value: len.wrapping_add(size),
            advance: match (run, size) {
                (15, 0) => 16,
                (_, 0) => END_OF_BLOCK,
                _ => run.wrapping_add(1),
            },
        }
    }
}

/// A Huffman table.
#[derive(Debug)]
pub(super) struct Table {
    /// By the next [`FAST`] bits.
    fast: Box<[Code; 1 << FAST]>,
    /// By length of the code, 1 to 16: the first 16 bits behind all codes of that length, and the number
    /// to be added to a code for the place of its symbol.
    ends: [(u32, u32); 17],
    symbols: Vec<u8>,
}

impl Table {
    /// From the 16 counts and the symbols of a DHT segment; `None` when the codes do not fit.
    pub(super) fn new(counts: &[u8], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            fast: Box::new([Code::default(); 1 << FAST]),
            ends: [(0, 0); 17],
            symbols: symbols.to_vec(),
        };
        let (mut next, mut place) = (0u32, 0u32);
        for (bits, count) in (1u8..=16).zip(counts) {
            let width = 1u32.checked_shl(16u32.checked_sub(u32::from(bits))?)?;
            let fast = usize::try_from(width.checked_shr(16 - FAST)?).ok()?;
            for _ in 0..*count {
                let symbol = *symbols.get(usize::try_from(place).ok()?)?;
                let at = usize::try_from(next >> (16 - FAST)).ok()?;
                let entries = table.fast.get_mut(at..at.checked_add(fast)?)?;
                entries.fill(Code::new(bits, symbol));
                place = place.checked_add(1)?;
                next = next.checked_add(width)?;
            }
            let end = table.ends.get_mut(usize::from(bits))?;
            *end = (next, place.wrapping_sub(next.checked_div(width)?));
            (next <= 1 << 16).then_some(())?;
        }
        Some(table)
    }

    /// The code at the top of 64 bits.
    #[inline]
    fn code(&self, window: u64) -> Code {
        let fast = usize::try_from(window >> (64 - FAST)).unwrap_or(0);
        match self.fast.get(fast) {
            Some(code) if code.len != 0 => *code,
            _ => self.long_code(window),
        }
    }

    #[cold]
    fn long_code(&self, window: u64) -> Code {
        let next = u32::try_from(window >> 48).unwrap_or(0);
        for (bits, (end, offset)) in (0u8..=16).zip(self.ends) {
            if next < end {
                let code = next.checked_shr(16u32.wrapping_sub(u32::from(bits)));
                let place = code.unwrap_or(0).wrapping_add(offset);
                let symbol = self.symbols.get(usize::try_from(place).unwrap_or(0));
                return symbol.map_or(Code::default(), |symbol| Code::new(bits, *symbol));
            }
        }
        Code::default()
    }
}

/// The data of one restart interval, stuffed zeros taken out.
#[derive(Debug, Default)]
pub(super) struct Unstuffed {
    /// Eight zeros follow the data, so that 64 bits can be read at any bit of it.
    bytes: Vec<u8>,
    /// No marker stands in it.
    pub(super) whole: bool,
}

impl Unstuffed {
    /// The data of `coded` up to the first marker.
    pub(super) fn new(coded: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(coded.len().saturating_add(8));
        let mut end = 0;
        for (data, behind) in Runs::new(coded) {
            bytes.extend_from_slice(data);
            end = behind;
        }
        bytes.extend([0; 8]);
        let whole = end == coded.len();
        Self { bytes, whole }
    }

    pub(super) fn bits(&self) -> Bits<'_> {
        let len = self.bytes.len().saturating_sub(8);
        Bits {
            bytes: &self.bytes,
            at: 0,
            end: len.saturating_mul(8),
        }
    }
}

/// Where the byte behind the first `n` data bytes of `coded` stands; the zero that is stuffed behind an
/// `FF` belongs to it.
pub(super) fn coded_len(coded: &[u8], n: usize) -> usize {
    let mut left = n;
    let mut start = 0usize;
    for (data, end) in Runs::new(coded) {
        if left < data.len() {
            return start.saturating_add(left);
        }
        left = left.saturating_sub(data.len());
        start = end;
        if left == 0 {
            break;
        }
    }
    start
}

/// Runs of data bytes without a stuffed zero in between, each with the offset behind its stuffed zero.
struct Runs<'a> {
    coded: &'a [u8],
    at: usize,
}

impl<'a> Runs<'a> {
    fn new(coded: &'a [u8]) -> Self {
        Self { coded, at: 0 }
    }
}

impl<'a> Iterator for Runs<'a> {
    type Item = (&'a [u8], usize);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.coded.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let Some(found) = memchr::memchr(0xFF, rest) else {
            self.at = self.coded.len();
            return Some((rest, self.at));
        };
        let found = start.saturating_add(found);
        let (code, behind) = after_fill(self.coded, found);
        if code == Some(0) {
            self.at = behind;
            Some((self.coded.get(start..=found)?, behind))
        } else {
            self.at = self.coded.len();
            Some((self.coded.get(start..found)?, found))
        }
    }
}

/// The byte behind an `FF` and behind all fill bytes that follow it, and the offset behind that byte.
/// Fill bytes before a stuffed zero are one data byte of `FF`.
fn after_fill(coded: &[u8], ff: usize) -> (Option<u8>, usize) {
    let mut at = ff.saturating_add(1);
    while coded.get(at) == Some(&0xFF) {
        at = at.saturating_add(1);
    }
    (coded.get(at).copied(), at.saturating_add(1))
}

/// The next restart marker at or behind `from`: where its first `FF` is located, the offset behind it, and
/// its number.
pub(super) fn next_restart(coded: &[u8], from: usize) -> Option<(usize, usize, u8)> {
    let mut at = from;
    loop {
        let found = memchr::memchr(0xFF, coded.get(at..)?)?.saturating_add(at);
        let (code, behind) = after_fill(coded, found);
        if let Some(code @ RST0..=RST7) = code {
            return Some((found, behind, code & 7));
        }
        code?;
        at = behind;
    }
}

/// Bits that are read one code after the other.
#[derive(Clone, Debug)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl Bits<'_> {
    /// At least 57 bits from here, the next one highest; zeros behind the end.
    #[inline]
    fn window(&self) -> u64 {
        let eight = self.bytes.get(self.at >> 3..);
        let eight = eight.and_then(|bytes| bytes.first_chunk());
        u64::from_be_bytes(*eight.unwrap_or(&[0; 8])) << (self.at & 7)
    }

    #[inline]
    fn check(&self) -> Step<()> {
        if self.at > self.end {
            Err(Stop::OutOfData)
        } else {
            Ok(())
        }
    }

    /// What a code that stands in no table means here.
    fn no_code(&self) -> Stop {
        if self.end.saturating_sub(self.at) < 16 {
            Stop::OutOfData
        } else {
            Stop::Damaged
        }
    }

    /// Goes on by `n` bits.
    #[inline]
    pub(super) fn skip(&mut self, n: u32) -> Step<()> {
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        self.at = self.at.saturating_add(n);
        self.check()
    }

    /// The next `n` bits, at most 16.
    pub(super) fn take(&mut self, n: u32) -> Step<u32> {
        let value = self.window().checked_shr(64u32.saturating_sub(n));
        self.skip(n)?;
        Ok(u32::try_from(value.unwrap_or(0)).unwrap_or(u32::MAX))
    }

    /// The next symbol.
    pub(super) fn symbol(&mut self, table: &Table) -> Step<u8> {
        let code = table.code(self.window());
        if code.len == 0 {
            return Err(self.no_code());
        }
        self.skip(u32::from(code.len))?;
        Ok(code.symbol)
    }

    /// A difference of the DC coefficient.
    pub(super) fn dc(&mut self, table: &Table) -> Step<()> {
        let size = self.symbol(table)?;
        if size > 16 {
            Err(Stop::Damaged)
        } else {
            self.skip(u32::from(size))
        }
    }

    /// The 63 AC coefficients of a sequential block.
    pub(super) fn sequential_ac(&mut self, table: &Table) -> Step<()> {
        let mut k = 1u8;
        while k < 64 {
            let code = table.code(self.window());
            if code.len == 0 {
                return Err(self.no_code());
            }
            self.at = self.at.wrapping_add(usize::from(code.with_value));
            k = k.wrapping_add(code.advance);
        }
        self.check()?;
        if k > 64 && k < END_OF_BLOCK {
            Err(Stop::Damaged)
        } else {
            Ok(())
        }
    }

    /// Bytes that were touched so far.
    pub(super) fn used(&self) -> usize {
        self.at.div_ceil(8)
    }

    /// Whether nothing follows but the ones that fill up a byte.
    pub(super) fn only_padding(&self) -> bool {
        let left = u32::try_from(self.end.saturating_sub(self.at)).unwrap_or(u32::MAX);
        left < 8
            && (!self.window())
                .checked_shr(64u32.saturating_sub(left))
                .unwrap_or(0)
                == 0
    }

    /// Goes to a bit.
    pub(super) fn seek(&mut self, at: usize) {
        self.at = at;
    }

    /// The bit it stands at.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The bit behind the last one.
    pub(super) fn end(&self) -> usize {
        self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_zeros_are_no_bits_and_stand_with_their_byte() {
        let coded = [0b1010_0000, 0xFF, 0x00, 3, 0xFF, 0xD0, 9];
        let data = Unstuffed::new(&coded);
        let mut bits = data.bits();
        assert_eq!(bits.take(3), Ok(0b101));
        assert_eq!(coded_len(&coded, bits.used()), 1);
        assert_eq!(bits.take(5), Ok(0));
        assert_eq!(coded_len(&coded, bits.used()), 1);
        assert_eq!(bits.take(8), Ok(0xFF));
        assert_eq!(coded_len(&coded, bits.used()), 3, "with its zero");
        assert_eq!(bits.take(8), Ok(3));
        assert_eq!(bits.take(1), Err(Stop::OutOfData));
        assert_eq!(next_restart(&coded, 3), Some((4, 6, 0)));
        assert_eq!(next_restart(&coded, 6), None);
        assert_eq!(coded_len(&coded, 0), 0);
    }

    #[test]
    fn codes_longer_than_the_quick_table_are_found() {
        let mut counts = [0; 16];
        (counts[0], counts[11], counts[15]) = (1, 1, 1);
        let table = Table::new(&counts, &[1, 2, 3]).unwrap();
        let top = |bits: u64| bits << 48;
        assert_eq!(table.code(top(0)), Code::new(1, 1));
        assert_eq!(table.code(top(0x8000)), Code::new(12, 2));
        assert_eq!(table.code(top(0x8010)), Code::new(16, 3));
        assert_eq!(table.code(top(0x8011)), Code::default());
        assert_eq!(table.code(top(0xFFFF)), Code::default());
    }

    #[test]
    fn tables_that_do_not_fit_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Table::new(&counts, &[1, 2, 3]).is_none());
        counts[0] = 1;
        assert!(Table::new(&counts, &[]).is_none());
        assert!(Table::new(&counts, &[7]).is_some());
    }
}
