//! The allowlist in words; the keys themselves are in `tables`.

use crate::model::{How, Row};

const fn row(what: &'static str, when: &'static str, why: &'static str, spec: &'static str) -> Row {
    Row {
        what,
        when,
        how: How::Rebuild,
        why,
        spec,
    }
}

/// What a copy consists of.
pub(super) static ROWS: &[Row] = &[
    row(
        "header, cross-reference, trailer",
        "one revision; no document information, no ID",
        "readers find the objects",
        "ISO 32000-1 §7.5",
    ),
    row(
        "Catalog, Pages, Page",
        "reached from the root; boxes, rotation, resources, contents, annotations, transitions",
        "the pages and their order",
        "ISO 32000-1 §7.7",
    ),
    Row {
        what: "content streams of pages, forms, patterns, glyphs",
        when: "comments are removed",
        how: How::Verbatim,
        why: "what the pages show",
        spec: "ISO 32000-1 §7.8.2",
    },
    Row {
        what: "Image",
        when: "JPEG and JPEG 2000 cleaned as such pictures, without orientation",
        how: How::Verbatim,
        why: "pictures and masks",
        spec: "ISO 32000-1 §8.9.5",
    },
    Row {
        what: "Font, FontDescriptor, FontFile, CMap",
        when: "used by resources that are kept",
        how: How::Verbatim,
        why: "glyphs, widths, text extraction",
        spec: "ISO 32000-1 §9",
    },
    row(
        "ExtGState, ColorSpace, Pattern, Shading, Function, Group",
        "standard keys; ICC profiles scrubbed",
        "colours and transparency",
        "ISO 32000-1 §8, §11",
    ),
    row(
        "Outlines, Dests, PageLabels, ViewerPreferences",
        "destinations on pages of the document",
        "bookmarks, page numbers, how the document opens",
        "ISO 32000-1 §12.2, §12.3",
    ),
    row(
        "Link; actions GoTo, URI, Named, SetOCGState, ResetForm",
        "addresses of the web, of mail and of telephones",
        "links",
        "ISO 32000-1 §12.5, §12.6",
    ),
    row(
        "Widget, AcroForm",
        "fields with a widget on a page; no XFA, no scripts, no signatures",
        "forms and their values",
        "ISO 32000-1 §12.7",
    ),
    row(
        "markup annotations",
        "what they draw; no author, time, subject, comment",
        "highlights, stamps, drawings, free text",
        "ISO 32000-1 §12.5.6",
    ),
    row(
        "OCProperties, OCG, OCMD",
        "states and order; names are neutral",
        "hidden layers stay hidden",
        "ISO 32000-1 §8.11",
    ),
    row(
        "StructTreeRoot, StructElem, MarkInfo, Lang",
        "elements of pages of the document; no ids, titles, user properties",
        "reading order and texts for screen readers",
        "ISO 32000-1 §14.7, §14.8",
    ),
    row(
        "OutputIntent",
        "its profile, scrubbed; names of common printing conditions",
        "colours in print",
        "ISO 32000-1 §14.11.5",
    ),
];
