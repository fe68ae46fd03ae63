//! What a file gives away, collected.

use super::{Finding, Secrets, Severity, Untrusted, Value};

/// Where readers of metadata put what they find.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What the file gives away, in the order in which it was met.
    pub findings: Vec<Finding>,
    /// What of it must not stand in the output.
    pub secrets: Secrets,
}

impl Found {
    /// Adds a finding; a text or time value becomes a secret as well.
    pub fn add(&mut self, finding: Finding) {
        if let Some(Value::Text(text) | Value::Time(text)) = &finding.value {
            self.secrets.text(text.raw());
        }
        self.findings.push(finding);
    }

    /// Adds a finding whose value is shown in one form and stands in the file in another.
    pub fn add_as(&mut self, finding: Finding, stands_as: &str) {
        self.secrets.text(stands_as);
        self.findings.push(finding);
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
        self.findings.extend(other.findings);
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
