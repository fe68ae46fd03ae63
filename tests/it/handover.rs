//! The folder with the copies as something to hand on: what is said at the end, and the exit code with it.

use crate::support::desk::Desk;

const READY: &str = "can be handed on, as far as a program can tell.";

#[test]
fn a_whole_folder_is_ready() {
    let desk = Desk::new();
    desk.sample("jpeg/iphone.jpg", "photos/a.jpg");
    desk.sample("jpeg/clean.jpg", "photos/b.jpg");
    for _ in 0..2 {
        // The second time the copies are there already.
        let said = desk.run(["clean", "photos"]);
        assert_eq!(said.code, 0, "{said:?}");
        assert!(
            said.out
                .contains("Everything in the folder with the copies can")
        );
        assert!(!said.out.contains("also contains"), "{}", said.out);
    }
    let said = desk.run(["clean", "photos", "--output", "other", "--dry-run"]);
    assert!(!said.out.contains(READY), "{}", said.out);
}

#[test]
fn what_is_missing_is_named() {
    let desk = Desk::new();
    desk.sample("jpeg/iphone.jpg", "photos/a.jpg");
    for n in 0..25 {
        desk.sample("jpeg/damaged-header.jpg", format!("photos/bad{n:02}.jpg"));
    }
    let said = desk.run(["clean", "photos"]);
    assert_eq!(said.code, 1);
    assert!(!said.out.contains(READY), "{}", said.out);
    let (_, list) = said
        .out
        .split_once("25 files are NOT among the copies")
        .unwrap();
    for words in [
        "  photos/bad00.jpg\n",
        "  photos/bad09.jpg\n",
        "  and 15 more\n",
    ] {
        assert!(list.contains(words), "{list}");
    }
    assert!(!list.contains("bad10"), "{list}");
}

/// The sentence is there exactly where the exit code is 0, unless somebody asked for names that tell.
#[test]
fn the_sentence_and_the_exit_code_agree() {
    for (sample, name, more) in [
        ("jpeg/iphone.jpg", "a.jpg", &[][..]),
        (
            "jpeg/iphone.jpg",
            "IMG_20240512_143000.jpg",
            &["--names", "keep"],
        ),
        (
            "jpeg/clean.jpg",
            "IMG_20240512_143000.jpg",
            &["--names", "keep"],
        ),
        ("jpeg/damaged-header.jpg", "a.jpg", &[]),
        ("jpeg/iphone.jpg", "a.jpg", &["--times", "keep"]),
        ("jpeg/iphone.jpg", "a.jpg", &["--names", "keep"]),
        ("jpeg/iphone.jpg", "a.jpg", &["--names", "neutral"]),
        ("jpeg/iphone.jpg", "a.jpg", &["--policy", "strict"]),
        ("jpeg/iphone.jpg", "a.jpg", &["--overwrite"]),
        ("jpeg/iphone.jpg", "a.xmp", &[]),
    ] {
        let desk = Desk::new();
        desk.sample(sample, format!("photos/{name}"));
        desk.sample("jpeg/clean.jpg", "photos/plain.jpg");
        let said = desk.run([&["clean", "photos"], more].concat());
        let is_asked_for = said.out.contains("as you asked (--names keep)");
        assert_eq!(
            said.out.contains(READY),
            said.code == 0 && !is_asked_for,
            "{name} {more:?}: {said:?}"
        );
    }
}

#[test]
fn files_of_others_are_named() {
    let desk = Desk::new();
    desk.sample("jpeg/iphone.jpg", "photos/a.jpg");
    desk.sample("jpeg/iphone.jpg", "out/sub/original.jpg");
    let said = desk.run(["clean", "photos", "--output", "out"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.out.contains("All copies of this run can be handed on"),
        "{}",
        said.out
    );
    assert!(
        !said.out.contains("Everything in the folder"),
        "{}",
        said.out
    );
    let (_, list) = said
        .out
        .split_once("The folder also contains a file")
        .unwrap();
    assert!(list.contains("  out/sub/original.jpg\n"), "{list}");
}

/// What lies beside a photo and tells about it never gets into the folder, and that is said.
#[test]
fn sidecars_are_left_out_in_words() {
    let desk = Desk::new();
    desk.sample("jpeg/iphone.jpg", "photos/Pic.jpg");
    for name in ["Pic.xmp", "Pic.AAE", "Pic.THM", "Pic.srt", "Pic.jpg.json"] {
        desk.write(format!("photos/{name}"), b"59.4032 17.9448");
    }
    let said = desk.run(["scan", "photos"]);
    assert!(
        said.out.contains("6 files belong together by their names"),
        "{}",
        said.out
    );
    let said = desk.run(["clean", "photos"]);
    assert_eq!(said.code, 1);
    assert!(
        said.out.contains("5 of them tell about other files."),
        "{}",
        said.out
    );
    let names = desk.names("photos-clean");
    assert!(
        names.len() == 1 && names[0].to_lowercase().ends_with(".jpg"),
        "{names:?}"
    );
}

/// Whom to call is said where something leads to a place, and only there.
#[test]
fn help_is_offered_where_it_is_dangerous() {
    let desk = Desk::new();
    desk.sample("jpeg/iphone.jpg", "photos/a.jpg");
    desk.sample("jpeg/clean.jpg", "plain/b.jpg");
    for (folder, dangerous) in [("photos", true), ("plain", false)] {
        let report = format!("{folder}.html");
        let said = desk.run(["scan", folder, "--report", &report, "--lang", "sv"]);
        let page = std::fs::read_to_string(desk.path(&report)).unwrap();
        for text in [&said.out, &page] {
            for words in [
                "114 14",
                "112",
                "020-50 50 50",
                "kan ha ändrats",
                "Gör inte:",
            ] {
                assert_eq!(text.contains(words), dangerous, "{folder} {words}: {text}");
            }
        }
    }
}
