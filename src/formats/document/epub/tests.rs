//! Whole books, from the file to the copy.

use sha1::{Digest as _, Sha1};

use crate::bytes::testing::with_context;
use crate::bytes::{Source, run};
use crate::containers::zip::{self, Writer};
use crate::model::{OutcomeKind, Policy, Result};
use crate::pipeline::testing::{Cleaned, cleaned, cleaned_as};

const UUID: &str = "urn:uuid:00112233-4455-6677-8899-aabbccddeeff";

/// A book of two pages with these members besides, and this in its metadata, manifest, head and body.
#[derive(Default)]
struct Parts<'a> {
    metadata: &'a str,
    manifest: &'a str,
    head: &'a str,
    body: &'a str,
    members: Vec<(&'a str, Vec<u8>)>,
}

fn page(head: &str, body: &str) -> Vec<u8> {
    format!(
        "<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.1//EN' 'x'><html \
         xmlns='http://www.w3.org/1999/xhtml' xmlns:epub='http://www.idpf.org/2007/ops'><head>\
         <title>Boken</title>{head}</head><body>{body}</body></html>"
    )
    .into_bytes()
}

fn book(parts: &Parts<'_>) -> Vec<u8> {
    let package = format!(
        "<package xmlns='http://www.idpf.org/2007/opf' version='3.0' unique-identifier='uid'><metadata \
         xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:opf='http://www.idpf.org/2007/opf'>\
         <dc:identifier id='uid'>{UUID}</dc:identifier><dc:title>Boken</dc:title>\
         <dc:language>sv</dc:language>{}</metadata><manifest>\
         <item id='nav' href='nav.xhtml' media-type='application/xhtml+xml' properties='nav'/>\
         <item id='one' href='Text/one%201.xhtml' media-type='application/xhtml+xml'/>\
         <item id='ncx' href='toc.ncx' media-type='application/x-dtbncx+xml'/>\
         <item id='css' href='a.css' media-type='text/css'/>{}</manifest>\
         <spine toc='ncx'><itemref idref='one'/><itemref idref='nav' linear='no'/></spine></package>",
        parts.metadata, parts.manifest
    );
    let container = "<container version='1.0' xmlns='urn:oasis:names:tc:opendocument:xmlns:container'>\
        <rootfiles><rootfile full-path='OPS/SECRET.opf' \
        media-type='application/oebps-package+xml'/></rootfiles></container>";
    let nav = page(
        "",
        "<nav epub:type='toc'><ol><li><a href='Text/one%201.xhtml#a'>Ett</a></li></ol></nav>",
    );
    let ncx = format!(
        "<ncx xmlns='http://www.daisy.org/z3986/2005/ncx/' version='2005-1'><head><meta name='dtb:uid' \
         content='{UUID}'/><meta name='dtb:generator' content='SECRET program'/><meta name='dtb:depth' \
         content='1'/></head><docTitle><text>SECRET title</text></docTitle><docAuthor><text>SECRET author\
         </text></docAuthor><navMap><navPoint id='n' playOrder='1'><navLabel><text>Ett</text></navLabel>\
         <content src='Text/one%201.xhtml'/></navPoint></navMap></ncx>"
    );
    let members = [
        ("mimetype", b"application/epub+zip".to_vec()),
        ("META-INF/container.xml", container.into()),
        ("OPS/SECRET.opf", package.into_bytes()),
        ("OPS/nav.xhtml", nav),
        (
            "OPS/Text/one 1.xhtml",
            page(
                &format!("<link rel='stylesheet' href='../a.css'/>{}", parts.head),
                &format!(
                    "<h1 id='a' class='x SECRETclass'>Ett&nbsp;hus</h1>{}",
                    parts.body
                ),
            ),
        ),
        ("OPS/toc.ncx", ncx.into_bytes()),
        (
            "OPS/a.css",
            b"/* SECRET comment */ .x > p { color : red; x-unknown: SECRET } \
              @font-face { font-family: 'F'; src: url(f.ttf) }"
                .to_vec(),
        ),
    ];
    let mut writer = Writer::new();
    for (name, bytes) in members.into_iter().chain(parts.members.clone()) {
        writer.stored(name, bytes).unwrap();
    }
    let mut out = Vec::new();
    run(&writer.finish(), &Source::memory(&[]), &mut out).unwrap();
    out
}

/// The members of a package as name and content.
fn members(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let source = Source::memory(file);
    with_context(|cx| {
        let archive = zip::read(&source, cx)?;
        let read = archive
            .members
            .iter()
            .map(|member| Ok((member.name.clone(), member.read(&source, cx, 1 << 20)?)));
        read.collect::<Result<Vec<_>>>()
    })
    .unwrap()
}

fn member(file: &[u8], name: &str) -> String {
    let found = members(file).into_iter().find(|(own, _)| own == name);
    String::from_utf8(found.unwrap().1).unwrap()
}

/// The copy, in which no secret is left, and which is cleaned to itself.
fn checked(parts: &Parts<'_>) -> Cleaned {
    let copy = cleaned(&book(parts)).unwrap();
    for (name, bytes) in members(&copy.bytes) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !name.contains("SECRET") && !text.contains("SECRET"),
            "{name}: {text}"
        );
    }
    let again = cleaned(&copy.bytes).unwrap();
    assert_eq!(again.bytes, copy.bytes);
    copy
}

#[test]
fn what_a_book_says_about_its_making_is_removed() {
    let copy = checked(&Parts {
        metadata: "<dc:creator opf:file-as='SECRET, File'>SECRET user</dc:creator><dc:contributor>SECRET \
            helper</dc:contributor><dc:date>2019-03-04</dc:date><dc:publisher>SECRET house</dc:publisher>\
            <meta property='dcterms:modified'>2020-03-04T05:06:07Z</meta>\
            <meta name='calibre:timestamp' content='2020-01-02T03:04:05'/>",
        manifest: "<item id='SECRETid' href='unused.html' media-type='application/xhtml+xml'/>",
        head: "<meta name='generator' content='SECRET generator'/><!-- SECRET markup -->",
        body: "<p data-id='SECRET data' id='SECRETunreferenced'>Hej <b>du</b><br/></p>",
        members: vec![
            ("OPS/unused.html", page("", "<p>SECRET page</p>")),
            ("META-INF/calibre_bookmarks.txt", b"SECRET notes".to_vec()),
            ("iTunesMetadata.plist", b"SECRET buyer".to_vec()),
        ],
    });
    assert_eq!(copy.kind, OutcomeKind::Cleaned);
    let ids = copy.ids();
    for id in [
        "epub.meta",
        "epub.comment",
        "epub.ids",
        "epub.notes",
        "epub.drm",
        "epub.unused",
    ] {
        assert!(ids.contains(&id), "{id}");
    }
    let names: Vec<_> = members(&copy.bytes).into_iter().map(|it| it.0).collect();
    assert_eq!(
        names,
        [
            "mimetype",
            "EPUB/text-1.xhtml",
            "EPUB/text-2.xhtml",
            "EPUB/toc-1.ncx",
            "EPUB/style-1.css",
            "EPUB/package.opf",
            "META-INF/container.xml",
        ]
    );
    let text = member(&copy.bytes, "EPUB/text-2.xhtml");
    assert!(
        text.contains("<h1 id=\"a\" class=\"x\">Ett\u{a0}hus</h1><p>Hej <b>du</b><br/></p>"),
        "{text}"
    );
    let nav = member(&copy.bytes, "EPUB/text-1.xhtml");
    assert!(nav.contains("<a href=\"text-2.xhtml#a\">"), "{nav}");
    let ncx = member(&copy.bytes, "EPUB/toc-1.ncx");
    let uid = format!("<meta name=\"dtb:uid\" content=\"{}\"/>", super::IDENTIFIER);
    assert!(
        ncx.contains(&uid) && ncx.contains("<docTitle><text>Boken</text>"),
        "{ncx}"
    );
    assert_eq!(member(&copy.bytes, "EPUB/style-1.css"), ".x > p{color:red}");
}

#[test]
fn authors_remain_where_a_page_names_them() {
    let metadata = "<dc:creator>Lindgren, Åsa</dc:creator><dc:creator>SECRET user</dc:creator>";
    let copy = checked(&Parts {
        metadata,
        body: "<p>En bok av <i>ÅSA</i> Lindgren</p>",
        ..Parts::default()
    });
    let package = member(&copy.bytes, "EPUB/package.opf");
    assert!(
        package.contains("<dc:creator>Lindgren, Åsa</dc:creator>"),
        "{package}"
    );
    assert_eq!(copy.stays(), ["epub.title", "epub.author"]);
    assert_eq!(copy.kind, OutcomeKind::Cleaned);
}

/// A font whose first bytes are changed with a key.
fn obfuscated(key: &[u8], len: usize) -> (Vec<u8>, Vec<u8>) {
    let font: Vec<u8> = [0, 1, 0, 0]
        .into_iter()
        .chain((0..2000u16).map(|n| (n % 251) as u8))
        .collect();
    let mut hidden = font.clone();
    for (byte, key) in hidden.iter_mut().take(len).zip(key.iter().cycle()) {
        *byte ^= key;
    }
    (font, hidden)
}

#[test]
fn fonts_are_plain_in_the_copy() {
    let idpf = Sha1::digest(UUID.as_bytes()).to_vec();
    let adobe: Vec<u8> = (0..16u8).map(|n| n << 4 | n).collect();
    for (algorithm, key, len) in [
        ("http://www.idpf.org/2008/embedding", idpf, 1040),
        ("http://ns.adobe.com/pdf/enc#RC", adobe, 1024),
    ] {
        let (font, hidden) = obfuscated(&key, len);
        let encryption = format!(
            "<encryption xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><EncryptedData \
             xmlns='http://www.w3.org/2001/04/xmlenc#'><EncryptionMethod Algorithm='{algorithm}'/><CipherData>\
             <CipherReference URI='OPS/f.ttf'/></CipherData></EncryptedData></encryption>"
        );
        let copy = checked(&Parts {
            manifest: "<item id='f' href='f.ttf' media-type='application/vnd.ms-opentype'/>",
            members: vec![
                ("OPS/f.ttf", hidden),
                ("META-INF/encryption.xml", encryption.into_bytes()),
            ],
            ..Parts::default()
        });
        assert_eq!(copy.kind, OutcomeKind::Cleaned);
        let members = members(&copy.bytes);
        let copied = members
            .iter()
            .find(|(name, _)| name == "EPUB/font-1.ttf")
            .unwrap();
        assert_eq!(copied.1, font);
        assert!(!members.iter().any(|(name, _)| name.contains("encryption")));
        let style = member(&copy.bytes, "EPUB/style-1.css");
        assert!(style.contains("src:url(font-1.ttf)"), "{style}");
    }
}

#[test]
fn protected_and_signed_books_are_refused() {
    let encryption = "<encryption><EncryptedData><EncryptionMethod \
        Algorithm='http://www.w3.org/2001/04/xmlenc#aes128-cbc'/></EncryptedData></encryption>";
    for (name, text, word) in [
        ("META-INF/encryption.xml", encryption, "DRM"),
        ("META-INF/sinf.xml", "<sinf/>", "DRM"),
        ("META-INF/signatures.xml", "<signatures/>", "signed"),
    ] {
        let parts = Parts {
            members: vec![(name, text.into())],
            ..Parts::default()
        };
        let error = cleaned(&book(&parts)).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn what_is_not_shown_by_the_copy_is_reported() {
    for (head, body, id) in [
        ("<script>var a = 'SECRET';</script>", "", "epub.script"),
        (
            "",
            "<img src='https://example.org/SECRET.png' alt='a'/>",
            "epub.remote",
        ),
        (
            "",
            "<img src='data:image/png;base64,SECRET' alt='a'/>",
            "epub.left_out",
        ),
        (
            "",
            "<p>a\u{200b}\u{200c}\u{200b}\u{200b}\u{200c}\u{200c}\u{200b}\u{200d}\u{200b}b</p>",
            "epub.watermark",
        ),
    ] {
        let copy = checked(&Parts {
            head,
            body,
            ..Parts::default()
        });
        assert!(copy.stays().contains(&id), "{id}: {:?}", copy.stays());
        assert_eq!(copy.kind, OutcomeKind::Reduced);
    }
    // A picture that cannot be cleaned.
    let copy = checked(&Parts {
        body: "<p><img src='../SECRET.xyz' alt='a'/></p>",
        manifest: "<item id='i' href='SECRET.xyz' media-type='image/x-strange'/>",
        members: vec![("OPS/SECRET.xyz", b"SECRET bytes of no format".to_vec())],
        ..Parts::default()
    });
    assert!(copy.stays().contains(&"epub.left_out") && copy.has("epub.object"));
    assert_eq!(copy.kind, OutcomeKind::Reduced);
}

#[test]
fn hidden_text_is_reported_and_removed_when_asked() {
    let book = book(&Parts {
        body: "<p style='color: red; display : none'>SECRET</p><p hidden='hidden'>SECRET</p><p>b</p>",
        ..Parts::default()
    });
    let copy = cleaned(&book).unwrap();
    assert!(copy.stays().contains(&"epub.hidden"));
    let policy = Policy {
        strict: true,
        ..Policy::default()
    };
    let strict = cleaned_as(&book, policy).unwrap();
    let text = member(&strict.bytes, "EPUB/text-2.xhtml");
    assert!(
        !text.contains("SECRET") && text.contains("<p>b</p>"),
        "{text}"
    );
}

#[test]
fn drawings_in_pages_are_written_without_prefix() {
    let copy = checked(&Parts {
        body: "<svg:svg xmlns:svg='http://www.w3.org/2000/svg' xmlns:s='urn:s' s:v='SECRET' viewBox='0 0 1 1'>\
            <svg:metadata>SECRET</svg:metadata><svg:text>Hej</svg:text><svg:foreignObject><p>du</p>\
            </svg:foreignObject></svg:svg>",
        ..Parts::default()
    });
    let text = member(&copy.bytes, "EPUB/text-2.xhtml");
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><text>Hej</text>\
        <foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">du</p></foreignObject></svg>";
    assert!(text.contains(drawing), "{text}");
}
