//! `jhgm`: a gain map, which is a picture of its own with numbers and colours (ISO/IEC 18181-2 §9.9).

use super::bits::{Bits, Parse, Reader};
use super::header::colour_encoding;
use super::icc;
use crate::bytes::{Context, Cursor, Order, Source, copy_in_memory};
use crate::metadata;
use crate::model::{Error, Finding, Found, Result, fit};

/// The parts of a gain map bundle.
struct Bundle<'a> {
    numbers: &'a [u8],
    /// A `ColourEncoding`.
    colours: &'a [u8],
    /// A profile in its coded form.
    profile: &'a [u8],
    codestream: &'a [u8],
}

fn parse(body: &[u8]) -> Option<Bundle<'_>> {
    let mut cursor = Cursor::new(body);
    // The version.
    (cursor.u8()? == 0).then_some(())?;
    let len = cursor.u16(Order::Big)?;
    let numbers = cursor.take(len.into())?;
    let len = cursor.u8()?;
    let colours = cursor.take(len.into())?;
    let len = cursor.u32(Order::Big)?;
    let profile = cursor.take(usize::try_from(len).ok()?)?;
    Some(Bundle {
        numbers,
        colours,
        profile,
        codestream: cursor.rest(),
    })
}

/// A gain map as it will be written, and the profile as it stands.
pub(super) struct Clean {
    pub(super) bytes: Vec<u8>,
    pub(super) found: Found,
    /// What stays in its codestream.
    pub(super) residue: Vec<Finding>,
    pub(super) profile: Vec<u8>,
    /// The picture as it is.
    pub(super) codestream: Vec<u8>,
}

/// What is written of the codestream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Its cleaned copy.
    Copy,
    /// What it shows, as a number.
    Digest,
}

/// The same gain map without anything that does not decide how the picture is shown; `None` when no
/// program could use it.
///
/// # Errors
/// Those of the budget.
pub(super) fn clean(body: &[u8], want: Want, cx: &Context<'_>) -> Result<Option<Clean>> {
    let Some(bundle) = parse(body) else {
        return Ok(None);
    };
    let numbers = metadata::iso21496::rebuild(bundle.numbers);
    let Some(numbers) = numbers.filter(|it| it.len() > metadata::iso21496::VERSIONS) else {
        return Ok(None);
    };
    let Some(colours) = colours(bundle.colours) else {
        return Ok(None);
    };
    let mut found = Found::default();
    let (mut profile, mut clean_profile) = (Vec::new(), Vec::new());
    if !bundle.profile.is_empty() {
        let Ok(bytes) = icc::read(&mut Reader::new(bundle.profile), cx) else {
            return Ok(None);
        };
        metadata::icc::read(&bytes, "jhgm/ICC", cx, &mut found)?;
        let Some(clean) = forgive(metadata::icc::scrub(&bytes, cx))? else {
            return Ok(None);
        };
        clean_profile = icc::write(&clean).into_bytes();
        profile = bytes;
    }
    let inside = Source::memory(bundle.codestream);
    let Some(examined) = forgive(cx.examine_as("jxl", &inside))? else {
        return Ok(None);
    };
    let mut residue = Vec::new();
    let plan = examined.told("jhgm", &mut found, &mut residue);
    let codestream = match want {
        Want::Copy => copy_in_memory(&plan, &inside, cx)?,
        // Of the codestream as it is, not of its copy: what damages it must not approve itself.
        Want::Digest => cx.payload_as("jxl", &inside)?.0.to_be_bytes().to_vec(),
    };
    let mut bytes = vec![0];
    Order::Big.put_u16(&mut bytes, fit(numbers.len())?);
    bytes.extend(numbers);
    bytes.push(fit(colours.len())?);
    bytes.extend(colours);
    Order::Big.put_u32(&mut bytes, fit(clean_profile.len())?);
    bytes.extend(clean_profile);
    bytes.extend(codestream);
    Ok(Some(Clean {
        bytes,
        found,
        residue,
        profile,
        codestream: bundle.codestream.to_vec(),
    }))
}

/// The bits of a `ColourEncoding` and nothing behind them.
fn colours(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let end = |bytes| -> Parse<u64> {
        let mut r = Reader::new(bytes);
        colour_encoding(&mut r)?;
        Ok(r.at())
    };
    let mut out = Bits::default();
    out.copy(bytes, 0, end(bytes).ok()?);
    Some(out.into_bytes())
}

/// `None` for what is damaged: it goes.
fn forgive<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(it) => Ok(Some(it)),
        Err(Error::Malformed { .. } | Error::Unsupported { .. }) => Ok(None),
        Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}
