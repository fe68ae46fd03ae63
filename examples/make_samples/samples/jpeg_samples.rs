//! The JPEG samples.

use super::jpeg::{Jpeg, adobe, jfif, photo, thumb};
use super::jpeg_encode::{Colours, Options, encode, segment};
use super::scene::Scene;
use super::seed::Seeds;
use super::tiff::{Ifd, Order, Value};
use super::{Expect, Sample, c2pa, exif, icc, iptc, mp4, vendor, xmp};

const JPEG: &str = "jpeg";

fn cleaned(
    name: &str,
    imitates: &str,
    how: &str,
    make: impl FnOnce(&mut Seeds) -> Vec<u8>,
) -> Sample {
    Sample::new(JPEG, name, imitates, how, Expect::Cleaned, make)
}

/// All of them.
pub fn samples() -> Vec<Sample> {
    let mut all = devices();
    all.extend(editors());
    all.extend(high_dynamic_range());
    all.extend(several_pictures());
    all.extend(odd_structures());
    all.extend(trailers());
    all.extend(codings());
    all.extend(damaged());
    all
}

/// An Exif block of a device.
fn exif_of(s: &mut Seeds, device: &exif::Device, note: fn(&mut Seeds) -> Value) -> Vec<u8> {
    s.at("APP1 Exif", |s| {
        let note = note(s);
        let thumb = thumb(s);
        exif::full(s, device, Some(note), &thumb).tiff(device.order)
    })
}

/// A packet with the usual properties and some more.
fn xmp_of(
    s: &mut Seeds,
    more: &[(&str, &str)],
    body: impl FnOnce(&mut Seeds) -> String,
) -> Vec<u8> {
    s.at("APP1 XMP", |s| {
        let text = [xmp::common(s), body(s)].join("\n");
        xmp::app1(&xmp::packet(&[&xmp::COMMON[..], more].concat(), &text))
    })
}

fn film(s: &mut Seeds) -> Vec<u8> {
    let frame = encode(&Scene::house(64, 48, 30), Options::baseline(Colours::YCbCr)).plain();
    mp4::film(s, &frame, 64, 48)
}

fn devices() -> Vec<Sample> {
    vec![
        cleaned(
            "iphone.jpg",
            "a phone of Apple",
            "Exif (big endian, orientation 6, maker note, GPS, thumbnail with Exif of its own), XMP with named faces, Display P3",
            |s| {
                let exif = exif_of(s, &exif::IPHONE, exif::apple_note);
                let xmp = xmp_of(s, &[xmp::MWG], xmp::regions);
                let icc = icc::profile(s, icc::Kind::Standard);
                Jpeg::new(photo(45))
                    .exif(&exif)
                    .app(0xE1, &xmp)
                    .apps(0xE2, &icc::app2(&icc, 1))
                    .build()
            },
        ),
        cleaned(
            "pixel-motion.jpg",
            "a phone of Google: motion photo",
            "Exif (little endian), XMP that describes the film, extended XMP with a picture in base 64, film with position behind the end",
            |s| {
                let exif = s.at("APP1 Exif", |s| {
                    let thumb = thumb(s);
                    exif::full(s, &exif::PIXEL, None, &thumb).tiff(Order::Little)
                });
                let film = film(s);
                let xmp = xmp_of(
                    s,
                    &[xmp::GCAMERA, xmp::CONTAINER, xmp::ITEM, xmp::NOTE],
                    |s| {
                        let items = [
                            ("Primary", "image/jpeg", 0),
                            ("MotionPhoto", "video/mp4", film.len()),
                        ];
                        [
                            xmp::element("GCamera:MotionPhoto", "1"),
                            xmp::element("GCamera:BurstID", &s.text("GCamera:BurstID", "burst ")),
                            xmp::element("GCamera:MicroVideoOffset", &film.len().to_string()),
                            xmp::element("xmpNote:HasExtendedXMP", xmp::GUID),
                            xmp::directory(&items),
                        ]
                        .join("\n")
                    },
                );
                let extended = s.at("APP1 extended XMP", |s| {
                    let picture = s.within("base64", |s| s.at("GImage:Data", thumb));
                    let note = s.text("GCamera:HdrPlusMakernote", "HDRP");
                    let body = [
                        xmp::element("GImage:Data", &xmp::base64(&picture)),
                        xmp::element("GCamera:HdrPlusMakernote", &note),
                    ]
                    .concat();
                    xmp::packet(&[xmp::GIMAGE, xmp::GCAMERA], &body)
                });
                Jpeg::new(photo(45))
                    .exif(&exif)
                    .app(0xE1, &xmp)
                    .apps(0xE1, &xmp::extended(&extended, 2))
                    .tail(&film)
                    .build()
            },
        ),
        cleaned(
            "samsung-sef.jpg",
            "a Galaxy: trailer with film, re-edit data, country code",
            "Exif (little endian, orientation 6), APP4 and APP5, SEFH … SEFT behind the end",
            |s| {
                let exif = s.at("APP1 Exif", |s| {
                    let thumb = thumb(s);
                    exif::full(s, &exif::GALAXY, None, &thumb).tiff(Order::Little)
                });
                let film = film(s);
                let trailer = vendor::galaxy_trailer(s, film);
                let preview = vendor::known(s, "APP4 Samsung preview", b"SAMSUNG\0");
                let unique = vendor::known(s, "APP5 Samsung unique id", b"ssuniqueid\0");
                Jpeg::new(photo(45))
                    .exif(&exif)
                    .app(0xE4, &preview)
                    .app(0xE5, &unique)
                    .tail(&trailer)
                    .build()
            },
        ),
        cleaned(
            "camera-canon.jpg",
            "a camera: maker note and a thumbnail from before the crop",
            "Exif (little endian, orientation 8) with interoperability R03, fields of Windows and Office, private directories",
            |s| {
                let exif = s.at("APP1 Exif", |s| {
                    let device = &exif::CANON;
                    let thumb = thumb(s);
                    let note = exif::canon_note(s);
                    let interop = Ifd::new(vec![
                        (1, Value::Ascii("R03".into())),
                        (2, Value::Undefined(b"0100".to_vec())),
                        (
                            0x1000,
                            Value::Ascii(s.text("Interop/RelatedImageFileFormat", "JPEG ")),
                        ),
                    ]);
                    let shot = exif::shot(s, device);
                    let shot = exif::shot_new(s, shot)
                        .with(0x927C, note)
                        .with(0xA005, Value::Ifd(interop));
                    let ifd = exif::ifd0(s, device);
                    exif::ifd0_rare(s, ifd)
                        .with(0x8769, Value::Ifd(shot))
                        .with(0x8825, Value::Ifd(exif::gps(s, device.order)))
                        .next(exif::thumbnail(s, &thumb))
                        .tiff(device.order)
                });
                Jpeg::new(photo(45)).exif(&exif).build()
            },
        ),
        cleaned(
            "camera-nikon.jpg",
            "a camera: preview picture and place in the maker note",
            "Exif (big endian), JFIF",
            |s| {
                let exif = exif_of(s, &exif::NIKON, |s| {
                    let preview = s.at("Exif/MakerNote Nikon/Preview", thumb);
                    exif::nikon_note(s, &preview)
                });
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(300, &[]))
                    .exif(&exif)
                    .build()
            },
        ),
        cleaned(
            "camera-panasonic.jpg",
            "a camera that knows faces, names, birthdays and landmarks",
            "Exif (little endian, orientation 3)",
            |s| {
                let exif = exif_of(s, &exif::PANASONIC, exif::panasonic_note);
                Jpeg::new(photo(45)).exif(&exif).build()
            },
        ),
        cleaned(
            "drone.jpg",
            "a drone of DJI",
            "Exif, XMP with flight data, APP3, APP4, APP5, APP7, preview with GPS behind the end",
            |s| {
                let exif = s.at("APP1 Exif", |s| {
                    let thumb = thumb(s);
                    exif::full(s, &exif::DRONE, None, &thumb).tiff(Order::Little)
                });
                let xmp = xmp_of(s, &[xmp::DJI], xmp::flight);
                let preview = s.at("MPF image 2", thumb);
                let mut jpeg = Jpeg::new(photo(45)).exif(&exif).app(0xE1, &xmp);
                for (marker, place, start) in vendor::KNOWN.iter().filter(|k| k.1.contains("DJI")) {
                    jpeg = jpeg.app(*marker, &vendor::known(s, place, start));
                }
                jpeg.images(Ifd::default(), vec![preview]).build()
            },
        ),
        cleaned(
            "scanner.jpg",
            "a flatbed scanner",
            "JFIF with 300 dots per inch and a thumbnail, JFXX thumbnail, comments with paths, printer names",
            |s| {
                let exif = s.at("APP1 Exif", |s| {
                    let ifd = exif::ifd0(s, &exif::SCANNER);
                    exif::ifd0_rare(s, ifd).tiff(Order::Little)
                });
                let small = s.at("APP0 JFIF", |s| {
                    let mut pixels = s.text("thumbnail", "RGB").into_bytes();
                    pixels.resize(48, 0x41);
                    pixels
                });
                let extension = s.at("APP0 JFXX", thumb);
                let irb = s.at("APP13", |s| {
                    let info = s.text("8BIM 043D DEVMODE", "\\\\printserver\\anna ");
                    iptc::resource(b"8BIM", 0x043D, "", info.as_bytes())
                });
                let comment = s.text("COM", "C:\\Users\\anna\\Scans\\");
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(300, &small))
                    .app(0xE0, &[b"JFXX\0\x10".as_slice(), &extension].concat())
                    .exif(&exif)
                    .app(0xED, &[b"Photoshop 3.0\0".as_slice(), &irb].concat())
                    .app(0xFE, comment.as_bytes())
                    .build()
            },
        ),
        cleaned(
            "flir.jpg",
            "a thermal camera",
            "APP1 FLIR in two segments",
            |s| {
                let flir = vendor::flir(s);
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .apps(0xE1, &flir)
                    .build()
            },
        ),
        cleaned(
            "gopro.jpg",
            "an action camera",
            "Exif, APP6 with GPMF",
            |s| {
                let exif = exif_of(s, &exif::GOPRO, exif::canon_note);
                let gopro = vendor::gopro(s);
                Jpeg::new(photo(45)).exif(&exif).app(0xE6, &gopro).build()
            },
        ),
        cleaned("ricoh.jpg", "a surveyor's camera", "APP5 RMETA", |s| {
            let rmeta = vendor::ricoh(s);
            Jpeg::new(photo(45))
                .app(0xE0, &jfif(72, &[]))
                .app(0xE5, &rmeta)
                .build()
        }),
    ]
}

fn editors() -> Vec<Sample> {
    vec![
        cleaned(
            "edited.jpg",
            "a picture edited on a computer",
            "JFIF, Exif, XMP with history, extended XMP in two segments, image resources that straddle two APP13, Ducky, profile of a monitor in two chunks, Adobe",
            |s| {
                let exif = s.at("APP1 Exif", |s| {
                    let thumb = thumb(s);
                    exif::full(s, &exif::NIKON, None, &thumb).tiff(Order::Big)
                });
                let more = [xmp::XMP_MM, xmp::ST_EVT, xmp::NOTE];
                let xmp = xmp_of(s, &more, |s| {
                    [
                        xmp::history(s),
                        xmp::element("xmpNote:HasExtendedXMP", xmp::GUID),
                    ]
                    .concat()
                });
                let extended = s.at("APP1 extended XMP", |s| {
                    let text = s.text("crs:RawFileName", "IMG_4711_");
                    xmp::packet(&[xmp::XMP], &xmp::element("xmp:Label", &text))
                });
                let irb = s.at("APP13", |s| {
                    let thumb = s.at("8BIM 040C", thumb);
                    let inner = s.at("8BIM 0422", |s| exif::small(s, Order::Big));
                    let packet = s.at("8BIM 0424", |s| xmp::packet(&xmp::COMMON, &xmp::common(s)));
                    iptc::resources(s, &thumb, &inner, &packet)
                });
                // The cut goes through a resource.
                let (first, second) = irb.split_at(irb.len() / 2 + 1);
                let icc = s.at("APP2", |s| icc::profile(s, icc::Kind::Monitor));
                let ducky =
                    vendor::known(s, "APP12 Ducky", b"Ducky\0\x01\0\x04\0\0\0\x3C\0\x02\0\x10");
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(240, &[]))
                    .exif(&exif)
                    .app(0xED, &[b"Photoshop 3.0\0", first].concat())
                    .app(0xED, &[b"Photoshop 3.0\0", second].concat())
                    .app(0xE1, &xmp)
                    .apps(0xE1, &xmp::extended(&extended, 2))
                    .apps(0xE2, &icc::app2(&icc, 2))
                    .app(0xEC, &ducky)
                    .app(0xEE, &adobe(1, &[]))
                    .build()
            },
        ),
        cleaned(
            "c2pa.jpg",
            "a picture with content credentials",
            "JUMBF in two APP11 segments: position, author, actions, thumbnail; provenance link in XMP",
            |s| {
                let store = s.at("APP11", |s| {
                    let thumb = s.at("C2PA/c2pa.thumbnail", thumb);
                    c2pa::store(s, &thumb)
                });
                let xmp = s.at("APP1 XMP", |s| {
                    let link = s.text("dcterms:provenance", "https://example.org/c2pa/");
                    let body = xmp::element("dcterms:provenance", &link);
                    xmp::app1(&xmp::packet(
                        &[("dcterms", "http://purl.org/dc/terms/")],
                        &body,
                    ))
                });
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .app(0xE1, &xmp)
                    .apps(0xEB, &c2pa::app11(&store, 2))
                    .build()
            },
        ),
        cleaned(
            "panorama.jpg",
            "a panorama app",
            "XMP with projection and compass heading, cell tower",
            |s| {
                let xmp = xmp_of(s, &[xmp::GPANO, xmp::CELL], |s| {
                    [
                        ("GPano:ProjectionType", "equirectangular".to_owned()),
                        ("GPano:UsePanoramaViewer", "True".to_owned()),
                        ("GPano:FullPanoWidthPixels", "160".to_owned()),
                        ("GPano:FullPanoHeightPixels", "112".to_owned()),
                        ("GPano:CroppedAreaImageWidthPixels", "160".to_owned()),
                        ("GPano:CroppedAreaImageHeightPixels", "112".to_owned()),
                        ("GPano:CroppedAreaLeftPixels", "0".to_owned()),
                        ("GPano:CroppedAreaTopPixels", "0".to_owned()),
                        ("GPano:PoseHeadingDegrees", "273.46".to_owned()),
                        ("GPano:FirstPhotoDate", s.iso_date("GPano:FirstPhotoDate")),
                        (
                            "GPano:StitchingSoftware",
                            s.text("GPano:StitchingSoftware", "stitch "),
                        ),
                        ("cell:cellid", s.text("cell:cellid", "240-01-")),
                    ]
                    .map(|(name, value)| xmp::element(name, &value))
                    .join("\n")
                });
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .app(0xE1, &xmp)
                    .build()
            },
        ),
    ]
}

/// The numbers of a gain map as ISO 21496-1 writes them, one channel.
fn iso_gain_map() -> Vec<u8> {
    let mut out = b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0\x40".to_vec();
    for (n, d) in [
        (0_u32, 1_u32),
        (5, 2),
        (0, 1),
        (5, 2),
        (1, 1),
        (1, 64),
        (1, 64),
    ] {
        out.extend([n.to_be_bytes(), d.to_be_bytes()].concat());
    }
    out
}

/// A gain map: one component, a quarter of the size, with a block of its own that does not belong there.
fn gain_map(s: &mut Seeds, xmp: &[u8], iso: bool) -> Vec<u8> {
    let coded = encode(&Scene::house(80, 56, 45), Options::baseline(Colours::Grey));
    let exif = s.at("APP1 Exif", |s| exif::small(s, Order::Big));
    let comment = s.text("COM", "gain map of ");
    let mut jpeg = Jpeg::new(coded)
        .app(0xE0, &jfif(72, &[]))
        .exif(&exif)
        .app(0xE1, xmp);
    if iso {
        jpeg = jpeg.app(0xE2, &iso_gain_map());
    }
    jpeg.app(0xFE, comment.as_bytes()).build()
}

fn high_dynamic_range() -> Vec<Sample> {
    vec![
        cleaned(
            "ultra-hdr.jpg",
            "a phone of Google: HDR picture",
            "Exif, XMP with container and gain map, ISO 21496-1, MPF with image ids, gain map with GPS of its own",
            |s| {
                let exif = s.at("APP1 Exif", |s| {
                    let thumb = thumb(s);
                    exif::full(s, &exif::PIXEL, None, &thumb).tiff(Order::Little)
                });
                let map = s.at("gain map", |s| {
                    let tool = s.at("APP1 XMP", |s| s.text("xmp:CreatorTool", "HDR "));
                    let body = [xmp::gain_map(), xmp::element("xmp:CreatorTool", &tool)].concat();
                    let packet = xmp::app1(&xmp::packet(&[xmp::HDRGM, xmp::XMP], &body));
                    gain_map(s, &packet, true)
                });
                let more = [xmp::HDRGM, xmp::CONTAINER, xmp::ITEM];
                let xmp = xmp_of(s, &more, |_| {
                    let items = [
                        ("Primary", "image/jpeg", 0),
                        ("GainMap", "image/jpeg", map.len()),
                    ];
                    [xmp::element("hdrgm:Version", "1.0"), xmp::directory(&items)].concat()
                });
                let ids = Value::Undefined(s.at("APP2 MPF", |s| {
                    let mut ids = s.text("ImageUIDList", "uid ").into_bytes();
                    ids.resize(66, 0);
                    ids
                }));
                Jpeg::new(photo(45))
                    .exif(&exif)
                    .app(0xE1, &xmp)
                    .app(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0")
                    .images(Ifd::new(vec![(0xB003, ids)]), vec![map])
                    .build()
            },
        ),
        cleaned(
            "iphone-hdr.jpg",
            "a phone of Apple: HDR picture",
            "Exif whose maker note holds the headroom, MPF, gain map with Apple's XMP and GPS of its own",
            |s| {
                let exif = exif_of(s, &exif::IPHONE, exif::apple_note);
                let map = s.at("gain map", |s| {
                    let names = [
                        ("HDRGainMap", "http://ns.apple.com/HDRGainMap/1.0/"),
                        ("apdi", "http://ns.apple.com/pixeldatainfo/1.0/"),
                        xmp::XMP,
                    ];
                    let tool = s.at("APP1 XMP", |s| s.text("xmp:CreatorTool", "17.4.1 "));
                    let body = [
                        xmp::element("HDRGainMap:HDRGainMapVersion", "131072"),
                        xmp::element(
                            "apdi:AuxiliaryImageType",
                            "urn:com:apple:photo:2020:aux:hdrgainmap",
                        ),
                        xmp::element("xmp:CreatorTool", &tool),
                    ]
                    .concat();
                    gain_map(s, &xmp::app1(&xmp::packet(&names, &body)), false)
                });
                let icc = icc::profile(s, icc::Kind::Standard);
                Jpeg::new(photo(45))
                    .exif(&exif)
                    .apps(0xE2, &icc::app2(&icc, 1))
                    .images(Ifd::default(), vec![map])
                    .build()
            },
        ),
    ]
}

fn several_pictures() -> Vec<Sample> {
    vec![
        cleaned(
            "mpf-preview.jpg",
            "a camera that appends previews",
            "MPF with two previews, each with GPS, and a gap with leftovers between them",
            |s| {
                let first = s.at("MPF image 2", thumb);
                let mut second = s.at("MPF image 3", thumb);
                second.extend(s.text("gap behind MPF image", "leftover ").bytes());
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .images(Ifd::default(), vec![first, second])
                    .build()
            },
        ),
        cleaned(
            "motion-bare.jpg",
            "an app that drops XMP and keeps the film",
            "film behind the end of which nothing tells",
            |s| {
                let film = film(s);
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .tail(&film)
                    .build()
            },
        ),
        cleaned(
            "fpxr.jpg",
            "an old camera with FlashPix",
            "APP2 FPXR, twice",
            |s| {
                let fpxr = vendor::fpxr(s);
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .apps(0xE2, &fpxr)
                    .build()
            },
        ),
    ]
}

fn odd_structures() -> Vec<Sample> {
    vec![
        cleaned(
            "two-exif.jpg",
            "an app that adds a second Exif block",
            "XMP, then Exif of one device, then Exif of another, then Exif with the other header",
            |s| {
                let xmp = xmp_of(s, &[], |_| String::new());
                let first = exif_of(s, &exif::GALAXY, exif::canon_note);
                let second = exif_of(s, &exif::IPHONE, exif::apple_note);
                let third = s.at("APP1 Exif", |s| exif::small(s, Order::Little));
                Jpeg::new(photo(45))
                    .app(0xE1, &xmp)
                    .exif(&first)
                    .exif(&second)
                    .app(0xE1, &[b"Exif\0\xFF".as_slice(), &third].concat())
                    .build()
            },
        ),
        cleaned(
            "exif-loops.jpg",
            "a hostile or broken writer",
            "Exif whose next directory is itself, a GPS pointer in the Exif directory, values that reach past the end",
            |s| {
                let exif = s.at("APP1 Exif", |s| {
                    let gps = exif::gps(s, Order::Big);
                    let shot = exif::shot(s, &exif::NIKON).with(0x8825, Value::Ifd(gps));
                    let lost = s.text("bytes that nothing points to", "orphan ");
                    let mut block = exif::ifd0(s, &exif::NIKON)
                        .with(0x8769, Value::Ifd(shot))
                        .with(0x9286, Value::Other(7, 0x7FFF_FFFF, vec![1, 2, 3, 4]))
                        .slack(lost.as_bytes())
                        .tiff(Order::Big);
                    let next = 8 + 2 + 12 * usize::from(u16::from_be_bytes([block[8], block[9]]));
                    block[next..next + 4].copy_from_slice(&[0, 0, 0, 8]);
                    block.extend(s.text("bytes behind the last directory", "orphan ").bytes());
                    block
                });
                Jpeg::new(photo(45)).exif(&exif).build()
            },
        ),
        cleaned(
            "vendors.jpg",
            "many devices at once",
            "each known beginning of APP0 to APP15 and COM once, and two segments of which nobody knows",
            |s| {
                let mut jpeg = Jpeg::new(photo(45)).app(0xE0, &jfif(72, &[]));
                // JPEG-HDR is left to the refused samples: without it the picture looks different.
                for (marker, place, start) in
                    vendor::KNOWN.iter().filter(|k| k.1 != "APP11 JPEG-HDR")
                {
                    jpeg = jpeg.app(*marker, &vendor::known(s, place, start));
                }
                jpeg.build()
            },
        ),
        cleaned(
            "progressive-junk.jpg",
            "a web service that writes between the scans",
            "progressive; COM, Exif, XMP, APP15, fill bytes and text without a segment between the scans and before the end",
            |s| {
                let coded = encode(
                    &Scene::house(160, 112, 45),
                    Options::progressive(Colours::YCbCr420),
                );
                let comment = s.text("COM between scans", "home ");
                let exif = s.at("APP1 Exif between scans", |s| exif::small(s, Order::Little));
                let xmp = s.at("between scans", |s| xmp_of(s, &[], |_| String::new()));
                let unknown = s.text("APP15 before the last scan", "unknown ");
                let last = s.text("COM before EOI", "home ");
                Jpeg::new(coded)
                    .app(0xE0, &jfif(72, &[]))
                    .between(1, &segment(0xFE, comment.as_bytes()))
                    .between(2, &segment(0xE1, &[b"Exif\0\0".as_slice(), &exif].concat()))
                    .between(3, &segment(0xE1, &xmp))
                    .between(4, &[0xFF; 7])
                    .between(7, &segment(0xEF, unknown.as_bytes()))
                    .between(8, &segment(0xFE, last.as_bytes()))
                    .build()
            },
        ),
        cleaned(
            "fill-and-junk.jpg",
            "a broken writer",
            "fill bytes in front of markers, bytes between segments that belong to none, RES and JPG markers",
            |s| {
                let between = s.text("bytes between segments", "junk ");
                let comment = s.text("COM behind fill bytes", "home ");
                let reserved = s.text("JPG13", "extension ");
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .raw(&[0xFF; 9])
                    .app(0xFE, comment.as_bytes())
                    .raw(between.as_bytes())
                    .app(0xFD, reserved.as_bytes())
                    .build()
            },
        ),
        cleaned(
            "icc-disorder.jpg",
            "a converter with two ideas of a profile",
            "profile of a monitor in three chunks in the wrong order, a chunk twice, a chunk out of range",
            |s| {
                let profile = s.at("APP2", |s| icc::profile(s, icc::Kind::Monitor));
                let chunks = icc::app2(&profile, 3);
                let stray = s.text("APP2 ICC_PROFILE out of range", "stray ");
                let stray = [b"ICC_PROFILE\0\x09\x03", stray.as_bytes()].concat();
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .app(0xE2, &chunks[2])
                    .app(0xE2, &chunks[0])
                    .app(0xE2, &stray)
                    .app(0xE2, &chunks[1])
                    .app(0xE2, &chunks[0])
                    .build()
            },
        ),
        Sample::new(
            JPEG,
            "entropy-tail.jpg",
            "somebody who hides text",
            "text behind the last MCU, in front of EOI",
            Expect::Cleaned,
            |s| {
                let mut coded = photo(45);
                let text = s.text("entropy-coded data behind the last MCU", "hidden text ");
                coded.scans[0].extend(text.bytes());
                Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
            },
        ),
    ]
}

fn trailers() -> Vec<Sample> {
    vec![
        cleaned(
            "zip-tail.jpg",
            "a picture that is an archive as well",
            "ZIP behind the end",
            |s| {
                let zip = vendor::zip(s);
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .tail(&zip)
                    .build()
            },
        ),
        cleaned(
            "acropalypse.jpg",
            "a screenshot tool that does not truncate",
            "the end of a larger older picture behind the end",
            |s| {
                let mut older = photo(60);
                older.scans[0].extend(s.text("trailer (older picture)", "older ").bytes());
                let older = older.plain();
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .tail(&older[older.len() / 2..])
                    .build()
            },
        ),
        cleaned(
            "trailers.jpg",
            "many programs one after the other",
            "every known trailer behind the end",
            |s| {
                let mut jpeg = Jpeg::new(photo(45)).app(0xE0, &jfif(72, &[]));
                for (name, start, end) in vendor::TRAILERS {
                    jpeg = jpeg.tail(&vendor::trailer(s, name, start, end));
                }
                jpeg.build()
            },
        ),
        cleaned(
            "jpeg-tail.jpg",
            "two pictures in one file",
            "a second picture behind the end of which nothing tells",
            |s| {
                let second = s.at("trailer JPEG", thumb);
                Jpeg::new(photo(45))
                    .app(0xE0, &jfif(72, &[]))
                    .tail(&second)
                    .build()
            },
        ),
    ]
}

fn codings() -> Vec<Sample> {
    let coded = |name: &str,
                 imitates: &str,
                 how: &str,
                 options: Options,
                 head: fn(&mut Seeds, Jpeg) -> Jpeg| {
        cleaned(name, imitates, how, |s| {
            let coded = encode(&Scene::house(160, 112, 45), options);
            let comment = s.text("COM", "home ");
            head(s, Jpeg::new(coded))
                .app(0xFE, comment.as_bytes())
                .build()
        })
    };
    let plain = Options::baseline(Colours::YCbCr);
    vec![
        coded(
            "grey.jpg",
            "a fax program",
            "one component",
            Options::baseline(Colours::Grey),
            |_, j| j.app(0xE0, &jfif(204, &[])),
        ),
        coded(
            "restart.jpg",
            "a camera that writes restart markers",
            "4:2:0, a restart marker every third MCU",
            Options {
                restart: 3,
                ..Options::baseline(Colours::YCbCr420)
            },
            |_, j| j.app(0xE0, &jfif(72, &[])),
        ),
        coded(
            "cmyk.jpg",
            "a print shop",
            "four components, Adobe with bytes that do not belong there",
            Options::baseline(Colours::Cmyk),
            |s, j| {
                let more = s.text("APP14 Adobe behind its 12 bytes", "job ");
                j.app(0xEE, &adobe(0, more.as_bytes()))
            },
        ),
        coded(
            "ycck.jpg",
            "a print shop",
            "four components, transformed",
            Options::baseline(Colours::Ycck),
            |_, j| j.app(0xEE, &adobe(2, &[])),
        ),
        coded(
            "rgb.jpg",
            "an editor that saves without transform",
            "three components, Adobe says RGB",
            Options::baseline(Colours::Rgb),
            |_, j| j.app(0xEE, &adobe(0, &[])),
        ),
        coded(
            "dnl.jpg",
            "a scanner that learns the height last",
            "height in a DNL segment",
            Options { dnl: true, ..plain },
            |_, j| j.app(0xE0, &jfif(72, &[])),
        ),
        coded(
            "progressive-restart.jpg",
            "a web service",
            "progressive with restart markers",
            Options {
                restart: 5,
                ..Options::progressive(Colours::YCbCr420)
            },
            |_, j| j.app(0xE0, &jfif(72, &[])),
        ),
        Sample::new(
            JPEG,
            "clean.jpg",
            "a picture without anything",
            "JFIF and a picture",
            Expect::AlreadyClean,
            |_| Jpeg::new(photo(45)).app(0xE0, &jfif(72, &[])).build(),
        ),
    ]
}

fn damaged() -> Vec<Sample> {
    let refused = |name: &str, how: &str, make: fn(&mut Seeds) -> Vec<u8>| {
        Sample::new(JPEG, name, "a damaged file", how, Expect::Refused, make)
    };
    vec![
        refused("damaged-header.jpg", "ends within a segment", |s| {
            let comment = s.text("COM", "home ") + ", third floor";
            let mut file = Jpeg::new(photo(45)).app(0xFE, comment.as_bytes()).build();
            file.truncate(24);
            file
        }),
        refused("damaged-no-frame.jpg", "without frame and scan", |s| {
            let comment = s.text("COM", "home ");
            let mut file = vec![0xFF, 0xD8];
            file.extend(segment(0xFE, comment.as_bytes()));
            file.extend([0xFF, 0xD9]);
            file
        }),
        cleaned(
            "cut-off.jpg",
            "a download that stopped",
            "ends within the picture",
            |s| {
                let comment = s.text("COM", "home ");
                let mut file = Jpeg::new(photo(45)).app(0xFE, comment.as_bytes()).build();
                file.truncate(file.len() / 2);
                file
            },
        ),
        cleaned("no-end.jpg", "a broken writer", "without EOI", |s| {
            let comment = s.text("COM", "home ");
            let mut file = Jpeg::new(photo(45)).app(0xFE, comment.as_bytes()).build();
            file.truncate(file.len() - 2);
            file
        }),
        refused(
            "damaged-scan.jpg",
            "coded data that break their own rules, and no EOI",
            |s| {
                let comment = s.text("COM", "home ");
                let mut coded = photo(45);
                let middle = coded.scans[0].len() / 2;
                coded.scans[0].truncate(middle);
                coded.scans[0].extend([0xFF, 0x00].repeat(40));
                let mut file = Jpeg::new(coded).app(0xFE, comment.as_bytes()).build();
                file.truncate(file.len() - 2);
                file
            },
        ),
        refused(
            "jpeg-xt.jpg",
            "an APP11 segment with JPEG XT data, without which the picture looks different",
            |s| {
                let comment = s.text("COM", "home ");
                Jpeg::new(photo(45))
                    .app(
                        0xEB,
                        b"JP\0\x01\0\0\0\x01\0\0\0\x10RESI\x01\x02\x03\x04\x05\x06\x07\x08",
                    )
                    .app(0xFE, comment.as_bytes())
                    .build()
            },
        ),
    ]
}

/// Structures that no specification names.
pub fn attacks() -> Vec<Sample> {
    let attack = |name: &str, make: &dyn Fn(&mut Seeds) -> Vec<u8>| {
        let file = format!("canary/attack-{name}.jpg");
        Sample::new(JPEG, &file, "an attacker", name, Expect::Cleaned, make)
    };
    let base = || Jpeg::new(photo(45)).app(0xE0, &jfif(72, &[]));
    let tables = |marker: u8, start: &'static [u8]| {
        move |s: &mut Seeds| {
            let text = s.text(&format!("marker {marker:02X}"), "x");
            base()
                .app(marker, &[start, text.as_bytes()].concat())
                .build()
        }
    };
    vec![
        attack("jfif-too-long", &|s| {
            let text = s.text("APP0 JFIF behind its 14 bytes", "x");
            Jpeg::new(photo(45))
                .app(0xE0, &[&jfif(72, &[])[..], text.as_bytes()].concat())
                .build()
        }),
        attack("dri-too-long", &tables(0xDD, &[0, 0])),
        attack("dqt-tail", &|s| {
            let text = s.text("DQT behind its table", "\x05");
            base().app(0xDB, text.as_bytes()).build()
        }),
        attack("dqt-unused", &|s| {
            let mut table = s
                .text("DQT 3, which no component uses", "\x03")
                .into_bytes();
            table.resize(65, 0x41);
            base().app(0xDB, &table).build()
        }),
        attack("dqt-twice", &|s| {
            let mut table = s.text("DQT 0, replaced by another", "\0").into_bytes();
            table.resize(65, 0x41);
            base().app(0xDB, &table).build()
        }),
        attack("dht-unused", &|s| {
            let text = s.text("DHT 3, which no scan uses", "");
            let mut table = vec![0x13, 0, 0, 0, 0, text.len() as u8];
            table.resize(17, 0);
            table.extend(text.bytes());
            base().app(0xC4, &table).build()
        }),
        attack("dht-tail", &tables(0xC4, &[0x05])),
        attack("dac", &tables(0xCC, &[])),
        attack("dhp", &tables(0xDE, &[])),
        attack("exp", &tables(0xDF, &[])),
        attack("sof-tail", &|s| {
            let text = s.text("SOF0 behind its components", "x");
            let mut coded = photo(45);
            let at = coded
                .tables
                .windows(2)
                .position(|w| w == [0xFF, 0xC0])
                .unwrap();
            let length = usize::from(coded.tables[at + 3]);
            coded
                .tables
                .splice(at + 2 + length..at + 2 + length, text.bytes());
            coded.tables[at + 3] += text.len() as u8;
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("sos-tail", &|s| {
            let text = s.text("SOS behind its parameters", "x");
            let mut coded = photo(45);
            let length = usize::from(coded.scans[0][3]);
            coded.scans[0].splice(2 + length..2 + length, text.bytes());
            coded.scans[0][3] += text.len() as u8;
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("second-frame", &|s| {
            let text = s.text("COM between two frames", "x");
            let second = photo(60);
            base()
                .between(9, &segment(0xFE, text.as_bytes()))
                .between(9, &second.tables)
                .between(9, &second.scans[0])
                .build()
        }),
        attack("soi-again", &|s| {
            let comment = s.text("COM behind a second SOI", "x");
            base()
                .raw(&[0xFF, 0xD8])
                .app(0xFE, comment.as_bytes())
                .build()
        }),
        attack("tem-and-rst-outside", &|s| {
            let comment = s.text("COM", "x");
            base()
                .raw(&[0xFF, 0x01, 0xFF, 0xD3])
                .app(0xFE, comment.as_bytes())
                .build()
        }),
        attack("restart-tail", &|s| {
            let options = Options {
                restart: 7,
                ..Options::baseline(Colours::YCbCr420)
            };
            let mut coded = encode(&Scene::house(160, 112, 45), options);
            let text = s.text("coded data in front of RST2", "hidden text ");
            let at = coded.scans[0]
                .windows(2)
                .position(|w| w == [0xFF, 0xD2])
                .unwrap();
            coded.scans[0].splice(at..at, text.bytes());
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("progressive-tail", &|s| {
            let options = Options::progressive(Colours::YCbCr420);
            let mut coded = encode(&Scene::house(160, 112, 45), options);
            let text = s.text("coded data behind the third scan", "hidden text ");
            coded.scans[2].extend(text.bytes());
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("refinement-tail", &|s| {
            let options = Options::progressive(Colours::YCbCr420);
            let mut coded = encode(&Scene::house(160, 112, 45), options);
            let text = s.text("coded data behind the last scan", "hidden text ");
            coded.scans.last_mut().unwrap().extend(text.bytes());
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("binary-tail", &|s| {
            let mut coded = photo(45);
            let secret: Vec<u8> = (0..24)
                .map(|i: u8| 0x83 + i.wrapping_mul(37) % 120)
                .collect();
            s.spelled_bytes("binary coded data behind the last MCU", &secret);
            coded.scans[0].extend(&secret);
            Jpeg::new(coded).app(0xE0, &jfif(72, &[])).build()
        }),
        attack("tail-in-gain-map", &|s| {
            let mut coded = encode(&Scene::house(80, 56, 45), Options::baseline(Colours::Grey));
            let text = s.text(
                "coded data behind the last MCU of the gain map",
                "hidden text ",
            );
            coded.scans[0].extend(text.bytes());
            let packet = xmp::app1(&xmp::packet(&[xmp::HDRGM], &xmp::gain_map()));
            let map = Jpeg::new(coded)
                .app(0xE1, &packet)
                .app(0xE2, &iso_gain_map())
                .build();
            let items = [
                ("Primary", "image/jpeg", 0),
                ("GainMap", "image/jpeg", map.len()),
            ];
            let body = [xmp::element("hdrgm:Version", "1.0"), xmp::directory(&items)].concat();
            let packet = xmp::packet(&[xmp::HDRGM, xmp::CONTAINER, xmp::ITEM], &body);
            Jpeg::new(photo(45))
                .app(0xE1, &xmp::app1(&packet))
                .app(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0")
                .images(Ifd::default(), vec![map])
                .build()
        }),
        attack("iso-gain-map-tail", &|s| {
            let text = s.text("ISO 21496-1 behind its numbers", "x");
            let coded = encode(&Scene::house(80, 56, 45), Options::baseline(Colours::Grey));
            let packet = xmp::app1(&xmp::packet(&[xmp::HDRGM], &xmp::gain_map()));
            let long = [&iso_gain_map()[..], text.as_bytes()].concat();
            let map = Jpeg::new(coded).app(0xE1, &packet).app(0xE2, &long).build();
            let primary = s.text("ISO 21496-1 of the main picture", "x");
            let long = [b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0", primary.as_bytes()].concat();
            let items = [
                ("Primary", "image/jpeg", 0),
                ("GainMap", "image/jpeg", map.len()),
            ];
            let body = [xmp::element("hdrgm:Version", "1.0"), xmp::directory(&items)].concat();
            let packet = xmp::packet(&[xmp::HDRGM, xmp::CONTAINER, xmp::ITEM], &body);
            Jpeg::new(photo(45))
                .app(0xE1, &xmp::app1(&packet))
                .app(0xE2, &long)
                .images(Ifd::default(), vec![map])
                .build()
        }),
        attack("numbers-as-text-in-hdrgm", &|s| {
            let coded = encode(&Scene::house(80, 56, 45), Options::baseline(Colours::Grey));
            let text = s.text("hdrgm:GainMapMax", "2.5 ");
            let body = xmp::gain_map().replace(">2.5<", &format!(">{text}<"));
            let packet = xmp::app1(&xmp::packet(&[xmp::HDRGM], &body));
            let map = Jpeg::new(coded)
                .app(0xE1, &packet)
                .app(0xE2, &iso_gain_map())
                .build();
            let items = [
                ("Primary", "image/jpeg", 0),
                ("GainMap", "image/jpeg", map.len()),
            ];
            let body = [xmp::element("hdrgm:Version", "1.0"), xmp::directory(&items)].concat();
            let packet = xmp::packet(&[xmp::HDRGM, xmp::CONTAINER, xmp::ITEM], &body);
            Jpeg::new(photo(45))
                .app(0xE1, &xmp::app1(&packet))
                .app(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0")
                .images(Ifd::default(), vec![map])
                .build()
        }),
        attack("pano-projection-text", &|s| {
            let text = s.text("GPano:ProjectionType", "equirectangular ");
            let width = s.text("GPano:FullPanoWidthPixels", "160 ");
            let body = [
                xmp::element("GPano:ProjectionType", &text),
                xmp::element("GPano:FullPanoWidthPixels", &width),
                xmp::element("GPano:UsePanoramaViewer", "True"),
            ]
            .concat();
            base()
                .app(0xE1, &xmp::app1(&xmp::packet(&[xmp::GPANO], &body)))
                .build()
        }),
        attack("icc-hidden-in-curve", &|s| {
            let mut profile = icc::profile(s, icc::Kind::Standard);
            profile.extend(s.text("APP2 ICC_PROFILE behind its last tag", "x").bytes());
            let length = (profile.len() as u32).to_be_bytes();
            profile[..4].copy_from_slice(&length);
            base().apps(0xE2, &icc::app2(&profile, 1)).build()
        }),
        attack("apple-note-text-rational", &|s| {
            let exif = s.at("APP1 Exif", |s| {
                let text = s.text("Exif/MakerNote Apple behind its directory", "x");
                let mut note = b"Apple iOS\0\0\x01MM".to_vec();
                note.extend(
                    Ifd::new(vec![
                        (0x0021, Value::Srational(vec![(1, 1)])),
                        (0x0030, Value::Srational(vec![(1, 1)])),
                    ])
                    .write(Order::Big, 14),
                );
                note.extend(text.bytes());
                Ifd::new(vec![(
                    0x8769,
                    Value::Ifd(Ifd::new(vec![(0x927C, Value::Undefined(note))])),
                )])
                .tiff(Order::Big)
            });
            base().exif(&exif).build()
        }),
        attack("orientation-as-text", &|s| {
            let exif = s.at("APP1 Exif", |s| {
                let text = s.text("IFD0/Orientation", "6");
                Ifd::new(vec![(0x0112, Value::Ascii(text))]).tiff(Order::Big)
            });
            base().exif(&exif).build()
        }),
        attack("orientation-many", &|s| {
            let exif = s.at("APP1 Exif", |s| {
                let text = s.text("IFD0/Orientation", "\0\x06");
                Ifd::new(vec![(0x0112, Value::Other(3, 6, text.into_bytes()))]).tiff(Order::Big)
            });
            base().exif(&exif).build()
        }),
        attack("adobe-flags", &|s| {
            let text = s.text("APP14 Adobe", "x");
            base()
                .app(0xEE, &[b"Adobe".as_slice(), text.as_bytes(), &[1]].concat())
                .build()
        }),
        attack("comment-empty-and-huge", &|s| {
            let mut text = s.text("COM", "x").into_bytes();
            text.resize(65_533, b' ');
            base().app(0xFE, &[]).app(0xFE, &text).build()
        }),
        attack("trailer-of-zeros-then-text", &|s| {
            let text = s.text("trailer", "x");
            base().tail(&vec![0; 70_000]).tail(text.as_bytes()).build()
        }),
        attack("eoi-inside-comment", &|s| {
            let text = s.text("COM", "\u{0}");
            base()
                .app(
                    0xFE,
                    &[&[0xFF, 0xD9, 0xFF, 0xD8, 0xFF, 0xE1], text.as_bytes()].concat(),
                )
                .build()
        }),
    ]
}
