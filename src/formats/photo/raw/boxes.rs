//! Raw photos that are no TIFF as a whole: CR3 of Canon, a film of a few tracks (ISO/IEC 14496-12), and
//! RAF of Fujifilm.

use super::blocks::Directory;
use super::pictures::As;
use super::redact::{Work, is_blank, slice};
use crate::bytes::{Order, Source};
use crate::containers::isobmff::{BoxHeader, Boxes};
use crate::containers::tiff::ifd::{Tiff, field};
use crate::containers::tiff::write::Table;
use crate::metadata::maker_note;
use crate::model::{Category, Error, Finding, Result, Severity, Span, len_u64};

const CANON: [u8; 16] = *b"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48";
const XMP: [u8; 16] = *b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
const PREVIEW: [u8; 16] = *b"\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16";
const DUST: [u8; 16] = *b"\x21\x0F\x16\x87\x91\x49\x11\xE4\x81\x11\x00\x24\x21\x31\xFC\xE4";

/// A track: what it holds, and where its samples stand.
#[derive(Debug, Default)]
struct Track {
    kind: [u8; 4],
    sizes: Vec<u64>,
    chunks: Vec<u64>,
    per_chunk: Vec<(u64, u64)>,
}

/// Boxes that are looked at, or stay as they are.
const OUTERMOST: &[&[u8; 4]] = &[
    b"ftyp", b"moov", b"uuid", b"mdat", b"free", b"skip", b"wide",
];
const IN_MOOV: &[&[u8; 4]] = &[b"mvhd", b"trak", b"uuid", b"free", b"skip", b"wide"];

/// Boxes inside boxes.
const DEEPEST: u32 = 8;

impl Work<'_, '_> {
    /// RAF: a header of fixed offsets, a JPEG with all metadata, the numbers of the sensor.
    pub(super) fn raf(&mut self) -> Result<()> {
        let bytes = self.bytes;
        let number = |at: usize| Order::Big.u32(bytes.get(at..)?).map(u64::from);
        let span = |at: usize, len: usize| {
            Span::sized(number(at)?, number(len)?).filter(|span| span.end() <= len_u64(bytes.len()))
        };
        let damaged = || Error::malformed(super::NAME, 84, "the header is damaged");
        let jpeg = span(84, 88).ok_or_else(damaged)?;
        let sensor = span(100, 104).ok_or_else(damaged)?;
        let directory = span(92, 96).ok_or_else(damaged)?;
        for span in [sensor, directory] {
            self.payload.push(span);
        }
        self.coded.claim(sensor);
        // Sensors with two kinds of pixels have a second directory and a second picture.
        for (at, len, is_sensor) in [(120, 124, false), (128, 132, true)] {
            let there = span(at, len).filter(|span| span.start() >= jpeg.start());
            if let Some(span) = there.filter(|_| jpeg.start() >= 136) {
                self.payload.push(span);
                if is_sensor {
                    self.coded.claim(span);
                }
            }
        }
        self.label = "header";
        let id = Span::new(0x14, 0x1C);
        if !is_blank(slice(bytes, id)) {
            self.found.secrets.bytes(slice(bytes, id));
            self.fill(id, 0);
            let what = "number of the camera";
            let (category, severity) = (Category::Device, Severity::High);
            self.found
                .add(Finding::new("raw.raf", category, severity, "header", what));
        }
        if !self.jpeg(jpeg, As::Main, "JPEG")? {
            return Err(Error::malformed(
                super::NAME,
                jpeg.start(),
                "the preview is damaged",
            ));
        }
        Ok(())
    }

    /// CR3.
    pub(super) fn cr3(&mut self) -> Result<()> {
        "Canon".clone_into(&mut self.make);
        let mut tracks = Vec::new();
        let whole = Span::new(0, len_u64(self.bytes.len()));
        self.boxes(whole, "", 0, &mut tracks)?;
        for track in &tracks {
            self.track(track)?;
        }
        Ok(())
    }

    fn boxes(
        &mut self,
        span: Span,
        place: &str,
        depth: u32,
        tracks: &mut Vec<Track>,
    ) -> Result<()> {
        let bytes = self.bytes;
        let source = Source::memory(bytes);
        let mut boxes = Boxes::new(&source, span);
        while let Some(header) = boxes.next(self.cx)? {
            // Nothing else stands there that a converter would look for.
            let is_known = match place {
                "" => OUTERMOST.contains(&&header.kind.0),
                "moov" => IN_MOOV.contains(&&header.kind.0),
                _ => true,
            };
            let place = match place {
                "" => header.kind.to_string(),
                place => format!("{place}/{}", header.kind),
            };
            let body = header.body;
            self.label = "moov";
            match (&header.kind.0, header.uuid) {
                (b"moov" | b"mdia" | b"minf" | b"stbl", _) | (_, Some(CANON))
                    if depth < DEEPEST =>
                {
                    self.boxes(body, &place, depth.saturating_add(1), tracks)?;
                }
                (b"trak", _) if depth < DEEPEST => {
                    tracks.push(Track::default());
                    self.boxes(body, &place, depth.saturating_add(1), tracks)?;
                }
                (b"mvhd" | b"tkhd" | b"mdhd", _) => self.times(&header, &place),
                (b"CMT1", _) => self.block(body, &place)?,
                (b"CMT2", _) => self.block_as(body, Directory::Exif, &place)?,
                (b"CMT3", _) => self.note_block(body, &place)?,
                (b"CMT4", _) => self.gps_block(body, &place)?,
                (_, Some(XMP)) => self.blank(body, b' ', "raw.xmp", &place)?,
                (b"free" | b"skip" | b"wide", _) => self.blank(body, 0, "raw.gap", &place)?,
                (b"udta" | b"meta", _) => self.blank(body, 0, "raw.unknown", &place)?,
                _ if !is_known => self.blank(body, 0, "raw.unknown", &place)?,
                (b"hdlr", _) => {
                    let name = body.start().saturating_add(24).min(body.end());
                    self.blank(Span::new(name, body.end()), 0, "raw.unknown", &place)?;
                }
                (b"uuid", id) if ![Some(PREVIEW), Some(DUST)].contains(&id) => {
                    self.blank(body, 0, "raw.unknown", &place)?;
                }
                (b"stsd" | b"stsz" | b"stsc" | b"stco" | b"co64", _) => {
                    self.payload.push(header.whole);
                    if let Some(track) = tracks.last_mut() {
                        table(track, &header, slice(bytes, body));
                    }
                }
                (b"ftyp", _) => self.payload.push(header.whole),
                _ => {}
            }
        }
        Ok(())
    }

    /// Overwrites the body of a box, and tells of it.
    fn blank(&mut self, body: Span, byte: u8, id: &'static str, place: &str) -> Result<()> {
        let bytes = slice(self.bytes, body);
        if is_blank(bytes) {
            return Ok(());
        }
        if id == "raw.xmp" {
            crate::metadata::xmp::read(bytes, place, self.cx, &mut self.found)?;
        }
        self.found.secrets.harvest(bytes);
        self.fill(body, byte);
        let (category, severity) = (Category::Unknown, Severity::High);
        let finding = Finding::new(
            id,
            category,
            severity,
            place,
            "a box that may tell something",
        );
        self.found.add(finding.bytes(body.len()));
        Ok(())
    }

    /// Creation and modification of `mvhd`, `tkhd` and `mdhd`.
    fn times(&mut self, header: &BoxHeader, place: &str) {
        let version = slice(self.bytes, header.body).first().copied();
        let len = if version == Some(1) { 16 } else { 8 };
        let start = header.body.start().saturating_add(4);
        let span = Span::new(start, start.saturating_add(len).min(header.body.end()));
        if !is_blank(slice(self.bytes, span)) && self.fill(span, 0) {
            let (category, severity) = (Category::Time, Severity::Medium);
            let what = "creation and modification time";
            self.found
                .add(Finding::new("raw.time", category, severity, place, what));
        }
    }

    /// A maker note with a TIFF header of its own.
    fn note_block(&mut self, body: Span, place: &str) -> Result<()> {
        let bytes = slice(self.bytes, body);
        let Some((tiff, first)) = Tiff::open(bytes) else {
            return Ok(());
        };
        let note = Span::new(first, len_u64(bytes.len()));
        let make = self.make.clone();
        let (redactions, found, residue) =
            maker_note::redactions(tiff, note, &make, place, self.cx)?;
        self.redact_note(body.start(), redactions, found, residue);
        Ok(())
    }

    /// A GPS directory with a TIFF header of its own: an empty one takes its place.
    fn gps_block(&mut self, body: Span, place: &str) -> Result<()> {
        let bytes = slice(self.bytes, body);
        let Some(rest) = bytes.get(8..).filter(|rest| !is_blank(rest)) else {
            return Ok(());
        };
        if let Some((tiff, first)) = Tiff::open(bytes)
            && let Some(ifd) = tiff.ifd(first)
        {
            let mut inner = Table::default();
            for entry in &ifd.entries {
                self.cx.item()?;
                inner.bytes(
                    entry.tag,
                    entry.kind,
                    entry.count.min(64),
                    entry.value.to_vec(),
                );
            }
            let mut outer = Table::default();
            outer.tables(0x8825, field::LONG, vec![inner]);
            self.tell(outer, tiff.order(), place)?;
        }
        self.found.secrets.harvest(rest);
        self.label = "GPS";
        let mut head = bytes.get(..4).unwrap_or_default().to_vec();
        head.extend_from_slice(if head.starts_with(b"MM") {
            b"\0\0\0\x08"
        } else {
            b"\x08\0\0\0"
        });
        self.fill(body, 0);
        self.put(body.start(), &head);
        let (category, severity) = (Category::Location, Severity::Critical);
        let what = "GPS directory";
        self.found
            .add(Finding::new("raw.gps", category, severity, place, what));
        Ok(())
    }

    fn track(&mut self, track: &Track) -> Result<()> {
        for span in samples(track) {
            self.cx.item()?;
            if span.end() > len_u64(self.bytes.len()) {
                let what = "the file stops before the picture is complete";
                return Err(Error::malformed(super::NAME, span.start(), what));
            }
            if track.kind == *b"CTMD" {
                self.timed(span)?;
            } else if slice(self.bytes, span).starts_with(b"\xFF\xD8") {
                self.jpeg(span, As::Preview, "preview")?;
            } else {
                self.coded.claim(span);
            }
        }
        Ok(())
    }

    /// Records of a sample of timed metadata: length, type, and in some of them copies of Exif blocks.
    fn timed(&mut self, sample: Span) -> Result<()> {
        let place = "CTMD";
        self.label = "CTMD";
        for (kind, body) in records(self.bytes, sample, 12) {
            self.cx.item()?;
            match kind {
                1 if !is_blank(slice(self.bytes, body)) => {
                    self.fill(body, 0);
                    let (category, severity) = (Category::Time, Severity::Medium);
                    let finding = Finding::new("raw.time", category, severity, place, "time");
                    self.found.add(finding);
                }
                7..=9 => {
                    for (tag, block) in records(self.bytes, body, 8) {
                        match tag {
                            0x8769 => self.block_as(block, Directory::Exif, place)?,
                            0x8825 => self.gps_block(block, place)?,
                            0x927C => self.note_block(block, place)?,
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Length, type and bodies behind a header of so many bytes; the length counts the header.
fn records(bytes: &[u8], span: Span, header: u64) -> Vec<(u32, Span)> {
    let mut all = Vec::new();
    let mut at = span.start();
    while at.saturating_add(header) <= span.end() {
        let head = slice(bytes, Span::new(at, at.saturating_add(header)));
        let len = Order::Little.u32(head).map_or(0, u64::from);
        let kind = head.get(4..).and_then(|rest| match header {
            12 => Order::Little.u16(rest).map(u32::from),
            _ => Order::Little.u32(rest),
        });
        let end = at.saturating_add(len);
        if len < header || end > span.end() {
            break;
        }
        all.push((kind.unwrap_or(0), Span::new(at.saturating_add(header), end)));
        at = end;
    }
    all
}

/// Takes what a table of samples says.
fn table(track: &mut Track, header: &BoxHeader, body: &[u8]) {
    let number = |at: usize| {
        body.get(at..)
            .and_then(|rest| Order::Big.u32(rest))
            .map(u64::from)
    };
    let rest = |at: usize| body.get(at..).unwrap_or_default();
    match &header.kind.0 {
        b"stsd" => track.kind = rest(12).first_chunk().copied().unwrap_or_default(),
        b"stsz" => {
            track.sizes = match number(4) {
                Some(0) => numbers(rest(12), 4),
                Some(size) => {
                    let count = usize::try_from(number(8).unwrap_or(0).min(65_536)).unwrap_or(0);
                    vec![size; count]
                }
                None => Vec::new(),
            };
        }
        b"stco" => track.chunks = numbers(rest(8), 4),
        b"co64" => track.chunks = numbers(rest(8), 8),
        _ => {
            let all = numbers(rest(8), 4);
            let rows = all
                .chunks_exact(3)
                .filter_map(|row| Some((*row.first()?, *row.get(1)?)));
            track.per_chunk = rows.collect();
        }
    }
}

fn numbers(bytes: &[u8], size: usize) -> Vec<u64> {
    let number = |bytes: &[u8]| match size {
        8 => Order::Big.u64(bytes),
        _ => Order::Big.u32(bytes).map(u64::from),
    };
    bytes.chunks_exact(size).filter_map(number).collect()
}

/// Where the samples of a track stand.
fn samples(track: &Track) -> Vec<Span> {
    let mut sizes = track.sizes.iter();
    let mut spans = Vec::new();
    for (number, chunk) in (1_u64..).zip(&track.chunks) {
        let rule = track
            .per_chunk
            .iter()
            .rev()
            .find(|(first, _)| *first <= number);
        let mut at = *chunk;
        for size in sizes
            .by_ref()
            .take(rule.map_or(1, |(_, n)| usize::try_from(*n).unwrap_or(1)))
        {
            let end = at.saturating_add(*size);
            spans.push(Span::new(at, end));
            at = end;
        }
    }
    spans
}
