//! Fields of Word (ISO/IEC 29500-1 §17.16): what they show stays, paths in their instructions do not.

use crate::containers::xml::tree::{Element, Node};

use super::filter::Filter;
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
    "MACROBUTTON",
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

impl Filter<'_> {
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
