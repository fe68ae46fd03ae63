//! What happens to each chunk.

use std::collections::{BTreeMap, BTreeSet};

use super::allowlist::{self, SMALL, Small};
use super::chunks::{Chunk, Kind, SIGNATURE, chunk_len, encode};
use super::layout::{Layout, Picture};
use super::pixels::{self, End};
use super::profile::{self, Profile};
use super::scanlines::{Indexes, Scanlines, Seen};
use super::{NAME, orientation, reveal, text};
use crate::bytes::{Context, Order, Source};
use crate::formats::common::{Hidden, unused_colours};
use crate::metadata::{exif, icc};
use crate::model::{
    Category, Examined, Fate, Finding, Found, Part, PartMap, Result, Row, Severity, Span, len_u64,
};

/// Looks at the whole file.
///
/// # Errors
/// As [`Layout::read`] and [`pixels::read`]; [`crate::model::Error::Malformed`] when a chunk that
/// decides how the picture looks is damaged.
pub(super) fn inspect(source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
    let layout = Layout::read(source, cx)?;
    let mut judge = Judge {
        source,
        cx,
        layout: &layout,
        parts: Vec::new(),
        found: Found::default(),
        residue: Vec::new(),
        hidden: Hidden::default(),
        indexes: Indexes::default(),
        data: BTreeMap::new(),
        controls: BTreeSet::new(),
        used: BTreeSet::new(),
        sequence: 0,
        text_left: text::MOST_TEXT,
    };
    judge.look_at_pictures()?;
    judge.indexes.background(&layout, source)?;
    let signature = Span::new(0, len_u64(SIGNATURE.len()));
    judge.part(signature, "signature", Fate::Keep(&allowlist::SIGNATURE));
    let orientation = orientation::of_raw_profile(&layout, source, cx)?;
    for (index, chunk) in layout.chunks.iter().enumerate() {
        cx.item()?;
        if index == layout.idat
            && let Some(block) =
                orientation.and_then(|value| orientation::block(b"II", Some(value)))
        {
            let bytes = encode(*b"eXIf", &block)?;
            judge.insert(chunk.span.start(), &allowlist::EXIF, bytes);
        }
        judge.chunk(index, chunk)?;
    }
    let hidden = judge.hidden.residue("png.alpha.hidden", "IDAT");
    judge.residue.extend(hidden);
    judge.add_end()?;
    if !layout.trailer.is_empty() {
        let id = reveal::behind_end(source, layout.trailer, cx, &mut judge.found)?;
        judge.part(layout.trailer, "after IEND", Fate::Drop(id));
    }
    let parts = PartMap::new(judge.parts, source.len(), NAME)?;
    Ok(Examined {
        recoded: parts.changes(&[IDAT_TAIL]),
        ..Examined::spliced(judge.found, judge.residue, parts)
    })
}

/// What happens to a chunk of pixels.
enum Pixels {
    /// It is copied.
    Whole,
    /// It is copied up to this byte of its data; a stream ends there.
    Cut(u64),
    /// Its data is this.
    Anew(Vec<u8>),
    /// It stands behind the end of a stream.
    Surplus,
}

struct Judge<'a, 's> {
    source: &'a Source<'s>,
    cx: &'a Context<'a>,
    layout: &'a Layout,
    parts: Vec<Part>,
    found: Found,
    residue: Vec<Finding>,
    hidden: Hidden,
    /// Palette entries that some pixel has.
    indexes: Indexes,
    /// What happens to each chunk of pixels, by index.
    data: BTreeMap<usize, Pixels>,
    /// The fcTL chunks of the animation, by index.
    controls: BTreeSet<usize>,
    /// Kinds of which the chunk that counts was met.
    used: BTreeSet<Kind>,
    /// Number of the next fcTL or fdAT in the output.
    sequence: u32,
    /// Bytes of text that are still read.
    text_left: usize,
}

impl Judge<'_, '_> {
    fn part(&mut self, span: Span, name: &'static str, fate: Fate) {
        if span.is_empty() {
            return;
        }
        // A file can have a million chunks of a kind that goes.
        if let (Fate::Drop(id), Some(last)) = (&fate, self.parts.last_mut())
            && matches!(&last.fate, Fate::Drop(known) if known == id)
            && last.name == name
            && last.span.end() == span.start()
        {
            last.span = Span::new(last.span.start(), span.end());
            return;
        }
        self.parts.push(Part { span, name, fate });
    }

    /// Writes a chunk where the file has none.
    fn insert(&mut self, at: u64, row: &'static Row, bytes: Vec<u8>) {
        self.parts.push(Part {
            span: Span::new(at, at),
            name: row.what,
            fate: Fate::rebuild(row, bytes),
        });
    }

    fn keep(&mut self, chunk: &Chunk, row: &'static Row) {
        self.part(chunk.span, row.what, Fate::Keep(row));
    }

    /// Leaves a chunk out and says what was in it.
    fn go(&mut self, chunk: &Chunk) -> Result<()> {
        let id = reveal::chunk(
            chunk,
            self.source,
            &mut self.text_left,
            self.cx,
            &mut self.found,
        )?;
        let name = reveal::name(chunk.kind).unwrap_or("unknown chunk");
        self.part(chunk.span, name, Fate::Drop(id));
        Ok(())
    }

    /// Leaves out a chunk of an allowed kind that no decoder uses.
    fn unused(&mut self, chunk: &Chunk, name: &'static str, why: &'static str) -> Result<()> {
        const ID: &str = "png.unused";
        let finding = Finding::new(ID, Category::Unknown, Severity::Low, chunk.name(), why);
        self.found.add(finding.bytes(chunk.data().len()));
        let data = reveal::start_of(self.source, chunk.data(), self.cx)?;
        reveal::harvest(&data, &mut self.found);
        self.part(chunk.span, name, Fate::Drop(ID));
        Ok(())
    }

    fn chunk(&mut self, index: usize, chunk: &Chunk) -> Result<()> {
        let early = index < self.layout.idat;
        if let Some(pixels) = self.data.remove(&index) {
            return self.pixels(chunk, pixels);
        }
        if let Some(small) = SMALL.iter().find(|small| small.kind == chunk.kind) {
            return self.small(chunk, small, early);
        }
        match &chunk.kind {
            b"IHDR" => self.keep(chunk, &allowlist::IHDR),
            b"CgBI" => self.apple(chunk)?,
            b"PLTE" => self.palette(index, chunk)?,
            b"IDAT" => self.pixels(chunk, Pixels::Surplus)?,
            b"IEND" => self.end(chunk)?,
            b"acTL" if self.layout.actl == Some(index) => self.keep(chunk, &allowlist::ACTL),
            b"acTL" => self.unused(chunk, "acTL", "not part of an animation")?,
            b"fcTL" if self.controls.contains(&index) => self.control(chunk)?,
            b"fcTL" => self.unused(chunk, "fcTL", "not part of an animation")?,
            b"fdAT" => self.orphan(chunk)?,
            b"iCCP" => self.profile(chunk, early)?,
            b"eXIf" if early && !self.used.contains(b"eXIf") => self.exif(chunk)?,
            _ => self.go(chunk)?,
        }
        Ok(())
    }

    /// Runs through all pixels once: where do the streams end, and what stands under transparent areas?
    fn look_at_pictures(&mut self) -> Result<()> {
        for picture in &self.layout.pictures {
            self.controls.extend(picture.control);
            let end = self.look_at(picture)?;
            for (nth, index) in picture.chunks.iter().enumerate() {
                let fate = match end {
                    End::Excess if nth == 0 => Pixels::Anew(pixels::deflate_again(
                        self.layout,
                        picture,
                        self.source,
                        self.cx,
                    )?),
                    End::Exact { chunk, .. } if nth < chunk => Pixels::Whole,
                    End::Exact { chunk, used } if nth == chunk => Pixels::Cut(used),
                    _ => Pixels::Surplus,
                };
                self.data.insert(*index, fate);
            }
        }
        let is_static = |picture: &Picture| picture.control.is_none();
        if self.layout.actl.is_some() && self.layout.pictures.iter().any(is_static) {
            self.residue.push(Finding::new(
                "png.apng.default",
                Category::Image,
                Severity::High,
                "IDAT",
                "a picture that is not part of the animation",
            ));
        }
        Ok(())
    }

    fn look_at(&mut self, picture: &Picture) -> Result<End> {
        let Self {
            source, cx, layout, ..
        } = *self;
        let start = match picture.chunks.first() {
            Some(index) => layout.chunk(*index)?.span.start(),
            None => 0,
        };
        let size = (picture.width, picture.height);
        let palette = self.hidden_entries()?;
        let seen = Seen {
            hidden: &mut self.hidden,
            indexes: &mut self.indexes,
            palette,
        };
        let mut scanlines = Scanlines::new(&layout.header, size, start, seen, cx)?;
        pixels::read(layout, picture, source, cx, &mut |bytes| {
            scanlines.take(bytes)
        })
    }

    /// Colour and alpha of all palette entries, if two or more of them are invisible.
    fn hidden_entries(&self) -> Result<Vec<[u8; 4]>> {
        let chunks = &self.layout.chunks;
        let plte = self.layout.plte.and_then(|index| chunks.get(index));
        let trns = chunks.iter().find(|chunk| &chunk.kind == b"tRNS");
        let (Some(plte), Some(trns)) = (plte, trns) else {
            return Ok(Vec::new());
        };
        let palette = self
            .source
            .peek(plte.data().start(), plte.data().len().min(768))?;
        let alphas = self
            .source
            .peek(trns.data().start(), trns.data().len().min(256))?;
        let alphas = alphas.iter().copied().chain(std::iter::repeat(255));
        let entries = palette.as_chunks::<3>().0.iter().zip(alphas);
        let entries: Vec<_> = entries
            .map(|([r, g, b], alpha)| [*r, *g, *b, alpha])
            .collect();
        let hidden = entries.iter().filter(|[.., alpha]| *alpha < 4).count();
        Ok(if hidden < 2 { Vec::new() } else { entries })
    }

    /// A chunk of a picture. `fdAT` chunks are numbered, so that when one goes the others change.
    fn pixels(&mut self, chunk: &Chunk, fate: Pixels) -> Result<()> {
        let (row, number): (&'static Row, u64) = match &chunk.kind {
            b"fdAT" => (&allowlist::FDAT, 4),
            _ => (&allowlist::IDAT, 0),
        };
        let len = chunk.data().len();
        let used = match fate {
            Pixels::Whole => len,
            Pixels::Cut(used) => used,
            Pixels::Anew(bytes) => {
                self.hidden_behind(chunk, "more pixels than the picture shows", len);
                let mut data = self.next_number(number > 0);
                data.extend(bytes);
                let bytes = encode(chunk.kind, &data)?;
                self.part(chunk.span, row.what, Fate::rebuild(row, bytes));
                return Ok(());
            }
            Pixels::Surplus => {
                self.hidden_behind(chunk, "data behind the end of the pixels", len);
                self.part(chunk.span, row.what, Fate::Drop(IDAT_TAIL));
                return Ok(());
            }
        };
        let start = chunk.data().start();
        let prefix = self.next_number(number > 0);
        let coded = Span::new(start.saturating_add(number), start.saturating_add(used));
        let same_number = *self.source.read(Span::new(start, coded.start()))? == *prefix;
        if used == len && same_number {
            self.keep(chunk, row);
            return Ok(());
        }
        let tail = Span::new(coded.end(), chunk.data().end());
        if !tail.is_empty() {
            self.hidden_behind(chunk, "data behind the end of the pixels", tail.len());
            let bytes = reveal::start_of(self.source, tail, self.cx)?;
            reveal::harvest(&bytes, &mut self.found);
        }
        let mut crc = chunk.crc();
        crc.update(&prefix);
        self.source.for_each(coded, |bytes| {
            crc.update(bytes);
            Ok(())
        })?;
        let mut head = Vec::new();
        Order::Big.put_u32(&mut head, chunk_len(coded.len().saturating_add(number))?);
        head.extend_from_slice(&chunk.kind);
        head.extend(prefix);
        let mut sum = Vec::new();
        Order::Big.put_u32(&mut sum, crc.finalize());
        let head_span = Span::new(chunk.span.start(), coded.start());
        self.part(head_span, row.what, Fate::rebuild(row, head));
        self.part(coded, row.what, Fate::Keep(row));
        self.part(tail, "zlib tail", Fate::Drop(IDAT_TAIL));
        let sum_span = Span::new(tail.end(), chunk.span.end());
        self.part(sum_span, row.what, Fate::rebuild(row, sum));
        Ok(())
    }

    /// The bytes of the next sequence number, where the chunk has one.
    fn next_number(&mut self, numbered: bool) -> Vec<u8> {
        let mut out = Vec::new();
        if numbered {
            Order::Big.put_u32(&mut out, self.sequence);
            self.sequence = self.sequence.saturating_add(1);
        }
        out
    }

    fn hidden_behind(&mut self, chunk: &Chunk, what: &'static str, len: u64) {
        let severity = if len == 0 {
            Severity::Low
        } else {
            Severity::High
        };
        self.found
            .add(Finding::new(IDAT_TAIL, Category::Image, severity, chunk.name(), what).bytes(len));
    }

    fn control(&mut self, chunk: &Chunk) -> Result<()> {
        let data = self.source.read(chunk.data())?;
        let mut anew = self.next_number(true);
        anew.extend_from_slice(data.get(4..).unwrap_or_default());
        if *data == *anew {
            self.keep(chunk, &allowlist::FCTL);
        } else {
            let bytes = encode(chunk.kind, &anew)?;
            let fate = Fate::rebuild(&allowlist::FCTL, bytes);
            self.part(chunk.span, "fcTL", fate);
        }
        Ok(())
    }

    fn small(&mut self, chunk: &Chunk, small: &'static Small, early: bool) -> Result<()> {
        if !early {
            return self.unused(chunk, small.name, "it stands behind the pixels");
        }
        if self.used.contains(&small.kind) {
            return self.unused(chunk, small.name, "it is the second of its kind");
        }
        // No allowed form is longer than a palette.
        let data = self
            .source
            .peek(chunk.data().start(), chunk.data().len().min(1024))?;
        if !(small.fits)(&self.layout.header, self.layout.palette, &data) {
            // Some decoders would make something of it.
            if &small.kind == b"tRNS" && !self.layout.header.colour.has_alpha() {
                return Err(chunk.malformed("{} does not fit the picture"));
            }
            return self.unused(chunk, small.name, "it does not fit the picture");
        }
        if !chunk.is_intact(self.source)? {
            if small.decides_look {
                return Err(chunk.wrong_crc());
            }
            return self.unused(chunk, small.name, "its check sum is wrong");
        }
        if &small.kind == b"tRNS" {
            // Some decoders ignore it there, and take the next one.
            let palette = self.layout.plte.and_then(|at| self.layout.chunks.get(at));
            if palette.is_some_and(|palette| chunk.span.start() < palette.span.start()) {
                return Err(chunk.malformed("{} stands before the palette"));
            }
        }
        self.used.insert(small.kind);
        let clean = match &small.kind {
            b"tRNS" => self
                .layout
                .clean_alphas(&data, &self.indexes, self.source)?,
            _ => data.to_vec(),
        };
        if clean == *data {
            self.keep(chunk, small.row);
            return Ok(());
        }
        self.found.add(unused_colours("png.palette", small.name));
        self.found.secrets.harvest_lost(&data, &clean);
        let fate = Fate::rebuild(small.row, encode(chunk.kind, &clean)?);
        self.part(chunk.span, small.name, fate);
        Ok(())
    }

    fn apple(&mut self, chunk: &Chunk) -> Result<()> {
        if chunk.data().len() != 4 || !chunk.is_intact(self.source)? {
            return Err(chunk.malformed("{} is damaged"));
        }
        self.residue.push(Finding::new(
            "png.apple",
            Category::Device,
            Severity::Low,
            "CgBI",
            "made for an iPhone app",
        ));
        self.keep(chunk, &allowlist::CGBI);
        Ok(())
    }

    fn palette(&mut self, index: usize, chunk: &Chunk) -> Result<()> {
        if self.layout.plte != Some(index) {
            return self.unused(chunk, "PLTE", "a palette that no pixel uses");
        }
        let old = self.source.read(chunk.data())?;
        let new = self.layout.clean_palette(&old, &self.indexes);
        if *old == *new {
            self.keep(chunk, &allowlist::PLTE);
            return Ok(());
        }
        let nameable = usize::from(self.layout.palette).saturating_mul(3);
        let finding = if old.len() > nameable {
            let what = "colours that no pixel can have";
            Finding::new("png.palette", Category::Image, Severity::Low, "PLTE", what)
        } else {
            unused_colours("png.palette", "PLTE")
        };
        self.found.add(finding.bytes(chunk.data().len()));
        self.found.secrets.harvest_lost(&old, &new);
        let fate = Fate::rebuild(&allowlist::PLTE, encode(chunk.kind, &new)?);
        self.part(chunk.span, "PLTE", fate);
        Ok(())
    }

    /// The end mark. A wrong check sum in it leaves the pixels whole.
    fn end(&mut self, chunk: &Chunk) -> Result<()> {
        let is_intact = chunk.is_intact(self.source)?;
        if is_intact && chunk.data().is_empty() {
            self.keep(chunk, &allowlist::IEND);
            return Ok(());
        }
        let (severity, what) = if chunk.data().is_empty() {
            (Severity::Low, "the check sum of the end mark is wrong")
        } else {
            (Severity::Medium, "data in the end mark")
        };
        let finding = Finding::new(END_MARK, Category::Unknown, severity, "IEND", what);
        self.found.add(finding.bytes(chunk.data().len()));
        let data = reveal::start_of(self.source, chunk.data(), self.cx)?;
        reveal::harvest(&data, &mut self.found);
        let fate = Fate::rebuild(&allowlist::IEND, encode(chunk.kind, &[])?);
        self.part(chunk.span, "IEND", fate);
        Ok(())
    }

    /// Writes the end mark of a file that has none.
    fn add_end(&mut self) -> Result<()> {
        if self
            .layout
            .chunks
            .last()
            .is_some_and(|chunk| &chunk.kind == b"IEND")
        {
            return Ok(());
        }
        let what = "the end mark is missing";
        let finding = Finding::new(END_MARK, Category::Unknown, Severity::Low, "IEND", what);
        self.found.add(finding);
        self.insert(
            self.layout.trailer.start(),
            &allowlist::IEND,
            encode(*b"IEND", &[])?,
        );
        Ok(())
    }

    /// fdAT without animation: nobody shows it.
    fn orphan(&mut self, chunk: &Chunk) -> Result<()> {
        const ID: &str = "png.apng.orphan";
        let what = "a frame that no viewer shows";
        self.found.add(
            Finding::new(ID, Category::Image, Severity::High, "fdAT", what)
                .bytes(chunk.data().len()),
        );
        self.part(chunk.span, "fdAT", Fate::Drop(ID));
        Ok(())
    }

    fn profile(&mut self, chunk: &Chunk, early: bool) -> Result<()> {
        if !early {
            return self.unused(chunk, "iCCP", "it stands behind the pixels");
        }
        if self.used.contains(b"iCCP") {
            return self.unused(chunk, "iCCP", "it is the second of its kind");
        }
        if !chunk.is_intact(self.source)? {
            return self.unused(chunk, "iCCP", "its check sum is wrong");
        }
        self.cx.memory(chunk.data().len())?;
        let data = self.source.read(chunk.data())?;
        let Some(profile) = Profile::parse(&data, self.cx)? else {
            return self.unused(chunk, "iCCP", "there is no profile in it");
        };
        self.used.insert(chunk.kind);
        let clean = profile.clean(&data, self.cx)?;
        if clean != *data {
            let before = self.found.findings.len();
            icc::read(&profile.bytes, "iCCP", self.cx, &mut self.found)?;
            let named = profile.name != profile::NAME;
            if named || self.found.findings.len() == before {
                let what = if named {
                    "name of the colour profile"
                } else {
                    "data behind the colour profile"
                };
                self.found.add(
                    Finding::new("png.iccp", Category::Device, Severity::Low, "iCCP", what)
                        .text(text::latin1(&profile.name)),
                );
            }
        }
        let fate = Fate::rebuild(&allowlist::ICCP, encode(chunk.kind, &clean)?);
        self.part(chunk.span, "iCCP", fate);
        Ok(())
    }

    fn exif(&mut self, chunk: &Chunk) -> Result<()> {
        if !chunk.is_intact(self.source)? {
            return self.go(chunk);
        }
        self.used.insert(chunk.kind);
        self.cx.memory(chunk.data().len())?;
        let data = self.source.read(chunk.data())?;
        let mut inner = Found::default();
        let block = orientation::without_marker(&data);
        let facts = exif::read(block, "eXIf", self.cx, &mut inner)?;
        let Some(minimal) = orientation::block(&data, facts.orientation) else {
            return self.go(chunk);
        };
        if minimal != *data {
            if inner.findings.is_empty() {
                inner.add(Finding::new(
                    "png.exif",
                    Category::Device,
                    Severity::Low,
                    "eXIf",
                    "Exif block",
                ));
            }
            self.found.extend(inner);
        }
        let fate = Fate::rebuild(&allowlist::EXIF, encode(chunk.kind, &minimal)?);
        self.part(chunk.span, "eXIf", fate);
        Ok(())
    }
}

const END_MARK: &str = "png.iend";

/// Finding for everything that stands behind the end of a picture's pixels.
const IDAT_TAIL: &str = "png.idat.tail";
