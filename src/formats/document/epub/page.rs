//! Pages (XHTML with SVG and MathML) and the table of contents of EPUB 2, element by element: what is on the lists
//! is written, everything else is removed and reported.

use super::look::{Links, Look, Outcome, Use};
use super::rules::{self, Reference};
use super::style;
use crate::bytes::{Context, Source};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::{Attribute, Element, Node, Space};
use crate::containers::xml::write::Writer;
use crate::formats::common::is_path_like;
use crate::formats::common::package::Reading;
use crate::model::{Category, Finding, Result, Severity};

/// How much is written at a time, in bytes.
const BATCH: usize = 64 << 10;
/// How much of the text of a removed element is reported, in bytes.
const MAXIMUM_TOLD: usize = 4096;
/// As many characters without width next to each other occur in no language.
const INVISIBLE: usize = 8;

/// Takes the copy of a file, piece by piece.
pub(super) type Sink<'a> = dyn FnMut(&[u8]) -> Result<()> + 'a;

/// A page, and what of it is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    /// Its path in the package.
    pub(super) path: &'a str,
    /// Whether it is a table of contents of EPUB 2.
    pub(super) is_ncx: bool,
    pub(super) links: &'a Links,
}

/// Reads a page and hands its copy to `sink`, and the text that it shows to `shown`.
///
/// # Errors
/// As [`stream::read_html`], and those of `sink`.
pub(super) fn filter(
    source: &Source<'_>,
    page: Page<'_>,
    cx: &Context<'_>,
    shown: &mut dyn FnMut(Shown<'_>),
    sink: &mut Sink<'_>,
) -> Result<Outcome> {
    let mut filter = Filter {
        look: Look::new(page.path, page.links, cx),
        is_ncx: page.is_ncx,
        writer: Writer::new(&rules::written),
        open: Vec::new(),
        removed: None,
        style: None,
        shown,
        invisible: 0,
    };
    stream::read_html(Reading::new(source), cx, &mut |piece| {
        match piece {
            Piece::Open(element, _) => filter.open(element)?,
            Piece::Node(node) => filter.node(&node)?,
            Piece::Close => filter.close()?,
        }
        if filter.writer.pending() >= BATCH {
            sink(&filter.writer.take())?;
        }
        Ok(())
    })?;
    sink(&filter.writer.take())?;
    Ok(filter.look.out)
}

/// What a page shows.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown<'a> {
    /// Text on the page, or of an entry of the table of contents.
    Text(&'a str),
    /// Values of attributes, and style sheets.
    Aside(&'a str),
    /// The title in the head of the page.
    Title(&'a str),
}

/// What happens to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Keep,
    /// It never has content.
    Void,
    /// Its content is retained, the element is not.
    Unwrap,
    /// Its text is replaced by the title of the book.
    Title,
    /// Removed with its content.
    Drop(&'static str, &'static str, Severity),
}

struct Open {
    name: String,
    fate: Fate,
    has_text: bool,
}

struct Removed {
    why: (&'static str, &'static str, Severity),
    depth: usize,
    text: String,
}

struct Filter<'a, 'b, 'w, 's> {
    look: Look<'a, 'b>,
    is_ncx: bool,
    writer: Writer<'w>,
    open: Vec<Open>,
    removed: Option<Removed>,
    /// The text of a style element.
    style: Option<String>,
    shown: &'s mut dyn FnMut(Shown<'_>),
    /// How many characters without width are next to each other.
    invisible: usize,
}

const UNKNOWN: &str = "elements that are not part of the format";
const DROPPED: Fate = Fate::Drop("epub.unknown", UNKNOWN, Severity::Medium);

impl Filter<'_, '_, '_, '_> {
    fn open(&mut self, element: &Element) -> Result<()> {
        if let Some(removed) = &mut self.removed {
            removed.depth = removed.depth.saturating_add(1);
            return self.attributes_of_removed(element);
        }
        let prefix = rules::prefix(&element.space, self.is_ncx);
        let name = format!("{prefix}:{}", element.name);
        let mut made = Element {
            space: match &element.space {
                Space::None => rules::space(prefix),
                space => space.clone(),
            },
            name: element.name.clone(),
            attributes: Vec::new(),
            children: Vec::new(),
        };
        let mut fate = self.fate(&name, element)?;
        let is_kept = matches!(fate, Fate::Keep | Fate::Title | Fate::Void);
        if is_kept && !self.attributes(&name, element, &mut made)? {
            fate = match name.as_str() {
                "html:object" | "svg:a" => Fate::Unwrap,
                _ => Fate::Drop(
                    "epub.gone",
                    "a reference to a file that is not in the copy",
                    Severity::Low,
                ),
            };
        }
        match fate {
            Fate::Drop(id, what, severity) => {
                self.removed = Some(Removed {
                    why: (id, what, severity),
                    depth: 1,
                    text: String::new(),
                });
                return self.attributes_of_removed(element);
            }
            Fate::Keep => {
                self.writer.open(&made, &[]);
                if matches!(name.as_str(), "html:style" | "svg:style") {
                    self.style = Some(String::new());
                }
                if name == "ncx:head" {
                    self.writer.empty(&uid(&made.space));
                }
            }
            Fate::Void => self.writer.empty(&made),
            Fate::Title => {
                self.writer.open(&made, &[]);
                let title = self.look.links.title.clone();
                self.writer.node(&Node::Text(title));
            }
            Fate::Unwrap => {}
        }
        let inherited = self.open.last().is_some_and(|open| open.has_text);
        let has_text = match name.as_str() {
            "html:body" | "html:title" | "ncx:text" => true,
            "html:head" => false,
            _ => inherited,
        };
        self.open.push(Open {
            name,
            fate,
            has_text,
        });
        Ok(())
    }

    /// What happens to an element by its name and its place.
    fn fate(&mut self, name: &str, element: &Element) -> Result<Fate> {
        if matches!(name, "html:script" | "svg:script") {
            self.look.out.left(Finding::new(
                "epub.script",
                Category::Unknown,
                Severity::Medium,
                "book",
                "scripts are not in the copy: what they show is missing",
            ));
            let what = "a script";
            return Ok(Fate::Drop("epub.script", what, Severity::Medium));
        }
        if rules::is_unseen(name) {
            return Ok(DROPPED);
        }
        if !rules::ELEMENTS.contains(name) {
            // Drawings and formulas show nothing of what they do not know.
            if name.starts_with("svg:") || self.open.iter().any(|it| it.name == "svg:svg") {
                return Ok(DROPPED);
            }
            self.look.say(
                "epub.unknown",
                Category::Unknown,
                Severity::Low,
                UNKNOWN,
                None,
            )?;
            return Ok(Fate::Unwrap);
        }
        let get = |name: &str| element.get(name).unwrap_or_default();
        let is_in_head = self.open.last().is_some_and(|it| it.name == "html:head");
        Ok(match name {
            "html:meta" if get("name").eq_ignore_ascii_case("viewport") => Fate::Void,
            // The copy is UTF-8, and says so.
            "html:meta" if get("charset").eq_ignore_ascii_case("utf-8") => Fate::Unwrap,
            "html:meta" => {
                let what = "properties of a page";
                for value in [get("name"), get("content")] {
                    self.property(value)?;
                }
                Fate::Drop("epub.meta", what, Severity::Medium)
            }
            "ncx:meta" => return self.ncx_meta(element),
            "html:link" => {
                let is_style = get("rel")
                    .split_whitespace()
                    .any(|it| it.eq_ignore_ascii_case("stylesheet"));
                if is_style {
                    Fate::Void
                } else {
                    Fate::Drop("epub.meta", "links of a page to other files", Severity::Low)
                }
            }
            "html:title" if is_in_head && self.look.links.is_complete => {
                if self.look.links.titled.contains(self.look.path) {
                    Fate::Keep
                } else {
                    Fate::Title
                }
            }
            "ncx:text" if self.open.last().is_some_and(|it| it.name == "ncx:docTitle") => {
                Fate::Title
            }
            _ if is_hidden(name, element) && !self.open.iter().any(|it| it.name == "html:nav") => {
                self.look.out.left(Finding::new(
                    "epub.hidden",
                    Category::History,
                    Severity::High,
                    "book",
                    "hidden text",
                ));
                if self.look.cx.policy().strict {
                    Fate::Drop("epub.hidden", "hidden text", Severity::High)
                } else {
                    Fate::Keep
                }
            }
            _ if rules::is_void(name) => Fate::Void,
            _ => Fate::Keep,
        })
    }

    /// What the table of contents says about the book.
    fn ncx_meta(&mut self, element: &Element) -> Result<Fate> {
        let name = element.get("name").unwrap_or_default();
        let content = element.get("content").unwrap_or_default();
        let is_number = !content.is_empty() && content.bytes().all(|byte| byte.is_ascii_digit());
        Ok(match name {
            "dtb:uid" => {
                if !matches!(content, "" | super::IDENTIFIER) {
                    let what = "the identifier of the book";
                    self.look.say(
                        "epub.identifier",
                        Category::History,
                        Severity::Medium,
                        what,
                        Some(content),
                    )?;
                }
                // The copy has its own.
                Fate::Unwrap
            }
            "dtb:depth" | "dtb:totalPageCount" | "dtb:maxPageNumber" if is_number => Fate::Void,
            _ => {
                self.property(content)?;
                let what = "properties of the table of contents";
                Fate::Drop("epub.meta", what, Severity::Medium)
            }
        })
    }

    fn property(&mut self, value: &str) -> Result<()> {
        // Short ones are words of some vocabulary.
        if value.chars().count() < 8 {
            return Ok(());
        }
        let what = "properties of a page";
        self.look.say(
            "epub.meta",
            Category::Unknown,
            Severity::Medium,
            what,
            Some(value),
        )
    }

    /// Adds the attributes that a copy may contain. Returns whether the element is of use without the others.
    fn attributes(&mut self, name: &str, element: &Element, made: &mut Element) -> Result<bool> {
        let own = name.split_once(':').map_or("", |(prefix, _)| prefix);
        for attribute in &element.attributes {
            let full = match &attribute.space {
                Space::None => format!("{own}:{}", attribute.name),
                space => format!("{}:{}", rules::prefix(space, self.is_ncx), attribute.name),
            };
            let value = attribute.value.as_str();
            let Some(value) = self.attribute(name, &full, value)? else {
                let is_shown = rules::reference(name, &full) == Some(Reference::Shown);
                let is_optional = matches!(attribute.name.as_str(), "poster" | "background")
                    || matches!(name, "html:audio" | "html:video" | "html:input");
                if is_shown && !is_optional {
                    return Ok(false);
                }
                // An entry leads nowhere, as before.
                if full != "ncx:src" {
                    continue;
                }
                made.attributes.push(Attribute {
                    value: "#".to_owned(),
                    ..attribute.clone()
                });
                continue;
            };
            // Of a reference, the name of the file is not one of the original.
            let own = match rules::reference(name, &full) {
                Some(Reference::Shown | Reference::Link) => {
                    value.split_once('#').map_or("", |(_, fragment)| fragment)
                }
                _ => value.as_str(),
            };
            (self.shown)(Shown::Aside(own));
            made.attributes.push(Attribute {
                space: attribute.space.clone(),
                name: attribute.name.clone(),
                value,
            });
        }
        Ok(true)
    }

    /// The value of an attribute in the copy.
    fn attribute(&mut self, element: &str, name: &str, value: &str) -> Result<Option<String>> {
        let local = name.split_once(':').map_or(name, |(_, local)| local);
        if !rules::ATTRIBUTES.contains(name) {
            let is_common = name.starts_with("epub:") || value.is_empty();
            if !is_common {
                let what = "attributes that are not part of the format";
                self.look.say(
                    "epub.unknown",
                    Category::Unknown,
                    Severity::Low,
                    what,
                    Some(value),
                )?;
            }
            return Ok(None);
        }
        match (element, local) {
            (_, "id") if !self.is_ncx => return self.id(value),
            ("html:a" | "html:map" | "html:img", "name") => return self.id(value),
            (_, "class") if !self.is_ncx => return self.classes(value),
            (_, "style") => {
                let style = style::attribute(value, &mut self.look)?;
                return Ok((!style.is_empty()).then_some(style));
            }
            (_, "begin" | "end") => {
                self.look
                    .out
                    .names(value.split('.').next().unwrap_or_default());
            }
            (_, "type") if name == "epub:type" => {
                let words = value.split_whitespace().filter(|word| !word.contains(':'));
                let words = words.collect::<Vec<_>>().join(" ");
                return Ok((!words.is_empty()).then_some(words));
            }
            ("html:a" | "html:area", "type" | "rel" | "hreflang") => return Ok(None),
            _ if rules::is_text(name) && is_path_like(value) && element != "html:input" => {
                let what = "the description of a picture";
                self.look.say(
                    "epub.links",
                    Category::History,
                    Severity::High,
                    what,
                    Some(value),
                )?;
                return Ok((local == "alt").then(String::new));
            }
            _ => {}
        }
        match rules::reference(element, name) {
            Some(Reference::Shown) => Ok(match self.look.shown(value)? {
                Use::Kept(value) => Some(value),
                Use::Gone => None,
            }),
            Some(Reference::Link) => Ok(match self.look.link_to(value)? {
                Use::Kept(value) => Some(value),
                Use::Gone => None,
            }),
            Some(Reference::Ids) => {
                for id in value.split_whitespace() {
                    self.look.out.names(id);
                }
                Ok(Some(value.to_owned()))
            }
            None if element.starts_with("svg:") && value.contains("url(") => {
                let value = style::value(value, &mut self.look)?;
                Ok((!value.trim().is_empty()).then_some(value))
            }
            None => Ok(Some(value.to_owned())),
        }
    }

    /// The name of an element, where something refers to it.
    fn id(&mut self, value: &str) -> Result<Option<String>> {
        let links = self.look.links;
        if !links.is_complete || links.any_id || links.ids.contains(value) {
            return Ok(Some(value.to_owned()));
        }
        let what = "names of elements to which nothing refers";
        self.look.say(
            "epub.ids",
            Category::History,
            Severity::Low,
            what,
            Some(value),
        )?;
        Ok(None)
    }

    /// The classes to which a style sheet gives a form.
    fn classes(&mut self, value: &str) -> Result<Option<String>> {
        let links = self.look.links;
        if !links.is_complete || links.any_class {
            return Ok(Some(value.to_owned()));
        }
        let mut kept = Vec::new();
        for class in value.split_whitespace() {
            if links.classes.contains(class) {
                kept.push(class);
            } else {
                let what = "classes of elements that no style sheet uses";
                self.look.say(
                    "epub.ids",
                    Category::History,
                    Severity::Low,
                    what,
                    Some(class),
                )?;
            }
        }
        Ok((!kept.is_empty()).then(|| kept.join(" ")))
    }

    fn node(&mut self, node: &Node) -> Result<()> {
        match node {
            Node::Text(text) => self.text(text),
            Node::Comment(text) | Node::Instruction(text) => {
                let what = "a comment in the markup";
                self.look.say(
                    "epub.comment",
                    Category::Unknown,
                    Severity::Medium,
                    what,
                    Some(text),
                )
            }
            Node::Element(_) => Ok(()),
        }
    }

    fn text(&mut self, text: &str) -> Result<()> {
        if let Some(removed) = &mut self.removed {
            let room = MAXIMUM_TOLD.saturating_sub(removed.text.len());
            removed.text.extend(text.chars().take(room));
            return Ok(());
        }
        if let Some(style) = &mut self.style {
            style.push_str(text);
            return Ok(());
        }
        let Some(open) = self.open.last() else {
            return Ok(());
        };
        let is_blank = text.chars().all(char::is_whitespace);
        match open.fate {
            Fate::Title if text.trim() == self.look.links.title => {}
            Fate::Title => {
                let what = "the title of a page that it does not show";
                let (category, severity) = (Category::Unknown, Severity::Medium);
                self.look
                    .say("epub.meta", category, severity, what, Some(text.trim()))?;
            }
            _ if open.name == "html:title" => {
                (self.shown)(Shown::Title(text));
                self.writer.node(&Node::Text(text.to_owned()));
            }
            _ if open.has_text || is_blank && !open.name.starts_with("html:head") => {
                (self.shown)(Shown::Text(text));
                self.invisible(text);
                self.writer.node(&Node::Text(text.to_owned()));
            }
            _ if !is_blank => {
                let what = "text where no program shows it";
                self.look.say(
                    "epub.unknown",
                    Category::Unknown,
                    Severity::Medium,
                    what,
                    Some(text),
                )?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Notes rows of characters that nobody sees.
    fn invisible(&mut self, text: &str) {
        for c in text.chars() {
            let is_invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}' | '\u{180b}'..='\u{180e}');
            self.invisible = if is_invisible {
                self.invisible.saturating_add(1)
            } else {
                0
            };
            if self.invisible == INVISIBLE {
                self.look.out.left(Finding::new(
                    "epub.watermark",
                    Category::Person,
                    Severity::High,
                    "book",
                    "rows of invisible characters in the text, which can name the buyer",
                ));
            }
        }
    }

    fn close(&mut self) -> Result<()> {
        if let Some(removed) = &mut self.removed {
            removed.depth = removed.depth.saturating_sub(1);
            if removed.depth > 0 {
                removed.text.push(' ');
                return Ok(());
            }
            let Some(removed) = self.removed.take() else {
                return Ok(());
            };
            let (id, what, severity) = removed.why;
            let text = removed.text.trim();
            return self
                .look
                .say(id, Category::Unknown, severity, what, Some(text));
        }
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        if let Some(style) = self.style.take() {
            let sheet = style::sheet(&style, &mut self.look)?;
            (self.shown)(Shown::Aside(&sheet));
            self.writer.node(&Node::Text(sheet));
        }
        if matches!(open.fate, Fate::Keep | Fate::Title) {
            self.writer.close();
        }
        Ok(())
    }

    /// Values of removed elements that say something.
    fn attributes_of_removed(&mut self, element: &Element) -> Result<()> {
        for attribute in &element.attributes {
            self.property(&attribute.value)?;
        }
        Ok(())
    }
}

/// Whether the author hid an element. Tables of contents may be hidden: the program shows them.
pub(super) fn is_hidden(name: &str, element: &Element) -> bool {
    let style = element.get("style").unwrap_or_default();
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    let is_hidden = element.get("hidden").is_some_and(|it| it != "until-found")
        || style.contains("display:none")
        || style.contains("visibility:hidden");
    is_hidden && name.starts_with("html:") && name != "html:nav"
}

/// The identifier of the copy in a table of contents.
fn uid(space: &Space) -> Element {
    let attribute = |name: &str, value: &str| Attribute {
        space: Space::None,
        name: name.to_owned(),
        value: value.to_owned(),
    };
    Element {
        space: space.clone(),
        name: "meta".to_owned(),
        attributes: vec![
            attribute("name", "dtb:uid"),
            attribute("content", super::IDENTIFIER),
        ],
        children: Vec::new(),
    }
}
