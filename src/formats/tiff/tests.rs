//! TIFFs made in code, with something hidden in every structure.

use super::{DNG, TIFF};
use crate::bytes::{Budget, CleanInside, Context, Nested, Order, Source, is_identity, run};
use crate::containers::tiff_ifd::{Spans, field};
use crate::containers::tiff_write::{Data, Form, Table};
use crate::formats::Format;
use crate::model::{Error, Finding, Found, Limits, Policy, Result, Step};

const SECRET: &[u8] = b"57.70890N 11.97460E";
const LITTLE: Form = Form {
    order: Order::Little,
    big: false,
};
const FORMS: [Form; 4] = [
    LITTLE,
    Form {
        order: Order::Big,
        big: false,
    },
    Form {
        order: Order::Little,
        big: true,
    },
    Form {
        order: Order::Big,
        big: true,
    },
];

/// Stands for the pipeline.
struct Inside;

impl Nested for Inside {
    fn inspect(&self, _: &Source<'_>, _: &Context<'_>) -> Result<Found> {
        Ok(Found::default())
    }
    fn clean(&self, _: &str, source: &Source<'_>, _: &Context<'_>) -> Result<CleanInside> {
        let bytes = source.read(source.whole())?;
        let end = memchr::memmem::find(&bytes, SECRET).unwrap_or(bytes.len());
        Ok(CleanInside {
            bytes: bytes[..end].to_vec(),
            found: Found::default(),
            residue: Vec::new(),
        })
    }
    fn detect(&self, head: &[u8]) -> Option<&'static str> {
        head.starts_with(b"RIFF").then_some("webp")
    }
}

/// A directory to be filled, and the form of its file.
struct Ifd(Table, Form);

impl Ifd {
    fn new(form: Form) -> Self {
        Self(Table::default(), form)
    }

    fn short(mut self, tag: u16, values: &[u16]) -> Self {
        let mut bytes = Vec::new();
        values
            .iter()
            .for_each(|n| self.1.order.put_u16(&mut bytes, *n));
        self.0.bytes(tag, field::SHORT, values.len() as u64, bytes);
        self
    }

    fn long(mut self, tag: u16, values: &[u32]) -> Self {
        let mut bytes = Vec::new();
        values
            .iter()
            .for_each(|n| self.1.order.put_u32(&mut bytes, *n));
        self.0.bytes(tag, field::LONG, values.len() as u64, bytes);
        self
    }

    fn raw(mut self, tag: u16, kind: u16, bytes: &[u8]) -> Self {
        self.0.bytes(tag, kind, bytes.len() as u64, bytes.to_vec());
        self
    }

    fn ascii(self, tag: u16, text: &[u8]) -> Self {
        self.raw(tag, field::ASCII, &[text, b"\0"].concat())
    }

    fn below(mut self, tag: u16, tables: Vec<Self>) -> Self {
        self.0.tables(
            tag,
            field::LONG,
            tables.into_iter().map(|it| it.0).collect(),
        );
        self
    }

    /// All rows in one strip, whose length is said to be `len`.
    fn one_strip(mut self, strip: &[u8], len: u32) -> Self {
        let pieces = vec![Step::Bytes(strip.to_vec())];
        let data = self.0.data(Data { pieces });
        self.0.offsets(0x0111, vec![Some((data, 0))]);
        self.long(0x0117, &[len])
    }

    fn strips(mut self, strips: &[&[u8]]) -> Self {
        let mut offsets = Vec::new();
        for strip in strips {
            let pieces = vec![Step::Bytes(strip.to_vec())];
            offsets.push(Some((self.0.data(Data { pieces }), 0)));
        }
        self.0.offsets(0x0111, offsets);
        if self.1.big {
            let mut bytes = Vec::new();
            let order = self.1.order;
            strips
                .iter()
                .for_each(|strip| order.put_u64(&mut bytes, strip.len() as u64));
            self.0
                .bytes(0x0117, field::LONG8, strips.len() as u64, bytes);
            return self;
        }
        let lengths: Vec<u32> = strips.iter().map(|strip| strip.len() as u32).collect();
        self.long(0x0117, &lengths)
    }
}

/// 4 × 4 grey pixels in two strips.
fn grey(form: Form, compression: u16) -> Ifd {
    Ifd::new(form)
        .short(0x0100, &[4])
        .short(0x0101, &[4])
        .short(0x0102, &[8])
        .short(0x0103, &[compression])
        .short(0x0106, &[1])
        .short(0x0115, &[1])
        .short(0x0116, &[2])
}

fn plain(form: Form) -> Ifd {
    grey(form, 1).strips(&[b"abcdefgh", b"ijklmnop"])
}

fn file(form: Form, pages: Vec<Ifd>) -> Vec<u8> {
    let plan = form
        .file(pages.into_iter().map(|page| page.0).collect())
        .unwrap();
    let mut out = Vec::new();
    run(&plan, &Source::memory(&[]), &mut out).unwrap();
    out
}

struct Cleaned {
    findings: Vec<Finding>,
    residue: Vec<Finding>,
    bytes: Vec<u8>,
}

/// Cleans, and checks all that must hold for every TIFF.
fn clean(input: &[u8]) -> Result<Cleaned> {
    let once = |input: &[u8]| {
        let budget = Budget::new(Limits::default());
        let cx = &Context::new(&budget, &Inside, &|| None, Policy::Share);
        let source = Source::memory(input);
        let inspection = TIFF.inspect(&source, cx)?;
        let plan = TIFF.clean(&source, &inspection, cx)?;
        let mut out = Vec::new();
        run(&plan, &source, &mut out)?;
        let digest = |bytes: &[u8]| TIFF.payload_digest(&Source::memory(bytes), cx);
        assert_eq!(digest(input)?, digest(&out)?);
        Ok::<_, Error>((inspection, out, is_identity(&plan, &source)?))
    };
    let (inspection, bytes, same) = once(input)?;
    assert_eq!(same, inspection.found.findings.is_empty());
    let (again, twice, same) = once(&bytes)?;
    assert!(
        again.found.findings.is_empty(),
        "{:?}",
        again.found.findings
    );
    assert!(same && twice == bytes);
    assert!(covered(&bytes), "bytes that nothing points to");
    Ok(Cleaned {
        findings: inspection.found.findings,
        residue: inspection.residue,
        bytes,
    })
}

/// Whether a reader of its own finds each byte of a file asked for by some structure, alignment aside.
fn covered(bytes: &[u8]) -> bool {
    use crate::containers::tiff_ifd::Tiff;
    let (tiff, first) = Tiff::open(bytes).unwrap();
    let mut claimed = Spans::default();
    claimed.claim(crate::model::Span::new(0, tiff.header_len()));
    let mut queue = vec![first];
    while let Some(at) = queue.pop() {
        let ifd = tiff.ifd(at).unwrap();
        claimed.claim(ifd.span);
        for entry in &ifd.entries {
            claimed.claim(entry.span);
            let pair = match entry.tag {
                0x0111 => ifd.get(0x0117),
                0x0144 => ifd.get(0x0145),
                0x0201 => ifd.get(0x0202),
                0x014A | 0x8769 | 0xA005 => {
                    queue.extend((0..entry.count as usize).filter_map(|n| entry.uint(n)));
                    None
                }
                _ => None,
            };
            for n in 0..entry.count as usize {
                if let Some(len) = pair.and_then(|lengths| lengths.uint(n)) {
                    let at = entry.uint(n).unwrap();
                    claimed.claim(crate::model::Span::new(at, at + len));
                }
            }
        }
        queue.extend(ifd.next);
    }
    claimed.gaps(bytes.len() as u64).iter().all(|gap| {
        let gap = &bytes[gap.start() as usize..gap.end() as usize];
        gap.len() < 8 && gap.iter().all(|byte| *byte == 0)
    })
}

fn ids(cleaned: &Cleaned) -> Vec<&'static str> {
    cleaned.findings.iter().map(|finding| finding.id).collect()
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(hay, needle).is_some()
}

/// The secret goes, and the finding of this id says so.
fn secret_goes(input: &[u8], id: &str) -> Cleaned {
    let cleaned = clean(input).unwrap();
    assert!(ids(&cleaned).contains(&id), "{:?}", cleaned.findings);
    assert!(!contains(&cleaned.bytes, SECRET));
    cleaned
}

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
        pieces: vec![Step::Bytes(b"abcdefghijklmnop".to_vec())],
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
fn one_strip_is_as_long_as_its_rows() {
    let page = |len| {
        let page = Ifd::new(LITTLE)
            .short(0x0100, &[4])
            .short(0x0101, &[4])
            .short(0x0102, &[8]);
        let page = page.short(0x0106, &[1]).ascii(0x010E, SECRET);
        page.one_strip(b"abcdefghijklmnop", len)
    };
    let whole = secret_goes(&file(LITTLE, vec![page(16)]), "exif.ifd0.text");
    let short = secret_goes(&file(LITTLE, vec![page(9)]), "exif.ifd0.text");
    assert_eq!(whole.bytes, short.bytes);
    let strips = grey(LITTLE, 1).strips(&[b"abcdefg", b"ijklmnop"]);
    assert!(clean(&file(LITTLE, vec![strips])).is_err());
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

const JPEG: &[u8] = b"\xFF\xD8\xFF\xDA\0\x08\x01\x01\0\0\x3F\0\x01\x02\xFF\0\x03\xFF\xD9";

fn jpeg_with(segments: &[u8]) -> Vec<u8> {
    [&JPEG[..2], segments, &JPEG[2..]].concat()
}

#[test]
fn strips_that_are_jpeg_lose_their_metadata() {
    let dirty = jpeg_with(&[b"\xFF\xE1\0\x15", SECRET, b"\xFF\xFE\0\x15", SECRET].concat());
    let tail = [JPEG, SECRET].concat();
    let page = |a: &[u8], b: &[u8]| grey(LITTLE, 7).strips(&[a, b]);
    let tables = b"\xFF\xD8\xFF\xDD\0\x04\0\x07\xFF\xD9";
    let dirty_tables = [
        &tables[..2],
        b"\xFF\xFE\0\x15",
        SECRET,
        &tables[2..],
        SECRET,
    ]
    .concat();
    let input = file(
        LITTLE,
        vec![page(&dirty, &tail).raw(0x015B, field::UNDEFINED, &dirty_tables)],
    );
    let cleaned = secret_goes(&input, "tiff.jpegstrip");
    let expected = page(JPEG, JPEG).raw(0x015B, field::UNDEFINED, tables);
    assert_eq!(cleaned.bytes, file(LITTLE, vec![expected]));
    // The colour transform stays, and so does JFIF, without its thumbnail.
    let adobe = jpeg_with(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\x01");
    let jfif = jpeg_with(b"\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let input = file(LITTLE, vec![page(&adobe, &jfif)]);
    assert_eq!(clean(&input).unwrap().bytes, input);
    let thumbnail =
        jpeg_with(&[b"\xFF\xE0\0\x23JFIF\0\x01\x02\0\0\x01\0\x01\0\0", SECRET].concat());
    let input = file(LITTLE, vec![page(&adobe, &thumbnail)]);
    secret_goes(&input, "tiff.jpegstrip");
    for bad in [
        &b"abcdefgh"[..],
        b"\xFF\xD8\xFF\xE1\xFF\xFF",
        b"\xFF\xD8\xFF\x02\0\x04",
    ] {
        assert!(clean(&file(LITTLE, vec![page(bad, JPEG)])).is_err());
    }
}

#[test]
fn old_jpeg_streams_lose_their_metadata() {
    let dirty = jpeg_with(&[b"\xFF\xE1\0\x15", SECRET].concat());
    let build = |jpeg: &[u8]| {
        let mut page = grey(LITTLE, 6);
        let data = page.0.data(Data {
            pieces: vec![Step::Bytes(jpeg.to_vec())],
        });
        let coded = memchr::memmem::find(jpeg, b"\x01\x02\xFF\0").unwrap() as u64;
        page.0.offsets(0x0201, vec![Some((data, 0))]);
        page.0
            .offsets(0x0111, vec![Some((data, coded)), Some((data, coded + 2))]);
        let page = page
            .long(0x0202, &[jpeg.len() as u32])
            .long(0x0117, &[2, 3]);
        file(LITTLE, vec![page])
    };
    let cleaned = secret_goes(&build(&dirty), "tiff.jpegstrip");
    assert_eq!(cleaned.bytes, build(JPEG));
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let level = flate2::Compression::default();
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn data_behind_the_end_of_compressed_strips_goes() {
    let zip = deflated(b"abcdefgh");
    let bits = b"\x07abcdefgh".to_vec();
    // Clear, `aaaaaaaa` as 97 258 259 258, end.
    let mut lzw = Vec::new();
    let (mut held, mut count) = (0_u32, 0);
    for code in [256_u32, 97, 258, 259, 258, 257] {
        held = held << 9 | code;
        count += 9;
        while count >= 8 {
            lzw.push((held >> (count - 8)) as u8);
            count -= 8;
        }
    }
    lzw.push((held << (8 - count)) as u8);
    let zstd = b"\x28\xB5\x2F\xFD\x20\x08\x41\0\0abcdefgh".to_vec();
    // Two white rows, and the mark of the end.
    let g4 = b"\xC0\x04\0\x40".to_vec();
    for (scheme, strip) in [
        (8, &zip),
        (32946, &zip),
        (32773, &bits),
        (5, &lzw),
        (50000, &zstd),
        (4, &g4),
    ] {
        let good = file(LITTLE, vec![grey(LITTLE, scheme).strips(&[strip, strip])]);
        let cleaned = clean(&good).unwrap();
        assert_eq!(cleaned.bytes, good, "{scheme} {:?}", cleaned.findings);
        assert!(cleaned.residue.is_empty(), "{scheme}");
        let tail = [strip, SECRET].concat();
        let input = file(LITTLE, vec![grey(LITTLE, scheme).strips(&[strip, &tail])]);
        assert_eq!(
            secret_goes(&input, "tiff.strip.tail").bytes,
            good,
            "{scheme}"
        );
    }
    // Rows that nobody sees go with the stream that holds them.
    let rows = deflated(&[b"abcdefgh", SECRET].concat());
    let input = file(LITTLE, vec![grey(LITTLE, 8).strips(&[&rows, &zip])]);
    let good = file(LITTLE, vec![grey(LITTLE, 8).strips(&[&zip, &zip])]);
    assert_eq!(secret_goes(&input, "tiff.pixels.unseen").bytes, good);
    let mut damaged = zip.clone();
    damaged[4] ^= 0x40;
    let input = file(LITTLE, vec![grey(LITTLE, 8).strips(&[&damaged, &zip])]);
    assert!(clean(&input).is_err());
}

#[test]
fn strips_that_are_files_are_cleaned_as_files() {
    let webp = [b"RIFFxxxxWEBP", SECRET].concat();
    let input = file(LITTLE, vec![grey(LITTLE, 50001).strips(&[&webp, &webp])]);
    secret_goes(&input, "tiff.jpegstrip");
    let input = file(
        LITTLE,
        vec![grey(LITTLE, 50001).strips(&[b"abcd", b"abcd"])],
    );
    assert!(clean(&input).is_err());
}

#[test]
fn equal_strips_are_written_once() {
    let mut page = grey(LITTLE, 1);
    let data = page.0.data(Data {
        pieces: vec![Step::Bytes(b"abcdefgh".to_vec())],
    });
    page.0
        .offsets(0x0111, vec![Some((data, 0)), Some((data, 0))]);
    let page = page.long(0x0117, &[8, 8]).ascii(0x010E, SECRET);
    let cleaned = secret_goes(&file(LITTLE, vec![page]), "exif.ifd0.text");
    assert_eq!(
        memchr::memmem::find_iter(&cleaned.bytes, b"abcdefgh").count(),
        1
    );
}

#[test]
fn hostile_files_are_refused() {
    let good = file(LITTLE, vec![plain(LITTLE).ascii(0x010E, SECRET)]);
    for len in 0..good.len() {
        let _ = clean(&good[..len]);
    }
    // A chain that comes back to its beginning.
    let mut page = file(LITTLE, vec![plain(LITTLE), plain(LITTLE)]);
    let link = 8 + 2 + 9 * 12;
    page[link..link + 4].copy_from_slice(&8_u32.to_le_bytes());
    assert!(clean(&page).is_err(), "a loop");
    // A directory below itself, and strips on top of each other and of the directory.
    let below = file(LITTLE, vec![plain(LITTLE).long(0x014A, &[8])]);
    assert!(clean(&below).is_err());
    for offsets in [[8_u32, 200], [200, 204], [200, 0xFFFF_FFF0]] {
        let page = grey(LITTLE, 1).long(0x0111, &offsets).long(0x0117, &[8, 8]);
        let input = [file(LITTLE, vec![page]), vec![7; 99]].concat();
        assert!(clean(&input).is_err(), "{offsets:?}");
    }
    // Deeper and deeper.
    let mut page = plain(LITTLE);
    for _ in 0..9 {
        page = plain(LITTLE).below(0x014A, vec![page]);
    }
    assert!(clean(&file(LITTLE, vec![page])).is_err());
    let empty = Ifd::new(LITTLE).short(0x0112, &[1]);
    assert!(clean(&file(LITTLE, vec![empty])).is_err(), "no picture");
    let mut sensor = Ifd::new(LITTLE)
        .short(0x0100, &[4])
        .short(0x0101, &[4])
        .short(0x0102, &[8]);
    sensor = sensor
        .short(0x0106, &[32803])
        .one_strip(b"abcdefghijklmnop", 16);
    assert!(
        clean(&file(LITTLE, vec![sensor])).is_err(),
        "numbers of a sensor"
    );
    let raw = grey(LITTLE, 34713).strips(&[b"abcd", b"abcd"]);
    assert!(clean(&file(LITTLE, vec![raw])).is_err(), "a raw photo");
}

#[test]
fn dng_keeps_the_raw_picture_and_the_name_of_the_camera() {
    let sensor = || {
        let ifd = Ifd::new(LITTLE)
            .short(0x0100, &[4])
            .short(0x0101, &[4])
            .short(0x0102, &[8]);
        let ifd = ifd.long(0x00FE, &[0]).short(0x0106, &[32803]);
        ifd.one_strip(b"abcdefghijklmnop", 16)
    };
    let preview = || plain(LITTLE).long(0x00FE, &[1]).ascii(0x010E, SECRET);
    let first = |below: Vec<Ifd>| {
        let ifd = plain(LITTLE).long(0x00FE, &[1]).ascii(0x010F, b"Canon");
        let ifd = ifd
            .ascii(0x0110, b"Canon EOS 350D DIGITAL")
            .below(0x014A, below);
        ifd.raw(0xC612, field::BYTE, &[1, 4, 0, 0])
    };
    let dirty = first(vec![sensor(), preview()])
        .ascii(0xC62F, SECRET)
        .ascii(0xC6F8, b"Canon EOS 350D DIGITAL")
        .raw(0xC634, field::UNDEFINED, SECRET);
    let input = file(LITTLE, vec![dirty]);
    let budget = Budget::new(Limits::default());
    let cx = &Context::new(&budget, &Inside, &|| None, Policy::Share);
    let source = Source::memory(&input);
    let inspection = DNG.inspect(&source, cx).unwrap();
    let residue: Vec<&str> = inspection.residue.iter().map(|it| it.id).collect();
    assert_eq!(residue, ["raw.dng.model", "raw.dng.model"]);
    let kept = |text: &str| {
        inspection
            .found
            .secrets
            .texts()
            .any(|secret| secret == text)
    };
    assert!(
        !kept("Canon EOS 350D DIGITAL"),
        "it stays, so that it is no secret"
    );
    let plan = DNG.clean(&source, &inspection, cx).unwrap();
    let mut out = Vec::new();
    run(&plan, &source, &mut out).unwrap();
    assert_eq!(out, file(LITTLE, vec![first(vec![sensor()])]));
    assert!(DNG.recognize(&out) && DNG.recognize(&input));
    // A plain TIFF that turns out to be a DNG would change its kind.
    assert!(TIFF.inspect(&source, cx).is_err());
}
