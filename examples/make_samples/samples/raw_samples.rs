//! DNG and raw photos.

use super::exif::{self, Device};
use super::jpeg::thumb;
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
