//! Samsung's trailer: `SEFH` directory and `SEFT` end mark, behind a JPEG or in a `sefd` box.
//!
//! ```text
//! block   u16 0, u16 type, u32 length of name, name, data
//! …
//! "SEFH"  u32 version, u32 count, count × { u16 0, u16 type, u32 bytes back to the block, u32 size }
//! u32 length of the directory, "SEFT"
//! ```
//! All numbers are little-endian. `QDIO` blocks, closed by `QDIOBS`, may follow.

use memchr::memmem;

use super::{quicktime, spelling};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::model::Category::{self, Device, History, Image, Location, Person, Time, Unknown};
use crate::model::Severity::{self, High, Medium};
use crate::model::{Finding, Found, Result, Role, Span, Untrusted, Value, len_u64};

/// The directory and what some programs write behind it lie in so many bytes from the end.
const TAIL: u64 = 128 << 10;
/// A larger text is not parsed.
const LARGEST_TEXT: u64 = 1 << 20;
/// Paths beyond are not told.
const MOST_PATHS: usize = 100;
const ID: &str = "trailer.samsung";

/// What is in a block.
#[derive(Clone, Copy, Debug)]
enum Content {
    /// Milliseconds since 1970 in decimal digits.
    Moment,
    /// Mobile country code in decimal digits.
    Country,
    /// JSON that tells how to undo edits.
    Json,
    /// Raw planes of a picture.
    Planes,
    Sound,
    /// Whatever its first bytes say.
    Open,
}

/// Number of a block type, what it is for people, meaning, content.
type Type = (u16, &'static str, (Category, Severity, Role), Content);

static TYPES: &[Type] = &[
    (
        0x0001,
        "another picture",
        (Image, High, Role::Picture),
        Content::Open,
    ),
    (0x0100, "sound", (Image, High, Role::Video), Content::Sound),
    (
        0x0201,
        "film of a panorama",
        (Image, High, Role::Video),
        Content::Open,
    ),
    (
        0x0800,
        "description of a sound",
        (Device, Medium, Role::Other),
        Content::Open,
    ),
    (
        0x08D0,
        "description of a panorama",
        (Device, Medium, Role::Other),
        Content::Open,
    ),
    (
        0x08E0,
        "description of a panorama",
        (Device, Medium, Role::Other),
        Content::Open,
    ),
    (
        0x0910,
        "taken with the front camera",
        (Device, Medium, Role::Other),
        Content::Open,
    ),
    (
        0x09E0,
        "id of a burst",
        (History, High, Role::LinkId),
        Content::Open,
    ),
    (
        0x0A01,
        "time in UTC",
        (Time, Medium, Role::OtherTime),
        Content::Moment,
    ),
    (
        0x0A20,
        "picture of the second camera",
        (Image, High, Role::Picture),
        Content::Open,
    ),
    (
        0x0A30,
        "motion photo",
        (Image, High, Role::Video),
        Content::Open,
    ),
    (
        0x0A33,
        "motion photo",
        (Image, High, Role::Video),
        Content::Open,
    ),
    (
        0x0AA1,
        "country",
        (Location, Medium, Role::PlaceName),
        Content::Country,
    ),
    (
        0x0AB1,
        "depth map",
        (Image, High, Role::Picture),
        Content::Planes,
    ),
    (
        0x0B41,
        "depth map",
        (Image, High, Role::Picture),
        Content::Planes,
    ),
    (
        0x0BA1,
        "how to undo the edits",
        (History, High, Role::Path),
        Content::Json,
    ),
    (
        0x0C51,
        "capture information",
        (Device, Medium, Role::Other),
        Content::Open,
    ),
    (
        0x0C81,
        "watermark",
        (Person, High, Role::Text),
        Content::Json,
    ),
    (
        0x0DA1,
        "app shown in the screenshot",
        (Person, High, Role::Software),
        Content::Open,
    ),
    (
        0x0E41,
        "time zone",
        (Time, Medium, Role::Other),
        Content::Open,
    ),
];

/// A directory, as far as its entries make sense.
struct Directory {
    /// Type and span of each block, in file order, none inside another.
    blocks: Vec<(u16, Span)>,
    /// From the first block to the end mark, `QDIO` blocks behind it included.
    span: Span,
}

/// Finds the last directory near the end of a file.
fn directory(file: &Source<'_>) -> Result<Option<Directory>> {
    let base = file.len().saturating_sub(TAIL);
    let tail = file.peek(base, TAIL)?;
    let finder = memmem::FinderRev::new(b"SEFT");
    let mut end = tail.len();
    // Pictures may hold these four bytes by chance.
    for _ in 0..64 {
        let Some(at) = finder.rfind(tail.get(..end).unwrap_or_default()) else {
            break;
        };
        if let Some(found) = parse(&tail, at, base) {
            return Ok(Some(found));
        }
        end = at;
    }
    Ok(None)
}

/// The directory whose end mark stands at `end` of `tail`, which begins at `base` of the file.
fn parse(tail: &[u8], end: usize, base: u64) -> Option<Directory> {
    let len_at = end.checked_sub(4)?;
    let len = usize::try_from(Order::Little.u32(tail.get(len_at..)?)?).ok()?;
    let start = len_at.checked_sub(len)?;
    let mut cursor = Cursor::new(tail.get(start..len_at)?);
    (cursor.take(4)? == b"SEFH").then_some(())?;
    cursor.skip(4)?;
    let count = cursor.u32(Order::Little)?;
    let directory = base.checked_add(len_u64(start))?;
    let mut blocks = Vec::new();
    for _ in 0..count {
        let Some(entry) = cursor.take(12) else { break };
        let kind = Order::Little.u16(entry.get(2..)?)?;
        let back = u64::from(Order::Little.u32(entry.get(4..)?)?);
        let size = u64::from(Order::Little.u32(entry.get(8..)?)?);
        let Some(at) = directory.checked_sub(back) else {
            continue;
        };
        if size <= back {
            blocks.push((kind, Span::sized(at, size)?));
        }
    }
    let start = blocks
        .iter()
        .map(|(_, span)| span.start())
        .min()
        .unwrap_or(directory);
    blocks.sort_by_key(|(_, span)| span.start());
    // What lies inside another block was looked at with that one.
    let mut last = 0;
    blocks.retain(|(_, span)| {
        let apart = span.start() >= last;
        last = last.max(span.end());
        apart
    });
    let mut mark = end.checked_add(4)?;
    let behind = tail.get(mark..)?;
    if behind.starts_with(b"QDIO")
        && let Some(at) = memmem::find(behind, b"QDIOBS")
    {
        mark = mark.checked_add(at)?.checked_add(6)?;
    }
    Some(Directory {
        blocks,
        span: Span::new(start, base.checked_add(len_u64(mark))?),
    })
}

/// Whether the file ends in such a trailer, and where it begins.
///
/// # Errors
/// Reading.
pub fn find(file: &Source<'_>) -> Result<Option<u64>> {
    Ok(span(file)?.map(Span::start))
}

/// Where such a trailer stands near the end of a file.
pub(super) fn span(file: &Source<'_>) -> Result<Option<Span>> {
    if let Some(directory) = directory(file)? {
        return Ok(Some(directory.span));
    }
    // A lonely QDIO block: its length stands before its name, before "BS".
    let at = file.len().saturating_sub(10);
    let len = match *file.peek(at, 10)? {
        [a, b, c, d, b'Q', b'D', b'I', b'O', b'B', b'S'] => u32::from_le_bytes([a, b, c, d]),
        _ => return Ok(None),
    };
    Ok(Some(Span::new(at.saturating_sub(len.into()), file.len())))
}

/// Adds what a trailer (blocks, directory and end mark) gives away to `found`.
///
/// # Errors
/// Those of the budget; reading.
pub fn read(trailer: &Source<'_>, place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    found.add(Finding::new(ID, Unknown, High, place, "Samsung trailer").bytes(trailer.len()));
    let Some(directory) = directory(trailer)? else {
        found.secrets.harvest(&trailer.peek(0, TAIL)?);
        return Ok(());
    };
    for (kind, span) in directory.blocks {
        cx.item()?;
        let head = trailer.peek(span.start(), span.len().min(264))?;
        let named = Order::Little
            .u32(head.get(4..).unwrap_or_default())
            .map_or(0, u64::from)
            .min(256);
        let name_end = usize::try_from(named.saturating_add(8)).unwrap_or(0);
        let name = spelling::text(head.get(8..name_end.min(head.len())).unwrap_or_default());
        let data = Span::new(
            span.start().saturating_add(8).saturating_add(named),
            span.end(),
        );
        if trailer.whole().contains(data) {
            let place = format!("{place}/{}", if name.is_empty() { "block" } else { &name });
            block(kind, &trailer.sub(data)?, &place, cx, found)?;
        }
    }
    Ok(())
}

fn block(
    kind: u16,
    data: &Source<'_>,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    let unknown = (
        kind,
        "block of unknown type",
        (Unknown, High, Role::Other),
        Content::Open,
    );
    let row = TYPES.iter().find(|row| row.0 == kind);
    let (_, what, (category, severity, role), content) = *row.unwrap_or(&unknown);
    let finding = Finding::new(ID, category, severity, place, what).role(role);
    let head = data.peek(0, 64 << 10)?;
    let digits = std::str::from_utf8(&head).unwrap_or_default().trim();
    match content {
        Content::Moment => {
            let time = digits.parse::<u64>().ok().and_then(|ms| {
                spelling::unix_time(ms / 1000, u16::try_from(ms % 1000).unwrap_or(0))
            });
            let time = time.unwrap_or_else(|| digits.to_owned());
            found.add_as(finding.value(Value::Time(Untrusted::new(time))), digits);
        }
        Content::Country => {
            let country = digits.parse().ok().and_then(country);
            found.add(finding.text(country.unwrap_or(digits)));
        }
        Content::Json if data.len() <= LARGEST_TEXT => {
            found.add(finding.bytes(data.len()));
            found.secrets.harvest(&head);
            cx.memory(data.len())?;
            json_paths(&data.read(data.whole())?, place, cx, found)?;
        }
        Content::Sound | Content::Planes => found.add(finding.bytes(data.len())),
        _ if head.get(4..8) == Some(b"ftyp") => {
            quicktime::read_as(ID, data, place, cx, found)?;
        }
        // Motion photos of the newer kind begin with a mark of their own.
        _ if role == Role::Video => {
            let start = memmem::find(&head, b"ftyp").and_then(|at| at.checked_sub(4));
            match start {
                Some(at) => {
                    let film = data.sub(Span::new(len_u64(at), data.len()))?;
                    quicktime::read_as(ID, &film, place, cx, found)?;
                }
                None => found.add(finding.bytes(data.len())),
            }
        }
        _ if head.starts_with(&[0xFF, 0xD8, 0xFF]) => {
            let picture = Finding::new(ID, Image, High, place, what);
            found.add(picture.bytes(data.len()).role(Role::Picture));
            let inner = cx.inspect_nested(data)?;
            found.merge(place, inner);
        }
        _ if spelling::is_text(&head) && data.len() <= 4096 => {
            found.add(finding.text(spelling::text(&head)));
        }
        _ => {
            found.secrets.harvest(&head);
            found.add(finding.bytes(data.len()));
        }
    }
    Ok(())
}

/// The strings in a JSON text that are, or are called, a path.
fn json_paths(text: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let end = text.iter().rposition(|b| *b == b'}');
    let text = end.and_then(|at| text.get(..=at)).unwrap_or_default();
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(text) else {
        return Ok(());
    };
    let mut left = MOST_PATHS;
    let mut open = vec![("", &value)];
    while let Some((key, value)) = open.pop() {
        cx.item()?;
        match value {
            serde_json::Value::Object(map) => {
                open.extend(map.iter().map(|(key, value)| (key.as_str(), value)));
            }
            serde_json::Value::Array(values) => open.extend(values.iter().map(|v| (key, v))),
            serde_json::Value::String(text)
                if left > 0
                    && (text.contains('/') || key.to_ascii_lowercase().contains("path")) =>
            {
                left = left.saturating_sub(1);
                let shown: String = text.chars().take(4096).collect();
                found.add(
                    Finding::new(ID, History, High, place, key.to_owned())
                        .text(shown)
                        .role(Role::Path),
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// Country of a mobile country code (ITU-T E.212): the Nordic countries, and whence people come here.
fn country(code: u16) -> Option<&'static str> {
    Some(match code {
        202 => "Greece",
        204 => "Netherlands",
        206 => "Belgium",
        208 => "France",
        214 => "Spain",
        216 => "Hungary",
        218 => "Bosnia and Herzegovina",
        219 => "Croatia",
        220 => "Serbia",
        221 => "Kosovo",
        222 => "Italy",
        226 => "Romania",
        228 => "Switzerland",
        230 => "Czechia",
        231 => "Slovakia",
        232 => "Austria",
        234 | 235 => "United Kingdom",
        238 => "Denmark",
        240 => "Sweden",
        242 => "Norway",
        244 => "Finland",
        246 => "Lithuania",
        247 => "Latvia",
        248 => "Estonia",
        250 => "Russia",
        255 => "Ukraine",
        257 => "Belarus",
        260 => "Poland",
        262 => "Germany",
        268 => "Portugal",
        270 => "Luxembourg",
        272 => "Ireland",
        274 => "Iceland",
        276 => "Albania",
        280 => "Cyprus",
        284 => "Bulgaria",
        286 => "Turkey",
        288 => "Faroe Islands",
        290 => "Greenland",
        293 => "Slovenia",
        294 => "North Macedonia",
        302 => "Canada",
        310..=316 => "United States",
        404..=406 => "India",
        410 => "Pakistan",
        412 => "Afghanistan",
        415 => "Lebanon",
        416 => "Jordan",
        417 => "Syria",
        418 => "Iraq",
        425 => "Israel",
        432 => "Iran",
        460 => "China",
        515 => "Philippines",
        520 => "Thailand",
        602 => "Egypt",
        604 => "Morocco",
        605 => "Tunisia",
        636 => "Ethiopia",
        637 => "Somalia",
        657 => "Eritrea",
        _ => return None,
    })
}

#[cfg(test)]
pub(crate) mod testing {
    /// A trailer of these blocks: type, name, data.
    pub(crate) fn trailer(blocks: &[(u16, &str, &[u8])]) -> Vec<u8> {
        let number = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
        let mut out = Vec::new();
        let mut starts = Vec::new();
        for (kind, name, data) in blocks {
            let start = out.len();
            out.extend_from_slice(&[0, 0]);
            out.extend_from_slice(&kind.to_le_bytes());
            out.extend_from_slice(&number(name.len()));
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(data);
            starts.push((kind, start, out.len() - start));
        }
        let directory = out.len();
        out.extend_from_slice(b"SEFH\x65\0\0\0");
        out.extend_from_slice(&number(blocks.len()));
        for (kind, start, size) in starts {
            out.extend_from_slice(&[0, 0]);
            out.extend_from_slice(&kind.to_le_bytes());
            out.extend_from_slice(&number(directory - start));
            out.extend_from_slice(&number(size));
        }
        let len = out.len() - directory;
        out.extend_from_slice(&number(len));
        out.extend_from_slice(b"SEFT");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::testing::trailer;
    use super::*;
    use crate::bytes::testing::with_context;
    use crate::metadata::quicktime::testing::small;

    fn look(bytes: &[u8]) -> Found {
        let mut found = Found::default();
        with_context(|cx| read(&Source::memory(bytes), "T", cx, &mut found)).unwrap();
        found
    }

    fn told(found: &Found, place: &str) -> Option<String> {
        let finding = found.findings.iter().find(|f| f.place == place)?;
        match finding.value.as_ref()? {
            Value::Text(text) | Value::Time(text) => Some(text.raw().to_owned()),
            Value::Bytes(n) => Some(n.to_string()),
            Value::Place(place) => Some(format!("{},{}", place.latitude, place.longitude)),
        }
    }

    #[test]
    fn blocks_by_their_types() {
        let film = small();
        let marked = [&b"mpv3"[..], &film].concat();
        let bytes = trailer(&[
            (0x0A01, "Image_UTC_Data", b"1715517000250"),
            (0x0AA1, "MCC_Data", b"240"),
            (0x0AA1, "MCC", b"999"),
            (0x0A30, "MotionPhoto_Data", &film),
            (0x0A33, "MotionPhoto", &marked),
            (
                0x0BA1,
                "PhotoEditor_Re_Edit_Data",
                br#"{"originalPath":"\/storage\/emulated\/0\/DCIM\/a.jpg","n":1}"#,
            ),
            (0x0AB1, "DualShot_DepthMap_1", &[7; 50]),
            (0x0001, "DualShot_1", b"\xFF\xD8\xFF\xE0"),
            (0x0DA1, "Captured_App_Info", b"com.bank.app"),
            (0x7777, "New_Thing", b"\x01\x02serial-4711"),
        ]);
        let found = look(&bytes);
        let expected = [
            ("T", bytes.len().to_string()),
            ("T/Image_UTC_Data", "2024-05-12T12:30:00.250Z".to_owned()),
            ("T/MCC_Data", "Sweden".to_owned()),
            ("T/MCC", "999".to_owned()),
            ("T/MotionPhoto_Data", film.len().to_string()),
            (
                "T/MotionPhoto_Data/moov/udta/©xyz",
                "59.3293,18.0686".to_owned(),
            ),
            ("T/MotionPhoto/moov/udta/©xyz", "59.3293,18.0686".to_owned()),
            ("T/DualShot_DepthMap_1", "50".to_owned()),
            ("T/DualShot_1", "4".to_owned()),
            ("T/Captured_App_Info", "com.bank.app".to_owned()),
            ("T/New_Thing", "13".to_owned()),
        ];
        for (place, value) in expected {
            assert_eq!(told(&found, place), Some(value), "{place}");
        }
        let path = found.findings.iter().find(|f| f.what == "originalPath");
        assert_eq!(path.unwrap().role, Role::Path);
        assert!(
            found
                .secrets
                .texts()
                .any(|t| t == "/storage/emulated/0/DCIM/a.jpg")
        );
        assert!(found.secrets.texts().any(|t| t == "1715517000250"));
        assert!(found.secrets.traces().any(|t| t == "serial-4711"));
    }

    #[test]
    fn begins_with_its_first_block_whatever_stands_around() {
        let bytes = trailer(&[
            (0x0A01, "Image_UTC_Data", b"1"),
            (0x0AA1, "MCC_Data", b"240"),
        ]);
        let start = 9;
        for junk in [&b""[..], b"junk that a gallery appended", b"QDIO....QDIOBS"] {
            let file = [&[0xAA; 9][..], &bytes, junk].concat();
            assert_eq!(find(&Source::memory(&file)).unwrap(), Some(start));
        }
        let file = [&[0xAA; 9][..], b"QDIO0123\x08\0\0\0QDIOBS"].concat();
        assert_eq!(find(&Source::memory(&file)).unwrap(), Some(start));
        for none in [
            &b""[..],
            b"SEFT",
            b"\x04\0\0\0SEFT",
            b"SEFH\0\0\0\0\xFF\xFF\xFF\xFFSEFT",
        ] {
            assert_eq!(find(&Source::memory(none)).unwrap(), None, "{none:?}");
        }
    }

    #[test]
    fn blocks_inside_blocks_are_looked_at_once() {
        let film = small();
        let mut bytes = trailer(&[(0x0A30, "M", &film)]);
        // The same block again and again.
        let directory = memmem::find(&bytes, b"SEFH").unwrap();
        let entry = bytes[directory + 12..directory + 24].to_vec();
        let head = bytes[..directory].to_vec();
        let count = 2000usize;
        bytes = [&head[..], b"SEFH\x65\0\0\0", &2000u32.to_le_bytes()].concat();
        bytes.extend(entry.repeat(count));
        let len = u32::try_from(12 + 12 * count).unwrap();
        bytes.extend(len.to_le_bytes());
        bytes.extend_from_slice(b"SEFT");
        let films = look(&bytes);
        let films = films.findings.iter().filter(|f| f.role == Role::Video);
        assert_eq!(films.count(), 1);
    }

    #[test]
    fn damage_neither_panics_nor_hangs() {
        let whole = trailer(&[
            (0x0A01, "Image_UTC_Data", b"18446744073709551615"),
            (0x0A30, "MotionPhoto_Data", &small()),
            (
                0x0BA1,
                "PhotoEditor_Re_Edit_Data",
                br#"{"a":[{"path":"x"}]}"#,
            ),
        ]);
        for len in 0..whole.len() {
            look(&whole[len..]);
            look(&whole[..len]);
        }
        for at in 0..whole.len() {
            for value in [0, 0x7F, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                assert!(!look(&bytes).findings.is_empty());
            }
        }
    }
}
