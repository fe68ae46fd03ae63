//! Neutral names: what a file is called is text that somebody chose, or that a camera counted. A copy
//! numbers its files by kind and its folders by order.

use std::collections::HashMap;

use crate::model::{Category, Finding, Found, Role, Severity, Untrusted};

/// Maximum number of names that are reported one by one.
const MAXIMUM_REPORTED: u32 = 256;
/// Shorter names occur by chance.
const SHORTEST_SECRET: usize = 8;

/// Gives names in the order in which they are asked for.
#[derive(Debug, Default)]
pub(super) struct Names {
    nouns: HashMap<&'static str, u32>,
    /// A folder of the original, as its path, and of the copy.
    folders: HashMap<String, String>,
    /// How many folders each folder of the copy has.
    inside: HashMap<String, u32>,
    reported: u32,
}

impl Names {
    /// The name in the copy for a file of this kind that is called `path` in the original.
    pub(super) fn file(&mut self, path: &str, noun: &'static str, extensions: &[&str]) -> String {
        let number = self.nouns.entry(noun).or_default();
        *number = number.saturating_add(1);
        let number = *number;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let extension = name
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_ascii_lowercase())
            .filter(|extension| extensions.contains(&extension.as_str()))
            .or_else(|| extensions.first().map(|first| (*first).to_owned()))
            .unwrap_or_default();
        format!("{}{noun}-{number:03}.{extension}", self.folder(folder))
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

    /// Adds a finding when a file has another name in the copy.
    pub(super) fn report(&mut self, original: &str, copy: &str, found: &mut Found) {
        if original == copy {
            return;
        }
        self.reported = self.reported.saturating_add(1);
        if self.reported > MAXIMUM_REPORTED {
            return;
        }
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
