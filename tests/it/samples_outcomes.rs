//! What the release binary did with the samples, as the continuous integration recorded it.

use std::collections::BTreeMap;
use std::path::Path;

use sparlos::formats::by_id;

use crate::samples::listed;

/// Needs `SPARLOS_JSONL`, the records of `sparlos clean --jsonl sample_media`, and `SPARLOS_STATUS`, its
/// exit code; without them there is nothing to judge.
#[test]
fn the_release_binary_did_what_the_samples_say() {
    let Ok(records) = std::env::var("SPARLOS_JSONL") else {
        return;
    };
    let mut outcomes: BTreeMap<String, (String, Option<String>)> = BTreeMap::new();
    for line in std::fs::read_to_string(records).unwrap().lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| record[key].as_str().map(str::to_owned);
        if let (Some(path), Some(outcome)) = (text("path"), text("outcome")) {
            outcomes.insert(path.replace('\\', "/"), (outcome, text("output")));
        }
    }
    let mut complaints = Vec::new();
    let mut unclean = false;
    for sample in listed() {
        let known = by_id(&sample.format).is_some();
        let expected = if known {
            sample.expect.as_str()
        } else {
            "refused"
        };
        unclean |= matches!(expected, "refused" | "reduced");
        let found = outcomes
            .iter()
            .find(|(path, _)| path.ends_with(&sample.file));
        let Some((_, (outcome, output))) = found else {
            complaints.push(format!("{}: no record", sample.file));
            continue;
        };
        if outcome != expected {
            complaints.push(format!("{}: {expected} expected, {outcome}", sample.file));
        }
        let stands = output
            .as_ref()
            .is_some_and(|path| Path::new(path).is_file());
        if stands == (outcome == "refused") {
            complaints.push(format!("{}: {outcome}, copy: {output:?}", sample.file));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
    let status = std::env::var("SPARLOS_STATUS").unwrap();
    assert_eq!(status == "1", unclean, "exit code {status}");
}
