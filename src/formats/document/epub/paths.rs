//! References between the files of a book.

use crate::formats::common::{Target, target};

/// Where a reference leads, with the place in the file behind `#`.
pub(super) fn resolve(href: &str, from: &str) -> (Target, Option<String>) {
    let href = href.trim();
    let (path, fragment) = match href.split_once('#') {
        Some((path, fragment)) => (path, Some(decoded(fragment))),
        None => (href, None),
    };
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_data = path
        .get(..5)
        .is_some_and(|it| it.eq_ignore_ascii_case("data:"));
    let to = if is_data {
        Target::Elsewhere
    } else {
        match target(path, folder) {
            Target::Inside(path) => {
                let path = path.split('?').next().unwrap_or_default();
                Target::Inside(decoded(path))
            }
            other => other,
        }
    };
    (to, fragment.filter(|it| !it.is_empty()))
}

/// The member that a reference leads to.
pub(super) fn inside(href: &str, from: &str) -> Option<String> {
    match resolve(href, from).0 {
        Target::Inside(path) => Some(path),
        _ => None,
    }
}

/// Text without percent signs (RFC 3986 §2.1).
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let byte = (*first == b'%')
            .then(|| behind.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) => {
                out.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_references_lead() {
        let from = "OEBPS/Text/one.xhtml";
        let inside = |path: &str| Target::Inside(path.to_owned());
        for (href, to, fragment) in [
            (
                "two%20b.xhtml#a%C3%A5",
                inside("OEBPS/Text/two b.xhtml"),
                Some("aå"),
            ),
            ("../Images/a.jpg?x", inside("OEBPS/Images/a.jpg"), None),
            ("#note", Target::Place, Some("note")),
            ("https://example.org/#a", Target::Web, Some("a")),
            ("file:///C:/a.jpg", Target::Elsewhere, None),
            ("DATA:image/png;base64,AA==", Target::Elsewhere, None),
            ("../../../a", Target::Elsewhere, None),
            ("100%", inside("OEBPS/Text/100%"), None),
        ] {
            assert_eq!(
                resolve(href, from),
                (to, fragment.map(str::to_owned)),
                "{href}"
            );
        }
    }
}
