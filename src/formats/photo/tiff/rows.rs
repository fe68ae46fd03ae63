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
        "T4Options, T6Options, fax and JBIG options, LercParameters, CFA pattern",
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
        "JPEG compression; tables that are used",
        Rebuild,
        "tables that all strips share",
        "TIFF Technical Note 2"
    ),
    row!(
        "strips, tiles",
        "as many as the picture has rows for, each up to its end",
        Verbatim,
        "the picture; JPEG in it without application data and comments; compressed anew where samples \
            that nobody sees say something",
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

/// Rows of DNG.
pub(super) static DNG: &[Row] = &[
    row!(
        "header, directories",
        "the first one, and those of full pictures and transparency masks",
        Rebuild,
        "where the picture stands",
        "DNG 1.7 ch. 2"
    ),
    row!(
        "tags of TIFF",
        "as in a TIFF",
        Rebuild,
        "how the coded picture is to be read",
        "TIFF 6.0 §8; TIFF/EP"
    ),
    row!(
        "Make, Model, UniqueCameraModel",
        "always; reported as what is left",
        Rebuild,
        "converters choose colours by the camera",
        "DNG 1.7 ch. 4"
    ),
    row!(
        "DNGVersion, DNGBackwardVersion",
        "always",
        Rebuild,
        "who can read it",
        "DNG 1.7 ch. 4"
    ),
    row!(
        "CFA, LinearizationTable, BlackLevel, WhiteLevel, crop, scale, ActiveArea, MaskedAreas",
        "type and number of values as in the standard",
        Rebuild,
        "from numbers of the sensor to light",
        "DNG 1.7 ch. 4 and 5"
    ),
    row!(
        "ColorMatrix, CameraCalibration, ForwardMatrix, AsShotNeutral, AnalogBalance, profile tables",
        "type and number of values as in the standard",
        Rebuild,
        "from light to colours",
        "DNG 1.7 ch. 6"
    ),
    row!(
        "OpcodeList1 to 3, ProfileGainTableMap",
        "nothing but steps of the standard",
        Verbatim,
        "corrections of the lens and the sensor",
        "DNG 1.7 ch. 7"
    ),
    row!(
        "strips, tiles",
        "of the first directory and of full pictures",
        Verbatim,
        "the picture; JPEG in it without application data and comments",
        "DNG 1.7 ch. 4"
    ),
];
