//! Runs a batch: as many files at a time as there are processors, one outcome for each.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};

use super::input::{Buffer, IN_MEMORY, Input};
use super::naming::companion;
use super::naming::{Item, Naming, Numbers, Trail, value_in_name, wrong_extension};
use super::progress::{Counted, Progress};
use super::publish::{Candidate, Disk, Publisher, ReadBack};
use super::shelf::Shelves;
use super::walk::{Entry, Kind, Visit, Walk};
use super::workers::{AHEAD, contained, each, stopper};
use super::{Batch, Cancel, Cleanse, Ended, Event, Names, Record};
use crate::bytes::{ReadAt, Source};

use crate::model::{Error, FileKind, Finding, Limits, Outcome, OutcomeKind, Why};
use crate::pipeline::{self, Cleaning, Job, Verified};

/// Maximum number of files that wait for a worker. The walk goes on that far, so that what is left can be
/// counted.
// A channel has room for all of them from the beginning, so that they are boxes.
const QUEUE: usize = 1 << 16;

impl Batch {
    /// Walks, handles every file, and hands over what happens. `cancel` ends it: files that are begun are
    /// given up, and the others are not looked at.
    ///
    /// # Errors
    /// When there are no threads to be had, or when the disk did not take the copies.
    pub fn run(&self, cancel: &Cancel, mut on_event: impl FnMut(Event)) -> Result<Ended, RunError> {
        let outputs = self.real_outputs();
        let walk = Walk {
            named: &self.named,
            follow_links: self.options.follow_links,
            outputs: &outputs,
            read: &self.read,
        };
        if walk.follow_links && self.publisher.is_some() {
            // Links lead anywhere: all folders have to be known before one is written to.
            walk.run(&mut Nothing(cancel));
        }
        let mut ended = Ended::default();
        let (sender, events) = mpsc::sync_channel(AHEAD);
        let (queue, items) = mpsc::sync_channel(QUEUE);
        let walked = std::thread::scope(|threads| {
            let walker = {
                let sender = sender.clone();
                threads.spawn(move || {
                    let mut finder = Finder {
                        batch: self,
                        cancel,
                        queue,
                        events: sender,
                        trail: Trail::default(),
                        numbers: HashMap::new(),
                        found: 0,
                    };
                    let walked = walk.run(&mut finder);
                    let _ = finder.events.send(Event::Walked);
                    walked
                })
            };
            let work = |item: Box<Item>, buffer: &mut Buffer, events: &SyncSender<Event>| {
                let index = item.index;
                let _ = events.send(Event::Started { index });
                let report = |done, total| {
                    // Who is busy with other events can do without this one.
                    let _ = events.try_send(Event::Progress { index, done, total });
                };
                let record = Box::new(self.one(*item, buffer, cancel, &Progress::new(&report)));
                let _ = events.send(Event::Finished { index, record });
            };
            let done = each(
                items.into_iter(),
                self.options.jobs,
                cancel,
                (sender, events),
                work,
                |event| {
                    match &event {
                        Event::Found { .. } => ended.found = ended.found.saturating_add(1),
                        Event::Finished { .. } => ended.finished = ended.finished.saturating_add(1),
                        _ => {}
                    }
                    on_event(event);
                },
            );
            // A walk that ended by a bug did not come to its end.
            done.map(|()| walker.join().unwrap_or(false))
        })?;
        ended.walked = walked;
        if let Some(publisher) = &self.publisher {
            publisher.finish().map_err(RunError::Disk)?;
        }
        on_event(Event::Ended(ended));
        Ok(ended)
    }

    /// A bug costs one file and never the batch.
    fn one(
        &self,
        item: Item,
        buffer: &mut Buffer,
        cancel: &Cancel,
        progress: &Progress<'_>,
    ) -> Record {
        let mut seen = Seen {
            names: self.naming.of_item(&item),
            ..Seen::default()
        };
        let mut item = item;
        let done = match item.why.take() {
            Some(why) => Err(why),
            None => contained(|| self.attempt(&item, &mut seen, buffer, cancel, progress)),
        };
        let (done, why) = match done {
            Ok(done) => (done, None),
            Err(why) => (Done::new(why.kind()), Some(Arc::new(why))),
        };
        let kind = self.last_word(done.kind, why.as_deref(), &seen);
        let mut findings = seen.findings;
        findings.extend(seen.names);
        Record {
            path: item.path,
            output: done.output,
            outcome: Outcome {
                kind,
                format: seen.kind.map(|kind| kind.info.id),
                reason: why.as_ref().map(ToString::to_string),
                findings,
                residue: done.residue,
                bytes_in: seen.bytes,
                bytes_out: done.bytes,
            },
            why,
        }
    }

    /// What became of a file, now that it is known as well what its name and the file system tell. A copy
    /// that has another name and the same bytes was clean already.
    fn last_word(&self, kind: OutcomeKind, why: Option<&Why>, seen: &Seen) -> OutcomeKind {
        let content = seen.findings.iter().any(|finding| !finding.is_about_name());
        match (kind, why) {
            (OutcomeKind::NothingFound, _) if content || !seen.names.is_empty() => {
                OutcomeKind::Found
            }
            (OutcomeKind::NothingFound, _) if !seen.findings.is_empty() => OutcomeKind::Found,
            (OutcomeKind::AlreadyClean, _) if content => OutcomeKind::Cleaned,
            // That it is there is what it gives away.
            (_, Some(Why::Companion(_))) if self.options.clean.is_none() => OutcomeKind::Found,
            _ => kind,
        }
    }

    fn attempt(
        &self,
        item: &Item,
        seen: &mut Seen,
        buffer: &mut Buffer,
        cancel: &Cancel,
        progress: &Progress<'_>,
    ) -> Result<Done, Why> {
        let name = item.path.file_name().unwrap_or_default().to_string_lossy();
        let companion = companion::companion(&name);
        if let Some(companion) = companion.filter(|companion| companion.is_certain) {
            seen.names.push(companion.finding());
            return Err(Why::Companion(companion.word));
        }
        seen.is_companion = companion.is_some();
        let input = Input::open(&item.path, self.options.follow_links || item.follow_links)?;
        seen.bytes = input.len();
        progress.begin(input.len(), self.options.clean.is_some());
        let read = Counted {
            file: &input,
            progress,
        };
        let stop = stopper(input.len(), cancel);
        let clean = self.options.clean.as_ref();
        let job = Job {
            limits: Limits::default(),
            policy: clean.map(|clean| clean.policy).unwrap_or_default(),
            password: self.options.password.as_ref(),
            stop: &stop,
            spill: Some(&Disk),
        };
        let done = match (clean, &self.publisher) {
            (Some(cleanse), Some(publisher)) => {
                let copying = Copying {
                    input: &input,
                    read: &read,
                    job: &job,
                    cleanse,
                    naming: &self.naming,
                    publisher,
                    item,
                };
                copying.run(seen, buffer)
            }
            _ => scan(item, &read, &job, seen, buffer),
        };
        match (done, companion) {
            // No format knows the bytes: then the name says what the file is for.
            (Err(_), Some(companion)) if seen.kind.is_none() && input.len() > 0 => {
                seen.names.push(companion.finding());
                Err(Why::Companion(companion.word))
            }
            (done, _) => done.map_err(|why| blame(why, &input, seen.kind)),
        }
    }
}

/// Turns what a walk meets into what is to be done.
struct Finder<'a> {
    batch: &'a Batch,
    cancel: &'a Cancel,
    queue: SyncSender<Box<Item>>,
    events: SyncSender<Event>,
    trail: Trail,
    /// By the place for the copies.
    numbers: HashMap<PathBuf, Numbers>,
    found: u64,
}

impl Finder<'_> {
    /// Numbers for a folder with the names that are in it.
    fn inside(path: &Path) -> Numbers {
        let names: Vec<_> = std::fs::read_dir(path)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name())
            .collect();
        Numbers::new(names.iter().map(std::ffi::OsString::as_os_str))
    }
}

impl Visit for Finder<'_> {
    fn input(&mut self, input: usize) {
        let batch = self.batch;
        let place = batch.places.as_ref().and_then(|places| places.get(input));
        let base = place.map(|place| place.base.clone()).unwrap_or_default();
        let Some(named) = batch.named.get(input) else {
            return;
        };
        let inside = if named.is_folder {
            Self::inside(&named.path)
        } else {
            Numbers::default()
        };
        let numbers = self.numbers.entry(base).or_default();
        self.trail = Trail::begin(place, &batch.naming, numbers, inside);
    }

    fn folder(&mut self, path: &Path, depth: usize) {
        if let Some(name) = path.file_name().filter(|_| depth > 0) {
            let inside = Self::inside(path);
            self.trail.enter(depth, name, &self.batch.naming, inside);
        }
    }

    fn entry(&mut self, entry: Entry) -> bool {
        let follow_links = entry.is_named();
        let Some((folder, mut number)) = self.trail.file(entry.depth) else {
            return false;
        };
        if follow_links {
            // Files that were named are side by side in one place.
            let numbers = self.numbers.entry(folder.base().to_owned()).or_default();
            number = numbers.file();
        }
        let index = self.found;
        self.found = index.saturating_add(1);
        let item = Item {
            index,
            follow_links,
            why: match entry.kind {
                Kind::Not(why) => Some(why),
                Kind::Regular => None,
            },
            folder,
            number,
            has_siblings: follow_links && self.batch.named.len() > 1,
            path: entry.path,
        };
        let path = item.path.clone();
        !self.cancel.is_cancelled()
            && self.events.send(Event::Found { index, path }).is_ok()
            && self.queue.send(Box::new(item)).is_ok()
    }
}

/// Only the walk itself is wanted.
struct Nothing<'a>(&'a Cancel);

impl Visit for Nothing<'_> {
    fn entry(&mut self, _: Entry) -> bool {
        !self.0.is_cancelled()
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
    /// What its bytes say it is.
    kind: Option<FileKind>,
    findings: Vec<Finding>,
    /// What its name, and those of the folders around it, give away.
    names: Vec<Finding>,
    bytes: u64,
    /// Whether its name says that it belongs to another file.
    is_companion: bool,
}

impl Seen {
    /// What can be said before the content is understood.
    fn first_look(&mut self, item: &Item, input: &Input, source: &Source<'_>) -> Result<(), Why> {
        self.findings.extend(input.attributes());
        self.kind = pipeline::identify(source)?.map(|detected| detected.kind());
        // Text can be anything; its name says what for.
        if self.is_companion && self.kind.is_some_and(|kind| kind.info.id == "txt") {
            self.kind = None;
            return Err(Error::UnknownKind.into());
        }
        if let (Some(kind), Some(name)) = (self.kind, item.path.file_name()) {
            self.findings.extend(wrong_extension(name, kind));
        }
        Ok(())
    }

    /// What the content says that is in the name as well.
    fn second_look(&mut self, item: &Item) {
        let name = item.path.file_name().unwrap_or_default();
        self.names.extend(value_in_name(name, &self.findings));
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

/// A file as a source: loaded into memory, or read by `far` where it is too large for that.
pub(super) fn source<'a>(
    input: &'a Input,
    far: &'a dyn ReadAt,
    buffer: &'a mut Buffer,
) -> Result<Source<'a>, Why> {
    Ok(if input.len() <= IN_MEMORY {
        Source::memory(buffer.load(input.file(), input.len()).map_err(Error::Io)?)
    } else {
        Source::random(far)
    })
}

fn scan(
    item: &Item,
    read: &Counted<'_, Input>,
    job: &Job<'_>,
    seen: &mut Seen,
    buffer: &mut Buffer,
) -> Result<Done, Why> {
    let input = read.file;
    let source = source(input, read, buffer)?;
    seen.first_look(item, input, &source)?;
    let scanned = match pipeline::scan(&source, job) {
        Err(error @ Error::Malformed { .. }) => {
            seen.findings.extend(pipeline::salvage(&source, job).told());
            return Err(error.into());
        }
        scanned => scanned?,
    };
    seen.findings.extend(scanned.found.told());
    seen.findings.extend(scanned.residue);
    seen.second_look(item);
    input.require_unchanged()?;
    Ok(Done::new(OutcomeKind::NothingFound))
}

/// One file on its way to a copy.
struct Copying<'a> {
    input: &'a Input,
    read: &'a Counted<'a, Input>,
    job: &'a Job<'a>,
    cleanse: &'a Cleanse,
    naming: &'a Naming,
    publisher: &'a Publisher,
    item: &'a Item,
}

impl Copying<'_> {
    fn run(&self, seen: &mut Seen, buffer: &mut Buffer) -> Result<Done, Why> {
        let source = source(self.input, self.read, buffer)?;
        seen.first_look(self.item, self.input, &source)?;
        let cleaning = pipeline::clean(&source, self.job)?;
        seen.findings.extend(cleaning.examined.found.told());
        seen.second_look(self.item);
        let kind = seen.kind.ok_or(Error::UnknownKind)?;
        let wanted = self.naming.wanted(self.item, kind, &seen.findings);
        let folder = &self.item.folder;
        if self.cleanse.dry_run {
            let path = Shelves::planned(folder, &wanted, self.naming.noun("folder"));
            let residue = cleaning.examined.residue;
            let kind = OutcomeKind::of_copy(cleaning.already_clean, &residue);
            return Ok(self.done(seen, kind, residue, cleaning.examined.plan.len(), path));
        }
        let candidate = self.publisher.candidate(folder)?;
        candidate.write(&cleaning.examined.plan, &source, self.input, self.job.stop)?;
        self.input.require_unchanged()?;
        let verified = self.second_look(&cleaning, &candidate, buffer)?;
        let (kind, residue) = (verified.kind(), verified.residue().to_vec());
        let bytes = verified.bytes();
        let path = self
            .publisher
            .publish(candidate, verified, self.input, folder, &wanted)?;
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
        let counted = Counted {
            file: &read_back,
            progress: self.read.progress,
        };
        let source = if len <= IN_MEMORY {
            Source::memory(buffer.load(file, len).map_err(Why::Write)?)
        } else {
            Source::random(&counted)
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
            let names = seen.findings.iter().chain(&seen.names);
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
pub(super) fn blame(why: Why, input: &Input, kind: Option<FileKind>) -> Why {
    match why {
        Why::File(Error::Io(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
            let format = kind.map_or("file", |kind| kind.info.name);
            match input.require_unchanged() {
                Ok(()) => Error::malformed(format, input.len(), "it ends too early").into(),
                Err(why) => why,
            }
        }
        Why::File(Error::Io(error)) => Why::Read(error),
        why => why,
    }
}
