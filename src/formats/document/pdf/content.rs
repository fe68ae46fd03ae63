//! Content streams (ISO 32000-1 §7.8.2) as tokens.

use crate::containers::pdf::{Lexer, Object, Token, Trouble, is_space};

/// A content stream without its comments.
#[derive(Debug)]
pub(super) struct Clean {
    pub(super) bytes: Vec<u8>,
    pub(super) removed: Vec<Vec<u8>>,
}

/// One operation.
#[derive(Debug)]
pub(super) struct Operation<'a> {
    /// Operands. Of long rows, the last ones.
    pub(super) operands: Vec<Object>,
    /// The operator; `BI` for an inline picture, whose entries are the operands.
    pub(super) operator: &'a [u8],
    /// The data of an inline picture.
    pub(super) data: &'a [u8],
}

/// Maximum number of operands that are held.
const OPERANDS: usize = 4096;

/// Walks the operations of a content stream. Returns whether all of it could be read.
pub(super) fn operations<'a>(
    bytes: &'a [u8],
    lexer: &mut Lexer<'a>,
    f: &mut dyn FnMut(Operation<'a>) -> crate::model::Result<()>,
) -> crate::model::Result<bool> {
    let mut operands = Vec::new();
    let mut is_sound = true;
    loop {
        let token = match lexer.token() {
            Ok(token) => token,
            Err(Trouble::End) => return Ok(is_sound && lexer.rest().is_empty()),
            Err(_) => {
                is_sound = false;
                lexer.seek(lexer.at().saturating_add(1));
                continue;
            }
        };
        match token {
            Token::Word(word) if !matches!(&*word, b"true" | b"false" | b"null") => {
                let end = lexer.at();
                let operator = bytes
                    .get(end.saturating_sub(word.len())..end)
                    .unwrap_or_default();
                let mut data: &[u8] = &[];
                if operator == b"BI" {
                    let Some((entries, found)) = inline(bytes, lexer) else {
                        return Ok(false);
                    };
                    operands = entries;
                    data = found;
                }
                f(Operation {
                    operands: std::mem::take(&mut operands),
                    operator,
                    data,
                })?;
            }
            Token::Object(object) => operands.push(object),
            token => match lexer.object_from(token, 64) {
                Ok(object) => operands.push(object),
                Err(Trouble::End) => return Ok(false),
                Err(_) => is_sound = false,
            },
        }
        if operands.len() > OPERANDS {
            operands.drain(..OPERANDS.div_ceil(2));
        }
    }
}

/// An inline picture after its `BI`: entries, and data up to `EI`.
fn inline<'a>(bytes: &'a [u8], lexer: &mut Lexer<'a>) -> Option<(Vec<Object>, &'a [u8])> {
    let mut entries = Vec::new();
    loop {
        match lexer.token().ok()? {
            Token::Word(word) if *word == *b"ID" => break,
            Token::Word(word) if matches!(&*word, b"true" | b"false" | b"null") => {
                entries.push(Object::Bool(*word == *b"true"));
            }
            Token::Word(_) => return None,
            token => entries.push(lexer.object_from(token, 16).ok()?),
        }
    }
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
            return Some((entries, rest.get(..found)?));
        }
        from = found.saturating_add(2);
    }
}

/// Whether what follows an `EI` looks like operations: data of pictures has other bytes soon.
fn reads_on(after: &[u8]) -> bool {
    let printable = |byte: &u8| matches!(byte, 0 | 9 | 10 | 12 | 13 | 0x20..=0x7E);
    after.iter().take(12).all(printable)
}

/// The same stream with a line break for each comment. `None` when there is no comment, or when the
/// stream cannot be read to its end: a wrong cut would change the page.
pub(super) fn without_comments(bytes: &[u8], is_map: bool) -> Option<Clean> {
    memchr::memchr(b'%', bytes)?;
    let mut lexer = Lexer::new(bytes, 0);
    if is_map {
        while !matches!(lexer.token(), Err(Trouble::End)) {
            if lexer.at() >= bytes.len() {
                break;
            }
        }
    } else {
        let is_sound = operations(bytes, &mut lexer, &mut |_| Ok(())).ok()?;
        if !is_sound {
            return None;
        }
    }
    lexer.skip_space();
    let mut comments = std::mem::take(&mut lexer.comments);
    comments.sort_unstable();
    comments.dedup();
    if comments.is_empty() {
        return None;
    }
    let mut clean = Clean {
        bytes: Vec::with_capacity(bytes.len()),
        removed: Vec::new(),
    };
    let mut at = 0;
    for (start, end) in comments {
        if start < at {
            continue;
        }
        clean.bytes.extend_from_slice(bytes.get(at..start)?);
        clean.removed.push(bytes.get(start..end)?.to_vec());
        // The line break behind it separates what it separated.
        at = end;
    }
    clean.bytes.extend_from_slice(bytes.get(at..)?);
    Some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_cut_and_nothing_else() {
        let text = b"q % Anna\n(100% of it) Tj BI /W 1 ID x%y\x90 EI Q\n%end";
        let clean = without_comments(text, false).unwrap();
        assert_eq!(
            clean.bytes,
            b"q \n(100% of it) Tj BI /W 1 ID x%y\x90 EI Q\n"
        );
        assert_eq!(clean.removed, [&b"% Anna"[..], b"%end"]);
        assert!(without_comments(b"(open % x", false).is_none());
        assert!(without_comments(b"q Q", false).is_none());
    }
}
