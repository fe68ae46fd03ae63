//! The package document of a book (EPUB 3.3 §5, Open Packaging Format 2.0.1): its files, the order in which
//! they are read, and what is said about the book.

use std::collections::BTreeMap;

use super::NAME;
use super::encryption::{self, Algorithm};
use super::paths;
use crate::bytes::{Context, Source};
use crate::containers::xml::encoding;
use crate::containers::xml::tree::{self, Element};
use crate::containers::zip::{self, Archive, Kind};
use crate::formats::common::package::Opened;
use crate::model::{Error, Result};

/// Maximum length of a package document, in bytes: a line for each file.
const MAXIMUM_PACKAGE: u64 = 16 << 20;
/// Where a package says which document describes it.
pub(super) const CONTAINER: &str = "META-INF/container.xml";
/// The media type of that document.
const PACKAGE: &str = "application/oebps-package+xml";

const DRM: &str = "the book is protected against copying (DRM), and its text is encrypted; ask its seller \
    for a copy without protection";
const SIGNED: &str =
    "the book is signed, and a copy would not be; save it without the signature and clean that";

/// A file of the book.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) media_type: String,
    pub(super) properties: Vec<String>,
    pub(super) fallback: Option<String>,
}

impl Item {
    /// Whether it is a page of text.
    pub(super) fn is_page(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "application/xhtml+xml" | "text/html" | "text/x-oeb1-document"
        )
    }

    /// Whether it is a style sheet.
    pub(super) fn is_style(&self) -> bool {
        matches!(self.media_type.as_str(), "text/css" | "text/x-oeb1-css")
    }

    /// Whether it is a table of contents of EPUB 2.
    pub(super) fn is_ncx(&self) -> bool {
        self.media_type == "application/x-dtbncx+xml"
    }

    /// Whether it is read element by element or rule by rule.
    pub(super) fn is_text(&self) -> bool {
        self.is_page() || self.is_style() || self.is_ncx()
    }
}

/// An open book.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) archive: Archive,
    /// Path of the package document.
    pub(super) path: String,
    pub(super) root: Element,
    /// In the order of the manifest.
    pub(super) items: Vec<Item>,
    /// Algorithms by which files are obfuscated, by path.
    pub(super) obfuscated: BTreeMap<String, Algorithm>,
    /// How many other versions of the book the package contains.
    pub(super) others: usize,
}

impl Book {
    /// Reads the package document.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when the book is encrypted or signed; [`Error::Malformed`] when it is damaged.
    pub(super) fn read(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let archive = zip::read(source, cx)?;
        if archive.has_duplicates() {
            return Err(malformed("two members have the same name"));
        }
        let parse = |name: &str| -> Result<Option<Element>> {
            let Some(member) = archive.member(name) else {
                return Ok(None);
            };
            let bytes = member.read(source, cx, MAXIMUM_PACKAGE)?;
            Ok(Some(tree::parse(&encoding::decode(&bytes)?, cx)?.root))
        };
        if archive.member("META-INF/sinf.xml").is_some() {
            return Err(Error::unsupported(DRM));
        }
        if archive.member("META-INF/signatures.xml").is_some() && !cx.policy().allow_signed {
            return Err(Error::unsupported(SIGNED));
        }
        let obfuscated = match parse("META-INF/encryption.xml")? {
            Some(root) => encryption::read(&root).ok_or_else(|| Error::unsupported(DRM))?,
            None => BTreeMap::new(),
        };
        let container =
            parse(CONTAINER)?.ok_or_else(|| malformed("it does not say where the book begins"))?;
        let mut files = descendants(&container, "rootfile").into_iter();
        let mut packages = files
            .by_ref()
            .filter(|file| file.get("media-type") == Some(PACKAGE))
            .filter_map(|file| paths::inside(file.get("full-path")?, ""));
        let path = packages
            .next()
            .ok_or_else(|| malformed("it does not say where the book begins"))?;
        let others = packages.filter(|other| *other != path).count();
        let root =
            parse(&path)?.ok_or_else(|| malformed("its description of the book is missing"))?;
        let items = child(&root, "manifest")
            .into_iter()
            .flat_map(Element::elements)
            .filter(|item| item.name == "item")
            .filter_map(|item| {
                Some(Item {
                    id: item.get("id").unwrap_or_default().to_owned(),
                    path: paths::inside(item.get("href")?, &path)?,
                    media_type: item.get("media-type").unwrap_or_default().to_owned(),
                    properties: words(item.get("properties")),
                    fallback: item.get("fallback").map(str::to_owned),
                })
            })
            .filter(|item| {
                let member = archive.member(&item.path);
                member.is_some_and(|member| member.kind == Kind::File)
            })
            .collect();
        let book = Self {
            archive,
            path,
            root,
            items,
            obfuscated,
            others,
        };
        if book.spine().next().is_none() {
            return Err(malformed("it has no pages"));
        }
        Ok(book)
    }

    /// The file with this id.
    pub(super) fn by_id(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The file with this path.
    pub(super) fn by_path(&self, path: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.path == path)
    }

    /// What the order of reading refers to, as written, with the files that it is about.
    pub(super) fn spine(&self) -> impl Iterator<Item = (&Element, &Item)> {
        child(&self.root, "spine")
            .into_iter()
            .flat_map(Element::elements)
            .filter(|it| it.name == "itemref")
            .filter_map(|it| Some((it, self.by_id(it.get("idref")?)?)))
    }

    /// The table of contents of EPUB 2.
    pub(super) fn ncx(&self) -> Option<&Item> {
        let named = child(&self.root, "spine").and_then(|spine| self.by_id(spine.get("toc")?));
        named.or_else(|| self.items.iter().find(|item| item.is_ncx()))
    }

    /// The picture of the cover.
    pub(super) fn cover(&self) -> Option<&Item> {
        let has = |item: &&Item| item.properties.iter().any(|it| it == "cover-image");
        let named = || {
            let name = self
                .metadata()
                .find(|it| it.name == "meta" && it.get("name") == Some("cover"))?;
            self.by_id(name.get("content")?)
        };
        self.items.iter().find(has).or_else(named)
    }

    /// Everything that is said about the book.
    pub(super) fn metadata(&self) -> impl Iterator<Item = &Element> {
        let outer = child(&self.root, "metadata")
            .into_iter()
            .flat_map(Element::elements);
        // Early books have a group for each vocabulary.
        outer.flat_map(|element| {
            let is_group = matches!(element.name.as_str(), "dc-metadata" | "x-metadata");
            let inner = is_group.then(|| element.elements()).into_iter().flatten();
            (!is_group).then_some(element).into_iter().chain(inner)
        })
    }

    /// References of the guide.
    pub(super) fn guide(&self) -> impl Iterator<Item = &Element> {
        child(&self.root, "guide")
            .into_iter()
            .flat_map(Element::elements)
            .filter(|it| it.name == "reference")
    }

    /// Texts of the elements with this name.
    pub(super) fn values<'b>(&'b self, name: &'b str) -> impl Iterator<Item = String> + 'b {
        self.metadata()
            .filter(move |it| it.name.eq_ignore_ascii_case(name))
            .map(|it| it.text().split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|text| !text.is_empty())
    }

    /// Whether it is of the third version of the standard.
    pub(super) fn is_third(&self) -> bool {
        self.root
            .get("version")
            .is_some_and(|it| it.starts_with('3'))
    }

    /// A file of the book, without obfuscation.
    ///
    /// # Errors
    /// As [`Opened::new`].
    pub(super) fn open<'s>(
        &self,
        source: &Source<'s>,
        path: &str,
        cx: &Context<'_>,
    ) -> Result<Option<Opened<'s>>> {
        self.archive
            .member(path)
            .map(|member| Opened::new(source, member, cx))
            .transpose()
    }
}

fn malformed(what: &'static str) -> Error {
    Error::malformed(NAME, 0, what)
}

/// The first element inside with this name.
pub(super) fn child<'e>(element: &'e Element, name: &str) -> Option<&'e Element> {
    element.elements().find(|it| it.name == name)
}

/// All elements inside with this name, at every depth.
pub(super) fn descendants<'e>(element: &'e Element, name: &str) -> Vec<&'e Element> {
    let mut out = Vec::new();
    for inner in element.elements() {
        if inner.name == name {
            out.push(inner);
        }
        out.extend(descendants(inner, name));
    }
    out
}

/// The words of a list.
pub(super) fn words(list: Option<&str>) -> Vec<String> {
    let words = list.unwrap_or_default().split_whitespace();
    words.map(str::to_owned).collect()
}
