//! What several tests need.

pub mod bombs;
pub mod decode;
pub mod desk;
pub mod judge;
pub mod mutation;
pub mod pdf_bombs;
pub mod pictures;
pub mod raster_bombs;
pub mod rust;
pub mod samples;
pub mod watchdog;

use std::path::{Path, PathBuf};

/// The folder that holds `Cargo.toml`.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `dir`, sorted; none when it does not exist.
pub fn files_below(dir: impl AsRef<Path>) -> Vec<PathBuf> {
    walkdir::WalkDir::new(dir)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// A text file of the project.
pub fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Ends a test that has collected all it has to complain about.
pub fn report(complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{} complaints:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}
