//! What an output consists of.

use super::Span;

/// One step of writing an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Bytes of the input, unchanged.
    Copy(Span),
    /// Bytes that were made anew.
    Bytes(Vec<u8>),
    /// So many zero bytes.
    Zero(u64),
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

    /// Adds a step; neighbouring copies become one.
    pub fn push(&mut self, step: Step) {
        match (self.steps.last_mut(), step) {
            (Some(Step::Copy(last)), Step::Copy(next)) if last.end() == next.start() => {
                *last = Span::new(last.start(), next.end());
            }
            (Some(Step::Bytes(last)), Step::Bytes(next)) => last.extend_from_slice(&next),
            (_, step) => self.steps.push(step),
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
        self.steps.iter().fold(0, |sum, step| {
            sum.saturating_add(match step {
                Step::Copy(span) => span.len(),
                Step::Bytes(bytes) => super::len_u64(bytes.len()),
                Step::Zero(n) => *n,
            })
        })
    }

    /// Whether the output would have no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
