//! What of the texts and pictures in a drawing is seen. Texts without colour or size, outside of the page,
//! under other things, and pictures of which a part is cut off or covered stay in a copy, and are named.
//! Where it cannot be told without drawing, nothing is said of texts and much of pictures.

use std::collections::{BTreeMap, BTreeSet};

use super::cascade::Cascade;
use super::geometry::{self, Area, Matrix};
use super::names::{self, Flow, Kind};
use super::tree::{Element, Node, is_space};
use crate::bytes::Context;
use crate::model::Result;

const NOT_SHOWN: &str = "a part that is not shown";
const NOT_SEEN: &str = "a text that is not seen";
const OUTSIDE: &str = "a part that lies outside of what is seen";
const COVERED_TEXT: &str = "a text that is covered";
const COVERED: &str = "a picture of which a part may be covered";
const SOME_PROGRAMS: &str = "a text that only some programs show";

/// Hidden shapes of so few numbers say nothing: frames and grids of icons.
const LITTLE: usize = 24;
/// All such shapes of a drawing together.
const LITTLE_IN_ALL: usize = 96;
/// Shapes of more pieces do not cover all that they surround.
const SIMPLE: usize = 12;

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

/// A text that was drawn.
struct Text {
    ground: usize,
    /// A point inside of its first letters.
    at: [f64; 2],
    size: f64,
}

/// A shape of a clip path.
#[derive(Clone, Copy)]
struct Clip {
    area: Area,
    is_rectangle: bool,
}

/// What is known of a drawing.
#[derive(Default)]
pub(super) struct Sight {
    cascade: Cascade,
    clips: BTreeMap<String, Clip>,
    /// Ids of filters that draw nothing.
    voids: BTreeSet<String>,
    /// Ids of pictures, and where they lie.
    pictures: BTreeMap<String, [f64; 4]>,
    grounds: usize,
    drawn_texts: Vec<Text>,
    drawn_pictures: Vec<(usize, Area)>,
    little: usize,
}

impl Sight {
    /// Reads what shapes refer to.
    ///
    /// # Errors
    /// As for style sheets.
    pub(super) fn new(root: &Element, cx: &Context<'_>) -> Result<Self> {
        let mut sight = Self {
            cascade: Cascade::of(root, cx)?,
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
                    let clip = self.clip(element);
                    self.clips.insert(id.to_owned(), clip);
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

    /// What a clip path leaves.
    fn clip(&self, element: &Element) -> Clip {
        let all = Clip {
            area: Area::ALL,
            is_rectangle: false,
        };
        let plain = |element: &Element| {
            ["transform", "clip-path", "style", "class", "clipPathUnits"]
                .iter()
                .all(|name| {
                    element
                        .get(name)
                        .is_none_or(|value| value == "userSpaceOnUse")
                })
        };
        if !plain(element) {
            return all;
        }
        let shapes: Vec<&Element> = element
            .elements()
            .filter(|it| names::element(&it.name) != Some(Kind::Told))
            .collect();
        let mut area = Area::NONE;
        for shape in &shapes {
            match self.shape(shape).filter(|_| plain(shape)) {
                Some((one, _)) => area = area.and(one),
                None => return all,
            }
        }
        let is_rectangle = matches!(shapes.as_slice(), [one] if is_rectangle(one));
        Clip { area, is_rectangle }
    }

    /// What a shape takes up in its own coordinates, and of how many pieces it is made.
    fn shape(&self, element: &Element) -> Option<(Area, usize)> {
        let number = |name: &str| length(element.get(name).unwrap_or("0"));
        Some(match element.name.as_str() {
            "rect" => (Area::sized(rectangle(element)?), 1),
            "circle" | "ellipse" => {
                let [width, height] = match element.name.as_str() {
                    "circle" => [number("r")?, number("r")?],
                    _ => [number("rx")?, number("ry")?],
                };
                let middle = [number("cx")?, number("cy")?];
                (Area::around(middle, [width, height]), 1)
            }
            "line" => {
                let start = [number("x1")?, number("y1")?];
                let end = [number("x2")?, number("y2")?];
                (Area::NONE.with(start).with(end), 1)
            }
            "polygon" | "polyline" => geometry::points(element.get("points")?),
            "path" => geometry::path(element.get("d")?),
            _ => return None,
        })
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
        if self.hides(element, original) && !look.hidden && element.name != "stop" {
            look.hidden = true;
            let weight = weight(original);
            self.little = self.little.saturating_add(weight);
            if weight > LITTLE || self.little > LITTLE_IN_ALL {
                said.push(NOT_SHOWN);
            }
        }
        look.flow = look.flow.inside(&element.name);
        self.paint(element, look);
        self.place(element, original, is_root, look);
        self.cut(element, look);
        if names::element(&element.name) == Some(Kind::Text) {
            self.begin_text(element, look);
        }
        if was_hidden || look.hidden {
            return Ok(said);
        }
        match element.name.as_str() {
            "clipPath" => look.hidden = true,
            "image" => said.extend(self.picture(element, rectangle(element), look, cx)?),
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
                    said.extend(self.picture(element, Some(area), &inner, cx)?);
                }
            }
            _ => said.extend(self.cover(element, look, cx)?),
        }
        Ok(said)
    }

    fn any(&self, element: &Element, name: &str, wanted: impl Fn(&str) -> bool) -> bool {
        self.cascade.values(element, name).into_iter().any(wanted)
    }

    fn has(&self, element: &Element, name: &str) -> bool {
        self.any(element, name, |value| value != "none")
    }

    /// Whether an element is drawn with nothing of what is in it.
    fn hides(&self, element: &Element, original: &Element) -> bool {
        let animated = |name: &str| {
            self.has(element, "animation")
                || self.has(element, "animation-name")
                || original
                    .elements()
                    .any(|it| animates(it) && it.get("attributeName") == Some(name))
        };
        let hides = |name: &str, wanted: &dyn Fn(&str) -> bool| {
            self.any(element, name, wanted) && !animated(name)
        };
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

    fn paint(&self, element: &Element, look: &mut Look) {
        let paint = |name: &str, before: bool| {
            let values = self.cascade.values(element, name);
            let nothing = values.iter().any(|value| is_nothing(value));
            match values.as_slice() {
                [] | ["inherit"] => before,
                _ => !nothing,
            }
        };
        look.fill = paint("fill", look.fill);
        look.stroke = paint("stroke", look.stroke);
        let least = |name: &str| {
            let values = self.cascade.values(element, name).into_iter();
            values.filter_map(share).reduce(f64::min)
        };
        look.fill_opacity = least("fill-opacity").unwrap_or(look.fill_opacity);
        look.stroke_opacity = least("stroke-opacity").unwrap_or(look.stroke_opacity);
        look.opacity *= least("opacity").unwrap_or(1.0);
        if self.has(element, "font") {
            look.font_size = None;
        }
        for value in self.cascade.values(element, "font-size") {
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
        if let Some(anchor) = self.cascade.values(element, "text-anchor").first() {
            look.anchor = match *anchor {
                "middle" => 0.0,
                "end" => -1.0,
                _ => 1.0,
            };
        }
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

    fn place(&mut self, element: &Element, original: &Element, is_root: bool, look: &mut Look) {
        let unclear = [
            "transform-origin",
            "translate",
            "rotate",
            "scale",
            "offset-path",
        ];
        let unclear = names::element(&element.name) != Some(Kind::Text)
            && unclear.iter().any(|name| self.has(element, name));
        let lists = self.cascade.values(element, "transform");
        let matrix = match lists.as_slice() {
            [] => Some(Matrix::SAME),
            [list] => Matrix::read(list),
            _ => None,
        };
        let moves = original.elements().any(animates) || self.has(element, "animation");
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
                    if !self.any(element, "overflow", |value| value == "visible") {
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
    fn cut(&self, element: &Element, look: &mut Look) {
        for value in self.cascade.values(element, "clip-path") {
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
        look.cuts |= self.has(element, "mask");
    }

    fn begin_text(&self, element: &Element, look: &mut Look) {
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
        self.drawn_texts.push(Text {
            ground: look.ground,
            at: look.at.point(inside),
            size: size * scale,
        });
        None
    }

    /// A picture, and where it lies in the coordinates of `look`.
    fn picture(
        &mut self,
        element: &Element,
        area: Option<[f64; 4]>,
        look: &Look,
        cx: &Context<'_>,
    ) -> Result<Option<&'static str>> {
        let slices = element
            .get("preserveAspectRatio")
            .is_some_and(|value| value.contains("slice"));
        let Some(area) = area.map(|area| look.at.area(Area::sized(area))) else {
            return Ok((look.cuts || slices || look.clip != Area::ALL).then_some(COVERED));
        };
        if area.is_empty() {
            return Ok(Some(NOT_SHOWN));
        }
        if !area.meets(look.view) {
            return Ok(Some(OUTSIDE));
        }
        if look.cuts
            || slices
            || area.sticks_out(look.view, 0.05)
            || area.sticks_out(look.clip, 0.01)
            || self.covers_picture(area, look, cx)?
        {
            return Ok(Some(COVERED));
        }
        self.drawn_pictures.push((look.ground, area));
        Ok(None)
    }

    fn covers_picture(&self, area: Area, look: &Look, cx: &Context<'_>) -> Result<bool> {
        let mut covers = false;
        for pictures in self.drawn_pictures.chunks(1024) {
            cx.item()?;
            covers |= pictures.iter().any(|(ground, picture)| {
                let both = picture.both(area);
                *ground == look.ground
                    && both.width() * both.height() > 0.002 * picture.width() * picture.height()
            });
        }
        Ok(covers)
    }

    /// What lies under a shape.
    fn cover(
        &mut self,
        element: &Element,
        look: &Look,
        cx: &Context<'_>,
    ) -> Result<Option<&'static str>> {
        if self.drawn_texts.is_empty() && self.drawn_pictures.is_empty() {
            return Ok(None);
        }
        let fills = look.fill && look.fill_opacity * look.opacity >= 0.9;
        let width = self.cascade.values(element, "stroke-width");
        let width = width.first().and_then(|width| length(width)).unwrap_or(1.0);
        let strokes = look.stroke && look.stroke_opacity * look.opacity >= 0.9;
        if !(fills || strokes) {
            return Ok(None);
        }
        let Some((area, pieces)) = self.shape(element) else {
            return Ok(None);
        };
        let area = look.at.area(area).both(look.clip);
        let fills = fills && element.name != "line" && !area.is_empty();
        let width = if strokes {
            width * look.at.scale()
        } else {
            0.0
        };
        let grown = area.grown(width / 2.0);
        for texts in self.drawn_texts.chunks(1024) {
            cx.item()?;
            let covered = texts.iter().any(|text| {
                text.ground == look.ground
                    && ((fills && pieces <= SIMPLE && area.holds(text.at))
                        || (strokes && width >= text.size / 2.0 && grown.holds(text.at)))
            });
            if covered {
                self.drawn_texts.clear();
                return Ok(Some(COVERED_TEXT));
            }
        }
        if (fills && self.covers_picture(area, look, cx)?)
            || (strokes && self.strikes_picture(element, width, look, cx)?)
        {
            self.drawn_pictures.clear();
            return Ok(Some(COVERED));
        }
        Ok(None)
    }

    /// Whether a broad line is drawn over a picture, and not around it.
    fn strikes_picture(
        &self,
        element: &Element,
        width: f64,
        look: &Look,
        cx: &Context<'_>,
    ) -> Result<bool> {
        let broad = |picture: &Area| width >= 0.02 * picture.width().min(picture.height());
        let mut pictures = self.drawn_pictures.iter();
        if !pictures.any(|(ground, picture)| *ground == look.ground && broad(picture)) {
            return Ok(false);
        }
        let lines = match element.name.as_str() {
            "path" => geometry::pieces(element.get("d").unwrap_or_default()),
            "polyline" => {
                geometry::pieces(&format!("M{}", element.get("points").unwrap_or_default()))
            }
            "line" => self
                .shape(element)
                .map(|(area, _)| area)
                .into_iter()
                .collect(),
            _ => Vec::new(),
        };
        for line in lines {
            cx.item()?;
            let line = look.at.area(line);
            let struck = self
                .drawn_pictures
                .iter()
                .take(1024)
                .any(|(ground, picture)| {
                    *ground == look.ground && broad(picture) && picture.inner().meets(line)
                });
            if struck {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether an element moves or changes the one around it.
fn animates(element: &Element) -> bool {
    names::element(&element.name) == Some(Kind::Animation)
}

/// Whether an element takes its content from another one.
fn refers(element: &Element) -> bool {
    element.attributes.iter().any(|it| it.name == "href")
}

/// A length in the coordinates of the element; `None` for one that depends on more.
fn length(value: &str) -> Option<f64> {
    value.trim().trim_end_matches("px").parse().ok()
}

/// `0.5` or `50%`
fn share(value: &str) -> Option<f64> {
    match value.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok().map(|percent| percent / 100.0),
        None => value.parse().ok(),
    }
}

fn both(size: Option<f64>, times: &str) -> Option<(f64, f64)> {
    Some((size?, times.parse().ok()?))
}

/// The id in `url(#id)`.
fn reference(value: &str) -> Option<&str> {
    let inside = value.strip_prefix("url(")?.split(')').next()?;
    inside.trim_matches(['\'', '"']).strip_prefix('#')
}

/// Whether a colour is none, or cannot be seen.
fn is_nothing(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let digits = value.strip_prefix('#').unwrap_or_default();
    let is_clear = |colour: &str| {
        let alpha = colour.trim_end_matches(')').rsplit([',', '/']).next();
        alpha.and_then(|alpha| share(alpha.trim())) == Some(0.0)
    };
    matches!(value.as_str(), "none" | "transparent")
        || (digits.len() == 4 && digits.ends_with('0'))
        || (digits.len() == 8 && digits.ends_with("00"))
        || ((value.starts_with("rgba(") || value.starts_with("hsla(") || value.contains('/'))
            && is_clear(&value))
}

/// `x`, `y`, `width` and `height`.
fn rectangle(element: &Element) -> Option<[f64; 4]> {
    let number = |name: &str| length(element.get(name).unwrap_or("0"));
    let (width, height) = (element.get("width")?, element.get("height")?);
    Some([number("x")?, number("y")?, length(width)?, length(height)?])
}

/// Whether a shape is a rectangle.
fn is_rectangle(element: &Element) -> bool {
    match element.name.as_str() {
        "rect" => element.get("rx").is_none() && element.get("ry").is_none(),
        "path" => {
            let data = element.get("d").unwrap_or_default();
            let (area, pieces) = geometry::path(data);
            pieces <= 5 && data.chars().all(|c| !"CcSsQqTtAa".contains(c)) && {
                // All corners of it lie in the corners around it.
                geometry::corners(data).is_some_and(|points| {
                    points.len() >= 4 && points.iter().all(|point| area.has_corner(*point))
                })
            }
        }
        _ => false,
    }
}

/// How much something that is hidden may say: a text or a picture more than anything.
fn weight(element: &Element) -> usize {
    let numbers = match element.name.as_str() {
        "image" | "use" | "foreignObject" | "feImage" => LITTLE_IN_ALL.saturating_add(1),
        "path" => {
            let (_, pieces) = geometry::path(element.get("d").unwrap_or_default());
            pieces.saturating_mul(2)
        }
        "polygon" | "polyline" => {
            let (_, pieces) = geometry::points(element.get("points").unwrap_or_default());
            pieces.saturating_mul(2)
        }
        "rect" | "circle" | "ellipse" | "line" => 4,
        _ => 0,
    };
    let inside = element.children.iter().map(|node| match node {
        Node::Element(inner) => weight(inner),
        Node::Text(text) if !text.chars().all(is_space) => LITTLE_IN_ALL.saturating_add(1),
        _ => 0,
    });
    inside.fold(numbers, usize::saturating_add)
}

/// What is seen of a drawing in its own coordinates.
fn view(root: &Element) -> Option<Area> {
    if let Some(area) = root.get("viewBox") {
        return numbers(area).map(Area::sized);
    }
    let side = |name: &str| length(root.get(name)?);
    Some(Area::sized([0.0, 0.0, side("width")?, side("height")?]))
}

fn numbers(viewbox: &str) -> Option<[f64; 4]> {
    let numbers = viewbox.split([' ', ',']).map(length);
    numbers.collect::<Option<Vec<f64>>>()?.try_into().ok()
}

/// Where a drawing in the drawing lies, and where its own coordinates lie then (SVG 2 §8.2).
fn viewport(element: &Element) -> Option<(Area, Matrix)> {
    let number = |name: &str| length(element.get(name).unwrap_or("0"));
    let sized = element.get("width").is_some() || element.get("height").is_some();
    if !sized && element.get("viewBox").is_none() {
        // As large as what is around it.
        return Some((Area::ALL, Matrix::moved(number("x")?, number("y")?)));
    }
    let [x, y, width, height] = rectangle(element)?;
    let area = Area::sized([x, y, width, height]);
    let Some(inner) = element.get("viewBox") else {
        return Some((area, Matrix::moved(x, y)));
    };
    let [left, top, inner_width, inner_height] = numbers(inner)?;
    let scales = [width / inner_width, height / inner_height];
    let [across, down] = match element.get("preserveAspectRatio") {
        None | Some("xMidYMid" | "xMidYMid meet") => {
            let [across, down] = scales;
            [across.min(down); 2]
        }
        Some("none") => scales,
        Some(_) => return None,
    };
    let matrix = Matrix::moved(
        x + (width - inner_width * across) / 2.0,
        y + (height - inner_height * down) / 2.0,
    );
    let matrix = matrix.after(Matrix::scaled(across, down));
    Some((area, matrix.after(Matrix::moved(-left, -top))))
}
