//! Files by what they have in common: where, with which device, who, on which day.

use std::collections::BTreeMap;

use super::details::{date, device, texts};
use super::located::town;
use super::{Risk, Words};
use crate::model::{Finding, Role, Value};

/// What files are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// The town.
    Place,
    /// The device.
    Device,
    /// Each person that is named.
    Person,
    /// The day on which it was made.
    Day,
}

/// Texts about files, by group.
#[derive(Debug)]
pub struct Groups {
    by: GroupBy,
    /// The key sorts days; the last group is for files without any.
    groups: BTreeMap<(bool, String), Vec<(Risk, String)>>,
}

impl Groups {
    /// Without any files.
    #[must_use]
    pub fn new(by: GroupBy) -> Self {
        Self {
            by,
            groups: BTreeMap::new(),
        }
    }

    /// Adds what is said of one file. A file in which several persons are named is in several groups.
    pub fn add(&mut self, words: &Words, findings: &[Finding], text: &str) {
        let mut keys: Vec<(bool, String)> = (self.keys(words, findings).into_iter())
            .map(|key| (false, key))
            .collect();
        if keys.is_empty() {
            keys.push((true, String::new()));
        }
        let risk = Risk::of(findings);
        for key in keys {
            let group = self.groups.entry(key).or_default();
            group.push((risk, text.to_owned()));
        }
    }

    fn keys(&self, words: &Words, findings: &[Finding]) -> Vec<String> {
        match self.by {
            GroupBy::Place => {
                let point = findings.iter().find_map(|finding| match &finding.value {
                    Some(Value::Place(place)) => town(words, place),
                    _ => None,
                });
                let name = || texts(findings, Role::PlaceName).into_iter().next();
                point.or_else(name).into_iter().collect()
            }
            GroupBy::Device => device(words, findings).into_iter().collect(),
            GroupBy::Person => texts(findings, Role::PersonName),
            GroupBy::Day => {
                let taken = texts(findings, Role::TakenAt);
                let day = taken.iter().find_map(|iso| iso.get(..10));
                day.map(str::to_owned).into_iter().collect()
            }
        }
    }

    /// Each group with its heading, the largest first, days in their order; in each the most dangerous file
    /// first.
    #[must_use]
    pub fn texts(self, words: &Words) -> String {
        let by = self.by;
        let mut groups: Vec<_> = self.groups.into_iter().collect();
        if by != GroupBy::Day {
            groups.sort_by_key(|((none, _), files)| (*none, std::cmp::Reverse(files.len())));
        }
        let mut text = String::new();
        for ((none, key), mut files) in groups {
            files.sort_by_key(|(risk, _)| std::cmp::Reverse(*risk));
            let name = match (none, by) {
                (true, GroupBy::Place) => words.get("group-no-place"),
                (true, GroupBy::Device) => words.get("group-no-device"),
                (true, GroupBy::Person) => words.get("group-no-person"),
                (true, GroupBy::Day) => words.get("group-no-day"),
                (false, GroupBy::Day) => date(words, &key),
                (false, _) => key,
            };
            let n = words.count("files", files.len());
            let gaps = [("name", (&name).into()), ("files", (&n).into())];
            text.push_str(&words.say("group", &gaps));
            text.push('\n');
            files.iter().for_each(|(_, file)| text.push_str(file));
            text.push('\n');
        }
        text
    }
}
