//! L4: one file, or folder, for each file type. A new format is its module and its line in [`FORMATS`].

mod bmp;
mod format;
mod gif;
mod heif;
mod jpeg;
mod jxl;
mod png;
mod psd;
mod svg;
mod tiff;
mod webp;

pub use format::{Format, Info, StreamSink};

/// Every file type, in the order in which they are asked whether they recognise a file.
pub static FORMATS: &[&dyn Format] = &[
    &jpeg::Jpeg,
    &png::Png,
    &gif::Gif,
    &webp::WebP,
    &bmp::Bmp,
    &heif::Heif,
    &tiff::TiffFormat,
    &psd::Psd,
    &psd::Psb,
    &svg::Svg,
    &svg::SvgZ,
    &jxl::Jxl,
];

/// The format with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static dyn Format> {
    FORMATS
        .iter()
        .copied()
        .find(|format| format.info().id == id)
}
