//! Ricoh's `RMETA` segments: named values that surveyors choose, barcodes, sound.

use super::{Block, Sink, spelling};
use crate::bytes::{Cursor, Order};
use crate::model::Category::{Image, Location, Person};
use crate::model::Severity::{Critical, High, Medium};
use crate::model::{Finding, Result, Role, len_u64};

/// More named values than this are a mistake.
const MOST: usize = 100;

pub(super) fn read(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    sink.found.secrets.harvest(block);
    let body = block.get(row.magic.len()..).unwrap_or_default();
    let order = match body {
        [b'I', b'I', ..] => Order::Little,
        _ => Order::Big,
    };
    let number = |at: usize| order.u16(body.get(at..)?).map(usize::from);
    if number(4) != Some(0) {
        let sound = body.get(14..).unwrap_or_default();
        let barcode = memchr::memmem::find(body, b"BARCODE").and_then(|at| body.get(at..));
        if let Some(barcode) = barcode {
            let meaning = (Person, High, Role::Text);
            sink.text(row.id, "barcode", meaning, spelling::text(barcode))?;
        } else if sound.starts_with(b"RIFF") {
            sink.found.add(
                Finding::new(row.id, Image, High, sink.place, "sound")
                    .bytes(len_u64(sound.len()))
                    .role(Role::Video),
            );
        }
        return Ok(());
    }
    let Some(at) = number(8) else { return Ok(()) };
    let count = number(at).unwrap_or(0).min(MOST);
    let (names, values) = sections(body.get(at..).unwrap_or_default(), order, sink)?;
    let texts = |bytes: &[u8]| -> Vec<String> {
        bytes
            .split(|b| *b == 0)
            .take(count)
            .map(spelling::text)
            .collect()
    };
    for (name, value) in texts(names).into_iter().zip(texts(values)) {
        let meaning = match name.as_str() {
            "Location" => (Location, Critical, Role::PlaceName),
            "Azimuth" => (Location, Medium, Role::Other),
            _ => (Person, High, Role::Text),
        };
        sink.text(row.id, name, meaning, value)?;
    }
    Ok(())
}

/// The names (section 1) and their texts (section 2 or 18).
fn sections<'a>(
    directory: &'a [u8],
    order: Order,
    sink: &Sink<'_>,
) -> Result<(&'a [u8], &'a [u8])> {
    let mut cursor = Cursor::new(directory.get(10..).unwrap_or_default());
    let (mut names, mut values): (&[u8], &[u8]) = (&[], &[]);
    while let (Some(kind), Some(size)) = (cursor.u16(order), cursor.u16(order)) {
        sink.cx.item()?;
        let Some(section) = usize::from(size)
            .checked_sub(2)
            .and_then(|n| cursor.take(n))
        else {
            break;
        };
        match kind {
            1 => names = section,
            2 | 18 => values = section,
            _ => {}
        }
    }
    Ok((names, values))
}
