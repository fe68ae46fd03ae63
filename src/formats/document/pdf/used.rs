//! Which resources the content of pages, forms, patterns, glyphs and appearances names. A resource that
//! is listed and named nowhere is not shown: a picture that was taken off a page, for example.

use std::rc::Rc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::content;
use super::facts::Facts;
use super::hidden::{Hidden, Section};
use crate::containers::pdf::{Dict, File, Object, Stream, decode};
use crate::model::Result;

/// A dictionary of resources: the number of its object, or that of the object that it is a part of.
pub(super) type Key = (u32, bool);

/// Categories of resources of which a copy has those that content names. Viewers look at graphics states
/// that are not named as well, and shadings name colour spaces.
const NAMED: &[&str] = &["Font", "XObject", "Pattern", "Shading", "Properties"];
/// All categories that lead to content.
const CATEGORIES: &[&str] = &[
    "Font",
    "XObject",
    "Pattern",
    "Properties",
    "Shading",
    "ExtGState",
];

/// Whether a copy has only those resources of a category that content names.
pub(super) fn is_named(category: &[u8]) -> bool {
    NAMED.iter().any(|named| named.as_bytes() == category)
}

/// Names that content uses, by dictionary of resources and by dictionary of one category.
#[derive(Debug, Default)]
pub(super) struct Used {
    names: HashMap<Key, Names>,
    /// Names that forms, patterns and glyphs use and that their own resources do not have. Some viewers
    /// look them up in the resources around them.
    outer: HashSet<Vec<u8>>,
}

#[derive(Debug)]
enum Names {
    /// Not known, or also used by what is no content.
    All,
    Only(HashSet<Vec<u8>>),
}

impl Used {
    /// Whether content names this entry. All entries of dictionaries that are not known are used.
    pub(super) fn has(&self, key: Option<Key>, name: &[u8]) -> bool {
        match key.and_then(|key| self.names.get(&key)) {
            Some(Names::Only(names)) => names.contains(name) || self.outer.contains(name),
            Some(Names::All) | None => true,
        }
    }

    /// The same for a value of `category`, which may be an object of its own.
    pub(super) fn key_of(file: &File<'_>, key: Option<Key>, map: &Object) -> Result<Option<Key>> {
        Ok(match file.last_id(map)? {
            Some(number) => Some((number, false)),
            None => key,
        })
    }

    /// Follows the content of all pages. Returns also what is to be left out of it.
    pub(super) fn read(file: &File<'_>, facts: &Facts) -> Result<(Self, Hidden)> {
        let mut hidden = Hidden::default();
        loop {
            let mut walk = Walk {
                file,
                facts,
                hidden,
                used: Self::default(),
                done: HashMap::new(),
                open: Vec::new(),
                pages: HashSet::new(),
                seen: HashMap::new(),
            };
            walk.document()?;
            let used = walk.used;
            hidden = walk.hidden;
            if !hidden.begins_again() {
                return Ok((used, hidden));
            }
        }
    }
}

/// Resources as content has them.
#[derive(Clone, Debug, Default)]
pub(super) struct Resources {
    pub(super) key: Option<Key>,
    pub(super) object: Option<Object>,
}

impl Resources {
    /// What `holder` has as `/Resources`.
    pub(super) fn of(file: &File<'_>, dict: &Dict, holder: Option<u32>) -> Result<Option<Self>> {
        let Some(value) = dict.get("Resources") else {
            return Ok(None);
        };
        if file.resolve(value)?.as_dict().is_none() {
            return Ok(None);
        }
        let key = match file.last_id(value)? {
            Some(number) => Some((number, false)),
            None => holder.map(|number| (number, true)),
        };
        let object = Some(value.clone());
        Ok(Some(Self { key, object }))
    }
}

struct Walk<'f, 'a> {
    file: &'f File<'a>,
    facts: &'f Facts,
    hidden: Hidden,
    used: Used,
    /// Content that was met before, with its resources: whether marked content is open at its end.
    done: HashMap<(u32, Option<Key>), bool>,
    open: Vec<(Rc<Stream>, Resources)>,
    /// Resources of pages.
    pages: HashSet<Key>,
    /// All resources that content was met with.
    seen: HashMap<Key, Resources>,
}

impl Walk<'_, '_> {
    fn document(&mut self) -> Result<()> {
        let (file, facts) = (self.file, self.facts);
        let root = file.entry(file.trailer(), "Root")?;
        if let Some(root) = root.as_dict() {
            let form = file.entry(root, "AcroForm")?;
            if let Some(resources) = form.as_dict().and_then(|form| form.get("DR")) {
                self.all(resources)?;
            }
        }
        for page in &facts.pages {
            let Some(dict) = page.dict() else { continue };
            let resources = page.resources(file)?;
            self.pages.extend(resources.key);
            let mut section = Section::default();
            for stream in page.contents(file)? {
                self.stream(&stream, &resources, &mut section)?;
            }
            for annot in file.entry(dict, "Annots")?.as_array().unwrap_or_default() {
                let annot = file.resolve(annot)?;
                if let Some(annot) = annot.as_dict()
                    && !facts.layers.leave_out(file, annot)?
                {
                    self.annotation(annot, &resources)?;
                }
            }
            self.run()?;
        }
        self.outer()
    }

    fn run(&mut self) -> Result<()> {
        while let Some((stream, resources)) = self.open.pop() {
            self.stream(&stream, &resources, &mut Section::default())?;
        }
        Ok(())
    }

    /// Looks at the content of a stream that is shown with these resources.
    fn stream(
        &mut self,
        stream: &Stream,
        resources: &Resources,
        section: &mut Section,
    ) -> Result<()> {
        self.file.cx().item()?;
        let key = (stream.id.number, resources.key);
        if !section.is_open() && self.done.get(&key) == Some(&false) {
            return Ok(());
        }
        self.done.insert(key, false);
        let Some(object) = &resources.object else {
            return Ok(());
        };
        let object = self.file.resolve(object)?.clone();
        let Some(dict) = object.as_dict() else {
            return Ok(());
        };
        let decoded = decode(self.file, stream)?;
        if self.facts.layers.hide() {
            let content = (stream, decoded.as_slice());
            let layers = &self.facts.layers;
            self.hidden
                .look(self.file, layers, content, dict, section)?;
            self.done.insert(key, section.is_open());
        }
        let clean = content::clean(&decoded, false, self.hidden.of(stream));
        let bytes = clean.as_ref().map_or(&decoded, |clean| &clean.bytes);
        let mut names = HashSet::new();
        content::names(bytes, &mut |name| {
            if !names.contains(name) {
                names.insert(name.to_vec());
            }
        });
        if let Some(key) = resources.key {
            if !self.pages.contains(&key) {
                self.missing(dict, &names)?;
            }
            self.seen.entry(key).or_insert_with(|| resources.clone());
        }
        self.name(dict, resources, Some(names))
    }

    /// Names that are in no category of these resources.
    fn missing(&mut self, dict: &Dict, names: &HashSet<Vec<u8>>) -> Result<()> {
        let mut maps = Vec::new();
        for category in CATEGORIES {
            if let Some(value) = dict.get(category) {
                maps.push(self.file.resolve(value)?);
            }
        }
        let maps = maps.iter().filter_map(|map| map.as_dict());
        let own: HashSet<&[u8]> = maps.flat_map(Dict::iter).map(|(name, _)| name).collect();
        let missing = names.iter().filter(|name| !own.contains(name.as_slice()));
        self.used.outer.extend(missing.cloned());
        Ok(())
    }

    /// Follows what forms use of the resources around them.
    fn outer(&mut self) -> Result<()> {
        let mut known = 0;
        while known < self.used.outer.len() {
            known = self.used.outer.len();
            let names = self.used.outer.clone();
            for resources in self.seen.values().cloned().collect::<Vec<_>>() {
                self.file.cx().item()?;
                let Some(object) = &resources.object else {
                    continue;
                };
                let object = self.file.resolve(object)?.clone();
                if let Some(dict) = object.as_dict() {
                    self.shown(dict, &resources, Some(&names))?;
                }
            }
            self.run()?;
        }
        Ok(())
    }

    /// Adds names (`None`: all) to a dictionary of resources, and follows what they lead to.
    fn name(
        &mut self,
        dict: &Dict,
        resources: &Resources,
        names: Option<HashSet<Vec<u8>>>,
    ) -> Result<()> {
        self.shown(dict, resources, names.as_ref())?;
        let mut keys = vec![resources.key];
        for category in CATEGORIES {
            if let Some(value) = dict.get(category)
                && is_named(category.as_bytes())
            {
                keys.push(Used::key_of(self.file, resources.key, value)?);
            }
        }
        for key in keys.into_iter().flatten() {
            let known = self.used.names.entry(key);
            let known = known.or_insert_with(|| Names::Only(HashSet::new()));
            match (known, &names) {
                (known, None) => *known = Names::All,
                (Names::Only(known), Some(names)) => known.extend(names.iter().cloned()),
                (Names::All, _) => {}
            }
        }
        Ok(())
    }

    /// Follows what these names lead to.
    fn shown(
        &mut self,
        dict: &Dict,
        resources: &Resources,
        names: Option<&HashSet<Vec<u8>>>,
    ) -> Result<()> {
        for category in CATEGORIES {
            let Some(value) = dict.get(category) else {
                continue;
            };
            let is_named = is_named(category.as_bytes());
            let map = self.file.resolve(value)?;
            let Some(map) = map.as_dict() else { continue };
            for (name, value) in map.iter() {
                if !is_named || names.is_none_or(|names| names.contains(name)) {
                    self.follow(category, value, resources)?;
                }
            }
        }
        Ok(())
    }

    fn all(&mut self, value: &Object) -> Result<()> {
        let object = self.file.resolve(value)?.clone();
        let key = self.file.last_id(value)?.map(|number| (number, false));
        let resources = Resources {
            key,
            object: Some(value.clone()),
        };
        match object.as_dict() {
            Some(dict) => self.name(dict, &resources, None),
            None => Ok(()),
        }
    }

    /// What a resource draws with.
    fn follow(&mut self, category: &str, value: &Object, outer: &Resources) -> Result<()> {
        self.file.cx().item()?;
        let object = self.file.resolve(value)?;
        match (category, &*object) {
            ("XObject" | "Pattern", Object::Stream(stream)) => self.content(stream, outer),
            ("Font", Object::Dict(font)) => self.font(font, self.file.last_id(value)?, outer),
            ("ExtGState", Object::Dict(state)) => {
                let mask = self.file.entry(state, "SMask")?;
                if let Some(mask) = mask.as_dict()
                    && let Some(stream) = self.file.entry(mask, "G")?.as_stream()
                {
                    self.content(stream, outer)?;
                }
                let font = self.file.entry(state, "Font")?;
                if let Some(value) = font.as_array().and_then(|font| font.first())
                    && let Some(font) = self.file.resolve(value)?.as_dict()
                {
                    self.font(font, self.file.last_id(value)?, outer)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A form, pattern or glyph; where it has no resources, it uses those around it.
    fn content(&mut self, stream: &Rc<Stream>, outer: &Resources) -> Result<()> {
        // What draws it was not found, or not only `Do`.
        self.hidden.remains |= self.facts.layers.leave_out(self.file, &stream.dict)?;
        if self.file.entry(&stream.dict, "Subtype")?.is_name("Image") {
            return Ok(());
        }
        let own = Resources::of(self.file, &stream.dict, Some(stream.id.number))?;
        let resources = own.unwrap_or_else(|| outer.clone());
        if !self.done.contains_key(&(stream.id.number, resources.key)) {
            self.open.push((Rc::clone(stream), resources));
        }
        Ok(())
    }

    /// Glyphs that are drawn by content.
    fn font(&mut self, font: &Dict, number: Option<u32>, outer: &Resources) -> Result<()> {
        let glyphs = self.file.entry(font, "CharProcs")?;
        let Some(glyphs) = glyphs.as_dict() else {
            return Ok(());
        };
        let own = Resources::of(self.file, font, number)?;
        let resources = own.unwrap_or_else(|| outer.clone());
        for (_, glyph) in glyphs.iter() {
            if let Some(stream) = self.file.resolve(glyph)?.as_stream() {
                self.content(stream, &resources)?;
            }
        }
        Ok(())
    }

    /// The appearances of an annotation, and the resources that viewers make those of a field with.
    fn annotation(&mut self, annot: &Dict, outer: &Resources) -> Result<()> {
        if let Some(resources) = annot.get("DR") {
            self.all(resources)?;
        }
        for (key, inner) in [("AP", &["N", "R", "D"][..]), ("MK", &["I", "RI", "IX"][..])] {
            let holder = self.file.entry(annot, key)?;
            let Some(holder) = holder.as_dict() else {
                continue;
            };
            for key in inner {
                let value = self.file.entry(holder, key)?;
                match &*value {
                    Object::Stream(stream) => self.content(stream, outer)?,
                    Object::Dict(states) => {
                        for (_, state) in states.iter() {
                            if let Some(stream) = self.file.resolve(state)?.as_stream() {
                                self.content(stream, outer)?;
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}
