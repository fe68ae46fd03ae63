use super::testing::{MADE, Track, boxed, film, full, located, small};
use super::*;
use crate::bytes::testing::with_context;
use crate::model::Place;

fn look(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    with_context(|cx| read(&Source::memory(bytes), "T", cx, &mut found)).unwrap();
    found
}

fn point(found: &Found) -> Option<Place> {
    found.findings.iter().find_map(|f| match f.value {
        Some(Value::Place(place)) => Some(place),
        _ => None,
    })
}

fn near(found: &Found, latitude: f64, longitude: f64) -> bool {
    point(found).is_some_and(|p| {
        (p.latitude - latitude).abs() < 1e-4 && (p.longitude - longitude).abs() < 1e-4
    })
}

fn by_role(found: &Found, role: Role) -> Vec<String> {
    let texts = found.findings.iter().filter(|f| f.role == role);
    texts
        .filter_map(|f| match &f.value {
            Some(Value::Text(text) | Value::Time(text)) => Some(text.raw().to_owned()),
            _ => None,
        })
        .collect()
}

fn item(kind: &[u8; 4], well_known: u32, value: &[u8]) -> Vec<u8> {
    let data = [&well_known.to_be_bytes()[..], &[0; 4], value].concat();
    boxed(kind, &boxed(b"data", &data))
}

/// QuickTime metadata with these keys and texts.
fn keyed(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut keys = u32::try_from(pairs.len()).unwrap().to_be_bytes().to_vec();
    let mut items = Vec::new();
    for (index, (key, text)) in pairs.iter().enumerate() {
        keys.extend(boxed(b"mdta", key.as_bytes()));
        let number = u32::try_from(index + 1).unwrap().to_be_bytes();
        items.extend(item(&number, 1, text.as_bytes()));
    }
    let hdlr = full(b"hdlr", b"\0\0\0\0mdta\0\0\0\0\0\0\0\0\0\0\0\0");
    let body = [hdlr, full(b"keys", &keys), boxed(b"ilst", &items)].concat();
    boxed(b"meta", &body)
}

#[test]
fn a_motion_photo_says_where_when_and_with_sound() {
    let frame: &[u8] = b"frame";
    let video = Track {
        handler: b"vide",
        format: b"avc1",
        entry: &[],
        samples: &[frame],
    };
    let sound = Track {
        handler: b"soun",
        format: b"mp4a",
        entry: &[],
        samples: &[b"a", b"b"],
    };
    let found = look(&film(&[video, sound], &located()));
    let first = &found.findings[0];
    assert_eq!(first.what, "film of 2.9 s, 640×480, with sound");
    assert_eq!(
        (first.severity, first.role),
        (Severity::Critical, Role::Video)
    );
    assert!(near(&found, 59.3293, 18.0686));
    assert!(found.secrets.texts().any(|t| t == "+59.3293+018.0686/"));
    assert_eq!(by_role(&found, Role::TakenAt), ["2024-05-12T12:30:00Z"]);
    assert_eq!(
        by_role(&found, Role::Software),
        ["Core Media"],
        "once for two tracks"
    );
    let sound = found.findings.iter().find(|f| f.id == "mp4.track.sound");
    assert_eq!(sound.unwrap().what, "sound (mp4a, 2 samples)");
    assert!(found.findings.iter().all(|f| f.place.starts_with('T')));
}

#[test]
fn keys_and_items_by_their_names() {
    let meta = keyed(&[
        (
            "com.apple.quicktime.location.ISO6709",
            "+59.3293+018.0686+028.500/",
        ),
        ("com.apple.quicktime.make", "Apple"),
        ("com.apple.quicktime.model", "iPhone 15"),
        (
            "com.apple.quicktime.creationdate",
            "2024-05-12T14:30:00+0200",
        ),
        ("com.apple.quicktime.content.identifier", "6C1B0A9E-LIVE"),
        ("com.apple.quicktime.location.name", "Hemma"),
        ("com.android.version", "14.0"),
        ("se.example.note", "mumsfilibaba"),
    ]);
    let ilst = [item(b"\xA9ART", 1, b"Astrid"), item(b"apID", 1, b"a@b.se")].concat();
    let named = full(
        b"meta",
        &[full(b"hdlr", &[0; 20]), boxed(b"ilst", &ilst)].concat(),
    );
    let found = look(&film(&[], &[meta, boxed(b"udta", &named)].concat()));
    assert!(near(&found, 59.3293, 18.0686));
    assert_eq!(point(&found).unwrap().altitude, Some(28.5));
    assert_eq!(by_role(&found, Role::Make), ["Apple"]);
    assert_eq!(by_role(&found, Role::Model), ["iPhone 15"]);
    assert_eq!(by_role(&found, Role::LinkId), ["6C1B0A9E-LIVE"]);
    assert_eq!(by_role(&found, Role::PlaceName), ["Hemma"]);
    assert_eq!(by_role(&found, Role::PersonName), ["Astrid", "a@b.se"]);
    assert_eq!(by_role(&found, Role::Text), ["mumsfilibaba"]);
    assert_eq!(
        by_role(&found, Role::TakenAt),
        ["2024-05-12T12:30:00Z", "2024-05-12T14:30:00+02:00"]
    );
}

#[test]
fn loci_tells_longitude_first() {
    let fixed = |degrees: f64| (((degrees * 65536.0) as i32).to_be_bytes()).to_vec();
    let loci = [
        b"\x4A\x8EHemma\0\0".to_vec(),
        fixed(18.0686),
        fixed(-59.3293),
        fixed(28.5),
        b"earth\0hos mormor\0".to_vec(),
    ]
    .concat();
    let found = look(&film(&[], &boxed(b"udta", &full(b"loci", &loci))));
    assert!(near(&found, -59.3293, 18.0686));
    assert_eq!(by_role(&found, Role::PlaceName), ["Hemma", "hos mormor"]);
}

#[test]
fn telemetry_tracks_tell_their_first_point() {
    let mut camm5 = vec![0, 0, 5, 0];
    for degrees in [59.3293f64, 18.0686, 28.5] {
        camm5.extend(degrees.to_le_bytes());
    }
    let camm6 = [
        &b"\0\0\x06\0\0\0\0\0\0\0\0\0\x03\0\0\0"[..],
        &camm5[4..20],
        &28.5f32.to_le_bytes(),
    ]
    .concat();
    let gyro: &[u8] = b"\0\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let klv = |key: &[u8], kind: u8, row: u8, count: u16, values: &[u8]| {
        let mut out = [key, &[kind, row], &count.to_be_bytes(), values].concat();
        out.resize(out.len().next_multiple_of(4), 0);
        out
    };
    let row = [593_293_000i32, 180_686_000, 28_500, 0, 0];
    let row: Vec<u8> = row.iter().flat_map(|n| n.to_be_bytes()).collect();
    let scales = [10_000_000i32, 10_000_000, 1000, 1000, 100];
    let scales: Vec<u8> = scales.iter().flat_map(|n| n.to_be_bytes()).collect();
    let stream = [
        klv(b"SCAL", b'l', 4, 5, &scales),
        klv(b"GPSU", b'c', 16, 1, b"240512123000.000"),
        klv(b"GPS5", b'l', 20, 2, &[vec![0; 20], row].concat()),
    ]
    .concat();
    let stream = klv(b"STRM", 0, 1, u16::try_from(stream.len()).unwrap(), &stream);
    let gpmd = klv(b"DEVC", 0, 1, u16::try_from(stream.len()).unwrap(), &stream);
    let text = b"\0\x30[latitude: 59.3293] [longitude: 18.0686] [abs_alt: 2]";
    let mut free = b"freeGPS \0\0\0\0".to_vec();
    free.resize(48, 7);
    free.extend_from_slice(b"ANE\0");
    free.extend(5919.758f32.to_le_bytes());
    free.extend(1804.116f32.to_le_bytes());
    let key = [boxed(b"keyd", b"mdtacom.apple.quicktime.location.ISO6709")].concat();
    let mebx_entry = boxed(b"keys", &boxed(b"loc1", &key));
    let value = [&[0, 0, 0, 26][..], b"loc1+59.3293+018.0686/"].concat();
    for (format, entry, samples) in [
        (b"camm", &[][..], &[gyro, &camm5][..]),
        (b"camm", &[], &[gyro, &camm6]),
        (b"gpmd", &[], &[&gpmd]),
        (b"tx3g", &[], &[b"\0\0", text]),
        (b"mett", &[], &[b"$GPRMC,1,A,5919.758,N,01804.116,E,"]),
        (b"xxxx", &[], &[&free]),
        (b"mebx", &mebx_entry, &[&value]),
    ] {
        let track = Track {
            handler: b"meta",
            format,
            entry,
            samples,
        };
        let found = look(&film(&[track], &[]));
        let name = String::from_utf8_lossy(format).into_owned();
        assert!(near(&found, 59.3293, 18.0686), "{name}");
        assert_eq!(found.findings[0].severity, Severity::Critical, "{name}");
        let whole = found.findings.last().unwrap();
        let count = samples.len();
        assert!(
            whole.what.contains(&format!("({name}, {count} sample")),
            "{whole:?}"
        );
    }
}

#[test]
fn gps_blocks_between_samples_are_found() {
    let mut free = b"freeGPS \0\0\0\0".to_vec();
    free.resize(48, 7);
    free.extend_from_slice(b"ANW\0");
    free.extend(5919.758f32.to_le_bytes());
    free.extend(1804.116f32.to_le_bytes());
    let mut bytes = film(&[], &[]);
    bytes.extend(boxed(b"mdat", &[vec![9; 700_000], free].concat()));
    let found = look(&bytes);
    assert!(near(&found, 59.3293, -18.0686));
    let hidden = found.findings.iter().find(|f| f.id == "mp4.mdat.hidden");
    assert_eq!(hidden.unwrap().severity, Severity::Critical);
}

#[test]
fn what_nobody_knows_is_reported_and_kept_in_mind() {
    let boxes = [
        boxed(b"free", &[0; 64]),
        boxed(b"free", b"\0\0Encoded by Tjorven"),
        boxed(b"acme", b"serial-4711-x"),
        boxed(b"uuid", b"0123456789abcdefhemma hos mig"),
    ]
    .concat();
    let found = look(&film(&[], &boxes));
    let sizes: Vec<_> = found
        .findings
        .iter()
        .filter(|f| f.id == "mp4.vendor.boxes")
        .map(|f| f.value.clone())
        .collect();
    assert_eq!(
        sizes,
        [20, 13, 13].map(|n| Some(Value::Bytes(n))),
        "empty padding tells nothing"
    );
    let traces: Vec<_> = found.secrets.traces().collect();
    assert_eq!(
        traces,
        ["Encoded by Tjorven", "hemma hos mig", "serial-4711-x"]
    );
}

#[test]
fn second_picture_tracks_and_covers() {
    let still = Track {
        handler: b"vide",
        format: b"jpeg",
        entry: &[],
        samples: &[b"x"],
    };
    let cover = boxed(b"ilst", &item(b"covr", 13, b"\xFF\xD8\xFF\xE0rest"));
    let meta = full(b"meta", &[full(b"hdlr", &[0; 20]), cover].concat());
    let found = look(&film(&[still], &boxed(b"udta", &meta)));
    assert!(found.findings.iter().any(|f| f.id == "mp4.thumb.track"));
    assert!(found.findings.iter().any(|f| f.role == Role::Thumbnail));
}

#[test]
fn what_cannot_be_parsed_is_still_a_film() {
    for bytes in [
        &b""[..],
        b"\0\0\0\x18ftyp",
        b"\xFF\xFF\xFF\xFFmoov",
        &[0; 100],
    ] {
        let found = look(bytes);
        assert_eq!(found.findings[0].what, "film that cannot be parsed");
        assert_eq!(found.findings[0].severity, Severity::High);
    }
    // Boxes in boxes in boxes end somewhere.
    let mut deep = boxed(b"mdat", b"");
    for _ in 0..500 {
        deep = boxed(b"moov", &deep);
    }
    assert_eq!(look(&deep).findings.len(), 1);
    let mut deep = small();
    for _ in 0..500 {
        deep = boxed(b"mpvd", &deep);
    }
    assert!(!look(&deep).findings.is_empty());
}

#[test]
fn many_boxes_are_not_many_findings() {
    let boxes = boxed(b"acme", b"x").repeat(50_000);
    let found = look(&film(&[], &[boxes, located()].concat()));
    assert!(found.findings.len() < MOST_FINDINGS + 10);
    assert!(
        near(&found, 59.3293, 18.0686),
        "a point is told in any case"
    );
}

#[test]
fn extent_ends_with_the_last_box() {
    let film = small();
    let len = crate::model::len_u64(film.len());
    for tail in [
        &b""[..],
        b"\0\0\x01\x0Aab",
        b"\0\0\0\x09\0\0\x0A\x01x",
        b"\xFF\xD8\xFF\xE0",
    ] {
        let bytes = [&film[..], tail].concat();
        let end = with_context(|cx| extent(&Source::memory(&bytes), cx)).unwrap();
        assert_eq!(end, len, "{tail:?}");
    }
}

#[test]
fn damaged_films_neither_panic_nor_hang() {
    let gps = [
        0u8, 0, 5, 0, 1, 2, 3, 4, 5, 6, 7, 64, 1, 2, 3, 4, 5, 6, 7, 64,
    ];
    let tracks = [
        Track {
            handler: b"meta",
            format: b"camm",
            entry: &[],
            samples: &[&gps, &gps],
        },
        Track {
            handler: b"vide",
            format: b"avc1",
            entry: &[3; 70],
            samples: &[b"abc"],
        },
    ];
    let keys = keyed(&[("com.apple.quicktime.make", "Apple")]);
    let whole = film(&tracks, &[located(), keys].concat());
    assert!(MADE > 0 && look(&whole).findings.len() > 5);
    for len in 0..whole.len() {
        look(&whole[..len]);
    }
    let mut random = 0x2545_F491_4F6C_DD1Du64;
    for _ in 0..3000 {
        let mut bytes = whole.clone();
        for _ in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let at = usize::try_from(random >> 16).unwrap() % bytes.len();
            bytes[at] = [0, 0xFF, 1, (random & 0xFF) as u8][(random >> 8) as usize % 4];
        }
        look(&bytes);
    }
}
