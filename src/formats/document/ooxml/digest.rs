//! What a document shows, found without the rules of the copy: text in order, with tracked changes
//! resolved, the numbers that decide the look, and the pictures where they are used.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::bytes::{Context, Hasher, Source};
use crate::containers::xml::stream::Piece;
use crate::containers::xml::tree::{Element, Node};
use crate::containers::zip::Archive;
use crate::model::{Digest, Result};

use super::filter::lacks_content;
use super::hidden::Hidden;
use super::ids;
use super::names::{self, child, is};
use super::open;
use super::package::{self, Relationship};
use super::previews;

/// Parts that show something, by the last segment of the type of the relationship.
const SHOWN: &[&str] = &[
    "header",
    "footer",
    "footnotes",
    "endnotes",
    "worksheet",
    "chartsheet",
    "slide",
    "slideLayout",
    "slideMaster",
    "drawing",
    "chart",
    "chartUserShapes",
    "chartEx",
    "diagramDrawing",
    "image",
    "package",
    "notesSlide",
    "vmlDrawing",
    "styles",
    "numbering",
    "sharedStrings",
];

/// Of these, those that no element names.
const IMPLIED: &[&str] = &[
    "footnotes",
    "endnotes",
    "slideLayout",
    "slideMaster",
    "diagramDrawing",
    "notesSlide",
    "styles",
    "numbering",
    "sharedStrings",
];

/// Elements whose attributes decide how something looks.
const LOOK: &[(&str, &[&str])] = &[
    (
        "w",
        &[
            "b",
            "i",
            "u",
            "sz",
            "color",
            "rFonts",
            "vertAlign",
            "highlight",
            "strike",
            "caps",
            "smallCaps",
            "vanish",
            "jc",
            "ind",
            "spacing",
            "numId",
            "ilvl",
            "pStyle",
            "rStyle",
            "tblStyle",
            "tblW",
            "tcW",
            "gridCol",
            "gridSpan",
            "vMerge",
            "trHeight",
            "shd",
            "pgSz",
            "pgMar",
            "cols",
            "br",
            "tab",
            "cr",
            "sym",
            "noBreakHyphen",
            "softHyphen",
            "footnoteReference",
            "endnoteReference",
            "pageBreakBefore",
            "keepNext",
            "textDirection",
            "lvlText",
            "numFmt",
            "start",
            "style",
        ],
    ),
    ("x", &["c", "row", "col", "mergeCell", "sheetFormatPr"]),
    (
        "a",
        &[
            "off",
            "ext",
            "chOff",
            "chExt",
            "xfrm",
            "srcRect",
            "prstGeom",
            "srgbClr",
            "schemeClr",
            "rPr",
            "pPr",
            "bodyPr",
            "ln",
            "gridCol",
            "tr",
            "tc",
            "br",
            "alpha",
            "lumMod",
            "lumOff",
            "gs",
            "lin",
            "pt",
            "moveTo",
            "lnTo",
            "path",
        ],
    ),
    (
        "wp",
        &["extent", "positionH", "positionV", "posOffset", "align"],
    ),
    ("xdr", &["col", "colOff", "row", "rowOff", "ext", "pos"]),
    ("p", &["ph", "sldSz"]),
    ("c", &["barDir", "grouping", "idx", "order", "max", "min"]),
    (
        "v",
        &["shape", "rect", "oval", "line", "textbox", "imagedata"],
    ),
];

/// Attributes of these that are ids or names.
const NAMES: &[&str] = &[
    "id",
    "idx",
    "spid",
    "title",
    "alt",
    "descr",
    "name",
    "cm",
    "vm",
    "uid",
    "styleId_",
    "href",
    "src",
    "type_",
    "rowId",
    "gfxdata",
    "creationId",
    "href",
    "ole",
    "colId",
    "spans",
    "dirty",
    "smtClean",
    "err",
    "bmk",
    "noProof_",
    "dyDescent",
];

/// Elements whose text is shown.
const TEXT: &[(&str, &str)] = &[
    ("w", "t"),
    ("a", "t"),
    ("m", "t"),
    ("x", "v"),
    ("x", "t"),
    ("c", "v"),
    ("xdr", "col"),
    ("xdr", "row"),
    ("xdr", "colOff"),
    ("xdr", "rowOff"),
    ("wp", "posOffset"),
    ("wp", "align"),
    ("cx", "pt"),
];

/// Elements that show nothing, with all that is in them.
const SILENT: &[(&str, &str)] = &[
    ("w", "del"),
    ("w", "moveFrom"),
    ("w", "delText"),
    ("w", "instrText"),
    ("w", "docVars"),
    ("w", "rsids"),
    ("w", "latentStyles"),
    ("w", "sdtPr"),
    ("c", "pivotSource"),
    ("c", "pivotFmts"),
    ("x", "oleObjects"),
    ("x", "controls"),
    ("x", "legacyDrawing"),
    ("x", "sheetViews"),
    ("x", "customSheetViews"),
    ("x", "scenarios"),
    ("w", "sdtEndPr"),
    // Animations are removed with the film that they start.
    ("p", "timing"),
];

/// The digest of a document whose main part has this name.
pub(super) fn digest(
    archive: &Archive,
    source: &Source<'_>,
    main: &str,
    cx: &Context<'_>,
) -> Result<Digest> {
    let mut walk = Walk {
        archive,
        source,
        cx,
        hasher: Hasher::new(),
        strings: BTreeSet::new(),
        next_string: 0,
        targets: BTreeMap::new(),
        named: Vec::new(),
        marks: Vec::new(),
        blocks: Vec::new(),
        taken: 0,
        hidden: Hidden::find(archive, source, main, cx)?,
    };
    let mut seen = BTreeSet::from([main.to_owned()]);
    let mut queue = VecDeque::from([(main.to_owned(), "officeDocument".to_owned())]);
    let mut last = Vec::new();
    while let Some((part, class)) = queue.pop_front().or_else(|| last.pop()) {
        cx.item()?;
        // Of a file inside, only what is shown of it counts.
        if !matches!(class.as_str(), "image" | "package") {
            walk.hasher.label(&class, 0);
        }
        for (target, class) in walk.part(&part, &class)? {
            if seen.insert(target.clone()) {
                if class == "sharedStrings" {
                    last.push((target, class));
                } else {
                    queue.push_back((target, class));
                }
            }
        }
    }
    Ok(walk.hasher.finish())
}

struct Walk<'a, 'b> {
    archive: &'a Archive,
    source: &'a Source<'a>,
    cx: &'a Context<'b>,
    hasher: Hasher,
    strings: BTreeSet<u64>,
    next_string: u64,
    /// Relationships of the part that is read.
    targets: BTreeMap<String, Relationship>,
    /// Those that elements name, in order.
    named: Vec<String>,
    /// Properties of open paragraphs, which belong to their marks.
    marks: Vec<Option<Element>>,
    /// Of each open element: the blocks in it so far.
    blocks: Vec<Blocks>,
    /// How much was taken so far.
    taken: u64,
    /// What a strict copy does not have.
    hidden: Hidden,
}

/// Blocks that follow each other.
#[derive(Default)]
struct Blocks {
    /// The last paragraph, whose mark is deleted and that nothing has followed yet.
    ended: Option<Ended>,
    is_cell: bool,
    has_any: bool,
    ends_in_paragraph: bool,
}

/// A paragraph whose mark is deleted: it is one only where no other paragraph follows.
struct Ended {
    properties: Option<Element>,
    has_content: bool,
}

impl Walk<'_, '_> {
    /// Takes one part. Returns what it leads to: name and class.
    fn part(&mut self, part: &str, class: &str) -> Result<Vec<(String, String)>> {
        let Some(member) = self.archive.member(part) else {
            return Ok(Vec::new());
        };
        if class == "image" {
            self.picture(part)?;
            return Ok(Vec::new());
        }
        if class == "package" {
            self.document(part)?;
            return Ok(Vec::new());
        }
        let relationships = open::relationships(self.archive, self.source, part, self.cx)?;
        self.targets = relationships
            .iter()
            .map(|it| (it.id.clone(), it.clone()))
            .collect();
        self.named = Vec::new();
        self.next_string = 0;
        let is_strict = self.cx.policy().strict;
        open::read_xml(self.source, member, self.cx, &mut |piece| {
            match piece {
                Piece::Open(element, _) => {
                    if self.blocks.is_empty() {
                        self.hidden.begin(part, element, &mut |_, _, _| {});
                    }
                    self.begins(element);
                    self.blocks.push(Blocks::default());
                }
                Piece::Node(mut node) => {
                    previews::complete(&mut node, &|id| self.targets.contains_key(id));
                    let shown = match is_strict {
                        true => self.hidden.strip(node, &mut |_, _, _| {}),
                        false => Some(node),
                    };
                    if let Some(node) = shown {
                        self.node(&node);
                    }
                }
                Piece::Close => self.settle(),
            }
            Ok(())
        })?;
        let named = std::mem::take(&mut self.named);
        let named = named.iter().filter_map(|id| self.targets.get(id));
        let has_diagram = named.clone().any(|it| it.name() == "diagramData");
        let implied = relationships
            .iter()
            .filter(|it| IMPLIED.contains(&it.name()))
            .filter(|it| has_diagram || it.name() != "diagramDrawing");
        Ok(named
            .chain(implied)
            .filter(|it| !it.is_external && SHOWN.contains(&it.name()))
            .filter(|it| !(self.cx.policy().strict && it.name() == "notesSlide"))
            .filter_map(|it| Some((package::resolve(part, &it.target)?, it.name().to_owned())))
            .filter(|(target, _)| self.archive.member(target).is_some())
            .filter(|(target, _)| self.hidden.gone(target).is_none())
            .collect())
    }

    fn picture(&mut self, part: &str) -> Result<()> {
        let Some(member) = self.archive.member(part) else {
            return Ok(());
        };
        let opened = open::content(self.source, member, self.cx)?;
        let content = opened.source();
        match self.cx.payload_nested(&content) {
            Ok(Some((info, digest))) => {
                self.hasher.label(info.id, 16);
                self.hasher.bytes(&digest.0.to_be_bytes());
            }
            Ok(None) => {}
            Err(error) if open::is_about_file(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// A document inside, unless no copy can have it.
    fn document(&mut self, part: &str) -> Result<()> {
        let Some(member) = self.archive.member(part) else {
            return Ok(());
        };
        let opened = open::content(self.source, member, self.cx)?;
        let content = opened.source();
        match self.cx.examine_nested(&content) {
            Ok(Some(_)) => self.picture(part),
            Ok(None) => Ok(()),
            Err(error) if open::is_about_file(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn node(&mut self, node: &Node) {
        if let Node::Element(element) = node {
            self.element(element);
        }
    }

    fn element(&mut self, element: &Element) {
        let (prefix, name) = names::name(element);
        let deleted_row = is(element, "w", "tr") && marked(element, "trPr", "del");
        let deleted_cell = is(element, "w", "tc") && marked(element, "tcPr", "cellDel");
        if prefix.is_empty()
            || deleted_row
            || deleted_cell
            || is_empty(element)
            || SILENT.contains(&(prefix, name))
            || name.ends_with("Change") && prefix == "w"
            || name == "extLst"
            || is_note(element)
        {
            return;
        }
        if (prefix, name) == ("x", "si") {
            let index = self.next_string;
            self.next_string = index.saturating_add(1);
            if !self.strings.contains(&index) {
                return;
            }
            self.hasher.label("si", index);
        }
        if (prefix, name) == ("mc", "AlternateContent") {
            let shown = element.elements().find(|inner| {
                is(inner, "mc", "Fallback")
                    || inner
                        .get("Requires")
                        .unwrap_or_default()
                        .split_whitespace()
                        .all(is_known)
                        && !lacks_content(inner)
            });
            for inner in shown.into_iter().flat_map(Element::elements) {
                self.element(inner);
            }
            return;
        }
        if (prefix, name) == ("p", "graphicFrame") && names::has(element, "p", "oleObj") {
            if let Some(picture) = picture_of(element) {
                self.element(picture);
            }
            return;
        }
        if (prefix, name) == ("w", "pPr") {
            if let Some(mark) = self.marks.last_mut() {
                *mark = Some(element.clone());
            }
            return;
        }
        let is_paragraph = (prefix, name) == ("w", "p");
        if is_paragraph {
            if let Some(blocks) = self.blocks.last_mut() {
                blocks.ended = None;
            }
        } else if !is_mark(name) {
            self.follow();
        }
        if prefix != "o" {
            self.begins(element);
        }
        let before = self.taken;
        if is_paragraph {
            self.marks.push(None);
        }
        if TEXT.contains(&(prefix, name)) {
            let text = element.text();
            self.taken = self.taken.saturating_add(u64::from(!text.is_empty()));
            self.hasher.bytes(text.as_bytes());
        }
        self.blocks.push(Blocks {
            is_cell: (prefix, name) == ("w", "tc"),
            ..Blocks::default()
        });
        let is_run = (prefix, name) == ("w", "r");
        let is_of_run = |inner: &&Element| is_run && is(inner, "w", "rPr");
        for inner in element.elements().filter(|inner| !is_of_run(inner)) {
            self.element(inner);
        }
        // What a run without text looks like is not seen: the mark of a comment.
        if self.taken > before {
            for inner in element.elements().filter(is_of_run) {
                self.element(inner);
            }
        }
        self.settle();
        if is_paragraph {
            let properties = self.marks.pop().flatten();
            if !properties.as_ref().is_some_and(mark_is_deleted) {
                self.mark(properties.as_ref());
                if let Some(blocks) = self.blocks.last_mut() {
                    blocks.has_any = true;
                    blocks.ends_in_paragraph = true;
                }
            } else if let Some(blocks) = self.blocks.last_mut() {
                let has_content = self.taken > before;
                blocks.ended = Some(Ended {
                    properties,
                    has_content,
                });
            }
        } else if matches!(
            (prefix, name),
            ("a", "p") | ("w", "tc" | "tr" | "tbl") | ("x", "c" | "row")
        ) {
            self.hasher.label(name, 1);
        }
    }

    /// The mark of a paragraph.
    fn mark(&mut self, properties: Option<&Element>) {
        self.hasher.label("p", 1);
        for inner in properties.into_iter().flat_map(Element::elements) {
            self.element(inner);
        }
    }

    /// Something other than a paragraph follows.
    fn follow(&mut self) {
        let Some(blocks) = self.blocks.last_mut() else {
            return;
        };
        blocks.has_any = true;
        blocks.ends_in_paragraph = false;
        if let Some(ended) = blocks.ended.take()
            && ended.has_content
        {
            self.mark(ended.properties.as_ref());
        }
    }

    /// An element ends. It has at least one paragraph if it had any, and a cell ends in one.
    fn settle(&mut self) {
        let Some(blocks) = self.blocks.pop() else {
            return;
        };
        let is_needed = !blocks.has_any || blocks.is_cell && !blocks.ends_in_paragraph;
        if let Some(ended) = blocks.ended
            && (ended.has_content || is_needed)
        {
            self.mark(ended.properties.as_ref());
        }
    }

    /// Name and attributes of an element that has a look, and what it refers to.
    fn begins(&mut self, element: &Element) {
        let (prefix, name) = names::name(element);
        for attribute in &element.attributes {
            if ids::refers(attribute) {
                self.named.push(attribute.value.clone());
            }
        }
        if (prefix, name) == ("x", "c") && element.get("t") == Some("s") {
            let index = child(element, "x", "v").and_then(|v| v.text().trim().parse::<u64>().ok());
            self.strings.extend(index);
        }
        let has_look = LOOK
            .iter()
            .any(|(known, names)| *known == prefix && names.contains(&name));
        if !has_look {
            return;
        }
        self.taken = self.taken.saturating_add(u64::from(
            prefix != "w"
                || matches!(
                    name,
                    "br" | "cr"
                        | "tab"
                        | "sym"
                        | "noBreakHyphen"
                        | "softHyphen"
                        | "footnoteReference"
                        | "endnoteReference"
                ),
        ));
        self.hasher.label(name, 0);
        for attribute in &element.attributes {
            let space = names::prefix(attribute.space.uri());
            let is_plain = attribute.space.uri().is_empty() || space == Some(prefix);
            if is_plain
                && !NAMES.contains(&attribute.name.as_str())
                && !attribute.name.starts_with("rsid")
            {
                self.hasher.label(&attribute.name, 0);
                self.hasher.bytes(attribute.value.as_bytes());
            }
        }
    }
}

/// Elements between blocks that are none.
fn is_mark(name: &str) -> bool {
    name.starts_with("bookmark")
        || name.ends_with("RangeStart")
        || name.ends_with("RangeEnd")
        || matches!(name, "proofErr" | "permStart" | "permEnd")
}

/// Whether it is a table without rows, or a row without cells, after all changes.
fn is_empty(element: &Element) -> bool {
    let (properties, part): (&[&str], _) = match names::name(element) {
        ("w", "tbl") => (&["tblPr", "tblGrid"], "tr"),
        ("w", "tr") => (&["trPr", "tblPrEx"], "tc"),
        _ => return false,
    };
    !element.elements().any(|inner| match inner.name.as_str() {
        name if properties.contains(&name) => false,
        "tr" => !(marked(inner, "trPr", "del") || is_empty(inner)),
        "tc" => !marked(inner, "tcPr", "cellDel"),
        "bookmarkStart" | "bookmarkEnd" => true,
        name => !is_mark(name) && names::has(inner, "w", part),
    })
}

fn is_known(uri: &str) -> bool {
    names::prefix(uri).is_some()
}

fn marked(element: &Element, properties: &str, mark: &str) -> bool {
    child(element, "w", properties).is_some_and(|it| child(it, "w", mark).is_some())
}

fn mark_is_deleted(properties: &Element) -> bool {
    child(properties, "w", "rPr")
        .is_some_and(|it| child(it, "w", "del").is_some() || child(it, "w", "moveFrom").is_some())
}

fn is_note(shape: &Element) -> bool {
    is(shape, "v", "shape")
        && child(shape, "xvml", "ClientData").is_some_and(|it| it.get("ObjectType") == Some("Note"))
}

fn picture_of(element: &Element) -> Option<&Element> {
    if is(element, "p", "pic") {
        return Some(element);
    }
    element.elements().find_map(picture_of)
}
