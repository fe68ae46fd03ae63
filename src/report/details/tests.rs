//! What is said of findings.

use super::*;
use crate::model::Untrusted;
use crate::report::Lang;

fn finding(category: Category, role: Role, value: Value) -> Finding {
    Finding::new("x", category, Severity::High, "x", "what")
        .role(role)
        .value(value)
}

fn text(category: Category, role: Role, text: &str) -> Finding {
    finding(category, role, Value::Text(Untrusted::new(text)))
}

fn place(latitude: f64, longitude: f64, accuracy: Option<f64>) -> Finding {
    let place = Place {
        accuracy,
        ..Place::new(latitude, longitude).unwrap()
    };
    finding(Category::Location, Role::Coordinates, Value::Place(place))
}

fn lines(lang: Lang, findings: &[Finding]) -> Vec<String> {
    sections(&Words::new(lang), findings)
        .into_iter()
        .map(|section| format!("{} {}", section.label, section.items.join(" · ")))
        .collect()
}

#[test]
fn a_phone_picture() {
    let findings = [
        text(Category::Device, Role::Make, "Apple"),
        text(Category::Device, Role::Model, "iPhone 13 Pro"),
        finding(
            Category::Time,
            Role::TakenAt,
            Value::Time(Untrusted::new("2024-05-12T14:30:00+02:00")),
        ),
        place(63.1767, 14.63612, Some(4.7)),
        place(63.17671, 14.63613, None),
        text(Category::Device, Role::Serial, "C39ABC"),
        finding(Category::Image, Role::Thumbnail, Value::Bytes(3)),
        Finding::new("y", Category::Unknown, Severity::Low, "x", "APP9"),
    ];
    assert_eq!(
        lines(Lang::En, &findings),
        [
            "PLACE in Östersund, Sweden (63.1767 N 14.6361 E), within 5 m · 12 May 2024 14:30 (+02:00)",
            "DEVICE Apple iPhone 13 Pro, serial C39ABC",
            "INSIDE a smaller picture inside, which may show what was cut away",
            "OTHER one technical detail that the picture does not need",
        ]
    );
    assert_eq!(
        lines(Lang::Sv, &findings)[0],
        "PLATS i Östersund, Sverige (63.1767 N 14.6361 Ö), på 5 m när · 12 maj 2024 14:30 (+02:00)"
    );
}

#[test]
fn a_version_is_no_program() {
    for (software, says) in [
        ("17.4.1", "APPARAT programversion 17.4.1"),
        ("Ver.1.11", "APPARAT programversion Ver.1.11"),
        ("GIMP 2.10", "APPARAT gjord med GIMP 2.10"),
    ] {
        let findings = [text(Category::Device, Role::Software, software)];
        assert_eq!(lines(Lang::Sv, &findings), [says]);
    }
}

#[test]
fn a_number_alone_is_counted() {
    let named = |category, what: &'static str, said: &str| Finding {
        what: what.into(),
        ..text(category, Role::Text, said)
    };
    let findings = [
        named(Category::Location, "GPSAltitude", "324145/1000"),
        named(Category::Person, "Rating", "5"),
        named(Category::Person, "ImageDescription", "Köket"),
    ];
    assert_eq!(
        lines(Lang::Sv, &findings),
        [
            "PLATS GPSAltitude: 324145/1000",
            "PERSON ”Köket” · en uppgift till"
        ]
    );
}

#[test]
fn digits_tell_how_exact_it_is() {
    for (latitude, longitude, says) in [
        (59.0, 18.0, "within 120 km"),
        (59.3, 18.0, "within 12 km"),
        (59.33, -18.1, "within 2 km"),
        (59.333, 18.1, "within 120 m"),
        (-59.3333, 18.1, "within 12 m"),
        (59.333_333_333_333, 18.1, "within 5 m"),
    ] {
        let lines = lines(Lang::En, &[place(latitude, longitude, None)]);
        assert!(
            lines[0].ends_with(says),
            "{} does not end in {says}",
            lines[0]
        );
    }
    let line = &lines(Lang::En, &[place(-1.5, -2.25, Some(f64::NAN))])[0];
    assert!(line.ends_with("(1.5000 S 2.2500 W), within 2 km"), "{line}");
}

#[test]
fn hostile_text_is_harmless() {
    let evil = "\u{1b}[2J\u{202e}evil\n".repeat(50);
    for role in [
        Role::PlaceName,
        Role::Make,
        Role::Serial,
        Role::Software,
        Role::PersonName,
        Role::Path,
        Role::Text,
        Role::TakenAt,
        Role::OtherTime,
    ] {
        for category in [Category::Location, Category::Time, Category::Person] {
            let value = match role {
                Role::TakenAt | Role::OtherTime => Value::Time(Untrusted::new(&evil)),
                _ => Value::Text(Untrusted::new(&evil)),
            };
            let mut finding = finding(category, role, value);
            finding.what = evil.clone().into();
            for line in lines(Lang::Sv, &[finding]) {
                assert!(!line.contains(['\u{1b}', '\u{202e}', '\n']), "{line}");
                assert!(line.chars().count() < 200, "{line}");
            }
        }
    }
}

#[test]
fn dates_are_words() {
    let words = Words::new(Lang::En);
    for (iso, says) in [
        ("2024-05-12T14:30:00Z", "12 May 2024 14:30 (UTC)"),
        ("2024-05-12T14:30:00.25-05:00", "12 May 2024 14:30 (-05:00)"),
        ("2024-05-12", "12 May 2024"),
        ("2024-13-12", "2024-13-12"),
        ("åäö", "åäö"),
        ("", ""),
    ] {
        assert_eq!(date(&words, iso), says);
    }
}
