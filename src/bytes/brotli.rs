//! Brotli streams (RFC 7932), unpacked within a budget.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::Context;
use crate::model::{Result, len_u64};

/// What came out of a stream.
#[derive(Debug)]
pub struct Unpacked {
    /// All that could be unpacked.
    pub bytes: Vec<u8>,
    /// How many bytes of the input belong to the stream.
    pub used: u64,
    /// Whether the end of the stream was met, and no damage before.
    pub is_whole: bool,
}

/// How much is unpacked at a time.
const OUT: usize = 64 << 10;
/// The window of any stream, in bytes, and the tables beside it.
const STATE: u64 = 17 << 20;

/// Unpacks the stream that begins `input`, as far as that goes, and about `max` bytes of it at most.
///
/// # Errors
/// Those of the budget.
pub fn unbrotli(input: &[u8], max: u64, cx: &Context<'_>) -> Result<Unpacked> {
    // A short stream cannot fill a large window, but a hostile one can ask for it.
    cx.memory(STATE)?;
    let alloc = StandardAlloc::default;
    let mut state = BrotliState::new_strict(alloc(), alloc(), alloc());
    let mut out = Unpacked {
        bytes: Vec::new(),
        used: 0,
        is_whole: false,
    };
    let mut buffer = vec![0; OUT];
    let (mut left, mut used, mut total) = (input.len(), 0, 0);
    loop {
        let (mut room, mut written) = (buffer.len(), 0);
        let result = BrotliDecompressStream(
            &mut left,
            &mut used,
            input,
            &mut room,
            &mut written,
            &mut buffer,
            &mut total,
            &mut state,
        );
        cx.memory(len_u64(written))?;
        out.bytes
            .extend_from_slice(buffer.get(..written).unwrap_or_default());
        out.used = len_u64(used);
        if len_u64(out.bytes.len()) > max {
            return Ok(out);
        }
        match result {
            BrotliResult::NeedsMoreOutput if written > 0 => {}
            BrotliResult::ResultSuccess => {
                out.is_whole = true;
                return Ok(out);
            }
            _ => return Ok(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    /// A window of 16 bits, one uncompressed metablock of five bytes, an empty last one.
    const HELLO: &[u8] = &[0x40, 0x00, 0x10, b'h', b'e', b'l', b'l', b'o', 0x03];

    #[test]
    fn finds_its_own_end() {
        with_context(|cx| {
            let all = unbrotli(&[HELLO, b"rest"].concat(), 99, cx).unwrap();
            assert_eq!((all.bytes.as_slice(), all.is_whole), (&b"hello"[..], true));
            assert_eq!(all.used, 9);
            let cut = unbrotli(&HELLO[..6], 99, cx).unwrap();
            assert!(!cut.is_whole && cut.bytes.len() <= 3);
            assert!(!unbrotli(&[0x11; 40], 99, cx).unwrap().is_whole);
            assert!(!unbrotli(b"", 99, cx).unwrap().is_whole);
        });
    }
}
