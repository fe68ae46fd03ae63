//! Which parts a copy has: those that lead from the root by relationships of known types.

use super::package::{Relationship, Types};
use super::report::{self as kind, Kind};

/// What a relationship is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A part that is needed without being named by an element.
    Implied,
    /// A part that is needed where an element names it.
    Named,
    /// A picture.
    Picture,
    /// Sound or film.
    Film,
    /// A document inside the document.
    Package,
    /// An object of another program; a document inside the document in some files.
    Object,
    /// Macros.
    Macros,
    /// Speaker notes.
    Notes,
    /// A link to a place outside.
    Hyperlink,
    /// A part that is removed.
    Gone(&'static Kind),
    /// Without it the document does not show what it showed.
    Refused(&'static str),
}

/// The class of a relationship, by the last segment of its type.
pub(super) fn class(relationship: &Relationship) -> Class {
    match relationship.name() {
        "officeDocument"
        | "styles"
        | "stylesWithEffects"
        | "numbering"
        | "fontTable"
        | "theme"
        | "themeOverride"
        | "settings"
        | "footnotes"
        | "endnotes"
        | "sharedStrings"
        | "slideLayout"
        | "tableStyles"
        | "presProps"
        | "chartStyle"
        | "chartColorStyle"
        | "diagramDrawing"
        | "pivotTable"
        | "pivotCacheDefinition" => Class::Implied,
        "slideMaster" | "notesMaster" | "header" | "footer" | "worksheet" | "chartsheet"
        | "dialogsheet" | "xlMacrosheet" | "xlIntlMacrosheet" | "table" | "tableSingleCells"
        | "drawing" | "vmlDrawing" | "chart" | "chartUserShapes" | "chartEx" | "diagramData"
        | "diagramLayout" | "diagramQuickStyle" | "diagramColors" | "slide" | "ctrlProp" => {
            Class::Named
        }
        "image" => Class::Picture,
        "audio" | "video" | "media" => Class::Film,
        "package" => Class::Package,
        "oleObject" => Class::Object,
        "vbaProject" => Class::Macros,
        "notesSlide" => Class::Notes,
        "hyperlink" => Class::Hyperlink,
        "aFChunk" => Class::Refused(
            "a part of the text is in another format; open the document, save it again, and clean that",
        ),
        "core-properties" | "coreProperties" | "extended-properties" | "extendedProperties" => {
            Class::Gone(kind::PROPERTIES)
        }
        "custom-properties" | "customProperties" => Class::Gone(kind::PROPERTIES),
        "thumbnail" => Class::Gone(kind::THUMBNAIL),
        "customXml" | "customXmlProps" | "xmlMaps" => Class::Gone(kind::CUSTOM_XML),
        "comments" | "commentsExtended" | "commentsIds" | "commentsExtensible"
        | "threadedComment" => Class::Gone(kind::COMMENT),
        "people" | "person" | "commentAuthors" | "authors" | "usernames" => {
            Class::Gone(kind::PEOPLE)
        }
        "changesInfo" | "revisionInfo" | "revisionHeaders" | "revisionLog" | "tags" => {
            Class::Gone(kind::HISTORY)
        }
        "printerSettings" => Class::Gone(kind::PRINTER),
        "attachedTemplate" => Class::Gone(kind::TEMPLATE),
        "mailMergeSource" | "mailMergeHeaderSource" | "recipientData" => {
            Class::Gone(kind::MAIL_MERGE)
        }
        "glossaryDocument" => Class::Gone(kind::GLOSSARY),
        "externalLink"
        | "externalLinkPath"
        | "connections"
        | "queryTable"
        | "volatileDependencies" => Class::Gone(kind::CONNECTION),
        "pivotCacheRecords" => Class::Gone(kind::PIVOT),
        "control" | "activeXControlBinary" => Class::Gone(kind::OBJECT),
        "hdphoto" => Class::Gone(kind::LAYER),
        "viewProps"
        | "webSettings"
        | "handoutMaster"
        | "keyMapCustomizations"
        | "attachedToolbars"
        | "transform"
        | "frame"
        | "wordVbaData" => Class::Gone(kind::SETTINGS),
        "calcChain" | "slicer" | "slicerCache" | "timeline" | "timelineCache" | "customData"
        | "customProperty" | "sheetMetadata" | "richDataValue" => Class::Gone(kind::WORKBOOK),
        _ => Class::Gone(kind::UNKNOWN_PART),
    }
}

/// Whether a target outside is one that may be retained: a page or an address.
pub(super) fn is_public(target: &str) -> bool {
    let target = target.trim().to_lowercase();
    [
        "http://", "https://", "mailto:", "tel:", "ftp://", "sip:", "#",
    ]
    .iter()
    .any(|scheme| target.starts_with(scheme))
        && !super::rules::is_path(
            target
                .split(['?', '#'])
                .next()
                .unwrap_or_default()
                .trim_start_matches("https")
                .trim_start_matches("http"),
        )
}

/// The office program that a document is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum App {
    Word,
    Excel,
    PowerPoint,
}

/// Content types of main parts, the program, and the extension of such files.
const MAIN: &[(&str, App, &str)] = &[
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        App::Word,
        "docx",
    ),
    (
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        App::Word,
        "docm",
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        App::Word,
        "dotx",
    ),
    (
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        App::Word,
        "dotm",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        App::Excel,
        "xlsx",
    ),
    (
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        App::Excel,
        "xlsm",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
        App::Excel,
        "xltx",
    ),
    (
        "application/vnd.ms-excel.template.macroEnabled.main+xml",
        App::Excel,
        "xltm",
    ),
    (
        "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        App::Excel,
        "xlam",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        App::PowerPoint,
        "pptx",
    ),
    (
        "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
        App::PowerPoint,
        "pptm",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
        App::PowerPoint,
        "potx",
    ),
    (
        "application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
        App::PowerPoint,
        "potm",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
        App::PowerPoint,
        "ppsx",
    ),
    (
        "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
        App::PowerPoint,
        "ppsm",
    ),
];

/// What kind of document has a main part of this type: the program and the extension.
pub(super) fn kind_of(content_type: &str) -> Option<(App, &'static str)> {
    MAIN.iter()
        .find(|(known, ..)| known.eq_ignore_ascii_case(content_type))
        .map(|(_, app, extension)| (*app, *extension))
}

/// The content type with which a copy names a part; only characters of media types.
pub(super) fn content_type(types: &Types, part: &str) -> String {
    let known = types.of(part).unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-' | '/' | '_');
    if known.is_empty() || !known.chars().all(is_plain) {
        return "application/octet-stream".to_owned();
    }
    known.to_owned()
}
