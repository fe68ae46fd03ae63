//! What a file gives away, collected.

use std::collections::BTreeMap;

use super::{Finding, Secrets, Severity, Untrusted, Value};

/// Maximum number of findings of one file …
const MOST: usize = 1000;
/// … beyond which the first of each id are still kept, so that many harmless ones hide no place.
const FIRST: usize = 16;

/// Where readers of metadata put what they find.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What the file gives away, in the order in which it was met.
    pub findings: Vec<Finding>,
    /// What of it must not stand in the output.
    pub secrets: Secrets,
    /// What is only counted, by id.
    pub(super) more: BTreeMap<&'static str, More>,
}

/// Findings of one id beyond the maximum.
#[derive(Clone, Debug)]
pub(super) struct More {
    /// How many were kept all the same.
    kept: usize,
    /// How many were not.
    count: usize,
    /// One of them, with the worst severity of all.
    like: Finding,
}

impl Found {
    /// Adds a finding; a text or time value becomes a secret as well.
    pub fn add(&mut self, finding: Finding) {
        if let Some(Value::Text(text) | Value::Time(text)) = &finding.value {
            self.secrets.text(text.raw());
        }
        self.keep(finding);
    }

    /// Keeps a finding, or counts it when there are too many.
    fn keep(&mut self, finding: Finding) {
        if self.findings.len() < MOST {
            self.findings.push(finding);
            return;
        }
        let more = self.more.entry(finding.id).or_insert_with(|| More {
            kept: 0,
            count: 0,
            like: Finding {
                value: None,
                ..finding.clone()
            },
        });
        if more.kept < FIRST {
            more.kept = more.kept.saturating_add(1);
            self.findings.push(finding);
        } else {
            more.count = more.count.saturating_add(1);
            more.like.severity = more.like.severity.max(finding.severity);
        }
    }

    /// All findings, and a line for each kind of which some are only counted.
    #[must_use]
    pub fn told(&self) -> Vec<Finding> {
        let more = self.more.values().filter(|more| more.count > 0);
        let lines = more.map(|more| Finding {
            what: format!("and {} more of this kind", more.count).into(),
            ..more.like.clone()
        });
        self.findings.iter().cloned().chain(lines).collect()
    }

    /// Adds a finding whose value is shown in one form and stands in the file in another.
    pub fn add_as(&mut self, finding: Finding, stands_as: &str) {
        self.secrets.text(stands_as);
        self.keep(finding);
    }

    /// Takes over what was found inside a file inside this file; `place` is where that file stands.
    pub fn merge(&mut self, place: &str, mut inner: Self) {
        for finding in &mut inner.findings {
            let separator = if finding.place.is_empty() { "" } else { "/" };
            finding.place = format!("{place}{separator}{}", finding.place);
        }
        self.extend(inner);
    }

    /// Takes over what was found by somebody who named the places in full.
    pub fn extend(&mut self, other: Self) {
        self.secrets.merge(other.secrets);
        for finding in other.findings {
            self.keep(finding);
        }
        for (id, more) in other.more {
            let own = self.more.entry(id).or_insert_with(|| More {
                kept: 0,
                count: 0,
                like: more.like.clone(),
            });
            own.count = own.count.saturating_add(more.count);
            own.like.severity = own.like.severity.max(more.like.severity);
        }
    }

    /// The worst severity so far.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }

    /// Whether some text value equals `text`.
    #[must_use]
    pub fn has_text(&self, text: &str) -> bool {
        let text = Untrusted::new(text);
        self.findings
            .iter()
            .any(|f| matches!(&f.value, Some(Value::Text(t) | Value::Time(t)) if *t == text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Category;

    #[test]
    fn findings_beyond_the_maximum_are_counted_by_id() {
        let low = || Finding::new("x.low", Category::Unknown, Severity::Low, "place", "what");
        let mut inner = Found::default();
        for _ in 0..2000 {
            inner.add(low());
        }
        let mut found = Found::default();
        found.merge("inside", inner);
        for n in 0..1000 {
            found.add(low());
            found.add(
                Finding::new("x.gps", Category::Location, Severity::Critical, "p", "w").bytes(n),
            );
        }
        assert_eq!(found.worst(), Some(Severity::Critical));
        let told = found.told();
        let of = |id: &str| told.iter().filter(|f| f.id == id).collect::<Vec<_>>();
        let total = |id: &str| {
            let of = of(id);
            let (last, kept) = of.split_last().unwrap();
            let words: Vec<&str> = last.what.split(' ').collect();
            assert_eq!((words[0], words[2]), ("and", "more"), "{}", last.what);
            kept.len() + words[1].parse::<usize>().unwrap()
        };
        assert_eq!(total("x.low"), 3000);
        assert_eq!(total("x.gps"), 1000);
        assert_eq!(of("x.gps").len(), FIRST + 1);
        assert!(told.len() < MOST + 40);
    }
}
