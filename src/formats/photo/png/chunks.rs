//! Chunks: length, type, data, check sum (PNG 3rd edition, 5.3).

use super::NAME;
use crate::bytes::{Context, Order, Source};
use crate::model::{Error, Result, Span};

/// The first eight bytes of every PNG.
pub(super) const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// Length and type stand before the data.
const HEAD: u64 = 8;
/// The check sum stands behind it.
const TAIL: u64 = 4;

/// Name of a chunk type.
pub(super) type Kind = [u8; 4];

/// Where a chunk stands and what it is called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    pub(super) kind: Kind,
    /// All of it, length and check sum included.
    pub(super) span: Span,
}

impl Chunk {
    /// The data alone.
    pub(super) fn data(&self) -> Span {
        Span::new(
            self.span.start().saturating_add(HEAD),
            self.span.end().saturating_sub(TAIL),
        )
    }

    /// The type in letters.
    pub(super) fn name(&self) -> String {
        self.kind.iter().copied().map(char::from).collect()
    }

    /// Whether a decoder that does not know it must give up (5.4).
    pub(super) fn is_critical(&self) -> bool {
        self.kind[0].is_ascii_uppercase()
    }

    /// A check sum that has taken the type.
    pub(super) fn crc(&self) -> crc32fast::Hasher {
        let mut crc = crc32fast::Hasher::new();
        crc.update(&self.kind);
        crc
    }

    /// The check sum that stands in the file.
    pub(super) fn stored_crc(&self, source: &Source<'_>) -> Result<Option<u32>> {
        Ok(Order::Big.u32(&source.peek(self.data().end(), TAIL)?))
    }

    /// Whether the check sum is right.
    pub(super) fn is_intact(&self, source: &Source<'_>) -> Result<bool> {
        let mut crc = self.crc();
        source.for_each(self.data(), |bytes| {
            crc.update(bytes);
            Ok(())
        })?;
        Ok(self.stored_crc(source)? == Some(crc.finalize()))
    }

    /// The data of a chunk without which the picture would be another one.
    ///
    /// # Errors
    /// [`Error::Malformed`] when the check sum is wrong.
    pub(super) fn require<'a>(
        &self,
        source: &Source<'a>,
        cx: &Context<'_>,
    ) -> Result<std::borrow::Cow<'a, [u8]>> {
        if !self.is_intact(source)? {
            return Err(self.wrong_crc());
        }
        cx.memory(self.data().len())?;
        source.read(self.data())
    }

    /// A reason to refuse the file that names this chunk.
    pub(super) fn malformed(&self, what: &str) -> Error {
        Error::malformed(NAME, self.span.start(), what.replace("{}", &self.name()))
    }

    /// The reason for a wrong check sum.
    pub(super) fn wrong_crc(&self) -> Error {
        self.malformed("the check sum of {} is wrong")
    }
}

/// Maximum number of chunks. A gigabyte in IDAT chunks of the usual 8 KiB has 131,072.
const MOST_CHUNKS: usize = 400_000;

/// The chunks of a file.
#[derive(Debug)]
pub(super) struct Chunks {
    /// Up to the first IEND.
    pub(super) all: Vec<Chunk>,
    /// The offset behind the last of them.
    pub(super) end: u64,
}

/// All chunks up to the first IEND. Where the file is damaged behind the first IDAT, decoders have all
/// pixels by then or stop at the missing ones: what follows is no chunk.
///
/// # Errors
/// [`Error::Malformed`] when the file ends before the pixels, or a chunk's type is none.
pub(super) fn walk(source: &Source<'_>, cx: &Context<'_>) -> Result<Chunks> {
    let mut all: Vec<Chunk> = Vec::new();
    let mut end = crate::model::len_u64(SIGNATURE.len());
    let mut has_pixels = false;
    loop {
        cx.item()?;
        let chunk = match chunk(source, end) {
            Ok(chunk) => chunk,
            Err(Error::Malformed { .. }) if has_pixels => return Ok(Chunks { all, end }),
            Err(error) => return Err(error),
        };
        if all.len() >= MOST_CHUNKS {
            return Err(Error::LimitExceeded { limit: "chunks" });
        }
        has_pixels |= &chunk.kind == b"IDAT";
        end = chunk.span.end();
        all.push(chunk);
        if &chunk.kind == b"IEND" {
            return Ok(Chunks { all, end });
        }
    }
}

/// The chunk at an offset.
fn chunk(source: &Source<'_>, at: u64) -> Result<Chunk> {
    let head = source.peek(at, HEAD)?;
    let (Some(len), Some(kind)) = (
        Order::Big.u32(&head),
        head.get(4..).and_then(|kind| kind.first_chunk::<4>()),
    ) else {
        return Err(Error::malformed(NAME, at, "the file ends before IEND"));
    };
    let kind = *kind;
    if !kind.iter().all(u8::is_ascii_alphabetic) || i32::try_from(len).is_err() {
        return Err(Error::malformed(NAME, at, "no chunk where one must be"));
    }
    let span = Span::sized(at, u64::from(len).saturating_add(HEAD).saturating_add(TAIL))
        .filter(|span| span.end() <= source.len())
        .ok_or_else(|| Error::malformed(NAME, at, "the file ends inside a chunk"))?;
    Ok(Chunk { kind, span })
}

/// A chunk made anew.
pub(super) fn encode(kind: Kind, data: &[u8]) -> Result<Vec<u8>> {
    let len = chunk_len(crate::model::len_u64(data.len()))?;
    let mut crc = crc32fast::Hasher::new();
    crc.update(&kind);
    crc.update(data);
    let mut out = Vec::with_capacity(data.len().saturating_add(12));
    Order::Big.put_u32(&mut out, len);
    out.extend_from_slice(&kind);
    out.extend_from_slice(data);
    Order::Big.put_u32(&mut out, crc.finalize());
    Ok(out)
}

/// The length field of a chunk with so much data.
pub(super) fn chunk_len(len: u64) -> Result<u32> {
    i32::try_from(len)
        .ok()
        .and_then(|len| u32::try_from(len).ok())
        .ok_or(Error::LimitExceeded { limit: "chunk" })
}
