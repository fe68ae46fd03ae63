//! Cross-reference tables and streams (ISO 32000-1 §7.5.4 to §7.5.8), newest first.

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::file::{Entry, Table};
use super::indirect::{Ends, parse_at};
use super::lexer::{Lexer, Token, Trouble, is_space};
use super::object::{Dict, Object};
use super::{NAME, filter};
use crate::bytes::{Context, Source};
use crate::model::{Error, Result, len_u64};

/// How much of the end of a file is searched for `startxref`, in bytes.
const TAIL: u64 = 64 << 10;
/// Maximum number of cross-reference sections.
const SECTIONS: usize = 4096;
/// Maximum object number, as in usual viewers.
const NUMBERS: u32 = 8_388_607;

fn bad(at: u64, what: &'static str) -> Error {
    Error::malformed(NAME, at, what)
}

/// Reads all sections. Offsets count from the header.
pub(super) fn read(source: &Source<'_>, header: u64, cx: &Context<'_>) -> Result<Table> {
    let from = source.len().saturating_sub(TAIL);
    let tail = source.peek(from, TAIL)?;
    let found = memchr::memmem::rfind(&tail, b"startxref")
        .ok_or_else(|| bad(from, "it has no startxref"))?;
    let mut lexer = Lexer::new(&tail, found.saturating_add(9));
    let Ok(Token::Object(Object::Int(first))) = lexer.token() else {
        return Err(bad(from, "startxref without an offset"));
    };
    let mut table = Table::default();
    let ends = Ends::default();
    let mut queue = vec![first];
    let mut seen = HashSet::new();
    // Where a file was put behind other bytes, some writers count from the beginning of the file.
    let mut base = header;
    while let Some(offset) = queue.pop() {
        let offset = u64::try_from(offset).map_err(|_| bad(0, "a negative offset"))?;
        if !seen.insert(offset) {
            continue;
        }
        if seen.len() > SECTIONS {
            return Err(Error::LimitExceeded {
                limit: "cross-reference sections",
            });
        }
        let is_first = table.sections == 0 && table.trailer.is_empty();
        let mut section = one(source, offset.saturating_add(base), base, cx, &ends);
        if is_first && base > 0 && section.is_err() {
            base = 0;
            section = one(source, offset, base, cx, &ends);
        }
        let Section {
            mut entries,
            free,
            trailer,
        } = section?;
        check(&entries)?;
        if let Some(hybrid) = trailer.get("XRefStm").and_then(Object::int)
            && let Ok(hybrid) = u64::try_from(hybrid)
            && seen.insert(hybrid)
            && let Ok(more) = one(source, hybrid.saturating_add(base), base, cx, &ends)
        {
            entries.extend(more.entries);
        }
        entries.extend(free);
        // Of a linearized file, the first part of the same revision is a section of its own.
        table.sections = table.sections.saturating_add(1);
        for (number, entry) in entries {
            table.entries.entry(number).or_insert(entry);
        }
        if let Some(previous) = trailer.get("Prev").and_then(Object::int) {
            queue.push(previous);
        }
        if table.trailer.is_empty() {
            table.trailer = trailer;
        } else {
            table.older.push(trailer);
        }
    }
    Ok(table)
}

/// One number with two places in one section: which of them counts depends on the program.
fn check(entries: &[(u32, Entry)]) -> Result<()> {
    let mut places = HashMap::new();
    for (number, entry) in entries {
        if let Entry::At(at, _) = entry
            && places
                .insert(*number, *at)
                .is_some_and(|other| other != *at)
        {
            return Err(Error::unsupported(
                "a PDF in which one object has two places, which programs show in different ways; open it \
                 in a program you trust, print it to a new PDF, and clean that",
            ));
        }
    }
    Ok(())
}

struct Section {
    entries: Vec<(u32, Entry)>,
    free: Vec<(u32, Entry)>,
    trailer: Dict,
}

fn one(source: &Source<'_>, at: u64, base: u64, cx: &Context<'_>, ends: &Ends) -> Result<Section> {
    let head = source.peek(at, 64)?;
    let text = head.trim_ascii_start();
    if text.starts_with(b"xref") {
        let skipped = head.len().saturating_sub(text.len()).saturating_add(4);
        classic(source, at.saturating_add(len_u64(skipped)), base, cx)
    } else {
        let skipped = len_u64(head.len().saturating_sub(text.len()));
        stream(source, at.saturating_add(skipped), base, cx, ends)
    }
}

fn classic(source: &Source<'_>, at: u64, base: u64, cx: &Context<'_>) -> Result<Section> {
    let mut size = 4096u64;
    loop {
        let bytes = source.peek(at, size)?;
        let is_all = at.saturating_add(len_u64(bytes.len())) >= source.len();
        match classic_in(&bytes, base, cx) {
            Err(Trouble::End) if !is_all => {
                size = size.saturating_mul(8);
                cx.memory(size)?;
            }
            Err(_) => return Err(bad(at, "the cross-reference table is damaged")),
            Ok(section) => return section,
        }
    }
}

fn classic_in(bytes: &[u8], base: u64, cx: &Context<'_>) -> Result<Result<Section>, Trouble> {
    let mut lexer = Lexer::new(bytes, 0);
    let (mut entries, mut free) = (Vec::new(), Vec::new());
    loop {
        let first = match lexer.token()? {
            Token::Word(word) if word == b"trailer" => break,
            Token::Object(Object::Int(first)) => first,
            _ => return Err(Trouble::Syntax),
        };
        let Token::Object(Object::Int(count)) = lexer.token()? else {
            return Err(Trouble::Syntax);
        };
        for index in 0..count {
            if let Err(error) = cx.item() {
                return Ok(Err(error));
            }
            let Some((offset, generation, kind)) = row(&mut lexer)? else {
                break;
            };
            let Some(number) = first.checked_add(index).and_then(|n| u32::try_from(n).ok()) else {
                return Err(Trouble::Syntax);
            };
            if number > NUMBERS {
                return Err(Trouble::Syntax);
            }
            if kind == b'n' && offset > 0 {
                let generation = u16::try_from(generation).unwrap_or(u16::MAX);
                entries.push((number, Entry::At(offset.saturating_add(base), generation)));
            } else {
                free.push((number, Entry::Free));
            }
        }
    }
    // Tables that begin with 1 although their first row is the head of the free list.
    let object = lexer.object()?;
    match object {
        Object::Dict(trailer) => Ok(Ok(Section {
            entries,
            free,
            trailer,
        })),
        _ => Err(Trouble::Syntax),
    }
}

/// A row of 20 bytes, quickly where it has the usual form. `None` when the rows end early.
fn row(lexer: &mut Lexer<'_>) -> Result<Option<(u64, u64, u8)>, Trouble> {
    while lexer.rest().first().copied().is_some_and(is_space) {
        lexer.seek(lexer.at().saturating_add(1));
    }
    if let Some(fixed) = lexer.rest().get(..18)
        && let (Some(offset), Some(generation)) =
            (digits(fixed.get(..10)), digits(fixed.get(11..16)))
        && let Some([b' ', kind @ (b'n' | b'f')]) = fixed.get(16..18)
    {
        lexer.seek(lexer.at().saturating_add(18));
        return Ok(Some((offset, generation, *kind)));
    }
    let back = lexer.at();
    let (first, second) = (lexer.token()?, lexer.token()?);
    let third = lexer.token()?;
    if let (
        Token::Object(Object::Int(offset)),
        Token::Object(Object::Int(generation)),
        Token::Word(word),
    ) = (&first, &second, &third)
        && let [kind @ (b'n' | b'f')] = **word
    {
        return Ok(Some((
            u64::try_from(*offset).map_err(|_| Trouble::Syntax)?,
            u64::try_from(*generation).map_err(|_| Trouble::Syntax)?,
            kind,
        )));
    }
    lexer.seek(back);
    if matches!(&first, Token::Word(word) if *word == b"trailer") {
        return Ok(None);
    }
    Err(Trouble::Syntax)
}

fn digits(bytes: Option<&[u8]>) -> Option<u64> {
    let bytes = bytes?;
    if !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

fn stream(
    source: &Source<'_>,
    at: u64,
    base: u64,
    cx: &Context<'_>,
    ends: &Ends,
) -> Result<Section> {
    let parsed = parse_at(source, at, None, cx, ends, &|length| Ok(length.int()))?;
    let Some((_, Object::Stream(stream))) = parsed else {
        return Err(bad(at, "there is no cross-reference"));
    };
    let dict = &stream.dict;
    if !dict.get("Type").is_some_and(|t| t.is_name("XRef")) {
        return Err(bad(at, "there is no cross-reference"));
    }
    let widths: Vec<usize> = dict
        .get("W")
        .and_then(Object::as_array)
        .unwrap_or_default()
        .iter()
        .filter_map(|w| w.int().and_then(|w| usize::try_from(w).ok()))
        .collect();
    let [kind_len, second_len, third_len] = *widths.as_slice() else {
        return Err(bad(at, "the cross-reference stream is damaged"));
    };
    if [kind_len, second_len, third_len].iter().any(|w| *w > 8) {
        return Err(bad(at, "the cross-reference stream is damaged"));
    }
    let bytes = filter::decode_direct(source, &stream, cx)?;
    let size = dict.get("Size").and_then(Object::int).unwrap_or(0);
    let whole = [Object::Int(0), Object::Int(size)];
    let index = dict
        .get("Index")
        .and_then(Object::as_array)
        .unwrap_or(&whole);
    let (mut entries, mut free) = (Vec::new(), Vec::new());
    let row_len = kind_len
        .saturating_add(second_len)
        .saturating_add(third_len);
    let mut rows = bytes.chunks_exact(row_len.max(1));
    for pair in index.chunks(2) {
        let [first, count] = pair else { break };
        let (Some(first), Some(count)) = (first.int(), count.int()) else {
            break;
        };
        for step in 0..count {
            cx.item()?;
            let Some(row) = rows.next() else { break };
            let (kind, rest) = row.split_at_checked(kind_len).unwrap_or_default();
            let (second, third) = rest.split_at_checked(second_len).unwrap_or_default();
            let kind = if kind_len == 0 { 1 } else { big(kind) };
            let (second, third) = (big(second), big(third));
            let Some(number) = first.checked_add(step).and_then(|n| u32::try_from(n).ok()) else {
                break;
            };
            if number > NUMBERS {
                return Err(bad(at, "an object number is too large"));
            }
            match kind {
                1 => {
                    let generation = u16::try_from(third).unwrap_or(u16::MAX);
                    let entry = Entry::At(second.saturating_add(base), generation);
                    entries.push((number, entry));
                }
                2 => {
                    let outer = u32::try_from(second).unwrap_or(u32::MAX);
                    let index = u32::try_from(third).unwrap_or(u32::MAX);
                    entries.push((number, Entry::In(outer, index)));
                }
                _ => free.push((number, Entry::Free)),
            }
        }
    }
    Ok(Section {
        entries,
        free,
        trailer: stream.dict.clone(),
    })
}

fn big(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |sum: u64, byte| (sum << 8) | u64::from(*byte))
}
