//! Layers that are switched off.

use super::*;

/// A file with its streams as text.
fn inflated(file: &[u8]) -> String {
    let mut out = String::from_utf8_lossy(file).into_owned();
    for at in memchr::memmem::find_iter(file, b"stream\n") {
        let mut text = Vec::new();
        let mut inflate = flate2::read::ZlibDecoder::new(&file[at + 7..]);
        let _ = std::io::Read::read_to_end(&mut inflate, &mut text);
        out.push_str(&String::from_utf8_lossy(&text));
    }
    out
}

/// A catalogue whose only layer, object 6, is switched off.
const LAYER_OFF: &str =
    "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>>>";

#[test]
fn what_is_on_layers_that_are_off_is_left_out_when_asked() {
    let catalog = LAYER_OFF;
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents[4 0 R 8 0 R]/Annots[9 0 R]\
                /Resources<</Font<</F1 5 0 R>>/Properties<</H 6 0 R/M 7 0 R>>/XObject<</Fx 10 0 R>>>>>>";
    let first = stream(
        "",
        "/OC /H BDC BT /F1 9 Tf 5 5 Td (SECRET) Tj (SECRET) ' ET 1 1 9 9 re f",
    );
    let layer = "<</Type/OCG/Name(L1)>>";
    let member = "<</Type/OCMD/OCGs[6 0 R]/P/AllOff>>";
    let annot = "<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents(SECRET)/OC 6 0 R>>";
    let form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/OC 6 0 R",
        "(SECRET) Tj",
    );
    let file = |second: &str| {
        let second = stream("", second);
        let objects = [
            catalog, PAGES, page, &first, FONT, layer, member, &second, annot, &form,
        ];
        pdf("1.4", &objects, "")
    };
    let input = file("(SECRET) Tj EMC /Fx Do /OC /M BDC BT /F1 9 Tf (shown) Tj ET EMC");
    let out = cleaned(&input).unwrap();
    assert_eq!(out.kind, OutcomeKind::Reduced);
    let out = cleaned_as(&input, Policy::STRICT).unwrap();
    assert_eq!(out.kind, OutcomeKind::Cleaned);
    assert!(out.has("pdf.ocg.hidden"));
    let text = inflated(&out.bytes);
    assert!(
        !text.contains("SECRET") && text.contains("(shown) Tj"),
        "{text}"
    );
    let again = cleaned_as(&out.bytes, Policy::STRICT).unwrap();
    assert_eq!(again.kind, OutcomeKind::AlreadyClean);
    // A visible text begins where a hidden one ends.
    let input = file("EMC BT /F1 9 Tf /OC /H BDC (SECRET) Tj EMC (shown) Tj ET");
    let out = cleaned_as(&input, Policy::STRICT).unwrap();
    assert_eq!(out.kind, OutcomeKind::Reduced);
    assert!(contains(&out, "(shown) Tj"));
}

#[test]
fn hidden_content_is_left_out_of_patterns_glyphs_masks_and_appearances() {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Annots[9 0 R]\
                /Resources<</Font<</F1 5 0 R/T3 8 0 R>>/Properties<</H 6 0 R>>/Pattern<</P 10 0 R>>\
                /ExtGState<</G<</Type/ExtGState/SMask<</S/Alpha/G 11 0 R>>>>>>>>>>";
    let content = stream(
        "",
        "/Pattern cs /P scn 1 1 9 9 re f /G gs 1 1 9 9 re f BT /T3 9 Tf (a) Tj ET",
    );
    let layer = "<</Type/OCG/Name(L1)>>";
    let glyphs = "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 97\
                  /LastChar 97/Widths[9]/Encoding<</Differences[97/a]>>/CharProcs<</a 7 0 R>>\
                  /Resources<</Font<</F1 5 0 R>>/Properties<</H 6 0 R>>>>>>";
    let annot = "<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]/AP<</N 12 0 R/D 12 0 R>>>>";
    let own = "/Resources<</Font<</F1 5 0 R>>/Properties<</H 6 0 R>>>>/BBox[0 0 9 9]";
    let secret = "/OC /H BDC BT /F1 9 Tf (SECRET) Tj ET EMC 1 1 7 7 re f";
    let form = |kind: &str| stream(&format!("{own}{kind}"), secret);
    let glyph = stream("", &format!("9 0 d0 {secret}"));
    let pattern = form(
        "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/XStep 9/YStep 9/Matrix[1 0 0 1 0 0]",
    );
    let mask = form("/Type/XObject/Subtype/Form/Group<</S/Transparency/CS/DeviceGray>>");
    let look = form("/Type/XObject/Subtype/Form");
    let objects = [
        LAYER_OFF, PAGES, page, &content, FONT, layer, &glyph, glyphs, annot, &pattern, &mask,
        &look,
    ];
    let out = cleaned_as(&pdf("1.4", &objects, ""), Policy::STRICT).unwrap();
    let text = inflated(&out.bytes);
    assert_eq!(text.matches("1 1 7 7 re f").count(), 4, "{text}");
    assert!(!text.contains("SECRET"), "{text}");
    assert_eq!(out.kind, OutcomeKind::Cleaned, "{:?}", out.stays());
    let again = cleaned_as(&out.bytes, Policy::STRICT).unwrap();
    assert_eq!(again.kind, OutcomeKind::AlreadyClean);
}

#[test]
fn hidden_content_that_is_shown_elsewhere_or_cannot_be_read_is_told() {
    let page = |properties: &str, content: u32| {
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents {content} 0 R\
             /Resources<</Font<</F1 5 0 R>>/Properties<</H {properties}>>/XObject<</X 8 0 R>>>>>>"
        )
    };
    let layer = "<</Type/OCG/Name(L1)>>";
    let pages = "<</Type/Pages/Kids[3 0 R 7 0 R]/Count 2>>";
    let form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/OC 6 0 R",
        "(unseen) Tj",
    );
    let left = |content: &str, other: &str| {
        let (content, off) = (stream("", content), page("6 0 R", 4));
        let objects = [LAYER_OFF, pages, &off, &content, FONT, layer, other, &form];
        cleaned_as(&pdf("1.4", &objects, ""), Policy::STRICT).unwrap()
    };
    let shown = "/OC /H BDC BT /F1 9 Tf (shown) Tj ET EMC";
    // The same content, on another page where the same name is no layer that is off.
    let out = left(shown, &page("<</Type/OCMD>>", 4));
    assert_eq!(out.kind, OutcomeKind::Reduced);
    assert!(inflated(&out.bytes).contains("(shown)"));
    // Behind a picture without end.
    let rest = "BI /W 1 ID x /OC /H BDC (unseen) Tj EMC";
    let out = left(rest, &page("6 0 R", 4));
    assert_eq!(out.kind, OutcomeKind::Reduced);
    // A form that is on a layer that is off, drawn by a name of other resources.
    let out = left("q /OC /Missing BDC /X Do EMC Q", &page("6 0 R", 4));
    assert_eq!(out.kind, OutcomeKind::Reduced);
    let out = left("q /X Do Q", &page("6 0 R", 4));
    assert_eq!(out.kind, OutcomeKind::Cleaned);
    assert!(!inflated(&out.bytes).contains("unseen"));
}

#[test]
fn layers_that_only_some_viewers_hide_are_told() {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R\
                /Resources<</Properties<</H 6 0 R>>>>>>";
    let catalog = "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[6 0 R]/D<<>>>>>>";
    let content = stream("", "/OC /H BDC 1 1 7 7 re f EMC");
    for (state, kind) in [("ON", OutcomeKind::Cleaned), ("OFF", OutcomeKind::Reduced)] {
        let layer = format!("<</Type/OCG/Name(L1)/Usage<</View<</ViewState/{state}>>>>>>");
        let objects = [catalog, PAGES, page, &content, FONT, &layer];
        let out = cleaned_as(&pdf("1.4", &objects, ""), Policy::STRICT).unwrap();
        assert_eq!(out.kind, kind, "{state}");
        assert!(inflated(&out.bytes).contains("1 1 7 7 re f"));
        // All viewers hide it.
        let objects = [LAYER_OFF, PAGES, page, &content, FONT, &layer];
        let out = cleaned_as(&pdf("1.4", &objects, ""), Policy::STRICT).unwrap();
        assert_eq!(out.kind, OutcomeKind::Cleaned, "{state}");
        assert!(!inflated(&out.bytes).contains("1 1 7 7 re f"));
    }
}
