//! Boxes that go, and bytes that belong to nothing.

use super::super::parse::Meta;
use super::super::sequence::Movie;
use super::super::write::MetaBox;
use super::{Report, SAMPLE, forgive};
use crate::containers::isobmff::BoxHeader;
use crate::metadata::{appended, quicktime, samsung};
use crate::model::{Category, Result, Role, Severity, Span};

/// Gaps are told one by one up to here, then as one.
const MOST_GAPS: usize = 32;

impl Report<'_, '_, '_> {
    /// Boxes that nobody needs.
    pub(in super::super) fn boxes(&mut self, boxes: &[BoxHeader], place: &str) -> Result<()> {
        for header in boxes {
            self.cx.item()?;
            self.spans.push(header.whole);
            self.one_box(header, place)?;
        }
        Ok(())
    }

    fn one_box(&mut self, header: &BoxHeader, place: &str) -> Result<()> {
        let len = header.body.len();
        let at = if place.is_empty() {
            header.kind.to_string()
        } else {
            format!("{place}/{}", header.kind)
        };
        let sample = header.peek(self.source, SAMPLE)?;
        match &header.kind.0 {
            b"free" | b"skip" | b"wide" if sample.iter().all(|byte| *byte == 0) => {
                let kind = (Category::Unknown, Severity::Low, Role::Other);
                self.add("heif.free", kind, at, "empty space", len);
                return Ok(());
            }
            b"mpvd" => {
                let film = self.source.sub(header.body)?;
                return quicktime::read_as("heif.motion", &film, &at, self.cx, &mut self.found);
            }
            b"moov" => {
                let kind = (Category::Image, Severity::High, Role::Video);
                self.add("heif.motion", kind, at, "film", len);
            }
            b"sefd" => {
                let block = self.source.sub(header.body)?;
                let kind = (Category::Unknown, Severity::High, Role::Other);
                self.add("heif.samsung", kind, at.as_str(), "Samsung data", len);
                return samsung::read(&block, &at, self.cx, &mut self.found);
            }
            b"uuid" => {
                let kind = (Category::Unknown, Severity::High, Role::Other);
                self.add("heif.uuid", kind, at, "data of a program", len);
            }
            b"free" | b"skip" | b"wide" => {
                let kind = (Category::Unknown, Severity::High, Role::Other);
                self.add("heif.free", kind, at, "space that is not empty", len);
            }
            _ => {
                let kind = (Category::Unknown, Severity::High, Role::Other);
                self.add("heif.unknown", kind, at, "unknown box", len);
            }
        }
        self.found.secrets.harvest(&sample);
        if sample.get(4..8) == Some(b"ftyp") {
            return quicktime::read(
                &self.source.sub(header.body)?,
                &header.kind.to_string(),
                self.cx,
                &mut self.found,
            );
        }
        quicktime::boxes(self.source, header.whole, place, self.cx, &mut self.found)
    }

    /// The outermost boxes that go, and what stands behind them.
    pub(in super::super) fn file_boxes(&mut self, sequence: bool) -> Result<()> {
        let file = self.file;
        self.boxes(&file.others, "")?;
        if let Some(moov) = file.moov.filter(|_| !sequence) {
            self.boxes(&[moov], "")?;
        }
        if file.end < self.source.len() {
            let tail = Span::new(file.end, self.source.len());
            for piece in self.uncovered(tail) {
                let tail = self.source.sub(piece)?;
                appended::read(&tail, "behind the picture", self.cx, &mut self.found)?;
            }
        }
        Ok(())
    }

    /// What of a sequence goes.
    pub(in super::super) fn movie(&mut self, movie: &Movie) -> Result<()> {
        for header in &movie.timed {
            quicktime::boxes(self.source, header.whole, "moov", self.cx, &mut self.found)?;
        }
        for trak in &movie.gone {
            self.cx.item()?;
            self.spans.push(trak.whole);
            let kind = (Category::Image, Severity::High, Role::Other);
            self.add(
                "heif.track",
                kind,
                "moov/trak",
                "a track beside the pictures",
                trak.whole.len(),
            );
            quicktime::boxes(self.source, trak.whole, "moov", self.cx, &mut self.found)?;
        }
        for header in &movie.others {
            // A track may have items of its own.
            if header.is(b"meta") {
                let meta = forgive(Meta::parse(self.source, *header, self.cx).map(Some))?;
                if let Some(meta) = meta {
                    self.items(&meta, &MetaBox::default())?;
                }
            }
        }
        self.boxes(&movie.others, "moov")
    }

    /// Parts of a span in which nothing stays and of which nothing was told.
    fn uncovered(&mut self, whole: Span) -> Vec<Span> {
        self.spans.sort_unstable();
        let mut out = Vec::new();
        let mut at = whole.start();
        for span in &self.spans {
            if span.start() >= whole.end() {
                break;
            }
            if span.start() > at {
                out.push(Span::new(at, span.start()));
            }
            at = at.max(span.end());
        }
        if at < whole.end() {
            out.push(Span::new(at, whole.end()));
        }
        out
    }

    /// Bytes of `mdat` and `idat` that no item uses.
    pub(in super::super) fn gaps(&mut self) -> Result<()> {
        let idat = self.file.meta.as_ref().and_then(|meta| meta.idat);
        let bodies = self.file.mdat.iter().map(|mdat| (mdat.body, "mdat"));
        let bodies: Vec<_> = bodies.chain(idat.map(|span| (span, "idat"))).collect();
        for (body, place) in bodies {
            let gaps = self.uncovered(body);
            let (told, rest) = gaps.split_at(gaps.len().min(MOST_GAPS));
            for gap in told {
                self.cx.item()?;
                let before = self.found.findings.len();
                let piece = self.source.sub(*gap)?;
                appended::read(&piece, &format!("{place} gap"), self.cx, &mut self.found)?;
                let severity = self.found.findings.get(before..).unwrap_or_default();
                let severity = severity.iter().map(|it| it.severity).max();
                let kind = (
                    Category::Unknown,
                    severity.unwrap_or(Severity::High),
                    Role::Other,
                );
                let what = "bytes that belong to no picture";
                self.add("heif.mdat.gap", kind, place, what, gap.len());
            }
            if !rest.is_empty() {
                let len = rest
                    .iter()
                    .fold(0, |sum: u64, gap| sum.saturating_add(gap.len()));
                let kind = (Category::Unknown, Severity::High, Role::Other);
                let what = "more bytes that belong to no picture";
                self.add("heif.mdat.gap", kind, place, what, len);
            }
        }
        Ok(())
    }
}
