//! TIFF 6.0, BigTIFF and DNG 1.7.
//!
//! A copy is written from the directories that are content: `tree` reads them, `pages` chooses, `judge`
//! goes through them. `entries` and `colours` decide on each entry, `extents`, `image` and `strips` on the coded data, of
//! which `coded` finds the end and `unseen` what nobody sees. `gone` tells what the rest says, and
//! `between` what stands where nothing should.

mod between;
mod coded;
mod colours;
mod digest;
mod dng;
mod entries;
mod extents;
mod gone;
mod image;
mod jpeg;
mod judge;
mod lossless;
mod old_jpeg;
mod opcodes;
mod pages;
mod rows;
mod strips;
mod tags;
#[cfg(test)]
mod tests;
mod tree;
mod unseen;

use crate::bytes::{Context, Source};
use crate::containers::tiff::file::TiffFile;
use crate::containers::tiff::ifd::Tiff as Block;
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Examined, Result};

/// TIFF or DNG.
#[derive(Debug)]
pub(in crate::formats) struct Tiff {
    info: &'static Info,
    is_dng: bool,
    rule: fn(u16) -> Option<&'static tags::Rule>,
    /// Tags that decide how a picture looks, beside those of TIFF.
    decisive: &'static [u16],
}

/// TIFF and BigTIFF.
pub(in crate::formats) static TIFF: Tiff = Tiff {
    info: &INFO,
    is_dng: false,
    rule: tags::tiff_rule,
    decisive: &[],
};

/// DNG.
pub(in crate::formats) static DNG: Tiff = Tiff {
    info: &DNG_INFO,
    is_dng: true,
    rule: dng::dng_rule,
    decisive: dng::DECISIVE,
};

static INFO: Info = Info {
    id: "tiff",
    name: "TIFF",
    extensions: &["tif", "tiff", "btf", "tf8"],
    noun: "picture",
    rows: rows::TIFF,
    vocabulary: VOCABULARY,
};

static DNG_INFO: Info = Info {
    id: "dng",
    name: "DNG",
    extensions: &["dng"],
    noun: "photo",
    rows: rows::DNG,
    vocabulary: VOCABULARY,
};

/// Texts that a copy may contain.
const VOCABULARY: &[&str] = &["Adobe", "JFIF"];

/// Whether the first directory, which may be at the end of the file, has a DNG version.
fn names_version(source: &Source<'_>) -> bool {
    let head = TiffFile::open(source, "DNG").and_then(|file| file.table_head(file.first()));
    head.is_ok_and(|head| head.contains(&tags::DNG_VERSION))
}

impl Format for Tiff {
    fn info(&self) -> &'static Info {
        self.info
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        let is_tiff = matches!(head.get(2..4), Some(b"*\0" | b"\0*" | b"+\0" | b"\0+"))
            && Block::open(head).is_some();
        if self.is_dng {
            Confidence::Content.when(is_tiff && names_version(probe.source()))
        } else {
            Confidence::Signature.when(is_tiff)
        }
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let judged = judge::judge(source, cx, self)?;
        Ok(Examined::rebuilt(judged.found, judged.residue, judged.plan))
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        digest::digest(source, cx, self)
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        digest::streams(source, cx, self, sink)
    }
}
