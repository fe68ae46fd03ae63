//! One small member without looking at any other: for detection.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::directory::{End, LOCAL_LEN, entry, local_lens};
use super::{CENTRAL, Traces};
use crate::bytes::{Cursor, Source};
use crate::model::Result;

/// How much of the directory is searched, in bytes: packages have their first members there.
const SEARCHED: u64 = 1 << 20;
/// Maximum length of the compressed beginning of a member, in bytes.
const MAXIMUM_PACKED: u64 = 1 << 18;

/// The first bytes of the first member whose name fits, at most `max`. `None` where there is none, or where it cannot
/// be read: then [`super::read`] says why.
///
/// # Errors
/// Reading.
pub fn content(
    source: &Source<'_>,
    fits: impl Fn(&[u8]) -> bool,
    max: u64,
) -> Result<Option<Vec<u8>>> {
    let Ok(end) = End::find(source) else {
        return Ok(None);
    };
    let directory = source.peek(end.directory.start(), end.directory.len().min(SEARCHED))?;
    let mut cursor = Cursor::new(&directory);
    let entry = loop {
        if cursor.rest().get(..4) != Some(CENTRAL) {
            return Ok(None);
        }
        match entry(&mut cursor, &mut Traces::default()) {
            Some(entry) if fits(&entry.name) => break entry,
            Some(_) => {}
            None => return Ok(None),
        }
    };
    let at = end.base.saturating_add(entry.at);
    let Some((name_len, extra_len)) = local_lens(&source.peek(at, LOCAL_LEN)?) else {
        return Ok(None);
    };
    let start = at
        .saturating_add(LOCAL_LEN)
        .saturating_add(name_len)
        .saturating_add(extra_len);
    let packed = source.peek(start, entry.packed.min(MAXIMUM_PACKED))?;
    let mut out = Vec::new();
    let read = match (entry.flags & 1, entry.method) {
        (0, 0) => packed.take(max).read_to_end(&mut out),
        (0, 8) => DeflateDecoder::new(&*packed)
            .take(max)
            .read_to_end(&mut out),
        _ => return Ok(None),
    };
    // A beginning is enough.
    Ok((read.is_ok() || !out.is_empty()).then_some(out))
}
