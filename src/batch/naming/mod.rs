//! What names give away, and what copies are called.

pub(super) mod companion;
mod giveaway;
mod harmless;

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

#[cfg(test)]
pub(crate) use companion::words as companion_words;
pub(super) use giveaway::fold;
use giveaway::giveaways;
use harmless::{is_harmless, is_writable, writable};

use super::Names;
use super::walk::Named;
use crate::formats::FORMATS;
use crate::model::{Category, FILE_NAME, FOLDER_NAME, FileKind, Finding, Role, Severity, Value};

/// Minimum length of a value that is looked for in a name, in characters.
const SHORTEST_VALUE: usize = 3;

/// Where the copies of one input go.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The folder for them.
    pub base: PathBuf,
    /// The folder in it that has the name of the input.
    prefix: Option<OsString>,
}

/// Where the copies of each input go: into `output`, or beside the input. `None` for an input that has
/// nothing beside it.
#[must_use]
pub(super) fn places(named: &[Named], output: Option<&Path>) -> Option<Vec<Place>> {
    named
        .iter()
        .map(|input| {
            let name = input.path.file_name().or(input.real.file_name());
            if let Some(output) = output {
                let prefix = name.filter(|_| input.is_folder && named.len() > 1);
                return Some(Place {
                    base: output.to_owned(),
                    prefix: prefix.map(OsStr::to_owned),
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
            Some(Place { base, prefix: None })
        })
        .collect()
}

/// The finding for a name that says another kind of file than the bytes.
#[must_use]
pub(super) fn wrong_extension(name: &OsStr, kind: FileKind) -> Option<Finding> {
    let extension = Path::new(name)
        .extension()?
        .to_string_lossy()
        .to_lowercase();
    // Plain text has as many extensions as there are programs.
    let is_of_other = |extension: &str| {
        let mut formats = FORMATS.iter().map(|format| format.info());
        formats.any(|info| info.extensions.contains(&extension))
    };
    let is_text = kind.info.id == "txt" && !is_of_other(&extension);
    (!is_text && !kind.extensions.contains(&extension.as_str())).then(|| {
        Finding::new(
            "fs.extension",
            Category::History,
            Severity::Low,
            FILE_NAME,
            format!(
                "the name says {extension}, the content is {}",
                kind.info.name
            ),
        )
    })
}

/// What a folder of the mirrored tree is called.
#[derive(Debug)]
pub(super) enum Called {
    /// It is the place for the copies of an input.
    Base(PathBuf),
    /// As the folder that it mirrors.
    Kept(OsString),
    /// By a number: this one, when it is free.
    Neutral(usize),
}

/// A folder that is walked, and the one that mirrors it.
#[derive(Debug)]
pub(super) struct Folder {
    /// The folder around it, unless it is the first.
    pub above: Option<Arc<Folder>>,
    /// What the copy of it is called.
    pub called: Called,
    /// What its name, and those of the folders around it, give away.
    findings: Vec<Finding>,
    /// Where its copies go, once that is known.
    pub settled: Mutex<Option<PathBuf>>,
}

impl Folder {
    fn new(above: Option<Arc<Self>>, called: Called, findings: Vec<Finding>) -> Arc<Self> {
        Arc::new(Self {
            above,
            called,
            findings,
            settled: Mutex::default(),
        })
    }

    /// The place for the copies of the input that it belongs to.
    pub(super) fn base(&self) -> &Path {
        let mut folder = self;
        loop {
            match (&folder.called, &folder.above) {
                (Called::Base(base), _) => return base,
                (_, Some(above)) => folder = above,
                (_, None) => return Path::new("."),
            }
        }
    }
}

/// One file of a batch.
#[derive(Debug)]
pub(super) struct Item {
    /// Its number in the order of the walk.
    pub index: u64,
    /// Its path, beginning with what the user typed.
    pub path: PathBuf,
    /// Whether a link in the last place of the path is followed.
    pub follow_links: bool,
    /// Why it is not even looked at.
    pub why: Option<crate::model::Why>,
    /// The folder that it is in.
    pub folder: Arc<Folder>,
    /// The number of its neutral name, when that is free.
    pub number: usize,
    /// Files of other folders, which can have the same name, have their copies beside its copy.
    pub has_siblings: bool,
}

/// What a copy is called where that is possible.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The name of the original, or the nearest one that every system can write.
    pub kept: Option<OsString>,
    /// A file of that name which is there already is an error, and no reason for a neutral name.
    pub insists: bool,
    /// What people call such a file: the beginning of a neutral name.
    pub noun: String,
    /// The end of a neutral name.
    pub extension: String,
    /// The number in a neutral name, when it is free.
    pub number: usize,
}

impl Wanted {
    /// The neutral name with a number.
    #[must_use]
    pub(super) fn neutral(&self, number: usize) -> String {
        format!("{}-{number:03}.{}", self.noun, self.extension)
    }
}

/// Decides on names, the same way each time.
#[derive(Debug)]
pub(super) struct Naming {
    /// Which names are replaced.
    pub names: Names,
    /// What people call files of a kind, by `Info::noun`, and `folder`.
    pub nouns: HashMap<String, String>,
    /// Names of people and places that the user fears for, folded.
    pub listed: Vec<String>,
}

impl Naming {
    /// What people call files of a kind, or folders.
    #[must_use]
    pub(super) fn noun<'a>(&'a self, key: &'a str) -> &'a str {
        self.nouns.get(key).map_or(key, String::as_str)
    }

    /// What the name of a file or a folder gives away.
    fn findings(&self, name: &OsStr, place: &'static str) -> Vec<Finding> {
        let text = name.to_string_lossy();
        let mut found = giveaways(&text, place, &self.listed);
        let stem = if place == FILE_NAME {
            stem(&text)
        } else {
            &text
        };
        if found.is_empty() && !(is_harmless(stem) && is_writable(&text)) {
            found.push(
                Finding::new(
                    "fs.name.unknown",
                    Category::Unknown,
                    Severity::Medium,
                    place,
                    "a name that may tell something",
                )
                .text(text),
            );
        }
        found
    }

    /// What the names of a file and of the folders around it give away.
    #[must_use]
    pub(super) fn of_item(&self, item: &Item) -> Vec<Finding> {
        let mut found = item.folder.findings.clone();
        if let Some(name) = item.path.file_name() {
            found.extend(self.findings(name, FILE_NAME));
        }
        found
    }

    /// What the copy of a file is to be called; `found` is what its content gives away.
    #[must_use]
    pub(super) fn wanted(&self, item: &Item, kind: FileKind, found: &[Finding]) -> Wanted {
        let name = item.path.file_name().unwrap_or_default();
        let noun = self.noun(kind.info.noun);
        let text = name.to_string_lossy();
        let keeps = match self.names {
            Names::Keep => true,
            Names::Neutral => false,
            Names::Auto => {
                self.findings(name, FILE_NAME).is_empty()
                    && wrong_extension(name, kind).is_none()
                    && !has_value(&text, found)
                    && neutral_number(stem(&text), noun).is_none()
            }
        };
        Wanted {
            kept: keeps.then(|| OsString::from(writable(&text))),
            insists: !item.has_siblings,
            noun: noun.to_owned(),
            extension: kind.extension(&text).to_owned(),
            number: neutral_number(stem(&text), noun).unwrap_or(item.number),
        }
    }
}

/// The finding for a name that has a value of the file itself in it.
#[must_use]
pub(super) fn value_in_name(name: &OsStr, found: &[Finding]) -> Option<Finding> {
    let name = name.to_string_lossy();
    has_value(&name, found).then(|| {
        Finding::new(
            "fs.name.value",
            Category::Person,
            Severity::High,
            FILE_NAME,
            "a value that the file itself gives away",
        )
        .text(name)
    })
}

/// Whether a name has something in it that the file says as well: a whole value, or a word of the name of
/// a person or a place.
fn has_value(name: &str, found: &[Finding]) -> bool {
    let name = fold(stem(name));
    let words: HashSet<&str> = words(&name).collect();
    found.iter().any(|finding| {
        let Some(Value::Text(text)) = &finding.value else {
            return false;
        };
        if finding.is_about_name() || text.raw().len() > 4096 {
            return false;
        }
        let value = fold(text.raw());
        let value = value.trim();
        match finding.role {
            Role::PersonName | Role::PlaceName => {
                self::words(value).any(|word| words.contains(word))
            }
            _ => {
                let long = value.chars().count() > SHORTEST_VALUE;
                long && (words.contains(value) || (value.contains(' ') && name.contains(value)))
            }
        }
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= SHORTEST_VALUE)
}

/// A name without its extension.
fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// The number of a neutral name: `photo-007` for `photo`.
#[must_use]
pub(super) fn neutral_number(stem: &str, noun: &str) -> Option<usize> {
    let number = stem.strip_prefix(noun)?.strip_prefix('-')?;
    let digits = number.len() >= 3 && number.bytes().all(|b| b.is_ascii_digit());
    let padded = number.len() == 3 || !number.starts_with('0');
    number.parse().ok().filter(|n| digits && padded && *n > 0)
}

/// Gives numbers to the files and folders of one folder.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// Those that a name here ends with.
    reserved: HashSet<usize>,
    files: usize,
    folders: usize,
    /// Names of folders here, in small letters.
    taken: HashSet<String>,
}

impl Numbers {
    /// For a folder with these names in it.
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a OsStr>) -> Self {
        let number = |name: &OsStr| {
            let name = name.to_string_lossy();
            stem(&name).rsplit_once('-')?.1.parse().ok()
        };
        Self {
            reserved: names.filter_map(number).collect(),
            ..Self::default()
        }
    }

    /// The number of the next file.
    pub(super) fn file(&mut self) -> usize {
        next(&self.reserved, &mut self.files)
    }
}

fn next(reserved: &HashSet<usize>, last: &mut usize) -> usize {
    *last = last.saturating_add(1);
    while reserved.contains(last) {
        *last = last.saturating_add(1);
    }
    *last
}

/// The folders of a walk, from the input to where it is.
#[derive(Debug, Default)]
pub(super) struct Trail {
    folders: Vec<(Arc<Folder>, Numbers)>,
}

impl Trail {
    /// At an input. `numbers` are those of the place for its copies, `inside` those of the input.
    pub(super) fn begin(
        place: Option<&Place>,
        naming: &Naming,
        numbers: &mut Numbers,
        inside: Numbers,
    ) -> Self {
        let base = place.map(|place| place.base.clone()).unwrap_or_default();
        let base = Folder::new(None, Called::Base(base), Vec::new());
        let folder = match place.and_then(|place| place.prefix.as_ref()) {
            Some(name) => naming.folder(&base, name, numbers),
            None => base,
        };
        Self {
            folders: vec![(folder, inside)],
        }
    }

    /// Enters a folder that is `depth` folders below the input.
    pub(super) fn enter(&mut self, depth: usize, name: &OsStr, naming: &Naming, inside: Numbers) {
        self.folders.truncate(depth.max(1));
        if let Some((above, numbers)) = self.folders.last_mut() {
            let folder = naming.folder(above, name, numbers);
            self.folders.push((folder, inside));
        }
    }

    /// The folder of a file that is `depth` folders below the input, and the file's number.
    pub(super) fn file(&mut self, depth: usize) -> Option<(Arc<Folder>, usize)> {
        self.folders.truncate(depth.max(1));
        let (folder, numbers) = self.folders.last_mut()?;
        Some((Arc::clone(folder), numbers.file()))
    }
}

impl Naming {
    fn folder(&self, above: &Arc<Folder>, name: &OsStr, numbers: &mut Numbers) -> Arc<Folder> {
        let own = self.findings(name, FOLDER_NAME);
        let text = name.to_string_lossy();
        let number = next(&numbers.reserved, &mut numbers.folders);
        let called = match (self.names, neutral_number(&text, self.noun("folder"))) {
            (Names::Neutral, None) => Called::Neutral(number),
            (Names::Auto, None) if !own.is_empty() => Called::Neutral(number),
            (Names::Auto | Names::Neutral, Some(number)) => Called::Neutral(number),
            _ => {
                let name = writable(&text);
                if numbers.taken.insert(name.to_lowercase()) {
                    Called::Kept(name.into())
                } else {
                    Called::Neutral(number)
                }
            }
        };
        let mut findings = above.findings.clone();
        findings.extend(own);
        Folder::new(Some(Arc::clone(above)), called, findings)
    }
}
