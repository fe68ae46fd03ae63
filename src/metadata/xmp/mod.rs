//! XMP packets (ISO 16684-1): everything in them by namespace, and the few numbers that rendering needs.

mod facts;
mod report;
mod table;
mod walk;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::bytes::{Context, Order};
use crate::model::{Category, Finding, Found, Result, Severity, len_u64};
use facts::Collector;
use report::Report;

pub use facts::minimal;

/// The values of a packet that decide how a picture is shown, or where things stand in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// `hdrgm:` of Ultra HDR: property name without prefix, and its numbers (one, or one for each
    /// channel) as they were spelt. `Version` and `BaseRenditionIsHDR` are in here too.
    pub gain_map: Vec<(String, Vec<String>)>,
    /// `HDRGainMap:` and `apdi:` of Apple: property name without prefix, and number or URN.
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

/// Adds what a packet gives away to `found`. The values that [`minimal`] writes give away nothing.
///
/// # Errors
/// Those of the budget.
pub fn read(packet: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<Facts> {
    cx.memory(len_u64(packet.len()))?;
    let text = decode(packet);
    let mut facts = Collector::default();
    let mut report = Report::new(place, cx, found);
    let start = text.find('<').unwrap_or(text.len());
    let (before, text) = text.split_at(start);
    report.stray(
        "text before the packet",
        before.trim_start_matches('\u{feff}'),
    )?;
    let whole = walk::walk(text, cx, &mut |piece| match piece {
        walk::Piece::Stray(what, text) => report.stray(what, text),
        walk::Piece::Value(path, value) => {
            if facts.take(path, value) {
                Ok(())
            } else {
                report.value(path, value)
            }
        }
    })?;
    report.finish()?;
    if !whole {
        found.secrets.harvest(text.as_bytes());
        let what = "damaged XMP packet";
        let finding = Finding::new("xmp.broken", Category::Unknown, Severity::High, place, what);
        found.add(finding.bytes(len_u64(packet.len())));
    }
    Ok(facts.facts(place, found))
}

/// The packet as text: UTF-8, UTF-16 or UTF-32 by its first character (ISO 16684-1 §7.3.2), which is `<`
/// or a byte order mark.
fn decode(packet: &[u8]) -> Cow<'_, str> {
    let (order, width) = match packet {
        [0, 0, 0, b'<', ..] | [0, 0, 0xFE, 0xFF, ..] => (Order::Big, 4),
        [b'<', 0, 0, 0, ..] | [0xFF, 0xFE, 0, 0, ..] => (Order::Little, 4),
        [0, b'<', ..] | [0xFE, 0xFF, ..] => (Order::Big, 2),
        [b'<', 0, ..] | [0xFF, 0xFE, ..] => (Order::Little, 2),
        _ => return String::from_utf8_lossy(packet),
    };
    if width == 4 {
        let chars = packet.chunks(4).map(|unit| {
            let c = order.u32(unit).and_then(char::from_u32);
            c.unwrap_or(char::REPLACEMENT_CHARACTER)
        });
        chars.collect()
    } else {
        let units = packet
            .chunks(2)
            .map(|unit| order.u16(unit).unwrap_or(0xFFFD));
        char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    }
}

/// Whether a packet says that a raw converter shows a part of the picture only (Camera Raw's `HasCrop`).
#[must_use]
pub fn has_crop(packet: &[u8]) -> bool {
    let says = |text: &[u8]| memchr::memmem::find(packet, text).is_some();
    says(b"crs:HasCrop=\"True\"") || says(b"crs:HasCrop='True'") || says(b"<crs:HasCrop>True<")
}
