//! Coordinates as people and programs spell them.

use crate::model::Place;

/// How many points are worth telling from one text.
const MOST: usize = 16;
/// Of longer texts the beginning is looked at, in characters: tokens take memory.
const LONGEST: usize = 1 << 20;

/// The points that a text tells, each once: `59.3293, 18.0686`, `59°19'45"N 18°4'7"E`, `N 59 19.76 E 18 4.12`,
/// ISO 6709 (`+59.3293+018.0686/`), NMEA 0183 sentences, and pairs of named numbers (`"lat": 59.3293, "lng": …`).
#[must_use]
pub fn coordinates(text: &str) -> Vec<Place> {
    let end = text
        .char_indices()
        .nth(LONGEST)
        .map_or(text.len(), |(at, _)| at);
    let text = text.get(..end).unwrap_or_default();
    let mut found: Vec<Place> = Vec::new();
    let mut add = |point: Option<Place>| {
        if let Some(point) = point.filter(|point| !found.contains(point)) {
            found.push(point);
        }
        found.len() < MOST
    };
    for (at, _) in text.match_indices('$') {
        if !add(text.get(at..).and_then(nmea)) {
            return found;
        }
    }
    // In JSON, pairs of numbers are sizes and positions unless their name says otherwise.
    let json = text.trim_start().starts_with(['{', '[']);
    let mut named = Named::No;
    let tokens = tokens(text);
    let mut rest = tokens.as_slice();
    let mut before: Option<&Token<'_>> = None;
    while let Some(first) = rest.first() {
        if let Token::Word(word) = first {
            named = Named::after(word);
        }
        let taken = iso_6709(rest)
            .or_else(|| marked_pair(rest))
            .or_else(|| named_pair(rest))
            .or_else(|| match (json, named) {
                (false, _) | (true, Named::Point) => decimal_pair(before, rest, Place::new),
                (true, Named::GeoJson) => {
                    decimal_pair(before, rest, |lon, lat| Place::new(lat, lon))
                }
                (true, Named::No) => None,
            });
        let len = match taken {
            Some((point, len)) => {
                if !add(Some(point)) {
                    break;
                }
                len
            }
            None => 1,
        };
        before = rest.get(len.saturating_sub(1)).or(Some(first));
        rest = rest.get(len..).unwrap_or_default();
    }
    found
}

/// One angle in degrees: `59.3293`, `-18.1`, `59,19.76N` (XMP), `59,19,45.6N`, `59°19'45.6" N`,
/// `59/1, 19/1, 456/10` (rationals), with `S` and `W` negative.
#[must_use]
pub fn angle(text: &str) -> Option<f64> {
    let mut numbers = Vec::new();
    let mut sign = 1.0;
    for token in tokens(text) {
        match token {
            Token::Number(number) => {
                if number.text.starts_with('-') {
                    sign = -1.0;
                }
                numbers.push(number.value.abs());
            }
            Token::Side('S' | 'W') => sign = -1.0,
            Token::Side(_) | Token::Mark(_) => {}
            Token::Word(word) if word.eq_ignore_ascii_case("deg") => {}
            Token::Word(_) => return None,
        }
    }
    let rational = text.contains('/') && numbers.len().is_multiple_of(2);
    if rational {
        numbers = numbers
            .chunks_exact(2)
            .map(|pair| match pair {
                [n, d] if *d != 0.0 => n / d,
                _ => 0.0,
            })
            .collect();
    }
    Some(sign * sexagesimal(&numbers)?)
}

/// Degrees, minutes, seconds.
fn sexagesimal(numbers: &[f64]) -> Option<f64> {
    let value = match numbers {
        [d] => *d,
        [d, m] if *m < 60.0 => d + m / 60.0,
        [d, m, s] if *m < 60.0 && *s < 60.0 => d + m / 60.0 + s / 3600.0,
        _ => return None,
    };
    (value <= 180.0).then_some(value)
}

/// What a text is to this module; what stands between these is skipped.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'a> {
    Number(Number<'a>),
    /// A letter on its own: `N`, `S`, `E`, `W`.
    Side(char),
    /// `°`, `'`, `"` and what is used for them.
    Mark(char),
    Word(&'a str),
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Number<'a> {
    value: f64,
    text: &'a str,
    /// Offset in the text, in bytes.
    at: usize,
}

impl Number<'_> {
    fn end(&self) -> usize {
        self.at.saturating_add(self.text.len())
    }

    fn digits(&self) -> usize {
        let (whole, _) = self.parts();
        whole.trim_start_matches(['+', '-']).len()
    }

    fn decimals(&self) -> usize {
        self.parts().1.len()
    }

    fn parts(&self) -> (&str, &str) {
        self.text.split_once('.').unwrap_or((self.text, ""))
    }

    fn has_sign(&self) -> bool {
        self.text.starts_with(['+', '-'])
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        let (token, len) = if c.is_ascii_digit() || (matches!(c, '+' | '-') && starts_number(rest))
        {
            let number = number(rest);
            let value = number.parse().unwrap_or(f64::MAX);
            (
                Some(Token::Number(Number {
                    value,
                    text: number,
                    at,
                })),
                number.len(),
            )
        } else if c.is_alphabetic() {
            let len = rest
                .find(|c: char| !c.is_alphabetic())
                .unwrap_or(rest.len());
            let word = rest.get(..len).unwrap_or_default();
            let side = c.to_ascii_uppercase();
            let token = if len == 1 && matches!(side, 'N' | 'S' | 'E' | 'W') {
                Token::Side(side)
            } else {
                Token::Word(word)
            };
            (Some(token), len)
        } else {
            let mark = match c {
                '°' | 'º' | '˚' => Some('°'),
                '\'' | '′' | '’' | '´' | '`' => Some('\''),
                '"' | '″' | '”' => Some('"'),
                _ => None,
            };
            (mark.map(Token::Mark), c.len_utf8())
        };
        tokens.extend(token);
        at = at.saturating_add(len.max(1));
    }
    tokens
}

fn starts_number(text: &str) -> bool {
    text.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
}

/// Sign, digits, and a point with digits.
fn number(text: &str) -> &str {
    let digits = |from: usize| {
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        from.saturating_add(rest.iter().take_while(|b| b.is_ascii_digit()).count())
    };
    let whole = digits(usize::from(text.starts_with(['+', '-'])));
    let point = text.as_bytes().get(whole) == Some(&b'.');
    let end = if point {
        digits(whole.saturating_add(1))
    } else {
        whole
    };
    let end = if point && end == whole.saturating_add(1) {
        whole
    } else {
        end
    };
    text.get(..end).unwrap_or_default()
}

/// What the word before a pair of numbers says about it.
#[derive(Clone, Copy, PartialEq)]
enum Named {
    No,
    Point,
    /// `coordinates` of GeoJSON (RFC 7946 §3.1.1): longitude first.
    GeoJson,
}

impl Named {
    fn after(word: &str) -> Self {
        const POINTS: &[&str] = &[
            "latlng", "latlon", "latlong", "location", "gps", "geo", "coords", "center", "ll",
        ];
        if word == "coordinates" {
            Self::GeoJson
        } else if POINTS.iter().any(|point| word.eq_ignore_ascii_case(point)) {
            Self::Point
        } else {
            Self::No
        }
    }
}

type Taken = Option<(Place, usize)>;

/// `+DD.D+DDD.D`, `+DDMM.M+DDDMM.M`, `+DDMMSS.S+DDDMMSS.S`, with nothing between the numbers.
fn iso_6709(tokens: &[Token<'_>]) -> Taken {
    let [Token::Number(lat), Token::Number(lon), ..] = tokens else {
        return None;
    };
    let adjacent = lat.has_sign() && lon.has_sign() && lat.end() == lon.at;
    let widths = matches!((lat.digits(), lon.digits()), (2, 3) | (4, 5) | (6, 7));
    if !adjacent || !widths {
        return None;
    }
    let degrees = |number: &Number<'_>, whole: usize| {
        let value = number.value.abs();
        let (d, m, s) = match whole {
            2 | 3 => (value, 0.0, 0.0),
            4 | 5 => ((value / 100.0).floor(), value % 100.0, 0.0),
            _ => (
                (value / 10_000.0).floor(),
                (value / 100.0).floor() % 100.0,
                value % 100.0,
            ),
        };
        sexagesimal(&[d, m, s]).map(|angle| {
            angle.copysign(if number.text.starts_with('-') {
                -1.0
            } else {
                1.0
            })
        })
    };
    let mut place = Place::new(degrees(lat, lat.digits())?, degrees(lon, lon.digits())?)?;
    place.altitude = match tokens.get(2) {
        Some(Token::Number(n)) if n.has_sign() && n.at == lon.end() => Some(n.value),
        _ => None,
    };
    Some((place, if place.altitude.is_some() { 3 } else { 2 }))
}

/// Two angles with their sides of the earth, before or behind the numbers.
fn marked_pair(tokens: &[Token<'_>]) -> Taken {
    let (lat, first) = marked_angle(tokens)?;
    let (lon, second) = marked_angle(tokens.get(first..)?)?;
    let vertical = |side: char| matches!(side, 'N' | 'S');
    let (lat, lon) = match (vertical(lat.1), vertical(lon.1)) {
        (true, false) => (lat.0, lon.0),
        (false, true) => (lon.0, lat.0),
        _ => return None,
    };
    Some((Place::new(lat, lon)?, first.saturating_add(second)))
}

/// Up to three numbers with marks between them, and a side.
fn marked_angle(tokens: &[Token<'_>]) -> Option<((f64, char), usize)> {
    let mut numbers = Vec::new();
    let mut side = None;
    let mut exact = false;
    let mut len = 0_usize;
    for token in tokens.iter().take(9) {
        match token {
            Token::Side(s) if side.is_none() => side = Some(*s),
            Token::Number(number)
                if numbers.len() < 3 && !(side.is_some() && is_closed(tokens, len)) =>
            {
                exact |= number.decimals() >= 2;
                numbers.push(number.value);
            }
            Token::Mark(_) if !numbers.is_empty() => exact = true,
            Token::Word(word) if !numbers.is_empty() && word.eq_ignore_ascii_case("deg") => {
                exact = true
            }
            _ => break,
        }
        len = len.saturating_add(1);
        if side.is_some() && !numbers.is_empty() && matches!(token, Token::Side(_)) {
            break;
        }
    }
    let side = side?;
    let value = sexagesimal(&numbers)?;
    exact.then_some((
        (
            if matches!(side, 'S' | 'W') {
                -value
            } else {
                value
            },
            side,
        ),
        len,
    ))
}

/// Whether the angle that begins with a side letter ended before this token: a number follows a decimal.
fn is_closed(tokens: &[Token<'_>], at: usize) -> bool {
    matches!(tokens.get(at.saturating_sub(1)), Some(Token::Number(n)) if n.decimals() > 0)
}

/// A number named like a latitude and, soon behind it, one named like a longitude.
fn named_pair(tokens: &[Token<'_>]) -> Taken {
    const REACH: usize = 12;
    let Token::Word(word) = tokens.first()? else {
        return None;
    };
    let is = |word: &str, names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    is(word, &["lat", "latitude", "gpslatitude"]).then_some(())?;
    let value_behind = |from: usize| {
        tokens
            .iter()
            .enumerate()
            .skip(from)
            .take(4)
            .find_map(|(at, token)| match token {
                Token::Number(n) if n.decimals() > 0 => Some((n.value, at)),
                _ => None,
            })
    };
    let (lat, at) = value_behind(1)?;
    let name =
        tokens
            .iter()
            .enumerate()
            .skip(at)
            .take(REACH)
            .find_map(|(at, token)| match token {
                Token::Word(word)
                    if is(
                        word,
                        &[
                            "lon",
                            "lng",
                            "long",
                            "longitude",
                            "longtitude",
                            "gpslongitude",
                        ],
                    ) =>
                {
                    Some(at)
                }
                _ => None,
            })?;
    let (lon, at) = value_behind(name)?;
    Some((Place::new(lat, lon)?, at.saturating_add(1)))
}

/// Two numbers with four decimals or more beside each other. Three small ones are a row of a matrix, four
/// a list.
fn decimal_pair(
    before: Option<&Token<'_>>,
    tokens: &[Token<'_>],
    place: impl Fn(f64, f64) -> Option<Place>,
) -> Taken {
    let [Token::Number(lat), Token::Number(lon), ..] = tokens else {
        return None;
    };
    let fine =
        |token: Option<&Token<'_>>| matches!(token, Some(Token::Number(n)) if n.decimals() >= 3);
    let near = lon.at.saturating_sub(lat.end()) <= 3 && lon.at > lat.end();
    let exact = lat.decimals() >= 4 && lon.decimals() >= 4;
    let listed =
        fine(before) || (fine(tokens.get(2)) && (fine(tokens.get(3)) || lat.value.abs() < 2.0));
    let origin = lat.value.abs() < 1.0 && lon.value.abs() < 1.0;
    if !near || !exact || listed || origin {
        return None;
    }
    Some((place(lat.value, lon.value)?, 2))
}

/// `$GPRMC`, `$GNGGA`, `$GPGLL` and their kin: `ddmm.mmmm,N,dddmm.mmmm,E` among their fields.
fn nmea(sentence: &str) -> Option<Place> {
    // The standard allows 82 characters.
    let head = sentence
        .char_indices()
        .nth(120)
        .map_or(sentence.len(), |(at, _)| at);
    let line = sentence.get(..head)?.split(['\r', '\n', '*']).next()?;
    let kind = line.get(3..6)?;
    matches!(kind, "RMC" | "GGA" | "GLL" | "GNS").then_some(())?;
    let fields: Vec<&str> = line.split(',').collect();
    fields.windows(4).find_map(|fields| {
        let [lat, ns @ ("N" | "S"), lon, ew @ ("E" | "W")] = fields else {
            return None;
        };
        let degrees = |text: &str, side: &str| {
            let value: f64 = text.parse().ok()?;
            let angle = sexagesimal(&[(value / 100.0).floor(), value % 100.0])?;
            Some(if matches!(side, "S" | "W") {
                -angle
            } else {
                angle
            })
        };
        Place::new(degrees(lat, ns)?, degrees(lon, ew)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (f64, f64) {
        let found = coordinates(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        let round = |n: f64| (n * 1e4).round() / 1e4;
        (round(found[0].latitude), round(found[0].longitude))
    }

    #[test]
    fn spellings() {
        for text in [
            "59.3293, 18.0686",
            "home (59.3293;18.0686) kitchen",
            "https://maps.example/@59.3293,18.0686,17z",
            "geo:59.3293,18.0686",
            "59.3293 N, 18.0686 E",
            "N59.3293 E18.0686",
            "18.0686E 59.3293N",
            "59°19'45.48\"N 18°4'6.96\"E",
            "59° 19′ 45.48″ N, 18° 4′ 6.96″ E",
            "59 deg 19' 45.48\" N, 18 deg 4' 6.96\" E",
            "N 59° 19.758' E 018° 04.116'",
            "+59.3293+018.0686/",
            "+59.3293+018.0686+012.300/",
            "+5919.758+01804.116/",
            "+591945.48+0180406.96CRSWGS_84/",
            "{\"lat\": 59.3293, \"lng\": 18.0686}",
            "{\"type\":\"Point\",\"coordinates\":[18.0686,59.3293]}",
            "{\"size\": [12.3456, 23.4567], \"location\": [59.3293, 18.0686]}",
            "latitude=59.3293&alt=5&longitude=18.0686",
            "[latitude: 59.3293] [longitude: 18.0686] [rel_alt: 5]",
            "$GPRMC,123519,A,5919.758,N,01804.116,E,022.4,084.4,230394,003.1,W*6A",
            "$GNGGA,123519,5919.758,N,01804.116,E,1,08,0.9,545.4,M,46.9,M,,*47",
        ] {
            assert_eq!(one(text), (59.3293, 18.0686), "{text}");
        }
        assert_eq!(
            one("{\"coordinates\":[151.2153,-33.8568]}"),
            (-33.8568, 151.2153)
        );
        assert_eq!(one("-33.8568, -151.2153"), (-33.8568, -151.2153));
        assert_eq!(one("33°51'24\"S 151°12'55\"W"), (-33.8567, -151.2153));
    }

    #[test]
    fn other_numbers_are_no_coordinates() {
        for text in [
            "",
            "1.2.3",
            "version 4.5.6, 7.8.9",
            "f/2.8, 1/60 s, 35 mm",
            "2024-05-12 14:30:00",
            "0.4124 0.3576 0.1805 0.2126 0.7152 0.0722",
            "0.0000, 0.0000",
            "Steps: 20, Seed: 1234, Size: 512x512",
            "+46701234567",
            "$100, 5 N, 6 E",
            "N E S W",
            "1.0001, 200.0001",
            "5 E 7 N",
            "lat long",
        ] {
            assert!(
                coordinates(text).is_empty(),
                "{text}: {:?}",
                coordinates(text)
            );
        }
    }

    #[test]
    fn angles() {
        let near = |text: &str, value: f64| {
            assert!(
                (angle(text).unwrap() - value).abs() < 1e-6,
                "{text} {:?}",
                angle(text)
            );
        };
        near("63,10.6N", 63.0 + 10.6 / 60.0);
        near("63,10,36S", -(63.0 + 10.6 / 60.0));
        near("-18.0686", -18.0686);
        near("59/1, 19/1, 4548/100", 59.3293);
        near("18 deg 4' 6.96\" W", -18.0686);
        for text in ["", "north", "1,2,3,4", "63,99N", "400"] {
            assert_eq!(angle(text), None, "{text}");
        }
    }

    #[test]
    fn long_texts_take_linear_time() {
        for part in [
            "59.3293, 18.0686 ",
            "lat ",
            "N 5 ",
            "$GPRMC,",
            "1",
            "°",
            "+1",
            "lat 1.1 ",
        ] {
            assert!(coordinates(&part.repeat(20_000)).len() <= MOST);
        }
    }
}
