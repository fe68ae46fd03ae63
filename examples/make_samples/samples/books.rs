//! EPUB samples.

use super::packages::{Extras, picture, zip};
use super::seed::Seeds;
use super::{Expect, Sample};

const UUID: &str = "urn:uuid:00112233-4455-6677-8899-aabbccddeeff";

/// A font of which nothing but its beginning is right, obfuscated as Adobe's programs do it with [`UUID`].
fn font() -> Vec<u8> {
    let key = (0..16u8).map(|n| n << 4 | n).cycle();
    let plain = [0, 1, 0, 0]
        .into_iter()
        .chain((0..1200u16).map(|n| (n % 251) as u8));
    let mut font: Vec<u8> = plain.collect();
    for (byte, key) in font.iter_mut().take(1024).zip(key) {
        *byte ^= key;
    }
    font
}

fn page(head: &str, body: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n<html \
         xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\">\n<head>\
         <title>Huset vid sj\u{f6}n</title>{head}</head>\n<body>{body}</body>\n</html>"
    )
    .into_bytes()
}

/// What is said about the book, with a secret in each element.
fn metadata(s: &mut Seeds) -> String {
    let mut out = format!(
        "<dc:identifier id=\"uid\">{UUID}</dc:identifier><dc:title>Huset vid sj\u{f6}n</dc:title>\
         <dc:language>sv</dc:language><dc:creator>Anna Berg</dc:creator>"
    );
    for name in [
        "identifier",
        "creator",
        "contributor",
        "publisher",
        "rights",
        "source",
        "relation",
        "coverage",
        "description",
        "subject",
        "type",
    ] {
        let text = s.text(&format!("dc:{name}"), "");
        out.push_str(&format!("<dc:{name}>{text}</dc:{name}>"));
    }
    for name in ["calibre:user_metadata", "calibre:timestamp", "generator"] {
        let text = s.text(name, "");
        out.push_str(&format!("<meta name=\"{name}\" content=\"{text}\"/>"));
    }
    let bought = s.text("meta property", "");
    out.push_str(&format!(
        "<dc:date>2019-03-04</dc:date><meta property=\"dcterms:modified\">2020-03-04T05:06:07Z</meta>\
         <meta property=\"dcterms:provenance\">{bought}</meta><meta name=\"cover\" content=\"cover\"/>"
    ));
    out
}

fn book(s: &mut Seeds, is_third: bool) -> Vec<u8> {
    let (version, nav_property) = if is_third {
        ("3.0", " properties=\"nav\"")
    } else {
        ("2.0", "")
    };
    let name = s.text("name of a page", "");
    let id = s.text("id in the manifest", "");
    let package = format!(
        "<?xml version=\"1.0\"?><package xmlns=\"http://www.idpf.org/2007/opf\" version=\"{version}\" \
         unique-identifier=\"uid\"><metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">{}</metadata>\
         <manifest><item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\"{nav_property}/>\
         <item id=\"{id}\" href=\"{name}.xhtml\" media-type=\"application/xhtml+xml\"/>\
         <item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>\
         <item id=\"css\" href=\"a.css\" media-type=\"text/css\"/>\
         <item id=\"cover\" href=\"cover.png\" media-type=\"image/png\"/>\
         <item id=\"unused\" href=\"unused.png\" media-type=\"image/png\"/>\
         <item id=\"font\" href=\"a.ttf\" media-type=\"application/vnd.ms-opentype\"/></manifest>\
         <spine toc=\"ncx\"><itemref idref=\"{id}\"/><itemref idref=\"nav\"/></spine></package>",
        metadata(s)
    );
    let container = "<?xml version=\"1.0\"?><container version=\"1.0\" \
        xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile \
        full-path=\"OEBPS/content.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";
    let ncx = format!(
        "<?xml version=\"1.0\"?><ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" version=\"2005-1\"><head>\
         <meta name=\"dtb:uid\" content=\"{}\"/><meta name=\"dtb:generator\" content=\"{}\"/><meta \
         name=\"dtb:depth\" content=\"1\"/></head><docTitle><text>{}</text></docTitle><docAuthor><text>{}</text>\
         </docAuthor><navMap><navPoint id=\"n1\" playOrder=\"1\"><navLabel><text>Ett</text></navLabel><content \
         src=\"{name}.xhtml#ett\"/></navPoint></navMap></ncx>",
        s.text("dtb:uid", ""),
        s.text("dtb:generator", ""),
        s.text("docTitle", ""),
        s.text("docAuthor", "")
    );
    let head = format!(
        "<link rel=\"stylesheet\" type=\"text/css\" href=\"a.css\"/><link rel=\"author\" href=\"{}.html\"/>\
         <meta name=\"author\" content=\"{}\"/><!-- {} -->",
        s.text("link", ""),
        s.text("meta of a page", ""),
        s.text("comment of a page", "")
    );
    let body = format!(
        "<h1 id=\"ett\" class=\"{}\">Ett&#160;hus</h1><p id=\"{}\" data-id=\"{}\">Av Anna Berg.<br/>\
         <a href=\"file:///C:/Users/{}\">En l\u{e4}nk</a> <img src=\"cover.png\" alt=\"C:\\Users\\{}.png\"/></p>\
         <svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><metadata>{}</metadata><circle r=\"4\"/></svg>",
        s.text("class", ""),
        s.text("id", ""),
        s.text("data attribute", ""),
        s.text("link to a file", ""),
        s.text("alternative text", ""),
        s.text("metadata of a drawing", "")
    );
    let style = format!(
        "/* {} */ h1 {{ color: #933; x-unknown: {} }} @font-face {{ font-family: \"Hus\"; src: url(a.ttf) }}",
        s.text("comment of a style sheet", ""),
        s.text("property", "")
    );
    let encryption = "<?xml version=\"1.0\"?><encryption \
        xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><EncryptedData \
        xmlns=\"http://www.w3.org/2001/04/xmlenc#\"><EncryptionMethod \
        Algorithm=\"http://ns.adobe.com/pdf/enc#RC\"/><CipherData><CipherReference URI=\"OEBPS/a.ttf\"/>\
        </CipherData></EncryptedData></encryption>";
    let nav = page(
        "",
        &format!(
            "<nav epub:type=\"toc\"><ol><li><a href=\"{name}.xhtml#ett\">Ett</a></li></ol></nav>"
        ),
    );
    let file = |name: &str, bytes: Vec<u8>| (name.to_owned(), bytes);
    let members = vec![
        file("mimetype", b"application/epub+zip".to_vec()),
        file("META-INF/container.xml", container.into()),
        file("META-INF/encryption.xml", encryption.into()),
        file(
            "META-INF/calibre_bookmarks.txt",
            s.text("calibre_bookmarks.txt", "").into(),
        ),
        file("META-INF/rights.xml", s.text("rights.xml", "").into()),
        file("OEBPS/content.opf", package.into()),
        file("OEBPS/nav.xhtml", nav),
        (format!("OEBPS/{name}.xhtml"), page(&head, &body)),
        file("OEBPS/toc.ncx", ncx.into()),
        file("OEBPS/a.css", style.into()),
        file("OEBPS/cover.png", picture(s, "cover")),
        file("OEBPS/unused.png", picture(s, "unused picture")),
        file("OEBPS/a.ttf", font()),
        file(
            "iTunesMetadata.plist",
            s.text("iTunesMetadata.plist", "").into(),
        ),
        file("iTunesArtwork", picture(s, "iTunesArtwork")),
    ];
    zip(
        &members,
        &Extras {
            moment: [0x11, 0x22, 0x33, 0x58],
            ..Extras::default()
        },
    )
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    let how = "properties, comments, identifiers, a font that is obfuscated, a picture, files of programs and shops";
    vec![
        Sample::new("epub", "book.epub", "Calibre", how, Expect::Cleaned, |s| {
            book(s, true)
        }),
        Sample::new("epub", "early.epub", "Calibre", how, Expect::Cleaned, |s| {
            book(s, false)
        }),
    ]
}
