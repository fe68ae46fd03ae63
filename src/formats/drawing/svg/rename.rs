//! Names without meaning for those that the author chose: numbers in the order in which they appear.

use std::collections::{BTreeMap, BTreeSet};

use super::refs::{self, Defined, Names, Of};
use super::tree::{Element, Node};
use super::{css, write};
use crate::bytes::Context;
use crate::model::Result;

/// What was renamed.
#[derive(Debug, Default)]
pub(super) struct Renamed {
    /// Kind and old name to the new one.
    names: BTreeMap<(Of, String), String>,
    counts: BTreeMap<Of, usize>,
    /// Words that mean nothing where they stood.
    pub(super) words: Vec<String>,
    /// Fonts outside of the file, in lower case.
    pub(super) fonts: BTreeSet<String>,
}

impl Renamed {
    /// Old names that differ from the new ones.
    pub(super) fn changed(&self) -> impl Iterator<Item = &str> {
        let changed = self.names.iter().filter(|((_, old), new)| old != *new);
        changed.map(|((_, old), _)| old.as_str())
    }
}

impl Names for Renamed {
    fn name(&mut self, of: Of, name: &str) -> String {
        let count = self.counts.entry(of).or_default();
        let new = self.names.entry((of, name.to_owned())).or_insert_with(|| {
            *count = count.saturating_add(1);
            format!("{}{count}", prefix(of))
        });
        new.clone()
    }

    fn word(&mut self, word: &str) {
        self.words.push(word.to_owned());
    }

    fn font(&mut self, family: &str) {
        self.fonts.insert(family.to_lowercase());
    }
}

fn prefix(of: Of) -> &'static str {
    match of {
        Of::Id => "i",
        Of::Class => "c",
        Of::Result => "r",
        Of::Keyframes => "k",
        Of::Property => "v",
        Of::Family => "f",
        Of::Profile => "p",
        Of::Glyph => "g",
        Of::Namespace => "n",
    }
}

/// Renames everything in a drawing that is otherwise as it will be written.
///
/// # Errors
/// [`crate::model::Error::Unsupported`] when something depends on how names are spelled; the budget's.
pub(super) fn rename(root: &mut Element, cx: &Context<'_>) -> Result<Renamed> {
    let defined = Defined::of(root, cx)?;
    let mut renamed = Renamed::default();
    element(root, &defined, cx, &mut renamed)?;
    Ok(renamed)
}

fn element(
    element: &mut Element,
    defined: &Defined,
    cx: &Context<'_>,
    names: &mut Renamed,
) -> Result<()> {
    cx.item()?;
    element.attributes.sort_by(write::order);
    let mut values = Vec::new();
    for attribute in &element.attributes {
        values.push(refs::attribute(element, attribute, defined, cx, names)?);
    }
    for (attribute, value) in element.attributes.iter_mut().zip(values) {
        attribute.value = value;
    }
    let is_style = element.name == "style";
    for node in &mut element.children {
        match node {
            Node::Element(inner) => self::element(inner, defined, cx, names)?,
            Node::Text(text) if is_style => {
                let (tokens, _) = css::tokens(text, cx)?;
                let mut rules = css::rules(&tokens, cx, 0)?;
                refs::rules(&mut rules, defined, names)?;
                text.clear();
                css::write_rules(&rules, text);
            }
            _ => {}
        }
    }
    Ok(())
}
