//! Colour profiles, and what Exif says in their place.

use super::gone::Gone;
use super::judge::Judge;
use super::tags::{COLOR_SPACE, EXIF, GAMMA, ICC, INTEROP};
use super::tree::Node;
use crate::containers::tiff::file::Field;
use crate::containers::tiff::ifd::field;
use crate::containers::tiff::write::Table;
use crate::metadata::icc;
use crate::model::{Category, Result, Severity, len_u64};

impl Judge<'_, '_> {
    pub(super) fn profile(
        &mut self,
        field: &Field,
        place: &str,
        table: &mut Table,
        gone: &mut Gone,
    ) -> Result<()> {
        if !field.complete || !self.is_profile(field)? {
            return self.goes(gone, field, place);
        }
        let bytes = self.file.value(field, self.cx)?;
        let clean = icc::scrub(&bytes, self.cx)?;
        if clean != *bytes || field.kind != field::UNDEFINED {
            let place = format!("{place}/ICCProfile");
            let before = self.found.findings.len();
            icc::read(&bytes, &place, self.cx, &mut self.found)?;
            if self.found.findings.len() == before {
                let what = "colour profile in an unusual form";
                let len = len_u64(bytes.len());
                self.say(
                    "tiff.icc",
                    Category::Device,
                    Severity::Low,
                    &place,
                    what,
                    len,
                );
            }
        }
        table.bytes(ICC, field::UNDEFINED, len_u64(clean.len()), clean);
        Ok(())
    }

    pub(super) fn is_profile(&self, field: &Field) -> Result<bool> {
        let head = self
            .source
            .peek(field.value.start(), field.value.len().min(132))?;
        Ok(icc::is_profile(&head))
    }

    /// Of an Exif directory stays what says in which colours the picture is, where no profile does.
    pub(super) fn exif(
        &mut self,
        field: &Field,
        node: &Node,
        table: &mut Table,
        gone: &mut Gone,
    ) -> Result<()> {
        let profile = match node.directory.get(ICC) {
            Some(field) => self.is_profile(field)?,
            None => false,
        };
        let at = self.file.number(field, self.cx)?;
        let (Some(at), 1, false) = (at, field.count, profile) else {
            return self.goes(gone, field, &node.place);
        };
        let Some(directory) = self.forgiving_directory(at)? else {
            return self.goes(gone, field, &node.place);
        };
        let mut kept = Table::default();
        let mut rest = Gone::default();
        for field in &directory.fields {
            self.structure.claim(self.in_file(field.value));
            let telling = !kept.has(field.tag) && self.tells_colour(field)?;
            if !telling {
                self.goes(&mut rest, field, &node.place)?;
            } else if field.tag == INTEROP {
                self.interop(field, &mut kept, &mut rest, &node.place)?;
            } else {
                self.unused(field, &node.place)?;
                let bytes = self.file.value(field, self.cx)?.into_owned();
                kept.bytes(field.tag, field.kind, 1, bytes);
            }
        }
        gone.below(EXIF, rest);
        if kept.is_empty() {
            if directory.fields.is_empty() {
                self.say(
                    "tiff.layout",
                    Category::Unknown,
                    Severity::Low,
                    &node.place,
                    "Exif",
                    6,
                );
            }
        } else {
            table.tables(EXIF, field::LONG, vec![kept]);
        }
        Ok(())
    }

    fn tells_colour(&self, field: &Field) -> Result<bool> {
        Ok(match (field.tag, field.kind, field.count) {
            (COLOR_SPACE, field::SHORT, 1) => {
                matches!(self.file.number(field, self.cx)?, Some(2 | 0xFFFD..=0xFFFF))
            }
            (GAMMA, field::RATIONAL, 1) => field.complete,
            (INTEROP, _, 1) => true,
            _ => false,
        })
    }

    /// `R03`, which stands for Adobe RGB.
    fn interop(
        &mut self,
        pointer: &Field,
        kept: &mut Table,
        rest: &mut Gone,
        place: &str,
    ) -> Result<()> {
        let Some(at) = self.file.number(pointer, self.cx)? else {
            return self.goes(rest, pointer, place);
        };
        let Some(directory) = self.forgiving_directory(at)? else {
            return self.goes(rest, pointer, place);
        };
        let mut inner = Table::default();
        let mut other = Gone::default();
        for field in &directory.fields {
            self.structure.claim(self.in_file(field.value));
            let bytes = self.source.peek(field.value.start(), 4)?;
            let is_r03 =
                (field.tag, field.kind, field.count) == (1, field::ASCII, 4) && *bytes == *b"R03\0";
            if is_r03 && !inner.has(1) {
                inner.bytes(1, field::ASCII, 4, bytes.into_owned());
            } else {
                self.goes(&mut other, field, place)?;
            }
        }
        rest.below(INTEROP, other);
        if !inner.is_empty() {
            kept.tables(INTEROP, field::LONG, vec![inner]);
        }
        Ok(())
    }
}
