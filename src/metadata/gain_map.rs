//! The numbers of a gain map (ISO 21496-1 annex C), as they stand in JPEG, HEIF and JPEG XL.

use crate::bytes::{Cursor, Order};

/// The flags that the standard names: several channels, base colour space, backward direction, one
/// denominator for all numbers.
const FLAGS: u8 = 0b1100_1100;
const SEVERAL_CHANNELS: u8 = 0x80;
const ONE_DENOMINATOR: u8 = 0x08;

/// Length of the two versions that come first, in bytes.
pub const VERSIONS: usize = 4;

/// The same block without anything but versions, flags and the numbers that the flags ask for; `None`
/// when it is too short. What a writer put behind the numbers is left out. A block may end behind the
/// versions.
#[must_use]
pub fn numbers(block: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(block);
    let versions = cursor.u32(Order::Big)?;
    // Minimum version 0 is the only one; the writer's version says nothing that readers need.
    if versions >> 16 != 0 {
        return None;
    }
    let mut out = vec![0; VERSIONS];
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
