//! Image file directories of TIFF 6.0, BigTIFF and the blocks that borrow their grammar (Exif, maker
//! notes), in a block in memory. Also a map of the bytes that somebody has asked for, so that what
//! stands between and behind the structures can be seen.

use std::collections::BTreeMap;

use crate::bytes::{Cursor, Order};
use crate::model::{Span, len_u64};

/// Field types (TIFF 6.0 §2, TIFF Tech Note 1, BigTIFF, Exif 3.0 §4.6.2).
pub mod field {
    /// Unsigned, 8 bits.
    pub const BYTE: u16 = 1;
    /// 7-bit text with a zero byte at its end.
    pub const ASCII: u16 = 2;
    /// Unsigned, 16 bits.
    pub const SHORT: u16 = 3;
    /// Unsigned, 32 bits.
    pub const LONG: u16 = 4;
    /// Two LONGs: numerator and denominator.
    pub const RATIONAL: u16 = 5;
    /// Signed, 8 bits.
    pub const SBYTE: u16 = 6;
    /// Anything.
    pub const UNDEFINED: u16 = 7;
    /// Signed, 16 bits.
    pub const SSHORT: u16 = 8;
    /// Signed, 32 bits.
    pub const SLONG: u16 = 9;
    /// Two SLONGs: numerator and denominator.
    pub const SRATIONAL: u16 = 10;
    /// IEEE 754, 32 bits.
    pub const FLOAT: u16 = 11;
    /// IEEE 754, 64 bits.
    pub const DOUBLE: u16 = 12;
    /// Offset of an IFD.
    pub const IFD: u16 = 13;
    /// BigTIFF: unsigned, 64 bits.
    pub const LONG8: u16 = 16;
    /// BigTIFF: signed, 64 bits.
    pub const SLONG8: u16 = 17;
    /// BigTIFF: offset of an IFD.
    pub const IFD8: u16 = 18;
    /// Exif 3.0: UTF-8 text with a zero byte at its end.
    pub const UTF8: u16 = 129;
}

/// Bytes that one value of this type takes; `None` for a type that no standard names.
#[must_use]
pub fn size_of_type(kind: u16) -> Option<u64> {
    Some(match kind {
        field::BYTE | field::ASCII | field::SBYTE | field::UNDEFINED | field::UTF8 => 1,
        field::SHORT | field::SSHORT => 2,
        field::LONG | field::SLONG | field::FLOAT | field::IFD => 4,
        field::RATIONAL
        | field::SRATIONAL
        | field::DOUBLE
        | field::LONG8
        | field::SLONG8
        | field::IFD8 => 8,
        _ => return None,
    })
}

/// A block with directories in it, and how its numbers and offsets are to be read.
#[derive(Clone, Copy, Debug)]
pub struct Tiff<'a> {
    bytes: &'a [u8],
    order: Order,
    big: bool,
    base: i64,
}

impl<'a> Tiff<'a> {
    /// Reads a TIFF (42), BigTIFF (43) or raw photo header (`RO`, `RS` of Olympus, 0x55 of Panasonic)
    /// and gives the offset of the first directory with it. `None` when there is no such header.
    #[must_use]
    pub fn open(bytes: &'a [u8]) -> Option<(Self, u64)> {
        let mut cursor = Cursor::new(bytes);
        let order = match cursor.take(2)? {
            b"II" => Order::Little,
            b"MM" => Order::Big,
            _ => return None,
        };
        let mut tiff = Self::headerless(bytes, order);
        let first = match cursor.u16(order)? {
            0x2A | 0x55 | 0x4F52 | 0x5352 => u64::from(cursor.u32(order)?),
            0x2B if cursor.u16(order)? == 8 && cursor.u16(order)? == 0 => {
                tiff.big = true;
                cursor.u64(order)?
            }
            _ => return None,
        };
        Some((tiff, first))
    }

    /// A block without header.
    #[must_use]
    pub fn headerless(bytes: &'a [u8], order: Order) -> Self {
        Self {
            bytes,
            order,
            big: false,
            base: 0,
        }
    }

    /// The same block, where value offsets count from `base`, a position in the block (or, after a
    /// careless editor, before it).
    #[must_use]
    pub fn with_base(self, base: i64) -> Self {
        Self { base, ..self }
    }

    /// Byte order.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// The position from which value offsets count.
    #[must_use]
    pub fn base(&self) -> i64 {
        self.base
    }

    /// The whole block.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Length of the header in bytes.
    #[must_use]
    pub fn header_len(&self) -> u64 {
        if self.big { 16 } else { 8 }
    }

    /// The bytes of a span; `None` when it reaches past the end of the block.
    #[must_use]
    pub fn slice(&self, span: Span) -> Option<&'a [u8]> {
        self.bytes
            .get(usize::try_from(span.start()).ok()?..usize::try_from(span.end()).ok()?)
    }

    /// Where a value offset points to, as a position in the block.
    #[must_use]
    pub fn resolve(&self, offset: u64) -> Option<u64> {
        offset.checked_add_signed(self.base)
    }

    /// The directory at a position in the block. One whose table does not fit holds the entries that
    /// do. `None` when not even the count can be read.
    #[must_use]
    pub fn ifd(&self, at: u64) -> Option<Ifd<'a>> {
        let mut cursor = Cursor::new(self.bytes);
        cursor.seek(usize::try_from(at).ok()?)?;
        let count = self.count(&mut cursor)?;
        let mut entries = Vec::new();
        while len_u64(entries.len()) < count {
            let Some(entry) = self.entry(&mut cursor) else {
                break;
            };
            entries.push(entry);
        }
        let complete = len_u64(entries.len()) == count;
        let next = if complete {
            self.offset(&mut cursor)
        } else {
            None
        };
        Some(Ifd {
            span: Span::new(at, len_u64(cursor.at())),
            entries,
            next: next.filter(|next| *next != 0),
            complete: complete && next.is_some(),
        })
    }

    /// How many entries the directory at `at` says it has.
    #[must_use]
    pub fn peek_count(&self, at: u64) -> Option<u64> {
        let mut cursor = Cursor::new(self.bytes);
        cursor.seek(usize::try_from(at).ok()?)?;
        self.count(&mut cursor)
    }

    /// Where the table of the directory at `at` stands, without its link, as far as it lies in the block.
    /// Far cheaper than reading it.
    #[must_use]
    pub fn peek_table(&self, at: u64) -> Option<Span> {
        let (count_len, entry_len) = if self.big { (8, 20) } else { (2, 12) };
        let len = self
            .peek_count(at)?
            .saturating_mul(entry_len)
            .saturating_add(count_len);
        Some(Span::new(
            at,
            at.saturating_add(len).min(len_u64(self.bytes.len())),
        ))
    }

    fn count(&self, cursor: &mut Cursor<'a>) -> Option<u64> {
        if self.big {
            cursor.u64(self.order)
        } else {
            cursor.u16(self.order).map(u64::from)
        }
    }

    fn offset(&self, cursor: &mut Cursor<'a>) -> Option<u64> {
        if self.big {
            cursor.u64(self.order)
        } else {
            cursor.u32(self.order).map(u64::from)
        }
    }

    fn entry(&self, cursor: &mut Cursor<'a>) -> Option<Entry<'a>> {
        let before = *cursor;
        let entry = self.try_entry(cursor);
        if entry.is_none() {
            *cursor = before;
        }
        entry
    }

    fn try_entry(&self, cursor: &mut Cursor<'a>) -> Option<Entry<'a>> {
        let tag = cursor.u16(self.order)?;
        let kind = cursor.u16(self.order)?;
        let count = self.offset(cursor)?;
        let field_at = len_u64(cursor.at());
        let field = cursor.take(if self.big { 8 } else { 4 })?;
        let offset = if self.big {
            self.order.u64(field)?
        } else {
            u64::from(self.order.u32(field)?)
        };
        let len = size_of_type(kind).map(|size| size.saturating_mul(count));
        let inline = len.is_none_or(|len| len <= len_u64(field.len()));
        let start = if inline {
            Some(field_at)
        } else {
            self.resolve(offset)
        };
        // An unknown type may mean anything: its field is all that is sure to belong to it.
        let len = len.unwrap_or(len_u64(field.len()));
        let span = start
            .and_then(|start| Span::sized(start, len))
            .unwrap_or(Span::new(u64::MAX, u64::MAX));
        let end = span.end().min(len_u64(self.bytes.len()));
        let there = Span::new(span.start().min(end), end);
        let value = self.slice(there).unwrap_or_default();
        Some(Entry {
            tag,
            kind,
            count,
            value,
            span: there,
            offset,
            inline,
            complete: len_u64(value.len()) == len,
            order: self.order,
        })
    }
}

/// One image file directory.
#[derive(Clone, Debug)]
pub struct Ifd<'a> {
    /// Where its table stands: count, entries and link.
    pub span: Span,
    /// Its entries, in the order of the file.
    pub entries: Vec<Entry<'a>>,
    /// Offset of the next directory of the chain, if there is one.
    pub next: Option<u64>,
    /// Whether the whole table lies in the block.
    pub complete: bool,
}

impl<'a> Ifd<'a> {
    /// The first entry with this tag.
    #[must_use]
    pub fn get(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }
}

/// One entry of a directory.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// What it is.
    pub tag: u16,
    /// Field type; see [`field`].
    pub kind: u16,
    /// Number of values.
    pub count: u64,
    /// The values as they stand, as far as they lie in the block.
    pub value: &'a [u8],
    /// Where `value` stands.
    pub span: Span,
    /// The last field of the entry read as an offset, whether it is one or not.
    pub offset: u64,
    /// The value stands in the entry itself.
    pub inline: bool,
    /// The whole value lies in the block.
    pub complete: bool,
    order: Order,
}

impl<'a> Entry<'a> {
    /// Byte order.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// Whether it is text by its type.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self.kind, field::ASCII | field::UTF8)
    }

    /// Whether it is bytes of no further meaning by its type.
    #[must_use]
    pub fn is_bytes(&self) -> bool {
        matches!(self.kind, field::BYTE | field::SBYTE | field::UNDEFINED)
    }

    fn nth(&self, index: usize) -> Option<&'a [u8]> {
        let size = usize::try_from(size_of_type(self.kind)?).ok()?;
        let start = index.checked_mul(size)?;
        self.value.get(start..start.checked_add(size)?)
    }

    /// Value number `index` where it is an unsigned whole number.
    #[must_use]
    pub fn uint(&self, index: usize) -> Option<u64> {
        let bytes = self.nth(index)?;
        match self.kind {
            field::BYTE | field::UNDEFINED => bytes.first().map(|byte| u64::from(*byte)),
            field::SHORT => self.order.u16(bytes).map(u64::from),
            field::LONG | field::IFD => self.order.u32(bytes).map(u64::from),
            field::LONG8 | field::IFD8 => self.order.u64(bytes),
            _ => None,
        }
    }

    /// Value number `index` where it is a whole number.
    #[must_use]
    pub fn int(&self, index: usize) -> Option<i64> {
        let bytes = self.nth(index)?;
        match self.kind {
            field::SBYTE => bytes
                .first()
                .map(|byte| i64::from(i8::from_le_bytes([*byte]))),
            field::SSHORT => self.order.i16(bytes).map(i64::from),
            field::SLONG => self.order.i32(bytes).map(i64::from),
            field::SLONG8 => self.order.i64(bytes),
            _ => self.uint(index).and_then(|n| i64::try_from(n).ok()),
        }
    }

    /// Numerator and denominator of value number `index` where it is a RATIONAL.
    #[must_use]
    pub fn rational(&self, index: usize) -> Option<(u32, u32)> {
        let bytes = self.nth(index)?;
        (self.kind == field::RATIONAL)
            .then(|| Some((self.order.u32(bytes)?, self.order.u32(bytes.get(4..)?)?)))?
    }

    /// Numerator and denominator of value number `index` where it is an SRATIONAL.
    #[must_use]
    pub fn srational(&self, index: usize) -> Option<(i32, i32)> {
        let bytes = self.nth(index)?;
        (self.kind == field::SRATIONAL)
            .then(|| Some((self.order.i32(bytes)?, self.order.i32(bytes.get(4..)?)?)))?
    }

    /// Value number `index` where it is a number of any kind; `None` for what is not finite, such as a
    /// fraction over zero.
    #[must_use]
    pub fn number(&self, index: usize) -> Option<f64> {
        let number = match self.kind {
            field::RATIONAL => {
                let (n, d) = self.rational(index)?;
                f64::from(n) / f64::from(d)
            }
            field::SRATIONAL => {
                let (n, d) = self.srational(index)?;
                f64::from(n) / f64::from(d)
            }
            field::FLOAT => f64::from(self.order.f32(self.nth(index)?)?),
            field::DOUBLE => self.order.f64(self.nth(index)?)?,
            // Exact for what fits 32 bits; larger ones are offsets, which nobody reads as a measure.
            _ => f64::from(i32::try_from(self.int(index)?).ok()?),
        };
        number.is_finite().then_some(number)
    }
}

/// A set of byte ranges.
#[derive(Clone, Debug, Default)]
pub struct Spans(BTreeMap<u64, u64>);

impl Spans {
    /// Adds a range. `false` when a byte of it was in the set before.
    pub fn claim(&mut self, span: Span) -> bool {
        if span.is_empty() {
            return true;
        }
        let (mut start, mut end, mut fresh) = (span.start(), span.end(), true);
        // Ranges in the set never touch each other, so that each is taken out at most once.
        while let Some((s, e)) = self.last_up_to(end).filter(|(_, e)| *e >= start) {
            fresh &= e <= span.start() || s >= span.end();
            self.0.remove(&s);
            start = start.min(s);
            end = end.max(e);
        }
        self.0.insert(start, end);
        fresh
    }

    /// Whether no byte of a range is in the set.
    #[must_use]
    pub fn is_free(&self, span: Span) -> bool {
        span.is_empty()
            || span
                .end()
                .checked_sub(1)
                .and_then(|last| self.last_up_to(last))
                .is_none_or(|(_, end)| end <= span.start())
    }

    /// All ranges, from first to last; none touches another.
    pub fn all(&self) -> impl Iterator<Item = Span> {
        self.0.iter().map(|(start, end)| Span::new(*start, *end))
    }

    /// What of `0..len` is not in the set.
    #[must_use]
    pub fn gaps(&self, len: u64) -> Vec<Span> {
        let mut gaps = Vec::new();
        let mut at = 0;
        for (start, end) in self.0.iter().map(|(s, e)| (*s, *e)).chain([(len, len)]) {
            if start.min(len) > at {
                gaps.push(Span::new(at, start.min(len)));
            }
            at = at.max(end);
        }
        gaps
    }

    fn last_up_to(&self, at: u64) -> Option<(u64, u64)> {
        self.0.range(..=at).next_back().map(|(s, e)| (*s, *e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classic_in_both_orders() {
        for (block, order) in [
            (
                &b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"[..],
                Order::Big,
            ),
            (
                b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0",
                Order::Little,
            ),
        ] {
            let (tiff, first) = Tiff::open(block).unwrap();
            assert_eq!((tiff.order(), first), (order, 8));
            let ifd = tiff.ifd(first).unwrap();
            assert!(ifd.complete && ifd.next.is_none());
            assert_eq!(ifd.span, Span::new(8, 26));
            assert_eq!(ifd.get(0x112).unwrap().uint(0), Some(6));
            assert_eq!(ifd.get(0x112).unwrap().uint(1), None);
        }
    }

    #[test]
    fn bigtiff() {
        let mut block = b"II\x2B\0\x08\0\0\0\x10\0\0\0\0\0\0\0".to_vec();
        block.extend(1u64.to_le_bytes());
        block.extend(0x0144u16.to_le_bytes());
        block.extend(16u16.to_le_bytes());
        block.extend(2u64.to_le_bytes());
        block.extend(52u64.to_le_bytes());
        block.extend(0u64.to_le_bytes());
        block.extend([7u64, u64::MAX].iter().flat_map(|n| n.to_le_bytes()));
        let (tiff, first) = Tiff::open(&block).unwrap();
        let ifd = tiff.ifd(first).unwrap();
        let entry = ifd.get(0x144).unwrap();
        assert_eq!(entry.span, Span::new(52, 68));
        assert_eq!((entry.uint(0), entry.uint(1)), (Some(7), Some(u64::MAX)));
        assert!(ifd.complete);
    }

    #[test]
    fn values_outside_the_block_are_cut() {
        let block = b"MM\0*\0\0\0\x08\0\x02\x01\x0F\0\x02\0\0\0\x09\0\0\0\x22\
            \x01\x10\0\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xF0ab";
        let ifd = Tiff::open(block).unwrap().0.ifd(8).unwrap();
        let make = ifd.get(0x10F).unwrap();
        assert_eq!((make.value, make.complete), (&b"ab"[..], false));
        let model = ifd.get(0x110).unwrap();
        assert_eq!((model.value, model.complete), (&b""[..], false));
        assert!(!ifd.complete);
    }

    #[test]
    fn headers_that_are_none() {
        for block in [
            &b"II"[..],
            b"MM\0*\0\0",
            b"II\0*\x08\0\0\0",
            b"II\x2B\0\x04\0\0\0",
        ] {
            assert!(Tiff::open(block).is_none());
        }
    }

    #[test]
    fn spans_know_overlap_and_gaps() {
        let mut spans = Spans::default();
        assert!(spans.claim(Span::new(10, 20)));
        assert!(spans.claim(Span::new(20, 30)));
        assert!(spans.claim(Span::new(40, 50)));
        assert!(!spans.is_free(Span::new(29, 31)) && spans.is_free(Span::new(30, 40)));
        assert!(!spans.claim(Span::new(29, 41)));
        assert!(!spans.claim(Span::new(0, 99)));
        assert!(spans.claim(Span::new(99, 100)));
        assert!(spans.claim(Span::new(0, 0)));
        assert!(spans.claim(Span::new(105, 300)));
        assert_eq!(spans.gaps(110), [Span::new(100, 105)]);
        assert_eq!(spans.gaps(103), [Span::new(100, 103)]);
        assert_eq!(Spans::default().gaps(5), [Span::new(0, 5)]);
    }
}
