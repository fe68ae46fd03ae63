//! Text among numbers.

/// A run of so many printable characters is a text.
const LONG: usize = 16;
/// A shorter one is a text where zeros end it.
const SHORT: usize = 8;

/// All texts, blanks around them taken off.
pub(super) fn in_bytes(bytes: &[u8]) -> impl Iterator<Item = &str> {
    let mut runs = bytes
        .chunk_by(|a, b| is_printable(*a) == is_printable(*b))
        .peekable();
    std::iter::from_fn(move || {
        let run = runs.next()?;
        let ended = runs.peek().is_none_or(|next| next.first() == Some(&0));
        Some((run, ended))
    })
    .filter(|(run, ended)| run.len() >= LONG || *ended && run.len() >= SHORT)
    .filter_map(|(run, _)| std::str::from_utf8(run).ok())
    .map(str::trim)
    .filter(|text| reads_as_text(text.as_bytes()))
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7E)
}

/// Letters and digits mostly, which go up and down: tables of numbers rise.
fn reads_as_text(run: &[u8]) -> bool {
    let plain = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b' ';
    let falls = run.iter().zip(run.iter().skip(1)).filter(|(a, b)| a > b);
    let (plain, falls) = (run.iter().filter(plain).count(), falls.count());
    run.len() >= SHORT
        && plain.saturating_mul(3) >= run.len().saturating_mul(2)
        && falls.saturating_mul(5) >= run.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_from_tables() {
        let bytes = [
            &b"\x01Exempelgatan 12, Anna\x02"[..],
            b"AUTO        \0",
            b"\0Anna Ex.\0",
            b"\xFFAnna Exem\xFF",
            b"%&'()*456789:CDEFGHIJSTUVWXYZcdefghijstuvwxyz\xFF",
            b"~{|}~{|}~{|}~{|}\xFF",
        ]
        .concat();
        let texts: Vec<&str> = in_bytes(&bytes).collect();
        assert_eq!(texts, ["Exempelgatan 12, Anna", "Anna Ex."]);
    }
}
