//! What stands behind the end of a picture: films, further pictures, archives, trailers of programs and
//! makers, and what is left of larger files.
//!
//! Cleaning needs none of this: it stops at the picture's end. The report does.

mod feet;
mod heads;
#[cfg(test)]
mod tests;

use self::heads::Head;
use super::{exif, quicktime, samsung, spelling, text, xmp};
use crate::bytes::{Context, Source};
use crate::model::{Category, Finding, Found, Result, Role, Severity, Span};

/// Pieces beyond are reported as one.
const MOST_PIECES: usize = 32;
/// Bytes sampled from each end of an unrecognised piece for the output scan.
const SAMPLE: u64 = 64 << 10;
/// Minimum length of a run of printable bytes in unknown data that may hold coordinates.
const SHORTEST_TEXT: usize = 16;
/// Maximum length of a block of metadata that is read, in bytes.
const LARGEST_BLOCK: u64 = 1 << 20;

/// Adds what the bytes behind a picture's end are and give away to `found`: at least one finding.
///
/// # Errors
/// Those of the budget; reading.
pub fn read(tail: &Source<'_>, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    if is_zero(tail)? {
        let what = "zero bytes behind the end";
        found.add(
            Finding::new(
                "trailer.padding",
                Category::Unknown,
                Severity::Low,
                place,
                what,
            )
            .bytes(tail.len()),
        );
        return Ok(());
    }
    // Pieces that are not explained yet, the first one last.
    let mut open = vec![tail.whole()];
    let mut pieces = 0usize;
    while let Some(span) = open.pop() {
        cx.item()?;
        let piece = tail.sub(span)?;
        if is_zero(&piece)? {
            continue;
        }
        pieces = pieces.saturating_add(1);
        let known = if pieces > MOST_PIECES {
            None
        } else {
            recognize(&piece, cx)?
        };
        let Some((inner, kind)) = known else {
            unknown(&piece, place, cx, found)?;
            continue;
        };
        let at = |offset: u64| span.start().saturating_add(offset);
        open.push(Span::new(at(inner.end()), span.end()));
        if inner.start() == 0 {
            report(&piece.sub(inner)?, kind, place, cx, found)?;
        } else {
            // What stands before comes first; then this piece is met again.
            open.push(Span::new(at(inner.start()), at(inner.end())));
            open.push(Span::new(at(0), at(inner.start())));
        }
    }
    Ok(())
}

/// Maximum length of a damaged file that is searched, in bytes.
const LARGEST_SEARCHED: u64 = 16 << 20;
/// Maximum number of blocks that are read in a damaged file.
const MOST_BLOCKS: usize = 16;

/// Adds what can be read of a file that its format cannot parse: Exif blocks, XMP packets, and the boxes of
/// a film or a picture in such a container. There may be more in the file than is found.
///
/// # Errors
/// Those of the budget; reading.
pub fn salvage(file: &Source<'_>, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let bytes = file.peek(0, LARGEST_SEARCHED)?;
    if heads::is_tiff(&bytes) {
        return exif::read(&bytes, place, cx, found).map(drop);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        quicktime::boxes(file, file.whole(), place, cx, found)?;
    }
    let mut rest = *file;
    for _ in 0..MOST_BLOCKS {
        let Some((span, head)) = heads::find_metadata(&rest, cx)? else {
            break;
        };
        let place = format!("{place}/{}", head.name);
        block(head, &rest.sub(span)?, &place, cx, found)?;
        // Where an Exif block ends is not known, and another may follow it.
        rest = rest.sub(Span::new(span.start(), rest.len()))?;
    }
    Ok(())
}

/// What a piece is.
#[derive(Clone, Copy)]
enum Kind {
    Samsung,
    Foot(&'static feet::Foot),
    Head(&'static Head),
}

/// Something known in a piece and where it stands: an end mark at its end, or a beginning as near to its
/// beginning as there is one.
fn recognize(piece: &Source<'_>, cx: &Context<'_>) -> Result<Option<(Span, Kind)>> {
    if let Some((len, foot)) = feet::find(piece)? {
        let start = piece.len().saturating_sub(len);
        return Ok(Some((Span::new(start, piece.len()), Kind::Foot(foot))));
    }
    if let Some(span) = samsung::span(piece)? {
        return Ok(Some((span, Kind::Samsung)));
    }
    Ok(heads::find(piece, cx)?.map(|(span, head)| (span, Kind::Head(head))))
}

fn report(
    piece: &Source<'_>,
    kind: Kind,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    match kind {
        Kind::Samsung => samsung::read(piece, &format!("{place}/Samsung"), cx, found),
        Kind::Foot(foot) => {
            let place = format!("{place}/{}", foot.name);
            found.add(
                Finding::new(
                    "trailer.vendor",
                    Category::Unknown,
                    Severity::High,
                    &place,
                    foot.name,
                )
                .bytes(piece.len()),
            );
            (foot.read)(piece, &place, cx, found)
        }
        Kind::Head(head) => {
            let place = format!("{place}/{}", head.name);
            match head.id {
                heads::MOTION => quicktime::read_as(head.id, piece, &place, cx, found),
                heads::VENDOR => {
                    add(head, piece, &place, Category::Unknown, Role::Other, found);
                    harvest(piece, found)
                }
                heads::PICTURE => {
                    add(head, piece, &place, Category::Image, Role::Picture, found);
                    let inner = cx.inspect_nested(piece)?;
                    found.merge(&place, inner);
                    Ok(())
                }
                heads::EXIF | heads::XMP => {
                    add(head, piece, &place, Category::History, Role::Other, found);
                    block(head, piece, &place, cx, found)
                }
                _ => {
                    add(head, piece, &place, Category::Unknown, Role::Other, found);
                    let inner = cx.inspect_nested(piece)?;
                    found.merge(&place, inner);
                    harvest(piece, found)
                }
            }
        }
    }
}

/// Reads a block of metadata.
fn block(
    head: &Head,
    piece: &Source<'_>,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let block = piece.peek(0, LARGEST_BLOCK)?;
    if head.id == heads::XMP {
        return xmp::read(&block, place, cx, found).map(drop);
    }
    // The chunk of a WebP has a name and a length in front of the block, that of a PNG a name.
    let block = match *block {
        [b'E', b'X', b'I', b'F', _, _, _, _, ref block @ ..] => block,
        [b'e', b'X', b'I', b'f', ref block @ ..] => block,
        ref block => block,
    };
    exif::read(block, place, cx, found).map(drop)
}

fn add(
    head: &Head,
    piece: &Source<'_>,
    place: &str,
    category: Category,
    role: Role,
    found: &mut Found,
) {
    found.add(
        Finding::new(head.id, category, Severity::High, place, head.name)
            .bytes(piece.len())
            .role(role),
    );
}

/// Nobody knows it. Editors that overwrite a file and do not cut it leave the end of the old picture
/// there, which then ends like a picture (CVE-2023-21036).
fn unknown(piece: &Source<'_>, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    cx.check_stop()?;
    harvest(piece, found)?;
    let head = piece.peek(0, LARGEST_BLOCK)?;
    // Programs put zero bytes behind texts.
    let end = head
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last.saturating_add(1));
    let words = head.get(..end).unwrap_or_default();
    if spelling::is_text(words) {
        let words = spelling::text(words);
        let what = "text behind the end";
        let finding = Finding::new(
            "trailer.unknown",
            Category::Unknown,
            Severity::High,
            place,
            what,
        );
        found.add(finding.text(words.as_str()).role(Role::Text));
        return text::mentions("trailer.unknown", &words, place, cx, found);
    }
    for run in head.split(|byte| !matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')) {
        if run.len() >= SHORTEST_TEXT {
            text::mentions(
                "trailer.unknown",
                &String::from_utf8_lossy(run),
                place,
                cx,
                found,
            )?;
        }
    }
    let end = piece.peek(piece.len().saturating_sub(16), 16)?;
    let leftover = end.ends_with(&[0xFF, 0xD9]) || end.ends_with(b"IEND\xAE\x42\x60\x82");
    let (id, category, what, role) = if leftover {
        let what = "what is left of another picture";
        (heads::PICTURE, Category::Image, what, Role::Picture)
    } else {
        let what = "unknown bytes behind the end";
        ("trailer.unknown", Category::Unknown, what, Role::Other)
    };
    found.add(
        Finding::new(id, category, Severity::High, place, what)
            .bytes(piece.len())
            .role(role),
    );
    Ok(())
}

fn harvest(piece: &Source<'_>, found: &mut Found) -> Result<()> {
    found.secrets.harvest(&piece.peek(0, SAMPLE)?);
    let end = piece.len().saturating_sub(SAMPLE);
    found.secrets.harvest(&piece.peek(end, SAMPLE)?);
    Ok(())
}

/// Whether there is no other byte than zero; an empty piece has none.
fn is_zero(piece: &Source<'_>) -> Result<bool> {
    let mut at = 0;
    while at < piece.len() {
        let window = piece.window(at)?;
        if window.iter().any(|b| *b != 0) {
            return Ok(false);
        }
        at = at.saturating_add(crate::model::len_u64(window.len()));
    }
    Ok(true)
}
