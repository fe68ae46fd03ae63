//! HEIF and what is built on it: HEIC, HIF and AVIF (ISO/IEC 23008-12, ISO/IEC 14496-12, AVIF).
//!
//! `parse` finds the boxes, `reach` follows the references from the primary item, `judge` decides and
//! tells what goes, `write` puts a new file together. The file is made anew from what stays: `pool` keeps
//! the bytes that are copied in the order of the original, each of them once.

mod brands;
mod codec;
mod data;
mod derived;
mod digest;
mod judge;
mod metadata;
mod parse;
mod pool;
mod props;
mod reach;
mod report;
mod resolve;
mod rows;
mod sequence;
#[cfg(test)]
mod tests;
mod texts;
mod write;

use crate::bytes::{Context, Source};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Examined, Result};

/// Name of the format in errors.
const NAME: &str = "HEIF";

/// One of the two families of files: they differ in how the pictures are coded, and in name.
#[derive(Debug)]
pub(in crate::formats) struct Heif {
    info: &'static Info,
    is_avif: bool,
}

/// HEIC, HEIF and HIF.
pub(in crate::formats) static HEIF: Heif = Heif {
    info: &HEIF_INFO,
    is_avif: false,
};

/// AVIF.
pub(in crate::formats) static AVIF: Heif = Heif {
    info: &AVIF_INFO,
    is_avif: true,
};

static HEIF_INFO: Info = Info {
    id: "heif",
    name: NAME,
    extensions: &["heic", "heif", "hif", "heics", "heifs"],
    noun: "photo",
    rows: rows::ROWS,
    vocabulary: VOCABULARY,
};

static AVIF_INFO: Info = Info {
    id: "avif",
    name: "AVIF",
    extensions: &["avif", "avifs"],
    noun: "picture",
    rows: rows::ROWS,
    vocabulary: VOCABULARY,
};

/// Texts that a copy may contain.
const VOCABULARY: &[&str] = &[
    "application/rdf+xml",
    "adobe:ns:meta/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://ns.apple.com/HDRGainMap/1.0/",
    "http://ns.apple.com/pixeldatainfo/1.0/",
    "http://ns.google.com/photos/1.0/panorama/",
    "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    "urn:mpeg:hevc:2015:auxid:1",
    "urn:com:apple:photo:2020:aux:hdrgainmap",
    "urn:com:photo:aux:hdrgainmap",
    "urn:com:samsung:photo:2024:aux:hdrgainmap",
    "http://ns.adobe.com/hdr-gain-map/1.0/",
    "Apple iOS",
    // Types of items, properties and boxes; brands.
    "Exif",
    "hvc1",
    "av01",
    "avc1",
    "hvcC",
    "avcC",
    "av1C",
    "a1op",
    "a1lx",
    "altr",
    "mif1",
    "mif2",
    "msf1",
    "miaf",
    "MiHE",
    "MiHA",
    "MiHB",
    "MiHM",
    "MiAC",
    "MiBu",
    "MiCm",
    "MA1A",
    "MA1B",
    "unif",
    "geo1",
    "1pic",
    "hev1",
    "heic",
    "heix",
    "avif",
    "avis",
    "iso2",
    "iso3",
    "iso4",
    "iso5",
    "iso6",
    "iso7",
    "iso8",
    "iso9",
    "mp41",
    "mp42",
];

impl Format for Heif {
    fn info(&self) -> &'static Info {
        self.info
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Signature.when(brands::recognize(probe.head()) == Some(self.is_avif))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let judged = judge::judge(source, cx)?;
        Ok(Examined::rebuilt(judged.found, judged.residue, judged.plan))
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        digest::digest(source, cx)
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        digest::streams(source, cx, sink)
    }
}
