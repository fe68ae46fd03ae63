//! What becomes of each chunk.

use super::NAME;
use super::parse::{
    FLAG_ALPHA, FLAG_ANIMATION, FLAG_EXIF, FLAG_ICC, FRAME_HEADER, File, Frame, Picture,
    RIFF_HEADER, Shown,
};
use super::pixels;
use crate::bytes::{Context, Source, is_identity};
use crate::containers::riff::{self, Chunk};
use crate::formats::common::{Hidden, Parts};
use crate::metadata::{appended, c2pa, exif, icc, text, xmp};
use crate::model::{
    Category, Examined, Fate, Finding, Found, Result, Role, Row, Severity, Span, len_u64,
};

/// How much of a chunk that nobody knows is searched for readable text.
const HARVEST: u64 = 1 << 20;

/// Maximum number of pixels of one file that are decoded to look under its transparent areas.
const MOST_PIXELS: u64 = 128 << 20;

/// Beginning of an Exif block in a JPEG.
const EXIF_PREFIX: &[u8] = b"Exif\0\0";

/// Decides on every byte of the file.
///
/// # Errors
/// [`crate::model::Error::Malformed`] when a cleaned copy might look different.
pub(super) fn judge(source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
    let file = File::parse(source, cx)?;
    let mut judge = Judge {
        source,
        cx,
        parts: Parts::default(),
        found: Found::default(),
        residue: Vec::new(),
        hidden: Hidden::default(),
        looked_at: 0,
    };
    let (profile, orientation) = (judge.profile(&file)?, judge.orientation(&file)?);
    judge.rebuild(Span::new(0, RIFF_HEADER), "RIFF", &super::RIFF, Vec::new());
    for (index, chunk) in file.chunks.iter().enumerate() {
        if let (0, Some(canvas)) = (index, file.canvas) {
            judge.vp8x(&file, chunk, canvas, &profile, &orientation)?;
            judge.settings(&file, chunk.span.end(), profile.as_deref());
        } else {
            judge.chunk(&file, chunk, &profile, &orientation)?;
        }
    }
    judge.rest(file.rest, "RIFF")?;
    if let Some(block) = orientation {
        let end = Span::new(file.end, file.end);
        judge.rebuild(end, "EXIF", &super::EXIF, riff::to_chunk(*b"EXIF", &block));
    }
    judge.trailer(Span::new(file.end, source.len()))?;
    let size = judge.parts.len_since(1).saturating_add(4);
    let header = [&riff::header(*b"RIFF", size)[..], b"WEBP"].concat();
    judge.parts.rewrite(0, &super::RIFF, header);
    let parts = judge.parts.map(source.len(), NAME)?;
    if judge.found.findings.is_empty() && !is_identity(&parts.plan(), source)? {
        judge.found.add(describe(b"RIFF", "RIFF", RIFF_HEADER));
    }
    Ok(Examined::spliced(judge.found, judge.residue, parts))
}

struct Judge<'a> {
    source: &'a Source<'a>,
    cx: &'a Context<'a>,
    parts: Parts,
    found: Found,
    residue: Vec<Finding>,
    /// What is located under the transparent areas of all pictures.
    hidden: Hidden,
    /// Number of pixels that were decoded.
    looked_at: u64,
}

impl Judge<'_> {
    fn keep(&mut self, span: Span, name: &'static str, row: &'static Row) {
        self.parts.push(span, name, Fate::Keep(row));
    }

    fn rebuild(&mut self, span: Span, name: &'static str, row: &'static Row, bytes: Vec<u8>) {
        self.parts.push(span, name, Fate::rebuild(row, bytes));
    }

    /// Leaves something out, for which there is a finding of this id at the latest now.
    fn goes(&mut self, span: Span, name: &'static str, since: usize, finding: Finding) {
        let id = finding.id;
        let mut told = self.found.findings.iter().skip(since);
        if !told.any(|known| known.id == id) {
            self.found.add(finding);
        }
        self.parts.push(span, name, Fate::Drop(id));
    }

    fn pad(&mut self, severity: Severity, place: &str, what: &'static str, len: u64) {
        self.found
            .add(Finding::new("webp.pad", Category::Unknown, severity, place, what).bytes(len));
    }

    /// The profile as it will be written.
    fn profile(&mut self, file: &File) -> Result<Option<Vec<u8>>> {
        let Some(chunk) = file.icc() else {
            return Ok(None);
        };
        self.cx.memory(chunk.data.len())?;
        let profile = self.source.read(chunk.data)?;
        if !icc::is_profile(&profile) {
            return Ok(None); // it is described where all chunks are judged
        }
        let since = self.found.findings.len();
        icc::read(&profile, "ICCP", self.cx, &mut self.found)?;
        let scrubbed = icc::scrub(&profile, self.cx)?;
        if scrubbed != *profile && self.found.findings.len() == since {
            self.found.add(Finding::new(
                "webp.icc",
                Category::Device,
                Severity::Low,
                "ICCP",
                "colour profile in an unusual form",
            ));
        }
        Ok(Some(scrubbed))
    }

    /// The Exif block as it will be written.
    fn orientation(&mut self, file: &File) -> Result<Option<Vec<u8>>> {
        let Some(chunk) = file.exif() else {
            return Ok(None);
        };
        self.cx.memory(chunk.data.len())?;
        let block = self.source.read(chunk.data)?;
        let mut found = Found::default();
        let facts = exif::read(&block, "EXIF", self.cx, &mut found)?;
        let minimal = exif::minimal(&exif::Facts {
            orientation: facts.orientation,
            resolution: facts.resolution.filter(|it| !it.is_default()),
            ..exif::Facts::default()
        });
        // The prefix should not be there, but some programs find nothing without it.
        let prefix = block.get(..EXIF_PREFIX.len()).filter(|p| *p == EXIF_PREFIX);
        let minimal = minimal.map(|tiff| [prefix.unwrap_or_default(), &tiff].concat());
        // Without an orientation the chunk goes, and is read when it does.
        if minimal.as_deref().is_some_and(|minimal| *minimal != *block) {
            self.found.extend(found);
            self.found.add(describe(b"EXIF", "EXIF", chunk.data.len()));
        }
        Ok(minimal)
    }

    fn vp8x(
        &mut self,
        file: &File,
        chunk: &Chunk,
        canvas: [u8; 6],
        profile: &Option<Vec<u8>>,
        orientation: &Option<Vec<u8>>,
    ) -> Result<()> {
        let is_animation = matches!(file.shown, Shown::Animation { .. });
        let flags = [
            (FLAG_ICC, profile.is_some()),
            (FLAG_ALPHA, file.is_transparent()),
            (FLAG_EXIF, orientation.is_some()),
            (FLAG_ANIMATION, is_animation),
        ];
        let flags = flags
            .iter()
            .filter(|(_, is_set)| *is_set)
            .fold(0, |all, (flag, _)| all | flag);
        let payload = [&[flags, 0, 0, 0][..], &canvas].concat();
        let reserved = self.source.peek(chunk.data.start().saturating_add(1), 3)?;
        if file.flags & 0xC1 != 0 || reserved.iter().any(|b| *b != 0) {
            self.pad(Severity::Medium, "VP8X", "bits that no program reads", 4);
        }
        let more = chunk.data.len().saturating_sub(len_u64(payload.len()));
        if more > 0 {
            let hidden = self
                .source
                .peek(chunk.data.start(), chunk.data.len().min(HARVEST))?;
            self.found.secrets.harvest(&hidden);
            self.pad(Severity::High, "VP8X", "more data than programs read", more);
        }
        self.check_padding(chunk, "VP8X")?;
        let bytes = riff::to_chunk(*b"VP8X", &payload);
        self.rebuild(chunk.span, "VP8X", &super::VP8X, bytes);
        Ok(())
    }

    /// Writes profile and animation settings behind `VP8X`, wherever they stood.
    fn settings(&mut self, file: &File, at: u64, profile: Option<&[u8]>) {
        let here = Span::new(at, at);
        if let Some(profile) = profile {
            self.rebuild(
                here,
                "ICCP",
                &super::ICCP,
                riff::to_chunk(*b"ICCP", profile),
            );
        }
        if let Shown::Animation { settings, .. } = &file.shown {
            self.rebuild(
                here,
                "ANIM",
                &super::ANIM,
                riff::to_chunk(*b"ANIM", settings),
            );
        }
    }

    fn chunk(
        &mut self,
        file: &File,
        chunk: &Chunk,
        profile: &Option<Vec<u8>>,
        orientation: &Option<Vec<u8>>,
    ) -> Result<()> {
        // What is written somewhere else leaves nothing here.
        if profile.is_some() && file.icc() == Some(chunk) {
            self.check_padding(chunk, "ICCP")?;
            self.rebuild(chunk.span, "ICCP", &super::ICCP, Vec::new());
            return Ok(());
        }
        if orientation.is_some() && file.exif() == Some(chunk) {
            self.check_padding(chunk, "EXIF")?;
            self.rebuild(chunk.span, "EXIF", &super::EXIF, Vec::new());
            return Ok(());
        }
        match &file.shown {
            Shown::Still(picture) => self.picture_chunk(picture, chunk, ""),
            Shown::Animation {
                chunk: anim,
                settings,
                frames,
            } => {
                if chunk == anim {
                    let more = chunk.data.len().saturating_sub(len_u64(settings.len()));
                    if more > 0 {
                        let hidden = self.source.peek(chunk.data.start(), more.min(HARVEST))?;
                        self.found.secrets.harvest(&hidden);
                        self.pad(Severity::High, "ANIM", "more data than programs read", more);
                    }
                    self.check_padding(chunk, "ANIM")?;
                    self.rebuild(chunk.span, "ANIM", &super::ANIM, Vec::new());
                    return Ok(());
                }
                let index = frames.iter().position(|frame| frame.chunk == *chunk);
                match index.and_then(|n| Some((n.checked_add(1)?, frames.get(n)?))) {
                    Some((number, frame)) => self.frame(frame, &format!("frame {number}")),
                    None => self.unknown(chunk, ""),
                }
            }
        }
    }

    fn frame(&mut self, frame: &Frame, place: &str) -> Result<()> {
        let data = frame.chunk.data.start();
        let fields = Span::new(data, data.saturating_add(FRAME_HEADER));
        if *self.source.read(fields)? != frame.header {
            self.pad(Severity::Low, place, "bits that no program reads", 1);
        }
        let index = self.parts.count();
        let head = Span::new(frame.chunk.span.start(), fields.end());
        self.rebuild(head, "ANMF", &super::ANMF, Vec::new());
        for chunk in &frame.chunks {
            self.picture_chunk(&frame.picture, chunk, place)?;
        }
        self.rest(frame.rest, place)?;
        let len = self
            .parts
            .len_since(index.saturating_add(1))
            .saturating_add(FRAME_HEADER);
        let header = [&riff::header(*b"ANMF", len)[..], &frame.header].concat();
        self.parts.rewrite(index, &super::RIFF, header);
        // All that stands in a frame is padded already.
        self.check_padding(&frame.chunk, place)?;
        self.rebuild(frame.chunk.padding(), "ANMF", &super::RIFF, Vec::new());
        Ok(())
    }

    /// Looks under transparent areas.
    fn look(&mut self, picture: &Picture, place: &str) -> Result<()> {
        if !picture.is_transparent() || self.hidden.is_structured() {
            return Ok(());
        }
        let (id, place) = ("webp.alpha.hidden", at(place, name(&picture.chunk.id)));
        self.looked_at = self.looked_at.saturating_add(picture.pixels());
        let looked = if self.looked_at > MOST_PIXELS {
            None
        } else {
            pixels::look(picture, &mut self.hidden, self.source, self.cx)?
        };
        if looked.is_none() {
            let what = "a picture that could not be looked into";
            let finding = Finding::new(id, Category::Image, Severity::High, place, what);
            // Once for all frames.
            if !self.residue.iter().any(|known| known.id == id) {
                self.residue.push(finding);
            }
        } else if let Some(finding) = self.hidden.residue(id, place) {
            self.residue.push(finding);
        }
        Ok(())
    }

    /// A chunk beside the picture, or part of it.
    fn picture_chunk(&mut self, picture: &Picture, chunk: &Chunk, place: &str) -> Result<()> {
        let (name, row, data, first) = if *chunk == picture.chunk {
            self.look(picture, place)?;
            ("VP8 ", &super::PICTURE, chunk.data, None)
        } else if let Some(alpha) = picture.alpha_in(chunk) {
            let data = Span::new(chunk.data.start(), alpha.rest.end());
            ("ALPH", &super::ALPH, data, Some(alpha.first))
        } else {
            return self.unknown(chunk, place);
        };
        let place = at(place, name);
        let excess = Span::new(data.end(), chunk.data.end());
        let header = riff::header(chunk.id, data.len()).to_vec();
        self.rebuild(chunk.header(), name, &super::RIFF, header);
        let byte = Span::new(data.start(), data.start().saturating_add(1));
        match first {
            Some(first) if *self.source.read(byte)? != [first] => {
                self.pad(Severity::Low, &place, "bits that no program reads", 1);
                self.rebuild(byte, name, row, vec![first]);
                self.keep(Span::new(byte.end(), data.end()), name, row);
            }
            _ => self.keep(data, name, row),
        }
        if !excess.is_empty() {
            self.cx.memory(excess.len().min(HARVEST))?;
            let hidden = self
                .source
                .peek(excess.start(), excess.len().min(HARVEST))?;
            self.found.secrets.harvest(&hidden);
            let severity = if hidden.iter().all(|b| *b == 0) {
                Severity::Low
            } else {
                Severity::High
            };
            self.pad(severity, &place, "data behind the last pixel", excess.len());
            self.parts.push(excess, name, Fate::Drop("webp.pad"));
        }
        self.check_padding(chunk, &place)?;
        let padding = if data.len().is_multiple_of(2) {
            vec![]
        } else {
            vec![0]
        };
        self.rebuild(chunk.padding(), name, &super::RIFF, padding);
        Ok(())
    }

    fn check_padding(&mut self, chunk: &Chunk, place: &str) -> Result<()> {
        let padding = self.source.read(chunk.padding())?;
        if padding.iter().any(|b| *b != 0) {
            self.pad(
                Severity::Medium,
                place,
                "a padding byte that is not zero",
                1,
            );
        } else if padding.is_empty() && chunk.data.len() % 2 == 1 {
            self.pad(Severity::Low, place, "a padding byte was forgotten", 0);
        }
        Ok(())
    }

    /// Bytes that hold no whole chunk.
    fn rest(&mut self, span: Span, place: &str) -> Result<()> {
        if !span.is_empty() {
            self.found
                .secrets
                .harvest(&self.source.peek(span.start(), span.len().min(HARVEST))?);
            self.pad(
                Severity::High,
                place,
                "bytes that belong to no chunk",
                span.len(),
            );
            self.parts.push(span, "RIFF", Fate::Drop("webp.pad"));
        }
        Ok(())
    }

    fn trailer(&mut self, span: Span) -> Result<()> {
        if !span.is_empty() {
            let place = "behind the end";
            appended::read(&self.source.sub(span)?, place, self.cx, &mut self.found)?;
            self.pad(
                Severity::High,
                place,
                "data behind the end of the picture",
                span.len(),
            );
            self.parts.push(span, "trailer", Fate::Drop("webp.pad"));
        }
        Ok(())
    }

    /// A chunk that goes.
    fn unknown(&mut self, chunk: &Chunk, place: &str) -> Result<()> {
        let name = name(&chunk.id);
        let place = at(place, name);
        let (source, cx, found) = (self.source, self.cx, &mut self.found);
        let since = found.findings.len();
        let data = || {
            cx.memory(chunk.data.len())?;
            source.read(chunk.data)
        };
        match &chunk.id {
            // The first one was read before all else.
            b"EXIF" => {
                exif::read(&data()?, &place, cx, found)?;
            }
            b"XMP " | b"XMP\0" => {
                xmp::read(&data()?, &place, cx, found)?;
            }
            b"ICCP" => icc::read(&data()?, &place, cx, found)?,
            b"C2PA" => c2pa::read(&data()?, &place, cx, found)?,
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANMF" | b"ANIM" | b"VP8X" => {}
            _ => {
                found.merge(&place, cx.inspect_nested(&source.sub(chunk.data)?)?);
                let hidden = source.peek(chunk.data.start(), chunk.data.len().min(HARVEST))?;
                found.secrets.harvest(&hidden);
                // RIFF's own `IART`, `ICMT` and the like, and whatever else is text.
                let text = std::str::from_utf8(&hidden).unwrap_or_default();
                let text = text.trim_matches(['\0', ' ']);
                if text.chars().all(|c| !c.is_control() || c.is_whitespace()) {
                    let what = String::from_utf8_lossy(&chunk.id);
                    text::read("webp.unknown", &what, text, &place, cx, found)?;
                }
            }
        }
        let mut finding = describe(&chunk.id, &place, chunk.data.len());
        if name == UNKNOWN {
            finding = finding.text(chunk.id.map(char::from).iter().collect::<String>());
        }
        self.goes(chunk.span, name, since, finding);
        Ok(())
    }
}

/// Name of what has none.
const UNKNOWN: &str = "unknown chunk";

fn at(place: &str, name: &str) -> String {
    if place.is_empty() {
        name.to_owned()
    } else {
        format!("{place}/{name}")
    }
}

fn name(id: &[u8; 4]) -> &'static str {
    match id {
        b"EXIF" => "EXIF",
        b"XMP " | b"XMP\0" => "XMP ",
        b"ICCP" => "ICCP",
        b"C2PA" => "C2PA",
        b"VP8 " => "VP8 ",
        b"VP8L" => "VP8L",
        b"ALPH" => "ALPH",
        b"ANMF" => "ANMF",
        b"ANIM" => "ANIM",
        b"VP8X" => "VP8X",
        _ => UNKNOWN,
    }
}

/// The finding for a chunk as such, beside those for what it says.
fn describe(id: &[u8; 4], place: &str, len: u64) -> Finding {
    use Category::{Device, History, Image, Unknown};
    use Severity::{High, Low, Medium};
    let (finding, category, severity, what) = match id {
        b"EXIF" => ("webp.exif", Device, Medium, "Exif block"),
        b"XMP " | b"XMP\0" => ("webp.xmp", History, Medium, "XMP packet"),
        b"ICCP" => (
            "webp.icc",
            Device,
            Medium,
            "a colour profile that no program reads",
        ),
        b"C2PA" => ("webp.unknown", History, High, "content credentials"),
        b"VP8 " | b"VP8L" | b"ANMF" => {
            let what = "a picture that is not shown";
            return Finding::new("webp.unknown", Image, High, place, what)
                .bytes(len)
                .role(Role::Picture);
        }
        b"RIFF" => (
            "webp.pad",
            Unknown,
            Low,
            "headers that do not say the truth",
        ),
        b"ALPH" | b"ANIM" | b"VP8X" => ("webp.unknown", Unknown, Low, "a chunk out of its place"),
        _ => ("webp.unknown", Unknown, High, "a chunk that nobody knows"),
    };
    Finding::new(finding, category, severity, place, what).bytes(len)
}
