use super::*;
use crate::bytes::Order;
use crate::bytes::testing::with_context;
use crate::model::Value;

fn look(block: &[u8]) -> Found {
    let mut found = Found::default();
    with_context(|cx| read(block, "T", cx, &mut found)).unwrap();
    found
}

/// Name and text of all findings that have a text.
fn texts(found: &Found) -> Vec<(String, String)> {
    let texts = found.findings.iter().filter_map(|f| match &f.value {
        Some(Value::Text(t) | Value::Time(t)) => Some((f.what.to_string(), t.raw().to_owned())),
        _ => None,
    });
    texts.collect()
}

fn told(block: &[u8]) -> Vec<(String, String)> {
    let found = look(block);
    let whole = found.findings.last().unwrap();
    assert_eq!(whole.value, Some(Value::Bytes(len_u64(block.len()))));
    assert_eq!(Some(whole.id), recognize(block).map(|(id, _)| id));
    texts(&found)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = pairs
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
    owned.collect()
}

fn put(block: &mut [u8], at: usize, bytes: &[u8]) {
    block[at..at + bytes.len()].copy_from_slice(bytes);
}

/// A FLIR file with camera, position, raw and visible picture.
fn flir(order: Order) -> Vec<u8> {
    let mut camera = vec![0; 0x400];
    order.put_u16(&mut camera, 2);
    camera.rotate_right(2);
    camera.truncate(0x400);
    put(&mut camera, 0xD4, b"FLIR One");
    put(&mut camera, 0x104, b"T06L1T00177");
    let mut time = Vec::new();
    order.put_u32(&mut time, 1_715_517_000);
    order.put_u32(&mut time, 250);
    put(&mut camera, 0x384, &time);
    let mut gps = vec![0; 0x60];
    put(&mut gps, 0, &[1, 0, 0, 0]);
    put(&mut gps, 8, b"N\0W\0");
    put(&mut gps, 0x10, &59.3293f64.to_le_bytes());
    put(&mut gps, 0x18, &18.0686f64.to_le_bytes());
    put(&mut gps, 0x20, &28.5f32.to_le_bytes());
    let records = [(0x20u16, camera), (0x2B, gps), (0x01, vec![9; 40])];
    let mut out = b"FFF\0".to_vec();
    out.resize(0x14, 0);
    for number in [100u32, 0x40, 3] {
        order.put_u32(&mut out, number);
    }
    out.resize(0x40, 0);
    let mut at = 0x40 + 0x20 * records.len();
    for (kind, record) in &records {
        order.put_u16(&mut out, *kind);
        out.extend([0; 10]);
        order.put_u32(&mut out, u32::try_from(at).unwrap());
        order.put_u32(&mut out, u32::try_from(record.len()).unwrap());
        out.extend([0; 12]);
        at += record.len();
    }
    out.extend(records.iter().flat_map(|(_, record)| record.clone()));
    out
}

#[test]
fn flir_tells_camera_time_and_place() {
    for order in [Order::Big, Order::Little] {
        let block = flir(order);
        assert_eq!(
            told(&block),
            pairs(&[
                ("camera model", "FLIR One"),
                ("camera serial number", "T06L1T00177"),
                ("date and time", "2024-05-12T12:30:00.250Z"),
            ])
        );
        let found = look(&block);
        let point = found.findings.iter().find(|f| f.role == Role::Coordinates);
        assert!(matches!(
            point.unwrap().value,
            Some(Value::Place(p)) if p.latitude == 59.3293 && p.longitude == -18.0686
                && p.altitude == Some(28.5)
        ));
        assert!(found.findings.iter().any(|f| f.role == Role::Picture));
        assert!(
            found
                .secrets
                .byte_strings()
                .any(|b| b.starts_with(&59.3293f64.to_le_bytes()))
        );
    }
}

#[test]
fn a_piece_of_a_flir_file_waits_for_the_others() {
    let piece = [b"FLIR\0\x01\x01\x04", &flir(Order::Big)[0x40..]].concat();
    assert_eq!(
        recognize(&piece),
        Some(("jpeg.app1.vendor", "FLIR thermal image"))
    );
    let found = look(&piece);
    assert!(found.findings.is_empty());
    assert!(found.secrets.traces().any(|t| t == "T06L1T00177"));
}

fn klv(key: &[u8], kind: u8, row: u8, count: u16, values: &[u8]) -> Vec<u8> {
    let mut out = [key, &[kind, row], &count.to_be_bytes(), values].concat();
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

#[test]
fn gopro_tells_serial_numbers_and_the_first_fix() {
    let numbers = |n: &[i32]| n.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<u8>>();
    let gps9 = [
        numbers(&[593_293_000, 180_686_000, 28_500, 0, 0, 0, 0]),
        vec![0; 4],
    ]
    .concat();
    let body = [
        klv(b"CASN", b'c', 14, 1, b"C3221324657219"),
        klv(b"FMWR", b'c', 7, 1, b"HD6.01\0"),
        klv(b"MUID", b'L', 4, 2, &[0x49, 0x1B, 1, 2, 3, 4, 5, 6]),
        klv(b"STRM", 0, 1, 16 + 40, &{
            let scal = klv(b"SCAL", b'l', 4, 2, &numbers(&[10_000_000, 10_000_000]));
            [scal, klv(b"GPS9", b'?', 32, 1, &gps9)].concat()
        }),
    ]
    .concat();
    let block = [
        &b"GoPro\0"[..],
        &klv(b"DEVC", 0, 1, u16::try_from(body.len()).unwrap(), &body),
    ];
    let block = block.concat();
    assert_eq!(
        told(&block),
        pairs(&[
            ("camera serial number", "C3221324657219"),
            ("firmware", "HD6.01"),
            ("media unique id", "491b010203040506"),
        ])
    );
    let found = look(&block);
    let point = found.findings.iter().find(|f| f.role == Role::Coordinates);
    assert!(matches!(
        point.unwrap().value,
        Some(Value::Place(p)) if p.latitude == 59.3293 && p.longitude == 18.0686
            && p.altitude == Some(28.5)
    ));
}

#[test]
fn ricoh_tells_what_the_surveyor_chose() {
    let section = |kind: u16, body: &[u8]| {
        let len = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&kind.to_be_bytes()[..], &len, body].concat()
    };
    let block = [
        &b"RMETA\0MM\0\0\0\0\0\0\0\x0A"[..],
        b"\0\x02\0\0\0\0\0\0\0\0",
        &section(1, b"Location\0Sign type\0"),
        &section(2, b"Storgatan 1\0Warning\0"),
        &section(3, b"\0\x01\0\x02"),
    ]
    .concat();
    assert_eq!(
        told(&block),
        pairs(&[("Location", "Storgatan 1"), ("Sign type", "Warning")])
    );
    let found = look(&block);
    assert_eq!(found.findings[0].severity, Severity::Critical);
    let sound = [b"RMETA\0MM\0\0\0\x01\0\0\0\0\0\0\0\x04", &b"RIFF"[..]].concat();
    assert!(look(&sound).findings.iter().any(|f| f.what == "sound"));
}

#[test]
fn canon_ciff_tells_its_owner() {
    let (owner, name) = (b"Agnes Cecilia\0", b"Canon\0PowerShot A5\0");
    let mut inner = [&owner[..], name].concat();
    let directory = inner.len();
    inner.extend_from_slice(&[3, 0]);
    for (tag, len, at) in [
        (0x0810u16, 14u32, 0u32),
        (0x080A, 19, 14),
        (0x580B, 4711, 0),
    ] {
        inner.extend(tag.to_le_bytes());
        inner.extend(len.to_le_bytes());
        inner.extend(at.to_le_bytes());
    }
    inner.extend(u32::try_from(directory).unwrap().to_le_bytes());
    let mut heap = inner.clone();
    heap.extend_from_slice(&[1, 0, 0x0A, 0x30]);
    heap.extend(u32::try_from(inner.len()).unwrap().to_le_bytes());
    heap.extend([0; 4]);
    heap.extend(u32::try_from(inner.len()).unwrap().to_le_bytes());
    let block = [&b"II\x0E\0\0\0HEAPJPGM"[..], &heap].concat();
    assert_eq!(
        told(&block),
        pairs(&[
            ("owner name", "Agnes Cecilia"),
            ("make and model", "Canon PowerShot A5"),
            ("serial number", "4711"),
        ])
    );
}

#[test]
fn texts_of_the_others() {
    let utf16 = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<u8>>()
    };
    let ducky = [
        &b"Ducky\0\x01\0\x04\0\0\0\x54\0\x03\0\x0E\0\0\0\x05"[..],
        &utf16("Agnes"),
        b"\0\0",
    ]
    .concat();
    assert_eq!(
        told(&ducky),
        pairs(&[("quality", "84"), ("copyright", "Agnes")])
    );
    let info = b"Agfa\0[picture info]\r\nTimeDate=915117440\r\nSerial#=#0001\r\nZoom=1\r\n[end]";
    assert_eq!(
        told(info),
        pairs(&[("TimeDate", "1998-12-31T15:17:20"), ("Serial#", "#0001")])
    );
    let unicode = [&b"UNICODE\0"[..], &utf16("hos mormor")].concat();
    assert_eq!(told(&unicode), pairs(&[("comment", "hos mormor")]));
    let jps = b"_JPSJPS_\0\x04\0\0\0\x01\0\x05Agnes";
    assert_eq!(told(jps), pairs(&[("comment", "Agnes")]));
    assert_eq!(
        told(b"ssuniqueid\0\x01\x02\x03\x04\x05\x06\x07\x08"),
        pairs(&[("unique id", "0102030405060708")])
    );
    let tdhd = b"TDHD\x01\0\0\0\x20\0\0\0CMSN\x02\0\0\0\x05\0\0\0A4711LTEM\x02\0\0\0\0\0\0\0";
    assert_eq!(told(tdhd), pairs(&[("serial number", "A4711")]));
    let mut qvci = b"QVCI\0".to_vec();
    qvci.resize(0x88, 0);
    put(&mut qvci, 0x72, b"98082901");
    assert_eq!(told(&qvci), pairs(&[("manufacture index", "98082901")]));
    assert_eq!(told(b"TEXT\0Agnes"), pairs(&[("text", "Agnes")]));
}

#[test]
fn every_row_is_recognised_as_itself() {
    for row in BLOCKS {
        let at = if row.at == ANYWHERE { 3 } else { row.at };
        let block = [&vec![0x11; at], row.magic, b"\x80 and the owner is Agnes"].concat();
        assert_eq!(recognize(&block), Some((row.id, row.name)));
        let found = look(&block);
        let told = found.findings.iter().any(|f| f.id == row.id);
        assert_eq!(told, row.magic != b"FLIR\0", "{}", row.name);
    }
    assert_eq!(
        recognize(b"Q 70"),
        Some(("jpeg.app15", "GraphicConverter quality"))
    );
    for unknown in [&b""[..], b"Q", b"Quality", b"JFIF\0", b"something else"] {
        assert_eq!(recognize(unknown), None);
        assert!(look(unknown).findings.is_empty());
    }
}

#[test]
fn directories_that_point_at_the_same_bytes_end() {
    let mut block = flir(Order::Big);
    // A thousand records, all of them the whole file.
    let entries: Vec<u8> = (0..2000)
        .flat_map(|_| {
            let mut entry = vec![0, 0x23];
            entry.extend([0; 10]);
            entry.extend(0u32.to_be_bytes());
            entry.extend(100_000u32.to_be_bytes());
            entry.extend([0; 12]);
            entry
        })
        .collect();
    put(&mut block, 0x1C, &2000u32.to_be_bytes());
    block.truncate(0x40);
    block.extend(entries);
    block.resize(100_000, b'x');
    assert!(look(&block).findings.len() < 12);
    // A heap whose only entries are the heap itself.
    let mut heap = vec![0xFF, 0xFF];
    for _ in 0..1000 {
        heap.extend(0x300Au16.to_le_bytes());
        heap.extend(10_006u32.to_le_bytes());
        heap.extend(0u32.to_le_bytes());
    }
    heap.extend(0u32.to_le_bytes());
    assert_eq!(heap.len(), 10_006);
    let block = [&b"II\x0E\0\0\0HEAPJPGM"[..], &heap].concat();
    assert_eq!(look(&block).findings.len(), 1);
}

#[test]
fn damage_neither_panics_nor_hangs() {
    let gopro = [
        &b"GoPro\0"[..],
        &klv(
            b"DEVC",
            0,
            1,
            20,
            &klv(b"CASN", b'c', 12, 1, b"C32213246572"),
        ),
    ]
    .concat();
    let ricoh = b"RMETA\0MM\0\0\0\0\0\0\0\x0A\0\x02\0\0\0\0\0\0\0\0\0\x01\0\x04a\0\0\x02\0\x04b\0";
    let ducky = b"Ducky\0\x01\0\x04\0\0\0\x54\0\x03\0\x06\0\0\0\x01\0A";
    for whole in [flir(Order::Big), gopro, ricoh.to_vec(), ducky.to_vec()] {
        for len in 0..whole.len() {
            look(&whole[..len]);
        }
        for at in 0..whole.len() {
            for value in [0, 0x7F, 0xFF] {
                let mut block = whole.clone();
                block[at] = value;
                look(&block);
            }
        }
    }
}
