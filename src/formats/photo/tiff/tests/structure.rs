//! Directories, entries, and bytes between them.

use super::*;

#[test]
fn a_file_without_anything_stays_as_it_is() {
    for form in FORMS {
        let input = file(form, vec![plain(form), plain(form)]);
        assert_eq!(clean(&input).unwrap().bytes, input);
    }
}

#[test]
fn texts_private_tags_and_maps_go() {
    for form in FORMS {
        for (tag, id) in [
            (0x010E, "exif.ifd0.text"),
            (0x010F, "exif.ifd0.text"),
            (0x013C, "exif.ifd0.text"),
            (0x014D, "exif.unknown"),
            (0x87B1, "exif.geotiff"),
            (0xA480, "exif.geotiff"),
            (0xFFF0, "exif.unknown"),
        ] {
            let input = file(form, vec![plain(form).ascii(tag, SECRET)]);
            let cleaned = secret_goes(&input, id);
            assert_eq!(cleaned.bytes, file(form, vec![plain(form)]));
        }
    }
}

#[test]
fn directories_of_exif_and_gps_go_with_their_values() {
    for form in FORMS {
        let exif = Ifd::new(form)
            .ascii(0xA431, SECRET)
            .below(0xA005, vec![Ifd::new(form).ascii(1, b"R98")]);
        let gps = Ifd::new(form).ascii(0x1B, SECRET);
        let page = plain(form)
            .below(0x8769, vec![exif])
            .below(0x8825, vec![gps]);
        let cleaned = secret_goes(&file(form, vec![page]), "exif.serial");
        assert!(ids(&cleaned).iter().any(|id| id.starts_with("exif.gps")));
        assert_eq!(cleaned.bytes, file(form, vec![plain(form)]));
    }
}

#[test]
fn the_colour_space_stays_where_there_is_no_profile() {
    let form = LITTLE;
    let exif = |form| {
        Ifd::new(form)
            .short(0xA001, &[0xFFFF])
            .below(0xA005, vec![Ifd::new(form).raw(1, field::ASCII, b"R03\0")])
    };
    let dirty = plain(form).below(0x8769, vec![exif(form).ascii(0xA431, SECRET)]);
    let cleaned = secret_goes(&file(form, vec![dirty]), "exif.serial");
    let expected = file(form, vec![plain(form).below(0x8769, vec![exif(form)])]);
    assert_eq!(cleaned.bytes, expected);
}

#[test]
fn tags_that_are_not_as_they_should_be_go_or_are_refused() {
    let text = |tag| file(LITTLE, vec![plain(LITTLE).ascii(tag, SECRET)]);
    // X resolution as text; a colour map and a CFA pattern where no colours come from them.
    for tag in [0x011A, 0x0140, 0x828E, 0x0303, 0x0129] {
        let cleaned = clean(&text(tag)).unwrap();
        assert!(!contains(&cleaned.bytes, SECRET), "{tag:X}");
    }
    assert!(clean(&text(0x0152)).is_err(), "extra samples");
    let twice = plain(LITTLE).short(0x0112, &[6]).short(0x0112, &[3]);
    assert!(clean(&file(LITTLE, vec![twice])).is_err());
    let noise = plain(LITTLE).raw(0x012D, field::SHORT, &[]);
    assert!(clean(&file(LITTLE, vec![noise])).is_ok());
    let curve: Vec<u16> = (0..256).collect();
    let input = file(LITTLE, vec![plain(LITTLE).short(0x012D, &curve)]);
    assert_eq!(clean(&input).unwrap().bytes, input);
    let mut hidden = curve;
    hidden[7] = 0x4142;
    let input = file(LITTLE, vec![plain(LITTLE).short(0x012D, &hidden)]);
    assert!(!clean(&input).unwrap().findings.is_empty());
}

#[test]
fn offsets_that_mean_nothing_here_go() {
    for tag in [
        0x0144, 0x0145, 0x014A, 0x0201, 0x0202, 0x0207, 0x0208, 0x0209,
    ] {
        for kind in [field::ASCII, field::UNDEFINED] {
            let page = plain(LITTLE).raw(tag, kind, SECRET);
            let input = file(LITTLE, vec![page]);
            if let Ok(cleaned) = clean(&input) {
                assert!(!contains(&cleaned.bytes, SECRET), "tag 0x{tag:04X}");
                assert_ne!(ids(&cleaned), [""; 0], "tag 0x{tag:04X}");
            }
        }
    }
    // A response curve for 256 levels that is none.
    let curve: Vec<u16> = (0..256).map(|n| n * 37 % 251).collect();
    let page = plain(LITTLE).short(0x0123, &curve);
    assert_ne!(ids(&clean(&file(LITTLE, vec![page])).unwrap()), [""; 0]);
}

#[test]
fn bytes_that_nothing_asks_for_go() {
    let clean_file = file(LITTLE, vec![plain(LITTLE)]);
    let behind = [&clean_file, SECRET].concat();
    assert_eq!(secret_goes(&behind, "tiff.slack").bytes, clean_file);
    // Two bytes of the field of ImageWidth.
    let mut inline = clean_file.clone();
    inline[20..22].copy_from_slice(b"XY");
    let cleaned = clean(&inline).unwrap();
    assert_eq!(
        (ids(&cleaned), cleaned.bytes),
        (vec!["tiff.slack"], clean_file)
    );
    // A strip that is longer than its rows, and one more strip than there are rows.
    let long = [b"abcdefgh", SECRET].concat();
    let page = grey(LITTLE, 1).strips(&[&long, b"ijklmnop"]);
    let expected = file(LITTLE, vec![plain(LITTLE)]);
    let cleaned = secret_goes(&file(LITTLE, vec![page]), "tiff.strip.tail");
    assert_eq!(cleaned.bytes, expected);
    let page = grey(LITTLE, 1).strips(&[b"abcdefgh", b"ijklmnop", SECRET]);
    let cleaned = secret_goes(&file(LITTLE, vec![page]), "tiff.strip.tail");
    assert_eq!(cleaned.bytes, expected);
}

#[test]
fn lists_hold_nothing_else() {
    let expected = file(LITTLE, vec![plain(LITTLE)]);
    // Tables of a JPEG, lengths of tiles, where there are neither.
    for tag in [0x0207, 0x0208, 0x0209, 0x0145, 0x0202] {
        let page = plain(LITTLE).raw(tag, field::UNDEFINED, SECRET);
        let cleaned = secret_goes(&file(LITTLE, vec![page]), "tiff.embedded");
        assert_eq!(cleaned.bytes, expected, "{tag:X}");
    }
    // A number too many, and an offset of nothing.
    let mut page = grey(LITTLE, 1);
    let data = page.0.data(Data {
        pieces: vec![Step::bytes(b"abcdefghijklmnop".to_vec())],
    });
    page.0
        .offsets(0x0111, vec![Some((data, 0)), Some((data, 8))]);
    let page = page.long(0x0117, &[8, 0, 0x4142_4344]);
    let cleaned = clean(&file(LITTLE, vec![page])).unwrap();
    assert!(ids(&cleaned).contains(&"tiff.slack"));
    assert!(!contains(&cleaned.bytes, b"DCBA"));
    // A curve of too few values.
    let page = plain(LITTLE).short(0x0123, &[1, 2, 3]);
    assert_eq!(clean(&file(LITTLE, vec![page])).unwrap().bytes, expected);
}

#[test]
fn pages_stay_and_smaller_pictures_go() {
    for form in FORMS {
        let small = || grey(form, 1).strips(&[SECRET, SECRET]).long(0x00FE, &[1]);
        let second = || plain(form).long(0x00FE, &[2]);
        let input = file(
            form,
            vec![
                plain(form).below(0x014A, vec![small(), second()]),
                small(),
                second(),
            ],
        );
        let cleaned = secret_goes(&input, "tiff.pages");
        let pages = vec![plain(form).below(0x014A, vec![second()]), second()];
        assert_eq!(cleaned.bytes, file(form, pages));
        // A small picture with the full one below it.
        let input = file(form, vec![small().below(0x014A, vec![second()])]);
        let cleaned = secret_goes(&input, "tiff.pages");
        assert_eq!(cleaned.bytes, file(form, vec![second()]));
    }
    // Nothing but small pictures: they are the content.
    let small = || plain(LITTLE).long(0x00FE, &[1]);
    let input = file(LITTLE, vec![small(), small()]);
    assert_eq!(clean(&input).unwrap().bytes, input);
}

#[test]
fn numbers_that_are_text_go_or_are_named() {
    let rational = |tag: u16, bytes: &[u8]| {
        let mut page = plain(LITTLE);
        page.0
            .bytes(tag, field::RATIONAL, bytes.len() as u64 / 8, bytes.to_vec());
        file(LITTLE, vec![page])
    };
    let expected = file(LITTLE, vec![plain(LITTLE)]);
    for (tag, len) in [(0x011A, 8), (0x011E, 8), (0x013E, 16)] {
        let cleaned = clean(&rational(tag, &SECRET[..len])).unwrap();
        assert_eq!(cleaned.bytes, expected, "0x{tag:04X}");
    }
    let dpi = [44, 1, 0, 0, 1, 0, 0, 0];
    assert_eq!(
        clean(&rational(0x011A, &dpi)).unwrap().bytes,
        rational(0x011A, &dpi)
    );
    // Levels of black and white, on which the colours depend.
    let page = Ifd::new(LITTLE)
        .short(0x0100, &[4])
        .short(0x0101, &[1])
        .short(0x0102, &[8])
        .short(0x0106, &[2]);
    let mut page = page.one_strip(b"abcd", 4);
    page.0
        .bytes(0x0214, field::RATIONAL, 2, SECRET[..16].to_vec());
    let cleaned = clean(&file(LITTLE, vec![page])).unwrap();
    assert_eq!(cleaned.residue[0].id, "tiff.numbers");
}

#[test]
fn numbers_keep_to_what_the_standard_counts() {
    let expected = file(LITTLE, vec![plain(LITTLE)]);
    // Orientation, threshholding, unit of resolution; inks and tiles where there are none.
    for tag in [
        0x0112, 0x0107, 0x0128, 0x014C, 0x014E, 0x0142, 0x0214, 0x01B1,
    ] {
        let input = file(LITTLE, vec![plain(LITTLE).long(tag, &[0x4142_4344])]);
        assert_eq!(clean(&input).unwrap().bytes, expected, "0x{tag:04X}");
    }
    for tag in [0x011C, 0x0152, 0x0153, 0x80E3] {
        let input = file(LITTLE, vec![plain(LITTLE).long(tag, &[0x4142_4344])]);
        assert!(clean(&input).is_err(), "0x{tag:04X}");
    }
}

#[test]
fn tags_that_say_the_same_twice() {
    let twice = plain(LITTLE).short(0x011C, &[1]).short(0x011C, &[1]);
    let cleaned = clean(&file(LITTLE, vec![twice])).unwrap();
    let once = plain(LITTLE).short(0x011C, &[1]);
    assert_eq!(cleaned.bytes, file(LITTLE, vec![once]));
}
