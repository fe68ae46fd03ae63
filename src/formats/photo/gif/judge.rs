//! What becomes of each block.

use super::blocks::{
    APPLICATION, Block, COMMENT, CONTROL, Extension, Image, Kind, PLAIN_TEXT, Screen, TRAILER,
    blocks, clean_table, global_colours, screen, to_sub_blocks,
};
use super::lzw::Colours;
use super::{NAME, PROFILE_ID};
use crate::bytes::{Context, Source};
use crate::metadata::{appended, c2pa, icc, iptc, photoshop, text, xmp};
use crate::model::{
    Category, Error, Examined, Fate, Finding, Found, Part, PartMap, Result, Role, Row, Severity,
    Span, len_u64,
};

/// How much of a block that nobody knows is searched for readable text.
const HARVEST: u64 = 1 << 20;

/// Decides on every byte of the file.
///
/// # Errors
/// [`Error::Malformed`] when a cleaned copy might look different.
pub(super) fn judge(source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
    let screen = screen(source)?;
    let mut judge = Judge {
        source,
        cx,
        screen,
        parts: Vec::new(),
        found: Found::default(),
        residue: Vec::new(),
        pictures: 0,
        control: None,
        loops: Vec::new(),
        profile: None,
    };
    let header = source
        .read(Span::new(0, screen.table.start()))?
        .into_owned();
    judge.rebuild(
        Span::new(0, screen.table.start()),
        "Logical Screen Descriptor",
        &super::HEADER,
        header,
    );
    let blocks = blocks(source, screen.table.end(), cx)?;
    let colours = global_colours(&screen, &blocks);
    judge.table(
        screen.table,
        "Global Color Table",
        &super::GLOBAL_TABLE,
        colours,
    )?;
    let mut ended = false;
    for block in &blocks {
        ended |= matches!(block.kind, Kind::Trailer);
        judge.block(block)?;
    }
    judge.forget_control();
    if !ended {
        let (id, what) = ("gif.trailer", "a missing end mark");
        let finding = Finding::new(id, Category::Unknown, Severity::Low, "Trailer", what);
        judge.found.add(finding);
        let end = Span::new(source.len(), source.len());
        judge.rebuild(end, "Trailer", &super::TRAILER, vec![TRAILER]);
    }
    let parts = PartMap::new(judge.parts, source.len(), NAME)?;
    Ok(Examined::spliced(judge.found, judge.residue, parts))
}

struct Judge<'a> {
    source: &'a Source<'a>,
    cx: &'a Context<'a>,
    screen: Screen,
    parts: Vec<Part>,
    found: Found,
    residue: Vec<Finding>,
    pictures: u32,
    /// The part of a control extension that waits for its image.
    control: Option<usize>,
    /// The parts with loop counts, by application.
    loops: Vec<([u8; 11], usize)>,
    /// The part with the colour profile.
    profile: Option<usize>,
}

impl Judge<'_> {
    fn block(&mut self, block: &Block) -> Result<()> {
        match &block.kind {
            Kind::Image(image) => self.image(block.span, image),
            Kind::Extension(extension) => self.extension(block.span, extension),
            Kind::Trailer => {
                self.rebuild(block.span, "Trailer", &super::TRAILER, vec![TRAILER]);
                Ok(())
            }
            Kind::Junk => self.junk(block.span),
        }
    }

    fn push(&mut self, span: Span, name: &'static str, fate: Fate) {
        self.parts.push(Part { span, name, fate });
    }

    fn keep(&mut self, span: Span, name: &'static str, row: &'static Row) {
        if !span.is_empty() {
            self.push(span, name, Fate::Keep(row));
        }
    }

    fn rebuild(&mut self, span: Span, name: &'static str, row: &'static Row, bytes: Vec<u8>) {
        self.push(span, name, Fate::rebuild(row, bytes));
    }

    /// Leaves a part out after all, because a later one took its place.
    fn supersede(&mut self, part: usize, finding: Finding) {
        if let Some(part) = self.parts.get_mut(part) {
            part.fate = Fate::Drop(finding.id);
            self.found.add(finding);
        }
    }

    /// Says what a structure that is made anew as `bytes` loses.
    fn check_same(&mut self, span: Span, bytes: &[u8], place: &'static str) -> Result<()> {
        let more = span.len().saturating_sub(len_u64(bytes.len()));
        let old = self.source.peek(span.start(), span.len().min(HARVEST))?;
        if *old == *bytes {
            return Ok(());
        }
        let (severity, what) = if more > 0 {
            self.found.secrets.harvest_lost(&old, bytes);
            (Severity::High, "more data than programs read")
        } else {
            (Severity::Low, "bits that no program reads")
        };
        let finding =
            Finding::new("gif.reserved", Category::Unknown, severity, place, what).bytes(more);
        // Encoders that leave such bits do so in each of a thousand frames.
        if more > 0 || !self.found.findings.contains(&finding) {
            self.found.add(finding);
        }
        Ok(())
    }

    /// A colour table without what no pixel has.
    fn table(
        &mut self,
        span: Span,
        name: &'static str,
        row: &'static Row,
        colours: Colours,
    ) -> Result<()> {
        let old = self.source.read(span)?;
        let bytes = clean_table(self.source, span, colours)?;
        if *old == *bytes {
            self.keep(span, name, row);
            return Ok(());
        }
        let finding = Finding::new(
            "gif.palette",
            Category::Unknown,
            Severity::Low,
            name,
            "colours that no pixel has",
        );
        if !self.found.findings.contains(&finding) {
            self.found.add(finding);
        }
        self.rebuild(span, name, row, bytes);
        Ok(())
    }

    fn forget_control(&mut self) {
        if let Some(part) = self.control.take() {
            let finding = Finding::new(
                "gif.control",
                Category::History,
                Severity::Low,
                "Graphic Control Extension",
                "settings of a picture that is not there",
            );
            self.supersede(part, finding);
        }
    }

    fn image(&mut self, span: Span, image: &Image) -> Result<()> {
        self.control = None;
        self.pictures = self.pictures.saturating_add(1);
        let place = format!("image {}", self.pictures);

        let descriptor = Span::new(span.start(), image.table.start());
        let mut bytes = vec![super::blocks::IMAGE];
        bytes.extend(image.clean_descriptor());
        self.check_same(descriptor, &bytes, "Image Descriptor")?;
        self.rebuild(descriptor, "Image Descriptor", &super::DESCRIPTOR, bytes);
        let colours = image.coded.colours;
        self.table(
            image.table,
            "Local Color Table",
            &super::LOCAL_TABLE,
            colours,
        )?;
        self.check_frame(image, &place);
        let code_size = Span::new(image.table.end(), image.data.span.start());
        self.keep(code_size, "LZW Minimum Code Size", &super::DATA);
        if image.coded.tidy {
            self.tidy_data(image)
        } else {
            self.untidy_data(image, format!("{place}/Image Data"))
        }
    }

    /// Pixels that the canvas does not show.
    fn check_frame(&mut self, image: &Image, place: &str) {
        let [left, top, width, height] = image.frame().map(u32::from);
        let outside = left.saturating_add(width) > self.screen.width.into()
            || top.saturating_add(height) > self.screen.height.into();
        // The first image may enlarge the canvas.
        if outside && self.pictures > 1 {
            self.residue.push(
                Finding::new(
                    "gif.hidden",
                    Category::Image,
                    Severity::Medium,
                    place,
                    "pixels outside of the canvas",
                )
                .role(Role::Picture),
            );
        }
    }

    /// Image data up to the end of its last sub-block.
    fn tidy_data(&mut self, image: &Image) -> Result<()> {
        let data = image.data;
        self.keep(
            Span::new(data.span.start(), data.cut.start()),
            "Image Data",
            &super::DATA,
        );
        if !data.cut.is_empty() {
            // The file ends inside a sub-block, whose size byte therefore says too much.
            let rest = self.source.read(data.cut)?;
            let bytes = to_sub_blocks(rest.get(1..).unwrap_or_default());
            self.rebuild(data.cut, "Image Data", &super::DATA, bytes);
        }
        self.rebuild(data.terminator, "Block Terminator", &super::DATA, vec![0]);
        Ok(())
    }

    /// Image data with something behind the end of the picture.
    fn untidy_data(&mut self, image: &Image, place: String) -> Result<()> {
        let (mut at, boundary) = (0u64, image.coded.boundary());
        let mut last = None;
        let mut hidden = Vec::new();
        image.data.for_each(self.source, self.cx, |span, data| {
            let index = usize::try_from(boundary.saturating_sub(at)).unwrap_or(usize::MAX);
            match (last.is_some(), data.get(index)) {
                (true, _) if len_u64(hidden.len()) < HARVEST => hidden.extend_from_slice(data),
                (false, Some(byte)) => {
                    let mut shown = data.get(..index).unwrap_or_default().to_vec();
                    shown.extend(image.coded.tail(*byte));
                    hidden.extend_from_slice(data.get(index..).unwrap_or_default());
                    last = Some((span, to_sub_blocks(&shown)));
                }
                _ => at = at.saturating_add(len_u64(data.len())),
            }
            Ok(())
        })?;
        let (span, bytes) = last.ok_or_else(|| {
            Error::malformed(NAME, image.data.span.start(), "the picture data has no end")
        })?;
        self.found.secrets.harvest(&hidden);
        let extra = image.coded.len.saturating_sub(boundary).saturating_sub(2);
        let severity = if image.coded.says_nothing() {
            Severity::Low
        } else {
            Severity::High
        };
        self.found.add(
            Finding::new(
                "gif.trailer",
                Category::Unknown,
                severity,
                place,
                "data behind the end of the picture",
            )
            .bytes(extra.max(1)),
        );
        self.keep(
            Span::new(image.data.span.start(), span.start()),
            "Image Data",
            &super::DATA,
        );
        self.rebuild(span, "Image Data", &super::DATA, bytes);
        let rest = Span::new(span.end(), image.data.span.end());
        if !rest.is_empty() {
            self.push(rest, "Image Data", Fate::Drop("gif.trailer"));
        }
        let terminator = image.data.terminator;
        self.rebuild(terminator, "Block Terminator", &super::DATA, vec![0]);
        Ok(())
    }

    fn extension(&mut self, span: Span, extension: &Extension) -> Result<()> {
        match (extension.label, extension.application()) {
            // Cut off by the end of the file, it goes like anything else.
            (CONTROL, _) if !extension.rest.terminator.is_empty() => {
                return self.control(span, extension);
            }
            (APPLICATION, Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0")) => {
                if let Some((id, count)) = extension.loop_count(self.source, self.cx)? {
                    return self.loop_count(span, id, count);
                }
            }
            (APPLICATION, Some(PROFILE_ID)) => {
                let profile = extension.rest.joined(self.source, self.cx)?;
                if icc::is_profile(&profile) {
                    return self.profile(span, &profile);
                }
            }
            _ => {}
        }
        let since = self.found.findings.len();
        let (name, finding) = self.read(span, extension)?;
        let id = finding.id;
        let mut told = self.found.findings.iter().skip(since);
        if !told.any(|known| known.id == id) {
            self.found.add(finding);
        }
        self.push(span, name, Fate::Drop(id));
        Ok(())
    }

    fn control(&mut self, span: Span, extension: &Extension) -> Result<()> {
        let Some(control) = extension.control() else {
            return Err(Error::malformed(
                NAME,
                span.start(),
                "a graphic control extension of a wrong size",
            ));
        };
        self.forget_control();
        let bytes = control.to_bytes().to_vec();
        let name = "Graphic Control Extension";
        self.check_same(span, &bytes, name)?;
        self.control = Some(self.parts.len());
        self.rebuild(span, name, &super::CONTROL, bytes);
        Ok(())
    }

    fn loop_count(&mut self, span: Span, id: [u8; 11], count: u16) -> Result<()> {
        let name = "Application Extension NETSCAPE2.0";
        let [low, high] = count.to_le_bytes();
        let mut bytes = application(&id);
        bytes.extend([3, 1, low, high, 0]);
        self.check_same(span, &bytes, name)?;
        if let Some(at) = self.loops.iter().position(|(known, _)| *known == id) {
            let (_, part) = self.loops.swap_remove(at);
            self.supersede(part, another("a second loop count"));
        }
        self.loops.push((id, self.parts.len()));
        self.rebuild(span, name, &super::LOOP, bytes);
        Ok(())
    }

    fn profile(&mut self, span: Span, profile: &[u8]) -> Result<()> {
        let name = "Application Extension ICCRGBG1012";
        let since = self.found.findings.len();
        icc::read(profile, name, self.cx, &mut self.found)?;
        let mut bytes = application(PROFILE_ID);
        bytes.extend(to_sub_blocks(&icc::scrub(profile, self.cx)?));
        bytes.push(0);
        if self.found.findings.len() == since {
            self.check_same(span, &bytes, name)?;
        }
        if let Some(part) = self.profile.replace(self.parts.len()) {
            self.supersede(part, another("a second colour profile"));
        }
        self.rebuild(span, name, &super::PROFILE, bytes);
        Ok(())
    }

    /// What a block that goes gives away. Returns its name, and the
    /// finding for the block as such.
    fn read(&mut self, span: Span, extension: &Extension) -> Result<(&'static str, Finding)> {
        let (source, cx) = (self.source, self.cx);
        let block = |id, category, name: &'static str, what: &'static str| {
            let finding = Finding::new(id, category, Severity::High, name, what);
            (name, finding.bytes(span.len()))
        };
        let found = &mut self.found;
        match (extension.label, extension.application()) {
            (APPLICATION, Some(b"XMP DataXMP")) => {
                let place = "XMP DataXMP";
                cx.memory(span.len())?;
                let raw = source.read(Span::new(
                    extension.rest.span.start(),
                    extension.rest.terminator.end(),
                ))?;
                match packet(&raw) {
                    Some(packet) => xmp::read(packet, place, cx, found)?,
                    None => xmp::read(&extension.rest.joined(source, cx)?, place, cx, found)?,
                };
                return Ok(block("gif.xmp", Category::History, place, "XMP packet"));
            }
            (COMMENT, _) => {
                let mut data = extension.first.clone();
                data.extend(extension.rest.joined(source, cx)?);
                let place = "Comment Extension";
                text::read("gif.comment", "Comment", &decode(&data), place, cx, found)?;
                return Ok(block("gif.comment", Category::Person, place, "comment"));
            }
            (PLAIN_TEXT, _) => {
                let data = extension.rest.joined(source, cx)?;
                let place = "Plain Text Extension";
                text::read("gif.plaintext", "Text", &decode(&data), place, cx, found)?;
                return Ok(block("gif.plaintext", Category::Person, place, "text"));
            }
            _ => {}
        }
        let data = extension.rest.joined(source, cx)?;
        let place = match extension.application() {
            Some(b"MGK8BIM0000") => {
                photoshop::read(&data, "MGK8BIM0000", cx, found)?;
                "MGK8BIM0000"
            }
            Some(b"MGKIPTC0000") => {
                iptc::read(&data, "MGKIPTC0000", cx, found)?;
                "MGKIPTC0000"
            }
            Some(id) if id.starts_with(b"C2PA_GIF") => {
                c2pa::read(&data, "C2PA_GIF", cx, found)?;
                "C2PA_GIF"
            }
            _ => {
                found.merge("Extension", cx.inspect_nested(&Source::memory(&data))?);
                found.secrets.harvest(&extension.first);
                found.secrets.harvest(&data);
                "Extension"
            }
        };
        let id = if extension.label == APPLICATION {
            "gif.app.other"
        } else {
            "gif.ext.unknown"
        };
        let (name, mut finding) = block(id, Category::Unknown, place, "data for other programs");
        if place == "Extension" && extension.label == APPLICATION {
            finding = finding.text(decode(&extension.first));
        }
        Ok((name, finding))
    }

    fn junk(&mut self, span: Span) -> Result<()> {
        let (rest, place) = (self.source.sub(span)?, "behind the end");
        appended::read(&rest, place, self.cx, &mut self.found)?;
        self.found.add(
            Finding::new(
                "gif.trailer",
                Category::Unknown,
                Severity::High,
                place,
                "data behind the end of the picture",
            )
            .bytes(span.len()),
        );
        self.push(span, "Trailer", Fate::Drop("gif.trailer"));
        Ok(())
    }
}

/// The beginning of an application extension.
fn application(id: &[u8; 11]) -> Vec<u8> {
    let mut bytes = vec![super::blocks::EXTENSION, APPLICATION, 11];
    bytes.extend(id);
    bytes
}

fn another(what: &'static str) -> Finding {
    Finding::new(
        "gif.app.other",
        Category::Unknown,
        Severity::Low,
        "Application Extension",
        what,
    )
}

/// The packet in an XMP extension, which stands there without sub-blocks. The magic trailer behind it
/// leads a reader of sub-blocks to its end (XMP specification part 3, §1.1.2).
fn packet(raw: &[u8]) -> Option<&[u8]> {
    let magic: Vec<u8> = std::iter::once(1)
        .chain((0..=255).rev())
        .chain(std::iter::once(0))
        .collect();
    raw.strip_suffix(magic.as_slice())
}

/// Text is 7-bit ASCII by the standard; UTF-8 and Latin-1 by habit.
fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}
