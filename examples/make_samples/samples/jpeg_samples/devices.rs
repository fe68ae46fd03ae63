//! Pictures as phones and cameras make them.

use super::super::jpeg::{Jpeg, jfif, photo, thumb};
use super::super::tiff::{Ifd, Order, Value};
use super::super::{Sample, exif, icc, iptc, vendor, xmp};
use super::{cleaned, exif_of, film, xmp_of};

pub fn devices() -> Vec<Sample> {
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
