//! The boxes of a container (ISO/IEC 18181-2 §9), and a bare codestream.

use super::header::SIGNATURE;
use super::{CUT, NAME};
use crate::bytes::{Context, Order, Source};
use crate::containers::isobmff::{BoxHeader, Boxes};
use crate::model::{Error, Result, Span};

/// The box that every container begins with.
pub(super) const CONTAINER: &[u8] = b"\0\0\0\x0CJXL \r\n\x87\n";
/// The `ftyp` box, of which there is only one form.
pub(super) const FILE_TYPE: &[u8] = b"\0\0\0\x14ftypjxl \0\0\0\0jxl ";
/// Length of the number that begins the body of `jxlp`.
pub(super) const NUMBER: u64 = 4;
/// Flag in that number: the last piece.
pub(super) const LAST: u32 = 0x8000_0000;

/// A box with a part of the codestream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) header: BoxHeader,
    /// The number of a `jxlp` box; `None` for `jxlc`.
    pub(super) number: Option<u32>,
    /// Where its codestream stands.
    pub(super) data: Span,
    /// Where it begins in the codestream.
    pub(super) start: u64,
}

/// A file as it stands.
#[derive(Debug)]
pub(super) enum Layout {
    /// Nothing but the codestream.
    Bare,
    Container {
        /// All boxes behind the signature.
        boxes: Vec<BoxHeader>,
        pieces: Vec<Piece>,
        /// What stands behind the last box.
        rest: Span,
    },
}

impl Layout {
    pub(super) fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        if *source.peek(0, 2)? == *SIGNATURE {
            return Ok(Self::Bare);
        }
        let mut walk = Boxes::new(source, source.whole());
        let mut boxes = Vec::new();
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at;
        loop {
            at = walk.at();
            match walk.next(cx) {
                // The beginning of another file: a film, or a picture of another format.
                Ok(Some(header))
                    if header.is(b"ftyp")
                        && !pieces.is_empty()
                        && *header.peek(source, 4)? != *b"jxl " =>
                {
                    break;
                }
                Ok(Some(header)) => {
                    if let Some(piece) = piece(source, &header, pieces.last())? {
                        check_order(pieces.last(), &piece)?;
                        pieces.push(piece);
                    }
                    boxes.push(header);
                }
                // What is no box stands behind the last one.
                Ok(None) | Err(Error::Malformed { .. }) => break,
                Err(error) => return Err(error),
            }
        }
        if matches!(&*source.peek(at.saturating_add(4), 4)?, b"jxlc" | b"jxlp") {
            return Err(Error::malformed(NAME, at, CUT));
        }
        if pieces.is_empty() {
            return Err(Error::malformed(NAME, at, "there is no codestream"));
        }
        boxes.remove(0);
        Ok(Self::Container {
            boxes,
            pieces,
            rest: Span::new(at, source.len()),
        })
    }

    /// Where the codestream stands.
    pub(super) fn codestream(&self, source: &Source<'_>) -> Vec<Span> {
        match self {
            Self::Bare => vec![source.whole()],
            Self::Container { pieces, .. } => pieces.iter().map(|piece| piece.data).collect(),
        }
    }
}

/// Whether the body of a `jxll` box is a level that there is.
pub(super) fn is_level(body: &[u8]) -> bool {
    matches!(body, [5 | 10])
}

fn piece(source: &Source<'_>, header: &BoxHeader, before: Option<&Piece>) -> Result<Option<Piece>> {
    let start = before.map_or(0, |before| before.start.saturating_add(before.data.len()));
    if header.is(b"jxlc") {
        return Ok(Some(Piece {
            header: *header,
            number: None,
            data: header.body,
            start,
        }));
    }
    if !header.is(b"jxlp") {
        return Ok(None);
    }
    let at = header.body.start();
    let number = Order::Big.u32(&header.peek(source, NUMBER)?);
    let number = number.ok_or_else(|| Error::malformed(NAME, at, "jxlp without a number"))?;
    Ok(Some(Piece {
        header: *header,
        number: Some(number),
        data: Span::new(at.saturating_add(NUMBER), header.body.end()),
        start,
    }))
}

/// Pieces are numbered from 0 on, the last one is marked, and there is one `jxlc` or none.
fn check_order(before: Option<&Piece>, piece: &Piece) -> Result<()> {
    let is_next = match (before.map(|before| before.number), piece.number) {
        (None, None) => true,
        (None, Some(number)) => number & !LAST == 0,
        (Some(Some(before)), Some(number)) => {
            before & LAST == 0 && number & !LAST == before.wrapping_add(1)
        }
        _ => false,
    };
    if is_next {
        return Ok(());
    }
    let at = piece.header.whole.start();
    Err(Error::malformed(
        NAME,
        at,
        "pieces in an order that cannot be",
    ))
}
