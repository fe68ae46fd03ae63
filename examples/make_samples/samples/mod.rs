//! Samples: small pictures as phones, cameras and programs make them, with a unique secret in every
//! structure. Everything is invented and drawn here; positions lie in the open Baltic Sea. The same
//! bytes come out on every machine.
// A generator of known files may be plain: what it indexes and adds up is its own.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod bmp;
mod books;
mod c2pa;
mod canaries;
mod deflate;
mod exif;
mod gif;
mod heif;
mod icc;
mod ico;
mod iptc;
mod jp2;
mod jpeg;
mod jpeg_encode;
mod jpeg_samples;
mod jxl;
mod metafile;
mod mp4;
mod office;
mod packages;
mod pdf;
mod png;
mod png_samples;
mod psd;
mod raw_samples;
mod scene;
mod seed;
mod small;
mod svg;
mod tiff;
mod tiff_samples;
mod vendor;
mod wav;
mod webp;
mod xmp;

pub use seed::{Secret, Seeds};

/// What is to become of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Everything goes.
    Cleaned,
    /// There was nothing.
    AlreadyClean,
    /// Something named stays.
    Reduced,
    /// No copy is made.
    Refused,
}

impl Expect {
    /// The word in `PROVENANCE.toml`, the same as in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cleaned => "cleaned",
            Self::AlreadyClean => "already_clean",
            Self::Reduced => "reduced",
            Self::Refused => "refused",
        }
    }
}

/// One sample.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Path below `sample_media/`.
    pub file: String,
    /// What it is like.
    pub imitates: String,
    /// Id of its format.
    pub format: &'static str,
    /// What is in it.
    pub how: String,
    /// What is to become of it.
    pub expect: Expect,
    /// Its secrets.
    pub secrets: Vec<Secret>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Sample {
    /// Makes one.
    pub fn new(
        format: &'static str,
        name: &str,
        imitates: &str,
        how: &str,
        expect: Expect,
        make: impl FnOnce(&mut Seeds) -> Vec<u8>,
    ) -> Self {
        let file = format!("{format}/{name}");
        let mut seeds = Seeds::new(&file);
        let bytes = make(&mut seeds);
        Self {
            file,
            imitates: imitates.to_owned(),
            format,
            how: how.to_owned(),
            expect,
            secrets: seeds.into_secrets(),
            bytes,
        }
    }
}

/// All samples in `sample_media/`.
pub fn samples() -> Vec<Sample> {
    [
        jpeg_samples::samples(),
        png_samples::samples(),
        gif::samples(),
        webp::samples(),
        bmp::samples(),
        tiff_samples::samples(),
        jxl::samples(),
        heif::samples(),
        jp2::samples(),
        ico::samples(),
        raw_samples::samples(),
        psd::samples(),
        svg::samples(),
        pdf::samples(),
        small::samples(),
        books::samples(),
        packages::samples(),
        office::samples(),
        metafile::all(),
        wav::all(),
    ]
    .concat()
}

/// Files with one secret each, in many more structures. They are not committed.
pub fn canaries() -> Vec<Sample> {
    canaries::canaries()
}

/// The list of the samples with their secrets, as TOML.
pub fn provenance(samples: &[Sample]) -> String {
    let quoted = |text: &str| {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{escaped}\"")
    };
    let mut out = String::from(
        "# Made by `cargo run --example make_samples`; not to be edited.\n\
         # All pictures are drawn, all names, numbers and dates invented; positions lie in the open sea.\n\
         # encoding says how a marker is spelled (bytes: as hexadecimal digits); inside, what it is wrapped in.\n",
    );
    for sample in samples {
        out.push_str("\n[[sample]]\n");
        for (key, value) in [
            ("file", sample.file.as_str()),
            ("format", sample.format),
            ("imitates", &sample.imitates),
            ("how", &sample.how),
            ("expect", sample.expect.word()),
        ] {
            out.push_str(&format!("{key} = {}\n", quoted(value)));
        }
        out.push_str("secrets = [\n");
        for secret in &sample.secrets {
            let inside: Vec<String> = secret.wrapped.iter().map(|w| quoted(w)).collect();
            out.push_str(&format!(
                "  {{ where = {}, marker = {}, encoding = {}, inside = [{}] }},\n",
                quoted(&secret.place),
                quoted(&secret.marker),
                quoted(secret.spelling.word()),
                inside.join(", "),
            ));
        }
        out.push_str("]\n");
    }
    out
}

/// The same list as JSON, for programs that compare cleaners.
pub fn json(samples: &[Sample]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let files: Vec<String> = samples
        .iter()
        .map(|sample| {
            let secrets: Vec<String> = sample
                .secrets
                .iter()
                .map(|secret| {
                    let pairs = [
                        ("where", secret.place.as_str()),
                        ("marker", &secret.marker),
                        ("encoding", secret.spelling.word()),
                    ];
                    let pairs =
                        pairs.map(|(key, value)| format!("{}: {}", quoted(key), quoted(value)));
                    format!("{{{}}}", pairs.join(", "))
                })
                .collect();
            format!(
                "{{\"file\": {}, \"format\": {}, \"expect\": {}, \"secrets\": [{}]}}",
                quoted(&sample.file),
                quoted(sample.format),
                quoted(sample.expect.word()),
                secrets.join(", ")
            )
        })
        .collect();
    format!("[\n{}\n]", files.join(",\n"))
}
