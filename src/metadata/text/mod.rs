//! Free text and named values: what a keyword says about its value.

mod coordinates;
mod keywords;
mod moment;
mod scan;

use std::borrow::Cow;

use crate::bytes::Context;
use crate::model::{Category, Finding, Found, Place, Result, Role, Severity, Untrusted, Value};
use keywords::Meaning;

pub use coordinates::{angle, coordinates};
pub use moment::moment;

/// Adds a named free text (`Author`, `Comment`, `exif:GPSLatitude`, …) to `found`, with category,
/// severity and role after its name and, where the text itself holds coordinates, after those.
///
/// # Errors
/// Those of the budget.
pub fn read(
    id: &'static str,
    name: &str,
    text: &str,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    cx.item()?;
    let Meaning {
        category,
        severity,
        role,
        ..
    } = keywords::meaning(name);
    let what = Untrusted::new(name).for_terminal(60);
    let finding = Finding::new(id, category, severity, place, what).role(role);
    if matches!(role, Role::TakenAt | Role::OtherTime) {
        found.add_as(finding.value(time(text)), text);
    } else if keywords::stays(name) {
        // The name of a colour profile may be one that the cleaned profile keeps.
        found.findings.push(finding.text(text));
    } else {
        found.add(finding.text(text));
    }
    mentions(id, text, place, cx, found)
}

/// Whether the name says what its value is, so that [`read`] does not have to guess.
#[must_use]
pub fn is_known(name: &str) -> bool {
    keywords::meaning(name).category != Category::Unknown
}

/// A moment as ISO 8601 where the text is one, and as the text stands otherwise.
#[must_use]
pub fn time(text: &str) -> Value {
    let text = text.trim();
    Value::Time(Untrusted::new(
        moment(text).map_or(Cow::Borrowed(text), Cow::Owned),
    ))
}

/// Adds the coordinates, e-mail addresses and paths that stand somewhere in a text.
///
/// # Errors
/// Those of the budget.
pub fn mentions(
    id: &'static str,
    text: &str,
    place: &str,
    cx: &Context<'_>,
    found: &mut Found,
) -> Result<()> {
    for point in coordinates(text) {
        cx.item()?;
        found.add(coordinates_finding(
            id,
            place,
            "coordinates in the text",
            point,
        ));
    }
    for address in scan::addresses(text) {
        cx.item()?;
        let finding = Finding::new(
            id,
            Category::Person,
            Severity::High,
            place,
            "e-mail address",
        );
        found.add(finding.text(address).role(Role::PersonName));
    }
    for path in scan::paths(text) {
        cx.item()?;
        let finding = Finding::new(id, Category::History, Severity::High, place, "path");
        found.add(finding.text(path).role(Role::Path));
    }
    Ok(())
}

/// The finding for a point on the earth.
#[must_use]
pub fn coordinates_finding(
    id: &'static str,
    place: &str,
    what: &'static str,
    point: Place,
) -> Finding {
    Finding::new(id, Category::Location, Severity::Critical, place, what)
        .value(Value::Place(point))
        .role(Role::Coordinates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::with_context;

    fn reading(name: &str, text: &str) -> Found {
        let mut found = Found::default();
        with_context(|cx| read("t", name, text, "p", cx, &mut found)).unwrap();
        found
    }

    #[test]
    fn keywords_decide() {
        let cases = [
            ("Author", Category::Person, Role::PersonName),
            ("exif:GPSLatitude", Category::Location, Role::Coordinates),
            ("date:create", Category::Time, Role::OtherTime),
            ("exif:DateTimeOriginal", Category::Time, Role::TakenAt),
            ("Creation Time", Category::Time, Role::TakenAt),
            ("Software", Category::Device, Role::Software),
            ("Thumb::URI", Category::History, Role::Path),
            ("parameters", Category::History, Role::Text),
            ("BodySerialNumber", Category::Device, Role::Serial),
            ("photoshop:City", Category::Location, Role::PlaceName),
            ("frobnicate", Category::Unknown, Role::Text),
        ];
        for (name, category, role) in cases {
            let finding = reading(name, "Anna").findings.remove(0);
            assert_eq!((finding.category, finding.role), (category, role), "{name}");
        }
    }

    #[test]
    fn what_stands_in_a_text_is_found() {
        let text = "shot at 59.3293, 18.0686 by anna.b@example.org\nC:\\Users\\Anna\\shelter.jpg";
        let found = reading("Comment", text);
        let values: Vec<_> = found
            .findings
            .iter()
            .filter_map(|f| f.value.clone())
            .collect();
        assert!(values.contains(&Value::Place(Place::new(59.3293, 18.0686).unwrap())));
        assert!(found.has_text("anna.b@example.org"));
        assert!(found.has_text("C:\\Users\\Anna\\shelter.jpg"));
        assert_eq!(found.findings.len(), 4);
    }

    #[test]
    fn times_are_told_in_one_way_and_searched_for_in_theirs() {
        let found = reading("exif:DateTimeOriginal", "2024:05:12 14:30:00");
        assert!(found.has_text("2024-05-12T14:30:00"));
        assert!(
            found
                .secrets
                .texts()
                .any(|text| text == "2024:05:12 14:30:00")
        );
        assert!(reading("date", "yesterday").has_text("yesterday"));
    }

    #[test]
    fn a_profile_name_is_no_secret() {
        let found = reading("icc:description", "sRGB IEC61966-2.1");
        assert_eq!(
            (found.findings.len(), found.secrets.texts().count()),
            (1, 0)
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_will_do(name in ".{0,20}", text in "(\\PC|[0-9+.,:/°' NSEWT$\n-]){0,80}") {
            proptest::prop_assert_eq!(reading(&name, &text).findings.is_empty(), false);
            let _ = (moment(&text), angle(&text));
        }
    }
}
