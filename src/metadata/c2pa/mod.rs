//! Content credentials: C2PA 2.x manifests in JUMBF boxes (ISO 19566-5).

mod cbor;
mod leaves;
mod report;
mod signature;

#[cfg(test)]
mod tests;

use crate::bytes::{Context, Cursor, Order, Source};
use crate::model::{Category, Finding, Found, Result, Role, Severity, len_u64};
use report::Report;

/// Superboxes inside superboxes, at most.
const DEEPEST: usize = 16;

/// Adds who signed what, when and with what to `found`. `boxes` is a run of JUMBF boxes.
///
/// # Errors
/// Those of the budget.
pub fn read(boxes: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let what = "content credentials";
    let finding = Finding::new(
        "c2pa.manifest",
        Category::Person,
        Severity::High,
        place,
        what,
    );
    found.add(finding.bytes(len_u64(boxes.len())));
    let mut report = Report::new(place, cx, found);
    let understood = walk(boxes, "", 0, cx, &mut report)?;
    report.finish();
    if !understood {
        found.secrets.harvest(boxes);
    }
    Ok(())
}

/// Reads the boxes of one superbox. Whether all of them could be parsed.
fn walk(
    boxes: &[u8],
    label: &str,
    depth: usize,
    cx: &Context<'_>,
    report: &mut Report<'_, '_>,
) -> Result<bool> {
    if depth > DEEPEST {
        return Ok(false);
    }
    let mut label = label.to_owned();
    let mut cursor = Cursor::new(boxes);
    let mut understood = true;
    while !cursor.is_at_end() {
        cx.item()?;
        let Some((kind, payload)) = next(&mut cursor) else {
            return Ok(false);
        };
        match &kind {
            b"jumd" => label = description(payload).unwrap_or_default(),
            b"jumb" => understood &= walk(payload, &label, depth.saturating_add(1), cx, report)?,
            b"cbor" | b"json" => understood &= content(&kind, payload, &label, cx, report)?,
            b"bidb" => embedded(payload, &label, cx, report)?,
            // Salt, padding and the media type of an embedded file.
            b"c2sh" | b"free" | b"bfdb" => {}
            _ => understood = false,
        }
    }
    Ok(understood)
}

/// The next box: type and payload. Length 0 reaches to the end, length 1 is followed by 64 bits.
fn next<'a>(cursor: &mut Cursor<'a>) -> Option<([u8; 4], &'a [u8])> {
    let length = cursor.u32(Order::Big)?;
    let kind = *cursor.take(4)?.first_chunk()?;
    let payload = match length {
        0 => cursor.rest().len(),
        1 => usize::try_from(cursor.u64(Order::Big)?.checked_sub(16)?).ok()?,
        n => usize::try_from(n.checked_sub(8)?).ok()?,
    };
    Some((kind, cursor.take(payload)?))
}

/// The label of a description box: type (16 bytes), toggles, and the label when bit 1 is set.
fn description(payload: &[u8]) -> Option<String> {
    let mut cursor = Cursor::new(payload);
    cursor.skip(16)?;
    (cursor.u8()? & 2 != 0).then_some(())?;
    let label = cursor.until_nul()?;
    let label = label.get(..label.len().min(256)).unwrap_or_default();
    Some(String::from_utf8_lossy(label).into_owned())
}

/// A claim, an assertion or a signature. Whether it could be parsed.
fn content(
    kind: &[u8; 4],
    payload: &[u8],
    label: &str,
    cx: &Context<'_>,
    report: &mut Report<'_, '_>,
) -> Result<bool> {
    cx.memory(len_u64(payload.len()))?;
    if label.contains("soft-binding") {
        let what = "soft binding: a watermark or fingerprint leads back to the credentials";
        report.add(
            "c2pa.softbinding",
            Category::History,
            Severity::High,
            what,
            Role::LinkId,
            "",
        );
    }
    if label.starts_with("c2pa.signature") {
        return signature::read(payload, cx, report);
    }
    let mut sink = |path: &[leaves::Key], leaf: leaves::Leaf<'_>| report.leaf(label, path, leaf);
    if kind == b"cbor" {
        cbor::walk(payload, cx, &mut sink)
    } else {
        leaves::walk_json(payload, cx, &mut sink)
    }
}

/// A thumbnail, an icon or another file.
fn embedded(
    payload: &[u8],
    label: &str,
    cx: &Context<'_>,
    report: &mut Report<'_, '_>,
) -> Result<()> {
    let (id, role) = if label.contains("thumbnail") {
        ("c2pa.thumbnail", Role::Thumbnail)
    } else {
        ("c2pa.embedded", Role::Picture)
    };
    let inner = cx.inspect_nested(&Source::memory(payload))?;
    report.embedded(id, role, label, len_u64(payload.len()), inner);
    Ok(())
}
