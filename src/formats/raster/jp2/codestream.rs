//! Codestreams (ISO/IEC 15444-1 annex A): every marker segment of the main header and of the tile-part
//! headers, and the data between them.

use super::{CUT, NAME};
use crate::bytes::{Context, Order, Source};
use crate::model::{Error, Result, Span};

/// What a codestream begins with: start of codestream, image and tile size.
pub(super) const START: &[u8] = &[0xFF, 0x4F, 0xFF, 0x51];

pub(super) const SOC: u16 = 0xFF4F;
const CAP: u16 = 0xFF50;
const SIZ: u16 = 0xFF51;
const COD: u16 = 0xFF52;
const COC: u16 = 0xFF53;
pub(super) const TLM: u16 = 0xFF55;
const PRF: u16 = 0xFF56;
const PLM: u16 = 0xFF57;
pub(super) const PLT: u16 = 0xFF58;
const CPF: u16 = 0xFF59;
const QCD: u16 = 0xFF5C;
const QCC: u16 = 0xFF5D;
const RGN: u16 = 0xFF5E;
const POC: u16 = 0xFF5F;
const PPM: u16 = 0xFF60;
const PPT: u16 = 0xFF61;
const CRG: u16 = 0xFF63;
pub(super) const COM: u16 = 0xFF64;
const NLT: u16 = 0xFF76;
pub(super) const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
pub(super) const EOC: u16 = 0xFFD9;
/// `Pcap` of pictures that use part 15 (high-throughput coding).
const PART_15: u32 = 1 << 17;
/// Length of `SOT` with its marker, in bytes.
pub(super) const SOT_LEN: u64 = 12;

/// What a marker segment may be: the marker, its name, and whether it may stand in a tile-part header.
const SEGMENTS: &[(u16, &str, bool)] = &[
    (CAP, "CAP", false),
    (SIZ, "SIZ", false),
    (COD, "COD", true),
    (COC, "COC", true),
    (TLM, "TLM", false),
    (PRF, "PRF", false),
    (PLM, "PLM", false),
    (PLT, "PLT", true),
    (CPF, "CPF", false),
    (QCD, "QCD", true),
    (QCC, "QCC", true),
    (RGN, "RGN", true),
    (POC, "POC", true),
    (PPM, "PPM", false),
    (PPT, "PPT", true),
    (CRG, "CRG", false),
    (COM, "COM", true),
    (NLT, "NLT", true),
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
    /// No decoder needs it, or it lies: it goes.
    pub(super) is_idle: bool,
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
    /// Its number is beyond the number of tile-parts of its tile.
    pub(super) is_extra: bool,
}

/// A codestream as it stands; offsets are those of the source.
#[derive(Debug)]
pub(super) struct Codestream {
    /// The segments behind `SOC`.
    pub(super) main: Vec<Segment>,
    pub(super) parts: Vec<TilePart>,
    /// The number of components.
    pub(super) components: u16,
    /// Tile-parts of tiles that the picture does not have, which decoders skip.
    pub(super) foreign: Vec<Span>,
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
        let (components, tiles) = grid(source, &main)?;
        let (mut parts, mut foreign) = (Vec::new(), Vec::new());
        while walk.left() > 0 && walk.marker()? == SOT {
            let part = walk.tile_part()?;
            if u64::from(part.tile) < tiles {
                parts.push(part);
            } else if part.announced == 0 {
                return Err(malformed(
                    part.whole.start(),
                    "data that belongs to no tile",
                ));
            } else {
                foreign.push(part.whole);
            }
        }
        let headers = std::iter::once(&main).chain(parts.iter().map(|part| &part.segments));
        Check::new(source, components, headers.clone())?.all(headers)?;
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
            components,
            foreign,
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
            // Markers without a segment, which are for nobody.
            if matches!(marker, 0xFF30..=0xFF3F) {
                let whole = Span::new(self.at, self.at.saturating_add(2));
                segments.push(Segment {
                    marker,
                    name: "reserved marker",
                    whole,
                    body: Span::new(whole.end(), whole.end()),
                    is_idle: true,
                });
                self.skip(2);
                continue;
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
                is_idle: matches!(marker, COM | PLM | CRG),
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
        let [number, count] = self.peek(10)?;
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
        let mut segments = segments;
        self.packets(&mut segments, Span::new(data.saturating_add(2), end))?;
        Ok(TilePart {
            whole: Span::new(start, end),
            segments,
            data: Span::new(data, end),
            announced,
            tile,
            is_extra: count > 0 && number >= count,
        })
    }

    /// The lengths of packets (`PLT`): they go where they are not those of the data. What stands behind
    /// the last packet is none.
    fn packets(&self, segments: &mut [Segment], data: Span) -> Result<()> {
        let (mut sum, mut length, mut is_whole) = (0u64, 0u64, true);
        for segment in segments.iter().filter(|segment| segment.marker == PLT) {
            // Behind the index of the segment: seven bits a byte, and whether more follow.
            for byte in self.source.read(segment.body)?.iter().skip(1) {
                length = length.wrapping_shl(7) | u64::from(byte & 0x7F);
                is_whole = byte & 0x80 == 0;
                if is_whole {
                    sum = sum.saturating_add(length);
                    length = 0;
                }
            }
        }
        let has_tables = segments.iter().any(|segment| segment.marker == PLT);
        if !has_tables || sum == data.len() && is_whole {
            return Ok(());
        }
        if sum < data.len() {
            let what = "a tile that holds more than its packets";
            return Err(malformed(data.start().saturating_add(sum), what));
        }
        for segment in segments.iter_mut().filter(|segment| segment.marker == PLT) {
            segment.is_idle = true;
        }
        Ok(())
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

/// Whether picture and tiles lie on the grid as §B.2 and §B.3 want it: end and beginning of the picture,
/// size and beginning of the tiles.
fn is_side(end: u64, start: u64, tile: u64, tiles: u64) -> bool {
    start < end && tiles <= start && tiles.saturating_add(tile) > start
}

/// How many tiles there are in a direction.
fn tiles(end: u64, tile: u64, tiles: u64) -> u64 {
    end.saturating_sub(tiles).div_ceil(tile.max(1))
}

/// The numbers of components and of tiles. `SIZ` comes first and has the length that goes with it.
fn grid(source: &Source<'_>, main: &[Segment]) -> Result<(u16, u64)> {
    let Some(siz) = main.first().filter(|first| first.marker == SIZ) else {
        return Err(malformed(0, "SIZ is not where it should be"));
    };
    let body = source.read(siz.body)?;
    let components = body.get(34..36).and_then(|n| Order::Big.u16(n));
    let fields = body.get(2..34).unwrap_or_default().chunks(4);
    let fields: Vec<u64> = fields
        .filter_map(|n| Order::Big.u32(n))
        .map(u64::from)
        .collect();
    let tiles = match *fields {
        [x, y, x0, y0, w, h, tx, ty] if is_side(x, x0, w, tx) && is_side(y, y0, h, ty) => {
            Some(tiles(x, w, tx).saturating_mul(tiles(y, h, ty)))
        }
        _ => None,
    };
    components
        .zip(tiles.filter(|tiles| *tiles <= 0xFFFF))
        .ok_or_else(|| malformed(siz.whole.start(), "SIZ is damaged"))
}

/// Segments of a known length have that length, and there are no more of them than can be used: what is
/// longer can hide something.
struct Check<'a> {
    source: &'a Source<'a>,
    components: u16,
    /// The most levels of decomposition that some tile or component has.
    levels: u64,
}

impl<'a> Check<'a> {
    fn new<'s>(
        source: &'a Source<'a>,
        components: u16,
        headers: impl Iterator<Item = &'s Vec<Segment>>,
    ) -> Result<Self> {
        let mut check = Self {
            source,
            components,
            levels: 0,
        };
        for segment in headers.flatten() {
            let at = match segment.marker {
                COD => 5,
                COC => check.index().saturating_add(1),
                _ => continue,
            };
            let start = segment.body.start().saturating_add(at);
            let levels = check.source.peek(start, 1)?.first().copied();
            check.levels = check.levels.max(levels.unwrap_or_default().into());
        }
        Ok(check)
    }

    /// Bytes of the number of a component.
    fn index(&self) -> u64 {
        if self.components < 257 { 1 } else { 2 }
    }

    fn all<'s>(&self, headers: impl Iterator<Item = &'s Vec<Segment>>) -> Result<()> {
        for header in headers {
            for segment in header {
                let same = header.iter().filter(|other| other.marker == segment.marker);
                let most = match segment.marker {
                    COC | QCC | RGN => self.components.into(),
                    NLT => usize::from(self.components).saturating_add(1),
                    COM | TLM | PLM | PLT | PPM | PPT | 0xFF30..=0xFF3F => usize::MAX,
                    _ => 1,
                };
                // Many are looked at once only.
                let is_first = same.clone().next().map(|first| first.whole) == Some(segment.whole);
                let body = self.source.read(segment.body)?;
                if !self.fits(segment.marker, &body) || is_first && same.count() > most {
                    let what = "a segment of another length than it should have";
                    return Err(malformed(segment.whole.start(), what));
                }
            }
        }
        Ok(())
    }

    fn fits(&self, marker: u16, body: &[u8]) -> bool {
        let len = crate::model::len_u64(body.len());
        let byte = |at: u64| {
            let at = usize::try_from(at).ok();
            at.and_then(|at| body.get(at)).copied().unwrap_or_default()
        };
        // Style of coding at `at`, the number of levels, and what they make necessary.
        let precincts = |style: u64, levels: u64| {
            let has = byte(style) & 1 != 0;
            if has {
                u64::from(byte(levels)).saturating_add(1)
            } else {
                0
            }
        };
        let (index, components) = (self.index(), u64::from(self.components));
        match marker {
            SIZ => len == components.saturating_mul(3).saturating_add(36),
            // Of the capabilities only those of part 15 are in use: one word.
            CAP => len == 6 && Order::Big.u32(body) == Some(PART_15),
            PRF | CPF => matches!(len, 2 | 4 | 6 | 8),
            COD => len == precincts(0, 5).saturating_add(10),
            COC => {
                let style = index;
                let rest = precincts(style, style.saturating_add(1)).saturating_add(6);
                len == index.saturating_add(rest)
            }
            QCD => self.quantisation(byte(0), len.saturating_sub(1)),
            QCC => self.quantisation(byte(index), len.saturating_sub(index).saturating_sub(1)),
            RGN => len == index.saturating_add(2),
            POC => {
                let entry = if index == 1 { 7usize } else { 9 };
                let fits = |entry: &[u8]| {
                    // Resolutions and the order of progression.
                    entry.first().is_some_and(|n| *n <= 32) && entry.last().is_some_and(|n| *n <= 4)
                };
                len > 0 && body.len().is_multiple_of(entry) && body.chunks(entry).all(fits)
            }
            CRG => len == components.saturating_mul(4),
            NLT => matches!((byte(3), len), (0 | 3, 4) | (1, 24)),
            _ => true,
        }
    }

    /// Step sizes of all subbands, of the style that the first byte says, in so many bytes.
    fn quantisation(&self, style: u8, len: u64) -> bool {
        let subbands = self.levels.saturating_mul(3).saturating_add(1);
        let fits = |n: u64| n <= subbands && n % 3 == 1;
        match style & 0x1F {
            0 => fits(len),
            1 => len == 2,
            2 => len.is_multiple_of(2) && fits(len / 2),
            _ => false,
        }
    }
}
