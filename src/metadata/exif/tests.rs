use proptest::prelude::*;

use super::testing::{Dir, block, set};
use super::*;
use crate::bytes::testing::{Only, with_context};
use crate::bytes::{Budget, Context, NoNested, Order, Source};
use crate::model::{Category, Finding, Found, Limits, Policy, Role, Severity, Value};
use crate::model::{Examined, Plan};

const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x04Hi\xFF\xD9";

fn look(block: &[u8]) -> (Facts, Found) {
    let mut found = Found::default();
    let facts = with_context(|cx| read(block, "Exif", cx, &mut found)).unwrap();
    (facts, found)
}

fn text(finding: &Finding) -> &str {
    match &finding.value {
        Some(Value::Text(text) | Value::Time(text)) => text.raw(),
        _ => "",
    }
}

fn said<'a>(found: &'a Found, what: &str) -> &'a str {
    text(
        found
            .findings
            .iter()
            .find(|finding| finding.what == what)
            .unwrap_or_else(|| panic!("no {what} in {:#?}", found.findings)),
    )
}

fn traces(found: &Found) -> Vec<&str> {
    found.secrets.traces().collect()
}

/// A block with something of everything.
fn rich() -> Dir {
    let gps = Dir::default()
        .raw(0, 1, 4, &[2, 3, 0, 0])
        .ascii(1, "N")
        .rational(2, &[(59, 1), (20, 1), (3_012, 100)])
        .ascii(3, "E")
        .rational(4, &[(18, 1), (4, 1), (725, 100)])
        .raw(5, 1, 1, &[0])
        .rational(6, &[(281, 10)])
        .rational(7, &[(12, 1), (30, 1), (15, 1)])
        .rational(0x11, &[(9_050, 100)])
        .ascii(0x1D, "2024:05:12")
        .rational(0x1F, &[(5, 1)]);
    let note = [&b"Panasonic\0\0\0"[..], &[0; 40]].concat();
    let exif = Dir::default()
        .rational(0x829A, &[(1, 250)])
        .undefined(0x9000, b"0232")
        .ascii(0x9003, "2024:05:12 14:30:00")
        .ascii(0x9011, "+02:00")
        .undefined(0x927C, &note)
        .undefined(0x9286, b"UNICODE\0\0H\0e\0j\0 \0A\0n\0n\0a")
        .ascii(0x9291, "123")
        .short(0xA001, 1)
        .dir(0xA005, Dir::default().ascii(1, "R98").undefined(2, b"0100"))
        .ascii(0xA420, "abcdef0123456789abcdef0123456789")
        .ascii(0xA430, "Anna Andersson")
        .ascii(0xA431, "SN-4711-0815")
        .ascii(0xA435, "LN-0815-4711");
    Dir::default()
        .ascii(0x010E, "At grandmother's")
        .ascii(0x010F, "Panasonic")
        .ascii(0x0110, "DMC-TZ10")
        .short(0x0112, 6)
        .rational(0x011A, &[(72, 1)])
        .rational(0x011B, &[(72, 1)])
        .short(0x0128, 2)
        .ascii(0x0131, "Ver.1.0")
        .ascii(0x0132, "2024:05:13 08:00:00")
        .ascii(0x8298, "Anna\0Bertil")
        .dir(0x8769, exif)
        .dir(0x8825, gps)
        .undefined(0x9C9D, b"A\0s\0a\0\0\0")
        .undefined(0xC7F0, b"who knows what")
}

fn rich_block(order: Order) -> Vec<u8> {
    let thumbnail = Dir::default()
        .short(0x0103, 6)
        .long(0x0201, &[0])
        .long(0x0202, &[JPEG.len() as u32]);
    let mut out = block(order, &[rich(), thumbnail]);
    let at = out.len();
    out.extend_from_slice(JPEG);
    // The only JPEGInterchangeFormat of the block.
    let mut entry = Vec::new();
    order.put_u16(&mut entry, 0x0201);
    order.put_u16(&mut entry, 4);
    let field = memchr::memmem::find(&out, &entry).unwrap() + 8;
    set(&mut out, field, at, order);
    out
}

#[test]
fn everything_in_a_rich_block_is_told_in_both_orders() {
    for order in [Order::Little, Order::Big] {
        for prefix in [
            &b""[..],
            b"Exif\0\0",
            b"Exif\0\xFF",
            b"\0\0\0\0",
            b"\0\0\0\x06Exif\0\0",
        ] {
            let (facts, found) = look(&[prefix, &rich_block(order)].concat());
            assert_eq!(facts.orientation, Some(6));
            assert_eq!(facts.color_space, Some(1));
            assert!(!facts.interop_r03 && facts.apple_hdr.is_none());
            assert_eq!(facts.resolution.unwrap().x, (72, 1));
            assert_eq!(said(&found, "ImageDescription"), "At grandmother's");
            assert_eq!(said(&found, "Make"), "Panasonic");
            assert_eq!(said(&found, "Model"), "DMC-TZ10");
            assert_eq!(said(&found, "CameraOwnerName"), "Anna Andersson");
            assert_eq!(said(&found, "BodySerialNumber"), "SN-4711-0815");
            assert_eq!(said(&found, "LensSerialNumber"), "LN-0815-4711");
            assert_eq!(said(&found, "Copyright"), "Anna; Bertil");
            assert_eq!(said(&found, "XPAuthor"), "Asa");
            assert_eq!(said(&found, "UserComment"), "Hej Anna");
            assert_eq!(
                said(&found, "DateTimeOriginal"),
                "2024-05-12T14:30:00.123+02:00"
            );
            assert_eq!(said(&found, "DateTime"), "2024-05-13T08:00:00");
            assert_eq!(
                said(&found, "GPSDateStamp, GPSTimeStamp"),
                "2024-05-12T12:30:15Z"
            );
            assert_eq!(said(&found, "tag 0xC7F0"), "who knows what");
            let place = found
                .findings
                .iter()
                .find_map(|finding| match finding.value {
                    Some(Value::Place(place)) => Some((finding, place)),
                    _ => None,
                })
                .unwrap();
            assert_eq!(place.0.place, "Exif/GPS");
            assert_eq!(place.0.severity, Severity::Critical);
            assert!((place.1.latitude - 59.341_7).abs() < 1e-6);
            assert!((place.1.longitude - 18.068_680_555).abs() < 1e-6);
            assert_eq!(place.1.altitude, Some(28.1));
            assert_eq!(place.1.direction, Some(90.5));
            assert_eq!(place.1.accuracy, Some(5.0));
            for id in ["exif.makernote", "exif.thumbnail", "exif.settings"] {
                assert!(
                    found.findings.iter().any(|finding| finding.id == id),
                    "{id}"
                );
            }
            for id in ["exif.broken", "exif.padding"] {
                assert!(
                    !found.findings.iter().any(|finding| finding.id == id),
                    "{id}"
                );
            }
            let secrets: Vec<_> = found.secrets.texts().collect();
            for secret in [
                "2024:05:12 14:30:00",
                "SN-4711-0815",
                "Anna",
                "Bertil",
                "Hej Anna",
            ] {
                assert!(secrets.contains(&secret), "{secret}");
            }
            assert!(found.secrets.byte_strings().any(|bytes| bytes.len() == 24));
        }
    }
}

#[test]
fn roles_are_set() {
    let (_, found) = look(&rich_block(Order::Big));
    let role = |what: &str| {
        let mut all = found.findings.iter().filter(|finding| finding.what == what);
        all.next().unwrap().role
    };
    for (what, expected) in [
        ("Make", Role::Make),
        ("Model", Role::Model),
        ("Software", Role::Software),
        ("Copyright", Role::PersonName),
        ("BodySerialNumber", Role::Serial),
        ("ImageUniqueID", Role::LinkId),
        ("DateTimeOriginal", Role::TakenAt),
        ("DateTime", Role::OtherTime),
        ("thumbnail", Role::Thumbnail),
        ("UserComment", Role::Text),
    ] {
        assert_eq!(role(what), expected, "{what}");
    }
}

#[test]
fn orientation_alone_is_the_26_bytes_of_the_catalogue() {
    for orientation in 2..=8 {
        let facts = Facts {
            orientation: Some(orientation),
            ..Facts::default()
        };
        let mut expected =
            b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0".to_vec();
        expected[19] = orientation;
        assert_eq!(minimal(&facts).unwrap(), expected);
    }
}

/// Samsung's maker notes have no link behind their entries: the GPS directory begins there.
#[test]
fn a_gps_directory_right_behind_a_maker_note_is_read() {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let head = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        [head, [count.to_le_bytes(), value.to_le_bytes()].concat()].concat()
    };
    let note = [
        &[2, 0][..],
        &entry(1, 7, 4, 0x3030_3130),
        &entry(2, 4, 1, 0x2000),
    ]
    .concat();
    let (exif, gps) = (50_u32, 68 + note.len() as u32);
    let values = gps + 2 + 4 * 12 + 4;
    let block = [
        &b"II*\0\x08\0\0\0\x03\0"[..],
        &entry(0x010F, 2, 4, u32::from_le_bytes(*b"sam\0")),
        &entry(0x8769, 4, 1, exif),
        &entry(0x8825, 4, 1, gps),
        &[0; 4],
        &[1, 0],
        &entry(0x927C, 7, note.len() as u32, 68),
        &[0; 4],
        &note,
        &[4, 0],
        &entry(1, 2, 2, u32::from_le_bytes(*b"N\0\0\0")),
        &entry(2, 5, 3, values),
        &entry(3, 2, 2, u32::from_le_bytes(*b"E\0\0\0")),
        &entry(4, 5, 3, values + 24),
        &[0; 4],
        &[59_u32, 1, 30, 1, 46, 1, 24, 1, 50, 1, 3, 1]
            .map(u32::to_le_bytes)
            .concat(),
    ]
    .concat();
    let (_, found) = look(&block);
    let place = found.findings.iter().find(|it| it.id == "exif.gps");
    assert!(
        place.is_some_and(|it| matches!(it.value, Some(Value::Place(_)))),
        "{:#?}",
        found.findings
    );
}

#[test]
fn what_says_nothing_is_not_written() {
    for facts in [
        Facts::default(),
        Facts {
            orientation: Some(1),
            color_space: Some(1),
            ..Facts::default()
        },
        Facts {
            orientation: Some(9),
            color_space: Some(0x4711),
            gamma: Some((22, 0)),
            apple_hdr: Some([(1, 0), (3, 0)]),
            resolution: Some(Resolution {
                x: (0, 0),
                y: (72, 1),
                unit: 2,
            }),
            ..Facts::default()
        },
    ] {
        assert_eq!(minimal(&facts), None);
    }
}

/// An independent reader agrees.
#[test]
fn another_reader_reads_the_minimal_block() {
    use exif::{In, Tag};
    for orientation in 2..=8 {
        let facts = Facts {
            orientation: Some(orientation),
            color_space: Some(0xFFFF),
            interop_r03: true,
            gamma: Some((22, 10)),
            resolution: Some(Resolution {
                x: (300, 1),
                y: (600, 2),
                unit: 3,
            }),
            apple_hdr: Some([(3, 4), (-5, 6)]),
        };
        let read = exif::Reader::new()
            .read_raw(minimal(&facts).unwrap())
            .unwrap();
        let uint = |tag| read.get_field(tag, In::PRIMARY).unwrap().value.get_uint(0);
        assert_eq!(uint(Tag::Orientation), Some(u32::from(orientation)));
        assert_eq!(uint(Tag::ColorSpace), Some(0xFFFF));
        assert_eq!(uint(Tag::ResolutionUnit), Some(3));
        let shown = |tag| {
            let field = read.get_field(tag, In::PRIMARY).unwrap();
            field.display_value().to_string()
        };
        assert_eq!(shown(Tag::XResolution), "300");
        assert_eq!(shown(Tag::Gamma), "2.2");
        assert_eq!(shown(Tag::InteroperabilityIndex), "\"R03\"");
        let note = &read.get_field(Tag::MakerNote, In::PRIMARY).unwrap().value;
        let exif::Value::Undefined(note, _) = note else {
            panic!("{note:?}");
        };
        assert_eq!(note.len(), 60);
        assert!(note.starts_with(b"Apple iOS\0\0\x01MM\0\x02\0\x21"));
        assert_eq!(read.fields().count(), 8);
    }
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let pair = || (any::<u32>(), any::<u32>());
    let resolution = (pair(), pair(), 0..5_u16).prop_map(|(x, y, unit)| Resolution { x, y, unit });
    let hdr = any::<[(i32, i32); 2]>();
    (
        prop::option::of(0..12_u8),
        prop::option::of(prop_oneof![Just(1), Just(2), Just(0xFFFF), any::<u16>()]),
        any::<bool>(),
        prop::option::of(pair()),
        prop::option::of(resolution),
        prop::option::of(hdr),
    )
        .prop_map(
            |(orientation, color_space, interop_r03, gamma, resolution, apple_hdr)| Facts {
                orientation,
                color_space,
                interop_r03,
                gamma,
                resolution,
                apple_hdr,
            },
        )
}

proptest! {
    #[test]
    fn the_minimal_block_says_the_same_and_gives_nothing_away(facts in any_facts()) {
        match minimal(&facts) {
            Some(block) => for prefix in [&b""[..], b"Exif\0\0", b"\0\0\0\0"] {
                let (again, found) = look(&[prefix, &block].concat());
                prop_assert_eq!(&again, &facts.telling());
                prop_assert!(found.findings.is_empty(), "{:?}", found.findings);
                prop_assert_eq!(found.secrets.texts().count(), 0);
                prop_assert_eq!(minimal(&again), Some(block.clone()));
            },
            None => prop_assert_eq!(facts.telling(), Facts::default()),
        }
    }

    #[test]
    fn a_minimal_block_with_anything_more_is_no_longer_clean(
        facts in any_facts(),
        tail in prop::collection::vec(any::<u8>(), 1..20),
    ) {
        let Some(block) = minimal(&facts) else { return Ok(()) };
        prop_assert!(!look(&[&block[..], &tail].concat()).1.findings.is_empty());
        prop_assert!(!look(&[&tail[..], &block].concat()).1.findings.is_empty());
    }
}

/// Whatever the tag, whatever its type: dropping it without a word is not possible.
#[test]
fn no_tag_is_silent() {
    for tag in 0..=u16::MAX {
        for kind in [1_u16, 2, 3, 4, 5, 7, 9, 12, 13, 16, 129, 200] {
            if tag % 7 != kind % 7 && tag > 0x200 && kind != 2 {
                continue;
            }
            let dir = Dir::default().raw(tag, kind, 2, b"Lund 226 Malmo 040");
            let (_, found) = look(&block(Order::Big, &[dir]));
            assert!(!found.findings.is_empty(), "tag {tag:04X} type {kind}");
        }
    }
}

#[test]
fn a_block_of_boring_values_is_still_told() {
    for dir in [
        Dir::default(),
        Dir::default().short(0x0112, 1),
        Dir::default().rational(0x011A, &[(72, 1)]),
        Dir::default().rational(0x829A, &[(1, 60)]),
        Dir::default().ascii(0x010E, "      "),
        Dir::default().ascii(0x9003, "0000:00:00 00:00:00"),
        Dir::default().dir(0x8769, Dir::default().short(0xA001, 1)),
        Dir::default().dir(0x8825, Dir::default()),
    ] {
        let (_, found) = look(&block(Order::Little, &[dir]));
        assert_eq!(found.findings.len(), 1, "{:?}", found.findings);
        assert_eq!(found.findings[0].severity, Severity::Low);
        assert_eq!(found.secrets.texts().count(), 0);
    }
}

#[test]
fn settings_are_told_together_but_text_in_them_is_not() {
    let dir = Dir::default()
        .rational(0x829A, &[(1, 60)])
        .rational(0x829D, &[(28, 10)])
        .ascii(0x8827, "Anna was here")
        .undefined(0x9000, b"0232");
    let (_, found) = look(&block(Order::Little, &[dir]));
    assert_eq!(found.findings.len(), 2);
    assert_eq!(said(&found, "PhotographicSensitivity"), "Anna was here");
    assert_eq!(found.findings[1].what, "camera settings (3)");
}

#[test]
fn blocks_without_a_header_are_told() {
    for block in [
        &b""[..],
        b"Exif\0\0",
        b"Exif\0\0nonsense and no more",
        b"II",
    ] {
        let (facts, found) = look(block);
        assert_eq!(facts, Facts::default());
        assert_eq!(found.findings[0].id, "exif.broken");
    }
    let (_, found) = look(b"Exif\0\0\x01nonsense and no more");
    assert_eq!(traces(&found), ["nonsense and no more"]);
}

#[test]
fn a_header_at_some_offset_is_found_and_what_stands_before_it_told() {
    let inner = rich_block(Order::Little);
    let (facts, found) = look(&[b"a secret text before it", &inner[..]].concat());
    // No viewer turns a picture by such a block.
    assert_eq!(facts, Facts::default());
    assert_eq!(said(&found, "Make"), "Panasonic");
    assert!(
        found
            .findings
            .iter()
            .any(|finding| finding.id == "exif.padding")
    );
    assert!(
        found
            .secrets
            .traces()
            .any(|text| text == "a secret text before it")
    );
}

#[test]
fn the_gps_pointer_may_stand_where_it_does_not_belong() {
    let gps = Dir::default()
        .rational(2, &[(59, 1), (0, 1), (0, 1)])
        .rational(4, &[(18, 1), (0, 1), (0, 1)]);
    for dir in [
        Dir::default().dir(0x8769, Dir::default().dir(0x8825, gps.clone())),
        Dir::default().dir(0x014A, Dir::default().dir(0x8825, gps.clone())),
        Dir::default().dir(0x0190, Dir::default().dir(0x8825, gps.clone())),
    ] {
        let (_, found) = look(&block(Order::Big, &[dir]));
        assert_eq!(found.findings[0].role, Role::Coordinates);
    }
    let (_, found) = look(&block(
        Order::Big,
        &[Dir::default(), Dir::default().dir(0x8825, gps)],
    ));
    assert_eq!(found.findings[0].role, Role::Coordinates);
}

#[test]
fn a_gps_directory_without_a_pointer_is_found() {
    let order = Order::Little;
    let mut out = block(order, &[rich()]);
    // What a program does that only takes the pointer out.
    let mut entry = Vec::new();
    order.put_u16(&mut entry, 0x8825);
    let at = memchr::memmem::find(&out, &entry).unwrap();
    out[at..at + 12].copy_from_slice(b"\x11\x10\x04\0\x01\0\0\0\0\0\0\0");
    let (_, found) = look(&out);
    let place = found
        .findings
        .iter()
        .find(|finding| finding.role == Role::Coordinates)
        .unwrap();
    assert_eq!(place.place, "Exif/unused/GPS");
    assert!(
        found
            .findings
            .iter()
            .any(|finding| finding.id == "exif.padding")
    );
}

#[test]
fn bytes_behind_and_between_are_told() {
    let clean = block(Order::Big, &[Dir::default().ascii(0x010F, "Canon")]);
    assert_eq!(look(&clean).1.findings.len(), 1);
    let behind = [&clean[..], b"{\"place\":\"Storgatan 1\"}"].concat();
    let (_, found) = look(&behind);
    assert_eq!(found.findings.len(), 2);
    assert_eq!(found.findings[1].id, "exif.padding");
    assert_eq!(found.findings[1].value, Some(Value::Bytes(23)));
    assert!(
        found
            .secrets
            .traces()
            .any(|text| text.contains("Storgatan 1"))
    );
    // Zeros hide nothing.
    assert_eq!(look(&[&clean[..], &[0; 9]].concat()).1.findings.len(), 1);
}

fn look_inside(block: &[u8]) -> Found {
    let budget = Budget::new(Limits::default());
    let inside = Only("jpeg", |source: &Source<'_>| {
        let mut found = Found::default();
        let (location, critical) = (Category::Location, Severity::Critical);
        let finding = Finding::new("inner", location, critical, "APP1", "GPS");
        found.add(finding.bytes(source.len()));
        Ok(Examined::rebuilt(found, Vec::new(), Plan::new()))
    });
    let cx = Context::new(&budget, &inside, &|| None, Policy::SHARE);
    let mut found = Found::default();
    read(block, "Exif", &cx, &mut found).unwrap();
    found
}

#[test]
fn thumbnails_are_looked_at() {
    let found = look_inside(&rich_block(Order::Little));
    let inner: Vec<_> = found.findings.iter().filter(|f| f.id == "inner").collect();
    assert_eq!(inner.len(), 1);
    assert_eq!(inner[0].place, "Exif/IFD1/thumbnail/APP1");
    assert_eq!(inner[0].value, Some(Value::Bytes(JPEG.len() as u64)));
}

#[test]
fn pictures_that_no_entry_points_to_are_looked_at() {
    let block = block(Order::Big, &[Dir::default().ascii(0x010F, "Canon")]);
    let found = look_inside(&[&block[..], b"junk", JPEG].concat());
    let inner = found.findings.iter().find(|f| f.id == "inner").unwrap();
    assert_eq!(inner.place, "Exif/unused/APP1");
}

#[test]
fn the_same_picture_is_looked_at_once() {
    let mut dir = Dir::default();
    for _ in 0..2_000 {
        dir = dir
            .long(0x0201, &[8 + 2 + 4_000 * 12 + 4])
            .long(0x0202, &[50_000]);
    }
    let mut out = block(Order::Big, &[dir]);
    let at = out.len();
    out.extend_from_slice(JPEG);
    out.resize(at + 50_000, 7);
    let found = look_inside(&out);
    assert_eq!(found.findings.iter().filter(|f| f.id == "inner").count(), 1);
}

#[test]
fn circles_end() {
    for order in [Order::Little, Order::Big] {
        // To itself, through the link and through every pointer.
        for tag in [0x8769, 0x8825, 0xA005, 0x014A, 0x0190, 0xC4A6] {
            let mut out = block(order, &[Dir::default().long(tag, &[8; 8])]);
            set(&mut out, 8 + 2 + 12, 8, order);
            let (_, found) = look(&out);
            assert!(
                found
                    .findings
                    .iter()
                    .any(|finding| finding.id == "exif.broken")
            );
        }
    }
}

#[test]
fn many_directories_on_top_of_each_other_cost_little() {
    // Each pointer leads into the table of pointers, two bytes further.
    let offsets: Vec<u32> = (0..200_000).map(|n| 8 + n * 2).collect();
    let mut dir = Dir::default();
    for chunk in offsets.chunks(16) {
        dir = dir.long(0x014A, chunk);
    }
    let out = block(Order::Big, &[dir]);
    let budget = Budget::new(Limits {
        items: 200_000,
        ..Limits::default()
    });
    let cx = Context::new(&budget, &NoNested, &|| None, Policy::SHARE);
    let mut found = Found::default();
    read(&out, "", &cx, &mut found).unwrap();
    assert!(found.findings.len() <= 2_010);
}

#[test]
fn many_entries_on_the_same_text_cost_little() {
    let long = vec![b'x'; 3_000_000];
    let mut dir = Dir::default().raw(0x9286, 2, 3_000_000, &long);
    for _ in 0..5_000 {
        dir = dir.long(0x010E, &[0]);
    }
    let mut out = block(Order::Big, &[dir]);
    let text = 8 + 2 + 5_001 * 12 + 4_u32;
    for entry in 1..=5_000 {
        let at = 8 + 2 + entry * 12;
        out[at..at + 12].copy_from_slice(
            &[
                &[1, 0x0E, 0, 2][..],
                &3_000_000_u32.to_be_bytes(),
                &text.to_be_bytes(),
            ]
            .concat(),
        );
    }
    let (_, found) = look(&out);
    assert!(
        found
            .findings
            .iter()
            .any(|f| f.what.starts_with("more entries"))
    );
}

#[test]
fn coordinates_and_addresses_in_a_text_are_told() {
    let comment = Dir::default().undefined(
        0x9286,
        b"ASCII\0\0\0lat=59.3417, lon=18.0687 by anna.andersson@example.com",
    );
    let (_, found) = look(&block(Order::Big, &[Dir::default().dir(0x8769, comment)]));
    let roles: Vec<_> = found.findings.iter().map(|f| f.role).collect();
    assert_eq!(roles, [Role::Text, Role::Coordinates, Role::PersonName]);
}

#[test]
fn every_truncation_is_survived() {
    let whole = rich_block(Order::Little);
    for len in 0..whole.len() {
        let (_, found) = look(&whole[..len]);
        assert!(!found.findings.is_empty(), "{len}");
    }
}

#[test]
fn mutations_are_survived() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize % below
    };
    let blocks = [rich_block(Order::Little), rich_block(Order::Big)];
    for round in 0..20_000 {
        let mut block = blocks[round % 2].clone();
        for _ in 0..=random(6) {
            let at = random(block.len());
            block[at] = match random(4) {
                0 => 0,
                1 => 0xFF,
                2 => block[at] ^ (1 << random(8)),
                _ => random(256) as u8,
            };
        }
        let budget = Budget::new(Limits {
            items: 100_000,
            ..Limits::default()
        });
        let cx = Context::new(&budget, &NoNested, &|| None, Policy::SHARE);
        read(&block, "", &cx, &mut Found::default()).unwrap();
    }
}

#[test]
fn an_orientation_of_any_type_is_read() {
    use crate::containers::tiff::ifd::field;
    let number = |order: Order, kind: u16| -> Vec<u8> {
        let mut out = Vec::new();
        match kind {
            field::ASCII => out.extend(b"6\0"),
            field::BYTE | field::SBYTE | field::UNDEFINED => out.push(6),
            field::SHORT | field::SSHORT => order.put_u16(&mut out, 6),
            field::LONG | field::SLONG => order.put_u32(&mut out, 6),
            field::RATIONAL | field::SRATIONAL => {
                order.put_u32(&mut out, 6);
                order.put_u32(&mut out, 1);
            }
            field::FLOAT => order.put_u32(&mut out, 6f32.to_bits()),
            _ => {
                order.put_u32(&mut out, 0);
                order.put_u32(&mut out, 0);
                let at = if order == Order::Big { 0 } else { 4 };
                let mut high = Vec::new();
                order.put_u32(&mut high, (6f64.to_bits() >> 32) as u32);
                out[at..at + 4].copy_from_slice(&high);
            }
        }
        out
    };
    for order in [Order::Little, Order::Big] {
        for kind in 1..=12u16 {
            let value = number(order, kind);
            let count = if kind == field::ASCII { 2 } else { 1 };
            let block = block(order, &[Dir::default().raw(0x0112, kind, count, &value)]);
            let facts = with_context(|cx| read(&block, "", cx, &mut Found::default())).unwrap();
            assert_eq!(facts.orientation, Some(6), "type {kind}");
            let written = minimal(&facts).unwrap();
            assert!(
                written
                    .windows(10)
                    .any(|w| w == b"\x01\x12\0\x03\0\0\0\x01\0\x06")
            );
        }
    }
    for none in [&b"0\0"[..], b"9\0", b"x\0", b"6.5\0"] {
        let block = block(
            Order::Big,
            &[Dir::default().raw(0x0112, field::ASCII, none.len() as u32, none)],
        );
        let facts = with_context(|cx| read(&block, "", cx, &mut Found::default())).unwrap();
        assert_eq!(facts.orientation, None);
    }
}

#[test]
fn what_no_viewer_reads_turns_no_picture() {
    let turned = block(Order::Little, &[Dir::default().short(0x0112, 6)]);
    let of = |block: &[u8]| {
        let mut found = Found::default();
        let facts = with_context(|cx| read(block, "", cx, &mut found)).unwrap();
        assert_eq!(facts.orientation.is_none(), !found.findings.is_empty());
        facts.orientation
    };
    // The same as `minimal` writes it gives nothing away and turns the picture.
    let minimal = minimal(&Facts {
        orientation: Some(6),
        ..Facts::default()
    });
    assert_eq!(of(&minimal.unwrap()), Some(6));
    // One zero byte instead of two; a header somewhere; the magic number of a raw photo.
    assert_eq!(of(&[b"Exif\0", &*turned].concat()), None);
    assert_eq!(of(&[b"Exif\0\0abc", &*turned].concat()), None);
    let mut raw = turned.clone();
    raw[2] = 0x55;
    assert_eq!(of(&raw), None);
    // In the Exif directory.
    let inside = Dir::default().dir(0x8769, Dir::default().short(0x0112, 6));
    assert_eq!(of(&block(Order::Little, &[inside])), None);
}

#[test]
fn without_an_original_moment_the_digitised_one_is_when_it_was_taken() {
    let roles = |exif: Dir, gps: Option<Dir>| {
        let mut image = Dir::default().dir(0x8769, exif);
        if let Some(gps) = gps {
            image = image.dir(0x8825, gps);
        }
        let mut found = Found::default();
        let block = block(Order::Big, &[image]);
        with_context(|cx| read(&block, "", cx, &mut found)).unwrap();
        let taken = found
            .findings
            .into_iter()
            .filter(|f| f.role == Role::TakenAt);
        taken.map(|f| f.what.into_owned()).collect::<Vec<_>>()
    };
    let date = "2024:05:12 14:30:00";
    let fix = || {
        Dir::default()
            .rational(7, &[(12, 1), (30, 1), (0, 1)])
            .ascii(0x1D, "2024:05:12")
    };
    let both = Dir::default().ascii(0x9003, date).ascii(0x9004, date);
    assert_eq!(roles(both, Some(fix())), ["DateTimeOriginal"]);
    let digitized = Dir::default().ascii(0x9004, date);
    assert_eq!(roles(digitized, Some(fix())), ["DateTimeDigitized"]);
    assert_eq!(
        roles(Dir::default().short(0xA001, 1), Some(fix())),
        ["GPSDateStamp, GPSTimeStamp"]
    );
}
