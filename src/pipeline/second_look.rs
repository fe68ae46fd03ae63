//! Searches an output for everything that its original gave away, without asking the format's allowlist,
//! and lets other people's parsers look at it.

use std::collections::BTreeSet;
use std::io::Cursor;

use super::needles::Needles;
use crate::bytes::{Context, Source, Streams};
use crate::formats::Format;
use crate::metadata::icc;
use crate::model::{Error, Examined, Plan, Result, Secrets, Span, Step, len_u64};

/// Values of at least this many bytes are searched for in coded data as well, where shorter ones are by
/// chance: one file in a hundred million with eight random bytes.
const SURE: usize = 8;

/// What is refused when damage moved metadata into coded data, where it cannot be removed.
pub(super) const IN_PICTURE_DATA: &str = "a value of its metadata is also in its picture data, from where \
     it cannot be removed; open it, save it under a new name, and clean that; or ask for it once more";

/// Checks a candidate of this format. `written` is the plan that it was written by, where that is known.
///
/// # Errors
/// [`Error::ValueLeft`] when a value of the original is located in it, [`Error::Unsupported`] when that is in
/// what was copied byte for byte, [`Error::VerifyFailed`] when another reader finds metadata.
pub(super) fn check(
    format: &'static dyn Format,
    candidate: &Source<'_>,
    secrets: &Secrets,
    examined: &Examined,
    written: Option<&Plan>,
    cx: &Context<'_>,
) -> Result<()> {
    let vocabulary = [format.info().vocabulary, icc::STANDARD_NAMES].concat();
    let Spelled {
        sure,
        short,
        numbers,
    } = spell(secrets, &vocabulary);
    let sure = Needles::new(sure);
    search(candidate, &sure, written, cx)?;
    let shown = secrets
        .shown()
        .filter(|text| !known_word(text.as_bytes(), &vocabulary));
    let shown = shown.flat_map(encodings);
    let shown = Needles::new(shown.filter(|needle| needle.len() >= SURE).collect());
    let short = Short::new(short);
    let mut streams = Decoded {
        content: Overlapping::new(&sure),
        structure: [Overlapping::new(&sure), Overlapping::new(&shown)],
        short: &short,
        last: "",
        tail: Vec::new(),
    };
    format.streams(candidate, cx, &mut streams)?;
    // Markup is syntax, and ours looks like everybody's.
    let traces = secrets
        .traces()
        .filter(|text| !text.contains(['<', '>', '=']));
    let traces = traces.map(|text| text.as_bytes().to_vec());
    let traces = traces.filter(|trace| !known_word(trace, &vocabulary));
    let traces = Needles::new(traces.chain(numbers).collect());
    for step in written.unwrap_or(&examined.plan).steps() {
        cx.check_stop()?;
        if let Step::Bytes(bytes) = step {
            traces.find(bytes).map_or(Ok(()), |(_, it)| refuse(it))?;
            short.search(bytes)?;
        }
    }
    ask_exif(candidate, examined)
}

/// Searches all of a file.
fn search(
    candidate: &Source<'_>,
    needles: &Needles,
    written: Option<&Plan>,
    cx: &Context<'_>,
) -> Result<()> {
    let mut stream = Overlapping::new(needles);
    let mut end = 0u64;
    candidate.for_each(candidate.whole(), |piece| {
        cx.check_stop()?;
        end = end.saturating_add(len_u64(piece.len()));
        stream.search(piece, |from_end, needle| {
            let start = end.saturating_sub(len_u64(from_end));
            let place = Span::new(start, start.saturating_add(len_u64(needle.len())));
            match written {
                Some(plan) if is_copied(plan, place) => Err(Error::unsupported(IN_PICTURE_DATA)),
                _ => refuse(needle),
            }
        })
    })
}

/// Whether the bytes of the output at `place` are bytes of the input.
fn is_copied(plan: &Plan, place: Span) -> bool {
    let mut at = 0u64;
    for step in plan.steps() {
        let end = at.saturating_add(step.len());
        if end > place.start() {
            let is_copy = matches!(step, Step::Copy(_) | Step::Scratch(..));
            return is_copy && end >= place.end();
        }
        at = end;
    }
    false
}

/// Joins pieces that follow each other, with the end of the one before in front of each.
struct Overlapping<'a> {
    needles: &'a Needles,
    tail: Vec<u8>,
}

impl<'a> Overlapping<'a> {
    fn new(needles: &'a Needles) -> Self {
        let tail = Vec::new();
        Self { needles, tail }
    }

    /// Searches the next piece. `hit` is told how far from the end of the piece a needle begins.
    fn search(
        &mut self,
        piece: &[u8],
        mut hit: impl FnMut(usize, &[u8]) -> Result<()>,
    ) -> Result<()> {
        let overlap = self.needles.longest().saturating_sub(1);
        // A file in memory is one piece, and is not copied.
        if self.tail.is_empty() {
            if let Some((at, needle)) = self.needles.find(piece) {
                hit(piece.len().saturating_sub(at), needle)?;
            }
            let keep = piece.len().saturating_sub(overlap);
            self.tail
                .extend_from_slice(piece.get(keep..).unwrap_or_default());
            return Ok(());
        }
        self.tail.extend_from_slice(piece);
        if let Some((at, needle)) = self.needles.find(&self.tail) {
            hit(self.tail.len().saturating_sub(at), needle)?;
        }
        let keep = self.tail.len().saturating_sub(overlap);
        self.tail.drain(..keep);
        Ok(())
    }
}

/// Searches what formats decode.
struct Decoded<'a> {
    content: Overlapping<'a>,
    structure: [Overlapping<'a>; 2],
    short: &'a Short,
    last: &'static str,
    /// The end of the structure so far, for short values.
    tail: Vec<u8>,
}

impl Decoded<'_> {
    /// What another stream contains does not continue this one.
    fn switch(&mut self, name: &'static str) {
        if self.last != name {
            self.last = name;
            self.content.tail.clear();
            for stream in &mut self.structure {
                stream.tail.clear();
            }
            self.tail.clear();
        }
    }
}

impl Streams for Decoded<'_> {
    fn content(&mut self, name: &'static str, piece: &[u8]) -> Result<()> {
        self.switch(name);
        self.content.search(piece, |_, needle| refuse(needle))
    }

    fn structure(&mut self, name: &'static str, piece: &[u8]) -> Result<()> {
        self.switch(name);
        for stream in &mut self.structure {
            stream.search(piece, |_, needle| refuse(needle))?;
        }
        self.tail.extend_from_slice(piece);
        self.short.search(&self.tail)?;
        let keep = self.tail.len().saturating_sub(Short::LONGEST);
        self.tail.drain(..keep);
        Ok(())
    }
}

/// Short values: whole ones, between bytes that are part of no word.
struct Short {
    needles: Needles,
}

impl Short {
    /// Bytes of the longest short value and its neighbours.
    const LONGEST: usize = 64;

    fn new(needles: Vec<Vec<u8>>) -> Self {
        Self {
            needles: Needles::new(needles),
        }
    }

    fn search(&self, hay: &[u8]) -> Result<()> {
        let mut from = 0usize;
        while let Some((at, needle)) = self.needles.find_first(hay.get(from..).unwrap_or_default())
        {
            let start = from.saturating_add(at);
            let end = start.saturating_add(needle.len());
            let before = hay.get(..start).unwrap_or_default();
            let behind = hay.get(end..).unwrap_or_default();
            if is_whole(before, needle, behind) {
                return refuse(needle);
            }
            from = start.saturating_add(1);
        }
        Ok(())
    }
}

/// Whether a value is no part of a longer word.
fn is_whole(before: &[u8], needle: &[u8], behind: &[u8]) -> bool {
    // UTF-16: the other half of a letter is zero.
    let step = if needle.contains(&0) { 2 } else { 1 };
    let (front, back) = match (needle.first(), step) {
        (Some(0), _) => (before.last(), behind.get(1)),
        (_, 2) => (before.iter().nth_back(1), behind.first()),
        _ => (before.last(), behind.first()),
    };
    let parts =
        |byte: &u8| matches!(byte, 0 | b'\t' | b'\n' | b'\r' | b' ') || byte.is_ascii_punctuation();
    front.is_none_or(parts) && back.is_none_or(parts)
}

fn refuse(needle: &[u8]) -> Result<()> {
    Err(Error::ValueLeft { len: needle.len() })
}

/// Whether bytes are unlikely to stand in a picture as pixels: a run of one colour is not.
fn is_telling(needle: &[u8]) -> bool {
    needle.iter().collect::<BTreeSet<_>>().len() >= 5
}

/// Every value in every encoding that it may be in.
struct Spelled {
    /// Those that are searched for everywhere.
    sure: Vec<Vec<u8>>,
    /// Texts that are in coded data by chance.
    short: Vec<Vec<u8>>,
    /// Other values that are in coded data by chance.
    numbers: Vec<Vec<u8>>,
}

fn spell(secrets: &Secrets, vocabulary: &[&str]) -> Spelled {
    let mut all: Vec<Vec<u8>> = secrets.byte_strings().map(<[u8]>::to_vec).collect();
    // Rationals and other numbers are in the other byte order when a block is rebuilt.
    all.extend(
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
    let (mut sure, numbers): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|needle| is_telling(needle));
    let mut short = Vec::new();
    for text in secrets.texts() {
        if known_word(text.as_bytes(), vocabulary) {
            continue;
        }
        let (long, brief): (Vec<_>, Vec<_>) = encodings(text)
            .into_iter()
            .partition(|needle| needle.len() >= SURE && is_telling(needle));
        sure.extend(long);
        if says_something(text) {
            short.extend(brief);
        }
    }
    Spelled {
        sure,
        short,
        numbers,
    }
}

fn encodings(text: &str) -> Vec<Vec<u8>> {
    let mut out = vec![
        text.as_bytes().to_vec(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ];
    if !text.is_ascii() {
        out.extend(latin1(text));
    }
    out
}

/// Whether a short text is more than a number or a keyword: a name begins with a capital letter, a code has
/// letters and digits.
fn says_something(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    let is_name = text.starts_with(char::is_uppercase) && letters >= 3;
    is_name || !text.is_ascii() || letters >= 2 && has_digit
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
        let spelled = spell(&secrets, &["JFIF", "Adobe RGB"]);
        [spelled.sure, spelled.short].concat()
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
        let none = Needles::new(Vec::new());
        let short = Short::new(vec![b"Anna".to_vec()]);
        let streams = || Decoded {
            content: Overlapping::new(&needles),
            structure: [Overlapping::new(&needles), Overlapping::new(&none)],
            short: &short,
            last: "",
            tail: Vec::new(),
        };
        let mut all = streams();
        all.content("IDAT", b"xxxSERIAL").unwrap();
        assert!(all.content("IDAT", b"-1234xxx").is_err());
        let mut all = streams();
        all.structure("iCCP", b"xxxSERIAL").unwrap();
        assert!(all.content("IDAT", b"-1234xxx").is_ok(), "another stream");
        assert!(streams().content("IDAT", b"by Anna").is_ok());
        assert!(streams().structure("xml", b"by Anna").is_err());
        let mut all = streams();
        all.structure("xml", b"by An").unwrap();
        assert!(all.structure("xml", b"na<").is_err());
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
        let needles = Needles::new(spell(&secrets, &[]).sure);
        assert!(needles.find(&big).is_some());
        assert!(needles.find(&little).is_some());
    }

    #[test]
    fn short_values_are_found_whole() {
        let short = Short::new(spelled("Anna"));
        for whole in [
            &b"\0Anna\0"[..],
            b"\"Anna\"",
            b"Annas Anna",
            b"Anna",
            b"\0A\0n\0n\0a",
            b"x\0\0\0A\0n\0n\0a\0",
        ] {
            assert!(short.search(whole).is_err(), "{whole:?}");
        }
        for part in [&b"Annabel"[..], b"xAnna", b"\x90Anna\x80", b"anna"] {
            assert!(short.search(part).is_ok(), "{part:?}");
        }
        assert!(!says_something("2024") && !says_something("none") && says_something("Lund"));
    }

    #[test]
    fn what_was_copied_is_told_from_what_was_written() {
        let mut plan = Plan::new();
        plan.bytes(*b"abcd");
        plan.push(Step::Copy(Span::new(50, 60)));
        assert!(is_copied(&plan, Span::new(4, 14)));
        assert!(!is_copied(&plan, Span::new(3, 6)));
        assert!(!is_copied(&plan, Span::new(13, 15)));
    }
}
