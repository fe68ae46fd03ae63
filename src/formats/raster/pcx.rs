//! PCX (ZSoft *Technical Reference Manual*).

use crate::bytes::{Context, Cursor, Hasher, Order, Source};
use crate::formats::common::{Splice, without_unused};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{
    Category, Digest, Error, Examined, Finding, How, Result, Row, Severity, Span, len_u64,
};

const NAME: &str = "PCX";
/// Length of the header in bytes.
const HEADER: u64 = 128;
/// A mark and 256 colours at the very end.
const PALETTE: u64 = 769;
const PALETTE_MARK: u8 = 0x0C;
/// Where the colours of pictures with sixteen and fewer stand.
const SIXTEEN: std::ops::Range<usize> = 16..64;

/// PCX.
#[derive(Debug)]
pub(in crate::formats) struct Pcx;

static INFO: Info = Info {
    id: "pcx",
    name: NAME,
    extensions: &["pcx"],
    noun: "picture",
    rows: &[HEADER_ROW, PIXELS, PALETTE_ROW],
    vocabulary: &[],
};

const HEADER_ROW: Row = Row {
    what: "header",
    when: "always; what no program reads is zero",
    how: How::Rebuild,
    why: "size, depth, density, colours",
    spec: "ZSoft PCX, header",
};
const PIXELS: Row = Row {
    what: "image data",
    when: "up to the end of the last row",
    how: How::Verbatim,
    why: "the picture",
    spec: "ZSoft PCX, decoding",
};
const PALETTE_ROW: Row = Row {
    what: "256-colour palette",
    when: "8 bits in one plane, behind the pixels or at the end of the file; colours that no pixel has unset",
    how: How::Rebuild,
    why: "the colours",
    spec: "ZSoft PCX, VGA 256 color palette",
};

impl Format for Pcx {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        Confidence::Plausible.when(matches!(
            head,
            [0x0A, 0 | 2..=5, 0 | 1, 1 | 2 | 4 | 8, ..] if matches!(head.get(65), Some(1..=4))
        ))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let layout = Layout::parse(source, cx)?;
        let mut splice = Splice::new(source, cx, NAME, "pcx.gap");
        let since = splice.since();
        splice.rebuild(Span::new(0, HEADER), &HEADER_ROW, layout.header, since)?;
        splice.keep(layout.pixels, &PIXELS);
        let end = layout.palette.map_or(source.len(), Span::start);
        splice.gap(Span::new(layout.pixels.end(), end), "behind the picture")?;
        if let Some(palette) = layout.palette {
            splice.palette(palette, &PALETTE_ROW, layout.clean_palette, "pcx.palette")?;
            splice.gap(Span::new(palette.end(), source.len()), "behind the palette")?;
        }
        if layout.has_hidden {
            let what = "bytes at the ends of the rows that nobody sees";
            let id = "pcx.hidden";
            let finding = Finding::new(id, Category::Unknown, Severity::Medium, PIXELS.what, what);
            splice.residue.push(finding);
        }
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let layout = Layout::parse(source, cx)?;
        let mut hasher = Hasher::new();
        hasher.bytes(&layout.header);
        hasher.span(source, layout.pixels)?;
        hasher.bytes(&layout.clean_palette);
        Ok(hasher.finish())
    }

    /// Only pixels are coded in it, and no file is nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

/// A file as it stands.
struct Layout {
    /// As it will be written.
    header: Vec<u8>,
    pixels: Span,
    palette: Option<Span>,
    /// Its mark, and its colours without those that no pixel has.
    clean_palette: Vec<u8>,
    /// Rows are longer than the picture is wide, and what is there is not always the same.
    has_hidden: bool,
}

impl Layout {
    fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let cut = || Error::malformed(NAME, source.len(), "the picture stops before its end");
        let damaged = || Error::malformed(NAME, 0, "the header is damaged");
        let mut header = source.peek(0, HEADER)?.into_owned();
        if len_u64(header.len()) < HEADER {
            return Err(cut());
        }
        let fields = (|| {
            let mut cursor = Cursor::new(&header);
            let order = Order::Little;
            cursor.skip(2)?;
            let (coding, depth) = (cursor.u8()?, u64::from(cursor.u8()?));
            let (left, top) = (cursor.u16(order)?, cursor.u16(order)?);
            let (right, bottom) = (cursor.u16(order)?, cursor.u16(order)?);
            cursor.seek(65)?;
            let planes = u64::from(cursor.u8()?);
            let stride = u64::from(cursor.u16(order)?);
            let width = u64::from(right.checked_sub(left)?).checked_add(1)?;
            let height = u64::from(bottom.checked_sub(top)?).checked_add(1)?;
            Some((coding == 1, depth, planes, stride, width, height))
        })();
        let (is_packed, depth, planes, stride, width, height) = fields.ok_or_else(damaged)?;
        let used = width.saturating_mul(depth).div_ceil(8);
        if stride < used {
            return Err(damaged());
        }
        let len = stride.saturating_mul(planes).saturating_mul(height);
        let mut walk = Rows {
            source,
            cx,
            stride,
            used,
            left: len,
            column: 0,
            hidden: None,
            has_hidden: false,
            colours: [false; 256],
        };
        let end = if is_packed {
            walk.packed()?
        } else {
            let end = HEADER.saturating_add(len);
            if end > source.len() {
                return Err(cut());
            }
            walk.raw(Span::new(HEADER, end))?;
            end
        };
        let (has_hidden, colours) = (walk.has_hidden, walk.colours);
        let is_mapped = depth == 8 && planes == 1;
        // Some programs look for it behind the pixels, others count from the end of the file.
        let from_end = source.len().saturating_sub(PALETTE).max(end);
        let mut palette = None;
        for at in [end, from_end] {
            let span = Span::new(at, at.saturating_add(PALETTE));
            let is_there = is_mapped && span.end() <= source.len();
            if is_there && palette.is_none() && *source.peek(at, 1)? == [PALETTE_MARK] {
                palette = Some(span);
            }
        }
        let mut clean_palette = Vec::new();
        if let Some(span) = palette {
            let (mark, map) = (vec![PALETTE_MARK], source.read(span)?);
            let map = map.get(1..).unwrap_or_default();
            clean_palette = [mark, without_unused(map, 3, &colours)].concat();
        }
        // Without the sixteen colours of the header where others are in use, or none.
        let has_own = palette.is_some() || depth == 8 && planes > 1;
        // A reserved byte; everything behind kind of palette and size of the screen.
        for (index, byte) in header.iter_mut().enumerate() {
            if index == 64 || index >= 74 || has_own && SIXTEEN.contains(&index) {
                *byte = 0;
            }
        }
        Ok(Self {
            header,
            pixels: Span::new(HEADER, end),
            palette,
            clean_palette,
            has_hidden,
        })
    }
}

/// Walks rows, and looks at what stands behind their last pixel.
struct Rows<'a> {
    source: &'a Source<'a>,
    cx: &'a Context<'a>,
    stride: u64,
    /// Bytes of a row that hold pixels.
    used: u64,
    left: u64,
    column: u64,
    hidden: Option<u8>,
    has_hidden: bool,
    /// Which values the pixels have.
    colours: [bool; 256],
}

impl Rows<'_> {
    /// So many bytes of this value, as many as still belong to the picture.
    fn take(&mut self, value: u8, count: u64) {
        let count = count.min(self.left);
        for _ in 0..count {
            if self.column < self.used {
                if let Some(colour) = self.colours.get_mut(usize::from(value)) {
                    *colour = true;
                }
            } else {
                self.has_hidden |= self.hidden.is_some_and(|before| before != value);
                self.hidden = Some(value);
            }
            self.column = self.column.saturating_add(1);
            if self.column == self.stride {
                self.column = 0;
            }
        }
        self.left = self.left.saturating_sub(count);
    }

    fn raw(&mut self, span: Span) -> Result<()> {
        self.source.for_each(span, |bytes| {
            self.cx.check_stop()?;
            for byte in bytes {
                self.take(*byte, 1);
            }
            Ok(())
        })
    }

    /// Where the runs end.
    fn packed(&mut self) -> Result<u64> {
        let mut at = HEADER;
        let mut run = None;
        while self.left > 0 {
            self.cx.check_stop()?;
            let window = self.source.window(at)?;
            if window.is_empty() {
                return Err(Error::malformed(
                    NAME,
                    at,
                    "the picture stops before its end",
                ));
            }
            for byte in &*window {
                if self.left == 0 {
                    break;
                }
                match (run.take(), *byte) {
                    (Some(count), value) => self.take(value, count),
                    (None, count @ 0xC0..) => run = Some(u64::from(count & 0x3F)),
                    (None, value) => self.take(value, 1),
                }
                at = at.saturating_add(1);
            }
        }
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::OutcomeKind;
    use crate::pipeline::testing::clean;

    const SECRET: &[u8] = b"57.70890N 11.97460E";

    /// Two rows of three pixels, four bytes each.
    fn picture(coding: u8, hidden: &[u8], data: &[u8]) -> Vec<u8> {
        let mut out = vec![10, 5, coding, 8, 0, 0, 0, 0, 2, 0, 1, 0, 72, 0, 72, 0];
        out.resize(64, 0);
        out.extend([0, 1, 4, 0, 1, 0, 3, 0, 2, 0]);
        out.extend(hidden);
        out.resize(128, 0);
        out.extend(data);
        out
    }

    /// A palette with these colours.
    fn palette(used: &[u8]) -> Vec<u8> {
        let mut out = vec![0; 769];
        out[0] = 0x0C;
        for colour in used {
            let at = 1 + 3 * usize::from(*colour);
            out[at..at + 3].copy_from_slice(&[9, 9, 8]);
        }
        out
    }

    #[test]
    fn only_what_shows_stays() {
        let rows = b"abc\0def\0";
        let packed = [0xC3, b'x', 0, b'd', 0xC2, 0xFF, 0];
        let all: Vec<u8> = (0..=255).collect();
        for (coding, data, used) in [(0, &rows[..], &b"abcdef"[..]), (1, &packed, b"xd\xFF")] {
            let expected = [picture(coding, b"", data), palette(used)].concat();
            assert_eq!(clean(&expected).unwrap().0, expected);
            let mut dirty = picture(coding, b"", data);
            dirty[20..20 + SECRET.len()].copy_from_slice(SECRET);
            dirty.extend(palette(used));
            assert_eq!(clean(&dirty).unwrap().0, expected);
            let dirty = [&picture(coding, SECRET, data), SECRET, &palette(&all)].concat();
            assert_eq!(clean(&dirty).unwrap().0, expected);
            let behind = [&expected[..], SECRET].concat();
            assert_eq!(clean(&behind).unwrap().0, expected);
            let bare = picture(coding, b"", data);
            let tail = [&bare[..], SECRET].concat();
            assert_eq!(clean(&tail).unwrap().0, bare);
        }
        let hidden = [picture(0, b"", b"abcAdefN"), palette(b"abcdef")].concat();
        assert_eq!(clean(&hidden).unwrap(), (hidden, OutcomeKind::Reduced));
    }

    #[test]
    fn damage_is_refused() {
        assert!(clean(&picture(0, b"", b"abc\0def")).is_err());
        assert!(clean(&picture(1, b"", &[0xC8])).is_err());
        let mut narrow = picture(0, b"", b"abc\0def\0");
        narrow[66] = 2;
        assert!(clean(&narrow).is_err());
        narrow[8] = 0;
        narrow[4] = 1;
        assert!(clean(&narrow).is_err());
    }
}
