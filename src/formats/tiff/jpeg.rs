//! JPEG streams in strips and tiles (TIFF Technical Note 2): what decoding needs, without the rest.

use crate::bytes::{Order, Source};
use crate::model::{Error, Result, Span, Step};

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const DHT: u8 = 0xC4;
const DQT: u8 = 0xDB;
const COM: u8 = 0xFE;
const JPEG_LS: u8 = 0xF7;

/// Density 1:1 without unit, no thumbnail.
const JFIF: &[u8] = b"\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";

/// A stream without what decoding does not need.
#[derive(Debug, Default)]
pub(super) struct Cleaned {
    pub(super) pieces: Vec<Step>,
    /// What goes.
    pub(super) gone: Vec<Span>,
}

impl Cleaned {
    fn keep(&mut self, span: Span) {
        match self.pieces.last_mut() {
            Some(Step::Copy(last)) if last.end() == span.start() => {
                *last = Span::new(last.start(), span.end());
            }
            _ if span.is_empty() => {}
            _ => self.pieces.push(Step::Copy(span)),
        }
    }

    fn drop(&mut self, span: Span) {
        if !span.is_empty() {
            self.gone.push(span);
        }
    }
}

/// Looks through the stream in `span`. Application data and comments go, but for what tells decoders
/// the colour transform; so does what stands behind its end.
///
/// # Errors
/// [`Error::Malformed`] when a decoder would stop, too.
pub(super) fn clean(source: &Source<'_>, span: Span, name: &'static str) -> Result<Cleaned> {
    let bad = |at, what: &'static str| Error::malformed(name, at, what);
    let end = span.end();
    let mut out = Cleaned::default();
    if *source.peek(span.start(), 2)? != [0xFF, SOI] || span.len() < 4 {
        return Err(bad(span.start(), "a strip or tile is no JPEG"));
    }
    let mut at = span.start().saturating_add(2);
    out.keep(Span::new(span.start(), at));
    while at < end {
        // Fill bytes may stand before any marker.
        let head = source.read(Span::new(at, at.saturating_add(2).min(end)))?;
        let [0xFF, marker] = *head else {
            if head.len() < 2 {
                out.drop(Span::new(at, end));
                return Ok(out);
            }
            return Err(bad(at, "garbage between the segments of a JPEG"));
        };
        let after = at.saturating_add(2);
        match marker {
            0xFF => {
                out.drop(Span::new(at, at.saturating_add(1)));
                at = at.saturating_add(1);
                continue;
            }
            EOI => {
                out.keep(Span::new(at, after));
                out.drop(Span::new(after, end));
                return Ok(out);
            }
            SOI | JPEG_LS | 0x00..=0xBF | 0xF0..=0xF6 | 0xF8..=0xFD => {
                return Err(bad(at, "a marker of a JPEG that is not understood"));
            }
            0xD0..=0xD7 => {
                out.keep(Span::new(at, after));
                at = after;
                continue;
            }
            _ => {}
        }
        let len = source.read(Span::new(after, after.saturating_add(2).min(end)))?;
        let len = Order::Big.u16(&len).unwrap_or(0);
        let segment = Span::new(at, after.saturating_add(u64::from(len)));
        if len < 2 || segment.end() > end {
            return Err(bad(at, "a segment of a JPEG is cut off"));
        }
        let payload = source.read(Span::new(after.saturating_add(2), segment.end()))?;
        match marker {
            0xE0..=0xEF | COM => match rebuilt(marker, &payload) {
                Some(bytes) if *source.read(segment)? == *bytes => out.keep(segment),
                Some(bytes) => {
                    out.drop(segment);
                    out.pieces.push(Step::Bytes(bytes));
                }
                None => out.drop(segment),
            },
            DHT | DQT if !is_exact(marker, &payload) => {
                return Err(bad(at, "a table of a JPEG has a wrong length"));
            }
            _ => out.keep(segment),
        }
        at = segment.end();
        if marker == SOS {
            let coded = Span::new(at, end_of_coded(source, at, end)?);
            out.keep(coded);
            at = coded.end();
        }
    }
    Ok(out)
}

/// What is left of application data.
fn rebuilt(marker: u8, payload: &[u8]) -> Option<Vec<u8>> {
    match marker {
        0xE0 if payload.starts_with(b"JFIF\0") => Some(JFIF.to_vec()),
        // Version 100, no flags, and the colour transform.
        0xEE if payload.starts_with(b"Adobe") => payload.get(11).map(|transform| {
            let mut out = b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0".to_vec();
            out.push(*transform);
            out
        }),
        _ => None,
    }
}

/// Whether tables fill their segment.
fn is_exact(marker: u8, payload: &[u8]) -> bool {
    let mut rest = payload;
    while let Some(first) = rest.first() {
        let len = if marker == DQT {
            if first >> 4 == 0 { 65 } else { 129 }
        } else {
            let counts = rest.get(1..17).unwrap_or_default();
            let codes: usize = counts.iter().map(|n| usize::from(*n)).sum();
            codes.saturating_add(17)
        };
        match rest.get(len..) {
            Some(more) => rest = more,
            None => return false,
        }
    }
    true
}

/// Where coded data ends: before the first marker that is no restart.
pub(super) fn end_of_coded(source: &Source<'_>, from: u64, end: u64) -> Result<u64> {
    let mut at = from;
    while at < end {
        let window = source.window(at)?;
        let left = usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX);
        let window = window.get(..left.min(window.len())).unwrap_or_default();
        let mut seen = 0_usize;
        loop {
            let rest = window.get(seen..).unwrap_or_default();
            let Some(found) = memchr::memchr(0xFF, rest) else {
                at = at.saturating_add(crate::model::len_u64(window.len()));
                break;
            };
            let ff = seen.saturating_add(found);
            match window.get(ff.saturating_add(1)) {
                Some(0x00 | 0xD0..=0xD7) => seen = ff.saturating_add(2),
                Some(_) => return Ok(at.saturating_add(crate::model::len_u64(ff))),
                // The marker's second byte stands in the next window, or nowhere.
                None if ff == 0 => return Ok(end),
                None => {
                    at = at.saturating_add(crate::model::len_u64(ff));
                    break;
                }
            }
        }
    }
    Ok(end)
}
