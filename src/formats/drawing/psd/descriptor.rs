//! Descriptors: keys with values of many types, written anew with all texts emptied.

use std::collections::{BTreeSet, HashMap};

use crate::bytes::{Context, Cursor, Order};
use crate::model::{Result, len_u64};

/// Descriptors inside descriptors.
const DEEPEST: usize = 24;
/// Longer keys are none.
const LONGEST_KEY: usize = 64;

/// Ids that tie structures of one document together, replaced by numbers in the order in which they are
/// met.
#[derive(Debug, Default)]
pub(super) struct Ids(HashMap<String, usize>);

impl Ids {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Forgets all but the first: those that were met in what is not written.
    pub(super) fn truncate(&mut self, count: usize) {
        if self.0.len() > count {
            self.0.retain(|_, number| *number <= count);
        }
    }

    /// What stands for an id.
    pub(super) fn neutral(&mut self, id: &str) -> String {
        let id = id.trim_end_matches('\0');
        if id.is_empty() {
            return String::new();
        }
        let next = self.0.len().saturating_add(1);
        let number = *self.0.entry(id.to_owned()).or_insert(next);
        format!("00000000-0000-0000-0000-{number:012}")
    }
}

/// A descriptor that was read and written.
#[derive(Debug, Default)]
pub(super) struct Rewritten {
    pub(super) bytes: Vec<u8>,
    /// Texts that were emptied.
    pub(super) texts: Vec<String>,
    /// Keys and names of classes, which Adobe's programs define.
    pub(super) words: BTreeSet<String>,
    /// Data of unknown meaning was emptied.
    pub(super) is_less: bool,
}

/// Writes the descriptor at the beginning of `cursor` anew. `None` when it is not understood.
pub(super) fn rewrite(
    cursor: &mut Cursor<'_>,
    ids: &mut Ids,
    cx: &Context<'_>,
) -> Result<Option<Rewritten>> {
    cx.memory(len_u64(cursor.rest().len()))?;
    let mut writer = Writer {
        cx,
        ids,
        made: Rewritten::default(),
    };
    Ok(writer.descriptor(cursor, 0)?.map(|()| writer.made))
}

struct Writer<'a, 'b> {
    cx: &'a Context<'b>,
    ids: &'a mut Ids,
    made: Rewritten,
}

/// `None` in `Option` is "not understood".
type Understood = Result<Option<()>>;

macro_rules! some {
    ($option:expr) => {
        match $option {
            Some(value) => value,
            None => return Ok(None),
        }
    };
}

impl Writer<'_, '_> {
    fn u32(&mut self, value: usize) {
        let value = u32::try_from(value).unwrap_or(0);
        self.made.bytes.extend(value.to_be_bytes());
    }

    fn copy(&mut self, cursor: &mut Cursor<'_>, n: usize) -> Option<()> {
        let bytes = cursor.take(n)?;
        self.made.bytes.extend_from_slice(bytes);
        Some(())
    }

    fn count(&mut self, cursor: &mut Cursor<'_>) -> Option<usize> {
        let count = usize::try_from(cursor.u32(Order::Big)?).ok()?;
        (count <= cursor.rest().len()).then_some(())?;
        self.u32(count);
        Some(count)
    }

    /// A key: four letters, or a longer word with its length.
    fn key(&mut self, cursor: &mut Cursor<'_>) -> Option<Vec<u8>> {
        let len = usize::try_from(cursor.u32(Order::Big)?).ok()?;
        let key = cursor.take(if len == 0 { 4 } else { len })?;
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b" _.-#\0".contains(byte);
        (key.len() <= LONGEST_KEY && key.iter().all(is_word)).then_some(())?;
        self.u32(len);
        self.made.bytes.extend_from_slice(key);
        let word = String::from_utf8_lossy(key);
        self.made.words.insert(word.trim().to_owned());
        Some(key.to_vec())
    }

    fn string(cursor: &mut Cursor<'_>) -> Option<String> {
        let count = usize::try_from(cursor.u32(Order::Big)?).ok()?;
        let bytes = cursor.take(count.checked_mul(2)?)?;
        let units = bytes
            .chunks_exact(2)
            .filter_map(|unit| Order::Big.u16(unit));
        Some(
            char::decode_utf16(units)
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        )
    }

    /// A text, emptied unless it is an id.
    fn text(&mut self, cursor: &mut Cursor<'_>, is_id: bool) -> Option<()> {
        let text = Self::string(cursor)?;
        let text = text.trim_end_matches('\0');
        let new = if is_id {
            self.ids.neutral(text)
        } else {
            String::new()
        };
        if new != text {
            self.made.texts.push(text.to_owned());
        }
        super::resources::unicode(&new, &mut self.made.bytes);
        Some(())
    }

    fn descriptor(&mut self, cursor: &mut Cursor<'_>, depth: usize) -> Understood {
        if depth > DEEPEST {
            return Ok(None);
        }
        some!(self.text(cursor, false));
        some!(self.key(cursor));
        let count = some!(self.count(cursor));
        for _ in 0..count {
            self.cx.item()?;
            let key = some!(self.key(cursor));
            some!(self.value(cursor, &key, depth)?);
        }
        Ok(Some(()))
    }

    fn value(&mut self, cursor: &mut Cursor<'_>, key: &[u8], depth: usize) -> Understood {
        let kind = some!(cursor.take(4));
        self.made.bytes.extend_from_slice(kind);
        match kind {
            b"Objc" | b"GlbO" => return self.descriptor(cursor, depth.saturating_add(1)),
            b"VlLs" => {
                if depth > DEEPEST {
                    return Ok(None);
                }
                let count = some!(self.count(cursor));
                for _ in 0..count {
                    self.cx.item()?;
                    some!(self.value(cursor, key, depth.saturating_add(1))?);
                }
            }
            b"doub" | b"comp" => some!(self.copy(cursor, 8)),
            b"UntF" => some!(self.copy(cursor, 12)),
            b"UnFl" => some!(self.numbers(cursor)),
            b"long" => some!(self.copy(cursor, 4)),
            b"bool" => some!(self.copy(cursor, 1)),
            b"TEXT" => {
                let is_id = matches!(key, b"Idnt" | b"placed");
                some!(self.text(cursor, is_id));
            }
            b"enum" => {
                some!(self.key(cursor));
                some!(self.key(cursor));
            }
            b"type" | b"GlbC" => {
                some!(self.text(cursor, false));
                some!(self.key(cursor));
            }
            b"alis" | b"tdta" | b"Pth " => {
                let len = some!(cursor.u32(Order::Big).and_then(|n| usize::try_from(n).ok()));
                some!(cursor.take(len));
                self.made.is_less |= len > 0;
                self.u32(0);
            }
            b"ObAr" => {
                some!(self.copy(cursor, 4));
                some!(self.text(cursor, false));
                some!(self.key(cursor));
                let count = some!(self.count(cursor));
                for _ in 0..count {
                    self.cx.item()?;
                    some!(self.key(cursor));
                    if some!(cursor.take(4)) != b"UnFl" {
                        return Ok(None);
                    }
                    self.made.bytes.extend_from_slice(b"UnFl");
                    some!(self.numbers(cursor));
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(()))
    }

    /// A unit, and many numbers.
    fn numbers(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        self.copy(cursor, 4)?;
        let count = self.count(cursor)?;
        self.copy(cursor, count.checked_mul(8)?)
    }
}
