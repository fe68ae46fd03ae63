use super::*;
use crate::bytes::Budget;
use crate::bytes::testing::Only;
use crate::bytes::testing::with_context;
use crate::metadata::quicktime::testing::{boxed, small};
use crate::metadata::samsung::testing::trailer;
use crate::model::{Examined, Plan};
use crate::model::{Limits, Policy, Value};

fn look(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    with_context(|cx| read(&Source::memory(bytes), "T", cx, &mut found)).unwrap();
    found
}

/// Id and size of the findings that are pieces of the tail themselves.
fn pieces(bytes: &[u8]) -> Vec<(&'static str, String, u64)> {
    look(bytes)
        .findings
        .iter()
        .filter(|f| f.id.starts_with("trailer.") && f.place.matches('/').count() <= 1)
        .filter_map(|f| match f.value {
            Some(Value::Bytes(n)) => Some((f.id, f.place.clone(), n)),
            _ => None,
        })
        .collect()
}

fn jpeg(comment: &[u8]) -> Vec<u8> {
    let len = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
    let head = [&b"\xFF\xD8\xFF\xFE"[..], &len, comment].concat();
    [&head[..], b"\xFF\xDA\0\x02ab\xFF\0cd\xFF\xD0e\xFF\xFF\xD9"].concat()
}

fn png() -> Vec<u8> {
    b"\x89PNG\r\n\x1A\n\0\0\0\x03tEXtabc....\0\0\0\0IEND\xAE\x42\x60\x82".to_vec()
}

fn insta360() -> Vec<u8> {
    let mut fix = vec![0; 10];
    fix.push(b'A');
    for (degrees, letter) in [(59.3293f64, b'N'), (18.0686, b'O')] {
        fix.extend(degrees.to_le_bytes());
        fix.push(letter);
    }
    for number in [1.0f64, 2.0, 28.5] {
        fix.extend(number.to_le_bytes());
    }
    assert_eq!(fix.len(), 53);
    let camera = b"\x0A\x06IXE123\x12\x08Insta360";
    let mut out = camera.to_vec();
    out.extend_from_slice(&[0x01, 0x01]);
    out.extend(u32::try_from(camera.len()).unwrap().to_le_bytes());
    out.extend(&fix);
    // Id and length of the last record, 32 bytes, the length of all, 4 bytes, the mark.
    out.extend_from_slice(&[0x00, 0x07, 53, 0, 0, 0]);
    out.extend([0; 32]);
    let len = u32::try_from(out.len() + 40).unwrap();
    out.extend(len.to_le_bytes());
    out.extend([0; 4]);
    out.extend_from_slice(b"8db42d694ccc418790edff439fe026bf");
    out
}

#[test]
fn zeros_are_padding() {
    let found = look(&[0; 100_000]);
    assert_eq!(found.findings.len(), 1);
    let padding = &found.findings[0];
    assert_eq!(
        (padding.id, padding.severity),
        ("trailer.padding", Severity::Low)
    );
    assert_eq!(padding.value, Some(Value::Bytes(100_000)));
}

#[test]
fn a_film_behind_the_picture() {
    let film = small();
    let size = crate::model::len_u64(film.len());
    let padded = [&[0; 7][..], &film].concat();
    for tail in [&film, &padded] {
        let found = look(tail);
        let first = &found.findings[0];
        assert_eq!((first.id, first.role), ("trailer.motion", Role::Video));
        assert_eq!(first.severity, Severity::Critical);
        assert_eq!(first.value, Some(Value::Bytes(size)));
        assert!(found.findings.iter().any(|f| f.role == Role::Coordinates));
        let whole = found
            .findings
            .iter()
            .filter(|f| f.id.starts_with("trailer."));
        assert_eq!(whole.count(), 1);
    }
}

#[test]
fn stacked_pieces_come_out_in_order() {
    let parts: [(&'static str, &str, Vec<u8>); 8] = [
        ("trailer.picture", "T/JPEG", jpeg(b"second")),
        ("trailer.motion", "T/film", small()),
        (
            "trailer.samsung",
            "T/Samsung",
            trailer(&[(0x0AA1, "MCC_Data", b"240")]),
        ),
        ("trailer.picture", "T/PNG", png()),
        (
            "trailer.unknown",
            "T",
            b"\x01\x02\x03neither fish nor fowl\x80".to_vec(),
        ),
        (
            "trailer.archive",
            "T/ZIP archive",
            b"PK\x03\x04\x14\0rest of it".to_vec(),
        ),
        (
            "trailer.vendor",
            "T/PhotoMechanic",
            b"\x1C\x02\xDD\0\x01x\0\0\0\x06cbipcbbl".to_vec(),
        ),
        ("trailer.vendor", "T/Insta360", insta360()),
    ];
    let tail = parts
        .iter()
        .flat_map(|(.., bytes)| bytes.clone())
        .collect::<Vec<_>>();
    let expected: Vec<_> = parts
        .iter()
        .map(|(id, place, bytes)| (*id, (*place).to_owned(), crate::model::len_u64(bytes.len())))
        .collect();
    assert_eq!(pieces(&tail), expected);
}

#[test]
fn pieces_known_by_their_end() {
    let records = [
        b"IPTC".to_vec(),
        b"\0\x01\0\0\0\x0E\xA1\xB2\xC3\xD4".to_vec(),
        b"\xFF\xD8\xFF".to_vec(),
        b"\0\x03\0\0\0\x0D\xA1\xB2\xC3\xD4".to_vec(),
    ];
    let mut canon = b"CANON OPTIONAL DATA\0\0\x01\0\0\0\0\0\x05".to_vec();
    canon.resize(28, 0);
    canon.extend_from_slice(b"abcdeCANON OPTIONAL DATA\0\0\0\0\x05");
    canon.extend([0; 38]);
    canon.extend_from_slice(b"\xFF\xD9");
    let nikon = [&b"NIKON APP\0"[..], b"\0\0\0\x1E\0\0\0\0\0\0/NIKON APP"].concat();
    let afcp = b"AXS!\0\x01\0\x01\0\0\0\0TEXT\0\0\0\x05\0\0\x10\x18AgnesAXS!\0\0\x10\0\0\0\0\0";
    let vivo = b"vivo{\"camera\":1}\xFF\xFF\xFF\xFF\x1B\x2A\x39\x48\x57\x66\x75\x84\x93\xA2\xB1";
    for (name, bytes) in [
        ("FotoStation", records.concat()),
        ("Canon VRD", canon),
        ("Nikon app", nikon),
        ("AFCP", afcp.to_vec()),
        ("Vivo data", vivo.to_vec()),
        ("OnePlus data", b"{\"a\":1}jxrs\x07\0\0\0".to_vec()),
        (
            "MIE",
            b"~\x10\x04\xFE0MIE~\0\x04\0zmie~\0\0\x06\0\0\0\x1A\x10\x04".to_vec(),
        ),
        ("Insta360", insta360()),
    ] {
        let tail = [b"\x01before", &bytes[..]].concat();
        let len = crate::model::len_u64(bytes.len());
        let expected = [
            ("trailer.unknown", "T".to_owned(), 7),
            ("trailer.vendor", format!("T/{name}"), len),
        ];
        let seen = pieces(&tail);
        assert_eq!(seen.get(..2), Some(&expected[..]), "{name}");
    }
    assert!(look(afcp).secrets.texts().any(|t| t == "Agnes"));
}

#[test]
fn insta360_tells_where_and_with_which_camera() {
    let found = look(&insta360());
    let point = found.findings.iter().find(|f| f.role == Role::Coordinates);
    assert!(matches!(
        point.unwrap().value,
        Some(Value::Place(p)) if p.latitude == 59.3293 && p.longitude == -18.0686
            && p.altitude == Some(28.5)
    ));
    let serial = found.findings.iter().find(|f| f.role == Role::Serial);
    assert!(serial.is_some() && found.secrets.texts().any(|t| t == "IXE123"));
}

#[test]
fn leftovers_of_larger_pictures() {
    for end in [&b"\xFF\xD9"[..], b"\0\0\0\0IEND\xAE\x42\x60\x82"] {
        let found = look(&[&b"\x12\x34coded data"[..], end].concat());
        let finding = &found.findings[0];
        assert_eq!(
            (finding.id, finding.role),
            ("trailer.picture", Role::Picture)
        );
    }
}

#[test]
fn texts_are_shown_and_everything_else_is_kept_in_mind() {
    let found = look("Tack för hjälpen".as_bytes());
    assert_eq!(found.findings[0].id, "trailer.unknown");
    assert!(found.has_text("Tack för hjälpen"));
    let found = look(&[&b"\x01first words"[..], &[2; 200_000], b"last words"].concat());
    let traces: Vec<_> = found.secrets.traces().collect();
    assert_eq!(traces, ["first words", "last words"]);
    assert_eq!(found.findings[0].severity, Severity::High);
}

#[test]
fn archives_and_programs() {
    for (start, name) in [
        (&b"PK\x03\x04"[..], "ZIP archive"),
        (b"Rar!\x1A\x07\x01", "RAR archive"),
        (b"7z\xBC\xAF\x27\x1C", "7z archive"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><body>", "HTML"),
        (b"<?php echo", "PHP program"),
    ] {
        let at_once = [start, b"\x01\x02"].concat();
        let further_in = [b"\x03\x04\x05", &at_once[..]].concat();
        let whole = crate::model::len_u64(at_once.len());
        let expected = ("trailer.archive", format!("T/{name}"), whole);
        assert_eq!(pieces(&at_once)[0], expected);
        assert_eq!(pieces(&further_in)[1], expected, "{name}");
    }
}

#[test]
fn every_picture_of_a_burst_is_looked_into_on_its_own() {
    let tail = jpeg(b"one of many").repeat(20);
    let count = std::cell::Cell::new(0);
    let inside = Only("jpeg", |_: &Source<'_>| {
        count.set(count.get() + 1);
        Ok(Examined::rebuilt(Found::default(), Vec::new(), Plan::new()))
    });
    let budget = Budget::new(Limits::default());
    let cx = Context::new(&budget, &inside, &|| None, Policy::SHARE);
    let mut found = Found::default();
    read(&Source::memory(&tail), "T", &cx, &mut found).unwrap();
    assert_eq!((count.get(), found.findings.len()), (20, 20));
}

#[test]
fn hostile_tails_end() {
    // Beginnings and nothing else.
    for start in [
        &b"\xFF\xD8\xFF"[..],
        b"....ftyp",
        b"PK\x03\x04",
        b"RIFF\x04\0\0\0WEBP",
        b"SEFT",
    ] {
        let found = look(&start.repeat(100_000 / start.len()));
        assert!((1..200).contains(&found.findings.len()), "{start:?}");
    }
    // Alternating pieces.
    let found = look(&[png(), b"\x01?".to_vec()].concat().repeat(2000));
    assert!(found.findings.len() <= 2 * MOST_PIECES);
    // A film whose boxes never end.
    let boxes = boxed(b"free", b"").repeat(50_000);
    assert!(
        !look(&[boxed(b"ftyp", b"mp42"), boxes].concat())
            .findings
            .is_empty()
    );
}

#[test]
fn damage_neither_panics_nor_hangs() {
    let whole = [
        jpeg(b"x"),
        small(),
        trailer(&[(0x0A30, "M", &small())]),
        insta360(),
    ]
    .concat();
    for len in 1..whole.len() {
        assert!(!look(&whole[len..]).findings.is_empty());
        look(&whole[..len]);
    }
    for at in 0..whole.len() {
        for value in [0, 0x7F, 0xFF] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            assert!(!look(&bytes).findings.is_empty());
        }
    }
}

#[test]
fn metadata_behind_the_end_is_read() {
    use crate::bytes::Order;
    use crate::metadata::exif::testing::{Dir, block};
    let gps = Dir::default()
        .ascii(1, "N")
        .rational(2, &[(59, 1), (30, 1), (0, 1)])
        .ascii(3, "E")
        .rational(4, &[(18, 1), (15, 1), (0, 1)]);
    let exif = block(Order::Little, &[Dir::default().dir(0x8825, gps)]);
    let len = u32::try_from(exif.len()).unwrap().to_le_bytes();
    let xmp = b"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
        <rdf:Description xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" exif:GPSLatitude=\"59,30.0N\" exif:GPSLongitude=\"18,15.0E\"/>\
        </rdf:RDF></x:xmpmeta>";
    let json = br#"{"place":{"lat":59.5000,"lng":18.2500},"n":1}"#;
    let tails: [Vec<u8>; 6] = [
        [b"Exif\0\0", &*exif].concat(),
        [&b"EXIF"[..], &len, &exif].concat(),
        [b"\x01\x02junk\xFF\xE1\x01\x00Exif\0\0", &*exif].concat(),
        [b"\x01\x02\x03", &xmp[..], b"\0\0"].concat(),
        [&json[..], &[0; 3]].concat(),
        [&[0x80, 1, 2, 3], &json[..], &[0x99; 30]].concat(),
    ];
    for tail in tails {
        let found = look(&tail);
        let point = found.findings.iter().find_map(|f| match &f.value {
            Some(Value::Place(place)) => Some((place.latitude, place.longitude)),
            _ => None,
        });
        assert_eq!(point, Some((59.5, 18.25)), "{:?}", found.findings);
    }
}
