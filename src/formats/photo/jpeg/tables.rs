//! Quantization and Huffman tables that no scan uses. Decoders read over them, so anything may be hidden
//! in them: they go.

use std::collections::{BTreeMap, BTreeSet};

use super::markers::{self, DHT, DQT, SOF0, SOF1, SOF2, SOS};
use super::parse::{Image, malformed};
use crate::model::Result;

/// A table: its segment, and its place in the payload.
type Place = (usize, usize, usize);

/// The payloads of those DQT and DHT segments that define a table which is never used, without it, by
/// index of the segment. Empty payloads are of segments in which no table is used.
pub(super) fn without_unused(image: &Image<'_>) -> BTreeMap<usize, Vec<u8>> {
    let mut defined: BTreeMap<(u8, u8), Place> = BTreeMap::new();
    let mut all: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
    let mut used: BTreeSet<Place> = BTreeSet::new();
    let quantizers = quantizers(image);
    for (index, segment) in image.segments.iter().enumerate() {
        let payload = &*segment.payload;
        match segment.marker {
            marker @ (DQT | DHT) => {
                for (start, end) in tables(marker, payload) {
                    let Some(head) = payload.get(start) else {
                        continue;
                    };
                    // The precision of a quantization table is not part of its name.
                    let name = if marker == DQT { head & 15 } else { *head };
                    let place = (index, start, end);
                    defined.insert((marker, name), place);
                    all.entry(index).or_default().push(place);
                }
            }
            SOS => {
                let selected = selected(payload).map(|name| (DHT, name));
                let names = selected.chain(quantizers.iter().map(|name| (DQT, *name)));
                used.extend(names.filter_map(|name| defined.get(&name)));
            }
            _ => {}
        }
    }
    all.retain(|_, places| places.iter().any(|place| !used.contains(place)));
    all.into_iter()
        .map(|(index, places)| {
            let payload = image
                .segments
                .get(index)
                .map(|s| &*s.payload)
                .unwrap_or_default();
            let kept = places.iter().filter(|place| used.contains(place));
            let bytes = kept.filter_map(|(_, start, end)| payload.get(*start..*end));
            (index, bytes.collect::<Vec<_>>().concat())
        })
        .collect()
}

/// The DHT payload of those standard tables (T.81 annex K.3) that scans name and nobody defines; empty
/// where nothing is missing. Frames of Motion JPEG films come without tables, and decoders use these.
///
/// # Errors
/// [`Error::Malformed`] when a table is missing that has no standard.
pub(super) fn missing(image: &Image<'_>) -> Result<Vec<u8>> {
    let frame = image.segments.iter().find(|s| markers::is_frame(s.marker));
    let Some(progressive) = frame.and_then(|frame| match frame.marker {
        SOF0 | SOF1 => Some(false),
        SOF2 => Some(true),
        _ => None,
    }) else {
        return Ok(Vec::new());
    };
    let mut defined = BTreeSet::new();
    let mut missing = BTreeSet::new();
    for segment in &image.segments {
        let payload = &*segment.payload;
        if segment.marker == DHT {
            let starts = tables(DHT, payload).into_iter().map(|(start, _)| start);
            defined.extend(starts.filter_map(|start| payload.get(start).copied()));
        }
        if segment.marker != SOS {
            continue;
        }
        let [first, _, approximation] = payload.last_chunk().copied().unwrap_or_default();
        for name in selected(payload) {
            let is_ac = name & 0x10 != 0;
            let reads = !progressive
                || if is_ac {
                    first != 0
                } else {
                    first == 0 && approximation >> 4 == 0
                };
            if reads && !defined.contains(&name) {
                if !STANDARD.iter().any(|(standard, ..)| *standard == name) {
                    let at = segment.span.start();
                    return Err(malformed(at, "a table of the picture is missing"));
                }
                missing.insert(name);
            }
        }
    }
    let payloads = STANDARD.iter().filter(|(name, ..)| missing.contains(name));
    Ok(payloads
        .flat_map(|(name, counts, symbols)| [&[*name], &counts[..], symbols].concat())
        .collect())
}

/// Class and number, codes of each length, symbols.
type Standard = (u8, [u8; 16], &'static [u8]);

/// Tables K.3 to K.6.
pub(super) static STANDARD: [Standard; 4] = [
    (0x00, [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], DC),
    (0x01, [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], DC),
    (
        0x10,
        [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D],
        LUMINANCE,
    ),
    (
        0x11,
        [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
        CHROMINANCE,
    ),
];
const DC: &[u8] = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
#[rustfmt::skip]
const LUMINANCE: &[u8] = &[
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
    0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0,
    0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28,
    0x29, 0x2A, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49,
    0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
    0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
    0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7,
    0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5,
    0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2,
    0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8,
    0xF9, 0xFA,
];
#[rustfmt::skip]
const CHROMINANCE: &[u8] = &[
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71,
    0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33, 0x52, 0xF0,
    0x15, 0x62, 0x72, 0xD1, 0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17, 0x18, 0x19, 0x1A, 0x26,
    0x27, 0x28, 0x29, 0x2A, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
    0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68,
    0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
    0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3, 0xA4, 0xA5,
    0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3,
    0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA,
    0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8,
    0xF9, 0xFA,
];

/// Where the tables of a payload stand. Its length was checked when it was read.
fn tables(marker: u8, payload: &[u8]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = 0usize;
    while let Some(len) = payload
        .get(at..)
        .and_then(|rest| markers::table_len(marker, rest))
    {
        let end = at.saturating_add(len);
        out.push((at, end));
        at = end;
    }
    out
}

/// The quantization tables that the components of all frames name.
fn quantizers(image: &Image<'_>) -> BTreeSet<u8> {
    let frames = image
        .segments
        .iter()
        .filter(|segment| markers::is_frame(segment.marker));
    frames
        .flat_map(|frame| frame.payload.get(6..).unwrap_or_default().chunks(3))
        .filter_map(|component| component.get(2).copied())
        .collect()
}

/// The Huffman tables that a scan names, class in the high half.
fn selected(scan: &[u8]) -> impl Iterator<Item = u8> {
    let count = usize::from(scan.first().copied().unwrap_or(0));
    scan.get(1..)
        .unwrap_or_default()
        .chunks(2)
        .take(count)
        .filter_map(|component| component.get(1))
        .flat_map(|table| [table >> 4, 0x10 | (table & 15)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Source;
    use crate::bytes::testing::with_context;

    fn dqt(tables: &[(u8, u8)]) -> Vec<u8> {
        let mut out = vec![0xFF, DQT];
        out.extend((2 + tables.len() as u16 * 65).to_be_bytes());
        for (name, fill) in tables {
            out.push(*name);
            out.extend([*fill; 64]);
        }
        out
    }

    #[test]
    fn missing_tables_are_the_standard_ones() {
        let table = |name: u8| [&[0xFF, DHT, 0, 20, name, 1][..], &[0; 15], &[0]].concat();
        let frame = [0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0];
        let scan = |tables: u8| [0xFF, 0xDA, 0, 8, 1, 1, tables, 0, 63, 0, 5, 0xFF, 0xD9];
        let of = |names: &[u8], used: u8| {
            let tables: Vec<u8> = names.iter().flat_map(|name| table(*name)).collect();
            let jpeg = [&[0xFF, 0xD8][..], &frame, &tables, &scan(used)].concat();
            with_context(|cx| {
                let image = super::super::parse::image(&Source::memory(&jpeg), 0, cx).unwrap();
                let payload = missing(&image)?;
                let places = super::tables(DHT, &payload);
                Ok::<_, crate::model::Error>(
                    places
                        .iter()
                        .map(|(start, _)| payload[*start])
                        .collect::<Vec<u8>>(),
                )
            })
        };
        assert_eq!(of(&[0x00, 0x11], 0x01).unwrap(), [0; 0]);
        assert_eq!(of(&[0x00, 0x10], 0x01).unwrap(), [0x11]);
        assert_eq!(of(&[], 0x00).unwrap(), [0x00, 0x10]);
        assert!(of(&[], 0x20).is_err());
    }

    #[test]
    fn tables_that_are_not_used_go() {
        let mut jpeg = vec![0xFF, 0xD8];
        jpeg.extend(dqt(&[(0, 1), (1, 2)])); // 1: table 0 is defined anew before it is used
        jpeg.extend(dqt(&[(0, 3), (2, 4)])); // 2: table 2 is named by nobody
        jpeg.extend([0xFF, 0xC0, 0, 14, 8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 1]);
        jpeg.extend([0xFF, 0xDA, 0, 10, 2, 1, 0, 2, 0, 0, 63, 0, 5]);
        jpeg.extend(dqt(&[(0, 6)])); // 5: behind the last scan
        jpeg.extend([0xFF, 0xD9]);
        with_context(|cx| {
            let image = super::super::parse::image(&Source::memory(&jpeg), 0, cx).unwrap();
            let changed = without_unused(&image);
            assert_eq!(changed.keys().copied().collect::<Vec<_>>(), [1, 2, 5]);
            assert_eq!(changed[&1], [&[1][..], &[2; 64]].concat());
            assert_eq!(changed[&2], [&[0][..], &[3; 64]].concat());
            assert!(changed[&5].is_empty());
        });
    }
}
