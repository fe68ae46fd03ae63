//! Image resources: numbers that decide how the picture is shown; all else goes.

use super::judge::Judge;
use super::{PROFILE, RESOURCES};
use crate::bytes::{Context, Cursor, Order};
use crate::formats::common::reads_like_text;
use crate::metadata::{icc, photoshop};
use crate::model::{Category, Fate, Finding, Result, Severity, Span, fit, len_u64};

const ALPHA_NAMES: u16 = 0x03EE;
const UNICODE_ALPHA_NAMES: u16 = 0x0415;
const ICC: u16 = 0x040F;

/// A resource, and the bytes that it takes.
struct Resource<'a> {
    id: u16,
    data: &'a [u8],
    whole: &'a [u8],
}

fn next<'a>(cursor: &mut Cursor<'a>) -> Option<Resource<'a>> {
    let start = cursor.rest();
    let mut ahead = *cursor;
    let signature = ahead.take(4)?;
    [&b"8BIM"[..], b"MeSa", b"PHUT", b"AgHg", b"DCSR"]
        .contains(&signature)
        .then_some(())?;
    let id = ahead.u16(Order::Big)?;
    let name = usize::from(ahead.u8()?);
    ahead.skip(name)?;
    if name.is_multiple_of(2) {
        ahead.skip(1)?;
    }
    let len = usize::try_from(ahead.u32(Order::Big)?).ok()?;
    let data = ahead.take(len)?;
    if !len.is_multiple_of(2) {
        ahead.skip(1);
    }
    let used = ahead.at().checked_sub(cursor.at())?;
    *cursor = ahead;
    Some(Resource {
        id,
        data,
        whole: start.get(..used)?,
    })
}

/// Density across and down, each with the unit in which it and the side are shown.
fn is_resolution(data: &[u8]) -> bool {
    let numbers: Vec<u16> = data.chunks(2).filter_map(|n| Order::Big.u16(n)).collect();
    matches!(*numbers, [_, _, 0..=2, 0..=5, _, _, 0..=2, 0..=5])
}

/// All that is kept of a section, resource by resource: id, and data as it is written. Of each id the first
/// one counts.
pub(super) fn kept(section: &[u8], cx: &Context<'_>) -> Result<Vec<(u16, Vec<u8>)>> {
    let mut cursor = Cursor::new(section);
    let mut kept = Vec::new();
    while let Some(resource) = next(&mut cursor) {
        cx.item()?;
        let data = rebuilt(&resource, cx)?;
        if kept.iter().all(|(id, _)| *id != resource.id) {
            kept.extend(data.map(|data| (resource.id, data)));
        }
    }
    Ok(kept)
}

/// The data of a resource as it is written; `None` for one that goes.
fn rebuilt(resource: &Resource<'_>, cx: &Context<'_>) -> Result<Option<Vec<u8>>> {
    let data = resource.data;
    let numbers = |len: &usize| !reads_like_text(data.get(..*len).unwrap_or_default());
    let exactly = |len: usize| {
        Some(len)
            .filter(numbers)
            .and_then(|len| Some(data.get(..len)?.to_vec()))
    };
    Ok(match resource.id {
        // Resolution; pixel aspect ratio.
        0x03ED => exactly(16).filter(|data| is_resolution(data)),
        0x0428 => exactly(12),
        // Colours of channels: the last byte of each is padding.
        0x03EF if !reads_like_text(data) => Some(
            data.chunks_exact(14)
                .take(56)
                .flat_map(|one| one.iter().take(13).copied().chain([0]))
                .collect(),
        ),
        0x0435 => {
            let count = data
                .len()
                .saturating_sub(4)
                .checked_div(13)
                .unwrap_or(0)
                .min(56);
            exactly(count.saturating_mul(13).saturating_add(4))
        }
        // Colours of the table, the transparent one; an untagged picture; light and effects.
        0x0416 | 0x0417 => exactly(2),
        0x0411 | 0x0412 => exactly(1),
        0x040D | 0x0419 => exactly(4),
        // Numbers of alpha channels.
        0x041D => exactly(data.len().min(56 * 4) & !3),
        ALPHA_NAMES => Some(names(pascal_strings(data), |name, out| {
            out.push(u8::try_from(name.len()).unwrap_or(0));
            out.extend_from_slice(name.as_bytes());
        })),
        UNICODE_ALPHA_NAMES => Some(names(unicode_strings(data), unicode)),
        // What is no profile is used by no program.
        ICC if icc::is_profile(data) => Some(icc::scrub(data, cx)?),
        // The merged picture is none: readers must know.
        0x0421 if data.get(4) == Some(&0) => {
            Some([&[0, 0, 0, 1, 0][..], &[0; 8], &[0, 0, 0, 1]].concat())
        }
        _ => None,
    })
}

fn names(count: usize, write: impl Fn(&str, &mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    for number in 1..=count.min(56) {
        write(&format!("A{number}"), &mut out);
    }
    out
}

/// A Unicode string of the specification, with its zero.
pub(super) fn unicode(text: &str, out: &mut Vec<u8>) {
    let units: Vec<u16> = text.encode_utf16().chain([0]).collect();
    out.extend(u32::try_from(units.len()).unwrap_or(0).to_be_bytes());
    out.extend(units.iter().flat_map(|unit| unit.to_be_bytes()));
}

fn pascal_strings(data: &[u8]) -> usize {
    let mut cursor = Cursor::new(data);
    let mut count = 0usize;
    while let Some(len) = cursor.u8() {
        if cursor.skip(len.into()).is_none() {
            break;
        }
        count = count.saturating_add(1);
    }
    count
}

fn unicode_strings(data: &[u8]) -> usize {
    let mut cursor = Cursor::new(data);
    let mut count = 0usize;
    while let Some(len) = cursor.u32(Order::Big) {
        let bytes = usize::try_from(len).ok().and_then(|len| len.checked_mul(2));
        if bytes.and_then(|len| cursor.skip(len)).is_none() {
            break;
        }
        count = count.saturating_add(1);
    }
    count
}

fn written(id: u16, data: &[u8]) -> Result<Vec<u8>> {
    let mut out = b"8BIM".to_vec();
    out.extend(id.to_be_bytes());
    out.extend([0, 0]);
    out.extend(fit::<u32>(data.len())?.to_be_bytes());
    out.extend_from_slice(data);
    if !data.len().is_multiple_of(2) {
        out.push(0);
    }
    Ok(out)
}

impl Judge<'_> {
    /// The section of resources, without its length.
    pub(super) fn resources(&mut self, span: Span) -> Result<()> {
        self.cx.memory(span.len())?;
        let section = self.source.read(span)?;
        let place = "Image Resources";
        let mut cursor = Cursor::new(&section);
        let (mut gone, mut len) = (Vec::new(), 0u64);
        let mut seen: Vec<u16> = Vec::new();
        loop {
            let at = span.start().saturating_add(len_u64(cursor.at()));
            let Some(resource) = next(&mut cursor) else {
                break;
            };
            self.cx.item()?;
            let part = Span::new(at, at.saturating_add(len_u64(resource.whole.len())));
            let data = rebuilt(&resource, self.cx)?;
            let Some(data) = data.filter(|_| !seen.contains(&resource.id)) else {
                gone.extend_from_slice(resource.whole);
                len = len.saturating_add(part.len());
                self.part(part, "resource", Fate::Drop("psd.resources"));
                continue;
            };
            seen.push(resource.id);
            let bytes = written(resource.id, &data)?;
            let row = if resource.id == ICC {
                &PROFILE
            } else {
                &RESOURCES
            };
            if bytes != resource.whole {
                let since = self.found.findings.len();
                if resource.id == ICC {
                    icc::read(resource.data, "ICC Profile", self.cx, &mut self.found)?;
                } else {
                    photoshop::read(resource.whole, place, self.cx, &mut self.found)?;
                }
                if self.found.findings.len() == since {
                    self.unusual(row.what);
                }
            }
            self.part(part, row.what, Fate::rebuild(row, bytes));
        }
        let start = span.start().saturating_add(len_u64(cursor.at()));
        let slack = Span::new(start, span.end());
        if !slack.is_empty() {
            gone.extend_from_slice(cursor.rest());
            len = len.saturating_add(slack.len());
            self.part(slack, "slack of resources", Fate::Drop("psd.resources"));
        }
        if len > 0 {
            photoshop::read(&gone, place, self.cx, &mut self.found)?;
            let what = "image resources";
            let finding = Finding::new(
                "psd.resources",
                Category::History,
                Severity::Medium,
                place,
                what,
            );
            self.found.add(finding.bytes(len));
        }
        Ok(())
    }
}
