//! Style sheets: rules and properties that a standard defines are written again; comments and everything else
//! are removed.

use super::look::{Look, Use};
use super::rules;
use crate::bytes::{Context, Source};
use crate::containers::css::{self, Declaration, Rule, Token};
use crate::containers::xml::encoding;
use crate::model::{Category, Error, Result, Severity, len_u64};

/// What is said of comments.
const COMMENT: &str = "a comment in a style sheet";

/// The text of a style sheet.
///
/// # Errors
/// Those of the budget; reading.
pub(super) fn decoded(content: &Source<'_>, cx: &Context<'_>) -> Result<String> {
    if content.len() > cx.limits().block {
        return Err(Error::LimitExceeded { limit: "block" });
    }
    cx.memory(content.len())?;
    let bytes = content.read(content.whole())?;
    Ok(match encoding::decode(&bytes) {
        Ok(text) => text.into_owned(),
        // As browsers read what is no UTF-8.
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    })
}

/// A style sheet as the copy has it.
///
/// # Errors
/// Those of the budget.
pub(super) fn sheet(text: &str, look: &mut Look<'_, '_>) -> Result<String> {
    let (tokens, comments) = css::tokens(text, look.cx)?;
    for comment in comments {
        look.say(
            "epub.comment",
            Category::Unknown,
            Severity::Medium,
            COMMENT,
            Some(&comment),
        )?;
    }
    let rules = match css::rules(&tokens, look.cx, 0) {
        Ok(rules) => rules,
        Err(Error::Unsupported { .. }) => {
            unknown(&tokens, look)?;
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let mut out = String::new();
    css::write_rules(&self::rules(rules, look)?, &mut out);
    Ok(out)
}

/// A `style` attribute as the copy has it.
///
/// # Errors
/// Those of the budget.
pub(super) fn attribute(text: &str, look: &mut Look<'_, '_>) -> Result<String> {
    let (tokens, comments) = css::tokens(text, look.cx)?;
    for comment in comments {
        look.say(
            "epub.comment",
            Category::Unknown,
            Severity::Medium,
            COMMENT,
            Some(&comment),
        )?;
    }
    let kept = match css::declarations(&tokens, look.cx) {
        Ok(all) => declarations(all, look)?,
        Err(Error::Unsupported { .. }) => {
            unknown(&tokens, look)?;
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let mut out = String::new();
    css::write_declarations(&kept, &mut out);
    Ok(out)
}

/// References in the value of an attribute of SVG: `url(#name)`.
///
/// # Errors
/// Those of the budget.
pub(super) fn value(text: &str, look: &mut Look<'_, '_>) -> Result<String> {
    let (tokens, _) = css::tokens(text, look.cx)?;
    let mut out = String::new();
    css::write(&without_gone(&tokens, look)?, &mut out);
    Ok(out)
}

fn rules(all: Vec<Rule>, look: &mut Look<'_, '_>) -> Result<Vec<Rule>> {
    let mut out = Vec::new();
    for rule in all {
        match rule {
            Rule::Style(selector, body) => {
                selected(&selector, look);
                out.push(Rule::Style(selector, declarations(body, look)?));
            }
            Rule::Block(name, prelude, body) => {
                let body = declarations(body, look)?;
                // A font without a file is none.
                if name != "font-face" || body.iter().any(|it| it.name == "src") {
                    out.push(Rule::Block(name, prelude, body));
                }
            }
            Rule::Group(name, prelude, body) => {
                out.push(Rule::Group(name, prelude, self::rules(body, look)?));
            }
            Rule::Other(name, prelude) if name == "import" => {
                let mut kept = Vec::with_capacity(prelude.len());
                let mut is_gone = prelude.is_empty();
                for (index, token) in prelude.into_iter().enumerate() {
                    kept.push(match token {
                        Token::Url(to) | Token::Text(to) if index == 0 => match look.shown(&to)? {
                            Use::Kept(to) => Token::Url(to),
                            Use::Gone => {
                                is_gone = true;
                                Token::Space
                            }
                        },
                        token => token,
                    });
                }
                if !is_gone {
                    out.push(Rule::Other(name, kept));
                }
            }
            Rule::Other(name, prelude) if name == "namespace" => {
                out.push(Rule::Other(name, prelude));
            }
            // A copy is UTF-8.
            Rule::Other(name, _) if name == "charset" => {}
            Rule::Other(_, tokens) => unknown(&tokens, look)?,
        }
    }
    Ok(out)
}

/// Classes and ids that a selector names.
fn selected(selector: &[Token], look: &mut Look<'_, '_>) {
    let mut before = &Token::Space;
    for token in selector {
        match (before, token) {
            (Token::Delim('.'), Token::Ident(name)) => {
                look.out.classes.insert(name.clone());
            }
            (_, Token::Hash(name)) => look.out.names(name),
            (Token::Delim('['), Token::Ident(name)) => match name.as_str() {
                "class" => look.out.any_class = true,
                "id" => look.out.any_id = true,
                _ => {}
            },
            _ => {}
        }
        before = token;
    }
}

fn declarations(all: Vec<Declaration>, look: &mut Look<'_, '_>) -> Result<Vec<Declaration>> {
    let mut out = Vec::with_capacity(all.len());
    for one in all {
        look.cx.item()?;
        if !rules::is_property(&one.name) || !css::is_balanced(&one.value) {
            let mut text = String::new();
            css::write_declarations(&[one], &mut text);
            say_unknown(&text, look)?;
            continue;
        }
        let keeps_rest = one.name.starts_with("background") || one.name.starts_with("list-style");
        let value = if keeps_rest {
            without_gone(&one.value, look)?
        } else {
            let mut kept: Vec<Token> = Vec::with_capacity(one.value.len());
            for part in css::split(&one.value) {
                let made = without_gone(part, look)?;
                let has_url = |tokens: &[Token]| {
                    tokens
                        .iter()
                        .filter(|it| matches!(it, Token::Url(_)))
                        .count()
                };
                if has_url(&made) == has_url(part) {
                    if !kept.is_empty() {
                        kept.push(Token::Delim(','));
                    }
                    kept.extend(made);
                }
            }
            kept
        };
        if !css::trim(&value).is_empty() {
            out.push(Declaration {
                name: one.name,
                value,
            });
        }
    }
    Ok(out)
}

/// The tokens without references to files that the copy does not have.
fn without_gone(tokens: &[Token], look: &mut Look<'_, '_>) -> Result<Vec<Token>> {
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        match token {
            Token::Url(to) => {
                if let Use::Kept(to) = look.shown(to)? {
                    out.push(Token::Url(to));
                }
            }
            token => out.push(token.clone()),
        }
    }
    Ok(out)
}

fn unknown(tokens: &[Token], look: &mut Look<'_, '_>) -> Result<()> {
    let mut text = String::new();
    css::write(tokens, &mut text);
    say_unknown(&text, look)
}

fn say_unknown(text: &str, look: &mut Look<'_, '_>) -> Result<()> {
    look.cx.memory(len_u64(text.len()))?;
    let what = "style rules that no standard defines";
    look.say(
        "epub.style",
        Category::Unknown,
        Severity::Low,
        what,
        Some(text),
    )
}
