//! Files as phones and programs make them.

use super::super::tiff::Order;
use super::super::{exif, icc, jpeg, mp4, vendor, xmp};
use super::sequence::animation;
use super::*;

/// A still of two tiles with all that an iPhone writes beside it.
fn iphone(s: &mut Seeds) -> Vec<u8> {
    let profile = s.at("colr", |s| icc::profile(s, icc::Kind::Monitor));
    let note = exif::apple_note(s);
    let thumb = jpeg::thumb(s);
    let exif = s.at("Exif", |s| {
        exif_item(&exif::full(s, &exif::IPHONE, Some(note), &thumb).tiff(Order::Big))
    });
    let (first, second) = (xmp_item(s, "XMP"), s.at("XMP of gain map", apple_gain_map));
    let depth = s.text("auxC of depth map", "camera calibration ");
    let tile = |s: &mut Seeds| [user_data(s), HOUSE.to_vec()].concat();
    Heif::new(b"heic\0\0\0\0mif1MiHBmiafheic")
        .property(boxed(b"hvcC", HOUSE_RECORD)) // 1
        .property(ispe(64, 64)) // 2
        .property(ispe(120, 64)) // 3
        .property(boxed(b"irot", &[3])) // 4
        .property(pixi(3)) // 5
        .property(boxed(b"colr", &[b"prof", profile.as_slice()].concat())) // 6
        .property(auxiliary("urn:com:apple:photo:2020:aux:hdrgainmap")) // 7
        .property(boxed(b"hvcC", GREY_RECORD)) // 8
        .property(pixi(1)) // 9
        .property(full(
            b"auxC",
            0,
            &[b"urn:mpeg:hevc:2015:auxid:2\0", depth.as_bytes()].concat(),
        )) // 10
        .property(auxiliary(
            "urn:com:apple:photo:2018:aux:portraiteffectsmatte",
        )) // 11
        .item(1, b"hvc1", &tile(s), &[E | 2, E | 6, E | 1])
        .hidden()
        .item(2, b"hvc1", &tile(s), &[E | 2, E | 6, E | 1])
        .hidden()
        .item_in(Place::Idat, 3, b"grid", GRID, &[E | 6, 3, E | 4, 5])
        .item(4, b"hvc1", HOUSE, &[E | 1, 2, E | 4, 5])
        .item(5, b"Exif", &exif, &[])
        .hidden()
        .mime(6, "application/rdf+xml", &first)
        .hidden()
        .item(7, b"hvc1", GREY, &[E | 8, 2, E | 4, 9, 7])
        .hidden()
        .mime(8, "application/rdf+xml", &second)
        .hidden()
        .item(9, b"hvc1", GREY, &[E | 8, 2, E | 4, 9, 10])
        .hidden()
        .item(10, b"hvc1", GREY, &[E | 8, 2, E | 4, 9, 11])
        .hidden()
        .refer(b"dimg", 3, &[1, 2])
        .refer(b"thmb", 4, &[3])
        .refer(b"cdsc", 5, &[3])
        .refer(b"cdsc", 6, &[3])
        .refer(b"auxl", 7, &[3])
        .refer(b"cdsc", 8, &[7])
        .refer(b"auxl", 9, &[3])
        .refer(b"auxl", 10, &[3])
        .primary(3)
        .build()
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    use Expect::{AlreadyClean, Cleaned, Reduced, Refused};
    vec![
        heif(
            "iphone.heic",
            "an iPhone's portrait",
            "two tiles, turned, with thumbnail, Exif, two XMP items, HDR gain map, depth map, matte, monitor's profile, messages of the encoder",
            Cleaned,
            iphone,
        ),
        heif(
            "galaxy-motion.heic",
            "a Galaxy's motion photo",
            "Exif, mpvd with a film, sefd, a picture of the burst, a film behind the picture",
            Cleaned,
            |s| {
                let thumb = jpeg::thumb(s);
                let exif = s.at("Exif", |s| {
                    exif_item(&exif::full(s, &exif::GALAXY, None, &thumb).tiff(Order::Little))
                });
                let film = s.at("mpvd", |s| mp4::film(s, &thumb, 48, 32));
                let trailer = vendor::galaxy_trailer(s, b"MotionPhoto_Data".to_vec());
                let appended = s.at("behind", |s| mp4::film(s, &thumb, 48, 32));
                let burst = [user_data(s), HOUSE.to_vec()].concat();
                Heif::simple()
                    .item(2, b"Exif", &exif, &[])
                    .refer(b"cdsc", 2, &[1])
                    .item(3, b"hvc1", &burst, &[E | 1, 2])
                    .behind(&boxed(b"mpvd", &film))
                    .behind(&boxed(b"sefd", &trailer))
                    .behind(&appended)
                    .build()
            },
        ),
        heif(
            "live.heic",
            "a phone's live photo",
            "moov with a film in a file that is a still picture",
            Cleaned,
            |s| {
                let thumb = jpeg::thumb(s);
                let film = s.at("film", |s| mp4::film(s, &thumb, 48, 32));
                // Without its ftyp and the boxes in front of moov.
                let at = film.windows(4).position(|w| w == b"moov").unwrap() - 4;
                Heif::simple()
                    .behind(&film[24..at])
                    .behind(&film[at..])
                    .build()
            },
        ),
        heif(
            "pixel.avif",
            "a Pixel's HDR picture",
            "gain map after ISO 21496-1 with text behind its numbers, names, Exif, XMP, metadata units, a group",
            Cleaned,
            |s| {
                let exif = s.at("Exif", |s| exif_item(&exif::small(s, Order::Little)));
                let packet = xmp_item(s, "XMP");
                let hidden = bytes(s, "tmap behind its numbers", "");
                let numbers = tone_map(&hidden);
                let color = s.text("infe name", "Color of ");
                let base = [&HOUSE_AV1[..2], &metadata_unit(s), &HOUSE_AV1[2..]].concat();
                let mut file = Heif::new(b"avif\0\0\0\0avifmif1miafMA1Btmap")
                    .property(boxed(b"av1C", AV1_RECORD))
                    .property(ispe(64, 64))
                    .property(pixi(3))
                    .property(colour())
                    .item(1, b"av01", &base, &[E | 1, 2, 3, 4])
                    .named(color)
                    .item(2, b"tmap", &numbers, &[2, 3, 4])
                    .item(3, b"av01", HOUSE_AV1, &[E | 1, 2, 3])
                    .hidden()
                    .item(4, b"Exif", &exif, &[])
                    .mime(5, "application/rdf+xml", &packet)
                    .refer(b"dimg", 2, &[1, 3])
                    .refer(b"cdsc", 4, &[1])
                    .refer(b"cdsc", 5, &[1])
                    .inside(&altr(&[2, 1]));
                file.handler = bytes(s, "hdlr name", "libavif of ");
                file.build()
            },
        ),
        heif(
            "alpha.avif",
            "a web page's sticker",
            "transparency, a description, creation and modification time, unknown properties and boxes",
            Reduced,
            |s| {
                let user = bytes(s, "udes", "en\0Anna on the balcony ");
                let made = 3_660_000_000_000_000
                    + u64::from(s.position("crtt").latitude()[2].0) * 1_000_000;
                s.spelled_bytes("crtt", &made.to_be_bytes());
                let unknown = bytes(s, "ipco/abcd", "number ");
                let inside = bytes(s, "meta/abcd", "box ");
                let free = bytes(s, "free", "lost ");
                let group = bytes(s, "grpl/brst", "");
                let own = bytes(s, "uuid", "program ");
                let packet = s.at("uuid XMP", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
                let gap = bytes(s, "mdat gap", "what was there before ");
                let trailer = bytes(s, "behind", "end ");
                let brand = s.text("ftyp", "");
                let mut file = Heif::av1()
                    .property(auxiliary("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"))
                    .property(full(b"udes", 0, &[&user[..], b"\0tag\0"].concat()))
                    .property(full(b"crtt", 0, &made.to_be_bytes()))
                    .property(boxed(b"abcd", &unknown))
                    .last(|item| item.properties.extend([6, 7, 8]))
                    .item(2, b"av01", HOUSE_AV1, &[E | 1, 2, 5])
                    .hidden()
                    .refer(b"auxl", 2, &[1])
                    .inside(&boxed(b"abcd", &inside))
                    .inside(&boxed(
                        b"grpl",
                        &full(b"brst", 0, &[&words(&[9, 1, 1])[..], &group].concat()),
                    ))
                    .before(&boxed(b"free", &free))
                    .before(&uuid(b"0123456789abcdef", &own))
                    .before(&uuid(XMP_UUID, &packet))
                    .gap(&gap)
                    .behind(&trailer);
                file.brands.extend(brand.as_bytes());
                file.brands.extend(b"  ");
                file.build()
            },
        ),
        heif(
            "animated.avif",
            "a messenger's animation",
            "two pictures in a track, a track of sensors, user data, times, names",
            Cleaned,
            animation,
        ),
        heif(
            "jpeg-item.heic",
            "a program that puts a JPEG into HEIF",
            "a JPEG with Exif as the picture, Exif behind all boxes",
            Cleaned,
            |s| {
                let picture = jpeg::thumb(s);
                let exif = s.at("Exif", |s| exif_item(&exif::small(s, Order::Big)));
                Heif::new(b"mif1\0\0\0\0mif1jpeg")
                    .property(ispe(48, 32))
                    .item(1, b"jpeg", &picture, &[1])
                    .item_in(Place::Behind, 2, b"Exif", &exif, &[])
                    .refer(b"cdsc", 2, &[1])
                    .build()
            },
        ),
        heif(
            "other-items.heic",
            "programs that add items of their own",
            "text, URI, an unknown type, a rotation that only Exif tells of",
            Cleaned,
            |s| {
                let text = bytes(s, "mime text/plain", "Anna, Exempelgatan ");
                let unknown = bytes(s, "abcd", "faces ");
                let block = exif::ifd0(s, &exif::IPHONE).tiff(Order::Big);
                Heif::simple()
                    .mime(2, "text/plain", &text)
                    .item(3, b"abcd", &unknown, &[])
                    .item(4, b"Exif", &exif_item(&block), &[])
                    .refer(b"cdsc", 4, &[1])
                    .build()
            },
        ),
        heif(
            "cropped.heic",
            "a phone's editor",
            "a border that is cut off for viewers only, and Exif",
            Reduced,
            |s| {
                let exif = s.at("Exif", |s| exif_item(&exif::small(s, Order::Big)));
                let clap = boxed(b"clap", &words(&[32, 1, 32, 1, 0, 1, 0, 1]));
                Heif::simple()
                    .property(clap)
                    .last(|item| item.properties.push(E | 4))
                    .item(2, b"Exif", &exif, &[])
                    .refer(b"cdsc", 2, &[1])
                    .build()
            },
        ),
        heif(
            "damaged-loop.heic",
            "an attacker",
            "a grid that is made of itself",
            Refused,
            |_| {
                Heif::simple()
                    .item_in(Place::Idat, 2, b"grid", GRID, &[2])
                    .refer(b"dimg", 2, &[1, 2])
                    .primary(2)
                    .build()
            },
        ),
        heif(
            "damaged-short.heic",
            "a damaged file",
            "ends within the picture",
            Refused,
            |_| {
                let mut file = Heif::simple().build();
                file.truncate(file.len() - 40);
                file
            },
        ),
        heif(
            "clean.heic",
            "a picture without anything",
            "one picture of HEVC",
            AlreadyClean,
            |_| {
                clean(
                    b"heic\0\0\0\0mif1heic",
                    b"hvc1",
                    b"hvcC",
                    HOUSE_RECORD,
                    HOUSE,
                )
            },
        ),
        heif(
            "clean.avif",
            "a picture without anything",
            "one picture of AV1",
            AlreadyClean,
            |_| {
                clean(
                    b"avif\0\0\0\0avifmif1",
                    b"av01",
                    b"av1C",
                    AV1_RECORD,
                    HOUSE_AV1,
                )
            },
        ),
    ]
}
