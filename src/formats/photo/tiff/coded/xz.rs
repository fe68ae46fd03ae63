//! LZMA in the `.xz` container (The .xz File Format 1.2). A copy gets a container of its own around the
//! same chunks: check sums and sizes that may be left out are.

use super::{Coded, End, reverse};
use crate::bytes::{Context, Order};
use crate::model::{Result, Span, Step, len_u64};

const MAGIC: &[u8] = b"\xFD7zXZ\0";
const FOOTER: &[u8] = b"YZ";
/// Kinds of filters: difference of bytes, and LZMA2.
const DELTA: u8 = 3;
const LZMA2: u8 = 0x21;

/// Walks the chunks of the first block.
pub(super) fn walk(coded: &Coded<'_, '_>, cx: &Context<'_>) -> Result<End> {
    let bytes = coded.read(cx)?;
    let stream = stream(&bytes).ok_or_else(|| coded.damaged())?;
    let made = stream.made;
    let span = Span::new(
        coded.place(len_u64(stream.from)),
        coded.place(len_u64(stream.to)),
    );
    let (head, tail) = stream.around(&bytes);
    let chunks = bytes.get(stream.from..stream.to).unwrap_or_default();
    let same = *bytes == *[&head, chunks, &tail].concat();
    let [head, tail] = [head, tail].map(|bytes| {
        if coded.reversed {
            reverse(&bytes)
        } else {
            bytes
        }
    });
    let anew = vec![Step::bytes(head), Step::Copy(span), Step::bytes(tail)];
    Ok(End {
        at: Some(coded.span.end()),
        too_much: coded.expected.is_some_and(|expected| made > expected),
        anew: (!same).then_some(anew),
        ..End::default()
    })
}

/// What is needed of a stream.
struct Stream {
    /// Kinds and properties of the filters, in a form that we would write.
    filters: Vec<u8>,
    /// The chunks.
    from: usize,
    to: usize,
    /// Bytes that come out of them.
    made: u64,
}

fn stream(bytes: &[u8]) -> Option<Stream> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let [0, check] = *rest.first_chunk()? else {
        return None;
    };
    if !matches!(check, 0 | 1 | 4 | 10) || sum(rest.get(..2)?) != *rest.get(2..6)? {
        return None;
    }
    // The header of a block: its length, which fields there are, the filters.
    let block = bytes.get(12..)?;
    let len = usize::from(*block.first().filter(|len| **len != 0)?)
        .checked_add(1)?
        .checked_mul(4)?;
    let header = block.get(..len)?;
    let (header, crc) = header.split_at_checked(len.checked_sub(4)?)?;
    if sum(header) != *crc {
        return None;
    }
    let flags = *header.get(1)?;
    let mut at = 2;
    for bit in [0x40, 0x80] {
        if flags & bit != 0 {
            number(header, &mut at)?;
        }
    }
    let mut filters = Vec::new();
    let count = flags & 3;
    if flags & 0x3C != 0 {
        return None;
    }
    for nth in 0..=count {
        let [kind, 1, property] = *header.get(at..)?.first_chunk()? else {
            return None;
        };
        if kind != if nth == count { LZMA2 } else { DELTA } {
            return None;
        }
        at = at.checked_add(3)?;
        filters.extend([kind, 1, property]);
    }
    let from = len.checked_add(12)?;
    let (mut to, mut made) = (from, 0_u64);
    loop {
        let control = *bytes.get(to)?;
        let short = |at: usize| {
            Order::Big
                .u16(bytes.get(to.checked_add(at)?..)?)
                .map(usize::from)
        };
        let (head, len, out) = match control {
            0 => {
                to = to.checked_add(1)?;
                break;
            }
            1 | 2 => {
                let len = short(1)?.checked_add(1)?;
                (3, len, len)
            }
            0x80.. => {
                let high = usize::from(control & 0x1F) << 16;
                let out = short(1)?.checked_add(high)?.checked_add(1)?;
                let head = if control >= 0xC0 { 6 } else { 5 };
                (head, short(3)?.checked_add(1)?, out)
            }
            _ => return None,
        };
        to = to.checked_add(head)?.checked_add(len)?;
        made = made.checked_add(len_u64(out))?;
    }
    Some(Stream {
        filters,
        from,
        to,
        made,
    })
}

impl Stream {
    /// What stands before and behind the chunks in a copy.
    fn around(&self, bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let mut header = vec![
            0,
            u8::try_from((self.filters.len() / 3).saturating_sub(1)).unwrap_or(0),
        ];
        header.extend_from_slice(&self.filters);
        pad(&mut header);
        let words = u8::try_from(header.len() / 4).unwrap_or(0);
        if let Some(first) = header.first_mut() {
            *first = words;
        }
        header.extend(sum(&header));
        let mut head = MAGIC.to_vec();
        head.extend([0, 0]);
        head.extend(sum(&[0, 0]));
        let chunks = bytes.get(self.from..self.to).unwrap_or_default();
        let unpadded = len_u64(header.len()).saturating_add(len_u64(chunks.len()));
        head.append(&mut header);
        let mut tail = vec![0; chunks.len().wrapping_neg() % 4];
        let mut index = vec![0, 1];
        put(&mut index, unpadded);
        put(&mut index, self.made);
        pad(&mut index);
        index.extend(sum(&index));
        let words = u32::try_from((index.len() / 4).saturating_sub(1)).unwrap_or(0);
        let mut footer = words.to_le_bytes().to_vec();
        footer.extend([0, 0]);
        tail.append(&mut index);
        tail.extend(sum(&footer));
        tail.append(&mut footer);
        tail.extend_from_slice(FOOTER);
        (head, tail)
    }
}

fn sum(bytes: &[u8]) -> [u8; 4] {
    crc32fast::hash(bytes).to_le_bytes()
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

/// A number in groups of seven bits.
fn number(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut out = 0_u64;
    for shift in (0..63).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at = at.checked_add(1)?;
        out |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(out);
        }
    }
    None
}

fn put(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(u8::try_from(n & 0x7F).unwrap_or(0) | 0x80);
        n >>= 7;
    }
    out.push(u8::try_from(n).unwrap_or(0));
}
