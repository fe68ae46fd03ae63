//! Frames and their sequence.

use super::*;

/// Scanlines of a frame of 4 by 4.
fn small_rows() -> Vec<u8> {
    (0..4u8)
        .flat_map(|y| std::iter::once(0).chain((0..12).map(move |x| x * 5 + y)))
        .collect()
}

/// An animation of two frames; the default picture is the first of them, or none.
pub(super) fn animation(
    default_is_frame: bool,
    change: impl Fn(usize, Vec<u8>) -> Vec<Vec<u8>>,
) -> Vec<u8> {
    let control = |sequence: u32, side: u32| {
        let mut data = sequence.to_be_bytes().to_vec();
        for number in [side, side, 0, 0] {
            data.extend(u32::to_be_bytes(number));
        }
        data.extend([0, 10, 0, 100, 1, 0]);
        data
    };
    let mut sequence = 0;
    let mut next = || {
        sequence += 1;
        sequence - 1
    };
    let mut chunks = vec![
        ihdr(8, 8, 8, 2, 0),
        chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
    ];
    if default_is_frame {
        chunks.push(chunk(b"fcTL", &control(next(), 8)));
    }
    chunks.push(chunk(b"IDAT", &zlib(&rows())));
    for frame in 0..(if default_is_frame { 1 } else { 2 }) {
        chunks.push(chunk(b"fcTL", &control(next(), 4)));
        for data in change(frame, zlib(&small_rows())) {
            chunks.push(chunk(
                b"fdAT",
                &[&next().to_be_bytes(), data.as_slice()].concat(),
            ));
        }
    }
    chunks.push(chunk(b"IEND", b""));
    png(&chunks)
}

#[test]
fn animations_stay_in_sequence() {
    let split = |z: Vec<u8>| vec![z[..9].to_vec(), z[9..].to_vec()];
    for default_is_frame in [true, false] {
        let good = animation(default_is_frame, |_, z| split(z));
        assert_eq!(clean(&good), good);
        let residue = inspect(&good).unwrap().residue;
        assert_eq!(
            residue.iter().any(|f| f.id == "png.apng.default"),
            !default_is_frame
        );
        let tail = animation(default_is_frame, |_, z| {
            vec![z[..9].to_vec(), [&z[9..], CANARY].concat()]
        });
        assert_eq!(clean(&tail), good);
        let surplus = animation(default_is_frame, |frame, z| {
            let mut chunks = split(z);
            if frame == 0 {
                chunks.extend([CANARY.to_vec(), Vec::new()]);
            }
            chunks
        });
        assert_eq!(clean(&surplus), good);
        let excess = animation(default_is_frame, |_, _| {
            split(zlib(&[small_rows().as_slice(), CANARY].concat()))
        });
        assert!(has(&excess, "png.idat.tail"));
        assert!(contains(&inflated(&clean(&excess)), &small_rows()));
    }
}

#[test]
fn broken_animations_are_refused_and_lost_frames_go() {
    let good = animation(true, |_, z| vec![z]);
    // The numbers of frames and of the first fcTL, and the width of the second.
    for at in [8 + 25 + 11, 8 + 25 + 20 + 11] {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        let end = at + if at < 50 { 5 } else { 23 };
        let start = at - 7;
        let sum = crc32fast::hash(&bytes[start..end]);
        bytes[end..end + 4].copy_from_slice(&sum.to_be_bytes());
        assert!(
            matches!(inspect(&bytes), Err(Error::Malformed { .. })),
            "{at}"
        );
    }
    let mut without_control = good.clone();
    without_control.drain(33..53);
    assert!(has(&without_control, "png.apng.orphan"));
    assert_eq!(kinds(&clean(&without_control)), ["IHDR", "IDAT", "IEND"]);
}
