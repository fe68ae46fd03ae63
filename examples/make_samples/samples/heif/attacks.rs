//! Structures of all names, and those that no specification names.

use super::*;

/// Boxes, properties and items that may stand in a file, known and unknown.
const BOXES: &[&[u8; 4]] = &[
    b"free", b"skip", b"wide", b"junk", b"udta", b"mpvd", b"sefd", b"abcd", b"jumb", b"pnot",
    b"thum", b"sidx", b"ssix", b"prft", b"emsg", b"styp", b"pdin", b"bloc", b"etyp", b"gps ",
    b"Exif", b"xml ", b"moof",
];
const PROPERTIES: &[&[u8; 4]] = &[
    b"udes", b"altt", b"crtt", b"mdft", b"aebr", b"wbbr", b"fobr", b"afbr", b"dobr", b"pano",
    b"cmin", b"cmex", b"rref", b"uuid", b"free", b"abcd", b"subs", b"rloc", b"grid", b"hist",
];
const ITEMS: &[&[u8; 4]] = &[
    b"Exif", b"uri ", b"xml1", b"jumb", b"hist", b"mint", b"rgan", b"Rdat", b"abcd", b"hvc1",
    b"mski", b"mime",
];

/// Structures of all names, and those that no specification names.
pub fn attacks() -> Vec<Sample> {
    let mut all = Vec::new();
    let mut attack = |name: &str, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
        let (name, extension) = name.split_once('.').unwrap_or((name, "heic"));
        let safe: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        all.push(heif(
            &format!("canary/attack-{safe}.{extension}"),
            "an attacker",
            name,
            Expect::Cleaned,
            make,
        ));
    };
    for kind in BOXES {
        let name = String::from_utf8_lossy(*kind);
        attack(&format!("box {name}"), &|s| {
            let text = bytes(s, &name, "secret ");
            Heif::simple().before(&boxed(kind, &text)).build()
        });
        attack(&format!("box {name} in meta"), &|s| {
            let text = bytes(s, &format!("meta/{name}"), "secret ");
            Heif::simple().inside(&boxed(kind, &text)).build()
        });
    }
    for kind in PROPERTIES {
        let name = String::from_utf8_lossy(*kind);
        attack(&format!("property {name}"), &|s| {
            let text = bytes(s, &format!("ipco/{name}"), "secret 0123456789abcdef ");
            Heif::simple()
                .property(full(kind, 0, &text))
                .last(|item| item.properties.push(4))
                .build()
        });
    }
    for kind in ITEMS {
        let name = String::from_utf8_lossy(*kind);
        attack(&format!("item {name}"), &|s| {
            let text = bytes(s, &format!("item {name}"), "\0\0\0\x09secret ");
            Heif::simple().item(2, kind, &text, &[]).build()
        });
    }
    attack("ispe-long", &|s| {
        let text = bytes(s, "ispe behind its numbers", "x");
        let mut file = Heif::simple();
        file.properties[1] = full(b"ispe", 0, &[words(&[64, 64]), text].concat());
        file.build()
    });
    attack("pixi-long", &|s| {
        let text = bytes(s, "pixi behind its numbers", "x");
        let mut file = Heif::simple();
        file.properties[2] = full(b"pixi", 0, &[&[3, 8, 8, 8], &text[..]].concat());
        file.build()
    });
    attack("record-long", &|s| {
        let text = bytes(s, "hvcC behind its arrays", "x");
        let mut file = Heif::simple();
        file.properties[0] = boxed(b"hvcC", &[HOUSE_RECORD, &text].concat());
        file.build()
    });
    attack("record-sei", &|s| {
        let sei = user_data(s);
        let mut record = HOUSE_RECORD.to_vec();
        record[22] += 1;
        record.extend([39, 0, 1]);
        record.extend(&sei[2..]);
        let mut file = Heif::simple();
        file.properties[0] = boxed(b"hvcC", &record);
        file.build()
    });
    attack("filler", &|s| {
        let text = bytes(s, "NAL unit of type 38", "x");
        let mut nal = (text.len() as u32 + 2).to_be_bytes().to_vec();
        nal.extend([0x4C, 1]);
        nal.extend(text);
        let mut file = Heif::simple();
        file.items[0].data.extend(nal);
        file.build()
    });
    attack("reserved-unit", &|s| {
        let text = bytes(s, "NAL unit of type 50", "x");
        let mut nal = (text.len() as u32 + 2).to_be_bytes().to_vec();
        nal.extend([0x64, 1]);
        nal.extend(text);
        let mut file = Heif::simple();
        file.items[0].data.splice(0..0, nal);
        file.build()
    });
    attack("handler-manufacturer", &|s| {
        let text = bytes(s, "hdlr name", "x");
        let mut file = Heif::simple();
        file.handler = text;
        file.build()
    });
    attack("grid-long", &|s| {
        let text = bytes(s, "grid behind its numbers", "x");
        Heif::simple()
            .item_in(
                Place::Idat,
                2,
                b"grid",
                &[&[0, 0, 0, 0, 0, 64, 0, 64], &text[..]].concat(),
                &[2],
            )
            .refer(b"dimg", 2, &[1])
            .primary(2)
            .build()
    });
    attack("idat-gap", &|s| {
        let text = bytes(s, "idat of an item of no type", "x");
        Heif::simple()
            .item_in(Place::Idat, 2, b"grid", &[0, 0, 0, 0, 0, 64, 0, 64], &[2])
            .refer(b"dimg", 2, &[1])
            .item_in(Place::Idat, 3, b"abcd", &text, &[])
            .primary(2)
            .build()
    });
    attack("reference-to-nothing", &|s| {
        let text = bytes(s, "item with a reference to nothing", "x");
        Heif::simple()
            .item(9, b"Exif", &text, &[])
            .refer(b"cdsc", 9, &[77])
            .build()
    });
    attack("second-file", &|s| {
        let text = bytes(s, "second ftyp", "x");
        Heif::simple()
            .behind(&boxed(b"ftyp", b"heic\0\0\0\0mif1"))
            .behind(&boxed(b"free", &text))
            .build()
    });
    for kind in [
        b"pitm", b"iloc", b"iinf", b"infe", b"iref", b"cdsc", b"ipma", b"hdlr", b"altr", b"meta",
    ] {
        let name = String::from_utf8_lossy(kind);
        attack(&format!("behind {name}"), &|s| {
            let text = bytes(s, &format!("behind {name}"), "secret ");
            // A box where boxes are expected.
            let text = match kind {
                b"iinf" | b"iref" | b"meta" => boxed(b"free", &text),
                _ => text,
            };
            let file = Heif::new(b"heic\0\0\0\0mif1heic")
                .property(boxed(b"hvcC", HOUSE_RECORD))
                .property(ispe(64, 64))
                .item_in(Place::Idat, 1, b"hvc1", HOUSE, &[E | 1, 2])
                .item_in(Place::Idat, 2, b"hvc1", HOUSE, &[E | 1, 2])
                .item_in(Place::Idat, 3, b"Exif", b"\0\0\0\0", &[])
                .refer(b"cdsc", 3, &[1])
                .inside(&altr(&[1, 2]))
                .build();
            lengthen(file, kind, &text)
        });
    }
    attack("av1-padding.avif", &|s| {
        let text = bytes(s, "OBU padding", "x");
        let mut file = Heif::av1();
        let unit = [&[0x7A, text.len() as u8][..], &text].concat();
        file.items[0].data.extend(unit);
        file.build()
    });
    attack("av1C-units.avif", &|s| {
        let text = bytes(s, "av1C units", "x");
        let mut file = Heif::av1();
        let unit = [AV1_RECORD, &[0x7A, text.len() as u8][..], &text].concat();
        file.properties[0] = boxed(b"av1C", &unit);
        file.build()
    });
    all
}

/// Adds bytes to the end of the first box of this type, and to the lengths of those around it.
fn lengthen(mut file: Vec<u8>, kind: &[u8; 4], text: &[u8]) -> Vec<u8> {
    let find = |file: &[u8], kind: &[u8; 4]| file.windows(4).position(|w| w == kind).unwrap() - 4;
    let len = |file: &[u8], at: usize| {
        u32::from_be_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) as usize
    };
    let start = find(&file, kind);
    let end = start + len(&file, start);
    for around in [kind, b"meta", b"iinf", b"iref", b"iprp", b"ipco", b"grpl"] {
        let at = find(&file, around);
        let is_around = at < start && start < at + len(&file, at);
        if is_around || at == start && around == kind {
            let new = (len(&file, at) + text.len()) as u32;
            file[at..at + 4].copy_from_slice(&new.to_be_bytes());
        }
    }
    file.splice(end..end, text.iter().copied());
    file
}
