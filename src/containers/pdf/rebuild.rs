//! Objects found by a scan of the whole file, as viewers do when the cross-reference is wrong.

use super::file::{Entry, Table};
use super::lexer::{Lexer, is_space};
use super::object::{Dict, Id, Object};
use crate::bytes::{Context, Source};
use crate::model::{Result, len_u64};

/// Bytes in front of a window that are looked at again: number, generation, spaces.
const BACK: u64 = 48;

/// All `n g obj` of the file, the last of each number, and the last trailer with a catalogue.
pub(super) fn scan(source: &Source<'_>, cx: &Context<'_>) -> Result<Table> {
    let mut table = Table::default();
    each(source, cx, &mut |at, number, generation| {
        table.entries.insert(number, Entry::At(at, generation));
    })?;
    let mut trailers: Vec<u64> = Vec::new();
    let mut at = 0u64;
    while at < source.len() {
        cx.check_stop()?;
        let window = source.window(at)?;
        let words = [&b"trailer"[..], b"/XRef"];
        for word in words {
            for found in memchr::memmem::find_iter(&window, word) {
                cx.item()?;
                trailers.push(at.saturating_add(len_u64(found)));
            }
        }
        let len = len_u64(window.len());
        if at.saturating_add(len) >= source.len() {
            break;
        }
        at = at.saturating_add(len.saturating_sub(BACK).max(1));
    }
    trailers.sort_unstable();
    trailers.dedup();
    for at in trailers.into_iter().rev() {
        let Some(trailer) = trailer(source, at)? else {
            continue;
        };
        table.sections = table.sections.saturating_add(1);
        if trailer.has("Root") && !table.trailer.has("Root") {
            table.trailer = trailer;
        } else {
            table.older.push(trailer);
        }
    }
    Ok(table)
}

/// Offset and id of all `n g obj` of the file, earlier versions included.
pub(super) fn all(source: &Source<'_>, cx: &Context<'_>) -> Result<Vec<(u64, Id)>> {
    let mut out = Vec::new();
    each(source, cx, &mut |at, number, generation| {
        let id = Id { number, generation };
        if out.last() != Some(&(at, id)) {
            out.push((at, id));
        }
    })?;
    Ok(out)
}

/// Hands out offset, number and generation of all `n g obj`.
fn each(source: &Source<'_>, cx: &Context<'_>, f: &mut dyn FnMut(u64, u32, u16)) -> Result<()> {
    let mut at = 0u64;
    while at < source.len() {
        cx.check_stop()?;
        let window = source.window(at)?;
        for found in memchr::memmem::find_iter(&window, b"obj") {
            if let Some((start, number, generation)) = head(&window, found) {
                cx.item()?;
                f(at.saturating_add(len_u64(start)), number, generation);
            }
        }
        let len = len_u64(window.len());
        if at.saturating_add(len) >= source.len() {
            break;
        }
        at = at.saturating_add(len.saturating_sub(BACK).max(1));
    }
    Ok(())
}

/// Number and generation in front of an `obj`, and where they begin.
fn head(window: &[u8], found: usize) -> Option<(usize, u32, u16)> {
    let mut at = found;
    let mut back = |wanted: &dyn Fn(u8) -> bool| {
        let start = at;
        while let Some(byte) = at.checked_sub(1).and_then(|n| window.get(n))
            && wanted(*byte)
        {
            at = at.saturating_sub(1);
        }
        (at, start)
    };
    back(&is_space);
    let generation = back(&|byte| byte.is_ascii_digit());
    let (space, space_end) = back(&is_space);
    if space == space_end {
        return None;
    }
    let number = back(&|byte| byte.is_ascii_digit());
    let text = |(start, end): (usize, usize)| {
        std::str::from_utf8(window.get(start..end).unwrap_or_default()).ok()
    };
    let value: u32 = text(number)?.parse().ok()?;
    Some((number.0, value, text(generation)?.parse().ok()?))
}

/// The trailer dictionary at a `trailer`, or around an `/XRef`.
fn trailer(source: &Source<'_>, at: u64) -> Result<Option<Dict>> {
    let bytes = source.peek(at, 16 << 10)?;
    if bytes.starts_with(b"trailer") {
        let object = Lexer::new(&bytes, 7).object();
        return Ok(object.ok().and_then(|object| match object {
            Object::Dict(dict) => Some(dict),
            _ => None,
        }));
    }
    // The dictionary of a cross-reference stream begins in front of its type.
    let from = at.saturating_sub(4096);
    let before = source.peek(from, at.saturating_sub(from).saturating_add(8 << 10))?;
    let here = usize::try_from(at.saturating_sub(from)).unwrap_or(usize::MAX);
    let starts: Vec<usize> =
        memchr::memmem::find_iter(before.get(..here).unwrap_or_default(), b"obj").collect();
    let Some(start) = starts.last() else {
        return Ok(None);
    };
    let object = Lexer::new(&before, start.saturating_add(3)).object();
    Ok(object.ok().and_then(|object| match object {
        Object::Dict(dict) if dict.get("Type").is_some_and(|t| t.is_name("XRef")) => Some(dict),
        _ => None,
    }))
}
