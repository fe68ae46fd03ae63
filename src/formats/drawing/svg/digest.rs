//! What a drawing shows, as one number: all elements of SVG that are drawn or say how, their attributes in
//! the order of their names, the text that is shown, and the pictures inside as they are cleaned. Names that
//! the author chose count by which places have the same one. Spelling, white space between elements, and
//! what nobody draws are left out.

use std::collections::BTreeMap;

use super::css::{Rule, Token};
use super::data::Data;
use super::names::{self, Flow, Kind, Value};
use super::refs::{self, Defined, Names, Of};
use super::tree::{Attribute, Element, Node, Space, is_space};
use super::values::{self, Observer};
use super::{css, judge, shapes, write};
use crate::bytes::{Context, Hasher};
use crate::model::{Digest, Result, len_u64};

/// The digest of a drawing.
///
/// # Errors
/// Those of the pictures inside, and of the budget.
pub(super) fn digest(root: &Element, cx: &Context<'_>) -> Result<Digest> {
    let mut hasher = Hasher::new();
    let Some(mut shown) = shown(root, Flow::Outside, cx)? else {
        return Ok(hasher.finish());
    };
    if !judge::needs_language(&shown) {
        strip(&mut shown);
    }
    let defined = Defined::of(&shown, cx)?;
    hash(&shown, &defined, cx, &mut Numbers::default(), &mut hasher)?;
    Ok(hasher.finish())
}

/// Names as numbers: which places have the same one, and not which.
#[derive(Default)]
struct Numbers(BTreeMap<(Of, String), usize>);

impl Names for Numbers {
    fn name(&mut self, of: Of, name: &str) -> String {
        let next = self.0.len();
        let number = self.0.entry((of, name.to_owned())).or_insert(next);
        format!("name{number:08}")
    }

    fn word(&mut self, _: &str) {}
    fn font(&mut self, _: &str) {}
}

struct Silent<'a, 'b>(&'a Context<'b>);

impl Observer for Silent<'_, '_> {
    fn elsewhere(&mut self, _: &str) {}
    fn data(&mut self, data: &Data, is_font: bool) -> Result<Option<String>> {
        if is_font {
            return Ok(data.is_font().then(|| data.with(&data.bytes)));
        }
        Ok(Some(super::inside::payload(data, self.0)?))
    }
    fn ignored(&mut self, _: &'static str, _: &str) {}
    fn uses(&mut self, _: &str) {}
    fn spells(&self) -> bool {
        false
    }
}

/// Whether an element is left out with all that is in it.
fn is_shown(element: &Element) -> Option<Kind> {
    let kind = names::element(&element.name).filter(|_| element.space == Space::Svg)?;
    let moves_reference = kind == Kind::Animation
        && element
            .get("attributeName")
            .is_some_and(|name| name.trim().rsplit(':').next() == Some("href"));
    let shown = !matches!(kind, Kind::Told | Kind::Active) && !moves_reference;
    (shown && !super::needs_extension(element)).then_some(kind)
}

/// An element with what is shown of it.
fn shown(element: &Element, flow: Flow, cx: &Context<'_>) -> Result<Option<Element>> {
    let Some(kind) = is_shown(element) else {
        return Ok(None);
    };
    if kind == Kind::Style && !values::is_applied(element, cx)? {
        return Ok(None);
    }
    cx.item()?;
    let mut made = Element {
        space: Space::Svg,
        name: element.name.clone(),
        attributes: Vec::new(),
        children: Vec::new(),
    };
    for attribute in &element.attributes {
        let (name, value) = (attribute.name.as_str(), attribute.value.as_str());
        let silent = &mut Silent(cx);
        let value = match judge::attribute_kind(element, attribute) {
            Some(Value::Path) => Some(path(name, value)),
            Some(kind) => values::attribute(element, kind, name, value, cx, silent)?,
            None => None,
        };
        made.attributes.extend(value.map(|value| Attribute {
            value,
            ..attribute.clone()
        }));
    }
    made.attributes.sort_by(write::order);
    if kind == Kind::Style {
        let (tokens, _) = css::tokens(&element.text(), cx)?;
        let rules = values::rules(css::rules(&tokens, cx, 0)?, cx, &mut Silent(cx))?;
        let mut text = String::new();
        css::write_rules(&rules, &mut text);
        made.children.push(Node::Text(text));
    }
    let flow = flow.inside(&element.name);
    for node in &element.children {
        match node {
            // Comments between two texts do not part them.
            Node::Text(piece) if flow == Flow::Text => match made.children.last_mut() {
                Some(Node::Text(before)) => before.push_str(piece),
                _ => made.children.push(Node::Text(piece.clone())),
            },
            Node::Element(inner) => {
                let inner = shown(inner, flow, cx)?;
                made.children.extend(inner.map(Node::Element));
            }
            _ => {}
        }
    }
    Ok(Some(made))
}

/// Path data and points as the numbers that they are.
fn path(name: &str, value: &str) -> String {
    let value = value.trim_matches(is_space);
    let mut out = String::new();
    let mut all = |numbers: &[&str]| {
        for number in numbers {
            let bits = number.trim_end_matches('.').parse::<f64>();
            out.push_str(&format!("{:x} ", bits.map_or(0, f64::to_bits)));
        }
    };
    if name == "points" {
        all(&shapes::numbers(value).0);
        return out;
    }
    let mut commands = String::new();
    for (command, numbers) in shapes::segments(value).0 {
        commands.push_str(&format!("{command}{} ", numbers.len()));
        all(&numbers);
    }
    commands + &out
}

/// Tokens of a value without white space, numbers as what they are worth.
fn plain(tokens: &[Token]) -> Vec<Token> {
    let mut out = Vec::new();
    for token in tokens {
        match token {
            Token::Space => continue,
            Token::Number(number, unit) => {
                let bits = number.parse::<f64>().map_or(0, f64::to_bits);
                out.push(Token::Text(format!(
                    "{bits:x}{}",
                    unit.to_ascii_lowercase()
                )));
            }
            Token::Hash(digits) => out.push(Token::Hash(digits.to_ascii_lowercase())),
            token => out.push(token.clone()),
        }
        out.push(Token::Space);
    }
    out
}

fn plain_rules(rules: &mut [Rule]) {
    for rule in rules {
        match rule {
            Rule::Style(_, body) | Rule::Block(_, _, body) => {
                for one in body {
                    one.value = plain(&one.value);
                }
            }
            Rule::Group(_, _, inner) => plain_rules(inner),
            Rule::Other(..) => {}
        }
    }
}

/// Takes languages out.
fn strip(element: &mut Element) {
    element.attributes.retain(|it| it.name != "lang");
    for node in &mut element.children {
        if let Node::Element(inner) = node {
            strip(inner);
        }
    }
}

fn hash(
    element: &Element,
    defined: &Defined,
    cx: &Context<'_>,
    names: &mut Numbers,
    hasher: &mut Hasher,
) -> Result<()> {
    hasher.label("element", len_u64(element.name.len()));
    hasher.bytes(element.name.as_bytes());
    for attribute in &element.attributes {
        let mut value = refs::attribute(element, attribute, defined, cx, names)?;
        let kind = judge::attribute_kind(element, attribute);
        if matches!(
            kind,
            Some(Value::Property | Value::Plain | Value::Animated | Value::Style)
        ) {
            let (tokens, _) = css::tokens(&value, cx)?;
            value.clear();
            css::write(&plain(&tokens), &mut value);
        }
        let space = matches!(attribute.space, Space::XLink | Space::Xml);
        hasher.label("attribute", u64::from(space));
        hasher.label(&attribute.name, len_u64(value.len()));
        hasher.bytes(value.as_bytes());
    }
    for node in &element.children {
        match node {
            Node::Text(text) if element.name == "style" => {
                let (tokens, _) = css::tokens(text, cx)?;
                let mut rules = css::rules(&tokens, cx, 0)?;
                refs::rules(&mut rules, defined, cx, names)?;
                plain_rules(&mut rules);
                let mut text = String::new();
                css::write_rules(&rules, &mut text);
                hasher.label("style", len_u64(text.len()));
                hasher.bytes(text.as_bytes());
            }
            Node::Text(text) => {
                hasher.label("text", len_u64(text.len()));
                hasher.bytes(text.as_bytes());
            }
            Node::Element(inner) => hash(inner, defined, cx, names, hasher)?,
            _ => {}
        }
    }
    hasher.label("end", 0);
    Ok(())
}
