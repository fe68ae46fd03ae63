//! JPEG compression of the old kind (TIFF 6.0 §22): a JPEG stream, tables or both stand anywhere in the
//! file, and strips mostly point into the stream.

use super::extents::extents;
use super::jpeg::{self, Used};
use super::tags::{
    JPEG_AC_TABLES, JPEG_DC_TABLES, JPEG_LENGTH, JPEG_OFFSET, JPEG_Q_TABLES, LENGTH, WIDTH,
};
use super::tree::Node;
use crate::bytes::Context;
use crate::containers::jpeg_segments::end_of_coded;
use crate::containers::tiff::file::TiffFile;
use crate::model::{Result, Span, Step};

const TABLES: &str = "the tables of the coded picture are damaged";

/// The compression scheme.
pub(super) const SCHEME: u64 = 6;

/// Data and what points into it.
#[derive(Debug, Default)]
pub(super) struct OldJpeg {
    /// Pieces of each data block.
    pub(super) data: Vec<Vec<Step>>,
    /// Where the blocks stand in the file.
    pub(super) spans: Vec<Span>,
    /// Tags with offsets: which block, and how far into it.
    pub(super) pointers: Vec<(u16, Vec<(usize, u64)>)>,
    /// Tags with lengths.
    pub(super) lengths: Vec<(u16, Vec<u64>)>,
    /// Metadata that goes.
    pub(super) gone: Vec<Span>,
}

/// Reads all data of a picture.
///
/// # Errors
/// [`crate::model::Error::Malformed`] when it is damaged.
pub(super) fn read(file: &TiffFile<'_, '_>, node: &Node, cx: &Context<'_>) -> Result<OldJpeg> {
    let source = file.source();
    let at = node.directory.table.start();
    let damaged = || file.malformed(at, "the coded picture is damaged");
    let mut out = OldJpeg::default();
    let number = |tag: u16| -> Result<Option<u64>> {
        node.directory
            .get(tag)
            .map_or(Ok(None), |field| file.number(field, cx))
    };
    if let Some(start) = number(JPEG_OFFSET)? {
        let span = match number(JPEG_LENGTH)? {
            Some(len) => Span::sized(start, len),
            // Some programs say it only as the length of the strip.
            None => lone_strip(file, node, cx)?.filter(|span| span.start() == start),
        };
        let span = span
            .filter(|span| span.end() <= source.len())
            .ok_or_else(|| file.malformed(at, "the JPEG stream is cut off"))?;
        let cleaned = jpeg::clean_for(source, span, Some(Used::ALL), file.name())?;
        out.gone.extend(cleaned.gone);
        out.pointers.push((JPEG_OFFSET, vec![(0, 0)]));
        out.data.push(cleaned.pieces);
        out.spans.push(span);
        out.lengths
            .push((JPEG_LENGTH, vec![len_of(out.data.first())]));
    }
    for tag in [JPEG_Q_TABLES, JPEG_DC_TABLES, JPEG_AC_TABLES] {
        let Some(field) = node.directory.get(tag) else {
            continue;
        };
        let mut pointers = Vec::new();
        let starts = file.numbers(field, cx)?;
        for start in starts.ok_or_else(|| file.malformed(at, TABLES))? {
            cx.item()?;
            let len = if tag == JPEG_Q_TABLES {
                64
            } else {
                let counts = source.peek(start, 16)?;
                counts
                    .iter()
                    .fold(16_u64, |sum, n| sum.saturating_add(u64::from(*n)))
            };
            let span = Span::sized(start, len)
                .filter(|span| span.end() <= source.len())
                .ok_or_else(|| file.malformed(at, TABLES))?;
            pointers.push(out.point(span, || Ok(vec![Step::Copy(span)]))?);
        }
        out.pointers.push((tag, pointers));
    }
    if node.has_strips() {
        let extents = extents(file, node, cx)?;
        let (mut pointers, mut lengths) = (Vec::new(), Vec::new());
        for span in &extents.spans {
            let span = span.ok_or_else(|| file.malformed(at, "a strip is missing"))?;
            let mut gone = Vec::new();
            let (block, delta) = out.point(span, || {
                let head = source.peek(span.start(), 2)?;
                if *head == [0xFF, 0xD8] {
                    let cleaned = jpeg::clean_for(source, span, Some(Used::ALL), file.name())?;
                    gone = cleaned.gone;
                    return Ok(cleaned.pieces);
                }
                // The first strip may have the header of the scan with it.
                let header = match *source.peek(span.start(), 4)? {
                    [0xFF, 0xDA, high, low] => {
                        u64::from(u16::from_be_bytes([high, low])).saturating_add(2)
                    }
                    _ => 0,
                };
                let coded = span.start().saturating_add(header);
                let end = end_of_coded(source, coded, span.end())?;
                let end = end.min(span.end());
                if end < span.end() {
                    gone.push(Span::new(end, span.end()));
                }
                Ok(vec![Step::Copy(Span::new(span.start(), end))])
            })?;
            out.gone.extend(gone);
            let end = match out.spans.get(block) {
                Some(whole) if *whole != span => {
                    mapped(out.data.get(block), span.end().min(whole.end()))
                }
                _ => len_of(out.data.get(block)),
            };
            pointers.push((block, delta));
            lengths.push(end.saturating_sub(delta));
        }
        out.pointers.push((extents.offsets_tag, pointers));
        out.lengths.push((extents.lengths_tag, lengths));
    }
    if out.data.is_empty()
        || node
            .directory
            .get(WIDTH)
            .or(node.directory.get(LENGTH))
            .is_none()
    {
        return Err(damaged());
    }
    Ok(out)
}

fn lone_strip(file: &TiffFile<'_, '_>, node: &Node, cx: &Context<'_>) -> Result<Option<Span>> {
    if !node.has_strips() {
        return Ok(None);
    }
    let spans = extents(file, node, cx)?.spans;
    Ok(spans
        .first()
        .copied()
        .flatten()
        .filter(|_| spans.len() == 1))
}

impl OldJpeg {
    /// Points to a span: into a block that holds it, or to a new one.
    fn point(
        &mut self,
        span: Span,
        pieces: impl FnOnce() -> Result<Vec<Step>>,
    ) -> Result<(usize, u64)> {
        let holder = self.spans.iter().position(|whole| whole.contains(span));
        if let Some(block) = holder {
            return Ok((block, mapped(self.data.get(block), span.start())));
        }
        self.data.push(pieces()?);
        self.spans.push(span);
        Ok((self.data.len().saturating_sub(1), 0))
    }
}

/// How far into the copy of a block a place of the original stands.
fn mapped(pieces: Option<&Vec<Step>>, place: u64) -> u64 {
    let mut before = 0_u64;
    for piece in pieces.into_iter().flatten() {
        match piece {
            Step::Copy(span) if place <= span.start() => return before,
            Step::Copy(span) if place < span.end() => {
                return before.saturating_add(place.saturating_sub(span.start()));
            }
            piece => before = before.saturating_add(len_of(Some(&vec![piece.clone()]))),
        }
    }
    before
}

fn len_of(pieces: Option<&Vec<Step>>) -> u64 {
    let pieces = pieces.cloned().unwrap_or_default();
    crate::containers::tiff::write::Data { pieces }.len()
}
