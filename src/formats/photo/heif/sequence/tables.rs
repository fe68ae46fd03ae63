//! Sample tables, ISO/IEC 14496-12 §8.6 and §8.7.

use crate::bytes::{Context, Cursor, Order};
use crate::containers::isobmff::full_box;
use crate::model::{Result, Span};

/// Samples one behind the other from a place on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The first chunk of the run, from 1 on.
    pub(super) first: u32,
    /// Samples of each chunk.
    pub(super) samples: u32,
    /// Which sample entry, from 1 on.
    pub(super) entry: u32,
}

/// A table of rows of so many bytes behind their count; what stands behind the last row is left out.
pub(super) fn counted(body: &[u8], row: usize) -> Option<(u8, u32, &[u8])> {
    let (version, flags, rest) = full_box(body)?;
    let count = usize::try_from(Order::Big.u32(rest)?).ok()?;
    let len = count.checked_mul(row)?.checked_add(4)?;
    Some((version, flags, rest.get(..len)?))
}

/// How long a table with rows of so many bytes is by its own count; rows of no bytes stand for `stsz`.
pub(super) fn used(body: &[u8], row: u64) -> u64 {
    let number = |at: usize| {
        body.get(at..)
            .and_then(|it| Order::Big.u32(it))
            .unwrap_or(0)
    };
    let (head, count, row) = match (row, number(4)) {
        (0, 0) => (12_u64, number(8), 4),
        (0, _) => (12, 0, 0),
        (row, count) => (8, count, row),
    };
    u64::from(count).saturating_mul(row).saturating_add(head)
}

/// `stsc`.
pub(super) fn runs(body: &[u8]) -> Option<Vec<Run>> {
    let (_, _, rows) = counted(body, 12)?;
    let mut cursor = Cursor::new(rows.get(4..)?);
    let mut runs: Vec<Run> = Vec::new();
    while !cursor.is_at_end() {
        let run = Run {
            first: cursor.u32(Order::Big)?,
            samples: cursor.u32(Order::Big)?,
            entry: cursor.u32(Order::Big)?,
        };
        let before = runs.last().map_or(0, |run| run.first);
        if run.first <= before {
            return None;
        }
        runs.push(run);
    }
    // The first run is that of the first chunk.
    runs.first()
        .is_none_or(|run| run.first == 1)
        .then_some(runs)
}

/// `stco` or `co64`.
pub(super) fn chunks(body: &[u8], wide: bool) -> Option<Vec<u64>> {
    let (_, _, rows) = counted(body, if wide { 8 } else { 4 })?;
    let mut cursor = Cursor::new(rows.get(4..)?);
    let mut chunks = Vec::new();
    while !cursor.is_at_end() {
        chunks.push(if wide {
            cursor.u64(Order::Big)?
        } else {
            cursor.u32(Order::Big)?.into()
        });
    }
    Some(chunks)
}

/// `stsz`: how many samples there are, and how long each is.
pub(super) struct Sizes {
    fixed: u32,
    count: u32,
    table: Vec<u32>,
}

impl Sizes {
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let (_, _, rest) = full_box(body)?;
        let mut cursor = Cursor::new(rest);
        let fixed = cursor.u32(Order::Big)?;
        let count = cursor.u32(Order::Big)?;
        let mut table = Vec::new();
        if fixed == 0 {
            let len = usize::try_from(count).ok()?.checked_mul(4)?;
            let rows = cursor.take(len)?;
            table = rows
                .chunks_exact(4)
                .filter_map(|row| Order::Big.u32(row))
                .collect();
        }
        Some(Self {
            fixed,
            count,
            table,
        })
    }

    fn of(&self, index: u32) -> Option<u32> {
        if self.fixed != 0 {
            return Some(self.fixed);
        }
        self.table.get(usize::try_from(index).ok()?).copied()
    }
}

/// A count and its rows.
fn table(rows: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    [&count.to_be_bytes()[..], &rows.concat()].concat()
}

/// The rows of `stts` or `ctts`, count in front, as far as there are samples for them.
pub(super) fn times(rows: &[u8], samples: u32) -> Vec<u8> {
    let mut left = samples;
    let mut kept = Vec::new();
    for row in rows.get(4..).unwrap_or_default().as_chunks::<8>().0 {
        let count = Order::Big.u32(row).unwrap_or(0).min(left);
        if count > 0 {
            let value = row.get(4..).unwrap_or_default();
            kept.push([&count.to_be_bytes(), value].concat());
            left = left.saturating_sub(count);
        }
    }
    table(&kept)
}

/// The rows of `stss`, count in front: numbers of samples that there are, in order.
pub(super) fn sync(rows: &[u8], samples: u32) -> Vec<u8> {
    let mut last = 0;
    let mut kept = Vec::new();
    for row in rows.get(4..).unwrap_or_default().as_chunks::<4>().0 {
        let number = u32::from_be_bytes(*row);
        if number > last && number <= samples {
            kept.push(row.to_vec());
            last = number;
        }
    }
    table(&kept)
}

/// A sample and its entry, from 1 on.
pub(super) type Sample = (Span, u32);

/// All samples in order, and how many of them each chunk has; `None` when the tables do not fit together.
///
/// # Errors
/// Those of the budget.
pub(super) fn samples(
    runs: &[Run],
    chunks: &[u64],
    sizes: &Sizes,
    cx: &Context<'_>,
) -> Result<Option<(Vec<Sample>, Vec<u32>)>> {
    let mut samples = Vec::new();
    let mut counts = Vec::new();
    let mut next = 0_u32;
    for (number, offset) in (1_u32..).zip(chunks) {
        cx.item()?;
        let index = runs.partition_point(|run| run.first <= number);
        let Some(run) = index.checked_sub(1).and_then(|index| runs.get(index)) else {
            return Ok(None);
        };
        let mut at = *offset;
        let mut count = 0_u32;
        for _ in 0..run.samples {
            cx.item()?;
            // Some writers count more samples than there are.
            let Some(len) = sizes.of(next).filter(|_| next < sizes.count) else {
                break;
            };
            let Some(span) = Span::sized(at, len.into()) else {
                return Ok(None);
            };
            samples.push((span, run.entry));
            at = span.end();
            next = next.saturating_add(1);
            count = count.saturating_add(1);
        }
        counts.push(count);
    }
    Ok((next == sizes.count).then_some((samples, counts)))
}

/// `stsc` made anew, for chunks of so many samples with one entry each.
pub(super) fn new_runs(chunks: &[(u32, u32)]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (first, (samples, entry)) in (1_u32..).zip(chunks) {
        let (samples, entry) = (*samples, *entry);
        let same = runs
            .last()
            .is_some_and(|run| run.samples == samples && run.entry == entry);
        if !same {
            runs.push(Run {
                first,
                samples,
                entry,
            });
        }
    }
    runs
}
