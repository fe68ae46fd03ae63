//! Files put together in code. Tile data holds anything: nobody here looks into it.

use super::SIGNATURE;
use crate::model::Error;
use crate::pipeline::testing::cleaned as clean;

const SECRET: &[u8] = b"57.70890N 11.97460E";

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len() + 8).unwrap();
    [&len.to_be_bytes(), &kind[..], body].concat()
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let len = u16::try_from(body.len() + 2).unwrap();
    [&[0xFF, marker][..], &len.to_be_bytes(), body].concat()
}

fn siz() -> Vec<u8> {
    // Eight by eight pixels in one tile.
    let mut body = vec![0; 34];
    for at in [5, 9, 21, 25] {
        body[at] = 8;
    }
    body.extend([0, 1, 7, 1, 1]);
    segment(0x51, &body)
}

fn cod() -> Vec<u8> {
    segment(0x52, &[0, 0, 0, 1, 0, 1, 4, 4, 0, 1])
}

fn com(text: &[u8]) -> Vec<u8> {
    segment(0x64, &[&[0, 1], text].concat())
}

/// A tile-part; `len` is what `SOT` says, its true length if nothing else is wanted.
fn tile(segments: &[u8], data: &[u8], len: Option<u32>) -> Vec<u8> {
    let whole = 14 + segments.len() + data.len();
    let len = len.unwrap_or(u32::try_from(whole).unwrap());
    let mut body = vec![0, 0];
    body.extend(len.to_be_bytes());
    body.extend([0, 1]);
    [&segment(0x90, &body), segments, &[0xFF, 0x93], data].concat()
}

fn stream(main: &[Vec<u8>], tiles: &[Vec<u8>]) -> Vec<u8> {
    let soc = [0xFF, 0x4F];
    [&soc[..], &main.concat(), &tiles.concat(), &[0xFF, 0xD9]].concat()
}

fn plain() -> Vec<u8> {
    stream(&[siz(), cod()], &[tile(&[], b"pixels", None)])
}

fn ihdr() -> Vec<u8> {
    boxed(b"ihdr", &[0, 0, 0, 8, 0, 0, 0, 8, 0, 1, 7, 7, 0, 0])
}

fn colr() -> Vec<u8> {
    boxed(b"colr", &[1, 0, 0, 0, 0, 0, 17])
}

fn jp2h(more: &[Vec<u8>]) -> Vec<u8> {
    boxed(b"jp2h", &[ihdr(), colr(), more.concat()].concat())
}

fn ftyp() -> Vec<u8> {
    boxed(b"ftyp", b"jp2 \0\0\0\0jp2 ")
}

fn file(boxes: &[Vec<u8>]) -> Vec<u8> {
    [SIGNATURE, &ftyp(), &boxes.concat()].concat()
}

fn picture() -> Vec<u8> {
    file(&[jp2h(&[]), boxed(b"jp2c", &plain())])
}

#[test]
fn plain_pictures_stay_as_they_are() {
    for bytes in [plain(), picture()] {
        assert_eq!(clean(&bytes).unwrap().bytes, bytes);
    }
    let open = [&file(&[jp2h(&[])]), &b"\0\0\0\0jp2c"[..], &plain()].concat();
    assert_eq!(clean(&open).unwrap().bytes, open);
    let mut endless = plain();
    endless.truncate(endless.len() - 2);
    assert_eq!(clean(&endless).unwrap().bytes, endless);
}

#[test]
fn comments_go_and_lengths_follow() {
    let lengths = |a: u32, b: u32| {
        let mut body = vec![0, 0x50, 0];
        body.extend(a.to_be_bytes());
        body.push(0);
        body.extend(b.to_be_bytes());
        segment(0x55, &body)
    };
    let comment = com(SECRET);
    let surplus = u32::try_from(comment.len()).unwrap();
    let plt = segment(0x58, &[0, 2, 3]);
    let dirty = stream(
        &[
            siz(),
            comment.clone(),
            cod(),
            lengths(26 + surplus, 20),
            com(&[]),
        ],
        &[
            tile(&[plt.clone(), comment].concat(), b"first", None),
            tile(&[], b"second", None),
        ],
    );
    let expected = stream(
        &[siz(), cod(), lengths(26, 20)],
        &[tile(&plt, b"first", None), tile(&[], b"second", None)],
    );
    let cleaned = clean(&dirty).unwrap();
    assert!(cleaned.has("jp2.com"));
    assert_eq!(cleaned.bytes, expected);
    let inside = |stream: &[u8]| file(&[jp2h(&[]), boxed(b"jp2c", stream)]);
    assert_eq!(clean(&inside(&dirty)).unwrap().bytes, inside(&expected));
    // Lengths that are not those of the tiles.
    let lying = stream(&[siz(), cod(), lengths(7, 7)], &[tile(&[], b"x", None)]);
    let cleaned = clean(&lying).unwrap();
    assert!(cleaned.has("jp2.tlm"));
    assert_eq!(
        cleaned.bytes,
        stream(&[siz(), cod()], &[tile(&[], b"x", None)])
    );
}

#[test]
fn segments_hold_what_they_must_and_no_more() {
    let with = |main: &[Vec<u8>], in_tile: &[u8]| {
        let main = [&[siz(), cod()], main].concat();
        stream(&main, &[tile(in_tile, b"pixels", None)])
    };
    let numbers = |marker: u8, len: usize| segment(marker, &vec![0; len]);
    let qcd = segment(0x5C, &[0x40, 8, 8, 8, 8]);
    let kept = with(
        &[
            qcd.clone(),
            segment(0x53, &[0, 0, 1, 4, 4, 0, 1]),
            segment(0x5E, &[0, 0, 5]),
            segment(0x5F, &[0, 0, 0, 1, 2, 1, 4]),
        ],
        &segment(0x58, &[0, 6]),
    );
    assert_eq!(clean(&kept).unwrap().bytes, kept);
    // Lengths of packets: of all tiles, too long, too short.
    for (dirty, id) in [
        (with(&[segment(0x57, SECRET)], b""), "jp2.plt"),
        (with(&[], &segment(0x58, SECRET)), "jp2.plt"),
        (with(&[vec![0xFF, 0x30]], &[0xFF, 0x3F]), "jp2.gap"),
    ] {
        let cleaned = clean(&dirty).unwrap();
        assert_eq!(cleaned.bytes, with(&[], b""));
        assert!(cleaned.has(id));
    }
    let mut longer = qcd.clone();
    longer.extend(SECRET);
    longer[3] += u8::try_from(SECRET.len()).unwrap();
    for bad in [
        with(&[], &segment(0x58, &[0, 5])),
        with(std::slice::from_ref(&longer), b""),
        with(&[], &longer),
        with(&[qcd.clone(), qcd], b""),
        with(&[], &[cod(), cod()].concat()),
        with(&[numbers(0x53, 6)], b""),
        with(&[numbers(0x5D, 4)], b""),
        with(&[numbers(0x5E, 4)], b""),
        with(&[segment(0x5F, SECRET)], b""),
        with(&[numbers(0x50, 6)], b""),
        with(&[numbers(0x56, 3)], b""),
        with(&[numbers(0x76, 5)], b""),
        {
            let mut text = plain();
            text[8..8 + SECRET.len()].copy_from_slice(SECRET);
            text
        },
    ] {
        assert!(clean(&bad).is_err_and(|error| error.is_refusal()));
    }
}

#[test]
fn the_last_tile_may_end_at_the_end() {
    let open = stream(&[siz(), cod()], &[tile(&[], b"pix\xFF\x7F", Some(0))]);
    assert_eq!(clean(&open).unwrap().bytes, open);
    let cleaned = clean(&[&open[..], SECRET, b"\xFF\xD9"].concat()).unwrap();
    assert_eq!(cleaned.bytes, open);
    assert!(cleaned.has("jp2.trailer"));
}

#[test]
fn all_other_boxes_go() {
    let mut kinds: Vec<[u8; 4]> = vec![*b"abcd", *b"rreQ", *b"ftbx"];
    for kind in [
        b"xml ", b"asoc", b"lbl ", b"nlst", b"uinf", b"ulst", b"url ", b"jp2i", b"mp7b", b"jumb",
        b"chck", b"roid", b"prfl", b"free", b"mdat", b"cref", b"flst", b"jp2h",
    ] {
        kinds.push(*kind);
    }
    for kind in kinds {
        let dirty = [
            file(&[jp2h(&[]), boxed(&kind, SECRET), boxed(b"jp2c", &plain())]),
            boxed(&kind, SECRET),
            SECRET.to_vec(),
        ]
        .concat();
        let cleaned = clean(&dirty).unwrap();
        assert_eq!(cleaned.bytes, picture(), "{kind:?}");
    }
    for id in [*b"JpgTiffExif->JP2", [7; 16]] {
        let dirty = [picture(), boxed(b"uuid", &[&id[..], SECRET].concat())].concat();
        assert_eq!(clean(&dirty).unwrap().bytes, picture());
    }
}

#[test]
fn headers_hold_what_shows_and_no_more() {
    let res = |more: &[u8]| {
        let resc = boxed(
            b"resc",
            &[&[0, 72, 0, 1, 0, 72, 0, 1, 0, 0][..], more].concat(),
        );
        let hidden = if more.is_empty() {
            Vec::new()
        } else {
            boxed(b"resx", more)
        };
        boxed(b"res ", &[resc, hidden].concat())
    };
    let pclr = |more: &[u8]| {
        let table = [&[0, 2, 3, 7, 7, 15, 1, 2, 3, 4, 5, 6, 7, 8][..], more];
        boxed(b"pclr", &table.concat())
    };
    let cdef = |more: &[u8]| boxed(b"cdef", &[&[0, 1, 0, 0, 0, 0, 0, 1][..], more].concat());
    let all = |more: &[u8]| {
        let extra = if more.is_empty() {
            Vec::new()
        } else {
            boxed(b"lbl ", more)
        };
        let header = jp2h(&[
            res(more),
            pclr(more),
            boxed(b"cmap", &[0, 0, 1, 0]),
            cdef(more),
            extra,
        ]);
        file(&[header, boxed(b"jp2c", &plain())])
    };
    let cleaned = clean(&all(SECRET)).unwrap();
    assert_eq!(cleaned.bytes, all(b""));
    assert!(cleaned.has("jp2.gap") && cleaned.has("jp2.asoc"));
    assert!(clean(&all(b"")).unwrap().ids().is_empty());
}

#[test]
fn boxes_of_numbers_hold_no_text() {
    let with = |more: &[Vec<u8>]| file(&[jp2h(more), boxed(b"jp2c", &plain())]);
    for kind in [b"bpcc", b"cmap", b"opct", b"creg"] {
        let text = boxed(kind, &SECRET.repeat(4));
        assert!(!clean(&with(&[text])).is_ok_and(|cleaned| cleaned.bytes != picture()));
    }
    let channels = boxed(b"cdef", &[&[0, 3][..], &SECRET[..18]].concat());
    assert!(clean(&with(&[channels])).is_err());
    let mut large = ihdr();
    large[8..16].copy_from_slice(&SECRET[..8]);
    let large = boxed(b"jp2h", &[large, colr()].concat());
    assert!(clean(&file(&[large, boxed(b"jp2c", &plain())])).is_err());
    // Of each kind the first one counts, and of colours the first of each method.
    let depth = boxed(b"bpcc", &[7]);
    let once = with(std::slice::from_ref(&depth));
    let again = [boxed(b"bpcc", &[8]), ihdr(), colr()];
    let cleaned = clean(&with(&[&[depth], &again[..]].concat())).unwrap();
    assert_eq!(cleaned.bytes, once);
    let mut told = colr();
    told[9..11].copy_from_slice(b"AN");
    let dirty = file(&[
        boxed(b"jp2h", &[ihdr(), told].concat()),
        boxed(b"jp2c", &plain()),
    ]);
    assert_eq!(clean(&dirty).unwrap().bytes, picture());
}

#[test]
fn a_second_picture_goes_unless_it_is_a_layer() {
    let two = |more: Vec<u8>| {
        file(&[
            jp2h(&[]),
            more,
            boxed(b"jp2c", &plain()),
            boxed(b"jp2c", &plain()),
        ])
    };
    let cleaned = clean(&two(Vec::new())).unwrap();
    assert!(cleaned.has("jp2.picture"));
    assert_eq!(cleaned.bytes, picture());
    let layers = |label: &[u8]| {
        let label = if label.is_empty() {
            Vec::new()
        } else {
            boxed(b"lbl ", label)
        };
        let colours = boxed(b"cgrp", &colr());
        [
            boxed(b"jplh", &[colours, label].concat()),
            boxed(b"comp", &boxed(b"copt", &[0; 8])),
        ]
        .concat()
    };
    let cleaned = clean(&two(layers(SECRET))).unwrap();
    assert_eq!(cleaned.bytes, two(layers(b"")));
    assert_eq!(cleaned.stays(), ["jp2.hidden.layer"]);
}

#[test]
fn brands_and_requirements() {
    let with = |ftyp: &[u8], more: &[Vec<u8>]| {
        let boxes = [more.concat(), jp2h(&[]), boxed(b"jp2c", &plain())].concat();
        [SIGNATURE, &boxed(b"ftyp", ftyp), &boxes].concat()
    };
    let cleaned = clean(&with(b"jpx \0\0\0\x07jp2 ANNAjpxb", &[])).unwrap();
    assert_eq!(cleaned.bytes, with(b"jpx \0\0\0\0jp2 jpxb", &[]));
    let rreq = [1, 0xC0, 0x80, 0, 1, 0, 5, 0x80, 0, 0];
    let asking = |more: &[u8]| {
        let rreq = boxed(b"rreq", &[&rreq, more].concat());
        with(b"jpx \0\0\0\0jp2 ", &[rreq])
    };
    assert_eq!(clean(&asking(SECRET)).unwrap().bytes, asking(b""));
    // Features of vendors, and the bits that stand for them alone.
    let vendor = [&rreq[..8], &[0, 1], &[7; 16], &[0x40]].concat();
    let mut without = rreq;
    without[1] = 0x80;
    let cleaned = clean(&with(b"jpx \0\0\0\0jp2 ", &[boxed(b"rreq", &vendor)])).unwrap();
    let expected = with(b"jpx \0\0\0\0jp2 ", &[boxed(b"rreq", &without)]);
    assert_eq!(cleaned.bytes, expected);
    for bad in [
        with(b"mjp2\0\0\0\0mjp2", &[]),
        with(b"jpm \0\0\0\0jpm ", &[]),
        with(b"jpx \0\0\0\0jp2 ", &[boxed(b"ftbl", b"")]),
        with(b"jpx \0\0\0\0jp2 ", &[boxed(b"dtbl", b"")]),
    ] {
        assert!(matches!(clean(&bad), Err(Error::Unsupported { .. })));
    }
}

#[test]
fn colours_of_a_vendor_go_where_there_are_others() {
    let vendor = boxed(b"colr", &[&[4, 0, 0][..], SECRET].concat());
    let with = |boxes: &[Vec<u8>]| {
        file(&[
            boxed(b"jp2h", &[ihdr(), boxes.concat()].concat()),
            boxed(b"jp2c", &plain()),
        ])
    };
    let cleaned = clean(&with(&[vendor.clone(), colr()])).unwrap();
    assert_eq!(cleaned.bytes, picture());
    assert!(cleaned.has("jp2.colr"));
    assert!(matches!(
        clean(&with(&[vendor])),
        Err(Error::Unsupported { .. })
    ));
}

#[test]
fn damage_is_refused() {
    let whole = picture();
    for len in 0..whole.len() - 2 {
        assert!(clean(&whole[..len]).is_err(), "cut to {len} bytes");
    }
    let mut longer = siz();
    longer.extend(SECRET);
    longer[3] += u8::try_from(SECRET.len()).unwrap();
    for bad in [
        stream(&[cod(), siz()], &[tile(&[], b"x", None)]),
        stream(&[siz(), siz()], &[tile(&[], b"x", None)]),
        stream(&[longer, cod()], &[tile(&[], b"x", None)]),
        stream(&[siz(), cod()], &[]),
        stream(&[siz(), cod()], &[tile(&[], b"x", Some(13))]),
        stream(&[siz(), cod()], &[tile(&[], b"x", Some(99))]),
        stream(&[siz(), cod()], &[tile(&[], b"x", None), SECRET.to_vec()]),
        file(&[jp2h(&[])]),
        file(&[boxed(b"jp2c", SECRET)]),
    ] {
        assert!(clean(&bad).is_err_and(|error| error.is_refusal()));
    }
    let unknown = stream(&[siz(), segment(0x74, SECRET)], &[tile(&[], b"x", None)]);
    assert!(matches!(clean(&unknown), Err(Error::Unsupported { .. })));
}
