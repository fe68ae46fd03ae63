//! Where files were made, as a drawing: the world, and below it the region with most of them. For reports with
//! values only.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escaped;
use crate::report::Words;
use crate::story::Story;

/// Outlines of countries, `assets/map`: x is the longitude and y the latitude in tenths of a degree, south positive.
const WORLD: &str = include_str!("../../../assets/map/world.txt");
/// Maximum number of points that are drawn.
const MOST: usize = 2_000;
/// Degrees of a cell that points are counted in, to find the region.
const CELL: f64 = 10.0;
/// Points that are farther from the middle of the region do not belong to it, in degrees.
const REACH: f64 = 8.0;
/// Minimum height of the region, in degrees: the outlines are coarse.
const HEIGHT: f64 = 8.0;

/// A point in degrees.
#[derive(Clone, Copy)]
struct Point {
    latitude: f64,
    longitude: f64,
}

/// Both maps with a text that says the same; `None` where no file has coordinates.
pub(super) fn map(words: &Words, story: &Story) -> Option<String> {
    let points = points(story);
    let stays: Vec<Point> = (story.told().stays.iter())
        .map(|stay| Point {
            latitude: stay.place.latitude,
            longitude: stay.place.longitude,
        })
        .collect();
    let region = Region::of(&points)?;
    let n = words.count("html-map-places", points.len());
    let (title, says) = (escaped(&n), escaped(&words.get("html-map-says")));
    let mut text = format!(
        "<h2>{}</h2>\n<figure>\n<svg class=\"map\" viewBox=\"-1800 -850 3600 1450\" role=\"img\" \
         aria-label=\"{title}\"><defs><path id=\"land\" d=\"{}\"/></defs><use href=\"#land\"/>\n",
        escaped(&words.get("html-map")),
        WORLD.replace('\n', "")
    );
    circles(&mut text, &points, &stays, 1.0, 14.0);
    text.push_str(&region.frame());
    let label = escaped(&words.get("html-map-region"));
    let _ = write!(
        text,
        "</svg>\n<svg class=\"map\" viewBox=\"{}\" role=\"img\" aria-label=\"{label}\">\
         <g transform=\"scale({:.3} 1)\"><use href=\"#land\"/></g>\n",
        region.view(),
        region.narrow
    );
    circles(
        &mut text,
        &points,
        &stays,
        region.narrow,
        region.height / 8.0,
    );
    let _ = write!(
        text,
        "</svg>\n<figcaption>{title}. {says}</figcaption>\n</figure>\n"
    );
    Some(text)
}

/// Different points, as far as a map can show that.
fn points(story: &Story) -> Vec<Point> {
    let mut known: BTreeMap<String, Point> = BTreeMap::new();
    for (latitude, longitude) in story.points() {
        if known.len() >= MOST {
            break;
        }
        let point = Point {
            latitude,
            longitude,
        };
        known
            .entry(format!("{latitude:.2} {longitude:.2}"))
            .or_insert(point);
    }
    known.into_values().collect()
}

fn circles(text: &mut String, points: &[Point], stays: &[Point], narrow: f64, radius: f64) {
    let mut circle = |class: &str, point: &Point, radius: f64| {
        let (x, y) = (point.longitude * 10.0 * narrow, -point.latitude * 10.0);
        let _ = writeln!(
            text,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"/>"
        );
    };
    points.iter().for_each(|point| circle("dot", point, radius));
    stays
        .iter()
        .for_each(|stay| circle("stay", stay, radius * 2.5));
}

/// The part of the world with most points.
struct Region {
    middle: Point,
    /// In degrees of latitude, as the width.
    height: f64,
    width: f64,
    /// A degree of longitude in degrees of latitude.
    narrow: f64,
}

impl Region {
    fn of(points: &[Point]) -> Option<Self> {
        let mut cells: BTreeMap<String, Vec<Point>> = BTreeMap::new();
        for point in points {
            let (north, east) = (point.latitude / CELL, point.longitude / CELL);
            let key = format!("{} {}", north.floor(), east.floor());
            cells.entry(key).or_default().push(*point);
        }
        let most = cells.values().max_by_key(|inside| inside.len())?;
        let around = Span::of(most)?.middle();
        let near = |point: &&Point| {
            (point.latitude - around.latitude).abs() < REACH
                && (point.longitude - around.longitude).abs() < REACH
        };
        let near: Vec<Point> = points.iter().filter(near).copied().collect();
        let span = Span::of(&near)?;
        let middle = span.middle();
        let narrow = middle.latitude.to_radians().cos().max(0.1);
        let height = (span.north - span.south + 2.0).max(HEIGHT);
        let width = ((span.east - span.west + 2.0) * narrow).max(height * 1.5);
        Some(Self {
            middle,
            height: height.max(width / 2.5),
            width,
            narrow,
        })
    }

    fn view(&self) -> String {
        let west = self.middle.longitude * self.narrow - self.width / 2.0;
        let north = -self.middle.latitude - self.height / 2.0;
        let [x, y, width, height] = [west, north, self.width, self.height].map(|n| n * 10.0);
        format!("{x:.1} {y:.1} {width:.1} {height:.1}")
    }

    /// Where the region is in the world.
    fn frame(&self) -> String {
        let width = self.width / self.narrow;
        let west = self.middle.longitude - width / 2.0;
        let north = -self.middle.latitude - self.height / 2.0;
        let [x, y, width, height] = [west, north, width, self.height].map(|n| n * 10.0);
        format!(
            "<rect class=\"frame\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>\n"
        )
    }
}

/// The smallest rectangle around points.
struct Span {
    south: f64,
    north: f64,
    west: f64,
    east: f64,
}

impl Span {
    fn of(points: &[Point]) -> Option<Self> {
        let first = points.first()?;
        let start = Self {
            south: first.latitude,
            north: first.latitude,
            west: first.longitude,
            east: first.longitude,
        };
        Some(points.iter().fold(start, |span, point| Self {
            south: span.south.min(point.latitude),
            north: span.north.max(point.latitude),
            west: span.west.min(point.longitude),
            east: span.east.max(point.longitude),
        }))
    }

    fn middle(&self) -> Point {
        Point {
            latitude: f64::midpoint(self.south, self.north),
            longitude: f64::midpoint(self.west, self.east),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(points: &[(f64, f64)]) -> Region {
        let points: Vec<Point> = (points.iter())
            .map(|&(latitude, longitude)| Point {
                latitude,
                longitude,
            })
            .collect();
        Region::of(&points).unwrap()
    }

    #[test]
    fn the_region_is_where_most_points_are() {
        let region = region(&[(59.4, 17.9), (57.7, 12.0), (59.3, 18.1), (13.7, 100.5)]);
        assert!((region.middle.latitude - 58.55).abs() < 0.01);
        assert!(region.height >= HEIGHT && region.width > region.height);
        let numbers: Vec<f64> = region
            .view()
            .split(' ')
            .map(|n| n.parse().unwrap())
            .collect();
        let (x, y) = (17.9 * 10.0 * region.narrow, -594.0);
        assert!(numbers[0] < x && x < numbers[0] + numbers[2], "{numbers:?}");
        assert!(numbers[1] < y && y < numbers[1] + numbers[3], "{numbers:?}");
    }

    #[test]
    fn the_outlines_are_there() {
        assert!(WORLD.len() < 200_000 && WORLD.lines().count() > 200);
        let path = |c: char| c.is_ascii_digit() || "Mlz -\n".contains(c);
        assert!(WORLD.chars().all(path));
    }
}
