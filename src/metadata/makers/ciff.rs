//! Canon's CIFF heap: a directory at the end of each heap, whose last four bytes say where it begins.

use super::{Block, Sink, spelling};
use crate::bytes::{Cursor, Order};
use crate::model::Category::{self, Device, History, Person, Time};
use crate::model::Severity::{self, High, Medium};
use crate::model::{Result, Role};

/// Tag without its type and storage bits: name and meaning.
static TEXTS: &[(u16, &str, (Category, Severity, Role))] = &[
    (0x0805, "description", (Person, High, Role::Text)),
    (0x080A, "make and model", (Device, Medium, Role::Model)),
    (0x080B, "firmware", (Device, Medium, Role::Software)),
    (0x0810, "owner name", (Person, High, Role::PersonName)),
    (0x0815, "image type", (Device, Medium, Role::Model)),
    (0x0816, "original file name", (History, High, Role::Path)),
    (0x0817, "thumbnail file name", (History, High, Role::Path)),
];

/// SerialNumber.
const SERIAL: u16 = 0x180B;
/// CapturedTime: seconds since 1970 in local time.
const TIME: u16 = 0x180E;
/// Heaps inside heaps.
const DEEPEST: u8 = 8;

pub(super) fn read(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    sink.found.secrets.harvest(block);
    let order = if block.starts_with(b"II") {
        Order::Little
    } else {
        Order::Big
    };
    let start = block.get(2..).and_then(|b| order.u32(b));
    let heap = start
        .and_then(|at| block.get(usize::try_from(at).ok()?..))
        .unwrap_or_default();
    directory(row, heap, order, 0, sink)
}

fn directory(row: &Block, heap: &[u8], order: Order, level: u8, sink: &mut Sink<'_>) -> Result<()> {
    let at = heap
        .len()
        .checked_sub(4)
        .and_then(|at| order.u32(heap.get(at..)?));
    let entries = at.and_then(|at| heap.get(usize::try_from(at).ok()?..));
    let mut cursor = Cursor::new(entries.unwrap_or_default());
    let count = cursor.u16(order).unwrap_or(0);
    for _ in 0..count {
        sink.cx.item()?;
        let (Some(tag), Some(entry)) = (cursor.u16(order), cursor.take(8)) else {
            break;
        };
        let number = |at: usize| order.u32(entry.get(at..)?);
        // Bit 14: the value stands in the entry itself.
        let value = if tag & 0xC000 == 0x4000 {
            Some(entry)
        } else {
            number(0).zip(number(4)).and_then(|(len, at)| {
                let at = usize::try_from(at).ok()?;
                heap.get(at..at.checked_add(usize::try_from(len).ok()?)?)
            })
        };
        let (Some(value), tag) = (value, tag & 0x3FFF) else {
            continue;
        };
        if !sink.spend(value.len()) {
            continue;
        }
        if matches!(tag & 0x3800, 0x2800 | 0x3000) {
            if level < DEEPEST {
                directory(row, value, order, level.saturating_add(1), sink)?;
            }
            continue;
        }
        if let Some((_, what, meaning)) = TEXTS.iter().find(|(known, ..)| *known == tag) {
            let words: Vec<String> = value
                .split(|b| *b == 0)
                .filter(|word| spelling::is_text(word))
                .map(spelling::text)
                .collect();
            sink.text(row.id, *what, *meaning, words.join(" "))?;
        } else if tag == SERIAL {
            let serial = order.u32(value).filter(|n| *n > 0);
            let meaning = (Device, High, Role::Serial);
            let serial = serial.map(|n| n.to_string()).unwrap_or_default();
            sink.text(row.id, "serial number", meaning, serial)?;
        } else if tag == TIME {
            let time = order
                .u32(value)
                .filter(|n| *n > 0)
                .and_then(|n| spelling::unix_time(n.into(), 0));
            let time = time.unwrap_or_default();
            // Local time: the zone is not known.
            let time = time.trim_end_matches('Z').to_owned();
            sink.text(row.id, "captured", (Time, Medium, Role::TakenAt), time)?;
        }
    }
    Ok(())
}
