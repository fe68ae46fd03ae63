//! Moments as cameras write them: the date and the hour on the clock of the place.

/// A date and an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// `20240512`
    pub date: u32,
    /// 0 to 23.
    pub hour: u8,
    /// 0 is Monday.
    pub weekday: u8,
}

impl Moment {
    /// Reads `2024-05-12T14:30:00+02:00`. A time in UTC is taken to the clock of the `longitude`; the date
    /// remains. `None` without an hour or for dates before 1990, which clocks without a battery show.
    #[must_use]
    pub fn read(iso: &str, longitude: f64) -> Option<Self> {
        let number = |from: usize, to: usize| iso.get(from..to)?.parse::<u16>().ok();
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let hour = u8::try_from(number(11, 13)?).ok()?;
        if year < 1990 || !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 {
            return None;
        }
        let digits: String = iso.get(..10)?.split('-').collect();
        let hour = if iso.ends_with('Z') {
            let local = (f64::from(hour) + (longitude / 15.0).round()).rem_euclid(24.0);
            (0..24).find(|n| f64::from(*n) == local)?
        } else {
            hour
        };
        Some(Self {
            date: digits.parse().ok()?,
            hour,
            weekday: weekday(f64::from(year), f64::from(month), f64::from(day))?,
        })
    }

    /// `2024-05-12`
    #[must_use]
    pub fn iso(self) -> String {
        iso(self.date)
    }

    /// In the evening, at night, or in the morning before people leave.
    #[must_use]
    pub(super) fn is_at_rest(self) -> bool {
        let early = if self.is_weekend() { 10 } else { 7 };
        self.hour >= 19 || self.hour < early
    }

    /// On a weekday at the hours of schools and jobs.
    #[must_use]
    pub(super) fn is_at_work(self) -> bool {
        !self.is_weekend() && (7..17).contains(&self.hour)
    }

    fn is_weekend(self) -> bool {
        self.weekday >= 5
    }
}

/// `20240512` as `2024-05-12`.
pub(super) fn iso(date: u32) -> String {
    let digits = format!("{date:08}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [part(0, 4), part(4, 6), part(6, 8)].join("-")
}

/// The day of the week of a date of the Gregorian calendar, by its Julian day number.
fn weekday(year: f64, month: f64, day: f64) -> Option<u8> {
    let winter = if month <= 2.0 { 1.0 } else { 0.0 };
    let (year, month) = (year + 4800.0 - winter, month + 12.0 * winter - 3.0);
    let leap = (year / 4.0).floor() - (year / 100.0).floor() + (year / 400.0).floor();
    let number = day + ((153.0 * month + 2.0) / 5.0).floor() + 365.0 * year + leap - 32045.0;
    (0..7).find(|n| f64::from(*n) == number.rem_euclid(7.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_week() {
        for (iso, weekday, hour) in [
            ("2026-12-01T04:11:00", 1, 4),
            ("2024-02-29T23:00:00+01:00", 3, 23),
            ("2000-01-01T00:00:00", 5, 0),
            ("2023-01-01T12:00:00", 6, 12),
            ("2024-05-12T14:30:00Z", 6, 15),
        ] {
            let moment = Moment::read(iso, 18.0).unwrap();
            assert_eq!((moment.weekday, moment.hour), (weekday, hour), "{iso}");
        }
        for none in [
            "",
            "2024-05-12",
            "1970-01-01T00:00:00",
            "2024-13-01T00:00:00",
            "åååååååååååå",
        ] {
            assert_eq!(Moment::read(none, 0.0), None, "{none}");
        }
    }
}
