//! Pieces that are known by their end: programs and makers append them and find them from there.

use memchr::memmem;

use super::spelling;
use crate::bytes::{Context, Cursor, Order, Source};
use crate::metadata::text::coordinates_finding;
use crate::metadata::{iptc, xmp};
use crate::model::{Category, Finding, Found, Place, Result, Role, Severity, Span, len_u64};

const ID: &str = super::heads::VENDOR;
/// A larger block is not read into memory.
const LARGEST: u64 = 4 << 20;
/// Records beyond are not looked at.
const MOST_RECORDS: usize = 1000;

/// A trailer that is found from its end.
pub(super) struct Foot {
    pub(super) name: &'static str,
    /// Its length, if the last bytes of the piece are its end.
    len: fn(&Source<'_>, &[u8]) -> Result<Option<u64>>,
    pub(super) read: fn(&Source<'_>, &str, &Context<'_>, &mut Found) -> Result<()>,
}

static FEET: &[Foot] = &[
    Foot {
        name: "AFCP",
        len: afcp_len,
        read: afcp,
    },
    Foot {
        name: "FotoStation",
        len: foto_station_len,
        read: foto_station,
    },
    Foot {
        name: "PhotoMechanic",
        len: photo_mechanic_len,
        read: photo_mechanic,
    },
    Foot {
        name: "Canon VRD",
        len: canon_len,
        read: packets,
    },
    Foot {
        name: "MIE",
        len: mie_len,
        read: texts,
    },
    Foot {
        name: "Insta360",
        len: insta360_len,
        read: insta360,
    },
    Foot {
        name: "Nikon app",
        len: nikon_len,
        read: packets,
    },
    Foot {
        name: "Vivo data",
        len: vivo_len,
        read: texts,
    },
    Foot {
        name: "OnePlus data",
        len: oneplus_len,
        read: texts,
    },
];

/// The trailer whose end mark closes the piece, and its length.
pub(super) fn find(piece: &Source<'_>) -> Result<Option<(u64, &'static Foot)>> {
    let end = piece.peek(piece.len().saturating_sub(128), 128)?;
    for foot in FEET {
        if let Some(len) = (foot.len)(piece, &end)? {
            // One whose length makes no sense is everything that is left.
            let len = if (1..=piece.len()).contains(&len) {
                len
            } else {
                piece.len()
            };
            return Ok(Some((len, foot)));
        }
    }
    Ok(None)
}

/// The last `N` bytes.
fn last<const N: usize>(end: &[u8]) -> Option<&[u8; N]> {
    end.last_chunk()
}

/// The first number of some bytes, added to the length of what frames them.
fn framed(number: Option<u32>, frame: u64) -> Option<u64> {
    number.map(|n| u64::from(n).saturating_add(frame))
}

fn in_memory<'a>(piece: &Source<'a>, cx: &Context<'_>) -> Result<std::borrow::Cow<'a, [u8]>> {
    let span = Span::new(0, piece.len().min(LARGEST));
    cx.memory(span.len())?;
    piece.read(span)
}

/// What the texts of a block are, nobody knows.
fn texts(piece: &Source<'_>, _: &str, _: &Context<'_>, found: &mut Found) -> Result<()> {
    super::harvest(piece, found)
}

/// XMP packets somewhere in a block.
fn packets(piece: &Source<'_>, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    super::harvest(piece, found)?;
    let block = in_memory(piece, cx)?;
    let mut rest: &[u8] = &block;
    while let Some(start) = memmem::find(rest, b"<x:xmpmeta") {
        cx.item()?;
        let packet = rest.get(start..).unwrap_or_default();
        let end =
            memmem::find(packet, b"</x:xmpmeta>").map_or(packet.len(), |at| at.saturating_add(12));
        xmp::read(packet.get(..end).unwrap_or_default(), place, cx, found)?;
        rest = packet.get(end..).unwrap_or_default();
    }
    Ok(())
}

/// A preview in a block: from its first `FF D8 FF` on.
fn preview(block: &Source<'_>, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let head = block.peek(0, 256)?;
    let start = memmem::find(&head, b"\xFF\xD8\xFF").map_or(0, len_u64);
    found.add(
        Finding::new(ID, Category::Image, Severity::High, place, "preview")
            .bytes(block.len())
            .role(Role::Thumbnail),
    );
    let inner = cx.inspect_nested(&block.sub(Span::new(start, block.len()))?)?;
    found.merge(place, inner);
    Ok(())
}

/// AXS File Concatenation Protocol: the end mark is `AXS!` (big-endian) or `AXS*`, the offset of the
/// beginning in the whole file, which nobody knows here, and four bytes. The beginning is searched for.
fn afcp_len(piece: &Source<'_>, end: &[u8]) -> Result<Option<u64>> {
    let Some(mark) = last::<12>(end).and_then(|b| b.get(..4)) else {
        return Ok(None);
    };
    if mark != b"AXS!" && mark != b"AXS*" {
        return Ok(None);
    }
    let searched = piece.len().min(LARGEST);
    let base = piece.len().saturating_sub(searched);
    let block = piece.peek(base, searched)?;
    let before = block
        .get(..block.len().saturating_sub(12))
        .unwrap_or_default();
    Ok(memmem::rfind(before, mark)
        .map(|at| searched.saturating_sub(len_u64(at)))
        .or(Some(0)))
}

/// `AXS!`, version, count, reserved, then tag, size and offset of each record. Offsets count from the
/// beginning of the whole file; the end mark says where the trailer began there.
fn afcp(piece: &Source<'_>, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    super::harvest(piece, found)?;
    let head = piece.peek(0, 12)?;
    let order = if head.starts_with(b"AXS!") {
        Order::Big
    } else {
        Order::Little
    };
    let mark = piece.peek(piece.len().saturating_sub(8), 4)?;
    let begin = order.u32(&mark).unwrap_or(0);
    let count = head.get(6..).and_then(|b| order.u16(b)).unwrap_or(0);
    let table = piece.peek(12, u64::from(count).saturating_mul(12))?;
    for record in table.chunks_exact(12).take(16) {
        cx.item()?;
        let number = |at: usize| order.u32(record.get(at..)?);
        let (Some(size), Some(at)) = (number(4), number(8)) else {
            continue;
        };
        let span = at
            .checked_sub(begin)
            .and_then(|at| Span::sized(at.into(), size.into()))
            .filter(|span| piece.whole().contains(*span));
        let Some(block) = span.map(|span| piece.sub(span)).transpose()? else {
            continue;
        };
        match record.get(..4).unwrap_or_default() {
            b"IPTC" => iptc::read(&in_memory(&block, cx)?, place, cx, found)?,
            b"Nail" | b"PrVw" => preview(&block, place, cx, found)?,
            b"TEXT" => {
                let text = spelling::text(&block.peek(0, 4096)?);
                found.add(
                    Finding::new(ID, Category::Person, Severity::High, place, "text")
                        .text(text)
                        .role(Role::Text),
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// The last record of FotoStation: data, tag, length of all, `A1B2C3D4`.
fn foto_station_record(end: &[u8]) -> Option<(u16, u64)> {
    let record = last::<10>(end)?;
    let tag = Order::Big.u16(record)?;
    let len = u64::from(Order::Big.u32(record.get(2..)?)?);
    (record.ends_with(&[0xA1, 0xB2, 0xC3, 0xD4]) && len >= 10).then_some((tag, len))
}

/// Several records stand one behind the other.
fn foto_station_len(piece: &Source<'_>, end: &[u8]) -> Result<Option<u64>> {
    let Some((_, mut len)) = foto_station_record(end) else {
        return Ok(None);
    };
    for _ in 0..16 {
        let Some(before) = piece.len().checked_sub(len) else {
            break;
        };
        let end = piece.peek(before.saturating_sub(10), before.min(10))?;
        match foto_station_record(&end) {
            Some((_, more)) => len = len.saturating_add(more),
            None => break,
        }
    }
    Ok(Some(len))
}

fn foto_station(
    piece: &Source<'_>,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    super::harvest(piece, found)?;
    let mut end = piece.len();
    for _ in 0..16 {
        let mark = piece.peek(end.saturating_sub(10), end.min(10))?;
        let Some((tag, len)) = foto_station_record(&mark) else {
            break;
        };
        let Some(start) = end.checked_sub(len) else {
            break;
        };
        let block = piece.sub(Span::new(start, end.saturating_sub(10)))?;
        match tag {
            1 => iptc::read(&in_memory(&block, cx)?, place, cx, found)?,
            3 | 4 => preview(&block, place, cx, found)?,
            _ => {}
        }
        end = start;
    }
    Ok(())
}

/// IPTC datasets, their length, `cbipcbbl`.
fn photo_mechanic_len(_: &Source<'_>, end: &[u8]) -> Result<Option<u64>> {
    let mark = last::<12>(end).filter(|b| b.ends_with(b"cbipcbbl"));
    Ok(framed(mark.and_then(|b| Order::Big.u32(b)), 12))
}

fn photo_mechanic(
    piece: &Source<'_>,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    super::harvest(piece, found)?;
    let block = in_memory(piece, cx)?;
    let data = block.get(..block.len().saturating_sub(12));
    iptc::read(data.unwrap_or_default(), place, cx, found)
}

/// Canon's recipe data: a header of 28 bytes, the data, an end mark of 64 bytes with the length.
fn canon_len(_: &Source<'_>, end: &[u8]) -> Result<Option<u64>> {
    let mark = last::<64>(end).filter(|b| b.starts_with(b"CANON OPTIONAL DATA\0"));
    Ok(framed(
        mark.and_then(|b| Order::Big.u32(b.get(20..)?)),
        28 + 64,
    ))
}

/// MIE 1.1: the end of a group with a signature and the length of the whole.
fn mie_len(_: &Source<'_>, end: &[u8]) -> Result<Option<u64>> {
    let order = |byte: u8| match byte {
        0x10 => Some(Order::Big),
        0x18 => Some(Order::Little),
        _ => None,
    };
    let short = last::<18>(end).filter(|b| b.starts_with(b"~\0\x04\0zmie~\0\0\x06"));
    if let Some([.., a, b, c, d, byte_order, 4]) = short {
        return Ok(order(*byte_order).and_then(|o| o.u32(&[*a, *b, *c, *d]).map(u64::from)));
    }
    let long = last::<22>(end).filter(|b| b.starts_with(b"~\0\x04\0zmie~\0\0\x0A"));
    if let Some([.., byte_order, 8]) = long {
        return Ok(order(*byte_order)
            .zip(long.and_then(|b| b.get(12..)))
            .and_then(|(o, b)| o.u64(b)));
    }
    Ok(None)
}

/// Insta360: 78 bytes that end in 32 digits; the length of the whole stands 38 bytes into them.
fn insta360_len(_: &Source<'_>, end: &[u8]) -> Result<Option<u64>> {
    let mark = last::<78>(end).filter(|b| b.ends_with(b"8db42d694ccc418790edff439fe026bf"));
    Ok(framed(
        mark.and_then(|b| Order::Little.u32(b.get(38..)?)),
        0,
    ))
}

/// Records from the last to the first: data, id, length. The id and length of the last one are the first
/// six of the 78 bytes.
fn insta360(piece: &Source<'_>, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let mut end = piece.len().saturating_sub(78);
    let mut located = false;
    for _ in 0..MOST_RECORDS {
        cx.item()?;
        let head = piece.peek(end, 6)?;
        let record = Order::Little
            .u16(&head)
            .zip(head.get(2..).and_then(|b| Order::Little.u32(b)));
        let Some((id, start)) =
            record.and_then(|(id, len)| Some((id, end.checked_sub(len.into())?)))
        else {
            break;
        };
        let block = piece.sub(Span::new(start, end))?;
        match id {
            0x700 if !located => located = insta360_gps(&block, place, found)?,
            0x101 => insta360_camera(&block.peek(0, 4096)?, place, found),
            0x200 => preview(&block, place, cx, found)?,
            _ => {}
        }
        let Some(next) = start.checked_sub(6) else {
            break;
        };
        end = next;
    }
    Ok(())
}

/// 53 bytes for each second: time, two counters, `A` for a valid fix, latitude and its letter, longitude
/// and its letter, speed, track, altitude.
fn insta360_gps(block: &Source<'_>, place: &str, found: &mut Found) -> Result<bool> {
    let rows = block.peek(0, 53 * 10_000)?;
    let point = rows.chunks_exact(53).find_map(|row| {
        let mut cursor = Cursor::new(row);
        cursor.skip(10)?;
        (cursor.u8()? == b'A').then_some(())?;
        let bytes = cursor.rest().get(..17)?;
        let mut degrees = || {
            let value = cursor.f64(Order::Little)?;
            match cursor.u8()? {
                b'N' | b'E' => Some(value),
                // Some write the French "Ouest".
                b'S' | b'W' | b'O' => Some(-value.abs()),
                _ => None,
            }
        };
        let mut point = Place::new(degrees()?, degrees()?)?;
        cursor.skip(16)?;
        point.altitude = cursor.f64(Order::Little);
        Some((point, bytes))
    });
    if let Some((point, bytes)) = point {
        found.secrets.bytes(bytes);
        found.add(coordinates_finding(
            ID,
            place,
            "first point of a track",
            point,
        ));
    }
    Ok(point.is_some())
}

/// Tag, length and text: 0x0A serial number, 0x12 model, 0x1A firmware.
fn insta360_camera(block: &[u8], place: &str, found: &mut Found) {
    let mut cursor = Cursor::new(block);
    for _ in 0..16 {
        let (Some(tag), Some(len)) = (cursor.u8(), cursor.u8()) else {
            break;
        };
        let Some(value) = cursor.take(len.into()) else {
            break;
        };
        let (what, severity, role) = match tag {
            0x0A => ("serial number", Severity::High, Role::Serial),
            0x12 => ("model", Severity::Medium, Role::Model),
            0x1A => ("firmware", Severity::Medium, Role::Software),
            _ => continue,
        };
        if spelling::is_text(value) {
            found.add(
                Finding::new(ID, Category::Device, severity, place, what)
                    .text(spelling::text(value))
                    .role(role),
            );
        }
    }
}

/// Nikon: the length of the whole, zeros, `/NIKON APP`.
fn nikon_len(_: &Source<'_>, end: &[u8]) -> Result<Option<u64>> {
    let mark = last::<20>(end).filter(|b| b.ends_with(b"\0\0\0\0\0\0/NIKON APP"));
    Ok(framed(mark.and_then(|b| Order::Big.u32(b)), 0))
}

/// Vivo: JSON behind `vivo{"` or data behind `streamdata`, whichever comes first, and a fixed end.
fn vivo_len(piece: &Source<'_>, end: &[u8]) -> Result<Option<u64>> {
    if !end.ends_with(b"\xFF\xFF\xFF\xFF\x1B\x2A\x39\x48\x57\x66\x75\x84\x93\xA2\xB1") {
        return Ok(None);
    }
    let searched = piece.len().min(LARGEST);
    let block = piece.peek(piece.len().saturating_sub(searched), searched)?;
    let start = [&b"streamdata"[..], b"vivo{\""]
        .iter()
        .filter_map(|magic| memmem::find(&block, magic))
        .min();
    Ok(start
        .map(|at| searched.saturating_sub(len_u64(at)))
        .or(Some(0)))
}

/// OnePlus: JSON, `jxrs`, the length of the JSON with a zero high byte.
fn oneplus_len(_: &Source<'_>, end: &[u8]) -> Result<Option<u64>> {
    let mark = last::<8>(end).filter(|b| b.starts_with(b"jxrs") && b.ends_with(&[0]));
    Ok(framed(mark.and_then(|b| Order::Little.u32(b.get(4..)?)), 8))
}
