//! Archives and OpenDocument samples.

use super::deflate::crc32;
use super::png::Png;
use super::seed::Seeds;
use super::{Expect, Sample};

/// A picture with a text in it.
pub(super) fn picture(s: &mut Seeds, name: &str) -> Vec<u8> {
    let text = s.text(name, "");
    Png::rgb(45)
        .chunk(b"tEXt", format!("Author\0{text}").as_bytes())
        .build()
}

/// A picture without anything beside it.
fn plain_picture() -> Vec<u8> {
    Png::rgb(45).build()
}

/// What the headers of a ZIP say beside names and lengths.
#[derive(Default)]
pub(super) struct Extras {
    /// Extra fields of all headers.
    pub(super) extra: Vec<u8>,
    /// Comment of each member and of the file.
    pub(super) comment: String,
    /// Time and date.
    pub(super) moment: [u8; 4],
    /// Bytes in front of the directory.
    pub(super) gap: Vec<u8>,
    /// Bytes in front of the first member.
    pub(super) prefix: Vec<u8>,
}

/// A ZIP of stored members.
pub(super) fn zip(members: &[(String, Vec<u8>)], extras: &Extras) -> Vec<u8> {
    let is_plain = extras.moment == [0; 4];
    let moment = if is_plain {
        [0, 0, 0x21, 0]
    } else {
        extras.moment
    };
    let system: u8 = if is_plain { 0 } else { 3 };
    let mut out = extras.prefix.clone();
    let mut directory = Vec::new();
    for (name, bytes) in members {
        let at = out.len() as u32;
        let utf8 = if name.is_ascii() { [0, 0] } else { [0, 8] };
        let mut fields = vec![20, 0];
        fields.extend(utf8);
        fields.extend([0, 0]);
        fields.extend(moment);
        fields.extend(crc32(bytes).to_le_bytes());
        fields.extend((bytes.len() as u32).to_le_bytes());
        fields.extend((bytes.len() as u32).to_le_bytes());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend((extras.extra.len() as u16).to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(name.bytes());
        out.extend(&extras.extra);
        out.extend(bytes);
        directory.extend(b"PK\x01\x02");
        directory.extend([20, system]);
        directory.extend(&fields);
        directory.extend((extras.comment.len() as u16).to_le_bytes());
        directory.extend([0; 8]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.bytes());
        directory.extend(&extras.extra);
        directory.extend(extras.comment.bytes());
    }
    out.extend(&extras.gap);
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06");
    out.extend([0; 4]);
    out.extend((members.len() as u16).to_le_bytes());
    out.extend((members.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend((extras.comment.len() as u16).to_le_bytes());
    out.extend(extras.comment.bytes());
    out
}

/// Headers as Info-ZIP writes them, with a comment, a removed file and a program in front.
fn telling(s: &mut Seeds) -> Extras {
    let mut extra = vec![0x55, 0x54, 5, 0, 1, 1, 2, 3, 0x58];
    extra.extend([0x75, 0x78, 11, 0, 1, 4, 0xE8, 3, 0, 0, 4, 100, 0, 0, 0]);
    let unknown = s.text("extra field", "");
    extra.extend([0x34, 0x12, unknown.len() as u8, 0]);
    extra.extend(unknown.bytes());
    let removed = s.text("name of a removed file", "");
    let content = s.text("a removed file", "");
    let ghost = zip(
        &[(removed, content.clone().into_bytes())],
        &Extras::default(),
    );
    let end = content.len() + 30 + 10;
    Extras {
        extra,
        comment: s.text("comment", ""),
        moment: [0x11, 0x22, 0x33, 0x58],
        gap: ghost[..end.min(ghost.len())].to_vec(),
        prefix: Vec::new(),
    }
}

fn tar(members: &[(String, Vec<u8>)], owner: &str, time: u64) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in members {
        let mut header = vec![0u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..108].copy_from_slice(b"0000644\0");
        let id: &[u8] = if owner.is_empty() {
            b"0000000\0"
        } else {
            b"0001750\0"
        };
        header[108..116].copy_from_slice(id);
        header[116..124].copy_from_slice(id);
        header[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        header[136..148].copy_from_slice(format!("{time:011o}\0").as_bytes());
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[265..265 + owner.len()].copy_from_slice(owner.as_bytes());
        let sum: u64 = header
            .iter()
            .enumerate()
            .map(|(at, byte)| {
                u64::from(if (148..156).contains(&at) {
                    b' '
                } else {
                    *byte
                })
            })
            .sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend(header);
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// Stored blocks of deflate.
fn gzip(header: &[u8], content: &[u8]) -> Vec<u8> {
    let mut out = header.to_vec();
    let count = content.chunks(60_000).count();
    for (index, block) in content.chunks(60_000).enumerate() {
        out.push(u8::from(index + 1 == count));
        out.extend((block.len() as u16).to_le_bytes());
        out.extend((!(block.len() as u16)).to_le_bytes());
        out.extend(block);
    }
    out.extend(crc32(content).to_le_bytes());
    out.extend((content.len() as u32).to_le_bytes());
    out
}

const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
    xmlns:config=\"urn:oasis:names:tc:opendocument:xmlns:config:1.0\" \
    xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
    xmlns:officeooo=\"http://openoffice.org/2009/office\"";

/// A document of this kind, with this in its body and a secret in every part.
fn document(s: &mut Seeds, kind: &str, body: &str) -> Vec<u8> {
    let mimetype = format!("application/vnd.oasis.opendocument.{kind}");
    let part = |root: &str, inside: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:{root} {SPACES} \
             office:version=\"1.3\">{inside}</office:{root}>"
        )
        .into_bytes()
    };
    let mut meta = String::new();
    for (name, place) in [
        ("meta:generator", "generator"),
        ("meta:initial-creator", "initial-creator"),
        ("dc:creator", "creator"),
        ("meta:printed-by", "printed-by"),
        ("dc:title", "title"),
        ("dc:description", "description"),
        ("meta:keyword", "keyword"),
    ] {
        let text = s.text(place, "");
        meta.push_str(&format!("<{name}>{text}</{name}>"));
    }
    let template = s.text("template", "file:///C:/Users/");
    let company = s.text("user-defined", "");
    meta.push_str(&format!(
        "<meta:template xlink:href=\"{template}\"/><meta:user-defined \
         meta:name=\"Company\">{company}</meta:user-defined>"
    ));
    let printer = s.text("PrinterName", "");
    let source = s.text("CurrentDatabaseDataSource", "");
    let settings = format!(
        "<office:settings><config:config-item-set config:name=\"ooo:configuration-settings\">\
         <config:config-item config:name=\"PrinterName\" config:type=\"string\">{printer}\
         </config:config-item><config:config-item config:name=\"CurrentDatabaseDataSource\" \
         config:type=\"string\">{source}</config:config-item><config:config-item \
         config:name=\"AddParaTableSpacing\" config:type=\"boolean\">true</config:config-item>\
         </config:config-item-set></office:settings>"
    );
    let comment = s.text("comment in the markup", "");
    let content = if kind == "formula" {
        format!("<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><!--{comment}-->{body}</math>")
            .into_bytes()
    } else {
        let body = format!("<!--{comment}--><office:body>{body}</office:body>");
        part("document-content", &body)
    };
    let styles = format!(
        "<office:styles><style:style style:name=\"Standard\" style:family=\"paragraph\" \
         officeooo:rsid=\"{}\"/></office:styles>",
        s.text("rsid", "")
    );
    let names = [
        "content.xml",
        "styles.xml",
        "settings.xml",
        "meta.xml",
        "Pictures/1000.png",
        "Pictures/unused.png",
        "Thumbnails/thumbnail.png",
    ];
    let mut manifest = format!(
        "<?xml version=\"1.0\"?><manifest:manifest \
         xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" \
         manifest:version=\"1.3\"><manifest:file-entry manifest:full-path=\"/\" \
         manifest:media-type=\"{mimetype}\"/>"
    );
    for name in names {
        let kind = if name.ends_with("png") {
            "image/png"
        } else {
            "text/xml"
        };
        manifest.push_str(&format!(
            "<manifest:file-entry manifest:full-path=\"{name}\" manifest:media-type=\"{kind}\"/>"
        ));
    }
    manifest.push_str("</manifest:manifest>");
    let script = s.text("macro", "");
    let members = vec![
        ("mimetype".to_owned(), mimetype.into_bytes()),
        ("content.xml".to_owned(), content),
        ("styles.xml".to_owned(), part("document-styles", &styles)),
        (
            "settings.xml".to_owned(),
            part("document-settings", &settings),
        ),
        (
            "meta.xml".to_owned(),
            part(
                "document-meta",
                &format!("<office:meta>{meta}</office:meta>"),
            ),
        ),
        ("Pictures/1000.png".to_owned(), picture(s, "picture")),
        (
            "Pictures/unused.png".to_owned(),
            picture(s, "unused picture"),
        ),
        (
            "Thumbnails/thumbnail.png".to_owned(),
            picture(s, "thumbnail"),
        ),
        ("Basic/script-lb.xml".to_owned(), script.into_bytes()),
        ("META-INF/manifest.xml".to_owned(), manifest.into_bytes()),
    ];
    // The first member has no extra field, as the standard requires: recognised by its beginning.
    zip(
        &members,
        &Extras {
            moment: [0x11, 0x22, 0x33, 0x58],
            ..Extras::default()
        },
    )
}

/// A text document in one file of XML. The picture in base64 has no secret: its spelling depends on its place.
fn flat(s: &mut Seeds) -> Vec<u8> {
    let body = text(s).replace(
        FRAME,
        "<draw:frame draw:name=\"Bild 1\" svg:width=\"3cm\" svg:height=\"2cm\"><draw:image>\
         <office:binary-data>iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==\
         </office:binary-data></draw:image></draw:frame>",
    );
    let item = |s: &mut Seeds, name: &str| {
        format!(
            "<config:config-item config:name=\"{name}\" config:type=\"string\">{}</config:config-item>",
            s.text(name, "")
        )
    };
    let settings = item(s, "PrinterName") + &item(s, "CurrentDatabaseDataSource");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document {SPACES} office:version=\"1.3\" \
         office:mimetype=\"application/vnd.oasis.opendocument.text\"><office:meta><meta:generator>{}\
         </meta:generator><dc:creator>{}</dc:creator><dc:title>{}</dc:title></office:meta><office:settings>\
         <config:config-item-set config:name=\"ooo:configuration-settings\">{settings}\
         </config:config-item-set></office:settings><office:scripts>{}</office:scripts><!--{}-->\
         <office:body>{body}</office:body></office:document>",
        s.text("generator", ""),
        s.text("creator", ""),
        s.text("title", ""),
        s.text("macro", ""),
        s.text("comment in the markup", "")
    )
    .into_bytes()
}

/// A frame with the picture of the package.
const FRAME: &str = "<draw:frame draw:name=\"Bild 1\" svg:width=\"3cm\" svg:height=\"2cm\">\
    <draw:image xlink:href=\"Pictures/1000.png\" xlink:type=\"simple\"/></draw:frame>";

fn annotation(s: &mut Seeds) -> String {
    let (who, text) = (s.text("annotation/creator", ""), s.text("annotation", ""));
    format!(
        "<office:annotation><dc:creator>{who}</dc:creator><dc:date>2019-03-04T05:06:07</dc:date>\
         <text:p>{text}</text:p></office:annotation>"
    )
}

fn text(s: &mut Seeds) -> String {
    let (who, gone) = (
        s.text("tracked change/creator", ""),
        s.text("deleted text", ""),
    );
    let link = s.text("link to a file", "file:///home/");
    let note = annotation(s);
    format!(
        "<office:text><text:tracked-changes><text:changed-region text:id=\"ct1\"><text:deletion>\
         <office:change-info><dc:creator>{who}</dc:creator><dc:date>2019-03-04T05:06:07</dc:date>\
         </office:change-info><text:p>{gone}</text:p></text:deletion></text:changed-region>\
         </text:tracked-changes><text:p>Hej{note} p\u{e5} dig<text:change text:change-id=\"ct1\"/> \
         <text:a xlink:href=\"{link}\" xlink:type=\"simple\">en l\u{e4}nk</text:a></text:p>\
         <text:p>{FRAME}</text:p></office:text>"
    )
}

fn sheet(s: &mut Seeds) -> String {
    let link = s.text("linked area", "file:///home/");
    let note = annotation(s);
    format!(
        "<office:spreadsheet><table:table table:name=\"Blad1\"><table:table-column/><table:table-row>\
         <table:table-cell office:value-type=\"float\" office:value=\"3\">{note}<table:cell-range-source \
         table:name=\"a\" xlink:href=\"{link}\"/><text:p>3</text:p></table:table-cell>\
         </table:table-row></table:table></office:spreadsheet>"
    )
}

fn slides(s: &mut Seeds, kind: &str) -> String {
    let note = annotation(s);
    format!(
        "<office:{kind}><draw:page draw:name=\"page1\" draw:master-page-name=\"Standard\">{FRAME}{note}\
         </draw:page></office:{kind}>"
    )
}

fn formula(s: &mut Seeds) -> String {
    format!(
        "<semantics data-author=\"{}\"><mrow><mi>a</mi><mo>=</mo><mn>3</mn></mrow>\
         <annotation encoding=\"StarMath 5.0\">a = 3</annotation></semantics>",
        s.text("unknown attribute", "")
    )
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    let plain = |names: &[&str]| -> Vec<(String, Vec<u8>)> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), plain_picture()))
            .collect()
    };
    let how = "properties, settings, comments, an unused picture, a preview, a macro";
    vec![
        Sample::new(
            "zip",
            "photos.zip",
            "Info-ZIP",
            "times, owners, comments, a removed file, names, \
            a picture with an author",
            Expect::Cleaned,
            |s| {
                let name = s.text("name", "Users/");
                let hidden = s.text("__MACOSX", "");
                let members = [
                    (format!("{name}.png"), picture(s, "picture")),
                    (format!("__MACOSX/._{name}.png"), hidden.into_bytes()),
                ];
                let extras = telling(s);
                zip(&members, &extras)
            },
        ),
        Sample::new(
            "zip",
            "clean.zip",
            "this program",
            "a picture",
            Expect::AlreadyClean,
            |_| zip(&plain(&["picture-001.png"]), &Extras::default()),
        ),
        Sample::new(
            "tar",
            "photos.tar",
            "GNU tar",
            "an owner, a time, a name, a picture with an author",
            Expect::Cleaned,
            |s| {
                let (name, owner) = (s.text("name", "Users/"), s.text("uname", ""));
                tar(
                    &[(format!("{name}.png"), picture(s, "picture"))],
                    &owner,
                    1_700_000_000,
                )
            },
        ),
        Sample::new(
            "tar",
            "clean.tar",
            "this program",
            "a picture",
            Expect::AlreadyClean,
            |_| tar(&plain(&["picture-001.png"]), "", 0),
        ),
        Sample::new(
            "gzip",
            "photo.png.gz",
            "gzip",
            "a name, a comment, a time, a picture with an author",
            Expect::Cleaned,
            |s| {
                let mut header = vec![0x1F, 0x8B, 8, 8 | 16, 1, 2, 3, 0x58, 0, 3];
                for place in ["FNAME", "FCOMMENT"] {
                    header.extend(s.text(place, "").bytes());
                    header.push(0);
                }
                gzip(&header, &picture(s, "picture"))
            },
        ),
        Sample::new(
            "gzip",
            "clean.png.gz",
            "this program",
            "a picture",
            Expect::AlreadyClean,
            |_| gzip(&[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF], &plain_picture()),
        ),
        Sample::new(
            "txt",
            "list.csv",
            "a text editor",
            "a table in UTF-8 with a byte order mark",
            Expect::AlreadyClean,
            |_| {
                "\u{FEFF}namn;färg\r\nett;röd\r\ntvå;blå\r\n"
                    .as_bytes()
                    .to_vec()
            },
        ),
        Sample::new(
            "odt",
            "letter.odt",
            "LibreOffice",
            how,
            Expect::Cleaned,
            |s| {
                let body = text(s);
                document(s, "text", &body)
            },
        ),
        Sample::new(
            "odt",
            "letter.fodt",
            "LibreOffice",
            "properties, settings, comments, a macro, a picture, in one file of XML",
            Expect::Cleaned,
            flat,
        ),
        Sample::new(
            "ods",
            "sheet.ods",
            "LibreOffice",
            how,
            Expect::Cleaned,
            |s| {
                let body = sheet(s);
                document(s, "spreadsheet", &body)
            },
        ),
        Sample::new(
            "odp",
            "slides.odp",
            "LibreOffice",
            how,
            Expect::Cleaned,
            |s| {
                let body = slides(s, "presentation");
                document(s, "presentation", &body)
            },
        ),
        Sample::new(
            "odf",
            "formula.odf",
            "LibreOffice",
            "properties, settings, a comment in the markup, an unknown attribute, a picture",
            Expect::Cleaned,
            |s| {
                let body = formula(s);
                document(s, "formula", &body)
            },
        ),
        Sample::new(
            "odg",
            "drawing.odg",
            "LibreOffice",
            how,
            Expect::Cleaned,
            |s| {
                let body = slides(s, "drawing");
                document(s, "graphics", &body)
            },
        ),
    ]
}
