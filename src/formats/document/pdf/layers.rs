//! Layers (optional content, ISO 32000-1 §8.11): which of them are switched off, and, under the strict
//! policy, what content draws on those.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::content::{self, Edit, Operation};
use super::facts::Facts;
use super::used::Resources;
use crate::containers::pdf::{Dict, File, Lexer, Object, Stream, decode};
use crate::model::{Category, Error, Finding, Result, Severity};

/// Maximum depth of expressions of visibility, and of forms inside each other.
const DEPTH: u32 = 32;

/// The layers of a document, as it is opened.
#[derive(Debug, Default)]
pub(super) struct Layers {
    /// Places in the list of layers, by object number.
    places: HashMap<u32, u64>,
    /// Object numbers of those that are switched off.
    off: HashSet<u32>,
}

impl Layers {
    pub(super) fn read(file: &File<'_>) -> Result<Self> {
        let mut out = Self::default();
        let root = file.entry(file.trailer(), "Root")?;
        let Some(root) = root.as_dict() else {
            return Ok(out);
        };
        let properties = file.entry(root, "OCProperties")?;
        let Some(properties) = properties.as_dict() else {
            return Ok(out);
        };
        let list = file.entry(properties, "OCGs")?;
        let mut place = 0_u64;
        for layer in list.as_array().unwrap_or_default() {
            if file.resolve(layer)?.as_dict().is_none() {
                continue;
            }
            if let Some(number) = file.last_id(layer)? {
                out.places.entry(number).or_insert(place);
            }
            place = place.saturating_add(1);
        }
        let config = file.entry(properties, "D")?;
        let Some(config) = config.as_dict() else {
            return Ok(out);
        };
        if file.entry(config, "BaseState")?.is_name("OFF") {
            out.off.extend(out.places.keys());
        }
        for layer in file.entry(config, "ON")?.as_array().unwrap_or_default() {
            if let Some(number) = file.last_id(layer)? {
                out.off.remove(&number);
            }
        }
        for layer in file.entry(config, "OFF")?.as_array().unwrap_or_default() {
            out.off.extend(file.last_id(layer)?);
        }
        Ok(out)
    }

    /// Whether any is switched off.
    pub(super) fn any_off(&self) -> bool {
        !self.off.is_empty()
    }

    /// The place of a layer in the list.
    pub(super) fn place(&self, file: &File<'_>, layer: &Object) -> Result<Option<u64>> {
        let number = file.last_id(layer)?;
        Ok(number.and_then(|number| self.places.get(&number).copied()))
    }

    /// Whether what belongs to this group or membership dictionary is not shown.
    pub(super) fn hides(&self, file: &File<'_>, value: &Object) -> Result<bool> {
        let number = file.last_id(value)?;
        if number.is_some_and(|number| self.off.contains(&number)) {
            return Ok(true);
        }
        let value = file.resolve(value)?;
        let Some(dict) = value.as_dict() else {
            return Ok(false);
        };
        if !file.entry(dict, "Type")?.is_name("OCMD") {
            return Ok(false);
        }
        if let Some(expression) = dict.get("VE")
            && file.resolve(expression)?.as_array().is_some()
        {
            return Ok(!self.is_true(file, expression, DEPTH)?);
        }
        let Some(of) = dict.get("OCGs") else {
            return Ok(false);
        };
        let resolved = file.resolve(of)?;
        let (mut on, mut off) = (0_usize, 0_usize);
        for layer in resolved.as_array().unwrap_or(std::slice::from_ref(of)) {
            let Some(number) = file.last_id(layer)? else {
                continue;
            };
            let count = if self.off.contains(&number) {
                &mut off
            } else {
                &mut on
            };
            *count = count.saturating_add(1);
        }
        let policy = file.entry(dict, "P")?;
        Ok(match policy.as_name().unwrap_or_default() {
            _ if on == 0 && off == 0 => false,
            b"AllOn" => off > 0,
            b"AnyOff" => off == 0,
            b"AllOff" => on > 0,
            _ => on == 0,
        })
    }

    /// An expression of visibility (§8.11.2.2).
    fn is_true(&self, file: &File<'_>, value: &Object, depth: u32) -> Result<bool> {
        file.cx().item()?;
        let depth = depth
            .checked_sub(1)
            .ok_or(Error::LimitExceeded { limit: "depth" })?;
        let resolved = file.resolve(value)?;
        let Some((operator, of)) = resolved.as_array().and_then(<[Object]>::split_first) else {
            let number = file.last_id(value)?;
            return Ok(!number.is_some_and(|number| self.off.contains(&number)));
        };
        let operator = file.resolve(operator)?;
        let mut any = false;
        let mut all = true;
        for item in of {
            let is_on = self.is_true(file, item, depth)?;
            any |= is_on;
            all &= is_on;
        }
        Ok(match operator.as_name().unwrap_or_default() {
            b"Not" => !any,
            b"Or" => any,
            _ => all,
        })
    }
}

/// What is drawn on layers that are switched off.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// Whether what is hidden is left out.
    is_strict: bool,
    /// Operations to be left out, by the number of the content stream.
    edits: HashMap<u32, Vec<Edit>>,
    /// Whether some cannot be left out: visible text follows them, or the content is also visible elsewhere.
    pub(super) remains: bool,
}

impl Hidden {
    /// Whether an annotation is on a layer that is switched off and is to be left out.
    pub(super) fn leaves_out(
        &self,
        file: &File<'_>,
        layers: &Layers,
        annot: &Dict,
    ) -> Result<bool> {
        match annot.get("OC").filter(|_| self.is_strict) {
            Some(layer) => layers.hides(file, layer),
            None => Ok(false),
        }
    }

    /// What is to be left out of a stream.
    pub(super) fn of(&self, stream: &Stream) -> &[Edit] {
        self.edits
            .get(&stream.id.number)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The content of a stream without that.
    pub(super) fn without(&self, file: &File<'_>, stream: &Stream) -> Result<Vec<u8>> {
        let bytes = decode(file, stream)?;
        let edits = self.of(stream);
        let clean = (!edits.is_empty()).then(|| content::clean(&bytes, false, edits));
        Ok(clean.flatten().map_or(bytes, |clean| clean.bytes))
    }

    /// Follows the content of all pages.
    pub(super) fn read(file: &File<'_>, facts: &Facts) -> Result<Self> {
        let mut walk = Walk {
            file,
            layers: &facts.layers,
            hidden: Self {
                is_strict: file.cx().policy().strict,
                ..Self::default()
            },
            met: HashMap::new(),
            forms: HashSet::new(),
            open: Vec::new(),
        };
        if !walk.hidden.is_strict || !facts.layers.any_off() {
            return Ok(walk.hidden);
        }
        for page in &facts.pages {
            let resources = page.resources(file)?;
            let mut section = Section::default();
            for stream in page.contents(file)? {
                walk.stream(&stream, &resources, &mut section)?;
            }
            let annots = match page.dict() {
                Some(dict) => file.entry(dict, "Annots")?.clone(),
                None => Object::Null,
            };
            for annot in annots.as_array().unwrap_or_default() {
                if let Some(annot) = file.resolve(annot)?.as_dict() {
                    walk.appearances(annot, &resources)?;
                }
            }
            while let Some((stream, resources)) = walk.open.pop() {
                walk.stream(&stream, &resources, &mut Section::default())?;
            }
        }
        Ok(walk.hidden)
    }
}

/// Marked content around an operation. Pages may divide it between their streams.
#[derive(Debug, Default)]
struct Section {
    /// Whether each marked content is on a layer that is switched off.
    open: Vec<bool>,
    /// A text was left out, and the next one begins where it ended.
    moved: bool,
}

impl Section {
    fn is_hidden(&self) -> bool {
        self.open.contains(&true)
    }
}

struct Walk<'f, 'a> {
    file: &'f File<'a>,
    layers: &'f Layers,
    hidden: Hidden,
    /// What was found in streams that were met before.
    met: HashMap<u32, Vec<Edit>>,
    /// Forms that were met.
    forms: HashSet<u32>,
    open: Vec<(Rc<Stream>, Resources)>,
}

impl Walk<'_, '_> {
    fn stream(
        &mut self,
        stream: &Rc<Stream>,
        resources: &Resources,
        section: &mut Section,
    ) -> Result<()> {
        self.file.cx().item()?;
        let bytes = decode(self.file, stream)?;
        let object = match &resources.object {
            Some(object) => self.file.resolve(object)?.clone(),
            None => Object::Null,
        };
        let dict = object.as_dict();
        let mut edits = Vec::new();
        let mut follows = false;
        let mut lexer = Lexer::new(&bytes, 0);
        content::operations(&bytes, &mut lexer, &mut |operation| {
            let edit = self.step(&operation, dict, resources, section)?;
            follows |= section.moved && is_text(operation.operator) && edit.is_none();
            edits.extend(edit);
            Ok(())
        })?;
        let number = stream.id.number;
        let is_same = self.met.get(&number).is_none_or(|known| *known == edits);
        if follows || !is_same {
            self.hidden.remains |= !edits.is_empty() || !is_same;
            self.hidden.edits.remove(&number);
            self.met.insert(number, Vec::new());
            return Ok(());
        }
        if !edits.is_empty() {
            self.hidden.edits.insert(number, edits.clone());
        }
        self.met.insert(number, edits);
        Ok(())
    }

    fn step(
        &mut self,
        operation: &Operation<'_>,
        resources: Option<&Dict>,
        outer: &Resources,
        section: &mut Section,
    ) -> Result<Option<Edit>> {
        let (start, end) = operation.span;
        let leave = |with: &[u8]| Some((start, end, with.to_vec()));
        match operation.operator {
            b"BMC" => section.open.push(false),
            b"BDC" => {
                let is_off = match operation.operands.as_slice() {
                    [.., tag, Object::Name(name)] if tag.is_name("OC") => {
                        let value = self.resource(resources, "Properties", name)?;
                        self.layers.hides(self.file, &value)?
                    }
                    _ => false,
                };
                section.open.push(is_off);
            }
            b"EMC" => {
                section.open.pop();
            }
            b"BT" | b"ET" | b"Td" | b"TD" | b"Tm" | b"T*" => section.moved = false,
            b"Do" => {
                let Some(Object::Name(name)) = operation.operands.last() else {
                    return Ok(None);
                };
                let value = self.resource(resources, "XObject", name)?;
                let object = self.file.resolve(&value)?;
                let Some(stream) = object.as_stream() else {
                    return Ok(None);
                };
                let layer = stream.dict.get("OC").unwrap_or(&Object::Null);
                if section.is_hidden() || self.layers.hides(self.file, layer)? {
                    return Ok(leave(b""));
                }
                self.form(stream, outer)?;
            }
            _ if !section.is_hidden() => {
                if matches!(operation.operator, b"'" | b"\"") {
                    section.moved = false;
                }
            }
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => {
                return Ok(leave(b"n"));
            }
            b"sh" | b"BI" => return Ok(leave(b"")),
            b"Tj" | b"TJ" => {
                section.moved = true;
                return Ok(leave(b""));
            }
            b"'" => {
                section.moved = true;
                return Ok(leave(b"T*"));
            }
            b"\"" => {
                section.moved = true;
                let number = |at: usize| operation.operands.get(at).and_then(Object::number);
                let (word, char) = (number(0).unwrap_or(0.0), number(1).unwrap_or(0.0));
                return Ok(leave(format!("{word} Tw {char} Tc T*").as_bytes()));
            }
            _ => {}
        }
        Ok(None)
    }

    fn resource(&self, resources: Option<&Dict>, category: &str, name: &[u8]) -> Result<Object> {
        let Some(resources) = resources else {
            return Ok(Object::Null);
        };
        let map = self.file.entry(resources, category)?;
        let value = map.as_dict().and_then(|map| {
            let mut entries = map.iter();
            entries
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        });
        Ok(value.cloned().unwrap_or(Object::Null))
    }

    fn form(&mut self, stream: &Rc<Stream>, outer: &Resources) -> Result<()> {
        if !self.file.entry(&stream.dict, "Subtype")?.is_name("Form") {
            return Ok(());
        }
        let own = Resources::of(self.file, &stream.dict, Some(stream.id.number))?;
        if self.forms.insert(stream.id.number) {
            let resources = own.unwrap_or_else(|| outer.clone());
            self.open.push((Rc::clone(stream), resources));
        }
        Ok(())
    }

    fn appearances(&mut self, annot: &Dict, outer: &Resources) -> Result<()> {
        let looks = self.file.entry(annot, "AP")?;
        let normal = match looks.as_dict() {
            Some(looks) => self.file.entry(looks, "N")?.clone(),
            None => Object::Null,
        };
        if let Some(stream) = normal.as_stream() {
            return self.form(stream, outer);
        }
        for (_, state) in normal.as_dict().into_iter().flat_map(Dict::iter) {
            if let Some(stream) = self.file.resolve(state)?.as_stream() {
                self.form(stream, outer)?;
            }
        }
        Ok(())
    }
}

/// What is said of something that is left out for its layer.
pub(super) fn removed(place: String) -> Finding {
    let what = "what is on layers that are switched off";
    Finding::new(
        "pdf.ocg.hidden",
        Category::Image,
        Severity::High,
        place,
        what,
    )
}

fn is_text(operator: &[u8]) -> bool {
    matches!(operator, b"Tj" | b"TJ")
}
