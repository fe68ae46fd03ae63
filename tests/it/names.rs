//! What copies are called, and folders that are cleaned again.

use std::collections::BTreeSet;

use crate::support::desk::{Desk, Said};

const IPHONE: &str = "jpeg/iphone.jpg";
const CLEAN: &str = "jpeg/clean.jpg";

fn outcome(said: &Said, path: &str) -> String {
    said.about(path)["outcome"].as_str().unwrap().to_owned()
}

#[test]
fn names_that_tell_are_replaced() {
    let desk = Desk::new();
    desk.sample(IPHONE, "in/2024-05-12 hemma/IMG_2041.jpg");
    desk.sample(CLEAN, "in/2024-05-12 hemma/hus.jpg");
    desk.sample(CLEAN, "in/IMG_0001.JPG");
    desk.sample(CLEAN, "in/photo-001.jpg");
    desk.sample("png/clean.png", "in/wrong.jpg");
    desk.sample(CLEAN, "in/hos Åsa.jpg");
    desk.write("list.txt", "\u{FEFF}Åsa\r\nRinkeby\n".as_bytes());
    let auto = desk.run(["clean", "in", "--names-list", "list.txt"]);
    assert_eq!(auto.code, 0, "{auto:?}");
    assert_eq!(
        desk.names("in-clean"),
        [
            "folder-002/hus.jpg",
            "folder-002/photo-001.jpg",
            "photo-001.jpg",
            "photo-002.jpg",
            "photo-003.jpg",
            "picture-005.png",
        ]
    );
    let again = desk.run(["clean", "in", "--names-list", "list.txt", "--jsonl"]);
    assert_eq!(again.code, 0, "the same names again");
    let renamed = again.about("in/IMG_0001.JPG");
    assert_eq!(renamed["findings"][0]["id"], "fs.name.device");
    assert_eq!(renamed["outcome"], "already_clean", "only the name told");
    let text = desk.run(["clean", "in", "-o", "text"]).out;
    let line = text
        .lines()
        .find(|line| line.starts_with("in/IMG_0001.JPG"));
    assert!(line.unwrap().contains("the name was changed"), "{text}");
    assert!(text.contains("4 copies get neutral names"), "{text}");
    let listed = again.about("in/hos Åsa.jpg");
    assert_eq!(listed["findings"][0]["id"], "fs.name.person");

    let keep = desk.run(["clean", "in", "--names", "keep", "-o", "kept", "--jsonl"]);
    assert_eq!(keep.code, 0, "as it was asked for");
    assert_eq!(desk.names("kept"), desk.names("in"));
    let kept = keep.about("in/IMG_0001.JPG");
    assert_eq!(
        (&kept["outcome"], &kept["residue"][0]["id"]),
        (&"already_clean".into(), &"fs.name.device".into()),
        "the file is clean; what its name tells is left, and that is said"
    );

    let neutral = desk.run([
        "clean", "in", "--names", "neutral", "--lang", "sv", "-o", "alla",
    ]);
    assert_eq!(neutral.code, 0, "{neutral:?}");
    let names = desk.names("alla");
    assert_eq!(names.len(), 6);
    assert!(
        names
            .iter()
            .all(|name| !name.contains("hus") && !name.contains("IMG")),
        "{names:?}"
    );
    assert!(
        names.contains(&"mapp-002/foto-001.jpg".to_owned()),
        "{names:?}"
    );
}

/// `design.md` §6: what is not known to be harmless is replaced.
#[test]
fn names_that_may_tell_are_replaced() {
    let desk = Desk::new();
    let telling = [
        "Anna i Lund.jpg",
        "Storgatan 5, Lund.jpg",
        "N59 19.758 E018 04.116.jpg",
        "u4pruydqqvj.jpg",
        "ABC123 volvo.jpg",
        "Kvinnojouren Lund.jpg",
        "Hemma hos Anna.jpg",
        "Anna Andersson Storgatan 5/kök.jpg",
        "con.jpg",
    ];
    let harmless = ["Ansökan bilaga 2.jpg", "läkarintyg.jpg", "kök/hus.jpg"];
    for name in telling.iter().chain(&harmless) {
        desk.sample(CLEAN, format!("in/{name}"));
    }
    let scan = desk.run(["scan", "in", "--jsonl"]);
    assert_eq!(scan.code, 1, "{scan:?}");
    let clean = desk.run(["clean", "in", "--jsonl"]);
    assert_eq!(clean.code, 0, "{clean:?}");
    for name in telling {
        let said = scan.about(&format!("in/{name}"));
        assert_eq!(said["outcome"], "found", "{said}");
        let id = said["findings"][0]["id"].as_str().unwrap();
        assert!(id.starts_with("fs.name."), "{said}");
        let made = clean.about(&format!("in/{name}"));
        assert_eq!(made["outcome"], "already_clean", "{made}");
        let output = made["output"].as_str().unwrap();
        assert!(
            !output.contains("Anna") && !output.contains("Lund"),
            "{made}"
        );
        assert!(output.contains("-0"), "{made}");
    }
    for name in harmless {
        assert_eq!(outcome(&scan, &format!("in/{name}")), "nothing_found");
        let made = clean.about(&format!("in/{name}"));
        assert_eq!(made["output"], format!("in-clean/{name}"));
    }
    let again = desk.run(["scan", "in-clean"]);
    assert_eq!(again.code, 0, "{again:?}");
}

#[test]
fn values_of_a_file_do_not_remain_in_its_name() {
    let desk = Desk::new();
    desk.sample(IPHONE, "in/apple iphone.jpg");
    desk.sample(CLEAN, "in/apple.jpg");
    let said = desk.run(["clean", "in", "--jsonl"]);
    let made = said.about("in/apple iphone.jpg");
    assert_eq!(made["output"], "in-clean/photo-001.jpg", "{made}");
    assert_eq!(said.about("in/apple.jpg")["output"], "in-clean/apple.jpg");
    let kept = desk.run(["clean", "in", "--names", "keep", "-o", "kept", "--jsonl"]);
    let made = kept.about("in/apple iphone.jpg");
    assert_eq!(made["output"], "kept/apple iphone.jpg");
    let left = made["residue"].as_array().unwrap();
    assert!(left.iter().any(|f| f["id"] == "fs.name.value"), "{made}");
}

#[test]
fn what_bytes_say_counts_and_not_the_name() {
    let desk = Desk::new();
    let names = [
        "a.log",
        "b.json",
        "c.gpx",
        "d.tmp",
        "e.bak",
        "f.jpg_original",
        "g.xmp",
    ];
    for name in names {
        desk.sample(IPHONE, format!("in/{name}"));
    }
    desk.sample(IPHONE, "in/._a.jpg");
    desk.write("in/track.gpx", b"<gpx/>");
    let said = desk.run(["clean", "in", "--jsonl"]);
    for name in names {
        assert_eq!(outcome(&said, &format!("in/{name}")), "cleaned", "{name}");
    }
    assert_eq!(outcome(&said, "in/._a.jpg"), "refused");
    assert_eq!(desk.names("in-clean").len(), names.len());
}

/// Word opens no document with macros that is called `docx`, and raw converters go by the extension.
#[test]
fn extensions_suit_the_content() {
    let desk = Desk::new();
    desk.sample("raw/nikon.nef", "in/a.cr2");
    desk.sample("odt/letter.odt", "in/b.ott");
    desk.sample("docx/letter.docx", "in/c.docm");
    desk.sample("raw/sony.arw", "in/Anna Andersson.ARW");
    let said = desk.run(["clean", "in", "--jsonl"]);
    let made = |path: &str| said.about(path)["output"].as_str().unwrap().to_owned();
    assert!(made("in/a.cr2").ends_with(".nef"));
    assert!(made("in/b.ott").ends_with(".odt"));
    assert!(made("in/c.docm").ends_with(".docx"));
    assert!(made("in/Anna Andersson.ARW").ends_with(".arw"));
}

#[test]
fn the_sum_and_the_exit_code_agree() {
    let desk = Desk::new();
    desk.sample(CLEAN, "in/a.jpg");
    desk.write("in/track.srt", b"where it was");
    for args in [["scan", "in"], ["clean", "in"]] {
        let said = desk.run(args);
        assert_eq!(said.code, 1, "{said:?}");
        let sum = said
            .out
            .lines()
            .find(|line| line.contains("2 files:"))
            .unwrap();
        assert!(!sum.contains("nothing found"), "{said:?}");
    }
}

/// Thousands of copies are recognised, however the new files are mixed with the old ones.
#[test]
fn a_folder_that_grew_is_cleaned_again() {
    const FILES: u32 = 10_000;
    let desk = Desk::new();
    let picture = |n: u32| {
        let mut bytes = b"P6\n2 2\n255\n".to_vec();
        bytes.extend(n.to_be_bytes().repeat(3));
        bytes
    };
    for n in 0..FILES {
        desk.write(format!("in/IMG_{n:05}.ppm"), &picture(n));
    }
    let outputs = |said: &Said| -> BTreeSet<String> {
        let lines = said.json();
        let paths = lines.iter().filter_map(|line| line["output"].as_str());
        paths.map(str::to_owned).collect()
    };
    let first = desk.run(["clean", "in", "--jsonl"]);
    assert_eq!(first.code, 0);
    assert_eq!(outputs(&first).len(), 10_000);
    let before = desk.tree("in-clean");
    for n in 0..10 {
        desk.write(format!("in/IMG_{:05}b.ppm", n * 777), &picture(FILES + n));
    }
    let second = desk.run(["clean", "in", "--jsonl"]);
    assert_eq!(second.code, 0);
    let after = desk.tree("in-clean");
    assert_eq!(after.len(), 10_010);
    assert!(
        before
            .iter()
            .all(|(path, bytes)| after.get(path) == Some(bytes))
    );
    assert_eq!(
        outputs(&second).len(),
        10_010,
        "each original has its own copy"
    );
}

#[test]
fn folders_with_neutral_names_are_recognised() {
    let desk = Desk::new();
    desk.sample(IPHONE, "in/Anna/IMG_0001.jpg");
    desk.sample("jpeg/rgb.jpg", "in/Anna/kök.jpg");
    desk.sample(CLEAN, "in/Maria/bil/IMG_0001.jpg");
    assert_eq!(desk.run(["clean", "in"]).code, 0);
    let before = desk.names("in-clean");
    assert_eq!(
        before,
        [
            "folder-001/kök.jpg",
            "folder-001/photo-001.jpg",
            "folder-002/bil/photo-001.jpg"
        ]
    );
    desk.sample("jpeg/grey.jpg", "in/Alma/IMG_0001.jpg");
    desk.sample("jpeg/restart.jpg", "in/Maria/bil/IMG_0000.jpg");
    // The same bytes twice are two copies.
    desk.sample(CLEAN, "in/Maria/bil/IMG_0002.jpg");
    for _ in 0..2 {
        let said = desk.run(["clean", "in", "--jsonl"]);
        assert_eq!(said.code, 0, "{said:?}");
        let after = desk.names("in-clean");
        assert_eq!(after.len(), before.len() + 3, "{after:?}");
        assert!(before.iter().all(|name| after.contains(name)), "{after:?}");
    }
}

#[test]
fn verify_tries_both_policies() {
    let desk = Desk::new();
    desk.sample("jpeg/ultra-hdr.jpg", "in/IMG_0001.jpg");
    assert_eq!(desk.run(["clean", "in", "--policy", "strict"]).code, 0);
    let said = desk.run(["verify", "in", "in-clean", "--jsonl"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(said.about("in/IMG_0001.jpg")["policy"], "strict");
    let text = desk.run(["verify", "in", "in-clean"]).out;
    assert!(text.contains("--policy strict"), "{text}");
    let said = desk.run(["verify", "in", "in-clean", "--policy", "share"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert_eq!(desk.run(["clean", "in", "-o", "share"]).code, 0);
    let said = desk.run(["verify", "in", "share", "--jsonl"]);
    assert_eq!(said.about("in/IMG_0001.jpg")["policy"], "share");
}

/// A copy that an earlier run gave its name keeps no name of the original.
#[test]
fn a_renamed_copy_has_no_name_left() {
    let desk = Desk::new();
    desk.sample("jpeg/iphone.jpg", "in/IMG_20240512_143000.jpg");
    desk.run(["clean", "in", "-o", "out"]);
    let again = desk.run(["clean", "in", "-o", "out", "--names", "keep", "--jsonl"]);
    assert_eq!(desk.names("out"), ["photo-001.jpg"]);
    let record = again.about("in/IMG_20240512_143000.jpg");
    assert_eq!(record["residue"], serde_json::json!([]), "{record}");
}
