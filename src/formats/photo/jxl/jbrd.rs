//! `jbrd`: what is needed to make the JPEG again from which a picture came (ISO/IEC 18181-2 annex A).
//! Its metadata stands there in a brotli stream. It goes as a whole; this is for the report.

use super::LARGEST;
use super::bits::{Parse, Reader};
use crate::bytes::{Context, Cursor, Order, Source, unbrotli};
use crate::metadata::{appended, c2pa, exif, iptc, makers, photoshop, text, xmp};
use crate::model::{Category, Finding, Found, Result, Role, Severity, len_u64};

/// No JPEG has so many of anything; the reader's budget ends hostile ones sooner.
const MOST_MARKERS: usize = 1 << 14;
const SHORTEST_TEXT: usize = 1;

/// Lengths of what stands in the brotli stream, in order.
#[derive(Debug, Default)]
struct Layout {
    /// Markers whose payload is not made from boxes, the marker code included.
    apps: Vec<usize>,
    comments: Vec<usize>,
    between: Vec<usize>,
    tail: usize,
    /// Where the brotli stream begins, in bytes.
    start: usize,
}

/// Adds what the box gives away to `found`.
///
/// # Errors
/// Those of the budget.
pub(super) fn read(body: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let Ok(layout) = layout(&mut Reader::new(body), cx) else {
        found.secrets.harvest(body);
        return Ok(());
    };
    let stream = body.get(layout.start..).unwrap_or_default();
    let unpacked = unbrotli(stream, LARGEST, cx)?;
    found.secrets.harvest(&unpacked.bytes);
    let mut cursor = Cursor::new(&unpacked.bytes);
    for len in layout.apps {
        cx.item()?;
        let Some(segment) = cursor.take(len) else {
            return Ok(());
        };
        app(segment, place, cx, found)?;
    }
    for len in layout.comments {
        cx.item()?;
        let Some(segment) = cursor.take(len) else {
            return Ok(());
        };
        let comment = segment.get(2..).unwrap_or_default();
        let comment = String::from_utf8_lossy(comment);
        text::read(
            "jxl.jbrd.com",
            "Comment",
            comment.trim_end_matches('\0'),
            place,
            cx,
            found,
        )?;
    }
    let behind = format!("{place}/between and behind the segments of the JPEG");
    for len in layout.between.into_iter().chain([layout.tail]) {
        cx.item()?;
        let Some(bytes) = cursor.take(len) else {
            return Ok(());
        };
        if len >= SHORTEST_TEXT {
            appended::read(&Source::memory(bytes), &behind, cx, found)?;
        }
    }
    let left = cursor.rest();
    let packed = usize::try_from(unpacked.used)
        .ok()
        .and_then(|n| stream.get(n..));
    for bytes in [left, packed.unwrap_or_default()] {
        if !bytes.is_empty() {
            appended::read(&Source::memory(bytes), &behind, cx, found)?;
        }
    }
    Ok(())
}

/// A segment of a JPEG: marker code without `FF`, length, payload.
fn app(segment: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let mut cursor = Cursor::new(segment);
    let (Some(marker), Some(_)) = (cursor.u8(), cursor.u16(Order::Big)) else {
        return Ok(());
    };
    let payload = cursor.rest();
    let place = format!("{place}/APP{}", marker & 0x0F);
    match marker {
        0xE1 if payload.starts_with(b"Exif\0") => {
            exif::read(payload, &place, cx, found)?;
        }
        0xE1 if payload.starts_with(b"http://ns.adobe.com/") => {
            let packet = payload.splitn(2, |b| *b == 0).nth(1).unwrap_or_default();
            xmp::read(packet, &place, cx, found)?;
        }
        0xEB if payload.starts_with(b"JP") => {
            c2pa::read(payload.get(8..).unwrap_or_default(), &place, cx, found)?;
        }
        0xED => {
            let block = payload
                .strip_prefix(b"Photoshop 3.0\0".as_slice())
                .unwrap_or(payload);
            photoshop::read(block, &place, cx, found)?;
            if block.starts_with(&[0x1C]) {
                iptc::read(block, &place, cx, found)?;
            }
        }
        _ => match makers::recognize(payload) {
            Some(_) => makers::read(payload, &place, cx, found)?,
            None => found.secrets.harvest(payload),
        },
    }
    found.add(
        Finding::new(
            "jxl.jbrd.app",
            Category::Unknown,
            Severity::Medium,
            place,
            "segment of the JPEG that this picture was made from",
        )
        .bytes(len_u64(segment.len()))
        .role(Role::Other),
    );
    Ok(())
}

fn layout(r: &mut Reader<'_>, cx: &Context<'_>) -> Parse<Layout> {
    let mut layout = Layout::default();
    let _is_grey = r.bool()?;
    let (mut apps, mut comments, mut scans, mut between, mut restarts) = (0, 0, 0, 0, false);
    for _ in 0..MOST_MARKERS {
        cx.item()?;
        match r.bits(6)?.saturating_add(0xC0) {
            0xE0..=0xEF => apps = 1usize.saturating_add(apps),
            0xFE => comments = 1usize.saturating_add(comments),
            0xDA => scans = 1usize.saturating_add(scans),
            0xFF => between = 1usize.saturating_add(between),
            0xDD => restarts = true,
            0xD9 => break,
            _ => {}
        }
    }
    let size = |r: &mut Reader<'_>, n: usize| -> Parse<usize> {
        cx.item()?;
        Ok(usize::try_from(r.bits(n)?).unwrap_or(usize::MAX))
    };
    for _ in 0..apps {
        let kind = r.u32([(0, 0), (1, 0), (2, 1), (4, 2)])?;
        let len = size(r, 16)?.saturating_add(1);
        // Kinds 1 to 3 are made from the profile and from boxes.
        if kind == 0 {
            layout.apps.push(len);
        }
    }
    for _ in 0..comments {
        layout.comments.push(size(r, 16)?.saturating_add(1));
    }
    // Quantisation tables and components.
    for _ in 0..=r.bits(2)? {
        r.bits(4)?;
    }
    let components = match r.bits(2)? {
        0 => 1,
        1 | 2 => 3,
        _ => {
            let components = r.bits(2)?.saturating_add(1);
            for _ in 0..components {
                r.bits(8)?;
            }
            components
        }
    };
    for _ in 0..components {
        r.bits(2)?;
    }
    for _ in 0..r.u32([(4, 0), (2, 3), (10, 4), (26, 6)])? {
        huffman_code(r)?;
    }
    for _ in 0..scans {
        let components = r.bits(2)?.saturating_add(1);
        r.bits(20)?;
        for _ in 0..components {
            r.bits(6)?;
        }
        r.u32([(0, 0), (1, 0), (2, 0), (3, 3)])?;
    }
    if restarts {
        r.bits(16)?;
    }
    for _ in 0..scans {
        for has_count in [false, true] {
            let points = r.u32([(0, 0), (1, 2), (4, 4), (20, 16)])?;
            for _ in 0..points {
                cx.item()?;
                if has_count {
                    r.u32([(1, 0), (2, 2), (5, 4), (20, 8)])?;
                }
                r.u32([(0, 0), (1, 3), (9, 5), (41, 28)])?;
            }
        }
    }
    for _ in 0..between {
        layout.between.push(size(r, 16)?);
    }
    let tail = r.u32([(0, 0), (1, 8), (257, 16), (65_793, 22)])?;
    layout.tail = usize::try_from(tail).unwrap_or(usize::MAX);
    if r.bool()? {
        let bits = r.bits(24)?;
        r.skip(bits.into())?;
    }
    r.align()?;
    layout.start = usize::try_from(r.at() / 8).unwrap_or(usize::MAX);
    Ok(layout)
}

fn huffman_code(r: &mut Reader<'_>) -> Parse<()> {
    r.bits(4)?;
    let mut values = 0u32;
    for _ in 0..17 {
        values = values.saturating_add(r.u32([(0, 0), (1, 0), (2, 3), (0, 8)])?);
    }
    for _ in 0..values {
        r.u32([(0, 2), (4, 2), (8, 4), (1, 8)])?;
    }
    Ok(())
}
