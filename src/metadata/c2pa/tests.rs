use super::*;
use crate::bytes::testing::with_context;
use crate::model::{Place, Value};

fn bx(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len() + 8).unwrap().to_be_bytes();
    [&len[..], kind, payload].concat()
}

fn superbox(label: &str, content: &[Vec<u8>]) -> Vec<u8> {
    let description = [&[7; 16][..], &[3], label.as_bytes(), &[0]].concat();
    bx(
        b"jumb",
        &[bx(b"jumd", &description), content.concat()].concat(),
    )
}

/// CBOR: heads with lengths up to 65,535.
fn head(major: u8, len: usize) -> Vec<u8> {
    let [high, low] = u16::try_from(len).unwrap().to_be_bytes();
    vec![major << 5 | 25, high, low]
}

fn t(text: &str) -> Vec<u8> {
    [head(3, text.len()), text.as_bytes().to_vec()].concat()
}

fn b(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len()), bytes.to_vec()].concat()
}

fn map(pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let content: Vec<u8> = pairs
        .iter()
        .flat_map(|(k, v)| [k.clone(), v.clone()].concat())
        .collect();
    [head(5, pairs.len()), content].concat()
}

fn array(items: &[Vec<u8>]) -> Vec<u8> {
    [head(4, items.len()), items.concat()].concat()
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82, high, low], content].concat()
}

fn certificate() -> Vec<u8> {
    let name = |oid: &[u8], text: &str| {
        der(
            0x31,
            &der(0x30, &[der(6, oid), der(0x0C, text.as_bytes())].concat()),
        )
    };
    let subject = [
        name(&[0x55, 4, 3], "Anna's camera"),
        name(&[0x55, 4, 10], "Kamera AB"),
    ]
    .concat();
    let to_be_signed = [
        der(0xA0, &der(2, &[2])),
        der(2, &[0x12, 0x34]),
        der(0x30, &[]),
        der(0x30, &name(&[0x55, 4, 3], "Issuer")),
        der(0x30, &[]),
        der(0x30, &subject),
    ];
    der(0x30, &der(0x30, &to_be_signed.concat()))
}

fn manifest() -> Vec<u8> {
    let claim = map(&[
        (t("claim_generator"), t("Editor/9 c2pa-rs")),
        (
            t("claim_generator_info"),
            array(&[map(&[(t("name"), t("Editor")), (t("version"), t("9.1"))])]),
        ),
        (t("dc:title"), t("IMG_4711.jpg")),
        (t("instanceID"), t("xmp:iid:77")),
        (t("signature"), t("self#jumbf=c2pa.signature")),
    ]);
    let actions = map(&[(
        t("actions"),
        array(&[map(&[
            (t("action"), t("c2pa.created")),
            (
                t("when"),
                [&[0xC0][..], &t("2024-05-12T14:30:00Z")].concat(),
            ),
            (t("softwareAgent"), t("Phone 12")),
        ])]),
    )]);
    let exif = b"{\"@context\":{\"exif\":\"http://ns.adobe.com/exif/1.0/\"},\"exif:GPSLatitude\":\"39,21.102N\",\
        \"exif:GPSLongitude\":\"74,26.5737W\",\"exif:Make\":\"Maker\"}";
    let work =
        b"{\"@type\":\"CreativeWork\",\"author\":[{\"@type\":\"Person\",\"name\":\"Anna Berg\"}]}";
    let soft = map(&[(t("alg"), t("com.example.mark"))]);
    let token = [&b"xx\x18\x0F20240513080000Z"[..], b"more"].concat();
    let signature = [
        vec![0xD2],
        array(&[
            b(&map(&[(vec![1], vec![0x26])])),
            map(&[
                (vec![0x18, 33], array(&[b(&certificate()), b(b"the next")])),
                (
                    t("sigTst"),
                    map(&[(t("tstTokens"), array(&[map(&[(t("val"), b(&token))])]))]),
                ),
            ]),
            vec![0xF6],
            b(&[9; 64]),
        ]),
    ]
    .concat();
    superbox(
        "c2pa",
        &[superbox(
            "urn:uuid:1",
            &[
                superbox(
                    "c2pa.assertions",
                    &[
                        superbox("c2pa.actions.v2", &[bx(b"cbor", &actions)]),
                        superbox("stds.exif", &[bx(b"c2sh", &[1; 16]), bx(b"json", exif)]),
                        superbox("stds.schema-org.CreativeWork", &[bx(b"json", work)]),
                        superbox("c2pa.soft-binding", &[bx(b"cbor", &soft)]),
                        superbox(
                            "c2pa.thumbnail.claim.jpeg",
                            &[bx(b"bfdb", b"\0image/jpeg\0"), bx(b"bidb", &[8; 99])],
                        ),
                        superbox(
                            "org.example.diary",
                            &[bx(b"cbor", &map(&[(t("entry"), t("dear diary"))]))],
                        ),
                    ],
                ),
                superbox("c2pa.claim", &[bx(b"cbor", &claim)]),
                superbox("c2pa.signature", &[bx(b"cbor", &signature)]),
            ],
        )],
    )
}

fn reading(boxes: &[u8]) -> Found {
    let mut found = Found::default();
    with_context(|cx| read(boxes, "C2PA", cx, &mut found)).unwrap();
    found
}

#[test]
fn who_signed_what_when_and_with_what() {
    let found = reading(&manifest());
    for (role, texts) in [
        (
            Role::PersonName,
            &["Anna Berg", "Anna's camera", "Kamera AB"][..],
        ),
        (
            Role::Software,
            &["Phone 12", "Editor/9 c2pa-rs", "Editor", "9.1"],
        ),
        (
            Role::OtherTime,
            &["2024-05-12T14:30:00Z", "2024-05-13T08:00:00Z"],
        ),
        (Role::Path, &["IMG_4711.jpg"]),
        (Role::LinkId, &["xmp:iid:77", "1234"]),
        (Role::Make, &["Maker"]),
    ] {
        let values: Vec<&str> = found
            .findings
            .iter()
            .filter(|f| f.role == role)
            .filter_map(|f| match &f.value {
                Some(Value::Text(text) | Value::Time(text)) => Some(text.raw()),
                _ => None,
            })
            .collect();
        assert_eq!(values, texts, "{role:?}");
    }
    let place = Place::new(39.0 + 21.102 / 60.0, -(74.0 + 26.5737 / 60.0)).unwrap();
    assert!(
        found
            .findings
            .iter()
            .any(|f| f.value == Some(Value::Place(place)))
    );
    for id in ["c2pa.manifest", "c2pa.softbinding", "c2pa.thumbnail"] {
        assert_eq!(
            found.findings.iter().filter(|f| f.id == id).count(),
            1,
            "{id}"
        );
    }
    assert!(
        found
            .findings
            .iter()
            .any(|f| f.what == "org.example.diary: 1 other values")
    );
    assert!(found.secrets.texts().any(|text| text == "dear diary"));
    assert!(!found.has_text("Issuer"));
}

#[test]
fn what_is_not_understood_is_still_a_finding() {
    let found = reading(b"not a box but some long text");
    assert_eq!(found.findings.len(), 1);
    assert_eq!(found.findings[0].id, "c2pa.manifest");
    assert!(
        found
            .secrets
            .traces()
            .any(|text| text.contains("some long text"))
    );
    let deep = (0..100_000_u32)
        .flat_map(|_| *b"\0\0\0\0jumb")
        .collect::<Vec<u8>>();
    assert_eq!(reading(&deep).findings.len(), 1);
    let json = superbox("a", &[bx(b"json", &[b'['; 100_000])]);
    assert_eq!(reading(&json).findings.len(), 1);
}

#[test]
fn no_damage_makes_it_panic() {
    let whole = manifest();
    for at in 0..whole.len() {
        assert!(!reading(&whole[..at]).findings.is_empty());
        let mut flipped = whole.clone();
        flipped[at] ^= 0xFF;
        assert!(!reading(&flipped).findings.is_empty());
    }
}
