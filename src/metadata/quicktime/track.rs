//! Tracks: which are picture and sound, and what the others tell second by second.

use super::{Reader, spelling, tables};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::containers::isobmff::{BoxHeader, Boxes, FourCc};
use crate::metadata::makers::gpmf;
use crate::metadata::text::coordinates_finding;
use crate::model::{Category, Finding, Place, Result, Role, Severity, Span};

/// So many samples of a track are looked into until one tells a point.
const MOST_SAMPLES: usize = 1000;
/// A larger sample is looked into so far.
const LARGEST_SAMPLE: u64 = 1 << 20;

/// What the boxes of a `trak` say.
#[derive(Debug, Default)]
pub(super) struct Track {
    /// `hdlr` handler type: `vide`, `soun`, `meta`.
    pub(super) handler: Option<FourCc>,
    /// Bit 0 of the `tkhd` flags.
    pub(super) enabled: bool,
    /// Width and height of `tkhd`.
    pub(super) size: Option<(u16, u16)>,
    /// Format of the first sample entry of `stsd`.
    format: Option<FourCc>,
    /// The first sample entry.
    entry: Option<BoxHeader>,
    /// `stsz`.
    sizes: Option<BoxHeader>,
    /// `stco` or `co64`.
    chunks: Option<BoxHeader>,
    /// `stsc`.
    runs: Option<BoxHeader>,
    /// Local ids and names of the values in an Apple metadata track.
    keys: Vec<(FourCc, String)>,
}

impl Track {
    /// Remembers where a table of samples stands.
    pub(super) fn keep(&mut self, header: &BoxHeader) {
        match &header.kind.0 {
            b"stsz" => self.sizes = Some(*header),
            b"stsc" => self.runs = Some(*header),
            _ => self.chunks = Some(*header),
        }
    }

    /// How many samples there are.
    fn count(&self, film: &Source<'_>) -> Result<u32> {
        let Some(sizes) = self.sizes else {
            return Ok(0);
        };
        let head = sizes.peek(film, 12)?;
        Ok(head.get(8..).and_then(|b| Order::Big.u32(b)).unwrap_or(0))
    }

    /// Where the first samples stand (ISO/IEC 14496-12 §8.7), as far as the tables make sense.
    fn samples(&self, film: &Source<'_>, cx: &Context<'_>) -> Result<Vec<Span>> {
        let (Some(sizes), Some(chunks), Some(runs)) = (self.sizes, self.chunks, self.runs) else {
            return Ok(Vec::new());
        };
        let size_table = sizes.peek(film, 12 + 4 * 1000)?;
        let chunk_table = chunks.peek(film, 8 + 8 * 1000)?;
        let run_table = runs.peek(film, 8 + 12 * 1000)?;
        let fixed = size_table.get(4..).and_then(|b| Order::Big.u32(b));
        let mut lens = Cursor::new(size_table.get(12..).unwrap_or_default());
        let mut offsets = Cursor::new(chunk_table.get(8..).unwrap_or_default());
        // First chunk of a run, and how many samples each of its chunks has.
        let runs: Vec<(u32, u32)> = run_table
            .get(8..)
            .unwrap_or_default()
            .chunks_exact(12)
            .filter_map(|run| Some((Order::Big.u32(run)?, Order::Big.u32(run.get(4..)?)?)))
            .collect();
        let total = usize::try_from(self.count(film)?).unwrap_or(usize::MAX);
        let mut spans = Vec::new();
        for chunk in 1u32.. {
            let run = runs.partition_point(|(first, _)| *first <= chunk);
            let per_chunk = run
                .checked_sub(1)
                .and_then(|run| runs.get(run))
                .map_or(0, |(_, samples)| *samples);
            let offset = if chunks.is(b"co64") {
                offsets.u64(Order::Big)
            } else {
                offsets.u32(Order::Big).map(u64::from)
            };
            let Some(mut at) = offset else { break };
            for _ in 0..per_chunk {
                cx.item()?;
                let len = match fixed {
                    Some(0) | None => lens.u32(Order::Big),
                    len => len,
                };
                let Some(span) = len.and_then(|len| Span::sized(at, len.into())) else {
                    return Ok(spans);
                };
                if spans.len() >= total.min(MOST_SAMPLES) || !film.whole().contains(span) {
                    return Ok(spans);
                }
                at = span.end();
                spans.push(span);
            }
        }
        Ok(spans)
    }
}

impl Reader<'_, '_> {
    /// `stsd`: the first sample entry says the format; the name of the compressor stands in it.
    pub(super) fn descriptions(&mut self, header: &BoxHeader, path: &str) -> Result<()> {
        let entries = Span::new(
            header.body.start().saturating_add(8).min(header.body.end()),
            header.body.end(),
        );
        let Some(entry) = Boxes::new(&self.film, entries).next(self.cx)? else {
            return Ok(());
        };
        self.track.format = Some(entry.kind);
        self.track.entry = Some(entry);
        if self.track.handler.is_some_and(|kind| kind.0 == *b"vide") {
            // VisualSampleEntry (§12.1.3): a Pascal string in 32 bytes.
            let body = entry.peek(&self.film, 74)?;
            let name = match body.get(42..).unwrap_or_default() {
                [len, rest @ ..] => rest.get(..usize::from(*len)).unwrap_or_default(),
                [] => &[],
            };
            let name = spelling::text(name);
            if !name.is_empty() {
                self.add(
                    Finding::new(
                        "mp4.stsd",
                        Category::Device,
                        Severity::Medium,
                        path,
                        "compressor name",
                    )
                    .text(name)
                    .role(Role::Software),
                );
            }
        }
        Ok(())
    }

    /// What a whole track is, once all its boxes were seen.
    pub(super) fn track_end(&mut self, track: &Track, path: &str) -> Result<()> {
        let format = track.format.unwrap_or(FourCc(*b"????"));
        let count = track.count(&self.film)?;
        match track.handler.map(|kind| kind.0) {
            Some(kind) if kind == *b"vide" || kind == *b"pict" => {
                let still = [b"jpeg", b"mjpa", b"mjpb", b"png "].contains(&&format.0);
                if still || !track.enabled {
                    self.add(
                        Finding::new(
                            "mp4.thumb.track",
                            Category::Image,
                            Severity::High,
                            path,
                            format!("second picture track ({format}, {count} samples)"),
                        )
                        .role(Role::Picture),
                    );
                } else if self.facts.size.is_none() {
                    self.facts.size = track.size;
                }
                Ok(())
            }
            Some(kind) if kind == *b"soun" => {
                self.facts.sound = true;
                self.add(
                    Finding::new(
                        "mp4.track.sound",
                        Category::Image,
                        Severity::High,
                        path,
                        format!("sound ({format}, {count} samples)"),
                    )
                    .role(Role::Video),
                );
                Ok(())
            }
            Some(kind) if kind == *b"hint" => Ok(()),
            _ => self.timed(track, format, count, path),
        }
    }

    /// A track of data: subtitles, telemetry, whatever a vendor writes beside the pictures.
    fn timed(&mut self, track: &Track, format: FourCc, count: u32, path: &str) -> Result<()> {
        let subtitle = tables::SUBTITLES.contains(&&format.0);
        let what = tables::TIMED
            .iter()
            .find(|(kind, _)| **kind == format.0)
            .map_or("timed metadata", |(_, what)| what);
        let (id, what) = if subtitle {
            ("mp4.track.subtitle", "subtitles")
        } else {
            ("mp4.track.meta", what)
        };
        let path = format!("{path}/{format}");
        if format.0 == *b"mebx" {
            self.mebx_keys(track, &path)?;
        }
        let before = self.found.findings.len();
        for span in track.samples(&self.film, self.cx)? {
            let len = span.len().min(LARGEST_SAMPLE);
            let Some(left) = self.samples.checked_sub(len) else {
                break;
            };
            self.samples = left;
            let end = span.start().saturating_add(len);
            let sample = self.film.read(Span::new(span.start(), end))?;
            if self.sample(format, subtitle, &sample, &path)? {
                break;
            }
        }
        let located = self
            .found
            .findings
            .get(before..)
            .unwrap_or_default()
            .iter()
            .any(|finding| finding.role == Role::Coordinates);
        let telemetry = located || [b"gpmd", b"camm", b"rtmd", b"djmd"].contains(&&format.0);
        self.add(Finding::new(
            id,
            if telemetry {
                Category::Location
            } else {
                Category::Unknown
            },
            if telemetry {
                Severity::Critical
            } else {
                Severity::High
            },
            path,
            format!("{what} ({format}, {count} samples)"),
        ));
        Ok(())
    }

    /// One sample; `true` when it told a point and the rest of the track need not be looked at.
    fn sample(
        &mut self,
        format: FourCc,
        subtitle: bool,
        sample: &[u8],
        path: &str,
    ) -> Result<bool> {
        self.cx.item()?;
        match &format.0 {
            b"camm" => {
                let Some((point, bytes)) = camm(sample) else {
                    return Ok(false);
                };
                self.found.secrets.bytes(bytes);
                self.add(coordinates_finding(
                    "mp4.track.meta",
                    path,
                    "camm point",
                    point,
                ));
                Ok(true)
            }
            b"gpmd" if sample.starts_with(b"DEVC") => {
                let before = self.found.findings.len();
                gpmf::read("mp4.track.meta", sample, path, self.cx, self.found)?;
                Ok(self
                    .found
                    .findings
                    .get(before..)
                    .unwrap_or_default()
                    .iter()
                    .any(|finding| finding.role == Role::Coordinates))
            }
            b"mebx" => self.mebx(sample, path),
            _ if subtitle => {
                // tx3g and text samples begin with their length.
                let text = match sample {
                    [_, _, rest @ ..] if matches!(&format.0, b"tx3g" | b"text" | b"sbtl") => rest,
                    sample => sample,
                };
                let text = spelling::text(text);
                self.found.secrets.text(&text);
                let point = spelling::point(&text);
                if let Some(point) = point {
                    let finding =
                        coordinates_finding("mp4.track.subtitle", path, "subtitle", point);
                    self.add(finding);
                }
                Ok(point.is_some())
            }
            _ => {
                self.found.secrets.harvest(sample);
                let point = std::str::from_utf8(sample).ok().and_then(spelling::point);
                let point = point.or_else(|| free_gps(sample));
                if let Some(point) = point {
                    let finding = coordinates_finding("mp4.track.meta", path, "point", point);
                    self.add(finding);
                }
                Ok(point.is_some())
            }
        }
    }

    /// The names of the values in an Apple metadata track: `keys` in the sample entry holds a box for
    /// each, whose type is the local id and whose `keyd` holds namespace and name.
    fn mebx_keys(&mut self, track: &Track, path: &str) -> Result<()> {
        let Some(entry) = track.entry else {
            return Ok(());
        };
        self.track.keys.clear();
        let start = entry.body.start().saturating_add(8).min(entry.body.end());
        let mut boxes = Boxes::new(&self.film, Span::new(start, entry.body.end()));
        while let Some(keys) = boxes.next(self.cx)? {
            if !keys.is(b"keys") {
                continue;
            }
            let mut children = Boxes::new(&self.film, keys.body);
            while let Some(key) = children.next(self.cx)? {
                let mut parts = Boxes::new(&self.film, key.body);
                while let Some(part) = parts.next(self.cx)? {
                    if part.is(b"keyd") && self.track.keys.len() < 1000 {
                        let body = part.peek(&self.film, 256)?;
                        let name = spelling::text(body.get(4..).unwrap_or_default());
                        self.track.keys.push((key.kind, name));
                    }
                }
            }
        }
        for (_, name) in self.track.keys.clone() {
            let short = name.strip_prefix("com.apple.quicktime.").unwrap_or(&name);
            let (category, severity, _) = tables::key(short);
            self.add(
                Finding::new("mp4.track.meta", category, severity, path, "timed key").text(name),
            );
        }
        Ok(())
    }

    /// A sample of values: `u32` length, local id, value, one behind the other.
    fn mebx(&mut self, sample: &[u8], path: &str) -> Result<bool> {
        let mut cursor = Cursor::new(sample);
        while let Some(len) = cursor.u32(Order::Big) {
            self.cx.item()?;
            let value = usize::try_from(len)
                .ok()
                .and_then(|len| cursor.take(len.checked_sub(4)?));
            let Some((id, value)) = value.and_then(|v| Some((FourCc::read(v)?, v.get(4..)?)))
            else {
                break;
            };
            let name = self
                .track
                .keys
                .iter()
                .find(|(known, _)| *known == id)
                .map_or("", |(_, name)| name);
            if name.ends_with("location.ISO6709")
                && let Some(point) = spelling::point(&spelling::text(value))
            {
                let finding =
                    coordinates_finding("mp4.track.meta", path, "location.ISO6709", point);
                self.found.secrets.text(&spelling::text(value));
                self.add(finding);
                return Ok(true);
            }
            self.found.secrets.harvest(value);
        }
        Ok(false)
    }
}

/// The point in a camera motion sample of type 5 (`f64` latitude, longitude, altitude) or 6 (time, fix,
/// then the point with a `f32` altitude), little-endian, and its bytes.
fn camm(sample: &[u8]) -> Option<(Place, &[u8])> {
    let (at, precise) = match Order::Little.u16(sample.get(2..)?)? {
        5 => (4, true),
        6 => (16, false),
        _ => return None,
    };
    let bytes = sample.get(at..)?;
    let latitude = Order::Little.f64(bytes)?;
    let longitude = Order::Little.f64(bytes.get(8..)?)?;
    let altitude = bytes.get(16..).and_then(|b| {
        if precise {
            Order::Little.f64(b)
        } else {
            Order::Little.f32(b).map(f64::from)
        }
    });
    let mut place = Place::new(latitude, longitude)?;
    place.altitude = altitude;
    let known = latitude != 0.0 || longitude != 0.0;
    known.then_some((place, bytes.get(..16)?))
}

/// The point in a `freeGPS ` block of a Novatek camera: `A`, the letters of the hemispheres, a byte, then
/// latitude and longitude as little-endian `f32` of the form `DDDMM.mmmm`. There are thirty other
/// layouts; a block in one of them stays without point.
pub(super) fn free_gps(block: &[u8]) -> Option<Place> {
    let head = block.get(..block.len().min(512))?;
    head.windows(12).find_map(|window| match window {
        [
            b'A',
            north @ (b'N' | b'S'),
            east @ (b'E' | b'W'),
            _,
            numbers @ ..,
        ] => {
            let latitude = Order::Little.f32(numbers)?;
            let longitude = Order::Little.f32(numbers.get(4..)?)?;
            let place = Place::new(
                spelling::nmea_degrees(latitude.into(), *north)?,
                spelling::nmea_degrees(longitude.into(), *east)?,
            )?;
            (latitude > 1.0 || longitude > 1.0).then_some(place)
        }
        _ => None,
    })
}
