//! RIFF: chunks with a four-character code, a little-endian length and data padded to an even length
//! (Microsoft *Multimedia Programming Interface and Data Specifications 1.0*; RFC 9649 §2.3).

use crate::bytes::{Context, Cursor, Order, Source};
use crate::model::{Result, Span, len_u64};

/// Length of code and size, in bytes.
pub const HEADER: u64 = 8;

/// A chunk whose data is there as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Four-character code.
    pub id: [u8; 4],
    /// Header, data and the padding byte, where there is one.
    pub span: Span,
    /// The data.
    pub data: Span,
}

impl Chunk {
    /// Code and length.
    #[must_use]
    pub fn header(&self) -> Span {
        Span::new(self.span.start(), self.data.start())
    }

    /// The padding byte: empty behind data of even length, and where it was forgotten.
    #[must_use]
    pub fn padding(&self) -> Span {
        Span::new(self.data.end(), self.span.end())
    }
}

/// The chunks that follow each other in a span, and what is left behind the last one.
#[derive(Debug)]
pub struct Chunks {
    /// In file order, without gap.
    pub chunks: Vec<Chunk>,
    /// Bytes that hold no whole chunk: empty when all is well.
    pub rest: Span,
}

/// Walks the chunks in `within`, which ends in the file.
///
/// # Errors
/// Those of the budget; reading.
pub fn chunks(source: &Source<'_>, within: Span, cx: &Context<'_>) -> Result<Chunks> {
    let mut chunks = Vec::new();
    let mut at = within.start();
    while let Some(chunk) = chunk(source, at, within.end())? {
        cx.item()?;
        at = chunk.span.end();
        chunks.push(chunk);
    }
    Ok(Chunks {
        chunks,
        rest: Span::new(at, within.end()),
    })
}

fn chunk(source: &Source<'_>, at: u64, end: u64) -> Result<Option<Chunk>> {
    let head = source.peek(at, HEADER.min(end.saturating_sub(at)))?;
    Ok((|| {
        let mut cursor = Cursor::new(&head);
        let id = *cursor.take(4)?.first_chunk()?;
        let len = u64::from(cursor.u32(Order::Little)?);
        let data = Span::sized(at.checked_add(HEADER)?, len).filter(|data| data.end() <= end)?;
        let padded = data.end().checked_add(len % 2)?.min(end);
        Some(Chunk {
            id,
            span: Span::new(at, padded),
            data,
        })
    })())
}

/// A chunk with its padding. Its data is far shorter than 4 GiB.
#[must_use]
pub fn to_chunk(id: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = header(id, len_u64(data.len())).to_vec();
    out.extend_from_slice(data);
    if !data.len().is_multiple_of(2) {
        out.push(0);
    }
    out
}

/// Code and length of a chunk; a length of 4 GiB and more, which no chunk can have, becomes the largest.
#[must_use]
pub fn header(id: [u8; 4], len: u64) -> [u8; 8] {
    let [a, b, c, d] = id;
    let [e, f, g, h] = u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes();
    [a, b, c, d, e, f, g, h]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    #[test]
    fn chunks_are_padded_and_end_where_they_end() {
        let mut bytes = to_chunk(*b"odd ", b"abc");
        bytes.extend(to_chunk(*b"even", b"abcd"));
        bytes.extend(b"last\x05\0\0\0abcde");
        bytes.extend(b"no");
        let source = Source::memory(&bytes);
        with_context(|cx| {
            let walk = |end| chunks(&source, Span::new(0, end), cx).unwrap();
            let all = walk(37);
            assert_eq!(all.chunks.len(), 3);
            assert_eq!(all.chunks[0].span, Span::new(0, 12));
            assert_eq!(all.chunks[0].padding(), Span::new(11, 12));
            assert!(all.chunks[1].padding().is_empty());
            // The padding of the last one was forgotten.
            assert!(all.chunks[2].padding().is_empty() && all.rest.is_empty());
            assert_eq!(walk(36).rest, Span::new(24, 36), "its data is cut");
            assert_eq!(walk(3).rest, Span::new(0, 3));
        });
    }
}
