//! Photoshop image resource blocks (`8BIM`): IPTC, thumbnails, print settings, paths.

use std::collections::BTreeSet;

use super::{exif, icc, iptc, text, xmp};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::model::{Category, Finding, Found, Result, Role, Severity, len_u64};

/// So many texts of one resource are told one by one.
const MOST: usize = 16;
/// Shorter runs of letters are not taken for text, in characters.
const SHORTEST: usize = 5;
/// Of longer resources the beginning is searched for texts, in bytes.
const SEARCHED: usize = 1 << 20;

/// Signatures of resources (leak catalogue §2.3).
const SIGNATURES: &[&[u8; 4]] = &[b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR"];

/// How a resource is read.
#[derive(Clone, Copy)]
enum How {
    Iptc,
    Exif,
    Xmp,
    Icc,
    /// A header of 28 bytes, then a picture.
    Thumbnail,
    /// Texts of any encoding somewhere inside.
    Texts(Category, Severity, Role),
    /// Unicode strings of the specification, in a descriptor or between numbers.
    Unicode(Category, Severity, Role),
    /// A hash or id.
    Id,
}

/// Adobe Photoshop File Formats Specification, "Image Resource IDs".
#[rustfmt::skip]
const RESOURCES: &[(u16, &str, How)] = &[
    (0x03E9, "Macintosh print info", How::Texts(Category::Device, Severity::High, Role::Text)),
    (0x03EE, "Names of alpha channels", How::Texts(Category::History, Severity::Medium, Role::Text)),
    (0x03F0, "Caption", How::Texts(Category::Person, Severity::High, Role::Text)),
    (0x03FC, "Borders or variables", How::Texts(Category::History, Severity::Medium, Role::Text)),
    (0x0404, "IPTC", How::Iptc),
    (0x0409, "Thumbnail", How::Thumbnail),
    (0x040B, "URL", How::Texts(Category::History, Severity::High, Role::Path)),
    (0x040C, "Thumbnail", How::Thumbnail),
    (0x040F, "ICC", How::Icc),
    (0x0415, "Unicode alpha names", How::Unicode(Category::History, Severity::Medium, Role::Text)),
    (0x041A, "Slices", How::Unicode(Category::History, Severity::High, Role::Text)),
    (0x041B, "Workflow URL", How::Unicode(Category::History, Severity::High, Role::Path)),
    (0x041E, "URL list", How::Unicode(Category::History, Severity::High, Role::Path)),
    (0x0421, "Version info", How::Unicode(Category::Device, Severity::Medium, Role::Software)),
    (0x0422, "Exif", How::Exif),
    (0x0423, "Exif 3", How::Exif),
    (0x0424, "XMP", How::Xmp),
    (0x0425, "Caption digest", How::Id),
    (0x0429, "Layer comps", How::Unicode(Category::History, Severity::High, Role::Text)),
    (0x0432, "Measurement scale", How::Unicode(Category::History, Severity::Medium, Role::Text)),
    (0x0433, "Timeline", How::Unicode(Category::History, Severity::Medium, Role::Text)),
    (0x0434, "Sheet disclosure", How::Unicode(Category::History, Severity::Medium, Role::Text)),
    (0x0438, "Count information", How::Unicode(Category::History, Severity::Medium, Role::Text)),
    (0x043A, "Print information", How::Unicode(Category::Device, Severity::High, Role::Text)),
    (0x043B, "Print style", How::Unicode(Category::Device, Severity::High, Role::Text)),
    (0x043C, "NSPrintInfo", How::Texts(Category::Device, Severity::High, Role::Text)),
    (0x043D, "Windows DEVMODE", How::Texts(Category::Device, Severity::High, Role::Text)),
    (0x043E, "Auto save file path", How::Unicode(Category::History, Severity::High, Role::Path)),
    (0x043F, "Auto save format", How::Unicode(Category::History, Severity::Medium, Role::Text)),
    (0x0BB7, "Name of the clipping path", How::Texts(Category::History, Severity::Medium, Role::Text)),
    (0x1B58, "ImageReady variables", How::Texts(Category::History, Severity::High, Role::Text)),
    (0x1B59, "ImageReady data sets", How::Texts(Category::History, Severity::High, Role::Text)),
    (0x1F40, "Lightroom workflow", How::Texts(Category::History, Severity::High, Role::Text)),
];

/// Adds what a run of resource blocks gives away to `found`. It may begin with `Photoshop 3.0\0`, as in
/// APP13.
///
/// # Errors
/// Those of the budget.
pub fn read(block: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let block = [&b"Photoshop 3.0\0"[..], b"Adobe_Photoshop2.5:"]
        .into_iter()
        .find_map(|head| block.strip_prefix(head))
        .unwrap_or(block);
    let mut cursor = Cursor::new(block);
    let mut others = Vec::new();
    while let Some(resource) = next(&mut cursor) {
        cx.item()?;
        let name = resource.name();
        if !name.is_empty() {
            let what = "name of a resource";
            let finding = Finding::new(
                "photoshop.name",
                Category::History,
                Severity::Medium,
                place,
                what,
            );
            found.add(finding.text(name).role(Role::Text));
        }
        match RESOURCES.iter().find(|row| row.0 == resource.id) {
            Some((_, name, how)) if one(*how, name, resource.data, place, cx, found)? => {}
            _ => others.push(resource),
        }
    }
    if !others.is_empty() {
        let mut ids: Vec<String> = others.iter().map(|r| format!("0x{:04X}", r.id)).collect();
        ids.dedup();
        ids.truncate(64);
        for resource in &others {
            harvest(resource.data, found);
        }
        let what = format!("other resources: {}", ids.join(" "));
        let len = others
            .iter()
            .map(|r| len_u64(r.data.len()))
            .fold(0, u64::saturating_add);
        found.add(
            Finding::new(
                "photoshop.any",
                Category::Unknown,
                Severity::Low,
                place,
                what,
            )
            .bytes(len),
        );
    }
    let rest = cursor.rest();
    if rest.iter().any(|b| *b != 0) {
        found.secrets.harvest(rest);
        let what = "bytes that are no resource";
        let finding = Finding::new(
            "photoshop.slack",
            Category::Unknown,
            Severity::Medium,
            place,
            what,
        );
        found.add(finding.bytes(len_u64(rest.len())));
    }
    Ok(())
}

struct Resource<'a> {
    id: u16,
    name: &'a [u8],
    data: &'a [u8],
}

impl Resource<'_> {
    /// Latin-1 stands in for the script systems of old Macintoshes.
    fn name(&self) -> String {
        self.name.iter().map(|b| char::from(*b)).collect()
    }
}

/// The next resource. Some writers forget the byte that makes the data even.
fn next<'a>(cursor: &mut Cursor<'a>) -> Option<Resource<'a>> {
    let mut ahead = *cursor;
    let is_signature =
        |cursor: &Cursor<'_>| SIGNATURES.iter().any(|s| cursor.rest().starts_with(*s));
    is_signature(&ahead).then_some(())?;
    ahead.skip(4)?;
    let id = ahead.u16(Order::Big)?;
    let len = usize::from(ahead.u8()?);
    let name = ahead.take(len)?;
    if len.is_multiple_of(2) {
        ahead.skip(1)?;
    }
    let len = usize::try_from(ahead.u32(Order::Big)?).ok()?;
    let data = ahead.take(len)?;
    if !len.is_multiple_of(2) && !is_signature(&ahead) {
        ahead.skip(1);
    }
    *cursor = ahead;
    Some(Resource { id, name, data })
}

/// Whether the resource is told on its own.
fn one(
    how: How,
    name: &'static str,
    data: &[u8],
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<bool> {
    let inside = format!("{place}/{name}");
    let len = len_u64(data.len());
    match how {
        How::Iptc => iptc::read(data, &inside, cx, found)?,
        How::Exif => exif::read(data, &inside, cx, found).map(|_| ())?,
        How::Xmp => xmp::read(data, &inside, cx, found).map(|_| ())?,
        How::Icc => icc::read(data, &inside, cx, found)?,
        How::Thumbnail => {
            let finding = Finding::new(
                "photoshop.thumbnail",
                Category::Image,
                Severity::High,
                place,
                name,
            );
            found.add(finding.bytes(len).role(Role::Thumbnail));
            let picture = data.get(28..).unwrap_or_default();
            found.merge(&inside, cx.inspect_nested(&Source::memory(picture))?);
        }
        How::Id => {
            let finding = Finding::new(
                "photoshop.digest",
                Category::History,
                Severity::Low,
                place,
                name,
            );
            found.add(finding.bytes(len).role(Role::LinkId));
            found.secrets.bytes(data);
        }
        How::Texts(category, severity, role) | How::Unicode(category, severity, role) => {
            cx.memory(len)?;
            let data = data.get(..data.len().min(SEARCHED)).unwrap_or_default();
            let mut texts = match how {
                How::Unicode(..) => unicode_strings(data),
                _ if data.starts_with(b"<?xml") => property_list(data),
                _ => runs_of_text(data),
            };
            let mut seen = BTreeSet::new();
            texts.retain(|text| seen.insert(text.clone()));
            for text in texts.iter().take(MOST) {
                cx.item()?;
                let finding = Finding::new("photoshop.resource", category, severity, place, name);
                found.add(finding.text(text.clone()).role(role));
                text::mentions("photoshop.resource", text, place, cx, found)?;
            }
            for text in texts.iter().skip(MOST) {
                found.secrets.text(text);
            }
            return Ok(!texts.is_empty());
        }
    }
    Ok(true)
}

/// The `<string>` elements of a property list.
fn property_list(data: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(data);
    text.split("<string>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</string>"))
        .map(|(string, _)| string.trim().to_owned())
        .filter(|string| !string.is_empty() && !string.starts_with("com.apple."))
        .collect()
}

/// Unicode strings as Photoshop writes them: number of UTF-16 units in four bytes, and the units. Runs are
/// taken wherever they are whole and printable, so that no descriptor need be understood. Linear: no
/// string can hold the beginning of another, which has a zero unit.
fn unicode_strings(data: &[u8]) -> Vec<String> {
    let mut strings = Vec::new();
    let mut cursor = Cursor::new(data);
    while !cursor.is_at_end() {
        let mut ahead = cursor;
        let mut string = || {
            let count = usize::try_from(ahead.u32(Order::Big)?).ok()?;
            (2..=4096).contains(&count).then_some(())?;
            let bytes = ahead.take(count.checked_mul(2)?)?;
            let units: Vec<u16> = bytes.chunks_exact(2).map_while(printable).collect();
            let (string, rest) = bytes.split_at_checked(units.len().checked_mul(2)?)?;
            // Keys of descriptors are ASCII with their lengths before them.
            let key = string.iter().take(4).all(|b| matches!(b, 0x20..=0x7E));
            (!key && units.len() >= 2 && rest.iter().all(|b| *b == 0)).then_some(())?;
            Some(String::from_utf16_lossy(&units).trim().to_owned())
        };
        match string() {
            Some(string) => {
                strings.push(string);
                cursor = ahead;
            }
            None => drop(cursor.skip(1)),
        }
    }
    strings
}

/// The unit unless it is a control character.
fn printable(unit: &[u8]) -> Option<u16> {
    Order::Big
        .u16(unit)
        .filter(|unit| *unit >= 0x20 && *unit != 0xFFFF)
}

/// Runs of printable Latin-1 and of UTF-16 in either order.
fn runs_of_text(data: &[u8]) -> Vec<String> {
    let mut texts = runs(data.iter().map(|b| u16::from(*b)), 0x7E);
    for (order, start) in [
        (Order::Big, 0),
        (Order::Big, 1),
        (Order::Little, 0),
        (Order::Little, 1),
    ] {
        let units = data.get(start..).unwrap_or_default().chunks_exact(2);
        texts.extend(runs(units.filter_map(|unit| order.u16(unit)), 0x24F));
    }
    texts
}

/// Runs of printable characters up to `last`, of which most are ASCII.
fn runs(units: impl Iterator<Item = u16>, last: u16) -> Vec<String> {
    let mut runs = Vec::new();
    let mut run = String::new();
    for unit in units.chain(std::iter::once(0)) {
        let c = char::from_u32(u32::from(unit)).filter(|_| unit <= last);
        match c.filter(|c| !c.is_control()) {
            Some(c) => run.push(c),
            None => {
                let plain = run
                    .chars()
                    .filter(|c| c.is_ascii_alphanumeric() || " ./\\:_-".contains(*c));
                if run.chars().count() >= SHORTEST
                    && plain.count() >= run.chars().count().div_ceil(2)
                {
                    runs.push(run.trim().to_owned());
                }
                run.clear();
            }
        }
    }
    runs
}

/// Types of values in Adobe's descriptors. Their keys and classes are in every layer effect, shape and text as
/// well: only texts are values.
const DESCRIPTOR_TYPES: [&[u8]; 6] = [b"Objc", b"VlLs", b"TEXT", b"UntF", b"doub", b"enum"];

/// Remembers the texts of a block that nobody could parse.
fn harvest(block: &[u8], found: &mut Found) {
    let has = |kind: &&&[u8]| memchr::memmem::find(block, kind).is_some();
    if DESCRIPTOR_TYPES.iter().filter(has).count() < 2 {
        found.secrets.harvest(block);
        return;
    }
    for at in memchr::memmem::find_iter(block, b"TEXT") {
        let mut cursor = Cursor::new(block.get(at..).unwrap_or_default());
        let text = cursor.skip(4).and_then(|()| {
            let count = usize::try_from(cursor.u32(Order::Big)?).ok()?;
            cursor.take(count.checked_mul(2)?)
        });
        let units = text.unwrap_or_default().chunks_exact(2);
        let units = units.filter_map(|unit| Order::Big.u16(unit));
        let text: String = char::decode_utf16(units).flatten().collect();
        found.secrets.text(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    fn resource(id: u16, name: &str, data: &[u8]) -> Vec<u8> {
        let mut out = b"8BIM".to_vec();
        out.extend_from_slice(&id.to_be_bytes());
        out.push(u8::try_from(name.len()).unwrap());
        out.extend_from_slice(name.as_bytes());
        if name.len().is_multiple_of(2) {
            out.push(0);
        }
        out.extend_from_slice(&u32::try_from(data.len()).unwrap().to_be_bytes());
        out.extend_from_slice(data);
        if !data.len().is_multiple_of(2) {
            out.push(0);
        }
        out
    }

    fn utf16(text: &str, f: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(f).collect()
    }

    fn reading(block: &[u8]) -> Found {
        let mut found = Found::default();
        with_context(|cx| read(block, "8BIM", cx, &mut found)).unwrap();
        found
    }

    fn whole() -> Vec<u8> {
        let path = [
            b"TEXT\0\0\0\x11".as_slice(),
            &utf16("/Users/anna/x.psd", u16::to_be_bytes),
        ]
        .concat();
        let printer = utf16("Kontor Brother 2", u16::to_le_bytes);
        let plist = b"<?xml version='1.0'?><dict><string>com.apple.x</string><string>Annas skrivare</string></dict>";
        let xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/' x:xmptk='Core 5'/>";
        [
            b"Photoshop 3.0\0".to_vec(),
            resource(0x0404, "", b"\x1c\x02\x5a\x00\x04Lund"),
            resource(0x040C, "", &[1; 60]),
            resource(0x0424, "", xmp),
            resource(0x040B, "", b"https://anna.example/"),
            resource(0x043C, "", plist),
            resource(0x043D, "", &printer),
            resource(0x043E, "", &path),
            resource(0x0425, "", b"0123456789ABCDEF"),
            resource(0x03ED, "", &[0, 72, 0, 0, 0, 1, 0, 1]),
            resource(0x07D0, "Path of Bo", &[0; 26]),
        ]
        .concat()
    }

    #[test]
    fn keys_of_descriptors_are_no_values() {
        let mut block = b"\0\0\0\x06boundsObjc\0\0\0\x04Grn doub@oTypeenum".to_vec();
        block.extend(b"Nm  TEXT\0\0\0\x0A");
        block.extend(
            "Anna i Lund"
                .encode_utf16()
                .take(10)
                .flat_map(u16::to_be_bytes),
        );
        let mut found = Found::default();
        harvest(&block, &mut found);
        assert_eq!(found.secrets.traces().count(), 0);
        assert_eq!(found.secrets.texts().collect::<Vec<_>>(), ["Anna i Lun"]);
        harvest(b"\0\x01Anna Andersson\0", &mut found);
        assert_eq!(
            found.secrets.traces().collect::<Vec<_>>(),
            ["Anna Andersson"]
        );
    }

    #[test]
    fn resources_are_read_by_their_ids() {
        let found = reading(&whole());
        for text in [
            "Lund",
            "Core 5",
            "https://anna.example/",
            "Annas skrivare",
            "Kontor Brother 2",
            "/Users/anna/x.psd",
            "Path of Bo",
        ] {
            assert!(found.has_text(text), "{text}: {:#?}", found.findings);
        }
        assert!(!found.has_text("com.apple.x"));
        assert!(found.findings.iter().any(|f| f.role == Role::Thumbnail));
        let others = found
            .findings
            .iter()
            .find(|f| f.id == "photoshop.any")
            .unwrap();
        assert_eq!(others.what, "other resources: 0x03ED 0x07D0");
        assert!(found.findings.iter().all(|f| f.id != "photoshop.slack"));
    }

    #[test]
    fn unpadded_and_damaged_blocks() {
        let mut odd = resource(0x040B, "", b"odd length!");
        odd.pop();
        let found = reading(&[odd, resource(0x040B, "", b"next one")].concat());
        assert!(found.has_text("odd length!") && found.has_text("next one"));
        let found = reading(b"8BIMwhat is this block");
        assert_eq!(found.findings[0].id, "photoshop.slack");
        let whole = whole();
        for at in 0..whole.len() {
            reading(&whole[..at]);
            let mut flipped = whole.clone();
            flipped[at] ^= 0xFF;
            assert!(!reading(&flipped).findings.is_empty());
        }
    }
}
