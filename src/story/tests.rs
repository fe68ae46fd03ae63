use super::*;
use crate::model::{Severity, Untrusted};

fn photo(latitude: f64, longitude: f64, when: &str) -> Vec<Finding> {
    let place = Value::Place(Place::new(latitude, longitude).unwrap());
    let time = Value::Time(Untrusted::new(when));
    vec![
        Finding::new("x", Category::Location, Severity::Critical, "p", "w")
            .value(place)
            .role(Role::Coordinates),
        Finding::new("x", Category::Time, Severity::Medium, "p", "w")
            .value(time)
            .role(Role::TakenAt),
    ]
}

fn value(role: Role, text: &str) -> Finding {
    Finding::new("x", Category::Device, Severity::High, "p", "w")
        .text(text)
        .role(role)
}

fn told(files: &[Vec<Finding>]) -> Told {
    let mut story = Story::default();
    for findings in files {
        story.add(findings);
    }
    story.told()
}

/// `days` from Monday 4 May 2026 on, with an hour.
fn days(latitude: f64, longitude: f64, days: std::ops::Range<u32>, hour: u32) -> Vec<Vec<Finding>> {
    days.map(|day| {
        // As exact as phones are: some metres.
        let jitter = f64::from(day % 3) * 0.0002;
        let when = format!("2026-05-{:02}T{hour:02}:10:00+02:00", day + 4);
        photo(latitude + jitter, longitude - jitter, &when)
    })
    .collect()
}

#[test]
fn places_recur_and_are_left() {
    let mut files = days(59.4032, 17.9448, 0..12, 22);
    files.extend(days(59.3293, 18.0686, 0..5, 9));
    files.extend(days(57.7089, 11.9746, 15..18, 21));
    // The order of the files does not matter.
    files.reverse();
    let told = told(&files);
    let usage: Vec<(Use, usize)> = told.stays.iter().map(|s| (s.usage, s.files)).collect();
    assert_eq!(usage, [(Use::Home, 12), (Use::Home, 3), (Use::Work, 5)]);
    let (new, old) = told.moved.unwrap();
    assert_eq!((new.files, old.files), (3, 12));
    assert_eq!((new.first.date, new.first.weekday), (20_260_519, 1));
    assert_eq!(told.stays[2].hours, (9, 9));
    assert_eq!(told.way, None);
}

/// Somebody who still comes home has not moved; a point without position is no place; nor is a vague one.
#[test]
fn nothing_is_told_without_a_reason() {
    let mut files = days(59.4032, 17.9448, 0..20, 22);
    files.extend(days(57.7089, 11.9746, 5..8, 21));
    assert_eq!(told(&files).moved, None);
    assert_eq!(told(&days(0.0, 0.0, 0..9, 22)), Told::default());
    let mut vague = days(59.0, 17.0, 0..9, 22);
    for findings in &mut vague {
        if let Some(Value::Place(place)) = &mut findings[0].value {
            place.accuracy = Some(3000.0);
        }
    }
    assert_eq!(told(&vague), Told::default());
    // Two days are a visit.
    assert_eq!(told(&days(59.0, 17.0, 0..2, 22)), Told::default());
}

#[test]
fn a_day_with_many_places_is_a_way() {
    let stops = [(59.33, 18.06), (59.36, 18.0), (59.4, 17.95), (59.45, 17.9)];
    let stop =
        |(n, (latitude, longitude))| photo(latitude, longitude, &format!("2026-05-04T1{n}:00:00"));
    let files: Vec<_> = (0..).zip(stops).map(stop).collect();
    let way = told(&files).way.unwrap();
    assert_eq!((way.date, way.places), (20_260_504, 4));
    assert!((14.0..18.0).contains(&way.km), "{}", way.km);
}

/// At the date line and near a pole points that are near each other are one place.
#[test]
fn places_are_found_on_the_whole_earth() {
    for (latitude, longitude) in [
        (-16.8, 179.9999),
        (70.0, 25.0),
        (-33.9, -0.0001),
        (0.5, 0.0),
    ] {
        let told = told(&days(latitude, longitude, 0..9, 22));
        assert_eq!(told.stays.len(), 1, "{latitude} {longitude}");
        assert_eq!(told.stays[0].files, 9);
    }
    let mut files = days(-16.8, 179.9999, 0..2, 22);
    files.extend(days(-16.8, -179.9990, 2..4, 22));
    assert_eq!(told(&files).stays[0].files, 4);
}

/// The links of files that all have the same values.
fn links_of(count: usize, values: &[(Role, &str)]) -> Vec<(Tie, String, usize)> {
    let file: Vec<_> = values
        .iter()
        .map(|(role, text)| value(*role, text))
        .collect();
    let links = told(&vec![file; count]).links;
    let link = |it: &Link| (it.tie, it.text.raw().to_owned(), it.files);
    links.iter().map(link).collect()
}

#[test]
fn values_link_files_once() {
    let phone = [
        (Role::Model, "Phone 5"),
        (Role::Serial, "SN-12345"),
        (Role::Serial, "LENS-77"),
        (Role::PersonName, "Åsa Ek"),
    ];
    assert_eq!(
        links_of(2, &phone),
        [
            (Tie::Device, "LENS-77".to_owned(), 2),
            (Tie::Person, "Åsa Ek".to_owned(), 2)
        ]
    );
}

#[test]
fn a_folder_links_its_files() {
    let file = |name: &str| vec![value(Role::Path, name)];
    let links = told(&[file(r"C:\Users\asa\a.docx"), file(r"C:\Users\asa\b.docx")]).links;
    assert_eq!(links[0].text.raw(), r"C:\Users\asa");
}

#[test]
fn placeholders_and_addresses_link_nothing() {
    let values = [
        (Role::Serial, "00000000"),
        (Role::Serial, "#00000001"),
        (Role::Serial, "--"),
        (Role::Path, "https://example.org/a"),
    ];
    assert_eq!(links_of(3, &values), []);
}

/// A folder of any size takes a bounded amount of memory.
#[test]
fn records_are_bounded() {
    let mut story = Story::default();
    for n in 0..MOST_VALUES + 100 {
        story.add(&[value(Role::Serial, &format!("SN {n} x"))]);
    }
    assert_eq!(story.values.len(), MOST_VALUES);
}
