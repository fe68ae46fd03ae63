//! What a terminal shows: one line for each file, none of them cut.

use std::path::Path;

use sparlos::bytes::Source;
use sparlos::model::{Outcome, OutcomeKind};
use sparlos::pipeline::{self, Job};
use sparlos::report::{Entry, Human, Lang, Layout, Words};
use unicode_width::UnicodeWidthStr;

use crate::support::samples;

fn outcome(kind: OutcomeKind, bytes: &[u8]) -> Option<Outcome> {
    let cleaning = pipeline::clean(&Source::memory(bytes), &Job::default()).ok()?;
    Some(Outcome {
        kind,
        format: None,
        reason: None,
        findings: cleaning.examined.found.findings,
        residue: Vec::new(),
        bytes_in: 1,
        bytes_out: None,
    })
}

fn layout(width: usize) -> Layout {
    Layout {
        width: Some(width),
        colour: false,
    }
}

/// A scan, and a clean with names that are kept or changed, of every sample in both languages.
#[test]
fn each_file_has_one_line_that_fits() {
    for lang in [Lang::Sv, Lang::En] {
        let words = Words::new(lang);
        for sample in samples::all() {
            let path = format!("familjen/sommaren på landet/{}", sample.name);
            let path = Path::new(&path);
            for (kind, output) in [
                (OutcomeKind::Found, None),
                (
                    OutcomeKind::Cleaned,
                    Some("familjen-clean/sommaren på landet/fot0001.jpg"),
                ),
                (OutcomeKind::AlreadyClean, path.to_str()),
            ] {
                let Some(outcome) = outcome(kind, &sample.bytes) else {
                    continue;
                };
                for width in [80, 100, 200] {
                    let entry = Entry {
                        path,
                        output: output.map(Path::new),
                        outcome: &outcome,
                        why: None,
                    };
                    let paths = || std::iter::once(path);
                    let human = match kind {
                        OutcomeKind::Found => {
                            Human::for_scan(&words, layout(width), paths(), false)
                        }
                        _ => Human::for_clean(&words, layout(width), paths()),
                    };
                    let text = human.entry(&entry);
                    assert_eq!(text.lines().count(), 1, "{text}");
                    assert!(text.trim_end().width() <= width, "{text}");
                    // A name may be shortened, what is said may not.
                    let said = text.split_once("  ").map_or("", |(_, said)| said);
                    assert!(!said.contains('…') || width < 200, "{text}");
                    if kind == OutcomeKind::Cleaned {
                        assert!(text.contains("fot0001.jpg"), "{text}");
                    }
                }
            }
        }
    }
}

/// What only programs can read is not quoted as if it meant something.
#[test]
fn no_sentence_names_a_field() {
    let words = Words::new(Lang::Sv);
    for sample in samples::all() {
        let Some(outcome) = outcome(OutcomeKind::Found, &sample.bytes) else {
            continue;
        };
        let path = Path::new("a");
        let human = Human::for_scan(&words, layout(400), std::iter::once(path), false);
        let text = human.entry(&Entry {
            path,
            output: None,
            outcome: &outcome,
            why: None,
        });
        for field in ["GPS", "exif:", "teknisk", "tekniska", "ImageDescription"] {
            assert!(!text.contains(field), "{}: {text}", sample.name);
        }
    }
}
