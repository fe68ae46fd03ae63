//! Exif 3.0 blocks (CIPA DC-008) in any container: all IFDs, and the minimal block made anew.

use crate::bytes::Context;
use crate::model::{Found, Result};

/// The few values of an Exif block that decide how a picture looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Orientation 0x0112, 1 to 8.
    pub orientation: Option<u8>,
    /// ColorSpace 0xA001.
    pub color_space: Option<u16>,
    /// InteroperabilityIndex is `R03` (Adobe RGB).
    pub interop_r03: bool,
    /// Gamma 0xA500 as numerator and denominator.
    pub gamma: Option<(u32, u32)>,
    /// XResolution, YResolution and ResolutionUnit.
    pub resolution: Option<Resolution>,
    /// Apple maker note 0x0021 HDRHeadroom and 0x0030 HDRGain as signed rationals.
    pub apple_hdr: Option<[(i32, i32); 2]>,
}

/// How large a picture is meant to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// XResolution as numerator and denominator.
    pub x: (u32, u32),
    /// YResolution as numerator and denominator.
    pub y: (u32, u32),
    /// ResolutionUnit: 1 none, 2 inch, 3 centimetre.
    pub unit: u16,
}

/// Reads a block that begins with `Exif\0\0`, with a TIFF header, or with a TIFF header at some offset,
/// and adds everything it gives away to `found`, each place prefixed by `place`.
///
/// # Errors
/// Those of the budget.
pub fn read(_block: &[u8], _place: &str, _cx: &Context<'_>, _found: &mut Found) -> Result<Facts> {
    Ok(Facts::default())
}

/// A TIFF block with nothing but what `facts` holds and what is not the default; `None` when there is
/// nothing to say. With an orientation only it is the 26 bytes of the leak catalogue, §2.1.
#[must_use]
pub fn minimal(_facts: &Facts) -> Option<Vec<u8>> {
    None
}
