//! What becomes of one strip or tile.

use super::coded::{Coded, encode, reverse};
use super::extents::Extents;
use super::jpeg::{self, Used};
use super::tags::JPEG_TABLES;
use super::tree::Node;
use super::unseen::{Frame, Seen, Unseen};
use crate::bytes::{Context, Source, copy_in_memory, run};
use crate::containers::tiff::file::{Field, TiffFile};
use crate::model::{Error, Plan, Result, Span, Step};

/// JPEG (TIFF Technical Note 2, DNG 1.7).
pub(super) const JPEG: &[u64] = &[7, 34892];
/// Schemes whose strips are files of a format of their own.
const FILES: &[(u64, &[&str])] = &[
    (50001, &["webp"]),
    (34933, &["png"]),
    (34712, &["jp2"]),
    (33003, &["jp2"]),
    (33005, &["jp2"]),
    (50002, &["jxl"]),
    (52546, &["jxl"]),
];
/// Schemes whose decoders take the bits as they are, whatever FillOrder says.
pub(super) const IN_ORDER: &[u64] = &[7, 34892];

/// A strip or tile as it is to be written.
#[derive(Debug, Default)]
pub(super) struct Strip {
    pub(super) pieces: Vec<Step>,
    /// What goes of it, and why.
    pub(super) gone: Vec<Span>,
    pub(super) why: Why,
    /// What stays although it shows nothing.
    pub(super) left: Vec<&'static str>,
    /// Tables that a JPEG decodes with.
    pub(super) used: Used,
}

/// Why something goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Why {
    /// It stands behind the last pixel.
    #[default]
    Tail,
    /// It is metadata in a coded picture.
    Metadata,
    /// Nobody sees it.
    Unseen,
}

/// More comes out of a strip than is shown.
pub(super) const MORE_ROWS: &str = "more coded rows than the picture shows";
/// Samples in tiles beside the picture, or bits behind a row.
pub(super) const BESIDE: &str = "samples beside or below the picture, which nobody sees";
/// A scheme of which only a decoder could tell.
const NO_END: &str = "where the coded picture ends cannot be told";
/// What JPEG calls the same.
const TEXT: &str = "text in the coded picture that may be hidden data";

/// What becomes of one strip or tile. Colours of pixels are told to `seen`.
///
/// # Errors
/// [`Error::Unsupported`] for schemes that are not known; [`Error::Malformed`] for damaged data.
pub(super) fn strip(
    file: &TiffFile<'_, '_>,
    node: &Node,
    extents: &Extents,
    (index, span): (u64, Span),
    seen: &mut Seen,
    cx: &Context<'_>,
) -> Result<Strip> {
    let source = file.source();
    let shape = &node.shape;
    let scheme = shape.compression;
    if JPEG.contains(&scheme) {
        return jpeg_strip(file, node, extents, (index, span), cx);
    }
    let placed = shape.placed(extents.tiled, index);
    let coded = Coded {
        source,
        span,
        scheme,
        reversed: shape.fill_order == 2 && !IN_ORDER.contains(&scheme),
        expected: shape.block_len(extents.tiled, index),
        block: placed.map(|placed| (placed.width, placed.rows)),
        options: shape.options,
        name: file.name(),
    };
    if let Some((_, ids)) = FILES.iter().find(|(known, _)| *known == scheme) {
        return file_strip(&coded, ids, cx);
    }
    let frame = Frame::of(shape, extents.tiled, index, file.order());
    if frame.is_none() {
        seen.give_up();
    }
    let mut unseen = frame
        .as_ref()
        .filter(|frame| frame.hides() || seen.wants_pixels())
        .map(|frame| Unseen::new(frame.clone(), seen));
    let end = coded
        .walk(cx, unseen.is_some(), &mut |rows| {
            if let Some(unseen) = &mut unseen {
                unseen.feed(rows);
            }
            Ok(())
        })?
        .ok_or_else(|| unknown_scheme(scheme))?;
    let tells = unseen.is_some_and(|unseen| unseen.tells());
    let mut out = Strip::default();
    if end.too_much || tells {
        if let Some(pieces) = without_unseen(&coded, frame.as_ref(), cx)? {
            out.pieces = pieces;
            out.gone.push(span);
            out.why = Why::Unseen;
            return Ok(out);
        }
        out.left.extend(end.too_much.then_some(MORE_ROWS));
        out.left.extend(tells.then_some(BESIDE));
    }
    out.left.extend(end.unsure.then_some(NO_END));
    if let Some(pieces) = end.anew {
        out.pieces = pieces;
        out.gone.push(span);
        return Ok(out);
    }
    let stop = end.at.unwrap_or(span.end());
    match end.patch.filter(|(at, _)| *at < stop) {
        Some((at, byte)) => {
            let behind = at.saturating_add(1);
            out.pieces.push(Step::Copy(Span::new(span.start(), at)));
            out.pieces.push(Step::bytes(vec![byte]));
            out.pieces.push(Step::Copy(Span::new(behind, stop)));
            out.gone.push(Span::new(at, behind));
        }
        None => out.pieces.push(Step::Copy(Span::new(span.start(), stop))),
    }
    if stop < span.end() {
        out.gone.push(Span::new(stop, span.end()));
    }
    Ok(out)
}

/// The same rows without what nobody sees of them; `None` where they cannot be written.
fn without_unseen(
    coded: &Coded<'_, '_>,
    frame: Option<&Frame>,
    cx: &Context<'_>,
) -> Result<Option<Vec<Step>>> {
    if coded.scheme == 1 {
        let Some((frame, len)) = frame.zip(coded.expected) else {
            return Ok(None);
        };
        let end = coded.span.start().saturating_add(len).min(coded.span.end());
        let span = Span::new(coded.span.start(), end);
        let partial = |at: u64, mask: u8| {
            cx.item()?;
            let byte = coded.source.peek(at, 1)?.first().copied().unwrap_or(0);
            Ok(byte & coded.stored(mask))
        };
        return frame.blank_steps(span, partial).map(Some);
    }
    let Some(expected) = coded.expected.filter(|_| coded.can_encode()) else {
        return Ok(None);
    };
    cx.memory(expected)?;
    let mut rows = Vec::new();
    coded.walk(cx, true, &mut |piece| {
        rows.extend_from_slice(piece);
        Ok(())
    })?;
    let row = match frame {
        Some(frame) if !frame.blank(&mut rows) => return Ok(None),
        Some(frame) => frame.row,
        None => rows.len(),
    };
    let bytes = encode(coded.scheme, &rows, row, coded.reversed)?;
    Ok(bytes.map(|bytes| vec![Step::bytes(bytes)]))
}

/// A strip that is a file of its own.
fn file_strip(coded: &Coded<'_, '_>, ids: &[&str], cx: &Context<'_>) -> Result<Strip> {
    let span = coded.span;
    let bytes = coded.read(cx)?;
    let part = Source::memory(&bytes);
    let format = cx.identify_nested(&part)?.map(|kind| kind.info);
    let format = format.filter(|format| ids.contains(&format.id));
    let format = format.ok_or_else(|| unknown_scheme(coded.scheme))?;
    let inside = cx.examine_as(format.id, &part)?;
    let clean = copy_in_memory(&inside.plan, &part, cx)?;
    let mut out = Strip::default();
    if !inside.residue.is_empty() {
        out.left.push("what a picture inside keeps");
    }
    if clean == *bytes {
        out.pieces.push(Step::Copy(span));
    } else {
        let clean = if coded.reversed {
            reverse(&clean)
        } else {
            clean
        };
        out.pieces.push(Step::bytes(clean));
        out.gone.push(span);
        out.why = Why::Metadata;
    }
    Ok(out)
}

fn jpeg_strip(
    file: &TiffFile<'_, '_>,
    node: &Node,
    extents: &Extents,
    (index, span): (u64, Span),
    cx: &Context<'_>,
) -> Result<Strip> {
    let source = file.source();
    let cleaned = jpeg::clean(source, span, file.name())?;
    let mut out = Strip {
        pieces: cleaned.pieces,
        gone: cleaned.gone,
        why: Why::Metadata,
        left: Vec::new(),
        used: cleaned.used,
    };
    let shape = &node.shape;
    let room = shape.placed(extents.tiled, index).and_then(|placed| {
        let samples = if shape.planar == 2 { 1 } else { shape.samples };
        let pixels = placed.width.checked_mul(placed.rows)?;
        pixels.checked_mul(samples)
    });
    if room.is_some_and(|room| cleaned.samples > room) {
        out.left.push(MORE_ROWS);
    }
    let shared = match node.directory.get(JPEG_TABLES) {
        Some(field) if field.complete => tables(source, file, field, Used::ALL)?,
        _ => Vec::new(),
    };
    match jpeg::scans(source, &out.pieces, &shared, file.name(), cx)? {
        jpeg::Scans::Same => {}
        jpeg::Scans::Odd => out.left.push(TEXT),
        jpeg::Scans::Cut(bytes) => {
            out.pieces = vec![Step::bytes(bytes)];
            out.gone = vec![span];
        }
    }
    Ok(out)
}

fn unknown_scheme(scheme: u64) -> Error {
    Error::unsupported(match scheme {
        262 | 32767 | 32769 | 32770 | 32772 | 32867 | 34713 | 65000 | 65535 => {
            "a raw photo of a rare kind; export it as JPEG or TIFF in the program that came with \
                the camera, and clean that"
        }
        34661 | 34715 => {
            "a TIFF with JBIG compression; save it as TIFF without compression, or \
            as PNG, in the program that made it, and clean that"
        }
        33003 | 33005 | 34712 | 34925 | 34933 | 50001 | 50002 | 52546 => {
            "a TIFF whose coded picture is damaged; open it, save it under a new \
            name, and clean that; or ask for it once more"
        }
        _ => {
            "a TIFF with a compression that is not known; save it as TIFF without compression, \
            or as PNG, in the program that made it, and clean that"
        }
    })
}

/// The tables that are used, without anything else.
pub(super) fn tables(
    source: &Source<'_>,
    file: &TiffFile<'_, '_>,
    field: &Field,
    used: Used,
) -> Result<Vec<u8>> {
    let mut plan = Plan::new();
    for piece in jpeg::clean_for(source, field.value, Some(used), file.name())?.pieces {
        plan.push(piece);
    }
    let mut out = Vec::new();
    run(&plan, source, &mut out)?;
    Ok(out)
}
