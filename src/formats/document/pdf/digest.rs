//! What the pages show, found without asking the allowlist: boxes, rotation, content and resources of
//! each page, by the order in which they are met. After them, everything else that a copy has: forms and
//! their values, links, bookmarks, layers, tags.

use std::rc::Rc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::content;
use super::copy::Copier;
use super::facts::Facts;
use super::picture;
use super::schema::Data;
use super::used::{Key, Resources, Used, is_named};
use crate::bytes::{Hasher, Source};
use crate::containers::pdf::{
    Coding, Dict, File, Object, Stream, codings, decode, decode_to, put_object,
};
use crate::metadata::icc;
use crate::model::{Digest, Error, Result, len_u64};

/// Keys of resources that decide what is drawn.
const DRAWN: &[&str] = &[
    "Font",
    "XObject",
    "ExtGState",
    "ColorSpace",
    "Pattern",
    "Shading",
];
/// Maximum depth of resources inside each other.
const DEPTH: u32 = 60;

pub(super) fn of(file: &File<'_>, facts: &Facts) -> Result<Digest> {
    let mut walk = Walk {
        file,
        facts,
        hasher: Hasher::new(),
        hashed: HashSet::new(),
        known: HashMap::new(),
    };
    walk.hasher.label("pages", len_u64(facts.pages.len()));
    for page in &facts.pages {
        for key in ["MediaBox", "CropBox", "Rotate"] {
            let value = page.value(key).cloned().unwrap_or(Object::Null);
            walk.hasher.label(key, 0);
            walk.numbers(&value)?;
        }
        if let Some(user) = page.dict().and_then(|dict| dict.get("UserUnit")) {
            walk.numbers(user)?;
        }
        for stream in page.contents(file)? {
            walk.content(&stream, false)?;
        }
        walk.resources(&page.resources(file)?, DEPTH)?;
    }
    let (objects, streams) = Copier::structure(file, facts)?;
    for object in &objects {
        let mut bytes = Vec::new();
        put_object(&mut bytes, object);
        walk.hasher.label("object", len_u64(bytes.len()));
        walk.hasher.bytes(&bytes);
    }
    for (stream, data) in streams {
        if !walk.hashed.contains(&stream.id.number) {
            walk.data(&stream, data)?;
        }
    }
    Ok(walk.hasher.finish())
}

struct Walk<'f, 'a> {
    file: &'f File<'a>,
    facts: &'f Facts,
    hasher: Hasher,
    /// Streams whose data was met before.
    hashed: HashSet<u32>,
    /// Digests of objects that were met before; `None` while one is being made.
    known: HashMap<(u32, bool), Option<Digest>>,
}

impl Walk<'_, '_> {
    fn numbers(&mut self, object: &Object) -> Result<()> {
        self.file.cx().item()?;
        let object = self.file.resolve(object)?;
        match &*object {
            Object::Array(array) => {
                self.hasher.label("array", len_u64(array.len()));
                for item in array {
                    self.numbers(item)?;
                }
            }
            Object::Int(n) => self.hasher.bytes(format!("{n} ").as_bytes()),
            Object::Real(text) => self.hasher.bytes(format!("{text} ").as_bytes()),
            _ => {}
        }
        Ok(())
    }

    /// The data of a stream that no page draws with, such as the appearance of a form field.
    fn data(&mut self, stream: &Rc<Stream>, data: Data) -> Result<()> {
        self.hasher.label("stream", 0);
        match data {
            Data::None => Ok(()),
            Data::Content => self.content(stream, false),
            Data::CharMap => self.content(stream, true),
            Data::Profile => self.profile(stream),
            Data::Picture | Data::Verbatim => self.coded(stream),
        }
    }

    /// Operators and operands of a content stream or character map, without comments.
    fn content(&mut self, stream: &Stream, is_map: bool) -> Result<()> {
        self.hashed.insert(stream.id.number);
        let decoded = decode(self.file, stream)?;
        let clean = content::clean(&decoded, is_map, self.facts.hidden.of(stream));
        let bytes = clean.map_or(decoded, |clean| clean.bytes);
        self.hasher.label("content", len_u64(bytes.len()));
        self.hasher.bytes(&bytes);
        Ok(())
    }

    /// A colour profile without names and dates.
    fn profile(&mut self, stream: &Stream) -> Result<()> {
        self.hashed.insert(stream.id.number);
        let decoded = decode(self.file, stream)?;
        match icc::scrub(&decoded, self.file.cx()) {
            Ok(clean) => self.hasher.bytes(&clean),
            Err(Error::Malformed { .. } | Error::Unsupported { .. }) => self.hasher.bytes(&decoded),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The resources that drawing uses, by name.
    fn resources(&mut self, resources: &Resources, depth: u32) -> Result<()> {
        let Some(object) = &resources.object else {
            return Ok(());
        };
        self.once(object, true, &mut |walk| {
            walk.drawn(object, resources.key, depth)
        })
    }

    fn drawn(&mut self, object: &Object, own: Option<Key>, depth: u32) -> Result<()> {
        let resources = self.file.resolve(object)?;
        let Some(dict) = resources.as_dict() else {
            return Ok(());
        };
        for key in DRAWN {
            let Some(value) = dict.get(key) else { continue };
            let own = Used::key_of(self.file, own, value)?;
            let map = self.file.resolve(value)?;
            let Some(map) = map.as_dict() else { continue };
            for (name, value) in sorted(map) {
                let is_shown = !is_named(key.as_bytes()) || self.facts.used.has(own, name);
                if !is_shown || !self.is_usable(key, value)? {
                    continue;
                }
                self.hasher.label(key, len_u64(name.len()));
                self.hasher.bytes(name);
                self.value(value, depth)?;
            }
        }
        let Some(properties) = dict.get("Properties") else {
            return Ok(());
        };
        let own = Used::key_of(self.file, own, properties)?;
        let properties = self.file.resolve(properties)?;
        for (name, value) in properties.as_dict().map(sorted).unwrap_or_default() {
            if self.facts.used.has(own, name) && self.is_layer(value)? {
                self.hasher.label("Properties", len_u64(name.len()));
                self.hasher.bytes(name);
                self.layer(value)?;
            }
        }
        Ok(())
    }

    fn is_layer(&self, value: &Object) -> Result<bool> {
        let value = self.file.resolve(value)?;
        let Some(dict) = value.as_dict() else {
            return Ok(false);
        };
        let kind = self.file.entry(dict, "Type")?;
        Ok(kind.is_name("OCG") || kind.is_name("OCMD"))
    }

    /// Which layers decide whether something is shown (§8.11.2): a layer is known by its place in the list.
    fn layer(&mut self, value: &Object) -> Result<()> {
        self.file.cx().item()?;
        let place = self.place("layer", value)?;
        let value = self.file.resolve(value)?;
        let Some(dict) = value.as_dict().filter(|_| place.is_none()) else {
            return Ok(());
        };
        let Some(of) = dict.get("OCGs") else {
            return Ok(());
        };
        let resolved = self.file.resolve(of)?;
        let one = std::slice::from_ref(of);
        for layer in resolved.as_array().unwrap_or(one) {
            if self.file.resolve(layer)?.as_dict().is_some() {
                self.place("of", layer)?;
            }
        }
        Ok(())
    }

    /// Labels a layer by its place in the list, from 1; by 0 when it is not in it.
    fn place(&mut self, label: &str, layer: &Object) -> Result<Option<u64>> {
        let place = self.facts.layers.place(self.file, layer)?;
        let number = place.map_or(0, |place| place.saturating_add(1));
        self.hasher.label(label, number);
        Ok(place)
    }

    /// Hashes a value as a digest of its own: it does not matter whether it is an object of its own, nor
    /// how often it is referred to.
    fn once(
        &mut self,
        object: &Object,
        is_resources: bool,
        f: &mut dyn FnMut(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let key = object.as_ref().map(|id| (id.number, is_resources));
        let known = key.and_then(|key| self.known.get(&key).copied());
        let digest = match known {
            Some(known) => known,
            None => {
                self.known.extend(key.map(|key| (key, None)));
                let outer = std::mem::take(&mut self.hasher);
                let made = f(self);
                let digest = std::mem::replace(&mut self.hasher, outer).finish();
                made?;
                self.known.extend(key.map(|key| (key, Some(digest))));
                Some(digest)
            }
        };
        let bytes = digest.map_or(0, |digest| digest.0).to_be_bytes();
        self.hasher.bytes(&bytes);
        Ok(())
    }

    /// Whether viewers take an entry for a resource of its category.
    fn is_usable(&self, category: &str, value: &Object) -> Result<bool> {
        let object = self.file.resolve(value)?;
        let subtype = match object.as_dict() {
            Some(dict) => self.file.entry(dict, "Subtype")?.clone(),
            None => Object::Null,
        };
        Ok(match (category, &*object) {
            ("XObject", Object::Stream(_)) => subtype.is_name("Image") || subtype.is_name("Form"),
            ("Font" | "ExtGState", Object::Dict(_)) => true,
            ("ColorSpace", Object::Name(_) | Object::Array(_)) => true,
            ("Pattern", Object::Dict(_) | Object::Stream(_)) => match object.as_dict() {
                Some(dict) => matches!(self.file.entry(dict, "PatternType")?.int(), Some(1 | 2)),
                None => false,
            },
            ("Shading", Object::Dict(_) | Object::Stream(_)) => true,
            _ => false,
        })
    }

    fn value(&mut self, object: &Object, depth: u32) -> Result<()> {
        self.file.cx().item()?;
        let depth = depth
            .checked_sub(1)
            .ok_or(Error::LimitExceeded { limit: "depth" })?;
        self.once(object, false, &mut |walk| walk.direct(object, depth))
    }

    fn direct(&mut self, object: &Object, depth: u32) -> Result<()> {
        let number = self.file.last_id(object)?;
        let object = self.file.resolve(object)?;
        match &*object {
            Object::Null => self.hasher.label("null", 0),
            Object::Array(array) => {
                self.hasher.label("array", len_u64(array.len()));
                for item in array {
                    self.value(item, depth)?;
                }
            }
            Object::Dict(dict) => self.dict(dict, number, depth)?,
            Object::Stream(stream) => self.stream(stream, depth)?,
            Object::Name(name) => {
                self.hasher.label("name", len_u64(name.len()));
                self.hasher.bytes(name);
            }
            Object::String(text) => {
                self.hasher.label("string", len_u64(text.len()));
                self.hasher.bytes(text);
            }
            other => self.hasher.bytes(format!("{other:?}").as_bytes()),
        }
        Ok(())
    }

    fn dict(&mut self, dict: &Dict, number: Option<u32>, depth: u32) -> Result<()> {
        self.hasher.label("dict", 0);
        let is_picture = self.file.entry(dict, "Subtype")?.is_name("Image");
        if let Some(layer) = dict.get("OC") {
            self.layer(layer)?;
        }
        if let Some(resources) = Resources::of(self.file, dict, number)? {
            self.resources(&resources, depth)?;
        }
        for key in SHOWN {
            let Some(value) = dict.get(key) else { continue };
            if *self.file.resolve(value)? == Object::Null || is_picture && NO_PICTURE.contains(key)
            {
                continue;
            }
            self.hasher.label(key, 0);
            let is_map = matches!(*key, "ToUnicode" | "Encoding");
            let resolved = self.file.resolve(value)?;
            match resolved.as_stream() {
                // Character maps lose their comments.
                Some(stream) if is_map => self.content(stream, true)?,
                _ => self.value(value, depth)?,
            }
        }
        Ok(())
    }

    fn stream(&mut self, stream: &Rc<Stream>, depth: u32) -> Result<()> {
        self.dict(&stream.dict, Some(stream.id.number), depth)?;
        let name = |key: &str| -> Result<Vec<u8>> {
            let value = self.file.entry(&stream.dict, key)?;
            Ok(value.as_name().unwrap_or_default().to_vec())
        };
        if &*name("Subtype")? == b"Form" || stream.dict.has("PaintType") {
            return self.content(stream, false);
        }
        if stream.dict.has("N") && !stream.dict.has("FunctionType") {
            return self.profile(stream);
        }
        self.coded(stream)
    }

    /// A picture, or any other data.
    fn coded(&mut self, stream: &Stream) -> Result<()> {
        self.hashed.insert(stream.id.number);
        let coding = codings(self.file, &stream.dict)?.last().map(|(c, _)| *c);
        match coding {
            Some(coding @ (Coding::Dct | Coding::Jpx)) => {
                let digest = if codings(self.file, &stream.dict)?.len() == 1
                    && !self.file.is_ciphered(stream)?
                {
                    let inner = self.file.source().sub(stream.data)?;
                    picture::digest(&inner, coding, self.file.cx())?
                } else {
                    let bytes = decode(self.file, stream)?;
                    picture::digest(&Source::memory(&bytes), coding, self.file.cx())?
                };
                self.hasher.label("picture", 0);
                self.hasher.bytes(&digest);
            }
            _ => {
                self.hasher.label("data", 0);
                let hasher = &mut self.hasher;
                decode_to(self.file, stream, &mut |piece| {
                    hasher.bytes(piece);
                    Ok(())
                })?;
            }
        }
        Ok(())
    }
}

fn sorted(dict: &Dict) -> Vec<(&[u8], &Object)> {
    let mut out: Vec<_> = dict.iter().collect();
    out.sort_by(|a, b| a.0.cmp(b.0));
    out
}

/// Keys of forms, which some writers give to pictures.
const NO_PICTURE: &[&str] = &["BBox", "Matrix", "Group"];

/// Whether a key of a resource decides what is drawn.
pub(super) fn is_shown(table: &str, key: &[u8]) -> bool {
    let is = |shown: &&&str| shown.as_bytes() == key;
    SHOWN.iter().any(|shown| is(&shown))
        && !(table == "Image" && NO_PICTURE.iter().any(|no| is(&no)))
}

/// Keys that are compared.
const SHOWN: &[&str] = &[
    "Subtype",
    "Width",
    "Height",
    "ColorSpace",
    "BitsPerComponent",
    "Decode",
    "ImageMask",
    "Mask",
    "SMask",
    "SMaskInData",
    "Matte",
    "BBox",
    "Matrix",
    "Group",
    "PatternType",
    "PaintType",
    "TilingType",
    "XStep",
    "YStep",
    "Shading",
    "ShadingType",
    "Background",
    "Function",
    "Coords",
    "Domain",
    "Extend",
    "FunctionType",
    "Range",
    "Size",
    "BitsPerSample",
    "Encode",
    "C0",
    "C1",
    "N",
    "Functions",
    "Bounds",
    "LW",
    "LC",
    "LJ",
    "ML",
    "D",
    "OP",
    "op",
    "OPM",
    "BM",
    "CA",
    "ca",
    "AIS",
    "TK",
    "S",
    "G",
    "BC",
    "TR",
    "BaseFont",
    "FirstChar",
    "LastChar",
    "Widths",
    "Encoding",
    "ToUnicode",
    "FontDescriptor",
    "DescendantFonts",
    "W",
    "W2",
    "DW",
    "DW2",
    "CIDToGIDMap",
    "CharProcs",
    "FontMatrix",
    "FontFile",
    "FontFile2",
    "FontFile3",
    "Flags",
    "Differences",
    "BaseEncoding",
    "CIDSystemInfo",
    "Registry",
    "Ordering",
    "WhitePoint",
    "Gamma",
];
