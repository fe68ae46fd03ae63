//! What a PNG shows, as a number, without asking the allowlist.

use super::allowlist::SMALL;
use super::chunks::{Chunk, Kind};
use super::header::Colour;
use super::layout::Layout;
use super::pixels;
use super::profile::Profile;
use crate::bytes::{Context, Hasher, Source};
use crate::metadata::{exif, icc};
use crate::model::{Digest, Found, Result, Span, len_u64};

/// Everything but pixels that changes how a decoder shows the picture.
const SHOWN: &[&Kind] = &[
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"mDCv", b"cLLI", b"cLLi", b"sBIT",
    b"bKGD", b"pHYs",
];

/// Same number, same picture.
///
/// # Errors
/// As [`Layout::read`] and [`pixels::read`].
pub(super) fn digest(source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
    let layout = Layout::read(source, cx)?;
    let header = &layout.header;
    let mut hasher = Hasher::new();
    hasher.label("width", header.width.into());
    hasher.label("height", header.height.into());
    hasher.label("pixel", header.pixel_bits().into());
    hasher.label("channels", header.colour.channels().into());
    hasher.label("indexed", u64::from(header.colour == Colour::Indexed));
    hasher.label("interlaced", u64::from(header.interlaced));
    hasher.label("CgBI", u64::from(layout.apple));
    if let Some(index) = layout.plte {
        let start = layout.chunk(index)?.data().start();
        let len = u64::from(layout.palette).saturating_mul(3);
        hasher.label("PLTE", len);
        hasher.span(source, Span::new(start, start.saturating_add(len)))?;
    }
    let early = || layout.chunks.iter().take(layout.idat);
    for kind in SHOWN {
        let fits = SMALL.iter().find(|small| small.kind == **kind);
        for chunk in early().filter(|chunk| chunk.kind == **kind) {
            if let Some(data) = intact(chunk, source, cx)?
                && fits.is_some_and(|small| (small.fits)(header, layout.palette, &data))
            {
                hasher.label("small", len_u64(data.len()));
                hasher.bytes(*kind);
                hasher.bytes(&data);
                break;
            }
        }
    }
    for chunk in early().filter(|chunk| &chunk.kind == b"iCCP") {
        if let Some(data) = intact(chunk, source, cx)?
            && let Some(profile) = Profile::parse(&data, cx)?
        {
            let scrubbed = icc::scrub(&profile.bytes, cx)?;
            hasher.label("iCCP", len_u64(scrubbed.len()));
            hasher.bytes(&scrubbed);
            break;
        }
    }
    let mut orientation = 1;
    for chunk in early().filter(|chunk| &chunk.kind == b"eXIf") {
        if let Some(data) = intact(chunk, source, cx)? {
            let facts = exif::read(&data, "", cx, &mut Found::default())?;
            orientation = facts.orientation.unwrap_or(1);
            break;
        }
    }
    hasher.label("orientation", orientation.into());
    pictures(&layout, source, cx, &mut hasher)?;
    Ok(hasher.finish())
}

fn pictures(
    layout: &Layout,
    source: &Source<'_>,
    cx: &Context<'_>,
    hasher: &mut Hasher,
) -> Result<()> {
    if let Some(index) = layout.actl {
        hasher.span(source, layout.chunk(index)?.data())?;
    }
    for picture in &layout.pictures {
        let frame = picture
            .control
            .map(|index| layout.chunk(index))
            .transpose()?;
        hasher.label("frame", u64::from(frame.is_some()));
        if let Some(chunk) = frame {
            // Behind the sequence number.
            let data = chunk.data();
            let span = Span::new(data.start().saturating_add(4), data.end());
            hasher.span(source, span)?;
        }
        pixels::read(layout, picture, source, cx, &mut |scanlines| {
            hasher.bytes(scanlines);
            Ok(())
        })?;
    }
    Ok(())
}

/// The data of a chunk, unless its check sum is wrong or it is too long to be of use.
fn intact<'a>(
    chunk: &Chunk,
    source: &Source<'a>,
    cx: &Context<'_>,
) -> Result<Option<std::borrow::Cow<'a, [u8]>>> {
    if !chunk.is_intact(source)? {
        return Ok(None);
    }
    cx.memory(chunk.data().len())?;
    source.read(chunk.data()).map(Some)
}
