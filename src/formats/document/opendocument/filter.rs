//! A part of a document, element by element: what is on the lists is written, everything else is removed
//! and reported.

mod attributes;

use std::collections::{HashMap, HashSet};

use super::hidden::{Named, Styles};
use super::links::Links;
use super::meta::{self, Properties};
use super::rules::{self, Dropped, Fate};
use super::settings::Settings;
use super::{binary, copy, spaces};
use crate::bytes::{Context, Source};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::{Element, Node};
use crate::containers::xml::write::Writer;
use crate::formats::common::package::Reading;
use crate::formats::common::{Target, is_path_like, target};
use crate::metadata::text;
use crate::model::{Category, Finding, Found, Result, Role, Secrets, Severity};

/// Maximum number of findings with one id.
const MAXIMUM_REPORTED: u32 = 64;
/// How much of the text of a removed element is reported, in bytes.
const MAXIMUM_TOLD: usize = 4096;
/// How much is written at a time, in bytes.
const BATCH: usize = 64 << 10;
/// Longer than any value that is searched for, in characters.
const OVERLAP: usize = 64;

/// Takes the copy of a part, piece by piece.
pub(super) type Sink<'a> = dyn FnMut(&[u8]) -> Result<()> + 'a;

/// A part, and what becomes of the members that it refers to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    /// Its path in the package.
    pub(super) name: &'a str,
    /// Folder of the document that it belongs to: empty, or with a slash at its end.
    pub(super) base: &'a str,
    /// The same in the copy.
    pub(super) copy_base: &'a str,
    pub(super) links: &'a Links,
    /// What the styles of its document hide.
    pub(super) named: &'a Named,
    /// Whether it is the whole document, and there is no package.
    pub(super) is_flat: bool,
}

/// What a part gives away, and what it refers to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    /// Members that remain in use, in the order in which they occur first.
    pub(super) used: Vec<String>,
}

/// Reads a part and hands its copy to `sink`.
///
/// # Errors
/// As [`stream::read`], and those of `sink`.
pub(super) fn filter(
    source: &Source<'_>,
    part: Part<'_>,
    cx: &Context<'_>,
    sink: &mut Sink<'_>,
) -> Result<Outcome> {
    let declared = spaces::declared();
    let mut filter = Filter::new(part, cx);
    filter.hidden_styles = Styles::of(source, part.named, cx)?;
    let reading = Reading::new(source);
    stream::read(reading, cx, &|_, _| true, &mut |piece| {
        match piece {
            Piece::Open(element, _) => filter.open(element, &declared)?,
            Piece::Node(node) => filter.node(&node)?,
            Piece::Close => filter.close()?,
        }
        if filter.writer.pending() >= BATCH {
            sink(&filter.writer.take())?;
        }
        Ok(())
    })?;
    sink(&filter.writer.take())?;
    Ok(filter.out)
}

/// Allows values that the copy of a part shows, so that they may remain in its content.
///
/// # Errors
/// As [`filter`].
pub(super) fn allow_shown(
    source: &Source<'_>,
    part: Part<'_>,
    cx: &Context<'_>,
    secrets: &mut Secrets,
) -> Result<()> {
    let mut shown = String::new();
    let mut filter = Filter::new(part, cx);
    filter.hidden_styles = Styles::of(source, part.named, cx)?;
    filter.shown = Some(String::new());
    stream::read(Reading::new(source), cx, &|_, _| true, &mut |piece| {
        match piece {
            Piece::Open(element, _) => filter.open(element, &[])?,
            Piece::Node(node) => filter.node(&node)?,
            Piece::Close => filter.close()?,
        }
        filter.writer.take();
        if let Some(text) = &mut filter.shown {
            shown.push_str(text);
            text.clear();
        }
        if shown.len() > BATCH {
            secrets.allow(&shown);
            let tail: Vec<char> = shown.chars().rev().take(OVERLAP).collect();
            shown = tail.into_iter().rev().collect();
        }
        Ok(())
    })?;
    secrets.allow(&shown);
    Ok(())
}

/// An open element of the original.
struct Open {
    name: String,
    fate: Fate,
    has_text: bool,
    /// A frame whose object is a document in the package.
    has_document: bool,
}

/// Elements that are being removed.
struct Removed {
    why: &'static Dropped,
    /// Names of the open ones, outermost first.
    open: Vec<String>,
    text: String,
}

struct Filter<'a, 'b, 'w> {
    cx: &'a Context<'b>,
    part: Part<'a>,
    writer: Writer<'w>,
    open: Vec<Open>,
    removed: Option<Removed>,
    /// Names of elements, numbered in the order in which they occur.
    ids: HashMap<String, usize>,
    /// Styles with which a sheet, a slide or text is hidden.
    hidden_styles: Styles,
    told: HashMap<(&'static str, &'static str), u32>,
    /// The same as `out.used`.
    used: HashSet<String>,
    out: Outcome,
    /// What the copy shows, where somebody asks for it.
    shown: Option<String>,
    /// Of each open field mark, whether it is retained.
    fieldmarks: Vec<bool>,
    /// Settings and properties in a flat file.
    settings: Option<Settings>,
    properties: Option<Properties>,
    /// An open element with a file in base64, and its text.
    embedded: Option<(Element, String)>,
}

impl<'a, 'b> Filter<'a, 'b, 'static> {
    fn new(part: Part<'a>, cx: &'a Context<'b>) -> Self {
        Filter {
            cx,
            part,
            writer: Writer::new(&spaces::of_uri),
            open: Vec::new(),
            removed: None,
            ids: HashMap::new(),
            hidden_styles: Styles::default(),
            told: HashMap::new(),
            used: HashSet::new(),
            out: Outcome::default(),
            shown: None,
            fieldmarks: Vec::new(),
            settings: None,
            properties: None,
            embedded: None,
        }
    }
}

impl Filter<'_, '_, '_> {
    fn open(&mut self, element: &Element, declared: &[std::rc::Rc<str>]) -> Result<()> {
        let prefix = spaces::prefix(&element.space);
        let name = format!("{prefix}:{}", element.name);
        if let Some(removed) = &mut self.removed {
            removed.open.push(name);
            return self.attributes_of_removed(element);
        }
        if name == "office:settings" && self.settings.is_none() {
            self.settings = Some(Settings::default());
        }
        if let Some(settings) = &mut self.settings {
            settings.open(element, &[], &mut self.writer);
            return Ok(());
        }
        if name == "office:meta" && self.properties.is_none() {
            self.properties = Some(Properties::default());
        }
        if let Some(properties) = &mut self.properties {
            let found = &mut self.out.found;
            return properties.open(element, self.part.name, self.cx, found);
        }
        let mut fate = if spaces::ELEMENTS.contains(&name) {
            rules::element(&name)
        } else {
            let is_in_text = self.open.last().is_some_and(|open| open.has_text);
            match rules::element(&name) {
                Fate::Keep if rules::is_transparent(element, &name, is_in_text) => {
                    let what = "elements that are not part of the format";
                    self.say(
                        "odf.unknown",
                        Category::Unknown,
                        Severity::Medium,
                        what,
                        None,
                    )?;
                    Fate::Unwrap
                }
                Fate::Keep => Fate::Drop(&rules::UNKNOWN),
                fate => fate,
            }
        };
        if fate == Fate::Keep {
            fate = self.context_fate(&name, element)?;
        }
        if fate == Fate::Keep {
            fate = self.hidden(&name, element).unwrap_or(fate);
        }
        let reduced = self.hidden_styles.reduced(&name, element);
        let element = match &reduced {
            Some((made, what)) => {
                let low = Severity::Low;
                self.say(what.id, Category::History, low, what.what, None)?;
                made
            }
            None => element,
        };
        match fate {
            Fate::Drop(why) => {
                self.removed = Some(Removed {
                    why,
                    open: vec![name],
                    text: String::new(),
                });
                return self.attributes_of_removed(element);
            }
            Fate::Keep | Fate::Blank => {
                let made = self.attributes(&name, element)?;
                let declared = if self.open.is_empty() { declared } else { &[] };
                if name == binary::ELEMENT {
                    self.embedded = Some((made, String::new()));
                } else {
                    self.writer.open(&made, declared);
                }
                if matches!(name.as_str(), "office:document" | "math:math")
                    && let [.., frame, object] = self.open.as_mut_slice()
                    && object.name == "draw:object"
                {
                    frame.has_document = true;
                }
                if let Some(frame) = self.open.last_mut() {
                    frame.has_document |= name == "table:table";
                }
            }
            Fate::Unwrap => self.field(&name)?,
        }
        let has_text = match fate {
            Fate::Blank => false,
            Fate::Unwrap => self.open.last().is_some_and(|open| open.has_text),
            _ => rules::has_text(&name),
        };
        self.open.push(Open {
            name,
            fate,
            has_text,
            has_document: false,
        });
        Ok(())
    }

    /// What happens to an element by its attributes and its place.
    fn context_fate(&mut self, name: &str, element: &Element) -> Result<Fate> {
        let get = |wanted: &str| value(element, wanted);
        Ok(match name {
            "draw:object"
            | "draw:object-ole"
            | "draw:image"
            | "draw:plugin"
            | "draw:applet"
            | "draw:floating-frame"
            | "presentation:sound"
            | "anim:audio"
            | "svg:font-face-uri"
            | "style:background-image"
            | "text:list-level-style-image"
            | "draw:fill-image"
            | "form:image" => {
                let has_document = self.open.last().is_some_and(|open| open.has_document);
                let Some(href) = get("xlink:href") else {
                    return Ok(if name == "draw:image" && has_document {
                        Fate::Drop(&rules::STALE)
                    } else {
                        Fate::Keep
                    });
                };
                let is_replacement = ["ObjectReplacements/", "Pictures/TablePreview"]
                    .iter()
                    .any(|name| href.contains(name));
                if name == "draw:image" && is_replacement && has_document {
                    return Ok(Fate::Drop(&rules::STALE));
                }
                match self.target(href) {
                    Target::Inside(path) => {
                        if self
                            .part
                            .links
                            .rewritten(&path, self.part.copy_base, href)
                            .is_none()
                        {
                            return Ok(Fate::Drop(&rules::GONE));
                        }
                        self.uses(path);
                        if name == "draw:object"
                            && let Some(open) = self.open.last_mut()
                        {
                            open.has_document = true;
                        }
                        Fate::Keep
                    }
                    Target::Elsewhere => {
                        self.path("a linked file", href)?;
                        Fate::Drop(&rules::GONE)
                    }
                    Target::Place | Target::Web => Fate::Keep,
                }
            }
            "text:a" | "draw:a" => match get("xlink:href").map(|href| self.target(href)) {
                Some(Target::Elsewhere | Target::Inside(_)) => {
                    let href = get("xlink:href").unwrap_or_default().to_owned();
                    self.path("a link to a file", &href)?;
                    Fate::Unwrap
                }
                _ if get("xlink:href").is_some_and(|it| self.hidden_styles.is_gone(it)) => {
                    Fate::Unwrap
                }
                _ => Fate::Keep,
            },
            "table:table" if get("table:name").is_some_and(|name| name.starts_with("'file:")) => {
                Fate::Drop(&rules::EXTERNAL)
            }
            "table:named-range" | "table:named-expression"
                if element
                    .attributes
                    .iter()
                    .any(|it| attributes::is_external(&it.value)) =>
            {
                Fate::Drop(&rules::EXTERNAL)
            }
            "text:date" | "text:time" => {
                if rules::is_fixed(element, name) {
                    self.say(
                        "odf.fields",
                        Category::Time,
                        Severity::Medium,
                        "a field with a date or time",
                        None,
                    )?;
                    Fate::Unwrap
                } else {
                    Fate::Blank
                }
            }
            "text:file-name" => {
                if rules::is_fixed(element, name) {
                    Fate::Unwrap
                } else {
                    Fate::Blank
                }
            }
            "field:fieldmark" | "field:fieldmark-start" => {
                let is_kept = get("field:type").is_some_and(rules::is_form_field);
                if name.ends_with("start") {
                    self.fieldmarks.push(is_kept);
                }
                rules::kept_or(is_kept, &rules::UNKNOWN)
            }
            "field:fieldmark-separator" => {
                let is_kept = self.fieldmarks.last().copied();
                rules::kept_or(is_kept == Some(true), &rules::UNKNOWN)
            }
            "field:fieldmark-end" => {
                let is_kept = self.fieldmarks.pop();
                rules::kept_or(is_kept == Some(true), &rules::UNKNOWN)
            }
            "field:param" => {
                let is_kept =
                    get("field:name").is_some_and(|name| rules::FIELD_PARAMS.contains(&name));
                rules::kept_or(is_kept, &rules::UNKNOWN)
            }
            "svg:title" | "svg:desc" => Fate::Keep,
            "presentation:notes" if self.cx.policy().strict => Fate::Drop(&NOTES),
            _ => Fate::Keep,
        })
    }

    fn node(&mut self, node: &Node) -> Result<()> {
        match node {
            Node::Text(text) => {
                if let Some(removed) = &mut self.removed {
                    return Self::told_text(removed, text, &mut self.out.found);
                }
                if let Some(settings) = &mut self.settings {
                    settings.text(text);
                    return Ok(());
                }
                if let Some(properties) = &mut self.properties {
                    let found = &mut self.out.found;
                    return properties.text(text, self.part.name, self.cx, found);
                }
                if let Some((_, embedded)) = &mut self.embedded {
                    embedded.push_str(text);
                    return Ok(());
                }
                let Some(open) = self.open.last() else {
                    return Ok(());
                };
                let is_blank = text.chars().all(char::is_whitespace);
                if open.has_text {
                    if matches!(open.name.as_str(), "svg:title" | "svg:desc") && is_path_like(text)
                    {
                        return self.path("the description of a picture", text);
                    }
                    self.writer.node(node);
                    if let Some(shown) = &mut self.shown {
                        shown.push_str(text);
                    }
                } else if !is_blank && open.fate == Fate::Blank {
                    let (category, what) = if open.name == "text:file-name" {
                        (Category::Person, "the name of the file in a field")
                    } else {
                        (Category::Time, "a date in a field")
                    };
                    self.say("odf.fields", category, Severity::Medium, what, Some(text))?;
                } else if !is_blank {
                    self.say(
                        "odf.unknown",
                        Category::Unknown,
                        Severity::Medium,
                        "text where no program shows it",
                        Some(text),
                    )?;
                }
                Ok(())
            }
            Node::Comment(text) | Node::Instruction(text) => self.say(
                "odf.comment",
                Category::Unknown,
                Severity::Medium,
                "a comment in the markup",
                Some(text),
            ),
            Node::Element(_) => Ok(()),
        }
    }

    fn close(&mut self) -> Result<()> {
        if let Some(removed) = &mut self.removed {
            removed.open.pop();
            if !removed.open.is_empty() {
                if !removed.text.is_empty() && !removed.text.ends_with(' ') {
                    removed.text.push(' ');
                }
                return Ok(());
            }
            let Some(removed) = self.removed.take() else {
                return Ok(());
            };
            let text = removed.text.trim();
            let text = (removed.why.is_told && !text.is_empty()).then_some(text);
            let (category, severity) = match removed.why.id {
                "odf.annot" | "odf.changes" => (Category::History, Severity::High),
                "odf.unknown" => (Category::Unknown, Severity::Medium),
                "odf.picture" => (Category::Image, Severity::Low),
                "odf.preview" => (Category::Image, Severity::Low),
                _ => (Category::History, Severity::Medium),
            };
            return self.say(removed.why.id, category, severity, removed.why.what, text);
        }
        if let Some(settings) = &mut self.settings {
            let found = &mut self.out.found;
            settings.close(self.part.name, &mut self.writer, self.cx, found)?;
            if settings.is_done() {
                self.settings = None;
            }
            return Ok(());
        }
        if let Some(properties) = &mut self.properties {
            properties.close();
            if properties.is_done() {
                if let Some(generator) = &properties.generator {
                    self.writer.node(&Node::Element(meta::element(generator)));
                    self.out.found.secrets.allow(generator);
                }
                self.properties = None;
            }
            return Ok(());
        }
        if let Some((element, text)) = self.embedded.take() {
            self.open.pop();
            return self.embedded(&element, &text);
        }
        let open = self.open.pop();
        if let Some(open) = &open {
            self.hidden_styles.close(&open.name);
        }
        if let Some(open) = open
            && matches!(open.fate, Fate::Keep | Fate::Blank)
        {
            self.writer.close();
        }
        Ok(())
    }

    /// A file in base64: cleaned by its own format.
    fn embedded(&mut self, element: &Element, text: &str) -> Result<()> {
        // The other passes write nothing.
        if !self.part.links.is_complete || self.shown.is_some() {
            return Ok(());
        }
        let Outcome { found, residue, .. } = &mut self.out;
        match binary::cleaned(text, self.cx, found, residue)? {
            Some(copy) => {
                self.writer.open(element, &[]);
                self.writer.node(&Node::Text(copy));
                self.writer.close();
            }
            None => copy::left_out(crate::model::len_u64(text.len()), found, residue),
        }
        Ok(())
    }

    /// Text in an element that is being removed: people and dates are findings of their own.
    fn told_text(removed: &mut Removed, text: &str, found: &mut Found) -> Result<()> {
        let leaf = removed.open.last().map(String::as_str).unwrap_or_default();
        let (category, severity, role, what) = match leaf {
            "dc:creator"
            | "meta:creator-initials"
            | "loext:sender-initials"
            | "meta:initial-creator" => (
                Category::Person,
                Severity::High,
                Role::PersonName,
                "who made a change or comment",
            ),
            "dc:date" | "meta:date-string" => (
                Category::Time,
                Severity::Medium,
                Role::OtherTime,
                "when a change or comment was made",
            ),
            _ => {
                let room = MAXIMUM_TOLD.saturating_sub(removed.text.len());
                removed.text.extend(text.chars().take(room));
                return Ok(());
            }
        };
        let finding = Finding::new(removed.why.id, category, severity, "content", what);
        if !found.has_text(text) {
            found.add(finding.text(text).role(role));
        }
        Ok(())
    }

    /// Values of removed elements that lead somewhere.
    fn attributes_of_removed(&mut self, element: &Element) -> Result<()> {
        for attribute in &element.attributes {
            let prefix = spaces::prefix(&attribute.space);
            let full = format!("{prefix}:{}", attribute.name);
            let is_telling = full == "xlink:href"
                && target(&attribute.value, self.part.base) == Target::Elsewhere
                || matches!(
                    full.as_str(),
                    "office:dde-item"
                        | "office:dde-topic"
                        | "table:database-name"
                        | "table:database-table-name"
                        | "table:sql-statement"
                        | "table:user-name"
                        | "loext:sender-initials"
                        | "table:name"
                );
            if is_telling {
                self.path("a connection to another file or database", &attribute.value)?;
            }
        }
        Ok(())
    }

    /// A field whose text remains.
    fn field(&mut self, name: &str) -> Result<()> {
        if rules::is_telling_field(name) {
            let finding = Finding::new(
                "odf.fields",
                Category::Person,
                Severity::Medium,
                self.part.name,
                "a field shows who wrote the document, when, or with which template",
            );
            if !self
                .out
                .residue
                .iter()
                .any(|known| known.what == finding.what)
            {
                self.out.residue.push(finding);
            }
        }
        Ok(())
    }

    /// Reports content that the reader does not see; it is removed where the policy says so.
    fn hidden(&mut self, name: &str, element: &Element) -> Option<Fate> {
        let hidden = self.hidden_styles.open(name, element)?;
        if hidden.is_removable && self.cx.policy().strict {
            return Some(Fate::Drop(hidden.what));
        }
        let finding = Finding::new(
            hidden.what.id,
            Category::History,
            Severity::High,
            self.part.name,
            hidden.what.what,
        );
        if !self
            .out
            .residue
            .iter()
            .any(|known| known.what == finding.what)
        {
            self.out.residue.push(finding);
        }
        None
    }

    fn path(&mut self, what: &'static str, path: &str) -> Result<()> {
        self.say(
            "odf.links",
            Category::History,
            Severity::High,
            what,
            Some(path),
        )
    }

    /// Adds a finding; many of one kind are counted, not repeated.
    fn say(
        &mut self,
        id: &'static str,
        category: Category,
        severity: Severity,
        what: &'static str,
        value: Option<&str>,
    ) -> Result<()> {
        let count = self.told.entry((id, what)).or_default();
        *count = count.saturating_add(1);
        let is_first = *count == 1;
        if *count > MAXIMUM_REPORTED || (!is_first && value.is_none()) {
            return Ok(());
        }
        let finding = Finding::new(id, category, severity, self.part.name, what);
        let found = &mut self.out.found;
        match value {
            Some(value) => {
                found.add(finding.text(value).role(Role::Text));
                text::mentions(id, value, self.part.name, self.cx, found)?;
            }
            None => found.add(finding),
        }
        Ok(())
    }
}

static NOTES: Dropped = Dropped {
    id: "odf.hidden",
    what: "notes for the speaker",
    is_told: true,
};

/// The value of an attribute by `prefix:name`.
pub(super) fn value<'e>(element: &'e Element, wanted: &str) -> Option<&'e str> {
    let (prefix, name) = wanted.split_once(':')?;
    element
        .attributes
        .iter()
        .find(|it| it.name == name && spaces::prefix(&it.space) == prefix)
        .map(|it| it.value.as_str())
}

/// Whether the reader does not see the value of an attribute with this name. Names of styles and sheets,
/// values of cells, and addresses of links are seen.
pub(super) fn is_structure(name: &str, value: &str) -> bool {
    match name {
        "href" => !matches!(target(value, ""), Target::Web),
        _ => matches!(name, "id" | "actuate" | "title"),
    }
}
