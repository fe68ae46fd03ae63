//! Word, Excel and PowerPoint: Office Open XML (ECMA-376, ISO/IEC 29500) in ZIP, with the extensions that
//! Microsoft documents (MS-OE376, MS-DOCX, MS-XLSX, MS-PPTX).

mod blocks;
mod copy;
mod digest;
mod dropped;
mod fields;
mod filter;
mod formulas;
mod graph;
mod hidden;
mod ids;
mod look;
mod names;
mod open;
mod package;
mod parts;
mod paths;
mod previews;
mod program;
mod report;
mod rules;
mod said;
mod streams;
#[cfg(test)]
mod tests;

use crate::bytes::{Context, Source, Streams};
use crate::containers::zip::{self, Archive};
use crate::formats::format::{Format, Info};
use crate::formats::probe::{Confidence, Match, Probe};
use crate::model::{Digest, Error, Examined, How, Result, Row};

use graph::App;
use package::Types;

/// Documents of one office program.
#[derive(Debug)]
pub(in crate::formats) struct Office(App);

/// Word.
pub(in crate::formats) static DOCX: Office = Office(App::Word);
/// Excel.
pub(in crate::formats) static XLSX: Office = Office(App::Excel);
/// PowerPoint.
pub(in crate::formats) static PPTX: Office = Office(App::PowerPoint);

static WORD: Info = Info {
    id: "docx",
    name: "Word",
    extensions: &["docx", "docm", "dotx", "dotm"],
    noun: "document",
    rows: ROWS,
    vocabulary: VOCABULARY,
};

static EXCEL: Info = Info {
    id: "xlsx",
    name: "Excel",
    extensions: &["xlsx", "xlsm", "xltx", "xltm", "xlam"],
    noun: "document",
    rows: ROWS,
    vocabulary: VOCABULARY,
};

static POWERPOINT: Info = Info {
    id: "pptx",
    name: "PowerPoint",
    extensions: &["pptx", "pptm", "ppsx", "ppsm", "potx", "potm"],
    noun: "document",
    rows: ROWS,
    vocabulary: VOCABULARY,
};

const ROWS: &[Row] = &[
    PARTS, PROGRAM, MARKUP, CHANGES, HIDDEN, MEDIA, EMBEDDED, MACROS, PACKAGE,
];

const PARTS: Row = Row {
    what: "parts",
    when: "relationships of known types lead to them from the root",
    how: How::Rebuild,
    why: "text, tables, slides, drawings, styles",
    spec: "ISO/IEC 29500-1 §11 to §15; ISO/IEC 29500-2 §9",
};
const PROGRAM: Row = Row {
    what: "docProps/app.xml",
    when: "Office wrote the document: its name without a version, and 12.0000 for Office 2007",
    how: How::Rebuild,
    why: "other programs lay out such documents by it: column widths, charts",
    spec: "ISO/IEC 29500-1 §22.2",
};
const MARKUP: Row = Row {
    what: "elements and attributes",
    when: "of known namespaces, and not one that names persons, times, programs, paths or ids",
    how: How::Rebuild,
    why: "the content and how it looks",
    spec: "ISO/IEC 29500-1 §17 to §21; ISO/IEC 29500-3; MS-DOCX, MS-XLSX, MS-PPTX",
};
const CHANGES: Row = Row {
    what: "tracked changes",
    when: "resolved: what is inserted is retained, what is deleted is removed",
    how: How::Rebuild,
    why: "the text as Word shows it when all changes are accepted",
    spec: "ISO/IEC 29500-1 §17.13.5",
};
const HIDDEN: Row = Row {
    what: "hidden text, slides, shapes, sheets, rows and columns",
    when: "policy share; with strict, where a chart, a conditional format, an animation or a formula without \
           a value needs it; reported",
    how: How::Rebuild,
    why: "what is shown can depend on it",
    spec: "ISO/IEC 29500-1 §17.3.2.41, §18.2.19, §18.3.1.73, §19.3.1.38",
};
const MEDIA: Row = Row {
    what: "pictures",
    when: "cleaned by their own format",
    how: How::Verbatim,
    why: "the pictures in the document",
    spec: "ISO/IEC 29500-1 §15.2.14",
};
const EMBEDDED: Row = Row {
    what: "documents inside",
    when: "cleaned by their own format",
    how: How::Rebuild,
    why: "the data behind charts and embedded tables",
    spec: "ISO/IEC 29500-1 §15.2.11",
};
const MACROS: Row = Row {
    what: "vbaProject.bin",
    when: "policy share; as it is, and reported",
    how: How::Verbatim,
    why: "the functions of the document",
    spec: "MS-OVBA",
};
const PACKAGE: Row = Row {
    what: "[Content_Types].xml and relationships",
    when: "always; made from the parts that the copy has",
    how: How::Rebuild,
    why: "they connect the parts",
    spec: "ISO/IEC 29500-2 §9.3, §10.1.2",
};

const VOCABULARY: &[&str] = &[
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/office/",
    "application/vnd.openxmlformats-officedocument.",
    "Microsoft Office Word",
    "Microsoft Office PowerPoint",
    "Microsoft Macintosh Excel",
    "Microsoft Excel",
    "Calibri",
    "Normal.dotm",
];

/// A package that was opened: members, content types, and the main part.
struct Opened {
    archive: Archive,
    types: Types,
    main: String,
    main_type: &'static str,
    app: App,
}

fn open_package(source: &Source<'_>, cx: &Context<'_>) -> Result<Opened> {
    let archive = zip::read(source, cx)?;
    let mut members = archive.members.iter();
    let types = match members.find(|it| package::is_types(&it.name)) {
        Some(member) => Types::read(&open::small(source, member, cx)?, cx)?,
        None => {
            return Err(Error::malformed(
                "Office document",
                0,
                "there are no content types",
            ));
        }
    };
    let relationships = open::relationships(&archive, source, "", cx)?;
    // Drawings of Visio have a relationship of their own.
    let is_main =
        |it: &&package::Relationship| it.name() == "officeDocument" || it.kind.contains("/visio/");
    let main = relationships.iter().find(is_main);
    let main = main.and_then(|it| package::resolve("", &it.target));
    let main = main.filter(|main| archive.member(main).is_some());
    let main =
        main.ok_or_else(|| Error::malformed("Office document", 0, "there is no main part"))?;
    let content_type = types.of(&main).unwrap_or_default();
    let Some((app, main_type)) = graph::kind_of(content_type) else {
        return Err(Error::unsupported(unknown(content_type)));
    };
    Ok(Opened {
        archive,
        types,
        main,
        main_type,
        app,
    })
}

/// What is said of documents that are packages and not cleaned.
fn unknown(content_type: &str) -> &'static str {
    let content_type = content_type.to_lowercase();
    if content_type.contains("sheet.binary") {
        "a workbook in the binary format (xlsb); save it as xlsx in Excel, and clean that"
    } else if content_type.contains("visio") {
        "a drawing of Visio; export it as PDF, and clean that"
    } else {
        "a document of an unknown kind; export it as PDF, and clean that"
    }
}

impl Format for Office {
    fn info(&self) -> &'static Info {
        match self.0 {
            App::Word => &WORD,
            App::Excel => &EXCEL,
            App::PowerPoint => &POWERPOINT,
        }
    }

    fn recognize(&self, probe: &Probe<'_>) -> Option<Match> {
        let matched = Confidence::Content.when(true)?;
        let begins_so = || {
            const FIRST: [&[u8]; 3] = [b"[Content_Types].xml", b"_rels/.rels", b"docProps/"];
            let name = probe.head().strip_prefix(b"PK\x03\x04")?.get(26..)?;
            FIRST.iter().find(|first| name.starts_with(first))
        };
        match probe.content_types().and_then(graph::document) {
            Some((app, extensions)) => (app == self.0).then(|| matched.with_extensions(extensions)),
            // Word answers for packages of other programs, and says what they are.
            None if self.0 == App::Word => {
                (probe.content_types().is_some() || begins_so().is_some()).then_some(matched)
            }
            None => None,
        }
    }

    fn examine(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Examined> {
        let it = open_package(source, cx)?;
        copy::examine(&it, source, cx)
    }

    fn payload_digest(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Digest> {
        let it = open_package(source, cx)?;
        digest::digest(&it.archive, source, &it.main, cx)
    }

    fn streams(&self, source: &Source<'_>, cx: &Context<'_>, sink: &mut dyn Streams) -> Result<()> {
        let it = open_package(source, cx)?;
        streams::hand_out(&it.archive, source, cx, sink)
    }
}
