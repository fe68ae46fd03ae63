//! Files made to hurt.

use super::*;

#[test]
fn pictures_of_themselves_are_refused() {
    let grid = [0, 0, 0, 0, 0, 64, 0, 64];
    let mut file = Heif::new()
        .item(2, b"grid", &grid, &[2])
        .refer(b"dimg", 2, &[3])
        .item(3, b"grid", &grid, &[2])
        .refer(b"dimg", 3, &[2]);
    file.primary = 2;
    assert!(refusal(&file.build()).contains("made of itself"));
    // Data that stands in itself.
    let file = Heif::new()
        .last(|item| item.stands = Stands::At(2, 0, 4))
        .refer(b"iloc", 1, &[1]);
    assert!(refusal(&file.build()).contains("in a circle"));
}

#[test]
fn what_does_not_fit_is_refused() {
    let cases = [
        (
            Heif::new().last(|it| it.data = [nal(20, b"x"), vec![0; 4]].concat()),
            "cut short",
        ),
        (
            Heif::new().last(|it| it.kind = *b"iden"),
            "without the one it is derived from",
        ),
        (
            Heif::new().last(|it| it.stands = Stands::At(0, 9000, 9)),
            "behind the end",
        ),
        (
            Heif::new().last(|it| it.stands = Stands::At(0, 1, u32::MAX)),
            "behind the end",
        ),
        (
            Heif::new().last(|it| it.stands = Stands::At(1, 0, 9)),
            "behind the end of idat",
        ),
        (
            Heif::new().last(|it| it.stands = Stands::At(2, 0, 9)),
            "does not exist",
        ),
        (
            Heif::new().last(|it| it.data = b"\0\0\xFF\xFF\x28\x01".to_vec()),
            "cut short",
        ),
        (Heif::new().last(|it| it.data.clear()), "without data"),
        (
            Heif::new().last(|it| it.data = nal(38, b"filler")),
            "without data",
        ),
        (
            Heif::new().last(|it| it.properties = vec![2]),
            "without its decoder's record",
        ),
        (
            Heif::new().last(|it| it.properties.push(9)),
            "a property that does not exist",
        ),
        (
            Heif::new().last(|it| it.kind = *b"vvc1"),
            "pictures of the kind vvc1",
        ),
        (Heif::new().last(|it| it.protection = 1), "encrypted"),
        (Heif::new().last(|it| it.data_reference = 1), "another file"),
        (Heif::new().refer(b"dimg", 1, &[7]), "does not exist"),
        (
            Heif::new()
                .property(boxed(b"abcd", b"x"))
                .last(|it| it.properties.push(0x83)),
            "the property abcd",
        ),
        (
            Heif {
                primary: 9,
                ..Heif::new()
            },
            "does not exist",
        ),
    ];
    for (file, what) in cases {
        let refusal = refusal(&file.build());
        assert!(refusal.contains(what), "{refusal}: {what}");
    }
}

#[test]
fn bytes_that_are_used_in_two_ways_are_refused() {
    // The second tile is the first one, message of the encoder included, as if it were uncompressed.
    let sei = nal(
        39,
        &[&[5, 27][..], b"0123456789abcdefSECRET-4711", &[0x80]].concat(),
    );
    let coded = [sei.clone(), picture(b"the picture")].concat();
    let mut file = Heif::new().last(|item| item.data = coded);
    let at = u32::try_from(memmem::find(&file.build(), &sei).unwrap()).unwrap();
    file = file
        .item(2, b"hvc1", b"", &[0x81, 2])
        .item(3, b"grid", &[0, 0, 0, 1, 0, 128, 0, 64], &[2])
        .refer(b"dimg", 3, &[1, 2]);
    file.primary = 3;
    let shift = u32::try_from(memmem::find(&file.build(), &sei).unwrap()).unwrap() - at;
    // Once more the same bytes: no conflict, each byte once.
    let len = u32::try_from(sei.len() + picture(b"the picture").len()).unwrap();
    file.items[1].stands = Stands::At(0, at + shift, len);
    assert_eq!(
        clean(&file).bytes.iter().filter(|b| **b == b'\xFE').count(),
        0
    );
    // The second begins in the middle of the message.
    file.items[1].stands = Stands::At(0, at + shift + 30, len - 30);
    assert!(try_clean(&file.build(), Policy::SHARE).is_err());
}

#[test]
fn every_cut_and_every_flip_is_refused_or_clean() {
    let mut file = Heif::new()
        .item(2, b"Exif", SECRET, &[])
        .refer(b"cdsc", 2, &[1]);
    file.behind = boxed(b"free", SECRET);
    let bytes = file.build();
    let look = |bytes: &[u8]| {
        if let Ok(outcome) = try_clean(bytes, Policy::SHARE) {
            let again = try_clean(&outcome.bytes, Policy::SHARE).unwrap();
            assert!(again.ids.is_empty() && again.bytes == outcome.bytes);
        }
    };
    for len in 0..bytes.len() {
        look(&bytes[..len]);
    }
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        look(&flipped);
    }
}

#[test]
fn text_in_what_has_to_stay_is_told() {
    let hidden = |bytes: &[u8]| {
        let residue = try_clean(bytes, Policy::SHARE).unwrap().residue;
        assert_eq!(residue, ["heif.coded.text"]);
    };
    let tail = [&[0x80; 40][..], b"Anna Exempel, Exempelgatan 12"].concat();
    hidden(&Heif::new().last(|it| it.data = picture(&tail)).build());
    let fractions = [
        &[0, 0, 0, 0, 0, 0x40][..],
        &b"Exempelgatan 12, Anna".repeat(3)[..56],
    ]
    .concat();
    let file = Heif::new().item(2, b"tmap", &fractions, &[2]);
    hidden(&file.refer(b"dimg", 2, &[1, 1]).build());
    let pasp = boxed(b"pasp", b"SECRET12");
    hidden(
        &Heif::new()
            .property(pasp)
            .last(|it| it.properties.push(3))
            .build(),
    );
    let set = b"\x42\x01 Anna Exempel, Exempelgatan";
    let mut record = build::record()[8..].to_vec();
    record[22] = 1;
    record.extend([0xA1, 0, 1, 0, u8::try_from(set.len()).unwrap()]);
    record.extend(set);
    let mut file = Heif::new();
    file.properties[0] = boxed(b"hvcC", &record);
    hidden(&file.build());
    let mut record = build::record();
    record[9..20].copy_from_slice(b"Anna i Lund");
    file.properties[0] = record;
    hidden(&file.build());
}

/// What no decoder looks at, and numbers that cannot be what they are said to be.
#[test]
fn numbers_without_a_meaning_go() {
    let secret = b"\x81\x92SECRET\x93\x84\xA5\xB6\xC7\xD8\xE9\xFA\x8B\x9C\xAD\xBE\xCF\xD1\xE2\xF3";
    let goes = |file: &Heif| {
        let outcome = clean(file);
        assert!(!outcome.has(b"SECRET"));
        // Under alpha planes nobody has looked.
        let mut residue = outcome.residue.iter();
        assert!(residue.all(|it| *it == "heif.alpha.hidden"));
    };
    for kind in [22, 31, 35, 36, 37, 41] {
        let coded = [nal(kind, secret), picture(b"the picture")].concat();
        goes(&Heif::new().last(|item| item.data = coded));
    }
    for message in [0, 129, 132, 137, 144, 148, 176] {
        let payload = [&[message, 24], &secret[..], &[0x80]].concat();
        let coded = [nal(39, &payload), picture(b"the picture")].concat();
        goes(&Heif::new().last(|item| item.data = coded));
    }
    for array in [20, 35, 48] {
        let mut record = build::record()[8..].to_vec();
        record[22] = 1;
        let len = u8::try_from(secret.len() + 2).unwrap();
        record.extend([array, 0, 1, 0, len, array << 1, 1]);
        record.extend(secret);
        let mut file = Heif::new();
        file.properties[0] = boxed(b"hvcC", &record);
        goes(&file);
    }
    let count = [&[24], &secret[..]].concat();
    let one = [&[3, 8, 8, 0], &secret[..]].concat();
    for property in [
        boxed(b"mdcv", secret),
        boxed(b"a1lx", &[&[1], &secret[..12]].concat()),
        full(b"pixi", 0, &count),
        full(b"pixi", 0, &one),
    ] {
        goes(
            &Heif::new()
                .property(property)
                .last(|it| it.properties.push(3)),
        );
    }
    // References to what does not exist.
    goes(
        &Heif::new()
            .property(full(b"auxC", 0, b"urn:mpeg:hevc:2015:auxid:1\0"))
            .item(2, b"hvc1", &picture(b"alpha"), &[0x81, 2, 3])
            .refer(b"auxl", 2, &[1])
            .refer(b"auxl", 2, &[0x5345, 0x4352, 0x4554])
            .refer(b"prem", 1, &[0x5345, 0x4352, 0x4554]),
    );
}

#[test]
fn pictures_that_are_not_shown_are_told() {
    let residue = |file: &Heif| try_clean(&file.build(), Policy::SHARE).unwrap().residue;
    // The first bit says that a picture begins.
    let both = [picture(b"\x80shown"), picture(b"\x80hidden")].concat();
    let file = Heif::new().last(|it| it.data = both);
    assert_eq!(residue(&file), ["heif.coded.pictures"]);
    let slices = [picture(b"\x80above"), picture(b"\0below")].concat();
    let file = Heif::new().last(|it| it.data = slices);
    assert!(residue(&file).is_empty());
    for (layer, told) in [([0xFF, 0xFF], vec![]), ([0, 1], vec!["heif.layers"])] {
        let file = Heif::new()
            .property(boxed(b"lsel", &layer))
            .last(|it| it.properties.push(0x83));
        assert_eq!(residue(&file), told);
    }
    // Without a size nobody knows what is cut off.
    let clap = boxed(b"clap", &words(&[64, 1, 64, 1, 0, 1, 0, 1]));
    let file = Heif::new()
        .property(clap)
        .last(|it| it.properties = vec![0x81, 0x83]);
    assert_eq!(residue(&file), ["heif.clap"]);
}

#[test]
fn pictures_that_build_on_others_are_refused() {
    for kind in [b"base", b"tbas", b"exbl", b"pred"] {
        let file = Heif::new()
            .item(2, b"hvc1", &picture(b"base"), &[0x81, 2])
            .refer(kind, 1, &[2]);
        assert!(refusal(&file.build()).contains("build on other pictures"));
    }
}

#[test]
fn many_items_are_not_many_times_the_work() {
    let mut file = Heif::new();
    for id in 2..20_000 {
        file = file.item(id, b"Exif", b"", &[]);
    }
    assert!(clean(&file).bytes.len() < 1000);
}
