//! What must not stand in an output.

use std::collections::BTreeSet;

/// The values found in an input, for the output scan. Encodings are not its business: the output scan
/// spells each text in every encoding it may be in.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    texts: BTreeSet<String>,
    bytes: BTreeSet<Vec<u8>>,
    traces: BTreeSet<String>,
    shown: BTreeSet<String>,
    left_out: u64,
}

/// Shorter texts are part of any file by chance.
const SHORTEST_TEXT: usize = 4;
/// Shorter byte strings are part of any file by chance.
const SHORTEST_BYTES: usize = 8;
/// Shortest printable run of a block that nobody could parse.
const SHORTEST_TRACE: usize = 8;
/// Maximum number of values of each kind that are searched for; the others are counted.
const MOST: usize = 16_384;
/// A long text is searched for by its beginning and its end.
const LONGEST: usize = 48;

impl Secrets {
    /// Remembers a text value. Blank and very short ones are not worth a search.
    pub fn text(&mut self, text: &str) {
        self.left_out = self
            .left_out
            .saturating_add(remember(&mut self.texts, text));
    }

    /// Remembers bytes as they stood in the file, such as the three rationals of a latitude. Runs of
    /// nearly nothing but zeros are not worth a search.
    pub fn bytes(&mut self, bytes: &[u8]) {
        let informative = bytes
            .iter()
            .filter(|b| !matches!(**b, 0 | 1 | 0xFF | 0x20))
            .count();
        if bytes.len() < SHORTEST_BYTES || informative < 4 {
            return;
        }
        let bytes: Vec<u8> = bytes.iter().copied().take(LONGEST).collect();
        if self.bytes.len() < MOST {
            self.bytes.insert(bytes);
        } else if !self.bytes.contains(&bytes) {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Remembers the printable runs of a block that nobody could parse, as far as they read like values: a
    /// name, an address, a serial number. Keywords of the block's own syntax are also in what is retained.
    /// They may be parts of another picture's tables, so they are searched for in rebuilt structures only.
    pub fn harvest(&mut self, block: &[u8]) {
        let runs = block.split(|byte| !matches!(byte, 0x20..=0x7E));
        for run in runs.filter(|run| run.len() >= SHORTEST_TRACE) {
            // There is no end to what a block of noise contains; the allowlist drops it.
            if let Ok(run) = std::str::from_utf8(run)
                && reads_like_value(run)
            {
                remember(&mut self.traces, run);
            }
        }
    }

    /// Collects the printable runs of the bytes of `old` that `new`, the block as rewritten, does not contain at the
    /// same offset. A run that occurs elsewhere in `new` is skipped: the file still shows it, for example as a
    /// colour ramp.
    pub fn harvest_lost(&mut self, old: &[u8], new: &[u8]) {
        let new_bytes = new.iter().map(Some).chain(std::iter::repeat(None));
        let lost: Vec<u8> = old
            .iter()
            .zip(new_bytes)
            .map(|(old, new)| if new == Some(old) { 0 } else { *old })
            .collect();
        let mut traces = Self::default();
        traces.harvest(&lost);
        let is_shown = |text: &String| memchr::memmem::find(new, text.as_bytes()).is_some();
        traces.traces.retain(|text| !is_shown(text));
        self.merge(traces);
    }

    /// Texts that are part of one which is retained and reported as what remains: the document shows them.
    /// They must still be gone from its structure.
    pub fn allow(&mut self, kept: &str) {
        let is_part = |text: &String| kept.contains(text.as_str());
        let (shown, texts) = std::mem::take(&mut self.texts)
            .into_iter()
            .partition::<BTreeSet<_>, _>(is_part);
        self.texts = texts;
        self.shown.extend(shown);
        self.traces.retain(|text| !is_part(text));
    }

    /// Takes over all that `other` knows.
    pub fn merge(&mut self, other: Self) {
        self.texts.extend(other.texts);
        self.bytes.extend(other.bytes);
        self.traces.extend(other.traces);
        self.shown.extend(other.shown);
        self.left_out = self.left_out.saturating_add(other.left_out);
    }

    /// Texts that the document shows as well: they may be in its content, but not in its structure.
    pub fn shown(&self) -> impl Iterator<Item = &str> {
        self.shown.iter().map(String::as_str)
    }

    /// How many values were too many to be searched for.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The texts, trimmed, each at most 48 characters.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(String::as_str)
    }

    /// The printable runs of blocks that nobody could parse, each 8 to 48 characters.
    pub fn traces(&self) -> impl Iterator<Item = &str> {
        self.traces.iter().map(String::as_str)
    }

    /// The byte strings, each 8 to 48 bytes.
    pub fn byte_strings(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.iter().map(Vec::as_slice)
    }
}

/// Adds a text. Returns how many were left out.
fn remember(texts: &mut BTreeSet<String>, text: &str) -> u64 {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let count = text.chars().count();
    if count < SHORTEST_TEXT {
        return 0;
    }
    let ends = if count <= LONGEST {
        [text.to_owned(), String::new()]
    } else {
        [
            text.chars().take(LONGEST).collect(),
            text.chars().skip(count.saturating_sub(LONGEST)).collect(),
        ]
    };
    let is_new = |text: &String| !text.is_empty() && !texts.contains(text);
    if texts.len() >= MOST {
        return u64::from(ends.iter().any(is_new));
    }
    texts.extend(ends.into_iter().filter(|text| !text.is_empty()));
    0
}

/// Whether a printable run says something of its own: two words, an address, a number with letters.
fn reads_like_value(run: &str) -> bool {
    let tokens = || run.split(|c: char| !c.is_ascii_alphanumeric());
    let parts = tokens().filter(|token| is_word(token) || is_digits(token));
    let has_word = || tokens().any(|token| token.len() >= 4 && is_word(token));
    tokens().any(is_number) || parts.count() >= 2 && has_word()
}

fn is_digits(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit())
}

/// A serial number, an id.
fn is_number(token: &str) -> bool {
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let distinct = token.bytes().collect::<BTreeSet<_>>().len();
    token.len() >= SHORTEST_TRACE && digits >= 3 && distinct >= 5
}

/// `anna`, `Anna` or `ANNA`: identifiers of programs change within the word.
fn is_word(token: &str) -> bool {
    let rest = token.get(1..).unwrap_or_default();
    token.len() >= 3
        && token.bytes().all(|b| b.is_ascii_alphabetic())
        && (rest.bytes().all(|b| b.is_ascii_lowercase())
            || token.bytes().all(|b| b.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_block_keeps_is_not_lost() {
        let lost = |old: &[u8], new: &[u8]| {
            let mut secrets = Secrets::default();
            secrets.harvest_lost(old, new);
            secrets.traces().map(str::to_owned).collect::<Vec<_>>()
        };
        let (shown, hidden) = (b"shown colours, ", b"owner Anna Berg");
        let old = [&shown[..], hidden].concat();
        let new = [&shown[..], &[0; 15]].concat();
        assert_eq!(lost(&old, &new), ["owner Anna Berg"]);
        assert_eq!(lost(&old, shown), ["owner Anna Berg"]);
        assert_eq!(lost(&old, &old), [""; 0]);
        let twice = [&shown[..], shown].concat();
        assert_eq!(lost(&twice, shown), [""; 0]);
    }

    #[test]
    fn traces_are_values_and_not_syntax() {
        for value in [
            "Anna Andersson",
            "owner: anna berg",
            "SN 12345678X",
            "SERIAL 9",
            "serial-4711",
            "anna.andersson@example.org",
            "C:\\Users\\Anna\\Desktop",
        ] {
            assert!(reads_like_value(value), "{value}");
        }
        for syntax in [
            "boundsObjc",
            "Typeenum",
            "Scl UntF#Prc@Y",
            "8BIMnorm",
            "8BIMlclr",
            "UUUUUUUUUUUUU",
            "aaaa0000",
            "!\"#$%&'()*+",
        ] {
            assert!(!reads_like_value(syntax), "{syntax}");
        }
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let mut secrets = Secrets::default();
        for n in 0..MOST + 3 {
            secrets.text(&format!("value {n}"));
        }
        secrets.text("value 1");
        assert_eq!(secrets.left_out(), 3);
    }

    #[test]
    fn what_is_shown_is_a_secret_of_the_structure() {
        let mut secrets = Secrets::default();
        secrets.text("Anna Andersson");
        secrets.text("Storgatan 5");
        secrets.allow("Yours, Anna Andersson");
        assert_eq!(secrets.texts().collect::<Vec<_>>(), ["Storgatan 5"]);
        assert_eq!(secrets.shown().collect::<Vec<_>>(), ["Anna Andersson"]);
    }
}
