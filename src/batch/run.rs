//! Runs a batch: as many files at a time as there are processors, one outcome for each.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::input::{Buffer, IN_MEMORY, Input};
use super::naming::{Item, Target, wrong_extension};
use super::publish::{Candidate, Publisher, ReadBack};
use super::workers::{contained, in_order, stopper};
use super::{Batch, Cleanse, Names, Record};
use crate::bytes::{ReadAt, Source};
use crate::formats::Info;
use crate::model::{Error, Finding, Limits, Outcome, OutcomeKind, Why};
use crate::pipeline::{self, Cleaning, Job, Verified};

impl Batch {
    /// Handles every file and hands the records over in the order of the files.
    ///
    /// Returns `false` when `cancel` was set and files were left out.
    ///
    /// # Errors
    /// When there are no threads to be had, or when the disk did not take the copies.
    pub fn run(
        &self,
        cancel: &AtomicBool,
        on_record: impl FnMut(Record),
    ) -> Result<bool, RunError> {
        let work = |item: &Item, buffer: &mut Buffer| self.one(item, buffer, cancel);
        let all = in_order(&self.items, self.options.jobs, cancel, work, on_record)?;
        if let Some(publisher) = &self.publisher {
            publisher.finish().map_err(RunError::Disk)?;
        }
        Ok(all)
    }

    /// A bug costs one file and never the batch.
    fn one(&self, item: &Item, buffer: &mut Buffer, cancel: &AtomicBool) -> Record {
        let mut seen = Seen::default();
        let done = match &item.why {
            Some(why) => Err(Arc::clone(why)),
            None => contained(|| self.attempt(item, &mut seen, buffer, cancel)).map_err(Arc::new),
        };
        let (done, why) = match done {
            Ok(done) => (done, None),
            Err(why) => (Done::new(why.kind()), Some(why)),
        };
        let mut findings = seen.findings;
        findings.extend(item.names.iter().cloned());
        Record {
            path: item.path.clone(),
            output: done.output,
            outcome: Outcome {
                kind: self.last_word(done.kind, why.as_deref(), &findings),
                format: seen.format.map(|info| info.id),
                reason: why.as_ref().map(ToString::to_string),
                findings,
                residue: done.residue,
                bytes_in: seen.bytes,
                bytes_out: done.bytes,
            },
            why,
        }
    }

    /// What became of a file, now that it is known as well what its name tells.
    fn last_word(&self, kind: OutcomeKind, why: Option<&Why>, findings: &[Finding]) -> OutcomeKind {
        match (kind, why) {
            (OutcomeKind::NothingFound, _) if !findings.is_empty() => OutcomeKind::Found,
            (OutcomeKind::AlreadyClean, _) if !self.keeps_names() && !findings.is_empty() => {
                OutcomeKind::Cleaned
            }
            // That it is there is what it gives away.
            (_, Some(Why::Companion(_))) if self.options.clean.is_none() => OutcomeKind::Found,
            _ => kind,
        }
    }

    fn keeps_names(&self) -> bool {
        self.options
            .clean
            .as_ref()
            .is_some_and(|clean| clean.names == Names::Keep)
    }

    fn attempt(
        &self,
        item: &Item,
        seen: &mut Seen,
        buffer: &mut Buffer,
        cancel: &AtomicBool,
    ) -> Result<Done, Why> {
        let input = Input::open(&item.path, self.options.follow_links || item.follow_links)?;
        seen.bytes = input.len();
        let stop = stopper(input.len(), cancel);
        let clean = self.options.clean.as_ref();
        let job = Job {
            limits: Limits::default(),
            policy: clean.map(|clean| clean.policy).unwrap_or_default(),
            stop: &stop,
            spill: None,
        };
        let done = match (clean, &self.publisher, &item.target) {
            (Some(cleanse), Some(publisher), Some(target)) => {
                let copying = Copying {
                    input: &input,
                    job: &job,
                    cleanse,
                    publisher,
                    item,
                    target,
                };
                copying.run(seen, buffer)
            }
            _ => scan(item, &input, &job, seen, buffer),
        };
        done.map_err(|why| blame(why, &input, seen.format))
    }
}

/// Why a batch as a whole has failed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No worker could be started.
    #[error(transparent)]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// The copies were written, but the disk could not be brought to keep them.
    #[error("the disk did not take the copies: {0}")]
    Disk(io::Error),
}

/// What is known about a file, whatever becomes of it.
#[derive(Default)]
struct Seen {
    format: Option<&'static Info>,
    findings: Vec<Finding>,
    bytes: u64,
}

impl Seen {
    /// What can be said before the content is understood.
    fn first_look(&mut self, item: &Item, input: &Input, source: &Source<'_>) -> Result<(), Why> {
        self.findings.extend(input.attributes());
        self.format = pipeline::identify(source)?.map(|format| format.info());
        if let (Some(info), Some(name)) = (self.format, item.path.file_name()) {
            self.findings.extend(wrong_extension(name, info));
        }
        Ok(())
    }
}

/// What became of a file that was read to its end.
struct Done {
    kind: OutcomeKind,
    output: Option<PathBuf>,
    residue: Vec<Finding>,
    bytes: Option<u64>,
}

impl Done {
    fn new(kind: OutcomeKind) -> Self {
        Self {
            kind,
            output: None,
            residue: Vec::new(),
            bytes: None,
        }
    }
}

pub(super) fn source<'a>(input: &'a Input, buffer: &'a mut Buffer) -> Result<Source<'a>, Why> {
    Ok(if input.len() <= IN_MEMORY {
        Source::memory(buffer.load(input.file(), input.len()).map_err(Error::Io)?)
    } else {
        Source::random(input)
    })
}

fn scan(
    item: &Item,
    input: &Input,
    job: &Job<'_>,
    seen: &mut Seen,
    buffer: &mut Buffer,
) -> Result<Done, Why> {
    let source = source(input, buffer)?;
    seen.first_look(item, input, &source)?;
    let scanned = pipeline::scan(&source, job)?;
    seen.findings.extend(scanned.found.findings);
    seen.findings.extend(scanned.residue);
    input.require_unchanged()?;
    Ok(Done::new(OutcomeKind::NothingFound))
}

/// One file on its way to a copy.
struct Copying<'a> {
    input: &'a Input,
    job: &'a Job<'a>,
    cleanse: &'a Cleanse,
    publisher: &'a Publisher,
    item: &'a Item,
    target: &'a Target,
}

impl Copying<'_> {
    fn run(&self, seen: &mut Seen, buffer: &mut Buffer) -> Result<Done, Why> {
        let source = source(self.input, buffer)?;
        seen.first_look(self.item, self.input, &source)?;
        let cleaning = pipeline::clean(&source, self.job)?;
        seen.findings
            .extend(cleaning.examined.found.findings.iter().cloned());
        let info = cleaning.format.info();
        let noun = self.cleanse.nouns.get(info.noun);
        let path = self
            .target
            .path(info, noun.map_or(info.noun, String::as_str));
        if self.cleanse.dry_run {
            let residue = cleaning.examined.residue;
            let kind = match (cleaning.already_clean, residue.is_empty()) {
                (_, false) => OutcomeKind::Reduced,
                (true, true) => OutcomeKind::AlreadyClean,
                (false, true) => OutcomeKind::Cleaned,
            };
            return Ok(self.done(seen, kind, residue, cleaning.examined.plan.len(), path));
        }
        let candidate = self.publisher.candidate(&path)?;
        candidate.write(&cleaning.examined.plan, &source, self.input, self.job.stop)?;
        self.input.require_unchanged()?;
        let verified = self.second_look(&cleaning, &candidate, buffer)?;
        let (kind, residue) = (verified.kind(), verified.residue().to_vec());
        let bytes = verified.bytes();
        self.publisher
            .publish(candidate, verified, self.input, &path)?;
        Ok(self.done(seen, kind, residue, bytes, path))
    }

    /// Reads the copy from the disk, where it fits into the memory that held the original.
    fn second_look(
        &self,
        cleaning: &Cleaning,
        candidate: &Candidate,
        buffer: &mut Buffer,
    ) -> Result<Verified, Why> {
        let len = cleaning.examined.plan.len();
        let file = candidate.file();
        let read_back = ReadBack { file, len };
        let source = if len <= IN_MEMORY {
            Source::memory(buffer.load(file, len).map_err(Why::Write)?)
        } else {
            Source::random(&read_back)
        };
        Ok(pipeline::verify(cleaning, &source, self.job)?)
    }

    /// Names that are kept although they tell are left, and said to be. That was asked for, and the file
    /// itself is as clean as `kind` says.
    fn done(
        &self,
        seen: &Seen,
        kind: OutcomeKind,
        mut residue: Vec<Finding>,
        bytes: u64,
        output: PathBuf,
    ) -> Done {
        if self.cleanse.names == Names::Keep {
            let names = seen.findings.iter().chain(&self.item.names);
            residue.extend(names.filter(|finding| finding.is_about_name()).cloned());
        }
        Done {
            kind,
            output: Some(output),
            residue,
            bytes: Some(bytes),
        }
    }
}

/// Tells a file that ends too early from one that somebody cut while it was read.
pub(super) fn blame(why: Why, input: &Input, format: Option<&'static Info>) -> Why {
    match why {
        Why::File(Error::Io(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
            let format = format.map_or("file", |info| info.name);
            match input.require_unchanged() {
                Ok(()) => Error::malformed(format, input.len(), "it ends too early").into(),
                Err(why) => why,
            }
        }
        Why::File(Error::Io(error)) => Why::Read(error),
        why => why,
    }
}
