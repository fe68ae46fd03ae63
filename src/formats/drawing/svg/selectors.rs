//! Selectors and media queries (Selectors 4, Media Queries 4): what they ask for, and their spelling.

use super::css::{Rule, Token, is_balanced, spell, trim};
use super::{names, words};

/// Whether a selector counts elements, or asks what stands beside one.
pub(super) fn counts(selector: &[Token]) -> bool {
    let mut open = 0usize;
    let mut after_colon = false;
    for token in selector {
        match token {
            Token::Delim('[') => open = open.saturating_add(1),
            Token::Delim(']') => open = open.saturating_sub(1),
            Token::Delim('+' | '~') if open == 0 => return true,
            Token::Ident(name) | Token::Function(name) if after_colon => {
                let name = name.to_ascii_lowercase();
                let structural = ["nth-", "first-", "last-", "only-"];
                if structural.iter().any(|start| name.starts_with(start))
                    || matches!(name.as_str(), "empty" | "has")
                {
                    return true;
                }
            }
            _ => {}
        }
        after_colon = *token == Token::Delim(':');
    }
    false
}

/// The same selector in one spelling.
pub(super) fn spell_selector(tokens: &[Token]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut open = 0usize;
    for token in tokens {
        let glues = |token: &Token| {
            matches!(token, Token::Delim(',' | '>' | '[' | '=' | '|'))
                || matches!(token, Token::Delim('+' | '~') if open == 0)
        };
        let closes = matches!(token, Token::Delim(')' | ']'));
        let combines = matches!(token, Token::Delim(',' | '>' | '='))
            || matches!(token, Token::Delim('+' | '~') if open == 0);
        if closes || combines {
            while out.last() == Some(&Token::Space) {
                out.pop();
            }
        }
        let after = out
            .last()
            .is_none_or(|before| glues(before) || matches!(before, Token::Function(_)));
        if !(*token == Token::Space && after) {
            out.push(token.clone());
        }
        match token {
            Token::Function(_) | Token::Delim('[') => open = open.saturating_add(1),
            Token::Delim(')' | ']') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    while out.last() == Some(&Token::Space) {
        out.pop();
    }
    out
}

/// Words inside of `:nth-child()`, and of key frames.
pub(super) fn is_nth(word: &str) -> bool {
    let count = word.strip_prefix('-').unwrap_or(word).strip_prefix('n');
    let count = count.map(|rest| rest.strip_prefix('-').unwrap_or(rest));
    matches!(word, "of" | "even" | "odd" | "from" | "to")
        || count.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

/// Pseudo-classes and pseudo-elements. A rule with any other is ignored.
const PSEUDO: &str = "root empty first-child last-child only-child first-of-type last-of-type only-of-type nth-child \
    nth-last-child nth-of-type nth-last-of-type link visited any-link hover active focus focus-within \
    focus-visible target target-within scope lang dir not is where has matches any -webkit-any -moz-any \
    enabled disabled checked before after first-line first-letter selection host defined fullscreen \
    -webkit-any-link -moz-any-link -moz-selection -moz-focus-inner -moz-focusring paused playing";

/// Prefixes that a style sheet declares for namespaces of interest.
pub(super) fn prefixes(rules: &[Rule], wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let declared = rules.iter().filter_map(|rule| match rule {
        Rule::Other(name, prelude) if name == "namespace" => {
            match (prelude.first(), prelude.last()) {
                (Some(Token::Ident(prefix)), Some(Token::Url(uri) | Token::Text(uri))) => {
                    wanted(uri).then(|| prefix.clone())
                }
                _ => None,
            }
        }
        _ => None,
    });
    declared.collect()
}

/// Prefixes in a selector: `prefix|name`.
pub(super) fn used_prefixes(selector: &[Token]) -> impl Iterator<Item = &String> {
    selector.windows(3).filter_map(|three| match three {
        [
            Token::Ident(prefix),
            Token::Delim('|'),
            Token::Ident(_) | Token::Delim('*'),
        ] => Some(prefix),
        _ => None,
    })
}

/// Whether a selector is one; a rule with any other is ignored.
pub(super) fn is_selector(tokens: &[Token]) -> bool {
    let mut before: &[Token] = &[];
    let mut open = Vec::new();
    let mut valid = !tokens.is_empty();
    for token in tokens {
        let in_brackets = open.last() == Some(&']');
        let in_words = open.last() == Some(&'w');
        valid &= match token {
            Token::Ident(name) if before == [Token::Delim(':')] => {
                names::holds(PSEUDO, &name.to_ascii_lowercase())
            }
            Token::Function(name) => {
                let name = name.to_ascii_lowercase();
                let words = matches!(name.as_str(), "lang" | "dir");
                open.push(if words { 'w' } else { ')' });
                before == [Token::Delim(':')] && names::holds(PSEUDO, &name)
            }
            Token::Ident(word) if in_words => {
                super::values::language(word).is_some() || matches!(word.as_str(), "ltr" | "rtl")
            }
            Token::Ident(_) | Token::Space => true,
            Token::Hash(_) => !in_brackets,
            Token::Text(word) => {
                in_brackets || (in_words && super::values::language(word).is_some())
            }
            Token::Number(_, unit) => {
                unit.is_empty() || unit == "%" || is_nth(&unit.to_ascii_lowercase())
            }
            Token::Delim('[') => {
                open.push(']');
                true
            }
            Token::Delim(')' | ']') => open.pop().is_some(),
            Token::Delim(c) => ".:>+~*|=^$,-&".contains(*c),
            Token::At(_) | Token::Bad | Token::Url(_) => false,
        };
        before = std::slice::from_ref(token);
    }
    valid && open.is_empty()
}

/// What is left of a list of media queries.
pub(super) enum Media {
    /// These queries.
    Some(Vec<Token>),
    /// None that any program meets.
    Never,
    /// Nobody knows.
    Unclear,
}

/// Words of media queries beside those of properties.
const MEDIA: &str = "only prefers-contrast prefers-reduced-transparency prefers-reduced-data inverted-colors \
    any-hover any-pointer display-mode scripting update overflow-block overflow-inline grid color-index \
    color monochrome scan interlace min-color max-color min-color-index max-color-index min-monochrome \
    max-monochrome min-device-height max-device-height device-height device-aspect-ratio \
    min-device-aspect-ratio max-device-aspect-ratio dynamic-range video-dynamic-range high more less custom \
    standalone fullscreen browser minimal-ui enabled initial-only inverted rec2020 p3 srgb \
    -ms-high-contrast black-on-white white-on-black -webkit-device-pixel-ratio \
    -webkit-max-device-pixel-ratio -moz-device-pixel-ratio min--moz-device-pixel-ratio \
    -webkit-transform-3d -o-min-device-pixel-ratio";

/// The queries of `@media` or of the attribute `media` that may be met.
pub(super) fn media(tokens: &[Token]) -> Media {
    let tokens = trim(tokens);
    if tokens.is_empty() {
        return Media::Some(Vec::new());
    }
    let mut out = Vec::new();
    for query in tokens.split(|token| *token == Token::Delim(',')) {
        let query = trim(query);
        let known = |token: &Token| match token {
            Token::Ident(word) => {
                let word = word.to_ascii_lowercase();
                words::is_keyword(&word) || names::holds(MEDIA, &word)
            }
            Token::Function(name) => matches!(name.as_str(), "and" | "not" | "or" | "calc"),
            Token::Number(_, unit) => words::is_unit(unit),
            Token::Delim(c) => "():/<>=".contains(*c),
            Token::Space => true,
            _ => false,
        };
        if !query.is_empty() && query.iter().all(known) && is_balanced(query) {
            if !out.is_empty() {
                out.push(Token::Delim(','));
            }
            out.extend(spell("media", query));
            continue;
        }
        let turns = |token: &Token| {
            matches!(token, Token::Ident(word) | Token::Function(word)
                if word.eq_ignore_ascii_case("not") || word.eq_ignore_ascii_case("or"))
        };
        if query.iter().any(turns) {
            return Media::Unclear;
        }
    }
    if out.is_empty() {
        Media::Never
    } else {
        Media::Some(out)
    }
}
