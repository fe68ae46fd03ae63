//! `mpet`, ICC.1:2022 §10.16: chains of floating-point processing elements.

use super::types::{begin, nodes, typed};
use crate::bytes::{Context, Cursor, Order};
use crate::model::Result;

/// Past these no profile goes; lcms has 16 channels.
const MOST_CHANNELS: u16 = 16;
const MOST_PARTS: u32 = 256;

/// The tag made anew; `None` when it is damaged or has an element that nobody knows.
///
/// # Errors
/// Those of the budget.
pub(super) fn multi_process(data: &[u8], cx: &Context<'_>) -> Result<Option<Vec<u8>>> {
    // Elements may overlap: each costs what it copies.
    let mut cost = 0_u64;
    let out = chain(data, &mut cost);
    cx.memory(cost)?;
    Ok(out)
}

fn chain(data: &[u8], cost: &mut u64) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(data);
    begin(&mut cursor, b"mpet")?;
    let channels = channels(&mut cursor)?;
    let count = cursor.u32(Order::Big)?;
    let parts = parts(data, &mut cursor, count, |part| {
        let out = element(part, cost)?;
        *cost = cost.saturating_add(u64::try_from(out.len()).ok()?);
        (*cost <= u64::try_from(data.len()).ok()?.saturating_mul(4)).then_some(out)
    })?;
    let body = [channels.as_slice(), &count.to_be_bytes()].concat();
    with_positions(typed(b"mpet", &body), &parts)
}

/// Numbers of inputs and outputs as they stand.
fn channels(cursor: &mut Cursor<'_>) -> Option<[u8; 4]> {
    let (inputs, outputs) = (cursor.u16(Order::Big)?, cursor.u16(Order::Big)?);
    (inputs <= MOST_CHANNELS && outputs <= MOST_CHANNELS).then_some(())?;
    let [[a, b], [c, d]] = [inputs.to_be_bytes(), outputs.to_be_bytes()];
    Some([a, b, c, d])
}

/// What a table of positions (offset and size) points at, each made anew.
fn parts(
    data: &[u8],
    cursor: &mut Cursor<'_>,
    count: u32,
    mut make: impl FnMut(&[u8]) -> Option<Vec<u8>>,
) -> Option<Vec<Vec<u8>>> {
    (count <= MOST_PARTS).then_some(())?;
    (0..count)
        .map(|_| {
            let at = usize::try_from(cursor.u32(Order::Big)?).ok()?;
            let len = usize::try_from(cursor.u32(Order::Big)?).ok()?;
            make(data.get(at..at.checked_add(len)?)?)
        })
        .collect()
}

/// A head, a table of positions, and the parts, each padded to four bytes.
fn with_positions(mut out: Vec<u8>, parts: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut at = parts.len().checked_mul(8)?.checked_add(out.len())?;
    for part in parts {
        Order::Big.put_u32(&mut out, u32::try_from(at).ok()?);
        Order::Big.put_u32(&mut out, u32::try_from(part.len()).ok()?);
        at = at.checked_add(part.len())?.checked_next_multiple_of(4)?;
    }
    for part in parts {
        out.extend_from_slice(part);
        out.resize(out.len().checked_next_multiple_of(4)?, 0);
    }
    Some(out)
}

fn element(data: &[u8], cost: &mut u64) -> Option<Vec<u8>> {
    let signature = *data.first_chunk()?;
    let mut cursor = Cursor::new(data);
    begin(&mut cursor, &signature)?;
    let channels = channels(&mut cursor)?;
    let [inputs, outputs] = [
        Order::Big.u16(&channels)?,
        Order::Big.u16(channels.get(2..)?)?,
    ]
    .map(usize::from);
    let body = match &signature {
        b"cvst" => {
            let count = u32::try_from(inputs).ok()?;
            let parts = parts(data, &mut cursor, count, |part| {
                *cost = cost.saturating_add(u64::try_from(part.len()).ok()?);
                segmented_curve(part)
            })?;
            return with_positions(typed(&signature, &channels), &parts);
        }
        b"matf" => {
            let count = inputs.checked_mul(outputs)?.checked_add(outputs)?;
            cursor.take(count.checked_mul(4)?)?.to_vec()
        }
        b"clut" => {
            let mut grid = cursor.take(16)?.get(..inputs)?.to_vec();
            let len = nodes(&grid, outputs)?.checked_mul(4)?;
            grid.resize(16, 0);
            [grid.as_slice(), cursor.take(len)?].concat()
        }
        b"bACS" | b"eACS" => cursor.take(4)?.to_vec(),
        _ => return None,
    };
    Some(typed(&signature, &[channels.as_slice(), &body].concat()))
}

/// `curf`: break points, then formulas (`parf`) and samples (`samf`).
fn segmented_curve(data: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(data);
    begin(&mut cursor, b"curf")?;
    let count = cursor.u16(Order::Big)?;
    cursor.skip(2)?;
    let breaks = cursor.take(usize::from(count.checked_sub(1)?).checked_mul(4)?)?;
    let mut body = [&count.to_be_bytes(), [0, 0].as_slice(), breaks].concat();
    for _ in 0..count {
        let segment = match cursor.rest().get(..4)? {
            b"parf" => {
                begin(&mut cursor, b"parf")?;
                let function = cursor.u16(Order::Big)?;
                cursor.skip(2)?;
                let len = match function {
                    0 => 16,
                    1 | 2 => 20,
                    _ => return None,
                };
                let body = [&function.to_be_bytes(), &[0, 0], cursor.take(len)?].concat();
                typed(b"parf", &body)
            }
            b"samf" => {
                begin(&mut cursor, b"samf")?;
                let n = cursor.u32(Order::Big)?;
                let len = usize::try_from(n).ok()?.checked_mul(4)?;
                typed(b"samf", &[&n.to_be_bytes(), cursor.take(len)?].concat())
            }
            _ => return None,
        };
        body.extend_from_slice(&segment);
    }
    Some(typed(b"curf", &body))
}
