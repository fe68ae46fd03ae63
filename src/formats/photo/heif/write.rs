//! Puts a new file together.

use super::pool::Layout;
use super::resolve::Store;
use super::sequence::Movie;
use crate::bytes::Order;
use crate::containers::isobmff::FourCc;
use crate::model::{Error, Plan, Result, Span, len_u64};

/// All that a new `meta` box says.
#[derive(Debug, Default)]
pub(super) struct MetaBox {
    pub(super) primary: Option<u32>,
    pub(super) items: Vec<NewItem>,
    pub(super) references: Vec<(FourCc, u32, Vec<u32>)>,
    pub(super) properties: Vec<(FourCc, Vec<u8>)>,
    /// Members of `altr` groups.
    pub(super) groups: Vec<Vec<u32>>,
}

/// An item of the new file.
#[derive(Debug)]
pub(super) struct NewItem {
    pub(super) id: u32,
    pub(super) kind: FourCc,
    pub(super) hidden: bool,
    pub(super) store: Store,
    /// Where its data stands in the old file.
    pub(super) spans: Vec<Span>,
    /// Index in [`MetaBox::properties`] from 1 on, and whether it is essential.
    pub(super) properties: Vec<(u16, bool)>,
}

/// The new file.
///
/// # Errors
/// [`Error::Unsupported`] when a number does not fit; mistakes of the caller.
pub(super) fn write(
    (major, brands): (FourCc, &[FourCc]),
    meta: Option<&MetaBox>,
    movie: Option<&Movie>,
    media: Layout,
    idat: Layout,
) -> Result<Plan> {
    let ftyp = boxed(b"ftyp", &{
        let mut body = major.0.to_vec();
        body.extend_from_slice(&[0; 4]);
        body.extend(brands.iter().flat_map(|brand| brand.0));
        body
    })?;
    // The length of the boxes in front of the data says where the data stands; the numbers that say so
    // have the same length wherever that is, except that large files need larger ones.
    let mut base = 0;
    let mut parts = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let front = match meta {
            Some(meta) => meta.bytes(&media, &idat, base)?,
            None => Vec::new(),
        };
        let behind = match movie {
            Some(movie) => movie.write(&media, base)?,
            None => Vec::new(),
        };
        let header = if media.len() > LARGEST_SHORT { 16 } else { 8 };
        let inside = [
            len_u64(front.len()),
            idat_len(meta, &idat),
            len_u64(behind.len()),
        ];
        let next = inside
            .iter()
            .fold(len_u64(ftyp.len()), |sum, len| sum.saturating_add(*len))
            .saturating_add(header);
        parts = (front, behind);
        if next == base {
            break;
        }
        base = next;
    }
    let (front, behind) = parts;
    let mut plan = Plan::new();
    plan.bytes(ftyp);
    if meta.is_some() {
        plan.bytes(front);
        idat.write(&mut plan);
    }
    if movie.is_some() {
        plan.bytes(behind);
    }
    if media.len() > 0 {
        plan.bytes(header(b"mdat", media.len()));
        media.write(&mut plan);
    }
    Ok(plan)
}

/// The largest body of a box whose length has 32 bits.
const LARGEST_SHORT: u64 = 0xFFFF_FFF7;

/// What of `idat` stands behind the bytes of [`MetaBox::bytes`].
fn idat_len(meta: Option<&MetaBox>, idat: &Layout) -> u64 {
    meta.map_or(0, |_| idat.len())
}

/// The header of a box with a body of this length.
fn header(kind: &[u8; 4], len: u64) -> Vec<u8> {
    let mut out = Vec::new();
    match u32::try_from(len.saturating_add(8)) {
        Ok(short) => {
            Order::Big.put_u32(&mut out, short);
            out.extend_from_slice(kind);
        }
        Err(_) => {
            Order::Big.put_u32(&mut out, 1);
            out.extend_from_slice(kind);
            Order::Big.put_u64(&mut out, len.saturating_add(16));
        }
    }
    out
}

/// A box.
///
/// # Errors
/// [`Error::Unsupported`] when it is too large.
pub(super) fn boxed(kind: &[u8; 4], body: &[u8]) -> Result<Vec<u8>> {
    let len = u32::try_from(body.len().saturating_add(8)).map_err(|_| too_large())?;
    let mut out = len.to_be_bytes().to_vec();
    out.extend_from_slice(kind);
    out.extend_from_slice(body);
    Ok(out)
}

/// A FullBox.
///
/// # Errors
/// As [`boxed`].
pub(super) fn full(kind: &[u8; 4], version: u8, flags: u32, body: &[u8]) -> Result<Vec<u8>> {
    let head = u32::from(version) << 24 | flags & 0x00FF_FFFF;
    boxed(kind, &[&head.to_be_bytes(), body].concat())
}

fn too_large() -> Error {
    Error::unsupported("tables of a size that no picture needs")
}

fn short(n: usize) -> Result<u16> {
    u16::try_from(n).map_err(|_| too_large())
}

/// Numbers of items in two bytes or in four.
#[derive(Clone, Copy)]
struct Wide(bool);

impl Wide {
    fn put(self, out: &mut Vec<u8>, id: u32) {
        match u16::try_from(id) {
            Ok(id) if !self.0 => Order::Big.put_u16(out, id),
            _ => Order::Big.put_u32(out, id),
        }
    }
}

impl MetaBox {
    /// The box up to the body of `idat`, which is its last child.
    fn bytes(&self, media: &Layout, idat: &Layout, base: u64) -> Result<Vec<u8>> {
        let wide = Wide(self.items.iter().any(|item| item.id > 0xFFFF));
        // Handler `pict`, no manufacturer, no name.
        let mut body = full(b"hdlr", 0, 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0")?;
        if let Some(primary) = self.primary {
            let mut id = Vec::new();
            wide.put(&mut id, primary);
            body.extend(full(b"pitm", wide.0.into(), 0, &id)?);
        }
        if !self.items.is_empty() {
            body.extend(self.locations(media, idat, base, wide)?);
            body.extend(self.entries()?);
        }
        if !self.references.is_empty() {
            body.extend(self.references(wide)?);
        }
        if !self.properties.is_empty() {
            body.extend(self.properties(wide)?);
        }
        if !self.groups.is_empty() {
            body.extend(self.groups()?);
        }
        if idat.len() > 0 {
            body.extend(header(b"idat", idat.len()));
        }
        let len = len_u64(body.len()).saturating_add(idat.len());
        let mut out = header(b"meta", len.saturating_add(4));
        out.extend_from_slice(&[0; 4]);
        out.extend(body);
        Ok(out)
    }

    fn locations(&self, media: &Layout, idat: &Layout, base: u64, wide: Wide) -> Result<Vec<u8>> {
        let in_idat = self.items.iter().any(|item| item.store == Store::Idat);
        let version = match (wide.0, in_idat) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        };
        let large = media.len().saturating_add(base) > u64::from(u32::MAX);
        let size = if large { 0x88 } else { 0x44 };
        let mut body = vec![size, 0];
        let items: Vec<&NewItem> = self
            .items
            .iter()
            .filter(|it| !it.spans.is_empty())
            .collect();
        let count = u32::try_from(items.len()).map_err(|_| too_large())?;
        wide.put(&mut body, count);
        if !wide.0 {
            short(items.len())?;
        }
        let number = |out: &mut Vec<u8>, n: u64| match u32::try_from(n) {
            Ok(n) if !large => Order::Big.put_u32(out, n),
            _ => Order::Big.put_u64(out, n),
        };
        for item in items {
            let (layout, base, method) = match item.store {
                Store::Media => (media, base, 0),
                Store::Idat => (idat, 0, 1),
            };
            wide.put(&mut body, item.id);
            if version > 0 {
                Order::Big.put_u16(&mut body, method);
            }
            Order::Big.put_u16(&mut body, 0);
            let extents = layout.place(item.spans.iter().copied())?;
            Order::Big.put_u16(&mut body, short(extents.len())?);
            for extent in extents {
                number(&mut body, extent.start().saturating_add(base));
                number(&mut body, extent.len());
            }
        }
        full(b"iloc", version, 0, &body)
    }

    fn entries(&self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        let version = match u16::try_from(self.items.len()) {
            Ok(count) => {
                Order::Big.put_u16(&mut body, count);
                0
            }
            Err(_) => {
                let count = u32::try_from(self.items.len()).map_err(|_| too_large())?;
                Order::Big.put_u32(&mut body, count);
                1
            }
        };
        for item in &self.items {
            let wide = Wide(item.id > 0xFFFF);
            let mut entry = Vec::new();
            wide.put(&mut entry, item.id);
            entry.extend_from_slice(&[0; 2]);
            entry.extend_from_slice(&item.kind.0);
            entry.push(0);
            if item.kind.0 == *b"mime" {
                entry.extend_from_slice(b"application/rdf+xml\0");
            }
            let version = if wide.0 { 3 } else { 2 };
            body.extend(full(b"infe", version, item.hidden.into(), &entry)?);
        }
        full(b"iinf", version, 0, &body)
    }

    fn references(&self, wide: Wide) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        for (kind, from, to) in &self.references {
            let mut entry = Vec::new();
            wide.put(&mut entry, *from);
            Order::Big.put_u16(&mut entry, short(to.len())?);
            for id in to {
                wide.put(&mut entry, *id);
            }
            body.extend(boxed(&kind.0, &entry)?);
        }
        full(b"iref", wide.0.into(), 0, &body)
    }

    fn properties(&self, wide: Wide) -> Result<Vec<u8>> {
        let mut container = Vec::new();
        for (kind, body) in &self.properties {
            container.extend(boxed(&kind.0, body)?);
        }
        let mut items: Vec<&NewItem> = self
            .items
            .iter()
            .filter(|item| !item.properties.is_empty())
            .collect();
        items.sort_by_key(|item| item.id);
        let many = self.properties.len() > 0x7F;
        let mut table = Vec::new();
        let count = u32::try_from(items.len()).map_err(|_| too_large())?;
        Order::Big.put_u32(&mut table, count);
        for item in items {
            wide.put(&mut table, item.id);
            table.push(u8::try_from(item.properties.len()).map_err(|_| too_large())?);
            for (index, essential) in &item.properties {
                let essential = *essential;
                match u8::try_from(*index) {
                    Ok(index) if !many => table.push(index | if essential { 0x80 } else { 0 }),
                    _ => {
                        let bit = if essential { 0x8000 } else { 0 };
                        Order::Big.put_u16(&mut table, index | bit);
                    }
                }
            }
        }
        let mut body = boxed(b"ipco", &container)?;
        body.extend(full(b"ipma", wide.0.into(), many.into(), &table)?);
        boxed(b"iprp", &body)
    }

    /// Groups get the numbers behind those of the items, which must differ from them.
    fn groups(&self) -> Result<Vec<u8>> {
        let mut id = self.items.iter().map(|item| item.id).max().unwrap_or(0);
        let mut body = Vec::new();
        for members in &self.groups {
            id = id.checked_add(1).ok_or_else(too_large)?;
            let mut group = Vec::new();
            Order::Big.put_u32(&mut group, id);
            let count = u32::try_from(members.len()).map_err(|_| too_large())?;
            Order::Big.put_u32(&mut group, count);
            for member in members {
                Order::Big.put_u32(&mut group, *member);
            }
            body.extend(full(b"altr", 0, 0, &group)?);
        }
        boxed(b"grpl", &body)
    }
}
