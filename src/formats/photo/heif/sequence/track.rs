//! A track of pictures.

use std::collections::BTreeSet;

use super::super::codec::Told;
use super::super::pool::Layout;
use super::super::write::{boxed, full};
use super::entry::Entry;
use super::reader::Reader;
use super::tables::{self, Run, Sample};
use super::{bad, compare, required, set};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::containers::isobmff::{BoxHeader, Boxes, FourCc, full_box};
use crate::model::{Category, Error, Finding, Found, Result, Role, Severity, Span};

/// A track that may stay.
#[derive(Debug)]
pub(in super::super) struct Track {
    pub(in super::super) id: u32,
    /// The whole box.
    pub(super) header: BoxHeader,
    handler: FourCc,
    /// Boxes made anew that do not depend on where the samples stand: `tkhd`, `edts`, `mdhd`, media header,
    /// tables of times.
    track_header: Vec<u8>,
    edits: Vec<u8>,
    media_header: Vec<u8>,
    handler_header: Vec<u8>,
    times: Vec<u8>,
    references: Vec<(FourCc, Vec<u32>)>,
    pub(in super::super) entries: Vec<Entry>,
    pub(in super::super) samples: Vec<Sample>,
    /// Samples of each chunk.
    counts: Vec<u32>,
    /// Boxes that go.
    pub(super) others: Vec<BoxHeader>,
    /// Boxes whose times go.
    pub(super) timed: Vec<BoxHeader>,
}

/// Boxes of a `trak` by name.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) tkhd: Option<BoxHeader>,
    pub(super) elst: Option<BoxHeader>,
    pub(super) tref: Option<BoxHeader>,
    pub(super) mdhd: Option<BoxHeader>,
    pub(super) hdlr: Option<BoxHeader>,
    pub(super) media: Option<BoxHeader>,
    pub(super) dref: Option<BoxHeader>,
    pub(super) stsd: Option<BoxHeader>,
    pub(super) stts: Option<BoxHeader>,
    pub(super) ctts: Option<BoxHeader>,
    pub(super) stss: Option<BoxHeader>,
    pub(super) stsc: Option<BoxHeader>,
    pub(super) stsz: Option<BoxHeader>,
    pub(super) chunks: Option<BoxHeader>,
    pub(super) others: Vec<BoxHeader>,
}

impl Parts {
    fn collect(&mut self, source: &Source<'_>, span: Span, cx: &Context<'_>) -> Result<()> {
        let mut boxes = Boxes::new(source, span);
        while let Some(child) = boxes.next(cx)? {
            let slot = match &child.kind.0 {
                b"edts" | b"mdia" | b"minf" | b"dinf" | b"stbl" => {
                    self.collect(source, child.body, &cx.deeper()?)?;
                    continue;
                }
                b"tkhd" => &mut self.tkhd,
                b"elst" => &mut self.elst,
                b"tref" => &mut self.tref,
                b"mdhd" => &mut self.mdhd,
                b"hdlr" => &mut self.hdlr,
                b"vmhd" | b"nmhd" => &mut self.media,
                b"dref" => &mut self.dref,
                b"stsd" => &mut self.stsd,
                b"stts" => &mut self.stts,
                b"ctts" => &mut self.ctts,
                b"stss" => &mut self.stss,
                b"stsc" => &mut self.stsc,
                b"stsz" => &mut self.stsz,
                b"stco" | b"co64" => &mut self.chunks,
                b"stz2" => {
                    return Err(Error::unsupported(
                        "sequences with short sizes; open it \
                    where it is shown, save it as JPEG, and clean that",
                    ));
                }
                _ => {
                    self.others.push(child);
                    continue;
                }
            };
            set(slot, child)?;
        }
        Ok(())
    }
}

impl Track {
    /// Reads a `trak` box; `None` when no copy contains it.
    pub(super) fn parse(
        source: &Source<'_>,
        trak: &BoxHeader,
        cx: &Context<'_>,
        told: &mut Told,
        found: &mut Found,
    ) -> Result<Option<Self>> {
        let mut parts = Parts::default();
        parts.collect(source, trak.body, cx)?;
        let hdlr = required(parts.hdlr, trak, "a track without a handler")?;
        let body = hdlr.read(source, cx)?;
        let handler = body.get(8..).and_then(FourCc::read);
        let handler = handler.ok_or_else(|| bad(&hdlr, "hdlr is too short"))?;
        let tkhd = required(parts.tkhd, trak, "a track without tkhd")?;
        let tkhd_body = tkhd.read(source, cx)?;
        let (enabled, id, track_header) =
            track_header(&tkhd_body).ok_or_else(|| bad(&tkhd, "tkhd is too short"))?;
        // A picture of the sequence, or its transparency; not what is switched off.
        let reader = Reader { source, cx, trak };
        let references = match parts.tref {
            Some(header) => reader.references(&header)?,
            None => Vec::new(),
        };
        let is_picture = matches!(&handler.0, b"pict" | b"auxv");
        // Some readers do not look at the handler.
        if !is_picture && enabled && references.iter().any(|(kind, _)| kind.0 == *b"auxl") {
            return Err(Error::unsupported(
                "transparency in a track of an unknown kind; open it where it is shown, save it \
                    as JPEG, and clean that",
            ));
        }
        let is_thumbnail = references.iter().any(|(kind, _)| kind.0 == *b"thmb");
        if !is_picture || !enabled || is_thumbnail {
            return Ok(None);
        }
        handler_name(&body, found);
        compare(&tkhd, &tkhd_body, &track_header, true, found);
        let mdhd = required(parts.mdhd, trak, "a track without mdhd")?;
        let media_header =
            media_header(&mdhd.read(source, cx)?).ok_or_else(|| bad(&mdhd, "mdhd is too short"))?;
        let mut others = std::mem::take(&mut parts.others);
        let entries = reader.entries(&parts, told, found, &mut others)?;
        reader.same_file(&parts, &entries)?;
        let (samples, counts) = reader.samples(&parts, &entries, found)?;
        let handler_header = match parts.media.filter(|header| header.is(b"nmhd")) {
            Some(_) => full(b"nmhd", 0, 0, &[])?,
            None => full(b"vmhd", 0, 1, &[0; 8])?,
        };
        Ok(Some(Self {
            id,
            header: *trak,
            handler,
            track_header,
            edits: reader.edits(&parts, found)?,
            media_header,
            handler_header,
            times: reader.times(&parts, count(samples.len())?, found)?,
            references,
            entries,
            samples,
            counts,
            others,
            timed: vec![tkhd, mdhd],
        }))
    }

    pub(super) fn is_auxiliary(&self) -> bool {
        self.handler.0 != *b"pict"
    }

    /// The tracks whose transparency it is.
    pub(super) fn alpha_of(&self) -> impl Iterator<Item = u32> {
        let is_alpha = self.entries.iter().all(|entry| entry.is_alpha);
        let references = self.references.iter();
        references
            .filter(move |(kind, _)| is_alpha && kind.0 == *b"auxl")
            .flat_map(|(_, to)| to.iter().copied())
    }

    /// Leaves out references to tracks that go.
    pub(super) fn refer_only_to(&mut self, ids: &BTreeSet<u32>) {
        for (kind, to) in &mut self.references {
            to.retain(|id| ids.contains(id) && matches!(&kind.0, b"auxl" | b"prem"));
        }
        self.references.retain(|(_, to)| !to.is_empty());
    }

    /// Everything that consists of numbers only.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &[u8]> {
        let entries = self.entries.iter();
        let entries = entries.map(|entry| entry.bytes.get(..86).unwrap_or_default());
        [
            &self.track_header,
            &self.edits,
            &self.media_header,
            &self.times,
        ]
        .into_iter()
        .map(Vec::as_slice)
        .chain(entries)
    }

    /// What decides how it is shown, tables of places and sizes left out.
    pub(in super::super) fn shown(&self) -> impl Iterator<Item = &[u8]> {
        [
            &self.track_header,
            &self.edits,
            &self.media_header,
            &self.times,
        ]
        .into_iter()
        .chain(self.entries.iter().map(|entry| &entry.bytes))
        .map(Vec::as_slice)
    }

    /// The box made anew.
    pub(super) fn write(&self, layout: &Layout, base: u64) -> Result<Vec<u8>> {
        let mut entries = Vec::new();
        Order::Big.put_u32(&mut entries, count(self.entries.len())?);
        for entry in &self.entries {
            entries.extend_from_slice(&entry.bytes);
        }
        let mut table = full(b"stsd", 0, 0, &entries)?;
        table.extend_from_slice(&self.times);
        table.extend(self.places(layout, base)?);
        let mut info = self.handler_header.clone();
        let url = full(b"url ", 0, 1, &[])?;
        let dref = full(b"dref", 0, 0, &[&[0, 0, 0, 1], url.as_slice()].concat())?;
        info.extend(boxed(b"dinf", &dref)?);
        info.extend(boxed(b"stbl", &table)?);
        let mut media = self.media_header.clone();
        let handler = [&[0; 4], self.handler.0.as_slice(), &[0; 13]].concat();
        media.extend(full(b"hdlr", 0, 0, &handler)?);
        media.extend(boxed(b"minf", &info)?);
        let mut body = self.track_header.clone();
        if !self.references.is_empty() {
            let mut references = Vec::new();
            for (kind, to) in &self.references {
                let ids: Vec<u8> = to.iter().flat_map(|id| id.to_be_bytes()).collect();
                references.extend(boxed(&kind.0, &ids)?);
            }
            body.extend(boxed(b"tref", &references)?);
        }
        body.extend_from_slice(&self.edits);
        body.extend(boxed(b"mdia", &media)?);
        boxed(b"trak", &body)
    }

    /// `stsc`, `stsz` and `stco`.
    fn places(&self, layout: &Layout, base: u64) -> Result<Vec<u8>> {
        let mut sizes = Vec::new();
        let mut offsets: Vec<u64> = Vec::new();
        let mut chunks: Vec<(u32, u32)> = Vec::new();
        let mut samples = self.samples.iter();
        for of_chunk in &self.counts {
            let mut first = None;
            let mut entry = 1;
            for (span, of_entry) in (0..*of_chunk).zip(samples.by_ref()).map(|(_, it)| it) {
                let place = layout.run(*span)?;
                let len = u32::try_from(place.len());
                sizes.push(len.map_err(|_| Error::LimitExceeded { limit: "sample" })?);
                if first.is_none() && !span.is_empty() {
                    first = Some(place.start());
                }
                entry = *of_entry;
            }
            // A chunk without samples stands nowhere.
            if *of_chunk > 0 {
                offsets.push(first.unwrap_or(0).saturating_add(base));
                chunks.push((*of_chunk, entry));
            }
        }
        let mut runs = Vec::new();
        let new_runs = tables::new_runs(&chunks);
        Order::Big.put_u32(&mut runs, count(new_runs.len())?);
        for Run {
            first,
            samples,
            entry,
        } in new_runs
        {
            for number in [first, samples, entry] {
                Order::Big.put_u32(&mut runs, number);
            }
        }
        let mut out = full(b"stsc", 0, 0, &runs)?;
        out.extend(full(b"stsz", 0, 0, &size_table(&sizes)?)?);
        let mut table = Vec::new();
        Order::Big.put_u32(&mut table, count(offsets.len())?);
        let wide = offsets.iter().any(|offset| u32::try_from(*offset).is_err());
        for offset in offsets {
            match u32::try_from(offset) {
                Ok(offset) if !wide => Order::Big.put_u32(&mut table, offset),
                _ => Order::Big.put_u64(&mut table, offset),
            }
        }
        out.extend(full(if wide { b"co64" } else { b"stco" }, 0, 0, &table)?);
        Ok(out)
    }
}

fn count(n: usize) -> Result<u32> {
    u32::try_from(n).map_err(|_| Error::LimitExceeded { limit: "table" })
}

/// The body of `stsz` behind version and flags: one size for all where all are the same.
fn size_table(sizes: &[u32]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let first = sizes.first().copied().unwrap_or(0);
    let same = sizes.len() > 1 && sizes.iter().all(|size| *size == first) && first != 0;
    Order::Big.put_u32(&mut out, if same { first } else { 0 });
    Order::Big.put_u32(&mut out, count(sizes.len())?);
    if !same {
        for size in sizes {
            Order::Big.put_u32(&mut out, *size);
        }
    }
    Ok(out)
}

/// Whether it is switched on, its number, and `tkhd` without times (§8.3.2).
fn track_header(body: &[u8]) -> Option<(bool, u32, Vec<u8>)> {
    let (version, flags, rest) = full_box(body).filter(|it| it.0 <= 1)?;
    let mut cursor = Cursor::new(rest);
    let width: usize = if version == 1 { 8 } else { 4 };
    cursor.skip(width.saturating_mul(2))?;
    let mut out = vec![0; width.saturating_mul(2)];
    let id = cursor.u32(Order::Big)?;
    Order::Big.put_u32(&mut out, id);
    cursor.skip(4)?;
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(cursor.take(width)?);
    cursor.skip(8)?;
    out.extend_from_slice(&[0; 8]);
    // Layer, alternate group, volume.
    out.extend_from_slice(cursor.take(6)?);
    cursor.skip(2)?;
    out.extend_from_slice(&[0; 2]);
    // Matrix, width, height.
    out.extend_from_slice(cursor.take(44)?);
    Some((
        flags & 1 == 1,
        id,
        full(b"tkhd", version, flags & 15, &out).ok()?,
    ))
}

/// `mdhd` without times and language (§8.4.2).
fn media_header(body: &[u8]) -> Option<Vec<u8>> {
    let (version, _, rest) = full_box(body).filter(|it| it.0 <= 1)?;
    let mut cursor = Cursor::new(rest);
    let width: usize = if version == 1 { 8 } else { 4 };
    cursor.skip(width.saturating_mul(2))?;
    let mut out = vec![0; width.saturating_mul(2)];
    out.extend_from_slice(cursor.take(width.saturating_add(4))?);
    // No language: `und`.
    out.extend_from_slice(&[0x55, 0xC4, 0, 0]);
    full(b"mdhd", version, 0, &out).ok()
}

/// Tells of the name in a handler.
fn handler_name(body: &[u8], found: &mut Found) {
    let rest = body.get(12..).unwrap_or_default();
    if rest.iter().all(|byte| *byte == 0) {
        return;
    }
    found.secrets.harvest(rest);
    let name = String::from_utf8_lossy(rest.get(12..).unwrap_or_default());
    let finding = Finding::new(
        "mp4.hdlr.name",
        Category::Device,
        Severity::Medium,
        "moov/trak/mdia/hdlr",
        "handler name",
    );
    found.add(finding.text(name.trim_matches('\0')).role(Role::Software));
}
