//! JPEG 2000 (ISO/IEC 15444-1, 15444-2 as far as one file is one picture, 15444-15).
//!
//! `codestream` walks markers and tile-parts, `header` knows the boxes that decide how the picture looks,
//! `metadata_box` tells what all others give away, `judge` decides about every byte.

mod codestream;
mod header;
mod judge;
mod metadata_box;
#[cfg(test)]
mod tests;

use crate::bytes::{Context, Hasher, Source};
use crate::containers::isobmff::{BoxHeader, Boxes, FourCc};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Error, Examined, How, Result, Row, Span, len_u64};
use codestream::{Codestream, PLT, Segment, TLM};
use header::{Level, Seen, Sort};

const NAME: &str = "JPEG 2000";
/// What is said of a file that is cut short.
const CUT: &str = "the picture stops before its end";
/// The box that every file begins with, unless it is a bare codestream.
const SIGNATURE: &[u8] = b"\0\0\0\x0CjP  \r\n\x87\n";

/// JPEG 2000.
#[derive(Debug)]
pub(in crate::formats) struct Jp2;

static INFO: Info = Info {
    id: "jp2",
    name: NAME,
    extensions: &["jp2", "j2k", "j2c", "jpc", "jpf", "jpx", "jph", "jhc"],
    noun: "picture",
    rows: &[
        SIGNATURE_BOX,
        FTYP,
        RREQ,
        BOX_HEADER,
        HEADER_BOX,
        MARKERS,
        TLM_ROW,
        TILE_HEADER,
        TILE_DATA,
        END,
    ],
    vocabulary: &[
        "jP  ",
        "ftypjp2 ",
        "jp2hihdrbpcccolrpclrcmapcdefres rescresd",
        "jp2c",
        "jpx ",
    ],
};

const SIGNATURE_BOX: Row = Row {
    what: "signature box",
    when: "the file is not a bare codestream",
    how: How::Verbatim,
    why: "says that the file is a JPEG 2000 file",
    spec: "ISO/IEC 15444-1 §I.5.1",
};
const FTYP: Row = Row {
    what: "ftyp",
    when: "brands jp2, jpx and jph; of the others those that readers look for",
    how: How::Rebuild,
    why: "says which readers can read the file",
    spec: "ISO/IEC 15444-1 §I.5.2",
};
const RREQ: Row = Row {
    what: "rreq",
    when: "without features of vendors",
    how: How::Rebuild,
    why: "what a reader of JPX must be able to do",
    spec: "ISO/IEC 15444-2 §M.11.1",
};
const BOX_HEADER: Row = Row {
    what: "header of jp2h, res, jp2c, jpch, jplh, cgrp, comp",
    when: "the box is kept",
    how: How::Rebuild,
    why: "length of the box, written anew where it changes",
    spec: "ISO/IEC 15444-1 §I.4",
};
const HEADER_BOX: Row = Row {
    what: "ihdr, bpcc, colr, pclr, cmap, cdef, resc, resd, opct, creg, copt, inst",
    when: "inside jp2h, res, jpch, jplh, cgrp or comp; no longer than its content, profiles scrubbed",
    how: How::Rebuild,
    why: "size, depth, colours, palette, channels, density, composition",
    spec: "ISO/IEC 15444-1 §I.5.3, 15444-2 §M.11",
};
const MARKERS: Row = Row {
    what: "SOC, SIZ, CAP, PRF, CPF, COD, COC, QCD, QCC, RGN, POC, PPM, NLT",
    when: "in the main header; of the length that goes with the number of components and levels",
    how: How::Verbatim,
    why: "how the picture is coded",
    spec: "ISO/IEC 15444-1 annex A, 15444-15 annex A",
};
const TLM_ROW: Row = Row {
    what: "TLM",
    when: "its lengths are those of the tile-parts",
    how: How::Rebuild,
    why: "readers find a tile without reading all others",
    spec: "ISO/IEC 15444-1 §A.7.1",
};
const TILE_HEADER: Row = Row {
    what: "SOT; COD, COC, QCD, QCC, RGN, POC, PPT, PLT, NLT of a tile-part",
    when: "in tile-part headers; the length in SOT without comments; PLT where its lengths are those of the data",
    how: How::Rebuild,
    why: "how a tile is coded",
    spec: "ISO/IEC 15444-1 annex A",
};
const TILE_DATA: Row = Row {
    what: "SOD and data of a tile-part",
    when: "up to the length in SOT",
    how: How::Verbatim,
    why: "the pixels",
    spec: "ISO/IEC 15444-1 annexes A and B",
};
const END: Row = Row {
    what: "EOC",
    when: "it is there",
    how: How::Verbatim,
    why: "the end",
    spec: "ISO/IEC 15444-1 §A.4.4",
};

impl Format for Jp2 {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        Confidence::Signature
            .when(head.starts_with(SIGNATURE) || head.starts_with(codestream::START))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        judge::judge(source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let mut hasher = Hasher::new();
        if source.peek(0, 4)?.starts_with(codestream::START) {
            hash_codestream(&mut hasher, source, source.whole(), cx)?;
            return Ok(hasher.finish());
        }
        let has_layers = judge::has_layers(source, cx)?;
        let (mut headers, mut pictures) = (0, 0);
        for_each_box(
            source,
            source.whole(),
            Level::Top,
            cx,
            &mut |level, header, is_first| {
                let kind = header.kind.0;
                match header::sort(level, kind) {
                    Sort::Super(_) if !is_first => return Ok(false),
                    Sort::Super(_) => {
                        headers = u32::from(kind == *b"jp2h").saturating_add(headers);
                        if kind == *b"jp2h" && headers > 1 {
                            return Ok(false);
                        }
                        hasher.label("superbox", 0);
                        hasher.bytes(&kind);
                    }
                    Sort::Codestream if pictures == 0 || has_layers => {
                        pictures = 1u32.saturating_add(pictures);
                        hash_codestream(&mut hasher, source, header.body, cx)?;
                    }
                    Sort::Plain if level != Level::Top && is_first => {
                        let body = header.read(source, cx)?;
                        if let Some(body) = header::body(kind, &body, cx)? {
                            hasher.label("box", len_u64(body.len()));
                            hasher.bytes(&kind);
                            hasher.bytes(&body);
                        }
                    }
                    _ => {}
                }
                Ok(true)
            },
        )?;
        Ok(hasher.finish())
    }

    /// Only pixels are coded in it, and no file is nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

/// A codestream box whose length reaches beyond the end of the file: decoders read to the end.
fn cut_codestream(source: &Source<'_>, at: u64, level: Level) -> Result<Option<BoxHeader>> {
    let head = source.peek(at, 16)?;
    let is_long = head.starts_with(&[0, 0, 0, 1]);
    let body = at.saturating_add(if is_long { 16 } else { 8 });
    let is_picture = level == Level::Top && head.get(4..8) == Some(b"jp2c");
    let kind = head.get(4..).and_then(FourCc::read);
    Ok(kind
        .filter(|_| is_picture && body < source.len())
        .map(|kind| BoxHeader {
            kind,
            uuid: None,
            whole: Span::new(at, source.len()),
            body: Span::new(body, source.len()),
        }))
}

/// Hands out every box, superboxes before what is in them, and whether it is the first that counts of
/// its kind; `f` says whether to look into one.
fn for_each_box(
    source: &Source<'_>,
    span: Span,
    level: Level,
    cx: &Context<'_>,
    f: &mut dyn FnMut(Level, &BoxHeader, bool) -> Result<bool>,
) -> Result<()> {
    let mut boxes = Boxes::new(source, span);
    let mut seen = Seen::default();
    loop {
        let header = match boxes.next(cx) {
            Ok(Some(header)) => header,
            Ok(None) => return Ok(()),
            Err(Error::Malformed { .. }) => match cut_codestream(source, boxes.at(), level)? {
                Some(header) => return f(level, &header, true).map(drop),
                None => return Ok(()),
            },
            Err(error) => return Err(error),
        };
        let is_first = seen.is_first(level, &header, source)?;
        if f(level, &header, is_first)?
            && let Sort::Super(inner) = header::sort(level, header.kind.0)
        {
            for_each_box(source, header.body, inner, cx, f)?;
        }
    }
}

/// Everything but comments and lengths, without which every decoder finds its way.
fn hash_codestream(
    hasher: &mut Hasher,
    source: &Source<'_>,
    within: Span,
    cx: &Context<'_>,
) -> Result<()> {
    let stream = Codestream::parse(source, within, cx)?;
    let is_coding = |s: &&Segment| !s.is_idle && !matches!(s.marker, TLM | PLT);
    for segment in stream.main.iter().filter(is_coding) {
        hasher.span(source, segment.whole)?;
    }
    for part in &stream.parts {
        hasher.label("tile-part", part.data.len());
        let start = part.whole.start();
        for (from, to) in [(4, 6), (10, 12)] {
            let span = Span::new(start.saturating_add(from), start.saturating_add(to));
            hasher.span(source, span)?;
        }
        for segment in part.segments.iter().filter(is_coding) {
            hasher.span(source, segment.whole)?;
        }
        hasher.span(source, part.data)?;
    }
    Ok(())
}
