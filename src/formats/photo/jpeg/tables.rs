//! Quantization and Huffman tables that no scan uses. Decoders read over them, so anything may be hidden
//! in them: they go.

use std::collections::{BTreeMap, BTreeSet};

use super::markers::{self, DHT, DQT, SOS};
use super::parse::Image;

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

/// Whether a scan names a Huffman table that stands nowhere. Frames of Motion JPEG films do: decoders use
/// the tables of T.81 annex K, some of them only where an `AVI1` segment tells them to.
pub(super) fn lacks_huffman(image: &Image<'_>) -> bool {
    let mut defined = BTreeSet::new();
    image.segments.iter().any(|segment| {
        if segment.marker == DHT {
            let starts = tables(DHT, &segment.payload)
                .into_iter()
                .map(|(start, _)| start);
            defined.extend(starts.filter_map(|start| segment.payload.get(start).copied()));
        }
        segment.marker == SOS && selected(&segment.payload).any(|name| !defined.contains(&name))
    })
}

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
    fn missing_tables_are_noticed() {
        let table = |name: u8| [&[0xFF, DHT, 0, 20, name, 1][..], &[0; 15], &[0]].concat();
        let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0x01, 0, 63, 0, 5, 0xFF, 0xD9];
        with_context(|cx| {
            for (names, lacks) in [
                (&[0x00, 0x11][..], false),
                (&[0x00, 0x10], true),
                (&[], true),
            ] {
                let tables: Vec<u8> = names.iter().flat_map(|name| table(*name)).collect();
                let jpeg = [&[0xFF, 0xD8][..], &tables, &scan].concat();
                let image = super::super::parse::image(&Source::memory(&jpeg), 0, cx).unwrap();
                assert_eq!(lacks_huffman(&image), lacks, "{names:?}");
            }
        });
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
