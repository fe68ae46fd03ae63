//! Another renderer draws copies of drawings as it draws the originals, pixel by pixel. It is written in
//! Rust, so that this runs wherever the tests do. Texts are left out: it is built without them, since no two
//! machines have the same fonts; `librsvg_draws_the_same` looks at letters where that program is installed.

use std::io::Read;

use rayon::prelude::*;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use sparlos::bytes::Source;
use sparlos::pipeline::Job;

use crate::samples::generator;
use crate::support::judge::clean;
use crate::support::report;
use crate::support::samples::all;

/// The pixels of a drawing; `None` where the renderer does not understand the file.
fn drawn(file: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    if file.starts_with(&[0x1F, 0x8B]) {
        let mut inside = flate2::read::MultiGzDecoder::new(file);
        inside.read_to_end(&mut plain).ok()?;
    } else {
        plain.extend_from_slice(file);
    }
    let tree = Tree::from_data(&plain, &Options::default()).ok()?;
    let mut pixels = Pixmap::new(300, 200)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let fit = Transform::from_scale(300.0 / width, 200.0 / height);
    resvg::render(&tree, fit, &mut pixels.as_mut());
    Some(pixels.take())
}

/// Pictures of a media type that nobody knows: this renderer leaves them out, browsers look at the bytes.
const UNKNOWN_TYPE: &str = "svg/canary/one-media-type.svg";

#[test]
fn resvg_draws_the_same() {
    let samples = all()
        .iter()
        .map(|sample| (sample.name.clone(), sample.bytes.clone()));
    let canaries = generator::canaries()
        .into_iter()
        .map(|canary| (canary.file, canary.bytes));
    let drawings: Vec<(String, Vec<u8>)> = samples
        .chain(canaries)
        .filter(|(name, _)| name.ends_with(".svg") || name.ends_with(".svgz"))
        .collect();
    let compared: Vec<(String, bool)> = drawings
        .into_par_iter()
        .filter_map(|(name, file)| {
            let copy = clean(&Source::memory(&file), &Job::default()).ok()?.bytes;
            let before = drawn(&file)?;
            Some((name, drawn(&copy) == Some(before)))
        })
        .collect();
    assert!(compared.len() > 90, "only {} drawings", compared.len());
    let different = compared
        .into_iter()
        .filter(|(name, same)| !same && name != UNKNOWN_TYPE);
    report(&different.map(|(name, _)| name).collect::<Vec<_>>());
}
