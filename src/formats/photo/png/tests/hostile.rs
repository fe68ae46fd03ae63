//! Mutations and bombs.

use super::animation::animation;
use super::*;

/// Whatever the bytes: no panic, and what comes out is clean.
#[test]
fn mutations_never_give_an_unclean_file() {
    let seeds = [
        rgb(
            &[
                chunk(b"tEXt", b"Comment\0hello"),
                chunk(b"gAMA", &[0, 0, 177, 143]),
            ],
            &[chunk(
                b"zTXt",
                &[
                    b"Raw profile type exif\0\0",
                    zlib(b"\nexif\n2\n4d4d").as_slice(),
                ]
                .concat(),
            )],
        ),
        animation(false, |_, z| {
            vec![z[..5].to_vec(), [&z[5..], CANARY].concat()]
        }),
        rgba(|x, y| [x, y, 7, x & 1], 4),
    ];
    let mut random = 0x2545_F491_4F6C_DD1Du64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random >> 33).unwrap() % below
    };
    let mut cleaned = 0;
    for round in 0..6000 {
        let mut chunks = split(&seeds[round % seeds.len()]);
        for _ in 0..=next(3) {
            let at = next(chunks.len());
            match next(6) {
                0 => {
                    let other = next(chunks.len());
                    chunks.swap(at, other);
                }
                1 => {
                    let copy = chunks[next(chunks.len())].clone();
                    chunks.insert(at, copy);
                }
                2 if chunks.len() > 1 => drop(chunks.remove(at)),
                3 => {
                    let len = chunks[at].len();
                    chunks[at].insert(next(len), 7);
                }
                _ => {
                    let len = chunks[at].len();
                    chunks[at][next(len)] ^= 1 << next(8);
                }
            }
        }
        let mut bytes = png(&chunks);
        repair_sums(&mut bytes);
        if let Ok(inspection) = inspect(&bytes) {
            let out = output(&bytes, &inspection);
            let again = inspect(&out).unwrap();
            assert_eq!(again.found.findings, [], "round {round}");
            assert_eq!(digest_of(&bytes).unwrap(), digest_of(&out).unwrap());
            assert!(is_identity(&again.parts.unwrap().plan(), &Source::memory(&out)).unwrap());
            cleaned += 1;
        }
    }
    assert!(cleaned > 500, "{cleaned}");
}

/// The chunks of a file, each as it stands.
fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    with_context(|cx| {
        let chunks = chunks::walk(&Source::memory(bytes), cx).unwrap().all;
        let span = |span: crate::model::Span| span.start() as usize..span.end() as usize;
        chunks
            .iter()
            .map(|chunk| bytes[span(chunk.span)].to_vec())
            .collect()
    })
}

/// Check sums that are right again, so that mutations reach further than the first of them.
fn repair_sums(bytes: &mut [u8]) {
    let mut at = 8;
    while let Some(len) = bytes.get(at..at + 4) {
        let len = u32::from_be_bytes(len.try_into().unwrap()) as usize;
        let end = at.saturating_add(8).saturating_add(len);
        let Some(body) = bytes.get(at + 4..end) else {
            return;
        };
        let sum = crc32fast::hash(body).to_be_bytes();
        let Some(place) = bytes.get_mut(end..end + 4) else {
            return;
        };
        place.copy_from_slice(&sum);
        at = end + 4;
    }
}

#[test]
fn bombs_are_defused() {
    // 20 MiB of zeros in a comment and as pixels.
    let bomb = zlib(&vec![0; 20 << 20]);
    let comment = chunk(b"zTXt", &[b"Comment\0\0", bomb.as_slice()].concat());
    let inspection = inspect(&rgb(&[comment], &[])).unwrap();
    assert!(!inspection.found.findings.is_empty());
    // A picture that claims to be huge needs no memory before its pixels come.
    let huge = png(&[
        ihdr(0x7FFF_FFFF, 0x7FFF_FFFF, 16, 2, 0),
        chunk(b"IDAT", &bomb),
        chunk(b"IEND", b""),
    ]);
    assert!(inspect(&huge).is_err());
    let wide = png(&[
        ihdr(0x7FFF_FFFF, 1, 16, 6, 1),
        chunk(b"IDAT", &zlib(&[0; 100])),
        chunk(b"IEND", b""),
    ]);
    assert!(inspect(&wide).is_err());
}
