//! Which directories are content.

use super::Tiff;
use super::extents::extents;
use super::tags::{JPEG_LENGTH, JPEG_OFFSET};
use super::tree::{MASK, Node, REDUCED};
use crate::bytes::Context;
use crate::containers::tiff::file::TiffFile;
use crate::model::{Error, Result, Span};

/// A directory that is copied.
#[derive(Debug)]
pub(super) struct Page<'n> {
    pub(super) node: &'n Node,
    /// What of NewSubfileType stays.
    pub(super) kind_bits: u64,
    /// Whether its coded data is copied.
    pub(super) has_image: bool,
    pub(super) below: Vec<Self>,
}

/// One page of several, and the mask of a page.
const PAGE_OR_MASK: u64 = 2 | MASK;

/// The pages that a copy has, in the order of the file.
///
/// # Errors
/// When there is no picture.
pub(super) fn select<'n>(
    file: &TiffFile<'_, '_>,
    chain: &'n [Node],
    kind: &Tiff,
) -> Result<Vec<Page<'n>>> {
    let mut pages = Vec::new();
    if kind.is_dng {
        // The first directory holds the colours of the camera, whatever picture it has.
        if let Some(first) = chain.first() {
            pages.push(Page {
                node: first,
                kind_bits: u64::MAX,
                has_image: first.has_image(),
                below: first
                    .below
                    .iter()
                    .filter(|node| is_raw(node))
                    .map(leaf)
                    .collect(),
            });
        }
    } else {
        let mut any_full = false;
        for node in chain {
            node.each(&mut |node| any_full |= is_full(node));
        }
        if any_full {
            chain.iter().for_each(|node| full(node, &mut pages));
        } else {
            let images = chain
                .iter()
                .filter(|node| node.has_image() && node.shape.width > 0);
            pages.extend(images.map(|node| Page {
                node,
                kind_bits: PAGE_OR_MASK | REDUCED,
                has_image: true,
                below: Vec::new(),
            }));
        }
    }
    if !kind.is_dng && pages.iter().any(is_sensor) {
        return Err(Error::unsupported(
            "a raw photo of a rare kind; export it as JPEG or TIFF in the program that came with \
                the camera, and clean that",
        ));
    }
    if pages
        .iter()
        .all(|page| !page.has_image && page.below.is_empty())
    {
        return Err(file.malformed(file.first(), "there is no picture in it"));
    }
    Ok(pages)
}

/// Whether a page, or one below it, holds numbers of a sensor: what they mean stands in tags of makers.
fn is_sensor(page: &Page<'_>) -> bool {
    matches!(page.node.shape.photometric, Some(32803 | 34892)) || page.below.iter().any(is_sensor)
}

fn is_full(node: &Node) -> bool {
    node.has_image() && !node.is_reduced()
}

/// A raw picture of a DNG, or its transparency mask.
fn is_raw(node: &Node) -> bool {
    is_full(node) && matches!(node.shape.kind, 0 | MASK)
}

fn leaf(node: &Node) -> Page<'_> {
    Page {
        node,
        kind_bits: u64::MAX,
        has_image: true,
        below: Vec::new(),
    }
}

/// Full pictures stay where they are; below a small one, they take its place.
fn full<'n>(node: &'n Node, pages: &mut Vec<Page<'n>>) {
    let mut below = Vec::new();
    node.below.iter().for_each(|node| full(node, &mut below));
    if is_full(node) {
        pages.push(Page {
            node,
            kind_bits: PAGE_OR_MASK,
            has_image: true,
            below,
        });
    } else {
        pages.append(&mut below);
    }
}

/// All directories that are no page.
pub(super) fn gone<'n>(chain: &'n [Node], pages: &[Page<'n>]) -> Vec<&'n Node> {
    fn collect(pages: &[Page<'_>], kept: &mut Vec<u64>) {
        for page in pages {
            kept.push(page.node.directory.table.start());
            collect(&page.below, kept);
        }
    }
    let mut kept = Vec::new();
    collect(pages, &mut kept);
    kept.sort_unstable();
    let mut gone = Vec::new();
    for node in chain {
        node.each(&mut |node| {
            if kept.binary_search(&node.directory.table.start()).is_err() {
                gone.push(node);
            }
        });
    }
    gone
}

/// All coded data of a directory that goes, as far as its lists can be read.
pub(super) fn any_data(
    file: &TiffFile<'_, '_>,
    node: &Node,
    cx: &Context<'_>,
) -> Result<Vec<Span>> {
    let mut spans = Vec::new();
    match extents(file, node, cx) {
        Ok(extents) => {
            spans.extend(extents.spans.into_iter().flatten());
            spans.extend(extents.surplus);
        }
        Err(Error::Malformed { .. }) => {}
        Err(error) => return Err(error),
    }
    let pair = node
        .directory
        .get(JPEG_OFFSET)
        .zip(node.directory.get(JPEG_LENGTH));
    if let Some((offset, len)) = pair
        && let Some((at, len)) = file.number(offset, cx)?.zip(file.number(len, cx)?)
        && let Some(span) = Span::sized(at, len)
        && span.end() <= file.source().len()
    {
        spans.push(span);
    }
    Ok(spans)
}
