//! The coded picture and what decides how it is shown, found by following what readers follow.

use std::collections::BTreeSet;

use super::codec::{self, Coding, Told};
use super::data::Data;
use super::parse::{File, Item, Meta};
use super::props::{self, Property};
use super::reach::{self, Auxiliary};
use super::sequence::Movie;
use super::{brands, derived, resolve};
use crate::bytes::{Context, Cursor, Hasher, Order, Source};
use crate::model::{Digest, Found, Policy, Result, len_u64};

/// Properties that say how a picture is coded, put together, turned or coloured.
const SHOWN: &[&[u8; 4]] = &[
    b"hvcC", b"avcC", b"av1C", b"ispe", b"pixi", b"pasp", b"clap", b"irot", b"imir", b"iscl",
    b"rloc", b"colr", b"clli", b"mdcv", b"amve", b"lsel", b"a1op", b"a1lx", b"auxC",
];

/// The digest of a file.
///
/// # Errors
/// As [`super::judge::judge`].
pub(super) fn digest(source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
    let file = File::parse(source, cx)?;
    let mut hasher = Hasher::new();
    if let Some(meta) = &file.meta
        && let Some(primary) = meta.primary
    {
        let mut walk = Walk {
            meta,
            source,
            cx,
            hasher: &mut hasher,
            seen: BTreeSet::new(),
        };
        walk.item(primary)?;
        walk.around()?;
    }
    if let Some(moov) = file.moov.filter(|_| brands::is_sequence(&file.ftyp)) {
        let (told, found) = (&mut Told::default(), &mut Found::default());
        let movie = Movie::parse(source, &moov, cx, told, found)?;
        if !movie.tracks.is_empty() {
            sequence(&movie, source, cx, &mut hasher)?;
        }
    }
    Ok(hasher.finish())
}

/// Times, sizes and coded data of the tracks that are shown.
fn sequence(
    movie: &Movie,
    source: &Source<'_>,
    cx: &Context<'_>,
    hasher: &mut Hasher,
) -> Result<()> {
    hasher.bytes(movie.header());
    for track in &movie.tracks {
        hasher.label("track", track.id.into());
        for part in track.shown() {
            hasher.label("part", len_u64(part.len()));
            hasher.bytes(part);
        }
        for (span, entry) in &track.samples {
            cx.item()?;
            hasher.label("sample", u64::from(*entry));
            let index = usize::try_from(*entry)
                .ok()
                .and_then(|it| it.checked_sub(1));
            let Some(entry) = index.and_then(|index| track.entries.get(index)) else {
                continue;
            };
            let data = Data::new(source, &[*span])?;
            codec::payload(&data, entry.coding, cx, &mut |at, len| {
                hasher.label("unit", len);
                for span in data.slice(at, len) {
                    hasher.span(source, span)?;
                }
                Ok(())
            })?;
        }
    }
    Ok(())
}

struct Walk<'a, 's, 'c> {
    meta: &'a Meta,
    source: &'a Source<'s>,
    cx: &'a Context<'c>,
    hasher: &'a mut Hasher,
    seen: BTreeSet<u32>,
}

impl Walk<'_, '_, '_> {
    /// A picture and what it is made of.
    fn item(&mut self, first: u32) -> Result<()> {
        let meta = self.meta;
        let mut open = vec![first];
        while let Some(id) = open.pop() {
            self.cx.item()?;
            self.hasher.label("item", id.into());
            if !self.seen.insert(id) {
                continue;
            }
            let Some(item) = meta.item(id) else { continue };
            self.hasher.bytes(&item.kind.0);
            self.hasher.label("hidden", item.hidden.into());
            self.one(item)?;
            open.extend(meta.targets(id, b"dimg"));
        }
        Ok(())
    }

    fn one(&mut self, item: &Item) -> Result<()> {
        let mut coding = None;
        for association in &item.properties {
            let Some(header) = self.meta.property(*association) else {
                continue;
            };
            if !SHOWN.contains(&&header.kind.0) {
                continue;
            }
            let body = header.read(self.source, self.cx)?;
            let (told, found) = (&mut Told::default(), &mut Found::default());
            match props::normal_form(header.kind.0, &body, self.cx, told, found)? {
                Property::Kept(body) => {
                    self.hasher.bytes(&header.kind.0);
                    self.hasher.label("property", len_u64(body.len()));
                    self.hasher.bytes(&body);
                }
                Property::Coding(body, how) => {
                    self.hasher.bytes(&header.kind.0);
                    self.hasher.label("property", len_u64(body.len()));
                    self.hasher.bytes(&body);
                    coding = Some(how);
                }
                Property::Told | Property::Unknown => {}
            }
        }
        self.data(item, coding)
    }

    fn data(&mut self, item: &Item, coding: Option<Coding>) -> Result<()> {
        let (_, data) = resolve::data(self.meta, item, self.source, self.cx)?;
        let inputs = self.meta.targets(item.id, b"dimg").count();
        match (&item.kind.0, coding) {
            (b"grid", _) => {
                let grid = derived::Grid::parse(&data.read_all(self.cx)?, inputs);
                self.hasher
                    .bytes(&grid.map(|it| it.bytes).unwrap_or_default());
            }
            (b"iovl", _) => {
                let overlay = derived::overlay(&data.read_all(self.cx)?, inputs);
                self.hasher.bytes(&overlay.unwrap_or_default());
            }
            (b"tmap", _) => {
                let numbers = reach::tone_map(&data.read_all(self.cx)?);
                self.hasher.bytes(&numbers.unwrap_or_default());
            }
            (b"jpeg", _) => {
                let bytes = data.read_all(self.cx)?;
                scans(&bytes, self.hasher);
            }
            (_, Some(coding)) => {
                let (source, hasher) = (self.source, &mut *self.hasher);
                codec::payload(&data, coding, self.cx, &mut |at, len| {
                    hasher.label("unit", len);
                    for span in data.slice(at, len) {
                        hasher.span(source, span)?;
                    }
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What is shown with the picture, or in its place.
    fn around(&mut self) -> Result<()> {
        let meta = self.meta;
        let share = self.cx.policy() == Policy::Share;
        loop {
            let before = self.seen.len();
            for item in meta.items.iter().filter(|item| item.is(b"tmap")) {
                let mut inputs = meta.targets(item.id, b"dimg");
                let about = inputs.next().is_some_and(|base| self.seen.contains(&base));
                if share && about && !self.seen.contains(&item.id) {
                    let (_, data) = resolve::data(meta, item, self.source, self.cx)?;
                    if reach::tone_map(&data.read_all(self.cx)?).is_some() {
                        self.item(item.id)?;
                    }
                }
            }
            let references = meta.references.iter();
            for reference in references.filter(|reference| reference.kind.0 == *b"auxl") {
                self.cx.item()?;
                let id = reference.from;
                let about = reference.to.iter().any(|to| self.seen.contains(to));
                let Some(item) = meta.item(id).filter(|_| about && !self.seen.contains(&id)) else {
                    continue;
                };
                match reach::auxiliary(meta, item, self.source)? {
                    Some(Auxiliary::Alpha) => self.item(id)?,
                    Some(Auxiliary::GainMap) if share => self.item(id)?,
                    _ => {}
                }
            }
            if self.seen.len() == before {
                return Ok(());
            }
        }
    }
}

/// Frame headers, scan headers and coded data of a JPEG (ITU-T T.81 annex B).
fn scans(bytes: &[u8], hasher: &mut Hasher) {
    let mut cursor = Cursor::new(bytes);
    while let Some(byte) = cursor.u8() {
        if byte != 0xFF {
            continue;
        }
        let Some(marker) = cursor.u8() else { return };
        let is_frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        match marker {
            0xD9 => return,
            0 | 1 | 0xFF | 0xD0..=0xD8 => {}
            _ => {
                let len = cursor.u16(Order::Big).map_or(0, usize::from);
                let Some(segment) = cursor.take(len.saturating_sub(2)) else {
                    return;
                };
                if is_frame || matches!(marker, 0xDA | 0xDD) {
                    hasher.label("segment", u64::from(marker));
                    hasher.bytes(segment);
                }
                if marker == 0xDA {
                    let coded = coded(cursor.rest());
                    hasher.bytes(coded);
                    if cursor.skip(coded.len()).is_none() {
                        return;
                    }
                }
            }
        }
    }
}

/// The coded data of a scan: up to the next marker that is no restart.
fn coded(bytes: &[u8]) -> &[u8] {
    let mut pairs = bytes.iter().zip(bytes.iter().skip(1)).enumerate();
    let end = pairs.find(|(_, (a, b))| **a == 0xFF && !matches!(**b, 0 | 0xD0..=0xD7 | 0xFF));
    let end = end.map_or(bytes.len(), |(at, _)| at);
    bytes.get(..end).unwrap_or(bytes)
}
