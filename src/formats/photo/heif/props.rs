//! Properties of items: which may stay, and the form in which they are written (ISO/IEC 23008-12 §6.5).

use super::codec::{Coding, Told, av1, nal, sei};
use super::reach;
use crate::bytes::{Context, Cursor, Order};
use crate::containers::isobmff::full_box;
use crate::metadata::icc;
use crate::model::{Found, Result};

/// What becomes of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Property {
    /// It stays, and this is its body.
    Kept(Vec<u8>),
    /// It stays, and says how the item is coded.
    Coding(Vec<u8>, Coding),
    /// It says something that no picture needs.
    Told,
    /// Nobody knows it, or it cannot be read.
    Unknown,
}

/// Properties that describe, date or place a picture and change nothing of how it is shown.
const DESCRIPTIVE: &[&[u8; 4]] = &[
    b"udes", b"altt", b"crtt", b"mdft", b"aebr", b"wbbr", b"fobr", b"afbr", b"dobr", b"pano",
    b"cmin", b"cmex", b"rref", b"subs", b"uuid", b"free", b"skip",
];

/// The form in which a property is written, and what goes with what it loses.
///
/// # Errors
/// Colour profiles that cannot be read; the budget.
pub(super) fn normal_form(
    kind: [u8; 4],
    body: &[u8],
    cx: &Context<'_>,
    told: &mut Told,
    found: &mut Found,
) -> Result<Property> {
    let fixed = |len: usize| body.get(..len).map(<[u8]>::to_vec);
    let kept = match &kind {
        b"hvcC" => {
            let record = nal::hevc_record(body, cx, told)?;
            return Ok(record.map_or(Property::Unknown, |(body, size)| {
                Property::Coding(body, Coding::Hevc(size))
            }));
        }
        b"avcC" => {
            let record = nal::avc_record(body, told);
            return Ok(record.map_or(Property::Unknown, |(body, size)| {
                Property::Coding(body, Coding::Avc(size))
            }));
        }
        b"av1C" => {
            let record = av1::record(body, cx, told)?;
            return Ok(record.map_or(Property::Unknown, |body| {
                Property::Coding(body, Coding::Av1)
            }));
        }
        b"colr" => return colour(body, cx, found),
        b"auxC" => auxiliary(body),
        b"pixi" => pixel_information(body),
        b"ispe" | b"iscl" | b"rloc" => plain_full_box(body, 8),
        b"a1lx" => layers(body),
        b"pasp" | b"amve" => fixed(8),
        b"clap" => fixed(32),
        b"lsel" => fixed(2),
        b"clli" => fixed(4),
        b"mdcv" => fixed(24).filter(|numbers| sei::is_mastering_display(numbers)),
        b"a1op" => fixed(1),
        b"irot" => body.first().map(|angle| vec![angle & 3]),
        b"imir" => body.first().map(|axis| vec![axis & 1]),
        kind if DESCRIPTIVE.contains(&kind) => return Ok(Property::Told),
        _ => None,
    };
    Ok(kept.map_or(Property::Unknown, Property::Kept))
}

/// A FullBox of version 0 with so many bytes of numbers.
fn plain_full_box(body: &[u8], len: usize) -> Option<Vec<u8>> {
    let (0, _, rest) = full_box(body)? else {
        return None;
    };
    Some([&[0; 4], rest.get(..len)?].concat())
}

/// `pixi`: bits of each channel. What later versions say about channels is left out.
fn pixel_information(body: &[u8]) -> Option<Vec<u8>> {
    let (0, _, rest) = full_box(body)? else {
        return None;
    };
    let count = usize::from(*rest.first()?);
    let bits = rest.get(1..count.checked_add(1)?)?;
    let sound = matches!(count, 1..=4) && bits.iter().all(|bits| matches!(bits, 1..=16));
    sound.then(|| [&[0, 0, 0, 0, *rest.first().unwrap_or(&0)], bits].concat())
}

/// Whether a property says anything about an item of this type with so many bytes of data: the layers of
/// AV1 are no business of others, and all of them together are no longer than the picture.
pub(super) fn is_about(kind: [u8; 4], body: &[u8], item: [u8; 4], len: u64) -> bool {
    match &kind {
        b"a1lx" => {
            let sizes = layers(body).unwrap_or_default();
            let width = if sizes.len() > 7 { 4 } else { 2 };
            let sizes = sizes.get(1..).unwrap_or_default().chunks(width);
            let number = |bytes: &[u8]| bytes.iter().fold(0, |n, byte| n << 8 | u64::from(*byte));
            item == *b"av01" && sizes.map(number).fold(0, u64::saturating_add) <= len
        }
        b"a1op" => item == *b"av01",
        _ => true,
    }
}

/// `auxC` with the type only; `None` for types that a copy may not contain.
fn auxiliary(body: &[u8]) -> Option<Vec<u8>> {
    let kind = auxiliary_type(body)?;
    let (urn, _) = reach::AUXILIARY
        .iter()
        .find(|(urn, _)| urn.as_bytes() == kind)?;
    Some([&[0; 4], urn.as_bytes(), &[0]].concat())
}

/// `aux_type` in the body of `auxC`.
pub(super) fn auxiliary_type(body: &[u8]) -> Option<&[u8]> {
    let rest = body.get(4..)?;
    Some(rest.split(|byte| *byte == 0).next().unwrap_or(rest))
}

/// `a1lx`: three lengths of layers, in two bytes or four.
fn layers(body: &[u8]) -> Option<Vec<u8>> {
    let large = body.first()? & 1;
    let sizes = if large == 0 { 6 } else { 12 };
    Some([&[large], body.get(1..)?.get(..sizes)?].concat())
}

/// `colr`, ISO/IEC 14496-12 §12.1.5.
fn colour(body: &[u8], cx: &Context<'_>, found: &mut Found) -> Result<Property> {
    let Some((kind, rest)) = body.split_first_chunk::<4>() else {
        return Ok(Property::Unknown);
    };
    let numbers = match kind {
        b"nclx" => coding_points(rest),
        b"nclc" => rest.get(..6).map(<[u8]>::to_vec),
        b"prof" | b"rICC" if icc::is_profile(rest) => {
            icc::read(rest, "colr", cx, found)?;
            Some(icc::scrub(rest, cx)?)
        }
        _ => None,
    };
    Ok(numbers.map_or(Property::Unknown, |numbers| {
        Property::Kept([kind, numbers.as_slice()].concat())
    }))
}

/// Primaries, transfer, matrix, and whether the full range is used.
fn coding_points(rest: &[u8]) -> Option<Vec<u8>> {
    let [points @ .., range] = rest.first_chunk::<7>()?;
    Some([points.as_slice(), &[range & 0x80]].concat())
}

/// Width and height in the body of an `ispe` that a copy retains.
pub(super) fn extents(body: &[u8]) -> Option<(u32, u32)> {
    let plain = plain_full_box(body, 8)?;
    let mut cursor = Cursor::new(plain.get(4..)?);
    Some((cursor.u32(Order::Big)?, cursor.u32(Order::Big)?))
}

/// How many pixels `clap` cuts off beside and above the picture together, of one of this size.
pub(super) fn cut_off(body: &[u8], (width, height): (u32, u32)) -> Option<(u32, u32)> {
    let mut cursor = Cursor::new(body);
    let mut next = || {
        let (n, d) = (cursor.u32(Order::Big)?, cursor.u32(Order::Big)?);
        n.checked_div(d)
    };
    let (shown_width, shown_height) = (next()?, next()?);
    Some((
        width.saturating_sub(shown_width),
        height.saturating_sub(shown_height),
    ))
}
