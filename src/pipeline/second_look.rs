//! Searches an output for everything that its original gave away, without asking the format's allowlist,
//! and lets other people's parsers look at it.

use std::collections::BTreeSet;
use std::io::Cursor;

use super::needles::Needles;
use crate::bytes::{Context, Source, Streams};
use crate::formats::Format;
use crate::metadata::icc;
use crate::model::{Error, Examined, Fate, How, Result, Secrets};

/// Needles of at least so many bytes are searched for in coded data as well, where shorter ones stand
/// by chance: one file in a hundred million with eight random bytes.
const SURE: usize = 8;

/// Checks a candidate.
///
/// # Errors
/// [`Error::VerifyFailed`] when a value of the original stands in it.
pub(super) fn check(
    format: &'static dyn Format,
    candidate: &Source<'_>,
    secrets: &Secrets,
    examined: &Examined,
    cx: &Context<'_>,
) -> Result<()> {
    let vocabulary = [format.info().vocabulary, icc::STANDARD_NAMES].concat();
    let spelled = spell(secrets, &vocabulary);
    let (sure, short): (Vec<_>, Vec<_>) = spelled
        .into_iter()
        .partition(|needle| needle.len() >= SURE && is_telling(needle));
    let sure = Needles::new(sure);
    search(candidate, &sure, cx)?;
    let mut stream = Overlapping::new(&sure);
    format.streams(candidate, cx, &mut stream)?;
    // Markup is syntax, and ours looks like everybody's.
    let traces = secrets
        .traces()
        .filter(|text| !text.contains(['<', '>', '=']));
    let traces = traces.map(|text| text.as_bytes().to_vec());
    let traces = traces.filter(|trace| !known_word(trace, &vocabulary));
    let in_made = Needles::new(short.into_iter().chain(traces).collect());
    for part in examined.parts.iter().flat_map(|map| map.parts()) {
        let made_by_us = matches!(&part.fate, Fate::Rebuild(row, _) if row.how == How::Rebuild);
        if made_by_us {
            refuse(in_made.find(&candidate.read(part.span)?))?;
        }
    }
    ask_exif(candidate, examined)
}

/// Searches all of a file.
fn search(candidate: &Source<'_>, needles: &Needles, cx: &Context<'_>) -> Result<()> {
    if let Some(bytes) = candidate.in_memory() {
        return refuse(needles.find(bytes));
    }
    let mut stream = Overlapping::new(needles);
    candidate.for_each(candidate.whole(), |piece| {
        cx.check_stop()?;
        stream.search("file", piece)
    })
}

/// Searches pieces that follow each other, with the end of the one before in front of each.
struct Overlapping<'a> {
    needles: &'a Needles,
    name: &'static str,
    tail: Vec<u8>,
}

impl<'a> Overlapping<'a> {
    fn new(needles: &'a Needles) -> Self {
        Self {
            needles,
            name: "",
            tail: Vec::new(),
        }
    }

    /// The next piece of what has this name.
    fn search(&mut self, name: &'static str, piece: &[u8]) -> Result<()> {
        if self.name != name {
            self.name = name;
            self.tail.clear();
        }
        self.tail.extend_from_slice(piece);
        refuse(self.needles.find(&self.tail))?;
        let overlap = self.needles.longest().saturating_sub(1);
        self.tail.drain(..self.tail.len().saturating_sub(overlap));
        Ok(())
    }
}

impl Streams for Overlapping<'_> {
    fn content(&mut self, name: &'static str, piece: &[u8]) -> Result<()> {
        self.search(name, piece)
    }

    fn structure(&mut self, name: &'static str, piece: &[u8]) -> Result<()> {
        self.search(name, piece)
    }
}

fn refuse(found: Option<&[u8]>) -> Result<()> {
    // The value itself stays out of the message: messages end up in logs.
    found.map_or(Ok(()), |needle| {
        Err(Error::verify(format!(
            "a value of the original ({} bytes) still stands in the copy",
            needle.len()
        )))
    })
}

/// Whether bytes are unlikely to stand in a picture as pixels: a run of one colour is not.
fn is_telling(needle: &[u8]) -> bool {
    needle.iter().collect::<BTreeSet<_>>().len() >= 5
}

/// Every secret in every encoding in which it may stand.
fn spell(secrets: &Secrets, vocabulary: &[&str]) -> Vec<Vec<u8>> {
    let mut out: Vec<Vec<u8>> = secrets.byte_strings().map(<[u8]>::to_vec).collect();
    // Rationals and other numbers stand in the other byte order when a block is written anew.
    out.extend(
        secrets
            .byte_strings()
            .filter(|b| b.len() % 4 == 0)
            .map(|bytes| {
                bytes
                    .chunks(4)
                    .flat_map(|number| number.iter().rev().copied())
                    .collect()
            }),
    );
    for text in secrets.texts() {
        if known_word(text.as_bytes(), vocabulary) {
            continue;
        }
        out.push(text.as_bytes().to_vec());
        out.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        out.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        if !text.is_ascii() {
            out.extend(latin1(text));
        }
    }
    out
}

/// Whether the text is a part of what the format itself writes.
fn known_word(text: &[u8], vocabulary: &[&str]) -> bool {
    vocabulary
        .iter()
        .any(|word| memchr::memmem::find(word.as_bytes(), text).is_some())
}

fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect()
}

/// What an Exif reader that we did not write may find in a cleaned copy.
const EXIF_ALLOWED: &[exif::Tag] = &[
    exif::Tag::Orientation,
    exif::Tag::XResolution,
    exif::Tag::YResolution,
    exif::Tag::ResolutionUnit,
    exif::Tag::ColorSpace,
    exif::Tag::Gamma,
    exif::Tag::InteroperabilityIndex,
    // Apple's two HDR numbers; the block itself was searched above.
    exif::Tag::MakerNote,
];

fn ask_exif(candidate: &Source<'_>, examined: &Examined) -> Result<()> {
    let Some(bytes) = candidate.in_memory() else {
        return Ok(());
    };
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let read = reader
        .read_from_container(&mut Cursor::new(bytes))
        .or_else(|error| error.distill_partial_result(|_| {}));
    // No Exif, or a container that this reader does not know.
    let Ok(read) = read else { return Ok(()) };
    // Of a file that is a TIFF itself, the same reader sees the picture's own tags.
    let is_tiff = matches!(bytes.get(..4), Some(b"II*\0" | b"MM\0*"));
    let goes = |field: &&exif::Field| {
        if is_tiff {
            tells(field, examined)
        } else {
            !EXIF_ALLOWED.contains(&field.tag)
        }
    };
    match read.fields().find(goes) {
        Some(field) => Err(Error::verify(format!(
            "another Exif reader finds {}",
            field.tag
        ))),
        None => Ok(()),
    }
}

/// What no copy of a TIFF, DNG or raw photo says, whatever else stays in it.
const TELLING: &[exif::Tag] = &[
    exif::Tag::ImageDescription,
    exif::Tag::Software,
    exif::Tag::DateTime,
    exif::Tag::Artist,
    exif::Tag::Copyright,
    exif::Tag::DateTimeOriginal,
    exif::Tag::DateTimeDigitized,
    exif::Tag::OffsetTime,
    exif::Tag::OffsetTimeOriginal,
    exif::Tag::OffsetTimeDigitized,
    exif::Tag::SubSecTime,
    exif::Tag::SubSecTimeOriginal,
    exif::Tag::SubSecTimeDigitized,
    exif::Tag::UserComment,
    exif::Tag::ImageUniqueID,
    exif::Tag::CameraOwnerName,
    exif::Tag::BodySerialNumber,
    exif::Tag::LensSerialNumber,
];

/// Whether a field gives something away: a copy in which nothing is said to stay names no camera either.
fn tells(field: &exif::Field, examined: &Examined) -> bool {
    let denied = field.tag.context() == exif::Context::Gps
        || TELLING.contains(&field.tag)
        || examined.residue.is_empty() && [exif::Tag::Make, exif::Tag::Model].contains(&field.tag);
    let blank = |byte: &u8| matches!(byte, 0 | b' ');
    let said = match &field.value {
        exif::Value::Ascii(texts) => texts.iter().flatten().any(|byte| !blank(byte)),
        exif::Value::Undefined(bytes, _) | exif::Value::Byte(bytes) => {
            bytes.iter().any(|byte| !blank(byte))
        }
        exif::Value::Short(values) => values.iter().any(|value| *value != 0),
        exif::Value::Long(values) => values.iter().any(|value| *value != 0),
        exif::Value::SByte(values) => values.iter().any(|value| *value != 0),
        exif::Value::SShort(values) => values.iter().any(|value| *value != 0),
        exif::Value::SLong(values) => values.iter().any(|value| *value != 0),
        exif::Value::Rational(values) => values.iter().any(|value| value.num != 0),
        exif::Value::SRational(values) => values.iter().any(|value| value.num != 0),
        exif::Value::Float(values) => values.iter().any(|value| value.to_bits() != 0),
        exif::Value::Double(values) => values.iter().any(|value| value.to_bits() != 0),
        // Of a type that no standard names: nobody reads it.
        exif::Value::Unknown(..) => false,
    };
    denied && said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> Vec<Vec<u8>> {
        let mut secrets = Secrets::default();
        secrets.text(text);
        spell(&secrets, &["JFIF", "Adobe RGB"])
    }

    #[test]
    fn texts_are_searched_for_in_every_encoding() {
        let needles = Needles::new(spelled("Åsa Öberg"));
        for hay in [
            "xxÅsa Öbergxx".as_bytes().to_vec(),
            b"xx\xC5sa \xD6bergxx".to_vec(),
            "Åsa Öberg"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
            "Åsa Öberg"
                .encode_utf16()
                .flat_map(u16::to_be_bytes)
                .collect(),
        ] {
            assert!(needles.find(&hay).is_some(), "{hay:?}");
        }
    }

    #[test]
    fn values_across_pieces_are_found() {
        let needles = Needles::new(vec![b"SERIAL-1234".to_vec()]);
        let mut stream = Overlapping::new(&needles);
        stream.search("IDAT", b"xxxSERIAL").unwrap();
        assert!(stream.search("IDAT", b"-1234xxx").is_err());
        let mut stream = Overlapping::new(&needles);
        stream.search("iCCP", b"xxxSERIAL").unwrap();
        assert!(stream.search("IDAT", b"-1234xxx").is_ok(), "another stream");
    }

    #[test]
    fn the_formats_own_words_are_not_searched_for() {
        assert!(spelled("Adobe").is_empty());
        assert!(!spelled("Adobe Photoshop").is_empty());
    }

    #[test]
    fn rationals_are_searched_for_in_both_byte_orders() {
        let mut secrets = Secrets::default();
        let big: Vec<u8> = [63u32, 1, 10, 1, 36, 55]
            .iter()
            .flat_map(|n| n.to_be_bytes())
            .collect();
        let little: Vec<u8> = [63u32, 1, 10, 1, 36, 55]
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect();
        secrets.bytes(&big);
        let needles = Needles::new(spell(&secrets, &[]));
        assert!(needles.find(&big).is_some());
        assert!(needles.find(&little).is_some());
    }
}
