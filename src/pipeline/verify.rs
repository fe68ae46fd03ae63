//! The second look at a candidate: only what passes it may get a name.

use super::{Cleaning, Job, clean, detect, second_look};
use crate::bytes::{Source, is_identity};
use crate::formats::Format;
use crate::model::{
    Category, Digest, Error, Finding, Found, OutcomeKind, Plan, Result, Secrets, Severity,
};

/// Proof that a candidate was read again and found clean. Only this module can make one, and
/// publishing takes nothing else.
#[derive(Debug)]
pub struct Verified {
    kind: OutcomeKind,
    residue: Vec<Finding>,
    len: u64,
}

impl Verified {
    /// `Cleaned`, `AlreadyClean` or `Reduced`.
    #[must_use]
    pub fn kind(&self) -> OutcomeKind {
        self.kind
    }

    /// What is left.
    #[must_use]
    pub fn residue(&self) -> &[Finding] {
        &self.residue
    }

    /// Length of the candidate that was read, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.len
    }
}

/// Reads a candidate again and compares it with what was planned.
///
/// # Errors
/// [`Error::VerifyFailed`] when it is not clean, not complete, or does not show the same.
pub fn verify(cleaning: &Cleaning, candidate: &Source<'_>, job: &Job<'_>) -> Result<Verified> {
    if candidate.len() != cleaning.examined.plan.len() {
        return Err(Error::verify("it has another length than planned"));
    }
    let secrets = &cleaning.examined.found.secrets;
    let written = Some(&cleaning.examined.plan);
    let (mut residue, payload) = look_again(cleaning.format, candidate, secrets, written, job)?;
    if payload != cleaning.payload {
        return Err(Error::verify("the picture data is not the same"));
    }
    // Some of what stays can be seen in the original only, such as the trace of a watermark.
    for finding in &cleaning.examined.residue {
        if !residue.iter().any(|known| known.id == finding.id) {
            residue.push(finding.clone());
        }
    }
    if secrets.left_out() > 0 {
        let what = "values too many to be searched for in the copy";
        let finding = Finding::new("check.values", Category::Unknown, Severity::Low, "", what);
        residue.push(finding);
    }
    let kind = match (cleaning.already_clean, residue.is_empty()) {
        (_, false) => OutcomeKind::Reduced,
        (true, true) => OutcomeKind::AlreadyClean,
        (false, true) => OutcomeKind::Cleaned,
    };
    Ok(Verified {
        kind,
        residue,
        len: candidate.len(),
    })
}

/// Looks at an output as if it came from somebody else. Returns what is known to stay, and the digest of
/// its payload.
fn look_again(
    format: &'static dyn Format,
    candidate: &Source<'_>,
    secrets: &Secrets,
    written: Option<&Plan>,
    job: &Job<'_>,
) -> Result<(Vec<Finding>, Digest)> {
    let again =
        detect::require(candidate).map_err(|_| Error::verify("it is no longer recognised"))?;
    if again.info().id != format.info().id {
        return Err(Error::verify("it is now of another format"));
    }
    job.with_context(|cx| {
        let examined = again.examine(candidate, cx)?;
        if let Some(left) = examined.found.findings.first() {
            return Err(Error::verify(format!("{} is still there", left.id)));
        }
        if !is_identity(&examined.plan, candidate)? {
            return Err(Error::verify("cleaning it again would change it"));
        }
        second_look::check(again, candidate, secrets, &examined, written, cx)?;
        let payload = super::clean::payload(again, &examined, candidate, cx)?;
        Ok((examined.residue, payload))
    })
}

/// What a comparison of an original with a copy showed.
#[derive(Debug)]
pub struct Comparison {
    /// What the original gives away.
    pub original: Found,
    /// Why the copy is not clean, where it is not.
    pub unclean: Option<Error>,
    /// What is known to stay in the copy.
    pub residue: Vec<Finding>,
    /// Whether the copy shows the same: format, coded payload, orientation, colours.
    pub same_payload: bool,
}

/// Compares any two files: is `copy` clean, and does it show what `original` shows?
///
/// # Errors
/// When one of them cannot be understood.
pub fn compare(original: &Source<'_>, copy: &Source<'_>, job: &Job<'_>) -> Result<Comparison> {
    let cleaning = clean(original, job)?;
    let secrets = &cleaning.examined.found.secrets;
    let (unclean, residue) = match look_again(cleaning.format, copy, secrets, None, job) {
        Ok((residue, _)) => (None, residue),
        Err(error) => (Some(error), Vec::new()),
    };
    let same_payload = detect::require(copy)
        .ok()
        .filter(|format| format.info().id == cleaning.format.info().id)
        .and_then(|format| job.with_context(|cx| format.payload_digest(copy, cx)).ok())
        .is_some_and(|digest| digest == cleaning.payload);
    Ok(Comparison {
        original: cleaning.examined.found,
        unclean,
        residue,
        same_payload,
    })
}

/// Format and payload digest of a file, to tell which files show the same.
///
/// # Errors
/// When it cannot be understood.
pub fn payload(source: &Source<'_>, job: &Job<'_>) -> Result<(&'static str, Digest)> {
    let format = detect::require(source)?;
    let digest = job.with_context(|cx| format.payload_digest(source, cx))?;
    Ok((format.info().id, digest))
}
