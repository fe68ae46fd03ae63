//! Parts of a package as files of their own.

use std::io::{BufRead, Read};

use crate::bytes::{Context, Source};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::Element;
use crate::containers::zip::{Archive, Member};
use crate::formats::common::package::Opened;
use crate::model::{Error, Result, Span, len_u64};

use super::names::is;
use super::package::{self, Relationship};
use super::previews;

/// Largest part that is read at once, in bytes: relationships, content types, properties.
const SMALL: u64 = 32 << 20;

/// A part whose check sum was or will be compared by the walk that copies it.
pub(super) fn content<'a>(
    source: &Source<'a>,
    member: &Member,
    cx: &Context<'_>,
) -> Result<Opened<'a>> {
    Opened::unchecked(source, member, cx)
}

/// The relationships of a part; none when it has none.
pub(super) fn relationships(
    archive: &Archive,
    source: &Source<'_>,
    part: &str,
    cx: &Context<'_>,
) -> Result<Vec<Relationship>> {
    let name = package::relationships_of(part);
    // Names of parts differ in their letters, not in the case of these (ISO/IEC 29500-2 §9.1.1.3).
    let is_other_case = |member: &&Member| member.name.eq_ignore_ascii_case(&name);
    let member = archive.member(&name);
    let Some(member) = member.or_else(|| archive.members.iter().find(is_other_case)) else {
        return Ok(Vec::new());
    };
    let mut relationships = package::relationships(&member.read(source, cx, SMALL)?, cx)?;
    for relationship in relationships.iter_mut().filter(|it| !it.is_external) {
        let Some(target) = package::resolve(part, &relationship.target) else {
            continue;
        };
        if archive.member(&target).is_none() {
            cx.memory(len_u64(archive.members.len()))?;
            let mut members = archive.members.iter();
            if let Some(other) = members.find(|it| it.name.eq_ignore_ascii_case(&target)) {
                relationship.target = format!("/{}", other.name);
            }
        }
    }
    let made = previews::relationships(archive, source, part, &relationships, cx)?;
    relationships.extend(made);
    Ok(relationships)
}

/// All of a small part.
pub(super) fn small(source: &Source<'_>, member: &Member, cx: &Context<'_>) -> Result<Vec<u8>> {
    member.read(source, cx, SMALL)
}

/// Reads an XML part of any size.
pub(super) fn read_xml(
    source: &Source<'_>,
    member: &Member,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(Piece<'_>) -> Result<()>,
) -> Result<()> {
    let opened = content(source, member, cx)?;
    read_part(&member.name, &opened.source(), cx, sink)
}

/// Reads XML of any size.
pub(super) fn read_source(
    source: &Source<'_>,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(Piece<'_>) -> Result<()>,
) -> Result<()> {
    stream::read(Reader::new(*source), cx, &is_large, sink)
}

/// Reads a part. VML is written with line breaks of HTML by some programs.
pub(super) fn read_part(
    part: &str,
    source: &Source<'_>,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(Piece<'_>) -> Result<()>,
) -> Result<()> {
    if !part.to_lowercase().ends_with(".vml") || source.len() > SMALL {
        return read_source(source, cx, sink);
    }
    let bytes = source.read(source.whole())?;
    cx.memory(len_u64(bytes.len()))?;
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.contains("<br>") => {
            let text = text.replace("<br>", "<br/>");
            stream::read(text.as_bytes(), cx, &is_large, sink)
        }
        _ => read_source(source, cx, sink),
    }
}

/// Elements with many children, of which one at a time is held in memory.
fn is_large(around: &[Element], element: &Element) -> bool {
    match around.len() {
        0 => true,
        1 => is(element, "w", "body") || is(element, "x", "sheetData"),
        _ => false,
    }
}

/// Whether an error is about the file that was looked at, and not about the budget or the disk.
pub(super) fn is_about_file(error: &Error) -> bool {
    match error {
        Error::Malformed { .. } | Error::Unsupported { .. } => true,
        Error::Io(error) => error.kind() == std::io::ErrorKind::UnexpectedEof,
        _ => false,
    }
}

/// A source as a reader, window by window.
struct Reader<'a> {
    source: Source<'a>,
    at: u64,
    window: Vec<u8>,
    used: usize,
}

/// How much is read at a time, in bytes.
const WINDOW: u64 = 64 << 10;

impl<'a> Reader<'a> {
    fn new(source: Source<'a>) -> Self {
        Self {
            source,
            at: 0,
            window: Vec::new(),
            used: 0,
        }
    }
}

impl BufRead for Reader<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.used >= self.window.len() {
            let end = self.at.saturating_add(WINDOW).min(self.source.len());
            let read = self.source.read(Span::new(self.at, end));
            let read = read.map_err(|error| std::io::Error::other(error.to_string()))?;
            self.at = self.at.saturating_add(len_u64(read.len()));
            self.window.clear();
            self.window.extend_from_slice(&read);
            self.used = 0;
        }
        Ok(self.window.get(self.used..).unwrap_or_default())
    }

    fn consume(&mut self, n: usize) {
        self.used = self.used.saturating_add(n);
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.fill_buf()?.read(out)?;
        self.consume(n);
        Ok(n)
    }
}
