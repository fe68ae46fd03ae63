//! What a drawing shows, as one number: all elements of SVG that are drawn or say how, their attributes in
//! the order of their names, the text that is shown, and the pictures inside as they are cleaned. Spelling,
//! white space between elements, and what nobody draws are left out.

use super::css;
use super::data::Data;
use super::names::{self, Kind, Value};
use super::tree::{Element, Node, Space};
use super::values::{self, Observer};
use crate::bytes::{Context, Hasher};
use crate::model::{Digest, Result, len_u64};

/// The digest of a drawing.
///
/// # Errors
/// Those of the pictures inside, and of the budget.
pub(super) fn digest(root: &Element, cx: &Context<'_>) -> Result<Digest> {
    let mut hasher = Hasher::new();
    element(root, false, cx, &mut hasher)?;
    Ok(hasher.finish())
}

struct Silent<'a, 'b>(&'a Context<'b>);

impl Observer for Silent<'_, '_> {
    fn elsewhere(&mut self, _: &str) {}
    fn data(&mut self, data: &Data, is_font: bool) -> Result<Option<String>> {
        if is_font {
            return Ok(data.is_font().then(|| data.with(&data.bytes)));
        }
        Ok(Some(data.with(&super::inside::payload(data, self.0)?)))
    }
    fn ignored(&mut self, _: &'static str, _: &str) {}
    fn uses(&mut self, _: &str) {}
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

fn element(element: &Element, in_text: bool, cx: &Context<'_>, hasher: &mut Hasher) -> Result<()> {
    let Some(kind) = is_shown(element) else {
        return Ok(());
    };
    cx.item()?;
    hasher.label("element", len_u64(element.name.len()));
    hasher.bytes(element.name.as_bytes());
    let mut shown = Vec::new();
    for attribute in &element.attributes {
        let (name, value) = (attribute.name.as_str(), attribute.value.as_str());
        let silent = &mut Silent(cx);
        let value = match (&attribute.space, names::attribute_of(&element.name, name)) {
            (Space::XLink, _) if name == "href" => values::reference(value, cx, silent)?,
            (Space::Xml, _) if name == "id" => Some(value.to_owned()),
            (Space::Xml, _) if name == "space" => {
                values::attribute(Value::Plain, name, value, cx, silent)?
            }
            (Space::Xml, _) if name == "lang" => {
                values::attribute(Value::Language, name, value, cx, silent)?
            }
            (Space::None, Some(kind)) => values::attribute(kind, name, value, cx, silent)?,
            _ => None,
        };
        let space = matches!(attribute.space, Space::XLink | Space::Xml);
        shown.extend(value.map(|value| (space, name, value)));
    }
    shown.sort();
    for (space, name, value) in shown {
        hasher.label("attribute", u64::from(space));
        hasher.label(name, len_u64(value.len()));
        hasher.bytes(value.as_bytes());
    }
    if kind == Kind::Style {
        let (tokens, _) = css::tokens(&element.text(), cx)?;
        let rules = values::rules(css::rules(&tokens, cx, 0)?, cx, &mut Silent(cx))?;
        let mut text = String::new();
        css::write_rules(&rules, &mut text);
        hasher.label("style", len_u64(text.len()));
        hasher.bytes(text.as_bytes());
    }
    let in_text = in_text || kind == Kind::Text;
    // Comments between two texts do not part them.
    let mut text = String::new();
    let flush = |text: &mut String, hasher: &mut Hasher| {
        if !text.is_empty() {
            hasher.label("text", len_u64(text.len()));
            hasher.bytes(text.as_bytes());
            text.clear();
        }
    };
    for node in &element.children {
        match node {
            Node::Text(piece) if in_text => text.push_str(piece),
            Node::Element(inner) if is_shown(inner).is_some() => {
                flush(&mut text, hasher);
                self::element(inner, in_text, cx, hasher)?;
            }
            _ => {}
        }
    }
    flush(&mut text, hasher);
    hasher.label("end", 0);
    Ok(())
}
