//! Which files there are.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::input::not_regular;
use super::publish::{Folders, is_candidate_name, resolve};
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
    /// Its path from that input on: empty when the input is the file itself.
    pub relative: PathBuf,
    /// How many folders below the input: 1 for a file in an input that is a folder.
    pub depth: usize,
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

/// What a walk needs to know.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    /// Where it goes.
    pub named: &'a [Named],
    /// Symbolic links inside folders are followed.
    pub follow_links: bool,
    /// Places that links must not lead into.
    pub outputs: &'a [PathBuf],
    /// The folders that it reads.
    pub read: &'a Folders,
}

/// What a walk does with what it meets.
pub(super) trait Visit {
    /// It begins with an input.
    fn input(&mut self, _input: usize) {}
    /// It enters a folder, so many folders below the input.
    fn folder(&mut self, _path: &Path, _depth: usize) {}
    /// It meets something that is no folder. Returns whether to go on.
    fn entry(&mut self, entry: Entry) -> bool;
}

impl Walk<'_> {
    /// Walks all that was named: hidden files too, in the order of their names. Returns whether it came
    /// to its end.
    pub(super) fn run(&self, visit: &mut dyn Visit) -> bool {
        let mut seen = HashSet::new();
        self.named.iter().enumerate().all(|(input, named)| {
            visit.input(input);
            if named.is_folder {
                return self.folder(named, &mut seen, visit);
            }
            let kind = std::fs::metadata(&named.path).map_or_else(
                |error| Kind::Not(Why::Read(error)),
                |metadata| kind_of(metadata.file_type()),
            );
            visit.entry(Entry {
                path: named.path.clone(),
                relative: PathBuf::new(),
                depth: 0,
                kind,
            })
        })
    }

    fn folder(&self, named: &Named, seen: &mut HashSet<PathBuf>, visit: &mut dyn Visit) -> bool {
        let tree = WalkDir::new(&named.path)
            .follow_links(self.follow_links)
            .sort_by_file_name();
        let mut tree = tree.into_iter();
        while let Some(entry) = tree.next() {
            let (path, depth, kind) = match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    if self.leads_out(&entry, seen) {
                        tree.skip_current_dir();
                    } else {
                        self.read.add(entry.path());
                        visit.folder(entry.path(), entry.depth());
                    }
                    continue;
                }
                Ok(entry)
                    if is_candidate_name(entry.file_name()) || self.leads_out(&entry, seen) =>
                {
                    continue;
                }
                Ok(entry) => (
                    entry.path().to_owned(),
                    entry.depth(),
                    kind_of(entry.file_type()),
                ),
                Err(error) => {
                    let path = error.path().unwrap_or(&named.path).to_owned();
                    let depth = error.depth();
                    let why = if error.loop_ancestor().is_some() {
                        Why::NotRegular(NotRegular::Loop)
                    } else if path.is_symlink() {
                        Why::NotRegular(NotRegular::Link)
                    } else {
                        let error = error.into_io_error();
                        Why::Read(error.unwrap_or_else(|| io::ErrorKind::Other.into()))
                    };
                    (path, depth, Kind::Not(why))
                }
            };
            let goes_on = visit.entry(Entry {
                relative: path.strip_prefix(&named.path).unwrap_or(&path).to_owned(),
                path,
                depth,
                kind,
            });
            if !goes_on {
                return false;
            }
        }
        true
    }

    /// Whether links have led here before, or into an output. Only links can do either.
    fn leads_out(&self, entry: &walkdir::DirEntry, seen: &mut HashSet<PathBuf>) -> bool {
        if !self.follow_links {
            return false;
        }
        let Ok(real) = std::fs::canonicalize(entry.path()) else {
            return false;
        };
        self.outputs.iter().any(|output| real.starts_with(output)) || !seen.insert(real)
    }
}

/// All that a walk meets, for what needs it at once.
#[derive(Debug, Default)]
pub(super) struct All(pub Vec<Entry>);

impl Visit for All {
    fn entry(&mut self, entry: Entry) -> bool {
        self.0.push(entry);
        true
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
