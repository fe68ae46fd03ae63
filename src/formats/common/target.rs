//! Where references lead: into the package, into the document, to the web, or to a computer.

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Target {
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
pub(in crate::formats) fn target(href: &str, base: &str) -> Target {
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

/// Whether text looks like a path or the name of a file.
pub(in crate::formats) fn is_path_like(text: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "heic", "webp", "svg", "emf", "wmf",
        "pdf", "doc", "docx", "odt", "xls", "xlsx", "ods", "ppt", "pptx", "odp", "mp4", "mov",
        "mp3", "wav", "avi", "txt", "rtf", "psd",
    ];
    let ending = text
        .trim()
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    text.contains('\\')
        || text.contains("://")
        || text.starts_with('/')
        || text.contains("/Users/")
        || text.contains("/home/")
        || ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
