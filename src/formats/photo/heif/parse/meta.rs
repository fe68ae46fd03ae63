//! The `meta` box: items, where they stand, what they point to, and their properties (ISO/IEC 14496-12
//! §8.11, ISO/IEC 23008-12).

use std::collections::{BTreeMap, BTreeSet};

use super::super::NAME;
use super::iloc::{self, Location};
use crate::bytes::{Context, Cursor, Order, Source};
use crate::containers::isobmff::{BoxHeader, Boxes, FourCc, full_box};
use crate::model::{Error, Result, Span};

/// What a `meta` box says.
#[derive(Debug)]
pub(in super::super) struct Meta {
    pub(in super::super) span: Span,
    pub(in super::super) handler: FourCc,
    /// What `hdlr` says beside the type: manufacturer and name.
    pub(in super::super) handler_rest: Vec<u8>,
    pub(in super::super) primary: Option<u32>,
    /// In the order of `iinf`.
    pub(in super::super) items: Vec<Item>,
    pub(in super::super) references: Vec<Reference>,
    /// Children of `ipco`.
    pub(in super::super) properties: Vec<BoxHeader>,
    pub(in super::super) groups: Vec<Group>,
    /// Body of `idat`.
    pub(in super::super) idat: Option<Span>,
    /// For each entry of `dref`, whether it is this file.
    pub(in super::super) same_file: Vec<bool>,
    /// Boxes that nobody needs.
    pub(in super::super) others: Vec<BoxHeader>,
    /// What is left of boxes behind what they say.
    pub(in super::super) excess: Vec<Vec<u8>>,
    /// Where in `items` an item of this id stands.
    index: BTreeMap<u32, usize>,
    /// Where in `references` those of this item and kind stand.
    from: BTreeMap<(u32, FourCc), Vec<usize>>,
}

/// An item: `infe` and all that is said about it elsewhere.
#[derive(Clone, Debug)]
pub(in super::super) struct Item {
    pub(in super::super) id: u32,
    /// `hvc1`, `grid`, `Exif`; four zero bytes in old versions, which have none.
    pub(in super::super) kind: FourCc,
    pub(in super::super) hidden: bool,
    pub(in super::super) protection: u16,
    pub(in super::super) name: Vec<u8>,
    pub(in super::super) content_type: Vec<u8>,
    /// Content encoding, and whatever else `infe` holds.
    pub(in super::super) rest: Vec<u8>,
    pub(in super::super) location: Option<Location>,
    pub(in super::super) properties: Vec<Association>,
}

impl Item {
    /// Whether it is of this type.
    pub(in super::super) fn is(&self, kind: &[u8; 4]) -> bool {
        self.kind.0 == *kind
    }

    /// Whether it is an XMP packet.
    pub(in super::super) fn is_xmp(&self) -> bool {
        self.is(b"mime") && self.content_type == b"application/rdf+xml"
    }
}

/// That an item has a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Association {
    /// From 1 on.
    pub(in super::super) property: u16,
    pub(in super::super) essential: bool,
}

/// An entry of `iref`.
#[derive(Clone, Debug)]
pub(in super::super) struct Reference {
    pub(in super::super) kind: FourCc,
    pub(in super::super) from: u32,
    pub(in super::super) to: Vec<u32>,
}

/// A child of `grpl`.
#[derive(Clone, Debug)]
pub(in super::super) struct Group {
    pub(in super::super) kind: FourCc,
    pub(in super::super) members: Vec<u32>,
}

fn bad(at: u64, what: &'static str) -> Error {
    Error::malformed(NAME, at, what)
}

impl Meta {
    /// Reads the box.
    ///
    /// # Errors
    /// [`Error::Malformed`] when a structure that leads to the picture cannot be read; reading; the
    /// budget.
    pub(in super::super) fn parse(
        source: &Source<'_>,
        header: BoxHeader,
        cx: &Context<'_>,
    ) -> Result<Self> {
        let mut meta = Self {
            span: header.whole,
            handler: FourCc([0; 4]),
            handler_rest: Vec::new(),
            primary: None,
            items: Vec::new(),
            references: Vec::new(),
            properties: Vec::new(),
            groups: Vec::new(),
            idat: None,
            same_file: Vec::new(),
            others: Vec::new(),
            excess: Vec::new(),
            index: BTreeMap::new(),
            from: BTreeMap::new(),
        };
        let mut reader = Reader {
            source,
            cx,
            locations: Vec::new(),
            associations: BTreeMap::new(),
        };
        let mut seen = BTreeSet::new();
        let mut boxes = Boxes::new(source, header.meta_children(source)?);
        while let Some(child) = boxes.next(cx)? {
            let known = reader.child(&child, &mut meta)?;
            if !known {
                meta.others.push(child);
            } else if !seen.insert(child.kind) {
                return Err(bad(child.whole.start(), "two boxes where one may stand"));
            }
        }
        reader.join(&mut meta)?;
        Ok(meta)
    }

    /// Remembers bytes behind what a box says.
    fn is_behind(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.excess.push(bytes.to_vec());
        }
    }

    /// The item of this id.
    pub(in super::super) fn item(&self, id: u32) -> Option<&Item> {
        self.items.get(*self.index.get(&id)?)
    }

    /// The property of this association.
    pub(in super::super) fn property(&self, association: Association) -> Option<&BoxHeader> {
        let index = usize::from(association.property).checked_sub(1)?;
        self.properties.get(index)
    }

    /// What an item points to with references of this kind, in order.
    pub(in super::super) fn targets(&self, from: u32, kind: &[u8; 4]) -> impl Iterator<Item = u32> {
        self.from
            .get(&(from, FourCc(*kind)))
            .into_iter()
            .flatten()
            .filter_map(|index| self.references.get(*index))
            .flat_map(|reference| reference.to.iter().copied())
    }
}

struct Reader<'a, 's, 'c> {
    source: &'a Source<'s>,
    cx: &'a Context<'c>,
    locations: Vec<Location>,
    associations: BTreeMap<u32, Vec<Association>>,
}

impl Reader<'_, '_, '_> {
    /// Reads a child. Whether it was one that is known.
    fn child(&mut self, child: &BoxHeader, meta: &mut Meta) -> Result<bool> {
        let at = child.whole.start();
        match &child.kind.0 {
            b"hdlr" => {
                let body = child.read(self.source, self.cx)?;
                meta.handler = body
                    .get(8..)
                    .and_then(FourCc::read)
                    .ok_or_else(|| bad(at, "hdlr is too short"))?;
                let predefined = body.get(..8).unwrap_or_default();
                let rest = body.get(12..).unwrap_or_default();
                meta.handler_rest = [predefined, rest].concat();
            }
            b"pitm" => {
                let body = child.read(self.source, self.cx)?;
                let id = full_box(&body).and_then(|(version, _, rest)| id(version, rest));
                meta.primary = Some(id.ok_or_else(|| bad(at, "pitm is too short"))?);
                let used = if body.first() == Some(&0) { 6 } else { 8 };
                meta.is_behind(body.get(used..).unwrap_or_default());
            }
            b"iinf" => self.items(child, meta)?,
            b"iloc" => {
                let body = child.read(self.source, self.cx)?;
                let locations = iloc::parse(&body, self.cx)?;
                let (locations, rest) = locations.ok_or_else(|| bad(at, "iloc cannot be read"))?;
                self.locations = locations;
                meta.is_behind(rest);
            }
            b"iref" => self.references(child, meta)?,
            b"iprp" => self.properties(child, meta)?,
            b"idat" => meta.idat = Some(child.body),
            b"grpl" => self.groups(child, meta)?,
            b"dinf" => self.data_references(child, meta)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn items(&self, header: &BoxHeader, meta: &mut Meta) -> Result<()> {
        let at = header.whole.start();
        let head = header.peek(self.source, 4)?;
        let version = head.first().copied().unwrap_or_default();
        let skip = if version == 0 { 6 } else { 8 };
        let mut boxes = Boxes::new(self.source, behind(header.body, skip));
        let mut ids = BTreeSet::new();
        while let Some(child) = boxes.next(self.cx)? {
            if !child.is(b"infe") {
                meta.others.push(child);
                continue;
            }
            let body = child.read(self.source, self.cx)?;
            let item = entry(&body).ok_or_else(|| bad(child.whole.start(), "infe is too short"))?;
            if !ids.insert(item.id) {
                return Err(bad(at, "two items with one id"));
            }
            meta.items.push(item);
        }
        Ok(())
    }

    fn references(&self, header: &BoxHeader, meta: &mut Meta) -> Result<()> {
        let version = header.peek(self.source, 1)?.first().copied();
        let wide = version.unwrap_or_default() != 0;
        let mut boxes = Boxes::new(self.source, behind(header.body, 4));
        while let Some(child) = boxes.next(self.cx)? {
            let body = child.read(self.source, self.cx)?;
            let mut cursor = Cursor::new(&body);
            let mut reference = Reference {
                kind: child.kind,
                from: 0,
                to: Vec::new(),
            };
            let short = || bad(child.whole.start(), "iref is too short");
            let next = |cursor: &mut Cursor<'_>| {
                if wide {
                    cursor.u32(Order::Big)
                } else {
                    cursor.u16(Order::Big).map(u32::from)
                }
            };
            reference.from = next(&mut cursor).ok_or_else(short)?;
            for _ in 0..cursor.u16(Order::Big).ok_or_else(short)? {
                self.cx.item()?;
                reference.to.push(next(&mut cursor).ok_or_else(short)?);
            }
            meta.is_behind(cursor.rest());
            meta.references.push(reference);
        }
        Ok(())
    }

    fn properties(&mut self, header: &BoxHeader, meta: &mut Meta) -> Result<()> {
        let mut boxes = Boxes::new(self.source, header.body);
        let mut has_container = false;
        while let Some(child) = boxes.next(self.cx)? {
            match &child.kind.0 {
                b"ipco" if has_container => {
                    return Err(bad(child.whole.start(), "two ipco boxes"));
                }
                b"ipco" => {
                    has_container = true;
                    let mut inner = Boxes::new(self.source, child.body);
                    while let Some(property) = inner.next(self.cx)? {
                        meta.properties.push(property);
                    }
                }
                b"ipma" => self.associations(&child, meta)?,
                _ => meta.others.push(child),
            }
        }
        Ok(())
    }

    fn associations(&mut self, header: &BoxHeader, meta: &mut Meta) -> Result<()> {
        let at = header.whole.start();
        let short = || bad(at, "ipma is too short");
        let body = header.read(self.source, self.cx)?;
        let (version, flags, rest) = full_box(&body).ok_or_else(short)?;
        let mut cursor = Cursor::new(rest);
        for _ in 0..cursor.u32(Order::Big).ok_or_else(short)? {
            self.cx.item()?;
            let id = if version == 0 {
                cursor.u16(Order::Big).map(u32::from)
            } else {
                cursor.u32(Order::Big)
            };
            let id = id.ok_or_else(short)?;
            let mut all = Vec::new();
            for _ in 0..cursor.u8().ok_or_else(short)? {
                self.cx.item()?;
                let value = if flags & 1 == 0 {
                    // The essential bit goes to the top, where the wide form has it.
                    let byte = u16::from(cursor.u8().ok_or_else(short)?);
                    (byte & 0x80) << 8 | byte & 0x7F
                } else {
                    cursor.u16(Order::Big).ok_or_else(short)?
                };
                let association = Association {
                    property: value & 0x7FFF,
                    essential: value & 0x8000 != 0,
                };
                // Number 0 says that there is none.
                if association.property != 0 {
                    all.push(association);
                }
            }
            if self.associations.insert(id, all).is_some() {
                return Err(bad(at, "an item gets its properties twice"));
            }
        }
        meta.is_behind(cursor.rest());
        Ok(())
    }

    fn groups(&self, header: &BoxHeader, meta: &mut Meta) -> Result<()> {
        let mut boxes = Boxes::new(self.source, header.body);
        while let Some(child) = boxes.next(self.cx)? {
            let short = || bad(child.whole.start(), "a group of items is too short");
            let body = child.read(self.source, self.cx)?;
            let mut cursor = Cursor::new(&body);
            cursor.skip(8).ok_or_else(short)?;
            let mut group = Group {
                kind: child.kind,
                members: Vec::new(),
            };
            for _ in 0..cursor.u32(Order::Big).ok_or_else(short)? {
                self.cx.item()?;
                group
                    .members
                    .push(cursor.u32(Order::Big).ok_or_else(short)?);
            }
            // Other groups go as a whole.
            meta.is_behind(cursor.rest());
            meta.groups.push(group);
        }
        Ok(())
    }

    fn data_references(&self, header: &BoxHeader, meta: &mut Meta) -> Result<()> {
        let mut boxes = Boxes::new(self.source, header.body);
        while let Some(child) = boxes.next(self.cx)? {
            if !child.is(b"dref") {
                meta.others.push(child);
                continue;
            }
            let mut entries = Boxes::new(self.source, behind(child.body, 8));
            while let Some(entry) = entries.next(self.cx)? {
                let head = entry.peek(self.source, 4)?;
                let same = entry.is(b"url ") && full_box(&head).is_some_and(|it| it.1 & 1 == 1);
                meta.same_file.push(same);
                // A place that is not needed may still tell one.
                if !same || entry.body.len() > 4 {
                    meta.others.push(entry);
                }
            }
        }
        Ok(())
    }

    /// Gives the items what was said about them elsewhere.
    fn join(self, meta: &mut Meta) -> Result<()> {
        let mut locations = BTreeMap::new();
        for location in self.locations {
            if locations.insert(location.id, location).is_some() {
                return Err(bad(meta.span.start(), "an item stands in two places"));
            }
        }
        let mut associations = self.associations;
        for (index, item) in meta.items.iter_mut().enumerate() {
            meta.index.insert(item.id, index);
            item.location = locations.remove(&item.id);
            item.properties = associations.remove(&item.id).unwrap_or_default();
        }
        for (index, reference) in meta.references.iter().enumerate() {
            let from = meta.from.entry((reference.from, reference.kind));
            from.or_default().push(index);
        }
        Ok(())
    }
}

/// What is left of a body behind its first bytes.
fn behind(body: Span, skip: u64) -> Span {
    Span::new(
        body.start().saturating_add(skip).min(body.end()),
        body.end(),
    )
}

fn id(version: u8, bytes: &[u8]) -> Option<u32> {
    if version == 0 {
        Order::Big.u16(bytes).map(u32::from)
    } else {
        Order::Big.u32(bytes)
    }
}

/// Reads the body of an `infe` box.
fn entry(body: &[u8]) -> Option<Item> {
    let (version, flags, rest) = full_box(body)?;
    let mut cursor = Cursor::new(rest);
    let id = if version < 3 {
        cursor.u16(Order::Big)?.into()
    } else {
        cursor.u32(Order::Big)?
    };
    let protection = cursor.u16(Order::Big)?;
    let kind = if version < 2 {
        FourCc([0; 4])
    } else {
        FourCc::read(cursor.take(4)?)?
    };
    let name = text(&mut cursor);
    let typed = version < 2 || matches!(&kind.0, b"mime" | b"uri ");
    let content_type = if typed { text(&mut cursor) } else { Vec::new() };
    let rest = cursor.rest();
    // The encoding may be left out, or be there and empty.
    let rest = rest.strip_suffix(&[0]).unwrap_or(rest);
    Some(Item {
        id,
        kind,
        hidden: flags & 1 == 1,
        protection,
        name,
        content_type,
        rest: rest.to_vec(),
        location: None,
        properties: Vec::new(),
    })
}

/// A text that ends at a zero byte, or with the box.
fn text(cursor: &mut Cursor<'_>) -> Vec<u8> {
    if let Some(text) = cursor.until_nul() {
        return text.to_vec();
    }
    let rest = cursor.rest();
    cursor.skip(rest.len());
    rest.to_vec()
}
