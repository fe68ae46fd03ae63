//! Where references lead: into the package, into the document, to the web, or to a computer.

use std::collections::BTreeMap;

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// This member or folder of the package.
    Inside(String),
    /// A place in the document.
    Place,
    /// A web page or an address for mail.
    Web,
    /// A file of a computer.
    Elsewhere,
}

/// Where a reference in a part of the folder `base` (empty, or with a slash at its end) leads.
pub(super) fn target(href: &str, base: &str) -> Target {
    let trimmed = href.trim();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return Target::Place;
    }
    let scheme = trimmed
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https" | "mailto" | "ftp" | "tel" | "sms" | "news") => return Target::Web,
        Some("vnd.sun.star.package") => {}
        Some(_) => return Target::Elsewhere,
        None => {}
    }
    let path = trimmed
        .strip_prefix("vnd.sun.star.package:")
        .unwrap_or(trimmed);
    if path.starts_with('/') || path.contains('\\') {
        return Target::Elsewhere;
    }
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Target::Elsewhere;
                }
            }
            part => parts.push(part),
        }
    }
    Target::Inside(parts.join("/"))
}

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
        Some(if is_dotted {
            format!("./{inner}")
        } else {
            inner
        })
    }
}
