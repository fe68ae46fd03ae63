//! Sequences of pictures.

use super::*;

/// How a sequence is put together.
struct Sequence {
    handler: [u8; 4],
    /// Flags of `tkhd`.
    flags: u32,
    samples: Vec<Vec<u8>>,
    /// Bytes in front of the samples.
    gap: Vec<u8>,
    /// Further boxes of `moov`.
    inside: Vec<u8>,
    /// Further boxes of `trak`.
    inside_track: Vec<u8>,
}

impl Sequence {
    fn new() -> Self {
        Self {
            handler: *b"pict",
            flags: 1,
            samples: vec![picture(b"first"), picture(b"second")],
            gap: Vec::new(),
            inside: Vec::new(),
            inside_track: Vec::new(),
        }
    }

    fn moov(&self, at: u32) -> Vec<u8> {
        let time = 0xD8FE_1234;
        let matrix = words(&[0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000]);
        let mvhd = [
            words(&[time, time, 600, 1200, 0x1_0000]),
            vec![1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            matrix.clone(),
            vec![0; 24],
            words(&[2]),
        ];
        let tkhd = [
            words(&[time, time, 1, 0, 1200]),
            vec![0; 16],
            matrix,
            words(&[64 << 16, 64 << 16]),
        ];
        let mut entry = vec![0, 0, 0, 0, 0, 0, 0, 1];
        entry.extend([0; 16]);
        entry.extend(halves(&[64, 64, 0, 72, 0, 0, 72, 0, 0, 0, 1]));
        entry.resize(42, 0);
        entry.extend([11]);
        entry.extend(SECRET);
        entry.resize(74, 0);
        entry.extend([0, 24, 0xFF, 0xFF]);
        entry.extend(build::record());
        entry.extend(boxed(b"name", SECRET));
        let sizes: Vec<u32> = self.samples.iter().map(|it| it.len() as u32).collect();
        let stbl = [
            full(b"stsd", 0, &[words(&[1]), boxed(b"hvc1", &entry)].concat()),
            full(b"stts", 0, &words(&[1, 2, 600])),
            full(b"stsc", 0, &words(&[1, 1, 2, 1])),
            full(b"stsz", 0, &[words(&[0, 2]), words(&sizes)].concat()),
            full(b"stco", 0, &words(&[1, at])),
        ];
        let dref = [words(&[1]), full(b"url ", 1, &[])].concat();
        let minf = [
            full(b"vmhd", 1, &[0; 8]),
            boxed(b"dinf", &full(b"dref", 0, &dref)),
            boxed(b"stbl", &stbl.concat()),
        ];
        let mdhd = [words(&[time, time, 600, 1200]), halves(&[0x55C4, 0])].concat();
        let hdlr = [&[0; 4], &self.handler[..], &[0; 12], SECRET, &[0]].concat();
        let mdia = [
            full(b"mdhd", 0, &mdhd),
            full(b"hdlr", 0, &hdlr),
            boxed(b"minf", &minf.concat()),
        ];
        let trak = [
            full(b"tkhd", self.flags, &tkhd.concat()),
            boxed(b"mdia", &mdia.concat()),
            boxed(b"udta", SECRET),
            self.inside_track.clone(),
        ];
        let moov = [
            full(b"mvhd", 0, &mvhd.concat()),
            boxed(b"trak", &trak.concat()),
            self.inside.clone(),
        ];
        boxed(b"moov", &moov.concat())
    }

    fn build(&self) -> Vec<u8> {
        let ftyp = boxed(b"ftyp", b"msf1\0\0\0\0hevcmsf1");
        let at = ftyp.len() + self.moov(0).len() + 8 + self.gap.len();
        let media = [self.gap.clone(), self.samples.concat()].concat();
        let moov = self.moov(u32::try_from(at).unwrap());
        [ftyp, moov, boxed(b"mdat", &media)].concat()
    }
}

#[test]
fn pictures_and_their_times_stay_and_the_rest_goes() {
    let mut file = Sequence::new();
    file.gap = SECRET.to_vec();
    file.inside = boxed(b"udta", SECRET);
    let outcome = clean_with(&file.build(), Policy::SHARE);
    assert!(!outcome.has(SECRET) && !outcome.has(&words(&[0xD8FE_1234])));
    assert!(outcome.has(&boxed(b"mdat", &file.samples.concat())));
    assert!(outcome.has(&full(b"stts", 0, &words(&[1, 2, 600]))));
    for id in ["mp4.times", "mp4.hdlr.name", "mp4.stsd", "heif.mdat.gap"] {
        assert!(outcome.ids.contains(&id), "{id}: {:?}", outcome.ids);
    }
}

#[test]
fn what_encoders_write_into_samples_goes_and_sizes_follow() {
    let sei = nal(
        39,
        &[&[5, 27][..], b"0123456789abcdefSECRET-4711", &[0x80]].concat(),
    );
    let mut file = Sequence::new();
    file.samples[0].splice(0..0, sei);
    let outcome = clean_with(&file.build(), Policy::SHARE);
    assert!(!outcome.has(SECRET));
    let sizes = [
        picture(b"first").len() as u32,
        picture(b"second").len() as u32,
    ];
    let stsz = [words(&[0, 2]), words(&sizes)].concat();
    assert!(outcome.has(&full(b"stsz", 0, &stsz)));
}

#[test]
fn a_sequence_without_pictures_is_refused() {
    for (handler, flags) in [(*b"vide", 1), (*b"soun", 1), (*b"pict", 0)] {
        let file = Sequence {
            handler,
            flags,
            ..Sequence::new()
        };
        assert!(refusal(&file.build()).contains("without a track of pictures"));
    }
}

#[test]
fn tracks_of_thumbnails_go() {
    let thumbnails = Sequence {
        samples: vec![picture(SECRET), picture(b"small")],
        inside_track: boxed(b"tref", &boxed(b"thmb", &words(&[1]))),
        ..Sequence::new()
    };
    let small = thumbnails.samples.concat();
    let mut file = Sequence::new();
    // Two tracks, the samples of the second in front of those of the first.
    file.gap = small.clone();
    let track = |at: u32| {
        let moov = thumbnails.moov(at);
        let start = memmem::find(&moov, b"trak").unwrap() - 4;
        moov[start..].to_vec()
    };
    file.inside = track(0);
    let at = file.build().len() - small.len() - file.samples.concat().len();
    file.inside = track(u32::try_from(at).unwrap());
    let outcome = clean_with(&file.build(), Policy::SHARE);
    assert!(outcome.ids.contains(&"heif.track"), "{:?}", outcome.ids);
    assert!(!outcome.has(b"small") && outcome.has(b"second"));
    assert!(refusal(&thumbnails.build()).contains("without a track of pictures"));
}

#[test]
fn rows_for_samples_that_are_not_there_go() {
    let table = full(b"stts", 0, &words(&[1, 2, 600]));
    let longer = full(
        b"stts",
        0,
        &words(&[3, 1, 600, 5, 600, 0x5345_4352, 0x4554_3432]),
    );
    let bytes = Sequence::new().build();
    let at = memmem::find(&bytes, &table).unwrap();
    let mut bytes = [&bytes[..at], &longer, &bytes[at + table.len()..]].concat();
    // The boxes around it and the chunk grow with it.
    for kind in [b"moov", b"trak", b"mdia", b"minf", b"stbl"] {
        let at = memmem::find(&bytes, kind).unwrap() - 4;
        let len = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) + 16;
        bytes[at..at + 4].copy_from_slice(&len.to_be_bytes());
    }
    let at = memmem::find(&bytes, b"stco").unwrap() + 12;
    let offset = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) + 16;
    bytes[at..at + 4].copy_from_slice(&offset.to_be_bytes());
    let outcome = clean_with(&bytes, Policy::SHARE);
    assert!(outcome.has(&full(b"stts", 0, &words(&[2, 1, 600, 1, 600]))));
    assert!(!outcome.has(b"SECRET42"));
}

#[test]
fn tables_that_lie_are_refused() {
    let whole = Sequence::new().build();
    let at = |needle: &[u8]| memmem::find(&whole, needle).unwrap();
    for (table, offset, value) in [
        (&b"stco"[..], 12, 0xFFFF_FFF0_u32),
        (b"stsc", 16, 0),
        (b"stsz", 12, 0x7FFF_FFFF),
        (b"stsz", 16, 0xFFFF_FFFF),
        (b"stts", 8, 0x4000_0000),
        (b"stsc", 20, 9),
        (b"url ", 4, 0),
    ] {
        let mut bytes = whole.clone();
        let start = at(table) + offset;
        bytes[start..start + 4].copy_from_slice(&value.to_be_bytes());
        refusal(&bytes);
    }
    let mut file = Sequence::new();
    file.inside = boxed(b"mvex", b"");
    assert!(refusal(&file.build()).contains("fragments"));
}
