//! PSD and PSB: pictures of Photoshop with their layers (Adobe *Photoshop File Formats Specification*).

mod blocks;
mod descriptor;
mod digest;
mod judge;
mod layers;
mod layout;
mod links;
mod pixels;
mod resources;
#[cfg(test)]
mod tests;
mod unshown;

use crate::bytes::{Context, Source};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Examined, How, Result, Row};

const NAME: &str = "PSD";

/// PSD.
#[derive(Debug)]
pub(in crate::formats) struct Psd;

/// PSB: the same for large documents.
#[derive(Debug)]
pub(in crate::formats) struct Psb;

const ROWS: &[Row] = &[
    HEADER, COLOURS, RESOURCES, PROFILE, LENGTHS, LAYER, BLOCK, LINKED, CHANNEL, MASK, IMAGE,
];

static INFO: Info = Info {
    id: "psd",
    name: NAME,
    extensions: &["psd"],
    noun: "picture",
    rows: ROWS,
    vocabulary: VOCABULARY,
};

static INFO_B: Info = Info {
    id: "psb",
    name: "PSB",
    extensions: &["psb"],
    noun: "picture",
    rows: ROWS,
    vocabulary: VOCABULARY,
};

const VOCABULARY: &[&str] = &["8BPS", "8BIM", "8B64"];

const HEADER: Row = Row {
    what: "File Header",
    when: "always",
    how: How::Rebuild,
    why: "size, channels, depth and colours; reserved bytes unset",
    spec: "Adobe Photoshop File Formats Specification, File Header Section",
};
const COLOURS: Row = Row {
    what: "Color Mode Data",
    when: "indexed and duotone pictures",
    how: How::Verbatim,
    why: "the colours",
    spec: "Adobe Photoshop File Formats Specification, Color Mode Data Section",
};
const RESOURCES: Row = Row {
    what: "Image Resources",
    when: "resolution, pixel aspect ratio, colours of alpha channels, transparent index, light of the effects",
    how: How::Rebuild,
    why: "size on paper, and how channels and effects are shown; names replaced",
    spec: "Adobe Photoshop File Formats Specification, Image Resource IDs",
};
const PROFILE: Row = Row {
    what: "ICC Profile",
    when: "it can be parsed",
    how: How::Rebuild,
    why: "meaning of the colours",
    spec: "Adobe Photoshop File Formats Specification, resource 1039; ICC.1:2022",
};
const LENGTHS: Row = Row {
    what: "lengths",
    when: "always",
    how: How::Rebuild,
    why: "where each section ends",
    spec: "Adobe Photoshop File Formats Specification",
};
const LAYER: Row = Row {
    what: "Layer records",
    when: "always; names replaced by numbers",
    how: How::Rebuild,
    why: "place, blending, visibility and masks of the layers",
    spec: "Adobe Photoshop File Formats Specification, Layer records",
};
const BLOCK: Row = Row {
    what: "Additional Layer Information",
    when: "groups, adjustments, fills, effects, paths, text; texts in descriptors emptied",
    how: How::Rebuild,
    why: "what a layer does to the picture",
    spec: "Adobe Photoshop File Formats Specification, Additional Layer Information",
};
const LINKED: Row = Row {
    what: "embedded files of smart objects",
    when: "of a kind that can be cleaned",
    how: How::Rebuild,
    why: "the sources of layers",
    spec: "Adobe Photoshop File Formats Specification, Linked Layer",
};
const CHANNEL: Row = Row {
    what: "Channel image data",
    when: "as many rows as the layer has",
    how: How::Verbatim,
    why: "the pixels of the layers",
    spec: "Adobe Photoshop File Formats Specification, Channel image data",
};
const MASK: Row = Row {
    what: "Global layer mask info",
    when: "of the length that the specification gives",
    how: How::Rebuild,
    why: "colour and opacity of the mask",
    spec: "Adobe Photoshop File Formats Specification, Global layer mask info",
};
const IMAGE: Row = Row {
    what: "Image Data",
    when: "as many rows as the header says",
    how: How::Verbatim,
    why: "the picture",
    spec: "Adobe Photoshop File Formats Specification, Image Data Section",
};

impl Format for Psd {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Signature.when(probe.head().starts_with(b"8BPS\0\x01"))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        judge::judge(source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        digest::digest(source, cx)
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        digest::streams(source, cx, sink)
    }
}

impl Format for Psb {
    fn info(&self) -> &'static Info {
        &INFO_B
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Signature.when(probe.head().starts_with(b"8BPS\0\x02"))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        judge::judge(source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        digest::digest(source, cx)
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        digest::streams(source, cx, sink)
    }
}
