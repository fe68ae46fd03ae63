//! Open bitstream units of AV1 (AV1 Bitstream & Decoding Process Specification §5.3) as they stand in
//! items and samples, and the record that says how to decode them (AV1-ISOBMFF §2.3).

use super::super::NAME;
use super::super::data::Data;
use super::super::texts::hides_text;
use super::{Cut, Told, sei};
use crate::bytes::{Context, Cursor, Source};
use crate::model::{Error, Result, Span, len_u64};

/// Types of units, §6.2.2.
mod unit {
    pub(super) const SEQUENCE_HEADER: u8 = 1;
    pub(super) const TEMPORAL_DELIMITER: u8 = 2;
    pub(super) const FRAME_HEADER: u8 = 3;
    pub(super) const TILE_GROUP: u8 = 4;
    pub(super) const METADATA: u8 = 5;
    pub(super) const FRAME: u8 = 6;
}

/// A longer unit of metadata is nothing that a picture needs.
const LARGEST_METADATA: u64 = 64 << 10;
/// So much of a unit that goes is looked at.
const SAMPLE: u64 = 4096;
/// So much of the end of a unit that stays is searched for text, which coded data does not look like for
/// so many characters by chance.
const TAIL: u64 = 256;
const TEXT: usize = 24;

struct Unit {
    at: u64,
    body: u64,
    end: u64,
    kind: u8,
}

fn units(
    data: &Data<'_>,
    cx: &Context<'_>,
    mut each: impl FnMut(&Unit) -> Result<()>,
) -> Result<()> {
    let mut at = 0;
    while at < data.len() {
        cx.item()?;
        // Header, extension, eight bytes of length.
        let head = data.read(at, 10, cx)?;
        let unit = next(&head, at, data.len()).ok_or_else(|| {
            let start = data.spans().next().map_or(0, |span| span.start());
            Error::malformed(NAME, start, "a coded picture is cut short")
        })?;
        at = unit.end;
        each(&unit)?;
    }
    Ok(())
}

/// The unit that begins with `head` at `at`; the data ends at `len`.
fn next(head: &[u8], at: u64, len: u64) -> Option<Unit> {
    let mut cursor = Cursor::new(head);
    let first = cursor.u8()?;
    if first & 0x80 != 0 {
        return None;
    }
    if first & 0x04 != 0 {
        cursor.skip(1)?;
    }
    let size = if first & 0x02 != 0 {
        Some(leb128(&mut cursor)?)
    } else {
        None
    };
    let body = at.checked_add(len_u64(cursor.at()))?;
    // Without a length it is the last one.
    let end = size.map_or(Some(len), |size| body.checked_add(size))?;
    (body <= end && end <= len).then_some(Unit {
        at,
        body,
        end,
        kind: first >> 3 & 15,
    })
}

/// A number in little-endian base 128, §4.10.5.
fn leb128(cursor: &mut Cursor<'_>) -> Option<u64> {
    let mut value = 0_u64;
    for i in 0..8_u32 {
        let byte = cursor.u8()?;
        value |= u64::from(byte & 0x7F) << i.saturating_mul(7);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Why a unit goes; `None` when it stays.
fn goes(unit: &Unit, data: &Data<'_>, cx: &Context<'_>) -> Result<Option<&'static str>> {
    Ok(match unit.kind {
        unit::SEQUENCE_HEADER | unit::FRAME_HEADER | unit::TILE_GROUP | unit::FRAME => None,
        // A mark between pictures, which holds nothing.
        unit::TEMPORAL_DELIMITER if unit.body == unit.end => None,
        unit::METADATA => {
            let len = unit.end.saturating_sub(unit.body);
            if len > LARGEST_METADATA {
                return Ok(Some("a message inside the coded picture"));
            }
            let body = data.read(unit.body, len, cx)?;
            let mut cursor = Cursor::new(&body);
            let kind = leb128(&mut cursor);
            // The payload, a stop bit, and zeros up to the next byte.
            let rest = cursor.rest();
            let stays = match kind {
                // Content light level, mastering display.
                Some(1) => matches!(rest, [_, _, _, _] | [_, _, _, _, 0x80]),
                Some(2) => rest.len() == 24 || rest.len() == 25 && rest.last() == Some(&0x80),
                Some(4) => sei::is_hdr10_plus(rest),
                _ => false,
            };
            (!stays).then_some("a message inside the coded picture")
        }
        _ => Some("data inside the coded picture that no decoder uses"),
    })
}

pub(super) fn cuts(data: &Data<'_>, cx: &Context<'_>, told: &mut Told) -> Result<Vec<Cut>> {
    let mut cuts = Vec::new();
    units(data, cx, |unit| {
        if let Some(why) = goes(unit, data, cx)? {
            let body = data.read(
                unit.body,
                unit.end.saturating_sub(unit.body).min(SAMPLE),
                cx,
            )?;
            told.add(why, "OBU", &body);
            cuts.push(Cut {
                at: unit.at,
                len: unit.end.saturating_sub(unit.at),
                bytes: Vec::new(),
            });
            return Ok(());
        }
        let len = unit.end.saturating_sub(unit.at);
        let len = TAIL.min(len);
        let tail = data.read(unit.end.saturating_sub(len), len, cx)?;
        told.text_stays |= hides_text(&tail, TEXT);
        Ok(())
    })?;
    Ok(cuts)
}

pub(super) fn payload(
    data: &Data<'_>,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(u64, u64) -> Result<()>,
) -> Result<()> {
    units(data, cx, |unit| match unit.kind {
        1 | 3 | 4 | 6 => sink(unit.at, unit.end.saturating_sub(unit.at)),
        _ => Ok(()),
    })
}

/// Counts the headers of frames.
pub(super) fn pictures(data: &Data<'_>, cx: &Context<'_>) -> Result<u64> {
    let mut count = 0_u64;
    units(data, cx, |unit| {
        if matches!(unit.kind, unit::FRAME | unit::FRAME_HEADER) {
            count = count.saturating_add(1);
        }
        Ok(())
    })?;
    Ok(count)
}

/// `av1C` made anew; `None` when it cannot be read.
///
/// # Errors
/// Those of the budget.
pub(in super::super) fn record(
    body: &[u8],
    cx: &Context<'_>,
    told: &mut Told,
) -> Result<Option<Vec<u8>>> {
    let Some([0x81, profile, bits, delay]) = body.first_chunk().copied() else {
        return Ok(None);
    };
    let mut out = vec![0x81, profile, bits, delay & 0x1F];
    let rest = body.get(4..).unwrap_or_default();
    let source = Source::memory(rest);
    let data = Data::new(&source, &[Span::new(0, len_u64(rest.len()))])?;
    let mut kept = Vec::new();
    let mut headers = 0_u32;
    let read = units(&data, cx, |unit| {
        let len = unit.end.saturating_sub(unit.at);
        // At most one sequence header, and messages about the whole picture.
        let stays = match unit.kind {
            unit::SEQUENCE_HEADER => headers == 0,
            unit::METADATA => goes(unit, &data, cx)?.is_none(),
            _ => false,
        };
        headers = headers.saturating_add(u32::from(unit.kind == unit::SEQUENCE_HEADER));
        let bytes = data.read(unit.at, len, cx)?;
        if stays {
            told.text_stays |= hides_text(&bytes, TEXT);
            kept.extend_from_slice(&bytes);
        } else {
            told.add("data beside the coded picture", "av1C", &bytes);
        }
        Ok(())
    });
    match read {
        Ok(()) => out.extend(kept),
        Err(Error::Malformed { .. }) => told.add("data beside the coded picture", "av1C", rest),
        Err(error) => return Err(error),
    }
    Ok(Some(out))
}
