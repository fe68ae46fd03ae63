//! Real files: `SPARLOS_CORPUS=DIR cargo test --release corpus -- --nocapture` walks any folder of them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use rayon::prelude::*;
use sparlos::bytes::Source;
use sparlos::pipeline::{self, Job};

use crate::support::decode::decode;
use crate::support::judge::{Verdict, clean, judge};
use crate::support::{files_below, report};

#[test]
fn real_files_are_cleaned_without_loss_or_refused() {
    let Some(dir) = std::env::var_os("SPARLOS_CORPUS") else {
        eprintln!("SKIPPED: SPARLOS_CORPUS names no folder of real files");
        return;
    };
    let files = files_below(&dir);
    assert!(
        !files.is_empty(),
        "no file in {}",
        PathBuf::from(dir).display()
    );
    let refused = Mutex::new(BTreeMap::<String, Vec<String>>::new());
    let counts = Mutex::new(BTreeMap::<&str, usize>::new());
    let complaints: Vec<String> = files
        .par_iter()
        .filter_map(|file| {
            let name = file.display().to_string();
            let bytes = std::fs::read(file).unwrap();
            let count = |what| *counts.lock().unwrap().entry(what).or_default() += 1;
            if pipeline::identify(&Source::memory(&bytes))
                .unwrap()
                .is_none()
            {
                count("of another kind");
                return None;
            }
            match judge(&bytes, &Job::default()) {
                Verdict::Passed(output) => {
                    count("cleaned");
                    what_is_wrong(&bytes, &output).map(|what| format!("{name}: {what}"))
                }
                Verdict::Refused => {
                    count("refused");
                    let why = clean(&Source::memory(&bytes), &Job::default()).unwrap_err();
                    let mut refused = refused.lock().unwrap();
                    refused.entry(why.to_string()).or_default().push(name);
                    None
                }
                Verdict::Withheld => Some(format!("{name}: a value is left")),
                Verdict::Broken(why) => Some(format!("{name}: {why}")),
            }
        })
        .collect();
    for (why, names) in refused.into_inner().unwrap() {
        eprintln!("refused, {why}:");
        for name in names {
            eprintln!("    {name}");
        }
    }
    eprintln!("{} files: {:?}", files.len(), counts.into_inner().unwrap());
    report(&complaints);
}

fn what_is_wrong(input: &[u8], output: &[u8]) -> Option<String> {
    let again = match clean(&Source::memory(output), &Job::default()) {
        Ok(again) => again.bytes,
        Err(error) => return Some(format!("the copy cannot be cleaned: {error}")),
    };
    if again != output {
        return Some("cleaning twice changes something".into());
    }
    let before = decode(input)?;
    match decode(output) {
        Some(after) => before
            .differs_from(&after)
            // This decoder looks for an orientation in eXIf only; ImageMagick wrote it into a text chunk,
            // from which the copy takes it over.
            .filter(|what| *what != "orientation" || !has_raw_profile(input))
            .map(|what| format!("other {what}")),
        None => Some("the copy can no longer be decoded".into()),
    }
}

/// Whether a PNG has its Exif block in a text chunk.
fn has_raw_profile(png: &[u8]) -> bool {
    memchr::memmem::find(png, b"Raw profile type exif").is_some()
}
