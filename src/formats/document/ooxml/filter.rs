//! One XML part as it is in a copy: known namespaces, without what `rules` names, with tracked changes
//! resolved to what is shown.

use std::collections::{BTreeSet, HashMap};

use crate::containers::xml::tree::{Attribute, Element, Node, Space};

use crate::model::{Error, Result};

use super::blocks::{Blocks, is_deleted_part_of_table, mark_is_deleted};
use super::formulas::{self, Formulas};
use super::names::{self, child, is, value};
use super::report::{self as kind, Report};
use super::rules::{self, Rule, Value};

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
    pub(super) is_strict: bool,
    /// Relationships of the part, by id.
    pub(super) links: &'f HashMap<String, Link>,
    /// Those that retained elements refer to.
    pub(super) used: BTreeSet<String>,
    pub(super) report: &'f mut Report,
    /// Shared strings that cells refer to, of the whole workbook.
    pub(super) strings: &'f mut BTreeSet<u64>,
    /// Width and height of slides, in EMU.
    pub(super) slide: Option<(i64, i64)>,
    fields: Vec<Field>,
    formulas: Formulas,
    blocks: Vec<Blocks>,
    /// Index of the next shared string.
    next_string: u64,
    /// Bookmarks that are removed.
    bookmarks: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    is_result: bool,
}

/// Fields whose instruction names a file.
const WITH_FILE: &[&str] = &[
    "INCLUDEPICTURE",
    "INCLUDETEXT",
    "IMPORT",
    "INCLUDE",
    "LINK",
    "DDE",
    "DDEAUTO",
    "RD",
    "DATABASE",
    "GLOSSARY",
    "AUTOTEXT",
    "MACROBUTTON",
];

/// Fields that show who, when or from where (§17.16.5).
const TELLING: &[&str] = &[
    "AUTHOR",
    "USERNAME",
    "USERINITIALS",
    "USERADDRESS",
    "LASTSAVEDBY",
    "FILENAME",
    "TEMPLATE",
    "CREATEDATE",
    "SAVEDATE",
    "PRINTDATE",
    "EDITTIME",
    "DOCPROPERTY",
    "INFO",
];

impl<'f> Filter<'f> {
    pub(super) fn new(
        place: &'f str,
        is_strict: bool,
        links: &'f HashMap<String, Link>,
        report: &'f mut Report,
        strings: &'f mut BTreeSet<u64>,
    ) -> Self {
        Self {
            place,
            is_strict,
            links,
            used: BTreeSet::new(),
            report,
            strings,
            slide: None,
            fields: Vec::new(),
            formulas: Formulas::default(),
            blocks: Vec::new(),
            next_string: 0,
            bookmarks: BTreeSet::new(),
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
            self.report.tell(kind::UNKNOWN, self.place, "");
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
            ("v", "shape") if is_note(&element) => {
                self.report.tell(kind::COMMENT_ANCHOR, self.place, "");
                return;
            }
            ("x", "si") => return self.string(element, out),
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
        self.look(prefix, name, &element);
        if self.is_strict && is_hidden_run(&element) {
            return;
        }
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
            && let Some(picture) = self.preview(&mut made)
        {
            out.push(picture);
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
            if names::prefix(attribute.space.uri()) == Some("r") && !attribute.value.is_empty() {
                match self.links.get(&attribute.value) {
                    Some(Link::Kept) => {
                        self.used.insert(attribute.value.clone());
                        out.push(attribute);
                    }
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

    /// What is retained and should be known.
    fn look(&mut self, prefix: &str, name: &str, element: &Element) {
        match (prefix, name) {
            ("a", "srcRect") => {
                let cut = |key| element.get(key).and_then(per_thousand).unwrap_or(0) >= 10;
                if ["l", "t", "r", "b"].into_iter().any(cut) {
                    self.report.leave(kind::CROP, self.place, "");
                }
            }
            ("v", "imagedata") => {
                let cut = |key| {
                    element
                        .get(key)
                        .is_some_and(|value| !matches!(value.trim(), "" | "0" | "0f"))
                };
                if ["cropleft", "croptop", "cropright", "cropbottom"]
                    .into_iter()
                    .any(cut)
                {
                    self.report.leave(kind::CROP, self.place, "");
                }
            }
            ("w", "r") if is_hidden_run(element) => {
                let text: String = element
                    .elements()
                    .filter(|it| is(it, "w", "t"))
                    .map(Element::text)
                    .collect();
                let what = kind::HIDDEN_TEXT;
                if self.is_strict {
                    self.report.tell(what, self.place, &text);
                } else {
                    self.report.leave(what, self.place, &text);
                }
            }
            ("w", "fldSimple") => {
                let instruction = value(element, "w", "instr").unwrap_or_default();
                self.telling(instruction);
            }
            ("x", "sheet") if matches!(element.get("state"), Some("hidden" | "veryHidden")) => {
                self.report.leave(kind::HIDDEN_SHEET, self.place, "");
            }
            ("x", "row" | "col") if matches!(element.get("hidden"), Some("1" | "true")) => {
                self.report.leave(kind::HIDDEN_CELLS, self.place, "");
            }
            (
                "x",
                "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader"
                | "firstFooter",
            ) => {
                let text = element.text();
                if ["&F", "&Z"].iter().any(|code| text.contains(code)) {
                    self.report.leave(kind::FIELD, self.place, "");
                }
            }
            ("x", "c") if element.get("t") == Some("s") => {
                let index =
                    child(element, "x", "v").and_then(|v| v.text().trim().parse::<u64>().ok());
                self.strings.extend(index);
            }
            ("a", "r") if self.place.contains("/notesSlides/") => {
                let text: String = element
                    .elements()
                    .filter(|it| is(it, "a", "t"))
                    .map(Element::text)
                    .collect();
                if !text.trim().is_empty() {
                    self.report.leave(kind::NOTES, self.place, &text);
                }
            }
            ("p", "sld") if matches!(element.get("show"), Some("0" | "false")) => {
                self.report.leave(kind::HIDDEN_SLIDE, self.place, "");
            }
            ("p", "sp" | "pic" | "graphicFrame" | "grpSp") if self.is_outside(element) => {
                self.report.leave(kind::OFF_SLIDE, self.place, "");
            }
            _ => {}
        }
    }

    /// Whether a shape is wholly beside the slide.
    fn is_outside(&self, shape: &Element) -> bool {
        let Some((width, height)) = self.slide else {
            return false;
        };
        let frame = shape.elements().find_map(|inner| {
            if is(inner, "p", "xfrm") {
                Some(inner)
            } else {
                child(inner, "a", "xfrm")
            }
        });
        let number = |name, key| {
            let inner = frame.and_then(|frame| child(frame, "a", name))?;
            inner.get(key)?.trim().parse::<i64>().ok()
        };
        let (Some(x), Some(y), Some(w), Some(h)) = (
            number("off", "x"),
            number("off", "y"),
            number("ext", "cx"),
            number("ext", "cy"),
        ) else {
            return false;
        };
        x.saturating_add(w) <= 0 || y.saturating_add(h) <= 0 || x >= width || y >= height
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
            ("w", "fldSimple") => {
                for attribute in &mut made.attributes {
                    if attribute.name == "instr" && names_file(&attribute.value) {
                        self.report
                            .tell(kind::INSTRUCTION, self.place, &attribute.value);
                        attribute.value = keyword(&attribute.value).to_owned();
                    }
                }
            }
            ("x", "formula" | "formula1" | "formula2") | ("xm" | "c", "f") | ("x14", "formula") => {
                let text = made.text();
                if rules::is_path(&text) || (prefix != "c" && formulas::is_external(&text)) {
                    self.report.tell(kind::EXTERNAL, self.place, &text);
                    made.children = vec![Node::Text("#REF!".to_owned())];
                }
            }
            ("x", "pivotCacheDefinition") => {
                // The records are removed; the cells have what the table shows.
                made.attributes.retain(|it| it.name != "saveData");
                made.attributes.push(Attribute {
                    space: Space::None,
                    name: "saveData".to_owned(),
                    value: "0".to_owned(),
                });
            }
            ("x", "tableParts" | "hyperlinks" | "pivotCaches") => {
                made.attributes.retain(|it| it.name != "count");
            }
            _ => {}
        }
    }

    /// `w:instrText`: a path in it is not shown, only its result.
    fn instruction(&mut self, made: &mut Element) {
        let text = made.text();
        let before = match self.fields.last_mut() {
            Some(field) => {
                let before = field.instruction.len();
                field.instruction.push_str(&text);
                before
            }
            None => 0,
        };
        let whole = self
            .fields
            .last()
            .map_or(text.clone(), |field| field.instruction.clone());
        if !names_file(&whole) {
            return;
        }
        let word = keyword(&whole);
        let had_word = whole
            .get(..before)
            .is_some_and(|before| before.contains(word) && !word.is_empty());
        let kept = if had_word {
            String::new()
        } else {
            format!(" {word} ")
        };
        if text.trim() == kept.trim() {
            return;
        }
        self.report.tell(kind::INSTRUCTION, self.place, text.trim());
        made.children = vec![Node::Text(kept)];
    }

    /// The instruction of the innermost field is complete.
    fn shows(&mut self) {
        if let Some(field) = self.fields.last() {
            let instruction = field.instruction.clone();
            self.telling(&instruction);
        }
    }

    fn telling(&mut self, instruction: &str) {
        let word = keyword(instruction).to_uppercase();
        if TELLING.contains(&word.as_str()) {
            self.report.leave(kind::FIELD, self.place, &word);
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
    fn preview(&mut self, frame: &mut Element) -> Option<Node> {
        let object = find(frame, "p", "oleObj")?;
        if value(object, "r", "id").is_some() {
            return None;
        }
        self.report.tell(kind::OBJECT, self.place, "");
        match find(frame, "p", "pic") {
            Some(picture) => Some(Node::Element(picture.clone())),
            None => {
                self.report.leave(kind::NOT_SHOWN, self.place, "");
                None
            }
        }
    }

    /// Reports what is in an element that is removed.
    fn dropped(&mut self, what: &'static kind::Kind, element: &Element) {
        if what == kind::CHANGE {
            self.deleted(element);
            return;
        }
        let said = [
            "name",
            "userName",
            "val",
            "author",
            "ed",
            "connectString",
            "query",
        ]
        .iter()
        .find_map(|key| value(element, "w", key).or_else(|| element.get(key)));
        let said = if matches!(what.id, "ox.rsid" | "ox.ids") {
            None
        } else {
            said
        };
        self.report
            .tell(what, self.place, shown(what, said.unwrap_or_default()));
        if what == kind::MAIL_MERGE || what == kind::SETTINGS {
            self.values(element);
        }
    }

    /// Values of a source of data.
    fn values(&mut self, element: &Element) {
        for inner in element.elements() {
            if matches!(inner.name.as_str(), "connectString" | "query" | "docVar")
                && let Some(said) = value(inner, "w", "val")
            {
                self.report.tell(kind::CONNECTION, self.place, said);
            }
            self.values(inner);
        }
    }

    fn deleted(&mut self, element: &Element) {
        self.report.tell(kind::CHANGE, self.place, "");
        self.author(element);
        let text = all_text(element);
        if !text.trim().is_empty() && !element.name.ends_with("Change") {
            self.report.tell(kind::DELETED, self.place, &text);
        }
        for inner in element.elements() {
            self.authors(inner);
        }
    }

    fn authors(&mut self, element: &Element) {
        self.author(element);
        for inner in element.elements() {
            self.authors(inner);
        }
    }

    fn author(&mut self, element: &Element) {
        if let Some(author) = value(element, "w", "author") {
            self.report.tell(kind::CHANGE_PERSON, self.place, author);
        }
        if let Some(date) = value(element, "w", "date") {
            self.report.tell(kind::CHANGE_TIME, self.place, date);
        }
    }
}

/// A value where it says something to a reader.
fn shown<'v>(what: &kind::Kind, value: &'v str) -> &'v str {
    match what.id {
        "ox.rsid" | "ox.ids" | "ox.unknown" | "ox.media" => "",
        _ if matches!(what.what, w if w == kind::PROTECTION.what || w == kind::WORKBOOK.what) => "",
        _ if value.len() < 2 || value == "0" || value == "1" => "",
        _ => value,
    }
}

fn per_thousand(value: &str) -> Option<i64> {
    let value = value.trim();
    match value.strip_suffix('%') {
        Some(percent) => percent
            .parse::<f64>()
            .ok()
            .filter(|it| *it >= 1.0)
            .map(|_| 10),
        None => value.parse::<i64>().ok().map(|it| it / 100),
    }
}

/// All text in an element, whatever it is.
pub(super) fn all_text(element: &Element) -> String {
    let mut out = String::new();
    collect(element, &mut out);
    out
}

fn collect(element: &Element, out: &mut String) {
    for node in &element.children {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Element(inner) => collect(inner, out),
            _ => {}
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

fn is_empty_run(run: &Element) -> bool {
    run.elements().all(|inner| is(inner, "w", "rPr"))
}

/// Whether text in a run is hidden.
fn is_hidden_run(run: &Element) -> bool {
    is(run, "w", "r")
        && child(run, "w", "rPr")
            .and_then(|properties| child(properties, "w", "vanish"))
            .is_some_and(names::is_on)
        && run
            .elements()
            .any(|inner| is(inner, "w", "t") && !inner.text().trim().is_empty())
}

/// Whether a shape is the box of a comment.
fn is_note(shape: &Element) -> bool {
    child(shape, "xvml", "ClientData").is_some_and(|data| data.get("ObjectType") == Some("Note"))
}

fn keyword(instruction: &str) -> &str {
    instruction.split_whitespace().next().unwrap_or_default()
}

fn names_file(instruction: &str) -> bool {
    let word = keyword(instruction).to_uppercase();
    let mut rest = instruction.split_whitespace().skip(1).peekable();
    if WITH_FILE.contains(&word.as_str()) {
        return rest.peek().is_some();
    }
    word == "HYPERLINK"
        && (instruction.contains("file:")
            || instruction.contains(":\\")
            || instruction.contains("\\\\\\\\"))
}
