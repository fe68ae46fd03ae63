//! Peak memory of the program, as the kernel counts it: of files that are large, and of files made to hurt.

#![cfg(target_os = "linux")]

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use crate::support::desk::Desk;

const MIB: u64 = 1 << 20;

/// Peak resident memory of cleaning a file, in bytes.
fn peak(name: &str, bytes: &[u8]) -> u64 {
    let desk = Desk::new();
    let path = desk.write(name, bytes);
    let mut command = desk.command();
    command
        .arg("clean")
        .arg(path)
        .args(["--jobs", "1", "--quiet"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        // A process that has ended has no such line.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
        peak = peak.max(kib.unwrap_or(0u64) * 1024);
        if child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(peak > MIB, "{name}: nothing was measured");
    peak
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = crc32fast::Hasher::new();
    crc.update(kind);
    crc.update(data);
    let len = u32::try_from(data.len()).unwrap().to_be_bytes();
    let sum = crc.finalize().to_be_bytes();
    [&len[..], kind, data, &sum].concat()
}

fn zlib(bytes: impl Iterator<Item = Vec<u8>>, level: u32) -> Vec<u8> {
    let level = flate2::Compression::new(level);
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
    bytes.for_each(|piece| encoder.write_all(&piece).unwrap());
    encoder.finish().unwrap()
}

/// A PNG of grey pixels with chunks before and behind its pixels.
fn png(side: u32, level: u32, before: &[u8], behind: &[u8]) -> Vec<u8> {
    let size = side.to_be_bytes();
    let header = [&size[..], &size, &[8, 0, 0, 0, 0]].concat();
    let rows = (0..side).map(|_| vec![0; side as usize + 1]);
    let pixels = chunk(b"IDAT", &zlib(rows, level));
    let signature = &b"\x89PNG\r\n\x1A\n"[..];
    let header = chunk(b"IHDR", &header);
    [
        signature,
        &header,
        before,
        &pixels,
        behind,
        &chunk(b"IEND", b""),
    ]
    .concat()
}

#[test]
fn large_pictures_take_little_memory() {
    let side = 10_000_u32;
    let pixels = vec![0; (side * side) as usize];
    let tiff = {
        let mut out = b"II*\0\x08\0\0\0\x08\0".to_vec();
        for (tag, kind, value) in [
            (0x100_u16, 4_u16, side),
            (0x101, 4, side),
            (0x102, 3, 8),
            (0x103, 3, 1),
            (0x106, 3, 1),
            (0x111, 4, 200),
            (0x116, 4, side),
            (0x117, 4, side * side),
        ] {
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend(1_u32.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        out.resize(200, 0);
        [out, pixels.clone()].concat()
    };
    let psd = {
        let mut out = b"8BPS\0\x01\0\0\0\0\0\0\0\x01".to_vec();
        out.extend(side.to_be_bytes());
        out.extend(side.to_be_bytes());
        out.extend([0, 8, 0, 1]);
        out.extend([0; 12 + 2]);
        [out, pixels.clone()].concat()
    };
    let bmp = {
        let mut out = b"BM\0\0\0\0\0\0\0\0\x36\x04\0\0\x28\0\0\0".to_vec();
        out.extend(side.to_le_bytes());
        out.extend(side.to_le_bytes());
        out.extend([1, 0, 8, 0]);
        out.resize(54 + 1024, 0);
        [out, pixels].concat()
    };
    for (name, bytes) in [
        ("large.tif", tiff),
        ("large.psd", psd),
        ("large.bmp", bmp),
        ("large.png", png(side, 0, &[], &[])),
    ] {
        let peak = peak(name, &bytes);
        assert!(peak < 64 * MIB, "{name}: {} MiB", peak / MIB);
    }
}

#[test]
fn many_small_structures_take_little_memory() {
    let gif = |block: &[u8], count: usize| {
        let image = b",\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
        let head = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF";
        [&head[..], image, &block.repeat(count), b";"].concat()
    };
    let frame = b"!\xF9\x04\0\x05\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    let apng = {
        let pixels = zlib(std::iter::once(vec![0, 0]), 1);
        let mut frames = Vec::new();
        let count = 100_000_u32;
        for n in 0..count {
            let mut control = (2 * n).to_be_bytes().to_vec();
            control.extend([
                0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0,
            ]);
            frames.extend(chunk(b"fcTL", &control));
            let data = [&(2 * n + 1).to_be_bytes()[..], &pixels].concat();
            frames.extend(chunk(b"fdAT", &data));
        }
        let head = chunk(b"acTL", &[count.to_be_bytes(), [0; 4]].concat());
        png(1, 1, &head, &frames)
    };
    let text = {
        let value = zlib((0..64).map(|_| vec![b' '; 1 << 20]), 9);
        chunk(b"zTXt", &[b"Comment\0\0", &value[..]].concat())
    };
    for (name, bytes) in [
        ("frames.gif", gif(frame, 800_000)),
        ("comments.gif", gif(b"!\xFE\x01A\0", 2_000_000)),
        ("frames.png", apng),
        (
            "chunks.png",
            png(1, 1, &chunk(b"prVt", b"").repeat(1_500_000), &[]),
        ),
        (
            "chunks-kept.png",
            png(1, 1, &chunk(b"prVt", b"x").repeat(390_000), &[]),
        ),
        ("texts.png", png(1, 1, &text.repeat(8), &[])),
    ] {
        let peak = peak(name, &bytes);
        assert!(peak < 256 * MIB, "{name}: {} MiB", peak / MIB);
    }
}

/// A ZIP of stored members.
fn zip(members: impl Iterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    let mut count = 0_u16;
    for (name, bytes) in members {
        let at = u32::try_from(out.len()).unwrap();
        let mut fields = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x58];
        fields.extend(crc32fast::hash(&bytes).to_le_bytes());
        fields.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        fields.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        fields.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(name.bytes());
        out.extend(bytes);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.bytes());
        count += 1;
    }
    let start = u32::try_from(out.len()).unwrap();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

#[test]
fn archives_take_little_memory() {
    let comment = chunk(b"tEXt", b"Author\0Anna Svensson");
    let small = png(4, 1, &comment, &[]);
    let many = (0..50_000).map(|n| (format!("IMG_{n:05}.png"), small.clone()));
    let large = std::iter::once(("scan.png".to_owned(), png(16_000, 0, &comment, &[])));
    let files = [("large.zip", zip(large), 64), ("many.zip", zip(many), 128)];
    for (name, bytes, most) in files {
        let peak = peak(name, &bytes);
        assert!(peak < most * MIB, "{name}: {} MiB", peak / MIB);
    }
}

/// Pages that show one JPEG each.
fn scans(count: usize) -> Vec<u8> {
    let side = 2400_u32;
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 27) as u8 + 100
    });
    let pixels: Vec<u8> = noise.take((side * side) as usize).collect();
    let mut jpeg = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 96);
    let picture = image::GrayImage::from_raw(side, side, pixels).unwrap();
    picture.write_with_encoder(encoder).unwrap();
    // An orientation, which viewers of PDF files do not look at.
    let exif =
        b"\xFF\xE1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    jpeg.splice(2..2, *exif);
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut rows = Vec::new();
    let kids: String = (0..count).map(|n| format!("{} 0 R ", 4 + 2 * n)).collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count {count}>>").into_bytes(),
        b"<</Length 30>>\nstream\nq 300 0 0 300 0 0 cm /Im Do Q \nendstream".to_vec(),
    ];
    for n in 0..count {
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 3 0 R\
             /Resources<</XObject<</Im {} 0 R>>>>>>",
            5 + 2 * n
        );
        let image = format!(
            "<</Subtype/Image/Width {side}/Height {side}/BitsPerComponent 8/ColorSpace/DeviceGray\
             /Filter/DCTDecode/Length {}>>\nstream\n",
            jpeg.len()
        );
        objects.push(page.into_bytes());
        objects.push([image.as_bytes(), &jpeg, b"\nendstream"].concat());
    }
    for (number, object) in (1..).zip(&objects) {
        rows.push(out.len());
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let (at, size) = (out.len(), rows.len() + 1);
    out.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    for row in rows {
        out.extend(format!("{row:010} 00000 n \n").bytes());
    }
    let end = format!("trailer\n<</Root 1 0 R/Size {size}>>\nstartxref\n{at}\n%%EOF\n");
    out.extend(end.bytes());
    out
}

#[test]
fn scanned_documents_take_little_memory() {
    let bytes = scans(40);
    assert!(bytes.len() as u64 > 64 * MIB, "{} bytes", bytes.len());
    let peak = peak("scans.pdf", &bytes);
    assert!(peak < 64 * MIB, "{} MiB", peak / MIB);
}
