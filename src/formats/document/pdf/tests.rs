mod layers;

use super::report::zipped;
use crate::model::{Error, OutcomeKind, Policy};
use crate::pipeline::testing::{Cleaned, cleaned, cleaned_as};

/// A file of these objects, the first of which is the catalogue.
fn pdf(version: &str, objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut out = format!("%PDF-{version}\n").into_bytes();
    let mut rows = String::new();
    for (index, object) in objects.iter().enumerate() {
        rows.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let at = out.len();
    let size = objects.len() + 1;
    let end = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<</Root 1 0 R/Size {size}{trailer}>>\n\
         startxref\n{at}\n%%EOF\n"
    );
    out.extend_from_slice(end.as_bytes());
    out
}

fn stream(keys: &str, data: &str) -> String {
    format!(
        "<<{keys}/Length {}>>\nstream\n{data}\nendstream",
        data.len()
    )
}

const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
const FONT: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";

/// One page with this content. Objects 1 to 5 are taken.
fn page(content: &str, more: &[&str], trailer: &str) -> Vec<u8> {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R\
                /Resources<</Font<</F1 5 0 R>>/XObject<</Im 6 0 R>>>>>>";
    let content = stream("", content);
    let mut objects = vec![CATALOG, PAGES, page, &content, FONT];
    objects.extend_from_slice(more);
    pdf("1.4", &objects, trailer)
}

fn contains(cleaned: &Cleaned, text: &str) -> bool {
    memchr::memmem::find(&cleaned.bytes, text.as_bytes()).is_some()
}

#[test]
fn information_and_objects_that_nothing_uses_are_removed() {
    let info = "<</Author(Anna Exempel)/CreationDate(D:20240512143000+02'00')>>";
    let input = page(
        "BT /F1 12 Tf (x) Tj ET",
        &["null", info, "(orphan text)"],
        "/Info 7 0 R",
    );
    let out = cleaned(&input).unwrap();
    assert!(out.has("pdf.info"));
    assert_eq!(out.kind, OutcomeKind::Cleaned);
    assert!(!contains(&out, "Anna") && !contains(&out, "orphan"));
    let again = cleaned(&out.bytes).unwrap();
    assert_eq!(again.kind, OutcomeKind::AlreadyClean);
}

#[test]
fn text_under_a_later_box_is_reported_and_text_on_a_box_is_not() {
    let text = "BT /F1 12 Tf 20 150 Td (The address) Tj ET";
    let bar = "0 g 10 140 200 30 re f";
    let under = cleaned(&page(&format!("{text} {bar}"), &[], "")).unwrap();
    assert_eq!(under.stays(), ["pdf.hidden.text"]);
    assert_eq!(under.kind, OutcomeKind::Reduced);
    let on = cleaned(&page(&format!("{bar} {text}"), &[], "")).unwrap();
    assert!(on.stays().is_empty());
    let elsewhere = cleaned(&page(&format!("{text} 0 g 10 40 200 30 re f"), &[], "")).unwrap();
    assert!(elsewhere.stays().is_empty());
}

#[test]
fn a_picture_of_which_a_part_is_shown_is_reported() {
    let pixels = "x".repeat(100 * 100);
    let keys = "/Subtype/Image/Width 100/Height 100/BitsPerComponent 8/ColorSpace/DeviceGray";
    let image = stream(keys, &pixels);
    let cropped = page(
        "q 0 0 50 50 re W n 100 0 0 100 0 0 cm /Im Do Q",
        &[&image],
        "",
    );
    assert_eq!(cleaned(&cropped).unwrap().stays(), ["pdf.hidden.crop"]);
    let whole = page("q 100 0 0 100 0 0 cm /Im Do Q", &[&image], "");
    assert!(cleaned(&whole).unwrap().stays().is_empty());
    let covered = page(
        "q 100 0 0 100 0 0 cm /Im Do Q 0 0 110 110 re f",
        &[&image],
        "",
    );
    assert_eq!(cleaned(&covered).unwrap().stays(), ["pdf.hidden.picture"]);
}

#[test]
fn a_page_that_was_deleted_does_not_come_back_through_a_link() {
    let link = "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Dest[7 0 R/Fit]>>";
    let deleted = "<</Type/Page/MediaBox[0 0 9 9]/Contents 8 0 R>>";
    let text = stream("", "(Deleted secret) Tj");
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Annots[6 0 R]>>";
    let input = pdf(
        "1.5",
        &[CATALOG, PAGES, page, "null", FONT, link, deleted, &text],
        "",
    );
    let out = cleaned(&input).unwrap();
    assert!(!contains(&out, "secret"));
    assert!(out.has("pdf.unused"));
    assert_eq!(cleaned(&out.bytes).unwrap().kind, OutcomeKind::AlreadyClean);
}

#[test]
fn scripts_and_paths_are_removed_and_web_links_are_retained() {
    let links = [
        "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.org/a)>>>>",
        "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(file:///C:/Users/anna)>>>>",
        "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/JavaScript/JS(app.alert)>>>>",
    ];
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Annots[4 0 R 5 0 R 6 0 R]>>";
    let out = cleaned(&pdf(
        "1.4",
        &[CATALOG, PAGES, page, links[0], links[1], links[2]],
        "",
    ))
    .unwrap();
    assert!(contains(&out, "https://example.org/a"));
    assert!(!contains(&out, "anna") && !contains(&out, "app.alert"));
    assert!(out.has("pdf.links") && out.has("pdf.javascript"));
}

#[test]
fn a_wrong_cross_reference_is_replaced_by_a_scan() {
    let input = page("BT /F1 12 Tf 20 150 Td (Shown) Tj ET", &[], "");
    let text = String::from_utf8(input).unwrap();
    let (before, _) = text.split_once("xref\n").unwrap();
    let damaged = format!("{before}trailer\n<</Root 1 0 R>>\nstartxref\n99999\n%%EOF");
    assert!(contains(&cleaned(damaged.as_bytes()).unwrap(), "(Shown)"));
    // Offsets that lead to other objects.
    let shifted = text.replacen("%PDF-1.4\n", "%PDF-1.4\n%%%%\n", 1);
    assert!(contains(&cleaned(shifted.as_bytes()).unwrap(), "(Shown)"));
}

#[test]
fn loops_and_bombs_end() {
    let looped = [
        "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
    ];
    let own = "<</Length 4 0 R>>\nstream\n0 g\nendstream";
    let out = cleaned(&pdf(
        "1.4",
        &[CATALOG, looped[0], looped[1], own],
        "/Prev 9",
    ))
    .unwrap();
    assert!(contains(&out, "0 g"));
    let deep = format!(
        "<</Type/Page/Parent 2 0 R/MediaBox {}>>",
        "[".repeat(50_000)
    );
    assert!(cleaned(&pdf("1.4", &[CATALOG, PAGES, &deep], "")).is_err());
    let mut bomb = vec![0; 1 << 20];
    for _ in 0..3 {
        bomb = zipped(&bomb).unwrap();
    }
    let filters = "/Filter[/FlateDecode/FlateDecode/FlateDecode]";
    let mut input = b"%PDF-1.4\n1 0 obj<</Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]>>endobj \
        3 0 obj<</Contents 4 0 R>>endobj "
        .to_vec();
    input.extend_from_slice(format!("4 0 obj<<{filters}>>stream\n").as_bytes());
    input.extend_from_slice(&bomb);
    input.extend_from_slice(b"\nendstream endobj trailer<</Root 1 0 R>>");
    assert!(cleaned(&input).is_ok(), "a small one");
}

#[test]
fn signed_and_locked_documents_are_refused() {
    let signed = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>";
    let field = "<</FT/Sig/T(s)/V<</ByteRange[0 1 2 3]/Contents<00>>>>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
    let error = cleaned(&pdf("1.4", &[signed, PAGES, page, field], "")).unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error}");
    let policy = Policy {
        allow_signed: true,
        ..Policy::SHARE
    };
    let named = "<</FT/Sig/T(s)/V<</ByteRange[0 1 2 3]/Name(Anna Exempel)>>>>";
    let out = cleaned_as(&pdf("1.4", &[signed, PAGES, page, named], ""), policy).unwrap();
    assert!(!contains(&out, "Anna"));
    let widget = "<</Type/Annot/Subtype/Widget/Rect[0 0 9 9]/FT/Sig/T(s)\
                  /V<</ByteRange[0 1 2 3]/Name(Anna Exempel)>>>>";
    let shown = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]>>";
    let out = cleaned_as(&pdf("1.4", &[signed, PAGES, shown, widget], ""), policy).unwrap();
    assert!(out.has("pdf.signature"));
    assert!(contains(&out, "/FT/Sig") && !contains(&out, "Anna"));
    let lock = "<</Filter/Standard/V 2/R 3/Length 128/P -4/O<00>/U<00>>>";
    let locked = pdf("1.4", &[CATALOG, PAGES, page, lock], "/Encrypt 4 0 R");
    let error = cleaned(&locked).unwrap_err();
    assert!(error.to_string().contains("password"), "{error}");
}

#[test]
fn a_permission_that_refers_to_the_document_does_not_make_its_texts_secrets() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/DA(/Cour 9 Tf 0 g)>>\
                   /Perms<</UR3<</Type/Sig/Name(Product 2337)/Reference[<</Data 1 0 R>>]>>>>>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Annots[4 0 R]>>";
    let field =
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Adresse 1)/V(Kept value)/Rect[0 0 9 9]/P 3 0 R>>";
    let out = cleaned(&pdf("1.4", &[catalog, PAGES, page, field], "")).unwrap();
    assert!(out.has("pdf.signature"));
    assert!(contains(&out, "Kept value") && contains(&out, "/Cour 9 Tf 0 g"));
    assert!(!contains(&out, "2337"));
}

#[test]
fn a_picture_that_was_taken_off_a_page_is_left_out() {
    let form = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources 5 0 R>>";
    let content = stream("", "/Shown Do");
    let resources = "<</XObject<</Shown 6 0 R/Removed 7 0 R>>/ColorSpace<</Cs[/CalGray<</WhitePoint[1 1 1]>>]>>/ExtGState<</G<</ca 1>>>>>>";
    let keys = "/Subtype/Image/Width 4/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray";
    let pictures = [stream(keys, "kept"), stream(keys, "gone")];
    let input = pdf(
        "1.4",
        &[
            CATALOG,
            PAGES,
            form,
            &content,
            resources,
            &pictures[0],
            &pictures[1],
        ],
        "",
    );
    let out = cleaned(&input).unwrap();
    assert!(contains(&out, "kept") && !contains(&out, "gone"));
    // Shadings name colour spaces that no content names.
    assert!(contains(&out, "CalGray"));
    assert!(out.has("pdf.images.unused"));
    assert_eq!(cleaned(&out.bytes).unwrap().kind, OutcomeKind::AlreadyClean);
}

#[test]
fn a_form_without_resources_uses_those_of_the_page() {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R\
                /Resources<</XObject<</Fm 5 0 R/Im 6 0 R/No 7 0 R>>>>>>";
    let keys = "/Subtype/Image/Width 4/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray";
    let parts = [
        stream("", "/Fm Do"),
        stream("/Subtype/Form/BBox[0 0 9 9]", "/Im Do"),
        stream(keys, "kept"),
        stream(keys, "gone"),
    ];
    let input = pdf(
        "1.4",
        &[
            CATALOG, PAGES, page, &parts[0], &parts[1], &parts[2], &parts[3],
        ],
        "",
    );
    let out = cleaned(&input).unwrap();
    assert!(contains(&out, "kept") && !contains(&out, "gone"));
}

#[test]
fn values_of_an_earlier_version_that_the_copy_has_are_no_secrets() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/DA(/Helv 0 Tf 0 g)>>>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Annots[4 0 R]>>";
    let field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(value)/Rect[0 0 9 9]>>";
    let mut input = pdf("1.4", &[catalog, PAGES, page, field], "");
    let text = String::from_utf8(input.clone()).unwrap();
    let first = text.rfind("xref\n0").unwrap();
    let at = input.len();
    let again = format!(
        "1 0 obj\n{catalog}\nendobj\nxref\n1 1\n{at:010} 00000 n \n\
         trailer\n<</Root 1 0 R/Size 5/Prev {first}>>\nstartxref\n{}\n%%EOF\n",
        at + format!("1 0 obj\n{catalog}\nendobj\n").len()
    );
    input.extend_from_slice(again.as_bytes());
    let out = cleaned(&input).unwrap();
    assert!(out.has("pdf.revisions") && contains(&out, "/Helv 0 Tf 0 g"));
}

#[test]
fn an_object_with_two_places_in_one_section_is_refused() {
    let input = page("BT /F1 12 Tf (x) Tj ET", &[], "");
    let text = String::from_utf8(input).unwrap();
    let (objects, end) = text.split_once("xref\n0 6\n").unwrap();
    let doubled = format!(
        "{objects}xref\n0 6\n{}",
        end.replacen("trailer", "4 1\n0000000009 00000 n \ntrailer", 1)
    );
    let error = cleaned(doubled.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("two places"), "{error}");
}

#[test]
fn a_state_that_draws_nothing_is_retained() {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Annots[4 0 R]>>";
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>";
    let field = "<</Type/Annot/Subtype/Widget/FT/Btn/T(box)/V/Yes/AS/Yes/AP<</N<</Yes<<>>>>>>/Rect[0 0 9 9]>>";
    let out = cleaned(&pdf("1.4", &[catalog, PAGES, page, field], "")).unwrap();
    assert!(contains(&out, "/N<</Yes<<>>>>"));
}

#[test]
fn a_stream_is_one_wherever_its_dictionary_ends() {
    // Files are read in pieces: the word `stream` may be located on the border of two of them.
    for len in 950..1030 {
        let keys = format!("/X({})", "x".repeat(len));
        let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R>>";
        let content = stream(&keys, "1 0 0 rg 7 7 7 7 re f");
        let out = cleaned(&pdf("1.4", &[CATALOG, PAGES, page, &content], "")).unwrap();
        assert!(contains(&out, "7 7 7 7 re f"), "{len}");
    }
}

#[test]
fn a_form_may_use_what_only_the_page_has() {
    let pixels = "/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray";
    let image = stream(pixels, "x");
    let form = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 5 0 R>>>>";
    let form = stream(form, "/Own Do");
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R\
                /Resources<</XObject<</Fx 6 0 R/Own 7 0 R/Off 8 0 R>>>>>>";
    let content = stream("", "/Fx Do");
    let objects = [CATALOG, PAGES, page, &content, FONT, &form, &image, &image];
    let out = cleaned(&pdf("1.4", &objects, "")).unwrap();
    assert!(contains(&out, "/Own ") && !contains(&out, "/Off "));
}

#[test]
fn a_font_that_the_file_has_not_is_still_known_by_its_family() {
    let font = "<</Type/Font/Subtype/TrueType/BaseFont/X/FontDescriptor<</Type/FontDescriptor\
                /FontName/X/FontFamily(Courier New)/Lang(sv)>>>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R\
                /Resources<</Font<</F1 5 0 R>>>>>>";
    let content = stream("", "BT /F1 12 Tf (x) Tj ET");
    let out = cleaned(&pdf("1.4", &[CATALOG, PAGES, page, &content, font], "")).unwrap();
    assert!(contains(&out, "/FontFamily(Courier New)") && !contains(&out, "/Lang"));
}

#[test]
fn a_field_has_its_own_fonts() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/NeedAppearances true>>>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]>>";
    let field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/Rect[0 0 9 9]/DA(/ZaDi 0 Tf)\
                 /DR<</Font<</ZaDi 5 0 R>>>>>>";
    let out = cleaned(&pdf("1.4", &[catalog, PAGES, page, field, FONT], "")).unwrap();
    assert!(contains(&out, "/DR<</Font<</ZaDi "));
}

#[test]
fn a_node_of_the_page_tree_is_not_below_itself() {
    let pages = "<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
    let out = cleaned(&pdf("1.4", &[CATALOG, pages, page], "")).unwrap();
    assert!(contains(&out, "/Count 1/Kids[3 0 R]"));
}

#[test]
fn a_membership_of_one_layer_refers_to_that_layer() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[5 0 R]/D<</Order[]>>>>>>";
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R\
                /Resources<</Properties<</P 6 0 R>>>>>>";
    let content = stream("", "/OC /P BDC 1 1 7 7 re f EMC");
    let layer = "<</Type/OCG/Name(Headers)>>";
    for layers in ["5 0 R", "[5 0 R]"] {
        let membership = format!("<</Type/OCMD/OCGs {layers}>>");
        let objects = [catalog, PAGES, page, &content, layer, &membership];
        let out = cleaned(&pdf("1.4", &objects, "")).unwrap();
        let text = String::from_utf8_lossy(&out.bytes);
        let (_, list) = text.split_once("/OCGs[").unwrap();
        let (reference, _) = list.split_once(']').unwrap();
        let layers = layers.replace("5 0 R", reference);
        let membership = format!("/OCGs {layers}/Type/OCMD").replace(" [", "[");
        assert!(text.contains(&membership), "{membership} {text}");
    }
}
