//! Files that belong together by their names: a photo and its film, a raw photo and its JPEG, a file beside another
//! that tells about it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Maximum number of names that are compared.
const MOST: usize = 50_000;

const PHOTOS: [&str; 9] = [
    "jpg", "jpeg", "heic", "heif", "png", "webp", "avif", "tif", "tiff",
];
const RAWS: [&str; 13] = [
    "dng", "nef", "nrw", "cr2", "cr3", "arw", "orf", "rw2", "raf", "pef", "srw", "x3f", "raw",
];
const FILMS: [&str; 4] = ["mov", "mp4", "m4v", "3gp"];
/// Contain what a program or a camera knows about another file.
const NOTES: [&str; 5] = ["xmp", "aae", "thm", "srt", "lrv"];
/// Behind the name of a photo in an export of Google Photos.
const TAKEOUT: &str = "supplemental-metadata";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Photo,
    Raw,
    Film,
    Note,
}

/// Files by what their names have in common.
#[derive(Clone, Debug, Default)]
pub struct Pairs(BTreeMap<PathBuf, Group>);

#[derive(Clone, Debug, Default)]
struct Group {
    kinds: BTreeSet<Kind>,
    files: usize,
    /// The first two names.
    names: Vec<String>,
}

impl Pairs {
    pub(super) fn add(&mut self, path: &Path) {
        let Some((stem, kind)) = path
            .file_name()
            .and_then(|name| read(&name.to_string_lossy()))
        else {
            return;
        };
        let key = path.with_file_name(stem);
        if self.0.len() >= MOST && !self.0.contains_key(&key) {
            return;
        }
        let group = self.0.entry(key).or_default();
        group.kinds.insert(kind);
        group.files = group.files.saturating_add(1);
        if group.names.len() < 2 {
            group.names.push(super::printable(path));
        }
    }

    /// How many files belong together with others, and the names of the first ones.
    pub(super) fn told(&self) -> Option<(usize, String)> {
        let groups = || self.0.values().filter(|group| group.kinds.len() > 1);
        let first = groups().next()?;
        let files = groups().map(|group| group.files).sum();
        Some((files, first.names.join(" + ")))
    }
}

/// What a name begins with, and the kind of the file: `IMG_1.HEIC` and `IMG_1.HEIC.xmp` both begin with `img_1`.
fn read(name: &str) -> Option<(String, Kind)> {
    let name = name.to_lowercase();
    let (stem, extension) = name.rsplit_once('.')?;
    let of = |kind| Some((stem.to_owned(), kind));
    match extension {
        it if PHOTOS.contains(&it) => of(Kind::Photo),
        it if RAWS.contains(&it) => of(Kind::Raw),
        it if FILMS.contains(&it) => of(Kind::Film),
        it if NOTES.contains(&it) => {
            let stem = read(stem).map_or_else(|| stem.to_owned(), |(stem, _)| stem);
            Some((stem, Kind::Note))
        }
        "json" => {
            let stem = match stem.rsplit_once('.') {
                Some((photo, more)) if !more.is_empty() && TAKEOUT.starts_with(more) => photo,
                _ => stem,
            };
            let (stem, kind) = read(stem)?;
            (kind != Kind::Note).then_some((stem, Kind::Note))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(names: &[&str]) -> Option<(usize, String)> {
        let mut pairs = Pairs::default();
        names.iter().for_each(|name| pairs.add(Path::new(name)));
        pairs.told()
    }

    #[test]
    fn names_tell_what_belongs_together() {
        for (names, files) in [
            (&["a/IMG_1.HEIC", "a/IMG_1.mov"][..], 2),
            (&["a/1.NEF", "a/1.JPG", "a/1.xmp"], 3),
            (&["a.jpg", "a.jpg.json"], 2),
            (&["a.jpg", "a.jpg.supplemental-meta.json"], 2),
            (&["a.mp4", "a.THM", "b.jpg"], 2),
            (&["a.heic", "a.heic.xmp", "A.AAE"], 3),
        ] {
            assert_eq!(
                told(names).map(|(files, _)| files),
                Some(files),
                "{names:?}"
            );
        }
        for names in [
            &["a/1.heic", "b/1.mov"][..],
            &["1.jpg", "2.jpg"],
            &["data.json", "data.docx"],
            &["1.jpg", "1.jpeg"],
        ] {
            assert_eq!(told(names), None, "{names:?}");
        }
        let said = told(&["IMG_1.HEIC", "IMG_1.mov"]).unwrap().1;
        assert_eq!(said, "IMG_1.HEIC + IMG_1.mov");
    }
}
