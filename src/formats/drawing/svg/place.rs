//! Where shapes lie and how numbers, colours and references in values are read, as far as [`super::seen`]
//! needs it.

use super::shapes;
use super::tree::Element;

/// A rectangle along the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    /// The whole plane.
    pub(super) const ALL: Self = Self {
        left: f64::NEG_INFINITY,
        top: f64::NEG_INFINITY,
        right: f64::INFINITY,
        bottom: f64::INFINITY,
    };

    fn sized([x, y, width, height]: [f64; 4]) -> Self {
        Self {
            left: x,
            top: y,
            right: x + width,
            bottom: y + height,
        }
    }

    /// The smallest one with all these points in it; points that are not numbers are breaks.
    pub(super) fn around(points: &[[f64; 2]]) -> Self {
        let none = Self {
            left: f64::INFINITY,
            top: f64::INFINITY,
            right: f64::NEG_INFINITY,
            bottom: f64::NEG_INFINITY,
        };
        points.iter().fold(none, |area, [x, y]| Self {
            left: area.left.min(*x),
            top: area.top.min(*y),
            right: area.right.max(*x),
            bottom: area.bottom.max(*y),
        })
    }

    pub(super) fn width(self) -> f64 {
        (self.right - self.left).max(0.0)
    }

    pub(super) fn height(self) -> f64 {
        (self.bottom - self.top).max(0.0)
    }

    /// So much more of its smaller side in all directions.
    pub(super) fn grown(self, share: f64) -> Self {
        let side = self.width().min(self.height());
        self.grown_by(if side.is_finite() { side * share } else { 0.0 })
    }

    pub(super) fn grown_by(self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    /// Whether a point is one of the corners, or nearly.
    pub(super) fn has_corner(self, [x, y]: [f64; 2]) -> bool {
        let near = |a: f64, b: f64, size: f64| (a - b).abs() <= 0.001 * size;
        (near(x, self.left, self.width()) || near(x, self.right, self.width()))
            && (near(y, self.top, self.height()) || near(y, self.bottom, self.height()))
    }

    pub(super) fn both(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    pub(super) fn holds(self, [x, y]: [f64; 2]) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }

    /// Whether more than a sliver of `other` lies in it.
    pub(super) fn covers_some(self, other: Self) -> bool {
        let both = self.both(other);
        both.width() * both.height() > 0.002 * other.width() * other.height()
    }

    /// Whether more than this share of `self`, measured along each axis, lies outside of `other`.
    pub(super) fn sticks_out(self, other: Self, share: f64) -> bool {
        let inner = self.both(other);
        self.width() - inner.width() > share * self.width()
            || self.height() - inner.height() > share * self.height()
    }

    /// Height of the smallest letters that can be read in a view of this size.
    pub(super) fn smallest(self) -> f64 {
        let side = self.width().max(self.height());
        if side.is_finite() { side / 2000.0 } else { 0.1 }
    }

    pub(super) fn is_small(self, view: Self) -> bool {
        let side = self.width().min(self.height());
        side.is_nan() || side <= 2.0 * view.smallest()
    }

    fn corners(self) -> Vec<[f64; 2]> {
        let (left, top, right, bottom) = (self.left, self.top, self.right, self.bottom);
        vec![
            [left, top],
            [right, top],
            [right, bottom],
            [left, bottom],
            [left, top],
        ]
    }
}

/// `matrix(a b c d e f)`
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix([f64; 6]);

impl Matrix {
    pub(super) const SAME: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn moved(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    fn turned(degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self([cos, sin, -sin, cos, 0.0, 0.0])
    }

    /// First `inner`, then this.
    pub(super) fn after(self, inner: Self) -> Self {
        let (Self([a, b, c, d, e, f]), Self([g, h, i, j, k, l])) = (self, inner);
        Self([
            a * g + c * h,
            b * g + d * h,
            a * i + c * j,
            b * i + d * j,
            a * k + c * l + e,
            b * k + d * l + f,
        ])
    }

    pub(super) fn point(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let Self([a, b, c, d, e, f]) = self;
        [a * x + c * y + e, b * x + d * y + f]
    }

    pub(super) fn points(self, points: &[[f64; 2]]) -> Vec<[f64; 2]> {
        points.iter().map(|point| self.point(*point)).collect()
    }

    /// The smallest rectangle around what becomes of one.
    pub(super) fn area(self, area: Area) -> Area {
        Area::around(&self.points(&area.corners()))
    }

    /// By how much lengths grow, on the average.
    pub(super) fn scale(self) -> f64 {
        let Self([a, b, c, d, ..]) = self;
        (a * d - b * c).abs().sqrt()
    }

    /// A list of transforms (SVG 1.1 §7.6); `None` when it needs more than is known here.
    pub(super) fn read(list: &str) -> Option<Self> {
        let mut all = Self::SAME;
        let mut rest = list.trim();
        while !rest.is_empty() {
            let (name, behind) = rest.split_once('(')?;
            let (inside, behind) = behind.split_once(')')?;
            let (numbers, read) = shapes::numbers(inside);
            let numbers: Option<Vec<f64>> = numbers.iter().map(|one| number(one)).collect();
            let one = match (name.trim(), numbers?.as_slice()) {
                _ if read < inside.len() => return None,
                ("matrix", [a, b, c, d, e, f]) => Self([*a, *b, *c, *d, *e, *f]),
                ("translate", [x, y]) => Self::moved(*x, *y),
                ("translate", [x]) => Self::moved(*x, 0.0),
                ("scale", [x, y]) => Self([*x, 0.0, 0.0, *y, 0.0, 0.0]),
                ("scale", [both]) => Self([*both, 0.0, 0.0, *both, 0.0, 0.0]),
                ("rotate", [degrees]) => Self::turned(*degrees),
                ("rotate", [degrees, x, y]) => Self::moved(*x, *y)
                    .after(Self::turned(*degrees))
                    .after(Self::moved(-x, -y)),
                ("skewX", [degrees]) => Self([1.0, 0.0, degrees.to_radians().tan(), 1.0, 0.0, 0.0]),
                ("skewY", [degrees]) => Self([1.0, degrees.to_radians().tan(), 0.0, 1.0, 0.0, 0.0]),
                _ => return None,
            };
            all = all.after(one);
            rest = behind.trim_start_matches([' ', ',', '\t', '\n']);
        }
        Some(all)
    }
}

const BREAK: [f64; 2] = [f64::NAN; 2];

/// Corners of a shape or picture in its own coordinates, each of its parts closed; curves by their control
/// points. `None` for what is no shape, or is not understood.
pub(super) fn corners(element: &Element, view: Area) -> Option<Vec<[f64; 2]>> {
    let sized = |name: &str, whole: f64| match element.get(name) {
        None | Some("auto") => Some(0.0),
        Some(value) => length(value, 16.0, whole),
    };
    let number = |name: &str| sized(name, view.width());
    let round = |x: f64, y: f64, rx: f64, ry: f64| -> Vec<[f64; 2]> {
        let turns = (0..=16_u8).map(|n| f64::from(n) * std::f64::consts::TAU / 16.0);
        turns
            .map(|turn| [x + rx * turn.cos(), y + ry * turn.sin()])
            .collect()
    };
    Some(match element.name.as_str() {
        "rect" | "image" => {
            let area = [
                number("x")?,
                sized("y", view.height())?,
                number("width")?,
                sized("height", view.height())?,
            ];
            Area::sized(area).corners()
        }
        "circle" => round(number("cx")?, number("cy")?, number("r")?, number("r")?),
        "ellipse" => round(number("cx")?, number("cy")?, number("rx")?, number("ry")?),
        "line" => vec![
            [number("x1")?, number("y1")?],
            [number("x2")?, number("y2")?],
        ],
        "polygon" | "polyline" => path(&format!("M{}z", element.get("points")?)),
        "path" => path(element.get("d")?),
        _ => return None,
    })
}

/// Characters of data in shapes.
pub(super) fn data(element: &Element) -> usize {
    let own = ["d", "points"].iter().filter_map(|name| element.get(name));
    let own = own.fold(0_usize, |sum, data| sum.saturating_add(data.len()));
    element
        .elements()
        .fold(own, |sum, inner| sum.saturating_add(data(inner)))
}

/// The points of a path.
fn path(data: &str) -> Vec<[f64; 2]> {
    let mut out: Vec<[f64; 2]> = Vec::new();
    let (mut start, mut at) = ([0.0, 0.0], [0.0, 0.0]);
    for (command, numbers) in shapes::segments(data).0 {
        let upper = command.to_ascii_uppercase();
        let size = match upper {
            'Z' => {
                at = start;
                out.push(at);
                continue;
            }
            'H' | 'V' => 1,
            'C' => 6,
            'S' | 'Q' => 4,
            'A' => 7,
            _ => 2,
        };
        for (index, set) in numbers.chunks_exact(size).enumerate() {
            let set: Vec<f64> = set
                .iter()
                .map(|one| number(one).unwrap_or(f64::NAN))
                .collect();
            let [x, y] = if command == upper { [0.0, 0.0] } else { at };
            if upper == 'M' && index == 0 && !out.is_empty() {
                out.extend([start, BREAK]);
            }
            let [from_x, from_y] = at;
            match *set {
                [one] if upper == 'H' => at = [x + one, from_y],
                [one] => at = [from_x, y + one],
                [.., to_x, to_y] if upper == 'A' => at = [x + to_x, y + to_y],
                _ => {
                    for pair in set.chunks_exact(2) {
                        if let [to_x, to_y] = *pair {
                            at = [x + to_x, y + to_y];
                            out.push(at);
                        }
                    }
                }
            }
            out.push(at);
            if upper == 'M' && index == 0 {
                start = at;
            }
        }
    }
    if !out.is_empty() {
        out.push(start);
    }
    out
}

/// Whether a point lies inside of closed lines.
pub(super) fn is_inside(corners: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let crossings = corners.windows(2).filter(|pair| match **pair {
        [[ax, ay], [bx, by]] => (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax,
        _ => false,
    });
    crossings.count() % 2 == 1
}

/// Whether a point lies near a line.
pub(super) fn is_near(corners: &[[f64; 2]], [x, y]: [f64; 2], distance: f64) -> bool {
    corners.windows(2).any(|pair| match *pair {
        [[ax, ay], [bx, by]] => {
            let (dx, dy) = (bx - ax, by - ay);
            let along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
            let along = along.clamp(0.0, 1.0);
            (x - ax - along * dx).hypot(y - ay - along * dy) <= distance
        }
        _ => false,
    })
}

/// What is seen of a drawing in its own coordinates.
pub(super) fn view(root: &Element) -> Option<Area> {
    if let Some(area) = root.get("viewBox") {
        let numbers: Option<Vec<f64>> = area.split([' ', ',']).map(number).collect();
        return numbers?.try_into().ok().map(Area::sized);
    }
    let side = |name: &str| length(root.get(name)?, 16.0, f64::NAN).filter(|side| side.is_finite());
    Some(Area::sized([0.0, 0.0, side("width")?, side("height")?]))
}

/// A number, with `px` or without.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches("px").trim_end_matches('.');
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `0.5` or `50%`
pub(super) fn share(value: &str) -> Option<f64> {
    match value.strip_suffix('%') {
        Some(percent) => number(percent).map(|percent| percent / 100.0),
        None => number(value),
    }
}

/// A length in user units, for this size of letters and of the whole.
pub(super) fn length(value: &str, size: f64, whole: f64) -> Option<f64> {
    let units = [
        ("px", 1.0),
        ("pt", 4.0 / 3.0),
        ("pc", 16.0),
        ("mm", 96.0 / 25.4),
        ("cm", 96.0 / 2.54),
        ("in", 96.0),
        ("rem", 16.0),
        ("em", size),
        ("ex", size / 2.0),
        ("ch", size / 2.0),
        ("%", whole / 100.0),
    ];
    let value = value.trim();
    let unit = units
        .iter()
        .find_map(|(unit, factor)| Some((value.strip_suffix(unit)?, *factor)));
    let (value, factor) = unit.unwrap_or((value, 1.0));
    Some(number(value)? * factor)
}

/// The size of letters.
pub(super) fn font_size(value: &str, around: f64) -> Option<f64> {
    Some(match value {
        "inherit" => around,
        "xx-small" => 9.0,
        "x-small" => 10.0,
        "small" => 13.0,
        "medium" | "initial" => 16.0,
        "large" => 18.0,
        "x-large" => 24.0,
        "xx-large" => 32.0,
        "larger" => around * 1.2,
        "smaller" => around / 1.2,
        _ => return length(value, around, around),
    })
}

/// The id in `url(#id)`.
pub(super) fn reference(value: &str) -> Option<&str> {
    let inside = value.strip_prefix("url(")?.split(')').next()?;
    inside.trim_matches(['\'', '"']).strip_prefix('#')
}

/// Red, green, blue and alpha of a colour; of names only those of greys are told apart.
pub(super) fn colour(value: &str) -> Option<[u8; 4]> {
    let value = value.trim().to_ascii_lowercase();
    if let Some(digits) = value.strip_prefix('#') {
        let long: String = match digits.len() {
            3 | 4 => digits.chars().flat_map(|c| [c, c]).collect(),
            _ => digits.to_owned(),
        };
        let whole = if long.len() == 6 { long + "ff" } else { long };
        return u32::from_str_radix(&whole, 16)
            .ok()
            .filter(|_| whole.len() == 8)
            .map(u32::to_be_bytes);
    }
    if let Some((kind, inside)) = value.split_once('(') {
        let parts = inside
            .trim_end_matches(')')
            .split([' ', ',', '/'])
            .filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.collect();
        let alpha = parts.get(3).map_or(Some(1.0), |part| share(part))?;
        let level = |part: &str| match part.strip_suffix('%') {
            Some(percent) => number(percent).map(|percent| percent * 2.55),
            None => number(part),
        };
        let byte = |level: f64| {
            (0..=255_u8)
                .rev()
                .find(|byte| f64::from(*byte) <= level)
                .unwrap_or(0)
        };
        return match (kind, parts.as_slice()) {
            ("rgb" | "rgba", [r, g, b, ..]) => Some([
                byte(level(r)?),
                byte(level(g)?),
                byte(level(b)?),
                byte(alpha * 255.0),
            ]),
            // What counts is how light it is.
            ("hsl" | "hsla", [_, _, light, ..]) => {
                let light = byte(share(light)? * 255.0);
                Some([light, light, light, byte(alpha * 255.0)])
            }
            _ => None,
        };
    }
    let grey = |level: u8| Some([level, level, level, 255]);
    match value.as_str() {
        "transparent" => Some([0; 4]),
        "black" => grey(0),
        "white" => grey(255),
        "whitesmoke" => grey(245),
        "snow" | "ghostwhite" | "floralwhite" | "ivory" | "mintcream" | "azure" => grey(250),
        "gray" | "grey" => grey(128),
        "silver" => grey(192),
        "lightgray" | "lightgrey" => grey(211),
        "darkgray" | "darkgrey" => grey(169),
        "dimgray" | "dimgrey" => grey(105),
        "gainsboro" => grey(220),
        _ if super::words::is_keyword(&value) && value != "none" && !value.contains('-') => {
            Some(named(&value))
        }
        _ => None,
    }
}

/// Some colour that another name does not have.
fn named(name: &str) -> [u8; 4] {
    let sum = name
        .bytes()
        .fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    [sum, 255_u8.wrapping_sub(sum), 90, 255]
}
