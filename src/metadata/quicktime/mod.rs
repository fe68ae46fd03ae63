//! Metadata of QuickTime and MP4 films (QuickTime File Format 2016, ISO/IEC 14496-12), as found behind
//! motion photos: user data, item lists, times, timed metadata tracks, vendor boxes.
//!
//! Everything here is for reports. A film that cannot be parsed is reported as far as it goes.

mod items;
mod tables;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod track;

use memchr::memmem;

use self::track::Track;
use super::text::coordinates_finding;
use super::{c2pa, samsung, spelling, xmp};
use crate::bytes::{Context, Order, Source};
use crate::containers::isobmff::{BoxHeader, Boxes, FourCc, full_box};
use crate::model::{
    Category, Error, Finding, Found, Result, Role, Severity, Span, Untrusted, Value,
};

/// Boxes inside boxes.
const DEEPEST: u8 = 16;
/// A film of a million vendor boxes is dropped as a whole; the first of them are named.
const MOST_FINDINGS: usize = 500;
/// So much of a block is kept in mind for the second look.
const SAMPLE: u64 = 64 << 10;
/// So many bytes of samples are looked into.
const SAMPLES: u64 = 64 << 20;
/// So much of `mdat` is searched for blocks that no index mentions.
const SEARCHED: u64 = 64 << 20;

/// Adds what a film gives away (places, times, device, accounts, timed metadata tracks) to `found`, and
/// always one finding that says what the film is.
///
/// # Errors
/// Those of the budget; reading.
pub fn read(film: &Source<'_>, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    read_as("mp4.film", film, place, cx, found)
}

/// Adds what some boxes of a file give away to `found`, each place prefixed by `place`: boxes that do not
/// make up a film by themselves, such as a `moov` or a `uuid` in a picture. Tracks are looked for in all of
/// the file.
///
/// # Errors
/// Those of the budget; reading.
pub fn boxes(
    file: &Source<'_>,
    boxes: Span,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let mut inner = Found::default();
    let mut reader = Reader {
        film: *file,
        cx,
        found: &mut inner,
        track: Track::default(),
        facts: Facts::default(),
        samples: SAMPLES,
    };
    reader.walk(boxes, place, 0)?;
    found.extend(inner);
    Ok(())
}

/// A moment in seconds since 1904 as ISO 8601; `None` for none and for those that no clock shows.
#[must_use]
pub fn moment(seconds: u64) -> Option<String> {
    spelling::mac_time(seconds)
}

/// [`read`], where the finding that says what the film is has this id.
///
/// # Errors
/// As [`read`].
pub fn read_as(
    id: &'static str,
    film: &Source<'_>,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    read_at(id, film, place, 0, cx, found)
}

fn read_at(
    id: &'static str,
    film: &Source<'_>,
    place: &str,
    level: u8,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let mut inner = Found::default();
    let mut reader = Reader {
        film: *film,
        cx,
        found: &mut inner,
        track: Track::default(),
        facts: Facts::default(),
        samples: SAMPLES,
    };
    reader.walk(film.whole(), "", level)?;
    let facts = reader.facts;
    let located = inner.worst() == Some(Severity::Critical);
    found.add(
        Finding::new(
            id,
            Category::Image,
            if located {
                Severity::Critical
            } else {
                Severity::High
            },
            place,
            facts.describe(),
        )
        .bytes(film.len())
        .role(Role::Video),
    );
    found.merge(place, inner);
    Ok(())
}

/// How many bytes from the beginning on are boxes of a film: the end of the last box that fits and has a
/// plausible type.
///
/// # Errors
/// Those of the budget; reading.
pub(super) fn extent(film: &Source<'_>, cx: &Context<'_>) -> Result<u64> {
    let mut boxes = Boxes::new(film, film.whole());
    loop {
        let end = boxes.at();
        match boxes.next(cx) {
            Ok(Some(header))
                if header
                    .kind
                    .0
                    .iter()
                    .all(|b| matches!(b, 0x20..=0x7E | 0xA9)) => {}
            Ok(_) => return Ok(end),
            Err(error) => return forgive(error).map(|()| end),
        }
    }
}

/// What is broken in a film is no reason to stop looking at the file around it.
fn forgive(error: Error) -> Result<()> {
    match error {
        Error::Malformed { .. } => Ok(()),
        Error::Io(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => Ok(()),
        error => Err(error),
    }
}

/// What the whole of a film is.
#[derive(Debug, Default)]
struct Facts {
    /// `mvhd` duration in milliseconds.
    millis: Option<u64>,
    /// Width and height of the first picture track.
    size: Option<(u16, u16)>,
    sound: bool,
    parsed: bool,
}

impl Facts {
    fn describe(&self) -> String {
        if !self.parsed {
            return "film that cannot be parsed".to_owned();
        }
        let mut words = "film".to_owned();
        let tenths = self.millis.unwrap_or(0).saturating_add(50) / 100;
        if tenths > 0 {
            words.push_str(&format!(" of {}.{} s", tenths / 10, tenths % 10));
        }
        if let Some((width, height)) = self.size {
            words.push_str(&format!(", {width}×{height}"));
        }
        words.push_str(if self.sound {
            ", with sound"
        } else {
            ", without sound"
        });
        words
    }
}

struct Reader<'a, 'c> {
    film: Source<'a>,
    cx: &'c Context<'c>,
    found: &'c mut Found,
    /// The track whose boxes are being read.
    track: Track,
    facts: Facts,
    /// Bytes of samples that may still be looked at: tracks may point at the same ones.
    samples: u64,
}

impl Reader<'_, '_> {
    fn add(&mut self, finding: Finding) {
        // Places are told even where nothing else is any more.
        let most = if finding.severity == Severity::Critical {
            MOST_FINDINGS.saturating_mul(2)
        } else {
            MOST_FINDINGS
        };
        if self.found.findings.len() < most {
            self.found.add(finding);
        }
    }

    /// Whether not even a place would be told any more.
    fn is_full(&self) -> bool {
        self.found.findings.len() >= MOST_FINDINGS.saturating_mul(2)
    }

    fn walk(&mut self, span: Span, path: &str, level: u8) -> Result<()> {
        if level > DEEPEST {
            return Ok(());
        }
        let mut boxes = Boxes::new(&self.film, span);
        loop {
            match boxes.next(self.cx) {
                Ok(Some(header)) => {
                    let path = if path.is_empty() {
                        header.kind.to_string()
                    } else {
                        format!("{path}/{}", header.kind)
                    };
                    self.one(&header, &path, level.saturating_add(1))
                        .or_else(forgive)?;
                }
                Ok(None) => return Ok(()),
                Err(error) => return forgive(error),
            }
        }
    }

    fn one(&mut self, header: &BoxHeader, path: &str, level: u8) -> Result<()> {
        match &header.kind.0 {
            b"moov" => {
                self.facts.parsed = true;
                self.walk(header.body, path, level)
            }
            b"mdia" | b"minf" | b"stbl" | b"edts" | b"moof" | b"traf" | b"mvex" | b"dinf" => {
                self.walk(header.body, path, level)
            }
            b"trak" => {
                let outer = std::mem::take(&mut self.track);
                self.walk(header.body, path, level)?;
                let track = std::mem::replace(&mut self.track, outer);
                self.track_end(&track, path)
            }
            b"udta" => self.user_data(header.body, path, level),
            b"meta" => self.meta(header, path),
            b"mvhd" | b"mdhd" => self.times(header, path),
            b"tkhd" => self.track_header(header, path),
            b"hdlr" => self.handler(header, path),
            b"stsd" => self.descriptions(header, path),
            b"stsz" | b"stco" | b"co64" | b"stsc" => {
                self.track.keep(header);
                Ok(())
            }
            b"uuid" => self.uuid(header, path),
            b"sefd" => samsung::read(&self.film.sub(header.body)?, path, self.cx, self.found),
            b"mpvd" if level < DEEPEST => {
                let film = self.film.sub(header.body)?;
                read_at("mp4.film", &film, path, level, self.cx, self.found)
            }
            b"mdat" => self.media_data(header, path),
            b"gps " => self.gps_index(header, path),
            b"free" | b"skip" | b"wide" | b"junk" => self.padding(header, path),
            kind if tables::STRUCTURE.contains(&kind) => Ok(()),
            _ => self.block(header, path),
        }
    }

    /// Creation and modification time of `mvhd`, `tkhd` and `mdhd`; in the first also the duration.
    fn times(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let body = header.peek(&self.film, 128)?;
        let Some((version, _, rest)) = full_box(&body) else {
            return Ok(());
        };
        let wide = version == 1;
        let width: usize = if wide { 8 } else { 4 };
        let number = |at: usize| {
            let bytes = rest.get(at..)?;
            if wide {
                Order::Big.u64(bytes)
            } else {
                Order::Big.u32(bytes).map(u64::from)
            }
        };
        self.found
            .secrets
            .bytes(rest.get(..width.saturating_mul(2)).unwrap_or_default());
        let movie = header.is(b"mvhd");
        for (from, what) in [(0, "creation_time"), (width, "modification_time")] {
            if let Some(time) = number(from).and_then(spelling::mac_time) {
                let role = if movie && from == 0 {
                    Role::TakenAt
                } else {
                    Role::OtherTime
                };
                self.time(path, what, &time, role);
            }
        }
        if movie {
            let scale_at = width.saturating_mul(2);
            let scale = rest.get(scale_at..).and_then(|b| Order::Big.u32(b));
            let units = number(scale_at.saturating_add(4));
            self.facts.millis = units
                .zip(scale)
                .filter(|(units, _)| *units < u64::from(u32::MAX))
                .and_then(|(units, scale)| units.checked_mul(1000)?.checked_div(u64::from(scale)));
        }
        Ok(())
    }

    /// Adds a moment, unless the same one was told already: a film holds it three times for each track.
    fn time(&mut self, path: &str, what: &'static str, time: &str, role: Role) {
        if self.found.findings.len() >= MOST_FINDINGS || self.found.has_text(time) {
            return;
        }
        self.add(
            Finding::new("mp4.times", Category::Time, Severity::Medium, path, what)
                .value(Value::Time(Untrusted::new(time)))
                .role(role),
        );
    }

    fn track_header(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let body = header.peek(&self.film, 128)?;
        self.track.enabled = body.get(3).is_none_or(|flags| flags & 1 == 1);
        // Width and height are the last two numbers, 16.16.
        if let Some(size) = body.len().checked_sub(8).and_then(|at| body.get(at..)) {
            let width = Order::Big.u16(size);
            let height = size.get(4..).and_then(|b| Order::Big.u16(b));
            self.track.size = width.zip(height).filter(|(w, h)| *w > 0 && *h > 0);
        }
        self.times(header, path)
    }

    fn handler(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let body = header.peek(&self.film, 512)?;
        let kind = body.get(8..).and_then(FourCc::read);
        if self.track.handler.is_none() {
            self.track.handler = kind;
        }
        let name = body.get(24..).unwrap_or_default();
        // A Pascal string in QuickTime, a C string in MP4.
        let name = match name {
            [len, rest @ ..] if usize::from(*len) == rest.len() => rest,
            name => name,
        };
        let name = spelling::text(name);
        if !name.is_empty() && !self.found.has_text(&name) {
            self.add(
                Finding::new(
                    "mp4.hdlr.name",
                    Category::Device,
                    Severity::Medium,
                    path,
                    "handler name",
                )
                .text(name)
                .role(Role::Software),
            );
        }
        Ok(())
    }

    fn uuid(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let uuid = header.uuid.unwrap_or_default();
        if uuid == tables::XMP {
            let packet = header.read(&self.film, self.cx)?;
            xmp::read(&packet, path, self.cx, self.found)?;
            return self.report("mp4.xmp", header, path, "XMP", Category::Unknown);
        }
        if uuid == tables::C2PA {
            let body = header.read(&self.film, self.cx)?;
            let start = memmem::find(&body, b"jumb").and_then(|at| at.checked_sub(4));
            if let Some(boxes) = start.and_then(|at| body.get(at..)) {
                c2pa::read(boxes, path, self.cx, self.found)?;
            }
        }
        if uuid == tables::FLIR_GPS {
            let body = header.peek(&self.film, 64)?;
            let degrees = |at: usize| body.get(at..).and_then(|b| Order::Little.f32(b));
            let point = degrees(4)
                .zip(degrees(8))
                .and_then(|(lat, lon)| crate::model::Place::new(lat.into(), lon.into()));
            if let Some(point) = point {
                self.found
                    .secrets
                    .bytes(body.get(4..12).unwrap_or_default());
                self.add(coordinates_finding(
                    "mp4.vendor.boxes",
                    path,
                    "FLIR GPS",
                    point,
                ));
            }
        }
        match tables::UUIDS.iter().find(|(known, ..)| *known == uuid) {
            Some((_, what, category)) => {
                self.report("mp4.vendor.boxes", header, path, what, *category)
            }
            None => self.block(header, path),
        }
    }

    /// A finding of a whole box, whose texts the second look shall not meet again.
    fn report(
        &mut self,
        id: &'static str,
        header: &BoxHeader,
        path: &str,
        what: &'static str,
        category: Category,
    ) -> Result<()> {
        self.found
            .secrets
            .harvest(&header.peek(&self.film, SAMPLE)?);
        let severity = match category {
            Category::Location => Severity::Critical,
            Category::Time | Category::Device => Severity::Medium,
            _ => Severity::High,
        };
        self.add(Finding::new(id, category, severity, path, what).bytes(header.body.len()));
        Ok(())
    }

    /// A box that no standard knows, or one that only vendors use.
    fn block(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let row = tables::VENDOR
            .iter()
            .find(|(kind, ..)| **kind == header.kind.0);
        let (what, category) = row.map_or(("unknown box", Category::Unknown), |(_, what, c)| {
            (*what, *c)
        });
        self.report("mp4.vendor.boxes", header, path, what, category)
    }

    /// "free" is never empty until proven.
    fn padding(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let head = header.peek(&self.film, SAMPLE)?;
        if head.iter().all(|b| *b == 0) {
            return Ok(());
        }
        let (what, category) = if memmem::find(&head, b"LIGOGPSINFO").is_some() {
            ("LIGOGPSINFO track", Category::Location)
        } else {
            ("padding that is not empty", Category::Unknown)
        };
        self.report("mp4.vendor.boxes", header, path, what, category)
    }

    /// Looks for GPS blocks that dash cameras put between the samples.
    fn media_data(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let body = header.body;
        let end = body.start().saturating_add(SEARCHED).min(body.end());
        let mut at = body.start();
        for (magic, what) in [
            (&b"freeGPS "[..], "freeGPS block between the samples"),
            (b"LIGOGPSINFO", "LIGOGPSINFO block between the samples"),
        ] {
            let finder = memmem::Finder::new(magic);
            while at < end {
                self.cx.check_stop()?;
                let window = self.film.window(at)?;
                let inside = end.saturating_sub(at);
                let window = window
                    .get(..usize::try_from(inside).unwrap_or(usize::MAX))
                    .unwrap_or(&window);
                if let Some(hit) = finder.find(window) {
                    self.gps_block(at.saturating_add(crate::model::len_u64(hit)), path, what)?;
                    break;
                }
                // A hit may lie across two windows.
                let step = window.len().saturating_sub(magic.len()).max(1);
                at = at.saturating_add(crate::model::len_u64(step));
            }
            at = body.start();
        }
        Ok(())
    }

    /// `moov/gps `: positions of `freeGPS ` blocks; `u32` version, count, then offset and length of each.
    fn gps_index(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let index = header.peek(&self.film, 16)?;
        if let Some(at) = index.get(8..).and_then(|b| Order::Big.u32(b)) {
            let at = u64::from(at).saturating_add(4);
            self.gps_block(at, path, "freeGPS block")?;
        }
        self.block(header, path)
    }

    /// A `freeGPS ` block whose magic stands at `at`.
    fn gps_block(&mut self, at: u64, path: &str, what: &'static str) -> Result<()> {
        let block = self.film.peek(at, 512)?;
        if !block.starts_with(b"freeGPS ") && !block.starts_with(b"LIGOGPSINFO") {
            return Ok(());
        }
        self.found.secrets.harvest(&block);
        self.found
            .secrets
            .bytes(block.get(12..).unwrap_or_default());
        self.add(match track::free_gps(&block) {
            Some(point) => coordinates_finding("mp4.mdat.hidden", path, what, point),
            None => Finding::new(
                "mp4.mdat.hidden",
                Category::Location,
                Severity::Critical,
                path,
                what,
            ),
        });
        Ok(())
    }
}
