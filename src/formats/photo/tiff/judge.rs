//! What becomes of each directory, and of the bytes between them.

use super::gone::Gone;
use super::tags::{How, SUB_IFDS};
use super::tree::{self, Node};
use super::{Tiff, pages, tags};
use crate::bytes::{Context, Source};
use crate::containers::tiff::file::{Directory, Field, TiffFile};
use crate::containers::tiff::ifd::{Spans, field};
use crate::containers::tiff::write::{Form, Table};
use crate::model::{Category, Error, Finding, Found, Plan, Result, Severity, Span, Step};

/// One look at a file.
pub(super) struct Judge<'s, 'a> {
    pub(super) source: &'s Source<'a>,
    pub(super) cx: &'s Context<'s>,
    pub(super) file: TiffFile<'s, 'a>,
    pub(super) kind: &'s Tiff,
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    /// Texts that stay.
    pub(super) kept_texts: Vec<String>,
    /// Header, tables and values.
    pub(super) structure: Spans,
    /// Coded data that is copied.
    pub(super) copied: Spans,
    /// Coded data that goes.
    pub(super) left: Spans,
}

/// What a look at a file comes to.
pub(super) struct Judged {
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    pub(super) plan: Plan,
}

/// So much of what stands between structures is kept in mind.
const SAMPLE: u64 = 64 << 10;

/// Decides on everything in the file.
///
/// # Errors
/// [`Error::Malformed`] when a copy might look different; [`Error::Unsupported`] for what is not known.
pub(super) fn judge(source: &Source<'_>, cx: &Context<'_>, kind: &Tiff) -> Result<Judged> {
    let file = TiffFile::open(source, kind.info.name)?;
    let mut tables = Spans::default();
    let chain = tree::read(&file, &mut tables, cx)?;
    let mut judge = Judge {
        source,
        cx,
        file,
        kind,
        found: Found::default(),
        residue: Vec::new(),
        kept_texts: Vec::new(),
        structure: tables,
        copied: Spans::default(),
        left: Spans::default(),
    };
    let pages = pages::select(&file, &chain, kind)?;
    // All structures are known before the first strip is copied, so that no strip can carry one.
    for node in &chain {
        node.each(&mut |node| {
            for field in &node.directory.fields {
                judge.structure.claim(judge.in_file(field.value));
            }
        });
    }
    let mut tables = Vec::new();
    for page in &pages {
        tables.push(judge.page(page)?);
    }
    for node in pages::gone(&chain, &pages) {
        judge.node_goes(node)?;
    }
    if judge
        .copied
        .all()
        .any(|span| !judge.structure.is_free(span))
    {
        return Err(file.malformed(0, "the coded picture overlaps a directory"));
    }
    judge.between()?;
    for text in &judge.kept_texts {
        judge.found.secrets.allow(text);
    }
    let plan = if judge.found.findings.is_empty() {
        let mut plan = Plan::new();
        plan.push(Step::Copy(source.whole()));
        plan
    } else {
        let form = Form {
            order: file.order(),
            big: file.is_big(),
        };
        form.file(tables)?
    };
    Ok(Judged {
        found: judge.found,
        residue: judge.residue,
        plan,
    })
}

impl Judge<'_, '_> {
    pub(super) fn say(
        &mut self,
        id: &'static str,
        category: Category,
        severity: Severity,
        place: &str,
        what: &'static str,
        len: u64,
    ) {
        let finding = Finding::new(id, category, severity, place, what);
        self.found.add(finding.bytes(len));
    }

    /// A directory that is copied, with those below it.
    fn page(&mut self, page: &pages::Page<'_>) -> Result<Table> {
        let node = page.node;
        let mut table = Table::default();
        let mut gone = Gone::default();
        let mut last = 0;
        let mut sorted = true;
        for field in &node.directory.fields {
            self.cx.item()?;
            sorted &= last <= field.tag;
            last = field.tag;
            let rule = (self.kind.rule)(field.tag);
            match rule {
                Some(rule) if table.has(field.tag) => {
                    let matters = rule.how != How::Wanted || field.tag == tags::ORIENTATION;
                    if matters && !self.is_said_again(field, node)? {
                        let at = field.entry.start();
                        return Err(self.file.malformed(at, "a tag stands twice"));
                    }
                    self.goes(&mut gone, field, &node.place)?;
                }
                Some(rule) => self.field(rule, field, page, &mut table, &mut gone)?,
                None => self.goes(&mut gone, field, &node.place)?,
            }
        }
        if !sorted {
            let what = "entries in disorder";
            self.say(
                "tiff.layout",
                Category::Unknown,
                Severity::Low,
                &node.place,
                what,
                0,
            );
        }
        if page.has_image {
            self.image(page, &mut table)?;
        }
        if !page.below.is_empty() {
            let mut below = Vec::new();
            for page in &page.below {
                below.push(self.page(page)?);
            }
            let kind = node
                .directory
                .get(SUB_IFDS)
                .map_or(field::LONG, |field| field.kind);
            table.tables(
                SUB_IFDS,
                if kind == field::IFD {
                    kind
                } else {
                    field::LONG
                },
                below,
            );
        }
        for field in &node.directory.fields {
            let is_special =
                (self.kind.rule)(field.tag).is_some_and(|rule| rule.how == How::Special);
            if is_special {
                self.unused(field, &node.place)?;
                if tags::is_pointer(field.tag) && !table.has(field.tag) {
                    self.pointer_goes(field, node)?;
                }
            }
        }
        self.tell(gone, &node.place)?;
        Ok(table)
    }

    /// Whether a tag that stands twice says the same, or what nobody asks of a version.
    fn is_said_again(&self, field: &Field, node: &Node) -> Result<bool> {
        let Some(first) = node.directory.get(field.tag) else {
            return Ok(false);
        };
        let is_same = (first.kind, first.count) == (field.kind, field.count)
            && self.file.value(first, self.cx)? == self.file.value(field, self.cx)?;
        Ok(is_same || tags::is_version(field.tag))
    }

    /// Offsets and lengths that do not belong to the picture, and what they point to.
    fn pointer_goes(&mut self, field: &Field, node: &Node) -> Result<()> {
        // Directories below are told of where they are read.
        if field.tag == SUB_IFDS && !node.below.is_empty() {
            return Ok(());
        }
        let head = self
            .source
            .peek(field.value.start(), field.value.len().min(SAMPLE))?;
        self.found.secrets.harvest(&head);
        for span in pages::any_data(&self.file, node, self.cx)? {
            if self.copied.is_free(span) && self.structure.is_free(span) {
                self.left.claim(span);
                let part = self.source.sub(span)?;
                let inner = self.cx.inspect_nested(&part)?;
                self.found.merge(&node.place, inner);
            }
        }
        let what = "offsets of data that is not the picture's";
        let (category, severity) = (Category::Image, Severity::High);
        self.say(
            "tiff.embedded",
            category,
            severity,
            &node.place,
            what,
            field.value.len(),
        );
        Ok(())
    }

    /// A directory that goes, or most of it: one that is damaged, or has been read before, is none.
    pub(super) fn forgiving_directory(&mut self, at: u64) -> Result<Option<Directory>> {
        if !self
            .structure
            .is_free(self.in_file(Span::new(at, at.saturating_add(2))))
        {
            return Ok(None);
        }
        match self.file.directory(at, self.cx) {
            Ok(directory) => {
                self.structure.claim(directory.table);
                Ok(Some(directory))
            }
            Err(Error::Malformed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
