//! Turns a plan into bytes.

use std::io::Write;

use super::Source;
use crate::model::{Plan, Result, Span, Step};

/// Writes the output that `plan` describes, in constant memory.
///
/// # Errors
/// As [`Source::read`], and whatever `out` says.
pub fn run(plan: &Plan, source: &Source<'_>, out: &mut dyn Write) -> Result<()> {
    for step in plan.steps() {
        match step {
            Step::Copy(span) => source.for_each(*span, |bytes| Ok(out.write_all(bytes)?))?,
            Step::Bytes(bytes) => out.write_all(bytes)?,
            Step::Zero(n) => {
                std::io::copy(&mut std::io::Read::take(std::io::repeat(0), *n), out)?;
            }
        }
    }
    Ok(())
}

/// Whether the output that `plan` describes is `source` itself: nothing would change.
///
/// # Errors
/// As [`Source::read`].
pub fn is_identity(plan: &Plan, source: &Source<'_>) -> Result<bool> {
    let mut at = 0u64;
    for step in plan.steps() {
        let here = match step {
            Step::Copy(span) => span.start() == at,
            Step::Bytes(bytes) => *source.peek(at, crate::model::len_u64(bytes.len()))? == **bytes,
            Step::Zero(n) => {
                let mut zeros = true;
                let span = Span::new(at, at.saturating_add(*n).min(source.len()));
                source.for_each(span, |bytes| {
                    zeros &= bytes.iter().all(|b| *b == 0);
                    Ok(())
                })?;
                zeros && span.len() == *n
            }
        };
        if !here {
            return Ok(false);
        }
        at = at.saturating_add(match step {
            Step::Copy(span) => span.len(),
            Step::Bytes(bytes) => crate::model::len_u64(bytes.len()),
            Step::Zero(n) => *n,
        });
    }
    Ok(at == source.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_recognises_itself() {
        let input = b"abcdefgh";
        let source = Source::memory(input);
        let mut plan = Plan::new();
        plan.push(Step::Copy(Span::new(0, 2)));
        plan.push(Step::Bytes(b"XY".to_vec()));
        plan.push(Step::Zero(2));
        plan.push(Step::Copy(Span::new(6, 8)));
        let mut out = Vec::new();
        run(&plan, &source, &mut out).unwrap();
        assert_eq!(out, b"abXY\0\0gh");
        assert!(!is_identity(&plan, &source).unwrap());
        assert!(is_identity(&plan, &Source::memory(&out)).unwrap());
        assert!(!is_identity(&plan, &Source::memory(&out[..7])).unwrap());
    }
}
