//! One XML part as it is in a copy: known namespaces, without what `rules` names, with tracked changes
//! resolved to what is shown.

use std::collections::{BTreeSet, HashMap};

use crate::containers::xml::tree::{Attribute, Element, Node, Space};

use crate::model::{Error, Result};

use super::blocks::{Blocks, is_deleted_part_of_table, mark_is_deleted};
use super::fields::{Field, is_replaced};
use super::formulas::{self, Formulas};
use super::ids;
use super::names::{self, child, is, value};
use super::report::{self as kind, Kind, Report};
use super::rules::{self, Rule, Value};
use super::said::{all_text, shown};

/// What the copy does with the target of a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    Kept,
    Gone,
}

/// The state of one part.
pub(super) struct Filter<'f> {
    /// Name of the part, as place of findings.
    pub(super) place: &'f str,
    /// Relationships of the part, by id.
    pub(super) links: &'f HashMap<String, Link>,
    pub(super) report: &'f mut Report,
    /// Shared strings that cells refer to, of the whole workbook.
    pub(super) strings: &'f mut BTreeSet<u64>,
    /// Whether a sound or film of this part is removed, so that nothing can start it.
    pub(super) lost_film: bool,
    pub(super) fields: Vec<Field>,
    formulas: Formulas,
    blocks: Vec<Blocks>,
    /// Index of the next shared string.
    next_string: u64,
    /// Bookmarks that are removed.
    bookmarks: BTreeSet<String>,
}

impl<'f> Filter<'f> {
    pub(super) fn new(
        place: &'f str,
        links: &'f HashMap<String, Link>,
        report: &'f mut Report,
        strings: &'f mut BTreeSet<u64>,
    ) -> Self {
        Self {
            place,
            links,
            report,
            strings,
            lost_film: false,
            fields: Vec::new(),
            formulas: Formulas::default(),
            blocks: Vec::new(),
            next_string: 0,
            bookmarks: BTreeSet::new(),
        }
    }

    /// Reports what is hidden in the part.
    pub(super) fn hidden(&mut self) -> impl FnMut(bool, &'static Kind, &str) {
        |is_removed, what, text| match is_removed {
            true => self.report.tell(what, self.place, text),
            false => self.report.leave(what, self.place, text),
        }
    }

    /// An element on the path of a large part begins.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when it is of an unknown namespace: the part is not what its relationship
    /// says.
    pub(super) fn open(&mut self, element: &Element) -> Result<Element> {
        self.blocks.push(Blocks::default());
        let (prefix, name) = names::name(element);
        let is_vml = element.space == Space::None && element.name == "xml";
        if prefix.is_empty() && !is_vml {
            return Err(Error::unsupported(
                "a part of the document is of an unknown kind; export it as PDF, and clean that",
            ));
        }
        self.look(prefix, name, element);
        let mut made = Element {
            space: element.space.clone(),
            name: element.name.clone(),
            attributes: Vec::new(),
            children: Vec::new(),
        };
        made.attributes = self
            .attributes(prefix, name, element.attributes.clone())
            .unwrap_or_default();
        self.finish(prefix, name, &mut made);
        Ok(made)
    }

    /// Something directly inside an element on the path.
    pub(super) fn piece(&mut self, node: Node, out: &mut Vec<Node>) {
        let mark = mark_is_deleted(&node);
        let mut made = Vec::new();
        self.node(node, &mut made);
        let Some(mut blocks) = self.blocks.pop() else {
            out.append(&mut made);
            return;
        };
        for node in made {
            blocks.add(node, mark, out);
        }
        self.blocks.push(blocks);
    }

    /// An element on the path ends.
    pub(super) fn close(&mut self, out: &mut Vec<Node>) {
        if let Some(mut blocks) = self.blocks.pop() {
            blocks.finish(false, out);
        }
    }

    fn node(&mut self, node: Node, out: &mut Vec<Node>) {
        match node {
            Node::Element(element) => self.element(element, out),
            Node::Text(text) => out.push(Node::Text(text)),
            Node::Comment(_) | Node::Instruction(_) => {
                self.report.tell(kind::MARKUP, self.place, "");
            }
        }
    }

    fn element(&mut self, element: Element, out: &mut Vec<Node>) {
        let (prefix, _) = names::name(&element);
        if prefix.is_empty() {
            // `x15ac:absPath`: the folder in which the workbook was saved.
            match element.get("url").filter(|_| element.name == "absPath") {
                Some(path) => self.report.tell(kind::PATH, self.place, path),
                None => self.report.tell(kind::UNKNOWN, self.place, ""),
            }
            return;
        }
        let name = element.name.clone();
        let name = name.as_str();
        if is_deleted_part_of_table(&element) {
            self.deleted(&element);
            return;
        }
        match rules::element(prefix, name, &element) {
            Rule::Keep => {}
            Rule::Drop(what) => {
                self.dropped(what, &element);
                return;
            }
            Rule::Unwrap(what) => {
                self.report.tell(what, self.place, "");
                self.author(&element);
                let mut inner = Vec::new();
                self.children(element, &mut inner);
                out.append(&mut inner);
                return;
            }
        }
        match (prefix, name) {
            ("mc", "AlternateContent") => return self.alternatives(element, out),
            ("w", "bookmarkStart") if value(&element, "w", "name") == Some("_GoBack") => {
                let id = value(&element, "w", "id").unwrap_or_default();
                self.bookmarks.insert(id.to_owned());
                self.report.tell(kind::SPELLING, self.place, "");
                return;
            }
            ("w", "bookmarkEnd")
                if value(&element, "w", "id").is_some_and(|id| self.bookmarks.remove(id)) =>
            {
                return;
            }
            ("w", "altChunk") => {}
            ("p", "timing") if self.lost_film => {
                self.report.tell(kind::TIMING, self.place, "");
                return;
            }
            ("v", "shape") if is_note(&element) => {
                self.report.tell(kind::COMMENT_ANCHOR, self.place, "");
                return;
            }
            ("x", "si") => return self.string(element, out),
            ("w", "fldSimple") => {
                let instruction = value(&element, "w", "instr").unwrap_or_default().to_owned();
                if is_replaced(&instruction) {
                    self.replaced(&instruction);
                    return self.children(element, out);
                }
            }
            ("x", "f") if !self.formulas.keeps(&element) => {
                self.report.tell(kind::EXTERNAL, self.place, "");
                return;
            }
            ("x", "definedName")
                if formulas::is_external(&element.text()) || rules::is_path(&element.text()) =>
            {
                self.report
                    .tell(kind::EXTERNAL, self.place, &element.text());
                return;
            }
            _ => {}
        }
        let mut element = element;
        if (prefix, name) == ("w", "p") {
            self.unlink(&mut element);
        }
        self.look(prefix, name, &element);
        let Element {
            space,
            name: own,
            attributes,
            children,
        } = element;
        let Some(attributes) = self.attributes(prefix, name, attributes) else {
            // What it refers to is removed.
            if matches!((prefix, name), ("w", "hyperlink")) {
                let shell = Element {
                    space,
                    name: own,
                    attributes: Vec::new(),
                    children,
                };
                self.children(shell, out);
            }
            return;
        };
        let had = children.len();
        let mut made = Element {
            space: space.clone(),
            name: own.clone(),
            attributes,
            children: Vec::new(),
        };
        let shell = Element {
            space,
            name: own,
            attributes: Vec::new(),
            children,
        };
        let mut inner = Vec::new();
        self.children(shell, &mut inner);
        made.children = inner;
        if had > 0 && rules::is_list(prefix, name) && !has_substance(&made) {
            return;
        }
        if had > 0 && is(&made, "w", "r") && is_empty_run(&made) {
            return;
        }
        if prefix == "p"
            && name == "graphicFrame"
            && let Some(picture) = self.preview(&made)
        {
            out.extend(picture);
            return;
        }
        self.finish(prefix, name, &mut made);
        out.push(Node::Element(made));
    }

    /// Children of an element, as blocks where some are paragraphs.
    fn children(&mut self, element: Element, out: &mut Vec<Node>) {
        let is_cell = is(&element, "w", "tc");
        let has_paragraphs = element.elements().any(|inner| is(inner, "w", "p"));
        if !has_paragraphs {
            for node in element.children {
                self.node(node, out);
            }
            return;
        }
        let mut blocks = Blocks::default();
        let mut made = Vec::new();
        for node in element.children {
            let mark = mark_is_deleted(&node);
            let mut inner = Vec::new();
            self.node(node, &mut inner);
            for node in inner {
                blocks.add(node, mark, &mut made);
            }
        }
        blocks.finish(is_cell, &mut made);
        out.append(&mut made);
    }

    /// `mc:AlternateContent` (ISO/IEC 29500-3 §7.5): choices that need known namespaces only, or what is
    /// said to be shown instead.
    fn alternatives(&mut self, element: Element, out: &mut Vec<Node>) {
        let mut choices = Vec::new();
        let mut fallback = Vec::new();
        let mut has_known = false;
        for node in element.children {
            let Node::Element(inner) = node else { continue };
            if is(&inner, "mc", "Choice") {
                let needed = inner.get("Requires").unwrap_or_default();
                if needed
                    .split_whitespace()
                    .any(|uri| names::prefix(uri).is_none())
                {
                    self.report.tell(kind::UNKNOWN, self.place, "");
                    continue;
                }
                // What it needs is removed: there is another picture of it.
                if lacks_content(&inner) {
                    self.report.tell(kind::WORKBOOK, self.place, "");
                    continue;
                }
                has_known = true;
                self.element(inner, &mut choices);
            } else if is(&inner, "mc", "Fallback") {
                if has_known {
                    self.element(inner, &mut fallback);
                } else {
                    self.children(inner, out);
                    return;
                }
            }
        }
        if choices.is_empty() {
            // Nothing of the choice is retained, so nothing of it is shown.
            return;
        }
        choices.append(&mut fallback);
        out.push(Node::Element(Element {
            space: element.space,
            name: element.name,
            attributes: Vec::new(),
            children: choices,
        }));
    }

    /// The attributes of a copy; `None` when the element needs something that is removed.
    fn attributes(
        &mut self,
        prefix: &str,
        name: &str,
        attributes: Vec<Attribute>,
    ) -> Option<Vec<Attribute>> {
        let mut out = Vec::with_capacity(attributes.len());
        for mut attribute in attributes {
            if ids::refers(&attribute) {
                let link = self.links.get(&attribute.value);
                if link.is_none() {
                    self.report.tell(kind::DANGLING, self.place, "");
                }
                match link {
                    Some(Link::Kept) => out.push(attribute),
                    _ if (prefix, name) == ("w", "hyperlink") => return None,
                    _ if (prefix, name) == ("x", "hyperlink") => {}
                    _ if rules::needs_target(prefix, name) => return None,
                    _ => {}
                }
                continue;
            }
            match rules::attribute(prefix, name, &attribute) {
                Value::Keep => {}
                Value::Drop(what) => {
                    self.report
                        .tell(what, self.place, shown(what, &attribute.value));
                    continue;
                }
                Value::Set(what, value) => {
                    self.report.tell(what, self.place, &attribute.value);
                    attribute.value = value;
                }
            }
            let is_list = names::prefix(attribute.space.uri()) == Some("mc")
                || (prefix, name) == ("mc", "Choice");
            if is_list {
                // The writer gives each namespace its prefix, and declares it.
                let uris = attribute.value.split_whitespace();
                let known: Vec<_> = uris.filter(|uri| names::prefix(uri).is_some()).collect();
                if known.is_empty() {
                    continue;
                }
                attribute.value = known.join(" ");
            }
            out.push(attribute);
        }
        // A link that leads to nothing, and to no place in the workbook.
        let is_empty_link = (prefix, name) == ("x", "hyperlink")
            && !out
                .iter()
                .any(|it| it.name == "location" || names::prefix(it.space.uri()) == Some("r"));
        (!is_empty_link).then_some(out)
    }

    /// Changes to an element whose children are done.
    fn finish(&mut self, prefix: &str, name: &str, made: &mut Element) {
        match (prefix, name) {
            ("w", "fldChar") => match value(made, "w", "fldCharType") {
                Some("begin") => self.fields.push(Field::default()),
                Some("separate") => {
                    if let Some(field) = self.fields.last_mut() {
                        field.is_result = true;
                    }
                    self.shows();
                }
                Some("end") => {
                    if self.fields.last().is_some_and(|field| !field.is_result) {
                        self.shows();
                    }
                    self.fields.pop();
                }
                _ => {}
            },
            ("w", "instrText") => self.instruction(made),
            ("x", "formula" | "formula1" | "formula2") | ("xm" | "c", "f") | ("x14", "formula") => {
                let text = made.text();
                if rules::is_path(&text) || (prefix != "c" && formulas::is_external(&text)) {
                    self.report.tell(kind::EXTERNAL, self.place, &text);
                    made.children = vec![Node::Text("#REF!".to_owned())];
                }
            }
            ("x", "tableParts" | "hyperlinks" | "pivotCaches") => {
                made.attributes.retain(|it| it.name != "count");
            }
            _ => {}
        }
    }

    /// A shared string: blank when no cell shows it, because cells refer to the others by index.
    fn string(&mut self, mut element: Element, out: &mut Vec<Node>) {
        let index = self.next_string;
        self.next_string = index.saturating_add(1);
        if !self.strings.contains(&index) {
            let text = all_text(&element);
            if !text.is_empty() {
                self.report.tell(kind::ORPHAN, self.place, &text);
            }
            let text = Element {
                space: element.space.clone(),
                name: "t".to_owned(),
                attributes: Vec::new(),
                children: Vec::new(),
            };
            element.children = vec![Node::Element(text)];
            element.attributes = Vec::new();
            out.push(Node::Element(element));
            return;
        }
        let children = std::mem::take(&mut element.children);
        for node in children {
            self.node(node, &mut element.children);
        }
        out.push(Node::Element(element));
    }

    /// The picture of an embedded object whose data is removed (`p:oleObj` without relationship).
    fn preview(&mut self, frame: &Element) -> Option<Option<Node>> {
        let object = find(frame, "p", "oleObj")?;
        if value(object, "r", "id").is_some() {
            return None;
        }
        self.report.tell(kind::OBJECT, self.place, "");
        match find(frame, "p", "pic") {
            Some(picture) => Some(Some(Node::Element(picture.clone()))),
            None => {
                self.report.leave(kind::NOT_SHOWN, self.place, "");
                Some(None)
            }
        }
    }
}

fn find<'e>(element: &'e Element, prefix: &str, name: &str) -> Option<&'e Element> {
    if is(element, prefix, name) {
        return Some(element);
    }
    element
        .elements()
        .find_map(|inner| find(inner, prefix, name))
}

/// Whether a list has anything left that makes it one.
fn has_substance(list: &Element) -> bool {
    if list.name == "tbl" {
        return list
            .elements()
            .any(|inner| !matches!(inner.name.as_str(), "tblPr" | "tblGrid"));
    }
    if list.name == "tr" {
        return list
            .elements()
            .any(|inner| !matches!(inner.name.as_str(), "trPr" | "tblPrEx"));
    }
    list.elements().next().is_some() || !list.text().trim().is_empty()
}

/// Whether a choice consists of something that no copy has: ink, slicers.
pub(super) fn lacks_content(choice: &Element) -> bool {
    choice.name == "contentPart"
        || is(choice, "sle15", "slicer")
        || choice.elements().any(lacks_content)
}

fn is_empty_run(run: &Element) -> bool {
    run.elements().all(|inner| is(inner, "w", "rPr"))
}

/// Whether a shape is the box of a comment.
fn is_note(shape: &Element) -> bool {
    child(shape, "xvml", "ClientData").is_some_and(|data| data.get("ObjectType") == Some("Note"))
}
