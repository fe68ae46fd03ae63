//! OpenDocument (ISO/IEC 26300; OASIS *Open Document Format for Office Applications* 1.3): text documents,
//! sheets, presentations, drawings, formulas and their templates in a ZIP package.

mod digest;
mod filter;
mod links;
mod manifest;
mod meta;
mod rules;
mod settings;
mod spaces;

use std::collections::{BTreeMap, BTreeSet};

use crate::bytes::{Context, Hasher, Source, Streams};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::Node;
use crate::containers::zip::{self, Archive, Kind, Member, Method};
use crate::formats::common::package::{self, Opened, Packer, Reading};
use crate::formats::format::{Format, Info};
use crate::model::{
    Category, Digest, Error, Examined, Finding, Found, How, Result, Role, Row, Severity,
};
use filter::Part;
use links::Links;
use manifest::Manifest;

/// Name in errors.
const NAME: &str = "OpenDocument";
/// Media types begin with this.
const PREFIX: &str = "application/vnd.oasis.opendocument.";
/// Maximum length of a manifest, in bytes: one line a picture.
const MAXIMUM_MANIFEST: u64 = 16 << 20;

/// A kind of OpenDocument.
#[derive(Debug)]
pub(in crate::formats) struct OpenDocument {
    info: &'static Info,
    /// What follows the prefix of the media type; the same with `-template` behind it is a template.
    kind: &'static str,
}

macro_rules! kinds {
    ($($name:ident $info:ident $id:literal $title:literal $noun:literal $kind:literal [$($extension:literal)*];)*) => {
        $(
        static $info: Info = Info {
            id: $id,
            name: $title,
            extensions: &[$($extension),*],
            noun: $noun,
            rows: ROWS,
            vocabulary: VOCABULARY,
        };
        #[doc = $title]
        pub(in crate::formats) static $name: OpenDocument = OpenDocument { info: &$info, kind: $kind };
        )*
    };
}

kinds! {
    ODT ODT_INFO "odt" "OpenDocument text" "document" "text" ["odt" "ott"];
    ODS ODS_INFO "ods" "OpenDocument spreadsheet" "sheet" "spreadsheet" ["ods" "ots"];
    ODP ODP_INFO "odp" "OpenDocument presentation" "slides" "presentation" ["odp" "otp"];
    ODG ODG_INFO "odg" "OpenDocument drawing" "drawing" "graphics" ["odg" "otg"];
    ODF ODF_INFO "odf" "OpenDocument formula" "formula" "formula" ["odf" "otf"];
}

const ROWS: &[Row] = &[MIMETYPE, CONTENT, SETTINGS, PICTURES, OBJECTS, MANIFEST];
const VOCABULARY: &[&str] = &[
    PREFIX,
    "content.xml",
    "styles.xml",
    "settings.xml",
    "META-INF/manifest.xml",
    "mimetype",
];

const MIMETYPE: Row = Row {
    what: "mimetype",
    when: "always first and stored",
    how: How::Rebuild,
    why: "programs recognise the document by it",
    spec: "ODF 1.3 part 2 §3.3",
};
const CONTENT: Row = Row {
    what: "content.xml and styles.xml",
    when: "elements and attributes of the standard and of LibreOffice that are shown",
    how: How::Rebuild,
    why: "text, tables, drawings and how they look",
    spec: "ODF 1.3 part 3; MathML 3",
};
const SETTINGS: Row = Row {
    what: "settings.xml",
    when: "numbers and switches that change the layout",
    how: How::Rebuild,
    why: "lines and pages break in the same places",
    spec: "ODF 1.3 part 3 §3.10",
};
const PICTURES: Row = Row {
    what: "pictures, films and fonts",
    when: "the document refers to them and they can be cleaned by their own format; fonts as they are",
    how: How::Verbatim,
    why: "they are shown",
    spec: "ODF 1.3 part 3 §10.4",
};
const OBJECTS: Row = Row {
    what: "documents in folders of their own",
    when: "the document refers to them",
    how: How::Rebuild,
    why: "charts, formulas and sheets inside the document",
    spec: "ODF 1.3 part 3 §10.4.6",
};
const MANIFEST: Row = Row {
    what: "META-INF/manifest.xml",
    when: "always; lists what the copy contains",
    how: How::Rebuild,
    why: "programs read it first",
    spec: "ODF 1.3 part 2 §4",
};

/// An open package.
struct Package {
    archive: Archive,
    manifest: Manifest,
    mimetype: Vec<u8>,
}

impl Package {
    fn read(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let archive = zip::read(source, cx)?;
        let broken = |what: &'static str| Error::malformed(NAME, 0, what);
        if archive.has_duplicates() {
            return Err(broken("two members have the same name"));
        }
        let mimetype = archive
            .member("mimetype")
            .ok_or_else(|| broken("it does not say what it is"))?
            .read(source, cx, 256)?;
        let manifest = match archive.member("META-INF/manifest.xml") {
            Some(member) => Manifest::read(&member.read(source, cx, MAXIMUM_MANIFEST)?, cx)?,
            None => Manifest::default(),
        };
        if archive
            .member("META-INF/documentsignatures.xml")
            .is_some_and(|member| member.size > 0)
        {
            return Err(Error::unsupported(
                "the document is signed, and a copy would not be; save it without the signature and \
                 clean that",
            ));
        }
        if archive.member("content.xml").is_none() {
            return Err(broken("it has no content"));
        }
        Ok(Self {
            archive,
            manifest,
            mimetype,
        })
    }

    fn open<'s>(
        &self,
        source: &Source<'s>,
        name: &str,
        cx: &Context<'_>,
    ) -> Result<Option<Opened<'s>>> {
        self.archive
            .member(name)
            .map(|member| Opened::new(source, member, cx))
            .transpose()
    }

    /// Follows the references from the main document, in the order in which they occur: folders of documents and other members in use.
    fn reach(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Reached> {
        let links = Links::default();
        let mut reached = Reached::default();
        reached.document(String::new());
        let mut next = 0;
        while let Some(base) = reached.order.get(next).cloned() {
            cx.item()?;
            next = next.saturating_add(1);
            for file in ["content.xml", "styles.xml"] {
                let name = format!("{base}{file}");
                let Some(opened) = self.open(source, &name, cx)? else {
                    continue;
                };
                let part = Part {
                    name: file,
                    base: &base,
                    copy_base: &base,
                    links: &links,
                };
                let outcome = filter::filter(&opened.source(), part, cx, &mut |_| Ok(()))?;
                for path in outcome.used {
                    let folder = format!("{path}/");
                    let content = format!("{folder}content.xml");
                    if self.archive.member(&content).is_some() {
                        reached.document(folder);
                    } else {
                        reached.files.insert(path);
                    }
                }
            }
        }
        Ok(reached)
    }
}

/// What the main document refers to, directly or not.
#[derive(Default)]
struct Reached {
    /// Folders of documents, and what they are called in the copy.
    documents: BTreeMap<String, String>,
    /// The folders in the order in which they are referred to first.
    order: Vec<String>,
    files: BTreeSet<String>,
}

impl Reached {
    /// Notes a folder of a document, and numbers it.
    fn document(&mut self, base: String) {
        let copy = match self.order.len() {
            0 => String::new(),
            number => format!("Object {number}/"),
        };
        if !self.documents.contains_key(&base) {
            self.order.push(base.clone());
            self.documents.insert(base, copy);
        }
    }

    /// The folder in the copy of the document to which a file belongs.
    fn owner(&self, path: &str) -> &str {
        let mut folder = path;
        while let Some((outer, _)) = folder.rsplit_once('/') {
            if let Some(copy) = self.documents.get(&format!("{outer}/")) {
                return copy;
            }
            folder = outer;
        }
        ""
    }
}

/// What a member is that nothing shows, by its name.
fn dropped(name: &str) -> (&'static str, Category, Severity, &'static str) {
    let first = name.split('/').next().unwrap_or_default();
    match first {
        "Thumbnails" => (
            "odf.thumb",
            Category::Image,
            Severity::High,
            "a preview of the first page, as it was when saved",
        ),
        "ObjectReplacements" => (
            "odf.preview",
            Category::Image,
            Severity::Low,
            "a preview of an embedded object",
        ),
        "Versions" | "VersionList.xml" => (
            "odf.versions",
            Category::History,
            Severity::High,
            "earlier versions of the document",
        ),
        "Basic" | "Scripts" | "Dialogs" => (
            "odf.script",
            Category::History,
            Severity::Medium,
            "macros and scripts",
        ),
        "Configurations2" | "layout-cache" | "current.xml" => (
            "odf.cache",
            Category::Device,
            Severity::Low,
            "settings of the program",
        ),
        "manifest.rdf" => (
            "odf.rdf",
            Category::Unknown,
            Severity::Low,
            "statements about the document",
        ),
        "META-INF" => (
            "odf.signature",
            Category::Person,
            Severity::High,
            "signatures and other statements about the file",
        ),
        "Pictures" | "Media" | "media" => (
            "odf.unused",
            Category::Image,
            Severity::High,
            "a picture that the document does not show any more",
        ),
        _ => (
            "odf.unknown",
            Category::Unknown,
            Severity::Medium,
            "a file that is not part of the document",
        ),
    }
}

/// Where a file of the package is located in the copy.
fn folder(path: &str) -> &'static str {
    let folder = path.rsplit_once('/').map(|(folder, _)| folder);
    match folder.and_then(|folder| folder.rsplit('/').next()) {
        Some("Media" | "media") => "Media/",
        Some("Fonts") => "Fonts/",
        Some("ObjectReplacements") => "ObjectReplacements/",
        _ => "Pictures/",
    }
}

/// Whether a file is a font.
fn is_font(head: &[u8]) -> bool {
    [
        &b"\0\x01\0\0"[..],
        b"OTTO",
        b"ttcf",
        b"true",
        b"wOFF",
        b"wOF2",
    ]
    .iter()
    .any(|magic| head.starts_with(magic))
}

/// A copy in the making.
struct Copy<'a, 'c> {
    cx: &'c Context<'a>,
    packer: Packer<'a>,
    found: Found,
    residue: Vec<Finding>,
    links: Links,
    /// Path and media type of what is written.
    entries: Vec<(String, String)>,
    /// How many files of a kind each folder has.
    numbers: BTreeMap<(String, &'static str), u32>,
}

impl Copy<'_, '_> {
    /// A picture or another file that the document refers to.
    fn file(
        &mut self,
        source: &Source<'_>,
        member: &Member,
        owner: &str,
        manifest: &Manifest,
    ) -> Result<()> {
        let opened = Opened::new(source, member, self.cx)?;
        opened.report(member, &mut self.found);
        let content = opened.source();
        let kind = manifest
            .types
            .get(&member.name)
            .cloned()
            .unwrap_or_default();
        let mut name = |noun: &'static str, extension: &str| {
            let folder = format!("{owner}{}", folder(&member.name));
            let number = self.numbers.entry((folder.clone(), noun)).or_default();
            *number = number.saturating_add(1);
            format!("{folder}{noun}-{number}.{extension}")
        };
        let copy = if is_font(&content.peek(0, 4)?) {
            let copy = name("font", "ttf");
            self.packer.copy(&copy, member, &opened);
            copy
        } else {
            match self.cx.examine_nested(&content) {
                Ok(Some(inside)) => {
                    let info = inside.format;
                    let copy = name(info.noun, info.extensions.first().copied().unwrap_or("bin"));
                    let plan = inside.told(&member.name, &mut self.found, &mut self.residue);
                    self.packer.planned(&copy, member, &opened, &plan)?;
                    copy
                }
                Ok(None) => return self.left_out(member),
                Err(Error::Malformed { .. } | Error::Unsupported { .. }) => {
                    return self.left_out(member);
                }
                Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return self.left_out(member);
                }
                Err(error) => return Err(error),
            }
        };
        self.entries.push((copy.clone(), kind));
        self.links.members.insert(member.name.clone(), Some(copy));
        Ok(())
    }

    /// A file that cannot be cleaned.
    fn left_out(&mut self, member: &Member) -> Result<()> {
        self.links.members.insert(member.name.clone(), None);
        let finding = Finding::new(
            "odf.left_out",
            Category::Image,
            Severity::Medium,
            "content",
            "a picture or object of a kind that cannot be cleaned is not in the copy",
        );
        if !self.residue.iter().any(|known| known.id == finding.id) {
            self.residue.push(finding);
        }
        let what = "a picture or object of a kind that cannot be cleaned";
        let finding = Finding::new("odf.object", Category::Image, Severity::High, NAME, what);
        self.found.findings.push(finding.bytes(member.size));
        Ok(())
    }

    /// A member that nothing shows.
    fn dropped(&mut self, source: &Source<'_>, member: &Member) -> Result<()> {
        if member.kind != Kind::File || member.size == 0 {
            return Ok(());
        }
        let (id, category, severity, what) = dropped(&member.name);
        let opened = Opened::new(source, member, self.cx)?;
        let content = opened.source();
        let finding = Finding::new(id, category, severity, NAME, what);
        self.found
            .findings
            .push(finding.bytes(member.size).role(Role::Other));
        let inner = self.cx.inspect_nested(&content)?;
        self.found.merge(&member.name, inner);
        Ok(())
    }

    /// A part that is read element by element.
    fn part(
        &mut self,
        source: &Source<'_>,
        member: &Member,
        base: &str,
        copy_base: &str,
    ) -> Result<()> {
        let opened = Opened::new(source, member, self.cx)?;
        opened.report(member, &mut self.found);
        let file = member.name.strip_prefix(base).unwrap_or_default();
        let name = format!("{copy_base}{file}");
        let content = opened.source();
        let cx = self.cx;
        if file == "settings.xml" {
            let found = &mut self.found;
            self.packer.rewritten(&name, member, &opened, |sink| {
                settings::filter(&content, &name, cx, found, sink)
            })?;
        } else {
            let part = Part {
                name: file,
                base,
                copy_base,
                links: &self.links,
            };
            let mut outcome = filter::Outcome::default();
            self.packer.rewritten(&name, member, &opened, |sink| {
                outcome = filter::filter(&content, part, cx, sink)?;
                Ok(())
            })?;
            self.found.extend(outcome.found);
            for finding in outcome.residue {
                if !self.residue.iter().any(|known| known.what == finding.what) {
                    self.residue.push(finding);
                }
            }
        }
        self.entries.push((name, "text/xml".to_owned()));
        Ok(())
    }
}

impl Format for OpenDocument {
    fn info(&self) -> &'static Info {
        self.info
    }

    fn recognize(&self, head: &[u8]) -> bool {
        let len = |at: usize| {
            head.get(at..)
                .and_then(|rest| crate::bytes::Order::Little.u16(rest))
        };
        let is_first = head.starts_with(b"PK\x03\x04") && head.get(30..38) == Some(b"mimetype");
        let extra = len(28).map(usize::from).unwrap_or_default();
        let kind = head.get(extra.saturating_add(38)..).unwrap_or_default();
        let kind = kind.strip_prefix(PREFIX.as_bytes()).unwrap_or_default();
        let Some(rest) = kind.strip_prefix(self.kind.as_bytes()) else {
            return false;
        };
        is_first && (rest.starts_with(b"-template") || !rest.first().is_some_and(|c| *c == b'-'))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let package = Package::read(source, cx)?;
        let reached = package.reach(source, cx)?;
        let mut copy = Copy {
            cx,
            packer: Packer::new(cx),
            found: Found::default(),
            residue: Vec::new(),
            links: Links::default(),
            entries: Vec::new(),
            numbers: BTreeMap::new(),
        };
        package::report(&package.archive, source, cx, &mut copy.found)?;
        let is_template = package.mimetype.ends_with(b"-template");
        let kind = format!(
            "{PREFIX}{}{}",
            self.kind,
            if is_template { "-template" } else { "" }
        );
        copy.packer.stored("mimetype", kind.clone().into_bytes());

        for member in &package.archive.members {
            if reached.files.contains(&member.name) && member.kind == Kind::File {
                let owner = reached.owner(&member.name);
                copy.file(source, member, owner, &package.manifest)?;
            }
        }
        for (base, name) in &reached.documents {
            let trimmed = |path: &str| path.trim_end_matches('/').to_owned();
            copy.links
                .members
                .insert(trimmed(base), Some(trimmed(name)));
        }
        copy.links.is_complete = true;
        for base in &reached.order {
            let copy_base = reached.documents.get(base).cloned().unwrap_or_default();
            if let Some(kind) = package.manifest.types.get(base)
                && kind.starts_with(PREFIX)
                && !base.is_empty()
            {
                copy.entries.push((copy_base.clone(), kind.clone()));
            }
            for file in ["content.xml", "styles.xml", "settings.xml"] {
                if let Some(member) = package.archive.member(&format!("{base}{file}")) {
                    copy.part(source, member, base, &copy_base)?;
                }
            }
        }
        let written = |name: &str| {
            let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
            let base = if folder.is_empty() {
                String::new()
            } else {
                format!("{folder}/")
            };
            matches!(file, "content.xml" | "styles.xml" | "settings.xml")
                && reached.documents.contains_key(&base)
        };
        for member in &package.archive.members {
            cx.item()?;
            let name = member.name.as_str();
            if matches!(name, "mimetype" | "META-INF/manifest.xml")
                || written(name)
                || reached.files.contains(name)
            {
                continue;
            }
            if name.ends_with("meta.xml") && !name.starts_with("META-INF") {
                let opened = Opened::new(source, member, cx)?;
                meta::report(&opened.source(), name, cx, &mut copy.found)?;
            } else {
                copy.dropped(source, member)?;
            }
        }

        for base in &reached.order {
            for file in ["content.xml", "styles.xml"] {
                if let Some(opened) = package.open(source, &format!("{base}{file}"), cx)? {
                    let part = Part {
                        name: file,
                        base,
                        copy_base: base,
                        links: &copy.links,
                    };
                    let secrets = &mut copy.found.secrets;
                    filter::allow_shown(&opened.source(), part, cx, secrets)?;
                }
            }
        }

        let manifest = package.manifest.write(&kind, &copy.entries);
        let name = "META-INF/manifest.xml";
        match package.archive.member(name) {
            Some(member) => {
                let opened = Opened::new(source, member, cx)?;
                copy.packer
                    .rewritten(name, member, &opened, |sink| sink(&manifest))?;
            }
            None => copy
                .packer
                .made(name, Method::Deflated, |sink| sink(&manifest))?,
        }
        let plan = copy.packer.finish()?;
        package::account_for_headers(&plan, source, cx, &mut copy.found)?;
        Ok(Examined::rebuilt(copy.found, copy.residue, plan))
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let package = Package::read(source, cx)?;
        let reached = package.reach(source, cx)?;
        let mut hasher = Hasher::new();
        let mut pictures: BTreeMap<String, Option<Digest>> = BTreeMap::new();
        for base in &reached.order {
            for file in ["styles.xml", "content.xml"] {
                let Some(opened) = package.open(source, &format!("{base}{file}"), cx)? else {
                    continue;
                };
                hasher.label(file, 0);
                digest::part(
                    &opened.source(),
                    base,
                    cx,
                    &mut hasher,
                    &mut |path, hasher| {
                        if !pictures.contains_key(path) {
                            let digest = picture(&package, source, path, cx)?;
                            pictures.insert(path.to_owned(), digest);
                        }
                        if let Some(Some(digest)) = pictures.get(path) {
                            hasher.label("picture", 0);
                            hasher.bytes(&digest.0.to_be_bytes());
                        }
                        Ok(())
                    },
                )?;
            }
        }
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        let package = Package::read(source, cx)?;
        for member in &package.archive.members {
            sink.structure("name", member.name.as_bytes())?;
        }
        for member in &package.archive.members {
            let opened = Opened::unchecked(source, member, cx)?;
            let content = opened.source();
            if member.name.ends_with(".xml") {
                markup(&content, cx, sink)?;
                continue;
            }
            sink.structure("member", &[])?;
            if !opened.is_stored() {
                content.for_each(content.whole(), |piece| sink.structure("member", piece))?;
            }
            cx.streams_nested(&content, sink)?;
        }
        Ok(())
    }
}

/// The payload of a picture; `None` for one that no copy contains.
fn picture(
    package: &Package,
    source: &Source<'_>,
    path: &str,
    cx: &Context<'_>,
) -> Result<Option<Digest>> {
    let Some(opened) = package.open(source, path, cx)? else {
        return Ok(None);
    };
    let content = opened.source();
    let is_refused = |error: &Error| {
        error.is_refusal() && !matches!(error, Error::LimitExceeded { .. })
            || matches!(error, Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof)
    };
    match cx.examine_nested(&content) {
        Ok(Some(_)) => {}
        Ok(None) => return Ok(None),
        Err(error) if is_refused(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    Ok(cx.payload_nested(&content)?.map(|(_, digest)| digest))
}

/// Text and values of a part.
fn markup(source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
    stream::read(Reading::new(source), cx, &|_, _| true, &mut |piece| {
        match piece {
            Piece::Open(element, _) => {
                for attribute in &element.attributes {
                    let name = attribute.name.as_str();
                    // Names of styles and sheets, and values of cells, are seen by the reader.
                    if filter::is_structure(name) {
                        sink.structure("attribute", attribute.value.as_bytes())?;
                        sink.structure("attribute", b"\0")?;
                    } else {
                        sink.content("value", attribute.value.as_bytes())?;
                        sink.content("value", b"\0")?;
                    }
                }
            }
            Piece::Node(Node::Text(text)) => sink.content("text", text.as_bytes())?,
            Piece::Node(Node::Comment(text) | Node::Instruction(text)) => {
                sink.structure("comment", text.as_bytes())?;
            }
            Piece::Node(Node::Element(_)) | Piece::Close => {}
        }
        Ok(())
    })
}
