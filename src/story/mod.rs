//! L6: what the files of a folder reveal together and no single file reveals: recurring places, a move, a route, and
//! values that link files.
//!
//! Of each file a small record is kept; of a value that could link files, a count.

mod moment;
mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::model::{Category, Finding, Place, Role, Value};

pub use moment::Moment;
use places::Visit;

/// Maximum number of files whose places are compared.
const MOST_VISITS: usize = 50_000;
/// Maximum number of days that are counted.
const MOST_DAYS: usize = 20_000;
/// Maximum number of values that are compared.
const MOST_VALUES: usize = 20_000;
/// Values are compared as far as that, in characters.
const LONGEST: usize = 100;
/// A position that is less exact is no place to return to, in metres.
const VAGUE: f64 = 500.0;

/// What programs write where they know no name.
const NOBODY: [&str; 12] = [
    "admin",
    "administrator",
    "anonymous",
    "author",
    "default",
    "none",
    "other",
    "owner",
    "unknown",
    "user",
    "username",
    "windows user",
];
/// Parts of names of printers that every computer has.
const VIRTUAL: [&str; 7] = [
    "pdf",
    "xps",
    "onenote",
    "fax",
    "document imag",
    "document writer",
    "generic",
];

/// What a value is that several files contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tie {
    /// Serial number of a device.
    Device,
    /// Model of a device: there are many of it.
    Model,
    /// Name of a person or an account.
    Person,
    /// Id of a document, an original or a recording.
    Original,
    /// A folder or a template on a computer.
    Folder,
    /// A printer.
    Printer,
}

impl Tie {
    /// Number of files from which on it is worth a word.
    fn least(self) -> usize {
        if self == Self::Model { 3 } else { 2 }
    }
}

/// Files with one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// What it is.
    pub tie: Tie,
    /// What it says, as it is in the files.
    pub text: crate::model::Untrusted,
    /// How many files contain it.
    pub files: usize,
}

/// What a place that recurs is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Most pictures are from evenings, nights and mornings.
    Home,
    /// Nearly all are from weekdays at the hours of schools and jobs.
    Work,
    /// Neither.
    Unknown,
}

/// A place that recurs.
#[derive(Clone, Debug, PartialEq)]
pub struct Stay {
    /// Where.
    pub place: Place,
    /// Number of files.
    pub files: usize,
    /// Number of different days.
    pub days: usize,
    /// First time.
    pub first: Moment,
    /// Last time.
    pub last: Moment,
    /// Days of the week; 0 is Monday.
    pub weekdays: BTreeSet<u8>,
    /// The earliest and the latest hour.
    pub hours: (u8, u8),
    /// What it is used for.
    pub usage: Use,
}

/// A day with several places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// `20240512`
    pub date: u32,
    /// Number of different places.
    pub places: usize,
    /// Number of files.
    pub files: usize,
    /// Length from place to place, in kilometres.
    pub km: f64,
}

impl Way {
    /// The day as `2024-05-12`.
    #[must_use]
    pub fn iso(&self) -> String {
        moment::iso(self.date)
    }
}

/// What the files tell together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Somebody has moved: the new place, and the one that was a home before.
    pub moved: Option<(Stay, Stay)>,
    /// Places that recur: homes, then schools and jobs, then others.
    pub stays: Vec<Stay>,
    /// The day with the most places.
    pub way: Option<Way>,
    /// What links files, by [`Tie`]; the largest first.
    pub links: Vec<Link>,
}

/// Collects what files tell together.
#[derive(Clone, Debug, Default)]
pub struct Story {
    files: u64,
    visits: Vec<Visit>,
    days: BTreeMap<u32, usize>,
    values: BTreeMap<(Tie, String), Files>,
}

/// Files with one value: how many, and a sum that is the same only for the same files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Files {
    count: usize,
    sum: u64,
}

impl Story {
    /// Takes in what one file gives away.
    pub fn add(&mut self, findings: &[Finding]) {
        self.files = self.files.saturating_add(1);
        self.visits
            .extend(visit(findings).filter(|_| self.visits.len() < MOST_VISITS));
        if let Some(moment) = moment(findings, 0.0)
            && (self.days.len() < MOST_DAYS || self.days.contains_key(&moment.date))
        {
            let files = self.days.entry(moment.date).or_default();
            *files = files.saturating_add(1);
        }
        let mut hasher = DefaultHasher::new();
        self.files.hash(&mut hasher);
        let file = hasher.finish();
        let values: BTreeSet<(Tie, String)> = findings.iter().filter_map(value).collect();
        let has_serial = values.iter().any(|(tie, _)| *tie == Tie::Device);
        for value in values {
            // A serial number says more than a model.
            let is_less = value.0 == Tie::Model && has_serial;
            let is_new = !self.values.contains_key(&value);
            if is_less || (is_new && self.values.len() >= MOST_VALUES) {
                continue;
            }
            let files = self.values.entry(value).or_default();
            files.count = files.count.saturating_add(1);
            files.sum = files.sum.wrapping_add(file);
        }
    }

    /// Latitudes and longitudes of the files that have them.
    pub fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        self.visits
            .iter()
            .map(|visit| (visit.latitude, visit.longitude))
    }

    /// The days on which files were made, such as `2024-05-12`, and how many files of each.
    pub fn days(&self) -> impl Iterator<Item = (String, usize)> {
        self.days
            .iter()
            .map(|(date, files)| (moment::iso(*date), *files))
    }

    /// What they tell together.
    #[must_use]
    pub fn told(&self) -> Told {
        let (mut stays, way) = places::places(&self.visits);
        stays.sort_by_key(|stay| stay.usage);
        Told {
            moved: moved(&stays),
            stays,
            way,
            links: self.links(),
        }
    }

    /// Two values of one sort in the same files are one link: the first.
    fn links(&self) -> Vec<Link> {
        let mut known = BTreeSet::new();
        let links = self.values.iter().filter(|((tie, _), files)| {
            files.count >= tie.least() && known.insert((*tie, **files))
        });
        let mut links: Vec<Link> = links
            .map(|((tie, text), files)| Link {
                tie: *tie,
                text: crate::model::Untrusted::new(text),
                files: files.count,
            })
            .collect();
        links.sort_by_key(|link| (link.tie, std::cmp::Reverse(link.files)));
        links
    }
}

/// The place that is newest, where pictures of an earlier home end before it begins.
fn moved(stays: &[Stay]) -> Option<(Stay, Stay)> {
    let newest = stays.iter().max_by_key(|stay| stay.last)?;
    let is_left = |stay: &&Stay| stay.usage == Use::Home && stay.last.date <= newest.first.date;
    let left = stays.iter().filter(is_left).filter(|stay| *stay != newest);
    let left = left.max_by_key(|stay| stay.last)?;
    (newest.usage == Use::Home).then(|| (newest.clone(), left.clone()))
}

/// Where and when the file was made.
fn visit(findings: &[Finding]) -> Option<Visit> {
    let place = findings.iter().find_map(|finding| match &finding.value {
        Some(Value::Place(place)) if finding.role == Role::Coordinates => Some(place),
        _ => None,
    })?;
    let is_nowhere = place.latitude.abs() < 1e-3 && place.longitude.abs() < 1e-3;
    if is_nowhere || place.accuracy.is_some_and(|metres| metres > VAGUE) {
        return None;
    }
    Some(Visit {
        latitude: place.latitude,
        longitude: place.longitude,
        when: moment(findings, place.longitude),
    })
}

/// When the file was made. The clock of the place says more than UTC.
fn moment(findings: &[Finding], longitude: f64) -> Option<Moment> {
    let times = || {
        let taken = findings.iter().filter(|f| f.role == Role::TakenAt);
        taken.filter_map(|finding| match &finding.value {
            Some(Value::Time(text)) => Some(text.raw()),
            _ => None,
        })
    };
    let moment = |text: &str| Moment::read(text, longitude);
    let local = times().filter(|text| !text.ends_with('Z')).find_map(moment);
    local.or_else(|| times().find_map(moment))
}

/// What could link the file with others.
fn value(finding: &Finding) -> Option<(Tie, String)> {
    let Some(Value::Text(text)) = &finding.value else {
        return None;
    };
    let text = text.raw().trim();
    let tie = match finding.role {
        _ if is_printer(finding) => Tie::Printer,
        Role::Serial => Tie::Device,
        Role::Model => Tie::Model,
        Role::PersonName => Tie::Person,
        Role::LinkId => Tie::Original,
        Role::Path => Tie::Folder,
        _ if is_template(finding) => Tie::Folder,
        _ => return None,
    };
    let text = match tie {
        // The folder links, not the file in it. The template that every new document has tells nothing.
        Tie::Folder | Tie::Person if is_address(text) => return None,
        Tie::Person if contains(&NOBODY, text) => return None,
        Tie::Printer if VIRTUAL.iter().any(|it| text.to_lowercase().contains(it)) => return None,
        Tie::Folder => match text.rsplit_once(['/', '\\']) {
            Some((folder, _)) => folder,
            None if tie_of_file(finding, text) => text,
            None => return None,
        },
        _ => text,
    };
    let first = text.chars().find(|c| c.is_alphanumeric())?;
    // `000000` or `00000001` is what a device writes that has no number.
    let number = text.trim_start_matches(|c: char| !c.is_alphanumeric() || c == '0');
    if tie == Tie::Device && matches!(number, "" | "1") {
        return None;
    }
    let differs = |c: char| c.is_alphanumeric() && c != first;
    let is_telling = text.chars().filter(|c| c.is_alphanumeric()).count() > 2;
    (is_telling && text.chars().any(differs)).then(|| (tie, text.chars().take(LONGEST).collect()))
}

/// Whether it is an address on the internet, which many files of no relation have: a namespace, a home page.
fn is_address(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.len() > 1 && !scheme.eq_ignore_ascii_case("file"))
}

/// Whether a file without its folder links others: a template does, unless it is the one of all documents.
fn tie_of_file(finding: &Finding, name: &str) -> bool {
    let plain = name.split('.').next().unwrap_or(name);
    let is_usual = ["normal", "normal email"].contains(&plain.to_lowercase().as_str());
    is_template(finding) && !is_usual
}

/// Whether it is the template of a document.
fn is_template(finding: &Finding) -> bool {
    let what = &finding.what;
    let is_named = what.starts_with("template") || *what == "the template that was used";
    finding.category == Category::History && is_named
}

/// Whether it is the printer that a document was set up for.
fn is_printer(finding: &Finding) -> bool {
    let what = &finding.what;
    finding.category == Category::Device && (what.starts_with("printer") || *what == "the printer")
}

fn contains(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
