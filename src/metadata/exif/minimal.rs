//! The block made anew.

use super::Facts;
use crate::bytes::Order;
use crate::containers::tiff::ifd::field;
use crate::model::len_u64;

const ORDER: Order = Order::Big;
/// Header of an Apple maker note: name, version 1, byte order.
const APPLE: &[u8; 14] = b"Apple iOS\0\0\x01MM";

/// A TIFF block with nothing but what `facts` holds and what is not the default; `None` when there is
/// nothing to say. With an orientation only it is the 26 bytes of the leak catalogue, §2.1.
#[must_use]
pub fn minimal(facts: &Facts) -> Option<Vec<u8>> {
    let facts = facts.telling();
    let mut image = Table::default();
    if let Some(orientation) = facts.orientation {
        image.short(0x0112, u16::from(orientation));
    }
    if let Some(resolution) = facts.resolution {
        image.rational(0x011A, resolution.x);
        image.rational(0x011B, resolution.y);
        image.short(0x0128, resolution.unit);
    }
    let mut exif = Table::default();
    if let Some(hdr) = facts.apple_hdr {
        exif.undefined(0x927C, apple_note(hdr));
    }
    if let Some(space) = facts.color_space {
        exif.short(0xA001, space);
    }
    if facts.interop_r03 {
        let mut interop = Table::default();
        interop.put(0x0001, field::ASCII, 4, b"R03\0".to_vec());
        exif.table(0xA005, interop);
    }
    if let Some(gamma) = facts.gamma {
        exif.rational(0xA500, gamma);
    }
    if !exif.0.is_empty() {
        image.table(0x8769, exif);
    }
    (!image.0.is_empty()).then(|| {
        let mut out = b"MM\0\x2A\0\0\0\x08".to_vec();
        image.write(&mut out, 0);
        out
    })
}

fn apple_note(hdr: [(i32, i32); 2]) -> Vec<u8> {
    let mut note = Table::default();
    let written = [0x0021, 0x0030].into_iter().zip(hdr);
    for (tag, (n, d)) in written.filter(|(_, (_, d))| *d != 0) {
        let mut value = Vec::new();
        ORDER.put_i32(&mut value, n);
        ORDER.put_i32(&mut value, d);
        note.put(tag, field::SRATIONAL, 1, value);
    }
    let mut out = APPLE.to_vec();
    note.write(&mut out, 0);
    out
}

/// Entries in ascending order of their tags.
#[derive(Default)]
struct Table(Vec<Row>);

struct Row {
    tag: u16,
    kind: u16,
    count: u32,
    value: Value,
}

enum Value {
    Bytes(Vec<u8>),
    Table(Table),
}

impl Table {
    fn put(&mut self, tag: u16, kind: u16, count: u32, value: Vec<u8>) {
        self.0.push(Row {
            tag,
            kind,
            count,
            value: Value::Bytes(value),
        });
    }

    fn short(&mut self, tag: u16, value: u16) {
        let mut bytes = Vec::new();
        ORDER.put_u16(&mut bytes, value);
        self.put(tag, field::SHORT, 1, bytes);
    }

    fn rational(&mut self, tag: u16, (n, d): (u32, u32)) {
        let mut bytes = Vec::new();
        ORDER.put_u32(&mut bytes, n);
        ORDER.put_u32(&mut bytes, d);
        self.put(tag, field::RATIONAL, 1, bytes);
    }

    fn undefined(&mut self, tag: u16, bytes: Vec<u8>) {
        self.put(tag, field::UNDEFINED, offset(bytes.len()), bytes);
    }

    fn table(&mut self, tag: u16, table: Self) {
        self.0.push(Row {
            tag,
            kind: field::LONG,
            count: 1,
            value: Value::Table(table),
        });
    }

    /// Appends the table and, right behind it, what does not fit into its entries. Offsets count from
    /// `base`, a position in `out`. All values have an even length, so that all offsets are even.
    fn write(self, out: &mut Vec<u8>, base: usize) {
        let rows = self.0.len();
        let len = rows.saturating_mul(12).saturating_add(6);
        let behind = out.len().saturating_sub(base).saturating_add(len);
        let mut values = Vec::new();
        ORDER.put_u16(out, u16::try_from(rows).unwrap_or(u16::MAX));
        let mut later = Vec::new();
        for row in self.0 {
            ORDER.put_u16(out, row.tag);
            ORDER.put_u16(out, row.kind);
            ORDER.put_u32(out, row.count);
            match row.value {
                Value::Bytes(mut value) if value.len() <= 4 => {
                    value.resize(4, 0);
                    out.append(&mut value);
                }
                Value::Bytes(mut value) => {
                    ORDER.put_u32(out, offset(behind.saturating_add(values.len())));
                    values.append(&mut value);
                }
                Value::Table(table) => {
                    later.push((out.len(), table));
                    ORDER.put_u32(out, 0);
                }
            }
        }
        ORDER.put_u32(out, 0);
        out.append(&mut values);
        for (at, table) in later {
            let here = offset(out.len().saturating_sub(base)).to_be_bytes();
            for (to, from) in out.iter_mut().skip(at).zip(here) {
                *to = from;
            }
            table.write(out, base);
        }
    }
}

/// A block holds a dozen values at most; its offsets fit into 8 bits.
fn offset(n: usize) -> u32 {
    u32::try_from(len_u64(n)).unwrap_or(u32::MAX)
}
