//! The package document of a copy, and what is said of the one of the original.

use super::IDENTIFIER;
use super::book::{Book, Item, child, words};
use super::paths;
use super::survey::Survey;
use crate::bytes::Context;
use crate::containers::xml::tree::Element;
use crate::containers::xml::write::escape;
use crate::metadata::text;
use crate::model::{Category, Finding, Found, Result, Role, Severity};

/// The moment that a copy names where the standard requires one (EPUB 3.3 §5.5.3.2.7).
const MODIFIED: &str = "2000-01-01T00:00:00Z";
/// Where findings are located.
const PLACE: &str = "package document";
/// Shorter values are words of some vocabulary.
const SHORTEST: usize = 8;
/// Maximum number of properties that are reported one by one.
const MAXIMUM_REPORTED: usize = 256;

/// A file of the copy.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) item: &'a Item,
    pub(super) name: String,
    pub(super) media_type: String,
}

/// Properties of a file in the manifest that a copy names.
const ITEM: &[&str] = &["nav", "cover-image", "svg", "mathml", "switch"];
/// Properties of an entry in the order of reading.
const ITEMREF: &[&str] = &[
    "page-spread-left",
    "page-spread-right",
    "page-spread-center",
];
/// What a reading system is told about the layout (EPUB 3.3 §8).
const RENDITION: &[&str] = &[
    "rendition:layout",
    "rendition:orientation",
    "rendition:spread",
    "rendition:flow",
    "rendition:viewport",
];

/// Adds what the description of the book says.
///
/// # Errors
/// Those of the budget.
pub(super) fn report(
    book: &Book,
    survey: &Survey,
    cx: &Context<'_>,
    found: &mut Found,
    residue: &mut Vec<Finding>,
) -> Result<()> {
    let mut titles = 0usize;
    for element in book.metadata().take(MAXIMUM_REPORTED) {
        cx.item()?;
        let text = element
            .text()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let name = element.name.to_ascii_lowercase();
        // What is said about an author or title in other words.
        for attribute in &element.attributes {
            if attribute.name == "file-as" && !survey.authors.contains(&attribute.value) {
                add("file-as", &attribute.value, cx, found)?;
            }
        }
        match name.as_str() {
            "title" => {
                titles = titles.saturating_add(1);
                if text == survey.links.title && titles == 1 {
                    let what = "the title of the book";
                    residue.push(
                        note("epub.title", Category::Unknown, what)
                            .text(text)
                            .role(Role::Text),
                    );
                } else {
                    add("title", &text, cx, found)?;
                }
            }
            "creator" if survey.authors.contains(&text) => {
                let what = "an author whom the pages of the book name";
                residue.push(note("epub.author", Category::Person, what).text(text));
            }
            "language" if is_language(&text) => {}
            "meta" | "link" => meta(element, &text, cx, found)?,
            _ => add(&name, &text, cx, found)?,
        }
    }
    for name in ["collection", "bindings", "tours"] {
        if child(&book.root, name).is_some() {
            let what = "other statements about the book";
            found.add(Finding::new(
                "epub.meta",
                Category::Unknown,
                Severity::Low,
                PLACE,
                what,
            ));
        }
    }
    Ok(())
}

fn note(id: &'static str, category: Category, what: &'static str) -> Finding {
    Finding::new(id, category, Severity::Low, PLACE, what)
}

/// A property of EPUB 2, with a name and content, or of EPUB 3, with a property and text.
fn meta(element: &Element, text: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let name = element
        .get("name")
        .or_else(|| element.get("property"))
        .or_else(|| element.get("rel"))
        .unwrap_or_default();
    let value = element
        .get("content")
        .or_else(|| element.get("href"))
        .unwrap_or(text);
    let is_written = name == "cover" || is_rendition(name, value);
    if is_written || name == "dcterms:modified" && value == MODIFIED {
        return Ok(());
    }
    add(name, value, cx, found)
}

fn add(name: &str, value: &str, cx: &Context<'_>, found: &mut Found) -> Result<()> {
    let local = name.rsplit(':').next().unwrap_or(name);
    let (category, severity, role, what) = match local {
        "creator" | "contributor" | "file-as" | "aut" | "user_metadata" => (
            Category::Person,
            Severity::High,
            Role::PersonName,
            "who wrote or made the book",
        ),
        "date" | "modified" | "timestamp" | "created" | "issued" | "dateCopyrighted" => (
            Category::Time,
            Severity::Medium,
            Role::OtherTime,
            "when the book was made or changed",
        ),
        "identifier" if value == IDENTIFIER => return Ok(()),
        "identifier" => (
            Category::History,
            Severity::Medium,
            Role::LinkId,
            "the identifier of the book",
        ),
        "generator" | "version" | "Sigil" => (
            Category::Device,
            Severity::Medium,
            Role::Software,
            "the program and system",
        ),
        "publisher" | "rights" | "source" | "relation" | "coverage" => (
            Category::Person,
            Severity::Medium,
            Role::Text,
            "publisher, rights, source or place",
        ),
        "title" | "subject" | "description" | "type" | "format" => (
            Category::Unknown,
            Severity::Medium,
            Role::Text,
            "title, subject, keywords or description",
        ),
        _ => (
            Category::Unknown,
            Severity::Medium,
            Role::Text,
            "other statements about the book",
        ),
    };
    let finding = Finding::new("epub.meta", category, severity, PLACE, what).role(role);
    if value.trim().is_empty() {
        return Ok(());
    }
    if category == Category::Time {
        found.add_as(finding.value(text::time(value)), value);
    } else if value.chars().count() >= SHORTEST || category == Category::Person {
        found.add(finding.text(value));
    } else {
        found.findings.push(finding.text(value));
    }
    text::mentions("epub.meta", value, PLACE, cx, found)
}

/// Whether it is the name of a language (RFC 5646).
fn is_language(text: &str) -> bool {
    (2..=35).contains(&text.len())
        && text.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

fn is_rendition(name: &str, value: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-=,. ".contains(&byte);
    RENDITION.contains(&name) && value.len() < 64 && value.bytes().all(is_plain)
}

/// XML in the making.
struct Xml(String);

impl Xml {
    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.0.push('<');
        self.0.push_str(name);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            escape(value, &mut self.0);
            self.0.push('"');
        }
        self.0.push_str(end);
    }

    fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.tag(name, attributes, ">");
        escape(text, &mut self.0);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push_str(">\n");
    }
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The document that says where the book begins.
pub(super) fn container(path: &str) -> Vec<u8> {
    let mut xml = Xml(DECLARATION.to_owned());
    let space = "urn:oasis:names:tc:opendocument:xmlns:container";
    xml.tag(
        "container",
        &[("version", "1.0"), ("xmlns", space)],
        ">\n<rootfiles>\n",
    );
    let attributes = [
        ("full-path", path),
        ("media-type", "application/oebps-package+xml"),
    ];
    xml.tag("rootfile", &attributes, "/>\n</rootfiles>\n</container>\n");
    xml.0.into_bytes()
}

/// The package document of a copy with these files.
pub(super) fn write(book: &Book, survey: &Survey, entries: &[Entry<'_>]) -> Vec<u8> {
    let number = |path: &str| {
        let index = entries.iter().position(|entry| entry.item.path == path)?;
        Some(format!("item-{}", index.saturating_add(1)))
    };
    let mut xml = Xml(DECLARATION.to_owned());
    let is_third = book.is_third();
    let version = if is_third { "3.0" } else { "2.0" };
    let mut package = vec![
        ("xmlns", "http://www.idpf.org/2007/opf"),
        ("version", version),
        ("unique-identifier", "identifier"),
    ];
    let language = book.root.attributes.iter().find(|it| it.name == "lang");
    if let Some(language) = language.filter(|it| is_language(&it.value)) {
        package.push(("xml:lang", &language.value));
    }
    if let Some(direction @ ("ltr" | "rtl")) = book.root.get("dir") {
        package.push(("dir", direction));
    }
    xml.tag("package", &package, ">\n");
    metadata(book, survey, &number, &mut xml);

    xml.0.push_str("<manifest>\n");
    for entry in entries {
        let Some(id) = number(&entry.item.path) else {
            continue;
        };
        let properties = listed(&entry.item.properties, ITEM);
        let fallback = entry.item.fallback.as_deref().and_then(|id| book.by_id(id));
        let fallback = fallback.and_then(|item| number(&item.path));
        let mut item = vec![
            ("id", id.as_str()),
            ("href", entry.name.as_str()),
            ("media-type", entry.media_type.as_str()),
        ];
        if is_third && !properties.is_empty() {
            item.push(("properties", &properties));
        }
        if let Some(fallback) = &fallback {
            item.push(("fallback", fallback));
        }
        xml.tag("item", &item, "/>\n");
    }
    xml.0.push_str("</manifest>\n");

    let toc = book.ncx().and_then(|item| number(&item.path));
    let mut spine = Vec::new();
    if let Some(toc) = &toc {
        spine.push(("toc", toc.as_str()));
    }
    let element = child(&book.root, "spine");
    if let Some(direction @ ("ltr" | "rtl")) =
        element.and_then(|it| it.get("page-progression-direction"))
    {
        spine.push(("page-progression-direction", direction));
    }
    xml.tag("spine", &spine, ">\n");
    for (reference, item) in book.spine() {
        let Some(id) = number(&written(book, item, &number).path) else {
            continue;
        };
        let mut itemref = vec![("idref", id.as_str())];
        if reference.get("linear") == Some("no") {
            itemref.push(("linear", "no"));
        }
        let properties = words(reference.get("properties"));
        let is_known = |word: &String| {
            ITEMREF.contains(&word.as_str())
                || word.strip_prefix("rendition:").is_some_and(|word| {
                    word.bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
                })
        };
        let properties: Vec<_> = properties.into_iter().filter(is_known).collect();
        let properties = properties.join(" ");
        if is_third && !properties.is_empty() {
            itemref.push(("properties", &properties));
        }
        xml.tag("itemref", &itemref, "/>\n");
    }
    xml.0.push_str("</spine>\n");
    guide(book, entries, &mut xml);
    xml.0.push_str("</package>\n");
    xml.0.into_bytes()
}

fn metadata(book: &Book, survey: &Survey, number: &dyn Fn(&str) -> Option<String>, xml: &mut Xml) {
    let spaces = [
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:opf", "http://www.idpf.org/2007/opf"),
    ];
    let is_third = book.is_third();
    let spaces = if is_third {
        spaces.get(..1)
    } else {
        spaces.get(..)
    };
    xml.tag("metadata", spaces.unwrap_or_default(), ">\n");
    xml.text("dc:identifier", &[("id", "identifier")], IDENTIFIER);
    xml.text("dc:title", &[], &survey.links.title);
    let languages: Vec<_> = book
        .values("language")
        .filter(|it| is_language(it))
        .collect();
    for language in &languages {
        xml.text("dc:language", &[], language);
    }
    if languages.is_empty() {
        xml.text("dc:language", &[], "und");
    }
    for author in &survey.authors {
        xml.text("dc:creator", &[], author);
    }
    if is_third {
        xml.text("meta", &[("property", "dcterms:modified")], MODIFIED);
        for element in book.metadata().filter(|it| it.name == "meta") {
            let name = element.get("property").unwrap_or_default();
            let value = element.text();
            let value = value.trim();
            if element.get("refines").is_none() && is_rendition(name, value) {
                xml.text("meta", &[("property", name)], value);
            }
        }
    }
    let named = |it: &Element| it.name == "meta" && it.get("name") == Some("cover");
    if book.metadata().any(named)
        && let Some(id) = book.cover().and_then(|item| number(&item.path))
    {
        xml.tag("meta", &[("name", "cover"), ("content", &id)], "/>\n");
    }
    xml.0.push_str("</metadata>\n");
}

/// The file that takes the place of one which the copy does not have.
pub(super) fn written<'b>(
    book: &'b Book,
    item: &'b Item,
    number: &dyn Fn(&str) -> Option<String>,
) -> &'b Item {
    let mut at = item;
    // As many steps as there are files: more would be a circle.
    for _ in &book.items {
        let fallback = at.fallback.as_deref().and_then(|id| book.by_id(id));
        match fallback {
            Some(next) if number(&at.path).is_none() => at = next,
            _ => break,
        }
    }
    at
}

fn guide(book: &Book, entries: &[Entry<'_>], xml: &mut Xml) {
    let mut references = Vec::new();
    for reference in book.guide() {
        let href = reference.get("href").unwrap_or_default();
        let Some(path) = paths::inside(href, &book.path) else {
            continue;
        };
        let Some(entry) = entries.iter().find(|entry| entry.item.path == path) else {
            continue;
        };
        let href = match paths::resolve(href, &book.path).1 {
            Some(fragment) => format!("{}#{fragment}", entry.name),
            None => entry.name.clone(),
        };
        let kind = reference.get("type").unwrap_or_default();
        let title = reference.get("title").unwrap_or_default();
        references.push((kind.to_owned(), title.to_owned(), href));
    }
    if references.is_empty() {
        return;
    }
    xml.0.push_str("<guide>\n");
    for (kind, title, href) in &references {
        let mut attributes = vec![("type", kind.as_str())];
        if !title.is_empty() && !crate::formats::common::is_path_like(title) {
            attributes.push(("title", title));
        }
        attributes.push(("href", href));
        xml.tag("reference", &attributes, "/>\n");
    }
    xml.0.push_str("</guide>\n");
}

fn listed(words: &[String], known: &[&str]) -> String {
    let words = words.iter().filter(|word| known.contains(&word.as_str()));
    words.map(String::as_str).collect::<Vec<_>>().join(" ")
}
