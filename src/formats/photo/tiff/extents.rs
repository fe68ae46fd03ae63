//! Where the coded data of a picture is located. Lengths that are missing or wrong are computed as libtiff
//! does: rows that are not compressed have a known length, compressed ones end where their code ends.

use super::coded::Coded;
use super::strips::IN_ORDER;
use super::tags::{STRIP_LENGTHS, STRIP_OFFSETS, TILE_LENGTHS, TILE_OFFSETS};
use super::tree::Node;
use crate::bytes::Context;
use crate::containers::tiff::file::{Field, TiffFile};
use crate::model::{Error, Result, Span, len_u64};

/// Where the coded data of a picture is located.
#[derive(Debug)]
pub(super) struct Extents {
    pub(super) offsets_tag: u16,
    pub(super) lengths_tag: u16,
    pub(super) tiled: bool,
    /// Strips or tiles; `None` for those that are left out: offset and length are both 0.
    pub(super) spans: Vec<Option<Span>>,
    /// What the file lists beyond.
    pub(super) surplus: Vec<Span>,
    /// Numbers in its lists that mean nothing, or are not right.
    pub(super) idle: u64,
}

/// The coded data of a picture.
///
/// # Errors
/// [`Error::Malformed`] when part of the picture is missing; the budget's.
pub(super) fn extents(file: &TiffFile<'_, '_>, node: &Node, cx: &Context<'_>) -> Result<Extents> {
    let directory = &node.directory;
    let at = directory.table.start();
    let damaged = || file.malformed(at, "the list of strips or tiles is damaged");
    let get = |tag| directory.get(tag);
    let (strips, tiles) = (get(STRIP_OFFSETS), get(TILE_OFFSETS));
    let (offsets, tiled) = match (strips, tiles) {
        (Some(_), Some(_)) => {
            return Err(file.malformed(at, "a picture in strips and in tiles at once"));
        }
        // Some programs use the tags of strips for tiles.
        (Some(field), None) => (field, node.shape.tile.is_some()),
        (None, Some(field)) => (field, true),
        (None, None) => return Err(file.malformed(at, "a directory without a picture")),
    };
    let all = |field: &Field| file.numbers(field, cx)?.ok_or_else(damaged);
    let starts = all(offsets)?;
    let lengths: Vec<u64> = match get(STRIP_LENGTHS).or(get(TILE_LENGTHS)) {
        Some(field) => all(field)?,
        None => Vec::new(),
    };
    let expected = node.shape.blocks(tiled).ok_or_else(damaged)?;
    let mut found = Extents {
        offsets_tag: offsets.tag,
        lengths_tag: match offsets.tag {
            TILE_OFFSETS => TILE_LENGTHS,
            _ => STRIP_LENGTHS,
        },
        tiled,
        spans: Vec::new(),
        surplus: Vec::new(),
        idle: len_u64(lengths.len().saturating_sub(starts.len())),
    };
    let lengths = lengths.into_iter().chain(std::iter::repeat(0));
    for (number, (start, len)) in (0_u64..).zip(starts.iter().copied().zip(lengths)) {
        cx.item()?;
        let is_surplus = number >= expected;
        if len == 0 && (start == 0 || is_surplus) {
            found.idle = found.idle.saturating_add(u64::from(start != 0));
            if !is_surplus {
                found.spans.push(None);
            }
            continue;
        }
        let strip = Listed {
            file,
            node,
            tiled,
            number,
            start,
            len,
            starts: &starts,
        };
        let span = if is_surplus {
            strip.clipped()?
        } else {
            strip.span(cx)?
        };
        found.idle = found.idle.saturating_add(u64::from(span.len() != len));
        if is_surplus {
            found.surplus.push(span);
        } else {
            found.spans.push(Some(span));
        }
    }
    Ok(found)
}

/// A strip or tile as the lists of the file give it.
struct Listed<'l, 's, 'a> {
    file: &'l TiffFile<'s, 'a>,
    node: &'l Node,
    tiled: bool,
    number: u64,
    start: u64,
    len: u64,
    starts: &'l [u64],
}

impl Listed<'_, '_, '_> {
    fn cut_off(&self) -> Error {
        let what = "the file stops before the picture is complete";
        self.file.malformed(self.start, what)
    }

    /// As much of what is listed as there is in the file.
    fn clipped(&self) -> Result<Span> {
        let len = self.file.source().len();
        if self.start >= len {
            return Err(self.cut_off());
        }
        let end = self.start.saturating_add(self.len).min(len);
        Ok(Span::new(self.start, end))
    }

    /// Where it is located.
    fn span(&self, cx: &Context<'_>) -> Result<Span> {
        let clipped = self.clipped()?;
        let is_listed = self.len > 0 && clipped.len() == self.len;
        let shape = &self.node.shape;
        if shape.compression == 1
            && let Some(needed) = shape.block_len(self.tiled, self.number)
        {
            // Decoders go by the rows. What is listed beyond them is reported as hidden data.
            if is_listed && self.len >= needed {
                return Ok(clipped);
            }
            return Span::sized(self.start, needed)
                .filter(|span| span.end() <= self.file.source().len())
                .ok_or_else(|| self.cut_off());
        }
        if is_listed {
            return Ok(clipped);
        }
        self.measured(cx)
    }

    /// Follows the code to its end.
    fn measured(&self, cx: &Context<'_>) -> Result<Span> {
        let source = self.file.source();
        let shape = &self.node.shape;
        let next = |sorted: &[u64]| {
            let behind = sorted.partition_point(|edge| *edge <= self.start);
            sorted.get(behind).copied()
        };
        let own = self.starts.iter().filter(|start| **start > self.start);
        let end = [next(&self.node.edges), own.min().copied()];
        let end = end.into_iter().flatten().min().unwrap_or(u64::MAX);
        let whole = Span::new(self.start, end.min(source.len()));
        let expected = shape.block_len(self.tiled, self.number);
        let block = shape.placed(self.tiled, self.number);
        let coded = Coded {
            source,
            span: whole,
            scheme: shape.compression,
            reversed: shape.fill_order == 2 && !IN_ORDER.contains(&shape.compression),
            expected,
            block: block.map(|placed| (placed.width, placed.rows)),
            options: shape.options,
            name: self.file.name(),
        };
        let mut made = 0_u64;
        let walked = coded.walk(cx, false, &mut |piece| {
            made = made.saturating_add(len_u64(piece.len()));
            Ok(())
        })?;
        // Pictures of a format of their own end where that format says.
        let Some(walked) = walked else {
            return Ok(whole);
        };
        let is_decoded = coded.can_encode();
        if is_decoded && expected.is_some_and(|expected| made < expected) {
            return Err(self.cut_off());
        }
        Ok(Span::new(self.start, walked.at.unwrap_or(whole.end())))
    }
}
