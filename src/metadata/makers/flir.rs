//! FLIR's `FFF` file: a directory of records with raw thermal picture, camera, position.

use super::fixed::{self, Field};
use super::{Block, Sink, spelling};
use crate::bytes::{Cursor, Order};
use crate::metadata::text::coordinates_finding;
use crate::model::Category::{Device, Image, Person, Time};
use crate::model::Severity::{High, Medium};
use crate::model::{Finding, Place, Result, Role, len_u64};

/// Texts of the CameraInfo record.
static CAMERA: &[Field] = &[
    (0xD4, 32, "camera model", (Device, Medium, Role::Model)),
    (
        0xF4,
        16,
        "camera part number",
        (Device, Medium, Role::Other),
    ),
    (
        0x104,
        16,
        "camera serial number",
        (Device, High, Role::Serial),
    ),
    (
        0x114,
        16,
        "camera software",
        (Device, Medium, Role::Software),
    ),
    (0x170, 32, "lens model", (Device, Medium, Role::Model)),
    (0x190, 16, "lens part number", (Device, Medium, Role::Other)),
    (
        0x1A0,
        16,
        "lens serial number",
        (Device, High, Role::Serial),
    ),
    (0x1EC, 16, "filter model", (Device, Medium, Role::Model)),
    (
        0x1FC,
        32,
        "filter part number",
        (Device, Medium, Role::Other),
    ),
    (
        0x21C,
        32,
        "filter serial number",
        (Device, High, Role::Serial),
    ),
];

/// Records beyond are not looked at.
const MOST_RECORDS: usize = 1000;

pub(super) fn read(row: &Block, block: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    // The version number 100 to 199 tells the byte order.
    let version = block.get(0x14..).unwrap_or_default();
    let order = [Order::Big, Order::Little]
        .into_iter()
        .find(|order| order.u32(version).is_some_and(|v| (100..200).contains(&v)));
    let directory = order.and_then(|order| {
        let at = order.u32(block.get(0x18..)?)?;
        let count = order.u32(block.get(0x1C..)?)?;
        let entries = block.get(usize::try_from(at).ok()?..)?;
        Some((order, entries, usize::try_from(count).ok()?))
    });
    let Some((order, entries, count)) = directory else {
        sink.found.secrets.harvest(block);
        return Ok(());
    };
    for entry in entries.chunks_exact(0x20).take(count.min(MOST_RECORDS)) {
        sink.cx.item()?;
        let field = |at: usize| {
            order
                .u32(entry.get(at..)?)
                .and_then(|n| usize::try_from(n).ok())
        };
        let (Some(kind), Some(at), Some(len)) = (order.u16(entry), field(0x0C), field(0x10)) else {
            continue;
        };
        let record = at
            .checked_add(len)
            .and_then(|end| block.get(at..end.min(block.len())))
            .unwrap_or_default();
        if sink.spend(record.len()) {
            one(row, kind, record, sink)?;
        }
    }
    Ok(())
}

fn one(row: &Block, kind: u16, record: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    match kind {
        0x01 => {
            let what = "raw thermal picture, temperatures of every point";
            sink.found.add(
                Finding::new(row.id, Image, High, sink.place, what)
                    .bytes(len_u64(record.len()))
                    .role(Role::Picture),
            );
            Ok(())
        }
        0x0E => sink.picture(
            row.id,
            "the same scene in visible light",
            record.get(32..).unwrap_or_default(),
        ),
        0x20 => camera(row, record, sink),
        0x24 => {
            sink.found.add(
                Finding::new(row.id, Image, High, sink.place, "voice comment")
                    .bytes(len_u64(record.len()))
                    .role(Role::Video),
            );
            Ok(())
        }
        0x23 => {
            sink.found.secrets.harvest(record);
            let text = String::from_utf8_lossy(record).replace('\0', " ");
            let text: String = text.trim().chars().take(4096).collect();
            sink.text(row.id, "text notes", (Person, High, Role::Text), text)
        }
        0x2B => {
            gps(row, record, sink);
            Ok(())
        }
        _ => {
            sink.found.secrets.harvest(record);
            Ok(())
        }
    }
}

fn camera(row: &Block, record: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    fixed::fields(row.id, record, CAMERA, sink)?;
    // The first number is 2 in the right byte order.
    let order = if Order::Big.u16(record) == Some(2) {
        Order::Big
    } else {
        Order::Little
    };
    let time = record.get(0x384..).and_then(|bytes| {
        let mut cursor = Cursor::new(bytes);
        let seconds = cursor.u32(order)?;
        let millis = cursor.u32(order)? & 0xFFFF;
        let millis = u16::try_from(millis).ok().filter(|ms| *ms < 1000)?;
        (seconds > 0).then(|| spelling::unix_time(seconds.into(), millis))?
    });
    if let Some(time) = time {
        sink.found
            .secrets
            .bytes(record.get(0x384..0x38E).unwrap_or_default());
        let meaning = (Time, Medium, Role::TakenAt);
        sink.text(row.id, "date and time", meaning, time)?;
    }
    Ok(())
}

/// GPSInfo: always little-endian. Some cameras sign the degrees, some write the letter only.
fn gps(row: &Block, record: &[u8], sink: &mut Sink<'_>) {
    let double = |at: usize| Order::Little.f64(record.get(at..)?);
    let float = |at: usize| Order::Little.f32(record.get(at..)?).map(f64::from);
    let valid = Order::Little.u32(record).is_some_and(|v| v != 0);
    let signed = |degrees: f64, letter: Option<&u8>| match letter {
        Some(b'S' | b'W') => -degrees.abs(),
        _ => degrees,
    };
    let point = double(0x10)
        .zip(double(0x18))
        .and_then(|(latitude, longitude)| {
            let latitude = signed(latitude, record.get(0x08));
            Place::new(latitude, signed(longitude, record.get(0x0A)))
        })
        .filter(|p| valid && (p.latitude != 0.0 || p.longitude != 0.0));
    if let Some(mut point) = point {
        point.altitude = float(0x20).filter(|a| a.is_finite() && *a > -500.0);
        point.direction = float(0x54).filter(|d| (0.0..=360.0).contains(d));
        sink.found
            .secrets
            .bytes(record.get(0x10..0x20).unwrap_or_default());
        sink.found
            .add(coordinates_finding(row.id, sink.place, "GPSInfo", point));
    }
}
