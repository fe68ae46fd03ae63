//! What a document does not show: reported, and removed with the strict policy.

use super::*;

const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const SLIDE: &str = "http://schemas.openxmlformats.org/presentationml/2006/main";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";

/// The copies under both policies.
fn both(file: &[u8]) -> (Cleaned, Cleaned) {
    let share = cleaned(file).unwrap();
    let strict = cleaned_as(file, Policy::STRICT).unwrap();
    let again = cleaned_as(&strict.bytes, Policy::STRICT).unwrap();
    assert_eq!(again.bytes, strict.bytes);
    (share, strict)
}

/// A workbook: what follows `sheets` in the workbook, and the names, states and contents of its sheets.
fn workbook(more: &str, sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let number = |at: usize| at + 1;
    let list: String = (0..sheets.len())
        .map(|at| {
            let (name, state, _) = sheets[at];
            let n = number(at);
            format!("<sheet name='{name}' sheetId='{n}' state='{state}' r:id='rId{n}'/>")
        })
        .collect();
    let book = format!(
        "<workbook xmlns='{SHEET}' xmlns:r='{STANDARD}'><bookViews><workbookView activeTab='1'/></bookViews>\
         <sheets>{list}</sheets>{more}</workbook>"
    );
    let names: Vec<_> = (0..sheets.len())
        .map(|at| {
            (
                format!("rId{}", number(at)),
                format!("worksheets/sheet{}.xml", number(at)),
            )
        })
        .collect();
    let links: Vec<_> = names
        .iter()
        .map(|(id, name)| (id.as_str(), "worksheet", name.as_str()))
        .collect();
    let links = relationships(&links);
    let contents: Vec<_> = sheets
        .iter()
        .zip(&names)
        .map(|((_, _, content), (_, name))| {
            let sheet = format!("<worksheet xmlns='{SHEET}'>{content}</worksheet>");
            (format!("xl/{name}"), sheet)
        })
        .collect();
    let mut parts = vec![
        ("xl/workbook.xml", book.as_str()),
        ("xl/_rels/workbook.xml.rels", links.as_str()),
    ];
    parts.extend(
        contents
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str())),
    );
    package("xl/workbook.xml", "spreadsheetml.sheet.main+xml", &parts)
}

fn text(value: &str) -> String {
    format!("t='inlineStr'><is><t>{value}</t></is>")
}

fn holds(copy: &Cleaned, name: &str, what: &str) -> bool {
    part(&copy.bytes, name).unwrap().contains(what)
}

#[test]
fn hidden_sheets_are_removed_and_formulas_become_values() {
    let secret = format!(
        "<sheetData><row r='1'><c r='A1' {}</c></row></sheetData>",
        text("SECRET")
    );
    let shown = "<sheetData><row r='1'><c r='A1'><f>List!A1*2</f><v>7</v></c><c r='B1'><f>1+1</f><v>2</v></c>\
        <c r='C1'><f>Far</f><v>9</v></c></row></sheetData><dataValidations count='1'><dataValidation \
        type='list' sqref='D1'><formula1>List!$A$1:$A$3</formula1></dataValidation></dataValidations>";
    let more = "<definedNames><definedName name='Near'>List!$A$1</definedName><definedName \
        name='Far'>Near</definedName><definedName name='Here' localSheetId='1'>Shown!$A$1</definedName>\
        </definedNames>";
    let file = workbook(
        more,
        &[("List", "hidden", &secret), ("Shown", "visible", shown)],
    );
    let (share, strict) = both(&file);
    assert_eq!(share.kind, OutcomeKind::Reduced);
    assert!(share.stays().contains(&"ox.hidden.sheet"));
    assert!(holds(&share, "xl/worksheets/sheet1.xml", "SECRET"));
    assert_eq!(strict.kind, OutcomeKind::Cleaned);
    assert!(strict.has("ox.hidden.sheet"));
    let book = part(&strict.bytes, "xl/workbook.xml").unwrap();
    assert!(!book.contains("List") && !book.contains("Near"), "{book}");
    assert!(
        book.contains("activeTab=\"0\"") && book.contains("localSheetId=\"0\""),
        "{book}"
    );
    let sheet = part(&strict.bytes, "xl/worksheets/sheet1.xml").unwrap();
    assert!(sheet.contains("<c r=\"A1\"><v>7</v></c>"), "{sheet}");
    assert!(
        sheet.contains("<f>1+1</f>") && !sheet.contains("Far"),
        "{sheet}"
    );
    assert!(!sheet.contains("dataValidation"), "{sheet}");
    assert_eq!(part(&strict.bytes, "xl/worksheets/sheet2.xml"), None);
}

#[test]
fn hidden_sheets_that_something_needs_remain_and_are_reported() {
    let list = format!(
        "<sheetData><row r='1'><c r='A1' {}</c></row></sheetData>",
        text("SECRET")
    );
    let free = list.replace("SECRET", "ZZZZZ");
    for needs in [
        // A formula that was never calculated.
        "<sheetData><row r='1'><c r='A1'><f>List!A1</f></c></row></sheetData>",
        "<sheetData><row r='1'><c r='A1'><f>List!A1</f><v/></c></row></sheetData>",
        "<sheetData><row r='1'><c r='A1'><f t='shared' si='0' ref='A1:A2'>List!A1</f><v>1</v></c>\
         <c r='B1'><f t='shared' si='0'/></c></row></sheetData>",
        "<sheetData/><conditionalFormatting sqref='A1'><cfRule type='expression' priority='1'>\
         <formula>List!$A$1=1</formula></cfRule></conditionalFormatting>",
    ] {
        let sheets = [
            ("Shown", "visible", needs),
            ("List", "veryHidden", list.as_str()),
            ("Free", "hidden", free.as_str()),
        ];
        let (_, strict) = both(&workbook("", &sheets));
        assert_eq!(strict.kind, OutcomeKind::Reduced, "{needs}");
        assert!(strict.stays().contains(&"ox.hidden.sheet"));
        assert!(holds(&strict, "xl/worksheets/sheet2.xml", "SECRET"));
        assert_eq!(part(&strict.bytes, "xl/worksheets/sheet3.xml"), None);
    }
}

#[test]
fn hidden_cells_are_emptied() {
    let sheet = format!(
        "<cols><col min='3' max='3' hidden='1'/></cols><sheetData><row r='1'><c r='A1' {}</c><c r='C1' {}</c>\
         <c r='D1'><f>C1</f><v>5</v></c></row><row r='2' hidden='1'><c r='A2' {}</c><c r='B2' {}</c></row>\
         <row r='3'/></sheetData><mergeCells><mergeCell ref='B2:B3'/></mergeCells>",
        text("shown"),
        text("SECRET"),
        text("SECRET"),
        text("merged"),
    );
    let (share, strict) = both(&workbook("", &[("A", "visible", &sheet)]));
    assert_eq!(share.kind, OutcomeKind::Reduced);
    assert!(share.stays().contains(&"ox.hidden.cells"));
    assert_eq!(strict.kind, OutcomeKind::Cleaned);
    let copy = part(&strict.bytes, "xl/worksheets/sheet1.xml").unwrap();
    assert!(!copy.contains("SECRET") && !copy.contains("<f>"), "{copy}");
    assert!(copy.contains("shown") && copy.contains("merged"), "{copy}");
    assert!(copy.contains("<c r=\"D1\"><v>5</v></c>"), "{copy}");
    // Colours of cells that are shown depend on hidden ones.
    let coloured = format!("{sheet}<conditionalFormatting sqref='A1'/>");
    let (_, strict) = both(&workbook("", &[("A", "visible", &coloured)]));
    assert!(strict.stays().contains(&"ox.hidden.cells"));
    assert!(holds(&strict, "xl/worksheets/sheet1.xml", "SECRET"));
    // Columns that are hidden and empty hide nothing.
    let empty = "<cols><col min='3' max='16384' hidden='1'/></cols><sheetData/>";
    let (share, _) = both(&workbook("", &[("A", "visible", empty)]));
    assert!(share.stays().is_empty());
}

fn shape(id: u32, x: i64, more: &str, text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id='{id}' name='x' {more}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>\
         <a:off x='{x}' y='0'/><a:ext cx='1000' cy='1000'/></a:xfrm></p:spPr><p:txBody><a:bodyPr/><a:p><a:r>\
         <a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
}

fn deck(slides: &[(&str, &str, &str)]) -> Vec<u8> {
    let ids: Vec<_> = (1..=slides.len())
        .map(|n| (format!("rId{n}"), format!("slides/slide{n}.xml")))
        .collect();
    let list: String = ids
        .iter()
        .enumerate()
        .map(|(at, (id, _))| format!("<p:sldId id='{}' r:id='{id}'/>", 256 + at))
        .collect();
    let presentation = format!(
        "<p:presentation xmlns:p='{SLIDE}' xmlns:r='{STANDARD}'><p:sldMasterIdLst><p:sldMasterId id='9' r:id='rId99'/>\
         </p:sldMasterIdLst><p:sldIdLst>{list}</p:sldIdLst><p:sldSz cx='9000000' cy='6000000'/></p:presentation>"
    );
    let mut links: Vec<_> = ids
        .iter()
        .map(|(id, name)| (id.as_str(), "slide", name.as_str()))
        .collect();
    links.push(("rId99", "slideMaster", "slideMasters/slideMaster1.xml"));
    let links = relationships(&links);
    let master =
        format!("<p:sldMaster xmlns:p='{SLIDE}'><p:cSld><p:spTree/></p:cSld></p:sldMaster>");
    let contents: Vec<_> = slides
        .iter()
        .zip(&ids)
        .map(|((root, shapes, behind), (_, name))| {
            let slide = format!(
                "<p:sld xmlns:p='{SLIDE}' xmlns:a='{DRAWING}' {root}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>\
                 {behind}</p:sld>"
            );
            (format!("ppt/{name}"), slide)
        })
        .collect();
    let mut parts = vec![
        ("ppt/presentation.xml", presentation.as_str()),
        ("ppt/_rels/presentation.xml.rels", links.as_str()),
        ("ppt/slideMasters/slideMaster1.xml", master.as_str()),
    ];
    parts.extend(
        contents
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str())),
    );
    package(
        "ppt/presentation.xml",
        "presentationml.presentation.main+xml",
        &parts,
    )
}

#[test]
fn hidden_slides_and_shapes_are_removed() {
    let first = shape(2, 0, "", "SECRET");
    let group = "<p:grpSp><p:nvGrpSpPr><p:cNvPr id='8' name='g'/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x='0' \
        y='0'/><a:ext cx='1000' cy='1000'/><a:chOff x='-900000' y='0'/><a:chExt cx='1000' cy='1000'/></a:xfrm>\
        </p:grpSpPr>";
    let second = [
        shape(2, 0, "", "shown"),
        shape(3, -900_000, "", "SECRET"),
        shape(4, 0, "hidden='1'", "SECRET"),
        shape(5, -900_000, "", "moved"),
        format!(
            "{group}{}{}</p:grpSp>",
            shape(6, -900_000, "", "inside"),
            shape(7, 900_000, "", "middle")
        ),
    ]
    .concat();
    let timing = "<p:timing><p:tnLst><p:par><p:spTgt spid='5'/></p:par></p:tnLst></p:timing>";
    let file = deck(&[("show='0'", &first, ""), ("", &second, timing)]);
    let (share, strict) = both(&file);
    assert_eq!(share.kind, OutcomeKind::Reduced);
    for id in ["ox.hidden.slide", "ox.hidden.outside", "ox.hidden.shape"] {
        assert!(share.stays().contains(&id), "{id}");
        assert!(strict.has(id), "{id}");
    }
    // An animation moves one shape into the slide.
    assert_eq!(strict.stays(), ["ox.hidden.outside"]);
    let slide = part(&strict.bytes, "ppt/slides/slide1.xml").unwrap();
    assert!(!slide.contains("SECRET"), "{slide}");
    for word in ["shown", "moved", "inside", "middle"] {
        assert!(slide.contains(word), "{word}: {slide}");
    }
    assert_eq!(part(&strict.bytes, "ppt/slides/slide2.xml"), None);
    // A presentation is not emptied.
    let (_, strict) = both(&deck(&[("show='0'", &shape(2, 0, "", "all"), "")]));
    assert!(strict.stays().contains(&"ox.hidden.slide"));
    assert!(holds(&strict, "ppt/slides/slide1.xml", "all"));
}

#[test]
fn hidden_text_is_removed_whichever_way_it_is_hidden() {
    let styles = "<w:styles xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>\
        <w:style w:type='character' w:styleId='H'><w:basedOn w:val='B'/></w:style>\
        <w:style w:type='character' w:styleId='B'><w:rPr><w:vanish/></w:rPr></w:style>\
        <w:style w:type='paragraph' w:styleId='P'><w:rPr><w:vanish/></w:rPr></w:style></w:styles>";
    let links = relationships(&[("rId1", "styles", "styles.xml")]);
    let run = |properties: &str, text: &str| {
        format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>")
    };
    let body = [
        "<w:p>".to_owned(),
        run("", "shown"),
        run("<w:vanish/>", "SECRET"),
        run("<w:rStyle w:val='H'/>", "SECRET"),
        run("<w:rStyle w:val='H'/><w:vanish w:val='0'/>", "again"),
        "</w:p><w:p><w:pPr><w:pStyle w:val='P'/></w:pPr>".to_owned(),
        run("", "SECRET"),
        run("<w:rStyle w:val='H'/>", "twice"),
        "</w:p><w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>".to_owned(),
        run("", "SECRET"),
        "</w:p></w:tc></w:tr></w:tbl><w:p/>".to_owned(),
    ]
    .concat();
    let parts = [
        ("word/styles.xml", styles),
        ("word/_rels/document.xml.rels", &links),
    ];
    let (share, strict) = both(&letter(&body, &parts));
    assert_eq!(share.kind, OutcomeKind::Reduced);
    assert_eq!(strict.kind, OutcomeKind::Cleaned);
    assert!(strict.has("ox.hidden.text"));
    let text = part(&strict.bytes, "word/document.xml").unwrap();
    assert!(
        !text.contains("SECRET") && !text.contains("<w:tbl>"),
        "{text}"
    );
    for word in ["shown", "again", "twice"] {
        assert!(text.contains(word), "{word}: {text}");
    }
}
