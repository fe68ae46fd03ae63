//! What the segments of one image say: what decides how it is shown, and what they give away.

use std::collections::{BTreeMap, BTreeSet};

use super::markers::{APP0, APP1, APP2, APP11, APP13, APP14, APP15, COM};
use super::parse::{Image, Segment, malformed};
use super::{jumbf, mpf, rows, structure, tables};
use crate::bytes::{Context, Source};
use crate::containers::jpeg_segments::repeats_a_symbol;
use crate::metadata::{c2pa, exif, icc, iso21496, makers, photoshop, text, xmp};
use crate::model::{Category, Error, Finding, Found, Result, Role, Row, Severity, len_u64};

pub(super) const EXIF: &[u8] = b"Exif\0";
const JFIF: &[u8] = b"JFIF\0";
const JFXX: &[u8] = b"JFXX\0";
const ADOBE: &[u8] = b"Adobe";
const ICC: &[u8] = b"ICC_PROFILE\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/";
const EXTENDED_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";

/// [`EXTENDED_XMP`], a GUID of 32 letters, the full length, the offset of this piece.
const EXTENDED_XMP_HEAD: usize = 35 + 32 + 4 + 4;

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Goes to the output byte for byte.
    Payload(&'static Row),
    Jfif,
    Adobe,
    Exif,
    Xmp,
    Icc,
    Iso21496,
    Mpf,
    /// Goes, whatever it says. The id of its finding.
    Gone(&'static str),
}

/// Everything about one image that its segments say.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// What each segment is, and what it gives away.
    pub(super) segments: Vec<(Kind, Found)>,
    /// The last JFIF segment before the first scan: libjpeg listens to the last.
    pub(super) jfif: Option<(usize, Jfif)>,
    /// The last Adobe segment before the first scan, and its colour transform.
    pub(super) adobe: Option<(usize, u8)>,
    /// The first Exif segment before the first scan: the one that programs listen to.
    pub(super) exif: Option<(usize, exif::Facts)>,
    /// The first XMP packet, and what all of them say together.
    pub(super) xmp: Option<(usize, xmp::Facts)>,
    /// The first segment of a complete ICC profile, and the profile without what it gives away.
    pub(super) icc: Option<(usize, Vec<u8>)>,
    /// The gain map numbers, or the versions only, as we write them.
    pub(super) iso21496: Option<(usize, Vec<u8>)>,
    /// What is left of those table segments that hold a table which is never used, by index.
    pub(super) tables: BTreeMap<usize, Vec<u8>>,
    /// The DHT payload of standard tables that the image uses without defining them.
    pub(super) standard: Vec<u8>,
    /// Segments that no decoder of this frame reads.
    pub(super) unread: BTreeSet<usize>,
    /// Findings so far.
    told: usize,
    /// The first MPF segment: where its TIFF header stands in the file, and the pictures.
    pub(super) mpf: Option<(usize, u64, Vec<mpf::Entry>)>,
}

/// A JFIF header without its thumbnail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Jfif {
    version: [u8; 2],
    units: u8,
    density: [u8; 4],
}

impl Jfif {
    fn read(payload: &[u8]) -> Option<Self> {
        let [major, minor, units, x1, x2, y1, y2, _, _, ..] = *payload.strip_prefix(JFIF)? else {
            return None;
        };
        let version = if major == 1 && minor <= 2 {
            [major, minor]
        } else {
            [1, 2]
        };
        let units = if units <= 2 { units } else { 0 };
        Some(Self {
            version,
            units,
            density: [x1, x2, y1, y2],
        })
    }

    /// The payload of a segment that says the same and has no thumbnail.
    pub(super) fn payload(self) -> Vec<u8> {
        let mut out = JFIF.to_vec();
        out.extend(self.version);
        out.push(self.units);
        out.extend(self.density);
        out.extend([0, 0]);
        out
    }
}

/// Payload of an Adobe segment: version 100, no flags, this transform (0 RGB or CMYK, 1 YCbCr, 2 YCCK).
pub(super) fn adobe_payload(transform: u8) -> Vec<u8> {
    let mut out = ADOBE.to_vec();
    out.extend([0, 100, 0, 0, 0, 0, transform]);
    out
}

/// Maximum number of findings in one image: metadata behind them is removed without being read.
const MOST_FINDINGS: usize = 8_000;
/// Maximum length of a block that is located in several segments, in bytes; no more of it is read.
const LARGEST_BLOCK: usize = 16 << 20;

/// Reads all segments of an image.
///
/// # Errors
/// Those of the budget; those of [`structure::unread`]; JPEG XT, whose picture is located in segments that
/// we do not know.
pub(super) fn read(image: &Image<'_>, cx: &Context<'_>) -> Result<Facts> {
    let mut facts = Facts {
        tables: tables::without_unused(image),
        standard: tables::missing(image)?,
        unread: structure::unread(image)?,
        ..Facts::default()
    };
    let first_scan = image.first_scan();
    for (index, segment) in image.segments.iter().enumerate() {
        cx.item()?;
        let used = facts.tables.get(&index).map(Vec::as_slice);
        if repeats_a_symbol(segment.marker, used.unwrap_or(&segment.payload)) {
            let at = segment.span.start();
            return Err(malformed(at, "a table of the picture is damaged"));
        }
        let mut found = Found::default();
        let kind = if facts.unread.contains(&index) {
            gone_unread(&segment.payload, "jpeg.segment.unread", &mut found)?
        } else {
            let counts = index < first_scan;
            read_segment(image, segment, index, counts, &mut facts, cx, &mut found)?
        };
        facts.told = facts.told.saturating_add(found.findings.len());
        facts.segments.push((kind, found));
    }
    join_icc(image, &mut facts, cx)?;
    join_split_segments(image, &mut facts, cx)?;
    Ok(facts)
}

fn read_segment<'a>(
    image: &Image<'a>,
    segment: &Segment<'a>,
    index: usize,
    counts: bool,
    facts: &mut Facts,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<Kind> {
    if let Some(row) = rows::verbatim(segment.marker) {
        return Ok(Kind::Payload(row));
    }
    let payload = image.payload(segment)?;
    let payload = &*payload;
    let is_full = facts.told > MOST_FINDINGS;
    match segment.marker {
        COM if is_full => gone_unread(payload, "jpeg.com", found),
        APP1 if is_full && payload.starts_with(EXIF) && facts.exif.is_some() => {
            gone_unread(payload, "jpeg.app1.exif", found)
        }
        APP1 if is_full && xmp_packet(payload).is_some() && facts.xmp.is_some() => {
            gone_unread(payload, "jpeg.app1.xmp", found)
        }
        APP0 => app0(payload, index, counts, facts, cx, found),
        APP1 if payload.starts_with(EXIF) => {
            let read = exif::read(payload, "APP1 Exif", cx, found)?;
            if !counts {
                return Ok(Kind::Gone("jpeg.app1.exif"));
            }
            facts.exif.get_or_insert((index, read));
            Ok(Kind::Exif)
        }
        APP1 if payload.starts_with(EXTENDED_XMP) => Ok(Kind::Gone("jpeg.app1.extxmp")),
        APP1 if let Some(packet) = xmp_packet(payload) => {
            let read = xmp::read(packet, "APP1 XMP", cx, found)?;
            if !counts {
                return Ok(Kind::Gone("jpeg.app1.xmp"));
            }
            match &mut facts.xmp {
                None => facts.xmp = Some((index, read)),
                Some((_, known)) => merge_xmp(known, read),
            }
            Ok(Kind::Xmp)
        }
        APP2 if payload.starts_with(ICC) => Ok(Kind::Icc),
        APP2 if payload.starts_with(iso21496::HEAD) => {
            match iso21496::segment(payload).filter(|_| counts && facts.iso21496.is_none()) {
                Some(rebuilt) => facts.iso21496 = Some((index, rebuilt)),
                None => return Ok(Kind::Gone("jpeg.app2.iso21496")),
            }
            Ok(Kind::Iso21496)
        }
        APP2 if let Some(tiff) = payload.strip_prefix(mpf::HEAD) => {
            let entries = mpf::entries(tiff);
            let first = counts && facts.mpf.is_none() && !entries.is_empty();
            if first {
                let tiff_at = segment.span.end().saturating_sub(len_u64(tiff.len()));
                facts.mpf = Some((index, tiff_at, entries));
            }
            found.secrets.harvest(tiff);
            Ok(if first {
                Kind::Mpf
            } else {
                Kind::Gone("jpeg.app2.mpf")
            })
        }
        APP2 if payload.starts_with(b"FPXR\0") => gone_unread(payload, "jpeg.app2.fpxr", found),
        // Text in them may be another picture; it is read as a whole below.
        APP11 if payload.starts_with(b"JP") => Ok(Kind::Gone("jpeg.app11")),
        APP13 => Ok(Kind::Gone("jpeg.app13")),
        APP14 if payload.starts_with(ADOBE) && payload.len() >= 12 && counts => {
            facts.adobe = payload.get(11).map(|transform| (index, *transform));
            found.secrets.harvest(payload.get(12..).unwrap_or_default());
            Ok(Kind::Adobe)
        }
        COM => {
            let comment = String::from_utf8_lossy(payload);
            text::read("jpeg.com", "Comment", &comment, "COM", cx, found)?;
            Ok(Kind::Gone("jpeg.com"))
        }
        APP1..=APP15 => vendor_segment(payload, cx, found),
        _ => gone_unread(payload, "jpeg.pad", found),
    }
}

fn app0(
    payload: &[u8],
    index: usize,
    counts: bool,
    facts: &mut Facts,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<Kind> {
    if let Some(jfif) = Jfif::read(payload) {
        let behind = payload.get(jfif.payload().len()..).unwrap_or_default();
        // Xthumbnail and Ythumbnail; Apple puts `AMPF` there without a thumbnail.
        if payload.get(12..14).is_some_and(|size| !size.contains(&0)) {
            let finding = Finding::new(
                "jpeg.app0.jfif",
                Category::Image,
                Severity::High,
                "APP0 JFIF",
                "thumbnail",
            );
            found.add(finding.bytes(len_u64(behind.len())).role(Role::Thumbnail));
        }
        found.secrets.harvest(behind);
        if counts {
            facts.jfif = Some((index, jfif));
            return Ok(Kind::Jfif);
        }
        return Ok(Kind::Gone("jpeg.app0.jfif"));
    }
    if let Some(thumbnail) = payload.strip_prefix(JFXX) {
        if let Some(jpeg) = thumbnail.strip_prefix(&[0x10]) {
            found.merge("APP0 JFXX", cx.inspect_nested(&Source::memory(jpeg))?);
        }
        return Ok(Kind::Gone("jpeg.app0.jfxx"));
    }
    vendor_segment(payload, cx, found)
}

fn vendor_segment(payload: &[u8], cx: &Context<'_>, found: &mut Found) -> Result<Kind> {
    if let Some((id, name)) = makers::recognize(payload) {
        makers::read(payload, name, cx, found)?;
        return Ok(Kind::Gone(id));
    }
    // A preview in pieces, or a whole one.
    if payload.starts_with(&[0xFF, 0xD8, 0xFF]) {
        found.merge("preview", cx.inspect_nested(&Source::memory(payload))?);
        return Ok(Kind::Gone("jpeg.app2.preview"));
    }
    gone_unread(payload, "jpeg.unknown", found)
}

fn gone_unread(payload: &[u8], id: &'static str, found: &mut Found) -> Result<Kind> {
    found.secrets.harvest(payload);
    Ok(Kind::Gone(id))
}

/// The packet in an `APP1` payload: behind the header, its NUL or not, or without any header.
fn xmp_packet(payload: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = payload.strip_prefix(XMP) {
        return Some(rest.strip_prefix(&[0]).unwrap_or(rest));
    }
    let starts = [
        "<?xpacket",
        "<x:xmpmeta",
        "<x:xapmeta",
        "<rdf:RDF",
        "<exif:",
    ];
    starts
        .iter()
        .any(|start| payload.starts_with(start.as_bytes()))
        .then_some(payload)
}

fn merge_xmp(known: &mut xmp::Facts, other: xmp::Facts) {
    fn fill<T>(known: &mut Vec<T>, other: Vec<T>) {
        if known.is_empty() {
            *known = other;
        }
    }
    fill(&mut known.gain_map, other.gain_map);
    fill(&mut known.apple_gain_map, other.apple_gain_map);
    fill(&mut known.items, other.items);
    fill(&mut known.pano, other.pano);
}

/// Puts the chunks of an ICC profile together as libjpeg does: each number once, none missing.
fn join_icc(image: &Image<'_>, facts: &mut Facts, cx: &Context<'_>) -> Result<()> {
    let first_scan = image.first_scan();
    let mut chunks: Vec<Option<Vec<u8>>> = Vec::new();
    let mut total = None;
    let mut complete = true;
    let mut first = None;
    for (index, segment) in image.segments.iter().enumerate() {
        if !facts
            .segments
            .get(index)
            .is_some_and(|(kind, _)| *kind == Kind::Icc)
        {
            continue;
        }
        first.get_or_insert(index);
        if index >= first_scan {
            continue;
        }
        let payload = image.payload(segment)?;
        let [number, count, data @ ..] = payload.get(ICC.len()..).unwrap_or_default() else {
            complete = false;
            continue;
        };
        let count = *total.get_or_insert(*count);
        chunks.resize(usize::from(count), None);
        match chunks.get_mut(usize::from(*number).wrapping_sub(1)) {
            Some(slot @ None) => *slot = Some(data.to_vec()),
            _ => complete = false,
        }
    }
    let Some(first) = first else {
        return Ok(());
    };
    complete &= !chunks.is_empty() && chunks.iter().all(Option::is_some);
    let profile: Vec<u8> = chunks.into_iter().flatten().flatten().collect();
    if let Some((_, found)) = facts.segments.get_mut(first) {
        icc::read(&profile, "APP2 ICC_PROFILE", cx, found)?;
        if !icc::is_profile(&profile) {
            found.secrets.harvest(&profile);
        }
    }
    // Decoders use an incomplete profile, or what is no profile, as little as none.
    if complete && icc::is_profile(&profile) {
        facts.icc = Some((first, icc::scrub(&profile, cx)?));
    }
    Ok(())
}

/// Splits a profile into the payloads of as many segments as it needs.
pub(super) fn icc_payloads(profile: &[u8]) -> Vec<Vec<u8>> {
    const MOST: usize = 65_533 - 14;
    let count = u8::try_from(profile.len().div_ceil(MOST)).unwrap_or(u8::MAX);
    (1..=count)
        .zip(profile.chunks(MOST))
        .map(|(number, data)| [ICC, &[number, count], data].concat())
        .collect()
}

/// Reads what stands in several segments of a kind: content credentials, Photoshop resources, extended
/// XMP, thermal pictures. What they give away is told at the first of them.
fn join_split_segments(image: &Image<'_>, facts: &mut Facts, cx: &Context<'_>) -> Result<()> {
    let mut jumbf = jumbf::Joiner::default();
    let mut resources = Vec::new();
    let mut extended = Vec::new();
    let mut thermal = Vec::new();
    let mut first = [None; 4];
    for (index, segment) in image.segments.iter().enumerate() {
        if !matches!(segment.marker, APP1 | APP11 | APP13) {
            continue;
        }
        let payload = image.payload(segment)?;
        let payload = &*payload;
        let slot = match segment.marker {
            APP11 if payload.starts_with(b"JP") => {
                if !jumbf.add(payload) {
                    return Err(Error::unsupported(
                        "JPEG XT keeps part of the picture where it cannot be checked",
                    ));
                }
                0
            }
            APP13 => {
                append(&mut resources, photoshop_resources(payload));
                1
            }
            APP1 if payload.starts_with(EXTENDED_XMP) => {
                append(
                    &mut extended,
                    payload.get(EXTENDED_XMP_HEAD..).unwrap_or_default(),
                );
                2
            }
            // `FLIR`, a version, number and count of the piece.
            APP1 if payload.starts_with(b"FLIR\0") => {
                append(&mut thermal, payload.get(8..).unwrap_or_default());
                3
            }
            _ => continue,
        };
        if let Some(known) = first.get_mut(slot) {
            known.get_or_insert(index);
        }
    }
    let mut tell = |slot: usize, read: &mut dyn FnMut(&mut Found) -> Result<()>| -> Result<()> {
        let index = first.get(slot).copied().flatten();
        match index.and_then(|index| facts.segments.get_mut(index)) {
            Some((_, found)) => read(found),
            None => Ok(()),
        }
    };
    tell(0, &mut |found| {
        c2pa::read(&jumbf.boxes(), "APP11 JUMBF", cx, found)
    })?;
    tell(1, &mut |found| {
        if resources.is_empty() {
            return Ok(());
        }
        photoshop::read(&resources, "APP13 Photoshop", cx, found)
    })?;
    tell(2, &mut |found| {
        xmp::read(&extended, "APP1 extended XMP", cx, found).map(|_| ())
    })?;
    tell(3, &mut |found| {
        makers::read(&thermal, "APP1 FLIR", cx, found)
    })
}

/// Adds a piece to a block, up to [`LARGEST_BLOCK`].
fn append(block: &mut Vec<u8>, piece: &[u8]) {
    let room = LARGEST_BLOCK.saturating_sub(block.len());
    block.extend_from_slice(piece.get(..room).unwrap_or(piece));
}

fn photoshop_resources(payload: &[u8]) -> &[u8] {
    [&b"Photoshop 3.0\0"[..], b"Adobe_Photoshop2.5:", b"Adobe_CM"]
        .iter()
        .find_map(|head| payload.strip_prefix(*head))
        .unwrap_or(payload)
}
