//! The document type declaration (XML 1.0 §2.8, §4.2): entities that the document brings along.

use std::collections::HashMap;

use super::NAME;
use super::tree::{SVG, XLINK};
use crate::bytes::Context;
use crate::model::{Error, Result, len_u64};

/// What a reference stands for.
#[derive(Debug)]
pub(super) enum Entity {
    /// This text, character references in it expanded.
    Text(String),
    /// Something in another file.
    Elsewhere,
}

/// What a declaration says.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// General entities by name.
    pub(super) entities: HashMap<String, Entity>,
    /// URIs of namespaces that it declares for attributes of the root.
    pub(super) namespaces: Vec<String>,
}

/// Reads a declaration.
///
/// # Errors
/// [`Error::Unsupported`] for declarations that change the document in other ways; the budget's.
pub(super) fn read(doctype: &str, cx: &Context<'_>) -> Result<Declared> {
    let mut declared = Declared::default();
    let Some((_, subset)) = doctype.split_once('[') else {
        return Ok(declared);
    };
    let mut rest = Rest(subset);
    loop {
        cx.item()?;
        rest.space();
        if rest.0.is_empty() || rest.0.starts_with(']') {
            return Ok(declared);
        } else if rest.skip("<!--") {
            rest.behind("-->")?;
        } else if rest.skip("<?") {
            rest.behind("?>")?;
        } else if rest.skip("<!ENTITY") {
            rest.space();
            if rest.0.starts_with('%') {
                return Err(Error::unsupported("entities of the document type itself"));
            }
            let name = rest.word().to_owned();
            rest.space();
            let entity = match rest.quoted()? {
                Some(text) => {
                    cx.memory(len_u64(text.len()))?;
                    Entity::Text(literal(text)?)
                }
                None => Entity::Elsewhere,
            };
            rest.declaration()?;
            // The first declaration counts.
            declared.entities.entry(name).or_insert(entity);
        } else if rest.skip("<!ATTLIST") {
            for default in rest.declaration()? {
                if !matches!(default, SVG | XLINK) {
                    return Err(Error::unsupported(
                        "attributes that stand in the document type only",
                    ));
                }
                declared.namespaces.push(default.to_owned());
            }
        } else if rest.skip("<!ELEMENT") || rest.skip("<!NOTATION") {
            rest.declaration()?;
        } else {
            return Err(Error::unsupported("an unusual document type"));
        }
    }
}

/// Character references in the text of an entity are expanded where it is declared (XML 1.0 §4.4).
fn literal(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("&#") {
        out.push_str(before);
        let (digits, behind) = behind.split_once(';').ok_or_else(broken)?;
        let number = match digits.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => digits.parse(),
        };
        out.push(number.ok().and_then(char::from_u32).ok_or_else(broken)?);
        rest = behind;
    }
    if rest.contains('%') && rest.split('%').skip(1).any(|after| after.contains(';')) {
        return Err(Error::unsupported("entities of the document type itself"));
    }
    out.push_str(rest);
    Ok(out)
}

fn broken() -> Error {
    Error::malformed(NAME, 0, "the document type is damaged")
}

struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn space(&mut self) {
        self.0 = self.0.trim_start_matches(super::tree::is_space);
    }

    fn skip(&mut self, start: &str) -> bool {
        self.0
            .strip_prefix(start)
            .map(|rest| self.0 = rest)
            .is_some()
    }

    fn behind(&mut self, end: &str) -> Result<()> {
        self.0 = self.0.split_once(end).ok_or_else(broken)?.1;
        Ok(())
    }

    fn word(&mut self) -> &'a str {
        let end = self.0.find(|c| super::tree::is_space(c) || c == '>');
        let (word, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        word
    }

    /// A text in quotes, if one stands here.
    fn quoted(&mut self) -> Result<Option<&'a str>> {
        let Some(quote) = self.0.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            return Ok(None);
        };
        let behind = self.0.get(1..).unwrap_or_default();
        let (text, rest) = behind.split_once(quote).ok_or_else(broken)?;
        self.0 = rest;
        Ok(Some(text))
    }

    /// Moves behind the `>` of a declaration; the texts in quotes that it held.
    fn declaration(&mut self) -> Result<Vec<&'a str>> {
        let mut quotes = Vec::new();
        loop {
            let end = self.0.find(['"', '\'', '>']).ok_or_else(broken)?;
            self.0 = self.0.get(end..).unwrap_or_default();
            if self.skip(">") {
                return Ok(quotes);
            }
            quotes.extend(self.quoted()?);
        }
    }
}
