//! WAV: RIFF of type `WAVE` (Microsoft *Multimedia Programming Interface*; EBU Tech 3285 BWF; EBU Tech
//! 3306 RF64). The sound and its description are retained, every other chunk is removed.

use crate::bytes::{Context, Hasher, Order, Source, Streams};
use crate::containers::riff::{self, Chunk};
use crate::formats::common::Splice;
use crate::formats::format::{Format, Info};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::{appended, riff_info, text, xmp};
use crate::model::{
    Category, Digest, Error, Examined, Finding, Found, How, Place, Result, Role, Row, Severity,
    Span, Value,
};

const NAME: &str = "WAV";
/// Length of code, length and type of the file.
const FILE_HEADER: u64 = 12;
/// Length of the fixed part of `ds64`.
const DS64: u64 = 28;
/// The length that RF64 and programs that write to a pipe put where the true one does not fit.
const UNKNOWN_LENGTH: u32 = u32::MAX;
/// Maximum length of a text chunk that is read for the report.
const MAXIMUM_TEXT: u64 = 1 << 20;

/// WAV, BWF and RF64.
#[derive(Debug)]
pub(in crate::formats) struct Wav;

static INFO: Info = Info {
    id: "wav",
    name: NAME,
    extensions: &["wav", "wave", "bwf", "rf64"],
    noun: "sound",
    rows: &[RIFF, DS64_ROW, FMT, FACT, DATA],
    vocabulary: &["RIFF", "RF64", "WAVE", "WAVEfmt ", "ds64", "fact", "data"],
};

const RIFF: Row = Row {
    what: "RIFF or RF64 header",
    when: "always, with the true length",
    how: How::Rebuild,
    why: "frame of the file",
    spec: "Microsoft RIFF; EBU Tech 3306",
};
const DS64_ROW: Row = Row {
    what: "ds64",
    when: "in RF64 files; lengths exact, without a table",
    how: How::Rebuild,
    why: "lengths beyond 4 GiB",
    spec: "EBU Tech 3306",
};
const FMT: Row = Row {
    what: "fmt ",
    when: "the first one; PCM, floating point, A-law, mu-law and ADPCM",
    how: How::Rebuild,
    why: "sample rate, channels and coding of the sound",
    spec: "Microsoft WAVEFORMATEX, WAVEFORMATEXTENSIBLE",
};
const FACT: Row = Row {
    what: "fact",
    when: "the first one; the number of samples only",
    how: How::Rebuild,
    why: "length of sound that is not PCM",
    spec: "Microsoft RIFF",
};
const DATA: Row = Row {
    what: "data",
    when: "the first one",
    how: How::Verbatim,
    why: "the sound",
    spec: "Microsoft RIFF",
};

impl Format for Wav {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        Confidence::Signature.when(
            head.get(8..12) == Some(b"WAVE")
                && [b"RIFF", b"RF64", b"BW64"]
                    .iter()
                    .any(|code| head.starts_with(*code)),
        )
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let file = File::parse(source, cx)?;
        let mut splice = Splice::new(source, cx, NAME, "wav.gap");
        file.classify(&mut splice)?;
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let file = File::parse(source, cx)?;
        let mut hasher = Hasher::new();
        hasher.bytes(&file.format);
        hasher.label("samples", file.samples.map_or(0, u64::from));
        hasher.label("data", file.data.data.len());
        hasher.span(source, file.data.data)?;
        Ok(hasher.finish())
    }

    /// A WAV contains nothing that is compressed, and no other file.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

fn damaged(at: u64, what: &'static str) -> Error {
    Error::malformed(NAME, at, what)
}

/// A file as it is.
struct File {
    is_rf64: bool,
    chunks: Vec<Chunk>,
    /// Bytes behind the last whole chunk.
    rest: Span,
    /// `fmt ` as it is written.
    format: Vec<u8>,
    fmt: Chunk,
    fact: Option<Chunk>,
    samples: Option<u32>,
    data: Chunk,
    ds64: Option<Chunk>,
}

impl File {
    fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let head = source.peek(0, FILE_HEADER)?;
        let end = source.len();
        let mut chunks = Vec::new();
        let mut at = FILE_HEADER;
        let mut ds64 = None;
        // A length in the file header that is too short or too long changes nothing for players: they
        // read chunk after chunk, so that everything up to the end of the file is looked at.
        while let Some(chunk) = chunk(source, at, end, ds64)? {
            cx.item()?;
            at = chunk.span.end();
            if chunk.id == *b"ds64" && chunks.is_empty() {
                ds64 = Some(data_length(source, &chunk)?);
            }
            chunks.push(chunk);
        }
        // `ds64` comes first (EBU Tech 3306, 3.2); elsewhere it says nothing.
        let starts_with_lengths = chunks.first().is_some_and(|chunk| chunk.id == *b"ds64");
        let is_rf64 = !head.starts_with(b"RIFF") && starts_with_lengths;
        let first = |id: &[u8; 4]| chunks.iter().find(|chunk| chunk.id == *id).copied();
        let fmt = first(b"fmt ").ok_or_else(|| damaged(FILE_HEADER, "fmt is missing"))?;
        let data = first(b"data").ok_or_else(|| damaged(FILE_HEADER, "data is missing"))?;
        let fact = first(b"fact");
        let samples = match fact {
            Some(fact) => {
                Order::Little.u32(&source.peek(fact.data.start(), fact.data.len().min(4))?)
            }
            None => None,
        };
        Ok(Self {
            is_rf64,
            rest: Span::new(at, end),
            format: format(source, &fmt)?,
            fmt,
            fact: fact.filter(|_| samples.is_some()),
            samples,
            data,
            ds64: first(b"ds64").filter(|_| is_rf64),
            chunks,
        })
    }

    fn classify(&self, splice: &mut Splice<'_>) -> Result<()> {
        let mut written = FILE_HEADER.saturating_sub(riff::HEADER);
        let padded = |len: u64| len.saturating_add(len % 2).saturating_add(riff::HEADER);
        for chunk in &self.chunks {
            written = written.saturating_add(if *chunk == self.fmt {
                padded(crate::model::len_u64(self.format.len()))
            } else if *chunk == self.data {
                padded(chunk.data.len())
            } else if Some(*chunk) == self.fact {
                padded(4)
            } else if Some(*chunk) == self.ds64 {
                padded(DS64)
            } else {
                0
            });
        }
        let header = self.header(written)?;
        let since = splice.since();
        splice.rebuild(Span::new(0, FILE_HEADER), &RIFF, header, since)?;
        for chunk in &self.chunks {
            let since = splice.since();
            if *chunk == self.fmt {
                let bytes = riff::to_chunk(*b"fmt ", &self.format);
                splice.rebuild(chunk.span, &FMT, bytes, since)?;
            } else if *chunk == self.data {
                self.sound(splice, chunk)?;
            } else if Some(*chunk) == self.fact {
                let samples = self
                    .samples
                    .ok_or_else(|| damaged(chunk.span.start(), "fact is damaged"))?;
                let bytes = riff::to_chunk(*b"fact", &samples.to_le_bytes());
                splice.rebuild(chunk.span, &FACT, bytes, since)?;
            } else if Some(*chunk) == self.ds64 {
                let bytes = riff::to_chunk(*b"ds64", &self.lengths(written));
                splice.rebuild(chunk.span, &DS64_ROW, bytes, since)?;
            } else {
                other(splice, chunk)?;
            }
        }
        splice.gap(self.rest, "behind the chunks")
    }

    fn header(&self, written: u64) -> Result<Vec<u8>> {
        let (code, len) = if self.is_rf64 {
            (b"RF64", UNKNOWN_LENGTH)
        } else {
            let too_long = |_| damaged(4, "a RIFF file longer than 4 GiB");
            (b"RIFF", u32::try_from(written).map_err(too_long)?)
        };
        Ok([&code[..], &len.to_le_bytes(), b"WAVE"].concat())
    }

    /// `ds64`: lengths of the file and of `data`, the number of samples, and a table without entries.
    fn lengths(&self, written: u64) -> Vec<u8> {
        let samples = self.samples.map_or(0, u64::from);
        let mut out = Vec::new();
        for number in [written, self.data.data.len(), samples] {
            out.extend(number.to_le_bytes());
        }
        out.extend(0u32.to_le_bytes());
        out
    }

    /// The samples, with their true length in front of them.
    fn sound(&self, splice: &mut Splice<'_>, chunk: &Chunk) -> Result<()> {
        let len = match u32::try_from(chunk.data.len()) {
            _ if self.is_rf64 => UNKNOWN_LENGTH,
            Ok(len) => len,
            Err(_) => return Err(damaged(chunk.span.start(), "a RIFF file longer than 4 GiB")),
        };
        let header = [&b"data"[..], &len.to_le_bytes()].concat();
        let since = splice.since();
        splice.rebuild(chunk.header(), &DATA, header, since)?;
        splice.keep(chunk.data, &DATA);
        let padding = if chunk.data.len().is_multiple_of(2) {
            vec![]
        } else {
            vec![0]
        };
        let since = splice.since();
        splice.rebuild(chunk.padding(), &DATA, padding, since)
    }
}

/// The chunk at `at`. `data` may be longer than its length says (RF64, or written to a pipe), and the last
/// chunk may be cut short: players play what is there.
fn chunk(source: &Source<'_>, at: u64, end: u64, ds64: Option<u64>) -> Result<Option<Chunk>> {
    let left = end.saturating_sub(at);
    if left < riff::HEADER {
        return Ok(None);
    }
    let head = source.peek(at, riff::HEADER)?;
    let (Some(id), Some(len)) = (
        head.first_chunk::<4>().copied(),
        Order::Little.u32(head.get(4..).unwrap_or_default()),
    ) else {
        return Ok(None);
    };
    let start = at.saturating_add(riff::HEADER);
    let room = end.saturating_sub(start);
    let mut len = u64::from(len);
    if id == *b"data" {
        if let (true, Some(true_len)) = (len == u64::from(UNKNOWN_LENGTH), ds64) {
            len = true_len;
        }
        len = len.min(room);
    } else if len > room {
        return Ok(None);
    }
    let data = Span::new(start, start.saturating_add(len));
    let padded = data.end().saturating_add(len % 2).min(end);
    Ok(Some(Chunk {
        id,
        span: Span::new(at, padded),
        data,
    }))
}

/// Length of `data`, out of `ds64`.
fn data_length(source: &Source<'_>, chunk: &Chunk) -> Result<u64> {
    let body = source.peek(chunk.data.start(), chunk.data.len().min(DS64))?;
    let len = body
        .get(8..16)
        .and_then(|bytes| bytes.first_chunk().copied());
    len.map(u64::from_le_bytes)
        .ok_or_else(|| damaged(chunk.span.start(), "ds64 is damaged"))
}

/// `fmt ` as it is written: the fields of its coding, and nothing behind them.
fn format(source: &Source<'_>, chunk: &Chunk) -> Result<Vec<u8>> {
    let body = source.peek(chunk.data.start(), chunk.data.len().min(64))?;
    let cut = || damaged(chunk.span.start(), "fmt is damaged");
    let number = |at: usize| {
        let bytes = body.get(at..).and_then(|rest| rest.first_chunk().copied());
        bytes.map(u16::from_le_bytes)
    };
    let basic = body.get(..16).ok_or_else(cut)?;
    let tag = number(0).ok_or_else(cut)?;
    let extra = match (tag, number(16)) {
        // PCM, floating point, A-law, mu-law: nothing follows, or an empty extension.
        (1 | 3 | 6 | 7, None) => return Ok(basic.to_vec()),
        (1, Some(_)) => return Ok(basic.to_vec()),
        (3 | 6 | 7, Some(_)) => return Ok([basic, &[0, 0]].concat()),
        (2, Some(32)) => 32,
        (0x11, Some(2)) => 2,
        (0xFFFE, Some(22..)) => 22,
        (2 | 0x11 | 0xFFFE, _) => return Err(cut()),
        _ => {
            return Err(Error::unsupported(
                "a WAV of a coding that is not looked into; save it as WAV with PCM and clean that",
            ));
        }
    };
    let len = u16::to_le_bytes(extra);
    let extension = body
        .get(18..usize::from(extra).saturating_add(18))
        .ok_or_else(cut)?;
    if tag == 0xFFFE {
        check_subformat(extension).ok_or_else(|| {
            Error::unsupported(
                "a WAV of a coding that is not looked into; save it as WAV with PCM and clean that",
            )
        })?;
    }
    Ok([basic, &len, extension].concat())
}

/// `WAVEFORMATEXTENSIBLE` names its coding by a GUID whose first two bytes are the old tag.
fn check_subformat(extension: &[u8]) -> Option<()> {
    /// What follows the tag in `KSDATAFORMAT_SUBTYPE_*`.
    const MEDIA_SUBTYPE: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
    let (tag, rest) = extension.get(6..22)?.split_first_chunk::<2>()?;
    let known = matches!(u16::from_le_bytes(*tag), 1 | 3 | 6 | 7);
    (known && rest == MEDIA_SUBTYPE).then_some(())
}

/// A chunk that is not needed to play the sound.
fn other(splice: &mut Splice<'_>, chunk: &Chunk) -> Result<()> {
    let (source, cx) = (splice.source, splice.cx);
    let head = source.peek(chunk.data.start(), chunk.data.len().min(4))?;
    let text_span = Span::new(
        chunk.data.start(),
        chunk
            .data
            .end()
            .min(chunk.data.start().saturating_add(MAXIMUM_TEXT)),
    );
    let (id, name) = match (&chunk.id, &*head) {
        (b"LIST", b"INFO" | b"INF0") => {
            riff_info::read("wav.info", source, chunk.data, cx, &mut splice.found)?;
            ("wav.info", "LIST INFO")
        }
        (b"bext", _) => {
            broadcast(splice, chunk)?;
            ("wav.bext", "bext")
        }
        (b"iXML" | b"axml" | b"_PMX" | b"guan" | b"wamd" | b"aXML", _) => {
            cx.memory(text_span.len())?;
            let body = source.read(text_span)?;
            if chunk.id == *b"_PMX" {
                xmp::read(&body, "_PMX", cx, &mut splice.found)?;
            }
            let words = String::from_utf8_lossy(&body);
            splice.found.secrets.harvest(&body);
            notes(&words, cx, &mut splice.found)?;
            ("wav.field", "recorder's notes")
        }
        (b"id3 " | b"ID3 ", _) => ("wav.id3", "ID3"),
        (b"JUNK" | b"FLLR" | b"PAD ", _) if is_zero(source, chunk.data)? => {
            ("wav.padding", "padding")
        }
        (b"cue " | b"plst" | b"smpl" | b"inst" | b"acid" | b"strc" | b"LGWV", _) => {
            ("wav.marks", "marks")
        }
        _ => ("wav.unknown", "unknown chunk"),
    };
    if matches!(id, "wav.id3" | "wav.unknown" | "wav.marks") && !chunk.data.is_empty() {
        appended::read(&source.sub(chunk.data)?, name, cx, &mut splice.found)?;
    }
    let severity = match id {
        "wav.padding" => Severity::Low,
        "wav.bext" | "wav.info" | "wav.field" | "wav.id3" => Severity::High,
        _ => Severity::Medium,
    };
    let finding = Finding::new(
        id,
        Category::Unknown,
        severity,
        name,
        "a chunk that is not sound",
    );
    splice.goes(chunk.span, name, finding.bytes(chunk.span.len()));
    Ok(())
}

/// Whether a chunk, of up to 64 KiB, holds zero bytes only.
fn is_zero(source: &Source<'_>, span: Span) -> Result<bool> {
    Ok(span.len() <= 1 << 16 && source.read(span)?.iter().all(|byte| *byte == 0))
}

/// `bext` (EBU Tech 3285): who recorded it, when, and the history of its coding.
fn broadcast(splice: &mut Splice<'_>, chunk: &Chunk) -> Result<()> {
    const FIELDS: [(usize, usize, Category, Role, &str); 4] = [
        (0, 256, Category::History, Role::Text, "Description"),
        (256, 32, Category::Person, Role::PersonName, "Originator"),
        (
            288,
            32,
            Category::Device,
            Role::Serial,
            "OriginatorReference",
        ),
        (
            602,
            8192,
            Category::History,
            Role::Software,
            "CodingHistory",
        ),
    ];
    let (source, cx) = (splice.source, splice.cx);
    let body = source.peek(chunk.data.start(), chunk.data.len().min(602 + 8192))?;
    cx.memory(crate::model::len_u64(body.len()))?;
    for (at, len, category, role, what) in FIELDS {
        let field = body.get(at..).unwrap_or_default();
        let words = words(field.get(..len).unwrap_or(field));
        if !words.is_empty() {
            let finding = Finding::new("wav.bext", category, Severity::High, "bext", what);
            splice.found.add(finding.text(&words).role(role));
            text::mentions("wav.bext", &words, "bext", cx, &mut splice.found)?;
        }
    }
    // OriginationDate and OriginationTime: `2026-11-30`, `18:22:04`, in the time of the recorder.
    let (date, time) = (body.get(320..330), body.get(330..338));
    if let (Some(date), Some(time)) = (date, time) {
        let moment = format!("{} {}", words(date), words(time));
        if let Some(moment) = text::moment(moment.trim()) {
            let what = "OriginationDate, OriginationTime";
            let finding = Finding::new("wav.bext", Category::Time, Severity::Medium, "bext", what);
            let value = Value::Time(crate::model::Untrusted::new(moment));
            splice
                .found
                .add_as(finding.value(value).role(Role::TakenAt), &words(date));
        }
    }
    // The UMID names the recorder and, in its extended form, the time and the place (SMPTE ST 330).
    if body
        .get(348..412)
        .is_some_and(|umid| umid.iter().any(|byte| *byte != 0))
    {
        let finding = Finding::new("wav.bext", Category::Device, Severity::High, "bext", "UMID");
        splice.found.add(finding.role(Role::Serial));
    }
    Ok(())
}

/// Text of a recorder: lines of `name: value` as in GUANO, or XML.
fn notes(words: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    const PLACE: &str = "recorder's notes";
    for line in words.lines() {
        match line.split_once(':') {
            Some(("Loc Position", position)) => {
                let mut numbers = position
                    .split_whitespace()
                    .map(|number| number.parse().ok());
                if let (Some(Some(latitude)), Some(Some(longitude))) =
                    (numbers.next(), numbers.next())
                    && let Some(place) = Place::new(latitude, longitude)
                {
                    let category = Category::Location;
                    let finding = Finding::new(
                        "wav.field",
                        category,
                        Severity::Critical,
                        PLACE,
                        "Loc Position",
                    );
                    let finding = finding.value(Value::Place(place)).role(Role::Coordinates);
                    found.add_as(finding, position.trim());
                }
            }
            Some((name, value)) if text::is_known(name) => {
                text::read("wav.field", name, value.trim(), PLACE, cx, found)?;
            }
            _ => text::mentions("wav.field", line, PLACE, cx, found)?,
        }
    }
    Ok(())
}

/// A field of text that ends at its first zero byte.
fn words(field: &[u8]) -> String {
    let text = field.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).trim().to_owned()
}
