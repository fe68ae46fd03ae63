//! Text where numbers should be.

/// Runs of letters as long as this are no numbers.
const WORD: usize = 10;

/// Whether text stands among what should be numbers: one byte or two for each letter.
pub(in crate::formats) fn reads_like_text(data: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b" ._-@/\\".contains(byte);
    let runs = |mut bytes: &mut dyn Iterator<Item = bool>| {
        let mut run = 0usize;
        (&mut bytes).any(|is_letter| {
            run = if is_letter { run.saturating_add(1) } else { 0 };
            run >= WORD
        })
    };
    let wide = |start: usize| {
        let pairs = data.get(start..).unwrap_or_default().chunks_exact(2);
        runs(&mut pairs.map(|pair| match pair {
            [0, low] | [low, 0] => is_letter(low),
            _ => false,
        }))
    };
    runs(&mut data.iter().map(is_letter)) || wide(0) || wide(1)
}
