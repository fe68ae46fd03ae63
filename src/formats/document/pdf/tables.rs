//! The keys that are allowed, by type of dictionary (leak catalogue §20).

use super::schema::Shape::{
    Bytes, Dict, Either, List, Map, Name, NameTree, Number, NumberTree, Places, Special, Text, Word,
};
use super::schema::Special as S;
use super::schema::{Data, Shape, Table};

macro_rules! table {
    ($id:ident, $name:literal, $kind:expr, $data:ident, { $($key:literal => $shape:expr),* $(,)? }) => {
        pub(super) static $id: Table = Table {
            name: $name,
            kind: $kind,
            data: Data::$data,
            keys: &[$(($key, $shape)),*],
        };
    };
}

/// Tables of resources that drawing uses.
pub(super) const DRAWN: &[&str] = &[
    "Image",
    "Form",
    "Group",
    "tiling pattern",
    "shading pattern",
    "Shading",
    "Function",
    "ExtGState",
    "soft mask",
    "Font",
    "Encoding",
    "CMap",
    "CIDSystemInfo",
    "FontDescriptor",
];

pub(super) static NUMBER: Shape = Number;
pub(super) static NAME: Shape = Name;
static TEXT: Shape = Text;
pub(super) static COLOR_SHAPE: Shape = Special(S::Color);
static DEST_SHAPE: Shape = Special(S::Dest);
static ACTION_SHAPE: Shape = Special(S::Action);
static ANNOT_SHAPE: Shape = Special(S::Annot);
static FIELD_SHAPE: Shape = Special(S::Field);
static XOBJECT_SHAPE: Shape = Special(S::XObject);
static PATTERN_SHAPE: Shape = Special(S::Pattern);
static NODE_SHAPE: Shape = Special(S::PageNode);
pub(super) static NODES_SHAPE: Shape = List(&NODE_SHAPE);
static KID_SHAPE: Shape = Special(S::StructKid);
static ATTRIBUTES_SHAPE: Shape = Special(S::Attributes);
pub(super) static ORDER_SHAPE: Shape = Special(S::Order);
static PROPERTY_SHAPE: Shape = Special(S::Property);
static FONT_SHAPE: Shape = Dict(&FONT);
static FORM_SHAPE: Shape = Dict(&FORM);
static GLYPH_SHAPE: Shape = Dict(&GLYPH);
static CONTENT_SHAPE: Shape = Dict(&CONTENT);
static GSTATE_SHAPE: Shape = Dict(&GSTATE);
static SHADING_SHAPE: Shape = Dict(&SHADING);
pub(super) static FUNCTION_SHAPE: Shape = Dict(&FUNCTION);
static FUNCTIONS: Shape = List(&FUNCTION_SHAPE);
pub(super) static OCG_SHAPE: Shape = Dict(&OCG);
static OCGS: Shape = List(&OCG_SHAPE);
static LABEL_SHAPE: Shape = Dict(&PAGE_LABEL);
static ELEMENT_SHAPE: Shape = Special(S::StructKid);
static ELEMENTS: Shape = Places(&ELEMENT_SHAPE);
pub(super) static ELEMENT_OR_LIST: Shape = Either(&[&ELEMENTS, &ELEMENT_SHAPE]);
static KIDS: Shape = List(&KID_SHAPE);
static NAMES_OR_NUMBERS: Shape = Either(&[&NAME, &NUMBER]);
static DIFFERENCES: Shape = List(&NAMES_OR_NUMBERS);
static AP_STREAMS: Shape = Map(&STATE);
/// A state that draws nothing may be an empty dictionary.
static STATE: Shape = Either(&[&FORM_SHAPE, &EMPTY]);
static EMPTY: Shape = Dict(&NOTHING);
static OPTION: Shape = Either(&[&TEXT, &TEXTS]);
static TEXTS: Shape = List(&TEXT);
pub(super) static NAMES: Shape = List(&NAME);
static FONT_OR_NUMBER: Shape = Either(&[&NUMBER, &FONT_SHAPE]);
static SOFT_MASK: Shape = Dict(&MASK_DICT);
static NONE_WORD: Shape = Word(&["None"]);
static IMAGE_SHAPE: Shape = Dict(&IMAGE);
static INTENT_SHAPE: Shape = Dict(&OUTPUT_INTENT);
static USAGE_APPLICATION: Shape = Dict(&USAGE_APP);
static NAMESPACE_SHAPE: Shape = Dict(&NAMESPACE);
static IDENTITY_WORD: Shape = Word(&["Identity", "Default"]);
static CMAP_SHAPE: Shape = Dict(&CMAP);
static VIEW_WORDS: Shape = Word(&["View", "Design", "All"]);

table!(CATALOG, "Catalog", Some("Catalog"), None, {
    "Pages" => Dict(&PAGES),
    "PageLabels" => NumberTree(&LABEL_SHAPE),
    "Names" => Dict(&NAME_DICT),
    "Dests" => Map(&DEST_SHAPE),
    "Outlines" => Dict(&OUTLINES),
    "ViewerPreferences" => Dict(&VIEWER),
    "PageLayout" => Word(&["SinglePage", "OneColumn", "TwoColumnLeft", "TwoColumnRight", "TwoPageLeft", "TwoPageRight"]),
    "PageMode" => Word(&["UseNone", "UseOutlines", "UseThumbs", "FullScreen", "UseOC"]),
    "OCProperties" => Dict(&OC_PROPERTIES),
    "AcroForm" => Dict(&ACRO_FORM),
    "OutputIntents" => List(&INTENT_SHAPE),
    "MarkInfo" => Dict(&MARK_INFO),
    "StructTreeRoot" => Dict(&STRUCT_ROOT),
    "Lang" => Text,
    "OpenAction" => Either(&[&DEST_SHAPE, &ACTION_SHAPE]),
});
table!(NAME_DICT, "Names", Option::None, None, { "Dests" => NameTree(&DEST_SHAPE) });
table!(PAGES, "Pages", Some("Pages"), None, {
    "Kids" => List(&NODE_SHAPE),
    "Count" => Number,
    "Parent" => Dict(&PAGES),
    "Resources" => Dict(&RESOURCES),
    "MediaBox" => Number,
    "CropBox" => Number,
    "Rotate" => Number,
});
table!(PAGE, "Page", Some("Page"), None, {
    "Parent" => Dict(&PAGES),
    "Resources" => Dict(&RESOURCES),
    "MediaBox" => Number,
    "CropBox" => Number,
    "BleedBox" => Number,
    "TrimBox" => Number,
    "ArtBox" => Number,
    "Contents" => Either(&[&CONTENT_SHAPE, &CONTENTS]),
    "Rotate" => Number,
    "Group" => Dict(&GROUP),
    "Annots" => List(&ANNOT_SHAPE),
    "UserUnit" => Number,
    "Tabs" => Word(&["R", "C", "S", "A", "W"]),
    "Dur" => Number,
    "Trans" => Dict(&TRANSITION),
    "StructParents" => Number,
});
static CONTENTS: Shape = List(&CONTENT_SHAPE);
table!(CONTENT, "Contents", Option::None, Content, {});
table!(GLYPH, "glyph", Option::None, Content, {});
table!(TRANSITION, "Trans", Option::None, None, {
    "S" => Word(&["Split", "Blinds", "Box", "Wipe", "Dissolve", "Glitter", "R", "Fly", "Push", "Cover", "Uncover", "Fade"]),
    "D" => Number,
    "Dm" => Word(&["H", "V"]),
    "M" => Word(&["I", "O"]),
    "Di" => Either(&[&NUMBER, &NONE_WORD]),
    "SS" => Number,
    "B" => Number,
});
table!(PAGE_LABEL, "PageLabel", Option::None, None, {
    "S" => Word(&["D", "R", "r", "A", "a"]),
    "P" => Text,
    "St" => Number,
});
table!(RESOURCES, "Resources", Option::None, None, {
    "Font" => Map(&FONT_SHAPE),
    "XObject" => Map(&XOBJECT_SHAPE),
    "ExtGState" => Map(&GSTATE_SHAPE),
    "ColorSpace" => Map(&COLOR_SHAPE),
    "Pattern" => Map(&PATTERN_SHAPE),
    "Shading" => Map(&SHADING_SHAPE),
    "Properties" => Map(&PROPERTY_SHAPE),
    "ProcSet" => List(&PROCS),
});
table!(PROPERTY, "property list", Option::None, None, {
    "MCID" => Number,
    "ActualText" => Text,
    "Alt" => Text,
    "E" => Text,
    "Lang" => Text,
});
table!(UNNAMED, "resource that is not used", Option::None, None, {});
static PROCS: Shape = Word(&["PDF", "Text", "ImageB", "ImageC", "ImageI"]);
table!(IMAGE, "Image", Some("XObject"), Picture, {
    "Subtype" => Word(&["Image"]),
    "Width" => Number,
    "Height" => Number,
    "ColorSpace" => Special(S::Color),
    "BitsPerComponent" => Number,
    "Decode" => Number,
    "ImageMask" => Number,
    "Mask" => Either(&[&NUMBER, &IMAGE_SHAPE]),
    "SMask" => Dict(&IMAGE),
    "SMaskInData" => Number,
    "Matte" => Number,
    "Interpolate" => Number,
    "Intent" => Word(&["AbsoluteColorimetric", "RelativeColorimetric", "Saturation", "Perceptual"]),
    "StructParent" => Number,
    "OC" => Special(S::Optional),
});
table!(FORM, "Form", Some("XObject"), Content, {
    "Subtype" => Word(&["Form"]),
    "FormType" => Number,
    "BBox" => Number,
    "Matrix" => Number,
    "Resources" => Dict(&RESOURCES),
    "Group" => Dict(&GROUP),
    "StructParent" => Number,
    "StructParents" => Number,
    "OC" => Special(S::Optional),
});
table!(GROUP, "Group", Option::None, None, {
    "S" => Word(&["Transparency"]),
    "CS" => Special(S::Color),
    "I" => Number,
    "K" => Number,
});
table!(TILING, "tiling pattern", Option::None, Content, {
    "PatternType" => Number,
    "PaintType" => Number,
    "TilingType" => Number,
    "BBox" => Number,
    "XStep" => Number,
    "YStep" => Number,
    "Resources" => Dict(&RESOURCES),
    "Matrix" => Number,
});
table!(SHADING_PATTERN, "shading pattern", Option::None, None, {
    "PatternType" => Number,
    "Shading" => Dict(&SHADING),
    "Matrix" => Number,
    "ExtGState" => Dict(&GSTATE),
});
table!(SHADING, "Shading", Option::None, Verbatim, {
    "ShadingType" => Number,
    "ColorSpace" => Special(S::Color),
    "Background" => Number,
    "BBox" => Number,
    "AntiAlias" => Number,
    "Function" => Either(&[&FUNCTION_SHAPE, &FUNCTIONS]),
    "Coords" => Number,
    "Domain" => Number,
    "Extend" => Number,
    "Matrix" => Number,
    "BitsPerCoordinate" => Number,
    "BitsPerComponent" => Number,
    "BitsPerFlag" => Number,
    "VerticesPerRow" => Number,
    "Decode" => Number,
});
table!(FUNCTION, "Function", Option::None, Verbatim, {
    "FunctionType" => Number,
    "Domain" => Number,
    "Range" => Number,
    "Size" => Number,
    "BitsPerSample" => Number,
    "Order" => Number,
    "Encode" => Number,
    "Decode" => Number,
    "C0" => Number,
    "C1" => Number,
    "N" => Number,
    "Functions" => List(&FUNCTION_SHAPE),
    "Bounds" => Number,
});
static FUNCTION_OR_WORD: Shape = Either(&[&IDENTITY_WORD, &FUNCTION_SHAPE, &TRANSFER]);
static TRANSFER: Shape = List(&TRANSFER_ONE);
static TRANSFER_ONE: Shape = Either(&[&IDENTITY_WORD, &FUNCTION_SHAPE]);
table!(GSTATE, "ExtGState", Option::None, None, {
    "LW" => Number,
    "LC" => Number,
    "LJ" => Number,
    "ML" => Number,
    "D" => Number,
    "RI" => Word(&["AbsoluteColorimetric", "RelativeColorimetric", "Saturation", "Perceptual"]),
    "OP" => Number,
    "op" => Number,
    "OPM" => Number,
    "Font" => Places(&FONT_OR_NUMBER),
    "BG" => Dict(&FUNCTION),
    "BG2" => Either(&[&IDENTITY_WORD, &FUNCTION_SHAPE]),
    "UCR" => Dict(&FUNCTION),
    "UCR2" => Either(&[&IDENTITY_WORD, &FUNCTION_SHAPE]),
    "TR" => Either(&[&FUNCTION_OR_WORD]),
    "TR2" => Either(&[&FUNCTION_OR_WORD]),
    "HT" => Word(&["Default"]),
    "FL" => Number,
    "SM" => Number,
    "SA" => Number,
    "BM" => Either(&[&NAME, &NAMES]),
    "SMask" => Either(&[&NONE_WORD, &SOFT_MASK]),
    "CA" => Number,
    "ca" => Number,
    "AIS" => Number,
    "TK" => Number,
    "UseBlackPtComp" => Word(&["ON", "OFF", "Default"]),
});
table!(MASK_DICT, "soft mask", Option::None, None, {
    "S" => Word(&["Alpha", "Luminosity"]),
    "G" => Dict(&FORM),
    "BC" => Number,
    "TR" => Either(&[&IDENTITY_WORD, &FUNCTION_SHAPE]),
});
table!(FONT, "Font", Some("Font"), None, {
    "Subtype" => Word(&["Type0", "Type1", "MMType1", "Type3", "TrueType", "CIDFontType0", "CIDFontType2", "Type1C", "OpenType", "CIDFontType0C"]),
    "BaseFont" => Name,
    "Name" => Name,
    "FirstChar" => Number,
    "LastChar" => Number,
    "Widths" => Number,
    "Encoding" => Either(&[&NAME, &CMAP_SHAPE, &ENCODING_SHAPE]),
    "ToUnicode" => Either(&[&NAME, &CMAP_SHAPE]),
    "FontDescriptor" => Dict(&FONT_DESCRIPTOR),
    "DescendantFonts" => List(&FONT_SHAPE),
    "CIDSystemInfo" => Dict(&CID_INFO),
    "W" => Number,
    "W2" => Number,
    "DW" => Number,
    "DW2" => Number,
    "CIDToGIDMap" => Either(&[&NAME, &PLAIN_STREAM]),
    "CharProcs" => Map(&GLYPH_SHAPE),
    "FontMatrix" => Number,
    "FontBBox" => Number,
    "Resources" => Dict(&RESOURCES),
});
static ENCODING_SHAPE: Shape = Dict(&ENCODING);
static PLAIN_STREAM: Shape = Dict(&PLAIN);
table!(PLAIN, "data", Option::None, Verbatim, {});
table!(ENCODING, "Encoding", Option::None, None, {
    "BaseEncoding" => Name,
    "Differences" => Either(&[&DIFFERENCES]),
});
table!(CMAP, "CMap", Option::None, CharMap, {
    "CMapName" => Name,
    "CIDSystemInfo" => Dict(&CID_INFO),
    "WMode" => Number,
    "UseCMap" => Either(&[&NAME, &CMAP_SHAPE]),
});
table!(CID_INFO, "CIDSystemInfo", Option::None, None, {
    "Registry" => Text,
    "Ordering" => Text,
    "Supplement" => Number,
});
table!(FONT_DESCRIPTOR, "FontDescriptor", Some("FontDescriptor"), None, {
    "FontName" => Name,
    // Viewers choose a font by it where the file has none.
    "FontFamily" => Text,
    "FontStretch" => Word(&["UltraCondensed", "ExtraCondensed", "Condensed", "SemiCondensed", "Normal", "SemiExpanded", "Expanded", "ExtraExpanded", "UltraExpanded"]),
    "FontWeight" => Number,
    "Flags" => Number,
    "FontBBox" => Number,
    "ItalicAngle" => Number,
    "Ascent" => Number,
    "Descent" => Number,
    "Leading" => Number,
    "CapHeight" => Number,
    "XHeight" => Number,
    "StemV" => Number,
    "StemH" => Number,
    "AvgWidth" => Number,
    "MaxWidth" => Number,
    "MissingWidth" => Number,
    "FontFile" => Dict(&FONT_FILE),
    "FontFile2" => Dict(&FONT_FILE),
    "FontFile3" => Dict(&FONT_FILE),
    "CharSet" => Text,
    "CIDSet" => Dict(&PLAIN),
});
table!(FONT_FILE, "font file", Option::None, Verbatim, {
    "Subtype" => Word(&["Type1C", "CIDFontType0C", "OpenType"]),
    "Length1" => Number,
    "Length2" => Number,
    "Length3" => Number,
});
table!(PROFILE, "ICC profile", Option::None, Profile, {
    "N" => Number,
    "Alternate" => Special(S::Color),
    "Range" => Number,
});
table!(CALIBRATED, "calibrated colour", Option::None, None, {
    "WhitePoint" => Number,
    "BlackPoint" => Number,
    "Gamma" => Number,
    "Matrix" => Number,
    "Range" => Number,
});
table!(DEVICE_N, "DeviceN attributes", Option::None, None, {
    "Subtype" => Word(&["DeviceN", "NChannel"]),
    "Colorants" => Map(&COLOR_SHAPE),
    "Process" => Dict(&PROCESS),
});
table!(PROCESS, "process colours", Option::None, None, {
    "ColorSpace" => Special(S::Color),
    "Components" => List(&NAME),
});
table!(VIEWER, "ViewerPreferences", Option::None, None, {
    "HideToolbar" => Number,
    "HideMenubar" => Number,
    "HideWindowUI" => Number,
    "FitWindow" => Number,
    "CenterWindow" => Number,
    "DisplayDocTitle" => Number,
    "NonFullScreenPageMode" => Word(&["UseNone", "UseOutlines", "UseThumbs", "UseOC"]),
    "Direction" => Word(&["L2R", "R2L"]),
    "PrintScaling" => Word(&["None", "AppDefault"]),
    "Duplex" => Word(&["Simplex", "DuplexFlipShortEdge", "DuplexFlipLongEdge"]),
    "PickTrayByPDFSize" => Number,
    "NumCopies" => Number,
});
table!(OUTPUT_INTENT, "OutputIntent", Some("OutputIntent"), None, {
    "S" => Word(&["GTS_PDFX", "GTS_PDFA1", "ISO_PDFE1"]),
    "OutputConditionIdentifier" => Special(S::Optional),
    "DestOutputProfile" => Dict(&PROFILE),
});
table!(MARK_INFO, "MarkInfo", Option::None, None, {
    "Marked" => Number,
    "Suspects" => Number,
    "UserProperties" => Word(&[]),
});
table!(OUTLINES, "Outlines", Option::None, None, {
    "First" => Dict(&OUTLINE),
    "Last" => Dict(&OUTLINE),
    "Count" => Number,
});
table!(OUTLINE, "bookmark", Option::None, None, {
    "Title" => Text,
    "Dest" => Special(S::Dest),
    "A" => Special(S::Action),
    "First" => Dict(&OUTLINE),
    "Last" => Dict(&OUTLINE),
    "Next" => Dict(&OUTLINE),
    "Prev" => Dict(&OUTLINE),
    "Parent" => Dict(&OUTLINE),
    "Count" => Number,
    "C" => Number,
    "F" => Number,
});
table!(GO_TO, "GoTo action", Option::None, None, {
    "S" => Word(&["GoTo"]),
    "D" => Special(S::Dest),
    "Next" => Either(&[&ACTION_SHAPE, &ACTIONS]),
});
static ACTIONS: Shape = List(&ACTION_SHAPE);
table!(URI, "URI action", Option::None, None, {
    "S" => Word(&["URI"]),
    "URI" => Text,
    "Next" => Either(&[&ACTION_SHAPE, &ACTIONS]),
});
table!(NAMED, "Named action", Option::None, None, {
    "S" => Word(&["Named"]),
    "N" => Word(&["NextPage", "PrevPage", "FirstPage", "LastPage", "Print", "GoBack", "GoForward", "Find", "GoToPage"]),
    "Next" => Either(&[&ACTION_SHAPE, &ACTIONS]),
});
table!(SET_LAYERS, "layer action", Option::None, None, {
    "S" => Word(&["SetOCGState"]),
    "State" => List(&STATE_SHAPE),
    "PreserveRB" => Number,
    "Next" => Either(&[&ACTION_SHAPE, &ACTIONS]),
});
static STATE_WORD: Shape = Word(&["ON", "OFF", "Toggle"]);
static STATE_SHAPE: Shape = Either(&[&STATE_WORD, &OCG_SHAPE]);
table!(RESET, "ResetForm action", Option::None, None, {
    "S" => Word(&["ResetForm"]),
    "Fields" => List(&TEXT),
    "Flags" => Number,
    "Next" => Either(&[&ACTION_SHAPE, &ACTIONS]),
});
table!(LINK, "link", Some("Annot"), None, {
    "Subtype" => Word(&["Link"]),
    "Rect" => Number,
    "F" => Number,
    "AP" => Dict(&APPEARANCE),
    "AS" => Name,
    "Border" => Number,
    "BS" => Dict(&BORDER),
    "C" => Number,
    "H" => Word(&["N", "I", "O", "P"]),
    "Dest" => Special(S::Dest),
    "A" => Special(S::Action),
    "QuadPoints" => Number,
    "StructParent" => Number,
    "OC" => Special(S::Optional),
});
table!(APPEARANCE, "appearance", Option::None, None, {
    "N" => Either(&[&FORM_STREAM, &AP_STREAMS]),
    "R" => Either(&[&FORM_STREAM, &AP_STREAMS]),
    "D" => Either(&[&FORM_STREAM, &AP_STREAMS]),
});
static FORM_STREAM: Shape = Dict(&FORM);
table!(BORDER, "border", Option::None, None, {
    "W" => Number,
    "S" => Word(&["S", "D", "B", "I", "U"]),
    "D" => Number,
});
table!(EFFECT, "border effect", Option::None, None, {
    "S" => Word(&["S", "C"]),
    "I" => Number,
});
table!(MARKUP, "markup", Some("Annot"), None, {
    "Subtype" => Word(&["FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline", "Squiggly", "StrikeOut", "Stamp", "Caret", "Ink", "Redact", "Watermark"]),
    "Rect" => Number,
    "F" => Number,
    "AP" => Dict(&APPEARANCE),
    "AS" => Name,
    "Border" => Number,
    "BS" => Dict(&BORDER),
    "BE" => Dict(&EFFECT),
    "C" => Number,
    "IC" => Number,
    "CA" => Number,
    "ca" => Number,
    "BM" => Name,
    "QuadPoints" => Number,
    "Vertices" => Number,
    "L" => Number,
    "LE" => Either(&[&LINE_END, &LINE_ENDS]),
    "LL" => Number,
    "LLE" => Number,
    "LLO" => Number,
    "InkList" => Number,
    "RD" => Number,
    "CL" => Number,
    "DA" => Bytes,
    "Q" => Number,
    "Name" => Word(&["Approved", "Experimental", "NotApproved", "AsIs", "Expired", "NotForPublicRelease", "Confidential", "Final", "Sold", "Departmental", "ForComment", "TopSecret", "Draft", "ForPublicRelease"]),
    "Sy" => Word(&["P", "None"]),
    "IT" => Word(&["FreeText", "FreeTextCallout", "FreeTextTypeWriter", "LineArrow", "LineDimension", "PolygonCloud", "PolyLineDimension", "PolygonDimension"]),
    "OC" => Special(S::Optional),
    "StructParent" => Number,
});
static LINE_END: Shape = Word(&[
    "Square",
    "Circle",
    "Diamond",
    "OpenArrow",
    "ClosedArrow",
    "None",
    "Butt",
    "ROpenArrow",
    "RClosedArrow",
    "Slash",
]);
static LINE_ENDS: Shape = Places(&LINE_END);
table!(FREE_TEXT, "free text", Some("Annot"), None, {
    "Subtype" => Word(&["FreeText"]),
    "Rect" => Number,
    "F" => Number,
    "AP" => Dict(&APPEARANCE),
    "AS" => Name,
    "Border" => Number,
    "BS" => Dict(&BORDER),
    "BE" => Dict(&EFFECT),
    "C" => Number,
    "IC" => Number,
    "CA" => Number,
    "Contents" => Text,
    "DA" => Bytes,
    "Q" => Number,
    "RD" => Number,
    "CL" => Number,
    "LE" => Either(&[&LINE_END, &LINE_ENDS]),
    "IT" => Word(&["FreeText", "FreeTextCallout", "FreeTextTypeWriter"]),
    "OC" => Special(S::Optional),
    "StructParent" => Number,
});
table!(FIELD, "form field", Option::None, None, {
    "Type" => Word(&["Annot"]),
    "Subtype" => Word(&["Widget"]),
    "Rect" => Number,
    "F" => Number,
    "AP" => Dict(&APPEARANCE),
    "AS" => Name,
    "MK" => Dict(&CHARACTERISTICS),
    "BS" => Dict(&BORDER),
    "Border" => Number,
    "H" => Word(&["N", "I", "O", "P", "T"]),
    "A" => Special(S::Action),
    "FT" => Word(&["Btn", "Tx", "Ch", "Sig"]),
    "Parent" => Dict(&FIELD),
    "Kids" => List(&FIELD_SHAPE),
    "T" => Text,
    "TU" => Text,
    "Ff" => Number,
    "V" => Either(&[&TEXT, &NAME, &TEXTS, &TEXT_STREAM]),
    "DV" => Either(&[&TEXT, &NAME, &TEXTS, &TEXT_STREAM]),
    "DA" => Bytes,
    "Q" => Number,
    "Opt" => List(&OPTION),
    "I" => Number,
    "TI" => Number,
    "MaxLen" => Number,
    // Of PDF 1.2; LibreOffice writes it, and poppler looks up the fonts of the field in it.
    "DR" => Dict(&RESOURCES),
    "OC" => Special(S::Optional),
    "StructParent" => Number,
});
static TEXT_STREAM: Shape = Dict(&PLAIN);
table!(CHARACTERISTICS, "widget appearance", Option::None, None, {
    "R" => Number,
    "BC" => Number,
    "BG" => Number,
    "CA" => Text,
    "RC" => Text,
    "AC" => Text,
    "I" => Either(&[&FORM_STREAM]),
    "RI" => Either(&[&FORM_STREAM]),
    "IX" => Either(&[&FORM_STREAM]),
    "IF" => Dict(&ICON_FIT),
    "TP" => Number,
});
table!(ICON_FIT, "icon fit", Option::None, None, {
    "SW" => Word(&["A", "B", "S", "N"]),
    "S" => Word(&["A", "P"]),
    "A" => Number,
    "FB" => Number,
});
table!(ACRO_FORM, "AcroForm", Option::None, None, {
    "Fields" => List(&FIELD_SHAPE),
    "NeedAppearances" => Number,
    "DR" => Dict(&RESOURCES),
    "DA" => Bytes,
    "Q" => Number,
});
table!(OC_PROPERTIES, "layers", Option::None, None, {
    "OCGs" => List(&OCG_SHAPE),
    "D" => Dict(&OC_CONFIG),
});
table!(OC_CONFIG, "layer configuration", Option::None, None, {
    "BaseState" => Word(&["ON", "OFF", "Unchanged"]),
    "ON" => List(&OCG_SHAPE),
    "OFF" => List(&OCG_SHAPE),
    "Intent" => Either(&[&VIEW_WORDS]),
    "AS" => List(&USAGE_APPLICATION),
    "Order" => Special(S::Order),
    "ListMode" => Word(&["AllPages", "VisiblePages"]),
    "RBGroups" => List(&OCGS),
    "Locked" => List(&OCG_SHAPE),
});
table!(USAGE_APP, "layer usage", Option::None, None, {
    "Event" => Word(&["View", "Print", "Export"]),
    "OCGs" => List(&OCG_SHAPE),
    "Category" => List(&CATEGORY),
});
static CATEGORY: Shape = Word(&["View", "Print", "Export", "Zoom"]);
table!(OCG, "layer", Some("OCG"), None, {
    "Name" => Special(S::Optional),
    "Intent" => Either(&[&VIEW_WORDS, &VIEW_LIST]),
    "Usage" => Dict(&USAGE),
});
static VIEW_LIST: Shape = List(&VIEW_WORDS);
table!(USAGE, "layer usage of its own", Option::None, None, {
    "View" => Dict(&VIEW_STATE),
    "Print" => Dict(&PRINT_STATE),
    "Export" => Dict(&EXPORT_STATE),
    "Zoom" => Dict(&ZOOM),
});
static ON_OFF: &[&str] = &["ON", "OFF"];
table!(VIEW_STATE, "view state", Option::None, None, { "ViewState" => Word(ON_OFF) });
table!(PRINT_STATE, "print state", Option::None, None, { "PrintState" => Word(ON_OFF) });
table!(EXPORT_STATE, "export state", Option::None, None, { "ExportState" => Word(ON_OFF) });
table!(ZOOM, "zoom", Option::None, None, { "min" => Number, "max" => Number });
table!(OCMD, "layer membership", Some("OCMD"), None, {
    "OCGs" => Either(&[&OCG_SHAPE, &OCGS]),
    "P" => Word(&["AllOn", "AnyOn", "AnyOff", "AllOff"]),
    "VE" => List(&EXPRESSION),
});
static EXPRESSION_WORD: Shape = Word(&["And", "Or", "Not"]);
static EXPRESSIONS: Shape = List(&EXPRESSION);
static EXPRESSION: Shape = Either(&[&EXPRESSION_WORD, &OCG_SHAPE, &EXPRESSIONS]);
table!(STRUCT_ROOT, "StructTreeRoot", Some("StructTreeRoot"), None, {
    "K" => Either(&[&KIDS, &KID_SHAPE]),
    "ParentTree" => NumberTree(&ELEMENT_OR_LIST),
    "ParentTreeNextKey" => Number,
    "RoleMap" => Map(&NAME),
    "ClassMap" => Map(&ATTRIBUTES_OR_LIST),
    "Namespaces" => List(&NAMESPACE_SHAPE),
});
static ATTRIBUTES_LIST: Shape = List(&ATTRIBUTES_SHAPE);
static ATTRIBUTES_OR_LIST: Shape = Either(&[&ATTRIBUTES_SHAPE, &ATTRIBUTES_LIST]);
static CLASSES: Shape = List(&NAMES_OR_NUMBERS);
table!(NAMESPACE, "Namespace", Some("Namespace"), None, { "NS" => Text });
table!(ELEMENT, "StructElem", Some("StructElem"), None, {
    "S" => Name,
    "P" => Either(&[&ROOT_OR_ELEMENT]),
    "Pg" => Special(S::PageRef),
    "K" => Either(&[&KIDS, &KID_SHAPE]),
    "A" => Either(&[&ATTRIBUTES_SHAPE, &ATTRIBUTES_LIST]),
    "C" => Either(&[&NAME, &CLASSES]),
    "R" => Number,
    "Lang" => Text,
    "Alt" => Text,
    "E" => Text,
    "ActualText" => Text,
    "NS" => Dict(&NAMESPACE),
});
static ROOT_OR_ELEMENT: Shape = Special(S::StructKid);
table!(MARKED, "marked content reference", Some("MCR"), None, {
    "Pg" => Special(S::PageRef),
    "MCID" => Number,
});
table!(OBJECT_REF, "object reference", Some("OBJR"), None, {
    "Pg" => Special(S::PageRef),
    "Obj" => Special(S::StructObject),
});
table!(ATTRIBUTES, "attributes", Option::None, None, {
    "O" => Name,
    "NS" => Dict(&NAMESPACE),
    "Placement" => Name,
    "WritingMode" => Name,
    "BackgroundColor" => Number,
    "BorderColor" => Number,
    "BorderStyle" => Either(&[&NAME, &NAMES]),
    "BorderThickness" => Number,
    "Padding" => Number,
    "Color" => Number,
    "SpaceBefore" => Number,
    "SpaceAfter" => Number,
    "StartIndent" => Number,
    "EndIndent" => Number,
    "TextIndent" => Number,
    "TextAlign" => Name,
    "BBox" => Number,
    "Width" => Either(&[&NAME, &NUMBER]),
    "Height" => Either(&[&NAME, &NUMBER]),
    "BlockAlign" => Name,
    "InlineAlign" => Name,
    "TBorderStyle" => Either(&[&NAME, &NAMES]),
    "TPadding" => Number,
    "BaselineShift" => Number,
    "LineHeight" => Either(&[&NAME, &NUMBER]),
    "TextDecorationColor" => Number,
    "TextDecorationThickness" => Number,
    "TextDecorationType" => Name,
    "RubyAlign" => Name,
    "RubyPosition" => Name,
    "GlyphOrientationVertical" => Either(&[&NAME, &NUMBER]),
    "ColumnCount" => Number,
    "ColumnGap" => Number,
    "ColumnWidths" => Number,
    "ListNumbering" => Name,
    "ContinuedList" => Number,
    "Role" => Name,
    "checked" => Name,
    "Checked" => Name,
    "Desc" => Text,
    "RowSpan" => Number,
    "ColSpan" => Number,
    "Scope" => Name,
    "Summary" => Text,
    "Type" => Word(&["Pagination", "Layout", "Page", "Background"]),
});

table!(NOTHING, "nothing", Option::None, None, {});
pub(super) static PLAIN_SHAPE: Shape = Dict(&PLAIN);
pub(super) static PAGES_SHAPE: Shape = Dict(&PAGES);
pub(super) static PAGE_DICT: Shape = Dict(&PAGE);
pub(super) static OUTLINES_SHAPE: Shape = Dict(&OUTLINES);
pub(super) static PROFILE_SHAPE: Shape = Dict(&PROFILE);
pub(super) static CALIBRATED_SHAPE: Shape = Dict(&CALIBRATED);
pub(super) static DEVICE_N_SHAPE: Shape = Dict(&DEVICE_N);
static LOOKUP_STRING: Shape = Bytes;
static LOOKUP_STREAM: Shape = Dict(&PLAIN);
pub(super) static LOOKUP: Shape = Either(&[&LOOKUP_STRING, &LOOKUP_STREAM]);
