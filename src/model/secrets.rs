//! What must not stand in an output.

use std::collections::BTreeSet;

/// The values found in an input, for the second look. Encodings are not its business: the second look
/// spells each text in every encoding it may stand in.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    texts: BTreeSet<String>,
    bytes: BTreeSet<Vec<u8>>,
    traces: BTreeSet<String>,
}

/// Shorter texts stand in any file by chance.
const SHORTEST_TEXT: usize = 4;
/// Shorter byte strings stand in any file by chance.
const SHORTEST_BYTES: usize = 8;
/// A file of a million keywords is searched for the first of them; the allowlist drops them all.
const MOST: usize = 4096;
/// A long text is searched for by its beginning and its end.
const LONGEST: usize = 48;

impl Secrets {
    /// Remembers a text value. Blank and very short ones are not worth a search.
    pub fn text(&mut self, text: &str) {
        remember(&mut self.texts, text);
    }

    /// Remembers bytes as they stood in the file, such as the three rationals of a latitude. Runs of
    /// nearly nothing but zeros are not worth a search.
    pub fn bytes(&mut self, bytes: &[u8]) {
        let informative = bytes
            .iter()
            .filter(|b| !matches!(**b, 0 | 1 | 0xFF | 0x20))
            .count();
        if bytes.len() < SHORTEST_BYTES || informative < 4 || self.bytes.len() >= MOST {
            return;
        }
        self.bytes
            .insert(bytes.iter().copied().take(LONGEST).collect());
    }

    /// Remembers the printable runs of a block that nobody could parse. They may be parts of another
    /// picture's tables, so they are searched for in structures that were made anew only.
    pub fn harvest(&mut self, block: &[u8]) {
        let mut run = String::new();
        for byte in block.iter().chain(std::iter::once(&0)) {
            if matches!(byte, 0x20..=0x7E) {
                run.push(char::from(*byte));
            } else {
                if run.len() >= 8 {
                    remember(&mut self.traces, &run);
                }
                run.clear();
            }
        }
    }

    /// Forgets texts that are part of one which stays and is reported as what is left.
    pub fn allow(&mut self, kept: &str) {
        self.texts.retain(|text| !kept.contains(text.as_str()));
        self.traces.retain(|text| !kept.contains(text.as_str()));
    }

    /// Takes over all that `other` knows.
    pub fn merge(&mut self, other: Self) {
        self.texts.extend(other.texts);
        self.bytes.extend(other.bytes);
        self.traces.extend(other.traces);
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

fn remember(texts: &mut BTreeSet<String>, text: &str) {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let count = text.chars().count();
    if count < SHORTEST_TEXT || texts.len() >= MOST {
        return;
    }
    if count <= LONGEST {
        texts.insert(text.to_owned());
    } else {
        texts.insert(text.chars().take(LONGEST).collect());
        texts.insert(text.chars().skip(count.saturating_sub(LONGEST)).collect());
    }
}
