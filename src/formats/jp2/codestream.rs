//! Codestreams (ISO/IEC 15444-1 annex A): every marker segment of the main header and of the tile-part
//! headers, and the data between them.

use super::{CUT, NAME};
use crate::bytes::{Context, Order, Source};
use crate::model::{Error, Result, Span};

/// What a codestream begins with: start of codestream, image and tile size.
pub(super) const START: &[u8] = &[0xFF, 0x4F, 0xFF, 0x51];

pub(super) const SOC: u16 = 0xFF4F;
const SIZ: u16 = 0xFF51;
const COD: u16 = 0xFF52;
pub(super) const TLM: u16 = 0xFF55;
const CRG: u16 = 0xFF63;
pub(super) const COM: u16 = 0xFF64;
pub(super) const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
pub(super) const EOC: u16 = 0xFFD9;
/// Length of `SOT` with its marker, in bytes.
pub(super) const SOT_LEN: u64 = 12;

/// What a marker segment may be: the marker, its name, and whether it may stand in a tile-part header.
const SEGMENTS: &[(u16, &str, bool)] = &[
    (0xFF50, "CAP", false),
    (SIZ, "SIZ", false),
    (COD, "COD", true),
    (0xFF53, "COC", true),
    (TLM, "TLM", false),
    (0xFF56, "PRF", false),
    (0xFF57, "PLM", false),
    (0xFF58, "PLT", true),
    (0xFF59, "CPF", false),
    (0xFF5C, "QCD", true),
    (0xFF5D, "QCC", true),
    (0xFF5E, "RGN", true),
    (0xFF5F, "POC", true),
    (0xFF60, "PPM", false),
    (0xFF61, "PPT", true),
    (CRG, "CRG", false),
    (COM, "COM", true),
    (0xFF76, "NLT", true),
];

/// A marker segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) marker: u16,
    pub(super) name: &'static str,
    /// Marker, length and content.
    pub(super) whole: Span,
    /// What stands behind the length.
    pub(super) body: Span,
}

/// A tile-part.
#[derive(Debug)]
pub(super) struct TilePart {
    /// From `SOT` to its last byte of data.
    pub(super) whole: Span,
    /// The segments behind `SOT`.
    pub(super) segments: Vec<Segment>,
    /// `SOD` and the data.
    pub(super) data: Span,
    /// `Psot`: its length, or 0 for up to the end.
    pub(super) announced: u32,
    /// `Isot`: the number of its tile.
    pub(super) tile: u16,
}

/// A codestream as it stands; offsets are those of the source.
#[derive(Debug)]
pub(super) struct Codestream {
    /// The segments behind `SOC`.
    pub(super) main: Vec<Segment>,
    pub(super) parts: Vec<TilePart>,
    /// `EOC`, which some writers leave out: then it is empty.
    pub(super) end: Span,
}

fn malformed(at: u64, what: &'static str) -> Error {
    Error::malformed(NAME, at, what)
}

impl Codestream {
    /// Reads the codestream that begins where `within` begins.
    pub(super) fn parse(source: &Source<'_>, within: Span, cx: &Context<'_>) -> Result<Self> {
        let mut walk = Walk {
            source,
            cx,
            at: within.start(),
            end: within.end(),
        };
        if walk.marker()? != SOC {
            return Err(malformed(walk.at, "there is no codestream"));
        }
        walk.skip(2);
        let main = walk.segments(false)?;
        check_main(source, &main)?;
        let mut parts = Vec::new();
        while walk.left() > 0 && walk.marker()? == SOT {
            parts.push(walk.tile_part()?);
        }
        if parts.is_empty() {
            return Err(malformed(walk.at, "there is no picture in it"));
        }
        let start = walk.at;
        if walk.left() > 0 {
            if walk.marker()? != EOC {
                return Err(malformed(start, "data that belongs to no tile"));
            }
            walk.skip(2);
        }
        Ok(Self {
            main,
            parts,
            end: Span::new(start, walk.at),
        })
    }
}

struct Walk<'a> {
    source: &'a Source<'a>,
    cx: &'a Context<'a>,
    at: u64,
    end: u64,
}

impl Walk<'_> {
    fn left(&self) -> u64 {
        self.end.saturating_sub(self.at)
    }

    fn skip(&mut self, n: u64) {
        self.at = self.at.saturating_add(n);
    }

    fn peek<const N: usize>(&self, offset: u64) -> Result<[u8; N]> {
        let n = crate::model::len_u64(N);
        let start = self.at.saturating_add(offset);
        if start.saturating_add(n) > self.end {
            return Err(malformed(self.end, CUT));
        }
        let bytes = self.source.peek(start, n)?;
        bytes
            .first_chunk()
            .copied()
            .ok_or_else(|| malformed(self.end, CUT))
    }

    fn marker(&self) -> Result<u16> {
        Ok(u16::from_be_bytes(self.peek(0)?))
    }

    /// The segments up to the next `SOT` or `SOD`.
    fn segments(&mut self, in_tile: bool) -> Result<Vec<Segment>> {
        let mut segments = Vec::new();
        loop {
            self.cx.item()?;
            let marker = self.marker()?;
            let ends = if in_tile { SOD } else { SOT };
            if marker == ends {
                return Ok(segments);
            }
            let known = SEGMENTS.iter().find(|(known, ..)| *known == marker);
            let Some((_, name, _)) = known.filter(|(.., in_tiles)| *in_tiles || !in_tile) else {
                let what = "a JPEG 2000 that is coded in a way that nobody here knows";
                return Err(match marker {
                    0xFF50..=0xFF7F => Error::unsupported(what),
                    _ => malformed(self.at, "no marker where one should be"),
                });
            };
            let len = u16::from_be_bytes(self.peek(2)?);
            let whole = u64::from(len).saturating_add(2);
            if len < 2 || whole > self.left() {
                return Err(malformed(self.at, CUT));
            }
            let end = self.at.saturating_add(whole);
            segments.push(Segment {
                marker,
                name,
                whole: Span::new(self.at, end),
                body: Span::new(self.at.saturating_add(4), end),
            });
            self.at = end;
        }
    }

    fn tile_part(&mut self) -> Result<TilePart> {
        self.cx.item()?;
        let start = self.at;
        if self.peek::<2>(2)? != [0, 10] {
            return Err(malformed(start, "SOT is damaged"));
        }
        let tile = u16::from_be_bytes(self.peek(4)?);
        let announced = u32::from_be_bytes(self.peek(6)?);
        self.skip(SOT_LEN);
        let segments = self.segments(true)?;
        let data = self.at;
        let end = match announced {
            0 => self.find_end(data.saturating_add(2))?,
            len => start.saturating_add(len.into()),
        };
        if end > self.end {
            return Err(malformed(self.end, CUT));
        }
        if end < data.saturating_add(2) {
            return Err(malformed(start, "a tile shorter than its header"));
        }
        self.at = end;
        Ok(TilePart {
            whole: Span::new(start, end),
            segments,
            data: Span::new(data, end),
            announced,
            tile,
        })
    }

    /// Where the data of the last tile ends: at `EOC`, which cannot stand within it.
    fn find_end(&self, from: u64) -> Result<u64> {
        let mut at = from;
        let mut before = 0;
        while at < self.end {
            self.cx.check_stop()?;
            let window = self.source.window(at)?;
            for byte in &*window {
                if at >= self.end {
                    break;
                }
                if (before, *byte) == (0xFF, 0xD9) {
                    return Ok(at.saturating_sub(1));
                }
                before = *byte;
                at = at.saturating_add(1);
            }
        }
        Ok(self.end)
    }
}

/// `SIZ` comes first and once, and segments of a known length have that length: what is longer can hide
/// something.
fn check_main(source: &Source<'_>, main: &[Segment]) -> Result<()> {
    let Some(siz) = main.first().filter(|first| first.marker == SIZ) else {
        return Err(malformed(0, "SIZ is not where it should be"));
    };
    let body = source.read(siz.body)?;
    let components = body.get(34..36).and_then(|n| Order::Big.u16(n));
    let components = components.ok_or_else(|| malformed(siz.whole.start(), "SIZ is damaged"))?;
    for segment in main {
        let body = source.read(segment.body)?;
        let len = segment.body.len();
        let fits = match segment.marker {
            SIZ => {
                let is_first = segment.whole == siz.whole;
                is_first && len == u64::from(components).saturating_mul(3).saturating_add(36)
            }
            COD => {
                let has_precincts = body.first().is_some_and(|style| style & 1 != 0);
                let levels = body.get(5).copied().unwrap_or_default();
                let precincts = if has_precincts {
                    u64::from(levels).saturating_add(1)
                } else {
                    0
                };
                len == precincts.saturating_add(10)
            }
            CRG => len == u64::from(components).saturating_mul(4),
            _ => true,
        };
        if !fits {
            let what = "a segment of another length than it should have";
            return Err(malformed(segment.whole.start(), what));
        }
    }
    Ok(())
}
