//! The copy of a book: which members it contains, under which names.

use std::collections::BTreeMap;

use super::book::{Book, CONTAINER, Item};
use super::look::{Look, Outcome, left_out};
use super::opf::{self, Entry};
use super::page::{self, Page, Shown};
use super::survey::Survey;
use super::{MIMETYPE_TEXT, NAME, encryption, style};
use crate::bytes::{Context, Source};
use crate::containers::zip::{Kind, Member, Method};
use crate::formats::common::package::{self, Opened, Packer, is_font, is_of_file};
use crate::model::{
    Category, Error, Examined, Finding, Found, Plan, Result, Role, Secrets, Severity, Step,
};

/// Folder of all files of a copy.
const FOLDER: &str = "EPUB";
/// Path of the package document of a copy.
const PACKAGE: &str = "EPUB/package.opf";
/// How much of a removed file is read for traces, in bytes.
const MAXIMUM_TRACED: u64 = 64 << 10;
/// How much text is compared at a time, in bytes.
const BATCH: usize = 64 << 10;
/// Longer than any value that is searched for, in characters.
const OVERLAP: usize = 64;

const NO_PAGE: &str = "a page of the book is of a kind that cannot be cleaned; save the book as PDF in a program \
    you trust, and clean that";

/// What a member is that the book does not show, by its name.
fn dropped(name: &str) -> (&'static str, Category, Severity, &'static str) {
    let file = name.rsplit('/').next().unwrap_or_default();
    match file.to_ascii_lowercase().as_str() {
        "calibre_bookmarks.txt" => (
            "epub.notes",
            Category::Person,
            Severity::High,
            "bookmarks and notes of a reader",
        ),
        "itunesmetadata.plist" | "itunesmetadata-original.plist" => (
            "epub.drm",
            Category::Person,
            Severity::High,
            "who bought the book, and when",
        ),
        "rights.xml" | "license.lcpl" => (
            "epub.drm",
            Category::Person,
            Severity::High,
            "who may read the book, and on which device",
        ),
        "signatures.xml" => (
            "epub.signature",
            Category::Person,
            Severity::High,
            "signatures and other statements about the file",
        ),
        "encryption.xml" => (
            "epub.fonts",
            Category::History,
            Severity::Low,
            "the list of fonts that are obfuscated",
        ),
        "com.apple.ibooks.display-options.xml" => (
            "epub.settings",
            Category::Device,
            Severity::Low,
            "settings of the program",
        ),
        "itunesartwork" => (
            "epub.unused",
            Category::Image,
            Severity::High,
            "a file that the book does not show",
        ),
        _ if name.starts_with("META-INF/") => (
            "epub.unknown",
            Category::Unknown,
            Severity::Medium,
            "a file that is not part of the book",
        ),
        _ => (
            "epub.unused",
            Category::Image,
            Severity::High,
            "a file that the book does not show",
        ),
    }
}

/// All of a file as it is.
pub(super) fn whole(content: &Source<'_>) -> Option<Plan> {
    let mut plan = Plan::new();
    plan.push(Step::Copy(content.whole()));
    Some(plan)
}

/// The extension and media type of a font.
fn font(head: &[u8]) -> (&'static str, &'static str) {
    match head {
        [b'O', ..] => ("otf", "application/vnd.ms-opentype"),
        [b'w', b'O', b'F', b'F', ..] => ("woff", "application/font-woff"),
        [b'w', ..] => ("woff2", "font/woff2"),
        _ => ("ttf", "application/vnd.ms-opentype"),
    }
}

/// The media type of a file of this format.
fn media_type(id: &str, named: &str) -> String {
    match id {
        "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        _ if named.len() < 100
            && named
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"/.+-".contains(&byte)) =>
        {
            named
        }
        _ => "application/octet-stream",
    }
    .to_owned()
}

/// Makes the copy of a book.
///
/// # Errors
/// [`Error::Unsupported`] when a page cannot be cleaned; those of the budget; reading.
pub(super) fn examine(
    book: &Book,
    mut survey: Survey,
    source: &Source<'_>,
    cx: &Context<'_>,
) -> Result<Examined> {
    let items = std::mem::take(&mut survey.items);
    let mut copy = Copy {
        cx,
        book,
        packer: Packer::new(cx),
        found: Found::default(),
        residue: Vec::new(),
        numbers: BTreeMap::new(),
    };
    package::report(&book.archive, source, cx, &mut copy.found)?;
    opf::report(book, &survey, cx, &mut copy.found, &mut copy.residue)?;
    if book.others > 0 {
        copy.residue.push(Finding::new(
            "epub.versions",
            Category::History,
            Severity::Medium,
            NAME,
            "the book contains another version of itself, which is not in the copy",
        ));
    }
    copy.packer.stored("mimetype", MIMETYPE_TEXT.into());
    let mut entries = Vec::new();
    for item in &items {
        cx.item()?;
        let entry = match book.archive.member(&item.path) {
            Some(member) if !item.is_text() => copy.file(source, item, member)?,
            Some(_) => Some(copy.text_entry(item)),
            None => None,
        };
        let name = entry.as_ref().map(|entry| entry.name.clone());
        survey.links.names.insert(item.path.clone(), name);
        entries.extend(entry);
    }
    survey.links.is_complete = true;
    let number = |path: &str| survey.links.names.get(path)?.clone();
    for (_, item) in book.spine() {
        if number(&opf::written(book, item, &number).path).is_none() {
            return Err(Error::unsupported(NO_PAGE));
        }
    }
    for entry in entries.iter().filter(|entry| entry.item.is_text()) {
        copy.text(source, entry, &survey)?;
    }
    let made = [
        (PACKAGE, &book.path, opf::write(book, &survey, &entries)),
        (CONTAINER, &CONTAINER.to_owned(), opf::container(PACKAGE)),
    ];
    for (name, path, bytes) in made {
        copy.made(source, name, path, &bytes)?;
    }
    for member in &book.archive.members {
        let name = member.name.as_str();
        let is_written = matches!(survey.links.names.get(name), Some(Some(_)));
        if !is_written && name != "mimetype" && name != CONTAINER && name != book.path {
            copy.dropped(source, member, survey.links.names.contains_key(name))?;
        }
    }
    copy.allow_shown(source, &entries, &survey)?;
    let plan = copy.packer.finish()?;
    package::account_for_headers(&plan, source, cx, &mut copy.found)?;
    Ok(Examined::rebuilt(copy.found, copy.residue, plan))
}

struct Copy<'a, 'c> {
    cx: &'c Context<'a>,
    book: &'c Book,
    packer: Packer<'a>,
    found: Found,
    residue: Vec<Finding>,
    /// How many files of each kind there are.
    numbers: BTreeMap<&'static str, u32>,
}

impl Copy<'_, '_> {
    fn name(&mut self, noun: &'static str, extension: &str) -> String {
        let number = self.numbers.entry(noun).or_default();
        *number = number.saturating_add(1);
        format!("{noun}-{number}.{extension}")
    }

    /// A picture, a font, or another file.
    fn file<'i>(
        &mut self,
        source: &Source<'_>,
        item: &'i Item,
        member: &Member,
    ) -> Result<Option<Entry<'i>>> {
        let opened = Opened::new(source, member, self.cx)?;
        opened.report(member, &mut self.found);
        let content = opened.source();
        let plain = match self.book.obfuscated.get(&item.path) {
            Some(algorithm) => encryption::plain(&content, *algorithm, self.book, self.cx)?,
            None if is_font(&content.peek(0, 4)?) => whole(&content),
            None => None,
        };
        let (name, media_type, plan) = if let Some(plan) = plain {
            let mut head = Vec::new();
            crate::bytes::for_each_of_plan(&plan, &content, &mut |piece| {
                if head.is_empty() {
                    head.extend_from_slice(piece.get(..4).unwrap_or_default());
                }
                Ok(())
            })?;
            let (extension, media_type) = font(&head);
            (self.name("font", extension), media_type.to_owned(), plan)
        } else {
            let inside = match self.cx.examine_nested(&content) {
                Ok(Some(inside)) => inside,
                Ok(None) => return Ok(self.left_out()),
                Err(error) if is_of_file(&error) => return Ok(self.left_out()),
                Err(error) => return Err(error),
            };
            let info = inside.kind.info;
            let name = self.name(info.noun, inside.kind.extension(&item.path));
            let plan = inside.told(&item.path, &mut self.found, &mut self.residue);
            (name, media_type(info.id, &item.media_type), plan)
        };
        self.packer
            .planned(&format!("{FOLDER}/{name}"), member, &opened, &plan)?;
        Ok(Some(Entry {
            item,
            name,
            media_type,
        }))
    }

    fn left_out<T>(&mut self) -> Option<T> {
        let finding = left_out();
        if !self.residue.iter().any(|it| it.id == finding.id) {
            self.residue.push(finding);
        }
        None
    }

    /// The name of a page, a style sheet, or a table of contents.
    fn text_entry<'i>(&mut self, item: &'i Item) -> Entry<'i> {
        let (noun, extension, media_type) = if item.is_style() {
            ("style", "css", "text/css")
        } else if item.is_ncx() {
            ("toc", "ncx", "application/x-dtbncx+xml")
        } else {
            ("text", "xhtml", "application/xhtml+xml")
        };
        Entry {
            item,
            name: self.name(noun, extension),
            media_type: media_type.to_owned(),
        }
    }

    /// A file that is read element by element or rule by rule.
    fn text(&mut self, source: &Source<'_>, entry: &Entry<'_>, survey: &Survey) -> Result<()> {
        let path = entry.item.path.as_str();
        let Some(member) = self.book.archive.member(path) else {
            return Ok(());
        };
        let cx = self.cx;
        let opened = Opened::new(source, member, cx)?;
        opened.report(member, &mut self.found);
        let content = opened.source();
        let mut outcome = Outcome::default();
        let name = format!("{FOLDER}/{}", entry.name);
        self.packer.rewritten(&name, member, &opened, |sink| {
            outcome = read(&content, entry.item, survey, cx, &mut |_| {}, sink)?;
            Ok(())
        })?;
        self.found.extend(outcome.found);
        for finding in outcome.residue {
            if !self.residue.iter().any(|it| it.what == finding.what) {
                self.residue.push(finding);
            }
        }
        Ok(())
    }

    /// A member made of these bytes, where the original has one at `path`.
    fn made(&mut self, source: &Source<'_>, name: &str, path: &str, bytes: &[u8]) -> Result<()> {
        match self.book.archive.member(path) {
            Some(member) => {
                let opened = Opened::new(source, member, self.cx)?;
                opened.report(member, &mut self.found);
                self.packer
                    .rewritten(name, member, &opened, |sink| sink(bytes))?;
            }
            None => self
                .packer
                .made(name, Method::Deflated, |sink| sink(bytes))?,
        }
        Ok(())
    }

    /// A member that the copy does not have.
    fn dropped(&mut self, source: &Source<'_>, member: &Member, is_shown: bool) -> Result<()> {
        if member.kind != Kind::File || member.size == 0 {
            return Ok(());
        }
        let (id, category, severity, what) = match is_shown {
            true => (
                "epub.object",
                Category::Image,
                Severity::High,
                "a picture or object of a kind that cannot be cleaned",
            ),
            false => dropped(&member.name),
        };
        let opened = Opened::new(source, member, self.cx)?;
        let content = opened.source();
        let finding = Finding::new(id, category, severity, NAME, what);
        self.found
            .findings
            .push(finding.bytes(member.size).role(Role::Other));
        let inner = self.cx.inspect_nested(&content)?;
        if inner.findings.is_empty() {
            let traced = content.peek(0, MAXIMUM_TRACED)?;
            self.found.secrets.harvest(&traced);
        }
        self.found.merge(&member.name, inner);
        Ok(())
    }

    /// Allows values that the copy shows, so that they may remain in its content.
    fn allow_shown(
        &mut self,
        source: &Source<'_>,
        entries: &[Entry<'_>],
        survey: &Survey,
    ) -> Result<()> {
        let secrets = &mut self.found.secrets;
        secrets.allow(&survey.links.title);
        for author in &survey.authors {
            secrets.allow(author);
        }
        for entry in entries.iter().filter(|entry| entry.item.is_text()) {
            let Some(opened) = self.book.open(source, &entry.item.path, self.cx)? else {
                continue;
            };
            let mut allowed = Allowed {
                secrets,
                text: String::new(),
                asides: String::new(),
            };
            read(
                &opened.source(),
                entry.item,
                survey,
                self.cx,
                &mut |text| allowed.add(text),
                &mut |_| Ok(()),
            )?;
            allowed.finish();
        }
        for reference in self.book.guide() {
            for value in [reference.get("title"), reference.get("type")] {
                secrets.allow(value.unwrap_or_default());
            }
        }
        Ok(())
    }
}

/// Text of a copy, compared with the secrets piece by piece.
struct Allowed<'a> {
    secrets: &'a mut Secrets,
    text: String,
    /// Values of attributes: they are no part of the sentence around them.
    asides: String,
}

impl Allowed<'_> {
    fn add(&mut self, shown: Shown<'_>) {
        let part = match shown {
            Shown::Text(text) | Shown::Title(text) => {
                self.text.push_str(text);
                &mut self.text
            }
            Shown::Aside(text) => {
                self.asides.push('\0');
                self.asides.push_str(text);
                &mut self.asides
            }
        };
        if part.len() > BATCH {
            self.secrets.allow(part);
            let tail: Vec<char> = part.chars().rev().take(OVERLAP).collect();
            *part = tail.into_iter().rev().collect();
        }
    }

    fn finish(self) {
        self.secrets.allow(&self.text);
        self.secrets.allow(&self.asides);
    }
}

/// Reads a file of text and hands its copy to `sink`.
fn read(
    content: &Source<'_>,
    item: &Item,
    survey: &Survey,
    cx: &Context<'_>,
    shown: &mut dyn FnMut(Shown<'_>),
    sink: &mut page::Sink<'_>,
) -> Result<Outcome> {
    let links = &survey.links;
    if item.is_style() {
        let mut look = Look::new(&item.path, links, cx);
        let sheet = style::sheet(&style::decoded(content, cx)?, &mut look)?;
        shown(Shown::Aside(&sheet));
        sink(sheet.as_bytes())?;
        return Ok(look.out);
    }
    let page = Page {
        path: &item.path,
        is_ncx: item.is_ncx(),
        links,
    };
    page::filter(content, page, cx, shown, sink)
}
