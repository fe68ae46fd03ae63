//! Which chunks a decoder shows. Where files contradict themselves, the rules are those of libwebp.

use super::NAME;
use crate::bytes::{Context, Cursor, Order, Source};
use crate::containers::riff::{self, Chunk};
use crate::model::{Error, Result, Span};

/// Length of the RIFF header with the form type, in bytes.
pub(super) const RIFF_HEADER: u64 = 12;
/// Length of a frame's own header inside its chunk, in bytes.
pub(super) const FRAME_HEADER: u64 = 16;

pub(super) const FLAG_ICC: u8 = 0x20;
pub(super) const FLAG_ALPHA: u8 = 0x10;
pub(super) const FLAG_EXIF: u8 = 0x08;
pub(super) const FLAG_ANIMATION: u8 = 0x02;

/// A whole file.
#[derive(Debug)]
pub(super) struct File {
    /// End of the RIFF chunk, padding included. What follows is not part of the picture.
    pub(super) end: u64,
    /// All chunks; with [`File::canvas`] the first of them is `VP8X`.
    pub(super) chunks: Vec<Chunk>,
    /// Bytes inside the RIFF chunk that hold no whole chunk.
    pub(super) rest: Span,
    /// Width and height of `VP8X`, each less one.
    pub(super) canvas: Option<[u8; 6]>,
    /// Flags of `VP8X`.
    pub(super) flags: u8,
    pub(super) shown: Shown,
}

#[derive(Debug)]
pub(super) enum Shown {
    Still(Picture),
    Animation {
        /// The `ANIM` chunk.
        chunk: Chunk,
        /// Background colour and loop count as they stand there.
        settings: [u8; 6],
        frames: Vec<Frame>,
    },
}

/// An `ANMF` chunk.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) chunk: Chunk,
    /// Place, size, duration and flags, reserved bits unset.
    pub(super) header: [u8; 16],
    pub(super) chunks: Vec<Chunk>,
    /// Bytes behind the last chunk inside.
    pub(super) rest: Span,
    pub(super) picture: Picture,
}

/// One coded picture and its transparency.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) alpha: Option<Alpha>,
    /// `VP8 ` or `VP8L`.
    pub(super) chunk: Chunk,
    /// Width and height in pixels.
    pub(super) size: (u32, u32),
    /// Whether the coded picture has transparency of its own.
    has_alpha: bool,
}

/// An `ALPH` chunk.
#[derive(Debug)]
pub(super) struct Alpha {
    pub(super) chunk: Chunk,
    /// Preprocessing, filter and compression, reserved bits unset.
    pub(super) first: u8,
    /// The alpha plane.
    pub(super) rest: Span,
}

impl Picture {
    pub(super) fn is_transparent(&self) -> bool {
        self.has_alpha || self.alpha.is_some()
    }

    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.size.0).saturating_mul(self.size.1.into())
    }

    /// Whether this chunk is part of it.
    pub(super) fn alpha_in(&self, chunk: &Chunk) -> Option<&Alpha> {
        self.alpha.as_ref().filter(|alpha| alpha.chunk == *chunk)
    }
}

impl Shown {
    /// Whether transparent pixels may be seen.
    fn is_transparent(&self, canvas: [u8; 6]) -> bool {
        match self {
            Self::Still(picture) => picture.is_transparent(),
            Self::Animation { frames, .. } => {
                // Opaque frames that leave some of the canvas open show what is behind it.
                let open = frames.iter().any(|f| {
                    !f.header.starts_with(&[0; 6]) || f.header.get(6..12) != Some(&canvas)
                });
                open || frames.iter().any(|f| f.picture.is_transparent())
            }
        }
    }
}

impl File {
    /// # Errors
    /// [`Error::Malformed`] when no decoder would show a whole picture.
    pub(super) fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let end = end(source)?;
        let riff::Chunks { chunks, rest } = riff::chunks(source, Span::new(RIFF_HEADER, end), cx)?;
        let extended = chunks.first().filter(|chunk| chunk.id == *b"VP8X");
        let (canvas, flags, shown) = match extended {
            None => {
                // Without VP8X nothing but the first chunk is looked at.
                let picture = picture(source, chunks.get(..1).unwrap_or_default(), RIFF_HEADER)?;
                (None, 0, Shown::Still(picture))
            }
            Some(vp8x) => {
                let payload = source.peek(vp8x.data.start(), vp8x.data.len().min(10))?;
                let (Some(flags), Some(canvas)) = (
                    payload.first().copied(),
                    payload.get(4..).and_then(|c| c.first_chunk::<6>().copied()),
                ) else {
                    return Err(malformed(vp8x, "VP8X is too short"));
                };
                let is_animation =
                    flags & FLAG_ANIMATION != 0 && chunks.iter().any(|chunk| chunk.id == *b"ANMF");
                let shown = if is_animation {
                    animation(source, &chunks, cx)?
                } else {
                    Shown::Still(picture(source, &chunks, RIFF_HEADER)?)
                };
                (Some(canvas), flags, shown)
            }
        };
        Ok(Self {
            end,
            chunks,
            rest,
            canvas,
            flags,
            shown,
        })
    }

    /// The chunk with the colour profile. Decoders without VP8X do not look for it.
    pub(super) fn icc(&self) -> Option<&Chunk> {
        self.first(b"ICCP")
    }

    /// The chunk with the orientation. Decoders without VP8X do not look for it.
    pub(super) fn exif(&self) -> Option<&Chunk> {
        self.first(b"EXIF")
    }

    fn first(&self, id: &[u8; 4]) -> Option<&Chunk> {
        self.canvas?;
        self.chunks
            .iter()
            .find(|chunk| chunk.id == *id)
            .filter(|chunk| !chunk.data.is_empty())
    }

    /// Whether the alpha flag has to be set. Without it some viewers show transparent pictures as opaque
    /// ones: it is never added.
    pub(super) fn is_transparent(&self) -> bool {
        self.flags & FLAG_ALPHA != 0
            && self
                .canvas
                .is_some_and(|canvas| self.shown.is_transparent(canvas))
    }
}

/// End of the RIFF chunk, with its padding.
fn end(source: &Source<'_>) -> Result<u64> {
    let head = source.peek(4, 4)?;
    let size = Order::Little.u32(&head).map(u64::from).unwrap_or_default();
    let padded = size.saturating_add(size % 2).saturating_add(riff::HEADER);
    match padded.checked_sub(source.len()) {
        None | Some(0) => Ok(padded),
        // The last padding byte was forgotten.
        Some(1) => Ok(source.len()),
        Some(_) => Err(Error::malformed(
            NAME,
            source.len(),
            "the file stops before its end",
        )),
    }
}

fn animation(source: &Source<'_>, chunks: &[Chunk], cx: &Context<'_>) -> Result<Shown> {
    let mut settings = None;
    let mut frames = Vec::new();
    for chunk in chunks {
        match (&chunk.id, settings.is_some()) {
            (b"ANIM", false) => {
                let payload = source.peek(chunk.data.start(), chunk.data.len().min(6))?;
                let payload = payload
                    .first_chunk::<6>()
                    .ok_or_else(|| malformed(chunk, "ANIM is too short"))?;
                settings = Some((*chunk, *payload));
            }
            (b"ANMF", true) => frames.push(frame(source, chunk, cx)?),
            (b"ANMF", false) => return Err(malformed(chunk, "a frame before ANIM")),
            _ => {}
        }
    }
    let Some((chunk, settings)) = settings else {
        return Err(Error::malformed(NAME, 0, "an animation without ANIM"));
    };
    Ok(Shown::Animation {
        chunk,
        settings,
        frames,
    })
}

fn frame(source: &Source<'_>, chunk: &Chunk, cx: &Context<'_>) -> Result<Frame> {
    let payload = source.peek(chunk.data.start(), chunk.data.len().min(FRAME_HEADER))?;
    let Some([fields @ .., flags]) = payload.first_chunk::<16>().copied() else {
        return Err(malformed(chunk, "a frame is too short"));
    };
    let mut header = [flags & 3; 16];
    for (to, from) in header.iter_mut().zip(fields) {
        *to = from;
    }
    let inside = Span::new(
        chunk.data.start().saturating_add(FRAME_HEADER),
        chunk.data.end(),
    );
    let riff::Chunks { chunks, rest } = riff::chunks(source, inside, cx)?;
    let picture = picture(source, &chunks, inside.start())?;
    Ok(Frame {
        chunk: *chunk,
        header,
        chunks,
        rest,
        picture,
    })
}

/// The first picture among `chunks`, with the transparency before it.
fn picture(source: &Source<'_>, chunks: &[Chunk], at: u64) -> Result<Picture> {
    let (before, chunk) = chunks
        .iter()
        .position(|chunk| matches!(&chunk.id, b"VP8 " | b"VP8L"))
        .and_then(|n| Some((chunks.get(..n)?, chunks.get(n)?)))
        .ok_or_else(|| Error::malformed(NAME, at, "there is no picture in it"))?;
    let head = source.peek(chunk.data.start(), chunk.data.len().min(10))?;
    if chunk.id == *b"VP8L" {
        let bits = lossless(&head).ok_or_else(|| malformed(chunk, "VP8L is damaged"))?;
        return Ok(Picture {
            alpha: None,
            chunk: *chunk,
            size: (
                (bits & 0x3FFF).saturating_add(1),
                (bits >> 14 & 0x3FFF).saturating_add(1),
            ),
            has_alpha: bits & ALPHA_IS_USED != 0,
        });
    }
    let (width, height) = lossy(&head).ok_or_else(|| malformed(chunk, "VP8 is damaged"))?;
    let mut planes = before.iter().filter(|chunk| chunk.id == *b"ALPH");
    let alpha = planes
        .next()
        .map(|chunk| {
            alpha(
                source,
                chunk,
                u64::from(width).saturating_mul(height.into()),
            )
        })
        .transpose()?;
    if let Some(second) = planes.next() {
        return Err(malformed(
            second,
            "two alpha planes, of which programs show different ones",
        ));
    }
    Ok(Picture {
        alpha,
        chunk: *chunk,
        size: (width.into(), height.into()),
        has_alpha: false,
    })
}

/// `alpha_is_used` behind the width and height, less one, of a `VP8L` picture (RFC 9649 §3.4).
const ALPHA_IS_USED: u32 = 1 << 28;

/// The header of a `VP8L` picture behind its signature, if it is of version 0.
fn lossless(head: &[u8]) -> Option<u32> {
    let mut cursor = Cursor::new(head);
    (cursor.u8()? == 0x2F).then_some(())?;
    cursor.u32(Order::Little).filter(|bits| bits >> 29 == 0)
}

/// Width and height of a `VP8 ` picture, if it is a key frame (RFC 6386 §9.1).
fn lossy(head: &[u8]) -> Option<(u16, u16)> {
    let mut cursor = Cursor::new(head);
    let is_key_frame = cursor.take(3)?.first()? & 1 == 0;
    let is_marked = cursor.take(3)? == [0x9D, 0x01, 0x2A];
    let width = cursor.u16(Order::Little)? & 0x3FFF;
    let height = cursor.u16(Order::Little)? & 0x3FFF;
    (is_key_frame && is_marked).then_some((width, height))
}

fn alpha(source: &Source<'_>, chunk: &Chunk, pixels: u64) -> Result<Alpha> {
    let first = source.peek(chunk.data.start(), chunk.data.len().min(1))?;
    let first = *first
        .first()
        .ok_or_else(|| malformed(chunk, "ALPH is empty"))?;
    let start = chunk.data.start().saturating_add(1);
    let is_raw = first & 3 == 0;
    // One byte for each pixel where it is not compressed.
    let end = if is_raw {
        start.saturating_add(pixels).min(chunk.data.end())
    } else {
        chunk.data.end()
    };
    Ok(Alpha {
        chunk: *chunk,
        first: first & 0x3F,
        rest: Span::new(start, end),
    })
}

fn malformed(chunk: &Chunk, what: &'static str) -> Error {
    Error::malformed(NAME, chunk.span.start(), what)
}
