//! JPEG XL (ISO/IEC 18181-1 codestream, 18181-2 container).
//!
//! `boxes` walks the container; `header`, `frame` and `icc` understand a codestream as far as its headers,
//! `bits` writes them anew where something in them is not needed, `codestream` finds its end; `judge`
//! decides about every box, `metadata_box` and `jbrd` tell what goes, `gain_map` cleans what stays.

mod bits;
mod boxes;
mod codestream;
mod frame;
mod gain_map;
mod header;
mod icc;
mod jbrd;
mod judge;
mod metadata_box;
#[cfg(test)]
mod tests;

use crate::bytes::{Context, Hasher, Source};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Examined, Fate, How, Result, Row};
use boxes::Layout;
use codestream::{Stream, walk};
use gain_map::Want;
use metadata_box::Kind;

const NAME: &str = "JPEG XL";
/// What is said of a file that is cut short.
const CUT: &str = "the picture stops before its end";
/// Metadata that is packed into a few bytes and is larger than this is meant to hurt.
const LARGEST: u64 = 8 << 20;

/// JPEG XL.
#[derive(Debug)]
pub(in crate::formats) struct Jxl;

static INFO: Info = Info {
    id: "jxl",
    name: NAME,
    extensions: &["jxl"],
    noun: "picture",
    rows: &[
        CONTAINER,
        FTYP,
        LEVEL,
        BOX_HEADER,
        PIECE_NUMBER,
        HEADER,
        FRAME_HEADER,
        FRAME,
        GAIN_MAP,
    ],
    vocabulary: &["JXL ", "ftypjxl ", "jxlljxlcjxlpjhgm"],
};

const CONTAINER: Row = Row {
    what: "signature box",
    when: "the file is a container",
    how: How::Verbatim,
    why: "says that the file is a JPEG XL container",
    spec: "ISO/IEC 18181-2 §9.1",
};
const FTYP: Row = Row {
    what: "ftyp",
    when: "behind the signature",
    how: How::Rebuild,
    why: "says that the file is a JPEG XL container; always the same 20 bytes",
    spec: "ISO/IEC 18181-2 §9.2",
};
const LEVEL: Row = Row {
    what: "jxll",
    when: "one byte, 5 or 10; the first one",
    how: How::Verbatim,
    why: "what a decoder must be able to do",
    spec: "ISO/IEC 18181-2 §9.3; 18181-1 annex M",
};
const BOX_HEADER: Row = Row {
    what: "header of jxlc or jxlp",
    when: "there is codestream in the box",
    how: How::Rebuild,
    why: "length of the codestream, written anew where it changes",
    spec: "ISO/IEC 18181-2 §9.5, §9.6",
};
const PIECE_NUMBER: Row = Row {
    what: "number of jxlp",
    when: "there is codestream in the box",
    how: How::Rebuild,
    why: "order of the pieces; the last one is marked",
    spec: "ISO/IEC 18181-2 §9.6",
};
const HEADER: Row = Row {
    what: "codestream header",
    when: "always; without names, preview, time codes and unknown extensions, and with a colour profile \
        that is scrubbed",
    how: How::Rebuild,
    why: "size, orientation, bit depth, channels, colours, animation",
    spec: "ISO/IEC 18181-1 annexes D and E",
};
const FRAME_HEADER: Row = Row {
    what: "frame header and table of contents",
    when: "every frame that is shown or used; without name, time code and unknown extensions",
    how: How::Rebuild,
    why: "coding, place, duration and blending of a frame; where its sections stand",
    spec: "ISO/IEC 18181-1 annex F",
};
const FRAME: Row = Row {
    what: "frame sections",
    when: "as many bytes as the table of contents says",
    how: How::Verbatim,
    why: "the pixels",
    spec: "ISO/IEC 18181-1 annexes G to L",
};
const GAIN_MAP: Row = Row {
    what: "jhgm",
    when: "the first one, if it can be understood; not under the policy strict",
    how: How::Rebuild,
    why: "HDR: numbers, colours and codestream of the gain map, each cleaned",
    spec: "ISO/IEC 18181-2 §9.9; ISO 21496-1",
};

impl Format for Jxl {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        Confidence::Signature
            .when(head.starts_with(boxes::CONTAINER) || head.starts_with(header::SIGNATURE))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        judge::judge(source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let layout = Layout::parse(source, cx)?;
        let mut hasher = Hasher::new();
        let stream = Stream::new(source, layout.codestream(source));
        for stretch in walk(&stream, "", cx)?.stretches {
            match stretch.fate {
                Fate::Keep(_) => {
                    for span in stream.spans(stretch.span) {
                        hasher.span(source, span)?;
                    }
                }
                Fate::Rebuild(_, bytes) => hasher.bytes(&bytes),
                Fate::Inside(..) | Fate::Drop(_) => {}
            }
        }
        let Layout::Container { boxes, .. } = &layout else {
            return Ok(hasher.finish());
        };
        for header in boxes.iter().filter(|header| header.is(b"jxll")) {
            let level = header.peek(source, 2)?;
            if boxes::is_level(&level) {
                hasher.label("jxll", 0);
                hasher.bytes(&level);
                break;
            }
        }
        if !cx.policy().strict
            && let Some(clean) = gain_map(source, boxes, Want::Digest, cx)?
        {
            hasher.label("jhgm", 0);
            hasher.bytes(&clean.bytes);
        }
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        let layout = Layout::parse(source, cx)?;
        let stream = Stream::new(source, layout.codestream(source));
        if let Some(profile) = walk(&stream, "", cx)?.profile {
            sink.structure("ICC", &profile)?;
        }
        let Layout::Container { boxes, .. } = &layout else {
            return Ok(());
        };
        for header in boxes.iter().filter(|header| header.is(b"brob")) {
            if let Some((_, bytes)) = metadata_box::unpack(source, header, cx)? {
                sink.structure("brob", &bytes)?;
            }
        }
        if let Some(clean) = gain_map(source, boxes, Want::Copy, cx)? {
            sink.structure("jhgm", &clean.profile)?;
            cx.streams_nested(&Source::memory(&clean.codestream), sink)?;
        }
        Ok(())
    }
}

/// The first gain map that can be used.
fn gain_map(
    source: &Source<'_>,
    boxes: &[crate::containers::isobmff::BoxHeader],
    want: Want,
    cx: &Context<'_>,
) -> Result<Option<gain_map::Clean>> {
    for header in boxes {
        let body = if header.is(b"jhgm") {
            header.read(source, cx)?.into_owned()
        } else if header.is(b"brob") {
            match metadata_box::unpack(source, header, cx)? {
                Some((Kind::GainMap, body)) => body,
                _ => continue,
            }
        } else {
            continue;
        };
        if let Some(clean) = gain_map::clean(&body, want, cx)? {
            return Ok(Some(clean));
        }
    }
    Ok(None)
}
