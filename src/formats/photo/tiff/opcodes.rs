//! Processing steps of DNG (DNG 1.7 ch. 7).

use crate::bytes::{Cursor, Order};
use crate::model::len_u64;

/// `FixBadPixelsList`.
pub(super) const BAD_PIXELS: u32 = 5;
/// The last one that DNG 1.7 names.
const LAST: u32 = 14;
/// Flags: a step may be left out, by all or for a preview.
const FLAGS: u32 = 3;

/// The steps of a list that is nothing but steps which DNG 1.7 names, each as long as its numbers say.
pub(super) fn read(bytes: &[u8]) -> Option<Vec<u32>> {
    let mut cursor = Cursor::new(bytes);
    let count = cursor.u32(Order::Big)?;
    let mut found = Vec::new();
    for _ in 0..count {
        let opcode = cursor.u32(Order::Big).filter(|n| (1..=LAST).contains(n))?;
        let [major, minor, 0, 0] = cursor.u32(Order::Big)?.to_be_bytes() else {
            return None;
        };
        let flags = cursor.u32(Order::Big)?;
        let len = usize::try_from(cursor.u32(Order::Big)?).ok()?;
        let numbers = cursor.take(len)?;
        if major != 1 || minor > 15 || flags & !FLAGS != 0 || !is_exact(opcode, numbers) {
            return None;
        }
        found.push(opcode);
    }
    cursor.is_at_end().then_some(found)
}

/// Whether the numbers of a step are as many as it says.
fn is_exact(opcode: u32, numbers: &[u8]) -> bool {
    let number = |at: usize| {
        let number = numbers.get(at..).and_then(|rest| Order::Big.u32(rest));
        u64::from(number.unwrap_or(0))
    };
    // What stands in any case, and so many bytes for each of so many things.
    let (fixed, each): (u64, &[(u64, u64)]) = match opcode {
        // WarpRectilinear, WarpFisheye: planes, coefficients, centre.
        1 => (20, &[(48, number(0))]),
        2 => (20, &[(32, number(0))]),
        // FixVignetteRadial.
        3 => (56, &[]),
        // FixBadPixelsConstant.
        4 => (8, &[]),
        // Points and rectangles.
        BAD_PIXELS => (12, &[(8, number(4)), (16, number(8))]),
        // TrimBounds.
        6 => (16, &[]),
        // MapTable, MapPolynomial: an area, planes, steps.
        7 => (36, &[(2, number(32))]),
        8 => (44, &[(8, number(32))]),
        // GainMap: points down, across, planes.
        9 => {
            let points = number(32).saturating_mul(number(36));
            (76, &[(4, points.saturating_mul(number(72)))])
        }
        // DeltaPerRow, DeltaPerColumn, ScalePerRow, ScalePerColumn.
        10..=13 => (36, &[(4, number(32))]),
        // WarpRectilinear2.
        _ => (24, &[(152, number(0))]),
    };
    let all = each.iter().try_fold(fixed, |sum, (size, count)| {
        sum.checked_add(size.checked_mul(*count)?)
    });
    all == Some(len_u64(numbers.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(opcode: u8, numbers: &[u8]) -> Vec<u8> {
        let len = u8::try_from(numbers.len()).unwrap();
        let head = [
            0, 0, 0, 1, 0, 0, 0, opcode, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, len,
        ];
        [&head[..], numbers].concat()
    }

    #[test]
    fn lists_of_steps_are_nothing_else() {
        let points = [&[0; 4][..], &[0, 0, 0, 1], &[0; 4], b"\0\0\0\x05\0\0\0\x06"].concat();
        let good = list(5, &points);
        assert_eq!(read(&good), Some(vec![BAD_PIXELS]));
        assert_eq!(read(&[&good[..], b"x"].concat()), None);
        assert_eq!(read(&list(5, &[&points[..], b"text"].concat())), None);
        assert_eq!(read(b"\0\0\0\0"), Some(vec![]));
        assert_eq!(read(&list(99, &[])), None);
        assert!(read(&list(4, &[0; 8])).is_some() && read(&list(4, b"Storgatan")).is_none());
        let mut flags = list(6, &[0; 16]);
        flags[12] = b'A';
        assert_eq!(read(&flags), None);
    }
}
