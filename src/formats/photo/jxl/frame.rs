//! Frame headers and tables of contents (ISO/IEC 18181-1 annex F): as much as is needed to know where a
//! frame ends, and what of its header is not needed to show it.

use super::bits::{Edit, Fail, Parse, Reader};
use super::header::{Header, extensions};
use crate::bytes::Context;

/// More sections than decoders accept.
const MOST_SECTIONS: u64 = 1 << 16;

/// `FrameType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Regular,
    /// A coarser version of a later frame.
    Lf,
    /// Only other frames show parts of it.
    ReferenceOnly,
    SkipProgressive,
}

impl Kind {
    fn is_normal(self) -> bool {
        matches!(self, Self::Regular | Self::SkipProgressive)
    }
}

/// Where a frame's parts stand; offsets count from its beginning.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) is_last: bool,
    /// Empty for most.
    pub(super) name: String,
    /// Hours, minutes, seconds and frames, two decimal digits each (SMPTE 12M).
    pub(super) timecode: Option<u32>,
    pub(super) has_extensions: bool,
    /// It is shown from a coarser version on, which is a frame of its own.
    pub(super) uses_lf: bool,
    /// It shows parts of a frame that was saved.
    pub(super) uses_saved: bool,
    /// It holds pixels that no canvas shows.
    pub(super) is_cropped: bool,
    /// The next frame of the animation is drawn over it at once.
    pub(super) is_instant: bool,
    /// What is written otherwise, in order.
    pub(super) edits: Vec<Edit>,
    /// End of header and permutation, in bits, without the padding.
    pub(super) head_bits: u64,
    /// Where the sizes of the sections begin, in bytes.
    pub(super) sizes: u64,
    /// Where the sections begin, in bytes.
    pub(super) data: u64,
    /// Where the frame ends, in bytes.
    pub(super) end: u64,
}

/// Flag: the coarse version is a frame of its own.
const USE_LF_FRAME: u64 = 0x20;
/// Flag: there are patches out of other frames.
const PATCHES: u64 = 0x2;
/// Where a frame lies, and how large it is.
const PLACE: [(u32, usize); 4] = [(0, 8), (256, 11), (2304, 14), (18688, 30)];
const REPLACE: u32 = 0;
const BLEND: u32 = 2;
const MUL_ADD: u32 = 3;
const MUL: u32 = 4;

/// What of the header decides how many sections there are.
struct Sections {
    size: (u32, u32),
    upsampling: u32,
    lf_level: u32,
    group_size_shift: u32,
    passes: u32,
}

impl Frame {
    /// Reads the frame that begins `bytes`; `size` is that of its canvas.
    pub(super) fn parse(
        bytes: &[u8],
        image: &Header,
        size: (u32, u32),
        cx: &Context<'_>,
    ) -> Parse<Self> {
        let mut r = Reader::new(bytes);
        let mut frame = Self {
            kind: Kind::Regular,
            is_last: true,
            name: String::new(),
            timecode: None,
            has_extensions: false,
            uses_lf: false,
            uses_saved: false,
            is_cropped: false,
            is_instant: false,
            edits: Vec::new(),
            head_bits: 0,
            sizes: 0,
            data: 0,
            end: 0,
        };
        let sections = frame.header(&mut r, image, size)?;
        frame.contents(&mut r, sections.count()?, cx)?;
        Ok(frame)
    }

    fn header(&mut self, r: &mut Reader<'_>, image: &Header, size: (u32, u32)) -> Parse<Sections> {
        let mut sections = Sections {
            size,
            upsampling: 1,
            lf_level: 0,
            group_size_shift: 1,
            passes: 1,
        };
        if r.bool()? {
            return Ok(sections);
        }
        self.kind = match r.bits(2)? {
            0 => Kind::Regular,
            1 => Kind::Lf,
            2 => Kind::ReferenceOnly,
            _ => Kind::SkipProgressive,
        };
        let is_modular = r.bool()?;
        let flags = r.u64()?;
        self.uses_lf = flags & USE_LF_FRAME != 0;
        self.uses_saved = flags & PATCHES != 0;
        let is_ycbcr = !image.is_xyb && r.bool()?;
        if !self.uses_lf {
            if is_ycbcr {
                r.bits(6)?;
            }
            const FACTORS: [(u32, usize); 4] = [(1, 0), (2, 0), (4, 0), (8, 0)];
            sections.upsampling = r.u32(FACTORS)?;
            for _ in 0..image.extra_channels {
                r.u32(FACTORS)?;
            }
        }
        if is_modular {
            sections.group_size_shift = r.bits(2)?;
        } else if image.is_xyb {
            r.bits(6)?;
        }
        if self.kind != Kind::ReferenceOnly {
            sections.passes = passes(r)?;
        }
        if self.kind == Kind::Lf {
            sections.lf_level = r.bits(2)?.saturating_add(1);
        }
        let mut is_full = true;
        if self.kind != Kind::Lf && r.bool()? {
            let (mut x, mut y) = (0, 0);
            if self.kind != Kind::ReferenceOnly {
                x = unpack_signed(r.u32(PLACE)?);
                y = unpack_signed(r.u32(PLACE)?);
            }
            sections.size = (r.u32(PLACE)?, r.u32(PLACE)?);
            let (right, bottom) = (
                x.saturating_add(sections.size.0.into()),
                y.saturating_add(sections.size.1.into()),
            );
            let (width, height) = (i64::from(size.0), i64::from(size.1));
            is_full = x <= 0 && y <= 0 && right >= width && bottom >= height;
            self.is_cropped =
                self.kind.is_normal() && (x < 0 || y < 0 || right > width || bottom > height);
        }
        self.blending(r, image, is_full)?;
        let from = r.at();
        self.name = r.name()?;
        if !self.name.is_empty() {
            self.edits.push(Edit::new(from, r.at(), 0, 2));
        }
        self.restoration_filter(r, is_modular)?;
        self.has_extensions |= extensions(r, &mut self.edits)?;
        Ok(sections)
    }

    /// Blending, timing, and which later frames may use this one.
    fn blending(&mut self, r: &mut Reader<'_>, image: &Header, is_full: bool) -> Parse<()> {
        let mut mode = REPLACE;
        let mut duration = 0;
        if self.kind.is_normal() {
            mode = self.blend(r, image, is_full)?;
            for _ in 0..image.extra_channels {
                self.blend(r, image, is_full)?;
            }
            if image.has_animation {
                duration = r.u32([(0, 0), (1, 0), (0, 8), (0, 32)])?;
            }
            if image.has_timecodes {
                let from = r.at();
                self.timecode = Some(r.bits(32)?);
                self.edits.push(Edit::new(from, r.at(), 0, 0));
            }
            self.is_last = r.bool()?;
            self.is_instant = image.has_animation && duration == 0 && !self.is_last;
        } else {
            self.is_last = false;
        }
        let mut slot = 0;
        if self.kind != Kind::Lf && !self.is_last {
            slot = r.bits(2)?;
        }
        let can_be_used = !self.is_last && (duration == 0 || slot != 0);
        let is_plain = self.kind.is_normal() && mode == REPLACE && is_full && can_be_used;
        if self.kind == Kind::ReferenceOnly || is_plain {
            let _save_before_colour_transform = r.bool()?;
        }
        Ok(())
    }

    /// `BlendingInfo`: the mode.
    fn blend(&mut self, r: &mut Reader<'_>, image: &Header, is_full: bool) -> Parse<u32> {
        let mode = r.u32([(0, 0), (1, 0), (2, 0), (3, 2)])?;
        if mode > MUL {
            return Err(Fail::Bad("an unknown way of blending"));
        }
        let uses_alpha = image.extra_channels > 0 && matches!(mode, BLEND | MUL_ADD);
        if uses_alpha {
            r.u32([(0, 0), (1, 0), (2, 0), (3, 3)])?;
        }
        if uses_alpha || mode == MUL {
            r.bool()?;
        }
        if mode != REPLACE || !is_full {
            r.bits(2)?;
            self.uses_saved = true;
        }
        Ok(mode)
    }

    /// `RestorationFilter`.
    fn restoration_filter(&mut self, r: &mut Reader<'_>, is_modular: bool) -> Parse<()> {
        if r.bool()? {
            return Ok(());
        }
        // Gaborish, with weights of its own
        if r.bool()? && r.bool()? {
            r.f16s(6)?;
        }
        if r.bits(2)? != 0 {
            if !is_modular && r.bool()? {
                r.f16s(8)?;
            }
            if r.bool()? {
                r.f16s(3)?;
                r.bits(32)?;
            }
            if r.bool()? {
                r.f16s(if is_modular { 3 } else { 4 })?;
            }
            if is_modular {
                r.f16()?;
            }
        }
        self.has_extensions |= extensions(r, &mut self.edits)?;
        Ok(())
    }

    /// The table of contents.
    fn contents(&mut self, r: &mut Reader<'_>, sections: u64, cx: &Context<'_>) -> Parse<()> {
        if r.bool()? {
            permutation(r, sections)?;
        }
        self.head_bits = r.at();
        r.align()?;
        self.sizes = r.at() / 8;
        let mut len = 0u64;
        for _ in 0..sections {
            cx.item()?;
            let size = r.u32([(0, 10), (1024, 14), (17408, 22), (4_211_712, 30)])?;
            len = len.saturating_add(size.into());
        }
        r.align()?;
        self.data = r.at() / 8;
        self.end = self.data.saturating_add(len);
        Ok(())
    }
}

impl Sections {
    /// How many entries the table of contents has.
    fn count(&self) -> Parse<u64> {
        let shift = self.lf_level.saturating_mul(3);
        let side = |n: u32| {
            let n = n.div_ceil(self.upsampling.max(1));
            u64::from(n).div_ceil(1u64.wrapping_shl(shift))
        };
        let group = 128u64.wrapping_shl(self.group_size_shift);
        let count = |group: u64| {
            let rows = side(self.size.1).div_ceil(group);
            side(self.size.0).div_ceil(group).saturating_mul(rows)
        };
        let groups = count(group);
        let sections = if groups == 1 && self.passes == 1 {
            1
        } else {
            groups
                .saturating_mul(self.passes.into())
                .saturating_add(count(group.saturating_mul(8)))
                .saturating_add(2)
        };
        if self.size.0 == 0 || self.size.1 == 0 || sections > MOST_SECTIONS {
            return Err(Fail::Bad("a frame of no size, or larger than any"));
        }
        Ok(sections)
    }
}

/// `Passes`: how many.
fn passes(r: &mut Reader<'_>) -> Parse<u32> {
    let passes = r.u32([(1, 0), (2, 0), (3, 0), (4, 3)])?;
    if passes != 1 {
        let steps = r.u32([(0, 0), (1, 0), (2, 0), (3, 1)])?;
        for _ in 1..passes {
            r.bits(2)?;
        }
        for _ in 0..steps {
            r.u32([(1, 0), (2, 0), (4, 0), (8, 0)])?;
        }
        for _ in 0..steps {
            r.u32([(0, 0), (1, 0), (2, 0), (0, 3)])?;
        }
    }
    Ok(passes)
}

/// Moves over the Lehmer code of a permutation of `n` sections.
fn permutation(r: &mut Reader<'_>, n: u64) -> Parse<()> {
    const CONTEXTS: u32 = 8;
    let n = u32::try_from(n).unwrap_or(u32::MAX);
    let mut decoder = jxl_coding::Decoder::parse(&mut r.0, CONTEXTS)?;
    decoder.begin(&mut r.0)?;
    let end = decoder.read_varint(&mut r.0, context(n))?;
    if end > n {
        return Err(Fail::Bad("sections in an order that cannot be"));
    }
    let mut before = 0;
    for _ in 0..end {
        before = decoder.read_varint(&mut r.0, context(before))?;
    }
    decoder.finalize()?;
    Ok(())
}

/// The context of a number: ⌈log2(x + 1)⌉, at most 7.
fn context(x: u32) -> u32 {
    u32::BITS.saturating_sub(x.leading_zeros()).min(7)
}

fn unpack_signed(n: u32) -> i64 {
    let half = i64::from(n / 2);
    if n.is_multiple_of(2) {
        half
    } else {
        half.saturating_add(1).saturating_neg()
    }
}
