//! Where the sections, the layers and their blocks stand.

use super::{NAME, pixels};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::model::{Error, Result, Span};

/// No layer reaches farther, in pixels.
const FARTHEST: u32 = 1 << 24;
/// Length of the header.
pub(super) const HEADER: u64 = 26;

/// Reads numbers one after the other, up to the end of a section.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) source: Source<'a>,
    pub(super) at: u64,
    pub(super) end: u64,
    pub(super) is_large: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn broken(&self, what: &'static str) -> Error {
        Error::malformed(NAME, self.at, what)
    }

    /// The next bytes as a span.
    pub(super) fn skip(&mut self, n: u64) -> Result<Span> {
        let span = Span::sized(self.at, n).filter(|span| span.end() <= self.end);
        let span = span.ok_or_else(|| self.broken("a structure reaches behind its section"))?;
        self.at = span.end();
        Ok(span)
    }

    /// The next bytes, few of them.
    pub(super) fn take(&mut self, n: u64) -> Result<std::borrow::Cow<'a, [u8]>> {
        let span = self.skip(n)?;
        self.source.read(span)
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        Ok(self.take(1)?.first().copied().unwrap_or(0))
    }

    pub(super) fn u16(&mut self) -> Result<u16> {
        Ok(Order::Big.u16(&self.take(2)?).unwrap_or(0))
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        Ok(Order::Big.u32(&self.take(4)?).unwrap_or(0))
    }

    /// A length that is twice as wide in large documents.
    pub(super) fn length(&mut self) -> Result<u64> {
        if self.is_large {
            Ok(Order::Big.u64(&self.take(8)?).unwrap_or(0))
        } else {
            Ok(self.u32()?.into())
        }
    }

    /// The next bytes as a section of their own.
    pub(super) fn section(&mut self, len: u64) -> Result<Self> {
        let span = self.skip(len)?;
        Ok(Self {
            at: span.start(),
            end: span.end(),
            ..*self
        })
    }

    pub(super) fn rest(&self) -> Span {
        Span::new(self.at, self.end)
    }
}

/// Size and kind of pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Picture {
    pub(super) is_large: bool,
    pub(super) channels: u16,
    pub(super) height: u32,
    pub(super) width: u32,
    pub(super) depth: u16,
    pub(super) mode: u16,
}

/// A tagged block: key, and where its data stands.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// From the signature on, padding included.
    pub(super) whole: Span,
    /// Signature and key.
    pub(super) head: [u8; 8],
    pub(super) key: [u8; 4],
    /// Its length takes eight bytes.
    pub(super) is_wide: bool,
    pub(super) data: Span,
}

/// One channel of a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Channel {
    pub(super) id: u16,
    /// Compression and data, as long as the record says.
    pub(super) data: Span,
    /// As much of it as holds rows.
    pub(super) used: Span,
}

/// One layer.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) record: Span,
    /// Top, left, bottom, right.
    pub(super) bounds: [u32; 4],
    pub(super) channels: Vec<Channel>,
    pub(super) blend: [u8; 4],
    pub(super) opacity: u8,
    pub(super) clipping: u8,
    pub(super) flags: u8,
    pub(super) filler: u8,
    pub(super) mask: Span,
    pub(super) ranges: Span,
    pub(super) name: Span,
    pub(super) blocks: Vec<Block>,
    /// Bytes behind the blocks.
    pub(super) slack: Span,
}

/// Layers, and what stands behind their pixels.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    /// The number of layers as it stands: negative when the first alpha channel is the picture's own.
    pub(super) count: Span,
    pub(super) layers: Vec<Layer>,
    pub(super) padding: Span,
}

/// The whole file.
pub(super) struct Layout {
    pub(super) picture: Picture,
    pub(super) colours: Span,
    pub(super) resources: Span,
    /// The section of layers without its length.
    pub(super) section: Span,
    pub(super) layers: Option<Layers>,
    /// Global mask, without its length.
    pub(super) mask: Option<Span>,
    /// Blocks of the document, and bytes behind them.
    pub(super) blocks: Vec<Block>,
    pub(super) slack: Span,
    /// Layers of deep pictures stand in one of the blocks: its index, and they.
    pub(super) deep: Option<(usize, Layers)>,
    pub(super) image: Span,
    pub(super) tail: Span,
}

impl Layout {
    /// Finds everything.
    ///
    /// # Errors
    /// [`Error::Malformed`] when something reaches beyond its section; the budget's.
    pub(super) fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let mut all = Reader {
            source: *source,
            at: 0,
            end: source.len(),
            is_large: false,
        };
        let head = all.take(HEADER)?;
        let mut cursor = Cursor::new(&head);
        let mut number = |skip: usize| {
            cursor.skip(skip)?;
            cursor.u16(Order::Big)
        };
        let version = number(4).unwrap_or(0);
        let channels = number(6).unwrap_or(0);
        let height = cursor.u32(Order::Big).unwrap_or(0);
        let width = cursor.u32(Order::Big).unwrap_or(0);
        let depth = cursor.u16(Order::Big).unwrap_or(0);
        let mode = cursor.u16(Order::Big).unwrap_or(0);
        let is_large = version == 2;
        let longest = if is_large { 300_000 } else { 30_000 };
        if !matches!(version, 1 | 2)
            || !(1..=56).contains(&channels)
            || !matches!(depth, 1 | 8 | 16 | 32)
            || !(1..=longest).contains(&height)
            || !(1..=longest).contains(&width)
            || mode > 9
        {
            return Err(Error::malformed(NAME, 4, "an unusual header"));
        }
        let picture = Picture {
            is_large,
            channels,
            height,
            width,
            depth,
            mode,
        };
        all.is_large = is_large;
        let len = all.u32()?;
        let colours = all.skip(len.into())?;
        let len = all.u32()?;
        let resources = all.skip(len.into())?;
        let len = all.length()?;
        let mut section = all.section(len)?;
        let whole = section.rest();
        let mut layers = None;
        let mut mask = None;
        let mut blocks = Vec::new();
        if !whole.is_empty() {
            let len = section.length()?;
            let inner = section.section(len)?;
            if len > 0 {
                layers = Some(self::layers(inner, &picture, cx)?);
            }
            // Old files end here.
            if section.rest().len() >= 4 {
                let len = section.u32()?;
                mask = Some(section.skip(len.into())?);
                blocks = self::blocks(&mut section, 4, cx)?;
            }
        }
        let slack = section.rest();
        let mut deep = None;
        for (index, block) in blocks.iter().enumerate() {
            if matches!(&block.key, b"Lr16" | b"Lr32" | b"Layr") && !block.data.is_empty() {
                if deep.is_some() {
                    return Err(Error::malformed(NAME, block.whole.start(), "layers twice"));
                }
                let inner = Reader {
                    at: block.data.start(),
                    end: block.data.end(),
                    ..all
                };
                deep = Some((index, self::layers(inner, &picture, cx)?));
            }
        }
        let start = all.at;
        let used = pixels::image(&mut all, &picture, cx)?;
        Ok(Self {
            picture,
            colours,
            resources,
            section: whole,
            layers,
            mask,
            blocks,
            slack,
            deep,
            image: Span::new(start, used),
            tail: Span::new(used, source.len()),
        })
    }
}

fn layers(mut section: Reader<'_>, picture: &Picture, cx: &Context<'_>) -> Result<Layers> {
    let count = section.skip(2)?;
    let number = Order::Big.i16(&section.source.read(count)?).unwrap_or(0);
    let mut layers = Vec::new();
    for _ in 0..number.unsigned_abs() {
        cx.item()?;
        layers.push(layer(&mut section, cx)?);
    }
    for layer in &mut layers {
        let mask = pixels::mask_bounds(&section.source.read(layer.mask)?);
        for channel in &mut layer.channels {
            cx.item()?;
            channel.data = section.skip(channel.data.len())?;
            let bounds = match channel.id {
                // A mask of the user, and the one that it makes with a path.
                0xFFFE => mask.0,
                0xFFFD => mask.1.or(mask.0),
                _ => Some(layer.bounds),
            };
            let mut reader = Reader {
                at: channel.data.start(),
                end: channel.data.end(),
                ..section
            };
            channel.used = Span::new(
                channel.data.start(),
                pixels::channel(&mut reader, bounds, picture, cx)?,
            );
        }
    }
    Ok(Layers {
        count,
        layers,
        padding: section.rest(),
    })
}

fn layer(section: &mut Reader<'_>, cx: &Context<'_>) -> Result<Layer> {
    let start = section.at;
    let mut bounds = [0; 4];
    for side in &mut bounds {
        *side = section.u32()?;
        if i32::from_be_bytes(side.to_be_bytes()).unsigned_abs() > FARTHEST {
            return Err(section.broken("a layer far from any picture"));
        }
    }
    let count = section.u16()?;
    if count > 56 {
        return Err(section.broken("a layer with too many channels"));
    }
    let mut channels = Vec::new();
    for _ in 0..count {
        let id = section.u16()?;
        let len = section.length()?;
        let data = Span::sized(0, len).ok_or_else(|| section.broken("a length is too large"))?;
        let used = data;
        channels.push(Channel { id, data, used });
    }
    if *section.take(4)? != *b"8BIM" {
        return Err(section.broken("a layer without its signature"));
    }
    let blend = *section.take(4)?.first_chunk().unwrap_or(&[0; 4]);
    let (opacity, clipping) = (section.u8()?, section.u8()?);
    let (flags, filler) = (section.u8()?, section.u8()?);
    let len = section.u32()?;
    let mut extra = section.section(len.into())?;
    let len = extra.u32()?;
    let mask = extra.skip(len.into())?;
    let len = extra.u32()?;
    let ranges = extra.skip(len.into())?;
    let len = extra.u8()?;
    let name = extra.skip(len.into())?;
    let padding = u64::from(len).wrapping_add(1).wrapping_neg() & 3;
    extra.skip(padding.min(extra.rest().len()))?;
    let blocks = blocks(&mut extra, 2, cx)?;
    Ok(Layer {
        record: Span::new(start, section.at),
        bounds,
        channels,
        blend,
        opacity,
        clipping,
        flags,
        filler,
        mask,
        ranges,
        name,
        blocks,
        slack: extra.rest(),
    })
}

/// Keys whose lengths are wide in large documents.
const WIDE: &[&[u8; 4]] = &[
    b"LMsk", b"Lr16", b"Lr32", b"Layr", b"Mt16", b"Mt32", b"Mtrn", b"Alph", b"FMsk", b"lnk2",
    b"FEid", b"FXid", b"PxSD", b"lnkE", b"pths", b"lnk3", b"lnkD",
];

/// Tagged blocks up to the first bytes that are none.
fn blocks(section: &mut Reader<'_>, align: u64, cx: &Context<'_>) -> Result<Vec<Block>> {
    let mut blocks = Vec::new();
    while section.rest().len() >= 12 {
        let start = section.at;
        let head = section
            .source
            .read(Span::new(start, start.saturating_add(8)))?;
        let Some((signature, key)) = head.split_at_checked(4) else {
            break;
        };
        if !matches!(signature, b"8BIM" | b"8B64") {
            break;
        }
        cx.item()?;
        let key: [u8; 4] = *key.first_chunk().unwrap_or(&[0; 4]);
        section.skip(8)?;
        let is_wide = section.is_large && (signature == b"8B64" || WIDE.contains(&&key));
        let len = if is_wide {
            section.length()?
        } else {
            section.u32()?.into()
        };
        let data = section.skip(len)?;
        // Some writers count the padding, some do not: the next signature tells.
        let most = len.wrapping_neg() & align.max(4).wrapping_sub(1);
        for n in 0..=most {
            let here = section.at.saturating_add(n);
            let next = section.source.peek(here, 4)?;
            let is_end = here >= section.end;
            if is_end || matches!(&*next, b"8BIM" | b"8B64") {
                section.skip(n.min(section.rest().len()))?;
                break;
            }
        }
        blocks.push(Block {
            whole: Span::new(start, section.at),
            head: *head.first_chunk().unwrap_or(b"8BIM----"),
            key,
            is_wide,
            data,
        });
    }
    Ok(blocks)
}
