//! GoPro's metadata format (github.com/gopro/gpmf-parser): key, type, size and count, then values padded
//! to four bytes; type 0 nests.

use crate::bytes::{Context, Cursor, Order};
use crate::metadata::spelling;
use crate::metadata::text::coordinates_finding;
use crate::model::Category::{self, Device, History, Person, Time};
use crate::model::Severity::{self, High, Medium};
use crate::model::{Finding, Found, Place, Result, Role, Untrusted, Value};

/// Values beyond are not told: a camera writes a dozen.
const MOST_VALUES: usize = 100;
/// Containers inside containers.
const DEEPEST: usize = 8;

/// Texts: key, name, category, severity, role.
static TEXTS: &[(&[u8; 4], &str, Category, Severity, Role)] = &[
    (b"CASN", "camera serial number", Device, High, Role::Serial),
    (b"LINF", "lens serial number", Device, High, Role::Serial),
    (b"FMWR", "firmware", Device, Medium, Role::Software),
    (b"FWVS", "firmware", Device, Medium, Role::Software),
    (b"MINF", "camera model", Device, Medium, Role::Model),
    (b"GPSU", "GPS time", Time, Medium, Role::OtherTime),
    (b"RMRK", "comment", Person, High, Role::Text),
];

/// Ids: key and name; shown in hexadecimal digits.
static IDS: &[(&[u8; 4], &str)] = &[
    (b"MUID", "media unique id"),
    (b"GUMI", "global unique media id"),
    (b"CINF", "camera id"),
];

/// Rows of numbers with a point: key, offset of latitude, longitude and altitude (`i32` each) in a row,
/// and which factor of `SCAL` belongs to the latitude.
static POINTS: &[(&[u8; 4], usize, usize)] = &[
    (b"GPS5", 0, 0),
    (b"GPS9", 0, 0),
    (b"GLPI", 4, 1),
    (b"GPRI", 8, 1),
];

/// Adds what a block gives away to `found`, with this id: serial numbers, ids, firmware, the first point
/// of each GPS stream.
///
/// # Errors
/// Those of the budget.
pub(crate) fn read(
    id: &'static str,
    block: &[u8],
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let told = found.findings.len();
    let mut open = vec![Level::new(block)];
    while let Some(level) = open.last_mut() {
        cx.item()?;
        if found.findings.len().saturating_sub(told) >= MOST_VALUES {
            break;
        }
        let Some((key, kind, row, values)) = next(&mut level.cursor) else {
            open.pop();
            continue;
        };
        if kind == 0 {
            if open.len() < DEEPEST {
                open.push(Level::new(values));
            }
            continue;
        }
        if key == *b"SCAL" {
            level.scales = scales(kind, values);
            continue;
        }
        let place = || format!("{place}/{}", String::from_utf8_lossy(&key));
        if let Some((_, what, category, severity, role)) = TEXTS.iter().find(|r| *r.0 == key) {
            let text = spelling::text(values);
            if text.is_empty() || found.has_text(&text) {
                continue;
            }
            let value = if *role == Role::OtherTime {
                found.secrets.text(&text);
                Value::Time(Untrusted::new(gps_time(&text).unwrap_or(text)))
            } else {
                Value::Text(Untrusted::new(text))
            };
            found.add(
                Finding::new(id, *category, *severity, place(), *what)
                    .value(value)
                    .role(*role),
            );
        } else if let Some((_, what)) = IDS.iter().find(|r| *r.0 == key) {
            if values.iter().any(|b| *b != 0) {
                let hex: String = values.iter().map(|b| format!("{b:02x}")).collect();
                found.secrets.bytes(values);
                found.add(
                    Finding::new(id, History, High, place(), *what)
                        .text(hex)
                        .role(Role::LinkId),
                );
            }
        } else if let Some((_, at, scale)) = POINTS.iter().find(|r| *r.0 == key)
            && let Some((point, bytes)) = first_point(values, row, *at, *scale, &level.scales)
        {
            found.secrets.bytes(bytes);
            found.add(coordinates_finding(
                id,
                &place(),
                "first point of a track",
                point,
            ));
        }
    }
    Ok(())
}

/// A container that is being read, and the factors that hold in it.
struct Level<'a> {
    cursor: Cursor<'a>,
    scales: Vec<f64>,
}

impl<'a> Level<'a> {
    fn new(block: &'a [u8]) -> Self {
        Self {
            cursor: Cursor::new(block),
            scales: Vec::new(),
        }
    }
}

/// Key, type, length of a row, and all rows.
fn next<'a>(cursor: &mut Cursor<'a>) -> Option<([u8; 4], u8, usize, &'a [u8])> {
    let key = *cursor.take(4)?.first_chunk()?;
    let kind = cursor.u8()?;
    let row = usize::from(cursor.u8()?);
    let count = usize::from(cursor.u16(Order::Big)?);
    let len = row.checked_mul(count)?;
    let values = cursor.take(len)?;
    // The last one may lack its padding.
    cursor.skip(len.next_multiple_of(4).checked_sub(len)?);
    (key != [0; 4]).then_some((key, kind, row, values))
}

/// The numbers of `SCAL`.
fn scales(kind: u8, values: &[u8]) -> Vec<f64> {
    let number: fn(&[u8]) -> Option<f64> = match kind {
        b's' => |b| Order::Big.i16(b).map(f64::from),
        b'S' => |b| Order::Big.u16(b).map(f64::from),
        b'l' => |b| Order::Big.i32(b).map(f64::from),
        b'L' => |b| Order::Big.u32(b).map(f64::from),
        b'f' => |b| Order::Big.f32(b).map(f64::from),
        _ => return Vec::new(),
    };
    let width = if matches!(kind, b's' | b'S') { 2 } else { 4 };
    values.chunks_exact(width).filter_map(number).collect()
}

/// The first row that has a fix, and the bytes of its latitude and longitude.
fn first_point<'a>(
    values: &'a [u8],
    row: usize,
    at: usize,
    scale: usize,
    scales: &[f64],
) -> Option<(Place, &'a [u8])> {
    let factor = |index: usize, usual: f64| {
        let index = if scales.len() == 1 { 0 } else { index };
        let factor = scales.get(index).copied().unwrap_or(usual);
        if factor == 0.0 { usual } else { factor }
    };
    values.chunks_exact(row.max(1)).find_map(|row| {
        let bytes = row.get(at..)?;
        let number = |at: usize| Order::Big.i32(bytes.get(at..)?).map(f64::from);
        let latitude = number(0)? / factor(scale, 1e7);
        let longitude = number(4)? / factor(scale.saturating_add(1), 1e7);
        let mut place = Place::new(latitude, longitude)?;
        place.altitude = number(8).map(|n| n / factor(scale.saturating_add(2), 1e3));
        (latitude != 0.0 || longitude != 0.0).then_some((place, bytes.get(..8)?))
    })
}

/// ISO 8601 of `yymmddhhmmss.sss`.
fn gps_time(text: &str) -> Option<String> {
    let part = |from: usize| {
        let two = text.get(from..from.checked_add(2)?)?;
        two.bytes().all(|b| b.is_ascii_digit()).then_some(two)
    };
    Some(format!(
        "20{}-{}-{}T{}:{}:{}Z",
        part(0)?,
        part(2)?,
        part(4)?,
        part(6)?,
        part(8)?,
        part(10)?
    ))
}
