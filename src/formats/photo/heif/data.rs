//! The data of an item or sample: one run of bytes that may stand in several pieces of the file.

use super::NAME;
use crate::bytes::{Context, Source};
use crate::model::{Error, Result, Span};

/// Pieces of the file in the order in which a reader joins them.
#[derive(Clone, Debug)]
pub(super) struct Data<'a> {
    source: Source<'a>,
    pieces: Vec<Piece>,
    len: u64,
}

/// Where a piece begins in the joined data, and where it stands in the file.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: u64,
    span: Span,
}

impl<'a> Data<'a> {
    /// Joins spans of the file.
    ///
    /// # Errors
    /// [`Error::Malformed`] when one of them reaches past the end of the file.
    pub(super) fn new(source: &Source<'a>, spans: &[Span]) -> Result<Self> {
        let mut pieces = Vec::with_capacity(spans.len());
        let mut len = 0_u64;
        for span in spans {
            if !source.whole().contains(*span) {
                return Err(Error::malformed(
                    NAME,
                    span.start(),
                    "picture data behind the end of the file",
                ));
            }
            if !span.is_empty() {
                pieces.push(Piece {
                    at: len,
                    span: *span,
                });
                len = len.saturating_add(span.len());
            }
        }
        Ok(Self {
            source: *source,
            pieces,
            len,
        })
    }

    /// Length of the joined data in bytes.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The pieces, none of them empty.
    pub(super) fn spans(&self) -> impl Iterator<Item = Span> {
        self.pieces.iter().map(|piece| piece.span)
    }

    /// Where a part of the joined data stands in the file; as much of it as there is.
    pub(super) fn slice(&self, at: u64, len: u64) -> Vec<Span> {
        let end = at.saturating_add(len).min(self.len);
        let first = self
            .pieces
            .partition_point(|piece| piece.at.saturating_add(piece.span.len()) <= at);
        let mut out = Vec::new();
        for piece in self.pieces.iter().skip(first) {
            if piece.at >= end {
                break;
            }
            let skip = at.saturating_sub(piece.at);
            let upto = end.saturating_sub(piece.at).min(piece.span.len());
            let start = piece.span.start();
            out.push(Span::new(
                start.saturating_add(skip),
                start.saturating_add(upto),
            ));
        }
        out
    }

    /// Some of the joined data in memory; as much of it as there is.
    ///
    /// # Errors
    /// As [`Source::read`] and [`Context::memory`].
    pub(super) fn read(&self, at: u64, len: u64, cx: &Context<'_>) -> Result<Vec<u8>> {
        let spans = self.slice(at, len);
        cx.memory(
            spans
                .iter()
                .fold(0, |sum, span| sum.saturating_add(span.len())),
        )?;
        let mut out = Vec::new();
        for span in spans {
            out.extend_from_slice(&self.source.read(span)?);
        }
        Ok(out)
    }

    /// All of it in memory.
    ///
    /// # Errors
    /// As [`Data::read`].
    pub(super) fn read_all(&self, cx: &Context<'_>) -> Result<Vec<u8>> {
        self.read(0, self.len, cx)
    }
}
