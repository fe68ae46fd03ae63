//! TIFF samples.

use super::jpeg::{Jpeg, photo, thumb};
use super::scene::Scene;
use super::seed::Seeds;
use super::tiff::{Ifd, Order, Value};
use super::{Expect, Sample, c2pa, deflate, exif, icc, iptc, xmp};

const WIDTH: usize = 40;
const HEIGHT: usize = 30;

/// Rows of red, green and blue.
fn pixels() -> Vec<u8> {
    let scene = Scene::house(WIDTH, HEIGHT, 45);
    let all = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    all.flat_map(|(x, y)| scene.at(x, y)).collect()
}

/// A picture of one strip.
fn picture(ifd: Ifd, scheme: u16, strip: &[u8]) -> Ifd {
    let photometric = if scheme == 7 { 6 } else { 2 };
    let ifd = ifd
        .with(0x0100, Value::Long(vec![WIDTH as u32]))
        .with(0x0101, Value::Long(vec![HEIGHT as u32]))
        .with(0x0102, Value::Short(vec![8, 8, 8]))
        .with(0x0103, Value::Short(vec![scheme]))
        .with(0x0106, Value::Short(vec![photometric]))
        .with(0x0111, Value::Blob(strip.to_vec()))
        .with(0x0115, Value::Short(vec![3]))
        .with(0x0116, Value::Long(vec![HEIGHT as u32]))
        .with(0x0117, Value::Long(vec![strip.len() as u32]))
        .with(0x011C, Value::Short(vec![1]));
    if scheme == 7 {
        ifd.with(0x0212, Value::Short(vec![2, 2]))
    } else {
        ifd
    }
}

fn plain() -> Ifd {
    picture(Ifd::default(), 1, &pixels())
}

/// Tags of programs, scanners, faxes and printers, each with a text of its own.
const TEXTS: &[(u16, &str)] = &[
    (0x000B, "ProcessingSoftware"),
    (0x010D, "DocumentName"),
    (0x011D, "PageName"),
    (0x014D, "InkNames"),
    (0x0151, "TargetPrinter"),
    (0x0320, "ImageTitle"),
    (0x800D, "ImageID"),
    (0x80A4, "WangAnnotation"),
    (0x82A8, "MDLabName"),
    (0x82A9, "MDSampleInfo"),
    (0x84E0, "Site"),
    (0x8546, "SEMInfo"),
    (0x885D, "FaxSubAddress"),
    (0x885E, "FaxRecvTime"),
    (0x932F, "MSDocumentText"),
    (0xC427, "OceScanjobDescription"),
    (0xC428, "OceApplicationSelector"),
    (0xC429, "OceIdentificationNumber"),
    (0xC42A, "OceImageLogic"),
    (0xC44F, "Annotations"),
    (0xC573, "OriginalFileName"),
    (0xC6D2, "PanasonicTitle"),
    (0xCEA1, "SEAL"),
    (0xFDE8, "OwnerName"),
    (0xFDE9, "SerialNumber"),
    (0xFFFE, "private"),
];

fn geo(s: &mut Seeds) -> Ifd {
    let double = |n: &[f64]| {
        let bytes = n.iter().flat_map(|n| n.to_le_bytes()).collect();
        Value::Other(12, n.len() as u32, bytes)
    };
    let here = s.position("ModelTiePoint");
    let tie = [0.0, 0.0, 0.0, here.lon(), here.lat(), 0.0];
    let spelled: Vec<u8> = tie.iter().flat_map(|n| n.to_le_bytes()).collect();
    s.spelled_bytes("ModelTiePoint", &spelled[24..40]);
    let text = |s: &mut Seeds, field: &str, start: &str| Value::Ascii(s.text(field, start));
    plain()
        .with(0x830E, double(&[0.000_012_5, 0.000_012_5, 0.0]))
        .with(0x8482, double(&tie))
        .with(0x87AF, Value::Short(vec![1, 1, 0, 1, 1024, 0, 1, 2]))
        .with(0x87B0, double(&[6_378_137.0, 298.257_223_563]))
        .with(0x87B1, text(s, "GeoAsciiParams", "SWEREF 99 TM|"))
        .with(0xA480, text(s, "GDALMetadata", "<GDALMetadata>"))
        .with(0xA481, text(s, "GDALNoData", "-9999 "))
}

fn embedded(s: &mut Seeds) -> Ifd {
    let packet = s.at("XMP", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
    let iim = s.at("IPTC", iptc::iim);
    let small = s.at("IRB/Exif", |s| exif::small(s, Order::Big));
    let picture = s.at("IRB", thumb);
    let resources = s.at("IRB", |s| iptc::resources(s, &picture, &small, b""));
    let profile = s.at("ICC", |s| icc::profile(s, icc::Kind::Monitor));
    let store = s.at("C2PA", |s| c2pa::store(s, &[]));
    plain()
        .with(0x02BC, Value::Byte(packet))
        .with(0x83BB, Value::Undefined(iim))
        .with(0x8649, Value::Byte(resources))
        .with(0x8773, Value::Undefined(profile))
        .with(
            0x935C,
            Value::Undefined(s.text("ImageSourceData", "Adobe Photoshop ").into_bytes()),
        )
        .with(0xCD41, Value::Undefined(store))
}

fn pages(s: &mut Seeds) -> Vec<u8> {
    let page = |s: &mut Seeds, n: u16| {
        s.at(&format!("page {n}"), |s| {
            plain()
                .with(0x00FE, Value::Long(vec![2]))
                .with(0x011D, Value::Ascii(s.text("PageName", "letter to ")))
                .with(0x0129, Value::Short(vec![n, 2]))
                .with(0x0132, Value::Ascii(s.exif_date("DateTime")))
                .slack(s.text("bytes between", "left over ").as_bytes())
        })
    };
    let small = |s: &mut Seeds, place: &str| {
        s.at(place, |s| {
            plain()
                .with(0x00FE, Value::Long(vec![1]))
                .with(0x010E, Value::Ascii(s.text("ImageDescription", "label ")))
        })
    };
    let below = small(s, "SubIFD");
    let first = page(s, 0).with(0x014A, Value::Ifd(below));
    let label = small(s, "label page");
    let second = page(s, 1).next(label);
    let mut out = first.next(second).tiff(Order::Big);
    out.extend(s.text("behind the end", "trailer ").bytes());
    out
}

fn in_jpeg(s: &mut Seeds) -> Vec<u8> {
    let block = s.at("strip/APP1 Exif", |s| exif::small(s, Order::Big));
    let comment = s.text("strip/COM", "comment ");
    let coded = Jpeg::new(photo(45))
        .exif(&block)
        .app(0xFE, comment.as_bytes())
        .build();
    let tables = s.text("JPEGTables/COM", "tables ");
    let mut stream = vec![0xFF, 0xD8, 0xFF, 0xFE, 0, tables.len() as u8 + 2];
    stream.extend(tables.bytes());
    stream.extend([0xFF, 0xD9]);
    picture(Ifd::default(), 7, &coded)
        .resized(160, 120)
        .with(0x015B, Value::Undefined(stream))
        .tiff(Order::Little)
}

/// BigTIFF with one strip and one text.
fn big(s: &mut Seeds) -> Vec<u8> {
    let text = s.text("ImageDescription", "slide of ").into_bytes();
    let strip = pixels();
    let data = 16 + 8 + 10 * 20 + 8;
    let text_at = (data + strip.len()) as u64;
    let entries: [(u16, u16, u64, u64); 10] = [
        (0x0100, 4, 1, WIDTH as u64),
        (0x0101, 4, 1, HEIGHT as u64),
        (0x0102, 3, 3, 0x0008_0008_0008),
        (0x0103, 3, 1, 1),
        (0x0106, 3, 1, 2),
        (0x010E, 2, text.len() as u64, text_at),
        (0x0111, 16, 1, data as u64),
        (0x0115, 3, 1, 3),
        (0x0116, 4, 1, HEIGHT as u64),
        (0x0117, 16, 1, strip.len() as u64),
    ];
    let mut out = b"II\x2B\0\x08\0\0\0\x10\0\0\0\0\0\0\0\x0A\0\0\0\0\0\0\0".to_vec();
    for (tag, kind, count, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0; 8]);
    out.extend(strip);
    out.extend(text);
    out
}

/// Tiles larger than the picture, with a text beside it.
fn tiled(s: &mut Seeds) -> Ifd {
    const TILE: usize = 48;
    let text = s
        .text("beside the picture", "hidden in a tile ")
        .into_bytes();
    let (seen, row) = (pixels(), WIDTH * 3);
    let mut tile = Vec::new();
    for y in 0..TILE {
        let start = tile.len();
        if y < HEIGHT {
            tile.extend_from_slice(&seen[y * row..][..row]);
        }
        while tile.len() < start + TILE * 3 {
            tile.extend_from_slice(if y == HEIGHT { &text } else { b"." });
        }
        tile.truncate(start + TILE * 3);
    }
    Ifd::default()
        .with(0x0100, Value::Long(vec![WIDTH as u32]))
        .with(0x0101, Value::Long(vec![HEIGHT as u32]))
        .with(0x0102, Value::Short(vec![8, 8, 8]))
        .with(0x0103, Value::Short(vec![1]))
        .with(0x0106, Value::Short(vec![2]))
        .with(0x0115, Value::Short(vec![3]))
        .with(0x0142, Value::Short(vec![TILE as u16]))
        .with(0x0143, Value::Short(vec![TILE as u16]))
        .with(0x0144, Value::Blob(tile.clone()))
        .with(0x0145, Value::Long(vec![tile.len() as u32]))
}

/// Two colours, and a text where the others would stand.
fn painted(s: &mut Seeds) -> Ifd {
    let text = s.text("ColorMap", "no pixel has this colour ").into_bytes();
    let mut map = vec![0; 3 * 256 * 2];
    map[2..4].fill(0xFF);
    map[100..][..text.len()].copy_from_slice(&text);
    let strip: Vec<u8> = (0..WIDTH * HEIGHT).map(|n| u8::from(n % 7 < 3)).collect();
    Ifd::default()
        .with(0x0100, Value::Long(vec![WIDTH as u32]))
        .with(0x0101, Value::Long(vec![HEIGHT as u32]))
        .with(0x0102, Value::Short(vec![8]))
        .with(0x0103, Value::Short(vec![1]))
        .with(0x0106, Value::Short(vec![3]))
        .with(0x0111, Value::Blob(strip.clone()))
        .with(0x0115, Value::Short(vec![1]))
        .with(0x0116, Value::Long(vec![HEIGHT as u32]))
        .with(0x0117, Value::Long(vec![strip.len() as u32]))
        .with(0x0140, Value::Other(3, 3 * 256, map))
}

/// One file for each tag with a text, for comparing cleaners.
pub fn attacks() -> Vec<Sample> {
    let one = |name: &str, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
        let file = format!("canary/one-{name}.tif");
        Sample::new("tiff", &file, "nobody", name, Expect::Cleaned, make)
    };
    let mut all: Vec<Sample> = TEXTS
        .iter()
        .map(|(tag, name)| {
            one(name, &|s| {
                let text = Value::Ascii(s.text(name, "secret "));
                plain().with(*tag, text).tiff(Order::Little)
            })
        })
        .collect();
    all.push(one("slack", &|s| {
        let slack = s.text("bytes between", "left over ");
        plain().slack(slack.as_bytes()).tiff(Order::Big)
    }));
    all.push(one("trailer", &|s| {
        let tail = s.text("behind the end", "trailer ");
        [plain().tiff(Order::Big), tail.into_bytes()].concat()
    }));
    all.push(one("wrong-type", &|s| {
        let text = Value::Ascii(s.text("XResolution", "secret "));
        plain().with(0x011A, text).tiff(Order::Big)
    }));
    all
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    let tiff =
        |name: &str, imitates: &str, how: &str, expect, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
            Sample::new("tiff", name, imitates, how, expect, make)
        };
    vec![
        tiff(
            "camera.tif",
            "a camera",
            "Exif, GPS, maker note and thumbnail; rare tags, bytes between directories",
            Expect::Cleaned,
            &|s| {
                let note = exif::canon_note(s);
                let small = thumb(s);
                let device = exif::CANON;
                let ifd = exif::full(s, &device, Some(note), &small);
                let ifd = exif::ifd0_rare(s, ifd);
                picture(ifd, 1, &pixels()).tiff(device.order)
            },
        ),
        tiff(
            "office.tif",
            "scanners, faxes, printers and microscopes",
            "a text in each of the tags that programs made up",
            Expect::Cleaned,
            &|s| {
                let texts = TEXTS.iter().fold(plain(), |ifd, (tag, name)| {
                    ifd.with(*tag, Value::Ascii(s.text(name, "secret ")))
                });
                texts.tiff(Order::Big)
            },
        ),
        tiff(
            "embedded.tif",
            "an editor",
            "XMP, IPTC, Photoshop resources, layers, the profile of a monitor, content credentials",
            Expect::Cleaned,
            &|s| embedded(s).tiff(Order::Big),
        ),
        tiff(
            "geo.tif",
            "an aerial photo",
            "GeoTIFF tags, metadata of GDAL",
            Expect::Cleaned,
            &|s| geo(s).tiff(Order::Little),
        ),
        tiff(
            "pages.tif",
            "a scanned letter",
            "two pages, a label, a small picture below the first page, bytes between and behind",
            Expect::Cleaned,
            &pages,
        ),
        tiff(
            "jpeg.tif",
            "a scanner",
            "a JPEG with Exif and a comment as strip, a comment in the tables",
            Expect::Cleaned,
            &in_jpeg,
        ),
        tiff(
            "zip-tail.tif",
            "somebody who hides text",
            "bytes behind the end of a compressed strip",
            Expect::Cleaned,
            &|s| {
                let mut strip = deflate::zlib(&pixels(), &[3, 120]);
                strip.extend(s.text("behind the strip", "tail ").bytes());
                picture(Ifd::default(), 8, &strip).tiff(Order::Little)
            },
        ),
        tiff(
            "unseen.tif",
            "somebody who hides text",
            "samples of a tile beside the picture",
            Expect::Cleaned,
            &|s| tiled(s).tiff(Order::Little),
        ),
        tiff(
            "palette.tif",
            "somebody who hides text",
            "colours that no pixel has",
            Expect::Cleaned,
            &|s| painted(s).tiff(Order::Big),
        ),
        tiff(
            "big.tif",
            "a slide scanner",
            "BigTIFF with a text",
            Expect::Cleaned,
            &big,
        ),
        tiff(
            "damaged-loop.tif",
            "a damaged file",
            "a chain of directories that comes back to its beginning",
            Expect::Refused,
            &|s| {
                let text = Value::Ascii(s.text("ImageDescription", "loop "));
                let mut bytes = plain().with(0x010E, text).tiff(Order::Little);
                let link = 8 + 2 + 11 * 12;
                bytes[link] = 8;
                bytes
            },
        ),
        tiff(
            "clean.tif",
            "a picture without anything",
            "directory and strip",
            Expect::AlreadyClean,
            &|_| plain().tiff(Order::Little),
        ),
    ]
}
