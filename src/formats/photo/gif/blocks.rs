//! The grammar of GIF: screen descriptor, blocks, sub-blocks. It knows where things stand, not what is
//! to become of them.

use std::borrow::Cow;

use super::NAME;
use super::lzw::{Coded, Colours, Undefined, Walker};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::model::{Error, Result, Span, len_u64};

/// Length of the signature and the logical screen descriptor, in bytes.
pub(super) const HEADER: u64 = 13;
/// Length of an image descriptor, in bytes.
const DESCRIPTOR: usize = 10;
/// Maximum number of blocks: a frame has two.
const MOST_BLOCKS: usize = 100_000;
/// Longest sub-block with its size, in bytes.
const SUB_BLOCK: usize = 256;

pub(super) const IMAGE: u8 = 0x2C;
pub(super) const EXTENSION: u8 = 0x21;
pub(super) const TRAILER: u8 = 0x3B;
pub(super) const CONTROL: u8 = 0xF9;
pub(super) const COMMENT: u8 = 0xFE;
pub(super) const PLAIN_TEXT: u8 = 0x01;
pub(super) const APPLICATION: u8 = 0xFF;

/// Width and height of the logical screen, and where its colour table stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) table: Span,
    /// Index of the background colour.
    pub(super) background: u8,
}

/// A block between the screen descriptor and the end of the file.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Image(Image),
    Extension(Extension),
    /// The end of the file, as far as any decoder is concerned.
    Trailer,
    /// What stands behind the trailer, or where the trailer should be. Always the last.
    Junk,
}

#[derive(Debug)]
pub(super) struct Image {
    /// Image descriptor without its separator.
    pub(super) descriptor: [u8; 9],
    /// Local colour table. The minimum code size stands behind it.
    pub(super) table: Span,
    pub(super) data: SubBlocks,
    pub(super) coded: Coded,
}

impl Image {
    /// Left, top, width and height in pixels.
    pub(super) fn frame(&self) -> [u16; 4] {
        frame(self.descriptor)
    }

    /// The descriptor without bits that mean nothing.
    pub(super) fn clean_descriptor(&self) -> [u8; 9] {
        let [fields @ .., packed] = self.descriptor;
        let [a, b, c, d, e, f, g, h] = fields;
        [a, b, c, d, e, f, g, h, packed & 0xE7]
    }
}

#[derive(Debug)]
pub(super) struct Extension {
    pub(super) label: u8,
    /// The first sub-block, which tells an application's name or a control's settings.
    pub(super) first: Vec<u8>,
    /// The sub-blocks behind the first.
    pub(super) rest: SubBlocks,
}

/// What a graphic control extension says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Control {
    /// Disposal method and user input flag, where they stand in the packed field.
    settings: u8,
    /// In hundredths of a second.
    delay: u16,
    transparent: Option<u8>,
}

impl Control {
    /// The whole extension, from introducer to terminator.
    pub(super) fn to_bytes(self) -> [u8; 8] {
        let [low, high] = self.delay.to_le_bytes();
        let packed = self.settings | u8::from(self.transparent.is_some());
        let index = self.transparent.unwrap_or_default();
        [EXTENSION, CONTROL, 4, packed, low, high, index, 0]
    }
}

impl Extension {
    /// What it says as a graphic control extension, of which decoders read four bytes.
    pub(super) fn control(&self) -> Option<Control> {
        let [packed, low, high, index] = *self.first.first_chunk()?;
        (self.label == CONTROL).then_some(Control {
            settings: packed & 0x1E,
            delay: u16::from_le_bytes([low, high]),
            transparent: (packed & 1 == 1).then_some(index),
        })
    }

    /// Identifier and authentication code of an application extension.
    pub(super) fn application(&self) -> Option<&[u8; 11]> {
        let id = <&[u8; 11]>::try_from(self.first.as_slice()).ok()?;
        (self.label == APPLICATION).then_some(id)
    }

    /// The application that this extension tells how often to show the animation, and how often: 0 is
    /// for ever.
    ///
    /// # Errors
    /// Those of the budget; reading.
    pub(super) fn loop_count(
        &self,
        source: &Source<'_>,
        cx: &Context<'_>,
    ) -> Result<Option<([u8; 11], u16)>> {
        let Some(id @ (b"NETSCAPE2.0" | b"ANIMEXTS1.0")) = self.application() else {
            return Ok(None);
        };
        let mut count = None;
        self.rest.for_each(source, cx, |_, data| {
            // Sub-block 1 is the loop count; 2 is a hint on buffering.
            if let [kind, low, high, ..] = *data
                && kind & 7 == 1
            {
                count = Some((*id, u16::from_le_bytes([low, high])));
            }
            Ok(())
        })?;
        Ok(count)
    }
}

/// A run of sub-blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct SubBlocks {
    /// From the first size byte up to the terminator, or to the end of the file.
    pub(super) span: Span,
    /// The terminator: one byte, or none where the file ends without one.
    pub(super) terminator: Span,
    /// The last sub-block, where the file ends inside it; empty otherwise.
    pub(super) cut: Span,
}

/// Reads forward, a window at a time.
pub(super) struct Reader<'a> {
    source: Source<'a>,
    window: Cow<'a, [u8]>,
    base: u64,
    at: u64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: Source<'a>, at: u64) -> Self {
        Self {
            source,
            window: Cow::Borrowed(&[]),
            base: at,
            at,
        }
    }

    /// The next `n` bytes, at most a few hundred; fewer at the end of the file only.
    fn peek(&mut self, n: usize) -> Result<&[u8]> {
        if self.buffered().len() < n {
            self.window = self.source.window(self.at)?;
            self.base = self.at;
        }
        let rest = self.buffered();
        Ok(rest.get(..n).unwrap_or(rest))
    }

    fn buffered(&self) -> &[u8] {
        usize::try_from(self.at.saturating_sub(self.base))
            .ok()
            .and_then(|from| self.window.get(from..))
            .unwrap_or_default()
    }

    fn skip(&mut self, n: usize) {
        self.at = self.at.saturating_add(len_u64(n)).min(self.source.len());
    }

    /// Moves to the next byte, this one excepted, that a block can begin with.
    fn skip_junk(&mut self, cx: &Context<'_>) -> Result<()> {
        self.skip(1);
        loop {
            cx.check_stop()?;
            let piece = self.peek(SUB_BLOCK)?;
            let len = piece.len();
            let next = piece
                .iter()
                .position(|b| matches!(*b, IMAGE | EXTENSION | TRAILER));
            self.skip(next.unwrap_or(len));
            if next.is_some() || len == 0 {
                return Ok(());
            }
        }
    }

    /// The next sub-block with its size byte, of which only the end of the file can take away; `None`
    /// at the end of the file. A terminator is a sub-block of one byte.
    fn sub_block(&mut self) -> Result<Option<&[u8]>> {
        let Some(size) = self.peek(1)?.first().copied() else {
            return Ok(None);
        };
        let len = usize::from(size).saturating_add(1);
        let start = self.at;
        self.peek(len)?;
        self.skip(len);
        let from = usize::try_from(start.saturating_sub(self.base)).unwrap_or(usize::MAX);
        let rest = self.window.get(from..).unwrap_or_default();
        Ok(Some(rest.get(..len).unwrap_or(rest)))
    }

    /// Hands the data of each sub-block, and where it stands with its size byte, to `f`.
    pub(super) fn sub_blocks(
        &mut self,
        cx: &Context<'_>,
        mut f: impl FnMut(Span, &[u8]) -> Result<()>,
    ) -> Result<SubBlocks> {
        let start = self.at;
        for count in 0u32.. {
            if count.is_multiple_of(1024) {
                cx.check_stop()?;
            }
            let at = self.at;
            let Some(block) = self.sub_block()? else {
                break;
            };
            let Some((size, data)) = block.split_first() else {
                break;
            };
            let cut = data.len() < usize::from(*size);
            let end = *size == 0;
            let here = Span::new(at, at.saturating_add(len_u64(block.len())));
            if end {
                return Ok(SubBlocks {
                    span: Span::new(start, at),
                    terminator: here,
                    cut: Span::new(at, at),
                });
            }
            f(here, data)?;
            if cut {
                return Ok(SubBlocks {
                    span: Span::new(start, here.end()),
                    terminator: Span::new(here.end(), here.end()),
                    cut: here,
                });
            }
        }
        let nothing = Span::new(self.at, self.at);
        Ok(SubBlocks {
            span: Span::new(start, self.at),
            terminator: nothing,
            cut: nothing,
        })
    }
}

impl SubBlocks {
    /// What the sub-blocks hold, joined.
    ///
    /// # Errors
    /// Those of the budget; reading.
    pub(super) fn joined(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Vec<u8>> {
        cx.memory(self.span.len())?;
        let mut out = Vec::new();
        self.for_each(source, cx, |_, data| {
            out.extend_from_slice(data);
            Ok(())
        })?;
        Ok(out)
    }

    /// Hands the data of each sub-block, and where it stands with its size byte, to `f`.
    ///
    /// # Errors
    /// Reading; those of `f`.
    pub(super) fn for_each(
        &self,
        source: &Source<'_>,
        cx: &Context<'_>,
        f: impl FnMut(Span, &[u8]) -> Result<()>,
    ) -> Result<()> {
        Reader::new(
            source.sub(Span::new(0, self.span.end()))?,
            self.span.start(),
        )
        .sub_blocks(cx, f)
        .map(|_| ())
    }
}

/// `data` as sub-blocks, without terminator.
pub(super) fn to_sub_blocks(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in data.chunks(SUB_BLOCK.saturating_sub(1)) {
        out.push(u8::try_from(piece.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(piece);
    }
    out
}

/// The logical screen descriptor.
///
/// # Errors
/// [`Error::Malformed`] when the file ends inside it.
pub(super) fn screen(source: &Source<'_>) -> Result<Screen> {
    let cut = || Error::malformed(NAME, source.len(), "the file stops in its header");
    let head = source.peek(0, HEADER)?;
    let mut cursor = Cursor::new(&head);
    let parsed = (|| {
        cursor.skip(6)?;
        let width = cursor.u16(Order::Little)?;
        let height = cursor.u16(Order::Little)?;
        let packed = cursor.u8()?;
        let background = cursor.u8()?;
        cursor.skip(1)?;
        let table = Span::sized(HEADER, table_len(packed))?;
        Some(Screen {
            width,
            height,
            table,
            background,
        })
    })();
    parsed
        .filter(|screen| screen.table.end() <= source.len())
        .ok_or_else(cut)
}

/// Length of the colour table that a packed field announces, in bytes.
fn table_len(packed: u8) -> u64 {
    if packed & 0x80 == 0 {
        0
    } else {
        6u64.wrapping_shl((packed & 7).into())
    }
}

/// The colours of the global table that something on the screen has.
pub(super) fn global_colours(screen: &Screen, blocks: &[Block]) -> Colours {
    let mut colours = Colours::default();
    colours.insert(screen.background);
    for block in blocks {
        if let Kind::Image(image) = &block.kind
            && image.table.is_empty()
        {
            colours.extend(image.coded.colours);
        }
    }
    colours
}

/// A colour table in which entries that no pixel has are black.
///
/// # Errors
/// Reading.
pub(super) fn clean_table(source: &Source<'_>, table: Span, used: Colours) -> Result<Vec<u8>> {
    let mut entries = source.read(table)?.into_owned();
    for (index, entry) in (0..=u8::MAX).zip(entries.chunks_mut(3)) {
        if !used.contains(index) {
            entry.fill(0);
        }
    }
    Ok(entries)
}

/// All blocks, in order, without gap up to the end of the file.
///
/// # Errors
/// [`Error::Malformed`] when there is no picture, when a picture cannot be decoded, when one breaks off
/// and bytes that belong to no block follow, which may be the rest of it, or when a picture stands
/// behind such bytes: programs disagree on whether it is shown.
pub(super) fn blocks(source: &Source<'_>, from: u64, cx: &Context<'_>) -> Result<Vec<Block>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut reader = Reader::new(*source, from);
    let (mut pictures, mut ended) = (0u32, false);
    let end = loop {
        let at = reader.at;
        if ended {
            break at;
        }
        let Some(kind) = block(&mut reader, cx)? else {
            break at;
        };
        cx.item()?;
        if blocks.len() >= MOST_BLOCKS {
            return Err(Error::LimitExceeded { limit: "frames" });
        }
        ended = matches!(kind, Kind::Trailer);
        pictures = pictures.saturating_add(matches!(kind, Kind::Image(_)).into());
        blocks.push(Block {
            span: Span::new(at, reader.at),
            kind,
        });
    };
    if !ended && picture_follows(source, end, cx)? {
        return Err(Error::malformed(
            NAME,
            end,
            "data between the pictures that programs treat differently",
        ));
    }
    let breaks_off = |block: &Block| match &block.kind {
        Kind::Image(image) => !image.coded.complete,
        _ => false,
    };
    if !ended && end < source.len() && blocks.last().is_some_and(breaks_off) {
        let what = "the picture data breaks off, and its rest may follow";
        return Err(Error::malformed(NAME, end, what));
    }
    if pictures == 0 {
        return Err(Error::malformed(NAME, from, "there is no picture in it"));
    }
    if end < source.len() {
        blocks.push(Block {
            span: Span::new(end, source.len()),
            kind: Kind::Junk,
        });
    }
    Ok(blocks)
}

/// Whether a decoder that skips what it does not know would find a picture from `at` on.
fn picture_follows(source: &Source<'_>, at: u64, cx: &Context<'_>) -> Result<bool> {
    let mut reader = Reader::new(*source, at);
    while reader.at < source.len() {
        cx.item()?;
        match block(&mut reader, cx) {
            Ok(Some(Kind::Image(_))) => return Ok(true),
            Ok(Some(Kind::Trailer)) | Err(Error::Malformed { .. }) => return Ok(false),
            Ok(Some(_)) => {}
            Ok(None) => reader.skip_junk(cx)?,
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// The next block; `None`, without moving, when none begins here or when the file ends before the
/// block is worth anything.
fn block(reader: &mut Reader<'_>, cx: &Context<'_>) -> Result<Option<Kind>> {
    let head = reader.peek(2)?;
    match (head.first(), head.get(1).copied()) {
        (Some(&IMAGE), _) => Ok(image(reader, cx)?.map(Kind::Image)),
        (Some(&EXTENSION), Some(label)) => {
            reader.skip(2);
            extension(reader, label, cx).map(|extension| Some(Kind::Extension(extension)))
        }
        (Some(&TRAILER), _) => {
            reader.skip(1);
            Ok(Some(Kind::Trailer))
        }
        _ => Ok(None),
    }
}

fn extension(reader: &mut Reader<'_>, label: u8, cx: &Context<'_>) -> Result<Extension> {
    let first = match reader.peek(1)?.first() {
        // The first sub-block is already the terminator.
        None | Some(0) => Vec::new(),
        Some(_) => reader
            .sub_block()?
            .and_then(|block| block.get(1..))
            .unwrap_or_default()
            .to_vec(),
    };
    let rest = reader.sub_blocks(cx, |_, _| Ok(()))?;
    Ok(Extension { label, first, rest })
}

fn image(reader: &mut Reader<'_>, cx: &Context<'_>) -> Result<Option<Image>> {
    let start = reader.at;
    let Some(descriptor) = reader
        .peek(DESCRIPTOR)?
        .get(1..)
        .and_then(|fields| fields.first_chunk::<9>().copied())
    else {
        return Ok(None);
    };
    let [.., packed] = descriptor;
    let table = start.saturating_add(len_u64(DESCRIPTOR));
    let table = Span::new(table, table.saturating_add(table_len(packed)));
    reader.at = table.end();
    let Some(minimum_code_size) = reader.peek(1)?.first().copied() else {
        reader.at = start;
        return Ok(None);
    };
    reader.skip(1);

    let [_, _, width, height] = frame(descriptor);
    let pixels = match u64::from(width).saturating_mul(height.into()) {
        // Such a frame takes the size of the screen in some programs.
        0 => u64::MAX,
        pixels => pixels,
    };
    let undecodable = || Error::malformed(NAME, start, "the picture data is damaged");
    let mut walker = Walker::new(minimum_code_size, pixels).ok_or_else(undecodable)?;
    let data = reader.sub_blocks(cx, |_, bytes| {
        walker.feed(bytes).map_err(|Undefined| undecodable())
    })?;
    Ok(Some(Image {
        descriptor,
        table,
        data,
        coded: walker.finish(),
    }))
}

/// Left, top, width and height of an image descriptor, in pixels.
fn frame(descriptor: [u8; 9]) -> [u16; 4] {
    let mut cursor = Cursor::new(&descriptor);
    [(); 4].map(|()| cursor.u16(Order::Little).unwrap_or_default())
}
