//! The tags that DNG 1.7 has beside those of TIFF.

use super::judge::Judge;
use super::opcodes;
use super::tags::{How, Most, Rule, rule, tiff_rule, within};
use crate::bytes::{Cursor, Order};
use crate::containers::tiff::ifd::field::{
    ASCII, BYTE, DOUBLE, FLOAT, LONG, RATIONAL, SHORT, SLONG, SRATIONAL, UNDEFINED,
};
use crate::model::{Category, Finding, Result, Role, Severity, len_u64};

use How::{Needed, Text, Wanted};
use Most::N;

const COUNTS: &[u16] = &[SHORT, LONG];
const LEVELS: &[u16] = &[SHORT, LONG, RATIONAL, SRATIONAL];
const RATIOS: &[u16] = &[RATIONAL, SRATIONAL];
const FRACTIONS: &[u16] = &[RATIONAL, SRATIONAL, SHORT, LONG];
const BYTES: &[u16] = &[BYTE];
const BLOCK: &[u16] = &[UNDEFINED, BYTE];
const TEXT: &[u16] = &[ASCII, BYTE];
const LONGS: &[u16] = &[LONG, SHORT];
const FLOATS: &[u16] = &[FLOAT];

/// Most numbers of a matrix between colours: four by four.
const MATRIX: Most = N(16);
/// Most numbers of a table of colours.
const TABLE: Most = N(1 << 20);
/// Largest block of a processing step, in bytes.
const STEP: Most = N(16 << 20);

/// Name of the camera, for those who choose colours by it.
const MODELS: &[u16] = &[0x010F, 0x0110, 0xC614];
/// `OpcodeList1` to `3`.
const OPCODES: &[u16] = &[0xC740, 0xC741, 0xC74E];

/// Leak catalogue §8, ascending by tag.
#[rustfmt::skip]
static RULES: &[Rule] = &[
    rule(0x010F, TEXT, N(256), Text), // Make
    rule(0x0110, TEXT, N(256), Text), // Model
    within(0, 8, rule(0x9217, COUNTS, N(1), Wanted)), // SensingMethod
    within(0, 15, rule(0xC612, BYTES, N(4), Needed)), // DNGVersion
    within(0, 15, rule(0xC613, BYTES, N(4), Needed)), // DNGBackwardVersion
    rule(0xC614, TEXT, N(256), Text), // UniqueCameraModel
    within(0, 255, rule(0xC616, BYTES, N(4), Needed)), // CFAPlaneColor
    within(1, 9, rule(0xC617, COUNTS, N(1), Needed)), // CFALayout
    rule(0xC618, COUNTS, N(65_536), Needed), // LinearizationTable
    rule(0xC619, COUNTS, N(2), Needed), // BlackLevelRepeatDim
    rule(0xC61A, LEVELS, N(256), Needed), // BlackLevel
    rule(0xC61B, RATIOS, N(65_536), Needed), // BlackLevelDeltaH
    rule(0xC61C, RATIOS, N(65_536), Needed), // BlackLevelDeltaV
    rule(0xC61D, LEVELS, N(16), Needed), // WhiteLevel
    rule(0xC61E, FRACTIONS, N(2), Needed), // DefaultScale
    rule(0xC61F, FRACTIONS, N(2), Needed), // DefaultCropOrigin
    rule(0xC620, FRACTIONS, N(2), Needed), // DefaultCropSize
    rule(0xC621, RATIOS, MATRIX, Needed), // ColorMatrix1
    rule(0xC622, RATIOS, MATRIX, Needed), // ColorMatrix2
    rule(0xC623, RATIOS, MATRIX, Needed), // CameraCalibration1
    rule(0xC624, RATIOS, MATRIX, Needed), // CameraCalibration2
    rule(0xC625, RATIOS, MATRIX, Needed), // ReductionMatrix1
    rule(0xC626, RATIOS, MATRIX, Needed), // ReductionMatrix2
    rule(0xC627, FRACTIONS, MATRIX, Needed), // AnalogBalance
    rule(0xC628, FRACTIONS, MATRIX, Needed), // AsShotNeutral
    rule(0xC629, RATIOS, N(2), Needed), // AsShotWhiteXY
    rule(0xC62A, RATIOS, N(1), Needed), // BaselineExposure
    rule(0xC62B, RATIOS, N(1), Wanted), // BaselineNoise
    rule(0xC62C, RATIOS, N(1), Wanted), // BaselineSharpness
    within(0, 65535, rule(0xC62D, LONGS, N(1), Needed)), // BayerGreenSplit
    rule(0xC62E, RATIOS, N(1), Needed), // LinearResponseLimit
    rule(0xC631, RATIOS, N(1), Wanted), // ChromaBlurRadius
    rule(0xC632, RATIOS, N(1), Wanted), // AntiAliasStrength
    rule(0xC633, RATIOS, N(1), Wanted), // ShadowScale
    within(0, 255, rule(0xC65A, COUNTS, N(1), Needed)), // CalibrationIlluminant1
    within(0, 255, rule(0xC65B, COUNTS, N(1), Needed)), // CalibrationIlluminant2
    rule(0xC65C, RATIOS, N(1), Wanted), // BestQualityScale
    rule(0xC68D, COUNTS, N(4), Needed), // ActiveArea
    rule(0xC68E, COUNTS, N(64), Needed), // MaskedAreas
    rule(0xC690, RATIOS, MATRIX, Wanted), // AsShotPreProfileMatrix
    rule(0xC692, RATIOS, MATRIX, Wanted), // CurrentPreProfileMatrix
    within(0, 2, rule(0xC6BF, COUNTS, N(1), Needed)), // ColorimetricReference
    rule(0xC6F9, LONGS, N(3), Needed), // ProfileHueSatMapDims
    rule(0xC6FA, FLOATS, TABLE, Needed), // ProfileHueSatMapData1
    rule(0xC6FB, FLOATS, TABLE, Needed), // ProfileHueSatMapData2
    rule(0xC6FC, FLOATS, N(16_384), Needed), // ProfileToneCurve
    within(0, 3, rule(0xC6FD, LONGS, N(1), Wanted)), // ProfileEmbedPolicy
    rule(0xC714, RATIOS, MATRIX, Needed), // ForwardMatrix1
    rule(0xC715, RATIOS, MATRIX, Needed), // ForwardMatrix2
    within(0, 5, rule(0xC71A, LONGS, N(1), Wanted)), // PreviewColorSpace
    within(0, 65535, rule(0xC71E, COUNTS, N(2), Needed)), // SubTileBlockSize
    within(1, 65535, rule(0xC71F, COUNTS, N(1), Needed)), // RowInterleaveFactor
    rule(0xC725, LONGS, N(3), Needed), // ProfileLookTableDims
    rule(0xC726, FLOATS, TABLE, Needed), // ProfileLookTableData
    rule(0xC740, BLOCK, STEP, Needed), // OpcodeList1
    rule(0xC741, BLOCK, STEP, Needed), // OpcodeList2
    rule(0xC74E, BLOCK, STEP, Needed), // OpcodeList3
    rule(0xC761, &[DOUBLE], N(8), Wanted), // NoiseProfile
    rule(0xC791, COUNTS, N(2), Wanted), // OriginalDefaultFinalSize
    rule(0xC792, COUNTS, N(2), Wanted), // OriginalBestQualityFinalSize
    rule(0xC793, FRACTIONS, N(2), Wanted), // OriginalDefaultCropSize
    within(0, 1, rule(0xC7A3, LONGS, N(1), Needed)), // ProfileHueSatMapEncoding
    within(0, 1, rule(0xC7A4, LONGS, N(1), Needed)), // ProfileLookTableEncoding
    rule(0xC7A5, RATIOS, N(1), Needed), // BaselineExposureOffset
    within(0, 1, rule(0xC7A6, &[LONG, SHORT, SLONG], N(1), Needed)), // DefaultBlackRender
    rule(0xC7A8, &[DOUBLE], N(1), Wanted), // RawToPreviewGain
    rule(0xC7B5, RATIOS, N(4), Needed), // DefaultUserCrop
    rule(0xCD2D, BLOCK, STEP, Needed), // ProfileGainTableMap
    within(0, 255, rule(0xCD31, COUNTS, N(1), Needed)), // CalibrationIlluminant3
    rule(0xCD32, RATIOS, MATRIX, Needed), // CameraCalibration3
    rule(0xCD33, RATIOS, MATRIX, Needed), // ColorMatrix3
    rule(0xCD34, RATIOS, MATRIX, Needed), // ForwardMatrix3
    rule(0xCD39, FLOATS, TABLE, Needed), // ProfileHueSatMapData3
    rule(0xCD3A, RATIOS, MATRIX, Needed), // ReductionMatrix3
    rule(0xCD40, BLOCK, STEP, Needed), // ProfileGainTableMap2
    within(1, 65535, rule(0xCD43, LONGS, N(1), Needed)), // ColumnInterleaveFactor
];

/// The rule for a tag of a DNG.
pub(super) fn dng_rule(tag: u16) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.tag == tag)
        .or_else(|| tiff_rule(tag))
}

/// Tags without which a converter would show something else.
pub(super) static DECISIVE: &[u16] = &[
    0xC612, 0xC616, 0xC617, 0xC618, 0xC619, 0xC61A, 0xC61B, 0xC61C, 0xC61D, 0xC61E, 0xC61F, 0xC620,
    0xC621, 0xC622, 0xC623, 0xC624, 0xC625, 0xC626, 0xC627, 0xC628, 0xC629, 0xC62A, 0xC62D, 0xC62E,
    0xC65A, 0xC65B, 0xC68D, 0xC68E, 0xC6BF, 0xC6F9, 0xC6FA, 0xC6FB, 0xC6FC, 0xC714, 0xC715, 0xC71E,
    0xC71F, 0xC725, 0xC726, 0xC740, 0xC741, 0xC74E, 0xC7A3, 0xC7A4, 0xC7A5, 0xC7A6, 0xC7B5, 0xCD2D,
    0xCD31, 0xCD32, 0xCD33, 0xCD34, 0xCD39, 0xCD3A, 0xCD40, 0xCD43,
];

/// `ProfileGainTableMap` and `ProfileGainTableMap2`.
const GAIN_MAPS: &[u16] = &[0xCD2D, 0xCD40];

/// Whether a map of gains has as many numbers as it says, and nothing else.
fn is_gain_map(order: Order, bytes: &[u8], tag: u16) -> bool {
    let number = |at: usize| {
        bytes
            .get(at..)
            .and_then(|rest| order.u32(rest))
            .map(u64::from)
    };
    // Points down, across and of the table; the second kind names the type of its numbers.
    let (header, size) = match (tag, number(64)) {
        (0xCD2D, _) => (64_u64, Some(4_u64)),
        (_, Some(0)) => (80, Some(1)),
        (_, Some(1 | 2)) => (80, Some(2)),
        (_, Some(3)) => (80, Some(4)),
        _ => (80, None),
    };
    let len = [number(0), number(4), number(40), size]
        .into_iter()
        .try_fold(1_u64, |len, n| len.checked_mul(n?));
    len.and_then(|len| len.checked_add(header)) == Some(len_u64(bytes.len()))
}

/// `DefaultUserCrop`: top, left, bottom, right as parts of the whole.
const USER_CROP: u16 = 0xC7B5;

/// Whether a crop takes nothing away.
fn is_whole(order: Order, bytes: &[u8]) -> bool {
    let mut cursor = Cursor::new(bytes);
    [false, false, true, true].into_iter().all(|far| {
        let pair = cursor.u32(order).zip(cursor.u32(order));
        pair.is_some_and(|(n, d)| if far { n == d } else { n == 0 })
    })
}

/// CameraCalibration1 to 3 and AnalogBalance: how one camera differs from others of its model.
const UNITS: &[u16] = &[0xC623, 0xC624, 0xCD32, 0xC627];
const LINEARIZATION: u16 = 0xC618;
/// ProfileHueSatMapData1 to 3, ProfileLookTableData, ProfileToneCurve.
const FLOAT_TABLES: &[u16] = &[0xC6FA, 0xC6FB, 0xCD39, 0xC726, 0xC6FC];

impl Judge<'_, '_> {
    /// What a DNG keeps although it tells something.
    pub(super) fn stays(&mut self, tag: u16, bytes: &[u8], at: u64, place: &str) -> Result<()> {
        if MODELS.contains(&tag) {
            let text = String::from_utf8_lossy(bytes);
            let text = text.trim_end_matches('\0').trim();
            self.kept_texts.push(text.to_owned());
            let role = if tag == 0x010F {
                Role::Make
            } else {
                Role::Model
            };
            let what = "model of the camera, by which programs choose the colours";
            let finding = Finding::new(
                "raw.dng.model",
                Category::Device,
                Severity::Medium,
                place,
                what,
            );
            let known = |finding: &&Finding| finding.id == "raw.dng.model" && finding.role == role;
            if !text.is_empty() && !self.residue.iter().any(|finding| known(&finding)) {
                self.residue.push(finding.text(text).role(role));
            }
        }
        if GAIN_MAPS.contains(&tag) && !is_gain_map(self.file.order(), bytes, tag) {
            return Err(self.file.malformed(at, "a map of gains is damaged"));
        }
        if tag == USER_CROP && !is_whole(self.file.order(), bytes) {
            let what = "what was cropped away, which only the crop hides";
            let finding = Finding::new(
                "raw.hidden.crop",
                Category::Image,
                Severity::High,
                place,
                what,
            );
            self.residue.push(finding);
        }
        let order = self.file.order();
        if UNITS.contains(&tag) && !is_identity(order, bytes) {
            let what = "calibration of this one camera";
            self.tells_cameras_apart("raw.dng.calibration", what, place);
        }
        if tag == LINEARIZATION && !bytes.chunks(2).map(|pair| order.u16(pair)).is_sorted()
            || FLOAT_TABLES.contains(&tag) && !are_plausible(order, bytes)
        {
            let what = "a table of numbers that no camera writes";
            let (category, severity) = (Category::Unknown, Severity::Medium);
            let finding = Finding::new("raw.dng.table", category, severity, place, what);
            self.residue.push(finding);
        }
        if OPCODES.contains(&tag) {
            let Some(opcodes) = opcodes::read(bytes) else {
                return Err(self
                    .file
                    .malformed(at, "a list of processing steps is damaged"));
            };
            if opcodes.contains(&opcodes::BAD_PIXELS) {
                let what = "list of the sensor's bad pixels, which tells cameras apart";
                self.tells_cameras_apart("raw.dng.pixels", what, place);
            }
        }
        Ok(())
    }

    fn tells_cameras_apart(&mut self, id: &'static str, what: &'static str, place: &str) {
        if self.residue.iter().all(|finding| finding.id != id) {
            let (category, severity) = (Category::Device, Severity::Low);
            let finding = Finding::new(id, category, severity, place, what);
            self.residue.push(finding);
        }
    }
}

/// Whether a matrix changes nothing.
fn is_identity(order: Order, bytes: &[u8]) -> bool {
    let (pairs, _) = bytes.as_chunks::<8>();
    let side = (1..=4_usize).find(|side| side.saturating_mul(*side) == pairs.len());
    let step = side.unwrap_or(0).saturating_add(1);
    pairs.iter().enumerate().all(|(nth, pair)| {
        let mut cursor = Cursor::new(pair);
        let pair = cursor.u32(order).zip(cursor.u32(order));
        let is_one = nth.is_multiple_of(step) || side.is_none();
        pair.is_some_and(|(n, d)| if is_one { n == d } else { n == 0 })
    })
}

/// Whether numbers are of a size that shifts and factors of colours have.
fn are_plausible(order: Order, bytes: &[u8]) -> bool {
    bytes.chunks(4).all(|number| {
        let number = order.u32(number).map(f32::from_bits).map(f32::abs);
        number.is_some_and(|number| number == 0.0 || (1e-6..=400.0).contains(&number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_in_order() {
        assert!(RULES.windows(2).all(|pair| pair[0].tag < pair[1].tag));
        assert!(DECISIVE.iter().all(|tag| dng_rule(*tag).is_some()));
    }

    #[test]
    fn maps_of_gains_have_the_numbers_they_name() {
        let mut map = vec![0; 64 + 2 * 3 * 4 * 4];
        for (at, n) in [(0, 2), (4, 3), (40, 4)] {
            map[at] = n;
        }
        assert!(is_gain_map(Order::Little, &map, 0xCD2D));
        assert!(!is_gain_map(
            Order::Little,
            &[&map[..], b"more"].concat(),
            0xCD2D
        ));
        assert!(!is_gain_map(Order::Little, b"text", 0xCD40));
        map.resize(80 + 2 * 3 * 4, 0);
        assert!(is_gain_map(Order::Little, &map, 0xCD40));
    }

    #[test]
    fn crops_of_nothing() {
        let crop =
            |n: [u8; 4]| -> Vec<u8> { n.iter().flat_map(|n| [*n, 0, 0, 0, 4, 0, 0, 0]).collect() };
        assert!(is_whole(Order::Little, &crop([0, 0, 4, 4])));
        assert!(!is_whole(Order::Little, &crop([0, 1, 4, 4])));
        assert!(!is_whole(Order::Little, &crop([0, 0, 3, 4])));
    }

    #[test]
    fn matrices_that_change_nothing() {
        let matrix = |n: &[u8]| -> Vec<u8> {
            let pair = |n: &u8| [*n, 0, 0, 0, 9, 0, 0, 0];
            n.iter().flat_map(pair).collect()
        };
        let one = [9, 0, 0, 0, 9, 0, 0, 0, 9];
        assert!(is_identity(Order::Little, &matrix(&one)));
        assert!(!is_identity(
            Order::Little,
            &matrix(&[8, 0, 0, 0, 9, 0, 0, 0, 9])
        ));
        assert!(is_identity(Order::Little, &matrix(&[9, 9, 9])));
    }

    #[test]
    fn tables_of_colours_hold_no_text() {
        let table: Vec<u8> = [0.0_f32, 1.0, 1.25, -6.0]
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect();
        assert!(are_plausible(Order::Little, &table));
        assert!(!are_plausible(Order::Little, b"57.7, 11.9 N"));
    }
}
