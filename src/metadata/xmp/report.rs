//! From properties to findings.

use std::collections::BTreeMap;

use super::table::{self, Meaning};
use super::walk::Step;
use crate::bytes::{Context, Source};
use crate::metadata::text;
use crate::model::{Category, Finding, Found, Place, Result, Role, Severity, len_u64};

/// So many values of one property are told one by one; the others are counted.
const MOST: usize = 32;
/// Longer texts are shown in part, in characters.
const LONGEST: usize = 4096;
/// Shorter values are never taken for base64.
const SHORTEST_BINARY: usize = 128;

/// Turns the values of one packet into findings.
pub(super) struct Report<'a, 'b> {
    place: &'a str,
    cx: &'a Context<'b>,
    found: &'a mut Found,
    /// Values told so far, by property.
    told: BTreeMap<String, usize>,
    /// Values that are only counted, by what is told of them together.
    counted: BTreeMap<String, (Meaning, u64)>,
    points: BTreeMap<String, Point>,
    strays: BTreeMap<&'static str, (String, usize)>,
}

/// Coordinates that come in several properties.
#[derive(Default)]
struct Point {
    /// Text as it stands, and angle.
    latitude: Option<(String, Option<f64>)>,
    longitude: Option<(String, Option<f64>)>,
    /// `GPSLatitudeRef` or `GPSLongitudeRef` says that the angle is in the south, or in the west.
    south: bool,
    west: bool,
    altitude: Option<f64>,
    below: bool,
    direction: Option<f64>,
    accuracy: Option<f64>,
}

/// What nobody has listed.
const ANY: Meaning = Meaning {
    id: "xmp.any",
    category: Category::Unknown,
    severity: Severity::Low,
    role: Role::Other,
};

impl<'a, 'b> Report<'a, 'b> {
    pub(super) fn new(place: &'a str, cx: &'a Context<'b>, found: &'a mut Found) -> Self {
        Self {
            place,
            cx,
            found,
            told: BTreeMap::new(),
            counted: BTreeMap::new(),
            points: BTreeMap::new(),
            strays: BTreeMap::new(),
        }
    }

    /// Text where none should be: the first of each kind is shown, all are searched for.
    pub(super) fn stray(&mut self, what: &'static str, text: &str) -> Result<()> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        self.cx.item()?;
        self.found.secrets.harvest(text.as_bytes());
        self.found.secrets.text(text);
        let (_, n) = self.strays.entry(what).or_insert_with(|| (shown(text), 0));
        *n = n.saturating_add(1);
        if *n <= MOST {
            text::mentions("xmp.padding", text, self.place, self.cx, self.found)?;
        }
        Ok(())
    }

    /// The value of a property.
    pub(super) fn value(&mut self, path: &[Step], value: &str) -> Result<()> {
        self.cx.item()?;
        let properties = path.iter().rev().filter_map(|step| match step {
            Step::Property(prefix, local) => Some((&**prefix, local.as_str())),
            Step::Item(_) => None,
        });
        let Some((prefix, local)) = properties.clone().next() else {
            return Ok(());
        };
        if self.binary(path, prefix, local, value)? {
            return Ok(());
        }
        let listed = table::listed(prefix, local);
        match listed.or_else(|| table::others(prefix)) {
            Some(meaning) if meaning.role == Role::Coordinates => {
                self.half_point(path, local, value);
            }
            Some(meaning) if listed.is_some() || meaning.severity >= Severity::High => {
                self.gps_detail(path, local, value);
                self.tell(meaning, path, &format!("{}:{local}", short(prefix)), value)?;
            }
            Some(meaning) => self.count(meaning, prefix, local, value),
            None => {
                // A field of a structure says what the structure says.
                let outer = properties.skip(1).find_map(|(prefix, outer)| {
                    let meaning = table::listed(prefix, outer).or_else(|| table::others(prefix))?;
                    Some((meaning, format!("{prefix}:{outer}")))
                });
                let (meaning, name) = outer.unwrap_or_else(|| {
                    let name = if prefix.is_empty() {
                        "no namespace"
                    } else {
                        prefix
                    };
                    (ANY, name.to_owned())
                });
                self.count(meaning, &name, local, value);
            }
        }
        Ok(())
    }

    /// A finding of its own, as long as there are few of the kind.
    fn tell(&mut self, meaning: Meaning, path: &[Step], name: &str, value: &str) -> Result<()> {
        let told = self.told.entry(name.to_owned()).or_default();
        *told = told.saturating_add(1);
        if *told > MOST {
            self.count(meaning, name, name, value);
            return Ok(());
        }
        let place = self.place_of(path);
        let Meaning {
            id,
            category,
            severity,
            role,
        } = meaning;
        let finding =
            Finding::new(id, category, severity, place.as_str(), name.to_owned()).role(role);
        match role {
            Role::TakenAt | Role::OtherTime => {
                self.found.add_as(finding.value(text::time(value)), value);
            }
            _ if is_slight(value) => self.found.findings.push(finding.text(value)),
            _ => self.found.add(finding.text(shown(value))),
        }
        match role {
            Role::Text => text::mentions(id, value, &place, self.cx, self.found),
            _ => Ok(()),
        }
    }

    /// Where a value stands: with the name of the structure that holds it.
    fn place_of(&self, path: &[Step]) -> String {
        let is_property = |step: &&Step| matches!(step, Step::Property(..));
        match path.first() {
            Some(Step::Property(prefix, local)) if path.iter().filter(is_property).count() > 1 => {
                format!("{}/{}:{local}", self.place, short(prefix))
            }
            _ => self.place.to_owned(),
        }
    }

    fn count(&mut self, meaning: Meaning, name: &str, local: &str, value: &str) {
        let (_, n) = self.counted.entry(short(name)).or_insert((meaning, 0));
        *n = n.saturating_add(1);
        // Short values and numbers stand in any file by chance; the names of colour profiles and of
        // file types rightly stand in cleaned ones.
        let plain = value.chars().count() < 8 || !value.chars().any(char::is_alphabetic);
        if !plain && local != "ICCProfile" && !value.starts_with("image/") {
            self.found.secrets.text(value);
        }
    }

    fn point(&mut self, path: &[Step], stem: &str) -> &mut Point {
        let outer = path.split_last().map_or(path, |(_, outer)| outer);
        self.points.entry(format!("{outer:?} {stem}")).or_default()
    }

    /// Latitude or longitude.
    fn half_point(&mut self, path: &[Step], local: &str, value: &str) {
        let lower = local.to_ascii_lowercase();
        let stem = if lower.contains("dest") { "dest" } else { "" };
        let angle = text::angle(value);
        let half = Some((value.chars().take(LONGEST).collect(), angle));
        let point = self.point(path, stem);
        if lower.contains("lat") {
            point.latitude = half;
        } else {
            point.longitude = half;
        }
    }

    /// What belongs to a point beside latitude and longitude.
    fn gps_detail(&mut self, path: &[Step], local: &str, value: &str) {
        if !local.starts_with("GPS") {
            return;
        }
        let number = ratio(value);
        let stem = if local.contains("Dest") { "dest" } else { "" };
        let point = self.point(path, stem);
        match local {
            "GPSLatitudeRef" | "GPSDestLatitudeRef" => {
                point.south = value.trim_start().starts_with(['S', 's'])
            }
            "GPSLongitudeRef" | "GPSDestLongitudeRef" => {
                point.west = value.trim_start().starts_with(['W', 'w'])
            }
            "GPSAltitude" => point.altitude = number,
            "GPSAltitudeRef" => point.below = value == "1",
            "GPSImgDirection" => point.direction = number,
            "GPSHPositioningError" => point.accuracy = number,
            _ => {}
        }
    }

    /// Pictures and other files in base64.
    fn binary(&mut self, path: &[Step], prefix: &str, local: &str, value: &str) -> Result<bool> {
        if value.len() < SHORTEST_BINARY {
            return Ok(false);
        }
        self.cx.memory(len_u64(value.len()))?;
        let listed = table::listed(prefix, local).filter(|meaning| meaning.id == "xmp.binary");
        let Some(bytes) = base64(value) else {
            return Ok(false);
        };
        let is_file = self.cx.identify_nested(&Source::memory(&bytes))?.is_some();
        let meaning = listed.unwrap_or(Meaning {
            id: "xmp.binary",
            category: if is_file {
                Category::Image
            } else {
                Category::Unknown
            },
            severity: Severity::High,
            role: if is_file { Role::Picture } else { Role::Other },
        });
        let name = format!("{}:{local}", short(prefix));
        let place = self.place_of(path);
        let finding = Finding::new(
            meaning.id,
            meaning.category,
            meaning.severity,
            place.as_str(),
            name.clone(),
        );
        self.found
            .add(finding.bytes(len_u64(bytes.len())).role(meaning.role));
        self.found.secrets.text(value);
        if is_file {
            let inner = self.cx.inspect_nested(&Source::memory(&bytes))?;
            self.found.merge(&format!("{place}/{name}"), inner);
        }
        Ok(true)
    }

    /// Adds what is told together.
    pub(super) fn finish(self) -> Result<()> {
        for point in self.points.into_values() {
            let halves = [&point.latitude, &point.longitude];
            for (text, _) in halves.into_iter().flatten() {
                if !is_slight(text) {
                    self.found.secrets.text(text);
                }
            }
            let place = match (&point.latitude, &point.longitude) {
                (Some((_, Some(latitude))), Some((_, Some(longitude)))) => {
                    let side =
                        |angle: f64, negative: bool| if negative { -angle.abs() } else { angle };
                    Place::new(side(*latitude, point.south), side(*longitude, point.west))
                }
                _ => None,
            };
            if let Some(mut place) = place {
                place.altitude = point.altitude.map(|m| if point.below { -m } else { m });
                place.direction = point.direction;
                place.accuracy = point.accuracy;
                self.found.add(text::coordinates_finding(
                    "xmp.gps",
                    self.place,
                    "coordinates",
                    place,
                ));
            } else if halves.iter().any(|half| half.is_some()) {
                let text: Vec<&str> = halves
                    .into_iter()
                    .flatten()
                    .map(|(text, _)| text.as_str())
                    .collect();
                let finding = Finding::new(
                    "xmp.gps",
                    Category::Location,
                    Severity::Critical,
                    self.place,
                    "coordinates",
                );
                self.found
                    .add(finding.text(text.join(" ")).role(Role::Coordinates));
            }
        }
        for (what, (text, n)) in self.strays {
            let severity = match what {
                "namespace" | "processing instruction" | "comment" => Severity::Low,
                _ => Severity::Medium,
            };
            let what = format!("{what} ({n})");
            let finding =
                Finding::new("xmp.padding", Category::Unknown, severity, self.place, what);
            self.found.add(finding.text(text).role(Role::Text));
        }
        for (name, (meaning, n)) in self.counted {
            let what = if n == 1 {
                format!("{name}: 1 property")
            } else {
                format!("{name}: {n} properties")
            };
            let finding = Finding::new(
                meaning.id,
                meaning.category,
                meaning.severity,
                self.place,
                what,
            );
            self.found.findings.push(finding);
        }
        Ok(())
    }
}

/// A prefix or URI of reasonable length.
fn short(name: &str) -> String {
    name.chars().take(80).collect()
}

fn shown(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// Whether a value is so short and plain that it stands in any file by chance.
fn is_slight(value: &str) -> bool {
    value.len() < 8
        && value
            .bytes()
            .all(|b| b.is_ascii_digit() || b".,/-+ ".contains(&b))
}

/// `35/1` or `35.2`.
fn ratio(value: &str) -> Option<f64> {
    let (n, d) = value.split_once('/').unwrap_or((value, "1"));
    let (n, d): (f64, f64) = (n.trim().parse().ok()?, d.trim().parse().ok()?);
    let ratio = n / d;
    ratio.is_finite().then_some(ratio)
}

/// The bytes of a base64 text (RFC 4648 §4 or §5), line breaks allowed; `None` when it is something else.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte.wrapping_sub(b'A'),
            b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' | b'\n' | b'\r' | b'\t' => continue,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(digit);
        held = held.wrapping_add(6);
        if held >= 8 {
            held = held.wrapping_sub(8);
            let [_, _, _, low] = (bits >> held).to_be_bytes();
            out.push(low);
        }
    }
    Some(out)
}
