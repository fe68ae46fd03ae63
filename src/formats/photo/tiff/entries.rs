//! What becomes of one entry of a directory that is copied.

use super::gone::Gone;
use super::judge::Judge;
use super::pages;
use super::strips::JPEG;
use super::tags::{
    self, EXIF, GRAY_RESPONSE, How, ICC, JPEG_TABLES, Most, NEW_SUBFILE_TYPE, Rule, SUBFILE_TYPE,
    TRANSFER_FUNCTION, When,
};
use super::tree::{self, Node, REDUCED};
use crate::bytes::Order;
use crate::containers::tiff::file::{Field, numbers, whole_numbers};
use crate::containers::tiff::ifd::field;
use crate::containers::tiff::write::Table;
use crate::model::{Category, Finding, Result, Severity, Span, len_u64};

impl Judge<'_, '_> {
    pub(super) fn field(
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
        let bytes = self.file.value(field, self.cx)?.into_owned();
        let (kind, bytes) = normal(rule, field, self.file.order(), bytes);
        if kind != field.kind {
            let what = "a number of an unusual type";
            let (category, severity) = (Category::Unknown, Severity::Low);
            self.say("tiff.layout", category, severity, &node.place, what, 0);
        }
        let field = &Field { kind, ..*field };
        if !follows(rule, field, node, (self.file.order(), &bytes)) {
            if rule.how == How::Needed {
                let what = "a tag that the picture depends on is damaged";
                return Err(self.file.malformed(at, what));
            }
            return self.goes(gone, field, &node.place);
        }
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
        if reads_as_text(&bytes) {
            let what = "numbers that read as text";
            let (category, severity) = (Category::Unknown, Severity::Medium);
            let finding = Finding::new("tiff.numbers", category, severity, &*node.place, what);
            self.residue.push(finding);
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
    pub(super) fn unused(&mut self, field: &Field, place: &str) -> Result<()> {
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
            // Made where it is known which tables are used.
            JPEG_TABLES if page.has_image && JPEG.contains(&node.shape.compression) => Ok(()),
            JPEG_TABLES => self.goes(gone, field, &node.place),
            EXIF => self.exif(field, node, table, gone),
            // Coded data, and directories below: made where they are known.
            _ => Ok(()),
        }
    }
}

/// Longer lists are tables, in which bytes of text stand by chance.
const FEW: usize = 256;
/// So many characters in a row are no numbers.
const CHARACTERS: usize = 8;

/// Or so many, where no picture depends on them and there is nothing else.
const WORD: usize = 4;

fn is_character(byte: &u8) -> bool {
    (b' '..=b'~').contains(byte)
}

/// Whether a few numbers are text in truth.
fn reads_as_text(bytes: &[u8]) -> bool {
    let mut runs = bytes.split(|byte| !is_character(byte));
    bytes.len() <= FEW && runs.any(|run| run.len() >= CHARACTERS)
}

/// Whether a tag means something in a picture.
pub(super) fn means(rule: &Rule, node: &Node) -> bool {
    let shape = &node.shape;
    match rule.when {
        When::Always => true,
        When::Photometric(all) => shape.photometric.is_some_and(|value| all.contains(&value)),
        When::Compression(all) => all.contains(&shape.compression),
        // Some programs use the tags of strips for tiles.
        When::Tiled => shape.tile.is_some(),
    }
}

/// Type and value of an entry as a copy has them. Decoders take whole numbers of any type; those of a type
/// that the rule does not name become SHORT or LONG.
pub(super) fn normal(rule: &Rule, field: &Field, order: Order, bytes: Vec<u8>) -> (u16, Vec<u8>) {
    let is_whole = matches!(
        field.kind,
        field::BYTE
            | field::SBYTE
            | field::SHORT
            | field::SSHORT
            | field::LONG
            | field::SLONG
            | field::LONG8
    );
    if !is_whole || !field.complete || rule.kinds.contains(&field.kind) {
        return (field.kind, bytes);
    }
    let all = whole_numbers(order, field.kind, &bytes).unwrap_or_default();
    let mut short = Vec::new();
    let mut long = Vec::new();
    for number in &all {
        if let Ok(number) = u16::try_from(*number) {
            order.put_u16(&mut short, number);
        }
        if let Ok(number) = u32::try_from(*number) {
            order.put_u32(&mut long, number);
        }
    }
    let fits = |kind: u16, out: &[u8], size: usize| {
        let is_all = all.len().checked_mul(size) == Some(out.len());
        !all.is_empty() && is_all && rule.kinds.contains(&kind)
    };
    if fits(field::SHORT, &short, 2) {
        (field::SHORT, short)
    } else if fits(field::LONG, &long, 4) {
        (field::LONG, long)
    } else {
        (field.kind, bytes)
    }
}

/// Whether an entry is as its rule says. The bytes are its value, in this order.
pub(super) fn follows(
    rule: &Rule,
    field: &Field,
    node: &Node,
    (order, bytes): (Order, &[u8]),
) -> bool {
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
    let (least, greatest) = rule.range;
    let in_range = |n: &u64| (least..=greatest).contains(n);
    let as_it_should = rule.range == (0, u64::MAX)
        || numbers(order, field.kind, bytes).is_none_or(|all| all.iter().all(in_range));
    let is_word = || bytes.len() >= WORD && bytes.iter().all(is_character);
    let is_text = rule.how == How::Wanted && (reads_as_text(bytes) || is_word());
    rule.kinds.contains(&field.kind)
        && field.complete
        && field.count > 0
        && field.count <= most
        && as_it_should
        && !is_text
}

/// A text up to its first zero byte, and no longer than names are.
fn tidy(bytes: &[u8]) -> Vec<u8> {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    let mut text: Vec<u8> = text.iter().copied().take(tags::LONGEST_TEXT).collect();
    text.push(0);
    text
}
