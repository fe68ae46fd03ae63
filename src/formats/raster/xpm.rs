//! XPM, pictures of the X Window System as C source (*XPM Manual*, version 3).

use std::collections::HashSet;

use crate::bytes::{Context, Hasher, Source};
use crate::formats::common::Splice;
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::text;
use crate::model::{Category, Digest, Error, Examined, Finding, How, Result, Role, Row, Severity};

const NAME: &str = "XPM";

/// XPM.
#[derive(Debug)]
pub(in crate::formats) struct Xpm;

static INFO: Info = Info {
    id: "xpm",
    name: NAME,
    extensions: &["xpm"],
    noun: "picture",
    rows: &[PIXMAP],
    vocabulary: &["/* XPM */", "static char *image[] = {"],
};

const PIXMAP: Row = Row {
    what: "pixmap",
    when: "always; with a neutral name, without comments, symbolic names and extensions",
    how: How::Rebuild,
    why: "size, hot spot, colours, pixels",
    spec: "XPM Manual 3.4, chapter 2",
};

impl Format for Xpm {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Signature.when(probe.head().starts_with(b"/* XPM */"))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let pixmap = Pixmap::parse(source, cx)?;
        let mut splice = Splice::new(source, cx, NAME, "xpm.gap");
        for (id, what, words) in &pixmap.texts {
            let place = PIXMAP.what;
            let finding = Finding::new(id, Category::History, Severity::High, place, *what);
            let finding = finding.text(words.as_str()).role(Role::Text);
            // The name of a colour may stand in the copy as well, and gives away nothing.
            if is_colour(words) {
                splice.found.findings.push(finding);
            } else {
                splice.found.add(finding);
            }
            text::mentions(id, words, place, cx, &mut splice.found)?;
        }
        splice.rebuild(source.whole(), &PIXMAP, pixmap.clean.into_bytes(), 0)?;
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let mut hasher = Hasher::new();
        hasher.bytes(Pixmap::parse(source, cx)?.clean.as_bytes());
        Ok(hasher.finish())
    }

    /// Nothing in it is compressed or nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

struct Pixmap {
    /// The file as it will be written.
    clean: String,
    /// What goes: finding id, what it is, and what it says.
    texts: Vec<(&'static str, &'static str, String)>,
}

/// A piece of C source.
enum Piece<'a> {
    Code(&'a str),
    Comment(&'a str),
    Text(&'a str),
}

fn damaged() -> Error {
    Error::malformed(NAME, 0, "it is not written as pixmaps are")
}

/// The source cut into its pieces; `None` when a string or comment does not end.
fn pieces(mut rest: &str) -> Option<Vec<Piece<'_>>> {
    let mut out = Vec::new();
    while let Some(at) = rest.find(['"', '/']) {
        let (code, behind) = rest.split_at(at);
        out.push(Piece::Code(code));
        if let Some(behind) = behind.strip_prefix('"') {
            let (text, behind) = behind.split_once('"')?;
            out.push(Piece::Text(text));
            rest = behind;
        } else if let Some(behind) = behind.strip_prefix("/*") {
            let (comment, behind) = behind.split_once("*/")?;
            out.push(Piece::Comment(comment));
            rest = behind;
        } else {
            return None;
        }
    }
    out.push(Piece::Code(rest));
    Some(out)
}

impl Pixmap {
    fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        cx.memory(source.len().saturating_mul(3))?;
        let bytes = source.read(source.whole())?;
        let all = std::str::from_utf8(&bytes).map_err(|_| damaged())?;
        let mut texts = Vec::new();
        let mut strings = Vec::new();
        let mut code = String::new();
        for (index, piece) in pieces(all).ok_or_else(damaged)?.into_iter().enumerate() {
            cx.item()?;
            match piece {
                Piece::Code(piece) => code.push_str(piece),
                Piece::Text(text) if text.contains(['\\', '\n', '\r']) => return Err(damaged()),
                Piece::Text(text) => strings.push(text),
                // The mark, and what programs put over the parts.
                Piece::Comment(" XPM ") if index == 1 => {}
                Piece::Comment(
                    " columns rows colors chars-per-pixel " | " pixels " | " colors ",
                ) => {}
                Piece::Comment(comment) => {
                    texts.push(("xpm.comment", "comment", comment.trim().to_owned()));
                }
            }
        }
        let name = code.split(['*', '[']).nth(1).unwrap_or_default().trim();
        if !name.is_empty() && name != "image" {
            texts.push(("xpm.name", "name of the picture", name.to_owned()));
        }
        let tail = code.split_once('}').map_or("", |(_, tail)| tail);
        let tail = tail.trim().trim_start_matches(';').trim();
        if !tail.is_empty() {
            texts.push(("xpm.comment", "text behind the end", tail.to_owned()));
        }
        let mut strings = strings.into_iter();
        let values = strings.next().ok_or_else(damaged)?;
        let is_extended = values.contains("XPMEXT");
        let values: Vec<usize> = values
            .split_ascii_whitespace()
            .filter(|word| *word != "XPMEXT")
            .map(|word| {
                word.parse::<u32>()
                    .ok()
                    .and_then(|n| usize::try_from(n).ok())
            })
            .collect::<Option<_>>()
            .ok_or_else(damaged)?;
        let (columns, rows, colours, chars, hot) = match values.as_slice() {
            [w, h, n, c] => (*w, *h, *n, *c, String::new()),
            [w, h, n, c, x, y] => (*w, *h, *n, *c, format!(" {x} {y}")),
            _ => return Err(damaged()),
        };
        let width = columns.checked_mul(chars).ok_or_else(damaged)?;
        if columns == 0 || rows == 0 || colours == 0 || !(1..=8).contains(&chars) {
            return Err(damaged());
        }
        let mut palette: Vec<(&str, String)> = Vec::new();
        for _ in 0..colours {
            cx.item()?;
            let line = strings.next().ok_or_else(damaged)?;
            let key = line.get(..chars).ok_or_else(damaged)?;
            palette.push((key, colour(line, chars, &mut texts)?));
        }
        let known: HashSet<&str> = palette.iter().map(|(key, _)| *key).collect();
        let mut used: HashSet<&str> = HashSet::new();
        let mut pixels = Vec::new();
        for _ in 0..rows {
            cx.item()?;
            let line = strings.next().ok_or_else(damaged)?;
            if line.len() != width {
                return Err(damaged());
            }
            for start in (0..width).step_by(chars) {
                let key = line.get(start..start.saturating_add(chars));
                let key = key.filter(|key| known.contains(key)).ok_or_else(damaged)?;
                used.insert(key);
            }
            pixels.push(line.to_owned());
        }
        let shown = palette.iter().filter(|(key, _)| used.contains(key));
        let shown: Vec<String> = shown.map(|(_, line)| line.clone()).collect();
        if shown.len() < palette.len() {
            let unused = palette.iter().filter(|(key, _)| !used.contains(key));
            let keys: Vec<&str> = unused.map(|(key, _)| *key).collect();
            texts.push(("xpm.colour", "colours that no pixel has", keys.concat()));
        }
        let mut lines = vec![format!("{columns} {rows} {} {chars}{hot}", shown.len())];
        lines.extend(shown);
        lines.extend(pixels);
        for extension in strings {
            if !is_extended || extension != "XPMENDEXT" {
                texts.push(("xpm.extension", "extension", extension.to_owned()));
            }
        }
        let lines: Vec<String> = lines.iter().map(|line| format!("\"{line}\"")).collect();
        let clean = format!(
            "/* XPM */\nstatic char *image[] = {{\n{}\n}};\n",
            lines.join(",\n")
        );
        Ok(Self { clean, texts })
    }
}

/// A colour as it will be written: its characters, and what it looks like on each kind of screen.
fn colour(
    line: &str,
    chars: usize,
    texts: &mut Vec<(&'static str, &'static str, String)>,
) -> Result<String> {
    let (key, rest) = line.split_at_checked(chars).ok_or_else(damaged)?;
    let mut out = key.to_owned();
    let mut visual: Option<&str> = None;
    let mut value: Vec<&str> = Vec::new();
    let mut words = rest.split_ascii_whitespace().peekable();
    loop {
        let word = words.next();
        let next = word.filter(|word| matches!(*word, "c" | "g" | "g4" | "m" | "s"));
        if let (Some(kind), true) = (visual, word.is_none() || next.is_some()) {
            let words = value.join(" ");
            if kind == "s" {
                texts.push(("xpm.symbol", "symbolic name of a colour", words));
            } else if is_colour(&words) {
                out.push_str(&format!(" {kind} {words}"));
            } else {
                let what = "an XPM with a colour of a name that nobody here knows";
                return Err(Error::unsupported(what));
            }
            value.clear();
        }
        match (word, next) {
            (None, _) => break,
            (_, Some(kind)) => visual = Some(kind),
            (Some(word), None) if visual.is_some() => value.push(word),
            _ => return Err(damaged()),
        }
    }
    if out.len() == key.len() {
        return Err(damaged());
    }
    Ok(out)
}

/// The words of which the names of colours of X11 consist.
const WORDS: &[&str] = &[
    "alice",
    "almond",
    "antique",
    "aquamarine",
    "aqua",
    "azure",
    "beige",
    "bisque",
    "black",
    "blanched",
    "blue",
    "blush",
    "brick",
    "brown",
    "burly",
    "cadet",
    "chartreuse",
    "chiffon",
    "chocolate",
    "coral",
    "corn",
    "cream",
    "crimson",
    "cyan",
    "dark",
    "deep",
    "dew",
    "dim",
    "dodger",
    "drab",
    "fire",
    "floral",
    "flower",
    "forest",
    "fuchsia",
    "gainsboro",
    "ghost",
    "golden",
    "gold",
    "gray",
    "green",
    "grey",
    "honey",
    "hot",
    "indian",
    "indigo",
    "ivory",
    "khaki",
    "lace",
    "lavender",
    "lawn",
    "lemon",
    "light",
    "lime",
    "linen",
    "magenta",
    "maroon",
    "medium",
    "midnight",
    "mint",
    "misty",
    "moccasin",
    "navajo",
    "navy",
    "none",
    "old",
    "olive",
    "orange",
    "orchid",
    "pale",
    "papaya",
    "peach",
    "peru",
    "pink",
    "plum",
    "powder",
    "puff",
    "purple",
    "red",
    "rod",
    "rose",
    "rosy",
    "royal",
    "saddle",
    "salmon",
    "sandy",
    "sea",
    "shell",
    "sienna",
    "silk",
    "silver",
    "sky",
    "slate",
    "smoke",
    "snow",
    "spring",
    "steel",
    "tan",
    "teal",
    "thistle",
    "tomato",
    "transparent",
    "turquoise",
    "violet",
    "wheat",
    "whip",
    "white",
    "wood",
    "yellow",
];

fn is_colour(name: &str) -> bool {
    if let Some(digits) = name.strip_prefix(['#', '%']) {
        return digits.len() <= 16 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    }
    let name = name.to_ascii_lowercase().replace(' ', "");
    let mut rest = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if rest.is_empty() || name.len().saturating_sub(rest.len()) > 3 {
        return false;
    }
    while !rest.is_empty() {
        let Some(shorter) = WORDS.iter().find_map(|word| rest.strip_prefix(word)) else {
            return false;
        };
        rest = shorter;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing;

    fn clean(input: &str) -> Result<String> {
        let out = testing::copy(input.as_bytes())?;
        Ok(String::from_utf8(out).unwrap())
    }

    const CLEAN: &str = "/* XPM */\nstatic char *image[] = {\n\"2 1 2 1 0 0\",\n\"a c #FF0000 m black\",\n\
                         \"  c light goldenrod yellow\",\n\"a \"\n};\n";

    #[test]
    fn names_comments_and_extensions_go() {
        assert_eq!(clean(CLEAN).unwrap(), CLEAN);
        let dirty = "/* XPM */\n/* made by Anna */\nstatic const char *annas_rum[] = {\n/* columns rows colors \
                     chars-per-pixel */\n\"2 1 2 1 0 0 XPMEXT\",\"a\tc #FF0000 s Annas wall m black\",\n\
                     \"  c light goldenrod yellow\",\n/* pixels */\n\"a \",\n\"XPMEXT author\",\"Anna Exempel\",\
                     \"XPMENDEXT\"};\nAnna was here";
        assert_eq!(clean(dirty).unwrap(), CLEAN);
    }

    #[test]
    fn only_colours_that_are_seen_stay() {
        let more = CLEAN.replace("2 1 2 1 0 0", "2 1 3 1 0 0");
        let more = more.replace("\"a \"\n", "\"A c #00FF00\",\n\"a \"\n");
        assert_eq!(clean(&more).unwrap(), CLEAN);
        assert!(clean(&CLEAN.replace("\"a \"\n", "\"aA\"\n")).is_err());
    }

    #[test]
    fn symbols_that_are_colours_are_no_secrets() {
        let named = CLEAN.replace("m black", "m black s black");
        assert_eq!(clean(&named).unwrap(), CLEAN);
    }

    #[test]
    fn colours_are_colours() {
        for name in [
            "#fff",
            "None",
            "gray50",
            "LightGoldenrodYellow",
            "navy blue",
            "DarkSeaGreen4",
        ] {
            assert!(is_colour(name), "{name}");
        }
        for name in ["", "Anna", "red Anna", "#xyz", "2019", "blue12345"] {
            assert!(!is_colour(name), "{name}");
        }
    }

    #[test]
    fn damage_is_refused() {
        for bad in [
            "/* XPM */ static char *a[] = { \"1 1 1 1\", \"a c #fff\" };",
            "/* XPM */ static char *a[] = { \"1 1 1 1\", \"a c #fff\", \"ab\" };",
            "/* XPM */ static char *a[] = { \"1 1 1 1\", \"a c Anna\", \"a\" };",
            "/* XPM */ static char *a[] = { \"1 1 1 1\", \"a s Anna\", \"a\" };",
            "/* XPM */ static char *a[] = { \"1 1 1 0\", \"a c #fff\", \"a\" };",
            "/* XPM */ static char *a[] = { \"1 1 1 1\", \"a c #fff\", \"a",
        ] {
            assert!(clean(bad).is_err(), "{bad}");
        }
    }
}
