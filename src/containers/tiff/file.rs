//! TIFF and BigTIFF files of any size: directories are read where they stand, and values only when
//! somebody asks for them.

use std::borrow::Cow;

use super::ifd::{field, size_of_type};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::model::{Error, Result, Span, len_u64};

/// A file with a TIFF header (TIFF 6.0 §2, BigTIFF, or one of the raw photo formats that borrow it).
#[derive(Clone, Copy, Debug)]
pub struct TiffFile<'s, 'a> {
    source: &'s Source<'a>,
    name: &'static str,
    order: Order,
    big: bool,
    magic: u16,
    first: u64,
}

/// So much of a directory tells what kind of file it is.
const MOST_READ: u64 = 16 << 10;
/// Most entries of one directory; what a 16-bit count can say.
const MOST_ENTRIES: u64 = 65_535;

impl<'s, 'a> TiffFile<'s, 'a> {
    /// Reads the header. `name` is the format's, for errors.
    ///
    /// # Errors
    /// [`Error::Malformed`] when there is no such header.
    pub fn open(source: &'s Source<'a>, name: &'static str) -> Result<Self> {
        let head = source.peek(0, 16)?;
        Self::header(source, name, &head)
            .ok_or_else(|| Error::malformed(name, 0, "the header is damaged"))
    }

    fn header(source: &'s Source<'a>, name: &'static str, head: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(head);
        let order = match cursor.take(2)? {
            b"II" => Order::Little,
            b"MM" => Order::Big,
            _ => return None,
        };
        let magic = cursor.u16(order)?;
        let big = magic == 0x2B;
        let first = if big {
            if cursor.u16(order)? != 8 || cursor.u16(order)? != 0 {
                return None;
            }
            cursor.u64(order)?
        } else {
            u64::from(cursor.u32(order)?)
        };
        Some(Self {
            source,
            name,
            order,
            big,
            magic,
            first,
        })
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &'s Source<'a> {
        self.source
    }

    /// Name of the format, for errors.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Byte order of all numbers.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// Whether it is BigTIFF.
    #[must_use]
    pub fn is_big(&self) -> bool {
        self.big
    }

    /// The number behind the byte order: 42, 43, or that of a raw photo format.
    #[must_use]
    pub fn magic(&self) -> u16 {
        self.magic
    }

    /// Offset of the first directory.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// Length of the header in bytes.
    #[must_use]
    pub fn header_len(&self) -> u64 {
        if self.big { 16 } else { 8 }
    }

    /// An error about this file.
    #[must_use]
    pub fn malformed(&self, at: u64, what: &'static str) -> Error {
        Error::malformed(self.name, at, what)
    }

    /// Tags of the first entries of the directory at an offset, as many as there are.
    ///
    /// # Errors
    /// Reading.
    pub fn table_head(&self, at: u64) -> Result<Vec<u16>> {
        let (count_len, entry_len) = if self.big { (8, 20) } else { (2, 12) };
        let head = self.source.peek(at, MOST_READ)?;
        let count = if self.big {
            self.order.u64(&head)
        } else {
            self.order.u16(&head).map(u64::from)
        };
        let count = usize::try_from(count.unwrap_or(0)).unwrap_or(usize::MAX);
        let entries = head.get(count_len..).unwrap_or_default();
        let tags = entries.chunks(entry_len).take(count);
        Ok(tags.filter_map(|entry| self.order.u16(entry)).collect())
    }

    /// The directory at an offset.
    ///
    /// # Errors
    /// [`Error::Malformed`] when its table does not lie in the file; the budget's.
    pub fn directory(&self, at: u64, cx: &Context<'_>) -> Result<Directory> {
        let cut_off = || self.malformed(at, "a directory is cut off");
        let (count_len, entry_len, field_len) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let head = self.source.peek(at, count_len)?;
        let count = if self.big {
            self.order.u64(&head)
        } else {
            self.order.u16(&head).map(u64::from)
        };
        let count = count.ok_or_else(cut_off)?;
        if count > MOST_ENTRIES {
            return Err(self.malformed(at, "a directory has too many entries"));
        }
        let entries_at = at.saturating_add(count_len);
        let entries = Span::sized(entries_at, count.saturating_mul(entry_len))
            .filter(|span| span.end() <= self.source.len())
            .ok_or_else(cut_off)?;
        cx.memory(entries.len())?;
        let bytes = self.source.read(entries)?;
        let mut cursor = Cursor::new(&bytes);
        let mut fields = Vec::new();
        for number in 0..count {
            cx.item()?;
            let entry_at = entries_at.saturating_add(number.saturating_mul(entry_len));
            fields.push(
                self.field(&mut cursor, entry_at, field_len)
                    .ok_or_else(cut_off)?,
            );
        }
        // Some cameras leave the link out where the file, or the block, ends.
        let link = self.source.peek(entries.end(), field_len)?;
        let next = if self.big {
            self.order.u64(&link)
        } else {
            self.order.u32(&link).map(u64::from)
        };
        Ok(Directory {
            table: Span::new(at, entries.end().saturating_add(len_u64(link.len()))),
            fields,
            next: next.filter(|next| *next != 0),
        })
    }

    fn field(&self, cursor: &mut Cursor<'_>, at: u64, field_len: u64) -> Option<Field> {
        let tag = cursor.u16(self.order)?;
        let kind = cursor.u16(self.order)?;
        let (count, offset) = if self.big {
            let count = cursor.u64(self.order)?;
            let mut ahead = *cursor;
            cursor.skip(8)?;
            (count, ahead.u64(self.order)?)
        } else {
            let count = u64::from(cursor.u32(self.order)?);
            let mut ahead = *cursor;
            cursor.skip(4)?;
            (count, u64::from(ahead.u32(self.order)?))
        };
        let field_at = at.saturating_add(if self.big { 12 } else { 8 });
        let len = size_of_type(kind).map(|size| size.saturating_mul(count));
        let inline = len.is_none_or(|len| len <= field_len);
        let start = if inline { field_at } else { offset };
        let value =
            Span::sized(start, len.unwrap_or(field_len)).unwrap_or(Span::new(u64::MAX, u64::MAX));
        Some(Field {
            tag,
            kind,
            count,
            value,
            entry: Span::new(at, field_at.saturating_add(field_len)),
            inline,
            complete: len.is_some()
                && value.start() != u64::MAX
                && value.end() <= self.source.len(),
        })
    }

    /// The value of a field, or as much of it as lies in the file.
    ///
    /// # Errors
    /// The budget's; reading.
    pub fn value(&self, field: &Field, cx: &Context<'_>) -> Result<Cow<'a, [u8]>> {
        let end = field.value.end().min(self.source.len());
        let span = Span::new(field.value.start().min(end), end);
        cx.memory(span.len())?;
        self.source.read(span)
    }

    /// All numbers of a field, where it holds unsigned whole ones.
    ///
    /// # Errors
    /// The budget's; reading.
    pub fn numbers(&self, field: &Field, cx: &Context<'_>) -> Result<Option<Vec<u64>>> {
        if !field.complete {
            return Ok(None);
        }
        let bytes = self.value(field, cx)?;
        Ok(numbers(self.order, field.kind, &bytes))
    }

    /// The first number of a field.
    ///
    /// # Errors
    /// As [`TiffFile::numbers`].
    pub fn number(&self, field: &Field, cx: &Context<'_>) -> Result<Option<u64>> {
        Ok(self
            .numbers(field, cx)?
            .and_then(|all| all.first().copied()))
    }
}

/// Unsigned whole numbers of a type, one after another.
#[must_use]
pub fn numbers(order: Order, kind: u16, bytes: &[u8]) -> Option<Vec<u64>> {
    let size = match kind {
        field::BYTE | field::UNDEFINED => 1,
        field::SHORT => 2,
        field::LONG | field::IFD => 4,
        field::LONG8 | field::IFD8 => 8,
        _ => return None,
    };
    bytes
        .chunks_exact(size)
        .map(|number| match size {
            1 => number.first().map(|byte| u64::from(*byte)),
            2 => order.u16(number).map(u64::from),
            4 => order.u32(number).map(u64::from),
            _ => order.u64(number),
        })
        .collect()
}

/// Whole numbers of a type, signed ones as well, one after another; `None` when one is negative.
#[must_use]
pub fn whole_numbers(order: Order, kind: u16, bytes: &[u8]) -> Option<Vec<u64>> {
    let (unsigned, most) = match kind {
        field::SBYTE => (field::BYTE, 0x7F),
        field::SSHORT => (field::SHORT, 0x7FFF),
        field::SLONG => (field::LONG, 0x7FFF_FFFF),
        _ => (kind, u64::MAX),
    };
    let all = numbers(order, unsigned, bytes)?;
    all.iter().all(|number| *number <= most).then_some(all)
}

/// One image file directory.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Count, entries and link.
    pub table: Span,
    /// Its entries, in the order of the file.
    pub fields: Vec<Field>,
    /// Offset of the next directory of the chain.
    pub next: Option<u64>,
}

impl Directory {
    /// The first entry with this tag.
    #[must_use]
    pub fn get(&self, tag: u16) -> Option<&Field> {
        self.fields.iter().find(|field| field.tag == tag)
    }
}

/// One entry of a directory.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// What it is.
    pub tag: u16,
    /// Field type; see [`field`].
    pub kind: u16,
    /// Number of values.
    pub count: u64,
    /// Where the value stands; it may reach past the end of the file.
    pub value: Span,
    /// Where the entry itself stands.
    pub entry: Span,
    /// The value stands in the entry itself.
    pub inline: bool,
    /// The type is known and the whole value lies in the file.
    pub complete: bool,
}
