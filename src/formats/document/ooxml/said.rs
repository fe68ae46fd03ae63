//! What removed elements and attributes say.

use crate::containers::xml::tree::{Element, Node};

use super::filter::Filter;
use super::names::value;
use super::report as kind;

impl Filter<'_> {
    /// Reports what is in an element that is removed.
    pub(super) fn dropped(&mut self, what: &'static kind::Kind, element: &Element) {
        if what == kind::CHANGE {
            self.deleted(element);
            return;
        }
        let said = [
            "name",
            "userName",
            "val",
            "author",
            "ed",
            "connectString",
            "query",
        ]
        .iter()
        .find_map(|key| value(element, "w", key).or_else(|| element.get(key)));
        let said = if matches!(what.id, "ox.rsid" | "ox.ids") {
            None
        } else {
            said
        };
        self.report
            .tell(what, self.place, shown(what, said.unwrap_or_default()));
        if what == kind::MAIL_MERGE || what == kind::SETTINGS {
            self.values(element);
        }
        if what == kind::PEOPLE {
            for inner in element.elements() {
                self.dropped(what, inner);
            }
        }
    }

    /// Values of a source of data.
    fn values(&mut self, element: &Element) {
        for inner in element.elements() {
            if matches!(inner.name.as_str(), "connectString" | "query" | "docVar")
                && let Some(said) = value(inner, "w", "val")
            {
                self.report.tell(kind::CONNECTION, self.place, said);
            }
            self.values(inner);
        }
    }

    pub(super) fn deleted(&mut self, element: &Element) {
        self.report.tell(kind::CHANGE, self.place, "");
        self.author(element);
        let text = all_text(element);
        if !text.trim().is_empty() && !element.name.ends_with("Change") {
            self.report.tell(kind::DELETED, self.place, &text);
        }
        for inner in element.elements() {
            self.authors(inner);
        }
    }

    fn authors(&mut self, element: &Element) {
        self.author(element);
        for inner in element.elements() {
            self.authors(inner);
        }
    }

    pub(super) fn author(&mut self, element: &Element) {
        if let Some(author) = value(element, "w", "author") {
            self.report.tell(kind::CHANGE_PERSON, self.place, author);
        }
        if let Some(date) = value(element, "w", "date") {
            self.report.tell(kind::CHANGE_TIME, self.place, date);
        }
    }
}

/// A value where it says something to a reader.
pub(super) fn shown<'v>(what: &kind::Kind, value: &'v str) -> &'v str {
    match what.id {
        "ox.rsid" | "ox.ids" | "ox.unknown" | "ox.media" => "",
        _ if matches!(what.what, w if w == kind::PROTECTION.what || w == kind::WORKBOOK.what) => "",
        _ if value.len() < 2 || value == "0" || value == "1" => "",
        _ => value,
    }
}

/// All text in an element, whatever it is.
pub(super) fn all_text(element: &Element) -> String {
    let mut out = String::new();
    collect(element, &mut out);
    out
}

fn collect(element: &Element, out: &mut String) {
    for node in &element.children {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Element(inner) => collect(inner, out),
            _ => {}
        }
    }
}
