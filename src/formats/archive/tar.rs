//! tar (POSIX.1-2017 *pax*, GNU tar): headers of 512 bytes, contents padded to 512 bytes, two empty blocks.

use super::inside::{self, Inside};
use super::names;
use crate::bytes::{Context, Hasher, Source, Streams};
use crate::formats::format::{Format, Info};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::text;
use crate::model::{
    Category, Digest, Error, Examined, Finding, Found, How, Plan, Result, Role, Row, Severity,
    Span, Step,
};

const NAME: &str = "tar";
/// Length of headers and of what contents are padded to, in bytes.
const BLOCK: u64 = 512;
/// Largest length that the number in a header can say: 8 GiB.
const MAXIMUM_SIZE: u64 = 0o77_777_777_777;
/// Maximum length of names and attributes that are located in front of a header, in bytes.
const MAXIMUM_EXTENDED: u64 = 1 << 20;
/// Maximum number of attributes that are reported one by one.
const MAXIMUM_REPORTED: usize = 64;

/// tar.
#[derive(Debug)]
pub(in crate::formats) struct Tar;

static INFO: Info = Info {
    id: "tar",
    name: NAME,
    extensions: &["tar"],
    noun: "archive",
    rows: &[FILES, HEADERS],
    vocabulary: &["ustar"],
};

const FILES: Row = Row {
    what: "files",
    when: "each can be cleaned by its own format",
    how: How::Verbatim,
    why: "the content of the archive",
    spec: "POSIX.1-2017 pax, ustar Interchange Format",
};
const HEADERS: Row = Row {
    what: "headers",
    when: "always; neutral name, length, mode 0644, no owner, no time",
    how: How::Rebuild,
    why: "they locate the files",
    spec: "POSIX.1-2017 pax, ustar Interchange Format",
};

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    /// A link, a device, a pipe.
    Other,
}

#[derive(Debug)]
struct Member {
    name: String,
    kind: Kind,
    data: Span,
}

/// A whole file.
#[derive(Debug, Default)]
struct Archive {
    members: Vec<Member>,
    /// What headers contain beside names and lengths.
    timed: bool,
    owner: Option<(u64, u64)>,
    owners: Vec<String>,
    attributes: Vec<(String, String)>,
    /// Behind the last block, where it is not zeros.
    trailer: Option<Span>,
}

fn malformed(at: u64, what: &'static str) -> Error {
    Error::malformed(NAME, at, what)
}

/// A number of a header: octal digits, or base 256 where the highest bit is set.
fn number(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|first| first & 0x80 != 0) {
        return field
            .iter()
            .enumerate()
            .try_fold(0u64, |sum, (index, byte)| {
                let byte = if index == 0 { byte & 0x7F } else { *byte };
                sum.checked_mul(256)?.checked_add(byte.into())
            });
    }
    let digits = field
        .iter()
        .skip_while(|byte| **byte == b' ')
        .take_while(|byte| !matches!(**byte, 0 | b' '));
    digits.copied().try_fold(0u64, |sum, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 8)?;
        sum.checked_mul(8)?.checked_add(digit.into())
    })
}

fn text_field(field: &[u8]) -> String {
    let end = field
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

/// The sum of all bytes of a header, with blanks for the sum itself.
fn check_sum(header: &[u8]) -> u64 {
    header.iter().enumerate().fold(0, |sum, (index, byte)| {
        let byte = if (148..156).contains(&index) {
            b' '
        } else {
            *byte
        };
        sum.saturating_add(byte.into())
    })
}

fn is_header(header: &[u8]) -> bool {
    header.len() == 512 && header.get(148..156).and_then(number) == Some(check_sum(header))
}

fn read(source: &Source<'_>, cx: &Context<'_>) -> Result<Archive> {
    let mut archive = Archive::default();
    let (mut at, mut long_name, mut long_size) = (0u64, None::<String>, None::<u64>);
    while at < source.len() {
        cx.item()?;
        let header = source.peek(at, BLOCK)?;
        if header.iter().all(|byte| *byte == 0) {
            break;
        }
        if !is_header(&header) {
            return Err(malformed(at, "a header is damaged"));
        }
        let field = |from: usize, len: usize| {
            header
                .get(from..from.saturating_add(len))
                .unwrap_or_default()
        };
        let kind = field(156, 1).first().copied().unwrap_or(0);
        let told = number(field(124, 12)).ok_or_else(|| malformed(at, "a header is damaged"))?;
        let is_member = !matches!(kind, b'x' | b'g' | b'X' | b'L' | b'K' | b'V' | b'N' | b'M');
        let size = if is_member {
            long_size.take().unwrap_or(told)
        } else {
            told
        };
        // Links and folders have no content, whatever their length says.
        let size = if matches!(kind, b'1'..=b'6') { 0 } else { size };
        let start = at.saturating_add(BLOCK);
        let data = Span::sized(start, size)
            .filter(|data| data.end() <= source.len())
            .ok_or_else(|| malformed(at, "a file is cut off"))?;
        archive.note_header(&header);
        match kind {
            b'x' | b'g' | b'X' => {
                for (key, value) in extended(source, data)? {
                    match key.as_str() {
                        "path" => long_name = Some(value),
                        "size" => long_size = value.parse().ok(),
                        "GNU.sparse.major" | "GNU.sparse.map" | "GNU.sparse.size" => {
                            return Err(sparse());
                        }
                        _ => archive.attribute(key, value),
                    }
                }
            }
            b'L' => long_name = Some(text_field(&extended_bytes(source, data)?)),
            b'K' => {
                let target = text_field(&extended_bytes(source, data)?);
                archive.attribute("linkname".into(), target);
            }
            b'V' => archive.attribute("volume".into(), text_field(field(0, 100))),
            b'S' => return Err(sparse()),
            b'M' | b'N' | b'D' => {
                return Err(Error::unsupported(
                    "an unusual tar archive; extract it and clean the folder",
                ));
            }
            _ => {
                let short = text_field(field(0, 100));
                let is_ustar = field(257, 6) == b"ustar\0";
                let prefix = if is_ustar {
                    text_field(field(345, 155))
                } else {
                    String::new()
                };
                let name = long_name.take().unwrap_or(if prefix.is_empty() {
                    short
                } else {
                    format!("{prefix}/{short}")
                });
                let kind = match kind {
                    b'5' => Kind::Folder,
                    0 | b'0' | b'7' if name.ends_with('/') => Kind::Folder,
                    0 | b'0' | b'7' => Kind::File,
                    _ => Kind::Other,
                };
                if kind == Kind::Other {
                    let target = text_field(field(157, 100));
                    archive.attribute("linkname".into(), target);
                }
                archive.members.push(Member { name, kind, data });
            }
        }
        let padded = size.checked_next_multiple_of(BLOCK).unwrap_or(u64::MAX);
        let end = start.saturating_add(padded).min(source.len());
        let padding = source.peek(data.end(), end.saturating_sub(data.end()))?;
        if padding.iter().any(|byte| *byte != 0) {
            archive.attribute(
                "padding".into(),
                String::from_utf8_lossy(&padding).into_owned(),
            );
        }
        at = end;
    }
    archive.trailer = trailer(source, at)?;
    Ok(archive)
}

/// What is located behind the last file: nothing, when it is zeros.
fn trailer(source: &Source<'_>, at: u64) -> Result<Option<Span>> {
    let mut zeros = true;
    let span = Span::new(at, source.len());
    source.for_each(span, |piece| {
        zeros = zeros && piece.iter().all(|byte| *byte == 0);
        Ok(())
    })?;
    Ok((!zeros).then_some(span))
}

fn sparse() -> Error {
    Error::unsupported("a tar archive with sparse files; extract it and clean the folder")
}

fn extended_bytes(source: &Source<'_>, data: Span) -> Result<Vec<u8>> {
    if data.len() > MAXIMUM_EXTENDED {
        return Err(Error::LimitExceeded { limit: "block" });
    }
    Ok(source.read(data)?.into_owned())
}

/// The records of an extended header: length, blank, key, `=`, value, line end.
fn extended(source: &Source<'_>, data: Span) -> Result<Vec<(String, String)>> {
    let bytes = extended_bytes(source, data)?;
    let broken = || malformed(data.start(), "an extended header is damaged");
    let mut rest = bytes.as_slice();
    let mut out = Vec::new();
    while !rest.is_empty() && !rest.iter().all(|byte| *byte == 0) {
        let blank = rest
            .iter()
            .position(|byte| *byte == b' ')
            .ok_or_else(broken)?;
        let (digits, _) = rest.split_at_checked(blank).ok_or_else(broken)?;
        let len: usize = std::str::from_utf8(digits)
            .ok()
            .and_then(|digits| digits.parse().ok())
            .filter(|len| *len > blank)
            .ok_or_else(broken)?;
        let (record, behind) = rest.split_at_checked(len).ok_or_else(broken)?;
        rest = behind;
        let record = record.get(blank.saturating_add(1)..).unwrap_or_default();
        let record = String::from_utf8_lossy(record);
        let (key, value) = record.split_once('=').ok_or_else(broken)?;
        out.push((key.to_owned(), value.trim_end_matches('\n').to_owned()));
    }
    Ok(out)
}

impl Archive {
    fn note_header(&mut self, header: &[u8]) {
        let field = |from: usize, len: usize| {
            header
                .get(from..from.saturating_add(len))
                .unwrap_or_default()
        };
        self.timed |= number(field(136, 12)).is_some_and(|time| time != 0);
        let ids = (
            number(field(108, 8)).unwrap_or(0),
            number(field(116, 8)).unwrap_or(0),
        );
        if ids != (0, 0) && self.owner.is_none() {
            self.owner = Some(ids);
        }
        for owner in [field(265, 32), field(297, 32)] {
            let owner = text_field(owner);
            if !owner.is_empty() && !self.owners.contains(&owner) && self.owners.len() < 64 {
                self.owners.push(owner);
            }
        }
    }

    fn attribute(&mut self, key: String, value: String) {
        if self.attributes.len() < MAXIMUM_REPORTED && !value.is_empty() {
            self.attributes.push((key, value));
        }
    }

    fn report(&self, source: &Source<'_>, cx: &Context<'_>, found: &mut Found) -> Result<()> {
        let finding =
            |id, category, severity, what| Finding::new(id, category, severity, NAME, what);
        if self.timed {
            let what = "date and time of the files inside";
            let times = finding("tar.times", Category::Time, Severity::Medium, what);
            found.findings.push(times.role(Role::OtherTime));
        }
        if let Some((user, group)) = self.owner {
            let what = "user and group on the computer that made the archive";
            let owner = finding("tar.owner", Category::Person, Severity::Medium, what);
            found.findings.push(owner.text(format!("{user}:{group}")));
        }
        for name in &self.owners {
            let what = "user and group on the computer that made the archive";
            let owner = finding("tar.owner", Category::Person, Severity::High, what);
            found.add(owner.text(name.clone()).role(Role::PersonName));
        }
        for (key, value) in &self.attributes {
            if matches!(key.as_str(), "mtime" | "atime" | "ctime") {
                let what = "date and time of the files inside";
                let times = finding("tar.times", Category::Time, Severity::Medium, what);
                found.add(times.text(value.clone()).role(Role::OtherTime));
            } else {
                text::read("tar.attribute", key, value, NAME, cx, found)?;
            }
        }
        match self.trailer {
            Some(span) => inside::trailer("tar.trailer", NAME, span, source, found),
            None => Ok(()),
        }
    }
}

/// The header of a file of a copy.
fn header(name: &str, size: u64) -> Result<Vec<u8>> {
    if size > MAXIMUM_SIZE || name.len() >= 100 {
        return Err(Error::LimitExceeded { limit: "block" });
    }
    let mut out = vec![0; 512];
    let mut put = |at: usize, bytes: &[u8]| {
        for (to, byte) in out.iter_mut().skip(at).zip(bytes) {
            *to = *byte;
        }
    };
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum = check_sum(&out);
    for (to, byte) in out
        .iter_mut()
        .skip(148)
        .zip(format!("{sum:06o}\0 ").bytes())
    {
        *to = byte;
    }
    Ok(out)
}

fn is_kept(member: &Member) -> bool {
    member.kind == Kind::File && !member.data.is_empty() && !names::is_left_behind(&member.name)
}

impl Format for Tar {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        let is_ustar = head.get(257..262) == Some(b"ustar");
        // Archives from before 1988 have nothing but a check sum.
        Confidence::Signature
            .when(is_ustar)
            .or_else(|| Confidence::Plausible.when(head.get(..512).is_some_and(is_header)))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let archive = read(source, cx)?;
        let mut found = Found::default();
        let mut residue = Vec::new();
        archive.report(source, cx, &mut found)?;
        let (mut kept, mut copies) = (Vec::new(), Vec::new());
        for member in &archive.members {
            cx.item()?;
            let content = source.sub(member.data)?;
            if member.kind == Kind::Other {
                let what = "it is a link to another file";
                inside::left_out(&member.name, what, cx, &mut found, &mut residue)?;
                continue;
            }
            if !is_kept(member) {
                if names::is_left_behind(&member.name) {
                    inside::left_behind(&content, &member.name, cx, &mut found)?;
                } else {
                    inside::empty(&member.name, &mut found);
                }
                continue;
            }
            let place = names::shown(&member.name);
            match inside::examine(&content, &place, cx, &mut found, &mut residue)? {
                Inside::Kept(kind, inner) => {
                    kept.push((member.name.as_str(), kind));
                    copies.push((inner, member.data.start()));
                }
                Inside::Uncleanable(what) => {
                    inside::left_out(&member.name, &what, cx, &mut found, &mut residue)?;
                }
            }
        }
        // Blocks of zeros alone are no archive.
        if kept.is_empty() {
            return Err(inside::nothing_left());
        }
        let names = names::neutral(&kept);
        let pairs = kept.iter().zip(&names);
        names::report(
            pairs.map(|((path, _), name)| (*path, name.as_str())),
            &mut found,
        );
        let mut plan = Plan::new();
        for (name, (inner, start)) in names.iter().zip(&copies) {
            plan.bytes(header(name, inner.len())?);
            plan.splice(inner, *start);
            let padded = inner.len().next_multiple_of(BLOCK);
            plan.push(Step::Zero(padded.saturating_sub(inner.len())));
        }
        plan.push(Step::Zero(BLOCK.saturating_mul(2)));
        if cx.wants_plan()
            && found.findings.is_empty()
            && !crate::bytes::is_identity(&plan, source)?
        {
            let what = "how the archive is written: modes, padding, blocks";
            found.add(Finding::new(
                "tar.header",
                Category::Device,
                Severity::Low,
                NAME,
                what,
            ));
        }
        Ok(Examined::rebuilt(found, residue, plan))
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let archive = read(source, cx)?;
        let mut hasher = Hasher::new();
        for member in archive.members.iter().filter(|member| is_kept(member)) {
            inside::payload(&source.sub(member.data)?, cx, &mut hasher)?;
        }
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        let archive = read(source, cx)?;
        for member in &archive.members {
            sink.structure("name", member.name.as_bytes())?;
            cx.streams_nested(&source.sub(member.data)?, sink)?;
        }
        Ok(())
    }
}
