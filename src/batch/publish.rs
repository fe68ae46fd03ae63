//! The only place where files come into being and get their names.

// This module is what the list of disallowed methods sends everybody else to.
#![allow(clippy::disallowed_methods)]

mod spill;

#[cfg(target_os = "linux")]
use std::collections::HashMap;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File, FileTimes};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use super::Times;
use super::input::{self, Input};
use crate::bytes::{ReadAt, Source, run};
use crate::model::{Error, Plan, Span, Step, Why, len_u64};
use crate::pipeline::Verified;
pub(super) use spill::Disk;

/// What candidates are called: `.sparlos-` and eight unguessable characters and `.part`.
const PREFIX: &str = ".sparlos-";
const SUFFIX: &str = ".part";
const RANDOM: usize = 8;
/// 1 January 2000, 00:00 UTC: the one moment that all copies show.
const NEUTRAL_TIME: Duration = Duration::from_secs(946_684_800);
/// Between two looks at the clock, in bytes.
#[cfg(target_os = "linux")]
const KERNEL_COPY: u64 = 32 << 20;
/// Shorter spans are not worth a call of their own.
const WORTH_A_CALL: u64 = 1 << 20;

/// Which folder or file it really is, whatever its path says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Identity(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] PathBuf);

impl Identity {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let metadata = fs::metadata(path)?;
            Ok(Self((metadata.dev(), metadata.ino())))
        }
        #[cfg(not(unix))]
        fs::canonicalize(path).map(Self)
    }
}

/// A copy that has no name yet. It vanishes unless it is published.
#[derive(Debug)]
pub(super) struct Candidate(NamedTempFile);

impl Candidate {
    /// Writes what `plan` describes; large spans go from file to file inside the kernel.
    pub(super) fn write(
        &self,
        plan: &Plan,
        source: &Source<'_>,
        original: &Input,
        stop: &dyn Fn() -> Option<&'static str>,
    ) -> Result<(), Why> {
        let mut sink = Stoppable {
            out: self.0.as_file(),
            stop,
            failed: None,
        };
        let written = self.write_steps(plan, source, original, &mut sink);
        sink.failed.map_or(written, Err)
    }

    fn write_steps(
        &self,
        plan: &Plan,
        source: &Source<'_>,
        original: &Input,
        sink: &mut Stoppable<'_>,
    ) -> Result<(), Why> {
        let stop = sink.stop;
        // Small pieces are gathered; large ones pass through.
        let mut out = BufWriter::with_capacity(64 << 10, sink);
        if source.in_memory().is_some() {
            run(plan, source, &mut out)?;
        } else {
            for step in plan.steps() {
                let rest = match step {
                    Step::Copy(span) if span.len() >= WORTH_A_CALL => {
                        out.flush().map_err(Why::Write)?;
                        Step::Copy(self.copy_in_kernel(*span, original, stop)?)
                    }
                    other => other.clone(),
                };
                let mut plan = Plan::new();
                plan.push(rest);
                run(&plan, source, &mut out)?;
            }
        }
        out.flush().map_err(Why::Write)
    }

    /// Copies as much of `span` as the file systems allow and returns the rest. Whatever made it end
    /// early, the slow way tries the rest and knows it better.
    #[cfg(target_os = "linux")]
    fn copy_in_kernel(
        &self,
        span: Span,
        original: &Input,
        stop: &dyn Fn() -> Option<&'static str>,
    ) -> Result<Span, Why> {
        let mut from = span.start();
        while from < span.end() {
            if let Some(why) = stop() {
                return Err(Error::Stopped(why).into());
            }
            let len = span.end().saturating_sub(from).min(KERNEL_COPY);
            let Ok(len) = usize::try_from(len) else { break };
            // The call moves `from` itself.
            match rustix::fs::copy_file_range(
                original.file(),
                Some(&mut from),
                self.0.as_file(),
                None,
                len,
            ) {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        Ok(Span::new(from, span.end()))
    }

    /// Other systems go the slow way.
    #[cfg(not(target_os = "linux"))]
    fn copy_in_kernel(
        &self,
        span: Span,
        _: &Input,
        _: &dyn Fn() -> Option<&'static str>,
    ) -> Result<Span, Why> {
        Ok(span)
    }

    /// The file itself, to be read again.
    pub(super) fn file(&self) -> &File {
        self.0.as_file()
    }
}

/// A candidate that is too large for the memory, read back from the disk.
pub(super) struct ReadBack<'a> {
    pub(super) file: &'a File,
    pub(super) len: u64,
}

impl ReadAt for ReadBack<'_> {
    fn len(&self) -> u64 {
        self.len
    }
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        input::read_exact_at(self.file, buf, offset)
    }
}

/// A file that is written until somebody wants to stop, and that remembers that the trouble was its
/// own: the plan's runner reads and writes with one kind of error.
struct Stoppable<'a> {
    out: &'a File,
    stop: &'a dyn Fn() -> Option<&'static str>,
    failed: Option<Why>,
}

impl Write for Stoppable<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if let Some(why) = (self.stop)() {
            self.failed = Some(Error::Stopped(why).into());
            return Err(io::ErrorKind::Other.into());
        }
        self.out.write(buf).inspect_err(|error| {
            if error.kind() != io::ErrorKind::Interrupted {
                self.failed = Some(Why::Write(copy_of(error)));
            }
        })
    }
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn copy_of(error: &io::Error) -> io::Error {
    error
        .raw_os_error()
        .map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

/// What became of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Published {
    /// The copy is new.
    New,
    /// The very same copy was there already.
    Same,
}

/// Folders that are read from.
#[derive(Debug, Default)]
pub(super) struct Folders {
    /// Walked whole: no folder is made there.
    pub(super) walked: HashSet<Identity>,
    /// Walked, or holding a file that was named: no file is made there.
    pub(super) read: HashSet<Identity>,
}

/// Makes candidates and gives verified ones their names.
#[derive(Debug)]
pub(super) struct Publisher {
    times: Times,
    overwrite: bool,
    inputs: Folders,
    #[cfg(unix)]
    mode: u32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    ready: HashSet<PathBuf>,
    created: Vec<PathBuf>,
    /// What was written in this run, lest two files want one name where letters have no case.
    published: HashSet<Identity>,
    /// A folder on each disk that holds copies of originals from another one.
    #[cfg(target_os = "linux")]
    elsewhere: HashMap<u64, PathBuf>,
}

impl Publisher {
    pub(super) fn new(times: Times, overwrite: bool, inputs: Folders) -> Self {
        Self {
            times,
            overwrite,
            inputs,
            #[cfg(unix)]
            mode: default_mode(),
            state: Mutex::default(),
        }
    }

    /// A new, private file in the folder in which `target` is to stand.
    pub(super) fn candidate(&self, target: &Path) -> Result<Candidate, Why> {
        let folder = parent(target);
        {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            self.make_ready(&mut state, folder)?;
        }
        let file = tempfile::Builder::new()
            .prefix(PREFIX)
            .suffix(SUFFIX)
            .rand_bytes(RANDOM)
            .tempfile_in(folder)
            .map_err(Why::Write)?;
        // Tells other runs that its maker lives. Where locks do not exist, they let it stand as well.
        let _ = file.as_file().try_lock();
        Ok(Candidate(file))
    }

    /// Gives a verified candidate its name.
    pub(super) fn publish(
        &self,
        candidate: Candidate,
        verified: Verified,
        original: &Input,
        target: &Path,
    ) -> Result<Published, Why> {
        let file = candidate.file();
        if file.metadata().map_err(Why::Write)?.len() != verified.bytes() {
            return Err(Error::verify("it is not the file that was checked").into());
        }
        if is_same(target, file, verified.bytes()) {
            return Ok(Published::Same);
        }
        file.set_times(match self.times {
            Times::Neutral => neutral_times(),
            Times::Keep => original.modified().map_or_else(FileTimes::new, both_times),
        })
        .map_err(Why::Write)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.set_permissions(fs::Permissions::from_mode(self.mode))
                .map_err(Why::Write)?;
        }
        #[cfg(target_os = "linux")]
        self.note_disk(file, original, target)?;
        if self.overwrite {
            self.replace(candidate, target)
        } else {
            name(candidate.0, target)
        }
    }

    /// Remembers that a copy stands on another disk than its original: a stick, most likely, that will
    /// be pulled out.
    #[cfg(target_os = "linux")]
    fn note_disk(&self, copy: &File, original: &Input, target: &Path) -> Result<(), Why> {
        use std::os::unix::fs::MetadataExt;
        let disk = copy.metadata().map_err(Why::Write)?.dev();
        if disk != original.file().metadata().map_err(Why::Read)?.dev() {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let folder = || parent(target).to_owned();
            state.elsewhere.entry(disk).or_insert_with(folder);
        }
        Ok(())
    }

    fn replace(&self, candidate: Candidate, target: &Path) -> Result<Published, Why> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if Identity::of(target).is_ok_and(|there| state.published.contains(&there)) {
            return Err(Why::Exists);
        }
        candidate
            .0
            .persist(target)
            .map_err(|error| Why::Write(error.error))?;
        state.published.extend(Identity::of(target));
        Ok(Published::New)
    }

    /// Makes a folder, checks that it is none that is read from, and takes away what a killed run left.
    fn make_ready(&self, state: &mut State, folder: &Path) -> Result<(), Why> {
        if state.ready.contains(folder) {
            return Ok(());
        }
        make(folder, &self.inputs.walked, &mut state.created)?;
        if self
            .inputs
            .read
            .contains(&Identity::of(folder).map_err(Why::Write)?)
        {
            return Err(Why::IntoInput);
        }
        remove_stale(folder);
        state.ready.insert(folder.to_owned());
        Ok(())
    }

    /// Gives new folders the time of the copies, for folders tell the time as well, and waits until the
    /// copies are on their disk when that is another one than the originals': once for the whole
    /// batch. On the disk of the originals nothing is lost when the power fails, and other systems
    /// write to sticks without delay.
    ///
    /// # Errors
    /// When the disk did not take the copies.
    pub(super) fn finish(&self) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if self.times == Times::Neutral {
            // Innermost first: nothing is written into a folder after its turn.
            for folder in state.created.drain(..).rev() {
                let _ = File::open(folder).and_then(|folder| folder.set_times(neutral_times()));
            }
        }
        #[cfg(target_os = "linux")]
        for folder in state.elsewhere.values() {
            rustix::fs::syncfs(File::open(folder)?)?;
        }
        Ok(())
    }
}

/// Makes a folder and those above it, but none inside of one that is `walked`.
fn make(folder: &Path, walked: &HashSet<Identity>, created: &mut Vec<PathBuf>) -> Result<(), Why> {
    if fs::metadata(folder).is_ok() {
        return Ok(());
    }
    let above = parent(folder);
    if above != folder {
        make(above, walked, created)?;
    }
    if walked.contains(&Identity::of(above).map_err(Why::Write)?) {
        return Err(Why::IntoInput);
    }
    match fs::create_dir(folder) {
        Ok(()) => created.push(folder.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Why::Write(error)),
    }
    Ok(())
}

/// The folder of a path; the current one for a bare name.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => path,
    }
}

fn both_times(time: SystemTime) -> FileTimes {
    FileTimes::new().set_modified(time).set_accessed(time)
}

fn neutral_times() -> FileTimes {
    let time = SystemTime::UNIX_EPOCH.checked_add(NEUTRAL_TIME);
    both_times(time.unwrap_or(SystemTime::UNIX_EPOCH))
}

/// Gives a file its name, unless that name is taken.
fn name(file: NamedTempFile, target: &Path) -> Result<Published, Why> {
    let error = match file.persist_noclobber(target) {
        Ok(_) => return Ok(Published::New),
        Err(error) => error,
    };
    match error.error.kind() {
        io::ErrorKind::AlreadyExists => Err(Why::Exists),
        // File systems without hard links that do not know the careful rename either: FAT over FUSE.
        io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported
            if fs::symlink_metadata(target)
                .is_err_and(|error| error.kind() == io::ErrorKind::NotFound) =>
        {
            error
                .file
                .persist(target)
                .map(|_| Published::New)
                .map_err(|error| Why::Write(error.error))
        }
        _ => Err(Why::Write(error.error)),
    }
}

/// Whether there is a file of this name with just these bytes.
fn is_same(target: &Path, file: &File, len: u64) -> bool {
    let Ok(there) = Input::open(target, false) else {
        return false;
    };
    if ReadAt::len(&there) != len {
        return false;
    }
    let here = ReadBack { file, len };
    let (here, there) = (Source::random(&here), Source::random(&there));
    let mut at = 0u64;
    here.for_each(here.whole(), |bytes| {
        let span = Span::new(at, at.saturating_add(len_u64(bytes.len())));
        at = span.end();
        if *there.read(span)? == *bytes {
            Ok(())
        } else {
            Err(Error::verify("it differs"))
        }
    })
    .is_ok()
}

/// Removes candidates whose makers are dead.
fn remove_stale(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if is_candidate_name(&entry.file_name())
            && let Ok(input) = Input::open(&entry.path(), false)
            && input.file().try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a file of this name is a candidate of ours.
pub(super) fn is_candidate_name(name: &OsStr) -> bool {
    name.to_str()
        .and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX))
        .is_some_and(|middle| {
            middle.len() == RANDOM && middle.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

/// What the user wants for new files. The only way to ask for the mask is to set it.
#[cfg(unix)]
fn default_mode() -> u32 {
    static MODE: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *MODE.get_or_init(|| {
        let mask = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
        rustix::process::umask(mask);
        0o666 & !mask.as_raw_mode()
    })
}

/// Writes a report, readable by its owner only, all of it or nothing.
///
/// # Errors
/// `AlreadyExists` unless `overwrite` is set; whatever the system says.
pub fn save_private(path: &Path, overwrite: bool, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new()
        .prefix(PREFIX)
        .suffix(SUFFIX)
        .rand_bytes(RANDOM)
        .tempfile_in(parent(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    if overwrite {
        file.persist(path)?;
    } else {
        file.persist_noclobber(path)?;
    }
    Ok(())
}

/// Why nothing can be written into `folder`, as far as that can be seen beforehand.
///
/// # Errors
/// Whatever the system says.
pub(super) fn require_writable(folder: &Path) -> io::Result<()> {
    let mut there = folder;
    while fs::metadata(there).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        && parent(there) != there
    {
        there = parent(there);
    }
    if !fs::metadata(there)?.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    #[cfg(unix)]
    rustix::fs::access(
        there,
        rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK,
    )?;
    Ok(())
}

/// Where a path leads, also when its last parts do not exist yet.
///
/// # Errors
/// Whatever the system says about the part that exists.
pub(super) fn resolve(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && parent(path) != path => {
            let name = path.file_name().ok_or(io::ErrorKind::NotFound)?;
            Ok(resolve(parent(path))?.join(name))
        }
        other => other,
    }
}
