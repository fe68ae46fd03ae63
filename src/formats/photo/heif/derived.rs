//! Payloads of derived pictures, ISO/IEC 23008-12 §6.6.2.

use crate::bytes::{Cursor, Order};

/// Side of a block in pixels. Pictures with sides of whole blocks end in tiles of as much or more.
const BLOCK: u32 = 16;

/// A grid of tiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    rows: u32,
    columns: u32,
    width: u32,
    height: u32,
    /// The payload made anew.
    pub(super) bytes: Vec<u8>,
}

impl Grid {
    /// Reads a payload; `None` when it is no grid of so many tiles.
    pub(super) fn parse(payload: &[u8], tiles: usize) -> Option<Self> {
        let mut cursor = Cursor::new(payload);
        let [0, flags, rows, columns] = *cursor.take(4)?.first_chunk()? else {
            return None;
        };
        let large = flags & 1;
        let mut bytes = vec![0, large, rows, columns];
        let (width, height) = (
            copy(&mut cursor, large, &mut bytes)?,
            copy(&mut cursor, large, &mut bytes)?,
        );
        let rows = u32::from(rows).saturating_add(1);
        let columns = u32::from(columns).saturating_add(1);
        let fits = usize::try_from(rows.saturating_mul(columns)).ok()? == tiles;
        fits.then_some(Self {
            rows,
            columns,
            width,
            height,
            bytes,
        })
    }

    /// Whether a row or column of tiles of this size lies outside of the picture, up to fewer pixels than a
    /// block has.
    pub(super) fn hides(&self, (width, height): (u32, u32)) -> bool {
        let hides = |tiles: u32, size: u32, all: u32| {
            let before_last = tiles.saturating_sub(1).saturating_mul(size);
            let shown = all.saturating_sub(before_last);
            shown == 0 || shown < BLOCK && size.saturating_sub(shown) >= BLOCK
        };
        hides(self.columns, width, self.width) || hides(self.rows, height, self.height)
    }
}

/// Copies a number of two bytes, or of four.
fn copy(cursor: &mut Cursor<'_>, large: u8, out: &mut Vec<u8>) -> Option<u32> {
    let bytes = cursor.take(if large == 0 { 2 } else { 4 })?;
    out.extend_from_slice(bytes);
    Order::Big
        .u32(bytes)
        .or_else(|| Order::Big.u16(bytes).map(u32::from))
}

/// The payload of an overlay of so many pictures made anew; `None` when it is none.
pub(super) fn overlay(payload: &[u8], pictures: usize) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(payload);
    let [0, flags] = *cursor.take(2)?.first_chunk()? else {
        return None;
    };
    let large = flags & 1;
    let mut out = vec![0, large];
    // Red, green, blue and alpha of the canvas.
    out.extend_from_slice(cursor.take(8)?);
    let numbers = pictures.checked_mul(2)?.checked_add(2)?;
    for _ in 0..numbers {
        copy(&mut cursor, large, &mut out)?;
    }
    Some(out)
}
