//! Files inside a document, from which smart objects are drawn.

use super::blocks::Made;
use super::descriptor::Ids;
use crate::bytes::{Context, Cursor, Inside, Order, Source, Streams, copy_in_memory};
use crate::model::{Error, Result, len_u64};

/// A file inside.
struct Linked<'a> {
    version: u32,
    id: String,
    name: String,
    kind: [u8; 4],
    data: &'a [u8],
}

/// What is written of each file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Its cleaned copy.
    Copy,
    /// What it shows, as a number.
    Digest,
}

/// Writes a block of files anew: each cleaned as a file of its own, without name, dates and creator. Files
/// of unknown kinds, and those that are elsewhere, go. `None` when the block is not understood.
pub(super) fn rewrite(
    block: &[u8],
    want: Want,
    ids: &mut Ids,
    cx: &Context<'_>,
) -> Result<Option<Made>> {
    let mut made = Made::default();
    let mut cursor = Cursor::new(block);
    while cursor.rest().len() >= 8 {
        cx.item()?;
        let Some(entry) = next(&mut cursor) else {
            return Ok(None);
        };
        let Some(linked) = read(entry) else {
            made.is_less = true;
            continue;
        };
        made.texts.push(linked.name.clone());
        let source = Source::memory(linked.data);
        let Some(inside) = forgive(cx.examine_nested(&source))? else {
            made.texts.push(linked.id);
            made.is_less = true;
            continue;
        };
        let id = ids.neutral(&linked.id);
        if id != linked.id {
            made.texts.push(linked.id.clone());
        }
        let clean = inside.told("smart object", &mut made.found, &mut made.stays);
        let data = match want {
            Want::Copy => copy_in_memory(&clean, &source, cx)?,
            // Of the file as it is, not of its copy: what damages it must not approve itself.
            Want::Digest => {
                let payload = cx.payload_nested(&source)?;
                let digest = payload.map(|(_, digest)| digest.0.to_be_bytes());
                digest.unwrap_or_default().to_vec()
            }
        };
        write(&linked, &id, &data, &mut made.bytes);
    }
    made.texts.retain(|text| !text.is_empty());
    Ok(Some(made))
}

/// The next entry of a block.
fn next<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let len = usize::try_from(cursor.u64(Order::Big)?).ok()?;
    let entry = cursor.take(len)?;
    let padding = (len.wrapping_neg() & 3).min(cursor.rest().len());
    cursor.skip(padding)?;
    Some(entry)
}

/// Hands out what is compressed or nested in the files of a block.
///
/// # Errors
/// As for files of their own, and the sink's.
pub(super) fn streams(block: &[u8], cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
    let mut cursor = Cursor::new(block);
    while cursor.rest().len() >= 8 {
        cx.item()?;
        let Some(entry) = next(&mut cursor) else {
            return Ok(());
        };
        if let Some(linked) = read(entry) {
            cx.streams_nested(&Source::memory(linked.data), sink)?;
        }
    }
    Ok(())
}

/// `None` for a file that is not recognised or that cannot be cleaned: it is removed.
fn forgive(result: Result<Option<Inside>>) -> Result<Option<Inside>> {
    match result {
        Err(Error::Malformed { .. } | Error::Unsupported { .. }) => Ok(None),
        other => other,
    }
}

fn read(entry: &[u8]) -> Option<Linked<'_>> {
    let mut cursor = Cursor::new(entry);
    (cursor.take(4)? == b"liFD").then_some(())?;
    let version = cursor.u32(Order::Big)?;
    (1..=8).contains(&version).then_some(())?;
    let len = usize::from(cursor.u8()?);
    let id = String::from_utf8_lossy(cursor.take(len)?).into_owned();
    let count = usize::try_from(cursor.u32(Order::Big)?).ok()?;
    let units = cursor.take(count.checked_mul(2)?)?.chunks_exact(2);
    let units = units.filter_map(|unit| Order::Big.u16(unit));
    let name: String = char::decode_utf16(units).flatten().collect();
    let kind = *cursor.take(4)?.first_chunk()?;
    cursor.skip(4)?;
    let len = usize::try_from(cursor.u64(Order::Big)?).ok()?;
    // How to open it stands in a descriptor of unknown length: the data is found from its end.
    let data = if cursor.u8()? == 0 {
        cursor.take(len)?
    } else {
        let rest = cursor.rest();
        let mut behind = 0usize;
        if version >= 7 {
            behind = behind.checked_add(1)?;
        }
        if version >= 6 {
            behind = behind.checked_add(8)?;
        }
        if version >= 5 {
            // The id of a document, empty as a rule.
            behind = behind.checked_add(6)?;
        }
        let end = rest.len().checked_sub(behind)?;
        rest.get(end.checked_sub(len)?..end)?
    };
    Some(Linked {
        version,
        id: id.trim_end_matches('\0').to_owned(),
        name: name.trim_end_matches('\0').to_owned(),
        kind,
        data,
    })
}

fn write(linked: &Linked<'_>, id: &str, data: &[u8], out: &mut Vec<u8>) {
    let mut entry = b"liFD".to_vec();
    entry.extend(linked.version.to_be_bytes());
    entry.push(u8::try_from(id.len()).unwrap_or(0));
    entry.extend_from_slice(id.as_bytes());
    super::resources::unicode("", &mut entry);
    let kind = linked.kind;
    let is_kind = kind.iter().all(|b| b.is_ascii_alphanumeric() || *b == b' ');
    entry.extend(if is_kind { kind } else { [0; 4] });
    entry.extend([0; 4]);
    entry.extend(len_u64(data.len()).to_be_bytes());
    entry.push(0);
    entry.extend_from_slice(data);
    if linked.version >= 5 {
        super::resources::unicode("", &mut entry);
    }
    if linked.version >= 6 {
        entry.extend([0; 8]);
    }
    if linked.version >= 7 {
        entry.push(0);
    }
    out.extend(len_u64(entry.len()).to_be_bytes());
    let padding = entry.len().wrapping_neg() & 3;
    out.extend(entry);
    out.extend(std::iter::repeat_n(0, padding));
}
