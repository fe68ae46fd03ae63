//! What names give away, and what copies are called.

mod companion;
mod giveaway;

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(test)]
pub(crate) use companion::words as companion_words;
pub(super) use giveaway::fold;
use giveaway::giveaways;

use super::Names;
use super::walk::{Entry, Kind, Named};
use crate::formats::Info;
use crate::model::{Category, FILE_NAME, FOLDER_NAME, Finding, Severity, Why};

/// Where the copies of one input go.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The folder for them.
    pub base: PathBuf,
    /// What stands between it and the path inside the input.
    prefix: PathBuf,
}

/// Where the copies of each input go: into `output`, or beside the input. `None` for an input that has
/// nothing beside it.
#[must_use]
pub(super) fn places(named: &[Named], output: Option<&Path>) -> Option<Vec<Place>> {
    named
        .iter()
        .map(|input| {
            let name = input.path.file_name().or(input.real.file_name());
            let prefix = |wanted: bool| match name {
                Some(name) if wanted => PathBuf::from(name),
                _ => PathBuf::new(),
            };
            if let Some(output) = output {
                return Some(Place {
                    base: output.to_owned(),
                    prefix: prefix(!input.is_folder || named.len() > 1),
                });
            }
            let typed = input.path.file_name().map_or(&input.real, |_| &input.path);
            let base = if input.is_folder {
                let mut name = OsString::from(name?);
                name.push("-clean");
                typed.with_file_name(name)
            } else {
                typed.with_file_name("clean")
            };
            Some(Place {
                base,
                prefix: prefix(!input.is_folder),
            })
        })
        .collect()
}

/// What a copy is to be called, as far as that can be said before its content is known.
#[derive(Clone, Debug)]
pub(super) struct Target {
    folder: PathBuf,
    kept: Option<OsString>,
    /// A wrong extension may stay.
    lies: bool,
    /// Extension of the original, in small letters.
    extension: String,
    number: usize,
}

impl Target {
    /// The path of the copy; `noun` is what people call such a file.
    #[must_use]
    pub(super) fn path(&self, info: &Info, noun: &str) -> PathBuf {
        match &self.kept {
            Some(name) if self.lies || wrong_extension(name, info).is_none() => {
                self.folder.join(name)
            }
            _ => {
                let usual = info.extensions.first().unwrap_or(&info.id);
                // Raw photos of all makers are one format here, and programs go by their extension.
                let own = Some(self.extension.as_str())
                    .filter(|own| info.id == "raw" && info.extensions.contains(own));
                let extension = own.unwrap_or(usual);
                self.folder
                    .join(format!("{noun}-{:03}.{extension}", self.number))
            }
        }
    }
}

/// The finding for a name that says another kind of file than the bytes.
#[must_use]
pub(super) fn wrong_extension(name: &OsStr, info: &Info) -> Option<Finding> {
    let extension = Path::new(name)
        .extension()?
        .to_string_lossy()
        .to_lowercase();
    (!info.extensions.contains(&extension.as_str())).then(|| {
        Finding::new(
            "fs.extension",
            Category::History,
            Severity::Low,
            FILE_NAME,
            format!("the name says {extension}, the content is {}", info.name),
        )
    })
}

/// One file of a batch.
#[derive(Debug)]
pub(super) struct Item {
    /// Its path, beginning with what the user typed.
    pub path: PathBuf,
    /// Whether a link in the last place of the path is followed.
    pub follow_links: bool,
    /// Why it is not even looked at.
    pub why: Option<Arc<Why>>,
    /// What its name, and those of the folders around it, give away.
    pub names: Vec<Finding>,
    /// What its copy is called; `None` when no copy is wanted.
    pub target: Option<Target>,
}

/// The names in one folder of the output.
#[derive(Debug, Default)]
struct Namer {
    /// Numbers that a name which may be kept ends with.
    reserved: HashSet<usize>,
    taken: HashSet<String>,
    files: usize,
    folders: usize,
}

impl Namer {
    fn reserve(&mut self, name: &OsStr) {
        let stem = Path::new(name).file_stem().unwrap_or_default();
        let number = stem.to_string_lossy();
        let number = number.rsplit_once('-').map(|(_, n)| n.parse::<usize>());
        self.reserved.extend(number.and_then(Result::ok));
    }

    fn next(reserved: &HashSet<usize>, last: &mut usize) -> usize {
        *last = last.saturating_add(1);
        while reserved.contains(last) {
            *last = last.saturating_add(1);
        }
        *last
    }

    /// The name itself, when it is not taken, whatever the case of its letters.
    fn keep(&mut self, name: &OsStr) -> Option<OsString> {
        // Two names that are no text can look the same; then one gets another name, no harm done.
        let key = name.to_string_lossy().to_lowercase();
        self.taken.insert(key).then(|| name.to_owned())
    }
}

/// Gives names to the copies, the same ones each time.
#[derive(Debug)]
pub(super) struct Naming<'a> {
    /// Whether names that tell are replaced.
    pub names: Names,
    /// What people call a folder.
    pub folder_noun: &'a str,
    /// Names of people and places that the user fears for, folded.
    pub listed: &'a [String],
}

impl Naming<'_> {
    /// Turns what was found into what is to be done. Without `places` no copies are wanted.
    #[must_use]
    pub(super) fn items(
        &self,
        entries: Vec<Entry>,
        places: Option<&[Place]>,
        named: &[Named],
    ) -> Vec<Item> {
        let mut folders: HashMap<PathBuf, (PathBuf, Vec<Finding>)> = HashMap::new();
        let mut namers: HashMap<PathBuf, Namer> = HashMap::new();
        let mirrored: Vec<PathBuf> = entries
            .iter()
            .map(|entry| match places.and_then(|p| p.get(entry.input)) {
                Some(place) => place.base.join(&place.prefix).join(&entry.relative),
                None => entry.path.clone(),
            })
            // Joining an empty path adds a slash.
            .map(|path| path.components().collect())
            .collect();
        for (path, entry) in mirrored.iter().zip(&entries) {
            let depth = self.depth(entry, places, named);
            for path in path.ancestors().take(depth) {
                if let (Some(name), Some(folder)) = (path.file_name(), path.parent()) {
                    namers.entry(folder.to_owned()).or_default().reserve(name);
                }
            }
        }
        entries
            .into_iter()
            .zip(mirrored)
            .map(|(entry, path)| {
                let depth = self.depth(&entry, places, named);
                let around = path.parent().unwrap_or(Path::new(""));
                let (folder, mut names) =
                    self.folder(around, depth.saturating_sub(1), &mut folders, &mut namers);
                let name = path.file_name().unwrap_or_default();
                let text = name.to_string_lossy();
                let own = giveaways(&text, FILE_NAME, self.listed);
                let follow_links = entry.is_named();
                let why = match entry.kind {
                    Kind::Not(why) => Some(why),
                    Kind::Regular => companion::companion(&text).map(|companion| {
                        names.push(companion.finding());
                        Why::Companion(companion.word)
                    }),
                };
                let target = (why.is_none() && places.is_some()).then(|| {
                    let namer = namers.entry(around.to_owned()).or_default();
                    let keep = match self.names {
                        Names::Keep => true,
                        Names::Auto => own.is_empty(),
                        Names::Neutral => false,
                    };
                    let extension = Path::new(name).extension().unwrap_or_default();
                    Target {
                        folder,
                        extension: extension.to_string_lossy().to_lowercase(),
                        number: Namer::next(&namer.reserved, &mut namer.files),
                        kept: keep.then(|| namer.keep(name)).flatten(),
                        lies: self.names == Names::Keep,
                    }
                });
                names.extend(own);
                Item {
                    why: why.map(Arc::new),
                    path: entry.path,
                    follow_links,
                    names,
                    target,
                }
            })
            .collect()
    }

    /// How many names at the end of an entry's mirrored path are not the user's choice of place.
    fn depth(&self, entry: &Entry, places: Option<&[Place]>, named: &[Named]) -> usize {
        let prefix = places
            .and_then(|places| places.get(entry.input))
            .map_or(0, |place| place.prefix.components().count());
        let own = entry.relative.components().count();
        let file = named.get(entry.input).is_some_and(|named| !named.is_folder);
        own.saturating_add(prefix).max(usize::from(file))
    }

    /// What a folder of the mirrored tree is called, and what the names up to it give away.
    fn folder(
        &self,
        path: &Path,
        depth: usize,
        folders: &mut HashMap<PathBuf, (PathBuf, Vec<Finding>)>,
        namers: &mut HashMap<PathBuf, Namer>,
    ) -> (PathBuf, Vec<Finding>) {
        let (Some(name), Some(above)) = (path.file_name().filter(|_| depth > 0), path.parent())
        else {
            return (path.to_owned(), Vec::new());
        };
        if let Some(known) = folders.get(path) {
            return known.clone();
        }
        let (folder, mut findings) = self.folder(above, depth.saturating_sub(1), folders, namers);
        let own = giveaways(&name.to_string_lossy(), FOLDER_NAME, self.listed);
        let namer = namers.entry(above.to_owned()).or_default();
        let number = Namer::next(&namer.reserved, &mut namer.folders);
        let keep = match self.names {
            Names::Keep => true,
            Names::Auto => own.is_empty(),
            Names::Neutral => false,
        };
        let kept = keep.then(|| namer.keep(name)).flatten();
        let here = folder.join(
            kept.unwrap_or_else(|| OsString::from(format!("{}-{number:03}", self.folder_noun))),
        );
        findings.extend(own);
        folders.insert(path.to_owned(), (here.clone(), findings.clone()));
        (here, findings)
    }
}
