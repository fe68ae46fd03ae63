//! The walk through a package: every part that leads from the root, filtered and packed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::bytes::{Context, Source};
use crate::containers::xml::stream::Piece;
use crate::containers::xml::write::Writer;
use crate::containers::zip::{Archive, Member, Method};
use crate::formats::common::package::{self as container, Opened, Packer};
use crate::model::{Error, Examined, Finding, Found, Result};

use super::dropped;
use super::filter::{Filter, Link};
use super::graph::{self, Class};
use super::hidden::Hidden;
use super::ids::{self, Ids};
use super::names;
use super::open;
use super::package::{self, Relationship, TYPES_PART, Types};
use super::parts::{self, Kind, Names};
use super::previews;
use super::program;
use super::report::{self as kind, Report};
use super::streams;

/// How much of a part is collected before it is compressed, in bytes.
const PIECE: usize = 32 << 10;
/// In front of the names of files inside, until it is known which of them are needed.
const PENDING: char = '\0';

/// What one walk brings.
pub(super) fn examine(
    package: &super::Opened,
    source: &Source<'_>,
    cx: &Context<'_>,
) -> Result<Examined> {
    let mut container = Found::default();
    container::report(&package.archive, source, cx, &mut container)?;
    let mut walk = Walk {
        archive: &package.archive,
        source,
        types: &package.types,
        cx,
        packer: Packer::new(cx),
        report: Report::default(),
        names: Names::new(package.app, &package.main, package.main_type),
        diagrams: HashMap::new(),
        links: Vec::new(),
        strings: BTreeSet::new(),
        hidden: Hidden::find(&package.archive, source, &package.main, cx)?,
        inside: BTreeMap::new(),
        gone: BTreeSet::new(),
    };
    walk.root(package)?;
    walk.finish(container)
}

struct Walk<'a, 'b> {
    archive: &'a Archive,
    source: &'a Source<'a>,
    types: &'a Types,
    cx: &'a Context<'b>,
    packer: Packer<'b>,
    report: Report,
    /// Parts of the copy.
    names: Names,
    /// Of parts that are the data of a diagram: ids of the part that leads to them.
    diagrams: HashMap<String, HashMap<String, u64>>,
    /// Targets outside that are retained.
    links: Vec<String>,
    strings: BTreeSet<u64>,
    hidden: Hidden,
    /// Files inside that were looked at; `None` for those that cannot be retained.
    inside: BTreeMap<String, Option<Inside>>,
    /// Parts that are removed and were reported.
    gone: BTreeSet<String>,
}

/// A file inside that is packed.
struct Inside {
    residue: Vec<Finding>,
    kind: Kind,
    is_document: bool,
    is_used: bool,
}

impl<'a> Walk<'a, '_> {
    fn root(&mut self, package: &super::Opened) -> Result<()> {
        let main = package.main.as_str();
        let mut kept = Vec::new();
        let mut has_program = false;
        for relationship in open::relationships(self.archive, self.source, "", self.cx)? {
            let target = package::resolve("", &relationship.target);
            if relationship.name() == "officeDocument"
                && target.as_deref() == Some(main)
                && kept.is_empty()
            {
                kept.push((1, relationship));
            } else if relationship.name() == "extended-properties" && !has_program {
                has_program = self.program(package, &relationship, target.as_deref())?;
            } else {
                let class = graph::class(&relationship);
                self.remove("", &relationship, target.as_deref(), class)?;
            }
        }
        if has_program {
            let relationship = Relationship {
                id: String::new(),
                kind: program::RELATIONSHIP.to_owned(),
                target: program::PART.to_owned(),
                is_external: false,
            };
            kept.push((2, relationship));
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

    /// Packs what the properties say of the program, if that changes how the document looks.
    fn program(
        &mut self,
        package: &super::Opened,
        relationship: &Relationship,
        target: Option<&str>,
    ) -> Result<bool> {
        let member = target.and_then(|target| self.archive.member(target));
        let (Some(target), Some(member)) = (target, member) else {
            return Ok(false);
        };
        let original = open::small(self.source, member, self.cx)?;
        let made = match program::properties(package.app, &original, self.cx) {
            Ok(made) => made,
            Err(error) if open::is_about_file(&error) => None,
            Err(error) => return Err(error),
        };
        if made.as_ref() != Some(&original) {
            let class = graph::class(relationship);
            self.remove("", relationship, Some(target), class)?;
        }
        let Some(made) = made else {
            return Ok(false);
        };
        self.names.own(target, program::PART, program::CONTENT_TYPE);
        self.pack_bytes(target, program::PART, &made)?;
        Ok(true)
    }

    /// Packs one part. Returns the parts that it leads to, and the names of their relationships.
    fn part(&mut self, part: &str) -> Result<Vec<(String, String)>> {
        let Some(member) = self.archive.member(part) else {
            return Ok(Vec::new());
        };
        if !parts::is_usual(part) {
            let name = part.rsplit('/').next().unwrap_or_default();
            self.report.tell(kind::PART_NAME, part, name);
        }
        let relationships = open::relationships(self.archive, self.source, part, self.cx)?;
        let mut links = HashMap::new();
        for relationship in &relationships {
            let link = self.link(part, relationship)?;
            links.insert(relationship.id.clone(), link);
        }
        let outer = self.diagrams.remove(part);
        let mut ids = Ids::new(outer.as_ref());
        if part.to_lowercase().ends_with(".bin") {
            let opened = Opened::new(self.source, member, self.cx)?;
            let name = self.names.of(part).unwrap_or_default();
            self.packer.copy(name, member, &opened);
        } else {
            let lost_film = relationships.iter().any(|it| {
                graph::class(it) == Class::Film && links.get(&it.id) == Some(&Link::Gone)
            });
            self.xml(part, member, &links, lost_film, &mut ids)?;
        }
        self.follow(part, relationships, &links, ids)
    }

    /// Packs the relationships of a part that a copy needs, and returns what they lead to.
    fn follow(
        &mut self,
        part: &str,
        relationships: Vec<Relationship>,
        links: &HashMap<String, Link>,
        mut ids: Ids<'_>,
    ) -> Result<Vec<(String, String)>> {
        let has_diagram = relationships
            .iter()
            .any(|it| it.name() == "diagramData" && ids.of(&it.id).is_some());
        let is_notes = self
            .names
            .of(part)
            .is_some_and(|it| it.contains("/notesSlides/"));
        let mut kept = Vec::new();
        for relationship in relationships {
            let is_kept = links.get(&relationship.id) == Some(&Link::Kept);
            let is_implied = match graph::class(&relationship) {
                Class::Implied => has_diagram || relationship.name() != "diagramDrawing",
                // Notes lead to their slide, and slides to others in links.
                Class::Named => relationship.name() == "slide" && is_notes,
                Class::Macros | Class::Notes => true,
                _ => false,
            };
            if is_kept && is_implied {
                ids.give(&relationship.id);
            }
            match ids.of(&relationship.id) {
                Some(number) if is_kept => kept.push((number, relationship)),
                _ if is_kept && !relationship.is_external && !previews::is_made(&relationship) => {
                    self.report.tell(kind::ANCHORED, part, "");
                }
                _ => {}
            }
        }
        kept.sort_by_key(|(number, _)| *number);
        let mut targets = Vec::new();
        let given = ids.take();
        for (_, relationship) in &kept {
            if relationship.is_external || relationship.target.starts_with('#') {
                self.links.push(relationship.target.clone());
                continue;
            }
            let Some(target) = package::resolve(part, &relationship.target) else {
                continue;
            };
            let class = relationship.name();
            match self.inside.get_mut(&target) {
                Some(Some(inside)) => {
                    inside.is_used = true;
                    self.names.give(&target, class, Some(inside.kind));
                }
                _ => {
                    self.names.give(&target, class, None);
                    if class == "diagramData" {
                        self.diagrams.insert(target.clone(), given.clone());
                    }
                    targets.push((target, class.to_owned()));
                }
            }
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
            if class == Class::Hyperlink && relationship.target.starts_with('#') {
                return Ok(Link::Kept);
            }
            self.report.tell(kind::DANGLING, part, &relationship.target);
            return Ok(Link::Gone);
        };
        let is_strict = self.cx.policy().strict;
        if let Some(what) = self.hidden.gone(&target) {
            self.remove(part, relationship, Some(&target), Class::Gone(what))?;
            return Ok(Link::Gone);
        }
        match class {
            Class::Implied | Class::Named => return Ok(Link::Kept),
            Class::Picture | Class::Package | Class::Film | Class::Object => {
                if self.is_inside(&target, member, class)? {
                    return Ok(Link::Kept);
                }
                let what = match class {
                    Class::Picture => kind::UNKNOWN_PART,
                    Class::Film => kind::FILM,
                    _ => kind::OBJECT,
                };
                if matches!(class, Class::Picture | Class::Film) {
                    self.report.leave(kind::NOT_SHOWN, &target, "");
                }
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
        // A check sum that is wrong is damage of the package, and not of the file inside.
        let opened = Opened::new(self.source, member, self.cx)?;
        let packed = match self.pack_inside(part, member, &opened, class) {
            Ok(packed) => packed,
            Err(error) if open::is_about_file(&error) => None,
            Err(error) => return Err(error),
        };
        let is_packed = packed.is_some();
        self.inside.insert(part.to_owned(), packed);
        Ok(is_packed)
    }

    fn pack_inside(
        &mut self,
        part: &str,
        member: &Member,
        opened: &Opened<'_>,
        class: Class,
    ) -> Result<Option<Inside>> {
        let content = opened.source();
        let mut residue = Vec::new();
        let written = self.types.of(part).unwrap_or_default();
        let Some(inside) = self.cx.examine_nested(&content)? else {
            return Ok(None);
        };
        let id = inside.kind.info.id;
        // Objects of other programs are files that those wrote; of these only documents are known.
        if class == Class::Object && !is_document(id) {
            return Ok(None);
        }
        let plan = inside.told(part, &mut self.report.inside, &mut residue);
        if !parts::is_usual(part) {
            let name = part.rsplit('/').next().unwrap_or_default();
            self.report.tell(kind::PART_NAME, part, name);
        }
        opened.report(member, &mut self.report.inside);
        self.packer
            .planned(&format!("{PENDING}{part}"), member, opened, &plan)?;
        Ok(Some(Inside {
            residue,
            kind: Kind::of(id, written),
            is_document: is_document(id),
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
        if relationship.name() == "origin" && !self.cx.policy().allow_signed {
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

    /// Packs an XML part.
    fn xml(
        &mut self,
        part: &str,
        member: &Member,
        links: &HashMap<String, Link>,
        lost_film: bool,
        ids: &mut Ids<'_>,
    ) -> Result<()> {
        let opened = Opened::new(self.source, member, self.cx)?;
        opened.report(member, &mut self.report.inside);
        let content = opened.source();
        let mut filter = Filter::new(part, links, &mut self.report, &mut self.strings);
        filter.lost_film = lost_film;
        let hidden = &mut self.hidden;
        let cx = self.cx;
        let name = self.names.of(part).unwrap_or_default();
        let is_same = self.packer.rewritten(name, member, &opened, |sink| {
            let mut writer = Writer::new(&names::written);
            let mut out = Vec::new();
            let mut has_root = false;
            open::read_part(part, &content, cx, &mut |piece| {
                match piece {
                    Piece::Open(element, bound) => {
                        if !has_root {
                            hidden.begin(part, element, &mut filter.hidden());
                        }
                        let mut made = filter.open(element)?;
                        ids.start(&mut made);
                        writer.open(&made, &declared(bound, &mut has_root));
                    }
                    Piece::Node(mut node) => {
                        previews::complete(&mut node, &|id| links.contains_key(id));
                        let node = hidden.strip(node, &mut filter.hidden());
                        if let Some(node) = node {
                            filter.piece(node, &mut out);
                        }
                        for mut node in out.drain(..) {
                            ids.node(&mut node);
                            writer.node(&node);
                        }
                    }
                    Piece::Close => {
                        filter.close(&mut out);
                        for mut node in out.drain(..) {
                            ids.node(&mut node);
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
        if !is_same {
            self.report.tell(kind::MARKUP, "XML", "");
        }
        Ok(())
    }

    /// Packs relationships in the order of their numbers. The parts have their names.
    fn pack_relationships(&mut self, part: &str, kept: Vec<(u64, Relationship)>) -> Result<()> {
        if kept.is_empty() {
            return Ok(());
        }
        let name = self.names.of(part).unwrap_or_default().to_owned();
        let made = |(number, it): (u64, Relationship)| {
            let target = package::resolve(part, &it.target).filter(|_| !it.is_external);
            let target = target.as_ref().and_then(|target| self.names.of(target));
            Relationship {
                id: ids::written(number),
                kind: parts::relationship_type(it.name(), &it.kind),
                target: target.map_or(it.target, |target| parts::target(&name, target)),
                is_external: it.is_external,
            }
        };
        let kept: Vec<_> = kept.into_iter().map(made).collect();
        let bytes = package::write_relationships(&kept);
        let (old, new) = (
            package::relationships_of(part),
            package::relationships_of(&name),
        );
        self.pack_bytes(&old, &new, &bytes)
    }

    fn pack_bytes(&mut self, old: &str, new: &str, bytes: &[u8]) -> Result<()> {
        let Some(member) = self.archive.member(old) else {
            return self.packer.made(new, Method::Deflated, |sink| sink(bytes));
        };
        let opened = Opened::new(self.source, member, self.cx)?;
        self.packer
            .rewritten(new, member, &opened, |sink| sink(bytes))?;
        Ok(())
    }

    /// The copy and what is said of it.
    fn finish(mut self, container: Found) -> Result<Examined> {
        let bytes = package::write_types(&self.names.types());
        self.pack_bytes(TYPES_PART, TYPES_PART, &bytes)?;
        let mut used = BTreeSet::new();
        for (name, inside) in std::mem::take(&mut self.inside) {
            match inside {
                Some(inside) if inside.is_used => {
                    self.report.inside_left.extend(inside.residue);
                    used.insert((name, inside.is_document));
                }
                Some(_) => {
                    self.report.tell(kind::ANCHORED, &name, "");
                    self.gone.insert(name);
                }
                None => {
                    self.gone.insert(name);
                }
            }
        }
        let names = &self.names;
        // `[Content_Types].xml` is before all others in the order of ASCII.
        self.packer
            .arrange(|name| match name.strip_prefix(PENDING) {
                Some(old) => names.of(old).map(str::to_owned),
                None => Some(name.to_owned()),
            });
        self.unreached();
        let packer = std::mem::replace(&mut self.packer, Packer::new(self.cx));
        let plan = packer.finish()?;
        let (mut found, residue) = std::mem::take(&mut self.report).finish();
        found.extend(container);
        self.allow(&used, &mut found)?;
        container::account_for_headers(&plan, self.source, self.cx, &mut found)?;
        Ok(Examined::rebuilt(found, residue, plan))
    }

    /// What the document shows may be in it, although its properties say it as well.
    fn allow(&self, used: &BTreeSet<(String, bool)>, found: &mut Found) -> Result<()> {
        let mut allow = |text: &str| found.secrets.allow(text);
        self.links.iter().for_each(|link| allow(link));
        let names = self.names.types().into_iter().map(|(name, _)| name);
        let names = names.filter(|name| parts::is_ours(name));
        allow(&names.collect::<Vec<_>>().join("\n"));
        for name in self.names.parts() {
            let Some(member) = self.archive.member(name) else {
                continue;
            };
            match used.iter().find(|(inside, _)| inside == name) {
                Some((_, true)) => {
                    let opened = open::content(self.source, member, self.cx)?;
                    let content = opened.source();
                    self.cx
                        .streams_nested(&content, &mut streams::Shown(&mut allow))?;
                }
                Some(_) => {}
                None if name.to_lowercase().ends_with(".bin") => {
                    let opened = open::content(self.source, member, self.cx)?;
                    let content = opened.source();
                    content.for_each(content.whole(), |piece| {
                        allow(&String::from_utf8_lossy(piece));
                        Ok(())
                    })?;
                }
                None => streams::shown(self.source, member, self.cx, &mut allow)?,
            }
        }
        Ok(())
    }

    /// Members that nothing leads to.
    fn unreached(&mut self) {
        for member in &self.archive.members {
            let name = member.name.as_str();
            let is_relationships = package::extension(name).eq_ignore_ascii_case("rels");
            let is_own = package::is_types(name) || is_relationships || name.ends_with('/');
            if !is_own && self.names.of(name).is_none() && !self.gone.contains(name) {
                self.report.tell(kind::UNKNOWN_PART, name, "");
            }
        }
    }
}

/// Namespaces that the root declares, as far as they are known: once for all elements that need them.
fn declared(bound: &[(String, Rc<str>)], has_root: &mut bool) -> Vec<Rc<str>> {
    if std::mem::replace(has_root, true) {
        return Vec::new();
    }
    let uris = bound.iter().map(|(_, uri)| uri);
    uris.filter(|uri| names::prefix(uri).is_some())
        .cloned()
        .collect()
}

fn is_document(id: &str) -> bool {
    matches!(id, "docx" | "xlsx" | "pptx" | "odt" | "ods" | "odp")
}
