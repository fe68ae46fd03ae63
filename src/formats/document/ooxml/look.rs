//! What a copy retains and its reader should know: cropped pictures, notes, fields that show who and where.

use crate::containers::xml::tree::Element;

use super::filter::Filter;
use super::names::{child, is};
use super::report as kind;

impl Filter<'_> {
    /// What is retained and should be known.
    pub(super) fn look(&mut self, prefix: &str, name: &str, element: &Element) {
        match (prefix, name) {
            ("a", "srcRect") => {
                let cut = |key| element.get(key).and_then(per_thousand).unwrap_or(0) >= 10;
                if ["l", "t", "r", "b"].into_iter().any(cut) {
                    self.report.leave(kind::CROP, self.place, "");
                }
            }
            ("v", "imagedata") => {
                let cut = |key| {
                    element
                        .get(key)
                        .is_some_and(|value| !matches!(value.trim(), "" | "0" | "0f"))
                };
                if ["cropleft", "croptop", "cropright", "cropbottom"]
                    .into_iter()
                    .any(cut)
                {
                    self.report.leave(kind::CROP, self.place, "");
                }
            }
            (
                "x",
                "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader"
                | "firstFooter",
            ) => {
                let text = element.text();
                if ["&F", "&Z"].iter().any(|code| text.contains(code)) {
                    self.report.leave(kind::FIELD, self.place, "");
                }
            }
            ("x", "c") if element.get("t") == Some("s") => {
                let index =
                    child(element, "x", "v").and_then(|v| v.text().trim().parse::<u64>().ok());
                self.strings.extend(index);
            }
            ("a", "r") if self.place.contains("/notesSlides/") => {
                let text: String = element
                    .elements()
                    .filter(|it| is(it, "a", "t"))
                    .map(Element::text)
                    .collect();
                if !text.trim().is_empty() {
                    self.report.leave(kind::NOTES, self.place, &text);
                }
            }
            _ => {}
        }
    }
}

fn per_thousand(value: &str) -> Option<i64> {
    let value = value.trim();
    match value.strip_suffix('%') {
        Some(percent) => percent
            .parse::<f64>()
            .ok()
            .filter(|it| *it >= 1.0)
            .map(|_| 10),
        None => value.parse::<i64>().ok().map(|it| it / 100),
    }
}
