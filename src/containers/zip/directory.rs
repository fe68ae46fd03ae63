//! The directory at the end of a file, and its comparison with the headers before the members.

use super::{
    Archive, CENTRAL, DATE, END, END64, Gap, GapKind, Kind, LOCAL, LOCATOR64, MAXIMUM_TEXTS,
    Member, Method, Traces, check_ratio, malformed, names,
};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::model::{Error, Result, Span, len_u64};

/// Length of the end record without its comment, in bytes.
const END_LEN: u64 = 22;
/// Length of the part of a local header that does not vary, in bytes.
pub(super) const LOCAL_LEN: u64 = 30;
/// How much of a local header is read at once, in bytes: mostly all of it.
const LOCAL_PEEK: u64 = 512;
/// Length of the part of a directory entry that does not vary, in bytes.
const CENTRAL_LEN: u64 = 46;
/// How much of the directory is read at a time, in bytes.
const WINDOW: u64 = 256 << 10;
/// Maximum length of unknown extra fields that are kept for a report, in bytes.
const MAXIMUM_EXTRA_KEPT: usize = 4096;

const LE: Order = Order::Little;

/// Reads the directory and every local header.
///
/// # Errors
/// [`Error::Malformed`] when they contradict each other, or members overlap; [`Error::Unsupported`] for
/// encryption, split files and other methods; the budget's.
pub fn read(source: &Source<'_>, cx: &Context<'_>) -> Result<Archive> {
    let end = End::find(source)?;
    let mut reader = Reader {
        source: *source,
        cx,
        base: end.base,
        archive: Archive::default(),
        claimed: end.claimed,
    };
    if !end.comment.is_empty() {
        let comment = source.read(end.comment)?;
        reader.archive.traces.comment(&comment);
    }
    let used = reader.entries(end.directory, end.entries)?;
    reader.claimed.push(used);
    let mut archive = reader.finish()?;
    check_ratio(&archive, source.len(), cx)?;
    archive.sort();
    Ok(archive)
}

/// The end record, or both of them.
pub(super) struct End {
    comment: Span,
    /// Where the directory is located.
    pub(super) directory: Span,
    /// How many entries it has; modulo 65,536 where the file has no ZIP64 record.
    entries: (u64, bool),
    /// What has to be added to the offsets in it: the length of a program in front.
    pub(super) base: u64,
    /// The records themselves.
    claimed: Vec<Span>,
}

impl End {
    pub(super) fn find(source: &Source<'_>) -> Result<Self> {
        let max = END_LEN.saturating_add(u64::from(u16::MAX));
        // Data behind the end hides the record from most readers only when there is a lot of it.
        let start = source.len().saturating_sub(max.saturating_mul(4));
        let tail = source.peek(start, source.len())?;
        let mut until = tail.len();
        while let Some(found) = memchr::memmem::rfind(tail.get(..until).unwrap_or_default(), END) {
            if let Some(end) = Self::at(source, start.saturating_add(len_u64(found)))? {
                return Ok(end);
            }
            until = found.saturating_add(3);
        }
        Err(malformed(
            source.len(),
            "the directory at the end is missing",
        ))
    }

    /// The end record at `at`; `None` when it is none.
    fn at(source: &Source<'_>, at: u64) -> Result<Option<Self>> {
        let head = source.peek(at, END_LEN)?;
        let mut cursor = Cursor::new(&head);
        let fields = (|| {
            cursor.skip(4)?;
            Some((
                cursor.u16(LE)?,
                cursor.u16(LE)?,
                cursor.u16(LE)?,
                cursor.u16(LE)?,
                cursor.u32(LE)?,
                cursor.u32(LE)?,
                cursor.u16(LE)?,
            ))
        })();
        let Some((disk, start_disk, here, entries, size, offset, comment)) = fields else {
            return Ok(None);
        };
        let comment_at = at.saturating_add(END_LEN);
        let comment = match Span::sized(comment_at, u64::from(comment)) {
            Some(comment) if comment.end() <= source.len() => comment,
            _ => return Ok(None),
        };
        let mut claimed = vec![Span::new(at, comment.end())];
        let wide = here == u16::MAX
            || entries == u16::MAX
            || size == u32::MAX
            || offset == u32::MAX
            || disk == u16::MAX;
        let wide = if wide { Self::wide(source, at)? } else { None };
        let (entries, size, offset, before) = match wide {
            Some(wide) => {
                claimed.push(Span::new(wide.at, at));
                ((wide.entries, true), wide.size, wide.offset, wide.at)
            }
            None => {
                if disk != 0 || start_disk != 0 || here != entries {
                    return Err(split());
                }
                let entries = (u64::from(entries), false);
                (entries, u64::from(size), u64::from(offset), at)
            }
        };
        Ok(
            Self::locate(source, offset, size, before)?.map(|(directory, base)| Self {
                comment,
                directory,
                entries,
                base,
                claimed,
            }),
        )
    }

    /// The ZIP64 end record in front of the end record at `at`.
    fn wide(source: &Source<'_>, at: u64) -> Result<Option<Wide>> {
        let Some(locator_at) = at.checked_sub(20) else {
            return Ok(None);
        };
        let locator = source.read(Span::new(locator_at, at))?;
        let mut cursor = Cursor::new(&locator);
        if cursor.take(4) != Some(LOCATOR64) {
            return Ok(None);
        }
        let (disk, told, disks) = (cursor.u32(LE), cursor.u64(LE), cursor.u32(LE));
        if disk != Some(0) || disks.is_none_or(|disks| disks > 1) {
            return Err(split());
        }
        // Where something was put in front of the file, the offset is wrong, but the record is not longer
        // than usual.
        let told = told.unwrap_or(u64::MAX);
        for record_at in [told, locator_at.saturating_sub(56)] {
            let record = source.peek(record_at, 56)?;
            let mut cursor = Cursor::new(&record);
            if cursor.take(4) != Some(END64) {
                continue;
            }
            let fields = (|| {
                let len = cursor.u64(LE)?;
                cursor.skip(4)?;
                let disks = (cursor.u32(LE)?, cursor.u32(LE)?);
                let here = cursor.u64(LE)?;
                let (entries, size, offset) = (cursor.u64(LE)?, cursor.u64(LE)?, cursor.u64(LE)?);
                Some((len, disks, here, entries, size, offset))
            })();
            let Some((len, disks, here, entries, size, offset)) = fields else {
                continue;
            };
            if disks != (0, 0) || here != entries {
                return Err(split());
            }
            if len
                .checked_add(12)
                .and_then(|len| record_at.checked_add(len))
                == Some(locator_at)
            {
                return Ok(Some(Wide {
                    at: record_at,
                    entries,
                    size,
                    offset,
                }));
            }
        }
        Err(malformed(at, "the ZIP64 end record is missing"))
    }

    /// Where the directory is, and how far everything has moved.
    fn locate(
        source: &Source<'_>,
        offset: u64,
        size: u64,
        before: u64,
    ) -> Result<Option<(Span, u64)>> {
        let is_directory =
            |at: u64| -> Result<bool> { Ok(size == 0 || *source.peek(at, 4)? == CENTRAL[..]) };
        if let Some(span) = Span::sized(offset, size)
            && span.end() <= before
            && is_directory(offset)?
        {
            return Ok(Some((span, 0)));
        }
        let moved = before.checked_sub(size).and_then(|start| {
            let base = start.checked_sub(offset)?;
            Some((Span::new(start, before), base))
        });
        match moved {
            Some((span, base)) if is_directory(span.start())? => Ok(Some((span, base))),
            _ => Ok(None),
        }
    }
}

/// The fields of a ZIP64 end record.
struct Wide {
    at: u64,
    entries: u64,
    size: u64,
    offset: u64,
}

fn split() -> Error {
    Error::unsupported(
        "a ZIP that is split into several files; join them, extract the result and clean the folder",
    )
}

/// An entry of the directory as it is written.
pub(super) struct Entry {
    pub(super) flags: u16,
    pub(super) method: u16,
    crc: u32,
    pub(super) packed: u64,
    size: u64,
    pub(super) at: u64,
    pub(super) name: Vec<u8>,
    kind: Kind,
}

struct Reader<'a, 'b> {
    source: Source<'a>,
    cx: &'a Context<'b>,
    base: u64,
    archive: Archive,
    /// What belongs to members and records.
    claimed: Vec<Span>,
}

impl Reader<'_, '_> {
    /// Reads the entries and what they point to. Returns how much of the directory they take.
    fn entries(&mut self, directory: Span, (count, is_exact): (u64, bool)) -> Result<Span> {
        let mut at = directory.start();
        let mut window_at = at;
        let mut window = self.source.peek(at, 0)?;
        let mut seen = 0u64;
        while at < directory.end() {
            self.cx.item()?;
            // An entry has at most three texts of 65,535 bytes.
            let most = CENTRAL_LEN.saturating_add(3 * u64::from(u16::MAX));
            let wanted = directory.end().min(at.saturating_add(most));
            let from = usize::try_from(at.saturating_sub(window_at)).unwrap_or(usize::MAX);
            if window_at.saturating_add(len_u64(window.len())) < wanted {
                let left = directory.end().saturating_sub(at);
                window = self.source.peek(at, WINDOW.min(left))?;
                window_at = at;
            }
            let from = if window_at == at { 0 } else { from };
            let bytes = window.get(from..).unwrap_or_default();
            let mut cursor = Cursor::new(bytes);
            if cursor.rest().get(..4) != Some(CENTRAL) {
                break;
            }
            let Some(entry) = entry(&mut cursor, &mut self.archive.traces) else {
                return Err(malformed(at, "an entry of the directory is cut off"));
            };
            self.member(entry)?;
            seen = seen.saturating_add(1);
            at = at.saturating_add(len_u64(cursor.at()));
        }
        let same = if is_exact {
            seen == count
        } else {
            seen & 0xFFFF == count
        };
        if !same {
            return Err(malformed(at, "the directory has another number of entries"));
        }
        Ok(Span::new(directory.start(), at))
    }

    fn member(&mut self, entry: Entry) -> Result<()> {
        let at = self.base.saturating_add(entry.at);
        if entry.flags & (1 | 1 << 6 | 1 << 13) != 0 || entry.method == 99 {
            return Err(Error::unsupported(
                "an encrypted ZIP; extract it with its password and clean the folder",
            ));
        }
        let method = match entry.method {
            0 => Method::Stored,
            8 => Method::Deflated,
            _ => {
                return Err(Error::unsupported(
                    "a ZIP with an unusual compression; extract it and clean the folder",
                ));
            }
        };
        let mut head = self.source.peek(at, LOCAL_PEEK)?;
        let lens = local_lens(&head).ok_or_else(|| malformed(at, "a member has no header"))?;
        let head_len = LOCAL_LEN.saturating_add(lens.0).saturating_add(lens.1);
        if head_len > LOCAL_PEEK {
            head = self.source.peek(at, head_len)?;
        }
        let local = local(&head, &mut self.archive.traces)
            .ok_or_else(|| malformed(at, "the header of a member is cut off"))?;
        let data = at
            .checked_add(head_len)
            .and_then(|start| Span::sized(start, entry.packed))
            .filter(|data| data.end() <= self.source.len())
            .ok_or_else(|| malformed(at, "a member is cut off"))?;
        if local.method != entry.method || (local.flags ^ entry.flags) & 1 != 0 {
            return Err(malformed(
                at,
                "a header and the directory contradict each other",
            ));
        }
        if method == Method::Stored && entry.packed != entry.size {
            return Err(malformed(at, "a stored member has two lengths"));
        }
        // Headers that are written before the content have zeros here; the directory is right.
        let differs = |local: u64, listed: u64| local != 0 && local != listed;
        if local.flags & 8 == 0
            && (differs(local.crc.into(), entry.crc.into())
                || differs(local.packed, entry.packed)
                || differs(local.size, entry.size))
        {
            return Err(malformed(
                at,
                "a header and the directory contradict each other",
            ));
        }
        let name = names::path(&entry.name);
        let traces = &mut self.archive.traces;
        if local.name != entry.name {
            traces.other_name(&names::path(&local.name));
        }
        let descriptor = if local.flags & 8 != 0 {
            self.descriptor(&entry, data.end())?
        } else {
            0
        };
        self.claimed
            .push(Span::new(at, data.end().saturating_add(descriptor)));
        let kind = if name.ends_with('/') {
            Kind::Folder
        } else {
            entry.kind
        };
        if kind == Kind::Folder && entry.size != 0 {
            return Err(malformed(at, "a folder has content"));
        }
        self.archive.members.push(Member {
            name,
            kind,
            method,
            crc: entry.crc,
            size: entry.size,
            data,
        });
        Ok(())
    }

    /// Length of the data descriptor behind a member; with or without signature, with short or long
    /// lengths; 0 when there is none.
    fn descriptor(&self, entry: &Entry, at: u64) -> Result<u64> {
        let bytes = self.source.peek(at, 24)?;
        for signature in [&super::DESCRIPTOR[..], &[]] {
            let mut short = signature.to_vec();
            short.extend(entry.crc.to_le_bytes());
            let mut long = short.clone();
            long.extend(entry.packed.to_le_bytes());
            long.extend(entry.size.to_le_bytes());
            if let (Ok(packed), Ok(size)) = (u32::try_from(entry.packed), u32::try_from(entry.size))
            {
                short.extend(packed.to_le_bytes());
                short.extend(size.to_le_bytes());
                if bytes.starts_with(&short) {
                    return Ok(len_u64(short.len()));
                }
            }
            if bytes.starts_with(&long) {
                return Ok(len_u64(long.len()));
            }
        }
        Ok(0)
    }

    /// Finds overlaps and gaps.
    fn finish(mut self) -> Result<Archive> {
        self.claimed.sort_unstable();
        let mut at = 0;
        let len = self.source.len();
        let mut gaps = Vec::new();
        for span in &self.claimed {
            if span.start() < at {
                return Err(malformed(span.start(), "members overlap each other"));
            }
            if span.start() > at {
                let kind = if at == 0 {
                    GapKind::Prefix
                } else {
                    GapKind::Between
                };
                gaps.push(Gap {
                    kind,
                    span: Span::new(at, span.start()),
                });
            }
            at = span.end();
        }
        if at < len {
            gaps.push(Gap {
                kind: GapKind::Trailer,
                span: Span::new(at, len),
            });
        }
        for gap in gaps {
            self.ghosts(gap)?;
        }
        Ok(self.archive)
    }

    /// Splits a gap at the members in it that the directory does not list.
    fn ghosts(&mut self, gap: Gap) -> Result<()> {
        let mut at = gap.span.start();
        while at < gap.span.end() {
            self.cx.item()?;
            let head = self
                .source
                .peek(at, WINDOW.min(gap.span.end().saturating_sub(at)))?;
            match memchr::memmem::find(&head, LOCAL) {
                Some(0) => {}
                Some(next) => {
                    let next = at.saturating_add(len_u64(next));
                    self.gap(gap.kind.clone(), Span::new(at, next));
                    at = next;
                    continue;
                }
                None => {
                    // The signature may begin in the last three bytes.
                    let next = at.saturating_add(len_u64(head.len()).max(4).saturating_sub(3));
                    let next = if next.saturating_add(3) >= gap.span.end() {
                        gap.span.end()
                    } else {
                        next
                    };
                    self.gap(gap.kind.clone(), Span::new(at, next));
                    at = next;
                    continue;
                }
            }
            let local = local(&head, &mut Traces::default());
            let (name, data, end) = match local {
                Some(local) => {
                    let start = at.saturating_add(local.len);
                    let data = Span::sized(start, local.packed)
                        .filter(|data| data.end() <= gap.span.end() && !data.is_empty());
                    let end = data.map_or(start, Span::end).min(gap.span.end());
                    (names::path(&local.name), data, end)
                }
                None => (
                    String::new(),
                    None,
                    at.saturating_add(4).min(gap.span.end()),
                ),
            };
            self.archive.gaps.push(Gap {
                kind: GapKind::Ghost(name, data),
                span: Span::new(at, end),
            });
            at = end;
        }
        Ok(())
    }

    /// Adds a gap, or makes the one before longer.
    fn gap(&mut self, kind: GapKind, span: Span) {
        match self.archive.gaps.last_mut() {
            Some(last) if last.kind == kind && last.span.end() == span.start() => {
                last.span = Span::new(last.span.start(), span.end());
            }
            _ => self.archive.gaps.push(Gap { kind, span }),
        }
    }
}

/// Name and extra length of a local header.
pub(super) fn local_lens(head: &[u8]) -> Option<(u64, u64)> {
    let mut cursor = Cursor::new(head);
    (cursor.take(4)? == LOCAL).then_some(())?;
    cursor.skip(22)?;
    Some((cursor.u16(LE)?.into(), cursor.u16(LE)?.into()))
}

/// A local header.
struct Local {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    size: u64,
    name: Vec<u8>,
    len: u64,
}

fn local(head: &[u8], traces: &mut Traces) -> Option<Local> {
    let mut cursor = Cursor::new(head);
    (cursor.take(4)? == LOCAL).then_some(())?;
    cursor.skip(2)?;
    let (flags, method) = (cursor.u16(LE)?, cursor.u16(LE)?);
    let (time, date) = (cursor.u16(LE)?, cursor.u16(LE)?);
    let (crc, packed, size) = (cursor.u32(LE)?, cursor.u32(LE)?, cursor.u32(LE)?);
    let (name_len, extra_len) = (cursor.u16(LE)?, cursor.u16(LE)?);
    let name = cursor.take(name_len.into())?.to_vec();
    let extra = cursor.take(extra_len.into())?;
    let mut wide = [u64::from(size), u64::from(packed), 0];
    // The directory has the same date, and is counted.
    traces.extra(
        extra,
        &name,
        &mut wide,
        [size == u32::MAX, packed == u32::MAX, false],
    );
    traces.moment(date, time);
    let [size, packed, _] = wide;
    let name = unicode_path(extra, &name).unwrap_or(name);
    Some(Local {
        flags,
        method,
        crc,
        packed,
        size,
        name,
        len: len_u64(cursor.at()),
    })
}

/// An entry of the directory.
pub(super) fn entry(cursor: &mut Cursor<'_>, traces: &mut Traces) -> Option<Entry> {
    cursor.skip(4)?;
    let made_by = cursor.u16(LE)?;
    cursor.skip(2)?;
    let (flags, method) = (cursor.u16(LE)?, cursor.u16(LE)?);
    let (time, date) = (cursor.u16(LE)?, cursor.u16(LE)?);
    let (crc, packed, size) = (cursor.u32(LE)?, cursor.u32(LE)?, cursor.u32(LE)?);
    let (name_len, extra_len, comment_len) = (cursor.u16(LE)?, cursor.u16(LE)?, cursor.u16(LE)?);
    cursor.skip(4)?;
    let (attributes, at) = (cursor.u32(LE)?, cursor.u32(LE)?);
    let mut name = cursor.take(name_len.into())?.to_vec();
    let extra = cursor.take(extra_len.into())?;
    traces.comment(cursor.take(comment_len.into())?);
    let mut wide = [u64::from(size), u64::from(packed), u64::from(at)];
    let needed = [size == u32::MAX, packed == u32::MAX, at == u32::MAX];
    let had_times = traces.extra(extra, &name, &mut wide, needed);
    if traces.moment(date, time) || had_times {
        traces.timed = traces.timed.saturating_add(1);
    }
    let [size, packed, at] = wide;
    let system = made_by >> 8;
    let mode = attributes >> 16;
    let kind = if matches!(system, 3 | 19) && mode & 0xF000 == 0xA000 {
        Kind::Link
    } else if attributes & 0x10 != 0 || (matches!(system, 3 | 19) && mode & 0xF000 == 0x4000) {
        Kind::Folder
    } else {
        Kind::File
    };
    if system != 0 || attributes & !0x10 != 0 {
        traces.systems = traces.systems.saturating_add(1);
    }
    if let Some(unicode) = unicode_path(extra, &name) {
        name = unicode;
    }
    Some(Entry {
        flags,
        method,
        crc,
        packed,
        size,
        at,
        name,
        kind,
    })
}

/// The extra fields of a header as id and content; what is no field any more comes with the id 0.
fn fields(extra: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut cursor = Cursor::new(extra);
    std::iter::from_fn(move || {
        if cursor.is_at_end() {
            return None;
        }
        let before = cursor;
        let field = (|| {
            let id = cursor.u16(LE)?;
            let len = cursor.u16(LE)?;
            Some((id, cursor.take(len.into())?))
        })();
        field.or_else(|| {
            cursor = before;
            cursor.take(cursor.rest().len()).map(|rest| (0, rest))
        })
    })
}

/// The name in UTF-8 that the extra field 0x7075 gives for `name`.
fn unicode_path(extra: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let (_, field) = fields(extra).find(|(id, _)| *id == 0x7075)?;
    let mut cursor = Cursor::new(field);
    (cursor.u8()? == 1 && cursor.u32(LE)? == crc32fast::hash(name)).then_some(())?;
    std::str::from_utf8(cursor.rest()).ok()?;
    Some(cursor.rest().to_vec())
}

impl Traces {
    /// Notes a date; returns whether it says anything.
    fn moment(&mut self, date: u16, time: u16) -> bool {
        let says = (date, time) != (DATE, 0) && date > DATE;
        if says {
            self.newest = self.newest.max((date, time));
        }
        says
    }

    fn comment(&mut self, comment: &[u8]) {
        push(&mut self.comments, &names::decode(comment));
    }

    fn other_name(&mut self, name: &str) {
        push(&mut self.other_names, name);
    }

    /// Reads extra fields; `sizes` are replaced by those of ZIP64 where they are `needed`. Returns whether
    /// there were times among them.
    fn extra(
        &mut self,
        extra: &[u8],
        name: &[u8],
        sizes: &mut [u64; 3],
        needed: [bool; 3],
    ) -> bool {
        let mut times = false;
        for (id, field) in fields(extra) {
            let mut cursor = Cursor::new(field);
            match id {
                0x0001 => {
                    for (size, needed) in sizes.iter_mut().zip(needed) {
                        if needed && let Some(wide) = cursor.u64(LE) {
                            *size = wide;
                        }
                    }
                }
                0x5455 | 0x000A | 0x5855 => times = true,
                0x7875 | 0x7855 | 0x000D | 0x756E => {
                    self.owned = self.owned.saturating_add(1);
                    if self.owner.is_none() {
                        self.owner = owner(id, field);
                    }
                }
                0x7075 if unicode_path(extra, name).is_some() => {}
                0x6375 => self.comment(field.get(5..).unwrap_or_default()),
                _ => {
                    self.extra_len = self.extra_len.saturating_add(len_u64(field.len()));
                    let room = MAXIMUM_EXTRA_KEPT.saturating_sub(self.extra.len());
                    self.extra.extend(field.iter().take(room));
                }
            }
        }
        times
    }
}

/// User and group of an extra field of Info-ZIP.
fn owner(id: u16, field: &[u8]) -> Option<(u32, u32)> {
    let mut cursor = Cursor::new(field);
    let number = |cursor: &mut Cursor<'_>| match cursor.u8()? {
        2 => cursor.u16(LE).map(u32::from),
        4 => cursor.u32(LE),
        _ => None,
    };
    match id {
        0x7875 => {
            cursor.skip(1)?;
            Some((number(&mut cursor)?, number(&mut cursor)?))
        }
        0x7855 => Some((cursor.u16(LE)?.into(), cursor.u16(LE)?.into())),
        _ => None,
    }
}

fn push(texts: &mut Vec<String>, text: &str) {
    let text = text.trim_matches(['\0', ' ']);
    if !text.is_empty() && texts.len() < MAXIMUM_TEXTS && !texts.iter().any(|it| it == text) {
        texts.push(text.to_owned());
    }
}
