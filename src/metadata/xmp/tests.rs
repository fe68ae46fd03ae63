use super::*;
use crate::bytes::testing::with_context;
use crate::model::{Place, Role, Value};

/// A packet with these attributes and elements in its `rdf:Description`.
fn packet(attributes: &str, elements: &str) -> String {
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" {NAMESPACES} {attributes}>{elements}</rdf:Description>\
         </rdf:RDF></x:xmpmeta>   \n  <?xpacket end=\"w\"?>"
    )
}

const NAMESPACES: &str = "xmlns:e=\"http://ns.adobe.com/exif/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
    xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\" xmlns:stEvt=\"http://ns.adobe.com/xap/1.0/sType/ResourceEvent#\" \
    xmlns:stRef=\"http://ns.adobe.com/xap/1.0/sType/ResourceRef#\" xmlns:aux=\"http://ns.adobe.com/exif/1.0/aux/\" \
    xmlns:mwg=\"http://www.metadataworkinggroup.com/schemas/regions/\" xmlns:stArea=\"http://ns.adobe.com/xmp/sType/Area#\" \
    xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" xmlns:GPano=\"http://ns.google.com/photos/1.0/panorama/\" \
    xmlns:C=\"http://ns.google.com/photos/1.0/container/\" xmlns:I=\"http://ns.google.com/photos/1.0/container/item/\" \
    xmlns:GCamera=\"http://ns.google.com/photos/1.0/camera/\" xmlns:note=\"http://ns.adobe.com/xmp/note/\" \
    xmlns:GImage=\"http://ns.google.com/photos/1.0/image/\" xmlns:Ext=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" \
    xmlns:H=\"http://ns.apple.com/HDRGainMap/1.0/\" xmlns:dji=\"http://www.dji.com/drone-dji/1.0/\" \
    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"";

fn reading(packet: impl AsRef<[u8]>) -> (Found, Facts) {
    let mut found = Found::default();
    let facts = with_context(|cx| read(packet.as_ref(), "XMP", cx, &mut found)).unwrap();
    (found, facts)
}

fn of_role(found: &Found, role: Role) -> Vec<&str> {
    let with_role = found.findings.iter().filter(|f| f.role == role);
    with_role
        .filter_map(|f| match &f.value {
            Some(Value::Text(text) | Value::Time(text)) => Some(text.raw()),
            _ => None,
        })
        .collect()
}

fn places(found: &Found) -> Vec<Place> {
    let values = found.findings.iter().filter_map(|f| f.value.as_ref());
    values
        .filter_map(|value| match value {
            Value::Place(place) => Some(*place),
            _ => None,
        })
        .collect()
}

#[test]
fn coordinates_whatever_the_prefix_and_form() {
    let attributes = packet("e:GPSLatitude='63,10.6N' e:GPSLongitude='8,30,0W'", "");
    let elements = packet(
        "",
        "<e:GPSLatitude>63,10.6N</e:GPSLatitude><e:GPSLongitude>8,30,0W</e:GPSLongitude>\
         <e:GPSAltitude>2500/100</e:GPSAltitude><e:GPSAltitudeRef>1</e:GPSAltitudeRef>",
    );
    for (packet, altitude) in [(attributes, None), (elements, Some(-25.0))] {
        let (found, _) = reading(packet);
        let place = places(&found)[0];
        assert!((place.latitude - 63.176_666).abs() < 1e-5 && place.longitude == -8.5);
        assert_eq!(place.altitude, altitude);
        assert!(found.secrets.texts().any(|text| text == "63,10.6N"));
    }
}

#[test]
fn coordinates_in_structures_stay_apart() {
    let item = |lat: &str, lon: &str| {
        format!(
            "<rdf:li rdf:parseType='Resource'><e:GPSLatitude>{lat}</e:GPSLatitude><e:GPSLongitude>{lon}</e:GPSLongitude><Ext:City>Lund</Ext:City></rdf:li>"
        )
    };
    let shown = format!(
        "<Ext:LocationShown><rdf:Bag>{}{}</rdf:Bag></Ext:LocationShown>",
        item("1,0N", "2,0E"),
        item("3,0N", "4,0E")
    );
    let (found, _) = reading(packet(
        "dji:GpsLatitude='5.5' dji:GpsLongtitude='+6.5'",
        &shown,
    ));
    let mut points: Vec<_> = places(&found)
        .iter()
        .map(|p| (p.latitude, p.longitude))
        .collect();
    points.sort_by(f64_order);
    assert_eq!(points, [(1.0, 2.0), (3.0, 4.0), (5.5, 6.5)]);
    assert_eq!(of_role(&found, Role::PlaceName), ["Lund", "Lund"]);
    // Half a point is still told.
    let (found, _) = reading(packet("e:GPSLatitude='63,10.6N'", ""));
    assert_eq!(of_role(&found, Role::Coordinates), ["63,10.6N"]);
}

fn f64_order(a: &(f64, f64), b: &(f64, f64)) -> std::cmp::Ordering {
    a.0.total_cmp(&b.0)
}

#[test]
fn history_people_and_devices() {
    let (found, _) = reading(packet(
        "aux:SerialNumber='052024003146' xmp:CreateDate='2024-05-12T14:30:00+02:00'",
        "<dc:creator><rdf:Seq><rdf:li>Anna Berg</rdf:li></rdf:Seq></dc:creator>\
         <dc:subject><rdf:Bag><rdf:li>Places|Home</rdf:li><rdf:li>59.3293, 18.0686</rdf:li></rdf:Bag></dc:subject>\
         <dc:description><rdf:Alt><rdf:li xml:lang='x-default'>mail a&#64;b.se &amp; &lt;wait&gt;</rdf:li></rdf:Alt></dc:description>\
         <xmpMM:History><rdf:Seq><rdf:li stEvt:action='saved' stEvt:when='2024-05-13' stEvt:softwareAgent='Editor 9'/></rdf:Seq></xmpMM:History>\
         <xmpMM:DerivedFrom stRef:documentID='xmp.did:1234' stRef:filePath='file:///Users/anna/x.psd'/>\
         <mwg:Regions rdf:parseType='Resource'><mwg:RegionList><rdf:Bag><rdf:li><rdf:Description mwg:Name='Little Bo' mwg:Type='Face'>\
         <mwg:Area stArea:x='0.5' stArea:y='0.5'/></rdf:Description></rdf:li></rdf:Bag></mwg:RegionList></mwg:Regions>",
    ));
    assert_eq!(of_role(&found, Role::Serial), ["052024003146"]);
    assert_eq!(
        of_role(&found, Role::TakenAt),
        ["2024-05-12T14:30:00+02:00"]
    );
    assert_eq!(of_role(&found, Role::OtherTime), ["2024-05-13"]);
    assert_eq!(of_role(&found, Role::Software), ["Editor 9"]);
    assert_eq!(of_role(&found, Role::LinkId), ["xmp.did:1234"]);
    assert_eq!(of_role(&found, Role::Path), ["file:///Users/anna/x.psd"]);
    assert_eq!(
        of_role(&found, Role::PersonName),
        ["Anna Berg", "a@b.se", "Little Bo"]
    );
    assert!(found.has_text("mail a@b.se & <wait>") && found.has_text("Places|Home"));
    assert_eq!(places(&found).len(), 1, "in a keyword");
    assert!(
        found
            .findings
            .iter()
            .any(|f| f.id == "xmp.regions" && f.what.contains("2 properties"))
    );
}

#[test]
fn nothing_is_silent() {
    let (found, _) = reading(packet(
        "xmlns:q='http://anna.example/q/' q:what='secret value'",
        "<e:ISO>100</e:ISO>",
    ));
    let whats: Vec<_> = found.findings.iter().map(|f| &*f.what).collect();
    assert_eq!(
        whats,
        [
            "namespace (1)",
            "exif: 1 property",
            "http://anna.example/q/: 1 property"
        ]
    );
    for text in ["http://anna.example/q/", "secret value"] {
        assert!(found.secrets.texts().any(|t| t == text), "{text}");
    }
    for stray in ["<!-- Anna -->", "text", "<?php Anna?>"] {
        assert!(!reading(packet("", stray)).0.findings.is_empty(), "{stray}");
    }
    let padded = packet("", "").replace("   \n", "  old bytes \n");
    assert!(reading(padded).0.has_text("old bytes"));
    assert!(reading(packet("", "")).0.findings.is_empty());
}

#[test]
fn damage_is_told_and_searched() {
    let whole = packet("", "<dc:title>Hidden place name</dc:title>");
    let (found, _) = reading(&whole[..whole.len() / 2 + 400]);
    assert!(found.findings.iter().any(|f| f.id == "xmp.broken"));
    let entity = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&a;</x:xmpmeta>";
    assert!(reading(entity).0.has_text("&a;"));
    assert!(reading("no packet at all").0.has_text("no packet at all"));
    assert!(reading("").0.findings.is_empty());
}

#[test]
fn encodings() {
    let text = packet("", "<dc:title>Växjö flat</dc:title>").replace('\u{feff}', "");
    let utf16 = |f: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(f).collect::<Vec<u8>>();
    let utf32 = |f: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| f(c.into())).collect::<Vec<u8>>();
    for bytes in [
        text.clone().into_bytes(),
        utf16(u16::to_be_bytes),
        utf16(u16::to_le_bytes),
        utf32(u32::to_be_bytes),
        utf32(u32::to_le_bytes),
    ] {
        let (found, _) = reading(&bytes);
        assert!(found.has_text("Växjö flat"));
        assert_eq!(found.findings.len(), 1);
    }
}

#[test]
fn what_rendering_needs_is_made_anew() {
    let (found, facts) = reading(packet(
        "hdrgm:Version='1.0' hdrgm:GainMapMax='2.5' hdrgm:BaseRenditionIsHDR='False' \
         GPano:ProjectionType='equirectangular' GPano:FullPanoWidthPixels='4096' GPano:PoseHeadingDegrees='123.4'",
        "<hdrgm:Gamma><rdf:Seq><rdf:li>1.0</rdf:li><rdf:li>1.1</rdf:li><rdf:li>1.2e-1</rdf:li></rdf:Seq></hdrgm:Gamma>\
         <H:HDRGainMapVersion>65536</H:HDRGainMapVersion>\
         <C:Directory><rdf:Seq><rdf:li rdf:parseType='Resource'><C:Item I:Semantic='Primary' I:Mime='image/jpeg'/></rdf:li>\
         <rdf:li rdf:parseType='Resource'><C:Item><rdf:Description I:Mime='image/jpeg' I:Semantic='GainMap' I:Length='4711'/></C:Item></rdf:li>\
         <rdf:li rdf:parseType='Resource'><C:Item I:Mime='video/mp4' I:Semantic='MotionPhoto' I:Length='99' I:Padding='8'/></rdf:li>\
         </rdf:Seq></C:Directory>\
         <GCamera:MicroVideoOffset>123456</GCamera:MicroVideoOffset><note:HasExtendedXMP>0123456789ABCDEF</note:HasExtendedXMP>",
    ));
    assert_eq!(facts.items.len(), 3);
    assert_eq!((facts.items[2].length, facts.items[2].padding), (99, 8));
    assert_eq!(facts.micro_video_offset, Some(123_456));
    assert_eq!(facts.extended.as_deref(), Some("0123456789ABCDEF"));
    assert!(
        found
            .findings
            .iter()
            .any(|f| &*f.what == "GPano:PoseHeadingDegrees")
    );
    assert!(
        !found.has_text("equirectangular") && !found.has_text("2.5"),
        "these stay"
    );

    let minimal = minimal(&facts).unwrap();
    let text = std::str::from_utf8(&minimal).unwrap();
    for gone in [
        "Heading",
        "MotionPhoto",
        "MicroVideo",
        "xpacket",
        "0123456789ABCDEF",
    ] {
        assert!(!text.contains(gone), "{gone}");
    }
    let (found, again) = reading(&minimal);
    assert!(
        found.findings.is_empty() && found.secrets.texts().count() == 0,
        "{:?}",
        found.findings
    );
    assert_eq!(again.gain_map, facts.gain_map);
    assert_eq!(again.apple_gain_map, facts.apple_gain_map);
    assert_eq!(again.pano, facts.pano);
    assert_eq!(again.items, facts.items[..2]);
    assert_eq!(super::minimal(&again).unwrap(), minimal);
}

#[test]
fn numbers_that_are_none_stay_out() {
    let (found, facts) = reading(packet(
        "hdrgm:Version='1.0 by Anna' hdrgm:GainMapMax='2.5;59.3293' GPano:ProjectionType='kitchen'",
        "<hdrgm:Gamma>1</hdrgm:Gamma><hdrgm:Gamma>2</hdrgm:Gamma><hdrgm:OffsetSDR><rdf:Seq><rdf:li>1</rdf:li><rdf:li>2</rdf:li></rdf:Seq></hdrgm:OffsetSDR>",
    ));
    assert_eq!(
        found
            .findings
            .iter()
            .filter(|f| f.id == "xmp.any" || f.id == "xmp.pano")
            .count(),
        2
    );
    assert_eq!(facts.pano, []);
    let lie = Facts {
        gain_map: vec![
            ("GainMapMax".into(), vec!["\"/><x>".into()]),
            ("Anna".into(), vec!["1".into()]),
        ],
        apple_gain_map: vec![("AuxiliaryImageType".into(), "kitchen".into())],
        ..Facts::default()
    };
    assert_eq!(minimal(&lie), None);
    assert_eq!(minimal(&Facts::default()), None);
    // Two numbers are neither one nor one for each channel.
    assert!(facts.gain_map.iter().all(|(name, _)| name != "OffsetSDR"));
}

#[test]
fn the_side_may_be_a_property_of_its_own() {
    for (attributes, expected) in [
        (
            "e:GPSLatitude='37.7749' e:GPSLatitudeRef='N' e:GPSLongitude='122.4194' e:GPSLongitudeRef='W'",
            (37.7749, -122.4194),
        ),
        (
            "e:GPSLongitudeRef='West' e:GPSLatitudeRef='S' e:GPSLatitude='37.7749' e:GPSLongitude='-122.4194'",
            (-37.7749, -122.4194),
        ),
        (
            "e:GPSLatitude='37.7749' e:GPSLongitude='122.4194' e:GPSDestLongitudeRef='W'",
            (37.7749, 122.4194),
        ),
    ] {
        let (found, _) = reading(packet(attributes, ""));
        let point = found.findings.iter().find_map(|f| match &f.value {
            Some(Value::Place(place)) => Some((place.latitude, place.longitude)),
            _ => None,
        });
        assert_eq!(point, Some(expected), "{attributes}");
    }
}

#[test]
fn base64_is_looked_into() {
    let data = "QUJD".repeat(100);
    let (found, _) = reading(packet("", &format!("<GImage:Data>{data}</GImage:Data>")));
    let finding = &found.findings[0];
    assert_eq!(
        (finding.id, &finding.value),
        ("xmp.binary", &Some(Value::Bytes(300)))
    );
    assert!(
        found
            .secrets
            .texts()
            .any(|text| text.starts_with("QUJDQUJD"))
    );
}

#[test]
fn hostile_packets_end_soon() {
    let deep = "<a>".repeat(100_000);
    let wide = format!("<a {}/>", "b='1' ".repeat(100_000));
    let spaces: String = (0..20_000)
        .map(|n| format!("<a xmlns:n{n}='u{n}'>"))
        .collect();
    let items = format!("<a>{}</a>", "<b/>text".repeat(50_000));
    let many = packet("", &"<dc:title>one more title</dc:title>".repeat(20_000));
    let refs = format!("<a>{}</a>", "&amp;".repeat(100_000));
    for text in [
        deep,
        wide,
        spaces,
        items,
        many,
        refs,
        "<".repeat(100_000),
        "<!".repeat(50_000),
        "&".repeat(100_000),
    ] {
        let (found, _) = reading(&text);
        assert!(found.findings.len() < 100, "{}", found.findings.len());
    }
}

#[test]
fn no_damage_makes_it_panic() {
    let whole = packet(
        "hdrgm:Version='1.0' e:GPSLatitude='63,10.6N'",
        "<dc:creator><rdf:Seq><rdf:li>Anna</rdf:li></rdf:Seq></dc:creator>",
    )
    .into_bytes();
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        for with in [0, b'<', b'"', b'&', 0xFF] {
            bytes[at] = with;
            reading(&bytes);
        }
        reading(&whole[..at]);
    }
}
