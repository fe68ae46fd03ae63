//! What of the texts and pictures in a drawing is seen. Texts without colour or size, outside of the page,
//! under other things, and pictures of which a part is cut off or covered stay in a copy, and are named.
//! Where it cannot be told without drawing, nothing is said of texts and much of pictures.

mod covers;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::cascade::{Cascade, Values};
use super::geometry::{Area, Matrix};
use super::names::{self, Flow, Kind};
use super::tree::{Element, is_space};
use crate::bytes::Context;
use crate::model::Result;
use covers::Drawn;
use read::{
    Clip, animates, both, is_nothing, length, rectangle, reference, refers, share, view, viewport,
    weight,
};

const NOT_SHOWN: &str = "a part that is not shown";
const NOT_SEEN: &str = "a text that is not seen";
const OUTSIDE: &str = "a part that lies outside of what is seen";
const SOME_PROGRAMS: &str = "a text that only some programs show";

/// Hidden shapes of so few numbers say nothing: frames and grids of icons.
const LITTLE: usize = 24;
/// All such shapes of a drawing together.
const LITTLE_IN_ALL: usize = 96;

/// How something is drawn, from the elements around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    hidden: bool,
    pub(super) flow: Flow,
    /// Coordinates are compared on the same ground only.
    ground: usize,
    /// From the coordinates of the element to those of the ground.
    at: Matrix,
    view: Area,
    /// Everything outside is cut off.
    clip: Area,
    /// More may be cut off.
    cuts: bool,
    fill: bool,
    fill_opacity: f64,
    stroke: bool,
    stroke_opacity: f64,
    opacity: f64,
    font_size: Option<f64>,
    anchor: f64,
    /// Where the text begins, where that is known.
    text: Option<[f64; 2]>,
}

/// What is known of a drawing.
#[derive(Default)]
pub(super) struct Sight {
    cascade: Rc<Cascade>,
    clips: BTreeMap<String, Clip>,
    /// Ids of filters that draw nothing.
    voids: BTreeSet<String>,
    /// Ids of pictures, and where they lie.
    pictures: BTreeMap<String, [f64; 4]>,
    grounds: usize,
    drawn: Drawn,
    little: usize,
}

impl Sight {
    /// Reads what shapes refer to.
    ///
    /// # Errors
    /// As for style sheets.
    pub(super) fn new(root: &Element, cx: &Context<'_>) -> Result<Self> {
        let mut sight = Self {
            cascade: Rc::new(Cascade::of(root, cx)?),
            ..Self::default()
        };
        sight.define(root, cx)?;
        Ok(sight)
    }

    fn define(&mut self, element: &Element, cx: &Context<'_>) -> Result<()> {
        cx.item()?;
        if let Some(id) = element.get("id") {
            match element.name.as_str() {
                "clipPath" => {
                    self.clips.insert(id.to_owned(), read::clip(element));
                }
                "filter" if element.elements().next().is_none() && !refers(element) => {
                    self.voids.insert(id.to_owned());
                }
                "image" => {
                    if let Some(area) = rectangle(element) {
                        self.pictures.insert(id.to_owned(), area);
                    }
                }
                _ => {}
            }
        }
        for inner in element.elements() {
            self.define(inner, cx)?;
        }
        Ok(())
    }

    /// How the outermost element is seen.
    pub(super) fn start(&mut self) -> Look {
        Look {
            hidden: false,
            flow: Flow::Outside,
            ground: 0,
            at: Matrix::SAME,
            view: Area::ALL,
            clip: Area::ALL,
            cuts: false,
            fill: true,
            fill_opacity: 1.0,
            stroke: false,
            stroke_opacity: 1.0,
            opacity: 1.0,
            font_size: Some(16.0),
            anchor: 1.0,
            text: None,
        }
    }

    /// Follows an element, of which `original` has the children; what is to be said of it.
    ///
    /// # Errors
    /// The budget's.
    pub(super) fn enter(
        &mut self,
        element: &Element,
        original: &Element,
        is_root: bool,
        look: &mut Look,
        cx: &Context<'_>,
    ) -> Result<Vec<&'static str>> {
        let mut said = Vec::new();
        let was_hidden = look.hidden;
        let cascade = Rc::clone(&self.cascade);
        let values = &cascade.values(element);
        if self.hides(element, original, values) && !look.hidden && element.name != "stop" {
            look.hidden = true;
            let weight = weight(original);
            self.little = self.little.saturating_add(weight);
            if weight > LITTLE || self.little > LITTLE_IN_ALL {
                said.push(NOT_SHOWN);
            }
        }
        look.flow = look.flow.inside(&element.name);
        paint(values, look);
        self.place(element, original, is_root, values, look);
        self.cut(values, look);
        if names::element(&element.name) == Some(Kind::Text) {
            begin_text(element, look);
        }
        if was_hidden || look.hidden {
            return Ok(said);
        }
        match element.name.as_str() {
            "clipPath" => look.hidden = true,
            "image" => said.extend(self.drawn.picture(element, rectangle(element), look, cx)?),
            "use" => {
                let href = element.attributes.iter().find(|it| it.name == "href");
                let id = href.and_then(|it| it.value.strip_prefix('#'));
                if let Some(area) = id.and_then(|id| self.pictures.get(id)).copied() {
                    let inner = Look {
                        at: match (
                            length(element.get("x").unwrap_or("0")),
                            length(element.get("y").unwrap_or("0")),
                        ) {
                            (Some(x), Some(y)) => look.at.after(Matrix::moved(x, y)),
                            _ => look.at,
                        },
                        ..*look
                    };
                    said.extend(self.drawn.picture(element, Some(area), &inner, cx)?);
                }
            }
            _ => said.extend(self.drawn.cover(element, values, look, cx)?),
        }
        Ok(said)
    }

    /// Whether an element is drawn with nothing of what is in it.
    fn hides(&self, element: &Element, original: &Element, values: &Values<'_>) -> bool {
        let animated = |name: &str| {
            values.has("animation")
                || values.has("animation-name")
                || original
                    .elements()
                    .any(|it| animates(it) && it.get("attributeName") == Some(name))
        };
        let hides =
            |name: &str, wanted: &dyn Fn(&str) -> bool| values.any(name, wanted) && !animated(name);
        hides("display", &|value| value == "none")
            || hides("visibility", &|value| {
                matches!(value, "hidden" | "collapse")
            })
            || hides("opacity", &|value| share(value) == Some(0.0))
            || hides("filter", &|value| {
                reference(value).is_some_and(|id| self.voids.contains(id))
            })
            || (matches!(element.name.as_str(), "svg" | "image" | "pattern")
                && ["width", "height"]
                    .iter()
                    .any(|name| hides(name, &|value| length(value) == Some(0.0))))
    }

    /// A ground of its own, from which nothing is known about the one around.
    fn unknown(&mut self, look: &mut Look) {
        self.grounds = self.grounds.saturating_add(1);
        look.ground = self.grounds;
        look.at = Matrix::SAME;
        look.view = Area::ALL;
        look.cuts |= look.clip != Area::ALL;
        look.clip = Area::ALL;
    }

    fn place(
        &mut self,
        element: &Element,
        original: &Element,
        is_root: bool,
        values: &Values<'_>,
        look: &mut Look,
    ) {
        let unclear = [
            "transform-origin",
            "translate",
            "rotate",
            "scale",
            "offset-path",
        ];
        let unclear = names::element(&element.name) != Some(Kind::Text)
            && unclear.iter().any(|name| values.has(name));
        let lists = values.of("transform");
        let matrix = match lists.as_slice() {
            [] => Some(Matrix::SAME),
            [list] => Matrix::read(list),
            _ => None,
        };
        let moves = original.elements().any(animates) || values.has("animation");
        match matrix.filter(|_| !(unclear || moves)) {
            Some(matrix) => look.at = look.at.after(matrix),
            None => self.unknown(look),
        }
        match element.name.as_str() {
            "svg" if is_root => {
                look.view = view(element).unwrap_or(Area::ALL);
            }
            "svg" => match viewport(element) {
                Some((area, inner)) => {
                    let shown = look.at.area(area);
                    if !values.any("overflow", |value| value == "visible") {
                        look.view = look.view.both(shown);
                    }
                    look.at = look.at.after(inner);
                }
                None => self.unknown(look),
            },
            "pattern" => {
                self.unknown(look);
                let is = |name: &str, wanted: &str| element.get(name) == Some(wanted);
                if element.get("viewBox").is_some() {
                } else if is("patternContentUnits", "objectBoundingBox") {
                    look.view = Area::sized([0.0, 0.0, 1.0, 1.0]);
                } else if is("patternUnits", "userSpaceOnUse")
                    && let Some(area) = rectangle(element)
                {
                    look.view = Area::sized(area);
                }
            }
            "symbol" | "defs" | "marker" | "mask" | "clipPath" | "font" | "glyph" => {
                self.unknown(look);
            }
            _ => {}
        }
    }

    /// Clip paths and masks.
    fn cut(&self, values: &Values<'_>, look: &mut Look) {
        for value in values.of("clip-path") {
            if value == "none" {
                continue;
            }
            let clip = reference(value).map(|id| self.clips.get(id));
            match clip {
                // Nothing is cut off by what is not there.
                Some(None) => {}
                Some(Some(clip)) => {
                    look.clip = look.clip.both(look.at.area(clip.area));
                    look.cuts |= !(clip.is_rectangle && look.at.is_upright());
                }
                None => look.cuts = true,
            }
        }
        look.cuts |= values.has("mask");
    }

    /// Looks at text of so many letters; what is to be said of it.
    pub(super) fn text(&mut self, text: &str, name: &str, look: &Look) -> Option<&'static str> {
        let text = text.trim_matches(is_space);
        if look.hidden || text.is_empty() {
            return None;
        }
        if name.starts_with("flow") {
            return Some(SOME_PROGRAMS);
        }
        let painted =
            (look.fill && look.fill_opacity > 0.0) || (look.stroke && look.stroke_opacity > 0.0);
        let scale = look.at.scale();
        if !painted || scale == 0.0 || look.font_size == Some(0.0) {
            return Some(NOT_SEEN);
        }
        if look.clip.is_empty() {
            return Some(NOT_SHOWN);
        }
        let size = look.font_size?;
        if look.view != Area::ALL
            && size * scale * 2000.0 < look.view.height().max(look.view.width())
        {
            return Some(NOT_SEEN);
        }
        let start = look.text?;
        // Letters are about so wide; how the text is aligned does not matter then.
        let length = text.chars().fold(0.0, |length, _| length + 0.8 * size);
        let area = look.at.area(Area::around(start, [length, 1.2 * size]));
        if !area.meets(look.view) {
            return Some(OUTSIDE);
        }
        if !area.meets(look.clip) {
            return Some(NOT_SHOWN);
        }
        let [x, y] = start;
        let inside = [x + look.anchor * 0.3 * size, y - 0.3 * size];
        self.drawn
            .text(look.ground, look.at.point(inside), size * scale);
        None
    }
}

fn paint(values: &Values<'_>, look: &mut Look) {
    let paint = |name: &str, before: bool| {
        let values = values.of(name);
        let nothing = values.iter().any(|value| is_nothing(value));
        match values.as_slice() {
            [] | ["inherit"] => before,
            _ => !nothing,
        }
    };
    look.fill = paint("fill", look.fill);
    look.stroke = paint("stroke", look.stroke);
    let least = |name: &str| {
        let values = values.of(name).into_iter();
        values.filter_map(share).reduce(f64::min)
    };
    look.fill_opacity = least("fill-opacity").unwrap_or(look.fill_opacity);
    look.stroke_opacity = least("stroke-opacity").unwrap_or(look.stroke_opacity);
    look.opacity *= least("opacity").unwrap_or(1.0);
    if values.has("font") {
        look.font_size = None;
    }
    for value in values.of("font-size") {
        look.font_size = match (
            length(value),
            value.strip_suffix('%'),
            value.strip_suffix("em"),
        ) {
            (Some(size), ..) => Some(size),
            (_, Some(share), _) => both(look.font_size, share).map(|(a, b)| a * b / 100.0),
            (_, _, Some(times)) => both(look.font_size, times).map(|(a, b)| a * b),
            _ => None,
        };
        if look.font_size == Some(0.0) {
            break;
        }
    }
    if let Some(anchor) = values.of("text-anchor").first() {
        look.anchor = match *anchor {
            "middle" => 0.0,
            "end" => -1.0,
            _ => 1.0,
        };
    }
}

fn begin_text(element: &Element, look: &mut Look) {
    let number = |name: &str| {
        let list = element.get(name)?;
        Some(length(list.split([' ', ',']).next()?))
    };
    if element.name == "text" {
        look.text = Some([0.0, 0.0]);
    } else if matches!(names::element(&element.name), Some(Kind::Text))
        && !matches!(element.name.as_str(), "tspan")
    {
        look.text = None;
    }
    let Some([x, y]) = look.text else { return };
    let moved = |start: f64, to: &str, by: &str| {
        let start = number(to).unwrap_or(Some(start))?;
        Some(start + number(by).unwrap_or(Some(0.0))?)
    };
    look.text = match (moved(x, "x", "dx"), moved(y, "y", "dy")) {
        (Some(x), Some(y)) => Some([x, y]),
        _ => None,
    };
}
