//! IPTC-IIM and Photoshop image resources.

use super::seed::Seeds;

/// One dataset of record 2.
fn dataset(number: u8, text: &str) -> Vec<u8> {
    let mut out = vec![0x1C, 2, number];
    out.extend((text.len() as u16).to_be_bytes());
    out.extend(text.bytes());
    out
}

/// Place names, people, caption, a dataset with an extended length and one nobody knows.
pub fn iim(s: &mut Seeds) -> Vec<u8> {
    s.at("IPTC", |s| {
        let mut out = vec![0x1C, 1, 90, 0, 3, 0x1B, b'%', b'G'];
        for (number, field, text) in [
            (5, "2:05 ObjectName", "Our flat "),
            (25, "2:25 Keywords", "home "),
            (27, "2:27 ContentLocationName", "Old pier "),
            (80, "2:80 By-line", "Anna Exempel "),
            (90, "2:90 City", "Sjoviken "),
            (92, "2:92 Sub-location", "Strandgatan 0 "),
            (101, "2:101 Country", "Sweden "),
            (118, "2:118 Contact", "anna@example.org "),
            (120, "2:120 Caption", "View from our window "),
            (249, "2:249", "unknown "),
        ] {
            out.extend(dataset(number, &s.text(field, text)));
        }
        let long = s.text("2:202 extended length", "object data preview ");
        out.extend([0x1C, 2, 202, 0x80, 4]);
        out.extend((long.len() as u32).to_be_bytes());
        out.extend(long.bytes());
        out
    })
}

/// One image resource.
pub fn resource(signature: &[u8; 4], id: u16, name: &str, data: &[u8]) -> Vec<u8> {
    let mut out = signature.to_vec();
    out.extend(id.to_be_bytes());
    out.push(name.len() as u8);
    out.extend(name.bytes());
    if name.len().is_multiple_of(2) {
        out.push(0);
    }
    out.extend((data.len() as u32).to_be_bytes());
    out.extend(data);
    if data.len() % 2 == 1 {
        out.push(0);
    }
    out
}

/// The resources that an editor writes; `thumb` is a JPEG, `exif` a TIFF block, `xmp` a packet.
pub fn resources(s: &mut Seeds, thumb: &[u8], exif: &[u8], xmp: &[u8]) -> Vec<u8> {
    let iim = iim(s);
    let mut picture = vec![0, 0, 0, 1];
    for n in [40_u32, 30, 120, 3600, thumb.len() as u32] {
        picture.extend(n.to_be_bytes());
    }
    picture.extend([0, 24, 0, 1]);
    picture.extend(thumb);
    [
        resource(b"8BIM", 0x0404, "", &iim),
        resource(
            b"8BIM",
            0x03E9,
            "",
            s.text("8BIM 03E9 MacPrintInfo", "<plist>").as_bytes(),
        ),
        resource(
            b"8BIM",
            0x03ED,
            "",
            &[0, 72, 0, 0, 0, 1, 0, 1, 0, 72, 0, 0, 0, 1, 0, 1],
        ),
        resource(
            b"8BIM",
            0x040B,
            "",
            s.text("8BIM 040B URL", "https://example.org/").as_bytes(),
        ),
        resource(b"8BIM", 0x040C, "", &picture),
        resource(
            b"8BIM",
            0x041A,
            "",
            s.text("8BIM 041A Slices", "slice ").as_bytes(),
        ),
        resource(b"8BIM", 0x0422, "", exif),
        resource(b"8BIM", 0x0424, "", xmp),
        resource(b"8BIM", 0x0425, "", b"0123456789abcdef"),
        resource(
            b"8BIM",
            0x043C,
            "",
            s.text("8BIM 043C NSPrintInfo", "printer of anna ")
                .as_bytes(),
        ),
        resource(
            b"8BIM",
            0x043E,
            "",
            &s.utf16be("8BIM 043E AutoSaveFilePath", "C:\\Users\\anna\\"),
        ),
        resource(
            b"MeSa",
            0x1388,
            &s.text("MeSa name", "n"),
            s.text("MeSa 1388", "plug-in ").as_bytes(),
        ),
    ]
    .concat()
}
