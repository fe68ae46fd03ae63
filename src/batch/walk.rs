//! Which files there are.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::input::not_regular;
use super::publish::{Folders, Identity, is_candidate_name, parent, resolve};
use crate::model::{NotRegular, Why};

/// What stands at a path.
#[derive(Debug)]
pub(super) enum Kind {
    /// A file to look at.
    Regular,
    /// Nothing that can be looked at.
    Not(Why),
}

impl Entry {
    /// Whether a link in its last place is to be followed: naming a link is asking for where it leads.
    #[must_use]
    pub(super) fn is_named(&self) -> bool {
        self.relative.as_os_str().is_empty()
    }
}

/// One thing that was found.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its path, beginning with what the user typed.
    pub path: PathBuf,
    /// Which input it belongs to.
    pub input: usize,
    /// Its path from that input on: empty when the input is the file itself.
    pub relative: PathBuf,
    /// What it is.
    pub kind: Kind,
}

/// What the user typed.
#[derive(Debug)]
pub(super) struct Named {
    /// As it was typed.
    pub path: PathBuf,
    /// Where that really is.
    pub real: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// Looks up what the user typed: each place once, and nothing that lies inside another folder of the
/// list.
///
/// # Errors
/// The first path that does not exist or cannot be reached.
pub(super) fn look_up(paths: &[PathBuf]) -> Result<Vec<Named>, (PathBuf, io::Error)> {
    let mut named = Vec::new();
    for path in paths {
        let (real, metadata) = std::fs::canonicalize(path)
            .and_then(|real| Ok((real, std::fs::metadata(path)?)))
            .map_err(|error| (path.clone(), error))?;
        named.push(Named {
            path: path.clone(),
            real,
            is_folder: metadata.is_dir(),
        });
    }
    let folders: HashSet<PathBuf> = named
        .iter()
        .filter(|named| named.is_folder)
        .map(|named| named.real.clone())
        .collect();
    let mut seen = HashSet::new();
    named.retain(|named| {
        !named
            .real
            .ancestors()
            .skip(1)
            .any(|above| folders.contains(above))
            && seen.insert(named.real.clone())
    });
    Ok(named)
}

/// Walks all that was named: hidden files too, in the order of their names. `outputs` are places that
/// links must not lead into.
pub(super) fn walk(named: &[Named], follow_links: bool, outputs: &[PathBuf]) -> Walked {
    let mut walker = Walker {
        follow_links,
        outputs,
        seen: HashSet::new(),
        walked: Walked::default(),
    };
    for (input, named) in named.iter().enumerate() {
        if named.is_folder {
            walker.folder(input, named);
        } else {
            let kind = std::fs::metadata(&named.path).map_or_else(
                |error| Kind::Not(Why::Read(error)),
                |metadata| kind_of(metadata.file_type()),
            );
            if let Ok(folder) = Identity::of(parent(&named.real)) {
                walker.walked.folders.read.insert(folder);
            }
            walker.walked.entries.push(Entry {
                path: named.path.clone(),
                input,
                relative: PathBuf::new(),
                kind,
            });
        }
    }
    walker.walked
}

/// What a walk brought.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// In the order of the inputs, and of the names in each.
    pub(super) entries: Vec<Entry>,
    /// Where they stand.
    pub(super) folders: Folders,
}

struct Walker<'a> {
    follow_links: bool,
    outputs: &'a [PathBuf],
    /// Where links have led already.
    seen: HashSet<PathBuf>,
    walked: Walked,
}

impl Walker<'_> {
    fn folder(&mut self, input: usize, named: &Named) {
        let tree = WalkDir::new(&named.path)
            .follow_links(self.follow_links)
            .sort_by_file_name();
        let mut tree = tree.into_iter();
        while let Some(entry) = tree.next() {
            let (path, kind) = match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    if self.leads_out(&entry) {
                        tree.skip_current_dir();
                    } else if let Ok(folder) = Identity::of(entry.path()) {
                        self.walked.folders.walked.insert(folder.clone());
                        self.walked.folders.read.insert(folder);
                    }
                    continue;
                }
                Ok(entry) if is_candidate_name(entry.file_name()) || self.leads_out(&entry) => {
                    continue;
                }
                Ok(entry) => (entry.path().to_owned(), kind_of(entry.file_type())),
                Err(error) => {
                    let path = error.path().unwrap_or(&named.path).to_owned();
                    let why = if error.loop_ancestor().is_some() {
                        Why::NotRegular(NotRegular::Loop)
                    } else if path.is_symlink() {
                        Why::NotRegular(NotRegular::Link)
                    } else {
                        let error = error.into_io_error();
                        Why::Read(error.unwrap_or_else(|| io::ErrorKind::Other.into()))
                    };
                    (path, Kind::Not(why))
                }
            };
            self.walked.entries.push(Entry {
                relative: path.strip_prefix(&named.path).unwrap_or(&path).to_owned(),
                path,
                input,
                kind,
            });
        }
    }

    /// Whether links have led here before, or into an output. Only links can do either.
    fn leads_out(&mut self, entry: &walkdir::DirEntry) -> bool {
        if !self.follow_links {
            return false;
        }
        let Ok(real) = std::fs::canonicalize(entry.path()) else {
            return false;
        };
        self.outputs.iter().any(|output| real.starts_with(output)) || !self.seen.insert(real)
    }
}

fn kind_of(kind: std::fs::FileType) -> Kind {
    not_regular(kind).map_or(Kind::Regular, |kind| Kind::Not(Why::NotRegular(kind)))
}

/// Why `output` must not be used with these inputs: the input that it lies in, or that lies in it.
#[must_use]
pub(super) fn overlap<'a>(output: &Path, named: &'a [Named]) -> Option<&'a Named> {
    // What cannot be resolved cannot be written to either.
    let output = resolve(output).unwrap_or_else(|_| output.to_owned());
    named.iter().find(|named| {
        named.real.starts_with(&output) || (named.is_folder && output.starts_with(&named.real))
    })
}
