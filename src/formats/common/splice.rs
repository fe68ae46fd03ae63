//! What simple splice formats share: parts, and a finding for each that goes.

use super::Parts;
use crate::bytes::{Context, Source};
use crate::metadata::appended;
use crate::model::{
    Category, Examined, Fate, Finding, Found, Result, Row, Severity, Span, len_u64,
};

/// The parts of a file as they are decided on, in file order.
pub(in crate::formats) struct Splice<'a> {
    pub(in crate::formats) source: &'a Source<'a>,
    pub(in crate::formats) cx: &'a Context<'a>,
    pub(in crate::formats) found: Found,
    pub(in crate::formats) residue: Vec<Finding>,
    /// `Info::name` of the format.
    name: &'static str,
    /// Finding id for bytes that belong to nothing.
    gap: &'static str,
    parts: Parts,
}

impl<'a> Splice<'a> {
    pub(in crate::formats) fn new(
        source: &'a Source<'a>,
        cx: &'a Context<'a>,
        name: &'static str,
        gap: &'static str,
    ) -> Self {
        Self {
            source,
            cx,
            found: Found::default(),
            residue: Vec::new(),
            name,
            gap,
            parts: Parts::default(),
        }
    }

    pub(in crate::formats) fn keep(&mut self, span: Span, row: &'static Row) {
        self.parts.push(span, row.what, Fate::Keep(row));
    }

    /// Writes a part anew. Where that changes it, and nothing was found since `since` that says so, there
    /// is a finding.
    pub(in crate::formats) fn rebuild(
        &mut self,
        span: Span,
        row: &'static Row,
        bytes: Vec<u8>,
        since: usize,
    ) -> Result<()> {
        self.cx.memory(span.len())?;
        let old = self.source.read(span)?;
        if *old == *bytes {
            self.keep(span, row);
            return Ok(());
        }
        if self.found.findings.len() == since {
            self.found.secrets.harvest_lost(&old, &bytes);
            let surplus = len_u64(old.len().saturating_sub(bytes.len()));
            let severity = if surplus > 3 {
                Severity::Medium
            } else {
                Severity::Low
            };
            let what = "fields that are not used, or an unusual form";
            let finding = Finding::new(self.gap, Category::Unknown, severity, row.what, what);
            self.found.add(finding.bytes(surplus));
        }
        self.parts.push(span, row.what, Fate::rebuild(row, bytes));
        Ok(())
    }

    /// Leaves something out that the finding tells of.
    pub(in crate::formats) fn goes(&mut self, span: Span, name: &'static str, finding: Finding) {
        let id = finding.id;
        self.found.add(finding);
        self.parts.push(span, name, Fate::Drop(id));
    }

    /// Leaves out what belongs to nothing.
    pub(in crate::formats) fn gap(&mut self, span: Span, place: &'static str) -> Result<()> {
        if span.is_empty() {
            return Ok(());
        }
        appended::read(&self.source.sub(span)?, place, self.cx, &mut self.found)?;
        let severity = if span.len() > 3 {
            Severity::High
        } else {
            Severity::Low
        };
        let what = "bytes that belong to nothing";
        let finding = Finding::new(self.gap, Category::Unknown, severity, place, what);
        self.goes(span, "gap", finding.bytes(span.len()));
        Ok(())
    }

    /// How much was found until now.
    pub(in crate::formats) fn since(&self) -> usize {
        self.found.findings.len()
    }

    /// All of it.
    pub(in crate::formats) fn finish(self) -> Result<Examined> {
        let parts = self.parts.map(self.source.len(), self.name)?;
        Ok(Examined::spliced(self.found, self.residue, parts))
    }
}
