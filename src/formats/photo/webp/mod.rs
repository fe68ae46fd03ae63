//! WebP (RFC 9649).

mod judge;
mod parse;
mod pixels;
#[cfg(test)]
mod tests;

use crate::bytes::{Context, Hasher, Source};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::{exif, icc};
use crate::model::{Digest, Examined, Found, How, Result, Row};
use parse::{File, Picture, Shown};

const NAME: &str = "WebP";

/// WebP.
#[derive(Debug)]
pub(in crate::formats) struct WebP;

static INFO: Info = Info {
    id: "webp",
    name: NAME,
    extensions: &["webp"],
    noun: "picture",
    rows: &[RIFF, VP8X, ICCP, ANIM, ANMF, ALPH, PICTURE, EXIF],
    vocabulary: &[
        "RIFF", "WEBPVP8", "VP8X", "ICCP", "ANIM", "ANMF", "ALPH", "VP8L", "EXIF",
    ],
};

const RIFF: Row = Row {
    what: "RIFF header, chunk headers and padding",
    when: "always",
    how: How::Rebuild,
    why: "frame of the file, with its true length",
    spec: "RFC 9649 §2.3, §2.4",
};
const VP8X: Row = Row {
    what: "VP8X",
    when: "it is the first chunk",
    how: How::Rebuild,
    why: "size of the canvas; flags for what the file holds",
    spec: "RFC 9649 §2.7",
};
const ICCP: Row = Row {
    what: "ICCP",
    when: "there is VP8X, and the profile can be parsed",
    how: How::Rebuild,
    why: "meaning of the colours",
    spec: "RFC 9649 §2.7.1.4",
};
const ANIM: Row = Row {
    what: "ANIM",
    when: "the animation flag is set and frames follow",
    how: How::Rebuild,
    why: "background colour, how often the animation is shown",
    spec: "RFC 9649 §2.7.1.1",
};
const ANMF: Row = Row {
    what: "ANMF",
    when: "the animation flag is set and ANIM comes first",
    how: How::Rebuild,
    why: "place, duration, blending and disposal of a frame",
    spec: "RFC 9649 §2.7.1.1",
};
const ALPH: Row = Row {
    what: "ALPH",
    when: "before a VP8 picture, with VP8X",
    how: How::Verbatim,
    why: "transparency",
    spec: "RFC 9649 §2.7.1.2",
};
const PICTURE: Row = Row {
    what: "VP8 , VP8L",
    when: "the first of the file or of a frame",
    how: How::Verbatim,
    why: "the pixels",
    spec: "RFC 9649 §2.5, §2.6, §2.7.1.3; RFC 6386",
};
const EXIF: Row = Row {
    what: "EXIF",
    when: "orientation 2 to 8; a density other than 72 dots per inch",
    how: How::Rebuild,
    why: "turns the picture the right way up; its size on paper",
    spec: "RFC 9649 §2.7.1.5; CIPA DC-008 4.6",
};

impl Format for WebP {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        Confidence::Signature.when(head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        judge::judge(source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let file = File::parse(source, cx)?;
        let mut hasher = Hasher::new();
        hasher.bytes(file.canvas.as_ref().map_or(&[], |canvas| &canvas[..]));
        match &file.shown {
            Shown::Still(picture) => hash_picture(&mut hasher, source, picture)?,
            Shown::Animation {
                settings, frames, ..
            } => {
                hasher.bytes(settings);
                for frame in frames {
                    hasher.bytes(&frame.header);
                    hash_picture(&mut hasher, source, &frame.picture)?;
                }
            }
        }
        if let Some(chunk) = file.icc() {
            let profile = source.read(chunk.data)?;
            if icc::is_profile(&profile) {
                hasher.label("ICCP", 0);
                hasher.bytes(&icc::scrub(&profile, cx)?);
            }
        }
        if let Some(chunk) = file.exif() {
            let block = source.read(chunk.data)?;
            let facts = exif::read(&block, "", cx, &mut Found::default())?;
            hasher.label("orientation", facts.orientation.unwrap_or(1).into());
        } else {
            hasher.label("orientation", 1);
        }
        Ok(hasher.finish())
    }

    /// Only pixels are coded in it, and no file is nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

fn hash_picture(hasher: &mut Hasher, source: &Source<'_>, picture: &Picture) -> Result<()> {
    hasher.bytes(&picture.chunk.id);
    if let Some(alpha) = &picture.alpha {
        hasher.label("ALPH", alpha.rest.len());
        hasher.bytes(&[alpha.first]);
        hasher.span(source, alpha.rest)?;
    }
    hasher.label("picture", picture.chunk.data.len());
    hasher.span(source, picture.chunk.data)
}
