//! `META-INF/encryption.xml` (EPUB OCF 3.3 §4.2.6.3): fonts that are obfuscated with the identifier of the
//! book. A copy has another identifier, so its fonts are plain. Anything else that is encrypted is DRM.

use std::collections::BTreeMap;

use sha1::{Digest as _, Sha1};

use super::book::{Book, child, descendants};
use super::paths;
use crate::bytes::{Context, Source};
use crate::containers::xml::tree::Element;
use crate::formats::common::package::is_font;
use crate::model::{Plan, Result, Span, Step};

/// How a font is obfuscated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// EPUB OCF 3.3 §4.4: the first 1,040 bytes with the SHA-1 of the identifier.
    Idpf,
    /// Adobe: the first 1,024 bytes with the bytes of a UUID.
    Adobe,
}

impl Algorithm {
    fn of(uri: &str) -> Option<Self> {
        match uri {
            "http://www.idpf.org/2008/embedding" => Some(Self::Idpf),
            "http://ns.adobe.com/pdf/enc#RC" => Some(Self::Adobe),
            _ => None,
        }
    }

    /// How many bytes are changed.
    fn len(self) -> u64 {
        match self {
            Self::Idpf => 1040,
            Self::Adobe => 1024,
        }
    }

    /// The key that an identifier gives.
    fn key(self, identifier: &str) -> Option<Vec<u8>> {
        match self {
            Self::Idpf => {
                let is_white = |c: &char| matches!(c, ' ' | '\t' | '\r' | '\n');
                let text: String = identifier.chars().filter(|c| !is_white(c)).collect();
                Some(Sha1::digest(text.as_bytes()).to_vec())
            }
            Self::Adobe => {
                let text = identifier.trim();
                let text = text.rsplit(':').next().unwrap_or(text);
                let digits: Vec<u8> = text
                    .chars()
                    .filter(|c| !matches!(c, '-' | '{' | '}'))
                    .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
                    .collect::<Option<_>>()?;
                let bytes = digits.chunks_exact(2).filter_map(|pair| match pair {
                    [high, low] => Some(high << 4 | low),
                    _ => None,
                });
                (digits.len() == 32).then(|| bytes.collect())
            }
        }
    }
}

/// The algorithms by path; `None` when something is encrypted in another way.
pub(super) fn read(root: &Element) -> Option<BTreeMap<String, Algorithm>> {
    if !descendants(root, "EncryptedKey").is_empty() {
        return None;
    }
    let mut out = BTreeMap::new();
    for data in descendants(root, "EncryptedData") {
        let method = child(data, "EncryptionMethod")?.get("Algorithm")?;
        let algorithm = Algorithm::of(method)?;
        for reference in descendants(data, "CipherReference") {
            if let Some(path) = reference.get("URI").and_then(|uri| paths::inside(uri, "")) {
                out.insert(path, algorithm);
            }
        }
    }
    Some(out)
}

/// A plan for the font as it was before, as a plan over the one that is obfuscated; `None` when no identifier
/// of the book makes a font of it.
///
/// # Errors
/// Reading.
pub(super) fn plain(
    content: &Source<'_>,
    algorithm: Algorithm,
    book: &Book,
    cx: &Context<'_>,
) -> Result<Option<Plan>> {
    let head = content.peek(0, algorithm.len())?;
    let len = algorithm.len().min(content.len());
    let mut plan = Plan::new();
    for identifier in identifiers(book) {
        cx.item()?;
        let Some(key) = algorithm.key(&identifier) else {
            continue;
        };
        let bytes: Vec<u8> = head
            .iter()
            .zip(key.iter().cycle())
            .map(|(byte, key)| byte ^ key)
            .collect();
        if is_font(&bytes) {
            plan.push(Step::bytes(bytes));
            plan.push(Step::Copy(Span::new(len, content.len())));
            return Ok(Some(plan));
        }
    }
    // Some programs name fonts that they did not obfuscate.
    Ok(is_font(&head).then(|| {
        plan.push(Step::Copy(content.whole()));
        plan
    }))
}

/// The identifiers of the book, the unique one first.
fn identifiers(book: &Book) -> Vec<String> {
    let unique = book.root.get("unique-identifier");
    let elements = book.metadata().filter(|it| it.name == "identifier");
    let (first, others): (Vec<_>, Vec<_>) = elements.partition(|it| it.get("id") == unique);
    first.into_iter().chain(others).map(Element::text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_identifiers() {
        let key = |algorithm: Algorithm, text| algorithm.key(text);
        let expected = (0..16u8).map(|n| n << 4 | n).collect::<Vec<_>>();
        let uuid = " urn:uuid:00112233-4455-6677-8899-AABBCCDDEEFF\n";
        assert_eq!(key(Algorithm::Adobe, uuid), Some(expected));
        assert_eq!(key(Algorithm::Adobe, "urn:isbn:9789100000000"), None);
        // The SHA-1 of "abc" (FIPS 180-4).
        let abc = key(Algorithm::Idpf, " a\tb\nc").unwrap();
        assert_eq!(abc.get(..4), Some(&[0xA9, 0x99, 0x3E, 0x36][..]));
    }
}
