//! Marker codes (ITU-T T.81, table B.1) and what may stand behind them.

use crate::containers::jpeg_segments::tables_are_exact;
pub(super) use crate::containers::jpeg_segments::{DHT, DQT, SOS, table_len};

pub(super) const TEM: u8 = 0x01;
pub(super) const SOF0: u8 = 0xC0;
pub(super) const SOF2: u8 = 0xC2;
pub(super) const SOF1: u8 = 0xC1;
pub(super) const SOF9: u8 = 0xC9;
pub(super) const SOF10: u8 = 0xCA;
pub(super) const JPG: u8 = 0xC8;
pub(super) const DAC: u8 = 0xCC;
pub(super) const RST0: u8 = 0xD0;
pub(super) const RST7: u8 = 0xD7;
pub(super) const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const DNL: u8 = 0xDC;
pub(super) const DRI: u8 = 0xDD;
pub(super) const DHP: u8 = 0xDE;
pub(super) const EXP: u8 = 0xDF;
pub(super) const APP0: u8 = 0xE0;
pub(super) const APP1: u8 = 0xE1;
pub(super) const APP2: u8 = 0xE2;
pub(super) const APP11: u8 = 0xEB;
pub(super) const APP13: u8 = 0xED;
pub(super) const APP14: u8 = 0xEE;
pub(super) const APP15: u8 = 0xEF;
/// SOF55 of JPEG-LS (ITU-T T.87): the same marker syntax, another codec.
pub(super) const JPEG_LS: u8 = 0xF7;
pub(super) const COM: u8 = 0xFE;

/// Start of a frame, of whatever coding.
pub(super) fn is_frame(marker: u8) -> bool {
    (SOF0..=0xCF).contains(&marker) && !matches!(marker, DHT | JPG | DAC)
}

/// Markers without length and payload.
pub(super) fn stands_alone(marker: u8) -> bool {
    matches!(marker, TEM | RST0..=EOI)
}

/// Markers that no decoder expects behind coded data: reserved, for private use, for extensions.
pub(super) fn is_reserved(marker: u8) -> bool {
    matches!(marker, TEM..=0xBF | JPG | 0xF0..=0xFD)
}

/// Application data and comments: no decoder needs them for the samples.
pub(super) fn is_application(marker: u8) -> bool {
    matches!(marker, APP0..=APP15 | COM)
}

/// Names as in the standard.
pub(super) fn name(marker: u8) -> &'static str {
    const APP: [&str; 16] = [
        "APP0", "APP1", "APP2", "APP3", "APP4", "APP5", "APP6", "APP7", "APP8", "APP9", "APP10",
        "APP11", "APP12", "APP13", "APP14", "APP15",
    ];
    match marker {
        TEM => "TEM",
        DHT => "DHT",
        JPG => "JPG",
        DAC => "DAC",
        RST0..=RST7 => "RST",
        SOI => "SOI",
        EOI => "EOI",
        SOS => "SOS",
        DQT => "DQT",
        DNL => "DNL",
        DRI => "DRI",
        DHP => "DHP",
        EXP => "EXP",
        COM => "COM",
        APP0..=APP15 => APP
            .get(usize::from(marker.wrapping_sub(APP0)))
            .copied()
            .unwrap_or("APPn"),
        marker if is_frame(marker) => "SOF",
        _ => "RES",
    }
}

/// Whether the payload of a table, frame or scan header has exactly the length that its own fields ask
/// for. Decoders refuse the others, so there is no room for leftovers.
pub(super) fn is_exact(marker: u8, payload: &[u8]) -> bool {
    match marker {
        DQT | DHT => tables_are_exact(marker, payload),
        DAC => payload.len().is_multiple_of(2),
        DRI | DNL => payload.len() == 2,
        EXP => payload.len() == 1,
        SOS => payload
            .first()
            .is_some_and(|n| payload.len() == usize::from(*n).saturating_mul(2).saturating_add(4)),
        marker if is_frame(marker) || marker == DHP => payload
            .get(5)
            .is_some_and(|n| payload.len() == usize::from(*n).saturating_mul(3).saturating_add(6)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_in_headers_are_noticed() {
        assert!(is_exact(SOS, &[1, 1, 0, 0, 63, 0]));
        assert!(!is_exact(SOS, &[1, 1, 0, 0, 63, 0, 9]));
    }
}
