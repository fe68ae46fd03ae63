//! One picture and what may stand around it.

mod build;
mod hostile;
mod sequence;

use memchr::memmem;

use super::HEIF;
use super::judge::{Judged, judge};
use crate::bytes::{Budget, Context, NoNested, Source, run};
use crate::formats::Format as _;
use crate::model::{Error, Limits, Policy, Result};
use build::{Heif, Stands, boxed, full, halves, ispe, nal, picture, words};

/// What became of a file: ids of findings, ids of what stays, and the copy.
struct Outcome {
    ids: Vec<&'static str>,
    residue: Vec<&'static str>,
    bytes: Vec<u8>,
}

impl Outcome {
    fn has(&self, needle: &[u8]) -> bool {
        memmem::find(&self.bytes, needle).is_some()
    }
}

fn with_policy<T>(policy: Policy, f: impl FnOnce(&Context<'_>) -> T) -> T {
    let budget = Budget::new(Limits::default());
    f(&Context::new(&budget, &NoNested, &|| None, policy))
}

fn try_clean(file: &[u8], policy: Policy) -> Result<Outcome> {
    with_policy(policy, |cx| {
        let source = Source::memory(file);
        let Judged {
            found,
            residue,
            plan,
        } = judge(&source, cx)?;
        let mut bytes = Vec::new();
        run(&plan, &source, &mut bytes)?;
        Ok(Outcome {
            ids: found.findings.iter().map(|finding| finding.id).collect(),
            residue: residue.iter().map(|finding| finding.id).collect(),
            bytes,
        })
    })
}

/// Cleans, and checks that the copy is clean, is cleaned to itself and shows the same.
fn clean_with(file: &[u8], policy: Policy) -> Outcome {
    let outcome = try_clean(file, policy).unwrap();
    let again = try_clean(&outcome.bytes, policy).unwrap();
    assert_eq!(
        again.ids,
        Vec::<&str>::new(),
        "the copy gives something away"
    );
    assert!(again.bytes == outcome.bytes, "cleaned twice");
    let digest = |bytes: &[u8]| {
        with_policy(policy, |cx| HEIF.payload_digest(&Source::memory(bytes), cx)).unwrap()
    };
    assert_eq!(digest(file), digest(&outcome.bytes), "another picture");
    outcome
}

fn clean(file: &Heif) -> Outcome {
    clean_with(&file.build(), Policy::SHARE)
}

fn refusal(file: &[u8]) -> String {
    let error = try_clean(file, Policy::SHARE).err().expect("a refusal");
    assert!(error.is_refusal() || matches!(error, Error::LimitExceeded { .. }));
    error.to_string()
}

const SECRET: &[u8] = b"SECRET-4711";

#[test]
fn a_picture_alone_is_copied_and_everything_else_goes() {
    let mut file = Heif::new()
        .item(2, b"Exif", SECRET, &[])
        .refer(b"cdsc", 2, &[1])
        .item(3, b"mime", SECRET, &[])
        .last(|item| item.texts = b"name of Anna\0text/plain\0".to_vec())
        .item(4, b"hvc1", &picture(SECRET), &[0x81, 2])
        .refer(b"thmb", 4, &[1])
        .item(
            5,
            b"hvc1",
            &picture(b"SECRET-4711 of the burst"),
            &[0x81, 2],
        )
        .item(6, b"abcd", SECRET, &[]);
    file.inside = boxed(b"abcd", SECRET);
    file.behind = [
        boxed(b"free", SECRET),
        boxed(b"uuid", &[b"0123456789abcdef", SECRET].concat()),
        SECRET.to_vec(),
    ]
    .concat();
    let outcome = clean(&file);
    assert!(!outcome.has(SECRET) && !outcome.has(b"Anna"));
    assert!(outcome.has(b"the picture"));
    for id in [
        "exif.broken",
        "heif.item.other",
        "heif.itemname",
        "heif.thumb",
        "heif.image",
        "heif.unknown",
        "heif.free",
        "heif.uuid",
        "trailer.unknown",
    ] {
        assert!(outcome.ids.contains(&id), "{id}: {:?}", outcome.ids);
    }
}

#[test]
fn a_clean_copy_is_already_clean() {
    let outcome = clean(&Heif::new());
    assert_eq!(
        outcome.ids,
        ["heif.layout"],
        "the order of the boxes is another"
    );
}

#[test]
fn tiles_stay_hidden_and_their_grid_stays_in_idat() {
    let grid = [0, 0, 0, 1, 0, 120, 0, 64];
    let mut file = Heif::new()
        .last(|item| item.flags = 1)
        .item(2, b"hvc1", &picture(b"second tile"), &[0x81, 2])
        .last(|item| item.flags = 1)
        .property(ispe(120, 64))
        .item(3, b"grid", &grid, &[3])
        .last(|item| item.stands = Stands::Idat)
        .refer(b"dimg", 3, &[1, 2]);
    file.primary = 3;
    let outcome = clean(&file);
    assert!(outcome.residue.is_empty());
    let entry = |id, flags: u32, kind: &[u8; 4]| {
        let body = [&halves(&[id, 0]), &kind[..], &[0]].concat();
        full(b"infe", 0x0200_0000 | flags, &body)
    };
    assert!(outcome.has(&entry(1, 1, b"hvc1")));
    assert!(outcome.has(&entry(2, 1, b"hvc1")));
    assert!(outcome.has(&entry(3, 0, b"grid")));
    assert!(outcome.has(&boxed(b"idat", &grid)));
    assert!(outcome.has(&boxed(b"dimg", &halves(&[3, 2, 1, 2]))));

    // Behind the numbers there is nothing.
    let long = file.last(|item| item.data.extend(SECRET));
    let outcome = clean(&long);
    assert!(!outcome.has(SECRET));
    assert!(outcome.ids.contains(&"heif.derived"));
}

#[test]
fn a_grid_that_hides_tiles_is_told() {
    let mut file = Heif::new()
        .item(2, b"hvc1", &picture(b"hidden tile"), &[0x81, 2])
        .item(3, b"grid", &[0, 0, 0, 1, 0, 64, 0, 64], &[2])
        .refer(b"dimg", 3, &[1, 2]);
    file.primary = 3;
    assert_eq!(clean(&file).residue, ["heif.grid.hidden"]);
}

#[test]
fn overlays_and_crops_stay_and_are_told() {
    let overlay = [&[0, 0][..], &[0; 8], &halves(&[64, 64, 0, 0, 0, 0])].concat();
    let mut file = Heif::new()
        .item(2, b"hvc1", &picture(b"on top"), &[0x81, 2])
        .item(3, b"iovl", &overlay, &[2])
        .refer(b"dimg", 3, &[1, 2]);
    file.primary = 3;
    assert_eq!(clean(&file).residue, ["heif.iovl"]);
    for (shown, residue) in [(63, vec![]), (20, vec!["heif.clap"])] {
        let clap = boxed(b"clap", &words(&[shown, 1, shown, 1, 0, 1, 0, 1]));
        let file = Heif::new()
            .property(clap.clone())
            .last(|item| item.properties.push(0x83));
        let outcome = clean(&file);
        assert!(outcome.has(&clap));
        assert_eq!(outcome.residue, residue);
    }
}

#[test]
fn what_turns_the_picture_stays() {
    let (turned, mirrored) = (boxed(b"irot", &[1]), boxed(b"imir", &[0]));
    let file = Heif::new()
        .property(boxed(b"irot", &[0xFD]))
        .property(mirrored.clone())
        .last(|item| item.properties.extend([0x83, 0x84]));
    let outcome = clean(&file);
    assert!(
        outcome.has(&turned) && outcome.has(&mirrored),
        "reserved bits are zero"
    );
}

#[test]
fn the_same_picture_once_more_has_no_data() {
    let mut file = Heif::new()
        .property(boxed(b"irot", &[1]))
        .item(2, b"iden", SECRET, &[2, 0x83])
        .refer(b"dimg", 2, &[1]);
    file.primary = 2;
    assert!(!clean(&file).has(SECRET));
    file.items[1].data.clear();
    clean(&file);
}

fn auxiliary(urn: &str) -> Vec<u8> {
    full(b"auxC", 0, &[urn.as_bytes(), b"\0SECRET-4711"].concat())
}

#[test]
fn transparency_stays_and_depth_goes() {
    let file = Heif::new()
        .property(auxiliary("urn:mpeg:hevc:2015:auxid:1"))
        .property(auxiliary("urn:mpeg:hevc:2015:auxid:2"))
        .item(2, b"hvc1", &picture(b"the transparency"), &[0x81, 2, 3])
        .refer(b"auxl", 2, &[1])
        .refer(b"prem", 1, &[2])
        .item(3, b"hvc1", &picture(b"the depth"), &[0x81, 2, 4])
        .refer(b"auxl", 3, &[1]);
    for policy in [Policy::SHARE, Policy::STRICT] {
        let outcome = clean_with(&file.build(), policy);
        assert!(outcome.has(b"the transparency"));
        assert!(outcome.has(&boxed(b"prem", &halves(&[1, 1, 2]))));
        assert!(!outcome.has(b"the depth") && !outcome.has(SECRET));
        assert!(outcome.ids.contains(&"heif.aux"));
    }
}

#[test]
fn gain_maps_stay_under_share_only() {
    let numbers = [
        &[0, 0, 0, 0, 9, 0x40][..],
        &words(&[0, 1, 13, 10, 0, 1, 13, 10, 1, 1, 1, 64, 1, 64]),
    ];
    let clean_numbers = [&[0, 0, 0, 0, 0, 0x40][..], numbers[1]].concat();
    let packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
        xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
        xmlns:HDRGainMap='http://ns.apple.com/HDRGainMap/1.0/' HDRGainMap:HDRGainMapVersion='131072' \
        xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:CreatorTool='SECRET-4711'/></rdf:RDF></x:xmpmeta>";
    let mut file = Heif::new()
        .property(auxiliary("urn:com:apple:photo:2020:aux:hdrgainmap"))
        .item(2, b"hvc1", &picture(b"gain map"), &[0x81, 2, 3])
        .refer(b"auxl", 2, &[1])
        .item(
            3,
            b"tmap",
            &[numbers.concat(), SECRET.to_vec()].concat(),
            &[2],
        )
        .refer(b"dimg", 3, &[1, 2])
        .item(4, b"mime", packet, &[])
        .last(|item| item.texts = b"\0application/rdf+xml\0".to_vec())
        .refer(b"cdsc", 4, &[2]);
    let altr = full(b"altr", 0, &words(&[9, 2, 3, 1]));
    file.inside = boxed(b"grpl", &altr);
    file.brands.extend(b"tmap");
    let outcome = clean(&file);
    assert!(outcome.has(b"gain map") && outcome.has(&clean_numbers));
    assert!(outcome.has(b"HDRGainMapVersion>131072<"));
    assert!(outcome.has(&full(b"altr", 0, &words(&[5, 2, 3, 1]))));
    assert!(outcome.bytes[8..28].ends_with(b"tmap"));
    assert!(!outcome.has(SECRET));
    let outcome = clean_with(&file.build(), Policy::STRICT);
    for gone in [&b"gain map"[..], b"tmap", b"altr", b"HDRGainMap"] {
        assert!(!outcome.has(gone), "{gone:?}");
    }
    assert!(outcome.ids.contains(&"heif.tmap"));
    // No copy retains the size in this version, so that no map can be compared with it.
    file.properties[1] = full(b"ispe", 1 << 24, &words(&[64, 64]));
    assert!(!clean(&file).has(b"gain map"));
}

/// Samsung marks the second input of its `tmap` as an auxiliary picture of its own kind.
#[test]
fn gain_maps_of_samsung_stay_and_unknown_kinds_lose_their_name() {
    let numbers = [
        &[0, 0, 0, 0, 0, 0x40][..],
        &words(&[0, 1, 13, 10, 0, 1, 13, 10, 1, 1, 1, 64, 1, 64]),
    ];
    let samsung = "urn:com:samsung:photo:2024:aux:hdrgainmap";
    for (urn, stays) in [(samsung, true), ("urn:com:anna:4711", false)] {
        let mut file = Heif::new()
            .property(auxiliary(urn))
            .item(2, b"hvc1", &picture(b"gain map"), &[0x81, 2, 0x83])
            .refer(b"auxl", 2, &[1])
            .item(3, b"tmap", &numbers.concat(), &[2])
            .refer(b"dimg", 3, &[1, 2]);
        file.brands.extend(b"tmap");
        let outcome = clean(&file);
        assert!(outcome.has(b"gain map") && !outcome.has(SECRET));
        assert!(outcome.has(&boxed(b"dimg", &halves(&[3, 2, 1, 2]))));
        assert_eq!(outcome.has(urn.as_bytes()), stays);
        assert_eq!(outcome.has(b"auxl"), stays);
        let outcome = clean_with(&file.build(), Policy::STRICT);
        assert!(!outcome.has(b"gain map") && !outcome.has(urn.as_bytes()));
    }
}

#[test]
fn apples_two_numbers_stay_with_its_gain_map() {
    let exif = crate::metadata::exif::minimal(&crate::metadata::exif::Facts {
        orientation: Some(6),
        apple_hdr: Some([(1_234_567, 1_000_000), (7_654, 1_000_000)]),
        ..Default::default()
    })
    .unwrap();
    let file = |urn: &str| {
        Heif::new()
            .property(auxiliary(urn))
            .item(2, b"hvc1", &picture(b"gain map"), &[0x81, 2, 3])
            .refer(b"auxl", 2, &[1])
            .item(
                3,
                b"Exif",
                &[b"\0\0\0\x06Exif\0\0", &exif[..]].concat(),
                &[],
            )
            .refer(b"cdsc", 3, &[1])
    };
    let outcome = clean(&file("urn:com:apple:photo:2020:aux:hdrgainmap"));
    assert!(outcome.has(b"Apple iOS") && outcome.has(&words(&[1_234_567, 1_000_000])));
    assert!(
        !outcome.has(&[1, 0x12, 0, 3]),
        "irot turns the picture, Exif does not"
    );
    // Without the gain map nobody needs them.
    let outcome = clean(&file("urn:mpeg:hevc:2015:auxid:2"));
    assert!(!outcome.has(b"Apple iOS"));
    assert!(outcome.ids.contains(&"heif.exif.orientation"));
}

#[test]
fn descriptions_and_dates_of_items_go() {
    let text = full(b"udes", 0, b"en\0SECRET-4711\0\0");
    let time = full(b"crtt", 0, &3_800_000_000_000_000_u64.to_be_bytes());
    let file = Heif::new()
        .property(text)
        .property(time)
        .property(boxed(b"abcd", SECRET))
        .last(|item| item.properties.extend([3, 4, 5]));
    let outcome = clean(&file);
    assert!(!outcome.has(SECRET) && !outcome.has(b"crtt"));
    assert_eq!(
        outcome.ids.iter().filter(|id| **id == "heif.props").count(),
        4,
        "language and text, time, unknown: {:?}",
        outcome.ids
    );
}

#[test]
fn what_encoders_write_into_the_picture_goes() {
    let sei = [&[5, 27][..], b"0123456789abcdefSECRET-4711", &[0x80]].concat();
    let light = [144, 4, 1, 2, 3, 4, 0x80];
    let coded = [
        nal(39, &sei),
        nal(39, &light),
        nal(38, SECRET),
        picture(b"the picture"),
        nal(50, SECRET),
    ]
    .concat();
    let file = Heif::new().last(|item| item.data = coded);
    let outcome = clean(&file);
    assert!(!outcome.has(SECRET));
    let left = [nal(39, &light), picture(b"the picture")].concat();
    assert!(outcome.has(&boxed(b"mdat", &left)));
    assert!(outcome.ids.contains(&"heif.sei"));
}

#[test]
fn units_of_av1_that_code_nothing_go() {
    let unit = |kind: u8, body: &[u8]| {
        let len = u8::try_from(body.len()).unwrap();
        [&[kind << 3 | 2, len], body].concat()
    };
    let header = unit(1, b"\x10\x20\x30");
    let frame = unit(6, b"the picture");
    let coded = [
        &unit(2, b"")[..],
        &header,
        &unit(2, SECRET),
        &unit(7, SECRET),
        &unit(5, &[&[2], SECRET].concat()),
        &unit(15, SECRET),
        &frame,
    ]
    .concat();
    let record = [
        &[0x81, 0, 12, 0][..],
        &header,
        &unit(1, SECRET),
        &unit(6, SECRET),
        &unit(2, SECRET),
    ]
    .concat();
    let mut file = Heif::new();
    file.brands = b"avif\0\0\0\0mif1avif".to_vec();
    file.properties[0] = boxed(b"av1C", &record);
    file.items[0].kind = *b"av01";
    file.items[0].data = coded;
    let outcome = clean(&file);
    assert!(!outcome.has(SECRET) && outcome.residue.is_empty());
    assert!(outcome.has(&boxed(b"av1C", &[&[0x81, 0, 12, 0], &header[..]].concat())));
    let left = [&unit(2, b"")[..], &header, &frame].concat();
    assert!(outcome.has(&boxed(b"mdat", &left)));
}

#[test]
fn data_in_pieces_comes_out_in_one() {
    let between = SECRET.to_vec();
    let file = Heif::new().last(|item| item.stands = Stands::Pieces(between));
    let outcome = clean(&file);
    assert!(outcome.has(&boxed(b"mdat", &picture(b"the picture"))));
    assert!(outcome.ids.contains(&"heif.mdat.gap"));
}

#[test]
fn data_in_another_item_is_found() {
    let len = u32::try_from(picture(b"the picture").len()).unwrap();
    let hidden = [b"before", &picture(b"the picture")[..], SECRET].concat();
    let file = Heif::new()
        .last(|item| item.stands = Stands::At(2, 6, len))
        .refer(b"iloc", 1, &[2])
        .item(2, b"abcd", &hidden, &[]);
    let outcome = clean(&file);
    assert!(outcome.has(&boxed(b"mdat", &picture(b"the picture"))));
    assert!(!outcome.has(SECRET));
}
