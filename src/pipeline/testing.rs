//! The whole way of one file, for unit tests of formats.

use super::{Job, clean as plan, verify};
use crate::bytes::{Source, run};
use crate::model::{OutcomeKind, Result};

/// Cleans and verifies a file. A copy differs from its original exactly when something was found.
pub(crate) fn clean(input: &[u8]) -> Result<(Vec<u8>, OutcomeKind)> {
    let job = Job::default();
    let source = Source::memory(input);
    let cleaning = plan(&source, &job)?;
    let found = &cleaning.inspection.found.findings;
    let mut out = Vec::new();
    run(&cleaning.plan, &source, &mut out)?;
    assert_eq!(found.is_empty(), out == input, "{found:?}");
    let verified = verify(&cleaning, &Source::memory(&out), &job)?;
    Ok((out, verified.kind()))
}
