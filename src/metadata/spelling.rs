//! How films, trailers and vendor blocks spell texts, moments and points on the earth.

use crate::bytes::Order;
use crate::model::{Category, Finding, Place, Role, Severity, Value};

/// Text of unknown encoding: UTF-16 after a byte order mark, UTF-8 where it is valid, Latin-1 otherwise.
/// It ends at the first NUL.
pub(super) fn text(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, Order::Big),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, Order::Little),
        _ => {
            let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
            let bytes = bytes.get(..end).unwrap_or_default();
            match std::str::from_utf8(bytes) {
                Ok(text) => text.to_owned(),
                Err(_) => bytes.iter().copied().map(char::from).collect(),
            }
        }
    };
    text.trim().to_owned()
}

/// UTF-16 text up to the first NUL.
pub(super) fn utf16(bytes: &[u8], order: Order) -> String {
    let units = bytes
        .chunks_exact(2)
        .filter_map(|pair| order.u16(pair))
        .take_while(|unit| *unit != 0);
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Whether a text can be shown: not empty, and no control characters but line ends.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && std::str::from_utf8(bytes).is_ok_and(|text| {
            text.chars()
                .all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
        })
}

/// Seconds from 1904-01-01 to 1970-01-01.
const MAC_TO_UNIX: u64 = 2_082_844_800;

/// ISO 8601 of seconds since 1904 (ISO/IEC 14496-12 §8.2.2). Some writers count from 1970: what would
/// be before that year is read that way. `None` for zero of either, which means that no time is known.
pub(super) fn mac_time(seconds: u64) -> Option<String> {
    match seconds.checked_sub(MAC_TO_UNIX) {
        Some(0) => None,
        _ if seconds == 0 => None,
        Some(unix) => unix_time(unix, 0),
        None => unix_time(seconds, 0),
    }
}

/// ISO 8601 in UTC of seconds and milliseconds since 1970; `None` behind the year 9999.
pub(super) fn unix_time(seconds: u64, millis: u16) -> Option<String> {
    let (days, rest) = (seconds.checked_div(86_400)?, seconds.checked_rem(86_400)?);
    let (year, month, day) = civil(days)?;
    let (hour, rest) = (rest.checked_div(3600)?, rest.checked_rem(3600)?);
    let (minute, second) = (rest.checked_div(60)?, rest.checked_rem(60)?);
    let millis = if millis == 0 {
        String::new()
    } else {
        format!(".{millis:03}")
    };
    Some(format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{millis}Z"
    ))
}

/// Year, month and day of a number of days since 1970-01-01 in the Gregorian calendar. Years that begin
/// in March make the leap day the last of its year.
fn civil(days: u64) -> Option<(u64, u64, u64)> {
    let days = days.checked_add(719_468)?;
    let (era, day) = (days.checked_div(146_097)?, days.checked_rem(146_097)?);
    let leaps = day
        .checked_div(1460)?
        .checked_add(day.checked_div(146_096)?)?
        .checked_sub(day.checked_div(36_524)?)?;
    let year_of_era = day.checked_sub(leaps)?.checked_div(365)?;
    let before = year_of_era
        .checked_mul(365)?
        .checked_add(year_of_era.checked_div(4)?)?
        .checked_sub(year_of_era.checked_div(100)?)?;
    let day_of_year = day.checked_sub(before)?;
    let shifted = day_of_year
        .checked_mul(5)?
        .checked_add(2)?
        .checked_div(153)?;
    let day = day_of_year
        .checked_sub(shifted.checked_mul(153)?.checked_add(2)?.checked_div(5)?)?
        .checked_add(1)?;
    let month = if shifted < 10 {
        shifted.checked_add(3)?
    } else {
        shifted.checked_sub(9)?
    };
    let year = era
        .checked_mul(400)?
        .checked_add(year_of_era)?
        .checked_add(u64::from(month <= 2))?;
    (year <= 9999).then_some((year, month, day))
}

/// A point in the spelling of ISO 6709: `+59.3293+018.0686+028.0/`, also with minutes and seconds
/// (`DDMM.mm`, `DDMMSS.ss`), with anything behind.
pub(super) fn iso6709(text: &str) -> Option<Place> {
    let (latitude, rest) = signed(text.trim())?;
    let (longitude, rest) = signed(rest)?;
    let mut place = Place::new(sexagesimal(latitude, 2)?, sexagesimal(longitude, 3)?)?;
    place.altitude = signed(rest).and_then(|(altitude, _)| altitude.parse().ok());
    Some(place)
}

/// A signed decimal number at the beginning, and the rest.
fn signed(text: &str) -> Option<(&str, &str)> {
    let digits = text.strip_prefix(['+', '-'])?;
    let len = digits
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(digits.len());
    (len > 0).then_some(())?;
    text.split_at_checked(len.checked_add(1)?)
}

/// Degrees of `±D…[MM[SS]][.…]`, where the degrees have so many digits.
fn sexagesimal(number: &str, degree_digits: usize) -> Option<f64> {
    let (sign, digits) = match number.split_at_checked(1)? {
        ("-", digits) => (-1.0, digits),
        (_, digits) => (1.0, digits),
    };
    let whole = digits.find('.').unwrap_or(digits.len());
    let value: f64 = match whole.checked_sub(degree_digits) {
        Some(2) => {
            let (degrees, minutes) = digits.split_at_checked(degree_digits)?;
            degrees.parse::<f64>().ok()? + minutes.parse::<f64>().ok()? / 60.0
        }
        Some(4) => {
            let (degrees, rest) = digits.split_at_checked(degree_digits)?;
            let (minutes, seconds) = rest.split_at_checked(2)?;
            degrees.parse::<f64>().ok()?
                + minutes.parse::<f64>().ok()? / 60.0
                + seconds.parse::<f64>().ok()? / 3600.0
        }
        _ => digits.parse().ok()?,
    };
    Some(sign * value)
}

/// Degrees of the `DDDMM.mmmm` of NMEA 0183, given as a number, and its hemisphere letter.
pub(super) fn nmea_degrees(value: f64, hemisphere: u8) -> Option<f64> {
    let degrees = (value.abs() / 100.0).trunc();
    let minutes = value.abs() - degrees * 100.0;
    let sign = match hemisphere.to_ascii_uppercase() {
        b'N' | b'E' => 1.0,
        // Some cameras write the French "Ouest".
        b'S' | b'W' | b'O' => -1.0,
        _ => return None,
    };
    (minutes < 60.0).then_some(sign * (degrees + minutes / 60.0))
}

/// The first point in a line of telemetry: NMEA sentences (`$GPRMC`, `$GPGGA`), `[latitude: 1.2]
/// [longitude: 3.4]`, and the `GPS(lon,lat,alt)` and `HOME(lon,lat)` of drones.
pub(super) fn telemetry(text: &str) -> Option<Place> {
    nmea(text)
        .or_else(|| {
            Place::new(
                number_behind(text, &["latitude", "Latitude"])?,
                number_behind(text, &["longitude", "longtitude", "Longitude"])?,
            )
        })
        .or_else(|| {
            ["GPS", "HOME"].iter().find_map(|name| {
                let (_, rest) = text.split_once(name)?;
                let mut numbers = rest.trim_start().strip_prefix('(')?.split([',', ')']);
                let longitude = numbers.next()?.trim().parse().ok()?;
                Place::new(numbers.next()?.trim().parse().ok()?, longitude)
            })
        })
        .filter(|place| place.latitude != 0.0 || place.longitude != 0.0)
}

fn nmea(text: &str) -> Option<Place> {
    for (name, first) in [("RMC,", 2), ("GGA,", 1)] {
        let Some((_, rest)) = text.split_once(name) else {
            continue;
        };
        let mut fields = rest.split(',').skip(first);
        let (latitude, north) = (fields.next()?, fields.next()?);
        let (longitude, east) = (fields.next()?, fields.next()?);
        return Place::new(
            nmea_degrees(latitude.parse().ok()?, *north.as_bytes().first()?)?,
            nmea_degrees(longitude.parse().ok()?, *east.as_bytes().first()?)?,
        );
    }
    None
}

/// The number that follows one of the names, `:` or `=` and blanks between.
fn number_behind(text: &str, names: &[&str]) -> Option<f64> {
    names.iter().find_map(|name| {
        let (_, rest) = text.split_once(name)?;
        let rest = rest.trim_start_matches([' ', ':', '=', '"']);
        let len = rest
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+'))
            .unwrap_or(rest.len());
        rest.get(..len)?.parse().ok()
    })
}

/// A critical finding of a point.
pub(super) fn located(
    id: &'static str,
    place: impl Into<String>,
    what: impl Into<std::borrow::Cow<'static, str>>,
    point: Place,
) -> Finding {
    Finding::new(id, Category::Location, Severity::Critical, place, what)
        .value(Value::Place(point))
        .role(Role::Coordinates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(place: Option<Place>, latitude: f64, longitude: f64) -> bool {
        place.is_some_and(|p| {
            (p.latitude - latitude).abs() < 1e-6 && (p.longitude - longitude).abs() < 1e-6
        })
    }

    #[test]
    fn moments() {
        assert_eq!((mac_time(0), mac_time(MAC_TO_UNIX)), (None, None));
        assert_eq!(
            mac_time(MAC_TO_UNIX + 1_709_210_096).as_deref(),
            Some("2024-02-29T12:34:56Z")
        );
        assert_eq!(
            mac_time(1_709_210_096).as_deref(),
            Some("2024-02-29T12:34:56Z"),
            "counted from 1970"
        );
        assert_eq!(unix_time(0, 7).as_deref(), Some("1970-01-01T00:00:00.007Z"));
        assert_eq!(
            unix_time(253_402_300_799, 0).as_deref(),
            Some("9999-12-31T23:59:59Z")
        );
        assert_eq!(unix_time(253_402_300_800, 0), None);
        assert_eq!(unix_time(u64::MAX, 0), None);
    }

    #[test]
    fn iso_6709_in_all_its_forms() {
        let place = iso6709("+59.3293-018.0686+028.500CRSWGS_84/");
        assert!(near(place, 59.3293, -18.0686));
        assert_eq!(place.and_then(|p| p.altitude), Some(28.5));
        assert!(near(iso6709("+5930-01806/"), 59.5, -18.1));
        assert!(near(iso6709("-593000.0+0180600.0/"), -59.5, 18.1));
        for bad in [
            "",
            "+",
            "59.3+18.0",
            "+99.0+018.0/",
            "+59.3",
            "+.+.",
            "+1.1.1+2",
        ] {
            assert_eq!(iso6709(bad), None, "{bad}");
        }
    }

    #[test]
    fn lines_of_telemetry() {
        let rmc = "$GPRMC,074551,A,5919.758,N,01804.116,E,0.0,0,120524,,*1A";
        assert!(near(telemetry(rmc), 59.329_3, 18.068_6));
        let gga = "$GPGGA,074551,5919.758,S,01804.116,W,1,8";
        assert!(near(telemetry(gga), -59.329_3, -18.068_6));
        let dji = "[iso : 100] [latitude: 59.3293] [longtitude: 18.0686] [rel_alt: 1.2]";
        assert!(near(telemetry(dji), 59.3293, 18.0686));
        assert!(near(
            telemetry("F/2.8, SS 100, GPS (18.0686, 59.3293, 21)"),
            59.3293,
            18.0686
        ));
        assert!(near(
            telemetry("HOME(18.0686,59.3293) D=1"),
            59.3293,
            18.0686
        ));
        for none in [
            "",
            "GPS(",
            "GPS(0,0,0)",
            "latitude: x",
            "$GPRMC,,V,,,,",
            "a song",
        ] {
            assert_eq!(telemetry(none), None, "{none}");
        }
    }

    #[test]
    fn texts() {
        assert_eq!(text(b"Sm\xC3\xB6g\0rest"), "Smög");
        assert_eq!(text(b"Sm\xF6g"), "Smög");
        assert_eq!(text(b"\xFE\xFF\0S\0\xF6\0\0\0x"), "Sö");
        assert_eq!(text(b"\xFF\xFES\0\xF6\0"), "Sö");
        assert!(is_text("Smög\n".as_bytes()) && !is_text(b"a\x01") && !is_text(b""));
    }
}
