//! Hidden slides, and shapes that are hidden or located beside the slide.

use std::collections::{BTreeMap, BTreeSet};

use crate::containers::xml::stream::Piece;
use crate::containers::xml::tree::{Element, Node};
use crate::model::Result;

use super::{Look, Say, collect, retain};
use crate::formats::document::ooxml::names::{self, child, is};
use crate::formats::document::ooxml::report as kind;
use crate::formats::document::ooxml::said::all_text;

/// So far from the slide is what cannot be seen, in EMU: lines and shadows are wider than shapes.
const MARGIN: i64 = 76_200;

/// The slides of a presentation.
#[derive(Debug, Default)]
pub(super) struct Slides {
    /// Width and height, in EMU.
    size: Option<(i64, i64)>,
    /// Hidden ones, where others are shown.
    pub(super) gone: BTreeSet<String>,
    /// Of each slide: ids of shapes that its animations and connectors name.
    named: BTreeMap<String, BTreeSet<String>>,
}

impl Slides {
    /// Reads the presentation, and with the strict policy its slides.
    pub(super) fn find(
        look: &Look<'_, '_>,
        main: &str,
        leads: &[(String, String, String)],
        is_strict: bool,
    ) -> Result<Self> {
        let mut slides = Self::default();
        look.read(main, &mut |piece| {
            if let Piece::Node(Node::Element(element)) = piece
                && is(&element, "p", "sldSz")
            {
                let number = |key| element.get(key)?.parse().ok();
                slides.size = number("cx").zip(number("cy"));
            }
            Ok(())
        })?;
        if !is_strict {
            return Ok(slides);
        }
        let mut is_any_shown = false;
        let parts = leads.iter().filter(|(_, class, _)| class == "slide");
        for (_, _, part) in parts {
            let mut is_hidden = false;
            let mut named = BTreeSet::new();
            look.read(part, &mut |piece| {
                match piece {
                    Piece::Open(root, _) => {
                        is_hidden = matches!(root.get("show"), Some("0" | "false"));
                    }
                    Piece::Node(Node::Element(element)) => {
                        collect(&element, &[("p", "spTgt")], "spid", &mut named);
                        let ends = [("a", "stCxn"), ("a", "endCxn")];
                        collect(&element, &ends, "id", &mut named);
                    }
                    _ => {}
                }
                Ok(())
            })?;
            is_any_shown |= !is_hidden;
            if is_hidden {
                slides.gone.insert(part.clone());
            }
            slides.named.insert(part.clone(), named);
        }
        if !is_any_shown {
            slides.gone.clear();
        }
        Ok(slides)
    }

    /// Removes or reports shapes in a part of a slide; whether anything of the element remains.
    pub(super) fn strip(
        &self,
        element: &mut Element,
        part: &str,
        is_strict: bool,
        say: &mut Say<'_>,
    ) -> bool {
        let mut walk = Walk {
            size: self.size,
            named: self.named.get(part),
            is_strict,
            say,
        };
        retain(element, &mut |inner| {
            if is(inner, "p", "spTree") {
                retain(inner, &mut |shape| walk.shape(shape, &Some(Scale::ONE)));
            }
            true
        });
        true
    }
}

struct Walk<'w, 's> {
    size: Option<(i64, i64)>,
    named: Option<&'w BTreeSet<String>>,
    is_strict: bool,
    say: &'w mut Say<'s>,
}

/// How the coordinates in a group become those of the slide: along x and y.
struct Scale([Axis; 2]);

/// Along one axis: place and length of the group, and of the space in it.
struct Axis {
    off: i64,
    ext: i64,
    inner_off: i64,
    inner_ext: i64,
}

impl Scale {
    const ONE: Self = Self([Axis::ONE, Axis::ONE]);
}

impl Axis {
    const ONE: Self = Self {
        off: 0,
        ext: 1,
        inner_off: 0,
        inner_ext: 1,
    };

    fn length(&self, length: i64) -> Option<i64> {
        let scaled = i128::from(length).checked_mul(i128::from(self.ext))?;
        let scaled = scaled.checked_div(i128::from(self.inner_ext))?;
        i64::try_from(scaled).ok()
    }

    fn place(&self, at: i64) -> Option<i64> {
        self.off
            .checked_add(self.length(at.checked_sub(self.inner_off)?)?)
    }
}

impl Walk<'_, '_> {
    /// Whether a shape remains. `scale` is `None` in a group that is turned.
    fn shape(&mut self, shape: &mut Element, scale: &Option<Scale>) -> bool {
        if shape.name == "AlternateContent"
            || is(shape, "mc", "Choice")
            || is(shape, "mc", "Fallback")
        {
            retain(shape, &mut |inner| self.shape(inner, scale));
            return true;
        }
        if !["sp", "pic", "graphicFrame", "grpSp", "cxnSp"]
            .iter()
            .any(|name| is(shape, "p", name))
        {
            return true;
        }
        let what = if is_hidden(shape) {
            Some(kind::HIDDEN_SHAPE)
        } else if scale
            .as_ref()
            .is_some_and(|scale| self.is_outside(shape, scale))
        {
            Some(kind::OFF_SLIDE)
        } else {
            None
        };
        if let Some(what) = what {
            let is_removed = self.is_strict && !is_placeholder(shape) && !self.is_named(shape);
            (self.say)(is_removed, what, &all_text(shape));
            return !is_removed;
        }
        if is(shape, "p", "grpSp") {
            let inner = scale.as_ref().and_then(|scale| inside(shape, scale));
            retain(shape, &mut |it| self.shape(it, &inner));
        }
        true
    }

    /// Whether a shape, or one in it, is moved by an animation or connected with others.
    fn is_named(&self, shape: &Element) -> bool {
        let Some(named) = self.named.filter(|named| !named.is_empty()) else {
            return false;
        };
        let mut ids = BTreeSet::new();
        collect(shape, &[("p", "cNvPr")], "id", &mut ids);
        !ids.is_disjoint(named)
    }

    /// Whether a shape is wholly beside the slide.
    fn is_outside(&self, shape: &Element, Scale([x, y]): &Scale) -> bool {
        let Some((width, height)) = self.size else {
            return false;
        };
        let Some(frame) = frame(shape) else {
            return false;
        };
        let Some([(left, wide), (top, high)]) = bounds(frame, "off", "ext") else {
            return false;
        };
        let placed = || {
            Some([
                (x.place(left)?, x.length(wide)?),
                (y.place(top)?, y.length(high)?),
            ])
        };
        let Some([(left, wide), (top, high)]) = placed() else {
            return false;
        };
        // A shape that is turned reaches at most so much further.
        let turned = frame.get("rot").is_some_and(|it| it.trim() != "0");
        let more = if turned { wide.saturating_add(high) } else { 0 };
        let more = more.saturating_add(MARGIN);
        // Text that is not wrapped reaches beyond its shape.
        let is_open = names::has(shape, "a", "bodyPr") && is_unwrapped(shape);
        let end = |at: i64, length: i64| at.saturating_add(length).saturating_add(more);
        !is_open
            && (end(left, wide) <= 0
                || end(top, high) <= 0
                || left.saturating_sub(more) >= width
                || top.saturating_sub(more) >= height)
    }
}

fn is_unwrapped(shape: &Element) -> bool {
    is(shape, "a", "bodyPr") && shape.get("wrap") == Some("none")
        || shape.elements().any(is_unwrapped)
}

/// Layouts and slides take the place of such a shape from each other.
fn is_placeholder(shape: &Element) -> bool {
    names::has(shape, "p", "ph")
}

/// `a:xfrm` or `p:xfrm` of a shape.
fn frame(shape: &Element) -> Option<&Element> {
    shape.elements().find_map(|inner| {
        if is(inner, "p", "xfrm") {
            Some(inner)
        } else {
            child(inner, "a", "xfrm")
        }
    })
}

/// Place and length along x and y.
fn bounds(frame: &Element, off: &str, ext: &str) -> Option<[(i64, i64); 2]> {
    let number = |name, key| {
        child(frame, "a", name)?
            .get(key)?
            .trim()
            .parse::<i64>()
            .ok()
    };
    Some([
        (number(off, "x")?, number(ext, "cx")?),
        (number(off, "y")?, number(ext, "cy")?),
    ])
}

/// The coordinates in a group; `None` where it is turned or has none.
fn inside(group: &Element, Scale(outer): &Scale) -> Option<Scale> {
    let frame = frame(group)?;
    let is_plain = |key| matches!(frame.get(key), None | Some("0" | "false"));
    if !(is_plain("rot") && is_plain("flipH") && is_plain("flipV")) {
        return None;
    }
    let own = bounds(frame, "off", "ext")?;
    let inner = bounds(frame, "chOff", "chExt")?;
    let axis = |outer: &Axis, (off, ext): (i64, i64), (inner_off, inner_ext): (i64, i64)| {
        Some(Axis {
            off: outer.place(off)?,
            ext: outer.length(ext)?,
            inner_off,
            inner_ext,
        })
    };
    let ([x, y], [own_x, own_y], [inner_x, inner_y]) = (outer, own, inner);
    Some(Scale([axis(x, own_x, inner_x)?, axis(y, own_y, inner_y)?]))
}

/// Whether a shape is switched off in the list of objects.
fn is_hidden(shape: &Element) -> bool {
    shape.elements().any(|inner| {
        inner.elements().any(|it| {
            it.name == "cNvPr"
                && matches!(it.get("hidden"), Some("1" | "true"))
                // Of a form control, which is shown by the old drawing.
                && !names::has(it, "a14", "compatExt")
        })
    })
}

/// The same for a drawing on a sheet, of which this is an anchor; whether it remains.
pub(super) fn on_sheet(anchor: &mut Element, is_strict: bool, say: &mut Say<'_>) -> bool {
    let hidden = anchor.elements().any(is_hidden);
    if hidden {
        say(is_strict, kind::HIDDEN_SHAPE, &all_text(anchor));
    }
    !(hidden && is_strict)
}
