//! PNG and APNG (W3C PNG, third edition).
//!
//! `chunks` walks, `header` and `layout` understand what a decoder must understand, `pixels` inflates,
//! `scanlines` counts and looks under transparency, `judge` decides about every chunk after `allowlist`,
//! `reveal`, `text` and `profile` say what goes, `digest` says what stays the same.

mod allowlist;
mod chunks;
mod digest;
mod header;
mod judge;
mod layout;
mod orientation;
mod pixels;
mod profile;
mod reveal;
mod scanlines;
#[cfg(test)]
mod tests;
mod text;

use crate::bytes::{Context, Source};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Examined, Result};
use layout::Layout;

/// Name for people.
const NAME: &str = "PNG";

static INFO: Info = Info {
    id: "png",
    name: NAME,
    extensions: &["png", "apng"],
    noun: "picture",
    rows: allowlist::ROWS,
    vocabulary: &[
        "PNG", "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "ICC", "sBIT",
        "sRGB", "cICP", "mDCV", "mDCv", "cLLI", "cLLi", "bKGD", "pHYs", "eXIf", "acTL", "fcTL",
        "fdAT", "CgBI",
    ],
};

/// Portable Network Graphics.
#[derive(Debug)]
pub(in crate::formats) struct Png;

impl Format for Png {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Signature.when(probe.head().starts_with(chunks::SIGNATURE))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        judge::inspect(source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        digest::digest(source, cx)
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        let layout = Layout::read(source, cx)?;
        for chunk in layout.chunks.iter().filter(|c| &c.kind == b"iCCP") {
            if !chunk.is_intact(source)? {
                continue;
            }
            cx.memory(chunk.data().len())?;
            let data = source.read(chunk.data())?;
            if let Some(profile) = profile::Profile::parse(&data, cx)? {
                sink.structure("iCCP", &profile.bytes)?;
            }
        }
        for picture in &layout.pictures {
            let is_default = picture.chunks.first() == Some(&layout.idat);
            let name = if is_default { "IDAT" } else { "fdAT" };
            pixels::read(&layout, picture, source, cx, &mut |bytes| {
                sink.content(name, bytes)
            })?;
        }
        Ok(())
    }
}
