//! Icons and cursors of Windows (Microsoft *Icons in Win32*): a directory, and images anywhere behind it.

mod image;
#[cfg(test)]
mod tests;

use crate::bytes::{Context, Cursor, Hasher, Order, Source, is_unchanged};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::appended;
use crate::model::{
    Category, Digest, Error, Examined, Fate, Finding, Found, How, Part, PartMap, Result, Row,
    Severity, Span, fit, len_u64,
};
use image::Image;

const NAME: &str = "ICO";
/// What is said of a file that is cut short.
const CUT: &str = "the icon stops before its end";
/// Length of the head of the directory.
const HEAD: u64 = 6;
/// Length of an entry.
const ENTRY: u64 = 16;
/// How much of what nobody knows is searched for readable text.
const HARVEST: u64 = 1 << 20;

/// ICO and CUR.
#[derive(Debug)]
pub(in crate::formats) struct Ico;

static INFO: Info = Info {
    id: "ico",
    name: NAME,
    extensions: &["ico", "cur"],
    noun: "picture",
    rows: &[DIRECTORY, PNG, BITMAP],
    vocabulary: &[],
};

const DIRECTORY: Row = Row {
    what: "ICONDIR, ICONDIRENTRY",
    when: "always; reserved fields unset, lengths and offsets exact",
    how: How::Rebuild,
    why: "which images there are, their sizes, where a cursor points",
    spec: "Microsoft Icons in Win32",
};
const PNG: Row = Row {
    what: "PNG image",
    when: "an entry points to it; cleaned as a file of its own",
    how: How::Verbatim,
    why: "the picture",
    spec: "Microsoft Icons; PNG",
};
const BITMAP: Row = Row {
    what: "bitmap image",
    when: "an entry points to it; header, palette, pixels and mask of exact lengths, padding of rows zero",
    how: How::Verbatim,
    why: "the picture and its transparency",
    spec: "Microsoft Icons in Win32, ICONIMAGE",
};

/// Whether a file begins with a directory of pictures whose first entry makes sense.
fn is_directory(head: &[u8]) -> Option<()> {
    let mut cursor = Cursor::new(head);
    let order = Order::Little;
    (cursor.u16(order)? == 0).then_some(())?;
    matches!(cursor.u16(order)?, 1 | 2).then_some(())?;
    let count = u32::from(cursor.u16(order)?);
    cursor.skip(8)?;
    let len = cursor.u32(order)?;
    let offset = cursor.u32(order)?;
    let directory = count.checked_mul(16)?.checked_add(6)?;
    (count > 0 && len > 0 && offset >= directory).then_some(())
}

impl Format for Ico {
    fn info(&self) -> &'static Info {
        &INFO
    }

    /// Four bytes say little: the first entry must make sense as well.
    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Plausible.when(is_directory(probe.head()).is_some())
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        Icon::parse(source, cx)?.judge(source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let icon = Icon::parse(source, cx)?;
        let mut hasher = Hasher::new();
        hasher.label("images", icon.kind.into());
        let mut shown = Vec::new();
        for image in &icon.images {
            shown.push(image.payload(source, cx)?);
        }
        for entry in &icon.entries {
            hasher.bytes(&entry.clean);
            let digest = shown
                .get(entry.image)
                .ok_or_else(|| Error::malformed(NAME, HEAD, "an image where none can be"))?;
            hasher.bytes(&digest.0.to_be_bytes());
        }
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        for image in &Icon::parse(source, cx)?.images {
            image.streams(source, cx, sink)?;
        }
        Ok(())
    }
}

/// A finding for bytes that show nothing.
fn gap(place: &'static str, what: &'static str, len: u64) -> Finding {
    let severity = if len > 3 {
        Severity::High
    } else {
        Severity::Low
    };
    Finding::new("ico.gap", Category::Unknown, severity, place, what).bytes(len)
}

/// A file as it stands.
#[derive(Debug)]
struct Icon {
    /// 1 for icons, 2 for cursors.
    kind: u16,
    entries: Vec<Entry>,
    /// In file order, each once.
    images: Vec<Image>,
}

#[derive(Debug)]
struct Entry {
    /// The entry as it will be written, without length and offset.
    clean: [u8; 8],
    /// As it stands.
    old: Vec<u8>,
    /// Index of its image.
    image: usize,
}

impl Icon {
    fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let cut = || Error::malformed(NAME, source.len(), CUT);
        let order = Order::Little;
        let head = source.peek(0, HEAD)?;
        let mut cursor = Cursor::new(&head);
        let _reserved = cursor.u16(order);
        let kind = cursor.u16(order).ok_or_else(cut)?;
        let count = cursor.u16(order).ok_or_else(cut)?;
        let end = u64::from(count).saturating_mul(ENTRY).saturating_add(HEAD);
        if end > source.len() {
            return Err(cut());
        }
        let directory = source.read(Span::new(HEAD, end))?;
        let mut places: Vec<(u64, u64)> = Vec::new();
        let mut found = Vec::new();
        for old in directory.chunks(16) {
            cx.item()?;
            let mut cursor = Cursor::new(old);
            let fields = cursor.take(8).and_then(|fields| fields.first_chunk());
            let clean: [u8; 8] = *fields.ok_or_else(cut)?;
            let len = cursor.u32(order).ok_or_else(cut)?;
            let offset = u64::from(cursor.u32(order).ok_or_else(cut)?);
            if offset < end || offset >= source.len() {
                return Err(Error::malformed(NAME, HEAD, "an image where none can be"));
            }
            places.push((offset, len.into()));
            found.push((clean, old.to_vec(), offset));
        }
        // An image of which two entries say different lengths is as long as the longer one.
        places.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        places.dedup_by_key(|(offset, _)| *offset);
        let mut images: Vec<Image> = Vec::new();
        let mut at = end;
        for (offset, len) in &places {
            if *offset < at {
                return Err(Error::malformed(NAME, *offset, "two images in one place"));
            }
            let image = image::read(source, *offset, *len)?;
            at = image.span.end();
            images.push(image);
        }
        let entries = found.into_iter().map(|(mut clean, old, offset)| {
            let place = places.binary_search_by_key(&offset, |(place, _)| *place);
            let image = place.unwrap_or_default();
            if let Some(image) = images.get(image) {
                describe(&mut clean, image, kind);
            }
            Entry { clean, old, image }
        });
        let entries = entries.collect();
        Ok(Self {
            kind,
            entries,
            images,
        })
    }

    /// Decides on every byte of the file.
    fn judge(self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let mut found = Found::default();
        let mut residue = Vec::new();
        let end = len_u64(self.entries.len())
            .saturating_mul(ENTRY)
            .saturating_add(HEAD);
        let mut clean = Vec::new();
        for image in &self.images {
            clean.push(image.clean(source, cx)?);
        }
        let (directory, reserved) = self.directory(end, &clean)?;
        let old = source.read(Span::new(0, end))?;
        if reserved {
            found.add(gap(
                DIRECTORY.what,
                "fields that say something else than the image",
                1,
            ));
        }
        let is_same = *old == *directory;
        let mut parts = vec![Part {
            span: Span::new(0, end),
            name: DIRECTORY.what,
            fate: Fate::rebuild(&DIRECTORY, directory),
        }];
        let mut at = end;
        for (image, clean) in self.images.iter().zip(clean) {
            let place = "bytes that belong to no image";
            drop_gap(
                source,
                Span::new(at, image.span.start()),
                place,
                &mut parts,
                &mut found,
            )?;
            let row = image.row();
            let since = found.findings.len();
            let plan = clean.told(row.what, &mut found, &mut residue);
            let fate = if is_unchanged(&plan, source, image.span)? {
                Fate::Keep(row)
            } else {
                if found.findings.len() == since {
                    found.add(gap(row.what, "lengths that are not exact", 0));
                }
                Fate::Inside(row, plan)
            };
            parts.push(Part {
                span: image.span,
                name: row.what,
                fate,
            });
            at = image.span.end();
        }
        let tail = Span::new(at, source.len());
        if !tail.is_empty() {
            appended::read(&source.sub(tail)?, "behind the images", cx, &mut found)?;
        }
        drop_gap(
            source,
            tail,
            "bytes behind the images",
            &mut parts,
            &mut found,
        )?;
        if !is_same && found.findings.is_empty() {
            found.add(gap(DIRECTORY.what, "lengths that are not exact", 0));
        }
        let parts = PartMap::new(parts, source.len(), NAME)?;
        Ok(Examined::spliced(found, residue, parts))
    }

    /// The directory as it will be written, and whether reserved fields were in use.
    fn directory(&self, end: u64, clean: &[Examined]) -> Result<(Vec<u8>, bool)> {
        let too_long = |_| Error::LimitExceeded { limit: "block" };
        let mut places = Vec::new();
        let mut at = end;
        for image in clean {
            let len = image.plan.len();
            places.push((
                u32::try_from(len).map_err(too_long)?,
                u32::try_from(at).map_err(too_long)?,
            ));
            at = at.saturating_add(len);
        }
        let mut out = vec![0; 2];
        out.extend(self.kind.to_le_bytes());
        let count = fit::<u16>(self.entries.len())?;
        out.extend(count.to_le_bytes());
        let mut reserved = false;
        for entry in &self.entries {
            let (len, offset) = places.get(entry.image).copied().unwrap_or_default();
            out.extend(entry.clean);
            out.extend(len.to_le_bytes());
            out.extend(offset.to_le_bytes());
            reserved |= !entry.old.starts_with(&entry.clean);
        }
        Ok((out, reserved))
    }
}

/// Size, number of colours, and of icons the depth, as far as they are not what the image says.
fn describe(entry: &mut [u8; 8], image: &Image, kind: u16) {
    // 256 and more are written as 0.
    let side = |n: u32| u8::try_from(n).unwrap_or_default();
    let [
        width,
        height,
        colours,
        reserved,
        planes_low,
        planes_high,
        low,
        high,
    ] = entry;
    (*width, *height) = (side(image.width), side(image.height));
    let most = 1u32.checked_shl(image.depth.into()).unwrap_or_default();
    if u32::from(*colours) > most || image.depth >= 8 {
        *colours = 0;
    }
    *reserved = 0;
    // Of cursors the hot spot stands here.
    if kind == 1 {
        let planes = u16::from_le_bytes([*planes_low, *planes_high]);
        [*planes_low, *planes_high] = planes.min(1).to_le_bytes();
        if ![0, image.depth].contains(&u16::from_le_bytes([*low, *high])) {
            [*low, *high] = image.depth.to_le_bytes();
        }
    }
}

fn drop_gap(
    source: &Source<'_>,
    span: Span,
    what: &'static str,
    parts: &mut Vec<Part>,
    found: &mut Found,
) -> Result<()> {
    if span.is_empty() {
        return Ok(());
    }
    let bytes = source.peek(span.start(), span.len().min(HARVEST))?;
    found.secrets.harvest(&bytes);
    found.add(gap("gap", what, span.len()));
    parts.push(Part {
        span,
        name: "gap",
        fate: Fate::Drop("ico.gap"),
    });
    Ok(())
}
