//! PDF files as offices, scanners and printers make them.

use super::exif;
use super::jp2;
use super::jpeg::{self, Jpeg};
use super::seed::Seeds;
use super::tiff::Order;
use super::xmp;
use super::{Expect, Sample};

/// Objects of a file, and what is in front of it and behind it.
#[derive(Default)]
struct Builder {
    out: Vec<u8>,
    /// Object number and offset.
    rows: Vec<(usize, usize)>,
}

impl Builder {
    fn new(head: &[u8], version: &str) -> Self {
        let mut out = head.to_vec();
        out.extend_from_slice(format!("%PDF-{version}\n%\u{1}\n").as_bytes());
        Self {
            out,
            rows: Vec::new(),
        }
    }

    /// Adds the row of an object that begins here, in place of an earlier one.
    fn row(&mut self, number: usize) {
        self.rows.retain(|(earlier, _)| *earlier != number);
        self.rows.push((number, self.out.len()));
    }

    fn object(&mut self, number: usize, body: &str) {
        self.row(number);
        let text = format!("{number} 0 obj\n{body}\nendobj\n");
        self.out.extend_from_slice(text.as_bytes());
    }

    fn stream(&mut self, number: usize, keys: &str, data: &[u8]) {
        self.row(number);
        let head = format!("{number} 0 obj\n<<{keys}/Length {}>>\nstream\n", data.len());
        self.out.extend_from_slice(head.as_bytes());
        self.out.extend_from_slice(data);
        self.out.extend_from_slice(b"\nendstream\nendobj\n");
    }

    /// Cross-reference, trailer and end of a revision. Offsets count from `base`.
    fn end(&mut self, keys: &str, base: usize) -> usize {
        let at = self.out.len();
        let mut text = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, offset) in std::mem::take(&mut self.rows) {
            text.push_str(&format!("{number} 1\n{:010} 00000 n \n", offset - base));
        }
        text.push_str(&format!(
            "trailer\n<</Size 60{keys}>>\nstartxref\n{}\n%%EOF\n",
            at - base
        ));
        self.out.extend_from_slice(text.as_bytes());
        at - base
    }
}

/// A date with a unique second.
fn date(s: &mut Seeds, field: &str) -> String {
    let date = s.moment(field).exif;
    let digits: String = date.chars().filter(char::is_ascii_digit).collect();
    s.spelled(field, &digits);
    format!("D:{digits}+02'00'")
}

const FONT: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";

/// One page with this content, and more objects.
fn page(content: &[u8], more: &str) -> Builder {
    let mut pdf = Builder::new(b"", "1.4");
    pdf.object(1, "<</Type/Catalog/Pages 2 0 R>>");
    pdf.object(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    pdf.object(
        3,
        &format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R\
             /Resources<</Font<</F1 5 0 R>>{more}>>>>"
        ),
    );
    pdf.stream(4, "", content);
    pdf.object(5, FONT);
    pdf
}

/// A document with nearly everything that a PDF can hide, in three revisions.
fn office(s: &mut Seeds) -> Vec<u8> {
    let (mut pdf, base, second) = two_revisions(s);
    // The third one: one more object, and a tail.
    pdf.object(22, "<</Type/Null>>");
    pdf.end(&format!("/Root 1 0 R/Info 7 0 R/Prev {second}"), base);
    let tail = s.text("behind the file", "From: anna@example.org ");
    pdf.out.extend_from_slice(tail.as_bytes());
    pdf.out
}

/// The same with a signature and a layer that is switched off.
fn authority(s: &mut Seeds) -> Vec<u8> {
    let (mut pdf, base, second) = two_revisions(s);
    pdf.object(
        1,
        "<</Type/Catalog/Pages 2 0 R/Metadata 8 0 R/Collection<</View/D>>/Names<</EmbeddedFiles\
         <</Names[(a)9 0 R]>>/JavaScript<</Names[(j)11 0 R]>>>>/OpenAction 12 0 R/Outlines 13 0 R\
         /AcroForm<</Fields[15 0 R 25 0 R]/SigFlags 3/DA(/Helv 0 Tf)>>\
         /OCProperties<</OCGs[16 0 R]/D<</Order[16 0 R]/OFF[16 0 R]>>>>>>",
    );
    let name = s.text("Sig/Name", "Anna Exempel ");
    let place = s.text("Sig/Location", "The house in ");
    let when = date(s, "Sig/M");
    pdf.object(
        25,
        &format!(
            "<</FT/Sig/T(signature)/V<</Type/Sig/Name({name})/Location({place})/M({when})\
             /ByteRange[0 1 2 3]/Contents<00>>>>>"
        ),
    );
    pdf.end(&format!("/Root 1 0 R/Info 7 0 R/Prev {second}"), base);
    pdf.out
}

/// The first two revisions, what is in front of them, and where the second cross-reference is located.
fn two_revisions(s: &mut Seeds) -> (Builder, usize, usize) {
    let user = s.text("in front of the file/USERNAME", "anna.");
    let head = format!("\u{1b}%-12345X@PJL SET USERNAME=\"{user}\"\r\n@PJL ENTER LANGUAGE=PDF\r\n");
    let base = head.len();
    let mut pdf = Builder::new(head.as_bytes(), "1.4");
    // The first revision: another text, another photo, another author.
    let early = s.text("earlier version/content", "Moving to ");
    let old = s.at("earlier version/photo", |s| {
        let block = exif::small(s, Order::Big);
        Jpeg::new(jpeg::photo(20)).exif(&block).build()
    });
    pdf.stream(
        4,
        "",
        format!("BT /F1 12 Tf 20 150 Td ({early}) Tj ET").as_bytes(),
    );
    pdf.stream(6, &image("DCTDecode"), &old);
    let author = s.text("earlier version/Info/Author", "Berit Exempel ");
    pdf.object(7, &format!("<</Author({author})/Producer(Word)>>"));
    let first = pdf.end("/Root 1 0 R/Info 7 0 R", base);
    // The second one.
    let photo = s.at("page 1/photo", |s| {
        let block = exif::small(s, Order::Little);
        Jpeg::new(jpeg::photo(45)).exif(&block).build()
    });
    pdf.object(
        1,
        "<</Type/Catalog/Pages 2 0 R/Metadata 8 0 R/Collection<</View/D>>/Names<</EmbeddedFiles<</Names[(a)9 0 R]>>\
         /JavaScript<</Names[(j)11 0 R]>>>>/OpenAction 12 0 R/Outlines 13 0 R\
         /AcroForm<</Fields[15 0 R]/DA(/Helv 0 Tf)>>\
         /OCProperties<</OCGs[16 0 R]/D<</Order[16 0 R]/ON[16 0 R]>>>>>>",
    );
    pdf.object(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    let here = s.position("page 1/VP/Measure/GPTS");
    let (lat, lon) = here.decimal();
    s.spelled("page 1/VP/Measure/GPTS latitude", &lat);
    s.spelled("page 1/VP/Measure/GPTS longitude", &lon);
    let private = s.text("page 1/PieceInfo", "C:\\Users\\anna\\");
    let changed = date(s, "page 1/LastModified");
    pdf.object(
        3,
        &format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R\
             /Resources<</Font<</F1 5 0 R>>/XObject<</Im0 6 0 R/Im1 23 0 R/Im2 24 0 R>>\
             /Properties<</L 16 0 R>>>>\
             /Annots[14 0 R 15 0 R 17 0 R 18 0 R]/Thumb 19 0 R/LastModified({changed})\
             /PieceInfo<</Prog<</Private({})>>>>\
             /VP[<</Measure<</Subtype/GEO/GPTS[{lat} {lon}]>>>>]>>",
            private.replace('\\', "\\\\"),
        ),
    );
    let comment = s.text("page 1/content/comment", "made for ");
    let owner = s.text("page 1/content/properties", "drawn by ");
    pdf.stream(
        4,
        "",
        format!(
            "% {comment}\nBT /F1 12 Tf 20 170 Td (A letter) Tj ET\n\
             /P <</MCID 0/Owner({owner})>> BDC EMC\n/OC /L BDC 0 0 10 10 re f EMC\n\
             q 160 0 0 112 20 30 cm /Im0 Do Q q 48 0 0 32 200 30 cm /Im2 Do Q"
        )
        .as_bytes(),
    );
    pdf.object(5, FONT);
    pdf.stream(6, &image("DCTDecode"), &photo);
    // A photo that was taken off the page, and a JPEG 2000 picture with a place.
    let taken_off = s.at("page 1/photo that no content names", |s| {
        let block = exif::small(s, Order::Big);
        Jpeg::new(jpeg::photo(70)).exif(&block).build()
    });
    pdf.stream(23, &image("DCTDecode"), &taken_off);
    let scan = s.at("page 1/scan", jp2::with_place);
    let keys = "/Type/XObject/Subtype/Image/Width 48/Height 32/Filter/JPXDecode";
    pdf.stream(24, keys, &scan);
    let title = s.text("Info/Title", "Letter from ");
    let made = date(s, "Info/CreationDate");
    let producer = s.text("Info/Producer", "Writer ");
    pdf.object(
        7,
        &format!("<</Title({title})/CreationDate({made})/Producer({producer})>>"),
    );
    let packet = s.at("XMP", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
    pdf.stream(8, "/Type/Metadata/Subtype/XML", &packet);
    let name = s.text("EmbeddedFiles/F", "home-address-");
    pdf.object(9, &format!("<</Type/Filespec/F({name})/EF<</F 10 0 R>>>>"));
    let inside = s.text("EmbeddedFiles/file", "the street is ");
    pdf.stream(10, "/Type/EmbeddedFile", inside.as_bytes());
    let script = s.text("JavaScript", "app.alert");
    pdf.object(11, &format!("<</S/JavaScript/JS({script})>>"));
    let path = s.text("OpenAction/Launch", "/home/anna/");
    pdf.object(12, &format!("<</S/Launch/F({path})>>"));
    pdf.object(13, "<</Type/Outlines/First 20 0 R/Last 20 0 R/Count 1>>");
    pdf.object(20, "<</Title(Chapter)/Parent 13 0 R/Dest[3 0 R/Fit]>>");
    let who = s.text("page 1/Highlight/T", "Anna Exempel ");
    let what = s.text("page 1/Highlight/Contents", "she lives in ");
    let when = date(s, "page 1/Highlight/M");
    pdf.object(
        14,
        &format!(
            "<</Type/Annot/Subtype/Highlight/Rect[20 165 80 185]/QuadPoints[20 185 80 185 20 165 80 165]\
             /C[1 1 0]/T({who})/Contents({what})/M({when})>>"
        ),
    );
    pdf.object(
        15,
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Kept value)/Rect[100 165 180 185]/P 3 0 R>>",
    );
    let layer = s.text("OCG/Name", "Layer of ");
    pdf.object(16, &format!("<</Type/OCG/Name({layer})>>"));
    let note = s.text("page 1/Text/Contents", "call me at ");
    pdf.object(
        17,
        &format!("<</Type/Annot/Subtype/Text/Rect[200 165 220 185]/Contents({note})>>"),
    );
    let file = s.text("page 1/Link/URI", "file:///C:/Users/anna/");
    pdf.object(
        18,
        &format!("<</Type/Annot/Subtype/Link/Rect[220 165 240 185]/A<</S/URI/URI({file})>>>>"),
    );
    let thumb = s.text("page 1/Thumb", "pixels of a thumbnail ");
    pdf.stream(
        19,
        "/Width 4/Height 4/BitsPerComponent 8/ColorSpace/DeviceRGB",
        thumb.as_bytes(),
    );
    let unused = s.text("unused object", "deleted page ");
    pdf.object(21, &format!("<</Unused({unused})>>"));
    let id = s.text("trailer/ID", "");
    let second = pdf.end(
        &format!("/Root 1 0 R/Info 7 0 R/Prev {first}/ID[({id})({id})]"),
        base,
    );
    (pdf, base, second)
}

fn image(filter: &str) -> String {
    format!(
        "/Type/XObject/Subtype/Image/Width 160/Height 112/BitsPerComponent 8/ColorSpace/DeviceRGB\
         /Filter/{filter}"
    )
}

fn make(
    name: &str,
    imitates: &str,
    how: &str,
    expect: Expect,
    bytes: impl FnOnce(&mut Seeds) -> Vec<u8>,
) -> Sample {
    Sample::new("pdf", name, imitates, how, expect, bytes)
}

/// The samples.
pub fn samples() -> Vec<Sample> {
    use Expect::{Cleaned, Reduced, Refused};
    vec![
        make(
            "office.pdf",
            "an office program and a printer",
            "three revisions, job header, photos with a place, map, attachment, script, comments, form, layer",
            Cleaned,
            office,
        ),
        make(
            "covered.pdf",
            "somebody who hid text under a black box",
            "text that a rectangle covers",
            Reduced,
            |s| {
                let author = s.text("Info/Author", "Anna Exempel ");
                let content =
                    "BT /F1 12 Tf 20 150 Td (The address is here) Tj ET 0 g 10 140 200 30 re f";
                let mut pdf = page(content.as_bytes(), "");
                pdf.object(6, &format!("<</Author({author})>>"));
                pdf.end("/Root 1 0 R/Info 6 0 R", 0);
                pdf.out
            },
        ),
        make(
            "authority.pdf",
            "an authority that signs its letters",
            "all that office.pdf has, a signature, and a layer that is switched off",
            Refused,
            authority,
        ),
        make(
            "signed.pdf",
            "a program that signs documents",
            "a field with a signature",
            Refused,
            |s| {
                let name = s.text("Sig/Name", "Anna Exempel ");
                let mut pdf = page(b"BT /F1 12 Tf 20 150 Td (Signed) Tj ET", "");
                pdf.object(
                    1,
                    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/SigFlags 3>>>>",
                );
                pdf.object(
                    6,
                    &format!(
                        "<</FT/Sig/T(s)/V<</Type/Sig/Name({name})/ByteRange[0 1 2 3]/Contents<00>>>>>"
                    ),
                );
                pdf.end("/Root 1 0 R", 0);
                pdf.out
            },
        ),
    ]
}
