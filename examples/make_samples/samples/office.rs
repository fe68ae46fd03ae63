//! Word, Excel and PowerPoint samples: packages of stored members, with a secret in each structure that
//! such programs write and nobody sees.

use super::deflate::crc32;
use super::jpeg::{Jpeg, photo};
use super::seed::Seeds;
use super::tiff::Order;
use super::{Expect, Sample, exif};

const MAIN: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" mc:Ignorable=\"w14\"";
const SHEET: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const SLIDE: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";

/// A package in the making.
#[derive(Default)]
struct Package {
    members: Vec<(String, Vec<u8>)>,
    overrides: String,
    comment: String,
}

impl Package {
    /// Adds an XML part with its content type.
    fn part(&mut self, name: &str, kind: &str, xml: &str) {
        self.overrides.push_str(&format!(
            "<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>"
        ));
        let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n{xml}");
        self.members.push((name.to_owned(), text.into_bytes()));
    }

    /// Adds the relationships of a part: id, type, target.
    fn links(&mut self, name: &str, links: &[(&str, &str, &str)]) {
        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
        );
        for (id, kind, target) in links {
            let kind = if kind.contains(':') {
                (*kind).to_owned()
            } else {
                format!("{MAIN}/{kind}")
            };
            let mode = if target.contains(':') {
                " TargetMode=\"External\""
            } else {
                ""
            };
            xml.push_str(&format!(
                "<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"{mode}/>"
            ));
        }
        xml.push_str("</Relationships>");
        self.members.push((name.to_owned(), xml.into_bytes()));
    }

    /// Properties, as every program writes them.
    fn properties(&mut self, s: &mut Seeds) {
        let core = format!(
            "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\">\
             <dc:title>{}</dc:title><dc:creator>{}</dc:creator><cp:lastModifiedBy>{}</cp:lastModifiedBy>\
             <dcterms:created>{}</dcterms:created></cp:coreProperties>",
            s.text("core/title", ""),
            s.text("core/creator", ""),
            s.text("core/lastModifiedBy", ""),
            s.text("core/created", ""),
        );
        self.part(
            "docProps/core.xml",
            "application/vnd.openxmlformats-package.core-properties+xml",
            &core,
        );
        let app = format!(
            "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
             <Template>{}</Template><Company>{}</Company><Manager>{}</Manager></Properties>",
            s.text("app/Template", ""),
            s.text("app/Company", ""),
            s.text("app/Manager", ""),
        );
        self.part(
            "docProps/app.xml",
            "application/vnd.openxmlformats-officedocument.extended-properties+xml",
            &app,
        );
    }

    fn root(&mut self, main: &str) {
        self.links("_rels/.rels", &[
            ("rId1", "officeDocument", main),
            ("rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml#"),
            ("rId3", "extended-properties", "docProps/app.xml"),
        ]);
        let last = self.members.last_mut().unwrap();
        // A type with a colon is no target outside.
        let text = String::from_utf8(last.1.clone())
            .unwrap()
            .replace("core.xml#", "core.xml");
        last.1 = text.into_bytes();
    }

    fn build(mut self) -> Vec<u8> {
        let types = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/>\
             <Default Extension=\"bin\" ContentType=\"application/vnd.openxmlformats-officedocument.oleObject\"/>\
             <Default Extension=\"vml\" ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/>{}</Types>",
            self.overrides,
        );
        self.members
            .insert(0, ("[Content_Types].xml".to_owned(), types.into_bytes()));
        let mut out = Vec::new();
        let mut directory = Vec::new();
        for (name, bytes) in &self.members {
            let at = out.len() as u32;
            let mut fields = vec![20, 0, 0, 0, 0, 0, 0x21, 0x6B, 0x52, 0x4F];
            fields.extend(crc32(bytes).to_le_bytes());
            fields.extend((bytes.len() as u32).to_le_bytes());
            fields.extend((bytes.len() as u32).to_le_bytes());
            fields.extend((name.len() as u16).to_le_bytes());
            fields.extend([0, 0]);
            out.extend(b"PK\x03\x04");
            out.extend(&fields);
            out.extend(name.as_bytes());
            out.extend(bytes);
            directory.extend(b"PK\x01\x02");
            directory.extend([20, 0]);
            directory.extend(&fields);
            directory.extend([0; 10]);
            directory.extend(at.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let start = out.len() as u32;
        let count = self.members.len() as u16;
        out.extend(&directory);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend(count.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend((directory.len() as u32).to_le_bytes());
        out.extend(start.to_le_bytes());
        out.extend((self.comment.len() as u16).to_le_bytes());
        out.extend(self.comment.as_bytes());
        out
    }
}

/// A photo with coordinates.
fn located(s: &mut Seeds) -> Vec<u8> {
    Jpeg::new(photo(45))
        .exif(&exif::small(s, Order::Big))
        .build()
}

/// What is inside `w:body`, with a setting of everything that names somebody.
fn letter(s: &mut Seeds, hidden: bool) -> Vec<u8> {
    let mut package = Package::default();
    let change = |s: &mut Seeds, what: &str| {
        format!(
            "w:id=\"1\" w:author=\"{}\" w:date=\"{}\"",
            s.text(&format!("{what}/author"), ""),
            s.text(&format!("{what}/date"), "")
        )
    };
    let (crop, secret) = if hidden {
        let text = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>not for all eyes</w:t></w:r>";
        ("<a:srcRect l=\"20000\"/>", text)
    } else {
        ("", "")
    };
    let body = format!(
        "<w:p w:rsidR=\"00{rsid}\" w14:paraId=\"{para}\"><w:pPr><w:rPr><w:del {mark}/></w:rPr></w:pPr>\
         <w:bookmarkStart w:id=\"0\" w:name=\"_GoBack\"/><w:bookmarkEnd w:id=\"0\"/>\
         <w:commentRangeStart w:id=\"0\"/><w:r><w:t>The first line</w:t></w:r><w:commentRangeEnd w:id=\"0\"/>\
         <w:r><w:commentReference w:id=\"0\"/></w:r><w:del {del}><w:r><w:delText>{deleted}</w:delText></w:r></w:del></w:p>\
         <w:p><w:ins {ins}><w:r><w:t xml:space=\"preserve\"> and the second.</w:t></w:r></w:ins>\
         <w:moveFrom {from}><w:r><w:t>{moved}</w:t></w:r></w:moveFrom>\
         <w:smartTag w:uri=\"urn:x\" w:element=\"{smart}\"><w:r><w:t> Words.</w:t></w:r></w:smartTag>{secret}\
         <w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> INCLUDEPICTURE &quot;C:\\Users\\{field}\\a.png&quot; </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>.</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>\
         <w:p><w:r><w:drawing><wp:inline xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\">\
         <wp:extent cx=\"914400\" cy=\"609600\"/><wp:docPr id=\"1\" name=\"Picture 1\" descr=\"C:\\Users\\{descr}\\IMG.jpeg\"/>\
         <a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">\
         <pic:pic xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:nvPicPr><pic:cNvPr id=\"0\" name=\"{name}.jpeg\"/><pic:cNvPicPr/></pic:nvPicPr>\
         <pic:blipFill><a:blip r:embed=\"rId4\"/>{crop}<a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
         <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"914400\" cy=\"609600\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr>\
         </pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>\
         <w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"2000\"/></w:tblGrid>\
         <w:tr><w:trPr><w:del {row}/></w:trPr><w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc></w:tr>\
         <w:tr><w:tc><w:p><w:r><w:t>A cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
         <w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr>",
        rsid = s.text("rsid", ""),
        para = s.text("paraId", ""),
        mark = change(s, "paragraph mark"),
        del = change(s, "del"),
        ins = change(s, "ins"),
        from = change(s, "moveFrom"),
        row = change(s, "row"),
        deleted = s.text("deleted text", ""),
        moved = s.text("moved text", ""),
        smart = s.text("smartTag", ""),
        field = s.text("field", ""),
        descr = s.text("docPr", ""),
        name = s.text("cNvPr", ""),
        cell = s.text("deleted row", ""),
    );
    package.part(
        "word/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        &format!("<w:document {WORD}><w:body>{body}</w:body></w:document>"),
    );
    package.links(
        "word/_rels/document.xml.rels",
        &[
            ("rId1", "settings", "settings.xml"),
            ("rId2", "comments", "comments.xml"),
            (
                "rId3",
                "http://schemas.microsoft.com/office/2011/relationships/people",
                "people.xml#",
            ),
            ("rId4", "image", "media/image1.jpeg"),
        ],
    );
    let last = package.members.last_mut().unwrap();
    last.1 = String::from_utf8(last.1.clone())
        .unwrap()
        .replace("people.xml#", "people.xml")
        .into_bytes();
    let settings = format!(
        "<w:settings {WORD}><w:attachedTemplate r:id=\"rId1\"/><w:mailMerge><w:connectString w:val=\"{}\"/></w:mailMerge>\
         <w:defaultTabStop w:val=\"720\"/><w:docVars><w:docVar w:name=\"a\" w:val=\"{}\"/></w:docVars>\
         <w:rsids><w:rsidRoot w:val=\"{}\"/></w:rsids></w:settings>",
        s.text("settings/connectString", ""),
        s.text("settings/docVar", ""),
        s.text("settings/rsidRoot", ""),
    );
    package.part(
        "word/settings.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml",
        &settings,
    );
    let template = format!(
        "file:///C:\\Users\\{}\\Normal.dotm",
        s.text("attachedTemplate", "")
    );
    package.links(
        "word/_rels/settings.xml.rels",
        &[("rId1", "attachedTemplate", &template)],
    );
    let comments = format!(
        "<w:comments {WORD}><w:comment w:id=\"0\" w:author=\"{}\" w:initials=\"XY\" w:date=\"{}\"><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:comment></w:comments>",
        s.text("comment/author", ""),
        s.text("comment/date", ""),
        s.text("comment", ""),
    );
    package.part(
        "word/comments.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml",
        &comments,
    );
    let people = format!(
        "<w15:people xmlns:w15=\"http://schemas.microsoft.com/office/word/2012/wordml\"><w15:person w15:author=\"{}\"><w15:presenceInfo w15:providerId=\"AD\" w15:userId=\"{}\"/></w15:person></w15:people>",
        s.text("people/author", ""),
        s.text("people/userId", ""),
    );
    package.part(
        "word/people.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.people+xml",
        &people,
    );
    package
        .members
        .push(("word/media/image1.jpeg".to_owned(), located(s)));
    package.properties(s);
    package.root("word/document.xml");
    package.comment = s.text("ZIP comment", "");
    package.build()
}

/// A workbook with a hidden sheet.
fn workbook(s: &mut Seeds) -> Vec<u8> {
    let mut package = Package::default();
    let book = format!(
        "<workbook {SHEET}><fileVersion appName=\"xl\" lowestEdited=\"7\" rupBuild=\"{}\"/><fileSharing userName=\"{}\"/>\
         <sheets><sheet name=\"Plan\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Old\" sheetId=\"2\" state=\"hidden\" r:id=\"rId2\"/></sheets>\
         <externalReferences><externalReference r:id=\"rId4\"/></externalReferences>\
         <definedNames><definedName name=\"there\">'C:\\Users\\{}\\[b.xlsx]S'!A1</definedName></definedNames></workbook>",
        s.text("fileVersion", ""),
        s.text("fileSharing", ""),
        s.text("definedName", ""),
    );
    package.part(
        "xl/workbook.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        &book,
    );
    package.links(
        "xl/_rels/workbook.xml.rels",
        &[
            ("rId1", "worksheet", "worksheets/sheet1.xml"),
            ("rId2", "worksheet", "worksheets/sheet2.xml"),
            ("rId3", "sharedStrings", "sharedStrings.xml"),
            ("rId4", "externalLink", "externalLinks/externalLink1.xml"),
            ("rId5", "connections", "connections.xml"),
        ],
    );
    let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
    package.part("xl/worksheets/sheet1.xml", sheet, &format!(
        "<worksheet {SHEET}><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><f>[1]S!A1*2</f><v>42</v></c></row></sheetData>\
         <pageSetup orientation=\"portrait\" r:id=\"rId1\"/></worksheet>"
    ));
    package.links(
        "xl/worksheets/_rels/sheet1.xml.rels",
        &[(
            "rId1",
            "printerSettings",
            "../printerSettings/printerSettings1.bin",
        )],
    );
    package.part("xl/worksheets/sheet2.xml", sheet, &format!(
        "<worksheet {SHEET}><sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c></row></sheetData></worksheet>"
    ));
    package.part(
        "xl/sharedStrings.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
        &format!("<sst {SHEET} count=\"1\" uniqueCount=\"2\"><si><t>Budget</t></si><si><t>{}</t></si></sst>", s.text("unused string", "")),
    );
    package.part(
        "xl/externalLinks/externalLink1.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml",
        &format!("<externalLink {SHEET}><externalBook r:id=\"rId1\"><sheetNames><sheetName val=\"{}\"/></sheetNames></externalBook></externalLink>", s.text("externalBook", "")),
    );
    let target = format!(
        "file:///C:\\Users\\{}\\b.xlsx",
        s.text("externalLinkPath", "")
    );
    package.links(
        "xl/externalLinks/_rels/externalLink1.xml.rels",
        &[("rId1", "externalLinkPath", &target)],
    );
    package.part(
        "xl/connections.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml",
        &format!("<connections {SHEET}><connection id=\"1\" name=\"n\"><dbPr connection=\"{}\"/></connection></connections>", s.text("connection", "")),
    );
    let mut settings = s.utf16le("printer", "");
    settings.resize(220, 0);
    package.members.push((
        "xl/printerSettings/printerSettings1.bin".to_owned(),
        settings,
    ));
    package.properties(s);
    package.root("xl/workbook.xml");
    package.build()
}

/// A deck with notes and a hidden slide.
fn deck(s: &mut Seeds) -> Vec<u8> {
    let mut package = Package::default();
    package.part(
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        &format!("<p:presentation {SLIDE}><p:sldIdLst><p:sldId id=\"256\" r:id=\"rId1\"/></p:sldIdLst><p:sldSz cx=\"9144000\" cy=\"6858000\"/>\
            <p:notesSz cx=\"6858000\" cy=\"9144000\"/><p:modifyVerifier hashData=\"{}\"/></p:presentation>", s.text("modifyVerifier", "")),
    );
    package.links(
        "ppt/_rels/presentation.xml.rels",
        &[
            ("rId1", "slide", "slides/slide1.xml"),
            ("rId2", "commentAuthors", "commentAuthors.xml"),
            ("rId3", "changesInfo", "changesInfos/changesInfo1.xml"),
        ],
    );
    let text = |text: &str| {
        format!(
            "<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>\
         <p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Title\"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>\
         <p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld>"
        )
    };
    package.part(
        "ppt/slides/slide1.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.slide+xml",
        &format!("<p:sld {SLIDE} show=\"0\">{}<p:extLst><p:ext uri=\"x\"><p14:creationId xmlns:p14=\"http://schemas.microsoft.com/office/powerpoint/2010/main\" val=\"{}\"/></p:ext></p:extLst></p:sld>", text("Welcome"), s.text("creationId", "")),
    );
    package.links(
        "ppt/slides/_rels/slide1.xml.rels",
        &[
            ("rId1", "notesSlide", "../notesSlides/notesSlide1.xml"),
            ("rId2", "comments", "../comments/comment1.xml"),
        ],
    );
    package.part(
        "ppt/notesSlides/notesSlide1.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.notesSlide+xml",
        &format!("<p:notes {SLIDE}>{}</p:notes>", text("Say hello first")),
    );
    package.part(
        "ppt/comments/comment1.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.comments+xml",
        &format!(
            "<p:cmLst {SLIDE}><p:cm authorId=\"0\" dt=\"{}\"><p:text>{}</p:text></p:cm></p:cmLst>",
            s.text("comment/dt", ""),
            s.text("comment", "")
        ),
    );
    package.part(
        "ppt/commentAuthors.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.commentAuthors+xml",
        &format!("<p:cmAuthorLst {SLIDE}><p:cmAuthor id=\"0\" name=\"{}\" initials=\"XY\"/></p:cmAuthorLst>", s.text("cmAuthor", "")),
    );
    package.part(
        "ppt/changesInfos/changesInfo1.xml",
        "application/vnd.ms-powerpoint.changesinfo+xml",
        &format!("<pc:chgInfo xmlns:pc=\"http://schemas.microsoft.com/office/powerpoint/2013/main/command\"><pc:docChgLst><pc:chgData name=\"{}\" userId=\"{}\"/></pc:docChgLst></pc:chgInfo>", s.text("changesInfo/name", ""), s.text("changesInfo/userId", "")),
    );
    package.properties(s);
    package.root("ppt/presentation.xml");
    package.build()
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    vec![
        Sample::new(
            "docx",
            "letter.docx",
            "Word",
            "a photo with GPS, comments, people, tracked changes and moves, a template, mail merge, paths in a field and in descriptions, a ZIP comment",
            Expect::Cleaned,
            |s| letter(s, false),
        ),
        Sample::new(
            "docx",
            "hidden.docx",
            "Word",
            "the same with hidden text and a cropped picture",
            Expect::Reduced,
            |s| letter(s, true),
        ),
        Sample::new(
            "xlsx",
            "budget.xlsx",
            "Excel",
            "an external link, a connection, printer settings, a user who reserved the file, texts of deleted cells, a hidden sheet",
            Expect::Reduced,
            workbook,
        ),
        Sample::new(
            "pptx",
            "talk.pptx",
            "PowerPoint",
            "a hidden slide with notes, comments, a list of changes with persons, ids",
            Expect::Reduced,
            deck,
        ),
    ]
}
