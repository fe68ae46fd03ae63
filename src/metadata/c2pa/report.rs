//! From claims and assertions to findings.

use std::collections::{BTreeMap, BTreeSet};

use super::leaves::{Key, Leaf};
use crate::bytes::Context;
use crate::metadata::text;
use crate::model::{Category, Finding, Found, Place, Result, Role, Severity};

/// So many values of one key are told one by one.
const MOST: usize = 32;
/// Longer texts are shown in part, in characters.
const LONGEST: usize = 4096;

/// What a key says about its value.
struct Row {
    key: &'static str,
    /// A key around it that must be there, if not empty.
    inside: &'static str,
    category: Category,
    severity: Severity,
    role: Role,
}

const fn row(
    key: &'static str,
    inside: &'static str,
    category: Category,
    severity: Severity,
    role: Role,
) -> Row {
    Row {
        key,
        inside,
        category,
        severity,
        role,
    }
}

use Category as C;
use Severity as S;

/// C2PA 2.1 §10 and §18, schema.org, CAWG identity assertions.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("claim_generator", "", C::Device, S::Medium, Role::Software),
    row("softwareAgent", "", C::Device, S::Medium, Role::Software),
    row("name", "claim_generator_info", C::Device, S::Medium, Role::Software),
    row("version", "claim_generator_info", C::Device, S::Medium, Role::Software),
    row("operating_system", "claim_generator_info", C::Device, S::Medium, Role::Software),
    row("name", "softwareAgent", C::Device, S::Medium, Role::Software),
    row("version", "softwareAgent", C::Device, S::Medium, Role::Software),
    row("when", "", C::Time, S::Medium, Role::OtherTime),
    row("timestamp", "", C::Time, S::Medium, Role::OtherTime),
    row("dateTime", "", C::Time, S::Medium, Role::OtherTime),
    row("datePublished", "", C::Time, S::Medium, Role::OtherTime),
    row("dateCreated", "", C::Time, S::Medium, Role::TakenAt),
    row("action", "", C::History, S::Medium, Role::Text),
    row("reason", "", C::History, S::Medium, Role::Text),
    row("dc:title", "", C::History, S::High, Role::Path),
    row("title", "", C::History, S::High, Role::Path),
    row("documentID", "", C::History, S::High, Role::LinkId),
    row("instanceID", "", C::History, S::High, Role::LinkId),
    row("instanceId", "", C::History, S::High, Role::LinkId),
    row("provenance", "", C::History, S::High, Role::LinkId),
    row("remote_manifests", "", C::History, S::High, Role::LinkId),
    row("name", "author", C::Person, S::High, Role::PersonName),
    row("identifier", "author", C::Person, S::High, Role::PersonName),
    row("@id", "author", C::Person, S::High, Role::PersonName),
    row("name", "copyrightHolder", C::Person, S::High, Role::PersonName),
    row("legalName", "", C::Person, S::High, Role::PersonName),
    row("name", "creator", C::Person, S::High, Role::PersonName),
    row("name", "publisher", C::Person, S::High, Role::PersonName),
    row("name", "actors", C::Person, S::High, Role::PersonName),
    row("identifier", "actors", C::Person, S::High, Role::PersonName),
    row("username", "", C::Person, S::High, Role::PersonName),
    row("uri", "verifiedIdentities", C::Person, S::High, Role::PersonName),
    row("name", "verifiedIdentities", C::Person, S::High, Role::PersonName),
    row("copyrightNotice", "", C::Person, S::High, Role::PersonName),
    row("signer_payload", "", C::Person, S::High, Role::PersonName),
    row("sub", "", C::Person, S::High, Role::PersonName),
];

/// Keys whose values say nothing: hashes, addresses inside the manifest, names of algorithms and schemas.
const SILENT: &[&str] = &[
    "alg",
    "hash",
    "pad",
    "pad1",
    "pad2",
    "url",
    "@context",
    "@type",
    "format",
    "dc:format",
    "relationship",
    "signature",
];

/// Turns leaves into findings.
pub(super) struct Report<'a, 'b> {
    place: &'a str,
    cx: &'a Context<'b>,
    found: &'a mut Found,
    /// What has been told: manifests repeat what their ingredients say.
    told: BTreeSet<(String, String)>,
    /// How often each key has been told.
    times: BTreeMap<String, usize>,
    /// Values that are only counted, by assertion.
    counted: BTreeMap<String, u64>,
    /// Latitude and longitude, by where they stand.
    points: BTreeMap<String, [Option<f64>; 2]>,
}

impl<'a, 'b> Report<'a, 'b> {
    pub(super) fn new(place: &'a str, cx: &'a Context<'b>, found: &'a mut Found) -> Self {
        Self {
            place,
            cx,
            found,
            told: BTreeSet::new(),
            times: BTreeMap::new(),
            counted: BTreeMap::new(),
            points: BTreeMap::new(),
        }
    }

    /// Adds a finding unless it has been told or there are many of its kind.
    pub(super) fn add(
        &mut self,
        id: &'static str,
        category: Category,
        severity: Severity,
        what: &str,
        role: Role,
        text: &str,
    ) {
        if !self.is_news(what, text) {
            return;
        }
        let shown: String = text.chars().take(LONGEST).collect();
        let finding = Finding::new(id, category, severity, self.place, what.to_owned());
        self.found.add(finding.text(shown).role(role));
    }

    /// Adds a moment.
    pub(super) fn time(&mut self, what: &str, text: &str) {
        if self.is_news(what, text) {
            let finding = Finding::new(
                "c2pa.time",
                Category::Time,
                Severity::Medium,
                self.place,
                what.to_owned(),
            );
            self.found
                .add_as(finding.value(text::time(text)).role(Role::OtherTime), text);
        }
    }

    /// Adds a file inside the manifest.
    pub(super) fn embedded(
        &mut self,
        id: &'static str,
        role: Role,
        label: &str,
        len: u64,
        inner: Found,
    ) {
        let finding = Finding::new(
            id,
            Category::Image,
            Severity::High,
            self.place,
            label.to_owned(),
        );
        self.found.add(finding.bytes(len).role(role));
        self.found.merge(&format!("{}/{label}", self.place), inner);
    }

    fn is_news(&mut self, what: &str, text: &str) -> bool {
        let times = self.times.entry(what.to_owned()).or_default();
        if *times >= MOST {
            self.found.secrets.text(text);
            return false;
        }
        let head = text.chars().take(64).collect();
        let news = self.told.insert((what.to_owned(), head));
        *times = times.saturating_add(usize::from(news));
        news
    }

    /// A value of the assertion or claim with this label.
    pub(super) fn leaf(&mut self, label: &str, path: &[Key], leaf: Leaf<'_>) -> Result<()> {
        let mut keys = path.iter().rev().filter_map(|key| match key {
            Key::Text(text) => Some(text.as_str()),
            Key::Number(_) | Key::Index => None,
        });
        let key = keys.next().unwrap_or_default();
        let outer: Vec<&str> = keys.collect();
        if SILENT.contains(&key) || outer.contains(&"@context") {
            return Ok(());
        }
        let text = match leaf {
            Leaf::Text(text) => text.to_owned(),
            Leaf::Number(number) => number.to_string(),
            Leaf::Bytes(_) | Leaf::Simple => String::new(),
        };
        if self.half_point(label, path, key, &text) || text.is_empty() {
            return Ok(());
        }
        let row = ROWS
            .iter()
            .find(|row| row.key == key && (row.inside.is_empty() || outer.contains(&row.inside)));
        match row {
            Some(row) if row.role == Role::OtherTime => self.time(key, &text),
            Some(row) => self.add(
                "c2pa.assertion",
                row.category,
                row.severity,
                key,
                row.role,
                &text,
            ),
            None if text::is_known(key) => {
                if self.is_news(key, &text) {
                    text::read(
                        "c2pa.assertion",
                        key,
                        &text,
                        self.place,
                        self.cx,
                        self.found,
                    )?;
                }
            }
            None => {
                let counted = self.counted.entry(label.to_owned()).or_default();
                *counted = counted.saturating_add(1);
                let plain =
                    text.len() < 8 || text.starts_with("self#") || text.starts_with("http://ns.");
                if !plain && text.chars().any(char::is_alphabetic) && !text.starts_with("image/") {
                    self.found.secrets.text(&text);
                }
            }
        }
        Ok(())
    }

    /// Whether it is one of the halves of a point.
    fn half_point(&mut self, label: &str, path: &[Key], key: &str, text: &str) -> bool {
        let lower = key.to_ascii_lowercase();
        let half = if lower.ends_with("gpslatitude") || matches!(&*lower, "latitude" | "lat") {
            0
        } else if lower.ends_with("gpslongitude")
            || matches!(&*lower, "longitude" | "lon" | "lng" | "long")
        {
            1
        } else {
            return false;
        };
        let Some(angle) = text::angle(text) else {
            return false;
        };
        let outer = path.split_last().map_or(path, |(_, outer)| outer);
        let point = self.points.entry(format!("{label} {outer:?}")).or_default();
        if let Some(slot) = point.get_mut(half) {
            *slot = Some(angle);
        }
        self.found.secrets.text(text);
        true
    }

    /// Adds what is told together.
    pub(super) fn finish(self) {
        let mut told = Vec::new();
        for [latitude, longitude] in self.points.into_values() {
            let point = latitude
                .zip(longitude)
                .and_then(|(lat, lon)| Place::new(lat, lon));
            let finding = match point {
                Some(point) if told.contains(&point) => continue,
                Some(point) => {
                    told.push(point);
                    text::coordinates_finding("c2pa.gps", self.place, "coordinates", point)
                }
                None => Finding::new(
                    "c2pa.gps",
                    C::Location,
                    S::Critical,
                    self.place,
                    "part of coordinates",
                )
                .text(latitude.or(longitude).unwrap_or_default().to_string()),
            };
            self.found.findings.push(finding);
            if told.len() >= MOST {
                break;
            }
        }
        for (label, n) in self.counted {
            let what = format!("{label}: {n} other values");
            let finding = Finding::new("c2pa.assertion", C::Unknown, S::Medium, self.place, what);
            self.found.findings.push(finding);
        }
    }
}
