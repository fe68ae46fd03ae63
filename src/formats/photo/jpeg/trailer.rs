//! What stands behind the first picture's end: further pictures, a gain map, films, anything.

use super::entropy::{self, Tails};
use super::facts::{self, Facts};
use super::judge::{self, Judged, Role};
use super::mpf;
use super::parse::{self, Image};
use super::rows;
use crate::bytes::{Context, Source, run};
use crate::metadata::appended;
use crate::model::{Error, Fate, Found, Part, PartMap, Result, Span};

/// The bytes behind the first picture, cut into what they are.
#[derive(Debug)]
pub(super) struct Tail {
    pieces: Vec<Piece>,
    /// The cleaned gain map, where there is one that may stay.
    pub(super) gain_map: Option<GainMap>,
}

#[derive(Debug)]
enum Piece {
    /// A whole JPEG, and what the list of pictures calls it.
    Picture(Span, &'static str),
    /// Zeros before a picture, or anything else.
    Other(Span),
}

/// A gain map as it will stand in the output.
#[derive(Debug)]
pub(super) struct GainMap {
    span: Span,
    bytes: Vec<u8>,
    found: Found,
}

impl GainMap {
    /// Length of the cleaned gain map, in bytes.
    pub(super) fn len(&self) -> u64 {
        crate::model::len_u64(self.bytes.len())
    }
}

/// Most files have at most five pictures; one of a million would only keep us busy.
const MOST_PICTURES: usize = 256;

/// Cuts the tail into pieces and cleans the gain map.
pub(super) fn split(
    source: &Source<'_>,
    image: &Image<'_>,
    facts: &Facts,
    cx: &Context<'_>,
) -> Result<Tail> {
    let mut tail = Tail {
        pieces: Vec::new(),
        gain_map: None,
    };
    for (second, kind) in further_images(source, image, facts, cx)? {
        tail.pieces.push(Piece::Picture(second.span, kind));
        if tail.gain_map.is_none() && may_have_gain_map(facts, cx) {
            tail.gain_map = clean_gain_map(source, second, image, cx)?;
        }
    }
    // What stands between and behind the pictures.
    let mut pieces = Vec::new();
    let mut at = image.span.end();
    for piece in std::mem::take(&mut tail.pieces) {
        if let Piece::Picture(span, _) = &piece {
            if at < span.start() {
                pieces.push(Piece::Other(Span::new(at, span.start())));
            }
            at = span.end();
        }
        pieces.push(piece);
    }
    if at < source.len() {
        pieces.push(Piece::Other(Span::new(at, source.len())));
    }
    tail.pieces = pieces;
    Ok(tail)
}

/// Whether something in the first picture points at a gain map that may stay.
pub(super) fn may_have_gain_map(facts: &Facts, cx: &Context<'_>) -> bool {
    !cx.policy().strict && (facts.mpf.is_some() || has_gain_map_item(facts))
}

fn has_gain_map_item(facts: &Facts) -> bool {
    let items = facts.xmp.iter().flat_map(|(_, xmp)| &xmp.items);
    items.into_iter().any(|item| item.semantic == "GainMap")
}

/// The JPEGs behind the first one, in file order: where the list of pictures points, and where one
/// follows the other.
pub(super) fn further_images<'a>(
    source: &Source<'a>,
    image: &Image<'_>,
    facts: &Facts,
    cx: &Context<'_>,
) -> Result<Vec<(Image<'a>, &'static str)>> {
    let mut listed: Vec<(u64, &'static str)> = facts
        .mpf
        .iter()
        .flat_map(|(_, tiff_at, entries)| entries.iter().map(|entry| (*tiff_at, *entry)))
        .filter(|(_, entry)| entry.offset != 0)
        .map(|(tiff_at, entry)| (mpf::start(tiff_at, entry), entry.kind()))
        .collect();
    listed.sort_unstable();
    let mut out: Vec<(Image<'a>, &'static str)> = Vec::new();
    let mut at = image.span.end();
    while out.len() < MOST_PICTURES {
        cx.item()?;
        let follows = skip_zeros(source, at)?;
        let next = [follows]
            .into_iter()
            .chain(
                listed
                    .iter()
                    .map(|(start, _)| *start)
                    .filter(|start| *start >= at),
            )
            .filter(|start| {
                source
                    .peek(*start, 3)
                    .is_ok_and(|head| *head == [0xFF, 0xD8, 0xFF])
            })
            .min();
        let Some(start) = next else { break };
        let kind = listed
            .iter()
            .find(|(listed, _)| *listed == start)
            .map_or("another picture", |(_, kind)| *kind);
        match parse::image(source, start, cx) {
            Ok(second) => {
                at = second.span.end();
                out.push((second, kind));
            }
            // It goes with the rest of the tail.
            Err(Error::Malformed { .. } | Error::Unsupported { .. } | Error::Io(_)) => {
                if start <= at {
                    break;
                }
                at = start.saturating_add(2);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(out)
}

/// Behind zero bytes, a few of which some writers put between pictures.
fn skip_zeros(source: &Source<'_>, at: u64) -> Result<u64> {
    let padding = source.peek(at, 64 << 10)?;
    let zeros = padding.iter().take_while(|b| **b == 0).count();
    Ok(at.saturating_add(crate::model::len_u64(zeros)))
}

/// An image behind the first with all that is known about it, if it is the gain map of the first.
pub(super) fn gain_map<'a>(
    source: &Source<'a>,
    mut image: Image<'a>,
    first: &Image<'_>,
    cx: &Context<'_>,
) -> Result<Option<(Image<'a>, Tails, Facts)>> {
    let mut read = || -> Result<(Tails, Facts)> {
        let tails = entropy::tails(source, &mut image, cx)?;
        let facts = facts::read(&image, cx)?;
        Ok((tails, facts))
    };
    let (tails, facts) = match read() {
        Ok(known) => known,
        // A damaged image behind the picture is removed with the rest.
        Err(Error::Malformed { .. } | Error::Unsupported { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let belongs = image.has_eoi && judge::is_gain_map(&facts) && fits(&image, first);
    Ok(belongs.then_some((image, tails, facts)))
}

/// Whether a gain map has the shape of the picture, and no more samples: one that is left over from
/// before a crop shows the whole scene.
fn fits(map: &Image<'_>, picture: &Image<'_>) -> bool {
    let (Some((map_height, map_width)), Some((height, width))) = (map.size(), picture.size())
    else {
        return false;
    };
    // Writers round to whole blocks; of a small map, a block is more than rounding.
    let block = (map_height.min(map_width) / 32).clamp(1, 8);
    let product = |a: u16, b: u16| u32::from(a).saturating_mul(u32::from(b));
    let difference = product(map_height, width).abs_diff(product(height, map_width));
    map_height <= height && map_width <= width && difference <= product(block, width.max(height))
}

/// The cleaned gain map, if this image is that of the first.
fn clean_gain_map<'a>(
    source: &Source<'a>,
    image: Image<'a>,
    first: &Image<'_>,
    cx: &Context<'_>,
) -> Result<Option<GainMap>> {
    let Some((image, tails, facts)) = gain_map(source, image, first, cx)? else {
        return Ok(None);
    };
    let judged = judge::image(source, &image, &tails, facts, &Role::GainMap, cx)?;
    let inner = source.sub(image.span)?;
    let parts = judged
        .parts
        .into_iter()
        .map(|part| Part {
            span: Span::new(
                part.span.start().saturating_sub(image.span.start()),
                part.span.end().saturating_sub(image.span.start()),
            ),
            ..part
        })
        .collect();
    let map = PartMap::new(parts, inner.len(), "JPEG")?;
    let mut bytes = Vec::new();
    run(&map.plan(), &inner, &mut bytes)?;
    Ok(Some(GainMap {
        span: image.span,
        bytes,
        found: judged.found,
    }))
}

/// Adds the parts of the tail.
pub(super) fn judge(
    source: &Source<'_>,
    tail: Tail,
    judged: &mut Judged,
    cx: &Context<'_>,
) -> Result<()> {
    let mut gain_map = tail.gain_map;
    for piece in tail.pieces {
        match piece {
            Piece::Picture(span, _) if gain_map.as_ref().is_some_and(|map| map.span == span) => {
                let Some(map) = gain_map.take() else { continue };
                judged.found.merge("gain map", map.found);
                let fate = Fate::rebuild(&rows::GAIN_MAP, map.bytes);
                judged.parts.push(Part {
                    span,
                    name: "gain map",
                    fate,
                });
            }
            Piece::Picture(span, kind) => {
                let found = cx.inspect_nested(&source.sub(span)?)?;
                judged.found.merge(kind, found);
                judge::goes(judged, span, kind, "jpeg.trailer.mpf");
            }
            Piece::Other(span) => {
                appended::read(
                    &source.sub(span)?,
                    "behind the picture",
                    cx,
                    &mut judged.found,
                )?;
                judge::goes(judged, span, "trailer", "jpeg.trailer");
            }
        }
    }
    Ok(())
}
