//! Which values properties may have on an element (CSS Cascade 4), as far as it takes to tell whether
//! something may be hidden: combinators and conditions are taken as met.

use std::collections::HashMap;

use super::css::{self, Rule, Token};
use super::names::holds;
use super::tree::{Element, is_space};
use super::values;
use crate::bytes::Context;
use crate::model::Result;

/// Properties that decide on whether something is seen.
const SEEING: &str = "display visibility opacity fill stroke fill-opacity stroke-opacity stroke-width font font-size \
    clip-path mask filter transform transform-origin transform-box translate rotate scale offset-path animation \
    animation-name text-anchor overflow x y width height r cx cy rx ry d";

/// States that a drawing is not in when it is opened.
const LATER: &str = "hover active focus focus-within focus-visible target checked visited";

/// The rules of a drawing by what the element that they are for has: `#id`, `.class`, its name, or `*`.
#[derive(Default)]
pub(super) struct Cascade(HashMap<String, Vec<(String, String)>>);

impl Cascade {
    /// Of all style sheets.
    ///
    /// # Errors
    /// As for the style sheets themselves.
    pub(super) fn of(root: &Element, cx: &Context<'_>) -> Result<Self> {
        let mut cascade = Self::default();
        cascade.element(root, cx)?;
        Ok(cascade)
    }

    fn element(&mut self, element: &Element, cx: &Context<'_>) -> Result<()> {
        if element.name == "style" && values::is_applied(element, cx)? {
            let (tokens, _) = css::tokens(&element.text(), cx)?;
            self.rules(&css::rules(&tokens, cx, 0)?, cx)?;
        }
        for inner in element.elements() {
            self.element(inner, cx)?;
        }
        Ok(())
    }

    fn rules(&mut self, rules: &[Rule], cx: &Context<'_>) -> Result<()> {
        for rule in rules {
            cx.item()?;
            match rule {
                Rule::Style(selector, body) => {
                    let seeing = body.iter().filter(|one| holds(SEEING, &one.name));
                    let seeing: Vec<(String, String)> = seeing
                        .map(|one| {
                            let mut value = String::new();
                            css::write(&css::spell(&one.name, &one.value), &mut value);
                            (one.name.clone(), plain(&value).to_owned())
                        })
                        .collect();
                    if seeing.is_empty() {
                        continue;
                    }
                    for key in keys(selector) {
                        cx.item()?;
                        self.0.entry(key).or_default().extend_from_slice(&seeing);
                    }
                }
                Rule::Group(name, _, inner) if !name.ends_with("keyframes") => {
                    self.rules(inner, cx)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// All that is said of an element itself.
    pub(super) fn values<'a>(&'a self, element: &'a Element) -> Values<'a> {
        let style = element.get("style").unwrap_or_default().split(';');
        let mut values = Values {
            element,
            style: style.filter_map(|one| one.split_once(':')).collect(),
            rules: Vec::new(),
        };
        if self.0.is_empty() {
            return values;
        }
        let classes = element.get("class").unwrap_or_default().split(is_space);
        let keys = classes
            .filter(|class| !class.is_empty())
            .map(|class| format!(".{class}"))
            .chain(element.get("id").map(|id| format!("#{id}")))
            .chain([element.name.clone(), "*".to_owned()]);
        for key in keys {
            values.rules.extend(self.0.get(&key).into_iter().flatten());
        }
        values
    }
}

/// What style sheets, the style and the attributes of an element say.
pub(super) struct Values<'a> {
    element: &'a Element,
    style: Vec<(&'a str, &'a str)>,
    rules: Vec<&'a (String, String)>,
}

impl<'a> Values<'a> {
    /// The values that a property may have.
    pub(super) fn of(&self, name: &str) -> Vec<&'a str> {
        let mut declared = self.style.iter().filter(|(known, _)| *known == name);
        if let Some((_, value)) = declared.next_back() {
            return vec![plain(value)];
        }
        let rules = self.rules.iter().filter(|(known, _)| known == name);
        let attribute = self.element.get(name).map(plain);
        let rules = rules.map(|(_, value)| value.as_str());
        attribute.into_iter().chain(rules).collect()
    }

    /// Whether it may have such a value.
    pub(super) fn any(&self, name: &str, wanted: impl Fn(&str) -> bool) -> bool {
        self.of(name).into_iter().any(wanted)
    }

    /// Whether it may have a value at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.any(name, |value| value != "none")
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
