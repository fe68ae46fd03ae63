//! The members of a package, and which of them the document shows.

use std::collections::{BTreeMap, BTreeSet};

use super::NAME;
use super::filter::{self, Part};
use super::hidden::Named;
use super::links::Links;
use super::manifest::Manifest;
use crate::bytes::{Context, Source};
use crate::containers::zip::{self, Archive};
use crate::formats::common::package::Opened;
use crate::model::{Error, Result};

/// Maximum length of a manifest, in bytes: one line a picture.
const MAXIMUM_MANIFEST: u64 = 16 << 20;

/// An open package.
pub(super) struct Package {
    pub(super) archive: Archive,
    pub(super) manifest: Manifest,
    pub(super) mimetype: Vec<u8>,
}

impl Package {
    pub(super) fn read(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
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
            && !cx.policy().allow_signed
        {
            return Err(Error::unsupported(
                "the document is signed, and a copy would not be; save it without the signature and \
                 clean that",
            ));
        }
        // Templates may consist of styles alone (ODF 1.3 part 3 §3.1.3.1).
        let has = |name| archive.member(name).is_some();
        if !has("content.xml") && !has("styles.xml") {
            return Err(broken("it has no content"));
        }
        Ok(Self {
            archive,
            manifest,
            mimetype,
        })
    }

    pub(super) fn open<'s>(
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

    /// What the styles of a document hide.
    pub(super) fn named(&self, source: &Source<'_>, base: &str, cx: &Context<'_>) -> Result<Named> {
        match self.open(source, &format!("{base}styles.xml"), cx)? {
            Some(opened) => Named::find(&opened.source(), cx),
            None => Ok(Named::default()),
        }
    }

    /// Follows the references from the main document, in the order in which they occur: folders of documents and other members in use.
    pub(super) fn reach(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Reached> {
        let links = Links::default();
        let mut reached = Reached::default();
        reached.document(String::new());
        let mut next = 0;
        while let Some(base) = reached.order.get(next).cloned() {
            cx.item()?;
            next = next.saturating_add(1);
            let named = self.named(source, &base, cx)?;
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
                    named: &named,
                    is_flat: false,
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
pub(super) struct Reached {
    /// Folders of documents, and what they are called in the copy.
    pub(super) documents: BTreeMap<String, String>,
    /// The folders in the order in which they are referred to first.
    pub(super) order: Vec<String>,
    pub(super) files: BTreeSet<String>,
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
    pub(super) fn owner(&self, path: &str) -> &str {
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
