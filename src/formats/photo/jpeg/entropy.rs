//! Where the data of a scan really ends. No decoder reads what is located between its last code and the
//! next marker.

use std::collections::BTreeMap;

use super::codes::{Stop, Table};
use super::huffman::{self, Component, Look, Scan};
use super::markers::{self, DHT, DNL, DRI, SOF0, SOF2, SOS};
use super::parse::{Image, Segment, malformed};
use super::tables;
use crate::bytes::{Context, Cursor, Hasher, Order, Source};
use crate::model::{Category, Digest, Finding, Result, Severity, Span, len_u64};

/// What is known about the coded data of an image.
#[derive(Debug, Default)]
pub(super) struct Tails {
    /// Runs of bytes that belong to no code, by index of their scan.
    excess: BTreeMap<usize, Vec<Span>>,
    /// What looks like hidden data and could not be told from the picture.
    pub(super) residue: Vec<Finding>,
}

impl Tails {
    /// The runs that belong to no code of the scan with this index, in order.
    pub(super) fn excess(&self, index: usize) -> &[Span] {
        self.excess
            .get(&index)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }
}

/// Looks at the ends of all scans, and closes an image whose end was not found. Walking scans code by code
/// takes longer than everything else, so a scan of sequential coding is walked whole only where its end
/// looks odd, where it may hold more than the frame shows, where the file has no end mark, and on request.
///
/// # Errors
/// [`Error::Malformed`] when restart markers are out of order, or when there is no end mark and the data
/// is damaged as well.
pub(super) fn tails(source: &Source<'_>, image: &mut Image<'_>, cx: &Context<'_>) -> Result<Tails> {
    let is_doubtful = !image.has_eoi || image.has_garbage_behind()?;
    let odd = any_odd(source, image)?;
    let look = if odd || is_doubtful || cx.policy().strict {
        Look::Codes
    } else {
        Look::Ends
    };
    let walked = if look == Look::Ends && !has_many_parts(image) {
        walk(source, image, look, is_doubtful, cx)?
    } else {
        let question = question(source, image, look, is_doubtful)?;
        cx.once(question, || walk(source, image, look, is_doubtful, cx))?
    };
    match walked {
        Walk::Done(runs) => {
            let mut excess = placed(image, &runs);
            if is_doubtful {
                close(image, &mut excess);
            }
            Ok(Tails {
                excess,
                residue: Vec::new(),
            })
        }
        Walk::Restarts => Err(malformed(image.span.end(), "the coded picture is damaged")),
        Walk::Damaged | Walk::Impossible if !image.has_eoi => Err(malformed(
            image.span.end(),
            "it has no end mark, and its end cannot be found",
        )),
        Walk::Damaged | Walk::Impossible if !odd => Ok(Tails::default()),
        Walk::Damaged | Walk::Impossible => Ok(Tails {
            excess: BTreeMap::new(),
            residue: vec![Finding::new(
                "jpeg.entropy.tail",
                Category::Unknown,
                Severity::Low,
                "SOS",
                "text in the coded picture that may be hidden data",
            )],
        }),
    }
}

/// Ends the image behind the last code of its last scan; what follows is looked at with what follows the
/// image.
fn close(image: &mut Image<'_>, excess: &mut BTreeMap<usize, Vec<Span>>) {
    let Some(last) = image.segments.iter().rposition(|s| s.marker == SOS) else {
        return;
    };
    let Some(coded) = image.segments.get(last).map(|s| s.coded) else {
        return;
    };
    let runs = excess.get_mut(&last);
    let tail = runs.and_then(|runs| runs.pop_if(|run| run.end() == coded.end()));
    if tail.is_some() || !image.has_eoi {
        image.end_at(tail.map_or(coded.end(), |tail| tail.start()));
    }
    excess.retain(|_, runs| !runs.is_empty());
}

fn any_odd(source: &Source<'_>, image: &Image<'_>) -> Result<bool> {
    let restarts = has_restarts(image);
    for segment in image
        .segments
        .iter()
        .filter(|segment| segment.marker == SOS)
    {
        if looks_odd(source, segment.coded, restarts)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_restarts(image: &Image<'_>) -> bool {
    image
        .segments
        .iter()
        .any(|segment| segment.marker == DRI && *segment.payload != [0, 0])
}

/// How far before a marker hidden data is looked for.
const TAIL: u64 = 96;
/// Minimum run of printable bytes treated as suspicious (about 2 % false positives).
const PRINTABLE: usize = 8;
/// Minimum run of equal bytes treated as padding.
const EQUAL: usize = 12;

/// Whether the last bytes before the end of coded data, or before a restart, look like text or padding.
fn looks_odd(source: &Source<'_>, coded: Span, restarts: bool) -> Result<bool> {
    if has_runs(&source.read(end_of(coded, TAIL))?) {
        return Ok(true);
    }
    if !restarts {
        return Ok(false);
    }
    let mut odd = false;
    let mut carry: Vec<u8> = Vec::new();
    let tail = usize::try_from(TAIL).unwrap_or(0);
    source.for_each(coded, |bytes| {
        carry.extend_from_slice(bytes);
        for at in memchr::memchr_iter(0xFF, &carry) {
            let restart = carry
                .get(at.saturating_add(1))
                .is_some_and(|code| (markers::RST0..=markers::RST7).contains(code));
            odd |= restart && has_runs(carry.get(at.saturating_sub(tail)..at).unwrap_or_default());
        }
        carry.drain(..carry.len().saturating_sub(tail));
        Ok(())
    })?;
    Ok(odd)
}

/// The last `len` bytes of a span, or all of it.
fn end_of(span: Span, len: u64) -> Span {
    Span::new(span.end().saturating_sub(len).max(span.start()), span.end())
}

fn has_runs(bytes: &[u8]) -> bool {
    let (mut printable, mut equal, mut last) = (0usize, 0usize, None);
    for byte in bytes {
        printable = if matches!(byte, 0x20..=0x7E) {
            printable.saturating_add(1)
        } else {
            0
        };
        equal = if last == Some(byte) {
            equal.saturating_add(1)
        } else {
            1
        };
        last = Some(byte);
        if printable >= PRINTABLE || equal >= EQUAL {
            return true;
        }
    }
    false
}

/// Whether the data is walked code by code in all likelihood.
fn has_many_parts(image: &Image<'_>) -> bool {
    let mut scans = image.segments.iter().filter(|s| s.marker == SOS);
    has_restarts(image) || scans.nth(1).is_some()
}

/// A digest of all that [`walk`] looks at.
fn question(
    source: &Source<'_>,
    image: &Image<'_>,
    look: Look,
    is_doubtful: bool,
) -> Result<Digest> {
    let mut hasher = Hasher::new();
    let is_at_end = |segment: &Segment<'_>| segment.coded.end() == source.len();
    for (name, says) in [
        ("JPEG-codes", look == Look::Codes),
        ("doubtful", is_doubtful),
        ("end-mark", image.has_eoi),
        ("end-of-file", image.segments.iter().any(is_at_end)),
    ] {
        hasher.label(name, u64::from(says));
    }
    for segment in &image.segments {
        let marker = segment.marker;
        if !markers::is_frame(marker) && !matches!(marker, DHT | DNL | DRI | SOS) {
            continue;
        }
        hasher.label("marker", u64::from(marker));
        hasher.label("payload", len_u64(segment.payload.len()));
        hasher.bytes(&segment.payload);
        if marker == SOS {
            hasher.label("restarts", segment.restarts);
            hasher.label("coded", segment.coded.len());
            source.for_each(segment.coded, |bytes| {
                hasher.bytes(bytes);
                Ok(())
            })?;
        }
    }
    Ok(hasher.finish())
}

/// Where the runs of each scan are located, by index of the scan.
fn placed(image: &Image<'_>, runs: &[Runs]) -> BTreeMap<usize, Vec<Span>> {
    let segments = image.segments.iter().enumerate();
    let scans = segments.filter(|(_, segment)| segment.marker == SOS);
    let mut out = BTreeMap::new();
    for ((index, segment), runs) in scans.zip(runs) {
        let at = |n: usize| segment.coded.start().saturating_add(len_u64(n));
        if !runs.is_empty() {
            let spans = runs.iter().map(|(a, b)| Span::new(at(*a), at(*b)));
            out.insert(index, spans.collect());
        }
    }
    out
}

/// Runs of bytes that belong to no code of a scan, as offsets into its data.
type Runs = Vec<(usize, usize)>;

#[derive(Clone)]
enum Walk {
    /// The runs of each scan.
    Done(Vec<Runs>),
    /// The data breaks its own rules.
    Damaged,
    /// See [`Stop::Restarts`].
    Restarts,
    /// Arithmetic, lossless or hierarchical coding.
    Impossible,
}

struct FrameComponent {
    id: u8,
    h: usize,
    v: usize,
    /// Blocks that hold picture, each way.
    across: usize,
    down: usize,
    stride: usize,
    history: Vec<u64>,
}

struct Frame {
    progressive: bool,
    mcus_across: usize,
    mcus_down: usize,
    components: Vec<FrameComponent>,
}

fn walk(
    source: &Source<'_>,
    image: &Image<'_>,
    look: Look,
    is_doubtful: bool,
    cx: &Context<'_>,
) -> Result<Walk> {
    let frames: Vec<_> = image
        .segments
        .iter()
        .filter(|segment| markers::is_frame(segment.marker))
        .collect();
    let [frame] = *frames else {
        return Ok(Walk::Impossible);
    };
    if !(SOF0..=SOF2).contains(&frame.marker) {
        return Ok(Walk::Impossible);
    }
    let lines = image
        .segments
        .iter()
        .find(|s| s.marker == DNL)
        .map(|s| &*s.payload);
    let Some(mut frame) = read_frame(&frame.payload, frame.marker == SOF2, lines, cx)? else {
        return Ok(Walk::Impossible);
    };
    // Decoders use the standard tables for those that are not defined.
    let standard = tables::STANDARD.iter();
    let mut tables: BTreeMap<u8, Table> = standard
        .filter_map(|(name, counts, symbols)| Some((*name, Table::new(counts, symbols)?)))
        .collect();
    let mut interval = 0usize;
    let mut excess = Vec::new();
    let last = image
        .segments
        .iter()
        .rposition(|segment| segment.marker == SOS);
    for (index, segment) in image.segments.iter().enumerate() {
        match segment.marker {
            DHT if read_tables(&segment.payload, &mut tables).is_none() => {
                return Ok(Walk::Damaged);
            }
            DRI => interval = Order::Big.u16(&segment.payload).map_or(0, usize::from),
            SOS => {
                let Some(scan) = read_scan(&segment.payload, &mut frame, &tables, interval) else {
                    return Ok(Walk::Damaged);
                };
                let has_intervals = interval != 0 || segment.restarts != 0;
                if look == Look::Ends && !has_intervals && is_whole(source, segment.coded, &scan)? {
                    excess.push(Runs::new());
                    continue;
                }
                // The number of intervals is known from their markers, that of MCUs from the codes only.
                let look = if has_intervals { look } else { Look::Codes };
                let is_last = Some(index) == last;
                let coded = source.read(segment.coded)?;
                match huffman::excess(&coded, scan, look, is_doubtful && is_last, cx)? {
                    Ok(runs) => excess.push(runs),
                    // A picture that was cut off; all there is of it is picture.
                    Err(Stop::OutOfData)
                        if is_last && (image.has_eoi || segment.coded.end() == source.len()) =>
                    {
                        excess.push(Runs::new());
                    }
                    Err(Stop::Restarts) => return Ok(Walk::Restarts),
                    Err(_) => return Ok(Walk::Damaged),
                }
            }
            _ => {}
        }
    }
    Ok(Walk::Done(excess))
}

/// Whether sequential data ends as coded data does, and holds no more MCUs than the scan has: a frame
/// header with fewer lines than there are leaves the rest of the picture in the file.
fn is_whole(source: &Source<'_>, coded: Span, scan: &Scan<'_>) -> Result<bool> {
    let tail = end_of(coded, len_u64(huffman::TAIL));
    if !huffman::ends_as_coded(&source.read(tail)?, scan) {
        return Ok(false);
    }
    let (samples, sample) = (len_u64(huffman::SAMPLES), len_u64(huffman::SAMPLE));
    if coded.len() <= samples.saturating_mul(sample).saturating_mul(2) {
        return Ok(false);
    }
    let step = coded.len().checked_div(samples).unwrap_or(0);
    let mut pieces = Vec::new();
    for n in 0..samples {
        let at = coded.start().saturating_add(step.saturating_mul(n));
        pieces.push(source.peek(at, sample)?.into_owned());
    }
    let len = usize::try_from(coded.len()).unwrap_or(usize::MAX);
    let mcus = f64::from(u32::try_from(scan.mcus()).unwrap_or(u32::MAX));
    Ok(
        huffman::estimate(&pieces, len, scan)
            .is_some_and(|estimate| estimate < mcus * MOST_SURPLUS),
    )
}

/// Maximum estimate of the number of MCUs, as a multiple of those that the frame has. Estimates differ from
/// the truth by some percent.
const MOST_SURPLUS: f64 = 1.1;

fn read_frame(
    payload: &[u8],
    progressive: bool,
    lines: Option<&[u8]>,
    cx: &Context<'_>,
) -> Result<Option<Frame>> {
    let Some((height, width, sizes)) = frame_header(payload, lines) else {
        return Ok(None);
    };
    let h_max = sizes.iter().map(|c| c.1).max().unwrap_or(1);
    let v_max = sizes.iter().map(|c| c.2).max().unwrap_or(1);
    let mcus_across = width.div_ceil(h_max.saturating_mul(8));
    let mcus_down = height.div_ceil(v_max.saturating_mul(8));
    let mut components = Vec::new();
    for (id, h, v) in sizes {
        let stride = mcus_across.saturating_mul(h);
        let blocks = if progressive {
            stride.saturating_mul(mcus_down).saturating_mul(v)
        } else {
            0
        };
        let bytes = len_u64(blocks).saturating_mul(8);
        if bytes > cx.limits().block {
            return Ok(None);
        }
        cx.memory(bytes)?;
        components.push(FrameComponent {
            id,
            h,
            v,
            across: width.saturating_mul(h).div_ceil(h_max).div_ceil(8),
            down: height.saturating_mul(v).div_ceil(v_max).div_ceil(8),
            stride,
            history: vec![0; blocks],
        });
    }
    Ok(Some(Frame {
        progressive,
        mcus_across,
        mcus_down,
        components,
    }))
}

type Sizes = Vec<(u8, usize, usize)>;

fn frame_header(payload: &[u8], lines: Option<&[u8]>) -> Option<(usize, usize, Sizes)> {
    let mut cursor = Cursor::new(payload);
    cursor.skip(1)?;
    let mut height = cursor.u16(Order::Big)?;
    if height == 0 {
        height = Order::Big.u16(lines?)?;
    }
    let width = cursor.u16(Order::Big)?;
    let count = cursor.u8()?;
    let mut sizes = Vec::new();
    for _ in 0..count {
        let [id, sampling, _] = *cursor.take(3)?.first_chunk()?;
        let (h, v) = (usize::from(sampling >> 4), usize::from(sampling & 15));
        sizes.push((id, h, v));
        if !(1..=4).contains(&h) || !(1..=4).contains(&v) {
            return None;
        }
    }
    (height > 0 && width > 0 && !sizes.is_empty())
        .then(|| (usize::from(height), usize::from(width), sizes))
}

fn read_tables(mut payload: &[u8], tables: &mut BTreeMap<u8, Table>) -> Option<()> {
    while let [head, rest @ ..] = payload {
        let counts = rest.get(..16)?;
        let len: usize = counts.iter().map(|n| usize::from(*n)).sum();
        let end = len.checked_add(16)?;
        // One that is no code is no damage before a scan uses it: another one may take its place.
        match Table::new(counts, rest.get(16..end)?) {
            Some(table) => tables.insert(*head, table),
            None => tables.remove(head),
        };
        payload = rest.get(end..)?;
    }
    Some(())
}

fn read_scan<'t>(
    payload: &[u8],
    frame: &'t mut Frame,
    tables: &'t BTreeMap<u8, Table>,
    interval: usize,
) -> Option<Scan<'t>> {
    let mut cursor = Cursor::new(payload);
    let count = usize::from(cursor.u8()?);
    let mut selected = Vec::new();
    for _ in 0..count {
        let [id, table] = *cursor.take(2)?.first_chunk()?;
        selected.push((id, table >> 4, table & 15));
    }
    let [first, last, approximation] = *cursor.take(3)?.first_chunk()?;
    let progressive = frame.progressive;
    let single = count == 1;
    let (mut mcus_across, mut mcus_down) = (frame.mcus_across, frame.mcus_down);
    let mut components = Vec::new();
    for component in &mut frame.components {
        let Some((_, dc, ac)) = selected.iter().find(|(id, _, _)| *id == component.id) else {
            continue;
        };
        if single {
            (mcus_across, mcus_down) = (component.across, component.down);
        }
        components.push(Component {
            dc: tables.get(dc),
            ac: tables.get(&(0x10 | ac)),
            h: if single { 1 } else { component.h },
            v: if single { 1 } else { component.v },
            history: progressive.then_some(component.history.as_mut_slice()),
            stride: component.stride,
        });
    }
    let band = !progressive || (first <= last && last < 64 && (first == 0) == (last == 0));
    (components.len() == count && count > 0 && band && (first == 0 || !progressive || single))
        .then_some(Scan {
            components,
            mcus_across,
            mcus_down,
            interval,
            progressive,
            first,
            last,
            refines: approximation >> 4 != 0,
        })
}
