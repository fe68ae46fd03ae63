//! gzip (RFC 1952): a header that may name the file and its time, a deflate stream, a check sum.

use std::io::Write;

use flate2::{Compression, Decompress, FlushDecompress};

use crate::bytes::{Context, Cursor, Inflate, Order};
use crate::metadata::text;
use crate::model::{Category, Error, Finding, Found, Result, Role, Severity, len_u64};

const NAME: &str = "SVGZ";
const MAGIC: &[u8] = &[0x1F, 0x8B, 8];
/// No flags, no time, no level, no system.
const HEADER: [u8; 10] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

/// A gzip file.
#[derive(Debug)]
pub(super) struct Gzip {
    header: Header,
    /// The first stream as it stands.
    stream: Vec<u8>,
    members: u32,
    /// Bits behind the last code were set.
    has_unused: bool,
    /// Bytes behind the last one.
    tail: Vec<u8>,
    pub(super) content: Vec<u8>,
}

#[derive(Debug, Default)]
struct Header {
    is_plain: bool,
    time: u32,
    name: Vec<u8>,
    comment: Vec<u8>,
    extra: Vec<u8>,
}

/// The header of a member. Reserved flags are left to themselves.
fn header(cursor: &mut Cursor<'_>) -> Option<Header> {
    let start = cursor.rest();
    (cursor.take(3)? == MAGIC).then_some(())?;
    let flags = cursor.u8()?;
    let time = cursor.u32(Order::Little)?;
    cursor.skip(2)?;
    let mut header = Header {
        is_plain: start.starts_with(&HEADER),
        time,
        ..Header::default()
    };
    if flags & 4 != 0 {
        let len = usize::from(cursor.u16(Order::Little)?);
        header.extra = cursor.take(len)?.to_vec();
    }
    if flags & 8 != 0 {
        header.name = cursor.until_nul()?.to_vec();
    }
    if flags & 16 != 0 {
        header.comment = cursor.until_nul()?.to_vec();
    }
    if flags & 2 != 0 {
        cursor.skip(2)?;
    }
    Some(header)
}

/// Unsets the bits of the last byte that no code needs: those without which the content is the same.
fn unset_unused(stream: &mut [u8], content: &[u8], cx: &Context<'_>) -> Result<()> {
    for bit in (0..8).rev() {
        let Some(last) = stream.last_mut().filter(|last| **last >> bit & 1 == 1) else {
            continue;
        };
        *last ^= 1 << bit;
        let (mut inflate, mut same, mut at) = (Inflate::raw(), true, 0usize);
        let used = inflate.feed(stream, cx, |piece| {
            let end = at.saturating_add(piece.len());
            same &= content.get(at..end) == Some(piece);
            at = end;
            Ok(())
        });
        let whole = used.is_ok_and(|used| used == len_u64(stream.len()));
        if !(whole && inflate.is_done() && same && at == content.len()) {
            if let Some(last) = stream.last_mut() {
                *last ^= 1 << bit;
            }
            break;
        }
    }
    Ok(())
}

/// The beginning of what is compressed in a file that begins with `head`.
pub(super) fn beginning(head: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(head);
    header(&mut cursor)?;
    let mut out = Vec::with_capacity(4096);
    Decompress::new(false)
        .decompress_vec(cursor.rest(), &mut out, FlushDecompress::Sync)
        .ok()?;
    Some(out)
}

impl Gzip {
    /// Reads a file with all its members.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is damaged; the budget's.
    pub(super) fn read(bytes: &[u8], cx: &Context<'_>) -> Result<Self> {
        let broken = |cursor: &Cursor<'_>| {
            Error::malformed(NAME, len_u64(cursor.at()), "the compressed data is damaged")
        };
        let mut cursor = Cursor::new(bytes);
        let mut file: Option<Self> = None;
        while cursor.rest().starts_with(MAGIC) || file.is_none() {
            cx.item()?;
            let header = header(&mut cursor).ok_or_else(|| broken(&cursor))?;
            let mut content = file
                .as_mut()
                .map(|file| std::mem::take(&mut file.content))
                .unwrap_or_default();
            let before = content.len();
            let mut inflate = Inflate::raw();
            let used = inflate.feed(cursor.rest(), cx, |piece| {
                content.extend_from_slice(piece);
                if len_u64(content.len()) > cx.limits().block {
                    return Err(Error::LimitExceeded { limit: "block" });
                }
                Ok(())
            })?;
            let used = usize::try_from(used).unwrap_or(usize::MAX);
            let stream = cursor.take(used).ok_or_else(|| broken(&cursor))?;
            let sum = cursor.u32(Order::Little);
            let len = cursor.u32(Order::Little);
            let member = content.get(before..).unwrap_or_default();
            let low = len_u64(member.len()) & 0xFFFF_FFFF;
            if !inflate.is_done()
                || sum != Some(crc32fast::hash(member))
                || len.map(u64::from) != Some(low)
            {
                return Err(broken(&cursor));
            }
            match &mut file {
                None => {
                    file = Some(Self {
                        header,
                        stream: stream.to_vec(),
                        members: 1,
                        has_unused: false,
                        tail: Vec::new(),
                        content,
                    });
                }
                Some(file) => {
                    file.members = file.members.saturating_add(1);
                    file.content = content;
                    file.header.name.extend_from_slice(&header.name);
                    file.header.comment.extend_from_slice(&header.comment);
                    file.header.extra.extend_from_slice(&header.extra);
                }
            }
        }
        let mut file = file.ok_or_else(|| broken(&cursor))?;
        file.tail = cursor.rest().to_vec();
        if file.members == 1 {
            let before = file.stream.clone();
            unset_unused(&mut file.stream, &file.content, cx)?;
            file.has_unused = file.stream != before;
        }
        Ok(file)
    }

    /// Adds what the frame gives away, and that it changes.
    pub(super) fn report(&self, copy: &[u8], cx: &Context<'_>, found: &mut Found) -> Result<()> {
        let header = &self.header;
        if header.time != 0 {
            let finding = Finding::new(
                "gzip.time",
                Category::Time,
                Severity::Medium,
                "gzip",
                "MTIME",
            );
            // The seconds themselves are four bytes, too few to search for.
            found.findings.push(finding.bytes(4).role(Role::OtherTime));
        }
        for (what, role, bytes) in [
            ("FNAME", Role::Path, &header.name),
            ("FCOMMENT", Role::Text, &header.comment),
        ] {
            if !bytes.is_empty() {
                let value: String = bytes.iter().copied().map(char::from).collect();
                let finding =
                    Finding::new("gzip.name", Category::Person, Severity::High, "gzip", what);
                found.add(finding.text(value.clone()).role(role));
                text::mentions("gzip.name", &value, "gzip", cx, found)?;
            }
        }
        for (id, what, bytes) in [
            ("gzip.extra", "FEXTRA", &header.extra),
            ("gzip.tail", "data behind the end", &self.tail),
        ] {
            if !bytes.is_empty() {
                found.secrets.harvest(bytes);
                let finding = Finding::new(id, Category::Unknown, Severity::Medium, "gzip", what);
                found.add(finding.bytes(len_u64(bytes.len())));
            }
        }
        if self.has_unused {
            let what = "bits behind the last code";
            let finding = Finding::new("gzip.tail", Category::Unknown, Severity::Low, "gzip", what);
            found.add(finding.bytes(1));
        }
        if found.findings.is_empty() && (copy != self.content || !self.is_plain()) {
            let what = "the header of the compressed file";
            found.add(Finding::new(
                "gzip.header",
                Category::Device,
                Severity::Low,
                "gzip",
                what,
            ));
        }
        Ok(())
    }

    fn is_plain(&self) -> bool {
        self.header.is_plain && self.members == 1 && self.tail.is_empty()
    }

    /// The file with this content. A stream that holds it already stays.
    pub(super) fn write(&self, content: &[u8]) -> Vec<u8> {
        let mut out = HEADER.to_vec();
        if self.members == 1 && self.content == content {
            out.extend_from_slice(&self.stream);
        } else {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
            // Memory does not fail.
            let _ = encoder.write_all(content);
            out.extend(encoder.finish().unwrap_or_default());
        }
        out.extend(crc32fast::hash(content).to_le_bytes());
        let len = u32::try_from(len_u64(content.len()) & 0xFFFF_FFFF).unwrap_or(0);
        out.extend(len.to_le_bytes());
        out
    }
}
