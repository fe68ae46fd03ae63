//! Orientation: in eXIf (PNG 3rd edition, 11.3.4.5), and in the text chunk that ImageMagick wrote before
//! there was an eXIf.
//!
//! libpng, and with it browsers, drops an eXIf chunk that begins with `Exif\0\0` or with a whole APP1 marker
//! segment; ImageMagick and ExifTool read it. A copy keeps that beginning, so that each reader turns the
//! copy if, and only if, it turned the original.

use super::chunks::Chunk;
use super::layout::Layout;
use super::text;
use crate::bytes::{Context, Source};
use crate::metadata::exif;
use crate::model::{Found, Result};

const PREFIX: &[u8] = b"Exif\0\0";
const APP1: &[u8] = &[0xFF, 0xE1];
/// Keyword of the text chunk.
const KEYWORD: &[u8] = b"Raw\x20profile\x20type\x20exif\0";

/// The data of an eXIf chunk without the marker and the length of an APP1 segment, where it begins so.
pub(super) fn without_marker(data: &[u8]) -> &[u8] {
    match data.get(4..) {
        Some(block) if data.starts_with(APP1) && block.starts_with(PREFIX) => block,
        _ => data,
    }
}

/// The data of an eXIf chunk that says only this orientation, in the form of `old`. `None` where there is
/// nothing to say, or where no reader looks for it.
pub(super) fn block(old: &[u8], orientation: Option<u8>) -> Option<Vec<u8>> {
    // Nothing else in it decides how a PNG looks: colour and density have chunks of their own.
    let minimal = exif::minimal(&exif::Facts {
        orientation,
        ..exif::Facts::default()
    })?;
    if old.starts_with(b"II") || old.starts_with(b"MM") {
        return Some(minimal);
    }
    let block = [PREFIX, &minimal].concat();
    if old.starts_with(PREFIX) {
        return Some(block);
    }
    let is_app1 = old.starts_with(APP1) && old.get(4..).is_some_and(|old| old.starts_with(PREFIX));
    let len = u16::try_from(block.len().checked_add(2)?).ok()?;
    is_app1.then(|| [APP1, &len.to_be_bytes(), &block].concat())
}

/// The orientation in a raw Exif profile, where no eXIf chunk says anything.
///
/// # Errors
/// Those of the budget; reading.
pub(super) fn of_raw_profile(
    layout: &Layout,
    source: &Source<'_>,
    cx: &Context<'_>,
) -> Result<Option<u8>> {
    let early = layout.chunks.iter().take(layout.idat);
    if early.clone().any(|chunk| &chunk.kind == b"eXIf") {
        return Ok(None);
    }
    for chunk in &layout.chunks {
        if !is_raw_profile(chunk, source)? || !chunk.is_intact(source)? {
            continue;
        }
        cx.memory(chunk.data().len())?;
        let data = source.read(chunk.data())?;
        let Some(block) = text::raw_block(chunk.kind, &data, cx)? else {
            continue;
        };
        let facts = exif::read(&block, "", cx, &mut Found::default())?;
        return Ok(facts.telling().orientation);
    }
    Ok(None)
}

fn is_raw_profile(chunk: &Chunk, source: &Source<'_>) -> Result<bool> {
    if !matches!(&chunk.kind, b"tEXt" | b"zTXt" | b"iTXt") {
        return Ok(false);
    }
    let data = chunk.data();
    let len = data.len().min(crate::model::len_u64(KEYWORD.len()));
    Ok(*source.peek(data.start(), len)? == *KEYWORD)
}
