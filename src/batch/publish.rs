//! The only place where files come into being and get their names.

// This module is what the list of disallowed methods sends everybody else to.
#![allow(clippy::disallowed_methods)]

#[cfg(target_os = "linux")]
use std::collections::HashMap;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File, FileTimes};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use super::input::{self, Input};
use super::naming::{Folder, Wanted};
use super::shelf::{Copy, Name, Shelves};
use super::{Cleanse, Times};
use crate::bytes::{ReadAt, Source, run};
use crate::model::{Error, Plan, Span, Step, Why};
use crate::pipeline::Verified;

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

/// Folders that are read from, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Folders {
    /// Inputs: nothing is made in them, nor in any folder below.
    inputs: HashSet<Identity>,
    /// They hold a file that was named: no file is made there.
    around: HashSet<Identity>,
    /// Met by the walk, which links can lead anywhere.
    met: Mutex<HashSet<Identity>>,
}

impl Folders {
    /// Those that are known before the walk.
    pub(super) fn new<'a>(named: impl Iterator<Item = (&'a Path, bool)>) -> Self {
        let mut folders = Self::default();
        for (real, is_folder) in named {
            if is_folder {
                folders.inputs.extend(Identity::of(real));
            } else {
                folders.around.extend(Identity::of(parent(real)));
            }
        }
        folders
    }

    /// Adds a folder that the walk met.
    pub(super) fn add(&self, folder: &Path) {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        met.extend(Identity::of(folder));
    }

    /// Whether a folder is one of those that are walked.
    fn is_walked(&self, folder: &Path) -> io::Result<bool> {
        let real = fs::canonicalize(folder)?;
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        if met.contains(&Identity::of(&real)?) {
            return Ok(true);
        }
        let mut above = real.ancestors().filter_map(|path| Identity::of(path).ok());
        Ok(above.any(|folder| self.inputs.contains(&folder)))
    }

    /// Whether a file must not be made in a folder.
    fn is_read(&self, folder: &Path) -> io::Result<bool> {
        Ok(self.around.contains(&Identity::of(folder)?) || self.is_walked(folder)?)
    }
}

/// Makes candidates and gives verified ones their names.
#[derive(Debug)]
pub(super) struct Publisher {
    times: Times,
    overwrite: bool,
    inputs: Arc<Folders>,
    #[cfg(unix)]
    mode: u32,
    state: Mutex<State>,
    shelves: Shelves,
}

#[derive(Debug, Default)]
struct State {
    ready: HashSet<PathBuf>,
    created: Vec<PathBuf>,
    /// What was replaced in this run, lest two files want one name where letters have no case.
    replaced: HashSet<Identity>,
    /// A folder on each disk that holds copies of originals from another one.
    #[cfg(target_os = "linux")]
    elsewhere: HashMap<u64, PathBuf>,
}

impl Publisher {
    /// `folder_noun` is what people call a folder.
    pub(super) fn new(clean: &Cleanse, inputs: Arc<Folders>) -> Self {
        Self {
            times: clean.times,
            overwrite: clean.overwrite,
            inputs,
            #[cfg(unix)]
            mode: default_mode(),
            state: Mutex::default(),
            shelves: Shelves::new(clean.nouns.get("folder").map_or("folder", String::as_str)),
        }
    }

    /// A new, private file in the place for the copies of an input. It gets its folder with its name.
    pub(super) fn candidate(&self, folder: &Folder) -> Result<Candidate, Why> {
        let base = folder.base();
        self.make_ready(base)?;
        let file = tempfile::Builder::new()
            .prefix(PREFIX)
            .suffix(SUFFIX)
            .rand_bytes(RANDOM)
            .tempfile_in(base)
            .map_err(Why::Write)?;
        // Tells other runs that its maker lives. Where locks do not exist, they let it stand as well.
        let _ = file.as_file().try_lock();
        Ok(Candidate(file))
    }

    /// Gives a verified candidate its name, unless this very copy is there already. Returns its path.
    pub(super) fn publish(
        &self,
        mut candidate: Candidate,
        verified: Verified,
        original: &Input,
        folder: &Folder,
        wanted: &Wanted,
    ) -> Result<PathBuf, Why> {
        let len = verified.bytes();
        if candidate.file().metadata().map_err(Why::Write)?.len() != len {
            return Err(Error::verify("it is not the file that was checked").into());
        }
        let copy = Copy {
            file: candidate.file(),
            len,
        };
        if let Some(path) = self.shelves.there_already(folder, wanted, &copy) {
            return Ok(path);
        }
        candidate
            .file()
            .set_times(match self.times {
                Times::Neutral => neutral_times(),
                Times::Keep => original.modified().map_or_else(FileTimes::new, both_times),
            })
            .map_err(Why::Write)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::Permissions::from_mode(self.mode);
            candidate.file().set_permissions(mode).map_err(Why::Write)?;
        }
        #[cfg(target_os = "linux")]
        self.note_disk(candidate.file(), original, folder.base())?;
        let place = self.shelves.settle(folder);
        self.make_ready(&place)?;
        loop {
            let (path, replaces) = match self.shelves.name(&place, wanted, self.overwrite)? {
                Name::Free(path) => (path, false),
                Name::Replaces(path) => (path, true),
            };
            if replaces {
                self.replace(candidate, &path)?;
                return Ok(path);
            }
            match name(candidate.0, &path) {
                Ok(()) => return Ok(path),
                // Somebody else took it just now: there are more numbers.
                Err((Why::Exists, Some(file))) => candidate = Candidate(file),
                Err((why, _)) => return Err(why),
            }
        }
    }

    /// Remembers that a copy is on another disk than its original: a stick, most likely, that will be
    /// pulled out.
    #[cfg(target_os = "linux")]
    fn note_disk(&self, copy: &File, original: &Input, base: &Path) -> Result<(), Why> {
        use std::os::unix::fs::MetadataExt;
        let disk = copy.metadata().map_err(Why::Write)?.dev();
        if disk != original.file().metadata().map_err(Why::Read)?.dev() {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let base = || base.to_owned();
            state.elsewhere.entry(disk).or_insert_with(base);
        }
        Ok(())
    }

    fn replace(&self, candidate: Candidate, target: &Path) -> Result<(), Why> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if Identity::of(target).is_ok_and(|there| state.replaced.contains(&there)) {
            return Err(Why::Exists);
        }
        candidate
            .0
            .persist(target)
            .map_err(|error| Why::Write(error.error))?;
        state.replaced.extend(Identity::of(target));
        Ok(())
    }

    /// Makes a folder, checks that it is none that is read from, and removes what a killed run left.
    fn make_ready(&self, folder: &Path) -> Result<(), Why> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.ready.contains(folder) {
            return Ok(());
        }
        make(folder, &self.inputs, &mut state.created)?;
        if self.inputs.is_read(folder).map_err(Why::Write)? {
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

/// Makes a folder and those above it, but none inside of one that is walked.
fn make(folder: &Path, inputs: &Folders, created: &mut Vec<PathBuf>) -> Result<(), Why> {
    if fs::metadata(folder).is_ok() {
        return Ok(());
    }
    let above = parent(folder);
    if above != folder {
        make(above, inputs, created)?;
    }
    if inputs.is_walked(above).map_err(Why::Write)? {
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

/// Gives a file its name, unless that name is taken: then it comes back.
fn name(file: NamedTempFile, target: &Path) -> Result<(), (Why, Option<NamedTempFile>)> {
    let error = match file.persist_noclobber(target) {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    match error.error.kind() {
        io::ErrorKind::AlreadyExists => Err((Why::Exists, Some(error.file))),
        // File systems without hard links that do not know the careful rename either: FAT over FUSE.
        io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported
            if fs::symlink_metadata(target)
                .is_err_and(|error| error.kind() == io::ErrorKind::NotFound) =>
        {
            error
                .file
                .persist(target)
                .map(|_| ())
                .map_err(|error| (Why::Write(error.error), None))
        }
        _ => Err((Why::Write(error.error), None)),
    }
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

/// A report that is being written: readable by its owner only, and without a name until it is whole.
#[derive(Debug)]
pub struct PrivateFile {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
    overwrite: bool,
}

impl PrivateFile {
    /// Begins a file that is to have this path.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn begin(path: &Path, overwrite: bool) -> io::Result<Self> {
        let file = tempfile::Builder::new()
            .prefix(PREFIX)
            .suffix(SUFFIX)
            .rand_bytes(RANDOM)
            .tempfile_in(parent(path))?;
        Ok(Self {
            file: BufWriter::new(file),
            path: path.to_owned(),
            overwrite,
        })
    }

    /// Its path, once it has a name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// `AlreadyExists` unless it may replace a file; whatever the system says.
    pub fn finish(self) -> io::Result<()> {
        let file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        if self.overwrite {
            file.persist(&self.path)?;
        } else {
            file.persist_noclobber(&self.path)?;
        }
        Ok(())
    }
}

impl Write for PrivateFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.file.write(buf)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
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
    // Rights do not tell everything: some file systems take no files, whatever they say.
    tempfile::Builder::new()
        .prefix(PREFIX)
        .suffix(SUFFIX)
        .rand_bytes(RANDOM)
        .tempfile_in(there)?
        .close()
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
