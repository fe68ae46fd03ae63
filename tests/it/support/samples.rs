//! The files under `sample_media/`, and plain pictures beside them.

use std::path::PathBuf;
use std::sync::LazyLock;

use sparlos::bytes::Source;
use sparlos::formats::{Format, by_id};
use sparlos::pipeline;

use super::mutation::Base;
use super::{files_below, pictures, root};

/// A file that every contract is tried on.
#[derive(Debug)]
pub struct Sample {
    /// `jpeg/phone.jpg` as in `sample_media/`, or `plain/rgb.jpg`.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Sample {
    /// Detected by its bytes.
    pub fn format(&self) -> Option<&'static dyn Format> {
        let detected = pipeline::identify(&self.source()).unwrap();
        detected.map(|it| it.format)
    }

    pub fn source(&self) -> Source<'_> {
        Source::memory(&self.bytes)
    }
}

/// Where they are.
pub fn folder() -> PathBuf {
    root().join("sample_media")
}

/// All files of a format that this program knows, sorted by name.
pub fn all() -> &'static [Sample] {
    static ALL: LazyLock<Vec<Sample>> = LazyLock::new(|| {
        let dirty = files_below(folder()).into_iter().filter_map(|path| {
            let name = path.strip_prefix(folder()).ok()?;
            let format = name.components().next()?.as_os_str().to_str()?;
            by_id(format)?;
            Some(Sample {
                name: name.to_str()?.replace('\\', "/"),
                bytes: std::fs::read(&path).unwrap(),
            })
        });
        let plain = pictures::plain()
            .into_iter()
            .map(|(name, bytes)| Sample {
                name: format!("plain/{name}"),
                bytes,
            })
            .filter(|sample| sample.format().is_some());
        dirty.chain(plain).collect()
    });
    &ALL
}

/// All of them, ready to be damaged.
pub fn bases() -> Vec<Base> {
    all()
        .iter()
        .filter_map(|sample| Base::new(&sample.name, sample.bytes.clone()))
        .collect()
}
