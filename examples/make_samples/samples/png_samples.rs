//! The PNG samples.

use super::deflate::zlib;
use super::png::{Kind, Png, chunk, scanlines};
use super::scene::Scene;
use super::seed::Seeds;
use super::tiff::Order;
use super::{Expect, Sample, c2pa, exif, icc, iptc, jpeg, vendor, xmp};

fn png(
    name: &str,
    imitates: &str,
    how: &str,
    expect: Expect,
    make: impl FnOnce(&mut Seeds) -> Vec<u8>,
) -> Sample {
    Sample::new("png", name, imitates, how, expect, make)
}

/// A whole Exif block.
fn block(s: &mut Seeds) -> Vec<u8> {
    let thumb = jpeg::thumb(s);
    // Upright: readers do not agree on whether an orientation behind the picture counts.
    exif::full(s, &exif::GOPRO, None, &thumb).tiff(Order::Big)
}

fn text(s: &mut Seeds, keyword: &str, value: &str) -> Vec<u8> {
    let value = s.at("tEXt", |s| s.text(keyword, value));
    chunk(
        b"tEXt",
        &[keyword.as_bytes(), &[0], value.as_bytes()].concat(),
    )
}

fn compressed(s: &mut Seeds, keyword: &str, make: impl FnOnce(&mut Seeds) -> Vec<u8>) -> Vec<u8> {
    let value = s.at("zTXt", |s| s.within("deflate", make));
    chunk(
        b"zTXt",
        &[keyword.as_bytes(), &[0, 0], &zlib(&value, &[1])].concat(),
    )
}

fn international(
    s: &mut Seeds,
    keyword: &str,
    squeeze: bool,
    make: impl FnOnce(&mut Seeds) -> Vec<u8>,
) -> Vec<u8> {
    let value = s.at("iTXt", |s| {
        let packed = if squeeze {
            s.within("deflate", make)
        } else {
            make(s)
        };
        if squeeze { zlib(&packed, &[1]) } else { packed }
    });
    chunk(
        b"iTXt",
        &[keyword.as_bytes(), &[0, u8::from(squeeze), 0, 0, 0], &value].concat(),
    )
}

/// ImageMagick's way of storing blocks: hexadecimal digits in a compressed text.
fn raw_profile(s: &mut Seeds, name: &str, make: impl FnOnce(&mut Seeds) -> Vec<u8>) -> Vec<u8> {
    let keyword = format!("Raw profile type {name}");
    compressed(s, &keyword, |s| {
        let block = s.within("hex", |s| s.at(&keyword, make));
        let mut out = format!("\n{name}\n{:8}\n", block.len());
        for line in block.chunks(36) {
            out.extend(line.iter().map(|b| format!("{b:02x}")));
            out.push('\n');
        }
        out.into_bytes()
    })
}

fn profile(s: &mut Seeds) -> Vec<u8> {
    let name = s.text("iCCP name", "Annas monitor ");
    let profile = s.within("deflate", |s| icc::profile(s, icc::Kind::Monitor));
    chunk(
        b"iCCP",
        &[name.as_bytes(), &[0, 0], &zlib(&profile, &[1])].concat(),
    )
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    let mut all = texts();
    all.extend(data());
    all.extend(kinds());
    all
}

fn texts() -> Vec<Sample> {
    use Expect::Cleaned;
    vec![
        png(
            "screenshot.png",
            "a screenshot on a Mac: profile of the monitor",
            "iCCP with serial number, iDOT, eXIf in front of the picture, iTXt XMP, pHYs, tIME",
            Cleaned,
            |s| {
                let exif = s.at("eXIf", |s| exif::small(s, Order::Big));
                let icc = profile(s);
                let shot = s.text("iTXt/exif:UserComment", "Screenshot of map ");
                let body = xmp::element("exif:UserComment", &shot);
                let packet = xmp::packet(&[xmp::EXIF], &body);
                let dot = s.text("iDOT", "");
                let xmp = international(s, "XML:com.adobe.xmp", false, |_| packet);
                let mut file = Png::rgb(45)
                    .put("before PLTE", &icc)
                    .chunk(b"eXIf", &exif)
                    .chunk(b"pHYs", &[0, 0, 0x16, 0x25, 0, 0, 0x16, 0x25, 1])
                    .put("before IDAT", &xmp)
                    .chunk(
                        b"iDOT",
                        &[&[0, 0, 0, 2, 0, 0, 0, 0], dot.as_bytes()].concat(),
                    )
                    .chunk(b"tIME", &[7, 227, 5, 12, 14, 30, 7]);
                file = file.put("behind IDAT", &text(s, "Software", "Preview "));
                file.build()
            },
        ),
        png(
            "phone-exif-last.png",
            "an app that converts photos",
            "eXIf behind the picture, zTXt raw profiles of Exif, IPTC and XMP, iTXt XMP, compressed iTXt",
            Cleaned,
            |s| {
                let exif = s.at("eXIf", block);
                let raw_exif =
                    raw_profile(s, "exif", |s| [b"Exif\0\0".as_slice(), &block(s)].concat());
                let raw_app1 = raw_profile(s, "APP1", |s| {
                    xmp::app1(&xmp::packet(&xmp::COMMON, &xmp::common(s)))
                });
                let raw_iptc = raw_profile(s, "iptc", |s| {
                    let iim = iptc::iim(s);
                    iptc::resource(b"8BIM", 0x0404, "", &iim)
                });
                let raw_xmp = raw_profile(s, "xmp", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
                let xmp = international(s, "XML:com.adobe.xmp", false, |s| {
                    xmp::packet(&xmp::COMMON, &xmp::common(s))
                });
                let note = international(s, "Description", true, |s| {
                    s.text("Description", "Our flat ").into_bytes()
                });
                [raw_app1, raw_iptc, raw_xmp, xmp, note]
                    .iter()
                    .fold(Png::rgb(45).put("before IDAT", &raw_exif), |png, chunk| {
                        png.put("behind IDAT", chunk)
                    })
                    .put("behind IDAT", &chunk(b"eXIf", &exif))
                    .build()
            },
        ),
        png(
            "texts.png",
            "many programs: AI prompts, paths of thumbnails, dates, a whole diagram",
            "tEXt with well-known and private keywords in front of and behind the picture",
            Cleaned,
            |s| {
                let mut file = Png::rgb(45);
                for (i, (keyword, value)) in [
                    ("Title", "Our door "),
                    ("Author", "Anna Exempel "),
                    ("Comment", "third floor "),
                    ("Copyright", "(c) Anna Exempel "),
                    ("Creation Time", "2019-05-12 "),
                    ("Software", "Snagit "),
                    ("Source", "IMG_4711 "),
                    ("parameters", "a red house, model C:\\Users\\anna\\"),
                    ("prompt", "{\"text\": \"a red house\"} "),
                    ("workflow", "{\"path\": \"/home/anna/\"} "),
                    ("Location", "Sjoviken "),
                    ("Thumb::URI", "file:///home/anna/"),
                    ("Thumb::MTime", "1557664207 "),
                    ("exif:GPSLatitude", "57/1, 23/1, "),
                    ("date:create", "2019-05-12T14:30:07+02:00 "),
                    ("mxfile", "<mxfile>"),
                    ("Nobody knows", "private "),
                ]
                .iter()
                .enumerate()
                {
                    let place = ["before IDAT", "behind IDAT"][i % 2];
                    file = file.put(place, &text(s, keyword, value));
                }
                let plain = compressed(s, "Comment", |s| {
                    s.text("Comment", "compressed ").into_bytes()
                });
                file.put("before PLTE", &plain).build()
            },
        ),
        png(
            "editor.png",
            "programs that keep their whole document inside",
            "Fireworks, Skitch, Picture It!, ImageMagick, private chunks, caBX with a manifest, sPLT, pCAL",
            Cleaned,
            |s| {
                let store = s.at("caBX", |s| {
                    let thumb = jpeg::thumb(s);
                    c2pa::store(s, &thumb)
                });
                let original = s.within("deflate", |s| {
                    s.at("mkBT", |s| s.text("layer", "uncropped "))
                });
                let mut file = Png::rgb(45).chunk(b"caBX", &store).chunk(
                    b"mkBT",
                    &[b"\xFA\xCE\0\0".as_slice(), &zlib(original.as_bytes(), &[1])].concat(),
                );
                for (kind, value) in [
                    (b"mkBF", "layers "),
                    (b"skMf", "original "),
                    (b"skRf", "PNG original "),
                    (b"prVW", "preview "),
                    (b"cpIp", "OLE "),
                    (b"meTa", "Picture It "),
                    (b"vpAg", "page "),
                    (b"orNT", "6 "),
                    (b"sPLT", "palette\0\x08"),
                    (b"pCAL", "purpose\0"),
                    (b"sCAL", "1"),
                    (b"oFFs", "at "),
                    (b"abCd", "private "),
                    (b"seAl", "<seal "),
                    (b"zxIf", "\0\0\0\0"),
                ] {
                    let name = String::from_utf8_lossy(kind).into_owned();
                    let value = s.text(&name, value);
                    file = file.chunk(kind, value.as_bytes());
                }
                file.build()
            },
        ),
    ]
}

fn data() -> Vec<Sample> {
    use Expect::{Cleaned, Refused};
    let dirty = |s: &mut Seeds, png: Png| png.put("before IDAT", &text(s, "Comment", "home "));
    vec![
        png(
            "idat-tail.png",
            "somebody who hides text",
            "bytes behind the end of the zlib stream, a second stream, an IDAT more",
            Cleaned,
            |s| {
                let mut file = Png::rgb(45);
                let tail = s.text("IDAT behind the zlib stream", "hidden ");
                file.data.last_mut().unwrap().extend(tail.bytes());
                let second = s.within("deflate", |s| {
                    s.text("IDAT, second zlib stream", "older picture ")
                });
                file.data.push(zlib(second.as_bytes(), &[1]));
                file.build()
            },
        ),
        png(
            "excess-scanlines.png",
            "an editor that changed the height only",
            "more scanlines than the header says",
            Cleaned,
            |s| {
                let (mut raw, stride) = scanlines(&Scene::house(64, 48, 45), Kind::Rgb, 45);
                let extra = s.within("deflate", |s| {
                    s.text("excess scanlines", "below the picture ")
                });
                raw.extend(extra.bytes());
                raw.resize(raw.len().next_multiple_of(stride), 0);
                let mut file = Png::rgb(45);
                file.data = vec![zlib(&raw, &[1, 3, stride])];
                file.build()
            },
        ),
        png(
            "behind-iend.png",
            "a phone that appends its trailer",
            "SEFT, a second PNG and a ZIP behind the end",
            Cleaned,
            |s| {
                let sef = vendor::galaxy_trailer(s, Vec::new());
                let comment = s.at("second PNG", |s| text(s, "Comment", "older "));
                let second = Png::rgb(60).put("before IDAT", &comment).build();
                let zip = vendor::zip(s);
                Png::rgb(45)
                    .put("behind IEND", &[second, zip, sef].concat())
                    .build()
            },
        ),
        png(
            "acropalypse.png",
            "a screenshot tool that does not truncate",
            "the end of a larger older picture behind the end",
            Cleaned,
            |s| {
                let comment = text(s, "Comment", "older ");
                let older = Png::rgb(60).put("behind IDAT", &comment).build();
                Png::rgb(45)
                    .put("behind IEND", &older[older.len() / 2..])
                    .build()
            },
        ),
        png(
            "bad-crc-ancillary.png",
            "a broken writer",
            "wrong check sum in a text chunk",
            Cleaned,
            |s| {
                let mut chunk = text(s, "Comment", "home ");
                *chunk.last_mut().unwrap() ^= 1;
                Png::rgb(45).put("before IDAT", &chunk).build()
            },
        ),
        png(
            "damaged-idat-crc.png",
            "a damaged file",
            "wrong check sum in the picture",
            Refused,
            |s| {
                let file = dirty(s, Png::rgb(45)).build();
                let end = file.len() - 12;
                [&file[..end - 1], &[file[end - 1] ^ 1], &file[end..]].concat()
            },
        ),
        png(
            "damaged-short.png",
            "a damaged file",
            "ends within the picture",
            Refused,
            |s| {
                let mut file = dirty(s, Png::rgb(45)).build();
                file.truncate(file.len() - 700);
                file
            },
        ),
        png(
            "unknown-critical.png",
            "a variant that nobody knows",
            "a critical chunk that no standard has",
            Refused,
            |s| {
                let secret = s.text("ABcD", "critical ");
                Png::rgb(45).chunk(b"ABCD", secret.as_bytes()).build()
            },
        ),
        png(
            "clean.png",
            "a picture without anything",
            "IHDR, IDAT, IEND",
            Expect::AlreadyClean,
            |_| Png::rgb(45).build(),
        ),
    ]
}

fn kinds() -> Vec<Sample> {
    use Expect::Cleaned;
    let of = |name: &str, imitates: &str, how: &str, kind: Kind, expect: Expect| {
        png(name, imitates, how, expect, |s| {
            let comment = text(s, "Comment", "home ");
            Png::new(kind, 45)
                .put("before PLTE", &chunk(b"gAMA", &45_455_u32.to_be_bytes()))
                .put("before IDAT", &comment)
                .build()
        })
    };
    vec![
        of("deep.png", "an editor", "16 bits", Kind::Deep, Cleaned),
        of(
            "palette.png",
            "a drawing program",
            "palette, tRNS, four bits",
            Kind::Palette,
            Cleaned,
        ),
        of(
            "interlaced.png",
            "a web page of old",
            "interlaced",
            Kind::Interlaced,
            Cleaned,
        ),
        of(
            "hidden-alpha.png",
            "a phone's eraser",
            "colours below fully transparent pixels",
            Kind::Alpha,
            Expect::Reduced,
        ),
        png(
            "animated.png",
            "a messenger's sticker",
            "APNG of two frames whose default image is not part of the animation; texts between the frames",
            Expect::Reduced,
            |s| {
                let control = |sequence: u32| {
                    let mut out = sequence.to_be_bytes().to_vec();
                    for n in [64_u32, 48, 0, 0] {
                        out.extend(n.to_be_bytes());
                    }
                    out.extend([0, 10, 0, 100, 0, 0]);
                    chunk(b"fcTL", &out)
                };
                let frame = |sequence: u32, door: usize| {
                    let (raw, stride) = scanlines(&Scene::house(64, 48, door), Kind::Rgb, door);
                    let data = zlib(&raw, &[1, 3, stride]);
                    chunk(b"fdAT", &[&sequence.to_be_bytes()[..], &data].concat())
                };
                Png::rgb(30)
                    .chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0])
                    .put("behind IDAT", &text(s, "Comment", "first "))
                    .put("behind IDAT", &[control(0), frame(1, 45)].concat())
                    .put("behind IDAT", &text(s, "Author", "Anna Exempel "))
                    .put("behind IDAT", &[control(2), frame(3, 60)].concat())
                    .build()
            },
        ),
    ]
}

/// Structures that no specification names.
pub fn attacks() -> Vec<Sample> {
    let attack = |name: &str, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
        png(
            &format!("canary/attack-{name}.png"),
            "an attacker",
            name,
            Expect::Cleaned,
            make,
        )
    };
    let inside = |kind: &'static [u8; 4], start: &'static [u8]| {
        move |s: &mut Seeds| {
            let text = s.text(&String::from_utf8_lossy(kind), "x");
            let bytes = chunk(kind, &[start, text.as_bytes()].concat());
            Png::rgb(45).put("before PLTE", &bytes).build()
        }
    };
    vec![
        attack("gAMA-too-long", &inside(b"gAMA", &[0, 0, 0xB1, 0x8F])),
        attack("cHRM-too-long", &inside(b"cHRM", &[0; 32])),
        attack("sRGB-too-long", &inside(b"sRGB", &[0])),
        attack(
            "pHYs-too-long",
            &inside(b"pHYs", &[0, 0, 0x0B, 0x13, 0, 0, 0x0B, 0x13, 1]),
        ),
        attack("sBIT-too-long", &inside(b"sBIT", &[8, 8, 8])),
        attack("bKGD-too-long", &inside(b"bKGD", &[0; 6])),
        attack("tRNS-too-long", &inside(b"tRNS", &[0; 6])),
        attack("cICP-too-long", &inside(b"cICP", &[1, 13, 0, 1])),
        attack("mDCV-too-long", &inside(b"mDCV", &[0; 24])),
        attack("cLLI-too-long", &inside(b"cLLI", &[0; 8])),
        attack("acTL-alone", &inside(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0])),
        attack("fcTL-alone", &inside(b"fcTL", &[0; 26])),
        attack("fdAT-without-acTL", &inside(b"fdAT", &[0; 4])),
        attack("suggested-PLTE", &|s| {
            let text = s.text("PLTE of an RGB picture", "pal..");
            Png::rgb(45)
                .put("before PLTE", &chunk(b"PLTE", text.as_bytes()))
                .build()
        }),
        attack("palette-surplus", &|s| {
            let text = s.text("PLTE beyond 16 colours", "p....");
            let mut file = Png::new(Kind::Palette, 45).build();
            let at = file.windows(4).position(|w| w == b"PLTE").unwrap();
            let old = file[at + 4..at + 4 + 48].to_vec();
            let new = chunk(b"PLTE", &[&old, text.as_bytes()].concat());
            file.splice(at - 4..at + 8 + 48, new);
            file
        }),
        attack("iCCP-tail", &|s| {
            let icc = icc::profile(s, icc::Kind::Standard);
            let tail = s.text("iCCP behind its zlib stream", "hidden ");
            Png::rgb(45)
                .put(
                    "before PLTE",
                    &chunk(
                        b"iCCP",
                        &[b"P3\0\0".as_slice(), &zlib(&icc, &[1]), tail.as_bytes()].concat(),
                    ),
                )
                .build()
        }),
        attack("icc-tail", &|s| {
            let mut icc = icc::profile(s, icc::Kind::Standard);
            icc.extend(
                s.within("deflate", |s| s.text("iCCP, behind the profile", "hidden "))
                    .bytes(),
            );
            Png::rgb(45)
                .put(
                    "before PLTE",
                    &chunk(b"iCCP", &[b"P3\0\0".as_slice(), &zlib(&icc, &[1])].concat()),
                )
                .build()
        }),
        attack("IEND-with-data", &|s| {
            let text = s.text("IEND", "data ");
            let mut file = Png::rgb(45).build();
            file.truncate(file.len() - 12);
            file.extend(chunk(b"IEND", text.as_bytes()));
            file
        }),
        attack("second-IHDR-behind-IEND", &|s| {
            let text = text(s, "Comment", "x");
            let second = Png::rgb(60).build();
            Png::rgb(45)
                .put("behind IEND", &second[8..])
                .put("behind IEND", &text)
                .build()
        }),
        attack("empty-IDATs", &|s| {
            let mut file = Png::rgb(45);
            file.data.insert(1, Vec::new());
            file.put("before IDAT", &text(s, "Comment", "x")).build()
        }),
        attack("deflate-stored-block-gap", &|s| {
            // A stored block of no bytes may follow any bits: the five to seven bits in front of its
            // length are padding, too few for a marker, but many such blocks make a message.
            let text = s.text("comment", "x");
            Png::rgb(45)
                .put(
                    "before IDAT",
                    &chunk(b"tEXt", &[b"Comment\0", text.as_bytes()].concat()),
                )
                .build()
        }),
        attack("fdAT-tail", &|s| {
            let (raw, stride) = scanlines(&Scene::house(64, 48, 60), Kind::Rgb, 60);
            let text = s.text("fdAT behind its zlib stream", "hidden ");
            let data = [zlib(&raw, &[1, 3, stride]), text.into_bytes()].concat();
            let mut control = vec![0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 48];
            control.extend([0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 100, 0, 0]);
            let second = [&[0, 0, 0, 1], &control[4..]].concat();
            Png::rgb(45)
                .chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0])
                .chunk(b"fcTL", &control)
                .put("behind IDAT", &chunk(b"fcTL", &second))
                .put(
                    "behind IDAT",
                    &chunk(b"fdAT", &[&[0, 0, 0, 2], &data[..]].concat()),
                )
                .build()
        }),
        attack("tRNS-of-palette-too-long", &|s| {
            let text = s.text("tRNS beyond the palette", "0123456789ABCDEF");
            let mut file = Png::new(Kind::Palette, 45).build();
            let at = file.windows(4).position(|w| w == b"tRNS").unwrap();
            file.splice(at - 4..at + 11, chunk(b"tRNS", text.as_bytes()));
            file
        }),
    ]
}
