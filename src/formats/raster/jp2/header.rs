//! The boxes that say how a codestream is to be shown (ISO/IEC 15444-1 annex I, 15444-2 annex M): their
//! bodies as they will be written.

use super::NAME;
use crate::bytes::{Context, Cursor, Order, Source};
use crate::containers::isobmff::BoxHeader;
use crate::formats::common::reads_like_text;
use crate::metadata::icc;
use crate::model::{Error, Result};

/// Where a box stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Top,
    /// `jp2h`, and what stands in `jpch` and `jplh`.
    Header,
    /// `res `.
    Resolution,
    /// `cgrp`.
    Colours,
    /// `comp`.
    Composition,
}

/// What a box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// It holds boxes of this level.
    Super(Level),
    /// Its body is written by [`body`].
    Plain,
    Codestream,
    /// What it says cannot be followed.
    Refused(&'static str),
    /// It is not needed.
    Other,
}

/// What a box of this type is at this level.
pub(super) fn sort(level: Level, kind: [u8; 4]) -> Sort {
    const FRAGMENTS: &str = "a JPEG 2000 file that takes its picture from other places or files";
    match (level, &kind) {
        (Level::Top, b"jp2h" | b"jpch" | b"jplh") => Sort::Super(Level::Header),
        (Level::Top, b"comp") => Sort::Super(Level::Composition),
        (Level::Top, b"jp2c") => Sort::Codestream,
        (Level::Top, b"ftbl" | b"dtbl") => Sort::Refused(FRAGMENTS),
        (Level::Header, b"res ") => Sort::Super(Level::Resolution),
        (Level::Header, b"cgrp") => Sort::Super(Level::Colours),
        (Level::Top, b"ftyp" | b"rreq")
        | (
            Level::Header,
            b"ihdr" | b"bpcc" | b"colr" | b"pclr" | b"cmap" | b"cdef" | b"opct" | b"creg",
        )
        | (Level::Resolution, b"resc" | b"resd")
        | (Level::Colours, b"colr")
        | (Level::Composition, b"copt" | b"inst") => Sort::Plain,
        _ => Sort::Other,
    }
}

/// Which boxes were met in a superbox: of most only the first counts.
#[derive(Debug, Default)]
pub(super) struct Seen(Vec<[u8; 4]>);

impl Seen {
    /// Whether a box is the first of its kind, or of a kind that there may be many of.
    ///
    /// # Errors
    /// Reading.
    pub(super) fn is_first(
        &mut self,
        level: Level,
        header: &BoxHeader,
        source: &Source<'_>,
    ) -> Result<bool> {
        let mut kind = header.kind.0;
        let is_known = match sort(level, kind) {
            Sort::Plain => kind != *b"inst",
            Sort::Super(_) => !matches!(&kind, b"jp2h" | b"jpch" | b"jplh"),
            _ => false,
        };
        if !is_known {
            return Ok(true);
        }
        // Readers choose among colours by the method in the first byte.
        if kind == *b"colr" {
            let method = header.peek(source, 1)?.first().copied();
            kind = [b'c', b'o', b'l', method.unwrap_or_default()];
        }
        if self.0.contains(&kind) {
            return Ok(false);
        }
        self.0.push(kind);
        Ok(true)
    }
}

/// Pixels of the longest side that a picture can have: decoders count with 31 bits, bytes of rows included.
const LARGEST_SIDE: u32 = 1 << 28;

/// Brands that readers look for (15444-1 §I.5.2, 15444-2 §M.11.2, 15444-15 annex D).
const BRANDS: &[&[u8; 4]] = &[
    b"jp2 ", b"jpx ", b"jpxb", b"jph ", b"jhc ", b"J2P0", b"J2P1",
];

/// The body of a box as it will be written, of the same length or shorter but for a profile; `None` when
/// no reader can use it.
///
/// # Errors
/// [`Error::Unsupported`] for kinds of files that this program does not know; the profile's.
pub(super) fn body(kind: [u8; 4], body: &[u8], cx: &Context<'_>) -> Result<Option<Vec<u8>>> {
    let cut = |len: usize| Ok(body.get(..len).map(<[u8]>::to_vec));
    let fits = |fits: bool, len: usize| {
        if fits {
            return cut(len);
        }
        Err(Error::malformed(NAME, 0, "a header box is damaged"))
    };
    match &kind {
        b"ftyp" => file_type(body).map(Some),
        b"rreq" => requirements(body).map(Some),
        b"ihdr" => {
            let is_side = |n: &[u8]| Order::Big.u32(n).is_some_and(|n| n <= LARGEST_SIDE);
            if !body.get(..8).unwrap_or_default().chunks(4).all(is_side) {
                return Err(Error::malformed(NAME, 0, "a picture larger than any"));
            }
            let mut header = body.get(..14).map(<[u8]>::to_vec);
            // The box with information about rights goes.
            if let Some(rights) = header.as_mut().and_then(|header| header.last_mut()) {
                *rights = 0;
            }
            Ok(header)
        }
        b"colr" => colours(body, cx),
        b"pclr" => Ok(palette(body).and_then(|len| Some(body.get(..len)?.to_vec()))),
        b"bpcc" => fits(body.iter().all(is_depth), body.len()),
        b"cmap" => {
            // Of each channel: a component, direct or by a column of the palette, and which.
            let entries = body.chunks_exact(4);
            let known = entries
                .clone()
                .all(|entry| entry.get(2).is_some_and(|n| *n <= 1));
            fits(known, entries.len().saturating_mul(4))
        }
        b"cdef" => {
            // Of each channel: its number, what it is, and what of.
            let len = counted(body, 6);
            let entries = body.get(2..len).unwrap_or_default().chunks_exact(6);
            let is_kind = |entry: &[u8]| matches!(entry.get(2..4), Some([0, 0..=2] | [0xFF, 0xFF]));
            fits(entries.into_iter().all(is_kind), len)
        }
        b"opct" => match *body {
            [0 | 1, ..] => cut(1),
            // A colour that is transparent.
            [2, channels, ref rest @ ..] => {
                let most = usize::from(channels).saturating_mul(2);
                fits(rest.len() <= most, body.len())
            }
            _ => Ok(None),
        },
        b"creg" => {
            // A grid, and of each codestream its number, its resolution and its place.
            let entries = body.get(4..).unwrap_or_default().chunks_exact(6);
            let known = entries.clone().all(|entry| entry.first() == Some(&0));
            fits(known, entries.len().saturating_mul(6).saturating_add(4))
        }
        b"copt" => cut(body.len().min(9)),
        b"resc" | b"resd" => Ok(body
            .get(..10)
            .filter(|body| is_density(body))
            .map(<[u8]>::to_vec)),
        _ if reads_like_text(body) => Err(Error::unsupported(
            "a JPX with text where readers look for numbers",
        )),
        _ => cut(body.len()),
    }
}

/// Fractions down and across, and their exponents (§I.5.3.7).
fn is_density(body: &[u8]) -> bool {
    let numbers = body.get(..8).unwrap_or_default().chunks(2);
    let is_fraction = numbers.into_iter().all(|number| number != [0, 0]);
    let exponents = body.get(8..).unwrap_or_default().iter();
    let is_small = |exponent: &u8| exponent.cast_signed().unsigned_abs() <= 12;
    is_fraction && exponents.into_iter().all(is_small)
}

/// Whether a byte says how many bits a sample has, and whether it has a sign.
fn is_depth(byte: &u8) -> bool {
    byte & 0x7F < 38
}

/// Length of a number of entries and these entries, each so many bytes long.
fn counted(body: &[u8], entry: usize) -> usize {
    let count = Order::Big.u16(body).map_or(0, usize::from);
    count.saturating_mul(entry).saturating_add(2)
}

fn file_type(body: &[u8]) -> Result<Vec<u8>> {
    let (head, list) = body.split_at_checked(8).unwrap_or_default();
    let brand = head.get(..4).unwrap_or_default();
    if !matches!(brand, b"jp2 " | b"jpx " | b"jph ") {
        return Err(Error::unsupported(
            "a file of the JPEG 2000 family that is not one picture (JPM or Motion JPEG 2000)",
        ));
    }
    let known = |brand: &&[u8]| BRANDS.iter().any(|known| known == brand);
    let list: Vec<&[u8]> = list.chunks(4).filter(known).collect();
    Ok([brand, &[0; 4], &list.concat()].concat())
}

/// Reader requirements (15444-2 §M.11.1): masks, standard features, features of vendors. These stand for
/// boxes of vendors, which go.
fn requirements(body: &[u8]) -> Result<Vec<u8>> {
    let parsed = (|| {
        let mut cursor = Cursor::new(body);
        let mask = usize::from(cursor.u8()?);
        matches!(mask, 1 | 2 | 4 | 8).then_some(())?;
        let (all, display) = (cursor.take(mask)?, cursor.take(mask)?);
        let count = cursor.u16(Order::Big)?;
        let entry = mask.checked_add(2)?;
        let features = cursor.take(usize::from(count).checked_mul(entry)?)?;
        // No standard has numbered more than these.
        let is_known = |feature: &[u8]| feature.first() == Some(&0);
        features.chunks(entry).all(is_known).then_some(())?;
        let vendors = usize::from(cursor.u16(Order::Big)?);
        let entry = mask.checked_add(16)?;
        let vendors = cursor.take(vendors.checked_mul(entry)?)?;
        let mut bits = vec![0u8; mask];
        for vendor in vendors.chunks(entry).filter_map(|vendor| vendor.get(16..)) {
            bits.iter_mut()
                .zip(vendor)
                .for_each(|(bit, own)| *bit |= own);
        }
        for feature in features
            .chunks(mask.checked_add(2)?)
            .filter_map(|f| f.get(2..))
        {
            bits.iter_mut()
                .zip(feature)
                .for_each(|(bit, own)| *bit &= !own);
        }
        let without = |old: &[u8]| -> Vec<u8> {
            old.iter().zip(&bits).map(|(old, bit)| old & !bit).collect()
        };
        let head = [u8::try_from(mask).ok()?];
        let count = count.to_be_bytes();
        let masks = [without(all), without(display)].concat();
        Some([&head, &masks[..], &count, features, &[0, 0]].concat())
    })();
    parsed.ok_or_else(|| Error::malformed(NAME, 0, "what it asks of readers is damaged"))
}

/// Length of a palette.
fn palette(body: &[u8]) -> Option<usize> {
    let mut cursor = Cursor::new(body);
    let entries = usize::from(cursor.u16(Order::Big)?);
    let columns = usize::from(cursor.u8()?);
    let depths = cursor.take(columns)?;
    (entries <= 1024 && depths.iter().all(is_depth)).then_some(())?;
    let row: usize = depths
        .iter()
        .map(|depth| usize::from(depth & 0x7F).saturating_add(8) / 8)
        .sum();
    cursor.at().checked_add(entries.checked_mul(row)?)
}

const ENUMERATED: u8 = 1;
const RESTRICTED_ICC: u8 = 2;
const ANY_ICC: u8 = 3;
const PARAMETRISED: u8 = 5;
/// `EnumCS` values with parameters: `CIELab`, `CIEJab`.
const LAB: u32 = 14;
const JAB: u32 = 19;

/// A colour specification; `None` for one of a vendor, and for those that nobody knows.
fn colours(body: &[u8], cx: &Context<'_>) -> Result<Option<Vec<u8>>> {
    let damaged = || Error::malformed(NAME, 0, "a colour specification is damaged");
    let (head, rest) = body.split_at_checked(3).ok_or_else(damaged)?;
    let method = head.first().copied().unwrap_or_default();
    // A reserved byte, and how near the colours are, which has five values.
    let near = head.get(2).copied().filter(|near| *near <= 4);
    let head = [method, 0, near.unwrap_or_default()];
    let rest = match method {
        ENUMERATED => {
            let space = Order::Big.u32(rest).ok_or_else(damaged)?;
            let len = match space {
                LAB if rest.len() >= 32 => 32,
                JAB if rest.len() >= 28 => 28,
                _ => 4,
            };
            rest.get(..len).ok_or_else(damaged)?.to_vec()
        }
        // What is no profile is used by no decoder.
        RESTRICTED_ICC | ANY_ICC if !icc::is_profile(rest) => return Ok(None),
        RESTRICTED_ICC | ANY_ICC => icc::scrub(rest, cx)?,
        PARAMETRISED => rest.get(..7).ok_or_else(damaged)?.to_vec(),
        _ => return Ok(None),
    };
    Ok(Some([&head[..], &rest].concat()))
}

/// The profile in a colour specification.
pub(super) fn profile(body: &[u8]) -> Option<&[u8]> {
    match body.split_at_checked(3)? {
        ([RESTRICTED_ICC | ANY_ICC, ..], profile) => Some(profile),
        _ => None,
    }
}
