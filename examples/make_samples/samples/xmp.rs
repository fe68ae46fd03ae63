//! XMP packets (ISO 16684-1), each with the properties of some program or device.

use super::seed::Seeds;

/// Wraps properties into a packet; `namespaces` are prefix and URI.
pub fn packet(namespaces: &[(&str, &str)], body: &str) -> Vec<u8> {
    let declared: String = namespaces
        .iter()
        .map(|(prefix, uri)| format!(" xmlns:{prefix}=\"{uri}\""))
        .collect();
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\"{declared}>\n{body}\n</rdf:Description>\n\
         </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>"
    )
    .into_bytes()
}

pub const EXIF: (&str, &str) = ("exif", "http://ns.adobe.com/exif/1.0/");
pub const DC: (&str, &str) = ("dc", "http://purl.org/dc/elements/1.1/");
pub const XMP: (&str, &str) = ("xmp", "http://ns.adobe.com/xap/1.0/");
pub const XMP_MM: (&str, &str) = ("xmpMM", "http://ns.adobe.com/xap/1.0/mm/");
pub const ST_EVT: (&str, &str) = ("stEvt", "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#");
pub const PHOTOSHOP: (&str, &str) = ("photoshop", "http://ns.adobe.com/photoshop/1.0/");
pub const CORE: (&str, &str) = (
    "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
);
pub const EXT: (&str, &str) = ("Iptc4xmpExt", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/");
pub const MWG: (&str, &str) = (
    "mwg-rs",
    "http://www.metadataworkinggroup.com/schemas/regions/",
);
pub const NOTE: (&str, &str) = ("xmpNote", "http://ns.adobe.com/xmp/note/");
pub const GCAMERA: (&str, &str) = ("GCamera", "http://ns.google.com/photos/1.0/camera/");
pub const CONTAINER: (&str, &str) = ("Container", "http://ns.google.com/photos/1.0/container/");
pub const ITEM: (&str, &str) = ("Item", "http://ns.google.com/photos/1.0/container/item/");
pub const HDRGM: (&str, &str) = ("hdrgm", "http://ns.adobe.com/hdr-gain-map/1.0/");
pub const DJI: (&str, &str) = ("drone-dji", "http://www.dji.com/drone-dji/1.0/");
pub const GPANO: (&str, &str) = ("GPano", "http://ns.google.com/photos/1.0/panorama/");
pub const GIMAGE: (&str, &str) = ("GImage", "http://ns.google.com/photos/1.0/image/");
pub const CELL: (&str, &str) = ("cell", "http://developer.sonyericsson.com/cell/1.0/");

/// One property as an element.
pub fn element(name: &str, value: &str) -> String {
    format!("<{name}>{value}</{name}>")
}

/// One property as a list of `kind` (`Bag`, `Seq`).
pub fn list(name: &str, kind: &str, items: &[String]) -> String {
    let items: String = items.iter().map(|i| element("rdf:li", i)).collect();
    format!("<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>")
}

/// Position, description, creator, keywords, place names.
pub fn common(s: &mut Seeds) -> String {
    let here = s.position("exif:GPSLatitude");
    let (lat, lon) = here.xmp();
    s.spelled("exif:GPSLatitude", &lat);
    s.spelled("exif:GPSLongitude", &lon);
    [
        element("exif:GPSLatitude", &lat),
        element("exif:GPSLongitude", &lon),
        element("xmp:CreateDate", &s.iso_date("xmp:CreateDate")),
        element("xmp:CreatorTool", &s.text("xmp:CreatorTool", "Foto ")),
        list(
            "dc:creator",
            "Seq",
            &[s.text("dc:creator", "Anna Exempel ")],
        ),
        list("dc:subject", "Bag", &[s.text("dc:subject", "Places|Home|")]),
        element("photoshop:City", &s.text("photoshop:City", "Sjöviken ")),
        element(
            "Iptc4xmpCore:Location",
            &s.text("Iptc4xmpCore:Location", "Strandgatan 0 "),
        ),
    ]
    .join("\n")
}

/// Namespaces of [`common`].
pub const COMMON: [(&str, &str); 5] = [EXIF, XMP, DC, PHOTOSHOP, CORE];

/// Faces with names.
pub fn regions(s: &mut Seeds) -> String {
    let name = s.text("mwg-rs:Regions/Name", "Klara ");
    format!(
        "<mwg-rs:Regions rdf:parseType=\"Resource\"><mwg-rs:RegionList><rdf:Seq>\
         <rdf:li mwg-rs:Type=\"Face\" mwg-rs:Name=\"{name}\"/>\
         </rdf:Seq></mwg-rs:RegionList></mwg-rs:Regions>"
    )
}

/// Who edited what, when and on which disk.
pub fn history(s: &mut Seeds) -> String {
    let when = s.iso_date("xmpMM:History/stEvt:when");
    let agent = s.text("xmpMM:History/stEvt:softwareAgent", "Adobe Photoshop 25.");
    let changed = s.text("xmpMM:History/stEvt:changed", "/C:/Users/anna/");
    let id = s.text("xmpMM:History/stEvt:instanceID", "xmp.iid:");
    [
        element("xmpMM:DocumentID", &s.text("xmpMM:DocumentID", "xmp.did:")),
        element(
            "xmpMM:OriginalDocumentID",
            &s.text("xmpMM:OriginalDocumentID", "xmp.did:"),
        ),
        list(
            "photoshop:DocumentAncestors",
            "Bag",
            &[s.text("photoshop:DocumentAncestors", "adobe:docid:")],
        ),
        format!(
            "<xmpMM:History><rdf:Seq><rdf:li stEvt:action=\"saved\" stEvt:instanceID=\"{id}\" \
             stEvt:when=\"{when}\" stEvt:softwareAgent=\"{agent}\" stEvt:changed=\"{changed}\"/>\
             </rdf:Seq></xmpMM:History>"
        ),
    ]
    .join("\n")
}

/// What a drone knows of its flight, with the vendor's misspelling.
pub fn flight(s: &mut Seeds) -> String {
    let (lat, lon) = s.position("drone-dji").decimal();
    s.spelled("drone-dji:GpsLatitude", &lat);
    s.spelled("drone-dji:GpsLongtitude", &lon);
    [
        element("drone-dji:GpsLatitude", &lat),
        element("drone-dji:GpsLongtitude", &lon),
        element("drone-dji:AbsoluteAltitude", "+43.21"),
        element("drone-dji:GimbalYawDegree", "+173.40"),
        element(
            "drone-dji:DroneSerialNumber",
            &s.text("drone-dji:DroneSerialNumber", "1581F"),
        ),
        element(
            "drone-dji:SelfData",
            &s.text("drone-dji:SelfData", "pilot "),
        ),
    ]
    .join("\n")
}

/// `GUID`, in capital letters, of an extended packet: not its MD5 as it should be, which nobody checks.
pub const GUID: &str = "0123456789ABCDEF0123456789ABCDEF";

/// The APP1 payloads of an extended packet, in `pieces` pieces.
pub fn extended(packet: &[u8], pieces: usize) -> Vec<Vec<u8>> {
    let size = packet.len().div_ceil(pieces);
    packet
        .chunks(size)
        .enumerate()
        .map(|(i, piece)| {
            let mut out = b"http://ns.adobe.com/xmp/extension/\0".to_vec();
            out.extend(GUID.bytes());
            out.extend((packet.len() as u32).to_be_bytes());
            out.extend(((i * size) as u32).to_be_bytes());
            out.extend(piece);
            out
        })
        .collect()
}

/// The APP1 payload of a packet.
pub fn app1(packet: &[u8]) -> Vec<u8> {
    [b"http://ns.adobe.com/xap/1.0/\0", packet].concat()
}

/// The list of what stands behind the main picture: semantic, media type, length.
pub fn directory(items: &[(&str, &str, usize)]) -> String {
    let items: String = items
        .iter()
        .map(|(semantic, mime, length)| {
            format!(
                "<rdf:li rdf:parseType=\"Resource\"><Container:Item Item:Semantic=\"{semantic}\" \
                 Item:Mime=\"{mime}\" Item:Length=\"{length}\"/></rdf:li>"
            )
        })
        .collect();
    format!("<Container:Directory><rdf:Seq>{items}</rdf:Seq></Container:Directory>")
}

/// Numbers of a gain map.
pub fn gain_map() -> String {
    [
        ("Version", "1.0"),
        ("GainMapMin", "0.0"),
        ("GainMapMax", "2.5"),
        ("Gamma", "1.0"),
        ("OffsetSDR", "0.015625"),
        ("OffsetHDR", "0.015625"),
        ("HDRCapacityMin", "0.0"),
        ("HDRCapacityMax", "2.5"),
        ("BaseRenditionIsHDR", "False"),
    ]
    .map(|(name, value)| element(&format!("hdrgm:{name}"), value))
    .join("")
}

/// RFC 4648 base 64.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for i in 0..4 {
            out.push(if i <= chunk.len() {
                char::from(DIGITS[(bits >> (18 - 6 * i) & 63) as usize])
            } else {
                '='
            });
        }
    }
    out
}
