//! The one list of formats.

use super::format::Format;
use super::{archive, document, drawing, media, photo, raster};

/// Every file type. Where two are equally sure of a file, the first one has it.
pub static FORMATS: &[&dyn Format] = &[
    &photo::jpeg::Jpeg,
    &photo::png::Png,
    &photo::gif::Gif,
    &photo::webp::WebP,
    &raster::bmp::Bmp,
    &photo::heif::HEIF,
    &photo::heif::AVIF,
    &photo::raw::Raw,
    &photo::tiff::DNG,
    &photo::tiff::TIFF,
    &drawing::psd::Psd,
    &drawing::psd::Psb,
    &drawing::metafile::EMF,
    &drawing::metafile::WMF,
    &drawing::svg::Svg,
    &drawing::svg::SvgZ,
    &photo::jxl::Jxl,
    &raster::jp2::Jp2,
    &document::pdf::Pdf,
    &raster::ico::Ico,
    &raster::ani::Ani,
    &media::wav::Wav,
    &raster::qoi::Qoi,
    &raster::pnm::Pnm,
    &raster::hdr::Hdr,
    &raster::dds::Dds,
    &raster::exr::Exr,
    &raster::xbm::Xbm,
    &raster::xpm::Xpm,
    &raster::pcx::Pcx,
    &document::opendocument::ODT,
    &document::opendocument::ODS,
    &document::opendocument::ODP,
    &document::opendocument::ODG,
    &document::opendocument::ODF,
    &document::epub::Epub,
    &document::ooxml::DOCX,
    &document::ooxml::XLSX,
    &document::ooxml::PPTX,
    &archive::tar::Tar,
    &archive::gzip::Gzip,
    &archive::zip::Zip,
    &raster::tga::Tga,
    &document::text::Text,
];

/// The format with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static dyn Format> {
    FORMATS
        .iter()
        .copied()
        .find(|format| format.info().id == id)
}
