//! `PackBits` of TIFF 6.0 §9.

use super::{Coded, End, Out};
use crate::bytes::Context;
use crate::model::{Result, len_u64};

/// Reads up to the last row.
pub(super) fn walk(coded: &Coded<'_, '_>, cx: &Context<'_>, out: &mut Out<'_>) -> Result<End> {
    let expected = coded.expected.unwrap_or(u64::MAX);
    let (mut at, mut made) = (0_u64, 0_u64);
    // Bytes that follow as they are; the byte that says how many; how often the next one stands.
    let (mut literal, mut header, mut repeat) = (0_u64, 0_u64, 0_u64);
    let mut patch = None;
    coded.for_each(|bytes| {
        cx.memory(0)?;
        let mut rest = bytes;
        while !out.is_full() {
            if literal > 0 {
                let n = usize::try_from(literal)
                    .unwrap_or(usize::MAX)
                    .min(rest.len());
                let (run, more) = rest.split_at_checked(n).unwrap_or((rest, &[]));
                rest = more;
                let room = expected.saturating_sub(made);
                if len_u64(run.len()) >= room && literal > room {
                    // A run that goes on behind the last row is cut.
                    let before = at.saturating_sub(header).saturating_sub(1);
                    let kept = before.saturating_add(room).saturating_sub(1);
                    patch = Some((header, u8::try_from(kept).unwrap_or(u8::MAX)));
                    at = at.saturating_add(room);
                } else {
                    at = at.saturating_add(len_u64(run.len()));
                }
                literal = literal.saturating_sub(len_u64(run.len()));
                made = made.saturating_add(len_u64(run.len()));
                out.push(run)?;
                if rest.is_empty() {
                    return Ok(());
                }
                continue;
            }
            let Some((code, more)) = rest.split_first() else {
                return Ok(());
            };
            rest = more;
            at = at.saturating_add(1);
            if repeat > 0 {
                let run = vec![*code; usize::try_from(repeat).unwrap_or(0)];
                made = made.saturating_add(repeat);
                repeat = 0;
                out.push(&run)?;
                continue;
            }
            match i8::from_le_bytes([*code]) {
                n @ 0..=127 => {
                    literal = u64::from(n.unsigned_abs()).saturating_add(1);
                    header = at.saturating_sub(1);
                }
                -128 => {}
                n => repeat = u64::from(n.unsigned_abs()).saturating_add(1),
            }
        }
        Ok(())
    })?;
    Ok(End {
        at: out.is_full().then(|| coded.place(at)),
        unsure: coded.expected.is_none(),
        patch: patch.map(|(at, byte)| (coded.place(at), coded.stored(byte))),
        ..End::default()
    })
}
