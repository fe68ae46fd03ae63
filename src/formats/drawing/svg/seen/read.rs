//! Lengths, colours, shapes and views as attributes and properties spell them.

use super::super::geometry::{self, Area, Matrix};
use super::super::names::{self, Kind};
use super::super::tree::{Element, Node, is_space};

/// What a text or a picture says: more than any frame.
const MUCH: usize = 1000;

/// A shape of a clip path.
#[derive(Clone, Copy)]
pub(super) struct Clip {
    pub(super) area: Area,
    pub(super) is_rectangle: bool,
}

/// What a clip path leaves.
pub(super) fn clip(element: &Element) -> Clip {
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
        match self::shape(shape).filter(|_| plain(shape)) {
            Some((one, _)) => area = area.and(one),
            None => return all,
        }
    }
    let is_rectangle = matches!(shapes.as_slice(), [one] if is_rectangle(one));
    Clip { area, is_rectangle }
}

/// What a shape takes up in its own coordinates, and of how many pieces it is made.
pub(super) fn shape(element: &Element) -> Option<(Area, usize)> {
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

/// Whether an element moves or changes the one around it.
pub(super) fn animates(element: &Element) -> bool {
    names::element(&element.name) == Some(Kind::Animation)
}

/// Whether an element takes its content from another one.
pub(super) fn refers(element: &Element) -> bool {
    element.attributes.iter().any(|it| it.name == "href")
}

/// A length in the coordinates of the element; `None` for one that depends on more.
pub(super) fn length(value: &str) -> Option<f64> {
    value.trim().trim_end_matches("px").parse().ok()
}

/// `0.5` or `50%`
pub(super) fn share(value: &str) -> Option<f64> {
    match value.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok().map(|percent| percent / 100.0),
        None => value.parse().ok(),
    }
}

pub(super) fn both(size: Option<f64>, times: &str) -> Option<(f64, f64)> {
    Some((size?, times.parse().ok()?))
}

/// The id in `url(#id)`.
pub(super) fn reference(value: &str) -> Option<&str> {
    let inside = value.strip_prefix("url(")?.split(')').next()?;
    inside.trim_matches(['\'', '"']).strip_prefix('#')
}

/// Whether a colour is none, or cannot be seen.
pub(super) fn is_nothing(value: &str) -> bool {
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
pub(super) fn rectangle(element: &Element) -> Option<[f64; 4]> {
    let number = |name: &str| length(element.get(name).unwrap_or("0"));
    let (width, height) = (element.get("width")?, element.get("height")?);
    Some([number("x")?, number("y")?, length(width)?, length(height)?])
}

/// Whether a shape is a rectangle.
pub(super) fn is_rectangle(element: &Element) -> bool {
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
pub(super) fn weight(element: &Element) -> usize {
    let numbers = match element.name.as_str() {
        "image" | "use" | "foreignObject" | "feImage" => MUCH,
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
        Node::Text(text) if !text.chars().all(is_space) => MUCH,
        _ => 0,
    });
    inside.fold(numbers, usize::saturating_add)
}

/// What is seen of a drawing in its own coordinates.
pub(super) fn view(root: &Element) -> Option<Area> {
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
pub(super) fn viewport(element: &Element) -> Option<(Area, Matrix)> {
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
