//! A sequence of pictures.

use super::*;

/// A sequence of two pictures, with a track of a phone's sensors.
pub(super) fn animation(s: &mut Seeds) -> Vec<u8> {
    let name = s.text("moov/trak/hdlr name", "pictures of Anna ");
    let compressor = s.text("moov/trak/stsd compressorname", "Cam ");
    let sensors = s.text("mdat of the track mett", "57.5N 19.5E ");
    let user = s.text("moov/udta", "Anna Exempel ");
    let language = s.text("moov/trak/udta/name", "balcony ");
    let made = 0xD8FE_0000 + s.position("creation_time").latitude()[2].0;
    s.spelled_bytes("mvhd/tkhd/mdhd times", &words(&[made, made]));
    let meta = s.text("moov/trak/meta", "pict ");
    let samples = [HOUSE_AV1, HOUSE_AV1, sensors.as_bytes()].concat();
    let data_len = HOUSE_AV1.len();
    let sensors_len = sensors.len();
    let moov = move |at: usize| {
        let mvhd = full(b"mvhd", 0, &mp4::movie_header(made, 600, 1200, 3));
        let entry = |kind: &[u8; 4], children: &[u8]| {
            let mut entry = vec![0, 0, 0, 0, 0, 0, 0, 1];
            entry.extend([0; 16]);
            entry.extend(halves(&[64, 64]));
            entry.extend([0, 72, 0, 0, 0, 72, 0, 0, 0, 0, 0, 0, 0, 1]);
            let mut text = compressor.clone().into_bytes();
            text.insert(0, text.len() as u8);
            text.resize(32, 0);
            entry.extend(text);
            entry.extend([0, 24, 0xFF, 0xFF]);
            entry.extend(children);
            boxed(kind, &entry)
        };
        let track = |id: u32, handler: &[u8; 4], entry: Vec<u8>, sizes: &[u32], at: usize| {
            let stbl = [
                full(b"stsd", 0, &[words(&[1]), entry].concat()),
                full(b"stts", 0, &words(&[1, sizes.len() as u32, 600])),
                full(b"stsc", 0, &words(&[1, 1, sizes.len() as u32, 1])),
                full(
                    b"stsz",
                    0,
                    &[words(&[0, sizes.len() as u32]), words(sizes)].concat(),
                ),
                full(b"stco", 0, &words(&[1, at as u32])),
                full(b"stss", 0, &words(&[1, 1])),
            ]
            .concat();
            let url = [words(&[1]), full(b"url ", 1, &[])].concat();
            let minf = [
                full(b"vmhd", 1, &[0; 8]),
                boxed(b"dinf", &full(b"dref", 0, &url)),
                boxed(b"stbl", &stbl),
            ]
            .concat();
            let handler = [&[0; 4], &handler[..], &[0; 12], name.as_bytes(), &[0]].concat();
            let times = [words(&[made, made, 600, 1200]), vec![0x55, 0xC4, 0, 0]].concat();
            let mdia = [
                full(b"mdhd", 0, &times),
                full(b"hdlr", 0, &handler),
                boxed(b"minf", &minf),
            ]
            .concat();
            let elst = [words(&[1, 1200, 0, 0x1_0000])].concat();
            let body = [
                full(b"tkhd", 1, &mp4::track_header(made, id, 1200, 64, 64)),
                boxed(b"edts", &full(b"elst", 1, &elst)),
                full(b"meta", 0, &boxed(b"free", meta.as_bytes())),
                boxed(b"mdia", &mdia),
                boxed(b"udta", &boxed(b"name", language.as_bytes())),
            ]
            .concat();
            boxed(b"trak", &body)
        };
        let len = data_len as u32;
        let children = [
            boxed(b"av1C", AV1_RECORD),
            colour(),
            full(b"ccst", 0, &[0x7C, 0, 0, 0]),
        ];
        let pictures = track(
            1,
            b"pict",
            entry(b"av01", &children.concat()),
            &[len, len],
            at,
        );
        let mett = boxed(b"mett", b"\0\0\0\0\0\0\0\x01\0text/plain\0");
        let others = track(2, b"meta", mett, &[sensors_len as u32], at + 2 * data_len);
        let udta = boxed(
            b"udta",
            &full(b"auth", 0, &[&[0x55, 0xC4], user.as_bytes(), &[0]].concat()),
        );
        boxed(b"moov", &[mvhd, pictures, others, udta].concat())
    };
    let mut file = Heif::av1();
    file.brands = b"avis\0\0\0\0avisavifmsf1mif1miaf".to_vec();
    file.sequence = Some(Sequence {
        samples,
        moov: Box::new(moov),
    });
    file.build()
}
