//! Finds which of many texts are located in the data of streams.

use std::collections::{HashMap, HashSet};

use crate::model::Secrets;

/// Bytes of a text by which it is looked up.
const HEAD: usize = 4;

/// Texts, as UTF-8 and as UTF-16, by their first bytes.
pub(super) struct Seeker {
    /// Whether any text begins with these two bytes.
    pairs: Vec<bool>,
    heads: HashMap<[u8; HEAD], Vec<usize>>,
    /// How a text is spelt, and which one it is.
    spelt: Vec<(Vec<u8>, usize)>,
    texts: Vec<String>,
    found: Vec<bool>,
}

impl Seeker {
    pub(super) fn new(secrets: &Secrets) -> Self {
        let texts: Vec<String> = (secrets.texts().chain(secrets.traces()))
            .map(str::to_owned)
            .collect();
        let mut seeker = Self {
            pairs: vec![false; 1 << 16],
            heads: HashMap::new(),
            spelt: Vec::new(),
            found: vec![false; texts.len()],
            texts: Vec::new(),
        };
        for (index, text) in texts.iter().enumerate() {
            seeker.add(text.as_bytes().to_vec(), index);
            seeker.add(
                text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                index,
            );
        }
        seeker.texts = texts;
        seeker
    }

    fn add(&mut self, spelt: Vec<u8>, index: usize) {
        let Some(head) = spelt.first_chunk::<HEAD>().copied() else {
            return;
        };
        if let Some(pair) = self.pairs.get_mut(pair(head)) {
            *pair = true;
        }
        self.heads.entry(head).or_default().push(self.spelt.len());
        self.spelt.push((spelt, index));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spelt.is_empty()
    }

    /// Looks for all texts in these bytes.
    pub(super) fn search(&mut self, bytes: &[u8]) {
        for (at, window) in bytes.windows(HEAD).enumerate() {
            let Some(head) = window.first_chunk::<HEAD>() else {
                break;
            };
            if !self.pairs.get(pair(*head)).copied().unwrap_or(false) {
                continue;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            for spelt in self.heads.get(head).into_iter().flatten() {
                if let Some((text, index)) = self.spelt.get(*spelt)
                    && rest.starts_with(text)
                    && let Some(found) = self.found.get_mut(*index)
                {
                    *found = true;
                }
            }
        }
    }

    /// The texts that were found.
    pub(super) fn found(self) -> HashSet<String> {
        let texts = self.texts.into_iter().zip(self.found);
        texts
            .filter(|(_, found)| *found)
            .map(|(text, _)| text)
            .collect()
    }
}

fn pair([a, b, ..]: [u8; HEAD]) -> usize {
    usize::from(u16::from_be_bytes([a, b]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_in_each_spelling() {
        let mut secrets = Secrets::default();
        for text in ["Anna Exempel", "Anna Ek", "Storgatan", "Not there"] {
            secrets.text(text);
        }
        let mut seeker = Seeker::new(&secrets);
        seeker.search(b"x Anna Ek \0S\0t\0o\0r\0g\0a\0t\0a\0n Anna Exe");
        let found = seeker.found();
        assert_eq!(found, ["Anna Ek", "Storgatan"].map(str::to_owned).into());
    }
}
