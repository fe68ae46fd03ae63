//! Blocks that consist of texts.

use super::{Block, Sink, spelling};
use crate::bytes::{Cursor, Order};
use crate::model::Category::{self, Device, Person, Time};
use crate::model::Severity::{self, High, Low, Medium};
use crate::model::{Result, Role};

/// A longer text is shown so far.
const LONGEST: usize = 4096;
/// Lines beyond are not looked at.
const MOST_LINES: usize = 1000;

/// Somebody's words.
const FREE: (Category, Severity, Role) = (Person, High, Role::Text);

/// The rest of the block is one text.
pub(super) fn whole(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    sink.found.secrets.harvest(block);
    let rest = block.get(row.magic.len()..).unwrap_or_default();
    let text: String = String::from_utf8_lossy(rest)
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect();
    sink.text(row.id, "text", FREE, text.trim())
}

/// The rest of the block is one UTF-16 text.
pub(super) fn unicode(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    let rest = block.get(row.magic.len()..).unwrap_or_default();
    let text = spelling::utf16(rest, Order::Big);
    sink.text(row.id, "comment", FREE, text.trim())
}

/// JPS (`_JPSJPS_`): length of a description, the description, length of a comment, the comment.
pub(super) fn jps(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    let mut cursor = Cursor::new(block.get(row.magic.len()..).unwrap_or_default());
    let description = cursor.u16(Order::Big);
    let comment = description
        .and_then(|len| cursor.skip(usize::from(len)))
        .and_then(|()| cursor.skip(2))
        .map(|()| spelling::text(cursor.rest()));
    sink.text(row.id, "comment", FREE, comment.unwrap_or_default())
}

/// Adobe's `Ducky`: tag, length, value; 1 quality, 2 comment, 3 copyright, both as a count and UTF-16.
pub(super) fn ducky(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    let mut cursor = Cursor::new(block.get(row.magic.len()..).unwrap_or_default());
    while let (Some(tag), Some(len)) = (cursor.u16(Order::Big), cursor.u16(Order::Big)) {
        sink.cx.item()?;
        let Some(value) = cursor.take(usize::from(len)) else {
            break;
        };
        let text = || spelling::utf16(value.get(4..).unwrap_or_default(), Order::Big);
        match tag {
            1 => {
                let quality = Order::Big.u32(value).map(|n| n.to_string());
                let meaning = (Device, Low, Role::Other);
                sink.text(row.id, "quality", meaning, quality.unwrap_or_default())?;
            }
            2 => sink.text(row.id, "comment", FREE, text())?,
            3 => {
                let meaning = (Person, High, Role::PersonName);
                sink.text(row.id, "copyright", meaning, text())?;
            }
            _ => sink.found.secrets.harvest(value),
        }
    }
    Ok(())
}

/// Names in `[picture info]` blocks that say who, when or with what.
static INFO: &[(&str, (Category, Severity, Role))] = &[
    ("TimeDate", (Time, Medium, Role::TakenAt)),
    ("Serial#", (Device, High, Role::Serial)),
    ("ID", (Device, Medium, Role::Model)),
    ("Type", (Device, Medium, Role::Model)),
    ("Version", (Device, Medium, Role::Software)),
    ("FWare", (Device, Medium, Role::Software)),
];

/// `name=value` lines of Agfa, Olympus, Polaroid and others.
pub(super) fn picture_info(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    sink.found.secrets.harvest(block);
    let lines = block.split(|b| matches!(b, b'\r' | b'\n' | 0));
    for line in lines.take(MOST_LINES) {
        let text = spelling::text(line);
        let Some((name, value)) = text.split_once('=') else {
            continue;
        };
        let Some((_, meaning)) = INFO.iter().find(|(known, _)| *known == name.trim()) else {
            continue;
        };
        let moment = value.parse().ok().and_then(|n| spelling::unix_time(n, 0));
        let value = match moment {
            Some(time) if meaning.2 == Role::TakenAt => {
                sink.found.secrets.text(value);
                time.trim_end_matches('Z').to_owned()
            }
            _ => value.trim().to_owned(),
        };
        sink.text(row.id, name.trim().to_owned(), *meaning, value)?;
    }
    Ok(())
}
