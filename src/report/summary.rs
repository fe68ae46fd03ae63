//! Counts over a batch.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;

use super::pairs::Pairs;
use super::{Checked, Entry, Risk, Service, Verdict};
use crate::model::{Category, Finding, OutcomeKind, Role, Severity, Why};
use crate::story::Story;

/// How many files came to what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// As [`OutcomeKind::Cleaned`].
    pub cleaned: usize,
    /// As [`OutcomeKind::AlreadyClean`].
    pub already_clean: usize,
    /// As [`OutcomeKind::Reduced`].
    pub reduced: usize,
    /// As [`OutcomeKind::Refused`].
    pub refused: usize,
    /// As [`OutcomeKind::Failed`].
    pub failed: usize,
    /// As [`OutcomeKind::Found`].
    pub found: usize,
    /// As [`OutcomeKind::NothingFound`].
    pub nothing_found: usize,
}

/// How many files give away something of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Categories {
    /// Where.
    pub location: usize,
    /// When.
    pub time: usize,
    /// With which device.
    pub device: usize,
    /// Who.
    pub person: usize,
    /// Pictures inside.
    pub image: usize,
    /// Their history.
    pub history: usize,
    /// Nobody knows.
    pub unknown: usize,
}

/// Maximum number of files that the sum names.
const MOST_NAMED: usize = 5;
/// Maximum number of files without a clean copy that the sum names.
const MOST_LISTED: usize = 20;

/// A dangerous file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Worst {
    risk: Risk,
    severity: Severity,
    /// How many things it gives away.
    findings: usize,
    /// Its path as found.
    pub path: PathBuf,
}

/// All that is counted over a batch.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// Files that were handled.
    pub files: usize,
    /// Files by outcome.
    pub outcomes: Outcomes,
    /// Files by what they give away.
    pub categories: Categories,
    /// Files that name a place: coordinates, a city, a venue, a track. A time zone alone is no place.
    #[serde(skip)]
    pub located: usize,
    /// Services on the internet that files name.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub services: BTreeSet<Service>,
    /// Files that were read, by how dangerous it is to pass them on: green, amber, red.
    #[serde(skip)]
    pub risks: [usize; 3],
    /// What the files tell together.
    #[serde(skip)]
    pub story: Story,
    /// The most dangerous files to pass on, the worst first.
    #[serde(skip)]
    pub worst: Vec<Worst>,
    /// Files that belong together by their names.
    #[serde(skip)]
    pub pairs: Pairs,
    /// Files that tell about others and never have a copy.
    #[serde(skip)]
    pub companions: usize,
    /// The first files that have no copy.
    #[serde(skip)]
    pub missing: Vec<PathBuf>,
    /// The first files whose copies are cleaned in part.
    #[serde(skip)]
    pub partly: Vec<PathBuf>,
    /// Files among the copies that do not come from this run.
    #[serde(skip)]
    pub strangers: Vec<PathBuf>,
    /// Length of all originals, in bytes.
    pub bytes_in: u64,
    /// Length of all copies, in bytes.
    pub bytes_out: u64,
    /// Files that were left out because somebody wanted to stop.
    pub not_handled: usize,
    /// There are more files, which nobody has counted.
    #[serde(skip)]
    pub not_walked: bool,
    /// Copies that have another name than their original.
    #[serde(skip)]
    pub renamed: usize,
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// The place for the copies was to blame at least once.
    #[serde(skip)]
    pub output_trouble: bool,
    /// Names that tell were kept.
    #[serde(skip)]
    pub names_left: bool,
    /// Something in the content was left.
    #[serde(skip)]
    pub content_left: bool,
}

impl Summary {
    /// Counts one file.
    pub fn add(&mut self, entry: &Entry<'_>) {
        let outcome = entry.outcome;
        count(&mut self.files);
        let outcomes = &mut self.outcomes;
        count(match outcome.kind {
            OutcomeKind::Cleaned => &mut outcomes.cleaned,
            OutcomeKind::AlreadyClean => &mut outcomes.already_clean,
            OutcomeKind::Reduced => &mut outcomes.reduced,
            OutcomeKind::Refused => &mut outcomes.refused,
            OutcomeKind::Failed => &mut outcomes.failed,
            OutcomeKind::Found => &mut outcomes.found,
            OutcomeKind::NothingFound => &mut outcomes.nothing_found,
        });
        let names_place = |f: &Finding| {
            matches!(f.role, Role::Coordinates | Role::PlaceName)
                || (f.category, f.severity) == (Category::Location, Severity::Critical)
        };
        self.pairs.add(entry.path);
        if let Some(Why::Companion(_)) = entry.why {
            count(&mut self.companions);
        }
        let list = match outcome.kind {
            OutcomeKind::Refused | OutcomeKind::Failed => Some(&mut self.missing),
            OutcomeKind::Reduced => Some(&mut self.partly),
            _ => None,
        };
        if let Some(list) = list.filter(|list| list.len() < MOST_LISTED) {
            list.push(entry.path.to_owned());
        }
        if entry.is_renamed() {
            count(&mut self.renamed);
        }
        if outcome.findings.iter().any(names_place) {
            count(&mut self.located);
        }
        if matches!(outcome.kind, OutcomeKind::Found | OutcomeKind::NothingFound) {
            let risk = Risk::of(&outcome.findings);
            self.note_worst(risk, entry);
            let [green, amber, red] = &mut self.risks;
            count(match risk {
                Risk::Green => green,
                Risk::Amber => amber,
                Risk::Red => red,
            });
        }
        self.services
            .extend(outcome.findings.iter().flat_map(Service::of));
        self.story.add(&outcome.findings);
        let mut known = Vec::new();
        for finding in &outcome.findings {
            if known.contains(&finding.category) {
                continue;
            }
            known.push(finding.category);
            count(self.categories.of(finding.category));
        }
        self.bytes_in = self.bytes_in.saturating_add(outcome.bytes_in);
        self.bytes_out = self
            .bytes_out
            .saturating_add(outcome.bytes_out.unwrap_or(0));
        self.output_trouble |= entry.why.is_some_and(crate::model::Why::is_output);
        for finding in outcome.residue.iter().filter(|it| !it.is_note()) {
            if finding.is_about_name() {
                self.names_left = true;
            } else {
                self.content_left = true;
            }
        }
    }

    fn note_worst(&mut self, risk: Risk, entry: &Entry<'_>) {
        let findings = &entry.outcome.findings;
        let Some(severity) = findings.iter().map(|it| it.severity).max() else {
            return;
        };
        if risk == Risk::Green {
            return;
        }
        let worst = Worst {
            risk,
            severity,
            findings: findings.len(),
            path: entry.path.to_owned(),
        };
        let at = self.worst.partition_point(|known| *known >= worst);
        if at < MOST_NAMED {
            self.worst.insert(at, worst);
            self.worst.truncate(MOST_NAMED);
        }
    }

    /// Files for which there is no copy, or that were not read.
    #[must_use]
    pub fn not_done(&self) -> usize {
        self.outcomes.refused.saturating_add(self.outcomes.failed)
    }

    /// Whether all files were handled and are clean, so that nothing stands against handing the copies on.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_all_clean()
            && self.not_handled == 0
            && !(self.not_walked || self.output_trouble || self.names_left)
    }

    /// Whether a place can be found by what some file says.
    #[must_use]
    pub fn is_dangerous(&self) -> bool {
        let [_, _, red] = self.risks;
        red > 0 || self.located > 0
    }

    /// Whether everything is clean, or nothing was found.
    #[must_use]
    pub fn is_all_clean(&self) -> bool {
        let Outcomes {
            reduced,
            refused,
            failed,
            found,
            ..
        } = self.outcomes;
        [reduced, refused, failed, found].iter().all(|n| *n == 0)
    }
}

impl Categories {
    fn of(&mut self, category: Category) -> &mut usize {
        match category {
            Category::Location => &mut self.location,
            Category::Time => &mut self.time,
            Category::Device => &mut self.device,
            Category::Person => &mut self.person,
            Category::Image => &mut self.image,
            Category::History => &mut self.history,
            Category::Unknown => &mut self.unknown,
        }
    }
}

/// How many pairs came to what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdicts {
    /// Originals with a copy.
    pub pairs: usize,
    /// Copies that are clean and show the same.
    pub proven: usize,
    /// Copies that are not.
    pub not_proven: usize,
    /// Originals without a copy.
    pub without_copy: usize,
    /// Copies without an original.
    pub without_original: usize,
    /// Pairs that were left out because somebody wanted to stop.
    pub not_handled: usize,
}

impl Verdicts {
    /// Counts one pair, or half of one.
    pub fn add(&mut self, checked: &Checked<'_>) {
        match checked.verdict() {
            Verdict::NoCopy => count(&mut self.without_copy),
            Verdict::NoOriginal => count(&mut self.without_original),
            verdict => {
                count(&mut self.pairs);
                count(if verdict == Verdict::Proven {
                    &mut self.proven
                } else {
                    &mut self.not_proven
                });
            }
        }
    }

    /// Whether every original has a copy, and every copy is clean and shows the same.
    #[must_use]
    pub fn is_all_proven(&self) -> bool {
        let Self {
            pairs,
            proven,
            without_copy,
            without_original,
            ..
        } = *self;
        pairs == proven && without_copy == 0 && without_original == 0
    }
}

fn count(n: &mut usize) {
    *n = n.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::{Outcome, Value};
    use crate::report::{Human, Lang, Layout, Words};

    /// Whatever comes of a file: where the exit code is not 0, the sum does not say that there is nothing.
    #[test]
    fn the_sum_never_says_nothing_where_the_exit_code_says_something() {
        use OutcomeKind::{AlreadyClean, Cleaned, Failed, Found, NothingFound, Reduced, Refused};
        use Severity::{Critical, High, Low, Medium};
        let categories = [
            Category::Location,
            Category::Time,
            Category::Device,
            Category::Person,
            Category::Image,
            Category::History,
            Category::Unknown,
        ];
        let words = Words::new(Lang::En);
        let layout = Layout {
            width: None,
            colour: false,
        };
        let human = Human::for_scan(&words, layout, std::iter::empty(), false);
        for kind in [
            Cleaned,
            AlreadyClean,
            Reduced,
            Refused,
            Failed,
            Found,
            NothingFound,
        ] {
            for category in categories {
                for severity in [Low, Medium, High, Critical] {
                    for role in [Role::Other, Role::Coordinates, Role::Text, Role::TakenAt] {
                        for findings in 0..2 {
                            let finding = Finding::new("x", category, severity, "y", "z")
                                .role(role)
                                .value(Value::Bytes(1));
                            let outcome = Outcome {
                                kind,
                                format: None,
                                reason: None,
                                findings: vec![finding; findings],
                                residue: Vec::new(),
                                bytes_in: 0,
                                bytes_out: None,
                            };
                            let mut summary = Summary::default();
                            summary.add(&Entry {
                                path: Path::new("a"),
                                output: None,
                                outcome: &outcome,
                                why: None,
                            });
                            for text in [
                                human.scan_summary(&summary, ""),
                                human.clean_summary(&summary, &[], false, ""),
                            ] {
                                let nothing = text.contains("nothing found");
                                let clean = summary.is_all_clean();
                                assert!(clean || !nothing, "{kind:?} {category:?}: {text}");
                            }
                        }
                    }
                }
            }
        }
    }
}
