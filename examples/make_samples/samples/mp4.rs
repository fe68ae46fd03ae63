//! A film of one frame (ISO/IEC 14496-12) as phones append it to photos.

use super::seed::Seeds;

/// A box.
pub fn boxed(name: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    [
        &(payload.len() as u32 + 8).to_be_bytes(),
        &name[..],
        payload,
    ]
    .concat()
}

fn full(name: &[u8; 4], version_flags: u32, payload: &[u8]) -> Vec<u8> {
    boxed(name, &[&version_flags.to_be_bytes()[..], payload].concat())
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|n| n.to_be_bytes()).collect()
}

const MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// The film; its only frame is `jpeg`, `width` by `height` pixels.
pub fn film(s: &mut Seeds, jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    s.at("MP4", |s| {
        let ftyp = boxed(b"ftyp", b"mp42\0\0\0\0isommp42");
        let lost = s.text("free", "cell 240-01-");
        let free = boxed(b"free", lost.as_bytes());
        let start = ftyp.len() + free.len() + 8;
        let gap = s.text("mdat gap", "freeGPS ");
        let mdat = boxed(b"mdat", &[jpeg, gap.as_bytes()].concat());
        let moov = moov(s, start, jpeg.len(), width, height);
        [ftyp, free, mdat, moov].concat()
    })
}

/// Body of `mvhd`: made at this time, so many units a second, so long, the number of the next track.
pub fn movie_header(made: u32, scale: u32, duration: u32, next: u32) -> Vec<u8> {
    [
        words(&[made, made, scale, duration, 0x1_0000]),
        vec![1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        words(&MATRIX),
        vec![0; 24],
        words(&[next]),
    ]
    .concat()
}

/// Body of `tkhd`.
pub fn track_header(made: u32, id: u32, duration: u32, width: u16, height: u16) -> Vec<u8> {
    [
        words(&[made, made, id, 0, duration]),
        vec![0; 16],
        words(&MATRIX),
        words(&[u32::from(width) << 16, u32::from(height) << 16]),
    ]
    .concat()
}

fn moov(s: &mut Seeds, start: usize, length: usize, width: u16, height: u16) -> Vec<u8> {
    let made = 0xD8FE_0000 + s.position("creation_time").latitude()[2].0;
    s.spelled_bytes("mvhd/tkhd/mdhd times", &words(&[made, made]));
    let mvhd = full(b"mvhd", 0, &movie_header(made, 600, 600, 2));
    let tkhd = full(b"tkhd", 3, &track_header(made, 1, 600, width, height));
    let mdhd = full(
        b"mdhd",
        0,
        &[words(&[made, made, 600, 600]), vec![0x55, 0xC4, 0, 0]].concat(),
    );
    let handler = s.text("hdlr name", "Core Media Video ");
    let hdlr = full(
        b"hdlr",
        0,
        &[
            &[0; 4],
            b"vide".as_slice(),
            &[0; 12],
            handler.as_bytes(),
            &[0],
        ]
        .concat(),
    );
    let mut entry = vec![0, 0, 0, 0, 0, 0, 0, 1];
    entry.extend([0; 16]);
    entry.extend([width.to_be_bytes(), height.to_be_bytes()].concat());
    entry.extend([0, 72, 0, 0, 0, 72, 0, 0, 0, 0, 0, 0, 0, 1]);
    let mut compressor = s.text("stsd compressorname", "cam ").into_bytes();
    compressor.insert(0, compressor.len() as u8);
    compressor.resize(32, 0);
    entry.extend(compressor);
    entry.extend([0, 24, 0xFF, 0xFF]);
    let stbl = [
        full(b"stsd", 0, &[words(&[1]), boxed(b"jpeg", &entry)].concat()),
        full(b"stts", 0, &words(&[1, 1, 600])),
        full(b"stsc", 0, &words(&[1, 1, 1, 1])),
        full(b"stsz", 0, &words(&[0, 1, length as u32])),
        full(b"stco", 0, &words(&[1, start as u32])),
    ]
    .concat();
    let dinf = boxed(
        b"dinf",
        &full(b"dref", 0, &[words(&[1]), full(b"url ", 1, &[])].concat()),
    );
    let minf = [full(b"vmhd", 1, &[0; 8]), dinf, boxed(b"stbl", &stbl)].concat();
    let mdia = [mdhd, hdlr, boxed(b"minf", &minf)].concat();
    let trak = [tkhd, boxed(b"mdia", &mdia)].concat();
    let body = [mvhd, boxed(b"trak", &trak), udta(s), meta(s)].concat();
    boxed(b"moov", &body)
}

fn udta(s: &mut Seeds) -> Vec<u8> {
    let place = s.position("udta").iso6709();
    s.spelled("moov/udta/\u{A9}xyz", &place);
    let mut xyz = (place.len() as u16).to_be_bytes().to_vec();
    xyz.extend([0x15, 0xC7]);
    xyz.extend(place.bytes());
    let auth = s.text("moov/udta/auth", "Anna Exempel ");
    boxed(
        b"udta",
        &[
            boxed(&[0xA9, b'x', b'y', b'z'], &xyz),
            full(b"auth", 0, &[&[0x55, 0xC4], auth.as_bytes(), &[0]].concat()),
        ]
        .concat(),
    )
}

fn meta(s: &mut Seeds) -> Vec<u8> {
    let place = s.position("keys").iso6709();
    s.spelled("moov/meta/com.apple.quicktime.location.ISO6709", &place);
    let model = s.text("moov/meta/com.apple.quicktime.model", "iPhone ");
    let key = |name: &str| {
        let mut out = (name.len() as u32 + 8).to_be_bytes().to_vec();
        out.extend(b"mdta");
        out.extend(name.bytes());
        out
    };
    let value = |index: u32, text: &str| {
        let data = boxed(b"data", &[&words(&[1, 0]), text.as_bytes()].concat());
        boxed(&index.to_be_bytes(), &data)
    };
    let hdlr = full(
        b"hdlr",
        0,
        &[&[0; 4], b"mdta".as_slice(), &[0; 13]].concat(),
    );
    let keys = full(
        b"keys",
        0,
        &[
            words(&[2]),
            key("com.apple.quicktime.location.ISO6709"),
            key("com.apple.quicktime.model"),
        ]
        .concat(),
    );
    let ilst = boxed(b"ilst", &[value(1, &place), value(2, &model)].concat());
    boxed(b"meta", &[hdlr, keys, ilst].concat())
}
