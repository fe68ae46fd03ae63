//! Animated cursors of Windows: RIFF of type `ACON` (Microsoft *Multimedia Programming Interface*), with
//! icons or cursors in it.

use crate::bytes::{Context, Hasher, Order, Source, copy_in_memory};
use crate::containers::riff::{self, Chunk, Chunks};
use crate::formats::common::Parts;
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::{appended, riff_info};
use crate::model::{
    Category, Digest, Error, Examined, Fate, Finding, Found, How, Result, Row, Severity, Span,
    len_u64,
};

const NAME: &str = "ANI";
/// Code, length and type of the file or of a list.
const LIST_HEADER: u64 = 12;
/// Length of `anih`.
const HEADER: u64 = 36;
/// `AF_ICON`: the frames are icons or cursors, and not bare bitmaps.
const FRAMES_ARE_ICONS: u32 = 1;
/// No step takes longer: an hour in sixtieths of a second.
const LONGEST: u64 = 60 * 60 * 60;
/// `AF_SEQUENCE`: there is a `seq ` chunk.
const FLAGS: u32 = 3;

/// ANI.
#[derive(Debug)]
pub(in crate::formats) struct Ani;

static INFO: Info = Info {
    id: "ani",
    name: NAME,
    extensions: &["ani"],
    noun: "picture",
    rows: &[RIFF, ANIH, TABLES, ICON],
    vocabulary: &["RIFF", "ACONanih", "LIST", "framicon"],
};

const RIFF: Row = Row {
    what: "RIFF header, LIST fram, chunk headers and padding",
    when: "always",
    how: How::Rebuild,
    why: "frame of the file, with its true lengths",
    spec: "Microsoft RIFF",
};
const ANIH: Row = Row {
    what: "anih",
    when: "the first one, 36 bytes; size and depth of bare bitmaps and flags that nobody knows unset",
    how: How::Rebuild,
    why: "how many frames and steps there are, and how long a step takes",
    spec: "Microsoft ANIHEADER",
};
const TABLES: Row = Row {
    what: "rate, seq ",
    when: "the first one of each; a number for each step",
    how: How::Rebuild,
    why: "how long each step takes, and which frame it shows",
    spec: "Microsoft ANI",
};
const ICON: Row = Row {
    what: "icon",
    when: "inside LIST fram; cleaned as a file of its own",
    how: How::Verbatim,
    why: "the pictures",
    spec: "Microsoft ANI; Icons in Win32",
};

impl Format for Ani {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        Confidence::Signature.when(head.starts_with(b"RIFF") && head.get(8..12) == Some(b"ACON"))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let file = File::parse(source, cx)?;
        let mut judge = Judge {
            source,
            cx,
            parts: Parts::default(),
            found: Found::default(),
            residue: Vec::new(),
        };
        judge.file(&file)?;
        let parts = judge.parts.map(source.len(), NAME)?;
        if judge.found.findings.is_empty() && !crate::bytes::is_identity(&parts.plan(), source)? {
            judge.found.add(finding(
                "ani.gap",
                Severity::Low,
                "RIFF",
                "lengths that are not exact",
            ));
        }
        Ok(Examined::spliced(judge.found, judge.residue, parts))
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let file = File::parse(source, cx)?;
        let mut hasher = Hasher::new();
        hasher.bytes(&file.header);
        for (id, table) in [("rate", file.rate), ("seq ", file.sequence)] {
            if let Some(chunk) = table {
                hasher.label(id, file.steps);
                hasher.span(source, file.used(&chunk))?;
            }
        }
        for icon in file.icons() {
            let digest = cx.payload_as("ico", &source.sub(icon.data)?)?;
            hasher.label("icon", 0);
            hasher.bytes(&digest.0.to_be_bytes());
        }
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        for icon in File::parse(source, cx)?.icons() {
            cx.streams_nested(&source.sub(icon.data)?, sink)?;
        }
        Ok(())
    }
}

fn finding(
    id: &'static str,
    severity: Severity,
    place: &'static str,
    what: &'static str,
) -> Finding {
    Finding::new(id, Category::Unknown, severity, place, what)
}

/// A file as it stands.
struct File {
    /// Where the file ends, after its own header.
    end: u64,
    chunks: Chunks,
    /// `anih` as it will be written.
    header: Vec<u8>,
    steps: u64,
    anih: Chunk,
    rate: Option<Chunk>,
    sequence: Option<Chunk>,
    /// `LIST fram` and what is in it.
    frames: Chunk,
    inside: Chunks,
}

impl File {
    fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let head = source.peek(0, LIST_HEADER)?;
        let len = Order::Little.u32(head.get(4..).unwrap_or_default());
        let cut = || Error::malformed(NAME, source.len(), "the file stops before its end");
        let end = u64::from(len.ok_or_else(cut)?).saturating_add(riff::HEADER);
        // Some programs write the length of something else.
        let end = if (LIST_HEADER..=source.len()).contains(&end) {
            end
        } else {
            source.len()
        };
        let chunks = riff::chunks(source, Span::new(LIST_HEADER, end), cx)?;
        let first = |id: &[u8; 4]| chunks.chunks.iter().find(|chunk| chunk.id == *id).copied();
        let anih = first(b"anih").ok_or_else(|| Error::malformed(NAME, 12, "anih is missing"))?;
        let header = header(source, &anih)?;
        let number = |at: usize| Order::Little.u32(header.get(at..).unwrap_or_default());
        let steps = u64::from(number(8).unwrap_or_default());
        let frames = u64::from(number(4).unwrap_or_default());
        let mut list = None;
        for chunk in chunks.chunks.iter().filter(|chunk| chunk.id == *b"LIST") {
            let kind = source.peek(chunk.data.start(), chunk.data.len().min(4))?;
            if list.is_none() && *kind == *b"fram" {
                list = Some(chunk);
            }
        }
        let list = *list.ok_or_else(|| Error::malformed(NAME, 12, "there are no frames"))?;
        let start = list.data.start().saturating_add(4);
        let inside = riff::chunks(source, Span::new(start, list.data.end()), cx)?;
        let file = Self {
            end,
            header,
            steps,
            anih,
            rate: first(b"rate"),
            sequence: first(b"seq "),
            frames: list,
            inside,
            chunks,
        };
        let icons = len_u64(file.icons().count());
        if icons == 0 || icons < frames {
            return Err(cut());
        }
        for table in file.rate.iter().chain(&file.sequence) {
            if table.data.len() < steps.saturating_mul(4) {
                return Err(cut());
            }
            let is_rate = Some(*table) == file.rate;
            let most = if is_rate {
                LONGEST
            } else {
                frames.max(1).saturating_sub(1)
            };
            cx.memory(steps.saturating_mul(4))?;
            let numbers = source.read(file.used(table))?;
            let mut numbers = numbers.chunks(4).filter_map(|n| Order::Little.u32(n));
            if numbers.any(|n| u64::from(n) > most) {
                let what = "a step that shows no frame, or does not end";
                return Err(Error::malformed(NAME, table.span.start(), what));
            }
        }
        Ok(file)
    }

    fn icons(&self) -> impl Iterator<Item = &Chunk> {
        let icons = self.inside.chunks.iter();
        icons.filter(|chunk| chunk.id == *b"icon")
    }

    /// The numbers of a table that are in use.
    fn used(&self, table: &Chunk) -> Span {
        let len = self.steps.saturating_mul(4).min(table.data.len());
        let start = table.data.start();
        Span::new(start, start.saturating_add(len))
    }
}

/// `anih` with the flags that there are, and nothing behind it.
fn header(source: &Source<'_>, anih: &Chunk) -> Result<Vec<u8>> {
    let mut header = source
        .peek(anih.data.start(), anih.data.len().min(HEADER))?
        .into_owned();
    let flags = Order::Little.u32(header.get(32..).unwrap_or_default());
    let flags =
        flags.ok_or_else(|| Error::malformed(NAME, anih.span.start(), "anih is damaged"))?;
    if flags & FRAMES_ARE_ICONS == 0 {
        return Err(Error::unsupported("an animated cursor of bare bitmaps"));
    }
    // Sizes and depth are those of bare bitmaps.
    for (at, value) in [
        (0, 36),
        (12, 0),
        (16, 0),
        (20, 0),
        (24, 0),
        (32, flags & FLAGS),
    ] {
        let place = header.get_mut(at..).and_then(|rest| rest.get_mut(..4));
        if let Some(place) = place {
            place.copy_from_slice(&u32::to_le_bytes(value));
        }
    }
    Ok(header)
}

struct Judge<'a> {
    source: &'a Source<'a>,
    cx: &'a Context<'a>,
    parts: Parts,
    found: Found,
    residue: Vec<Finding>,
}

impl Judge<'_> {
    /// Writes code, length and type of the file or of a list, whose parts begin behind this index.
    fn close(&mut self, index: usize, id: [u8; 4], kind: &[u8; 4]) {
        let len = self
            .parts
            .len_since(index.saturating_add(1))
            .saturating_add(4);
        let header = [&riff::header(id, len)[..], kind].concat();
        self.parts.rewrite(index, &RIFF, header);
    }

    fn file(&mut self, file: &File) -> Result<()> {
        let head = Fate::rebuild(&RIFF, Vec::new());
        self.parts.push(Span::new(0, LIST_HEADER), "RIFF", head);
        for chunk in &file.chunks.chunks {
            if *chunk == file.anih {
                let data = riff::to_chunk(*b"anih", &file.header);
                self.rebuilt(chunk, "anih", &ANIH, data)?;
            } else if Some(*chunk) == file.rate || Some(*chunk) == file.sequence {
                let name = if chunk.id == *b"rate" { "rate" } else { "seq " };
                let data = riff::to_chunk(chunk.id, &self.source.read(file.used(chunk))?);
                self.rebuilt(chunk, name, &TABLES, data)?;
            } else if *chunk == file.frames {
                self.frames(file)?;
            } else {
                self.other(chunk)?;
            }
        }
        self.rest(file.chunks.rest)?;
        self.rest(Span::new(file.end, self.source.len()))?;
        self.close(0, *b"RIFF", b"ACON");
        Ok(())
    }

    /// A chunk that is written anew.
    fn rebuilt(
        &mut self,
        chunk: &Chunk,
        name: &'static str,
        row: &'static Row,
        bytes: Vec<u8>,
    ) -> Result<()> {
        let old = self.source.read(chunk.span)?;
        if *old != *bytes {
            self.found.secrets.harvest_lost(&old, &bytes);
            let what = "more in a chunk than programs read";
            let surplus = old.len().saturating_sub(bytes.len());
            let severity = if surplus > 3 {
                Severity::High
            } else {
                Severity::Low
            };
            let finding = finding("ani.gap", severity, name, what);
            self.found.add(finding.bytes(len_u64(surplus)));
        }
        self.parts.push(chunk.span, name, Fate::rebuild(row, bytes));
        Ok(())
    }

    fn frames(&mut self, file: &File) -> Result<()> {
        let index = self.parts.count();
        let start = file.frames.span.start();
        let head = Span::new(start, start.saturating_add(LIST_HEADER));
        self.parts
            .push(head, "LIST fram", Fate::rebuild(&RIFF, Vec::new()));
        for chunk in &file.inside.chunks {
            if chunk.id == *b"icon" {
                self.icon(chunk)?;
            } else {
                self.other(chunk)?;
            }
        }
        self.rest(file.inside.rest)?;
        self.rest(file.frames.padding())?;
        self.close(index, *b"LIST", b"fram");
        Ok(())
    }

    fn icon(&mut self, chunk: &Chunk) -> Result<()> {
        let inside = self.source.sub(chunk.data)?;
        let examined = self.cx.examine_as("ico", &inside)?;
        let since = self.found.findings.len();
        let clean = examined.told("icon", &mut self.found, &mut self.residue);
        let clean = copy_in_memory(&clean, &inside, self.cx)?;
        let bytes = riff::to_chunk(*b"icon", &clean);
        if *self.source.read(chunk.span)? == *bytes {
            self.parts.push(chunk.span, "icon", Fate::Keep(&ICON));
            return Ok(());
        }
        if self.found.findings.len() == since {
            let finding = finding("ani.gap", Severity::Low, "icon", "padding that is not zero");
            self.found.add(finding);
        }
        self.parts
            .push(chunk.span, "icon", Fate::rebuild(&ICON, bytes));
        Ok(())
    }

    /// A chunk that is not needed: texts in `LIST INFO`, a picture of the cursor, and what nobody knows.
    fn other(&mut self, chunk: &Chunk) -> Result<()> {
        let kind = self
            .source
            .peek(chunk.data.start(), chunk.data.len().min(4))?;
        let (id, name) = if chunk.id == *b"LIST" && *kind == *b"INFO" {
            riff_info::read(
                "ani.info",
                self.source,
                chunk.data,
                self.cx,
                &mut self.found,
            )?;
            ("ani.info", "LIST INFO")
        } else {
            if !chunk.data.is_empty() {
                let inside = self.source.sub(chunk.data)?;
                appended::read(&inside, "unknown chunk", self.cx, &mut self.found)?;
            }
            ("ani.unknown", "unknown chunk")
        };
        let what = "a chunk that shows nothing";
        let finding = finding(id, Severity::Medium, name, what);
        self.found.add(finding.bytes(chunk.span.len()));
        self.parts.push(chunk.span, name, Fate::Drop(id));
        Ok(())
    }

    /// What is no chunk.
    fn rest(&mut self, span: Span) -> Result<()> {
        if !span.is_empty() {
            let place = "behind the chunks";
            appended::read(&self.source.sub(span)?, place, self.cx, &mut self.found)?;
            let what = "bytes that belong to no chunk";
            let finding = finding("ani.gap", Severity::High, place, what);
            self.found.add(finding.bytes(span.len()));
            self.parts.push(span, "trailer", Fate::Drop("ani.gap"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing::copy as clean;

    const SECRET: &[u8] = b"57.70890N 11.97460E";

    /// An icon of one pixel, with `tail` behind it.
    fn icon(tail: &[u8]) -> Vec<u8> {
        let mut out = vec![
            0, 0, 2, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0, 22, 0, 0, 0,
        ];
        out.extend([40, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0]);
        out.extend([0; 24]);
        out.extend([1, 2, 3, 0, 0, 0, 0, 0]);
        out.extend(tail);
        out
    }

    fn anih(frames: u8, steps: u8, flags: u8, tail: &[u8]) -> Vec<u8> {
        let mut out = vec![0; 36];
        out[0] = 36;
        out[4] = frames;
        out[8] = steps;
        out[32] = flags;
        out.extend(tail);
        riff::to_chunk(*b"anih", &out)
    }

    fn frames(chunks: &[Vec<u8>]) -> Vec<u8> {
        riff::to_chunk(*b"LIST", &[b"fram", &*chunks.concat()].concat())
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        riff::to_chunk(*b"RIFF", &[b"ACON", &*chunks.concat()].concat())
    }

    #[test]
    fn only_what_shows_stays() {
        let one = riff::to_chunk(*b"icon", &icon(b""));
        let rate = riff::to_chunk(*b"rate", &[9, 0, 0, 0]);
        let expected = file(&[anih(1, 1, 1, b""), rate, frames(&[one])]);
        assert_eq!(clean(&expected).unwrap(), expected);
        let info = [b"INFO", &*riff::to_chunk(*b"IART", SECRET)].concat();
        let more = [&[9, 0, 0, 0], SECRET].concat();
        let dirty = [
            file(&[
                riff::to_chunk(*b"LIST", &info),
                anih(1, 1, 0xFD, SECRET),
                riff::to_chunk(*b"rate", &more),
                riff::to_chunk(*b"abcd", SECRET),
                frames(&[
                    riff::to_chunk(*b"icon", &icon(SECRET)),
                    riff::to_chunk(*b"abcd", SECRET),
                ]),
            ]),
            SECRET.to_vec(),
        ]
        .concat();
        assert_eq!(clean(&dirty).unwrap(), expected);
    }

    #[test]
    fn damage_is_refused() {
        let one = riff::to_chunk(*b"icon", &icon(b""));
        for bad in [
            file(&[frames(std::slice::from_ref(&one))]),
            file(&[anih(1, 1, 1, b"")]),
            file(&[anih(1, 1, 1, b""), frames(&[])]),
            file(&[anih(2, 2, 1, b""), frames(std::slice::from_ref(&one))]),
            file(&[anih(1, 1, 0, b""), frames(std::slice::from_ref(&one))]),
            file(&[
                anih(1, 2, 1, b""),
                riff::to_chunk(*b"seq ", &[0; 4]),
                frames(&[one]),
            ]),
        ] {
            assert!(clean(&bad).is_err());
        }
    }
}
