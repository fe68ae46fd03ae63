//! The directories of a raw photo.

use std::collections::VecDeque;

use super::family::Family;
use super::pictures::As;
use super::redact::{Work, is_blank, slice};
use crate::containers::tiff::ifd::{Entry, Ifd, Spans, Tiff, field};
use crate::containers::tiff::write::Table;
use crate::metadata::{icc, maker_note, xmp};
use crate::model::{Category, Error, Finding, Found, Result, Role, Severity, Span, len_u64};

/// Tags of Exif that are settings of the camera, in numbers.
const SETTINGS: &[u16] = &[
    0x829A, 0x829D, 0x8822, 0x8827, 0x8830, 0x8831, 0x8832, 0x8833, 0x8834, 0x8835, 0x9000, 0x9101,
    0x9102, 0x9201, 0x9202, 0x9203, 0x9204, 0x9205, 0x9207, 0x9208, 0x9209, 0x920A, 0xA000, 0xA001,
    0xA002, 0xA003, 0xA005, 0xA20B, 0xA20E, 0xA20F, 0xA210, 0xA215, 0xA217, 0xA300, 0xA301, 0xA302,
    0xA401, 0xA402, 0xA403, 0xA404, 0xA405, 0xA406, 0xA407, 0xA408, 0xA409, 0xA40A, 0xA40C, 0xA500,
];

/// Tags of pictures that tell something, whatever their type.
const TELLING: &[u16] = &[
    0x010D, 0x010E, 0x0131, 0x0132, 0x013B, 0x013C, 0x02BC, 0x4746, 0x4749, 0x501B, 0x8298, 0x830E,
    0x83BB, 0x8480, 0x8482, 0x85D8, 0x8649, 0x87AF, 0x87B0, 0x87B1, 0x882A, 0x9003, 0x9004, 0x9010,
    0x9011, 0x9012, 0x9211, 0x9286, 0x9290, 0x9291, 0x9292, 0x932F, 0x9330, 0x9331, 0x935C, 0x9400,
    0x9401, 0x9402, 0x9403, 0x9404, 0x9405, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F, 0xA420, 0xA430,
    0xA431, 0xA435, 0xC4A5, 0xC62F, 0xC65D, 0xC68B, 0xC763, 0xCD41, 0xCEA1, 0xEA1C,
];

/// How a picture is to be read.
const SHAPE: &[u16] = &[
    0x00FE, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0112, 0x0115, 0x0116, 0x011C, 0x0142, 0x0143,
    0x0153, 0x828D, 0x828E, 0x9217,
];

const MAKE: u16 = 0x010F;
const MODEL: u16 = 0x0110;
const XMP: u16 = 0x02BC;
const EXIF: u16 = 0x8769;
const GPS: u16 = 0x8825;
const INTEROP: u16 = 0xA005;
const SUB_IFDS: u16 = 0x014A;
const ICC: u16 = 0x8773;
const CFA_PATTERN: u16 = 0xA302;
const MAKER_NOTE: u16 = 0x927C;
/// JpgFromRaw of Panasonic.
const WHOLE_JPEG: u16 = 0x002E;
/// RawDataOffset of Panasonic: from there to the end of the file.
const REST_IS_RAW: u16 = 0x0118;
/// Sony keeps its black levels at the place that these four bytes name.
const PRIVATE: u16 = 0xC634;
/// Offsets and lengths of coded data.
const DATA: &[(u16, u16)] = &[(0x0111, 0x0117), (0x0144, 0x0145), (0x0201, 0x0202)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directory {
    Image,
    Exif,
    Interop,
}

/// Directories of cameras have a hundred at most.
const MOST_ENTRIES: usize = 1000;

/// A block with directories in it, and where it stands in the file.
struct Block<'a> {
    tiff: Tiff<'a>,
    base: u64,
    tables: Spans,
    queue: VecDeque<(Directory, u64, String)>,
}

impl Block<'_> {
    fn in_file(&self, span: Span) -> Span {
        let start = self.base.saturating_add(span.start());
        Span::new(start, start.saturating_add(span.len()))
    }
}

impl<'a> Work<'a, '_> {
    /// Goes through a block: the whole file, or the Exif block of its main JPEG.
    pub(super) fn block(&mut self, span: Span, place: &str) -> Result<()> {
        self.block_as(span, Directory::Image, place)
    }

    /// The same, where the first directory is of another kind.
    pub(super) fn block_as(&mut self, span: Span, kind: Directory, place: &str) -> Result<()> {
        let bytes: &'a [u8] = slice(self.bytes, span);
        let is_file = span.start() == 0;
        let Some((tiff, first)) = Tiff::open(bytes) else {
            if is_file {
                return Err(Error::malformed(super::NAME, 0, "the header is damaged"));
            }
            self.fill(span, 0);
            return Ok(());
        };
        let mut block = Block {
            tiff,
            base: span.start(),
            tables: Spans::default(),
            queue: VecDeque::new(),
        };
        block.tables.claim(Span::new(0, 8));
        block.queue.push_back((kind, first, "IFD0".to_owned()));
        let mut chain = 0_u32;
        while let Some((directory, at, name)) = block.queue.pop_front() {
            self.cx.item()?;
            let table = tiff.peek_table(at);
            if table.is_some_and(|table| !block.tables.is_free(table)) {
                // Programs would read the same bytes as tags of another kind.
                let what = "a directory stands in another one";
                return Err(Error::malformed(super::NAME, at, what));
            }
            let ifd = table.and_then(|_| tiff.ifd(at));
            let Some(ifd) = ifd else {
                if is_file && at == first {
                    let what = "the first directory is damaged";
                    return Err(Error::malformed(super::NAME, at, what));
                }
                continue;
            };
            if ifd.entries.len() > MOST_ENTRIES {
                // Some cameras leave bytes of something else in the link of their last directory.
                if ifd.complete || directory != Directory::Image {
                    let what = "a directory has too many entries";
                    return Err(Error::malformed(super::NAME, at, what));
                }
                continue;
            }
            if let Some(table) = table {
                block.tables.claim(table);
                self.end = self.end.max(block.in_file(table).end());
            }
            let place = match place {
                "" => name.clone(),
                place => format!("{place}/{name}"),
            };
            self.directory(&mut block, directory, &ifd, &place)?;
            if let Some(next) = ifd.next.filter(|_| directory == Directory::Image) {
                chain = chain.saturating_add(1);
                let name = format!("IFD{chain}");
                block.queue.push_back((Directory::Image, next, name));
            }
        }
        Ok(())
    }

    fn directory(
        &mut self,
        block: &mut Block<'a>,
        directory: Directory,
        ifd: &Ifd<'a>,
        place: &str,
    ) -> Result<()> {
        let mut gone = Table::default();
        let mut unlinked = Vec::new();
        if directory == Directory::Image {
            // The notes of the makers are read by it.
            if let Some(make) = ifd.get(MAKE).filter(|_| self.make.is_empty()) {
                self.make = text(make.value);
            }
        }
        for (index, entry) in ifd.entries.iter().enumerate() {
            self.cx.item()?;
            let span = block.in_file(entry.span);
            self.end = self.end.max(span.end());
            self.label = match directory {
                Directory::Image => "IFD",
                Directory::Exif => "Exif",
                Directory::Interop => "Interop",
            };
            match (directory, entry.tag) {
                (Directory::Image | Directory::Exif, GPS) => {
                    unlinked.push(index);
                    self.gps(block, entry, place)?;
                }
                (Directory::Image, SUB_IFDS) => {
                    for at in (0..16).map_while(|n| entry.uint(n)) {
                        block
                            .queue
                            .push_back((Directory::Image, at, "SubIFD".to_owned()));
                    }
                }
                (Directory::Image, EXIF) => enqueue(block, entry, Directory::Exif, "Exif"),
                (Directory::Image | Directory::Exif, INTEROP) => {
                    enqueue(block, entry, Directory::Interop, "Interop")
                }
                (Directory::Exif, MAKER_NOTE) => self.maker_note(block, entry, place)?,
                (Directory::Image, WHOLE_JPEG) if self.family == Family::Rw2 => {
                    self.jpeg(span, As::Main, "JpgFromRaw")?;
                }
                (Directory::Image, REST_IS_RAW) if self.family == Family::Rw2 => {
                    if let Some(at) = entry.uint(0) {
                        let len = ifd.get(0x0117).and_then(|entry| entry.uint(0));
                        let end = len_u64(self.bytes.len());
                        let stop = len.and_then(|len| at.checked_add(len)).unwrap_or(end);
                        self.coded.claim(Span::new(at.min(end), stop.min(end)));
                    }
                }
                (Directory::Image, ICC) => self.profile(span),
                (Directory::Image, MAKE | MODEL) => self.name(entry),
                _ => {
                    if goes(self.family, directory, entry) && !is_blank(entry.value) {
                        let count = len_u64(entry.value.len());
                        let size = crate::containers::tiff::ifd::size_of_type(entry.kind);
                        let count = count.checked_div(size.unwrap_or(1)).unwrap_or(0);
                        gone.bytes(entry.tag, entry.kind, count, entry.value.to_vec());
                        if entry.tag == XMP && xmp::has_crop(entry.value) {
                            self.residue.push(Finding::new(
                                "raw.hidden.crop",
                                Category::Image,
                                Severity::High,
                                place,
                                "what was cropped away: the crop stood in the XMP packet and goes with it",
                            ));
                        }
                        self.fill(span, if entry.tag == XMP { b' ' } else { 0 });
                        self.emptied.push(span);
                    } else if directory == Directory::Image && SHAPE.contains(&entry.tag) {
                        self.payload.push(span);
                    }
                }
            }
        }
        if directory == Directory::Image {
            self.data(block, ifd, place)?;
        }
        for index in unlinked.into_iter().rev() {
            self.unlink(block, ifd, index);
        }
        let order = block.tiff.order();
        let gone = match directory {
            Directory::Image => gone,
            _ if gone.is_empty() => gone,
            _ => {
                let mut outer = Table::default();
                outer.tables(EXIF, field::LONG, vec![gone]);
                outer
            }
        };
        self.tell(gone, order, place)
    }

    /// The name of the camera stays.
    fn name(&mut self, entry: &Entry<'a>) {
        let role = if entry.tag == MAKE {
            Role::Make
        } else {
            Role::Model
        };
        let text = text(entry.value);
        if !text.is_empty() && !self.kept.iter().any(|(known, _)| *known == role) {
            self.kept.push((role, text));
        }
    }

    /// All values of a GPS directory, and the directory itself.
    fn gps(&mut self, block: &mut Block<'a>, pointer: &Entry<'a>, place: &str) -> Result<()> {
        self.label = "GPS";
        let order = block.tiff.order();
        let mut gone = Table::default();
        let table = pointer.uint(0).and_then(|at| {
            block
                .tiff
                .peek_table(at)
                .filter(|table| block.tables.is_free(*table))?;
            block.tiff.ifd(at)
        });
        match table {
            Some(ifd) => {
                block.tables.claim(ifd.span);
                let mut inner = Table::default();
                for entry in &ifd.entries {
                    self.cx.item()?;
                    let size = crate::containers::tiff::ifd::size_of_type(entry.kind).unwrap_or(1);
                    let count = len_u64(entry.value.len()).checked_div(size).unwrap_or(0);
                    inner.bytes(entry.tag, entry.kind, count, entry.value.to_vec());
                    self.fill(block.in_file(entry.span), 0);
                }
                self.fill(block.in_file(ifd.span), 0);
                gone.tables(GPS, field::LONG, vec![inner]);
            }
            None => gone.bytes(GPS, field::LONG, 1, pointer.value.to_vec()),
        }
        self.tell(gone, order, place)
    }

    /// Takes an entry out of its table: those behind it, and the link, move up.
    fn unlink(&mut self, block: &Block<'a>, ifd: &Ifd<'a>, index: usize) {
        let order = block.tiff.order();
        let table = block.in_file(ifd.span);
        let entry = len_u64(index).saturating_mul(12).saturating_add(2);
        let start = table.start().saturating_add(entry);
        let rest = Span::new(start.saturating_add(12), table.end());
        let mut moved = slice(&self.out, rest).to_vec();
        moved.extend([0; 12]);
        self.put(start, &moved);
        let head = Span::new(table.start(), table.start().saturating_add(2));
        let count = order.u16(slice(&self.out, head)).unwrap_or(0);
        let mut bytes = Vec::new();
        order.put_u16(&mut bytes, count.saturating_sub(1));
        self.put(table.start(), &bytes);
    }

    fn maker_note(&mut self, block: &Block<'a>, entry: &Entry<'a>, place: &str) -> Result<()> {
        let (redactions, found, residue) =
            maker_note::redactions(block.tiff, entry.span, &self.make, place, self.cx)?;
        self.redact_note(block.base, redactions, found, residue);
        Ok(())
    }

    /// Overwrites values of a note in a block that stands at `base`.
    pub(super) fn redact_note(
        &mut self,
        base: u64,
        redactions: Vec<maker_note::Redaction>,
        found: Found,
        residue: Vec<Finding>,
    ) {
        for finding in residue {
            if !self.residue.iter().any(|known| known.what == finding.what) {
                self.residue.push(finding);
            }
        }
        let mut changed = false;
        self.label = "MakerNote";
        for redaction in redactions {
            let start = base.saturating_add(redaction.span.start());
            if self.put(start, &redaction.bytes) {
                changed = true;
                self.found.add(redaction.finding);
            }
        }
        if changed {
            self.found.extend(found);
        }
    }

    /// The same colours without names and dates, as long as the profile was.
    fn profile(&mut self, span: Span) {
        let bytes = slice(self.bytes, span);
        let mut clean = icc::scrub(bytes, self.cx).unwrap_or_default();
        if clean.len() > bytes.len() {
            clean.clear();
        }
        clean.resize(bytes.len(), 0);
        self.label = "ICCProfile";
        if self.put(span.start(), &clean) {
            let place = "ICCProfile";
            // What it says was read once; the budget is all that can fail.
            let _ = icc::read(bytes, place, self.cx, &mut self.found);
        }
    }

    /// Coded data: strips, tiles, previews.
    fn data(&mut self, block: &Block<'a>, ifd: &Ifd<'a>, place: &str) -> Result<()> {
        for (offsets, lengths) in DATA {
            let Some((offsets, lengths)) = ifd.get(*offsets).zip(ifd.get(*lengths)) else {
                continue;
            };
            let count = usize::try_from(offsets.count).unwrap_or(usize::MAX);
            for index in 0..count {
                self.cx.item()?;
                let Some((at, len)) = offsets.uint(index).zip(lengths.uint(index)) else {
                    break;
                };
                let end = at
                    .saturating_add(len)
                    .min(len_u64(block.tiff.bytes().len()));
                let span = block.in_file(Span::new(at.min(end), end));
                if span.is_empty() {
                    continue;
                }
                let is_raw = ifd.get(0x0106).and_then(|it| it.uint(0)) == Some(32803)
                    || ifd.get(0xC640).is_some()
                    || ifd.get(0x00FE).and_then(|it| it.uint(0)) == Some(0);
                let how = if is_raw { As::Data } else { As::Preview };
                let starts = slice(self.bytes, span).starts_with(b"\xFF\xD8");
                if !starts || !self.jpeg(span, how, place)? {
                    self.coded.claim(span);
                }
            }
        }
        Ok(())
    }
}

fn enqueue(block: &mut Block<'_>, entry: &Entry<'_>, directory: Directory, name: &str) {
    if let Some(at) = entry.uint(0) {
        block.queue.push_back((directory, at, name.to_owned()));
    }
}

/// Whether a value is a few numbers.
fn is_setting(entry: &Entry<'_>) -> bool {
    let most = match entry.kind {
        field::UNDEFINED | field::BYTE if entry.tag == CFA_PATTERN => 24,
        field::UNDEFINED | field::BYTE => 8,
        field::SHORT | field::LONG | field::RATIONAL | field::SRATIONAL | field::SSHORT => 16,
        _ => 0,
    };
    // The colours of a filter have numbers of one digit.
    let is_pattern = entry.tag != CFA_PATTERN || entry.value.iter().all(|byte| *byte < 10);
    entry.complete && entry.value.len() <= most && is_pattern
}

/// Whether a value is overwritten.
fn goes(family: Family, directory: Directory, entry: &Entry<'_>) -> bool {
    match directory {
        Directory::Image => {
            entry.is_text()
                || TELLING.contains(&entry.tag)
                || entry.tag == PRIVATE && (family != Family::Arw || entry.value.len() != 4)
        }
        Directory::Exif => !SETTINGS.contains(&entry.tag) || !is_setting(entry),
        Directory::Interop => entry.is_text() && entry.value.len() > 4,
    }
}

fn text(bytes: &[u8]) -> String {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).trim().to_owned()
}
