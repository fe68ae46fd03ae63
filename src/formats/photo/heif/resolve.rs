//! From an item to its data.

use super::NAME;
use super::data::Data;
use super::parse::{Item, Meta};
use crate::bytes::{Context, Source};
use crate::model::{Error, Result, Span};

/// Items whose data stands in items whose data stands in items …
const DEEPEST: u32 = 4;

/// Which box the data of an item is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Store {
    /// `mdat`: construction methods 0 and 2.
    Media,
    /// `idat`: construction method 1.
    Idat,
}

/// The data of an item, empty when it has none, and where it is written to.
///
/// # Errors
/// [`Error::Malformed`] when it is said to stand where there is nothing; [`Error::Unsupported`] when it
/// stands in another file.
pub(super) fn data<'a>(
    meta: &Meta,
    item: &Item,
    source: &Source<'a>,
    cx: &Context<'_>,
) -> Result<(Store, Data<'a>)> {
    find(meta, item, source, cx, 0)
}

fn find<'a>(
    meta: &Meta,
    item: &Item,
    source: &Source<'a>,
    cx: &Context<'_>,
    depth: u32,
) -> Result<(Store, Data<'a>)> {
    cx.item()?;
    let bad = |what| Error::malformed(NAME, meta.span.start(), what);
    let Some(location) = &item.location else {
        return Ok((Store::Media, Data::new(source, &[])?));
    };
    if location.data_reference != 0 {
        let entry = usize::from(location.data_reference).saturating_sub(1);
        if meta.same_file.get(entry) != Some(&true) {
            return Err(Error::unsupported(
                "a part of the picture stands in another file",
            ));
        }
    }
    let mut spans = Vec::new();
    for extent in &location.extents {
        cx.item()?;
        let offset = extent.offset.ok_or_else(|| bad("an offset is too large"))?;
        // Without a length an extent is all that there is.
        let within = |whole: Span| {
            let start = whole.start().checked_add(offset)?;
            let span = match extent.len {
                0 if location.extents.len() == 1 => Span::new(start, whole.end()),
                len => Span::sized(start, len)?,
            };
            whole.contains(span).then_some(span)
        };
        match location.method {
            0 => spans.push(
                within(source.whole())
                    .ok_or_else(|| bad("picture data behind the end of the file"))?,
            ),
            1 => spans.push(
                meta.idat
                    .and_then(within)
                    .ok_or_else(|| bad("picture data behind the end of idat"))?,
            ),
            2 if depth < DEEPEST => {
                let index = usize::try_from(extent.index.max(1).saturating_sub(1));
                let other = meta
                    .targets(item.id, b"iloc")
                    .nth(index.unwrap_or(usize::MAX))
                    .and_then(|id| meta.item(id))
                    .ok_or_else(|| bad("data in an item that does not exist"))?;
                let (_, data) = find(meta, other, source, cx, depth.saturating_add(1))?;
                let span = within(Span::new(0, data.len()))
                    .ok_or_else(|| bad("picture data behind the end of an item"))?;
                spans.extend(data.slice(span.start(), span.len()));
            }
            2 => {
                return Err(Error::unsupported(
                    "items whose data stands in each other, too deep or in a circle; open it \
                        where it is shown, save it as JPEG, and clean that",
                ));
            }
            _ => return Err(bad("an unknown way to say where an item stands")),
        }
    }
    let store = match location.method {
        1 => Store::Idat,
        _ => Store::Media,
    };
    Ok((store, Data::new(source, &spans)?))
}
