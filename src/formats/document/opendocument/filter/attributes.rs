//! The attributes of an element in the copy.

use super::{Filter, is_structure};
use crate::containers::xml::tree::{Attribute, Element};
use crate::formats::common::{Target, is_path_like, target};
use crate::formats::document::opendocument::{rules, spaces};
use crate::model::{Category, Result, Severity};

impl Filter<'_, '_, '_> {
    /// The element with the attributes that a copy may contain.
    pub(super) fn attributes(&mut self, name: &str, element: &Element) -> Result<Element> {
        let mut made = Element {
            space: spaces::usual(&element.space),
            name: element.name.clone(),
            attributes: Vec::with_capacity(element.attributes.len()),
            children: Vec::new(),
        };
        let is_math = name.starts_with("math:");
        for attribute in &element.attributes {
            let prefix = spaces::prefix(&attribute.space);
            let full = format!("{prefix}:{}", attribute.name);
            if let Some(value) = self.attribute(name, &full, is_math, &attribute.value)? {
                if let Some(shown) = &mut self.shown
                    && !is_structure(&attribute.name, &value)
                {
                    shown.push('\0');
                    shown.push_str(&value);
                    shown.push('\0');
                }
                made.attributes.push(Attribute {
                    space: spaces::usual(&attribute.space),
                    name: attribute.name.clone(),
                    value,
                });
            }
        }
        Ok(made)
    }

    /// The value of an attribute in the copy.
    fn attribute(
        &mut self,
        element: &str,
        name: &str,
        is_math: bool,
        value: &str,
    ) -> Result<Option<String>> {
        if matches!(name, "officeooo:rsid" | "officeooo:paragraph-rsid") {
            self.say(
                "odf.rsid",
                Category::History,
                Severity::Medium,
                "numbers of editing sessions",
                None,
            )?;
            return Ok(None);
        }
        if matches!(name, "table:protection-key" | "text:protection-key") {
            self.say(
                "odf.protection",
                Category::Person,
                Severity::Medium,
                "the check sum of a password",
                None,
            )?;
            return Ok(None);
        }
        if rules::is_identity(name) {
            return Ok(Some(self.id(value)));
        }
        if matches!(name, "smil:begin" | "smil:end")
            && let Some((id, event)) = value.split_once('.')
            && !id.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Ok(Some(format!("{}.{event}", self.id(id))));
        }
        let is_known = (spaces::ATTRIBUTES.contains(name) || name == "xml:space")
            && (is_math || !name.starts_with(':'));
        if !is_known {
            // These are for other programs, and the same in all documents.
            let is_common = name.starts_with(':') && matches!(value, "" | "org.w3.xhtml:p")
                || name == "loext:mime-type";
            if !is_common {
                self.say(
                    "odf.unknown",
                    Category::Unknown,
                    Severity::Low,
                    "attributes that are not part of the format",
                    Some(value),
                )?;
            }
            return Ok(None);
        }
        match name {
            "xlink:href" => return self.href(element, value),
            "text:date-value" | "text:time-value" if element.starts_with("text:") => {
                return Ok(None);
            }
            "table:formula" | "text:formula" | "table:expression" | "table:condition"
                if is_external(value) =>
            {
                self.path("a formula with the path of another file", value)?;
                return Ok(None);
            }
            "draw:name" | "xlink:title" | "office:title" | "form:title" | "office:name"
                if element != "draw:page" && is_path_like(value) =>
            {
                self.path("the name of an object", value)?;
                return Ok(None);
            }
            _ => {}
        }
        Ok(Some(value.to_owned()))
    }

    /// Where a reference leads.
    pub(super) fn target(&self, href: &str) -> Target {
        match target(href, self.part.base) {
            // Beside a flat file, not in it.
            Target::Inside(_) if self.part.is_flat => Target::Elsewhere,
            target => target,
        }
    }

    fn href(&mut self, element: &str, href: &str) -> Result<Option<String>> {
        match self.target(href) {
            Target::Place | Target::Web => Ok(Some(href.to_owned())),
            Target::Inside(path) => {
                let copy = self.part.links.rewritten(&path, self.part.copy_base, href);
                if copy.is_some() {
                    self.uses(path);
                }
                Ok(copy)
            }
            Target::Elsewhere => {
                let _ = element;
                self.path("a link to a file", href)?;
                Ok(None)
            }
        }
    }

    /// Notes that a member remains in use.
    pub(super) fn uses(&mut self, path: String) {
        if self.used.insert(path.clone()) {
            self.out.used.push(path);
        }
    }

    /// A name as a number.
    fn id(&mut self, value: &str) -> String {
        let next = self.ids.len().saturating_add(1);
        let number = *self.ids.entry(value.to_owned()).or_insert(next);
        format!("id{number}")
    }
}

/// Whether a formula refers to another file.
pub(super) fn is_external(formula: &str) -> bool {
    formula.contains("'file:")
        || formula.contains("'#$")
        || formula.contains("'#'")
        || formula.contains("file://")
}
