//! Layers and blocks as they are written.

use super::blocks::{self, Verdict};
use super::judge::Judge;
use super::layout::{Block, Layer, Layers};
use super::{BLOCK, CHANNEL, LAYER, LINKED, NAME};
use crate::formats::common::reads_like_text;
use crate::metadata::text;
use crate::model::{Category, Error, Fate, Finding, Result, Role, Severity, Span, fit};

/// Ways in which layers are mixed (specification, "Layer records").
const BLENDS: &[&[u8; 4]] = &[
    b"pass", b"norm", b"diss", b"dark", b"mul ", b"idiv", b"lbrn", b"dkCl", b"lite", b"scrn",
    b"div ", b"lddg", b"lgCl", b"over", b"sLit", b"hLit", b"vLit", b"lLit", b"pLit", b"hMix",
    b"diff", b"smud", b"fsub", b"fdiv", b"hue ", b"sat ", b"colr", b"lum ",
];

/// Flags with a meaning.
const FLAGS: u8 = 0x3F;
const HIDDEN: u8 = 2;

/// The mask of a layer with its padding unset.
pub(super) fn mask(old: &[u8]) -> Vec<u8> {
    let mut new = old.to_vec();
    let has_parameters = old.get(17).is_some_and(|flags| flags & 16 != 0);
    if old.len() == 20 && !has_parameters {
        new.iter_mut().skip(18).for_each(|byte| *byte = 0);
    }
    new
}

impl Judge<'_> {
    /// Records and pixels.
    pub(super) fn layers(&mut self, layers: &Layers) -> Result<()> {
        self.part(layers.count, LAYER.what, Fate::Keep(&LAYER));
        self.covered(layers)?;
        for (index, layer) in layers.layers.iter().enumerate() {
            let record = self.record(layer, index)?;
            if record != *self.source.read(layer.record)? && self.found.findings.is_empty() {
                self.unusual(LAYER.what);
            }
            self.made(layer.record, &LAYER, record);
        }
        for channel in layers.layers.iter().flat_map(|layer| &layer.channels) {
            self.part(channel.used, CHANNEL.what, Fate::Keep(&CHANNEL));
            self.slack(
                Span::new(channel.used.end(), channel.data.end()),
                CHANNEL.what,
            )?;
        }
        Ok(())
    }

    fn record(&mut self, layer: &Layer, index: usize) -> Result<Vec<u8>> {
        let at = layer.record.start();
        // ImageMagick spells them backwards.
        let mut backwards = layer.blend;
        backwards.reverse();
        if !BLENDS.contains(&&layer.blend) && !BLENDS.contains(&&backwards) {
            return Err(Error::unsupported(
                "layers are mixed in an unknown way; save a copy \
                without layers as PNG or TIFF in a program you trust, and clean that",
            ));
        }
        let (ranges, mask) = (
            self.source
                .peek(layer.ranges.start(), layer.ranges.len().min(480))?,
            self.source
                .peek(layer.mask.start(), layer.mask.len().min(64))?,
        );
        if layer.mask.len() > 64
            || layer.ranges.len() > 480
            || reads_like_text(&ranges)
            || reads_like_text(&mask)
        {
            return Err(Error::malformed(NAME, at, "an unusual layer"));
        }
        let mut out = Vec::new();
        for side in layer.bounds {
            out.extend(side.to_be_bytes());
        }
        out.extend(
            u16::try_from(layer.channels.len())
                .unwrap_or(0)
                .to_be_bytes(),
        );
        for channel in &layer.channels {
            out.extend(channel.id.to_be_bytes());
            if self.is_large {
                out.extend(channel.used.len().to_be_bytes());
            } else {
                out.extend(fit::<u32>(channel.used.len())?.to_be_bytes());
            }
        }
        out.extend_from_slice(b"8BIM");
        out.extend_from_slice(&layer.blend);
        out.extend([layer.opacity, layer.clipping, layer.flags & FLAGS, 0]);
        let clean_mask = self::mask(&mask);
        if layer.flags & !FLAGS != 0 || layer.filler != 0 || clean_mask != *mask {
            self.unusual(LAYER.what);
        }
        let mut extra = Vec::new();
        extra.extend(fit::<u32>(mask.len())?.to_be_bytes());
        extra.extend(clean_mask);
        extra.extend(fit::<u32>(layer.ranges.len())?.to_be_bytes());
        extra.extend_from_slice(&ranges);
        let name = format!("L{}", index.saturating_add(1));
        self.name(layer, &name)?;
        extra.push(fit(name.len())?);
        extra.extend_from_slice(name.as_bytes());
        let padding = name.len().saturating_add(1).wrapping_neg() & 3;
        extra.extend(std::iter::repeat_n(0, padding));
        for block in &layer.blocks {
            if let Some((_, data)) = self.verdict(block)? {
                blocks::written(block, &data, &mut extra)?;
            }
        }
        if !layer.slack.is_empty() {
            let bytes = self
                .source
                .peek(layer.slack.start(), layer.slack.len().min(1 << 20))?;
            let what = "bytes that belong to nothing";
            let severity = if bytes.iter().all(|b| *b == 0) {
                Severity::Low
            } else {
                Severity::High
            };
            let finding = Finding::new("psd.slack", Category::Unknown, severity, LAYER.what, what);
            self.found.add(finding.bytes(layer.slack.len()));
        }
        self.hidden(layer);
        out.extend(fit::<u32>(extra.len())?.to_be_bytes());
        out.extend(extra);
        Ok(out)
    }

    /// Says what is not seen of a layer.
    fn hidden(&mut self, layer: &Layer) {
        let side = |n: u32| i32::from_be_bytes(n.to_be_bytes());
        let [top, left, bottom, right] = layer.bounds.map(side);
        let fits = |n: i32, most: u32| u32::try_from(n).is_ok_and(|n| n <= most);
        let inside = fits(top, self.size[0])
            && fits(bottom, self.size[0])
            && fits(left, self.size[1])
            && fits(right, self.size[1]);
        let masked = layer
            .channels
            .iter()
            .any(|channel| channel.id >= 0xFFFD && channel.id != 0xFFFF);
        let has_pixels = top < bottom && left < right;
        for (is_hidden, what) in [
            (
                layer.flags & HIDDEN != 0 || layer.opacity == 0,
                "a layer that is not shown",
            ),
            (
                has_pixels && !inside,
                "a layer that reaches beyond the picture",
            ),
            (
                has_pixels && masked,
                "a layer of which a part may be covered",
            ),
        ] {
            if is_hidden {
                self.stays(
                    "psd.hidden",
                    Category::Image,
                    Severity::High,
                    LAYER.what,
                    what,
                );
            }
        }
    }

    /// The name in the record; a longer one stands in a block.
    fn name(&mut self, layer: &Layer, neutral: &str) -> Result<()> {
        let old = self.source.read(layer.name)?;
        if *old == *neutral.as_bytes() {
            return Ok(());
        }
        let old: String = match std::str::from_utf8(&old) {
            Ok(text) => text.to_owned(),
            Err(_) => old.iter().copied().map(char::from).collect(),
        };
        self.told(&old, LAYER.what, "name of a layer")
    }

    fn told(&mut self, value: &str, place: &str, what: &'static str) -> Result<()> {
        let value = value.trim_matches(['\0', ' ']);
        let finding = Finding::new(
            "psd.layers",
            Category::History,
            Severity::Medium,
            place,
            what,
        );
        // Of groups, the same in every file.
        if value == "</Layer group>" || value.is_empty() {
            self.found.add(finding);
            return Ok(());
        }
        self.found.add(finding.text(value).role(Role::Text));
        text::mentions("psd.layers", value, place, self.cx, &mut self.found)
    }

    /// The data of a block as it is written, and whether it holds files; `None` when it goes.
    fn verdict(&mut self, block: &Block) -> Result<Option<(bool, Vec<u8>)>> {
        self.cx.item()?;
        let name: String = block.key.iter().copied().map(char::from).collect();
        let is_file = block.key.starts_with(b"lnk");
        let place = format!(
            "Additional Layer Information/{name}{}",
            if is_file { "/embedded file" } else { "" }
        );
        match blocks::judge(block, self.source, &mut self.ids, self.cx)? {
            Verdict::Numbers(data) => Ok(Some((false, data))),
            Verdict::Text(data) => {
                let what = "the text of a layer, with its fonts";
                self.stays("psd.text", Category::Person, Severity::Medium, &name, what);
                self.texts.push(data.clone());
                Ok(Some((false, data)))
            }
            Verdict::Made(made) => {
                self.words.extend(made.words);
                for value in &made.texts {
                    self.told(value, &place, "a name in a layer")?;
                }
                let mut found = made.found;
                for finding in &mut found.findings {
                    finding.place = format!("{place}/{}", finding.place);
                }
                self.found.extend(found);
                self.residue.extend(made.stays);
                if made.is_less {
                    self.less(&name);
                }
                let old = self.source.read(block.data)?;
                if made.bytes != *old && made.texts.is_empty() {
                    self.unusual("Additional Layer Information");
                }
                if is_file && made.bytes.is_empty() {
                    let finding = Finding::new(
                        "psd.linked",
                        Category::Image,
                        Severity::High,
                        place,
                        "the source of a layer",
                    );
                    self.found
                        .add(finding.bytes(block.data.len()).role(Role::Picture));
                    return Ok(None);
                }
                Ok(Some((is_file, made.bytes)))
            }
            verdict @ (Verdict::Gone | Verdict::Less) => {
                if matches!(verdict, Verdict::Less) {
                    self.less(&name);
                }
                self.gone(block, &name)?;
                Ok(None)
            }
        }
    }

    fn less(&mut self, name: &str) {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let what = "what only a program that edits layers shows was left out";
        self.stays("psd.edit", Category::Unknown, Severity::Medium, &name, what);
    }

    fn gone(&mut self, block: &Block, name: &str) -> Result<()> {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let data = self
            .source
            .peek(block.data.start(), block.data.len().min(1 << 20))?;
        let (category, severity, what) = match &block.key {
            b"luni" => {
                let units = data.get(4..).unwrap_or_default().chunks_exact(2);
                let units = units.filter_map(|unit| crate::bytes::Order::Big.u16(unit));
                let value: String = char::decode_utf16(units).flatten().collect();
                return self.told(&value, LAYER.what, "name of a layer");
            }
            b"shmd" => (
                Category::Time,
                Severity::Medium,
                "times and notes of a layer",
            ),
            b"Anno" => (Category::Person, Severity::High, "notes, written or spoken"),
            b"TySh" | b"tySh" | b"Txt2" => (
                Category::Person,
                Severity::Medium,
                "text of a layer; its pixels stay",
            ),
            b"cinf" => (
                Category::Device,
                Severity::Medium,
                "programs that were used",
            ),
            b"CAI " | b"GenI" => (Category::History, Severity::High, "content credentials"),
            key if key.starts_with(b"lnk") => {
                (Category::Image, Severity::High, "the source of a layer")
            }
            _ => (Category::Unknown, Severity::Low, "a block of a layer"),
        };
        let place = format!("Additional Layer Information/{name}");
        let finding = Finding::new("psd.layers", category, severity, place, what);
        self.found.add(finding.bytes(block.data.len()));
        Ok(())
    }

    /// A block of the document.
    pub(super) fn block(&mut self, block: &Block) -> Result<()> {
        match self.verdict(block)? {
            Some((is_file, data)) => {
                let mut out = Vec::new();
                blocks::written(block, &data, &mut out)?;
                let row = if is_file { &LINKED } else { &BLOCK };
                self.made(block.whole, row, out);
            }
            None => {
                let is_linked = self
                    .found
                    .findings
                    .last()
                    .is_some_and(|f| f.id == "psd.linked");
                let id = if is_linked {
                    "psd.linked"
                } else {
                    "psd.layers"
                };
                self.part(block.whole, "block", Fate::Drop(id));
            }
        }
        Ok(())
    }

    /// The block in which the layers of deep pictures stand.
    pub(super) fn deep(&mut self, block: &Block, layers: &Layers) -> Result<()> {
        let head_end = block.whole.start().saturating_add(8);
        let head = Span::new(block.whole.start(), head_end);
        self.made(head, &BLOCK, block.head.to_vec());
        let index = self.length(Span::new(head_end, block.data.start()));
        self.layers(layers)?;
        self.padding(
            index,
            4,
            Span::new(layers.padding.start(), block.whole.end()),
        )?;
        self.patch(index, block.is_wide)
    }
}
