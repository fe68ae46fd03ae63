//! HEIF samples (ISO/IEC 23008-12): HEIC of phones, AVIF of programs, sequences. The two pictures were
//! drawn here and coded once with common encoders.

mod attacks;
mod files;
mod sequence;

use super::mp4::boxed;
use super::seed::Seeds;
use super::{Expect, Sample, mp4, xmp};

pub use attacks::attacks;
pub use files::samples;

/// The house, 64 by 64, as x265 codes it, and how to decode it.
const HOUSE: &[u8] = include_bytes!("house.hvc1");
const HOUSE_RECORD: &[u8] = include_bytes!("house.hvcC");
/// The house in grey.
const GREY: &[u8] = include_bytes!("plain.hvc1");
const GREY_RECORD: &[u8] = include_bytes!("plain.hvcC");
/// The house as libaom codes it.
const HOUSE_AV1: &[u8] = include_bytes!("house.av01");
const AV1_RECORD: &[u8] = &[0x81, 0, 0x0C, 0];

pub fn full(name: &[u8; 4], version_flags: u32, payload: &[u8]) -> Vec<u8> {
    boxed(name, &[&version_flags.to_be_bytes()[..], payload].concat())
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|n| n.to_be_bytes()).collect()
}

fn halves(halves: &[u16]) -> Vec<u8> {
    halves.iter().flat_map(|n| n.to_be_bytes()).collect()
}

/// Where an item's data goes.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Media,
    Idat,
    /// At the end of the file, behind all boxes.
    Behind,
}

struct Item {
    id: u16,
    kind: [u8; 4],
    hidden: bool,
    name: String,
    /// Content type and what follows, for `mime`.
    typed: Vec<u8>,
    data: Vec<u8>,
    place: Place,
    properties: Vec<u8>,
}

/// A file that is put together.
#[derive(Default)]
struct Heif {
    brands: Vec<u8>,
    handler: Vec<u8>,
    primary: u16,
    items: Vec<Item>,
    references: Vec<(&'static [u8; 4], u16, Vec<u16>)>,
    properties: Vec<Vec<u8>>,
    /// Further children of `meta`.
    inside: Vec<u8>,
    /// Boxes between `meta` and `mdat`.
    before: Vec<u8>,
    /// Bytes of `mdat` that no item has.
    gap: Vec<u8>,
    /// What follows `mdat`.
    behind: Vec<u8>,
    /// Samples of a sequence, and the rest of `moov` made from where they stand.
    sequence: Option<Sequence>,
}

type Moov = Box<dyn Fn(usize) -> Vec<u8>>;

struct Sequence {
    samples: Vec<u8>,
    moov: Moov,
}

/// The essential bit of an association.
const E: u8 = 0x80;

impl Heif {
    fn new(brands: &[u8]) -> Self {
        Self {
            brands: brands.to_vec(),
            primary: 1,
            ..Self::default()
        }
    }

    fn item(self, id: u16, kind: &[u8; 4], data: &[u8], properties: &[u8]) -> Self {
        self.item_in(Place::Media, id, kind, data, properties)
    }

    fn item_in(
        mut self,
        place: Place,
        id: u16,
        kind: &[u8; 4],
        data: &[u8],
        properties: &[u8],
    ) -> Self {
        self.items.push(Item {
            id,
            kind: *kind,
            hidden: false,
            name: String::new(),
            typed: Vec::new(),
            data: data.to_vec(),
            place,
            properties: properties.to_vec(),
        });
        self
    }

    fn last(mut self, change: impl FnOnce(&mut Item)) -> Self {
        change(self.items.last_mut().unwrap());
        self
    }

    fn hidden(self) -> Self {
        self.last(|item| item.hidden = true)
    }

    fn mime(self, id: u16, kind: &str, data: &[u8]) -> Self {
        let typed = [kind.as_bytes(), &[0]].concat();
        self.item(id, b"mime", data, &[])
            .last(|item| item.typed = typed)
    }

    fn named(self, name: String) -> Self {
        self.last(|item| item.name = name)
    }

    fn refer(mut self, kind: &'static [u8; 4], from: u16, to: &[u16]) -> Self {
        self.references.push((kind, from, to.to_vec()));
        self
    }

    /// Adds a property; they are numbered from 1 on.
    fn property(mut self, property: Vec<u8>) -> Self {
        self.properties.push(property);
        self
    }

    fn inside(mut self, child: &[u8]) -> Self {
        self.inside.extend(child);
        self
    }

    fn before(mut self, other: &[u8]) -> Self {
        self.before.extend(other);
        self
    }

    fn gap(mut self, bytes: &[u8]) -> Self {
        self.gap.extend(bytes);
        self
    }

    fn behind(mut self, bytes: &[u8]) -> Self {
        self.behind.extend(bytes);
        self
    }

    fn build(self) -> Vec<u8> {
        let ftyp = boxed(b"ftyp", &self.brands);
        // With all offsets at zero the boxes have the length that they will have.
        let moov = |at: usize| {
            self.sequence
                .as_ref()
                .map_or(Vec::new(), |it| (it.moov)(at))
        };
        let front = ftyp.len() + self.meta(0, 0).len() + moov(0).len() + self.before.len();
        let start = front + 8;
        let mut media = self.gap.clone();
        let items = self.items.iter();
        for item in items.clone().filter(|item| item.place == Place::Media) {
            media.extend(&item.data);
        }
        let samples = start + media.len();
        media.extend(self.sequence.iter().flat_map(|it| it.samples.clone()));
        let end = start + media.len() + self.behind.len();
        let mut out = [ftyp, self.meta(start + self.gap.len(), end), moov(samples)].concat();
        out.extend(&self.before);
        out.extend(boxed(b"mdat", &media));
        out.extend(&self.behind);
        for item in items.filter(|item| item.place == Place::Behind) {
            out.extend(&item.data);
        }
        out
    }

    fn meta(&self, media: usize, behind: usize) -> Vec<u8> {
        let handler = [&[0; 4], b"pict".as_slice(), &[0; 12], &self.handler, &[0]].concat();
        let (mut at, mut at_idat, mut at_behind) = (media, 0, behind);
        let mut idat = Vec::new();
        let mut entries = Vec::new();
        let mut locations = vec![0x44, 0];
        locations.extend((self.items.len() as u16).to_be_bytes());
        let mut table = words(&[self.items.len() as u32]);
        for item in &self.items {
            let (offset, method) = match item.place {
                Place::Media => (&mut at, 0),
                Place::Idat => (&mut at_idat, 1),
                Place::Behind => (&mut at_behind, 0),
            };
            locations.extend(halves(&[item.id, method, 0, 1]));
            locations.extend(words(&[*offset as u32, item.data.len() as u32]));
            *offset += item.data.len();
            if item.place == Place::Idat {
                idat.extend(&item.data);
            }
            let name = [item.name.as_bytes(), &[0], &item.typed].concat();
            let entry = [&halves(&[item.id, 0]), &item.kind[..], &name].concat();
            entries.extend(full(b"infe", 0x0200_0000 | u32::from(item.hidden), &entry));
            table.extend(item.id.to_be_bytes());
            table.push(item.properties.len() as u8);
            table.extend(&item.properties);
        }
        let mut references = Vec::new();
        for (kind, from, to) in &self.references {
            let body = [halves(&[*from, to.len() as u16]), halves(to)].concat();
            references.extend(boxed(kind, &body));
        }
        let count = (self.items.len() as u16).to_be_bytes();
        let properties = [
            boxed(b"ipco", &self.properties.concat()),
            full(b"ipma", 0, &table),
        ]
        .concat();
        let body = [
            full(b"hdlr", 0, &handler),
            full(b"pitm", 0, &self.primary.to_be_bytes()),
            full(b"iinf", 0, &[&count, entries.as_slice()].concat()),
            if references.is_empty() {
                Vec::new()
            } else {
                full(b"iref", 0, &references)
            },
            boxed(b"iprp", &properties),
            if idat.is_empty() {
                Vec::new()
            } else {
                boxed(b"idat", &idat)
            },
            full(b"iloc", 0x0100_0000, &locations),
            self.inside.clone(),
        ]
        .concat();
        full(b"meta", 0, &body)
    }
}

fn ispe(width: u32, height: u32) -> Vec<u8> {
    full(b"ispe", 0, &words(&[width, height]))
}

fn pixi(channels: u8) -> Vec<u8> {
    full(
        b"pixi",
        0,
        &[&[channels][..], &vec![8; channels.into()]].concat(),
    )
}

fn colour() -> Vec<u8> {
    boxed(b"colr", b"nclx\0\x01\0\x0D\0\x06\x80")
}

/// A grid of two tiles, 120 by 64.
const GRID: &[u8] = &[0, 0, 0, 1, 0, 120, 0, 64];

/// Exif of an item: the TIFF header stands behind six bytes.
fn exif_item(tiff: &[u8]) -> Vec<u8> {
    [b"\0\0\0\x06Exif\0\0", tiff].concat()
}

fn xmp_item(s: &mut Seeds, place: &str) -> Vec<u8> {
    s.at(place, |s| xmp::packet(&xmp::COMMON, &xmp::common(s)))
}

/// HEVC NAL unit with what an encoder wrote about itself.
fn user_data(s: &mut Seeds) -> Vec<u8> {
    let text = s.text("SEI user data", "x265 (build 199) options: ");
    let mut nal = vec![0x4E, 0x01, 5, text.len() as u8 + 16];
    nal.extend(b"\x2C\xA2\xDE\x09\xB5\x17\x47\xDB\xBB\x55\xA4\xFE\x7F\xC2\xFC\x4E");
    nal.extend(text.bytes());
    nal.push(0x80);
    [&(nal.len() as u32).to_be_bytes()[..], &nal].concat()
}

/// AV1 unit with metadata that nobody registered.
fn metadata_unit(s: &mut Seeds) -> Vec<u8> {
    let text = s.text("OBU metadata", "\x1Fcamera ");
    [&[0x2A, text.len() as u8 + 1][..], text.as_bytes(), &[0x80]].concat()
}

fn auxiliary(urn: &str) -> Vec<u8> {
    full(b"auxC", 0, &[urn.as_bytes(), &[0]].concat())
}

fn uuid(id: &[u8; 16], data: &[u8]) -> Vec<u8> {
    boxed(b"uuid", &[id, data].concat())
}

const XMP_UUID: &[u8; 16] = b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac";

/// What Apple writes about its gain map.
fn apple_gain_map(s: &mut Seeds) -> Vec<u8> {
    let version = xmp::element("HDRGainMap:HDRGainMapVersion", "131072");
    let common = xmp::common(s);
    let mut namespaces = xmp::COMMON.to_vec();
    namespaces.push(("HDRGainMap", "http://ns.apple.com/HDRGainMap/1.0/"));
    xmp::packet(&namespaces, &(version + &common))
}

impl Heif {
    fn primary(mut self, id: u16) -> Self {
        self.primary = id;
        self
    }

    /// One picture of HEVC.
    fn simple() -> Self {
        Self::new(b"heic\0\0\0\0mif1heic")
            .property(boxed(b"hvcC", HOUSE_RECORD))
            .property(ispe(64, 64))
            .property(pixi(3))
            .item(1, b"hvc1", HOUSE, &[E | 1, 2, 3])
    }

    /// One picture of AV1.
    fn av1() -> Self {
        Self::new(b"avif\0\0\0\0avifmif1miafMA1B")
            .property(boxed(b"av1C", AV1_RECORD))
            .property(ispe(64, 64))
            .property(pixi(3))
            .property(colour())
            .item(1, b"av01", HOUSE_AV1, &[E | 1, 2, 3, 4])
    }
}

/// Numbers of a gain map after ISO 21496-1, for one channel.
fn tone_map(behind: &[u8]) -> Vec<u8> {
    let numbers = [0, 1, 13, 10, 0, 1, 13, 10, 1, 1, 1, 64, 1, 64];
    [&[0, 0, 0, 0, 0, 0x40], &words(&numbers)[..], behind].concat()
}

fn altr(members: &[u32]) -> Vec<u8> {
    let body = [words(&[77, members.len() as u32]), words(members)].concat();
    boxed(b"grpl", &full(b"altr", 0, &body))
}

fn heif(
    name: &str,
    imitates: &str,
    how: &str,
    expect: Expect,
    make: impl FnOnce(&mut Seeds) -> Vec<u8>,
) -> Sample {
    let format = if name.ends_with(".avif") {
        "avif"
    } else {
        "heif"
    };
    Sample::new(format, name, imitates, how, expect, make)
}

/// Bytes with a text of a unique ending.
fn bytes(s: &mut Seeds, place: &str, text: &str) -> Vec<u8> {
    s.text(place, text).into_bytes()
}

/// A file with nothing but a picture, in the order in which most programs write.
fn clean(
    brands: &[u8],
    kind: &[u8; 4],
    record_kind: &[u8; 4],
    record: &[u8],
    picture: &[u8],
) -> Vec<u8> {
    let ftyp = boxed(b"ftyp", brands);
    let meta = |at: usize| {
        let location = [&[0x44, 0][..], &halves(&[1, 1, 0, 1])].concat();
        let location = [location, words(&[at as u32, picture.len() as u32])].concat();
        let entry = [&halves(&[1, 0]), &kind[..], &[0]].concat();
        let entry = full(b"infe", 0x0200_0000, &entry);
        let properties = [boxed(record_kind, record), ispe(64, 64), pixi(3)].concat();
        let table = [&words(&[1])[..], &[0, 1, 3, E | 1, 2, 3]].concat();
        let iprp = [boxed(b"ipco", &properties), full(b"ipma", 0, &table)].concat();
        let body = [
            full(b"hdlr", 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"),
            full(b"pitm", 0, &[0, 1]),
            full(b"iloc", 0, &location),
            full(b"iinf", 0, &[&[0, 1], &entry[..]].concat()),
            boxed(b"iprp", &iprp),
        ]
        .concat();
        full(b"meta", 0, &body)
    };
    let start = ftyp.len() + meta(0).len() + 8;
    [ftyp, meta(start), boxed(b"mdat", picture)].concat()
}
