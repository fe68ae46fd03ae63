use super::*;
use crate::bytes::run;
use crate::bytes::testing::with_context;
use crate::model::{Plan, Step, len_u64};

fn bytes(plan: &Plan, source: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    run(plan, &Source::memory(source), &mut out).unwrap();
    out
}

fn deflated(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A file with members that are given as name, method and content.
fn archive(members: &[(&str, Method, &[u8])]) -> Vec<u8> {
    let mut writer = Writer::new();
    for (name, method, content) in members {
        let head = Head {
            name,
            method: *method,
            crc: crc32fast::hash(content),
            size: len_u64(content.len()),
        };
        let mut body = Plan::new();
        body.push(Step::bytes(match method {
            Method::Stored => content.to_vec(),
            Method::Deflated => deflated(content),
        }));
        writer.member(&head, &body).unwrap();
    }
    bytes(&writer.finish(), &[])
}

fn parsed(bytes: &[u8]) -> Result<Archive> {
    with_context(|cx| read(&Source::memory(bytes), cx))
}

fn sample() -> Vec<u8> {
    archive(&[
        ("mimetype", Method::Stored, b"text/plain"),
        ("a/b.txt", Method::Deflated, &[b'x'; 5000]),
        ("åäö.txt", Method::Stored, b"hej"),
        ("empty/", Method::Stored, b""),
    ])
}

#[test]
fn what_is_written_is_read() {
    let file = sample();
    let archive = parsed(&file).unwrap();
    assert_eq!(archive.gaps, []);
    assert_eq!(archive.traces, Traces::default());
    let names: Vec<_> = archive.members.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["mimetype", "a/b.txt", "åäö.txt", "empty/"]);
    with_context(|cx| {
        let source = Source::memory(&file);
        let content = |name| {
            archive
                .member(name)
                .unwrap()
                .read(&source, cx, 9999)
                .unwrap()
        };
        assert_eq!(content("a/b.txt"), [b'x'; 5000]);
        assert_eq!(content("åäö.txt"), b"hej");
    });
    assert_eq!(archive.member("empty/").unwrap().kind, Kind::Folder);
    let probed = |name: &str| {
        let fits = |known: &[u8]| known == name.as_bytes();
        content(&Source::memory(&file), fits, 5).unwrap()
    };
    assert_eq!(probed("mimetype"), Some(b"text/".to_vec()));
    assert_eq!(probed("a/b.txt"), Some(b"xxxxx".to_vec()));
    assert_eq!(probed("b.txt"), None);
}

#[test]
fn prefixes_trailers_and_ghosts_are_gaps() {
    let file = sample();
    let moved = [b"#!stub", &file[..], b"behind"].concat();
    let archive = parsed(&moved).unwrap();
    assert_eq!(archive.members.len(), 4);
    let kinds: Vec<_> = archive.gaps.iter().map(|gap| gap.kind.clone()).collect();
    assert_eq!(kinds, [GapKind::Prefix, GapKind::Trailer]);

    // A member in front that the directory does not know.
    let ghost = self::archive(&[("secret.txt", Method::Stored, b"gone")]);
    let ghost = &ghost[..30 + 10 + 4];
    let archive = parsed(&[b"junk", ghost, b"PK", &file].concat()).unwrap();
    let kinds: Vec<_> = archive.gaps.iter().map(|gap| gap.kind.clone()).collect();
    let data = Some(Span::new(44, 48));
    assert_eq!(
        kinds,
        [
            GapKind::Prefix,
            GapKind::Ghost("secret.txt".into(), data),
            GapKind::Prefix
        ]
    );
}

#[test]
fn contradictions_are_refused() {
    let file = archive(&[
        ("a", Method::Deflated, &[7; 900]),
        ("b", Method::Stored, b"bbbb"),
    ]);
    let central = memchr::memmem::rfind(&file, CENTRAL).unwrap();
    let change = |at: usize, to: u8| {
        let mut file = file.clone();
        file[at] = to;
        parsed(&file).map(|_| ()).map_err(|error| error.to_string())
    };
    assert!(change(central + 10, 8).unwrap_err().contains("contradict"));
    assert!(change(central + 20, 5).is_err(), "packed length");
    assert!(change(central + 8, 1).unwrap_err().contains("encrypted"));
    let mut more = file.clone();
    for at in [file.len() - 14, file.len() - 12] {
        more[at] = 3;
    }
    assert!(parsed(&more).unwrap_err().to_string().contains("entries"));
    // Two entries, one member.
    let mut twice = archive(&[
        ("a", Method::Stored, b"aaaa"),
        ("b", Method::Stored, b"bbbb"),
    ]);
    let second = memchr::memmem::rfind(&twice, CENTRAL).unwrap();
    let first = memchr::memmem::find(&twice, CENTRAL).unwrap();
    let entry = twice[first + 16..first + 20].to_vec();
    twice[second + 16..second + 20].copy_from_slice(&entry);
    twice[second + 42] = 0;
    assert!(parsed(&twice).unwrap_err().to_string().contains("overlap"));
    // Length and check sum of the content.
    for (field, at) in [("size", 24), ("crc", 16)] {
        let mut file = file.clone();
        let first = memchr::memmem::find(&file, CENTRAL).unwrap();
        file[first + at] ^= 1;
        let local = if field == "size" { 22 } else { 14 };
        file[local] ^= 1;
        let archive = parsed(&file).unwrap();
        let read = with_context(|cx| archive.members[0].read(&Source::memory(&file), cx, 9999));
        assert!(read.is_err(), "{field}");
    }
}

#[test]
fn bombs_are_refused_by_their_directory() {
    let mut file = archive(&[("a", Method::Deflated, &[0; 100_000])]);
    let central = memchr::memmem::find(&file, CENTRAL).unwrap();
    for at in [central + 24, 22] {
        file[at..at + 4].copy_from_slice(&(1u32 << 30).to_le_bytes());
    }
    assert!(matches!(parsed(&file), Err(Error::LimitExceeded { .. })));
}

#[test]
fn headers_that_say_more_are_noted() {
    // As Info-ZIP writes them: times, user and group, a comment for the member and for the file.
    let name = b"n.txt";
    let mut extra = vec![0x55, 0x54, 5, 0, 1, 1, 2, 3, 4];
    extra.extend([0x75, 0x78, 11, 0, 1, 4, 0xE8, 3, 0, 0, 4, 100, 0, 0, 0]);
    let fields = |version: &[u8]| {
        let mut out = version.to_vec();
        out.extend([0, 0, 0, 0, 0x11, 0x22, 0x33, 0x58]);
        out.extend(crc32fast::hash(b"hi").to_le_bytes());
        out.extend([2, 0, 0, 0, 2, 0, 0, 0, 5, 0]);
        out.extend(u16::try_from(extra.len()).unwrap().to_le_bytes());
        out
    };
    let mut file = LOCAL.to_vec();
    file.extend(fields(&[10, 0]));
    file.extend(name);
    file.extend(&extra);
    file.extend(b"hi");
    let start = file.len();
    file.extend(CENTRAL);
    file.extend(fields(&[30, 3, 10, 0]));
    file.extend([4, 0, 0, 0, 0, 0]);
    file.extend((0o100_644u32 << 16).to_le_bytes());
    file.extend([0; 4]);
    file.extend(name);
    file.extend(&extra);
    file.extend(b"note");
    let size = file.len() - start;
    file.extend(END);
    file.extend([0, 0, 0, 0, 1, 0, 1, 0]);
    file.extend(u32::try_from(size).unwrap().to_le_bytes());
    file.extend(u32::try_from(start).unwrap().to_le_bytes());
    file.extend([5, 0]);
    file.extend(b"about");
    let traces = parsed(&file).unwrap().traces;
    assert_eq!(traces.timed, 1);
    assert_eq!(traces.newest, (0x5833, 0x2211));
    assert_eq!(traces.owner, Some((1000, 100)));
    assert_eq!(traces.systems, 1);
    assert_eq!(traces.comments, ["about", "note"]);
    assert_eq!(traces.extra_len, 0);
}

#[test]
fn no_damage_panics() {
    let file = sample();
    with_context(|cx| {
        for cut in 0..file.len() {
            let _ = read(&Source::memory(&file[..cut]), cx);
        }
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut file = file.clone();
                file[at] ^= 1 << bit;
                let source = Source::memory(&file);
                if let Ok(archive) = read(&source, cx) {
                    for member in &archive.members {
                        let _ = member.read(&source, cx, 1 << 20);
                    }
                }
            }
        }
    });
}

#[test]
fn long_files_get_zip64() {
    let mut writer = Writer::new();
    let mut body = Plan::new();
    body.push(Step::Zero(5 << 30));
    for name in ["a", "b"] {
        let head = Head {
            name,
            method: Method::Stored,
            crc: 0x1234,
            size: 5 << 30,
        };
        writer.member(&head, &body).unwrap();
    }
    let plan = writer.finish();
    // Only what is not zeros, as a file with a hole.
    struct Sparse(Vec<(u64, Vec<u8>)>, u64);
    impl crate::bytes::ReadAt for Sparse {
        fn len(&self) -> u64 {
            self.1
        }
        fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> std::io::Result<()> {
            buf.fill(0);
            for (start, bytes) in &self.0 {
                for (at, byte) in (*start..).zip(bytes) {
                    if let Some(at) = at.checked_sub(offset)
                        && let Some(to) = buf.get_mut(usize::try_from(at).unwrap())
                    {
                        *to = *byte;
                    }
                }
            }
            Ok(())
        }
    }
    let mut pieces = Vec::new();
    let mut at = 0;
    for step in plan.steps() {
        match step {
            Step::Zero(n) => at += n,
            Step::Bytes(bytes) => {
                pieces.push((at, bytes.to_vec()));
                at += len_u64(bytes.len());
            }
            _ => unreachable!(),
        }
    }
    let file = Sparse(pieces, at);
    let archive = with_context(|cx| read(&Source::random(&file), cx)).unwrap();
    assert_eq!(archive.members.len(), 2);
    assert_eq!(archive.members[1].size, 5 << 30);
    assert_eq!(archive.gaps, []);
    assert_eq!(archive.traces, Traces::default());
}
