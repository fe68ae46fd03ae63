//! XML as a tree (Extensible Markup Language 1.0; Namespaces in XML 1.0): entities of the document itself
//! expanded, anything outside of it refused.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{NAME, doctype, html};
use crate::bytes::Context;
use crate::model::{Error, Result, len_u64};

/// What a name belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Space {
    /// `http://www.w3.org/2000/svg`
    Svg,
    /// `http://www.w3.org/1999/xlink`
    XLink,
    /// The prefix `xml`.
    Xml,
    /// No namespace, as most attributes.
    None,
    /// Any other namespace.
    Other(Rc<str>),
}

impl Space {
    /// The namespace name; empty without one.
    #[must_use]
    pub fn uri(&self) -> &str {
        match self {
            Self::Svg => SVG,
            Self::XLink => XLINK,
            Self::Xml => XML,
            Self::None => "",
            Self::Other(uri) => uri,
        }
    }
}

/// An attribute with its value, references expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its namespace.
    pub space: Space,
    /// Its name without prefix.
    pub name: String,
    /// Its value, references expanded.
    pub value: String,
}

/// What stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An element with all that is in it.
    Element(Element),
    /// Text and CDATA, neighbours joined.
    Text(String),
    /// A comment.
    Comment(String),
    /// A processing instruction.
    Instruction(String),
}

/// An element with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its namespace.
    pub space: Space,
    /// Its name without prefix.
    pub name: String,
    /// In file order, without declarations of namespaces.
    pub attributes: Vec<Attribute>,
    /// In file order.
    pub children: Vec<Node>,
}

impl Element {
    /// The value of an attribute without namespace.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let attribute = self
            .attributes
            .iter()
            .find(|it| it.space == Space::None && it.name == name);
        attribute.map(|it| it.value.as_str())
    }

    /// Elements directly inside.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    /// All text directly inside.
    #[must_use]
    pub fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }
}

/// A whole file.
#[derive(Debug)]
pub struct Document {
    /// The outermost element.
    pub root: Element,
    /// Comments and processing instructions in front of and behind the root.
    pub around: Vec<Node>,
    /// The document type declaration without its frame.
    pub doctype: Option<String>,
    /// URIs of namespaces that are declared and not drawn.
    pub namespaces: Vec<String>,
}

/// The namespace of SVG.
pub const SVG: &str = "http://www.w3.org/2000/svg";
/// The namespace of XLink.
pub const XLINK: &str = "http://www.w3.org/1999/xlink";
/// Markup Compatibility (ISO/IEC 29500-3).
pub const COMPATIBILITY: &str = "http://schemas.openxmlformats.org/markup-compatibility/2006";
/// The namespace of `xml:space`.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Elements inside each other; drawings have a dozen. Drawings inside drawings share them, for the sake of
/// the stack.
const DEEPEST: usize = 128;
/// So deep may each of them be.
const SHALLOW: usize = 24;
/// Attributes of one element, and names of namespaces in one place; drawings have a dozen.
const MOST: usize = 1000;
/// Namespaces told.
const TOLD: usize = 64;
/// Entities inside each other.
const DEEPEST_ENTITY: usize = 16;
/// What all expanded entities together may make, in bytes.
const EXPANDED: u64 = 4 << 20;

/// Reads a file that is decoded already.
///
/// # Errors
/// [`Error::Malformed`] when it is not well-formed; [`Error::Unsupported`] when it takes text from
/// elsewhere; the budget's.
pub fn parse(text: &str, cx: &Context<'_>) -> Result<Document> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let unix;
    let text = if text.contains('\r') {
        cx.memory(len_u64(text.len()))?;
        unix = text.replace("\r\n", "\n").replace('\r', "\n");
        &unix
    } else {
        text
    };
    // Names, values and texts are copied once.
    cx.memory(len_u64(text.len()))?;
    let mut builder = Builder::new(cx);
    builder.feed(text, 0)?;
    if !builder.open.is_empty() {
        return Err(malformed(len_u64(text.len()), "an element has no end"));
    }
    Ok(Document {
        root: builder
            .root
            .ok_or_else(|| malformed(0, "there is no element"))?,
        around: builder.around,
        doctype: builder.doctype,
        namespaces: builder.namespaces,
    })
}

pub(super) fn malformed(at: u64, what: &'static str) -> Error {
    Error::malformed(NAME, at, what)
}

pub(super) struct Builder<'a, 'b> {
    cx: &'a Context<'b>,
    /// Whether a document type ends the reading.
    pub(super) is_stream: bool,
    /// Whether it is XHTML: with a document type, and with the named characters of HTML.
    pub(super) is_html: bool,
    /// Elements inside each other at most; by the depth of the file when it is `None`.
    pub(super) deepest: Option<usize>,
    /// Whether the outermost element has begun.
    rooted: bool,
    entities: HashMap<String, doctype::Entity>,
    /// Prefix and URI, innermost last.
    pub(super) bound: Vec<(String, Rc<str>)>,
    pub(super) open: Vec<Element>,
    /// Number of bindings when the element was opened.
    marks: Vec<usize>,
    pub(super) root: Option<Element>,
    pub(super) around: Vec<Node>,
    doctype: Option<String>,
    namespaces: Vec<String>,
    expanded: u64,
}

impl<'a, 'b> Builder<'a, 'b> {
    pub(super) fn new(cx: &'a Context<'b>) -> Self {
        Self {
            cx,
            is_stream: false,
            is_html: false,
            deepest: None,
            rooted: false,
            entities: HashMap::new(),
            bound: Vec::new(),
            open: Vec::new(),
            marks: Vec::new(),
            root: None,
            around: Vec::new(),
            doctype: None,
            namespaces: Vec::new(),
            expanded: 0,
        }
    }

    /// Reads the file, or the text of an entity, which begins and ends in the same element.
    fn feed(&mut self, text: &str, depth: usize) -> Result<()> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = false;
        let outside = self.open.len();
        loop {
            self.cx.item()?;
            let at = reader.buffer_position();
            let event = reader
                .read_event()
                .map_err(|_| malformed(reader.error_position(), "this is not well-formed XML"))?;
            if !self.event(event, outside, depth, at)? {
                break;
            }
        }
        if self.open.len() == outside {
            Ok(())
        } else {
            Err(malformed(len_u64(text.len()), "an element has no end"))
        }
    }

    /// Takes one event; `false` at the end.
    pub(super) fn event(
        &mut self,
        event: Event<'_>,
        outside: usize,
        depth: usize,
        at: u64,
    ) -> Result<bool> {
        match event {
            Event::Start(element) => self.start(&element, at)?,
            Event::Empty(element) => {
                self.start(&element, at)?;
                self.end(at)?;
            }
            Event::End(_) => {
                if self.open.len() <= outside {
                    return Err(malformed(at, "an end without a beginning"));
                }
                self.end(at)?;
            }
            Event::Text(text) => self.text(&line_ends(&text.into_inner()), at)?,
            Event::CData(data) => self.text(&line_ends(&data.into_inner()), at)?,
            Event::GeneralRef(name) => self.reference(&name.into_inner(), depth, at)?,
            Event::Comment(text) => self.beside(Node::Comment(text.into_inner().into())),
            Event::PI(text) => self.beside(Node::Instruction(text.into_inner().into())),
            Event::Decl(_) if depth == 0 && at == 0 => {}
            Event::DocType(_) if self.is_stream && !self.is_html => {
                return Err(Error::unsupported(
                    "a document type inside the file, which no office program writes",
                ));
            }
            Event::DocType(text) if depth == 0 && !self.rooted => {
                if self.doctype.is_some() || !self.open.is_empty() {
                    return Err(malformed(at, "two document types"));
                }
                let declared = doctype::read(&text, self.cx)?;
                self.entities = declared.entities;
                for uri in declared.namespaces {
                    let prefix = if uri == XLINK { "xlink" } else { "" };
                    self.bound.push((prefix.to_owned(), uri.into()));
                }
                self.doctype = Some(text.into_inner().into());
            }
            Event::Decl(_) | Event::DocType(_) => {
                return Err(malformed(at, "a declaration in the middle of the file"));
            }
            Event::Eof => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn start(&mut self, element: &BytesStart<'_>, at: u64) -> Result<()> {
        let level = usize::try_from(self.cx.depth()).unwrap_or(DEEPEST);
        let deepest = DEEPEST.checked_div(level.saturating_add(1)).unwrap_or(0);
        let deepest = self.deepest.unwrap_or(deepest.max(SHALLOW));
        if self.open.len() >= deepest {
            return Err(Error::LimitExceeded { limit: "depth" });
        }
        if self.open.is_empty() && self.rooted {
            return Err(malformed(at, "two elements where one stands alone"));
        }
        self.rooted = true;
        self.marks.push(self.bound.len());
        let mut attributes = Vec::new();
        for attribute in element.attributes() {
            // A stream counts its events, and lets go of what it has handed out.
            if !self.is_stream {
                self.cx.item()?;
            }
            if attributes.len() >= MOST || self.bound.len() >= MOST {
                return Err(Error::LimitExceeded { limit: "items" });
            }
            let attribute =
                attribute.map_err(|_| malformed(at, "an attribute is not well-formed"))?;
            let mut value = String::with_capacity(attribute.value.len());
            self.value(&attribute.value, &mut value, 0, at)?;
            attributes.push((attribute.key.into_inner().to_owned(), value));
        }
        for (name, uri) in &attributes {
            let prefix = match name.split_once(':') {
                None if name == "xmlns" => "",
                Some(("xmlns", prefix)) => prefix,
                _ => continue,
            };
            let known = matches!(uri.as_str(), SVG | XLINK | "");
            if !known && self.namespaces.len() < TOLD && !self.namespaces.contains(uri) {
                self.namespaces.push(uri.clone());
            }
            self.bound.push((prefix.to_owned(), uri.as_str().into()));
        }
        let (space, name) = self.resolve(element.name().into_inner(), true, at)?;
        let mut made = Element {
            space,
            name,
            attributes: Vec::new(),
            children: Vec::new(),
        };
        for (name, value) in attributes {
            if name == "xmlns" || name.starts_with("xmlns:") {
                continue;
            }
            let (space, name) = self.resolve(&name, false, at)?;
            let value = if is_prefix_list(&made.space, &space, &name) {
                self.resolve_list(&value)
            } else {
                value
            };
            if made
                .attributes
                .iter()
                .any(|it| it.space == space && it.name == name)
            {
                return Err(malformed(at, "an attribute stands twice"));
            }
            made.attributes.push(Attribute { space, name, value });
        }
        self.open.push(made);
        Ok(())
    }

    /// The namespaces of a list of prefixes, separated by spaces. An unknown prefix stays as it is.
    fn resolve_list(&self, prefixes: &str) -> String {
        let uri = |prefix| {
            let bound = self.bound.iter().rev().find(|(known, _)| known == prefix);
            bound.map_or(prefix, |(_, uri)| &**uri)
        };
        let uris: Vec<_> = prefixes.split_whitespace().map(uri).collect();
        uris.join(" ")
    }

    fn resolve(&self, name: &str, is_element: bool, at: u64) -> Result<(Space, String)> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if prefix.is_empty() && !is_element {
            return Ok((Space::None, local.to_owned()));
        }
        if prefix == "xml" {
            return Ok((Space::Xml, local.to_owned()));
        }
        let bound = self.bound.iter().rev().find(|(known, _)| known == prefix);
        let space = match bound.map(|(_, uri)| (&**uri, uri)) {
            Some((SVG, _)) => Space::Svg,
            Some((XLINK, _)) => Space::XLink,
            Some(("", _)) => Space::None,
            Some((_, uri)) => Space::Other(Rc::clone(uri)),
            None if prefix.is_empty() => Space::None,
            None if matches!(prefix, "svg" | "xlink") => {
                return Err(malformed(at, "a prefix stands for no namespace"));
            }
            None => Space::Other(prefix.into()),
        };
        Ok((space, local.to_owned()))
    }

    pub(super) fn end(&mut self, at: u64) -> Result<()> {
        let (Some(element), Some(mark)) = (self.open.pop(), self.marks.pop()) else {
            return Err(malformed(at, "an end without a beginning"));
        };
        self.bound.truncate(mark);
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn beside(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.around.push(node),
        }
    }

    fn text(&mut self, text: &str, at: u64) -> Result<()> {
        let Some(parent) = self.open.last_mut() else {
            return if text.chars().all(is_space) {
                Ok(())
            } else {
                Err(malformed(at, "text outside of all elements"))
            };
        };
        if !text.chars().all(is_allowed) {
            return Err(malformed(at, "a character that XML does not allow"));
        }
        match parent.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => parent.children.push(Node::Text(text.to_owned())),
        }
        Ok(())
    }

    /// `&name;` between elements.
    fn reference(&mut self, name: &str, depth: usize, at: u64) -> Result<()> {
        if let Some(c) = self.character(name, at)? {
            return self.text(c.encode_utf8(&mut [0; 4]), at);
        }
        let text = self.entity(name, depth, at)?;
        self.feed(&text, depth.saturating_add(1))
    }

    /// The value of an attribute (XML 1.0 §3.3.3).
    fn value(&mut self, raw: &str, out: &mut String, depth: usize, at: u64) -> Result<()> {
        let mut rest = raw;
        while let Some((before, behind)) = rest.split_once('&') {
            plain(before, out, at)?;
            let (name, behind) = behind
                .split_once(';')
                .ok_or_else(|| malformed(at, "a reference has no end"))?;
            rest = behind;
            if let Some(c) = self.character(name, at)? {
                out.push(c);
            } else {
                let text = self.entity(name, depth, at)?;
                self.value(&text, out, depth.saturating_add(1), at)?;
            }
        }
        plain(rest, out, at)
    }

    /// The character that `&name;` stands for.
    fn character(&self, name: &str, at: u64) -> Result<Option<char>> {
        let known = character(name, at)?;
        let is_declared = || self.entities.contains_key(name);
        Ok(known.or_else(|| {
            (self.is_html && !is_declared())
                .then(|| html::character(name))
                .flatten()
        }))
    }

    /// The text of an entity that the document declares.
    fn entity(&mut self, name: &str, depth: usize, at: u64) -> Result<String> {
        let text = match self.entities.get(name) {
            Some(doctype::Entity::Text(text)) => text.clone(),
            Some(doctype::Entity::Elsewhere) => {
                return Err(Error::unsupported(
                    "a part of the drawing stands in another file; save what it shows as PNG in a \
                        drawing program you trust, and clean that",
                ));
            }
            None => return Err(malformed(at, "a reference to nothing")),
        };
        self.expanded = self
            .expanded
            .saturating_add(len_u64(text.len()))
            .saturating_add(1);
        if depth >= DEEPEST_ENTITY || self.expanded > EXPANDED {
            return Err(Error::LimitExceeded { limit: "entities" });
        }
        self.cx.item()?;
        self.cx.memory(len_u64(text.len()))?;
        Ok(text)
    }
}

/// Whether the value of an attribute is a list of prefixes (ISO/IEC 29500-3 §7): readers get namespaces.
pub(super) fn is_prefix_list(element: &Space, attribute: &Space, name: &str) -> bool {
    match name {
        "Ignorable" | "MustUnderstand" => attribute.uri() == COMPATIBILITY,
        "Requires" => *attribute == Space::None && element.uri() == COMPATIBILITY,
        _ => false,
    }
}

/// Text with line ends of one character (XML 1.0 §2.11).
fn line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

/// Text of an attribute without references.
fn plain(text: &str, out: &mut String, at: u64) -> Result<()> {
    let mut last = ' ';
    for c in text.chars() {
        let before = std::mem::replace(&mut last, c);
        match c {
            // A line end is one character (§2.11).
            '\n' if before == '\r' => {}
            '\t' | '\n' | '\r' => out.push(' '),
            '<' => return Err(malformed(at, "an element inside an attribute")),
            c if is_allowed(c) => out.push(c),
            _ => return Err(malformed(at, "a character that XML does not allow")),
        }
    }
    Ok(())
}

/// The character that `&name;` stands for; `None` for entities of the document.
fn character(name: &str, at: u64) -> Result<Option<char>> {
    let number = match name.strip_prefix('#') {
        None => return Ok(predefined(name)),
        Some(digits) => match digits.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => digits.parse(),
        },
    };
    let c = number.ok().and_then(char::from_u32);
    c.filter(|c| is_allowed(*c))
        .map(Some)
        .ok_or_else(|| malformed(at, "a character that XML does not allow"))
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// XML 1.0 §2.3
#[must_use]
pub fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// XML 1.0 §2.2
fn is_allowed(c: char) -> bool {
    is_space(c) || (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'))
}
