//! What happens to each segment of one image.

use std::collections::BTreeMap;

use super::entropy::Tails;
use super::facts::{self, Facts, Kind};
use super::parse::Image;
use super::{markers, mpf, rows};
use crate::bytes::{Context, Source};
use crate::metadata::exif::{self, Resolution};
use crate::metadata::{appended, iso21496, xmp};
use crate::model::{
    Category, Error, Fate, Finding, Found, Part, Result, Row, Severity, Span, len_u64,
};

/// What an image is in its file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Role {
    /// The picture itself, without a gain map.
    Alone,
    /// The picture itself, with a cleaned gain map of this length behind it.
    WithGainMap(u64),
    /// The gain map.
    GainMap,
}

/// The parts of one image, what it gives away and what cannot be taken out of it.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) parts: Vec<Part>,
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
}

/// Judges an image. The segment that says where the gain map stands is made last, when all else is known.
pub(super) fn image(
    source: &Source<'_>,
    image: &Image<'_>,
    tails: &Tails,
    mut facts: Facts,
    role: &Role,
    cx: &Context<'_>,
) -> Result<Judged> {
    let mut replacements = replacements(&facts, role)?;
    let is_same_profile = is_same_profile(source, image, &facts, &replacements)?;
    let first_scan = image.first_scan();
    let mut judged = Judged::default();
    judged.residue.clone_from(&tails.residue);
    if let Role::WithGainMap(len) = role
        && let Some((index, _, _)) = &facts.mpf
    {
        place_gain_map(
            source,
            image,
            &facts,
            *index,
            *len,
            tails,
            &mut replacements,
        )?;
    }
    for (index, segment) in image.segments.iter().enumerate() {
        if index == first_scan && !facts.standard.is_empty() {
            let at = segment.lead.start();
            judged.parts.push(Part {
                span: Span::new(at, at),
                name: "DHT",
                fate: Fate::rebuild(&rows::DHT, self::segment(markers::DHT, &facts.standard)?),
            });
            let id = "jpeg.tables.missing";
            judged
                .found
                .add(describe(id, "DHT", len_u64(facts.standard.len())));
        }
        if segment.lead.len() > LONGEST_FILL {
            let lead = source.sub(segment.lead)?;
            appended::read(&lead, "between the segments", cx, &mut judged.found)?;
        }
        if !segment.lead.is_empty() {
            goes(&mut judged, segment.lead, "fill", "jpeg.pad");
        }
        let whole = Span::new(segment.span.start(), segment.coded.end());
        let name = markers::name(segment.marker);
        let Some((kind, found)) = facts.segments.get_mut(index) else {
            continue;
        };
        let found = std::mem::take(found);
        match (*kind, replacements.remove(&index)) {
            (Kind::Payload(_), None) if facts.tables.get(&index).is_some_and(Vec::is_empty) => {
                goes(&mut judged, whole, name, "jpeg.tables.unused");
            }
            (Kind::Payload(_), Some((row, bytes))) => {
                let finding = describe("jpeg.tables.unused", name, segment.span.len());
                judged.found.add(finding);
                judged.parts.push(Part {
                    span: whole,
                    name,
                    fate: Fate::rebuild(row, bytes),
                });
            }
            (Kind::Payload(row), None) => {
                let mut at = whole.start();
                for hidden in tails.excess(index) {
                    let kept = Span::new(at, hidden.start());
                    judged.parts.push(Part {
                        span: kept,
                        name,
                        fate: Fate::Keep(row),
                    });
                    let place = "behind the picture's last code";
                    appended::read(&source.sub(*hidden)?, place, cx, &mut judged.found)?;
                    goes(&mut judged, *hidden, "coded data", "jpeg.entropy.tail");
                    at = hidden.end();
                }
                let kept = Span::new(at, whole.end());
                if !kept.is_empty() {
                    judged.parts.push(Part {
                        span: kept,
                        name,
                        fate: Fate::Keep(row),
                    });
                }
            }
            (kind, Some((row, bytes))) => {
                let is_same = match kind {
                    Kind::Icc => is_same_profile,
                    _ => *source.read(segment.span)? == *bytes,
                };
                if !is_same {
                    let id = id(kind);
                    if found.findings.is_empty() {
                        judged.found.add(describe(id, name, segment.span.len()));
                    }
                    judged.found.extend(found);
                }
                let fate = Fate::rebuild(row, bytes);
                judged.parts.push(Part {
                    span: whole,
                    name,
                    fate,
                });
            }
            (kind, None) => {
                judged.found.extend(found);
                goes(&mut judged, whole, name, id(kind));
            }
        }
    }
    if ends_anew(source, image) {
        let at = image.span.end();
        judged.parts.push(Part {
            span: Span::new(at, at),
            name: "EOI",
            fate: Fate::rebuild(&rows::EOI, vec![0xFF, markers::EOI]),
        });
    }
    Ok(judged)
}

/// Whether the picture has no end mark though something follows it: then the copy is given one.
fn ends_anew(source: &Source<'_>, image: &Image<'_>) -> bool {
    !image.has_eoi && image.span.end() < source.len()
}

/// Up to so many bytes between two segments are fill bytes and padding, which is not looked into.
const LONGEST_FILL: u64 = 16;

/// Whether the segments of the profile stay as they are, one behind the other.
fn is_same_profile(
    source: &Source<'_>,
    image: &Image<'_>,
    facts: &Facts,
    replacements: &Replacements,
) -> Result<bool> {
    let Some((first, _)) = facts.icc else {
        return Ok(false);
    };
    let Some((_, bytes)) = replacements.get(&first) else {
        return Ok(false);
    };
    let kinds = image.segments.iter().zip(&facts.segments).skip(first);
    let pieces: Vec<Span> = kinds
        .take_while(|(_, (kind, _))| *kind == Kind::Icc)
        .map(|(segment, _)| segment.span)
        .collect();
    let all = facts.segments.iter().filter(|(kind, _)| *kind == Kind::Icc);
    let mut rest = bytes.as_slice();
    for span in &pieces {
        match rest.strip_prefix(&*source.read(*span)?) {
            Some(more) => rest = more,
            None => return Ok(false),
        }
    }
    Ok(rest.is_empty() && pieces.len() == all.count())
}

/// Adds a part that goes, and the finding that says so.
pub(super) fn goes(judged: &mut Judged, span: Span, name: &'static str, id: &'static str) {
    judged.found.findings.push(describe(id, name, span.len()));
    judged.parts.push(Part {
        span,
        name,
        fate: Fate::Drop(id),
    });
}

fn id(kind: Kind) -> &'static str {
    match kind {
        Kind::Payload(_) => "jpeg.pad",
        Kind::Jfif => "jpeg.app0.jfif",
        Kind::Adobe => "jpeg.app14.adobe",
        Kind::Exif => "jpeg.app1.exif",
        Kind::Xmp => "jpeg.app1.xmp",
        Kind::Icc => "jpeg.app2.icc",
        Kind::Iso21496 => "jpeg.app2.iso21496",
        Kind::Mpf => "jpeg.app2.mpf",
        Kind::Gone(id) => id,
    }
}

/// The finding for a structure as such, beside those for what it says.
fn describe(id: &'static str, name: &'static str, len: u64) -> Finding {
    use Category::{Device, History, Image, Location, Unknown};
    use Severity::{High, Low, Medium};
    let (category, severity, what) = match id {
        "jpeg.app0.jfif" => (Device, Low, "JFIF header in an unusual form"),
        "jpeg.app0.jfxx" => (Image, High, "JFIF extension thumbnail"),
        "jpeg.segment.unread" => (Unknown, Low, "a segment that no program reads"),
        "jpeg.app1.exif" => (Device, Medium, "Exif block"),
        "jpeg.app1.xmp" => (History, Medium, "XMP packet"),
        "jpeg.app1.extxmp" => (Image, High, "extended XMP"),
        "jpeg.app2.icc" => (Device, Low, "colour profile in an unusual form"),
        "jpeg.app2.fpxr" => (Image, High, "FlashPix data"),
        "jpeg.app2.mpf" => (Image, Medium, "list of further pictures"),
        "jpeg.app2.iso21496" => (Image, Low, "gain map numbers"),
        "jpeg.app2.preview" => (Image, High, "preview picture"),
        "jpeg.app11" => (History, High, "content credentials"),
        "jpeg.app13" => (History, High, "Photoshop resources"),
        "jpeg.app14.adobe" => (Device, Low, "Adobe segment in an unusual form"),
        "jpeg.com" => (History, High, "comment"),
        "jpeg.pad" => (Unknown, Low, "bytes between the segments"),
        "jpeg.tables.unused" => (Unknown, Low, "tables that the picture does not use"),
        "jpeg.tables.missing" => (
            Device,
            Low,
            "a picture of a film, without the tables of its codes",
        ),
        "jpeg.entropy.tail" => (Unknown, High, "data hidden behind the picture's last pixel"),
        "jpeg.trailer.mpf" => (Image, High, "another picture behind the picture"),
        "jpeg.trailer.gainmap" => (Image, Medium, "gain map with more in it than numbers"),
        "jpeg.trailer" => (Unknown, High, "data behind the end of the picture"),
        "jpeg.app1.vendor" | "jpeg.app5" | "jpeg.app6" => (Location, High, "a maker's own data"),
        "jpeg.unknown" => (Unknown, High, "a segment that nobody knows"),
        _ => (Device, Medium, "a maker's own data"),
    };
    Finding::new(id, category, severity, name, what).bytes(len)
}

type Replacements = BTreeMap<usize, (&'static Row, Vec<u8>)>;

/// The segments that are made anew, by index.
fn replacements(facts: &Facts, role: &Role) -> Result<Replacements> {
    let mut out = Replacements::new();
    if let Some((index, jfif)) = facts.jfif {
        out.insert(
            index,
            (&rows::JFIF, segment(markers::APP0, &jfif.payload())?),
        );
    }
    if let Some((index, transform)) = facts.adobe {
        let payload = facts::adobe_payload(transform);
        out.insert(index, (&rows::ADOBE, segment(markers::APP14, &payload)?));
    }
    if let Some((index, exif)) = &facts.exif
        && let Some(tiff) = exif::minimal(&visible(exif, facts, role))
    {
        let payload = [b"Exif\0\0", &*tiff].concat();
        out.insert(*index, (&rows::EXIF, segment(markers::APP1, &payload)?));
    }
    if let Some((index, xmp)) = &facts.xmp
        && let Some(packet) = xmp::minimal(&rendering(xmp, role))
    {
        let payload = [b"http://ns.adobe.com/xap/1.0/\0", &*packet].concat();
        out.insert(*index, (&rows::XMP, segment(markers::APP1, &payload)?));
    }
    if let Some((first, profile)) = &facts.icc {
        let segments = facts::icc_payloads(profile)
            .iter()
            .map(|payload| segment(markers::APP2, payload))
            .collect::<Result<Vec<_>>>()?
            .concat();
        // All of it stands where the first piece stood; the other pieces leave nothing.
        let pieces = facts
            .segments
            .iter()
            .enumerate()
            .filter(|(_, s)| s.0 == Kind::Icc);
        for (index, _) in pieces {
            out.insert(index, (&rows::ICC, Vec::new()));
        }
        out.insert(*first, (&rows::ICC, segments));
    }
    for (index, payload) in facts
        .tables
        .iter()
        .filter(|(_, payload)| !payload.is_empty())
    {
        if let Some((Kind::Payload(row), _)) = facts.segments.get(*index) {
            let marker = if **row == rows::DQT {
                markers::DQT
            } else {
                markers::DHT
            };
            out.insert(*index, (row, segment(marker, payload)?));
        }
    }
    if let Some((index, payload)) = &facts.iso21496
        && *role != Role::Alone
    {
        out.insert(*index, (&rows::ISO21496, segment(markers::APP2, payload)?));
    }
    Ok(out)
}

/// What of an Exif block changes how this image is shown.
pub(super) fn visible(exif: &exif::Facts, facts: &Facts, role: &Role) -> exif::Facts {
    let mut keep = exif::Facts {
        orientation: exif.orientation,
        apple_hdr: exif
            .apple_hdr
            .filter(|_| matches!(role, Role::WithGainMap(_))),
        ..exif::Facts::default()
    };
    if facts.icc.is_none() {
        keep.color_space = exif.color_space;
        keep.interop_r03 = exif.interop_r03;
        keep.gamma = exif.gamma;
    }
    if facts.jfif.is_none() {
        keep.resolution = exif.resolution.and_then(plain_resolution);
    }
    if *role == Role::GainMap {
        keep.orientation = None;
    }
    keep
}

/// A density that somebody chose, in hundredths; the 72 dpi of every camera say nothing.
fn plain_resolution(resolution: Resolution) -> Option<Resolution> {
    let plain = |(numerator, denominator): (u32, u32)| {
        let hundredths = u64::from(numerator)
            .checked_mul(100)?
            .checked_div(u64::from(denominator))
            .filter(|n| (100..=6_553_500).contains(n))?;
        let hundredths = u32::try_from(hundredths).ok()?;
        Some(if hundredths.is_multiple_of(100) {
            (hundredths.checked_div(100)?, 1)
        } else {
            (hundredths, 100)
        })
    };
    let out = Resolution {
        x: plain(resolution.x)?,
        y: plain(resolution.y)?,
        ..resolution
    };
    let default = out.x == (72, 1) && out.y == (72, 1) && out.unit == 2;
    (matches!(out.unit, 1..=3) && !default).then_some(out)
}

/// What of an XMP packet changes how this image is shown.
fn rendering(xmp: &xmp::Facts, role: &Role) -> xmp::Facts {
    let item = |semantic: &str, length| xmp::Item {
        mime: "image/jpeg".to_owned(),
        semantic: semantic.to_owned(),
        length,
        padding: 0,
    };
    let mut keep = xmp::Facts {
        pano: xmp.pano.clone(),
        ..xmp::Facts::default()
    };
    match role {
        Role::Alone => {}
        Role::WithGainMap(length) => {
            keep.gain_map.clone_from(&xmp.gain_map);
            // Ultra HDR readers find the gain map here.
            if xmp.items.iter().any(|item| item.semantic == "GainMap") {
                keep.items = vec![item("Primary", 0), item("GainMap", *length)];
            }
        }
        Role::GainMap => {
            keep.gain_map.clone_from(&xmp.gain_map);
            keep.apple_gain_map.clone_from(&xmp.apple_gain_map);
            keep.pano.clear();
        }
    }
    keep
}

/// Whether the facts of an image hold the numbers of a gain map.
pub(super) fn is_gain_map(facts: &Facts) -> bool {
    let iso = facts
        .iso21496
        .as_ref()
        .is_some_and(|(_, payload)| iso21496::has_numbers(payload));
    let xmp = facts.xmp.as_ref().is_some_and(|(_, xmp)| {
        !xmp.apple_gain_map.is_empty() || xmp.gain_map.iter().any(|(name, _)| name == "GainMapMax")
    });
    iso || xmp
}

/// Makes the MPF segment. Its own length does not depend on what it says, so the sum is right at once.
fn place_gain_map(
    source: &Source<'_>,
    image: &Image<'_>,
    facts: &Facts,
    mpf_index: usize,
    gain_map_len: u64,
    tails: &Tails,
    replacements: &mut Replacements,
) -> Result<()> {
    let (mut total, mut mpf_at) = (0u64, 0u64);
    for (index, (segment, (kind, _))) in image.segments.iter().zip(&facts.segments).enumerate() {
        if index == mpf_index {
            mpf_at = total;
        }
        let len = match (kind, replacements.get(&index)) {
            _ if index == mpf_index => mpf::segment_len(),
            (Kind::Payload(_), None) if facts.tables.contains_key(&index) => 0,
            (Kind::Payload(_), None) => {
                let whole = Span::new(segment.span.start(), segment.coded.end());
                let hidden = tails.excess(index).iter().map(|span| span.len()).sum();
                whole.len().saturating_sub(hidden)
            }
            (_, Some((_, bytes))) => len_u64(bytes.len()),
            (_, None) => 0,
        };
        total = total.saturating_add(len);
    }
    if ends_anew(source, image) {
        total = total.saturating_add(2);
    }
    if !facts.standard.is_empty() {
        total = total
            .saturating_add(len_u64(facts.standard.len()))
            .saturating_add(4);
    }
    // Offsets count from the TIFF header: behind marker, length field and `MPF\0`.
    let tiff_at = mpf_at.saturating_add(8);
    let number = |n: u64| u32::try_from(n).map_err(|_| Error::LimitExceeded { limit: "4 GiB" });
    let payload = mpf::payload(
        number(total)?,
        number(gain_map_len)?,
        number(total.saturating_sub(tiff_at))?,
    );
    replacements.insert(mpf_index, (&rows::MPF, segment(markers::APP2, &payload)?));
    Ok(())
}

/// A marker segment.
fn segment(marker: u8, payload: &[u8]) -> Result<Vec<u8>> {
    let len = u16::try_from(payload.len().saturating_add(2)).map_err(|_| Error::LimitExceeded {
        limit: "64 KiB in a segment",
    })?;
    Ok([&[0xFF, marker], &len.to_be_bytes()[..], payload].concat())
}
