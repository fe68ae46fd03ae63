//! The picture in a JPEG, for items that are one.

use crate::bytes::{Cursor, Hasher, Order};

/// Frame headers, scan headers and coded data of a JPEG (ITU-T T.81 annex B).
pub(super) fn scans(bytes: &[u8], hasher: &mut Hasher) {
    let mut cursor = Cursor::new(bytes);
    while let Some(byte) = cursor.u8() {
        if byte != 0xFF {
            continue;
        }
        let Some(marker) = cursor.u8() else { return };
        let is_frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        match marker {
            0xD9 => return,
            0 | 1 | 0xFF | 0xD0..=0xD8 => {}
            _ => {
                let len = cursor.u16(Order::Big).map_or(0, usize::from);
                let Some(segment) = cursor.take(len.saturating_sub(2)) else {
                    return;
                };
                if is_frame || matches!(marker, 0xDA | 0xDD) {
                    hasher.label("segment", u64::from(marker));
                    hasher.bytes(segment);
                }
                if marker == 0xDA {
                    let coded = coded(cursor.rest());
                    hasher.bytes(coded);
                    if cursor.skip(coded.len()).is_none() {
                        return;
                    }
                }
            }
        }
    }
}

/// The coded data of a scan: up to the next marker that is no restart.
fn coded(bytes: &[u8]) -> &[u8] {
    let mut pairs = bytes.iter().zip(bytes.iter().skip(1)).enumerate();
    let end = pairs.find(|(_, (a, b))| **a == 0xFF && !matches!(**b, 0 | 0xD0..=0xD7 | 0xFF));
    let end = end.map_or(bytes.len(), |(at, _)| at);
    bytes.get(..end).unwrap_or(bytes)
}
