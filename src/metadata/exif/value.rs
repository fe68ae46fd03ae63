//! What a value says, as text.

use crate::bytes::Order;
use crate::containers::tiff::ifd::{Entry, field};

/// A value in words.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::metadata) enum Said {
    /// Text, in its parts: Exif separates them by zero bytes.
    Text(Vec<String>),
    /// Numbers, for people. They stand in the file in another form.
    Numbers(String),
    /// Bytes that are neither, or nothing at all.
    Opaque,
}

impl Said {
    /// Text, where there is some.
    pub(in crate::metadata) fn from_text(parts: Vec<String>) -> Self {
        if parts.is_empty() {
            Self::Opaque
        } else {
            Self::Text(parts)
        }
    }
}

/// What an entry says: text by its type or by its look, numbers, or nothing that can be shown.
pub(in crate::metadata) fn said(entry: &Entry<'_>) -> Said {
    if entry.is_text() {
        return Said::from_text(parts(entry.value));
    }
    if entry.is_bytes() {
        let text = look_like_text(entry.value);
        return match text {
            Some(text) => Said::from_text(text),
            None if entry.value.len() <= 8 => numbers(entry),
            None => Said::Opaque,
        };
    }
    numbers(entry)
}

fn numbers(entry: &Entry<'_>) -> Said {
    const MOST: usize = 8;
    let mut shown: Vec<String> = (0..MOST).map_while(|i| one_number(entry, i)).collect();
    if shown.is_empty() {
        return Said::Opaque;
    }
    if one_number(entry, MOST).is_some() {
        shown.push("…".to_owned());
    }
    Said::Numbers(shown.join(" "))
}

fn one_number(entry: &Entry<'_>, index: usize) -> Option<String> {
    match entry.kind {
        field::RATIONAL => entry.rational(index).map(|(n, d)| format!("{n}/{d}")),
        field::SRATIONAL => entry.srational(index).map(|(n, d)| format!("{n}/{d}")),
        field::FLOAT | field::DOUBLE => entry.number(index).map(|n| n.to_string()),
        _ => entry
            .uint(index)
            .map(|n| n.to_string())
            .or_else(|| entry.int(index).map(|n| n.to_string())),
    }
}

/// The parts of a text that zero bytes separate, without blanks around them and without empty ones. What
/// stands behind the first is often left over from something else, and told only when it can be read.
/// Text is UTF-8 or, where it is not, taken as ISO 8859-1, which never fails.
pub(in crate::metadata) fn parts(bytes: &[u8]) -> Vec<String> {
    bytes
        .split(|byte| *byte == 0)
        .map(decode)
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .enumerate()
        .filter(|(index, text)| *index == 0 || is_readable(text))
        .map(|(_, text)| text)
        .take(64)
        .collect()
}

fn is_readable(text: &str) -> bool {
    text.chars().nth(1).is_some() && !text.chars().any(char::is_control)
}

fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Bytes that are text by their look: printable, in UTF-8, with zero bytes at the end only or between
/// parts.
pub(in crate::metadata) fn look_like_text(bytes: &[u8]) -> Option<Vec<String>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let printable = text
        .chars()
        .all(|c| !c.is_control() || matches!(c, '\0' | '\t' | '\n' | '\r'));
    let parts = parts(bytes);
    let letters = text.chars().filter(|c| *c > ' ').count();
    (printable && letters >= 2 && letters.saturating_mul(4) >= text.trim_end_matches('\0').len())
        .then_some(parts)
}

/// UTF-16 text up to its end or the first zero character. A byte order mark goes before `order`; without
/// one, zero bytes on the side where Latin letters have theirs do.
pub(in crate::metadata) fn utf16(bytes: &[u8], order: Order) -> Vec<String> {
    let zeros = |side: usize| {
        bytes
            .iter()
            .skip(side)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (order, bytes) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (Order::Little, rest),
        [0xFE, 0xFF, rest @ ..] => (Order::Big, rest),
        _ => match zeros(0).cmp(&zeros(1)) {
            std::cmp::Ordering::Less => (Order::Little, bytes),
            std::cmp::Ordering::Equal => (order, bytes),
            std::cmp::Ordering::Greater => (Order::Big, bytes),
        },
    };
    let units = bytes.chunks_exact(2).filter_map(|pair| order.u16(pair));
    let text: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.split('\0')
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .take(64)
        .collect()
}

/// Text behind an 8-byte character code (Exif 3.0 §4.6.6, table 9).
pub(in crate::metadata) fn coded(bytes: &[u8], order: Order) -> Said {
    let (code, text) = bytes.split_at(bytes.len().min(8));
    let parts = match code {
        b"UNICODE\0" | b"Unicode\0" => utf16(text, order),
        b"ASCII\0\0\0" | b"Ascii\0\0\0" => parts(text),
        // JIS X 0208 cannot be shown without its table of characters; its bytes still are a finding.
        b"JIS\0\0\0\0\0" | [0, 0, 0, 0, 0, 0, 0, 0] => look_like_text(text).unwrap_or_default(),
        _ => look_like_text(bytes).unwrap_or_default(),
    };
    Said::from_text(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(said: Said) -> String {
        match said {
            Said::Text(parts) => parts.join("|"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn character_codes() {
        assert_eq!(text(coded(b"ASCII\0\0\0Hej  \0", Order::Big)), "Hej");
        assert_eq!(text(coded(b"UNICODE\0\0H\0e\0j", Order::Big)), "Hej");
        // The order of the text is often not that of the block.
        assert_eq!(text(coded(b"UNICODE\0H\0e\0j\0", Order::Big)), "Hej");
        assert_eq!(
            text(coded(b"UNICODE\0\xFE\xFF\x30\x42", Order::Little)),
            "あ"
        );
        assert_eq!(text(coded(b"\0\0\0\0\0\0\0\0Hej", Order::Big)), "Hej");
        assert_eq!(
            text(coded(b"Hej hopp i skogen", Order::Big)),
            "Hej hopp i skogen"
        );
        assert_eq!(coded(b"ASCII\0\0\0    ", Order::Big), Said::Opaque);
        assert_eq!(coded(b"", Order::Big), Said::Opaque);
    }

    #[test]
    fn lone_surrogates_and_half_characters_are_no_trouble() {
        assert_eq!(utf16(b"\x00\xD8A\0B", Order::Little), ["\u{FFFD}A"]);
    }

    #[test]
    fn text_in_parts() {
        assert_eq!(parts(b"Anna \0\0Bo\0 "), ["Anna", "Bo"]);
        assert_eq!(parts(b"\xC5sa"), ["Åsa"]);
        assert_eq!(parts("Åsa".as_bytes()), ["Åsa"]);
        assert!(parts(b" \0 ").is_empty());
    }

    #[test]
    fn noise_is_no_text() {
        assert_eq!(look_like_text(b"\x01\x02ab"), None);
        assert_eq!(look_like_text(b"\0\0\0\0"), None);
        assert_eq!(look_like_text(b"A\0\0\0\0\0\0\0\0\0\0\0B"), None);
        assert_eq!(look_like_text(b"F59\0"), Some(vec!["F59".to_owned()]));
    }
}
