//! GIF87a and GIF89a (CompuServe, 1990), with the application extensions that decoders know.

mod blocks;
mod judge;
mod lzw;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::bytes::{Context, Hasher, Source};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::icc;
use crate::model::{Digest, Examined, How, Result, Row, len_u64};
use blocks::{Control, Image, Kind};

const NAME: &str = "GIF";
/// Application identifier and authentication code of a colour profile.
const PROFILE_ID: &[u8; 11] = b"ICCRGBG1012";

/// GIF.
#[derive(Debug)]
pub(in crate::formats) struct Gif;

static INFO: Info = Info {
    id: "gif",
    name: NAME,
    extensions: &["gif"],
    noun: "picture",
    rows: &[
        HEADER,
        GLOBAL_TABLE,
        CONTROL,
        DESCRIPTOR,
        LOCAL_TABLE,
        DATA,
        LOOP,
        PROFILE,
        TRAILER,
    ],
    vocabulary: &[
        "GIF87a",
        "GIF89a",
        "NETSCAPE2.0",
        "ANIMEXTS1.0",
        "ICCRGBG1012",
    ],
};

const HEADER: Row = Row {
    what: "Header, Logical Screen Descriptor",
    when: "always",
    how: How::Rebuild,
    why: "size of the canvas, background colour, shape of the pixels",
    spec: "GIF89a §17, §18",
};
const GLOBAL_TABLE: Row = Row {
    what: "Global Color Table",
    when: "the screen descriptor announces it; colours that no pixel has become black",
    how: How::Verbatim,
    why: "colours of all pictures without a table of their own",
    spec: "GIF89a §19",
};
const CONTROL: Row = Row {
    what: "Graphic Control Extension",
    when: "it is the last one before an image",
    how: How::Rebuild,
    why: "delay, transparency and disposal of the image that follows",
    spec: "GIF89a §23",
};
const DESCRIPTOR: Row = Row {
    what: "Image Descriptor",
    when: "always",
    how: How::Rebuild,
    why: "place and size of the image, order of its rows",
    spec: "GIF89a §20",
};
const LOCAL_TABLE: Row = Row {
    what: "Local Color Table",
    when: "the image descriptor announces it; colours that no pixel has become black",
    how: How::Verbatim,
    why: "colours of the image",
    spec: "GIF89a §21",
};
const DATA: Row = Row {
    what: "Table Based Image Data",
    when: "up to the end code or the last pixel",
    how: How::Verbatim,
    why: "the pixels",
    spec: "GIF89a §22, appendix F",
};
const LOOP: Row = Row {
    what: "Application Extension NETSCAPE2.0, ANIMEXTS1.0",
    when: "sub-block 1 with the loop count; the last one counts",
    how: How::Rebuild,
    why: "how often the animation is shown",
    spec: "Netscape Navigator 2.0; GIF89a §26",
};
const PROFILE: Row = Row {
    what: "Application Extension ICCRGBG1012",
    when: "the profile can be parsed; the last one counts",
    how: How::Rebuild,
    why: "meaning of the colours",
    spec: "ICC.1:2022 annex B; GIF89a §26",
};
const TRAILER: Row = Row {
    what: "Trailer",
    when: "always",
    how: How::Rebuild,
    why: "end of the file",
    spec: "GIF89a §27",
};

impl Format for Gif {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        Confidence::Signature.when(head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        judge::judge(source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let screen = blocks::screen(source)?;
        let mut hasher = Hasher::new();
        hasher.bytes(&source.peek(6, 7)?);
        let blocks = blocks::blocks(source, screen.table.end(), cx)?;
        let colours = blocks::global_colours(&screen, &blocks);
        hasher.bytes(&blocks::clean_table(source, screen.table, colours)?);
        let (mut control, mut profile) = (None, None);
        let mut loops = BTreeMap::new();
        for block in blocks {
            match &block.kind {
                Kind::Image(image) => {
                    hash_control(&mut hasher, control.take());
                    hash_image(&mut hasher, image, source, cx)?;
                }
                Kind::Extension(extension) => {
                    control = extension.control().or(control);
                    loops.extend(extension.loop_count(source, cx)?);
                    if extension.application() == Some(PROFILE_ID) {
                        let block = extension.rest.joined(source, cx)?;
                        profile = Some(block)
                            .filter(|block| icc::is_profile(block))
                            .or(profile);
                    }
                }
                Kind::Trailer | Kind::Junk => {}
            }
        }
        for (application, count) in loops {
            hasher.bytes(&application);
            hasher.label("loops", count.into());
        }
        if let Some(profile) = profile {
            hasher.bytes(&icc::scrub(&profile, cx)?);
        }
        Ok(hasher.finish())
    }

    /// Only pixels are coded in it, and no file is nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

fn hash_control(hasher: &mut Hasher, control: Option<Control>) {
    hasher.label("control", control.is_some().into());
    if let Some(control) = control {
        hasher.bytes(&control.to_bytes());
    }
}

fn hash_image(
    hasher: &mut Hasher,
    image: &Image,
    source: &Source<'_>,
    cx: &Context<'_>,
) -> Result<()> {
    hasher.bytes(&image.clean_descriptor());
    let colours = image.coded.colours;
    hasher.bytes(&blocks::clean_table(source, image.table, colours)?);
    hasher.bytes(&source.peek(image.table.end(), 1)?);
    hasher.label("codes", image.coded.used);
    let boundary = image.coded.boundary();
    let mut at = 0u64;
    image.data.for_each(source, cx, |_, data| {
        let whole = usize::try_from(boundary.saturating_sub(at)).unwrap_or(usize::MAX);
        hasher.bytes(data.get(..whole).unwrap_or(data));
        if let (true, Some(byte)) = (at <= boundary, data.get(whole)) {
            hasher.bytes(&[image.coded.shown_bits(*byte)]);
        }
        at = at.saturating_add(len_u64(data.len()));
        Ok(())
    })
}
