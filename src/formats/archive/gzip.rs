//! gzip (RFC 1952): one compressed file, often a tar archive. The header may name it and its time.

use super::inside::{self, Inside};
use crate::bytes::{Context, Cursor, Hasher, Inflate, Order, Source, Streams, is_identity};
use crate::formats::common::package::deflate;
use crate::formats::format::{Format, Info};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::text;
use crate::model::{
    Category, Digest, Error, Examined, Finding, Found, How, Plan, Result, Role, Row, Scratch,
    Severity, Span, Step, len_u64,
};

const NAME: &str = "gzip";
const MAGIC: &[u8] = &[0x1F, 0x8B, 8];
/// No flags, no time, no level, no system.
const HEADER: [u8; 10] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
/// Maximum length of a header, in bytes: an extra field of 64 KiB, a name and a comment.
const MAXIMUM_HEADER: u64 = 256 << 10;
/// Maximum number of streams behind each other.
const MAXIMUM_STREAMS: u32 = 65_536;

/// gzip.
#[derive(Debug)]
pub(in crate::formats) struct Gzip;

static INFO: Info = Info {
    id: "gzip",
    name: NAME,
    extensions: &["gz", "tgz"],
    noun: "archive",
    rows: &[FILE, HEAD],
    vocabulary: &[],
};

const FILE: Row = Row {
    what: "the file inside",
    when: "it can be cleaned by its own format; compressed again only where it changes",
    how: How::Verbatim,
    why: "the content",
    spec: "RFC 1951; RFC 1952 §2.3",
};
const HEAD: Row = Row {
    what: "header and check sum",
    when: "always; without name, time, comment and system",
    how: How::Rebuild,
    why: "the file is compressed",
    spec: "RFC 1952 §2.3",
};

/// A file that was inflated.
#[derive(Debug)]
struct Opened {
    content: Scratch,
    crc: u32,
    /// The first deflate stream.
    stream: Span,
    streams: u32,
    /// Whether the header is the one that copies have.
    is_plain: bool,
    found: Found,
}

fn malformed(at: u64, what: &'static str) -> Error {
    Error::malformed(NAME, at, what)
}

/// The length of a header; what it contains is added to `found`.
fn header(bytes: &[u8], cx: &Context<'_>, found: &mut Found) -> Result<Option<u64>> {
    let mut cursor = Cursor::new(bytes);
    let Some((time, extra, name, comment)) = (|| {
        (cursor.take(3)? == MAGIC).then_some(())?;
        let flags = cursor.u8()?;
        // Reserved bits must be zero (RFC 1952 §2.3.1.2); no program opens a file with one set.
        (flags & 0xE0 == 0).then_some(())?;
        let time = cursor.u32(Order::Little)?;
        cursor.skip(2)?;
        let mut extra: &[u8] = &[];
        if flags & 4 != 0 {
            let len = cursor.u16(Order::Little)?;
            extra = cursor.take(len.into())?;
        }
        let name = if flags & 8 != 0 {
            cursor.until_nul()?
        } else {
            &[]
        };
        let comment = if flags & 16 != 0 {
            cursor.until_nul()?
        } else {
            &[]
        };
        if flags & 2 != 0 {
            cursor.skip(2)?;
        }
        Some((time, extra, name, comment))
    })() else {
        return Ok(None);
    };
    if time != 0 {
        let finding = Finding::new("gzip.time", Category::Time, Severity::Medium, NAME, "MTIME");
        // The seconds themselves are four bytes, too few to search for.
        found.findings.push(finding.bytes(4).role(Role::OtherTime));
    }
    for (what, role, bytes) in [
        ("FNAME", Role::Path, name),
        ("FCOMMENT", Role::Text, comment),
    ] {
        if !bytes.is_empty() {
            let value = match std::str::from_utf8(bytes) {
                Ok(value) => value.to_owned(),
                Err(_) => bytes.iter().copied().map(char::from).collect(),
            };
            let finding = Finding::new("gzip.name", Category::Person, Severity::High, NAME, what);
            found.add(finding.text(value.clone()).role(role));
            text::mentions("gzip.name", &value, NAME, cx, found)?;
        }
    }
    if !extra.is_empty() {
        found.secrets.harvest(extra);
        let finding = Finding::new(
            "gzip.extra",
            Category::Unknown,
            Severity::Medium,
            NAME,
            "FEXTRA",
        );
        found.add(finding.bytes(len_u64(extra.len())));
    }
    Ok(Some(len_u64(cursor.at())))
}

fn open(source: &Source<'_>, cx: &Context<'_>) -> Result<Opened> {
    let mut found = Found::default();
    let mut pad = cx.scratch();
    let mut whole = crc32fast::Hasher::new();
    let (mut at, mut streams, mut first) = (0u64, 0u32, Span::new(0, 0));
    while at < source.len() {
        cx.item()?;
        let head = source.peek(at, MAXIMUM_HEADER)?;
        let Some(len) = header(&head, cx, &mut found)? else {
            if streams == 0 {
                return Err(malformed(at, "the header is damaged"));
            }
            break;
        };
        let start = at.saturating_add(len);
        let mut inflate = Inflate::raw();
        let mut hasher = crc32fast::Hasher::new();
        let (mut size, mut used) = (0u64, 0u64);
        while !inflate.is_done() {
            let window = source.window(start.saturating_add(used))?;
            if window.is_empty() {
                return Err(malformed(start, "the compressed data stops early"));
            }
            let fed = inflate.feed(&window, cx, |piece| {
                hasher.update(piece);
                size = size.saturating_add(len_u64(piece.len()));
                pad.append(piece)
            })?;
            used = used.saturating_add(fed);
        }
        let stream = Span::new(start, start.saturating_add(used));
        let foot = source.peek(stream.end(), 8)?;
        let mut cursor = Cursor::new(&foot);
        let (crc, told) = (cursor.u32(Order::Little), cursor.u32(Order::Little));
        if crc != Some(hasher.clone().finalize()) || told.map(u64::from) != Some(size & 0xFFFF_FFFF)
        {
            return Err(malformed(stream.end(), "the check sum is wrong"));
        }
        whole.combine(&hasher);
        if streams == 0 {
            first = stream;
        }
        streams = streams.saturating_add(1);
        if streams > MAXIMUM_STREAMS {
            return Err(Error::LimitExceeded { limit: "items" });
        }
        at = stream.end().saturating_add(8);
    }
    inside::trailer(
        "gzip.tail",
        NAME,
        Span::new(at, source.len()),
        source,
        &mut found,
    )?;
    Ok(Opened {
        content: pad.finish(),
        crc: whole.finalize(),
        stream: first,
        streams,
        is_plain: *source.peek(0, 10)? == HEADER,
        found,
    })
}

impl Format for Gzip {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Signature.when(probe.head().starts_with(MAGIC))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let mut opened = open(source, cx)?;
        let mut found = std::mem::take(&mut opened.found);
        let mut residue = Vec::new();
        let content = opened.content.source();
        let inner = match inside::examine(&content, "file inside", cx, &mut found, &mut residue)? {
            // Without its header, the file would be a compressed drawing.
            Inside::Kept(kind, _) if kind.info.id == "svg" => {
                return Err(Error::unsupported(
                    "a drawing that is compressed in an unusual way; extract it and clean the drawing",
                ));
            }
            Inside::Kept(_, plan) => plan,
            // A single file cannot be left out.
            Inside::Uncleanable(what) => {
                return Err(Error::unsupported(format!(
                    "the compressed file inside cannot be cleaned: {what}; extract it and clean the file from it"
                )));
            }
        };
        let mut plan = Plan::new();
        if cx.wants_plan() {
            plan.bytes(HEADER);
            let (crc, size) = if opened.streams == 1 && is_identity(&inner, &content)? {
                plan.push(Step::Copy(opened.stream));
                (opened.crc, content.len())
            } else {
                let (scratch, crc) = deflate(&inner, &content, cx)?;
                let len = scratch.source().len();
                plan.push(Step::Scratch(scratch, Span::new(0, len)));
                (crc, inner.len())
            };
            let size = u32::try_from(size & 0xFFFF_FFFF).unwrap_or(0);
            plan.bytes([crc.to_le_bytes(), size.to_le_bytes()].concat());
        }
        if found.findings.is_empty() && (!opened.is_plain || opened.streams > 1) {
            let what = "the header of the compressed file";
            found.add(Finding::new(
                "gzip.header",
                Category::Device,
                Severity::Low,
                NAME,
                what,
            ));
        }
        Ok(Examined::rebuilt(found, residue, plan))
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let opened = open(source, cx)?;
        let mut hasher = Hasher::new();
        inside::payload(&opened.content.source(), cx, &mut hasher)?;
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        let opened = open(source, cx)?;
        let content = opened.content.source();
        content.for_each(content.whole(), |piece| sink.structure("gzip", piece))?;
        cx.streams_nested(&content, sink)
    }
}
