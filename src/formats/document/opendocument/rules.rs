//! What happens to an element besides being on the list.

use super::filter::value;
use crate::containers::xml::tree::Element;

/// What happens to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Retained with its content.
    Keep,
    /// Its content is retained, the element is not: fields become the text that they show.
    Unwrap,
    /// Removed with its content; this is said of it.
    Drop(&'static Dropped),
    /// Retained without its content: a field that the reader's program fills in.
    Blank,
}

/// Why something is removed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dropped {
    pub(super) id: &'static str,
    pub(super) what: &'static str,
    /// Whether it is said by itself what stands in it.
    pub(super) is_told: bool,
}

const fn dropped(id: &'static str, what: &'static str, is_told: bool) -> Dropped {
    Dropped { id, what, is_told }
}

pub(super) static CHANGES: Dropped = dropped("odf.changes", "tracked changes", true);
pub(super) static ANNOTATION: Dropped = dropped("odf.annot", "a comment", true);
static SCRIPT: Dropped = dropped("odf.script", "macros and scripts", false);
static META: Dropped = dropped("odf.meta", "properties of the document", true);
static SOURCE: Dropped = dropped(
    "odf.links",
    "a connection to another file or database",
    false,
);
static SETTINGS: Dropped = dropped("odf.settings", "settings", false);
pub(super) static UNKNOWN: Dropped = dropped(
    "odf.unknown",
    "elements that are not part of the format",
    true,
);
static SCENARIO: Dropped = dropped("odf.history", "results of an external source", false);
pub(super) static STALE: Dropped = dropped("odf.preview", "a preview of an embedded object", false);
pub(super) static GONE: Dropped =
    dropped("odf.picture", "a picture that is not in the file", false);
pub(super) static EXTERNAL: Dropped =
    dropped("odf.links", "a copy of a sheet of another file", true);

/// What happens to the element with this name, of which it is known that it is on the list.
pub(super) fn element(name: &str) -> Fate {
    match name {
        "office:annotation" | "office:annotation-end" | "loext:annotation" => {
            Fate::Drop(&ANNOTATION)
        }
        "text:tracked-changes"
        | "table:tracked-changes"
        | "text:change"
        | "text:change-start"
        | "text:change-end"
        | "office:change-info" => Fate::Drop(&CHANGES),
        "office:scripts"
        | "office:event-listeners"
        | "text:script"
        | "text:execute-macro"
        | "presentation:event-listener" => Fate::Drop(&SCRIPT),
        "office:meta" => Fate::Drop(&META),
        "office:settings" => Fate::Drop(&SETTINGS),
        "office:dde-source"
        | "text:section-source"
        | "text:dde-connection-decls"
        | "text:alphabetical-index-auto-mark-file"
        | "table:table-source"
        | "table:cell-range-source"
        | "table:dde-links"
        | "table:database-source-sql"
        | "table:database-source-query"
        | "table:database-source-table"
        | "table:source-service"
        | "form:connection-resource"
        | "loext:external-data" => Fate::Drop(&SOURCE),
        "table:dependencies" => Fate::Drop(&SCENARIO),
        // Fields with a value out of the properties, which are removed: the text remains.
        "text:title"
        | "text:subject"
        | "text:description"
        | "text:keywords"
        | "text:creator"
        | "text:initial-creator"
        | "text:author-name"
        | "text:author-initials"
        | "text:printed-by"
        | "text:print-date"
        | "text:print-time"
        | "text:creation-date"
        | "text:creation-time"
        | "text:modification-date"
        | "text:modification-time"
        | "text:editing-cycles"
        | "text:editing-duration"
        | "text:user-defined"
        | "text:template-name"
        | "text:meta"
        | "text:meta-field"
        | "text:dde-connection"
        | "text:database-display"
        | "text:database-name"
        | "text:database-row-number"
        | "text:database-next"
        | "text:database-row-select"
        | "loext:content-control" => Fate::Unwrap,
        name if name.starts_with("text:sender-") => Fate::Unwrap,
        _ => Fate::Keep,
    }
}

/// Whether readers show the content of an element of another vocabulary, which is located in an element that
/// may contain text (ODF 1.3 part 3 §3.17).
pub(super) fn is_transparent(element: &Element, name: &str, is_in_text: bool) -> bool {
    let process = value(element, "office:process-content");
    name.starts_with(':') && (process == Some("true") || is_in_text && process != Some("false"))
}

/// Whether a field shows for ever what it shows now (ODF 1.3 part 3 §7.3.1).
pub(super) fn is_fixed(element: &Element, name: &str) -> bool {
    // As early versions of OpenOffice wrote it.
    let early = value(element, &format!("{name}-fixed"));
    early.or(value(element, "text:fixed")) == Some("true")
}

/// Whether an element is a field that shows who wrote the document, when, or where it was.
pub(super) fn is_telling_field(name: &str) -> bool {
    matches!(
        name,
        "text:creator"
            | "text:initial-creator"
            | "text:author-name"
            | "text:author-initials"
            | "text:printed-by"
            | "text:print-date"
            | "text:print-time"
            | "text:creation-date"
            | "text:creation-time"
            | "text:modification-date"
            | "text:modification-time"
            | "text:template-name"
            | "text:user-defined"
            | "text:editing-duration"
    ) || name.starts_with("text:sender-")
}

/// Parameters of form fields that readers show.
pub(super) const FIELD_PARAMS: &[&str] = &[
    "Checkbox_Checked",
    "DateField_CurrentDate",
    "DateField_DateFormat",
    "DateField_DateFormat_Language",
    "Dropdown_ListEntry",
    "Dropdown_Selected",
    "MaxLength",
];

/// Whether a field mark of this type is a form field; others contain field codes of Word, with paths.
pub(super) fn is_form_field(kind: &str) -> bool {
    let kind = kind.rsplit('.').next().unwrap_or_default();
    matches!(kind, "FORMTEXT" | "FORMCHECKBOX" | "FORMDROPDOWN" | "DATE")
}

/// Retained, or removed for this reason.
pub(super) fn kept_or(is_kept: bool, why: &'static Dropped) -> Fate {
    if is_kept { Fate::Keep } else { Fate::Drop(why) }
}

/// Whether characters between the tags of an element are shown.
pub(super) fn has_text(name: &str) -> bool {
    let Some((prefix, local)) = name.split_once(':') else {
        return false;
    };
    match prefix {
        "text" => !matches!(
            local,
            "list"
                | "list-item"
                | "list-header"
                | "section"
                | "table-of-content"
                | "index-body"
                | "index-title"
                | "note"
                | "note-body"
                | "page-sequence"
                | "numbered-paragraph"
                | "sequence-decls"
                | "variable-decls"
                | "user-field-decls"
                | "alphabetical-index"
                | "bibliography"
                | "illustration-index"
                | "object-index"
                | "table-index"
                | "user-index"
                | "notes-configuration"
                | "outline-style"
                | "outline-level-style"
                | "list-style"
                | "list-level-style-number"
                | "list-level-style-bullet"
                | "list-level-style-image"
        ),
        "svg" => matches!(local, "title" | "desc"),
        "number" | "math" | "presentation" => true,
        "table" => matches!(local, "title" | "desc"),
        "loext" => matches!(
            local,
            "p" | "h" | "text" | "span" | "fill-character" | "page-name" | "content-control"
        ),
        "office" => local == "binary-data",
        "form" => local == "textarea",
        _ => false,
    }
}

/// Whether an attribute names an element or refers to one by such a name.
pub(super) fn is_identity(name: &str) -> bool {
    matches!(
        name,
        "xml:id"
            | "draw:id"
            | "text:id"
            | "form:id"
            | "text:continue-list"
            | "draw:control"
            | "draw:start-shape"
            | "draw:end-shape"
            | "draw:caption-id"
            | "draw:shape-id"
            | "form:for"
            | "smil:targetElement"
            | "anim:id"
            | "presentation:control"
    )
}
