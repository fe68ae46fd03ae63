//! What of the known namespaces is removed: elements and attributes that show nothing and give
//! something away (`leaks.md` §21). Everything else of these namespaces is retained.

use crate::containers::xml::tree::{Attribute, Element};

use super::names;
use super::report::{self as kind, Kind};

/// What happens to an element.
pub(super) enum Rule {
    /// Its attributes and children are looked at.
    Keep,
    /// It is removed with all that is in it.
    Drop(&'static Kind),
    /// It is removed, and what is in it is retained.
    Unwrap(&'static Kind),
}

/// The rule for an element of a known namespace.
pub(super) fn element(prefix: &str, name: &str, it: &Element) -> Rule {
    match prefix {
        "w" => word(name, it),
        "x" => sheet(name, it),
        "c" if matches!(name, "pivotSource" | "pivotFmts") => Rule::Drop(kind::PIVOT),
        "p" => slide(name),
        "w14" => match name {
            "docId" => Rule::Drop(kind::IDS),
            "conflictIns"
            | "conflictDel"
            | "conflictMode"
            | "customXmlConflictInsRangeStart"
            | "customXmlConflictInsRangeEnd"
            | "customXmlConflictDelRangeStart"
            | "customXmlConflictDelRangeEnd" => Rule::Drop(kind::CHANGE),
            "defaultImageDpi" | "discardImageEditingData" => Rule::Keep,
            _ => Rule::Keep,
        },
        "w15" => match name {
            "docId" | "chartTrackingRefBased" => Rule::Drop(kind::IDS),
            "person" | "people" | "presenceInfo" => Rule::Drop(kind::PEOPLE),
            "commentEx" | "commentsEx" => Rule::Drop(kind::COMMENT),
            "dataBinding" | "webExtensionLinked" | "webExtensionCreated" => {
                Rule::Drop(kind::CUSTOM_XML)
            }
            _ => Rule::Keep,
        },
        "a14" => match name {
            "imgProps" => Rule::Drop(kind::LAYER),
            _ => Rule::Keep,
        },
        "p14" => match name {
            "creationId" | "modId" => Rule::Drop(kind::IDS),
            "laserTraceLst" | "showEvtLst" | "sectionLst" | "browseMode" | "laserClr"
            | "showMediaCtrls" => Rule::Drop(kind::HISTORY),
            _ => Rule::Keep,
        },
        "p15" => match name {
            "sldGuideLst"
            | "notesGuideLst"
            | "guide"
            | "threadingInfo"
            | "presenceInfo"
            | "chartTrackingRefBased" => Rule::Drop(kind::IDS),
            _ => Rule::Keep,
        },
        "c16r2" | "c16r3" => Rule::Drop(kind::IDS),
        "x15" => match name {
            "connection"
            | "dataModel"
            | "modelTextPivotTable"
            | "timelineCacheRefs"
            | "timelineRefs" => Rule::Drop(kind::CONNECTION),
            _ => Rule::Keep,
        },
        "x14" => match name {
            "connection" | "slicerCaches" | "slicerList" | "slicerCachePivotTables" => {
                Rule::Drop(kind::WORKBOOK)
            }
            _ => Rule::Keep,
        },
        "o" => match name {
            "shapedefaults" | "idmap" | "rules" | "regrouptable" | "colormru" | "colormenu" => {
                if name == "rules" {
                    Rule::Keep
                } else {
                    Rule::Drop(kind::IDS)
                }
            }
            "signatureline" => Rule::Drop(kind::PERSON),
            _ => Rule::Keep,
        },
        _ => Rule::Keep,
    }
}

fn word(name: &str, it: &Element) -> Rule {
    match name {
        "moveFromRangeStart"
        | "moveFromRangeEnd"
        | "moveToRangeStart"
        | "moveToRangeEnd"
        | "customXmlInsRangeStart"
        | "customXmlInsRangeEnd"
        | "customXmlDelRangeStart"
        | "customXmlDelRangeEnd"
        | "customXmlMoveFromRangeStart"
        | "customXmlMoveFromRangeEnd"
        | "customXmlMoveToRangeStart"
        | "customXmlMoveToRangeEnd"
        | "cellIns"
        | "cellDel"
        | "cellMerge"
        | "numberingChange"
        | "pPrChange"
        | "rPrChange"
        | "sectPrChange"
        | "tblPrChange"
        | "tblPrExChange"
        | "tcPrChange"
        | "trPrChange"
        | "tblGridChange"
        | "del"
        | "moveFrom"
        | "delText"
        | "delInstrText" => Rule::Drop(kind::CHANGE),
        // Around content it is removed, as a mark in properties there is nothing in it.
        "ins" | "moveTo" => Rule::Unwrap(kind::CHANGE),
        "smartTag" | "customXml" => Rule::Unwrap(kind::TAG),
        "smartTagPr" | "customXmlPr" => Rule::Drop(kind::TAG),
        "alias" | "tag" if !it.children.is_empty() || it.attributes.len() == 1 => {
            Rule::Drop(kind::TAG)
        }
        "dataBinding" => Rule::Drop(kind::CUSTOM_XML),
        "placeholder" if it.attributes.is_empty() => Rule::Drop(kind::GLOSSARY),
        "permStart" | "permEnd" | "writeProtection" => Rule::Drop(kind::PROTECTION),
        "commentRangeStart" | "commentRangeEnd" | "commentReference" | "annotationRef" => {
            Rule::Drop(kind::COMMENT_ANCHOR)
        }
        "proofErr" | "proofState" | "noProofErr" | "activeWritingStyle" => {
            Rule::Drop(kind::SPELLING)
        }
        "rsids" | "rsid" => Rule::Drop(kind::SESSIONS),
        "nsid" | "tmpl" => Rule::Drop(kind::IDS),
        "attachedTemplate" => Rule::Drop(kind::TEMPLATE),
        "mailMerge" => Rule::Drop(kind::MAIL_MERGE),
        "docVars"
        | "saveThroughXslt"
        | "attachedSchema"
        | "smartTagType"
        | "savePreviewPicture"
        | "hdrShapeDefaults"
        | "shapeDefaults"
        | "revisionView"
        | "trackRevisions"
        | "zoom"
        | "view"
        | "documentType"
        | "linkStyles"
        | "formsDesign"
        | "doNotTrackMoves"
        | "doNotTrackFormatting"
        | "removePersonalInformation"
        | "removeDateAndTime"
        | "docSig" => Rule::Drop(kind::SETTINGS),
        "printerSettings" => Rule::Drop(kind::PRINTER),
        "id" if it.children.is_empty() => Rule::Drop(kind::IDS),
        _ => Rule::Keep,
    }
}

fn sheet(name: &str, it: &Element) -> Rule {
    match name {
        "fileSharing" => Rule::Drop(kind::PERSON),
        "customWorkbookViews" | "customSheetViews" => Rule::Drop(kind::PEOPLE),
        "externalReferences" | "externalReference" => Rule::Drop(kind::CONNECTION),
        "fileRecoveryPr" | "smartTagPr" | "smartTagTypes" | "smartTags" | "webPublishing"
        | "webPublishObjects" | "webPublishItems" | "customProperties" | "cellWatches"
        | "functionGroups" | "oleSize" | "scenarios" | "dataConsolidate" => {
            Rule::Drop(kind::WORKBOOK)
        }
        "ext" if it.elements().count() == 0 => Rule::Drop(kind::UNKNOWN),
        _ => Rule::Keep,
    }
}

fn slide(name: &str) -> Rule {
    match name {
        "modifyVerifier" => Rule::Drop(kind::PROTECTION),
        "custDataLst" | "smartTags" | "handoutMasterIdLst" | "htmlPubPr" | "webPr" => {
            Rule::Drop(kind::HISTORY)
        }
        _ => Rule::Keep,
    }
}

/// What happens to an attribute.
pub(super) enum Value {
    Keep,
    Drop(&'static Kind),
    /// It gets another value.
    Set(&'static Kind, String),
}

/// The rule for an attribute.
pub(super) fn attribute(prefix: &str, name: &str, it: &Attribute) -> Value {
    let space = names::prefix(it.space.uri());
    let value = it.value.as_str();
    let key = it.name.as_str();
    let path = || is_path(value);
    match (space, key) {
        (Some("w"), _) if key.starts_with("rsid") => Value::Drop(kind::SESSIONS),
        (Some("w14"), "paraId" | "textId") => Value::Drop(kind::IDS),
        (Some("wp14"), "anchorId" | "editId") => Value::Drop(kind::IDS),
        (Some("w"), "author" | "initials" | "userId" | "ed") => Value::Drop(kind::PERSON),
        (
            Some("w"),
            "hash"
            | "salt"
            | "hashValue"
            | "saltValue"
            | "spinCount"
            | "algorithmName"
            | "cryptProviderType"
            | "cryptAlgorithmClass"
            | "cryptAlgorithmType"
            | "cryptAlgorithmSid"
            | "cryptSpinCount"
            | "cryptProvider"
            | "algIdExt"
            | "algIdExtSource"
            | "cryptProviderTypeExt"
            | "cryptProviderTypeExtSource",
        ) if name == "documentProtection" => Value::Drop(kind::PROTECTION),
        (Some("o"), "title" | "href" | "gfxdata" | "spt_") => match key {
            "gfxdata" => Value::Drop(kind::LAYER),
            _ => Value::Drop(kind::DESCRIPTION),
        },
        (Some("mc"), "Ignorable" | "MustUnderstand") => Value::Keep,
        (Some("mc"), _) => Value::Drop(kind::UNKNOWN),
        (None, _)
            if !it.space.uri().is_empty()
                && it.space.uri() != crate::containers::xml::tree::XML =>
        {
            // Ids of revisions are the usual ones.
            Value::Drop(match key {
                "uid" | "documentId" | "durableId" => kind::IDS,
                _ => kind::UNKNOWN,
            })
        }
        _ if matches!((prefix, name), ("x", _)) && it.space.uri().is_empty() => in_sheet(name, it),
        (_, "descr" | "title" | "name") if matches!(name, "docPr" | "cNvPr") && path() => {
            Value::Set(kind::DESCRIPTION, String::new())
        }
        (_, "title" | "alt" | "src" | "href") if matches!(prefix, "v" | "o") && path() => {
            Value::Drop(kind::DESCRIPTION)
        }
        (_, "tooltip" | "tgtFrame") if path() => Value::Drop(kind::PATH),
        (_, "modId" | "creationId") => Value::Drop(kind::IDS),
        _ => Value::Keep,
    }
}

fn in_sheet(name: &str, it: &Attribute) -> Value {
    let key = it.name.as_str();
    match (name, key) {
        ("fileVersion", _) if key != "appName" => Value::Drop(kind::PROGRAM),
        ("fileVersion", _) if it.value != "xl" => Value::Drop(kind::PROGRAM),
        ("calcPr", "calcId") => Value::Drop(kind::PROGRAM),
        ("workbookPr", "defaultThemeVersion" | "checkCompatibility" | "backupFile") => {
            Value::Drop(kind::PROGRAM)
        }
        (
            "sheetProtection" | "workbookProtection" | "protectedRange",
            "password"
            | "hashValue"
            | "saltValue"
            | "spinCount"
            | "algorithmName"
            | "workbookPassword"
            | "revisionsPassword"
            | "workbookHashValue"
            | "workbookSaltValue"
            | "workbookSpinCount"
            | "workbookAlgorithmName"
            | "revisionsHashValue"
            | "revisionsSaltValue"
            | "revisionsSpinCount"
            | "revisionsAlgorithmName"
            | "securityDescriptor",
        ) => Value::Drop(kind::PROTECTION),
        ("c", "cm" | "vm") => Value::Drop(kind::WORKBOOK),
        ("table", "connectionId" | "tableType") | (_, "queryTableFieldId" | "connectionId") => {
            Value::Drop(kind::CONNECTION)
        }
        ("definedName", "comment" | "description" | "help" | "statusBar") => {
            Value::Drop(kind::TEXTS)
        }
        ("hyperlink", "display" | "tooltip") if is_path(&it.value) => Value::Drop(kind::PATH),
        _ => Value::Keep,
    }
}

/// Whether a text is a path or the name of a file on another computer.
pub(super) fn is_path(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_lowercase();
    let bytes = text.as_bytes();
    let drive = matches!(bytes, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let inside = text.contains(":\\") || text.contains("\\\\") || lower.contains("file:");
    let unix = ["/users/", "/home/", "/volumes/", "~/"]
        .iter()
        .any(|start| lower.starts_with(start));
    let is_file = !text.contains("://")
        && text.rsplit_once('.').is_some_and(|(stem, extension)| {
            !stem.is_empty() && FILES.contains(&extension.to_lowercase().as_str())
        });
    drive || inside || unix || is_file
}

/// Extensions of files that programs take names and descriptions of pictures from.
const FILES: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "heic", "heif", "webp", "avif", "svg",
    "emf", "wmf", "psd", "eps", "pdf", "doc", "docx", "docm", "dot", "dotx", "dotm", "xls", "xlsx",
    "xlsm", "xlsb", "ppt", "pptx", "mp3", "mp4", "mov", "avi", "wmv", "wav", "wma", "m4a", "vsd",
    "dng", "raw",
];

/// Elements that are removed when the part or file that they refer to is. Of others, only the attribute
/// is removed.
pub(super) fn needs_target(prefix: &str, name: &str) -> bool {
    !matches!(
        (prefix, name),
        ("x", "pageSetup" | "hyperlink")
            | ("a", "blip")
            | ("v", "imagedata" | "fill" | "stroke" | "shape" | "rect")
            | ("p", "oleObj")
            | ("w", "hyperlink")
    )
}

/// Elements that are only there for their children.
pub(super) fn is_list(prefix: &str, name: &str) -> bool {
    matches!(
        (prefix, name),
        (_, "extLst" | "ext")
            | (
                "x",
                "hyperlinks"
                    | "oleObjects"
                    | "controls"
                    | "tableParts"
                    | "definedNames"
                    | "pivotCaches"
                    | "customSheetViews"
            )
            | (
                "p",
                "controls"
                    | "sndAc"
                    | "stSnd"
                    | "embeddedFontLst"
                    | "embeddedFont"
                    | "custDataLst"
                    | "handoutMasterIdLst"
                    | "notesMasterIdLst"
            )
            | ("mc", "Choice" | "Fallback" | "AlternateContent")
            | ("w", "tbl" | "tr")
    )
}

#[cfg(test)]
mod tests {
    use super::is_path;

    #[test]
    fn paths_are_told_from_text() {
        for path in [
            r"C:\Users\anna\Desktop\IMG_1.JPG",
            "IMG_2041.heic",
            r"\\server\share",
            "file:///tmp/a",
            "/Users/anna/a",
        ] {
            assert!(is_path(path), "{path}");
        }
        for text in [
            "Picture 1",
            "A house by the sea.",
            "https://example.org/a.png",
            "1. Introduction",
            "a:b",
            "",
        ] {
            assert!(!is_path(text), "{text}");
        }
    }
}
