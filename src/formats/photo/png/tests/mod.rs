//! Whole PNGs, built here with a marker in every structure.

use std::io::Write;

mod animation;
mod hostile;

use super::chunks::{SIGNATURE, encode};
use super::*;
use crate::bytes::testing::with_context;
use crate::bytes::{ReadAt, is_identity, run};
use crate::model::{Error, Fate, How, len_u64};

const CANARY: &[u8] = b"CANARY-59.3293N-018.0686E";

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    encode(*kind, data).unwrap()
}

fn broken(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = chunk(kind, data);
    *out.last_mut().unwrap() ^= 1;
    out
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn ihdr(width: u32, height: u32, depth: u8, colour: u8, interlace: u8) -> Vec<u8> {
    let mut data = [width.to_be_bytes(), height.to_be_bytes()].concat();
    data.extend([depth, colour, 0, 0, interlace]);
    chunk(b"IHDR", &data)
}

/// Scanlines of an 8 by 8 RGB picture.
fn rows() -> Vec<u8> {
    (0u8..8)
        .flat_map(|y| std::iter::once(y % 5).chain((0..24).map(move |x| x * 7 + y * 3)))
        .collect()
}

fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    [SIGNATURE.as_slice(), &chunks.concat()].concat()
}

/// An RGB picture with chunks before and behind its pixels.
fn rgb(before: &[Vec<u8>], behind: &[Vec<u8>]) -> Vec<u8> {
    let z = zlib(&rows());
    let (a, b) = z.split_at(20);
    let mut chunks = vec![ihdr(8, 8, 8, 2, 0)];
    chunks.extend_from_slice(before);
    chunks.extend([chunk(b"IDAT", a), chunk(b"IDAT", b)]);
    chunks.extend_from_slice(behind);
    chunks.push(chunk(b"IEND", b""));
    png(&chunks)
}

fn inspect(bytes: &[u8]) -> Result<Examined> {
    with_context(|cx| Png.examine(&Source::memory(bytes), cx))
}

fn output(bytes: &[u8], inspection: &Examined) -> Vec<u8> {
    let mut out = Vec::new();
    run(
        &inspection.parts.as_ref().unwrap().plan(),
        &Source::memory(bytes),
        &mut out,
    )
    .unwrap();
    out
}

/// The cleaned copy, after all that must hold for any cleaned copy was checked.
fn clean(bytes: &[u8]) -> Vec<u8> {
    let inspection = inspect(bytes).unwrap();
    for part in inspection.parts.as_ref().unwrap().parts() {
        if let Fate::Drop(id) = part.fate {
            assert!(
                inspection.found.findings.iter().any(|f| f.id == id),
                "{} goes without a finding",
                part.name
            );
        }
    }
    let out = output(bytes, &inspection);
    assert_eq!(
        out == bytes,
        inspection.found.findings.is_empty(),
        "a change without a finding: {:?}",
        inspection.found.findings
    );
    let again = inspect(&out).unwrap();
    assert_eq!(again.found.findings, [], "still there");
    assert!(is_identity(&again.parts.unwrap().plan(), &Source::memory(&out)).unwrap());
    assert_eq!(digest_of(bytes).unwrap(), digest_of(&out).unwrap());
    out
}

fn digest_of(bytes: &[u8]) -> Result<Digest> {
    with_context(|cx| Png.payload_digest(&Source::memory(bytes), cx))
}

fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    with_context(|cx| {
        Png.streams(
            &Source::memory(bytes),
            cx,
            &mut |_: &'static str, piece: &[u8]| Ok(out.extend_from_slice(piece)),
        )
    })
    .unwrap();
    out
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

fn has(bytes: &[u8], id: &str) -> bool {
    inspect(bytes)
        .unwrap()
        .found
        .findings
        .iter()
        .any(|f| f.id == id)
}

fn kinds(bytes: &[u8]) -> Vec<String> {
    with_context(|cx| {
        let chunks = chunks::walk(&Source::memory(bytes), cx).unwrap().all;
        chunks.iter().map(|chunk| chunk.name()).collect()
    })
}

#[test]
fn a_clean_file_stays_as_it_is() {
    let bytes = rgb(
        &[
            chunk(b"gAMA", &[0, 0, 177, 143]),
            chunk(b"cHRM", &[0, 0, 122, 38].repeat(8)),
            chunk(b"sRGB", &[0]),
            chunk(b"sBIT", &[8, 8, 8]),
            chunk(b"bKGD", &[0, 1, 0, 2, 0, 3]),
            chunk(b"tRNS", &[0, 1, 0, 2, 0, 3]),
            chunk(b"pHYs", &[0, 0, 11, 19, 0, 0, 11, 19, 1]),
            chunk(b"cICP", &[9, 16, 0, 1]),
            chunk(
                b"mDCV",
                &[&[100; 16], &[0, 152, 150, 128, 0, 0, 0, 50][..]].concat(),
            ),
            chunk(b"cLLI", &[0, 1, 2, 3, 0, 1, 2, 3]),
        ],
        &[],
    );
    assert_eq!(clean(&bytes), bytes);
}

#[test]
fn no_marker_survives() {
    let with = |head: &[u8], tail: &[u8]| [head, CANARY, tail].concat();
    let packed = |head: &[u8]| [head, &zlib(CANARY)].concat();
    let hex: String = CANARY.iter().map(|byte| format!("{byte:02x}")).collect();
    let raw = |name: &str| format!("Raw profile type {name}\0\0\n{name}\n      25\n{hex}\n");
    let mut cases: Vec<Vec<u8>> = [
        b"eXIf", b"zxIf", b"tIME", b"iDOT", b"caBX", b"seAl", b"vpAg", b"mkBF", b"prVW", b"sPLT",
        b"pCAL", b"sCAL", b"oFFs", b"sTER", b"hIST", b"skMf", b"tXMP", b"quUx", b"gAMA", b"sBIT",
        b"bKGD", b"pHYs", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLi", b"iCCP", b"PLTE", b"tEXt",
        b"zTXt", b"iTXt", b"fcTL", b"fdAT",
    ]
    .iter()
    .map(|kind| chunk(kind, CANARY))
    .collect();
    cases.extend([
        chunk(b"tEXt", &with(b"Comment\0", b"")),
        chunk(b"tEXt", &with(b"", b"\0value")),
        chunk(b"tEXt", raw("exif").as_bytes()),
        chunk(b"zTXt", &packed(b"Comment\0\0")),
        chunk(b"iTXt", &with(b"Title\0\0\0", b"\0\0text")),
        chunk(b"iTXt", &with(b"Title\0\0\0sv\0", b"\0text")),
        chunk(b"iTXt", &with(b"Title\0\0\0sv\0Titel\0", b"")),
        chunk(b"iTXt", &packed(b"XML:com.adobe.xmp\0\x01\0\0\0")),
        chunk(
            b"iCCP",
            &with(b"", &[&[0, 0], zlib(&[1; 64]).as_slice()].concat()),
        ),
        chunk(b"quUx", &packed(b"")),
        broken(b"quUx", CANARY),
        broken(b"tEXt", &with(b"Comment\0", b"")),
        broken(b"pHYs", &[0, 0, 11, 19, 0, 0, 11, 19, 1]),
        chunk(b"sRGB", &[0]),
        chunk(b"gAMA", &CANARY[..4]),
        chunk(b"cHRM", &[CANARY, &CANARY[..7]].concat()),
        chunk(b"cICP", &CANARY[..4]),
        chunk(b"mDCV", &CANARY[..24]),
        chunk(b"cLLI", &CANARY[..8]),
        chunk(b"bKGD", &CANARY[..6]),
    ]);
    for kind in ["exif", "APP1", "xmp", "iptc", "8bim", "icc", "icm", "other"] {
        let mut data = format!("Raw profile type {kind}\0\0").into_bytes();
        data.extend(zlib(format!("\n{kind}\n  25\n{hex}\n").as_bytes()));
        cases.push(chunk(b"zTXt", &data));
    }
    for case in cases {
        for bytes in [
            rgb(std::slice::from_ref(&case), &[]),
            rgb(&[], std::slice::from_ref(&case)),
        ] {
            let out = clean(&bytes);
            let all = [out.clone(), inflated(&out)].concat();
            assert!(!contains(&all, &CANARY[..4]), "{:?}", &case[4..8]);
            assert!(!contains(&all, &zlib(CANARY)), "{:?}", &case[4..8]);
            let allowed = ["IHDR", "IDAT", "IEND", "sRGB"];
            assert!(
                kinds(&out)
                    .iter()
                    .all(|kind| allowed.contains(&kind.as_str()))
            );
        }
    }
}

#[test]
fn what_stands_behind_the_end_goes() {
    let mut bytes = rgb(&[], &[]);
    let whole = bytes.clone();
    // A larger picture's second half, as editors left it behind (aCropalypse).
    bytes.extend_from_slice(&whole[whole.len() - 40..]);
    assert!(has(&bytes, "png.trailer"));
    assert_eq!(clean(&bytes), whole);
    let mut data_in_iend = whole[..whole.len() - 12].to_vec();
    data_in_iend.extend(chunk(b"IEND", CANARY));
    assert_eq!(clean(&data_in_iend), whole);
}

#[test]
fn streams_are_cut_at_their_end() {
    let z = zlib(&rows());
    let build = |data: &[Vec<u8>]| {
        let mut chunks = vec![ihdr(8, 8, 8, 2, 0)];
        chunks.extend(data.iter().map(|data| chunk(b"IDAT", data)));
        chunks.push(chunk(b"IEND", b""));
        png(&chunks)
    };
    let (a, b) = z.split_at(30);
    let tail = [b, CANARY].concat();
    for dirty in [
        build(&[a.to_vec(), tail.clone()]),
        build(&[a.to_vec(), b.to_vec(), CANARY.to_vec()]),
        build(&[a.to_vec(), b.to_vec(), z.clone()]),
        build(&[a.to_vec(), b.to_vec(), Vec::new()]),
        build(&[a.to_vec(), tail, CANARY.to_vec(), z.clone()]),
    ] {
        assert!(has(&dirty, "png.idat.tail"));
        assert_eq!(clean(&dirty), build(&[a.to_vec(), b.to_vec()]));
    }
}

#[test]
fn pixels_that_nobody_shows_are_taken_out_of_the_stream() {
    for extra in [CANARY.to_vec(), vec![7], vec![0; 3 << 20]] {
        let z = zlib(&[rows(), extra].concat());
        let bytes = png(&[
            ihdr(8, 8, 8, 2, 0),
            chunk(b"IDAT", &z[..25]),
            chunk(b"IDAT", &z[25..]),
            chunk(b"IEND", b""),
        ]);
        let out = clean(&bytes);
        assert_eq!(inflated(&out), rows());
        assert_eq!(kinds(&out), ["IHDR", "IDAT", "IEND"]);
        let mut inflate = flate2::Decompress::new(true);
        let mut rest = vec![0; 4096];
        let idat = &out[41..out.len() - 16];
        inflate
            .decompress(idat, &mut rest, flate2::FlushDecompress::Finish)
            .unwrap();
        assert_eq!(inflate.total_out(), len_u64(rows().len()));
    }
}

#[test]
fn damaged_pictures_are_refused() {
    let z = zlib(&rows());
    let mut adler = z.clone();
    *adler.last_mut().unwrap() ^= 1;
    let idat = |data: &[u8]| chunk(b"IDAT", data);
    let head = ihdr(8, 8, 8, 2, 0);
    let end = chunk(b"IEND", b"");
    let whole = rgb(&[], &[]);
    let pixels = |rows: &[u8]| vec![head.clone(), idat(&zlib(rows)), end.clone()];
    let mut bad_filter = rows();
    bad_filter[0] = 5;
    let cases = [
        vec![head.clone(), end.clone()],
        vec![idat(&z), head.clone(), end.clone()],
        vec![head.clone(), head.clone(), idat(&z), end.clone()],
        vec![head.clone(), idat(&adler), end.clone()],
        vec![head.clone(), idat(&z[..z.len() - 4]), end.clone()],
        vec![head.clone(), broken(b"IDAT", &z), end.clone()],
        vec![
            head.clone(),
            idat(&z[..20]),
            chunk(b"tEXt", b"a\0b"),
            idat(&z[20..]),
            end.clone(),
        ],
        vec![head.clone(), chunk(b"QUUX", b""), idat(&z), end.clone()],
        vec![head.clone(), chunk(b"a1cd", b""), idat(&z), end.clone()],
        vec![head.clone(), chunk(b"tRNS", &[0; 5]), idat(&z), end.clone()],
        vec![
            ihdr(1, 1, 8, 3, 0),
            chunk(b"tRNS", &[0]),
            chunk(b"PLTE", &[0; 3]),
            chunk(b"tRNS", &[9]),
            idat(&zlib(&[0, 0])),
            end.clone(),
        ],
        vec![
            head.clone(),
            broken(b"gAMA", &[0, 0, 1, 1]),
            idat(&z),
            end.clone(),
        ],
        vec![broken(b"IHDR", &head[8..21]), idat(&z), end.clone()],
        vec![ihdr(8, 8, 8, 3, 0), idat(&z), end.clone()],
        vec![
            ihdr(8, 8, 8, 3, 0),
            chunk(b"PLTE", &[1; 4]),
            idat(&z),
            end.clone(),
        ],
        pixels(&rows()[..199]),
        pixels(&bad_filter),
    ];
    for (nth, case) in cases.iter().enumerate() {
        assert!(
            matches!(inspect(&png(case)), Err(error) if error.is_refusal()),
            "case {nth}"
        );
    }
    // The pixels are whole without the end mark.
    for len in 0..whole.len() - 12 {
        assert!(inspect(&whole[..len]).is_err(), "cut at {len}");
    }
    for len in whole.len() - 12..whole.len() {
        assert_eq!(clean(&whole[..len]), clean(&whole), "cut at {len}");
    }
    let mut wrong_sum = whole.clone();
    *wrong_sum.last_mut().unwrap() ^= 1;
    assert_eq!(clean(&wrong_sum), clean(&whole));
}

#[test]
fn a_second_end_mark_is_no_picture() {
    let whole = rgb(&[], &[]);
    let twice = [&whole[..], &whole[whole.len() - 12..]].concat();
    let found = inspect(&twice).unwrap().found;
    let said: Vec<_> = found.findings.iter().map(|f| (f.id, f.severity)).collect();
    assert_eq!(said, [("png.trailer", crate::model::Severity::Low)]);
    assert_eq!(clean(&twice), clean(&whole));
}

#[test]
fn palette_entries_that_no_pixel_has_are_unset_or_cut_off() {
    // Rows with every filter; pixels of two bits, of which the last byte holds one only.
    let eight = [0, 0, 3, 1, 1, 1, 2, 0, 0, 3, 1, 0, 4, 1, 0];
    let two = [0, 0b0001_1011, 0b0100_0000];
    for (header, rows) in [
        (ihdr(2, 5, 8, 3, 0), &eight[..]),
        (ihdr(5, 1, 2, 3, 0), &two[..]),
    ] {
        let is_wide = header[16 + 8] == 8;
        let with = |entries: usize, colour: u8, alpha: u8| {
            let mut palette = vec![9; 4 * 3];
            palette.extend([colour; 60]);
            let mut alphas = vec![7; 4];
            alphas.extend([alpha; 20]);
            png(&[
                header.clone(),
                chunk(b"PLTE", &palette[..entries * 3]),
                chunk(b"tRNS", &alphas[..entries]),
                chunk(b"IDAT", &zlib(rows)),
                chunk(b"IEND", b""),
            ])
        };
        let all = if is_wide { 24 } else { 4 };
        let dirty = with(all, b'A', b'A');
        // Pixels have the first five colours.
        let short = with(if is_wide { 5 } else { 4 }, 0, 0xFF);
        assert_eq!(clean(&dirty), short);
        for clean in [short, with(all, 0, 0xFF)] {
            let found = inspect(&clean).unwrap().found;
            assert!(found.findings.is_empty(), "{:?}", found.findings);
        }
    }
}

#[test]
fn colours_that_pixels_have_are_no_values() {
    // Used colours that read like words: the copy has them, and must not be withheld for that.
    let palette = b"used colours 1 used colours 2 unused owner Anna";
    let rows: Vec<u8> = std::iter::once(0).chain(0..10).collect();
    let file = png(&[
        ihdr(10, 1, 8, 3, 0),
        chunk(b"PLTE", &palette[..45]),
        chunk(b"IDAT", &zlib(&rows)),
        chunk(b"IEND", b""),
    ]);
    let found = inspect(&file).unwrap().found;
    let traces: Vec<_> = found.secrets.traces().collect();
    assert_eq!(traces, ["unused owner An"]);
}

#[test]
fn the_orientation_of_a_raw_profile_becomes_an_exif_chunk() {
    let block = crate::metadata::exif::minimal(&crate::metadata::exif::Facts {
        orientation: Some(6),
        ..crate::metadata::exif::Facts::default()
    })
    .unwrap();
    let hex: String = block.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("Raw profile type exif\0\nexif\n {}\n{hex}", block.len());
    let raw = chunk(b"tEXt", text.as_bytes());
    let exif = |data: &[u8]| chunk(b"eXIf", data);
    let want = rgb(&[exif(&block)], &[]);
    assert_eq!(clean(&rgb(std::slice::from_ref(&raw), &[])), want);
    assert_eq!(
        clean(&rgb(&[], std::slice::from_ref(&raw))),
        want,
        "behind the pixels"
    );
    // A chunk of its own counts.
    let other = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0";
    let cleaned = clean(&rgb(&[exif(other), raw], &[]));
    assert_eq!(cleaned, clean(&rgb(&[exif(other)], &[])));
    assert_ne!(cleaned, want);
}

#[test]
fn exif_that_libpng_drops_keeps_its_form() {
    let block = crate::metadata::exif::minimal(&crate::metadata::exif::Facts {
        orientation: Some(6),
        ..crate::metadata::exif::Facts::default()
    })
    .unwrap();
    let named = [b"Exif\0\0", &block[..]].concat();
    let len = u16::try_from(named.len() + 2).unwrap().to_be_bytes();
    let segment = [&[0xFF, 0xE1], &len[..], &named].concat();
    for data in [named, segment] {
        let file = rgb(&[chunk(b"eXIf", &data)], &[]);
        assert_eq!(clean(&file), file);
    }
    let unknown = [b"????", &block[..]].concat();
    let file = rgb(&[chunk(b"eXIf", &unknown)], &[]);
    assert_eq!(clean(&file), rgb(&[], &[]));
}

#[test]
fn the_second_of_a_kind_goes_and_the_first_stays() {
    let first = chunk(b"gAMA", &[0, 0, 177, 143]);
    let bytes = rgb(
        &[
            chunk(b"gAMA", &[1; 3]),
            first.clone(),
            chunk(b"gAMA", &[2; 4]),
        ],
        &[],
    );
    assert_eq!(clean(&bytes), rgb(&[first], &[]));
}

#[test]
fn palettes_lose_what_no_pixel_can_name() {
    let build = |plte: &[u8], trns: &[u8]| {
        png(&[
            ihdr(4, 1, 1, 3, 0),
            chunk(b"PLTE", plte),
            chunk(b"tRNS", trns),
            chunk(b"IDAT", &zlib(&[0, 0b1010_0000])),
            chunk(b"IEND", b""),
        ])
    };
    let dirty = build(&[&[9; 6], &CANARY[..24]].concat(), &[0, 9]);
    assert_eq!(clean(&dirty), build(&[9; 6], &[0, 9]));
    assert!(inspect(&build(&[9; 6], &[0, 9, 9])).is_err());
}

fn rgba(colours: impl Fn(u8, u8) -> [u8; 4], filter: u8) -> Vec<u8> {
    let mut rows = Vec::new();
    let mut above = vec![0u8; 64];
    for y in 0..16u8 {
        let row: Vec<u8> = (0..16).flat_map(|x| colours(x, y)).collect();
        rows.push(filter);
        for (at, byte) in row.iter().enumerate() {
            let left = if at < 4 { 0 } else { row[at - 4] };
            let corner = if at < 4 { 0 } else { above[at - 4] };
            let up = above[at];
            let estimate = i32::from(left) + i32::from(up) - i32::from(corner);
            let nearest = [left, up, corner]
                .into_iter()
                .min_by_key(|c| (estimate - i32::from(*c)).abs())
                .unwrap();
            let guess = match filter {
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => nearest,
                _ => 0,
            };
            rows.push(byte.wrapping_sub(guess));
        }
        above = row;
    }
    png(&[
        ihdr(16, 16, 8, 6, 0),
        chunk(b"IDAT", &zlib(&rows)),
        chunk(b"IEND", b""),
    ])
}

#[test]
fn colours_under_transparency_are_told() {
    let hidden = |bytes: &[u8]| {
        inspect(bytes)
            .unwrap()
            .residue
            .iter()
            .any(|f| f.id == "png.alpha.hidden")
    };
    for filter in 0..=4 {
        let erased = |alpha| rgba(move |x, y| [x * 16, y * 16, x ^ y, alpha], filter);
        assert!(hidden(&erased(0)), "filter {filter}");
        assert!(hidden(&erased(3)), "filter {filter}");
        assert!(!hidden(&erased(4)), "filter {filter}");
        assert!(!hidden(&rgba(|x, _| [200, 100, 50, x], filter)));
        assert!(!hidden(&rgba(|_, _| [0; 4], filter)));
    }
}

/// Scanlines without filter of a picture whose pixels are all `pixel(nth)`.
fn unfiltered(header: &[u8], pixel: impl Fn(u8) -> Vec<u8>) -> Vec<u8> {
    let header = header::Header::parse(&header[8..21], 0).unwrap();
    let bytes = usize::from(header.pixel_bits() / 8);
    let mut nth = 0_u8;
    let mut out = Vec::new();
    for pass in header.passes(header.width, header.height) {
        for _ in 0..pass.rows {
            out.extend([0]);
            for _ in 0..(pass.row - 1) as usize / bytes {
                out.extend(pixel(nth));
                nth = nth.wrapping_add(9);
            }
        }
    }
    out
}

#[test]
fn colours_under_transparency_are_told_at_every_depth() {
    type Pixel = fn(u8) -> Vec<u8>;
    let cases: [(u8, u8, Pixel); 4] = [
        (4, 8, |n| vec![n, 0]),
        (4, 16, |n| vec![n, 9, 0, 0]),
        (6, 8, |n| vec![n, 9, 9, 0]),
        (6, 16, |n| vec![n, 9, 9, 9, 9, 9, 0, 0]),
    ];
    for (colour, depth, pixel) in cases {
        for interlace in [0, 1] {
            let residue = |change: &dyn Fn(Vec<u8>) -> Vec<u8>| {
                let head = ihdr(17, 15, depth, colour, interlace);
                let rows = unfiltered(&head, |n| change(pixel(n)));
                let bytes = png(&[head, chunk(b"IDAT", &zlib(&rows)), chunk(b"IEND", b"")]);
                assert_eq!(clean(&bytes), bytes);
                inspect(&bytes).unwrap().residue.len()
            };
            assert_eq!(residue(&|pixel| pixel), 1, "{colour} {depth} {interlace}");
            let visible = residue(&|mut pixel| {
                *pixel.last_mut().unwrap() = 1;
                let alpha = usize::from(depth / 8);
                let at = pixel.len() - alpha;
                pixel[at] = 4;
                pixel
            });
            assert_eq!(visible, 0, "{colour} {depth} {interlace}");
        }
    }
}

#[test]
fn pictures_in_transparent_palette_entries_are_told() {
    let residue = |depth: u8, alphas: &[u8], byte: u8| {
        let row = [&[0][..], &[byte; 32]].concat();
        let bytes = png(&[
            ihdr(256 / u32::from(depth), 9, depth, 3, 0),
            chunk(b"PLTE", b"\0\0\0\xFF\xFF\xFF"),
            chunk(b"tRNS", alphas),
            chunk(b"IDAT", &zlib(&row.repeat(9))),
            chunk(b"IEND", b""),
        ]);
        inspect(&bytes).unwrap().residue.len()
    };
    for (depth, byte) in [(1, 0x55), (2, 0x11), (4, 0x01)] {
        assert_eq!(residue(depth, &[0, 0], byte), 1, "{depth}");
        assert_eq!(residue(depth, &[0, 0], 0), 0, "{depth}");
        assert_eq!(residue(depth, &[0, 255], byte), 0, "{depth}");
    }
}

#[test]
fn colour_profiles_lose_their_name_and_keep_their_colours() {
    let mut profile = vec![0; 128];
    profile[8..24].copy_from_slice(b"\x04\x30\0\0mntrRGB XYZ ");
    profile[36..40].copy_from_slice(b"acsp");
    profile[68..80].copy_from_slice(b"\0\0\xF6\xD6\0\x01\0\0\0\0\xD3\x2D");
    profile.extend([0, 0, 0, 1]);
    profile.extend(b"wtpt\0\0\0\x90\0\0\0\x14");
    profile.extend(b"XYZ \0\0\0\0\0\0\xF6\xD6\0\x01\0\0\0\0\xD3\x2D");
    profile[3] = 164;
    let named = |name: &[u8], behind: &[u8]| {
        rgb(
            &[chunk(
                b"iCCP",
                &[name, &[0, 0], &zlib(&profile), behind].concat(),
            )],
            &[],
        )
    };
    let out = clean(&named(b"Anna's display", b""));
    assert!(!contains(&out, b"Anna") && contains(&out, b"iCCPICC\0\0"));
    assert!(contains(&inflated(&out), b"wtpt"));
    assert_eq!(clean(&named(b"ICC", CANARY)), out);
    let mut cut = zlib(&profile);
    cut.truncate(cut.len() - 3);
    let cut = rgb(
        &[chunk(b"iCCP", &[b"ICC\0\0", cut.as_slice()].concat())],
        &[],
    );
    // No decoder uses a part of a profile, or what is none.
    assert_eq!(clean(&cut), rgb(&[], &[]));
    let none = [b"ICC\0\0", zlib(&[b'x'; 400]).as_slice()].concat();
    assert_eq!(clean(&rgb(&[chunk(b"iCCP", &none)], &[])), rgb(&[], &[]));
}

#[test]
fn apples_variant_stays_and_is_told() {
    let deflate = |rows: &[u8]| {
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(rows).unwrap();
        encoder.finish().unwrap()
    };
    let build = |data: &[u8]| {
        png(&[
            chunk(b"CgBI", &[0x50, 0, 0x20, 2]),
            ihdr(8, 8, 8, 2, 0),
            chunk(b"IDAT", data),
            chunk(b"IEND", b""),
        ])
    };
    let good = build(&deflate(&rows()));
    assert_eq!(clean(&good), good);
    assert_eq!(inspect(&good).unwrap().residue[0].id, "png.apple");
    assert_eq!(clean(&build(&[&deflate(&rows()), CANARY].concat())), good);
    let excess = clean(&build(&deflate(&[&rows(), CANARY].concat())));
    assert_eq!(inflated(&excess), rows());
}

#[test]
fn orientation_alone_stays_of_exif() {
    let exif = |orientation: u8| {
        let mut block = b"MM\0\x2A\0\0\0\x08\0\x02".to_vec();
        block.extend([1, 0x0E, 0, 2, 0, 0, 0, 25, 0, 0, 0, 38]);
        block.extend([1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
        block.extend([0; 4]);
        block.extend(CANARY);
        chunk(b"eXIf", &block)
    };
    let out = clean(&rgb(&[exif(6)], &[]));
    assert_eq!(kinds(&out), ["IHDR", "eXIf", "IDAT", "IDAT", "IEND"]);
    assert!(!contains(&out, CANARY));
    assert_eq!(kinds(&clean(&rgb(&[exif(1)], &[]))).len(), 4);
    // Behind the pixels nobody reads it, and of two the first counts.
    assert_eq!(kinds(&clean(&rgb(&[], &[exif(6)]))).len(), 4);
    assert_eq!(clean(&rgb(&[exif(6), exif(3)], &[])), out);
}

#[test]
fn files_and_memory_are_read_the_same() {
    struct File(Vec<u8>);
    impl ReadAt for File {
        fn len(&self) -> u64 {
            len_u64(self.0.len())
        }
        fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> std::io::Result<()> {
            let start = usize::try_from(offset).unwrap();
            buf.copy_from_slice(&self.0[start..start + buf.len()]);
            Ok(())
        }
    }
    let noise: Vec<u8> = (0u32..300_000)
        .map(|n| (n.wrapping_mul(n) >> 7) as u8)
        .collect();
    let rows: Vec<u8> = noise
        .chunks_exact(1000)
        .flat_map(|row| [&[0], row].concat())
        .collect();
    let bytes = png(&[
        ihdr(1000, 300, 8, 0, 0),
        chunk(b"tEXt", &[b"Comment\0", noise.as_slice()].concat()),
        chunk(b"IDAT", &[zlib(&rows).as_slice(), CANARY].concat()),
        chunk(b"IEND", b""),
    ]);
    let expected = clean(&bytes);
    let file = File(bytes);
    let source = Source::random(&file);
    let mut out = Vec::new();
    let inspection = with_context(|cx| Png.examine(&source, cx)).unwrap();
    run(&inspection.parts.unwrap().plan(), &source, &mut out).unwrap();
    assert!(out == expected);
}

#[test]
fn every_row_says_why() {
    for row in INFO.rows {
        assert!(!row.why.is_empty() && !row.spec.is_empty() && !row.when.is_empty());
    }
    assert!(INFO.rows.iter().any(|row| row.how == How::Rebuild));
}
