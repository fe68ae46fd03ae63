//! What a file gives away, in a few words.

use super::located::{located, town};
use super::{Arg, Words};
use crate::model::{Category, Finding, Place, Role, Severity, Value};

/// Longest text out of a file that is shown, in characters.
const SHOWN: usize = 60;
/// So many of a kind are shown; the others are counted.
const MOST: usize = 3;
/// No phone knows it better than that, however many digits it writes.
const BEST: f64 = 5.0;

/// A line about one file.
#[derive(Debug)]
pub struct Section {
    /// What the line is headed by.
    pub label: String,
    /// The worst that stands in it.
    pub severity: Severity,
    /// What it says.
    pub items: Vec<String>,
    /// The most telling of it, for a sentence; `None` where only programs can read it.
    pub(super) brief: Option<String>,
    /// The town or the country, where coordinates are known.
    pub(super) town: Option<String>,
    /// How exact the place is, where coordinates are known.
    pub(super) exact: Option<String>,
    /// Whether it is about where the file was made.
    pub is_place: bool,
    /// The key of the sentence in which the first item is told.
    pub(super) says: &'static str,
    /// The key of the word for what it is about.
    pub(super) about: &'static str,
}

impl Section {
    /// The key of the sentence that tells only what it is about.
    pub(super) fn says_bare(&self) -> &'static str {
        match self.about {
            "category-unknown" => "risk-other-bare",
            _ => "risk-bare",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Place,
    Time,
    Device,
    Person,
    Inside,
    History,
    Other,
    Name,
}

use Kind::{Device, History, Inside, Name, Other, Person, Time};

const ORDER: [(Kind, &str); 8] = [
    (Kind::Place, "section-place"),
    (Time, "section-time"),
    (Device, "section-device"),
    (Person, "section-person"),
    (Inside, "section-inside"),
    (History, "section-history"),
    (Other, "section-other"),
    (Name, "section-name"),
];

impl Kind {
    /// The key of the sentence that tells the worst of such a section.
    fn says(self, own: &[&Finding]) -> &'static str {
        let has = |wanted: &[Role]| own.iter().any(|finding| wanted.contains(&finding.role));
        match self {
            Self::Place if has(&[Role::Coordinates]) => "risk-place",
            Self::Place => "risk-place-name",
            Time if has(&[Role::TakenAt]) => "risk-time",
            Time => "risk-time-other",
            Device if has(&[Role::Serial]) => "risk-serial",
            Device => "risk-device",
            Person if has(&[Role::PersonName]) => "risk-person",
            Person => "risk-text",
            Inside => "risk-inside",
            History => "risk-history",
            Other => "risk-other",
            Name => "risk-name",
        }
    }

    /// Whether the first item is what the section is about, and no other detail.
    fn is_brief(self, finding: &Finding) -> bool {
        match self {
            Self::Place => matches!(finding.role, Role::Coordinates | Role::PlaceName),
            _ => true,
        }
    }

    /// The key of the word for what it is about.
    fn about(self) -> &'static str {
        match self {
            Self::Place => "category-location",
            Time => "category-time",
            Device => "category-device",
            Person => "category-person",
            Inside => "category-image",
            History => "category-history",
            Other => "category-unknown",
            Name => "category-name",
        }
    }
}

/// Whether it is about where the file was made.
pub(super) fn is_place(finding: &Finding) -> bool {
    kind(finding) == Kind::Place
}

/// All headings that a section can have.
#[must_use]
pub(super) fn labels(words: &Words) -> Vec<String> {
    ORDER.iter().map(|(_, key)| words.get(key)).collect()
}

fn kind(finding: &Finding) -> Kind {
    if finding.is_about_name() {
        return Name;
    }
    match (finding.role, finding.category) {
        (Role::Coordinates | Role::PlaceName, _) => Kind::Place,
        (Role::TakenAt | Role::OtherTime, _) => Time,
        (Role::Make | Role::Model | Role::Serial | Role::Software, _) => Device,
        (Role::PersonName, _) => Person,
        (Role::Thumbnail | Role::Picture | Role::Video, _) => Inside,
        (Role::LinkId | Role::Path, _) => History,
        (_, Category::Location) => Kind::Place,
        (_, Category::Time) => Time,
        (_, Category::Device) => Device,
        (_, Category::Person) => Person,
        (_, Category::Image) => Inside,
        (_, Category::History) => History,
        (_, Category::Unknown) => Other,
    }
}

/// What the findings about one file come to.
#[must_use]
pub fn sections(words: &Words, findings: &[Finding]) -> Vec<Section> {
    let mut sections: Vec<(Kind, Section)> = Vec::new();
    for (which, key) in ORDER {
        let own: Vec<&Finding> = findings.iter().filter(|f| kind(f) == which).collect();
        let Some(severity) = own.iter().map(|f| f.severity).max() else {
            continue;
        };
        // That a camera counts its pictures is worth a line only where there is nothing else.
        if which == Name && severity == Severity::Low && !sections.is_empty() {
            continue;
        }
        let own = Own { words, own };
        let Items { items, counted } = match which {
            Kind::Place => own.place(),
            Time => own.time(),
            Device => own.device(),
            Inside => own.inside(),
            Name => own.name(),
            Person | History | Other => own.rest(Vec::new(), |_| true),
        };
        let point = own
            .points()
            .into_iter()
            .next()
            .filter(|_| which == Kind::Place);
        let is_told = !counted && own.own.iter().any(|finding| which.is_brief(finding));
        let brief = match &point {
            Some(point) => Some(own.nearby(point)),
            None => items.first().filter(|_| is_told).cloned(),
        };
        // Where and when belong together.
        if which == Time
            && let Some((Kind::Place, place)) = sections.last_mut()
            && own.own.iter().any(|f| f.role == Role::TakenAt)
        {
            let behind_the_point = place.items.len().min(1);
            place
                .items
                .splice(behind_the_point..behind_the_point, items);
            continue;
        }
        sections.push((
            which,
            Section {
                label: words.get(key),
                severity,
                items,
                brief,
                town: point.as_ref().and_then(|point| town(words, point)),
                exact: point.map(|point| own.exactness(&point)),
                is_place: which == Kind::Place,
                says: which.says(&own.own),
                about: which.about(),
            },
        ));
    }
    sections.into_iter().map(|(_, section)| section).collect()
}

/// The device that made the file, as far as it says so.
pub(super) fn device(words: &Words, findings: &[Finding]) -> Option<String> {
    let own = Own {
        words,
        own: findings.iter().collect(),
    };
    let device = own.maker();
    match own.serial() {
        Some(serial) => Some(match device {
            Some(device) => format!("{device}, {serial}"),
            None => serial,
        }),
        None => device,
    }
}

/// Different texts of a role, in the order in which they were met.
pub(super) fn texts(findings: &[Finding], role: Role) -> Vec<String> {
    texts_of(findings.iter(), role)
}

fn texts_of<'a>(findings: impl Iterator<Item = &'a Finding>, role: Role) -> Vec<String> {
    let mut texts = Vec::new();
    for finding in findings.filter(|f| f.role == role) {
        if let Some(Value::Text(text) | Value::Time(text)) = &finding.value {
            let text = text.for_terminal(SHOWN).trim().to_owned();
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
    texts
}

/// What a section says.
#[derive(Default)]
struct Items {
    items: Vec<String>,
    /// Even the first item is only a number of details.
    counted: bool,
}

impl From<Vec<String>> for Items {
    fn from(items: Vec<String>) -> Self {
        Self {
            items,
            counted: false,
        }
    }
}

/// The findings of one section.
struct Own<'a> {
    words: &'a Words,
    own: Vec<&'a Finding>,
}

impl Own<'_> {
    fn texts(&self, role: Role) -> Vec<String> {
        texts_of(self.own.iter().copied(), role)
    }

    /// Appends what the findings say that `wanted` lets through and nobody has spoken for, and how many
    /// there are besides. Words out of the file come first; without any, what a block is called is said
    /// where that means something to somebody.
    fn rest(&self, mut items: Vec<String>, wanted: impl Fn(&Finding) -> bool) -> Items {
        let links = self.own.iter().filter(|f| f.role == Role::LinkId).count();
        let wanted = |f: &&&Finding| f.role != Role::LinkId && wanted(f);
        let own: Vec<&Finding> = self.own.iter().filter(wanted).copied().collect();
        let mut shown: Vec<String> = Vec::new();
        let mut silent = 0usize;
        let mut show = |item: Option<String>, shown: &mut Vec<String>| match item {
            Some(item) if shown.contains(&item) => {}
            Some(item) if shown.len() < MOST => shown.push(item),
            _ => silent = silent.saturating_add(1),
        };
        let (speaking, silent_ones): (Vec<&Finding>, Vec<&Finding>) =
            own.into_iter().partition(|f| self.says(f).is_some());
        for finding in speaking {
            show(self.says(finding), &mut shown);
        }
        let is_other = silent_ones.iter().any(|f| kind(f) == Other);
        let bare = items.is_empty() && shown.is_empty() && links == 0;
        for finding in silent_ones {
            let worth_it = if is_other {
                finding.severity >= Severity::High
            } else {
                bare
            };
            let named = worth_it && self.words.is_plain(&finding.what);
            show(named.then(|| self.words.phrase(&finding.what)), &mut shown);
        }
        items.append(&mut shown);
        if links > 0 {
            items.push(self.words.count("history-link", links));
        }
        let counted = items.is_empty();
        if silent > 0 {
            let key = if is_other {
                "leftovers"
            } else if items.is_empty() {
                "details"
            } else {
                "more-details"
            };
            items.push(self.words.count(key, silent));
        }
        Items { items, counted }
    }

    /// The words out of the file, if somebody can read something out of them.
    fn says(&self, finding: &Finding) -> Option<String> {
        let Some(Value::Text(text)) = &finding.value else {
            return None;
        };
        let text = text.for_terminal(SHOWN);
        match finding.role {
            Role::PersonName | Role::PlaceName | Role::Path => Some(text),
            // What a standard calls it tells nobody anything.
            Role::Text if self.words.is_plain(&finding.what) => {
                Some(format!("{}: {text}", self.words.phrase(&finding.what)))
            }
            Role::Text if text.chars().filter(|c| c.is_alphabetic()).count() > 1 => {
                Some(self.words.say("quoted", &[("text", (&text).into())]))
            }
            // A number without its name tells nothing, but it may be half of a place.
            Role::Text if kind(finding) == Kind::Place => {
                Some(format!("{}: {text}", self.words.phrase(&finding.what)))
            }
            _ => None,
        }
    }

    /// Different places, the first one first.
    fn points(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for finding in &self.own {
            let Some(Value::Place(place)) = &finding.value else {
                continue;
            };
            let near = |known: &&mut Place| {
                (known.latitude - place.latitude).abs() < 1e-4
                    && (known.longitude - place.longitude).abs() < 1e-4
            };
            match places.iter_mut().find(near) {
                Some(known) => known.accuracy = known.accuracy.or(place.accuracy),
                None => places.push(*place),
            }
        }
        places
    }

    fn place(&self) -> Items {
        let mut items = Vec::new();
        if let Some((first, others)) = self.points().split_first() {
            let mut parts = vec![self.point(first), self.exactness(first)];
            if !others.is_empty() {
                parts.push(self.words.count("more-places", others.len()));
            }
            items.push(parts.join(", "));
        }
        self.rest(items, |f| !matches!(f.value, Some(Value::Place(_))))
    }

    /// In words where they are to be had, with the coordinates behind them.
    fn point(&self, place: &Place) -> String {
        let point = self.coordinates(place);
        match located(self.words, place) {
            Some(words) => format!("{words} ({point})"),
            None => point,
        }
    }

    /// In words, or the coordinates where there are none.
    fn nearby(&self, place: &Place) -> String {
        located(self.words, place).unwrap_or_else(|| self.coordinates(place))
    }

    fn coordinates(&self, place: &Place) -> String {
        let compass = self.words.get("compass");
        let mut compass = compass.split_whitespace();
        let mut pick = |positive: bool| {
            let (one, other) = (compass.next(), compass.next());
            if positive { one } else { other }
                .unwrap_or_default()
                .to_owned()
        };
        let north = pick(place.latitude >= 0.0);
        let east = pick(place.longitude >= 0.0);
        self.words.say(
            "place-point",
            &[
                ("latitude", (&format!("{:.4}", place.latitude.abs())).into()),
                ("north", (&north).into()),
                (
                    "longitude",
                    (&format!("{:.4}", place.longitude.abs())).into(),
                ),
                ("east", (&east).into()),
            ],
        )
    }

    /// How exact it is: as the file says, or as its digits do.
    fn exactness(&self, place: &Place) -> String {
        let digits = |degrees: f64| {
            let text = degrees.to_string();
            i32::try_from(text.split_once('.').map_or(0, |(_, d)| d.len())).unwrap_or(9)
        };
        let written = digits(place.latitude).max(digits(place.longitude)).min(9);
        let metres = place
            .accuracy
            .filter(|metres| metres.is_finite() && *metres > 0.0)
            .unwrap_or_else(|| (Place::DEGREE / 10f64.powi(written)).max(BEST));
        let (key, n) = if metres < 1000.0 {
            ("within-metres", metres)
        } else {
            ("within-kilometres", metres / 1000.0)
        };
        let n = if n < 20.0 {
            n.ceil()
        } else {
            (n / 10.0).ceil() * 10.0
        };
        self.words.say(key, &[("n", (&format!("{n:.0}")).into())])
    }

    fn time(&self) -> Items {
        let taken = self.texts(Role::TakenAt);
        if let Some(taken) = taken.first() {
            return vec![date(self.words, taken)].into();
        }
        let Some(other) = self.texts(Role::OtherTime).into_iter().next() else {
            return self.rest(Vec::new(), |_| true);
        };
        let when = date(self.words, &other);
        vec![self.words.say("time-other", &[("when", (&when).into())])].into()
    }

    /// Make and model, the make once.
    fn maker(&self) -> Option<String> {
        let make = self.texts(Role::Make).into_iter().next();
        let model = self.texts(Role::Model).into_iter().next();
        match (make, model) {
            (Some(make), Some(model)) => {
                let first = make
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_lowercase();
                Some(if model.to_lowercase().starts_with(&first) {
                    model
                } else {
                    format!("{make} {model}")
                })
            }
            (make, model) => make.or(model),
        }
    }

    /// The first serial number; what is no readable text is not quoted.
    fn serial(&self) -> Option<String> {
        let serial = self.texts(Role::Serial).into_iter().next()?;
        Some(if serial.is_ascii() {
            let text = [("text", Arg::from(&serial))];
            self.words.say("device-serial", &text)
        } else {
            self.words.get("device-serial-bare")
        })
    }

    fn device(&self) -> Items {
        let mut items: Vec<String> = self.maker().into_iter().collect();
        let say = |key, text: &String| self.words.say(key, &[("text", Arg::from(text))]);
        if let Some(serial) = self.serial() {
            match items.first_mut() {
                Some(device) => *device = format!("{device}, {serial}"),
                None => items.push(serial),
            }
        }
        let programs = self.texts(Role::Software);
        items.extend(
            programs
                .iter()
                .take(1)
                .map(|text| say(made_with(text), text)),
        );
        self.rest(items, |f| matches!(f.role, Role::Other | Role::Text))
    }

    fn inside(&self) -> Items {
        let mut items = Vec::new();
        for (role, key) in [
            (Role::Picture, "inside-picture"),
            (Role::Thumbnail, "inside-thumbnail"),
            (Role::Video, "inside-video"),
        ] {
            let n = self.own.iter().filter(|f| f.role == role).count();
            if n > 0 {
                items.push(self.words.count(key, n));
            }
        }
        self.rest(items, |f| matches!(f.role, Role::Other | Role::Text))
    }

    fn name(&self) -> Items {
        let mut items = Vec::new();
        for finding in &self.own {
            let item = self
                .words
                .get(&format!("name-{}", category(finding.category)));
            if !items.contains(&item) {
                items.push(item);
            }
        }
        items.into()
    }
}

/// Phones write the version of their system where others name a program.
fn made_with(text: &str) -> &'static str {
    let version = text.strip_prefix("Ver.").unwrap_or(text);
    if version.starts_with(|c: char| c.is_ascii_digit()) {
        "device-version"
    } else {
        "device-software"
    }
}

/// The word for a category in keys of texts.
pub(super) fn category(category: Category) -> &'static str {
    match category {
        Category::Location => "location",
        Category::Time => "time",
        Category::Device => "device",
        Category::Person => "person",
        Category::Image => "image",
        Category::History => "history",
        Category::Unknown => "unknown",
    }
}

/// `2024-05-12T14:30:00+02:00` as `12 May 2024 14:30 (+02:00)`; what is no such date stays as it is.
pub(super) fn date(words: &Words, iso: &str) -> String {
    let parsed = (|| {
        let digits = |from: usize, to: usize| iso.get(from..to)?.parse::<usize>().ok();
        let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
        let months = words.get("months");
        let month = months.split_whitespace().nth(month.checked_sub(1)?)?;
        let (year, day) = (year.to_string(), day.to_string());
        let mut text = words.say(
            "date",
            &[
                ("day", (&day).into()),
                ("month", month.into()),
                ("year", (&year).into()),
            ],
        );
        if let Some(time) = iso
            .get(11..16)
            .filter(|time| time.as_bytes().get(2) == Some(&b':'))
        {
            text.push(' ');
            text.push_str(time);
            let rest = iso.get(16..).unwrap_or_default();
            if let Some(zone) = rest.find(['+', '-', 'Z']).and_then(|at| rest.get(at..)) {
                text.push_str(&format!(" ({})", zone.replace('Z', "UTC")));
            }
        }
        Some(text)
    })();
    parsed.unwrap_or_else(|| iso.to_owned())
}

#[cfg(test)]
mod tests;
