//! Huffman-coded data, walked code by code without computing a single coefficient (ITU-T T.81 annexes F
//! and G). All it tells is where the data of each restart interval ends.

use super::codes::{self, Bits, Step, Stop, Table, Unstuffed};
use crate::bytes::Context;
use crate::model::Result;

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

/// How thoroughly a scan is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Code by code only where the last codes of an interval do not end as coded data ends.
    Ends,
    /// Code by code from the first to the last.
    Codes,
}

/// So many bytes before the end of an interval are enough to find the rhythm of its codes.
pub(super) const TAIL: usize = 1024;

/// Walks a scan. Returns the byte runs of `coded` that belong to no code, in order. The nth restart marker
/// must be `RST(n mod 8)` (E.1.4), and behind the last interval there is none, unless the scan is `open`:
/// then what follows its last code is no part of it.
pub(super) fn excess(
    coded: &[u8],
    mut scan: Scan<'_>,
    look: Look,
    open: bool,
    cx: &Context<'_>,
) -> Result<Step<Vec<(usize, usize)>>> {
    let mut excess = Vec::new();
    let mut mcu = 0usize;
    let mut start = 0usize;
    let mut number = 0u8;
    let total = scan.mcus();
    loop {
        let last = match scan.interval {
            0 => total,
            interval => total.min(mcu.saturating_add(interval)),
        };
        let marker = codes::next_restart(coded, start);
        let is_surplus = marker.is_some() && last >= total;
        // Some cameras write one more marker, without an interval behind it.
        let is_bare = marker.is_some_and(|(_, next, _)| next >= coded.len());
        if is_surplus && !is_bare && !open {
            return Ok(Err(Stop::Restarts));
        }
        let restart = marker.filter(|_| !is_surplus);
        if restart.is_some_and(|(_, _, found)| found != number) {
            return Ok(Err(Stop::Restarts));
        }
        number = number.wrapping_add(1) & 7;
        let whole = (coded.len(), coded.len());
        let (end, next) = restart.map_or(whole, |(end, next, _)| (end, next));
        let data = coded.get(start..end).unwrap_or_default();
        if look == Look::Codes || !ends_as_coded(data, &scan) {
            match walk(data, &mut scan, mcu..last, cx)? {
                Ok(used) if used < data.len() => excess.push((start.saturating_add(used), end)),
                Ok(_) => {}
                Err(stop) => return Ok(Err(stop)),
            }
        }
        if last >= total {
            return Ok(Ok(excess));
        }
        if restart.is_none() {
            return Ok(Err(Stop::OutOfData));
        }
        (mcu, start) = (last, next);
    }
}

/// Walks the MCUs of an interval. Returns how many bytes of `coded` its codes take up.
fn walk(
    coded: &[u8],
    scan: &mut Scan<'_>,
    mcus: std::ops::Range<usize>,
    cx: &Context<'_>,
) -> Result<Step<usize>> {
    let data = Unstuffed::new(coded);
    let mut bits = data.bits();
    let mut eob_run = 0u32;
    let across = scan.mcus_across.max(1);
    let mut row = mcus.start.checked_div(across).unwrap_or(0);
    let mut column = mcus.start.checked_rem(across).unwrap_or(0);
    for mcu in mcus {
        if mcu % 1024 == 0 {
            cx.check_stop()?;
        }
        let step = if scan.progressive {
            progressive_mcu(&mut bits, scan, (row, column), &mut eob_run)
        } else {
            sequential_mcu(&mut bits, scan)
        };
        if let Err(stop) = step {
            return Ok(Err(stop));
        }
        column = column.saturating_add(1);
        if column == across {
            (row, column) = (row.saturating_add(1), 0);
        }
    }
    Ok(Ok(codes::coded_len(coded, bits.used())))
}

/// Whether the last bytes of sequential data are codes to the end. Huffman decoding is
/// self-synchronising: started at any bit, with any block of an MCU, it soon reads the same codes as if
/// started at the first bit. Where the data ends with an MCU and the ones that fill up its last byte, all
/// of it is picture; what was put behind it would have to end so by chance.
pub(super) fn ends_as_coded(coded: &[u8], scan: &Scan<'_>) -> bool {
    if scan.progressive || coded.len() < TAIL {
        return false;
    }
    let Some(blocks) = scan.blocks() else {
        return false;
    };
    let mut tail = coded
        .get(coded.len().saturating_sub(TAIL)..)
        .unwrap_or_default();
    if let [0, rest @ ..] = tail {
        // It may be a stuffed zero.
        tail = rest;
    }
    let data = Unstuffed::new(tail);
    data.whole && (0..blocks.len()).any(|first| falls_into_step(data.bits(), &blocks, first))
}

/// Number and length, in bytes, of the pieces that [`estimate`] decodes.
pub(super) const SAMPLES: usize = 16;
pub(super) const SAMPLE: usize = 2048;

/// How many MCUs sequential data of `len` bytes has, estimated from pieces of it: of each, the blocks from
/// its middle on are counted, where decoding has synchronised itself. `None` where nothing could be counted.
pub(super) fn estimate(pieces: &[Vec<u8>], len: usize, scan: &Scan<'_>) -> Option<f64> {
    let blocks = scan.blocks()?;
    let (mut counted, mut length) = (0u32, 0u32);
    for piece in pieces {
        let data = Unstuffed::new(piece);
        let mut bits = data.bits();
        let settled = bits.end() / 2;
        let mut from = None;
        for (dc, ac) in blocks.iter().cycle() {
            let start = bits.at();
            if start >= settled && from.is_none() {
                from = Some(start);
            }
            match bits.dc(dc).and_then(|()| bits.sequential_ac(ac)) {
                Ok(()) => counted = counted.saturating_add(u32::from(from.is_some())),
                Err(Stop::Damaged) if start < bits.end() => bits.seek(start.saturating_add(1)),
                Err(_) => {
                    bits.seek(start);
                    break;
                }
            }
        }
        // As a share of the coded bytes, whose stuffed zeros are no bits.
        let read = bits.at().saturating_sub(from.unwrap_or(bits.at()));
        let share = read.saturating_mul(piece.len()).checked_div(bits.end())?;
        length = length.saturating_add(u32::try_from(share).ok()?);
    }
    let mcus = f64::from(counted) / f64::from(u32::try_from(blocks.len()).ok()?);
    let len = f64::from(u32::try_from(len).ok()?);
    (length > 0).then(|| mcus * len / f64::from(length))
}

fn falls_into_step(mut bits: Bits<'_>, blocks: &[(&Table, &Table)], first: usize) -> bool {
    let settled = bits.end() / 2;
    let order = blocks.iter().enumerate().cycle().skip(first);
    for (block, (dc, ac)) in order {
        if block == 0 && bits.only_padding() {
            return true;
        }
        let start = bits.at();
        if bits.dc(dc).and_then(|()| bits.sequential_ac(ac)).is_err() {
            if start > settled {
                return false;
            }
            bits.seek(start.saturating_add(1));
        }
    }
    false
}

impl<'t> Scan<'t> {
    /// All MCUs of the scan.
    pub(super) fn mcus(&self) -> usize {
        self.mcus_across.saturating_mul(self.mcus_down)
    }

    /// The tables of each block of an MCU, in order; `None` where one is missing.
    fn blocks(&self) -> Option<Vec<(&'t Table, &'t Table)>> {
        let mut blocks = Vec::new();
        for component in &self.components {
            let tables = (component.dc?, component.ac?);
            let count = component.h.saturating_mul(component.v);
            blocks.extend(std::iter::repeat_n(tables, count));
        }
        Some(blocks)
    }
}

fn sequential_mcu(bits: &mut Bits<'_>, scan: &Scan<'_>) -> Step<()> {
    for component in &scan.components {
        let (Some(dc), Some(ac)) = (component.dc, component.ac) else {
            return Err(Stop::Damaged);
        };
        for _ in 0..component.h.saturating_mul(component.v) {
            bits.dc(dc)?;
            bits.sequential_ac(ac)?;
        }
    }
    Ok(())
}

fn progressive_mcu(
    bits: &mut Bits<'_>,
    scan: &mut Scan<'_>,
    (row, column): (usize, usize),
    eob_run: &mut u32,
) -> Step<()> {
    for component in &mut scan.components {
        for block in 0..component.h.saturating_mul(component.v) {
            let y = row
                .saturating_mul(component.v)
                .saturating_add(block.checked_div(component.h).unwrap_or(0));
            let x = column
                .saturating_mul(component.h)
                .saturating_add(block.checked_rem(component.h).unwrap_or(0));
            let index = y.saturating_mul(component.stride).saturating_add(x);
            if scan.first == 0 {
                if scan.refines {
                    bits.skip(1)?
                } else {
                    bits.dc(component.dc.ok_or(Stop::Damaged)?)?
                }
                continue;
            }
            let Some(known) = component.history.as_mut().and_then(|h| h.get_mut(index)) else {
                return Err(Stop::Damaged);
            };
            let band = (scan.first, scan.last);
            let table = component.ac.ok_or(Stop::Damaged)?;
            if scan.refines {
                refine_ac(bits, table, band, known, eob_run)?;
            } else {
                first_ac(bits, table, band, known, eob_run)?;
            }
        }
    }
    Ok(())
}

/// The coefficients from the `k`th on.
fn from(k: u8) -> u64 {
    u64::MAX.checked_shl(u32::from(k)).unwrap_or(0)
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
    table: &Table,
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
            *known |= from(k) & !from(k.saturating_add(1));
            k = k.saturating_add(1);
        }
    }
    Ok(())
}

fn refine_ac(
    bits: &mut Bits<'_>,
    table: &Table,
    (first, last): (u8, u8),
    known: &mut u64,
    eob_run: &mut u32,
) -> Step<()> {
    let band = from(first) & !from(last.saturating_add(1));
    let mut k = first;
    while *eob_run == 0 && k <= last {
        let symbol = bits.symbol(table)?;
        let (run, size) = (symbol >> 4, symbol & 15);
        if size == 0 && run < 15 {
            *eob_run = eob_run_of(bits, run)?;
            break;
        }
        // So many coefficients that are zero so far are passed by; the one behind them is meant.
        let mut zeros = !*known & band & from(k);
        for _ in 0..run {
            zeros &= zeros.wrapping_sub(1);
        }
        let meant = u8::try_from(zeros.trailing_zeros()).unwrap_or(64);
        // Each that is passed by and not zero is given a bit, and the new one its sign.
        let passed = *known & band & from(k) & !from(meant);
        bits.skip(passed.count_ones().saturating_add(u32::from(size != 0)))?;
        if size != 0 {
            if meant > last {
                return Err(Stop::Damaged);
            }
            *known |= from(meant) & !from(meant.saturating_add(1));
        }
        k = meant.saturating_add(1);
    }
    if *eob_run > 0 {
        bits.skip((*known & band & from(k)).count_ones())?;
        *eob_run = eob_run.saturating_sub(1);
    }
    Ok(())
}
