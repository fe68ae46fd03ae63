//! The package (ISO/IEC 29500-2): content types, relationships, and names of parts.

use crate::bytes::Context;
use crate::containers::xml::stream::{self, Piece};
use crate::containers::xml::tree::{Attribute, Element, Node, Space};
use crate::containers::xml::write::Writer;
use crate::model::Result;

use super::names;

pub(super) const CONTENT_TYPES: &str =
    "http://schemas.openxmlformats.org/package/2006/content-types";
pub(super) const RELATIONSHIPS: &str =
    "http://schemas.openxmlformats.org/package/2006/relationships";
/// The part with the content types.
pub(super) const TYPES_PART: &str = "[Content_Types].xml";

/// Which content type a part has (§10.1.2).
#[derive(Debug, Default)]
pub(super) struct Types {
    /// Extension in lower case, content type.
    defaults: Vec<(String, String)>,
    /// Part name with its leading slash in lower case, content type.
    overrides: Vec<(String, String)>,
}

impl Types {
    /// Reads `[Content_Types].xml`.
    pub(super) fn read(bytes: &[u8], cx: &Context<'_>) -> Result<Self> {
        let mut types = Self::default();
        for element in children(bytes, cx)? {
            let Some(kind) = element.get("ContentType") else {
                continue;
            };
            if let Some(extension) = element.get("Extension") {
                types
                    .defaults
                    .push((extension.to_lowercase(), kind.to_owned()));
            } else if let Some(name) = element.get("PartName") {
                types.overrides.push((name.to_lowercase(), kind.to_owned()));
            }
        }
        Ok(types)
    }

    /// The content type of a part, whose name has no leading slash.
    pub(super) fn of(&self, part: &str) -> Option<&str> {
        let name = format!("/{}", part.to_lowercase());
        let found = self.overrides.iter().find(|(known, _)| *known == name);
        let found = found.or_else(|| {
            let extension = extension(&name);
            self.defaults.iter().find(|(known, _)| known == extension)
        });
        found.map(|(_, kind)| kind.as_str())
    }
}

/// Whether this is the name of the part with the types; the case of letters does not count
/// (ISO/IEC 29500-2 §9.1.1.3).
pub(super) fn is_types(name: &str) -> bool {
    name.eq_ignore_ascii_case(TYPES_PART)
}

/// Behind the last dot of the last segment; empty without one.
pub(super) fn extension(name: &str) -> &str {
    let last = name.rsplit('/').next().unwrap_or_default();
    last.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// A relationship (§9.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relationship {
    pub(super) id: String,
    /// The type as written.
    pub(super) kind: String,
    /// The target as written.
    pub(super) target: String,
    pub(super) is_external: bool,
}

impl Relationship {
    /// The last segment of the type: the same in Transitional, Strict and extensions.
    pub(super) fn name(&self) -> &str {
        self.kind
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default()
    }
}

/// Reads a `.rels` part.
pub(super) fn relationships(bytes: &[u8], cx: &Context<'_>) -> Result<Vec<Relationship>> {
    let read = children(bytes, cx)?;
    let relationship = |element: Element| {
        let get = |name| element.get(name).unwrap_or_default().to_owned();
        Relationship {
            id: get("Id"),
            kind: get("Type"),
            target: get("Target"),
            is_external: element.get("TargetMode") == Some("External"),
        }
    };
    Ok(read.into_iter().map(relationship).collect())
}

pub(super) fn children(bytes: &[u8], cx: &Context<'_>) -> Result<Vec<Element>> {
    let mut out = Vec::new();
    stream::read(bytes, cx, &|around, _| around.is_empty(), &mut |piece| {
        if let Piece::Node(Node::Element(element)) = piece {
            out.push(element);
        }
        Ok(())
    })?;
    Ok(out)
}

/// The part that holds the relationships of a part; of the package for an empty name.
pub(super) fn relationships_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{name}.rels")
}

/// The name of the part that a relationship of `part` leads to; `None` when it leads out of the package.
pub(super) fn resolve(part: &str, target: &str) -> Option<String> {
    let target = target
        .split('#')
        .next()
        .unwrap_or_default()
        .replace('\\', "/");
    let mut segments: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => part
            .rsplit_once('/')
            .map_or(Vec::new(), |(folder, _)| folder.split('/').collect()),
    };
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            segment => segments.push(segment),
        }
    }
    (!segments.is_empty()).then(|| decoded(&segments.join("/")))
}

/// `%20` and its like as characters.
fn decoded(name: &str) -> String {
    let mut out = Vec::new();
    let mut rest = name.as_bytes();
    while let [byte, behind @ ..] = rest {
        let hex = behind
            .get(..2)
            .filter(|_| *byte == b'%')
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match hex {
            Some(byte) => {
                out.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*byte);
                rest = behind;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| name.to_owned())
}

/// A `.rels` part.
pub(super) fn write_relationships(relationships: &[Relationship]) -> Vec<u8> {
    let children = relationships.iter().map(|it| {
        let mut values = vec![
            ("Id", it.id.as_str()),
            ("Type", &it.kind),
            ("Target", &it.target),
        ];
        if it.is_external {
            values.push(("TargetMode", "External"));
        }
        element(RELATIONSHIPS, "Relationship", &values)
    });
    document(RELATIONSHIPS, "Relationships", children)
}

/// `[Content_Types].xml` for parts and their types: a default for relationships and one for XML, and
/// an override for every other part.
pub(super) fn write_types(parts: &[(String, String)]) -> Vec<u8> {
    let rels = "application/vnd.openxmlformats-package.relationships+xml";
    let mut children = vec![
        element(
            CONTENT_TYPES,
            "Default",
            &[("Extension", "rels"), ("ContentType", rels)],
        ),
        element(
            CONTENT_TYPES,
            "Default",
            &[("Extension", "xml"), ("ContentType", "application/xml")],
        ),
    ];
    let mut extensions = Vec::new();
    // Readers take the type of a picture from its extension.
    for (name, kind) in parts {
        let extension = extension(name).to_lowercase();
        let is_media = !kind.ends_with("xml") && !matches!(&*extension, "" | "xml" | "rels");
        if is_media && !extensions.contains(&extension) {
            children.push(element(
                CONTENT_TYPES,
                "Default",
                &[("Extension", &extension), ("ContentType", kind)],
            ));
            extensions.push(extension);
        }
    }
    for (name, kind) in parts {
        let name = format!("/{name}");
        let values = [("PartName", name.as_str()), ("ContentType", kind)];
        children.push(element(CONTENT_TYPES, "Override", &values));
    }
    document(CONTENT_TYPES, "Types", children.into_iter())
}

fn element(uri: &str, name: &str, values: &[(&str, &str)]) -> Element {
    let attribute = |(name, value): &(&str, &str)| Attribute {
        space: Space::None,
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    };
    Element {
        space: Space::Other(uri.into()),
        name: name.to_owned(),
        attributes: values.iter().map(attribute).collect(),
        children: Vec::new(),
    }
}

fn document(uri: &str, name: &str, children: impl Iterator<Item = Element>) -> Vec<u8> {
    let mut root = element(uri, name, &[]);
    root.children = children.map(Node::Element).collect();
    let mut writer = Writer::new(&names::written);
    writer.element(&root);
    writer.take()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved() {
        let part = "word/document.xml";
        assert_eq!(
            resolve(part, "media/a%20b.png").as_deref(),
            Some("word/media/a b.png")
        );
        assert_eq!(resolve(part, "/word/a.xml").as_deref(), Some("word/a.xml"));
        assert_eq!(
            resolve(part, "../customXml/a.xml").as_deref(),
            Some("customXml/a.xml")
        );
        assert_eq!(resolve(part, "../../a.xml"), None);
        assert_eq!(resolve("", "word/a.xml").as_deref(), Some("word/a.xml"));
        assert_eq!(relationships_of(""), "_rels/.rels");
        assert_eq!(relationships_of(part), "word/_rels/document.xml.rels");
    }
}
