//! How dangerous it is to pass a file on, in one sentence.

use super::Words;
use super::details::{self, Section};
use crate::model::{Finding, Severity};

/// How dangerous it is to pass a file on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// Nothing was found, or technical details that every such file has.
    Green,
    /// It tells about a person, a device, a time or another file.
    Amber,
    /// It leads to a place.
    Red,
}

impl Risk {
    /// Of a file that gives away these things.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let risk = |finding: &Finding| {
            if details::is_place(finding) && finding.severity >= Severity::High {
                Self::Red
            } else if finding.severity == Severity::Low {
                Self::Green
            } else {
                Self::Amber
            }
        };
        findings.iter().map(risk).max().unwrap_or(Self::Green)
    }

    /// The key of its word.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Green => "risk-green",
            Self::Amber => "risk-amber",
            Self::Red => "risk-red",
        }
    }
}

/// The worst that the findings say, in one sentence, and in how many other ways they tell something.
pub(super) fn sentence(words: &Words, findings: &[Finding]) -> String {
    let sections = details::sections(words, findings);
    let is_worse = |one: &&Section, other: &&Section| one.severity.cmp(&other.severity);
    // Of equals the first one: sections are in the order of what they lead to.
    let worst = sections.iter().rev().max_by(is_worse);
    let worst = sections.iter().find(|section| section.is_place).or(worst);
    let Some(worst) = worst else {
        return words.get("nothing-found");
    };
    // The sentence has a full stop of its own.
    let what = worst.items.first().map_or("", String::as_str);
    let what = what.strip_suffix('.').unwrap_or(what);
    let mut text = words.say(worst.says, &[("what", what.into())]);
    let others: Vec<String> = sections
        .iter()
        .filter(|section| !std::ptr::eq(*section, worst))
        .map(|section| words.get(section.about))
        .collect();
    if !others.is_empty() {
        let list = others.join(", ");
        text.push(' ');
        text.push_str(&words.say("risk-also", &[("list", (&list).into())]));
    }
    text
}
