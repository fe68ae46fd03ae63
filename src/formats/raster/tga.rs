//! TGA (Truevision TGA File Format Specification 2.0).

use crate::bytes::{Context, Cursor, Hasher, Order, Source};
use crate::formats::common::{Hidden, Splice, Unshown, without_unused};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::text;
use crate::model::{
    Category, Digest, Error, Examined, Finding, How, Result, Role, Row, Severity, Span, fit,
    len_u64,
};

const NAME: &str = "TGA";
/// Length of the header in bytes.
const HEADER: u64 = 18;
/// Length of the extension area of version 2.0.
const EXTENSION: u64 = 495;
/// Length of the footer: two offsets and a signature.
const FOOTER: u64 = 26;
const SIGNATURE: &[u8] = b"TRUEVISION-XFILE.\0";

/// TGA.
#[derive(Debug)]
pub(in crate::formats) struct Tga;

static INFO: Info = Info {
    id: "tga",
    name: NAME,
    extensions: &["tga", "targa", "vda", "icb", "vst"],
    noun: "picture",
    rows: &[HEADER_ROW, COLOURS, PIXELS, EXTENSION_ROW, FOOTER_ROW],
    vocabulary: &["TRUEVISION-XFILE."],
};

const HEADER_ROW: Row = Row {
    what: "header",
    when: "always; without an image id, and without a colour map that the pixels do not use",
    how: How::Rebuild,
    why: "size, depth, kind of coding, which side is up",
    spec: "TGA 2.0, fields 1 to 5",
};
const COLOURS: Row = Row {
    what: "colour map",
    when: "the pixels are indices into it; colours that no pixel has unset",
    how: How::Rebuild,
    why: "the colours",
    spec: "TGA 2.0, field 7",
};
const PIXELS: Row = Row {
    what: "image data",
    when: "up to the last pixel",
    how: How::Verbatim,
    why: "the picture",
    spec: "TGA 2.0, field 8",
};
const EXTENSION_ROW: Row = Row {
    what: "extension area",
    when: "the footer points to it; nothing but shape of pixels, gamma and kind of transparency",
    how: How::Rebuild,
    why: "what the alpha channel means, brightness, shape",
    spec: "TGA 2.0, fields 10 to 26",
};
const FOOTER_ROW: Row = Row {
    what: "footer",
    when: "there is an extension area",
    how: How::Rebuild,
    why: "where the extension area stands",
    spec: "TGA 2.0, fields 28 to 32",
};

/// A file as it stands.
#[derive(Debug)]
struct Layout {
    header: Vec<u8>,
    id: Span,
    map: Span,
    /// Whether the pixels are indices.
    is_mapped: bool,
    is_packed: bool,
    /// Bytes of a pixel.
    pixel: u64,
    pixels: Span,
    extension: Option<Span>,
    footer: Option<Span>,
}

impl Format for Tga {
    fn info(&self) -> &'static Info {
        &INFO
    }

    /// There is no magic number: the fields must make sense together.
    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let is_new = probe.tail().ends_with(SIGNATURE);
        let confidence = match is_new {
            true => Confidence::Signature,
            false => Confidence::Plausible,
        };
        confidence.when(Header::parse(probe.head()).is_some())
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let layout = Layout::parse(source, cx)?;
        let mut splice = Splice::new(source, cx, NAME, "tga.gap");
        let since = splice.since();
        if !layout.id.is_empty() {
            let words = source.read(layout.id)?;
            let words = text_of(&words);
            text::read(
                "tga.id",
                "Comment",
                &words,
                "image id",
                cx,
                &mut splice.found,
            )?;
        }
        splice.rebuild(
            Span::new(0, HEADER),
            &HEADER_ROW,
            layout.clean_header(),
            since,
        )?;
        let id = finding("tga.id", "image id", "text about the picture", layout.id);
        if !layout.id.is_empty() {
            splice.goes(layout.id, "image id", id);
        }
        let mut hidden = Hidden::default();
        let mut unshown = Unshown::default();
        let mut used = Used::new(&layout);
        layout.each_pixel(source, cx, |pixel| {
            used.see(pixel);
            if let [b, g, r, alpha] = pixel {
                unshown.see(&[*alpha]);
                hidden.pixel(&[*r, *g, *b], *alpha);
            }
        })?;
        let says_alpha = layout.header.get(17).is_some_and(|bits| bits & 0x0F != 0);
        splice.residue.extend(if says_alpha {
            hidden.residue("tga.hidden", PIXELS.what)
        } else {
            let as_alpha = hidden.residue_if_alpha("tga.hidden", PIXELS.what);
            unshown.residue("tga.hidden", PIXELS.what).or(as_alpha)
        });
        if layout.is_mapped {
            let clean = used.clean(&source.read(layout.map)?);
            splice.palette(layout.map, &COLOURS, clean, "tga.palette")?;
        } else {
            splice.gap(layout.map, "colour map that is not used")?;
        }
        splice.keep(layout.pixels, &PIXELS);
        let mut at = layout.pixels.end();
        let mut footer = Vec::new();
        if let Some(extension) = layout.extension {
            splice.gap(Span::new(at, extension.start()), "behind the picture")?;
            let since = splice.since();
            report(&mut splice, extension)?;
            let offset = fit::<u32>(layout.new_extension())?;
            let old = source.read(extension)?;
            splice.rebuild(extension, &EXTENSION_ROW, clean_extension(&old), since)?;
            at = extension.end();
            footer = [&offset.to_le_bytes()[..], &[0; 4], SIGNATURE].concat();
        }
        let end = layout.footer.map_or(source.len(), Span::start).max(at);
        splice.gap(Span::new(at, end), "behind the picture")?;
        let place = Span::new(end, layout.footer.map_or(end, Span::end).max(end));
        if footer.is_empty() && !place.is_empty() {
            let what = "footer of a file that needs none";
            splice.goes(
                place,
                "footer",
                finding("tga.footer", "footer", what, place),
            );
        } else {
            let since = splice.since();
            splice.rebuild(place, &FOOTER_ROW, footer, since)?;
        }
        splice.gap(Span::new(place.end(), source.len()), "behind the footer")?;
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let layout = Layout::parse(source, cx)?;
        let mut hasher = Hasher::new();
        hasher.bytes(&layout.clean_header());
        if layout.is_mapped {
            let mut used = Used::new(&layout);
            layout.each_pixel(source, cx, |pixel| used.see(pixel))?;
            hasher.bytes(&used.clean(&source.read(layout.map)?));
        }
        hasher.span(source, layout.pixels)?;
        if let Some(extension) = layout.extension {
            hasher.label("extension", 0);
            hasher.bytes(&clean_extension(&source.read(extension)?));
        }
        Ok(hasher.finish())
    }

    /// Only pixels are coded in it, and no file is nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

fn finding(id: &'static str, place: &'static str, what: &'static str, span: Span) -> Finding {
    let severity = if span.len() == FOOTER {
        Severity::Low
    } else {
        Severity::Medium
    };
    Finding::new(id, Category::Unknown, severity, place, what).bytes(span.len())
}

fn text_of(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    let words = bytes.get(..end).unwrap_or_default();
    words
        .iter()
        .copied()
        .map(char::from)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The fields of the header that decide where things stand.
struct Header {
    id: u64,
    map: u64,
    is_mapped: bool,
    is_packed: bool,
    /// Bytes of a pixel.
    pixel: u64,
    pixels: u64,
}

impl Header {
    /// `None` when the fields do not make sense together.
    fn parse(head: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(head);
        let order = Order::Little;
        let id = cursor.u8()?.into();
        let has_map = match cursor.u8()? {
            0 => false,
            1 => true,
            _ => return None,
        };
        let kind = cursor.u8()?;
        let first = cursor.u16(order)?;
        let count = u64::from(cursor.u16(order)?);
        let entry = u64::from(cursor.u8()?);
        cursor.skip(4)?;
        let (width, height) = (cursor.u16(order)?, cursor.u16(order)?);
        let depth = cursor.u8()?;
        let descriptor = cursor.u8()?;
        let fits = match (kind, has_map, depth) {
            (1 | 9, true, 8 | 16) => true,
            (2 | 10, _, 15 | 16 | 24 | 32) | (3 | 11, _, 8 | 16) => true,
            _ => return None,
        };
        let map_fits = if has_map {
            count > 0 && matches!(entry, 15 | 16 | 24 | 32)
        } else {
            count == 0 && first == 0 && matches!(entry, 0 | 8 | 15 | 16 | 24 | 32)
        };
        let is_plausible = fits && map_fits && width > 0 && height > 0 && descriptor & 0xC0 == 0;
        is_plausible.then_some(())?;
        Some(Self {
            id,
            map: if has_map {
                count.checked_mul(entry.div_ceil(8))?
            } else {
                0
            },
            is_mapped: matches!(kind, 1 | 9),
            is_packed: kind >= 9,
            pixel: u64::from(depth).div_ceil(8),
            pixels: u64::from(width).checked_mul(height.into())?,
        })
    }
}

impl Layout {
    fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let cut = || Error::malformed(NAME, source.len(), "the picture stops before its end");
        let head = source.peek(0, HEADER)?.into_owned();
        let header = Header::parse(&head)
            .ok_or_else(|| Error::malformed(NAME, 0, "the header is damaged"))?;
        let span = |start: u64, len: u64| {
            let span = Span::sized(start, len);
            span.filter(|span| span.end() <= source.len())
                .ok_or_else(cut)
        };
        let id = span(HEADER, header.id)?;
        let map = span(id.end(), header.map)?;
        let len = if header.is_packed {
            packed(source, map.end(), &header, cx)?
        } else {
            header.pixels.saturating_mul(header.pixel)
        };
        let pixels = span(map.end(), len)?;
        let mut layout = Self {
            header: head,
            id,
            map,
            is_mapped: header.is_mapped,
            is_packed: header.is_packed,
            pixel: header.pixel,
            pixels,
            extension: None,
            footer: None,
        };
        let start = source
            .len()
            .checked_sub(FOOTER)
            .filter(|at| *at >= pixels.end());
        if let Some(start) = start {
            let footer = source.peek(start, FOOTER)?;
            if footer.ends_with(SIGNATURE) {
                layout.footer = Some(Span::new(start, source.len()));
                let offset = Order::Little.u32(&footer).map(u64::from);
                layout.extension = offset
                    .filter(|at| *at >= pixels.end())
                    .and_then(|at| Span::sized(at, EXTENSION))
                    .filter(|extension| extension.end() <= start);
            }
        }
        if let Some(extension) = layout.extension {
            let len = Order::Little.u16(&source.peek(extension.start(), 2)?);
            if len.map(u64::from) != Some(EXTENSION) {
                layout.extension = None;
            }
        }
        Ok(layout)
    }

    /// Hands out the pixels, those of a run once.
    fn each_pixel(
        &self,
        source: &Source<'_>,
        cx: &Context<'_>,
        mut f: impl FnMut(&[u8]),
    ) -> Result<()> {
        let size = usize::try_from(self.pixel).unwrap_or(1).max(1);
        let mut at = self.pixels.start();
        let mut before = None;
        // A packet that is cut ends it.
        while at < self.pixels.end() && before != Some(at) {
            cx.check_stop()?;
            before = Some(at);
            let window = source.peek(at, self.pixels.end().saturating_sub(at).min(BATCH))?;
            let mut cursor = Cursor::new(&window);
            if self.is_packed {
                while let Some(packet) = cursor.u8() {
                    let count = usize::from(packet & 0x7F).saturating_add(1);
                    let count = if packet & 0x80 == 0 { count } else { 1 };
                    let Some(pixels) = cursor.take(count.saturating_mul(size)) else {
                        break;
                    };
                    at = at.saturating_add(len_u64(pixels.len())).saturating_add(1);
                    pixels.chunks(size).for_each(&mut f);
                }
            } else {
                window.chunks_exact(size).for_each(&mut f);
                let left = window.len().checked_rem(size).unwrap_or_default();
                at = at.saturating_add(len_u64(window.len().saturating_sub(left)));
            }
        }
        Ok(())
    }

    fn clean_header(&self) -> Vec<u8> {
        let mut header = self.header.clone();
        // Length of the id; kind and place of a colour map that is not used.
        let unused = if self.is_mapped { 0..1 } else { 0..8 };
        for (index, byte) in header.iter_mut().enumerate() {
            if unused.contains(&index) && index != 2 {
                *byte = 0;
            }
        }
        header
    }

    /// Where the extension area stands in the output.
    fn new_extension(&self) -> u64 {
        let map = if self.is_mapped { self.map.len() } else { 0 };
        HEADER.saturating_add(map).saturating_add(self.pixels.len())
    }
}

/// Bytes of pixels that are read at a time: more than any packet has.
const BATCH: u64 = 256 << 10;

/// Which colours of a map the pixels have.
struct Used {
    /// The number of the first one.
    first: usize,
    entry: usize,
    colours: Vec<bool>,
}

impl Used {
    fn new(layout: &Layout) -> Self {
        let field = |at: usize| Order::Little.u16(layout.header.get(at..).unwrap_or_default());
        let bits = layout.header.get(7).copied().unwrap_or_default();
        let count = field(5).filter(|_| layout.is_mapped).unwrap_or_default();
        Self {
            first: field(3).unwrap_or_default().into(),
            entry: usize::from(bits.div_ceil(8)).max(1),
            colours: vec![false; count.into()],
        }
    }

    /// A pixel that is an index. Programs do not agree whether the first number counts.
    fn see(&mut self, pixel: &[u8]) {
        let index = match *pixel {
            [low] => usize::from(low),
            [low, high] => usize::from(u16::from_le_bytes([low, high])),
            _ => return,
        };
        for index in [Some(index), index.checked_sub(self.first)] {
            if let Some(used) = index.and_then(|index| self.colours.get_mut(index)) {
                *used = true;
            }
        }
    }

    fn clean(&self, map: &[u8]) -> Vec<u8> {
        without_unused(map, self.entry, &self.colours)
    }
}

/// Length of packets up to the last pixel.
fn packed(source: &Source<'_>, start: u64, header: &Header, cx: &Context<'_>) -> Result<u64> {
    let mut left = header.pixels;
    let mut at = start;
    let mut skip = 0u64;
    while left > 0 || skip > 0 {
        cx.check_stop()?;
        let window = source.window(at)?;
        if window.is_empty() {
            return Err(Error::malformed(
                NAME,
                at,
                "the picture stops before its end",
            ));
        }
        let mut cursor = Cursor::new(&window);
        loop {
            let here = skip.min(len_u64(cursor.rest().len()));
            cursor.skip(usize::try_from(here).unwrap_or(usize::MAX));
            skip = skip.saturating_sub(here);
            if left == 0 || skip > 0 {
                break;
            }
            let Some(packet) = cursor.u8() else { break };
            let count = u64::from(packet & 0x7F).saturating_add(1);
            let pixels = if packet & 0x80 == 0 { count } else { 1 };
            skip = pixels.saturating_mul(header.pixel);
            left = left
                .checked_sub(count)
                .ok_or_else(|| Error::malformed(NAME, at, "more pixels than the picture has"))?;
        }
        at = at.saturating_add(len_u64(cursor.at()));
    }
    Ok(at.saturating_sub(start))
}

/// Shape of pixels, gamma: a numerator and a denominator each.
const RATIOS: [usize; 2] = [474, 478];
/// Kind of transparency.
const TRANSPARENCY: usize = 494;

/// Nothing but numbers that decide how the picture looks.
fn clean_extension(old: &[u8]) -> Vec<u8> {
    let mut out = vec![0; old.len()];
    let mut keep = |start: usize, len: usize| {
        let range = start..start.saturating_add(len);
        if let (Some(new), Some(old)) = (out.get_mut(range.clone()), old.get(range)) {
            new.copy_from_slice(old);
        }
    };
    keep(0, 2);
    for at in RATIOS {
        let number = |at: usize| Order::Little.u16(old.get(at..).unwrap_or_default());
        let (above, below) = (number(at), number(at.saturating_add(2)));
        let (above, below) = (above.unwrap_or_default(), below.unwrap_or_default());
        // Pixels of a shape, and a gamma, that there are; a hundredth is as exact as it gets.
        if (1..=1000).contains(&above) && (1..=1000).contains(&below) {
            keep(at, 4);
        }
    }
    if old.get(TRANSPARENCY).is_some_and(|kind| *kind <= 4) {
        keep(TRANSPARENCY, 1);
    }
    out
}

/// Texts of the extension area: offset, length, name.
const TEXTS: [(usize, usize, &str); 5] = [
    (2, 41, "Author"),
    (43, 324, "Comment"),
    (379, 41, "Job"),
    (426, 41, "Software"),
    (367, 12, "date"),
];

fn report(splice: &mut Splice<'_>, extension: Span) -> Result<()> {
    let bytes = splice.source.read(extension)?;
    let place = "extension area";
    for (at, len, name) in TEXTS {
        let field = bytes.get(at..).and_then(|rest| rest.get(..len));
        let field = field.unwrap_or_default();
        if name == "date" {
            let numbers: Vec<u16> = field
                .chunks(2)
                .filter_map(|pair| Order::Little.u16(pair))
                .collect();
            if let [month, day, year, hour, minute, second] = numbers.as_slice()
                && *year > 0
            {
                let finding = Finding::new(
                    "tga.extension",
                    Category::Time,
                    Severity::Medium,
                    place,
                    "date",
                );
                let date =
                    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
                let finding = finding.text(date).role(Role::OtherTime);
                splice.found.findings.push(finding);
                splice.found.secrets.bytes(field);
            }
            continue;
        }
        let words = text_of(field);
        if !words.is_empty() {
            let found = &mut splice.found;
            text::read("tga.extension", name, &words, place, splice.cx, found)?;
        }
        // What stands behind the end of a text.
        splice.found.secrets.harvest(field);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing::{self, copy as clean};

    const SECRET: &[u8] = b"57.70890N 11.97460E";

    /// Three pixels of 24 bits.
    fn header(id: u8, kind: u8) -> Vec<u8> {
        vec![id, 0, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 24, 0x20]
    }

    fn extension(text: &[u8]) -> Vec<u8> {
        let mut out = vec![0; 495];
        out[..2].copy_from_slice(&495u16.to_le_bytes());
        out[2..2 + text.len()].copy_from_slice(text);
        out[474..482].copy_from_slice(&[1, 0, 1, 0, 22, 0, 10, 0]);
        out[494] = 3;
        out
    }

    fn footer(extension: u32) -> Vec<u8> {
        [&extension.to_le_bytes()[..], &[0; 4], SIGNATURE].concat()
    }

    #[test]
    fn ids_tails_and_texts_go() {
        let pixels = b"abcdefghi";
        let raw = [&header(0, 2)[..], pixels].concat();
        assert_eq!(clean(&raw).unwrap(), raw);
        let id = u8::try_from(SECRET.len()).unwrap();
        let dirty = [&header(id, 2), SECRET, pixels, SECRET].concat();
        assert_eq!(clean(&dirty).unwrap(), raw);
        let packed = [&header(0, 10)[..], &[0x81], b"abc", &[0], b"def"].concat();
        assert_eq!(clean(&packed).unwrap(), packed);
        assert_eq!(clean(&[&packed[..], SECRET].concat()).unwrap(), packed);
        let ending = [&raw[..], &footer(0)].concat();
        assert_eq!(clean(&ending).unwrap(), raw);
        let at = u32::try_from(raw.len() + SECRET.len()).unwrap();
        let long = [&raw, SECRET, &extension(SECRET), SECRET, &footer(at)].concat();
        let at = u32::try_from(raw.len()).unwrap();
        let expected = [&raw, &extension(b"")[..], &footer(at)].concat();
        assert_eq!(clean(&long).unwrap(), expected);
        assert_eq!(clean(&expected).unwrap(), expected);
        let mut text = expected.clone();
        text[raw.len() + 470..raw.len() + 482].copy_from_slice(&SECRET[..12]);
        let mut without = expected;
        without[raw.len() + 474..raw.len() + 482].fill(0);
        assert_eq!(clean(&text).unwrap(), without);
    }

    #[test]
    fn what_no_pixel_shows_is_unset_or_told() {
        let mapped = |map: &[u8]| {
            let head = [0, 1, 1, 0, 0, 3, 0, 24, 0, 0, 0, 0, 2, 0, 1, 0, 8, 0];
            [&head[..], map, &[0, 2]].concat()
        };
        assert_eq!(
            clean(&mapped(b"rgbANNbgr")).unwrap(),
            mapped(b"rgb\0\0\0bgr")
        );
        let with = |alpha: u8| {
            let mut out = header(0, 2);
            (out[12], out[16], out[17]) = (180, 32, 8);
            out.extend((1..=180_u8).flat_map(|n| [n, n.wrapping_mul(9), n, alpha]));
            out
        };
        let runs = |alpha: u8| {
            let mut out = header(0, 10);
            (out[12], out[16]) = (241, 32);
            for _ in 0..2 {
                out.push(119);
                out.extend((1..=120_u8).flat_map(|n| [n, n.wrapping_mul(9), n, alpha]));
            }
            out.extend([0x80, 1, 1, 1, 9]);
            out
        };
        assert!(testing::cleaned(&with(9)).unwrap().residue.is_empty());
        // Pixels of 32 bits of which the header says that none is transparency.
        let plane = |last: u8| {
            let mut out = with(9);
            (out[17], *out.last_mut().unwrap()) = (0, last);
            testing::cleaned(&out).unwrap().stays()
        };
        assert_eq!((plane(9), plane(2)), (vec![], vec!["tga.hidden"]));
        for make in [with, runs] {
            let cleaned = testing::cleaned(&make(0)).unwrap();
            assert_eq!(
                (cleaned.bytes.as_slice(), cleaned.stays()),
                (&*make(0), vec!["tga.hidden"])
            );
        }
    }

    #[test]
    fn colour_maps_stay_where_they_are_used() {
        let mapped = [
            &[0, 1, 1, 0, 0, 1, 0, 24, 0, 0, 0, 0, 2, 0, 1, 0, 8, 0][..],
            b"rgb\0\0",
        ]
        .concat();
        assert_eq!(clean(&mapped).unwrap(), mapped);
        let unused = [
            &[0, 1, 3, 0, 0, 1, 0, 24, 0, 0, 0, 0, 2, 0, 1, 0, 8, 0][..],
            b"rgb\0\0",
        ]
        .concat();
        let expected = [&[0, 0, 3, 0, 0, 0, 0, 0][..], &unused[8..18], &[0, 0]].concat();
        assert_eq!(clean(&unused).unwrap(), expected);
    }

    #[test]
    fn damage_is_refused() {
        for bad in [
            [&header(0, 2)[..], b"abcdefgh"].concat(),
            [&header(200, 2)[..], b"abcdefghi"].concat(),
            [&header(0, 10)[..], &[0x83], b"abc"].concat(),
            [&header(0, 10)[..], &[0x81], b"abc", &[0]].concat(),
            header(0, 4),
        ] {
            assert!(clean(&bad).is_err());
        }
    }
}
