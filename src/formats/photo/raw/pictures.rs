//! JPEGs inside a raw photo: previews and thumbnails.

use memchr::memmem;

use super::redact::{Work, slice};
use crate::bytes::Source;
use crate::containers::jpeg_segments::{EOI, SOI, SOS, Segment, segments};
use crate::containers::tiff::ifd::Tiff;
use crate::metadata::exif::{Facts, minimal};
use crate::model::{Category, Finding, Result, Role, Severity, Span, len_u64};

const EXIF: &[u8] = b"Exif\0\0";

/// How a JPEG is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum As {
    /// All metadata goes, and what stands behind its end.
    Preview,
    /// Its Exif block holds what converters need, and is gone through like the file's own.
    Main,
    /// Coded numbers of the sensor, or something that was found by chance: bytes behind it stay.
    Data,
}

impl Work<'_, '_> {
    /// Overwrites the metadata of a JPEG; `false` when there is none.
    pub(super) fn jpeg(&mut self, span: Span, how: As, place: &str) -> Result<bool> {
        let inside = slice(self.bytes, span);
        let source = Source::memory(inside);
        let Ok(all) = segments(&source, source.whole(), super::NAME) else {
            return Ok(false);
        };
        if !self.jpegs.claim(span) {
            return Ok(true);
        }
        let mut dirty = false;
        let mut end = 0;
        for segment in &all {
            self.cx.item()?;
            end = segment.coded.end();
            let at = |inner: Span| {
                let start = span.start().saturating_add(inner.start());
                Span::new(start, start.saturating_add(inner.len()))
            };
            self.coded.claim(at(segment.coded));
            self.label = "preview";
            if segment.is_metadata() {
                let payload = slice(inside, segment.payload());
                if how == As::Main && segment.marker == 0xE1 && payload.starts_with(EXIF) {
                    let start = at(segment.payload()).start().saturating_add(6);
                    let block = Span::new(start, at(segment.payload()).end());
                    self.block(block, place)?;
                    continue;
                }
                let new = blanked(segment, payload);
                dirty |= self.put(at(segment.payload()).start(), &new);
            } else if segment.marker != SOI {
                self.payload.push(at(segment.span));
            }
        }
        let behind = Span::new(span.start().saturating_add(end), span.end());
        let has_end = all.last().is_some_and(|segment| segment.marker == EOI);
        if how != As::Data && has_end {
            dirty |= self.fill(behind, 0);
        }
        if dirty {
            let inner = self.cx.inspect_nested(&source)?;
            let place = &format!("{place}/preview");
            self.found.merge(place, inner);
            let what = "metadata of a preview";
            let finding = Finding::new(
                "raw.previews",
                Category::Image,
                Severity::High,
                place.as_str(),
                what,
            );
            self.found
                .add(finding.bytes(span.len()).role(Role::Thumbnail));
        }
        Ok(true)
    }

    /// JPEGs to which only a maker's own tags point.
    pub(super) fn stray_pictures(&mut self) -> Result<()> {
        let mut known = self.coded.clone();
        for span in self.jpegs.all() {
            known.claim(span);
        }
        let mut behind = 0;
        for gap in known.gaps(len_u64(self.bytes.len())) {
            let bytes = slice(self.bytes, gap);
            for at in memmem::find_iter(bytes, b"\xFF\xD8\xFF") {
                self.cx.item()?;
                let start = gap.start().saturating_add(len_u64(at));
                if start < behind {
                    continue;
                }
                let rest = Span::new(start, gap.end());
                let source = Source::memory(slice(self.bytes, rest));
                let Ok(all) = segments(&source, source.whole(), super::NAME) else {
                    continue;
                };
                let is_picture = all.iter().any(|segment| segment.marker == SOS);
                let end = all.last().filter(|last| last.marker == EOI && is_picture);
                if let Some(end) = end.map(|last| start.saturating_add(last.span.end())) {
                    behind = end;
                    self.jpeg(Span::new(start, end), As::Preview, "MakerNote")?;
                }
            }
        }
        Ok(())
    }
}

/// What is to stand in the place of application data or of a comment.
fn blanked(segment: &Segment, payload: &[u8]) -> Vec<u8> {
    let mut new = match segment.marker {
        // Without the thumbnail.
        0xE0 if payload.starts_with(b"JFIF\0") => {
            let mut head = payload.get(..12).unwrap_or(payload).to_vec();
            head.resize(payload.len().min(14), 0);
            head
        }
        0xEE if payload.starts_with(b"Adobe") => payload.get(..12).unwrap_or(payload).to_vec(),
        0xE1 => payload
            .strip_prefix(EXIF)
            .and_then(orientation)
            .map(|block| [EXIF, &block].concat())
            .filter(|new| new.len() <= payload.len())
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    new.resize(payload.len(), 0);
    new
}

/// The smallest block that turns the picture the right way up.
fn orientation(block: &[u8]) -> Option<Vec<u8>> {
    let (tiff, first) = Tiff::open(block)?;
    let value = tiff.ifd(first)?.get(0x0112)?.uint(0)?;
    minimal(&Facts {
        orientation: u8::try_from(value).ok(),
        ..Facts::default()
    })
}
