//! Windows metafiles (MS-EMF, MS-WMF), as far as they are pictures in documents: description and comments
//! are blanked, everything that draws stays as it is.

use crate::bytes::{Hasher, Order, Source};
use crate::model::{Error, Plan, Result, Span, Step};

use super::report::{self as kind, Report};

/// `EMR_HEADER`, `EMR_COMMENT` (MS-EMF §2.1.1).
const HEADER: u32 = 1;
const COMMENT: u32 = 70;
/// `META_ESCAPE` with `MFCOMMENT` (MS-WMF §2.3.6).
const ESCAPE: u16 = 0x0626;
const MF_COMMENT: u16 = 15;
/// Largest metafile, in bytes.
const LARGEST: u64 = 64 << 20;

/// What is blanked: spans of a metafile, and what they say.
struct Told {
    spans: Vec<Span>,
    texts: Vec<String>,
    /// Whether a picture with metadata of its own is inside.
    has_metadata: bool,
}

/// The copy of a metafile; `None` when it is none.
pub(super) fn clean(source: &Source<'_>, place: &str, report: &mut Report) -> Result<Option<Plan>> {
    let Some(told) = look(source)? else {
        return Ok(None);
    };
    let mut plan = Plan::new();
    let mut at = 0;
    for span in &told.spans {
        if is_blank(source, *span)? {
            continue;
        }
        report.tell(kind::METAFILE, place, "");
        plan.push(Step::Copy(Span::new(at, span.start())));
        plan.push(Step::Zero(span.len()));
        at = span.end();
    }
    for text in &told.texts {
        report.tell(kind::METAFILE, place, text);
    }
    if told.has_metadata {
        return Ok(None);
    }
    plan.push(Step::Copy(Span::new(at, source.len())));
    Ok(Some(plan))
}

/// The extension of a metafile.
pub(super) fn id(source: &Source<'_>) -> Result<&'static str> {
    let is_enhanced = source.peek(40, 4)?.as_ref() == b" EMF";
    Ok(if is_enhanced { "emf" } else { "wmf" })
}

/// Takes all of a metafile that draws; nothing, where it is none.
pub(super) fn payload(source: &Source<'_>, hasher: &mut Hasher) -> Result<()> {
    let Some(told) = look(source)?.filter(|told| !told.has_metadata) else {
        return Ok(());
    };
    let mut at = 0;
    for span in &told.spans {
        hasher.span(source, Span::new(at, span.start()))?;
        hasher.label("blank", span.len());
        at = span.end();
    }
    hasher.span(source, Span::new(at, source.len()))
}

fn look(source: &Source<'_>) -> Result<Option<Told>> {
    if source.len() > LARGEST {
        return Err(Error::LimitExceeded { limit: "block" });
    }
    let bytes = source.read(source.whole())?;
    let is_emf = number(&bytes, 0) == Some(HEADER) && bytes.get(40..44) == Some(b" EMF");
    if is_emf {
        return Ok(enhanced(&bytes));
    }
    let start = match bytes.get(..4) {
        Some(b"\xD7\xCD\xC6\x9A") => 22,
        Some([1 | 2, 0, 9, 0]) => 0,
        _ => return Ok(None),
    };
    Ok(windows(&bytes, start))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Order::Little.u32(bytes.get(at..)?)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Order::Little.u16(bytes.get(at..)?)
}

fn place(n: usize) -> u64 {
    crate::model::len_u64(n)
}

/// The records of an EMF.
fn enhanced(bytes: &[u8]) -> Option<Told> {
    let mut told = Told {
        spans: Vec::new(),
        texts: Vec::new(),
        has_metadata: false,
    };
    let mut at = 0_usize;
    while let (Some(kind), Some(size)) = (number(bytes, at), number(bytes, at.saturating_add(4))) {
        let size = usize::try_from(size).ok()?;
        let end = at
            .checked_add(size)
            .filter(|end| size >= 8 && *end <= bytes.len())?;
        let record = bytes.get(at..end)?;
        if kind == HEADER {
            let (len, offset) = (number(record, 60)?, number(record, 64)?);
            let start = at.checked_add(usize::try_from(offset).ok()?)?;
            let stop = start.checked_add(usize::try_from(len).ok()?.checked_mul(2)?)?;
            if len > 0 && offset > 0 {
                let text = bytes.get(start..stop).filter(|_| stop <= end)?;
                let units = text
                    .chunks_exact(2)
                    .filter_map(|pair| Order::Little.u16(pair));
                let text: String = char::decode_utf16(units).filter_map(Result::ok).collect();
                let texts = text
                    .split('\0')
                    .filter(|it| !it.is_empty())
                    .map(str::to_owned);
                told.texts.extend(texts);
                told.spans.push(Span::new(place(start), place(stop)));
            }
        } else if kind == COMMENT {
            match record.get(12..16) {
                // Records that draw (MS-EMFPLUS), and those that other records belong to.
                Some(b"EMF+") => {
                    told.has_metadata |= has_metadata(record);
                }
                Some(b"EMFS") => {}
                Some(b"GDIC") if number(record, 16) != Some(0x8000_0001) => {}
                _ => told
                    .spans
                    .push(Span::new(place(at.saturating_add(12)), place(end))),
            }
        } else {
            told.has_metadata |= has_metadata(record);
        }
        at = end;
        if kind == 14 {
            break;
        }
    }
    // Behind the last record.
    if at < bytes.len() {
        told.spans.push(Span::new(place(at), place(bytes.len())));
    }
    told.spans.retain(|span| !span.is_empty());
    Some(told)
}

/// The records of a WMF.
fn windows(bytes: &[u8], start: usize) -> Option<Told> {
    let mut told = Told {
        spans: Vec::new(),
        texts: Vec::new(),
        has_metadata: false,
    };
    let header = usize::from(short(bytes, start.saturating_add(2))?).checked_mul(2)?;
    let mut at = start.checked_add(header)?;
    while let (Some(size), Some(function)) = (number(bytes, at), short(bytes, at.saturating_add(4)))
    {
        let size = usize::try_from(size).ok()?.checked_mul(2)?;
        let end = at
            .checked_add(size)
            .filter(|end| size >= 6 && *end <= bytes.len())?;
        let record = bytes.get(at..end)?;
        if function == ESCAPE && short(record, 6) == Some(MF_COMMENT) {
            // "WMFC" is a piece of the same picture as EMF.
            if record.get(10..14) == Some(b"WMFC") {
                told.has_metadata |= has_metadata(record);
            } else {
                told.spans
                    .push(Span::new(place(at.saturating_add(10)), place(end)));
            }
        } else {
            told.has_metadata |= has_metadata(record);
        }
        at = end;
        if function == 0 {
            break;
        }
    }
    if at < bytes.len() {
        told.spans.push(Span::new(place(at), place(bytes.len())));
    }
    told.spans.retain(|span| !span.is_empty());
    Some(told)
}

/// Whether a picture with metadata of its own is inside a record.
fn has_metadata(record: &[u8]) -> bool {
    const MARKS: [&[u8]; 8] = [
        b"Exif\0\0",
        b"http://ns.adobe.com/",
        b"Photoshop 3.0",
        b"tEXt",
        b"iTXt",
        b"zTXt",
        b"eXIf",
        b"jumb",
    ];
    MARKS
        .iter()
        .any(|mark| memchr::memmem::find(record, mark).is_some())
}

fn is_blank(source: &Source<'_>, span: Span) -> Result<bool> {
    Ok(source.read(span)?.iter().all(|byte| *byte == 0))
}
