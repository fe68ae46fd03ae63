//! OpenDocument (ISO/IEC 26300; OASIS *Open Document Format for Office Applications* 1.3): text documents,
//! sheets, presentations, drawings, formulas and their templates, in a ZIP package or in one file of XML.

mod binary;
mod copy;
mod digest;
mod filter;
mod flat;
mod hidden;
mod links;
mod manifest;
mod members;
mod meta;
mod rules;
mod settings;
mod sheets;
mod spaces;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::bytes::{Context, Hasher, Source, Streams};
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::Node;
use crate::containers::zip::{Kind, Method};
use crate::formats::common::package::{self, Opened, Packer, Reading, is_of_file};
use crate::formats::format::{Format, Info};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Examined, Found, How, Result, Row};
use copy::Copy;
use digest::Shown;
use filter::Part;
use links::Links;
use members::Package;

/// Name in errors.
const NAME: &str = "OpenDocument";
/// Media types begin with this.
const PREFIX: &str = "application/vnd.oasis.opendocument.";
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
    ODT ODT_INFO "odt" "OpenDocument text" "document" "text" ["odt" "ott" "fodt"];
    ODS ODS_INFO "ods" "OpenDocument spreadsheet" "sheet" "spreadsheet" ["ods" "ots" "fods"];
    ODP ODP_INFO "odp" "OpenDocument presentation" "slides" "presentation" ["odp" "otp" "fodp"];
    ODG ODG_INFO "odg" "OpenDocument drawing" "drawing" "graphics" ["odg" "otg" "fodg"];
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
    include_str!("settings.txt"),
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

impl Format for OpenDocument {
    fn info(&self) -> &'static Info {
        self.info
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let flat = flat::kind(probe.head());
        let of_package = || probe.mimetype()?.strip_prefix(PREFIX.as_bytes());
        let kind = flat.or_else(of_package)?.trim_ascii_end();
        let (name, is_template) = match kind.strip_suffix(b"-template") {
            Some(name) => (name, true),
            None => (kind, false),
        };
        // Extensions of a package, of a template and of a flat file, in this order.
        let at = match (flat, is_template) {
            (Some(_), _) => 2,
            (None, template) => usize::from(template),
        };
        let matched = Confidence::Content.when(name == self.kind.as_bytes())?;
        Some(match self.info.extensions.get(at..=at) {
            Some(extensions) => matched.with_extensions(extensions),
            None => matched,
        })
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        if flat::is_flat(source)? {
            return self.examine_flat(source, cx);
        }
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
            let named = package.named(source, base, cx)?;
            for file in ["content.xml", "styles.xml", "settings.xml"] {
                if let Some(member) = package.archive.member(&format!("{base}{file}")) {
                    copy.part(source, member, base, &copy_base, &named)?;
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
                let base = name.strip_suffix("meta.xml").unwrap_or_default();
                let copy_base = reached.documents.get(base).map(String::as_str);
                copy.properties(source, member, copy_base)?;
            } else {
                copy.dropped(source, member)?;
            }
        }

        for base in &reached.order {
            let named = package.named(source, base, cx)?;
            for file in ["content.xml", "styles.xml"] {
                if let Some(opened) = package.open(source, &format!("{base}{file}"), cx)? {
                    let part = Part {
                        name: file,
                        base,
                        copy_base: base,
                        links: &copy.links,
                        named: &named,
                        is_flat: false,
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
        if flat::is_flat(source)? {
            return Self::flat_digest(source, cx);
        }
        let package = Package::read(source, cx)?;
        let reached = package.reach(source, cx)?;
        let mut hasher = Hasher::new();
        let mut pictures: BTreeMap<String, Option<Digest>> = BTreeMap::new();
        for base in &reached.order {
            let named = package.named(source, base, cx)?;
            for file in ["styles.xml", "content.xml"] {
                let Some(opened) = package.open(source, &format!("{base}{file}"), cx)? else {
                    continue;
                };
                hasher.label(file, 0);
                digest::part(
                    &opened.source(),
                    base,
                    &named,
                    cx,
                    &mut hasher,
                    &mut |file, hasher| {
                        let path = match file {
                            Shown::Member(path) => path,
                            Shown::Embedded(bytes) => {
                                return embedded(bytes, cx, hasher);
                            }
                        };
                        if !pictures.contains_key(path) {
                            let digest = picture(&package, source, path, cx)?;
                            pictures.insert(path.to_owned(), digest);
                        }
                        if let Some(Some(digest)) = pictures.get(path) {
                            take(*digest, hasher);
                        }
                        Ok(())
                    },
                )?;
            }
        }
        Ok(hasher.finish())
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        if flat::is_flat(source)? {
            return markup(source, cx, sink);
        }
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
                // Its own format knows which text of a drawing is shown.
                let is_known = cx.identify_nested(&content)?.is_some();
                content.for_each(content.whole(), |piece| match is_known {
                    true => sink.content("member", piece),
                    false => sink.structure("member", piece),
                })?;
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
    match package.open(source, path, cx)? {
        Some(opened) => shown(&opened.source(), cx),
        None => Ok(None),
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

/// Takes the payload of a file in base64.
fn embedded(bytes: &[u8], cx: &Context<'_>, hasher: &mut Hasher) -> Result<()> {
    if let Some(digest) = shown(&Source::memory(bytes), cx)? {
        take(digest, hasher);
    }
    Ok(())
}

fn take(digest: Digest, hasher: &mut Hasher) {
    hasher.label("picture", 0);
    hasher.bytes(&digest.0.to_be_bytes());
}

/// Text and values of a part.
fn markup(source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
    let mut embedded: Option<String> = None;
    stream::read(Reading::new(source), cx, &|_, _| true, &mut |piece| {
        match piece {
            Piece::Open(element, _) => {
                if element.name == "binary-data" {
                    embedded = Some(String::new());
                }
                for attribute in &element.attributes {
                    let name = attribute.name.as_str();
                    // Names of styles and sheets, and values of cells, are seen by the reader.
                    if filter::is_structure(name, &attribute.value) {
                        sink.structure("attribute", attribute.value.as_bytes())?;
                        sink.structure("attribute", b"\0")?;
                    } else {
                        sink.content("value", attribute.value.as_bytes())?;
                        sink.content("value", b"\0")?;
                    }
                }
            }
            Piece::Node(Node::Text(text)) => match &mut embedded {
                Some(embedded) => embedded.push_str(&text),
                None => sink.content("text", text.as_bytes())?,
            },
            Piece::Node(Node::Comment(text) | Node::Instruction(text)) => {
                sink.structure("comment", text.as_bytes())?;
            }
            Piece::Node(Node::Element(_)) => {}
            Piece::Close => {
                let text = embedded.take().unwrap_or_default();
                if let Some(bytes) = binary::decoded(&text, cx)?
                    && !bytes.is_empty()
                {
                    sink.structure("member", &[])?;
                    sink.structure("member", &bytes)?;
                    cx.streams_nested(&Source::memory(&bytes), sink)?;
                }
            }
        }
        Ok(())
    })
}
