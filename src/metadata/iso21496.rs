//! Gain map metadata of ISO 21496-1 (annex C): in an `APP2` segment of a JPEG, in a `tmap` item of a
//! HEIF, in a `jhgm` box of a JPEG XL.

use crate::bytes::{Cursor, Order};

/// What an `APP2` payload of this kind begins with.
pub const HEAD: &[u8] = b"urn:iso:std:iso:ts:21496:-1\0";

/// The flags that the standard names: several channels, base colour space, backward direction, one
/// denominator for all numbers.
const FLAGS: u8 = 0b1100_1100;
const SEVERAL_CHANNELS: u8 = 0x80;
const ONE_DENOMINATOR: u8 = 0x08;

/// Length of the two versions that come first, in bytes.
pub const VERSIONS: usize = 4;

/// The payload of an `APP2` segment, [`HEAD`] included, as [`rebuild`] makes it.
#[must_use]
pub fn segment(payload: &[u8]) -> Option<Vec<u8>> {
    let body = rebuild(payload.strip_prefix(HEAD)?)?;
    Some([HEAD, body.as_slice()].concat())
}

/// The same metadata without anything but versions, flags and the numbers that the flags ask for; `None`
/// when it is too short. What a writer put behind the numbers is left out.
#[must_use]
pub fn rebuild(body: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(body);
    let versions = cursor.u32(Order::Big)?;
    // Minimum version 0 is the only one; the writer's version says nothing that readers need.
    if versions >> 16 != 0 {
        return None;
    }
    let mut out = vec![0; VERSIONS];
    // The first picture has the versions only.
    if cursor.is_at_end() {
        return Some(out);
    }
    let flags = cursor.u8()? & FLAGS;
    let channels = if flags & SEVERAL_CHANNELS == 0 {
        1
    } else {
        3usize
    };
    let numbers = if flags & ONE_DENOMINATOR == 0 {
        4usize.checked_add(channels.checked_mul(10)?)?
    } else {
        3usize.checked_add(channels.checked_mul(5)?)?
    };
    out.push(flags);
    out.extend_from_slice(cursor.take(numbers.checked_mul(4)?)?);
    Some(out)
}

/// Whether the payload of a segment holds the numbers of a gain map, not just the versions.
#[must_use]
pub fn has_numbers(payload: &[u8]) -> bool {
    payload.len() > HEAD.len().saturating_add(VERSIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_numbers_only() {
        let mut payload = HEAD.to_vec();
        payload.extend([0, 0, 0, 1, 0xFF]);
        payload.extend([7; 4 * 18]);
        let rebuilt = segment(&payload).unwrap();
        assert_eq!(rebuilt.len(), payload.len());
        payload.extend(b"hidden");
        assert_eq!(segment(&payload).unwrap(), rebuilt);
        assert_eq!(segment(&rebuilt).unwrap(), rebuilt);
        assert!(has_numbers(&rebuilt));
        assert!(segment(&payload[..HEAD.len() + 60]).is_none());
        let versions = &payload[..HEAD.len() + 4];
        assert!(!has_numbers(&segment(versions).unwrap()));
    }
}
