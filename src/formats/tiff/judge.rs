//! What becomes of each directory, and of the bytes between them.

use super::gone::Gone;
use super::tags::{
    self, COLOR_SPACE, EXIF, GAMMA, GRAY_RESPONSE, How, ICC, INTEROP, JPEG_TABLES, Most,
    NEW_SUBFILE_TYPE, Rule, SUB_IFDS, SUBFILE_TYPE, TRANSFER_FUNCTION, When,
};
use super::tree::{self, MASK, Node, REDUCED};
use super::{Kind, pages};
use crate::bytes::{Context, Source};
use crate::containers::tiff_file::{Directory, Field, TiffFile};
use crate::containers::tiff_ifd::{Spans, field};
use crate::containers::tiff_write::{Form, Table};
use crate::metadata::{icc, trailer};
use crate::model::{
    Category, Error, Finding, Found, Plan, Result, Role, Severity, Span, Step, len_u64,
};

/// One look at a file.
pub(super) struct Judge<'s, 'a> {
    pub(super) source: &'s Source<'a>,
    pub(super) cx: &'s Context<'s>,
    pub(super) file: TiffFile<'s, 'a>,
    pub(super) kind: &'static Kind,
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    /// Texts that stay.
    pub(super) kept_texts: Vec<String>,
    /// Header, tables and values.
    pub(super) structure: Spans,
    /// Coded data that is copied.
    pub(super) copied: Spans,
    /// Coded data that goes.
    pub(super) left: Spans,
}

/// What a look at a file comes to.
pub(super) struct Judged {
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    pub(super) plan: Plan,
}

/// Bytes between structures that are zero are no more than an alignment up to this length.
const ALIGNMENT: u64 = 15;
/// So much of what stands between structures is kept in mind.
const SAMPLE: u64 = 64 << 10;

/// Decides on everything in the file.
///
/// # Errors
/// [`Error::Malformed`] when a copy might look different; [`Error::Unsupported`] for what is not known.
pub(super) fn judge(source: &Source<'_>, cx: &Context<'_>, kind: &'static Kind) -> Result<Judged> {
    let file = TiffFile::open(source, kind.name)?;
    let mut tables = Spans::default();
    let chain = tree::read(&file, &mut tables, cx)?;
    let kind = kind.of(&chain)?;
    let mut judge = Judge {
        source,
        cx,
        file,
        kind,
        found: Found::default(),
        residue: Vec::new(),
        kept_texts: Vec::new(),
        structure: tables,
        copied: Spans::default(),
        left: Spans::default(),
    };
    let pages = pages::select(&file, &chain, kind)?;
    // All structures are known before the first strip is copied, so that no strip can carry one.
    for node in &chain {
        node.each(&mut |node| {
            for field in &node.directory.fields {
                judge.structure.claim(judge.in_file(field.value));
            }
        });
    }
    let mut tables = Vec::new();
    for page in &pages {
        tables.push(judge.page(page)?);
    }
    for node in pages::gone(&chain, &pages) {
        judge.node_goes(node)?;
    }
    if judge
        .copied
        .all()
        .any(|span| !judge.structure.is_free(span))
    {
        return Err(file.malformed(0, "the coded picture overlaps a directory"));
    }
    judge.between()?;
    for text in &judge.kept_texts {
        judge.found.secrets.allow(text);
    }
    let plan = if judge.found.findings.is_empty() {
        let mut plan = Plan::new();
        plan.push(Step::Copy(source.whole()));
        plan
    } else {
        let form = Form {
            order: file.order(),
            big: file.is_big(),
        };
        form.file(tables)?
    };
    Ok(Judged {
        found: judge.found,
        residue: judge.residue,
        plan,
    })
}

impl Judge<'_, '_> {
    pub(super) fn say(
        &mut self,
        id: &'static str,
        category: Category,
        severity: Severity,
        place: &str,
        what: &'static str,
        len: u64,
    ) {
        let finding = Finding::new(id, category, severity, place, what);
        self.found.add(finding.bytes(len));
    }

    /// A directory that is copied, with those below it.
    fn page(&mut self, page: &pages::Page<'_>) -> Result<Table> {
        let node = page.node;
        let mut table = Table::default();
        let mut gone = Gone::default();
        let mut last = 0;
        let mut sorted = true;
        for field in &node.directory.fields {
            self.cx.item()?;
            sorted &= last <= field.tag;
            last = field.tag;
            let rule = (self.kind.rule)(field.tag);
            match rule {
                Some(rule) if table.has(field.tag) => {
                    if rule.how != How::Wanted {
                        let at = field.entry.start();
                        return Err(self.file.malformed(at, "a tag stands twice"));
                    }
                    self.goes(&mut gone, field, &node.place)?;
                }
                Some(rule) => self.field(rule, field, page, &mut table, &mut gone)?,
                None => self.goes(&mut gone, field, &node.place)?,
            }
        }
        if !sorted {
            let what = "entries in disorder";
            self.say(
                "tiff.layout",
                Category::Unknown,
                Severity::Low,
                &node.place,
                what,
                0,
            );
        }
        if page.has_image {
            self.image(page, &mut table)?;
        }
        if !page.below.is_empty() {
            let mut below = Vec::new();
            for page in &page.below {
                below.push(self.page(page)?);
            }
            let kind = node
                .directory
                .get(SUB_IFDS)
                .map_or(field::LONG, |field| field.kind);
            table.tables(
                SUB_IFDS,
                if kind == field::IFD {
                    kind
                } else {
                    field::LONG
                },
                below,
            );
        }
        for field in &node.directory.fields {
            let is_special =
                (self.kind.rule)(field.tag).is_some_and(|rule| rule.how == How::Special);
            if is_special {
                self.unused(field, &node.place)?;
                if tags::is_pointer(field.tag) && !table.has(field.tag) {
                    self.pointer_goes(field, node)?;
                }
            }
        }
        self.tell(gone, &node.place)?;
        Ok(table)
    }

    /// Offsets and lengths that do not belong to the picture, and what they point to.
    fn pointer_goes(&mut self, field: &Field, node: &Node) -> Result<()> {
        // Directories below are told of where they are read.
        if field.tag == SUB_IFDS && !node.below.is_empty() {
            return Ok(());
        }
        let head = self
            .source
            .peek(field.value.start(), field.value.len().min(SAMPLE))?;
        self.found.secrets.harvest(&head);
        for span in pages::any_data(&self.file, node, self.cx)? {
            if self.copied.is_free(span) && self.structure.is_free(span) {
                self.left.claim(span);
                let part = self.source.sub(span)?;
                let inner = self.cx.inspect_nested(&part)?;
                self.found.merge(&node.place, inner);
            }
        }
        let what = "offsets of data that is not the picture's";
        let (category, severity) = (Category::Image, Severity::High);
        self.say(
            "tiff.embedded",
            category,
            severity,
            &node.place,
            what,
            field.value.len(),
        );
        Ok(())
    }

    fn field(
        &mut self,
        rule: &'static Rule,
        field: &Field,
        page: &pages::Page<'_>,
        table: &mut Table,
        gone: &mut Gone,
    ) -> Result<()> {
        let node = page.node;
        let at = field.entry.start();
        if rule.how == How::Special {
            return self.special(field, page, table, gone);
        }
        if !means(rule, node) {
            return self.goes(gone, field, &node.place);
        }
        if !follows(rule, field, node) {
            if rule.how == How::Needed {
                let what = "a tag that the picture depends on is damaged";
                return Err(self.file.malformed(at, what));
            }
            return self.goes(gone, field, &node.place);
        }
        let bytes = self.file.value(field, self.cx)?.into_owned();
        let is_curve = matches!(field.tag, TRANSFER_FUNCTION | GRAY_RESPONSE);
        if is_curve && !self.is_curve(&bytes, &node.shape) {
            return self.goes(gone, field, &node.place);
        }
        if rule.how == How::Text {
            let text = tidy(&bytes);
            if text != bytes {
                self.found
                    .secrets
                    .harvest(bytes.get(text.len()..).unwrap_or_default());
                let what = "bytes behind the end of a text";
                let len = len_u64(bytes.len()).saturating_sub(len_u64(text.len()));
                self.say(
                    "tiff.slack",
                    Category::Unknown,
                    Severity::Medium,
                    &node.place,
                    what,
                    len,
                );
            }
            self.stays(field.tag, &text, at, &node.place)?;
            table.bytes(field.tag, field::ASCII, len_u64(text.len()), text);
            return Ok(());
        }
        self.stays(field.tag, &bytes, at, &node.place)?;
        self.unused(field, &node.place)?;
        table.bytes(field.tag, field.kind, field.count, bytes);
        Ok(())
    }

    /// Whether the tables of a transfer function rise or fall throughout, as no hidden text does.
    fn is_curve(&self, bytes: &[u8], shape: &tree::Shape) -> bool {
        let levels = shape
            .bits
            .first()
            .and_then(|bits| 2_usize.checked_shl(u32::try_from(*bits).ok()?));
        let Some(levels) = levels.filter(|levels| bytes.len().is_multiple_of(*levels)) else {
            return false;
        };
        let order = self.file.order();
        bytes.chunks(levels.max(1)).all(|table| {
            let values: Vec<Option<u16>> = table.chunks(2).map(|pair| order.u16(pair)).collect();
            values.is_sorted() || values.iter().rev().is_sorted()
        })
    }

    /// Tells of bytes of an entry that its value does not fill.
    fn unused(&mut self, field: &Field, place: &str) -> Result<()> {
        if field.inline && field.complete {
            let rest = Span::new(field.value.end(), field.entry.end());
            let rest = self.source.read(rest)?;
            if rest.iter().any(|byte| *byte != 0) {
                self.found.secrets.bytes(&rest);
                let what = "bytes of an entry that its value does not fill";
                let len = len_u64(rest.len());
                self.say(
                    "tiff.slack",
                    Category::Unknown,
                    Severity::Low,
                    place,
                    what,
                    len,
                );
            }
        }
        Ok(())
    }

    fn special(
        &mut self,
        field: &Field,
        page: &pages::Page<'_>,
        table: &mut Table,
        gone: &mut Gone,
    ) -> Result<()> {
        let node = page.node;
        match field.tag {
            NEW_SUBFILE_TYPE | SUBFILE_TYPE => {
                let Some(value) = self.file.number(field, self.cx)? else {
                    return self.goes(gone, field, &node.place);
                };
                let kept = match field.tag {
                    NEW_SUBFILE_TYPE => value & page.kind_bits,
                    _ if page.kind_bits & REDUCED == 0 && value == 2 => 1,
                    _ => value.clamp(1, 3),
                };
                let is_usual = matches!(field.kind, field::LONG | field::SHORT) && field.count == 1;
                if kept != value || !is_usual {
                    let what = "what kind of picture it is";
                    self.say(
                        "tiff.layout",
                        Category::Unknown,
                        Severity::Low,
                        &node.place,
                        what,
                        4,
                    );
                }
                let order = self.file.order();
                let mut bytes = Vec::new();
                if field.kind == field::SHORT {
                    order.put_u16(&mut bytes, u16::try_from(kept).unwrap_or(0));
                } else {
                    order.put_u32(&mut bytes, u32::try_from(kept).unwrap_or(0));
                }
                let kind = if field.kind == field::SHORT {
                    field::SHORT
                } else {
                    field::LONG
                };
                table.bytes(field.tag, kind, 1, bytes);
                Ok(())
            }
            ICC => self.profile(field, &node.place, table, gone),
            JPEG_TABLES => self.jpeg_tables(field, node, table),
            EXIF => self.exif(field, node, table, gone),
            // Coded data, and directories below: made where they are known.
            _ => Ok(()),
        }
    }

    fn profile(
        &mut self,
        field: &Field,
        place: &str,
        table: &mut Table,
        gone: &mut Gone,
    ) -> Result<()> {
        if !field.complete || !self.is_profile(field)? {
            return self.goes(gone, field, place);
        }
        let bytes = self.file.value(field, self.cx)?;
        let clean = icc::scrub(&bytes, self.cx)?;
        if clean != *bytes || field.kind != field::UNDEFINED {
            let place = format!("{place}/ICCProfile");
            let before = self.found.findings.len();
            icc::read(&bytes, &place, self.cx, &mut self.found)?;
            if self.found.findings.len() == before {
                let what = "colour profile in an unusual form";
                let len = len_u64(bytes.len());
                self.say(
                    "tiff.icc",
                    Category::Device,
                    Severity::Low,
                    &place,
                    what,
                    len,
                );
            }
        }
        table.bytes(ICC, field::UNDEFINED, len_u64(clean.len()), clean);
        Ok(())
    }

    fn is_profile(&self, field: &Field) -> Result<bool> {
        let head = self
            .source
            .peek(field.value.start(), field.value.len().min(132))?;
        Ok(icc::is_profile(&head))
    }

    /// Of an Exif directory stays what says in which colours the picture is, where no profile does.
    fn exif(
        &mut self,
        field: &Field,
        node: &Node,
        table: &mut Table,
        gone: &mut Gone,
    ) -> Result<()> {
        let profile = match node.directory.get(ICC) {
            Some(field) => self.is_profile(field)?,
            None => false,
        };
        let at = self.file.number(field, self.cx)?;
        let (Some(at), 1, false) = (at, field.count, profile) else {
            return self.goes(gone, field, &node.place);
        };
        let Some(directory) = self.forgiving_directory(at)? else {
            return self.goes(gone, field, &node.place);
        };
        let mut kept = Table::default();
        let mut rest = Gone::default();
        for field in &directory.fields {
            self.structure.claim(self.in_file(field.value));
            let telling = !kept.has(field.tag) && self.tells_colour(field)?;
            if !telling {
                self.goes(&mut rest, field, &node.place)?;
            } else if field.tag == INTEROP {
                self.interop(field, &mut kept, &mut rest, &node.place)?;
            } else {
                self.unused(field, &node.place)?;
                let bytes = self.file.value(field, self.cx)?.into_owned();
                kept.bytes(field.tag, field.kind, 1, bytes);
            }
        }
        gone.below(EXIF, rest);
        if kept.is_empty() {
            if directory.fields.is_empty() {
                self.say(
                    "tiff.layout",
                    Category::Unknown,
                    Severity::Low,
                    &node.place,
                    "Exif",
                    6,
                );
            }
        } else {
            table.tables(EXIF, field::LONG, vec![kept]);
        }
        Ok(())
    }

    fn tells_colour(&self, field: &Field) -> Result<bool> {
        Ok(match (field.tag, field.kind, field.count) {
            (COLOR_SPACE, field::SHORT, 1) => {
                matches!(self.file.number(field, self.cx)?, Some(2 | 0xFFFD..=0xFFFF))
            }
            (GAMMA, field::RATIONAL, 1) => field.complete,
            (INTEROP, _, 1) => true,
            _ => false,
        })
    }

    /// `R03`, which stands for Adobe RGB.
    fn interop(
        &mut self,
        pointer: &Field,
        kept: &mut Table,
        rest: &mut Gone,
        place: &str,
    ) -> Result<()> {
        let Some(at) = self.file.number(pointer, self.cx)? else {
            return self.goes(rest, pointer, place);
        };
        let Some(directory) = self.forgiving_directory(at)? else {
            return self.goes(rest, pointer, place);
        };
        let mut inner = Table::default();
        let mut other = Gone::default();
        for field in &directory.fields {
            self.structure.claim(self.in_file(field.value));
            let bytes = self.source.peek(field.value.start(), 4)?;
            let is_r03 =
                (field.tag, field.kind, field.count) == (1, field::ASCII, 4) && *bytes == *b"R03\0";
            if is_r03 && !inner.has(1) {
                inner.bytes(1, field::ASCII, 4, bytes.into_owned());
            } else {
                self.goes(&mut other, field, place)?;
            }
        }
        rest.below(INTEROP, other);
        if !inner.is_empty() {
            kept.tables(INTEROP, field::LONG, vec![inner]);
        }
        Ok(())
    }

    /// A directory that goes, or most of it: one that is damaged, or has been read before, is none.
    pub(super) fn forgiving_directory(&mut self, at: u64) -> Result<Option<Directory>> {
        if !self
            .structure
            .is_free(self.in_file(Span::new(at, at.saturating_add(2))))
        {
            return Ok(None);
        }
        match self.file.directory(at, self.cx) {
            Ok(directory) => {
                self.structure.claim(directory.table);
                Ok(Some(directory))
            }
            Err(Error::Malformed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A directory that a copy does not have.
    fn node_goes(&mut self, node: &Node) -> Result<()> {
        let (what, role) = if node.shape.kind & MASK != 0 {
            ("mask of a smaller picture", Role::Other)
        } else if node.is_reduced() {
            ("smaller picture", Role::Thumbnail)
        } else {
            ("another picture", Role::Picture)
        };
        let mut len = 0_u64;
        for span in pages::any_data(&self.file, node, self.cx)? {
            len = len.saturating_add(span.len());
            self.left.claim(span);
            let part = self.source.sub(span)?;
            if *part.peek(0, 3)? == [0xFF, 0xD8, 0xFF] {
                let inner = self.cx.inspect_nested(&part)?;
                self.found.merge(&node.place, inner);
            }
        }
        let finding = Finding::new(
            "tiff.pages",
            Category::Image,
            Severity::High,
            node.place.as_str(),
            what,
        );
        self.found.add(finding.bytes(len).role(role));
        let mut gone = Gone::default();
        for field in &node.directory.fields {
            if (self.kind.rule)(field.tag).is_none() || matches!(field.tag, EXIF | ICC) {
                self.goes(&mut gone, field, &node.place)?;
            }
        }
        self.tell(gone, &node.place)
    }

    /// Tells of all bytes that no structure accounts for.
    fn between(&mut self) -> Result<()> {
        let len = self.source.len();
        let mut all = self.structure.clone();
        for spans in [&self.copied, &self.left] {
            for span in spans.all() {
                all.claim(span);
            }
        }
        for gap in all.gaps(len) {
            self.cx.item()?;
            if gap.end() == len {
                let tail = self.source.sub(gap)?;
                if gap.len() <= ALIGNMENT && tail.read(tail.whole())?.iter().all(|b| *b == 0) {
                    continue;
                }
                let place = "behind the end";
                trailer::read(&tail, place, self.cx, &mut self.found)?;
                let what = "data behind the last structure";
                self.say(
                    "tiff.slack",
                    Category::Unknown,
                    Severity::High,
                    place,
                    what,
                    gap.len(),
                );
                continue;
            }
            let mut zero = true;
            self.source.for_each(gap, |bytes| {
                zero &= bytes.iter().all(|byte| *byte == 0);
                Ok(())
            })?;
            if zero && gap.len() <= ALIGNMENT {
                continue;
            }
            let head = self.source.peek(gap.start(), gap.len().min(SAMPLE))?;
            self.found.secrets.harvest(&head);
            let severity = match (zero, gap.len()) {
                (true, _) => Severity::Low,
                (false, 0..=3) => Severity::Medium,
                (false, _) => Severity::High,
            };
            let what = "bytes between the structures";
            self.say(
                "tiff.slack",
                Category::Unknown,
                severity,
                "gap",
                what,
                gap.len(),
            );
        }
        Ok(())
    }
}

/// Whether a tag means something in a picture.
pub(super) fn means(rule: &Rule, node: &Node) -> bool {
    let shape = &node.shape;
    match rule.when {
        When::Always => true,
        When::Photometric(all) => shape.photometric.is_some_and(|value| all.contains(&value)),
        When::Compression(all) => all.contains(&shape.compression),
    }
}

/// Whether an entry is as its rule says.
pub(super) fn follows(rule: &Rule, field: &Field, node: &Node) -> bool {
    let shape = &node.shape;
    let most = match rule.most {
        Most::N(n) => n,
        Most::PerSample(n) => shape.samples.saturating_mul(n),
        // Tables have a value for each level, no more and no fewer.
        Most::PerLevel(n) => {
            let bits = shape.bits.first().copied().filter(|bits| *bits <= 16);
            let levels = bits.and_then(|bits| 1_u64.checked_shl(u32::try_from(bits).ok()?));
            let exact =
                |n: u64| levels.and_then(|levels| levels.checked_mul(n)) == Some(field.count);
            if exact(n) || field.tag == TRANSFER_FUNCTION && exact(1) {
                field.count
            } else {
                0
            }
        }
        Most::Any => u64::MAX,
    };
    rule.kinds.contains(&field.kind) && field.complete && field.count > 0 && field.count <= most
}

/// A text up to its first zero byte, and no longer than names are.
fn tidy(bytes: &[u8]) -> Vec<u8> {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    let mut text: Vec<u8> = text.iter().copied().take(tags::LONGEST_TEXT).collect();
    text.push(0);
    text
}
