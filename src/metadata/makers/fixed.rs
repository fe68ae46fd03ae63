//! Blocks in which every value has its place, or every value its tag.

use super::{Block, Sink, spelling};
use crate::bytes::{Cursor, Order};
use crate::model::Category::{self, Device, Time};
use crate::model::Severity::{self, High, Medium};
use crate::model::{Result, Role};

/// A text at a fixed place: offset, length, name, meaning.
pub(super) type Field = (usize, usize, &'static str, (Category, Severity, Role));

/// Adds all texts that stand at fixed places.
pub(super) fn fields(
    id: &'static str,
    block: &[u8],
    table: &[Field],
    sink: &mut Sink<'_>,
) -> Result<()> {
    for (at, len, what, meaning) in table {
        let field = at
            .checked_add(*len)
            .and_then(|end| block.get(*at..end.min(block.len())))
            .unwrap_or_default();
        let end = field.iter().position(|b| *b == 0).unwrap_or(field.len());
        let field = field.get(..end).unwrap_or_default();
        if spelling::is_text(field) {
            sink.text(id, *what, *meaning, spelling::text(field))?;
        }
    }
    Ok(())
}

/// Casio QV-7000SX.
static QVCI: &[Field] = &[
    (0x4D, 20, "date and time", (Time, Medium, Role::TakenAt)),
    (0x62, 7, "model", (Device, Medium, Role::Model)),
    (0x72, 9, "manufacture index", (Device, High, Role::Serial)),
    (0x7C, 9, "manufacture code", (Device, High, Role::Serial)),
];

pub(super) fn qvci(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    sink.found.secrets.harvest(block);
    fields(row.id, block, QVCI, sink)
}

/// HP Photosmart R837: tag, type, size, value; type 0x10001 and `TDHD`, `LSLV` nest.
pub(super) fn tdhd(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    sink.found.secrets.harvest(block);
    // Containers are entered by going on behind their header.
    let mut cursor = Cursor::new(block);
    while let Some(tag) = cursor.take(4) {
        sink.cx.item()?;
        let (Some(kind), Some(size)) = (cursor.u32(Order::Little), cursor.u32(Order::Little))
        else {
            break;
        };
        if kind == 0x10001 || matches!(tag, b"TDHD" | b"LSLV") {
            continue;
        }
        let Some(value) = usize::try_from(size).ok().and_then(|n| cursor.take(n)) else {
            break;
        };
        let (what, meaning) = match tag {
            b"CMSN" => ("serial number", (Device, High, Role::Serial)),
            b"FWRV" => ("firmware", (Device, Medium, Role::Software)),
            _ => continue,
        };
        sink.text(row.id, what, meaning, spelling::text(value))?;
    }
    Ok(())
}
