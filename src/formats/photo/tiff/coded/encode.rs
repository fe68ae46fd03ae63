//! Rows compressed anew, where what they hide cannot be cut out otherwise.

use std::io::Write;

use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use weezl::BitOrder;

use super::reverse;
use crate::model::Result;

/// The rows, compressed; `None` for schemes that we do not write.
///
/// # Errors
/// None that a writer into memory has.
pub(in crate::formats::photo::tiff) fn encode(
    scheme: u64,
    rows: &[u8],
    row: usize,
    reversed: bool,
) -> Result<Option<Vec<u8>>> {
    let mut bytes = match scheme {
        5 => weezl::encode::Encoder::with_tiff_size_switch(BitOrder::Msb, 8)
            .encode(rows)
            .map_err(std::io::Error::other)?,
        8 | 32946 => {
            let level = flate2::Compression::default();
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
            encoder.write_all(rows)?;
            encoder.finish()?
        }
        32773 => pack_bits(rows, row),
        50000 => compress_to_vec(rows, CompressionLevel::Fastest),
        _ => return Ok(None),
    };
    if reversed {
        bytes = reverse(&bytes);
    }
    Ok(Some(bytes))
}

/// No run crosses the end of a row (TIFF 6.0 §9).
fn pack_bits(rows: &[u8], row: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for row in rows.chunks(row.max(1)) {
        let mut literal: Vec<u8> = Vec::new();
        for run in row.chunk_by(|a, b| a == b) {
            for run in run.chunks(128) {
                if run.len() < 3 {
                    literal.extend_from_slice(run);
                    continue;
                }
                put(&mut out, &mut literal);
                let len = u8::try_from(run.len()).unwrap_or(128);
                out.push(1_u8.wrapping_sub(len));
                out.extend(run.first());
            }
        }
        put(&mut out, &mut literal);
    }
    out
}

/// Bytes that stand as they are.
fn put(out: &mut Vec<u8>, literal: &mut Vec<u8>) {
    for run in literal.chunks(128) {
        out.push(u8::try_from(run.len().saturating_sub(1)).unwrap_or(127));
        out.extend_from_slice(run);
    }
    literal.clear();
}
