//! JUMBF boxes cut into `APP11` segments (ISO 19566-5 annex D).

use std::collections::BTreeMap;

use crate::bytes::{Cursor, Order};

/// Puts the pieces of boxes together: by box instance number, in the order of their sequence numbers.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    boxes: BTreeMap<u16, BTreeMap<u32, Vec<u8>>>,
    /// Bytes so far.
    len: usize,
}

/// Maximum length of all boxes, in bytes: no more of them is read.
const LARGEST: usize = 16 << 20;

impl Joiner {
    /// Takes a payload that begins with `JP`. False when it is a box of JPEG XT and not JUMBF.
    pub(super) fn add(&mut self, payload: &[u8]) -> bool {
        let mut cursor = Cursor::new(payload);
        let mut head = || {
            cursor.skip(2)?;
            let instance = cursor.u16(Order::Big)?;
            let sequence = cursor.u32(Order::Big)?;
            let rest = cursor.rest();
            let len = cursor.u32(Order::Big)?;
            let kind = cursor.take(4)?;
            if len == 1 {
                cursor.skip(8)?;
            }
            // The box header is repeated in every piece; the first one's is enough.
            Some((
                instance,
                sequence,
                kind,
                if sequence == 1 { rest } else { cursor.rest() },
            ))
        };
        let Some((instance, sequence, kind, data)) = head() else {
            return true;
        };
        if self.len < LARGEST {
            self.len = self.len.saturating_add(data.len());
            let pieces = self.boxes.entry(instance).or_default();
            pieces.insert(sequence, data.to_vec());
        }
        kind == b"jumb"
    }

    /// All boxes, one behind the other.
    pub(super) fn boxes(&self) -> Vec<u8> {
        self.boxes
            .values()
            .flat_map(|pieces| pieces.values().flatten().copied())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(sequence: u32, data: &[u8]) -> Vec<u8> {
        let mut out = b"JP\0\x07".to_vec();
        out.extend(sequence.to_be_bytes());
        out.extend(16u32.to_be_bytes());
        out.extend(b"jumb");
        out.extend(data);
        out
    }

    #[test]
    fn pieces_are_joined_in_order() {
        let mut joiner = Joiner::default();
        assert!(joiner.add(&piece(2, b"5678")));
        assert!(joiner.add(&piece(1, b"1234")));
        assert_eq!(joiner.boxes(), b"\0\0\0\x10jumb12345678");
    }

    #[test]
    fn jpeg_xt_is_not_jumbf() {
        let mut xt = piece(1, b"");
        xt[12..16].copy_from_slice(b"RESI");
        assert!(!Joiner::default().add(&xt));
    }
}
