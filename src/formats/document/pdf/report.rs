//! What is reported of what is left out.

use std::collections::HashSet;
use std::io::Write;
use std::rc::Rc;

use super::copy::Copier;
use super::schema::Table;
use crate::bytes::Source;
use crate::containers::pdf::{Dict, File, Object, decode};
use crate::metadata::{text, xmp};
use crate::model::{
    Category, Error, Finding, Found, Place, Result, Role, Secrets, Severity, Value, len_u64,
};

/// Maximum number of findings with one id.
const EACH: usize = 60;
/// Maximum number of objects that are looked through below one key that is left out.
const BELOW: u32 = 400;
/// Maximum size of the texts that are remembered as shown, in bytes.
const SHOWN: usize = 8 << 20;

/// Findings, each once.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    seen: HashSet<(String, String, String)>,
    /// Texts that the copy shows.
    shown: Vec<u8>,
}

impl Report {
    /// Adds a finding, unless the same was found before.
    pub(super) fn add(&mut self, finding: Finding) {
        if let Some(Value::Text(text) | Value::Time(text)) = &finding.value {
            self.found.secrets.text(text.raw());
        }
        let value = format!("{:?}", finding.value);
        let key = (finding.id.to_owned(), finding.what.to_string(), value);
        let of_id = self
            .found
            .findings
            .iter()
            .filter(|known| known.id == finding.id)
            .count();
        if self.seen.insert(key) && of_id < EACH {
            self.found.findings.push(finding);
        }
    }

    /// Adds something that stays, each id and place once.
    pub(super) fn note(&mut self, finding: Finding) {
        let is_known = |known: &Finding| known.id == finding.id && known.place == finding.place;
        if !self.residue.iter().any(is_known) && self.residue.len() < 200 {
            self.residue.push(finding);
        }
    }

    /// Remembers a text that the copy shows, so that a finding with the same value is no failure.
    pub(super) fn shown(&mut self, text: &[u8]) {
        if self.shown.len() < SHOWN {
            self.shown.extend_from_slice(string(text).as_bytes());
            self.shown.push(b'\n');
            self.shown.extend_from_slice(text);
            self.shown.push(b'\n');
        }
    }

    /// The name of a layer.
    pub(super) fn layer(&mut self, name: &[u8], page: Option<usize>) {
        let place = page.map_or_else(|| "OCG".to_owned(), |page| format!("page {page}/OCG"));
        let what = "name of a layer";
        let finding = Finding::new("pdf.ocg", Category::History, Severity::Medium, place, what);
        self.add(finding.text(string(name)));
    }

    /// Forgets secrets that the copy shows.
    pub(super) fn settle(&mut self, more: &dyn Fn(&str) -> bool) {
        let shown = String::from_utf8_lossy(&self.shown).into_owned();
        let texts: Vec<String> = self.found.secrets.texts().map(str::to_owned).collect();
        let traces: Vec<String> = self.found.secrets.traces().map(str::to_owned).collect();
        for text in texts.iter().chain(&traces) {
            if shown.contains(text.as_str()) || more(text) {
                self.found.secrets.allow(text);
            }
        }
    }

    /// What could not be searched for.
    pub(super) fn secrets(&self) -> &Secrets {
        &self.found.secrets
    }
}

/// A text string (ISO 32000-1 §7.9.2.2).
pub(super) fn string(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().copied().map(char::from).collect(),
        },
    }
}

fn utf16(bytes: &[u8], number: fn([u8; 2]) -> u16) -> String {
    let units = bytes
        .chunks_exact(2)
        .filter_map(|pair| pair.first_chunk().copied());
    char::decode_utf16(units.map(number))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Bytes compressed with Flate.
pub(super) fn zipped(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes)?;
    Ok(out.finish()?)
}

/// What a key is called in the report.
struct Meaning {
    key: &'static str,
    id: &'static str,
    category: Category,
    severity: Severity,
    what: &'static str,
    role: Role,
}

const fn means(
    key: &'static str,
    id: &'static str,
    category: Category,
    severity: Severity,
    what: &'static str,
    role: Role,
) -> Meaning {
    Meaning {
        key,
        id,
        category,
        severity,
        what,
        role,
    }
}

use Category::{History, Image, Location, Person, Time};
use Severity::{Critical, High, Medium};

/// Keys by what they give away, of whatever dictionary.
const MEANINGS: &[Meaning] = &[
    means(
        "PieceInfo",
        "pdf.pieceinfo",
        History,
        High,
        "private data of a program",
        Role::Other,
    ),
    means(
        "LastModified",
        "pdf.time",
        Time,
        Medium,
        "time of the last change",
        Role::OtherTime,
    ),
    means(
        "CreationDate",
        "pdf.time",
        Time,
        Medium,
        "time of creation",
        Role::OtherTime,
    ),
    means(
        "ModDate",
        "pdf.time",
        Time,
        Medium,
        "time of the last change",
        Role::OtherTime,
    ),
    means(
        "M",
        "pdf.annots.time",
        Time,
        Medium,
        "time of a comment or mark",
        Role::OtherTime,
    ),
    means(
        "Thumb",
        "pdf.thumb",
        Image,
        High,
        "thumbnail of a page",
        Role::Thumbnail,
    ),
    means(
        "VP",
        "pdf.geo",
        Location,
        Critical,
        "map viewport",
        Role::Other,
    ),
    means(
        "Measure",
        "pdf.geo",
        Location,
        Critical,
        "map coordinates",
        Role::Other,
    ),
    means(
        "PtData",
        "pdf.geo",
        Location,
        Critical,
        "points on a map",
        Role::Other,
    ),
    means(
        "LGIDict",
        "pdf.geo",
        Location,
        Critical,
        "map registration",
        Role::Other,
    ),
    means(
        "AA",
        "pdf.action",
        History,
        Medium,
        "actions that run by themselves",
        Role::Other,
    ),
    means(
        "OpenAction",
        "pdf.action",
        History,
        Medium,
        "an action that runs by itself",
        Role::Other,
    ),
    means(
        "JavaScript",
        "pdf.javascript",
        History,
        Medium,
        "JavaScript",
        Role::Other,
    ),
    means(
        "EmbeddedFiles",
        "pdf.embedded",
        Image,
        High,
        "attached files",
        Role::Other,
    ),
    means(
        "AF",
        "pdf.embedded",
        Image,
        High,
        "attached files",
        Role::Other,
    ),
    means(
        "Collection",
        "pdf.embedded.portfolio",
        History,
        Medium,
        "portfolio of files",
        Role::Other,
    ),
    means(
        "SpiderInfo",
        "pdf.webcapture",
        History,
        High,
        "web addresses that pages were taken from",
        Role::Other,
    ),
    means(
        "URI",
        "pdf.base",
        History,
        Medium,
        "base web address",
        Role::Other,
    ),
    means(
        "Threads",
        "pdf.threads",
        History,
        Medium,
        "article threads",
        Role::Other,
    ),
    means("ID", "pdf.id", History, High, "id", Role::LinkId),
    means(
        "NM",
        "pdf.annots.id",
        History,
        Medium,
        "id of a comment or mark",
        Role::LinkId,
    ),
    means(
        "Subj",
        "pdf.annots.text",
        Person,
        Medium,
        "subject of a comment or mark",
        Role::Text,
    ),
    means(
        "RC",
        "pdf.annots.text",
        Person,
        High,
        "text of a comment",
        Role::Text,
    ),
    means(
        "Alternates",
        "pdf.images.alternate",
        Image,
        High,
        "other version of a picture",
        Role::Picture,
    ),
    means(
        "OPI",
        "pdf.images.opi",
        History,
        High,
        "path of the original picture",
        Role::Path,
    ),
    means(
        "XFA",
        "pdf.forms.xfa",
        History,
        High,
        "XFA form data",
        Role::Other,
    ),
    means(
        "UserProperties",
        "pdf.struct",
        History,
        Medium,
        "user properties",
        Role::Other,
    ),
    means("V", "pdf.signature", Person, High, "signature", Role::Other),
    means(
        "Perms",
        "pdf.signature",
        Person,
        High,
        "signature permissions",
        Role::Other,
    ),
    means(
        "DSS",
        "pdf.signature",
        Person,
        High,
        "data of signatures",
        Role::Other,
    ),
    means(
        "Legal",
        "pdf.signature",
        Person,
        High,
        "legal attestation",
        Role::Other,
    ),
    means(
        "DPartRoot",
        "pdf.dpart",
        History,
        Medium,
        "document parts",
        Role::Other,
    ),
    means(
        "RichMediaContent",
        "pdf.embedded.media",
        Image,
        High,
        "embedded media",
        Role::Other,
    ),
    means(
        "Usage",
        "pdf.ocg",
        Person,
        Medium,
        "creator of a layer",
        Role::Other,
    ),
    means(
        "CreatorInfo",
        "pdf.ocg",
        Person,
        Medium,
        "creator of a layer",
        Role::Other,
    ),
    means(
        "User",
        "pdf.ocg",
        Person,
        High,
        "user of a layer",
        Role::PersonName,
    ),
];

impl Copier<'_, '_> {
    /// Reports a key that is left out.
    pub(super) fn dropped(
        &mut self,
        table: &'static Table,
        key: &[u8],
        value: &Object,
    ) -> Result<()> {
        // The way back to a page or to another mark is no part of this one.
        let is_way_back = value.as_ref().is_some() && UP.iter().any(|up| up.as_bytes() == key);
        let value = self.file.resolve(value)?.clone();
        if value == Object::Null || is_way_back || self.is_silent() {
            return Ok(());
        }
        let place = self.place(table.name);
        let cx = self.file.cx();
        if key == b"Metadata" {
            return self.metadata(&value, &place);
        }
        let is_mark = table.kind == Some("Annot");
        let key_text = String::from_utf8_lossy(key).into_owned();
        let meaning = MEANINGS
            .iter()
            .find(|meaning| meaning.key.as_bytes() == key);
        let plain = |what: &'static str, category, severity, role| {
            Finding::new("pdf.annots", category, severity, place.clone(), what).role(role)
        };
        let finding = match (meaning, key) {
            (_, b"T") if is_mark => plain(
                "author of a comment or mark",
                Person,
                High,
                Role::PersonName,
            ),
            (_, b"Contents") if is_mark => plain("text of a comment", Person, High, Role::Text),
            (Some(meaning), _) => Finding::new(
                meaning.id,
                meaning.category,
                meaning.severity,
                place.clone(),
                meaning.what,
            )
            .role(meaning.role),
            (None, _) => {
                let what = "keys that are not needed to show the document";
                let finding = Finding::new(
                    "pdf.unknown",
                    Category::Unknown,
                    Severity::Low,
                    place.clone(),
                    what,
                );
                let mut texts = Vec::new();
                self.texts(&value, &mut texts)?;
                for text in texts {
                    self.report.found.secrets.text(&text);
                    let what = "text that is not shown";
                    let finding = Finding::new(
                        "pdf.unknown",
                        Category::Unknown,
                        Severity::Medium,
                        format!("{place}/{key_text}"),
                        what,
                    );
                    self.report.add(finding.text(text));
                }
                self.report.add(finding);
                return Ok(());
            }
        };
        let finding = match &value {
            Object::String(bytes) => {
                let text = string(bytes);
                if finding.category == Time {
                    self.report.found.secrets.text(&text);
                    finding.value(time(&text))
                } else {
                    finding.text(text)
                }
            }
            _ => finding,
        };
        if finding.category == Location {
            for place in self.places(&value)? {
                let mut own = finding.clone();
                own.role = Role::Coordinates;
                self.report.add(own.value(Value::Place(place)));
            }
        }
        let is_text = matches!(value, Object::String(_));
        self.report.add(finding.clone());
        if !is_text {
            let mut texts = Vec::new();
            self.texts(&value, &mut texts)?;
            for text in texts {
                let mut own = finding.clone();
                own.what = "text in it".into();
                text::mentions(own.id, &text, &place, cx, &mut self.report.found)?;
                self.report.add(own.text(text));
            }
        }
        Ok(())
    }

    /// An XMP packet.
    fn metadata(&mut self, value: &Object, place: &str) -> Result<()> {
        let finding = Finding::new("pdf.xmp", History, High, place, "XMP packet");
        let Some(stream) = value.as_stream() else {
            self.report.add(finding);
            return Ok(());
        };
        let packet = decode(self.file, stream)?;
        self.report.add(finding.bytes(len_u64(packet.len())));
        xmp::read(
            &packet,
            &format!("{place}/XMP"),
            self.file.cx(),
            &mut self.report.found,
        )?;
        Ok(())
    }

    /// All texts below an object that is left out, and what the pictures in it give away.
    pub(super) fn texts(&mut self, object: &Object, out: &mut Vec<String>) -> Result<()> {
        if self.is_silent() {
            return Ok(());
        }
        let mut left = BELOW;
        let mut seen = HashSet::new();
        let mut open: Vec<Object> = vec![object.clone()];
        while let Some(object) = open.pop() {
            let Some(next) = left.checked_sub(1) else {
                break;
            };
            left = next;
            if let Some(id) = object.as_ref() {
                let number = id.number;
                if self.is_own(number) || !seen.insert(number) {
                    continue;
                }
            }
            let object = self.file.resolve(&object)?.clone();
            match &object {
                Object::String(bytes) => {
                    let text = string(bytes);
                    let is_readable = text.chars().filter(|c| !c.is_control()).count() >= 4;
                    if is_readable {
                        out.push(text);
                    }
                }
                Object::Array(array) => open.extend(array.iter().rev().cloned()),
                Object::Dict(dict) => open.extend(children(dict)),
                Object::Stream(stream) => {
                    open.extend(children(&stream.dict));
                    let place = self.place("file inside");
                    let found = look_inside(self.file, stream)?;
                    self.report.found.merge(&place, found);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether an object is not a part of what refers to it: the catalogue, pages, fields, bookmarks.
    fn is_own(&self, number: u32) -> bool {
        let root = self.file.trailer().get("Root").and_then(Object::as_ref);
        root.is_some_and(|root| root.number == number)
            || self.facts.outlines == Some(number)
            || self.facts.page_of.contains_key(&number)
            || self.facts.nodes.contains_key(&number)
            || self.facts.annots.contains(&number)
            || self.facts.fields.contains(&number)
    }

    /// The corners of maps below an object (ISO 32000-2 §12.10).
    fn places(&self, object: &Object) -> Result<Vec<Place>> {
        let mut out = Vec::new();
        let mut open = vec![object.clone()];
        let mut left = BELOW;
        while let Some(object) = open.pop()
            && left > 0
        {
            left = left.saturating_sub(1);
            let object = self.file.resolve(&object)?;
            match &*object {
                Object::Array(array) => open.extend(array.iter().cloned()),
                Object::Dict(dict) => {
                    let points = self.file.entry(dict, "GPTS")?;
                    let mut numbers = Vec::new();
                    for number in points.as_array().unwrap_or_default() {
                        numbers.extend(self.file.resolve(number)?.number());
                    }
                    for pair in numbers.chunks(2) {
                        if let [latitude, longitude] = pair {
                            out.extend(Place::new(*latitude, *longitude));
                        }
                    }
                    open.extend(children(dict));
                }
                _ => {}
            }
        }
        out.truncate(16);
        Ok(out)
    }
}

/// Keys that lead to what a dictionary belongs to, or points at.
const UP: &[&str] = &["Parent", "P", "Pg", "Page", "Dest", "Popup", "IRT"];

/// What is below a dictionary, without the way back.
fn children(dict: &Dict) -> impl Iterator<Item = Object> {
    let entries = dict.iter();
    entries
        .filter(move |(key, _)| !UP.iter().any(|up| up.as_bytes() == *key))
        .map(|(_, value)| value.clone())
        .collect::<Vec<_>>()
        .into_iter()
}

/// What the file in a stream that is left out gives away.
pub(super) fn look_inside(
    file: &File<'_>,
    stream: &Rc<crate::containers::pdf::Stream>,
) -> Result<Found> {
    let bytes = match decode(file, stream) {
        Ok(bytes) => bytes,
        Err(Error::Malformed { .. }) => return Ok(Found::default()),
        Err(error) => return Err(error),
    };
    look_inside_bytes(file, &bytes)
}

/// The same for bytes.
pub(super) fn look_inside_bytes(file: &File<'_>, bytes: &[u8]) -> Result<Found> {
    let mut found = file.cx().inspect_nested(&Source::memory(bytes))?;
    if found.findings.is_empty() {
        found
            .secrets
            .harvest(bytes.get(..bytes.len().min(4096)).unwrap_or_default());
    }
    Ok(found)
}

/// A date (ISO 32000-1 §7.9.4) as ISO 8601, or as it is spelt.
pub(super) fn time(text: &str) -> Value {
    let digits = text.strip_prefix("D:").unwrap_or(text);
    let part = |from: usize, to: usize| {
        digits
            .get(from..to)
            .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let iso = (|| {
        let mut out = format!("{}-{}-{}", part(0, 4)?, part(4, 6)?, part(6, 8)?);
        if let (Some(hour), Some(minute)) = (part(8, 10), part(10, 12)) {
            out.push_str(&format!(
                "T{hour}:{minute}:{}",
                part(12, 14).unwrap_or("00")
            ));
            let zone = digits.get(14..).unwrap_or_default();
            match zone.bytes().next() {
                Some(b'Z') => out.push('Z'),
                Some(sign @ (b'+' | b'-')) => {
                    let hours = zone.get(1..3)?;
                    let minutes = zone.get(4..6).unwrap_or("00");
                    out.push_str(&format!("{}{hours}:{minutes}", char::from(sign)));
                }
                _ => {}
            }
        }
        Some(out)
    })();
    match iso {
        Some(iso) => text::time(&iso),
        None => text::time(text),
    }
}
