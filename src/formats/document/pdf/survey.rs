//! What a file contains beside its pages: bytes around it, document information, earlier versions,
//! objects that no page uses, layers that are switched off.

use std::collections::HashSet;
use std::rc::Rc;

use super::copy::Copier;
use super::report::{look_inside, string, time};
use super::seeker::Seeker;
use crate::bytes::Streams;
use crate::containers::pdf::{Dict, File, Object, decode};
use crate::metadata::{appended, text};
use crate::model::{Category, Error, Finding, Found, Result, Role, Severity, Span, len_u64};

/// Maximum size of junk around the file that is looked through, in bytes.
const JUNK: u64 = 1 << 20;

/// Signatures and forms that a copy would not show.
pub(super) fn refusals(file: &File<'_>) -> Result<()> {
    let root = file.entry(file.trailer(), "Root")?;
    let Some(root) = root.as_dict() else {
        return Ok(());
    };
    let form = file.entry(root, "AcroForm")?;
    let Some(form) = form.as_dict() else {
        return Ok(());
    };
    let fields = file.entry(form, "Fields")?;
    let fields = fields.as_array().unwrap_or_default();
    let has_xfa = form.has("XFA");
    let is_dynamic = *file.entry(root, "NeedsRendering")? == Object::Bool(true);
    if has_xfa && (fields.is_empty() || is_dynamic) {
        return Err(Error::unsupported(
            "a PDF whose form exists as XFA only; open it in Adobe Reader, print it to a new PDF, and \
             clean that",
        ));
    }
    let mut open: Vec<Object> = fields.to_vec();
    let mut seen = HashSet::new();
    while let Some(field) = open.pop() {
        file.cx().item()?;
        if let Some(id) = field.as_ref()
            && !seen.insert(id)
        {
            continue;
        }
        let field = file.resolve(&field)?;
        let Some(dict) = field.as_dict() else {
            continue;
        };
        let value = file.entry(dict, "V")?;
        if let Some(value) = value.as_dict()
            && !file.cx().policy().allow_signed
            && (value.has("ByteRange") || file.entry(dict, "FT")?.is_name("Sig"))
        {
            return Err(Error::unsupported(
                "a signed PDF, and cleaning would break the signature; clean it with --allow-signed, or \
                 print it to a new PDF, and clean that",
            ));
        }
        open.extend(
            file.entry(dict, "Kids")?
                .as_array()
                .unwrap_or_default()
                .iter()
                .cloned(),
        );
    }
    Ok(())
}

/// The version of a copy: that of the file, as far as it is known.
pub(super) fn version(file: &File<'_>) -> Result<(u8, u8)> {
    let root = file.entry(file.trailer(), "Root")?;
    let mut version = file.version();
    if let Some(root) = root.as_dict()
        && let Some([major, b'.', minor]) = file.entry(root, "Version")?.as_name()
    {
        let digit = |byte: u8| byte.wrapping_sub(b'0');
        version = version.max((digit(*major), digit(*minor)));
    }
    Ok(version.clamp((1, 2), (1, 7)))
}

/// Hands out all strings, names and keys of an object. Names of fonts, colorants and resources are the
/// document's own; the others are those of the allowlist.
pub(super) fn strings(object: &Object, sink: &mut dyn Streams) -> Result<()> {
    let mut open = vec![object];
    while let Some(object) = open.pop() {
        match object {
            Object::String(text) => {
                sink.content("string", text)?;
                sink.content("string", b"\n")?;
            }
            Object::Name(name) => {
                sink.content("name", name)?;
                sink.content("name", b"\n")?;
            }
            Object::Array(array) => open.extend(array),
            Object::Dict(dict) => keys(dict, &mut open, sink)?,
            Object::Stream(stream) => keys(&stream.dict, &mut open, sink)?,
            _ => {}
        }
    }
    Ok(())
}

fn keys<'o>(dict: &'o Dict, open: &mut Vec<&'o Object>, sink: &mut dyn Streams) -> Result<()> {
    for (key, value) in dict.iter() {
        sink.content("key", key)?;
        sink.content("key", b"\n")?;
        open.push(value);
    }
    Ok(())
}

/// Bytes in front of the header and behind the end.
pub(super) fn around(copier: &mut Copier<'_, '_>) -> Result<()> {
    let file = copier.file;
    let source = file.source();
    let head = Span::new(0, file.header());
    junk(
        copier,
        head,
        "pdf.head",
        "in front of the file",
        "bytes in front of the document",
    )?;
    let from = source.len().saturating_sub(JUNK);
    let tail = source.peek(from, JUNK)?;
    let end = memchr::memmem::rfind(&tail, b"%%EOF").map(|at| at.saturating_add(5));
    let Some(end) = end else { return Ok(()) };
    let at = from.saturating_add(len_u64(end));
    let span = Span::new(at, source.len());
    junk(
        copier,
        span,
        "pdf.tail",
        "behind the file",
        "bytes behind the document",
    )
}

fn junk(
    copier: &mut Copier<'_, '_>,
    span: Span,
    id: &'static str,
    place: &'static str,
    what: &'static str,
) -> Result<()> {
    let source = copier.file.source();
    let bytes = source.peek(span.start(), span.len().min(JUNK))?;
    if bytes
        .iter()
        .all(|byte| matches!(byte, 0 | 9 | 10 | 12 | 13 | 26 | 32))
    {
        return Ok(());
    }
    let finding = Finding::new(id, Category::History, Severity::High, place, what);
    copier.report.add(finding.bytes(span.len()));
    copier.report.found.secrets.harvest(&bytes);
    // Job headers of printers name user, computer and document.
    for line in String::from_utf8_lossy(&bytes).lines() {
        let line = line.trim_start_matches(|c: char| !c.is_ascii_graphic());
        let Some(setting) = line.strip_prefix("@PJL ") else {
            continue;
        };
        let setting = setting
            .trim_start_matches("SET ")
            .trim_start_matches("COMMENT ");
        if let Some((name, value)) = setting.split_once('=') {
            let value = value.trim().trim_matches('"');
            let is_person = name.contains("USER") || name.contains("HOST");
            let (category, role) = if is_person {
                (Category::Person, Role::PersonName)
            } else {
                (Category::History, Role::Text)
            };
            let what = "setting of a printer job";
            let finding = Finding::new(id, category, Severity::High, place, what);
            copier.report.add(finding.text(value).role(role));
        }
    }
    text::mentions(
        id,
        &String::from_utf8_lossy(&bytes),
        place,
        copier.file.cx(),
        &mut copier.report.found,
    )?;
    appended::read(
        &source.sub(span)?,
        place,
        copier.file.cx(),
        &mut copier.report.found,
    )
}

/// Document information, ids, earlier versions, and objects that no page uses.
pub(super) fn left_out(copier: &mut Copier<'_, '_>) -> Result<()> {
    let file = copier.file;
    let mut said = HashSet::new();
    let mut trailers: Vec<&Dict> = vec![file.trailer()];
    trailers.extend(file.older_trailers());
    for trailer in trailers {
        if let Some(value) = trailer.get("Info") {
            said.extend(value.as_ref().map(|id| id.number));
            let info = file.resolve(value)?;
            if let Some(info) = info.as_dict() {
                information(copier, info)?;
            }
        }
        let id = file.entry(trailer, "ID")?;
        for part in id.as_array().unwrap_or_default() {
            let part = file.resolve(part)?;
            if let Some(bytes) = part.as_string() {
                let what = "id of the document or of this version";
                let finding =
                    Finding::new("pdf.id", Category::History, Severity::High, "trailer", what);
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                copier.report.found.secrets.bytes(bytes);
                copier.report.add(finding.text(hex).role(Role::LinkId));
            }
        }
        said.extend(
            trailer
                .get("Encrypt")
                .and_then(Object::as_ref)
                .map(|id| id.number),
        );
    }
    if file.is_encrypted() {
        let what = "encryption, which the copy does not have";
        let finding = Finding::new(
            "pdf.encrypt",
            Category::Unknown,
            Severity::Low,
            "trailer",
            what,
        );
        copier.report.add(finding);
    }
    revisions(copier)?;
    unused(copier, &said)
}

/// The document information dictionary (ISO 32000-1 §14.3.3).
fn information(copier: &mut Copier<'_, '_>, info: &Dict) -> Result<()> {
    let file = copier.file;
    for (key, value) in info.iter() {
        let value = file.resolve(value)?;
        let Some(bytes) = value.as_string() else {
            continue;
        };
        let value = string(bytes);
        if value.trim().is_empty() {
            continue;
        }
        let key = String::from_utf8_lossy(key).into_owned();
        let is_time = key.ends_with("Date") || key == "SourceModified" || value.starts_with("D:");
        if is_time {
            let what = match key.as_str() {
                "CreationDate" => "time of creation",
                "ModDate" => "time of the last change",
                _ => "time",
            };
            let finding = Finding::new("pdf.info", Category::Time, Severity::Medium, "Info", what);
            copier.report.found.secrets.text(&value);
            let finding = finding.value(time(&value)).role(Role::OtherTime);
            copier.report.add(finding);
        } else if matches!(key.as_str(), "Creator" | "Producer" | "PTEX.Fullbanner") {
            // Of a PDF, the creator is a program (ISO 32000-2 table 349).
            let finding = Finding::new("pdf.info", Category::Device, Severity::Medium, "Info", key);
            let finding = finding.text(value.as_str()).role(Role::Software);
            copier.report.add(finding);
            let found = &mut copier.report.found;
            text::mentions("pdf.info", &value, "Info", file.cx(), found)?;
        } else {
            let mut found = Found::default();
            text::read("pdf.info", &key, &value, "Info", file.cx(), &mut found)?;
            for finding in std::mem::take(&mut found.findings) {
                copier.report.add(finding);
            }
            copier.report.found.secrets.merge(found.secrets);
        }
    }
    Ok(())
}

/// Earlier versions: cross-reference sections that are not those of a linearized file.
fn revisions(copier: &mut Copier<'_, '_>) -> Result<()> {
    let file = copier.file;
    let head = file.source().peek(file.header(), 1024)?;
    let is_linear = memchr::memmem::find(&head, b"/Linearized").is_some();
    let expected = if is_linear { 2 } else { 1 };
    if file.revisions() > expected {
        let what = "earlier versions of the document";
        let finding = Finding::new(
            "pdf.revisions",
            Category::History,
            Severity::High,
            "file",
            what,
        );
        copier.report.add(finding);
        earlier(copier)?;
    }
    Ok(())
}

/// What the objects of earlier versions give away.
fn earlier(copier: &mut Copier<'_, '_>) -> Result<()> {
    let file = copier.file;
    for object in file.superseded()? {
        lost(copier, &object, "earlier version")?;
    }
    Ok(())
}

/// Objects that the copy does not have.
fn unused(copier: &mut Copier<'_, '_>, said: &HashSet<u32>) -> Result<()> {
    let file = copier.file;
    let copied = copier.copied();
    let mut count = 0u64;
    for number in file.numbers() {
        if copied.contains(&number) || said.contains(&number) {
            continue;
        }
        file.cx().item()?;
        let object = file.get(number)?;
        let dict = object.as_dict();
        let kind = match dict {
            Some(dict) => file
                .entry(dict, "Type")?
                .as_name()
                .unwrap_or_default()
                .to_vec(),
            None => Vec::new(),
        };
        // The file's own bookkeeping, and what is written into other objects.
        let is_own =
            matches!(&*kind, b"XRef" | b"ObjStm") || dict.is_some_and(|d| d.has("Linearized"));
        let is_small = matches!(
            &*object,
            Object::Null
                | Object::Int(_)
                | Object::Array(_)
                | Object::Name(_)
                | Object::Real(_)
                | Object::Bool(_)
        );
        if is_own || is_small {
            continue;
        }
        count = count.saturating_add(1);
        lost(copier, &object, "unused object")?;
    }
    if count > 0 {
        let what = "objects that no page uses";
        let finding = Finding::new(
            "pdf.unused",
            Category::History,
            Severity::Medium,
            "file",
            what,
        );
        copier.report.add(finding);
    }
    Ok(())
}

/// Reports an object that is not in the copy.
fn lost(copier: &mut Copier<'_, '_>, object: &Rc<Object>, place: &'static str) -> Result<()> {
    let file = copier.file;
    let mut texts = Vec::new();
    collect_strings(object, &mut texts);
    for text in texts {
        copier.report.found.secrets.text(&text);
    }
    if let Object::Stream(stream) = &**object {
        let is_metadata = file.entry(&stream.dict, "Type")?.is_name("Metadata");
        if is_metadata {
            let packet = decode(file, stream)?;
            crate::metadata::xmp::read(&packet, place, file.cx(), &mut copier.report.found)?;
        } else if file.entry(&stream.dict, "Subtype")?.is_name("Image") {
            let what = "a picture that no page shows";
            let finding = Finding::new(
                "pdf.images.unused",
                Category::Image,
                Severity::High,
                place,
                what,
            );
            copier
                .report
                .add(finding.bytes(stream.data.len()).role(Role::Picture));
            let found = look_inside(file, stream)?;
            copier.report.found.merge(place, found);
        }
    }
    if let Some(dict) = object.as_dict() {
        if file.entry(dict, "Type")?.is_name("Filespec")
            && let Some(name) = file
                .entry(dict, "UF")?
                .as_string()
                .or(file.entry(dict, "F")?.as_string())
        {
            let what = "name of an attached file";
            let finding = Finding::new(
                "pdf.embedded",
                Category::History,
                Severity::High,
                place,
                what,
            );
            copier
                .report
                .add(finding.text(string(name)).role(Role::Path));
        }
        let value = file.entry(dict, "V")?;
        if value.as_dict().is_some_and(|value| value.has("ByteRange")) {
            copier.dropped(&super::tables::FIELD, b"V", &value)?;
        }
        if dict.has("Producer") || dict.has("Creator") && dict.has("CreationDate") {
            information(copier, dict)?;
        }
    }
    Ok(())
}

fn collect_strings(object: &Object, out: &mut Vec<String>) {
    let mut open = vec![object];
    while let Some(object) = open.pop() {
        match object {
            Object::String(bytes) => {
                let text = string(bytes);
                let readable = text.chars().filter(|c| c.is_alphanumeric()).count();
                if readable >= 5 && out.len() < 64 {
                    out.push(text);
                }
            }
            Object::Array(array) => open.extend(array),
            Object::Dict(dict) => open.extend(dict.iter().map(|(_, value)| value)),
            Object::Stream(stream) => open.extend(stream.dict.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}

/// Layers that are switched off: what is on them is not shown, and stays in the copy.
pub(super) fn layers(copier: &mut Copier<'_, '_>) -> Result<()> {
    let facts = copier.facts;
    let is_left = facts.hidden.remains || !facts.layers.are_removed();
    if facts.layers.any_off() && is_left {
        let what = "layers that are switched off: what is on them is not shown, but still there";
        let finding = Finding::new(
            "pdf.ocg.hidden",
            Category::Image,
            Severity::High,
            "layers",
            what,
        );
        copier.report.note(finding);
    }
    Ok(())
}

/// Forgets values that the pages show as well: they cannot be removed, and are no secret of the structure.
pub(super) fn settle(copier: &mut Copier<'_, '_>) -> Result<()> {
    let file = copier.file;
    let mut seeker = Seeker::new(copier.report.secrets());
    if !seeker.is_empty() {
        for number in copier.copied() {
            let object = file.get(number)?;
            let Object::Stream(stream) = &*object else {
                continue;
            };
            if file.entry(&stream.dict, "Subtype")?.is_name("Image") {
                continue;
            }
            match decode(file, stream) {
                Ok(bytes) => seeker.search(&bytes),
                Err(Error::Malformed { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }
    let shown = seeker.found();
    copier.report.settle(&|text| shown.contains(text));
    Ok(())
}

/// Conformance that a copy does not claim any more, because it has no XMP packet.
pub(super) fn conformance(copier: &mut Copier<'_, '_>) -> Result<()> {
    let file = copier.file;
    let root = file.entry(file.trailer(), "Root")?;
    let Some(root) = root.as_dict() else {
        return Ok(());
    };
    let metadata = file.entry(root, "Metadata")?;
    let Some(stream) = metadata.as_stream() else {
        return Ok(());
    };
    let packet = decode(file, stream)?;
    let standards = [
        (&b"pdfaid:part"[..], "PDF/A"),
        (b"pdfxid:", "PDF/X"),
        (b"pdfx:GTS_PDFXVersion", "PDF/X"),
        (b"pdfuaid:part", "PDF/UA"),
    ];
    for (mark, name) in standards {
        if memchr::memmem::find(&packet, mark).is_some() {
            let what = "the copy does not claim to conform to this standard any more";
            let (category, severity) = (Category::Unknown, Severity::Low);
            let finding = Finding::new("pdf.conformance", category, severity, name, what);
            copier.report.note(finding);
        }
    }
    Ok(())
}
