//! Flat files, from the file to the copy.

use crate::bytes::{Source, run};
use crate::containers::zip::Writer;
use crate::model::{OutcomeKind, Policy};
use crate::pipeline::testing::{cleaned, cleaned_as};

const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:loext=\"urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0\" \
    xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:field=\"urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
    xmlns:config=\"urn:oasis:names:tc:opendocument:xmlns:config:1.0\"";

#[test]
fn flat_files_lose_what_packages_lose() {
    let item = |name: &str, kind: &str, value: &str| {
        format!(
            "<config:config-item config:name=\"{name}\" config:type=\"{kind}\">{value}\
             </config:config-item>"
        )
    };
    let file = format!(
        "<office:document {SPACES} office:version=\"1.3\" \
         office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:meta>\
         <meta:initial-creator>SECRET Creator</meta:initial-creator></office:meta><office:settings>\
         <config:config-item-set config:name=\"ooo:configuration-settings\">{}{}\
         </config:config-item-set></office:settings><office:body><office:text><text:p>Hej \
         <text:a xlink:href=\"../SECRET.odt\">du</text:a><office:annotation>\
         <dc:creator>SECRET Annotator</dc:creator><text:p>SECRET note</text:p></office:annotation>\
         </text:p></office:text></office:body></office:document>",
        item("PrinterName", "string", "SECRET Printer"),
        item("TabOverflow", "boolean", "true"),
    );
    let copy = cleaned(file.as_bytes()).unwrap();
    assert_eq!(copy.kind, OutcomeKind::Cleaned);
    for id in ["odf.meta", "odf.settings", "odf.links", "odf.annot"] {
        assert!(copy.has(id), "{id}");
    }
    let text = String::from_utf8(copy.bytes.clone()).unwrap();
    assert!(!text.contains("SECRET"));
    assert!(text.contains("<text:p>Hej du</text:p>") && text.contains("TabOverflow"));
    let again = cleaned(&copy.bytes).unwrap();
    assert_eq!(again.kind, OutcomeKind::AlreadyClean);
}

#[test]
fn text_in_elements_of_others_remains_where_readers_show_it() {
    let file = |text: &str| {
        format!(
            "<office:document {SPACES} xmlns:x=\"urn:x\" office:version=\"1.3\" \
             office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:body><office:text>\
             <text:p>{text}</text:p></office:text></office:body></office:document>"
        )
    };
    for (text, shown) in [
        (
            "a<x:y x:z=\"SECRET\">b<text:span>c</text:span></x:y>d",
            "ab<text:span>c</text:span>d",
        ),
        ("a<x:y office:process-content=\"false\">SECRET</x:y>d", "ad"),
    ] {
        let copy = cleaned(file(text).as_bytes()).unwrap();
        assert!(copy.has("odf.unknown"), "{text}");
        let copy = String::from_utf8(copy.bytes).unwrap();
        assert!(
            copy.contains(&format!("<text:p>{shown}</text:p>")),
            "{copy}"
        );
        assert!(!copy.contains("SECRET") && !copy.contains("x:y"), "{copy}");
    }
}

/// Templates of LibreOffice: a date that shows for ever what it shows now is text, another one is not.
#[test]
fn fixed_dates_remain_as_text() {
    let file = |field: &str| {
        format!(
            "<office:document {SPACES} office:version=\"1.3\" \
             office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:body><office:text>\
             <text:p loext:mime-type=\"application/vnd.oasis.opendocument.text\">Lund {field}</text:p>\
             </office:text></office:body></office:document>"
        )
    };
    let date = "text:date-value=\"2012-08-21\">21 August</text:date>";
    let fixed =
        cleaned(file(&format!("<text:date text:fixed=\"true\" {date}")).as_bytes()).unwrap();
    let text = String::from_utf8(fixed.bytes).unwrap();
    assert!(text.contains("<text:p>Lund 21 August</text:p>"), "{text}");
    let filled_in = cleaned(file(&format!("<text:date {date}")).as_bytes()).unwrap();
    let text = String::from_utf8(filled_in.bytes).unwrap();
    assert!(text.contains("Lund <text:date></text:date>"), "{text}");
}

/// A flat text document with this metadata and body.
fn text(meta: &str, body: &str) -> String {
    format!(
        "<office:document {SPACES} office:version=\"1.3\" \
         office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:meta>{meta}</office:meta>\
         <office:body><office:text>{body}</office:text></office:body></office:document>"
    )
}

#[test]
fn what_is_left_out_takes_the_paragraphs_in_it_along() {
    let picture =
        "<draw:frame><draw:image xlink:href=\"../linked.png\"><text:p/></draw:image></draw:frame>";
    let bullet = "<text:list-style style:name=\"L\"><text:list-level-style-image text:level=\"1\" \
                  xlink:href=\"../bullet.png\">\n  <style:list-level-properties/>\n\
                  </text:list-level-style-image></text:list-style>";
    for body in [picture, bullet] {
        let copy = cleaned(text("", body).as_bytes()).unwrap();
        let copy = String::from_utf8(copy.bytes).unwrap();
        assert!(!copy.contains(".png"), "{copy}");
    }
}

#[test]
fn text_of_content_controls_remains() {
    let body = "<text:p>a<loext:content-control loext:checkbox=\"false\">b<text:span>c</text:span>\
                </loext:content-control></text:p>";
    let copy = cleaned(text("", body).as_bytes()).unwrap();
    let copy = String::from_utf8(copy.bytes).unwrap();
    assert!(copy.contains("ab<text:span>c</text:span>"), "{copy}");
}

#[test]
fn an_address_of_a_link_may_be_that_of_the_author() {
    let meta = "<meta:initial-creator>anna@example.org</meta:initial-creator>";
    let body = "<text:p><text:a xlink:href=\"mailto:anna@example.org\">Write</text:a></text:p>";
    let copy = cleaned(text(meta, body).as_bytes()).unwrap();
    assert!(copy.has("odf.meta"));
    let copy = String::from_utf8(copy.bytes).unwrap();
    assert_eq!(copy.matches("anna@example.org").count(), 1);
}

#[test]
fn hidden_text_slides_and_shapes_are_removed_when_asked() {
    let file = |kind: &str, body: &str| {
        format!(
            "<office:document {SPACES} \
             xmlns:presentation=\"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0\" \
             xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
             xmlns:smil=\"urn:oasis:names:tc:opendocument:xmlns:smil-compatible:1.0\" \
             xmlns:anim=\"urn:oasis:names:tc:opendocument:xmlns:animation:1.0\" \
             xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
             xmlns:drawooo=\"http://openoffice.org/2010/draw\" \
             office:version=\"1.3\" office:mimetype=\"application/vnd.oasis.opendocument.{kind}\">\
             <office:styles><style:style style:name=\"H\" style:family=\"text\"><style:text-properties \
             text:display=\"none\"/></style:style><style:style style:name=\"H\" style:family=\"paragraph\">\
             <style:text-properties text:display=\"none\"/></style:style></office:styles>\
             <office:automatic-styles><style:style style:name=\"C\" style:family=\"paragraph\" \
             style:parent-style-name=\"H\"/><style:style style:name=\"D\" \
             style:family=\"drawing-page\"><style:drawing-page-properties \
             presentation:visibility=\"hidden\"/></style:style><style:page-layout style:name=\"L\">\
             <style:page-layout-properties fo:page-width=\"20cm\" fo:page-height=\"10cm\"/></style:page-layout>\
             </office:automatic-styles><office:master-styles><style:master-page style:name=\"M\" \
             style:page-layout-name=\"L\"/></office:master-styles>\
             <office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
        )
    };
    let policy = Policy {
        strict: true,
        ..Policy::default()
    };
    let shape = |more: &str, text: &str| {
        format!(
            "<draw:rect {more} svg:y=\"0cm\" svg:width=\"5cm\" svg:height=\"5cm\"><text:p>{text}</text:p></draw:rect>"
        )
    };
    let shapes = format!(
        "<draw:page draw:name=\"one\" draw:master-page-name=\"M\">{}{}{}{}</draw:page>",
        shape("svg:x=\"1cm\"", "shown"),
        shape("svg:x=\"-6cm\"", "SECRET"),
        shape("svg:x=\"211mm\"", "SECRET"),
        shape("svg:x=\"1cm\" drawooo:display=\"none\"", "SECRET"),
    );
    for (kind, body, shown) in [
        (
            "text",
            "<text:p>a<text:span text:style-name=\"H\">SECRET</text:span>b</text:p><text:p \
             text:style-name=\"C\">SECRET</text:p><text:section text:display=\"none\"><text:p>SECRET</text:p>\
             </text:section>",
            "<office:text><text:p>ab</text:p></office:text>",
        ),
        (
            "presentation",
            "<draw:page draw:name=\"one\"/><draw:page draw:name=\"SECRET\" draw:style-name=\"D\"/>",
            "<office:presentation><draw:page draw:name=\"one\"></draw:page></office:presentation>",
        ),
        ("presentation", &shapes, "shown"),
    ] {
        let file = file(kind, body);
        let copy = cleaned(file.as_bytes()).unwrap();
        assert_eq!(copy.kind, OutcomeKind::Reduced);
        assert!(copy.stays().contains(&"odf.hidden"));
        let strict = cleaned_as(file.as_bytes(), policy).unwrap();
        assert_eq!(strict.kind, OutcomeKind::Cleaned);
        assert!(strict.has("odf.hidden"));
        let text = String::from_utf8(strict.bytes).unwrap();
        assert!(text.contains(shown) && !text.contains("SECRET"), "{text}");
    }
    // An animation moves it into the slide.
    let moved = format!(
        "<draw:page draw:name=\"one\" draw:master-page-name=\"M\">{}<anim:par><anim:animateMotion \
         smil:targetElement=\"id1\"/></anim:par></draw:page>",
        shape("draw:id=\"id1\" svg:x=\"-6cm\"", "moved"),
    );
    let strict = cleaned_as(file("presentation", &moved).as_bytes(), policy).unwrap();
    assert_eq!(strict.kind, OutcomeKind::Reduced);
}

#[test]
fn hidden_sheets_and_cells_are_removed_when_nothing_needs_them() {
    let file = |body: &str| {
        format!(
            "<office:document {SPACES} xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
             office:version=\"1.3\" office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\">\
             <office:automatic-styles><style:style style:name=\"T\" style:family=\"table\">\
             <style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>\
             <office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document>"
        )
    };
    let cell = |more: &str, text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\" {more}><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let list = format!(
        "<table:table table:name=\"List\" table:style-name=\"T\"><table:table-row>{}</table:table-row></table:table>",
        cell("", "SECRET"),
    );
    let shown = |formula: &str| {
        format!(
            "<table:table table:name=\"Shown\"><table:table-column/><table:table-column \
             table:visibility=\"collapse\"/><table:table-row>{}{}{formula}</table:table-row><table:table-row \
             table:visibility=\"filter\">{}</table:table-row></table:table><table:named-expressions>\
             <table:named-range table:name=\"N\" table:cell-range-address=\"$List.$A$1\"/>\
             </table:named-expressions>",
            cell("", "shown"),
            cell("office:string-value=\"SECRET\"", "SECRET"),
            cell("", "SECRET"),
        )
    };
    let strict = |body: &str| cleaned_as(file(body).as_bytes(), Policy::STRICT).unwrap();
    let formula = cell("table:formula=\"of:=[$List.A1]\"", "value");
    let body = format!("{list}{}", shown(&formula));
    let copy = strict(&body);
    assert_eq!(copy.kind, OutcomeKind::Cleaned);
    assert!(copy.has("odf.hidden"));
    assert_eq!(
        cleaned_as(&copy.bytes, Policy::STRICT).unwrap().bytes,
        copy.bytes
    );
    let text = String::from_utf8(copy.bytes).unwrap();
    assert!(text.contains("shown") && text.contains("value"), "{text}");
    assert!(
        !text.contains("SECRET") && !text.contains("List") && !text.contains("of:="),
        "{text}"
    );
    assert!(
        cleaned(file(&body).as_bytes())
            .unwrap()
            .stays()
            .contains(&"odf.hidden")
    );
    // A formula that was never calculated needs both, a chart needs the sheet.
    let formula = "<table:table-cell table:formula=\"of:=[$List.A1]\"/>";
    let copy = strict(&format!("{list}{}", shown(formula)));
    assert_eq!(copy.kind, OutcomeKind::Reduced);
    assert!(String::from_utf8(copy.bytes).unwrap().contains("SECRET"));
    let chart = cell(
        "",
        "<draw:g draw:notify-on-update-of-ranges=\"List.A1:List.A3\"/>",
    );
    let copy = strict(&format!("{list}{}", shown(&chart)));
    assert_eq!(copy.kind, OutcomeKind::Reduced);
}

#[test]
fn templates_of_styles_alone_are_cleaned() {
    let members = [
        (
            "mimetype",
            "application/vnd.oasis.opendocument.text-template".to_owned(),
        ),
        (
            "styles.xml",
            format!(
                "<office:document-styles {SPACES} office:version=\"1.3\"><!--SECRET--><office:styles/>\
                 </office:document-styles>"
            ),
        ),
    ];
    let mut writer = Writer::new();
    for (name, text) in members {
        writer.stored(name, text.into_bytes()).unwrap();
    }
    let mut file = Vec::new();
    run(&writer.finish(), &Source::memory(&[]), &mut file).unwrap();
    let copy = cleaned(&file).unwrap();
    assert_eq!(copy.kind, OutcomeKind::Cleaned);
    assert!(memchr::memmem::find(&copy.bytes, b"SECRET").is_none());
}

#[test]
fn what_other_programs_call_their_namespaces_does_not_matter() {
    let style = "<style:style xmlns:o=\"http://www.w3.org/1999/XSL/Format\" style:name=\"P\">\
                 <style:paragraph-properties o:text-align=\"center\"/></style:style>";
    let file = text("", "<text:p>x</text:p>").replace(
        "<office:body>",
        &format!("<office:automatic-styles>{style}</office:automatic-styles><office:body>"),
    );
    let copy = cleaned(file.as_bytes()).unwrap();
    let copy = String::from_utf8(copy.bytes).unwrap();
    assert!(copy.contains("fo:text-align=\"center\""), "{copy}");
}

#[test]
fn form_fields_remain_and_field_codes_are_removed() {
    let body = "<text:p><field:fieldmark field:type=\"vnd.oasis.opendocument.field.FORMDROPDOWN\">\
                <field:param field:name=\"Dropdown_ListEntry\" field:value=\"Lund\"/>\
                <field:param field:name=\"Other\" field:value=\"SECRET\"/></field:fieldmark>\
                <field:fieldmark-start field:type=\"vnd.oasis.opendocument.field.UNHANDLED\">\
                <field:param field:name=\"Code\" field:value=\"C:\\SECRET\"/></field:fieldmark-start>\
                shown<field:fieldmark-end/></text:p>";
    let copy = cleaned(text("", body).as_bytes()).unwrap();
    let copy = String::from_utf8(copy.bytes).unwrap();
    assert!(
        copy.contains("field:value=\"Lund\"") && copy.contains("shown"),
        "{copy}"
    );
    assert!(
        !copy.contains("SECRET") && !copy.contains("fieldmark-end"),
        "{copy}"
    );
}

#[test]
fn the_family_and_version_of_the_program_remain_and_its_system_is_removed() {
    let meta = "<meta:generator>LibreOffice/3.4.5$Linux_SECRET LibreOffice_project/340m7$Build-1206\
                </meta:generator><meta:initial-creator>SECRET</meta:initial-creator>";
    let copy = cleaned(text(meta, "<text:p>x</text:p>").as_bytes()).unwrap();
    assert!(copy.has("odf.meta"));
    let again = cleaned(&copy.bytes).unwrap();
    assert_eq!(again.kind, OutcomeKind::AlreadyClean);
    let copy = String::from_utf8(copy.bytes).unwrap();
    assert!(!copy.contains("SECRET"), "{copy}");
    let neutral = ">LibreOffice/3.4 LibreOffice_project/340m1$Build-1206</meta:generator>";
    assert!(copy.contains(neutral), "{copy}");
    for other in ["Microsoft Word", "LibreOffice/", "LibreOffice/x", ""] {
        assert_eq!(super::meta::neutral(other), None);
    }
}
