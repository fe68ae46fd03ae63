//! The data of items and samples that stay.

use super::super::codec::{self, Coding};
use super::super::data::Data;
use super::super::parse::{Item, Meta};
use super::super::reach::{self, Reached};
use super::super::resolve::{self, Store};
use super::super::sequence::Movie;
use super::super::texts::hides_text;
use super::super::write::NewItem;
use super::super::{derived, metadata, props};
use super::{Judge, TEXT_IN_FRACTIONS, TEXT_IN_NUMBERS, bad};
use crate::bytes::{Source, copy_in_memory};
use crate::containers::isobmff::{BoxHeader, FourCc};
use crate::metadata::{exif, xmp};
use crate::model::{Category, Error, Finding, Result, Severity, Span};

impl<'s> Judge<'_, 's, '_> {
    /// A coded picture without what encoders wrote into it.
    pub(super) fn coded(
        &mut self,
        store: Store,
        data: &Data<'s>,
        coding: Coding,
    ) -> Result<Vec<Span>> {
        let cuts = codec::cuts(data, coding, self.cx, &mut self.told)?;
        let mut spans = Vec::new();
        let mut at = 0;
        let mut left = data.len();
        for cut in cuts {
            for span in data.slice(at, cut.at.saturating_sub(at)) {
                self.pool(store).keep(span);
                spans.push(span);
            }
            left = left.saturating_sub(cut.len);
            let mut bytes = cut.bytes;
            for span in data.slice(cut.at, cut.len) {
                self.pool(store).edit(span, std::mem::take(&mut bytes));
                spans.push(span);
            }
            at = cut.at.saturating_add(cut.len);
        }
        for span in data.slice(at, data.len().saturating_sub(at)) {
            self.pool(store).keep(span);
            spans.push(span);
        }
        if left == 0 {
            return Err(bad("a coded picture without data"));
        }
        Ok(spans)
    }

    /// A sequence, when the tracks of one are there.
    pub(super) fn sequence(&mut self, moov: &BoxHeader, is_still: bool) -> Result<Option<Movie>> {
        let movie = Movie::parse(self.source, moov, self.cx, &mut self.told, &mut self.found)?;
        if movie.tracks.is_empty() {
            if is_still {
                return Ok(None);
            }
            return Err(Error::unsupported(
                "a sequence without a track of pictures; open it where \
                it is shown, save it as JPEG, and clean that",
            ));
        }
        self.told.text_stays |= movie
            .numbers()
            .any(|part| hides_text(part, TEXT_IN_NUMBERS));
        for track in &movie.tracks {
            for (span, entry) in &track.samples {
                self.cx.item()?;
                let index = usize::try_from(*entry)
                    .ok()
                    .and_then(|it| it.checked_sub(1));
                let entry = index.and_then(|index| track.entries.get(index));
                let coding = entry
                    .ok_or_else(|| bad("a sample without an entry"))?
                    .coding;
                if !span.is_empty() {
                    let data = Data::new(self.source, &[*span])?;
                    self.coded(Store::Media, &data, coding)?;
                }
            }
        }
        Ok(Some(movie))
    }

    /// Puts other bytes in the place of data, or the same.
    pub(super) fn replace(
        &mut self,
        store: Store,
        data: &Data<'s>,
        bytes: Vec<u8>,
    ) -> Result<Vec<Span>> {
        let spans: Vec<Span> = data.spans().collect();
        let same = data.read_all(self.cx)? == bytes;
        let mut bytes = bytes;
        // What has no data stands nowhere.
        let is_empty = bytes.is_empty();
        for span in &spans {
            if same {
                self.pool(store).keep(*span);
            } else {
                self.pool(store).edit(*span, std::mem::take(&mut bytes));
            }
        }
        Ok(if is_empty { Vec::new() } else { spans })
    }

    pub(super) fn jpeg(&mut self, store: Store, data: &Data<'s>) -> Result<Vec<Span>> {
        let bytes = data.read_all(self.cx)?;
        let inner = Source::memory(&bytes);
        let examined = self.cx.examine_as("jpeg", &inner)?;
        let cleaned = examined.told("jpeg item", &mut self.found, &mut self.residue);
        let cleaned = copy_in_memory(&cleaned, &inner, self.cx)?;
        self.replace(store, data, cleaned)
    }

    pub(super) fn derived(
        &mut self,
        meta: &Meta,
        item: &Item,
        store: Store,
        data: &Data<'s>,
    ) -> Result<Vec<Span>> {
        let old = data.read_all(self.cx)?;
        let inputs: Vec<&Item> = meta
            .targets(item.id, b"dimg")
            .filter_map(|id| meta.item(id))
            .collect();
        let new = match &item.kind.0 {
            b"grid" => {
                let grid = derived::Grid::parse(&old, inputs.len())
                    .ok_or_else(|| bad("a grid that does not fit its tiles"))?;
                let tile = inputs.first().and_then(|tile| self.extents(meta, tile));
                if tile.is_none_or(|tile| grid.hides(tile)) {
                    self.stays("heif.grid.hidden", "grid", "tiles outside of the picture");
                }
                grid.bytes
            }
            b"iovl" => {
                self.stays("heif.iovl", "iovl", "pictures that lie over each other");
                derived::overlay(&old, inputs.len())
                    .ok_or_else(|| bad("an overlay that does not fit its pictures"))?
            }
            b"tmap" => reach::tone_map(&old)
                .filter(|_| inputs.len() == 2)
                .ok_or_else(|| {
                    Error::unsupported(
                        "a gain map of an unknown kind; open it where \
                    it is shown, save it as JPEG, and clean that",
                    )
                })?,
            // The same picture once more, turned or cropped.
            _ if inputs.len() == 1 => Vec::new(),
            _ => return Err(bad("a derived picture without the one it is derived from")),
        };
        // Fractions look like text now and then, but not three of them in a row.
        self.told.text_stays |= hides_text(&new, TEXT_IN_FRACTIONS);
        if new != old {
            self.told_of_derived(&old, &new, item.kind);
        }
        self.replace(store, data, new)
    }

    pub(super) fn told_of_derived(&mut self, old: &[u8], new: &[u8], kind: FourCc) {
        self.found.secrets.harvest_lost(old, new);
        self.found.findings.push(Finding::new(
            "heif.derived",
            Category::Unknown,
            Severity::Medium,
            kind.to_string(),
            "more data than programs read",
        ));
    }

    /// Width and height of an item by its `ispe`.
    pub(super) fn extents(&self, meta: &Meta, item: &Item) -> Option<(u32, u32)> {
        let mut properties = item.properties.iter().filter_map(|it| meta.property(*it));
        let header = properties.find(|property| property.is(b"ispe"))?;
        props::extents(&header.peek(self.source, 12).ok()?)
    }

    /// What stays of an item of metadata: the numbers without which the picture is shown flat.
    pub(super) fn metadata(
        &mut self,
        meta: &Meta,
        item: &Item,
        primary: u32,
        reached: &Reached,
    ) -> Result<Option<NewItem>> {
        let about: Vec<u32> = meta.targets(item.id, b"cdsc").collect();
        if !item.is(b"Exif") && !item.is_xmp() || item.protection != 0 {
            return Ok(None);
        }
        let Ok((store, data)) = resolve::data(meta, item, self.source, self.cx) else {
            return Ok(None);
        };
        let old = data.read_all(self.cx)?;
        let new = if item.is(b"Exif") {
            metadata::exif(&old, about.contains(&primary), reached, self.cx)?
        } else {
            metadata::xmp(&old, &about, primary, reached, self.cx)?
        };
        let Some(new) = new.filter(|_| item.rest.is_empty()) else {
            return Ok(None);
        };
        if item.is(b"Exif") {
            exif::read(&old, "Exif", self.cx, &mut self.found)?;
        } else {
            xmp::read(&old, "XMP", self.cx, &mut self.found)?;
        }
        let spans = self.replace(store, &data, new)?;
        Ok(Some(NewItem {
            id: item.id,
            kind: item.kind,
            hidden: item.hidden,
            store,
            spans,
            properties: Vec::new(),
        }))
    }
}
