//! Which parts a copy has: those that lead from the root by relationships of known types.

use memchr::memmem;

use super::package::Relationship;
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
        "officeDocument" | "styles" | "stylesWithEffects" | "numbering" | "fontTable" | "theme"
        | "themeOverride" | "settings" | "footnotes" | "endnotes" | "sharedStrings"
        | "slideLayout" | "slideMaster" | "notesMaster" | "tableStyles" | "presProps"
        | "chartStyle" | "chartColorStyle" | "diagramDrawing" => Class::Implied,
        "header" | "footer" | "worksheet" | "chartsheet" | "dialogsheet" | "xlMacrosheet"
        | "xlIntlMacrosheet" | "table" | "tableSingleCells" | "drawing" | "vmlDrawing"
        | "chart" | "chartUserShapes" | "chartEx" | "diagramData" | "diagramLayout"
        | "diagramQuickStyle" | "diagramColors" | "slide" | "ctrlProp" => Class::Named,
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
        // The cells have what the table shows.
        "pivotTable" | "pivotCacheDefinition" | "pivotCacheRecords" => Class::Gone(kind::PIVOT),
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
        "origin" | "signature" => Class::Gone(kind::SIGNATURE),
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

/// A kind of document.
struct Main {
    /// The content type of the main part.
    content_type: &'static str,
    app: App,
    extension: &'static str,
    /// The content type of such a document inside another.
    inside: &'static str,
}

macro_rules! main {
    ($($app:ident $extension:literal $main:literal $inside:literal;)*) => {
        &[$(Main {
            content_type: $main,
            app: App::$app,
            extension: $extension,
            inside: $inside,
        },)*]
    };
}

#[rustfmt::skip]
const MAIN: &[Main] = main! {
    Word "docx" "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml" "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    Word "docm" "application/vnd.ms-word.document.macroEnabled.main+xml" "application/vnd.ms-word.document.macroEnabled.12";
    Word "dotx" "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml" "application/vnd.openxmlformats-officedocument.wordprocessingml.template";
    Word "dotm" "application/vnd.ms-word.template.macroEnabledTemplate.main+xml" "application/vnd.ms-word.template.macroEnabled.12";
    Excel "xlsx" "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml" "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Excel "xlsm" "application/vnd.ms-excel.sheet.macroEnabled.main+xml" "application/vnd.ms-excel.sheet.macroEnabled.12";
    Excel "xltx" "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml" "application/vnd.openxmlformats-officedocument.spreadsheetml.template";
    Excel "xltm" "application/vnd.ms-excel.template.macroEnabled.main+xml" "application/vnd.ms-excel.template.macroEnabled.12";
    Excel "xlam" "application/vnd.ms-excel.addin.macroEnabled.main+xml" "application/vnd.ms-excel.addin.macroEnabled.12";
    PowerPoint "pptx" "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml" "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    PowerPoint "pptm" "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml" "application/vnd.ms-powerpoint.presentation.macroEnabled.12";
    PowerPoint "potx" "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml" "application/vnd.openxmlformats-officedocument.presentationml.template";
    PowerPoint "potm" "application/vnd.ms-powerpoint.template.macroEnabled.main+xml" "application/vnd.ms-powerpoint.template.macroEnabled.12";
    PowerPoint "ppsx" "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml" "application/vnd.openxmlformats-officedocument.presentationml.slideshow";
    PowerPoint "ppsm" "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml" "application/vnd.ms-powerpoint.slideshow.macroEnabled.12";
};

/// What kind of document has a main part of this type: the program, and the type as a copy writes it.
pub(super) fn kind_of(content_type: &str) -> Option<(App, &'static str)> {
    MAIN.iter()
        .find(|main| main.content_type.eq_ignore_ascii_case(content_type))
        .map(|main| (main.app, main.content_type))
}

/// The program and the extension of the document whose content types these are.
pub(super) fn document(content_types: &[u8]) -> Option<(App, &'static [&'static str])> {
    MAIN.iter()
        .find(|main| memmem::find(content_types, main.content_type.as_bytes()).is_some())
        .map(|main| (main.app, std::slice::from_ref(&main.extension)))
}

/// Content type and extension of a document of this format inside another, where its content type is
/// written as this.
pub(super) fn embedded(id: &str, written: &str) -> Option<(&'static str, &'static str)> {
    let app = MAIN.iter().find(|main| main.extension == id)?.app;
    let mut own = MAIN.iter().filter(|main| main.app == app);
    let first = own.clone().next();
    own.find(|main| main.inside.eq_ignore_ascii_case(written))
        .or(first)
        .map(|main| (main.inside, main.extension))
}

/// Whether it is the extension of a document.
pub(super) fn is_extension(text: &str) -> bool {
    MAIN.iter().any(|main| main.extension == text)
}

/// Whether it is the content type of a document, or of its main part.
pub(super) fn is_type(text: &str) -> bool {
    MAIN.iter()
        .any(|main| main.content_type == text || main.inside == text)
}
