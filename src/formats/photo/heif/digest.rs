//! The coded picture and what decides how it is shown, found by following what readers follow.

use std::collections::BTreeSet;

use super::codec::{self, Coding, Told};
use super::data::Data;
use super::judge::once;
use super::parse::{File, Item, Meta};
use super::props::{self, Property};
use super::reach::{self, Auxiliary, Reached};
use super::sequence::Movie;
use super::{brands, derived, metadata, resolve};
use crate::bytes::{Context, Hasher, Source, Streams};
use crate::containers::isobmff::BoxHeader;
use crate::model::{Digest, Found, Result, len_u64};

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
    let mut tone_map = false;
    if let Some(meta) = &file.meta
        && let Some(primary) = meta.primary
    {
        let mut walk = Walk {
            meta,
            source,
            cx,
            hasher: &mut hasher,
            seen: BTreeSet::new(),
            reached: Reached::default(),
            kept: reach::reach(meta, primary, source, cx)?.pictures,
        };
        walk.item(primary)?;
        walk.around()?;
        walk.links(primary)?;
        tone_map = walk.reached.tone_map;
    }
    let mut is_sequence = false;
    if let Some(moov) = file.moov.filter(|_| brands::is_sequence(&file.ftyp)) {
        let (told, found) = (&mut Told::default(), &mut Found::default());
        let movie = Movie::parse(source, &moov, cx, told, found)?;
        is_sequence = !movie.tracks.is_empty();
        if is_sequence {
            sequence(&movie, source, cx, &mut hasher)?;
        }
    }
    let (major, compatible) = brands::kept(&file.ftyp, is_sequence, tone_map);
    for brand in [&[major], compatible.as_slice()].concat() {
        hasher.bytes(&brand.0);
    }
    Ok(hasher.finish())
}

/// Hands out what is compressed or nested in pictures that are files of their own.
///
/// # Errors
/// As [`digest`], and the sink's.
pub(super) fn streams(source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
    let file = File::parse(source, cx)?;
    let Some(meta) = &file.meta else {
        return Ok(());
    };
    for item in meta.items.iter().filter(|item| item.is(b"jpeg")) {
        cx.item()?;
        let (_, data) = resolve::data(meta, item, source, cx)?;
        let bytes = data.read_all(cx)?;
        cx.streams_nested(&Source::memory(&bytes), sink)?;
    }
    Ok(())
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
            coded(&data, entry.coding, source, cx, hasher)?;
        }
    }
    Ok(())
}

/// Coded data: first what codes the picture, whatever may stay, and then what stays beside it.
fn coded(
    data: &Data<'_>,
    coding: Coding,
    source: &Source<'_>,
    cx: &Context<'_>,
    hasher: &mut Hasher,
) -> Result<()> {
    let mut taken = Vec::new();
    codec::payload(data, coding, cx, &mut |at, len| {
        taken.push((at, len, Vec::new()));
        hasher.label("unit", len);
        for span in data.slice(at, len) {
            hasher.span(source, span)?;
        }
        Ok(())
    })?;
    let cuts = codec::cuts(data, coding, cx, &mut Told::default())?;
    taken.extend(cuts.into_iter().map(|cut| (cut.at, cut.len, cut.bytes)));
    taken.sort_unstable_by_key(|(at, ..)| *at);
    let mut at = 0;
    for (start, len, bytes) in taken {
        for span in data.slice(at, start.saturating_sub(at)) {
            hasher.span(source, span)?;
        }
        hasher.bytes(&bytes);
        at = start.saturating_add(len);
    }
    for span in data.slice(at, data.len().saturating_sub(at)) {
        hasher.span(source, span)?;
    }
    Ok(())
}

struct Walk<'a, 's, 'c> {
    meta: &'a Meta,
    source: &'a Source<'s>,
    cx: &'a Context<'c>,
    hasher: &'a mut Hasher,
    seen: BTreeSet<u32>,
    reached: Reached,
    /// Items that a copy retains: a gain map that does not fit its picture is not payload.
    kept: BTreeSet<u32>,
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
            self.reached.tone_map |= item.is(b"tmap");
            if reach::auxiliary(meta, item, self.source)? == Some(Auxiliary::GainMap) {
                self.reached.gain_maps.insert(id);
            }
            self.one(item)?;
            open.extend(meta.targets(id, b"dimg"));
        }
        Ok(())
    }

    fn one(&mut self, item: &Item) -> Result<()> {
        let mut coding = None;
        let (_, data) = resolve::data(self.meta, item, self.source, self.cx)?;
        for association in &item.properties {
            let Some(header) = self.meta.property(*association) else {
                continue;
            };
            if !SHOWN.contains(&&header.kind.0) {
                continue;
            }
            let body = header.read(self.source, self.cx)?;
            if !props::is_about(header.kind.0, &body, item.kind.0, data.len()) {
                continue;
            }
            let (told, found) = (&mut Told::default(), &mut Found::default());
            match props::normal_form(header.kind.0, &body, self.cx, told, found)? {
                Property::Kept(body) => self.property(header, association.essential, &body),
                Property::Coding(body, how) => {
                    self.property(header, association.essential, &body);
                    coding = Some(how);
                }
                Property::Told | Property::Unknown => {}
            }
        }
        self.data(item, &data, coding)
    }

    fn property(&mut self, header: &BoxHeader, essential: bool, body: &[u8]) {
        self.hasher.bytes(&header.kind.0);
        self.hasher.label("essential", essential.into());
        self.hasher.label("property", len_u64(body.len()));
        self.hasher.bytes(body);
    }

    fn data(&mut self, item: &Item, data: &Data<'_>, coding: Option<Coding>) -> Result<()> {
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
                let digest = self.cx.payload_as("jpeg", &Source::memory(&bytes))?;
                self.hasher.bytes(&digest.0.to_be_bytes());
            }
            (b"hvc1" | b"avc1" | b"av01", Some(coding)) => {
                coded(data, coding, self.source, self.cx, self.hasher)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What is shown with the picture, or in its place.
    fn around(&mut self) -> Result<()> {
        let meta = self.meta;
        let share = !self.cx.policy().strict;
        loop {
            let before = self.seen.len();
            for item in meta.items.iter().filter(|item| item.is(b"tmap")) {
                let mut inputs = meta.targets(item.id, b"dimg");
                let about = inputs.next().is_some_and(|base| self.seen.contains(&base));
                let belongs = self.kept.contains(&item.id);
                if share && about && belongs && !self.seen.contains(&item.id) {
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
                    Some(Auxiliary::GainMap) if share && self.kept.contains(&id) => {
                        self.item(id)?;
                    }
                    _ => {}
                }
            }
            if self.seen.len() == before {
                return Ok(());
            }
        }
    }
}

impl Walk<'_, '_, '_> {
    /// How the pictures belong together, and the numbers about them.
    fn links(&mut self, primary: u32) -> Result<()> {
        let meta = self.meta;
        let known = |ids: &[u32], seen: &BTreeSet<u32>| -> Vec<u32> {
            ids.iter().copied().filter(|id| seen.contains(id)).collect()
        };
        for reference in &meta.references {
            let kind = reference.kind.0;
            let to = known(&reference.to, &self.seen);
            if !matches!(&kind, b"dimg" | b"auxl" | b"prem")
                || to.is_empty()
                || !self.seen.contains(&reference.from)
            {
                continue;
            }
            if &kind == b"auxl" && !reach::is_auxiliary(meta, reference.from, self.source)? {
                continue;
            }
            self.hasher.bytes(&kind);
            self.hasher.label("from", reference.from.into());
            let to = if &kind == b"dimg" { to } else { once(to) };
            to.iter()
                .for_each(|id| self.hasher.label("to", (*id).into()));
        }
        for group in meta.groups.iter().filter(|group| group.kind.0 == *b"altr") {
            let members = once(known(&group.members, &self.seen));
            if members.len() > 1 {
                self.hasher.label("altr", len_u64(members.len()));
                members
                    .iter()
                    .for_each(|id| self.hasher.label("member", (*id).into()));
            }
        }
        for item in &meta.items {
            self.numbers(item, primary)?;
        }
        Ok(())
    }

    /// What Exif and XMP say about how a picture is shown.
    fn numbers(&mut self, item: &Item, primary: u32) -> Result<()> {
        let meta = self.meta;
        if !item.is(b"Exif") && !item.is_xmp() || item.protection != 0 || !item.rest.is_empty() {
            return Ok(());
        }
        let Ok((_, data)) = resolve::data(meta, item, self.source, self.cx) else {
            return Ok(());
        };
        let about: Vec<u32> = meta.targets(item.id, b"cdsc").collect();
        let block = data.read_all(self.cx)?;
        let numbers = if item.is(b"Exif") {
            metadata::exif(&block, about.contains(&primary), &self.reached, self.cx)?
        } else {
            metadata::xmp(&block, &about, primary, &self.reached, self.cx)?
        };
        if let Some(numbers) = numbers {
            self.hasher.label("numbers", item.id.into());
            self.hasher.label("hidden", item.hidden.into());
            self.hasher.bytes(&numbers);
            let about = about.iter().filter(|id| self.seen.contains(id));
            about.for_each(|id| self.hasher.label("about", (*id).into()));
        }
        Ok(())
    }
}
