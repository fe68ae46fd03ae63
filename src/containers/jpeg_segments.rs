//! The segments of a JPEG stream (ITU-T T.81 annex B) inside another file: where they stand, not what
//! they mean.

use std::collections::BTreeSet;

use crate::bytes::{Order, Source};
use crate::model::{Error, Result, Span, len_u64};

/// Start of image.
pub const SOI: u8 = 0xD8;
/// End of image.
pub const EOI: u8 = 0xD9;
/// Start of scan.
pub const SOS: u8 = 0xDA;
/// Huffman tables.
pub const DHT: u8 = 0xC4;
/// Quantization tables.
pub const DQT: u8 = 0xDB;
/// Comment.
pub const COM: u8 = 0xFE;
const JPEG_LS: u8 = 0xF7;

/// A marker, and what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Second byte of the marker; `0xFF` for a fill byte.
    pub marker: u8,
    /// The marker, its length and its payload.
    pub span: Span,
    /// Coded data behind a scan header; empty for all others.
    pub coded: Span,
}

impl Segment {
    /// Whether it is application data or a comment.
    #[must_use]
    pub fn is_metadata(&self) -> bool {
        matches!(self.marker, 0xE0..=0xEF | COM)
    }

    /// What stands behind the length.
    #[must_use]
    pub fn payload(&self) -> Span {
        Span::new(self.span.start().saturating_add(4), self.span.end())
    }
}

/// All segments of the stream in `span`, from SOI to EOI or to its end. `name` is the format's, for
/// errors.
///
/// # Errors
/// [`Error::Malformed`] when a decoder would stop, too; reading.
pub fn segments(source: &Source<'_>, span: Span, name: &'static str) -> Result<Vec<Segment>> {
    let bad = |at, what: &'static str| Error::malformed(name, at, what);
    let end = span.end();
    if *source.peek(span.start(), 2)? != [0xFF, SOI] || span.len() < 4 {
        return Err(bad(span.start(), "a coded picture is no JPEG"));
    }
    let mut at = span.start().saturating_add(2);
    let mut all = vec![Segment {
        marker: SOI,
        span: Span::new(span.start(), at),
        coded: Span::new(at, at),
    }];
    while at < end {
        let head = source.read(Span::new(at, at.saturating_add(2).min(end)))?;
        let [0xFF, marker] = *head else {
            if head.len() < 2 {
                break;
            }
            return Err(bad(at, "garbage between the segments of a JPEG"));
        };
        let (start, after) = (at, at.saturating_add(2));
        let mut push = |stop: u64, coded: u64| {
            all.push(Segment {
                marker,
                span: Span::new(start, stop),
                coded: Span::new(stop, coded),
            });
        };
        match marker {
            0xFF => {
                at = at.saturating_add(1);
                push(at, at);
                continue;
            }
            EOI => {
                push(after, after);
                break;
            }
            SOI | JPEG_LS | 0x00..=0xBF | 0xF0..=0xF6 | 0xF8..=0xFD => {
                return Err(bad(at, "a marker of a JPEG that is not understood"));
            }
            0xD0..=0xD7 => {
                push(after, after);
                at = after;
                continue;
            }
            _ => {}
        }
        let len = source.read(Span::new(after, after.saturating_add(2).min(end)))?;
        let len = Order::Big.u16(&len).unwrap_or(0);
        let stop = after.saturating_add(u64::from(len));
        if len < 2 || stop > end {
            return Err(bad(at, "a segment of a JPEG is cut off"));
        }
        let coded = if marker == SOS {
            end_of_coded(source, stop, end)?
        } else {
            stop
        };
        push(stop, coded);
        at = coded;
    }
    Ok(all)
}

/// Where coded data ends: before the first marker that is no restart.
///
/// # Errors
/// Reading.
pub fn end_of_coded(source: &Source<'_>, from: u64, end: u64) -> Result<u64> {
    let mut at = from;
    while at < end {
        let window = source.window(at)?;
        let left = usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX);
        let window = window.get(..left.min(window.len())).unwrap_or_default();
        let mut seen = 0_usize;
        loop {
            let rest = window.get(seen..).unwrap_or_default();
            let Some(found) = memchr::memchr(0xFF, rest) else {
                at = at.saturating_add(len_u64(window.len()));
                break;
            };
            let ff = seen.saturating_add(found);
            match window.get(ff.saturating_add(1)) {
                Some(0x00 | 0xD0..=0xD7) => seen = ff.saturating_add(2),
                Some(_) => return Ok(at.saturating_add(len_u64(ff))),
                // The marker's second byte stands in the next window, or nowhere.
                None if ff == 0 => return Ok(end),
                None => {
                    at = at.saturating_add(len_u64(ff));
                    break;
                }
            }
        }
    }
    Ok(end)
}

/// Whether the tables of a DQT or DHT payload fill it.
#[must_use]
pub fn tables_are_exact(marker: u8, payload: &[u8]) -> bool {
    let len: usize = tables(marker, payload).map(<[u8]>::len).sum();
    len == payload.len()
}

/// Whether a Huffman table among those of a payload has a symbol twice: the second code is never used,
/// so a text could stand in such symbols.
#[must_use]
pub fn repeats_a_symbol(marker: u8, payload: &[u8]) -> bool {
    let mut tables = tables(marker, payload);
    marker == DHT
        && tables.any(|table| {
            let symbols = table.get(17..).unwrap_or_default();
            symbols.iter().collect::<BTreeSet<_>>().len() < symbols.len()
        })
}

fn tables(marker: u8, payload: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = payload;
    std::iter::from_fn(move || {
        let (table, more) = rest.split_at_checked(table_len(marker, rest)?)?;
        rest = more;
        Some(table)
    })
}

/// Length of the first table of a DQT or DHT payload, head byte included.
#[must_use]
pub fn table_len(marker: u8, payload: &[u8]) -> Option<usize> {
    let (head, rest) = payload.split_first()?;
    if marker == DQT {
        return Some(if head >> 4 == 0 { 65 } else { 129 });
    }
    let symbols: usize = rest.get(..16)?.iter().map(|n| usize::from(*n)).sum();
    (symbols <= 256).then(|| symbols.saturating_add(17))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_stand_behind_each_other() {
        let jpeg = b"\xFF\xD8\xFF\xFF\xE1\0\x04ab\xFF\xDA\0\x02\x01\xFF\0\xFF\xD0\x02\xFF\xD9tail";
        let source = Source::memory(jpeg);
        let all = segments(&source, source.whole(), "t").unwrap();
        let markers: Vec<u8> = all.iter().map(|segment| segment.marker).collect();
        assert_eq!(markers, [SOI, 0xFF, 0xE1, SOS, EOI]);
        let mut at = 0;
        for segment in &all {
            assert_eq!(segment.span.start(), at);
            at = segment.coded.end();
        }
        assert_eq!(at, len_u64(jpeg.len()) - 4);
        assert!(all[2].is_metadata());
        for bad in [
            &b"\xFF\xD8"[..],
            b"\xFF\xD8\xFF\xE1\0\x09a",
            b"\xFF\xD8ab",
            b"abcd",
        ] {
            let source = Source::memory(bad);
            assert!(segments(&source, source.whole(), "t").is_err());
        }
    }

    #[test]
    fn leftovers_in_tables_are_noticed() {
        let mut dqt = vec![0; 65];
        assert!(tables_are_exact(DQT, &dqt));
        dqt.push(0x10);
        assert!(!tables_are_exact(DQT, &dqt));
        let mut dht = vec![0; 17];
        dht[1] = 2;
        dht.extend([1, 2]);
        assert!(tables_are_exact(DHT, &dht));
        dht.extend(b"hidden");
        assert!(!tables_are_exact(DHT, &dht));
        let mut twice = vec![0; 17];
        twice[16] = 6;
        twice.extend(b"hidden");
        assert!(tables_are_exact(DHT, &twice));
        assert!(repeats_a_symbol(DHT, &twice), "d stands in it twice");
        assert!(!repeats_a_symbol(DHT, &dht[..19]));
    }
}
