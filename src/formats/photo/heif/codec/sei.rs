//! Supplemental enhancement information: ITU-T H.265 annex D, ITU-T H.264 annex D.

use super::super::texts::hides_text;
use super::Told;
use super::nal::Kind;
use crate::bytes::{Context, Cursor};
use crate::model::{Result, len_u64};

/// What is left of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filtered {
    /// All of it.
    Same,
    /// Something.
    Rest(Vec<u8>),
    /// Nothing.
    Nothing,
}

/// Messages that are numbers about how the picture is shown, and how long they can be in bytes. Those
/// about buffers, hashes and other views decide nothing here.
const KEPT: &[(u32, usize, usize)] = &[
    (6, 1, 4),     // recovery point
    (45, 1, 16),   // frame packing
    (47, 1, 6),    // display orientation
    (129, 1, 8),   // active parameter sets
    (137, 24, 24), // mastering display
    (144, 4, 4),   // content light level
    (147, 1, 1),   // alternative transfer
    (148, 8, 8),   // ambient light
    (165, 1, 8),   // alpha
];
const MASTERING_DISPLAY: u32 = 137;
/// Times of the coded picture: no times of day in HEVC, but in AVC.
const PICTURE_TIMING: u32 = 1;
/// Registered user data, ITU-T T.35.
const REGISTERED: u32 = 4;
const UNREGISTERED: u32 = 5;

/// What users register that is shown: HDR10+ (Samsung, application 4) as SMPTE ST 2094-40 has it.
pub(in super::super) const HDR10_PLUS: &[u8] = &[0xB5, 0x00, 0x3C, 0x00, 0x01, 0x04];

fn stays(kind: Kind, what: u32, payload: &[u8]) -> bool {
    if hides_text(payload, 8) {
        return false;
    }
    match what {
        REGISTERED => payload.starts_with(HDR10_PLUS),
        PICTURE_TIMING => kind == Kind::Hevc && payload.len() <= 16,
        MASTERING_DISPLAY if !is_mastering_display(payload) => false,
        what => KEPT.iter().any(|(known, least, most)| {
            *known == what && (*least..=*most).contains(&payload.len())
        }),
    }
}

/// The messages of a unit, header taken off, that may stay. What goes is told.
///
/// # Errors
/// Those of the budget.
pub(super) fn filter(
    payload: &[u8],
    kind: Kind,
    cx: &Context<'_>,
    told: &mut Told,
) -> Result<Filtered> {
    cx.memory(len_u64(payload.len()).saturating_mul(2))?;
    let raw = unescape(payload);
    let mut cursor = Cursor::new(&raw);
    let mut kept = Vec::new();
    let mut goes = false;
    // The last byte is the stop bit, 0x80.
    while cursor.rest().len() > 1 {
        cx.item()?;
        let start = cursor.at();
        let Some((what, message)) = message(&mut cursor) else {
            told.add(
                "a broken message inside the coded picture",
                "SEI",
                cursor.rest(),
            );
            goes = true;
            break;
        };
        if stays(kind, what, message) {
            kept.extend_from_slice(raw.get(start..cursor.at()).unwrap_or_default());
        } else {
            goes = true;
            let (name, content) = match what {
                // Behind the identifier of whoever wrote it.
                UNREGISTERED => (
                    "what the encoder wrote into the coded picture",
                    message.get(16..).unwrap_or(message),
                ),
                REGISTERED => ("registered data inside the coded picture", message),
                _ => ("a message inside the coded picture", message),
            };
            told.add(name, "SEI", content);
        }
    }
    if !goes && cursor.rest() == [0x80] {
        return Ok(Filtered::Same);
    }
    if kept.is_empty() {
        return Ok(Filtered::Nothing);
    }
    if !goes {
        told.add(
            "data behind a message inside the coded picture",
            "SEI",
            cursor.rest(),
        );
    }
    kept.push(0x80);
    Ok(Filtered::Rest(escape(&kept)))
}

/// The next message: type and payload.
fn message<'a>(cursor: &mut Cursor<'a>) -> Option<(u32, &'a [u8])> {
    let mut number = || {
        let mut sum = 0_u32;
        loop {
            let byte = cursor.u8()?;
            sum = sum.checked_add(byte.into())?;
            if byte != 0xFF {
                return Some(sum);
            }
        }
    };
    let (what, size) = (number()?, number()?);
    Some((what, cursor.take(usize::try_from(size).ok()?)?))
}

/// Takes out the bytes that keep start codes from appearing (ITU-T H.265 §7.3.1.1).
fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut zeros = 0_u8;
    for byte in bytes {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 {
            zeros.saturating_add(1)
        } else {
            0
        };
        out.push(*byte);
    }
    out
}

/// Puts them in.
fn escape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut zeros = 0_u8;
    for byte in bytes {
        if zeros >= 2 && *byte <= 3 {
            out.push(3);
            zeros = 0;
        }
        zeros = if *byte == 0 {
            zeros.saturating_add(1)
        } else {
            0
        };
        out.push(*byte);
    }
    out
}

/// Whether these are the colours and luminances of a display, as `mdcv` has them as well: chromaticities
/// in units of 0.00002, at most 10,000 candelas in units of 0.0001.
pub(in super::super) fn is_mastering_display(numbers: &[u8]) -> bool {
    let Some((colours, light)) = numbers.split_at_checked(16).filter(|it| it.1.len() == 8) else {
        return false;
    };
    let (colours, _) = colours.as_chunks::<2>();
    let (light, _) = light.as_chunks::<4>();
    colours.iter().all(|it| u16::from_be_bytes(*it) <= 50_000)
        && light
            .iter()
            .all(|it| u32::from_be_bytes(*it) <= 100_000_000)
}

/// Whether registered user data of AV1 may stay.
pub(super) fn is_hdr10_plus(payload: &[u8]) -> bool {
    payload.starts_with(HDR10_PLUS) && !hides_text(payload, 8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    fn look(payload: &[u8]) -> (Filtered, usize) {
        let mut told = Told::default();
        let filtered = with_context(|cx| filter(payload, Kind::Hevc, cx, &mut told)).unwrap();
        (filtered, told.found.findings.len())
    }

    #[test]
    fn numbers_stay_and_texts_go() {
        let light = [144, 4, 1, 2, 3, 4];
        let mut text = vec![5, 26];
        text.extend(b"0123456789abcdefx265 build");
        assert_eq!(look(&[&light[..], &[0x80]].concat()), (Filtered::Same, 0));
        assert_eq!(look(&[&text[..], &[0x80]].concat()), (Filtered::Nothing, 1));
        let both = look(&[&text[..], &light[..], &[0x80]].concat());
        assert_eq!(both, (Filtered::Rest([&light[..], &[0x80]].concat()), 1));
    }

    #[test]
    fn a_message_longer_than_its_kind_goes() {
        let long = [&[144, 8, 1, 2, 3, 4][..], b"more", &[0x80]].concat();
        assert_eq!(look(&long), (Filtered::Nothing, 1));
        assert_eq!(look(&[144, 200, 1, 0x80]), (Filtered::Nothing, 1));
    }

    #[test]
    fn escaping_keeps_start_codes_out() {
        let raw = [0, 0, 1, 0, 0, 0, 0, 3, 7];
        let escaped = escape(&raw);
        assert!(!escaped.windows(3).any(|w| w[..2] == [0, 0] && w[2] < 3));
        assert_eq!(unescape(&escaped), raw);
    }
}
