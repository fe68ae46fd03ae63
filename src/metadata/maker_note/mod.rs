//! Maker notes (Exif 0x927C): blocks of the makers' own, mostly an IFD behind a few bytes of header. Far
//! enough to name owners, serial numbers, firmware, places and faces. A note that is not understood is a
//! finding as well, and its text is remembered.
//!
//! Names, tags and offsets follow ExifTool's tables, the only public description of most of these notes.

mod cities;
mod locate;
mod makers;
mod nikon;
mod redact;
mod rows;
#[cfg(test)]
mod tests;

use crate::containers::tiff::ifd::{Entry, Ifd, Spans, Tiff, field};
use crate::model::{Result, Span, len_u64};

use super::exif::Facts;
use super::exif::survey::{Survey, finding, shorten, under};
use super::exif::value::{Said, look_like_text, said};
use locate::locate;
use makers::{Layout, recognize};
use rows::{How, NOTE, Row, TEXT};

pub use redact::{Redaction, redactions};

/// Directories inside directories inside a note.
const DEEPEST: u32 = 4;

/// And altogether.
const MOST_DIRECTORIES: u32 = 32;

/// A maker note and what must be known to read it.
pub(super) struct Note<'a, 'x> {
    /// The block it stands in.
    pub(super) block: Tiff<'a>,
    /// Where it stands.
    pub(super) span: Span,
    /// Make 0x010F.
    pub(super) make: &'x str,
}

/// Adds what a maker note gives away. What Apple's says about HDR goes to `facts`.
pub(super) fn read<'a>(
    note: &Note<'a, '_>,
    place: &str,
    survey: &mut Survey<'a, '_>,
    facts: &mut Facts,
) -> Result<()> {
    let bytes = survey.slice(note.span);
    let place = under(place, "MakerNote");
    let maker = recognize(bytes, note.make);
    let name = match maker.map(|maker| maker.name) {
        Some(name) => format!("maker note of {name}"),
        None => "maker note of an unknown maker".to_owned(),
    };
    survey.push(finding(NOTE, name, &place).bytes(len_u64(bytes.len())));
    let layout = maker.map_or(&Layout::Unknown, |maker| &maker.layout);
    let Some((tiff, at)) = locate(note, layout, bytes) else {
        if let Some(text) = look_like_text(bytes) {
            for part in &text {
                survey.found.secrets.text(part);
            }
            survey.tell(TEXT, "text in the maker note", &place, shorten(&text));
            survey.mentions(TEXT.id, &text, &place)?;
        }
        return survey.salvage(note.span, &place);
    };
    let mut walk = Walk {
        survey,
        tiff,
        facts,
        seen: Spans::default(),
        directories_left: MOST_DIRECTORIES,
        named: Vec::new(),
    };
    walk.seen.claim(Span::new(0, at));
    walk.directory(at, maker.map_or(&[], |maker| maker.rows), &place, 0)?;
    // What is left holds previews, thumbnails and tables without a name.
    for gap in walk.seen.gaps(note.span.end()) {
        walk.survey.salvage(gap, &place)?;
    }
    Ok(())
}

struct Walk<'w, 'a, 'c> {
    survey: &'w mut Survey<'a, 'c>,
    tiff: Tiff<'a>,
    facts: &'w mut Facts,
    /// What of the note has been looked at.
    seen: Spans,
    directories_left: u32,
    /// Values that a table names, and where they stand.
    named: Vec<(Span, &'static Row)>,
}

impl<'a> Walk<'_, 'a, '_> {
    fn directory(&mut self, at: u64, rows: &'static [Row], place: &str, depth: u32) -> Result<()> {
        let Some(left) = self.directories_left.checked_sub(1) else {
            return Ok(());
        };
        self.directories_left = left;
        let Some(ifd) = self.survey.directory(&self.tiff, at)? else {
            return Ok(());
        };
        self.seen.claim(ifd.span);
        for entry in &ifd.entries {
            match rows.iter().find(|row| row.tag == entry.tag) {
                Some(row) => self.row(row, entry, &ifd, place, depth)?,
                None => self.unnamed(entry, place)?,
            }
        }
        Ok(())
    }

    fn row(
        &mut self,
        row: &'static Row,
        entry: &Entry<'a>,
        ifd: &Ifd<'a>,
        place: &str,
        depth: u32,
    ) -> Result<()> {
        if !matches!(row.how, How::Directory { .. }) {
            self.seen.claim(entry.span);
            self.named.push((entry.span, row));
        }
        match row.how {
            How::Plain => self
                .survey
                .say(row.sort, row.name, place, entry, &said(entry)),
            How::Text(text) => {
                let said = Said::from_text(text(entry));
                self.survey.say(row.sort, row.name, place, entry, &said)
            }
            How::Words(words) => {
                match words(entry, ifd) {
                    Some(words) => {
                        self.survey.found.secrets.bytes(entry.value);
                        self.survey.tell(row.sort, row.name, place, words);
                    }
                    None => self.survey.setting(),
                }
                Ok(())
            }
            How::Hdr(slot) => {
                if let Some(value) = entry.srational(0) {
                    let hdr = self.facts.apple_hdr.get_or_insert([(0, 0); 2]);
                    if let Some(slot) = hdr.get_mut(slot) {
                        *slot = value;
                    }
                }
                Ok(())
            }
            How::Directory { skip, rows } => {
                let place = under(place, row.name);
                let pointer = matches!(entry.kind, field::LONG | field::IFD) && entry.count == 1;
                let start = if pointer {
                    entry.uint(0).and_then(|offset| self.tiff.resolve(offset))
                } else {
                    Some(entry.span.start())
                };
                let Some(at) = start.and_then(|start| start.checked_add(skip)) else {
                    return Ok(());
                };
                let outer = self.tiff;
                if depth >= DEEPEST || self.directories_left == 0 {
                    return Ok(());
                }
                if !pointer {
                    self.tiff = locate::within(&outer, at, entry.span).unwrap_or(outer);
                }
                self.directory(at, rows, &place, depth.saturating_add(1))?;
                self.tiff = outer;
                Ok(())
            }
        }
    }

    /// A value that no table names: its text is remembered, and a picture in it is looked at.
    fn unnamed(&mut self, entry: &Entry<'a>, place: &str) -> Result<()> {
        self.seen.claim(entry.span);
        if entry.is_text() || entry.is_bytes() {
            self.survey.salvage(entry.span, place)?;
        }
        Ok(())
    }
}
