//! L4: one file, or folder, for each file type. A new format is its module and its line in [`FORMATS`].

mod ani;
mod bmp;
mod dds;
mod exr;
mod format;
mod gif;
mod hdr;
mod heif;
mod ico;
mod jp2;
mod jpeg;
mod jxl;
mod pcx;
mod png;
mod pnm;
mod psd;
mod qoi;
mod raw;
mod refused;
mod svg;
mod tga;
mod tiff;
mod webp;
mod xbm;
mod xpm;

pub use format::{Format, Info, StreamSink};
pub use refused::refusal;

/// Every file type, in the order in which they are asked whether they recognise a file.
pub static FORMATS: &[&dyn Format] = &[
    &jpeg::Jpeg,
    &png::Png,
    &gif::Gif,
    &webp::WebP,
    &bmp::Bmp,
    &heif::HEIF,
    &heif::AVIF,
    &raw::Raw,
    &tiff::DNG,
    &tiff::TIFF,
    &psd::Psd,
    &psd::Psb,
    &svg::Svg,
    &svg::SvgZ,
    &jxl::Jxl,
    &jp2::Jp2,
    &ico::Ico,
    &ani::Ani,
    &qoi::Qoi,
    &pnm::Pnm,
    &hdr::Hdr,
    &dds::Dds,
    &exr::Exr,
    &xbm::Xbm,
    &xpm::Xpm,
    &pcx::Pcx,
    // Last: it has no magic number.
    &tga::Tga,
];

/// The format with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static dyn Format> {
    FORMATS
        .iter()
        .copied()
        .find(|format| format.info().id == id)
}
