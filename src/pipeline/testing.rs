//! The whole way of one file, for unit tests of formats.

use super::{Job, clean as plan, verify};
use crate::bytes::{Source, run};
use crate::model::{Fate, Finding, Found, OutcomeKind, Policy, Result};

/// What became of a file.
#[derive(Debug)]
pub(crate) struct Cleaned {
    pub(crate) bytes: Vec<u8>,
    pub(crate) kind: OutcomeKind,
    pub(crate) found: Found,
    pub(crate) residue: Vec<Finding>,
}

impl Cleaned {
    /// Whether there was a finding of this id.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.found.findings.iter().any(|finding| finding.id == id)
    }

    /// Ids of all that went.
    pub(crate) fn ids(&self) -> Vec<&'static str> {
        self.found
            .findings
            .iter()
            .map(|finding| finding.id)
            .collect()
    }

    /// Ids of all that stays.
    pub(crate) fn stays(&self) -> Vec<&'static str> {
        self.residue.iter().map(|finding| finding.id).collect()
    }
}

/// Cleans and verifies a file under the default policy.
pub(crate) fn cleaned(input: &[u8]) -> Result<Cleaned> {
    cleaned_as(input, Policy::default())
}

/// Cleans and verifies a file. A copy differs from its original exactly when something was found, and
/// every part that goes is explained.
pub(crate) fn cleaned_as(input: &[u8], policy: Policy) -> Result<Cleaned> {
    let job = Job {
        policy,
        ..Job::default()
    };
    let source = Source::memory(input);
    let cleaning = plan(&source, &job)?;
    let mut bytes = Vec::new();
    run(&cleaning.examined.plan, &source, &mut bytes)?;
    let verified = verify(&cleaning, &Source::memory(&bytes), &job)?;
    let examined = cleaning.examined;
    let cleaned = Cleaned {
        bytes,
        kind: verified.kind(),
        found: examined.found,
        residue: verified.residue().to_vec(),
    };
    let (findings, same) = (&cleaned.found.findings, cleaned.bytes == input);
    assert_eq!(findings.is_empty(), same, "{findings:?}");
    for part in examined.parts.iter().flat_map(|map| map.parts()) {
        if let Fate::Drop(id) = part.fate {
            assert!(cleaned.has(id), "{id} is not explained");
        }
    }
    Ok(cleaned)
}

/// The copy alone.
pub(crate) fn copy(input: &[u8]) -> Result<Vec<u8>> {
    cleaned(input).map(|cleaned| cleaned.bytes)
}

/// The copy, and the word for it.
pub(crate) fn clean(input: &[u8]) -> Result<(Vec<u8>, OutcomeKind)> {
    cleaned(input).map(|cleaned| (cleaned.bytes, cleaned.kind))
}
