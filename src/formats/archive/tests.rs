//! Whole archives, from the file to the copy.

use crate::bytes::{Budget, Context, NoNested, Source, run};
use crate::containers::zip::{Writer, read};
use crate::model::{Error, Limits, OutcomeKind, Policy};
use crate::pipeline::testing::{cleaned, cleaned_as};
use crate::pipeline::{Job, clean, verify};

/// A picture of one pixel with a text.
fn picture(text: &str) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let body = [&kind[..], data].concat();
        let len = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&len[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
    };
    let pixels = [0x78, 1, 1, 2, 0, 0xFD, 0xFF, 0, 0, 0, 2, 0, 1];
    [
        &b"\x89PNG\r\n\x1A\n"[..],
        &chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
        &chunk(b"tEXt", format!("Author\0{text}").as_bytes()),
        &chunk(b"IDAT", &pixels),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

fn zip(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = Writer::new();
    for (name, bytes) in members {
        writer.stored(name, bytes.clone()).unwrap();
    }
    let mut out = Vec::new();
    run(&writer.finish(), &Source::memory(&[]), &mut out).unwrap();
    out
}

fn names(file: &[u8]) -> Vec<String> {
    let budget = Budget::new(Limits::default());
    let cx = Context::new(&budget, &NoNested, &|| None, Policy::SHARE);
    let archive = read(&Source::memory(file), &cx).unwrap();
    archive.members.into_iter().map(|it| it.name).collect()
}

fn contains(file: &[u8], text: &str) -> bool {
    memchr::memmem::find(file, text.as_bytes()).is_some()
}

#[test]
fn one_file_that_cannot_be_cleaned_refuses_the_archive() {
    let file = zip(&[
        ("a.png", picture("Anna Svensson")),
        ("notes.txt", b"Storgatan 12\0".to_vec()),
    ]);
    let error = cleaned(&file).unwrap_err();
    assert!(matches!(&error, Error::Unsupported { what } if what.contains("notes.txt")));
}

#[test]
fn files_that_cannot_be_cleaned_are_left_out_where_that_is_allowed() {
    let policy = Policy {
        drop_uncleanable: true,
        ..Policy::SHARE
    };
    let file = zip(&[
        ("a.png", picture("Anna Svensson")),
        ("notes.txt", b"Storgatan 12\0".to_vec()),
    ]);
    let copy = cleaned_as(&file, policy).unwrap();
    assert_eq!(copy.kind, OutcomeKind::Reduced);
    assert_eq!(copy.stays(), ["archive.left_out"]);
    assert!(copy.has("archive.left_out"));
    assert_eq!(names(&copy.bytes), ["picture-001.png"]);
    assert!(!contains(&copy.bytes, "Storgatan") && !contains(&copy.bytes, "Anna"));

    let nothing = zip(&[("notes.txt", b"Storgatan 12\0".to_vec())]);
    assert!(matches!(
        cleaned_as(&nothing, policy),
        Err(Error::Unsupported { .. })
    ));
}

#[test]
fn documents_are_recognised_wherever_their_media_type_is_located() {
    let content = "<office:document-content \
        xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
        xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text>\
        <text:p>Hej</text:p></office:text></office:body></office:document-content>";
    let kind = b"application/vnd.oasis.opendocument.text".to_vec();
    let file = zip(&[
        ("content.xml", content.into()),
        ("mimetype", kind),
        ("meta.xml", b"<a>Anna Svensson</a>".to_vec()),
    ]);
    let copy = cleaned(&file).unwrap();
    let copied = names(&copy.bytes);
    assert_eq!(copied, ["mimetype", "content.xml", "META-INF/manifest.xml"]);
}

#[test]
fn plain_text_is_copied_with_the_archive() {
    let file = zip(&[
        ("a.png", picture("Anna Svensson")),
        ("notes.txt", b"The address is Storgatan 12.\n".to_vec()),
    ]);
    let copy = cleaned(&file).unwrap();
    assert_eq!(copy.kind, OutcomeKind::Cleaned);
    assert_eq!(names(&copy.bytes).len(), 2);
    assert!(contains(&copy.bytes, "The address is Storgatan 12.\n"));
    let file = zip(&[("notes.txt", b"at 59.32938, 18.06861\n".to_vec())]);
    let copy = cleaned(&file).unwrap();
    assert_eq!(copy.kind, OutcomeKind::Reduced);
    assert_eq!(copy.stays(), ["txt.text"]);
}

/// Archives inside each other, the innermost with a picture.
fn chain(depth: usize) -> Vec<u8> {
    let mut file = zip(&[("a.png", picture("Anna Svensson"))]);
    for _ in 1..depth {
        file = zip(&[("a.zip", file)]);
    }
    file
}

fn with_items(file: &[u8], items: u64) -> Result<OutcomeKind, Error> {
    let job = Job {
        limits: Limits {
            items,
            ..Limits::default()
        },
        ..Job::default()
    };
    let source = Source::memory(file);
    let cleaning = clean(&source, &job)?;
    let mut out = Vec::new();
    run(&cleaning.examined.plan, &source, &mut out)?;
    assert!(!contains(&out, "Anna"));
    Ok(verify(&cleaning, &Source::memory(&out), &job)?.kind())
}

/// The fewest structures that a limit must allow.
fn cost(file: &[u8]) -> u64 {
    let (mut low, mut high) = (0, 1 << 20);
    while low + 1 < high {
        let middle = (low + high) / 2;
        match with_items(file, middle) {
            Ok(kind) => {
                assert_eq!(kind, OutcomeKind::Cleaned);
                high = middle;
            }
            Err(Error::LimitExceeded { limit: "items" }) => low = middle,
            Err(error) => panic!("{error}"),
        }
    }
    high
}

#[test]
fn archives_inside_archives_cost_linear_work() {
    let (few, many) = (cost(&chain(3)), cost(&chain(12)));
    assert!(many <= few * 5, "{few} for 3, {many} for 12");
}

#[test]
fn a_thousand_levels_are_refused() {
    let error = cleaned(&chain(1000)).unwrap_err();
    assert!(matches!(error, Error::LimitExceeded { .. }), "{error}");
}

/// A drawing behind a name that is longer than what detection reads.
#[test]
fn drawings_in_gzip_files_of_another_kind_are_refused() {
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='1' height='1'/></svg>";
    let mut file = vec![0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3];
    file.extend(vec![b'a'; 5000]);
    file.push(0);
    let len = u16::try_from(drawing.len()).unwrap();
    file.push(1);
    file.extend(len.to_le_bytes());
    file.extend((!len).to_le_bytes());
    file.extend(drawing);
    file.extend(crc32fast::hash(drawing).to_le_bytes());
    file.extend(u32::from(len).to_le_bytes());
    let error = crate::pipeline::testing::copy(&file)
        .unwrap_err()
        .to_string();
    assert!(error.contains("compressed in an unusual way"), "{error}");
}
