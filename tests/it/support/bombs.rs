//! Files made to hurt: small ones that unpack to much, lengths that lie, structures without end.

use std::io::Write;

use super::raster_bombs;

/// A file and what is wrong with it.
pub type Bomb = (String, Vec<u8>);

pub fn all() -> Vec<Bomb> {
    [
        png(),
        jpeg(),
        tiff(),
        webp(),
        gif(),
        isobmff(),
        ebml(),
        nested_xml(),
        raster_bombs::all(),
    ]
    .into_iter()
    .flatten()
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .collect()
}

fn zlib(chunks: usize, fill: u8) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let megabyte = vec![fill; 1 << 20];
    for _ in 0..chunks {
        encoder.write_all(&megabyte).unwrap();
    }
    encoder.finish().unwrap()
}

/// These bytes, compressed.
pub fn zlib_of(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A chunk with its check sum.
pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(data);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], kind, data, &crc.sum().to_be_bytes()].concat()
}

/// A picture of `width` × `height` grey pixels whose `IDAT` holds `idat`, with `extra` before it.
fn png_with(width: u32, height: u32, extra: &[u8], idat: &[u8]) -> Vec<u8> {
    let ihdr = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 0, 0, 0, 0],
    ]
    .concat();
    [
        b"\x89PNG\r\n\x1a\n",
        &chunk(b"IHDR", &ihdr)[..],
        extra,
        &chunk(b"IDAT", idat),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

/// One black pixel, compressed.
fn pixel() -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&[0, 0]).unwrap();
    encoder.finish().unwrap()
}

/// 400 MiB out of 400 KiB.
const BOMB: usize = 400;

fn png() -> Vec<(&'static str, Vec<u8>)> {
    let bomb = zlib(BOMB, b'A');
    let one = |extra: &[u8]| png_with(1, 1, extra, &pixel());
    let mut profile = b"p\0\0".to_vec();
    profile.extend_from_slice(&bomb);
    let mut text = b"k\0\0".to_vec();
    text.extend_from_slice(&bomb);
    let mut international = b"XML:com.adobe.xmp\0\x01\0\0\0".to_vec();
    international.extend_from_slice(&bomb);
    let mut lying = one(b"");
    lying[8..12].copy_from_slice(&u32::MAX.to_be_bytes());
    let mut endless = b"\x89PNG\r\n\x1a\n".to_vec();
    endless.extend_from_slice(&chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
    endless.extend(chunk(b"tEXt", b"").repeat(300_000));
    let frames = chunk(b"fcTL", &[0; 26]).repeat(50_000);
    vec![
        ("png: zlib bomb in iCCP", one(&chunk(b"iCCP", &profile))),
        ("png: zlib bomb in zTXt", one(&chunk(b"zTXt", &text))),
        (
            "png: zlib bomb in iTXt",
            one(&chunk(b"iTXt", &international)),
        ),
        ("png: zlib bomb in IDAT", png_with(1, 1, b"", &bomb)),
        (
            "png: pixels that nobody can hold",
            png_with(u32::MAX >> 1, u32::MAX >> 1, b"", &pixel()),
        ),
        ("png: a length of 4 GiB", lying),
        ("png: 300,000 empty chunks", endless),
        (
            "png: 50,000 empty IDAT",
            one(&chunk(b"IDAT", b"").repeat(50_000)),
        ),
        ("png: 50,000 frames of the same number", one(&frames)),
        (
            "png: nothing but a signature",
            b"\x89PNG\r\n\x1a\n".to_vec(),
        ),
    ]
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker][..], &length, data].concat()
}

/// A picture that has no pixels to speak of, with `extra` after `SOI`.
fn jpeg_with(extra: &[u8]) -> Vec<u8> {
    [
        &[0xFF, 0xD8][..],
        extra,
        &segment(0xDB, &[[0].as_slice(), &[1; 64]].concat()),
        &segment(0xC0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
        &segment(0xC4, &[[0].as_slice(), &[1], &[0; 15], &[0]].concat()),
        &segment(0xC4, &[[0x10].as_slice(), &[1], &[0; 15], &[0]].concat()),
        &segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        &[0x3F, 0xFF, 0xD9],
    ]
    .concat()
}

fn jpeg() -> Vec<(&'static str, Vec<u8>)> {
    let exif = |tiff: &[u8]| segment(0xE1, &[b"Exif\0\0", tiff].concat());
    let mut scans = jpeg_with(b"");
    scans.truncate(scans.len() - 2);
    let scan = scans[scans.len() - 11..].to_vec();
    scans.extend(scan.repeat(50_000));
    scans.extend_from_slice(&[0xFF, 0xD9]);
    let mut icc = Vec::new();
    for number in 0..=255 {
        let header = [b"ICC_PROFILE\0", &[number, 255][..]].concat();
        icc.extend(segment(0xE2, &[&header[..], &[0xAA; 65_000]].concat()));
    }
    let mut picture = jpeg_with(b"");
    for _ in 0..200 {
        picture = [&picture[..], &picture[..300.min(picture.len())]].concat();
    }
    let mut russian_doll = jpeg_with(b"");
    for _ in 0..40 {
        let thumbnail = tiff_with_thumbnail(&russian_doll);
        if thumbnail.len() > 65_000 {
            break;
        }
        russian_doll = jpeg_with(&exif(&thumbnail));
    }
    vec![
        (
            "jpeg: 300,000 empty segments",
            jpeg_with(&segment(0xE3, b"").repeat(300_000)),
        ),
        (
            "jpeg: 100,000 comments",
            jpeg_with(&segment(0xFE, b"x").repeat(100_000)),
        ),
        (
            "jpeg: a megabyte of fill bytes",
            jpeg_with(&[0xFF; 1 << 20]),
        ),
        ("jpeg: 50,000 scans", scans),
        (
            "jpeg: IFD that points at itself",
            jpeg_with(&exif(&ifd_loop())),
        ),
        (
            "jpeg: IFD with 65,535 entries of 4 GiB",
            jpeg_with(&exif(&ifd_of_lies())),
        ),
        (
            "jpeg: 500 Exif blocks",
            jpeg_with(&exif(&ifd_loop()).repeat(500)),
        ),
        ("jpeg: 16 MB of profile in 256 pieces", jpeg_with(&icc)),
        ("jpeg: 200 pictures behind the picture", picture),
        ("jpeg: thumbnails in thumbnails", russian_doll),
        ("jpeg: SOI and nothing else", vec![0xFF, 0xD8, 0xFF]),
        (
            "jpeg: a segment shorter than its length field",
            jpeg_with(&[0xFF, 0xE1, 0, 1]),
        ),
    ]
}

fn entry(tag: u16, kind: u16, count: u32, value: u32) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..2].copy_from_slice(&tag.to_le_bytes());
    bytes[2..4].copy_from_slice(&kind.to_le_bytes());
    bytes[4..8].copy_from_slice(&count.to_le_bytes());
    bytes[8..].copy_from_slice(&value.to_le_bytes());
    bytes
}

fn tiff_of(entries: &[[u8; 12]], next: u32, rest: &[u8]) -> Vec<u8> {
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    [
        b"II*\0\x08\0\0\0",
        &count[..],
        &entries.concat(),
        &next.to_le_bytes(),
        rest,
    ]
    .concat()
}

/// IFD0 is its own Exif, GPS, interoperability and maker note IFD, its own SubIFD, and its own successor.
fn ifd_loop() -> Vec<u8> {
    let own = [0x8769, 0x8825, 0xA005, 0x014A].map(|tag| entry(tag, 4, 1, 8));
    let mut entries = own.to_vec();
    entries.push(entry(0x927C, 7, 60, 8));
    tiff_of(&entries, 8, b"")
}

fn ifd_of_lies() -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\xFF\xFF".to_vec();
    for tag in 0..5000u16 {
        tiff.extend_from_slice(&entry(tag, 12, u32::MAX, 8));
    }
    tiff
}

fn tiff_with_thumbnail(jpeg: &[u8]) -> Vec<u8> {
    let length = u32::try_from(jpeg.len()).unwrap();
    let mut tiff = tiff_of(&[], 14, b"");
    let ifd1 = [
        entry(0x0201, 4, 1, 14 + 2 + 24 + 4),
        entry(0x0202, 4, 1, length),
    ];
    tiff.extend_from_slice(&2u16.to_le_bytes());
    tiff.extend_from_slice(&ifd1.concat());
    tiff.extend_from_slice(&0u32.to_le_bytes());
    tiff.extend_from_slice(jpeg);
    tiff
}

fn tiff() -> Vec<(&'static str, Vec<u8>)> {
    let subs: Vec<u8> = (0..20_000u32).flat_map(|_| 8u32.to_le_bytes()).collect();
    let many = tiff_of(&[entry(0x014A, 4, 20_000, 26)], 0, &subs);
    let strips: Vec<u8> = (0..100_000u32).flat_map(|_| 8u32.to_le_bytes()).collect();
    let overlapping = tiff_of(
        &[
            entry(0x0100, 3, 1, 8),
            entry(0x0101, 3, 1, 8),
            entry(0x0111, 4, 100_000, 74),
            entry(0x0116, 3, 1, 1),
            entry(0x0117, 4, 100_000, 74),
        ],
        0,
        &strips,
    );
    vec![
        ("tiff: IFD that points at itself", ifd_loop()),
        ("tiff: entries of 4 GiB", ifd_of_lies()),
        ("tiff: 20,000 SubIFDs that are one", many),
        ("tiff: 100,000 strips over each other", overlapping),
    ]
}

fn riff(kind: &[u8; 4], chunks: &[u8]) -> Vec<u8> {
    let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
    [b"RIFF", &length[..], kind, chunks].concat()
}

fn webp() -> Vec<(&'static str, Vec<u8>)> {
    let empty = [b"ANMF", &0u32.to_le_bytes()[..]].concat();
    let vp8x = [
        b"VP8X",
        &10u32.to_le_bytes()[..],
        &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let mut lying = riff(b"WEBP", &vp8x);
    lying[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let odd = [b"EXIF", &u32::MAX.to_le_bytes()[..], b"x"].concat();
    vec![
        (
            "webp: 300,000 empty frames",
            riff(b"WEBP", &[&vp8x[..], &empty.repeat(300_000)].concat()),
        ),
        ("webp: a file of 4 GiB in 30 bytes", lying),
        (
            "webp: a chunk that ends behind the file",
            riff(b"WEBP", &[&vp8x[..], &odd].concat()),
        ),
        ("webp: an animation without frames", riff(b"WEBP", &vp8x)),
    ]
}

fn gif() -> Vec<(&'static str, Vec<u8>)> {
    let header = b"GIF89a\x01\0\x01\0\0\0\0";
    let comment = b"\x21\xFE\x01x\0".repeat(200_000);
    let frame = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0".repeat(100_000);
    let endless = [
        &b"\x2C\0\0\0\0\x01\0\x01\0\0\x02"[..],
        &b"\x01\0"[..1],
        &[1; 1 << 20],
    ]
    .concat();
    vec![
        (
            "gif: 200,000 comments",
            [&header[..], &comment, b"\x3B"].concat(),
        ),
        (
            "gif: 100,000 frames",
            [&header[..], &frame, b"\x3B"].concat(),
        ),
        ("gif: a frame without end", [&header[..], &endless].concat()),
        (
            "gif: a picture of 65,535 × 65,535",
            b"GIF89a\xFF\xFF\xFF\xFF\0\0\0\x3B".to_vec(),
        ),
    ]
}

fn atom(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len() + 8).unwrap().to_be_bytes();
    [&length[..], kind, data].concat()
}

fn isobmff() -> Vec<(&'static str, Vec<u8>)> {
    let ftyp = atom(b"ftyp", b"isom\0\0\0\0isom");
    let heic = atom(b"ftyp", b"heic\0\0\0\0mif1heic");
    let with = |rest: &[u8]| [&ftyp[..], rest].concat();
    let mut deep = atom(b"free", b"");
    for _ in 0..10_000 {
        deep = atom(b"moov", &deep);
    }
    let huge = [&1u32.to_be_bytes()[..], b"mdat", &u64::MAX.to_be_bytes()].concat();
    let table = [&[0; 4][..], &u32::MAX.to_be_bytes(), &[0; 8]].concat();
    let stbl = [
        atom(b"stsz", &table),
        atom(b"stco", &table),
        atom(b"stsc", &table),
    ]
    .concat();
    let trak = atom(
        b"trak",
        &atom(b"mdia", &atom(b"minf", &atom(b"stbl", &stbl))),
    );
    let iloc = [&[1, 0, 0, 0, 0x44, 0x40, 0xFF, 0xFF][..], &[0; 64]].concat();
    let meta = atom(b"meta", &[&[0; 4][..], &atom(b"iloc", &iloc)].concat());
    let many = many_tiles();
    vec![
        (
            "heic: 65,025 tiles in one place",
            [&heic[..], &many].concat(),
        ),
        ("mp4: boxes 10,000 deep", with(&deep)),
        ("mp4: a box of 2^64 bytes", with(&huge)),
        (
            "mp4: 300,000 empty boxes",
            with(&atom(b"free", b"").repeat(300_000)),
        ),
        (
            "mp4: a box of length zero in the middle",
            with(&atom(b"moov", b"\0\0\0\0trak")),
        ),
        ("mp4: tables of 4 billion rows", with(&atom(b"moov", &trak))),
        ("mp4: boxes of length one", with(&[0, 0, 0, 1].repeat(1000))),
        (
            "heic: 65,535 items that are not there",
            [&heic[..], &meta].concat(),
        ),
    ]
}

/// A grid of all the tiles that it can have, all of them the same bytes.
fn many_tiles() -> Vec<u8> {
    const TILES: u16 = 255 * 255;
    let full = |kind: &[u8; 4], body: &[u8]| atom(kind, &[&[0; 4], body].concat());
    let two = |n: u16| n.to_be_bytes();
    let tile = [0, 0, 0, 6, 0x28, 1, b't', b'i', b'l', b'e'];
    let record = [
        &[1, 1, 0x60][..],
        &[0; 10],
        &[0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, 0],
    ]
    .concat();
    let (mut iloc, mut iinf, mut ipma) = (vec![0x44, 0], Vec::new(), Vec::new());
    let mut dimg = [two(TILES + 1), two(TILES)].concat();
    iloc.extend(two(TILES + 1));
    iinf.extend(two(TILES + 1));
    ipma.extend(u32::from(TILES).to_be_bytes());
    for id in 1..=TILES + 1 {
        let is_grid = id == TILES + 1;
        let kind = if is_grid { b"grid" } else { b"hvc1" };
        let method = u16::from(is_grid);
        // Offsets from the beginning of idat: the grid, and the tile behind it.
        let (at, len): (u32, u32) = if is_grid { (0, 8) } else { (8, 10) };
        iloc.extend([two(id), two(1), two(0), two(1)].concat());
        iloc.extend([at.to_be_bytes(), len.to_be_bytes()].concat());
        let entry = [&two(id), &two(0), &kind[..], &[0]].concat();
        iinf.extend(atom(
            b"infe",
            &[&[2, 0, 0, method as u8], &entry[..]].concat(),
        ));
        if !is_grid {
            ipma.extend([&two(id)[..], &[1, 0x81]].concat());
            dimg.extend(two(id));
        }
    }
    let idat = [&[0, 0, 254, 254, 0xFF, 0xFF, 0xFF, 0xFF][..], &tile].concat();
    let iprp = [atom(b"ipco", &atom(b"hvcC", &record)), full(b"ipma", &ipma)].concat();
    let children = [
        full(b"hdlr", b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        full(b"pitm", &two(TILES + 1)),
        full(b"iinf", &iinf),
        full(b"iref", &atom(b"dimg", &dimg)),
        atom(b"iprp", &iprp),
        atom(b"idat", &idat),
        atom(b"iloc", &[&[1, 0, 0, 0], &iloc[..]].concat()),
    ];
    full(b"meta", &children.concat())
}

fn ebml() -> Vec<(&'static str, Vec<u8>)> {
    let header = b"\x1A\x45\xDF\xA3\x84\x42\x82\x81w".to_vec();
    let segment = b"\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF".to_vec();
    let void = b"\xEC\x80".repeat(300_000);
    vec![
        (
            "mkv: an endless segment of voids",
            [&header[..], &segment, &void].concat(),
        ),
        (
            "mkv: segments in segments",
            [&header[..], &segment.repeat(10_000)].concat(),
        ),
    ]
}

/// XMP that is deep, wide, or full of entities.
fn nested_xml() -> Vec<(&'static str, Vec<u8>)> {
    const SPACE: &str = "http://ns.adobe.com/xap/1.0/\0";
    let packet = |xml: &str| {
        let data = format!("{SPACE}{}", &xml[..xml.len().min(65_000)]);
        jpeg_with(&segment(0xE1, data.as_bytes()))
    };
    let rdf = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>";
    let deep = format!("{rdf}{}", "<rdf:li>".repeat(8_000));
    let wide = format!("{rdf}<rdf:Description {}", "a='b' ".repeat(9_000));
    let laughs = format!(
        "<!DOCTYPE l [<!ENTITY a 'ha'>{}]><x>&j;</x>",
        ('b'..='j')
            .zip('a'..)
            .map(|(name, of)| format!("<!ENTITY {name} '{}'>", format!("&{of};").repeat(10)))
            .collect::<String>()
    );
    let itxt = |xml: String| {
        let data = [b"XML:com.adobe.xmp\0\0\0\0\0", xml.as_bytes()].concat();
        png_with(1, 1, &chunk(b"iTXt", &data), &pixel())
    };
    vec![
        ("xmp: 8,000 elements deep", packet(&deep)),
        ("xmp: 9,000 attributes", packet(&wide)),
        ("xmp: a billion laughs", packet(&laughs)),
        (
            "xmp: a million elements deep",
            itxt(format!("{rdf}{}", "<rdf:li>".repeat(1_000_000))),
        ),
        (
            "xmp: a million siblings",
            itxt(format!("{rdf}{}", "<rdf:li/>".repeat(1_000_000))),
        ),
    ]
}
