//! Parts as they are decided on.

use crate::model::{Fate, Part, PartMap, Result, Row, Span};

/// The parts of a file so far, in file order.
#[derive(Debug, Default)]
pub(in crate::formats) struct Parts(Vec<Part>);

impl Parts {
    /// Adds a part, unless there is nothing of it in the file and in the copy.
    pub(in crate::formats) fn push(&mut self, span: Span, name: &'static str, fate: Fate) {
        let is_nothing = match &fate {
            Fate::Rebuild(_, bytes) => span.is_empty() && bytes.is_empty(),
            Fate::Inside(_, plan) => span.is_empty() && plan.is_empty(),
            Fate::Keep(_) | Fate::Drop(_) => span.is_empty(),
        };
        if !is_nothing {
            self.0.push(Part { span, name, fate });
        }
    }

    /// How many there are: the index of the next one.
    pub(in crate::formats) fn count(&self) -> usize {
        self.0.len()
    }

    /// Length in the output of all parts from this index on.
    pub(in crate::formats) fn len_since(&self, index: usize) -> u64 {
        let parts = self.0.iter().skip(index);
        parts.fold(0, |sum, part| sum.saturating_add(part.len_out()))
    }

    /// Gives a part these bytes, which could not be known before.
    pub(in crate::formats) fn rewrite(&mut self, index: usize, row: &'static Row, bytes: Vec<u8>) {
        if let Some(part) = self.0.get_mut(index) {
            part.fate = Fate::rebuild(row, bytes);
        }
    }

    /// The map of a file of `len` bytes, of the format with this name.
    ///
    /// # Errors
    /// As [`PartMap::new`].
    pub(in crate::formats) fn map(self, len: u64, name: &'static str) -> Result<PartMap> {
        PartMap::new(self.0, len, name)
    }
}
