//! What is overwritten, and what is left.

use std::borrow::Cow;
use std::collections::BTreeSet;

use memchr::memmem;

use super::family::{Family, recognize};
use super::texts;
use crate::bytes::{Context, Hasher, Source, run};
use crate::containers::tiff::ifd::Spans;
use crate::containers::tiff::write::{Form, Table};
use crate::metadata::exif;
use crate::model::{
    Category, Digest, Error, Finding, Found, Result, Role, Severity, Span, len_u64,
};

/// A raw photo with everything overwritten that tells something.
pub(super) struct Redacted<'a> {
    pub(super) out: Cow<'a, [u8]>,
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    /// What was overwritten.
    pub(super) labels: Vec<(Span, &'static str)>,
    /// Of everything that stays.
    pub(super) payload: Digest,
}

/// One look at a file.
pub(super) struct Work<'a, 'c> {
    pub(super) bytes: &'a [u8],
    /// The same, copied as soon as something is overwritten.
    pub(super) out: Cow<'a, [u8]>,
    pub(super) cx: &'c Context<'c>,
    pub(super) family: Family,
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    pub(super) make: String,
    /// Texts that stay.
    pub(super) kept: Vec<(Role, String)>,
    /// Coded pictures: nothing in there is looked at or overwritten.
    pub(super) coded: Spans,
    /// Whole JPEGs.
    pub(super) jpegs: Spans,
    /// Where the last directory ends, or the last value of one.
    pub(super) end: u64,
    /// Values of which nothing may stay.
    pub(super) emptied: Vec<Span>,
    /// What is being overwritten just now, and all that was.
    pub(super) label: &'static str,
    pub(super) labels: Vec<(Span, &'static str)>,
    /// What decides how the pictures look, in the order in which it was met.
    pub(super) payload: Vec<Span>,
}

/// So much of the beginning tells the maker.
const HEAD: usize = 4096;
/// Texts of fewer letters stand in any file by chance.
const SHORTEST: usize = 6;
/// What the beginnings of files and of colour profiles consist of.
const NAMES: &[&str] = &["crx isom", "mntrRGB XYZ", "FUJIFILMCCD-RAW 0201"];
/// So many texts that stay are named.
const MOST_TEXTS: usize = 8;

/// Overwrites what tells something.
///
/// # Errors
/// [`crate::model::Error::Malformed`] when the first directory cannot be read.
pub(super) fn redact<'a>(
    bytes: &'a [u8],
    family: Family,
    cx: &Context<'_>,
) -> Result<Redacted<'a>> {
    let mut work = walk(bytes, family, cx)?;
    for (_, text) in &work.kept {
        work.found.secrets.allow(text);
    }
    work.sweep()?;
    work.left();
    let again = walk(&work.out, family, cx)?;
    let same = again.found.findings.is_empty() && again.out == work.out;
    let head = work.out.get(..HEAD).unwrap_or(&work.out);
    // Something else may stand in the same place, and have been written since.
    let is_empty = |span: &Span| {
        let value = slice(&work.out, *span);
        value.iter().all(|byte| matches!(byte, 0 | b' '))
    };
    let same = same && work.emptied.iter().all(is_empty);
    if !same || again.digest() != work.digest() || recognize(head) != Some(family) {
        let what = "parts of the file overlap, so that it cannot be cleaned";
        return Err(Error::malformed(super::NAME, 0, what));
    }
    let mut hasher = Hasher::new();
    hasher.bytes(&work.digest().0.to_be_bytes());
    hasher.bytes(&work.out);
    Ok(Redacted {
        payload: hasher.finish(),
        labels: work.labels,
        out: work.out,
        found: work.found,
        residue: work.residue,
    })
}

fn walk<'a, 'c>(bytes: &'a [u8], family: Family, cx: &'c Context<'c>) -> Result<Work<'a, 'c>> {
    let len = len_u64(bytes.len());
    cx.memory(len)?;
    let mut work = Work {
        bytes,
        out: Cow::Borrowed(bytes),
        cx,
        family,
        found: Found::default(),
        residue: Vec::new(),
        make: String::new(),
        kept: Vec::new(),
        coded: Spans::default(),
        jpegs: Spans::default(),
        end: 0,
        emptied: Vec::new(),
        label: "IFD",
        labels: Vec::new(),
        payload: Vec::new(),
    };
    match family {
        Family::Raf => work.raf()?,
        Family::Cr3 => work.cr3()?,
        _ => work.block(Span::new(0, len), "")?,
    }
    work.stray_pictures()?;
    work.recipe();
    work.tail();
    Ok(work)
}

impl Work<'_, '_> {
    fn digest(&self) -> Digest {
        let mut hasher = Hasher::new();
        for span in self.payload.iter().copied().chain(self.coded.all()) {
            hasher.label("part", span.len());
            hasher.bytes(slice(self.bytes, span));
        }
        hasher.finish()
    }

    /// Overwrites bytes; `false` when they stood there before.
    pub(super) fn put(&mut self, start: u64, new: &[u8]) -> bool {
        let from = usize::try_from(start).unwrap_or(usize::MAX);
        let end = from.saturating_add(new.len());
        if self.out.get(from..end).is_none_or(|old| old == new) {
            return false;
        }
        match self.out.to_mut().get_mut(from..end) {
            Some(old) => {
                old.copy_from_slice(new);
                let end = start.saturating_add(len_u64(new.len()));
                self.labels.push((Span::new(start, end), self.label));
                true
            }
            None => false,
        }
    }

    /// Overwrites a span with one byte; `false` when nothing changes.
    pub(super) fn fill(&mut self, span: Span, byte: u8) -> bool {
        let len = usize::try_from(span.len()).unwrap_or(0);
        self.put(span.start(), &vec![byte; len])
    }

    /// Tells what the entries say.
    pub(super) fn tell(
        &mut self,
        table: Table,
        order: crate::bytes::Order,
        place: &str,
    ) -> Result<()> {
        if table.is_empty() {
            return Ok(());
        }
        let plan = Form { order, big: false }.file(vec![table])?;
        self.cx.memory(plan.len())?;
        let mut block = Vec::new();
        run(&plan, &Source::memory(&[]), &mut block)?;
        exif::read(&block, place, self.cx, &mut self.found).map(|_| ())
    }

    /// What Canon's program appends: how the photo was edited.
    fn recipe(&mut self) {
        let len = len_u64(self.bytes.len());
        let behind = self.coded.all().last().map_or(0, Span::end);
        let tail = slice(self.bytes, Span::new(behind, len));
        let Some(at) = memmem::find(tail, b"CANON OPTIONAL DATA\0") else {
            return;
        };
        let span = Span::new(behind.saturating_add(len_u64(at)), len);
        self.label = "VRD";
        self.found.secrets.harvest(slice(self.bytes, span));
        if self.fill(span, 0) {
            let (category, severity) = (Category::History, Severity::Medium);
            let what = "how the photo was edited";
            let finding = Finding::new("raw.vrd", category, severity, "VRD", what);
            self.found.add(finding.bytes(span.len()));
        }
    }

    /// Text behind everything that a directory points to: no camera writes it there.
    fn tail(&mut self) {
        let len = len_u64(self.bytes.len());
        let ends = [self.coded.all().last(), self.jpegs.all().last()];
        let ends = ends.into_iter().flatten().map(Span::end);
        let end = ends.fold(self.end, u64::max);
        let tail = Span::new(end.min(len), len);
        if self.end == 0 || texts::in_bytes(slice(&self.out, tail)).next().is_none() {
            return;
        }
        self.label = "trailer";
        self.found.secrets.harvest(slice(self.bytes, tail));
        if self.fill(tail, 0) {
            let (category, severity) = (Category::Unknown, Severity::High);
            let what = "text behind the photo";
            let finding = Finding::new("raw.trailer", category, severity, "trailer", what);
            self.found.add(finding.bytes(tail.len()));
        }
    }

    /// Overwrites all that was found wherever else it stands: cameras write the same thing to several
    /// places.
    fn sweep(&mut self) -> Result<()> {
        let secrets = &self.found.secrets;
        let texts = secrets
            .texts()
            .filter(|text| text.chars().count() >= SHORTEST);
        let mut needles: Vec<Vec<u8>> = Vec::new();
        for text in texts {
            needles.push(text.as_bytes().to_vec());
            needles.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
            needles.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        }
        needles.extend(secrets.byte_strings().map(<[u8]>::to_vec));
        let gaps = self.coded.gaps(len_u64(self.bytes.len()));
        for needle in needles {
            self.cx.check_stop()?;
            let finder = memmem::Finder::new(&needle);
            for gap in &gaps {
                let found: Vec<usize> = finder.find_iter(slice(&self.out, *gap)).collect();
                for at in found {
                    let start = gap.start().saturating_add(len_u64(at));
                    if let Some(span) = Span::sized(start, len_u64(needle.len())) {
                        self.fill(span, 0);
                    }
                }
            }
        }
        Ok(())
    }

    /// Names what stays.
    fn left(&mut self) {
        let what = "settings of the camera that only its maker understands; they may hold more";
        self.residue.push(Finding::new(
            "raw.makernote.residual",
            Category::Device,
            Severity::Medium,
            "MakerNote",
            what,
        ));
        self.texts_left();
        let kept = std::mem::take(&mut self.kept);
        for (role, text) in kept {
            let what = "model of the camera, by which programs choose the colours";
            let finding = Finding::new(
                "raw.model",
                Category::Device,
                Severity::Medium,
                "IFD0",
                what,
            );
            self.residue.push(finding.text(text).role(role));
        }
    }
}

impl Work<'_, '_> {
    /// Names all text that stands where nobody knows what it is for.
    fn texts_left(&mut self) {
        let mut known = self.coded.clone();
        for span in self.jpegs.all().filter(|_| self.family != Family::Raf) {
            known.claim(span);
        }
        let out = &self.out;
        let is_name = |text: &&str| {
            // The length and the type of a box, and the beginning of the block in it.
            let is_block = text.len() < 10 && text.contains("CMT") && text.ends_with("II*");
            is_block
                || NAMES.contains(text)
                || self.kept.iter().any(|(_, name)| name.contains(text))
        };
        let gaps = known.gaps(len_u64(out.len()));
        let texts = gaps
            .into_iter()
            .flat_map(|gap| texts::in_bytes(slice(out, gap)));
        let mut told: BTreeSet<&str> = BTreeSet::new();
        let mut more = false;
        for text in texts.filter(|text| !is_name(text)) {
            if told.len() < MOST_TEXTS {
                told.insert(text);
            } else {
                more |= !told.contains(text);
            }
        }
        let what = "text in what only the maker of the camera understands";
        let (category, severity) = (Category::Unknown, Severity::Medium);
        let stays =
            || Finding::new("raw.text", category, severity, "MakerNote", what).role(Role::Text);
        let told = told.into_iter().map(|text| stays().text(text.to_owned()));
        self.residue.extend(told);
        if more {
            self.residue.push(stays());
        }
    }
}

/// The bytes of a span; none when it reaches past the end.
pub(super) fn slice(bytes: &[u8], span: Span) -> &[u8] {
    let bounds = usize::try_from(span.start())
        .ok()
        .zip(usize::try_from(span.end()).ok());
    bounds
        .and_then(|(start, end)| bytes.get(start..end))
        .unwrap_or_default()
}

/// Whether there is nothing but zeros and blanks.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, 0 | b' '))
}
