//! RDF/XML as far as XMP uses it (ISO 16684-1 §7): every value with the path of properties to it.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};
use quick_xml::reader::NsReader;

use super::table::{self, RDF, WRAPPER};
use crate::bytes::Context;
use crate::model::Result;

/// A property's name, or the number of an array item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Usual prefix of a known namespace, URI of another one; and the local name.
    Property(Cow<'static, str>, String),
    /// From 0 on.
    Item(usize),
}

/// Longer names are cut, so that paths stay short.
const LONGEST_NAME: usize = 128;

impl Step {
    fn property(prefix: Cow<'static, str>, local: &str) -> Self {
        Self::Property(prefix, local.chars().take(LONGEST_NAME).collect())
    }

    /// Whether it is the property of this prefix and name.
    pub(super) fn is(&self, prefix: &str, local: &str) -> bool {
        matches!(self, Self::Property(p, l) if p == prefix && l == local)
    }

    /// Whether it is a property of the namespace with this prefix; its name.
    pub(super) fn of(&self, prefix: &str) -> Option<&str> {
        match self {
            Self::Property(p, local) if p == prefix => Some(local),
            _ => None,
        }
    }
}

/// What a packet consists of.
pub(super) enum Piece<'a> {
    /// The value of a property.
    Value(&'a [Step], &'a str),
    /// Text where none should be, and where that is.
    Stray(&'static str, &'a str),
}

/// Deeper packets are taken for broken.
const DEEPEST: usize = 64;

/// Hands all pieces of a packet to `sink`. Whether the packet is well-formed to its end.
///
/// # Errors
/// Those of the budget and of `sink`.
pub(super) fn walk(
    text: &str,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(Piece<'_>) -> Result<()>,
) -> Result<bool> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut walker = Walker {
        path: Vec::new(),
        open: Vec::new(),
        sink,
    };
    loop {
        cx.item()?;
        let Ok(event) = reader.read_event() else {
            return Ok(false);
        };
        match event {
            Event::Start(element) => {
                if walker.open.len() >= DEEPEST {
                    return Ok(false);
                }
                if !walker.start(&reader, &element, cx)? {
                    return Ok(false);
                }
            }
            Event::Empty(element) => {
                if !walker.start(&reader, &element, cx)? {
                    return Ok(false);
                }
                walker.end()?;
            }
            Event::End(_) => walker.end()?,
            Event::Text(text) => walker.text(&text.xml10_content())?,
            Event::CData(data) => walker.text(&data.into_inner())?,
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(c)) => walker.text(c.encode_utf8(&mut [0; 4]))?,
                _ => match quick_xml::escape::resolve_predefined_entity(&name) {
                    Some(text) => walker.text(text)?,
                    None => walker.text(&format!("&{};", &*name))?,
                },
            },
            Event::Comment(text) => walker.stray("comment", &text)?,
            Event::DocType(text) => walker.stray("document type", &text)?,
            Event::PI(instruction) => {
                if !is_wrapper(&instruction) {
                    walker.stray("processing instruction", &instruction)?;
                }
            }
            Event::Decl(_) => {}
            Event::Eof => return Ok(walker.open.is_empty()),
        }
    }
}

/// `<?xpacket begin="…" id="W5M0MpCehiHzreSzNTczkc9d"?>` or `<?xpacket end="w"?>`, with nothing else in it.
fn is_wrapper(instruction: &str) -> bool {
    let mut words = instruction.split_whitespace();
    words.next() == Some("xpacket")
        && words.all(|word| {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            let value = value.trim_matches(['"', '\'']);
            match name {
                "begin" => matches!(value, "" | "\u{feff}" | "ï»¿" | "\u{fffd}\u{fffd}\u{fffd}"),
                "id" => value == "W5M0MpCehiHzreSzNTczkc9d",
                "end" => matches!(value, "w" | "r"),
                _ => false,
            }
        })
}

struct Element {
    /// Whether it added a step to the path.
    step: bool,
    text: String,
    /// How many `rdf:li` it has had.
    items: usize,
}

struct Walker<'a> {
    path: Vec<Step>,
    open: Vec<Element>,
    sink: &'a mut dyn FnMut(Piece<'_>) -> Result<()>,
}

impl Walker<'_> {
    /// Whether the element and its attributes are well-formed.
    fn start(
        &mut self,
        reader: &NsReader<&[u8]>,
        element: &BytesStart<'_>,
        cx: &Context<'_>,
    ) -> Result<bool> {
        let resolver = reader.resolver();
        let (space, local) = resolver.resolve_element(element.name());
        let (prefix, local) = (prefix(&space, element.name()), local.into_inner());
        let step = match (&*prefix, local) {
            (RDF, "li") => {
                let items = self.open.last_mut().map(|parent| &mut parent.items);
                Some(Step::Item(items.map_or(0, |items| {
                    let index = *items;
                    *items = items.saturating_add(1);
                    index
                })))
            }
            (RDF, "RDF" | "Description" | "Bag" | "Seq" | "Alt" | "value") => None,
            (WRAPPER, "xmpmeta" | "xapmeta") => None,
            _ => Some(Step::property(prefix, local)),
        };
        let has_step = step.is_some();
        self.path.extend(step);
        self.open.push(Element {
            step: has_step,
            text: String::new(),
            items: 0,
        });
        for attribute in element.attributes().with_checks(false) {
            cx.item()?;
            let Ok(attribute) = attribute else {
                return Ok(false);
            };
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .unwrap_or_else(|_| Cow::Borrowed(&attribute.value));
            if attribute.key.as_namespace_binding().is_some() {
                if table::space(&value).is_none() {
                    (self.sink)(Piece::Stray("namespace", &value))?;
                }
                continue;
            }
            let (space, local) = resolver.resolve_attribute(attribute.key);
            let (prefix, local) = (self::prefix(&space, attribute.key), local.into_inner());
            match (&*prefix, local, &*value) {
                (_, _, "")
                | (RDF, "parseType", "Resource" | "Literal" | "Collection")
                | ("xml", "lang", "x-default") => {}
                (RDF, "resource", _) if has_step => (self.sink)(Piece::Value(&self.path, &value))?,
                _ => {
                    self.path.push(Step::property(prefix, local));
                    let result = (self.sink)(Piece::Value(&self.path, &value));
                    self.path.pop();
                    result?;
                }
            }
        }
        Ok(true)
    }

    fn end(&mut self) -> Result<()> {
        // The reader has checked that start and end tags match.
        let Some(element) = self.open.pop() else {
            return Ok(());
        };
        let text = element.text.trim();
        if !text.is_empty() {
            if self.path.is_empty() {
                (self.sink)(Piece::Stray("text between elements", text))?;
            } else {
                (self.sink)(Piece::Value(&self.path, text))?;
            }
        }
        if element.step {
            self.path.pop();
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<()> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None => self.stray("padding", text)?,
        }
        Ok(())
    }

    fn stray(&mut self, what: &'static str, text: &str) -> Result<()> {
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\0' | '\u{feff}'));
        if text.is_empty() {
            return Ok(());
        }
        (self.sink)(Piece::Stray(what, text))
    }
}

/// The usual prefix of a known namespace; the URI of another; what stands there when it is not declared.
fn prefix(space: &ResolveResult<'_>, name: QName<'_>) -> Cow<'static, str> {
    match space {
        ResolveResult::Bound(uri) => match table::space(uri.0) {
            Some(space) => Cow::Borrowed(space.prefix),
            None => Cow::Owned(uri.0.chars().take(table::LONGEST_URI).collect()),
        },
        // Before 2004 the attributes of RDF stood without prefix.
        _ if matches!(name.into_inner(), "about" | "resource" | "parseType" | "ID") => {
            Cow::Borrowed(RDF)
        }
        _ => Cow::Owned(
            name.prefix()
                .map_or("", |prefix| prefix.into_inner())
                .to_owned(),
        ),
    }
}
