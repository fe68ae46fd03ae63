//! What of a value is drawn. Values that no standard allows are ignored by every program, and references
//! to other files show nothing in a file that stands alone.

use super::css::{self, Declaration, Rule, Token};
use super::data::{self, Data, Target};
use super::names::{self, Value};
use super::selectors::{self, Media};
use super::tree::{Element, SVG, XLINK, is_space};
use super::{shapes, smil};
use crate::bytes::Context;
use crate::model::{Error, Result};

/// Who wants to know what is left out on the way, and says what becomes of files inside.
pub(super) trait Observer {
    /// A reference to another file, or to a script.
    fn elsewhere(&mut self, reference: &str);
    /// A file inside; the reference that takes its place, if it is shown at all.
    fn data(&mut self, data: &Data, is_font: bool) -> Result<Option<String>>;
    /// A declaration, a rule or a comment that is not drawn.
    fn ignored(&mut self, what: &'static str, text: &str);
    /// An id that something refers to.
    fn uses(&mut self, id: &str);
    /// Whether values are to be spelled in one way.
    fn spells(&self) -> bool {
        true
    }
}

/// What is drawn of the value of an attribute; `None` where nothing is.
pub(super) fn attribute(
    element: &Element,
    kind: Value,
    name: &str,
    value: &str,
    cx: &Context<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<String>> {
    let trimmed = value.trim_matches(is_space);
    Ok(match kind {
        Value::Path => Some(path(name, trimmed, observer)),
        Value::Name if name == "id" => Some(value.to_owned()),
        Value::Space => matches!(trimmed, "default" | "preserve").then(|| trimmed.to_owned()),
        Value::Name => (!trimmed.is_empty()).then(|| trimmed.to_owned()),
        Value::Classes => (!trimmed.is_empty()).then(|| trimmed.to_owned()),
        Value::Characters => match name {
            "string" => names::holds(FORMATS, trimmed).then(|| trimmed.to_owned()),
            "unicode-range" => is_range(trimmed).then(|| trimmed.to_owned()),
            _ => Some(value.to_owned()),
        },
        Value::Language if name == "systemLanguage" => Some(languages(trimmed, &mut |one| {
            observer.ignored("language", one)
        })),
        Value::Language => {
            let kept = language(trimmed);
            if kept.as_ref().is_some_and(|kept| kept.len() < trimmed.len()) {
                observer.ignored("language", trimmed);
            }
            kept
        }
        Value::Features => trimmed
            .split(is_space)
            .all(is_feature)
            .then(|| trimmed.to_owned()),
        Value::Extensions => Some(trimmed.to_owned()),
        Value::Timing if matches!(name, "begin" | "end") => {
            let kept = smil::moments(trimmed, &mut |id| {
                observer.uses(id);
                smil::escape(id)
            });
            let lost = |text: &str| text.matches("indefinite").count();
            if lost(&kept) > lost(trimmed) {
                observer.ignored("moment of an animation", trimmed);
            }
            Some(kept)
        }
        Value::Timing => smil::is_duration(name, trimmed).then(|| trimmed.to_owned()),
        Value::AnimatedName => {
            let known = names::attribute(trimmed).is_some_and(|kind| kind != Value::Reference);
            known.then(|| trimmed.to_owned())
        }
        Value::Animated => {
            let animated = element.get("attributeName").unwrap_or_default();
            match animated.trim_matches(is_space) {
                "class" | "in" | "in2" => Some(trimmed.to_owned()),
                shape @ ("d" | "points" | "path") => {
                    let all = trimmed.split(';');
                    let all: Vec<String> = all
                        .map(|one| path(shape, one.trim_matches(is_space), observer))
                        .collect();
                    Some(all.join(";"))
                }
                "" => property(name, trimmed, cx, observer)?,
                animated => property(animated, trimmed, cx, observer)?,
            }
        }
        Value::Style => {
            let (tokens, comments) = css::tokens(value, cx)?;
            for comment in comments {
                observer.ignored("comment", &comment);
            }
            let kept = declarations(css::declarations(&tokens, cx)?, false, cx, observer)?;
            let mut out = String::new();
            css::write_declarations(&kept, &mut out);
            (!out.is_empty()).then_some(out)
        }
        Value::Reference if element.name == "a" => match data::target(value, cx)? {
            // Nobody shows in the drawing where a link leads.
            Target::Data(_) => {
                observer.elsewhere(value);
                None
            }
            _ => reference(value, cx, observer)?,
        },
        Value::Reference => reference(value, cx, observer)?,
        Value::Plain if name.ends_with("ransform") => {
            if shapes::is_transform(trimmed) {
                property(name, trimmed, cx, observer)?
            } else {
                None
            }
        }
        Value::Plain if name == "media" => {
            let (tokens, _) = css::tokens(trimmed, cx)?;
            match selectors::media(&tokens) {
                Media::Some(queries) => {
                    let mut out = String::new();
                    css::write(&queries, &mut out);
                    (!out.is_empty()).then_some(out)
                }
                _ => None,
            }
        }
        Value::Property if name == "transform" && !shapes::is_transform(trimmed) => None,
        Value::Plain if name == "viewBox" => {
            let (numbers, read) = shapes::numbers(trimmed);
            let whole = numbers.len() == 4 && read == trimmed.len();
            whole.then(|| shapes::write_numbers(&numbers))
        }
        Value::Property | Value::Plain => property(name, trimmed, cx, observer)?,
    })
}

/// Whether any program applies a style sheet: by its language and its media.
///
/// # Errors
/// [`Error::Unsupported`] when programs may differ.
pub(super) fn is_applied(element: &Element, cx: &Context<'_>) -> Result<bool> {
    let kind = element
        .get("type")
        .unwrap_or_default()
        .trim_matches(is_space);
    let kind = kind.to_ascii_lowercase();
    if kind.starts_with("text/css;") {
        return Err(Error::unsupported("a style sheet of an unusual type"));
    }
    if !matches!(kind.as_str(), "" | "text/css") {
        return Ok(false);
    }
    let (tokens, _) = css::tokens(element.get("media").unwrap_or_default(), cx)?;
    match selectors::media(&tokens) {
        Media::Some(_) => Ok(true),
        Media::Never => Ok(false),
        Media::Unclear => Err(unclear()),
    }
}

/// Formats of fonts.
const FORMATS: &str = "woff woff2 truetype opentype truetype-aat embedded-opentype svg collection variations \
    woff-variations woff2-variations truetype-variations opentype-variations";

/// A value as properties have them, in one spelling.
fn property(
    name: &str,
    value: &str,
    cx: &Context<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<String>> {
    let (tokens, _) = css::tokens(value, cx)?;
    let kept = self::value(name, &tokens, false, cx, observer)?;
    Ok(kept.map(|tokens| {
        let mut out = String::new();
        css::write(&tokens, &mut out);
        out
    }))
}

/// Path data or points in one spelling, up to the first mistake.
fn path(name: &str, value: &str, observer: &mut dyn Observer) -> String {
    let (out, read) = if name == "points" {
        let (numbers, read) = shapes::numbers(value);
        (shapes::write_numbers(&numbers), read)
    } else {
        let (segments, read) = shapes::segments(value);
        (shapes::write_path(&segments), read)
    };
    if read < value.len() {
        observer.ignored(
            "end of a path that is not drawn",
            value.get(read..).unwrap_or_default(),
        );
    }
    out
}

/// `U+0025-00FF, U+4??`
fn is_range(value: &str) -> bool {
    let allowed = |c: char| c.is_ascii_hexdigit() || "uU+?-, ".contains(c);
    value.chars().all(allowed)
        && value.split(',').all(|one| {
            let one = one.trim_matches(is_space);
            one.strip_prefix(['u', 'U']).is_some_and(|rest| {
                rest.starts_with('+') && rest.len() <= 14 && !rest.contains(' ')
            })
        })
}

/// Language, script and region of a tag (BCP 47 §2.1), spelled as it recommends.
pub(super) fn language(tag: &str) -> Option<String> {
    let mut parts = tag.split('-');
    let first = parts.next()?;
    let alphabetic = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    if !matches!(first.len(), 2 | 3) || !alphabetic(first) {
        return None;
    }
    let mut out = first.to_ascii_lowercase();
    let mut rest = parts.peekable();
    if let Some(script) = rest.next_if(|part| part.len() == 4 && alphabetic(part)) {
        let (head, tail) = script.split_at(1);
        out.push('-');
        out.push_str(&head.to_ascii_uppercase());
        out.push_str(&tail.to_ascii_lowercase());
    }
    let is_region = |part: &&str| {
        (part.len() == 2 && alphabetic(part))
            || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    if let Some(region) = rest.next_if(is_region) {
        out.push('-');
        out.push_str(&region.to_ascii_uppercase());
    }
    Some(out)
}

/// A list of languages; those that are none become one that nobody speaks.
fn languages(list: &str, lost: &mut dyn FnMut(&str)) -> String {
    let mut out = Vec::new();
    for one in list.split(',') {
        let one = one.trim_matches(is_space);
        let kept = language(one);
        if kept.as_ref().is_none_or(|kept| kept.len() < one.len()) {
            lost(one);
        }
        out.push(kept.unwrap_or_else(|| "zxx".to_owned()));
    }
    out.join(",")
}

/// Features of SVG 1.1 appendix N.
const FEATURES: &str = "SVG SVGDOM SVG-static SVGDOM-static SVG-animation SVGDOM-animation SVG-dynamic \
    SVGDOM-dynamic CoreAttribute Structure BasicStructure ContainerAttribute \
    ConditionalProcessing Image Style ViewportAttribute Shape Text BasicText PaintAttribute \
    BasicPaintAttribute OpacityAttribute GraphicsAttribute BasicGraphicsAttribute Marker \
    ColorProfile Gradient Pattern Clip BasicClip Mask Filter BasicFilter \
    DocumentEventsAttribute GraphicalEventsAttribute AnimationEventsAttribute Cursor \
    Hyperlinking XlinkAttribute ExternalResourcesRequired View Script Animation Font BasicFont \
    Extensibility";

fn is_feature(feature: &str) -> bool {
    let starts = [
        "http://www.w3.org/TR/SVG11/feature#",
        "http://www.w3.org/Graphics/SVG/feature/1.2/#",
        "org.w3c.svg",
        "org.w3c.dom.svg",
    ];
    starts.iter().any(|start| {
        let rest = feature.strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || names::holds(FEATURES, rest))
    })
}

/// Where a reference leads, if that is shown.
pub(super) fn reference(
    value: &str,
    cx: &Context<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<String>> {
    Ok(match data::target(value, cx)? {
        Target::Nowhere => {
            observer.ignored("reference to nothing", value);
            None
        }
        Target::Here(id) if id.contains('(') => {
            return Err(Error::unsupported("references that are more than an id"));
        }
        Target::Here(id) => {
            observer.uses(&id);
            Some(format!("#{id}"))
        }
        Target::Data(data) => observer.data(&data, false)?,
        Target::Elsewhere => {
            observer.elsewhere(value);
            None
        }
    })
}

/// The declarations that are drawn.
pub(super) fn declarations(
    all: Vec<Declaration>,
    is_font_face: bool,
    cx: &Context<'_>,
    observer: &mut dyn Observer,
) -> Result<Vec<Declaration>> {
    let mut out = Vec::new();
    for declaration in all {
        cx.item()?;
        let Declaration { name, value } = &declaration;
        let known = names::is_property(name) || name.starts_with("--");
        let kept = if known && css::is_standard(name, value) {
            self::value(name, value, is_font_face, cx, observer)?
        } else {
            let mut text = format!("{name}:");
            css::write(value, &mut text);
            observer.ignored("style property", &text);
            None
        };
        if let Some(value) = kept {
            out.push(Declaration {
                name: name.clone(),
                value,
            });
        }
    }
    Ok(out)
}

/// A value with what is shown of its references.
fn value(
    name: &str,
    tokens: &[Token],
    is_font: bool,
    cx: &Context<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<Vec<Token>>> {
    if !css::is_standard(name, tokens) {
        let mut text = String::new();
        css::write(tokens, &mut text);
        observer.ignored("value", &text);
        return Ok(None);
    }
    let tokens = &if observer.spells() {
        css::spell(name, tokens)
    } else {
        tokens.to_vec()
    };
    if name != "src" && !tokens.iter().any(|token| matches!(token, Token::Url(_))) {
        return Ok(Some(tokens.clone()));
    }
    let mut out = Vec::new();
    // Of alternatives, the whole of one goes.
    let alternatives = matches!(name, "src" | "cursor");
    for part in tokens.split(|token| *token == Token::Delim(',') && alternatives) {
        let mut kept = Vec::new();
        let mut whole = name != "src" || is_source(part);
        for token in part {
            let Token::Url(url) = token else {
                kept.push(token.clone());
                continue;
            };
            if !whole {
                continue;
            }
            let shown = match data::target(url, cx)? {
                Target::Data(data) => observer.data(&data, is_font)?,
                _ => reference(url, cx, observer)?,
            };
            match shown {
                Some(url) => kept.push(Token::Url(url)),
                None => whole = false,
            }
        }
        let is_nothing = kept.iter().all(|token| *token == Token::Space);
        if is_nothing || (alternatives && !whole) {
            continue;
        }
        if !out.is_empty() {
            out.push(Token::Delim(','));
        }
        out.append(&mut kept);
    }
    while out.first() == Some(&Token::Space) {
        out.remove(0);
    }
    while out.last() == Some(&Token::Space) {
        out.pop();
    }
    out.dedup_by(|a, b| *a == Token::Space && *b == Token::Space);
    Ok((!out.is_empty()).then_some(out))
}

/// Whether one of the sources of a font is one: others are passed over.
fn is_source(part: &[Token]) -> bool {
    let mut inside = "";
    part.iter().all(|token| match token {
        Token::Function(name) => {
            inside = name;
            true
        }
        Token::Delim(')') => {
            inside = "";
            true
        }
        Token::Text(word) | Token::Ident(word) => match inside {
            "local" => true,
            "format" => names::holds(FORMATS, &word.to_ascii_lowercase()),
            "tech" => {
                super::words::is_keyword(word)
                    || word.starts_with("color-")
                    || word.starts_with("features-")
            }
            _ => false,
        },
        Token::Space | Token::Url(_) => true,
        _ => false,
    })
}

/// Rules that change what is shown in ways that are not followed here.
const OTHERS: &str = "container scope starting-style font-palette-values font-feature-values color-profile \
    position-try view-transition";

/// The rules that are drawn.
pub(super) fn rules(
    all: Vec<Rule>,
    cx: &Context<'_>,
    observer: &mut dyn Observer,
) -> Result<Vec<Rule>> {
    let prefixes = selectors::prefixes(&all, |uri| matches!(uri, SVG | XLINK));
    rules_within(all, &prefixes, cx, observer)
}

fn rules_within(
    all: Vec<Rule>,
    prefixes: &[String],
    cx: &Context<'_>,
    observer: &mut dyn Observer,
) -> Result<Vec<Rule>> {
    let mut out = Vec::new();
    for rule in all {
        match rule {
            Rule::Style(selector, body) => {
                let selector = selectors::spell_selector(&selector);
                if selectors::used_prefixes(&selector).any(|prefix| !prefixes.contains(prefix)) {
                    return Err(Error::unsupported("style rules for another namespace"));
                }
                if !selectors::is_selector(&selector) {
                    ignored("style rule", &selector, observer);
                    continue;
                }
                let body = declarations(body, false, cx, observer)?;
                out.push(Rule::Style(selector, body));
            }
            Rule::Block(name, prelude, body) => match name.as_str() {
                "font-face" => {
                    ignored("style rule", &prelude, observer);
                    let body = declarations(body, true, cx, observer)?;
                    if body.iter().any(|declaration| declaration.name == "src") {
                        out.push(Rule::Block(name, Vec::new(), body));
                    }
                }
                "page" if prelude.is_empty() => {
                    let body = declarations(body, false, cx, observer)?;
                    out.push(Rule::Block(name, prelude, body));
                }
                "property" => {
                    return Err(Error::unsupported("style rules of an unusual kind"));
                }
                _ => ignored("style rule", &prelude, observer),
            },
            Rule::Group(name, prelude, inner) => {
                let prelude = selectors::spell_selector(&prelude);
                let prelude = match name.as_str() {
                    "media" => match selectors::media(&prelude) {
                        Media::Some(prelude) => prelude,
                        Media::Never => {
                            ignored("style rule", &prelude, observer);
                            continue;
                        }
                        Media::Unclear => return Err(unclear()),
                    },
                    "supports" => {
                        if !is_condition(&prelude) {
                            return Err(unclear());
                        }
                        prelude
                    }
                    "layer" => return Err(layers()),
                    _ => {
                        if !matches!(prelude.as_slice(), [Token::Ident(_) | Token::Text(_)]) {
                            ignored("style rule", &prelude, observer);
                            continue;
                        }
                        prelude
                    }
                };
                let inner = rules_within(inner, prefixes, cx, observer)?;
                out.push(Rule::Group(name, prelude, inner));
            }
            Rule::Other(name, _) if name == "layer" => return Err(layers()),
            Rule::Other(name, prelude) if name == "namespace" => {
                let uri = match prelude.last() {
                    Some(Token::Url(uri) | Token::Text(uri)) => uri.as_str(),
                    _ => "",
                };
                if !matches!(uri, SVG | XLINK) {
                    // A prefix for what is not there; selectors with it are refused.
                    if matches!(prelude.first(), Some(Token::Ident(_))) {
                        ignored("style rule", &prelude, observer);
                        continue;
                    }
                    return Err(Error::unsupported("style rules for another namespace"));
                }
                let mut kept: Vec<Token> = prelude
                    .iter()
                    .take(1)
                    .filter(|token| matches!(token, Token::Ident(_)))
                    .cloned()
                    .collect();
                if !kept.is_empty() {
                    kept.push(Token::Space);
                }
                kept.push(Token::Text(uri.to_owned()));
                out.push(Rule::Other(name, kept));
            }
            Rule::Other(name, _) if names::holds(OTHERS, &name) => {
                return Err(Error::unsupported("style rules of an unusual kind"));
            }
            Rule::Other(name, prelude) => {
                let url = prelude.iter().find_map(|token| match token {
                    Token::Url(url) | Token::Text(url) => Some(url.as_str()),
                    _ => None,
                });
                match url {
                    Some(url) if name == "import" => observer.elsewhere(url),
                    _ => {
                        let mut text = format!("@{name} ");
                        css::write(&prelude, &mut text);
                        observer.ignored("style rule", &text);
                    }
                }
            }
        }
    }
    Ok(out)
}

fn unclear() -> Error {
    Error::unsupported("style rules under an unusual condition")
}

fn ignored(what: &'static str, tokens: &[Token], observer: &mut dyn Observer) {
    if !tokens.is_empty() {
        let mut text = String::new();
        css::write(tokens, &mut text);
        observer.ignored(what, &text);
    }
}

fn layers() -> Error {
    Error::unsupported("style rules in layers")
}

/// Whether all words of a condition are known.
fn is_condition(prelude: &[Token]) -> bool {
    css::is_balanced(prelude)
        && prelude.iter().all(|token| match token {
            Token::Ident(word) | Token::Function(word) => {
                let word = word.to_ascii_lowercase();
                names::is_property(&word)
                    || super::words::is_keyword(&word)
                    || super::words::is_function(&word)
                    || matches!(word.as_str(), "not" | "and" | "or" | "selector")
            }
            Token::Number(_, unit) => super::words::is_unit(unit),
            Token::Space => true,
            Token::Delim(c) => "():,<>+-*/".contains(*c),
            _ => false,
        })
}
