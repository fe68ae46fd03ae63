//! From SOI to the one true EOI: segments and coded data, through every scan.

use std::borrow::Cow;

use super::markers::{self, EOI, JPEG_LS, SOI, SOS};
use crate::bytes::{Context, Source};
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
    /// What stands behind the length field.
    pub(super) payload: Cow<'a, [u8]>,
}

/// One image, `FF D8` to `FF D9`.
#[derive(Debug)]
pub(super) struct Image<'a> {
    pub(super) segments: Vec<Segment<'a>>,
    /// First and behind last byte.
    pub(super) span: Span,
    /// Whether it ends in EOI, or the file just stops.
    pub(super) has_eoi: bool,
}

impl Image<'_> {
    /// Index of the first scan: what stands behind it does not change how the image is read.
    pub(super) fn first_scan(&self) -> usize {
        self.segments
            .iter()
            .position(|segment| segment.marker == SOS)
            .unwrap_or(self.segments.len())
    }
}

pub(super) fn malformed(at: u64, what: &'static str) -> Error {
    Error::malformed("JPEG", at, what)
}

/// Reads the image that starts at `start`.
///
/// # Errors
/// [`Error::Malformed`] when a decoder would stop, too, or when the end cannot be found safely.
pub(super) fn image<'a>(source: &Source<'a>, start: u64, cx: &Context<'_>) -> Result<Image<'a>> {
    if *source.peek(start, 2)? != [0xFF, SOI] {
        return Err(malformed(start, "no start of image"));
    }
    let soi = Span::new(start, start.saturating_add(2));
    let mut segments = vec![Segment {
        marker: SOI,
        lead: Span::new(start, start),
        span: soi,
        coded: Span::new(soi.end(), soi.end()),
        payload: Cow::Borrowed(&[]),
    }];
    let mut at = soi.end();
    let mut seen_scan = false;
    loop {
        cx.item()?;
        let Some((marker, marker_at)) = next_marker(source, at)? else {
            if seen_scan && at == source.len() {
                return Ok(Image {
                    segments,
                    span: Span::new(start, at),
                    has_eoi: false,
                });
            }
            return Err(malformed(
                at,
                "the file stops before the picture is complete",
            ));
        };
        if !seen_scan && marker_at.saturating_sub(at) > LONGEST_GARBAGE {
            return Err(malformed(at, "garbage between the segments"));
        }
        // Decoders disagree about what follows: some stop here, some go on.
        if segments.last().is_some_and(|last| last.marker == SOS) && markers::is_reserved(marker) {
            return Err(malformed(marker_at, "the coded picture is damaged"));
        }
        let lead = Span::new(at, marker_at);
        let segment = segment(source, marker, lead)?;
        at = segment.coded.end();
        seen_scan |= marker == SOS;
        segments.push(segment);
        if marker == EOI {
            if !seen_scan {
                return Err(malformed(marker_at, "there is no picture in it"));
            }
            return Ok(Image {
                segments,
                span: Span::new(start, at),
                has_eoi: true,
            });
        }
    }
}

/// Decoders skip garbage without limit; more of it than this before the picture is no small damage.
const LONGEST_GARBAGE: u64 = 64 << 10;

fn segment<'a>(source: &Source<'a>, marker: u8, lead: Span) -> Result<Segment<'a>> {
    let at = lead.end();
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
            payload: Cow::Borrowed(&[]),
        });
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
    let payload = source.read(Span::new(head.saturating_add(2), end))?;
    if !markers::is_exact(marker, &payload) {
        return Err(malformed(at, "a table of the picture is damaged"));
    }
    let coded_end = if marker == SOS {
        end_of_coded(source, end)?
    } else {
        end
    };
    Ok(Segment {
        marker,
        lead,
        span: Span::new(at, end),
        coded: Span::new(end, coded_end),
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

/// Where coded data ends: before the first `FF xx` that is neither a stuffed zero nor a restart, its
/// fill bytes included.
fn end_of_coded(source: &Source<'_>, from: u64) -> Result<u64> {
    let mut at = from;
    while at < source.len() {
        let window = source.window(at)?;
        match end_in(&window) {
            In::Marker(offset) => return Ok(at.saturating_add(offset)),
            In::Undecided(offset) if offset > 0 => at = at.saturating_add(offset),
            // A window of nothing but fill bytes.
            In::Undecided(_) => {
                let len = crate::model::len_u64(window.len());
                if at.saturating_add(len) >= source.len() {
                    return Ok(source.len());
                }
                return Err(malformed(at, "nothing but fill bytes in the coded data"));
            }
        }
    }
    Ok(source.len())
}

/// What a window of coded data says about its end.
enum In {
    /// A marker, with its fill bytes, stands here.
    Marker(u64),
    /// No marker before here; from here on more bytes are needed.
    Undecided(u64),
}

fn end_in(window: &[u8]) -> In {
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
            Some(0x00 | markers::RST0..=markers::RST7) => at = code.saturating_add(1),
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
    fn a_marker_that_nobody_defined_in_coded_data_is_refused() {
        for marker in [markers::TEM, 0x02, 0xBF, 0xF0] {
            let mut bytes = vec![0xFF, 0xD8];
            bytes.extend(SCAN);
            bytes.extend([1, 0xFF, marker, 0, 4, 3, 0xFF, 0xD9]);
            assert!(markers_of(&bytes).is_err(), "{marker:X}");
        }
    }

    #[test]
    fn a_second_start_is_refused() {
        let mut bytes = vec![0xFF, 0xD8];
        bytes.extend(SCAN);
        bytes.extend([1, 0xFF, 0xD8, 0xFF, 0xD9]);
        assert!(markers_of(&bytes).is_err());
        assert!(markers_of(&[0xFF, 0xD8, 0xFF, 0xD9]).is_err(), "no picture");
        assert!(
            markers_of(&[0xFF, 0xD8, 0xFF, 0xE1, 0, 9, 1]).is_err(),
            "cut off"
        );
        assert!(
            markers_of(&[0xFF, 0xD8, 0xFF, 0xE1, 0, 1, 1]).is_err(),
            "length of 1"
        );
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
