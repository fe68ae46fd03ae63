//! What a copy retains and its reader should know: hidden text, slides, sheets and cells, cropped pictures,
//! notes, fields that show who and where.

use crate::containers::xml::tree::Element;

use super::filter::Filter;
use super::names::{self, child, is};
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
            ("w", "r") if is_hidden_run(element) => {
                let text: String = element
                    .elements()
                    .filter(|it| is(it, "w", "t"))
                    .map(Element::text)
                    .collect();
                let what = kind::HIDDEN_TEXT;
                if self.is_strict {
                    self.report.tell(what, self.place, &text);
                } else {
                    self.report.leave(what, self.place, &text);
                }
            }
            ("x", "sheet") if matches!(element.get("state"), Some("hidden" | "veryHidden")) => {
                self.report.leave(kind::HIDDEN_SHEET, self.place, "");
            }
            ("x", "row" | "col") if matches!(element.get("hidden"), Some("1" | "true")) => {
                self.report.leave(kind::HIDDEN_CELLS, self.place, "");
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
            ("p", "sld") if matches!(element.get("show"), Some("0" | "false")) => {
                self.report.leave(kind::HIDDEN_SLIDE, self.place, "");
            }
            ("p", "sp" | "pic" | "graphicFrame" | "grpSp") if self.is_outside(element) => {
                self.report.leave(kind::OFF_SLIDE, self.place, "");
            }
            _ => {}
        }
    }

    /// Whether a shape is wholly beside the slide.
    fn is_outside(&self, shape: &Element) -> bool {
        let Some((width, height)) = self.slide else {
            return false;
        };
        let frame = shape.elements().find_map(|inner| {
            if is(inner, "p", "xfrm") {
                Some(inner)
            } else {
                child(inner, "a", "xfrm")
            }
        });
        let number = |name, key| {
            let inner = frame.and_then(|frame| child(frame, "a", name))?;
            inner.get(key)?.trim().parse::<i64>().ok()
        };
        let (Some(x), Some(y), Some(w), Some(h)) = (
            number("off", "x"),
            number("off", "y"),
            number("ext", "cx"),
            number("ext", "cy"),
        ) else {
            return false;
        };
        x.saturating_add(w) <= 0 || y.saturating_add(h) <= 0 || x >= width || y >= height
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

/// Whether text in a run is hidden.
pub(super) fn is_hidden_run(run: &Element) -> bool {
    is(run, "w", "r")
        && child(run, "w", "rPr")
            .and_then(|properties| child(properties, "w", "vanish"))
            .is_some_and(names::is_on)
        && run
            .elements()
            .any(|inner| is(inner, "w", "t") && !inner.text().trim().is_empty())
}
