//! Which texts and pictures may not be seen. A copy cannot be without them, so they are named.
//!
//! A text or picture is taken as seen only where everything above and around it is of a kind that is fully
//! understood: groups, plain transforms, rectangular clips, fills, and later shapes that are located
//! elsewhere. Everything else on the way is named. Nothing that is written depends on this.

use std::collections::{BTreeSet, HashMap};

use super::names::{self, Flow, Kind, holds};
use super::place::{self, Area, Matrix};
use super::styles::Styles;
use super::tree::{Element, Node, is_space};
use crate::bytes::Context;
use crate::model::{Result, len_u64};

const NOT_SHOWN: &str = "a part that is not shown";
const NOT_SEEN: &str = "a text that is not seen";
const OUTSIDE: &str = "a part that lies outside of what is seen";
const SOME_PROGRAMS: &str = "a text that only some programs show";
const COVERED_TEXT: &str = "a text that is covered";
const COVERED: &str = "a picture of which a part may be covered";
const SAME_COLOUR: &str = "a text in the colour of what is behind it";
const EFFECT: &str = "a text or picture under a filter, mask or style that may hide some of it";
const MOVES: &str = "a text or picture in a drawing that moves";

/// Hidden shapes with fewer characters of data are frames and grids of icons.
const LITTLE: usize = 400;
/// Lower opacities make something hard to see.
const FAINT: f64 = 0.1;
/// Higher opacities cover what is below.
const DENSE: f64 = 0.5;
/// Maximum number of elements that are followed by way of `use`.
const MOST_USES: u32 = 100_000;
/// Maximum number of comparisons of places.
const MOST_LOOKS: u64 = 50_000_000;

/// Definitions, which are drawn where something refers to them; content in those of the second list is
/// drawn under an effect.
const DEFINITIONS: &str =
    "defs symbol linearGradient radialGradient style solidColor font color-profile";
const EFFECTS: &str = "pattern marker mask clipPath filter hatch font";

/// Properties that hide nothing.
const HARMLESS: &str = "fill-rule clip-rule stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin \
    stroke-miterlimit font-family font-weight font-style font-variant font-stretch font-size-adjust \
    font-feature-settings font-kerning font-variation-settings font-synthesis font-variant-ligatures \
    font-variant-caps font-variant-numeric font-variant-east-asian font-variant-alternates \
    font-variant-position font-language-override font-optical-sizing line-height text-align text-align-last \
    text-decoration text-decoration-line text-decoration-style text-decoration-color text-decoration-fill \
    text-decoration-stroke text-decoration-thickness text-indent text-transform text-orientation text-rendering \
    text-combine-upright word-spacing white-space direction unicode-bidi writing-mode dominant-baseline \
    alignment-baseline glyph-orientation-horizontal glyph-orientation-vertical kerning shape-rendering \
    color-rendering image-rendering color-interpolation color-interpolation-filters color-profile \
    enable-background cursor pointer-events vector-effect paint-order stop-color stop-opacity flood-color \
    flood-opacity lighting-color solid-color solid-opacity marker marker-start marker-mid marker-end isolation \
    user-select overflow overflow-x overflow-y text-anchor margin margin-top margin-left margin-right \
    margin-bottom padding line-break word-break word-wrap overflow-wrap hyphens tab-size buffered-rendering \
    shape-padding shape-margin block-progression text-decoration-skip-ink unicode-range \
    transition transition-property transition-duration will-change color-scheme print-color-adjust \
    tap-highlight-color font-smoothing osx-font-smoothing text-size-adjust outline src d x y width height cx \
    cy r rx ry text-underline-position text-underline-offset vertical-align text-orientation box-sizing";

/// How something is painted.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Paint {
    None,
    Colour([u8; 3]),
    /// A gradient, a pattern.
    Other,
    /// It is not known.
    Unclear,
}

/// How something is drawn, from the elements around it.
#[derive(Clone, Copy, Debug)]
struct Look {
    at: Matrix,
    /// Everything outside is cut off.
    clip: Area,
    effect: bool,
    hidden: bool,
    flow: Flow,
    fill: Paint,
    stroke: Paint,
    colour: Paint,
    opacity: f64,
    fill_opacity: f64,
    stroke_opacity: f64,
    stroke_width: f64,
    size: f64,
    /// Share of the width of a text that is left of its point.
    anchor: f64,
    uses: u8,
}

struct Shape {
    corners: Vec<[f64; 2]>,
    paint: Paint,
}

struct Text {
    points: [[f64; 2]; 3],
    size: f64,
}

/// Names what may not be seen of the texts and pictures of a drawing.
///
/// # Errors
/// The budget's; as for style sheets.
pub(super) fn look(root: &Element, cx: &Context<'_>) -> Result<BTreeSet<(String, &'static str)>> {
    let mut sight = Sight {
        cx,
        styles: Styles::of(root, cx)?,
        ids: HashMap::new(),
        view: place::view(root).unwrap_or(Area::ALL),
        said: BTreeSet::new(),
        shapes: Vec::new(),
        texts: Vec::new(),
        pictures: Vec::new(),
        at: [0.0; 2],
        uses: 0,
        looks: 0,
        hidden: 0,
        has_content: has_content(root),
    };
    sight.define(root)?;
    if sight.has_content && (sight.styles.moves() || moves(root)) {
        sight.said.insert(("svg".to_owned(), MOVES));
    }
    let clip = sight.view.grown(0.02);
    sight.walk(
        root,
        Look {
            at: Matrix::SAME,
            clip,
            effect: false,
            hidden: false,
            flow: Flow::Outside,
            fill: Paint::Colour([0; 3]),
            stroke: Paint::None,
            colour: Paint::Colour([0; 3]),
            opacity: 1.0,
            fill_opacity: 1.0,
            stroke_opacity: 1.0,
            stroke_width: 1.0,
            size: 16.0,
            anchor: 0.0,
            uses: 0,
        },
        true,
    )?;
    if sight.hidden > LITTLE {
        sight.said.insert(("svg".to_owned(), NOT_SHOWN));
    }
    Ok(sight.said)
}

/// Whether an element holds a text or a picture.
fn has_content(element: &Element) -> bool {
    (element.name == "image" && href(element).is_some())
        || (element.name == "feImage" && href(element).is_some_and(|it| it.starts_with("data:")))
        || element.children.iter().any(|node| match node {
            Node::Element(inner) => has_content(inner),
            Node::Text(text) => element.name != "style" && !text.chars().all(is_space),
            _ => false,
        })
}

fn moves(element: &Element) -> bool {
    names::element(&element.name) == Some(Kind::Animation) || element.elements().any(moves)
}

fn href(element: &Element) -> Option<&str> {
    let mut attributes = element.attributes.iter();
    let href = attributes.find(|it| it.name == "href")?;
    Some(href.value.as_str()).filter(|value| !value.is_empty())
}

struct Sight<'a, 'c> {
    cx: &'a Context<'c>,
    styles: Styles,
    ids: HashMap<&'a str, &'a Element>,
    view: Area,
    said: BTreeSet<(String, &'static str)>,
    shapes: Vec<Shape>,
    texts: Vec<Text>,
    pictures: Vec<Area>,
    /// Where the next letters are drawn.
    at: [f64; 2],
    uses: u32,
    looks: u64,
    /// Characters of data of hidden shapes.
    hidden: usize,
    has_content: bool,
}

impl<'a> Sight<'a, '_> {
    fn say(&mut self, element: &Element, what: &'static str) {
        self.said.insert((super::judge::place(element), what));
    }

    fn define(&mut self, element: &'a Element) -> Result<()> {
        self.cx.item()?;
        if let Some(id) = element.get("id") {
            self.ids.entry(id).or_insert(element);
        }
        if holds(EFFECTS, &element.name) && element.name != "font" && has_content(element) {
            self.say(element, EFFECT);
        }
        element.elements().try_for_each(|inner| self.define(inner))
    }

    /// Follows an element in the order in which things are drawn.
    fn walk(&mut self, element: &'a Element, mut look: Look, is_root: bool) -> Result<()> {
        self.cx.item()?;
        let name = element.name.as_str();
        let is_referred = look.uses > 0 && name == "symbol";
        if holds(DEFINITIONS, name) && !is_referred || holds(EFFECTS, name) {
            return Ok(());
        }
        let was_hidden = look.hidden;
        look.flow = if is_referred || name == "use" {
            look.flow
        } else {
            look.flow.inside(name)
        };
        self.style(element, &mut look)?;
        if !is_root {
            self.viewport(element, &mut look);
        }
        if look.hidden {
            if !was_hidden {
                self.hides(element);
            }
            return Ok(());
        }
        if name == "switch" {
            look.effect |= element.elements().nth(1).is_some();
        }
        match name {
            "image" if href(element).is_some() => self.picture(element, &look)?,
            "use" => self.follow(element, look)?,
            "text" | "tspan" | "textPath" | "tref" | "altGlyph" => {
                look.effect |= matches!(name, "textPath" | "tref" | "altGlyph");
                self.begin_text(element, &look);
            }
            _ => self.shape(element, &look)?,
        }
        for node in &element.children {
            match node {
                Node::Element(inner) => self.walk(inner, look, false)?,
                Node::Text(text) if look.flow == Flow::Text && !text.chars().all(is_space) => {
                    self.text(element, text.trim(), &look)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn hides(&mut self, element: &Element) {
        if has_content(element) || element.name == "use" && self.has_content {
            self.say(element, NOT_SHOWN);
        }
        self.hidden = self.hidden.saturating_add(place::data(element));
    }

    /// Drawings in the drawing, and symbols: those with coordinates of their own are cut off somewhere.
    fn viewport(&self, element: &Element, look: &mut Look) {
        if !matches!(element.name.as_str(), "svg" | "symbol") {
            return;
        }
        let number = |name: &str| element.get(name).map_or(Some(0.0), place::number);
        match (number("x"), number("y")) {
            (Some(x), Some(y)) => look.at = look.at.after(Matrix::moved(x, y)),
            _ => look.effect = true,
        }
        let is_whole = |name: &str| element.get(name).is_none_or(|value| value == "100%");
        look.effect |=
            element.get("viewBox").is_some() || !is_whole("width") || !is_whole("height");
    }

    /// What an element refers to.
    fn follow(&mut self, element: &Element, mut look: Look) -> Result<()> {
        let target = href(element).and_then(|it| it.strip_prefix('#'));
        let Some(target) = target.and_then(|id| self.ids.get(id)).copied() else {
            return Ok(());
        };
        self.uses = self.uses.saturating_add(1);
        if look.uses > 8 || self.uses > MOST_USES {
            if self.has_content {
                self.say(element, EFFECT);
            }
            return Ok(());
        }
        look.uses = look.uses.saturating_add(1);
        let number = |name: &str| element.get(name).map_or(Some(0.0), place::number);
        match (number("x"), number("y")) {
            (Some(x), Some(y)) => look.at = look.at.after(Matrix::moved(x, y)),
            _ => look.effect = true,
        }
        self.walk(target, look, false)
    }

    /// What the properties of an element say.
    fn style(&mut self, element: &Element, look: &mut Look) -> Result<()> {
        if let Some(transform) = element.get("transform") {
            match Matrix::read(transform) {
                Some(matrix) => look.at = look.at.after(matrix),
                None => look.effect = true,
            }
        }
        let (mut displayed, mut invisible) = (true, None);
        for (name, value) in self.styles.declared(element, self.cx)? {
            match name.as_str() {
                "fill" => look.fill = self.paint(&value, look.fill, look.colour),
                "stroke" => look.stroke = self.paint(&value, look.stroke, look.colour),
                "color" => look.colour = self.paint(&value, look.colour, look.colour),
                "opacity" => match place::share(&value) {
                    Some(share) => look.opacity *= share.clamp(0.0, 1.0),
                    None => look.effect = true,
                },
                "fill-opacity" => set(
                    &mut look.fill_opacity,
                    place::share(&value),
                    &mut look.effect,
                ),
                "stroke-opacity" => {
                    set(
                        &mut look.stroke_opacity,
                        place::share(&value),
                        &mut look.effect,
                    );
                }
                "stroke-width" => {
                    look.stroke_width = place::length(&value, look.size, 100.0).unwrap_or(1.0);
                }
                "font-size" => {
                    let size = place::font_size(&value, look.size);
                    set(&mut look.size, size, &mut look.effect);
                }
                "font" => {
                    let size = value.split([' ', '/']).find_map(|word| {
                        let unit =
                            word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
                        let is_size = unit.len() < word.len() && !unit.is_empty() || word == "0";
                        is_size.then(|| place::font_size(word, look.size))
                    });
                    set(&mut look.size, size.flatten(), &mut look.effect);
                }
                "text-anchor" => {
                    look.anchor = match value.as_str() {
                        "middle" => 0.5,
                        "end" => 1.0,
                        _ => 0.0,
                    }
                }
                "display" => displayed = value != "none",
                "visibility" => invisible = Some(matches!(value.as_str(), "hidden" | "collapse")),
                "letter-spacing" => {
                    let space = place::length(&value, look.size, look.size);
                    look.effect |=
                        value != "normal" && space.is_none_or(|it| it < -0.4 * look.size);
                }
                "baseline-shift" => {
                    let shift = place::length(&value, look.size, look.size);
                    look.effect |= !matches!(value.as_str(), "baseline" | "sub" | "super")
                        && shift.is_none_or(|it| it.abs() > 2.0 * look.size);
                }
                "background" | "background-color" if element.name == "svg" => {
                    let paint = self.paint(&value, Paint::None, look.colour);
                    let corners = vec![
                        [-1e9, -1e9],
                        [1e9, -1e9],
                        [1e9, 1e9],
                        [-1e9, 1e9],
                        [-1e9, -1e9],
                    ];
                    if paint != Paint::None {
                        self.shapes.push(Shape { corners, paint });
                    }
                }
                "clip-path" if value != "none" => match self.clip(&value) {
                    Some(area) => look.clip = look.clip.both(look.at.area(area)),
                    None => look.effect = true,
                },
                _ if holds(HARMLESS, &name)
                    || matches!(value.as_str(), "none" | "normal" | "auto") => {}
                _ => look.effect = true,
            }
        }
        look.hidden |= !displayed || invisible == Some(true);
        Ok(())
    }

    fn paint(&self, value: &str, inherited: Paint, current: Paint) -> Paint {
        let value = value.split(" icc-color(").next().unwrap_or(value);
        match value {
            "inherit" => inherited,
            "currentColor" | "currentcolor" => current,
            _ if value.starts_with("url(") => {
                let target = place::reference(value).and_then(|id| self.ids.get(id));
                match target {
                    Some(paint) if has_stops(paint, &self.ids, 0) => Paint::Other,
                    Some(paint) if paint.name == "pattern" => Paint::Other,
                    _ => Paint::Unclear,
                }
            }
            _ => match place::colour(value) {
                Some([_, _, _, 0]) => Paint::None,
                Some([r, g, b, _]) => Paint::Colour([r, g, b]),
                None if value == "none" => Paint::None,
                None => Paint::Unclear,
            },
        }
    }

    /// The rectangle that a clip path leaves.
    fn clip(&self, value: &str) -> Option<Area> {
        let path = place::reference(value).and_then(|id| self.ids.get(id))?;
        let plain = |element: &Element| {
            ["transform", "clip-path", "style", "class"]
                .iter()
                .all(|name| element.get(name).is_none())
        };
        let mut shapes = path.elements();
        let shape = shapes.next().filter(|shape| plain(shape) && plain(path))?;
        let units = path
            .get("clipPathUnits")
            .is_none_or(|it| it == "userSpaceOnUse");
        let corners = place::corners(shape, self.view)?;
        let area = Area::around(&corners);
        let is_rectangle =
            corners.len() >= 4 && corners.iter().all(|corner| area.has_corner(*corner));
        (shapes.next().is_none() && units && is_rectangle).then_some(area)
    }

    fn picture(&mut self, element: &Element, look: &Look) -> Result<()> {
        let corners = place::corners(element, self.view).unwrap_or_default();
        let area = look.at.area(Area::around(&corners));
        let slices = element
            .get("preserveAspectRatio")
            .is_some_and(|it| it.contains("slice"));
        let view = self.view;
        if look.effect || corners.is_empty() {
            self.say(element, EFFECT);
        } else if look.opacity < FAINT || area.is_small(view) {
            self.say(element, NOT_SHOWN);
        } else if !area.meets(look.clip) {
            self.say(element, OUTSIDE);
        } else if slices || area.sticks_out(look.clip, 0.04) {
            self.say(element, COVERED);
        }
        self.cover(element, &look.at.points(&corners), look, Paint::Other)?;
        self.pictures.push(area);
        Ok(())
    }

    fn begin_text(&mut self, element: &Element, look: &Look) {
        let first = |name: &str| element.get(name).and_then(|it| it.split([' ', ',']).next());
        let mut unclear = false;
        for (axis, at, by) in [(0, "x", "dx"), (1, "y", "dy")] {
            let whole = if axis == 0 {
                self.view.width()
            } else {
                self.view.height()
            };
            let mut read = |name: &str| {
                let value = place::length(first(name)?, look.size, whole);
                unclear |= value.is_none();
                value
            };
            let moved = read(by).unwrap_or(0.0);
            let start = if element.name == "text" {
                Some(0.0)
            } else {
                None
            };
            let start = read(at).or(start);
            if let Some(place) = self.at.get_mut(axis) {
                *place = start.unwrap_or(*place) + moved;
            }
        }
        if unclear {
            self.say(element, EFFECT);
        }
    }

    fn text(&mut self, element: &Element, text: &str, look: &Look) -> Result<()> {
        if element.name.starts_with("flow") || element.name == "textArea" {
            self.say(element, SOME_PROGRAMS);
            return Ok(());
        }
        let count = f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
        let width = 0.5 * look.size * count;
        let [x, y] = self.at;
        let (left, middle) = (x - look.anchor * width, y - 0.3 * look.size);
        if look.anchor == 0.0 {
            self.at = [x + width, y];
        }
        let points = [0.25, 0.5, 0.75].map(|share| look.at.point([left + share * width, middle]));
        let size = look.size * look.at.scale();
        let fill = look.fill_opacity * look.opacity >= FAINT && look.fill != Paint::None;
        let stroke = look.stroke_opacity * look.opacity >= FAINT && look.stroke != Paint::None;
        let length = element
            .get("textLength")
            .and_then(|it| place::length(it, look.size, 100.0));
        let squeezed = length.is_some_and(|length| length < 0.3 * width);
        if look.effect || squeezed || fill && look.fill == Paint::Unclear {
            self.say(element, EFFECT);
        } else if !(fill || stroke) || size < self.view.smallest() {
            self.say(element, NOT_SEEN);
        } else if !points.iter().any(|point| look.clip.holds(*point)) {
            self.say(element, OUTSIDE);
        } else if fill && !stroke && self.is_background(look.fill, points)? {
            self.say(element, SAME_COLOUR);
        }
        // Full blocks in a row are a bar over something.
        if text.chars().all(|c| ('\u{2580}'..='\u{25a0}').contains(&c)) {
            let corners = [
                [left, y - look.size],
                [left + width, y - look.size],
                [left + width, y],
                [left, y],
                [left, y - look.size],
            ];
            self.cover(element, &look.at.points(&corners), look, look.fill)?;
        }
        self.texts.push(Text { points, size });
        Ok(())
    }

    /// Whether what is behind a text has its colour.
    fn is_background(&mut self, fill: Paint, [_, point, _]: [[f64; 2]; 3]) -> Result<bool> {
        let Paint::Colour(colour) = fill else {
            return Ok(false);
        };
        self.compare(self.shapes.len())?;
        let mut behind = self.shapes.iter().rev();
        let behind = behind.find(|shape| place::is_inside(&shape.corners, point));
        Ok(
            match behind.map_or(Paint::Colour([255; 3]), |shape| shape.paint) {
                Paint::Colour(other) => {
                    let mut both = colour.iter().zip(other);
                    both.all(|(a, b)| a.abs_diff(b) < 12)
                }
                _ => false,
            },
        )
    }

    fn compare(&mut self, number: usize) -> Result<()> {
        let before = self.looks >> 16;
        self.looks = self.looks.saturating_add(len_u64(number));
        if self.looks >> 16 != before {
            self.cx.item()?;
            self.cx.check_stop()?;
        }
        if self.looks > MOST_LOOKS && !self.texts.is_empty() {
            self.said.insert(("svg".to_owned(), EFFECT));
            (self.looks, self.texts, self.shapes) = (0, Vec::new(), Vec::new());
        }
        Ok(())
    }

    fn shape(&mut self, element: &Element, look: &Look) -> Result<()> {
        if !self.has_content || look.flow == Flow::Text {
            return Ok(());
        }
        let Some(corners) = place::corners(element, self.view) else {
            return Ok(());
        };
        self.cover(element, &look.at.points(&corners), look, look.fill)
    }

    /// What lies under a shape.
    fn cover(
        &mut self,
        element: &Element,
        corners: &[[f64; 2]],
        look: &Look,
        fill: Paint,
    ) -> Result<()> {
        let area = Area::around(corners).both(look.clip);
        let is_closed = !matches!(element.name.as_str(), "line" | "polyline");
        let fills = is_closed && fill != Paint::None && look.fill_opacity * look.opacity >= DENSE;
        let strokes = look.stroke != Paint::None && look.stroke_opacity * look.opacity >= DENSE;
        let width = if strokes {
            look.stroke_width * look.at.scale()
        } else {
            0.0
        };
        if !(fills || strokes) {
            return Ok(());
        }
        self.compare(self.texts.len().saturating_mul(corners.len()))?;
        let hides = |text: &Text| {
            let mut points = text
                .points
                .iter()
                .filter(|point| area.grown_by(width / 2.0).holds(**point));
            points.any(|point| {
                fills && place::is_inside(corners, *point)
                    || width >= text.size / 2.0 && place::is_near(corners, *point, width / 2.0)
            })
        };
        if self.texts.iter().any(hides) {
            self.say(element, COVERED_TEXT);
            self.texts.clear();
        }
        self.compare(self.pictures.len())?;
        let covers = |picture: &Area| {
            fills && area.covers_some(*picture)
                || width >= 0.02 * picture.width().min(picture.height())
                    && area.meets(picture.grown(-0.02))
        };
        if self.pictures.iter().any(covers) {
            self.say(element, COVERED);
            self.pictures.clear();
        }
        if fills {
            let (corners, paint) = (corners.to_vec(), fill);
            self.shapes.push(Shape { corners, paint });
        }
        Ok(())
    }
}

fn set(field: &mut f64, value: Option<f64>, effect: &mut bool) {
    match value {
        Some(value) => *field = value,
        None => *effect = true,
    }
}

/// Whether a gradient has a colour that is seen.
fn has_stops(element: &Element, ids: &HashMap<&str, &Element>, depth: u8) -> bool {
    let is_gradient = matches!(
        element.name.as_str(),
        "linearGradient" | "radialGradient" | "solidColor"
    );
    let seen = |stop: &Element| {
        let style = stop.get("style").unwrap_or_default();
        let clear = style.contains("stop-opacity:0")
            && !style.contains("stop-opacity:0.")
            && !style.contains("stop-opacity:.");
        !clear
            && stop
                .get("stop-opacity")
                .and_then(place::share)
                .is_none_or(|share| share >= FAINT)
    };
    let target = href(element).and_then(|it| it.strip_prefix('#'));
    is_gradient
        && (element.name == "solidColor"
            || element
                .elements()
                .any(|stop| stop.name == "stop" && seen(stop))
            || depth < 8
                && target
                    .and_then(|id| ids.get(id))
                    .is_some_and(|it| has_stops(it, ids, depth.saturating_add(1))))
}
