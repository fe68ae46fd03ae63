//! What becomes of the members that references lead to.

use std::collections::BTreeMap;

/// What becomes of the members that references lead to.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Path in the original and in the copy; `None` for what the copy does not contain.
    pub(super) members: BTreeMap<String, Option<String>>,
    /// Whether all members are known: not in the first pass, which finds the references.
    pub(super) is_complete: bool,
}

impl Links {
    /// The reference in the copy; `None` when it leads nowhere any more.
    pub(super) fn rewritten(&self, path: &str, copy_base: &str, href: &str) -> Option<String> {
        if !self.is_complete {
            return Some(href.to_owned());
        }
        let copy = self.members.get(path)?.as_deref()?;
        let inner = match copy.strip_prefix(copy_base) {
            Some(inner) => inner.to_owned(),
            // It belongs to a document further out.
            None => format!("{}{copy}", "../".repeat(copy_base.matches('/').count())),
        };
        // Folders are written with a dot in front, as all programs do.
        let is_dotted = href.trim().starts_with("./");
        // LibreOffice knows the data of a chart by the very reference `..`.
        let is_document_around = copy.is_empty() && !href.trim().ends_with('/');
        Some(match (is_dotted, is_document_around) {
            (true, _) => format!("./{inner}"),
            (_, true) => inner.trim_end_matches('/').to_owned(),
            _ => inner,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Links;

    #[test]
    fn references_to_the_document_around_are_written_as_they_were() {
        let members = [(String::new(), Some(String::new()))];
        let links = Links {
            members: members.into(),
            is_complete: true,
        };
        let written = |href| links.rewritten("", "Object 1/", href);
        assert_eq!(written("..").as_deref(), Some(".."));
        assert_eq!(written("../").as_deref(), Some("../"));
    }
}
