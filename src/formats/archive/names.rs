//! Neutral names: what a file is called is text that somebody chose, or that a camera counted. A copy
//! numbers its files by kind and its folders, both in the order of the original names, so that pages and
//! series of pictures are in the same order when they are sorted by name.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::model::{Category, FileKind, Finding, Found, Role, Severity, Untrusted};

/// Maximum number of names that are reported one by one.
const MAXIMUM_REPORTED: usize = 256;
/// Shorter names occur by chance.
const SHORTEST_SECRET: usize = 8;

/// The names of a copy for files with these paths and formats, in the same order.
pub(super) fn neutral(files: &[(&str, FileKind)]) -> Vec<String> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    let path = |index: &usize| files.get(*index).map_or("", |(path, _)| path);
    order.sort_by(|one, other| natural(path(one), path(other)));
    let mut names = Names {
        // Without leading zeros, the tenth of ten thousand would be sorted behind the thousandth.
        width: files.len().to_string().len().max(3),
        ..Names::default()
    };
    let mut out = vec![String::new(); files.len()];
    for index in order {
        if let (Some((path, kind)), Some(name)) = (files.get(index), out.get_mut(index)) {
            *name = names.file(path, *kind);
        }
    }
    out
}

/// Compares paths as people sort them: folders before files, as in a copy, and numbers by their value.
fn natural(one: &str, other: &str) -> Ordering {
    let (lower, other_lower) = (one.to_lowercase(), other.to_lowercase());
    let mut left = lower.split('/').peekable();
    let mut right = other_lower.split('/').peekable();
    while let (Some(part), Some(other_part)) = (left.next(), right.next()) {
        let is_file = (left.peek().is_none(), right.peek().is_none());
        let by_name = tokens(part).cmp(tokens(other_part));
        match is_file.0.cmp(&is_file.1).then(by_name) {
            Ordering::Equal => {}
            unequal => return unequal,
        }
    }
    one.cmp(other)
}

/// The pieces of a name: digits without leading zeros, with how many they are, or text.
fn tokens(name: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let is_digit = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit);
        let (token, behind) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
        rest = behind;
        Some(if is_digit {
            let digits = token.trim_start_matches('0');
            (digits.len(), digits)
        } else {
            (usize::MAX, token)
        })
    })
}

/// Gives names in the order in which they are asked for.
#[derive(Debug, Default)]
struct Names {
    width: usize,
    nouns: HashMap<&'static str, u32>,
    /// A folder of the original, as its path, and of the copy.
    folders: HashMap<String, String>,
    /// How many folders each folder of the copy has.
    inside: HashMap<String, u32>,
}

impl Names {
    /// The name in the copy for a file of this format that is called `path` in the original.
    fn file(&mut self, path: &str, kind: FileKind) -> String {
        let noun = kind.info.noun;
        let number = self.nouns.entry(noun).or_default();
        *number = number.saturating_add(1);
        let (number, width) = (*number, self.width);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let extension = kind.extension(name);
        let folder = self.folder(folder);
        format!("{folder}{noun}-{number:0width$}.{extension}")
    }

    /// The folder of the copy, with a slash at the end.
    fn folder(&mut self, path: &str) -> String {
        let mut original = String::new();
        let mut copy = String::new();
        for part in path
            .split('/')
            .filter(|part| !matches!(*part, "" | "." | ".."))
        {
            original.push_str(part);
            original.push('/');
            if let Some(known) = self.folders.get(&original) {
                copy.clone_from(known);
                continue;
            }
            let number = self.inside.entry(copy.clone()).or_default();
            *number = number.saturating_add(1);
            copy = format!("{copy}folder-{number}/");
            self.folders.insert(original.clone(), copy.clone());
        }
        copy
    }
}

/// Adds findings about files that have another name in the copy.
pub(super) fn report<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>, found: &mut Found) {
    let changed = pairs.filter(|(original, copy)| original != copy);
    for (original, copy) in changed.take(MAXIMUM_REPORTED) {
        let finding = Finding::new(
            "zip.names",
            Category::Person,
            Severity::Low,
            copy,
            "the name of a file inside",
        );
        let finding = finding.text(original).role(Role::Path);
        if original.len() >= SHORTEST_SECRET && !is_neutral(original) {
            found.add(finding);
        } else {
            found.findings.push(finding);
        }
    }
}

/// Whether a name consists of nothing but words and numbers that are given here.
fn is_neutral(path: &str) -> bool {
    path.split('/').all(|part| {
        let stem = part.split_once('.').map_or(part, |(stem, _)| stem);
        stem.rsplit_once('-').is_some_and(|(word, number)| {
            number.bytes().all(|byte| byte.is_ascii_digit())
                && word.bytes().all(|byte| byte.is_ascii_lowercase())
        })
    })
}

/// Files that systems put into folders, which no person put there.
pub(super) fn is_left_behind(path: &str) -> bool {
    let mut parts = path.split('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    parts.any(|part| part == "__MACOSX")
        || name.starts_with("._")
        || [
            "ds_store",
            "desktop.ini",
            "thumbs.db",
            "ehthumbs.db",
            "icon\r",
        ]
        .contains(&name.trim_start_matches('.').to_ascii_lowercase().as_str())
}

/// A name as it can be shown in a message.
pub(super) fn shown(path: &str) -> String {
    Untrusted::new(path).for_terminal(60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Info;

    static PICTURE: Info = Info {
        id: "png",
        name: "PNG",
        extensions: &["png"],
        noun: "picture",
        rows: &[],
        vocabulary: &[],
    };

    fn kind() -> FileKind {
        FileKind {
            info: &PICTURE,
            extensions: PICTURE.extensions,
        }
    }

    #[test]
    fn files_are_numbered_as_people_sort_their_names() {
        let paths = [
            "b/page10.png",
            "b/page9.PNG",
            "a/x.png",
            "B/page001.jpg",
            "b.png",
        ];
        let files: Vec<_> = paths.iter().map(|path| (*path, kind())).collect();
        let names = neutral(&files);
        assert_eq!(
            names,
            [
                "folder-3/picture-004.png",
                "folder-3/picture-003.png",
                "folder-1/picture-001.png",
                "folder-2/picture-002.png",
                "picture-005.png"
            ]
        );
    }

    #[test]
    fn neutral_names_are_retained() {
        let paths: Vec<String> = (0..1200)
            .map(|number| format!("{}/{}.png", number % 13, number * 7 % 1200))
            .collect();
        let named = |paths: &[String]| {
            neutral(
                &paths
                    .iter()
                    .map(|path| (path.as_str(), kind()))
                    .collect::<Vec<_>>(),
            )
        };
        // Folders beside files, and in folders.
        let nested = [
            "m/area1.png",
            "m/bg/a.png",
            "m/colour.png",
            "m/da/x/b.png",
            "z.png",
        ];
        let nested = named(&nested.map(str::to_owned));
        assert_eq!(named(&nested), nested);
        let once = named(&paths);
        assert_eq!(named(&once), once);
        let mut sorted = once.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), 1200);
    }
}
