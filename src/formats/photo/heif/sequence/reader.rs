//! Reads the tables of a track.

use super::super::codec::Told;
use super::super::write::{boxed, full};
use super::entry::Entry;
use super::tables::{self, Sample};
use super::track::Parts;
use super::{bad, compare, required};
use crate::bytes::{Context, Source};
use crate::containers::isobmff::{BoxHeader, Boxes, FourCc, full_box};
use crate::model::{Error, Found, Result, Span, len_u64};

/// Larger tables are those of films of years.
const LARGEST_TABLE: u64 = 64 << 20;

pub(super) struct Reader<'a, 's, 'c> {
    pub(super) source: &'a Source<'s>,
    pub(super) cx: &'a Context<'c>,
    pub(super) trak: &'a BoxHeader,
}

impl Reader<'_, '_, '_> {
    pub(super) fn table(&self, header: &BoxHeader) -> Result<Vec<u8>> {
        if header.body.len() > LARGEST_TABLE {
            return Err(Error::LimitExceeded { limit: "table" });
        }
        Ok(header.read(self.source, self.cx)?.into_owned())
    }

    pub(super) fn entries(
        &self,
        parts: &Parts,
        told: &mut Told,
        found: &mut Found,
        others: &mut Vec<BoxHeader>,
    ) -> Result<Vec<Entry>> {
        let stsd = required(parts.stsd, self.trak, "a track without stsd")?;
        let start = stsd.body.start().saturating_add(8).min(stsd.body.end());
        let mut boxes = Boxes::new(self.source, Span::new(start, stsd.body.end()));
        let mut entries = Vec::new();
        while let Some(header) = boxes.next(self.cx)? {
            entries.push(Entry::parse(
                self.source,
                &header,
                self.cx,
                told,
                found,
                others,
            )?);
        }
        if entries.is_empty() {
            return Err(bad(&stsd, "a track without a sample entry"));
        }
        Ok(entries)
    }

    /// That no entry is about samples in another file.
    pub(super) fn same_file(&self, parts: &Parts, entries: &[Entry]) -> Result<()> {
        let dref = required(parts.dref, self.trak, "a track without dref")?;
        let start = dref.body.start().saturating_add(8).min(dref.body.end());
        let mut boxes = Boxes::new(self.source, Span::new(start, dref.body.end()));
        let mut same = Vec::new();
        while let Some(header) = boxes.next(self.cx)? {
            let head = header.peek(self.source, 4)?;
            same.push(full_box(&head).is_some_and(|it| it.1 & 1 == 1));
        }
        let is_same = |entry: &Entry| {
            let index = usize::from(entry.data_reference).checked_sub(1);
            index.and_then(|index| same.get(index)) == Some(&true)
        };
        if entries.iter().all(is_same) {
            Ok(())
        } else {
            Err(Error::unsupported(
                "a part of the picture stands in another file",
            ))
        }
    }

    pub(super) fn samples(
        &self,
        parts: &Parts,
        entries: &[Entry],
        found: &mut Found,
    ) -> Result<(Vec<Sample>, Vec<u32>)> {
        let short = || bad(self.trak, "tables of samples that do not fit together");
        let mut table = |slot: Option<BoxHeader>, row: u64| -> Result<Vec<u8>> {
            let header = slot.ok_or_else(short)?;
            let body = self.table(&header)?;
            if tables::used(&body, row) < len_u64(body.len()) {
                compare(&header, &body, &[], false, found);
            }
            Ok(body)
        };
        let runs = tables::runs(&table(parts.stsc, 12)?).ok_or_else(short)?;
        let wide = parts.chunks.is_some_and(|header| header.is(b"co64"));
        let chunks = tables::chunks(&table(parts.chunks, if wide { 8 } else { 4 })?, wide)
            .ok_or_else(short)?;
        let sizes = tables::Sizes::parse(&table(parts.stsz, 0)?).ok_or_else(short)?;
        self.cx.memory(len_u64(chunks.len()).saturating_mul(8))?;
        let (samples, counts) =
            tables::samples(&runs, &chunks, &sizes, self.cx)?.ok_or_else(short)?;
        let all = len_u64(entries.len());
        let fits = |(span, entry): &Sample| {
            (1..=all).contains(&u64::from(*entry)) && self.source.whole().contains(*span)
        };
        if !samples.iter().all(fits) {
            return Err(short());
        }
        Ok((samples, counts))
    }

    pub(super) fn references(&self, header: &BoxHeader) -> Result<Vec<(FourCc, Vec<u32>)>> {
        let mut boxes = Boxes::new(self.source, header.body);
        let mut all = Vec::new();
        while let Some(child) = boxes.next(self.cx)? {
            let body = self.table(&child)?;
            let ids = body
                .as_chunks::<4>()
                .0
                .iter()
                .map(|id| u32::from_be_bytes(*id));
            all.push((child.kind, ids.collect()));
        }
        Ok(all)
    }

    /// `edts` made anew; nothing when there is none.
    pub(super) fn edits(&self, parts: &Parts, found: &mut Found) -> Result<Vec<u8>> {
        let Some(header) = parts.elst else {
            return Ok(Vec::new());
        };
        let body = self.table(&header)?;
        let row = match body.first() {
            Some(1) => 20,
            _ => 12,
        };
        let (version, flags, rows) =
            tables::counted(&body, row).ok_or_else(|| bad(&header, "elst is too short"))?;
        let elst = full(b"elst", version, flags & 1, rows)?;
        compare(&header, &body, &elst, false, found);
        boxed(b"edts", &elst)
    }

    /// `stts`, `ctts` and `stss` made anew, for so many samples.
    pub(super) fn times(&self, parts: &Parts, samples: u32, found: &mut Found) -> Result<Vec<u8>> {
        let stts = required(parts.stts, self.trak, "a track without stts")?;
        let mut out = Vec::new();
        for (header, row) in [(Some(stts), 8), (parts.ctts, 8), (parts.stss, 4)] {
            let Some(header) = header else { continue };
            let body = self.table(&header)?;
            let (version, _, rows) = tables::counted(&body, row)
                .filter(|it| it.0 <= 1)
                .ok_or_else(|| bad(&header, "a table of times is too short"))?;
            let rows = match &header.kind.0 {
                b"stss" => tables::sync(rows, samples),
                _ => tables::times(rows, samples),
            };
            let new = full(&header.kind.0, version, 0, &rows)?;
            compare(&header, &body, &new, false, found);
            out.extend(new);
        }
        Ok(out)
    }
}
