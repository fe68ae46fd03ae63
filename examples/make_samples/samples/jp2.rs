//! JPEG 2000 samples: boxes and comments around a codestream that `opj_compress` coded.

use super::mp4::boxed;
use super::seed::Seeds;
use super::tiff::Order;
use super::{Expect, Sample, c2pa, exif, icc, iptc, jpeg, xmp};

/// The house, 48 by 32, in two tiles, with the lengths of both in `TLM` and without a comment.
const HOUSE: &[u8] = include_bytes!("house.j2k");
/// Where the first `SOT` stands in it.
const TILES: usize = 0x5D;
/// Where the lengths of the two tiles stand in it.
const TLM: [usize; 2] = [0x54, 0x59];

fn comment(kind: u16, text: &[u8]) -> Vec<u8> {
    let len = (text.len() as u16 + 4).to_be_bytes();
    [&[0xFF, 0x64][..], &len, &kind.to_be_bytes(), text].concat()
}

/// Lengths of packets of all tiles, which no decoder needs.
fn packet_lengths(text: &[u8]) -> Vec<u8> {
    let len = (text.len() as u16 + 2).to_be_bytes();
    [&[0xFF, 0x57][..], &len, text].concat()
}

/// The codestream with a text and a binary comment in its main header, and one in each tile.
fn commented(s: &mut Seeds) -> Vec<u8> {
    let first = comment(1, s.text("COM", "Kakadu, job of Anna Exempel ").as_bytes());
    let second = comment(0, s.text("binary COM", "\u{1}\u{2}").as_bytes());
    let second = [second, packet_lengths(s.text("PLM", "").as_bytes())].concat();
    let (head, mut rest) = HOUSE.split_at(TILES);
    let (start, head_rest) = head.split_at(51);
    let mut out = [start, &first, head_rest, &second].concat();
    let shift = first.len();
    for at in TLM {
        let inside = comment(1, s.text("COM of a tile-part", "tile ").as_bytes());
        let old = u32::from_be_bytes(rest[6..10].try_into().unwrap());
        let (tile, next) = rest.split_at(old as usize);
        rest = next;
        let new = (old + inside.len() as u32).to_be_bytes();
        out[at + shift..][..4].copy_from_slice(&new);
        out.extend([&tile[..6], &new, &tile[10..12], &inside, &tile[12..]].concat());
    }
    out.extend(rest);
    out
}

fn signature() -> Vec<u8> {
    boxed(b"jP  ", b"\r\n\x87\n")
}

fn file_type(brand: &[u8; 4]) -> Vec<u8> {
    boxed(b"ftyp", &[&brand[..], &[0; 4], b"jp2 "].concat())
}

/// Size, three components of eight bits.
fn image_header(rights: u8) -> Vec<u8> {
    let body = [&[0, 0, 0, 32, 0, 0, 0, 48, 0, 3, 7, 7, 0][..], &[rights]].concat();
    boxed(b"ihdr", &body)
}

fn srgb() -> Vec<u8> {
    boxed(b"colr", &[1, 0, 0, 0, 0, 0, 16])
}

fn header(boxes: &[Vec<u8>]) -> Vec<u8> {
    boxed(b"jp2h", &boxes.concat())
}

/// A plain file with more boxes behind the header and behind the picture.
fn file(before: &[Vec<u8>], behind: &[Vec<u8>]) -> Vec<u8> {
    [
        signature(),
        file_type(b"jp2 "),
        header(&[image_header(0), srgb()]),
        before.concat(),
        boxed(b"jp2c", HOUSE),
        behind.concat(),
    ]
    .concat()
}

fn uuid(id: [u8; 16], data: &[u8]) -> Vec<u8> {
    boxed(b"uuid", &[&id[..], data].concat())
}

/// An id as standards print it.
fn id(hex: &str) -> [u8; 16] {
    let digits: String = hex.chars().filter(|c| *c != '-').collect();
    let mut out = [0; 16];
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap();
    }
    out
}

fn geotiff(s: &mut Seeds) -> Vec<u8> {
    let here = s.position("ModelTiepoint");
    let (lat, lon) = (here.lat(), here.lon());
    s.spelled_bytes("ModelTiepoint/latitude", &lat.to_le_bytes());
    s.spelled_bytes("ModelTiepoint/longitude", &lon.to_le_bytes());
    let citation = s.text("GeoAsciiParams", "Sjoviken ");
    let doubles = [0.0001, 0.0001, 0.0, 0.0, 0.0, 0.0, lon, lat, 0.0];
    let data: Vec<u8> = doubles.iter().flat_map(|n: &f64| n.to_le_bytes()).collect();
    let mut out = b"II*\0\x08\0\0\0\x03\0".to_vec();
    let entries = [
        (0x830E_u16, 12_u16, 3, 50),
        (0x8482, 12, 6, 74),
        (0x87B1, 2, citation.len() as u32 + 1, 122),
    ];
    for (tag, kind, count, offset) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(u32::to_le_bytes(offset));
    }
    [&out, &[0; 4][..], &data, citation.as_bytes(), &[0]].concat()
}

/// A picture with the place where it was taken.
pub fn with_place(s: &mut Seeds) -> Vec<u8> {
    let place = s.at("uuid Exif", |s| exif::small(s, Order::Little));
    file(&[uuid(*b"JpgTiffExif->JP2", &place)], &[])
}

fn jp2(
    name: &str,
    imitates: &str,
    how: &str,
    expect: Expect,
    make: impl FnOnce(&mut Seeds) -> Vec<u8>,
) -> Sample {
    Sample::new("jp2", name, imitates, how, expect, make)
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    use Expect::{AlreadyClean, Cleaned, Refused};
    vec![
        jp2(
            "scanner.jp2",
            "an archive's scan",
            "every uuid that there is: Exif, IPTC, XMP, georeferences, Photoshop, content credentials",
            Cleaned,
            |s| {
                let full = s.at("uuid Exif", |s| {
                    let thumb = jpeg::thumb(s);
                    exif::full(s, &exif::SCANNER, None, &thumb).tiff(Order::Little)
                });
                let second = s.at("uuid Exif 2", |s| exif::small(s, Order::Little));
                let packet = s.at("uuid XMP", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
                let sets = s.at("uuid IPTC", iptc::iim);
                let again = s.at("uuid IPTC 2", iptc::iim);
                let blocks = s.at("uuid Photoshop", |s| {
                    let sets = s.at("0x0404", iptc::iim);
                    let mut block = b"8BIM\x04\x04\0\0".to_vec();
                    block.extend((sets.len() as u32).to_be_bytes());
                    block.extend(&sets);
                    block.extend(&[0][..sets.len() % 2]);
                    block
                });
                let geo = s.at("uuid GeoJP2", geotiff);
                let world = s.text("uuid world file", "0.0001\n0\n0\n-0.0001\n19.");
                let thumb = s.at("uuid C2PA thumbnail", jpeg::thumb);
                let store = s.at("uuid C2PA", |s| c2pa::store(s, &thumb));
                let store = [&b"\0\0\0\0manifest\0\0\0\0\0\0\0\0\0"[..], &store].concat();
                let other = s.text("uuid of a program", "somebody was here ");
                file(
                    &[
                        uuid(*b"JpgTiffExif->JP2", &full),
                        uuid(id("b14bf8bd-083d-4b43-a5ae-8cd7d5a6ce03"), &geo),
                    ],
                    &[
                        uuid(id("0537cdab-9d0c-4431-a72a-fa561f2a113e"), &second),
                        uuid(id("33c7a4d2-b81d-4723-a0ba-f1a3e097ad38"), &sets),
                        uuid(id("09a14e97-c0b4-42e0-bebf-36df6f0ce36f"), &again),
                        uuid(id("be7acfcb-97a9-42e8-9c71-999491e3afac"), &packet),
                        uuid(id("2c4c0100-8504-40b9-a03e-562148d6dfeb"), &blocks),
                        uuid(id("96a9f1f1-dc98-402d-a7ae-d68e34451809"), world.as_bytes()),
                        uuid(id("d8fec3d6-1b0e-483c-9297-5828877ec481"), &store),
                        uuid([7; 16], other.as_bytes()),
                    ],
                )
            },
        ),
        jp2(
            "map.jp2",
            "an aerial photo",
            "GMLJP2 in associated boxes, comments in the codestream and in both tiles",
            Cleaned,
            |s| {
                let gml = s.at("asoc/asoc/xml", |s| {
                    let (lat, lon) = s.position("gml:pos").decimal();
                    s.spelled("gml:pos/latitude", &lat);
                    s.spelled("gml:pos/longitude", &lon);
                    let name = s.text("gml:description", "Sjoviken ");
                    format!(
                        "<gml:FeatureCollection xmlns:gml=\"http://www.opengis.net/gml\">\
                         <gml:description>{name}</gml:description>\
                         <gml:pos>{lat} {lon}</gml:pos></gml:FeatureCollection>"
                    )
                });
                let label = s.text("asoc/asoc/lbl", "gml.root-instance ");
                let inner = [
                    boxed(b"lbl ", label.as_bytes()),
                    boxed(b"xml ", gml.as_bytes()),
                ];
                let outer = [boxed(b"lbl ", b"gml.data"), boxed(b"asoc", &inner.concat())];
                let stream = s.at("jp2c", commented);
                [
                    signature(),
                    file_type(b"jp2 "),
                    header(&[image_header(0), srgb()]),
                    boxed(b"asoc", &outer.concat()),
                    boxed(b"jp2c", &stream),
                ]
                .concat()
            },
        ),
        jp2(
            "boxes.jp2",
            "programs that add boxes of their own",
            "XML, rights, addresses, credentials, labels, free space, a second picture, unknown boxes, tails",
            Cleaned,
            |s| {
                let mut text = |name: &str| s.text(name, "somebody was here ").into_bytes();
                let url = [&[0; 4][..], &text("uinf/url")].concat();
                let list = [&[0, 1][..], &text("uinf/ulst")].concat();
                let info = [boxed(b"ulst", &list), boxed(b"url ", &url)].concat();
                let in_header = boxed(b"abcd", &text("jp2h/unknown box"));
                let more = [&b"jp2 \0\0\0\0jp2 "[..], &text("ftyp")].concat();
                let mut colours = srgb();
                colours[3] += 18 + 10;
                colours.extend(text("colr"));
                let xml = [&b"<x>"[..], &text("xml"), b"</x>"].concat();
                let mpeg = [&b"<y>"[..], &text("mp7b"), b"</y>"].concat();
                let rights = [&b"<z>"[..], &text("jp2i"), b"</z>"].concat();
                let boxes: Vec<Vec<u8>> = [
                    (b"xml ", xml),
                    (b"mp7b", mpeg),
                    (b"jp2i", rights),
                    (b"uinf", info),
                    (b"chck", text("chck")),
                    (b"free", text("free")),
                    (b"mdat", text("mdat")),
                    (b"lbl ", text("lbl")),
                    (b"roid", text("roid")),
                    (b"wxyz", text("unknown box")),
                ]
                .iter()
                .map(|(kind, data)| boxed(kind, data))
                .collect();
                let behind_end = text("jp2c/behind EOC");
                let tail = text("behind the boxes");
                let second = s.at("second jp2c", commented);
                let store = s.at("jumb", |s| c2pa::store(s, b""));
                [
                    signature(),
                    boxed(b"ftyp", &more),
                    header(&[image_header(1), in_header, colours]),
                    boxes.concat(),
                    store,
                    boxed(b"jp2c", &[HOUSE, &behind_end].concat()),
                    boxed(b"jp2c", &second),
                    tail,
                ]
                .concat()
            },
        ),
        jp2(
            "profile.jp2",
            "a picture with the colours of a monitor",
            "a restricted profile, density, the colours of a vendor",
            Cleaned,
            |s| {
                let profile = s.at("colr", |s| icc::profile(s, icc::Kind::Monitor));
                let colours = boxed(b"colr", &[&[2, 0, 0][..], &profile].concat());
                let vendor = [&[4, 0, 0][..], &[7; 16], s.text("colr 2", "v").as_bytes()].concat();
                let density = boxed(b"resc", &[0, 72, 0, 1, 0, 72, 0, 1, 0, 0]);
                let hidden = boxed(b"abcd", s.text("res/unknown box", "r").as_bytes());
                [
                    signature(),
                    file_type(b"jp2 "),
                    header(&[
                        image_header(0),
                        colours,
                        boxed(b"colr", &vendor),
                        boxed(b"res ", &[density, hidden].concat()),
                    ]),
                    boxed(b"jp2c", HOUSE),
                ]
                .concat()
            },
        ),
        jp2(
            "bare.j2k",
            "a bare codestream",
            "comments in the main header and in both tiles, bytes behind the end",
            Cleaned,
            |s| {
                let tail = s.text("behind EOC", "tail ").into_bytes();
                [commented(s), tail].concat()
            },
        ),
        jp2(
            "fragments.jpx",
            "a file that is put together from others",
            "a fragment table with the address of another file",
            Refused,
            |s| {
                let url = [&[0; 4][..], s.text("dtbl/url", "file:///C:/").as_bytes()].concat();
                let table = [&[0, 1][..], &boxed(b"url ", &url)].concat();
                [
                    signature(),
                    file_type(b"jpx "),
                    boxed(b"dtbl", &table),
                    header(&[image_header(0), srgb()]),
                    boxed(b"ftbl", b""),
                ]
                .concat()
            },
        ),
        jp2(
            "damaged-short.jp2",
            "a damaged file",
            "ends within the picture",
            Refused,
            |s| {
                let text = s.text("xml", "<x/> ");
                let mut bytes = file(&[boxed(b"xml ", text.as_bytes())], &[]);
                bytes.truncate(bytes.len() - 400);
                bytes
            },
        ),
        jp2(
            "clean.jp2",
            "a picture without anything",
            "header and codestream",
            AlreadyClean,
            |_| file(&[], &[]),
        ),
    ]
}
