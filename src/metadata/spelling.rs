//! How films, trailers and vendor blocks spell texts, moments and points on the earth.

use super::text::coordinates;
use crate::bytes::Order;
use crate::model::Place;

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

/// The first point in a text. The `GPS(lon,lat,alt)` and `HOME(lon,lat)` of drones put the longitude
/// first, where everybody else begins with the latitude.
pub(super) fn point(text: &str) -> Option<Place> {
    let drone = ["GPS", "HOME"].iter().find_map(|name| {
        let (_, rest) = text.split_once(name)?;
        let mut numbers = rest.trim_start().strip_prefix('(')?.split([',', ')']);
        let longitude = numbers.next()?.trim().parse().ok()?;
        Place::new(numbers.next()?.trim().parse().ok()?, longitude)
    });
    drone
        .filter(|place| place.latitude != 0.0 || place.longitude != 0.0)
        .or_else(|| coordinates(text).into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn points() {
        for text in [
            "+59.5-018.25+028.500CRSWGS_84/",
            "+5930-01815/",
            "$GPRMC,074551,A,5930.000,N,01815.000,W,0.0,0,120524,,*1A",
            "[iso : 100] [latitude: 59.5] [longtitude: -18.25] [rel_alt: 1.2]",
            "F/2.8, SS 100, GPS (-18.25, 59.5, 21)",
            "HOME(-18.25,59.5) D=1",
        ] {
            let point = point(text).map(|p| (p.latitude, p.longitude));
            assert_eq!(point, Some((59.5, -18.25)), "{text}");
        }
        for none in [
            "",
            "GPS(",
            "GPS(0,0,0)",
            "HOME(x,y)",
            "+99.0+018.0/",
            "a song",
        ] {
            assert_eq!(point(none), None, "{none}");
        }
        assert_eq!(nmea_degrees(5930.0, b's'), Some(-59.5));
        assert_eq!(
            (nmea_degrees(5960.0, b'N'), nmea_degrees(1.0, b'x')),
            (None, None)
        );
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
