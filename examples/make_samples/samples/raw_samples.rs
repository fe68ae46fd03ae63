//! DNG and raw photos.

use super::exif::{self, Device};
use super::jpeg::{Jpeg, photo, thumb};
use super::scene::Scene;
use super::seed::Seeds;
use super::tiff::{Ifd, Order, Value};
use super::{Expect, Sample, iptc, xmp};

const WIDTH: usize = 48;
const HEIGHT: usize = 32;

const SONY: Device = Device {
    make: "SONY",
    model: "ILCE-7M3",
    software: "ILCE-7M3 v3.",
    orientation: 1,
    order: Order::Little,
};
const PENTAX: Device = Device {
    make: "PENTAX",
    model: "PENTAX K-5",
    software: "K-5 Ver. ",
    orientation: 1,
    order: Order::Big,
};

/// Numbers of a sensor with a filter of red, green, green, blue in front.
fn sensor(order: Order) -> Vec<u8> {
    let scene = Scene::house(WIDTH, HEIGHT, 45);
    let all = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    all.flat_map(|(x, y)| {
        let [r, g, b] = scene.at(x, y);
        let value = [r, g, g, b][(y % 2) * 2 + x % 2];
        order.u16(u16::from(value) * 16 + 64)
    })
    .collect()
}

/// The directory of the raw picture.
fn raw(order: Order) -> Ifd {
    let strip = sensor(order);
    Ifd::new(vec![
        (0x00FE, Value::Long(vec![0])),
        (0x0100, Value::Long(vec![WIDTH as u32])),
        (0x0101, Value::Long(vec![HEIGHT as u32])),
        (0x0102, Value::Short(vec![16])),
        (0x0103, Value::Short(vec![1])),
        (0x0106, Value::Short(vec![32803])),
        (0x0111, Value::Blob(strip.clone())),
        (0x0115, Value::Short(vec![1])),
        (0x0116, Value::Long(vec![HEIGHT as u32])),
        (0x0117, Value::Long(vec![strip.len() as u32])),
        (0x011C, Value::Short(vec![1])),
        (0x828D, Value::Short(vec![2, 2])),
        (0x828E, Value::Byte(vec![0, 1, 1, 2])),
    ])
}

/// The directory of a preview, whose JPEG has an Exif block of its own.
fn preview(s: &mut Seeds) -> Ifd {
    let jpeg = s.at("preview", thumb);
    Ifd::new(vec![
        (0x00FE, Value::Long(vec![1])),
        (0x0100, Value::Long(vec![32])),
        (0x0101, Value::Long(vec![24])),
        (0x0102, Value::Short(vec![8, 8, 8])),
        (0x0103, Value::Short(vec![7])),
        (0x0106, Value::Short(vec![6])),
        (0x0111, Value::Blob(jpeg.clone())),
        (0x0115, Value::Short(vec![3])),
        (0x0116, Value::Long(vec![24])),
        (0x0117, Value::Long(vec![jpeg.len() as u32])),
        (0x0212, Value::Short(vec![2, 2])),
    ])
}

/// A small picture without compression, as the first directory has it.
fn small(ifd: Ifd) -> Ifd {
    let scene = Scene::house(16, 12, 45);
    let all = (0..12).flat_map(|y| (0..16).map(move |x| (x, y)));
    let pixels: Vec<u8> = all.flat_map(|(x, y)| scene.at(x, y)).collect();
    ifd.with(0x00FE, Value::Long(vec![1]))
        .with(0x0100, Value::Long(vec![16]))
        .with(0x0101, Value::Long(vec![12]))
        .with(0x0102, Value::Short(vec![8, 8, 8]))
        .with(0x0103, Value::Short(vec![1]))
        .with(0x0106, Value::Short(vec![2]))
        .with(0x0111, Value::Blob(pixels.clone()))
        .with(0x0115, Value::Short(vec![3]))
        .with(0x0116, Value::Long(vec![12]))
        .with(0x0117, Value::Long(vec![pixels.len() as u32]))
}

/// Tags of DNG that tell something.
const TEXTS: &[(u16, &str)] = &[
    (0xC615, "LocalizedCameraModel"),
    (0xC62F, "CameraSerialNumber"),
    (0xC68B, "OriginalRawFileName"),
    (0xC6F3, "CameraCalibrationSignature"),
    (0xC6F4, "ProfileCalibrationSignature"),
    (0xC6F6, "AsShotProfileName"),
    (0xC6F8, "ProfileName"),
    (0xC6FE, "ProfileCopyright"),
    (0xC716, "PreviewApplicationName"),
    (0xC717, "PreviewApplicationVersion"),
    (0xC718, "PreviewSettingsName"),
    (0xC71B, "PreviewDateTime"),
    (0xC789, "ReelName"),
    (0xC7A1, "CameraLabel"),
    (0xCD49, "JXLDistance"),
];
const BLOBS: &[(u16, &str)] = &[
    (0xC634, "DNGPrivateData"),
    (0xC65D, "RawDataUniqueID"),
    (0xC68C, "OriginalRawFileData"),
    (0xC719, "PreviewSettingsDigest"),
    (0xC71C, "RawImageDigest"),
    (0xC71D, "OriginalRawFileDigest"),
    (0xC763, "TimeCodes"),
    (0xC7A7, "NewRawImageDigest"),
    (0xC6F7, "ExtraCameraProfiles"),
];

fn dng(s: &mut Seeds, order: Order) -> Vec<u8> {
    let device = Device {
        order,
        ..exif::PIXEL
    };
    let ratios = |n: &[u32]| Value::Srational(n.iter().map(|n| (*n, 10_000)).collect());
    let exif = exif::shot(s, &device);
    let gps = exif::gps(s, order);
    let packet = s.at("XMP", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
    let private = s.at("SubIFD", |s| {
        raw(order).with(0xC6F8, Value::Ascii(s.text("ProfileName", "mine ")))
    });
    let mut ifd = exif::ifd0(s, &device);
    for (tag, name) in TEXTS {
        ifd = ifd.with(*tag, Value::Ascii(s.text(name, "secret ")));
    }
    for (tag, name) in BLOBS {
        ifd = ifd.with(*tag, Value::Undefined(s.text(name, "secret ").into_bytes()));
    }
    // A preview below the preview: what the writer of samples can point to.
    let below = preview(s);
    let depth = s.at("depth", |s| {
        raw(order)
            .with(0xC7E9, Value::Short(vec![1]))
            .with(0x010E, Value::Ascii(s.text("ImageDescription", "depth ")))
    });
    let mut out = small(ifd)
        .with(0x014A, Value::Ifd(private))
        .with(0x02BC, Value::Byte(packet))
        .with(0x8769, Value::Ifd(exif))
        .with(0x8825, Value::Ifd(gps))
        .with(0xC612, Value::Byte(vec![1, 4, 0, 0]))
        .with(0xC613, Value::Byte(vec![1, 1, 0, 0]))
        .with(0xC614, Value::Ascii("Pixel 8".into()))
        .with(
            0xC621,
            ratios(&[7000, 100, 200, 100, 9000, 300, 50, 60, 8000]),
        )
        .with(0xC628, Value::Rational(vec![(6, 10), (1, 1), (5, 10)]))
        .with(0xC65A, Value::Short(vec![21]))
        .next(below)
        .next(depth)
        .tiff(order);
    out.extend(s.text("behind the end", "trailer ").bytes());
    out
}

/// The first directory of a raw photo, and all below it.
fn camera(s: &mut Seeds, device: &Device, note: Option<Value>) -> Ifd {
    let packet = s.at("XMP", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
    let iim = s.at("IPTC", iptc::iim);
    let ifd = exif::full(s, device, note, &[]);
    small(ifd)
        .with(0x014A, Value::Ifd(raw(device.order)))
        .with(0x02BC, Value::Byte(packet))
        .with(0x83BB, Value::Undefined(iim))
        .with(0x9C9D, Value::Byte(s.utf16le("XPAuthor", "Anna Exempel ")))
        .next(preview(s))
}

/// Panasonic's kind: the JPEG with all metadata stands in the first directory.
fn panasonic(s: &mut Seeds) -> Vec<u8> {
    let order = Order::Little;
    let jpeg = s.at("JpgFromRaw", thumb);
    let strip = sensor(order);
    let ifd = Ifd::new(vec![
        (0x0001, Value::Undefined(b"0310".to_vec())),
        (0x0002, Value::Short(vec![WIDTH as u16])),
        (0x0003, Value::Short(vec![HEIGHT as u16])),
        (0x002E, Value::Undefined(jpeg)),
        (0x010F, Value::Ascii("Panasonic".into())),
        (0x0110, Value::Ascii("DMC-FZ50".into())),
        (0x0112, Value::Short(vec![1])),
        (0x013B, Value::Ascii(s.text("Artist", "Anna Exempel "))),
        (0x0117, Value::Long(vec![strip.len() as u32])),
        (0x0118, Value::Blob(strip)),
        (0x8825, Value::Ifd(exif::gps(s, order))),
    ]);
    let mut out = ifd.tiff(order);
    out[2] = 0x55;
    out
}

/// Fujifilm's kind: a header, a JPEG with all metadata, the numbers of the sensor.
fn fuji(s: &mut Seeds) -> Vec<u8> {
    let order = Order::Little;
    let device = Device {
        make: "FUJIFILM",
        model: "X-T1",
        software: "Digital Camera X-T1 Ver",
        orientation: 6,
        order,
    };
    let block = s.at("JPEG", |s| {
        let exif = exif::shot(s, &device);
        let ifd = exif::ifd0(s, &device).with(0x8769, Value::Ifd(exif));
        ifd.with(0x8825, Value::Ifd(exif::gps(s, order)))
            .tiff(order)
    });
    let comment = s.text("JPEG/COM", "comment ");
    let jpeg = Jpeg::new(photo(45))
        .exif(&block)
        .app(0xFE, comment.as_bytes())
        .build();
    let mut head = b"FUJIFILMCCD-RAW 0201FF129502X-T1".to_vec();
    head.resize(84, 0);
    let mut directory = vec![0, 0, 0, 1, 1, 0, 0, 4];
    directory.extend((HEIGHT as u16).to_be_bytes());
    directory.extend((WIDTH as u16).to_be_bytes());
    let strip = sensor(order);
    let mut at = 160;
    for part in [&jpeg, &directory, &strip] {
        head.extend((at as u32).to_be_bytes());
        head.extend((part.len() as u32).to_be_bytes());
        at += part.len();
    }
    head.resize(160, 0);
    [head, jpeg, directory, strip].concat()
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [
        &(body.len() as u32 + 8).to_be_bytes(),
        kind.as_slice(),
        body,
    ]
    .concat()
}

/// Canon's newer kind: boxes, with copies of the Exif directories among the samples of a track.
fn canon_boxes(s: &mut Seeds) -> Vec<u8> {
    let order = Order::Little;
    let exif = s.at("CMT2", |s| exif::shot(s, &exif::CANON).tiff(order));
    let name = s.at("CMT1", |s| exif::ifd0(s, &exif::CANON).tiff(order));
    let gps = s.at("CMT4", |s| exif::gps(s, order).tiff(order));
    let note = s.at("CMT3", |s| {
        let owner = Value::Ascii(s.text("OwnerName", "Anna Exempel "));
        let serial = Value::Ascii(s.text("InternalSerialNumber", "CG"));
        Ifd::new(vec![(0x0009, owner), (0x0096, serial)]).tiff(order)
    });
    let id = b"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48";
    let canon = [
        id.to_vec(),
        boxed(b"CMT1", &name),
        boxed(b"CMT2", &exif),
        boxed(b"CMT3", &note),
        boxed(b"CMT4", &gps),
    ]
    .concat();
    let packet = s.at("XMP", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
    let xmp_id = b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
    let packet = [xmp_id.as_slice(), &packet].concat();
    let copy = s.at("CTMD", |s| exif::shot(s, &exif::CANON).tiff(order));
    let record = |header: &[u8], body: &[u8]| {
        let len = (4 + header.len() + body.len()) as u32;
        [&len.to_le_bytes(), header, body].concat()
    };
    let inner = record(&0x8769_u32.to_le_bytes(), &copy);
    let timed = [
        record(
            &[1, 0, 0, 0, 0, 0, 0, 0],
            &[0, 0, 0xE3, 7, 5, 12, 14, 30, 12, 0, 0, 0],
        ),
        record(&[8, 0, 0, 0, 0, 0, 0, 0], &inner),
    ]
    .concat();
    let strip = sensor(order);
    let hidden = s.text("free", "hidden ");
    let numbers = |n: &[u32]| -> Vec<u8> { n.iter().flat_map(|n| n.to_be_bytes()).collect() };
    let track = |kind: &[u8; 4], at: usize, len: usize| {
        let entry = [
            &[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 16],
            kind.as_slice(),
            &[0; 8],
        ]
        .concat();
        let stbl = [
            boxed(b"stsd", &entry),
            boxed(b"stsz", &numbers(&[0, len as u32, 1])),
            boxed(b"stsc", &numbers(&[0, 1, 1, 1, 1])),
            boxed(b"stco", &numbers(&[0, 1, at as u32])),
        ];
        let header = boxed(b"tkhd", &numbers(&[7, 0xD890_1234, 0xD890_1234, 1, 0, 1]));
        let minf = boxed(b"minf", &boxed(b"stbl", &stbl.concat()));
        boxed(b"trak", &[header, boxed(b"mdia", &minf)].concat())
    };
    let build = |at: usize| {
        let moov = [
            boxed(b"uuid", &canon),
            boxed(b"mvhd", &numbers(&[0, 0xD890_1234, 0xD890_1234, 1, 1])),
            track(b"CRAW", at, strip.len()),
            track(b"CTMD", at + strip.len(), timed.len()),
        ];
        [
            boxed(b"ftyp", b"crx \0\0\0\x01crx isom"),
            boxed(b"moov", &moov.concat()),
            boxed(b"uuid", &packet),
            boxed(b"free", hidden.as_bytes()),
            boxed(b"mdat", &[strip.clone(), timed.clone()].concat()),
        ]
        .concat()
    };
    let len = build(0).len() - strip.len() - timed.len();
    build(len)
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    let raw = |name: &str, how: &str, expect, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
        Sample::new("raw", name, "a camera", how, expect, make)
    };
    let dng_sample = |name: &str, expect, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
        let how =
            "all tags of DNG that tell something; XMP, Exif, GPS, previews, bytes behind the end";
        Sample::new("dng", name, "a phone", how, expect, make)
    };
    vec![
        dng_sample("phone.dng", Expect::Reduced, &|s| dng(s, Order::Little)),
        dng_sample("camera.dng", Expect::Reduced, &|s| dng(s, Order::Big)),
        dng_sample("damaged-count.dng", Expect::Refused, &|s| {
            let mut bytes = dng(s, Order::Little);
            bytes[8..10].fill(0xFF);
            bytes
        }),
        raw(
            "nikon.nef",
            "maker note with serial numbers, a place and a preview; GPS, XMP, IPTC",
            Expect::Reduced,
            &|s| {
                let inner = s.at("Exif/MakerNote Nikon/preview", thumb);
                let note = exif::nikon_note(s, &inner);
                camera(s, &exif::NIKON, Some(note)).tiff(Order::Big)
            },
        ),
        raw(
            "sony.arw",
            "GPS, XMP, IPTC, a preview with Exif",
            Expect::Reduced,
            &|s| camera(s, &SONY, None).tiff(Order::Little),
        ),
        raw(
            "pentax.pef",
            "GPS, XMP, IPTC, a preview with Exif",
            Expect::Reduced,
            &|s| camera(s, &PENTAX, None).tiff(Order::Big),
        ),
        raw(
            "panasonic.rw2",
            "GPS, and a JPEG with Exif in the first directory",
            Expect::Reduced,
            &panasonic,
        ),
        raw(
            "fuji.raf",
            "a JPEG with Exif, GPS and a comment; the number of the camera",
            Expect::Reduced,
            &fuji,
        ),
        raw(
            "canon.cr3",
            "boxes with Exif, GPS, XMP; copies of them in a track; dates",
            Expect::Reduced,
            &canon_boxes,
        ),
        raw(
            "minolta.mrw",
            "the beginning of a raw photo that cannot be cleaned",
            Expect::Refused,
            &|s| {
                let text = s.text("TTW", "secret ");
                [b"\0MRM\0\0\0\x40\0TTW\0\0\0\x20", text.as_bytes()].concat()
            },
        ),
    ]
}
