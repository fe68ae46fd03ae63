//! Where something lies, as far as that can be told without drawing it.

use super::shapes;

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

    /// Nothing of the plane.
    pub(super) const NONE: Self = Self {
        left: f64::INFINITY,
        top: f64::INFINITY,
        right: f64::NEG_INFINITY,
        bottom: f64::NEG_INFINITY,
    };

    pub(super) fn sized([x, y, width, height]: [f64; 4]) -> Self {
        Self {
            left: x,
            top: y,
            right: x + width,
            bottom: y + height,
        }
    }

    /// So far in all directions from a point.
    pub(super) fn around([x, y]: [f64; 2], [width, height]: [f64; 2]) -> Self {
        Self::sized([x - width, y - height, 2.0 * width, 2.0 * height])
    }

    pub(super) fn width(self) -> f64 {
        (self.right - self.left).max(0.0)
    }

    pub(super) fn height(self) -> f64 {
        (self.bottom - self.top).max(0.0)
    }

    /// Top and bottom.
    pub(super) fn rows(self) -> [f64; 2] {
        [self.top, self.bottom]
    }

    pub(super) fn is_empty(self) -> bool {
        self.width() == 0.0 || self.height() == 0.0
    }

    /// So much more in all directions.
    pub(super) fn grown(self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    /// All but the edge.
    pub(super) fn inner(self) -> Self {
        self.grown(-0.05 * self.width().min(self.height()))
    }

    /// Whether a point is one of the corners, or nearly.
    pub(super) fn has_corner(self, [x, y]: [f64; 2]) -> bool {
        let near = |a: f64, b: f64, size: f64| (a - b).abs() <= 0.001 * size;
        (near(x, self.left, self.width()) || near(x, self.right, self.width()))
            && (near(y, self.top, self.height()) || near(y, self.bottom, self.height()))
    }

    /// What lies in both.
    pub(super) fn both(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// The smallest one with this point in it too.
    pub(super) fn with(self, [x, y]: [f64; 2]) -> Self {
        Self {
            left: self.left.min(x),
            top: self.top.min(y),
            right: self.right.max(x),
            bottom: self.bottom.max(y),
        }
    }

    /// The smallest one with both in it.
    pub(super) fn and(self, other: Self) -> Self {
        self.with([other.left, other.top])
            .with([other.right, other.bottom])
    }

    pub(super) fn holds(self, [x, y]: [f64; 2]) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    /// Whether some point lies in both.
    pub(super) fn meets(self, other: Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }

    /// Whether more than this share of `self`, measured along each axis, lies outside of `other`.
    pub(super) fn sticks_out(self, other: Self, share: f64) -> bool {
        let inner = self.both(other);
        self.width() - inner.width() > share * self.width()
            || self.height() - inner.height() > share * self.height()
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

    pub(super) fn scaled(x: f64, y: f64) -> Self {
        Self([x, 0.0, 0.0, y, 0.0, 0.0])
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

    /// The smallest rectangle around what becomes of one.
    pub(super) fn area(self, area: Area) -> Area {
        let corners = [
            [area.left, area.top],
            [area.right, area.top],
            [area.left, area.bottom],
            [area.right, area.bottom],
        ];
        corners
            .into_iter()
            .fold(Area::NONE, |all, corner| all.with(self.point(corner)))
    }

    /// Whether rectangles along the axes stay such.
    pub(super) fn is_upright(self) -> bool {
        let Self([a, b, c, d, ..]) = self;
        (b == 0.0 && c == 0.0) || (a == 0.0 && d == 0.0)
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
        if rest == "none" {
            return Some(all);
        }
        while !rest.is_empty() {
            let (name, behind) = rest.split_once('(')?;
            let (inside, behind) = behind.split_once(')')?;
            let plain = inside.replace("px", "").replace("deg", "");
            let (numbers, read) = shapes::numbers(&plain);
            if read < plain.len() {
                return None;
            }
            let numbers: Vec<f64> = numbers.iter().map(|one| value(one)).collect();
            let one = match (
                name.trim().to_ascii_lowercase().as_str(),
                numbers.as_slice(),
            ) {
                ("matrix", [a, b, c, d, e, f]) => Self([*a, *b, *c, *d, *e, *f]),
                ("translate", [x, y]) => Self::moved(*x, *y),
                ("translate" | "translatex", [x]) => Self::moved(*x, 0.0),
                ("translatey", [y]) => Self::moved(0.0, *y),
                ("scale", [x, y]) => Self::scaled(*x, *y),
                ("scale", [both]) => Self::scaled(*both, *both),
                ("scalex", [x]) => Self::scaled(*x, 1.0),
                ("scaley", [y]) => Self::scaled(1.0, *y),
                ("rotate", [degrees]) => Self::turned(*degrees),
                ("rotate", [degrees, x, y]) => Self::moved(*x, *y)
                    .after(Self::turned(*degrees))
                    .after(Self::moved(-x, -y)),
                ("skewx", [degrees]) => Self([1.0, 0.0, degrees.to_radians().tan(), 1.0, 0.0, 0.0]),
                ("skewy", [degrees]) => Self([1.0, degrees.to_radians().tan(), 0.0, 1.0, 0.0, 0.0]),
                _ => return None,
            };
            all = all.after(one);
            rest = behind.trim_start_matches([' ', ',', '\t', '\n']);
        }
        Some(all)
    }
}

/// A number that was read by [`shapes`].
pub(super) fn value(number: &str) -> f64 {
    number.trim_end_matches('.').parse().unwrap_or(0.0)
}

/// A rectangle around a path, and of how many pieces it is made. Curves are taken by their control points.
pub(super) fn path(data: &str) -> (Area, usize) {
    let (mut area, mut count) = (Area::NONE, 0_usize);
    walk(data, &mut |points| {
        count = count.saturating_add(1);
        area = points.iter().fold(area, |all, point| all.with(*point));
    });
    (area, count)
}

/// Rectangles around each piece of a path.
pub(super) fn pieces(data: &str) -> Vec<Area> {
    let mut all = Vec::new();
    walk(data, &mut |points| {
        let area = points
            .iter()
            .fold(Area::NONE, |all, point| all.with(*point));
        all.push(area);
    });
    all
}

/// The points of a path of straight lines.
pub(super) fn corners(data: &str) -> Option<Vec<[f64; 2]>> {
    let mut all = Vec::new();
    walk(data, &mut |points| all.extend_from_slice(points));
    (!data.contains(|c: char| c.is_ascii_alphabetic() && !"MmLlHhVvZz".contains(c))).then_some(all)
}

/// Hands out the points of each piece.
fn walk(data: &str, piece: &mut dyn FnMut(&[[f64; 2]])) {
    let (mut start, mut at) = ([0.0, 0.0], [0.0, 0.0]);
    for (command, numbers) in shapes::segments(data).0 {
        let numbers: Vec<f64> = numbers.iter().map(|one| value(one)).collect();
        let upper = command.to_ascii_uppercase();
        let size = match upper {
            'Z' => {
                at = start;
                continue;
            }
            'H' | 'V' => 1,
            'C' => 6,
            'S' | 'Q' => 4,
            'A' => 7,
            _ => 2,
        };
        for (index, set) in numbers.chunks_exact(size).enumerate() {
            let [from_x, from_y] = at;
            let [x, y] = if command == upper { [0.0, 0.0] } else { at };
            let mut points = Vec::new();
            if upper != 'M' || index > 0 {
                points.push(at);
            }
            match *set {
                [one] if upper == 'H' => at = [x + one, from_y],
                [one] => at = [from_x, y + one],
                [width, height, _, _, _, to_x, to_y] => {
                    at = [x + to_x, y + to_y];
                    let [to_x, to_y] = at;
                    let [x, y] = [(from_x + to_x) / 2.0, (from_y + to_y) / 2.0];
                    points.push([x - width.abs(), y - height.abs()]);
                    points.push([x + width.abs(), y + height.abs()]);
                }
                _ => {
                    for pair in set.chunks_exact(2) {
                        if let [to_x, to_y] = *pair {
                            at = [x + to_x, y + to_y];
                            points.push(at);
                        }
                    }
                }
            }
            points.push(at);
            piece(&points);
            if upper == 'M' && index == 0 {
                start = at;
            }
        }
    }
}

/// A rectangle around points, and how many there are.
pub(super) fn points(list: &str) -> (Area, usize) {
    let (numbers, _) = shapes::numbers(list);
    let numbers: Vec<f64> = numbers.iter().map(|one| value(one)).collect();
    let pairs = numbers.chunks_exact(2);
    let count = pairs.len();
    let area = pairs.fold(Area::NONE, |all, pair| match *pair {
        [x, y] => all.with([x, y]),
        _ => all,
    });
    (area, count)
}
