//! Raw photos: NEF, CR2, ARW, RW2, ORF, PEF, SRW, which keep to TIFF more or less, RAF and CR3. Their makers
//! say nowhere which offsets point where, so that no byte is ever moved: what tells something is
//! overwritten where it stands, and what may be left is named.

mod blocks;
mod boxes;
mod family;
mod pictures;
mod redact;
#[cfg(test)]
mod tests;
mod texts;

use crate::bytes::{Context, Source};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{
    Category, Digest, Error, Examined, Fate, Finding, How, Part, PartMap, Result, Row, Severity,
    Span, len_u64,
};
use family::{Family, recognize};

const NAME: &str = "raw photo";

/// Raw photos.
#[derive(Debug)]
pub(in crate::formats) struct Raw;

static INFO: Info = Info {
    id: "raw",
    name: "raw photo",
    extensions: &[
        "nef", "nrw", "cr2", "arw", "sr2", "rw2", "rwl", "orf", "pef", "srw", "raf", "cr3",
    ],
    noun: "photo",
    rows: &[REST, ZEROED],
    vocabulary: &["Exif", "Adobe", "JFIF"],
};

const REST: Row = Row {
    what: "the file",
    when: "whatever does not tell who, where, when or which camera; reported as what is left",
    how: How::Verbatim,
    why: "converters look for its parts at places that only their makers know",
    spec: "TIFF/EP (ISO 12234-2); makers' own",
};
const ZEROED: Row = Row {
    what: "texts, dates, serial numbers, GPS, XMP, IPTC; metadata of previews",
    when: "never: zeros, or blanks, stand in their place",
    how: How::Rebuild,
    why: "no byte may move",
    spec: "CIPA DC-008 4.6; makers' own",
};

impl Format for Raw {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let family = recognize(probe.head())?;
        let matched = Confidence::Content.when(true)?;
        Some(match family.extensions() {
            Some(extensions) => matched.with_extensions(extensions),
            None => matched,
        })
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let bytes = whole(source, cx)?;
        let family = known(&bytes)?;
        let redacted = redact::redact(&bytes, family, cx)?;
        let parts = parts(&bytes, &redacted)?;
        let mut found = redacted.found;
        if found.findings.is_empty() && *redacted.out != *bytes {
            let what = "bytes that may tell something";
            let finding = Finding::new("raw.settings", Category::Unknown, Severity::Low, "", what);
            found.add(finding);
        }
        Ok(Examined {
            payload: Some(redacted.payload),
            ..Examined::spliced(found, redacted.residue, parts)
        })
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let bytes = whole(source, cx)?;
        let family = known(&bytes)?;
        Ok(redact::redact(&bytes, family, cx)?.payload)
    }

    /// Only pixels are coded in it; previews are located in it as they are.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

/// Raw photos are held in memory: their parts point to each other in ways that only a look at all of
/// them shows.
fn whole<'a>(source: &Source<'a>, cx: &Context<'_>) -> Result<std::borrow::Cow<'a, [u8]>> {
    cx.memory(source.len())?;
    source.read(source.whole())
}

fn known(bytes: &[u8]) -> Result<Family> {
    let head = bytes.get(..4096).unwrap_or(bytes);
    match recognize(head) {
        Some(Family::Other(why)) => Err(Error::unsupported(why)),
        Some(family) => Ok(family),
        None => Err(Error::malformed(NAME, 0, "the header is damaged")),
    }
}

/// Changes that stand so close together are one.
const CLOSE: usize = 16;

/// Where two versions of a file differ.
fn parts(before: &[u8], redacted: &redact::Redacted<'_>) -> Result<PartMap> {
    let after = redacted.out.as_ref();
    let mut labels = redacted.labels.clone();
    labels.sort_by_key(|(span, _)| span.start());
    let label = |at: usize| {
        let at = len_u64(at);
        let before = labels.partition_point(|(span, _)| span.start() <= at);
        let near = before.checked_sub(1).and_then(|last| labels.get(last));
        near.map_or(ZEROED.what, |(_, label)| *label)
    };
    let mut changes: Vec<(usize, usize)> = Vec::new();
    for (at, (old, new)) in before.iter().zip(after).enumerate() {
        if old == new {
            continue;
        }
        let end = at.saturating_add(1);
        match changes.last_mut() {
            Some((_, last)) if at.saturating_sub(*last) <= CLOSE => *last = end,
            _ => changes.push((at, end)),
        }
    }
    let mut parts = Vec::new();
    let mut at = 0;
    let mut push = |start: usize, end: usize, fate: Fate| {
        if start < end {
            parts.push(Part {
                span: Span::new(len_u64(start), len_u64(end)),
                name: match &fate {
                    Fate::Rebuild(..) => label(start),
                    _ => REST.what,
                },
                fate,
            });
        }
    };
    for (start, end) in changes {
        push(at, start, Fate::Keep(&REST));
        let bytes = after.get(start..end).unwrap_or_default().to_vec();
        push(start, end, Fate::rebuild(&ZEROED, bytes));
        at = end;
    }
    push(at, before.len(), Fate::Keep(&REST));
    PartMap::new(parts, len_u64(before.len()), NAME)
}
