//! Which declarations may apply to an element, as far as it takes to tell whether something may be hidden:
//! conditions of combinators are taken as met, and rules under conditions of media as not met.

use std::collections::HashMap;

use super::css::{self, Rule, Token};
use super::names::{self, Value, holds};
use super::tree::{Element, is_space};
use super::values;
use crate::bytes::Context;
use crate::model::Result;

/// States that a drawing is not in when it is opened.
const LATER: &str = "hover active focus focus-within focus-visible target checked visited before after selection \
    -moz-selection";

type Declared = Vec<(String, String)>;

/// The rules of a drawing by what the element that they are for has: `#id`, `.class`, its name, or `*`.
pub(super) struct Styles {
    rules: HashMap<String, Declared>,
    moves: bool,
}

impl Styles {
    /// Of all style sheets.
    ///
    /// # Errors
    /// As for the style sheets themselves.
    pub(super) fn of(root: &Element, cx: &Context<'_>) -> Result<Self> {
        let mut reader = Reader::default();
        reader.element(root, cx)?;
        let in_order = |read: HashMap<_, usize>| {
            let mut read: Vec<_> = read.into_iter().collect();
            read.sort_by_key(|(_, at)| *at);
            read.into_iter().map(|(declared, _)| declared).collect()
        };
        let rules = reader.rules.into_iter();
        Ok(Self {
            rules: rules.map(|(key, read)| (key, in_order(read))).collect(),
            moves: reader.moves,
        })
    }

    /// Whether a style animates something.
    pub(super) fn moves(&self) -> bool {
        self.moves
    }

    /// Names and values that are declared for an element, those that count more behind the others.
    ///
    /// # Errors
    /// When there are more than the limits allow.
    pub(super) fn declared(&self, element: &Element, cx: &Context<'_>) -> Result<Declared> {
        let attributes = element.attributes.iter().filter(|it| {
            matches!(names::attribute(&it.name), Some(Value::Property)) || it.name == "fill"
        });
        let mut all: Declared = attributes
            .map(|it| (it.name.clone(), plain(&it.value).to_owned()))
            .collect();
        if !self.rules.is_empty() {
            let classes = element.get("class").unwrap_or_default().split(is_space);
            let classes = classes.filter(|class| !class.is_empty());
            let keys = ["*".to_owned(), element.name.clone()]
                .into_iter()
                .chain(classes.map(|class| format!(".{class}")))
                .chain(element.get("id").map(|id| format!("#{id}")));
            for key in keys {
                for declared in self.rules.get(&key).into_iter().flatten() {
                    cx.item()?;
                    all.push(declared.clone());
                }
            }
        }
        let style = element.get("style").unwrap_or_default().split(';');
        let style = style.filter_map(|one| one.split_once(':'));
        all.extend(style.map(|(name, value)| (name.trim().to_owned(), plain(value).to_owned())));
        Ok(all)
    }
}

/// Reads style sheets.
#[derive(Default)]
struct Reader {
    /// For each key its declarations once each, with the place of the last one that says the same: a sheet
    /// may say it for thousands of selectors.
    rules: HashMap<String, HashMap<(String, String), usize>>,
    count: usize,
    moves: bool,
}

impl Reader {
    fn element(&mut self, element: &Element, cx: &Context<'_>) -> Result<()> {
        let style = element.get("style").unwrap_or_default();
        self.moves |= style.contains("animation") || style.contains("offset-path");
        if element.name == "style" && values::is_applied(element, cx)? {
            let (tokens, _) = css::tokens(&element.text(), cx)?;
            self.add(&css::rules(&tokens, cx, 0)?, cx)?;
        }
        element
            .elements()
            .try_for_each(|inner| self.element(inner, cx))
    }

    fn add(&mut self, rules: &[Rule], cx: &Context<'_>) -> Result<()> {
        for rule in rules {
            cx.item()?;
            match rule {
                Rule::Style(selector, body) => {
                    let declared: Declared = body
                        .iter()
                        .map(|one| {
                            let mut value = String::new();
                            css::write(&css::spell(&one.name, &one.value), &mut value);
                            (one.name.clone(), plain(&value).to_owned())
                        })
                        .collect();
                    self.moves |= declared.iter().any(|(name, value)| {
                        (name.starts_with("animation") || name == "offset-path") && value != "none"
                    });
                    for key in keys(selector) {
                        cx.item()?;
                        let read = self.rules.entry(key).or_default();
                        for one in &declared {
                            cx.item()?;
                            self.count = self.count.saturating_add(1);
                            read.insert(one.clone(), self.count);
                        }
                    }
                }
                Rule::Group(name, _, inner) if name == "supports" => self.add(inner, cx)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// A value without what says how much it counts.
fn plain(value: &str) -> &str {
    value.trim().trim_end_matches("!important").trim_end()
}

/// What the elements have that a list of selectors may be for: of each selector the last part counts.
fn keys(selector: &[Token]) -> Vec<String> {
    let mut keys = Vec::new();
    for one in css::split(selector) {
        let (mut key, mut rank, mut open, mut later) = ("*".to_owned(), 0, 0_usize, false);
        let mut before = &Token::Space;
        for token in css::trim(one) {
            match token {
                Token::Function(_) | Token::Delim('(' | '[') => open = open.saturating_add(1),
                Token::Delim(')' | ']') => open = open.saturating_sub(1),
                _ if open > 0 => {}
                Token::Space | Token::Delim('>' | '+' | '~') => {
                    (key, rank) = ("*".to_owned(), 0);
                }
                Token::Hash(id) => (key, rank) = (format!("#{id}"), 3),
                Token::Ident(name) if *before == Token::Delim(':') => {
                    later |= holds(LATER, &name.to_ascii_lowercase());
                    if name == "root" && rank < 1 {
                        (key, rank) = ("svg".to_owned(), 1);
                    }
                }
                Token::Ident(name) if *before == Token::Delim('.') && rank < 2 => {
                    (key, rank) = (format!(".{name}"), 2);
                }
                Token::Ident(name) if rank < 1 => (key, rank) = (name.clone(), 1),
                _ => {}
            }
            before = token;
        }
        if !later {
            keys.push(key);
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;
    use crate::bytes::testing::with_context;

    #[test]
    fn what_many_selectors_say_alike_is_held_once() {
        let sheet: String = (0..2000)
            .map(|n| format!(".c{n} rect {{fill: red}} .d{n} rect {{fill: blue}}"))
            .collect();
        let file = format!(
            "<svg xmlns='{}'><style>{sheet}</style><rect/></svg>",
            tree::SVG
        );
        let declared = with_context(|cx| {
            let root = tree::parse(&file, cx)?.root;
            let rect = root.elements().last().unwrap().clone();
            Styles::of(&root, cx)?.declared(&rect, cx)
        });
        let of = |value: &str| ("fill".to_owned(), value.to_owned());
        assert_eq!(declared.unwrap(), [of("red"), of("blue")]);
    }
}
