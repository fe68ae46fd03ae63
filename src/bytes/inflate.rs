//! zlib streams (RFC 1950), inflated piece by piece within a budget.

use flate2::{Decompress, FlushDecompress, Status};

use super::Context;
use crate::model::{Error, Result, len_u64};

/// A zlib stream that is fed piece by piece and finds its own end.
pub struct Inflate {
    state: Decompress,
    out: Vec<u8>,
    /// Size of `out` in use, in bytes.
    piece: usize,
    done: bool,
}

/// How much is inflated at a time.
const OUT: usize = 64 << 10;

impl Inflate {
    /// At the beginning of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::with(true)
    }

    /// At the beginning of a stream that lacks the zlib header and check sum (RFC 1951).
    #[must_use]
    pub fn raw() -> Self {
        Self::with(false)
    }

    /// As [`Inflate::raw`], for a stream of at most this many bytes: what comes out of a short one is handed
    /// on in shorter pieces.
    #[must_use]
    pub fn raw_of(len: usize) -> Self {
        let mut inflate = Self::with(false);
        inflate.piece = len.saturating_mul(4).clamp(1 << 10, OUT);
        inflate
    }

    fn with(zlib_header: bool) -> Self {
        Self {
            state: Decompress::new(zlib_header),
            out: Vec::new(),
            piece: OUT,
            done: false,
        }
    }

    /// Inflates from `input` and hands what comes out to `sink`, in pieces of at most 64 KiB. Returns
    /// how many bytes of `input` belong to the stream: fewer than all only behind its end.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is no zlib stream or its check sum is wrong; the budget's; `sink`'s.
    pub fn feed(
        &mut self,
        input: &[u8],
        cx: &Context<'_>,
        mut sink: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<u64> {
        let start = self.state.total_in();
        self.out.resize(self.piece, 0);
        while !self.done {
            let used =
                usize::try_from(self.state.total_in().saturating_sub(start)).map_err(|_| {
                    Error::LimitExceeded {
                        limit: "address space",
                    }
                })?;
            let rest = input.get(used..).unwrap_or_default();
            let before = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .decompress(rest, &mut self.out, FlushDecompress::None)
                .map_err(|_| {
                    Error::malformed("zlib", before.0, "the compressed data is damaged")
                })?;
            let n = self.state.total_out().saturating_sub(before.1);
            cx.memory(n)?;
            sink(
                self.out
                    .get(..usize::try_from(n).unwrap_or(OUT))
                    .unwrap_or_default(),
            )?;
            self.done = status == Status::StreamEnd;
            let stuck = before == (self.state.total_in(), self.state.total_out());
            if stuck || (rest.is_empty() && n == 0) {
                break;
            }
        }
        Ok(self.state.total_in().saturating_sub(start))
    }

    /// Whether the end of the stream, check sum included, was met.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }
}

impl Default for Inflate {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Inflate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inflate")
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

/// The whole of a zlib stream that ends somewhere in `input`, and how many bytes it took.
///
/// # Errors
/// As [`Inflate::feed`]; [`Error::Malformed`] when the stream does not end.
pub fn inflate_all(input: &[u8], cx: &Context<'_>) -> Result<(Vec<u8>, u64)> {
    let mut out = Vec::new();
    let mut inflate = Inflate::new();
    let used = inflate.feed(input, cx, |piece| {
        out.extend_from_slice(piece);
        if len_u64(out.len()) > cx.limits().block {
            return Err(Error::LimitExceeded { limit: "block" });
        }
        Ok(())
    })?;
    if !inflate.is_done() {
        return Err(Error::malformed(
            "zlib",
            used,
            "the compressed data stops early",
        ));
    }
    Ok((out, used))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::bytes::testing::with_context;

    #[test]
    fn finds_its_own_end() {
        let mut encoder =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&[7; 200_000]).unwrap();
        let mut stream = encoder.finish().unwrap();
        let end = stream.len();
        stream.extend_from_slice(b"leftover");
        with_context(|cx| {
            let (out, used) = inflate_all(&stream, cx).unwrap();
            assert_eq!((out, used), (vec![7; 200_000], len_u64(end)));
            assert!(inflate_all(&stream[..end - 1], cx).is_err());
            // One byte at a time gives the same.
            let (mut inflate, mut out) = (Inflate::new(), Vec::new());
            for byte in &stream {
                inflate
                    .feed(&[*byte], cx, |p| Ok(out.extend_from_slice(p)))
                    .unwrap();
            }
            assert!(inflate.is_done());
            assert_eq!(out, vec![7; 200_000]);
        });
    }
}
