//! Dates and times as people and programs spell them.

use crate::bytes::Cursor;

/// The moment as ISO 8601, as far as the text tells it: Exif (`2024:05:12 14:30:00`), ISO 8601 with or
/// without separators, fractions and zone. `None` for anything else.
#[must_use]
pub fn moment(text: &str) -> Option<String> {
    let mut reader = Reader(Cursor::new(text.trim().as_bytes()));
    let year = reader.digits(4)?;
    let mut out = format!("{year:04}");
    if reader.0.is_at_end() {
        return (1800..2200).contains(&year).then_some(out);
    }
    let separated = reader.any(b":-/.");
    let month = reader.digits(2).filter(|n| (1..=12).contains(n))?;
    out.push_str(&format!("-{month:02}"));
    if reader.0.is_at_end() {
        return separated.then_some(out);
    }
    if separated && !reader.any(b":-/.") {
        return None;
    }
    let day = reader.digits(2).filter(|n| (1..=31).contains(n))?;
    out.push_str(&format!("-{day:02}"));
    if reader.0.is_at_end() {
        return Some(out);
    }
    reader.any(b"T t").then_some(())?;
    let hour = reader.digits(2).filter(|n| *n < 24)?;
    reader.any(b":");
    let minute = reader.digits(2).filter(|n| *n < 60)?;
    out.push_str(&format!("T{hour:02}:{minute:02}"));
    reader.any(b":");
    if let Some(second) = reader.digits(2) {
        (second <= 60).then_some(())?;
        out.push_str(&format!(":{second:02}"));
        if reader.any(b".,") {
            out.push('.');
            while let Some(digit) = reader.digits(1) {
                out.push_str(&digit.to_string());
            }
        }
    }
    reader.any(b" ");
    match reader.0.rest() {
        b"" => Some(out),
        b"Z" | b"z" => Some(out + "Z"),
        zone => {
            let sign = char::from(*zone.first()?);
            matches!(sign, '+' | '-').then_some(())?;
            reader.0.skip(1)?;
            let hours = reader.digits(2).filter(|n| *n <= 14)?;
            reader.any(b":'");
            let minutes = reader.digits(2).unwrap_or_default();
            (minutes < 60 && reader.0.is_at_end()).then_some(())?;
            Some(format!("{out}{sign}{hours:02}:{minutes:02}"))
        }
    }
}

struct Reader<'a>(Cursor<'a>);

impl Reader<'_> {
    /// So many digits.
    fn digits(&mut self, n: usize) -> Option<u32> {
        let mut ahead = self.0;
        let text = std::str::from_utf8(ahead.take(n)?).ok()?;
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let value = text.parse().ok().filter(|_| digits)?;
        self.0 = ahead;
        Some(value)
    }

    /// Moves over the next byte if it is one of these.
    fn any(&mut self, set: &[u8]) -> bool {
        let is = self.0.rest().first().is_some_and(|b| set.contains(b));
        is && self.0.skip(1).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn spellings() {
        let cases = [
            ("2024:05:12 14:30:00", "2024-05-12T14:30:00"),
            ("2024:05:12 14:30:00+02:00", "2024-05-12T14:30:00+02:00"),
            ("2024-05-12T14:30:00.123Z", "2024-05-12T14:30:00.123Z"),
            ("20240512T143000", "2024-05-12T14:30:00"),
            ("20240512", "2024-05-12"),
            ("2024-05-12 14:30", "2024-05-12T14:30"),
            ("2024", "2024"),
            ("2024-05", "2024-05"),
            ("2024-05-12T14:30:00-0330", "2024-05-12T14:30:00-03:30"),
        ];
        for (text, iso) in cases {
            assert_eq!(moment(text).as_deref(), Some(iso));
        }
        for text in [
            "",
            "0000:00:00 00:00:00",
            "2024-13-01",
            "20245",
            "12 May 2024",
            "2024-05-12T25:00",
            "åäö",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
