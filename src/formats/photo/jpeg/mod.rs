//! JPEG (ITU-T T.81), as JFIF, Exif, MPO or Ultra HDR.
//!
//! `parse` finds the segments, `facts` reads what they say, `judge` decides what happens to them, and
//! `trailer` looks at what stands behind the picture. `entropy` walks coded data where the end of a scan
//! is in doubt.

mod codes;
mod digest;
mod entropy;
mod facts;
mod huffman;
mod judge;
mod jumbf;
mod markers;
mod mpf;
mod parse;
mod rows;
mod structure;
mod tables;
#[cfg(test)]
mod tests;
mod trailer;

use crate::bytes::{Context, Source};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Examined, PartMap, Result};

/// JPEG.
#[derive(Debug)]
pub(in crate::formats) struct Jpeg;

static INFO: Info = Info {
    id: "jpeg",
    name: "JPEG",
    extensions: &["jpg", "jpeg", "jpe", "jfif", "mpo", "jps", "insp", "thm"],
    noun: "photo",
    rows: rows::ROWS,
    vocabulary: &[
        "JFIF",
        "Exif",
        "Adobe",
        "ICC_PROFILE",
        "http://ns.adobe.com/xap/1.0/",
        "http://ns.adobe.com/hdr-gain-map/1.0/",
        "http://ns.apple.com/HDRGainMap/1.0/",
        "http://ns.google.com/photos/1.0/container/item/",
        "GPano True False MPF",
        "Version Gamma Item Mime Length Semantic",
        "http://ns.google.com/photos/1.0/panorama/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "adobe:ns:meta/",
        "image/jpeg",
        "Primary",
        "GainMap",
        "urn:iso:std:iso:ts:21496:-1",
        "0100",
        "Apple iOS",
    ],
};

impl Format for Jpeg {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Signature.when(probe.head().starts_with(&[0xFF, markers::SOI, 0xFF]))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let mut image = parse::image(source, 0, cx)?;
        let tails = entropy::tails(source, &mut image, cx)?;
        let facts = facts::read(&image, cx)?;
        let tail = trailer::split(source, &image, &facts, cx)?;
        let role = match &tail.gain_map {
            Some(gain_map) => judge::Role::WithGainMap(gain_map.len()),
            None => judge::Role::Alone,
        };
        let payload = digest::of_image(source, &image, &tails, &facts, cx)?;
        let mut judged = judge::image(source, &image, &tails, facts, &role, cx)?;
        trailer::judge(source, tail, &mut judged, cx)?;
        let parts = PartMap::new(judged.parts, source.len(), INFO.name)?;
        Ok(Examined {
            payload: Some(payload),
            recoded: parts.changes(&[
                "jpeg.tables.unused",
                "jpeg.tables.missing",
                "jpeg.entropy.tail",
                "jpeg.segment.unread",
            ]),
            ..Examined::spliced(judged.found, judged.residue, parts)
        })
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        digest::of_file(source, cx)
    }

    /// Only pixels are coded in it; further pictures are located behind it as they are.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}
