//! The allowlist.

use super::markers;
use crate::model::{How, Row};

macro_rules! rows {
    ($($name:ident: $what:literal, $when:literal, $how:ident, $why:literal, $spec:literal;)*) => {
        $(pub(super) const $name: Row =
            Row { what: $what, when: $when, how: How::$how, why: $why, spec: $spec };)*
        /// All of them, for the documents.
        pub(super) static ROWS: &[Row] = &[$($name),*];
    };
}

rows! {
    SOI: "SOI", "always", Verbatim, "starts the picture", "ITU-T T.81 B.2.1";
    JFIF: "APP0 JFIF", "if it was there", Rebuild,
        "density, and the colour model that decoders assume; without its thumbnail", "ITU-T T.871 10.1";
    EXIF: "APP1 Exif", "orientation 2 to 8; colour space without ICC; density without JFIF", Rebuild,
        "turns the picture the right way up", "CIPA DC-008 4.6";
    XMP: "APP1 XMP", "HDR gain maps and panoramas", Rebuild,
        "numbers without which the picture is shown flat", "ISO 16684-1; Ultra HDR 1.1";
    ICC: "APP2 ICC_PROFILE", "if it was there and complete", Rebuild,
        "colours; without names, dates and devices", "ICC.1:2022 B.4";
    ISO21496: "APP2 ISO 21496-1", "HDR gain maps", Rebuild,
        "numbers of the gain map", "ISO 21496-1 C.4";
    MPF: "APP2 MPF", "HDR gain maps", Rebuild, "where the gain map stands", "CIPA DC-007 5.2";
    ADOBE: "APP14 Adobe", "if it was there", Rebuild,
        "colour transform; without it CMYK and RGB pictures change colour", "ITU-T T.872 6.5.3";
    DQT: "DQT", "those that a scan uses", Verbatim, "quantization tables", "ITU-T T.81 B.2.4.1";
    DHT: "DHT", "those that a scan uses; the standard ones where there are none", Verbatim, "Huffman tables", "ITU-T T.81 B.2.4.2";
    DAC: "DAC", "with arithmetic coding", Verbatim, "arithmetic conditioning", "ITU-T T.81 B.2.4.3";
    DRI: "DRI", "the last one before a scan", Verbatim, "restart interval", "ITU-T T.81 B.2.4.4";
    SOF: "SOF", "always", Verbatim, "size, components, coding", "ITU-T T.81 B.2.2";
    DNL: "DNL", "if the frame header gives no height", Verbatim, "number of lines", "ITU-T T.81 B.2.5";
    SOS: "SOS", "always", Verbatim, "scan header and coded data, restarts included",
        "ITU-T T.81 B.2.3";
    EOI: "EOI", "always, unless the file stops with the coded data", Verbatim, "ends the picture", "ITU-T T.81 B.2.1";
    GAIN_MAP: "gain map", "policy share, with its numbers, of the shape of the picture and not larger", Rebuild,
        "a second, cleaned JPEG that makes an HDR picture of the first", "Ultra HDR 1.1; ISO 21496-1";
}

/// The row that lets a marker through byte for byte.
pub(super) fn verbatim(marker: u8) -> Option<&'static Row> {
    match marker {
        markers::SOI => Some(&SOI),
        markers::DQT => Some(&DQT),
        markers::DHT => Some(&DHT),
        markers::DAC => Some(&DAC),
        markers::DRI => Some(&DRI),
        markers::DNL => Some(&DNL),
        markers::SOS => Some(&SOS),
        markers::EOI => Some(&EOI),
        marker if markers::is_frame(marker) => Some(&SOF),
        _ => None,
    }
}
