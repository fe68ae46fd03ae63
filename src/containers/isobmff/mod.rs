//! Boxes of the ISO base media file format (ISO/IEC 14496-12 §4.2) and of QuickTime, which calls them
//! atoms: MP4, MOV, HEIF, JPEG 2000, JPEG XL, JUMBF.

use std::borrow::Cow;
use std::fmt;

use crate::bytes::{Context, Order, Source};
use crate::model::{Error, Result, Span};

/// Name of the format in errors.
const FORMAT: &str = "ISO base media file";

/// A four-character code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FourCc(pub [u8; 4]);

impl FourCc {
    /// The code in the first four bytes; `None` when there are fewer.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        bytes.first_chunk().copied().map(Self)
    }
}

impl fmt::Display for FourCc {
    /// As the standards write it, safe to print: `©xyz`; what cannot be printed becomes `?`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        self.0.iter().try_for_each(|byte| {
            f.write_char(match byte {
                0x20..=0x7E | 0xA9 => char::from(*byte),
                _ => '?',
            })
        })
    }
}

/// The header of a box, and where the box stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoxHeader {
    /// `moov`, `meta`, `uuid`.
    pub kind: FourCc,
    /// The extended type of a `uuid` box.
    pub uuid: Option<[u8; 16]>,
    /// Header and body.
    pub whole: Span,
    /// What stands behind the header, extended type included in the header.
    pub body: Span,
}

impl BoxHeader {
    /// Whether it is a box of this type.
    #[must_use]
    pub fn is(&self, kind: &[u8; 4]) -> bool {
        self.kind.0 == *kind
    }

    /// At most `max` bytes of the body.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn peek<'a>(&self, source: &Source<'a>, max: u64) -> Result<Cow<'a, [u8]>> {
        let end = self.body.start().saturating_add(max).min(self.body.end());
        source.read(Span::new(self.body.start(), end))
    }

    /// The whole body in memory.
    ///
    /// # Errors
    /// As [`Source::read`] and [`Context::memory`].
    pub fn read<'a>(&self, source: &Source<'a>, cx: &Context<'_>) -> Result<Cow<'a, [u8]>> {
        cx.memory(self.body.len())?;
        source.read(self.body)
    }

    /// The part of the body that holds the children of a `meta` box: behind version and flags in ISO
    /// files, from the beginning in QuickTime, where `hdlr` comes at once.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub fn meta_children(&self, source: &Source<'_>) -> Result<Span> {
        let head = self.peek(source, 8)?;
        let plain = head.get(4..8) == Some(b"hdlr");
        let skip = if plain { 0 } else { 4 };
        Ok(Span::new(
            self.body.start().saturating_add(skip).min(self.body.end()),
            self.body.end(),
        ))
    }
}

/// The boxes that stand one behind the other in a span, in order. It does not look into them: depth is
/// the caller's to limit.
#[derive(Clone, Debug)]
pub struct Boxes<'a> {
    source: Source<'a>,
    at: u64,
    end: u64,
}

impl<'a> Boxes<'a> {
    /// The boxes in `span`, or the part of it that lies in the file.
    #[must_use]
    pub fn new(source: &Source<'a>, span: Span) -> Self {
        Self {
            source: *source,
            at: span.start(),
            end: span.end().min(source.len()),
        }
    }

    /// Where the next box would begin: behind the last one that was understood.
    #[must_use]
    pub fn at(&self) -> u64 {
        self.at
    }

    /// The next box; `None` at the end of the span. Size 0 means up to the end of the span. Four zero
    /// bytes at the end, with which QuickTime closes `udta`, are no box.
    ///
    /// # Errors
    /// [`Error::Malformed`] when a box is smaller than its header or reaches past the span, or when fewer
    /// bytes than a header are left; the walk cannot go on from there. Reading; the budget.
    pub fn next(&mut self, cx: &Context<'_>) -> Result<Option<BoxHeader>> {
        let left = self.end.saturating_sub(self.at);
        if left == 0 {
            return Ok(None);
        }
        cx.item()?;
        let head = self.source.peek(self.at, left.min(32))?;
        if left == 4 && *head == [0; 4] {
            self.at = self.end;
            return Ok(None);
        }
        let header = parse(&head, self.at, left).ok_or_else(|| {
            Error::malformed(FORMAT, self.at, "a box that does not fit where it stands")
        })?;
        self.at = header.whole.end();
        Ok(Some(header))
    }
}

/// The header that begins `head`, at offset `at`, where `left` bytes are left for header and body.
fn parse(head: &[u8], at: u64, left: u64) -> Option<BoxHeader> {
    let kind = FourCc::read(head.get(4..)?)?;
    let (len, mut header) = match Order::Big.u32(head)? {
        0 => (left, 8u64),
        1 => (Order::Big.u64(head.get(8..)?)?, 16),
        len => (u64::from(len), 8),
    };
    let mut uuid = None;
    if kind.0 == *b"uuid" {
        let from = usize::try_from(header).ok()?;
        uuid = Some(*head.get(from..)?.first_chunk()?);
        header = header.checked_add(16)?;
    }
    let whole = Span::sized(at, len).filter(|_| header <= len && len <= left)?;
    Some(BoxHeader {
        kind,
        uuid,
        whole,
        body: Span::new(at.checked_add(header)?, whole.end()),
    })
}

/// The header of a box whose body has this length.
#[must_use]
pub fn box_header(kind: [u8; 4], len: u64) -> Vec<u8> {
    if let Ok(whole) = u32::try_from(len.saturating_add(8)) {
        return [whole.to_be_bytes(), kind].concat();
    }
    let mut out = [[0, 0, 0, 1], kind].concat();
    out.extend(len.saturating_add(16).to_be_bytes());
    out
}

/// Version, flags and the rest of the body of a FullBox (§4.2.2).
#[must_use]
pub fn full_box(body: &[u8]) -> Option<(u8, u32, &[u8])> {
    let head = Order::Big.u32(body)?;
    let [version, ..] = head.to_be_bytes();
    Some((version, head & 0x00FF_FFFF, body.get(4..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    fn plain(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let mut out = u32::try_from(body.len() + 8)
            .unwrap()
            .to_be_bytes()
            .to_vec();
        out.extend_from_slice(kind);
        out.extend_from_slice(body);
        out
    }

    fn walk(bytes: &[u8]) -> (Vec<BoxHeader>, bool) {
        with_context(|cx| {
            let source = Source::memory(bytes);
            let mut boxes = Boxes::new(&source, source.whole());
            let mut all = Vec::new();
            loop {
                match boxes.next(cx) {
                    Ok(Some(header)) => all.push(header),
                    Ok(None) => return (all, true),
                    Err(_) => return (all, false),
                }
            }
        })
    }

    #[test]
    fn all_four_sizes() {
        let mut bytes = plain(b"free", b"ab");
        bytes.extend_from_slice(&[0, 0, 0, 1]);
        bytes.extend_from_slice(b"wide\0\0\0\0\0\0\0\x13xyz");
        bytes.extend(plain(b"uuid", b"0123456789abcdef!"));
        bytes.extend_from_slice(b"\0\0\0\0mdatrest");
        let (all, whole) = walk(&bytes);
        assert!(whole);
        let seen: Vec<_> = all
            .iter()
            .map(|b| (b.kind.to_string(), b.whole.len(), b.body.len()))
            .collect();
        assert_eq!(
            seen,
            [
                ("free".to_owned(), 10, 2),
                ("wide".to_owned(), 19, 3),
                ("uuid".to_owned(), 25, 1),
                ("mdat".to_owned(), 12, 4)
            ]
        );
        assert_eq!(all[2].uuid, Some(*b"0123456789abcdef"));
        assert_eq!(FourCc(*b"\xA9xy\x07").to_string(), "©xy?");
    }

    #[test]
    fn quicktime_ends_user_data_with_a_zero() {
        let mut bytes = plain(b"name", b"x");
        bytes.extend_from_slice(&[0; 4]);
        assert_eq!((walk(&bytes).0.len(), walk(&bytes).1), (1, true));
    }

    #[test]
    fn what_does_not_fit_ends_the_walk() {
        for bad in [
            &b"\0\0\0\x07free"[..],
            b"\0\0\0\x09free",
            b"\0\0\0\x01free\0\0\0\0\0\0\0\x0f",
            b"\0\0\0\x01free\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\0\0\0\x10uuid01234567",
            b"\0\0\0",
        ] {
            let mut bytes = plain(b"free", b"");
            bytes.extend_from_slice(bad);
            let (all, whole) = walk(&bytes);
            assert_eq!((all.len(), whole), (1, false), "{bad:?}");
        }
    }

    #[test]
    fn meta_is_a_full_box_in_iso_files_only() {
        for (body, len) in [
            (plain(b"hdlr", b""), 8),
            ([&[0; 4][..], &plain(b"hdlr", b"")].concat(), 8),
        ] {
            let bytes = plain(b"meta", &body);
            let source = Source::memory(&bytes);
            let (all, _) = walk(&bytes);
            assert_eq!(all[0].meta_children(&source).unwrap().len(), len);
        }
        assert_eq!(full_box(&[1, 0, 0, 2, 9]), Some((1, 2, &[9][..])));
    }
}
