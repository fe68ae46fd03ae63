//! The walk through a package: every part that leads from the root, filtered and packed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::bytes::{Context, Source};
use crate::containers::xml::stream::Piece;
use crate::containers::xml::tree::Node;
use crate::containers::xml::write::Writer;
use crate::containers::zip::{Archive, Member};
use crate::formats::common::package::{self as container, Opened, Packer};
use crate::model::{Error, Examined, Finding, Found, Policy, Result};

use super::dropped;
use super::filter::{Filter, Link};
use super::graph::{self, Class};
use super::metafile;
use super::names;
use super::open;
use super::package::{self, Relationship, TYPES_PART, Types};
use super::report::{self as kind, Report};
use super::streams;

/// How much of a part is collected before it is compressed, in bytes.
const PIECE: usize = 32 << 10;

/// What one walk brings.
pub(super) fn examine(
    archive: &Archive,
    source: &Source<'_>,
    types: &Types,
    main: &str,
    cx: &Context<'_>,
) -> Result<Examined> {
    let mut container = Found::default();
    container::report(archive, source, cx, &mut container)?;
    let mut walk = Walk {
        archive,
        source,
        types,
        cx,
        packer: Packer::new(cx),
        report: Report::default(),
        strings: BTreeSet::new(),
        slide: None,
        parts: Vec::new(),
        inside: BTreeMap::new(),
        gone: BTreeSet::new(),
    };
    walk.root(main)?;
    walk.finish(container)
}

struct Walk<'a, 'b> {
    archive: &'a Archive,
    source: &'a Source<'a>,
    types: &'a Types,
    cx: &'a Context<'b>,
    packer: Packer<'b>,
    report: Report,
    strings: BTreeSet<u64>,
    slide: Option<(i64, i64)>,
    /// Parts of the copy and their content types.
    parts: Vec<(String, String)>,
    /// Files inside that were looked at; `None` for those that cannot be retained.
    inside: BTreeMap<String, Option<Inside>>,
    /// Parts that are removed and were reported.
    gone: BTreeSet<String>,
}

/// A file inside that is packed.
struct Inside {
    residue: Vec<Finding>,
    is_used: bool,
}

impl<'a> Walk<'a, '_> {
    fn root(&mut self, main: &str) -> Result<()> {
        let mut kept = Vec::new();
        for relationship in open::relationships(self.archive, self.source, "", self.cx)? {
            let target = package::resolve("", &relationship.target);
            if relationship.name() == "officeDocument"
                && target.as_deref() == Some(main)
                && kept.is_empty()
            {
                kept.push(relationship);
            } else {
                self.remove(
                    "",
                    &relationship,
                    target.as_deref(),
                    graph::class(&relationship),
                )?;
            }
        }
        self.pack_relationships("", kept)?;
        let mut seen = BTreeSet::from([main.to_owned()]);
        let mut stack = vec![main.to_owned()];
        let mut last = Vec::new();
        while let Some(part) = stack.pop().or_else(|| last.pop()) {
            self.cx.item()?;
            let targets = self.part(&part)?;
            for (target, class) in targets.into_iter().rev() {
                if !seen.insert(target.clone()) {
                    continue;
                }
                // Which of them are used is known when all sheets are.
                if class == "sharedStrings" {
                    last.push(target);
                } else {
                    stack.push(target);
                }
            }
        }
        Ok(())
    }

    /// Packs one part. Returns the parts that it leads to, and the names of their relationships.
    fn part(&mut self, part: &str) -> Result<Vec<(String, String)>> {
        let Some(member) = self.archive.member(part) else {
            return Ok(Vec::new());
        };
        let content_type = graph::content_type(self.types, part);
        self.parts.push((part.to_owned(), content_type.clone()));
        let relationships = open::relationships(self.archive, self.source, part, self.cx)?;
        let mut links = HashMap::new();
        for relationship in &relationships {
            let link = self.link(part, relationship)?;
            links.insert(relationship.id.clone(), link);
        }
        let used = if part.to_lowercase().ends_with(".bin") {
            let opened = Opened::new(self.source, member, self.cx)?;
            self.packer.copy(part, member, &opened);
            BTreeSet::new()
        } else {
            self.xml(part, member, &links)?
        };
        let mut kept = Vec::new();
        let mut targets = Vec::new();
        for relationship in relationships {
            let class = graph::class(&relationship);
            let is_kept = links.get(&relationship.id) == Some(&Link::Kept);
            let is_implied = matches!(class, Class::Implied | Class::Macros | Class::Notes);
            let is_needed = is_kept && (is_implied || used.contains(&relationship.id));
            let target = package::resolve(part, &relationship.target);
            if !is_needed {
                if is_kept && !relationship.is_external {
                    self.report.tell(kind::ANCHORED, part, "");
                }
                continue;
            }
            if !relationship.is_external
                && let Some(target) = target
            {
                match self.inside.get_mut(&target) {
                    Some(Some(inside)) => {
                        if !inside.is_used {
                            inside.is_used = true;
                            let kind = graph::content_type(self.types, &target);
                            self.parts.push((target, kind));
                        }
                    }
                    _ => targets.push((target, relationship.name().to_owned())),
                }
            }
            kept.push(relationship);
        }
        self.pack_relationships(part, kept)?;
        Ok(targets)
    }

    /// Whether the target of a relationship is retained.
    fn link(&mut self, part: &str, relationship: &Relationship) -> Result<Link> {
        let class = graph::class(relationship);
        let target = package::resolve(part, &relationship.target);
        let member = target
            .as_ref()
            .and_then(|target| self.archive.member(target));
        if relationship.is_external {
            if class == Class::Hyperlink && graph::is_public(&relationship.target) {
                return Ok(Link::Kept);
            }
            if class == Class::Hyperlink && relationship.target.starts_with('#') {
                return Ok(Link::Kept);
            }
            if matches!(class, Class::Picture | Class::Film) {
                self.report.leave(kind::NOT_SHOWN, part, "");
            }
            self.remove(part, relationship, None, class)?;
            return Ok(Link::Gone);
        }
        let (Some(target), Some(member)) = (target, member) else {
            return Ok(
                if class == Class::Hyperlink && relationship.target.starts_with('#') {
                    Link::Kept
                } else {
                    Link::Gone
                },
            );
        };
        let is_strict = self.cx.policy() == Policy::Strict;
        match class {
            Class::Implied | Class::Named => return Ok(Link::Kept),
            Class::Picture | Class::Package | Class::Film | Class::Object => {
                if self.is_inside(&target, member, class)? {
                    return Ok(Link::Kept);
                }
                if class == Class::Film {
                    return Err(Error::unsupported(
                        "a sound or film inside that cannot be cleaned; delete it in the program that the \
                         document is from, and clean the document then",
                    ));
                }
                if class == Class::Picture {
                    self.report.leave(kind::NOT_SHOWN, &target, "");
                }
                let what = if class == Class::Picture {
                    kind::UNKNOWN_PART
                } else {
                    kind::OBJECT
                };
                self.remove(part, relationship, Some(&target), Class::Gone(what))?;
                return Ok(Link::Gone);
            }
            Class::Macros if !is_strict => {
                self.report.leave(kind::MACROS, &target, "");
                return Ok(Link::Kept);
            }
            Class::Notes if !is_strict => return Ok(Link::Kept),
            Class::Macros => {
                self.remove(part, relationship, Some(&target), Class::Gone(kind::MACROS))?
            }
            Class::Notes => {
                self.remove(part, relationship, Some(&target), Class::Gone(kind::NOTES))?
            }
            Class::Hyperlink => return Ok(Link::Gone),
            Class::Refused(why) => return Err(Error::unsupported(why)),
            Class::Gone(_) => self.remove(part, relationship, Some(&target), class)?,
        }
        Ok(Link::Gone)
    }

    /// Whether a file inside can be retained. Packs it when it is seen for the first time.
    fn is_inside(&mut self, part: &str, member: &Member, class: Class) -> Result<bool> {
        if let Some(known) = self.inside.get(part) {
            return Ok(known.is_some());
        }
        let packed = match self.pack_inside(part, member, class) {
            Ok(packed) => packed,
            Err(error) if open::is_about_file(&error) => None,
            Err(error) => return Err(error),
        };
        let is_packed = packed.is_some();
        self.inside.insert(part.to_owned(), packed);
        Ok(is_packed)
    }

    fn pack_inside(&mut self, part: &str, member: &Member, class: Class) -> Result<Option<Inside>> {
        let opened = Opened::new(self.source, member, self.cx)?;
        let content = opened.source();
        let mut residue = Vec::new();
        let plan = match self.cx.examine_nested(&content)? {
            // Objects of other programs are files that those wrote; of these only documents are known.
            Some(inside) if class == Class::Object && !is_document(inside.format.id) => {
                return Ok(None);
            }
            Some(inside) => inside.told(part, &mut self.report.inside, &mut residue),
            None => match metafile::clean(&content, part, &mut self.report)? {
                Some(plan) => plan,
                None => return Ok(None),
            },
        };
        opened.report(member, &mut self.report.inside);
        self.packer.planned(part, member, &opened, &plan)?;
        Ok(Some(Inside {
            residue,
            is_used: false,
        }))
    }

    /// Reports a part that is removed, or a link that is.
    fn remove(
        &mut self,
        part: &str,
        relationship: &Relationship,
        target: Option<&str>,
        class: Class,
    ) -> Result<()> {
        let what = match class {
            Class::Gone(what) => what,
            Class::Refused(why) => return Err(Error::unsupported(why)),
            _ => kind::LINK,
        };
        if relationship.name() == "origin" {
            return Err(Error::unsupported(
                "the document is signed, and no copy can have the signature; remove the signature in the \
                 program that the document is from, or export it as PDF, and clean that",
            ));
        }
        if relationship.is_external {
            self.report.tell(what, part, &relationship.target);
            return Ok(());
        }
        let Some((target, member)) =
            target.and_then(|target| Some((target, self.archive.member(target)?)))
        else {
            return Ok(());
        };
        if !self.gone.insert(target.to_owned()) {
            return Ok(());
        }
        dropped::report(what, target, self.source, member, self.cx, &mut self.report)?;
        for inner in
            open::relationships(self.archive, self.source, target, self.cx).unwrap_or_default()
        {
            if inner.is_external && !graph::is_public(&inner.target) {
                self.report.tell(kind::LINK, target, &inner.target);
            }
        }
        Ok(())
    }

    /// Packs an XML part. Returns the relationships that it uses.
    fn xml(
        &mut self,
        part: &str,
        member: &Member,
        links: &HashMap<String, Link>,
    ) -> Result<BTreeSet<String>> {
        let opened = Opened::new(self.source, member, self.cx)?;
        opened.report(member, &mut self.report.inside);
        let content = opened.source();
        let is_strict = self.cx.policy() == Policy::Strict;
        let mut filter = Filter::new(part, is_strict, links, &mut self.report, &mut self.strings);
        filter.slide = if part.contains("/slides/") {
            self.slide
        } else {
            None
        };
        let mut slide = None;
        let cx = self.cx;
        let is_same = self.packer.rewritten(part, member, &opened, |sink| {
            let mut writer = Writer::new(&names::written);
            let mut out = Vec::new();
            open::read_part(part, &content, cx, &mut |piece| {
                match piece {
                    Piece::Open(element, _) => writer.open(&filter.open(element)?, &[]),
                    Piece::Node(node) => {
                        slide = slide.or(size_of_slides(&node));
                        filter.piece(node, &mut out);
                        for node in out.drain(..) {
                            writer.node(&node);
                        }
                    }
                    Piece::Close => {
                        filter.close(&mut out);
                        for node in out.drain(..) {
                            writer.node(&node);
                        }
                        writer.close();
                    }
                }
                if writer.pending() >= PIECE {
                    sink(&writer.take())?;
                }
                Ok(())
            })?;
            sink(&writer.take())
        })?;
        let used = filter.used;
        self.slide = self.slide.or(slide);
        if !is_same {
            self.report.tell(kind::MARKUP, "", "");
        }
        Ok(used)
    }

    fn pack_relationships(&mut self, part: &str, kept: Vec<Relationship>) -> Result<()> {
        if kept.is_empty() {
            return Ok(());
        }
        let bytes = package::write_relationships(&kept);
        self.pack_bytes(&package::relationships_of(part), &bytes)
    }

    fn pack_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        if let Some(member) = self.archive.member(name) {
            let opened = Opened::new(self.source, member, self.cx)?;
            self.packer
                .rewritten(name, member, &opened, |sink| sink(bytes))?;
            return Ok(());
        }
        self.packer
            .made(name, crate::containers::zip::Method::Deflated, |sink| {
                sink(bytes)
            })
    }

    /// The copy and what is said of it.
    fn finish(mut self, container: Found) -> Result<Examined> {
        let bytes = package::write_types(&self.parts);
        self.pack_bytes(TYPES_PART, &bytes)?;
        self.packer.last_comes_first();
        let unused: Vec<String> = self
            .inside
            .iter()
            .filter(|(_, inside)| inside.as_ref().is_some_and(|inside| !inside.is_used))
            .map(|(name, _)| name.clone())
            .collect();
        for name in &unused {
            self.report.tell(kind::ANCHORED, name, "");
        }
        self.packer
            .retain(|name| !unused.iter().any(|it| it == name));
        self.unreached();
        for inside in self
            .inside
            .into_values()
            .flatten()
            .filter(|inside| inside.is_used)
        {
            self.report.inside_left.extend(inside.residue);
        }
        let packer = std::mem::replace(&mut self.packer, Packer::new(self.cx));
        let plan = packer.finish()?;
        let (mut found, residue) = std::mem::take(&mut self.report).finish();
        found.extend(container);
        // What the document shows may be in it, although its properties say it as well.
        for (name, kind) in &self.parts {
            if let Some(member) = self.archive.member(name).filter(|_| kind.ends_with("xml")) {
                streams::shown(self.source, member, self.cx, &mut |text| {
                    found.secrets.allow(text)
                })?;
            }
        }
        container::account_for_headers(&plan, self.source, self.cx, &mut found)?;
        Ok(Examined::rebuilt(found, residue, plan))
    }

    /// Members that nothing leads to.
    fn unreached(&mut self) {
        let parts: BTreeSet<String> = self.parts.iter().map(|(name, _)| name.clone()).collect();
        for member in &self.archive.members {
            let name = member.name.as_str();
            let is_own = name == TYPES_PART || name.ends_with(".rels") || name.ends_with('/');
            let is_known = is_own
                || parts.contains(name)
                || self.gone.contains(name)
                || self.inside.contains_key(name);
            if !is_known {
                self.report.tell(kind::UNKNOWN_PART, name, "");
            }
        }
    }
}

/// `p:sldSz` of a presentation.
fn size_of_slides(node: &Node) -> Option<(i64, i64)> {
    let Node::Element(element) = node else {
        return None;
    };
    if !names::is(element, "p", "sldSz") {
        return None;
    }
    Some((
        element.get("cx")?.parse().ok()?,
        element.get("cy")?.parse().ok()?,
    ))
}

fn is_document(id: &str) -> bool {
    matches!(id, "docx" | "xlsx" | "pptx" | "odt" | "ods" | "odp")
}
