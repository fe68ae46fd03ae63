//! The zlib stream of one picture, spread over its chunks (PNG 3rd edition, 10.2).

use flate2::{Compress, Compression, FlushCompress, Status};

use super::NAME;
use super::layout::{Layout, Picture};
use crate::bytes::{Context, Inflate, Source};
use crate::model::{Error, Result, len_u64};

/// Bytes of a fdAT chunk before its share of the stream.
const SEQUENCE: usize = 4;
/// How much is inflated before somebody asks whether there is too much of it.
const PIECE: usize = 32 << 10;

/// How the stream of a picture ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With the last scanline, in the picture's `chunk`th chunk after `used` bytes of its data.
    Exact {
        /// Index into [`Picture::chunks`].
        chunk: usize,
        /// Bytes of its data up to the end of the stream.
        used: u64,
    },
    /// It goes on behind the last scanline.
    Excess,
}

/// Hands the scanlines of a picture, filtered as they stand, to `sink`, and not a byte more.
///
/// # Errors
/// [`Error::Malformed`] when the stream or a chunk up to its end is damaged, or when there are too few
/// scanlines: decoders show nothing, or part of the picture.
pub(super) fn read(
    layout: &Layout,
    picture: &Picture,
    source: &Source<'_>,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<End> {
    let mut left = scanline_bytes(layout, picture)?;
    let mut excess = false;
    let mut inflate = if layout.apple {
        Inflate::raw()
    } else {
        Inflate::new()
    };
    for (nth, index) in picture.chunks.iter().enumerate() {
        let chunk = layout.chunk(*index)?;
        let mut crc = chunk.crc();
        let mut skip = if &chunk.kind == b"fdAT" { SEQUENCE } else { 0 };
        let mut used = 0u64;
        source.for_each(chunk.data(), |bytes| {
            crc.update(bytes);
            let (number, bytes) = bytes.split_at_checked(skip).unwrap_or((bytes, &[]));
            skip = skip.saturating_sub(number.len());
            used = used.saturating_add(len_u64(number.len()));
            for piece in bytes.chunks(PIECE) {
                if excess || inflate.is_done() {
                    break;
                }
                let taken = inflate.feed(piece, cx, |out| {
                    let wanted = usize::try_from(left).unwrap_or(usize::MAX);
                    let (wanted, more) = out.split_at_checked(wanted).unwrap_or((out, &[]));
                    left = left.saturating_sub(len_u64(wanted.len()));
                    excess |= !more.is_empty();
                    sink(wanted)
                });
                used = used.saturating_add(match taken {
                    // Whatever comes behind the last scanline need not be whole: it goes.
                    Err(Error::Malformed { format: "zlib", .. }) if excess => 0,
                    Err(Error::Malformed { format: "zlib", .. }) => {
                        return Err(chunk.malformed("the pixels in {} are damaged"));
                    }
                    taken => taken?,
                });
            }
            Ok(())
        })?;
        if chunk.stored_crc(source)? != Some(crc.finalize()) {
            return Err(chunk.wrong_crc());
        }
        if excess {
            return Ok(End::Excess);
        }
        if inflate.is_done() && left == 0 {
            return Ok(End::Exact { chunk: nth, used });
        }
    }
    Err(Error::malformed(
        NAME,
        source.len(),
        "part of the pixels is missing",
    ))
}

/// Length of all scanlines of a picture.
fn scanline_bytes(layout: &Layout, picture: &Picture) -> Result<u64> {
    let passes = layout.header.passes(picture.width, picture.height);
    passes
        .iter()
        .try_fold(0u64, |sum, pass| {
            sum.checked_add(pass.rows.checked_mul(pass.row)?)
        })
        .ok_or(Error::LimitExceeded { limit: "pixels" })
}

/// A stream with the scanlines of a picture and nothing else.
///
/// # Errors
/// As [`read`]; [`Error::LimitExceeded`] when it does not fit into memory.
pub(super) fn deflate_again(
    layout: &Layout,
    picture: &Picture,
    source: &Source<'_>,
    cx: &Context<'_>,
) -> Result<Vec<u8>> {
    let mut deflate = Deflate::new(!layout.apple);
    read(layout, picture, source, cx, &mut |scanlines| {
        deflate.feed(scanlines, FlushCompress::None, cx)
    })?;
    deflate.feed(&[], FlushCompress::Finish, cx)?;
    Ok(deflate.out)
}

/// The whole of `bytes` as a zlib stream.
///
/// # Errors
/// Those of the budget.
pub(super) fn deflate(bytes: &[u8], cx: &Context<'_>) -> Result<Vec<u8>> {
    let mut deflate = Deflate::new(true);
    deflate.feed(bytes, FlushCompress::Finish, cx)?;
    Ok(deflate.out)
}

/// A deflater with fixed settings: the same bytes in, the same bytes out.
struct Deflate {
    state: Compress,
    piece: Vec<u8>,
    out: Vec<u8>,
}

impl Deflate {
    fn new(zlib_header: bool) -> Self {
        Self {
            state: Compress::new(Compression::best(), zlib_header),
            piece: vec![0; PIECE],
            out: Vec::new(),
        }
    }

    fn feed(&mut self, mut input: &[u8], flush: FlushCompress, cx: &Context<'_>) -> Result<()> {
        loop {
            let before = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .compress(input, &mut self.piece, flush)
                .map_err(|_| Error::LimitExceeded { limit: "deflate" })?;
            let count =
                |now: u64, then: u64| usize::try_from(now.saturating_sub(then)).unwrap_or(0);
            let taken = count(self.state.total_in(), before.0);
            let made = count(self.state.total_out(), before.1);
            input = input.get(taken..).unwrap_or_default();
            self.out
                .extend_from_slice(self.piece.get(..made).unwrap_or_default());
            cx.memory(len_u64(made))?;
            if len_u64(self.out.len()) > cx.limits().block {
                return Err(Error::LimitExceeded { limit: "block" });
            }
            let finished = match flush {
                FlushCompress::Finish => status == Status::StreamEnd,
                _ => input.is_empty() && made < self.piece.len(),
            };
            if finished {
                return Ok(());
            }
            if taken == 0 && made == 0 {
                return Err(Error::LimitExceeded { limit: "deflate" });
            }
        }
    }
}
