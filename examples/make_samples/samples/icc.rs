//! ICC profiles (ICC.1:2022): a matrix profile with the colours of Display P3, as it stands in pictures
//! of phones, screens and editors.

use super::seed::{Seeds, utf16be};

/// Whose profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A standard one with its standard name and nothing else.
    Standard,
    /// One of a monitor: name of a person, serial number, EDID.
    Monitor,
}

/// s15Fixed16 triples of the primaries, chromatically adapted.
const PRIMARIES: [(&[u8; 4], [i32; 3]); 4] = [
    (b"rXYZ", [33_736, 15_788, -69]),
    (b"gXYZ", [19_134, 45_369, 2_746]),
    (b"bXYZ", [10_294, 4_379, 51_440]),
    (b"wtpt", [63_190, 65_536, 54_061]),
];

/// A profile.
pub fn profile(s: &mut Seeds, kind: Kind) -> Vec<u8> {
    let mut tags: Vec<([u8; 4], Vec<u8>)> = Vec::new();
    let curve = [b"curv\0\0\0\0\0\0\0\x01".as_slice(), &[2, 51]].concat();
    for (name, xyz) in PRIMARIES {
        let mut data = b"XYZ \0\0\0\0".to_vec();
        data.extend(xyz.iter().flat_map(|n| n.to_be_bytes()));
        tags.push((*name, data));
    }
    for name in [b"rTRC", b"gTRC", b"bTRC"] {
        tags.push((*name, curve.clone()));
    }
    let date = if kind == Kind::Monitor {
        s.at("ICC_PROFILE", |s| monitor(s, &mut tags))
    } else {
        tags.push((*b"desc", multi_localized(&utf16be("Display P3"))));
        tags.push((*b"cprt", multi_localized(&utf16be("CC0"))));
        vec![0; 12]
    };
    assemble(&tags, &date)
}

fn monitor(s: &mut Seeds, tags: &mut Vec<([u8; 4], Vec<u8>)>) -> Vec<u8> {
    tags.push((
        *b"desc",
        multi_localized(&s.utf16be("desc", "Annas skärm ")),
    ));
    tags.push((
        *b"cprt",
        multi_localized(&s.utf16be("cprt", "Anna Exempel ")),
    ));
    tags.push((*b"dmnd", multi_localized(&s.utf16be("dmnd", "DELL "))));
    tags.push((*b"dmdd", multi_localized(&s.utf16be("dmdd", "U2720Q "))));
    let mut mmod = b"mmod\0\0\0\0\0\0\x10\xAC\0\0\xD0\xA1".to_vec();
    mmod.extend(s.text("mmod", "").as_bytes());
    mmod.resize(40, 0);
    tags.push((*b"mmod", mmod));
    let value = s.utf16be("meta", "EDID serial ");
    let name = utf16be("EDID_serial");
    let mut meta = b"dict\0\0\0\0\0\0\0\x01\0\0\0\x10".to_vec();
    for n in [32, name.len(), 32 + name.len(), value.len()] {
        meta.extend((n as u32).to_be_bytes());
    }
    meta.extend([name, value].concat());
    tags.push((*b"meta", meta));
    let text = |t: String| [b"text\0\0\0\0", t.as_bytes(), &[0]].concat();
    tags.push((*b"targ", text(s.text("targ", "INSTRUMENT SERIAL "))));
    tags.push((*b"zzzz", text(s.text("unknown tag", "private "))));
    let second = s.position("header date").latitude()[2].0 as u16;
    [2019, 5, 12, 14, 30, second % 60]
        .iter()
        .flat_map(|n: &u16| n.to_be_bytes())
        .collect()
}

fn multi_localized(text: &[u8]) -> Vec<u8> {
    let mut out = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS".to_vec();
    out.extend((text.len() as u32).to_be_bytes());
    out.extend(28_u32.to_be_bytes());
    out.extend(text);
    out
}

fn assemble(tags: &[([u8; 4], Vec<u8>)], date: &[u8]) -> Vec<u8> {
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    let start = 128 + 4 + 12 * tags.len();
    for (name, bytes) in tags {
        table.extend(name);
        table.extend(((start + data.len()) as u32).to_be_bytes());
        table.extend((bytes.len() as u32).to_be_bytes());
        data.extend(bytes);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut out = ((start + data.len()) as u32).to_be_bytes().to_vec();
    out.extend(b"appl\x04\0\0\0mntrRGB XYZ ");
    out.extend(date);
    out.extend(b"acspAPPL\0\0\0\0APPL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    for n in [63_190_i32, 65_536, 54_061] {
        out.extend(n.to_be_bytes());
    }
    out.extend(b"appl");
    out.resize(128, 0);
    out.extend(table);
    out.extend(data);
    out
}

/// The APP2 payloads of a profile in `pieces` pieces.
pub fn app2(profile: &[u8], pieces: usize) -> Vec<Vec<u8>> {
    let size = profile.len().div_ceil(pieces);
    profile
        .chunks(size)
        .enumerate()
        .map(|(i, piece)| {
            let head = [b"ICC_PROFILE\0".as_slice(), &[i as u8 + 1, pieces as u8]].concat();
            [&head, piece].concat()
        })
        .collect()
}
