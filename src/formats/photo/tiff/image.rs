//! Coded data on its way into a copy.

use std::collections::{BTreeMap, BTreeSet};

use super::extents::extents;
use super::jpeg::Used;
use super::judge::Judge;
use super::old_jpeg;
use super::pages::Page;
use super::strips::{BESIDE, JPEG, MORE_ROWS, Why, strip, tables};
use super::tags::{COLOR_MAP, JPEG_TABLES};
use super::tree::Node;
use super::unseen::Seen;
use crate::containers::tiff::file::Field;
use crate::containers::tiff::ifd::field;
use crate::containers::tiff::write::{Data, Table};
use crate::formats::common::Hidden;
use crate::model::{Category, Finding, Result, Severity, Span, fit, len_u64};

/// So many strips with metadata are looked into for the report.
const LOOKED_INTO: u32 = 16;
/// So much of what goes is kept in mind.
const SAMPLE: u64 = 64 << 10;

impl Judge<'_, '_> {
    /// So many bytes of coded pictures are metadata.
    fn metadata_inside(&mut self, place: &str, bytes: u64) {
        let what = "metadata in the coded picture";
        let (category, severity) = (Category::History, Severity::High);
        self.say("tiff.jpegstrip", category, severity, place, what, bytes);
    }

    /// Adds the coded data of a picture to its directory.
    pub(super) fn image(&mut self, page: &Page<'_>, table: &mut Table) -> Result<()> {
        let node = page.node;
        if node.shape.compression == old_jpeg::SCHEME {
            return self.old_image(node, table);
        }
        let extents = extents(&self.file, node, self.cx)?;
        for span in &extents.surplus {
            self.hidden(*span, &node.place, "strips beyond the last row")?;
        }
        if !extents.surplus.is_empty() || extents.idle > 0 {
            let what = "numbers in the lists of strips that mean nothing";
            let count = len_u64(extents.surplus.len()).saturating_add(extents.idle);
            let (category, severity) = (Category::Unknown, Severity::Medium);
            self.say("tiff.slack", category, severity, &node.place, what, count);
        }
        let mut seen: BTreeMap<Span, usize> = BTreeMap::new();
        let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
        let (mut metadata, mut looked, mut unseen) = (0_u64, 0_u32, 0_u64);
        let mut left: BTreeSet<&'static str> = BTreeSet::new();
        let mut used = Used::default();
        let mut seen_pixels = Seen::of(&node.shape);
        for (index, span) in (0_u64..).zip(&extents.spans) {
            self.cx.item()?;
            let Some(span) = *span else {
                offsets.push(None);
                lengths.push(0);
                continue;
            };
            if let Some(number) = seen.get(&span) {
                offsets.push(Some((*number, 0)));
                lengths.push(table.data_len(*number));
                continue;
            }
            if !self.copied.claim(span) {
                return Err(self.file.malformed(span.start(), "strips or tiles overlap"));
            }
            let place = (index, span);
            let strip = strip(&self.file, node, &extents, place, &mut seen_pixels, self.cx)?;
            left.extend(&strip.left);
            used.join(strip.used);
            for span in &strip.gone {
                match strip.why {
                    Why::Tail => self.hidden(*span, &node.place, "data behind the last row")?,
                    Why::Metadata => metadata = metadata.saturating_add(span.len()),
                    Why::Unseen => unseen = unseen.saturating_add(1),
                }
            }
            if strip.why == Why::Metadata && !strip.gone.is_empty() && looked < LOOKED_INTO {
                looked = looked.saturating_add(1);
                let inner = self.cx.inspect_nested(&self.source.sub(span)?)?;
                self.found.merge(&node.place, inner);
                for span in &strip.gone {
                    let bytes = self.source.peek(span.start(), span.len().min(SAMPLE))?;
                    self.found.secrets.harvest(&bytes);
                }
            }
            let data = Data {
                pieces: strip.pieces,
            };
            lengths.push(data.len());
            let number = table.data(data);
            seen.insert(span, number);
            offsets.push(Some((number, 0)));
        }
        if metadata > 0 {
            self.metadata_inside(&node.place, metadata);
        }
        if unseen > 0 {
            let (category, severity) = (Category::Image, Severity::Medium);
            self.say(
                "tiff.pixels.unseen",
                category,
                severity,
                &node.place,
                BESIDE,
                unseen,
            );
        }
        self.stays_hidden(&left, &seen_pixels.hidden, &node.place);
        let id = "tiff.pixels.unseen";
        let unshown = seen_pixels.unshown.residue(id, node.place.as_str());
        self.residue.extend(unshown);
        self.unused_colours(node, &seen_pixels, table)?;
        if let Some(field) = node.directory.get(JPEG_TABLES)
            && JPEG.contains(&node.shape.compression)
        {
            self.jpeg_tables(field, node, used, table)?;
        }
        table.offsets(extents.offsets_tag, offsets);
        self.lengths(extents.lengths_tag, &lengths, table)
    }

    /// Names what no copy can be without.
    fn stays_hidden(&mut self, left: &BTreeSet<&'static str>, hidden: &Hidden, place: &str) {
        for what in left {
            let (id, category) = if *what == BESIDE {
                ("tiff.pixels.unseen", Category::Image)
            } else {
                ("tiff.strip.tail", Category::Unknown)
            };
            let severity = match *what {
                BESIDE | MORE_ROWS => Severity::Medium,
                _ => Severity::Low,
            };
            self.residue
                .push(Finding::new(id, category, severity, place, *what));
        }
        if hidden.is_structured() {
            let what = "colours under transparent areas";
            let (category, severity) = (Category::Image, Severity::High);
            let finding = Finding::new("tiff.alpha.hidden", category, severity, place, what);
            self.residue.push(finding);
        }
    }

    /// Of a colour map, colours that no pixel has go.
    fn unused_colours(&mut self, node: &Node, seen: &Seen, table: &mut Table) -> Result<()> {
        let Some(field) = node
            .directory
            .get(COLOR_MAP)
            .filter(|_| table.has(COLOR_MAP))
        else {
            return Ok(());
        };
        let map = self.file.value(field, self.cx)?;
        let Some(used) = seen.used_colours(&map).filter(|used| **used != *map) else {
            return Ok(());
        };
        self.found.secrets.harvest_lost(&map, &used);
        let what = "colours that no pixel has";
        let (category, severity, len) = (Category::Unknown, Severity::Low, len_u64(map.len()));
        self.say("tiff.palette", category, severity, &node.place, what, len);
        table.replace(COLOR_MAP, used);
        Ok(())
    }

    fn old_image(&mut self, node: &Node, table: &mut Table) -> Result<()> {
        let image = old_jpeg::read(&self.file, node, self.cx)?;
        for span in &image.spans {
            if !self.copied.claim(*span) {
                return Err(self.file.malformed(span.start(), "strips or tiles overlap"));
            }
        }
        let mut metadata = 0_u64;
        for span in &image.gone {
            let bytes = self.source.peek(span.start(), span.len().min(SAMPLE))?;
            self.found.secrets.harvest(&bytes);
            metadata = metadata.saturating_add(span.len());
        }
        if let (Some(span), false) = (image.spans.first(), image.gone.is_empty()) {
            let inner = self.cx.inspect_nested(&self.source.sub(*span)?)?;
            self.found.merge(&node.place, inner);
            self.metadata_inside(&node.place, metadata);
        }
        for pieces in image.data {
            table.data(Data { pieces });
        }
        for (tag, pointers) in image.pointers {
            table.offsets(tag, pointers.into_iter().map(Some).collect());
        }
        for (tag, lengths) in image.lengths {
            self.lengths(tag, &lengths, table)?;
        }
        Ok(())
    }

    fn lengths(&self, tag: u16, lengths: &[u64], table: &mut Table) -> Result<()> {
        let (order, big) = (self.file.order(), self.file.is_big());
        let mut bytes = Vec::new();
        for len in lengths {
            if big {
                order.put_u64(&mut bytes, *len);
            } else {
                order.put_u32(&mut bytes, fit(*len)?);
            }
        }
        let kind = if big { field::LONG8 } else { field::LONG };
        table.bytes(tag, kind, len_u64(lengths.len()), bytes);
        Ok(())
    }

    fn hidden(&mut self, span: Span, place: &str, what: &'static str) -> Result<()> {
        let bytes = self.source.peek(span.start(), span.len().min(SAMPLE))?;
        self.found.secrets.harvest(&bytes);
        let severity = if bytes.iter().all(|byte| *byte == 0) {
            Severity::Low
        } else {
            Severity::High
        };
        self.left.claim(span);
        self.say(
            "tiff.strip.tail",
            Category::Unknown,
            severity,
            place,
            what,
            span.len(),
        );
        Ok(())
    }

    /// Tables that all strips share: a JPEG without a picture.
    fn jpeg_tables(
        &mut self,
        field: &Field,
        node: &Node,
        used: Used,
        table: &mut Table,
    ) -> Result<()> {
        let at = field.entry.start();
        if !field.complete {
            return Err(self.file.malformed(at, "the tables of a JPEG are cut off"));
        }
        let clean = tables(self.source, &self.file, field, used)?;
        if clean != *self.file.value(field, self.cx)? {
            let bytes = self.file.value(field, self.cx)?;
            self.found.secrets.harvest(&bytes);
            let what = "metadata or unused tables beside the coded picture";
            let len = field.value.len();
            self.say(
                "tiff.jpegstrip",
                Category::History,
                Severity::High,
                &node.place,
                what,
                len,
            );
        }
        table.bytes(JPEG_TABLES, field::UNDEFINED, len_u64(clean.len()), clean);
        Ok(())
    }
}
