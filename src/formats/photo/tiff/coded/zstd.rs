//! Zstandard (RFC 8878 §3.1).

use std::io::Read;

use ruzstd::decoding::StreamingDecoder;

use super::{Coded, End, Out, PIECE};
use crate::bytes::Context;
use crate::model::{Result, len_u64};

/// Decodes the first frame; decoders look no further.
pub(super) fn walk(coded: &Coded<'_, '_>, cx: &Context<'_>, out: &mut Out<'_>) -> Result<End> {
    let bytes = coded.read(cx)?;
    let frame = frame(&bytes).ok_or_else(|| coded.damaged())?;
    let mut made = 0_u64;
    decode(&bytes, &frame, coded, cx, &mut |piece| {
        made = made.saturating_add(len_u64(piece.len()));
        out.push(piece)
    })?;
    if frame.size.is_some_and(|size| size != made) {
        return Err(coded.damaged());
    }
    Ok(End {
        at: Some(coded.place(len_u64(frame.len))),
        too_much: out.telling,
        ..End::default()
    })
}

/// What the blocks of the first frame hold.
pub(super) fn all(
    bytes: &[u8],
    coded: &Coded<'_, '_>,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<u64> {
    let frame = frame(bytes).ok_or_else(|| coded.damaged())?;
    decode(bytes, &frame, coded, cx, sink)?;
    Ok(len_u64(frame.len))
}

fn decode(
    bytes: &[u8],
    frame: &Frame,
    coded: &Coded<'_, '_>,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let whole = bytes.get(..frame.len).unwrap_or_default();
    let mut decoder = StreamingDecoder::new(whole).map_err(|_| coded.damaged())?;
    let mut piece = vec![0; PIECE];
    loop {
        let n = decoder.read(&mut piece).map_err(|_| coded.damaged())?;
        if n == 0 {
            break;
        }
        cx.memory(len_u64(n))?;
        sink(piece.get(..n).unwrap_or_default())?;
    }
    let decoder = decoder.into_frame_decoder();
    if frame.has_sum && decoder.get_checksum_from_data() != decoder.get_calculated_checksum() {
        return Err(coded.damaged());
    }
    Ok(())
}

struct Frame {
    len: usize,
    /// Bytes that come out of it.
    size: Option<u64>,
    has_sum: bool,
}

/// The first frame, whose blocks tell their lengths. `None` also where a dictionary is named or a bit
/// set that means nothing: nobody writes those into a TIFF.
fn frame(bytes: &[u8]) -> Option<Frame> {
    let rest = bytes.strip_prefix(b"\x28\xB5\x2F\xFD")?;
    let flags = *rest.first()?;
    if flags & 0b1_1011 != 0 {
        return None;
    }
    let single = usize::from(flags >> 5 & 1);
    let size_len = match flags >> 6 {
        0 => single,
        n => 1 << n,
    };
    let header = 6_usize.checked_sub(single)?.checked_add(size_len)?;
    let field = bytes.get(header.checked_sub(size_len)?..header)?;
    let size = field
        .iter()
        .rev()
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let size = match size_len {
        0 => None,
        2 => size.checked_add(256),
        _ => Some(size),
    };
    let mut at = header;
    loop {
        let [a, b, c] = *bytes.get(at..)?.first_chunk()?;
        let block = u32::from_le_bytes([a, b, c, 0]);
        let len = match block >> 1 & 3 {
            0 | 2 => usize::try_from(block >> 3).ok()?,
            1 => 1,
            _ => return None,
        };
        at = at.checked_add(3)?.checked_add(len)?;
        if block & 1 == 1 {
            break;
        }
    }
    let has_sum = flags >> 2 & 1 == 1;
    let len = at.checked_add(if has_sum { 4 } else { 0 })?;
    (len <= bytes.len()).then_some(Frame { len, size, has_sum })
}
