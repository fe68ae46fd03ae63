//! HEIF samples (ISO/IEC 23008-12): HEIC of phones, AVIF of programs, sequences. The two pictures were
//! drawn here and coded once with common encoders.

use super::mp4::{self, boxed};
use super::seed::Seeds;
use super::tiff::Order;
use super::{Expect, Sample, exif, icc, jpeg, vendor, xmp};

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
            full(b"iref", 0, &references),
            boxed(b"iprp", &properties),
            boxed(b"idat", &idat),
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

/// A still of two tiles with all that an iPhone writes beside it.
fn iphone(s: &mut Seeds) -> Vec<u8> {
    let profile = s.at("colr", |s| icc::profile(s, icc::Kind::Monitor));
    let note = exif::apple_note(s);
    let thumb = jpeg::thumb(s);
    let exif = s.at("Exif", |s| {
        exif_item(&exif::full(s, &exif::IPHONE, Some(note), &thumb).tiff(Order::Big))
    });
    let (first, second) = (xmp_item(s, "XMP"), s.at("XMP of gain map", apple_gain_map));
    let depth = s.text("auxC of depth map", "camera calibration ");
    let tile = |s: &mut Seeds| [user_data(s), HOUSE.to_vec()].concat();
    Heif::new(b"heic\0\0\0\0mif1MiHBmiafheic")
        .property(boxed(b"hvcC", HOUSE_RECORD)) // 1
        .property(ispe(64, 64)) // 2
        .property(ispe(120, 64)) // 3
        .property(boxed(b"irot", &[3])) // 4
        .property(pixi(3)) // 5
        .property(boxed(b"colr", &[b"prof", profile.as_slice()].concat())) // 6
        .property(auxiliary("urn:com:apple:photo:2020:aux:hdrgainmap")) // 7
        .property(boxed(b"hvcC", GREY_RECORD)) // 8
        .property(pixi(1)) // 9
        .property(full(
            b"auxC",
            0,
            &[b"urn:mpeg:hevc:2015:auxid:2\0", depth.as_bytes()].concat(),
        )) // 10
        .property(auxiliary(
            "urn:com:apple:photo:2018:aux:portraiteffectsmatte",
        )) // 11
        .item(1, b"hvc1", &tile(s), &[E | 2, E | 6, E | 1])
        .hidden()
        .item(2, b"hvc1", &tile(s), &[E | 2, E | 6, E | 1])
        .hidden()
        .item_in(Place::Idat, 3, b"grid", GRID, &[E | 6, 3, E | 4, 5])
        .item(4, b"hvc1", HOUSE, &[E | 1, 2, E | 4, 5])
        .item(5, b"Exif", &exif, &[])
        .hidden()
        .mime(6, "application/rdf+xml", &first)
        .hidden()
        .item(7, b"hvc1", GREY, &[E | 8, 2, E | 4, 9, 7])
        .hidden()
        .mime(8, "application/rdf+xml", &second)
        .hidden()
        .item(9, b"hvc1", GREY, &[E | 8, 2, E | 4, 9, 10])
        .hidden()
        .item(10, b"hvc1", GREY, &[E | 8, 2, E | 4, 9, 11])
        .hidden()
        .refer(b"dimg", 3, &[1, 2])
        .refer(b"thmb", 4, &[3])
        .refer(b"cdsc", 5, &[3])
        .refer(b"cdsc", 6, &[3])
        .refer(b"auxl", 7, &[3])
        .refer(b"cdsc", 8, &[7])
        .refer(b"auxl", 9, &[3])
        .refer(b"auxl", 10, &[3])
        .primary(3)
        .build()
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

/// A sequence of two pictures, with a track of a phone's sensors.
fn animation(s: &mut Seeds) -> Vec<u8> {
    let name = s.text("moov/trak/hdlr name", "pictures of Anna ");
    let compressor = s.text("moov/trak/stsd compressorname", "Cam ");
    let sensors = s.text("mdat of the track mett", "57.5N 19.5E ");
    let user = s.text("moov/udta", "Anna Exempel ");
    let language = s.text("moov/trak/udta/name", "balcony ");
    let made = 0xD8FE_0000 + s.position("creation_time").latitude()[2].0;
    s.spelled_bytes("mvhd/tkhd/mdhd times", &words(&[made, made]));
    let meta = s.text("moov/trak/meta", "pict ");
    let samples = [HOUSE_AV1, HOUSE_AV1, sensors.as_bytes()].concat();
    let data_len = HOUSE_AV1.len();
    let sensors_len = sensors.len();
    let moov = move |at: usize| {
        let mvhd = full(b"mvhd", 0, &mp4::movie_header(made, 600, 1200, 3));
        let entry = |kind: &[u8; 4], children: &[u8]| {
            let mut entry = vec![0, 0, 0, 0, 0, 0, 0, 1];
            entry.extend([0; 16]);
            entry.extend(halves(&[64, 64]));
            entry.extend([0, 72, 0, 0, 0, 72, 0, 0, 0, 0, 0, 0, 0, 1]);
            let mut text = compressor.clone().into_bytes();
            text.insert(0, text.len() as u8);
            text.resize(32, 0);
            entry.extend(text);
            entry.extend([0, 24, 0xFF, 0xFF]);
            entry.extend(children);
            boxed(kind, &entry)
        };
        let track = |id: u32, handler: &[u8; 4], entry: Vec<u8>, sizes: &[u32], at: usize| {
            let stbl = [
                full(b"stsd", 0, &[words(&[1]), entry].concat()),
                full(b"stts", 0, &words(&[1, sizes.len() as u32, 600])),
                full(b"stsc", 0, &words(&[1, 1, sizes.len() as u32, 1])),
                full(
                    b"stsz",
                    0,
                    &[words(&[0, sizes.len() as u32]), words(sizes)].concat(),
                ),
                full(b"stco", 0, &words(&[1, at as u32])),
                full(b"stss", 0, &words(&[1, 1])),
            ]
            .concat();
            let url = [words(&[1]), full(b"url ", 1, &[])].concat();
            let minf = [
                full(b"vmhd", 1, &[0; 8]),
                boxed(b"dinf", &full(b"dref", 0, &url)),
                boxed(b"stbl", &stbl),
            ]
            .concat();
            let handler = [&[0; 4], &handler[..], &[0; 12], name.as_bytes(), &[0]].concat();
            let times = [words(&[made, made, 600, 1200]), vec![0x55, 0xC4, 0, 0]].concat();
            let mdia = [
                full(b"mdhd", 0, &times),
                full(b"hdlr", 0, &handler),
                boxed(b"minf", &minf),
            ]
            .concat();
            let elst = [words(&[1, 1200, 0, 0x1_0000])].concat();
            let body = [
                full(b"tkhd", 1, &mp4::track_header(made, id, 1200, 64, 64)),
                boxed(b"edts", &full(b"elst", 1, &elst)),
                full(b"meta", 0, &boxed(b"free", meta.as_bytes())),
                boxed(b"mdia", &mdia),
                boxed(b"udta", &boxed(b"name", language.as_bytes())),
            ]
            .concat();
            boxed(b"trak", &body)
        };
        let len = data_len as u32;
        let children = [
            boxed(b"av1C", AV1_RECORD),
            colour(),
            full(b"ccst", 0, &[0x7C, 0, 0, 0]),
        ];
        let pictures = track(
            1,
            b"pict",
            entry(b"av01", &children.concat()),
            &[len, len],
            at,
        );
        let mett = boxed(b"mett", b"\0\0\0\0\0\0\0\x01\0text/plain\0");
        let others = track(2, b"meta", mett, &[sensors_len as u32], at + 2 * data_len);
        let udta = boxed(
            b"udta",
            &full(b"auth", 0, &[&[0x55, 0xC4], user.as_bytes(), &[0]].concat()),
        );
        boxed(b"moov", &[mvhd, pictures, others, udta].concat())
    };
    let mut file = Heif::av1();
    file.brands = b"avis\0\0\0\0avisavifmsf1mif1miaf".to_vec();
    file.sequence = Some(Sequence {
        samples,
        moov: Box::new(moov),
    });
    file.build()
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

/// All of them.
pub fn samples() -> Vec<Sample> {
    use Expect::{AlreadyClean, Cleaned, Reduced, Refused};
    vec![
        heif(
            "iphone.heic",
            "an iPhone's portrait",
            "two tiles, turned, with thumbnail, Exif, two XMP items, HDR gain map, depth map, matte, monitor's profile, messages of the encoder",
            Cleaned,
            iphone,
        ),
        heif(
            "galaxy-motion.heic",
            "a Galaxy's motion photo",
            "Exif, mpvd with a film, sefd, a picture of the burst, a film behind the picture",
            Cleaned,
            |s| {
                let thumb = jpeg::thumb(s);
                let exif = s.at("Exif", |s| {
                    exif_item(&exif::full(s, &exif::GALAXY, None, &thumb).tiff(Order::Little))
                });
                let film = s.at("mpvd", |s| mp4::film(s, &thumb, 48, 32));
                let trailer = vendor::galaxy_trailer(s, b"MotionPhoto_Data".to_vec());
                let appended = s.at("behind", |s| mp4::film(s, &thumb, 48, 32));
                let burst = [user_data(s), HOUSE.to_vec()].concat();
                Heif::simple()
                    .item(2, b"Exif", &exif, &[])
                    .refer(b"cdsc", 2, &[1])
                    .item(3, b"hvc1", &burst, &[E | 1, 2])
                    .behind(&boxed(b"mpvd", &film))
                    .behind(&boxed(b"sefd", &trailer))
                    .behind(&appended)
                    .build()
            },
        ),
        heif(
            "live.heic",
            "a phone's live photo",
            "moov with a film in a file that is a still picture",
            Cleaned,
            |s| {
                let thumb = jpeg::thumb(s);
                let film = s.at("film", |s| mp4::film(s, &thumb, 48, 32));
                // Without its ftyp and the boxes in front of moov.
                let at = film.windows(4).position(|w| w == b"moov").unwrap() - 4;
                Heif::simple()
                    .behind(&film[24..at])
                    .behind(&film[at..])
                    .build()
            },
        ),
        heif(
            "pixel.avif",
            "a Pixel's HDR picture",
            "gain map after ISO 21496-1 with text behind its numbers, names, Exif, XMP, metadata units, a group",
            Cleaned,
            |s| {
                let exif = s.at("Exif", |s| exif_item(&exif::small(s, Order::Little)));
                let packet = xmp_item(s, "XMP");
                let hidden = bytes(s, "tmap behind its numbers", "");
                let numbers = tone_map(&hidden);
                let color = s.text("infe name", "Color of ");
                let base = [&HOUSE_AV1[..2], &metadata_unit(s), &HOUSE_AV1[2..]].concat();
                let mut file = Heif::new(b"avif\0\0\0\0avifmif1miafMA1Btmap")
                    .property(boxed(b"av1C", AV1_RECORD))
                    .property(ispe(64, 64))
                    .property(pixi(3))
                    .property(colour())
                    .item(1, b"av01", &base, &[E | 1, 2, 3, 4])
                    .named(color)
                    .item(2, b"tmap", &numbers, &[2, 3, 4])
                    .item(3, b"av01", HOUSE_AV1, &[E | 1, 2, 3])
                    .hidden()
                    .item(4, b"Exif", &exif, &[])
                    .mime(5, "application/rdf+xml", &packet)
                    .refer(b"dimg", 2, &[1, 3])
                    .refer(b"cdsc", 4, &[1])
                    .refer(b"cdsc", 5, &[1])
                    .inside(&altr(&[2, 1]));
                file.handler = bytes(s, "hdlr name", "libavif of ");
                file.build()
            },
        ),
        heif(
            "alpha.avif",
            "a web page's sticker",
            "transparency, a description, creation and modification time, unknown properties and boxes",
            Cleaned,
            |s| {
                let user = bytes(s, "udes", "en\0Anna on the balcony ");
                let made = 3_660_000_000_000_000
                    + u64::from(s.position("crtt").latitude()[2].0) * 1_000_000;
                s.spelled_bytes("crtt", &made.to_be_bytes());
                let unknown = bytes(s, "ipco/abcd", "number ");
                let inside = bytes(s, "meta/abcd", "box ");
                let free = bytes(s, "free", "lost ");
                let group = bytes(s, "grpl/brst", "");
                let own = bytes(s, "uuid", "program ");
                let packet = s.at("uuid XMP", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
                let gap = bytes(s, "mdat gap", "what was there before ");
                let trailer = bytes(s, "behind", "end ");
                let brand = s.text("ftyp", "");
                let mut file = Heif::av1()
                    .property(auxiliary("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"))
                    .property(full(b"udes", 0, &[&user[..], b"\0tag\0"].concat()))
                    .property(full(b"crtt", 0, &made.to_be_bytes()))
                    .property(boxed(b"abcd", &unknown))
                    .last(|item| item.properties.extend([6, 7, 8]))
                    .item(2, b"av01", HOUSE_AV1, &[E | 1, 2, 5])
                    .hidden()
                    .refer(b"auxl", 2, &[1])
                    .inside(&boxed(b"abcd", &inside))
                    .inside(&boxed(
                        b"grpl",
                        &full(b"brst", 0, &[&words(&[9, 1, 1])[..], &group].concat()),
                    ))
                    .before(&boxed(b"free", &free))
                    .before(&uuid(b"0123456789abcdef", &own))
                    .before(&uuid(XMP_UUID, &packet))
                    .gap(&gap)
                    .behind(&trailer);
                file.brands.extend(brand.as_bytes());
                file.brands.extend(b"  ");
                file.build()
            },
        ),
        heif(
            "animated.avif",
            "a messenger's animation",
            "two pictures in a track, a track of sensors, user data, times, names",
            Cleaned,
            animation,
        ),
        heif(
            "jpeg-item.heic",
            "a program that puts a JPEG into HEIF",
            "a JPEG with Exif as the picture, Exif behind all boxes",
            Cleaned,
            |s| {
                let picture = jpeg::thumb(s);
                let exif = s.at("Exif", |s| exif_item(&exif::small(s, Order::Big)));
                Heif::new(b"mif1\0\0\0\0mif1jpeg")
                    .property(ispe(48, 32))
                    .item(1, b"jpeg", &picture, &[1])
                    .item_in(Place::Behind, 2, b"Exif", &exif, &[])
                    .refer(b"cdsc", 2, &[1])
                    .build()
            },
        ),
        heif(
            "other-items.heic",
            "programs that add items of their own",
            "text, URI, an unknown type, a rotation that only Exif tells of",
            Cleaned,
            |s| {
                let text = bytes(s, "mime text/plain", "Anna, Exempelgatan ");
                let unknown = bytes(s, "abcd", "faces ");
                let block = exif::ifd0(s, &exif::IPHONE).tiff(Order::Big);
                Heif::simple()
                    .mime(2, "text/plain", &text)
                    .item(3, b"abcd", &unknown, &[])
                    .item(4, b"Exif", &exif_item(&block), &[])
                    .refer(b"cdsc", 4, &[1])
                    .build()
            },
        ),
        heif(
            "cropped.heic",
            "a phone's editor",
            "a border that is cut off for viewers only, and Exif",
            Reduced,
            |s| {
                let exif = s.at("Exif", |s| exif_item(&exif::small(s, Order::Big)));
                let clap = boxed(b"clap", &words(&[32, 1, 32, 1, 0, 1, 0, 1]));
                Heif::simple()
                    .property(clap)
                    .last(|item| item.properties.push(E | 4))
                    .item(2, b"Exif", &exif, &[])
                    .refer(b"cdsc", 2, &[1])
                    .build()
            },
        ),
        heif(
            "damaged-loop.heic",
            "an attacker",
            "a grid that is made of itself",
            Refused,
            |_| {
                Heif::simple()
                    .item_in(Place::Idat, 2, b"grid", GRID, &[2])
                    .refer(b"dimg", 2, &[1, 2])
                    .primary(2)
                    .build()
            },
        ),
        heif(
            "damaged-short.heic",
            "a damaged file",
            "ends within the picture",
            Refused,
            |_| {
                let mut file = Heif::simple().build();
                file.truncate(file.len() - 40);
                file
            },
        ),
        heif(
            "clean.heic",
            "a picture without anything",
            "one picture of HEVC",
            AlreadyClean,
            |_| {
                clean(
                    b"heic\0\0\0\0mif1heic",
                    b"hvc1",
                    b"hvcC",
                    HOUSE_RECORD,
                    HOUSE,
                )
            },
        ),
        heif(
            "clean.avif",
            "a picture without anything",
            "one picture of AV1",
            AlreadyClean,
            |_| {
                clean(
                    b"avif\0\0\0\0avifmif1",
                    b"av01",
                    b"av1C",
                    AV1_RECORD,
                    HOUSE_AV1,
                )
            },
        ),
    ]
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

/// Boxes, properties and items that may stand in a file, known and unknown.
const BOXES: &[&[u8; 4]] = &[
    b"free", b"skip", b"wide", b"junk", b"udta", b"mpvd", b"sefd", b"abcd", b"jumb", b"pnot",
    b"thum", b"sidx", b"ssix", b"prft", b"emsg", b"styp", b"pdin", b"bloc", b"etyp", b"gps ",
    b"Exif", b"xml ", b"moof",
];
const PROPERTIES: &[&[u8; 4]] = &[
    b"udes", b"altt", b"crtt", b"mdft", b"aebr", b"wbbr", b"fobr", b"afbr", b"dobr", b"pano",
    b"cmin", b"cmex", b"rref", b"uuid", b"free", b"abcd", b"subs", b"rloc", b"grid", b"hist",
];
const ITEMS: &[&[u8; 4]] = &[
    b"Exif", b"uri ", b"xml1", b"jumb", b"hist", b"mint", b"rgan", b"Rdat", b"abcd", b"hvc1",
    b"mski", b"mime",
];

/// Structures of all names, and those that no specification names.
pub fn attacks() -> Vec<Sample> {
    let mut all = Vec::new();
    let mut attack = |name: &str, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
        let (name, extension) = name.split_once('.').unwrap_or((name, "heic"));
        let safe: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        all.push(heif(
            &format!("canary/attack-{safe}.{extension}"),
            "an attacker",
            name,
            Expect::Cleaned,
            make,
        ));
    };
    for kind in BOXES {
        let name = String::from_utf8_lossy(*kind);
        attack(&format!("box {name}"), &|s| {
            let text = bytes(s, &name, "secret ");
            Heif::simple().before(&boxed(kind, &text)).build()
        });
        attack(&format!("box {name} in meta"), &|s| {
            let text = bytes(s, &format!("meta/{name}"), "secret ");
            Heif::simple().inside(&boxed(kind, &text)).build()
        });
    }
    for kind in PROPERTIES {
        let name = String::from_utf8_lossy(*kind);
        attack(&format!("property {name}"), &|s| {
            let text = bytes(s, &format!("ipco/{name}"), "secret 0123456789abcdef ");
            Heif::simple()
                .property(full(kind, 0, &text))
                .last(|item| item.properties.push(4))
                .build()
        });
    }
    for kind in ITEMS {
        let name = String::from_utf8_lossy(*kind);
        attack(&format!("item {name}"), &|s| {
            let text = bytes(s, &format!("item {name}"), "\0\0\0\x09secret ");
            Heif::simple().item(2, kind, &text, &[]).build()
        });
    }
    attack("ispe-long", &|s| {
        let text = bytes(s, "ispe behind its numbers", "x");
        let mut file = Heif::simple();
        file.properties[1] = full(b"ispe", 0, &[words(&[64, 64]), text].concat());
        file.build()
    });
    attack("pixi-long", &|s| {
        let text = bytes(s, "pixi behind its numbers", "x");
        let mut file = Heif::simple();
        file.properties[2] = full(b"pixi", 0, &[&[3, 8, 8, 8], &text[..]].concat());
        file.build()
    });
    attack("record-long", &|s| {
        let text = bytes(s, "hvcC behind its arrays", "x");
        let mut file = Heif::simple();
        file.properties[0] = boxed(b"hvcC", &[HOUSE_RECORD, &text].concat());
        file.build()
    });
    attack("record-sei", &|s| {
        let sei = user_data(s);
        let mut record = HOUSE_RECORD.to_vec();
        record[22] += 1;
        record.extend([39, 0, 1]);
        record.extend(&sei[2..]);
        let mut file = Heif::simple();
        file.properties[0] = boxed(b"hvcC", &record);
        file.build()
    });
    attack("filler", &|s| {
        let text = bytes(s, "NAL unit of type 38", "x");
        let mut nal = (text.len() as u32 + 2).to_be_bytes().to_vec();
        nal.extend([0x4C, 1]);
        nal.extend(text);
        let mut file = Heif::simple();
        file.items[0].data.extend(nal);
        file.build()
    });
    attack("reserved-unit", &|s| {
        let text = bytes(s, "NAL unit of type 50", "x");
        let mut nal = (text.len() as u32 + 2).to_be_bytes().to_vec();
        nal.extend([0x64, 1]);
        nal.extend(text);
        let mut file = Heif::simple();
        file.items[0].data.splice(0..0, nal);
        file.build()
    });
    attack("handler-manufacturer", &|s| {
        let text = bytes(s, "hdlr name", "x");
        let mut file = Heif::simple();
        file.handler = text;
        file.build()
    });
    attack("grid-long", &|s| {
        let text = bytes(s, "grid behind its numbers", "x");
        Heif::simple()
            .item_in(
                Place::Idat,
                2,
                b"grid",
                &[&[0, 0, 0, 0, 0, 64, 0, 64], &text[..]].concat(),
                &[2],
            )
            .refer(b"dimg", 2, &[1])
            .primary(2)
            .build()
    });
    attack("idat-gap", &|s| {
        let text = bytes(s, "idat of an item of no type", "x");
        Heif::simple()
            .item_in(Place::Idat, 2, b"grid", &[0, 0, 0, 0, 0, 64, 0, 64], &[2])
            .refer(b"dimg", 2, &[1])
            .item_in(Place::Idat, 3, b"abcd", &text, &[])
            .primary(2)
            .build()
    });
    attack("reference-to-nothing", &|s| {
        let text = bytes(s, "item with a reference to nothing", "x");
        Heif::simple()
            .item(9, b"Exif", &text, &[])
            .refer(b"cdsc", 9, &[77])
            .build()
    });
    attack("second-file", &|s| {
        let text = bytes(s, "second ftyp", "x");
        Heif::simple()
            .behind(&boxed(b"ftyp", b"heic\0\0\0\0mif1"))
            .behind(&boxed(b"free", &text))
            .build()
    });
    attack("av1-padding.avif", &|s| {
        let text = bytes(s, "OBU padding", "x");
        let mut file = Heif::av1();
        let unit = [&[0x7A, text.len() as u8][..], &text].concat();
        file.items[0].data.extend(unit);
        file.build()
    });
    attack("av1C-units.avif", &|s| {
        let text = bytes(s, "av1C units", "x");
        let mut file = Heif::av1();
        let unit = [AV1_RECORD, &[0x7A, text.len() as u8][..], &text].concat();
        file.properties[0] = boxed(b"av1C", &unit);
        file.build()
    });
    all
}
