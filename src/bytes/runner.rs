//! Turns a plan into bytes.

use std::io::Write;

use super::{Context, Source};
use crate::model::{Error, Limits, Plan, Result, Span, Step, len_u64};

/// Writes the output that `plan` describes, in constant memory.
///
/// # Errors
/// As [`Source::read`], and whatever `out` reports.
pub fn run(plan: &Plan, source: &Source<'_>, out: &mut dyn Write) -> Result<()> {
    for_each_of_plan(plan, source, &mut |bytes| Ok(out.write_all(bytes)?))
}

/// Hands the output that `plan` describes to `f`, piece by piece, in constant memory.
///
/// # Errors
/// As [`Source::read`], and whatever `f` returns.
pub fn for_each_of_plan(
    plan: &Plan,
    source: &Source<'_>,
    f: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    for step in plan.steps() {
        for_each_of_step(step, source, f)?;
    }
    Ok(())
}

fn for_each_of_step(
    step: &Step,
    source: &Source<'_>,
    f: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    const ZEROS: &[u8] = &[0; 4096];
    match step {
        Step::Copy(span) => source.for_each(*span, f),
        Step::Scratch(scratch, span) => scratch.source().for_each(*span, f),
        Step::Bytes(bytes) => f(bytes),
        Step::Zero(n) => {
            let mut left = *n;
            while left > 0 {
                let len = usize::try_from(left).map_or(ZEROS.len(), |n| n.min(ZEROS.len()));
                f(ZEROS.get(..len).unwrap_or(ZEROS))?;
                left = left.saturating_sub(len_u64(len));
            }
            Ok(())
        }
    }
}

/// The output that `plan` describes, in memory and charged to the budget.
///
/// # Errors
/// As [`run`] and [`Context::memory`].
pub fn copy_in_memory(plan: &Plan, source: &Source<'_>, cx: &Context<'_>) -> Result<Vec<u8>> {
    cx.memory(plan.len())?;
    let too_large = |_| Error::LimitExceeded { limit: "block" };
    let len = plan.len().min(Limits::default().block);
    let mut out = Vec::with_capacity(usize::try_from(len).map_err(too_large)?);
    run(plan, source, &mut out)?;
    Ok(out)
}

/// Whether the output that `plan` describes is `source` itself: nothing would change.
///
/// # Errors
/// As [`Source::read`].
pub fn is_identity(plan: &Plan, source: &Source<'_>) -> Result<bool> {
    is_unchanged(plan, source, source.whole())
}

/// Whether the output that `plan` describes is what is located at `span` of `source`.
///
/// # Errors
/// As [`Source::read`].
pub fn is_unchanged(plan: &Plan, source: &Source<'_>, span: Span) -> Result<bool> {
    if plan.len() != span.len() {
        return Ok(false);
    }
    let mut at = span.start();
    for step in plan.steps() {
        let here = Span::new(at, at.saturating_add(step.len()));
        let is_same = match step {
            Step::Copy(span) if span.start() == at => true,
            _ => equals(step, here, source)?,
        };
        if !is_same {
            return Ok(false);
        }
        at = here.end();
    }
    Ok(true)
}

/// Whether what a step writes is what is located at `here`.
fn equals(step: &Step, here: Span, source: &Source<'_>) -> Result<bool> {
    // A copy of other bytes of the file can be equal by chance only; that is a change of the layout.
    if matches!(step, Step::Copy(_)) {
        return Ok(false);
    }
    let mut at = here.start();
    let mut same = true;
    for_each_of_step(step, source, &mut |bytes| {
        let end = at.saturating_add(len_u64(bytes.len()));
        same = same && *source.read(Span::new(at, end))? == *bytes;
        at = end;
        Ok(())
    })?;
    Ok(same)
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
        plan.bytes(*b"XY");
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
