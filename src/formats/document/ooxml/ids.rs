//! Ids of relationships: numbered in the order in which elements refer to them.

use std::collections::HashMap;

use crate::containers::xml::tree::{Attribute, Element, Node};

use super::names::{self, is};

/// New ids of one part, by old ones.
#[derive(Debug, Default)]
pub(super) struct Ids<'o> {
    given: HashMap<String, u64>,
    /// Those of the part that leads to this one, for diagrams, which refer to a relationship of that part.
    outer: Option<&'o HashMap<String, u64>>,
}

impl<'o> Ids<'o> {
    /// None given yet.
    pub(super) fn new(outer: Option<&'o HashMap<String, u64>>) -> Self {
        Self {
            given: HashMap::new(),
            outer,
        }
    }

    /// Gives an id, where it has none yet.
    pub(super) fn give(&mut self, id: &str) -> u64 {
        let next = u64::try_from(self.given.len()).unwrap_or(u64::MAX);
        let next = next.saturating_add(1);
        *self.given.entry(id.to_owned()).or_insert(next)
    }

    /// The number of an id that was given.
    pub(super) fn of(&self, id: &str) -> Option<u64> {
        self.given.get(id).copied()
    }

    /// All of them.
    pub(super) fn take(self) -> HashMap<String, u64> {
        self.given
    }

    /// Renames what a node of the copy refers to.
    pub(super) fn node(&mut self, node: &mut Node) {
        if let Node::Element(element) = node {
            self.start(element);
            for inner in &mut element.children {
                self.node(inner);
            }
        }
    }

    /// Renames what an element itself refers to.
    pub(super) fn start(&mut self, element: &mut Element) {
        if is(element, "dsp", "dataModelExt") {
            let outer = self.outer;
            element.attributes.retain_mut(|attribute| {
                if attribute.name != "relId" {
                    return true;
                }
                let number = outer.and_then(|outer| outer.get(&attribute.value));
                attribute.value = written(number.copied().unwrap_or(0));
                number.is_some()
            });
        }
        for attribute in &mut element.attributes {
            if refers(attribute) {
                attribute.value = written(self.give(&attribute.value));
            }
        }
    }
}

/// The id with this number, as a copy writes it.
pub(super) fn written(number: u64) -> String {
    format!("rId{number}")
}

/// Whether a copy writes an id so.
pub(super) fn is_ours(id: &str) -> bool {
    id.strip_prefix("rId")
        .is_some_and(|number| number.len() < 8 && number.bytes().all(|it| it.is_ascii_digit()))
}

/// Whether the value of an attribute is the id of a relationship.
pub(super) fn refers(attribute: &Attribute) -> bool {
    let space = names::prefix(attribute.space.uri());
    !attribute.value.is_empty()
        && (space == Some("r") || space == Some("o") && attribute.name == "relid")
}
