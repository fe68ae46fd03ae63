//! DNG.

use super::*;
use crate::formats::probe::is_recognized;

#[test]
fn dng_keeps_the_raw_picture_and_the_name_of_the_camera() {
    let sensor = || {
        let ifd = Ifd::new(LITTLE)
            .short(0x0100, &[4])
            .short(0x0101, &[4])
            .short(0x0102, &[8]);
        let ifd = ifd.long(0x00FE, &[0]).short(0x0106, &[32803]);
        ifd.one_strip(b"abcdefghijklmnop", 16)
    };
    let preview = || plain(LITTLE).long(0x00FE, &[1]).ascii(0x010E, SECRET);
    let first = |below: Vec<Ifd>| {
        let ifd = plain(LITTLE).long(0x00FE, &[1]).ascii(0x010F, b"Canon");
        let ifd = ifd
            .ascii(0x0110, b"Canon EOS 350D DIGITAL")
            .below(0x014A, below);
        ifd.raw(0xC612, field::BYTE, &[1, 4, 0, 0])
    };
    let dirty = first(vec![sensor(), preview()])
        .ascii(0xC62F, SECRET)
        .ascii(0xC6F8, b"Canon EOS 350D DIGITAL")
        .raw(0xC634, field::UNDEFINED, SECRET);
    let input = file(LITTLE, vec![dirty]);
    let budget = Budget::new(Limits::default());
    let inside = inside();
    let cx = &Context::new(&budget, &inside, &|| None, Policy::SHARE);
    let source = Source::memory(&input);
    let inspection = DNG.examine(&source, cx).unwrap();
    let residue: Vec<&str> = inspection.residue.iter().map(|it| it.id).collect();
    assert_eq!(residue, ["raw.dng.model", "raw.dng.model"]);
    let kept = |text: &str| {
        inspection
            .found
            .secrets
            .texts()
            .any(|secret| secret == text)
    };
    assert!(
        !kept("Canon EOS 350D DIGITAL"),
        "it stays, so that it is no secret"
    );
    let plan = inspection.plan;
    let mut out = Vec::new();
    run(&plan, &source, &mut out).unwrap();
    assert_eq!(out, file(LITTLE, vec![first(vec![sensor()])]));
    assert!(is_recognized(&DNG, &out) && is_recognized(&DNG, &input));
    // A plain TIFF that turns out to be a DNG would change its kind.
    assert!(TIFF.examine(&source, cx).is_err());
}

fn residue(extra: impl Fn(Ifd) -> Ifd) -> Result<Vec<&'static str>> {
    let ifd = Ifd::new(LITTLE)
        .short(0x0100, &[4])
        .short(0x0101, &[4])
        .short(0x0102, &[8]);
    let ifd = ifd.long(0x00FE, &[0]).short(0x0106, &[32803]);
    let ifd = ifd.one_strip(b"abcdefghijklmnop", 16);
    let input = file(
        LITTLE,
        vec![extra(ifd.raw(0xC612, field::BYTE, &[1, 4, 0, 0]))],
    );
    let budget = Budget::new(Limits::default());
    let inside = inside();
    let cx = &Context::new(&budget, &inside, &|| None, Policy::SHARE);
    let inspection = DNG.examine(&Source::memory(&input), cx)?;
    Ok(inspection.residue.iter().map(|it| it.id).collect())
}

#[test]
fn what_tells_one_camera_from_another_is_named() {
    let matrix = |first: u32| {
        move |mut ifd: Ifd| {
            let one = [first, 9, 0, 9, 0, 9, 0, 9, 9, 9, 0, 9, 0, 9, 0, 9, 9, 9];
            let bytes = one.iter().flat_map(|n| n.to_le_bytes()).collect();
            ifd.0.bytes(0xC623, field::SRATIONAL, 9, bytes);
            ifd
        }
    };
    assert_eq!(residue(matrix(9)).unwrap(), [""; 0]);
    assert_eq!(residue(matrix(8)).unwrap(), ["raw.dng.calibration"]);
    let table = |values: &'static [u16]| move |ifd: Ifd| ifd.short(0xC618, values);
    assert_eq!(residue(table(&[0, 5, 9])).unwrap(), [""; 0]);
    assert_eq!(residue(table(&[9, 5, 70])).unwrap(), ["raw.dng.table"]);
    let tones = |mut ifd: Ifd| {
        ifd.0.bytes(0xC6FC, field::FLOAT, 4, SECRET[..16].to_vec());
        ifd
    };
    assert_eq!(residue(tones).unwrap(), ["tiff.numbers", "raw.dng.table"]);
    let steps = [
        b"\0\0\0\x01\0\0\0\x06\x01\x03\0\0\0\0\0\0\0\0\0\x10",
        &SECRET[..17],
    ]
    .concat();
    assert!(residue(|ifd| ifd.raw(0xC740, field::UNDEFINED, &steps)).is_err());
}

#[test]
fn versions_that_stand_twice_are_no_damage() {
    let twice = |ifd: Ifd| {
        ifd.raw(0xC613, field::BYTE, &[1, 0, 0, 0])
            .raw(0xC613, field::BYTE, &[1, 2, 0, 0])
    };
    assert_eq!(residue(twice).unwrap(), [""; 0]);
    assert!(residue(|ifd| ifd.raw(0xC613, field::BYTE, b"text")).is_err());
}

#[test]
fn a_directory_far_behind_makes_a_dng_as_well() {
    let page = plain(LITTLE).raw(0xC612, field::BYTE, &[1, 4, 0, 0]);
    let near = file(LITTLE, vec![page]);
    let mut far = near[..8].to_vec();
    far[4..8].copy_from_slice(&5000_u32.to_le_bytes());
    far.resize(5000, 0);
    far.extend_from_slice(&near[8..]);
    for file in [near, far] {
        assert!(is_recognized(&DNG, &file) && is_recognized(&TIFF, &file));
    }
    let plain = file(LITTLE, vec![plain(LITTLE)]);
    assert!(!is_recognized(&DNG, &plain));
}
