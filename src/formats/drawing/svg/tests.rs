//! Drawings made here, one for each thing that stays and each that goes.

use super::*;
use crate::bytes::run;
use crate::formats::probe::is_recognized;
use crate::model::{Found, OutcomeKind};
use crate::pipeline::{self, Job};

mod names;
mod seen;

const HEAD: &str =
    r#"xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink""#;

/// A drawing with this inside.
fn svg(inside: &str) -> String {
    format!("<svg {HEAD} viewBox=\"0 0 9 9\">{inside}</svg>")
}

struct Cleaned {
    kind: OutcomeKind,
    text: String,
    found: Found,
    residue: Vec<Finding>,
}

fn cleaned(bytes: &[u8]) -> Result<(OutcomeKind, Vec<u8>, Found, Vec<Finding>)> {
    let (source, job) = (Source::memory(bytes), Job::default());
    let cleaning = pipeline::clean(&source, &job)?;
    let mut out = Vec::new();
    run(&cleaning.examined.plan, &source, &mut out)?;
    let verified = pipeline::verify(&cleaning, &Source::memory(&out), &job)?;
    let residue = verified.residue().to_vec();
    Ok((verified.kind(), out, cleaning.examined.found, residue))
}

/// A file that is cleaned, all checks included.
fn clean(file: &str) -> Cleaned {
    let (kind, bytes, found, residue) =
        cleaned(file.as_bytes()).unwrap_or_else(|error| panic!("{error}: {file}"));
    Cleaned {
        kind,
        text: String::from_utf8(bytes).unwrap(),
        found,
        residue,
    }
}

/// What becomes of this inside a drawing.
fn inside(inside: &str) -> String {
    let text = clean(&svg(inside)).text;
    let text = text.split_once("viewBox=\"0 0 9 9\"").unwrap().1;
    let text = text.trim_end().trim_end_matches("</svg>");
    text.trim_start_matches('>')
        .trim_end_matches("/>")
        .to_owned()
        + if text.ends_with("/>") && text != "/>" {
            "/>"
        } else {
            ""
        }
}

fn ids(cleaned: &Cleaned) -> Vec<&str> {
    cleaned.found.findings.iter().map(|f| f.id).collect()
}

#[test]
fn what_is_drawn_stays() {
    for kept in [
        r##"<g id="i1" transform="rotate(3 4,5)"><path d="M0 0h1v1z" fill="#abc"/></g>"##,
        r##"<linearGradient id="i1"><stop offset="1%" stop-color="red"/></linearGradient><rect fill="url(#i1)"/>"##,
        r##"<symbol id="i1"><circle r="1"/></symbol><use x="1" xlink:href="#i1"/><use href="#i1"/>"##,
        r#"<text x="1" xml:space="preserve">a  <tspan dx="2">b</tspan> c</text>"#,
        r#"<rect style="fill:red;stroke-width:2px;font-family:'Open Sans',serif"/>"#,
        r##"<style>.c1{fill:red}@media print{.c1{fill:#00f}}</style><rect class="c1"/>"##,
        r#"<rect width="1"><animate attributeName="x" dur="1s" from="0" repeatCount="indefinite" to="5"/></rect>"#,
        r#"<filter filterUnits="userSpaceOnUse" id="i1"><feGaussianBlur in="SourceAlpha" result="r1" stdDeviation="2"/></filter>"#,
        r#"<switch><g systemLanguage="sv"/><g/></switch>"#,
        r#"<image preserveAspectRatio="xMidYMid slice" width="1"/>"#,
    ] {
        assert_eq!(inside(kept), kept);
    }
}

#[test]
fn a_plain_drawing_is_clean_already() {
    let file = svg(r#"<rect width="1"/>"#);
    let once = clean(&file).text;
    let again = clean(&once);
    assert_eq!((again.kind, again.text), (OutcomeKind::AlreadyClean, once));
    assert!(again.found.findings.is_empty() && again.residue.is_empty());
}

#[test]
fn what_is_told_goes() {
    let cases = [
        ("<title>Anna Exempel</title>", "svg.text"),
        ("<desc>Anna Exempel</desc>", "svg.text"),
        ("<metadata>Anna Exempel</metadata>", "svg.metadata"),
        ("<!-- Anna Exempel -->", "svg.comment"),
        ("<?editor Anna Exempel?>", "svg.pi"),
        ("<g>Anna Exempel</g>", "svg.stray"),
        ("<g aria-label='Anna Exempel'/>", "svg.text"),
        ("<g data-name='Anna Exempel'/>", "svg.editor"),
        (
            "<g xmlns:i='http://ns.example/' i:label='Anna Exempel'/>",
            "svg.editor",
        ),
        (
            "<i:x xmlns:i='http://ns.example/'>Anna Exempel</i:x>",
            "svg.editor",
        ),
        ("<g content='Anna Exempel'/>", "svg.unknown"),
        ("<nothing>Anna Exempel</nothing>", "svg.unknown"),
        ("<g fill='Anna Exempel'/>", "svg.unknown"),
        ("<path d='M0 0Anna Exempel'/>", "svg.unknown"),
        ("<g style='-x-owner:Anna Exempel'/>", "svg.unknown"),
        ("<style>/* Anna Exempel */</style>", "svg.comment"),
        ("<style>@owner Anna Exempel;</style>", "svg.unknown"),
        ("<a href='file:///home/Anna Exempel/x'/>", "svg.href"),
        ("<a href='x' xlink:title='Anna Exempel'/>", "svg.text"),
        ("<g xml:base='file:///Anna Exempel/'/>", "svg.href"),
        ("<g onclick='Anna Exempel'/>", "svg.script"),
        ("<path name='Anna Exempel'/>", "svg.unknown"),
        ("<g xml:space='Anna Exempel'/>", "svg.unknown"),
        ("<style>@media Exempel{.a{fill:red}}</style>", "svg.unknown"),
    ];
    for (dirty, id) in cases {
        let cleaned = clean(&svg(dirty));
        assert!(!cleaned.text.contains("Exempel"), "{}", cleaned.text);
        assert!(ids(&cleaned).contains(&id), "{dirty}: {:?}", ids(&cleaned));
        assert_eq!(
            cleaned.kind,
            OutcomeKind::Cleaned,
            "{dirty}: {:?}",
            cleaned.residue
        );
    }
}

#[test]
fn what_was_drawn_and_goes_is_said() {
    let cases = [
        ("<image href='http://example.org/a.png'/>", "svg.href"),
        ("<image xlink:href='../Anna/a.png'/>", "svg.href"),
        ("<use href='other.svg#a'/>", "svg.href"),
        ("<rect fill='url(http://example.org/a.svg#x)'/>", "svg.href"),
        (
            "<style>@import url(http://example.org/a.css);</style>",
            "svg.href",
        ),
        ("<style>@import 'a.css';</style>", "svg.href"),
        (
            "<style>@font-face{font-family:a;src:u\\72l(http://example.org/a)}</style>",
            "svg.href",
        ),
        ("<script>alert(1)</script>", "svg.script"),
        ("<foreignObject><p>x</p></foreignObject>", "svg.script"),
        (
            "<use><set attributeName='xlink:href' to='http://example.org'/></use>",
            "svg.script",
        ),
        (
            "<a href='#b'><image href='data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22>\
             %3Cscript/>%3C/svg>' width='1' height='1'/></a>",
            "svg.script",
        ),
        (
            "<color-profile name='p' xlink:href='Anna.icc'/><rect fill='red icc-color(p,0)'/>",
            "svg.href",
        ),
        (
            "<font><glyph unicode='Annas hemliga ord'/></font>",
            "svg.text",
        ),
    ];
    for (dirty, id) in cases {
        let cleaned = clean(&svg(dirty));
        assert_eq!(cleaned.kind, OutcomeKind::Reduced, "{dirty}");
        assert!(cleaned.residue.iter().any(|f| f.id == id), "{dirty}");
        assert!(!cleaned.text.contains("example.org"), "{}", cleaned.text);
    }
}

#[test]
fn fallbacks_of_references_stay() {
    assert_eq!(
        inside("<rect fill='url(http://example.org/#x) red'/>"),
        r#"<rect fill="red"/>"#
    );
    assert_eq!(
        inside("<g style='cursor:url(http://example.org/c.png),pointer'/>"),
        r#"<g style="cursor:pointer"/>"#
    );
}

fn data(kind: &str, bytes: &[u8]) -> String {
    let data = data::Data {
        media_type: kind.to_owned(),
        bytes: bytes.to_vec(),
        fragment: String::new(),
    };
    data.with(bytes)
}

/// A GIF of one pixel with a comment.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xfe\x0cAnna Exempel\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

#[test]
fn pictures_inside_are_cleaned() {
    let picture = data("image/gif", GIF);
    let inner = svg(&format!(
        "<title>Anna Exempel</title><image href='{picture}'/>"
    ));
    let percent: String = inner.bytes().map(|b| format!("%{b:02x}")).collect();
    for dirty in [
        format!("<image href='{picture}'/>"),
        format!("<image xlink:href='{picture}'/>"),
        format!("<filter><feImage href='{picture}'/></filter>"),
        format!("<rect style='mask-image:url({picture})'/>"),
        format!("<style>.a{{background:url(\"{picture}\")}}</style>"),
        format!(
            "<image href='{}'/>",
            data("image/svg+xml", inner.as_bytes())
        ),
        format!("<image href='data:image/svg+xml;utf8,{percent}'/>"),
    ] {
        let cleaned = clean(&svg(&dirty));
        let mut seen = Vec::new();
        crate::bytes::testing::with_context(|cx| {
            streams(
                cleaned.text.as_bytes(),
                cx,
                &mut |name: &'static str, piece: &[u8]| {
                    if name == "data" {
                        seen.extend_from_slice(piece);
                    }
                    Ok(())
                },
            )
        })
        .unwrap();
        assert!(!seen.is_empty(), "{dirty}");
        let text = String::from_utf8_lossy(&seen).into_owned();
        assert!(!text.contains("Exempel") && !cleaned.text.contains("Exempel"));
        assert!(cleaned.found.has_text("Anna Exempel"), "{dirty}");
    }
}

#[test]
fn pictures_get_the_media_type_that_they_have() {
    let gif = "base64,R0lGODlhAQABAIAAAAAAAAAAACwAAAAAAQABAAACAkQBADs=";
    let cleaned = inside(&format!("<image href='data:image/annas-bild;{gif}'/>"));
    assert_eq!(cleaned, format!("<image href=\"data:image/gif;{gif}\"/>"));
}

#[test]
fn pictures_that_cannot_be_cleaned_end_the_work() {
    let unknown = format!("<image href='{}'/>", data("image/png", b"what is this"));
    assert!(cleaned(svg(&unknown).as_bytes()).unwrap_err().is_refusal());
    assert_eq!(inside("<image href='data:image/png;base64,'/>"), "<image/>");
}

#[test]
fn fonts_stay_and_are_named() {
    let font = data("font/ttf", b"\0\x01\0\0Anna's own font");
    let file = svg(&format!(
        "<style>@font-face{{font-family:a;src:url({font}) format('truetype')}}</style>"
    ));
    let cleaned = clean(&file);
    assert_eq!(cleaned.kind, OutcomeKind::Cleaned);
    assert!(cleaned.residue.iter().any(|f| f.id == "svg.font"));
}

#[test]
fn svg_in_svg_in_svg_ends() {
    let mut file = svg("<rect/>");
    for _ in 0..20 {
        file = svg(&format!(
            "<image href='{}'/>",
            data("image/svg+xml", file.as_bytes())
        ));
    }
    assert!(matches!(
        cleaned(file.as_bytes()),
        Err(Error::LimitExceeded { limit: "depth" })
    ));
    let mut file = svg("<title>Anna Exempel</title>");
    for _ in 0..14 {
        file = svg(&format!(
            "<image href='{}'/>",
            data("image/svg+xml", file.as_bytes())
        ));
    }
    assert!(
        clean(&file).found.has_text("Anna Exempel"),
        "and takes no time"
    );
}

#[test]
fn many_and_deep_things_take_no_time() {
    let many: String = (0..50_000).map(|n| format!(" a{n}='1'")).collect();
    let bound: String = (0..50_000).map(|n| format!(" xmlns:a{n}='{n}'")).collect();
    for attributes in [many, bound] {
        let file = format!("<svg {HEAD}{attributes}/>");
        assert!(cleaned(file.as_bytes()).unwrap_err().is_refusal());
    }
    let spaces: String = (0..5000).map(|n| format!("<g xmlns:a='u{n}'/>")).collect();
    clean(&svg(&spaces));
    let mut file = svg("<g/>");
    for level in (0..12).rev() {
        let n = (100 / (level + 1)).max(20);
        let inner = data("image/svg+xml", file.as_bytes());
        let (open, close) = ("<g>".repeat(n), "</g>".repeat(n));
        file = svg(&format!("{open}<image href='{inner}'/>{close}"));
    }
    // As large as the stacks of those who do the work.
    let worker = std::thread::Builder::new().stack_size(8 << 20);
    worker
        .spawn(move || drop(clean(&file)))
        .unwrap()
        .join()
        .unwrap();
}

fn with_doctype(subset: &str, inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><!DOCTYPE svg [{subset}]>{}",
        svg(inside)
    )
}

#[test]
fn entities_of_the_document_are_expanded() {
    let file = "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/svg11.dtd\" [
        <!ENTITY ns_svg \"http://www.w3.org/2000/svg\"> <!-- Anna --> <!ENTITY r '<rect width=\"&w;\"/>'>
        <!ENTITY w \"&#52;2\"> <!ENTITY gone SYSTEM \"file:///etc/passwd\"> <!ELEMENT svg ANY>
        <!ATTLIST svg onload CDATA #IMPLIED>]>
        <svg xmlns=\"&ns_svg;\">&r;<text>&w;&lt;&#x41;</text></svg>";
    let cleaned = clean(file);
    assert_eq!(
        cleaned.text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect width=\"42\"/><text>42&lt;A</text></svg>\n"
    );
    assert!(ids(&cleaned).contains(&"svg.doctype"));
    let old = "<!DOCTYPE svg [<!ATTLIST svg xmlns:xlink CDATA #FIXED 'http://www.w3.org/1999/xlink'>]>\
        <svg xmlns='http://www.w3.org/2000/svg'><use xlink:href='#a'/></svg>";
    assert!(clean(old).text.contains("<use xlink:href=\"#i1\"/>"));
}

#[test]
fn hostile_document_types_are_refused() {
    let mut laughs = String::from("<!ENTITY l0 'ha'>");
    for n in 1..16 {
        let refs = format!("&l{};", n - 1).repeat(10);
        laughs.push_str(&format!("<!ENTITY l{n} '{refs}'>"));
    }
    for (subset, inside) in [
        (laughs.as_str(), "<text>&l15;</text>"),
        (laughs.as_str(), "<g id='&l15;'/>"),
        ("<!ENTITY a '&b;'><!ENTITY b '&a;'>", "<text>&a;</text>"),
        (
            "<!ENTITY a SYSTEM 'file:///etc/passwd'>",
            "<text>&a;</text>",
        ),
        ("<!ENTITY % a SYSTEM 'http://example.org/'> %a;", ""),
        ("<!ENTITY a '<g>'>", "&a;</g>"),
        ("<!ENTITY a '</g><g>'>", "<g>&a;</g>"),
        ("<!ATTLIST rect fill CDATA 'red'>", "<rect/>"),
        ("", "<text>&nothing;</text>"),
        ("<!ENTITY a '&#0;'>", "&a;"),
        ("<!ENTITY", ""),
    ] {
        let error = cleaned(with_doctype(subset, inside).as_bytes()).unwrap_err();
        assert!(error.is_refusal(), "{subset} {inside}: {error}");
    }
}

#[test]
fn a_drawing_without_its_namespace_is_one() {
    let body = "<title>Anna</title><g><rect width='9' height='9'/></g>";
    let with = clean(&svg(body));
    let without = clean(&svg(body).replace(HEAD, ""));
    assert_eq!(without.text, with.text);
    assert!(!without.text.contains("Anna") && without.text.contains("<rect"));
}

#[test]
fn broken_files_are_refused() {
    for broken in [
        "<svg>",
        "<html/>",
        "<svg xmlns='urn:other'/>",
        "<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'/><svg/>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>text",
        "<svg xmlns='http://www.w3.org/2000/svg' a='1' a='1'/>",
        "<svg xmlns='http://www.w3.org/2000/svg'><use xlink:href='#a'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'>\u{1}</svg>",
        "<?xml version='1.0' encoding='shift_jis'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    ] {
        assert!(
            cleaned(broken.as_bytes()).unwrap_err().is_refusal(),
            "{broken}"
        );
    }
    let deep = svg(&("<g>".repeat(300) + &"</g>".repeat(300)));
    assert!(cleaned(deep.as_bytes()).unwrap_err().is_refusal());
    let latin = [svg("<text>").as_bytes(), b"\xe5</text></svg>"].concat();
    assert!(cleaned(&latin).unwrap_err().is_refusal());
}

#[test]
fn rules_that_depend_on_what_goes_are_refused() {
    for style in [
        "g:first-child{fill:red}",
        "[x]{fill:red}",
        "@layer a{g{fill:red}}",
        "@layer a,b;",
        "g+g{fill:red}",
    ] {
        let file = svg(&format!(
            "<title>x</title><style>{style}</style><g data-x='1'/>"
        ));
        assert!(
            cleaned(file.as_bytes()).unwrap_err().is_refusal(),
            "{style}"
        );
    }
    let file = svg("<style>g:first-child&gt;rect{fill:red}</style><g/>");
    assert!(
        clean(&file)
            .text
            .contains("g:first-child&gt;rect{fill:red}")
    );
}

#[test]
fn other_encodings_become_utf_8() {
    let text = "<text>å – Ω</text>";
    let file = format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{}", svg(text));
    for (mark, order) in [
        (true, u16::to_be_bytes as fn(u16) -> [u8; 2]),
        (true, u16::to_le_bytes),
        (false, u16::to_le_bytes),
    ] {
        let start = if mark { "\u{feff}" } else { "" };
        let bytes: Vec<u8> = format!("{start}{file}")
            .encode_utf16()
            .flat_map(order)
            .collect();
        let (_, out, _, _) = cleaned(&bytes).unwrap();
        assert!(String::from_utf8(out).unwrap().contains(text));
    }
    let file = format!(
        "<?xml version='1.0' encoding='iso-8859-1'?>{}",
        svg("<text>\u{e5}\u{96}</text>")
    );
    let bytes: Vec<u8> = file
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let (_, out, _, _) = cleaned(&bytes).unwrap();
    assert!(String::from_utf8(out).unwrap().contains("<text>å–</text>"));
}

#[test]
fn what_the_drawing_shows_as_well_is_named() {
    // Graphviz repeats the text of a node in its title, or in a comment.
    for file in [
        svg("<title>fut1</title><text y='5' font-size='1'>fut1</text>"),
        svg("<!-- Lund --><text y='5' font-size='1'>Lund</text>"),
        svg("<title>Lato</title><text y='5' font-family='Lato,serif'>x</text>"),
    ] {
        let cleaned = clean(&file);
        assert_eq!(cleaned.kind, OutcomeKind::Cleaned);
        assert_eq!(cleaned.residue[0].id, "svg.text");
    }
    let cleaned = clean(&svg(
        "<title>Strandgatan 7</title><text y='5' font-size='1'>Strandgatan 7</text>",
    ));
    assert_eq!(cleaned.kind, OutcomeKind::Cleaned);
    assert_eq!(cleaned.residue[0].id, "svg.text");
    assert!(!cleaned.text.contains("title"));
}

#[test]
fn metadata_is_read() {
    let rdf = "<metadata><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
        xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:exif='http://ns.adobe.com/exif/1.0/'>\
        <rdf:Description exif:GPSLatitude='57,23.4N' exif:GPSLongitude='19,12.0E'><dc:creator><rdf:Seq>\
        <rdf:li>Anna Exempel</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></metadata>";
    let cleaned = clean(&svg(rdf));
    assert!(cleaned.found.has_text("Anna Exempel"));
    assert!(ids(&cleaned).contains(&"xmp.gps"));
}

#[test]
fn text_and_white_space_survive() {
    let kept = "<text xml:space=\"preserve\"> a\n  b &amp;&lt; <tspan> </tspan>\u{a0}c&#13;</text>";
    assert_eq!(inside(kept), kept);
    assert_eq!(
        inside("<text>a<!-- x -->b<![CDATA[<c>]]></text>"),
        "<text>ab&lt;c&gt;</text>"
    );
    assert_eq!(inside("<g>\n  <rect/>\n</g>"), "<g><rect/></g>");
}

fn gzip(header: &[u8], content: &[u8], tail: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    let mut out = header.to_vec();
    out.extend(encoder.finish().unwrap());
    out.extend(crc32fast::hash(content).to_le_bytes());
    out.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
    out.extend(tail);
    out
}

#[test]
fn gzip_says_nothing() {
    let file = svg("<rect/>") + "\n";
    let plain = gzip(b"\x1f\x8b\x08\0\0\0\0\0\0\xff", file.as_bytes(), b"");
    let once = cleaned(&plain).unwrap();
    let again = cleaned(&once.1).unwrap();
    assert_eq!((again.0, &again.1), (OutcomeKind::AlreadyClean, &once.1));
    let named = gzip(
        b"\x1f\x8b\x08\x1c\x01\x02\x03\x04\x02\x03\x0a\0AAextra-dataAnna Exempel.svg\0Anna comments\0",
        file.as_bytes(),
        b"Anna behind it",
    );
    // The extra field is ten bytes long, so the name begins within it.
    let (kind, out, found, _) = cleaned(&named).unwrap();
    assert_eq!(kind, OutcomeKind::Cleaned);
    let ids: Vec<_> = found.findings.iter().map(|f| f.id).collect();
    for id in ["gzip.time", "gzip.name", "gzip.extra", "gzip.tail"] {
        assert!(ids.contains(&id), "{ids:?}");
    }
    assert_eq!(out.get(..10).unwrap(), b"\x1f\x8b\x08\0\0\0\0\0\0\xff");
    let mut broken = plain.clone();
    let end = broken.len() - 6;
    broken[end] ^= 1;
    assert!(cleaned(&broken).unwrap_err().is_refusal());
    assert!(cleaned(&plain[..plain.len() - 9]).is_err());
    // A second member belongs to the file.
    let (first, second) = file.as_bytes().split_at(30);
    let two = [
        gzip(b"\x1f\x8b\x08\0\0\0\0\0\0\xff", first, b""),
        gzip(b"\x1f\x8b\x08\x08\0\0\0\0\0\xffAnnas name\0", second, b""),
    ]
    .concat();
    assert!(cleaned(&two).unwrap().2.has_text("Annas name"));
}

#[test]
fn bits_behind_the_last_code_are_unset() {
    let plain = cleaned(&gzip(
        b"\x1f\x8b\x08\0\0\0\0\0\0\xff",
        svg("<g/>").as_bytes(),
        b"",
    ))
    .unwrap()
    .1;
    let last = plain.len() - 9;
    let same = (0..8).rev().take_while(|bit| plain[last] >> bit & 1 == 0);
    for bit in same {
        let mut marked = plain.clone();
        marked[last] |= 1 << bit;
        if let Ok((kind, out, _, _)) = cleaned(&marked) {
            assert_eq!(
                (kind, out),
                (OutcomeKind::Cleaned, plain.clone()),
                "bit {bit}"
            );
        }
    }
}

#[test]
fn cut_off_styles_do_not_change_their_meaning() {
    for style in [
        "fill:rgb(1",
        "fill:'a",
        "fill:red)",
        "fill:url(#a",
        "}fill:red",
        "fill:re\\",
    ] {
        let file = svg(&format!("<style>.a{{{style}</style><g style=\"{style}\"/>"));
        clean(&file);
    }
    assert_eq!(inside("<path d='M1 2 !'/>"), "<path d=\"M1 2\"/>");
}

#[test]
fn drawings_are_recognised() {
    for head in [
        "<svg",
        "<svg xmlns=''>",
        "\u{feff}<?xml version='1.0'?>\n<!-- x --><!DOCTYPE svg PUBLIC 'x' 'y'><svg:svg x=''>",
        "<!DOCTYPE svg [<!ENTITY x 'y'>",
    ] {
        assert!(is_recognized(&Svg, head.as_bytes()), "{head}");
    }
    for head in [
        "<html><svg>",
        "svg",
        "<!DOCTYPE html><svg>",
        "<?xml",
        "<svgx",
        "",
    ] {
        assert!(!is_recognized(&Svg, head.as_bytes()), "{head}");
    }
}

#[test]
fn styles_are_spelled_in_one_way() {
    for (style, spelled) in [
        ("fill:RED ; ; stroke : blue", "fill:RED;stroke:blue"),
        (
            "font-family:\"A \\22 b\"",
            "font-family:&apos;".trim_end_matches("&apos;"),
        ),
        ("fill:url( '#a' )", "fill:url(#i1)"),
        (
            "filter:drop-shadow(1px 2px 3px rgba( 0, 0,0,0.50))",
            "filter:drop-shadow(1px 2px 3px rgba(0,0,0,.5))",
        ),
        ("--a:red;fill:var(--a)", "--v1:red;fill:var(--v1)"),
        ("fill:red ! important", "fill:red!important"),
        ("width:calc(1px + 2em)", "width:calc(1px + 2em)"),
    ] {
        let style = style.replace('"', "&quot;");
        let out = inside(&format!("<g style=\"{style}\"/>"));
        assert!(
            out.starts_with(&format!("<g style=\"{spelled}")),
            "{style}: {out}"
        );
    }
}

#[test]
fn junk_behind_values_goes() {
    for (dirty, kept) in [
        ("<path d='M0 0L10 10 CA'/>", r#"<path d="M0 0L10 10"/>"#),
        (
            "<path d='M0 0L10 10 3 z Anna 20'/>",
            r#"<path d="M0 0L10 10"/>"#,
        ),
        (
            "<path d='M+01.50,.5.5e0 1-2 0'/>",
            r#"<path d="M1.5 .5 .5e0 1-2 0"/>"#,
        ),
        (
            "<path d='m0 0a1 1 0 11.5.5'/>",
            r#"<path d="m0 0a1 1 0 1 1 .5 .5"/>"#,
        ),
        ("<path d='Anna'/>", r#"<path d=""/>"#),
        ("<path d='ACE'/>", r#"<path d=""/>"#),
        (
            "<polygon points='0,0 1,1 Anna'/>",
            r#"<polygon points="0 0 1 1"/>"#,
        ),
        ("<g transform='translate(1) 2 3'/>", "<g/>"),
        ("<g transform='matrix(1,0,0,1,2)'/>", "<g/>"),
        (
            "<g transform='rotate(1-2.5.5) scale(1)'/>",
            r#"<g transform="rotate(1-2.5 .5) scale(1)"/>"#,
        ),
        ("<symbol viewBox='0 0 1 1 2'/>", "<symbol/>"),
        ("<rect begin='Anna' x='1'/>", r#"<rect x="1"/>"#),
        (
            "<set attributeName='x' to='1' dur='Anna' begin='wallclock(2024-01-02)'/>",
            r#"<set attributeName="x" begin="indefinite" to="1"/>"#,
        ),
        ("<set attributeName='Anna:x' to='1'/>", r#"<set to="1"/>"#),
        ("<g style='content:\"Anna\";quotes:\"Anna\"'/>", "<g/>"),
        (
            "<style>@media Anna{g{fill:red}}@media Anna,print{g{fill:red}}</style>",
            "<style>@media print{g{fill:red}}</style>",
        ),
        (
            "<style media='Anna'>g{fill:red}</style><style type='text/anna'>g{fill:red}</style>",
            "",
        ),
        (
            "<style>@namespace anna url(http://example.org/);g{x:1}</style>",
            "<style>g{x:1}</style>",
        ),
        (
            "<g transform='matrix(1 0 0 1.0.5 0)'/>",
            r#"<g transform="matrix(1 0 0 1 .5 0)"/>"#,
        ),
        (
            "<style>g:anna{fill:red}g{x:1}</style>",
            "<style>g{x:1}</style>",
        ),
        ("<g xml:lang='sv'/><g lang='anna'/>", "<g/><g/>"),
        (
            "<text xml:lang='SV-se-x-anna'>a</text>",
            r#"<text xml:lang="sv-SE">a</text>"#,
        ),
        (
            "<switch><g systemLanguage='anna, sv'/></switch>",
            r#"<switch><g systemLanguage="zxx,sv"/></switch>"#,
        ),
        (
            "<g name='Anna' result='Anna' glyph-name='Anna' string='Anna'/>",
            "<g/>",
        ),
        ("<g xml:space='Anna'/>", "<g/>"),
        (
            "<g z='1' fill='#ABCDEF' stroke-width='01.0'/>",
            r##"<g fill="#abcdef" stroke-width="1" z="1"/>"##,
        ),
    ] {
        assert_eq!(inside(dirty), kept, "{dirty}");
    }
}

#[test]
fn fonts_outside_of_the_file_are_noted_when_they_are_rare() {
    let known = clean(&svg(
        "<text y='5' font-size='2' font-family='MyriadPro-Bold, Open Sans'>a</text>",
    ));
    assert!(known.residue.is_empty());
    for rare in [
        "<text y='5' font-size='2' font-family='Annas handstil'>a</text>",
        "<text y='5' font-size='2' font-family='var(--a,Annas handstil)'>a</text>",
        "<text y='5' style='font:Anna 1px Arial'>a</text>",
        "<style>@font-face{font-family:b;src:local(Annas)}</style>",
        "<font><font-face><font-face-src><font-face-name name='Annas stil'/></font-face-src></font-face></font>",
    ] {
        let rare = clean(&svg(rare));
        assert_eq!(rare.kind, OutcomeKind::Cleaned);
        assert!(rare.residue.iter().any(|f| f.id == "svg.font"));
    }
}

#[test]
fn words_do_not_run_into_each_other() {
    for (dirty, kept) in [
        ("a{fill:red/**/5}", "a{fill:red 5}"),
        ("a{--x:#a22'b'}", "a{--v1:#a22 'b'}"),
        (".c{animation:a'b'32'd'}", "animation:k1 k2 32 k3"),
        ("a{stroke-dasharray:1+2}", "1 2"),
        ("a{stroke-dasharray:1px/**/-2}", "1px -2"),
    ] {
        let cleaned = inside(&format!("<style>{dirty}</style><g class='c'/><a/>"));
        assert!(cleaned.contains(kept), "{dirty}: {cleaned}");
    }
}
