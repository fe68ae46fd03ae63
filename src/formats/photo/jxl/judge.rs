//! What becomes of each box.

use super::boxes::{FILE_TYPE, LAST, Layout, NUMBER, Piece, is_level};
use super::codestream::{Codestream, Stream, walk};
use super::gain_map::{self, Want};
use super::metadata_box::{self, Kind};
use super::{BOX_HEADER, CONTAINER, FTYP, GAIN_MAP, LEVEL, NAME, PIECE_NUMBER};
use crate::bytes::{Context, Source};
use crate::containers::isobmff::{BoxHeader, box_header};
use crate::formats::common::Parts;
use crate::metadata::appended;
use crate::model::{
    Category, Error, Examined, Fate, Finding, Found, Result, Role, Severity, Span, len_u64,
};

/// Decides on every byte of the file.
///
/// # Errors
/// [`Error::Malformed`] when a cleaned copy might look different.
pub(super) fn judge(source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
    let layout = Layout::parse(source, cx)?;
    let stream = Stream::new(source, layout.codestream(source));
    let mut codestream = walk(&stream, "codestream", cx)?;
    let mut judge = Judge {
        source,
        cx,
        parts: Parts::default(),
        found: std::mem::take(&mut codestream.found),
        residue: std::mem::take(&mut codestream.residue),
        level_seen: false,
        gain_map_seen: false,
    };
    match &layout {
        Layout::Bare => {
            judge.stretches(&stream, &codestream, Span::new(0, codestream.end));
            judge.behind(Span::new(codestream.end, source.len()))?;
        }
        Layout::Container {
            boxes,
            pieces,
            rest,
        } => {
            judge
                .parts
                .push(Span::new(0, 12), CONTAINER.what, Fate::Keep(&CONTAINER));
            for header in boxes {
                let start = header.whole.start();
                let piece = pieces
                    .binary_search_by_key(&start, |piece| piece.header.whole.start())
                    .ok()
                    .and_then(|index| pieces.get(index));
                match piece {
                    Some(piece) => judge.piece(&stream, &codestream, piece)?,
                    None => judge.other(header)?,
                }
            }
            judge.behind(*rest)?;
        }
    }
    let parts = judge.parts.map(source.len(), NAME)?;
    Ok(Examined::spliced(judge.found, judge.residue, parts))
}

struct Judge<'a> {
    source: &'a Source<'a>,
    cx: &'a Context<'a>,
    parts: Parts,
    found: Found,
    residue: Vec<Finding>,
    level_seen: bool,
    gain_map_seen: bool,
}

impl Judge<'_> {
    /// The parts of the codestream within a span of it. Returns their length in the output.
    fn stretches(&mut self, stream: &Stream<'_>, codestream: &Codestream, within: Span) -> u64 {
        let mut len = 0u64;
        let first = codestream
            .stretches
            .partition_point(|stretch| stretch.span.end() <= within.start());
        for stretch in codestream.stretches.iter().skip(first) {
            if stretch.span.start() >= within.end() {
                break;
            }
            let start = stretch.span.start().max(within.start());
            let end = stretch.span.end().min(within.end());
            if start >= end {
                continue;
            }
            let is_beginning = start == stretch.span.start();
            for span in stream.spans(Span::new(start, end)) {
                let (fate, written) = match &stretch.fate {
                    Fate::Keep(row) => (Fate::Keep(row), span.len()),
                    Fate::Drop(id) => (Fate::Drop(id), 0),
                    // What stands in several boxes is written into the first.
                    Fate::Rebuild(row, bytes) if is_beginning => {
                        (Fate::Rebuild(row, bytes.clone()), len_u64(bytes.len()))
                    }
                    Fate::Rebuild(row, _) => (Fate::rebuild(row, Vec::new()), 0),
                    Fate::Inside(row, plan) => (Fate::Inside(row, plan.clone()), plan.len()),
                };
                len = len.saturating_add(written);
                self.parts.push(span, stretch.name, fate);
            }
        }
        len
    }

    /// A box with a part of the codestream.
    fn piece(&mut self, stream: &Stream<'_>, codestream: &Codestream, piece: &Piece) -> Result<()> {
        let before = piece.start;
        let end = before.saturating_add(piece.data.len());
        let is_last = end >= codestream.end;
        if before >= codestream.end {
            let what = "data behind the end of the picture";
            return self.dropped_piece(piece, what);
        }
        let name = if piece.number.is_some() {
            "jxlp"
        } else {
            "jxlc"
        };
        let index = self.parts.count();
        let header = Span::new(piece.header.whole.start(), piece.header.body.start());
        self.parts.push(header, name, Fate::Keep(&BOX_HEADER));
        let mut len = 0;
        if let Some(number) = piece.number {
            let span = Span::new(piece.header.body.start(), piece.data.start());
            let clean = if is_last { number | LAST } else { number };
            let fate = if clean == number {
                Fate::Keep(&PIECE_NUMBER)
            } else {
                Fate::rebuild(&PIECE_NUMBER, clean.to_be_bytes().to_vec())
            };
            self.parts.push(span, "jxlp number", fate);
            len = NUMBER;
        }
        let within = Span::new(before, end.min(codestream.end));
        len = len.saturating_add(self.stretches(stream, codestream, within));
        if len != piece.header.body.len() {
            let bytes = box_header(piece.header.kind.0, len);
            self.parts.rewrite(index, &BOX_HEADER, bytes);
        }
        let surplus = end.saturating_sub(codestream.end.max(before));
        let start = piece.data.end().saturating_sub(surplus);
        self.behind(Span::new(start, piece.data.end()))
    }

    fn dropped_piece(&mut self, piece: &Piece, what: &'static str) -> Result<()> {
        let whole = piece.header.whole;
        if !piece.data.is_empty() {
            appended::read(
                &self.source.sub(piece.data)?,
                "jxlp",
                self.cx,
                &mut self.found,
            )?;
        }
        self.goes(whole, "jxlp", "jxl.trailer", Severity::High, what);
        Ok(())
    }

    /// What stands behind the end of the codestream, or of the file.
    fn behind(&mut self, span: Span) -> Result<()> {
        if span.is_empty() {
            return Ok(());
        }
        let place = "behind the picture";
        appended::read(&self.source.sub(span)?, place, self.cx, &mut self.found)?;
        let what = "data behind the end of the picture";
        self.goes(span, "trailer", "jxl.trailer", Severity::High, what);
        Ok(())
    }

    /// Leaves something out, and says so.
    fn goes(
        &mut self,
        span: Span,
        name: &'static str,
        id: &'static str,
        severity: Severity,
        what: &'static str,
    ) {
        let finding = Finding::new(id, Category::Unknown, severity, name, what);
        self.found.add(finding.bytes(span.len()));
        self.parts.push(span, name, Fate::Drop(id));
    }

    /// A box without codestream.
    fn other(&mut self, header: &BoxHeader) -> Result<()> {
        match &header.kind.0 {
            b"ftyp" => self.file_type(header),
            b"jxll" => self.level(header),
            b"jhgm" => {
                let body = header.read(self.source, self.cx)?;
                self.gain_map(header, &body)
            }
            b"brob" => {
                let inner = metadata_box::unpack(self.source, header, self.cx)?;
                match inner {
                    Some((Kind::GainMap, body)) => self.gain_map(header, &body),
                    inner => self.metadata(header, inner),
                }
            }
            _ => self.metadata(header, None),
        }
    }

    fn metadata(&mut self, header: &BoxHeader, inner: Option<(Kind, Vec<u8>)>) -> Result<()> {
        let (kind, packed) = match inner {
            Some((kind, body)) => {
                metadata_box::read(kind, &Source::memory(&body), self.cx, &mut self.found)?;
                (kind, true)
            }
            None => {
                let kind = Kind::of(header.kind.0);
                let body = self.source.sub(header.body)?;
                metadata_box::read(kind, &body, self.cx, &mut self.found)?;
                (kind, false)
            }
        };
        let (id, category, severity, what, role) = kind.describe();
        let name = if packed { "brob" } else { kind.name() };
        let finding = Finding::new(id, category, severity, kind.name(), what);
        self.found.add(finding.bytes(header.whole.len()).role(role));
        self.parts.push(header.whole, name, Fate::Drop(id));
        Ok(())
    }

    fn file_type(&mut self, header: &BoxHeader) -> Result<()> {
        let is_first = header.whole.start() == 12;
        if !is_first {
            return self.metadata(header, None);
        }
        if *self.source.read(header.whole)? == *FILE_TYPE {
            self.parts.push(header.whole, "ftyp", Fate::Keep(&FTYP));
            return Ok(());
        }
        let body = header.peek(self.source, 4)?;
        if *body != *b"jxl " {
            let what = "a container of a brand that is not JPEG XL";
            return Err(Error::unsupported(what));
        }
        self.found.secrets.harvest(&header.peek(self.source, 4096)?);
        self.found.add(Finding::new(
            "jxl.ftyp",
            Category::Unknown,
            Severity::Low,
            "ftyp",
            "more about the kind of file than programs need",
        ));
        let fate = Fate::rebuild(&FTYP, FILE_TYPE.to_vec());
        self.parts.push(header.whole, "ftyp", fate);
        Ok(())
    }

    fn level(&mut self, header: &BoxHeader) -> Result<()> {
        let body = header.peek(self.source, 2)?;
        if is_level(&body) && !self.level_seen {
            self.level_seen = true;
            self.parts.push(header.whole, "jxll", Fate::Keep(&LEVEL));
            return Ok(());
        }
        self.metadata(header, None)
    }

    fn gain_map(&mut self, header: &BoxHeader, body: &[u8]) -> Result<()> {
        let id = "jxl.jhgm";
        let clean = if self.cx.policy().strict || self.gain_map_seen {
            None
        } else {
            gain_map::clean(body, Want::Copy, self.cx)?
        };
        let Some(clean) = clean else {
            appended::read(&Source::memory(body), "jhgm", self.cx, &mut self.found)?;
            let what = "a second picture that brightens this one on HDR screens";
            let finding = Finding::new(id, Category::Image, Severity::Medium, "jhgm", what);
            let finding = finding.bytes(header.whole.len()).role(Role::Picture);
            self.found.add(finding);
            self.parts.push(header.whole, "jhgm", Fate::Drop(id));
            return Ok(());
        };
        self.gain_map_seen = true;
        self.residue.extend(clean.residue);
        let len = len_u64(clean.bytes.len());
        let bytes = [box_header(*b"jhgm", len), clean.bytes].concat();
        if *self.source.read(header.whole)? == *bytes {
            self.parts.push(header.whole, "jhgm", Fate::Keep(&GAIN_MAP));
            return Ok(());
        }
        let since = self.found.findings.len();
        self.found.extend(clean.found);
        if self.found.findings.len() == since {
            self.found.secrets.harvest(body);
            let what = "data beside the numbers of the gain map";
            let finding = Finding::new(id, Category::Unknown, Severity::Medium, "jhgm", what);
            self.found.add(finding);
        }
        self.parts
            .push(header.whole, "jhgm", Fate::rebuild(&GAIN_MAP, bytes));
        Ok(())
    }
}
