//! Boxes and `uuid`s that are not needed to show the picture: what they are, and what they give away.

use crate::bytes::{Context, Source};
use crate::containers::isobmff::{BoxHeader, Boxes};
use crate::metadata::{appended, c2pa, exif, iptc, photoshop, text, xmp};
use crate::model::{Category, Error, Finding, Found, Result, Severity, Span};

type Reader = fn(&[u8], &str, &Context<'_>, &mut Found) -> Result<()>;

/// A box of this type: finding id, name, category, severity, what it is, and who can read it.
struct Known<K: 'static> {
    kind: K,
    id: &'static str,
    name: &'static str,
    category: Category,
    severity: Severity,
    what: &'static str,
    read: Reader,
}

macro_rules! known {
    ($($kind:expr, $id:literal, $name:literal, $category:ident, $severity:ident, $what:literal, $read:expr;)*) => {
        &[$(Known {
            kind: $kind,
            id: $id,
            name: $name,
            category: Category::$category,
            severity: Severity::$severity,
            what: $what,
            read: $read,
        }),*]
    };
}

static BOXES: &[Known<&[u8; 4]>] = known! {
    b"xml ", "jp2.xml", "xml", History, High, "XMP, georeference or other XML", xml;
    b"lbl ", "jp2.asoc", "lbl", History, Medium, "label", label;
    b"url ", "jp2.uinf", "url", History, High, "address", label;
    b"jp2i", "jp2.jp2i", "jp2i", Person, High, "who has which rights", xml;
    b"mp7b", "jp2.xml", "mp7b", History, High, "description of what is seen (MPEG-7)", xml;
    b"jumb", "jp2.jumb", "jumb", Person, High, "content credentials", jumbf;
    b"ulst", "jp2.uinf", "ulst", History, Low, "list of ids", nothing;
    b"nlst", "jp2.asoc", "nlst", Unknown, Low, "list of numbers", nothing;
    b"chck", "jp2.chck", "chck", History, Medium, "digital signature", nothing;
    b"prfl", "jp2.unknown", "prfl", Unknown, Low, "profile of the file", nothing;
    b"roid", "jp2.roid", "roid", History, Medium, "regions of interest", nothing;
    b"free", "jp2.gap", "free", Unknown, Medium, "unused space", unknown;
    b"mdat", "jp2.gap", "mdat", Unknown, High, "data that belongs to nothing", unknown;
};

static UUIDS: &[Known<&[u8; 16]>] = known! {
    b"JpgTiffExif->JP2", "jp2.uuid", "uuid Exif", Device, Medium, "Exif block", exif_block;
    b"\x05\x37\xCD\xAB\x9D\x0C\x44\x31\xA7\x2A\xFA\x56\x1F\x2A\x11\x3E",
        "jp2.uuid", "uuid Exif", Device, Medium, "Exif block", exif_block;
    b"\x33\xC7\xA4\xD2\xB8\x1D\x47\x23\xA0\xBA\xF1\xA3\xE0\x97\xAD\x38",
        "jp2.uuid", "uuid IPTC", Person, Medium, "IPTC block", iptc::read;
    b"\x09\xA1\x4E\x97\xC0\xB4\x42\xE0\xBE\xBF\x36\xDF\x6F\x0C\xE3\x6F",
        "jp2.uuid", "uuid IPTC", Person, Medium, "IPTC block", iptc::read;
    b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC",
        "jp2.uuid", "uuid XMP", History, Medium, "XMP packet", xml;
    b"\xB1\x4B\xF8\xBD\x08\x3D\x4B\x43\xA5\xAE\x8C\xD7\xD5\xA6\xCE\x03",
        "jp2.uuid", "uuid GeoJP2", Location, Critical, "georeference (GeoTIFF)", exif_block;
    b"\x96\xA9\xF1\xF1\xDC\x98\x40\x2D\xA7\xAE\xD6\x8E\x34\x45\x18\x09",
        "jp2.uuid", "uuid world file", Location, Critical, "georeference (world file)", unknown;
    b"\x2C\x4C\x01\x00\x85\x04\x40\xB9\xA0\x3E\x56\x21\x48\xD6\xDF\xEB",
        "jp2.uuid", "uuid Photoshop", History, High, "image resources of Photoshop", photoshop::read;
    b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81",
        "jp2.uuid", "uuid C2PA", Person, High, "content credentials", credentials;
};

/// What a box is called, and the finding that says that it goes. What is in it is added to `found`.
///
/// # Errors
/// Those of the budget; reading.
pub(super) fn read(
    source: &Source<'_>,
    header: &BoxHeader,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<(&'static str, Finding)> {
    if let Some(id) = &header.uuid {
        return match UUIDS.iter().find(|known| known.kind == id) {
            Some(known) => tell(known, source, header, cx, found),
            None => tell(&OTHER_UUID, source, header, cx, found),
        };
    }
    if matches!(
        &header.kind.0,
        b"asoc" | b"uinf" | b"jp2h" | b"jpch" | b"jplh"
    ) {
        return associated(source, header, cx, found);
    }
    match BOXES.iter().find(|known| header.is(known.kind)) {
        Some(known) => tell(known, source, header, cx, found),
        None => tell(&OTHER, source, header, cx, found),
    }
}

static OTHER_UUID: Known<()> = Known {
    kind: (),
    id: "jp2.uuid",
    name: "uuid",
    category: Category::Unknown,
    severity: Severity::High,
    what: "data of a program",
    read: unknown,
};
static OTHER: Known<()> = Known {
    kind: (),
    id: "jp2.unknown",
    name: "unknown box",
    category: Category::Unknown,
    severity: Severity::High,
    what: "a box that nobody knows",
    read: unknown,
};

fn tell<K>(
    known: &Known<K>,
    source: &Source<'_>,
    header: &BoxHeader,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<(&'static str, Finding)> {
    let body = header.read(source, cx)?;
    (known.read)(&body, known.name, cx, found)?;
    let finding = Finding::new(
        known.id,
        known.category,
        known.severity,
        known.name,
        known.what,
    );
    Ok((known.name, finding.bytes(header.whole.len())))
}

/// Boxes that belong together: a label and what it names, a list of ids and an address.
fn associated(
    source: &Source<'_>,
    header: &BoxHeader,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<(&'static str, Finding)> {
    let deeper = cx.deeper()?;
    let mut inner = Found::default();
    let mut boxes = Boxes::new(source, header.body);
    loop {
        match boxes.next(&deeper) {
            Ok(Some(child)) => {
                let (_, finding) = read(source, &child, &deeper, &mut inner)?;
                inner.add(finding);
            }
            Ok(None) => break,
            Err(Error::Malformed { .. }) => {
                let rest = Span::new(boxes.at(), header.body.end());
                appended::read(&source.sub(rest)?, "", &deeper, &mut inner)?;
                break;
            }
            Err(error) => return Err(error),
        }
    }
    let (name, id, what) = match &header.kind.0 {
        b"asoc" => ("asoc", "jp2.asoc", "labels, georeference or other data"),
        b"uinf" => ("uinf", "jp2.uinf", "where more is to be found"),
        _ => ("jp2h", "jp2.unknown", "a second header"),
    };
    found.merge(name, inner);
    let finding = Finding::new(id, Category::History, Severity::Medium, name, what);
    Ok((name, finding.bytes(header.whole.len())))
}

fn exif_block(body: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    exif::read(body, place, cx, found).map(|_| ())
}

fn xml(body: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    xmp::read(body, place, cx, found)?;
    text::mentions("jp2.xml", &String::from_utf8_lossy(body), place, cx, found)
}

/// Text: of a label from the first byte on, of an address behind four bytes of version and flags.
fn label(body: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let (id, name, body) = if place == "url" {
        ("jp2.uinf", "URL", body.get(4..).unwrap_or_default())
    } else {
        ("jp2.asoc", "Label", body)
    };
    let words = String::from_utf8_lossy(body);
    let words = words.trim_matches('\0');
    text::read(id, name, words, place, cx, found)
}

fn jumbf(body: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let len = u32::try_from(body.len().saturating_add(8)).unwrap_or_default();
    let boxed = [&len.to_be_bytes()[..], b"jumb", body].concat();
    c2pa::read(&boxed, place, cx, found)
}

/// The `uuid` box of ISO files: version and flags, a purpose that ends in zero, an offset, boxes.
fn credentials(body: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let start = memchr::memmem::find(body, b"jumb").and_then(|at| at.checked_sub(4));
    let boxes = start.and_then(|at| body.get(at..)).unwrap_or(body);
    c2pa::read(boxes, place, cx, found)
}

fn nothing(body: &[u8], _: &str, _: &Context<'_>, found: &mut Found) -> Result<()> {
    found.secrets.harvest(body);
    Ok(())
}

fn unknown(body: &[u8], place: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    if body.is_empty() {
        return Ok(());
    }
    appended::read(&Source::memory(body), place, cx, found)
}
