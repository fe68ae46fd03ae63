//! What becomes of each element and attribute.

use std::collections::BTreeSet;

use super::data::Data;
use super::names::{self, Flow, Kind, Value};
use super::report::Report;
use super::seen::{Look, Sight};
use super::tree::{Attribute, Document, Element, Node, Space, is_space};
use super::values::{self, Observer};
use super::{css, inside, rename, selectors};
use crate::bytes::Context;
use crate::model::{Category, Error, Finding, Found, Result, Role, Severity, len_u64};

/// A drawing as it will be written, and what is said of it.
pub(super) struct Judged {
    pub(super) root: Element,
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
}

/// Decides on everything in the file.
///
/// # Errors
/// [`Error::Unsupported`] when a copy might look different; whatever pictures inside are refused for.
pub(super) fn judge(document: &Document, cx: &Context<'_>) -> Result<Judged> {
    let mut judge = Judge {
        cx,
        report: Report::new(cx),
        used: BTreeSet::new(),
        enclosing: Vec::new(),
        unused: Vec::new(),
        counts: false,
        removed: false,
        asked: Vec::new(),
        originals: asks(&document.root).then(Vec::new),
        title: None,
        inner: false,
        sight: Sight::new(&document.root, cx)?,
    };
    for node in &document.around {
        match node {
            Node::Comment(text) => judge.report.comment(text)?,
            Node::Instruction(text) => judge.report.instruction(text)?,
            _ => {}
        }
    }
    if let Some(doctype) = &document.doctype {
        judge.report.doctype(doctype)?;
    }
    for uri in &document.namespaces {
        judge.report.namespace(uri);
    }
    let start = Inside {
        definition: false,
        look: judge.sight.start(),
    };
    let mut root = judge
        .element(&document.root, start)?
        .ok_or_else(|| Error::unsupported("a drawing that no program shows"))?;
    if judge.counts && judge.removed {
        return Err(Error::unsupported(
            "style rules that count elements, some of which would go",
        ));
    }
    for (place, ids) in std::mem::take(&mut judge.unused) {
        if ids.is_disjoint(&judge.used) {
            judge.report.hidden(&place, "a part that nothing shows");
        }
    }
    if !needs_language(&root) {
        strip_languages(&mut root, &mut judge.report)?;
    }
    let renamed = rename::rename(&mut root, cx)?;
    judge.compare(&root)?;
    judge.report.names(&renamed, &root)?;
    let (found, residue) = judge.report.finish(&root)?;
    Ok(Judged {
        root,
        found,
        residue,
    })
}

/// Where an element stands.
#[derive(Clone, Copy)]
struct Inside {
    /// In a definition that is drawn only where something refers to it.
    definition: bool,
    /// How it is drawn.
    look: Look,
}

struct Judge<'a, 'b> {
    cx: &'a Context<'b>,
    report: Report<'a, 'b>,
    /// Ids that something refers to.
    used: BTreeSet<String>,
    /// Ids of the elements around, from the definition on.
    enclosing: Vec<Option<String>>,
    /// Texts and pictures in definitions, each with the ids by which it can be shown.
    unused: Vec<(String, BTreeSet<String>)>,
    /// A style rule counts elements.
    counts: bool,
    /// An element was left out.
    removed: bool,
    /// What style rules ask of attributes.
    asked: Vec<selectors::Asked>,
    /// Attributes of all elements that stay, as they were, where style rules ask for them.
    originals: Option<Vec<Vec<Attribute>>>,
    /// Title of the style sheets that count.
    title: Option<String>,
    /// Inside of the outermost element.
    inner: bool,
    /// What is seen.
    sight: Sight,
}

impl Judge<'_, '_> {
    fn element(&mut self, element: &Element, inside: Inside) -> Result<Option<Element>> {
        self.cx.item()?;
        let kind = match element.space {
            Space::Svg => names::element(&element.name),
            _ => None,
        };
        let kept = match kind {
            _ if element.space != Space::Svg => {
                self.report.foreign(element)?;
                None
            }
            None => {
                self.report.unknown_element(element)?;
                None
            }
            Some(Kind::Told) => {
                self.report.told(element)?;
                None
            }
            Some(_) if super::needs_extension(element) => {
                self.report.extension(element)?;
                None
            }
            Some(Kind::Active) => {
                self.report.active(element)?;
                None
            }
            Some(Kind::Animation) if moves_reference(element) => {
                self.report.active(element)?;
                None
            }
            Some(Kind::Style) if !self.is_applied(element)? => {
                self.report.unknown_element(element)?;
                None
            }
            Some(kind) => Some(self.kept(element, kind, inside)?),
        };
        self.removed |= kept.is_none();
        Ok(kept)
    }

    fn kept(&mut self, element: &Element, kind: Kind, mut inside: Inside) -> Result<Element> {
        let place = place(element);
        if let Some(originals) = &mut self.originals {
            self.cx
                .memory(len_u64(element.attributes.len()).saturating_mul(64))?;
            originals.push(element.attributes.clone());
        }
        let mut made = Element {
            space: Space::Svg,
            name: element.name.clone(),
            attributes: Vec::new(),
            children: Vec::new(),
        };
        for attribute in &element.attributes {
            self.cx.item()?;
            if let Some(value) = self.attribute(element, attribute, &place)? {
                made.attributes.push(Attribute {
                    space: attribute.space.clone(),
                    name: attribute.name.clone(),
                    value,
                });
            }
        }
        let look = &mut inside.look;
        let is_root = !std::mem::replace(&mut self.inner, true);
        for what in self.sight.enter(&made, element, is_root, look, self.cx)? {
            self.report.hidden(&place, what);
        }
        inside.definition |= matches!(
            element.name.as_str(),
            "defs" | "symbol" | "pattern" | "marker" | "mask" | "clipPath"
        );
        if kind == Kind::Style {
            let text = self.style(&element.text(), &place)?;
            made.children.push(Node::Text(text));
        }
        if inside.definition {
            self.enclosing.push(made.get("id").map(str::to_owned));
            self.definition(&made, &place);
        }
        for node in &element.children {
            match node {
                Node::Element(inner) => {
                    let inner = self.element(inner, inside)?;
                    made.children.extend(inner.map(Node::Element));
                }
                Node::Text(text) if inside.look.flow == Flow::Text => {
                    let hidden = self.sight.text(text, &element.name, &inside.look);
                    if let Some(what) = hidden {
                        self.report.hidden(&place, what);
                    }
                    match made.children.last_mut() {
                        Some(Node::Text(before)) => before.push_str(text),
                        _ => made.children.push(Node::Text(text.clone())),
                    }
                }
                Node::Text(text) if kind != Kind::Style && !text.chars().all(is_space) => {
                    self.report.stray(text, &place)?;
                }
                Node::Text(_) => {}
                Node::Comment(text) => self.report.comment(text)?,
                Node::Instruction(text) => self.report.instruction(text)?,
            }
        }
        if inside.definition {
            self.enclosing.pop();
        }
        Ok(made)
    }

    fn attribute(
        &mut self,
        element: &Element,
        attribute: &Attribute,
        place: &str,
    ) -> Result<Option<String>> {
        let (name, value) = (attribute.name.as_str(), attribute.value.as_str());
        let kind = attribute_kind(element, attribute);
        let Some(kind) = kind else {
            self.report.attribute(attribute, place)?;
            return Ok(None);
        };
        let mut watch = Watch {
            cx: self.cx,
            report: &mut self.report,
            used: &mut self.used,
            place,
        };
        let kept = values::attribute(element, kind, name, value, self.cx, &mut watch)?;
        match &kept {
            None if !matches!(kind, Value::Reference | Value::Style) => {
                self.report.value(name, value, place)?;
            }
            Some(kept) if kind == Value::Characters => self.report.characters(kept, place),
            _ => {}
        }
        Ok(kept)
    }

    /// A style sheet.
    fn style(&mut self, text: &str, place: &str) -> Result<String> {
        let (tokens, comments) = css::tokens(text, self.cx)?;
        for comment in comments {
            self.report.comment(&comment)?;
        }
        let mut watch = Watch {
            cx: self.cx,
            report: &mut self.report,
            used: &mut self.used,
            place,
        };
        let rules = values::rules(css::rules(&tokens, self.cx, 0)?, self.cx, &mut watch)?;
        self.look_at(&rules)?;
        let mut out = String::new();
        css::write_rules(&rules, &mut out);
        Ok(out)
    }

    /// Selectors that see more than stays.
    fn look_at(&mut self, rules: &[css::Rule]) -> Result<()> {
        for rule in rules {
            match rule {
                css::Rule::Style(selector, _) => {
                    self.counts |= selectors::counts(selector);
                    self.asked
                        .extend(selectors::asked(selector).ok_or_else(unusual)?);
                }
                css::Rule::Group(name, _, rules) if !name.ends_with("keyframes") => {
                    self.look_at(rules)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether the rules of a style sheet count.
    fn is_applied(&mut self, element: &Element) -> Result<bool> {
        if let Some(title) = element.get("title").filter(|title| !title.is_empty())
            && self.title.get_or_insert_with(|| title.to_owned()) != title
        {
            return Err(Error::unsupported("style sheets to choose from"));
        }
        values::is_applied(element, self.cx)
    }

    /// Style rules that ask for attributes must find the same elements as before.
    fn compare(&self, root: &Element) -> Result<()> {
        let Some(originals) = self.originals.as_ref().filter(|_| !self.asked.is_empty()) else {
            return Ok(());
        };
        let (mut copies, mut asked) = (Vec::new(), Vec::new());
        flatten(root, self.cx, &mut copies, &mut asked)?;
        if copies.len() != originals.len() || asked.len() != self.asked.len() {
            return Err(unusual());
        }
        for (before, after) in self.asked.iter().zip(&asked) {
            for (original, copy) in originals.iter().zip(&copies) {
                self.cx.item()?;
                let finds = |asked: &selectors::Asked, attributes: &[Attribute]| {
                    attributes
                        .iter()
                        .any(|it| it.name == asked.name && asked.matches(&it.value))
                };
                if finds(before, original) != finds(after, copy) {
                    return Err(unusual());
                }
            }
        }
        Ok(())
    }

    /// Remembers a definition in which text or a picture stands.
    fn definition(&mut self, element: &Element, place: &str) {
        if names::element(&element.name) != Some(Kind::Text) && element.name != "image" {
            return;
        }
        let ids = self.enclosing.iter().flatten().cloned().collect();
        self.unused.push((place.to_owned(), ids));
    }
}

fn unusual() -> Error {
    Error::unsupported("style rules that ask for attributes which would change")
}

/// Whether style rules ask for attributes.
fn asks(element: &Element) -> bool {
    (element.name == "style" && element.text().contains('[')) || element.elements().any(asks)
}

/// All elements in order, and what style rules ask for.
fn flatten<'a>(
    element: &'a Element,
    cx: &Context<'_>,
    copies: &mut Vec<&'a [Attribute]>,
    asked: &mut Vec<selectors::Asked>,
) -> Result<()> {
    copies.push(&element.attributes);
    if element.name == "style" {
        let (tokens, _) = css::tokens(&element.text(), cx)?;
        all_asked(&css::rules(&tokens, cx, 0)?, asked)?;
    }
    for inner in element.elements() {
        flatten(inner, cx, copies, asked)?;
    }
    Ok(())
}

fn all_asked(rules: &[css::Rule], asked: &mut Vec<selectors::Asked>) -> Result<()> {
    for rule in rules {
        match rule {
            css::Rule::Style(selector, _) => {
                asked.extend(selectors::asked(selector).ok_or_else(unusual)?);
            }
            css::Rule::Group(name, _, inner) if !name.ends_with("keyframes") => {
                all_asked(inner, asked)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// What an attribute is made of, if it says something on this element.
pub(super) fn attribute_kind(element: &Element, attribute: &Attribute) -> Option<Value> {
    let name = attribute.name.as_str();
    match attribute.space {
        Space::None => names::attribute(name).filter(|_| names::belongs(&element.name, name)),
        Space::XLink if name == "href" => Some(Value::Reference),
        Space::Xml if name == "lang" => Some(Value::Language),
        Space::Xml if name == "id" => Some(Value::Name),
        Space::Xml if name == "space" => Some(Value::Space),
        _ => None,
    }
}

/// Whether languages decide on how something looks: that of letters, or of what style rules ask for.
pub(super) fn needs_language(element: &Element) -> bool {
    let is_text = names::element(&element.name) == Some(Kind::Text);
    let is_style = element.name == "style";
    element.children.iter().any(|node| match node {
        Node::Text(text) if is_text => !text.chars().all(is_space),
        Node::Text(text) if is_style => text.contains("lang"),
        Node::Element(inner) => needs_language(inner),
        _ => false,
    })
}

fn is_language(attribute: &Attribute) -> bool {
    attribute.name == "lang" && matches!(attribute.space, Space::Xml | Space::None)
}

fn strip_languages(element: &mut Element, report: &mut Report<'_, '_>) -> Result<()> {
    let place = place(element);
    for attribute in element.attributes.iter().filter(|it| is_language(it)) {
        report.attribute(attribute, &place)?;
    }
    element.attributes.retain(|it| !is_language(it));
    for node in &mut element.children {
        if let Node::Element(inner) = node {
            strip_languages(inner, report)?;
        }
    }
    Ok(())
}

/// Whether an animation changes where a reference leads.
fn moves_reference(element: &Element) -> bool {
    let name = element.get("attributeName").unwrap_or_default();
    name.trim_matches(is_space).rsplit(':').next() == Some("href")
}

/// What an element is called in findings.
pub(super) fn place(element: &Element) -> String {
    element.name.chars().take(40).collect()
}

/// Tells the report what values leave out.
struct Watch<'w, 'a, 'b> {
    cx: &'a Context<'b>,
    report: &'w mut Report<'a, 'b>,
    used: &'w mut BTreeSet<String>,
    place: &'w str,
}

impl Observer for Watch<'_, '_, '_> {
    fn elsewhere(&mut self, reference: &str) {
        self.report.elsewhere(reference, self.place);
    }

    fn data(&mut self, data: &Data, is_font: bool) -> Result<Option<String>> {
        if is_font {
            if !data.is_font() {
                self.ignored("font that is none", "");
                return Ok(None);
            }
            self.report.font(len_u64(data.bytes.len()), self.place);
            return Ok(Some(data.with(&data.bytes)));
        }
        let inside::Clean {
            bytes: clean,
            found,
            residue,
        } = inside::clean(data, self.cx)?;
        let place = format!("{}/data", self.place);
        self.report.stays(&place, residue);
        if clean == data.bytes {
            self.report.stays(&place, found.findings);
        } else {
            let what = "a picture inside";
            let finding = Finding::new(
                "svg.image",
                Category::Image,
                Severity::Medium,
                place.as_str(),
                what,
            );
            let finding = finding.bytes(len_u64(data.bytes.len())).role(Role::Other);
            self.report.found.add(finding);
            self.report.found.merge(&place, found);
        }
        Ok(Some(data.with(&clean)))
    }

    fn ignored(&mut self, what: &'static str, text: &str) {
        self.report.ignored(what, text, self.place);
    }

    fn uses(&mut self, id: &str) {
        self.used.insert(id.to_owned());
    }
}
