//! What a saved report without values contains of names out of files: nothing. Texts of the code stay, their gaps
//! become an ellipsis, and so do the names of files inside archives and documents.

use std::borrow::Cow;

use super::{Checked, Entry, Words};
use crate::formats::by_id;
use crate::model::{Error, Finding, Found, Outcome, Why};
use crate::pipeline::Comparison;

/// Instead of a name out of a file.
pub(super) const ELLIPSIS: &str = "…";

/// What is reported of a file, without names out of it.
#[derive(Debug)]
pub(super) struct Discreet {
    outcome: Outcome,
    why: Option<Why>,
}

impl Discreet {
    pub(super) fn new(entry: &Entry<'_>, words: &Words) -> Self {
        let outcome = entry.outcome;
        let why = entry.why.and_then(|why| reason(why, words));
        Self {
            outcome: Outcome {
                reason: (why.as_ref().map(ToString::to_string)).or_else(|| outcome.reason.clone()),
                findings: findings(&outcome.findings, outcome.format, words),
                residue: findings(&outcome.residue, outcome.format, words),
                ..outcome.clone()
            },
            why,
        }
    }

    pub(super) fn entry<'a>(&'a self, entry: &Entry<'a>) -> Entry<'a> {
        Entry {
            outcome: &self.outcome,
            why: self.why.as_ref().or(entry.why),
            ..*entry
        }
    }
}

/// The same of a pair.
#[derive(Debug)]
pub(super) struct DiscreetPair {
    comparison: Option<Comparison>,
    why: Option<Why>,
}

impl DiscreetPair {
    pub(super) fn new(pair: &Checked<'_>, words: &Words) -> Self {
        let comparison = pair.comparison.map(|found| {
            let mut original = Found::default();
            original.findings = findings(&found.original.findings, pair.format, words);
            let unclean = found.unclean.as_ref();
            Comparison {
                original,
                // An error that is not about the text of the file has no names in it.
                unclean: unclean.map(|error| {
                    discreet(error, words).unwrap_or_else(|| Error::verify(error.to_string()))
                }),
                residue: findings(&found.residue, pair.format, words),
                same_payload: found.same_payload,
            }
        });
        Self {
            comparison,
            why: pair.why.and_then(|why| reason(why, words)),
        }
    }

    pub(super) fn checked<'a>(&'a self, pair: &Checked<'a>) -> Checked<'a> {
        Checked {
            comparison: self.comparison.as_ref(),
            why: self.why.as_ref().or(pair.why),
            ..*pair
        }
    }
}

fn findings(findings: &[Finding], format: Option<&str>, words: &Words) -> Vec<Finding> {
    let has_members = format.and_then(by_id).is_some_and(|format| {
        matches!(
            format.info().noun,
            "archive" | "document" | "sheet" | "slides" | "formula" | "drawing" | "book"
        )
    });
    let discreet = |finding: &Finding| {
        let what = match &finding.what {
            Cow::Borrowed(_) => finding.what.clone(),
            Cow::Owned(text) => words.without_gaps(text).into(),
        };
        let mut place = finding.place.clone();
        if has_members && !finding.is_about_name() {
            place = without_members(&place);
        }
        if what != finding.what {
            place = place.replace(&*finding.what, ELLIPSIS);
        }
        Finding {
            what,
            place,
            ..finding.clone()
        }
    };
    findings.iter().map(discreet).collect()
}

/// `word/media/Anna.jpeg/APP1 Exif` becomes `….jpeg/APP1 Exif`. Of a path without an extension nothing stays but its
/// first and only part, which the format has named.
fn without_members(place: &str) -> String {
    let Some((before, extension)) = place.rsplit_once('.') else {
        let is_single = !place.contains('/');
        return (if is_single { place } else { ELLIPSIS }).to_owned();
    };
    let (extension, rest) = match extension.find('/') {
        Some(at) => extension.split_at(at),
        None => (extension, ""),
    };
    // What follows the last dot of a sentence or a name is no extension.
    let is_extension = (1..6).contains(&extension.len())
        && extension.chars().all(|c| c.is_ascii_alphanumeric())
        && !before.is_empty();
    if is_extension {
        format!("{ELLIPSIS}.{extension}{rest}")
    } else {
        ELLIPSIS.to_owned()
    }
}

fn reason(why: &Why, words: &Words) -> Option<Why> {
    match why {
        Why::File(error) => discreet(error, words).map(Why::File),
        _ => None,
    }
}

/// The error without names out of the file; `None` where it cannot contain any.
fn discreet(error: &Error, words: &Words) -> Option<Error> {
    let gaps = |what: &Cow<'static, str>| match what {
        Cow::Borrowed(what) => Cow::Borrowed(*what),
        Cow::Owned(what) => words.without_gaps(what).into(),
    };
    Some(match error {
        Error::Unsupported { what } => Error::unsupported(gaps(what)),
        Error::VerifyFailed { what } => Error::verify(gaps(what)),
        Error::Malformed { format, at, what } => Error::malformed(format, *at, gaps(what)),
        Error::LimitExceeded { limit } => Error::LimitExceeded { limit },
        Error::ValueLeft { len } => Error::ValueLeft { len: *len },
        Error::UnknownKind => Error::UnknownKind,
        Error::Empty => Error::Empty,
        Error::Stopped(why) => Error::Stopped(why),
        Error::Io(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Lang;

    #[test]
    fn members_have_no_names() {
        for (place, discreet) in [
            ("word/media/Anna.jpeg/APP1 Exif", "….jpeg/APP1 Exif"),
            ("Users/Anna", "…"),
            ("v1.Anna på Storgatan 5/x", "…"),
            ("content", "content"),
            ("a.zip/b.png/tEXt", "….png/tEXt"),
        ] {
            assert_eq!(without_members(place), discreet);
        }
    }

    #[test]
    fn gaps_are_left_empty() {
        let words = Words::new(Lang::En);
        for (text, discreet) in [
            ("a raw photo of Anna", "a raw photo of …"),
            ("and 12 more of this kind", "and 12 more of this kind"),
            (
                "colours under transparent areas",
                "colours under transparent areas",
            ),
            ("Anna", "…"),
        ] {
            assert_eq!(words.without_gaps(text), discreet);
        }
        let inside = Error::unsupported(
            "the file Anna.txt inside cannot be cleaned: this kind of file is not supported; extract the archive and \
             clean the folder, or leave such files out with --drop-uncleanable"
                .to_owned(),
        );
        let why = reason(&Why::File(inside), &words).unwrap().to_string();
        assert!(
            why.starts_with("the file … inside cannot be cleaned: this kind"),
            "{why}"
        );
    }
}
