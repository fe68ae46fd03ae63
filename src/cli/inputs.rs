//! Lists and reports: the files that are named beside those to be cleaned.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::args::{Files, PasswordFrom, Wanted};
use crate::batch::PrivateFile;
use crate::model::Password;
use crate::report::{Arg, Checked, Entry, Last, Saved, Show, Words, printable};

/// All paths that were named. A list that cannot be read is an error in words.
pub(super) fn paths(files: &Files, words: &Words) -> Result<Vec<PathBuf>, String> {
    let mut paths = files.paths.clone();
    if let Some(list) = &files.files_from {
        let bytes = read(list).map_err(|error| trouble("error-list", list, &error, words))?;
        let separator = if files.null { 0 } else { b'\n' };
        let named = bytes.split(|byte| *byte == separator);
        paths.extend(named.filter(|name| !name.is_empty()).map(path));
    }
    Ok(paths)
}

/// Names of people and places that must not stand in file names.
pub(super) fn listed(files: &Files, words: &Words) -> Result<Vec<String>, String> {
    let Some(list) = &files.names_list else {
        return Ok(Vec::new());
    };
    let bytes = read(list).map_err(|error| trouble("error-list", list, &error, words))?;
    let text = String::from_utf8_lossy(&bytes);
    let names = text.trim_start_matches('\u{FEFF}').lines().map(str::trim);
    // One letter stands in every name.
    Ok(names
        .filter(|name| name.chars().count() > 1)
        .map(str::to_owned)
        .collect())
}

/// The password for encrypted documents, if one is wanted: the first line of a file, or what is typed.
pub(super) fn password(from: &PasswordFrom, words: &Words) -> Result<Option<Password>, String> {
    let text = match &from.password {
        None => return Ok(None),
        Some(Some(file)) => read(file)
            .and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other))
            .map_err(|error| trouble("error-password-file", file, &error, words))?,
        Some(None) => {
            rpassword::prompt_password(words.get("password-prompt")).map_err(|error| {
                words.say("error-password", &[("what", (&words.io(&error)).into())])
            })?
        }
    };
    let line = text.trim_start_matches('\u{FEFF}').lines().next();
    Ok(Some(Password::new(line.unwrap_or_default())))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        Ok(bytes)
    } else {
        std::fs::read(path)
    }
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).trim_end_matches('\r').into()
}

/// Something about a path.
pub(super) fn trouble(key: &str, path: &Path, error: &io::Error, words: &Words) -> String {
    let (path, what) = (printable(path), words.io(error));
    words.say(
        key,
        &[("path", Arg::from(&path)), ("what", Arg::from(&what))],
    )
}

/// The reports that are wanted, checked and begun before anything is done.
pub(super) struct Reports<'a> {
    reports: Vec<Report>,
    words: &'a Words,
}

/// A report, or what went wrong with it. Then it is given up, and the batch goes on.
struct Report {
    path: PathBuf,
    /// It contains no names of originals.
    is_safe: bool,
    saved: io::Result<Saved<PrivateFile>>,
}

impl Report {
    fn add(&mut self, add: impl FnOnce(&mut Saved<PrivateFile>) -> io::Result<()>) {
        if let Ok(saved) = &mut self.saved
            && let Err(error) = add(saved)
        {
            self.saved = Err(error);
        }
    }

    fn finish(self, summary: &Last<'_>, words: &Words) -> Result<PathBuf, (PathBuf, io::Error)> {
        self.saved
            .and_then(|saved| saved.finish(summary, words)?.finish())
            .map_err(|error| (self.path.clone(), error))?;
        Ok(self.path)
    }
}

impl<'a> Reports<'a> {
    /// `is_taken` tells whether a path belongs to something that is written or read.
    pub(super) fn new(
        wanted: &'a Wanted,
        (thumbnails, scans): (bool, bool),
        overwrite: bool,
        is_taken: impl Fn(&Path) -> bool,
        words: &'a Words,
    ) -> Result<Self, String> {
        let mut reports = Vec::new();
        let show = Show {
            values: wanted.values,
            thumbnails,
            scans,
        };
        for path in &wanted.report {
            let say = |key: &str| Err(words.say(key, &[("path", (&printable(path)).into())]));
            let extension = path.extension().unwrap_or_default();
            let extension = extension.to_string_lossy().to_lowercase();
            if !Saved::<PrivateFile>::is_kind(&extension) {
                return say("error-report-kind");
            }
            if !overwrite && path.symlink_metadata().is_ok() {
                return say("error-report-exists");
            }
            if is_taken(path) {
                return say("error-report-inside");
            }
            let saved = PrivateFile::begin(path, overwrite)
                .and_then(|file| Saved::begin(&extension, show, words, file))
                .map_err(|error| trouble("error-report-write", path, &error, words))?;
            reports.push(Report {
                path: path.clone(),
                is_safe: saved.is_safe(),
                saved: Ok(saved),
            });
        }
        Ok(Self { reports, words })
    }

    pub(super) fn add_entry(&mut self, entry: &Entry<'_>) {
        for report in &mut self.reports {
            report.add(|saved| saved.add_entry(entry, self.words));
        }
    }

    pub(super) fn add_pair(&mut self, pair: &Checked<'_>) {
        for report in &mut self.reports {
            report.add(|saved| saved.add_pair(pair, self.words));
        }
    }

    /// Gives them all their names. Returns a line about each, to be shown.
    pub(super) fn save(self, summary: &Last<'_>) -> Result<String, String> {
        let mut lines = String::new();
        for report in self.reports {
            let is_safe = report.is_safe;
            let path = report
                .finish(summary, self.words)
                .map_err(|(path, e)| trouble("error-report-write", &path, &e, self.words))?;
            let path = printable(&path);
            let key = if is_safe {
                "report-saved-safe"
            } else {
                "report-saved"
            };
            let line = self.words.say(key, &[("path", (&path).into())]);
            lines.push_str(&line);
            lines.push('\n');
        }
        Ok(lines)
    }
}
