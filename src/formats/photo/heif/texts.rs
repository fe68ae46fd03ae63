//! Text where only numbers and codes belong: somebody hid it there.

/// Whether there is a run of so many printable characters that are not all much the same.
pub(super) fn hides_text(bytes: &[u8], at_least: usize) -> bool {
    bytes
        .split(|byte| !matches!(byte, 0x20..=0x7E))
        .any(|run| run.len() >= at_least && is_varied(run))
}

/// Tables of one value, such as flat scaling lists, are no text.
fn is_varied(run: &[u8]) -> bool {
    let mut seen = [false; 256];
    let mut count = 0_usize;
    for byte in run {
        if let Some(seen) = seen.get_mut(usize::from(*byte))
            && !std::mem::replace(seen, true)
        {
            count = count.saturating_add(1);
        }
    }
    count >= 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_from_tables() {
        assert!(hides_text(b"\0\0Anna Exempel\x01", 8));
        assert!(!hides_text(b"\0\0Anna\x01", 8));
        assert!(!hides_text(&[b'U'; 40], 8));
    }
}
