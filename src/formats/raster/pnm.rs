//! Portable any-map: PBM, PGM, PPM (plain and raw), PAM, PFM (Netpbm).

use crate::bytes::{Context, Hasher, Source};
use crate::formats::common::{Hidden, Splice, Unshown};
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::text;
use crate::model::{
    Category, Digest, Error, Examined, Finding, How, Result, Role, Row, Severity, Span, len_u64,
};

const NAME: &str = "PNM";
/// Headers are far shorter; comments in them may not be.
const LONGEST_HEADER: u64 = 1 << 20;
/// Bytes of a raster that are read at a time, as far as whole pixels allow.
const BATCH: u64 = 256 << 10;

/// PNM.
#[derive(Debug)]
pub(in crate::formats) struct Pnm;

static INFO: Info = Info {
    id: "pnm",
    name: NAME,
    extensions: &["pnm", "pbm", "pgm", "ppm", "pam", "pfm"],
    noun: "picture",
    rows: &[HEADER, RASTER],
    vocabulary: &[
        "WIDTH",
        "HEIGHT",
        "DEPTH",
        "MAXVAL",
        "TUPLTYPE",
        "ENDHDR",
        "GRAYSCALE_ALPHA",
        "RGB_ALPHA",
        "BLACKANDWHITE_ALPHA",
        "CMYK_ALPHA",
    ],
};

const HEADER: Row = Row {
    what: "header",
    when: "always; without comments",
    how: How::Rebuild,
    why: "size and depth",
    spec: "Netpbm pbm(5), pgm(5), ppm(5), pam(5), pfm(5)",
};
const RASTER: Row = Row {
    what: "raster",
    when: "as many samples as the header says; without comments between them",
    how: How::Verbatim,
    why: "the pixels",
    spec: "Netpbm pbm(5), pgm(5), ppm(5), pam(5), pfm(5)",
};

/// What a PAM may say that it shows: other words are text of somebody.
const TUPLES: &[&str] = &[
    "BLACKANDWHITE",
    "GRAYSCALE",
    "RGB",
    "CMYK",
    "BLACKANDWHITE_ALPHA",
    "GRAYSCALE_ALPHA",
    "RGB_ALPHA",
    "CMYK_ALPHA",
];

/// How samples are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Coding {
    /// Decimal numbers; the digits of a bitmap need no space between them.
    Plain { samples: u64, is_bitmap: bool },
    /// So many bytes.
    Raw(u64),
    /// Rows of so many bits, each filled up to a byte; and their number.
    Bits(u64, u64),
}

/// One picture of a file.
#[derive(Debug)]
struct Picture {
    head: Span,
    clean: Vec<u8>,
    comments: Vec<String>,
    coding: Coding,
    /// Of pictures with an alpha channel.
    alpha: Option<Alpha>,
}

/// How large a pixel and a sample are, in bytes, and how many samples are shown.
#[derive(Clone, Copy, Debug)]
struct Alpha {
    pixel: u64,
    sample: u64,
    /// Colours; the sample behind them is alpha, if the picture has it.
    colours: u64,
    has_alpha: bool,
    /// The sample of what is opaque.
    most: u64,
}

impl Alpha {
    /// Alpha between 0 and 255.
    fn level(self, sample: &[u8]) -> u8 {
        let value = sample
            .iter()
            .fold(0u64, |value, byte| value << 8 | u64::from(*byte));
        let level = value.saturating_mul(255).checked_div(self.most);
        level.map_or(255, |level| u8::try_from(level).unwrap_or(255))
    }

    /// The colours under transparent areas, and samples behind those that are shown.
    fn look(self, source: &Source<'_>, raster: Span, cx: &Context<'_>) -> Result<Option<Finding>> {
        let mut hidden = Hidden::default();
        let mut unshown = Unshown::default();
        let index = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let colour = index(self.colours.saturating_mul(self.sample));
        let alpha = if self.has_alpha {
            index(self.sample)
        } else {
            0
        };
        let step = BATCH.next_multiple_of(self.pixel.max(1));
        let mut at = raster.start();
        while at < raster.end() && !hidden.is_certain() && !unshown.tells() {
            cx.check_stop()?;
            let end = at.saturating_add(step).min(raster.end());
            for pixel in source
                .read(Span::new(at, end))?
                .chunks(index(self.pixel).max(1))
            {
                let (colour, rest) = pixel.split_at_checked(colour).unwrap_or((pixel, &[]));
                let (alpha, rest) = rest.split_at_checked(alpha).unwrap_or((rest, &[]));
                if self.has_alpha {
                    hidden.pixel(colour, self.level(alpha));
                }
                unshown.see(rest);
            }
            at = end;
        }
        let unshown = unshown.residue("pnm.hidden", RASTER.what);
        Ok(unshown.or(hidden.residue("pnm.hidden", RASTER.what)))
    }
}

/// Whether a picture begins here.
fn begins_picture(head: &[u8]) -> bool {
    let [b'P', kind, space, next, ..] = head else {
        return false;
    };
    let number = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_whitespace() || byte == b'#';
    match kind {
        b'1'..=b'6' | b'F' | b'f' => space.is_ascii_whitespace() && number(*next),
        b'7' => *space == b'\n',
        _ => false,
    }
}

impl Format for Pnm {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Plausible.when(begins_picture(probe.head()))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let mut splice = Splice::new(source, cx, NAME, "pnm.gap");
        let mut at = 0;
        loop {
            cx.item()?;
            let picture = Picture::parse(source, at)?;
            let since = splice.since();
            for words in &picture.comments {
                let place = "header, comment";
                let finding = comment(words, place);
                // A size that somebody repeats stands in the copy as well.
                if words.bytes().all(|b| b.is_ascii_digit() || b == b' ') {
                    splice.found.findings.push(finding);
                } else {
                    splice.found.add(finding);
                }
                text::mentions("pnm.comment", words, place, cx, &mut splice.found)?;
            }
            let (head, start) = (picture.head, picture.head.end());
            splice.rebuild(head, &HEADER, picture.clean, since)?;
            let is_plain = matches!(picture.coding, Coding::Plain { .. });
            at = match picture.coding {
                Coding::Plain { samples, is_bitmap } => {
                    plain(&mut splice, start, samples, is_bitmap)?
                }
                Coding::Raw(len) => {
                    let raster = raster(source, start, len)?;
                    splice.keep(raster, &RASTER);
                    if let Some(alpha) = picture.alpha {
                        let hidden = alpha.look(source, raster, cx)?;
                        splice.residue.extend(hidden);
                    }
                    raster.end()
                }
                Coding::Bits(bits, rows) => {
                    let len = bits.div_ceil(8).saturating_mul(rows);
                    let raster = raster(source, start, len)?;
                    cx.memory(raster.len())?;
                    let clean = clean_rows(&source.read(raster)?, bits);
                    let since = splice.since();
                    splice.rebuild(raster, &RASTER, clean, since)?;
                    raster.end()
                }
            };
            // Raw pictures may follow each other.
            if is_plain || !begins_picture(&source.peek(at, 8)?) {
                break;
            }
        }
        splice.gap(Span::new(at, source.len()), "behind the picture")?;
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let mut hasher = Hasher::new();
        let mut at = 0;
        loop {
            cx.item()?;
            let picture = Picture::parse(source, at)?;
            hasher.label("picture", len_u64(picture.clean.len()));
            hasher.bytes(&picture.clean);
            let start = picture.head.end();
            at = match picture.coding {
                Coding::Plain { samples, is_bitmap } => {
                    let mut walk = Plain::new(samples, is_bitmap);
                    walk.run(source, start, cx, &mut |digit| {
                        hasher.bytes(&[digit]);
                        Ok(())
                    })?;
                    return Ok(hasher.finish());
                }
                Coding::Raw(len) => {
                    let raster = raster(source, start, len)?;
                    hasher.span(source, raster)?;
                    raster.end()
                }
                Coding::Bits(bits, rows) => {
                    let len = bits.div_ceil(8).saturating_mul(rows);
                    let raster = raster(source, start, len)?;
                    hasher.bytes(&clean_rows(&source.read(raster)?, bits));
                    raster.end()
                }
            };
            if !begins_picture(&source.peek(at, 8)?) {
                return Ok(hasher.finish());
            }
        }
    }

    /// Nothing in it is compressed or nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

fn comment(words: &str, place: &'static str) -> Finding {
    let id = "pnm.comment";
    let finding = Finding::new(id, Category::History, Severity::High, place, "comment");
    finding.text(words).role(Role::Text)
}

fn raster(source: &Source<'_>, start: u64, len: u64) -> Result<Span> {
    Span::sized(start, len)
        .filter(|span| span.end() <= source.len())
        .ok_or_else(cut_at(source))
}

fn cut_at(source: &Source<'_>) -> impl Fn() -> Error {
    let len = source.len();
    move || Error::malformed(NAME, len, "the picture stops before its end")
}

/// Rows of bits without what stands behind their last one.
fn clean_rows(raster: &[u8], bits: u64) -> Vec<u8> {
    let mut out = raster.to_vec();
    let left = u32::try_from(bits % 8).unwrap_or_default();
    if left != 0 {
        let stride = usize::try_from(bits.div_ceil(8)).unwrap_or(usize::MAX);
        for row in out.chunks_mut(stride.max(1)) {
            if let Some(last) = row.last_mut() {
                *last &= !0xFFu8.wrapping_shr(left);
            }
        }
    }
    out
}

/// Words of a header, and the comments between them.
struct Words<'a> {
    bytes: &'a [u8],
    at: usize,
    comments: Vec<String>,
}

impl<'a> Words<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The rest of a line.
    fn line(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
        let line = rest.get(..len.unwrap_or(rest.len())).unwrap_or_default();
        self.at = self.at.saturating_add(line.len());
        line
    }

    fn space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'#' {
                let line = self.line();
                let words = String::from_utf8_lossy(line.get(1..).unwrap_or_default());
                self.comments.push(words.trim().to_owned());
            } else if byte.is_ascii_whitespace() {
                self.at = self.at.saturating_add(1);
            } else {
                return;
            }
        }
    }

    fn word(&mut self) -> Option<&'a str> {
        self.space();
        let rest = self.bytes.get(self.at..)?;
        let ends = |b: &u8| b.is_ascii_whitespace() || *b == b'#';
        let word = rest.get(..rest.iter().position(ends)?)?;
        self.at = self.at.checked_add(word.len())?;
        std::str::from_utf8(word)
            .ok()
            .filter(|word| !word.is_empty())
    }

    fn number(&mut self) -> Option<u64> {
        let word = self.word()?;
        let is_plain = word.bytes().all(|b| b.is_ascii_digit()) && word.len() < 10;
        is_plain.then(|| word.parse().ok())?
    }
}

impl Picture {
    fn parse(source: &Source<'_>, at: u64) -> Result<Self> {
        let bytes = source.peek(at, LONGEST_HEADER)?;
        let mut words = Words {
            bytes: &bytes,
            at: 2,
            comments: Vec::new(),
        };
        let kind = bytes.get(1).copied().unwrap_or_default();
        let parsed = match kind {
            b'7' => arbitrary(&mut words)?,
            _ => portable(&mut words, kind).map(|(clean, coding)| (clean, coding, None)),
        };
        let (clean, coding, alpha) =
            parsed.ok_or_else(|| Error::malformed(NAME, at, "the header is damaged"))?;
        Ok(Self {
            head: Span::new(at, at.saturating_add(len_u64(words.at))),
            clean,
            comments: words.comments,
            coding,
            alpha,
        })
    }
}

/// The header of all kinds but PAM, as it will be written.
fn portable(words: &mut Words<'_>, kind: u8) -> Option<(Vec<u8>, Coding)> {
    let (width, height) = (words.number()?, words.number()?);
    (width > 0 && height > 0).then_some(())?;
    let pixels = width.checked_mul(height)?;
    let mut clean = format!("P{}\n{width} {height}\n", char::from(kind));
    let colours = if matches!(kind, b'3' | b'6' | b'F') {
        3
    } else {
        1
    };
    let samples = pixels.checked_mul(colours)?;
    let coding = match kind {
        b'1' => Coding::Plain {
            samples,
            is_bitmap: true,
        },
        b'4' => Coding::Bits(width, height),
        b'F' | b'f' => {
            let scale = words.word()?;
            let is_number = scale.parse::<f32>().is_ok_and(f32::is_finite);
            (is_number && scale.len() <= 24).then_some(())?;
            clean.push_str(scale);
            clean.push('\n');
            Coding::Raw(samples.checked_mul(4)?)
        }
        _ => {
            let most = words.number().filter(|most| (1..=0xFFFF).contains(most))?;
            clean.push_str(&format!("{most}\n"));
            let width = if most > 0xFF { 2 } else { 1 };
            match kind {
                b'2' | b'3' => Coding::Plain {
                    samples,
                    is_bitmap: false,
                },
                _ => Coding::Raw(samples.checked_mul(width)?),
            }
        }
    };
    // One space, or a comment up to the end of its line.
    if words.peek() == Some(b'#') {
        let before = words.comments.len();
        let line = words.line();
        let comment = String::from_utf8_lossy(line.get(1..)?);
        words.comments.insert(before, comment.trim().to_owned());
    }
    words.peek().filter(u8::is_ascii_whitespace)?;
    words.at = words.at.checked_add(1)?;
    Some((clean.into_bytes(), coding))
}

/// A header as it will be written, and what it says.
type Header = (Vec<u8>, Coding, Option<Alpha>);

/// The header of a PAM.
fn arbitrary(words: &mut Words<'_>) -> Result<Option<Header>> {
    let mut numbers = [0; 4];
    let mut tuple = None;
    loop {
        let Some(word) = words.word() else {
            return Ok(None);
        };
        let index = match word {
            "WIDTH" => 0,
            "HEIGHT" => 1,
            "DEPTH" => 2,
            "MAXVAL" => 3,
            "TUPLTYPE" => {
                let line = String::from_utf8_lossy(words.line()).trim().to_owned();
                if !TUPLES.contains(&line.as_str()) || tuple.is_some() {
                    let what = "a PAM that shows something of a kind that nobody here knows";
                    return Err(Error::unsupported(what));
                }
                tuple = Some(line);
                continue;
            }
            "ENDHDR" => break,
            _ => return Ok(None),
        };
        let (Some(number), Some(place)) = (words.number(), numbers.get_mut(index)) else {
            return Ok(None);
        };
        *place = number;
    }
    let [width, height, depth, most] = numbers;
    if words.peek() != Some(b'\n') || numbers.contains(&0) || most > 0xFFFF {
        return Ok(None);
    }
    words.at = words.at.saturating_add(1);
    let size = if most > 0xFF { 2 } else { 1 };
    let len = width
        .saturating_mul(height)
        .saturating_mul(depth)
        .saturating_mul(size);
    let mut clean = format!("P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH {depth}\nMAXVAL {most}\n");
    let has_alpha = tuple
        .as_ref()
        .is_some_and(|tuple| tuple.ends_with("_ALPHA"));
    let known = tuple
        .as_deref()
        .map(|tuple| tuple.trim_end_matches("_ALPHA"));
    let colours = match known {
        Some("BLACKANDWHITE" | "GRAYSCALE") => 1,
        Some("RGB") => 3,
        Some("CMYK") => 4,
        // Programs go by the number of samples.
        _ => depth.min(4),
    };
    let alpha = Some(Alpha {
        pixel: depth.saturating_mul(size),
        sample: size,
        colours,
        has_alpha,
        most,
    })
    .filter(|_| has_alpha || depth > colours);
    if let Some(tuple) = tuple {
        clean.push_str(&format!("TUPLTYPE {tuple}\n"));
    }
    clean.push_str("ENDHDR\n");
    Ok(Some((clean.into_bytes(), Coding::Raw(len), alpha)))
}

/// Walks decimal numbers.
struct Plain {
    left: u64,
    is_bitmap: bool,
    in_number: bool,
    in_comment: bool,
}

impl Plain {
    fn new(samples: u64, is_bitmap: bool) -> Self {
        Self {
            left: samples,
            is_bitmap,
            in_number: false,
            in_comment: false,
        }
    }

    /// Hands out the digits, a space behind each number, and `#` for each byte of a comment. Returns
    /// where the last number ends.
    fn run(
        &mut self,
        source: &Source<'_>,
        start: u64,
        cx: &Context<'_>,
        sink: &mut dyn FnMut(u8) -> Result<()>,
    ) -> Result<u64> {
        self.walk(source, start, cx, &mut |_, byte| {
            if byte == b'#' { Ok(()) } else { sink(byte) }
        })
    }

    fn walk(
        &mut self,
        source: &Source<'_>,
        start: u64,
        cx: &Context<'_>,
        sink: &mut dyn FnMut(u64, u8) -> Result<()>,
    ) -> Result<u64> {
        let mut at = start;
        loop {
            cx.check_stop()?;
            let window = source.window(at)?;
            if window.is_empty() {
                // The last number may end with the file.
                if self.in_number && self.left == 1 {
                    self.end(at, sink)?;
                }
                if self.left == 0 {
                    return Ok(at);
                }
                return Err(cut_at(source)());
            }
            for byte in &*window {
                if self.in_comment && !matches!(byte, b'\n' | b'\r') {
                    sink(at, b'#')?;
                } else if byte.is_ascii_digit() {
                    if self.left == 0 {
                        return Ok(at);
                    }
                    sink(at, *byte)?;
                    self.in_number = true;
                    if self.is_bitmap {
                        self.end(at, sink)?;
                    }
                } else if byte.is_ascii_whitespace() || *byte == b'#' {
                    self.in_comment = *byte == b'#';
                    if self.in_number {
                        self.end(at, sink)?;
                    }
                    if self.left == 0 {
                        return Ok(at);
                    }
                    if self.in_comment {
                        sink(at, b'#')?;
                    }
                } else if self.left == 0 {
                    return Ok(at);
                } else {
                    return Err(Error::malformed(NAME, at, "a sample that is no number"));
                }
                at = at.saturating_add(1);
            }
        }
    }

    fn end(&mut self, at: u64, sink: &mut dyn FnMut(u64, u8) -> Result<()>) -> Result<()> {
        self.in_number = false;
        self.left = self.left.saturating_sub(1);
        sink(at, b' ')
    }
}

/// The parts of a raster of decimal numbers. Returns where it ends.
fn plain(splice: &mut Splice<'_>, start: u64, samples: u64, is_bitmap: bool) -> Result<u64> {
    let (source, cx) = (splice.source, splice.cx);
    // Spans of comments.
    let mut comments: Vec<(u64, u64)> = Vec::new();
    let mut walk = Plain::new(samples, is_bitmap);
    let end = walk.walk(source, start, cx, &mut |at, byte| {
        if byte == b'#' {
            match comments.last_mut() {
                Some((_, end)) if *end == at => *end = at.saturating_add(1),
                _ => {
                    cx.item()?;
                    comments.push((at, at.saturating_add(1)));
                }
            }
        }
        Ok(())
    })?;
    let mut at = start;
    for (from, to) in comments {
        splice.keep(Span::new(at, from), &RASTER);
        let span = Span::new(from, to);
        let words = source.read(span)?;
        let words = String::from_utf8_lossy(words.get(1..).unwrap_or_default()).into_owned();
        let place = "raster, comment";
        text::mentions("pnm.comment", &words, place, cx, &mut splice.found)?;
        splice.goes(span, "comment", comment(words.trim(), place));
        at = to;
    }
    // The end of the last line.
    let tail = source.peek(end, 3)?;
    let line = match &*tail {
        [b'\r' | b' ', b'\n', ..] => 2,
        [byte, ..] if byte.is_ascii_whitespace() => 1,
        _ => 0,
    };
    let end = end.saturating_add(line);
    splice.keep(Span::new(at, end), &RASTER);
    if line == 0 {
        // Some programs do not see a number before the white space behind it.
        let since = splice.since();
        splice.rebuild(Span::new(end, end), &RASTER, b"\n".to_vec(), since)?;
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use crate::pipeline::testing::{self, copy as clean};

    #[test]
    fn comments_and_tails_go() {
        for (dirty, expected) in [
            (&b"P6 # by Anna\n2 1 # 57.7089N\n255\nabcdef"[..], &b"P6\n2 1\n255\nabcdef"[..]),
            (b"P5\n1 1\n65535\nabANNA", b"P5\n1 1\n65535\nab"),
            (b"P5\n1 1\n255 a", b"P5\n1 1\n255\na"),
            (b"P5\n# 1 1\n1 1\n255\na", b"P5\n1 1\n255\na"),
            (b"P4\n3 2\n\xFF\x5F", b"P4\n3 2\n\xE0\x40"),
            (b"P5\n1 1\n9\naP5\n1 1\n9\nbx", b"P5\n1 1\n9\naP5\n1 1\n9\nb"),
            (b"P2\n2 1\n9\n1 #Anna E\n2\nANNA", b"P2\n2 1\n9\n1 \n2\n"),
            (b"P2\n2 1\n9\n1 2", b"P2\n2 1\n9\n1 2\n"),
            (b"P2\n2 1\n9\n1 2 \n\n", b"P2\n2 1\n9\n1 2 \n"),
            (b"P2\n2 1\n9\n1#Anna E\n2\n", b"P2\n2 1\n9\n1\n2\n"),
            (b"P1\n2 2\n10\n0 1\n", b"P1\n2 2\n10\n0 1\n"),
            (b"P1\n2 1\n101010\n", b"P1\n2 1\n10\n"),
            (b"P3\n1 1\n255\n1 2 3 \n", b"P3\n1 1\n255\n1 2 3 \n"),
            (b"Pf\n1 1\n-1.0\nabcdANNA", b"Pf\n1 1\n-1.0\nabcd"),
            (b"PF\n1 1\n1.0\nabcdefghijkl", b"PF\n1 1\n1.0\nabcdefghijkl"),
            (
                b"P7\n#Anna E\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\nabANNA",
                b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\nab",
            ),
        ] {
            let cleaned = clean(dirty).unwrap();
            assert_eq!(
                String::from_utf8_lossy(&cleaned),
                String::from_utf8_lossy(expected)
            );
        }
    }

    #[test]
    fn colours_that_nobody_sees_are_told() {
        for (kind, sample) in [("RGB_ALPHA", 1), ("GRAYSCALE_ALPHA", 2)] {
            let with = |alpha: u8| {
                let (depth, most) = if sample == 1 { (4, 255) } else { (2, 65535) };
                let head = format!(
                    "P7\nWIDTH 180\nHEIGHT 1\nDEPTH {depth}\nMAXVAL {most}\nTUPLTYPE {kind}\nENDHDR\n"
                );
                let pixel = |n: u8| {
                    let n = n.wrapping_mul(9);
                    if sample == 1 {
                        [n, n, n, alpha]
                    } else {
                        [n, n, alpha, 0]
                    }
                };
                [head.into_bytes(), (1..=180).flat_map(pixel).collect()].concat()
            };
            let cleaned = testing::cleaned(&with(0)).unwrap();
            assert_eq!(
                (cleaned.bytes.as_slice(), cleaned.stays()),
                (&*with(0), vec!["pnm.hidden"])
            );
            assert!(testing::cleaned(&with(5)).unwrap().residue.is_empty());
        }
    }

    #[test]
    fn damage_is_refused() {
        for bad in [
            &b"P6\n2 1\n255\nabcde"[..],
            b"P6\n2\n",
            b"P6\n0 1\n255\n",
            b"P6\n1 1\n0\nabc",
            b"P6\n1 1\n65536\nabcdef",
            b"P6\n9999999999 1\n255\nabc",
            b"P2\n2 1\n9\n1",
            b"P2\n2 1\n9\n1 x",
            b"P4\n9 9\n\0\0",
            b"Pf\n1 1\nnan\nabcd",
            b"P7\nWIDTH 1\nENDHDR\n",
            b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 9\nTUPLTYPE ANNA\nENDHDR\na",
        ] {
            assert!(clean(bad).is_err(), "{}", String::from_utf8_lossy(bad));
        }
    }
}
