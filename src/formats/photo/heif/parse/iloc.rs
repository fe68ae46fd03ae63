//! Where the data of items stands: `iloc`, ISO/IEC 14496-12 §8.11.3.

use crate::bytes::{Context, Cursor, Order};
use crate::model::Result;

/// An entry of `iloc`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Location {
    pub(in super::super) id: u32,
    /// 0 in the file, 1 in `idat`, 2 in another item.
    pub(in super::super) method: u8,
    /// Which entry of `dref`; 0 is this file.
    pub(in super::super) data_reference: u16,
    pub(in super::super) extents: Vec<Extent>,
}

/// A piece of an item's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Extent {
    /// With method 2: which of the items that the item points to, from 1 on.
    pub(in super::super) index: u64,
    /// From the beginning of file, `idat` or item, base offset included; `None` past 64 bits.
    pub(in super::super) offset: Option<u64>,
    /// In bytes.
    pub(in super::super) len: u64,
}

/// Reads the body of the box; what stands behind the last entry comes second. `None` when it is too short
/// or of an unknown version.
///
/// # Errors
/// Those of the budget.
pub(super) fn parse<'a>(
    body: &'a [u8],
    cx: &Context<'_>,
) -> Result<Option<(Vec<Location>, &'a [u8])>> {
    let mut cursor = Cursor::new(body);
    let Some(sizes) = Sizes::parse(&mut cursor) else {
        return Ok(None);
    };
    let count = match sizes.version {
        0 | 1 => cursor.u16(Order::Big).map(u32::from),
        _ => cursor.u32(Order::Big),
    };
    let Some(count) = count else { return Ok(None) };
    let mut all = Vec::new();
    for _ in 0..count {
        cx.item()?;
        let Some(location) = sizes.location(&mut cursor, cx)? else {
            return Ok(None);
        };
        all.push(location);
    }
    Ok(Some((all, cursor.rest())))
}

/// How many bytes the numbers have.
struct Sizes {
    version: u8,
    offset: u8,
    length: u8,
    base: u8,
    index: u8,
}

impl Sizes {
    fn parse(cursor: &mut Cursor<'_>) -> Option<Self> {
        let version = cursor.u8()?;
        cursor.skip(3)?;
        let (first, second) = (cursor.u8()?, cursor.u8()?);
        let sizes = Self {
            version,
            offset: first >> 4,
            length: first & 15,
            base: second >> 4,
            index: if version == 0 { 0 } else { second & 15 },
        };
        let known = [sizes.offset, sizes.length, sizes.base, sizes.index]
            .iter()
            .all(|size| matches!(size, 0 | 4 | 8));
        (known && version <= 2).then_some(sizes)
    }

    fn location(&self, cursor: &mut Cursor<'_>, cx: &Context<'_>) -> Result<Option<Location>> {
        let Some((mut location, base, count)) = self.head(cursor) else {
            return Ok(None);
        };
        for _ in 0..count {
            cx.item()?;
            let Some((index, offset, len)) = self.extent(cursor) else {
                return Ok(None);
            };
            location.extents.push(Extent {
                index,
                offset: base.checked_add(offset),
                len,
            });
        }
        Ok(Some(location))
    }

    fn head(&self, cursor: &mut Cursor<'_>) -> Option<(Location, u64, u16)> {
        let id = if self.version < 2 {
            cursor.u16(Order::Big)?.into()
        } else {
            cursor.u32(Order::Big)?
        };
        let method = if self.version == 0 {
            0
        } else {
            cursor.u16(Order::Big)?.to_be_bytes()[1] & 15
        };
        let location = Location {
            id,
            method,
            data_reference: cursor.u16(Order::Big)?,
            extents: Vec::new(),
        };
        Some((
            location,
            number(cursor, self.base)?,
            cursor.u16(Order::Big)?,
        ))
    }

    fn extent(&self, cursor: &mut Cursor<'_>) -> Option<(u64, u64, u64)> {
        Some((
            number(cursor, self.index)?,
            number(cursor, self.offset)?,
            number(cursor, self.length)?,
        ))
    }
}

fn number(cursor: &mut Cursor<'_>, size: u8) -> Option<u64> {
    match size {
        0 => Some(0),
        4 => cursor.u32(Order::Big).map(u64::from),
        _ => cursor.u64(Order::Big),
    }
}
