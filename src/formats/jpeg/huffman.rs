//! Huffman-coded data, walked code by code without computing a single coefficient (ITU-T T.81 annexes F
//! and G). All it tells is where the data of each restart interval ends.

use super::markers::{RST0, RST7};
use crate::bytes::Context;
use crate::model::Result;

/// Why a walk stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The data ended first: all of it belongs to the picture.
    OutOfData,
    /// A code that stands in no table, or a run past the last coefficient.
    Damaged,
}

type Step<T> = std::result::Result<T, Stop>;

/// A Huffman table as 65,536 entries: length of the code and symbol, by the next 16 bits.
pub(super) struct Table(Vec<(u8, u8)>);

impl Table {
    /// From the 16 counts and the symbols of a DHT segment; `None` when the codes do not fit.
    pub(super) fn new(counts: &[u8], symbols: &[u8]) -> Option<Self> {
        let mut entries = vec![(0, 0); 1 << 16];
        let mut symbols = symbols.iter();
        let mut at = 0usize;
        for (bits, count) in (1u8..=16).zip(counts) {
            let width = 1usize.checked_shl(u32::from(16u8.checked_sub(bits)?))?;
            for _ in 0..*count {
                let end = at.checked_add(width)?;
                entries.get_mut(at..end)?.fill((bits, *symbols.next()?));
                at = end;
            }
        }
        Some(Self(entries))
    }
}

/// One component of a scan.
pub(super) struct Component<'t> {
    pub(super) dc: Option<&'t Table>,
    pub(super) ac: Option<&'t Table>,
    /// Blocks of this component in an MCU, each way. 1 × 1 in a scan of one component.
    pub(super) h: usize,
    pub(super) v: usize,
    /// Which coefficients are known to be non-zero, a word for each block, row by row; progressive only.
    pub(super) history: Option<&'t mut [u64]>,
    /// Blocks in a row of `history`.
    pub(super) stride: usize,
}

/// What a scan header says.
pub(super) struct Scan<'t> {
    pub(super) components: Vec<Component<'t>>,
    pub(super) mcus_across: usize,
    pub(super) mcus_down: usize,
    /// MCUs in a restart interval; 0 for none.
    pub(super) interval: usize,
    pub(super) progressive: bool,
    /// First and last coefficient.
    pub(super) first: u8,
    pub(super) last: u8,
    /// The scan adds a bit to what is known.
    pub(super) refines: bool,
}

/// Walks a scan. Returns the byte runs of `coded` that belong to no code, in order.
pub(super) fn excess(
    coded: &[u8],
    mut scan: Scan<'_>,
    cx: &Context<'_>,
) -> Result<Step<Vec<(usize, usize)>>> {
    let mut bits = Bits::new(coded);
    let mut excess = Vec::new();
    let mut eob_run = 0u32;
    let total = scan.mcus_across.saturating_mul(scan.mcus_down);
    let mut in_interval = 0usize;
    for mcu in 0..total {
        if scan.interval != 0 && in_interval == scan.interval {
            in_interval = 0;
            eob_run = 0;
            let end = bits.byte_align();
            match bits.next_restart() {
                Some(restart) if restart > end => excess.push((end, restart)),
                Some(_) => {}
                None => return Ok(Err(Stop::OutOfData)),
            }
        }
        in_interval = in_interval.saturating_add(1);
        if mcu % 1024 == 0 {
            cx.check_stop()?;
        }
        if let Err(stop) = step_mcu(&mut bits, &mut scan, mcu, &mut eob_run) {
            return Ok(Err(stop));
        }
    }
    let end = bits.byte_align();
    if end < coded.len() {
        excess.push((end, coded.len()));
    }
    Ok(Ok(excess))
}

fn step_mcu(bits: &mut Bits<'_>, scan: &mut Scan<'_>, mcu: usize, eob_run: &mut u32) -> Step<()> {
    let across = scan.mcus_across.max(1);
    let (row, column) = (
        mcu.checked_div(across).unwrap_or(0),
        mcu.checked_rem(across).unwrap_or(0),
    );
    for component in &mut scan.components {
        for block in 0..component.h.saturating_mul(component.v) {
            let y = row
                .saturating_mul(component.v)
                .saturating_add(block.checked_div(component.h).unwrap_or(0));
            let x = column
                .saturating_mul(component.h)
                .saturating_add(block.checked_rem(component.h).unwrap_or(0));
            let index = y.saturating_mul(component.stride).saturating_add(x);
            if !scan.progressive {
                dc(bits, component.dc)?;
                sequential_ac(bits, component.ac)?;
                continue;
            }
            if scan.first == 0 {
                if scan.refines {
                    bits.skip(1)?
                } else {
                    dc(bits, component.dc)?
                }
                continue;
            }
            let Some(known) = component.history.as_mut().and_then(|h| h.get_mut(index)) else {
                return Err(Stop::Damaged);
            };
            let band = (scan.first, scan.last);
            if scan.refines {
                refine_ac(bits, component.ac, band, known, eob_run)?;
            } else {
                first_ac(bits, component.ac, band, known, eob_run)?;
            }
        }
    }
    Ok(())
}

fn dc(bits: &mut Bits<'_>, table: Option<&Table>) -> Step<()> {
    let size = bits.symbol(table)?;
    if size > 16 {
        Err(Stop::Damaged)
    } else {
        bits.skip(u32::from(size))
    }
}

fn sequential_ac(bits: &mut Bits<'_>, table: Option<&Table>) -> Step<()> {
    let mut k = 1u8;
    while k < 64 {
        let symbol = bits.symbol(table)?;
        let (run, size) = (symbol >> 4, symbol & 15);
        match (run, size) {
            (15, 0) => k = k.saturating_add(16),
            (_, 0) => return Ok(()),
            _ => {
                bits.skip(u32::from(size))?;
                k = k.saturating_add(run).saturating_add(1);
            }
        }
    }
    if k > 64 { Err(Stop::Damaged) } else { Ok(()) }
}

fn bit(k: u8) -> u64 {
    1u64.checked_shl(u32::from(k)).unwrap_or(0)
}

/// `EOBn`: this block, and how many after it, have nothing more.
fn eob_run_of(bits: &mut Bits<'_>, run: u8) -> Step<u32> {
    let more = bits.take(u32::from(run))?;
    Ok(1u32
        .checked_shl(u32::from(run))
        .unwrap_or(0)
        .saturating_add(more))
}

fn first_ac(
    bits: &mut Bits<'_>,
    table: Option<&Table>,
    (first, last): (u8, u8),
    known: &mut u64,
    eob_run: &mut u32,
) -> Step<()> {
    if *eob_run > 0 {
        *eob_run = eob_run.saturating_sub(1);
        return Ok(());
    }
    let mut k = first;
    while k <= last {
        let symbol = bits.symbol(table)?;
        let (run, size) = (symbol >> 4, symbol & 15);
        if size == 0 {
            if run < 15 {
                *eob_run = eob_run_of(bits, run)?.saturating_sub(1);
                return Ok(());
            }
            k = k.saturating_add(16);
        } else {
            k = k.saturating_add(run);
            if k > 63 {
                return Err(Stop::Damaged);
            }
            bits.skip(u32::from(size))?;
            *known |= bit(k);
            k = k.saturating_add(1);
        }
    }
    Ok(())
}

fn refine_ac(
    bits: &mut Bits<'_>,
    table: Option<&Table>,
    (first, last): (u8, u8),
    known: &mut u64,
    eob_run: &mut u32,
) -> Step<()> {
    let mut k = first;
    if *eob_run == 0 {
        while k <= last {
            let symbol = bits.symbol(table)?;
            let (mut run, size) = (symbol >> 4, symbol & 15);
            if size != 0 {
                bits.skip(1)?;
            } else if run < 15 {
                *eob_run = eob_run_of(bits, run)?;
                break;
            }
            while k <= last {
                if *known & bit(k) != 0 {
                    bits.skip(1)?;
                } else if run == 0 {
                    break;
                } else {
                    run = run.saturating_sub(1);
                }
                k = k.saturating_add(1);
            }
            if size != 0 {
                if k > 63 {
                    return Err(Stop::Damaged);
                }
                *known |= bit(k);
            }
            k = k.saturating_add(1);
        }
    }
    if *eob_run > 0 {
        while k <= last {
            if *known & bit(k) != 0 {
                bits.skip(1)?;
            }
            k = k.saturating_add(1);
        }
        *eob_run = eob_run.saturating_sub(1);
    }
    Ok(())
}

/// Bits of coded data, stuffed zeros taken out. Stops before a restart marker.
struct Bits<'a> {
    bytes: &'a [u8],
    /// The next byte to load.
    at: usize,
    /// Loaded bits, the next one highest.
    loaded: u64,
    count: u32,
    /// Offsets behind the bytes that are loaded and not yet used up: at most eight.
    ends: std::collections::VecDeque<usize>,
    /// Offset behind the last byte that was touched.
    used: usize,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            loaded: 0,
            count: 0,
            ends: std::collections::VecDeque::with_capacity(9),
            used: 0,
        }
    }

    fn fill(&mut self) {
        while self.count <= 56 {
            let Some(byte) = self.bytes.get(self.at) else {
                return;
            };
            let mut end = self.at.saturating_add(1);
            if *byte == 0xFF {
                // Fill bytes before a stuffed zero are one data byte of FF.
                while self.bytes.get(end) == Some(&0xFF) {
                    end = end.saturating_add(1);
                }
                match self.bytes.get(end) {
                    Some(0) => end = end.saturating_add(1),
                    _ => return,
                }
            }
            self.at = end;
            self.ends.push_back(end);
            let shift = 56u32.saturating_sub(self.count);
            self.loaded |= u64::from(*byte).checked_shl(shift).unwrap_or(0);
            self.count = self.count.saturating_add(8);
        }
    }

    fn skip(&mut self, n: u32) -> Step<()> {
        if self.count < n {
            self.fill();
            if self.count < n {
                return Err(Stop::OutOfData);
            }
        }
        self.loaded = self.loaded.checked_shl(n).unwrap_or(0);
        self.count = self.count.saturating_sub(n);
        let left = usize::try_from(self.count.div_ceil(8)).unwrap_or(0);
        // A byte whose last bits are still loaded is touched only when some of it is used.
        while self.ends.len() > left {
            self.used = self.ends.pop_front().unwrap_or(self.used);
        }
        if !self.count.is_multiple_of(8)
            && let Some(end) = self.ends.front()
        {
            self.used = *end;
        }
        Ok(())
    }

    fn take(&mut self, n: u32) -> Step<u32> {
        if n == 0 {
            return Ok(0);
        }
        if self.count < n {
            self.fill();
        }
        let value = self
            .loaded
            .checked_shr(64u32.saturating_sub(n))
            .unwrap_or(0);
        self.skip(n)?;
        Ok(u32::try_from(value).unwrap_or(u32::MAX))
    }

    fn symbol(&mut self, table: Option<&Table>) -> Step<u8> {
        if self.count < 16 {
            self.fill();
        }
        let next = usize::try_from(self.loaded >> 48).unwrap_or(0);
        match table.and_then(|table| table.0.get(next)) {
            Some((0, _)) | None if self.count < 16 => Err(Stop::OutOfData),
            Some((0, _)) | None => Err(Stop::Damaged),
            Some((len, symbol)) => self.skip(u32::from(*len)).map(|()| *symbol),
        }
    }

    /// Drops the rest of a byte that has been begun. Returns the offset behind it.
    fn byte_align(&mut self) -> usize {
        self.at = self.used;
        self.loaded = 0;
        self.count = 0;
        self.ends.clear();
        self.used
    }

    /// Moves behind the next restart marker. Returns where its first `FF` stands.
    fn next_restart(&mut self) -> Option<usize> {
        let mut at = self.at;
        loop {
            let found = memchr::memchr(0xFF, self.bytes.get(at..)?)?.saturating_add(at);
            let mut code = found.saturating_add(1);
            while self.bytes.get(code) == Some(&0xFF) {
                code = code.saturating_add(1);
            }
            at = code.saturating_add(1);
            if matches!(self.bytes.get(code)?, RST0..=RST7) {
                self.at = at;
                self.used = at;
                return Some(found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_know_which_bytes_were_used() {
        let mut bits = Bits::new(&[0b1010_0000, 0xFF, 0x00, 3, 0xFF, 0xD0, 9]);
        assert_eq!(bits.take(3), Ok(0b101));
        assert_eq!(bits.used, 1);
        assert_eq!(bits.take(5), Ok(0));
        assert_eq!(bits.used, 1);
        assert_eq!(bits.take(8), Ok(0xFF));
        assert_eq!(bits.used, 3, "the stuffed zero belongs to it");
        assert_eq!(bits.byte_align(), 3);
        assert_eq!(bits.next_restart(), Some(4));
        assert_eq!(bits.take(8), Ok(9));
        assert_eq!(bits.take(1), Err(Stop::OutOfData));
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
