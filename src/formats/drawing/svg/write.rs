//! A tree as text: one spelling for everything, so that the same drawing is always the same file.

use std::cmp::Ordering;

use super::tree::{Attribute, Element, Node, Space};
use crate::containers::xml::write::{character, escape};

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
        escape(&attribute.value, out);
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
            Node::Text(inner) => inner.chars().for_each(|c| character(c, out)),
            Node::Comment(_) | Node::Instruction(_) => {}
        }
    }
    out.push_str("</");
    out.push_str(&element.name);
    out.push('>');
}

/// Any tree with the namespaces of its names, for readers of metadata.
pub(super) fn foreign(element: &Element, out: &mut String) {
    let name = match element.space {
        Space::Other(_) | Space::XLink => format!("e:{}", element.name),
        _ => element.name.clone(),
    };
    out.push('<');
    out.push_str(&name);
    if name.starts_with("e:") {
        out.push_str(" xmlns:e=\"");
        escape(element.space.uri(), out);
        out.push('"');
    }
    for (index, attribute) in element.attributes.iter().enumerate() {
        match &attribute.space {
            Space::Xml => out.push_str(&format!(" xml:{}=\"", attribute.name)),
            Space::None | Space::Svg => out.push_str(&format!(" {}=\"", attribute.name)),
            space => {
                out.push_str(&format!(" xmlns:a{index}=\""));
                escape(space.uri(), out);
                out.push_str(&format!("\" a{index}:{}=\"", attribute.name));
            }
        }
        escape(&attribute.value, out);
        out.push('"');
    }
    out.push('>');
    for node in &element.children {
        match node {
            Node::Element(inner) => foreign(inner, out),
            Node::Text(inner) => inner.chars().for_each(|c| character(c, out)),
            Node::Comment(inner) => out.push_str(&format!("<!--{inner}-->")),
            Node::Instruction(inner) => out.push_str(&format!("<?{inner}?>")),
        }
    }
    out.push_str("</");
    out.push_str(&name);
    out.push('>');
}
