//! Exif blocks as phones and cameras write them (Exif 3.0), and their maker notes.

use super::seed::Seeds;
use super::tiff::{Ifd, Order, Value};

/// What a device says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// Make.
    pub make: &'static str,
    /// Model.
    pub model: &'static str,
    /// Software or firmware.
    pub software: &'static str,
    /// Orientation, 1 to 8.
    pub orientation: u16,
    /// Byte order of its blocks.
    pub order: Order,
}

pub const IPHONE: Device = Device {
    make: "Apple",
    model: "iPhone 15 Pro",
    software: "17.4.1 ",
    orientation: 6,
    order: Order::Big,
};
pub const PIXEL: Device = Device {
    make: "Google",
    model: "Pixel 8",
    software: "HDR+ 1.0.",
    orientation: 1,
    order: Order::Little,
};
pub const GALAXY: Device = Device {
    make: "samsung",
    model: "SM-S911B",
    software: "S911BXXS3B",
    orientation: 6,
    order: Order::Little,
};
pub const CANON: Device = Device {
    make: "Canon",
    model: "Canon EOS R6",
    software: "Firmware Version 1.8.1 ",
    orientation: 8,
    order: Order::Little,
};
pub const NIKON: Device = Device {
    make: "NIKON CORPORATION",
    model: "NIKON Z 6",
    software: "Ver.03.40 ",
    orientation: 1,
    order: Order::Big,
};
pub const PANASONIC: Device = Device {
    make: "Panasonic",
    model: "DMC-TZ101",
    software: "Ver.1.2 ",
    orientation: 3,
    order: Order::Little,
};
pub const DRONE: Device = Device {
    make: "DJI",
    model: "FC3582",
    software: "10.00.03.05 ",
    orientation: 1,
    order: Order::Little,
};
pub const SCANNER: Device = Device {
    make: "EPSON",
    model: "Perfection V39",
    software: "EPSON Scan 2 ",
    orientation: 1,
    order: Order::Little,
};
pub const GOPRO: Device = Device {
    make: "GoPro",
    model: "HERO11 Black",
    software: "H22.01.02.",
    orientation: 1,
    order: Order::Big,
};

/// The first directory without what it points to.
pub fn ifd0(s: &mut Seeds, device: &Device) -> Ifd {
    s.at("IFD0", |s| {
        Ifd::new(vec![
            (
                0x010E,
                Value::Ascii(s.text("ImageDescription", "Kitchen at home ")),
            ),
            (0x010F, Value::Ascii(device.make.to_owned())),
            (0x0110, Value::Ascii(device.model.to_owned())),
            (0x0112, Value::Short(vec![device.orientation])),
            (0x011A, Value::Rational(vec![(72, 1)])),
            (0x011B, Value::Rational(vec![(72, 1)])),
            (0x0128, Value::Short(vec![2])),
            (0x0131, Value::Ascii(s.text("Software", device.software))),
            (0x0132, Value::Ascii(s.exif_date("DateTime"))),
            (0x013B, Value::Ascii(s.text("Artist", "Anna Exempel "))),
            (
                0x013C,
                Value::Ascii(s.text("HostComputer", "Annas telefon ")),
            ),
            (
                0x8298,
                Value::Ascii(s.text("Copyright", "(c) Anna Exempel ")),
            ),
        ])
    })
}

/// What else a first directory may hold: Windows' and Office's fields, embedded blocks, leftovers.
pub fn ifd0_rare(s: &mut Seeds, ifd: Ifd) -> Ifd {
    s.at("IFD0", |s| {
        let mut padding = s.text("Padding", "old bytes ").into_bytes();
        padding.resize(200, 0);
        let hidden = format!(
            "{{\"name\":\"{}\"}}",
            s.text("bytes between directories", "Vivo ")
        );
        let private = Ifd::new(vec![(
            1,
            Value::Ascii(s.text("private directory", "cell 240-01-")),
        )]);
        ifd.with(
            0x010D,
            Value::Ascii(s.text("DocumentName", "C:\\Users\\anna\\")),
        )
        .with(
            0x02BC,
            Value::Byte(s.text("XMP", "<x:xmpmeta>").into_bytes()),
        )
        .with(0x4746, Value::Short(vec![5]))
        .with(
            0x83BB,
            Value::Undefined(s.text("IPTC", "\x1C\x02\x5A\0\x10").into_bytes()),
        )
        .with(0x882A, Value::Short(vec![1, 2]))
        .with(
            0x935C,
            Value::Undefined(s.text("ImageSourceData", "8BIM").into_bytes()),
        )
        .with(0x9C9B, Value::Byte(s.utf16le("XPTitle", "Our new flat ")))
        .with(0x9C9C, Value::Byte(s.utf16le("XPComment", "third floor ")))
        .with(0x9C9D, Value::Byte(s.utf16le("XPAuthor", "Anna Exempel ")))
        .with(0x9C9E, Value::Byte(s.utf16le("XPKeywords", "home;")))
        .with(0x9C9F, Value::Byte(s.utf16le("XPSubject", "window ")))
        .with(
            0xC4A5,
            Value::Undefined(
                [
                    b"PrintIM\x000300\0\0".as_slice(),
                    s.text("PrintIM", "p").as_bytes(),
                ]
                .concat(),
            ),
        )
        .with(0xEA1C, Value::Undefined(padding))
        .with(0xFDE8, Value::Ascii(s.text("OwnerName", "Anna Exempel ")))
        .with(0xFFF0, Value::Ifd(private))
        .with(
            0xFFF1,
            Value::Other(129, 10, s.text("type 129", "").into_bytes()),
        )
        .with(
            0xFFF2,
            Value::Other(77, 12, s.text("type 77", "??").into_bytes()),
        )
        .slack(hidden.as_bytes())
    })
}

/// The Exif directory.
pub fn shot(s: &mut Seeds, device: &Device) -> Ifd {
    s.at("Exif", |s| {
        Ifd::new(vec![
            (0x829A, Value::Rational(vec![(1, 120)])),
            (0x829D, Value::Rational(vec![(178, 100)])),
            (0x8827, Value::Short(vec![80])),
            (0x9000, Value::Undefined(b"0232".to_vec())),
            (0x9003, Value::Ascii(s.exif_date("DateTimeOriginal"))),
            (0x9004, Value::Ascii(s.exif_date("DateTimeDigitized"))),
            (0x9010, Value::Ascii("+02:00".into())),
            (0x9011, Value::Ascii("+02:00".into())),
            (0x9012, Value::Ascii("+02:00".into())),
            (0x9214, Value::Short(vec![2013, 1511, 2217, 1330])),
            (
                0x9286,
                Value::Undefined(
                    [
                        b"ASCII\0\0\0".as_slice(),
                        s.text("UserComment", "lat/lon of home ").as_bytes(),
                    ]
                    .concat(),
                ),
            ),
            (0x9290, Value::Ascii("123".into())),
            (0x9291, Value::Ascii("123".into())),
            (0x9292, Value::Ascii("123".into())),
            (0x9402, Value::Rational(vec![(101_325, 100)])),
            (0xA001, Value::Short(vec![1])),
            (0xA002, Value::Long(vec![160])),
            (0xA003, Value::Long(vec![120])),
            (0xA420, Value::Ascii(s.text("ImageUniqueID", "9f3c"))),
            (
                0xA430,
                Value::Ascii(s.text("CameraOwnerName", "Anna Exempel ")),
            ),
            (0xA431, Value::Ascii(s.text("BodySerialNumber", "SN"))),
            (
                0xA432,
                Value::Rational(vec![(222, 100), (9, 1), (178, 100), (28, 10)]),
            ),
            (0xA433, Value::Ascii(device.make.to_owned())),
            (
                0xA434,
                Value::Ascii(format!("{} back camera", device.model)),
            ),
            (0xA435, Value::Ascii(s.text("LensSerialNumber", "LN"))),
        ])
    })
}

/// What came with Exif 2.31 and 3.0.
pub fn shot_new(s: &mut Seeds, ifd: Ifd) -> Ifd {
    s.at("Exif", |s| {
        ifd.with(0x9400, Value::Srational(vec![(21, 1)]))
            .with(0x9212, Value::Ascii(s.text("SecurityClassification", "C ")))
            .with(0x9213, Value::Ascii(s.text("ImageHistory", "cropped ")))
            .with(0xA436, Value::Ascii(s.text("ImageTitle", "Our door ")))
            .with(
                0xA437,
                Value::Ascii(s.text("Photographer", "Anna Exempel ")),
            )
            .with(0xA438, Value::Ascii(s.text("ImageEditor", "Bo Exempel ")))
            .with(0xA439, Value::Ascii(s.text("CameraFirmware", "1.8.")))
            .with(
                0xA43A,
                Value::Ascii(s.text("RAWDevelopingSoftware", "raw ")),
            )
    })
}

/// The GPS directory with all that can be in it.
pub fn gps(s: &mut Seeds, order: Order) -> Ifd {
    s.at("GPS", |s| {
        let here = s.position("GPSLatitude");
        s.spelled_bytes("GPSLatitude", &order.rationals(&here.latitude()));
        s.spelled_bytes("GPSLongitude", &order.rationals(&here.longitude()));
        let there = s.position("GPSDestLatitude");
        s.spelled_bytes("GPSDestLatitude", &order.rationals(&there.latitude()));
        s.spelled_bytes("GPSDestLongitude", &order.rationals(&there.longitude()));
        let coded = |text: String| Value::Undefined([b"ASCII\0\0\0", text.as_bytes()].concat());
        Ifd::new(vec![
            (0x00, Value::Byte(vec![2, 3, 0, 0])),
            (0x01, Value::Ascii("N".into())),
            (0x02, Value::Rational(here.latitude().to_vec())),
            (0x03, Value::Ascii("E".into())),
            (0x04, Value::Rational(here.longitude().to_vec())),
            (0x05, Value::Byte(vec![0])),
            (0x06, Value::Rational(vec![(3141, 1000)])),
            (0x07, Value::Rational(vec![(12, 1), (30, 1), (7, 1)])),
            (0x08, Value::Ascii(s.text("GPSSatellites", "07,"))),
            (0x0C, Value::Ascii("K".into())),
            (0x0D, Value::Rational(vec![(13, 100)])),
            (0x10, Value::Ascii("T".into())),
            (0x11, Value::Rational(vec![(27_345, 100)])),
            (0x12, Value::Ascii("WGS-84".into())),
            (0x13, Value::Ascii("N".into())),
            (0x14, Value::Rational(there.latitude().to_vec())),
            (0x15, Value::Ascii("E".into())),
            (0x16, Value::Rational(there.longitude().to_vec())),
            (0x17, Value::Ascii("T".into())),
            (0x18, Value::Rational(vec![(27_345, 100)])),
            (0x1B, coded(s.text("GPSProcessingMethod", "CELLID "))),
            (0x1C, coded(s.text("GPSAreaInformation", "Sjoviken "))),
            (0x1D, Value::Ascii("2019:05:12".into())),
            (0x1F, Value::Rational(vec![(474, 100)])),
        ])
    })
}

/// A second directory with a small picture.
pub fn thumbnail(s: &mut Seeds, jpeg: &[u8]) -> Ifd {
    s.at("IFD1", |s| {
        Ifd::new(vec![
            (0x0103, Value::Short(vec![6])),
            (0x0132, Value::Ascii(s.exif_date("DateTime"))),
            (0x0201, Value::Blob(jpeg.to_vec())),
            (0x0202, Value::Long(vec![jpeg.len() as u32])),
        ])
    })
}

/// A whole block of a device: first directory, Exif, GPS, thumbnail.
pub fn full(s: &mut Seeds, device: &Device, note: Option<Value>, thumb: &[u8]) -> Ifd {
    let mut exif = shot(s, device);
    if let Some(note) = note {
        exif = exif.with(0x927C, note);
    }
    ifd0(s, device)
        .with(0x8769, Value::Ifd(exif))
        .with(0x8825, Value::Ifd(gps(s, device.order)))
        .next(thumbnail(s, thumb))
}

/// A small block with one position and one date, for pictures inside pictures.
pub fn small(s: &mut Seeds, order: Order) -> Vec<u8> {
    let gps = gps(s, order);
    let date = s.exif_date("IFD0/DateTime");
    Ifd::new(vec![
        (0x0112, Value::Short(vec![1])),
        (0x0132, Value::Ascii(date)),
        (0x8825, Value::Ifd(gps)),
    ])
    .tiff(order)
}

/// Apple's maker note; its offsets count from its own beginning. Headroom and gain are what old HDR
/// pictures need to look right.
pub fn apple_note(s: &mut Seeds) -> Value {
    s.at("Exif/MakerNote Apple", |s| {
        let mut note = b"Apple iOS\0\0\x01MM".to_vec();
        let ifd = Ifd::new(vec![
            (0x0001, Value::Long(vec![14])),
            (
                0x0003,
                Value::Undefined([b"bplist00", s.text("RunTime", "epoch").as_bytes()].concat()),
            ),
            (
                0x0008,
                Value::Srational(vec![(4_294_966_313, 1000), (17, 1000), (211, 1000)]),
            ),
            (0x000B, Value::Ascii(s.text("BurstUUID", "6E1A8D00-"))),
            (
                0x0011,
                Value::Ascii(s.text("ContentIdentifier", "5D3C1B00-")),
            ),
            (0x0015, Value::Ascii(s.text("ImageUniqueID", "4C2B0A00-"))),
            (
                0x0020,
                Value::Ascii(s.text("ImageCaptureRequestID", "3B1A0900-")),
            ),
            (0x0021, Value::Srational(vec![(1_234_567, 1_000_000)])),
            (0x002B, Value::Ascii(s.text("PhotoIdentifier", "2A190800-"))),
            (0x0030, Value::Srational(vec![(7_654, 1_000_000)])),
        ]);
        note.extend(ifd.write(Order::Big, 14));
        Value::Undefined(note)
    })
}

/// Canon's maker note; its offsets count from the beginning of the whole block.
pub fn canon_note(s: &mut Seeds) -> Value {
    s.at("Exif/MakerNote Canon", |s| {
        let serial = s.position("SerialNumber").latitude()[2].0.to_le_bytes();
        let unique = s.text("ImageUniqueID", "c4n0n-").into_bytes();
        s.spelled_bytes("SerialNumber and owner", &[serial, *b"\x0D\0\0\0"].concat());
        Value::Note(
            Vec::new(),
            Ifd::new(vec![
                (0x0006, Value::Ascii("Canon EOS R6".into())),
                (
                    0x0007,
                    Value::Ascii(s.text("FirmwareVersion", "Firmware Version ")),
                ),
                (0x0009, Value::Ascii(s.text("OwnerName", "Anna Exempel "))),
                (
                    0x000C,
                    Value::Other(7, 8, [serial, *b"\x0D\0\0\0"].concat()),
                ),
                (0x0028, Value::Byte(unique)),
                (0x0035, Value::Long(vec![16, 60, 34, 0])),
                (0x0095, Value::Ascii(s.text("LensModel", "RF24-105mm "))),
                (0x0096, Value::Ascii(s.text("InternalSerialNumber", "AB"))),
            ]),
        )
    })
}

/// Nikon's maker note with a TIFF header of its own and a preview picture.
pub fn nikon_note(s: &mut Seeds, preview: &[u8]) -> Value {
    s.at("Exif/MakerNote Nikon", |s| {
        let preview = Ifd::new(vec![
            (0x0103, Value::Short(vec![6])),
            (0x0201, Value::Blob(preview.to_vec())),
            (0x0202, Value::Long(vec![preview.len() as u32])),
        ]);
        let location = [
            b"\0\0\0\0SWE\0".as_slice(),
            s.text("LocationInfo", "Sjoviken ").as_bytes(),
        ]
        .concat();
        let ifd = Ifd::new(vec![
            (0x0001, Value::Undefined(b"0211".to_vec())),
            (0x0011, Value::Ifd(preview)),
            (0x001D, Value::Ascii(s.text("SerialNumber", "60"))),
            (0x0039, Value::Undefined(location)),
            (0x00A0, Value::Ascii(s.text("SerialNumber (old)", "NO= "))),
            (0x00A7, Value::Long(vec![20_317])),
        ]);
        Value::Undefined([b"Nikon\0\x02\x11\0\0".as_slice(), &ifd.tiff(Order::Big)].concat())
    })
}

/// Panasonic's maker note: place names, recognised faces with names and ages.
pub fn panasonic_note(s: &mut Seeds) -> Value {
    s.at("Exif/MakerNote Panasonic", |s| {
        let mut faces = vec![1, 0];
        let mut name = s.text("RecognizedFaceInfo", "Klara ").into_bytes();
        name.resize(20, 0);
        faces.extend(name);
        faces.extend([10, 0, 20, 0, 30, 0, 40, 0]);
        faces.extend(b"0009:03:02 00:00:00\0");
        let padded = |text: String, n: usize| {
            let mut bytes = text.into_bytes();
            bytes.resize(n, 0);
            Value::Undefined(bytes)
        };
        Value::Note(
            b"Panasonic\0\0\0".to_vec(),
            Ifd::new(vec![
                (
                    0x0025,
                    Value::Undefined(s.text("InternalSerialNumber", "X031").into_bytes()),
                ),
                (0x0033, Value::Ascii(s.exif_date("BabyAge"))),
                (0x0061, Value::Undefined(faces)),
                (0x0065, padded(s.text("Title", "Birthday "), 64)),
                (0x0066, padded(s.text("BabyName", "Klara "), 64)),
                (0x0067, padded(s.text("Location", "Home "), 64)),
                (0x0069, padded(s.text("Country", "Sweden "), 72)),
                (0x006B, padded(s.text("State", "Gotland "), 72)),
                (0x006D, padded(s.text("City", "Sjoviken "), 72)),
                (0x006F, padded(s.text("Landmark", "old pier "), 128)),
            ]),
        )
    })
}
