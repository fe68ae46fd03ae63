//! The files in `sample_media/` are those that their generator makes.

#[path = "../../examples/make_samples/samples/mod.rs"]
pub mod generator;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Where they are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_media")
}

/// The list that describes them.
fn list() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join("examples/make_samples/PROVENANCE.toml")).unwrap()
}

/// A sample as `PROVENANCE.toml` describes it.
#[derive(Debug, Deserialize)]
pub struct Sample {
    /// Path below `sample_media/`.
    pub file: String,
    /// Id of its format.
    pub format: String,
    /// What is to become of it, in the words of reports.
    pub expect: String,
    pub secrets: Vec<Secret>,
}

/// A secret in it.
#[derive(Debug, Deserialize)]
pub struct Secret {
    /// Path to its structure.
    #[serde(rename = "where")]
    pub place: String,
    /// Text, or hexadecimal digits.
    pub marker: String,
    /// `ascii`, `utf16le`, `utf16be`, `bytes`.
    pub encoding: String,
}

/// The entries of a list.
pub fn parse(list: &str) -> Vec<Sample> {
    #[derive(Deserialize)]
    struct List {
        sample: Vec<Sample>,
    }
    toml::from_str::<List>(list).unwrap().sample
}

/// All committed samples.
pub fn listed() -> Vec<Sample> {
    parse(&list())
}

#[test]
fn the_generator_makes_the_committed_files() {
    let made = generator::samples();
    let mut wrong: Vec<String> = made
        .iter()
        .filter(|sample| fs::read(folder().join(&sample.file)).ok().as_ref() != Some(&sample.bytes))
        .map(|sample| sample.file.clone())
        .collect();
    if list() != generator::provenance(&made) {
        wrong.push("PROVENANCE.toml".into());
    }
    assert!(
        wrong.is_empty(),
        "run `cargo run --example make_samples`: {wrong:?}"
    );
}

#[test]
fn every_committed_file_is_made_by_the_generator() {
    let made: Vec<PathBuf> = generator::samples()
        .iter()
        .map(|sample| folder().join(&sample.file))
        .collect();
    for entry in walkdir::WalkDir::new(folder())
        .into_iter()
        .map(Result::unwrap)
    {
        let known = made.iter().any(|path| path == entry.path());
        assert!(
            entry.file_type().is_dir() || known,
            "{}",
            entry.path().display()
        );
    }
}

#[test]
fn samples_are_small() {
    let total: usize = generator::samples()
        .iter()
        .map(|sample| sample.bytes.len())
        .sum();
    assert!(total < 3 << 20, "{total} bytes");
}

#[test]
fn markers_are_unique() {
    let samples = generator::samples();
    let mut markers: Vec<&str> = samples
        .iter()
        .flat_map(|sample| sample.secrets.iter().map(|secret| secret.marker.as_str()))
        .collect();
    markers.sort_unstable();
    if let Some(pair) = markers.windows(2).find(|pair| pair[0] == pair[1]) {
        panic!("{} stands for two structures", pair[0]);
    }
}

#[test]
fn pictures_can_be_decoded() {
    for sample in generator::samples() {
        // Of these the `image` crate reads neither DNL nor Apple's variant of PNG, nor YCbCr and BigTIFF, nor
        // cursors and icons without a mask, nor pixels as words.
        const READ: [&str; 11] = [
            "jpeg", "png", "gif", "webp", "bmp", "tiff", "ico", "pnm", "qoi", "hdr", "dds",
        ];
        let foreign = [
            "jpeg/dnl.jpg",
            "png/cgbi.png",
            "tiff/jpeg.tif",
            "tiff/big.tif",
            "tiff/palette.tif",
            "ico/favicon.ico",
            "ico/pointer.cur",
            "pnm/plain.pbm",
        ];
        let foreign = !READ.contains(&sample.format) || foreign.contains(&sample.file.as_str());
        if sample.expect == generator::Expect::Refused || foreign {
            continue;
        }
        if let Err(error) = image::load_from_memory(&sample.bytes) {
            panic!("{}: {error}", sample.file);
        }
    }
}
