//! NAL units of HEVC (ITU-T H.265 §7.3.1) and AVC (ITU-T H.264 §7.3.1) as they stand in items and
//! samples, and the records that say how to decode them (ISO/IEC 14496-15).

use super::super::NAME;
use super::super::data::Data;
use super::super::texts::hides_text;
use super::sei::{self, Filtered};
use super::{Cut, Told};
use crate::bytes::{Context, Cursor, Order};
use crate::model::{Error, Result, fit, len_u64};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Hevc,
    Avc,
}

/// What a unit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// Slices, parameter sets, and marks between pictures.
    Picture,
    Sei,
    /// Filler, and types that no standard knows.
    Nothing,
}

impl Kind {
    /// Length of a unit's header in bytes.
    fn header(self) -> u64 {
        match self {
            Self::Hevc => 2,
            Self::Avc => 1,
        }
    }

    /// By the first byte of a unit and its length, header included.
    fn use_of(self, first: u8, len: u64) -> Use {
        match (self, self.type_of(first)) {
            (Self::Hevc, 0..=9 | 16..=21 | 32..=34) => Use::Picture,
            (Self::Avc, 1..=5 | 7 | 8 | 13..=15 | 19 | 20) => Use::Picture,
            // Marks between pictures hold nothing, or which slices follow.
            (Self::Hevc, 35) | (Self::Avc, 9) if len <= self.header().saturating_add(1) => {
                Use::Picture
            }
            (Self::Hevc, 36 | 37) | (Self::Avc, 10 | 11) if len == self.header() => Use::Picture,
            (Self::Hevc, 39 | 40) | (Self::Avc, 6) => Use::Sei,
            _ => Use::Nothing,
        }
    }

    fn type_of(self, first: u8) -> u8 {
        match self {
            Self::Hevc => first >> 1 & 0x3F,
            Self::Avc => first & 0x1F,
        }
    }
}

/// A longer message is nothing that a picture needs.
const LARGEST_SEI: u64 = 1 << 20;
/// So much of a unit that goes is looked at.
const SAMPLE: u64 = 4096;
/// So much of the end of a unit that stays is searched for text, which coded data does not look like for
/// so many characters by chance.
const TAIL: u64 = 256;
const TEXT: usize = 24;
/// The same in parameter sets, which are short.
const TEXT_IN_PARAMETERS: usize = 16;
/// And in flags of profiles.
const TEXT_IN_PROFILE: usize = 8;

/// A unit in coded data.
struct Unit {
    /// Where its length stands.
    at: u64,
    /// Where its header stands.
    body: u64,
    end: u64,
    first: u8,
}

fn units(
    data: &Data<'_>,
    kind: Kind,
    size: u8,
    cx: &Context<'_>,
    mut each: impl FnMut(&Unit) -> Result<()>,
) -> Result<()> {
    let bad = |what| {
        let at = data.spans().next().map_or(0, |span| span.start());
        Error::malformed(NAME, at, what)
    };
    let size = u64::from(size);
    let mut at = 0_u64;
    while at < data.len() {
        cx.item()?;
        let head = data.read(at, size.saturating_add(1), cx)?;
        let (length, first) = head
            .split_at_checked(usize::try_from(size).unwrap_or(4))
            .ok_or_else(|| bad("a coded picture is cut short"))?;
        let length = length
            .iter()
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let body = at.saturating_add(size);
        let end = body.saturating_add(length);
        // Where units of no length stand, lengths have another size than the record says.
        if end > data.len() || length < kind.header() {
            return Err(bad("a coded picture is cut short"));
        }
        each(&Unit {
            at,
            body,
            end,
            first: first.first().copied().unwrap_or(0xFF),
        })?;
        at = end;
    }
    Ok(())
}

pub(super) fn cuts(
    data: &Data<'_>,
    kind: Kind,
    size: u8,
    cx: &Context<'_>,
    told: &mut Told,
) -> Result<Vec<Cut>> {
    let mut cuts = Vec::new();
    units(data, kind, size, cx, |unit| {
        let len = unit.end.saturating_sub(unit.at);
        let mut bytes = Vec::new();
        match kind.use_of(unit.first, unit.end.saturating_sub(unit.body)) {
            Use::Picture => {
                let tail = data.read(unit.end.saturating_sub(TAIL.min(len)), TAIL, cx)?;
                told.text_stays |= hides_text(&tail, TEXT);
                return Ok(());
            }
            Use::Sei => {
                let body = unit.end.saturating_sub(unit.body);
                if body > LARGEST_SEI {
                    told.add("a message inside the coded picture", "coded picture", &[]);
                } else {
                    let nal = data.read(unit.body, body, cx)?;
                    match filter(&nal, kind, cx, told)? {
                        Filtered::Same => return Ok(()),
                        Filtered::Nothing => {}
                        Filtered::Rest(rest) => {
                            bytes = with_length(&rest, size).unwrap_or_default()
                        }
                    }
                }
            }
            Use::Nothing => {
                let nal = data.read(unit.body, len.min(SAMPLE), cx)?;
                told.add(
                    "data inside the coded picture that no decoder uses",
                    "coded picture",
                    &nal,
                );
            }
        }
        cuts.push(Cut {
            at: unit.at,
            len,
            bytes,
        });
        Ok(())
    })?;
    Ok(cuts)
}

/// A unit behind its length.
fn with_length(nal: &[u8], size: u8) -> Option<Vec<u8>> {
    let length = len_u64(nal.len()).to_be_bytes();
    let head = length.get(8_usize.checked_sub(size.into())?..)?;
    Some([head, nal].concat())
}

/// A unit of supplemental enhancement information with those messages only that may stay.
fn filter(nal: &[u8], kind: Kind, cx: &Context<'_>, told: &mut Told) -> Result<Filtered> {
    let header = usize::try_from(kind.header()).unwrap_or(2);
    let Some((header, payload)) = nal.split_at_checked(header) else {
        return Ok(Filtered::Nothing);
    };
    Ok(match sei::filter(payload, kind, cx, told)? {
        Filtered::Rest(rest) => Filtered::Rest([header, rest.as_slice()].concat()),
        other => other,
    })
}

pub(super) fn payload(
    data: &Data<'_>,
    kind: Kind,
    size: u8,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(u64, u64) -> Result<()>,
) -> Result<()> {
    units(data, kind, size, cx, |unit| {
        let codes = match kind {
            // The types between are reserved, and decoders skip them.
            Kind::Hevc => matches!(kind.type_of(unit.first), 0..=9 | 16..=21 | 32..=34),
            Kind::Avc => matches!(kind.type_of(unit.first), 1..=5 | 7 | 8),
        };
        if codes {
            sink(unit.body, unit.end.saturating_sub(unit.body))?;
        }
        Ok(())
    })
}

/// Counts the slices that begin a picture: `first_slice_segment_in_pic_flag` in HEVC, `first_mb_in_slice`
/// of zero in AVC, the first bit behind the header of both.
pub(super) fn pictures(data: &Data<'_>, kind: Kind, size: u8, cx: &Context<'_>) -> Result<u64> {
    let mut count = 0_u64;
    units(data, kind, size, cx, |unit| {
        let is_slice = match kind {
            Kind::Hevc => matches!(kind.type_of(unit.first), 0..=9 | 16..=21),
            Kind::Avc => matches!(kind.type_of(unit.first), 1 | 2 | 5),
        };
        if is_slice {
            let at = unit.body.saturating_add(kind.header());
            let first = data.read(at, 1, cx)?.first().copied().unwrap_or_default();
            count = count.saturating_add(u64::from(first >> 7));
        }
        Ok(())
    })?;
    Ok(count)
}

/// A decoder configuration record made anew, and how many bytes the lengths of units have. `None` when
/// it cannot be read.
///
/// # Errors
/// Those of the budget.
pub(in super::super) fn hevc_record(
    body: &[u8],
    cx: &Context<'_>,
    told: &mut Told,
) -> Result<Option<(Vec<u8>, u8)>> {
    let mut cursor = Cursor::new(body);
    let Some(head) = cursor
        .take(23)
        .and_then(|head| <[u8; 23]>::try_from(head).ok())
    else {
        return Ok(None);
    };
    let [version, general @ .., arrays] = head;
    // Early writers left the version at zero.
    if version > 1 {
        return Ok(None);
    }
    told.text_stays |= hides_text(&general, TEXT_IN_PROFILE);
    let mut out = vec![version];
    out.extend_from_slice(&general);
    // Reserved bits are ones, ISO/IEC 14496-15 §8.3.3.1.2.
    for (at, ones) in [(13, 0xF0), (15, 0xFC), (16, 0xFC), (17, 0xF8), (18, 0xF8)] {
        if let Some(byte) = out.get_mut(at) {
            *byte |= ones;
        }
    }
    let mut kept = Vec::new();
    for _ in 0..arrays {
        cx.item()?;
        let Some((first, units)) = array(&mut cursor) else {
            return Ok(None);
        };
        let mut all = Vec::new();
        for nal in units {
            cx.item()?;
            let first = nal.first().copied().unwrap_or(0xFF);
            match Kind::Hevc.use_of(first, len_u64(nal.len())) {
                Use::Picture if matches!(Kind::Hevc.type_of(first), 32..=34) => {
                    told.text_stays |= hides_text(nal, TEXT_IN_PARAMETERS);
                    all.push(nal.to_vec());
                }
                Use::Sei => match filter(nal, Kind::Hevc, cx, told)? {
                    Filtered::Same => all.push(nal.to_vec()),
                    Filtered::Rest(rest) => all.push(rest),
                    Filtered::Nothing => {}
                },
                _ => told.add("data beside the coded picture", "hvcC", nal),
            }
        }
        if !all.is_empty() {
            kept.push((first & 0xBF, all));
        }
    }
    if !cursor.is_at_end() {
        told.add("data behind the decoder's record", "hvcC", cursor.rest());
    }
    out.push(fit(kept.len())?);
    for (first, units) in kept {
        out.push(first);
        Order::Big.put_u16(&mut out, fit(units.len())?);
        for nal in units {
            Order::Big.put_u16(&mut out, fit(nal.len())?);
            out.extend_from_slice(&nal);
        }
    }
    let [.., sizes] = general;
    Ok(Some((out, (sizes & 3).saturating_add(1))))
}

/// The first byte of an array of units, and the units.
fn array<'a>(cursor: &mut Cursor<'a>) -> Option<(u8, Vec<&'a [u8]>)> {
    let first = cursor.u8()?;
    let count = cursor.u16(Order::Big)?;
    let mut units = Vec::new();
    for _ in 0..count {
        units.push(unit(cursor)?);
    }
    Some((first, units))
}

/// A unit behind its length in 16 bits.
fn unit<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let len = cursor.u16(Order::Big)?;
    cursor.take(len.into())
}

/// The same for AVC, ISO/IEC 14496-15 §5.3.3.1.
pub(in super::super) fn avc_record(body: &[u8], told: &mut Told) -> Option<(Vec<u8>, u8)> {
    let mut cursor = Cursor::new(body);
    let [version, profile, compatible, level, sizes, sets] = *cursor.take(6)?.first_chunk()?;
    if version != 1 {
        return None;
    }
    let mut out = vec![1, profile, compatible, level, 0xFC | sizes, 0xE0 | sets];
    let mut copy = |cursor: &mut Cursor<'_>, out: &mut Vec<u8>, count: u8| {
        for _ in 0..count {
            let nal = unit(cursor)?;
            told.text_stays |= hides_text(nal, TEXT_IN_PARAMETERS);
            Order::Big.put_u16(out, u16::try_from(nal.len()).ok()?);
            out.extend_from_slice(nal);
        }
        Some(())
    };
    copy(&mut cursor, &mut out, sets & 0x1F)?;
    let count = cursor.u8()?;
    out.push(count);
    copy(&mut cursor, &mut out, count)?;
    // The high profiles say more; old writers leave it out.
    if matches!(profile, 100 | 110 | 122 | 144 | 244) && cursor.rest().len() >= 4 {
        let [chroma, luma, chroma_depth, count] = *cursor.take(4)?.first_chunk()?;
        out.extend([0xFC | chroma, 0xF8 | luma, 0xF8 | chroma_depth, count]);
        copy(&mut cursor, &mut out, count)?;
    }
    if !cursor.is_at_end() {
        told.add("data behind the decoder's record", "avcC", cursor.rest());
    }
    Some((out, (sizes & 3).saturating_add(1)))
}
