//! Gain map metadata of ISO 21496-1 in an `APP2` segment.

use crate::metadata::gain_map;

/// What an `APP2` payload of this kind begins with.
pub(super) const HEAD: &[u8] = b"urn:iso:std:iso:ts:21496:-1\0";

/// The same payload without anything but versions, flags and the numbers that the flags ask for; `None`
/// when it is too short. What a writer put behind the numbers is left out.
pub(super) fn rebuild(payload: &[u8]) -> Option<Vec<u8>> {
    let numbers = gain_map::numbers(payload.strip_prefix(HEAD)?)?;
    Some([HEAD, &numbers].concat())
}

/// Whether a payload holds the numbers of a gain map, not just the versions.
pub(super) fn has_numbers(payload: &[u8]) -> bool {
    payload.len() > HEAD.len().saturating_add(gain_map::VERSIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_numbers_only() {
        let mut payload = HEAD.to_vec();
        payload.extend([0, 0, 0, 1, 0xFF]);
        payload.extend([7; 4 * 18]);
        let rebuilt = rebuild(&payload).unwrap();
        assert_eq!(rebuilt.len(), payload.len());
        payload.extend(b"hidden");
        assert_eq!(rebuild(&payload).unwrap(), rebuilt);
        assert_eq!(rebuild(&rebuilt).unwrap(), rebuilt);
        assert!(has_numbers(&rebuilt));
        assert!(rebuild(&payload[..HEAD.len() + 60]).is_none());
        let versions = &payload[..HEAD.len() + 4];
        assert!(!has_numbers(&rebuild(versions).unwrap()));
    }
}
