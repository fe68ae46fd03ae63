//! What else is located in the folders with the copies.

use std::collections::BTreeSet;
use std::path::PathBuf;

use walkdir::WalkDir;

/// Files in the folders that do not come from this run. Nobody has looked at them.
pub(super) fn strangers(folders: &[PathBuf], own: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
        // What cannot be listed cannot be named.
        let files = entries
            .flatten()
            .filter(|entry| !entry.file_type().is_dir());
        let paths = files.map(walkdir::DirEntry::into_path);
        found.extend(paths.filter(|path| !own.contains(path)));
    }
    found
}
