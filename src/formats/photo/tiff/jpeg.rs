//! JPEG streams in strips and tiles (TIFF Technical Note 2): what decoding needs, without the rest.

use super::lossless;
use crate::bytes::{Context, Order, Source, copy_in_memory, run};
use crate::containers::jpeg_segments::{
    DHT, DQT, SOS, Segment, repeats_a_symbol, segments, table_len, tables_are_exact,
};
use crate::model::{Error, Plan, Result, Span, Step, fit, len_u64};

/// Density 1:1 without unit, no thumbnail.
const JFIF: &[u8] = b"\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";

/// End of image.
const EOI: &[u8] = b"\xFF\xD9";
/// So much of the end of coded data is looked at.
const TAIL: u64 = 256;
/// So many characters, or equal bytes, stand there seldom by chance.
const RUN: usize = 8;

/// A stream without what decoding does not need.
#[derive(Debug, Default)]
pub(super) struct Cleaned {
    pub(super) pieces: Vec<Step>,
    /// What goes.
    pub(super) gone: Vec<Span>,
    /// Samples of the picture.
    pub(super) samples: u64,
    /// Tables that it decodes with.
    pub(super) used: Used,
}

/// Numbers of tables, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Used {
    quantization: u8,
    dc: u8,
    ac: u8,
}

impl Used {
    /// Whatever there is.
    pub(super) const ALL: Self = Self {
        quantization: 0x0F,
        dc: 0x0F,
        ac: 0x0F,
    };

    pub(super) fn join(&mut self, other: Self) {
        self.quantization |= other.quantization;
        self.dc |= other.dc;
        self.ac |= other.ac;
    }

    /// What the frames and scans of a stream name; everything where there is no frame.
    fn of(source: &Source<'_>, segments: &[Segment]) -> Result<Self> {
        let bit = |n: u8| 1_u8.checked_shl(u32::from(n)).unwrap_or(0);
        let mut used = Self::default();
        if !segments.iter().any(|segment| is_frame(segment.marker)) {
            return Ok(Self::ALL);
        }
        for segment in segments {
            if !is_frame(segment.marker) && segment.marker != SOS {
                continue;
            }
            let payload = source.read(segment.payload())?;
            if segment.marker == SOS {
                for pair in payload.get(1..).unwrap_or_default().chunks_exact(2) {
                    if let [_, tables] = *pair {
                        used.dc |= bit(tables >> 4);
                        used.ac |= bit(tables & 0x0F);
                    }
                }
            } else {
                for component in payload.get(6..).unwrap_or_default().chunks_exact(3) {
                    if let [_, _, table] = *component {
                        used.quantization |= bit(table);
                    }
                }
            }
        }
        Ok(used)
    }

    /// Of the tables in a segment, those that are used.
    fn filter(self, marker: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut rest = payload;
        while let Some(first) = rest.first() {
            let (table, more) = table_len(marker, rest)
                .and_then(|len| rest.split_at_checked(len))
                .unwrap_or((rest, &[]));
            let all = match (marker, first >> 4) {
                (DQT, _) => self.quantization,
                (_, 0) => self.dc,
                _ => self.ac,
            };
            if all.checked_shr(u32::from(first & 0x0F)).unwrap_or(0) & 1 == 1 {
                out.extend_from_slice(table);
            }
            rest = more;
        }
        out
    }
}

/// Whether a segment is nothing but what its kind holds; `false` for kinds that no decoder needs.
fn is_whole(marker: u8, payload: &[u8]) -> bool {
    let count = |at: usize| usize::from(payload.get(at).copied().unwrap_or(0));
    match marker {
        DHT | DQT => tables_are_exact(marker, payload),
        SOS => payload.len() == count(0).saturating_mul(2).saturating_add(4),
        // Restart interval, lines.
        0xDC | 0xDD => payload.len() == 2,
        // Conditioning of arithmetic coding: a number and a value each.
        0xCC => payload.len().is_multiple_of(2) && payload.len() <= 64,
        marker if is_frame(marker) => payload.len() == count(5).saturating_mul(3).saturating_add(6),
        0xD0..=0xD9 => true,
        _ => false,
    }
}

impl Cleaned {
    fn keep(&mut self, span: Span) {
        match self.pieces.last_mut() {
            Some(Step::Copy(last)) if last.end() == span.start() => {
                *last = Span::new(last.start(), span.end());
            }
            _ if span.is_empty() => {}
            _ => self.pieces.push(Step::Copy(span)),
        }
    }
}

/// Looks through the stream in `span`. Application data and comments go, but for what tells decoders
/// the colour transform; so does what stands behind its end.
///
/// # Errors
/// [`Error::Malformed`] when a decoder would stop, too.
pub(super) fn clean(source: &Source<'_>, span: Span, name: &'static str) -> Result<Cleaned> {
    clean_for(source, span, None, name)
}

/// The same, where others decode with these of its tables.
///
/// # Errors
/// As [`clean`].
pub(super) fn clean_for(
    source: &Source<'_>,
    span: Span,
    used: Option<Used>,
    name: &'static str,
) -> Result<Cleaned> {
    let segments = segments(source, span, name)?;
    let mut out = Cleaned {
        used: Used::of(source, &segments)?,
        ..Cleaned::default()
    };
    let used = used.unwrap_or(out.used);
    let mut at = span.start();
    for segment in segments {
        at = segment.coded.end();
        if segment.marker == 0xFF {
            out.gone.push(segment.span);
            continue;
        }
        if segment.is_metadata() {
            let payload = source.read(segment.payload())?;
            match rebuilt(segment.marker, &payload) {
                Some(bytes) if *source.read(segment.span)? == *bytes => out.keep(segment.span),
                Some(bytes) => {
                    out.gone.push(segment.span);
                    out.pieces.push(Step::bytes(bytes));
                }
                None => out.gone.push(segment.span),
            }
            continue;
        }
        let has_payload = segment.span.len() > 4;
        let payload = if has_payload {
            source.read(segment.payload())?
        } else {
            std::borrow::Cow::Borrowed(&[][..])
        };
        if !is_whole(segment.marker, &payload) {
            let what = "a segment of a JPEG has a wrong length or is not understood";
            return Err(Error::malformed(name, segment.span.start(), what));
        }
        if matches!(segment.marker, DHT | DQT) {
            let tables = used.filter(segment.marker, &payload);
            if used != Used::ALL && repeats_a_symbol(segment.marker, &tables) {
                let what = "a table of the picture is damaged";
                return Err(Error::malformed(name, segment.span.start(), what));
            }
            if tables != *payload {
                out.gone.push(segment.span);
                if !tables.is_empty() {
                    let len = fit(tables.len().saturating_add(2))?;
                    let mut bytes = vec![0xFF, segment.marker];
                    Order::Big.put_u16(&mut bytes, len);
                    bytes.extend(tables);
                    out.pieces.push(Step::bytes(bytes));
                }
                continue;
            }
        }
        if is_frame(segment.marker) {
            out.samples = samples(&payload).unwrap_or(0);
        }
        out.keep(Span::new(segment.span.start(), segment.coded.end()));
    }
    if at < span.end() {
        out.gone.push(Span::new(at, span.end()));
    }
    Ok(out)
}

/// What is left of application data.
fn rebuilt(marker: u8, payload: &[u8]) -> Option<Vec<u8>> {
    match marker {
        0xE0 if payload.starts_with(b"JFIF\0") => Some(JFIF.to_vec()),
        // Version 100, no flags, and the colour transform.
        0xEE if payload.starts_with(b"Adobe") => payload.get(11).map(|transform| {
            let mut out = b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0".to_vec();
            out.push(*transform);
            out
        }),
        _ => None,
    }
}

/// Start of frame (ITU-T T.81 table B.1): what is between them is not.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

/// Precision, lines, samples of a line, components.
fn samples(frame: &[u8]) -> Option<u64> {
    let lines = Order::Big.u16(frame.get(1..)?)?;
    let across = Order::Big.u16(frame.get(3..)?)?;
    let components = *frame.get(5)?;
    u64::from(lines)
        .checked_mul(across.into())?
        .checked_mul(components.into())
}

/// What the coded data of a stream holds besides codes.
pub(super) enum Scans {
    /// Nothing.
    Same,
    /// What may be text, and cannot be told from the picture.
    Odd,
    /// Bytes behind the last code: the stream without them.
    Cut(Vec<u8>),
}

/// Looks at the coded data with the tables that all strips share, in the way in which a file of its own
/// is looked at.
///
/// # Errors
/// The budget's; reading.
pub(super) fn scans(
    source: &Source<'_>,
    pieces: &[Step],
    tables: &[u8],
    name: &'static str,
    cx: &Context<'_>,
) -> Result<Scans> {
    let mut plan = Plan::new();
    pieces.iter().for_each(|piece| plan.push(piece.clone()));
    cx.memory(plan.len().saturating_mul(2))?;
    let mut stream = Vec::new();
    run(&plan, source, &mut stream)?;
    let (start, rest) = stream.split_at_checked(2).unwrap_or((&stream, &[]));
    let tables = tables.get(2..).unwrap_or_default();
    let tables = tables.strip_suffix(EOI).unwrap_or(tables);
    let mut whole = [start, tables, rest].concat();
    if !whole.ends_with(EOI) {
        whole.extend(EOI);
    }
    let whole = Source::memory(&whole);
    let all = segments(&whole, whole.whole(), name)?;
    if cx.policy().strict || looks_odd(&whole, &all)? {
        let bytes = whole.read(whole.whole())?;
        if let Some(end) = lossless::end(&bytes, &all)
            && let Some(scan) = all.iter().find(|segment| segment.marker == SOS)
            && let unneeded = scan.coded.len().saturating_sub(len_u64(end))
            && unneeded > 0
        {
            // Behind the tables, the stream stands as it was.
            let behind = whole.len().saturating_sub(scan.coded.end());
            let added = u64::from(!stream.ends_with(EOI)).saturating_mul(len_u64(EOI.len()));
            let stop = len_u64(stream.len()).saturating_sub(behind.saturating_sub(added));
            let split = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
            let from = stop.saturating_sub(unneeded);
            let head = stream.get(..split(from)).unwrap_or_default();
            let tail = stream.get(split(stop)..).unwrap_or_default();
            return Ok(Scans::Cut([head, tail].concat()));
        }
    }
    let inside = match cx.examine_as("jpeg", &whole) {
        Ok(inside) => inside,
        // Not of a kind that files are of.
        Err(Error::Malformed { .. } | Error::Unsupported { .. }) => return Ok(Scans::Same),
        Err(error) => return Err(error),
    };
    let stream = Source::memory(&stream);
    let clean = copy_in_memory(&inside.plan, &whole, cx)?;
    let clean = Source::memory(&clean);
    let ours = coded(&segments(&stream, stream.whole(), name)?);
    let theirs = match segments(&clean, clean.whole(), name) {
        Ok(all) => coded(&all),
        Err(_) => return Ok(Scans::Same),
    };
    let longer = |(ours, theirs): (&Span, &Span)| ours.len() > theirs.len();
    if ours.len() == theirs.len() && ours.iter().zip(&theirs).any(longer) {
        let mut out = Vec::new();
        let mut at = 0;
        for (ours, theirs) in ours.iter().zip(&theirs) {
            out.extend_from_slice(&stream.read(Span::new(at, ours.start()))?);
            out.extend_from_slice(&clean.read(*theirs)?);
            at = ours.end();
        }
        out.extend_from_slice(&stream.read(Span::new(at, stream.len()))?);
        return Ok(Scans::Cut(out));
    }
    let mut left = inside.residue.iter();
    let is_odd = left.any(|it| it.id == "jpeg.entropy.tail");
    Ok(if is_odd { Scans::Odd } else { Scans::Same })
}

/// Whether coded data ends like text, or like padding.
fn looks_odd(source: &Source<'_>, segments: &[Segment]) -> Result<bool> {
    for scan in segments.iter().filter(|segment| segment.marker == SOS) {
        let tail = scan
            .coded
            .end()
            .saturating_sub(TAIL)
            .max(scan.coded.start());
        let tail = source.read(Span::new(tail, scan.coded.end()))?;
        let kind = |byte: &u8| match byte {
            b' '..=b'~' => b' ',
            byte => *byte,
        };
        let mut runs = tail.chunk_by(|a, b| kind(a) == kind(b));
        if runs.any(|run| run.len() >= RUN) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn coded(segments: &[Segment]) -> Vec<Span> {
    let scans = segments.iter().filter(|segment| segment.marker == SOS);
    scans.map(|segment| segment.coded).collect()
}
