//! ThunderScan, and the logarithmic schemes of SGI: run lengths, row by row.

use super::{Coded, End};
use crate::bytes::Context;
use crate::model::{Result, len_u64};

/// ThunderScan: pixels of four bits as runs and differences.
pub(super) fn thunder_scan(coded: &Coded<'_, '_>, cx: &Context<'_>) -> Result<End> {
    let Some((width, rows)) = coded.block else {
        return Ok(unsure());
    };
    let bytes = coded.read(cx)?;
    let mut codes = bytes.iter();
    let mut at = 0_u64;
    for _ in 0..rows {
        cx.item()?;
        let mut pixels = 0_u64;
        while pixels < width {
            let code = *codes.next().ok_or_else(|| coded.damaged())?;
            at = at.saturating_add(1);
            let skips = |bits: u32, skip: u8, mask: u8| {
                let all = (0..6_u32.checked_div(bits).unwrap_or(0)).map(|n| {
                    let by = n.saturating_mul(bits);
                    code >> by & mask
                });
                len_u64(all.filter(|delta| *delta != skip).count())
            };
            pixels = pixels.saturating_add(match code >> 6 {
                0 => u64::from(code & 0x3F),
                1 => skips(2, 2, 3),
                2 => skips(3, 4, 7),
                _ => 1,
            });
        }
    }
    Ok(up_to(coded, at))
}

/// `SGILOG`: the bytes of the pixels of a row, from the highest to the lowest.
pub(super) fn sgi_log(coded: &Coded<'_, '_>, cx: &Context<'_>) -> Result<End> {
    let Some((width, rows)) = coded.block else {
        return Ok(unsure());
    };
    // One sample of 16 bits, or three in 32 bits.
    let planes = coded.options;
    let bytes = coded.read(cx)?;
    let mut at = 0_usize;
    for _ in 0..rows.saturating_mul(planes) {
        cx.item()?;
        let mut pixels = 0_u64;
        while pixels < width {
            let code = u64::from(*bytes.get(at).ok_or_else(|| coded.damaged())?);
            let (made, len) = if code >= 128 {
                (code.saturating_sub(126), 2)
            } else {
                (code, usize::try_from(code).unwrap_or(0).saturating_add(1))
            };
            pixels = pixels.saturating_add(made);
            at = at.saturating_add(len);
        }
    }
    if at > bytes.len() {
        return Err(coded.damaged());
    }
    Ok(up_to(coded, len_u64(at)))
}

/// `SGILOG24`: three bytes for each pixel.
pub(super) fn sgi_log24(coded: &Coded<'_, '_>) -> End {
    let len = coded
        .block
        .and_then(|(width, rows)| width.checked_mul(rows)?.checked_mul(3));
    len.map_or_else(unsure, |len| up_to(coded, len))
}

fn up_to(coded: &Coded<'_, '_>, at: u64) -> End {
    End {
        at: Some(coded.place(at)),
        ..End::default()
    }
}

fn unsure() -> End {
    End {
        unsure: true,
        ..End::default()
    }
}
