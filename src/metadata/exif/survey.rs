//! What readers of Exif, GPS and maker notes share while they go through one block: the findings, and
//! the bytes that they have asked for.

use std::borrow::Cow;

use memchr::memmem;

use super::tags::Sort;
use super::value::Said;
use crate::bytes::{Context, Source};
use crate::containers::tiff::ifd::{Entry, Ifd, Spans, Tiff};
use crate::metadata::text;
use crate::model::{Category, Finding, Found, Result, Role, Severity, Span, Value, len_u64};

/// Real blocks have some hundred entries.
const MOST_ENTRIES: u32 = 65_536;
/// Nobody reads more findings of one block, but all must fit into memory.
const MOST_FINDINGS: usize = 2_000;
/// So much of a value is read that shares its bytes with another structure.
const LONGEST_SHARED: usize = 512;
/// Longer texts are shown by their beginning.
const LONGEST_TEXT: usize = 2_000;

pub(in crate::metadata) struct Survey<'a, 'c> {
    pub(in crate::metadata) cx: &'c Context<'c>,
    /// The whole block.
    pub(in crate::metadata) bytes: &'a [u8],
    pub(in crate::metadata) found: Found,
    /// All bytes that some structure or value accounts for.
    pub(in crate::metadata) claimed: Spans,
    /// Tables of directories: one that overlaps another is a loop or a trap.
    directories: Spans,
    /// What has been handed to another reader: nothing is read twice, so that no number of entries that
    /// point to the same bytes can take long.
    handed: Spans,
    entries_left: u32,
    settings: u32,
    broken: u32,
    untold: u32,
}

impl<'a, 'c> Survey<'a, 'c> {
    pub(in crate::metadata) fn new(bytes: &'a [u8], cx: &'c Context<'c>) -> Self {
        Self {
            cx,
            bytes,
            found: Found::default(),
            claimed: Spans::default(),
            directories: Spans::default(),
            handed: Spans::default(),
            entries_left: MOST_ENTRIES,
            settings: 0,
            broken: 0,
            untold: 0,
        }
    }

    /// The directory at a position, with all its values claimed; `None` where there is none that has not
    /// been read before.
    pub(in crate::metadata) fn directory(
        &mut self,
        tiff: &Tiff<'a>,
        at: u64,
    ) -> Result<Option<Ifd<'a>>> {
        // Only what has not been read before is read at all, so that all tables together cost no more
        // than the block is long.
        let free = |table: &Span| self.directories.is_free(*table);
        let table = tiff.peek_table(at).filter(free);
        let Some((table, mut ifd)) = table.and_then(|table| Some((table, tiff.ifd(at)?))) else {
            self.broken = self.broken.saturating_add(1);
            return Ok(None);
        };
        // Notes of Samsung end without a link, and the GPS directory stands right behind them.
        self.directories.claim(table);
        self.claimed.claim(ifd.span);
        if !ifd.complete {
            self.broken = self.broken.saturating_add(1);
        }
        let room = usize::try_from(self.entries_left).unwrap_or(usize::MAX);
        if ifd.entries.len() > room {
            self.broken = self.broken.saturating_add(1);
            ifd.entries.truncate(room);
        }
        for entry in &mut ifd.entries {
            self.cx.item()?;
            self.entries_left = self.entries_left.saturating_sub(1);
            if !entry.complete {
                self.broken = self.broken.saturating_add(1);
            }
            // Thousands of entries may point to the same long text.
            if !self.claimed.claim(entry.span) {
                entry.value = entry.value.get(..LONGEST_SHARED).unwrap_or(entry.value);
            }
        }
        Ok(Some(ifd))
    }

    /// Adds a finding as it is, unless there are too many.
    pub(in crate::metadata) fn push(&mut self, finding: Finding) {
        if self.found.findings.len() < MOST_FINDINGS {
            self.found.findings.push(finding);
        } else {
            self.untold = self.untold.saturating_add(1);
        }
    }

    /// Whether there are so many findings that no more are kept.
    pub(in crate::metadata) fn is_full(&self) -> bool {
        self.found.findings.len() >= MOST_FINDINGS
    }

    /// Counts a value that is not read because there are too many findings.
    pub(in crate::metadata) fn skip(&mut self) -> Result<()> {
        self.untold = self.untold.saturating_add(1);
        self.cx.check_stop()
    }

    /// Counts a value that is told together with the other settings.
    pub(in crate::metadata) fn setting(&mut self) {
        self.settings = self.settings.saturating_add(1);
    }

    /// Adds what a value says.
    pub(in crate::metadata) fn say(
        &mut self,
        sort: Sort,
        name: impl Into<Cow<'static, str>>,
        place: &str,
        entry: &Entry<'a>,
        said: &Said,
    ) -> Result<()> {
        if self.found.findings.len() >= MOST_FINDINGS {
            self.untold = self.untold.saturating_add(1);
            return Ok(());
        }
        let finding = finding(sort, name, place);
        match said {
            // `0000:00:00 00:00:00` and `    :  :` stand for "not known".
            Said::Text(parts) if parts.iter().all(|part| is_blank(part)) => self.setting(),
            Said::Text(parts) => {
                for part in parts {
                    self.found.secrets.text(part);
                }
                if std::str::from_utf8(entry.value).is_err() {
                    self.found.secrets.bytes(entry.value);
                }
                self.push(finding.text(shorten(parts)));
                if matches!(sort.role, Role::Text | Role::Other) {
                    self.mentions(sort.id, parts, place)?;
                }
            }
            Said::Numbers(numbers) if is_zero(numbers) => self.setting(),
            Said::Numbers(numbers) => {
                self.found.secrets.bytes(entry.value);
                self.push(finding.text(numbers.clone()));
            }
            Said::Opaque if entry.value.iter().all(|byte| matches!(byte, 0 | b' ')) => {
                self.setting();
            }
            Said::Opaque if entry.value.len() <= 32 => {
                self.found.secrets.bytes(entry.value);
                self.push(finding.text(hex(entry.value)));
            }
            Said::Opaque => {
                self.push(finding.bytes(len_u64(entry.value.len())));
                self.salvage(entry.span, place)?;
            }
        }
        Ok(())
    }

    /// Adds the coordinates, addresses and paths that stand in a free text.
    pub(in crate::metadata) fn mentions(
        &mut self,
        id: &'static str,
        parts: &[String],
        place: &str,
    ) -> Result<()> {
        let mut inner = Found::default();
        for part in parts {
            text::mentions(id, part, place, self.cx, &mut inner)?;
        }
        self.found.secrets.merge(inner.secrets);
        inner
            .findings
            .into_iter()
            .for_each(|finding| self.push(finding));
        Ok(())
    }

    /// Adds a text that was put together from values; it stands nowhere in this form.
    pub(in crate::metadata) fn tell(
        &mut self,
        sort: Sort,
        name: impl Into<Cow<'static, str>>,
        place: &str,
        text: impl Into<String>,
    ) {
        self.push(finding(sort, name, place).text(text));
    }

    /// Claims a span for a reader of another standard, and gives its bytes; `None` when somebody has
    /// read part of it before.
    pub(in crate::metadata) fn hand_over(&mut self, span: Span) -> Option<&'a [u8]> {
        self.claimed.claim(span);
        let bytes = self.slice(span);
        (!bytes.is_empty() && self.handed.claim(span)).then_some(bytes)
    }

    /// The bytes of a span; none when it reaches past the end.
    pub(in crate::metadata) fn slice(&self, span: Span) -> &'a [u8] {
        let bounds = usize::try_from(span.start())
            .ok()
            .zip(usize::try_from(span.end()).ok());
        bounds
            .and_then(|(start, end)| self.bytes.get(start..end))
            .unwrap_or_default()
    }

    /// Looks at a picture inside the block.
    pub(in crate::metadata) fn picture(&mut self, span: Span, place: &str) -> Result<()> {
        if let Some(bytes) = self.hand_over(span) {
            let inner = self.cx.inspect_nested(&Source::memory(bytes))?;
            self.merge(place, inner);
        }
        Ok(())
    }

    /// Takes over what another reader found.
    pub(in crate::metadata) fn merge(&mut self, place: &str, inner: Found) {
        let room = MOST_FINDINGS.saturating_sub(self.found.findings.len());
        let mut inner = inner;
        let more = inner.findings.len().saturating_sub(room);
        inner.findings.truncate(room);
        self.untold = self
            .untold
            .saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
        self.found.merge(place, inner);
    }

    /// Looks for pictures and text in bytes that nobody understands.
    pub(in crate::metadata) fn salvage(&mut self, span: Span, place: &str) -> Result<()> {
        let Some(bytes) = self.hand_over(span) else {
            return Ok(());
        };
        let jpeg = jpeg_in(bytes);
        // The tables of a JPEG look like text, and the same ones stand in many pictures.
        let before = bytes.get(..jpeg.unwrap_or(bytes.len())).unwrap_or_default();
        self.found.secrets.harvest(before);
        self.harvest_utf16(before);
        if let Some(picture) = jpeg.and_then(|at| bytes.get(at..)) {
            self.push(
                Finding::new(
                    "exif.preview",
                    Category::Image,
                    Severity::High,
                    place,
                    "JPEG picture",
                )
                .bytes(len_u64(picture.len()))
                .role(Role::Thumbnail),
            );
            let inner = self.cx.inspect_nested(&Source::memory(picture))?;
            self.merge(place, inner);
        }
        Ok(())
    }

    /// Remembers runs of printable Latin letters with zero bytes between them.
    fn harvest_utf16(&mut self, bytes: &[u8]) {
        for skip in [0, 1] {
            let mut run = String::new();
            for pair in bytes
                .get(skip..)
                .unwrap_or_default()
                .chunks_exact(2)
                .chain([&[0, 0][..]])
            {
                match pair {
                    [letter @ 0x20..=0x7E, 0] => run.push(char::from(*letter)),
                    _ => {
                        self.found.secrets.harvest(run.as_bytes());
                        run.clear();
                    }
                }
            }
        }
    }

    /// Adds what can be told only at the end.
    pub(super) fn finish(&mut self, place: &str) {
        let counted = |count: u32, what: &str| format!("{what} ({count})");
        if self.settings > 0 {
            self.found.findings.push(Finding::new(
                "exif.settings",
                Category::Device,
                Severity::Low,
                place,
                counted(self.settings, "camera settings"),
            ));
        }
        if self.broken > 0 {
            self.found.findings.push(Finding::new(
                "exif.broken",
                Category::Unknown,
                Severity::Medium,
                place,
                counted(self.broken, "damaged entries"),
            ));
        }
        if self.untold > 0 {
            self.found.findings.push(Finding::new(
                "exif.unknown",
                Category::Unknown,
                Severity::High,
                place,
                counted(self.untold, "more entries"),
            ));
        }
    }
}

/// A finding of this sort.
pub(in crate::metadata) fn finding(
    sort: Sort,
    name: impl Into<Cow<'static, str>>,
    place: &str,
) -> Finding {
    Finding::new(sort.id, sort.category, sort.severity, place, name).role(sort.role)
}

/// A path one step longer.
pub(in crate::metadata) fn under(place: &str, name: &str) -> String {
    if place.is_empty() {
        name.to_owned()
    } else {
        format!("{place}/{name}")
    }
}

/// Bytes in hexadecimal digits.
pub(in crate::metadata) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Nothing but zeros and what separates numbers.
pub(in crate::metadata) fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0' | b' ' | b':' | b'-' | b'/' | b'.'))
}

fn is_zero(numbers: &str) -> bool {
    !numbers.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

/// All parts on one line, as far as anybody reads.
pub(in crate::metadata) fn shorten(parts: &[String]) -> String {
    let text = parts.join("; ");
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "…",
        None => text,
    }
}

/// Where in these bytes a JPEG begins: start of image and a marker that can follow it.
fn jpeg_in(bytes: &[u8]) -> Option<usize> {
    memmem::find_iter(bytes, b"\xFF\xD8\xFF").find(|at| {
        at.checked_add(3)
            .and_then(|next| bytes.get(next))
            .is_some_and(|marker| matches!(marker, 0xC0..=0xCF | 0xDB..=0xFE))
    })
}

/// The time value of a finding whose text is no secret.
pub(in crate::metadata) fn time(text: impl Into<String>) -> Value {
    Value::Time(crate::model::Untrusted::new(text))
}
