//! Samples that nobody sees.

use super::*;
use crate::formats::photo::tiff::coded::encode;

/// A tile of 16 × 16 grey pixels, of which a picture of 8 × 8 is seen.
fn tile(form: Form, scheme: u16, fill: impl Fn(usize, usize) -> u8) -> Vec<u8> {
    let rows: Vec<u8> = (0..256)
        .map(|n| match (n % 16, n / 16) {
            (x @ 0..8, y @ 0..8) => (x * 7 + y * 13) as u8,
            (x, y) => fill(x, y),
        })
        .collect();
    let coded = match scheme {
        1 => rows,
        scheme => encode(scheme.into(), &rows, 16, false).unwrap().unwrap(),
    };
    let mut ifd = Ifd::new(form)
        .short(0x0100, &[8])
        .short(0x0101, &[8])
        .short(0x0102, &[8])
        .short(0x0103, &[scheme])
        .short(0x0106, &[1])
        .short(0x0142, &[16])
        .short(0x0143, &[16]);
    let data = ifd.0.data(Data {
        pieces: vec![Step::bytes(coded.clone())],
    });
    ifd.0.offsets(0x0144, vec![Some((data, 0))]);
    let kind = if form.big { field::LONG8 } else { field::LONG };
    let mut len = Vec::new();
    if form.big {
        form.order.put_u64(&mut len, coded.len() as u64);
    } else {
        form.order.put_u32(&mut len, coded.len() as u32);
    }
    ifd.0.bytes(0x0145, kind, 1, len);
    file(form, vec![ifd])
}

/// The rows of the only tile of a copy.
fn rows(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let budget = Budget::new(Limits::default());
    let inside = inside();
    let cx = &Context::new(&budget, &inside, &|| None, Policy::SHARE);
    let source = Source::memory(bytes);
    TIFF.streams(&source, cx, &mut |_: &'static str, piece: &[u8]| {
        out.extend_from_slice(piece);
        Ok(())
    })
    .unwrap();
    out
}

#[test]
fn beside_and_below_the_picture() {
    let text = |x: usize, y: usize| SECRET[(y * 16 + x) % SECRET.len()];
    for form in FORMS {
        for scheme in [1, 5, 8, 32773, 32946, 50000] {
            let cleaned = clean(&tile(form, scheme, text)).unwrap();
            assert_eq!(ids(&cleaned), ["tiff.pixels.unseen"], "{scheme}");
            assert!(cleaned.residue.is_empty(), "{scheme}");
            let held = match scheme {
                1 => cleaned.bytes,
                _ => rows(&cleaned.bytes),
            };
            assert!(!contains(&held, &SECRET[..8]), "{scheme}");
            assert!(contains(&held, &[0, 7, 14, 21, 28, 35, 42, 49, 0]));
            // Nothing, one value, and the edge once more are what programs write.
            let edge = |x: usize, y: usize| (x.min(7) * 7 + y.min(7) * 13) as u8;
            for fill in [&|_, _| 0, &|_, _| 0xFF, &edge] as [&dyn Fn(usize, usize) -> u8; 3] {
                let input = tile(form, scheme, fill);
                assert_eq!(clean(&input).unwrap().bytes, input, "{scheme}");
            }
        }
    }
}

#[test]
fn bits_behind_rows() {
    // Nine pixels of one bit leave seven bits of each row: the low ones, or the high ones with FillOrder 2.
    for fill_order in [1, 2] {
        let page = |rest: [u8; 4]| {
            let rows = rest.iter().flat_map(|rest| [0xA5_u8, 0x80 | rest]);
            let rows: Vec<u8> = match fill_order {
                1 => rows.collect(),
                _ => rows.map(u8::reverse_bits).collect(),
            };
            let page = Ifd::new(LITTLE)
                .short(0x0100, &[9])
                .short(0x0101, &[4])
                .short(0x0102, &[1])
                .short(0x0106, &[1])
                .short(0x010A, &[fill_order]);
            file(LITTLE, vec![page.one_strip(&rows, 8)])
        };
        let cleaned = clean(&page(*b"code")).unwrap();
        assert_eq!(ids(&cleaned), ["tiff.pixels.unseen"]);
        assert_eq!(cleaned.bytes, page([0; 4]));
        for usual in [[0; 4], [0x7F; 4]] {
            assert_eq!(clean(&page(usual)).unwrap().bytes, page(usual));
        }
    }
}

#[test]
fn differences_are_looked_at_as_samples() {
    for (predictor, bits, order) in [
        (2, 8, Order::Little),
        (2, 16, Order::Little),
        (2, 16, Order::Big),
        (3, 32, Order::Little),
    ] {
        let form = Form { order, big: false };
        let build = |beside: u8| {
            let bytes = bits / 8;
            let mut row: Vec<u8> = vec![1; 16 * bytes];
            row[8 * bytes..].fill(0);
            if beside > 0 {
                (0..8 * bytes).for_each(|n| row[8 * bytes + n] = beside.wrapping_mul(n as u8 + 1));
            }
            let coded = deflated(&row.repeat(16));
            let mut ifd = Ifd::new(form)
                .short(0x0100, &[8])
                .short(0x0101, &[16])
                .short(0x0102, &[bits as u16])
                .short(0x0103, &[8])
                .short(0x0106, &[1])
                .short(0x013D, &[predictor])
                .short(0x0142, &[16])
                .short(0x0143, &[16]);
            let pieces = vec![Step::bytes(coded.clone())];
            let data = ifd.0.data(Data { pieces });
            ifd.0.offsets(0x0144, vec![Some((data, 0))]);
            file(form, vec![ifd.long(0x0145, &[coded.len() as u32])])
        };
        let dirty = clean(&build(37)).unwrap();
        let what = [&dirty.findings[..], &dirty.residue[..]].concat();
        assert_eq!(what[0].id, "tiff.pixels.unseen", "{predictor} {bits}");
        if predictor == 2 {
            // No difference is the edge of the picture once more.
            assert_eq!(clean(&build(0)).unwrap().bytes, build(0));
            assert_eq!(dirty.bytes, build(0));
        }
    }
}

#[test]
fn colours_that_no_pixel_has() {
    let page = |map: &[u16]| {
        let page = Ifd::new(LITTLE)
            .short(0x0100, &[4])
            .short(0x0101, &[2])
            .short(0x0102, &[4])
            .short(0x0106, &[3])
            .short(0x0140, map);
        file(LITTLE, vec![page.one_strip(b"\x01\x23\x32\x10", 4)])
    };
    let mut map: Vec<u16> = (0..48).map(|n| if n % 16 < 4 { n } else { 0 }).collect();
    let good = page(&map);
    assert_eq!(clean(&good).unwrap().bytes, good);
    map[6] = 0x4142;
    map[45] = 0x4344;
    let cleaned = clean(&page(&map)).unwrap();
    assert_eq!(ids(&cleaned), ["tiff.palette"]);
    assert_eq!(cleaned.bytes, good);
}

#[test]
fn colours_under_transparent_pixels_are_named() {
    let page = |alpha: u8| {
        let rows: Vec<u8> = (0..256)
            .flat_map(|n| [n as u8, (31 * n) as u8, 99, alpha])
            .collect();
        let page = Ifd::new(LITTLE)
            .short(0x0100, &[16])
            .short(0x0101, &[16])
            .short(0x0102, &[8, 8, 8, 8])
            .short(0x0106, &[2])
            .short(0x0115, &[4])
            .short(0x0152, &[2]);
        clean(&file(LITTLE, vec![page.one_strip(&rows, 1024)])).unwrap()
    };
    assert!(page(4).residue.is_empty());
    assert_eq!(page(0).residue[0].id, "tiff.alpha.hidden");
}
