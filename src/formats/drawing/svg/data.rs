//! Where a reference leads, and files that stand in the reference itself (RFC 2397).

use crate::bytes::{Context, base64};
use crate::model::{Result, len_u64};

use super::names;

/// Where a reference leads.
#[derive(Debug)]
pub(super) enum Target {
    /// Nowhere: empty, or data that cannot be decoded.
    Nowhere,
    /// `#id` in the same drawing.
    Here(String),
    /// A file inside the reference.
    Data(Data),
    /// Any other place: another file, a web page, a script.
    Elsewhere,
}

/// A file inside a reference.
#[derive(Debug)]
pub(super) struct Data {
    /// Media type, when it is one that drawings use.
    pub(super) media_type: String,
    pub(super) bytes: Vec<u8>,
    /// `#id` behind the data.
    pub(super) fragment: String,
}

/// Media types that change nothing in how the data is read, and say nothing.
const MEDIA_TYPES: &str = "image/png image/jpeg image/jpg image/pjpeg image/gif image/webp image/bmp image/x-bmp \
    image/avif image/heic image/jxl image/tiff image/svg+xml image/svg image/x-png image/apng \
    image/vnd.microsoft.icon image/x-icon application/octet-stream text/plain \
    font/woff font/woff2 font/ttf font/otf font/collection font/opentype \
    application/font-woff application/font-woff2 application/x-font-woff \
    application/x-font-woff2 application/x-font-ttf application/x-font-truetype \
    application/x-font-opentype application/x-font-otf application/font-sfnt application/font-ttf \
    application/vnd.ms-fontobject application/vnd.ms-opentype";

/// Reads a reference.
pub(super) fn target(reference: &str, cx: &Context<'_>) -> Result<Target> {
    let reference = reference.trim_matches(super::tree::is_space);
    if let Some(id) = reference.strip_prefix('#') {
        return Ok(if id.is_empty() {
            Target::Nowhere
        } else {
            Target::Here(id.to_owned())
        });
    }
    if reference.is_empty() {
        return Ok(Target::Nowhere);
    }
    let Some(("data", rest)) = reference.split_once(':').map(|(scheme, rest)| {
        (
            if scheme.eq_ignore_ascii_case("data") {
                "data"
            } else {
                ""
            },
            rest,
        )
    }) else {
        return Ok(Target::Elsewhere);
    };
    let Some((head, body)) = rest.split_once(',') else {
        return Ok(Target::Nowhere);
    };
    let (body, fragment) = body.split_once('#').unwrap_or((body, ""));
    cx.memory(len_u64(body.len()))?;
    let mut parts = head.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let media_type_is_svg = media_type.starts_with("image/svg");
    let is_base64 = parts.any(|part| part.eq_ignore_ascii_case("base64"));
    let raw = percent(body);
    let bytes = if is_base64 {
        base64::decode(&raw)
    } else {
        Some(raw)
    };
    Ok(match bytes {
        Some(bytes) if !bytes.is_empty() => Target::Data(Data {
            media_type: if names::holds(MEDIA_TYPES, &media_type) {
                media_type
            } else {
                String::new()
            },
            // Only drawings have parts that can be named.
            fragment: if media_type_is_svg {
                fragment.to_owned()
            } else {
                String::new()
            },
            bytes,
        }),
        _ => Target::Nowhere,
    })
}

impl Data {
    /// The reference with these bytes instead, and without fragment.
    pub(super) fn with(&self, bytes: &[u8]) -> String {
        let mut out = format!("data:{};base64,", self.media_type_of(bytes));
        base64::encode(bytes, &mut out);
        out
    }

    /// What programs take these bytes for in its place.
    pub(super) fn media_type_of(&self, bytes: &[u8]) -> &str {
        match self.media_type.as_str() {
            "" => raster(bytes),
            known => known,
        }
    }

    /// Whether it is a font.
    pub(super) fn is_font(&self) -> bool {
        let starts: [&[u8]; 6] = [b"\0\x01\0\0", b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2"];
        starts.iter().any(|start| self.bytes.starts_with(start))
            // Embedded OpenType.
            || self.bytes.get(34..36) == Some(b"LP")
    }
}

/// Media type of a picture made of pixels, by which programs know it whatever type was said.
fn raster(bytes: &[u8]) -> &'static str {
    let starts: [(&[u8], &str); 4] = [
        (b"\x89PNG", "image/png"),
        (b"\xFF\xD8\xFF", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"RIFF", "image/webp"),
    ];
    let known = starts.iter().find(|(start, _)| bytes.starts_with(start));
    known.map_or("", |(_, media_type)| media_type)
}

/// `%41` as `A`.
pub(super) fn percent(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        let escaped = behind.first_chunk::<2>().and_then(|[high, low]| {
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            u8::try_from(digit(high)?.checked_mul(16)?.checked_add(digit(low)?)?).ok()
        });
        match escaped.filter(|_| *byte == b'%') {
            Some(byte) => {
                out.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*byte);
                rest = behind;
            }
        }
    }
    out
}
