//! TIFF and BigTIFF files made anew: directories, their values, and the data they point to, without a
//! byte between them that nothing asks for.

use super::ifd::field;
use crate::bytes::Order;
use crate::model::{Error, Plan, Result, Step, len_u64};

/// A directory to be written.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
    /// Data that stands behind it, in this order.
    data: Vec<Data>,
}

#[derive(Clone, Debug)]
struct Row {
    tag: u16,
    kind: u16,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    /// Values as they are to stand.
    Bytes { count: u64, bytes: Vec<u8> },
    /// Offsets of other directories.
    Tables(Vec<Table>),
    /// Offsets into the data of this directory: which, and how far into it. `None` is an offset of 0.
    Offsets(Vec<Option<(usize, u64)>>),
}

/// A piece of data that no value holds, such as a strip.
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// What it consists of.
    pub pieces: Vec<Step>,
}

impl Data {
    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        let pieces = self.pieces.iter();
        pieces.fold(0, |sum, piece| sum.saturating_add(piece.len()))
    }

    /// Whether there is no byte in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Table {
    /// Whether it has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether it has an entry with this tag.
    #[must_use]
    pub fn has(&self, tag: u16) -> bool {
        self.rows.iter().any(|row| row.tag == tag)
    }

    /// Adds an entry with values as they are to stand.
    pub fn bytes(&mut self, tag: u16, kind: u16, count: u64, bytes: Vec<u8>) {
        self.rows.push(Row {
            tag,
            kind,
            content: Content::Bytes { count, bytes },
        });
    }

    /// Gives the entry with this tag other values of the same number and type.
    pub fn replace(&mut self, tag: u16, values: Vec<u8>) {
        for row in self.rows.iter_mut().filter(|row| row.tag == tag) {
            if let Content::Bytes { bytes, .. } = &mut row.content {
                bytes.clone_from(&values);
            }
        }
    }

    /// Adds an entry of this type (LONG or IFD; IFD8 in BigTIFF) that points to directories.
    pub fn tables(&mut self, tag: u16, kind: u16, tables: Vec<Self>) {
        self.rows.push(Row {
            tag,
            kind,
            content: Content::Tables(tables),
        });
    }

    /// Adds data, to which entries can point by the number that is returned.
    pub fn data(&mut self, data: Data) -> usize {
        self.data.push(data);
        self.data.len().saturating_sub(1)
    }

    /// Length of the data with this number.
    #[must_use]
    pub fn data_len(&self, number: usize) -> u64 {
        self.data.get(number).map_or(0, Data::len)
    }

    /// Adds an entry that points into the data.
    pub fn offsets(&mut self, tag: u16, offsets: Vec<Option<(usize, u64)>>) {
        self.rows.push(Row {
            tag,
            kind: field::LONG,
            content: Content::Offsets(offsets),
        });
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Byte order.
    pub order: Order,
    /// BigTIFF.
    pub big: bool,
}

impl Form {
    /// A whole file of a chain of directories.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when an offset does not fit.
    pub fn file(self, mut chain: Vec<Table>) -> Result<Plan> {
        for table in &mut chain {
            table.sort();
        }
        let mut plan = Plan::new();
        let mut head = Vec::new();
        head.extend_from_slice(match self.order {
            Order::Little => b"II",
            Order::Big => b"MM",
        });
        if self.big {
            for n in [0x2B, 8, 0] {
                self.order.put_u16(&mut head, n);
            }
            self.order.put_u64(&mut head, 16);
        } else {
            self.order.put_u16(&mut head, 0x2A);
            self.order.put_u32(&mut head, 8);
        }
        let mut at = len_u64(head.len());
        plan.push(Step::bytes(head));
        let mut rest = chain.into_iter().peekable();
        while let Some(table) = rest.next() {
            let end = self.end(&table, at)?;
            let next = if rest.peek().is_some() { end } else { 0 };
            self.table(table, at, next, &mut plan)?;
            at = end;
        }
        Ok(plan)
    }

    fn inline(self) -> u64 {
        if self.big { 8 } else { 4 }
    }

    /// Everything that is pointed to begins at a multiple of this.
    fn align(self, at: u64) -> Result<u64> {
        let to = if self.big { 8 } else { 2 };
        at.checked_next_multiple_of(to).ok_or_else(too_long)
    }

    fn table_len(self, rows: usize) -> u64 {
        let (count, entry, link) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        len_u64(rows)
            .saturating_mul(entry)
            .saturating_add(count)
            .saturating_add(link)
    }

    fn content_len(self, content: &Content) -> u64 {
        let numbers = |n: usize| len_u64(n).saturating_mul(self.inline());
        match content {
            Content::Bytes { bytes, .. } => len_u64(bytes.len()),
            Content::Tables(tables) => numbers(tables.len()),
            Content::Offsets(offsets) => numbers(offsets.len()),
        }
    }

    /// Where all values of a table end that stand outside its entries.
    fn values_end(self, table: &Table, at: u64) -> Result<u64> {
        let mut at = self.align(at.saturating_add(self.table_len(table.rows.len())))?;
        for row in &table.rows {
            let len = self.content_len(&row.content);
            if len > self.inline() {
                at = self.align(at.checked_add(len).ok_or_else(too_long)?)?;
            }
        }
        Ok(at)
    }

    /// Where a table ends that starts at `at`, with all that stands behind it.
    fn end(self, table: &Table, at: u64) -> Result<u64> {
        let mut at = self.values_end(table, at)?;
        for row in &table.rows {
            if let Content::Tables(tables) = &row.content {
                for inner in tables {
                    at = self.end(inner, at)?;
                }
            }
        }
        for data in &table.data {
            at = at.checked_add(data.len()).ok_or_else(too_long)?;
        }
        self.align(at)
    }

    fn table(self, table: Table, at: u64, next: u64, plan: &mut Plan) -> Result<()> {
        let values_at = self.align(at.saturating_add(self.table_len(table.rows.len())))?;
        let mut inner_at = self.values_end(&table, at)?;
        let mut inner = Vec::new();
        let mut positions = Vec::new();
        for row in &table.rows {
            if let Content::Tables(tables) = &row.content {
                for table in tables {
                    positions.push(inner_at);
                    inner_at = self.end(table, inner_at)?;
                }
            }
        }
        let mut data_at = Vec::new();
        let mut end = inner_at;
        for data in &table.data {
            data_at.push(end);
            end = end.checked_add(data.len()).ok_or_else(too_long)?;
        }

        let mut head = Vec::new();
        let rows = table.rows.len();
        if self.big {
            self.order.put_u64(&mut head, len_u64(rows));
        } else {
            let rows = u16::try_from(rows).map_err(|_| too_long())?;
            self.order.put_u16(&mut head, rows);
        }
        let mut values: Vec<u8> = Vec::new();
        let mut positions = positions.into_iter();
        for row in table.rows {
            let (kind, count, bytes) = match row.content {
                Content::Bytes { count, bytes } => (row.kind, count, bytes),
                Content::Tables(tables) => {
                    let mut bytes = Vec::new();
                    let count = len_u64(tables.len());
                    for table in tables {
                        let at = positions.next().unwrap_or_default();
                        self.put(&mut bytes, at)?;
                        inner.push((table, at));
                    }
                    (if self.big { field::IFD8 } else { row.kind }, count, bytes)
                }
                Content::Offsets(offsets) => {
                    let count = len_u64(offsets.len());
                    let mut bytes = Vec::new();
                    for offset in offsets {
                        let at = match offset {
                            Some((index, delta)) => data_at
                                .get(index)
                                .and_then(|at| at.checked_add(delta))
                                .ok_or_else(too_long)?,
                            None => 0,
                        };
                        self.put(&mut bytes, at)?;
                    }
                    (
                        if self.big { field::LONG8 } else { field::LONG },
                        count,
                        bytes,
                    )
                }
            };
            self.order.put_u16(&mut head, row.tag);
            self.order.put_u16(&mut head, kind);
            self.put(&mut head, count)?;
            let inline = usize::try_from(self.inline()).unwrap_or(4);
            if bytes.len() <= inline {
                let mut bytes = bytes;
                bytes.resize(inline, 0);
                head.append(&mut bytes);
            } else {
                let here = values_at.saturating_add(len_u64(values.len()));
                self.put(&mut head, here)?;
                values.extend_from_slice(&bytes);
                let padded = self.align(len_u64(values.len()))?;
                values.resize(usize::try_from(padded).map_err(|_| too_long())?, 0);
            }
        }
        self.put(&mut head, next)?;
        let pad = values_at
            .saturating_sub(at)
            .saturating_sub(len_u64(head.len()));
        head.resize(
            head.len().saturating_add(usize::try_from(pad).unwrap_or(0)),
            0,
        );
        head.append(&mut values);
        plan.push(Step::bytes(head));
        for (table, at) in inner {
            self.table(table, at, 0, plan)?;
        }
        for data in table.data {
            for piece in data.pieces {
                plan.push(piece);
            }
        }
        let pad = self.align(end)?.saturating_sub(end);
        if pad > 0 {
            plan.push(Step::bytes(vec![0; usize::try_from(pad).unwrap_or(0)]));
        }
        Ok(())
    }

    fn put(self, out: &mut Vec<u8>, n: u64) -> Result<()> {
        if self.big {
            self.order.put_u64(out, n);
        } else {
            self.order
                .put_u32(out, u32::try_from(n).map_err(|_| too_long())?);
        }
        Ok(())
    }
}

impl Table {
    fn sort(&mut self) {
        self.rows.sort_by_key(|row| row.tag);
        for row in &mut self.rows {
            if let Content::Tables(tables) = &mut row.content {
                tables.iter_mut().for_each(Self::sort);
            }
        }
    }
}

fn too_long() -> Error {
    Error::LimitExceeded {
        limit: "length of a TIFF file",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;
    use crate::bytes::{Source, run};
    use crate::containers::tiff::file::TiffFile;
    use crate::model::Span;

    #[test]
    fn what_is_written_can_be_read() {
        for (order, big) in [
            (Order::Little, false),
            (Order::Big, false),
            (Order::Little, true),
            (Order::Big, true),
        ] {
            let mut inner = Table::default();
            inner.bytes(0x0100, field::SHORT, 1, vec![7, 7]);
            let mut first = Table::default();
            first.tables(0x014A, field::LONG, vec![inner.clone(), inner]);
            let strip = first.data(Data {
                pieces: vec![Step::Copy(Span::new(1, 4)), Step::Zero(2)],
            });
            first.offsets(0x0111, vec![Some((strip, 0)), None, Some((strip, 3))]);
            first.bytes(0x010E, field::ASCII, 9, b"123456789".to_vec());
            let mut second = Table::default();
            second.bytes(0x0100, field::BYTE, 1, vec![1]);
            let plan = Form { order, big }.file(vec![first, second]).unwrap();
            let mut out = Vec::new();
            run(&plan, &Source::memory(b"abcdef"), &mut out).unwrap();
            assert_eq!(len_u64(out.len()), plan.len());
            with_context(|cx| {
                let source = Source::memory(&out);
                let file = TiffFile::open(&source, "t").unwrap();
                assert_eq!((file.order(), file.is_big()), (order, big));
                let ifd = file.directory(file.first(), cx).unwrap();
                let tags: Vec<u16> = ifd.fields.iter().map(|f| f.tag).collect();
                assert_eq!(tags, [0x010E, 0x0111, 0x014A]);
                assert_eq!(*file.value(&ifd.fields[0], cx).unwrap(), *b"123456789");
                let strips = file.numbers(&ifd.fields[1], cx).unwrap().unwrap();
                let at = usize::try_from(strips[0]).unwrap();
                assert_eq!(out[at..at + 5], *b"bcd\0\0");
                assert_eq!((strips[1], strips[2]), (0, strips[0] + 3));
                for inner in file.numbers(&ifd.fields[2], cx).unwrap().unwrap() {
                    let inner = file.directory(inner, cx).unwrap();
                    assert_eq!(inner.fields[0].tag, 0x0100);
                }
                let second = file.directory(ifd.next.unwrap(), cx).unwrap();
                assert_eq!(file.number(&second.fields[0], cx).unwrap(), Some(1));
                assert_eq!(second.next, None);
            });
        }
    }
}
