//! The tags that a copy may have: their types, and how many values they may hold.

use crate::containers::tiff::ifd::field::{
    BYTE, DOUBLE, FLOAT, LONG, LONG8, RATIONAL, SBYTE, SHORT, SLONG, SRATIONAL, SSHORT, UNDEFINED,
};

/// A tag that a copy may have.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) tag: u16,
    /// Types that the standard allows, and those that programs write instead.
    pub(super) kinds: &'static [u16],
    /// Most values.
    pub(super) most: Most,
    /// What to do with it.
    pub(super) how: How,
    /// Where it means something.
    pub(super) when: When,
    /// Least and most that a whole number may be.
    pub(super) range: (u64, u64),
}

/// In which pictures a tag means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// In all.
    Always,
    /// With these photometric interpretations.
    Photometric(&'static [u64]),
    /// With this compression.
    Compression(&'static [u64]),
    /// Where tiles are.
    Tiled,
}

/// How many values are too many.
#[derive(Clone, Copy, Debug)]
pub(super) enum Most {
    /// A number.
    N(u64),
    /// So many for each sample of a pixel.
    PerSample(u64),
    /// So many for each value that a sample can have.
    PerLevel(u64),
    /// Any number: coded data.
    Any,
}

/// What happens to an allowed tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Copied; a file is refused in which it does not follow the rule.
    Needed,
    /// Copied; dropped where it does not follow the rule.
    Wanted,
    /// Text, up to its first zero byte.
    Text,
    /// Made by the code that knows it.
    Special,
}

use How::{Needed, Special, Wanted};
use Most::{Any, N, PerLevel, PerSample};

pub(super) const fn rule(tag: u16, kinds: &'static [u16], most: Most, how: How) -> Rule {
    Rule {
        tag,
        kinds,
        most,
        how,
        when: When::Always,
        range: (0, u64::MAX),
    }
}

pub(super) const fn within(least: u64, most: u64, rule: Rule) -> Rule {
    Rule {
        range: (least, most),
        ..rule
    }
}

const fn only(rule: Rule, when: When) -> Rule {
    Rule { when, ..rule }
}

const GRAY: When = When::Photometric(&[0, 1]);
const PALETTE: When = When::Photometric(&[3]);
const INKS: When = When::Photometric(&[5]);
const LAB: When = When::Photometric(&[8, 9, 10]);
const RGB_YCBCR: When = When::Photometric(&[2, 6]);
const CFA: When = When::Photometric(&[32803]);
const YCBCR: When = When::Photometric(&[6]);
const FAX: When = When::Compression(&[2, 3, 4, 32771, 34661]);
const LERC: When = When::Compression(&[34887]);
const OLD_JPEG: When = When::Compression(&[6]);

/// Compressions with a predictor: LZW, Deflate, LZMA, Zstandard, and those of DNG.
pub(super) const PREDICTED: &[u64] = &[5, 7, 8, 32946, 34892, 34925, 50000, 52546];

const SHORTS: &[u16] = &[SHORT];
const WHOLE: &[u16] = &[SHORT, LONG];
const LONGS: &[u16] = &[LONG, SHORT];
const RATIONALS: &[u16] = &[RATIONAL];
const BYTES: &[u16] = &[BYTE, UNDEFINED];
/// Standard, and what programs write.
const SAMPLE: &[u16] = &[SHORT, BYTE];
const NUMBERS: &[u16] = &[
    BYTE, SBYTE, SHORT, SSHORT, LONG, SLONG, RATIONAL, SRATIONAL, FLOAT, DOUBLE, LONG8,
];

pub(super) const NEW_SUBFILE_TYPE: u16 = 0x00FE;
pub(super) const SUBFILE_TYPE: u16 = 0x00FF;
pub(super) const WIDTH: u16 = 0x0100;
pub(super) const LENGTH: u16 = 0x0101;
pub(super) const BITS: u16 = 0x0102;
pub(super) const COMPRESSION: u16 = 0x0103;
pub(super) const PHOTOMETRIC: u16 = 0x0106;
pub(super) const FILL_ORDER: u16 = 0x010A;
pub(super) const ORIENTATION: u16 = 0x0112;
pub(super) const STRIP_OFFSETS: u16 = 0x0111;
pub(super) const SAMPLES: u16 = 0x0115;
pub(super) const ROWS_PER_STRIP: u16 = 0x0116;
pub(super) const STRIP_LENGTHS: u16 = 0x0117;
pub(super) const PLANAR: u16 = 0x011C;
pub(super) const GRAY_RESPONSE: u16 = 0x0123;
pub(super) const T4_OPTIONS: u16 = 0x0124;
pub(super) const TRANSFER_FUNCTION: u16 = 0x012D;
pub(super) const PREDICTOR: u16 = 0x013D;
pub(super) const COLOR_MAP: u16 = 0x0140;
pub(super) const TILE_WIDTH: u16 = 0x0142;
pub(super) const TILE_LENGTH: u16 = 0x0143;
pub(super) const TILE_OFFSETS: u16 = 0x0144;
pub(super) const TILE_LENGTHS: u16 = 0x0145;
pub(super) const SUB_IFDS: u16 = 0x014A;
pub(super) const EXTRA_SAMPLES: u16 = 0x0152;
pub(super) const JPEG_TABLES: u16 = 0x015B;
pub(super) const JPEG_OFFSET: u16 = 0x0201;
pub(super) const JPEG_LENGTH: u16 = 0x0202;
pub(super) const SUBSAMPLING: u16 = 0x0212;
pub(super) const JPEG_Q_TABLES: u16 = 0x0207;
pub(super) const JPEG_DC_TABLES: u16 = 0x0208;
pub(super) const JPEG_AC_TABLES: u16 = 0x0209;
pub(super) const DEPTH: u16 = 0x80E5;
pub(super) const EXIF: u16 = 0x8769;
pub(super) const ICC: u16 = 0x8773;
pub(super) const GPS: u16 = 0x8825;
pub(super) const INTEROP: u16 = 0xA005;
pub(super) const COLOR_SPACE: u16 = 0xA001;
pub(super) const GAMMA: u16 = 0xA500;
pub(super) const LERC_PARAMETERS: u16 = 0xC5F2;
pub(super) const DNG_VERSION: u16 = 0xC612;

/// Leak catalogue §7, ascending by tag.
#[rustfmt::skip]
static RULES: &[Rule] = &[
    rule(NEW_SUBFILE_TYPE, LONGS, N(1), Special),
    rule(SUBFILE_TYPE, LONGS, N(1), Special),
    rule(WIDTH, WHOLE, N(1), Needed),
    rule(LENGTH, WHOLE, N(1), Needed),
    within(1, 128, rule(BITS, WHOLE, PerSample(1), Needed)),
    within(1, 65535, rule(COMPRESSION, WHOLE, N(1), Needed)),
    within(0, 65535, rule(PHOTOMETRIC, WHOLE, N(1), Needed)),
    within(1, 3, rule(0x0107, SHORTS, N(1), Wanted)), // Threshholding
    rule(0x0108, SHORTS, N(1), Wanted), // CellWidth
    rule(0x0109, SHORTS, N(1), Wanted), // CellLength
    within(1, 2, rule(0x010A, SHORTS, N(1), Needed)), // FillOrder
    rule(STRIP_OFFSETS, &[SHORT, LONG, LONG8], Any, Special),
    within(1, 8, rule(ORIENTATION, SHORTS, N(1), Wanted)), // Orientation
    within(1, 65535, rule(SAMPLES, WHOLE, N(1), Needed)),
    rule(ROWS_PER_STRIP, WHOLE, N(1), Needed),
    rule(STRIP_LENGTHS, &[SHORT, LONG, LONG8], Any, Special),
    rule(0x0118, SAMPLE, PerSample(1), Wanted), // MinSampleValue
    rule(0x0119, SAMPLE, PerSample(1), Wanted), // MaxSampleValue
    rule(0x011A, RATIONALS, N(1), Wanted), // XResolution
    rule(0x011B, RATIONALS, N(1), Wanted), // YResolution
    within(1, 2, rule(PLANAR, WHOLE, N(1), Needed)),
    rule(0x011E, RATIONALS, N(1), Wanted), // XPosition
    rule(0x011F, RATIONALS, N(1), Wanted), // YPosition
    within(1, 5, only(rule(0x0122, SHORTS, N(1), Wanted), GRAY)), // GrayResponseUnit
    only(rule(0x0123, SHORTS, PerLevel(1), Wanted), GRAY), // GrayResponseCurve
    within(0, 7, only(rule(T4_OPTIONS, LONGS, N(1), Needed), FAX)), // T4Options
    within(0, 3, only(rule(0x0125, LONGS, N(1), Needed), FAX)), // T6Options
    within(1, 3, rule(0x0128, WHOLE, N(1), Wanted)), // ResolutionUnit
    rule(0x0129, SHORTS, N(2), Wanted), // PageNumber
    rule(0x012D, SHORTS, PerLevel(3), Wanted), // TransferFunction
    within(1, 65535, only(rule(PREDICTOR, WHOLE, N(1), Needed), When::Compression(PREDICTED))), // Predictor
    rule(0x013E, RATIONALS, N(2), Wanted), // WhitePoint
    rule(0x013F, RATIONALS, N(6), Wanted), // PrimaryChromaticities
    only(rule(COLOR_MAP, SHORTS, PerLevel(3), Needed), PALETTE), // ColorMap
    rule(0x0141, SHORTS, N(2), Wanted), // HalftoneHints
    within(1, 1 << 20, only(rule(TILE_WIDTH, WHOLE, N(1), Needed), When::Tiled)),
    within(1, 1 << 20, only(rule(TILE_LENGTH, WHOLE, N(1), Needed), When::Tiled)),
    rule(TILE_OFFSETS, &[SHORT, LONG, LONG8], Any, Special),
    rule(TILE_LENGTHS, &[SHORT, LONG, LONG8], Any, Special),
    rule(SUB_IFDS, &[], Any, Special),
    within(1, 2, only(rule(0x014C, WHOLE, N(1), Needed), INKS)), // InkSet
    within(1, 256, only(rule(0x014E, WHOLE, N(1), Needed), INKS)), // NumberOfInks
    only(rule(0x0150, &[BYTE, SHORT], PerSample(2), Wanted), INKS), // DotRange
    within(0, 999, rule(EXTRA_SAMPLES, WHOLE, PerSample(1), Needed)), // ExtraSamples
    within(1, 6, rule(0x0153, WHOLE, PerSample(1), Needed)), // SampleFormat
    rule(0x0154, NUMBERS, PerSample(1), Wanted), // SMinSampleValue
    rule(0x0155, NUMBERS, PerSample(1), Wanted), // SMaxSampleValue
    rule(0x0156, SHORTS, N(6), Wanted), // TransferRange
    within(0, 1, rule(0x015A, WHOLE, N(1), Needed)), // Indexed
    rule(JPEG_TABLES, BYTES, Any, Special),
    within(0, 6, only(rule(0x0191, LONGS, N(1), Wanted), FAX)), // ProfileType
    within(0, 16, only(rule(0x0192, BYTES, N(1), Wanted), FAX)), // FaxProfile
    within(0, 127, only(rule(0x0193, LONGS, N(1), Wanted), FAX)), // CodingMethods
    only(rule(0x0194, BYTES, N(4), Wanted), FAX), // VersionYear
    within(0, 3, only(rule(0x0195, BYTES, N(1), Wanted), FAX)), // ModeNumber
    only(rule(0x01B1, &[SRATIONAL], PerSample(2), Needed), LAB), // Decode
    rule(0x01B2, SHORTS, PerSample(1), Needed), // DefaultImageColor
    within(1, 14, only(rule(0x0200, SHORTS, N(1), Needed), OLD_JPEG)), // JPEGProc
    rule(JPEG_OFFSET, LONGS, N(1), Special),
    rule(JPEG_LENGTH, LONGS, N(1), Special),
    only(rule(0x0203, SHORTS, N(1), Needed), OLD_JPEG), // JPEGRestartInterval
    within(1, 7, only(rule(0x0205, SHORTS, PerSample(1), Needed), OLD_JPEG)), // JPEGLosslessPredictors
    within(0, 15, only(rule(0x0206, SHORTS, PerSample(1), Needed), OLD_JPEG)), // JPEGPointTransforms
    rule(JPEG_Q_TABLES, LONGS, PerSample(1), Special),
    rule(JPEG_DC_TABLES, LONGS, PerSample(1), Special),
    rule(JPEG_AC_TABLES, LONGS, PerSample(1), Special),
    only(rule(0x0211, RATIONALS, N(3), Needed), YCBCR), // YCbCrCoefficients
    within(1, 4, only(rule(SUBSAMPLING, WHOLE, N(2), Needed), YCBCR)),
    within(1, 2, only(rule(0x0213, WHOLE, N(1), Wanted), YCBCR)), // YCbCrPositioning
    only(rule(0x0214, &[RATIONAL, LONG, SHORT], PerSample(2), Needed), RGB_YCBCR), // ReferenceBlackWhite
    within(0, 3, rule(0x0303, BYTES, N(1), Wanted)), // SRGBRenderingIntent
    within(0, 1, rule(0x80E3, SHORTS, N(1), Needed)), // Matteing
    within(0, 6, rule(0x80E4, SHORTS, PerSample(1), Needed)), // DataType
    within(1, 1 << 20, rule(DEPTH, WHOLE, N(1), Needed)), // ImageDepth
    within(1, 1 << 20, only(rule(0x80E6, WHOLE, N(1), Needed), When::Tiled)), // TileDepth
    within(1, 64, only(rule(0x828D, SHORTS, N(2), Needed), CFA)), // CFARepeatPatternDim
    only(rule(0x828E, BYTES, N(4096), Needed), CFA), // CFAPattern
    rule(EXIF, &[], Any, Special),
    rule(ICC, BYTES, Any, Special),
    only(rule(0x8780, LONGS, N(1), Wanted), FAX), // MultiProfiles
    only(rule(0x87BE, LONGS, N(1), Wanted), FAX), // JBIGOptions
    within(0, 6, only(rule(LERC_PARAMETERS, &[LONG], N(2), Needed), LERC)),
];

/// The rule for a tag of a TIFF file.
pub(super) fn tiff_rule(tag: u16) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.tag == tag)
}

/// Tags of coded data and of other directories, which mean nothing away from their file.
pub(super) fn is_pointer(tag: u16) -> bool {
    matches!(
        tag,
        STRIP_OFFSETS
            | STRIP_LENGTHS
            | TILE_OFFSETS
            | TILE_LENGTHS
            | SUB_IFDS
            | JPEG_OFFSET
            | JPEG_LENGTH
            | JPEG_Q_TABLES
            | JPEG_DC_TABLES
            | JPEG_AC_TABLES
    )
}

/// DNGVersion and DNGBackwardVersion.
pub(super) fn is_version(tag: u16) -> bool {
    matches!(tag, DNG_VERSION | 0xC613)
}

/// Longer texts are no names of cameras.
pub(super) const LONGEST_TEXT: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_in_order() {
        assert!(RULES.windows(2).all(|pair| pair[0].tag < pair[1].tag));
    }
}
