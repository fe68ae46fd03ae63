//! The few numbers of Exif and XMP that decide how a picture is shown.

use super::reach::Reached;
use crate::bytes::Context;
use crate::metadata::{exif, xmp};
use crate::model::{Found, Result};

/// What stays of an Exif block: the density, and Apple's two numbers, where there is a gain map of Apple and
/// nothing newer that says the same. Orientation is not among them: `irot` and `imir` turn the picture.
///
/// # Errors
/// Those of the budget.
pub(super) fn exif(
    block: &[u8],
    about_primary: bool,
    reached: &Reached,
    cx: &Context<'_>,
) -> Result<Option<Vec<u8>>> {
    if !about_primary {
        return Ok(None);
    }
    let is_hdr = !reached.tone_map && !reached.gain_maps.is_empty() && !cx.policy().strict;
    let facts = exif::read(block, "", cx, &mut Found::default())?;
    let minimal = exif::minimal(&exif::Facts {
        apple_hdr: facts.apple_hdr.filter(|_| is_hdr),
        resolution: facts.resolution.filter(|it| !it.is_default()),
        ..exif::Facts::default()
    });
    // The TIFF header stands right behind the number that says where it stands.
    Ok(minimal.map(|tiff| [&[0; 4], tiff.as_slice()].concat()))
}

/// What stays of an XMP packet about these items: the numbers of a gain map, and of a panorama.
///
/// # Errors
/// Those of the budget.
pub(super) fn xmp(
    packet: &[u8],
    about: &[u32],
    primary: u32,
    reached: &Reached,
    cx: &Context<'_>,
) -> Result<Option<Vec<u8>>> {
    let about_gain_map = about.iter().any(|id| reached.gain_maps.contains(id));
    if !about_gain_map && !about.contains(&primary) {
        return Ok(None);
    }
    let facts = xmp::read(packet, "", cx, &mut Found::default())?;
    let mut wanted = xmp::Facts::default();
    if !reached.gain_maps.is_empty() {
        // Adobe tells of the gain map in both packets.
        wanted.gain_map = facts.gain_map;
    }
    if about_gain_map {
        wanted.apple_gain_map = facts.apple_gain_map;
    }
    if about.contains(&primary) {
        wanted.pano = facts.pano;
    }
    Ok(xmp::minimal(&wanted))
}
