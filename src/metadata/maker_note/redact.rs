//! Values of a maker note that can be overwritten where they stand. Raw photos need the rest of their
//! notes, whose offsets nobody can move.

use super::super::exif::Facts;
use super::super::exif::survey::{Survey, finding, under};
use super::makers::{Layout, recognize};
use super::rows::{FILE_INFO, Row};
use super::{MOST_DIRECTORIES, Note, Walk, locate::locate, nikon};
use crate::bytes::Context;
use crate::containers::tiff::ifd::{Spans, Tiff};
use crate::model::{Finding, Found, Result, Span};

/// A value, and what is to stand in its place.
#[derive(Clone, Debug)]
pub struct Redaction {
    /// Where it stands in the block.
    pub span: Span,
    /// As many bytes as the span has.
    pub bytes: Vec<u8>,
    /// What it gives away.
    pub finding: Finding,
}

/// What of a note tells who, where, when or which camera: by id of the finding.
const TELLING: &[&str] = &[
    "exif.makernote",
    "exif.makernote.serial",
    "exif.makernote.link",
    "exif.makernote.counter",
    "exif.makernote.person",
    "exif.makernote.face",
    "exif.makernote.place",
    "exif.makernote.time",
];

/// The values of the note in `span` of a block that can be overwritten and say something, what they say,
/// and what must stay. `make` is the camera's.
///
/// # Errors
/// Those of the budget.
pub fn redactions(
    block: Tiff<'_>,
    span: Span,
    make: &str,
    place: &str,
    cx: &Context<'_>,
) -> Result<(Vec<Redaction>, Found, Vec<Finding>)> {
    let note = Note { block, span, make };
    let mut survey = Survey::new(block.bytes(), cx);
    let bytes = survey.slice(span);
    let place = under(place, "MakerNote");
    let maker = recognize(bytes, make);
    let layout = maker.map_or(&Layout::Unknown, |maker| &maker.layout);
    let Some((tiff, at)) = locate(&note, layout, bytes) else {
        return Ok((Vec::new(), Found::default(), Vec::new()));
    };
    let mut facts = Facts::default();
    let mut walk = Walk {
        survey: &mut survey,
        tiff,
        facts: &mut facts,
        seen: Spans::default(),
        directories_left: MOST_DIRECTORIES,
        named: Vec::new(),
    };
    walk.directory(at, maker.map_or(&[], |maker| maker.rows), &place, 0)?;
    let named = std::mem::take(&mut walk.named);
    let mut residue = Vec::new();
    let keys = match maker.filter(|maker| maker.name == "Nikon") {
        Some(_) => tiff.ifd(at).map(|ifd| nikon::new_keys(&ifd)),
        None => None,
    };
    let mut out = Vec::new();
    for (span, row) in named {
        let old = survey.slice(span);
        if !TELLING.contains(&row.sort.id) {
            continue;
        }
        let new = match (&keys, row.tag) {
            (Some(nikon::Keys { needed: true, .. }), 0x001D | 0x00A7) => {
                residue.push(finding(row.sort, row.name, &place));
                continue;
            }
            // Programs take the digits for a number.
            (Some(_), 0x001D | 0x00A0) => digits(old),
            // The lens, by which converters correct the picture, stands behind the number.
            _ if row.name == FILE_INFO => without_number(old),
            _ => vec![0; old.len()],
        };
        if says_nothing(old, row) || new == old {
            continue;
        }
        survey.found.secrets.bytes(old);
        out.push(Redaction {
            span,
            bytes: new,
            finding: finding(row.sort, row.name, &place),
        });
    }
    if let Some(keys) = keys {
        for (span, bytes, name) in keys.blocks {
            if survey.slice(span) != bytes {
                out.push(Redaction {
                    span,
                    bytes,
                    finding: finding(nikon::ENCIPHERED, name, &place),
                });
            }
        }
    }
    let mut found = survey.found;
    // The values that stay are no secrets of this file.
    let told = |finding: &Finding| TELLING.contains(&finding.id);
    found.findings.retain(told);
    Ok((out, found, residue))
}

fn says_nothing(value: &[u8], row: &Row) -> bool {
    let blank = value.iter().all(|byte| matches!(byte, 0 | b' '));
    // A time zone or a city of nothing is given as ones in some notes.
    blank || row.sort.id == "exif.makernote.counter" && value.iter().all(|byte| *byte == 0xFF)
}

/// The same with zeros in the place of the two words behind the length.
fn without_number(settings: &[u8]) -> Vec<u8> {
    let mut new = settings.to_vec();
    if let Some(number) = new.get_mut(2..6) {
        number.fill(0);
    }
    new
}

/// Zeros as digits, as long as the text is.
fn digits(text: &[u8]) -> Vec<u8> {
    let end = text
        .iter()
        .rposition(|byte| !matches!(byte, 0 | b' '))
        .map_or(0, |last| last.saturating_add(1));
    let kept = text.iter().enumerate();
    kept.map(|(at, byte)| if at < end { b'0' } else { *byte })
        .collect()
}
