use super::super::exif;
use super::super::exif::testing::{Dir, block};
use super::redactions;
use crate::bytes::testing::with_context;
use crate::bytes::{Budget, Context, NoNested, Order};
use crate::containers::tiff::ifd::Tiff;
use crate::model::{Category, Finding, Found, Limits, Policy, Role, Span, Value};

use Order::{Big, Little};

/// Where a note stands in the blocks of [`wrap`].
const NOTE_AT: usize = 8 + 2 + 24 + 4 + 16 + 2 + 12 + 4;

/// A block whose only long values are a make of 16 bytes and a note.
fn wrap(order: Order, make: &str, note: &[u8]) -> Vec<u8> {
    let make = format!("{make:15.15}");
    let exif = Dir::default().undefined(0x927C, note);
    let out = block(
        order,
        &[Dir::default().ascii(0x010F, &make).dir(0x8769, exif)],
    );
    assert_eq!(&out[NOTE_AT..NOTE_AT + 4], &note[..4]);
    out
}

/// A directory behind a header, with offsets that count from `base` bytes before the note.
fn note(header: &[u8], dir: &Dir, order: Order, before: usize) -> Vec<u8> {
    let mut out = vec![0; before];
    out.extend_from_slice(header);
    dir.write(&mut out, 0, order);
    out.split_off(before)
}

fn look(block: &[u8]) -> (exif::Facts, Found) {
    let mut found = Found::default();
    let facts = with_context(|cx| exif::read(block, "", cx, &mut found)).unwrap();
    (facts, found)
}

fn text(finding: &Finding) -> &str {
    match &finding.value {
        Some(Value::Text(text) | Value::Time(text)) => text.raw(),
        _ => "",
    }
}

/// What the note says: role and text of each value with a name.
fn said(found: &Found) -> Vec<(Role, &str)> {
    found
        .findings
        .iter()
        .filter(|finding| finding.id.starts_with("exif.makernote."))
        .map(|finding| (finding.role, text(finding)))
        .collect()
}

fn maker(found: &Found) -> &str {
    let note = found.findings.iter().find(|f| f.id == "exif.makernote");
    note.unwrap().what.strip_prefix("maker note of ").unwrap()
}

#[test]
fn apple() {
    let dir = Dir::default()
        .ascii(0x000B, "7D5A1F3E-2B9C-4C55-8A77-0F0E3D6B9A11")
        .ascii(0x0011, "1D5A1F3E-2B9C-4C55-8A77-0F0E3D6B9A12")
        .srational(0x0021, &[(-3, 7)])
        .ascii(0x002B, "2D5A1F3E-2B9C-4C55-8A77-0F0E3D6B9A13")
        .srational(0x0030, &[(5, 9)]);
    let note = note(b"Apple iOS\0\0\x01MM", &dir, Big, 0);
    for order in [Big, Little] {
        let (facts, found) = look(&wrap(order, "Apple", &note));
        assert_eq!(maker(&found), "Apple");
        assert_eq!(facts.apple_hdr, Some([(-3, 7), (5, 9)]));
        let said = said(&found);
        assert_eq!(said.len(), 3);
        assert!(
            said.iter()
                .all(|(role, id)| *role == Role::LinkId && id.len() == 36)
        );
        // Our own notes begin so too.
        assert!(
            !found
                .secrets
                .texts()
                .chain(found.secrets.traces())
                .any(|text| text.contains("Apple iOS"))
        );
    }
}

#[test]
fn apple_with_one_of_the_hdr_values() {
    let dir = Dir::default().srational(0x0021, &[(-3, 7)]);
    let (facts, _) = look(&wrap(
        Big,
        "Apple",
        &note(b"Apple iOS\0\0\x01MM", &dir, Big, 0),
    ));
    assert_eq!(facts.apple_hdr, Some([(-3, 7), (0, 0)]));
    let broken = Dir::default().srational(0x0030, &[(5, 0)]);
    let note = note(b"Apple iOS\0\0\x01MM", &broken, Big, 0);
    assert_eq!(look(&wrap(Big, "Apple", &note)).0.apple_hdr, None);
}

fn canon() -> Dir {
    Dir::default()
        .ascii(0x0007, "Firmware Version 1.1.1")
        .ascii(0x0009, "Anna Andersson")
        .long(0x000C, &[560_018_150])
        .long(0x0035, &[16, 60, 19, 0])
        .ascii(0x0096, "G002669-INTERNAL")
}

const CANON_SAYS: [(Role, &str); 5] = [
    (Role::Software, "Firmware Version 1.1.1"),
    (Role::PersonName, "Anna Andersson"),
    (Role::Serial, "0560018150"),
    (Role::PlaceName, "Paris"),
    (Role::Serial, "G002669-INTERNAL"),
];

#[test]
fn canon_in_both_orders() {
    for order in [Big, Little] {
        let note = note(b"", &canon(), order, NOTE_AT);
        let (_, found) = look(&wrap(order, "Canon", &note));
        assert_eq!(maker(&found), "Canon");
        assert_eq!(said(&found), CANON_SAYS);
    }
}

#[test]
fn the_number_of_a_file_goes_and_the_lens_beside_it_stays() {
    let numbers: Vec<u8> = [12_u16, 24, 100, 0, 0, 0x1234]
        .iter()
        .flat_map(|n| n.to_le_bytes())
        .collect();
    let note = note(
        b"",
        &Dir::default().raw(0x0093, 3, 6, &numbers),
        Little,
        NOTE_AT,
    );
    let block = wrap(Little, "Canon", &note);
    let at = memchr::memmem::find(&block, &note).unwrap() as u64;
    let (tiff, _) = Tiff::open(&block).unwrap();
    let span = Span::new(at, at + note.len() as u64);
    let redacted = with_context(|cx| redactions(tiff, span, "Canon", "", cx)).unwrap();
    let [redaction] = &redacted.0[..] else {
        panic!("{:?}", redacted.0);
    };
    assert_eq!(redaction.finding.id, "exif.makernote.counter");
    assert_eq!(
        redaction.bytes,
        [&numbers[..2], &[0; 4], &numbers[6..]].concat()
    );
}

#[test]
fn offsets_that_a_careless_editor_broke_are_mended() {
    // The note once stood 500 bytes further on, or in a block of its own.
    for wrong in [NOTE_AT + 500, 0] {
        let note = note(b"", &canon(), Little, wrong);
        let (_, found) = look(&wrap(Little, "Canon", &note));
        assert_eq!(said(&found), CANON_SAYS, "{wrong}");
    }
    // The order of the note is not always that of the block.
    let note = note(b"", &canon(), Little, NOTE_AT);
    assert_eq!(said(&look(&wrap(Big, "Canon", &note)).1), CANON_SAYS);
}

#[test]
fn nikon_with_a_header_of_its_own() {
    let place = [&b"0100\0SWE\x0CUppsala"[..], &[0; 40]].concat();
    let dir = Dir::default()
        .ascii(0x001D, "3001006")
        .raw(0x0024, 8, 2, &[0, 60, 0, 0])
        .undefined(0x0039, &place)
        .undefined(0x00B6, &[0x07, 0xE8, 5, 12, 14, 30, 0, 0])
        .long(0x00A7, &[48_857]);
    let inner = block(Big, &[dir]);
    let note = [&b"Nikon\0\x02\x10\0\0"[..], &inner].concat();
    let (_, found) = look(&wrap(Little, "NIKON CORPORATION", &note));
    assert_eq!(maker(&found), "Nikon");
    assert_eq!(
        said(&found),
        [
            (Role::Serial, "3001006"),
            (Role::Other, "+01:00"),
            (Role::PlaceName, "SWE; Uppsala"),
            (Role::OtherTime, "2024-05-12T14:30:00"),
            (Role::Other, "48857"),
        ]
    );
}

#[test]
fn nikon_firmware_is_deciphered() {
    // From a D2Hs: version 0207 would be enciphered, 0103 is not.
    let dir = |shot: &[u8]| {
        Dir::default()
            .ascii(0x001D, "3001006")
            .undefined(0x0091, shot)
            .long(0x00A7, &[2])
    };
    let plain = note(b"Nikon\0\x01\0", &dir(b"01031.02c\0\0"), Little, NOTE_AT);
    let (_, found) = look(&wrap(Little, "NIKON", &plain));
    assert!(said(&found).contains(&(Role::Software, "1.02c")));
    let noise = note(
        b"Nikon\0\x01\0",
        &dir(b"0207\xFF\xFF\xFF\xFF\xFF\xFF"),
        Little,
        NOTE_AT,
    );
    let (_, found) = look(&wrap(Little, "NIKON", &noise));
    assert!(!said(&found).iter().any(|(role, _)| *role == Role::Software));
}

#[test]
fn panasonic_knows_the_family() {
    let face = |name: &str, age: &str| {
        let mut record = vec![0; 48];
        record[..name.len()].copy_from_slice(name.as_bytes());
        record[28..28 + age.len()].copy_from_slice(age.as_bytes());
        record
    };
    let faces = [
        &[2, 0, 0, 0][..],
        &face("Elsa", "0003:02:01"),
        &face("Nils", ""),
        &face("Ghost", ""),
    ];
    let dir = Dir::default()
        .undefined(0x0025, b"F590907130182\0\0\0")
        .undefined(0x0061, &faces.concat())
        .undefined(0x0066, b"Elsa\0\0\0\0\0\0\0\0")
        .undefined(0x0069, b"Sverige\0\0\0\0\0")
        .undefined(0x006D, "Malmö\0\0\0\0\0".as_bytes())
        .undefined(0x006F, b"Turning Torso\0\0\0")
        .ascii(0x0052, "08JG1201858");
    let note = note(b"Panasonic\0\0\0", &dir, Little, NOTE_AT);
    let (_, found) = look(&wrap(Little, "Panasonic", &note));
    assert_eq!(
        said(&found),
        [
            (Role::Serial, "F590907130182"),
            (Role::PersonName, "Elsa; 0003:02:01; Nils"),
            (Role::PersonName, "Elsa"),
            (Role::PlaceName, "Sverige"),
            (Role::PlaceName, "Malmö"),
            (Role::PlaceName, "Turning Torso"),
            (Role::Serial, "08JG1201858"),
        ]
    );
    let secrets: Vec<_> = found
        .secrets
        .texts()
        .chain(found.secrets.traces())
        .collect();
    for secret in ["Elsa", "Nils", "Malmö", "Turning Torso"] {
        assert!(secrets.contains(&secret));
    }
}

#[test]
fn olympus_equipment() {
    let equipment = Dir::default()
        .ascii(0x0101, "C90500055")
        .ascii(0x0102, "0171612001128001")
        .long(0x0104, &[0x1003])
        .ascii(0x0202, "050105886");
    let expected = [
        (Role::Serial, "C90500055"),
        (Role::Serial, "0171612001128001"),
        (Role::Software, "1.003"),
        (Role::Serial, "050105886"),
    ];
    let dir = Dir::default().dir(0x2010, equipment.clone());
    for header in [&b"OLYMPUS\0II\x03\0"[..], b"OM SYSTEM\0\0\0II\x04\0"] {
        let note = note(header, &dir, Little, 0);
        let (_, found) = look(&wrap(Big, "OLYMPUS", &note));
        assert_eq!(said(&found), expected);
    }
    // Older cameras put the directory into a value, and count from the block.
    let mut inner = Vec::new();
    equipment.write(&mut inner, 0, Little);
    let dir = Dir::default().undefined(0x2010, &inner);
    let old = note(b"OLYMP\0\x01\0", &dir, Little, NOTE_AT);
    assert_eq!(said(&look(&wrap(Little, "OLYMPUS", &old)).1), expected);
}

#[test]
fn pentax_cities_and_owner() {
    let dir = Dir::default()
        .undefined(0x0006, &[0x07, 0xE8, 5, 12])
        .short(0x0023, 69)
        .short(0x0024, 21)
        .long(0x0215, &[0x12B9C, 20_070_913, 1, 0, 4_711_815])
        .ascii(0x0229, "3034671")
        .ascii(0x022E, "Anna Andersson");
    let expected = [
        (Role::OtherTime, "2024-05-12"),
        (Role::PlaceName, "Stockholm"),
        (Role::PlaceName, "Paris"),
        (
            Role::Serial,
            "internal serial number 4711815, made 20070913",
        ),
        (Role::Serial, "3034671"),
        (Role::PersonName, "Anna Andersson"),
    ];
    let old = note(b"AOC\0MM", &dir, Big, NOTE_AT);
    assert_eq!(said(&look(&wrap(Big, "PENTAX", &old)).1), expected);
    for header in [&b"PENTAX \0MM"[..], b"RICOH\0MM"] {
        let new = note(header, &dir, Big, 0);
        assert_eq!(said(&look(&wrap(Little, "RICOH", &new)).1), expected);
    }
}

#[test]
fn samsung_fujifilm_sony_ricoh() {
    let dir = Dir::default()
        .undefined(0x0001, b"0100")
        .ascii(0x0030, "Stora torget, Lund")
        .ascii(0x0123, "Anna")
        .ascii(0xA002, "A1B2C3D4E5");
    let samsung = note(b"", &dir, Little, 0);
    let (_, found) = look(&wrap(Little, "SAMSUNG", &samsung));
    assert_eq!(
        said(&found),
        [
            (Role::PlaceName, "Stora torget, Lund"),
            (Role::PersonName, "Anna"),
            (Role::Serial, "A1B2C3D4E5")
        ]
    );

    let mut faces = vec![0; 8 * 8 + 62];
    faces[..8].copy_from_slice(&[64, 0, 0, 0, 62, 0, 0, 0]);
    faces[64 + 30..64 + 38].copy_from_slice(&[4, 0, 0, 0, 126, 0, 0, 0]);
    faces[64 + 54..64 + 62].copy_from_slice(&[8, 0, 0, 0, 130, 0, 0, 0]);
    faces.extend(b"Elsa20190102");
    let dir = Dir::default()
        .ascii(0x0010, "FPX20017035 592D31313034060427796060110384")
        .undefined(0x4282, &faces);
    let fuji = note(b"FUJIFILM\x0C\0\0\0", &dir, Little, 0);
    // Always in this order, whatever the block is in.
    let (_, found) = look(&wrap(Big, "FUJIFILM", &fuji));
    assert_eq!(
        said(&found),
        [
            (Role::Serial, "FPX20017035 592D31313034060427796060110384"),
            (Role::PersonName, "Elsa; 20190102")
        ]
    );

    let dir = Dir::default().ascii(0x2031, "01234567");
    let sony = note(b"SONY DSC \0\0\0", &dir, Little, NOTE_AT);
    let (_, found) = look(&wrap(Little, "SONY", &sony));
    assert_eq!(said(&found), [(Role::Serial, "01234567")]);

    let info = Dir::default().ascii(0x0004, "2005:06:06");
    let mut inner = b"[Ricoh Camera Info]\0".to_vec();
    info.write(&mut inner, 0, Big);
    let dir = Dir::default()
        .ascii(0x0002, "Rev2219")
        .undefined(
            0x0005,
            &[0, 0, 0, 0, 1, 0x22, 7, 0, 0, 3, 0x10, 9, 0x57, 1, 2, 3],
        )
        .undefined(0x2001, &inner);
    let ricoh = note(b"RICOH\0\0\0", &dir, Big, NOTE_AT);
    let (_, found) = look(&wrap(Big, "RICOH", &ricoh));
    assert_eq!(
        said(&found),
        [
            (Role::Software, "Rev2219"),
            (Role::Serial, "00000000012207000003100957010203"),
            (Role::Serial, "2005:06:06")
        ]
    );
}

#[test]
fn dji_flight() {
    let float = |n: f32| n.to_le_bytes();
    let dir = Dir::default()
        .ascii(0x0001, "DJI")
        .raw(0x0003, 11, 1, &float(1.5))
        .raw(0x0007, 11, 1, &float(-90.25));
    let (_, found) = look(&wrap(Little, "DJI", &note(b"", &dir, Little, NOTE_AT)));
    assert_eq!(
        said(&found),
        [(Role::Other, "1.5"), (Role::Other, "-90.25")]
    );
    assert!(
        found
            .findings
            .iter()
            .any(|f| f.category == Category::Location)
    );
    let (_, found) = look(&wrap(
        Little,
        "DJI",
        b"[ae_dbg_info:0123456789][sensor:9876543210]",
    ));
    assert_eq!(maker(&found), "DJI");
    assert!(
        found
            .findings
            .iter()
            .any(|f| text(f).contains("sensor:98765"))
    );
}

#[test]
fn what_is_not_understood_is_told_and_its_text_remembered() {
    let noise = b"\x01\x02\x03\x04OWNER=Anna Andersson\xFE\xFF\0S\0E\0R\0I\0A\0L\0 \x009\0\0\0\x05";
    let (_, found) = look(&wrap(Big, "Nobody", noise));
    assert_eq!(maker(&found), "an unknown maker");
    let secrets: Vec<_> = found
        .secrets
        .texts()
        .chain(found.secrets.traces())
        .collect();
    assert!(secrets.contains(&"OWNER=Anna Andersson"));
    assert!(secrets.contains(&"SERIAL 9"));

    let (_, found) = look(&wrap(Big, "HUAWEI", b"{\"owner\":\"Anna\",\"cell\":240}"));
    assert_eq!(maker(&found), "Huawei");
    assert!(
        found
            .findings
            .iter()
            .any(|f| text(f).starts_with("{\"owner\""))
    );
}

#[test]
fn a_directory_of_an_unknown_maker_is_walked() {
    let dir = Dir::default()
        .ascii(0x0001, "a secret in a directory")
        .undefined(0x0002, b"\xFF\xD8\xFF\xE0 a picture, or nearly one");
    let (_, found) = look(&wrap(
        Little,
        "Nobody",
        &note(b"NOBODY\0\0", &dir, Little, NOTE_AT),
    ));
    assert!(
        found
            .secrets
            .traces()
            .any(|text| text == "a secret in a directory")
    );
    assert!(found.findings.iter().any(|f| f.role == Role::Thumbnail));
}

#[test]
fn text_of_a_picture_in_a_note_is_no_secret() {
    // The Huffman tables of most JPEGs look like this, those of the output as well.
    let note = [
        &b"\x01\x02\x03plain words\x05\xFF\xD8\xFF\xE0\0\x10JFIF"[..],
        b"&'()*456789:CDEFGHIJSTUVWXYZcdefghij",
    ]
    .concat();
    let (_, found) = look(&wrap(Big, "Nobody", &note));
    let secrets: Vec<_> = found.secrets.traces().collect();
    assert_eq!(secrets, ["plain words"]);
}

#[test]
fn empty_and_tiny_notes() {
    for make in ["Canon", "NIKON", "FUJIFILM", "SAMSUNG", "Apple", ""] {
        for note in [
            &b""[..],
            b"A",
            b"Apple iOS\0",
            b"Nikon\0\x02",
            b"FUJIFILM",
            b"FUJIFILM\xFF\xFF\xFF\xFF",
            b"Nikon\0\x02\0\0\0MM\0*\xFF\xFF\xFF\xFF",
        ] {
            let exif = Dir::default().undefined(0x927C, note);
            let block = block(Big, &[Dir::default().ascii(0x010F, make).dir(0x8769, exif)]);
            let (_, found) = look(&block);
            assert!(found.findings.iter().any(|f| f.id == "exif.makernote"));
        }
    }
}

#[test]
fn mutations_are_survived() {
    let mut state = 0x1234_5678_9ABC_DEF1_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize % below
    };
    let equipment = Dir::default()
        .ascii(0x0101, "C90500055")
        .long(0x0104, &[0x1003]);
    let olympus = Dir::default().dir(0x2010, equipment).dir(0x2020, canon());
    let notes = [
        wrap(Little, "Canon", &note(b"", &canon(), Little, NOTE_AT)),
        wrap(
            Big,
            "OLYMPUS",
            &note(b"OLYMPUS\0II\x03\0", &olympus, Little, 0),
        ),
        wrap(
            Big,
            "NIKON",
            &[&b"Nikon\0\x02\0\0\0"[..], &block(Big, &[canon()])].concat(),
        ),
        wrap(
            Big,
            "Apple",
            &note(b"Apple iOS\0\0\x01MM", &canon(), Big, 0),
        ),
        wrap(
            Big,
            "FUJIFILM",
            &note(b"FUJIFILM\x0C\0\0\0", &canon(), Little, 0),
        ),
        wrap(Big, "Nobody", &note(b"what", &canon(), Little, 0)),
    ];
    for round in 0..20_000 {
        let mut block = notes[round % notes.len()].clone();
        for _ in 0..=random(5) {
            let at = NOTE_AT - 20 + random(block.len() - NOTE_AT + 20);
            block[at] = match random(3) {
                0 => 0xFF,
                1 => block[at] ^ (1 << random(8)),
                _ => random(256) as u8,
            };
        }
        let budget = Budget::new(Limits {
            items: 100_000,
            ..Limits::default()
        });
        let cx = Context::new(&budget, &NoNested, &|| None, Policy::SHARE);
        exif::read(&block, "", &cx, &mut Found::default()).unwrap();
    }
}
