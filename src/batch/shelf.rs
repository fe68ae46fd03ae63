//! Which names copies get, settled when they are published: what is there already is recognised, so that
//! a folder can grow and be cleaned again.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::hash::{Hash, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::input::Input;
use super::naming::{Called, Folder, Wanted, neutral_number};
use super::publish::{ReadBack, parent};
use crate::bytes::{Hasher, ReadAt, Source};
use crate::model::{Digest, Error, Result, Span, Why, len_u64};

/// A component that no folder on a disk has: it is in place of a neutral name.
const ANY: &str = "\0";

/// A verified copy that has no name yet.
pub(super) struct Copy<'a> {
    pub(super) file: &'a File,
    pub(super) len: u64,
}

impl Copy<'_> {
    fn digest(&self) -> Option<Digest> {
        let (file, len) = (self.file, self.len);
        digest(&ReadBack { file, len }).ok()
    }

    /// Whether there is a regular file at this path with just these bytes.
    fn is_at(&self, path: &Path) -> bool {
        let Ok(there) = Input::open(path, false) else {
            return false;
        };
        if ReadAt::len(&there) != self.len {
            return false;
        }
        let here = ReadBack {
            file: self.file,
            len: self.len,
        };
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
}

fn digest(file: &dyn ReadAt) -> Result<Digest> {
    let source = Source::random(file);
    let mut hasher = Hasher::new();
    hasher.span(&source, source.whole())?;
    Ok(hasher.finish())
}

/// A name that a copy can have.
pub(super) enum Name {
    /// There is nothing of this name.
    Free(PathBuf),
    /// The file of this name is to be replaced.
    Replaces(PathBuf),
}

/// All places for copies.
#[derive(Debug)]
pub(super) struct Shelves {
    folder_noun: String,
    /// By path, with [`ANY`] in place of neutral names.
    shelves: Mutex<HashMap<PathBuf, Arc<Mutex<Shelf>>>>,
    places: Mutex<HashMap<PathBuf, Place>>,
    /// Folders with neutral names that belong to a folder of this run.
    owned: Mutex<HashSet<PathBuf>>,
}

/// What earlier runs left where copies of one folder can be.
#[derive(Debug, Default)]
struct Shelf {
    /// The folders: more than one where they have neutral names, which do not tell whose they are.
    folders: Vec<PathBuf>,
    /// Files with neutral names that were not read yet, by length.
    unread: HashMap<u64, Vec<PathBuf>>,
    /// Those that were read and are not claimed, by length and digest.
    unclaimed: HashMap<(u64, u128), Vec<PathBuf>>,
    /// Lengths of which all files were read.
    read: HashSet<u64>,
}

/// The names in one folder, as hashes of their small letters. Two that share a hash cost one of them its
/// name and nothing else.
#[derive(Debug, Default)]
struct Place {
    taken: HashSet<u64>,
    /// Those that were given or recognised in this run.
    ours: HashSet<u64>,
    /// The last number that was given, by noun.
    last: HashMap<String, usize>,
}

impl Place {
    /// As it is on the disk.
    fn load(folder: &Path) -> Self {
        let mut place = Self::default();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            place.take(&entry.file_name());
        }
        place
    }

    fn take(&mut self, name: &OsStr) {
        self.taken.insert(hash(name));
        // A number is given once, whatever the extension.
        self.taken
            .extend(Path::new(name).file_stem().map(hash_of_stem));
    }

    fn number(&mut self, first: usize, noun: &str, name: impl Fn(usize) -> String) -> String {
        let mut number = first;
        loop {
            let name = name(number);
            let stem = Path::new(&name).file_stem().unwrap_or_default();
            if !self.taken.contains(&hash_of_stem(stem)) {
                self.take(OsStr::new(&name));
                self.ours.insert(hash(OsStr::new(&name)));
                return name;
            }
            let last = self.last.entry(noun.to_owned()).or_default();
            *last = last.saturating_add(1);
            number = *last;
        }
    }
}

fn hash(name: &OsStr) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.to_string_lossy().to_lowercase().hash(&mut hasher);
    hasher.finish()
}

fn hash_of_stem(stem: &OsStr) -> u64 {
    hash(stem) ^ 1
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic costs one file; what it left is still a list of names.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelves {
    pub(super) fn new(folder_noun: &str) -> Self {
        Self {
            folder_noun: folder_noun.to_owned(),
            shelves: Mutex::default(),
            places: Mutex::default(),
            owned: Mutex::default(),
        }
    }

    /// The copy of an earlier run with these bytes, if there is one that is not claimed yet: at the wanted
    /// name, or at any neutral one. It is claimed with that.
    pub(super) fn there_already(
        &self,
        folder: &Folder,
        wanted: &Wanted,
        copy: &Copy<'_>,
    ) -> Option<PathBuf> {
        let shelf = self.shelf(folder);
        let mut shelf = locked(&shelf);
        let kept = wanted.kept.as_ref().and_then(|name| {
            let paths = shelf.folders.iter().map(|folder| folder.join(name));
            paths
                .filter(|path| copy.is_at(path))
                .find(|path| self.claim(path))
        });
        let path = kept.or_else(|| {
            let path = shelf.claim(copy)?;
            self.claim(&path);
            Some(path)
        })?;
        self.learn(folder, parent(&path));
        Some(path)
    }

    /// Marks a file as recognised. `false` when it was given or recognised before.
    fn claim(&self, path: &Path) -> bool {
        let mut places = locked(&self.places);
        let place = place(&mut places, parent(path));
        path.file_name()
            .is_some_and(|name| place.ours.insert(hash(name)))
    }

    fn shelf(&self, folder: &Folder) -> Arc<Mutex<Shelf>> {
        let mut shelves = locked(&self.shelves);
        let shelf = shelves.entry(pattern(folder)).or_insert_with(|| {
            let folders = self.folders(folder);
            Arc::new(Mutex::new(Shelf::load(folders)))
        });
        Arc::clone(shelf)
    }

    /// The folders that can be the copy of this one.
    fn folders(&self, folder: &Folder) -> Vec<PathBuf> {
        let above = || {
            folder
                .above
                .as_deref()
                .map(|above| self.folders(above))
                .unwrap_or_default()
        };
        match &folder.called {
            Called::Base(base) => vec![base.clone()],
            Called::Kept(name) => above().iter().map(|above| above.join(name)).collect(),
            Called::Neutral(_) => {
                let mut folders: Vec<PathBuf> = above()
                    .iter()
                    .flat_map(|above| fs::read_dir(above).into_iter().flatten().flatten())
                    .filter(|entry| {
                        let name = entry.file_name();
                        neutral_number(&name.to_string_lossy(), &self.folder_noun).is_some()
                            && entry.file_type().is_ok_and(|kind| kind.is_dir())
                    })
                    .map(|entry| entry.path())
                    .collect();
                folders.sort();
                folders
            }
        }
    }

    /// A copy of this folder's file was found in `place`: that is where its other copies go, unless it
    /// belongs to another folder.
    fn learn(&self, folder: &Folder, place: &Path) {
        let mut settled = locked(&folder.settled);
        if settled.is_some() {
            return;
        }
        if matches!(folder.called, Called::Neutral(_))
            && !locked(&self.owned).insert(place.to_owned())
        {
            return;
        }
        *settled = Some(place.to_owned());
        if let Some(above) = &folder.above {
            self.learn(above, parent(place));
        }
    }

    /// Where new copies of a folder go.
    pub(super) fn settle(&self, folder: &Folder) -> PathBuf {
        let mut settled = locked(&folder.settled);
        if let Some(place) = settled.as_ref() {
            return place.clone();
        }
        let above = folder.above.as_deref().map(|above| self.settle(above));
        let above = above.unwrap_or_default();
        let here = match &folder.called {
            Called::Base(base) => base.clone(),
            Called::Kept(name) => above.join(name),
            Called::Neutral(number) => {
                let mut places = locked(&self.places);
                let place = place(&mut places, &above);
                let noun = &self.folder_noun;
                let name = |number: usize| format!("{noun}-{number:03}");
                let here = above.join(place.number(*number, noun, name));
                locked(&self.owned).insert(here.clone());
                here
            }
        };
        *settled = Some(here.clone());
        here
    }

    /// The name of a new copy in a folder.
    pub(super) fn name(
        &self,
        folder: &Path,
        wanted: &Wanted,
        overwrite: bool,
    ) -> std::result::Result<Name, Why> {
        let mut places = locked(&self.places);
        let place = place(&mut places, folder);
        if let Some(name) = &wanted.kept {
            let path = folder.join(name);
            let (key, there) = (hash(name), fs::symlink_metadata(&path).is_ok());
            if !place.taken.contains(&key) && !there {
                place.take(name);
                place.ours.insert(key);
                return Ok(Name::Free(path));
            }
            if there && !place.ours.contains(&key) {
                if overwrite {
                    place.take(name);
                    place.ours.insert(key);
                    return Ok(Name::Replaces(path));
                }
                if wanted.insists {
                    return Err(Why::Exists);
                }
            }
        }
        let name = place.number(wanted.number, &wanted.noun, |number| wanted.neutral(number));
        Ok(Name::Free(folder.join(name)))
    }

    /// What a copy would be called if there were none yet.
    pub(super) fn planned(folder: &Folder, wanted: &Wanted, folder_noun: &str) -> PathBuf {
        let here = planned_folder(folder, folder_noun);
        match &wanted.kept {
            Some(name) => here.join(name),
            None => here.join(wanted.neutral(wanted.number)),
        }
    }
}

fn planned_folder(folder: &Folder, noun: &str) -> PathBuf {
    let above = folder.above.as_deref();
    let above = above
        .map(|above| planned_folder(above, noun))
        .unwrap_or_default();
    match &folder.called {
        Called::Base(base) => base.clone(),
        Called::Kept(name) => above.join(name),
        Called::Neutral(number) => above.join(format!("{noun}-{number:03}")),
    }
}

fn place<'a>(places: &'a mut HashMap<PathBuf, Place>, folder: &Path) -> &'a mut Place {
    places
        .entry(folder.to_owned())
        .or_insert_with(|| Place::load(folder))
}

/// The path of a folder's copies, with [`ANY`] in place of neutral names.
fn pattern(folder: &Folder) -> PathBuf {
    let above = folder.above.as_deref().map(pattern).unwrap_or_default();
    match &folder.called {
        Called::Base(base) => base.clone(),
        Called::Kept(name) => above.join(name),
        Called::Neutral(_) => above.join(ANY),
    }
}

impl Shelf {
    fn load(folders: Vec<PathBuf>) -> Self {
        let mut shelf = Self::default();
        for folder in &folders {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if has_neutral_name(&entry.file_name())
                    && let Ok(metadata) = entry.metadata()
                    && metadata.is_file()
                {
                    let same = shelf.unread.entry(metadata.len()).or_default();
                    same.push(entry.path());
                }
            }
        }
        shelf.folders = folders;
        shelf
    }

    /// Each file of an earlier run is read once at most, and only when a copy is as long.
    fn claim(&mut self, copy: &Copy<'_>) -> Option<PathBuf> {
        if let Some(mut paths) = self.unread.remove(&copy.len) {
            self.read.insert(copy.len);
            // The first of several is claimed first.
            paths.sort_by(|a, b| b.cmp(a));
            for path in paths {
                let digest = Input::open(&path, false).ok().and_then(|f| digest(&f).ok());
                if let Some(digest) = digest {
                    let same = self.unclaimed.entry((copy.len, digest.0)).or_default();
                    same.push(path);
                }
            }
        }
        if !self.read.contains(&copy.len) {
            return None;
        }
        let same = self.unclaimed.get_mut(&(copy.len, copy.digest()?.0))?;
        let at = same.iter().rposition(|path| copy.is_at(path))?;
        Some(same.remove(at))
    }
}

/// Whether a name is a word, a hyphen and a number: of any noun and in any language.
fn has_neutral_name(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let Some((stem, _)) = name.rsplit_once('.') else {
        return false;
    };
    stem.split_once('-')
        .is_some_and(|(noun, _)| neutral_number(stem, noun).is_some())
}
