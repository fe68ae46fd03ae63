//! TIFF 6.0, BigTIFF and DNG 1.7.
//!
//! A copy is written from the directories that are content: `tree` reads them, `pages` chooses, `judge`
//! decides on each entry, `strips` on the coded data, and `gone` tells what the rest says.

mod digest;
mod dng;
mod gone;
mod jpeg;
mod judge;
mod old_jpeg;
mod pages;
mod rows;
mod strips;
mod tags;
mod tails;
#[cfg(test)]
mod tests;
mod tree;

use super::{Format, Info, StreamSink};
use crate::bytes::{Context, Source};
use crate::containers::tiff_ifd::Tiff;
use crate::model::{Digest, Error, Inspection, Plan, Result};
use tree::Node;

/// What TIFF and DNG do not have in common.
struct Kind {
    name: &'static str,
    dng: bool,
    rule: fn(u16) -> Option<&'static tags::Rule>,
    /// Tags that decide how a picture looks, beside those of TIFF.
    decisive: &'static [u16],
}

static TIFF: Kind = Kind {
    name: "TIFF",
    dng: false,
    rule: tags::tiff_rule,
    decisive: &[],
};

static DNG: Kind = Kind {
    name: "DNG",
    dng: true,
    rule: dng::dng_rule,
    decisive: dng::DECISIVE,
};

impl Kind {
    /// What a file turns out to be.
    fn of(&'static self, chain: &[Node]) -> Result<&'static Self> {
        let is_dng = |node: &Node| node.directory.get(tags::DNG_VERSION).is_some();
        if !self.dng && chain.first().is_some_and(is_dng) {
            // It would be known for a DNG afterwards, and for a TIFF before.
            return Err(Error::unsupported("a DNG that begins in an unusual way"));
        }
        Ok(self)
    }
}

/// TIFF and BigTIFF.
#[derive(Debug)]
pub(super) struct TiffFormat;

static INFO: Info = Info {
    id: "tiff",
    name: "TIFF",
    extensions: &["tif", "tiff", "btf", "tf8"],
    noun: "picture",
    rows: rows::TIFF,
    vocabulary: &["Adobe", "JFIF"],
};

impl Format for TiffFormat {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, head: &[u8]) -> bool {
        Tiff::open(head).is_some()
            && matches!(head.get(2..4), Some(b"*\0" | b"\0*" | b"+\0" | b"\0+"))
    }

    fn inspect(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Inspection> {
        inspect(source, cx, &TIFF)
    }

    fn clean(&self, source: &Source<'_>, _: &Inspection, cx: &Context<'_>) -> Result<Plan> {
        Ok(judge::judge(source, cx, &TIFF)?.plan)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        digest::digest(source, cx, &TIFF)
    }

    fn streams(
        &self,
        source: &Source<'_>,
        cx: &Context<'_>,
        sink: &mut StreamSink<'_>,
    ) -> Result<()> {
        digest::streams(source, cx, &TIFF, sink)
    }
}

/// DNG.
#[derive(Debug)]
pub(super) struct DngFormat;

static DNG_INFO: Info = Info {
    id: "dng",
    name: "DNG",
    extensions: &["dng"],
    noun: "photo",
    rows: rows::DNG,
    vocabulary: &["Adobe", "JFIF"],
};

impl Format for DngFormat {
    fn info(&self) -> &'static Info {
        &DNG_INFO
    }

    fn recognize(&self, head: &[u8]) -> bool {
        TiffFormat.recognize(head)
            && Tiff::open(head)
                .and_then(|(tiff, first)| tiff.ifd(first))
                .is_some_and(|ifd| ifd.get(tags::DNG_VERSION).is_some())
    }

    fn inspect(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Inspection> {
        inspect(source, cx, &DNG)
    }

    fn clean(&self, source: &Source<'_>, _: &Inspection, cx: &Context<'_>) -> Result<Plan> {
        Ok(judge::judge(source, cx, &DNG)?.plan)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        digest::digest(source, cx, &DNG)
    }

    fn streams(
        &self,
        source: &Source<'_>,
        cx: &Context<'_>,
        sink: &mut StreamSink<'_>,
    ) -> Result<()> {
        digest::streams(source, cx, &DNG, sink)
    }
}

fn inspect(source: &Source<'_>, cx: &Context<'_>, kind: &'static Kind) -> Result<Inspection> {
    let judged = judge::judge(source, cx, kind)?;
    Ok(Inspection {
        found: judged.found,
        residue: judged.residue,
        payload: None,
        parts: None,
    })
}
