//! CBOR and JSON as one: values with the path of keys to them.

use serde_json::Value;

use crate::bytes::Context;
use crate::model::Result;

/// A key of a map, or an array index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Text(String),
    /// Of COSE headers (RFC 9052).
    Number(i64),
    Index,
}

impl Key {
    /// A text key, cut so that paths stay short.
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.chars().take(128).collect())
    }
}

/// A value that holds no others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Leaf<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
    Number(f64),
    /// Booleans, null, undefined.
    Simple,
}

/// Takes the leaves.
pub(super) type Sink<'a> = dyn FnMut(&[Key], Leaf<'_>) -> Result<()> + 'a;

/// A parsed text takes many times its length.
const LARGEST_JSON: usize = 4 << 20;

/// Hands all leaves of a JSON text to `sink`. Whether it is one.
///
/// # Errors
/// Those of the budget and of `sink`.
pub(super) fn walk_json(text: &[u8], cx: &Context<'_>, sink: &mut Sink<'_>) -> Result<bool> {
    // Some writers end the text with zeros. The parser goes no deeper than 128 levels.
    let end = text
        .iter()
        .rposition(|b| *b != 0)
        .map_or(0, |last| last.saturating_add(1));
    let text = text.get(..end).unwrap_or_default();
    if text.len() > LARGEST_JSON {
        return Ok(false);
    }
    let Ok(value) = serde_json::from_slice(text) else {
        return Ok(false);
    };
    json(&value, &mut Vec::new(), cx, sink)?;
    Ok(true)
}

fn json(value: &Value, path: &mut Vec<Key>, cx: &Context<'_>, sink: &mut Sink<'_>) -> Result<()> {
    cx.item()?;
    match value {
        Value::Null | Value::Bool(_) => sink(path, Leaf::Simple),
        Value::Number(n) => sink(path, Leaf::Number(n.as_f64().unwrap_or_default())),
        Value::String(text) => sink(path, Leaf::Text(text)),
        Value::Array(values) => {
            path.push(Key::Index);
            for value in values {
                json(value, path, cx, sink)?;
            }
            path.pop();
            Ok(())
        }
        Value::Object(values) => {
            for (key, value) in values {
                path.push(Key::text(key));
                json(value, path, cx, sink)?;
                path.pop();
            }
            Ok(())
        }
    }
}
