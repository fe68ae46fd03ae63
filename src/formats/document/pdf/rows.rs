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

/// Keys and names that a copy consists of, whatever the document says: finding them proves nothing.
pub(super) const WORDS: &str = "\
    A AC AIS AP AS ASCII85Decode ASCIIHexDecode AbsoluteColorimetric AcroForm ActualText All \
    AllOff AllOn AllPages Alpha Alt Alternate And Annot Annots AntiAlias AnyOff AnyOn AppDefault \
    Approved ArtBox AsIs Ascent AvgWidth B BBox BC BE BG BG2 BM BS Background BackgroundColor \
    BaseEncoding BaseFont BaseState BaselineShift BitsPerComponent BitsPerCoordinate BitsPerFlag \
    BitsPerSample BlackIs1 BlackPoint BleedBox Blinds BlockAlign Border BorderColor BorderStyle \
    BorderThickness Bounds Box Btn Butt C C0 C1 CA CCITTFaxDecode CIDFontType0 CIDFontType0C \
    CIDFontType2 CIDSet CIDSystemInfo CIDToGIDMap CL CMap CMapName CS CalGray CalRGB CapHeight \
    Caret Catalog Category CenterWindow Ch CharProcs CharSet Checked Circle ClassMap ClosedArrow \
    ColSpan Color ColorSpace Colorants Colors ColumnCount ColumnGap ColumnWidths Columns \
    Components Condensed Confidential Contents ContinuedList Coords Count Cover CropBox D DA \
    DCTDecode DR DV DW DW2 Decode DecodeParms Default Departmental Desc DescendantFonts Descent \
    Design Dest DestOutputProfile Dests DeviceCMYK DeviceGray DeviceN DeviceRGB Di Diamond \
    Differences Direction DisplayDocTitle Dissolve Dm Domain Draft Duplex DuplexFlipLongEdge \
    DuplexFlipShortEdge Dur E EarlyChange Encode Encoding EndIndent Event Expanded Experimental \
    Expired Export ExportState ExtGState Extend ExtraCondensed ExtraExpanded F FB FL FT Fade Ff \
    Fields Filter Final Find First FirstChar FirstPage Fit FitB FitBH FitBV FitH FitR FitV \
    FitWindow Flags FlateDecode Fly Font FontBBox FontDescriptor FontFile FontFile2 FontFile3 \
    FontMatrix FontName FontStretch FontWeight ForComment ForPublicRelease Form FormType \
    FreeText FreeTextCallout FreeTextTypeWriter FullScreen Function FunctionType Functions G \
    Gamma Glitter GlyphOrientationVertical GoBack GoForward GoTo GoToPage Group H HT Height \
    HideMenubar HideToolbar HideWindowUI Highlight I IC ICCBased IF IT IX Identity Image ImageB \
    ImageC ImageI ImageMask Indexed Ink InkList InlineAlign Intent Interpolate ItalicAngle \
    JBIG2Decode JPXDecode K Kids L L2R LC LE LJ LL LLE LLO LW LZWDecode Lang Last LastChar \
    LastPage Layout Leading Length Length1 Length2 Length3 Line LineArrow LineDimension \
    LineHeight Link ListMode ListNumbering Locked Luminosity M MCID MCR MK ML MMType1 MarkInfo \
    Marked Mask Matrix Matte MaxLen MaxWidth MediaBox MissingWidth N NChannel NS Name Named \
    Names Namespace Namespaces NeedAppearances Next NextPage NonFullScreenPageMode None Normal \
    Not NotApproved NotForPublicRelease NumCopies O OBJR OC OCG OCGs OCMD OCProperties OFF ON OP \
    OPM Obj ObjStm OneColumn OpenAction OpenArrow OpenType Opt Or Order Ordering Outlines \
    OutputConditionIdentifier OutputIntent OutputIntents P PDF Padding Page PageLabel PageLabels \
    PageLayout PageMode Pages Pagination PaintType Parent ParentTree ParentTreeNextKey Pattern \
    PatternType Perceptual Pg PickTrayByPDFSize Placement PolyLine PolyLineDimension Polygon \
    PolygonCloud PolygonDimension Predictor PreserveRB Prev PrevPage Print PrintScaling \
    PrintState ProcSet Process Properties Push Q QuadPoints R R2L RBGroups RC RClosedArrow RD RI \
    ROpenArrow Range Rect Redact Registry RelativeColorimetric ResetForm Resources Role RoleMap \
    Root Rotate RowSpan RubyAlign RubyPosition RunLengthDecode S SA SM SMask SMaskInData SS SW \
    Saturation Scope SemiCondensed SemiExpanded Separation SetOCGState Shading ShadingType Sig \
    Simplex SinglePage Size Slash Sold SpaceAfter SpaceBefore Split Square Squiggly St Stamp \
    StartIndent State StemH StemV StrikeOut StructElem StructParent StructParents StructTreeRoot \
    Subtype Summary Supplement Suspects Sy T TBorderStyle TI TK TP TPadding TR TR2 TU Tabs Text \
    TextAlign TextDecorationColor TextDecorationThickness TextDecorationType TextIndent \
    TilingType Title ToUnicode Toggle TopSecret Trans Transparency TrimBox TrueType \
    TwoColumnLeft TwoColumnRight TwoPageLeft TwoPageRight Tx Type Type0 Type1 Type1C Type3 U UCR \
    UCR2 URI UltraCondensed UltraExpanded Unchanged Uncover Underline Usage UseBlackPtComp \
    UseCMap UseNone UseOC UseOutlines UseThumbs UserProperties UserUnit V VE Vertices \
    VerticesPerRow View ViewState ViewerPreferences VisiblePages W W2 WMode Watermark WhitePoint \
    Widget Width Widths Wipe WritingMode XHeight XObject XRef XStep XYZ YStep Zoom a appearance \
    attributes bookmark border ca checked data endobj endstream glyph layer layers link markup \
    max min nothing op r startxref stream trailer zoom";
