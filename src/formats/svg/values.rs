//! What of a value is drawn. Values that no standard allows are ignored by every program, and references
//! to other files show nothing in a file that stands alone.

use super::css::{self, Declaration, Rule, Token};
use super::data::{self, Data, Target};
use super::names::{self, Value};
use super::tree::is_space;
use crate::bytes::Context;
use crate::model::Result;

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
}

/// What is drawn of the value of an attribute without namespace; `None` where nothing is.
pub(super) fn attribute(
    kind: Value,
    name: &str,
    value: &str,
    cx: &Context<'_>,
    observer: &mut dyn Observer,
) -> Result<Option<String>> {
    let trimmed = value.trim_matches(is_space);
    Ok(match kind {
        Value::Path => Some(path(trimmed).trim_end_matches(is_space).to_owned()),
        Value::Name | Value::Classes | Value::Characters => Some(value.to_owned()),
        Value::Language => trimmed
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ',' | ' '))
            .then(|| trimmed.to_owned()),
        Value::Features => trimmed
            .split(is_space)
            .all(is_feature)
            .then(|| trimmed.to_owned()),
        Value::Extensions => Some(trimmed.to_owned()),
        Value::Timing => {
            for id in trimmed.split(';').filter_map(|part| part.split_once('.')) {
                observer.uses(id.0.trim_matches(is_space));
            }
            let allowed =
                |c: char| c.is_alphanumeric() || is_space(c) || "_.:+-;(),#\\".contains(c);
            trimmed.chars().all(allowed).then(|| trimmed.to_owned())
        }
        Value::AnimatedName => {
            let name = trimmed.rsplit(':').next().unwrap_or_default();
            let known = names::attribute(name).is_some_and(|kind| kind != Value::Reference);
            known.then(|| trimmed.to_owned())
        }
        Value::Animated
            if path(trimmed.trim_end_matches(';')).len() == trimmed.trim_end_matches(';').len() =>
        {
            Some(trimmed.to_owned())
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
        Value::Reference => reference(value, cx, observer)?,
        Value::Property | Value::Plain | Value::Animated => {
            let (tokens, _) = css::tokens(trimmed, cx)?;
            match self::value(name, &tokens, false, cx, observer)? {
                Some(tokens) => {
                    let mut out = String::new();
                    css::write(&tokens, &mut out);
                    Some(out)
                }
                None => None,
            }
        }
    })
}

/// Path data or points up to the first mistake, where drawing ends (SVG 2 §9.5.4).
fn path(value: &str) -> &str {
    let drawn = |c: char| {
        c.is_ascii_digit() || is_space(c) || "MmZzLlHhVvCcSsQqTtAaRrBbEe+-.,;".contains(c)
    };
    let end = value.find(|c| !drawn(c)).unwrap_or(value.len());
    value.get(..end).unwrap_or_default()
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
    if !tokens.iter().any(|token| matches!(token, Token::Url(_))) {
        return Ok(Some(tokens.to_vec()));
    }
    let mut out = Vec::new();
    // Of alternatives, the whole of one goes.
    let alternatives = matches!(name, "src" | "cursor");
    for part in tokens.split(|token| *token == Token::Delim(',') && alternatives) {
        let mut kept = Vec::new();
        let mut whole = true;
        for token in part {
            let Token::Url(url) = token else {
                kept.push(token.clone());
                continue;
            };
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

/// The rules that are drawn.
pub(super) fn rules(
    all: Vec<Rule>,
    cx: &Context<'_>,
    observer: &mut dyn Observer,
) -> Result<Vec<Rule>> {
    let mut out = Vec::new();
    for rule in all {
        let whole = match &rule {
            Rule::Style(start, _) | Rule::Block(_, start, _) | Rule::Group(_, start, _) => {
                css::is_balanced(start)
            }
            Rule::Other(..) => true,
        } && match &rule {
            // What asks for unknown things never comes true.
            Rule::Group(name, start, _) if matches!(name.as_str(), "media" | "supports") => {
                css::is_known_question(start)
            }
            _ => true,
        };
        if !whole {
            observer.ignored("style rule", "");
            continue;
        }
        match rule {
            Rule::Style(selector, body) => {
                let body = declarations(body, false, cx, observer)?;
                out.push(Rule::Style(selector, body));
            }
            Rule::Block(name, prelude, body) => {
                let body = declarations(body, name == "font-face", cx, observer)?;
                let has_source = body.iter().any(|declaration| declaration.name == "src");
                if name != "font-face" || has_source {
                    out.push(Rule::Block(name, prelude, body));
                }
            }
            Rule::Group(name, prelude, inner) => {
                let inner = rules(inner, cx, observer)?;
                out.push(Rule::Group(name, prelude, inner));
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
