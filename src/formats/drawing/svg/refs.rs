//! Where names stand that the author chose: ids, classes, results of filters, key frames, custom
//! properties, fonts inside the file, colour profiles, glyphs, layers of style sheets.

use std::collections::BTreeSet;

use super::css::{self, Rule, Token};
use super::names::{self, Value, holds};
use super::tree::{Attribute, Element, Node, Space, is_space};
use super::{selectors, smil, words};
use crate::bytes::Context;
use crate::model::Result;

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Of {
    Id,
    Class,
    Result,
    Keyframes,
    Property,
    Family,
    Profile,
    Glyph,
    Namespace,
}

/// Gives each name another one.
pub(super) trait Names {
    /// The name that takes the place of this one.
    fn name(&mut self, of: Of, name: &str) -> String;
    /// A word that means nothing, and is written as [`NOTHING`].
    fn word(&mut self, word: &str);
    /// A font that is not in the file, and keeps its name.
    fn font(&mut self, family: &str);
}

/// Stands for every word that means nothing where it stands.
pub(super) const NOTHING: &str = "u";

/// Names of `in` that the standard defines (Filter Effects 1 §9.2).
const INPUTS: &str =
    "SourceGraphic SourceAlpha BackgroundImage BackgroundAlpha FillPaint StrokePaint";
/// Words of `animation` that are no names of key frames.
const ANIMATION: &str = "none initial inherit unset revert revert-layer infinite normal reverse alternate \
    alternate-reverse forwards backwards both running paused linear ease ease-in ease-out ease-in-out \
    step-start step-end auto replace add accumulate important start end jump-start jump-end jump-both jump-none";
/// Pseudo-classes with selectors inside.
const SELECTING: &str =
    "not is where has matches any -webkit-any -moz-any host nth-child nth-last-child";

/// What is defined in a drawing, as far as references depend on it.
#[derive(Debug, Default)]
pub(super) struct Defined {
    ids: BTreeSet<String>,
    keyframes: BTreeSet<String>,
    /// Families in lower case.
    families: BTreeSet<String>,
    /// Fonts are chosen by custom properties.
    has_variable_fonts: bool,
}

impl Defined {
    /// Of a drawing, as it will be written.
    ///
    /// # Errors
    /// The budget's.
    pub(super) fn of(root: &Element, cx: &Context<'_>) -> Result<Self> {
        let mut defined = Self::default();
        defined.element(root, cx)?;
        Ok(defined)
    }

    fn element(&mut self, element: &Element, cx: &Context<'_>) -> Result<()> {
        cx.item()?;
        for Attribute { name, value, .. } in &element.attributes {
            if name == "id" {
                self.ids.insert(value.clone());
            }
            if matches!(name.as_str(), "style" | "font-family" | "font") {
                self.has_variable_fonts |= value.contains("var(") && value.contains("font");
            }
        }
        if element.name == "font-face"
            && let Some(family) = element.get("font-family")
        {
            let (tokens, _) = css::tokens(family, cx)?;
            self.families.extend(css::family(&tokens));
        }
        if element.name == "style" {
            let text = element.text();
            self.has_variable_fonts |= text.contains("var(") && text.contains("font");
            let (tokens, _) = css::tokens(&text, cx)?;
            self.rules(&css::rules(&tokens, cx, 0)?);
        }
        for node in &element.children {
            if let Node::Element(inner) = node {
                self.element(inner, cx)?;
            }
        }
        Ok(())
    }

    fn rules(&mut self, rules: &[Rule]) {
        for rule in rules {
            match rule {
                Rule::Group(name, prelude, inner) => {
                    if name.ends_with("keyframes")
                        && let [Token::Ident(name) | Token::Text(name)] = prelude.as_slice()
                    {
                        self.keyframes.insert(name.clone());
                    }
                    self.rules(inner);
                }
                Rule::Block(name, _, body) if name == "font-face" => {
                    let family = body.iter().find(|one| one.name == "font-family");
                    let family = family.and_then(|one| css::family(&one.value));
                    self.families.extend(family);
                }
                _ => {}
            }
        }
    }

    /// The id to which a fragment leads (HTML §7.4.6.3): spelled like it, or with `%41` for `A`.
    fn target(&self, fragment: &str) -> String {
        if !self.ids.contains(fragment) && fragment.contains('%') {
            let decoded = String::from_utf8(super::data::percent(fragment));
            if let Some(id) = decoded.ok().filter(|id| self.ids.contains(id)) {
                return id;
            }
        }
        fragment.to_owned()
    }
}

/// Gives the names in an attribute other names; its value then.
///
/// # Errors
/// The budget's.
pub(super) fn attribute(
    element: &Element,
    attribute: &Attribute,
    defined: &Defined,
    cx: &Context<'_>,
    names: &mut dyn Names,
) -> Result<String> {
    let Attribute { space, name, value } = attribute;
    let (name, value) = (name.as_str(), value.as_str());
    let kind = match space {
        Space::XLink => Some(Value::Reference),
        Space::Xml if name == "id" => Some(Value::Name),
        Space::None => names::attribute(name),
        _ => None,
    };
    Ok(match kind {
        // A font outside of the file.
        Some(Value::Name) if element.name == "font-face-name" && name == "name" => {
            names.font(value);
            value.to_owned()
        }
        Some(Value::Name) => named(name, value, names),
        Some(Value::Classes) => classes(value, names),
        Some(Value::Reference) => match value.strip_prefix('#') {
            Some(id) => format!("#{}", names.name(Of::Id, &defined.target(id))),
            None => value.to_owned(),
        },
        Some(Value::Timing) if matches!(name, "begin" | "end") => {
            smil::moments(value, &mut |id| names.name(Of::Id, id))
        }
        Some(Value::Style) => {
            let (tokens, _) = css::tokens(value, cx)?;
            let mut all = css::declarations(&tokens, cx)?;
            declarations(&mut all, false, defined, names);
            let mut out = String::new();
            css::write_declarations(&all, &mut out);
            out
        }
        Some(Value::Animated) => {
            let animated = element.get("attributeName").unwrap_or_default();
            let animated = animated.rsplit(':').next().unwrap_or_default();
            match animated {
                "class" | "in" | "in2" => {
                    let values = value.split(';').map(|one| one.trim_matches(is_space));
                    let mut out: Vec<String> = Vec::new();
                    for one in values {
                        out.push(match animated {
                            "class" => classes(one, names),
                            _ => named(animated, one, names),
                        });
                    }
                    out.join(";")
                }
                _ => spelled(animated, value, defined, cx, names)?,
            }
        }
        Some(Value::Property | Value::Plain) => spelled(name, value, defined, cx, names)?,
        _ => value.to_owned(),
    })
}

fn spelled(
    property: &str,
    value: &str,
    defined: &Defined,
    cx: &Context<'_>,
    names: &mut dyn Names,
) -> Result<String> {
    let font = matches!(property, "font" | "font-family");
    if !(font || value.contains("#") || value.contains("--") || value.contains("icc-color")) {
        return Ok(value.to_owned());
    }
    let (mut tokens, _) = css::tokens(value, cx)?;
    self::value(property, &mut tokens, defined, names);
    let mut out = String::new();
    css::write(&tokens, &mut out);
    Ok(out)
}

fn named(attribute: &str, value: &str, names: &mut dyn Names) -> String {
    let (of, list) = match attribute {
        "id" => return names.name(Of::Id, value),
        "in" | "in2" | "result" => (Of::Result, false),
        "name" => (Of::Profile, false),
        _ => (Of::Glyph, true),
    };
    let value = value.trim_matches(is_space);
    if value.is_empty() || (of == Of::Result && holds(INPUTS, value)) {
        return value.to_owned();
    }
    if !list {
        return names.name(of, value);
    }
    let mut out: Vec<String> = Vec::new();
    for one in value.split(',') {
        out.push(names.name(of, one.trim_matches(is_space)));
    }
    out.join(",")
}

fn classes(value: &str, names: &mut dyn Names) -> String {
    let mut out: Vec<String> = Vec::new();
    for class in value.split(is_space).filter(|class| !class.is_empty()) {
        out.push(names.name(Of::Class, class));
    }
    out.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    out.dedup();
    out.join(" ")
}

fn declarations(
    all: &mut [css::Declaration],
    is_font_face: bool,
    defined: &Defined,
    names: &mut dyn Names,
) {
    for one in all {
        if let Some(name) = one.name.strip_prefix("--") {
            one.name = format!("--{}", names.name(Of::Property, name));
        }
        if is_font_face && one.name == "font-family" {
            if let Some(family) = css::family(&one.value) {
                one.value = vec![Token::Ident(names.name(Of::Family, &family))];
            }
            continue;
        }
        value(&one.name, &mut one.value, defined, names);
    }
}

/// Gives the names in a value other names.
fn value(property: &str, tokens: &mut Vec<Token>, defined: &Defined, names: &mut dyn Names) {
    let property = ["-webkit-", "-moz-", "-ms-", "-o-"]
        .iter()
        .find_map(|prefix| property.strip_prefix(prefix))
        .unwrap_or(property);
    let animates = matches!(property, "animation" | "animation-name");
    let is_variable = property.starts_with("--");
    if matches!(property, "font" | "font-family") || is_variable {
        families(property, tokens, defined, names);
    }
    let (mut in_icc, mut in_local) = (false, false);
    for token in tokens {
        match token {
            Token::Url(url) => {
                if let Some(id) = url.strip_prefix('#') {
                    *url = format!("#{}", names.name(Of::Id, &defined.target(id)));
                }
            }
            Token::Function(name) => {
                in_icc = name.eq_ignore_ascii_case("icc-color");
                in_local = name.eq_ignore_ascii_case("local");
            }
            Token::Delim(')') => in_local = false,
            Token::Ident(word) | Token::Text(word) if in_local => names.font(word),
            Token::Ident(word) if word.starts_with("--") => {
                let name = word.get(2..).unwrap_or_default();
                *word = format!("--{}", names.name(Of::Property, name));
            }
            Token::Ident(word) if in_icc => {
                *word = names.name(Of::Profile, word);
                in_icc = false;
            }
            Token::Ident(word)
                if property == "color-profile"
                    && !matches!(word.as_str(), "auto" | "sRGB" | "inherit" | "important") =>
            {
                *word = names.name(Of::Profile, word);
            }
            Token::Ident(word) | Token::Text(word)
                if animates && !holds(ANIMATION, &word.to_ascii_lowercase()) =>
            {
                *token = Token::Ident(names.name(Of::Keyframes, word));
            }
            Token::Ident(word) | Token::Text(word) if is_variable => {
                if defined.keyframes.contains(word) {
                    if !holds(ANIMATION, &word.to_ascii_lowercase()) {
                        *token = Token::Ident(names.name(Of::Keyframes, word));
                    }
                } else if !defined.has_variable_fonts && word != NOTHING && !words::is_keyword(word)
                {
                    names.word(word);
                    *token = Token::Ident(NOTHING.to_owned());
                }
            }
            _ => {}
        }
    }
}

/// Families of fonts inside the file, alone or as the last words of `font`.
fn families(property: &str, tokens: &mut Vec<Token>, defined: &Defined, names: &mut dyn Names) {
    let is_shorthand = property == "font";
    let is_family = !property.starts_with("--") || defined.has_variable_fonts;
    let mut out = Vec::new();
    let end = tokens.iter().position(|token| *token == Token::Delim('!'));
    let important = tokens.split_off(end.unwrap_or(tokens.len()));
    for (index, part) in css::split(tokens).into_iter().enumerate() {
        if index > 0 {
            out.push(Token::Delim(','));
        }
        let starts = if is_shorthand { 0..part.len() } else { 0..1 };
        let mut found = None;
        for start in starts {
            let (before, family) = part.split_at(start);
            if is_shorthand && family.first() == Some(&Token::Space) {
                continue;
            }
            if matches!(before.last(), None | Some(Token::Space | Token::Number(..)))
                && let Some(family) = css::family(family)
                && defined.families.contains(&family)
            {
                found = Some((before, family));
                break;
            }
        }
        match found {
            Some((before, family)) => {
                out.extend_from_slice(before);
                if matches!(before.last(), Some(Token::Number(..))) {
                    out.push(Token::Space);
                }
                out.push(Token::Ident(names.name(Of::Family, &family)));
            }
            None => {
                let sized = part
                    .iter()
                    .rposition(|token| matches!(token, Token::Number(..)))
                    .map_or(0, |at| at.saturating_add(1));
                let (before, words) = part.split_at(sized.min(part.len()));
                let family = css::family(words).filter(|_| is_family);
                let is_clear = family.is_some() || !is_composed(words);
                if let Some(family) = family {
                    names.font(&family);
                }
                for (tokens, is_clear) in [(before, !is_shorthand), (words, is_clear)] {
                    if is_clear || !is_family {
                        out.extend_from_slice(tokens);
                    } else {
                        unclear(tokens, defined, names, &mut out);
                    }
                }
            }
        }
    }
    out.extend(important);
    *tokens = out;
}

/// Whether something is made of functions.
fn is_composed(tokens: &[Token]) -> bool {
    tokens
        .iter()
        .any(|token| matches!(token, Token::Function(_)))
}

/// Words that may be names of fonts: in `var(--a,Name)`, and where no font is expected.
fn unclear(tokens: &[Token], defined: &Defined, names: &mut dyn Names, out: &mut Vec<Token>) {
    for token in tokens {
        match token {
            Token::Ident(word) | Token::Text(word)
                if !word.starts_with("--") && !words::is_keyword(word) =>
            {
                let family = word.to_lowercase();
                if defined.families.contains(&family) {
                    out.push(Token::Ident(names.name(Of::Family, &family)));
                    continue;
                }
                names.font(word);
            }
            _ => {}
        }
        out.push(token.clone());
    }
}

/// Gives the names in a style sheet other names.
///
/// # Errors
/// [`Error::Unsupported`] for selectors that look at pieces of names.
pub(super) fn rules(all: &mut [Rule], defined: &Defined, names: &mut dyn Names) -> Result<()> {
    for rule in all {
        match rule {
            Rule::Style(selector, body) => {
                self::selector(selector, names);
                declarations(body, false, defined, names);
            }
            Rule::Block(name, _, body) => {
                declarations(body, name == "font-face", defined, names);
            }
            Rule::Group(name, prelude, inner) => {
                if name.ends_with("keyframes") {
                    for token in prelude {
                        if let Token::Ident(word) | Token::Text(word) = token
                            && !holds(ANIMATION, &word.to_ascii_lowercase())
                        {
                            *token = Token::Ident(names.name(Of::Keyframes, word));
                        }
                    }
                }
                rules(inner, defined, names)?;
            }
            Rule::Other(name, prelude) if name == "namespace" => {
                for token in prelude {
                    if let Token::Ident(word) = token {
                        *word = names.name(Of::Namespace, word);
                    }
                }
            }
            Rule::Other(..) => {}
        }
    }
    Ok(())
}

/// Gives the names in a selector other names.
fn selector(tokens: &mut [Token], names: &mut dyn Names) {
    let mut rest = tokens;
    while let Some((first, behind)) = rest.split_first_mut() {
        rest = behind;
        match first {
            Token::Hash(id) => *id = names.name(Of::Id, id),
            Token::Delim('.') => {
                if let Some(Token::Ident(class)) = rest.first_mut() {
                    *class = names.name(Of::Class, class);
                }
                rest = rest.get_mut(1..).unwrap_or_default();
            }
            Token::Delim(':') => {
                let skip = match rest.first() {
                    Some(Token::Ident(_)) => 1,
                    Some(Token::Function(name)) if holds(SELECTING, &name.to_ascii_lowercase()) => {
                        1
                    }
                    Some(Token::Function(_)) => closing(rest, ')'),
                    _ => 0,
                };
                rest = rest.get_mut(skip..).unwrap_or_default();
            }
            Token::Ident(word) => {
                if rest.first() == Some(&Token::Delim('|')) {
                    *word = names.name(Of::Namespace, word);
                    rest = rest.get_mut(1..).unwrap_or_default();
                    if matches!(rest.first(), Some(Token::Ident(_))) {
                        rest = rest.get_mut(1..).unwrap_or_default();
                    }
                } else if names::element(word).is_none()
                    && word != NOTHING
                    && !selectors::is_nth(word)
                {
                    names.word(word);
                    *word = NOTHING.to_owned();
                }
            }
            _ => {}
        }
    }
}

/// Number of tokens up to and with the bracket that closes.
fn closing(tokens: &[Token], close: char) -> usize {
    let end = tokens
        .iter()
        .position(|token| *token == Token::Delim(close));
    end.map_or(tokens.len(), |end| end.saturating_add(1))
}
