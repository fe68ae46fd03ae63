//! What a drawing gives away.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::judge::place;
use super::rename::Renamed;
use super::tree::{Attribute, Element, Node, Space};
use super::{names, words, write};
use crate::bytes::{Context, base64};
use crate::metadata::{c2pa, text, xmp};
use crate::model::{Category, Finding, Found, Result, Role, Secrets, Severity, Untrusted, len_u64};

/// So many texts of one kind are told one by one.
const MOST: usize = 32;

/// So many characters are one letter: flags and families among the emoji are made of up to that.
const FEW: usize = 8;

/// Attributes of editors that tell more than how the editor looked.
const TELLING: &[&str] = &[
    "label",
    "docname",
    "absref",
    "docbase",
    "export-filename",
    "export-batch-path",
    "content",
    "original",
    "version",
    "output_extension",
    "filename",
    "url",
    "title",
    "author",
];

/// Collects findings, the same ones together.
pub(super) struct Report<'a, 'b> {
    cx: &'a Context<'b>,
    pub(super) found: Found,
    residue: Vec<Finding>,
    /// What is counted and not told: id, place and description; how many, and how many bytes.
    counted: BTreeMap<(&'static str, String, String), (u64, u64)>,
    /// How many were told of each kind.
    told: BTreeMap<&'static str, usize>,
    said: BTreeSet<String>,
    /// A colour profile stood in another file.
    lost_profile: bool,
}

/// Words of names that programs make up.
const MADE_UP: &str = "svgid cls svg layer lager ebene calque capa group gruppe grupp rectangle oval page artboard \
    symbol clippath clip mask paint filter lineargradient radialgradient gradient namedview base \
    perspective path effect shape xml node edge graph cluster figure axes axis patch xtick ytick matplotlib \
    legend glyph surface source image bitmap stop def defs use polygon polyline ellipse circle rect line \
    tspan text flowroot flowregion flowpara marker arrow pattern fil str fnt icon background foreground \
    bounding box master slide shape-group export import selection grid guide guides metadata svgb \
    gnuplot plot canvas title desc content container";

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

impl<'a, 'b> Report<'a, 'b> {
    pub(super) fn new(cx: &'a Context<'b>) -> Self {
        Self {
            cx,
            found: Found::default(),
            residue: Vec::new(),
            counted: BTreeMap::new(),
            told: BTreeMap::new(),
            said: BTreeSet::new(),
            lost_profile: false,
        }
    }

    /// Whether one more of a kind is told on its own.
    fn one_more(&mut self, kind: &'static str) -> bool {
        let told = self.told.entry(kind).or_default();
        *told = told.saturating_add(1);
        *told <= MOST
    }

    fn count(&mut self, id: &'static str, place: &str, what: impl Into<String>, len: usize) {
        let what = Untrusted::new(what.into()).for_terminal(60);
        let entry = self
            .counted
            .entry((id, place.to_owned(), what))
            .or_default();
        *entry = (
            entry.0.saturating_add(1),
            entry.1.saturating_add(len_u64(len)),
        );
    }

    fn text(
        &mut self,
        id: &'static str,
        category: Category,
        severity: Severity,
        place: &str,
        what: &'static str,
        text: &str,
    ) -> Result<()> {
        let text = text.trim();
        if text.is_empty() {
            self.count(id, place, what, 0);
        } else if self.one_more(id) {
            let finding = Finding::new(id, category, severity, place, what);
            self.found.add(finding.text(text).role(Role::Text));
            text::mentions(id, text, place, self.cx, &mut self.found)?;
        } else {
            self.count(id, place, what, text.len());
            self.found.secrets.text(text);
        }
        Ok(())
    }

    pub(super) fn comment(&mut self, text: &str) -> Result<()> {
        let (id, category) = ("svg.comment", Category::History);
        self.text(id, category, Severity::Medium, "comment", "comment", text)
    }

    pub(super) fn instruction(&mut self, text: &str) -> Result<()> {
        if text.starts_with("xml-stylesheet") {
            self.lost("svg.href", "a style sheet in another file was left out");
        }
        let what = "processing instruction";
        self.text(
            "svg.pi",
            Category::History,
            Severity::Medium,
            what,
            what,
            text,
        )
    }

    pub(super) fn doctype(&mut self, text: &str) -> Result<()> {
        let what = "document type";
        if text.contains('[') {
            return self.text(
                "svg.doctype",
                Category::Device,
                Severity::Medium,
                what,
                what,
                text,
            );
        }
        self.count("svg.doctype", what, what, text.len());
        Ok(())
    }

    pub(super) fn namespace(&mut self, uri: &str) {
        self.count("svg.editor", "svg", format!("namespace {uri}"), uri.len());
    }

    /// `title`, `desc`, `metadata`.
    pub(super) fn told(&mut self, element: &Element) -> Result<()> {
        if element.name == "metadata" {
            return self.metadata(element, "svg.metadata");
        }
        let what = if element.name == "title" {
            "title"
        } else {
            "description"
        };
        let mut all = String::new();
        collect(element, &mut all);
        self.text(
            "svg.text",
            Category::Person,
            Severity::Medium,
            &element.name,
            what,
            &all,
        )?;
        if element.elements().next().is_some() || !element.attributes.is_empty() {
            self.values(element, "svg.text", &element.name.clone(), 0)?;
        }
        Ok(())
    }

    fn metadata(&mut self, element: &Element, id: &'static str) -> Result<()> {
        let mut packet = String::new();
        write::foreign(element, &mut packet);
        let place = place(element);
        let what = "a block of metadata";
        let finding = Finding::new(id, Category::Person, Severity::High, place.as_str(), what);
        self.found.add(finding.bytes(len_u64(packet.len())));
        xmp::read(packet.as_bytes(), &place, self.cx, &mut self.found)?;
        self.manifests(element, &place)
    }

    /// Content credentials anywhere inside.
    fn manifests(&mut self, element: &Element, place: &str) -> Result<()> {
        if element.name == "manifest"
            && let Some(boxes) = base64::decode(element.text().as_bytes())
        {
            self.cx.memory(len_u64(boxes.len()))?;
            c2pa::read(
                &boxes,
                &format!("{place}/manifest"),
                self.cx,
                &mut self.found,
            )?;
        }
        for inner in element.elements() {
            self.manifests(inner, place)?;
        }
        Ok(())
    }

    /// An element of another namespace.
    pub(super) fn foreign(&mut self, element: &Element) -> Result<()> {
        if matches!(&element.space, Space::Other(uri) if **uri == *XHTML)
            && matches!(element.name.as_str(), "style" | "link" | "script")
        {
            return self.active(element);
        }
        if has_rdf(element) {
            return self.metadata(element, "svg.metadata");
        }
        let mut all = String::new();
        write::foreign(element, &mut all);
        let place = place(element);
        let large = all.len() > 4096;
        let (category, severity) = if large {
            (Category::History, Severity::High)
        } else {
            (Category::History, Severity::Medium)
        };
        if large || self.one_more("svg.editor") {
            let what = "an element of an editor";
            let finding = Finding::new("svg.editor", category, severity, place.as_str(), what);
            self.found.add(finding.bytes(len_u64(all.len())));
        } else {
            self.count("svg.editor", &place, "elements of an editor", all.len());
        }
        self.manifests(element, &place)?;
        self.values(element, "svg.editor", &place, 0)
    }

    pub(super) fn unknown_element(&mut self, element: &Element) -> Result<()> {
        let mut all = String::new();
        write::foreign(element, &mut all);
        let place = place(element);
        self.count(
            "svg.unknown",
            &place,
            "an element that SVG does not know",
            all.len(),
        );
        self.values(element, "svg.unknown", &place, 0)
    }

    /// An element for one program only.
    pub(super) fn extension(&mut self, element: &Element) -> Result<()> {
        let mut all = String::new();
        write::foreign(element, &mut all);
        let place = place(element);
        self.count(
            "svg.editor",
            &place,
            "an element for one program only",
            all.len(),
        );
        self.values(element, "svg.editor", &place, 0)
    }

    /// What runs, or shows what is not SVG.
    pub(super) fn active(&mut self, element: &Element) -> Result<()> {
        let mut all = String::new();
        write::foreign(element, &mut all);
        let place = place(element);
        let what = "a part that runs, or shows what is no drawing";
        let finding = Finding::new(
            "svg.script",
            Category::Unknown,
            Severity::High,
            place.as_str(),
            what,
        );
        self.found.add(finding.bytes(len_u64(all.len())));
        let what = match element.name.as_str() {
            "script" | "handler" | "listener" => "a script was left out; what it drew is gone",
            "foreignObject" => "a part that is no drawing was left out",
            _ => "a part that runs was left out",
        };
        self.lost("svg.script", what);
        self.values(element, "svg.script", &place, 0)
    }

    /// All values in something that goes: what tells is told, all is searched for.
    fn values(
        &mut self,
        element: &Element,
        id: &'static str,
        place: &str,
        depth: usize,
    ) -> Result<()> {
        for attribute in &element.attributes {
            self.one_value(id, &attribute.name, &attribute.value, place)?;
        }
        for node in &element.children {
            match node {
                Node::Element(inner) => {
                    self.values(inner, id, place, depth.saturating_add(1))?;
                }
                Node::Text(text) if depth > 0 || id != "svg.text" => {
                    self.one_value(id, &element.name, text, place)?;
                }
                Node::Comment(text) | Node::Instruction(text) => {
                    self.one_value(id, "comment", text, place)?;
                }
                Node::Text(_) => {}
            }
        }
        Ok(())
    }

    fn one_value(&mut self, id: &'static str, name: &str, value: &str, place: &str) -> Result<()> {
        self.cx.item()?;
        let value = value.trim();
        if value.is_empty() {
            return Ok(());
        }
        let tells = TELLING.contains(&name) || text::is_known(name);
        if tells
            && value.len() > 2
            && self.said.len() < 512
            && self.said.insert(format!("{id}{name}{value}"))
        {
            return text::read(id, name, value, place, self.cx, &mut self.found);
        }
        text::mentions(id, value, place, self.cx, &mut self.found)
    }

    /// An attribute that goes.
    pub(super) fn attribute(&mut self, attribute: &Attribute, place: &str) -> Result<()> {
        let (name, value) = (attribute.name.as_str(), attribute.value.as_str());
        let id = match &attribute.space {
            Space::None if is_handler(name) => "svg.script",
            Space::None if name.starts_with("aria-") || name == "role" || name == "alt" => {
                "svg.text"
            }
            Space::XLink if name == "title" => "svg.text",
            Space::None if name.starts_with("data-") => "svg.editor",
            Space::Xml | Space::XLink if matches!(name, "base" | "role" | "arcrole") => "svg.href",
            Space::Other(_) => "svg.editor",
            _ => "svg.unknown",
        };
        if id == "svg.text" && name != "role" || id == "svg.href" {
            let (category, what) = if id == "svg.href" {
                (Category::History, "where a reference leads")
            } else {
                (Category::Person, "text for readers")
            };
            return self.text(id, category, Severity::Medium, place, what, value);
        }
        self.count(id, place, format!("attribute {name}"), value.len());
        if value.len() > 256 {
            self.found.secrets.text(value);
        }
        self.one_value(id, name, value, place)
    }

    /// A value that no standard allows.
    pub(super) fn value(&mut self, name: &str, value: &str, place: &str) -> Result<()> {
        self.count(
            "svg.unknown",
            place,
            format!("value of {name}"),
            value.len(),
        );
        self.found.secrets.text(value);
        text::mentions("svg.unknown", value, place, self.cx, &mut self.found)
    }

    /// Text that is not shown.
    pub(super) fn stray(&mut self, text: &str, place: &str) -> Result<()> {
        let what = "text that is not shown";
        self.text(
            "svg.stray",
            Category::Unknown,
            Severity::Medium,
            place,
            what,
            text,
        )
    }

    /// Characters of a font that stay: one or two, or the name of an icon.
    pub(super) fn characters(&mut self, text: &str, place: &str) {
        if text.chars().count() > FEW {
            let what = "a text in a font";
            let finding = Finding::new("svg.text", Category::Person, Severity::Medium, place, what);
            self.residue.push(finding.text(text).role(Role::Text));
        }
    }

    /// Names that other ones take the place of, and fonts that keep theirs.
    pub(super) fn names(&mut self, renamed: &Renamed, root: &Element) -> Result<()> {
        let (mut shown, mut rest) = (String::new(), String::new());
        visible(root, &mut shown, &mut rest);
        let (id, place) = ("svg.text", "names");
        let mut told = BTreeSet::new();
        for name in renamed.changed() {
            self.cx.item()?;
            if !is_telling(name) {
                self.count(id, place, "names of parts", name.len());
            } else if told.insert(name) {
                if told.len() > MOST {
                    self.count(id, place, "names of parts", name.len());
                    continue;
                }
                let what = "the name of a part";
                let finding = Finding::new(id, Category::Person, Severity::Medium, place, what);
                self.found
                    .findings
                    .push(finding.text(name).role(Role::Text));
                text::mentions(id, name, place, self.cx, &mut self.found)?;
            }
            // What the drawing shows by itself is its content.
            if is_telling(name) && !shown.contains(name) {
                self.found.secrets.text(name);
            }
        }
        for word in &renamed.words {
            self.ignored("a word that means nothing", word, "style");
        }
        for family in renamed
            .fonts
            .iter()
            .filter(|family| !words::is_known_font(family))
        {
            let what = "the name of a font that is not in the file";
            let finding = Finding::new("svg.font", Category::Device, Severity::Low, "svg", what);
            self.residue
                .push(finding.text(family.as_str()).role(Role::Other));
        }
        Ok(())
    }

    pub(super) fn elsewhere(&mut self, reference: &str, place: &str) {
        let what = "a reference to another place";
        if self.one_more("svg.href") {
            let finding = Finding::new("svg.href", Category::History, Severity::High, place, what);
            self.found.add(finding.text(reference).role(Role::Path));
        } else {
            self.count("svg.href", place, what, reference.len());
            self.found.secrets.text(reference);
        }
        // A link draws nothing; profiles are asked for by few programs, and said if a colour does.
        if place == "color-profile" {
            self.lost_profile = true;
        } else if place != "a" {
            self.lost(
                "svg.href",
                "what was to be shown from another file was left out",
            );
        }
    }

    /// Says once that the copy does not show what the original may have shown.
    fn lost(&mut self, id: &'static str, what: &'static str) {
        let finding = Finding::new(id, Category::Unknown, Severity::Medium, "svg", what);
        if !self.residue.contains(&finding) {
            self.residue.push(finding);
        }
    }

    pub(super) fn hidden(&mut self, place: &str, what: &'static str) {
        let finding = Finding::new("svg.hidden", Category::Image, Severity::High, place, what);
        if !self.residue.contains(&finding) {
            self.residue.push(finding);
        }
    }

    pub(super) fn font(&mut self, len: u64, place: &str) {
        let what = "a font, which may name who made it";
        let finding = Finding::new("svg.font", Category::Person, Severity::Low, place, what);
        self.residue.push(finding.bytes(len));
    }

    /// What the copy of a picture inside still gives away, or does not show any more.
    pub(super) fn stays(&mut self, place: &str, inner: Vec<Finding>) {
        for mut finding in inner {
            finding.place = format!("{place}/{}", finding.place);
            if !self.residue.contains(&finding) {
                self.residue.push(finding);
            }
        }
    }

    pub(super) fn ignored(&mut self, what: &'static str, text: &str, place: &str) {
        let id = if what == "comment" {
            "svg.comment"
        } else {
            "svg.unknown"
        };
        self.count(id, place, what, text.len());
        self.found.secrets.text(text);
    }

    /// All findings. Values that the drawing shows as well stay there and are named.
    pub(super) fn finish(mut self, root: &Element) -> Result<(Found, Vec<Finding>)> {
        for ((id, place, what), (count, bytes)) in std::mem::take(&mut self.counted) {
            let what = if count > 1 {
                format!("{what} ({count})")
            } else {
                what
            };
            let (category, severity) = match id {
                "svg.script" => (Category::Unknown, Severity::Medium),
                "svg.unknown" => (Category::Unknown, Severity::Low),
                _ => (Category::History, Severity::Low),
            };
            self.found
                .add(Finding::new(id, category, severity, place, what).bytes(bytes));
        }
        let (mut shown, mut names) = (String::new(), String::new());
        visible(root, &mut shown, &mut names);
        let written = String::from_utf8(write::document(root)).unwrap_or_default();
        if self.lost_profile
            && (written.contains("icc-color(") || written.contains("color-profile:"))
        {
            let what = "what was to be shown from another file was left out";
            self.lost("svg.href", what);
        }
        let mut kept = Secrets::default();
        std::mem::swap(&mut kept, &mut self.found.secrets);
        let all = kept.clone();
        let index = Index::new(all.texts());
        let in_shown = index.standing(&shown, self.cx)?;
        let in_names = index.standing(&names, self.cx)?;
        for value in index.standing(&written, self.cx)? {
            // Short ones are part of numbers and names by chance.
            let is_named = in_shown.contains(value) || in_names.contains(value);
            if value.len() < SHORT && !is_named {
                continue;
            }
            kept.allow(value);
            let says_nothing = value.parse::<f64>().is_ok()
                || names::is_vocabulary(value)
                || words::is_keyword(value);
            if says_nothing && !in_shown.contains(value) {
                continue;
            }
            let what = if in_shown.contains(value) {
                "a value that was taken out is also a part of the text that is shown"
            } else if in_names.contains(value) {
                "a value that was taken out is also a name in the drawing"
            } else {
                "a value that was taken out also stands in what draws"
            };
            let finding = Finding::new("svg.text", Category::Person, Severity::Low, "svg", what);
            self.residue.push(finding.text(value).role(Role::Text));
        }
        self.found.secrets = kept;
        Ok((self.found, self.residue))
    }
}

/// Whether a name says more than that a program made it up: `path12`, `SVGID_1_`, `cls-1`.
fn is_telling(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_alphabetic());
    words.filter(|word| word.chars().count() > 2).any(|word| {
        let lower = word.to_ascii_lowercase();
        let known = |word: &str| names::holds(MADE_UP, word) || names::element(word).is_some();
        !(known(&lower) || known(word) || super::words::is_keyword(&lower))
    })
}

/// Values of fewer bytes count where they are part of shown text or of a value of an attribute.
const SHORT: usize = 8;

/// Many values by how they begin: a large drawing is searched for thousands of them at once.
struct Index<'s> {
    long: HashMap<[u8; 8], Vec<&'s str>>,
    /// Values of fewer than eight bytes.
    short: HashMap<[u8; 4], Vec<&'s str>>,
}

impl<'s> Index<'s> {
    fn new(values: impl Iterator<Item = &'s str>) -> Self {
        let (mut long, mut short) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for value in values {
            let bytes = value.as_bytes();
            if let Some(start) = bytes.first_chunk() {
                long.entry(*start).or_default().push(value);
            } else if let Some(start) = bytes.first_chunk() {
                short.entry(*start).or_default().push(value);
            }
        }
        Self { long, short }
    }

    /// The values that stand in a text.
    fn standing(&self, text: &str, cx: &Context<'_>) -> Result<BTreeSet<&'s str>> {
        let mut found = BTreeSet::new();
        if self.long.is_empty() && self.short.is_empty() {
            return Ok(found);
        }
        for (at, window) in text.as_bytes().windows(4).enumerate() {
            if at.is_multiple_of(1 << 16) {
                cx.check_stop()?;
            }
            let here = text.as_bytes().get(at..).unwrap_or_default();
            let long = here.first_chunk().and_then(|start| self.long.get(start));
            let short = window.first_chunk().and_then(|start| self.short.get(start));
            let values = long.into_iter().chain(short).flatten();
            found.extend(values.filter(|value| here.starts_with(value.as_bytes())));
        }
        Ok(found)
    }
}

fn is_handler(name: &str) -> bool {
    name.len() > 2 && name.starts_with("on")
}

fn has_rdf(element: &Element) -> bool {
    matches!(&element.space, Space::Other(uri) if **uri == *RDF) || element.elements().any(has_rdf)
}

/// All text inside.
fn collect(element: &Element, out: &mut String) {
    for node in &element.children {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Element(inner) => collect(inner, out),
            _ => {}
        }
    }
}

/// Text that is shown, and the values of attributes, line by line.
fn visible(element: &Element, shown: &mut String, names: &mut String) {
    for attribute in &element.attributes {
        if !attribute.value.starts_with("data:") {
            names.push_str(&attribute.value);
            names.push('\n');
        }
    }
    for node in &element.children {
        match node {
            Node::Text(text) if element.name == "style" => names.push_str(text),
            Node::Text(text) => shown.push_str(text),
            Node::Element(inner) => visible(inner, shown, names),
            _ => {}
        }
    }
    shown.push('\n');
}
