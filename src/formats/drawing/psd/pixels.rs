//! How long rows of pixels are, compressed or not.

use super::layout::{Picture, Reader};
use crate::bytes::{Context, Inflate, Order};
use crate::model::{Error, Result, Span, len_u64};

/// Bytes in a row of so many pixels.
pub(super) fn row(width: u64, depth: u16) -> u64 {
    width
        .saturating_mul(depth.into())
        .saturating_add(7)
        .wrapping_div(8)
}

/// Moves behind the picture; the offset of its end.
///
/// # Errors
/// [`Error::Malformed`] when it is cut off or a row holds more than a row.
pub(super) fn image(reader: &mut Reader<'_>, picture: &Picture, cx: &Context<'_>) -> Result<u64> {
    let rows = u64::from(picture.height).saturating_mul(picture.channels.into());
    let row = row(picture.width.into(), picture.depth);
    rows_of(reader, rows, row, cx)
}

/// Moves behind the rows of a channel of a layer; the offset of their end.
///
/// # Errors
/// As [`image`].
pub(super) fn channel(
    reader: &mut Reader<'_>,
    bounds: Option<[u32; 4]>,
    picture: &Picture,
    cx: &Context<'_>,
) -> Result<u64> {
    let [top, left, bottom, right] = bounds.unwrap_or_default().map(|n| {
        // The standard's numbers are signed.
        i64::from(i32::from_be_bytes(n.to_be_bytes()))
    });
    let side = |from: i64, to: i64| u64::try_from(to.saturating_sub(from)).unwrap_or(0);
    let (height, width) = (side(top, bottom), side(left, right));
    if reader.rest().is_empty() {
        return Ok(reader.at);
    }
    if reader.rest().len() < 2 {
        return Err(reader.broken("a channel is cut off"));
    }
    if height == 0 || width == 0 {
        reader.skip(2)?;
        return Ok(reader.at);
    }
    rows_of(reader, height, row(width, picture.depth), cx)
}

fn rows_of(reader: &mut Reader<'_>, rows: u64, row: u64, cx: &Context<'_>) -> Result<u64> {
    let wanted = rows.saturating_mul(row);
    match reader.u16()? {
        0 => drop(reader.skip(wanted)?),
        1 => runs(reader, rows, row, cx)?,
        2 | 3 => {
            let rest = reader.rest();
            let mut inflate = Inflate::new();
            let (mut made, mut used) = (0u64, 0u64);
            reader.source.for_each(rest, |piece| {
                if inflate.is_done() {
                    return Ok(());
                }
                let n = inflate.feed(piece, cx, |out| {
                    made = made.saturating_add(len_u64(out.len()));
                    if made > wanted {
                        return Err(Error::unsupported(
                            "a channel holds more than its rows; save a \
                            copy without layers as PNG or TIFF in a program you trust, and clean \
                            that",
                        ));
                    }
                    Ok(())
                })?;
                used = used.saturating_add(n);
                Ok(())
            })?;
            if !inflate.is_done() || made != wanted {
                return Err(reader.broken("compressed pixels are cut off"));
            }
            reader.skip(used)?;
        }
        _ => {
            return Err(Error::unsupported(
                "pixels in an unknown compression; save a copy without \
            layers as PNG or TIFF in a program you trust, and clean that",
            ));
        }
    }
    Ok(reader.at)
}

/// Hands out the rows of pixels that begin at `span`, as they are without compression. `sink` gets pieces
/// of any length.
///
/// # Errors
/// As [`image`]; the sink's.
pub(super) fn decode(
    reader: Reader<'_>,
    rows: u64,
    row: u64,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut reader = reader;
    match reader.u16()? {
        0 => {
            let span = reader.skip(rows.saturating_mul(row))?;
            reader.source.for_each(span, |piece| {
                cx.check_stop()?;
                sink(piece)
            })
        }
        1 => {
            let width = if reader.is_large { 4 } else { 2 };
            reader.skip(rows.saturating_mul(width))?;
            let mut unpack = Unpack::default();
            reader.source.for_each(reader.rest(), |piece| {
                cx.check_stop()?;
                unpack.feed(piece, sink)
            })
        }
        _ => {
            let mut inflate = Inflate::new();
            reader.source.for_each(reader.rest(), |piece| {
                if !inflate.is_done() {
                    inflate.feed(piece, cx, &mut *sink)?;
                }
                Ok(())
            })
        }
    }
}

/// PackBits, in pieces.
#[derive(Default)]
struct Unpack {
    /// Bytes that still follow as they are.
    literal: usize,
    /// How often the next byte is repeated.
    run: Option<usize>,
}

impl Unpack {
    fn feed(&mut self, mut piece: &[u8], sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        while let Some((first, rest)) = piece.split_first() {
            if self.literal > 0 {
                let (now, later) = piece.split_at_checked(self.literal).unwrap_or((piece, &[]));
                self.literal = self.literal.saturating_sub(now.len());
                sink(now)?;
                piece = later;
                continue;
            }
            piece = rest;
            if let Some(count) = self.run.take() {
                let bytes = [*first; 128];
                sink(bytes.get(..count).unwrap_or(&bytes))?;
                continue;
            }
            match *first {
                n @ 0..=127 => self.literal = usize::from(n).saturating_add(1),
                128 => {}
                n => self.run = Some(257_usize.saturating_sub(n.into())),
            }
        }
        Ok(())
    }
}

/// PackBits: the lengths of all rows, and the rows.
fn runs(reader: &mut Reader<'_>, rows: u64, row: u64, cx: &Context<'_>) -> Result<()> {
    let width = if reader.is_large { 4 } else { 2 };
    let table = reader.skip(rows.saturating_mul(width))?;
    let mut at = table.start();
    while at < table.end() {
        // A window of lengths at a time.
        let span = Span::new(at, at.saturating_add(1 << 16).min(table.end()));
        let lengths = reader.source.read(span)?;
        at = span.end();
        for length in lengths.chunks(usize::try_from(width).unwrap_or(2)) {
            cx.item()?;
            let length = if reader.is_large {
                u64::from(Order::Big.u32(length).unwrap_or(0))
            } else {
                u64::from(Order::Big.u16(length).unwrap_or(0))
            };
            let data = reader.take(length)?;
            if unpacked(&data) != Some(row) {
                return Err(reader.broken("a row of pixels is longer or shorter than the others"));
            }
        }
    }
    Ok(())
}

/// How many bytes a row of PackBits makes; `None` when a run is cut off.
fn unpacked(mut data: &[u8]) -> Option<u64> {
    let mut made = 0u64;
    while let Some((code, rest)) = data.split_first() {
        let code = u64::from(*code);
        data = match code {
            0..=127 => {
                let n = code.saturating_add(1);
                made = made.saturating_add(n);
                rest.get(usize::try_from(n).ok()?..)?
            }
            128 => rest,
            _ => {
                made = made.saturating_add(257u64.saturating_sub(code));
                rest.get(1..)?
            }
        };
    }
    Some(made)
}

/// Bounds of a mask.
type Bounds = Option<[u32; 4]>;

/// Bounds of the mask of the user, and of the one that it makes with a path.
pub(super) fn mask_bounds(mask: &[u8]) -> (Bounds, Bounds) {
    let bounds = |at: usize| {
        let bytes = mask.get(at..at.checked_add(16)?)?;
        let mut sides = bytes
            .chunks(4)
            .map(|side| Order::Big.u32(side).unwrap_or(0));
        Some([sides.next()?, sides.next()?, sides.next()?, sides.next()?])
    };
    // Flags and colour of the second mask stand before its bounds, and these before the parameters of
    // the first, whatever the specification says about their order.
    let real = if mask.len() >= 36 { bounds(20) } else { None };
    (bounds(0), real)
}
