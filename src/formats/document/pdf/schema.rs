//! The allowlist: which keys a dictionary of each type may have, and what their values may be
//! (ISO 32000-1 chapters 7 to 14).

use super::digest;
use super::tables::*;

/// What a value may be.
#[derive(Debug)]
pub(super) enum Shape {
    /// A number, a Boolean, or an array of these.
    Number,
    /// One of these names.
    Word(&'static [&'static str]),
    /// Any name: fonts, colorants, glyphs, resources.
    Name,
    /// A string that is shown, or read aloud.
    Text,
    /// A string that is data.
    Bytes,
    /// An array of values of one shape; what does not fit is left out.
    List(&'static Shape),
    /// An array in which what does not fit is `null`, because places count.
    Places(&'static Shape),
    /// A dictionary or stream.
    Dict(&'static Table),
    /// A dictionary whose keys are names of resources.
    Map(&'static Shape),
    /// The first of these that fits.
    Either(&'static [&'static Shape]),
    /// A name tree, written as one node.
    NameTree(&'static Shape),
    /// A number tree, written as one node.
    NumberTree(&'static Shape),
    /// Decided by code.
    Special(Special),
}

/// Values that more than their type decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    /// A node of the page tree, or a page.
    PageNode,
    /// A page that is part of the document.
    PageRef,
    /// An external object: picture or form.
    XObject,
    /// A tiling or shading pattern.
    Pattern,
    /// A colour space.
    Color,
    /// A destination.
    Dest,
    /// An action.
    Action,
    /// An annotation of a page.
    Annot,
    /// A form field.
    Field,
    /// A child of a structure element.
    StructKid,
    /// An annotation that a structure element refers to.
    StructObject,
    /// Attributes of a structure element.
    Attributes,
    /// Order of layers in the list of layers.
    Order,
    /// Optional content.
    Optional,
    /// A property list of marked content, or optional content.
    Property,
}

/// How the data of a stream is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Data {
    /// It is no stream.
    None,
    /// It may be a stream, whose bytes are copied.
    Verbatim,
    /// A content stream.
    Content,
    /// A picture.
    Picture,
    /// A colour profile.
    Profile,
    /// A character map: PostScript with comments.
    CharMap,
}

/// A type of dictionary.
#[derive(Debug)]
pub(super) struct Table {
    /// What it is called in reports.
    pub(super) name: &'static str,
    /// The value of `/Type`, where it is always written.
    pub(super) kind: Option<&'static str>,
    /// Whether it has data.
    pub(super) data: Data,
    /// Allowed keys.
    pub(super) keys: &'static [(&'static str, Shape)],
}

impl Table {
    /// Whether a key decides what is drawn: then its value is retained as it is, or the file is refused.
    pub(super) fn draws(&self, key: &[u8]) -> bool {
        DRAWN.contains(&self.name) && digest::is_shown(self.name, key)
    }
}

impl Shape {
    /// Tells shapes of indirect objects apart.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::Dict(table) => table.name,
            Self::Map(inner) => match inner {
                Shape::Dict(table) => table.name,
                Shape::Special(special) => special.key(),
                _ => "map",
            },
            Self::NameTree(_) => "name-tree",
            Self::NumberTree(inner) => match inner {
                Shape::Dict(table) => table.name,
                _ => "number-tree",
            },
            Self::Special(special) => special.key(),
            _ => "value",
        }
    }
}

impl Special {
    fn key(self) -> &'static str {
        match self {
            Self::PageNode => "page-node",
            Self::PageRef => "page",
            Self::XObject => "external-objects",
            Self::Pattern => "patterns",
            Self::Color => "colours",
            Self::Dest => "destinations",
            Self::Action => "actions",
            Self::Annot => "annotations",
            Self::Field => "fields",
            Self::StructKid => "structure",
            Self::StructObject => "object-reference",
            Self::Attributes => "attributes",
            Self::Order => "order",
            Self::Optional => "optional-content",
            Self::Property => "properties",
        }
    }
}

/// The table of a catalogue, where everything begins.
pub(super) static ROOT: Shape = Shape::Dict(&CATALOG);
