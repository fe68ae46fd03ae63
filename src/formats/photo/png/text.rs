//! tEXt, zTXt and iTXt (PNG 3rd edition, 11.3.3), and what ImageMagick packs into them.

use super::chunks::Kind;
use super::reveal;
use crate::bytes::{Context, Cursor, Inflate};
use crate::metadata::{exif, icc, iptc, photoshop, text, xmp};
use crate::model::{Error, Found, Result, Untrusted, len_u64};

/// More of a chunk that goes anyway is neither read nor inflated.
pub(super) const MOST: usize = 4 << 20;
/// Texts of one file that are read at all, in bytes: thousands of small chunks can be as large as one.
pub(super) const MOST_TEXT: usize = 16 << 20;
/// How much is inflated before somebody asks whether it is enough.
const PIECE: usize = 16 << 10;

/// What a text chunk says.
struct Text {
    keyword: String,
    /// Keyword in another language; iTXt only.
    translated: String,
    /// Bytes without compression.
    value: Vec<u8>,
    utf8: bool,
}

/// Adds what a text chunk gives away to `found`, unless no byte is `left` of [`MOST_TEXT`].
///
/// # Errors
/// Those of the budget.
pub(super) fn read(
    kind: Kind,
    data: &[u8],
    left: &mut usize,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    if *left == 0 {
        return Ok(());
    }
    let text = parse(kind, data, cx)?;
    *left = left.saturating_sub(text.as_ref().map_or(data.len(), Text::len));
    let Some(text) = text else {
        reveal::harvest(data, found);
        return Ok(());
    };
    found.secrets.text(&text.translated);
    // A place is printed as it is, a keyword is what somebody else wrote.
    let keyword = Untrusted::new(text.keyword.as_str()).for_terminal(79);
    let place = format!("{} {keyword}", String::from_utf8_lossy(&kind));
    if let Some(profile) = text.keyword.strip_prefix("Raw profile type ") {
        return raw_profile(profile, &text.value, &place, cx, found);
    }
    if text.keyword == "XML:com.adobe.xmp" || is_xmp(&text.value) {
        return xmp::read(&text.value, &place, cx, found).map(drop);
    }
    let value = if text.utf8 {
        String::from_utf8_lossy(&text.value).into_owned()
    } else {
        latin1(&text.value)
    };
    text::read("png.text", &text.keyword, &value, &place, cx, found)
}

impl Text {
    fn len(&self) -> usize {
        let names = self.keyword.len().saturating_add(self.translated.len());
        self.value.len().saturating_add(names)
    }
}

fn parse(kind: Kind, data: &[u8], cx: &Context<'_>) -> Result<Option<Text>> {
    let mut cursor = Cursor::new(data);
    let Some(keyword) = cursor.until_nul() else {
        return Ok(None);
    };
    let mut text = Text {
        keyword: latin1(keyword),
        translated: String::new(),
        value: Vec::new(),
        utf8: &kind == b"iTXt",
    };
    let compressed = match &kind {
        b"zTXt" => cursor.skip(1).is_some(),
        b"iTXt" => {
            let (Some(flag), Some(_method)) = (cursor.u8(), cursor.u8()) else {
                return Ok(None);
            };
            let (Some(_language), Some(translated)) = (cursor.until_nul(), cursor.until_nul())
            else {
                return Ok(None);
            };
            text.translated = String::from_utf8_lossy(translated).into_owned();
            flag != 0
        }
        _ => false,
    };
    text.value = if compressed {
        inflate_prefix(cursor.rest(), cx)?
    } else {
        cursor.rest().to_vec()
    };
    Ok(Some(text))
}

/// `Raw profile type …`: a line break, the name, the length in decimal, and hexadecimal digits.
fn raw_profile(
    kind: &str,
    value: &[u8],
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let Some(block) = unhex(value) else {
        reveal::harvest(value, found);
        return Ok(());
    };
    cx.memory(len_u64(block.len()))?;
    let packet = block
        .strip_prefix(b"http://ns.adobe.com/xap/1.0/\0")
        .unwrap_or(&block);
    if is_xmp(packet) {
        return xmp::read(packet, place, cx, found).map(drop);
    }
    match kind.to_ascii_lowercase().as_str() {
        "exif" | "app1" => exif::read(&block, place, cx, found).map(drop),
        "iptc" | "8bim" if !block.starts_with(&[0x1C]) => photoshop::read(&block, place, cx, found),
        "iptc" | "8bim" => iptc::read(&block, place, cx, found),
        "xmp" => xmp::read(&block, place, cx, found).map(drop),
        "icc" | "icm" => icc::read(&block, place, cx, found),
        _ => {
            reveal::harvest(&block, found);
            Ok(())
        }
    }
}

/// The block in a text chunk that holds a raw profile.
///
/// # Errors
/// Those of the budget.
pub(super) fn raw_block(kind: Kind, data: &[u8], cx: &Context<'_>) -> Result<Option<Vec<u8>>> {
    Ok(parse(kind, data, cx)?.and_then(|text| unhex(&text.value)))
}

/// The bytes of a raw profile; `None` when it is none.
fn unhex(value: &[u8]) -> Option<Vec<u8>> {
    let mut lines = value.trim_ascii_start().splitn(3, |byte| *byte == b'\n');
    let (_name, _length, digits) = (lines.next()?, lines.next()?, lines.next()?);
    let mut nibbles = digits
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map_while(|byte| char::from(*byte).to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok());
    let mut out = Vec::with_capacity(digits.len().div_ceil(2));
    while let (Some(high), Some(low)) = (nibbles.next(), nibbles.next()) {
        out.push((high << 4) | low);
    }
    (!out.is_empty()).then_some(out)
}

/// The beginning of a zlib stream: what comes out before it ends, breaks, or is long enough.
///
/// # Errors
/// Those of the budget.
pub(super) fn inflate_prefix(stream: &[u8], cx: &Context<'_>) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut inflate = Inflate::new();
    for piece in stream.chunks(PIECE) {
        let fed = inflate.feed(piece, cx, |bytes| {
            out.extend_from_slice(bytes);
            Ok(())
        });
        match fed {
            Err(Error::Malformed { .. }) => break,
            fed => fed?,
        };
        if inflate.is_done() || out.len() >= MOST {
            break;
        }
    }
    Ok(out)
}

fn is_xmp(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(value);
    let value = value.trim_ascii_start();
    [b"<?xpacket".as_slice(), b"<x:xmpmeta", b"<x:xapmeta"]
        .iter()
        .any(|start| value.starts_with(start))
}

pub(super) fn latin1(bytes: &[u8]) -> String {
    // Many programs write UTF-8 where the standard says Latin-1.
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_until_there_are_too_many() {
        let mut left = 8;
        let mut found = Found::default();
        let mut read = || {
            crate::bytes::testing::with_context(|cx| {
                super::read(*b"tEXt", b"Comment\0hello", &mut left, cx, &mut found).unwrap();
            });
            found.findings.len()
        };
        assert_eq!((read(), read()), (1, 1));
    }

    #[test]
    fn raw_profiles_are_hexadecimal() {
        let value = b"\nexif\n      6\n457869660A\n0b";
        assert_eq!(unhex(value).unwrap(), b"Exif\n\x0b");
        assert_eq!(unhex(b"exif"), None);
        assert_eq!(unhex(b"\nexif\n 3\nxyz"), None);
    }
}
