//! Moments: a date, the fraction of its second and its time zone stand in three tags.

use crate::containers::tiff::ifd::Entry;
use crate::model::{Category, Finding, Found, Role, Severity, Untrusted, Value};

use super::survey::is_blank;
use super::value::parts;

/// Which moment a date tag is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Original,
    Digitized,
    Modified,
}

/// Which part of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Date,
    Fraction,
    Zone,
}

/// The pieces of all three moments, as far as they have been met.
#[derive(Debug, Default)]
pub(super) struct Moments([Pieces; 3]);

#[derive(Debug, Default)]
struct Pieces {
    place: String,
    date: Option<String>,
    fraction: Option<String>,
    zone: Option<String>,
}

const NAMES: [(Moment, &str); 3] = [
    (Moment::Original, "DateTimeOriginal"),
    (Moment::Digitized, "DateTimeDigitized"),
    (Moment::Modified, "DateTime"),
];

impl Moments {
    /// Takes a piece. `false` when it is blank or was there before, so that somebody else must tell it.
    pub(super) fn take(
        &mut self,
        moment: Moment,
        piece: Piece,
        entry: &Entry<'_>,
        place: &str,
    ) -> bool {
        let mut parts = parts(entry.value);
        let text = match (parts.pop(), parts.is_empty()) {
            (Some(text), true) if text.len() <= 64 && entry.is_text() => text,
            _ => return false,
        };
        if piece == Piece::Date && is_blank(&text) {
            return false;
        }
        for ((known, _), pieces) in NAMES.iter().zip(&mut self.0) {
            if *known == moment {
                let slot = match piece {
                    Piece::Date => &mut pieces.date,
                    Piece::Fraction => &mut pieces.fraction,
                    Piece::Zone => &mut pieces.zone,
                };
                if slot.is_some() {
                    return false;
                }
                *slot = Some(text);
                if piece == Piece::Date || pieces.place.is_empty() {
                    pieces.place = place.to_owned();
                }
                return true;
            }
        }
        false
    }

    /// A finding for each moment, and for what is left of one without a date.
    pub(super) fn tell(self, found: &mut Found) {
        for ((moment, name), pieces) in NAMES.into_iter().zip(self.0) {
            let finding = |what: &'static str| {
                Finding::new(
                    "exif.time",
                    Category::Time,
                    Severity::Medium,
                    pieces.place.clone(),
                    what,
                )
                .role(if moment == Moment::Original {
                    Role::TakenAt
                } else {
                    Role::OtherTime
                })
            };
            match (&pieces.date, &pieces.zone, &pieces.fraction) {
                (Some(date), zone, fraction) => {
                    let shown = iso(date, fraction.as_deref(), zone.as_deref())
                        .unwrap_or_else(|| date.clone());
                    found.add_as(
                        finding(name).value(Value::Time(Untrusted::new(shown))),
                        date,
                    );
                }
                (None, Some(zone), _) => found
                    .findings
                    .push(finding("time zone").text(zone.clone()).role(Role::Other)),
                (None, None, Some(_)) => {
                    found
                        .findings
                        .push(finding("fraction of a second").role(Role::Other));
                }
                (None, None, None) => {}
            }
        }
    }
}

/// `2024:05:12 14:30:00` (or any other separators), fraction and zone as ISO 8601; `None` when it is no
/// date. Parts of the date that are blank or zero end it: `2024-05`.
pub(in crate::metadata) fn iso(
    date: &str,
    fraction: Option<&str>,
    zone: Option<&str>,
) -> Option<String> {
    let mut numbers = date
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty());
    let year = numbers.next().filter(|digits| digits.len() == 4)?;
    let mut out = year.to_owned();
    let mut next = |max: u32| {
        numbers
            .next()
            .filter(|digits| digits.len() == 2 && digits.parse().is_ok_and(|n: u32| n <= max))
    };
    for max in [12, 31] {
        match next(max).filter(|digits| *digits != "00") {
            Some(digits) => {
                out.push('-');
                out.push_str(digits);
            }
            None => return Some(out),
        }
    }
    let (Some(hour), Some(minute)) = (next(24), next(59)) else {
        return Some(out);
    };
    out.push_str(&format!("T{hour}:{minute}"));
    if let Some(second) = next(60) {
        out.push(':');
        out.push_str(second);
        if let Some(digits) = fraction.filter(|f| f.bytes().all(|b| b.is_ascii_digit())) {
            out.push('.');
            out.push_str(digits);
        }
    }
    if let Some(zone) = zone.filter(|zone| is_zone(zone)) {
        out.push_str(zone);
    }
    Some(out)
}

/// `Z`, `+02:00`, `-0930`.
fn is_zone(zone: &str) -> bool {
    zone == "Z"
        || (zone.starts_with(['+', '-'])
            && matches!(zone.len(), 3 | 5 | 6)
            && zone
                .bytes()
                .skip(1)
                .all(|b| b.is_ascii_digit() || b == b':'))
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn dates_become_iso() {
        let full = iso("2024:05:12 14:30:00", Some("123"), Some("+02:00"));
        assert_eq!(full.unwrap(), "2024-05-12T14:30:00.123+02:00");
        assert_eq!(
            iso("2024/05/12 14:30:00", None, None).unwrap(),
            "2024-05-12T14:30:00"
        );
        assert_eq!(iso("2024:05:12", None, Some("Z")).unwrap(), "2024-05-12");
        assert_eq!(iso("2024:05:00 00:00:00", None, None).unwrap(), "2024-05");
        assert_eq!(
            iso("2024:05:12 14:30", Some("1"), Some("?")).unwrap(),
            "2024-05-12T14:30"
        );
        assert_eq!(iso("2024:99:12 14:30", None, None).unwrap(), "2024");
        assert_eq!(iso("in May", None, None), None);
    }
}
