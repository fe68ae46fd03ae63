//! ICC profiles (ICC.1:2022): what they give away, and the same transform without it.

mod elements;
mod names;
mod profile;
mod read;
mod types;

#[cfg(test)]
mod tests;

use crate::bytes::{Context, Order};
use crate::model::{Error, Result, len_u64};
use profile::Profile;
use types::Kind;

pub use read::read;

/// Names of standard profiles, which [`scrub`] keeps: finding them in a copy proves nothing.
pub const STANDARD_NAMES: &[&str] = names::KNOWN;

/// What `Info::name` is for a format.
const NAME: &str = "ICC profile";
/// Length of the header, ICC.1 §7.2.
const HEADER: usize = 128;

/// A tag that a cleaned profile may have.
struct Kept {
    tag: [u8; 4],
    kind: Kind,
    /// Whether some colour depends on it, so that it may not be left out when it is damaged.
    needed: bool,
}

const fn kept(tag: &[u8; 4], kind: Kind, needed: bool) -> Kept {
    Kept {
        tag: *tag,
        kind,
        needed,
    }
}

/// Leak catalogue §2.5, in the order in which they are written: profiles with the same colours come out
/// as the same bytes. `clrt` and `ncl2` hold names and serve classes that no picture can embed.
const KEPT: &[Kept] = &[
    kept(b"desc", Kind::Description, false),
    kept(b"cprt", Kind::Copyright, false),
    kept(b"wtpt", Kind::Xyz, true),
    kept(b"bkpt", Kind::Xyz, false),
    kept(b"chad", Kind::Matrix, true),
    kept(b"cicp", Kind::CodingPoints, true),
    kept(b"rXYZ", Kind::Xyz, true),
    kept(b"gXYZ", Kind::Xyz, true),
    kept(b"bXYZ", Kind::Xyz, true),
    kept(b"rTRC", Kind::Curve, true),
    kept(b"gTRC", Kind::Curve, true),
    kept(b"bTRC", Kind::Curve, true),
    kept(b"kTRC", Kind::Curve, true),
    kept(b"A2B0", Kind::Table, true),
    kept(b"A2B1", Kind::Table, true),
    kept(b"A2B2", Kind::Table, true),
    kept(b"B2A0", Kind::Table, true),
    kept(b"B2A1", Kind::Table, true),
    kept(b"B2A2", Kind::Table, true),
    kept(b"D2B0", Kind::Elements, true),
    kept(b"D2B1", Kind::Elements, true),
    kept(b"D2B2", Kind::Elements, true),
    kept(b"D2B3", Kind::Elements, true),
    kept(b"B2D0", Kind::Elements, true),
    kept(b"B2D1", Kind::Elements, true),
    kept(b"B2D2", Kind::Elements, true),
    kept(b"B2D3", Kind::Elements, true),
    kept(b"gamt", Kind::Table, false),
    kept(b"lumi", Kind::Xyz, false),
    kept(b"clro", Kind::Order, false),
    kept(b"ciis", Kind::Signature, false),
];

/// Classes that a picture can embed, ICC.1 §7.2.5.
const CLASSES: &[&[u8; 4]] = &[b"scnr", b"mntr", b"prtr", b"spac"];
/// Data colour spaces, ICC.1 table 19.
const SPACES: &[&[u8; 4]] = &[
    b"XYZ ", b"Lab ", b"Luv ", b"YCbr", b"Yxy ", b"RGB ", b"GRAY", b"HSV ", b"HLS ", b"CMYK",
    b"CMY ", b"2CLR", b"3CLR", b"4CLR", b"5CLR", b"6CLR", b"7CLR", b"8CLR", b"9CLR", b"ACLR",
    b"BCLR", b"CCLR", b"DCLR", b"ECLR", b"FCLR",
];

/// Whether these bytes begin like a profile. No viewer takes anything else for one, so that what is none
/// can be left out without a change of colours.
#[must_use]
pub fn is_profile(bytes: &[u8]) -> bool {
    bytes.get(36..40) == Some(b"acsp") && bytes.len() >= HEADER.saturating_add(4)
}

/// The same colour transform without names, dates and devices (leak catalogue §2.5). Scrubbing twice
/// gives the same bytes.
///
/// # Errors
/// [`crate::model::Error::Malformed`] when the profile cannot be parsed: dropping it would change the
/// colours. [`crate::model::Error::Unsupported`] for classes and versions that no picture has.
pub fn scrub(profile: &[u8], cx: &Context<'_>) -> Result<Vec<u8>> {
    cx.memory(len_u64(profile.len()))?;
    let profile = Profile::parse(profile, cx)?;
    let major = profile.header.get(8).copied().unwrap_or_default();
    let mut tags: Vec<(&[u8; 4], Vec<u8>)> = Vec::new();
    for kept in KEPT {
        let Some(tag) = profile.tag(&kept.tag)? else {
            continue;
        };
        match types::normal_form(kept.kind, tag.data, major, cx)? {
            Some(data) => tags.push((&kept.tag, data)),
            None if kept.needed => {
                return Err(Error::malformed(
                    NAME,
                    tag.at,
                    "a table of colours is damaged",
                ));
            }
            None => {}
        }
    }
    let mut out = header(&profile)?;
    write_tags(&mut out, &tags).ok_or_else(|| Error::malformed(NAME, 0, "too large"))?;
    Ok(out)
}

/// Everything of the header that takes part in a transform; the rest is zero.
fn header(profile: &Profile<'_>) -> Result<Vec<u8>> {
    let old = profile.header;
    let field = |start: usize, end: usize| old.get(start..end).unwrap_or_default();
    let bad = |at, what| Err(Error::malformed(NAME, at, what));
    if field(8, 9) > [4].as_slice() {
        return Err(Error::unsupported(
            "an ICC profile of version 5 or later; convert it to sRGB \
            in a program you trust, save it, and clean that",
        ));
    }
    if !CLASSES.iter().any(|class| field(12, 16) == *class) {
        return Err(Error::unsupported(
            "an ICC profile of a class that pictures do not have; convert it to sRGB in a program \
                you trust, save it, and clean that",
        ));
    }
    if !SPACES.iter().any(|space| field(16, 20) == *space) {
        return bad(16, "unknown colour space");
    }
    if !matches!(field(20, 24), b"XYZ " | b"Lab ") {
        return bad(20, "unknown connection space");
    }
    let intent = Order::Big.u32(field(64, 68)).filter(|intent| *intent <= 3);
    let mut out = Vec::with_capacity(old.len());
    out.extend_from_slice(&[0; 8]);
    out.extend_from_slice(field(8, 10)); // version
    out.extend_from_slice(&[0; 2]);
    out.extend_from_slice(field(12, 24)); // class, space, connection space
    out.extend_from_slice(&[0; 12]); // date
    out.extend_from_slice(b"acsp");
    out.extend_from_slice(&[0; 24]); // platform, flags, manufacturer, model, attributes
    Order::Big.put_u32(&mut out, intent.unwrap_or_default());
    out.extend_from_slice(&illuminant(field(68, 80)));
    out.resize(HEADER, 0); // creator, profile ID, reserved
    Ok(out)
}

/// D50, which is the only illuminant there is (ICC.1 §7.2.16), in the rounding that the profile has.
fn illuminant(old: &[u8]) -> Vec<u8> {
    const D50: [u32; 3] = [0xF6D6, 0x1_0000, 0xD32D];
    let near = |(bytes, wanted): (&[u8], u32)| {
        let number = Order::Big.u32(bytes).unwrap_or_default();
        let is_near = number.abs_diff(wanted) <= 8;
        if is_near { number } else { wanted }.to_be_bytes()
    };
    old.chunks(4).zip(D50).flat_map(near).collect()
}

/// Appends tag table and tag data to a header, and puts the size in. Equal data is written once.
fn write_tags(out: &mut Vec<u8>, tags: &[(&[u8; 4], Vec<u8>)]) -> Option<()> {
    let mut offset = HEADER
        .checked_add(4)?
        .checked_add(tags.len().checked_mul(12)?)?;
    let mut written: Vec<(usize, &[u8])> = Vec::new();
    Order::Big.put_u32(out, u32::try_from(tags.len()).ok()?);
    for (tag, data) in tags {
        let at = match written.iter().find(|(_, other)| other == data) {
            Some((at, _)) => *at,
            None => {
                written.push((offset, data));
                let at = offset;
                offset = offset
                    .checked_add(data.len())?
                    .checked_next_multiple_of(4)?;
                at
            }
        };
        out.extend_from_slice(*tag);
        Order::Big.put_u32(out, u32::try_from(at).ok()?);
        Order::Big.put_u32(out, u32::try_from(data.len()).ok()?);
    }
    for (_, data) in &written {
        out.extend_from_slice(data);
        out.resize(out.len().checked_next_multiple_of(4)?, 0);
    }
    let size = u32::try_from(out.len()).ok()?.to_be_bytes();
    out.get_mut(..4)?.copy_from_slice(&size);
    Some(())
}
