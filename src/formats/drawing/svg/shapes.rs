//! Numbers, path data, points and transforms in one spelling. Values are never changed: only signs, zeros
//! and separators that say nothing go.

use super::tree::is_space;

/// A number in its shortest spelling with the same decimal value; numbers with an exponent stay.
pub(super) fn number(text: &str) -> String {
    // A dot at the end is a number to some programs and a mistake to others.
    if text.ends_with('.') {
        return text.to_owned();
    }
    if text.contains(['e', 'E']) {
        return text.strip_prefix('+').unwrap_or(text).to_ascii_lowercase();
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let mut out = sign.to_owned();
    out.push_str(whole);
    if whole.is_empty() && part.is_empty() {
        out.push('0');
    }
    if !part.is_empty() {
        out.push('.');
        out.push_str(part);
    }
    out
}

/// Reads numbers as SVG spells them (SVG 2 §9.3.9).
struct Numbers<'a> {
    text: &'a str,
    /// Bytes that were read.
    at: usize,
}

impl<'a> Numbers<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        let rest = self.rest();
        let behind = rest.trim_start_matches(|c| is_space(c) || c == '\u{c}');
        self.at = self.text.len().saturating_sub(behind.len());
    }

    /// White space with at most one comma; whether there was a comma.
    fn comma(&mut self) -> bool {
        self.space();
        let comma = self.rest().starts_with(',');
        if comma {
            self.at = self.at.saturating_add(1);
            self.space();
        }
        comma
    }

    fn number(&mut self) -> Option<&'a str> {
        let bytes = self.rest().as_bytes();
        let is = |index: usize, wanted: &[u8]| bytes.get(index).is_some_and(|b| wanted.contains(b));
        let digits = |from: usize| {
            let behind = bytes.get(from..).unwrap_or_default();
            let count = behind.iter().take_while(|b| b.is_ascii_digit()).count();
            from.saturating_add(count)
        };
        let start = usize::from(is(0, b"+-"));
        let mut end = digits(start);
        let mut any = end > start;
        if is(end, b".") {
            let behind = end.saturating_add(1);
            let part = digits(behind);
            if part > behind {
                (end, any) = (part, true);
            } else if any {
                // A dot at the end: SVG 1.1 allows it.
                end = behind;
            }
        }
        if !any {
            return None;
        }
        if is(end, b"eE") {
            let sign = end.saturating_add(1);
            let from = sign.saturating_add(usize::from(is(sign, b"+-")));
            let exponent = digits(from);
            if exponent > from {
                end = exponent;
            }
        }
        let number = self.rest().get(..end)?;
        self.at = self.at.saturating_add(end);
        Some(number)
    }

    fn flag(&mut self) -> Option<&'a str> {
        let flag = self
            .rest()
            .get(..1)
            .filter(|flag| matches!(*flag, "0" | "1"))?;
        self.at = self.at.saturating_add(1);
        Some(flag)
    }
}

/// A command of path data with the numbers behind it.
pub(super) type Segment<'a> = (char, Vec<&'a str>);

/// How many numbers a command takes.
fn arity(command: char) -> Option<usize> {
    Some(match command.to_ascii_lowercase() {
        'm' | 'l' | 't' => 2,
        'h' | 'v' => 1,
        'c' => 6,
        's' | 'q' => 4,
        'a' => 7,
        'z' => 0,
        _ => return None,
    })
}

/// Path data up to the first mistake, where drawing ends (SVG 2 §9.5.4), and how many bytes of it that are.
pub(super) fn segments(text: &str) -> (Vec<Segment<'_>>, usize) {
    let mut read = Numbers { text, at: 0 };
    let mut out: Vec<Segment<'_>> = Vec::new();
    let mut good = 0;
    loop {
        read.space();
        let Some(command) = read.rest().chars().next() else {
            return (out, text.len());
        };
        let moves = matches!(command, 'M' | 'm');
        let Some(wanted) = arity(command).filter(|_| moves || !out.is_empty()) else {
            return (out, good);
        };
        read.at = read.at.saturating_add(1);
        let mut numbers = Vec::new();
        if wanted == 0 {
            good = read.at;
            out.push((command, numbers));
            continue;
        }
        read.space();
        let mut comma = false;
        let whole = loop {
            // One set of numbers, all or none.
            let mut set = Vec::new();
            let mut end = read.at;
            for index in 0..wanted {
                let is_flag = wanted == 7 && matches!(index, 3 | 4);
                let one = if is_flag { read.flag() } else { read.number() };
                let Some(one) = one else { break };
                set.push(one);
                end = read.at;
                comma = read.comma();
            }
            if set.len() < wanted {
                break set.is_empty() && !comma && !numbers.is_empty();
            }
            good = end;
            numbers.append(&mut set);
        };
        if !numbers.is_empty() {
            out.push((command, numbers));
        }
        if !whole {
            return (out, good);
        }
    }
}

/// The same in one spelling.
pub(super) fn write_path(segments: &[Segment<'_>]) -> String {
    let mut out = String::new();
    for (command, numbers) in segments {
        out.push(*command);
        for (index, one) in numbers.iter().enumerate() {
            let one = number(one);
            if index > 0 && !one.starts_with('-') {
                out.push(' ');
            }
            out.push_str(&one);
        }
    }
    out
}

/// Numbers parted by white space and commas, up to the first mistake, and how many bytes that are.
pub(super) fn numbers(text: &str) -> (Vec<&str>, usize) {
    let mut read = Numbers { text, at: 0 };
    let (mut out, mut good) = (Vec::new(), 0);
    read.space();
    while let Some(one) = read.number() {
        out.push(one);
        good = read.at;
        read.comma();
    }
    if read.rest().is_empty() {
        good = text.len();
    }
    (out, good)
}

/// The same in one spelling.
pub(super) fn write_numbers(numbers: &[&str]) -> String {
    let spelled: Vec<String> = numbers.iter().map(|one| number(one)).collect();
    spelled.join(" ")
}

/// Whether a value is a list of transforms (SVG 1.1 §7.6), as an attribute has it.
pub(super) fn is_transform(text: &str) -> bool {
    let mut rest = text.trim_matches(is_space);
    if matches!(rest, "none" | "" | "inherit" | "initial") {
        return true;
    }
    while !rest.is_empty() {
        let Some((name, behind)) = rest.split_once('(') else {
            return false;
        };
        let Some((inside, behind)) = behind.split_once(')') else {
            return false;
        };
        let known = name.trim_matches(is_space).to_ascii_lowercase();
        let allowed: &[usize] = match known.as_str() {
            "matrix" => &[6],
            "translate" | "scale" | "skew" => &[1, 2],
            "rotate" => &[1, 3],
            "ref" => &[1, 2, 3],
            "translatex" | "translatey" | "scalex" | "scaley" | "skewx" | "skewy" | "rotatex"
            | "rotatey" | "rotatez" | "translatez" | "scalez" | "perspective" => &[1],
            "translate3d" | "scale3d" => &[3],
            "rotate3d" => &[4],
            "matrix3d" => &[16],
            _ => return false,
        };
        // Units are looked at with the tokens.
        let numbers = inside
            .split(|c| is_space(c) || c == ',')
            .filter(|one| !one.is_empty());
        let count: usize = numbers.map(how_many).sum();
        if known != "ref" && !allowed.contains(&count) {
            return false;
        }
        rest = behind.trim_start_matches(|c| is_space(c) || c == ',');
    }
    true
}

/// Numbers in a piece without separators, such as `1-2.5.5`.
fn how_many(piece: &str) -> usize {
    let mut read = Numbers { text: piece, at: 0 };
    let mut count: usize = 0;
    while read.number().is_some() {
        count = count.saturating_add(1);
        let rest = read.rest();
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
        read.at = piece.len().saturating_sub(unit.len());
    }
    count
}
