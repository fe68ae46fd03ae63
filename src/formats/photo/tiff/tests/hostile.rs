//! Files made to break readers.

use super::*;

#[test]
fn hostile_files_are_refused() {
    let good = file(LITTLE, vec![plain(LITTLE).ascii(0x010E, SECRET)]);
    for len in 0..good.len() {
        let _ = clean(&good[..len]);
    }
    // A chain that comes back to its beginning.
    let mut page = file(LITTLE, vec![plain(LITTLE), plain(LITTLE)]);
    let link = 8 + 2 + 9 * 12;
    page[link..link + 4].copy_from_slice(&8_u32.to_le_bytes());
    assert!(clean(&page).is_err(), "a loop");
    // A directory below itself, and strips on top of each other and of the directory.
    let below = file(LITTLE, vec![plain(LITTLE).long(0x014A, &[8])]);
    assert!(clean(&below).is_err());
    for offsets in [[8_u32, 200], [200, 204], [200, 0xFFFF_FFF0]] {
        let page = grey(LITTLE, 1).long(0x0111, &offsets).long(0x0117, &[8, 8]);
        let input = [file(LITTLE, vec![page]), vec![7; 99]].concat();
        assert!(clean(&input).is_err(), "{offsets:?}");
    }
    // Deeper and deeper.
    let mut page = plain(LITTLE);
    for _ in 0..9 {
        page = plain(LITTLE).below(0x014A, vec![page]);
    }
    assert!(clean(&file(LITTLE, vec![page])).is_err());
    let empty = Ifd::new(LITTLE).short(0x0112, &[1]);
    assert!(clean(&file(LITTLE, vec![empty])).is_err(), "no picture");
    let mut sensor = Ifd::new(LITTLE)
        .short(0x0100, &[4])
        .short(0x0101, &[4])
        .short(0x0102, &[8]);
    sensor = sensor
        .short(0x0106, &[32803])
        .one_strip(b"abcdefghijklmnop", 16);
    assert!(
        clean(&file(LITTLE, vec![sensor])).is_err(),
        "numbers of a sensor"
    );
    let raw = grey(LITTLE, 34713).strips(&[b"abcd", b"abcd"]);
    assert!(clean(&file(LITTLE, vec![raw])).is_err(), "a raw photo");
}
