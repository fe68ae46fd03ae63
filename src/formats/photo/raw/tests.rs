//! Raw photos made in code, with a secret in every place that is overwritten.

use super::Raw;
use crate::bytes::{Budget, Context, NoNested, Order, Source, run};
use crate::containers::tiff::ifd::field;
use crate::containers::tiff::write::{Data, Form, Table};
use crate::formats::Format;
use crate::model::{Error, Limits, Policy, Result, Step};

const SECRET: &[u8] = b"57.70890N 11.97460E";
const SENSOR: &[u8] = b"numbers of the sensor, which nobody may change..";
const LITTLE: Form = Form {
    order: Order::Little,
    big: false,
};

struct Cleaned {
    ids: Vec<&'static str>,
    residue: Vec<&'static str>,
    bytes: Vec<u8>,
}

/// Cleans, and checks all that must hold for every raw photo.
fn clean(input: &[u8]) -> Result<Cleaned> {
    let once = |input: &[u8]| {
        let budget = Budget::new(Limits::default());
        let cx = &Context::new(&budget, &NoNested, &|| None, Policy::SHARE);
        let source = Source::memory(input);
        let inspection = Raw.examine(&source, cx)?;
        let mut out = Vec::new();
        run(&inspection.plan, &source, &mut out)?;
        let digest = |bytes: &[u8]| Raw.payload_digest(&Source::memory(bytes), cx);
        assert_eq!(digest(input)?, digest(&out)?);
        Ok::<_, Error>((inspection, out))
    };
    let (inspection, bytes) = once(input)?;
    let (again, twice) = once(&bytes)?;
    assert!(
        again.found.findings.is_empty(),
        "{:?}",
        again.found.findings
    );
    assert!(twice == bytes && bytes.len() == input.len());
    assert_eq!(inspection.found.findings.is_empty(), bytes == input);
    let residue: Vec<&str> = inspection.residue.iter().map(|it| it.id).collect();
    assert!(residue.contains(&"raw.makernote.residual"));
    Ok(Cleaned {
        ids: inspection.found.findings.iter().map(|it| it.id).collect(),
        residue,
        bytes,
    })
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(hay, needle).is_some()
}

fn secret_goes(input: &[u8], id: &str) -> Cleaned {
    assert!(contains(input, SECRET));
    let cleaned = clean(input).unwrap();
    assert!(cleaned.ids.contains(&id), "{id}: {:?}", cleaned.ids);
    assert!(!contains(&cleaned.bytes, SECRET), "{id}");
    assert!(contains(&cleaned.bytes, SENSOR), "the picture");
    cleaned
}

fn text(table: &mut Table, tag: u16, text: &[u8]) {
    let bytes = [text, b"\0"].concat();
    table.bytes(tag, field::ASCII, bytes.len() as u64, bytes);
}

fn long(table: &mut Table, tag: u16, n: u32) {
    table.bytes(tag, field::LONG, 1, n.to_le_bytes().to_vec());
}

/// The directory of the sensor's numbers.
fn sensor() -> Table {
    let mut table = Table::default();
    long(&mut table, 0x00FE, 0);
    let data = table.data(Data {
        pieces: vec![Step::bytes(SENSOR.to_vec())],
    });
    table.offsets(0x0111, vec![Some((data, 0))]);
    long(&mut table, 0x0117, SENSOR.len() as u32);
    long(&mut table, 0x0106, 32803);
    table
}

/// The first directory, with what `fill` adds.
fn camera(make: &[u8], fill: impl FnOnce(&mut Table)) -> Vec<u8> {
    let mut table = Table::default();
    long(&mut table, 0x00FE, 1);
    text(&mut table, 0x010F, make);
    text(&mut table, 0x0110, b"Model of a camera");
    table.tables(0x014A, field::LONG, vec![sensor()]);
    fill(&mut table);
    let plan = LITTLE.file(vec![table]).unwrap();
    let mut out = Vec::new();
    run(&plan, &Source::memory(&[]), &mut out).unwrap();
    out
}

const MAKE: &[u8] = b"PENTAX Corporation";

fn below(tag: u16, inner: Table) -> Vec<u8> {
    camera(MAKE, |table| table.tables(tag, field::LONG, vec![inner]))
}

#[test]
fn texts_and_blocks_are_overwritten() {
    for tag in [0x010E, 0x0131, 0x013B, 0x8298, 0x9C9D, 0xC62F] {
        let id = if tag == 0xC62F {
            "exif.serial"
        } else {
            "exif.ifd0.text"
        };
        secret_goes(&camera(MAKE, |table| text(table, tag, SECRET)), id);
    }
    for tag in [0x02BC, 0x83BB, 0x8649] {
        let input = camera(MAKE, |table| text(table, tag, SECRET));
        secret_goes(&input, "exif.embedded");
    }
    let mut exif = Table::default();
    text(&mut exif, 0xA431, SECRET);
    long(&mut exif, 0x8827, 400);
    let cleaned = secret_goes(&below(0x8769, exif), "exif.serial");
    assert!(
        contains(&cleaned.bytes, &400_u32.to_le_bytes()),
        "a setting stays"
    );
    assert_eq!(cleaned.residue.len(), 3, "what stays is named");
    let plain = camera(MAKE, |_| ());
    assert_eq!(clean(&plain).unwrap().bytes, plain);
}

#[test]
fn settings_are_numbers() {
    for tag in [0x829A, 0x8827, 0x9000, 0xA302, 0xA405] {
        let mut exif = Table::default();
        exif.bytes(
            tag,
            field::UNDEFINED,
            SECRET.len() as u64 + 6,
            [SECRET, b"behind"].concat(),
        );
        let cleaned = clean(&below(0x8769, exif)).unwrap();
        assert!(!contains(&cleaned.bytes, SECRET), "{tag:X}");
    }
    let mut exif = Table::default();
    for tag in 0..1500_u16 {
        long(&mut exif, tag, 1);
    }
    assert!(
        clean(&below(0x8769, exif)).is_err(),
        "more entries than any camera writes"
    );
}

/// What nobody understands stays, and what it says is named.
#[test]
fn texts_that_stay_are_named_and_texts_behind_the_photo_go() {
    let opaque = [&[1, 2, 3][..], b"Exempelgatan 12", &[0, 9]].concat();
    let input = camera(MAKE, |table| {
        table.bytes(0xD000, field::UNDEFINED, 20, opaque);
    });
    let cleaned = clean(&input).unwrap();
    assert!(contains(&cleaned.bytes, b"Exempelgatan 12"));
    assert!(cleaned.residue.contains(&"raw.text"));
    assert!(
        !clean(&camera(MAKE, |_| ()))
            .unwrap()
            .residue
            .contains(&"raw.text")
    );
    let trailer = [&[0; 9][..], SECRET, &[1, 2, 3]].concat();
    let input = [camera(MAKE, |_| ()), trailer].concat();
    secret_goes(&input, "raw.trailer");
    // Numbers may belong to the photo.
    let input = [camera(MAKE, |_| ()), vec![0x81; 40]].concat();
    assert_eq!(clean(&input).unwrap().bytes, input);
    let interop = {
        let mut table = Table::default();
        text(&mut table, 0x1000, SECRET);
        below(0xA005, table)
    };
    assert!(!contains(&clean(&interop).unwrap().bytes, SECRET));
}

#[test]
fn sonys_place_of_black_levels_is_a_place() {
    for (value, stays) in [(&b"\x10\x20\x30\x40"[..], true), (SECRET, false)] {
        let input = camera(b"SONY", |table| {
            let len = value.len() as u64;
            table.bytes(0xC634, field::BYTE, len, value.to_vec());
        });
        assert_eq!(contains(&clean(&input).unwrap().bytes, value), stays);
    }
}

#[test]
fn gps_is_emptied_and_unlinked() {
    let mut gps = Table::default();
    text(&mut gps, 0x001B, SECRET);
    text(&mut gps, 0x0001, b"N");
    let input = camera(MAKE, |table| {
        table.tables(0x8825, field::LONG, vec![gps]);
        text(table, 0x9C9B, b"last entry");
    });
    let cleaned = clean(&input).unwrap();
    assert!(!contains(&cleaned.bytes, SECRET));
    assert!(!contains(&cleaned.bytes, &0x8825_u16.to_le_bytes()));
    assert!(
        contains(&cleaned.bytes, &0x9C9B_u16.to_le_bytes()),
        "its neighbour"
    );
}

#[test]
fn copies_of_what_was_found_are_overwritten_as_well() {
    let input = camera(MAKE, |table| {
        text(table, 0x013B, SECRET);
        table.bytes(
            0xFFF0,
            field::UNDEFINED,
            SECRET.len() as u64,
            SECRET.to_vec(),
        );
    });
    secret_goes(&input, "exif.ifd0.text");
    // Not the name of the camera, which stays.
    let input = camera(MAKE, |table| text(table, 0x010E, MAKE));
    let cleaned = clean(&input).unwrap();
    assert_eq!(memchr::memmem::find_iter(&cleaned.bytes, MAKE).count(), 1);
}

fn jpeg(exif: &[u8]) -> Vec<u8> {
    let mut out = b"\xFF\xD8".to_vec();
    for payload in [[b"Exif\0\0", exif].concat(), SECRET.to_vec()] {
        out.extend([0xFF, 0xE1, 0, payload.len() as u8 + 2]);
        out.extend(payload);
    }
    out.extend(b"\xFF\xFE\0\x15");
    out.extend(SECRET);
    out.extend(b"\xFF\xDA\0\x02ab\xFF\xD9");
    out
}

const UPRIGHT: &[u8] = b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";

#[test]
fn previews_lose_their_metadata_where_they_stand() {
    let preview = jpeg(&[UPRIGHT, SECRET].concat());
    let len = preview.len() as u32;
    let input = camera(MAKE, |table| {
        let data = table.data(Data {
            pieces: vec![Step::bytes(preview.clone())],
        });
        table.offsets(0x0201, vec![Some((data, 0))]);
        long(table, 0x0202, len);
    });
    let cleaned = secret_goes(&input, "raw.previews");
    assert!(contains(&cleaned.bytes, &[b"Exif\0\0", UPRIGHT].concat()));
    assert!(contains(&cleaned.bytes, b"\xFF\xDA\0\x02ab\xFF\xD9"));
    // One to which only the maker's tags point.
    let input = camera(MAKE, |table| {
        table.bytes(0xFFF0, field::UNDEFINED, u64::from(len), preview.clone());
    });
    secret_goes(&input, "raw.previews");
}

/// Nikon's note: a TIFF of its own behind ten bytes.
fn nikon(fill: impl FnOnce(&mut Table)) -> Vec<u8> {
    let mut note = Table::default();
    fill(&mut note);
    let mut block = Vec::new();
    let plan = LITTLE.file(vec![note]).unwrap();
    run(&plan, &Source::memory(&[]), &mut block).unwrap();
    let note = [b"Nikon\0\x02\x10\0\0", &*block].concat();
    let mut exif = Table::default();
    exif.bytes(0x927C, field::UNDEFINED, note.len() as u64, note);
    camera(b"NIKON CORPORATION", |table| {
        table.tables(0x8769, field::LONG, vec![exif]);
    })
}

#[test]
fn notes_lose_serial_numbers_and_places() {
    let input = nikon(|note| {
        text(note, 0x001D, b"60123456");
        text(note, 0x00A0, SECRET);
        long(note, 0x00A7, 4711);
    });
    let cleaned = secret_goes(&input, "exif.makernote.serial");
    assert!(!contains(&cleaned.bytes, b"60123456"));
    assert!(!contains(&cleaned.bytes, &4711_u32.to_le_bytes()));
    assert!(
        contains(&cleaned.bytes, b"00000000\0"),
        "digits, which programs can read"
    );
}

#[test]
fn keys_that_the_white_balance_needs_stay_and_are_named() {
    let balance = |version: &[u8]| {
        let version = version.to_vec();
        nikon(move |note| {
            text(note, 0x001D, b"60123456");
            long(note, 0x00A7, 4711);
            let bytes = [&version[..], &[7; 700]].concat();
            note.bytes(0x0097, field::UNDEFINED, bytes.len() as u64, bytes);
        })
    };
    let cleaned = clean(&balance(b"0219")).unwrap();
    assert!(contains(&cleaned.bytes, b"60123456"));
    assert!(cleaned.residue.contains(&"exif.makernote.serial"));
    let cleaned = clean(&balance(b"0207")).unwrap();
    assert!(!contains(&cleaned.bytes, b"60123456"));
    assert!(!cleaned.residue.contains(&"exif.makernote.serial"));
    assert!(contains(
        &cleaned.bytes,
        &[&b"0207"[..], &[7; 280]].concat()
    ));
    assert!(!contains(&cleaned.bytes, &[7; 300]), "enciphered anew");
    let cleaned = clean(&balance(b"0100")).unwrap();
    assert!(contains(&cleaned.bytes, &[7; 700]), "never enciphered");
}

#[test]
fn what_cannot_be_cleaned_is_refused() {
    for head in [
        &b"FOVb\0\0\0\0"[..],
        b"\0MRM\0\0\0\0",
        b"II\x1A\0\0\0HEAPCCDR",
    ] {
        assert!(matches!(clean(head), Err(Error::Unsupported { .. })));
    }
    let kodak = camera(b"EASTMAN KODAK COMPANY", |_| ());
    assert!(matches!(clean(&kodak), Err(Error::Unsupported { .. })));
    // A GPS directory on top of the sensor's numbers.
    let input = camera(MAKE, |table| text(table, 0x010E, SECRET));
    let at = memchr::memmem::find(&input, SENSOR).unwrap() as u32;
    let over = camera(MAKE, |table| {
        text(table, 0x010E, SECRET);
        long(table, 0x8825, at);
    });
    if let Ok(cleaned) = clean(&over) {
        assert!(contains(&cleaned.bytes, SENSOR));
    }
    for len in 0..input.len() {
        let _ = clean(&input[..len]);
    }
    for at in 0..input.len() {
        let mut damaged = input.clone();
        damaged[at] ^= 0xFF;
        let _ = clean(&damaged);
    }
}

#[test]
fn raf_is_gone_through_in_its_jpeg() {
    let mut ifd = Table::default();
    text(&mut ifd, 0x010F, b"FUJIFILM");
    text(&mut ifd, 0x010E, SECRET);
    let mut block = Vec::new();
    let plan = LITTLE.file(vec![ifd]).unwrap();
    run(&plan, &Source::memory(&[]), &mut block).unwrap();
    let jpeg = jpeg(&block);
    let mut head = b"FUJIFILMCCD-RAW 0201FF12345\0X-T1".to_vec();
    head.resize(0x54, 0);
    let (at, len) = (0x70, jpeg.len() as u32);
    for n in [at, len, at + len, 4, at + len + 4, SENSOR.len() as u32] {
        head.extend(n.to_be_bytes());
    }
    head.resize(0x70, 0);
    let input = [&head[..], &jpeg, b"dirs", SENSOR].concat();
    let cleaned = secret_goes(&input, "raw.raf");
    assert!(contains(&cleaned.bytes, b"FUJIFILM\0"), "the make");
    assert!(!contains(&cleaned.bytes, b"FF12345"));
    assert!(clean(&input[..0x60]).is_err());
    // A sensor with two kinds of pixels: the second picture is none that tells something.
    let at = 0x94 + len;
    head.truncate(0x54);
    let second = [at, 4, at + 8, SECRET.len() as u32];
    let first = [0x94, len, at, 4, at + 4, 4, 0, 0, 0];
    for n in first.into_iter().chain(second) {
        head.extend(n.to_be_bytes());
    }
    head.resize(0x94, 0);
    let input = [&head[..], &jpeg, b"dirs", b"one ", SECRET].concat();
    assert!(clean(&input).unwrap().bytes.ends_with(SECRET));
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let len = body.len() as u32 + 8;
    [&len.to_be_bytes()[..], kind, body].concat()
}

#[test]
fn cr3_is_emptied_box_by_box() {
    let block = |fill: &dyn Fn(&mut Table)| {
        let mut table = Table::default();
        fill(&mut table);
        let mut out = Vec::new();
        run(
            &LITTLE.file(vec![table]).unwrap(),
            &Source::memory(&[]),
            &mut out,
        )
        .unwrap();
        out
    };
    let name = block(&|table| {
        text(table, 0x010F, b"Canon");
        text(table, 0x013B, SECRET);
    });
    let serial = block(&|table| text(table, 0xA431, SECRET));
    let owner = block(&|table| text(table, 0x0009, SECRET));
    let gps = block(&|table| text(table, 0x001B, SECRET));
    let id = b"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48";
    let canon = [
        &id[..],
        &boxed(b"CMT1", &name),
        &boxed(b"CMT2", &serial),
        &boxed(b"CMT3", &owner),
        &boxed(b"CMT4", &gps),
    ]
    .concat();
    let record = |kind: u16, body: &[u8]| {
        let len = body.len() as u32 + 12;
        [&len.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 6], body].concat()
    };
    let copy = |tag: u32, body: &[u8]| {
        let len = body.len() as u32 + 8;
        [&len.to_le_bytes()[..], &tag.to_le_bytes(), body].concat()
    };
    let timed = [
        record(1, SECRET),
        record(8, &[copy(0x8769, &serial), copy(0x927C, &owner)].concat()),
    ]
    .concat();
    let track = |kind: &[u8; 4], at: u32, len: u32| {
        let entry = [&[0; 4][..], &[0, 0, 0, 1, 0, 0, 0, 16], kind, &[0; 8]].concat();
        let n = |n: &[u32]| n.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<u8>>();
        let stbl = [
            boxed(b"stsd", &entry),
            boxed(b"stsz", &n(&[0, len, 1])),
            boxed(b"stsc", &n(&[0, 1, 1, 1, 1])),
            boxed(b"stco", &n(&[0, 1, at])),
        ]
        .concat();
        let header = boxed(b"tkhd", &[&[0; 4][..], SECRET].concat());
        let name = boxed(
            b"hdlr",
            &[&[0; 8][..], b"vide", &[0; 12], b"of Anna"].concat(),
        );
        boxed(
            b"trak",
            &[
                header,
                boxed(
                    b"mdia",
                    &[name, boxed(b"minf", &boxed(b"stbl", &stbl))].concat(),
                ),
            ]
            .concat(),
        )
    };
    let build = |at: u32| {
        let tracks = [
            track(b"CRAW", at, SENSOR.len() as u32),
            track(b"CTMD", at + SENSOR.len() as u32, timed.len() as u32),
        ];
        let moov = [
            boxed(b"uuid", &canon),
            tracks.concat(),
            boxed(b"abcd", SECRET),
        ]
        .concat();
        let packet = [
            &b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC"[..],
            SECRET,
        ]
        .concat();
        [
            boxed(b"ftyp", b"crx \0\0\0\x01crx isom"),
            boxed(b"moov", &moov),
            boxed(b"uuid", &packet),
            boxed(b"free", SECRET),
            boxed(b"abcd", SECRET),
            boxed(b"mdat", &[SENSOR, &timed].concat()),
        ]
        .concat()
    };
    let len = build(0).len() - SENSOR.len() - timed.len();
    let input = build(len as u32);
    let cleaned = clean(&input).unwrap();
    assert!(contains(&cleaned.bytes, SENSOR));
    assert!(!contains(&cleaned.bytes, SECRET) && !contains(&cleaned.bytes, b"Anna"));
    for id in [
        "exif.ifd0.text",
        "raw.unknown",
        "exif.serial",
        "exif.makernote.person",
        "raw.gps",
        "raw.time",
    ] {
        assert!(cleaned.ids.contains(&id), "{id}: {:?}", cleaned.ids);
    }
    assert!(clean(&input[..input.len() - 40]).is_err(), "cut off");
}
