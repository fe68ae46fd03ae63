//! The coded payload and all that decides how it is shown, found without the allowlist.

use super::coded::Coded;
use super::entries::{follows, means};
use super::jpeg::Used;
use super::strips::{JPEG, strip, tables};
use super::tags::{COLOR_MAP, COLOR_SPACE, EXIF, GAMMA, ICC, INTEROP, JPEG_TABLES};
use super::tree::{self, Node};
use super::unseen::Seen;
use super::{Tiff, old_jpeg, pages};
use crate::bytes::Streams;
use crate::bytes::{Context, Hasher, Source, for_each_of_plan};
use crate::containers::tiff::file::TiffFile;
use crate::containers::tiff::ifd::Spans;
use crate::metadata::icc;
use crate::model::{Digest, Plan, Result, Step, len_u64};

/// Tags without which a decoder would show something else.
const DECISIVE: &[u16] = &[
    0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x010A, 0x0112, 0x0115, 0x0116, 0x011A, 0x011B, 0x011C,
    0x0124, 0x0125, 0x0128, 0x013D, 0x013E, 0x013F, 0x0140, 0x0142, 0x0143, 0x014C, 0x0152, 0x0153,
    0x015A, 0x01B1, 0x0200, 0x0203, 0x0205, 0x0206, 0x0211, 0x0212, 0x0213, 0x0214, 0x80E3, 0x80E4,
    0x80E5, 0x80E6, 0x828D, 0x828E, 0xC5F2,
];

/// The digest of a file.
///
/// # Errors
/// As for a look at the file.
pub(super) fn digest(source: &Source<'_>, cx: &Context<'_>, kind: &Tiff) -> Result<Digest> {
    let file = TiffFile::open(source, kind.info.name)?;
    let chain = tree::read(&file, &mut Spans::default(), cx)?;
    let pages = pages::select(&file, &chain, kind)?;
    let mut hasher = Hasher::new();
    hasher.label("pages", len_u64(pages.len()));
    for page in &pages {
        page_digest(&file, page, kind, &mut hasher, cx)?;
    }
    Ok(hasher.finish())
}

fn page_digest(
    file: &TiffFile<'_, '_>,
    page: &pages::Page<'_>,
    kind: &Tiff,
    hasher: &mut Hasher,
    cx: &Context<'_>,
) -> Result<()> {
    let node = page.node;
    let mut map = None;
    for tag in DECISIVE.iter().chain(kind.decisive) {
        let Some(field) = node.directory.get(*tag).filter(|field| field.complete) else {
            continue;
        };
        let bytes = file.value(field, cx)?;
        // What stands in the wrong place, or in the wrong form, is read by no decoder.
        let is_read = (kind.rule)(*tag).is_none_or(|rule| {
            means(rule, node) && follows(rule, field, node, (file.order(), &bytes))
        });
        if is_read && *tag == COLOR_MAP {
            map = Some(bytes);
        } else if is_read {
            hasher.label("tag", u64::from(*tag));
            hasher.label("type", u64::from(field.kind));
            hasher.bytes(&bytes);
        }
    }
    colours(file, node, hasher, cx)?;
    if page.has_image && node.shape.compression == old_jpeg::SCHEME {
        for pieces in old_jpeg::read(file, node, cx)?.data {
            hasher.label("data", 0);
            pieces_digest(file, pieces, hasher)?;
        }
    } else if page.has_image {
        let extents = tree::extents(file, node, cx)?;
        let mut used = Used::default();
        let mut seen = Seen::of(&node.shape);
        for (index, span) in (0_u64..).zip(&extents.spans) {
            cx.item()?;
            hasher.label("strip", index);
            let Some(span) = *span else { continue };
            let strip = strip(file, node, &extents, (index, span), &mut seen, cx)?;
            used.join(strip.used);
            pieces_digest(file, strip.pieces, hasher)?;
        }
        if let Some(field) = node.directory.get(JPEG_TABLES)
            && JPEG.contains(&node.shape.compression)
        {
            hasher.label("tables", 0);
            hasher.bytes(&tables(file.source(), file, field, used)?);
        }
        if let Some(map) = &map {
            hasher.label("colours", 0);
            hasher.bytes(seen.used_colours(map).as_deref().unwrap_or(map));
        }
    }
    hasher.label("below", len_u64(page.below.len()));
    for page in &page.below {
        page_digest(file, page, kind, hasher, cx)?;
    }
    Ok(())
}

fn pieces_digest(file: &TiffFile<'_, '_>, pieces: Vec<Step>, hasher: &mut Hasher) -> Result<()> {
    let mut plan = Plan::new();
    pieces.into_iter().for_each(|piece| plan.push(piece));
    for_each_of_plan(&plan, file.source(), &mut |bytes| {
        hasher.bytes(bytes);
        Ok(())
    })
}

/// The profile, or what Exif says in its place.
fn colours(
    file: &TiffFile<'_, '_>,
    node: &Node,
    hasher: &mut Hasher,
    cx: &Context<'_>,
) -> Result<()> {
    if let Some(field) = node.directory.get(ICC).filter(|field| field.complete) {
        let bytes = file.value(field, cx)?;
        if icc::is_profile(&bytes) {
            hasher.label("profile", 0);
            hasher.bytes(&icc::scrub(&bytes, cx)?);
            return Ok(());
        }
    }
    let Some(pointer) = node.directory.get(EXIF).filter(|field| field.count == 1) else {
        return Ok(());
    };
    let Some(Ok(exif)) = file.number(pointer, cx)?.map(|at| file.directory(at, cx)) else {
        return Ok(());
    };
    if let Some(field) = exif.get(COLOR_SPACE)
        && let Some(space @ (2 | 0xFFFD..=0xFFFF)) = file.number(field, cx)?
    {
        hasher.label("ColorSpace", space);
    }
    if let Some(field) = exif
        .get(GAMMA)
        .filter(|field| field.complete && field.kind == 5)
    {
        hasher.label("Gamma", 0);
        hasher.bytes(&file.value(field, cx)?);
    }
    if let Some(field) = exif.get(INTEROP)
        && let Some(Ok(interop)) = file.number(field, cx)?.map(|at| file.directory(at, cx))
        && let Some(field) = interop.get(1)
        && file
            .source()
            .peek(field.value.start(), 4)?
            .starts_with(b"R03\0")
    {
        hasher.label("R03", 0);
    }
    Ok(())
}

/// Hands out what stands compressed in strips and tiles, inflated.
///
/// # Errors
/// As for a look at the file, and the sink's.
pub(super) fn streams(
    source: &Source<'_>,
    cx: &Context<'_>,
    kind: &Tiff,
    sink: &mut dyn Streams,
) -> Result<()> {
    let file = TiffFile::open(source, kind.info.name)?;
    let chain = tree::read(&file, &mut Spans::default(), cx)?;
    let mut all = Vec::new();
    for node in &chain {
        node.each(&mut |node| all.push(node));
    }
    for node in all {
        let shape = &node.shape;
        if !matches!(shape.compression, 5 | 8 | 32773 | 32946 | 50000) || !node.has_strips() {
            continue;
        }
        let extents = tree::extents(&file, node, cx)?;
        for span in extents.spans.iter().flatten() {
            let coded = Coded {
                source,
                span: *span,
                scheme: shape.compression,
                reversed: shape.fill_order == 2,
                expected: None,
                block: None,
                options: 0,
                name: file.name(),
            };
            coded.walk(cx, false, &mut |piece| sink.content("strip", piece))?;
        }
    }
    Ok(())
}
