//! gzip (RFC 1952): a header that may name the file and its time, a deflate stream, a check sum.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::DeflateEncoder;

use crate::bytes::Context;
use crate::metadata::text;
use crate::model::{Category, Error, Finding, Found, Result, Role, Severity, len_u64};

const NAME: &str = "SVGZ";
const MAGIC: &[u8] = &[0x1F, 0x8B, 8];
/// No flags, no time, no level, no system.
const HEADER: [u8; 10] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
/// Bytes of content that are read at a time.
const PIECE: usize = 64 << 10;

/// A gzip file with all its members.
#[derive(Debug, Default)]
pub(super) struct Gzip<'a> {
    bytes: &'a [u8],
    time: u32,
    name: Vec<u8>,
    comment: Vec<u8>,
    extra: Vec<u8>,
    /// Bytes behind the last member.
    tail: &'a [u8],
    pub(super) content: Vec<u8>,
}

/// The beginning of what is compressed in a file that begins with `head`.
pub(super) fn beginning(head: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0; 4096];
    let mut rest = head;
    let mut decoder = GzDecoder::new(&mut rest);
    // What is cut off ends in an error behind what can be read.
    let mut len = 0_usize;
    while let Some(read) = out
        .get_mut(len..)
        .and_then(|room| decoder.read(room).ok())
        .filter(|read| *read > 0)
    {
        len = len.saturating_add(read);
    }
    out.truncate(len);
    decoder.header().map(|_| out)
}

impl<'a> Gzip<'a> {
    /// Reads a file with all its members.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is damaged; the budget's.
    pub(super) fn read(bytes: &'a [u8], cx: &Context<'_>) -> Result<Self> {
        let mut file = Self {
            bytes,
            tail: bytes,
            ..Self::default()
        };
        let mut piece = vec![0; PIECE];
        while file.tail.starts_with(MAGIC) || file.tail.len() == bytes.len() {
            cx.item()?;
            let broken = |_| Error::malformed(NAME, 0, "the compressed data is damaged");
            let mut decoder = GzDecoder::new(file.tail);
            loop {
                let read = decoder.read(&mut piece).map_err(broken)?;
                let new = piece.get(..read).unwrap_or_default();
                if new.is_empty() {
                    break;
                }
                cx.memory(len_u64(read))?;
                file.content.extend_from_slice(new);
                if len_u64(file.content.len()) > cx.limits().block {
                    return Err(Error::LimitExceeded { limit: "block" });
                }
            }
            if let Some(header) = decoder.header() {
                file.time |= header.mtime();
                file.name.extend(header.filename().unwrap_or_default());
                file.comment.extend(header.comment().unwrap_or_default());
                file.extra.extend(header.extra().unwrap_or_default());
            }
            file.tail = decoder.into_inner();
        }
        Ok(file)
    }

    /// Adds what the frame gives away, and that it changes.
    pub(super) fn report(&self, copy: &[u8], cx: &Context<'_>, found: &mut Found) -> Result<()> {
        if self.time != 0 {
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
            ("FNAME", Role::Path, &self.name),
            ("FCOMMENT", Role::Text, &self.comment),
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
            ("gzip.extra", "FEXTRA", &self.extra),
            ("gzip.tail", "data behind the end", &self.tail.to_vec()),
        ] {
            if !bytes.is_empty() {
                found.secrets.harvest(bytes);
                let finding = Finding::new(id, Category::Unknown, Severity::Medium, "gzip", what);
                found.add(finding.bytes(len_u64(bytes.len())));
            }
        }
        if found.findings.is_empty() && Self::write(copy) != self.bytes {
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

    /// A file with this content.
    pub(super) fn write(content: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(HEADER.to_vec(), Compression::best());
        // Memory does not fail.
        let _ = encoder.write_all(content);
        let mut out = encoder.finish().unwrap_or_default();
        out.extend(crc32fast::hash(content).to_le_bytes());
        let len = u32::try_from(len_u64(content.len()) & 0xFFFF_FFFF).unwrap_or(0);
        out.extend(len.to_le_bytes());
        out
    }
}
