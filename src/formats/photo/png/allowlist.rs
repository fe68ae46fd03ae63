//! All that a cleaned PNG can consist of. Sections are those of W3C PNG, third edition.

use super::chunks::Kind;
use super::header::{Colour, Header};
use crate::model::{How, Row};

macro_rules! rows {
    ($($name:ident: $what:literal, $when:literal, $how:ident, $why:literal, $spec:literal;)*) => {
        $(pub(super) const $name: Row = Row {
            what: $what,
            when: $when,
            how: How::$how,
            why: $why,
            spec: $spec,
        };)*
        /// The allowlist.
        pub(super) static ROWS: &[Row] = &[$($name),*];
    };
}

rows! {
    SIGNATURE: "PNG signature", "always", Verbatim,
        "says that the file is a PNG", "PNG 5.2";
    CGBI: "CgBI", "first chunk, 4 bytes", Verbatim,
        "without it nobody can decode Apple's variant; it stays and is reported", "Apple, not in PNG";
    IHDR: "IHDR", "always", Verbatim,
        "size, bit depth, colour type, interlacing", "PNG 11.2.1";
    PLTE: "PLTE", "colour type 3; entries that no pixel can name are cut off", Verbatim,
        "the colours of the pixels", "PNG 11.2.2";
    IDAT: "IDAT", "up to the end of the zlib stream; deflated anew only where the stream holds more than \
        the scanlines, since what is hidden there cannot be cut out otherwise", Verbatim,
        "the pixels", "PNG 11.2.3";
    IEND: "IEND", "always, without data", Verbatim,
        "the end", "PNG 11.2.4";
    TRNS: "tRNS", "colour type 0, 2 or 3 with the length of that type", Verbatim,
        "transparency", "PNG 11.3.1.1";
    CHRM: "cHRM", "32 bytes, no number above 2", Verbatim, "primary colours and white point", "PNG 11.3.2.1";
    GAMA: "gAMA", "4 bytes, 0.00016 to 6250", Verbatim, "brightness", "PNG 11.3.2.2";
    ICCP: "iCCP", "a profile that can be cleaned", Rebuild,
        "colours; the profile is scrubbed and its name is ICC", "PNG 11.3.2.3";
    SBIT: "sBIT", "the length of the colour type, no more bits than there are", Verbatim,
        "how many bits of a sample count", "PNG 11.3.2.4";
    SRGB: "sRGB", "1 byte, 0 to 3", Verbatim, "colours", "PNG 11.3.2.5";
    CICP: "cICP", "4 bytes, values that ITU-T H.273 knows", Verbatim, "colours, HDR", "PNG 11.3.2.6";
    MDCV: "mDCV", "24 bytes, up to 10,000 cd/m²; also as mDCv", Verbatim, "HDR: the display it was made for", "PNG 11.3.2.7";
    CLLI: "cLLI", "8 bytes, up to 10,000 cd/m²; also as cLLi", Verbatim, "HDR: the brightest pixel", "PNG 11.3.2.8";
    BKGD: "bKGD", "the length and the range of the colour type", Verbatim,
        "what transparent pixels stand on in some viewers", "PNG 11.3.4.1";
    PHYS: "pHYs", "9 bytes", Verbatim, "printed size and shape of the pixels", "PNG 11.3.4.3";
    EXIF: "eXIf", "before IDAT, when it turns the picture", Rebuild,
        "orientation, and nothing else", "PNG 11.3.4.5";
    ACTL: "acTL", "animations", Verbatim, "number of frames and loops", "PNG 11.3.6.1";
    FCTL: "fcTL", "animations", Verbatim,
        "place, delay and blending of a frame; numbered anew where a fdAT before it goes", "PNG 11.3.6.2";
    FDAT: "fdAT", "animations; as IDAT", Verbatim, "the pixels of a frame", "PNG 11.3.6.3";
}

/// A chunk of few bytes that is copied when its form is right.
pub(super) struct Small {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    pub(super) row: &'static Row,
    /// Whether the picture looks different without it.
    pub(super) decides_look: bool,
    /// Whether a decoder can use this data.
    pub(super) fits: fn(&Header, palette: u16, data: &[u8]) -> bool,
}

/// The type of a chunk with this name.
pub(super) const fn kind(name: &str) -> Kind {
    match name.as_bytes() {
        [a, b, c, d] => [*a, *b, *c, *d],
        _ => [0; 4],
    }
}

macro_rules! small {
    ($($kind:ident $row:ident $look:literal $fits:expr;)*) => {
        /// All of them.
        pub(super) static SMALL: &[Small] = &[$(Small {
            kind: kind(stringify!($kind)),
            name: stringify!($kind),
            row: &$row,
            decides_look: $look,
            fits: $fits,
        }),*];
    };
}

small! {
    tRNS TRNS true |header, palette, data| match header.colour {
        Colour::Gray => data.len() == 2,
        Colour::Rgb => data.len() == 6,
        Colour::Indexed => !data.is_empty() && data.len() <= usize::from(palette),
        Colour::GrayAlpha | Colour::Rgba => false,
    };
    gAMA GAMA true |_, _, data| data.len() == 4 && numbers(data).all(|n| (16..=625_000_000).contains(&n));
    cHRM CHRM true |_, _, data| data.len() == 32 && numbers(data).all(|n| n <= 200_000);
    sRGB SRGB true |_, _, data| matches!(data, [0..=3]);
    cICP CICP true |_, _, data| matches!(data, [0..=22, 0..=18, 0..=17, 0..=1]);
    mDCV MDCV true |_, _, data| is_mastering_display(data);
    mDCv MDCV true |_, _, data| is_mastering_display(data);
    cLLI CLLI true |_, _, data| data.len() == 8 && numbers(data).all(|n| n <= BRIGHTEST);
    cLLi CLLI true |_, _, data| data.len() == 8 && numbers(data).all(|n| n <= BRIGHTEST);
    pHYs PHYS false |_, _, data| data.len() == 9 && matches!(data.last(), Some(0 | 1));
    sBIT SBIT false |header, _, data| {
        let (len, most) = match header.colour {
            Colour::Indexed => (3, 8),
            colour => (usize::from(colour.channels()), header.depth),
        };
        data.len() == len && data.iter().all(|bits| (1..=most).contains(bits))
    };
    bKGD BKGD false |header, palette, data| match header.colour {
        Colour::Gray | Colour::GrayAlpha => data.len() == 2 && are_samples(header, data),
        Colour::Rgb | Colour::Rgba => data.len() == 6 && are_samples(header, data),
        Colour::Indexed => matches!(data, [index] if u16::from(*index) < palette),
    };
}

/// 10,000 candela per square metre, in the standard's units of 0.0001.
const BRIGHTEST: u32 = 100_000_000;

fn numbers(data: &[u8]) -> impl Iterator<Item = u32> {
    data.as_chunks()
        .0
        .iter()
        .map(|bytes| u32::from_be_bytes(*bytes))
}

/// Twelve bytes of chromaticities, four of a white point, two luminances.
fn is_mastering_display(data: &[u8]) -> bool {
    data.len() == 24 && numbers(data).skip(4).all(|n| n <= BRIGHTEST)
}

/// Whether no sample has more bits than the picture's.
fn are_samples(header: &Header, data: &[u8]) -> bool {
    let samples = data.as_chunks().0.iter();
    samples
        .map(|bytes| u32::from(u16::from_be_bytes(*bytes)))
        .all(|sample| sample.checked_shr(header.depth.into()) == Some(0))
}
