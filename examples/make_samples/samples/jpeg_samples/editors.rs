//! Edited pictures, and those that consist of several.

use super::super::jpeg::{Jpeg, adobe, jfif, photo, thumb};
use super::super::jpeg_encode::{Colours, Options, encode};
use super::super::scene::Scene;
use super::super::seed::Seeds;
use super::super::tiff::{Ifd, Order, Value};
use super::super::{Sample, c2pa, exif, icc, iptc, vendor, xmp};
use super::{cleaned, exif_of, film, xmp_of};

pub fn editors() -> Vec<Sample> {
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
pub fn iso_gain_map() -> Vec<u8> {
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

pub fn high_dynamic_range() -> Vec<Sample> {
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

pub fn several_pictures() -> Vec<Sample> {
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
