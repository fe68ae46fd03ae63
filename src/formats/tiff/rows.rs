//! The allowlist.

use crate::model::{How, Row};

macro_rules! row {
    ($what:literal, $when:literal, $how:ident, $why:literal, $spec:literal) => {
        Row {
            what: $what,
            when: $when,
            how: How::$how,
            why: $why,
            spec: $spec,
        }
    };
}

/// Rows of TIFF and BigTIFF.
pub(super) static TIFF: &[Row] = &[
    row!(
        "header, directories",
        "those of full pictures",
        Rebuild,
        "byte order, number and order of pages",
        "TIFF 6.0 §2; BigTIFF"
    ),
    row!(
        "ImageWidth to PlanarConfiguration, Orientation, Predictor, tiles, ExtraSamples, SampleFormat",
        "type and number of values as in the standard",
        Rebuild,
        "how the coded picture is to be read",
        "TIFF 6.0 §8"
    ),
    row!(
        "XResolution, YResolution, ResolutionUnit, XPosition, YPosition, PageNumber",
        "type and number of values as in the standard",
        Rebuild,
        "size and place on paper",
        "TIFF 6.0 §8"
    ),
    row!(
        "ColorMap, TransferFunction, WhitePoint, PrimaryChromaticities, GrayResponse, YCbCr, Decode, inks",
        "type and number of values as in the standard",
        Rebuild,
        "meaning of the colours",
        "TIFF 6.0 §8, §16, §20 to §22"
    ),
    row!(
        "T4Options, T6Options, fax and JBIG options, CFA pattern",
        "type and number of values as in the standard",
        Rebuild,
        "how the coded picture is to be read",
        "TIFF 6.0 §11; RFC 2301; TIFF/EP"
    ),
    row!(
        "ICCProfile",
        "can be parsed",
        Rebuild,
        "colours; without names, dates and devices",
        "ICC.1:2022 B.3"
    ),
    row!(
        "ColorSpace, Gamma, InteroperabilityIndex R03",
        "no ICC profile, and not the default",
        Rebuild,
        "colours",
        "CIPA DC-008 4.6.6"
    ),
    row!(
        "JPEGTables",
        "JPEG compression; tables only",
        Rebuild,
        "tables that all strips share",
        "TIFF Technical Note 2"
    ),
    row!(
        "strips, tiles",
        "as many as the picture has rows for, each up to its end",
        Verbatim,
        "the picture; JPEG in it without application data and comments",
        "TIFF 6.0 §3, §15"
    ),
    row!(
        "SubIFDs",
        "full pictures",
        Rebuild,
        "pictures that belong to a page",
        "TIFF Technical Note 1"
    ),
];
