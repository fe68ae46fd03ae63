//! One file's whole way, judged: the question that every mutation, truncation and fuzz input is asked.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sparlos::bytes::{Source, run};
use sparlos::model::Error;
use sparlos::pipeline::{self, Cleaning, Job, Verified};

/// What became of the bytes.
#[derive(Debug)]
pub enum Verdict {
    /// No output, and the file is to blame.
    Refused,
    /// No output: damage moved a value of the file's metadata into the picture's own data, where the second
    /// look finds it and nobody can take it out.
    Withheld,
    /// An output that passed the second look.
    Passed(Vec<u8>),
    /// A promise is broken: this is a bug.
    Broken(String),
}

/// A file that went all the way.
#[derive(Debug)]
pub struct Cleaned {
    pub cleaning: Cleaning,
    pub verified: Verified,
    pub bytes: Vec<u8>,
}

/// The bytes that `cleaning` plans.
pub fn candidate(cleaning: &Cleaning, source: &Source<'_>) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    run(&cleaning.examined.plan, source, &mut bytes)?;
    Ok(bytes)
}

/// Plans, writes into memory and verifies.
pub fn clean(source: &Source<'_>, job: &Job<'_>) -> Result<Cleaned, Error> {
    let cleaning = pipeline::clean(source, job)?;
    let bytes = candidate(&cleaning, source)?;
    let verified = pipeline::verify(&cleaning, &Source::memory(&bytes), job)?;
    Ok(Cleaned {
        cleaning,
        verified,
        bytes,
    })
}

/// The same for bytes that may be anything, panics included.
pub fn judge(bytes: &[u8], job: &Job<'_>) -> Verdict {
    let source = Source::memory(bytes);
    match catch_unwind(AssertUnwindSafe(|| clean(&source, job))) {
        Ok(Ok(cleaned)) => Verdict::Passed(cleaned.bytes),
        Ok(Err(error)) if error.is_refusal() => Verdict::Refused,
        Ok(Err(Error::ValueLeft { .. })) => Verdict::Withheld,
        // A read past the end shows here as an I/O error: of memory there is no other.
        Ok(Err(error)) => Verdict::Broken(error.to_string()),
        Err(panic) => Verdict::Broken(format!("panic: {}", message(&*panic))),
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("of an unknown kind")
}
