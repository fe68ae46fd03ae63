//! Files made to hurt, of the formats that hold one picture and little else.

fn boxed(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len() + 8).unwrap().to_be_bytes();
    [&length[..], kind, data].concat()
}

/// Bits, the least significant of a byte first.
#[derive(Default)]
struct Bits(Vec<u8>, u32);

impl Bits {
    fn put(mut self, value: u64, n: u32) -> Self {
        for i in 0..n {
            if self.1.is_multiple_of(8) {
                self.0.push(0);
            }
            *self.0.last_mut().unwrap() |= ((value >> i & 1) as u8) << (self.1 % 8);
            self.1 += 1;
        }
        self
    }
}

/// A codestream of 8 by 8 pixels with these frames.
fn codestream(frames: &[u8]) -> Vec<u8> {
    let head = Bits::default().put(0x0AFF, 16).put(1, 1).put(0, 5);
    let head = head.put(1, 3).put(0b11, 2);
    [&head.0, frames].concat()
}

/// A frame of default form with a section of one byte.
const LAST: &[u8] = &[1, 4, 0, b'x'];

/// A frame that is kept for others and shown by none, with an empty section.
fn unused() -> Vec<u8> {
    let bits = Bits::default().put(0, 1).put(2, 2).put(0, 1).put(0, 2);
    let bits = bits.put(0, 2).put(0, 6).put(0, 1).put(1, 2).put(1, 1);
    let mut out = bits.put(0, 2).put(1, 1).put(0, 2).put(0, 1).0;
    out.extend([0, 0]);
    out
}

/// A profile of 32 MB: a code of one symbol, which takes no bits.
fn profile() -> Vec<u8> {
    let head = Bits::default().put(0x0AFF, 16).put(1, 1).put(0, 5);
    let head = head.put(1, 3).put(0, 2).put(0, 3).put(1, 1).put(0, 2);
    let head = head.put(1, 1).put(0b10, 2).put(0, 2).put(0, 2).put(1, 1);
    let head = head.put(3, 2).put(0, 12).put(1, 1).put(0, 8).put(1, 1);
    let head = head.put(31, 8).put(0, 1).put(0, 1).put(1, 1).put(0, 2);
    head.put(1, 1).put(8, 4).put(0, 8).put(0, 1).0
}

fn jxl() -> Vec<(&'static str, Vec<u8>)> {
    let signature = boxed(b"JXL ", b"\r\n\x87\n");
    let head = [signature, boxed(b"ftyp", b"jxl \0\0\0\0jxl ")].concat();
    let picture = codestream(LAST);
    // The beginning of a stream of zeros: megabytes for each of its bytes.
    let zeros: &[u8] = &[
        0xCB, 0xFF, 0xFF, 0x3F, 0xF8, 0x27, 0x00, 0xE2, 0xB1, 0x40, 0x20, 0xF7, 0xFE, 0x8F, 0xFF,
        0xFF, 0x7F, 0xF0, 0x4F, 0x00, 0xC4, 0x61, 0x11, 0x80, 0xEE, 0xFD, 0x1F, 0xFF, 0xFF, 0xFF,
        0xE0, 0x9F, 0x00, 0x88, 0xC3, 0x02, 0x00, 0xDD, 0xFB, 0x3F, 0xFE, 0xFF, 0xFF, 0xC1, 0x3F,
        0x01, 0x10, 0x87, 0x05, 0x00, 0xBA, 0xF7, 0x7F, 0xFC, 0xFF, 0xFF, 0x83, 0x7F, 0x02, 0x20,
        0x0E, 0x0B, 0x00, 0x74, 0xEF, 0xFF, 0xF8, 0xFF, 0xFF, 0x07, 0xFF, 0x04, 0x40, 0x1C, 0x16,
        0x00, 0xE8, 0xDE, 0xFF, 0xF1, 0xFF, 0xFF, 0x0F, 0xFE, 0x09, 0x80, 0x38, 0x2C, 0x00, 0xD0,
        0xBD, 0xFF, 0xE3, 0xFF, 0xFF, 0x1F, 0xFC, 0x13, 0x00, 0x71, 0x58, 0x00, 0xA0, 0x7B, 0xFF,
        0xC7, 0xFF, 0xFF, 0x3F, 0xF8, 0x27, 0x00, 0xE2, 0xB0, 0x00, 0x40, 0xF7, 0xFE, 0x8F, 0xFF,
    ];
    let packed = boxed(b"brob", &[b"xml ", zeros].concat());
    let pieces: Vec<u8> = (0..100_000_u32)
        .flat_map(|n| boxed(b"jxlp", &[&n.to_be_bytes()[..], b""].concat()))
        .collect();
    let last = [&(100_000_u32 | 1 << 31).to_be_bytes()[..], &picture].concat();
    vec![
        (
            "jxl: brotli that unpacks to much",
            [&head, &packed.repeat(5)[..], &boxed(b"jxlc", &picture)].concat(),
        ),
        (
            "jxl: 100,000 empty pieces",
            [&head, &pieces[..], &boxed(b"jxlp", &last)].concat(),
        ),
        (
            "jxl: 100,000 frames that nobody sees",
            codestream(&[&unused().repeat(100_000)[..], LAST].concat()),
        ),
        ("jxl: a profile of 32 MB in 20 bytes", profile()),
        (
            "jxl: a picture of 2^30 pixels a side",
            Bits::default()
                .put(0x0AFF, 16)
                .put(0, 1)
                .put(3, 2)
                .put((1 << 30) - 1, 30)
                .put(1, 3)
                .put(0b11, 2)
                .0,
        ),
    ]
}

fn jp2() -> Vec<(&'static str, Vec<u8>)> {
    let signature = boxed(b"jP  ", b"\r\n\x87\n");
    let head = [signature, boxed(b"ftyp", b"jp2 \0\0\0\0jp2 ")].concat();
    let siz = [
        &[0xFF, 0x4F, 0xFF, 0x51, 0, 41][..],
        &[0; 34],
        &[0, 1, 7, 1, 1],
    ]
    .concat();
    let tile = [0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 14, 0, 1, 0xFF, 0x93];
    let comment = [0xFF, 0x64, 0, 5, 0, 1, b'x'].repeat(100_000);
    let nested = (0..5000).fold(Vec::new(), |inner, _| boxed(b"asoc", &inner));
    vec![
        (
            "jp2: 100,000 comments",
            [&siz, &comment[..], &tile, &[0xFF, 0xD9]].concat(),
        ),
        (
            "jp2: 100,000 tiles without data",
            [&siz, &tile.repeat(100_000)[..], &[0xFF, 0xD9]].concat(),
        ),
        (
            "jp2: boxes in boxes in boxes",
            [
                &head,
                &nested[..],
                &boxed(b"jp2c", &[&siz, &tile[..]].concat()),
            ]
            .concat(),
        ),
    ]
}

fn ico() -> Vec<(&'static str, Vec<u8>)> {
    let head = [0, 0, 1, 0, 0xFF, 0xFF];
    let end = 6 + 16 * 65_535_u32;
    let entry = |offset: u32| {
        [
            &[1, 1, 0, 0, 1, 0, 24, 0, 48, 0, 0, 0][..],
            &offset.to_le_bytes(),
        ]
        .concat()
    };
    let mut image = vec![40, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0];
    image.resize(48, 0);
    let shared = entry(end).repeat(65_535);
    let apart: Vec<u8> = (0..65_535).flat_map(|n| entry(end + 48 * n)).collect();
    let over: Vec<u8> = (0..65_535).flat_map(|n| entry(end + n)).collect();
    let all = image.repeat(65_535);
    vec![
        (
            "ico: 65,535 entries for one image",
            [&head[..], &shared, &image].concat(),
        ),
        ("ico: 65,535 images", [&head[..], &apart, &all].concat()),
        (
            "ico: images over each other",
            [&head[..], &over, &all].concat(),
        ),
    ]
}

fn small() -> Vec<(&'static str, Vec<u8>)> {
    let exr = [
        &[0x76, 0x2F, 0x31, 1, 2, 0, 0, 0][..],
        &b"a\0b\0\0\0\0\0".repeat(100_000),
        b"\0",
    ]
    .concat();
    vec![
        (
            "qoi: 2^64 pixels",
            [
                &b"qoif\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x04\0"[..],
                &[0xFD; 1 << 16],
            ]
            .concat(),
        ),
        (
            "pnm: 100,000 comments",
            [&b"P2\n1 1\n255\n"[..], &b"#x\n".repeat(100_000), b"7\n"].concat(),
        ),
        (
            "pnm: a picture of 10^18 pixels",
            b"P6\n999999999 999999999\n255\nx".to_vec(),
        ),
        (
            "hdr: scanlines without end",
            b"#?RADIANCE\n\n-Y 4294967295 +X 4294967295\n\x02\x02\x7F\xFF".to_vec(),
        ),
        (
            "tga: a picture of 65,535 by 65,535",
            [
                &[0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
                &[0xFF; 4],
                &[32, 0],
                &[0xFF; 1 << 16],
            ]
            .concat(),
        ),
        ("exr: 100,000 attributes", exr),
        (
            "xpm: 2^32 colours",
            b"/* XPM */ static char *a[] = { \"9999 9999 4294967295 8\", \"a\" };".to_vec(),
        ),
        (
            "xpm: 100,000 comments",
            [&b"/* XPM */"[..], &b"/**/".repeat(100_000)].concat(),
        ),
    ]
}

pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    [jxl(), jp2(), ico(), small()].concat()
}
