//! Hidden text of Word (ISO/IEC 29500-1 §17.3.2.41), as a property of a run or of its styles, and hidden rows
//! and drawings.

use std::collections::{BTreeMap, BTreeSet};

use crate::containers::xml::stream::Piece;
use crate::containers::xml::tree::{Element, Node};
use crate::model::Result;

use super::{Look, Say, retain};
use crate::formats::document::ooxml::names::{self, child, is, value};
use crate::formats::document::ooxml::report as kind;
use crate::formats::document::ooxml::said::all_text;

/// Styles that are based on each other at most.
const MAXIMUM_CHAIN: usize = 64;

/// Names of styles whose text is hidden.
#[derive(Debug, Default)]
pub(super) struct Styles {
    hidden: BTreeSet<String>,
}

impl Styles {
    /// Reads the part with the styles.
    pub(super) fn read(&mut self, look: &Look<'_, '_>, part: &str) -> Result<()> {
        let mut known: BTreeMap<String, (Option<bool>, Option<String>)> = BTreeMap::new();
        look.read(part, &mut |piece| {
            if let Piece::Node(Node::Element(style)) = piece
                && is(&style, "w", "style")
                && let Some(id) = value(&style, "w", "styleId")
            {
                let vanish = child(&style, "w", "rPr").and_then(|it| child(it, "w", "vanish"));
                let base = child(&style, "w", "basedOn").and_then(|it| value(it, "w", "val"));
                known.insert(
                    id.to_owned(),
                    (vanish.map(names::is_on), base.map(str::to_owned)),
                );
            }
            Ok(())
        })?;
        for id in known.keys() {
            let mut at = Some(id);
            for _ in 0..MAXIMUM_CHAIN {
                match at.and_then(|id| known.get(id)) {
                    Some((Some(is_hidden), _)) => {
                        if *is_hidden {
                            self.hidden.insert(id.clone());
                        }
                        break;
                    }
                    Some((None, base)) => at = base.as_ref(),
                    None => break,
                }
            }
        }
        Ok(())
    }

    fn has(&self, properties: Option<&Element>, name: &str) -> bool {
        properties
            .and_then(|it| child(it, "w", name))
            .and_then(|it| value(it, "w", "val"))
            .is_some_and(|id| self.hidden.contains(id))
    }

    /// Whether a run is hidden, in a paragraph whose style hides its text or does not.
    fn is_hidden(&self, run: &Element, in_hidden: bool) -> bool {
        let properties = child(run, "w", "rPr");
        match properties.and_then(|it| child(it, "w", "vanish")) {
            Some(vanish) => names::is_on(vanish),
            // A property that both styles have is switched off again (§17.7.3).
            None => self.has(properties, "rStyle") != in_hidden,
        }
    }

    /// Removes or reports what is hidden; whether anything of the element remains.
    pub(super) fn strip(
        &self,
        element: &mut Element,
        in_hidden: bool,
        is_strict: bool,
        say: &mut Say<'_>,
    ) -> bool {
        let mut in_hidden = in_hidden;
        if is(element, "w", "p") {
            in_hidden = self.has(child(element, "w", "pPr"), "pStyle");
        } else if is(element, "w", "r") && self.is_hidden(element, in_hidden) {
            let text = all_text(element);
            if shows(element, text.trim()) {
                // The marks of a field belong to others in other runs.
                let is_removed = is_strict && !has_field(element);
                say(is_removed, kind::HIDDEN_TEXT, &text);
                return !is_removed;
            }
        } else if is(element, "w", "tr")
            && child(element, "w", "trPr")
                .and_then(|it| child(it, "w", "hidden"))
                .is_some_and(names::is_on)
        {
            say(is_strict, kind::HIDDEN_TEXT, &all_text(element));
            return !is_strict;
        } else if is(element, "w", "drawing")
            && element.elements().any(|inner| {
                child(inner, "wp", "docPr")
                    .is_some_and(|it| matches!(it.get("hidden"), Some("1" | "true")))
            })
        {
            say(is_strict, kind::HIDDEN_SHAPE, "");
            return !is_strict;
        }
        retain(element, &mut |inner| {
            self.strip(inner, in_hidden, is_strict, say)
        });
        true
    }
}

/// Whether a run would show something.
fn shows(run: &Element, text: &str) -> bool {
    let has_text = run.elements().any(|it| is(it, "w", "t"));
    (has_text && !text.is_empty())
        || run.elements().any(|it| {
            ["drawing", "pict", "object", "sym"]
                .iter()
                .any(|name| is(it, "w", name))
                || is(it, "mc", "AlternateContent")
        })
}

fn has_field(run: &Element) -> bool {
    ["fldChar", "instrText"]
        .iter()
        .any(|name| child(run, "w", name).is_some())
}
