//! What becomes of each box and of each marker segment.

use super::codestream::{COM, Codestream, SOT_LEN, START, Segment, TLM, TilePart};
use super::header::{self, Level, Seen, Sort};
use super::{
    BOX_HEADER, CUT, END, FTYP, HEADER_BOX, MARKERS, NAME, RREQ, SIGNATURE, SIGNATURE_BOX,
    TILE_DATA, TILE_HEADER, TLM_ROW, cut_codestream, metadata_box,
};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::containers::isobmff::{BoxHeader, Boxes, box_header};
use crate::formats::common::{NOT_SHOWN, Parts};
use crate::metadata::{appended, icc, text};
use crate::model::{
    Category, Error, Examined, Fate, Finding, Found, Result, Role, Severity, Span, fit, len_u64,
};

/// More components than red, green, blue or four inks with transparency are not shown.
const MOST_SHOWN: u16 = 4;
/// Bytes of what is dropped that are searched for text.
const HARVEST: u64 = 64 << 10;

/// Decides on every byte of the file.
///
/// # Errors
/// [`Error::Malformed`] when a cleaned copy might look different.
pub(super) fn judge(source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
    let mut judge = Judge {
        source,
        cx,
        parts: Parts::default(),
        found: Found::default(),
        residue: Vec::new(),
        is_jpx: false,
        headers: 0,
        pictures: 0,
        colours: (0, 0),
    };
    if source.peek(0, 4)?.starts_with(START) {
        let end = judge.codestream(source.whole())?;
        judge.behind(Span::new(end, source.len()), "behind the picture")?;
    } else {
        let signature = Span::new(0, len_u64(SIGNATURE.len()));
        judge
            .parts
            .push(signature, SIGNATURE_BOX.what, Fate::Keep(&SIGNATURE_BOX));
        judge.is_jpx = has_layers(source, cx)?;
        judge.boxes(Span::new(signature.end(), source.len()), Level::Top)?;
        if judge.pictures == 0 {
            return Err(Error::malformed(
                NAME,
                source.len(),
                "there is no picture in it",
            ));
        }
    }
    if judge.pictures > 1 {
        let (id, what) = ("jp2.hidden.layer", "layers, of which one may cover another");
        let finding = Finding::new(id, Category::Image, Severity::Medium, "jp2c", what);
        judge.residue.push(finding.role(Role::Picture));
    }
    let parts = judge.parts.map(source.len(), NAME)?;
    Ok(Examined::spliced(judge.found, judge.residue, parts))
}

/// Whether the picture is put together from several codestreams (15444-2 annex M).
pub(super) fn has_layers(source: &Source<'_>, cx: &Context<'_>) -> Result<bool> {
    let mut boxes = Boxes::new(source, source.whole());
    loop {
        match boxes.next(cx) {
            Ok(Some(header)) if matches!(&header.kind.0, b"jpch" | b"jplh" | b"comp") => {
                return Ok(true);
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(Error::Malformed { .. }) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
}

struct Judge<'a> {
    source: &'a Source<'a>,
    cx: &'a Context<'a>,
    parts: Parts,
    found: Found,
    residue: Vec<Finding>,
    is_jpx: bool,
    /// How many `jp2h` boxes were met.
    headers: u32,
    /// How many codestreams are kept.
    pictures: u32,
    /// How many colour specifications are kept, and how many are not.
    colours: (u32, u32),
}

impl Judge<'_> {
    /// The boxes in a span.
    fn boxes(&mut self, span: Span, level: Level) -> Result<()> {
        let mut boxes = Boxes::new(self.source, span);
        let mut seen = Seen::default();
        loop {
            match boxes.next(self.cx) {
                Ok(Some(header)) => {
                    if seen.is_first(level, &header, self.source)? {
                        self.one(&header, level)?;
                    } else {
                        self.goes(&header)?;
                    }
                }
                Ok(None) => break,
                // What is no box stands behind the last one.
                Err(Error::Malformed { .. }) => {
                    let at = boxes.at();
                    let kind = self.source.peek(at.saturating_add(4), 4)?;
                    if let Some(header) = cut_codestream(self.source, at, level)? {
                        let index = self.parts.count();
                        let before = self.pictures;
                        self.one(&header, level)?;
                        if self.pictures > before {
                            self.lengths_not_exact(index, &header);
                        }
                        return Ok(());
                    }
                    if matches!(&*kind, b"jp2c" | b"jp2h") {
                        return Err(Error::malformed(NAME, at, CUT));
                    }
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        self.behind(Span::new(boxes.at(), span.end()), "behind the boxes")
    }

    fn one(&mut self, header: &BoxHeader, level: Level) -> Result<()> {
        match header::sort(level, header.kind.0) {
            Sort::Refused(what) => Err(Error::unsupported(what)),
            Sort::Super(_) if header.is(b"jp2h") && self.headers > 0 => self.goes(header),
            Sort::Super(inner) => {
                self.headers = self.headers.saturating_add(u32::from(header.is(b"jp2h")));
                let index = self.parts.count();
                self.header(header);
                self.colours = (0, 0);
                self.boxes(header.body, inner)?;
                if self.colours.0 == 0 && self.colours.1 > 0 {
                    let what = "a JPEG 2000 of which only its vendor knows the colours";
                    return Err(Error::unsupported(what));
                }
                self.fix(index, header);
                Ok(())
            }
            Sort::Codestream if self.pictures > 0 && !self.is_jpx => {
                let inside = self.source.sub(header.body)?;
                let inner = self.cx.inspect_nested(&inside)?;
                self.found.merge("jp2c", inner);
                let what = "a second picture, which programs do not show";
                let id = "jp2.picture";
                let finding = Finding::new(id, Category::Image, Severity::High, "jp2c", what);
                let finding = finding.bytes(header.whole.len()).role(Role::Picture);
                self.found.add(finding);
                self.parts.push(header.whole, "second jp2c", Fate::Drop(id));
                Ok(())
            }
            Sort::Codestream => {
                self.pictures = self.pictures.saturating_add(1);
                let index = self.parts.count();
                self.header(header);
                let end = self.codestream(header.body)?;
                self.behind(Span::new(end, header.body.end()), "behind the picture")?;
                self.fix(index, header);
                Ok(())
            }
            Sort::Plain => self.plain(header),
            Sort::Other => self.goes(header),
        }
    }

    /// The header of a box whose length reaches beyond the file.
    fn lengths_not_exact(&mut self, index: usize, header: &BoxHeader) {
        let len = self.parts.len_since(index.saturating_add(1));
        let bytes = box_header(header.kind.0, len);
        self.parts.rewrite(index, &BOX_HEADER, bytes);
        let what = "lengths that are not exact";
        let (category, severity) = (Category::Unknown, Severity::Low);
        let finding = Finding::new("jp2.gap", category, severity, "jp2c", what);
        self.found.add(finding);
    }

    /// Length and type of a box.
    fn header(&mut self, header: &BoxHeader) {
        let span = Span::new(header.whole.start(), header.body.start());
        self.parts
            .push(span, BOX_HEADER.what, Fate::Keep(&BOX_HEADER));
    }

    /// Writes the header anew where the body has changed its length.
    fn fix(&mut self, index: usize, header: &BoxHeader) {
        let len = self.parts.len_since(index.saturating_add(1));
        if len != header.body.len() {
            self.parts
                .rewrite(index, &BOX_HEADER, box_header(header.kind.0, len));
        }
    }

    /// A box whose body is written by `header::body`.
    fn plain(&mut self, header: &BoxHeader) -> Result<()> {
        let (row, name) = match &header.kind.0 {
            b"ftyp" => (&FTYP, FTYP.what),
            b"rreq" => (&RREQ, RREQ.what),
            b"ihdr" => (&HEADER_BOX, "ihdr"),
            b"colr" => (&HEADER_BOX, "colr"),
            b"pclr" => (&HEADER_BOX, "pclr"),
            b"cdef" => (&HEADER_BOX, "cdef"),
            b"resc" | b"resd" => (&HEADER_BOX, "resc, resd"),
            _ => (&HEADER_BOX, "header box"),
        };
        let body = header.read(self.source, self.cx)?;
        self.colours.0 = self.colours.0.saturating_add(u32::from(header.is(b"colr")));
        let Some(clean) = header::body(header.kind.0, &body, self.cx)? else {
            if header.is(b"colr") && header::profile(&body).is_none() {
                return self.other_colours(header, &body);
            }
            let is_colour = u32::from(header.is(b"colr"));
            self.colours.0 = self.colours.0.saturating_sub(is_colour);
            return self.goes(header);
        };
        if clean == *body {
            self.parts.push(header.whole, name, Fate::Keep(row));
            return Ok(());
        }
        let since = self.found.findings.len();
        if let Some(profile) = header::profile(&body) {
            icc::read(profile, "colr", self.cx, &mut self.found)?;
        } else {
            self.found.secrets.harvest_lost(&body, &clean);
        }
        if self.found.findings.len() == since {
            let (id, what) = match &header.kind.0 {
                b"ftyp" => ("jp2.ftyp", "brands that no reader looks for"),
                b"ihdr" => ("jp2.ihdr", "a note that there are rights"),
                _ => ("jp2.gap", "more in a box than readers read"),
            };
            let surplus = body.len().saturating_sub(clean.len());
            let severity = if surplus > 0 {
                Severity::Medium
            } else {
                Severity::Low
            };
            let finding = Finding::new(id, Category::Unknown, severity, name, what);
            self.found.add(finding.bytes(len_u64(surplus)));
        }
        let bytes = [box_header(header.kind.0, len_u64(clean.len())), clean].concat();
        self.parts
            .push(header.whole, name, Fate::rebuild(row, bytes));
        Ok(())
    }

    /// A colour specification that readers do not know: they look for another one, which must be there.
    fn other_colours(&mut self, header: &BoxHeader, body: &[u8]) -> Result<()> {
        self.colours = (
            self.colours.0.saturating_sub(1),
            self.colours.1.saturating_add(1),
        );
        appended::read(&Source::memory(body), "colr", self.cx, &mut self.found)?;
        let id = "jp2.colr";
        let what = "colours in the way of a vendor";
        let finding = Finding::new(id, Category::Device, Severity::Medium, "colr", what);
        self.found.add(finding.bytes(header.whole.len()));
        self.parts.push(header.whole, "colr", Fate::Drop(id));
        Ok(())
    }

    /// A box that is not needed.
    fn goes(&mut self, header: &BoxHeader) -> Result<()> {
        let (name, finding) = metadata_box::read(self.source, header, self.cx, &mut self.found)?;
        let id = finding.id;
        self.found.add(finding);
        self.parts.push(header.whole, name, Fate::Drop(id));
        Ok(())
    }

    /// What belongs to nothing.
    fn behind(&mut self, span: Span, place: &'static str) -> Result<()> {
        if !span.is_empty() {
            let id = "jp2.trailer";
            appended::read(&self.source.sub(span)?, place, self.cx, &mut self.found)?;
            let what = "data that belongs to nothing";
            let finding = Finding::new(id, Category::Unknown, Severity::High, place, what);
            self.found.add(finding.bytes(span.len()));
            self.parts.push(span, "trailer", Fate::Drop(id));
        }
        Ok(())
    }

    /// A codestream; returns where it ends.
    fn codestream(&mut self, within: Span) -> Result<u64> {
        let stream = Codestream::parse(self.source, within, self.cx)?;
        let start = Span::new(within.start(), within.start().saturating_add(2));
        self.parts.push(start, MARKERS.what, Fate::Keep(&MARKERS));
        // New lengths of tile-parts, where comments in their headers go.
        let lengths: Vec<TileLength> = stream
            .parts
            .iter()
            .map(|part| TileLength {
                tile: part.tile,
                old: part.whole.len(),
                new: clean_len(part),
            })
            .collect();
        let mut lengths_left = lengths.as_slice();
        let mut tables = 0;
        for segment in &stream.main {
            match segment.marker {
                _ if segment.is_idle => self.idle(segment)?,
                TLM => {
                    self.tile_lengths(segment, tables, &mut lengths_left)?;
                    tables = u8::saturating_add(tables, 1);
                }
                _ => self
                    .parts
                    .push(segment.whole, segment.name, Fate::Keep(&MARKERS)),
            }
        }
        let mut foreign = stream.foreign.iter().peekable();
        for part in &stream.parts {
            while let Some(span) = foreign.next_if(|span| span.start() < part.whole.start()) {
                self.foreign(*span)?;
            }
            self.tile_part(part)?;
        }
        for span in foreign {
            self.foreign(*span)?;
        }
        for (is_told, what) in [
            (stream.components > MOST_SHOWN, NOT_SHOWN),
            (
                stream.parts.iter().any(|part| part.is_extra),
                "a part of a tile beyond those that the file counts",
            ),
        ] {
            let (id, severity) = ("jp2.hidden.channel", Severity::Medium);
            let finding = Finding::new(id, Category::Image, severity, "jp2c", what);
            self.residue.extend(is_told.then_some(finding));
        }
        self.parts.push(stream.end, "EOC", Fate::Keep(&END));
        Ok(stream.end.end())
    }

    /// A tile-part of a tile that the picture does not have.
    fn foreign(&mut self, span: Span) -> Result<()> {
        let id = "jp2.gap";
        let head = self.source.peek(span.start(), span.len().min(HARVEST))?;
        self.found.secrets.harvest(&head);
        let what = "a part of a tile that the picture does not have";
        let finding = Finding::new(id, Category::Unknown, Severity::High, "SOT", what);
        self.found.add(finding.bytes(span.len()));
        self.parts.push(span, "tile-part", Fate::Drop(id));
        Ok(())
    }

    fn tile_part(&mut self, part: &TilePart) -> Result<()> {
        let head_end = part.whole.start().saturating_add(SOT_LEN);
        let head = Span::new(part.whole.start(), head_end);
        let len = clean_len(part);
        let fate = if part.announced == 0 || len == part.whole.len() {
            Fate::Keep(&TILE_HEADER)
        } else {
            let mut bytes = self.source.read(head)?.into_owned();
            let len = fit::<u32>(len)?.to_be_bytes();
            if let Some(place) = bytes.get_mut(6..10) {
                place.copy_from_slice(&len);
            }
            Fate::rebuild(&TILE_HEADER, bytes)
        };
        self.parts.push(head, "SOT", fate);
        for segment in &part.segments {
            if segment.is_idle {
                self.idle(segment)?;
            } else {
                self.parts
                    .push(segment.whole, segment.name, Fate::Keep(&TILE_HEADER));
            }
        }
        self.parts
            .push(part.data, TILE_DATA.what, Fate::Keep(&TILE_DATA));
        Ok(())
    }

    /// A segment that no decoder needs.
    fn idle(&mut self, segment: &Segment) -> Result<()> {
        if segment.marker == COM {
            return self.comment(segment);
        }
        self.found.secrets.harvest(&self.source.read(segment.body)?);
        let (id, what) = if segment.body.is_empty() {
            ("jp2.gap", "a marker that is for nobody")
        } else {
            let what = "lengths of packets that are not those of the tile, or stand for all tiles";
            match segment.name {
                "CRG" => ("jp2.gap", "a field that no decoder uses"),
                _ => ("jp2.plt", what),
            }
        };
        let finding = Finding::new(id, Category::Unknown, Severity::Low, segment.name, what);
        self.found.add(finding.bytes(segment.whole.len()));
        self.parts.push(segment.whole, segment.name, Fate::Drop(id));
        Ok(())
    }

    /// A comment: a number that says what it is (1: text in Latin-1), and what it says.
    fn comment(&mut self, segment: &Segment) -> Result<()> {
        let id = "jp2.com";
        let body = self.source.read(segment.body)?;
        let mut cursor = Cursor::new(&body);
        let kind = cursor.u16(Order::Big).unwrap_or_default();
        let rest = cursor.rest();
        let since = self.found.findings.len();
        if kind == 1 {
            let words: String = rest.iter().copied().map(char::from).collect();
            let words = words.trim_end_matches('\0');
            text::read(id, "Comment", words, "COM", self.cx, &mut self.found)?;
        } else {
            self.found.secrets.harvest(rest);
        }
        if self.found.findings.len() == since {
            let what = "comment";
            let finding = Finding::new(id, Category::Unknown, Severity::Medium, "COM", what);
            self.found.add(finding.bytes(segment.whole.len()));
        }
        self.parts.push(segment.whole, "COM", Fate::Drop(id));
        Ok(())
    }

    /// Lengths of the tile-parts, which may stand in several segments. Where they are not those of the
    /// tile-parts, the segment goes: no reader needs it.
    fn tile_lengths(
        &mut self,
        segment: &Segment,
        index: u8,
        left: &mut &[TileLength],
    ) -> Result<()> {
        let body = self.source.read(segment.body)?;
        let lengths = new_lengths(&body, left).filter(|_| body.first() == Some(&index));
        match lengths {
            Some(clean) if clean == *body => {
                self.parts.push(segment.whole, "TLM", Fate::Keep(&TLM_ROW));
            }
            Some(clean) => {
                let head = self.source.read(segment.whole)?;
                let head = head.get(..4).unwrap_or_default();
                let bytes = [head, &clean].concat();
                self.parts
                    .push(segment.whole, "TLM", Fate::rebuild(&TLM_ROW, bytes));
            }
            None => {
                let id = "jp2.tlm";
                self.found.secrets.harvest(&body);
                let what = "lengths that are not those of the tiles";
                let finding = Finding::new(id, Category::Unknown, Severity::Low, "TLM", what);
                self.found.add(finding.bytes(segment.whole.len()));
                self.parts.push(segment.whole, "TLM", Fate::Drop(id));
            }
        }
        Ok(())
    }
}

/// Which tile a tile-part belongs to, its length, and its length without comments.
struct TileLength {
    tile: u16,
    old: u64,
    new: u64,
}

/// Length of a tile-part without what goes.
fn clean_len(part: &TilePart) -> u64 {
    let idle = part.segments.iter().filter(|s| s.is_idle);
    idle.fold(part.whole.len(), |len, segment| {
        len.saturating_sub(segment.whole.len())
    })
}

/// The body of `TLM` with new lengths: index, sizes of the fields, and for each tile-part its tile, unless
/// they stand in order, and its length (§A.7.1). `left` are the tile-parts that are not yet described.
fn new_lengths(body: &[u8], left: &mut &[TileLength]) -> Option<Vec<u8>> {
    let (head, entries) = body.split_at_checked(2)?;
    let sizes = *head.get(1)?;
    let tile = usize::from(sizes.wrapping_shr(4) & 3);
    let len = if sizes & 0x40 == 0 { 2 } else { 4usize };
    let entry = tile.checked_add(len)?;
    let count = entries.len().checked_div(entry)?;
    if tile == 3 || sizes & 0x8F != 0 || entries.len() != count.checked_mul(entry)? {
        return None;
    }
    let (now, later) = left.split_at_checked(count)?;
    *left = later;
    let mut out = head.to_vec();
    let number = |field: &[u8]| {
        let bytes = field.iter();
        bytes.fold(0u64, |n, b| n.wrapping_shl(8) | u64::from(*b))
    };
    for (bytes, part) in entries.chunks(entry).zip(now) {
        let (index, field) = bytes.split_at_checked(tile)?;
        let is_tile = index.is_empty() || number(index) == u64::from(part.tile);
        if !is_tile || number(field) != part.old {
            return None;
        }
        out.extend_from_slice(index);
        let new = u32::try_from(part.new).ok()?.to_be_bytes();
        out.extend_from_slice(new.get(4usize.checked_sub(len)?..)?);
    }
    Some(out)
}
