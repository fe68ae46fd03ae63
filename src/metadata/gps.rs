//! The GPS directory of Exif (CIPA DC-008 §4.6.7).

use crate::containers::tiff::ifd::{Entry, Ifd, Tiff, field};
use crate::model::{Category, Place, Result, Role, Severity, Span, Value};

use super::exif::moment::iso;
use super::exif::survey::{Survey, finding, is_blank, time};
use super::exif::tags::{Sort, sort};
use super::exif::value::{Said, coded, parts, said};

const ID: &str = "exif.gps";
const POINT: Sort = sort(
    ID,
    Category::Location,
    Severity::Critical,
    Role::Coordinates,
);
const BROKEN_POINT: Sort = sort(ID, Category::Location, Severity::Critical, Role::Other);
const NO_FIX: Sort = sort(ID, Category::Location, Severity::Medium, Role::Other);
const ALTITUDE: Sort = sort(ID, Category::Location, Severity::High, Role::Other);
const AREA: Sort = sort(ID, Category::Location, Severity::Critical, Role::PlaceName);
const METHOD: Sort = sort(ID, Category::Location, Severity::Medium, Role::Other);
const CLOCK: Sort = sort(ID, Category::Time, Severity::Medium, Role::OtherTime);
const DETAILS: Sort = sort(ID, Category::Location, Severity::Medium, Role::Other);
const UNKNOWN: Sort = sort(ID, Category::Location, Severity::High, Role::Other);
const NOTHING: Sort = sort(ID, Category::Location, Severity::Low, Role::Other);

/// What the finding for the moment of the fix is called.
pub(super) const CLOCK_NAME: &str = "GPSDateStamp, GPSTimeStamp";

/// Tags of the GPS directory.
mod tag {
    pub(super) const LATITUDE_REF: u16 = 0x01;
    pub(super) const LATITUDE: u16 = 0x02;
    pub(super) const LONGITUDE_REF: u16 = 0x03;
    pub(super) const LONGITUDE: u16 = 0x04;
    pub(super) const ALTITUDE_REF: u16 = 0x05;
    pub(super) const ALTITUDE: u16 = 0x06;
    pub(super) const TIME: u16 = 0x07;
    pub(super) const DIRECTION: u16 = 0x11;
    pub(super) const DEST_LATITUDE_REF: u16 = 0x13;
    pub(super) const DEST_LATITUDE: u16 = 0x14;
    pub(super) const DEST_LONGITUDE_REF: u16 = 0x15;
    pub(super) const DEST_LONGITUDE: u16 = 0x16;
    pub(super) const METHOD: u16 = 0x1B;
    pub(super) const AREA: u16 = 0x1C;
    pub(super) const DATE: u16 = 0x1D;
    pub(super) const ERROR: u16 = 0x1F;
}

/// Names of the tags that are told together. Units and references say nothing without them.
#[rustfmt::skip]
static OTHERS: &[(u16, &str)] = &[
    (0x08, "satellites"), (0x09, "status"), (0x0A, "measure mode"), (0x0B, "precision"),
    (0x0D, "speed"), (0x0F, "track"), (0x18, "destination bearing"), (0x1A, "destination distance"),
    (0x1E, "differential"),
];

/// Adds what a GPS directory gives away.
pub(super) fn read<'a>(ifd: &Ifd<'a>, place: &str, survey: &mut Survey<'a, '_>) -> Result<()> {
    let before = survey.found.findings.len();
    for tag in [
        tag::LATITUDE,
        tag::LONGITUDE,
        tag::TIME,
        tag::DEST_LATITUDE,
        tag::DEST_LONGITUDE,
    ] {
        if let Some(entry) = ifd.get(tag) {
            survey.found.secrets.bytes(entry.value);
        }
    }
    let altitude = altitude(ifd);
    let direction = ifd.get(tag::DIRECTION).and_then(|entry| entry.number(0));
    let accuracy = ifd.get(tag::ERROR).and_then(|entry| entry.number(0));
    let here = point(
        [
            tag::LATITUDE,
            tag::LATITUDE_REF,
            tag::LONGITUDE,
            tag::LONGITUDE_REF,
        ],
        "GPSLatitude, GPSLongitude",
        ifd,
        place,
        survey,
        |place| Place {
            altitude,
            direction,
            accuracy,
            ..place
        },
    );
    point(
        [
            tag::DEST_LATITUDE,
            tag::DEST_LATITUDE_REF,
            tag::DEST_LONGITUDE,
            tag::DEST_LONGITUDE_REF,
        ],
        "GPSDestLatitude, GPSDestLongitude",
        ifd,
        place,
        survey,
        |place| place,
    );
    if let (Some(altitude), false) = (altitude, here) {
        survey.tell(ALTITUDE, "GPSAltitude", place, format!("{altitude} m"));
    }
    clock(ifd, place, survey);
    for (tag, name, sort) in [
        (tag::AREA, "GPSAreaInformation", AREA),
        (tag::METHOD, "GPSProcessingMethod", METHOD),
    ] {
        if let Some(entry) = ifd.get(tag) {
            free_text(entry, name, sort, place, survey)?;
        }
    }
    rest(ifd, here, place, survey)?;
    if survey.found.findings.len() == before {
        survey.push(finding(NOTHING, "GPS directory without a place", place));
    }
    Ok(())
}

/// Adds the point that four tags (latitude, its reference, longitude, its reference) hold. `true` when
/// there is one.
fn point<'a>(
    [latitude, latitude_ref, longitude, longitude_ref]: [u16; 4],
    name: &'static str,
    ifd: &Ifd<'a>,
    place: &str,
    survey: &mut Survey<'a, '_>,
    complete: impl FnOnce(Place) -> Place,
) -> bool {
    let entries = [ifd.get(latitude), ifd.get(longitude)];
    if entries.iter().all(Option::is_none) {
        return false;
    }
    // Of a value that is cut off, the degrees may be there without the minutes: that is no exact place.
    let whole = |entry: &&Entry<'a>| entry.complete;
    let lat = entries[0]
        .filter(whole)
        .and_then(|entry| degrees(entry, ifd.get(latitude_ref)));
    let lon = entries[1]
        .filter(whole)
        .and_then(|entry| degrees(entry, ifd.get(longitude_ref)));
    let told = [(latitude, latitude_ref), (longitude, longitude_ref)]
        .iter()
        .all(|(value, reference)| has_side(ifd.get(*value), ifd.get(*reference)));
    let is_zero = |n: Option<f64>| n.is_none_or(|n| n == 0.0);
    match lat.zip(lon).and_then(|(lat, lon)| Place::new(lat, lon)) {
        _ if is_zero(lat) && is_zero(lon) && entries.iter().flatten().all(|e| is_empty(e)) => {
            survey.push(finding(NO_FIX, format!("{name} (no fix)"), place));
            false
        }
        Some(point) => {
            let what = if told {
                name.to_owned()
            } else {
                format!("{name} (north or south, east or west is not given)")
            };
            survey.push(finding(POINT, what, place).value(Value::Place(complete(point))));
            true
        }
        None => {
            let shown = entries
                .into_iter()
                .flatten()
                .filter_map(|entry| match said(entry) {
                    Said::Text(parts) => Some(parts.join(" ")),
                    Said::Numbers(numbers) => Some(numbers),
                    Said::Opaque => None,
                })
                .collect::<Vec<_>>()
                .join(", ");
            survey.tell(BROKEN_POINT, name, place, shown);
            false
        }
    }
}

/// Whether a coordinate holds nothing but zeros, whatever they are divided by.
fn is_empty(entry: &Entry<'_>) -> bool {
    (0..3).all(|index| match entry.kind {
        field::RATIONAL => entry.rational(index).is_none_or(|(n, _)| n == 0),
        _ => entry.number(index).is_none_or(|n| n == 0.0),
    }) && !(entry.is_text() && entry.value.iter().any(|byte| matches!(byte, b'1'..=b'9')))
}

/// Decimal degrees of degrees, minutes and seconds, as numbers of any type or as text; negative in the
/// south and in the west.
fn degrees(entry: &Entry<'_>, reference: Option<&Entry<'_>>) -> Option<f64> {
    let text = parts(entry.value).join(" ");
    let as_text = entry.is_text();
    let numbers: Vec<f64> = if as_text {
        numbers_in(&text)
    } else {
        // Minutes and seconds over zero are left out by some writers; degrees are not.
        (0..3)
            .map_while(|index| match entry.number(index) {
                Some(number) => Some(number),
                None if index > 0 && entry.rational(index).is_some() => Some(0.0),
                None => None,
            })
            .collect()
    };
    let negative = numbers.first()?.is_sign_negative();
    let degrees = numbers
        .iter()
        .zip([1.0, 60.0, 3600.0])
        .map(|(number, unit)| number.abs() / unit)
        .sum::<f64>();
    let letter = reference
        .and_then(|entry| letter(entry.value))
        .or_else(|| as_text.then(|| letter(text.as_bytes())).flatten());
    let south_or_west = matches!(letter, Some(b'S' | b'W'));
    degrees.is_finite().then_some(if negative || south_or_west {
        -degrees
    } else {
        degrees
    })
}

/// The first letter of a point of the compass.
fn letter(bytes: &[u8]) -> Option<u8> {
    bytes
        .iter()
        .map(u8::to_ascii_uppercase)
        .find(|b| matches!(b, b'N' | b'S' | b'E' | b'W'))
}

/// Whether the file gives the hemisphere: by a letter in the reference or in the text, or by a sign.
fn has_side(entry: Option<&Entry<'_>>, reference: Option<&Entry<'_>>) -> bool {
    reference.is_some_and(|entry| letter(entry.value).is_some())
        || entry.is_some_and(|entry| {
            let text = parts(entry.value).join(" ");
            let signed = entry.number(0).is_some_and(f64::is_sign_negative);
            signed || (entry.is_text() && (letter(text.as_bytes()).is_some() || text.contains('-')))
        })
}

/// Up to three numbers in a text; `59/1` is one number.
fn numbers_in(text: &str) -> Vec<f64> {
    text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '/')))
        .filter_map(|word| match word.split_once('/') {
            Some((n, d)) => Some(n.parse::<f64>().ok()? / d.parse::<f64>().ok()?),
            None => word.parse().ok(),
        })
        .filter(|number: &f64| number.is_finite())
        .take(3)
        .collect()
}

/// Metres; negative below the sea or the ellipsoid (references 1 and 3).
fn altitude(ifd: &Ifd<'_>) -> Option<f64> {
    let altitude = ifd.get(tag::ALTITUDE)?.number(0)?;
    let below = ifd
        .get(tag::ALTITUDE_REF)
        .and_then(|entry| entry.value.first())
        .is_some_and(|byte| matches!(byte, 1 | 3 | b'1' | b'3'));
    Some(if below { -altitude } else { altitude })
}

/// Date and time of the fix, in UTC.
fn clock<'a>(ifd: &Ifd<'a>, place: &str, survey: &mut Survey<'a, '_>) {
    let date = ifd
        .get(tag::DATE)
        .and_then(|entry| parts(entry.value).into_iter().next())
        .filter(|date| !is_blank(date));
    let time_of_day = ifd.get(tag::TIME).and_then(|entry| {
        if entry.is_text() {
            return parts(entry.value).into_iter().next();
        }
        let [hour, minute, second] = [0, 1, 2].map(|index| entry.number(index));
        let (hour, minute, second) = (hour?, minute?, second.unwrap_or(0.0));
        let all = [(hour, 24.0), (minute, 60.0), (second, 61.0)];
        all.iter()
            .all(|(number, end)| (0.0..*end).contains(number))
            .then(|| format!("{hour:02}:{minute:02}:{}", seconds(second)))
    });
    if let Some(date) = &date {
        survey.found.secrets.text(date);
    }
    let shown = match (date, time_of_day) {
        (Some(date), Some(clock)) => match iso(&date, None, None) {
            Some(day) => format!("{day}T{clock}Z"),
            None => format!("{date} {clock}Z"),
        },
        (Some(date), None) => iso(&date, None, None).unwrap_or(date),
        (None, Some(clock)) => format!("{clock}Z"),
        (None, None) => return,
    };
    survey.push(finding(CLOCK, CLOCK_NAME, place).value(time(shown)));
}

/// Two digits, and a fraction where there is one.
fn seconds(second: f64) -> String {
    format!("{second:06.3}")
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

fn free_text<'a>(
    entry: &Entry<'a>,
    name: &'static str,
    sort: Sort,
    place: &str,
    survey: &mut Survey<'a, '_>,
) -> Result<()> {
    let text = if entry.is_text() {
        said(entry)
    } else {
        coded(entry.value, entry.order())
    };
    match &text {
        // `GPS`, `CELLID`, `WLAN`, `fused`: as a secret, such a word would be found anywhere.
        Said::Text(parts)
            if sort.role != Role::PlaceName && parts.iter().all(|part| part.len() < 8) =>
        {
            survey.tell(sort, name, place, parts.join(" "));
            Ok(())
        }
        _ => survey.say(sort, name, place, entry, &text),
    }
}

/// Adds what is left: one finding for the details, and one for each tag that no standard knows.
fn rest<'a>(ifd: &Ifd<'a>, here: bool, place: &str, survey: &mut Survey<'a, '_>) -> Result<()> {
    let mut details = Vec::new();
    for entry in &ifd.entries {
        if let Some((_, name)) = OTHERS.iter().find(|(tag, _)| *tag == entry.tag) {
            details.push(*name);
        } else if entry.tag > tag::ERROR {
            let name = format!("GPS tag 0x{:04X}", entry.tag);
            survey.say(UNKNOWN, name, place, entry, &said(entry))?;
        } else if !here && matches!(entry.tag, tag::DIRECTION | tag::ERROR) {
            details.push(if entry.tag == tag::ERROR {
                "accuracy"
            } else {
                "direction"
            });
        }
    }
    details.dedup();
    if !details.is_empty() {
        details.truncate(32);
        survey.push(finding(
            DETAILS,
            format!("GPS {}", details.join(", ")),
            place,
        ));
    }
    Ok(())
}

/// Looks for a GPS directory in bytes that no entry points to: programs that only delete the pointer
/// leave it behind.
pub(super) fn recover<'a>(
    tiff: &Tiff<'a>,
    gap: Span,
    place: &str,
    survey: &mut Survey<'a, '_>,
) -> Result<()> {
    let mut at = gap.start();
    while at < gap.end() {
        let here = at;
        at = at.saturating_add(1);
        // Cheap first: nearly all positions end here.
        if !matches!(tiff.peek_count(here), Some(3..=40)) {
            continue;
        }
        survey.cx.item()?;
        let Some(ifd) = tiff.ifd(here) else { continue };
        let is_coordinate = |tag| {
            ifd.get(tag)
                .is_some_and(|entry| entry.kind == field::RATIONAL && entry.count == 3)
        };
        let ascending = ifd.entries.windows(2).all(|pair| match pair {
            [a, b] => a.tag < b.tag,
            _ => true,
        });
        if gap.contains(ifd.span)
            && ascending
            && ifd.entries.iter().all(|entry| entry.tag <= tag::ERROR)
            && is_coordinate(tag::LATITUDE)
            && is_coordinate(tag::LONGITUDE)
        {
            at = ifd.span.end();
            read(&ifd, place, survey)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::exif;
    use super::super::exif::testing::{Dir, block};
    use super::*;
    use crate::bytes::Order;
    use crate::bytes::testing::with_context;
    use crate::model::{Finding, Found};

    fn look(gps: Dir) -> Found {
        let mut found = Found::default();
        let block = block(Order::Big, &[Dir::default().dir(0x8825, gps)]);
        with_context(|cx| exif::read(&block, "", cx, &mut found)).unwrap();
        found
    }

    fn places(found: &Found) -> Vec<(f64, f64)> {
        let place = |finding: &Finding| match finding.value {
            Some(Value::Place(place)) => Some((place.latitude, place.longitude)),
            _ => None,
        };
        found.findings.iter().filter_map(place).collect()
    }

    fn point(lat: &[(u32, u32)], lat_ref: &str, lon: &[(u32, u32)], lon_ref: &str) -> Dir {
        Dir::default()
            .ascii(1, lat_ref)
            .rational(2, lat)
            .ascii(3, lon_ref)
            .rational(4, lon)
    }

    #[test]
    fn all_hemispheres() {
        let lat = [(33, 1), (30, 1), (0, 1)];
        let lon = [(70, 1), (15, 1), (36, 1)];
        for (lat_ref, lon_ref, expected) in [
            ("N", "E", (33.5, 70.26)),
            ("S", "E", (-33.5, 70.26)),
            ("s", "W", (-33.5, -70.26)),
            ("South", "west", (-33.5, -70.26)),
            ("", "?", (33.5, 70.26)),
        ] {
            let found = look(point(&lat, lat_ref, &lon, lon_ref));
            assert_eq!(places(&found), [expected], "{lat_ref}{lon_ref}");
        }
        let found = look(Dir::default().rational(2, &lat).rational(4, &lon));
        assert_eq!(places(&found), [(33.5, 70.26)]);
    }

    #[test]
    fn other_ways_to_write_degrees() {
        let found = look(point(&[(335, 10)], "N", &[(70, 1), (156, 10)], "E"));
        assert_eq!(places(&found), [(33.5, 70.26)]);
        // Nothing over nothing.
        let found = look(point(
            &[(33, 1), (30, 1), (0, 0)],
            "N",
            &[(7, 1), (0, 0), (0, 0)],
            "E",
        ));
        assert_eq!(places(&found), [(33.5, 7.0)]);
        for (lat, lon) in [
            ("33,30,0", "70,15,36"),
            ("33/1, 30/1 0/1", "70 15' 36\""),
            ("N33.5", "70.26E"),
            ("+33.5", "70.26"),
        ] {
            let found = look(Dir::default().ascii(2, lat).ascii(4, lon));
            assert_eq!(places(&found), [(33.5, 70.26)], "{lat}");
        }
        let found = look(Dir::default().ascii(2, "-33.5").ascii(4, "70 15 36 W"));
        assert_eq!(places(&found), [(-33.5, -70.26)]);
        let double = |tag, n: f64| Dir::default().raw(tag, field::DOUBLE, 1, &n.to_be_bytes());
        let found = look(double(2, 33.5).raw(4, field::DOUBLE, 1, &(-7.25_f64).to_be_bytes()));
        assert_eq!(places(&found), [(33.5, -7.25)]);
        let found = look(
            Dir::default()
                .srational(2, &[(-33, 1), (30, 1), (0, 1)])
                .srational(4, &[(7, 1), (15, 1), (0, 1)]),
        );
        assert_eq!(places(&found), [(-33.5, 7.25)]);
    }

    #[test]
    fn what_is_no_point_is_told_without_a_place() {
        for dir in [
            point(&[(1, 0), (0, 0), (0, 0)], "N", &[(7, 1)], "E"),
            point(&[(91, 1), (0, 1), (0, 1)], "N", &[(7, 1)], "E"),
            point(&[(33, 1)], "N", &[(181, 1)], "E"),
            Dir::default().raw(2, field::DOUBLE, 1, &f64::NAN.to_be_bytes()),
            Dir::default().rational(2, &[(33, 1), (1, 1), (1, 1)]),
            Dir::default().ascii(2, "somewhere").ascii(4, "nowhere 1"),
            Dir::default().ascii(4, "7.25"),
        ] {
            let found = look(dir);
            assert!(places(&found).is_empty());
            assert_eq!(found.findings[0].id, ID);
            assert_eq!(found.findings[0].category, Category::Location);
        }
    }

    #[test]
    fn no_fix_is_no_point() {
        for zero in [(0, 1), (0, 0)] {
            let found = look(point(&[zero; 3], "N", &[zero; 3], "E"));
            assert!(places(&found).is_empty());
            assert_eq!(found.findings[0].what, "GPSLatitude, GPSLongitude (no fix)");
        }
        // On the equator there are people.
        let found = look(point(&[(0, 1); 3], "N", &[(32, 1), (0, 1), (0, 1)], "E"));
        assert_eq!(places(&found), [(0.0, 32.0)]);
    }

    #[test]
    fn altitude_is_below_the_sea_when_it_says_so() {
        for (reference, expected) in [(0, 7.5), (1, -7.5), (2, 7.5), (3, -7.5)] {
            let dir = point(&[(33, 1)], "N", &[(7, 1)], "E")
                .raw(5, field::BYTE, 1, &[reference])
                .rational(6, &[(15, 2)]);
            let found = look(dir);
            let Some(Value::Place(place)) = found.findings[0].value else {
                panic!("no place");
            };
            assert_eq!(place.altitude, Some(expected));
        }
        let found = look(Dir::default().rational(6, &[(15, 2)]));
        assert_eq!(found.findings[0].what, "GPSAltitude");
    }

    #[test]
    fn where_somebody_went_is_a_point_too() {
        let found = look(
            Dir::default()
                .ascii(0x13, "S")
                .rational(0x14, &[(33, 1)])
                .ascii(0x15, "W")
                .rational(0x16, &[(7, 1)])
                .rational(0x0D, &[(50, 1)])
                .ascii(0x08, "04 05"),
        );
        assert_eq!(places(&found), [(-33.0, -7.0)]);
        assert_eq!(found.findings[1].what, "GPS speed, satellites");
    }

    #[test]
    fn names_of_places_and_methods() {
        let found = look(
            Dir::default()
                .undefined(0x1B, b"ASCII\0\0\0fused")
                .undefined(0x1C, b"UNICODE\0\0L\0u\0n\0d")
                .undefined(0x33, b"Storgatan"),
        );
        let said: Vec<_> = found
            .findings
            .iter()
            .filter_map(|f| match &f.value {
                Some(Value::Text(text)) => Some((f.role, text.raw())),
                _ => None,
            })
            .collect();
        assert_eq!(
            said,
            [
                (Role::PlaceName, "Lund"),
                (Role::Other, "fused"),
                (Role::Other, "Storgatan")
            ]
        );
        let secrets: Vec<_> = found.secrets.texts().collect();
        assert_eq!(secrets, ["Lund", "Storgatan"]);
    }

    #[test]
    fn clocks() {
        let time = |dir| {
            let found = look(dir);
            match &found.findings[0].value {
                Some(Value::Time(text)) => text.raw().to_owned(),
                other => format!("{other:?}"),
            }
        };
        let clock = || Dir::default().rational(7, &[(9, 1), (5, 1), (65, 10)]);
        assert_eq!(time(clock()), "09:05:06.5Z");
        assert_eq!(
            time(clock().ascii(0x1D, "2024:05:12")),
            "2024-05-12T09:05:06.5Z"
        );
        assert_eq!(time(Dir::default().ascii(0x1D, "2024:05:12")), "2024-05-12");
        assert_eq!(
            time(Dir::default().ascii(7, "09:05:06").ascii(0x1D, "12 May")),
            "12 May 09:05:06Z"
        );
        assert_eq!(time(clock().ascii(0x1D, "0000:00:00")), "09:05:06.5Z");
    }

    #[test]
    fn a_side_that_is_not_given_is_said_so() {
        let lat = [(33, 1), (30, 1), (0, 1)];
        let names = |gps: Dir| -> Vec<String> {
            let found = look(gps);
            found.findings.iter().map(|f| f.what.to_string()).collect()
        };
        let known = names(point(&lat, "N", &lat, "W"));
        assert_eq!(known, ["GPSLatitude, GPSLongitude"]);
        let unknown = "GPSLatitude, GPSLongitude (north or south, east or west is not given)";
        assert_eq!(
            names(Dir::default().rational(2, &lat).rational(4, &lat)),
            [unknown]
        );
        assert_eq!(names(point(&lat, "N", &lat, "")), [unknown]);
    }

    #[test]
    fn a_value_that_is_cut_off_is_no_exact_place() {
        let lat = [(33, 1), (30, 1), (0, 1)];
        let whole = block(
            Order::Big,
            &[Dir::default().dir(0x8825, point(&lat, "N", &lat, "E"))],
        );
        for cut in [1, 9, 17] {
            let mut found = Found::default();
            let block = &whole[..whole.len() - cut];
            with_context(|cx| exif::read(block, "", cx, &mut found)).unwrap();
            assert!(places(&found).is_empty(), "{cut}");
            assert!(
                found
                    .findings
                    .iter()
                    .any(|f| f.severity == Severity::Critical)
            );
        }
    }
}
