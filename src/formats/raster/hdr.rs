//! Radiance HDR (Radiance *File Formats*, picture files).

use crate::bytes::{Context, Cursor, Hasher, Source};
use crate::formats::common::Splice;
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::text;
use crate::model::{
    Category, Digest, Error, Examined, Finding, How, Result, Role, Row, Severity, Span, len_u64,
};

const NAME: &str = "Radiance HDR";
/// Headers are far shorter.
const LONGEST_HEADER: u64 = 1 << 20;

/// Radiance HDR.
#[derive(Debug)]
pub(in crate::formats) struct Hdr;

static INFO: Info = Info {
    id: "hdr",
    name: NAME,
    extensions: &["hdr", "pic", "rgbe", "xyze"],
    noun: "picture",
    rows: &[HEADER, PIXELS],
    vocabulary: &[
        "#?RADIANCE",
        "#?RGBE",
        "FORMAT=32-bit_rle_rgbe",
        "FORMAT=32-bit_rle_xyze",
        "EXPOSURE=",
        "GAMMA=",
        "PRIMARIES=",
        "COLORCORR=",
        "PIXASPECT=",
    ],
};

const HEADER: Row = Row {
    what: "header",
    when: "always; FORMAT, EXPOSURE, GAMMA, PRIMARIES, COLORCORR and PIXASPECT with numbers, and nothing else",
    how: How::Rebuild,
    why: "colours, brightness, shape of the pixels, size",
    spec: "Radiance file formats, picture file header",
};
const PIXELS: Row = Row {
    what: "scanlines",
    when: "as many as the header says",
    how: How::Verbatim,
    why: "the picture",
    spec: "Radiance file formats, run-length encoded picture",
};

/// Variables with so many numbers.
const NUMBERS: [(&str, usize); 5] = [
    ("EXPOSURE", 1),
    ("GAMMA", 1),
    ("PIXASPECT", 1),
    ("COLORCORR", 3),
    ("PRIMARIES", 8),
];
const FORMATS: [&str; 2] = ["32-bit_rle_rgbe", "32-bit_rle_xyze"];

impl Format for Hdr {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let head = probe.head();
        Confidence::Signature.when(head.starts_with(b"#?RADIANCE") || head.starts_with(b"#?RGBE"))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let layout = Layout::parse(source, cx)?;
        let mut splice = Splice::new(source, cx, NAME, "hdr.gap");
        let since = splice.since();
        for line in &layout.lines {
            let place = "header";
            match line.split_once('=') {
                Some((name, value)) => {
                    let found = &mut splice.found;
                    text::read("hdr.header", name.trim(), value.trim(), place, cx, found)?;
                }
                None => {
                    let id = "hdr.comment";
                    let what = "comment, or what a program was asked to do";
                    let finding = Finding::new(id, Category::History, Severity::High, place, what);
                    splice
                        .found
                        .add(finding.text(line.as_str()).role(Role::Text));
                    text::mentions(id, line, place, cx, &mut splice.found)?;
                }
            }
        }
        let header = Span::new(0, layout.pixels.start());
        splice.rebuild(header, &HEADER, layout.header, since)?;
        splice.keep(layout.pixels, &PIXELS);
        splice.gap(
            Span::new(layout.pixels.end(), source.len()),
            "behind the picture",
        )?;
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let layout = Layout::parse(source, cx)?;
        let mut hasher = Hasher::new();
        hasher.bytes(&layout.header);
        hasher.span(source, layout.pixels)?;
        Ok(hasher.finish())
    }

    /// Only pixels are coded in it, and no file is nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

/// A file as it stands.
struct Layout {
    /// As it will be written.
    header: Vec<u8>,
    /// Lines that go.
    lines: Vec<String>,
    pixels: Span,
}

impl Layout {
    fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        let damaged = |what| Error::malformed(NAME, 0, what);
        let bytes = source.peek(0, LONGEST_HEADER)?;
        let mut rest: &[u8] = &bytes;
        let mut line = || {
            let end = rest.iter().position(|b| *b == b'\n')?;
            let line = rest.get(..end)?;
            rest = rest.get(end.checked_add(1)?..)?;
            Some(line)
        };
        let first = line().ok_or_else(|| damaged("the header does not end"))?;
        let magic: &[u8] = if first.starts_with(b"#?RADIANCE") {
            b"#?RADIANCE"
        } else {
            b"#?RGBE"
        };
        let mut header = [magic, b"\n"].concat();
        let mut lines = Vec::new();
        let behind = first.get(magic.len()..).unwrap_or_default();
        let behind = String::from_utf8_lossy(behind).trim().to_owned();
        if !behind.is_empty() {
            lines.push(behind);
        }
        loop {
            cx.item()?;
            let text = line().ok_or_else(|| damaged("the header does not end"))?;
            if text.is_empty() {
                break;
            }
            let text = String::from_utf8_lossy(text);
            match variable(&text)? {
                Some(clean) => header.extend_from_slice(clean.as_bytes()),
                None => lines.push(text.trim_start_matches('#').trim().to_owned()),
            }
        }
        header.push(b'\n');
        let size = line().ok_or_else(|| damaged("there is no size"))?;
        let size = std::str::from_utf8(size).ok().and_then(resolution);
        let (size, rows, columns) = size.ok_or_else(|| damaged("the size is damaged"))?;
        header.extend_from_slice(size.as_bytes());
        let start = len_u64(bytes.len()).saturating_sub(len_u64(rest.len()));
        let end = Scanlines {
            source,
            cx,
            at: start,
        }
        .end(rows, columns)?;
        Ok(Self {
            header,
            lines,
            pixels: Span::new(start, end),
        })
    }
}

/// A variable that decides how the picture looks, as it will be written.
fn variable(line: &str) -> Result<Option<String>> {
    let Some((name, value)) = line.split_once('=') else {
        return Ok(None);
    };
    let (name, value) = (name.trim(), value.trim());
    if name == "FORMAT" {
        if !FORMATS.contains(&value) {
            return Err(Error::unsupported("a Radiance file that is no picture"));
        }
        return Ok(Some(format!("FORMAT={value}\n")));
    }
    let Some((_, count)) = NUMBERS.iter().find(|(known, _)| *known == name) else {
        return Ok(None);
    };
    let numbers: Vec<&str> = value.split_ascii_whitespace().collect();
    let is_number = |n: &&str| n.len() <= 24 && n.parse::<f64>().is_ok_and(f64::is_finite);
    if numbers.len() != *count || !numbers.iter().all(is_number) {
        return Err(Error::malformed(NAME, 0, "a number in the header is none"));
    }
    Ok(Some(format!("{name}={}\n", numbers.join(" "))))
}

/// The line with the size as it will be written, scanlines, and pixels in each.
fn resolution(line: &str) -> Option<(String, u64, u64)> {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let [first, rows, second, columns] = words.as_slice() else {
        return None;
    };
    let axes = [first.get(1..)?, second.get(1..)?];
    let signs = [first.get(..1)?, second.get(..1)?];
    let fits = matches!(axes, ["Y", "X"] | ["X", "Y"])
        && signs.iter().all(|sign| matches!(*sign, "+" | "-"));
    fits.then_some(())?;
    let number = |n: &str| n.parse::<u32>().ok().filter(|n| *n > 0).map(u64::from);
    let (rows, columns) = (number(rows)?, number(columns)?);
    Some((
        format!("{first} {rows} {second} {columns}\n"),
        rows,
        columns,
    ))
}

struct Scanlines<'a> {
    source: &'a Source<'a>,
    cx: &'a Context<'a>,
    at: u64,
}

impl Scanlines<'_> {
    fn cut(&self) -> Error {
        Error::malformed(NAME, self.source.len(), "the picture stops before its end")
    }

    /// Where the last scanline ends.
    fn end(mut self, rows: u64, columns: u64) -> Result<u64> {
        // A scanline takes four bytes at least.
        if rows.saturating_mul(4) > self.source.len() {
            return Err(self.cut());
        }
        for _ in 0..rows {
            self.cx.check_stop()?;
            let head = self.source.peek(self.at, 4)?;
            let len = (8..=0x7FFF).contains(&columns).then_some(columns);
            match (&*head, len) {
                ([2, 2, high, low], Some(columns)) if *high < 0x80 => {
                    if u64::from(u16::from_be_bytes([*high, *low])) != columns {
                        return Err(Error::malformed(
                            NAME,
                            self.at,
                            "a scanline of another width",
                        ));
                    }
                    self.at = self.at.saturating_add(4);
                    self.packed(columns.saturating_mul(4), columns)?;
                }
                _ => self.flat(columns)?,
            }
        }
        Ok(self.at)
    }

    /// Four components one after the other, each in runs that do not cross its end.
    fn packed(&mut self, bytes: u64, columns: u64) -> Result<()> {
        // Twice the pixels are the most that runs can take.
        let max = bytes.saturating_mul(2).saturating_add(8);
        let window = self.source.peek(self.at, max)?;
        let mut cursor = Cursor::new(&window);
        for _ in 0..4 {
            let mut left = columns;
            while left > 0 {
                let count = cursor.u8().ok_or_else(|| self.cut())?;
                let (count, data) = if count > 128 {
                    (u64::from(count & 0x7F), 1)
                } else {
                    (u64::from(count), count)
                };
                cursor.skip(data.into()).ok_or_else(|| self.cut())?;
                left = left
                    .checked_sub(count)
                    .filter(|_| count > 0)
                    .ok_or_else(|| Error::malformed(NAME, self.at, "a run that does not fit"))?;
            }
        }
        self.at = self.at.saturating_add(len_u64(cursor.at()));
        Ok(())
    }

    /// Pixels of four bytes; 1, 1, 1 and a count repeat the one before.
    fn flat(&mut self, columns: u64) -> Result<()> {
        let mut left = columns;
        let mut shift = 0u32;
        while left > 0 {
            let window = self
                .source
                .peek(self.at, left.saturating_mul(4).min(1 << 16))?;
            let mut cursor = Cursor::new(&window);
            let before = self.at;
            while left > 0 {
                let Some([r, g, b, e]) = cursor.take(4).and_then(|p| p.first_chunk()) else {
                    break;
                };
                let count = if (r, g, b) == (&1, &1, &1) {
                    let count = u64::from(*e).checked_shl(shift).unwrap_or(u64::MAX);
                    shift = shift.saturating_add(8);
                    count
                } else {
                    shift = 0;
                    1
                };
                left = left
                    .checked_sub(count)
                    .ok_or_else(|| Error::malformed(NAME, self.at, "a run that does not fit"))?;
            }
            self.at = self.at.saturating_add(len_u64(cursor.at()));
            if self.at == before {
                return Err(self.cut());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::pipeline::testing::copy as clean;

    const CLEAN: &[u8] = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\nEXPOSURE=1.5\n\n-Y 2 +X 2\n";

    #[test]
    fn numbers_stay_and_words_go() {
        let flat = b"abcd\x01\x01\x01\x01efghijkl";
        let expected = [CLEAN, flat].concat();
        assert_eq!(clean(&expected).unwrap(), expected);
        let dirty = [
            &b"#?RADIANCE by Anna\n# made by Anna\nFORMAT=32-bit_rle_rgbe\nEXPOSURE= 1.5\n\
             CAPDATE= 2019:05:12 14:30:07\nVIEW= -vp 57.7 11.9 3\npfilt -x 512 anna.hdr\n\n-Y 2 +X 2\n"[..],
            flat,
            b"tail",
        ]
        .concat();
        assert_eq!(clean(&dirty).unwrap(), expected);
    }

    #[test]
    fn scanlines_in_runs() {
        let head = b"#?RGBE\nFORMAT=32-bit_rle_xyze\n\n-Y 1 +X 9\n";
        let mut line = vec![2, 2, 0, 9];
        for _ in 0..4 {
            line.extend([0x85, 7, 4, 1, 2, 3, 4]);
        }
        let expected = [&head[..], &line].concat();
        assert_eq!(clean(&expected).unwrap(), expected);
        let tail = [&expected[..], b"57.70890N 11.97460E"].concat();
        assert_eq!(clean(&tail).unwrap(), expected);
        for len in 0..expected.len() {
            assert!(clean(&expected[..len]).is_err());
        }
        line[4] = 0x8A;
        assert!(clean(&[&head[..], &line].concat()).is_err());
        line[4] = 0;
        assert!(clean(&[&head[..], &line].concat()).is_err());
    }

    #[test]
    fn damage_is_refused() {
        for bad in [
            &b"#?RADIANCE\nFORMAT=x\n\n-Y 1 +X 1\nabcd"[..],
            b"#?RADIANCE\nEXPOSURE=anna\n\n-Y 1 +X 1\nabcd",
            b"#?RADIANCE\n\n-Y 1 +Y 1\nabcd",
            b"#?RADIANCE\n\n-Y 0 +X 1\nabcd",
            b"#?RADIANCE\n\n-Y 1 +X 1\nabc",
            b"#?RADIANCE\n\n-Y 4000000000 +X 4000000000\nabc",
        ] {
            assert!(clean(bad).is_err(), "{}", String::from_utf8_lossy(bad));
        }
    }
}
