//! Content streams (ISO 32000-1 §7.8.2) as tokens.

use crate::containers::pdf::{Dict, Lexer, Object, Token, Trouble, is_space, put_object};

/// Bytes of a content stream that are replaced: from, to, and what replaces them.
pub(super) type Edit = (usize, usize, Vec<u8>);

/// A content stream without comments and without entries of property lists that are not needed.
#[derive(Debug)]
pub(super) struct Clean {
    pub(super) bytes: Vec<u8>,
    /// Comments.
    pub(super) removed: Vec<Vec<u8>>,
    /// Entries of property lists and inline pictures.
    pub(super) properties: Vec<Dict>,
}

/// One operation.
#[derive(Debug)]
pub(super) struct Operation<'a> {
    /// Operands. Of long rows, the last ones.
    pub(super) operands: Vec<Object>,
    /// Where the last operand is located; of an inline picture, its entries.
    last: (usize, usize),
    /// Where it is located, with its operands.
    pub(super) span: (usize, usize),
    /// The operator; `BI` for an inline picture, whose entries are the operands.
    pub(super) operator: &'a [u8],
    /// The data of an inline picture.
    pub(super) data: &'a [u8],
}

/// Maximum number of operands that are held.
const OPERANDS: usize = 4096;

/// Walks the operations of a content stream; what is no token is skipped, as in viewers. Returns whether
/// the end was reached.
pub(super) fn operations<'a>(
    bytes: &'a [u8],
    lexer: &mut Lexer<'a>,
    f: &mut dyn FnMut(Operation<'a>) -> crate::model::Result<()>,
) -> crate::model::Result<bool> {
    let mut operands = Vec::new();
    let mut last = (0, 0);
    let mut first = None;
    loop {
        lexer.skip_space();
        let start = lexer.at();
        let begin = *first.get_or_insert(start);
        let token = match lexer.token() {
            Ok(token) => token,
            Err(Trouble::End) => return Ok(start >= bytes.len()),
            Err(_) => {
                lexer.seek(lexer.at().saturating_add(1));
                continue;
            }
        };
        match token {
            Token::Word(word) if !matches!(word, b"true" | b"false" | b"null") => {
                let end = lexer.at();
                let operator = bytes
                    .get(end.saturating_sub(word.len())..end)
                    .unwrap_or_default();
                let mut data: &[u8] = &[];
                if operator == b"BI" {
                    let Some((entries, found, head)) = inline(bytes, lexer) else {
                        return Ok(false);
                    };
                    operands = entries;
                    data = found;
                    last = (end, head);
                }
                first = None;
                f(Operation {
                    operands: std::mem::take(&mut operands),
                    span: (begin, lexer.at()),
                    last,
                    operator,
                    data,
                })?;
            }
            Token::Object(object) => operands.push(object),
            token => match lexer.object_from(token, 64) {
                Ok(object) => operands.push(object),
                Err(Trouble::End) => return Ok(false),
                Err(_) => {}
            },
        }
        last = (start, lexer.at());
        if operands.len() > OPERANDS {
            operands.drain(..OPERANDS.div_ceil(2));
        }
    }
}

/// An inline picture after its `BI`: entries, data up to `EI`, and where the entries end.
fn inline<'a>(bytes: &'a [u8], lexer: &mut Lexer<'a>) -> Option<(Vec<Object>, &'a [u8], usize)> {
    let mut entries = Vec::new();
    let head = loop {
        match lexer.token().ok()? {
            Token::Word(word) if word == b"ID" => break lexer.at().saturating_sub(2),
            Token::Word(word) if matches!(word, b"true" | b"false" | b"null") => {
                entries.push(Object::Bool(*word == *b"true"));
            }
            Token::Word(_) => return None,
            token => entries.push(lexer.object_from(token, 16).ok()?),
        }
    };
    let start = lexer.at().saturating_add(1);
    let rest = bytes.get(start..)?;
    let mut from = 0usize;
    loop {
        let found = memchr::memmem::find(rest.get(from..)?, b"EI")?.saturating_add(from);
        let before = found.checked_sub(1).and_then(|at| rest.get(at));
        let after = rest.get(found.saturating_add(2)..).unwrap_or_default();
        let is_end = before.copied().is_none_or(is_space)
            && after.first().copied().is_none_or(is_space)
            && reads_on(after);
        if is_end {
            lexer.seek(start.saturating_add(found).saturating_add(2));
            return Some((entries, rest.get(..found)?, head));
        }
        from = found.saturating_add(2);
    }
}

/// Whether what follows an `EI` looks like operations: data of pictures has other bytes soon.
fn reads_on(after: &[u8]) -> bool {
    let printable = |byte: &u8| matches!(byte, 0 | 9 | 10 | 12 | 13 | 0x20..=0x7E);
    after.iter().take(12).all(printable)
}

/// The same stream with a line break for each comment, with property lists of what viewers need, and with
/// these `edits`. `None` when nothing is to be removed. What is located behind a place that cannot be read is retained: a
/// wrong cut would change the page.
pub(super) fn clean(bytes: &[u8], is_map: bool, edits: &[Edit]) -> Option<Clean> {
    let has_comments = memchr::memchr(b'%', bytes).is_some();
    if edits.is_empty() && !has_comments && (is_map || !has_surplus(bytes)) {
        return None;
    }
    let mut lexer = Lexer::new(bytes, 0);
    let mut edits = edits.to_vec();
    let mut properties = Vec::new();
    if is_map {
        while !matches!(lexer.token(), Err(Trouble::End)) {
            if lexer.at() >= bytes.len() {
                break;
            }
        }
    } else {
        operations(bytes, &mut lexer, &mut |operation| {
            if matches!(operation.operator, b"BDC" | b"DP")
                && let Some(Object::Dict(dict)) = operation.operands.last()
                && let Some((needed, surplus)) = needed(dict)
            {
                let mut made = Vec::new();
                put_object(&mut made, &Object::Dict(needed));
                let (start, end) = operation.last;
                edits.push((start, end, made));
                properties.push(surplus);
            }
            if operation.operator == b"BI"
                && let Some((needed, surplus)) = picture_entries(&operation.operands)
            {
                let mut made = Vec::new();
                for entry in needed {
                    made.push(b' ');
                    put_object(&mut made, entry);
                }
                made.push(b' ');
                let (start, end) = operation.last;
                edits.push((start, end, made));
                properties.push(surplus);
            }
            Ok(())
        })
        .ok()?;
    }
    lexer.skip_space();
    let mut removed = Vec::new();
    let mut comments = std::mem::take(&mut lexer.comments);
    comments.sort_unstable();
    comments.dedup();
    for (start, end) in comments {
        removed.push(bytes.get(start..end)?.to_vec());
        // The line break behind it separates what it separated.
        edits.push((start, end, Vec::new()));
    }
    if edits.is_empty() {
        return None;
    }
    edits.sort();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (start, end, with) in edits {
        // A comment inside a property list.
        if start < at {
            continue;
        }
        out.extend_from_slice(bytes.get(at..start)?);
        out.extend_from_slice(&with);
        at = end;
    }
    out.extend_from_slice(bytes.get(at..)?);
    Some(Clean {
        bytes: out,
        removed,
        properties,
    })
}

/// Whether a part of a stream that cannot be read has lines that are comments in all likelihood.
pub(super) fn has_comment_left(clean: &[u8]) -> bool {
    let Some(first) = memchr::memchr(b'%', clean) else {
        return false;
    };
    let from = first.saturating_sub(1);
    let rest = clean.get(from..).unwrap_or_default();
    let mut lines = rest.split(|byte| matches!(byte, 10 | 13));
    let is_comment = |line: &[u8]| {
        let printable = line.iter().take_while(|b| matches!(b, 9 | 0x20..=0x7E));
        line.first() == Some(&b'%') && line.len() >= 6 && printable.count() == line.len()
    };
    let mut lexer = Lexer::new(clean, 0);
    lines.any(is_comment) && !matches!(operations(clean, &mut lexer, &mut |_| Ok(())), Ok(true))
}

/// Whether dictionaries between the operators, or inline pictures, may have entries that are not needed.
fn has_surplus(bytes: &[u8]) -> bool {
    if memchr::memmem::find(bytes, b"BI").is_some() && memchr::memmem::find(bytes, b"EI").is_some()
    {
        return true;
    }
    memchr::memmem::find_iter(bytes, b"<<").any(|at| match Lexer::new(bytes, at).object() {
        Ok(Object::Dict(dict)) => needed(&dict).is_some(),
        _ => true,
    })
}

/// The entries of a property list that viewers and screen readers use (ISO 32000-1 §14.6.2, §14.8.2.2,
/// §14.9), and the others. `None` when there are no others.
fn needed(dict: &Dict) -> Option<(Dict, Dict)> {
    let (mut out, mut surplus) = (Dict::default(), Dict::default());
    for (key, value) in dict.iter() {
        let is_one_of = |names: &[&str]| names.iter().any(|name| value.is_name(name));
        let is_list = |fits: fn(&Object) -> bool| {
            value.as_array().is_some_and(|items| items.iter().all(fits))
        };
        let is_needed = match key {
            b"MCID" => value.int().is_some(),
            b"ActualText" | b"Alt" | b"E" | b"Lang" => value.as_string().is_some(),
            b"Type" => is_one_of(&["Pagination", "Layout", "Page", "Background"]),
            b"Subtype" => is_one_of(&["Header", "Footer", "Watermark", "PageNum", "Bates"]),
            b"BBox" => is_list(|item| item.number().is_some()),
            b"Attached" => is_list(|item| {
                ["Top", "Bottom", "Left", "Right"]
                    .iter()
                    .any(|n| item.is_name(n))
            }),
            _ => false,
        };
        let side = if is_needed { &mut out } else { &mut surplus };
        side.set(key, value.clone());
    }
    (!surplus.is_empty()).then_some((out, surplus))
}

/// The entries of an inline picture that decide how it looks (ISO 32000-1 tables 93 and 94, ISO 32000-2
/// table 91), and the others. `None` when there are no others.
fn picture_entries(entries: &[Object]) -> Option<(Vec<&Object>, Dict)> {
    const KNOWN: [&str; 20] = [
        "BPC",
        "BitsPerComponent",
        "CS",
        "ColorSpace",
        "D",
        "Decode",
        "DP",
        "DecodeParms",
        "F",
        "Filter",
        "H",
        "Height",
        "IM",
        "ImageMask",
        "I",
        "Interpolate",
        "Intent",
        "L",
        "W",
        "Width",
    ];
    let (mut needed, mut surplus) = (Vec::new(), Dict::default());
    for pair in entries.chunks(2) {
        match pair {
            [key, _] if KNOWN.iter().any(|known| key.is_name(known)) => needed.extend(pair),
            [Object::Name(key), value] => surplus.set(key, value.clone()),
            // Not pairs: viewers read them each in its own way.
            _ => return None,
        }
    }
    (!surplus.is_empty()).then_some((needed, surplus))
}

/// All names in a content stream, also those inside its strings.
pub(super) fn names(bytes: &[u8], out: &mut dyn FnMut(&[u8])) {
    for at in memchr::memchr_iter(b'/', bytes) {
        if let Ok(Token::Object(Object::Name(name))) = Lexer::new(bytes, at).token() {
            out(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_cut_and_nothing_else() {
        let text = b"q % Anna\n(100% of it) Tj BI /W 1 ID x%y\x90 EI Q\n%end";
        let clean = clean(text, false, &[]).unwrap();
        assert_eq!(
            clean.bytes,
            b"q \n(100% of it) Tj BI /W 1 ID x%y\x90 EI Q\n"
        );
        assert_eq!(clean.removed, [&b"% Anna"[..], b"%end"]);
        assert!(super::clean(b"(open % x", false, &[]).is_none());
        assert!(super::clean(b"q Q", false, &[]).is_none());
    }

    #[test]
    fn comments_around_what_is_no_token_are_cut() {
        let clean = |text: &[u8]| super::clean(text, false, &[]).map(|clean| clean.bytes);
        assert_eq!(clean(b"q ) %a\n>> %b\nQ").unwrap(), b"q ) \n>> \nQ");
        assert_eq!(clean(b"%a\nq (open %b").unwrap(), b"\nq (open %b");
        assert!(has_comment_left(b"q (open\n%Anna Exempel\n"));
        assert!(!has_comment_left(b"q (closed\n%Anna Exempel\n) Tj"));
    }

    #[test]
    fn inline_pictures_lose_entries_that_no_viewer_needs() {
        let text = b"q BI/W 1/H 1 /Owner (Anna) /BPC 8/CS/G ID xEI\n EI Q";
        let clean = clean(text, false, &[]).unwrap();
        assert_eq!(clean.bytes, b"q BI /W 1 /H 1 /BPC 8 /CS /G ID xEI\n EI Q");
        assert_eq!(clean.properties.len(), 1);
        assert!(super::clean(&clean.bytes, false, &[]).is_none());
    }

    #[test]
    fn property_lists_lose_what_no_viewer_needs() {
        let text = b"/P <</MCID 3/Owner(Anna)/ActualText(x) %c\n>> BDC /Span<</MCID 4>>BDC \
                     /X <</Path(a)>> DP (<</Owner(b)>>) Tj";
        let clean = clean(text, false, &[]).unwrap();
        assert_eq!(
            clean.bytes,
            b"/P <</MCID 3/ActualText(x)>> BDC /Span<</MCID 4>>BDC /X <<>> DP (<</Owner(b)>>) Tj"
        );
        assert_eq!(clean.properties.len(), 2);
        assert!(super::clean(b"/Span<</MCID 4>>BDC", false, &[]).is_none());
    }
}
