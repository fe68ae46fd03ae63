//! What of the pixels no viewer shows: layers under others, layers that differ from the merged picture,
//! entries of the palette that no pixel has.

use super::LAYER;
use super::judge::Judge;
use super::layout::{Channel, Layer, Layers, Layout, Picture, Reader};
use super::pixels::{decode, row};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::formats::common::{Unshown, without_unused};
use crate::model::{Category, Result, Severity, Span, len_u64};

/// Channel of the transparency of a layer.
const ALPHA: u16 = 0xFFFF;
/// Blocks that paint a layer without pixels of its own.
const PAINTS: &[&[u8; 4]] = &[
    b"SoCo", b"GdFl", b"PtFl", b"TySh", b"SoLd", b"SoLE", b"PlLd",
];
/// Blocks that change how pixels of a layer are shown.
const CHANGES: &[&[u8; 4]] = &[
    b"lfx2", b"lmfx", b"lfxs", b"lrFX", b"brit", b"levl", b"curv", b"expA", b"vibA", b"hue ",
    b"hue2", b"blnc", b"blwh", b"phfl", b"mixr", b"clrL", b"nvrt", b"post", b"thrs", b"grdm",
    b"selc", b"vmsk", b"vsms",
];

impl Judge<'_> {
    /// Reports layers that may not be shown by the merged picture, which is what most viewers show.
    pub(super) fn covered(&mut self, layers: &Layers) -> Result<()> {
        let with_pixels = layers
            .layers
            .iter()
            .filter(|layer| size(layer.bounds).is_some());
        let paints = |layer: &&Layer| size(layer.bounds).is_some() || has_block(layer, PAINTS);
        let painting = layers.layers.iter().filter(paints).count();
        if painting > 1 && with_pixels.clone().next().is_some() {
            self.hidden_layer("layers may lie under others");
        }
        for layer in with_pixels {
            self.cx.item()?;
            let alpha = self.alpha_of(layer)?;
            let is_faint = layer.blocks.iter().any(|block| &block.key == b"iOpa")
                && self.fill_opacity(layer)? == 0;
            if is_faint || alpha == Some(0) {
                self.hidden_layer("a layer that is not shown");
            }
            let is_plain = painting == 1
                && alpha == Some(0xFF)
                && layer.opacity == 0xFF
                && !has_block(layer, CHANGES)
                && !layers.layers.iter().any(|layer| has_block(layer, CHANGES));
            if is_plain && self.differs(layer)? {
                self.hidden_layer("a layer that the merged picture does not show");
            }
        }
        Ok(())
    }

    fn hidden_layer(&mut self, what: &'static str) {
        let (category, severity) = (Category::Image, Severity::High);
        self.stays("psd.hidden", category, severity, LAYER.what, what);
    }

    fn fill_opacity(&self, layer: &Layer) -> Result<u8> {
        if let Some(block) = layer.blocks.iter().find(|block| &block.key == b"iOpa") {
            let first = self.source.peek(block.data.start(), 1)?;
            return Ok(first.first().copied().unwrap_or(0xFF));
        }
        Ok(0xFF)
    }

    /// The transparency of all pixels of a layer, where it is the same for all and 0 or 255.
    fn alpha_of(&self, layer: &Layer) -> Result<Option<u8>> {
        let Some(channel) = layer.channels.iter().find(|channel| channel.id == ALPHA) else {
            return Ok(Some(0xFF));
        };
        let mut seen = Unshown::default();
        self.rows_of(channel, layer.bounds, &mut |piece| {
            seen.see(piece);
            Ok(())
        })?;
        Ok(seen.constant())
    }

    fn rows_of(
        &self,
        channel: &Channel,
        bounds: [u32; 4],
        sink: &mut dyn FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let Some((height, width)) = size(bounds).filter(|_| channel.used.len() > 2) else {
            return Ok(());
        };
        let reader = reader(self.source, channel.used, &self.picture);
        decode(
            reader,
            height,
            row(width, self.picture.depth),
            self.cx,
            sink,
        )
    }

    /// Whether a layer as large as the picture has other pixels than the merged picture.
    fn differs(&self, layer: &Layer) -> Result<bool> {
        let picture = &self.picture;
        let is_whole = layer.bounds == [0, 0, picture.height, picture.width];
        if !is_whole || picture.depth != 8 {
            return Ok(false);
        }
        let row = row(picture.width.into(), picture.depth);
        let plane = row.saturating_mul(picture.height.into());
        let mut merged = Planes::new(plane);
        let rows = u64::from(picture.height).saturating_mul(picture.channels.into());
        let image = reader(self.source, self.image, picture);
        decode(image, rows, row, self.cx, &mut |piece| {
            merged.feed(piece);
            Ok(())
        })?;
        let mut number = 0_u16;
        while let Some(channel) = layer.channels.iter().find(|channel| channel.id == number) {
            let mut own = Planes::new(plane);
            self.rows_of(channel, layer.bounds, &mut |piece| {
                own.feed(piece);
                Ok(())
            })?;
            let other = merged.sums.get(usize::from(number));
            if other.is_some_and(|other| own.sums.first() != Some(other)) {
                return Ok(true);
            }
            number = number.saturating_add(1);
        }
        Ok(false)
    }
}

fn has_block(layer: &Layer, keys: &[&[u8; 4]]) -> bool {
    layer.blocks.iter().any(|block| keys.contains(&&block.key))
}

/// Height and width of bounds with something in them.
fn size([top, left, bottom, right]: [u32; 4]) -> Option<(u64, u64)> {
    // The standard's numbers are signed.
    let side = |from: u32, to: u32| {
        let signed = |n: u32| i64::from(i32::from_be_bytes(n.to_be_bytes()));
        u64::try_from(signed(to).saturating_sub(signed(from))).ok()
    };
    let size = (side(top, bottom)?, side(left, right)?);
    (size.0 > 0 && size.1 > 0).then_some(size)
}

fn reader<'a>(source: &Source<'a>, span: Span, picture: &Picture) -> Reader<'a> {
    Reader {
        source: *source,
        at: span.start(),
        end: span.end(),
        is_large: picture.is_large,
    }
}

/// Check sums of planes of equal length that follow each other.
struct Planes {
    len: u64,
    left: u64,
    sum: crc32fast::Hasher,
    sums: Vec<u32>,
}

impl Planes {
    fn new(len: u64) -> Self {
        Self {
            len,
            left: len,
            sum: crc32fast::Hasher::new(),
            sums: Vec::new(),
        }
    }

    fn feed(&mut self, mut piece: &[u8]) {
        while !piece.is_empty() && self.len > 0 {
            let room = usize::try_from(self.left).unwrap_or(usize::MAX);
            let (now, rest) = piece.split_at_checked(room).unwrap_or((piece, &[]));
            self.sum.update(now);
            self.left = self.left.saturating_sub(len_u64(now.len()));
            if self.left == 0 {
                self.left = self.len;
                let sum = std::mem::take(&mut self.sum);
                self.sums.push(sum.finalize());
            }
            piece = rest;
        }
    }
}

/// Whether a channel behind the first ones holds anything but one value.
///
/// # Errors
/// Reading; the budget's.
pub(super) fn has_pictures_behind(
    source: &Source<'_>,
    layout: &Layout,
    shown: u16,
    cx: &Context<'_>,
) -> Result<bool> {
    let picture = &layout.picture;
    let row = row(picture.width.into(), picture.depth);
    let plane = row.saturating_mul(picture.height.into());
    let mut skip = plane.saturating_mul(shown.into());
    let mut left = plane;
    let mut channels = vec![Unshown::default()];
    let rows = u64::from(picture.height).saturating_mul(picture.channels.into());
    let image = reader(source, layout.image, picture);
    decode(image, rows, row, cx, &mut |piece| {
        let passed = usize::try_from(skip).unwrap_or(usize::MAX);
        let (passed, mut piece) = piece.split_at_checked(passed).unwrap_or((piece, &[]));
        skip = skip.saturating_sub(len_u64(passed.len()));
        while !piece.is_empty() && plane > 0 {
            let room = usize::try_from(left).unwrap_or(usize::MAX);
            let (now, rest) = piece.split_at_checked(room).unwrap_or((piece, &[]));
            if let Some(channel) = channels.last_mut() {
                channel.see(now);
            }
            left = left.saturating_sub(len_u64(now.len()));
            if left == 0 {
                left = plane;
                channels.push(Unshown::default());
            }
            piece = rest;
        }
        Ok(())
    })?;
    Ok(channels.iter().any(Unshown::tells))
}

/// Numbers of the palette's transparent entry.
const TRANSPARENT: u16 = 0x0417;

/// The palette (all reds, all greens, all blues) without colours that no pixel has.
///
/// # Errors
/// Reading; the budget's.
pub(super) fn clean_palette(
    source: &Source<'_>,
    layout: &Layout,
    table: &[u8],
    cx: &Context<'_>,
) -> Result<Vec<u8>> {
    let picture = &layout.picture;
    if table.len() != 768 || picture.depth != 8 {
        return Ok(table.to_vec());
    }
    let mut used = [false; 256];
    let mut mark = |index: u8| {
        if let Some(used) = used.get_mut(usize::from(index)) {
            *used = true;
        }
    };
    let resources = super::resources::kept(&source.read(layout.resources)?, cx)?;
    for (_, data) in resources.iter().filter(|(id, _)| *id == TRANSPARENT) {
        let index = Cursor::new(data).u16(Order::Big);
        index
            .and_then(|index| u8::try_from(index).ok())
            .into_iter()
            .for_each(&mut mark);
    }
    let row = row(picture.width.into(), picture.depth);
    let mut left = row.saturating_mul(picture.height.into());
    let rows = u64::from(picture.height).saturating_mul(picture.channels.into());
    let image = reader(source, layout.image, picture);
    decode(image, rows, row, cx, &mut |piece| {
        let room = usize::try_from(left).unwrap_or(usize::MAX);
        let now = piece.get(..room).unwrap_or(piece);
        left = left.saturating_sub(len_u64(now.len()));
        now.iter().copied().for_each(&mut mark);
        Ok(())
    })?;
    let (planes, _) = table.as_chunks::<256>();
    let colours = (0..256).flat_map(|n| planes.iter().filter_map(move |plane| plane.get(n)));
    let colours: Vec<u8> = colours.copied().collect();
    let clean = without_unused(&colours, 3, &used);
    let plane = |n: usize| clean.iter().skip(n).step_by(3).copied();
    Ok((0..3).flat_map(plane).collect())
}
