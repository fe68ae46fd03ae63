//! Whole documents, from the file to the copy.

use crate::bytes::{Budget, Context, NoNested, Source, run};
use crate::containers::zip::{self, Writer};
use crate::model::{Limits, OutcomeKind, Policy};
use crate::pipeline::testing::{Cleaned, cleaned, cleaned_as};

mod hidden;

const STANDARD: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES: &str = "application/vnd.openxmlformats-officedocument";

/// A relationship: id, last segment of its type, target.
type Relationship<'a> = (&'a str, &'a str, &'a str);

fn relationships(list: &[Relationship<'_>]) -> String {
    let one = |(id, class, target): &Relationship<'_>| {
        format!("<Relationship Id='{id}' Type='{STANDARD}/{class}' Target='{target}'/>")
    };
    format!(
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{}\
         </Relationships>",
        list.iter().map(one).collect::<String>()
    )
}

/// A package with these parts besides its root.
fn package(main: &str, main_type: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let types = format!(
        "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>\
         <Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>\
         <Default Extension='xml' ContentType='application/xml'/>\
         <Override PartName='/{main}' ContentType='{TYPES}.{main_type}'/></Types>"
    );
    let root = relationships(&[("rId1", "officeDocument", main)]);
    let mut writer = Writer::new();
    let own = [
        ("[Content_Types].xml", types.as_str()),
        ("_rels/.rels", &root),
    ];
    for (name, text) in own.iter().chain(parts) {
        writer.stored(name, text.as_bytes().to_vec()).unwrap();
    }
    let mut out = Vec::new();
    run(&writer.finish(), &Source::memory(&[]), &mut out).unwrap();
    out
}

fn letter(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!(
        "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' \
         xmlns:r='{STANDARD}'><w:body>{body}</w:body></w:document>"
    );
    let parts: Vec<_> = [("word/document.xml", document.as_str())]
        .into_iter()
        .chain(parts.iter().copied())
        .collect();
    package(
        "word/document.xml",
        "wordprocessingml.document.main+xml",
        &parts,
    )
}

/// The text of a part of a copy; `None` when it has no such part.
fn part(file: &[u8], name: &str) -> Option<String> {
    let budget = Budget::new(Limits::default());
    let cx = Context::new(&budget, &NoNested, &|| None, Policy::SHARE);
    let source = Source::memory(file);
    let archive = zip::read(&source, &cx).unwrap();
    let member = archive.member(name)?;
    let bytes = member.read(&source, &cx, 1 << 20).unwrap();
    Some(String::from_utf8(bytes).unwrap())
}

#[test]
fn the_case_of_letters_in_names_of_parts_does_not_count() {
    let body = "<w:p><w:r><w:t>shown</w:t></w:r></w:p>";
    let mut file = letter(body, &[]);
    for (name, other) in [
        ("[Content_Types].xml", "[content_types].xml"),
        ("_rels/.rels", "_Rels/.Rels"),
    ] {
        while let Some(at) = memchr::memmem::find(&file, name.as_bytes()) {
            file[at..at + name.len()].copy_from_slice(other.as_bytes());
        }
    }
    let out = cleaned(&file).unwrap();
    assert!(out.stays().is_empty(), "{:?}", out.stays());
    assert!(part(&out.bytes, "[Content_Types].xml").is_some());
    assert!(
        part(&out.bytes, "word/document.xml")
            .unwrap()
            .contains("shown")
    );
}

#[test]
fn marks_of_comments_are_no_text() {
    let comments = "<w:comments xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>\
        <w:comment w:id='0' w:author='SECRET Anna' w:initials='SA'><w:p><w:r><w:t>SECRET note</w:t>\
        </w:r></w:p></w:comment></w:comments>";
    let links = relationships(&[("rId1", "comments", "comments.xml")]);
    let file = letter(
        "<w:p><w:commentRangeStart w:id='0'/><w:r><w:t>Hej</w:t></w:r><w:commentRangeEnd w:id='0'/>\
         <w:r><w:rPr><w:rStyle w:val='CommentReference'/><w:sz w:val='16'/></w:rPr>\
         <w:commentReference w:id='0'/></w:r></w:p>",
        &[
            ("word/comments.xml", comments),
            ("word/_rels/document.xml.rels", &links),
        ],
    );
    let copy = cleaned(&file).unwrap();
    assert_eq!(copy.kind, OutcomeKind::Cleaned);
    assert!(copy.has("ox.comments"));
    let text = part(&copy.bytes, "word/document.xml").unwrap();
    assert!(
        text.contains("<w:p><w:r><w:t>Hej</w:t></w:r></w:p>"),
        "{text}"
    );
    assert_eq!(part(&copy.bytes, "word/comments.xml"), None);
}

#[test]
fn references_to_nothing_are_reported() {
    let links = relationships(&[("rId1", "header", "gone.xml")]);
    let body = "<w:p><w:r><w:t>Hej</w:t></w:r></w:p><w:sectPr>\
        <w:headerReference w:type='default' r:id='rId1'/>\
        <w:footerReference w:type='default' r:id='rId2'/></w:sectPr>";
    let copy = cleaned(&letter(body, &[("word/_rels/document.xml.rels", &links)])).unwrap();
    assert!(copy.has("ox.unused"));
    let text = part(&copy.bytes, "word/document.xml").unwrap();
    assert!(!text.contains("Reference"), "{text}");
}

#[test]
fn names_of_parts_may_differ_in_case() {
    let header = "<w:hdr xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>\
        <w:p><w:r><w:t>Huvud</w:t></w:r></w:p></w:hdr>";
    let links = relationships(&[("rId1", "header", "Header1.xml")]);
    let body = "<w:p/><w:sectPr><w:headerReference w:type='default' r:id='rId1'/></w:sectPr>";
    let parts = [
        ("word/header1.XML", header),
        ("word/_rels/document.xml.rels", &links),
    ];
    let copy = cleaned(&letter(body, &parts)).unwrap();
    let text = part(&copy.bytes, "word/header1.xml").unwrap();
    assert!(text.contains("Huvud"), "{text}");
}

/// A presentation of one slide with these relationships.
fn deck(slide: &str, links: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let presentation = format!(
        "<p:presentation xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main' \
         xmlns:r='{STANDARD}'><p:sldIdLst><p:sldId id='256' r:id='rId1'/></p:sldIdLst></p:presentation>"
    );
    let to_slide = relationships(&[("rId1", "slide", "slides/slide1.xml")]);
    let own = [
        ("ppt/presentation.xml", presentation.as_str()),
        ("ppt/_rels/presentation.xml.rels", &to_slide),
        ("ppt/slides/slide1.xml", slide),
        ("ppt/slides/_rels/slide1.xml.rels", links),
    ];
    let parts: Vec<_> = own.into_iter().chain(parts.iter().copied()).collect();
    package(
        "ppt/presentation.xml",
        "presentationml.presentation.main+xml",
        &parts,
    )
}

#[test]
fn pictures_of_objects_are_taken_from_drawings_in_vml() {
    let slide = format!(
        "<p:sld xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main' \
         xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' xmlns:r='{STANDARD}'>\
         <p:cSld><p:spTree><p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id='7' name='x'/></p:nvGraphicFramePr>\
         <p:xfrm><a:off x='5' y='6'/><a:ext cx='7' cy='8'/></p:xfrm><a:graphic><a:graphicData uri='u'>\
         <p:oleObj spid='_x0000_s1026' r:id='rId2'><p:embed/></p:oleObj></a:graphicData></a:graphic>\
         </p:graphicFrame></p:spTree></p:cSld></p:sld>"
    );
    let links = relationships(&[
        ("rId1", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
        ("rId2", "oleObject", "../embeddings/oleObject1.bin"),
    ]);
    let drawing = "<xml xmlns:v='urn:schemas-microsoft-com:vml' \
                   xmlns:o='urn:schemas-microsoft-com:office:office'><v:shape id='Object 2' \
                   o:spid='_x0000_s1026'><v:imagedata o:relid='rId9'/></v:shape></xml>";
    let to_picture = relationships(&[("rId9", "image", "../media/image1.pbm")]);
    let file = deck(
        &slide,
        &links,
        &[
            ("ppt/drawings/vmlDrawing1.vml", drawing),
            ("ppt/drawings/_rels/vmlDrawing1.vml.rels", &to_picture),
            ("ppt/media/image1.pbm", "P1\n2 1\n0 1\n"),
            ("ppt/embeddings/oleObject1.bin", "SECRET"),
        ],
    );
    let copy = cleaned(&file).unwrap();
    assert_eq!(copy.kind, OutcomeKind::Cleaned);
    assert!(copy.has("ox.embedded"));
    let text = part(&copy.bytes, "ppt/slides/slide1.xml").unwrap();
    let blip = "<a:blip r:embed=\"rId1\"/>";
    let place = "<a:off x=\"5\" y=\"6\"/>";
    assert!(text.contains(blip) && text.contains(place), "{text}");
    assert!(!text.contains("oleObj"), "{text}");
    let links = part(&copy.bytes, "ppt/slides/_rels/slide1.xml.rels").unwrap();
    assert!(links.contains("../media/image1."), "{links}");
}

#[test]
fn a_film_that_cannot_be_cleaned_is_left_out() {
    let slide = format!(
        "<p:sld xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main' \
         xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' xmlns:r='{STANDARD}'>\
         <p:cSld><p:spTree><p:pic><p:nvPicPr><p:cNvPr id='7' name='x'/><p:cNvPicPr/><p:nvPr>\
         <a:videoFile r:link='rId1'/></p:nvPr></p:nvPicPr><p:blipFill/><p:spPr/></p:pic></p:spTree>\
         </p:cSld><p:timing><p:tnLst><p:par><p:cTn id='1'><p:childTnLst><p:video><p:cMediaNode>\
         <p:cTn id='2'/><p:tgtEl><p:spTgt spid='7'/></p:tgtEl></p:cMediaNode></p:video>\
         </p:childTnLst></p:cTn></p:par></p:tnLst></p:timing></p:sld>"
    );
    let to_film = relationships(&[("rId1", "video", "../media/SECRET.mp4")]);
    let file = deck(&slide, &to_film, &[("ppt/media/SECRET.mp4", "SECRET film")]);
    let copy = cleaned(&file).unwrap();
    assert_eq!(copy.kind, OutcomeKind::Reduced);
    assert_eq!(copy.stays(), ["ox.media.gone"]);
    assert!(copy.has("ox.media"));
    let text = part(&copy.bytes, "ppt/slides/slide1.xml").unwrap();
    assert!(
        !text.contains("timing") && !text.contains("video"),
        "{text}"
    );
    assert!(text.contains("<p:pic>"), "{text}");
}

const MOVED: &str = "<w:p><w:pPr><w:rPr><w:moveFrom w:id='1' w:author='SECRET'/></w:rPr></w:pPr>\
    <w:moveFrom w:id='2' w:author='SECRET'><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p>";

/// The text of a copy's body, with paragraphs, cells, rows and tables.
fn shown(body: &str) -> String {
    let copy = cleaned(&letter(body, &[])).unwrap();
    assert_eq!(copy.kind, OutcomeKind::Cleaned);
    let document = part(&copy.bytes, "word/document.xml").unwrap();
    let tags = [
        "<w:tbl>", "<w:tr>", "<w:tc>", "<w:p>", "<w:p/>", "<w:t>", "</w:t>",
    ];
    let mut out = String::new();
    for piece in document.split_inclusive('>') {
        let (text, tag) = piece.split_at(piece.rfind('<').unwrap_or(0));
        out.push_str(text);
        if tags.contains(&tag) {
            out.push_str(tag);
        }
    }
    let out = out.replace("<w:t>", "").replace("</w:t>", "");
    out.trim().to_owned()
}

#[test]
fn cells_whose_text_was_moved_away_have_a_paragraph() {
    let cell = |text: &str| format!("<w:tc><w:tcPr/>{text}</w:tc>");
    let moved = "<w:moveFromRangeStart w:id='7' w:name='m'/><w:moveFromRangeEnd w:id='7'/>";
    let body = format!(
        "<w:tbl><w:tblPr/><w:tr>{}{}</w:tr></w:tbl>{moved}<w:p/>",
        cell(MOVED),
        cell("<w:p><w:r><w:t>b</w:t></w:r></w:p>")
    );
    assert_eq!(shown(&body), "<w:tbl><w:tr><w:tc><w:p><w:tc><w:p>b<w:p/>");
}

#[test]
fn tables_whose_rows_are_deleted_are_removed() {
    let row =
        "<w:tr><w:trPr><w:del w:id='1' w:author='SECRET'/></w:trPr><w:tc><w:p/></w:tc></w:tr>";
    let table = |rows: &str| {
        format!(
            "<w:tbl><w:tblPr><w:tblW w:w='0' w:type='auto'/></w:tblPr><w:tblGrid>\
             <w:gridCol w:w='9'/></w:tblGrid>{rows}</w:tbl>"
        )
    };
    let body = format!("{}{}<w:p/>", table(row), table(""));
    assert_eq!(shown(&body), "<w:p/>");
}

#[test]
fn a_document_of_deleted_text_has_a_paragraph() {
    shown(&format!("{MOVED}<w:sectPr/>"));
    shown(MOVED);
    let mark = "<w:bookmarkStart w:id='5' w:name='a'/></w:p>";
    let marked = MOVED.replace("</w:p>", mark);
    let table = "<w:tbl><w:tblPr/><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>";
    let text = shown(&format!("{marked}{table}<w:p/>"));
    assert_eq!(text, "<w:tbl><w:tr><w:tc><w:p/><w:p/>");
}

#[test]
fn alternative_text_may_be_the_title_of_the_picture() {
    let shape = "<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml' \
                 xmlns:o='urn:schemas-microsoft-com:office:office' alt='A ribbon in pictures'>\
                 <v:imagedata o:title='A ribbon in pictures'/></v:shape></w:pict></w:r></w:p>";
    let copy = cleaned(&letter(shape, &[])).unwrap();
    let document = part(&copy.bytes, "word/document.xml").unwrap();
    assert_eq!(document.matches("ribbon").count(), 1);
}
