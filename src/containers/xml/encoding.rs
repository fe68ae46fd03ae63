//! Bytes as text (XML 1.0 §4.3.3 and appendix F).

use std::borrow::Cow;

use super::NAME;
use crate::bytes::Order;
use crate::model::{Error, Result};

/// Windows-1252 from 0x80 to 0x9F; what is not assigned stands for itself.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The whole file as text.
///
/// # Errors
/// [`Error::Malformed`] when it is not in the encoding that it says; [`Error::Unsupported`] when that is
/// none of UTF-8, UTF-16, ISO 8859-1 and Windows-1252.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>> {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, Order::Big),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, Order::Little),
        [0, b'<', ..] => utf16(bytes, Order::Big),
        [b'<', 0, ..] => utf16(bytes, Order::Little),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        _ => match declared(bytes).as_deref() {
            None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => utf8(bytes),
            // Browsers take the one for the other.
            Some("iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252") => {
                let text = bytes.iter().map(|byte| match byte {
                    0x80..=0x9F => {
                        let index = usize::from(byte.wrapping_sub(0x80));
                        WINDOWS.get(index).copied().unwrap_or('\u{fffd}')
                    }
                    _ => char::from(*byte),
                });
                Ok(Cow::Owned(text.collect()))
            }
            Some(_) => Err(Error::unsupported("text in an unusual encoding")),
        },
    }
}

/// Whether a file that begins with `head` is UTF-8, as far as its beginning says.
#[must_use]
pub fn is_utf8(head: &[u8]) -> bool {
    !matches!(
        head,
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..]
    ) && matches!(
        declared(head).as_deref(),
        None | Some("utf-8" | "utf8" | "us-ascii" | "ascii")
    )
}

/// What the XML declaration says, in lower case.
fn declared(bytes: &[u8]) -> Option<String> {
    let head: String = bytes.iter().copied().take(256).map(char::from).collect();
    let declaration = head.strip_prefix("<?xml")?.split_once("?>")?.0;
    let behind = declaration.split_once("encoding")?.1;
    let behind = behind.trim_start().strip_prefix('=')?.trim_start();
    let quote = behind.chars().next()?;
    let (name, _) = behind.get(1..)?.split_once(quote)?;
    Some(name.to_ascii_lowercase())
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = crate::model::len_u64(error.valid_up_to());
        Error::malformed(NAME, at, "the text is not UTF-8")
    })?;
    Ok(Cow::Borrowed(text))
}

fn utf16(bytes: &[u8], order: Order) -> Result<Cow<'_, str>> {
    let broken = || Error::malformed(NAME, 0, "the text is not UTF-16");
    if !bytes.len().is_multiple_of(2) {
        return Err(broken());
    }
    let units = bytes.chunks_exact(2).filter_map(|pair| order.u16(pair));
    let text = char::decode_utf16(units).collect::<Result<String, _>>();
    text.map(Cow::Owned).map_err(|_| broken())
}
