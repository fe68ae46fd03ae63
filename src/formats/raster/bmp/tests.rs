//! BMPs made in code, with something hidden in every gap.

use super::Bmp;
use super::layout::*;
use crate::bytes::Source;
use crate::bytes::testing::with_context;
use crate::formats::Format;
use crate::formats::probe::is_recognized;
use crate::model::Role;
use crate::pipeline::testing::cleaned as clean;

const SECRET: &[u8] = b"57.70890N 11.97460E";

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

/// 3 × 2 pixels behind a header of this length.
fn header(len: usize, depth: u8, compression: u8) -> Vec<u8> {
    let mut out = vec![0; len];
    put(&mut out, 0, u32::try_from(len).unwrap());
    put_bytes(
        &mut out,
        4,
        &[3, 0, 0, 0, 2, 0, 0, 0, 1, 0, depth, 0, compression],
    );
    put(&mut out, 24, 2835);
    if len >= 124 {
        put(&mut out, COLOUR_SPACE, SRGB);
        put(&mut out, INTENT, 4);
    }
    out
}

fn bmp(header: &[u8], before: &[u8], pixels: &[u8], behind: &[u8]) -> Vec<u8> {
    let len = 14 + header.len() + before.len() + pixels.len() + behind.len();
    let offset = 14 + header.len() + before.len();
    let mut out = b"BM".to_vec();
    out.extend(u32::try_from(len).unwrap().to_le_bytes());
    out.extend([0; 4]);
    out.extend(u32::try_from(offset).unwrap().to_le_bytes());
    [&out, header, before, pixels, behind].concat()
}

/// Two rows of three pixels of 24 bits.
fn rows() -> Vec<u8> {
    let mut rows: Vec<u8> = (1..=24).collect();
    for padding in [9..12, 21..24] {
        rows[padding].fill(0);
    }
    rows
}

fn shown(bytes: &[u8]) -> Vec<u8> {
    let picture = image::load_from_memory_with_format(bytes, image::ImageFormat::Bmp);
    picture.unwrap().into_rgba8().into_raw()
}

#[test]
fn clean_files_stay_byte_for_byte() {
    let palette = [0, 0, 0, 0, 255, 255, 255, 0];
    let mut two = header(40, 8, 0);
    put(&mut two, COLOURS_USED, 2);
    let mut upside_down = header(40, 24, 0);
    put_bytes(&mut upside_down, 8, &(-2i32).to_le_bytes());
    let mut core = vec![12, 0, 0, 0, 3, 0, 2, 0, 1, 0, 1, 0];
    core.resize(12, 0);
    let runs = [3, 1, 0, 0, 3, 0, 0, 0, 0, 1];
    let mut run = header(40, 8, 1);
    put(&mut run, COLOURS_USED, 2);
    let masks = [0, 0xF8, 0, 0, 0xE0, 7, 0, 0, 0x1F, 0, 0, 0];
    for file in [
        bmp(&header(40, 24, 0), b"", &rows(), b""),
        bmp(&header(124, 24, 0), b"", &rows(), b""),
        bmp(&header(64, 24, 0), b"", &rows(), b""),
        bmp(&upside_down, b"", &rows(), b""),
        bmp(&two, &palette, &[1, 0, 1, 0, 0, 1, 0, 0], b""),
        bmp(&run, &palette, &runs, b""),
        bmp(
            &core,
            &[0, 0, 0, 255, 255, 255],
            &[0xA0, 0, 0, 0, 0x40, 0, 0, 0],
            b"",
        ),
        bmp(
            &header(40, 16, 3),
            &masks,
            &[1, 2, 3, 4, 5, 6, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0],
            b"",
        ),
    ] {
        let cleaned = clean(&file).unwrap();
        assert_eq!(cleaned.found.findings, []);
        assert_eq!(cleaned.bytes, file);
    }
}

#[test]
fn colours_of_os2_are_not_unused_where_they_are_no_text() {
    let with = |entries: &[u8]| {
        let mut os2 = header(64, 8, 0);
        put(&mut os2, COLOURS_USED, 4);
        let palette = [&[0, 0, 0, 0, 255, 255, 255, 0], entries].concat();
        bmp(&os2, &palette, &[1, 0, 1, 0, 0, 1, 0, 0], b"")
    };
    let colours = with(&[1, 2, 3, 0, 4, 5, 6, 0]);
    assert_eq!(clean(&colours).unwrap().bytes, colours);
    assert!(!contains(
        &clean(&with(b"Anna ber")).unwrap().bytes,
        b"Anna"
    ));
}

#[test]
fn nothing_stays_in_gaps_padding_and_reserved_fields() {
    let want = bmp(&header(40, 24, 0), b"", &rows(), b"");
    let mut dirty_rows = rows();
    dirty_rows[9..12].copy_from_slice(b"abc");
    let mut dirty = bmp(&header(40, 24, 0), SECRET, &dirty_rows, SECRET);
    dirty[6..10].copy_from_slice(b"Anna");
    let cleaned = clean(&dirty).unwrap();
    assert_eq!(cleaned.bytes, want);
    let gaps = cleaned.found.findings.iter().filter(|f| f.id == "bmp.gap");
    assert_eq!(gaps.count(), 4);
    assert_eq!(shown(&dirty), shown(&want));

    // Bits behind the last pixel of a row.
    let core = [12, 0, 0, 0, 3, 0, 2, 0, 1, 0, 1, 0];
    let palette = [0, 0, 0, 255, 255, 255];
    let dirty = bmp(&core, &palette, &[0xBF, 0, 0, 0, 0x41, 0, 0, 9], b"");
    let want = bmp(&core, &palette, &[0xA0, 0, 0, 0, 0x40, 0, 0, 0], b"");
    assert_eq!(clean(&dirty).unwrap().bytes, want);

    // A palette of 256 colours where there is room for two.
    let reaches = bmp(&header(40, 8, 0), &[0; 8], &[0; 8], b"");
    assert!(clean(&reaches).is_err());

    // A palette for pixels that need none, and entries that no pixel can name.
    let mut announced = header(40, 24, 0);
    put(&mut announced, COLOURS_USED, 4);
    let dirty = bmp(&announced, &SECRET[..16], &rows(), b"");
    assert!(!contains(&clean(&dirty).unwrap().bytes, &SECRET[..8]));

    // Numbers that mean nothing in their place.
    let mut full = header(124, 24, 0);
    full[ENDPOINTS..ENDPOINTS + 19].copy_from_slice(SECRET);
    put_bytes(&mut full, V5_RESERVED, b"Anna");
    let want = bmp(&header(124, 24, 0), b"", &rows(), b"");
    assert_eq!(clean(&bmp(&full, b"", &rows(), b"")).unwrap().bytes, want);
    let mut os2 = header(64, 24, 0);
    put_bytes(&mut os2, OS2_RESERVED, b"Anna Exempel was here.");
    let want = bmp(&header(64, 24, 0), b"", &rows(), b"");
    assert_eq!(clean(&bmp(&os2, b"", &rows(), b"")).unwrap().bytes, want);
}

#[test]
fn colours_that_no_pixel_has_are_unset() {
    let mut three = header(40, 8, 0);
    put(&mut three, COLOURS_USED, 3);
    let with = |palette: &[u8], pixel: u8| bmp(&three, palette, &[2, pixel, 2, 0, 2, 2, 2, 0], b"");
    let clean_palette = b"ann\0\0\0\0\0xam\0";
    let expected = with(clean_palette, 0);
    assert_eq!(clean(&with(b"annaswasxame", 0)).unwrap().bytes, expected);
    assert_eq!(clean(&expected).unwrap().bytes, expected);
    // A pixel beyond the palette has any of its colours.
    let beyond = with(b"ann\0swa\0xam\0", 9);
    assert_eq!(clean(&beyond).unwrap().bytes, beyond);
}

#[test]
fn what_pixels_do_not_show_is_unset_or_told() {
    // Bytes that fill pixels up, and a nibble.
    let mut runs = header(40, 8, 1);
    put(&mut runs, COLOURS_USED, 2);
    let palette = [1, 1, 1, 0, 9, 9, 9, 0];
    let with = |data: &[u8]| bmp(&runs, &palette, data, b"");
    let expected = with(&[0, 3, 1, 0, 1, 0, 0, 0, 3, 1, 0, 1]);
    assert_eq!(
        clean(&with(&[0, 3, 1, 0, 1, b'A', 0, 0, 3, 1, 0, 1]))
            .unwrap()
            .bytes,
        expected
    );
    // Pixels beyond the end of the row.
    assert!(clean(&with(&[9, 1, 0, 0, 3, 1, 0, 1])).is_err());
    // Bits that no mask names, and colours under transparent areas.
    let wide = |compression: u8, alpha: u32, last: [u8; 180]| {
        let mut head = header(124, 32, compression);
        put(&mut head, 4, 180);
        put(&mut head, 8, 1);
        for (at, mask) in [(40, 0xFF), (44, 0xFF00), (48, 0xFF_0000), (52, alpha)] {
            put(&mut head, at, mask);
        }
        let pixels: Vec<u8> = last
            .iter()
            .zip(1..)
            .flat_map(|(a, n): (_, u8)| [n.wrapping_mul(9); 3].into_iter().chain([*a]))
            .collect();
        bmp(&head, b"", &pixels, b"")
    };
    let mut text = [b' '; 180];
    text[..18].copy_from_slice(&SECRET[..18]);
    let mut one = [0; 180];
    one[0] = 0xFF;
    for (compression, alpha, last, stays) in [
        (3, 0, text, true),
        (3, 0, [0xFF; 180], false),
        (3, 0xFF00_0000, text, false),
        (3, 0xFF00_0000, [0; 180], true),
        (0, 0, text, true),
        (0, 0, one, true),
        (0, 0, [7; 180], false),
        (0, 0, [0; 180], false),
    ] {
        let file = wide(compression, alpha, last);
        let cleaned = clean(&file).unwrap();
        assert_eq!(
            (cleaned.bytes == file, !cleaned.residue.is_empty()),
            (true, stays)
        );
    }
    // A density that nothing has.
    let mut dense = header(40, 24, 0);
    put_bytes(&mut dense, 24, &SECRET[..8]);
    let mut plain = header(40, 24, 0);
    put(&mut plain, 24, 0);
    let expected = bmp(&plain, b"", &rows(), b"");
    assert_eq!(
        clean(&bmp(&dense, b"", &rows(), b"")).unwrap().bytes,
        expected
    );
    // Masks that are none.
    let mut dirty = wide(0, 0, [0; 180]);
    dirty[14 + 40..14 + 56].copy_from_slice(&SECRET[..16]);
    let mut expected = wide(0, 0, [0; 180]);
    expected[14 + 40..14 + 56].fill(0);
    assert_eq!(clean(&dirty).unwrap().bytes, expected);
}

#[test]
fn runs_end_at_their_end_code_or_last_row() {
    let palette = [0, 0, 0, 0, 255, 255, 255, 0];
    let mut run = header(40, 8, 1);
    put(&mut run, COLOURS_USED, 2);
    let runs = [3, 1, 0, 0, 0, 3, 0, 1, 1, 0, 0, 0, 0, 1];
    let want = bmp(&run, &palette, &runs, b"");
    assert_eq!(clean(&want).unwrap().bytes, want);
    assert_eq!(
        clean(&bmp(&run, &palette, &runs, SECRET)).unwrap().bytes,
        want
    );
    // Whatever the header says about the length of the runs.
    for said in [1, 7, 13, 14, 9999] {
        let mut wrong = run.clone();
        put(&mut wrong, SIZE_IMAGE, said);
        let cleaned = clean(&bmp(&wrong, &palette, &runs, b"")).unwrap();
        assert!(contains(&cleaned.bytes, &runs), "{said}");
    }
    let more = [&runs[..12], SECRET].concat();
    assert_eq!(clean(&bmp(&run, &palette, &more, b"")).unwrap().bytes, want);
}

#[test]
fn paths_go_and_profiles_stay() {
    let with = |kind: u32, size: usize| {
        let mut header = header(124, 24, 0);
        put(&mut header, COLOUR_SPACE, kind);
        put(&mut header, PROFILE_DATA, 124 + 24);
        put(&mut header, PROFILE_SIZE, u32::try_from(size).unwrap());
        header
    };
    let path = b"C:\\Users\\Anna\\monitor.icc\0";
    let cleaned = clean(&bmp(&with(LINKED, path.len()), b"", &rows(), path)).unwrap();
    assert_eq!(cleaned.bytes, bmp(&header(124, 24, 0), b"", &rows(), b""));
    assert_eq!(cleaned.found.findings[0].id, "bmp.v5.link");
    assert_eq!(cleaned.found.findings[0].role, Role::Path);
    // One that is none.
    let none = bmp(&with(EMBEDDED_PROFILE, SECRET.len()), b"", &rows(), SECRET);
    let cleaned = clean(&none).unwrap();
    assert!(!contains(&cleaned.bytes, SECRET));
    assert_eq!(cleaned.found.findings[0].id, "bmp.gap");
    // One that stands nowhere.
    let nowhere = bmp(&with(EMBEDDED_PROFILE, 9999), b"", &rows(), b"");
    assert_eq!(
        clean(&nowhere).unwrap().bytes,
        bmp(&header(124, 24, 0), b"", &rows(), b"")
    );
}

#[test]
fn pictures_inside_are_cleaned_as_files() {
    let mut png = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::new(3, 2);
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner();
    let around = |png: &[u8]| {
        let mut inside = header(40, 0, 5);
        put(&mut inside, SIZE_IMAGE, u32::try_from(png.len()).unwrap());
        bmp(&inside, b"", png, b"")
    };
    let cleaned = clean(&around(&[&png, SECRET].concat())).unwrap();
    assert_eq!(cleaned.bytes, around(&png));
    let tail = |finding: &crate::model::Finding| {
        finding.id == "png.trailer" && finding.place.starts_with("embedded JPEG or PNG/")
    };
    assert!(
        cleaned.found.findings.iter().any(tail),
        "{:?}",
        cleaned.found.findings
    );
}

#[test]
fn what_cannot_be_understood_is_refused() {
    let whole = bmp(&header(40, 24, 0), b"", &rows(), b"");
    for len in 0..whole.len() {
        assert!(clean(&whole[..len]).is_err(), "{len}");
    }
    let mut empty = header(40, 24, 0);
    put(&mut empty, 4, 0);
    let refused = [
        bmp(&empty, b"", &rows(), b""),
        bmp(&header(40, 24, 9), b"", &rows(), b""),
        bmp(&header(40, 7, 0), b"", &rows(), b""),
        bmp(&header(41, 24, 0), b"", &rows(), b""),
    ];
    for file in refused {
        assert!(clean(&file).is_err_and(|error| error.is_refusal()));
    }
    assert!(!is_recognized(&Bmp, b"BMW is a car, not a picture"));
}

#[test]
fn no_byte_brings_it_down() {
    let mut run = header(124, 8, 1);
    put(&mut run, COLOURS_USED, 2);
    put(&mut run, COLOUR_SPACE, LINKED);
    put(&mut run, PROFILE_DATA, 146);
    put(&mut run, PROFILE_SIZE, 19);
    let runs = [3, 1, 0, 0, 0, 3, 0, 1, 1, 0, 0, 0, 0, 1];
    let files = [
        bmp(&run, &[0, 0, 0, 0, 9, 9, 9, 0], &runs, SECRET),
        bmp(&header(40, 24, 0), b"", &rows(), SECRET),
    ];
    for whole in files {
        for at in 0..whole.len() {
            for value in [0, 1, 2, 0x7F, 0x80, 0xFF] {
                let mut broken = whole.clone();
                broken[at] = value;
                if let Ok(cleaned) = clean(&broken) {
                    assert!(cleaned.bytes.len() <= broken.len() + 2);
                }
            }
        }
    }
    with_context(|cx| {
        let endless = bmp(&header(40, 0, 5), b"", b"", b"");
        assert!(Bmp.examine(&Source::memory(&endless), cx).is_err());
    });
}
