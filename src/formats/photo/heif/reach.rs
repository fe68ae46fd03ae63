//! Which items make up the picture.

use std::collections::{BTreeMap, BTreeSet};

use super::parse::{Item, Meta};
use super::{NAME, props, resolve};
use crate::bytes::{Context, Source};
use crate::metadata::{exif, iso21496, xmp};
use crate::model::{Error, Found, Result};

/// Pictures made of pictures made of pictures.
const DEEPEST: u32 = 16;
/// Auxiliary pictures of auxiliary pictures.
const MOST_PASSES: u32 = 8;
/// By how much the shape of a gain map may differ from that of its picture, in pixels.
const BLOCK: u64 = 8;
/// Coded and derived pictures that a copy may contain.
const PICTURES: &[&[u8; 4]] = &[
    b"hvc1", b"av01", b"avc1", b"jpeg", b"grid", b"iovl", b"iden", b"tmap",
];

/// Whether items of this type are pictures that can be cleaned.
pub(super) fn is_picture(item: &Item) -> bool {
    PICTURES.iter().any(|kind| item.is(kind))
}

/// What an auxiliary picture is for, if a copy may contain it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Auxiliary {
    Alpha,
    /// Gain maps of Apple, Adobe and Samsung.
    GainMap,
}

/// Types of auxiliary pictures in `auxC` that stay: ISO/IEC 23008-12, ISO/IEC 23091-2, Apple, Adobe,
/// Samsung.
pub(super) const AUXILIARY: &[(&str, Auxiliary)] = &[
    (
        "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
        Auxiliary::Alpha,
    ),
    ("urn:mpeg:hevc:2015:auxid:1", Auxiliary::Alpha),
    ("urn:mpeg:avc:2015:auxid:1", Auxiliary::Alpha),
    (
        "urn:com:apple:photo:2020:aux:hdrgainmap",
        Auxiliary::GainMap,
    ),
    ("urn:com:photo:aux:hdrgainmap", Auxiliary::GainMap),
    (
        "urn:com:samsung:photo:2024:aux:hdrgainmap",
        Auxiliary::GainMap,
    ),
];

/// The items that a copy contains.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// Coded and derived pictures.
    pub(super) pictures: BTreeSet<u32>,
    /// Those of them that are gain maps of makers.
    pub(super) gain_maps: BTreeSet<u32>,
    /// Whether there is a `tmap` among them.
    pub(super) tone_map: bool,
    /// Whether there is an alpha plane among them.
    pub(super) alpha: bool,
}

/// Follows all references from the primary item.
///
/// # Errors
/// [`Error::Malformed`] when the picture is made of something that is not there, or of itself;
/// [`Error::Unsupported`] when it is made of something that cannot be cleaned.
pub(super) fn reach(
    meta: &Meta,
    primary: u32,
    source: &Source<'_>,
    cx: &Context<'_>,
) -> Result<Reached> {
    let mut walk = Walk {
        meta,
        source,
        cx,
        states: BTreeMap::new(),
    };
    walk.visit(primary, 0)?;
    for pass in 0.. {
        let before = walk.states.len();
        walk.tone_maps()?;
        walk.auxiliaries(primary)?;
        if walk.states.len() == before {
            break;
        }
        if pass >= MOST_PASSES {
            return Err(Error::unsupported(
                "auxiliary pictures of auxiliary pictures, too deep; open it where it is shown, \
                    save it as JPEG, and clean that",
            ));
        }
    }
    let mut reached = Reached {
        pictures: walk.states.keys().copied().collect(),
        ..Reached::default()
    };
    for item in reached.pictures.iter().filter_map(|id| meta.item(*id)) {
        reached.tone_map |= item.is(b"tmap");
        match auxiliary(meta, item, source)? {
            Some(Auxiliary::GainMap) => {
                reached.gain_maps.insert(item.id);
            }
            Some(Auxiliary::Alpha) => reached.alpha = true,
            None => {}
        }
    }
    Ok(reached)
}

/// What an item is for by its `auxC`; `None` when it has none, or when a copy may not contain it.
pub(super) fn auxiliary(
    meta: &Meta,
    item: &Item,
    source: &Source<'_>,
) -> Result<Option<Auxiliary>> {
    let Some(kind) = auxiliary_type(meta, item, source)? else {
        return Ok(None);
    };
    let known = AUXILIARY.iter().find(|(urn, _)| urn.as_bytes() == kind);
    Ok(known.map(|(_, auxiliary)| *auxiliary))
}

/// Whether this item is an auxiliary picture of a type that a copy may contain.
pub(super) fn is_auxiliary(meta: &Meta, id: u32, source: &Source<'_>) -> Result<bool> {
    match meta.item(id) {
        Some(item) => Ok(auxiliary(meta, item, source)?.is_some()),
        None => Ok(false),
    }
}

/// The `aux_type` of an item.
pub(super) fn auxiliary_type(
    meta: &Meta,
    item: &Item,
    source: &Source<'_>,
) -> Result<Option<Vec<u8>>> {
    let mut properties = item.properties.iter().filter_map(|it| meta.property(*it));
    let Some(property) = properties.find(|property| property.is(b"auxC")) else {
        return Ok(None);
    };
    let body = property.peek(source, 4096)?;
    Ok(props::auxiliary_type(&body).map(<[u8]>::to_vec))
}

/// How far an item was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Done,
}

struct Walk<'a, 's, 'c> {
    meta: &'a Meta,
    source: &'a Source<'s>,
    cx: &'a Context<'c>,
    states: BTreeMap<u32, State>,
}

impl Walk<'_, '_, '_> {
    fn error(&self, what: &'static str) -> Error {
        Error::malformed(NAME, self.meta.span.start(), what)
    }

    fn is_kept(&self, id: u32) -> bool {
        self.states.contains_key(&id)
    }

    /// Keeps a picture and all that it is made of.
    fn visit(&mut self, id: u32, depth: u32) -> Result<()> {
        self.cx.item()?;
        match self.states.get(&id) {
            Some(State::Done) => return Ok(()),
            Some(State::Open) => return Err(self.error("a picture that is made of itself")),
            None => {}
        }
        if depth > DEEPEST {
            return Err(Error::LimitExceeded { limit: "depth" });
        }
        let meta = self.meta;
        let item = meta
            .item(id)
            .ok_or_else(|| self.error("a part of the picture does not exist"))?;
        if item.protection != 0 {
            return Err(Error::unsupported(
                "the picture is encrypted; open it where it can be \
                seen, save it as JPEG or PNG, and clean that",
            ));
        }
        if !is_picture(item) {
            return Err(Error::unsupported(format!(
                "pictures of the kind {}; open it where it is shown, save it as JPEG, and clean \
                    that",
                item.kind
            )));
        }
        self.states.insert(id, State::Open);
        for target in meta.targets(id, b"dimg") {
            self.visit(target, depth.saturating_add(1))?;
        }
        // A picture that is coded as the difference to another one.
        for kind in [b"base", b"tbas", b"exbl", b"pred"] {
            if meta.targets(id, kind).next().is_some() {
                return Err(Error::unsupported(
                    "pictures that build on other pictures; open it \
                    where it is shown, save it as JPEG, and clean that",
                ));
            }
        }
        self.states.insert(id, State::Done);
        Ok(())
    }

    /// Whether a gain map belongs to a picture: it has the same shape and is not larger. The map of a picture
    /// that was cropped shows the whole scene.
    fn fits(&self, map: u32, base: u32) -> Result<bool> {
        let (Some((width, height)), Some((whole_width, whole_height))) =
            (self.extents(map)?, self.extents(base)?)
        else {
            return Ok(false);
        };
        let scaled = u64::from(width).saturating_mul(whole_height.into());
        let scaled = scaled.checked_div(whole_width.into()).unwrap_or(u64::MAX);
        Ok(width <= whole_width
            && height <= whole_height
            && scaled.abs_diff(height.into()) <= BLOCK)
    }

    fn extents(&self, id: u32) -> Result<Option<(u32, u32)>> {
        let properties = self.meta.item(id).map(|item| item.properties.iter());
        let mut properties = properties.into_iter().flatten();
        let property =
            properties.find_map(|it| self.meta.property(*it).filter(|it| it.is(b"ispe")));
        let body = property.map(|property| property.peek(self.source, 12));
        Ok(body.transpose()?.and_then(|body| props::extents(&body)))
    }

    /// Whether metadata has the numbers without which no program can apply a gain map.
    fn has_numbers(&self, map: u32, primary: u32) -> Result<bool> {
        let meta = self.meta;
        // A tone map has them.
        if meta
            .items
            .iter()
            .any(|it| it.is(b"tmap") && self.is_kept(it.id))
        {
            return Ok(true);
        }
        for item in &meta.items {
            let is_about = |id| meta.targets(item.id, b"cdsc").any(|target| target == id);
            let about = (is_about(map), is_about(primary));
            if !(item.is(b"Exif") || item.is_xmp()) || about == (false, false) {
                continue;
            }
            let Ok((_, data)) = resolve::data(meta, item, self.source, self.cx) else {
                continue;
            };
            let (block, mut found) = (data.read_all(self.cx)?, Found::default());
            let has = if item.is(b"Exif") {
                about.1
                    && exif::read(&block, "", self.cx, &mut found)?
                        .apple_hdr
                        .is_some()
            } else {
                let facts = xmp::read(&block, "", self.cx, &mut found)?;
                !facts.gain_map.is_empty() || about.0 && !facts.apple_gain_map.is_empty()
            };
            if has {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gain maps of ISO 21496-1 whose base is kept.
    fn tone_maps(&mut self) -> Result<()> {
        if self.cx.policy().strict {
            return Ok(());
        }
        let meta = self.meta;
        for item in meta.items.iter().filter(|item| item.is(b"tmap")) {
            self.cx.item()?;
            let mut parts = meta.targets(item.id, b"dimg");
            let (base, map) = (parts.next(), parts.next());
            let (Some(base), Some(map)) = (base, map) else {
                continue;
            };
            if self.is_kept(item.id) || !self.is_kept(base) || !self.fits(map, base)? {
                continue;
            }
            let (_, data) = resolve::data(meta, item, self.source, self.cx)?;
            let payload = data.read_all(self.cx)?;
            // What no reader understands, none shows.
            if tone_map(&payload).is_some() {
                self.visit(item.id, 0)?;
            }
        }
        Ok(())
    }

    /// Alpha planes and gain maps of what is kept.
    fn auxiliaries(&mut self, primary: u32) -> Result<()> {
        let meta = self.meta;
        let references = meta.references.iter();
        for reference in references.filter(|reference| reference.kind.0 == *b"auxl") {
            self.cx.item()?;
            if self.is_kept(reference.from) || !reference.to.iter().any(|to| self.is_kept(*to)) {
                continue;
            }
            let Some(item) = meta.item(reference.from) else {
                continue;
            };
            let wanted = match auxiliary(meta, item, self.source)? {
                Some(Auxiliary::Alpha) => true,
                Some(Auxiliary::GainMap) => {
                    let mut bases = reference.to.iter().filter(|to| self.is_kept(**to));
                    let base = bases.next().copied().unwrap_or(primary);
                    !self.cx.policy().strict
                        && self.fits(item.id, base)?
                        && self.has_numbers(item.id, primary)?
                }
                None => false,
            };
            if wanted {
                self.visit(item.id, 0)?;
            }
        }
        Ok(())
    }
}

/// The payload of a `tmap` item made anew: version 0 and the numbers of ISO 21496-1. `None` when it
/// cannot be read.
pub(super) fn tone_map(payload: &[u8]) -> Option<Vec<u8>> {
    let numbers = iso21496::rebuild(payload.strip_prefix(&[0])?)?;
    if numbers.len() <= 4 {
        return None;
    }
    Some([&[0], numbers.as_slice()].concat())
}
