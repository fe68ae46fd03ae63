//! What the pixels use: colours of the palette, bits of each pixel.

use super::layout::{Coding, Layout, MASKS, field, for_each_row};
use crate::bytes::{Context, Order, Source};
use crate::formats::common::{Hidden, NOT_SHOWN, Unshown, without_unused};
use crate::model::{Category, Finding, Result, Severity};

const ID: &str = "bmp.hidden";

/// The palette as it will be written: colours that no pixel has are zero, and so is the byte behind each
/// colour.
///
/// # Errors
/// Reading; when somebody wants to stop.
pub(super) fn palette(layout: &Layout, source: &Source<'_>, cx: &Context<'_>) -> Result<Vec<u8>> {
    let old = source.read(layout.palette)?;
    let mut used = layout.used.clone();
    if layout.coding == Coding::Rows && !old.is_empty() {
        let width = usize::try_from(layout.width).unwrap_or(usize::MAX);
        for_each_row(layout, source, cx, |_, row| {
            each_index(row, layout.depth, width, |index| {
                if let Some(used) = used.get_mut(usize::from(index)) {
                    *used = true;
                }
            });
            Ok(())
        })?;
    }
    let entry = layout.palette_entry();
    // Programs show pixels beyond the palette in one of its colours: all of them stay.
    let count = old.len().checked_div(entry).unwrap_or_default();
    if used.iter().skip(count).any(|used| *used) {
        used.fill(true);
    }
    let mut out = without_unused(&old, entry, &used);
    for colour in out.chunks_mut(entry) {
        colour.iter_mut().skip(3).for_each(|byte| *byte = 0);
    }
    Ok(out)
}

/// Hands out the indices of a row.
fn each_index(row: &[u8], depth: u16, width: usize, mut f: impl FnMut(u8)) {
    let depth = u32::from(depth);
    let per_byte = 8u32.checked_div(depth).unwrap_or(1);
    let mask = 0xFFu8.wrapping_shr(8u32.saturating_sub(depth));
    let indices = row.iter().flat_map(|byte| {
        (1..=per_byte).map(move |nth| {
            let shift = 8u32.saturating_sub(nth.saturating_mul(depth));
            byte.wrapping_shr(shift) & mask
        })
    });
    indices.take(width).for_each(&mut f);
}

/// What of the pixels is not seen.
///
/// # Errors
/// Reading; when somebody wants to stop.
pub(super) fn unseen(
    layout: &Layout,
    source: &Source<'_>,
    cx: &Context<'_>,
) -> Result<Option<Finding>> {
    let stays = |what| Finding::new(ID, Category::Image, Severity::High, "pixels", what);
    let (colours, alpha) = match masks(layout, source)? {
        Some(masks) if layout.coding == Coding::Rows => masks,
        _ => return Ok(None),
    };
    let unused = !(colours | alpha);
    let mut unshown = Unshown::default();
    // Of 32 bits without masks, the last eight are alpha for some programs.
    let is_announced = layout.compression != 0;
    let mut hidden = Hidden::default();
    let (mut first, mut differ) = (None, false);
    for_each_row(layout, source, cx, |_, row| {
        let width = usize::try_from(layout.width).unwrap_or(usize::MAX);
        let pixels = row.chunks_exact(usize::from(layout.depth / 8)).take(width);
        for pixel in pixels {
            let pixel = match *pixel {
                [a, b] => u32::from(u16::from_le_bytes([a, b])),
                _ => Order::Little.u32(pixel).unwrap_or_default(),
            };
            differ |= *first.get_or_insert(pixel & unused) != pixel & unused;
            if !is_announced && layout.depth == 32 {
                unshown.see(pixel.to_le_bytes().get(3..).unwrap_or_default());
            }
            if alpha != 0 {
                let colour = pixel & colours;
                let level = u64::from(pixel & alpha).saturating_mul(255);
                let level = level.checked_div(alpha.into()).unwrap_or(255);
                let level = u8::try_from(level).unwrap_or(255);
                hidden.pixel(&colour.to_le_bytes(), level);
            }
        }
        Ok(())
    })?;
    if differ {
        return Ok(Some(stays("bits of the pixels that no colour uses")));
    }
    if unshown.tells() {
        return Ok(Some(stays(NOT_SHOWN)));
    }
    Ok(if is_announced {
        hidden.residue(ID, "pixels")
    } else {
        hidden.residue_if_alpha(ID, "pixels")
    })
}

/// The bits of all colours together, and those of alpha.
fn masks(layout: &Layout, source: &Source<'_>) -> Result<Option<(u32, u32)>> {
    let (depth, compression) = (layout.depth, layout.compression);
    if !matches!(depth, 16 | 32) {
        return Ok(None);
    }
    if compression == 0 {
        let standard = if depth == 16 {
            (0x7FFF, 0)
        } else {
            (0xFF_FFFF, 0xFF00_0000)
        };
        return Ok(Some(standard));
    }
    let behind = source.read(layout.masks)?;
    let mask = |index: usize| match index.checked_mul(4) {
        Some(at) if !behind.is_empty() => field(&behind, at),
        _ => MASKS.get(index).and_then(|at| field(&layout.header, *at)),
    };
    let colours = (0..3).filter_map(mask).fold(0, |all, mask| all | mask);
    Ok(Some((colours, mask(3).unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_are_read_from_the_left() {
        let all = |row: &[u8], depth, width| {
            let mut out = Vec::new();
            each_index(row, depth, width, |index| out.push(index));
            out
        };
        assert_eq!(all(&[0xA1, 0xF0], 4, 3), [10, 1, 15]);
        assert_eq!(all(&[0b1011_0000], 1, 4), [1, 0, 1, 1]);
        assert_eq!(all(&[0b1101_0000], 2, 2), [3, 1]);
        assert_eq!(all(&[7, 8, 9], 8, 2), [7, 8]);
    }
}
