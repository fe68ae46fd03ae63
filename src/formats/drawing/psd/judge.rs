//! What becomes of each part of a PSD.

use std::collections::BTreeSet;

use super::descriptor::Ids;
use super::layout::{HEADER as HEADER_LEN, Layout, Picture};
use super::{COLOURS, HEADER, IMAGE, LENGTHS, MASK, NAME, unshown};
use crate::bytes::{Context, Order, Source, is_identity};
use crate::formats::common::{Parts, unused_colours};
use crate::metadata::appended;
use crate::model::{
    Category, Examined, Fate, Finding, Found, Result, Role, Row, Severity, Span, fit,
};

/// So many bytes of what goes are looked at.
const LOOKED_AT: u64 = 1 << 20;

pub(super) struct Judge<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) cx: &'a Context<'a>,
    pub(super) is_large: bool,
    /// Height and width.
    pub(super) size: [u32; 2],
    pub(super) parts: Parts,
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    pub(super) ids: Ids,
    /// Text that stays as it is.
    pub(super) texts: Vec<Vec<u8>>,
    /// Keys and names of classes in what stays.
    pub(super) words: BTreeSet<String>,
    pub(super) picture: Picture,
    /// The merged picture.
    pub(super) image: Span,
}

/// Decides on every byte of the file.
///
/// # Errors
/// [`crate::model::Error::Malformed`] when a cleaned copy might look different.
pub(super) fn judge(source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
    let layout = Layout::parse(source, cx)?;
    let mut judge = Judge {
        source,
        cx,
        is_large: layout.picture.is_large,
        size: [layout.picture.height, layout.picture.width],
        parts: Parts::default(),
        found: Found::default(),
        residue: Vec::new(),
        ids: Ids::default(),
        texts: Vec::new(),
        words: BTreeSet::new(),
        picture: layout.picture,
        image: layout.image,
    };
    judge.header()?;
    let length = judge.length(Span::new(HEADER_LEN, layout.colours.start()));
    judge.colours(&layout)?;
    judge.patch(length, false)?;
    let length = judge.length(Span::new(layout.colours.end(), layout.resources.start()));
    judge.resources(layout.resources)?;
    judge.patch(length, false)?;
    let length = judge.length(Span::new(layout.resources.end(), layout.section.start()));
    judge.section(&layout)?;
    judge.patch(length, layout.picture.is_large)?;
    judge.part(layout.image, IMAGE.what, Fate::Keep(&IMAGE));
    judge.tail(layout.tail)?;
    judge.texts_that_stay()?;
    // A name that is also a key of a descriptor identifies nobody.
    for word in &judge.words {
        judge.found.secrets.allow(word);
    }
    judge.channels(&layout)?;
    let parts = judge.parts.map(source.len(), NAME)?;
    if judge.found.findings.is_empty() && !is_identity(&parts.plan(), source)? {
        let what = "lengths and padding that are not exact";
        judge.found.add(Finding::new(
            "psd.form",
            Category::Device,
            Severity::Low,
            NAME,
            what,
        ));
    }
    Ok(Examined::spliced(judge.found, judge.residue, parts))
}

impl Judge<'_> {
    pub(super) fn part(&mut self, span: Span, name: &'static str, fate: Fate) {
        self.parts.push(span, name, fate);
    }

    /// A length that is written when what follows is known; its index.
    pub(super) fn length(&mut self, span: Span) -> usize {
        let index = self.parts.count();
        self.part(span, LENGTHS.what, Fate::rebuild(&LENGTHS, Vec::new()));
        index
    }

    /// Length in the output of all parts behind this one.
    pub(super) fn len_behind(&self, index: usize) -> u64 {
        self.parts.len_since(index.saturating_add(1))
    }

    /// Writes a length.
    pub(super) fn patch(&mut self, index: usize, is_wide: bool) -> Result<()> {
        let len = self.len_behind(index);
        let bytes = if is_wide {
            len.to_be_bytes().to_vec()
        } else {
            fit::<u32>(len)?.to_be_bytes().to_vec()
        };
        self.parts.rewrite(index, &LENGTHS, bytes);
        Ok(())
    }

    /// Says that something stands in another form than this program writes.
    pub(super) fn unusual(&mut self, place: &'static str) {
        let what = "an unusual form";
        let finding = Finding::new("psd.form", Category::Device, Severity::Low, place, what);
        self.found.add(finding);
    }

    /// Bytes that belong to nothing.
    pub(super) fn slack(&mut self, span: Span, place: &'static str) -> Result<()> {
        if span.is_empty() {
            return Ok(());
        }
        let bytes = self.source.peek(span.start(), span.len().min(LOOKED_AT))?;
        let severity = if bytes.iter().all(|b| *b == 0) {
            Severity::Low
        } else {
            Severity::High
        };
        let what = "bytes that belong to nothing";
        let finding = Finding::new("psd.slack", Category::Unknown, severity, place, what);
        self.found.add(finding.bytes(span.len()));
        self.part(span, "slack", Fate::Drop("psd.slack"));
        Ok(())
    }

    /// Zeros up to a multiple of `align` behind the part of this index, in place of what stands there.
    pub(super) fn padding(&mut self, index: usize, align: u64, span: Span) -> Result<()> {
        let wanted = self.len_behind(index).wrapping_neg() & align.saturating_sub(1);
        let zeros = vec![0; usize::try_from(wanted).unwrap_or(0)];
        let kept = Span::new(
            span.start(),
            span.end().min(span.start().saturating_add(wanted)),
        );
        if self.source.read(kept)?.iter().any(|b| *b != 0) {
            self.slack(span, "padding")?;
            let end = Span::new(span.end(), span.end());
            self.part(end, "padding", Fate::rebuild(&LENGTHS, zeros));
            return Ok(());
        }
        self.part(kept, "padding", Fate::rebuild(&LENGTHS, zeros));
        self.slack(Span::new(kept.end(), span.end()), "padding")
    }

    fn header(&mut self) -> Result<()> {
        let span = Span::new(0, HEADER_LEN);
        let old = self.source.read(span)?;
        let mut new = old.to_vec();
        new.iter_mut().skip(6).take(6).for_each(|byte| *byte = 0);
        if new != *old {
            let what = "reserved bytes";
            let finding = Finding::new(
                "psd.slack",
                Category::Unknown,
                Severity::Medium,
                "File Header",
                what,
            );
            self.found.add(finding.bytes(6));
        }
        self.part(span, HEADER.what, Fate::rebuild(&HEADER, new));
        Ok(())
    }

    fn colours(&mut self, layout: &Layout) -> Result<()> {
        let span = layout.colours;
        match layout.picture.mode {
            2 => {
                let table = Span::new(
                    span.start(),
                    span.end().min(span.start().saturating_add(768)),
                );
                let old = self.source.read(table)?;
                let new = unshown::clean_palette(self.source, layout, &old, self.cx)?;
                if new == *old {
                    self.part(table, COLOURS.what, Fate::Keep(&COLOURS));
                } else {
                    self.found.secrets.harvest_lost(&old, &new);
                    self.found.add(unused_colours("psd.palette", COLOURS.what));
                    self.made(table, &COLOURS, new);
                }
                self.slack(Span::new(table.end(), span.end()), "Color Mode Data")
            }
            8 => {
                let what = "the inks of a duotone, with their names";
                let finding = Finding::new(
                    "psd.duotone",
                    Category::History,
                    Severity::Low,
                    "Color Mode Data",
                    what,
                );
                self.residue.push(finding.bytes(span.len()));
                self.part(span, COLOURS.what, Fate::Keep(&COLOURS));
                Ok(())
            }
            _ if span.is_empty() => Ok(()),
            _ => {
                let what = "settings for another depth";
                let finding = Finding::new(
                    "psd.toning",
                    Category::History,
                    Severity::Low,
                    "Color Mode Data",
                    what,
                );
                self.found.add(finding.bytes(span.len()));
                self.part(span, "toning", Fate::Drop("psd.toning"));
                Ok(())
            }
        }
    }

    /// Layers, global mask and blocks of the document.
    fn section(&mut self, layout: &Layout) -> Result<()> {
        if layout.section.is_empty() {
            return Ok(());
        }
        let width = if self.is_large { 8 } else { 4 };
        let start = layout.section.start();
        let length = Span::new(start, start.saturating_add(width));
        let index = self.length(length);
        let mut at = length.end();
        if let Some(layers) = &layout.layers {
            self.layers(layers)?;
            self.padding(index, 2, layers.padding)?;
            at = layers.padding.end();
        }
        self.patch(index, self.is_large)?;
        if let Some(mask) = layout.mask {
            let index = self.length(Span::new(at, mask.start()));
            self.mask(mask)?;
            self.patch(index, false)?;
            for (number, block) in layout.blocks.iter().enumerate() {
                match &layout.deep {
                    Some((index, layers)) if *index == number => self.deep(block, layers)?,
                    _ => self.block(block)?,
                }
            }
        }
        self.slack(layout.slack, "Additional Layer Information")
    }

    /// Colour, opacity and kind: 13 bytes. What else stands there is filler.
    fn mask(&mut self, span: Span) -> Result<()> {
        let old = self.source.read(Span::new(
            span.start(),
            span.end().min(span.start().saturating_add(13)),
        ))?;
        if span.is_empty() {
            return Ok(());
        }
        if old.len() < 13 {
            return self.slack(span, MASK.what);
        }
        let kept = Span::new(span.start(), span.start().saturating_add(13));
        let mut new = old.to_vec();
        let filler = Span::new(kept.end(), span.end());
        let old_filler = self
            .source
            .peek(filler.start(), filler.len().min(LOOKED_AT))?;
        // Fourteen with the filler, or sixteen: as the file has it.
        let zeros = filler.len().min(3);
        new.extend(std::iter::repeat_n(0, usize::try_from(zeros).unwrap_or(0)));
        if old_filler.iter().any(|b| *b != 0) || filler.len() > 3 {
            let what = "filler of the mask";
            let finding = Finding::new(
                "psd.slack",
                Category::Unknown,
                Severity::Medium,
                MASK.what,
                what,
            );
            self.found.add(finding.bytes(filler.len()));
        }
        self.part(span, MASK.what, Fate::rebuild(&MASK, new));
        Ok(())
    }

    fn tail(&mut self, span: Span) -> Result<()> {
        if span.is_empty() {
            return Ok(());
        }
        let place = "behind the picture";
        let tail = self.source.sub(span)?;
        let bytes = tail.peek(0, LOOKED_AT)?;
        let is_zero = bytes.iter().all(|b| *b == 0);
        if !is_zero {
            appended::read(&tail, place, self.cx, &mut self.found)?;
        }
        let severity = if is_zero {
            Severity::Low
        } else {
            Severity::High
        };
        let what = "data behind the end of the picture";
        let finding = Finding::new("psd.tail", Category::Unknown, severity, place, what);
        self.found.add(finding.bytes(span.len()));
        self.part(span, "tail", Fate::Drop("psd.tail"));
        Ok(())
    }

    /// Values that were taken out and stand in the text of a layer as well stay there, and are named.
    fn texts_that_stay(&mut self) -> Result<()> {
        if self.texts.is_empty() {
            return Ok(());
        }
        let all: Vec<String> = self.found.secrets.texts().map(str::to_owned).collect();
        for text in all {
            self.cx.check_stop()?;
            let spelled = [
                text.as_bytes().to_vec(),
                text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            ];
            let stands = |hay: &Vec<u8>| {
                spelled
                    .iter()
                    .any(|needle| memchr::memmem::find(hay, needle).is_some())
            };
            if !self.texts.iter().any(stands) {
                continue;
            }
            self.found.secrets.allow(&text);
            let what = "a value that was taken out is also a part of the text of a layer";
            let finding =
                Finding::new("psd.text", Category::Person, Severity::Medium, "TySh", what);
            self.residue.push(finding.text(text).role(Role::Text));
        }
        Ok(())
    }

    /// Channels that are neither colours nor the transparency of the picture: saved selections, inks.
    fn channels(&mut self, layout: &Layout) -> Result<()> {
        let colours = match layout.picture.mode {
            0..=2 | 8 => 1,
            4 => 4,
            7 => layout.picture.channels,
            _ => 3,
        };
        let deep = layout.deep.iter().map(|(_, layers)| layers);
        let mut transparency = 1u16;
        for layers in layout.layers.iter().chain(deep) {
            // Where layers say nothing of it, there is none.
            let count = Order::Big.i16(&self.source.read(layers.count)?);
            transparency = count.filter(|n| *n < 0).map_or(0, |_| 1);
        }
        let shown = transparency.saturating_add(colours);
        let is_told = layout.picture.channels > shown
            && unshown::has_pictures_behind(self.source, layout, shown, self.cx)?;
        if is_told {
            let what = "a channel that is not shown";
            let (category, severity) = (Category::Image, Severity::High);
            self.stays("psd.hidden", category, severity, IMAGE.what, what);
        }
        Ok(())
    }

    /// Adds a residue once.
    pub(super) fn stays(
        &mut self,
        id: &'static str,
        category: Category,
        severity: Severity,
        place: &str,
        what: &'static str,
    ) {
        let finding = Finding::new(id, category, severity, place, what);
        if !self.residue.contains(&finding) {
            self.residue.push(finding);
        }
    }

    /// A run of made bytes.
    pub(super) fn made(&mut self, span: Span, row: &'static Row, bytes: Vec<u8>) {
        self.part(span, row.what, Fate::rebuild(row, bytes));
    }
}
