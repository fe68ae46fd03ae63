//! One look at a file of the book that consists of text: what it refers to, what it gives away, and what of it
//! the copy has.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::paths;
use crate::bytes::Context;
use crate::formats::common::Target;
use crate::metadata::text;
use crate::model::{Category, Finding, Found, Result, Role, Severity};

/// Maximum number of findings with one id in a file.
const MAXIMUM_REPORTED: u32 = 64;

/// What all files of the book say together.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Path in the original and name in the copy; `None` for what the copy does not contain.
    pub(super) names: BTreeMap<String, Option<String>>,
    /// Whether it is complete. In the first pass it is not.
    pub(super) is_complete: bool,
    /// Names of elements that something refers to.
    pub(super) ids: HashSet<String>,
    pub(super) any_id: bool,
    /// Classes that a style sheet gives a form.
    pub(super) classes: HashSet<String>,
    pub(super) any_class: bool,
    /// The title of the book.
    pub(super) title: String,
    /// Pages whose own title is read on them.
    pub(super) titled: BTreeSet<String>,
}

/// What a file gives away, and what it refers to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
    /// Other files that it refers to, in the order in which they occur first.
    pub(super) used: Vec<String>,
    pub(super) ids: HashSet<String>,
    pub(super) any_id: bool,
    pub(super) classes: HashSet<String>,
    pub(super) any_class: bool,
}

impl Outcome {
    /// Notes that something refers to an element with this name.
    pub(super) fn names(&mut self, id: &str) {
        if !id.is_empty() {
            self.ids.insert(id.to_owned());
        }
    }

    /// Adds something that is left, once.
    pub(super) fn left(&mut self, finding: Finding) {
        if !self.residue.iter().any(|it| it.what == finding.what) {
            self.residue.push(finding);
        }
    }
}

/// What becomes of a reference.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Use {
    Kept(String),
    Gone,
}

/// A look at one file.
pub(super) struct Look<'a, 'b> {
    pub(super) cx: &'a Context<'b>,
    /// Its path in the package.
    pub(super) path: &'a str,
    pub(super) links: &'a Links,
    pub(super) out: Outcome,
    told: HashMap<(&'static str, &'static str), u32>,
    used: HashSet<String>,
}

impl<'a, 'b> Look<'a, 'b> {
    pub(super) fn new(path: &'a str, links: &'a Links, cx: &'a Context<'b>) -> Self {
        Self {
            cx,
            path,
            links,
            out: Outcome::default(),
            told: HashMap::new(),
            used: HashSet::new(),
        }
    }

    /// A reference to a file that is shown with this one.
    ///
    /// # Errors
    /// Those of the budget.
    pub(super) fn shown(&mut self, href: &str) -> Result<Use> {
        let (to, fragment) = paths::resolve(href, self.path);
        match to {
            Target::Place => Ok(Use::Kept(self.place(fragment))),
            Target::Inside(path) => Ok(self.inside(path, fragment)),
            Target::Web => {
                self.out.left(Finding::new(
                    "epub.remote",
                    Category::Image,
                    Severity::Medium,
                    "book",
                    "pictures, sound or fonts from the web are not in the copy",
                ));
                self.link(href)?;
                Ok(Use::Gone)
            }
            Target::Elsewhere => {
                if href
                    .trim_start()
                    .get(..5)
                    .is_some_and(|it| it.eq_ignore_ascii_case("data:"))
                {
                    self.left_out();
                } else {
                    self.link(href)?;
                }
                Ok(Use::Gone)
            }
        }
    }

    /// A reference to a place to go to.
    ///
    /// # Errors
    /// Those of the budget.
    pub(super) fn link_to(&mut self, href: &str) -> Result<Use> {
        let (to, fragment) = paths::resolve(href, self.path);
        match to {
            Target::Place => Ok(Use::Kept(self.place(fragment))),
            Target::Web => Ok(Use::Kept(href.to_owned())),
            Target::Inside(path) => Ok(self.inside(path, fragment)),
            Target::Elsewhere => {
                self.link(href)?;
                Ok(Use::Gone)
            }
        }
    }

    /// A place in this file.
    fn place(&mut self, fragment: Option<String>) -> String {
        let mut out = "#".to_owned();
        if let Some(fragment) = fragment {
            self.out.names(&fragment);
            out.push_str(&fragment);
        }
        out
    }

    fn inside(&mut self, path: String, fragment: Option<String>) -> Use {
        // A place that is given by counting elements, or by time.
        let fragment = fragment.filter(|it| !it.contains(['(', '=']));
        let name = if self.links.is_complete {
            match self.links.names.get(&path) {
                Some(Some(name)) => name.clone(),
                _ => return Use::Gone,
            }
        } else {
            path.clone()
        };
        if self.used.insert(path.clone()) {
            self.out.used.push(path);
        }
        Use::Kept(match fragment {
            Some(fragment) => {
                self.out.names(&fragment);
                format!("{name}#{fragment}")
            }
            None => name,
        })
    }

    fn link(&mut self, href: &str) -> Result<()> {
        let what = "a link to a file or to the web";
        self.say(
            "epub.links",
            Category::History,
            Severity::High,
            what,
            Some(href),
        )
    }

    /// Something that cannot be cleaned is not in the copy.
    pub(super) fn left_out(&mut self) {
        self.out.left(left_out());
    }

    /// Adds a finding; many of one kind are counted, not repeated.
    ///
    /// # Errors
    /// Those of the budget.
    pub(super) fn say(
        &mut self,
        id: &'static str,
        category: Category,
        severity: Severity,
        what: &'static str,
        value: Option<&str>,
    ) -> Result<()> {
        let count = self.told.entry((id, what)).or_default();
        *count = count.saturating_add(1);
        let is_first = *count == 1;
        if *count > MAXIMUM_REPORTED || (!is_first && value.is_none()) {
            return Ok(());
        }
        let finding = Finding::new(id, category, severity, self.path, what);
        let found = &mut self.out.found;
        match value {
            Some(value) => {
                found.add(finding.text(value).role(Role::Text));
                text::mentions(id, value, self.path, self.cx, found)?;
            }
            None => found.add(finding),
        }
        Ok(())
    }
}

/// What is said of a file that is shown and cannot be cleaned.
pub(super) fn left_out() -> Finding {
    Finding::new(
        "epub.left_out",
        Category::Image,
        Severity::Medium,
        "book",
        "a picture, film or sound of a kind that cannot be cleaned is not in the copy",
    )
}
