//! EPUB 2 and 3 (W3C *EPUB 3.3*; IDPF *EPUB 2.0.1*): books of XHTML pages in a ZIP package.

mod book;
mod copy;
mod digest;
mod encryption;
mod look;
mod opf;
mod page;
mod paths;
mod rules;
mod streams;
mod style;
mod survey;
#[cfg(test)]
mod tests;

use crate::bytes::{Context, Hasher, Source, Streams};
use crate::formats::common::package::{is_font, is_of_file};
use crate::formats::format::{Format, Info};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Examined, How, Result, Row};
use book::Book;
use survey::Survey;

/// Name in errors.
const NAME: &str = "EPUB";
/// The content of the member `mimetype`.
const MIMETYPE_TEXT: &str = "application/epub+zip";
/// The identifier of every copy (RFC 9562 §5.9).
const IDENTIFIER: &str = "urn:uuid:00000000-0000-0000-0000-000000000000";

/// EPUB.
#[derive(Debug)]
pub(in crate::formats) struct Epub;

static INFO: Info = Info {
    id: "epub",
    name: NAME,
    extensions: &["epub"],
    noun: "book",
    rows: &[MIMETYPE, PACKAGE, PAGES, STYLES, CONTENTS, PICTURES, FONTS],
    vocabulary: &[
        MIMETYPE_TEXT,
        "META-INF/container.xml",
        "application/oebps-package+xml",
        "application/xhtml+xml",
        "application/x-dtbncx+xml",
        "text/css",
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/svg+xml",
        "image/webp",
        "application/vnd.ms-opentype",
        "application/font-woff",
        "EPUB/package.opf",
        "text-1.xhtml",
        "style-1.css",
        "picture-1.jpg",
        "font-1.otf",
        "toc-1.ncx",
        "identifier",
        "cover-image",
        "properties",
        "page-spread-left page-spread-right page-spread-center",
        "rendition:layout-pre-paginated",
    ],
};

const MIMETYPE: Row = Row {
    what: "mimetype and META-INF/container.xml",
    when: "always; mimetype first and stored",
    how: How::Rebuild,
    why: "programs recognise the book by them",
    spec: "EPUB 3.3 §4.2.6, §4.3.3",
};
const PACKAGE: Row = Row {
    what: "package document",
    when: "title, languages, authors whom the pages name, files, order of reading, guide, layout; a neutral identifier and date",
    how: How::Rebuild,
    why: "which pages there are, and in which order they are read",
    spec: "EPUB 3.3 §5; OPF 2.0.1",
};
const PAGES: Row = Row {
    what: "pages",
    when: "elements and attributes of XHTML, SVG and MathML that are shown; no scripts",
    how: How::Rebuild,
    why: "the text of the book",
    spec: "EPUB 3.3 §6.1; HTML Living Standard; SVG 2; MathML 3",
};
const STYLES: Row = Row {
    what: "style sheets",
    when: "rules and properties that a standard defines, without comments",
    how: How::Rebuild,
    why: "how the pages look",
    spec: "EPUB 3.3 §6.3; CSS Syntax 3",
};
const CONTENTS: Row = Row {
    what: "tables of contents",
    when: "navigation document and NCX, the latter with the neutral identifier",
    how: How::Rebuild,
    why: "programs show them beside the book",
    spec: "EPUB 3.3 §7; NCX 2005-1",
};
const PICTURES: Row = Row {
    what: "pictures and other files",
    when: "the book refers to them and they can be cleaned by their own format",
    how: How::Verbatim,
    why: "they are shown",
    spec: "EPUB 3.3 §3.2",
};
const FONTS: Row = Row {
    what: "fonts",
    when: "a style sheet refers to them; without obfuscation",
    how: How::Verbatim,
    why: "how the text looks",
    spec: "EPUB 3.3 §4.4",
};

impl Format for Epub {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let mimetype = probe.mimetype()?.trim_ascii();
        Confidence::Content.when(mimetype == MIMETYPE_TEXT.as_bytes())
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let book = Book::read(source, cx)?;
        let survey = Survey::run(&book, source, cx)?;
        copy::examine(&book, survey, source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let book = Book::read(source, cx)?;
        let survey = Survey::run(&book, source, cx)?;
        let mut hasher = Hasher::new();
        let pages = book.spine().map(|(_, item)| item);
        for item in pages.chain(book.ncx()) {
            if !item.is_page() && !item.is_ncx() {
                continue;
            }
            if let Some(opened) = book.open(source, &item.path, cx)? {
                hasher.label("page", 0);
                digest::page(&opened.source(), item, cx, &mut hasher)?;
            }
        }
        for item in survey.items.iter().filter(|item| !item.is_text()) {
            let Some(opened) = book.open(source, &item.path, cx)? else {
                continue;
            };
            let content = opened.source();
            let plain = match book.obfuscated.get(&item.path) {
                Some(algorithm) => encryption::plain(&content, *algorithm, &book, cx)?,
                None => copy::whole(&content),
            };
            let Some(plain) = plain else {
                continue;
            };
            if is_font(&content.peek(0, 4)?) || book.obfuscated.contains_key(&item.path) {
                hasher.label("font", 0);
                crate::bytes::for_each_of_plan(&plain, &content, &mut |piece| {
                    hasher.bytes(piece);
                    Ok(())
                })?;
            } else if let Some(digest) = shown(&content, cx)? {
                hasher.label("picture", 0);
                hasher.bytes(&digest.0.to_be_bytes());
            }
        }
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        streams::hand_out(&Book::read(source, cx)?, source, cx, sink)
    }
}

/// The payload of a file inside; `None` for one that no copy contains.
fn shown(content: &Source<'_>, cx: &Context<'_>) -> Result<Option<Digest>> {
    match cx.examine_nested(content) {
        Ok(Some(_)) => {}
        Ok(None) => return Ok(None),
        Err(error) if is_of_file(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    Ok(cx.payload_nested(content)?.map(|(_, digest)| digest))
}
