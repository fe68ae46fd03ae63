//! What the files of a folder tell together, for programs.

use serde::Serialize;

use super::Summary;
use crate::model::{Place, Untrusted};
use crate::story::{Link, Stay, Tie, Use, Way};

/// One statement. Values are in it only where that was asked for.
#[derive(Debug, Serialize)]
pub(super) struct Statement {
    kind: &'static str,
    files: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
    /// 0 is Monday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    weekdays: Vec<u8>,
    /// The earliest and the latest hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<(u8, u8)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    km: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Untrusted>,
}

/// All statements, the most dangerous first.
pub(super) fn statements(summary: &Summary, values: bool) -> Vec<Statement> {
    let told = summary.story.told();
    let mut all = Vec::new();
    all.extend((told.moved.as_ref()).map(|(new, _)| Statement::stay("moved", new, values)));
    for stay in &told.stays {
        let kind = match stay.usage {
            Use::Home => "home",
            Use::Work => "school_or_job",
            Use::Unknown => "recurring_place",
        };
        all.push(Statement::stay(kind, stay, values));
    }
    all.extend(told.way.as_ref().map(|way| Statement::way(way, values)));
    all.extend(told.links.iter().map(|link| Statement::link(link, values)));
    all.extend((summary.pairs.told()).map(|(files, _)| Statement::new("pairs_by_name", files)));
    all
}

impl Statement {
    fn new(kind: &'static str, files: usize) -> Self {
        Self {
            kind,
            files,
            days: None,
            places: None,
            first: None,
            last: None,
            weekdays: Vec::new(),
            hours: None,
            place: None,
            km: None,
            value: None,
        }
    }

    fn stay(kind: &'static str, stay: &Stay, values: bool) -> Self {
        let statement = Self {
            days: Some(stay.days),
            ..Self::new(kind, stay.files)
        };
        if !values {
            return statement;
        }
        Self {
            first: Some(stay.first.iso()),
            last: Some(stay.last.iso()),
            weekdays: stay.weekdays.iter().copied().collect(),
            hours: Some(stay.hours),
            place: Some(stay.place),
            ..statement
        }
    }

    fn way(way: &Way, values: bool) -> Self {
        Self {
            places: Some(way.places),
            first: values.then(|| way.iso()),
            km: values.then(|| (way.km * 10.0).round() / 10.0),
            ..Self::new("way", way.files)
        }
    }

    fn link(link: &Link, values: bool) -> Self {
        let kind = match link.tie {
            Tie::Device => "same_device",
            Tie::Model => "same_model",
            Tie::Person => "same_name",
            Tie::Original => "same_id",
            Tie::Folder => "same_folder",
            Tie::Printer => "same_printer",
        };
        Self {
            value: values.then(|| link.text.clone()),
            ..Self::new(kind, link.files)
        }
    }
}
