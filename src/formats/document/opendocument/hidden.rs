//! Content that the reader does not see.

use std::collections::BTreeSet;

use super::filter::value;
use crate::containers::xml::tree::Element;

/// What is hidden, in words, and whether it can be removed without changing what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hidden {
    pub(super) what: &'static str,
    /// Formulas refer to the cells of hidden sheets, rows and columns.
    pub(super) is_removable: bool,
}

/// Styles that hide what they are given to, as far as a part has defined them.
#[derive(Debug, Default)]
pub(super) struct Styles {
    hidden: BTreeSet<String>,
    /// The one that is being defined.
    name: String,
}

impl Styles {
    /// Takes an element in the order of the file. Returns what it is if nobody sees it.
    pub(super) fn open(&mut self, name: &str, element: &Element) -> Option<Hidden> {
        let get = |wanted: &str| value(element, wanted);
        let has_style = |wanted: &str| get(wanted).is_some_and(|style| self.hidden.contains(style));
        let hides = match name {
            "style:style" => {
                self.name = get("style:name").unwrap_or_default().to_owned();
                false
            }
            "style:table-properties" => get("table:display") == Some("false"),
            "style:drawing-page-properties" => get("presentation:visibility") == Some("hidden"),
            "style:text-properties" => get("text:display") == Some("none"),
            _ => false,
        };
        let (what, is_removable) = match name {
            "table:table" if has_style("table:style-name") => ("a hidden sheet", false),
            "draw:page" if has_style("draw:style-name") => ("a hidden slide", true),
            "text:span" | "text:p" | "text:h" if has_style("text:style-name") => {
                ("hidden text", true)
            }
            "table:table-row" | "table:table-column"
                if matches!(get("table:visibility"), Some("collapse" | "filter")) =>
            {
                ("hidden rows or columns", false)
            }
            "text:section" if get("text:display") == Some("none") => ("a hidden section", true),
            "text:hidden-text" => ("hidden text", true),
            "text:hidden-paragraph" => ("hidden text", false),
            _ => {
                if hides {
                    self.hidden.insert(self.name.clone());
                }
                return None;
            }
        };
        Some(Hidden { what, is_removable })
    }
}
