//! Which chunks carry which picture: the critical chunks (PNG 3rd edition, 5.6) and the animation (4.9,
//! 11.3.6).

use super::NAME;
use super::chunks::{Chunk, Chunks, SIGNATURE, walk};
use super::header::{Colour, Header};
use super::scanlines::Indexes;
use crate::bytes::{Context, Cursor, Order, Source};
use crate::formats::common::without_unused;
use crate::model::{Error, Result, Span};

/// One picture: the default one, or a frame.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Indices of the chunks over which its zlib stream is spread: all IDAT, or all fdAT.
    pub(super) chunks: Vec<usize>,
    /// Index of its fcTL; `None` for a picture that is not part of an animation.
    pub(super) control: Option<usize>,
}

/// A PNG as far as a decoder must understand it.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) chunks: Vec<Chunk>,
    /// All behind IEND, or behind the last chunk where there is none.
    pub(super) trailer: Span,
    pub(super) header: Header,
    /// CgBI: Apple's variant without zlib headers, in which colours are already multiplied by alpha.
    pub(super) apple: bool,
    /// Entries that pixels can name; 0 where the colour type has no palette.
    pub(super) palette: u16,
    /// Index of PLTE, where the colour type has a palette.
    pub(super) plte: Option<usize>,
    /// Index of the first IDAT.
    pub(super) idat: usize,
    /// In file order; exactly one is made of IDAT.
    pub(super) pictures: Vec<Picture>,
    /// Index of acTL, where the file is an animation.
    pub(super) actl: Option<usize>,
}

impl Layout {
    /// Reads it.
    ///
    /// # Errors
    /// [`Error::Malformed`] when a decoder could stumble, [`Error::Unsupported`] for critical chunks that
    /// the standard does not know.
    pub(super) fn read(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        if *source.peek(0, 8)? != *SIGNATURE {
            return Err(Error::malformed(NAME, 0, "no PNG signature"));
        }
        let Chunks { all: chunks, end } = walk(source, cx)?;
        let apple = chunks.first().is_some_and(|chunk| &chunk.kind == b"CgBI");
        let first = usize::from(apple);
        let ihdr = chunks
            .get(first)
            .filter(|chunk| &chunk.kind == b"IHDR")
            .ok_or_else(|| Error::malformed(NAME, 8, "IHDR does not come first"))?;
        let header = Header::parse(&ihdr.require(source, cx)?, ihdr.span.start())?;
        let idat = chunks
            .iter()
            .position(|chunk| &chunk.kind == b"IDAT")
            .ok_or_else(|| Error::malformed(NAME, end, "there is no IDAT"))?;
        let plte = check_critical(&chunks, first, header.colour, idat)?;
        let palette = match plte.and_then(|index| chunks.get(index)) {
            Some(chunk) => palette(chunk, &header, source, cx)?,
            None => 0,
        };
        let mut layout = Self {
            trailer: Span::new(end, source.len()),
            header,
            apple,
            palette,
            plte,
            idat,
            pictures: Vec::new(),
            actl: None,
            chunks,
        };
        layout.find_pictures(source, cx)?;
        Ok(layout)
    }

    /// The chunk at an index.
    pub(super) fn chunk(&self, index: usize) -> Result<&Chunk> {
        self.chunks
            .get(index)
            .ok_or(Error::LimitExceeded { limit: "chunks" })
    }

    /// PLTE as a copy has it: no more entries than pixels can name, and no colour in those that none has. Where
    /// an unused entry had one, the unused entries at the end are cut off.
    pub(super) fn clean_palette(&self, data: &[u8], indexes: &Indexes) -> Vec<u8> {
        let len = usize::from(self.palette).saturating_mul(3);
        let named = data.get(..len).unwrap_or(data);
        let mut clean = without_unused(named, 3, &indexes.used);
        if clean != named {
            let last = indexes.used.iter().rposition(|used| *used).unwrap_or(0);
            clean.truncate(last.saturating_add(1).saturating_mul(3));
        }
        clean
    }

    /// tRNS as a copy has it: no longer than the palette; entries that no pixel has are opaque, or transparent,
    /// and nothing between.
    ///
    /// # Errors
    /// Reading the palette.
    pub(super) fn clean_alphas(
        &self,
        data: &[u8],
        indexes: &Indexes,
        source: &Source<'_>,
    ) -> Result<Vec<u8>> {
        let mut out = data.to_vec();
        if let Some(plte) = self.plte {
            let palette = source.read(self.chunk(plte)?.data())?;
            out.truncate(self.clean_palette(&palette, indexes).len().div_euclid(3));
            let unused = out
                .iter_mut()
                .zip(&indexes.used)
                .filter(|(_, used)| !**used);
            for (alpha, _) in unused.filter(|(alpha, _)| **alpha != 0) {
                *alpha = 0xFF;
            }
        }
        Ok(out)
    }

    fn find_pictures(&mut self, source: &Source<'_>, cx: &Context<'_>) -> Result<()> {
        let before = self.chunks.iter().take(self.idat);
        self.actl = before.clone().position(|chunk| &chunk.kind == b"acTL");
        let run = self.chunks.iter().enumerate().skip(self.idat);
        let run = run.take_while(|(_, chunk)| &chunk.kind == b"IDAT");
        let default = Picture {
            width: self.header.width,
            height: self.header.height,
            chunks: run.map(|(index, _)| index).collect(),
            control: None,
        };
        self.pictures = match self.actl {
            None => vec![default],
            Some(actl) => {
                Animation::new(&self.header, default).read(&self.chunks, actl, source, cx)?
            }
        };
        Ok(())
    }
}

/// Checks the order and number of the critical chunks; returns the index of the palette.
fn check_critical(
    chunks: &[Chunk],
    first: usize,
    colour: Colour,
    idat: usize,
) -> Result<Option<usize>> {
    let mut plte = None;
    for (index, chunk) in chunks.iter().enumerate().filter(|(_, c)| c.is_critical()) {
        match &chunk.kind {
            b"CgBI" if index == 0 => {}
            b"IHDR" if index == first => {}
            b"PLTE" if colour != Colour::Indexed => {}
            b"PLTE" if plte.is_none() && index < idat => plte = Some(index),
            b"IHDR" | b"PLTE" | b"CgBI" => {
                return Err(chunk.malformed("{} stands where none may be"));
            }
            b"IDAT" | b"IEND" => {}
            _ => {
                return Err(Error::unsupported(format!(
                    "the picture needs {}, which is not part of the PNG standard",
                    chunk.name()
                )));
            }
        }
    }
    if plte.is_none() && colour == Colour::Indexed {
        return Err(Error::malformed(NAME, 0, "there is no PLTE"));
    }
    Ok(plte)
}

/// The number of entries that pixels can name.
fn palette(chunk: &Chunk, header: &Header, source: &Source<'_>, cx: &Context<'_>) -> Result<u16> {
    let len = chunk.data().len();
    if len == 0 || len > 768 || !len.is_multiple_of(3) {
        return Err(chunk.malformed("{} has a wrong length"));
    }
    chunk.require(source, cx)?;
    let nameable = 1u16.checked_shl(header.depth.into()).unwrap_or(256);
    Ok(u16::try_from(len.div_euclid(3)).map_or(nameable, |entries| entries.min(nameable)))
}

/// Maximum number of frames of an animation.
const MOST_FRAMES: usize = 20_000;

/// The frames of an APNG while they are being found.
struct Animation<'a> {
    header: &'a Header,
    default: Picture,
    frames: Vec<Picture>,
    /// Sequence number that the next fcTL or fdAT must have.
    next: u32,
}

impl<'a> Animation<'a> {
    fn new(header: &'a Header, default: Picture) -> Self {
        Self {
            header,
            default,
            frames: Vec::new(),
            next: 0,
        }
    }

    /// The pictures of the animation, with the default one in its place.
    fn read(
        mut self,
        chunks: &[Chunk],
        actl: usize,
        source: &Source<'_>,
        cx: &Context<'_>,
    ) -> Result<Vec<Picture>> {
        let idat = self.default.chunks.first().copied();
        let mut frames_said = None;
        for (index, chunk) in chunks.iter().enumerate() {
            match &chunk.kind {
                b"acTL" if index == actl => {
                    frames_said = Some(self.control(chunk, source, cx)?);
                }
                b"acTL" if Some(index) < idat => {
                    return Err(chunk.malformed("{} stands where none may be"));
                }
                b"fcTL" => self.frame(index, chunk, idat, source, cx)?,
                b"fdAT" => self.data(index, chunk, source)?,
                b"IDAT" if Some(index) == idat => self.default_picture(chunk)?,
                _ => {}
            }
        }
        let animated = self.frames.iter().filter(|frame| frame.control.is_some());
        if self.frames.iter().any(|frame| frame.chunks.is_empty())
            || frames_said != u32::try_from(animated.count()).ok()
        {
            return Err(Error::malformed(
                NAME,
                source.len(),
                "the animation is not complete",
            ));
        }
        Ok(self.frames)
    }

    /// acTL: the number of frames.
    fn control(&self, chunk: &Chunk, source: &Source<'_>, cx: &Context<'_>) -> Result<u32> {
        let data = chunk.require(source, cx)?;
        Order::Big
            .u32(&data)
            .filter(|frames| *frames > 0 && data.len() == 8)
            .ok_or_else(|| chunk.malformed("{} does not describe an animation"))
    }

    /// fcTL: a frame begins.
    fn frame(
        &mut self,
        index: usize,
        chunk: &Chunk,
        idat: Option<usize>,
        source: &Source<'_>,
        cx: &Context<'_>,
    ) -> Result<()> {
        let data = chunk.require(source, cx)?;
        let mut cursor = Cursor::new(&data);
        let mut number = || cursor.u32(Order::Big).filter(|_| data.len() == 26);
        let (Some(sequence), Some(width), Some(height), Some(x), Some(y)) =
            (number(), number(), number(), number(), number())
        else {
            return Err(chunk.malformed("{} has a wrong length"));
        };
        self.sequence(chunk, sequence)?;
        let fits = |offset: u32, side: u32, canvas: u32| {
            side > 0 && offset.checked_add(side).is_some_and(|end| end <= canvas)
        };
        let inside = fits(x, width, self.header.width) && fits(y, height, self.header.height);
        // Dispose and blend operation end the chunk.
        let known = matches!(data.last_chunk(), Some([0..=2, 0..=1]));
        if !inside || !known {
            return Err(chunk.malformed("{} does not describe a frame"));
        }
        let is_default = Some(index) < idat;
        let whole = (width, height) == (self.header.width, self.header.height);
        if is_default && !(whole && self.frames.is_empty()) {
            return Err(chunk.malformed("{} does not describe the default picture"));
        }
        if self.frames.len() >= MOST_FRAMES {
            return Err(Error::LimitExceeded { limit: "frames" });
        }
        self.frames.push(Picture {
            width,
            height,
            chunks: if is_default {
                self.default.chunks.clone()
            } else {
                Vec::new()
            },
            control: Some(index),
        });
        Ok(())
    }

    /// The first IDAT: unless it is a frame, it is a picture of its own.
    fn default_picture(&mut self, chunk: &Chunk) -> Result<()> {
        match self.frames.as_slice() {
            [] => {
                self.frames.push(self.default.clone());
                Ok(())
            }
            [_] => Ok(()),
            _ => Err(chunk.malformed("{} comes too late")),
        }
    }

    /// fdAT: more of the last frame.
    fn data(&mut self, index: usize, chunk: &Chunk, source: &Source<'_>) -> Result<()> {
        let number = source.read(Span::new(
            chunk.data().start(),
            chunk
                .data()
                .end()
                .min(chunk.data().start().saturating_add(4)),
        ))?;
        let number = Order::Big
            .u32(&number)
            .ok_or_else(|| chunk.malformed("{} has a wrong length"))?;
        self.sequence(chunk, number)?;
        let default = self.default.chunks.first();
        self.frames
            .last_mut()
            .filter(|frame| frame.control.is_some() && frame.chunks.first() != default)
            .ok_or_else(|| chunk.malformed("{} belongs to no frame"))?
            .chunks
            .push(index);
        Ok(())
    }

    fn sequence(&mut self, chunk: &Chunk, number: u32) -> Result<()> {
        if number != self.next {
            return Err(chunk.malformed("{} is not in sequence"));
        }
        self.next = self.next.saturating_add(1);
        Ok(())
    }
}
