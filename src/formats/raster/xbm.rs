//! XBM, bitmaps of the X Window System as C source (Xlib, *Manipulating Bitmaps*).

use crate::bytes::{Context, Hasher, Source};
use crate::formats::common::Splice;
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::metadata::text;
use crate::model::{
    Category, Digest, Error, Examined, Finding, How, Result, Role, Row, Severity, Untrusted,
};

const NAME: &str = "XBM";

/// XBM.
#[derive(Debug)]
pub(in crate::formats) struct Xbm;

static INFO: Info = Info {
    id: "xbm",
    name: NAME,
    extensions: &["xbm"],
    noun: "picture",
    rows: &[BITMAP],
    vocabulary: &[
        "#define image_width",
        "#define image_height",
        "static char image_bits[]",
    ],
};

const BITMAP: Row = Row {
    what: "bitmap",
    when: "always; with neutral names and without comments",
    how: How::Rebuild,
    why: "size, hot spot, pixels",
    spec: "Xlib, XReadBitmapFile",
};

/// Whether a file begins with the definition of a width, behind comments if there are any.
fn defines_width(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    let starts = head.trim_start();
    let mut words = head.split_ascii_whitespace();
    let is_defined = words.any(|word| word == "#define")
        && words.next().is_some_and(|name| name.ends_with("width"));
    is_defined && (starts.starts_with("#define") || starts.starts_with("/*"))
}

impl Format for Xbm {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Plausible.when(defines_width(probe.head()))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let bitmap = Bitmap::parse(source, cx)?;
        let mut splice = Splice::new(source, cx, NAME, "xbm.gap");
        for comment in &bitmap.comments {
            let id = "xbm.comment";
            let finding = Finding::new(id, Category::History, Severity::High, "comment", "comment");
            splice
                .found
                .add(finding.text(comment.as_str()).role(Role::Text));
            text::mentions(id, comment, "comment", cx, &mut splice.found)?;
        }
        if let Some(name) = &bitmap.name {
            let what = "name of the picture, mostly that of its file";
            let id = "xbm.name";
            let finding = Finding::new(id, Category::History, Severity::Medium, "bitmap", what);
            splice
                .found
                .add(finding.text(name.as_str()).role(Role::Text));
        }
        splice.rebuild(source.whole(), &BITMAP, bitmap.clean.into_bytes(), 0)?;
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let mut hasher = Hasher::new();
        hasher.bytes(Bitmap::parse(source, cx)?.clean.as_bytes());
        Ok(hasher.finish())
    }

    /// Nothing in it is compressed or nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

struct Bitmap {
    /// The file as it will be written.
    clean: String,
    comments: Vec<String>,
    /// The name, unless it is the one that all copies have.
    name: Option<String>,
}

impl Bitmap {
    fn parse(source: &Source<'_>, cx: &Context<'_>) -> Result<Self> {
        cx.memory(source.len().saturating_mul(3))?;
        let bytes = source.read(source.whole())?;
        let damaged = || Error::malformed(NAME, 0, "it is not written as bitmaps are");
        let all = String::from_utf8_lossy(&bytes);
        let (code, mut comments) = without_comments(&all);
        let (head, rest) = code.split_once('{').ok_or_else(damaged)?;
        let (body, tail) = rest.split_once('}').ok_or_else(damaged)?;
        let tail = tail.trim().trim_start_matches(';').trim();
        if !tail.is_empty() {
            comments.push(tail.to_owned());
        }
        let mut numbers = [None; 4];
        let mut name = None;
        let mut words = head.split_ascii_whitespace();
        while let Some(word) = words.next() {
            if word != "#define" {
                // The declaration: `short` is that of version 10.
                if matches!(word, "short" | "int" | "long") {
                    return Err(Error::unsupported("a bitmap of version 10 of X"));
                }
                continue;
            }
            let (key, value) = (words.next(), words.next());
            let (key, value) = key.zip(value).ok_or_else(damaged)?;
            let keys = ["width", "height", "x_hot", "y_hot"];
            let index = keys.iter().position(|known| key.ends_with(known));
            let index = index.ok_or_else(damaged)?;
            let known = keys.get(index).copied().unwrap_or_default();
            let own = key.strip_suffix(known).unwrap_or_default();
            let own = own.trim_end_matches('_');
            if own != "image" && !own.is_empty() {
                name = Some(Untrusted::new(own).raw().to_owned());
            }
            if let Some(place) = numbers.get_mut(index) {
                *place = Some(value.parse::<u16>().map_err(|_| damaged())?);
            }
        }
        let [Some(width), Some(height), x, y] = numbers else {
            return Err(damaged());
        };
        let row = usize::from(width).div_ceil(8);
        let pixels = pixels(body, row, width, cx)?.ok_or_else(damaged)?;
        if row == 0 || height == 0 || pixels.len() != row.saturating_mul(height.into()) {
            return Err(Error::malformed(
                NAME,
                0,
                "another number of bytes than the size says",
            ));
        }
        let mut clean = format!("#define image_width {width}\n#define image_height {height}\n");
        if let (Some(x), Some(y)) = (x, y) {
            clean.push_str(&format!(
                "#define image_x_hot {x}\n#define image_y_hot {y}\n"
            ));
        }
        clean.push_str("static char image_bits[] = {\n");
        let count = pixels.len();
        for (index, byte) in pixels.iter().enumerate() {
            let is_last = index.saturating_add(1) == count;
            let ends_line = is_last || index % 12 == 11;
            clean.push_str(&format!(" 0x{byte:02x}"));
            clean.push_str(if is_last { "" } else { "," });
            clean.push_str(if ends_line { "\n" } else { "" });
        }
        clean.push_str("};\n");
        Ok(Self {
            clean,
            comments,
            name,
        })
    }
}

/// The bytes between the braces; what stands behind the last pixel of a row is zero.
fn pixels(body: &str, row: usize, width: u16, cx: &Context<'_>) -> Result<Option<Vec<u8>>> {
    let mut out: Vec<u8> = Vec::new();
    let used = u32::from(width % 8);
    for number in body.split(',') {
        let number = number.trim();
        if number.is_empty() {
            continue;
        }
        if out.len().is_multiple_of(1 << 16) {
            cx.check_stop()?;
        }
        let value = match number
            .strip_prefix("0x")
            .or_else(|| number.strip_prefix("0X"))
        {
            Some(digits) => u8::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let Ok(mut value) = value else {
            return Ok(None);
        };
        let ends_row = out.len().saturating_add(1).checked_rem(row) == Some(0);
        if used != 0 && ends_row {
            value &= !0xFFu8.wrapping_shl(used);
        }
        out.push(value);
    }
    Ok(Some(out))
}

/// C source without its comments, and these.
fn without_comments(text: &str) -> (String, Vec<String>) {
    let (mut code, mut comments) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("/*") {
        code.push_str(before);
        code.push(' ');
        let (comment, behind) = behind.split_once("*/").unwrap_or((behind, ""));
        comments.push(comment.trim().to_owned());
        rest = behind;
    }
    code.push_str(rest);
    (code, comments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing;

    fn clean(input: &str) -> Result<String> {
        let out = testing::copy(input.as_bytes())?;
        Ok(String::from_utf8(out).unwrap())
    }

    const CLEAN: &str = "#define image_width 9\n#define image_height 2\nstatic char image_bits[] = {\n \
                         0x01, 0x01, 0xff, 0x00\n};\n";

    #[test]
    fn names_and_comments_go() {
        assert_eq!(clean(CLEAN).unwrap(), CLEAN);
        let dirty = "/* made by Anna Exempel */\n#define annas_rum_width 9\n#define annas_rum_height 2\n\
                     static unsigned char annas_rum_bits[] = { 0x01, 0xF1,\n255, /* here */ 0, };\n Anna was here";
        assert_eq!(clean(dirty).unwrap(), CLEAN);
    }

    #[test]
    fn damage_is_refused() {
        for bad in [
            "#define a_width 9\n#define a_height 2\nstatic char a[] = { 1, 2, 3 };",
            "#define a_width 9\n#define a_height 2\nstatic char a[] = { 1, 2, 3, 4",
            "#define a_width 9\n#define a_height 2\nstatic char a[] = { 1, 2, 3, x };",
            "#define a_width 9\nstatic char a[] = { 1, 2 };",
            "#define a_width 16\n#define a_height 1\nstatic short a[] = { 0x1234 };",
        ] {
            assert!(clean(bad).is_err(), "{bad}");
        }
    }
}
