//! What a document gives away, collected while its parts are read.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Category, Finding, Found, Role, Severity, Untrusted, Value};

/// A kind of finding.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub(super) id: &'static str,
    pub(super) what: &'static str,
    pub(super) is_secret: bool,
    pub(super) category: Category,
    pub(super) severity: Severity,
    pub(super) role: Wrapped,
}

/// A role in an order, which the model does not give it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrapped(pub(super) Role);

impl PartialOrd for Wrapped {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Wrapped {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

macro_rules! kinds {
    ($($name:ident: $id:literal $category:ident $severity:ident $role:ident $secret:literal $what:literal;)*) => {
        $(pub(super) const $name: &Kind = &Kind {
            id: $id,
            what: $what,
            is_secret: $secret,
            category: Category::$category,
            severity: Severity::$severity,
            role: Wrapped(Role::$role),
        };)*
    };
}

kinds! {
    PERSON: "ox.core" Person High PersonName true "a person who wrote, changed or manages the document";
    COMPANY: "ox.core" Person High PersonName true "company or organisation";
    PROGRAM: "ox.core" Device Medium Software false "program and version";
    TIMES: "ox.core" Time Medium OtherTime true "when the document was made, changed or printed";
    TEXTS: "ox.core" Person Medium Text true "title, subject, keywords or description in the properties";
    TEMPLATE: "ox.settings" History High Path true "template, with the folder it is in";
    CUSTOM: "ox.core" History Medium Text true "property that a program or an organisation has added";
    PROPERTIES: "ox.core" Device Low Other false "properties of the document";
    LABELS: "ox.labels" Person High Other false "label that names the organisation's account";
    THUMBNAIL: "ox.core" Image High Thumbnail false "small picture of the first page";
    SESSIONS: "ox.rsid" History Low LinkId false "ids of editing sessions";
    IDS: "ox.ids" History Low LinkId false "ids of paragraphs, shapes or the document, which link it with other versions";
    CHANGE_PERSON: "ox.docx.changes" Person High PersonName true "a person who made a tracked change";
    CHANGE_TIME: "ox.docx.changes" Time Medium OtherTime true "when a tracked change was made";
    DELETED: "ox.docx.changes" History High Text false "text that is marked as deleted or moved away";
    CHANGE: "ox.docx.changes" History High Other false "tracked changes of text, rows or formatting";
    COMMENT: "ox.comments" History High Text true "comments";
    COMMENT_PERSON: "ox.comments" Person High PersonName true "a person who wrote a comment";
    COMMENT_ANCHOR: "ox.comments" History Low Other false "marks of comments in the text";
    PEOPLE: "ox.comments" Person High PersonName true "a person or account that worked on the document";
    HISTORY: "ox.ppt.history" History High Other false "a list of changes, with the persons who made them";
    SETTINGS: "ox.settings" History Medium Other false "settings of the program that do not change how it looks";
    MAIL_MERGE: "ox.settings" History High Other false "source of a mail merge";
    PROTECTION: "ox.settings" Person Medium Other false "check sum of a password, or names of persons who may edit";
    SPELLING: "ox.settings" History Low Other false "marks of the spelling checker and the cursor";
    PRINTER: "ox.settings" Device High Other true "printer and its settings";
    PATH: "ox.path" History High Path true "path or file name on another computer";
    LINK: "ox.link" History High Path true "link to a file on another computer";
    EXTERNAL: "ox.xlsx.external" History High Path false "formulas that refer to other files; their values are retained";
    CONNECTION: "ox.xlsx.workbook" History High Path true "connection to a database or another file";
    PIVOT_PERSON: "ox.xlsx.workbook" Person High PersonName true "a person who refreshed a pivot table";
    PIVOT: "ox.xlsx.workbook" History High Other false "source data of pivot tables";
    WORKBOOK: "ox.xlsx.workbook" History Medium Other false "data of the workbook that no sheet shows";
    ORPHAN: "ox.xlsx.strings" History High Text false "texts of deleted cells";
    CUSTOM_XML: "ox.customxml" History Medium Other false "data of other programs (custom XML)";
    TAG: "ox.smarttag" Person Medium Other false "marks of persons, places, dates or form data in the text";
    OBJECT: "ox.embedded" History High Other false "embedded object of another program, of which only the picture is retained";
    LAYER: "ox.media" Image High Picture false "the picture before an artistic effect";
    FILM: "ox.media" Image High Other false "a sound or film that cannot be cleaned";
    TIMING: "ox.media" Unknown Low Other false "animations of a slide whose sound or film is removed";
    DANGLING: "ox.unused" Unknown Low Other false "a reference to a part that is not in the document";
    CACHED: "ox.xlsx.external" History High Text false "values of cells in another file";
    DESCRIPTION: "ox.drawing.text" History High Path true "name or description of a picture that is a file name or path";
    GLOSSARY: "ox.embedded" History Medium Other false "building blocks that are stored with the document";
    UNKNOWN_PART: "ox.unknown" Unknown Low Other false "a part that is not needed to show the document";
    UNKNOWN: "ox.unknown" Unknown Low Other false "an element or attribute that is not known";
    MARKUP: "ox.markup" Device Low Other false "how the document is spelled: spelling of XML, order and names of parts";
    PART_NAME: "ox.names" History Medium Path true "name of a file in the document that Office does not give";
    SIGNATURE: "ox.signature" Person High Other false "digital signature";
    INSTRUCTION: "ox.fields" History High Path true "path in a field";
    ANCHORED: "ox.unused" Image High Other false "a part that only deleted content shows";
    // What is left.
    HIDDEN_TEXT: "ox.hidden.text" History High Text false "hidden text in the document";
    HIDDEN_SLIDE: "ox.hidden.slide" History High Other false "a hidden slide";
    HIDDEN_SHEET: "ox.hidden.sheet" History High Other false "a hidden sheet";
    HIDDEN_CELLS: "ox.hidden.cells" History Medium Other false "hidden rows or columns";
    HIDDEN_SHAPE: "ox.hidden.shape" History High Text false "a shape or picture that is hidden";
    HIDDEN_FORMULA: "ox.hidden.sheet" History Low Other false "formulas that refer to hidden cells; their values are retained";
    HIDDEN_CHOICE: "ox.hidden.sheet" History Low Other false "choices from a hidden sheet, and links to it";
    OFF_SLIDE: "ox.hidden.outside" History Medium Other false "something beside the slide that is not shown";
    NOTES: "ox.hidden.notes" History High Text false "speaker notes";
    CROP: "ox.media.crop" Image High Picture false "a picture of which a part is cut off only for the eye; the rest is still in the file";
    FIELD: "ox.field.shown" Person High Text false "a field that shows the author, a file name, a path or a date of the document";
    MACROS: "ox.macros" History High Other false "macros, which can contain names and paths";
    NOT_SHOWN: "ox.media.gone" Image Medium Other false "a picture, sound or font that could not be cleaned; the copy does not show it";
}

/// Values of one kind that are reported one by one.
const MOST: usize = 12;

/// Findings of one document, counted.
#[derive(Debug, Default)]
pub(super) struct Report {
    found: BTreeMap<(&'static Kind, String), Entry>,
    left: BTreeMap<(&'static Kind, String), Entry>,
    /// What was found inside parts.
    pub(super) inside: Found,
    pub(super) inside_left: Vec<Finding>,
}

#[derive(Debug, Default)]
struct Entry {
    count: u64,
    values: BTreeSet<String>,
}

impl Report {
    /// Something that is removed from this part.
    pub(super) fn tell(&mut self, kind: &'static Kind, place: &str, value: &str) {
        note(&mut self.found, kind, place, value);
    }

    /// Something that is retained in this part.
    pub(super) fn leave(&mut self, kind: &'static Kind, place: &str, value: &str) {
        note(&mut self.left, kind, place, value);
    }

    /// Findings, and what is left.
    pub(super) fn finish(self) -> (Found, Vec<Finding>) {
        let mut found = Found::default();
        for ((kind, place), entry) in self.found {
            for finding in findings(kind, &place, &entry) {
                if kind.is_secret {
                    found.add(finding);
                } else {
                    found.findings.push(finding);
                }
            }
        }
        found.extend(self.inside);
        let mut left: Vec<Finding> = Vec::new();
        for ((kind, place), entry) in self.left {
            left.extend(findings(kind, &place, &entry));
        }
        left.extend(self.inside_left);
        (found, left)
    }
}

fn note(
    entries: &mut BTreeMap<(&'static Kind, String), Entry>,
    kind: &'static Kind,
    place: &str,
    value: &str,
) {
    let entry = entries.entry((kind, place.to_owned())).or_default();
    entry.count = entry.count.saturating_add(1);
    let value = value.trim();
    if !value.is_empty() && entry.values.len() < MOST {
        entry.values.insert(value.chars().take(200).collect());
    }
}

fn findings(kind: &'static Kind, place: &str, entry: &Entry) -> Vec<Finding> {
    let make =
        || Finding::new(kind.id, kind.category, kind.severity, place, kind.what).role(kind.role.0);
    if entry.values.is_empty() {
        return vec![make()];
    }
    let value = |value: &String| match kind.category {
        Category::Time => make().value(Value::Time(Untrusted::new(value.clone()))),
        _ => make().text(value.clone()),
    };
    entry.values.iter().map(value).collect()
}
