//! Fields of Word (ISO/IEC 29500-1 §17.16): what they show stays, paths in their instructions do not.

use crate::containers::xml::tree::{Element, Node};

use super::filter::Filter;
use super::names::{is, value};
use super::report as kind;

#[derive(Debug, Default)]
pub(super) struct Field {
    pub(super) instruction: String,
    pub(super) is_result: bool,
}

/// Fields whose instruction names a file.
const WITH_FILE: &[&str] = &[
    "INCLUDEPICTURE",
    "INCLUDETEXT",
    "IMPORT",
    "INCLUDE",
    "LINK",
    "DDE",
    "DDEAUTO",
    "RD",
    "DATABASE",
    "GLOSSARY",
    "AUTOTEXT",
];

/// Fields that show who, when or from where (§17.16.5).
const TELLING: &[&str] = &[
    "AUTHOR",
    "USERNAME",
    "USERINITIALS",
    "USERADDRESS",
    "LASTSAVEDBY",
    "FILENAME",
    "TEMPLATE",
    "CREATEDATE",
    "SAVEDATE",
    "PRINTDATE",
    "EDITTIME",
    "DOCPROPERTY",
    "INFO",
];

/// Other fields that show a property of the document, which a copy does not have.
const PROPERTIES: &[&str] = &["TITLE", "SUBJECT", "KEYWORDS", "COMMENTS", "DOCVARIABLE"];

/// The leaves of a paragraph in order, and which of them belong to fields that are replaced by their results.
#[derive(Default)]
struct Leaves {
    count: usize,
    open: Vec<Begun>,
    /// First and last leaf of what is removed.
    removed: Vec<(usize, usize)>,
    instructions: Vec<String>,
}

/// A field that has begun.
struct Begun {
    start: usize,
    separate: Option<usize>,
    instruction: String,
}

impl Leaves {
    fn look(&mut self, element: &Element) {
        for inner in element.elements() {
            if !is(element, "w", "r") {
                self.look(inner);
                continue;
            }
            let at = self.count;
            self.count = at.saturating_add(1);
            if is(inner, "w", "instrText") {
                if let Some(field) = self.open.last_mut() {
                    field.instruction.push_str(&inner.text());
                }
            } else if is(inner, "w", "fldChar") {
                self.mark(at, value(inner, "w", "fldCharType").unwrap_or_default());
            }
        }
    }

    fn mark(&mut self, at: usize, kind: &str) {
        match kind {
            "begin" => self.open.push(Begun {
                start: at,
                separate: None,
                instruction: String::new(),
            }),
            "separate" => {
                if let Some(field) = self.open.last_mut() {
                    field.separate = Some(at);
                }
            }
            "end" => {
                let Some(field) = self.open.pop() else { return };
                // Inside the instruction of another field, the result is a part of it.
                let is_shown = self.open.iter().all(|outer| outer.separate.is_some());
                if is_shown && is_replaced(&field.instruction) {
                    let end = field.separate.unwrap_or(at);
                    self.removed.push((field.start, end));
                    self.removed.push((at, at));
                    self.instructions.push(field.instruction);
                }
            }
            _ => {}
        }
    }

    fn cut(&mut self, element: &mut Element) {
        let is_run = is(element, "w", "r");
        element.children.retain_mut(|node| {
            let Node::Element(inner) = node else {
                return true;
            };
            if !is_run {
                self.cut(inner);
                return true;
            }
            let at = self.count;
            self.count = at.saturating_add(1);
            !self
                .removed
                .iter()
                .any(|(start, end)| (*start..=*end).contains(&at))
                || is(inner, "w", "rPr")
        });
    }
}

/// Whether a copy has what the field shows instead of the field.
pub(super) fn is_replaced(instruction: &str) -> bool {
    let word = keyword(instruction).to_uppercase();
    let word = word.as_str();
    TELLING.contains(&word) || PROPERTIES.contains(&word) || names_file(instruction)
}

impl Filter<'_> {
    /// Replaces fields of a paragraph by their results where they show what a copy does not have.
    pub(super) fn unlink(&mut self, paragraph: &mut Element) {
        let mut leaves = Leaves::default();
        leaves.look(paragraph);
        if leaves.removed.is_empty() {
            return;
        }
        for instruction in std::mem::take(&mut leaves.instructions) {
            self.replaced(&instruction);
        }
        leaves.count = 0;
        leaves.cut(paragraph);
    }

    /// Reports a field that is replaced by its result.
    pub(super) fn replaced(&mut self, instruction: &str) {
        if names_file(instruction) {
            self.report
                .tell(kind::INSTRUCTION, self.place, instruction.trim());
        }
        self.telling(instruction);
    }

    /// `w:instrText`: a path in it is not shown, only its result.
    pub(super) fn instruction(&mut self, made: &mut Element) {
        let text = made.text();
        let before = match self.fields.last_mut() {
            Some(field) => {
                let before = field.instruction.len();
                field.instruction.push_str(&text);
                before
            }
            None => 0,
        };
        let whole = self
            .fields
            .last()
            .map_or(text.clone(), |field| field.instruction.clone());
        if !names_file(&whole) {
            return;
        }
        let word = keyword(&whole);
        let had_word = whole
            .get(..before)
            .is_some_and(|before| before.contains(word) && !word.is_empty());
        let kept = if had_word {
            String::new()
        } else {
            format!(" {word} ")
        };
        if text.trim() == kept.trim() {
            return;
        }
        self.report.tell(kind::INSTRUCTION, self.place, text.trim());
        made.children = vec![Node::Text(kept)];
    }

    /// The instruction of the innermost field is complete.
    pub(super) fn shows(&mut self) {
        if let Some(field) = self.fields.last() {
            let instruction = field.instruction.clone();
            self.telling(&instruction);
        }
    }

    pub(super) fn telling(&mut self, instruction: &str) {
        let word = keyword(instruction).to_uppercase();
        if TELLING.contains(&word.as_str()) {
            self.report.leave(kind::FIELD, self.place, &word);
        }
    }
}

pub(super) fn keyword(instruction: &str) -> &str {
    instruction.split_whitespace().next().unwrap_or_default()
}

pub(super) fn names_file(instruction: &str) -> bool {
    let word = keyword(instruction).to_uppercase();
    let mut rest = instruction.split_whitespace().skip(1).peekable();
    if WITH_FILE.contains(&word.as_str()) {
        return rest.peek().is_some();
    }
    word == "HYPERLINK"
        && (instruction.contains("file:")
            || instruction.contains(":\\")
            || instruction.contains("\\\\\\\\"))
}
