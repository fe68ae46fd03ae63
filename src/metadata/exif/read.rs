//! Through all directories of a block.

use std::collections::VecDeque;

use memchr::memmem;

use super::moment::Moments;
use super::survey::{Survey, finding, under};
use super::tags::{self, Block, Directory, Means};
use super::value::{Said, coded, parts, said, utf16};
use super::{Facts, Resolution, minimal, sound_halves};
use crate::bytes::{Context, Order};
use crate::containers::tiff::ifd::{Entry, Ifd, Tiff, field};
use crate::metadata::{c2pa, gps, icc, iptc, maker_note, photoshop, xmp};
use crate::model::{Category, Finding, Found, Result, Role, Severity, Span, len_u64};

/// A TIFF header is looked for so far into a block.
const FARTHEST_HEADER: usize = 1 << 16;
/// Values of settings that are larger are told by themselves.
const LARGEST_SETTING: usize = 128;

/// Reads a block that begins with `Exif\0\0`, with a TIFF header, or with a TIFF header at some offset,
/// and adds everything it gives away to `found`, each place prefixed by `place`. A block that [`minimal`]
/// would write in the same way gives away nothing.
///
/// The facts are those that viewers act on: there are none in a block whose header is not located where a
/// standard puts it, or is not that of TIFF 6.0 (the `0x55` of Panasonic's raw photos, for one). No viewer
/// turns a picture by such a block, so a copy must not be turned by it either.
///
/// # Errors
/// Those of the budget.
pub fn read(block: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<Facts> {
    let Some((start, usual)) = find_header(block) else {
        let mut survey = Survey::new(block, cx);
        survey.push(
            Finding::new(
                "exif.broken",
                Category::Unknown,
                Severity::High,
                place,
                "Exif without a TIFF header",
            )
            .bytes(len_u64(block.len())),
        );
        survey.salvage(Span::new(0, len_u64(block.len())), place)?;
        take_over(found, survey.found);
        return Ok(Facts::default());
    };
    let (before, bytes) = block.split_at(start.min(block.len()));
    let mut reader = Reader {
        survey: Survey::new(bytes, cx),
        place,
        facts: Facts::default(),
        moments: Moments::default(),
        make: String::new(),
        queue: VecDeque::new(),
    };
    reader.walk()?;
    reader.facts.apple_hdr = reader.facts.apple_hdr.and_then(sound_halves);
    if !(usual && (bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*"))) {
        reader.facts = Facts::default();
    }
    if usual && minimal(&reader.facts).is_some_and(|minimal| minimal == bytes) {
        return Ok(reader.facts);
    }
    reader.finish(before, usual)?;
    take_over(found, reader.survey.found);
    Ok(reader.facts)
}

fn take_over(found: &mut Found, inner: Found) {
    found.secrets.merge(inner.secrets);
    found.findings.extend(inner.findings);
}

/// Where the TIFF header stands, and whether in a place where a standard puts it: first, behind
/// `Exif\0\0`, or where a 32-bit offset says (HEIF, JPEG XL).
fn find_header(block: &[u8]) -> Option<(usize, bool)> {
    let is_header = |at: usize| block.get(at..).and_then(Tiff::open).is_some();
    let named = |at: usize| {
        block
            .get(at..)
            .is_some_and(|b| b.starts_with(b"Exif\0\0") || b.starts_with(b"Exif\0\xFF"))
    };
    let offset = match Order::Big.u32(block) {
        Some(0) => Some(4),
        Some(6) if named(4) => Some(10),
        _ => None,
    };
    let first = [Some(0), named(0).then_some(6), offset];
    if let Some(at) = first.into_iter().flatten().find(|at| is_header(*at)) {
        return Some((at, true));
    }
    let head = block.get(..FARTHEST_HEADER.min(block.len()))?;
    [&b"II*\0"[..], b"MM\0*"]
        .into_iter()
        .filter_map(|magic| memmem::find(head, magic))
        .min()
        .filter(|at| is_header(*at))
        .map(|at| (at, false))
}

struct Reader<'a, 'c> {
    survey: Survey<'a, 'c>,
    place: &'c str,
    facts: Facts,
    moments: Moments,
    make: String,
    queue: VecDeque<(Directory, u64, String)>,
}

/// The directory that an entry stands in.
struct Around<'a, 'x> {
    tiff: Tiff<'a>,
    directory: Directory,
    ifd: &'x Ifd<'a>,
    name: &'x str,
    place: &'x str,
}

impl<'a> Reader<'a, '_> {
    fn walk(&mut self) -> Result<()> {
        let Some((tiff, first)) = Tiff::open(self.survey.bytes) else {
            return Ok(());
        };
        self.survey.claimed.claim(Span::new(0, tiff.header_len()));
        self.queue
            .push_back((Directory::Image, first, "IFD0".to_owned()));
        let mut chain = 0_u32;
        while let Some((directory, at, name)) = self.queue.pop_front() {
            let Some(ifd) = self.survey.directory(&tiff, at)? else {
                continue;
            };
            let place = under(self.place, &name);
            if directory == Directory::Gps {
                gps::read(&ifd, &place, &mut self.survey)?;
            } else {
                let around = Around {
                    tiff,
                    directory,
                    ifd: &ifd,
                    name: &name,
                    place: &place,
                };
                for entry in &ifd.entries {
                    self.entry(&around, entry)?;
                }
                if name == "IFD0" {
                    self.facts.resolution = resolution(&ifd);
                }
            }
            if let Some(next) = ifd.next {
                chain = chain.saturating_add(1);
                self.queue
                    .push_back((Directory::Image, next, format!("IFD{chain}")));
            }
        }
        Ok(())
    }

    fn entry(&mut self, around: &Around<'a, '_>, entry: &Entry<'a>) -> Result<()> {
        let place = around.place;
        if self.survey.is_full() {
            self.fact(around, entry);
            if let Some((name, Means::Directory(directory))) = tags::tag(entry.tag) {
                self.enqueue(directory, entry, name);
            }
            return self.survey.skip();
        }
        let Some((name, means)) = tags::tag(entry.tag) else {
            if matches!(entry.kind, field::IFD | field::IFD8) {
                self.enqueue(Directory::Image, entry, "private IFD");
            }
            let name = format!("tag 0x{:04X}", entry.tag);
            return self
                .survey
                .say(tags::UNKNOWN, name, place, entry, &said(entry));
        };
        match means {
            Means::Fact => {
                self.fact(around, entry);
                Ok(())
            }
            Means::Setting => {
                self.fact(around, entry);
                self.setting(name, place, entry)
            }
            Means::Says(sort) => {
                if entry.tag == 0x010F && self.make.is_empty() {
                    self.make = parts(entry.value).into_iter().next().unwrap_or_default();
                }
                self.survey.say(sort, name, place, entry, &said(entry))
            }
            Means::SaysUtf16(sort) => {
                let text = utf16(entry.value, Order::Little);
                self.survey
                    .say(sort, name, place, entry, &Said::from_text(text))
            }
            Means::SaysCoded(sort) => {
                let text = if entry.is_text() {
                    said(entry)
                } else {
                    coded(entry.value, entry.order())
                };
                self.survey.say(sort, name, place, entry, &text)
            }
            Means::Time(moment, piece) => {
                if self.moments.take(moment, piece, entry, place) {
                    return Ok(());
                }
                self.survey
                    .say(tags::WHEN, name, place, entry, &said(entry))
            }
            Means::Directory(directory) => {
                self.enqueue(directory, entry, name);
                Ok(())
            }
            Means::ImageAt(lengths) => self.image(around, entry, lengths),
            Means::Block(block) => self.block(block, name, around, entry),
        }
    }

    fn enqueue(&mut self, directory: Directory, entry: &Entry<'a>, name: &str) {
        let name = match directory {
            Directory::Exif => "Exif",
            Directory::Gps => "GPS",
            Directory::Interop => "Interop",
            Directory::Image => name,
        };
        for at in (0..16).filter_map(|index| entry.uint(index)) {
            let next = (directory, at, name.to_owned());
            // Places first: what else overlaps them must not keep them from being told.
            match directory {
                Directory::Gps => self.queue.push_front(next),
                _ => self.queue.push_back(next),
            }
        }
    }

    fn setting(&mut self, name: &'static str, place: &str, entry: &Entry<'a>) -> Result<()> {
        /// What the tag RelatedImageFileFormat is there for.
        const USUAL: [&str; 3] = ["JPEG", "Exif JPEG", "TIFF"];
        let said = said(entry);
        let stray = match &said {
            Said::Text(parts) => {
                entry.is_text()
                    && parts
                        .iter()
                        .any(|p| p.len() > 4 && !USUAL.iter().any(|usual| p.starts_with(usual)))
            }
            Said::Numbers(_) | Said::Opaque => false,
        };
        if stray {
            return self.survey.say(tags::STRAY_TEXT, name, place, entry, &said);
        }
        self.survey.setting();
        if entry.value.len() > LARGEST_SETTING {
            self.survey.push(
                Finding::new(
                    "exif.settings",
                    Category::Device,
                    Severity::Low,
                    place,
                    name,
                )
                .bytes(len_u64(entry.value.len())),
            );
            self.survey.salvage(entry.span, place)?;
        }
        Ok(())
    }

    fn fact(&mut self, around: &Around<'a, '_>, entry: &Entry<'a>) {
        let facts = &mut self.facts;
        match (around.directory, entry.tag) {
            (Directory::Image, 0x0112) if around.name == "IFD0" => {
                facts.orientation = facts.orientation.or_else(|| orientation(entry));
            }
            (Directory::Exif, 0xA001) => {
                let value = entry.uint(0).and_then(|n| u16::try_from(n).ok());
                facts.color_space = facts.color_space.or(value);
            }
            (Directory::Exif, 0xA500) => {
                facts.gamma = facts.gamma.or(entry.rational(0));
            }
            (Directory::Interop, 0x0001) => {
                facts.interop_r03 |= entry.value.starts_with(b"R03");
            }
            _ => {}
        }
    }

    /// Coded image data: the thumbnail of IFD1, previews, strips, tiles.
    fn image(&mut self, around: &Around<'a, '_>, entry: &Entry<'a>, lengths: u16) -> Result<()> {
        let place = under(around.place, "thumbnail");
        let mut total = 0_u64;
        let lengths = around.ifd.get(lengths);
        for index in 0..usize::try_from(entry.count).unwrap_or(usize::MAX) {
            let Some(at) = entry.uint(index) else {
                break;
            };
            self.survey.cx.item()?;
            let len = lengths.and_then(|lengths| lengths.uint(index)).unwrap_or(0);
            total = total.saturating_add(len);
            let end = at.saturating_add(len).min(len_u64(self.survey.bytes.len()));
            let span = Span::new(at.min(end), end);
            if around
                .tiff
                .slice(span)
                .is_some_and(|bytes| bytes.starts_with(b"\xFF\xD8"))
            {
                self.survey.picture(span, &place)?;
            } else {
                self.survey.claimed.claim(span);
            }
        }
        let id = if around.name == "IFD1" {
            "exif.thumbnail"
        } else {
            "exif.preview"
        };
        self.survey.push(
            Finding::new(
                id,
                Category::Image,
                Severity::High,
                around.place,
                "thumbnail",
            )
            .bytes(total)
            .role(Role::Thumbnail),
        );
        Ok(())
    }

    fn block(
        &mut self,
        block: Block,
        name: &'static str,
        around: &Around<'a, '_>,
        entry: &Entry<'a>,
    ) -> Result<()> {
        if block == Block::MakerNote {
            let note = maker_note::Note {
                block: around.tiff,
                span: entry.span,
                make: &self.make,
            };
            return maker_note::read(&note, self.place, &mut self.survey, &mut self.facts);
        }
        let (id, severity) = match block {
            // Programs of Microsoft reserve room that mostly stays empty.
            Block::Padding if nonzero(entry.value) < 16 => ("exif.padding", Severity::Low),
            Block::Padding => ("exif.padding", Severity::High),
            Block::Icc => ("exif.colour", Severity::Low),
            _ => ("exif.embedded", Severity::High),
        };
        self.survey.push(
            Finding::new(id, Category::History, severity, around.place, name)
                .bytes(len_u64(entry.value.len())),
        );
        let place = under(around.place, name);
        // Blocks may stand inside each other in a circle of formats.
        let cx = self.survey.cx.deeper()?;
        let mut inner = Found::default();
        let mut hand = || self.survey.hand_over(entry.span).unwrap_or_default();
        match block {
            Block::Xmp => xmp::read(hand(), "", &cx, &mut inner).map(|_| ())?,
            Block::Iptc => iptc::read(hand(), "", &cx, &mut inner)?,
            Block::Photoshop => photoshop::read(hand(), "", &cx, &mut inner)?,
            Block::Icc => icc::read(hand(), "", &cx, &mut inner)?,
            Block::C2pa => c2pa::read(hand(), "", &cx, &mut inner)?,
            Block::MakerNote | Block::Padding | Block::Other => {
                return self.survey.salvage(entry.span, &place);
            }
        }
        self.survey.merge(&place, inner);
        Ok(())
    }

    fn finish(&mut self, before: &[u8], usual: bool) -> Result<()> {
        let survey = &mut self.survey;
        std::mem::take(&mut self.moments).tell(&mut survey.found);
        name_time_taken(&mut survey.found.findings);
        let mut unclaimed = 0_u64;
        for gap in survey.claimed.gaps(len_u64(survey.bytes.len())) {
            survey.cx.item()?;
            let bytes = survey.slice(gap);
            if nonzero(bytes) > 0 {
                unclaimed = unclaimed.saturating_add(gap.len());
                let place = under(self.place, "unused");
                if let Some((tiff, _)) = Tiff::open(survey.bytes) {
                    gps::recover(&tiff, gap, &under(&place, "GPS"), survey)?;
                }
                survey.salvage(gap, &place)?;
            }
        }
        if !usual {
            unclaimed = unclaimed.saturating_add(len_u64(before.len()));
            survey.found.secrets.harvest(before);
        }
        if unclaimed > 0 {
            let severity = if unclaimed < 16 {
                Severity::Low
            } else {
                Severity::High
            };
            survey.push(
                Finding::new(
                    "exif.padding",
                    Category::History,
                    severity,
                    self.place,
                    "bytes that no entry points to",
                )
                .bytes(unclaimed),
            );
        }
        survey.finish(self.place);
        if survey.found.findings.is_empty() {
            survey.push(
                finding(tags::NOTHING, "Exif block", self.place).bytes(len_u64(survey.bytes.len())),
            );
        }
        Ok(())
    }
}

/// The value of an Orientation tag, of whatever type it is: `SHORT` by the standard, but readers accept
/// all other numbers, and digits in text.
fn orientation(entry: &Entry<'_>) -> Option<u8> {
    let text = if entry.is_text() {
        parts(entry.value).into_iter().next()?
    } else {
        entry.number(0)?.to_string()
    };
    text.parse().ok().filter(|number| matches!(number, 1..=8))
}

fn nonzero(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte != 0).count()
}

/// Where no DateTimeOriginal tells when the picture was taken, the moment of digitising and that of the
/// satellite fix do: cameras set all of them at once.
fn name_time_taken(findings: &mut [Finding]) {
    if findings.iter().any(|f| f.role == Role::TakenAt) {
        return;
    }
    for what in ["DateTimeDigitized", gps::CLOCK_NAME] {
        let moment = findings
            .iter_mut()
            .find(|f| f.what == what && f.role == Role::OtherTime);
        if let Some(moment) = moment {
            moment.role = Role::TakenAt;
            return;
        }
    }
}

fn resolution(ifd: &Ifd<'_>) -> Option<Resolution> {
    let unit = match ifd.get(0x0128) {
        Some(entry) => u16::try_from(entry.uint(0)?).ok()?,
        // Inch is the default of TIFF 6.0.
        None => 2,
    };
    Some(Resolution {
        x: ifd.get(0x011A)?.rational(0)?,
        y: ifd.get(0x011B)?.rational(0)?,
        unit,
    })
}
