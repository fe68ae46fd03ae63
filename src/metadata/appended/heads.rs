//! Pieces that are known by their beginning.

use memchr::{memchr, memmem};

use crate::bytes::{Context, Order, Source};
use crate::metadata::quicktime;
use crate::model::{Result, Span, len_u64};

pub(super) const MOTION: &str = "trailer.motion";
pub(super) const PICTURE: &str = "trailer.picture";
pub(super) const ARCHIVE: &str = "trailer.archive";
pub(super) const VENDOR: &str = "trailer.vendor";
pub(super) const EXIF: &str = "trailer.exif";
pub(super) const XMP: &str = "trailer.xmp";

/// How a piece begins.
pub(super) struct Head {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// Offset of the magic.
    at: usize,
    magic: &'static [u8],
    /// Whether it is looked for further in: long magics only.
    anywhere: bool,
    /// Where it ends; `None` when it is not one after all.
    end: fn(&Source<'_>, &Context<'_>) -> Result<Option<u64>>,
}

#[rustfmt::skip] // One row a line.
static HEADS: &[Head] = &[
    row(PICTURE, "HEIF picture", 4, b"ftyp", true, heif),
    row(PICTURE, "JPEG XL", 0, b"\0\0\0\x0CJXL \r\n\x87\n", true, boxes),
    row(PICTURE, "JPEG 2000", 0, b"\0\0\0\x0CjP  \r\n\x87\n", true, boxes),
    row(PICTURE, "JPEG 2000", 0, b"\xFF\x4F\xFF\x51\0", true, all),
    row(PICTURE, "JPEG XL", 0, b"\xFF\x0A", false, all),
    row(MOTION, "film", 4, b"ftyp", true, film),
    row(EXIF, "Exif", 0, b"Exif\0\0", true, exif),
    row(EXIF, "Exif", 0, b"EXIF", true, exif_chunk),
    row(EXIF, "Exif", 0, b"eXIf", true, exif_of_png),
    row(XMP, "XMP", 0, b"<?xpacket", true, packet),
    row(XMP, "XMP", 0, b"<x:xmpmeta", true, packet),
    row(PICTURE, "JPEG", 0, b"\xFF\xD8\xFF", true, jpeg),
    row(PICTURE, "PNG", 0, b"\x89PNG\r\n\x1A\n", true, png),
    row(PICTURE, "GIF", 0, b"GIF87a", true, all),
    row(PICTURE, "GIF", 0, b"GIF89a", true, all),
    row(PICTURE, "WebP", 8, b"WEBP", true, riff),
    row(PICTURE, "TIFF", 0, b"II*\0", false, all),
    row(PICTURE, "TIFF", 0, b"MM\0*", false, all),
    row(PICTURE, "Photoshop picture", 0, b"8BPS", false, all),
    row(MOTION, "Matroska film", 0, b"\x1A\x45\xDF\xA3", false, all),
    row(ARCHIVE, "ZIP archive", 0, b"PK\x03\x04", true, all),
    row(ARCHIVE, "ZIP archive", 0, b"PK\x05\x06", true, all),
    row(ARCHIVE, "RAR archive", 0, b"Rar!\x1A\x07", true, all),
    row(ARCHIVE, "7z archive", 0, b"7z\xBC\xAF\x27\x1C", true, all),
    row(ARCHIVE, "xz data", 0, b"\xFD7zXZ\0", true, all),
    row(ARCHIVE, "gzip data", 0, b"\x1F\x8B\x08", false, all),
    row(ARCHIVE, "PDF", 0, b"%PDF-", true, all),
    row(ARCHIVE, "OLE document", 0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", true, all),
    row(ARCHIVE, "program", 0, b"MZ", false, all),
    row(ARCHIVE, "program", 0, b"\x7FELF", false, all),
    row(ARCHIVE, "HTML", 0, b"<!DOCTYPE", true, all),
    row(ARCHIVE, "HTML", 0, b"<html", true, all),
    row(ARCHIVE, "HTML", 0, b"<script", true, all),
    row(ARCHIVE, "PHP program", 0, b"<?php", true, all),
    row(ARCHIVE, "XML", 0, b"<?xml", true, all),
    row(VENDOR, "Sony hidden data", 0, b"\x55\x26\x11\x05\x00", false, all),
    row(VENDOR, "Vivo data", 0, b"vivo{\"", true, all),
    row(VENDOR, "Vivo data", 0, b"streamdata", false, all),
    row(VENDOR, "RIFF data", 0, b"RIFF", false, riff),
];

const fn row(
    id: &'static str,
    name: &'static str,
    at: usize,
    magic: &'static [u8],
    anywhere: bool,
    end: fn(&Source<'_>, &Context<'_>) -> Result<Option<u64>>,
) -> Head {
    Head {
        id,
        name,
        at,
        magic,
        anywhere,
        end,
    }
}

/// So much is searched for beginnings.
const SEARCHED: u64 = 16 << 20;
/// Hits of one magic that turn out to be none.
const MOST_MISSES: usize = 16;

/// The first beginning in a piece, and how far it reaches.
pub(super) fn find(piece: &Source<'_>, cx: &Context<'_>) -> Result<Option<(Span, &'static Head)>> {
    let head = piece.peek(0, 64)?;
    let starts = |row: &&Head| head.get(row.at..).is_some_and(|b| b.starts_with(row.magic));
    for row in HEADS.iter().filter(starts) {
        if let Some(end) = (row.end)(piece, cx)? {
            return Ok(Some((Span::new(0, end), row)));
        }
    }
    let mut best: Option<(Span, &'static Head)> = None;
    for row in HEADS.iter().filter(|row| row.anywhere) {
        let limit = best.map_or(piece.len().min(SEARCHED), |(span, _)| span.start());
        if let Some(span) = search(piece, row, limit, cx)? {
            best = Some((span, row));
        }
    }
    Ok(best)
}

/// The first block of metadata in a piece.
pub(super) fn find_metadata(
    piece: &Source<'_>,
    cx: &Context<'_>,
) -> Result<Option<(Span, &'static Head)>> {
    let mut best: Option<(Span, &'static Head)> = None;
    for row in HEADS.iter().filter(|row| matches!(row.id, EXIF | XMP)) {
        let limit = best.map_or(piece.len().min(SEARCHED), |(span, _)| span.start());
        if let Some(span) = search(piece, row, limit, cx)? {
            best = Some((span, row));
        }
    }
    Ok(best)
}

/// The first place before `limit` where such a piece begins.
fn search(piece: &Source<'_>, row: &Head, limit: u64, cx: &Context<'_>) -> Result<Option<Span>> {
    let finder = memmem::Finder::new(row.magic);
    // The place at the beginning was looked at.
    let mut at = len_u64(row.at).saturating_add(1);
    let limit = limit.saturating_add(len_u64(row.at));
    let mut misses = 0usize;
    while at < limit && misses < MOST_MISSES {
        cx.check_stop()?;
        let window = piece.window(at)?;
        let inside = usize::try_from(limit.saturating_sub(at))
            .unwrap_or(usize::MAX)
            .saturating_add(row.magic.len());
        let window = window.get(..inside).unwrap_or(&window);
        let Some(hit) = finder.find(window) else {
            // A hit may lie across two windows.
            let step = window.len().saturating_sub(row.magic.len()).max(1);
            at = at.saturating_add(len_u64(step));
            continue;
        };
        let hit = at.saturating_add(len_u64(hit));
        let start = hit.saturating_sub(len_u64(row.at));
        if hit >= limit {
            return Ok(None);
        }
        let rest = piece.sub(Span::new(start, piece.len()))?;
        if let Some(end) = (row.end)(&rest, cx)? {
            return Ok(Span::sized(start, end));
        }
        misses = misses.saturating_add(1);
        at = hit.saturating_add(1);
    }
    Ok(None)
}

fn all(source: &Source<'_>, _: &Context<'_>) -> Result<Option<u64>> {
    Ok(Some(source.len()))
}

/// A picture in the container of films, by the brand of its `ftyp`.
fn heif(source: &Source<'_>, cx: &Context<'_>) -> Result<Option<u64>> {
    let is_film = cx.identify_nested(source)?.is_none();
    if is_film { Ok(None) } else { film(source, cx) }
}

/// A file of boxes, up to the last one that can be one.
fn boxes(source: &Source<'_>, cx: &Context<'_>) -> Result<Option<u64>> {
    quicktime::extent(source, cx).map(Some)
}

/// An Exif block as it is located in a JPEG; where it ends cannot be told.
fn exif(source: &Source<'_>, _: &Context<'_>) -> Result<Option<u64>> {
    let head = source.peek(6, 4)?;
    Ok(is_tiff(&head).then(|| source.len()))
}

/// An `EXIF` chunk of a WebP.
fn exif_chunk(source: &Source<'_>, _: &Context<'_>) -> Result<Option<u64>> {
    let head = source.peek(4, 8)?;
    let len = Order::Little.u32(&head).map_or(0, u64::from);
    let is_exif = is_tiff(head.get(4..).unwrap_or_default());
    Ok(is_exif.then(|| len.saturating_add(8).min(source.len())))
}

/// An `eXIf` chunk of a PNG, from its name on.
fn exif_of_png(source: &Source<'_>, _: &Context<'_>) -> Result<Option<u64>> {
    Ok(is_tiff(&source.peek(4, 4)?).then(|| source.len()))
}

/// Whether these bytes begin with a TIFF header.
pub(super) fn is_tiff(head: &[u8]) -> bool {
    matches!(head, [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..])
}

/// An XMP packet up to its end, or all that is left.
fn packet(source: &Source<'_>, _: &Context<'_>) -> Result<Option<u64>> {
    const LONGEST: u64 = 1 << 20;
    let text = source.peek(0, LONGEST)?;
    let end = [&b"<?xpacket end="[..], b"</x:xmpmeta>"]
        .iter()
        .find_map(|end| {
            let at = memmem::find(&text, end)?;
            let rest = text.get(at..)?;
            Some(at.saturating_add(memchr(b'>', rest)?).saturating_add(1))
        });
    Ok(Some(end.map_or(source.len(), len_u64)))
}

/// A film of more than its `ftyp`.
fn film(source: &Source<'_>, cx: &Context<'_>) -> Result<Option<u64>> {
    let len = source.peek(0, 4)?;
    let first = Order::Big.u32(&len).map_or(0, u64::from);
    let plausible = (8..=4096).contains(&first);
    Ok(if plausible {
        Some(quicktime::extent(source, cx)?).filter(|end| *end > first || *end == source.len())
    } else {
        None
    })
}

fn riff(source: &Source<'_>, _: &Context<'_>) -> Result<Option<u64>> {
    let head = source.peek(0, 8)?;
    let len = head.get(4..).and_then(|b| Order::Little.u32(b));
    Ok(len
        .filter(|_| head.starts_with(b"RIFF"))
        .map(|len| u64::from(len).saturating_add(8).min(source.len())))
}

/// The end of the `IEND` chunk, or of the file where the chunks stop making sense.
fn png(source: &Source<'_>, cx: &Context<'_>) -> Result<Option<u64>> {
    let mut at = 8u64;
    loop {
        cx.item()?;
        let head = source.peek(at, 8)?;
        let (Some(len), Some(kind)) = (Order::Big.u32(&head), head.get(4..8)) else {
            return Ok(Some(source.len()));
        };
        at = at.saturating_add(u64::from(len)).saturating_add(12);
        if kind == b"IEND" || at >= source.len() {
            return Ok(Some(at.min(source.len())));
        }
    }
}

/// Behind the `EOI` of a JPEG with at least one scan; the end of the file where it is missing.
fn jpeg(source: &Source<'_>, cx: &Context<'_>) -> Result<Option<u64>> {
    let mut at = 2u64;
    let mut scans = false;
    loop {
        cx.item()?;
        let head = source.peek(at, 4)?;
        match *head {
            [0xFF, 0xFF, ..] => at = at.saturating_add(1),
            [0xFF, 0xD9, ..] => return Ok(scans.then(|| at.saturating_add(2))),
            [0xFF, 0x01 | 0xD0..=0xD7, ..] => at = at.saturating_add(2),
            [0xFF, marker @ 0xC0..=0xFE, high, low] => {
                let len = u64::from(u16::from_be_bytes([high, low]));
                at = at.saturating_add(2).saturating_add(len);
                if marker == 0xDA {
                    scans = true;
                    at = entropy_end(source, at, cx)?;
                }
            }
            _ => return Ok(scans.then(|| source.len())),
        }
    }
}

/// The next marker behind entropy-coded data.
fn entropy_end(source: &Source<'_>, mut at: u64, cx: &Context<'_>) -> Result<u64> {
    loop {
        cx.check_stop()?;
        let window = source.window(at)?;
        if window.len() < 2 {
            return Ok(source.len());
        }
        let mut from = 0usize;
        loop {
            let rest = window.get(from..).unwrap_or_default();
            let Some(hit) = memchr(0xFF, rest) else {
                at = at.saturating_add(len_u64(window.len()));
                break;
            };
            let hit = from.saturating_add(hit);
            match window.get(hit.saturating_add(1)) {
                Some(0 | 0xD0..=0xD7) => from = hit.saturating_add(2),
                Some(_) => return Ok(at.saturating_add(len_u64(hit))),
                None if hit == 0 => return Ok(source.len()),
                None => {
                    at = at.saturating_add(len_u64(hit));
                    break;
                }
            }
        }
    }
}
