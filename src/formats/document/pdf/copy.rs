//! The walk from the catalogue through the allowed keys. What is reached gets a new number, in the order
//! in which it is met; what is not reached is not in the copy.

use std::collections::VecDeque;
use std::rc::Rc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::body::Body;
use super::facts::Facts;
use super::report::Report;
use super::schema::{Data, ROOT, Shape, Special, Table};
use super::tables;
use super::used::{Key, is_named};
use crate::containers::pdf::{Dict, File, Id, Object, Stream};
use crate::model::{Error, Result};

/// Maximum depth of values inside each other.
const DEPTH: u32 = 100;

/// An object of the copy.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) object: Object,
    pub(super) body: Option<Body>,
}

/// Objects without data, and the streams that they belong to.
pub(super) type Structure = (Vec<Object>, Vec<(Rc<Stream>, Data)>);

/// The copy as it is made.
pub(super) struct Copier<'f, 'a> {
    pub(super) file: &'f File<'a>,
    pub(super) facts: &'f Facts,
    pub(super) report: Report,
    pub(super) made: Vec<Made>,
    /// Streams in the order of their visit, where only the structure is copied.
    streams: Option<Vec<(Rc<Stream>, Data)>>,
    numbers: HashMap<(u32, &'static str), u32>,
    queue: VecDeque<Task>,
    last: u32,
    depth: u32,
    /// The page that is being copied, from 1.
    pub(super) page: Option<usize>,
    layers: u32,
}

struct Task {
    object: Rc<Object>,
    id: Option<Id>,
    shape: &'static Shape,
    table: Option<&'static Table>,
    page: Option<usize>,
}

impl<'f, 'a> Copier<'f, 'a> {
    pub(super) fn new(file: &'f File<'a>, facts: &'f Facts, report: Report) -> Self {
        Self {
            file,
            facts,
            report,
            made: Vec::new(),
            streams: None,
            numbers: HashMap::new(),
            queue: VecDeque::new(),
            last: 0,
            depth: 0,
            page: None,
            layers: 0,
        }
    }

    /// The objects of the copy without the data of streams, and these streams: what a digest compares.
    pub(super) fn structure(file: &'f File<'a>, facts: &'f Facts) -> Result<Structure> {
        let mut copier = Self::new(file, facts, Report::default());
        copier.streams = Some(Vec::new());
        copier.run()?;
        let objects = copier.made.into_iter().map(|made| made.object).collect();
        Ok((objects, copier.streams.unwrap_or_default()))
    }

    /// Whether nothing is reported.
    pub(super) fn is_silent(&self) -> bool {
        self.streams.is_some()
    }

    /// Copies all that the catalogue reaches. Object 1 of the copy is the catalogue.
    pub(super) fn run(&mut self) -> Result<()> {
        let root = self.file.trailer().get("Root").cloned();
        let root = root.unwrap_or(Object::Null);
        self.value(&root, &ROOT, None)?;
        while let Some(task) = self.queue.pop_front() {
            self.file.cx().item()?;
            self.page = task.page;
            let made = match (&*task.object, task.table) {
                (Object::Stream(stream), Some(table)) => self.stream(stream, table, task.id)?,
                (object, Some(table)) => Made {
                    object: Object::Dict(self.dict(object, table, task.id, None)?),
                    body: None,
                },
                (object, None) => Made {
                    object: self
                        .inner(object, task.shape, task.id)?
                        .unwrap_or(Object::Null),
                    body: None,
                },
            };
            self.made.push(made);
        }
        Ok(())
    }

    /// Whether an object of the input is in the copy.
    pub(super) fn copied(&self) -> HashSet<u32> {
        self.numbers.keys().map(|(number, _)| *number).collect()
    }

    /// A number for an object of the input, which is copied later.
    fn queue(
        &mut self,
        id: Id,
        object: Rc<Object>,
        shape: &'static Shape,
        table: Option<&'static Table>,
    ) -> Object {
        let key = (id.number, table.map_or(shape.key(), |table| table.name));
        let number = match self.numbers.get(&key) {
            Some(number) => *number,
            None => {
                self.last = self.last.saturating_add(1);
                self.numbers.insert(key, self.last);
                let page = self.facts.page_of.get(&id.number).copied();
                self.queue.push_back(Task {
                    object,
                    id: Some(id),
                    shape,
                    table,
                    page: page.or(self.page),
                });
                self.last
            }
        };
        Object::Ref(Id {
            number,
            generation: 0,
        })
    }

    /// A number for a stream that was met as a part of another object.
    fn reference(&mut self, id: Id, shape: &'static Shape) -> Result<Option<Object>> {
        let mut id = id;
        let mut object = self.file.by_id(id)?;
        for _ in 0..8 {
            let Object::Ref(next) = &*object else { break };
            id = *next;
            object = self.file.by_id(id)?;
        }
        if *object == Object::Null {
            return Ok(None);
        }
        match shape {
            Shape::Dict(table) => {
                if !fits(&object, table) {
                    return Ok(None);
                }
                Ok(Some(self.queue(id, object, shape, Some(table))))
            }
            Shape::Map(_) | Shape::NameTree(_) | Shape::NumberTree(_) => {
                if object.as_dict().is_none() {
                    return Ok(None);
                }
                Ok(Some(self.queue(id, object, shape, None)))
            }
            Shape::Either(shapes) => {
                for shape in *shapes {
                    if let Some(made) = self.reference(id, shape)? {
                        return Ok(Some(made));
                    }
                }
                Ok(None)
            }
            // A single object where an array is expected.
            Shape::List(inner) if object.as_array().is_none() && may_stand_alone(inner) => {
                let item = self.reference(id, inner)?;
                Ok(item.map(|item| Object::Array(vec![item])))
            }
            Shape::Special(special) if object.as_dict().is_some() => {
                let Some(table) = self.table(&object, *special, Some(id))? else {
                    return Ok(None);
                };
                if table.keys.is_empty() && table.data == Data::None {
                    return self.inner(&object, shape, Some(id));
                }
                Ok(Some(self.queue(id, object, shape, Some(table))))
            }
            _ => self.inner(&object, shape, Some(id)),
        }
    }

    /// A value as the copy has it; `None` where it does not fit.
    pub(super) fn value(
        &mut self,
        object: &Object,
        shape: &'static Shape,
        holder: Option<Id>,
    ) -> Result<Option<Object>> {
        self.file.cx().item()?;
        if self.depth >= DEPTH {
            return Err(Error::LimitExceeded { limit: "depth" });
        }
        self.depth = self.depth.saturating_add(1);
        let made = match object {
            Object::Ref(id) => self.reference(*id, shape),
            _ => self.inner(object, shape, holder),
        };
        self.depth = self.depth.saturating_sub(1);
        made
    }

    /// The same for an object that is no reference.
    fn inner(
        &mut self,
        object: &Object,
        shape: &'static Shape,
        holder: Option<Id>,
    ) -> Result<Option<Object>> {
        Ok(match (shape, object) {
            (_, Object::Null) => None,
            (Shape::Number, Object::Int(_) | Object::Real(_) | Object::Bool(_)) => {
                Some(object.clone())
            }
            (Shape::Number, Object::Array(array)) => {
                let mut out = Vec::new();
                for item in array {
                    let item = self.value(item, shape, holder)?;
                    out.push(item.unwrap_or(Object::Null));
                }
                Some(Object::Array(out))
            }
            (Shape::Word(words), Object::Name(name)) => words
                .iter()
                .any(|word| word.as_bytes() == &**name)
                .then(|| object.clone()),
            (Shape::Name, Object::Name(name)) => {
                self.report.shown(name);
                Some(object.clone())
            }
            (Shape::Text | Shape::Bytes, Object::String(text)) => {
                self.report.shown(text);
                Some(object.clone())
            }
            (Shape::List(inner), Object::Array(array)) => {
                let mut out = Vec::new();
                for item in array {
                    out.extend(self.value(item, inner, holder)?);
                }
                Some(Object::Array(out))
            }
            // A single value where an array is expected.
            (Shape::List(inner), other) if may_stand_alone(inner) => self
                .inner(other, inner, holder)?
                .map(|object| Object::Array(vec![object])),
            (Shape::Places(inner), Object::Array(array)) => {
                let mut out = Vec::new();
                for item in array {
                    let item = self.value(item, inner, holder)?;
                    out.push(item.unwrap_or(Object::Null));
                }
                Some(Object::Array(out))
            }
            (Shape::Dict(table), Object::Dict(_)) if fits(object, table) => {
                Some(Object::Dict(self.dict(object, table, None, holder)?))
            }
            (Shape::Map(inner), Object::Dict(dict)) => {
                let mut out: Vec<(&[u8], Object)> = Vec::new();
                let mut entries: Vec<(&[u8], &Object)> = dict.iter().collect();
                entries.sort_by(|a, b| a.0.cmp(b.0));
                let map = holder.map(|id| (id.number, false));
                for (key, value) in entries {
                    if !self.facts.used.has(map, key) {
                        continue;
                    }
                    self.report.shown(key);
                    if let Some(value) = self.value(value, inner, holder)? {
                        out.push((key, value));
                    }
                }
                Some(Object::Dict(collect(out)))
            }
            (Shape::Either(shapes), _) => {
                let mut made = None;
                for shape in *shapes {
                    made = self.inner(object, shape, holder)?;
                    if made.is_some() {
                        break;
                    }
                }
                made
            }
            (Shape::NameTree(inner), Object::Dict(_)) => Some(self.tree(object, inner, "Names")?),
            (Shape::NumberTree(inner), Object::Dict(_)) => Some(self.tree(object, inner, "Nums")?),
            (Shape::Special(special), _) => self.special(object, *special, holder)?,
            _ => None,
        })
    }

    /// All entries of a name or number tree, in one node.
    fn tree(&mut self, root: &Object, inner: &'static Shape, key: &'static str) -> Result<Object> {
        let mut out = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![root.clone()];
        while let Some(node) = open.pop() {
            self.file.cx().item()?;
            if let Some(id) = node.as_ref()
                && !seen.insert(id)
            {
                continue;
            }
            let node = self.file.resolve(&node)?;
            let Some(dict) = node.as_dict() else {
                continue;
            };
            let pairs = self.file.entry(dict, key)?;
            for pair in pairs.as_array().unwrap_or_default().chunks(2) {
                let [name, value] = pair else { break };
                let name = self.file.resolve(name)?.clone();
                let is_key = match &name {
                    Object::String(text) => {
                        self.report.shown(text);
                        key == "Names"
                    }
                    Object::Int(_) => key == "Nums",
                    _ => false,
                };
                if is_key && let Some(value) = self.value(value, inner, None)? {
                    out.push(name);
                    out.push(value);
                }
            }
            let kids = self.file.entry(dict, "Kids")?;
            open.extend(kids.as_array().unwrap_or_default().iter().rev().cloned());
        }
        let mut dict = Dict::default();
        dict.set(key.as_bytes(), Object::Array(out));
        Ok(Object::Dict(dict))
    }

    /// A dictionary with its allowed keys, in alphabetical order: the object `id`, or a part of `holder`.
    pub(super) fn dict(
        &mut self,
        object: &Object,
        table: &'static Table,
        id: Option<Id>,
        holder: Option<Id>,
    ) -> Result<Dict> {
        let Some(dict) = object.as_dict() else {
            return Ok(Dict::default());
        };
        let resources = match id {
            Some(id) => Some((id.number, false)),
            None => holder.map(|id| (id.number, true)),
        };
        let mut out: Vec<(&[u8], Object)> = Vec::new();
        let mut entries: Vec<(&[u8], &Object)> = dict.iter().collect();
        entries.sort_by(|a, b| a.0.cmp(b.0));
        for (key, value) in entries {
            let known = table.keys.iter().find(|(name, _)| name.as_bytes() == key);
            if let Some(made) = self.known(table, key, value, id)? {
                out.extend(made.map(|made| (key, made)));
                continue;
            }
            let made = match known {
                Some((_, shape)) if table.name == "Resources" && is_named(key) => {
                    self.category(value, shape, resources)?
                }
                // Not the names of this dictionary: all entries of the other categories are retained.
                Some((_, shape)) if table.name == "Resources" => self.value(value, shape, None)?,
                Some((_, shape)) => self.value(value, shape, id)?,
                None => None,
            };
            if table.draws(key) && !self.is_whole(value, made.as_ref())? {
                return Err(disputed());
            }
            match made {
                Some(made) => out.push((key, made)),
                None => self.dropped(table, key, value)?,
            }
        }
        if let Some(kind) = table.kind
            && !out.iter().any(|(key, _)| *key == b"Type")
        {
            out.push((b"Type", Object::name(kind)));
        }
        out.sort_by(|a, b| a.0.cmp(b.0));
        Ok(collect(out))
    }

    /// Resources of one category, without those that no content names.
    fn category(
        &mut self,
        value: &Object,
        shape: &'static Shape,
        resources: Option<Key>,
    ) -> Result<Option<Object>> {
        let Object::Dict(dict) = value else {
            return self.value(value, shape, None);
        };
        let mut named = Dict::default();
        for (name, value) in dict.iter() {
            if self.facts.used.has(resources, name) {
                named.set(name, value.clone());
            } else if value.as_ref().is_none() {
                self.dropped(&tables::UNNAMED, name, value)?;
            }
        }
        self.value(&Object::Dict(named), shape, None)
    }

    /// Whether nothing of a value was left out.
    fn is_whole(&self, value: &Object, made: Option<&Object>) -> Result<bool> {
        let value = self.file.resolve(value)?;
        Ok(match (&*value, made) {
            (Object::Null, _) => true,
            (Object::Array(old), Some(Object::Array(new))) => old.len() == new.len(),
            (_, made) => made.is_some(),
        })
    }

    /// Keys whose value does not depend on their old one alone: `None` for all others.
    fn known(
        &mut self,
        table: &'static Table,
        key: &[u8],
        value: &Object,
        id: Option<Id>,
    ) -> Result<Option<Option<Object>>> {
        let number = id.map(|id| id.number);
        let facts = self.facts;
        Ok(match (table.name, key) {
            (_, b"Length" | b"Filter" | b"DecodeParms") if table.data != Data::None => Some(None),
            (_, b"Type") if table.kind.is_some() => Some(None),
            ("Pages" | "Page", b"Parent") => {
                let parent = number.and_then(|number| match facts.parent_of.get(&number) {
                    Some(parent) => Some(*parent),
                    None => facts.nodes.get(&number).and_then(|(parent, _)| *parent),
                });
                Some(match parent {
                    Some(parent) => self.reference(parent, &tables::PAGES_SHAPE)?,
                    None => None,
                })
            }
            ("Pages", b"Count") => {
                let node = number.and_then(|number| facts.nodes.get(&number));
                let count = node.map_or(0, |(_, count)| i64::try_from(*count).unwrap_or(0));
                Some(Some(Object::Int(count)))
            }
            // Without pages and nodes that are their own ancestors.
            ("Pages", b"Kids") => {
                let kids = self.file.resolve(value)?;
                let kids = kids.as_array().unwrap_or_default().iter();
                let kids = kids.filter(|kid| match kid.as_ref() {
                    Some(kid) => facts.edges.contains(&(number, kid.number)),
                    None => true,
                });
                let kids = Object::Array(kids.cloned().collect());
                Some(self.value(&kids, &tables::NODES_SHAPE, id)?)
            }
            ("bookmark", b"Parent") if value.as_ref().map(|id| id.number) == facts.outlines => {
                Some(self.value(value, &tables::OUTLINES_SHAPE, None)?)
            }
            ("layer", b"Name") => {
                self.layers = self.layers.saturating_add(1);
                let neutral = format!("L{}", self.layers);
                let old = self.file.resolve(value)?;
                let old = old.as_string().unwrap_or_default();
                if old != neutral.as_bytes() {
                    self.report.layer(old, self.page);
                }
                Some(Some(Object::String(neutral.into_bytes().into())))
            }
            ("OutputIntent", b"OutputConditionIdentifier") => {
                let old = self.file.resolve(value)?;
                let known = old.as_string().filter(|old| is_known_condition(old));
                Some(known.map(|old| Object::String(old.into())))
            }
            _ => None,
        })
    }

    /// A stream: dictionary and data.
    fn stream(
        &mut self,
        stream: &Rc<Stream>,
        table: &'static Table,
        id: Option<Id>,
    ) -> Result<Made> {
        if table.data == Data::None {
            return Ok(Made {
                object: Object::Dict(self.dict(
                    &Object::Stream(Rc::clone(stream)),
                    table,
                    id,
                    None,
                )?),
                body: None,
            });
        }
        let whole = Object::Stream(Rc::clone(stream));
        let dict = self.dict(&whole, table, id, None)?;
        if let Some(streams) = &mut self.streams {
            streams.push((Rc::clone(stream), table.data));
            return Ok(Made {
                object: Object::Dict(dict),
                body: None,
            });
        }
        let (dict, body) = self.body(stream, table, dict)?;
        Ok(Made {
            object: Object::Dict(dict),
            body: Some(body),
        })
    }

    fn special(
        &mut self,
        object: &Object,
        special: Special,
        holder: Option<Id>,
    ) -> Result<Option<Object>> {
        match special {
            Special::Color => self.color(object),
            Special::Dest => self.dest(object),
            Special::Order => self.order(object),
            Special::StructKid if matches!(object, Object::Int(_)) => Ok(Some(object.clone())),
            // Pages and streams are objects of their own.
            Special::PageRef | Special::StructObject => Ok(None),
            Special::PageNode if self.facts.pages.iter().all(|page| page.id.is_some()) => Ok(None),
            _ => match self.table(object, special, None)? {
                Some(table) if table.data == Data::None => {
                    Ok(Some(Object::Dict(self.dict(object, table, None, holder)?)))
                }
                _ => Ok(None),
            },
        }
    }

    fn dest(&mut self, object: &Object) -> Result<Option<Object>> {
        match object {
            Object::Name(_) => Ok(Some(object.clone())),
            Object::String(text) => {
                self.report.shown(text);
                Ok(Some(object.clone()))
            }
            Object::Dict(dict) => {
                let Some(inner) = dict.get("D") else {
                    return Ok(None);
                };
                let inner = self.file.resolve(inner)?.clone();
                if !matches!(inner, Object::Array(_)) {
                    return Ok(None);
                }
                let mut out = Dict::default();
                let Some(inner) = self.dest(&inner)? else {
                    return Ok(None);
                };
                out.set(*b"D", inner);
                Ok(Some(Object::Dict(out)))
            }
            Object::Array(array) => {
                let Some((first, rest)) = array.split_first() else {
                    return Ok(None);
                };
                let page = match first {
                    Object::Int(_) => Some(first.clone()),
                    Object::Ref(id) if self.facts.page(first).is_some() => {
                        self.reference(*id, &tables::PAGE_DICT)?
                    }
                    _ => None,
                };
                let Some(page) = page else { return Ok(None) };
                let mut out = vec![page];
                for item in rest {
                    let item = self.file.resolve(item)?;
                    let is_plain =
                        matches!(&*item, Object::Int(_) | Object::Real(_) | Object::Name(_));
                    out.push(if is_plain { item.clone() } else { Object::Null });
                }
                Ok(Some(Object::Array(out)))
            }
            _ => Ok(None),
        }
    }

    fn order(&mut self, object: &Object) -> Result<Option<Object>> {
        let Object::Array(array) = object else {
            return Ok(None);
        };
        let mut out = Vec::new();
        for item in array {
            let is_array = matches!(&*self.file.resolve(item)?, Object::Array(_));
            let shape = if is_array {
                &tables::ORDER_SHAPE
            } else {
                &tables::OCG_SHAPE
            };
            match self.value(item, shape, None)? {
                Some(item) => out.push(item),
                None => self.dropped(&tables::OC_CONFIG, b"Order", item)?,
            }
        }
        Ok(Some(Object::Array(out)))
    }

    /// A colour space (ISO 32000-1 §8.6).
    fn color(&mut self, object: &Object) -> Result<Option<Object>> {
        let array = match object {
            Object::Name(_) => return Ok(Some(object.clone())),
            Object::Array(array) => array,
            _ => return Ok(None),
        };
        let Some((family, rest)) = array.split_first() else {
            return Ok(None);
        };
        let family = self.file.resolve(family)?.clone();
        let shapes: &[&'static Shape] = match family.as_name().unwrap_or_default() {
            b"ICCBased" => &[&tables::PROFILE_SHAPE],
            b"CalRGB" | b"CalGray" | b"Lab" | b"CalCMYK" => &[&tables::CALIBRATED_SHAPE],
            b"Indexed" | b"I" => &[&tables::COLOR_SHAPE, &tables::NUMBER, &tables::LOOKUP],
            b"Pattern" => &[&tables::COLOR_SHAPE],
            b"Separation" => &[&tables::NAME, &tables::COLOR_SHAPE, &tables::FUNCTION_SHAPE],
            b"DeviceN" => &[
                &tables::NAMES,
                &tables::COLOR_SHAPE,
                &tables::FUNCTION_SHAPE,
                &tables::DEVICE_N_SHAPE,
            ],
            b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" | b"G" | b"RGB" | b"CMYK" => &[],
            _ => return Err(disputed()),
        };
        if rest.len() > shapes.len() {
            return Err(disputed());
        }
        let mut out = vec![family];
        for (item, shape) in rest.iter().zip(shapes) {
            match self.value(item, shape, None)? {
                Some(item) => out.push(item),
                None if *self.file.resolve(item)? != Object::Null => return Err(disputed()),
                None => out.push(Object::Null),
            }
        }
        Ok(Some(Object::Array(out)))
    }

    /// The type of a dictionary that more than its place decides. `None` where it is left out.
    fn table(
        &mut self,
        object: &Object,
        special: Special,
        id: Option<Id>,
    ) -> Result<Option<&'static Table>> {
        let Some(dict) = object.as_dict() else {
            return Ok(None);
        };
        let number = id.map(|id| id.number);
        let name = |key: &str| -> Result<Vec<u8>> {
            let value = self.file.entry(dict, key)?;
            Ok(value.as_name().unwrap_or_default().to_vec())
        };
        Ok(match special {
            Special::PageNode => match number {
                Some(number) if self.facts.nodes.contains_key(&number) => Some(&tables::PAGES),
                Some(number) if self.facts.page_of.contains_key(&number) => Some(&tables::PAGE),
                None if !dict.has("Kids") => Some(&tables::PAGE),
                _ => None,
            },
            Special::PageRef => number
                .filter(|number| self.facts.page_of.contains_key(number))
                .map(|_| &tables::PAGE),
            Special::XObject => match &*name("Subtype")? {
                b"Image" => Some(&tables::IMAGE),
                b"Form" => Some(&tables::FORM),
                // Viewers take a stream without subtype for a form.
                b"" if dict.has("BBox") => Some(&tables::FORM),
                _ => None,
            },
            Special::Pattern => match self.file.entry(dict, "PatternType")?.int() {
                Some(1) => Some(&tables::TILING),
                Some(2) => Some(&tables::SHADING_PATTERN),
                _ => None,
            },
            Special::Optional => match &*name("Type")? {
                b"OCG" => Some(&tables::OCG),
                b"OCMD" => Some(&tables::OCMD),
                _ => None,
            },
            Special::Property => match &*name("Type")? {
                b"OCG" => Some(&tables::OCG),
                b"OCMD" => Some(&tables::OCMD),
                _ => tables::PROPERTY
                    .keys
                    .iter()
                    .any(|(key, _)| dict.has(key))
                    .then_some(&tables::PROPERTY),
            },
            Special::Attributes => match &*name("O")? {
                b"UserProperties" => None,
                _ => Some(&tables::ATTRIBUTES),
            },
            Special::Action => self.action(dict)?,
            Special::Annot => self.annotation(dict)?,
            Special::Field => number
                .filter(|number| self.facts.fields.contains(number))
                .map(|_| &tables::FIELD),
            Special::StructKid => {
                let page = dict.get("Pg");
                let is_gone = page.is_some_and(|page| self.facts.page(page).is_none());
                match &*name("Type")? {
                    b"StructTreeRoot" => Some(&tables::STRUCT_ROOT),
                    _ if is_gone => None,
                    b"MCR" => Some(&tables::MARKED),
                    b"OBJR" => {
                        let target = dict.get("Obj").and_then(Object::as_ref);
                        target
                            .filter(|id| self.facts.annots.contains(&id.number))
                            .map(|_| &tables::OBJECT_REF)
                    }
                    _ if dict.has("S") => Some(&tables::ELEMENT),
                    _ => None,
                }
            }
            Special::StructObject => {
                match number.filter(|number| self.facts.annots.contains(number)) {
                    Some(_) => self.annotation(dict)?,
                    None => None,
                }
            }
            // Not decided by a dictionary's type: looked at in full.
            Special::Color | Special::Dest | Special::Order => Some(&tables::NOTHING),
        })
    }
}

/// Why a file is refused whose resources do not have the values that drawing needs.
/// Whether a single value is read as an array of one where an array of these is expected.
fn may_stand_alone(item: &Shape) -> bool {
    !matches!(item, Shape::Number | Shape::Either(_))
}

fn disputed() -> Error {
    Error::unsupported(
        "a PDF with damaged pictures, fonts or colours, which programs show in different ways; open it \
         in a program you trust, print it to a new PDF, and clean that",
    )
}

/// Whether an object is what a table describes: a stream or a dictionary.
fn fits(object: &Object, table: &Table) -> bool {
    match (object, table.data) {
        (Object::Dict(_), Data::None) => true,
        (Object::Stream(_), kind) => kind != Data::None,
        // Shadings and functions are streams or dictionaries.
        (Object::Dict(_), Data::Verbatim) => ["Shading", "Function"].contains(&table.name),
        _ => false,
    }
}

fn collect(entries: Vec<(&[u8], Object)>) -> Dict {
    let mut out = Dict::default();
    for (key, value) in entries {
        out.set(key, value);
    }
    out
}

/// Names of printing conditions that say nothing about who prints.
fn is_known_condition(name: &[u8]) -> bool {
    const KNOWN: &[&[u8]] = &[
        b"sRGB",
        b"sRGB IEC61966-2.1",
        b"FOGRA39",
        b"FOGRA51",
        b"FOGRA52",
        b"FOGRA27",
        b"CGATS TR 001",
        b"Custom",
        b"",
    ];
    KNOWN.contains(&name)
}
