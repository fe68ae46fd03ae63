//! What a document shows, as one number: the picture, its colours and size on paper, and of each layer its
//! place, its mixing and its pixels, found by way of the layout and without asking what is allowed.

use super::blocks::{self, Verdict};
use super::descriptor::Ids;
use super::layout::{Layers, Layout};
use super::links::{self, Want};
use super::{layers, resources};
use crate::bytes::{Context, Hasher, Source, Streams};
use crate::model::{Digest, Result, len_u64};

/// The digest of a document.
///
/// # Errors
/// As [`Layout::parse`].
pub(super) fn digest(source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
    let layout = Layout::parse(source, cx)?;
    let mut hasher = Hasher::new();
    let picture = layout.picture;
    for (name, number) in [
        ("large", u64::from(picture.is_large)),
        ("channels", picture.channels.into()),
        ("height", picture.height.into()),
        ("width", picture.width.into()),
        ("depth", picture.depth.into()),
        ("mode", picture.mode.into()),
    ] {
        hasher.label(name, number);
    }
    if matches!(picture.mode, 2 | 8) {
        let colours = source.read(layout.colours)?;
        let most = if picture.mode == 2 {
            768
        } else {
            colours.len()
        };
        hasher.bytes(colours.get(..most.min(colours.len())).unwrap_or_default());
    }
    cx.memory(layout.resources.len())?;
    for (id, data) in resources::kept(&source.read(layout.resources)?, cx)? {
        hasher.label("resource", id.into());
        hasher.bytes(&data);
    }
    let mut ids = Ids::default();
    let shallow = layout.layers.iter();
    for layers in shallow {
        self::layers(layers, source, &mut ids, cx, &mut hasher)?;
    }
    if let Some(mask) = layout.mask {
        let mask = source.read(mask)?;
        hasher.label("mask", u64::from(mask.len() >= 13));
        hasher.bytes(mask.get(..13).unwrap_or_default());
    }
    for (index, block) in layout.blocks.iter().enumerate() {
        match &layout.deep {
            Some((deep, layers)) if *deep == index => {
                self::layers(layers, source, &mut ids, cx, &mut hasher)?;
            }
            _ => self::block(block, source, &mut ids, cx, &mut hasher)?,
        }
    }
    hasher.label("image", layout.image.len());
    hasher.span(source, layout.image)?;
    Ok(hasher.finish())
}

/// Hands out what is compressed or nested in the files inside.
///
/// # Errors
/// As [`digest`], and the sink's.
pub(super) fn streams(source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
    let layout = Layout::parse(source, cx)?;
    let deep = layout.deep.iter().map(|(_, layers)| layers);
    let layers = layout.layers.iter().chain(deep);
    let inner = layers.flat_map(|layers| &layers.layers);
    let blocks = inner.flat_map(|layer| &layer.blocks);
    for block in blocks.chain(&layout.blocks) {
        if block.key.starts_with(b"lnk") {
            cx.memory(block.data.len())?;
            links::streams(&source.read(block.data)?, cx, sink)?;
        }
    }
    Ok(())
}

fn layers(
    all: &Layers,
    source: &Source<'_>,
    ids: &mut Ids,
    cx: &Context<'_>,
    hasher: &mut Hasher,
) -> Result<()> {
    hasher.span(source, all.count)?;
    for layer in &all.layers {
        cx.item()?;
        hasher.label("layer", len_u64(layer.channels.len()));
        for side in layer.bounds {
            hasher.bytes(&side.to_be_bytes());
        }
        hasher.bytes(&layer.blend);
        hasher.bytes(&[layer.opacity, layer.clipping, layer.flags & 0x3F]);
        hasher.bytes(&layers::mask(&source.read(layer.mask)?));
        hasher.label("ranges", layer.ranges.len());
        hasher.span(source, layer.ranges)?;
        for channel in &layer.channels {
            hasher.label("channel", channel.id.into());
            hasher.label("pixels", channel.used.len());
            hasher.span(source, channel.used)?;
        }
        for block in &layer.blocks {
            self::block(block, source, ids, cx, hasher)?;
        }
    }
    Ok(())
}

fn block(
    block: &super::layout::Block,
    source: &Source<'_>,
    ids: &mut Ids,
    cx: &Context<'_>,
    hasher: &mut Hasher,
) -> Result<()> {
    if matches!(&block.key, b"lnkD" | b"lnk2" | b"lnk3") {
        return files(block, source, ids, cx, hasher);
    }
    let data = match blocks::judge(block, source, ids, cx)? {
        Verdict::Numbers(data) | Verdict::Text(data) => data,
        // Files that go leave nothing.
        Verdict::Made(made) => made.bytes,
        _ => return Ok(()),
    };
    hasher.bytes(&block.head);
    hasher.label("block", len_u64(data.len()));
    hasher.bytes(&data);
    Ok(())
}

/// Files inside that can be cleaned; the others leave nothing.
fn files(
    block: &super::layout::Block,
    source: &Source<'_>,
    ids: &mut Ids,
    cx: &Context<'_>,
    hasher: &mut Hasher,
) -> Result<()> {
    cx.memory(block.data.len())?;
    let known = ids.count();
    match links::rewrite(&source.read(block.data)?, Want::Digest, ids, cx)? {
        Some(made) if !made.bytes.is_empty() => {
            hasher.bytes(&block.head);
            hasher.label("files", len_u64(made.bytes.len()));
            hasher.bytes(&made.bytes);
        }
        Some(_) => {}
        None => ids.truncate(known),
    }
    Ok(())
}
