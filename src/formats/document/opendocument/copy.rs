//! The copy of a package: which members it contains, under which names.

use std::collections::BTreeMap;

use super::NAME;
use super::filter::{self, Part};
use super::hidden::Named;
use super::links::Links;
use super::manifest::Manifest;
use super::meta;
use super::settings;
use crate::bytes::{Context, Source};
use crate::containers::zip::{Kind, Member};
use crate::formats::common::package::{Opened, Packer, is_font, is_of_file};
use crate::model::{Category, Finding, Found, Result, Role, Severity, len_u64};

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

/// A copy in the making.
pub(super) struct Copy<'a, 'c> {
    pub(super) cx: &'c Context<'a>,
    pub(super) packer: Packer<'a>,
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    pub(super) links: Links,
    /// Path and media type of what is written.
    pub(super) entries: Vec<(String, String)>,
    /// How many files of a kind each folder has.
    pub(super) numbers: BTreeMap<(String, &'static str), u32>,
}

impl Copy<'_, '_> {
    /// A picture or another file that the document refers to.
    pub(super) fn file(
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
                    let info = inside.kind.info;
                    let copy = name(info.noun, info.extensions.first().copied().unwrap_or("bin"));
                    let plan = inside.told(&member.name, &mut self.found, &mut self.residue);
                    self.packer.planned(&copy, member, &opened, &plan)?;
                    copy
                }
                Ok(None) => return self.left_out(member),
                Err(error) if is_of_file(&error) => return self.left_out(member),
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
        left_out(member.size, &mut self.found, &mut self.residue);
        Ok(())
    }

    /// A member that nothing shows.
    pub(super) fn dropped(&mut self, source: &Source<'_>, member: &Member) -> Result<()> {
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

    /// The properties of a document; of one that the copy contains, the program remains.
    pub(super) fn properties(
        &mut self,
        source: &Source<'_>,
        member: &Member,
        copy_base: Option<&str>,
    ) -> Result<()> {
        let opened = Opened::new(source, member, self.cx)?;
        let content = opened.source();
        let mut found = Found::default();
        let generator = meta::report(&content, &member.name, self.cx, &mut found)?;
        let written = copy_base.and(generator.as_deref()).map(meta::written);
        let is_same = match &written {
            Some(written) if len_u64(written.len()) == content.len() => {
                *content.read(content.whole())? == **written
            }
            _ => false,
        };
        if !is_same {
            self.found.extend(found);
        }
        if let (Some(written), Some(base)) = (written, copy_base) {
            let name = format!("{base}meta.xml");
            self.packer
                .rewritten(&name, member, &opened, |sink| sink(&written))?;
            self.found
                .secrets
                .allow(generator.as_deref().unwrap_or_default());
            self.entries.push((name, "text/xml".to_owned()));
        }
        Ok(())
    }

    /// A part that is read element by element.
    pub(super) fn part(
        &mut self,
        source: &Source<'_>,
        member: &Member,
        base: &str,
        copy_base: &str,
        named: &Named,
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
                named,
                is_flat: false,
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

/// Adds what is said of a picture or object that cannot be cleaned.
pub(super) fn left_out(len: u64, found: &mut Found, residue: &mut Vec<Finding>) {
    let finding = Finding::new(
        "odf.left_out",
        Category::Image,
        Severity::Medium,
        "content",
        "a picture or object of a kind that cannot be cleaned is not in the copy",
    );
    if !residue.iter().any(|known| known.id == finding.id) {
        residue.push(finding);
    }
    let what = "a picture or object of a kind that cannot be cleaned";
    let finding = Finding::new("odf.object", Category::Image, Severity::High, NAME, what);
    found.findings.push(finding.bytes(len));
}
