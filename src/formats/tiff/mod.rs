//! TIFF 6.0, BigTIFF and DNG 1.7.
//!
//! A copy is written from the directories that are content: `tree` reads them, `pages` chooses, `judge`
//! decides on each entry, `strips` on the coded data, and `gone` tells what the rest says.

mod digest;
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
use crate::model::{Digest, Inspection, Plan, Result};
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

impl Kind {
    /// What a file turns out to be.
    fn of(&'static self, _chain: &[Node]) -> &'static Self {
        self
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

fn inspect(source: &Source<'_>, cx: &Context<'_>, kind: &'static Kind) -> Result<Inspection> {
    let judged = judge::judge(source, cx, kind)?;
    Ok(Inspection {
        found: judged.found,
        residue: judged.residue,
        payload: None,
        parts: None,
    })
}
