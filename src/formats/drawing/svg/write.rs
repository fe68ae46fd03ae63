//! A tree as text: one spelling for everything, so that the same drawing is always the same file.

use std::cmp::Ordering;

use super::tree::{Attribute, Element, Node, Space};

/// The order in which attributes are written.
pub(super) fn order(a: &Attribute, b: &Attribute) -> Ordering {
    let space = |it: &Attribute| match it.space {
        Space::Xml => 2,
        Space::XLink => 1,
        _ => 0,
    };
    (space(a), &a.name).cmp(&(space(b), &b.name))
}

/// The file.
pub(super) fn document(root: &Element) -> Vec<u8> {
    let mut out = String::new();
    element(root, true, &mut out);
    out.push('\n');
    out.into_bytes()
}

fn uses_xlink(element: &Element) -> bool {
    element.attributes.iter().any(|it| it.space == Space::XLink)
        || element.elements().any(uses_xlink)
}

fn element(element: &Element, is_root: bool, out: &mut String) {
    out.push('<');
    out.push_str(&element.name);
    if is_root {
        out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
        if uses_xlink(element) {
            out.push_str(" xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
        }
    }
    for attribute in &element.attributes {
        out.push(' ');
        out.push_str(match attribute.space {
            Space::XLink => "xlink:",
            Space::Xml => "xml:",
            _ => "",
        });
        out.push_str(&attribute.name);
        out.push_str("=\"");
        for c in attribute.value.chars() {
            match c {
                '"' => out.push_str("&quot;"),
                '\t' => out.push_str("&#9;"),
                '\n' => out.push_str("&#10;"),
                c => text(c, out),
            }
        }
        out.push('"');
    }
    if element.children.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for node in &element.children {
        match node {
            Node::Element(inner) => self::element(inner, false, out),
            Node::Text(inner) => inner.chars().for_each(|c| text(c, out)),
            Node::Comment(_) | Node::Instruction(_) => {}
        }
    }
    out.push_str("</");
    out.push_str(&element.name);
    out.push('>');
}

fn text(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\r' => out.push_str("&#13;"),
        c => out.push(c),
    }
}

/// Any tree with the namespaces of its names, for readers of metadata.
pub(super) fn foreign(element: &Element, out: &mut String) {
    let uri = |space: &Space| match space {
        Space::Svg => "http://www.w3.org/2000/svg".to_owned(),
        Space::XLink => "http://www.w3.org/1999/xlink".to_owned(),
        Space::Other(uri) => uri.clone(),
        Space::Xml | Space::None => String::new(),
    };
    let escaped = |value: &str, out: &mut String| {
        for c in value.chars() {
            match c {
                '"' => out.push_str("&quot;"),
                c => text(c, out),
            }
        }
    };
    let name = match element.space {
        Space::Other(_) | Space::XLink => format!("e:{}", element.name),
        _ => element.name.clone(),
    };
    out.push('<');
    out.push_str(&name);
    if name.starts_with("e:") {
        out.push_str(" xmlns:e=\"");
        escaped(&uri(&element.space), out);
        out.push('"');
    }
    for (index, attribute) in element.attributes.iter().enumerate() {
        match &attribute.space {
            Space::Xml => out.push_str(&format!(" xml:{}=\"", attribute.name)),
            Space::None | Space::Svg => out.push_str(&format!(" {}=\"", attribute.name)),
            space => {
                out.push_str(&format!(" xmlns:a{index}=\""));
                escaped(&uri(space), out);
                out.push_str(&format!("\" a{index}:{}=\"", attribute.name));
            }
        }
        escaped(&attribute.value, out);
        out.push('"');
    }
    out.push('>');
    for node in &element.children {
        match node {
            Node::Element(inner) => foreign(inner, out),
            Node::Text(inner) => inner.chars().for_each(|c| text(c, out)),
            Node::Comment(inner) => out.push_str(&format!("<!--{inner}-->")),
            Node::Instruction(inner) => out.push_str(&format!("<?{inner}?>")),
        }
    }
    out.push_str("</");
    out.push_str(&name);
    out.push('>');
}
