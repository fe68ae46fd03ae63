//! Segments and trailers that only their inventors document.

use super::seed::Seeds;

/// APP1 `FLIR`: camera serial and position, in two segments.
pub fn flir(s: &mut Seeds) -> Vec<Vec<u8>> {
    s.at("FLIR", |s| {
        let mut camera = vec![0, 2];
        camera.resize(1000, 0);
        let mut put =
            |at: usize, text: String| camera[at..at + text.len()].copy_from_slice(text.as_bytes());
        put(212, "FLIR E8".into());
        put(260, s.text("CameraInfo/CameraSerialNumber", "6392"));
        put(276, s.text("CameraInfo/CameraSoftware", "22."));
        put(416, s.text("CameraInfo/LensSerialNumber", "L"));
        let here = s.position("GPSInfo");
        let mut gps = vec![0; 0x68];
        gps[0..4].copy_from_slice(&[1, 0, 0, 0]);
        gps[4..8].copy_from_slice(&[0, 0, 2, 2]);
        gps[8..12].copy_from_slice(b"N\0E\0");
        gps[0x10..0x18].copy_from_slice(&here.lat().to_le_bytes());
        gps[0x18..0x20].copy_from_slice(&here.lon().to_le_bytes());
        s.spelled_bytes("GPSInfo/GPSLatitude", &here.lat().to_le_bytes());
        s.spelled_bytes("GPSInfo/GPSLongitude", &here.lon().to_le_bytes());
        let note = s.text("GPSInfo/GPSMapDatum", "WGS-84 ");
        gps[0x50..0x50 + note.len()].copy_from_slice(note.as_bytes());
        let mut fff = b"FFF\0SPARLOS\0\0\0\0\0\0\0\0\0".to_vec();
        fff.extend([0, 0, 0, 100, 0, 0, 0, 0x40, 0, 0, 0, 2]);
        fff.resize(0x40, 0);
        let mut at = 0x40 + 2 * 0x20;
        for (kind, data) in [(0x20_u16, &camera), (0x2B, &gps)] {
            fff.extend(kind.to_be_bytes());
            fff.extend([0, 0, 0, 0, 0, 100, 0, 0, 0, 1]);
            fff.extend((at as u32).to_be_bytes());
            fff.extend((data.len() as u32).to_be_bytes());
            fff.extend([0; 12]);
            at += data.len();
        }
        fff.extend([camera, gps].concat());
        let size = fff.len().div_ceil(2);
        (0..)
            .zip(fff.chunks(size))
            .map(|(n, piece)| [b"FLIR\0\x01".as_slice(), &[n, 1], piece].concat())
            .collect()
    })
}

/// GPMF: key, type, structure size, repeat count, data padded to four.
fn klv(key: &[u8; 4], kind: u8, size: usize, data: &[u8]) -> Vec<u8> {
    let mut out = key.to_vec();
    out.extend([kind, size as u8]);
    out.extend(((data.len() / size) as u16).to_be_bytes());
    out.extend(data);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

/// APP6 `GoPro`: camera serial, position.
pub fn gopro(s: &mut Seeds) -> Vec<u8> {
    s.at("GoPro GPMF", |s| {
        let here = s.position("GPS5");
        let numbers = [
            (here.lat() * 1e7) as i32,
            (here.lon() * 1e7) as i32,
            3141,
            17,
            19,
        ];
        let gps: Vec<u8> = numbers.iter().flat_map(|n| n.to_be_bytes()).collect();
        s.spelled_bytes("GPS5", &gps[..8]);
        let serial = s.text("CASN", "C346");
        let stream = [
            klv(b"GPSU", b'U', 16, b"190512123007.000"),
            klv(b"GPS5", b'l', 20, &gps),
        ]
        .concat();
        let device = [
            klv(b"DVNM", b'c', 1, b"Camera"),
            klv(b"CASN", b'c', 1, serial.as_bytes()),
            klv(b"STRM", 0, 1, &stream),
        ]
        .concat();
        [b"GoPro\0".as_slice(), &klv(b"DEVC", 0, 1, &device)].concat()
    })
}

/// APP5 `RMETA`: names and values as Ricoh's surveying cameras write them.
pub fn ricoh(s: &mut Seeds) -> Vec<u8> {
    s.at("Ricoh RMETA", |s| {
        let mut names = Vec::new();
        let mut values = Vec::new();
        for (name, value) in [
            ("Location", "Sjoviken "),
            ("Azimuth", "S "),
            ("Sign type", "door "),
        ] {
            names.extend([name.as_bytes(), &[0]].concat());
            values.extend([s.text(name, value).as_bytes(), &[0]].concat());
        }
        let mut out = b"RMETA\0MM\0\x01\0\0\0\0\0\x0A\0\x03\0\0\0\0\0\0\0\0".to_vec();
        for (section, data) in [(1_u16, names), (2, values)] {
            out.extend(section.to_be_bytes());
            out.extend((data.len() as u16 + 2).to_be_bytes());
            out.extend(data);
        }
        out
    })
}

/// Segments that are known by how they begin: marker, beginning.
pub const KNOWN: &[(u8, &str, &[u8])] = &[
    (0xE0, "APP0 AVI1", b"AVI1\0\0\0\0"),
    (0xE0, "APP0 CIFF", b"II\x1A\0\0\0HEAPJPGM"),
    (0xE0, "APP0 Ocad", b"Ocad$Rev: 14797 $\0"),
    (0xE1, "APP1 QVCI", b"QVCI\0"),
    (0xE1, "APP1 PARROT", b"PARROT\0II*\0"),
    (
        0xE1,
        "APP1 XMP without header",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>",
    ),
    (
        0xE1,
        "APP1 XMP old header",
        b"http://ns.adobe.com/xap/1.0/ <exif:GPSLatitude>",
    ),
    (0xE1, "APP1 unknown", b"Nobody knows\0"),
    (0xE2, "APP2 QVGA preview", b"QVGA\0"),
    (0xE2, "APP2 unknown", b"HERE\0"),
    (0xE3, "APP3 Kodak Meta", b"Meta\0\0"),
    (0xE3, "APP3 Stim", b"Stim\0\0\x01"),
    (0xE3, "APP3 JPS", b"_JPSJPS_\0\x08\0\0\0\0\x01\x01"),
    (0xE3, "APP3 DJI thermal", b"\x01\x02\x03\x04DJI"),
    (0xE4, "APP4 SCALADO", b"SCALADO\0"),
    (0xE4, "APP4 Qualcomm", b"Qualcomm Dual Camera Attributes"),
    (0xE4, "APP4 Samsung preview", b"SAMSUNG\0"),
    (0xE4, "APP4 DJI thermal parameters", b"\xAA\x55\x12\x06DJI"),
    (0xE5, "APP5 Samsung unique id", b"ssuniqueid\0"),
    (0xE5, "APP5 DJI calibration", b"DJI-CAL\0"),
    (0xE6, "APP6 EPPIM", b"EPPIM\0"),
    (0xE6, "APP6 NITF", b"NTIF\0"),
    (0xE6, "APP6 HP TDHD", b"TDHD\x01\0\0\0"),
    (0xE6, "APP6 Motorola", b"MMIMETA\0"),
    (0xE7, "APP7 PENTAX", b"PENTAX \0"),
    (0xE7, "APP7 HUAWEI", b"HUAWEI\0\0"),
    (0xE7, "APP7 DJI-DBG", b"DJI-DBG\0"),
    (0xE7, "APP7 Qualcomm", b"\x1AQualcomm Camera Attributes"),
    (0xE8, "APP8 SPIFF", b"SPIFF\0"),
    (0xE8, "APP8 SEAL", b"SEAL\0<seal seal=\"1\""),
    (0xE9, "APP9 Media Jukebox", b"Media Jukebox\0"),
    (0xEA, "APP10 comment", b"UNICODE\0"),
    (0xEA, "APP10 AROT", b"AROT\0\0"),
    (0xEB, "APP11 JPEG-HDR", b"HDR_RI ver=11\0"),
    (0xEC, "APP12 PictureInfo", b"[picture info]\r\nSerial#="),
    (
        0xEC,
        "APP12 Ducky",
        b"Ducky\0\x01\0\x04\0\0\0\x3C\0\x02\0\x10",
    ),
    (0xED, "APP13 Adobe_CM", b"Adobe_CM\0\x02"),
    (0xED, "APP13 old Photoshop", b"Adobe_Photoshop2.5:"),
    (0xEF, "APP15 GraphicConverter", b"Q 90\0"),
    (0xEF, "APP15 TEXT", b"TEXT\0"),
    (0xFE, "COM", b"File written by "),
];

/// The payload of one of [`KNOWN`].
pub fn known(s: &mut Seeds, place: &str, start: &[u8]) -> Vec<u8> {
    let text = s.text(place, " Annas telefon ");
    [start, text.as_bytes(), &[0, 1, 2, 3]].concat()
}

/// A block of Samsung's trailer.
pub struct SefBlock {
    /// Number of its kind.
    pub kind: u16,
    /// Name.
    pub name: &'static str,
    /// Contents.
    pub data: Vec<u8>,
}

/// Samsung's trailer, `SEFH … SEFT`.
pub fn sef(blocks: &[SefBlock]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut starts = Vec::new();
    for block in blocks {
        starts.push(out.len());
        out.extend([0, 0]);
        out.extend(block.kind.to_le_bytes());
        out.extend((block.name.len() as u32).to_le_bytes());
        out.extend(block.name.bytes());
        out.extend(&block.data);
    }
    let end = out.len();
    let mut directory = b"SEFH".to_vec();
    directory.extend(107_u32.to_le_bytes());
    directory.extend((blocks.len() as u32).to_le_bytes());
    for (i, (block, start)) in blocks.iter().zip(&starts).enumerate() {
        let next = starts.get(i + 1).copied().unwrap_or(end);
        directory.extend([0, 0]);
        directory.extend(block.kind.to_le_bytes());
        directory.extend(((end - start) as u32).to_le_bytes());
        directory.extend(((next - start) as u32).to_le_bytes());
    }
    let length = (directory.len() as u32).to_le_bytes();
    [out, directory, length.to_vec(), b"SEFT".to_vec()].concat()
}

/// What a Galaxy writes behind its pictures.
pub fn galaxy_trailer(s: &mut Seeds, film: Vec<u8>) -> Vec<u8> {
    s.at("SEFT", |s| {
        let text = |s: &mut Seeds, kind, name, value: &str| SefBlock {
            kind,
            name,
            data: s.text(name, value).into_bytes(),
        };
        let edit = format!(
            "{{\"originalPath\":\"{}\",\"clipInfoValue\":{{}}}}",
            s.text(
                "PhotoEditor_Re_Edit_Data",
                "/storage/emulated/0/DCIM/Camera/"
            )
        );
        sef(&[
            text(s, 0x0A01, "Image_UTC_Data", "155766"),
            text(s, 0x0AA1, "MCC_Data", "240"),
            text(s, 0x0C51, "Camera_Capture_Mode_Info", "1 "),
            text(s, 0x0DA1, "Captured_App_Info", "com.example.chat "),
            text(s, 0x0E41, "TimeZone_Data", "+0200 "),
            text(s, 0x0B40, "Original_Path_Hash_Key", "hash "),
            SefBlock {
                kind: 0x0BA1,
                name: "PhotoEditor_Re_Edit_Data",
                data: edit.into_bytes(),
            },
            SefBlock {
                kind: 0x0A30,
                name: "MotionPhoto_Data",
                data: film,
            },
        ])
    })
}

/// What other programs append: name, and the bytes around the secret.
pub const TRAILERS: &[(&str, &[u8], &[u8])] = &[
    ("AFCP", b"AXS!\0\0\0\x01", b"AXS!\0\0\0\0\0\0\0\0"),
    (
        "FotoStation",
        b"\x1C\x02\x50\0\x20",
        b"\0\x01\0\0\0\x30\xA1\xB2\xC3\xD4",
    ),
    (
        "PhotoMechanic",
        b"\x1C\x02\xDD\0\x20",
        b"\0\0\0\x30cbipcbbl",
    ),
    (
        "CanonVRD",
        b"CANON OPTIONAL DATA\0\0\x01\0\0\0\0\0\x20",
        b"CANON OPTIONAL DATA\0",
    ),
    (
        "MIE",
        b"~\x10\x04\xFE0MIE\0\0\0\0",
        b"~\0\x04\0zmie~\0\0\x06\0\0\0\x40\x10\x04",
    ),
    ("Insta360", b"insta", b"8db42d694ccc418790edff439fe026bf"),
    (
        "Nikon NX Studio",
        b"<?xml version=\"1.0\"?>",
        b"\0\0\0\0\0\0/NIKON APP",
    ),
    (
        "Vivo",
        b"streamdata{}vivo{\"",
        b"\"}\xFF\xFF\xFF\xFF\x1B\x2A\x39\x48\x57\x66\x75\x84\x93\xA2\xB1",
    ),
    ("OnePlus", b"[{\"", b"\"}]jxrs\x20\0\0\0"),
    ("Sony hidden data", b"\x55\x26\x11\x05\0", b"\0\0"),
    ("Samsung QDIO", b"QDIO\0\0", b"QDIOBS"),
    ("HTML", b"<html><body>", b"</body></html>"),
    ("PDF", b"%PDF-1.4\n%", b"\n%%EOF"),
    ("RAR", b"Rar!\x1A\x07\0", b"\0"),
    ("7z", b"7z\xBC\xAF\x27\x1C\0\x04", b"\0"),
    ("unknown", b"\x01\x02\x03", b"\xFE\xFD"),
];

/// One of [`TRAILERS`].
pub fn trailer(s: &mut Seeds, name: &str, start: &[u8], end: &[u8]) -> Vec<u8> {
    let text = s.at("trailer", |s| s.text(name, "Anna Exempel "));
    [start, text.as_bytes(), end].concat()
}

/// A ZIP archive with one stored file. Its check sum is that of nothing.
pub fn zip(s: &mut Seeds) -> Vec<u8> {
    s.at("ZIP", |s| {
        let name = s.text("file name", "address-");
        let content = s.text("file", "Strandgatan 0 ");
        let sizes = |out: &mut Vec<u8>| {
            out.extend([0, 0, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0]);
            out.extend((content.len() as u32).to_le_bytes());
            out.extend((content.len() as u32).to_le_bytes());
            out.extend((name.len() as u16).to_le_bytes());
            out.extend([0, 0]);
        };
        let mut out = b"PK\x03\x04\x0A\0".to_vec();
        sizes(&mut out);
        out.extend([name.as_bytes(), content.as_bytes()].concat());
        let directory = out.len() as u32;
        out.extend(b"PK\x01\x02\x0A\0\x0A\0");
        sizes(&mut out);
        out.extend([0; 14]);
        out.extend(name.bytes());
        let length = out.len() as u32 - directory;
        out.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        out.extend(length.to_le_bytes());
        out.extend(directory.to_le_bytes());
        out.extend([0, 0]);
        out
    })
}

/// A FlashPix segment: the list of contents, then a stream (Exif 2.32 part 2).
pub fn fpxr(s: &mut Seeds) -> Vec<Vec<u8>> {
    s.at("FPXR", |s| {
        let name = s.utf16le("storage name", "/Audio");
        let contents = [b"FPXR\0\0\x01\0\x01\0\0\0\x40\0".as_slice(), &name].concat();
        let stream = s.text("stream", "screennail ");
        let data = [b"FPXR\0\0\x02\0\0\0\0\0\0".as_slice(), stream.as_bytes()].concat();
        vec![contents, data]
    })
}
