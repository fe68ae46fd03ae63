//! A tree, or a stream of trees, as text: one spelling, so that the same content is always the same file.

use std::rc::Rc;

use super::tree::{Element, Node, Space, XML, is_prefix_list};

/// The prefix with which a namespace is written. Elements of the one with the empty prefix have none.
pub type Prefixes<'a> = dyn Fn(&str) -> &'a str + 'a;

/// Writes elements with the prefixes that it is given, and declares each where it is first needed.
pub struct Writer<'a> {
    out: String,
    prefixes: &'a Prefixes<'a>,
    /// Namespaces that are declared, innermost last.
    scope: Vec<Rc<str>>,
    /// Open elements: qualified name, and length of `scope` before it.
    open: Vec<(String, usize)>,
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl<'a> Writer<'a> {
    /// A file that begins with an XML declaration.
    #[must_use]
    pub fn new(prefixes: &'a Prefixes<'a>) -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".to_owned(),
            prefixes,
            scope: Vec::new(),
            open: Vec::new(),
        }
    }

    /// What is written and not taken yet.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out).into_bytes()
    }

    /// How many bytes are written and not taken yet.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.out.len()
    }

    /// The beginning of an element, without its children. `declared` are namespaces that get their
    /// declaration here although no name needs it yet.
    pub fn open(&mut self, element: &Element, declared: &[Rc<str>]) {
        self.tag(element, declared);
        self.out.push('>');
    }

    /// An element without content.
    pub fn empty(&mut self, element: &Element) {
        self.tag(element, &[]);
        self.out.push_str("/>");
        if let Some((_, scope)) = self.open.pop() {
            self.scope.truncate(scope);
        }
    }

    /// The end of the innermost open element.
    pub fn close(&mut self) {
        if let Some((name, scope)) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(&name);
            self.out.push('>');
            self.scope.truncate(scope);
        }
    }

    /// An element with all that is in it, or text. Comments and instructions are not written.
    pub fn node(&mut self, node: &Node) {
        match node {
            Node::Element(element) => self.element(element),
            Node::Text(text) => text.chars().for_each(|c| character(c, &mut self.out)),
            Node::Comment(_) | Node::Instruction(_) => {}
        }
    }

    /// An element with all that is in it.
    pub fn element(&mut self, element: &Element) {
        if element.children.is_empty() {
            return self.empty(element);
        }
        self.open(element, &[]);
        for node in &element.children {
            self.node(node);
        }
        self.close();
    }

    /// `<name a="b"`, and the element as an open one.
    fn tag(&mut self, element: &Element, declared: &[Rc<str>]) {
        let scope = self.scope.len();
        let name = self.qualified(&element.space, &element.name).to_string();
        self.out.push('<');
        self.out.push_str(&name);
        // Without a namespace, and inside an element that has given the empty prefix to one.
        let prefixes = self.prefixes;
        if element.space == Space::None && self.scope.iter().any(|uri| prefixes(uri).is_empty()) {
            self.out.push_str(" xmlns=\"\"");
        }
        for uri in declared {
            self.declare(uri);
        }
        self.declare(element.space.uri());
        for attribute in &element.attributes {
            self.declare(attribute.space.uri());
            if is_prefix_list(&element.space, &attribute.space, &attribute.name) {
                attribute
                    .value
                    .split_whitespace()
                    .for_each(|uri| self.declare(uri));
            }
        }
        for attribute in &element.attributes {
            self.out.push(' ');
            let name = self.qualified(&attribute.space, &attribute.name);
            self.out.push_str(name.0);
            self.out.push_str(if name.0.is_empty() { "" } else { ":" });
            self.out.push_str(name.1);
            if is_prefix_list(&element.space, &attribute.space, &attribute.name) {
                let uris = attribute.value.split_whitespace();
                let list: Vec<_> = uris.map(|uri| (self.prefixes)(uri)).collect();
                self.value(&list.join(" "));
            } else {
                self.value(&attribute.value);
            }
        }
        self.open.push((name, scope));
    }

    /// The declaration of a namespace that has none yet.
    fn declare(&mut self, uri: &str) {
        let prefix = (self.prefixes)(uri);
        let mut same_prefix = self.scope.iter().rev();
        let bound = same_prefix.find(|known| (self.prefixes)(known) == prefix);
        if matches!(uri, "" | XML) || bound.is_some_and(|known| **known == *uri) {
            return;
        }
        self.out.push_str(if prefix.is_empty() {
            " xmlns"
        } else {
            " xmlns:"
        });
        self.out.push_str(prefix);
        self.value(uri);
        self.scope.push(uri.into());
    }

    fn qualified<'n>(&self, space: &Space, name: &'n str) -> Qualified<'a, 'n> {
        match space {
            Space::None => Qualified("", name),
            Space::Xml => Qualified("xml", name),
            space => Qualified((self.prefixes)(space.uri()), name),
        }
    }

    /// `="…"`
    fn value(&mut self, value: &str) {
        self.out.push_str("=\"");
        escape(value, &mut self.out);
        self.out.push('"');
    }
}

/// Prefix and name.
struct Qualified<'p, 'n>(&'p str, &'n str);

impl std::fmt::Display for Qualified<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(prefix, name) = self;
        let colon = if prefix.is_empty() { "" } else { ":" };
        write!(f, "{prefix}{colon}{name}")
    }
}

/// The value of an attribute in double quotes (XML 1.0 §3.3.3).
pub fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            c => character(c, out),
        }
    }
}

/// A character of text (XML 1.0 §2.4).
pub fn character(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\r' => out.push_str("&#13;"),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;
    use crate::bytes::testing::with_context;

    #[test]
    fn every_prefix_is_declared_once_where_it_is_needed() {
        let text =
            "<x:a xmlns:x='urn:a' xmlns:y='urn:b' y:k='1&#9;\"'><y:b/><c xmlns=''>&lt;</c></x:a>";
        let root = with_context(|cx| tree::parse(text, cx)).unwrap().root;
        let prefixes = |uri: &str| if uri == "urn:a" { "" } else { "b" };
        let mut writer = Writer::new(&prefixes);
        writer.element(&root);
        let written = String::from_utf8(writer.take()).unwrap();
        assert_eq!(
            written.lines().nth(1).unwrap(),
            "<a xmlns=\"urn:a\" xmlns:b=\"urn:b\" b:k=\"1&#9;&quot;\"><b:b/>\
             <c xmlns=\"\">&lt;</c></a>"
        );
        let again = with_context(|cx| tree::parse(&written, cx)).unwrap().root;
        assert_eq!(again, root);
    }

    #[test]
    fn namespaces_without_prefix_alternate() {
        let text = "<a xmlns='urn:a'><b xmlns='urn:b'><a xmlns='urn:a'/></b><a/></a>";
        let root = with_context(|cx| tree::parse(text, cx)).unwrap().root;
        let mut writer = Writer::new(&|_| "");
        writer.element(&root);
        let written = String::from_utf8(writer.take()).unwrap();
        assert!(written.ends_with(&text.replace('\'', "\"")), "{written}");
    }
}
