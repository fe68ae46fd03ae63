//! Directories that no copy has, and bytes that no structure accounts for.

use super::gone::Gone;
use super::judge::Judge;
use super::pages;
use super::tags::{EXIF, ICC};
use super::tree::{MASK, Node};
use crate::metadata::appended;
use crate::model::{Category, Finding, Result, Role, Severity};

/// Bytes between structures that are zero are no more than an alignment up to this length.
const ALIGNMENT: u64 = 15;
/// So much of what stands between structures is kept in mind.
const SAMPLE: u64 = 64 << 10;

impl Judge<'_, '_> {
    /// A directory that a copy does not have.
    pub(super) fn node_goes(&mut self, node: &Node) -> Result<()> {
        let (what, role) = if node.shape.kind & MASK != 0 {
            ("mask of a smaller picture", Role::Other)
        } else if node.is_reduced() {
            ("smaller picture", Role::Thumbnail)
        } else {
            ("another picture", Role::Picture)
        };
        let mut len = 0_u64;
        for span in pages::any_data(&self.file, node, self.cx)? {
            len = len.saturating_add(span.len());
            self.left.claim(span);
            let part = self.source.sub(span)?;
            if *part.peek(0, 3)? == [0xFF, 0xD8, 0xFF] {
                let inner = self.cx.inspect_nested(&part)?;
                self.found.merge(&node.place, inner);
            }
        }
        let finding = Finding::new(
            "tiff.pages",
            Category::Image,
            Severity::High,
            node.place.as_str(),
            what,
        );
        self.found.add(finding.bytes(len).role(role));
        let mut gone = Gone::default();
        for field in &node.directory.fields {
            if (self.kind.rule)(field.tag).is_none() || matches!(field.tag, EXIF | ICC) {
                self.goes(&mut gone, field, &node.place)?;
            }
        }
        self.tell(gone, &node.place)
    }

    /// Tells of all bytes that no structure accounts for.
    pub(super) fn between(&mut self) -> Result<()> {
        let len = self.source.len();
        let mut all = self.structure.clone();
        for spans in [&self.copied, &self.left] {
            for span in spans.all() {
                all.claim(span);
            }
        }
        for gap in all.gaps(len) {
            self.cx.item()?;
            if gap.end() == len {
                let tail = self.source.sub(gap)?;
                if gap.len() <= ALIGNMENT && tail.read(tail.whole())?.iter().all(|b| *b == 0) {
                    continue;
                }
                let place = "behind the end";
                appended::read(&tail, place, self.cx, &mut self.found)?;
                let what = "data behind the last structure";
                self.say(
                    "tiff.slack",
                    Category::Unknown,
                    Severity::High,
                    place,
                    what,
                    gap.len(),
                );
                continue;
            }
            let mut zero = true;
            self.source.for_each(gap, |bytes| {
                zero &= bytes.iter().all(|byte| *byte == 0);
                Ok(())
            })?;
            if zero && gap.len() <= ALIGNMENT {
                continue;
            }
            let head = self.source.peek(gap.start(), gap.len().min(SAMPLE))?;
            self.found.secrets.harvest(&head);
            let severity = match (zero, gap.len()) {
                (true, _) => Severity::Low,
                (false, 0..=3) => Severity::Medium,
                (false, _) => Severity::High,
            };
            let what = "bytes between the structures";
            self.say(
                "tiff.slack",
                Category::Unknown,
                severity,
                "gap",
                what,
                gap.len(),
            );
        }
        Ok(())
    }
}
