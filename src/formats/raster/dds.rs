//! DDS, textures of DirectX (Microsoft *Programming Guide for DDS*).

use crate::bytes::{Context, Hasher, Order, Source};
use crate::formats::common::{Hidden, Splice, Unshown};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{
    Category, Digest, Error, Examined, Finding, How, Result, Row, Severity, Span, len_u64,
};

const NAME: &str = "DDS";
/// Length of mark and header in bytes.
const HEADER: u64 = 128;
/// Length of the header behind it that newer formats have.
const HEADER_DX10: u64 = 20;

/// DDS.
#[derive(Debug)]
pub(in crate::formats) struct Dds;

static INFO: Info = Info {
    id: "dds",
    name: NAME,
    extensions: &["dds"],
    noun: "picture",
    rows: &[HEADER_ROW, DX10, PIXELS],
    vocabulary: &["DDS DXT1 DXT2 DXT3 DXT4 DXT5 DX10 ATI1 ATI2 BC4U BC4S BC5U BC5S"],
};

const HEADER_ROW: Row = Row {
    what: "header",
    when: "always; reserved fields, which programs sign, and those that mean nothing are zero",
    how: How::Rebuild,
    why: "size, kind of pixels, smaller versions, sides of a cube",
    spec: "Microsoft DDS_HEADER",
};
const DX10: Row = Row {
    what: "DX10 header",
    when: "the kind of pixels is DX10",
    how: How::Rebuild,
    why: "kind of pixels, number of pictures",
    spec: "Microsoft DDS_HEADER_DXT10",
};
const PIXELS: Row = Row {
    what: "surfaces",
    when: "as many bytes as sizes and kind of pixels ask for",
    how: How::Verbatim,
    why: "the pictures",
    spec: "Microsoft DDS, surface layouts",
};

// Fields by offset.
const RESERVED: std::ops::Range<usize> = 32..76;
const CUBE: u32 = 0x200;
const CUBE_SIDES: u32 = 0xFC00;
const VOLUME: u32 = 0x20_0000;
const FOUR_CC: u32 = 4;

impl Format for Dds {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Signature.when(probe.head().starts_with(b"DDS \x7C\0\0\0"))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let layout = Layout::parse(source)?;
        let hidden = layout.hidden(source, cx)?;
        let mut splice = Splice::new(source, cx, NAME, "dds.gap");
        let header = Span::new(0, HEADER);
        let old = source.read(header)?;
        let since = splice.since();
        let signed = old.get(RESERVED).unwrap_or_default();
        if signed.iter().any(|b| *b != 0) {
            splice.found.secrets.harvest(signed);
            let what = "what the writing program signs with";
            let id = "dds.reserved";
            let finding = Finding::new(id, Category::Device, Severity::Low, "header", what);
            splice.found.add(finding.bytes(len_u64(signed.len())));
        }
        splice.rebuild(header, &HEADER_ROW, layout.header, since)?;
        let since = splice.since();
        splice.rebuild(layout.more, &DX10, layout.more_clean, since)?;
        splice.keep(layout.pixels, &PIXELS);
        splice.residue.extend(hidden);
        splice.gap(
            Span::new(layout.pixels.end(), source.len()),
            "behind the picture",
        )?;
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, _: &Context<'_>) -> Result<Digest> {
        let layout = Layout::parse(source)?;
        let mut hasher = Hasher::new();
        hasher.bytes(&layout.header);
        hasher.bytes(&layout.more_clean);
        hasher.span(source, layout.pixels)?;
        Ok(hasher.finish())
    }

    /// Only pixels are coded in it, and no file is nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

/// How many bytes pixels take.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// So many bytes for a block of four by four pixels.
    Blocks(u64),
    /// So many bits for one pixel.
    Bits(u64),
}

/// A file as it stands.
struct Layout {
    /// As it will be written.
    header: Vec<u8>,
    more: Span,
    more_clean: Vec<u8>,
    pixels: Span,
    /// Where they are not compressed and have alpha.
    pixel: Option<Pixel>,
}

impl Layout {
    fn parse(source: &Source<'_>) -> Result<Self> {
        let cut = || Error::malformed(NAME, source.len(), "the picture stops before its end");
        let header = source.peek(0, HEADER)?.into_owned();
        let number = |at: usize| {
            let field = header.get(at..).and_then(|rest| Order::Little.u32(rest));
            field.ok_or_else(cut)
        };
        let (height, width, depth) = (number(12)?, number(16)?, number(24)?);
        let levels = number(28)?.max(1);
        let (flags, bits, caps) = (number(80)?, number(88)?, number(112)?);
        let code = header.get(84..88).unwrap_or_default();
        let mut more = Span::new(HEADER, HEADER);
        let mut more_clean = Vec::new();
        let mut pictures = 1u64;
        let mut is_volume = caps & VOLUME != 0;
        let mut pixel = Pixel::of_masks(&header, flags, bits);
        let kind = if flags & FOUR_CC == 0 {
            matches!(bits, 8 | 16 | 24 | 32).then_some(Kind::Bits(bits.into()))
        } else if code == b"DX10" {
            more = Span::new(HEADER, HEADER.saturating_add(HEADER_DX10));
            more_clean = source.peek(HEADER, HEADER_DX10)?.into_owned();
            let field = |at: usize| {
                let field = more_clean
                    .get(at..)
                    .and_then(|rest| Order::Little.u32(rest));
                field.ok_or_else(cut)
            };
            let (format, dimension) = (field(0)?, field(4)?);
            let (flags, count) = (field(8)?, field(12)?);
            pictures = u64::from(count.max(1));
            if flags & IS_CUBE != 0 {
                pictures = pictures.saturating_mul(6);
            }
            is_volume |= dimension == THREE;
            pixel = Pixel::of_dxgi(format);
            dxgi(format)
        } else {
            four_cc(code)
        };
        let kind = kind.ok_or_else(|| {
            Error::unsupported("a DDS with pixels of a kind that nobody here knows")
        })?;
        if caps & CUBE != 0 && more.is_empty() {
            pictures = (caps & CUBE_SIDES).count_ones().max(1).into();
        }
        let deep = if is_volume { depth.max(1) } else { 1 };
        if width == 0 || height == 0 || levels > 32 {
            return Err(Error::malformed(NAME, 12, "a picture without a size"));
        }
        let chain = (0..levels).fold(0u64, |sum, level| {
            let side = |n: u32| u64::from(n.checked_shr(level).unwrap_or_default().max(1));
            let (width, height) = (side(width), side(height));
            let surface = match kind {
                Kind::Blocks(bytes) => width
                    .div_ceil(4)
                    .saturating_mul(height.div_ceil(4))
                    .saturating_mul(bytes),
                Kind::Bits(bits) => width
                    .saturating_mul(bits)
                    .div_ceil(8)
                    .saturating_mul(height),
            };
            sum.saturating_add(surface.saturating_mul(side(deep)))
        });
        let pixels = Span::sized(more.end(), chain.saturating_mul(pictures));
        let pixels = pixels
            .filter(|span| span.end() <= source.len())
            .ok_or_else(cut)?;
        let clean = clean_header(&header, is_volume, pixels.len());
        // Flags of the kind of resource; of the last field only the kind of transparency is in use.
        keep_bits(&mut more_clean, 8, IS_CUBE);
        keep_bits(&mut more_clean, 16, 7);
        Ok(Self {
            header: clean,
            more,
            more_clean,
            pixels,
            pixel,
        })
    }

    /// Colours under transparent areas of pixels that are not compressed.
    fn hidden(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Option<Finding>> {
        let Some(Pixel {
            len,
            alpha,
            unshown: not_shown,
        }) = &self.pixel
        else {
            return Ok(None);
        };
        let mut hidden = Hidden::default();
        let mut unshown = Unshown::default();
        let has_alpha = alpha.iter().any(|mask| *mask != 0);
        let mut at = self.pixels.start();
        let step = BATCH.next_multiple_of(len_u64(*len));
        while at < self.pixels.end() && !hidden.is_certain() && !unshown.tells() {
            cx.check_stop()?;
            let end = at.saturating_add(step).min(self.pixels.end());
            for pixel in source.read(Span::new(at, end))?.chunks_exact(*len) {
                for (byte, mask) in pixel.iter().zip(not_shown).filter(|(_, mask)| **mask != 0) {
                    let bits = byte & mask;
                    unshown.see(&[if bits == *mask { 0xFF } else { bits }]);
                }
                if !has_alpha {
                    continue;
                }
                let part = |inverse: u8| {
                    let bytes = pixel.iter().zip(alpha);
                    bytes.map(move |(byte, mask)| byte & (mask ^ inverse))
                };
                let colour: Vec<u8> = part(0xFF).collect();
                hidden.pixel(&colour, level(part(0), alpha));
            }
            at = end;
        }
        let unshown = unshown.residue("dds.hidden", PIXELS.what);
        Ok(unshown.or(hidden.residue("dds.hidden", PIXELS.what)))
    }
}

/// Alpha between 0 and 255 of little-endian bytes, of which `mask` says what bits are alpha.
fn level(alpha: impl Iterator<Item = u8>, mask: &[u8]) -> u8 {
    let bytes: Vec<_> = alpha.zip(mask.iter().copied()).collect();
    let (value, most) = bytes
        .iter()
        .rev()
        .fold((0u64, 0u64), |(value, most), (byte, mask)| {
            (value << 8 | u64::from(*byte), most << 8 | u64::from(*mask))
        });
    let level = u128::from(value)
        .saturating_mul(255)
        .checked_div(most.into());
    level.map_or(255, |level| u8::try_from(level).unwrap_or(255))
}

/// Bytes of surfaces that are read at a time, as far as whole pixels allow.
const BATCH: u64 = 256 << 10;

/// A pixel with alpha, or with bits that are not shown: its bytes, and which of their bits these are.
struct Pixel {
    len: usize,
    alpha: Vec<u8>,
    unshown: Vec<u8>,
}

impl Pixel {
    /// `None` where all bits are colours.
    fn of_masks(header: &[u8], flags: u32, bits: u32) -> Option<Self> {
        let mask = |at: usize| Order::Little.u32(header.get(at..)?);
        let len = usize::try_from(bits / 8).ok()?;
        (flags & FOUR_CC == 0 && (1..=4).contains(&len)).then_some(())?;
        let alpha = mask(104)?;
        let alpha = if flags & HAS_ALPHA == 0 { 0 } else { alpha };
        let colours = mask(92)? | mask(96)? | mask(100)?;
        // Pixels that are only alpha, or numbers of a palette, have no masks of colours.
        let unshown = if colours == 0 { 0 } else { !(colours | alpha) };
        let bytes = |mask: u32| Some(mask.to_le_bytes().get(..len)?.to_vec());
        let (alpha, unshown) = (bytes(alpha)?, bytes(unshown)?);
        let is_needed = alpha.iter().chain(&unshown).any(|mask| *mask != 0);
        is_needed.then_some(Self {
            len,
            alpha,
            unshown,
        })
    }

    /// `DXGI_FORMAT`: those with a last sample that is alpha, or that is not shown.
    fn of_dxgi(format: u32) -> Option<Self> {
        let (len, sample, is_shown) = match format {
            1..=4 => (16, 4usize, true),
            9..=14 => (8, 2, true),
            27..=32 | 87 | 90 | 91 => (4, 1, true),
            88 | 92 | 93 => (4, 1, false),
            _ => return None,
        };
        let last = [
            vec![0; usize::saturating_sub(len, sample)],
            vec![0xFF; sample],
        ]
        .concat();
        let none = vec![0; len];
        let (alpha, unshown) = if is_shown { (last, none) } else { (none, last) };
        Some(Self {
            len,
            alpha,
            unshown,
        })
    }
}

/// Flags that the format defines: which fields are in use; what pixels are; what the file is for.
const FIELDS: u32 = 0x8A_100F;
const PIXEL_FLAGS: u32 = 0xA_0247;
const CAPS: u32 = 0x40_1008;
const CAPS_2: u32 = CUBE | CUBE_SIDES | VOLUME;
/// `DDPF_ALPHAPIXELS`.
const HAS_ALPHA: u32 = 1;
/// `DDS_RESOURCE_MISC_TEXTURECUBE`.
const IS_CUBE: u32 = 4;
/// `DDS_DIMENSION_TEXTURE3D`.
const THREE: u32 = 4;
/// `DDSD_DEPTH`, `DDSD_PITCH` and `DDSD_LINEARSIZE`.
const DEPTH: u32 = 0x80_0000;
const LENGTHS: u32 = 0x8_0008;

/// Unsets all bits of a field but these.
fn keep_bits(header: &mut [u8], at: usize, bits: u32) {
    let place = header.get_mut(at..).and_then(|rest| rest.get_mut(..4));
    for (byte, keep) in place.into_iter().flatten().zip(bits.to_le_bytes()) {
        *byte &= keep;
    }
}

/// The header without what is reserved, what nobody has defined, and what means nothing here.
fn clean_header(old: &[u8], is_volume: bool, pixels: u64) -> Vec<u8> {
    let mut header = old.to_vec();
    let number = |at: usize| Order::Little.u32(old.get(at..).unwrap_or_default());
    let number = |at: usize| number(at).unwrap_or_default();
    header
        .get_mut(RESERVED)
        .into_iter()
        .flatten()
        .for_each(|byte| *byte = 0);
    let mut fields = FIELDS;
    // No line and no picture is longer than all of them.
    if u64::from(number(20)) > pixels {
        keep_bits(&mut header, 20, 0);
        fields &= !LENGTHS;
    }
    if !is_volume {
        let depth = u32::from(number(24) == 1);
        keep_bits(&mut header, 24, depth);
        fields &= if depth == 0 { !DEPTH } else { u32::MAX };
    }
    keep_bits(&mut header, 8, fields);
    keep_bits(&mut header, 80, PIXEL_FLAGS);
    // A code, or bits and masks.
    let unused = if number(80) & FOUR_CC == 0 {
        84..88
    } else {
        88..108
    };
    header
        .get_mut(unused)
        .into_iter()
        .flatten()
        .for_each(|byte| *byte = 0);
    keep_bits(&mut header, 108, CAPS);
    keep_bits(&mut header, 112, CAPS_2);
    header
        .get_mut(116..)
        .into_iter()
        .flatten()
        .for_each(|byte| *byte = 0);
    header
}

fn four_cc(code: &[u8]) -> Option<Kind> {
    Some(match code {
        b"DXT1" | b"ATI1" | b"BC4U" | b"BC4S" => Kind::Blocks(8),
        b"DXT2" | b"DXT3" | b"DXT4" | b"DXT5" | b"ATI2" | b"BC5U" | b"BC5S" => Kind::Blocks(16),
        // D3DFMT numbers of floating-point and 16-bit pixels.
        [111, 0, 0, 0] => Kind::Bits(16),
        [112 | 114, 0, 0, 0] => Kind::Bits(32),
        [36 | 110 | 113 | 115, 0, 0, 0] => Kind::Bits(64),
        [116, 0, 0, 0] => Kind::Bits(128),
        _ => return None,
    })
}

/// `DXGI_FORMAT`: those without planes.
fn dxgi(format: u32) -> Option<Kind> {
    Some(match format {
        1..=4 => Kind::Bits(128),
        5..=8 => Kind::Bits(96),
        9..=22 => Kind::Bits(64),
        23..=47 | 67 | 87..=93 => Kind::Bits(32),
        48..=59 | 85 | 86 | 115 => Kind::Bits(16),
        60..=65 => Kind::Bits(8),
        70..=72 | 79..=81 => Kind::Blocks(8),
        73..=78 | 82..=84 | 94..=99 => Kind::Blocks(16),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::pipeline::testing::{self, copy as clean};

    const SECRET: &[u8] = b"57.70890N 11.97460E";

    /// Five by three pixels.
    fn texture(code: &[u8; 4], levels: u8, caps: u32, data: usize) -> Vec<u8> {
        let mut out = b"DDS \x7C\0\0\0\x07\x10\0\0\x03\0\0\0\x05\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        out.extend([levels, 0, 0, 0]);
        out.resize(76, 0);
        out.extend([32, 0, 0, 0]);
        let has_code = code != b"\0\0\0\0";
        out.extend([if has_code { 4 } else { 0x41 }, 0, 0, 0]);
        out.extend(code);
        out.extend([if has_code { 0 } else { 32 }, 0, 0, 0]);
        out.resize(112, 0);
        out.extend(caps.to_le_bytes());
        out.resize(128, 0);
        if code == b"DX10" {
            out.extend([98, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]);
        }
        out.resize(out.len() + data, 9);
        out
    }

    #[test]
    fn surfaces_are_as_long_as_they_are() {
        for (code, levels, caps, data) in [
            (b"\0\0\0\0", 1, 0, 60),
            (b"\0\0\0\0", 3, 0, 60 + 8 + 4),
            (b"DXT1", 1, 0, 16),
            (b"DXT5", 2, 0, 32 + 16),
            (b"DXT1", 1, 0xFE00, 96),
            (b"DX10", 1, 0, 64),
        ] {
            let whole = texture(code, levels, caps, data);
            assert_eq!(clean(&whole).unwrap(), whole);
            let tail = [&whole[..], SECRET].concat();
            assert_eq!(clean(&tail).unwrap(), whole);
            assert!(clean(&whole[..whole.len() - 1]).is_err());
        }
    }

    #[test]
    fn fields_that_mean_nothing_are_unset() {
        let mut expected = texture(b"DXT1", 1, 0, 16);
        expected[20] = 16;
        let mut dirty = expected.clone();
        for (at, len) in [(24, 4), (88, 20)] {
            dirty[at..at + len].copy_from_slice(&SECRET.repeat(2)[..len]);
        }
        for at in [11, 83, 111, 115] {
            dirty[at] |= 0x40;
        }
        assert_eq!(clean(&dirty).unwrap(), expected);
        let mut long = expected.clone();
        long[20..24].copy_from_slice(b"anna");
        assert_eq!(clean(&long).unwrap()[20..24], [0; 4]);
    }

    #[test]
    fn textures_of_three_dimensions_are_whole() {
        let mut deep = texture(b"DX10", 2, 0, 0);
        (deep[24], deep[132], deep[140]) = (3, 4, 1);
        deep[10] = 0x80;
        // Three slices of two blocks; one of one.
        deep.extend([9; 3 * 32 + 16]);
        assert_eq!(clean(&deep).unwrap(), deep);
    }

    #[test]
    fn colours_that_nobody_sees_are_told() {
        let with = |alpha: u8| {
            let mut out = texture(b"\0\0\0\0", 1, 0, 0);
            out[12..20].copy_from_slice(&[1, 0, 0, 0, 180, 0, 0, 0]);
            out[107] = 0xFF;
            out.extend((1..=180_u8).flat_map(|n| [n, n.wrapping_mul(9), n, alpha]));
            out
        };
        let cleaned = testing::cleaned(&with(0)).unwrap();
        assert_eq!(
            (cleaned.bytes.as_slice(), cleaned.stays()),
            (&*with(0), vec!["dds.hidden"])
        );
        assert!(testing::cleaned(&with(4)).unwrap().residue.is_empty());
    }

    #[test]
    fn reserved_fields_are_unset() {
        let expected = texture(b"DX10", 1, 0, 64);
        let mut dirty = expected.clone();
        dirty[40..40 + SECRET.len()].copy_from_slice(SECRET);
        dirty[120..128].copy_from_slice(b"anna was");
        dirty[145..148].copy_from_slice(b"her");
        assert_eq!(clean(&dirty).unwrap(), expected);
        assert!(clean(&texture(b"ANNA", 1, 0, 999)).is_err());
    }
}
