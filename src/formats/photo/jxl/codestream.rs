//! A codestream from its first to its last byte: what of it shows the picture, and what does not.

use std::borrow::Cow;

use super::bits::{Fail, Parse, edited};
use super::frame::{Frame, Kind};
use super::header::Header;
use super::{CUT, FRAME, FRAME_HEADER, HEADER, NAME};
use crate::bytes::{Context, Source};
use crate::metadata::icc;
use crate::model::{Category, Error, Fate, Finding, Found, Result, Role, Severity, Span, len_u64};

/// The bytes of a codestream, which may stand in several boxes.
pub(super) struct Stream<'a> {
    source: &'a Source<'a>,
    /// Where each piece begins in the codestream, and where it stands in the file.
    pieces: Vec<(u64, Span)>,
    len: u64,
}

impl<'a> Stream<'a> {
    pub(super) fn new(source: &'a Source<'a>, pieces: Vec<Span>) -> Self {
        let mut len = 0u64;
        let pieces = pieces.into_iter().map(|piece| {
            let start = len;
            len = len.saturating_add(piece.len());
            (start, piece)
        });
        Self {
            source,
            pieces: pieces.collect(),
            len,
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Where a part of the codestream stands in the file: one span for each piece that has some of it.
    pub(super) fn spans(&self, part: Span) -> Vec<Span> {
        let mut spans = Vec::new();
        let first = self
            .pieces
            .partition_point(|(start, piece)| start.saturating_add(piece.len()) <= part.start());
        for (start, piece) in self.pieces.iter().skip(first) {
            let end = start.saturating_add(piece.len());
            let (from, to) = (part.start().max(*start), part.end().min(end));
            if part.end() <= *start {
                break;
            }
            if from < to {
                let at = |n: u64| piece.start().saturating_add(n.saturating_sub(*start));
                spans.push(Span::new(at(from), at(to)));
            }
        }
        spans
    }

    /// At most `max` bytes from `at` on.
    pub(super) fn peek(&self, at: u64, max: u64) -> Result<Cow<'a, [u8]>> {
        let spans = self.spans(Span::new(at, at.saturating_add(max).min(self.len)));
        match spans.as_slice() {
            [] => Ok(Cow::Borrowed(&[])),
            [span] => self.source.read(*span),
            spans => {
                let mut bytes = Vec::new();
                for span in spans {
                    bytes.extend_from_slice(&self.source.read(*span)?);
                }
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// Parses what begins at `at`, with as many bytes at hand as it takes.
    fn parse<T>(
        &self,
        at: u64,
        cx: &Context<'_>,
        f: impl Fn(&[u8]) -> Parse<(T, u64)>,
    ) -> Result<T> {
        let rest = self.len.saturating_sub(at);
        let mut max = FIRST_READ;
        loop {
            cx.item()?;
            if max > FIRST_READ {
                cx.memory(max)?;
            }
            let bytes = self.peek(at, max)?;
            let is_all = len_u64(bytes.len()) >= rest;
            // What is read near the end of the bytes at hand may be wrong, and not just missing.
            let near = |end: u64| end.saturating_add(16) > len_u64(bytes.len());
            match f(&bytes) {
                Err(Fail::Other(error)) => return Err(error),
                Ok((_, end)) if !is_all && near(end) => {}
                Ok((parsed, _)) => return Ok(parsed),
                Err(_) if !is_all => {}
                Err(Fail::Ended) => return Err(cut(self.len)),
                Err(Fail::Bad(what)) => return Err(Error::malformed(NAME, at, what)),
            }
            max = max.saturating_mul(8);
        }
    }
}

/// Nearly all headers are shorter.
const FIRST_READ: u64 = 4 << 10;

fn cut(at: u64) -> Error {
    Error::malformed(NAME, at, CUT)
}

/// A part of the codestream.
pub(super) struct Stretch {
    /// Offsets in the codestream.
    pub(super) span: Span,
    pub(super) name: &'static str,
    pub(super) fate: Fate,
}

/// All that is known of a codestream.
pub(super) struct Codestream {
    /// Its parts up to its end, in order and without gap.
    pub(super) stretches: Vec<Stretch>,
    /// Where it ends.
    pub(super) end: u64,
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    /// The colour profile as it stands.
    pub(super) profile: Option<Vec<u8>>,
}

struct Placed {
    at: u64,
    frame: Frame,
}

/// Walks a codestream; `place` is what it stands in.
///
/// # Errors
/// [`Error::Malformed`] when it is damaged or cut short; the profile's; those of the budget.
pub(super) fn walk(stream: &Stream<'_>, place: &str, cx: &Context<'_>) -> Result<Codestream> {
    let header = stream.parse(0, cx, |bytes| {
        let header = Header::parse(bytes, cx)?;
        let end = header.end;
        Ok((header, end))
    })?;
    let (preview, frames) = frames(stream, &header, cx)?;
    let mut judge = Judge {
        stream,
        place,
        cx,
        out: Codestream {
            stretches: Vec::new(),
            end: frames.last().map_or(0, Placed::end),
            found: Found::default(),
            residue: Vec::new(),
            profile: None,
        },
    };
    judge.header(&header)?;
    if let Some(preview) = preview {
        judge.preview(&preview);
    }
    judge.frames(&header, &frames)?;
    judge.out.profile = header.profile.map(|profile| profile.bytes);
    Ok(judge.out)
}

impl Placed {
    fn end(&self) -> u64 {
        self.at.saturating_add(self.frame.end)
    }

    fn span(&self) -> Span {
        Span::new(self.at, self.end())
    }
}

/// Of each frame whether it is shown, or a later one may show parts of it.
fn used(frames: &[Placed]) -> Vec<bool> {
    let (mut uses_lf, mut uses_saved) = (false, false);
    let mut out: Vec<bool> = frames
        .iter()
        .rev()
        .map(|placed| {
            let frame = &placed.frame;
            let is_used = match frame.kind {
                Kind::Regular | Kind::SkipProgressive => true,
                Kind::Lf => uses_lf,
                Kind::ReferenceOnly => uses_saved,
            };
            // What an unused frame uses is not used by that.
            uses_lf |= is_used && frame.uses_lf;
            uses_saved |= is_used && frame.uses_saved;
            is_used
        })
        .collect();
    out.reverse();
    out
}

/// The frame of the preview, and all frames up to the last.
fn frames(
    stream: &Stream<'_>,
    header: &Header,
    cx: &Context<'_>,
) -> Result<(Option<Placed>, Vec<Placed>)> {
    let next = |at: u64, size: (u32, u32)| {
        let frame = stream.parse(at, cx, |bytes| {
            let frame = Frame::parse(bytes, header, size, cx)?;
            let end = frame.data;
            Ok((frame, end))
        })?;
        let placed = Placed { at, frame };
        if placed.end() > stream.len() {
            return Err(cut(stream.len()));
        }
        Ok(placed)
    };
    let mut at = header.end;
    let mut preview = None;
    if let Some(size) = header.preview {
        let placed = next(at, size)?;
        at = placed.end();
        preview = Some(placed);
    }
    let mut frames = Vec::new();
    loop {
        let placed = next(at, header.size)?;
        at = placed.end();
        let is_last = placed.frame.is_last;
        frames.push(placed);
        if is_last {
            return Ok((preview, frames));
        }
    }
}

struct Judge<'a> {
    stream: &'a Stream<'a>,
    place: &'a str,
    cx: &'a Context<'a>,
    out: Codestream,
}

impl Judge<'_> {
    fn push(&mut self, from: u64, to: u64, name: &'static str, fate: Fate) {
        if from < to {
            let span = Span::new(from, to);
            self.out.stretches.push(Stretch { span, name, fate });
        }
    }

    fn add(
        &self,
        id: &'static str,
        category: Category,
        severity: Severity,
        what: &'static str,
    ) -> Finding {
        Finding::new(id, category, severity, self.place, what)
    }

    /// The same in the header of a frame.
    fn in_frame(&mut self, mut finding: Finding) {
        finding.place = format!("{}/frame", self.place);
        self.out.found.add(finding);
    }

    fn name(&self, name: &str, what: &'static str) -> Finding {
        let id = "jxl.codestream.name";
        let finding = self.add(id, Category::History, Severity::Medium, what);
        finding.text(name).role(Role::Text)
    }

    fn extensions(&self) -> Finding {
        let id = "jxl.codestream.extension";
        let what = "an extension that nobody knows";
        self.add(id, Category::Unknown, Severity::High, what)
    }

    fn header(&mut self, header: &Header) -> Result<()> {
        for name in &header.names {
            let finding = self.name(name, "name of a channel");
            self.out.found.add(finding);
        }
        if header.has_extensions {
            let finding = self.extensions();
            self.out.found.add(finding);
        }
        let bytes = self.stream.peek(0, header.end)?;
        let clean = edited(&bytes, &header.edits, header.end_bits).into_bytes();
        if clean == *bytes {
            self.push(0, header.end, HEADER.what, Fate::Keep(&HEADER));
            return Ok(());
        }
        if let Some(profile) = &header.profile {
            let since = self.out.found.findings.len();
            let place = format!("{}/ICC", self.place);
            icc::read(&profile.bytes, &place, self.cx, &mut self.out.found)?;
            if profile.bytes == profile.clean && self.out.found.findings.len() == since {
                let id = "jxl.codestream.icc";
                let what = "the way in which a program coded the colour profile";
                let finding = self.add(id, Category::Device, Severity::Low, what);
                self.out.found.add(finding);
            }
        }
        self.push(0, header.end, HEADER.what, Fate::rebuild(&HEADER, clean));
        Ok(())
    }

    fn preview(&mut self, preview: &Placed) {
        let id = "jxl.codestream.preview";
        let what = "a smaller picture, which may show more than this one";
        let finding = self.add(id, Category::Image, Severity::High, what);
        let finding = finding.bytes(preview.span().len()).role(Role::Thumbnail);
        self.out.found.add(finding);
        if !preview.frame.name.is_empty() {
            let finding = self.name(&preview.frame.name, "name of the preview");
            self.in_frame(finding);
        }
        self.push(preview.at, preview.end(), "preview", Fate::Drop(id));
    }

    fn frames(&mut self, header: &Header, frames: &[Placed]) -> Result<()> {
        let mut timecode = None;
        let is_used = used(frames);
        for (placed, is_used) in frames.iter().zip(is_used) {
            let frame = &placed.frame;
            if !frame.name.is_empty() {
                let finding = self.name(&frame.name, "name of a frame");
                self.in_frame(finding);
            }
            timecode = timecode.or(frame.timecode);
            if frame.has_extensions {
                let finding = self.extensions();
                self.in_frame(finding);
            }
            if !is_used {
                self.unused(placed);
                continue;
            }
            self.frame(placed)?;
        }
        if let Some(timecode) = timecode {
            let id = "jxl.codestream.timecode";
            let what = "time code of a camera or editor";
            let finding = self.add(id, Category::Time, Severity::Medium, what);
            let [h, m, s, f] = timecode.to_be_bytes();
            let text = format!("{h:02x}:{m:02x}:{s:02x}:{f:02x}");
            let mut finding = finding.text(text);
            finding.place = format!("{}/frame", self.place);
            self.out.found.findings.push(finding);
        }
        self.hidden(header, frames);
        Ok(())
    }

    fn frame(&mut self, placed: &Placed) -> Result<()> {
        let frame = &placed.frame;
        let at = |n: u64| placed.at.saturating_add(n);
        let head = self.stream.peek(placed.at, frame.sizes)?;
        let clean = edited(&head, &frame.edits, frame.head_bits).into_bytes();
        let fate = if clean == *head {
            Fate::Keep(&FRAME_HEADER)
        } else {
            Fate::rebuild(&FRAME_HEADER, clean)
        };
        self.push(placed.at, at(frame.sizes), FRAME_HEADER.what, fate);
        let fate = Fate::Keep(&FRAME_HEADER);
        self.push(at(frame.sizes), at(frame.data), FRAME_HEADER.what, fate);
        self.push(at(frame.data), placed.end(), FRAME.what, Fate::Keep(&FRAME));
        Ok(())
    }

    /// A frame that no other shows any part of.
    fn unused(&mut self, placed: &Placed) {
        let id = "jxl.codestream.frame";
        let what = "a picture that is never shown";
        let finding = self.add(id, Category::Image, Severity::High, what);
        let finding = finding.bytes(placed.span().len()).role(Role::Picture);
        self.out.found.add(finding);
        self.push(placed.at, placed.end(), "unused frame", Fate::Drop(id));
    }

    /// Pixels that are there and not seen, which nobody can take out without coding the picture anew.
    fn hidden(&mut self, header: &Header, frames: &[Placed]) {
        if header.has_unseen {
            let what = "a channel that programs do not show";
            let finding = self.add("jxl.hidden.channel", Category::Image, Severity::High, what);
            self.out.residue.push(finding);
        }
        if frames.iter().any(|placed| placed.frame.is_cropped) {
            let what = "pixels beyond the edge of the picture";
            let finding = self.add("jxl.hidden.crop", Category::Image, Severity::High, what);
            self.out.residue.push(finding);
        }
        let is_layer =
            |placed: &&Placed| matches!(placed.frame.kind, Kind::Regular | Kind::SkipProgressive);
        if !header.has_animation && frames.iter().filter(is_layer).count() > 1 {
            let what = "layers, of which one may cover another";
            let finding = self.add("jxl.hidden.layer", Category::Image, Severity::Medium, what);
            self.out.residue.push(finding);
        }
    }
}
