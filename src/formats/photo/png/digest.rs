//! What a PNG shows, as a number, without asking the allowlist.

use super::allowlist::SMALL;
use super::chunks::{Chunk, Kind};
use super::header::Colour;
use super::layout::Layout;
use super::profile::Profile;
use super::scanlines::{Indexes, Scanlines, Seen};
use super::{orientation, pixels};
use crate::bytes::{Context, Hasher, Source};
use crate::formats::common::Hidden;
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
    let indexes = pictures(&layout, source, cx, &mut hasher)?;
    if let Some(index) = layout.plte {
        let data = source.read(layout.chunk(index)?.data())?;
        let palette = layout.clean_palette(&data, &indexes);
        hasher.label("PLTE", len_u64(palette.len()));
        hasher.bytes(&palette);
    }
    let early = || layout.chunks.iter().take(layout.idat);
    for kind in SHOWN {
        let fits = SMALL.iter().find(|small| small.kind == **kind);
        for chunk in early().filter(|chunk| chunk.kind == **kind) {
            if let Some(data) = intact(chunk, source, cx)?
                && fits.is_some_and(|small| (small.fits)(header, layout.palette, &data))
            {
                let data = match *kind {
                    b"tRNS" => layout.clean_alphas(&data, &indexes, source)?.into(),
                    _ => data,
                };
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
    let mut orientation = orientation::of_raw_profile(&layout, source, cx)?;
    let mut form = b"II".to_vec();
    for chunk in early().filter(|chunk| &chunk.kind == b"eXIf") {
        if let Some(data) = intact(chunk, source, cx)? {
            let facts = exif::read(&data, "", cx, &mut Found::default())?;
            orientation = facts.orientation;
            form = data.into_owned();
            break;
        }
    }
    hasher.bytes(&orientation::block(&form, orientation).unwrap_or_default());
    Ok(hasher.finish())
}

fn pictures(
    layout: &Layout,
    source: &Source<'_>,
    cx: &Context<'_>,
    hasher: &mut Hasher,
) -> Result<Indexes> {
    let mut hidden = Hidden::default();
    let mut indexes = Indexes::default();
    indexes.background(layout, source)?;
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
        let seen = Seen {
            hidden: &mut hidden,
            indexes: &mut indexes,
            palette: Vec::new(),
        };
        let size = (picture.width, picture.height);
        let mut lines = Scanlines::new(&layout.header, size, 0, seen, cx)?;
        let is_indexed = layout.plte.is_some();
        pixels::read(layout, picture, source, cx, &mut |scanlines| {
            hasher.bytes(scanlines);
            if is_indexed {
                lines.take(scanlines)?;
            }
            Ok(())
        })?;
    }
    Ok(indexes)
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
