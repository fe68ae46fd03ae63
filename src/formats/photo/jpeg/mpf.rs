//! The Multi-Picture Format segment (CIPA DC-007): where further pictures stand behind the first.

use crate::bytes::{Cursor, Order};
use crate::model::len_u64;

/// What an `APP2` payload of this kind begins with.
pub(super) const HEAD: &[u8] = b"MPF\0";

const NUMBER_OF_IMAGES: u16 = 0xB001;
const MP_ENTRY: u16 = 0xB002;
/// MP type 0x040000: the original before an edit (Exif 3.0).
const ORIGINAL_PRESERVATION: u32 = 0x04_0000;

/// An MP entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) attributes: u32,
    /// In bytes.
    pub(super) size: u32,
    /// From the TIFF header of the segment; 0 for the first picture.
    pub(super) offset: u32,
}

impl Entry {
    /// What the picture is for, in the words of the standard.
    pub(super) fn kind(self) -> &'static str {
        match self.attributes & 0xFF_FFFF {
            0x01_0001..=0x01_0005 => "a large preview",
            0x02_0001 => "a part of a panorama",
            0x02_0002 | 0x02_0003 => "a second view of the scene",
            0x03_0000 => "a primary picture",
            ORIGINAL_PRESERVATION => "the original before it was edited",
            0x05_0000 => "a gain map",
            _ => "another picture",
        }
    }
}

/// The entries of a payload behind [`HEAD`]; none when it cannot be read.
pub(super) fn entries(tiff: &[u8]) -> Vec<Entry> {
    read(tiff).unwrap_or_default()
}

fn read(tiff: &[u8]) -> Option<Vec<Entry>> {
    let order = match tiff.first_chunk()? {
        b"II*\0" => Order::Little,
        b"MM\0*" => Order::Big,
        _ => return None,
    };
    let mut cursor = Cursor::new(tiff);
    cursor.seek(4)?;
    let ifd = cursor.u32(order)?;
    cursor.seek(usize::try_from(ifd).ok()?)?;
    let fields = cursor.u16(order)?;
    for _ in 0..fields {
        let (tag, _, count, value) = (
            cursor.u16(order)?,
            cursor.u16(order)?,
            cursor.u32(order)?,
            cursor.u32(order)?,
        );
        if tag == MP_ENTRY {
            let mut entries = Cursor::new(tiff);
            entries.seek(usize::try_from(value).ok()?)?;
            let entry = |_| {
                let entry = Entry {
                    attributes: entries.u32(order)?,
                    size: entries.u32(order)?,
                    offset: entries.u32(order)?,
                };
                entries.skip(4)?;
                Some(entry)
            };
            // A segment holds at most 64 KiB, so at most 4096 entries of 16 bytes.
            return Some((0..count.min(4096) / 16).map_while(entry).collect());
        }
    }
    None
}

/// Length of what [`payload`] makes, in bytes.
pub(super) const PAYLOAD: usize = 86;

/// A payload with [`HEAD`] for a picture and its gain map. `second` counts from the TIFF header.
pub(super) fn payload(first_size: u32, second_size: u32, second: u32) -> Vec<u8> {
    const ENTRIES_AT: u32 = 50;
    let order = Order::Big;
    let mut out = HEAD.to_vec();
    out.extend_from_slice(b"MM\0*");
    order.put_u32(&mut out, 8);
    order.put_u16(&mut out, 3);
    let mut field = |tag: u16, kind: u16, count: u32, value: u32| {
        order.put_u16(&mut out, tag);
        order.put_u16(&mut out, kind);
        order.put_u32(&mut out, count);
        order.put_u32(&mut out, value);
    };
    field(0xB000, 7, 4, u32::from_be_bytes(*b"0100"));
    field(NUMBER_OF_IMAGES, 4, 1, 2);
    field(MP_ENTRY, 7, 32, ENTRIES_AT);
    order.put_u32(&mut out, 0);
    for (attributes, size, offset) in [(0x03_0000, first_size, 0), (0, second_size, second)] {
        for number in [attributes, size, offset, 0] {
            order.put_u32(&mut out, number);
        }
    }
    debug_assert_eq!(out.len(), PAYLOAD);
    out
}

/// Where a picture stands, from the place of the TIFF header in the file.
pub(super) fn start(tiff_at: u64, entry: Entry) -> u64 {
    tiff_at.saturating_add(u64::from(entry.offset))
}

/// Length of the segment that [`payload`] fills, marker and length field included.
pub(super) fn segment_len() -> u64 {
    len_u64(PAYLOAD).saturating_add(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let payload = payload(1000, 200, 900);
        assert_eq!(payload.len(), PAYLOAD);
        let entries = entries(&payload[HEAD.len()..]);
        assert_eq!(
            entries,
            [
                Entry {
                    attributes: 0x03_0000,
                    size: 1000,
                    offset: 0
                },
                Entry {
                    attributes: 0,
                    size: 200,
                    offset: 900
                }
            ]
        );
        assert_eq!(entries[0].kind(), "a primary picture");
    }

    #[test]
    fn damaged_segments_have_no_entries() {
        let payload = payload(1000, 200, 900);
        for len in 0..payload.len() - HEAD.len() {
            assert!(entries(&payload[HEAD.len()..][..len]).len() < 2);
        }
    }
}
