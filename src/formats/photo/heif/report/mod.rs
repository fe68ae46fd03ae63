//! What goes, and what it gave away.

mod boxes;

use std::collections::BTreeSet;

use super::data::Data;
use super::parse::{File, Item, Meta};
use super::reach;
use super::resolve;
use super::write::MetaBox;
use crate::bytes::{Context, Inflate, Order, Source};
use crate::containers::isobmff::{BoxHeader, FourCc};
use crate::metadata::{c2pa, exif, quicktime, text, xmp};
use crate::model::{
    Category, Error, Finding, Found, Result, Role, Severity, Span, Untrusted, Value, len_u64,
};

/// So much of something that nobody knows is kept in mind for the second look.
const SAMPLE: u64 = 64 << 10;
/// So many names of items are told.
const MOST_NAMES: usize = 32;

/// Tells of all that goes.
pub(super) struct Report<'a, 's, 'c> {
    pub(super) file: &'a File,
    pub(super) source: &'a Source<'s>,
    pub(super) cx: &'a Context<'c>,
    pub(super) found: Found,
    /// Where in the file something stays, or was told of.
    pub(super) spans: Vec<Span>,
}

/// Whether an error is about the file and not about reading or the budget: what goes may be broken.
fn forgive<T: Default>(result: Result<T>) -> Result<T> {
    match result {
        Err(Error::Malformed { .. } | Error::Unsupported { .. }) => Ok(T::default()),
        other => other,
    }
}

impl Report<'_, '_, '_> {
    fn add(
        &mut self,
        id: &'static str,
        (category, severity, role): (Category, Severity, Role),
        place: impl Into<String>,
        what: &'static str,
        len: u64,
    ) {
        let finding = Finding::new(id, category, severity, place, what).role(role);
        self.found.add(finding.bytes(len));
    }

    /// Brands of makers, and a version that some use as a date.
    pub(super) fn file_type(&mut self, major: FourCc, compatible: &[FourCc]) {
        let ftyp = &self.file.ftyp;
        let same = ftyp.major == major && ftyp.compatible == compatible;
        if same && ftyp.minor == 0 && !ftyp.rest {
            return;
        }
        let gone: Vec<String> = ftyp
            .compatible
            .iter()
            .chain([&ftyp.major])
            .filter(|brand| **brand != major && !compatible.contains(brand))
            .map(ToString::to_string)
            .collect();
        self.found.findings.push(
            Finding::new(
                "heif.ftyp",
                Category::Device,
                Severity::Low,
                "ftyp",
                "brands of makers",
            )
            .text(gone.join(" ")),
        );
    }

    /// Names of items and of the handler.
    pub(super) fn names(&mut self, meta: &Meta, new: &MetaBox) {
        let handler = meta.handler_rest.get(8..).unwrap_or_default();
        if handler.iter().any(|byte| *byte != 0) {
            self.found.secrets.harvest(handler);
            let name = readable(handler.get(12..).unwrap_or_default());
            self.found.add(
                Finding::new(
                    "heif.hdlr.name",
                    Category::Device,
                    Severity::Medium,
                    "meta/hdlr",
                    "handler name",
                )
                .text(name)
                .role(Role::Software),
            );
        }
        let mut told = BTreeSet::new();
        for item in &meta.items {
            for name in [&item.name, &item.rest] {
                if name.is_empty() || told.len() >= MOST_NAMES || !told.insert(name) {
                    continue;
                }
                self.found.add(
                    Finding::new(
                        "heif.itemname",
                        Category::History,
                        Severity::Medium,
                        "iinf/infe",
                        "name of a part of the picture",
                    )
                    .text(readable(name))
                    .role(Role::Text),
                );
            }
        }
        // Types of content that no item which stays has.
        let kept: BTreeSet<u32> = new.items.iter().map(|item| item.id).collect();
        for item in &meta.items {
            if !kept.contains(&item.id) && !item.is_xmp() && !item.content_type.is_empty() {
                self.found.secrets.harvest(&item.content_type);
            }
        }
    }

    /// Items that go.
    pub(super) fn items(&mut self, meta: &Meta, new: &MetaBox) -> Result<()> {
        let kept: BTreeSet<u32> = new.items.iter().map(|item| item.id).collect();
        // Tiles are told of with the picture that they make up.
        let inputs: BTreeSet<u32> = meta
            .items
            .iter()
            .filter(|item| !kept.contains(&item.id))
            .flat_map(|item| meta.targets(item.id, b"dimg"))
            .collect();
        // The items of a track may be those of the file once more.
        let told: BTreeSet<Span> = self.spans.iter().copied().collect();
        for item in meta.items.iter().filter(|item| !kept.contains(&item.id)) {
            self.cx.item()?;
            let Ok((_, data)) = resolve::data(meta, item, self.source, self.cx) else {
                // What stands nowhere gave away nothing but that it was there.
                self.other(item, 0);
                continue;
            };
            if data.len() > 0 && data.spans().all(|span| told.contains(&span)) {
                continue;
            }
            self.spans.extend(data.spans());
            if inputs.contains(&item.id) && reach::is_picture(item) {
                continue;
            }
            self.item(meta, item, &data)?;
        }
        // Items of which numbers only stay were read already.
        for item in &new.items {
            self.spans.extend(item.spans.iter().copied());
        }
        Ok(())
    }

    fn item(&mut self, meta: &Meta, item: &Item, data: &Data<'_>) -> Result<()> {
        let before = self.found.findings.len();
        let len = data.len();
        if item.is(b"Exif") {
            let block = data.read_all(self.cx)?;
            let facts = exif::read(&block, "Exif", self.cx, &mut self.found)?;
            if self.found.findings.len() == before {
                let kind = (Category::Unknown, Severity::High, Role::Other);
                self.add("heif.exif", kind, "Exif", "Exif block", len);
            }
            if facts.orientation.is_some_and(|it| it != 1) && !self.is_turned(meta) {
                let finding = Finding::new(
                    "heif.exif.orientation",
                    Category::Unknown,
                    Severity::Low,
                    "Exif",
                    "an orientation that few programs listen to",
                );
                self.found.findings.push(finding);
            }
            return Ok(());
        }
        if item.is(b"mime") {
            return self.mime(item, data);
        }
        if reach::is_picture(item) || meta.targets(item.id, b"dimg").next().is_some() {
            return self.picture(meta, item, data);
        }
        let head = data.read(0, SAMPLE, self.cx)?;
        self.found.secrets.harvest(&head);
        if item.is(b"jumb") {
            return c2pa::read(&data.read_all(self.cx)?, "jumb", self.cx, &mut self.found);
        }
        let inner = self.cx.inspect_nested(&Source::memory(&head))?;
        self.found.merge(&item.kind.to_string(), inner);
        self.other(item, len);
        Ok(())
    }

    fn other(&mut self, item: &Item, len: u64) {
        let kind = (Category::Unknown, Severity::High, Role::Other);
        let place = format!("item {}", item.kind);
        self.add(
            "heif.item.other",
            kind,
            place,
            "something that is no picture",
            len,
        );
    }

    /// Whether the primary item says itself how it is turned.
    fn is_turned(&self, meta: &Meta) -> bool {
        let primary = meta.primary.and_then(|id| meta.item(id));
        primary.is_some_and(|item| {
            let mut properties = item.properties.iter().filter_map(|it| meta.property(*it));
            properties.any(|property| property.is(b"irot") || property.is(b"imir"))
        })
    }

    fn mime(&mut self, item: &Item, data: &Data<'_>) -> Result<()> {
        let before = self.found.findings.len();
        let mut bytes = data.read_all(self.cx)?;
        if item.rest == b"deflate" {
            bytes = self.inflate(&bytes)?;
        }
        if item.is_xmp() {
            xmp::read(&bytes, "XMP", self.cx, &mut self.found)?;
        } else {
            let inner = self.cx.inspect_nested(&Source::memory(&bytes))?;
            self.found.merge("mime", inner);
            self.found.secrets.harvest(&bytes);
            if let Ok(content) = std::str::from_utf8(&bytes)
                && self.found.findings.len() == before
            {
                text::read(
                    "heif.item.other",
                    "Text",
                    content,
                    "mime",
                    self.cx,
                    &mut self.found,
                )?;
            }
        }
        if self.found.findings.len() == before {
            let kind = (Category::Unknown, Severity::High, Role::Other);
            self.add("heif.xmp", kind, "mime", "metadata", data.len());
        }
        Ok(())
    }

    /// What a compressed item holds, as far as it can be inflated.
    fn inflate(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        let mut best = Vec::new();
        for state in [Inflate::new(), Inflate::raw()] {
            let mut state = state;
            let mut out = Vec::new();
            forgive(
                state
                    .feed(bytes, self.cx, |piece| {
                        out.extend_from_slice(piece);
                        Ok(())
                    })
                    .map(|_| ()),
            )?;
            if out.len() > best.len() {
                best = out;
            }
        }
        Ok(best)
    }

    /// A picture beside the one that stays.
    fn picture(&mut self, meta: &Meta, item: &Item, data: &Data<'_>) -> Result<()> {
        // With the tiles that it is made of.
        let tiles = meta
            .targets(item.id, b"dimg")
            .filter_map(|id| meta.item(id));
        let mut len = data.len();
        for tile in tiles {
            self.cx.item()?;
            let extents = tile.location.iter().flat_map(|location| &location.extents);
            len = extents.fold(len, |sum, extent| sum.saturating_add(extent.len));
        }
        let has = |kind: &[u8; 4]| meta.targets(item.id, kind).next().is_some();
        let (id, what, role) = if has(b"thmb") {
            ("heif.thumb", "thumbnail", Role::Thumbnail)
        } else if has(b"auxl") {
            ("heif.aux", self.auxiliary(meta, item)?, Role::Picture)
        } else if item.is(b"tmap") {
            ("heif.tmap", "HDR gain map", Role::Picture)
        } else {
            ("heif.image", "another picture", Role::Picture)
        };
        let place = format!("item {}", item.kind);
        self.add(
            id,
            (Category::Image, Severity::High, role),
            &place,
            what,
            len,
        );
        if item.is(b"jpeg") {
            let bytes = data.read_all(self.cx)?;
            let inner = self.cx.inspect_nested(&Source::memory(&bytes))?;
            self.found.merge(&place, inner);
        }
        Ok(())
    }

    /// What an auxiliary picture shows.
    fn auxiliary(&self, meta: &Meta, item: &Item) -> Result<&'static str> {
        let kind = reach::auxiliary_type(meta, item, self.source)?.unwrap_or_default();
        let kind = String::from_utf8_lossy(&kind).to_lowercase();
        let known = [
            ("gainmap", "HDR gain map"),
            ("depth", "depth map"),
            ("disparity", "depth map"),
            ("auxid:2", "depth map"),
            ("matte", "outline of persons or things"),
            ("linearthumbnail", "thumbnail of the raw picture"),
            ("alpha", "transparency"),
        ];
        let row = known.iter().find(|(part, _)| kind.contains(part));
        Ok(row.map_or("an auxiliary picture", |(_, what)| *what))
    }

    /// Properties that go: those of items that stay, and all that describe or date something.
    pub(super) fn properties(&mut self, meta: &Meta, refused: &BTreeSet<u16>) -> Result<()> {
        let used: BTreeSet<u16> = meta
            .items
            .iter()
            .flat_map(|item| item.properties.iter().map(|it| it.property))
            .collect();
        for (index, header) in (1_u16..).zip(&meta.properties) {
            self.cx.item()?;
            match &header.kind.0 {
                b"crtt" | b"mdft" => self.moment(header)?,
                b"udes" | b"altt" => self.description(header)?,
                _ if refused.contains(&index) || !used.contains(&index) => {
                    let bytes = header.peek(self.source, SAMPLE)?;
                    self.found.secrets.harvest(&bytes);
                    let kind = (Category::Unknown, Severity::Medium, Role::Other);
                    let place = format!("ipco/{}", header.kind);
                    let what = "a property that the picture does not need";
                    self.add("heif.props", kind, place, what, header.body.len());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// `crtt` and `mdft`: microseconds since 1904.
    fn moment(&mut self, header: &BoxHeader) -> Result<()> {
        let body = header.peek(self.source, 16)?;
        let micros = body.get(4..).and_then(|rest| Order::Big.u64(rest));
        self.found
            .secrets
            .bytes(body.get(4..12).unwrap_or_default());
        let time = micros.and_then(|micros| quicktime::moment(micros / 1_000_000));
        let (what, role) = match &header.kind.0 {
            b"crtt" => ("creation_time", Role::TakenAt),
            _ => ("modification_time", Role::OtherTime),
        };
        let place = format!("ipco/{}", header.kind);
        let finding =
            Finding::new("heif.props", Category::Time, Severity::Medium, place, what).role(role);
        self.found.add(match time {
            Some(time) => finding.value(Value::Time(Untrusted::new(time))),
            None => finding.bytes(header.body.len()),
        });
        Ok(())
    }

    /// `udes` and `altt`: texts, each up to a zero byte.
    fn description(&mut self, header: &BoxHeader) -> Result<()> {
        let body = header.peek(self.source, SAMPLE)?;
        let place = format!("ipco/{}", header.kind);
        let texts = body.get(4..).unwrap_or_default().split(|byte| *byte == 0);
        let mut told = false;
        for piece in texts.filter(|piece| !piece.is_empty()) {
            told = true;
            let piece = readable(piece);
            text::read(
                "heif.props",
                "Description",
                &piece,
                &place,
                self.cx,
                &mut self.found,
            )?;
        }
        if !told {
            let kind = (Category::Unknown, Severity::Medium, Role::Other);
            self.add(
                "heif.props",
                kind,
                place,
                "a description",
                header.body.len(),
            );
        }
        Ok(())
    }

    /// What stands in boxes behind what they say, and groups that go.
    pub(super) fn excess(&mut self, meta: &Meta) {
        let mut len = 0_u64;
        for bytes in &meta.excess {
            self.found.secrets.harvest(bytes);
            len = len.saturating_add(len_u64(bytes.len()));
        }
        if len > 0 {
            let kind = (Category::Unknown, Severity::High, Role::Other);
            let what = "more data than programs read";
            self.add("heif.meta.excess", kind, "meta", what, len);
        }
    }
}

/// Text as it may be shown, zero bytes at the end taken off.
fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim_matches('\0').to_owned()
}
