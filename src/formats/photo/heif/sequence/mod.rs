//! Sequences of pictures: `moov` with `pict` tracks (ISO/IEC 23008-12 §7, AVIF §3), read and made anew.

mod entry;
mod reader;
mod tables;
mod track;

use std::collections::BTreeSet;

use super::NAME;
use super::codec::Told;
use super::pool::Layout;
use super::write::{boxed, full};
use crate::bytes::{Context, Cursor, Source};
use crate::containers::isobmff::{BoxHeader, Boxes};
use crate::model::{Category, Error, Finding, Found, Result, Severity};

pub(super) use track::Track;

/// A sequence.
#[derive(Debug)]
pub(super) struct Movie {
    version: u8,
    /// Body of `mvhd` behind version and flags, without times.
    header: Vec<u8>,
    /// Tracks that stay.
    pub(super) tracks: Vec<Track>,
    /// Tracks that go.
    pub(super) gone: Vec<BoxHeader>,
    /// Other boxes that go.
    pub(super) others: Vec<BoxHeader>,
    /// Boxes that stay without the times that they hold.
    pub(super) timed: Vec<BoxHeader>,
}

fn bad(header: &BoxHeader, what: &'static str) -> Error {
    Error::malformed(NAME, header.whole.start(), what)
}

/// The only child of a kind.
fn set(slot: &mut Option<BoxHeader>, header: BoxHeader) -> Result<()> {
    match slot.replace(header) {
        None => Ok(()),
        Some(_) => Err(bad(&header, "two boxes where one may stand")),
    }
}

fn required(slot: Option<BoxHeader>, around: &BoxHeader, what: &'static str) -> Result<BoxHeader> {
    slot.ok_or_else(|| bad(around, what))
}

impl Movie {
    /// Reads a `moov` box.
    ///
    /// # Errors
    /// [`Error::Malformed`] when a track that is shown cannot be read; [`Error::Unsupported`] when it holds
    /// what cannot be cleaned.
    pub(super) fn parse(
        source: &Source<'_>,
        moov: &BoxHeader,
        cx: &Context<'_>,
        told: &mut Told,
        found: &mut Found,
    ) -> Result<Self> {
        let mut header = None;
        let mut tracks = Vec::new();
        let mut others = Vec::new();
        let mut boxes = Boxes::new(source, moov.body);
        while let Some(child) = boxes.next(cx)? {
            match &child.kind.0 {
                b"mvhd" => set(&mut header, child)?,
                b"trak" => tracks.push(child),
                b"mvex" | b"cmov" => {
                    return Err(Error::unsupported(
                        "sequences of pictures in fragments; open it \
                        where it is shown, save it as JPEG, and clean that",
                    ));
                }
                _ => others.push(child),
            }
        }
        let header = required(header, moov, "a sequence without mvhd")?;
        let body = header.read(source, cx)?;
        let (version, clean) =
            movie_header(&body).ok_or_else(|| bad(&header, "mvhd is too short"))?;
        compare(
            &header,
            &body,
            &full(b"mvhd", version, 0, &clean)?,
            true,
            found,
        );
        let mut movie = Self {
            version,
            header: clean,
            tracks: Vec::new(),
            gone: Vec::new(),
            others,
            timed: vec![header],
        };
        for trak in tracks {
            match Track::parse(source, &trak, cx, told, found)? {
                Some(track) => movie.tracks.push(track),
                None => movie.gone.push(trak),
            }
        }
        movie.choose();
        for track in &mut movie.tracks {
            movie.others.append(&mut track.others);
            movie.timed.append(&mut track.timed);
        }
        Ok(movie)
    }

    /// Keeps the tracks of pictures, and those of transparency that belong to them.
    fn choose(&mut self) {
        let pictures: BTreeSet<u32> = self
            .tracks
            .iter()
            .filter(|track| !track.is_auxiliary())
            .map(|track| track.id)
            .collect();
        let (kept, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut self.tracks)
            .into_iter()
            .partition(|track| {
                !track.is_auxiliary() || track.alpha_of().any(|id| pictures.contains(&id))
            });
        self.tracks = kept;
        self.gone.extend(gone.into_iter().map(|track| track.header));
        let ids: BTreeSet<u32> = self.tracks.iter().map(|track| track.id).collect();
        for track in &mut self.tracks {
            track.refer_only_to(&ids);
        }
    }

    /// The box made anew, for samples that stand where `layout` says, behind `base`.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when a number does not fit.
    pub(super) fn write(&self, layout: &Layout, base: u64) -> Result<Vec<u8>> {
        let mut body = full(b"mvhd", self.version, 0, &self.header)?;
        for track in &self.tracks {
            body.extend(track.write(layout, base)?);
        }
        boxed(b"moov", &body)
    }

    /// Everything that consists of numbers only.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &[u8]> {
        let tracks = self.tracks.iter().flat_map(Track::numbers);
        std::iter::once(self.header()).chain(tracks)
    }

    /// What of the header decides how the sequence is shown.
    pub(super) fn header(&self) -> &[u8] {
        &self.header
    }
}

/// Tells of a box that says more than is written again, times left aside: those are told by themselves.
fn compare(header: &BoxHeader, old: &[u8], new: &[u8], has_times: bool, found: &mut Found) {
    let mut old = old.to_vec();
    if has_times {
        let end = if old.first() == Some(&1) { 20 } else { 12 };
        if let Some(times) = old.get_mut(4..end) {
            times.fill(0);
        }
    }
    let new = new.get(8..).unwrap_or_default();
    if *new == *old {
        return;
    }
    found.secrets.harvest_lost(&old, new);
    found.findings.push(Finding::new(
        "mp4.mvhd.rest",
        Category::Unknown,
        Severity::Low,
        format!("moov/{}", header.kind),
        "fields that no program needs",
    ));
}

/// Version and body of `mvhd` (ISO/IEC 14496-12 §8.2.2) without times and reserved numbers.
fn movie_header(body: &[u8]) -> Option<(u8, Vec<u8>)> {
    let mut cursor = Cursor::new(body);
    let version = cursor.u8().filter(|version| *version <= 1)?;
    cursor.skip(3)?;
    let width: usize = if version == 1 { 8 } else { 4 };
    cursor.skip(width.saturating_mul(2))?;
    let mut out = vec![0; width.saturating_mul(2)];
    // Timescale and duration, rate, volume.
    out.extend_from_slice(cursor.take(width.saturating_add(4))?);
    out.extend_from_slice(cursor.take(6)?);
    cursor.skip(10)?;
    out.extend_from_slice(&[0; 10]);
    // Matrix.
    out.extend_from_slice(cursor.take(36)?);
    cursor.skip(24)?;
    out.extend_from_slice(&[0; 24]);
    // Number of the next track.
    out.extend_from_slice(cursor.take(4)?);
    Some((version, out))
}
