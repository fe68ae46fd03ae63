//! From SOI to the one true EOI: segments and coded data, through every scan.

use std::borrow::Cow;

use super::markers::{self, DHP, EOI, EXP, JPEG_LS, SOI, SOS};
use crate::bytes::{Context, Order, Source};
use crate::model::{Error, Result, Span};

/// A marker segment of one image, with the coded data behind it where it is a scan.
#[derive(Debug)]
pub(super) struct Segment<'a> {
    pub(super) marker: u8,
    /// Fill bytes and garbage before the marker.
    pub(super) lead: Span,
    /// The marker, its length field and its payload.
    pub(super) span: Span,
    /// Entropy-coded data behind a scan header; empty for all others.
    pub(super) coded: Span,
    /// Restart markers in the coded data.
    pub(super) restarts: u64,
    /// The payload of a table, frame or scan header. That of application data and comments, of which a
    /// file may have any amount, is read where it is needed: see [`Image::payload`].
    pub(super) payload: Cow<'a, [u8]>,
}

/// One image, `FF D8` to `FF D9`.
#[derive(Debug)]
pub(super) struct Image<'a> {
    source: Source<'a>,
    pub(super) segments: Vec<Segment<'a>>,
    /// First and behind last byte.
    pub(super) span: Span,
    /// Whether it ends in EOI. Otherwise the last segment is a scan, and what follows its coded data is
    /// no part of a JPEG.
    pub(super) has_eoi: bool,
}

impl<'a> Image<'a> {
    /// Index of the first scan: what follows it does not change how the image is read.
    pub(super) fn first_scan(&self) -> usize {
        self.segments
            .iter()
            .position(|segment| segment.marker == SOS)
            .unwrap_or(self.segments.len())
    }

    /// The bytes behind the length field of a segment.
    pub(super) fn payload(&self, segment: &Segment<'a>) -> Result<Cow<'a, [u8]>> {
        if markers::stands_alone(segment.marker) {
            return Ok(Cow::Borrowed(&[]));
        }
        let start = segment.span.start().saturating_add(4);
        self.source.read(Span::new(start, segment.span.end()))
    }

    /// Whether garbage follows the last scan: the coded data may have ended in front of it. Fill bytes
    /// are none.
    pub(super) fn has_garbage_behind(&self) -> Result<bool> {
        for segment in self.segments.iter().rev() {
            if segment.marker == SOS {
                break;
            }
            let lead = self
                .source
                .peek(segment.lead.start(), segment.lead.len().min(64))?;
            if lead.iter().any(|byte| *byte != 0xFF) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Ends the image with the coded data of its last scan, at `end`.
    pub(super) fn end_at(&mut self, end: u64) {
        self.end_with_last_scan();
        if let Some(last) = self.segments.last_mut() {
            last.coded = Span::new(last.coded.start().min(end), end);
            self.span = Span::new(self.span.start(), end);
        }
    }

    /// Ends the image behind its last scan. What was taken for segments behind it is not.
    fn end_with_last_scan(&mut self) {
        let last = self.segments.iter().rposition(|s| s.marker == SOS);
        self.segments.truncate(last.unwrap_or(0).saturating_add(1));
        let end = self.segments.last().map_or(0, |last| last.coded.end());
        self.span = Span::new(self.span.start(), end);
        self.has_eoi = false;
    }

    /// Height and width in samples: of the frame header or, where that says 0, of the DNL segment.
    pub(super) fn size(&self) -> Option<(u16, u16)> {
        let frame = self.segments.iter().find(|s| markers::is_frame(s.marker))?;
        let lines = self.segments.iter().find(|s| s.marker == markers::DNL);
        let height = Order::Big.u16(frame.payload.get(1..)?)?;
        let width = Order::Big.u16(frame.payload.get(3..)?)?;
        if height == 0 {
            return Some((Order::Big.u16(&lines?.payload)?, width));
        }
        Some((height, width))
    }
}

pub(super) fn malformed(at: u64, what: &'static str) -> Error {
    Error::malformed("JPEG", at, what)
}

/// Maximum number of segments. Photos have some dozens, and a file of comments of one byte must not fill
/// the memory.
const MOST_SEGMENTS: usize = 1 << 16;
/// Maximum length of all tables and headers together, in bytes.
const MOST_TABLES: usize = 4 << 20;

/// Reads the image that starts at `start`. Where something follows a scan that is no segment of a
/// picture, or nothing at all, the image is left open: its coded data has to be walked for its end.
///
/// # Errors
/// [`Error::Malformed`] when there is no scan that could be shown.
pub(super) fn image<'a>(source: &Source<'a>, start: u64, cx: &Context<'_>) -> Result<Image<'a>> {
    if *source.peek(start, 2)? != [0xFF, SOI] {
        return Err(malformed(start, "no start of image"));
    }
    let soi = Span::new(start, start.saturating_add(2));
    let mut image = Image {
        source: *source,
        segments: vec![Segment {
            marker: SOI,
            lead: Span::new(start, start),
            span: soi,
            coded: Span::new(soi.end(), soi.end()),
            restarts: 0,
            payload: Cow::Borrowed(&[]),
        }],
        span: soi,
        has_eoi: false,
    };
    let mut at = soi.end();
    let mut seen_scan = false;
    let mut tables = 0usize;
    loop {
        cx.item()?;
        if image.segments.len() > MOST_SEGMENTS || tables > MOST_TABLES {
            return Err(Error::LimitExceeded { limit: "items" });
        }
        let segment = match next_segment(source, at, seen_scan) {
            Ok(segment) => segment,
            Err(Error::Malformed { .. }) if seen_scan => {
                image.end_with_last_scan();
                return Ok(image);
            }
            Err(error) => return Err(error),
        };
        at = segment.coded.end();
        tables = tables.saturating_add(segment.payload.len());
        seen_scan |= segment.marker == SOS;
        let is_end = segment.marker == EOI;
        if is_end && !seen_scan {
            return Err(malformed(segment.span.start(), "there is no picture in it"));
        }
        image.segments.push(segment);
        if is_end {
            image.span = Span::new(start, at);
            image.has_eoi = true;
            return Ok(image);
        }
    }
}

/// Decoders skip garbage without limit; more of it than this before the picture is no small damage.
const LONGEST_GARBAGE: u64 = 64 << 10;

/// The next segment from `at` on.
///
/// # Errors
/// [`Error::Malformed`] for what cannot follow here: decoders stop, or disagree about how to go on.
fn next_segment<'a>(source: &Source<'a>, from: u64, seen_scan: bool) -> Result<Segment<'a>> {
    let Some((marker, at)) = next_marker(source, from)? else {
        let what = "the file stops before the picture is complete";
        return Err(malformed(from, what));
    };
    let lead = Span::new(from, at);
    if !seen_scan && lead.len() > LONGEST_GARBAGE {
        return Err(malformed(from, "garbage between the segments"));
    }
    let is_start = markers::is_frame(marker) || matches!(marker, DHP | EXP | JPEG_LS);
    if seen_scan && (markers::is_reserved(marker) || is_start) {
        return Err(malformed(at, "the coded picture is damaged"));
    }
    let head = at.saturating_add(2);
    if markers::stands_alone(marker) {
        if marker == SOI {
            return Err(malformed(at, "a second picture starts inside the picture"));
        }
        return Ok(Segment {
            marker,
            lead,
            span: Span::new(at, head),
            coded: Span::new(head, head),
            restarts: 0,
            payload: Cow::Borrowed(&[]),
        });
    }
    if matches!(marker, DHP | EXP) {
        return Err(Error::unsupported(
            "a hierarchical JPEG; no usual program shows such a picture",
        ));
    }
    if marker == JPEG_LS {
        return Err(Error::unsupported(
            "JPEG-LS is another format and is not supported",
        ));
    }
    let len = source.peek(head, 2)?;
    let len = match *len {
        [a, b] => u64::from(u16::from_be_bytes([a, b])),
        _ => return Err(malformed(at, "a segment is cut off")),
    };
    let end = head.saturating_add(len);
    if len < 2 || end > source.len() {
        return Err(malformed(at, "a segment is longer than the file"));
    }
    let payload = if markers::is_application(marker) {
        Cow::Borrowed(&[][..])
    } else {
        source.read(Span::new(head.saturating_add(2), end))?
    };
    if !markers::is_exact(marker, &payload) {
        return Err(malformed(at, "a table of the picture is damaged"));
    }
    let (coded_end, restarts) = if marker == SOS {
        end_of_coded(source, end)?
    } else {
        (end, 0)
    };
    Ok(Segment {
        marker,
        lead,
        span: Span::new(at, end),
        coded: Span::new(end, coded_end),
        restarts,
        payload,
    })
}

/// The next marker from `from` on, and where its `FF` stands. Skips what libjpeg skips: bytes other than
/// `FF`, stuffed zeros and fill bytes.
fn next_marker(source: &Source<'_>, from: u64) -> Result<Option<(u8, u64)>> {
    let mut at = from;
    while let Some(ff) = find_ff(source, at)? {
        match source.peek(ff.saturating_add(1), 1)?.first() {
            None => return Ok(None),
            Some(0xFF) => at = ff.saturating_add(1),
            Some(0x00) => at = ff.saturating_add(2),
            Some(marker) => return Ok(Some((*marker, ff))),
        }
    }
    Ok(None)
}

/// Where coded data ends (before the first `FF xx` that is neither a stuffed zero nor a restart, its fill
/// bytes included), and how many restarts there are in it.
fn end_of_coded(source: &Source<'_>, from: u64) -> Result<(u64, u64)> {
    let mut at = from;
    let mut restarts = 0u64;
    while at < source.len() {
        let window = source.window(at)?;
        match end_in(&window, &mut restarts) {
            In::Marker(offset) => return Ok((at.saturating_add(offset), restarts)),
            In::Undecided(offset) if offset > 0 => at = at.saturating_add(offset),
            // A window of nothing but fill bytes.
            In::Undecided(_) => {
                let len = crate::model::len_u64(window.len());
                if at.saturating_add(len) >= source.len() {
                    return Ok((source.len(), restarts));
                }
                return Err(malformed(at, "nothing but fill bytes in the coded data"));
            }
        }
    }
    Ok((source.len(), restarts))
}

/// What a window of coded data says about its end.
enum In {
    /// A marker, with its fill bytes, stands here.
    Marker(u64),
    /// No marker before here; from here on more bytes are needed.
    Undecided(u64),
}

fn end_in(window: &[u8], restarts: &mut u64) -> In {
    let offset = |n: usize| crate::model::len_u64(n);
    let mut at = 0usize;
    while let Some(found) = window
        .get(at..)
        .and_then(|rest| memchr::memchr(0xFF, rest))
        .map(|n| at.saturating_add(n))
    {
        let mut code = found.saturating_add(1);
        while window.get(code) == Some(&0xFF) {
            code = code.saturating_add(1);
        }
        match window.get(code) {
            None => return In::Undecided(offset(found)),
            Some(0x00) => at = code.saturating_add(1),
            Some(markers::RST0..=markers::RST7) => {
                *restarts = restarts.saturating_add(1);
                at = code.saturating_add(1);
            }
            Some(_) => return In::Marker(offset(found)),
        }
    }
    In::Undecided(offset(window.len()))
}

fn find_ff(source: &Source<'_>, from: u64) -> Result<Option<u64>> {
    let mut at = from;
    while at < source.len() {
        let window = source.window(at)?;
        if let Some(n) = memchr::memchr(0xFF, &window) {
            return Ok(Some(at.saturating_add(crate::model::len_u64(n))));
        }
        at = at.saturating_add(crate::model::len_u64(window.len()));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    fn markers_of(bytes: &[u8]) -> Result<Vec<u8>> {
        with_context(|cx| {
            Ok(image(&Source::memory(bytes), 0, cx)?
                .segments
                .iter()
                .map(|s| s.marker)
                .collect())
        })
    }

    const SCAN: &[u8] = &[0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0];

    #[test]
    fn coded_data_ends_before_the_marker() {
        let mut bytes = vec![0xFF, 0xD8];
        bytes.extend(SCAN);
        bytes.extend([
            1, 0xFF, 0x00, 2, 0xFF, 0xD3, 3, 0xFF, 0xFF, 0x00, 4, 0xFF, 0xFF, 0xFE,
        ]);
        bytes.extend([0, 4, b'h', b'i']);
        bytes.extend(SCAN);
        bytes.extend([5, 0xFF, 0xD9, 9]);
        with_context(|cx| {
            let image = image(&Source::memory(&bytes), 0, cx).unwrap();
            let markers: Vec<u8> = image.segments.iter().map(|s| s.marker).collect();
            assert_eq!(markers, [SOI, SOS, markers::COM, SOS, EOI]);
            assert_eq!(image.segments[1].coded.len(), 11);
            assert_eq!(image.segments[2].lead.len(), 1, "a fill byte");
            assert_eq!(image.span.end(), len(&bytes) - 1);
            assert!(image.has_eoi);
        });
    }

    fn len(bytes: &[u8]) -> u64 {
        crate::model::len_u64(bytes.len())
    }

    #[test]
    fn what_cannot_follow_a_scan_leaves_the_image_open() {
        for marker in [markers::TEM, 0x02, 0xBF, 0xF0, SOI, 0xC0, markers::DHP] {
            let mut bytes = vec![0xFF, 0xD8];
            bytes.extend(SCAN);
            bytes.extend([1, 0xFF, marker, 0, 4, 3, 0xFF, 0xD9]);
            with_context(|cx| {
                let image = image(&Source::memory(&bytes), 0, cx).unwrap();
                assert!(!image.has_eoi, "{marker:X}");
                assert_eq!(image.span.end(), 2 + len(SCAN) + 1);
            });
        }
    }

    #[test]
    fn without_a_scan_there_is_no_image() {
        assert!(markers_of(&[0xFF, 0xD8, 0xFF, 0xD9]).is_err(), "no picture");
        assert!(
            markers_of(&[0xFF, 0xD8, 0xFF, 0xE1, 0, 9, 1]).is_err(),
            "cut off"
        );
        assert!(
            markers_of(&[0xFF, 0xD8, 0xFF, 0xE1, 0, 1, 1]).is_err(),
            "length of 1"
        );
        assert!(
            markers_of(&[0xFF, 0xD8, 0xFF, 0xDE, 0, 8, 8, 0, 8, 0, 8, 0]).is_err(),
            "hierarchical"
        );
    }

    #[test]
    fn a_million_segments_are_too_many() {
        let mut bytes = vec![0xFF, 0xD8];
        for _ in 0..MOST_SEGMENTS + 1 {
            bytes.extend([0xFF, 0xFE, 0, 3, b'x']);
        }
        bytes.extend(SCAN);
        bytes.extend([1, 0xFF, 0xD9]);
        assert!(matches!(
            markers_of(&bytes),
            Err(Error::LimitExceeded { .. })
        ));
    }

    #[test]
    fn windows_do_not_hide_markers() {
        struct File(Vec<u8>);
        impl crate::bytes::ReadAt for File {
            fn len(&self) -> u64 {
                len(&self.0)
            }
            fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> std::io::Result<()> {
                let start = offset as usize;
                buf.copy_from_slice(&self.0[start..start + buf.len()]);
                Ok(())
            }
        }
        // The marker's two bytes, and a stuffed pair, on both sides of the window's edge.
        for pad in (256 << 10) - 20..(256 << 10) + 4 {
            let mut bytes = vec![0xFF, 0xD8];
            bytes.extend(SCAN);
            bytes.extend(vec![7; pad]);
            bytes.extend([0xFF, 0x00, 0xFF, 0xFF, 0xD9]);
            let file = File(bytes);
            with_context(|cx| {
                let image = image(&Source::random(&file), 0, cx).unwrap();
                assert_eq!(image.segments[1].coded.len(), pad as u64 + 2);
                assert_eq!(image.span.end(), len(&file.0));
            });
        }
    }
}
