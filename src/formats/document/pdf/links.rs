//! Actions and annotations: which of them are in a copy.

use super::copy::Copier;
use super::layers;
use super::report::string;
use super::schema::Table;
use super::tables;
use crate::containers::pdf::{Dict, Object};
use crate::model::{Category, Finding, Result, Role, Severity};

/// Whether a copy has annotations of this kind.
pub(super) fn is_retained(kind: &[u8]) -> bool {
    matches!(
        kind,
        b"Link"
            | b"Widget"
            | b"FreeText"
            | b"Redact"
            | b"Line"
            | b"Square"
            | b"Circle"
            | b"Polygon"
            | b"PolyLine"
            | b"Highlight"
            | b"Underline"
            | b"Squiggly"
            | b"StrikeOut"
            | b"Stamp"
            | b"Caret"
            | b"Ink"
            | b"Watermark"
    )
}

impl Copier<'_, '_> {
    /// The table of an action; `None` when it is left out, which is reported.
    pub(super) fn action(&mut self, dict: &Dict) -> Result<Option<&'static Table>> {
        let kind = self
            .file
            .entry(dict, "S")?
            .as_name()
            .unwrap_or_default()
            .to_vec();
        let (id, severity, what) = match &*kind {
            b"GoTo" => return Ok(Some(&tables::GO_TO)),
            b"Named" => return Ok(Some(&tables::NAMED)),
            b"SetOCGState" => return Ok(Some(&tables::SET_LAYERS)),
            b"ResetForm" => return Ok(Some(&tables::RESET)),
            b"URI" => {
                let uri = self.file.entry(dict, "URI")?;
                if is_web(uri.as_string().unwrap_or_default()) {
                    return Ok(Some(&tables::URI));
                }
                ("pdf.links", Severity::High, "link to a file on a computer")
            }
            b"JavaScript" => ("pdf.javascript", Severity::Medium, "JavaScript"),
            b"Launch" => ("pdf.links", Severity::High, "link that starts a program"),
            b"GoToR" | b"GoToE" => ("pdf.links", Severity::High, "link to another document"),
            b"SubmitForm" => (
                "pdf.action",
                Severity::Medium,
                "an action that sends the form",
            ),
            b"ImportData" => (
                "pdf.action",
                Severity::Medium,
                "an action that reads a file",
            ),
            _ => (
                "pdf.action",
                Severity::Medium,
                "an action that a copy does not need",
            ),
        };
        let finding = Finding::new(id, Category::History, severity, self.place("action"), what);
        let mut texts = Vec::new();
        self.texts(&Object::Dict(dict.clone()), &mut texts)?;
        for text in &texts {
            self.report
                .add(finding.clone().text(text.as_str()).role(Role::Path));
        }
        if texts.is_empty() {
            self.report.add(finding);
        }
        Ok(None)
    }

    /// The table of an annotation; `None` when it is left out, which is reported.
    pub(super) fn annotation(&mut self, dict: &Dict) -> Result<Option<&'static Table>> {
        if self.facts.layers.leave_out(self.file, dict)? {
            self.report.add(layers::removed(self.place("annotation")));
            return Ok(None);
        }
        let kind = self
            .file
            .entry(dict, "Subtype")?
            .as_name()
            .unwrap_or_default()
            .to_vec();
        let (id, category, what) = match &*kind {
            b"Link" => return Ok(Some(&tables::LINK)),
            b"Widget" => return Ok(Some(&tables::FIELD)),
            b"FreeText" => return Ok(Some(&tables::FREE_TEXT)),
            b"Redact" => {
                let finding = Finding::new(
                    "pdf.redact",
                    Category::Image,
                    Severity::High,
                    self.place("Redact"),
                    "marks for redaction that were not applied: what is below them is still there",
                );
                self.report.note(finding);
                return Ok(Some(&tables::MARKUP));
            }
            other if is_retained(other) => return Ok(Some(&tables::MARKUP)),
            b"Popup" => return Ok(None),
            b"Text" => (
                "pdf.annots",
                Category::Person,
                "comment that shows as an icon",
            ),
            b"FileAttachment" => ("pdf.embedded", Category::Image, "attached file"),
            b"Sound" => ("pdf.embedded.media", Category::Image, "sound"),
            b"Movie" | b"Screen" | b"RichMedia" => {
                ("pdf.embedded.media", Category::Image, "film or other media")
            }
            b"3D" => ("pdf.embedded.media", Category::Image, "3D model"),
            _ => ("pdf.annots", Category::Unknown, "mark of an unknown kind"),
        };
        let place = self.place(what_place(&kind));
        let finding = Finding::new(id, category, Severity::High, place.clone(), what);
        self.report.add(finding.clone());
        if let Some(author) = self.file.entry(dict, "T")?.as_string() {
            let what = "author of a comment or mark";
            let author_finding =
                Finding::new(id, Category::Person, Severity::High, place.clone(), what);
            let author = string(author);
            self.report
                .add(author_finding.text(author).role(Role::PersonName));
        }
        let mut texts = Vec::new();
        self.texts(&Object::Dict(dict.clone()), &mut texts)?;
        for text in texts {
            let own = Finding::new(id, category, Severity::High, place.clone(), "text in it");
            self.report.add(own.text(text).role(Role::Text));
        }
        Ok(None)
    }
}

fn what_place(kind: &[u8]) -> &'static str {
    match kind {
        b"Text" => "comment",
        b"FileAttachment" => "attachment",
        _ => "annotation",
    }
}

/// Whether an address leads to the web, to mail or to a telephone, and not to a computer's files.
fn is_web(uri: &[u8]) -> bool {
    let uri = string(uri).trim().to_ascii_lowercase();
    let schemes = [
        "http://", "https://", "mailto:", "tel:", "sms:", "ftp://", "geo:",
    ];
    if schemes.iter().any(|scheme| uri.starts_with(scheme)) {
        return true;
    }
    // `www.example.org/page` without a scheme.
    let host = uri.split(['/', '?', '#']).next().unwrap_or_default();
    !uri.contains([':', '\\'])
        && (uri.starts_with('#') || uri.starts_with("www.") && host.len() > 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_no_web_addresses() {
        assert!(is_web(b"HTTPS://example.org/a"));
        assert!(is_web(b"www.example.org"));
        assert!(is_web(b"mailto:a@example.org"));
        for path in [
            "file:///C:/Users/Anna/x",
            "C:\\x",
            "/home/anna/x",
            "x.pdf",
            "\\\\srv\\x",
        ] {
            assert!(!is_web(path.as_bytes()), "{path}");
        }
    }
}
