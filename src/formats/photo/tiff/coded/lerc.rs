//! LERC (Limited Error Raster Compression), as it stands or compressed once more.

use super::{Coded, End, zstd};
use crate::bytes::{Context, inflate_all};
use crate::model::{Result, len_u64};

/// Walks to the end of the last block.
pub(super) fn walk(coded: &Coded<'_, '_>, cx: &Context<'_>) -> Result<End> {
    let bytes = coded.read(cx)?;
    let mut inner = Vec::new();
    let (used, whole): (u64, &[u8]) = match coded.options {
        0 => {
            let len = blocks(&bytes).ok_or_else(|| coded.damaged())?;
            return Ok(End {
                at: Some(coded.place(len)),
                ..End::default()
            });
        }
        1 => {
            let (all, used) = inflate_all(&bytes, cx).map_err(|_| coded.damaged())?;
            inner = all;
            (used, &inner)
        }
        2 => {
            let used = zstd::all(&bytes, coded, cx, &mut |piece| {
                inner.extend_from_slice(piece);
                Ok(())
            })?;
            (used, &inner)
        }
        _ => return Err(coded.damaged()),
    };
    // What stands behind the blocks inside cannot be cut out.
    if blocks(whole) != Some(len_u64(whole.len())) {
        return Err(coded.damaged());
    }
    Ok(End {
        at: Some(coded.place(used)),
        ..End::default()
    })
}

/// Length of all blocks that stand one behind the other.
fn blocks(bytes: &[u8]) -> Option<u64> {
    let mut at = 0_usize;
    loop {
        let block = bytes.get(at..)?.strip_prefix(b"Lerc2 ")?;
        let number = |place: usize| {
            let number = block.get(place..)?.first_chunk::<4>()?;
            usize::try_from(i32::from_le_bytes(*number)).ok()
        };
        // Rows, columns, from version 4 on samples, pixels, size of squares, size of the block; from
        // version 3 on behind a check sum.
        let place = match number(0)? {
            2 => 20,
            3 => 24,
            4..=6 => 28,
            _ => return None,
        };
        let len = number(place)?;
        let end = at.checked_add(len)?;
        if len < place || end > bytes.len() {
            return None;
        }
        at = end;
        if !bytes.get(at..)?.starts_with(b"Lerc2 ") {
            return Some(len_u64(at));
        }
    }
}
