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

/// What the worst section says, and what else there is.
struct Told<'a> {
    words: &'a Words,
    worst: Section,
    /// Words for what the other sections are about.
    others: Vec<String>,
}

impl<'a> Told<'a> {
    /// `None` where nothing was found.
    fn new(words: &'a Words, findings: &[Finding]) -> Option<Self> {
        let mut sections = details::sections(words, findings);
        let at = |n: usize| (sections.get(n)).map(|it| (it.is_place, it.severity));
        // Of equals the first one: sections are in the order of what they lead to.
        let worst = (0..sections.len()).rev().max_by_key(|n| at(*n))?;
        let worst = sections.remove(worst);
        Some(Self {
            words,
            worst,
            others: sections.iter().map(|it| words.get(it.about)).collect(),
        })
    }

    fn sentence(&self) -> String {
        let (words, worst) = (self.words, &self.worst);
        let Some(what) = &worst.brief else {
            let about = words.get(worst.about);
            return words.say(worst.says_bare(), &[("about", (&about).into())]);
        };
        // The sentence has a full stop of its own.
        let what = what.strip_suffix('.').unwrap_or(what);
        let what = match &worst.exact {
            Some(exact) => format!("{what}, {exact}"),
            None => what.to_owned(),
        };
        words.say(worst.says, &[("what", (&what).into())])
    }

    /// The sentence, and in how many other ways they tell something.
    fn whole(&self) -> String {
        let mut text = self.sentence();
        if !self.others.is_empty() {
            let list = self.others.join(", ");
            text.push(' ');
            text.push_str(&self.words.say("risk-also", &[("list", (&list).into())]));
        }
        text
    }

    /// What it is about, and what it says in a few words.
    fn short(&self) -> String {
        let about = capital(&self.words.get(self.worst.about));
        match &self.worst.brief {
            Some(what) => format!("{about}: {what}"),
            None => about,
        }
    }
}

/// The worst that the findings say, in one sentence, and in how many other ways they tell something.
pub(super) fn sentence(words: &Words, findings: &[Finding]) -> String {
    Told::new(words, findings).map_or_else(|| words.get("nothing-found"), |told| told.whole())
}

/// The same in fewer and fewer words, each complete: for a line that has little room.
pub(super) fn forms(words: &Words, findings: &[Finding]) -> Vec<String> {
    let Some(told) = Told::new(words, findings) else {
        return vec![words.get("nothing-found")];
    };
    let about = capital(&words.get(told.worst.about));
    let mut forms = vec![told.whole()];
    if !told.others.is_empty() {
        let others = told.others.join(", ");
        forms.push(format!("{}. {}", told.short(), capital(&others)));
    }
    if told.worst.brief.is_some() {
        forms.push(told.short());
    }
    forms.extend((told.worst.town.iter()).map(|town| format!("{about}: {town}")));
    for n in (1..=told.others.len()).rev() {
        let mut list = format!(
            "{about}, {}",
            told.others
                .iter()
                .take(n)
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        );
        if n < told.others.len() {
            list = words.say("and-more", &[("list", (&list).into())]);
        }
        forms.push(list);
    }
    forms.push(about);
    forms
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}
