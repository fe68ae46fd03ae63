//! What drawings need of CSS beside its syntax: which values a standard defines, and one spelling of each.

pub(super) use crate::containers::css::*;

use super::{names, words};

/// Whether the value of a property, or of an attribute, consists of what the standards define. What does
/// not is ignored by every program.
pub(super) fn is_standard(property: &str, value: &[Token]) -> bool {
    let names = names::holds_names(property) || property.starts_with("--");
    let features = property.ends_with("-settings") || property.ends_with("-override");
    // `U+0025-00FF`
    let is_range = property == "unicode-range";
    let animated = property.contains("transition") || property == "will-change";
    // The first word of `icc-color(` is the name of a profile.
    let profile = |index: usize| {
        let before = index.checked_sub(1).and_then(|index| value.get(index));
        matches!(before, Some(Token::Function(name)) if name.eq_ignore_ascii_case("icc-color"))
    };
    (!value.is_empty() || property.starts_with("--"))
        && is_balanced(value)
        && value.iter().enumerate().all(|(index, token)| match token {
            Token::Ident(word) => {
                (names && !features && !is_range)
                    || (is_range && is_range_word(word))
                    || profile(index)
                    || word.starts_with("--")
                    || words::is_keyword(word)
                    || (animated && names::is_property(word))
            }
            Token::Function(name) => words::is_function(name),
            Token::Hash(digits) => {
                matches!(digits.len(), 3 | 4 | 6 | 8)
                    && digits.bytes().all(|b| b.is_ascii_hexdigit())
            }
            Token::Text(text) if features => {
                text.len() <= 4 && text.bytes().all(|b| b.is_ascii_alphanumeric())
            }
            Token::Text(_) => names && !is_range,
            Token::Number(_, unit) => words::is_unit(unit) || (is_range && is_range_word(unit)),
            Token::Delim(c) => ",;/+-*%:=!()?<>".contains(*c),
            Token::Url(_) | Token::Space => true,
            Token::At(_) | Token::Bad => false,
        })
}

/// `U` of `U+26`, and `FF-1FF` of `U+FF-1FF`
fn is_range_word(word: &str) -> bool {
    let hexadecimal = word.len() <= 13 && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    word.eq_ignore_ascii_case("u") || hexadecimal
}

/// Families that every program has, or that stand for another value.
const GENERIC: &str = "serif sans-serif monospace cursive fantasy system-ui ui-serif ui-sans-serif ui-monospace \
    ui-rounded math emoji fangsong inherit initial unset revert";

/// The one family that a piece of `font-family` names, in lower case; `None` for generic ones.
pub(super) fn family(tokens: &[Token]) -> Option<String> {
    let mut words = Vec::new();
    match trim(tokens) {
        [Token::Text(name)] => return Some(name.trim_matches(is_white).to_lowercase()),
        tokens => {
            for token in tokens {
                match token {
                    Token::Ident(word) => words.push(word.to_lowercase()),
                    Token::Space => {}
                    _ => return None,
                }
            }
        }
    }
    let name = words.join(" ");
    (!name.is_empty() && !names::holds(GENERIC, &name)).then_some(name)
}

/// The same value in one spelling: white space where it parts words, short numbers, small digits of colours.
pub(super) fn spell(property: &str, tokens: &[Token]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let glues =
        |token: &Token| matches!(token, Token::Delim(',' | '!' | ':' | ';' | '<' | '>' | '='));
    let opens = |token: &Token| matches!(token, Token::Function(_) | Token::Delim('(' | '['));
    for token in tokens {
        if glues(token) || matches!(token, Token::Delim(')' | ']')) {
            while out.last() == Some(&Token::Space) {
                out.pop();
            }
        }
        let after = out
            .last()
            .is_none_or(|before| glues(before) || opens(before));
        let apart = property != "unicode-range";
        if apart && out.last().is_some_and(|before| runs_into(before, token)) {
            out.push(Token::Space);
        }
        match token {
            Token::Space if after => {}
            Token::Number(number, unit) if property != "unicode-range" => {
                let number = super::shapes::number(number);
                out.push(Token::Number(number, unit.to_ascii_lowercase()));
            }
            Token::Hash(digits) => out.push(Token::Hash(digits.to_ascii_lowercase())),
            token => out.push(token.clone()),
        }
    }
    while out.last() == Some(&Token::Space) {
        out.pop();
    }
    out
}

/// Whether two tokens that stood apart without white space, by a comment or by what they were before one of
/// them was given another name, would be read as one.
fn runs_into(before: &Token, token: &Token) -> bool {
    use Token::{Function, Hash, Ident, Number, Text, Url};
    match (before, token) {
        // `1.0.5` are two numbers.
        (Number(_, unit), Number(number, _)) => {
            !unit.is_empty() || !super::shapes::number(number).starts_with('-')
        }
        (
            Ident(_) | Hash(_) | Number(..) | Text(_),
            Ident(_) | Function(_) | Url(_) | Number(..) | Text(_),
        ) => true,
        _ => false,
    }
}
