//! JPEG streams in strips and tiles (TIFF Technical Note 2): what decoding needs, without the rest.

use crate::bytes::Source;
use crate::containers::jpeg_segments::{DHT, DQT, is_exact, segments};
use crate::model::{Error, Result, Span, Step};

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
}

/// Looks through the stream in `span`. Application data and comments go, but for what tells decoders
/// the colour transform; so does what stands behind its end.
///
/// # Errors
/// [`Error::Malformed`] when a decoder would stop, too.
pub(super) fn clean(source: &Source<'_>, span: Span, name: &'static str) -> Result<Cleaned> {
    let mut out = Cleaned::default();
    let mut at = span.start();
    for segment in segments(source, span, name)? {
        at = segment.coded.end();
        if segment.marker == 0xFF {
            out.gone.push(segment.span);
            continue;
        }
        if segment.is_metadata() {
            let payload = source.read(segment.payload())?;
            match rebuilt(segment.marker, &payload) {
                Some(bytes) if *source.read(segment.span)? == *bytes => out.keep(segment.span),
                Some(bytes) => {
                    out.gone.push(segment.span);
                    out.pieces.push(Step::Bytes(bytes));
                }
                None => out.gone.push(segment.span),
            }
            continue;
        }
        if matches!(segment.marker, DHT | DQT)
            && !is_exact(segment.marker, &source.read(segment.payload())?)
        {
            let what = "a table of a JPEG has a wrong length";
            return Err(Error::malformed(name, segment.span.start(), what));
        }
        out.keep(Span::new(segment.span.start(), segment.coded.end()));
    }
    if at < span.end() {
        out.gone.push(Span::new(at, span.end()));
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
