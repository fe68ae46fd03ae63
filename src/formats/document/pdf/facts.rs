//! What must be known before the copy is made: pages in order, annotations that are on a page, fields
//! that have one of them.

use std::rc::Rc;

use foldhash::{HashMap, HashSet, HashSetExt};

use super::hidden::Hidden;
use super::layers::Layers;
use super::links::is_retained;
use super::used::{Resources, Used};
use crate::containers::pdf::{Dict, File, Id, Object, Stream};
use crate::model::{Error, Result};

/// Maximum depth of the page tree and of form fields.
const DEPTH: u32 = 64;

/// A page.
#[derive(Debug)]
pub(super) struct Page {
    /// Its object; `None` where it is a part of its parent.
    pub(super) id: Option<Id>,
    /// Its dictionary.
    pub(super) object: Rc<Object>,
    /// What it inherits, and from which node.
    pub(super) inherited: Vec<(&'static str, Object, u32)>,
}

/// What the document consists of.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) pages: Vec<Page>,
    /// Page number (from 1) by object number.
    pub(super) page_of: HashMap<u32, usize>,
    /// Nodes of the page tree: parent, and number of pages below.
    pub(super) nodes: HashMap<u32, (Option<Id>, usize)>,
    /// Edges of the page tree.
    pub(super) edges: HashSet<(Option<u32>, u32)>,
    /// Parent of each page.
    pub(super) parent_of: HashMap<u32, Id>,
    /// Annotations that are on a page and are retained.
    pub(super) annots: HashSet<u32>,
    /// Fields with a widget on a page.
    pub(super) fields: HashSet<u32>,
    /// The root of the bookmarks.
    pub(super) outlines: Option<u32>,
    /// Layers, and those that are switched off.
    pub(super) layers: Layers,
    /// What is drawn on layers that are switched off and is to be left out.
    pub(super) hidden: Hidden,
    /// Resources that content names.
    pub(super) used: Used,
}

/// What pages inherit (ISO 32000-1 table 30).
const INHERITED: &[&str] = &["Resources", "MediaBox", "CropBox", "Rotate"];

fn unusual() -> Error {
    Error::unsupported(
        "a PDF with an unusual page tree; open it in a program you trust, print it to a new PDF, and \
         clean that",
    )
}

impl Facts {
    pub(super) fn read(file: &File<'_>) -> Result<Self> {
        let mut facts = Self::default();
        let root = file.entry(file.trailer(), "Root")?;
        let Some(root) = root.as_dict() else {
            return Err(Error::malformed("PDF", 0, "it has no catalogue"));
        };
        facts.outlines = root
            .get("Outlines")
            .and_then(Object::as_ref)
            .map(|id| id.number);
        if let Some(pages) = root.get("Pages") {
            facts.tree(file, pages, None, &[], DEPTH)?;
        }
        if facts.pages.is_empty() {
            return Err(Error::malformed("PDF", 0, "it has no pages"));
        }
        // A page in place of the tree.
        if facts.nodes.is_empty() {
            return Err(unusual());
        }
        facts.layers = Layers::read(file)?;
        for page in &facts.pages {
            let Some(dict) = page.object.as_dict() else {
                continue;
            };
            for annot in file.entry(dict, "Annots")?.as_array().unwrap_or_default() {
                let resolved = file.resolve(annot)?;
                let kind = match resolved.as_dict() {
                    Some(dict) if facts.layers.leave_out(file, dict)? => Object::Null,
                    Some(dict) => file.entry(dict, "Subtype")?.clone(),
                    None => Object::Null,
                };
                if kind.as_name().is_some_and(is_retained) {
                    facts.annots.extend(annot.as_ref().map(|id| id.number));
                }
            }
        }
        let form = file.entry(root, "AcroForm")?;
        if let Some(form) = form.as_dict() {
            let mut seen = HashSet::new();
            for field in file.entry(form, "Fields")?.as_array().unwrap_or_default() {
                facts.field(file, field, &mut seen, DEPTH)?;
            }
        }
        (facts.used, facts.hidden) = Used::read(file, &facts)?;
        Ok(facts)
    }

    /// Walks the page tree. Returns the number of pages below.
    fn tree(
        &mut self,
        file: &File<'_>,
        node: &Object,
        parent: Option<Id>,
        inherited: &[(&'static str, Object, u32)],
        depth: u32,
    ) -> Result<usize> {
        file.cx().item()?;
        let depth = depth
            .checked_sub(1)
            .ok_or(Error::LimitExceeded { limit: "page tree" })?;
        let id = node.as_ref();
        let got = match id {
            Some(id) => file.by_id(id)?,
            None => Rc::new(node.clone()),
        };
        let Some(dict) = got.as_dict() else {
            return Ok(0);
        };
        let kids = file.entry(dict, "Kids")?;
        let Some(kids) = kids.as_array() else {
            if let Some(id) = id {
                self.edges.insert((parent.map(|id| id.number), id.number));
                let number = self.pages.len().saturating_add(1);
                self.page_of.entry(id.number).or_insert(number);
                if let Some(parent) = parent {
                    self.parent_of.entry(id.number).or_insert(parent);
                }
            }
            self.pages.push(Page {
                id,
                object: Rc::clone(&got),
                inherited: inherited.to_vec(),
            });
            return Ok(1);
        };
        let Some(id) = id else {
            return Err(unusual());
        };
        // A node below itself.
        if self.nodes.contains_key(&id.number) {
            return Ok(0);
        }
        self.nodes.insert(id.number, (parent, 0));
        self.edges.insert((parent.map(|id| id.number), id.number));
        let mut below = inherited.to_vec();
        for key in INHERITED {
            if let Some(value) = dict.get(key) {
                below.retain(|(known, ..)| known != key);
                below.push((key, value.clone(), id.number));
            }
        }
        let mut count = 0usize;
        for kid in kids {
            count = count.saturating_add(self.tree(file, kid, Some(id), &below, depth)?);
        }
        self.nodes.insert(id.number, (parent, count));
        Ok(count)
    }

    /// Whether a field has a widget on a page.
    fn field(
        &mut self,
        file: &File<'_>,
        field: &Object,
        seen: &mut HashSet<u32>,
        depth: u32,
    ) -> Result<bool> {
        file.cx().item()?;
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Error::LimitExceeded {
                limit: "form fields",
            });
        };
        let Some(id) = field.as_ref() else {
            return Ok(false);
        };
        if !seen.insert(id.number) {
            return Ok(self.fields.contains(&id.number));
        }
        let object = file.by_id(id)?;
        let Some(dict) = object.as_dict() else {
            return Ok(false);
        };
        let mut is_live = self.annots.contains(&id.number);
        for kid in file.entry(dict, "Kids")?.as_array().unwrap_or_default() {
            is_live |= self.field(file, kid, seen, depth)?;
        }
        if is_live {
            self.fields.insert(id.number);
        }
        Ok(is_live)
    }

    /// The number of the page that a reference leads to, if it is one of the document.
    pub(super) fn page(&self, object: &Object) -> Option<usize> {
        self.page_of.get(&object.as_ref()?.number).copied()
    }
}

impl Page {
    /// A value of the page, or one that it inherits.
    pub(super) fn value(&self, key: &str) -> Option<&Object> {
        let own = self.object.as_dict().and_then(|dict| dict.get(key));
        let mut inherited = self.inherited.iter();
        own.filter(|value| **value != Object::Null).or_else(|| {
            inherited
                .find(|(known, ..)| *known == key)
                .map(|(_, v, _)| v)
        })
    }

    /// Its resources, or those that it inherits.
    pub(super) fn resources(&self, file: &File<'_>) -> Result<Resources> {
        let own = self.object.as_dict().and_then(|dict| dict.get("Resources"));
        let is_own = own.is_some_and(|value| *value != Object::Null);
        let holder = if is_own {
            self.id.map(|id| id.number)
        } else {
            let mut inherited = self.inherited.iter();
            inherited
                .find(|(key, ..)| *key == "Resources")
                .map(|(.., n)| *n)
        };
        let Some(value) = self.value("Resources") else {
            return Ok(Resources::default());
        };
        let mut dict = Dict::default();
        dict.set(*b"Resources", value.clone());
        Ok(Resources::of(file, &dict, holder)?.unwrap_or_default())
    }

    /// The streams of its content, in order.
    pub(super) fn contents(&self, file: &File<'_>) -> Result<Vec<Rc<Stream>>> {
        let Some(dict) = self.dict() else {
            return Ok(Vec::new());
        };
        let contents = file.entry(dict, "Contents")?;
        let parts = match &*contents {
            Object::Array(array) => array.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut streams = Vec::new();
        for part in parts {
            streams.extend(file.resolve(part)?.as_stream().map(Rc::clone));
        }
        Ok(streams)
    }

    /// Its dictionary.
    pub(super) fn dict(&self) -> Option<&Dict> {
        self.object.as_dict()
    }
}
