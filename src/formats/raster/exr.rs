//! OpenEXR files of one part, scan lines or tiles (Technical Introduction to OpenEXR; OpenEXR File Layout).

use crate::bytes::{Context, Cursor, Hasher, Order, Source};
use crate::formats::common::Splice;
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::{appended, text};
use crate::model::{
    Category, Digest, Error, Examined, Finding, How, Place, Result, Role, Row, Severity, Span, fit,
    len_u64,
};

const NAME: &str = "OpenEXR";
const MAGIC: &[u8] = &[0x76, 0x2F, 0x31, 0x01];
/// Headers with previews are far shorter.
const LONGEST_HEADER: u64 = 64 << 20;
const ORDER: Order = Order::Little;
/// The number of the newest compression (`HTJ2K32`).
const NEWEST: u8 = 11;
/// Version flags: tiles, long names; other flags are of several parts and of deep pixels.
const TILED: u32 = 0x200;
const LONG_NAMES: u32 = 0x400;

/// OpenEXR.
#[derive(Debug)]
pub(in crate::formats) struct Exr;

static INFO: Info = Info {
    id: "exr",
    name: NAME,
    extensions: &["exr"],
    noun: "picture",
    rows: &[HEADER, OFFSETS, CHUNKS],
    vocabulary: &[
        "channels",
        "chlist",
        "compression",
        "dataWindow",
        "displayWindow",
        "box2i",
        "lineOrder",
        "pixelAspectRatio",
        "screenWindowCenter",
        "screenWindowWidth",
        "chromaticities",
        "whiteLuminance",
        "adoptedNeutral",
        "tiledesc",
        "envmap",
        "chunkCount",
        "scanlineimage",
        "tiledimage",
        "float",
        "dwaCompressionLevel",
    ],
};

const HEADER: Row = Row {
    what: "header",
    when: "always; attributes channels, compression, dataWindow, displayWindow, lineOrder, pixelAspectRatio, \
        screenWindowCenter, screenWindowWidth, tiles, type, chunkCount, chromaticities, whiteLuminance, \
        adoptedNeutral, envmap and dwaCompressionLevel, each of its own type",
    how: How::Rebuild,
    why: "size, channels, coding, colours, projection",
    spec: "OpenEXR File Layout, Header",
};
const OFFSETS: Row = Row {
    what: "offset table",
    when: "always",
    how: How::Rebuild,
    why: "where the chunks stand",
    spec: "OpenEXR File Layout, Offset Tables",
};
const CHUNKS: Row = Row {
    what: "chunks",
    when: "the offset table names them",
    how: How::Verbatim,
    why: "the pixels",
    spec: "OpenEXR File Layout, Chunks",
};

/// Attributes that are kept: name, type, length; 0 stands for any.
const KEPT: &[(&str, &str, usize)] = &[
    ("channels", "chlist", 0),
    ("compression", "compression", 1),
    ("dataWindow", "box2i", 16),
    ("displayWindow", "box2i", 16),
    ("lineOrder", "lineOrder", 1),
    ("pixelAspectRatio", "float", 4),
    ("screenWindowCenter", "v2f", 8),
    ("screenWindowWidth", "float", 4),
    ("tiles", "tiledesc", 9),
    ("type", "string", 0),
    ("chunkCount", "int", 4),
    ("chromaticities", "chromaticities", 32),
    ("whiteLuminance", "float", 4),
    ("adoptedNeutral", "v2f", 8),
    ("envmap", "envmap", 1),
    ("dwaCompressionLevel", "float", 4),
];

impl Format for Exr {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Signature.when(probe.head().starts_with(MAGIC))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let file = File::parse(source, cx)?;
        let mut splice = Splice::new(source, cx, NAME, "exr.gap");
        let since = splice.since();
        for attribute in &file.dropped {
            report(attribute, &mut splice)?;
        }
        place(&file.dropped, &mut splice);
        splice.rebuild(
            Span::new(0, file.header_end),
            &HEADER,
            file.header.clone(),
            since,
        )?;
        splice.rebuild(file.table, &OFFSETS, file.new_table(), since)?;
        let mut at = file.table.end();
        for chunk in &file.chunks {
            splice.gap(Span::new(at, chunk.start()), "between chunks")?;
            splice.keep(*chunk, &CHUNKS);
            at = chunk.end();
        }
        splice.gap(Span::new(at, source.len()), "behind the picture")?;
        for name in &file.names {
            let what = "name of a channel, as people call their layers";
            let id = "exr.channel";
            let finding = Finding::new(id, Category::History, Severity::Medium, "channels", what);
            splice
                .residue
                .push(finding.text(name.as_str()).role(Role::Text));
        }
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let file = File::parse(source, cx)?;
        let mut hasher = Hasher::new();
        hasher.bytes(&file.header);
        for offset in &file.offsets {
            let chunk = file
                .chunks
                .binary_search_by_key(offset, |chunk| chunk.start());
            if let Some(chunk) = chunk.ok().and_then(|index| file.chunks.get(index)) {
                hasher.label("chunk", chunk.len());
                hasher.span(source, *chunk)?;
            }
        }
        Ok(hasher.finish())
    }

    /// Only pixels are coded in it, and no file is nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

/// An attribute that goes.
struct Attribute {
    name: String,
    kind: String,
    value: Vec<u8>,
}

/// A file as it stands.
struct File {
    /// As it will be written.
    header: Vec<u8>,
    header_end: u64,
    dropped: Vec<Attribute>,
    /// Channel names that are nobody's convention.
    names: Vec<String>,
    table: Span,
    /// As they stand in the table.
    offsets: Vec<u64>,
    /// In file order.
    chunks: Vec<Span>,
}

/// What of the attributes decides how many chunks there are.
#[derive(Default)]
struct Shape {
    compression: Option<u8>,
    window: Option<[i32; 4]>,
    /// Width and height of tiles, kind of levels.
    tiles: Option<(u32, u32, u8)>,
}

fn damaged(what: &'static str) -> Error {
    Error::malformed(NAME, 0, what)
}

impl File {
    fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let bytes = source.peek(0, LONGEST_HEADER)?;
        let mut cursor = Cursor::new(&bytes);
        let mut header = MAGIC.to_vec();
        let version = cursor.skip(4).and_then(|()| cursor.u32(ORDER));
        let version = version.ok_or_else(|| damaged("the header is cut"))?;
        if version & 0xFF != 2 || version & !(0xFF | TILED | LONG_NAMES) != 0 {
            let what = "an OpenEXR file of several parts or with deep pixels";
            return Err(Error::unsupported(what));
        }
        header.extend(version.to_le_bytes());
        let mut shape = Shape::default();
        let (mut dropped, mut names) = (Vec::new(), Vec::new());
        loop {
            cx.item()?;
            let attribute = attribute(&mut cursor).ok_or_else(|| damaged("an attribute is cut"))?;
            let Some(attribute) = attribute else { break };
            match clean(&attribute, &mut shape, &mut names)? {
                Some(value) => {
                    for text in [&attribute.name, &attribute.kind] {
                        header.extend(text.as_bytes());
                        header.push(0);
                    }
                    header.extend(fit::<u32>(value.len())?.to_le_bytes());
                    header.extend(value);
                }
                None => dropped.push(attribute),
            }
        }
        header.push(0);
        let is_tiled = version & TILED != 0;
        let count = shape
            .chunks(is_tiled)
            .ok_or_else(|| damaged("the header lacks something"))?;
        let header_end = len_u64(cursor.at());
        let table = Span::sized(header_end, count.saturating_mul(8))
            .filter(|table| count > 0 && table.end() <= source.len())
            .ok_or_else(|| damaged("the picture stops before its end"))?;
        cx.memory(table.len())?;
        let offsets: Vec<u64> = source
            .read(table)?
            .chunks(8)
            .filter_map(|bytes| ORDER.u64(bytes))
            .collect();
        let mut chunks = Vec::new();
        for offset in &offsets {
            cx.item()?;
            chunks.push(chunk(source, *offset, is_tiled)?);
        }
        chunks.sort_unstable();
        let mut at = table.end();
        for chunk in &chunks {
            if chunk.start() < at {
                return Err(Error::malformed(
                    NAME,
                    chunk.start(),
                    "two chunks in one place",
                ));
            }
            at = chunk.end();
        }
        Ok(Self {
            header,
            header_end,
            dropped,
            names,
            table,
            offsets,
            chunks,
        })
    }

    /// Where the chunks will stand.
    fn new_table(&self) -> Vec<u8> {
        let mut at = len_u64(self.header.len()).saturating_add(self.table.len());
        let mut places = Vec::new();
        for chunk in &self.chunks {
            places.push((chunk.start(), at));
            at = at.saturating_add(chunk.len());
        }
        let place = |old: &u64| {
            let index = places.binary_search_by_key(old, |(start, _)| *start);
            let place = index.ok().and_then(|index| places.get(index));
            place.map_or(0, |(_, new)| *new)
        };
        self.offsets
            .iter()
            .flat_map(|old| place(old).to_le_bytes())
            .collect()
    }
}

/// A chunk: coordinates, a length, and so many bytes.
fn chunk(source: &Source<'_>, offset: u64, is_tiled: bool) -> Result<Span> {
    let cut = || Error::malformed(NAME, offset, "a chunk that is not there");
    let head = if is_tiled { 20 } else { 8u64 };
    let bytes = source.peek(offset, head)?;
    let at = usize::try_from(head).unwrap_or_default().saturating_sub(4);
    let len = bytes
        .get(at..)
        .and_then(|len| ORDER.u32(len))
        .ok_or_else(cut)?;
    Span::sized(offset, head.saturating_add(len.into()))
        .filter(|span| span.end() <= source.len())
        .ok_or_else(cut)
}

/// The next attribute; the inner `None` at the end of the header.
fn attribute(cursor: &mut Cursor<'_>) -> Option<Option<Attribute>> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let name = cursor.until_nul()?;
    if name.is_empty() {
        return Some(None);
    }
    let kind = cursor.until_nul()?;
    let len = cursor.u32(ORDER)?;
    let value = cursor.take(usize::try_from(len).ok()?)?;
    Some(Some(Attribute {
        name: text(name),
        kind: text(kind),
        value: value.to_vec(),
    }))
}

/// The value of an attribute as it will be written; `None` for those that go.
fn clean(
    attribute: &Attribute,
    shape: &mut Shape,
    names: &mut Vec<String>,
) -> Result<Option<Vec<u8>>> {
    let value = &attribute.value;
    let is_kept = KEPT.iter().any(|(name, kind, len)| {
        attribute.name == *name && attribute.kind == *kind && (*len == 0 || *len == value.len())
    });
    if !is_kept {
        let is_needed = KEPT
            .iter()
            .take(9)
            .any(|(name, ..)| attribute.name == *name);
        return if is_needed {
            Err(damaged("an attribute of another kind than it should be"))
        } else {
            Ok(None)
        };
    }
    if !is_plausible(&attribute.name, value) {
        return Err(damaged("an attribute with a number that cannot be"));
    }
    match attribute.name.as_str() {
        "compression" if value.first().is_some_and(|kind| *kind > NEWEST) => {
            let what = "an OpenEXR file that is compressed in a way that nobody here knows";
            return Err(Error::unsupported(what));
        }
        "compression" => shape.compression = value.first().copied(),
        "dataWindow" => {
            let numbers: Vec<i32> = value.chunks(4).filter_map(|n| ORDER.i32(n)).collect();
            shape.window = numbers.first_chunk().copied();
        }
        "tiles" => {
            let mut cursor = Cursor::new(value);
            let tiles = (|| Some((cursor.u32(ORDER)?, cursor.u32(ORDER)?, cursor.u8()?)))();
            shape.tiles = tiles;
        }
        "type" if !matches!(value.as_slice(), b"scanlineimage" | b"tiledimage") => {
            return Err(Error::unsupported("an OpenEXR file with deep pixels"));
        }
        "channels" => {
            let list = channels(value, names);
            return list
                .map(Some)
                .ok_or_else(|| damaged("the channels are damaged"));
        }
        _ => {}
    }
    Ok(Some(value.clone()))
}

/// Whether the numbers of an attribute can be what they are said to be.
fn is_plausible(name: &str, value: &[u8]) -> bool {
    let most: f32 = match name {
        "displayWindow" | "dataWindow" => {
            let mut sides = value.chunks(4).filter_map(|n| ORDER.i32(n));
            return sides.all(|side| side.unsigned_abs() <= FARTHEST);
        }
        "chromaticities" | "adoptedNeutral" => 16.0,
        "pixelAspectRatio"
        | "screenWindowWidth"
        | "screenWindowCenter"
        | "whiteLuminance"
        | "dwaCompressionLevel" => 1e6,
        "envmap" | "lineOrder" => return value.first().is_some_and(|kind| *kind <= 2),
        _ => return true,
    };
    let mut numbers = value.chunks(4).filter_map(|n| ORDER.f32(n));
    numbers.all(|n| n.is_finite() && n.abs() <= most)
}

/// No window reaches farther, in pixels.
const FARTHEST: u32 = 1 << 26;

/// Names that everybody uses.
const USUAL: &[&str] = &[
    "R", "G", "B", "A", "Y", "RY", "BY", "Z", "AR", "AG", "AB", "X", "U", "V", "ZBack",
];

/// A list of channels without what its reserved bytes hold.
fn channels(value: &[u8], names: &mut Vec<String>) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(value);
    let mut out = Vec::new();
    loop {
        let name = cursor.until_nul()?;
        out.extend_from_slice(name);
        out.push(0);
        if name.is_empty() {
            return Some(out);
        }
        let text = String::from_utf8_lossy(name).into_owned();
        if !USUAL.contains(&text.as_str()) {
            names.push(text);
        }
        // Kind of samples; linear or not, three reserved bytes; sampling.
        out.extend_from_slice(cursor.take(4)?);
        out.extend([cursor.u8()? & 1, 0, 0, 0]);
        cursor.skip(3)?;
        out.extend_from_slice(cursor.take(8)?);
    }
}

impl Shape {
    /// How many chunks there are.
    fn chunks(&self, is_tiled: bool) -> Option<u64> {
        let [left, top, right, bottom] = self.window?;
        let side = |from: i32, to: i32| {
            let side = i64::from(to).checked_sub(from.into())?.checked_add(1)?;
            u64::try_from(side).ok().filter(|side| *side > 0)
        };
        let (width, height) = (side(left, right)?, side(top, bottom)?);
        if !is_tiled {
            let lines = match self.compression? {
                0..=2 => 1,
                3 | 5 => 16,
                4 | 6..=8 => 32,
                9 | 10 => 256,
                11 => 32,
                _ => return None,
            };
            return Some(height.div_ceil(lines));
        }
        let (x, y, mode) = self.tiles?;
        let (x, y) = (u64::from(x), u64::from(y));
        (x > 0 && y > 0).then_some(())?;
        let rounds_up = mode & 0xF0 != 0;
        let at = |side: u64, level: u32| {
            let scale = 1u64.checked_shl(level).unwrap_or(u64::MAX);
            let side = if rounds_up {
                side.div_ceil(scale)
            } else {
                side.checked_div(scale).unwrap_or_default()
            };
            side.max(1)
        };
        let levels = |side: u64| {
            let log = side.checked_ilog2().unwrap_or_default();
            let more = rounds_up && !side.is_power_of_two();
            log.saturating_add(1).saturating_add(more.into())
        };
        let tiles = |w: u32, h: u32| {
            at(width, w)
                .div_ceil(x)
                .saturating_mul(at(height, h).div_ceil(y))
        };
        Some(match mode & 0x0F {
            0 => tiles(0, 0),
            1 => (0..levels(width.max(height))).map(|l| tiles(l, l)).sum(),
            2 => (0..levels(height))
                .flat_map(|h| (0..levels(width)).map(move |w| (w, h)))
                .map(|(w, h)| tiles(w, h))
                .sum(),
            _ => return None,
        })
    }
}

/// What an attribute gives away.
fn report(attribute: &Attribute, splice: &mut Splice<'_>) -> Result<()> {
    let (id, place) = ("exr.attribute", "header");
    let (cx, found) = (splice.cx, &mut splice.found);
    let value = &attribute.value;
    if matches!(attribute.kind.as_str(), "string" | "stringvector") {
        let words = String::from_utf8_lossy(value);
        return text::read(
            id,
            &attribute.name,
            words.trim_matches('\0'),
            place,
            cx,
            found,
        );
    }
    found.secrets.bytes(value);
    if !value.is_empty() {
        appended::read(&Source::memory(value), place, cx, found)?;
    }
    let (category, severity, role) = match attribute.name.as_str() {
        "preview" => (Category::Image, Severity::High, Role::Thumbnail),
        "timeCode" | "utcOffset" => (Category::Time, Severity::Medium, Role::Other),
        "longitude" | "latitude" | "altitude" => {
            (Category::Location, Severity::Critical, Role::Other)
        }
        _ => (Category::Device, Severity::Medium, Role::Other),
    };
    let what = crate::model::Untrusted::new(attribute.name.as_str()).for_terminal(60);
    let finding = Finding::new(id, category, severity, place, what).role(role);
    found.add(finding.bytes(len_u64(value.len())));
    Ok(())
}

/// The point that `latitude` and `longitude` name together.
fn place(dropped: &[Attribute], splice: &mut Splice<'_>) {
    let number = |name: &str| {
        let attribute = dropped
            .iter()
            .find(|a| a.name == name && a.kind == "float")?;
        ORDER.f32(&attribute.value).map(f64::from)
    };
    if let (Some(latitude), Some(longitude)) = (number("latitude"), number("longitude"))
        && let Some(point) = Place::new(latitude, longitude)
    {
        let what = "latitude, longitude";
        let finding = text::coordinates_finding("exr.attribute", "header", what, point);
        splice.found.add(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{OutcomeKind, Value};
    use crate::pipeline::testing::clean;
    use crate::pipeline::{self, Job};

    const SECRET: &[u8] = b"57.70890N 11.97460E";

    fn attribute(name: &str, kind: &str, value: &[u8]) -> Vec<u8> {
        let len = u32::try_from(value.len()).unwrap().to_le_bytes();
        [name.as_bytes(), b"\0", kind.as_bytes(), b"\0", &len, value].concat()
    }

    fn channels(name: &str, reserved: u8) -> Vec<u8> {
        let mut out = name.as_bytes().to_vec();
        out.extend([0, 1, 0, 0, 0, 0, reserved, reserved, reserved]);
        out.extend([1, 0, 0, 0, 1, 0, 0, 0, 0]);
        attribute("channels", "chlist", &out)
    }

    /// Three rows, each a chunk, the last one first in the file, with `gap` between them.
    fn picture(channels: Vec<u8>, more: &[u8], gap: &[u8]) -> Vec<u8> {
        let window = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0];
        let mut out = [MAGIC, &[2, 0, 0, 0]].concat();
        out.extend(channels);
        out.extend(attribute("compression", "compression", &[0]));
        out.extend(attribute("dataWindow", "box2i", &window));
        out.extend(more);
        out.push(0);
        let start = u64::try_from(out.len() + 24 + gap.len()).unwrap();
        let step = u64::try_from(12 + gap.len()).unwrap();
        for n in [1, 2, 0] {
            out.extend((start + n * step).to_le_bytes());
        }
        for row in [2, 0, 1] {
            out.extend(gap);
            out.extend([row, 0, 0, 0, 4, 0, 0, 0, row, row, row, row]);
        }
        out.extend(gap);
        out
    }

    #[test]
    fn attributes_and_gaps_go() {
        let expected = picture(channels("Y", 0), b"", b"");
        assert_eq!(clean(&expected).unwrap().0, expected);
        let more = [
            attribute("owner", "string", b"Anna Exempel"),
            attribute("latitude", "float", &57.7f32.to_le_bytes()),
            attribute("longitude", "float", &11.9f32.to_le_bytes()),
            attribute("preview", "preview", SECRET),
            attribute("envmap", "string", SECRET),
            attribute("unknown", "unknown", SECRET),
        ]
        .concat();
        let dirty = picture(channels("Y", 7), &more, SECRET);
        assert_eq!(clean(&dirty).unwrap(), (expected, OutcomeKind::Cleaned));
        let found = pipeline::scan(&Source::memory(&dirty), &Job::default()).unwrap();
        let mut places = found.found.findings.iter().filter_map(|f| f.value.as_ref());
        assert!(places.any(|value| matches!(value, Value::Place(_))));
    }

    #[test]
    fn names_of_layers_stay_and_are_told() {
        let named = picture(channels("Annas rum.R", 0), b"", b"");
        assert_eq!(clean(&named).unwrap(), (named, OutcomeKind::Reduced));
    }

    #[test]
    fn numbers_are_no_text() {
        for (name, kind, len) in [
            ("displayWindow", "box2i", 16),
            ("chromaticities", "chromaticities", 32),
            ("screenWindowCenter", "v2f", 8),
        ] {
            let text = b"annas place at 5".repeat(2);
            let text = attribute(name, kind, &text[..len]);
            assert!(clean(&picture(channels("Y", 0), &text, b"")).is_err());
            let numbers = attribute(name, kind, &vec![0; len]);
            let plain = picture(channels("Y", 0), &numbers, b"");
            assert_eq!(clean(&plain).unwrap().0, plain);
        }
    }

    #[test]
    fn chunks_are_counted() {
        let shape = |compression, tiles| Shape {
            compression: Some(compression),
            window: Some([0, 0, 99, 69]),
            tiles: Some(tiles),
        };
        let any = (32, 32, 0);
        assert_eq!(shape(0, any).chunks(false), Some(70));
        assert_eq!(shape(3, any).chunks(false), Some(5));
        assert_eq!(shape(9, any).chunks(false), Some(1));
        assert_eq!(shape(10, any).chunks(false), Some(1));
        assert_eq!(shape(11, any).chunks(false), Some(3));
        assert_eq!(shape(12, any).chunks(false), None);
        assert_eq!(shape(0, any).chunks(true), Some(12));
        // 100×70, 50×35, 25×17, 12×8, 6×4, 3×2, 1×1
        assert_eq!(shape(0, (32, 32, 1)).chunks(true), Some(12 + 4 + 1 + 4));
        assert_eq!(shape(0, (32, 32, 0x11)).chunks(true), Some(12 + 4 + 1 + 5));
        assert_eq!(shape(0, (64, 64, 2)).chunks(true), Some((2 + 6) * (2 + 6)));
        assert_eq!(shape(0, (0, 32, 0)).chunks(true), None);
    }

    #[test]
    fn damage_is_refused() {
        let whole = picture(channels("Y", 0), b"", b"");
        for len in 4..whole.len() {
            assert!(clean(&whole[..len]).is_err(), "cut to {len} bytes");
        }
        let mut parts = whole.clone();
        parts[5] = 0x10;
        assert!(matches!(clean(&parts), Err(Error::Unsupported { .. })));
        let table = whole.len() - 36 - 24;
        let mut same = whole.clone();
        same.copy_within(table..table + 8, table + 8);
        assert!(clean(&same).is_err(), "one chunk for two rows");
        let mut none = whole;
        none[table..table + 8].fill(0);
        assert!(clean(&none).is_err(), "a row without a chunk");
    }
}
