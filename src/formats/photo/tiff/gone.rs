//! What goes: the entries of a directory that a copy does not have are written as a block of their own,
//! and the reader of Exif blocks tells what they say.

use super::judge::Judge;
use super::tags::{EXIF, GPS, INTEROP, is_pointer};
use crate::bytes::{Source, run};
use crate::containers::tiff::file::Field;
use crate::containers::tiff::ifd::{field, size_of_type};
use crate::containers::tiff::write::{Form, Table};
use crate::metadata::{exif, xmp};
use crate::model::{Category, Finding, Result, Severity, Span, len_u64};

/// Larger values are not read as a whole.
const LONGEST: u64 = 4 << 20;
/// And so much of one directory.
const MOST: u64 = 16 << 20;
/// So much of the beginning of a larger value is kept in mind.
const SAMPLE: u64 = 64 << 10;
/// Directories below a directory that goes.
const DEEPEST: u32 = 4;
const XMP: u16 = 0x02BC;
/// Directories of faxes, TIFF-FX.
const GLOBAL_PARAMETERS: u16 = 0x0190;

/// The entries that go.
#[derive(Debug, Default)]
pub(super) struct Gone {
    table: Table,
    bytes: u64,
}

impl Judge<'_, '_> {
    /// Adds an entry, and what it points to.
    pub(super) fn goes(&mut self, gone: &mut Gone, field: &Field, place: &str) -> Result<()> {
        self.entry_goes(gone, field, place, 0)
    }

    fn entry_goes(
        &mut self,
        gone: &mut Gone,
        field: &Field,
        place: &str,
        depth: u32,
    ) -> Result<()> {
        if is_pointer(field.tag) {
            return Ok(());
        }
        let points = matches!(field.tag, EXIF | GPS | INTEROP | GLOBAL_PARAMETERS)
            || matches!(field.kind, field::IFD | field::IFD8);
        if points && depth < DEEPEST && field.count <= 16 {
            let mut tables = Vec::new();
            for at in self.file.numbers(field, self.cx)?.unwrap_or_default() {
                if let Some(table) = self.directory_goes(gone, at, place, depth)? {
                    tables.push(table);
                }
            }
            if !tables.is_empty() {
                let kind = match field.kind {
                    field::IFD | field::IFD8 => field::IFD,
                    _ => field::LONG,
                };
                gone.table.tables(field.tag, kind, tables);
                return Ok(());
            }
        }
        let len = field.value.len();
        gone.bytes = gone.bytes.saturating_add(len);
        if len > LONGEST || gone.bytes > MOST {
            let sample = self.source.peek(field.value.start(), SAMPLE.min(len))?;
            self.found.secrets.harvest(&sample);
            let what = format!("tag 0x{:04X}, a large block", field.tag);
            let finding = Finding::new(
                "tiff.embedded",
                Category::History,
                Severity::High,
                place,
                what,
            );
            self.found.add(finding.bytes(len));
            return Ok(());
        }
        let mut bytes = self.file.value(field, self.cx)?.into_owned();
        if field.tag == XMP && self.kind.is_dng && xmp::has_crop(&bytes) {
            let what = "what was cropped away: the crop stood in the XMP packet and goes with it";
            let finding = Finding::new(
                "raw.hidden.crop",
                Category::Image,
                Severity::High,
                place,
                what,
            );
            self.residue.push(finding);
        }
        let count = match size_of_type(field.kind) {
            Some(size) => len_u64(bytes.len()).checked_div(size).unwrap_or(0),
            None => {
                bytes.truncate(4);
                1
            }
        };
        gone.table.bytes(field.tag, field.kind, count, bytes);
        Ok(())
    }

    fn directory_goes(
        &mut self,
        gone: &mut Gone,
        at: u64,
        place: &str,
        depth: u32,
    ) -> Result<Option<Table>> {
        let Some(directory) = self.forgiving_directory(at)? else {
            return Ok(None);
        };
        let mut inner = Gone {
            table: Table::default(),
            bytes: gone.bytes,
        };
        for field in &directory.fields {
            self.structure.claim(self.in_file(field.value));
            self.entry_goes(&mut inner, field, place, depth.saturating_add(1))?;
        }
        gone.bytes = inner.bytes;
        Ok(Some(inner.table))
    }

    /// Tells what the entries say.
    pub(super) fn tell(&mut self, gone: Gone, place: &str) -> Result<()> {
        if gone.table.is_empty() {
            return Ok(());
        }
        let form = Form {
            order: self.file.order(),
            big: false,
        };
        let plan = form.file(vec![gone.table])?;
        self.cx.memory(plan.len())?;
        let mut block = Vec::new();
        run(&plan, &Source::memory(&[]), &mut block)?;
        let before = self.found.findings.len();
        exif::read(&block, place, self.cx, &mut self.found)?;
        if self.found.findings.len() == before {
            let what = "entries that no copy needs";
            let finding = Finding::new(
                "tiff.unknown",
                Category::Unknown,
                Severity::Low,
                place,
                what,
            );
            self.found.add(finding.bytes(len_u64(block.len())));
        }
        Ok(())
    }

    /// As much of a span as lies in the file.
    pub(super) fn in_file(&self, span: Span) -> Span {
        let end = span.end().min(self.source.len());
        Span::new(span.start().min(end), end)
    }
}

impl Gone {
    /// Adds what goes of a directory below.
    pub(super) fn below(&mut self, tag: u16, inner: Self) {
        self.bytes = self.bytes.saturating_add(inner.bytes);
        if !inner.table.is_empty() {
            self.table.tables(tag, field::LONG, vec![inner.table]);
        }
    }
}
