//! Documents made here, one for each thing that stays and each that goes.

use super::descriptor::{self, Ids};
use crate::bytes::{Cursor, testing::with_context};
use crate::model::{Error, OutcomeKind, Policy};
use crate::pipeline::testing::{Cleaned, cleaned_as};

fn clean(bytes: &[u8]) -> Cleaned {
    cleaned_as(bytes, Policy::SHARE).unwrap()
}

fn has(hay: &[u8], needle: &str) -> bool {
    let wide: Vec<u8> = needle.encode_utf16().flat_map(u16::to_be_bytes).collect();
    memchr::memmem::find(hay, needle.as_bytes()).is_some()
        || memchr::memmem::find(hay, &wide).is_some()
}

/// A document of two by two pixels.
#[derive(Default)]
struct Document {
    large: bool,
    mode: u8,
    depth: u8,
    colours: Vec<u8>,
    resources: Vec<u8>,
    /// Each: flags, blocks, compression and data of its one channel.
    layers: Vec<(u8, Vec<u8>, Vec<u8>)>,
    blocks: Vec<u8>,
    image: Option<Vec<u8>>,
    tail: Vec<u8>,
}

fn u32s(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap().to_be_bytes()
}

impl Document {
    fn length(&self, n: usize) -> Vec<u8> {
        if self.large {
            (n as u64).to_be_bytes().to_vec()
        } else {
            u32s(n).to_vec()
        }
    }

    fn info(&self) -> Vec<u8> {
        if self.layers.is_empty() {
            return Vec::new();
        }
        let mut out = u16::try_from(self.layers.len())
            .unwrap()
            .to_be_bytes()
            .to_vec();
        for (number, (flags, blocks, data)) in self.layers.iter().enumerate() {
            out.extend([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 0, 0]);
            out.extend(self.length(data.len()));
            out.extend(b"8BIMnorm\xff\0");
            out.extend([*flags, 0]);
            out.extend(u32s(12 + blocks.len()));
            out.extend([0; 8]);
            out.extend([2, b'L', b'1' + number as u8, 0]);
            out.extend(blocks);
        }
        for (_, _, data) in &self.layers {
            out.extend(data);
        }
        out.resize(out.len().next_multiple_of(2), 0);
        out
    }

    fn build(&self) -> Vec<u8> {
        let mut out = b"8BPS\0".to_vec();
        out.push(1 + u8::from(self.large));
        out.extend([0; 6]);
        out.extend([
            0,
            1,
            0,
            0,
            0,
            2,
            0,
            0,
            0,
            2,
            0,
            self.depth.max(8),
            0,
            self.mode.max(1),
        ]);
        out.extend(u32s(self.colours.len()));
        out.extend(&self.colours);
        out.extend(u32s(self.resources.len()));
        out.extend(&self.resources);
        let info = self.info();
        let mut section = self.length(info.len());
        section.extend(info);
        section.extend([0; 4]);
        section.extend(&self.blocks);
        if self.layers.is_empty() && self.blocks.is_empty() {
            section.clear();
        }
        out.extend(self.length(section.len()));
        out.extend(section);
        let image = self.image.clone();
        out.extend(image.unwrap_or_else(|| vec![0, 0, 9, 8, 7, 6]));
        out.extend(&self.tail);
        out
    }
}

fn block(key: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = [b"8BIM", &key[..], &u32s(data.len()), data].concat();
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn resource(id: u16, data: &[u8]) -> Vec<u8> {
    let mut out = [
        b"8BIM",
        &id.to_be_bytes()[..],
        &[0, 0],
        &u32s(data.len()),
        data,
    ]
    .concat();
    out.resize(out.len().next_multiple_of(2), 0);
    out
}

fn unicode(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    super::resources::unicode(text, &mut out);
    out
}

const RAW: &[u8] = &[0, 0, 9, 8, 7, 6];

fn layer(blocks: &[u8]) -> (u8, Vec<u8>, Vec<u8>) {
    (0, blocks.to_vec(), RAW.to_vec())
}

#[test]
fn what_shows_the_picture_stays() {
    let numbers = [
        resource(0x03ED, &[0, 72, 0, 0, 0, 1, 0, 1, 0, 72, 0, 0, 0, 1, 0, 1]),
        resource(0x0428, &[0, 0, 0, 1, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]),
        resource(0x040D, &[0, 0, 0, 90]),
    ]
    .concat();
    let blocks = [
        block(b"lsct", &[0, 0, 0, 1]),
        block(b"brit", &[0, 9, 0, 9, 0, 0, 0, 0]),
    ]
    .concat();
    for large in [false, true] {
        let file = Document {
            large,
            resources: numbers.clone(),
            layers: vec![layer(&blocks), layer(&[])],
            ..Document::default()
        }
        .build();
        let cleaned = clean(&file);
        // One layer may lie under the other.
        assert_eq!(cleaned.kind, OutcomeKind::Reduced);
        assert_eq!(cleaned.bytes, file);
    }
    let palette = |unused: u8| {
        let entries = (0..768).map(|n| {
            if (6..10).contains(&(n % 256)) {
                77
            } else {
                unused
            }
        });
        let document = Document {
            mode: 2,
            colours: entries.collect(),
            ..Document::default()
        };
        document.build()
    };
    assert_eq!(clean(&palette(0)).kind, OutcomeKind::AlreadyClean);
    let cleaned = clean(&palette(200));
    // A ramp of grey tells nothing.
    let left = cleaned.bytes.iter().filter(|byte| **byte == 200);
    assert_eq!((cleaned.kind, left.count()), (OutcomeKind::Cleaned, 3));
}

#[test]
fn layers_that_may_hide_something_are_named() {
    let kind = |layers: Vec<(u8, Vec<u8>, Vec<u8>)>, image: Option<Vec<u8>>| {
        let document = Document {
            layers,
            image,
            ..Document::default()
        };
        clean(&document.build()).kind
    };
    assert_eq!(kind(vec![layer(&[])], None), OutcomeKind::AlreadyClean);
    let two = vec![layer(&[]), layer(&[])];
    assert_eq!(kind(two, None), OutcomeKind::Reduced);
    let faint = vec![layer(&block(b"iOpa", &[0; 4]))];
    assert_eq!(kind(faint, None), OutcomeKind::Reduced);
    let other = Some(vec![0, 0, 1, 2, 3, 4]);
    assert_eq!(kind(vec![layer(&[])], other), OutcomeKind::Reduced);
    // The same picture, packed.
    let packed = Some(vec![0, 1, 0, 3, 0, 3, 1, 9, 8, 1, 7, 6]);
    assert_eq!(kind(vec![layer(&[])], packed), OutcomeKind::AlreadyClean);
}

#[test]
fn adjustments_of_any_length_stay_or_are_named() {
    let with = |key: &[u8; 4], len: usize| {
        let document = Document {
            layers: vec![layer(&block(key, &vec![1; len]))],
            ..Document::default()
        };
        (document.build(), clean(&document.build()))
    };
    for len in [100, 136, 4096] {
        let (input, cleaned) = with(b"hue2", len);
        assert_eq!(cleaned.bytes, input, "{len}");
    }
    for key in [b"selc", b"mixr", b"levl"] {
        let (_, cleaned) = with(key, 20_000);
        let is_named = cleaned.residue.iter().any(|f| f.id == "psd.edit");
        assert!(is_named, "{key:?}");
    }
}

#[test]
fn numbers_are_no_text() {
    // Knots of a path.
    let knots = |numbers: &[u8]| {
        let mut data = vec![0, 0, 0, 3, 0, 0, 0, 0, 0, 2];
        data.extend(numbers);
        block(b"vmsk", &data)
    };
    let with = |blocks: &[u8]| Document {
        layers: vec![layer(blocks)],
        ..Document::default()
    };
    let plain = with(&knots(&[0; 24])).build();
    assert_eq!(clean(&plain).kind, OutcomeKind::AlreadyClean);
    let cleaned = clean(&with(&knots(b"Ann\0Exe\0mpe\0l.H\0ome\0.se\0")).build());
    assert!(!has(&cleaned.bytes, "Exe"));
    // A layer where none can be, and density in units that nobody knows.
    let mut far = with(&[]).build();
    let at = memchr::memmem::find(&far, b"8BIMnorm").unwrap() - 24;
    far[at..at + 8].copy_from_slice(b"Exempel.");
    assert!(cleaned_as(&far, Policy::SHARE).is_err());
    let density = |data: &[u8]| Document {
        resources: resource(0x03ED, data),
        ..Document::default()
    };
    let cleaned = clean(&density(b"Anna\0was\0her\0e!\0").build());
    assert_eq!(cleaned.bytes, Document::default().build());
    // Of each resource the first counts.
    let angle = resource(0x040D, &[0, 0, 0, 90]);
    let twice = Document {
        resources: [&angle[..], &resource(0x040D, b"Anna")].concat(),
        ..Document::default()
    };
    let once = Document {
        resources: angle,
        ..Document::default()
    };
    assert_eq!(clean(&twice.build()).bytes, once.build());
}

#[test]
fn channels_that_nobody_sees_are_told() {
    let mut file = Document {
        image: Some([&[0, 0][..], &[7; 8], b"text"].concat()),
        ..Document::default()
    }
    .build();
    // Grey, and two more.
    file[13] = 3;
    let cleaned = clean(&file);
    assert_eq!(
        (cleaned.bytes == file, cleaned.stays()),
        (true, vec!["psd.hidden"])
    );
}

#[test]
fn all_compressions_are_followed_to_their_end() {
    let zip = {
        use std::io::Write;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&[1, 2, 3, 4]).unwrap();
        [&[0, 2][..], &encoder.finish().unwrap()].concat()
    };
    let runs = vec![0, 1, 0, 3, 0, 2, 1, 5, 6, 0xFF, 7];
    for data in [RAW.to_vec(), runs, zip] {
        let file = Document {
            layers: vec![(0, Vec::new(), data.clone())],
            image: Some(data.clone()),
            ..Document::default()
        };
        assert_eq!(clean(&file.build()).kind, OutcomeKind::AlreadyClean);
        let dirty = Document {
            layers: vec![(0, Vec::new(), [&data[..], b"Anna Exempel"].concat())],
            image: Some(data.clone()),
            tail: b"Anna Exempel".to_vec(),
            ..Document::default()
        };
        let cleaned = clean(&dirty.build());
        assert!(!has(&cleaned.bytes, "Exempel"));
        let ids: Vec<_> = cleaned.found.findings.iter().map(|f| f.id).collect();
        assert!(ids.contains(&"psd.slack") && ids.contains(&"psd.tail"));
        assert_eq!(cleaned.bytes, clean(&file.build()).bytes);
    }
}

#[test]
fn pixels_that_lie_are_refused() {
    let long = vec![0, 1, 0, 5, 0, 2, 3, 5, 6, 7, 8, 0xFF, 7];
    let cut = vec![0, 1, 0, 3, 0, 9, 1, 5, 6, 0xFF, 7];
    let unknown = vec![0, 9, 1, 2, 3, 4];
    for data in [long, cut, unknown, vec![0, 0, 1, 2]] {
        let layered = Document {
            layers: vec![(0, Vec::new(), data.clone())],
            ..Document::default()
        };
        let flat = Document {
            image: Some(data),
            ..Document::default()
        };
        for file in [layered.build(), flat.build()] {
            let refused = cleaned_as(&file, Policy::SHARE).err();
            assert!(refused.is_some_and(|error| error.is_refusal()));
        }
    }
}

#[test]
fn resources_that_tell_go() {
    for id in [
        0x03E9, 0x03F0, 0x0404, 0x040C, 0x0422, 0x0424, 0x043E, 0x0BB7, 0x07D0, 0x1388,
    ] {
        let file = Document {
            resources: resource(id, b"Anna Exempel"),
            ..Document::default()
        };
        let cleaned = clean(&file.build());
        assert!(!has(&cleaned.bytes, "Exempel"), "{id:04x}");
        assert_eq!(cleaned.bytes, Document::default().build());
        assert!(
            cleaned
                .found
                .findings
                .iter()
                .any(|f| f.id == "psd.resources")
        );
    }
    let names = Document {
        resources: [
            resource(0x03EE, b"\x0cAnna Exempel\x03two"),
            resource(0x0415, &[unicode("Anna Exempel"), unicode("x")].concat()),
            resource(0x0421, b"\0\0\0\x01\0Anna Exempel"),
            b"no resource".to_vec(),
        ]
        .concat(),
        ..Document::default()
    };
    let cleaned = clean(&names.build());
    assert!(!has(&cleaned.bytes, "Exempel") && !has(&cleaned.bytes, "no resource"));
    assert!(has(&cleaned.bytes, "A2"));
    assert!(cleaned.found.has_text("Anna Exempel"));
}

#[test]
fn names_and_times_of_layers_go() {
    for key in [b"luni", b"shmd", b"cinf", b"Anno", b"abCd", b"lyid"] {
        let data = if key == b"luni" {
            unicode("Anna Exempel")
        } else {
            b"Anna Exempel".to_vec()
        };
        for in_layer in [true, false] {
            let mut file = Document {
                layers: vec![layer(&[])],
                ..Document::default()
            };
            let clean_file = file.build();
            if in_layer {
                file.layers = vec![layer(&block(key, &data))];
            } else {
                file.blocks = block(key, &data);
            }
            let cleaned = clean(&file.build());
            assert_eq!(cleaned.bytes, clean_file);
            assert_eq!(cleaned.kind, OutcomeKind::Cleaned);
            assert!(cleaned.found.findings.iter().any(|f| f.id == "psd.layers"));
        }
    }
}

#[test]
fn text_and_hidden_layers_are_named() {
    let file = Document {
        layers: vec![(2, block(b"TySh", b"Anna Exempel"), RAW.to_vec())],
        ..Document::default()
    }
    .build();
    let cleaned = clean(&file);
    assert_eq!(cleaned.kind, OutcomeKind::Reduced);
    let ids: Vec<_> = cleaned.residue.iter().map(|f| f.id).collect();
    assert!(ids.contains(&"psd.text") && ids.contains(&"psd.hidden"));
    let strict = cleaned_as(&file, Policy::STRICT).unwrap();
    assert!(!has(&strict.bytes, "Exempel"), "its pixels are enough");
}

/// A descriptor with one text under this key.
fn described(version: &[u8], key: &[u8; 4], text: &str) -> Vec<u8> {
    let mut out = [version, &[0, 0, 0, 16]].concat();
    out.extend(unicode(""));
    out.extend(b"\0\0\0\0null\0\0\0\x02\0\0\0\0");
    out.extend(key);
    out.extend(b"TEXT");
    out.extend(unicode(text));
    out.extend(b"\0\0\0\0Opctlong\0\0\0\x05");
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

#[test]
fn descriptors_keep_numbers_and_lose_texts() {
    let file = |text: &str| {
        let blocks = [
            block(b"SoCo", &described(&[], b"Nm  ", text)),
            block(b"lfx2", &described(&[0; 4], b"Idnt", text)),
        ];
        Document {
            layers: vec![layer(&blocks.concat())],
            ..Document::default()
        }
        .build()
    };
    let cleaned = clean(&file("Anna Exempel"));
    assert_eq!(cleaned.kind, OutcomeKind::Cleaned);
    assert!(!has(&cleaned.bytes, "Exempel") && has(&cleaned.bytes, "Opct"));
    assert!(has(&cleaned.bytes, "00000000-0000-0000-0000-000000000001"));
    assert!(cleaned.found.has_text("Anna Exempel"));
    // What is not understood goes, and editors lose something.
    let odd = Document {
        layers: vec![layer(&block(b"SoCo", b"\0\0\0\x10Anna Exempel"))],
        ..Document::default()
    };
    let cleaned = clean(&odd.build());
    assert!(!has(&cleaned.bytes, "Exempel"));
    assert!(cleaned.residue.iter().any(|f| f.id == "psd.edit"));
}

#[test]
fn deep_and_lying_descriptors_end() {
    let mut deep = unicode("");
    deep.extend(b"\0\0\0\0null\0\0\0\x01\0\0\0\0Nm  ");
    for _ in 0..10_000 {
        deep.extend(b"VlLs\0\0\0\x01");
    }
    let mut lying = unicode("");
    lying.extend(b"\0\0\0\0null\xff\xff\xff\xff");
    with_context(|cx| {
        for bytes in [deep, lying, vec![0xFF; 64], Vec::new()] {
            let mut cursor = Cursor::new(&bytes);
            let made = descriptor::rewrite(&mut cursor, &mut Ids::default(), cx).unwrap();
            assert!(made.is_none());
        }
    });
}

/// A GIF of one pixel with a comment.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xfe\x0cAnna Exempel\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn linked(kind: &[u8; 4], version: u8, data: &[u8]) -> Vec<u8> {
    let mut entry = kind.to_vec();
    entry.extend([0, 0, 0, version, 7]);
    entry.extend(b"Exempel");
    entry.extend(unicode("/home/anna/Exempel.gif"));
    entry.extend(b"GIFfEXEM");
    entry.extend((data.len() as u64).to_be_bytes());
    entry.push(0);
    entry.extend(data);
    if version >= 7 {
        entry.extend(unicode("Exempel"));
        entry.extend(b"datetime\x01");
    }
    let mut out = (entry.len() as u64).to_be_bytes().to_vec();
    let len = entry.len().next_multiple_of(4);
    entry.resize(len, 0);
    out.extend(entry);
    out
}

#[test]
fn files_inside_are_cleaned() {
    for version in [2, 7] {
        let file = Document {
            layers: vec![layer(&block(
                b"SoLd",
                &described(b"soLD\0\0\0\x04", b"Idnt", "Exempel"),
            ))],
            blocks: block(b"lnk2", &linked(b"liFD", version, GIF)),
            ..Document::default()
        };
        let cleaned = clean(&file.build());
        assert_eq!(cleaned.kind, OutcomeKind::Cleaned, "{:?}", cleaned.residue);
        assert!(!has(&cleaned.bytes, "Exempel") && has(&cleaned.bytes, "GIF89a"));
        assert!(cleaned.found.has_text("Anna Exempel"));
        assert!(cleaned.found.has_text("/home/anna/Exempel.gif"));
    }
    for (kind, data) in [
        (b"liFD", &b"of a kind that nobody knows"[..]),
        (b"liFE", GIF),
    ] {
        let file = Document {
            blocks: block(b"lnkD", &linked(kind, 2, data)),
            ..Document::default()
        };
        let cleaned = clean(&file.build());
        assert!(!has(&cleaned.bytes, "Exempel") && !has(&cleaned.bytes, "nobody"));
        assert_eq!(cleaned.kind, OutcomeKind::Reduced);
        assert!(cleaned.found.findings.iter().any(|f| f.id == "psd.linked"));
    }
}

#[test]
fn ids_of_what_goes_are_not_counted() {
    let mut unknown = linked(b"liFD", 2, b"of a kind that nobody knows");
    let at = memchr::memmem::find(&unknown, b"Exempel").unwrap();
    unknown[at..at + 7].copy_from_slice(b"Another");
    // Cut behind a name and an id.
    let cut = described(b"soLD\0\0\0\x04", b"Idnt", "Annas id");
    let cut = block(b"SoLd", &cut[..cut.len() - 9]);
    let file = Document {
        layers: vec![layer(&cut)],
        blocks: block(b"lnk2", &[unknown, linked(b"liFD", 2, GIF)].concat()),
        ..Document::default()
    };
    let cleaned = clean(&file.build());
    assert!(!has(&cleaned.bytes, "Exempel") && has(&cleaned.bytes, "GIF89a"));
    assert_eq!(cleaned.kind, OutcomeKind::Reduced);
}

#[test]
fn documents_inside_documents_are_walked_once() {
    let mut file = Document::default().build();
    for _ in 0..13 {
        file = Document {
            blocks: block(b"lnk2", &linked(b"liFD", 2, &file)),
            ..Document::default()
        }
        .build();
    }
    // More than once at each level, and the budget would not do.
    let cleaned = clean(&file);
    assert!(!has(&cleaned.bytes, "Exempel"));
}

#[test]
fn documents_inside_documents_end() {
    let mut file = Document::default().build();
    for _ in 0..20 {
        file = Document {
            blocks: block(b"lnk2", &linked(b"liFD", 2, &file)),
            ..Document::default()
        }
        .build();
    }
    assert!(matches!(
        cleaned_as(&file, Policy::SHARE).err(),
        Some(Error::LimitExceeded { .. })
    ));
}

#[test]
fn layers_of_deep_pictures_are_found() {
    let inner = Document {
        layers: vec![(
            0,
            block(b"luni", &unicode("Anna Exempel")),
            [0, 0].iter().chain(&[5; 8]).copied().collect(),
        )],
        ..Document::default()
    };
    let file = Document {
        depth: 16,
        blocks: block(b"Lr16", &inner.info()),
        image: Some(vec![0; 10]),
        ..Document::default()
    };
    let cleaned = clean(&file.build());
    assert_eq!(cleaned.kind, OutcomeKind::Cleaned);
    assert!(!has(&cleaned.bytes, "Exempel"));
}

#[test]
fn every_cut_is_refused_or_cleaned() {
    let file = Document {
        resources: [resource(0x03EE, b"\x04Anna"), resource(0x0404, b"x")].concat(),
        layers: vec![layer(&block(b"luni", &unicode("Anna"))), layer(&[])],
        blocks: block(b"Patt", &[]),
        ..Document::default()
    }
    .build();
    for len in 0..file.len() {
        if let Err(error) = cleaned_as(&file[..len], Policy::SHARE) {
            assert!(error.is_refusal(), "{len}: {error}");
        }
    }
    for at in 0..file.len() {
        for value in [0, 1, 0x7F, 0xFF] {
            let mut bytes = file.clone();
            bytes[at] = value;
            if let Err(error) = cleaned_as(&bytes, Policy::SHARE) {
                // Damage can make a structure's own words a value that was found.
                let withheld = error.to_string().contains("a value of the original");
                assert!(error.is_refusal() || withheld, "{at}={value}: {error}");
            }
        }
    }
}
