//! JPEG and JPEG 2000 as streams of a PDF: cleaned as pictures, without an orientation, because viewers of
//! PDF files do not turn them.

use super::body::Body;
use super::copy::Copier;
use crate::bytes::{Context, Hasher, Source, copy_in_memory, is_identity};
use crate::containers::pdf::Coding;
use crate::model::{Category, Error, Finding, Plan, Result, Severity, Span, Step, len_u64};

/// Maximum number of turns until a picture stays as it is.
const TURNS: u32 = 4;

/// The cleaned picture. `stored` is where it is located in the file, where it is not compressed again.
pub(super) fn clean(
    source: &Source<'_>,
    stored: Option<Span>,
    coding: Coding,
    place: &str,
    copier: &mut Copier<'_, '_>,
) -> Result<Body> {
    let cx = copier.file.cx();
    let format = if coding == Coding::Dct { "jpeg" } else { "jp2" };
    let mut bytes: Option<Vec<u8>> = None;
    // What the first turn made, as a plan over the file.
    let mut spliced = Plan::new();
    for turn in 0..TURNS {
        let memory = bytes.as_deref().map(Source::memory);
        let from = memory.as_ref().unwrap_or(source);
        let examined = match cx.examine_as(format, from) {
            Ok(examined) => examined,
            Err(Error::Malformed { .. } | Error::Unsupported { .. } | Error::Io(_)) => {
                let what = "a picture that cannot be checked";
                let (category, severity) = (Category::Image, Severity::High);
                let finding = Finding::new("pdf.images.unknown", category, severity, place, what);
                copier.report.note(finding);
                return match (turn, stored) {
                    (0, Some(span)) => Ok(Body::Copy(span)),
                    _ => Ok(Body::Bytes(from.read(from.whole())?.into_owned())),
                };
            }
            Err(error) => return Err(error),
        };
        let plan = if turn == 0 {
            let mut residue = Vec::new();
            let plan = examined.told(place, &mut copier.report.found, &mut residue);
            for finding in residue {
                copier.report.note(finding);
            }
            plan
        } else {
            examined.plan
        };
        let (plan, is_whole) = match coding {
            Coding::Dct => without_profile(&plan),
            _ => (plan, true),
        };
        if let Some(span) = stored.filter(|_| turn == 0) {
            spliced.splice(&plan, span.start());
        }
        match (is_whole, &bytes, stored) {
            (true, None, Some(_)) => return Ok(Body::Plan(spliced)),
            (true, Some(_), _) if is_identity(&plan, from)? => {
                return Ok(match stored {
                    Some(_) if turn == 1 => Body::Plan(spliced),
                    _ => Body::Bytes(bytes.unwrap_or_default()),
                });
            }
            _ => bytes = Some(copy_in_memory(&plan, from, cx)?),
        }
    }
    Err(Error::unsupported(
        "a PDF with a picture that cannot be cleaned; open it in a program you trust, print it to a \
         new PDF, and clean that",
    ))
}

/// A cleaned JPEG without its Exif, XMP and profile segments, and whether there were none: viewers of PDF
/// files take colours and orientation from the PDF.
fn without_profile(plan: &Plan) -> (Plan, bool) {
    let mut out = Plan::new();
    let mut is_whole = true;
    for step in plan.steps() {
        let Step::Bytes(bytes) = step else {
            out.push(step.clone());
            continue;
        };
        // Segments that are made anew are never split between steps.
        let mut kept = Vec::with_capacity(bytes.len());
        let mut rest: &[u8] = bytes;
        while let Some(&[0xFF, marker @ 0xE0..=0xFE, high, low]) = rest.first_chunk() {
            let len = usize::from(u16::from_be_bytes([high, low])).saturating_add(2);
            let Some(segment) = rest.split_off(..len) else {
                break;
            };
            if matches!(marker, 0xE0 | 0xEE) {
                kept.extend_from_slice(segment);
            } else {
                is_whole = false;
            }
        }
        kept.extend_from_slice(rest);
        out.bytes(kept);
    }
    (out, is_whole)
}

/// A digest of what a picture shows, without its orientation and its profile.
pub(super) fn digest(source: &Source<'_>, coding: Coding, cx: &Context<'_>) -> Result<Vec<u8>> {
    let mut hasher = Hasher::new();
    let bytes = source.read(source.whole())?;
    let (format, bare) = match coding {
        Coding::Dct => ("jpeg", bare(&bytes)),
        _ => ("jp2", None),
    };
    cx.memory(len_u64(bare.as_ref().map_or(0, Vec::len)))?;
    let bare = bare.as_deref().unwrap_or(&bytes);
    match cx.payload_as(format, &Source::memory(bare)) {
        Ok(digest) => hasher.bytes(&digest.0.to_be_bytes()),
        Err(Error::Malformed { .. } | Error::Unsupported { .. } | Error::Io(_)) => {
            hasher.bytes(&bytes);
        }
        Err(error) => return Err(error),
    }
    Ok(hasher.finish().0.to_be_bytes().to_vec())
}

/// A JPEG without the application segments and comments in front of its first scan, of which viewers of
/// PDF files use those of JFIF and Adobe only. Bytes between segments are skipped, as decoders do.
fn bare(bytes: &[u8]) -> Option<Vec<u8>> {
    let (start, mut rest) = bytes.split_at_checked(2)?;
    let mut out = start.to_vec();
    loop {
        let Some(&[0xFF, marker @ 0x01..=0xFE, high, low]) = rest.first_chunk() else {
            let next = memchr::memchr(0xFF, rest.get(1..)?)?;
            rest = rest.get(next.saturating_add(1)..)?;
            continue;
        };
        if marker == 0xDA {
            break;
        }
        let len = usize::from(u16::from_be_bytes([high, low])).saturating_add(2);
        let segment = rest.split_off(..len)?;
        if !matches!(marker, 0xE1..=0xED | 0xEF | 0xFE) {
            out.extend_from_slice(segment);
        }
    }
    out.extend_from_slice(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_that_no_viewer_of_pdf_uses_are_left_out() {
        let mut plan = Plan::new();
        plan.push(Step::Copy(Span::new(0, 2)));
        plan.bytes(&b"\xFF\xE0\0\x03J\xFF\xE1\0\x03E\xFF\xEE\0\x03A\xFF\xDA\0\x02"[..]);
        let (out, is_whole) = without_profile(&plan);
        let mut expected = Plan::new();
        expected.push(Step::Copy(Span::new(0, 2)));
        expected.bytes(&b"\xFF\xE0\0\x03J\xFF\xEE\0\x03A\xFF\xDA\0\x02"[..]);
        assert_eq!((out, is_whole), (expected, false));
    }
}
