//! What an output consists of.

use std::sync::Arc;

use super::{Scratch, Span};

/// One step of writing an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Bytes of the input, unchanged.
    Copy(Span),
    /// Bytes of a scratch, unchanged.
    Scratch(Scratch, Span),
    /// Bytes that this program made. They are shared with the part that they belong to.
    Bytes(Arc<[u8]>),
    /// This many zero bytes.
    Zero(u64),
}

impl Step {
    /// Bytes that this program made.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self::Bytes(bytes.into())
    }

    /// Length of its output, in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Copy(span) | Self::Scratch(_, span) => span.len(),
            Self::Bytes(bytes) => super::len_u64(bytes.len()),
            Self::Zero(n) => *n,
        }
    }

    /// Whether it writes no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// An output as data: it can be counted, compared and dry-run before a byte is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    steps: Vec<Step>,
}

impl Plan {
    /// An empty output.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a step. Copies that continue each other become one; empty steps are left out.
    pub fn push(&mut self, step: Step) {
        if step.is_empty() {
            return;
        }
        match (self.steps.last_mut(), step) {
            (Some(Step::Copy(last)), Step::Copy(next)) if last.end() == next.start() => {
                *last = Span::new(last.start(), next.end());
            }
            (Some(Step::Scratch(from, last)), Step::Scratch(scratch, next))
                if last.end() == next.start() && *from == scratch =>
            {
                *last = Span::new(last.start(), next.end());
            }
            (_, step) => self.steps.push(step),
        }
    }

    /// Adds bytes that this program made.
    pub fn bytes(&mut self, bytes: impl Into<Arc<[u8]>>) {
        self.push(Step::bytes(bytes));
    }

    /// Adds the output of a file that is located, as it is, at offset `base` of this plan's input: a
    /// stored member, a stream. No byte of it is held.
    pub fn splice(&mut self, inner: &Self, base: u64) {
        for step in &inner.steps {
            self.push(match step {
                Step::Copy(span) => Step::Copy(shifted(*span, base)),
                other => other.clone(),
            });
        }
    }

    /// Adds the output of a file that is located at offset `base` of a scratch.
    pub fn splice_scratch(&mut self, inner: &Self, scratch: &Scratch, base: u64) {
        for step in &inner.steps {
            self.push(match step {
                Step::Copy(span) => Step::Scratch(scratch.clone(), shifted(*span, base)),
                other => other.clone(),
            });
        }
    }

    /// The steps in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Length of the output, in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.steps
            .iter()
            .fold(0, |sum, step| sum.saturating_add(step.len()))
    }

    /// Whether the output would have no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A span of an inner file in the coordinates of the file around it. One that does not fit into 64 bits
/// becomes one that no file contains, so that running the plan fails.
fn shifted(span: Span, base: u64) -> Span {
    base.checked_add(span.start())
        .and_then(|start| Span::sized(start, span.len()))
        .unwrap_or(Span::new(0, u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_plan_is_translated() {
        let mut inner = Plan::new();
        inner.push(Step::Copy(Span::new(0, 4)));
        inner.bytes(*b"new");
        inner.push(Step::Copy(Span::new(8, 10)));
        let mut outer = Plan::new();
        outer.push(Step::Copy(Span::new(0, 100)));
        outer.splice(&inner, 100);
        let expected = [
            Step::Copy(Span::new(0, 104)),
            Step::bytes(*b"new"),
            Step::Copy(Span::new(108, 110)),
        ];
        assert_eq!(outer.steps(), expected);
        assert_eq!(outer.len(), 109);
    }

    #[test]
    fn a_place_that_cannot_be_is_no_place_that_can() {
        let mut inner = Plan::new();
        inner.push(Step::Copy(Span::new(0, 4)));
        let mut outer = Plan::new();
        outer.splice(&inner, u64::MAX - 1);
        assert_eq!(outer.steps(), [Step::Copy(Span::new(0, u64::MAX))]);
    }
}
