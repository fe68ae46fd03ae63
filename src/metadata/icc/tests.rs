use super::*;
use crate::bytes::testing::with_context;
use crate::model::{Found, Role, Value};

/// A profile of these tags, with a header full of things to lose.
fn profile(major: u8, tags: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut out = vec![0xEE; HEADER];
    out[8..12].copy_from_slice(&[major, 0x10, 0, 0]);
    out[12..24].copy_from_slice(b"mntrRGB XYZ ");
    out[24..36].copy_from_slice(&[0x07, 0xE8, 0, 5, 0, 12, 0, 14, 0, 30, 0, 1]);
    out[36..40].copy_from_slice(b"acsp");
    out[48..56].copy_from_slice(b"DELLU272");
    out[64..68].copy_from_slice(&[0, 0, 0, 1]);
    out[68..80].copy_from_slice(&[0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]);
    out[100..].fill(0);
    let mut at = HEADER + 4 + tags.len() * 12;
    out.extend_from_slice(&u32::try_from(tags.len()).unwrap().to_be_bytes());
    for (tag, data) in tags {
        out.extend_from_slice(*tag);
        out.extend_from_slice(&u32::try_from(at).unwrap().to_be_bytes());
        out.extend_from_slice(&u32::try_from(data.len()).unwrap().to_be_bytes());
        at += data.len();
    }
    for (_, data) in tags {
        out.extend_from_slice(data);
    }
    let size = u32::try_from(out.len()).unwrap().to_be_bytes();
    out[..4].copy_from_slice(&size);
    out
}

const XYZ: &[u8] = b"XYZ \0\0\0\0aaaabbbbcccc";
const GAMMA: &[u8] = b"curv\0\0\0\0\0\0\0\x01\x02\x33";

fn mmod() -> Vec<u8> {
    let numbers = [0x0610_u32, 0xA019, 0x1234_5678, 0xC67A_E380, 0, 0, 0, 0];
    let numbers = numbers.iter().flat_map(|n| n.to_be_bytes());
    b"mmod\0\0\0\0".iter().copied().chain(numbers).collect()
}

fn meta() -> Vec<u8> {
    let utf16 = |s: &str| {
        s.encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<u8>>()
    };
    let (name, value) = (utf16("EDID_serial"), utf16("CFV9N8AB"));
    let mut out = b"dict\0\0\0\0\0\0\0\x01\0\0\0\x10".to_vec();
    for n in [32, name.len(), 32 + name.len(), value.len()] {
        out.extend_from_slice(&u32::try_from(n).unwrap().to_be_bytes());
    }
    [out, name, value].concat()
}

fn monitor() -> Vec<u8> {
    let desc = names::description_tag("Anna's DELL U2720Q", 2);
    let targ = b"text\0\0\0\0INSTRUMENT_SERIAL 77341\0";
    profile(
        2,
        &[
            (b"desc", &desc),
            (b"rXYZ", XYZ),
            (b"gXYZ", XYZ),
            (b"rTRC", GAMMA),
            (b"gTRC", &[GAMMA, b"secret slack"].concat()),
            (b"mmod", &mmod()),
            (b"meta", &meta()),
            (b"targ", targ),
            (b"vcgt", b"vcgt\0\0\0\0calibration"),
        ],
    )
}

fn reading(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    with_context(|cx| read(bytes, "ICC", cx, &mut found)).unwrap();
    found
}

fn scrubbed(bytes: &[u8]) -> Result<Vec<u8>> {
    with_context(|cx| scrub(bytes, cx))
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn there_is_one_illuminant() {
    let mut dirty = monitor();
    dirty[68..80].copy_from_slice(b"57.7N 11.97E");
    let clean = scrubbed(&dirty).unwrap();
    assert_eq!(clean, scrubbed(&monitor()).unwrap());
    dirty[68..80].copy_from_slice(&[0, 0, 0xF6, 0xD5, 0, 1, 0, 0, 0, 0, 0xD3, 0x2C]);
    assert_eq!(scrubbed(&dirty).unwrap()[68..80], dirty[68..80]);
}

#[test]
fn a_display_profile_loses_its_display() {
    let dirty = monitor();
    let clean = scrubbed(&dirty).unwrap();
    for secret in [
        &b"Anna"[..],
        b"DELL",
        b"mmod",
        b"meta",
        b"7341",
        b"slack",
        b"calib",
        b"\x12\x34\x56",
    ] {
        assert!(
            contains(&dirty, secret) && !contains(&clean, secret),
            "{secret:?}"
        );
    }
    assert_eq!(clean[4..8], [0; 4]);
    assert_eq!(clean[8..24], dirty[8..24], "version, class, spaces");
    assert_eq!(clean[24..36], [0; 12], "date");
    assert_eq!(clean[64..80], dirty[64..80], "intent and illuminant");
    assert_eq!(clean[80..HEADER], [0; 48]);
    assert_eq!(&clean[HEADER..HEADER + 4], 5_u32.to_be_bytes());
    assert_eq!(
        u32::from_be_bytes(clean[..4].try_into().unwrap()) as usize,
        clean.len()
    );
    assert_eq!(scrubbed(&clean).unwrap(), clean, "idempotent");

    let found = reading(&dirty);
    for text in [
        "Anna's DELL U2720Q",
        "APP 0xA019",
        "0x12345678",
        "CFV9N8AB",
        "2009-07-09",
        "2024-05-12T14:30:01",
    ] {
        assert!(found.has_text(text), "{text} in {:#?}", found.findings);
    }
    for id in [
        "icc.header",
        "icc.mmod",
        "icc.meta",
        "icc.text",
        "icc.slack",
        "icc.unknown",
    ] {
        assert!(found.findings.iter().any(|f| f.id == id), "{id}");
    }
    assert!(found.findings.iter().any(|f| f.role == Role::Serial));
    assert!(
        found
            .secrets
            .traces()
            .any(|text| text.contains("secret slack"))
    );
    assert!(
        reading(&clean).findings.is_empty(),
        "{:?}",
        reading(&clean).findings
    );
}

#[test]
fn equal_data_is_written_once_and_order_does_not_matter() {
    let one = scrubbed(&profile(
        2,
        &[(b"rXYZ", XYZ), (b"rTRC", GAMMA), (b"gTRC", GAMMA)],
    ))
    .unwrap();
    let two = scrubbed(&profile(
        2,
        &[(b"gTRC", GAMMA), (b"rTRC", GAMMA), (b"rXYZ", XYZ)],
    ))
    .unwrap();
    assert_eq!(one, two);
    assert_eq!(one.windows(4).filter(|w| w == b"curv").count(), 1);
}

#[test]
fn names_of_standard_profiles_stay() {
    for major in [2, 4] {
        let desc = names::description_tag("sRGB IEC61966-2.1", 6 - major);
        let clean = scrubbed(&profile(major, &[(b"desc", &desc), (b"rXYZ", XYZ)])).unwrap();
        let tag = names::description_tag("sRGB IEC61966-2.1", major);
        assert!(contains(&clean, &tag));
        let found = reading(&profile(major, &[(b"desc", &desc), (b"rXYZ", XYZ)]));
        assert!(!found.findings.is_empty());
        assert!(
            !found.secrets.texts().any(|t| t.contains("sRGB")),
            "it stays"
        );
    }
}

#[test]
fn damage_that_touches_colours_is_refused() {
    let cut = &GAMMA[..12];
    assert!(scrubbed(&profile(2, &[(b"rTRC", cut)])).is_err(), "curve");
    assert!(
        scrubbed(&profile(2, &[(b"bkpt", cut)])).is_ok(),
        "black point"
    );
    assert!(
        scrubbed(&profile(2, &[(b"rTRC", GAMMA), (b"rTRC", GAMMA)])).is_err(),
        "twice"
    );
    assert!(
        scrubbed(&profile(5, &[(b"rTRC", GAMMA)])).is_err(),
        "version 5"
    );
    assert!(scrubbed(b"test iccp contents").is_err());
    let found = reading(b"test iccp contents");
    assert_eq!(found.findings[0].id, "icc.broken");
    assert_eq!(found.findings[0].value, Some(Value::Bytes(18)));
}

#[test]
fn tables_end_where_their_counts_say() {
    let mut lut = b"mft2\0\0\0\0\x03\x03\x02\0".to_vec();
    lut.extend_from_slice(&[7; 36]);
    lut.extend_from_slice(&[0, 2, 0, 2]);
    lut.extend_from_slice(&[9; (3 * 2 + 8 * 3 + 3 * 2) * 2]);
    let dirty = [lut.as_slice(), b"hidden"].concat();
    let clean = scrubbed(&profile(2, &[(b"A2B0", &dirty)])).unwrap();
    assert!(contains(&clean, &lut) && !contains(&clean, b"hidden"));
    assert!(scrubbed(&profile(2, &[(b"A2B0", &lut[..lut.len() - 1])])).is_err());

    // mAB with a B curve, slack, a matrix: written without the slack.
    let mut lut = b"mAB \0\0\0\0\x01\x01ab".to_vec();
    for n in [48_u32, 80, 0, 0, 0] {
        lut.extend_from_slice(&n.to_be_bytes());
    }
    lut.extend_from_slice(b"slack!slack!slack!");
    lut.resize(48, b'!');
    lut.extend_from_slice(GAMMA);
    lut.resize(80, b'!');
    lut.extend_from_slice(&[5; 48]);
    let clean = scrubbed(&profile(4, &[(b"A2B0", &lut)])).unwrap();
    assert!(contains(&clean, &[5; 48]) && contains(&clean, GAMMA) && !contains(&clean, b"!"));
    assert_eq!(scrubbed(&clean).unwrap(), clean);
}

#[test]
fn processing_elements_are_made_anew() {
    let matrix = [b"matf\0\0\0\0\0\x01\0\x01".as_slice(), &[3; 8]].concat();
    let mut mpet = b"mpet????\0\x01\0\x01\0\0\0\x01".to_vec();
    for n in [28, matrix.len()] {
        mpet.extend_from_slice(&u32::try_from(n).unwrap().to_be_bytes());
    }
    mpet.extend_from_slice(b"gap!");
    mpet.extend_from_slice(&matrix);
    let clean = scrubbed(&profile(4, &[(b"D2B0", &mpet)])).unwrap();
    assert!(contains(&clean, &matrix) && !contains(&clean, b"gap") && !contains(&clean, b"??"));
    assert_eq!(scrubbed(&clean).unwrap(), clean);
}

#[test]
fn no_damage_makes_it_panic_or_say_nothing() {
    let dirty = monitor();
    for at in 0..dirty.len() {
        let mut bytes = dirty.clone();
        bytes[at] ^= 0xFF;
        if let Ok(clean) = scrubbed(&bytes) {
            assert_eq!(scrubbed(&clean).unwrap(), clean, "flip at {at}");
        }
        assert!(!reading(&bytes).findings.is_empty());
        let _ = scrubbed(&dirty[..at]);
        assert!(at == 0 || !reading(&dirty[..at]).findings.is_empty());
    }
}
