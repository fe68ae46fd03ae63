//! `META-INF/manifest.xml` (ODF 1.3 part 2): the media types of the members, and which are encrypted.

use std::collections::BTreeMap;

use super::filter::value;
use crate::bytes::Context;
use crate::containers::xml::encoding;
use crate::containers::xml::tree::{self, Element};
use crate::containers::xml::write::escape;
use crate::model::{Error, Result};

/// What the manifest says.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    /// Media types by path; those of folders end with a slash.
    pub(super) types: BTreeMap<String, String>,
    version: Option<String>,
}

const ENCRYPTED: &str = "the document is protected with a password; open it, save it without a password, \
    and clean that";

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when a member is encrypted; [`Error::Malformed`] when it is no XML.
    pub(super) fn read(bytes: &[u8], cx: &Context<'_>) -> Result<Self> {
        // Old programs name a document type in it, which says nothing.
        let root = tree::parse(&encoding::decode(bytes)?, cx)?.root;
        let mut manifest = Self {
            version: value(&root, "manifest:version").and_then(version),
            ..Self::default()
        };
        for entry in root.elements() {
            if is_encrypted(entry) {
                return Err(Error::unsupported(ENCRYPTED));
            }
            if let (Some(path), Some(kind)) = (
                value(entry, "manifest:full-path"),
                value(entry, "manifest:media-type"),
            ) && is_media_type(kind)
            {
                manifest.types.insert(path.to_owned(), kind.to_owned());
            }
        }
        Ok(manifest)
    }

    /// A manifest for these members, as path and media type.
    pub(super) fn write(&self, kind: &str, entries: &[(String, String)]) -> Vec<u8> {
        let version = self.version.as_deref();
        let mut out =
            String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest");
        let attribute = |out: &mut String, name: &str, value: &str| {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(value, out);
            out.push('"');
        };
        attribute(
            &mut out,
            "xmlns:manifest",
            "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
        );
        if let Some(version) = version {
            attribute(&mut out, "manifest:version", version);
        }
        out.push_str(">\n");
        let root = ("/".to_owned(), kind.to_owned());
        for (path, kind) in std::iter::once(&root).chain(entries) {
            out.push_str(" <manifest:file-entry");
            attribute(&mut out, "manifest:full-path", path);
            if path == "/"
                && let Some(version) = version
            {
                attribute(&mut out, "manifest:version", version);
            }
            attribute(&mut out, "manifest:media-type", kind);
            out.push_str("/>\n");
        }
        out.push_str("</manifest:manifest>\n");
        out.into_bytes()
    }
}

fn is_encrypted(entry: &Element) -> bool {
    entry
        .elements()
        .any(|element| matches!(element.name.as_str(), "encryption-data" | "encrypted-key"))
        || entry.name == "encrypted-key"
}

fn version(version: &str) -> Option<String> {
    matches!(version, "1.0" | "1.1" | "1.2" | "1.3" | "1.4").then(|| version.to_owned())
}

/// Whether it is nothing but a media type.
fn is_media_type(text: &str) -> bool {
    text.len() < 100
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/.+-".contains(&byte))
}
