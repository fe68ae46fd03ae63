//! Plain text: notes, tables with separators, Markdown. What somebody sees on opening it is all there is, so
//! that a copy has the same bytes. Markup, programs, mail, tracks and coded files are none.

use crate::bytes::{Context, Hasher, Source};
use crate::formats::common::Splice;
use crate::formats::format::{Format, Info, Streams};
use crate::formats::probe::{Confidence, HEAD, Match, Probe};
use crate::formats::refused::is_named;
use crate::metadata::text;
use crate::model::{
    Category, Digest, Error, Examined, Finding, Found, How, Result, Row, Severity, len_u64,
};

const NAME: &str = "text";
/// Id of what is found in a text.
const ID: &str = "txt.text";
/// How much is looked at together, in bytes.
const WINDOW: usize = 256 << 10;
/// Maximum length of a line that is looked at as a whole, in bytes.
const LONGEST_LINE: usize = 1 << 20;
/// Maximum number of findings.
const MAXIMUM_FOUND: usize = 64;

/// Plain text.
#[derive(Debug)]
pub(in crate::formats) struct Text;

static INFO: Info = Info {
    id: "txt",
    name: "plain text",
    extensions: &[
        "txt",
        "text",
        "csv",
        "tsv",
        "tab",
        "md",
        "markdown",
        "rst",
        "adoc",
        "tex",
        "bib",
        "log",
        "ini",
        "cfg",
        "conf",
        "yaml",
        "yml",
        "toml",
        "properties",
        "css",
        "js",
        "ts",
        "py",
        "c",
        "h",
        "cpp",
        "rs",
        "java",
        "cs",
        "sql",
        "r",
        "m",
        "bat",
        "ps1",
        "nfo",
        "diz",
        "asc",
        "me",
    ],
    noun: "document",
    rows: &[TEXT],
    vocabulary: &[],
};

const TEXT: Row = Row {
    what: "text",
    when: "UTF-8, UTF-16 with a byte order mark, or Windows-1252 without control characters",
    how: How::Verbatim,
    why: "all of it is seen",
    spec: "RFC 2046 §4.1; Unicode §2.6",
};

/// How a text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    /// Big endian or not.
    Utf16(bool),
    Windows,
}

impl Encoding {
    /// Of a file that begins with this.
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0xFE, 0xFF, ..] => Some(Self::Utf16(true)),
            [0xFF, 0xFE, ..] => Some(Self::Utf16(false)),
            _ => match std::str::from_utf8(head) {
                Ok(_) => Some(Self::Utf8),
                // The head ends inside a character.
                Err(error) if error.error_len().is_none() => Some(Self::Utf8),
                // No word begins with a sign between quotation mark and digit.
                Err(_) => {
                    let begins_well = head.first().is_some_and(|it| !(0x80..0xC0).contains(it));
                    (begins_well && is_windows(head)).then_some(Self::Windows)
                }
            },
        }
    }

    /// Bytes as text, and how many of them were complete characters; `None` when they are no text.
    fn decode(self, bytes: &[u8]) -> Option<(String, usize)> {
        let (text, used) = match self {
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), bytes.len()),
                Err(error) if error.error_len().is_none() => {
                    let used = error.valid_up_to();
                    let text = std::str::from_utf8(bytes.get(..used)?).ok()?;
                    (text.to_owned(), used)
                }
                Err(_) => return None,
            },
            Self::Utf16(is_big) => {
                let units = bytes.chunks_exact(2).filter_map(|pair| {
                    let pair = pair.try_into().ok()?;
                    Some(if is_big {
                        u16::from_be_bytes(pair)
                    } else {
                        u16::from_le_bytes(pair)
                    })
                });
                let mut units: Vec<u16> = units.collect();
                // The window ends inside a character.
                if units.last().is_some_and(|it| (0xD800..0xDC00).contains(it)) {
                    units.pop();
                }
                let text = String::from_utf16(&units).ok()?;
                (text, units.len().checked_mul(2)?)
            }
            Self::Windows => {
                is_windows(bytes).then_some(())?;
                let text = bytes.iter().map(|byte| char::from(*byte)).collect();
                (text, bytes.len())
            }
        };
        let is_text = text.chars().all(|c| {
            !c.is_control() && c != '\u{FFFE}' && c != '\u{FFFF}'
                || matches!(c, '\t' | '\n' | '\r' | '\u{c}')
                || self == Self::Windows && ('\u{80}'..='\u{9f}').contains(&c)
        });
        is_text.then_some((text, used))
    }
}

/// Whether bytes are text in Windows-1252: mostly ASCII, and signs beyond it as words have them.
fn is_windows(bytes: &[u8]) -> bool {
    let is_unassigned = |byte: &u8| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
    let is_control =
        |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0xC) || *byte == 0x7F;
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    !bytes
        .iter()
        .any(|byte| is_unassigned(byte) || is_control(byte))
        && high.saturating_mul(4) <= bytes.len()
}

/// How files begin that are text for programs, and not for people.
const BEGINNINGS: &[&str] = &[
    "<",
    "{",
    "[",
    "BEGIN:",
    "-----BEGIN ",
    "#!",
    "%!",
    "%PDF",
    "{\\rtf",
    "$G",
    "WEBVTT",
    "/*",
    "#define",
    "solid ",
    "From ",
    "HFFXY",
    "begin ",
    "ISO-10303",
    "@relation",
    "RIFF",
    "P1\n",
    "P2\n",
    "P3\n",
    "#?RADIANCE",
    "#EXTM3U",
    "!<arch>",
    "%YAML",
    "0\nSECTION",
    "0\r\nSECTION",
    "999\n",
    "999\r\n",
    "#VRML",
    "STARTFONT",
    "Windows Registry Editor",
];

/// What such files contain near their beginning.
const MARKS: &[&str] = &[
    "<?xml",
    "<svg",
    "<html",
    "xmlns",
    "HFDTE",
    ";base64,",
    "MIME-Version:",
    "Message-ID:",
    "Message-Id:",
    "Received: ",
    "Return-Path:",
    "Delivered-To:",
    "X-Mailer:",
    "BEGIN:V",
    "$GPRMC",
    "$GPGGA",
    "$GNRMC",
    "$GNGGA",
    "%PDF-",
    "endobj",
    "endstream",
    "startxref",
    "\nmtllib ",
    "-----BEGIN ",
];

/// Whether a line is the time of a subtitle (SubRip); cameras write where they are into those.
fn is_subtitle(line: &str) -> bool {
    line.contains(" --> ") && line.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a file that begins with this is text for people.
fn is_text(head: &[u8]) -> bool {
    if is_named(head) {
        return false;
    }
    let Some((text, _)) = Encoding::of(head).and_then(|encoding| encoding.decode(head)) else {
        return false;
    };
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    // A single word can be the beginning of anything.
    text.contains([' ', '\n', '\r', '\t', ',', ';'])
        && !BEGINNINGS.iter().any(|start| text.starts_with(start))
        && !text.lines().any(is_subtitle)
        && !MARKS.iter().any(|mark| text.contains(mark))
}

/// Reads a text window by window, each up to the end of a line.
fn windows(
    source: &Source<'_>,
    cx: &Context<'_>,
    sink: &mut dyn FnMut(&str) -> Result<()>,
) -> Result<()> {
    let broken = || {
        Error::unsupported(
            "a text in which there are bytes that are no text; open it, save it as text in UTF-8, and clean that",
        )
    };
    let head = source.peek(0, HEAD)?;
    let encoding = Encoding::of(&head).ok_or_else(broken)?;
    let mut bytes: Vec<u8> = Vec::new();
    let mut text = String::new();
    cx.memory(len_u64(WINDOW.saturating_mul(4)))?;
    source.for_each(source.whole(), |piece| {
        for piece in piece.chunks(WINDOW) {
            cx.check_stop()?;
            cx.item()?;
            bytes.extend_from_slice(piece);
            let (more, used) = encoding.decode(&bytes).ok_or_else(broken)?;
            bytes.drain(..used);
            text.push_str(&more);
            let end = text.rfind('\n').map_or(0, |at| at.saturating_add(1));
            let end = if end == 0 && text.len() > LONGEST_LINE {
                text.len()
            } else {
                end
            };
            let rest = text.split_off(end);
            sink(&text)?;
            text = rest;
        }
        Ok(())
    })?;
    if !bytes.is_empty() {
        return Err(broken());
    }
    sink(&text)
}

impl Format for Text {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        Confidence::Text.when(is_text(probe.head()))
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let mut look = Look::default();
        windows(source, cx, &mut |text| look.take(text, cx))?;
        let mut splice = Splice::new(source, cx, NAME, "txt.gap");
        splice.keep(source.whole(), &TEXT);
        splice.residue = look.finish();
        splice.finish()
    }

    fn payload_digest(&self, source: &Source<'_>, _: &Context<'_>) -> Result<Digest> {
        let mut hasher = Hasher::new();
        source.for_each(source.whole(), |piece| {
            hasher.bytes(piece);
            Ok(())
        })?;
        Ok(hasher.finish())
    }

    /// Nothing in it is compressed or nested.
    fn streams(&self, _: &Source<'_>, _: &Context<'_>, _: &mut dyn Streams) -> Result<()> {
        Ok(())
    }
}

/// What a text says that its readers should know.
#[derive(Default)]
struct Look {
    found: Found,
    has_unseen: bool,
    has_comment: bool,
    is_begun: bool,
    /// Lines of coded data that follow each other.
    coded: u32,
}

impl Look {
    fn take(&mut self, text: &str, cx: &Context<'_>) -> Result<()> {
        let text = match self.is_begun {
            true => text,
            false => text.trim_start_matches('\u{FEFF}'),
        };
        self.is_begun |= !text.is_empty();
        self.has_unseen |= text.contains(is_unseen);
        self.has_comment |= text.contains("<!--");
        for line in text.lines() {
            self.coded = if is_coded(line) {
                self.coded.saturating_add(1)
            } else {
                0
            };
            if self.coded >= 3 || line.contains(";base64,") {
                return Err(Error::unsupported(
                    "a text with another file in it (Base64); extract that file and clean it by itself",
                ));
            }
        }
        if self.found.findings.len() < MAXIMUM_FOUND {
            text::mentions(ID, text, NAME, cx, &mut self.found)?;
        }
        Ok(())
    }

    /// All of it remains.
    fn finish(self) -> Vec<Finding> {
        let mut residue = self.found.findings;
        for finding in &mut residue {
            // What is written for the reader to use; coordinates and paths say more than it seems.
            if finding.category == Category::Person {
                finding.severity = Severity::Low;
            }
        }
        let mut say = |severity, what: &'static str| {
            residue.push(Finding::new(ID, Category::History, severity, NAME, what));
        };
        if self.has_unseen {
            say(Severity::Medium, "characters in the text that nobody sees");
        }
        if self.has_comment {
            say(
                Severity::Medium,
                "a comment that programs do not show which display the text as a page",
            );
        }
        residue
    }
}

/// Characters without width that no script needs: marks in copies, and hidden text.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{180E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' | '\u{E0000}'..='\u{E007F}')
}

/// Whether a line is Base64 or uuencode, as files are coded in text.
fn is_coded(line: &str) -> bool {
    let line = line.trim_end();
    line.len() >= 60
        && line
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OutcomeKind;
    use crate::pipeline::testing::cleaned;

    fn is_known(bytes: &[u8]) -> bool {
        is_text(bytes)
    }

    #[test]
    fn texts_in_usual_encodings_are_copied() {
        let utf16: Vec<u8> = "\u{FEFF}Hej då\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for text in [
            "Hej då, hälsningar\n".as_bytes(),
            "\u{FEFF}namn;ort\r\nÅsa;Lund\r\n".as_bytes(),
            b"Hej d\xE5, h\xE4lsningar \x96 200 \x80\n",
            b"# Heading\n\n* one\n* two\n",
            "日本語のメモ\n".as_bytes(),
            &utf16,
        ] {
            assert!(is_known(text), "{text:?}");
            let copy = cleaned(text).unwrap();
            assert_eq!(copy.kind, OutcomeKind::AlreadyClean, "{text:?}");
            assert_eq!(copy.bytes, text);
        }
    }

    #[test]
    fn what_a_text_tells_is_reported() {
        for (text, is_reduced) in [
            ("Home: 59.32938, 18.06861\n", true),
            ("see C:\\Users\\anna\\Desktop\\list.txt\n", true),
            ("write to anna@example.org, please\n", false),
            ("cop\u{200B}y number four\n", true),
            ("a note <!-- of Anna --> here\n", true),
        ] {
            let copy = cleaned(text.as_bytes()).unwrap();
            assert_eq!(copy.bytes, text.as_bytes());
            let expected = match is_reduced {
                true => OutcomeKind::Reduced,
                false => OutcomeKind::AlreadyClean,
            };
            assert_eq!(copy.kind, expected, "{text}");
            assert_eq!(copy.stays(), [ID], "{text}");
        }
    }

    #[test]
    fn what_is_no_text_for_people_is_not_taken_for_it() {
        for other in [
            &b"<gpx><trkpt lat='59.3' lon='18.0'/></gpx>\n"[..],
            b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n  9\r\n$LASTSAVEDBY\r\n  1\r\nAnna\r\n",
            b"# by Anna\nmtllib a.mtl\nv 0 0 0\n",
            b"STARTFONT 2.1\nCOMMENT Anna\n",
            // The rest of a PDF file.
            b"4 0 obj\n<</Author (Anna)>>\nendobj\n",
            b"  <html><!-- a --></html>\n",
            b"{\"latitude\": 59.32938}\n",
            b"[1, 2]\n",
            b"BEGIN:VCARD\r\nFN:Anna\r\n",
            b"-----BEGIN CERTIFICATE-----\nAA\n",
            b"1\n00:00:01,000 --> 00:00:02,000\nGPS\n",
            b"$GPRMC,1,A\n",
            b"From: Anna\r\nMIME-Version: 1.0\r\n\r\nHej\r\n",
            b"#!/bin/sh\necho\n",
            b"{\\rtf1 a b}\n",
            b"%!PS-Adobe-3.0\n",
            b"RIFF",
            b"II*",
            b"text \0 with zeros\n",
            b"\x89PNG \r\n",
            b"/* XPM */\nstatic char *a[] = {\n",
            b"\x80\x90\xA0\xB0\xC0\xD0 \xE0\xF0\n",
        ] {
            assert!(!is_known(other), "{}", String::from_utf8_lossy(other));
        }
        let line = format!("{}\n", "QUJD".repeat(19));
        let coded = format!("see below\n{}", line.repeat(4));
        let binary = [&b"a ".repeat(4000)[..], &[0, 1, 2]].concat();
        for refused in [coded.into_bytes(), binary] {
            assert!(is_known(&refused[..300]));
            assert!(matches!(cleaned(&refused), Err(Error::Unsupported { .. })));
        }
    }

    #[test]
    fn long_texts_are_read_to_their_end() {
        let mut text = "å plain line of text\n".repeat(40_000);
        text.push_str("home 59.32938, 18.06861");
        let copy = cleaned(text.as_bytes()).unwrap();
        assert_eq!(copy.kind, OutcomeKind::Reduced);
        text.push('\u{1}');
        assert!(cleaned(text.as_bytes()).is_err());
    }
}
