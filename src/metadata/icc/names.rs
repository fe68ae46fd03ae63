//! Names of profiles that everybody has: software keys on them, and they say nothing about anybody.

use std::borrow::Cow;

use crate::bytes::{Cursor, Order};

/// Names as they stand in the `desc` tags of the profiles that standards bodies and operating
/// systems ship.
/// None of them names a program.
pub(super) const KNOWN: &[&str] = &[
    "ACES CG Linear (Academy Color Encoding System AP1)",
    "Adobe RGB (1998)",
    "Apple RGB",
    "AdobeRGB1998",
    "Coated FOGRA27 (ISO 12647-2:2004)",
    "Coated FOGRA39 (ISO 12647-2:2004)",
    "Coated GRACoL 2006 (ISO 12647-2:2004)",
    "ColorMatch RGB",
    "Compatible with Adobe RGB (1998)",
    "DCI(P3) RGB",
    "Display P3",
    "Display P3 Gamut with sRGB Transfer",
    "Dot Gain 10%",
    "Dot Gain 15%",
    "Dot Gain 20%",
    "Dot Gain 25%",
    "Dot Gain 30%",
    "e-sRGB",
    "eciRGB v2",
    "Generic CMYK Profile",
    "Generic Gray Gamma 2.2 Profile",
    "Generic Gray Profile",
    "Generic RGB Profile",
    "Gray Gamma 1.8",
    "Gray Gamma 2.2",
    "ISO Coated v2 (ECI)",
    "ISO Coated v2 300% (ECI)",
    "ITU-R BT. 2020 Reference Display",
    "Japan Color 2001 Coated",
    "Linear RGB",
    "P3 PQ",
    "PSO Coated v3",
    "PSO Uncoated v3 (FOGRA52)",
    "ProPhoto RGB",
    "RGB_D65_SRG_Rel_SRG",
    "ROMM RGB",
    "ROMM RGB: ISO 22028-2:2013",
    "Rec. 2020",
    "Rec. ITU-R BT.2020-1",
    "Rec. ITU-R BT.2100 HLG",
    "Rec. ITU-R BT.2100 PQ",
    "Rec. ITU-R BT.709-5",
    "Rec.2020",
    "Rec.709",
    "Rec2020",
    "SMPTE-C",
    "U.S. Sheetfed Coated v2",
    "U.S. Web Coated (SWOP) v2",
    "Uncoated FOGRA29 (ISO 12647-2:2004)",
    "Web Coated FOGRA28 (ISO 12647-2:2004)",
    "Web Coated SWOP 2006 Grade 3 Paper",
    "Wide Gamut RGB",
    "WideGamut RGB",
    "c2",
    "c2ci",
    "sGray",
    "sP3C",
    "sRGB",
    "sRGB (ICC v4 preference perceptual intent beta)",
    "sRGB IEC61966-2.1",
    "sRGB IEC61966-2-1 black scaled",
    "sRGB IEC61966-2.1 (Linear RGB Profile)",
    "sRGB Color Space Profile",
    "sRGB EOTF with DCI-P3 Color Gamut",
    "sRGB built-in",
    "sRGB v4 ICC preference perceptual intent beta",
    "uRGB",
    "x", // ours
    "c", // ours
];

/// The name as it stands in our list.
pub(super) fn known(name: &str) -> Option<&'static str> {
    KNOWN.iter().copied().find(|known| *known == name.trim())
}

/// A tag's texts, each once: `text`, `desc` (ICC.1:2001-04 §6.5.17) and `mluc` (ICC.1:2022 §10.15), also
/// when they stop early.
pub(super) fn texts(data: &[u8]) -> Vec<String> {
    let mut texts = match data.get(..4) {
        Some(b"text") => vec![latin1(data.get(8..).unwrap_or_default())],
        Some(b"desc") => description(data),
        Some(b"mluc") => localised(data),
        _ => Vec::new(),
    };
    texts.retain(|text| !text.is_empty());
    texts.sort();
    texts.dedup();
    texts
}

fn description(data: &[u8]) -> Vec<String> {
    let mut cursor = Cursor::new(data.get(8..).unwrap_or_default());
    let mut texts = Vec::new();
    let mut parse = || {
        let len = usize::try_from(cursor.u32(Order::Big)?).ok()?;
        texts.push(latin1(cursor.take(len)?));
        cursor.skip(4)?;
        let len = usize::try_from(cursor.u32(Order::Big)?).ok()?;
        texts.push(utf16(cursor.take(len.checked_mul(2)?)?));
        cursor.skip(2)?;
        let len = usize::from(cursor.u8()?);
        texts.push(latin1(cursor.take(len.min(67))?));
        Some(())
    };
    parse();
    texts
}

fn localised(data: &[u8]) -> Vec<String> {
    let mut cursor = Cursor::new(data.get(8..).unwrap_or_default());
    let mut texts = Vec::new();
    let mut parse = || {
        let count = cursor.u32(Order::Big)?.min(256);
        let size = usize::try_from(cursor.u32(Order::Big)?).ok()?;
        for _ in 0..count {
            let mut record = Cursor::new(cursor.take(size)?.get(4..)?);
            let len = usize::try_from(record.u32(Order::Big)?).ok()?;
            let at = usize::try_from(record.u32(Order::Big)?).ok()?;
            texts.push(utf16(data.get(at..at.checked_add(len)?)?));
        }
        Some(())
    };
    parse();
    texts
}

fn latin1(bytes: &[u8]) -> String {
    let text: String = bytes
        .iter()
        .take_while(|b| **b != 0)
        .take(4096)
        .map(|b| char::from(*b))
        .collect();
    text.trim().to_owned()
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .take(4096)
        .filter_map(|pair| Order::Big.u16(pair))
        .take_while(|unit| *unit != 0)
        .filter(|unit| *unit != 0xFEFF)
        .collect();
    String::from_utf16_lossy(&units).trim().to_owned()
}

/// The `desc` tag of a profile of this major version.
pub(super) fn description_tag(text: &str, major: u8) -> Vec<u8> {
    if major >= 4 {
        return multi_localised(text);
    }
    let mut out = b"desc\0\0\0\0".to_vec();
    let len = u32::try_from(text.len()).unwrap_or_default();
    Order::Big.put_u32(&mut out, len.saturating_add(1));
    out.extend_from_slice(text.as_bytes());
    // The end of the text, no Unicode text, no Macintosh text in its 67 bytes.
    out.resize(out.len().saturating_add(1 + 8 + 3 + 67), 0);
    out
}

/// The `cprt` tag of a profile of this major version.
pub(super) fn copyright_tag(text: &str, major: u8) -> Vec<u8> {
    if major >= 4 {
        return multi_localised(text);
    }
    [b"text\0\0\0\0", text.as_bytes(), b"\0"].concat()
}

fn multi_localised(text: &str) -> Vec<u8> {
    let units: Cow<'_, [u16]> = text.encode_utf16().collect();
    let mut out = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS".to_vec();
    let len = u32::try_from(units.len()).unwrap_or_default();
    Order::Big.put_u32(&mut out, len.saturating_mul(2));
    Order::Big.put_u32(&mut out, 28);
    for unit in units.iter() {
        Order::Big.put_u16(&mut out, *unit);
    }
    out
}
