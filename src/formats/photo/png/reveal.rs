//! What a chunk that goes gives away.

use super::chunks::{Chunk, Kind};
use super::text;
use crate::bytes::{Context, Cursor, Order, Source};
use crate::metadata::{appended, c2pa, exif, makers, xmp};
use crate::model::{
    Category, Finding, Found, Result, Role, Severity, Span, Untrusted, Value, len_u64,
};

/// A kind of chunk that goes, and the finding for one that says nothing of its own.
struct Known {
    kind: Kind,
    name: &'static str,
    id: &'static str,
    category: Category,
    severity: Severity,
    what: &'static str,
}

macro_rules! known {
    ($($kind:ident $id:literal $category:ident $severity:ident $what:literal;)*) => {
        static KNOWN: &[Known] = &[$(Known {
            kind: super::allowlist::kind(stringify!($kind)),
            name: stringify!($kind),
            id: $id,
            category: Category::$category,
            severity: Severity::$severity,
            what: $what,
        }),*];
    };
}

known! {
    tEXt "png.text" Unknown Medium "text";
    zTXt "png.text" Unknown Medium "compressed text";
    iTXt "png.text" Unknown Medium "international text";
    eXIf "png.exif" Device Low "Exif block";
    zxIf "png.exif" Device Low "compressed Exif block";
    zXIf "png.exif" Device Low "compressed Exif block";
    tXMP "png.xmp" Unknown Medium "XMP packet";
    tIME "png.time" Time Medium "last modification time";
    iDOT "png.idot" Device Low "Apple's parallel decoding table";
    caBX "png.c2pa" History High "content credentials (C2PA)";
    seAl "png.c2pa" History High "SEAL signature";
    mkBF "png.other" Image High "Fireworks: the source document with its layers";
    mkTS "png.other" Image High "Fireworks: the source document with its layers";
    mkBS "png.other" Image High "Fireworks: the source document with its layers";
    mkBT "png.other" Image High "Fireworks: the source document with its layers";
    prVW "png.other" Image High "Fireworks: preview picture";
    skMf "png.other" Image High "Skitch: the original picture";
    skRf "png.other" Image High "Skitch: the original picture";
    cpIp "png.other" Image High "Microsoft Picture It!: the source document";
    meTa "png.other" History Medium "Microsoft Picture It!: metadata";
    cmOD "png.other" History Medium "Microsoft Picture It!: metadata";
    gdAT "png.other" Image High "draft of a gain map";
    gmAP "png.other" Image High "draft of a gain map";
    tpNG "png.other" Device Low "program that wrote the file";
    vpAg "png.other" Device Low "ImageMagick: virtual page";
    caNv "png.other" Device Low "ImageMagick: canvas";
    orNT "png.other" Device Low "ImageMagick: orientation";
    gIFg "png.other" History Low "remains of a GIF";
    gIFx "png.other" History Medium "remains of a GIF";
    gIFt "png.other" History Medium "remains of a GIF";
    fRAc "png.other" History Medium "parameters of a fractal";
    dSIG "png.other" Person Medium "digital signature";
    sPLT "png.other" History Low "suggested palette";
    pCAL "png.other" Device Medium "calibration of pixel values";
    sCAL "png.other" Device Medium "physical scale";
    oFFs "png.other" History Low "offset on a page";
    sTER "png.other" Device Low "stereo picture";
    hIST "png.other" History Low "how often each colour is used";
    mdAt "png.other" Unknown Medium "metadata";
    hdAp "png.other" Unknown Medium "metadata";
}

/// The standard's name of a chunk that goes.
pub(super) fn name(kind: Kind) -> Option<&'static str> {
    KNOWN
        .iter()
        .find(|known| known.kind == kind)
        .map(|known| known.name)
}

/// Adds what a chunk gives away to `found`, at least that it was there; `left` says how much text is
/// still read. Returns the id of a finding that speaks for it.
///
/// # Errors
/// Those of the budget; reading.
pub(super) fn chunk(
    chunk: &Chunk,
    source: &Source<'_>,
    left: &mut usize,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<&'static str> {
    let place = chunk.name();
    let before = found.findings.len();
    let data = start_of(source, chunk.data(), cx)?;
    match &chunk.kind {
        b"tEXt" | b"zTXt" | b"iTXt" => text::read(chunk.kind, &data, left, cx, found)?,
        b"eXIf" => exif::read(&data, &place, cx, found).map(drop)?,
        // A zero byte and the length in four bytes stand before the stream.
        b"zxIf" | b"zXIf" => {
            let block = text::inflate_prefix(data.get(5..).unwrap_or_default(), cx)?;
            exif::read(&block, &place, cx, found).map(drop)?;
        }
        b"tXMP" => xmp::read(&data, &place, cx, found).map(drop)?,
        b"tIME" => time(&data, &place).into_iter().for_each(|it| found.add(it)),
        b"caBX" => c2pa::read(&data, &place, cx, found)?,
        _ => opaque(source, chunk.data(), &data, &place, cx, found)?,
    }
    if let Some(first) = found.findings.get(before) {
        return Ok(first.id);
    }
    let known = KNOWN.iter().find(|known| known.kind == chunk.kind);
    let (id, category, severity, what) = known.map_or(
        (
            "png.unknown",
            Category::Unknown,
            Severity::Medium,
            "unknown chunk",
        ),
        |known| (known.id, known.category, known.severity, known.what),
    );
    found.add(Finding::new(id, category, severity, place, what).bytes(chunk.data().len()));
    Ok(id)
}

/// Place of what stands behind the end.
const AFTER: &str = "after IEND";

/// Adds what stands behind IEND to `found`.
///
/// # Errors
/// Those of the budget; reading.
pub(super) fn behind_end(
    source: &Source<'_>,
    span: Span,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<&'static str> {
    const ID: &str = "png.trailer";
    // Some programs write the end mark twice.
    let mut rest = span;
    while *source.peek(rest.start(), len_u64(END_MARK.len()))? == *END_MARK {
        rest = Span::new(
            rest.start().saturating_add(len_u64(END_MARK.len())),
            rest.end(),
        );
    }
    if rest.is_empty() {
        let what = "another end mark";
        found
            .add(Finding::new(ID, Category::Unknown, Severity::Low, AFTER, what).bytes(span.len()));
        return Ok(ID);
    }
    let what = "data behind the end of the picture";
    found.add(Finding::new(ID, Category::Image, Severity::High, AFTER, what).bytes(rest.len()));
    appended::read(&source.sub(rest)?, AFTER, cx, found)?;
    Ok(ID)
}

/// A whole IEND chunk.
const END_MARK: &[u8] = b"\0\0\0\0IEND\xAE\x42\x60\x82";

/// A block of a form that no standard describes: a maker's, a whole file, a zlib stream, or text.
fn opaque(
    source: &Source<'_>,
    span: Span,
    data: &[u8],
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    if makers::recognize(data).is_some() {
        makers::read(data, place, cx, found)?;
    }
    found.merge(place, cx.inspect_nested(&source.sub(span)?)?);
    harvest(data, found);
    if matches!(data, [0x78, 0x01 | 0x5E | 0x9C | 0xDA, ..]) {
        let inner = text::inflate_prefix(data, cx)?;
        found.merge(place, cx.inspect_nested(&Source::memory(&inner))?);
        harvest(&inner, found);
    }
    Ok(())
}

/// Remembers the printable runs of a block, so that the second look searches for them.
pub(super) fn harvest(block: &[u8], found: &mut Found) {
    // Coded data holds such runs by chance; more of them would crowd out what was really said.
    let (start, _) = block.split_at_checked(64 << 10).unwrap_or((block, &[]));
    found.secrets.harvest(start);
}

/// The beginning of a span, at most [`text::MOST`] bytes.
pub(super) fn start_of<'a>(
    source: &Source<'a>,
    span: Span,
    cx: &Context<'_>,
) -> Result<std::borrow::Cow<'a, [u8]>> {
    let len = span.len().min(len_u64(text::MOST));
    cx.memory(len)?;
    source.peek(span.start(), len)
}

/// tIME (11.3.5.1).
fn time(data: &[u8], place: &str) -> Option<Finding> {
    let mut cursor = Cursor::new(data);
    let year = cursor.u16(Order::Big)?;
    let &[month, day, hour, minute, second] = cursor.rest().first_chunk()?;
    let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
    Some(
        Finding::new("png.time", Category::Time, Severity::Medium, place, "tIME")
            .value(Value::Time(Untrusted::new(text)))
            .role(Role::OtherTime),
    )
}
