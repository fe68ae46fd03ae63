//! Indirect objects (ISO 32000-1 §7.3.10) at an offset of the file, and where their data ends.

use std::cell::{Cell, OnceCell, RefCell};

use super::lexer::{Lexer, Token, Trouble};
use super::object::{Id, Object, Stream};
use crate::bytes::{Context, Source};
use crate::model::{Error, Result, Span, len_u64};

/// What is read once although many objects need it.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// The bytes of the file around the object that was read last, and their offset.
    window: RefCell<(u64, Vec<u8>)>,
    /// Offsets of all `endstream` and `endobj`.
    words: OnceCell<Vec<u64>>,
    /// Bytes of objects that could not be read.
    wasted: Cell<u64>,
}

/// How many bytes of objects that cannot be read are looked through: this many, and the given number for
/// each byte of the file.
const WASTE: u64 = 64 << 20;
const WASTE_EACH: u64 = 8;

/// Size of the window, in bytes.
const WINDOW: u64 = 16 << 10;

impl Ends {
    /// Hands `size` bytes of the file, or those up to its end, to `f`.
    fn peek<T>(
        &self,
        source: &Source<'_>,
        (at, size): (u64, u64),
        f: impl FnOnce(&[u8]) -> T,
    ) -> Result<T> {
        if let Some(bytes) = source.in_memory() {
            let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..));
            let rest = rest.unwrap_or_default();
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            return Ok(f(rest.get(..size).unwrap_or(rest)));
        }
        if size > WINDOW {
            return Ok(f(&source.peek(at, size)?));
        }
        let mut window = self.window.borrow_mut();
        let end = at.saturating_add(size).min(source.len());
        let is_inside = window.0 <= at && end <= window.0.saturating_add(len_u64(window.1.len()));
        if !is_inside {
            *window = (at, source.peek(at, WINDOW)?.into_owned());
        }
        let start = usize::try_from(at.saturating_sub(window.0)).unwrap_or(usize::MAX);
        let rest = window.1.get(start..).unwrap_or_default();
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        Ok(f(rest.get(..size).unwrap_or(rest)))
    }

    /// Counts bytes that were read in vain.
    fn waste(&self, bytes: u64, source: &Source<'_>) -> Result<()> {
        let wasted = self.wasted.get().saturating_add(bytes);
        self.wasted.set(wasted);
        if wasted > WASTE.saturating_add(source.len().saturating_mul(WASTE_EACH)) {
            return Err(Error::LimitExceeded { limit: "objects" });
        }
        Ok(())
    }

    /// The first `endstream` or `endobj` from an offset on, or the end of the file.
    fn after(&self, start: u64, source: &Source<'_>, cx: &Context<'_>) -> Result<u64> {
        if self.words.get().is_none() {
            let _ = self.words.set(words(source, cx)?);
        }
        let words = self.words.get().map_or(&[][..], Vec::as_slice);
        let index = words.partition_point(|at| *at < start);
        Ok(words.get(index).copied().unwrap_or(source.len()))
    }
}

/// Offsets of all `endstream` and `endobj`, in order.
fn words(source: &Source<'_>, cx: &Context<'_>) -> Result<Vec<u64>> {
    let mut out = Vec::new();
    let mut at = 0u64;
    loop {
        cx.check_stop()?;
        let window = source.window(at)?;
        let from = out.len();
        for word in [&b"endstream"[..], b"endobj"] {
            for found in memchr::memmem::find_iter(&window, word) {
                cx.item()?;
                out.push(at.saturating_add(len_u64(found)));
            }
        }
        if let Some(own) = out.get_mut(from..) {
            own.sort_unstable();
        }
        // Words that two windows contain in part.
        let len = len_u64(window.len());
        if len <= 16 || at.saturating_add(len) >= source.len() {
            break;
        }
        at = at.saturating_add(len.saturating_sub(16));
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

/// The indirect object at an offset. `length` resolves what `/Length` says.
pub(super) fn parse_at(
    source: &Source<'_>,
    at: u64,
    expected: Option<Id>,
    cx: &Context<'_>,
    ends: &Ends,
    length: &dyn Fn(&Object) -> Result<Option<i64>>,
) -> Result<Option<(Id, Object)>> {
    let mut size = 1024u64;
    loop {
        let end = at.saturating_add(size).min(source.len());
        let is_all = end == source.len();
        let parsed = ends.peek(source, (at, size), |bytes| parse(bytes, expected, is_all))?;
        match parsed {
            Err(Trouble::End) if !is_all => {
                size = size.saturating_mul(4);
                cx.memory(size)?;
            }
            // Unterminated at the end of the file.
            Err(Trouble::Deep) => return Err(Error::LimitExceeded { limit: "depth" }),
            Err(_) => {
                ends.waste(
                    if size > 1024 {
                        end.saturating_sub(at)
                    } else {
                        0
                    },
                    source,
                )?;
                return Ok(None);
            }
            Ok((id, object, None)) => return Ok(Some((id, object))),
            Ok((id, object, Some(start))) => {
                let Object::Dict(dict) = object else {
                    return Ok(Some((id, object)));
                };
                let start = at.saturating_add(len_u64(start));
                let said = match dict.get("Length") {
                    Some(value) => length(value)?,
                    None => None,
                };
                let data = stream_data(source, start, said, ends, cx)?;
                let stream = Stream { id, dict, data };
                return Ok(Some((id, Object::Stream(stream.into()))));
            }
        }
    }
}

/// Id, object, and where its stream data begins.
type Parsed = (Id, Object, Option<usize>);

/// The object that begins here. One whose id is not the expected one is not read: many rows may lead to one
/// large object. `is_all` says that the file ends with these bytes: otherwise a token that touches their end
/// may go on behind it.
fn parse(bytes: &[u8], expected: Option<Id>, is_all: bool) -> Result<Parsed, Trouble> {
    let mut lexer = Lexer::new(bytes, 0);
    let is_cut = |lexer: &Lexer<'_>| !is_all && lexer.rest().is_empty();
    let (Token::Object(Object::Int(number)), Token::Object(Object::Int(generation))) =
        (lexer.token()?, lexer.token()?)
    else {
        return Err(Trouble::Syntax);
    };
    let back = lexer.at();
    match lexer.token()? {
        Token::Word(word) if word == b"obj" => {}
        // `1 0 obj5`, which some writers make.
        Token::Word(word) if word.starts_with(b"obj") => {
            lexer.seek(back);
            lexer.skip_space();
            lexer.seek(lexer.at().saturating_add(3));
        }
        _ => return Err(Trouble::Syntax),
    }
    let id = Id {
        number: u32::try_from(number).map_err(|_| Trouble::Syntax)?,
        generation: u16::try_from(generation).map_err(|_| Trouble::Syntax)?,
    };
    if expected.is_some_and(|expected| expected != id) {
        return Err(Trouble::Syntax);
    }
    let token = lexer.token()?;
    if matches!(&token, Token::Word(word) if *word == b"endobj") {
        return Ok((id, Object::Null, None));
    }
    let object = lexer.object_from(token, 96)?;
    if is_cut(&lexer) {
        return Err(Trouble::End);
    }
    if !matches!(object, Object::Dict(_)) {
        return Ok((id, object, None));
    }
    match lexer.token() {
        Ok(_) if is_cut(&lexer) => Err(Trouble::End),
        Ok(Token::Word(word)) if word.starts_with(b"stream") => {
            // The word may run into the data.
            let mut at = lexer
                .at()
                .saturating_sub(word.len())
                .saturating_add(b"stream".len());
            if bytes.len() < at.saturating_add(2) {
                return Err(Trouble::End);
            }
            match bytes.get(at..at.saturating_add(2)) {
                Some(b"\r\n") => at = at.saturating_add(2),
                Some([b'\n' | b'\r', _]) => at = at.saturating_add(1),
                Some([b' ', b'\n' | b'\r']) => {
                    at = at.saturating_add(2);
                    if bytes.get(at.saturating_sub(1)..at.saturating_add(1)) == Some(b"\r\n") {
                        at = at.saturating_add(1);
                    }
                }
                _ => {}
            }
            Ok((id, object, Some(at)))
        }
        Err(Trouble::End) => Err(Trouble::End),
        _ => Ok((id, object, None)),
    }
}

/// The coded bytes of a stream: as long as it says where `endstream` follows, up to the next
/// `endstream` or `endobj` otherwise.
fn stream_data(
    source: &Source<'_>,
    start: u64,
    said: Option<i64>,
    ends: &Ends,
    cx: &Context<'_>,
) -> Result<Span> {
    if let Some(len) = said.and_then(|len| u64::try_from(len).ok())
        && let Some(span) = Span::sized(start, len)
        && span.end() <= source.len()
    {
        let is_end = ends.peek(source, (span.end(), 32), |after| {
            let word = after.trim_ascii_start();
            word.starts_with(b"endstream") || word.starts_with(b"endobj")
        })?;
        if is_end {
            return Ok(span);
        }
    }
    let end = ends.after(start, source, cx)?;
    let tail_start = end.saturating_sub(2).max(start);
    let tail = source.read(Span::new(tail_start, end))?;
    let trim = match &*tail {
        [.., b'\r', b'\n'] => 2,
        [.., b'\r' | b'\n'] => 1,
        _ => 0,
    };
    Ok(Span::new(start, end.saturating_sub(trim)))
}
