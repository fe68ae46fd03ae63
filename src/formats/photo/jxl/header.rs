//! The header of a codestream: `SizeHeader`, `ImageMetadata`, `CustomTransformData` and the colour
//! profile (ISO/IEC 18181-1 annexes D and E).

use super::bits::{Edit, Fail, Parse, Reader};
use super::icc;
use crate::bytes::Context;

/// What a codestream begins with.
pub(super) const SIGNATURE: &[u8] = &[0xFF, 0x0A];
/// More channels than any level allows (annex M).
const MOST_CHANNELS: u32 = 256;
// Kinds of channels that are shown.
const ALPHA: u32 = 0;
const SPOT: u32 = 2;
const BLACK: u32 = 4;

/// What the frames and the report need to know, and what is written otherwise.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) size: (u32, u32),
    pub(super) is_xyb: bool,
    pub(super) extra_channels: u32,
    pub(super) has_animation: bool,
    pub(super) has_timecodes: bool,
    /// Size of the preview, which is the first frame.
    pub(super) preview: Option<(u32, u32)>,
    /// Names of extra channels that are not empty.
    pub(super) names: Vec<String>,
    /// Whether a channel is of a kind that programs do not show: depth, selection, heat, unknown.
    pub(super) has_unseen: bool,
    /// Whether there is an alpha channel.
    pub(super) has_alpha: bool,
    /// Whether there are extensions, of which no one is defined.
    pub(super) has_extensions: bool,
    /// The colour profile.
    pub(super) profile: Option<Profile>,
    /// What is written otherwise, in order.
    pub(super) edits: Vec<Edit>,
    /// Offset of the first frame, in bytes.
    pub(super) end: u64,
    /// The end in bits, without the padding.
    pub(super) end_bits: u64,
}

/// An embedded colour profile.
#[derive(Debug)]
pub(super) struct Profile {
    /// As it stands.
    pub(super) bytes: Vec<u8>,
    /// As it will be written.
    pub(super) clean: Vec<u8>,
}

impl Header {
    /// Reads the header that begins `bytes`.
    pub(super) fn parse(bytes: &[u8], cx: &Context<'_>) -> Parse<Self> {
        let mut r = Reader::new(bytes);
        let mut header = Self {
            is_xyb: true,
            ..Self::default()
        };
        if r.bits(16)? != 0x0AFF {
            return Err(Fail::Bad("there is no codestream"));
        }
        header.size = size(&mut r)?;
        let mut has_profile = false;
        if !r.bool()? {
            has_profile = header.metadata(&mut r, cx)?;
        }
        header.transform(&mut r)?;
        if has_profile {
            let from = r.at();
            let bytes = icc::read(&mut r, cx)?;
            let clean = crate::metadata::icc::scrub(&bytes, cx)?;
            let with = icc::write(&clean);
            let to = r.at();
            header.edits.push(Edit { from, to, with });
            header.profile = Some(Profile { bytes, clean });
        }
        header.end_bits = r.at();
        r.align()?;
        header.end = r.at() / 8;
        Ok(header)
    }

    /// `ImageMetadata` behind `all_default`. Whether a colour profile follows.
    fn metadata(&mut self, r: &mut Reader<'_>, cx: &Context<'_>) -> Parse<bool> {
        let has_extra_fields = r.bool()?;
        if has_extra_fields {
            let _orientation = r.bits(3)?;
            if r.bool()? {
                let _intrinsic_size = size(r)?;
            }
            let from = r.at();
            if r.bool()? {
                self.preview = Some(preview_size(r)?);
                self.edits.push(Edit::new(from, r.at(), 0, 1));
            }
            self.has_animation = r.bool()?;
            if self.has_animation {
                r.u32([(100, 0), (1000, 0), (1, 10), (1, 30)])?;
                r.u32([(1, 0), (1001, 0), (1, 8), (1, 10)])?;
                r.u32([(0, 0), (0, 3), (0, 16), (0, 32)])?;
                let from = r.at();
                self.has_timecodes = r.bool()?;
                if self.has_timecodes {
                    self.edits.push(Edit::new(from, r.at(), 0, 1));
                }
            }
        }
        bit_depth(r)?;
        let _modular_16bit_buffers = r.bool()?;
        self.extra_channels = r.u32([(0, 0), (1, 0), (2, 4), (1, 12)])?;
        if self.extra_channels > MOST_CHANNELS {
            return Err(Fail::Bad("more channels than any picture has"));
        }
        for _ in 0..self.extra_channels {
            cx.item()?;
            self.extra_channel(r)?;
        }
        self.is_xyb = r.bool()?;
        let has_profile = colour_encoding(r)?;
        if has_extra_fields && !r.bool()? {
            // ToneMapping
            r.f16s(2)?;
            r.bool()?;
            r.f16()?;
        }
        self.has_extensions = extensions(r, &mut self.edits)?;
        Ok(has_profile)
    }

    fn extra_channel(&mut self, r: &mut Reader<'_>) -> Parse<()> {
        if r.bool()? {
            self.has_alpha = true;
            return Ok(());
        }
        let kind = r.code()?;
        bit_depth(r)?;
        r.u32([(0, 0), (3, 0), (4, 0), (1, 3)])?;
        let from = r.at();
        let name = r.name()?;
        if !name.is_empty() {
            self.names.push(name);
            self.edits.push(Edit::new(from, r.at(), 0, 2));
        }
        self.has_alpha |= kind == ALPHA;
        self.has_unseen |= !matches!(kind, ALPHA | SPOT | BLACK);
        match kind {
            // Alpha
            0 => r.bool().map(|_| ()),
            // SpotColour
            2 => r.f16s(4),
            // Cfa
            5 => r.u32([(1, 0), (0, 2), (3, 4), (19, 8)]).map(|_| ()),
            1 | 3 | 4 | 6 | 15 | 16 => Ok(()),
            _ => Err(Fail::Bad("a channel of a kind that nobody knows")),
        }
    }

    /// `CustomTransformData`.
    fn transform(&mut self, r: &mut Reader<'_>) -> Parse<()> {
        if r.bool()? {
            return Ok(());
        }
        if self.is_xyb && !r.bool()? {
            // OpsinInverseMatrix
            r.f16s(16)?;
        }
        let weights = r.bits(3)?;
        for (bit, count) in [(1, 15), (2, 55), (4, 210)] {
            if weights & bit != 0 {
                r.f16s(count)?;
            }
        }
        Ok(())
    }
}

/// Width from height: the aspect ratios of `SizeHeader`, as numerator and denominator.
const RATIOS: [(u64, u64); 8] = [
    (0, 1),
    (1, 1),
    (12, 10),
    (4, 3),
    (3, 2),
    (16, 9),
    (5, 4),
    (2, 1),
];

fn by_ratio(ratio: u32, height: u32) -> u32 {
    let ratio = RATIOS.get(usize::try_from(ratio).unwrap_or_default());
    let (numerator, denominator) = ratio.copied().unwrap_or((0, 1));
    let width = u64::from(height)
        .saturating_mul(numerator)
        .checked_div(denominator);
    u32::try_from(width.unwrap_or_default()).unwrap_or(u32::MAX)
}

/// `SizeHeader`: width and height.
fn size(r: &mut Reader<'_>) -> Parse<(u32, u32)> {
    const WAYS: [(u32, usize); 4] = [(1, 9), (1, 13), (1, 18), (1, 30)];
    let is_small = r.bool()?;
    let side = |r: &mut Reader<'_>| {
        if is_small {
            Ok(r.bits(5)?.saturating_add(1).saturating_mul(8))
        } else {
            r.u32(WAYS)
        }
    };
    let height = side(r)?;
    let width = match r.bits(3)? {
        0 => side(r)?,
        ratio => by_ratio(ratio, height),
    };
    Ok((width, height))
}

/// `PreviewHeader`: width and height.
fn preview_size(r: &mut Reader<'_>) -> Parse<(u32, u32)> {
    let is_small = r.bool()?;
    let side = |r: &mut Reader<'_>| {
        if is_small {
            let eighths = r.u32([(16, 0), (32, 0), (1, 5), (33, 9)])?;
            Ok(eighths.saturating_mul(8))
        } else {
            r.u32([(1, 6), (65, 8), (321, 10), (1345, 12)])
        }
    };
    let height = side(r)?;
    let width = match r.bits(3)? {
        0 => side(r)?,
        ratio => by_ratio(ratio, height),
    };
    Ok((width, height))
}

fn bit_depth(r: &mut Reader<'_>) -> Parse<()> {
    if r.bool()? {
        r.u32([(32, 0), (16, 0), (24, 0), (1, 6)])?;
        r.bits(4)?;
    } else {
        r.u32([(8, 0), (10, 0), (12, 0), (1, 6)])?;
    }
    Ok(())
}

/// `ColourEncoding`: whether a profile takes its place.
pub(super) fn colour_encoding(r: &mut Reader<'_>) -> Parse<bool> {
    const GREY: u32 = 1;
    const XYB: u32 = 2;
    const CUSTOM: u32 = 2;
    if r.bool()? {
        return Ok(false);
    }
    let has_profile = r.bool()?;
    let space = r.code()?;
    if space > 3 {
        return Err(Fail::Bad("an unknown colour space"));
    }
    if has_profile {
        return Ok(true);
    }
    if space != XYB && r.code()? == CUSTOM {
        chromaticity(r)?;
    }
    if !matches!(space, GREY | XYB) && r.code()? == CUSTOM {
        (0..3).try_for_each(|_| chromaticity(r))?;
    }
    // Transfer function and rendering intent.
    if r.bool()? {
        r.bits(24)?;
    } else {
        r.code()?;
    }
    r.code()?;
    Ok(false)
}

fn chromaticity(r: &mut Reader<'_>) -> Parse<()> {
    const WAYS: [(u32, usize); 4] = [(0, 19), (524_288, 19), (1_048_576, 20), (2_097_152, 21)];
    r.u32(WAYS)?;
    r.u32(WAYS)?;
    Ok(())
}

/// `Extensions`: whether there are any. They are taken out.
pub(super) fn extensions(r: &mut Reader<'_>, edits: &mut Vec<Edit>) -> Parse<bool> {
    let from = r.at();
    let which = r.u64()?;
    if which == 0 {
        return Ok(false);
    }
    let mut bits = 0u64;
    for _ in 0..which.count_ones() {
        bits = bits.saturating_add(r.u64()?);
    }
    r.skip(bits)?;
    edits.push(Edit::new(from, r.at(), 0, 2));
    Ok(true)
}
