//! XMP packets (ISO 16684-1): everything in them by namespace, and the few numbers that rendering needs.

use crate::bytes::Context;
use crate::model::{Found, Result};

/// The values of a packet that decide how a picture is shown, or where things stand in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// `hdrgm:` of Ultra HDR: property name without prefix, and its numbers (one, or one for each
    /// channel) as they were spelt. `Version` and `BaseRenditionIsHDR` are in here too.
    pub gain_map: Vec<(String, Vec<String>)>,
    /// `HDRGainMap:` of Apple: property name without prefix and number.
    pub apple_gain_map: Vec<(String, String)>,
    /// `Container:Directory`, in order.
    pub items: Vec<Item>,
    /// `GPano:` properties that a panorama viewer needs: enumerations and numbers only.
    pub pano: Vec<(String, String)>,
    /// `GCamera:MicroVideoOffset`: bytes from the end of the file to the film.
    pub micro_video_offset: Option<u64>,
    /// `xmpNote:HasExtendedXMP`: GUID of the extended packet.
    pub extended: Option<String>,
}

/// A `Container:Item`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// `Item:Mime`.
    pub mime: String,
    /// `Item:Semantic`: `Primary`, `GainMap`, `MotionPhoto`, `Depth`.
    pub semantic: String,
    /// `Item:Length` in bytes; 0 for the primary.
    pub length: u64,
    /// `Item:Padding` in bytes.
    pub padding: u64,
}

/// Adds what a packet gives away to `found`.
///
/// # Errors
/// Those of the budget.
pub fn read(_packet: &[u8], _place: &str, _cx: &Context<'_>, _found: &mut Found) -> Result<Facts> {
    Ok(Facts::default())
}

/// A packet made anew that says how to show an HDR picture or a panorama, and nothing else: numbers
/// that parse as numbers and words that stand on a list. `None` when nothing needs to be said.
#[must_use]
pub fn minimal(_facts: &Facts) -> Option<Vec<u8>> {
    None
}
