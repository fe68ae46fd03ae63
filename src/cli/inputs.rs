//! Lists and reports: the files that are named beside those to be cleaned.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::args::Files;
use crate::batch::{Batch, save_private};
use crate::report::{Arg, Entry, Summary, Words, csv, printable, report_json};

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

/// Which reports are wanted, checked before anything is done.
pub(super) struct Reports<'a> {
    paths: &'a [PathBuf],
    values: bool,
    overwrite: bool,
}

impl<'a> Reports<'a> {
    pub(super) fn new(
        files: &'a Files,
        overwrite: bool,
        batch: &Batch,
        words: &Words,
    ) -> Result<Self, String> {
        for path in &files.report {
            let key = match kind(path).as_str() {
                "html" | "htm" => Some("error-report-html"),
                "json" | "csv" if !overwrite && path.symlink_metadata().is_ok() => {
                    Some("error-report-exists")
                }
                "json" | "csv" if batch.is_among_outputs(path) => Some("error-report-inside"),
                "json" | "csv" => None,
                _ => Some("error-report-kind"),
            };
            if let Some(key) = key {
                return Err(words.say(key, &[("path", (&printable(path)).into())]));
            }
        }
        Ok(Self {
            paths: &files.report,
            values: files.values,
            overwrite,
        })
    }

    pub(super) fn are_wanted(&self) -> bool {
        !self.paths.is_empty()
    }

    /// Writes them all.
    pub(super) fn save<'e>(
        &self,
        entries: impl Iterator<Item = Entry<'e>> + Clone,
        summary: &Summary,
        words: &Words,
    ) -> Result<(), String> {
        for path in self.paths {
            let bytes = if kind(path) == "csv" {
                csv(entries.clone(), words, self.values)
            } else {
                report_json(entries.clone(), summary, self.values).into_bytes()
            };
            save_private(path, self.overwrite, &bytes)
                .map_err(|error| trouble("error-report-write", path, &error, words))?;
        }
        Ok(())
    }

    pub(super) fn paths(&self) -> &[PathBuf] {
        self.paths
    }
}

fn kind(path: &Path) -> String {
    let extension = path.extension().unwrap_or_default();
    extension.to_string_lossy().to_lowercase()
}
