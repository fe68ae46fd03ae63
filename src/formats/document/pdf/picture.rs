//! JPEG and JPEG 2000 as streams of a PDF: cleaned as pictures, without an orientation, because viewers of
//! PDF files do not turn them.

use super::body::Body;
use super::copy::Copier;
use crate::bytes::{Context, Hasher, Source};
use crate::containers::pdf::Coding;
use crate::model::{Category, Error, Finding, Result, Severity, Span};

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
    let keep = |source: &Source<'_>| -> Result<Body> {
        Ok(match stored {
            Some(span) => Body::Copy(span),
            None => Body::Bytes(source.read(source.whole())?.into_owned()),
        })
    };
    let mut bytes = None;
    for turn in 0..TURNS {
        let memory = bytes.as_deref().map(Source::memory);
        let from = memory.as_ref().unwrap_or(source);
        let inside = match cx.clean_nested(format, from) {
            Ok(inside) => inside,
            Err(Error::Malformed { .. } | Error::Unsupported { .. } | Error::Io(_)) => {
                let what = "a picture that cannot be checked";
                let finding =
                    Finding::new("pdf.images.unknown", Category::Image, Severity::High, place, what);
                copier.report.note(finding);
                return keep(from);
            }
            Err(error) => return Err(error),
        };
        let mut found = std::mem::take(&mut copier.report.found);
        let mut residue = Vec::new();
        let clean = if turn == 0 {
            inside.told(place, &mut found, &mut residue)
        } else {
            inside.bytes
        };
        copier.report.found = found;
        for finding in residue {
            copier.report.note(finding);
        }
        let clean = if coding == Coding::Dct {
            without_orientation(clean)
        } else {
            clean
        };
        let is_same = *from.read(from.whole())? == *clean;
        if is_same {
            return match bytes {
                Some(bytes) => Ok(Body::Bytes(bytes)),
                None => keep(source),
            };
        }
        bytes = Some(clean);
    }
    Err(Error::unsupported(
        "a PDF with a picture that cannot be cleaned; open it in a program you trust, print it to a \
         new PDF, and clean that",
    ))
}

/// A digest of what a picture shows, without its orientation.
pub(super) fn digest(source: &Source<'_>, coding: Coding, cx: &Context<'_>) -> Result<Vec<u8>> {
    let mut hasher = Hasher::new();
    let bytes = source.read(source.whole())?;
    if coding == Coding::Dct {
        hasher.bytes(&shown(&bytes));
    } else {
        match cx.clean_nested("jp2", source) {
            Ok(inside) => hasher.bytes(&inside.bytes),
            Err(Error::Malformed { .. } | Error::Unsupported { .. } | Error::Io(_)) => {
                hasher.bytes(&bytes);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(hasher.finish().0.to_be_bytes().to_vec())
}

/// A cleaned JPEG without its Exif, XMP and profile segments: viewers of PDF files take colours and
/// orientation from the PDF.
fn without_orientation(bytes: Vec<u8>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    let Some(start) = rest.split_off(..2) else {
        return bytes;
    };
    out.extend_from_slice(start);
    while let Some(&[0xFF, marker, high, low]) = rest.first_chunk() {
        let len = usize::from(u16::from_be_bytes([high, low])).saturating_add(2);
        if marker == 0xDA || !(0xC0..=0xFE).contains(&marker) {
            break;
        }
        let Some(segment) = rest.split_off(..len) else {
            break;
        };
        if !matches!(marker, 0xE1..=0xED | 0xEF | 0xFE) {
            out.extend_from_slice(segment);
        }
    }
    out.extend_from_slice(rest);
    out
}

/// What decoders of JPEG take from a picture: frames, scans and coded data, up to the end mark.
fn shown(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let Some(&[0xFF, marker, high, low]) = rest.first_chunk() {
        let len = usize::from(u16::from_be_bytes([high, low])).saturating_add(2);
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xDD => {
                let Some(segment) = rest.split_off(..len) else {
                    return out;
                };
                out.extend_from_slice(segment);
            }
            0xDA => break,
            0xFF => {
                rest = rest.get(1..).unwrap_or_default();
            }
            _ => {
                if rest.split_off(..len).is_none() {
                    return out;
                }
            }
        }
    }
    let end = memchr::memmem::find(rest, &[0xFF, 0xD9]).unwrap_or(rest.len());
    out.extend_from_slice(rest.get(..end).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_that_no_viewer_of_pdf_uses_are_left_out() {
        let jpeg = b"\xFF\xD8\xFF\xE0\0\x03J\xFF\xE1\0\x03E\xFF\xEE\0\x03A\xFF\xDA\0\x02\xFF\xE1";
        assert_eq!(
            without_orientation(jpeg.to_vec()),
            b"\xFF\xD8\xFF\xE0\0\x03J\xFF\xEE\0\x03A\xFF\xDA\0\x02\xFF\xE1"
        );
    }
}
