//! The contract of the command line: options, exit codes, shapes (`design.md` §6).

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::support::desk::{Desk, Said};

const IPHONE: &str = "jpeg/iphone.jpg";
const CLEAN: &str = "jpeg/clean.jpg";
const DAMAGED: &str = "jpeg/damaged-header.jpg";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.sample(IPHONE, "photos/a.jpg");
    desk.sample(CLEAN, "photos/sub/b.jpg");
    desk
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

fn outcome(said: &Said, path: &str) -> String {
    said.about(path)["outcome"].as_str().unwrap().to_owned()
}

#[test]
fn scan_says_where_when_and_with_what() {
    let desk = desk();
    let short = desk.run(["scan", "photos"]);
    assert_eq!(short.code, 1, "{short:?}");
    for words in [
        "photos/a.jpg",
        "RED       Shows where it was made: ",
        ", within ",
        "Also: ",
        "GREEN",
        "2 files: one red, one green.",
        "Place: the file can lead somebody to an address.",
        "--details",
    ] {
        assert!(
            short.out.contains(words),
            "{words} is not in:\n{}",
            short.out
        );
    }
    assert!(!short.out.contains("DEVICE"), "{}", short.out);
    let said = desk.run(["scan", "photos", "--details"]);
    for words in [
        "photos/a.jpg",
        "PLACE",
        " N ",
        " E), within ",
        "DEVICE",
        "Apple iPhone",
        "serial",
        "INSIDE",
        "photos/sub/b.jpg",
        "nothing found",
        "Nothing was changed.",
        "Next: sparlos clean photos",
    ] {
        assert!(said.out.contains(words), "{words} is not in:\n{}", said.out);
    }
    assert_eq!(said.err, "");
    assert!(
        !said.out.contains('\u{1b}'),
        "no colours without a terminal"
    );
    let said = desk.run(["scan", "photos/sub"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(
        said.out.contains("One file: nothing found.") || said.out.contains("one file: nothing")
    );
}

#[test]
fn it_speaks_swedish_to_swedes() {
    let desk = desk();
    let by_option = desk.run(["scan", "photos", "--lang", "sv"]);
    let by_locale = Said::new(
        &desk
            .command()
            .env("LANG", "sv_SE.UTF-8")
            .args(["scan", "photos"])
            .output()
            .unwrap(),
    );
    for said in [by_option, by_locale] {
        assert!(
            said.out.contains("Visar var den gjordes") && said.out.contains("Inget har ändrats."),
            "{said:?}"
        );
    }
    let help = desk.run(["clean", "--help", "--lang", "sv"]);
    assert!(help.out.contains("Skriv rensade kopior"), "{help:?}");
    assert_eq!(help.code, 0);
}

#[test]
fn jsonl_has_its_shape() {
    let desk = desk();
    desk.sample(DAMAGED, "photos/damaged.jpg");
    for (verb, done, code) in [
        ("scan", ["found", "nothing_found"], 1),
        ("clean", ["cleaned", "already_clean"], 1),
    ] {
        let said = desk.run([verb, "photos", "--jsonl"]);
        assert_eq!((said.code, said.err.as_str()), (code, ""), "{said:?}");
        let lines = said.json();
        let (summary, records) = lines.split_last().unwrap();
        assert_eq!(records.len(), 3);
        for record in records {
            let wanted = [
                "path",
                "output",
                "format",
                "outcome",
                "reason",
                "findings",
                "residue",
                "bytes_in",
                "bytes_out",
            ];
            assert_eq!(keys(record), BTreeSet::from(wanted));
            for finding in record["findings"].as_array().unwrap() {
                let mut keys = keys(finding);
                keys.remove("value");
                let wanted = ["id", "category", "severity", "where", "what"];
                assert_eq!(keys, BTreeSet::from(wanted));
            }
        }
        assert_eq!(outcome(&said, "photos/a.jpg"), done[0]);
        assert_eq!(outcome(&said, "photos/sub/b.jpg"), done[1]);
        let damaged = said.about("photos/damaged.jpg");
        assert_eq!(damaged["outcome"], "refused");
        assert!(damaged["reason"].as_str().unwrap().contains("JPEG"));
        assert_eq!(damaged["output"], Value::Null);
        assert_eq!(damaged["bytes_out"], Value::Null);
        let place = said.about("photos/a.jpg")["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find_map(|f| {
                f["value"]["place"]["latitude"]
                    .as_f64()
                    .filter(|_| f["severity"] == "critical")
            });
        assert!(place.is_some(), "coordinates are numbers");
        assert_eq!(keys(summary), BTreeSet::from(["summary"]));
        let summary = &summary["summary"];
        assert_eq!(summary["files"], 3);
        assert_eq!(summary["outcomes"][done[0]], 1);
        assert_eq!(summary["outcomes"][done[1]], 1);
        assert_eq!(summary["outcomes"]["refused"], 1);
        assert_eq!(summary["categories"]["location"], 1);
        if verb == "clean" {
            let record = said.about("photos/a.jpg");
            assert_eq!(record["output"], "photos-clean/a.jpg");
            let len = std::fs::metadata(desk.path("photos-clean/a.jpg"))
                .unwrap()
                .len();
            assert_eq!(record["bytes_out"], len);
        }
    }
}

#[test]
fn clean_mirrors_the_folder_and_leaves_out_what_it_cannot_clean() {
    let desk = desk();
    desk.sample(IPHONE, "photos/.hidden/.c.jpg");
    desk.write("photos/notes.bin", b"\0nothing that anybody knows");
    desk.write("photos/empty.jpg", b"");
    let said = desk.run(["clean", "photos"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert_eq!(
        desk.names("photos-clean"),
        [".hidden/.c.jpg", "a.jpg", "sub/b.jpg"]
    );
    assert!(
        said.out.contains("This kind of file cannot be cleaned."),
        "{}",
        said.out
    );
    assert!(said.out.contains("The file is empty."), "{}", said.out);
    assert!(
        said.out.contains("Look at the copies yourself"),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("Next: sparlos verify photos photos-clean"),
        "{}",
        said.out
    );
    assert_eq!(
        desk.tree("photos-clean")[Path::new("sub/b.jpg")],
        desk.tree("photos")[Path::new("sub/b.jpg")]
    );
    let again = desk.run(["scan", "photos-clean"]);
    assert_eq!(again.code, 0, "{again:?}");
}

#[test]
fn copies_of_files_go_beside_them_and_output_takes_all() {
    let desk = desk();
    let said = desk.run(["clean", "photos/a.jpg", "photos/sub/b.jpg"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        desk.path("photos/clean/a.jpg").exists() && desk.path("photos/sub/clean/b.jpg").exists()
    );
    let desk = self::desk();
    desk.sample(IPHONE, "other/a.jpg");
    let said = desk.run([
        "clean",
        "photos",
        "other",
        "photos/a.jpg",
        "--output",
        "new/place",
    ]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(
        desk.names("new/place"),
        ["other/a.jpg", "photos/a.jpg", "photos/sub/b.jpg"]
    );
    // Two files of one name: nobody is lost.
    let said = desk.run(["clean", "photos/a.jpg", "other/a.jpg", "--output", "both"]);
    assert_eq!(said.code, 0, "{said:?}");
    let names = desk.names("both");
    // Which of them comes first depends on the threads.
    assert!(
        names == ["a.jpg", "photo-001.jpg"] || names == ["a.jpg", "photo-002.jpg"],
        "{names:?}"
    );
}

#[test]
fn companions_are_named_and_left_out() {
    let desk = desk();
    for name in [
        "a.xmp",
        "a.jpg.json",
        "Thumbs.db",
        "._a.jpg",
        "a.jpg_original",
        "~$b.docx",
    ] {
        desk.write(format!("photos/{name}"), b"whatever");
    }
    let said = desk.run(["clean", "photos", "--jsonl"]);
    assert_eq!(said.code, 1);
    assert_eq!(desk.names("photos-clean"), ["a.jpg", "sub/b.jpg"]);
    let sidecar = said.about("photos/a.xmp");
    assert_eq!(
        (&sidecar["outcome"], &sidecar["findings"][0]["id"]),
        (&"refused".into(), &"fs.sidecar".into())
    );
    let said = desk.run(["scan", "photos/a.xmp", "--jsonl"]);
    assert_eq!(outcome(&said, "photos/a.xmp"), "found");
    let said = desk.run(["scan", "photos/a.xmp"]);
    assert!(said.out.contains("Goes with another file"), "{said:?}");
}

#[test]
fn times_are_neutral_or_kept() {
    let desk = desk();
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let file = std::fs::File::options()
        .write(true)
        .open(desk.path("photos/a.jpg"))
        .unwrap();
    file.set_modified(old).unwrap();
    let modified = |name: &str| {
        std::fs::metadata(desk.path(name))
            .unwrap()
            .modified()
            .unwrap()
    };
    let neutral = SystemTime::UNIX_EPOCH + Duration::from_secs(946_684_800);
    assert_eq!(desk.run(["clean", "photos"]).code, 0);
    for name in ["photos-clean/a.jpg", "photos-clean", "photos-clean/sub"] {
        assert_eq!(modified(name), neutral, "{name}");
    }
    let said = desk.run(["clean", "photos", "--times", "keep", "-o", "kept"]);
    assert_eq!(modified("kept/a.jpg"), old);
    assert!(said.out.contains("--times keep"), "{said:?}");
    assert_eq!(modified("photos/a.jpg"), old, "the original is not touched");
}

#[test]
fn dry_run_writes_nothing() {
    let desk = desk();
    let said = desk.run(["clean", "photos", "--dry-run", "--jsonl"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(said.about("photos/a.jpg")["output"], "photos-clean/a.jpg");
    assert!(!desk.path("photos-clean").exists());
    let planned = said.about("photos/a.jpg")["bytes_out"].clone();
    let done = desk.run(["clean", "photos", "--jsonl"]);
    assert_eq!(done.about("photos/a.jpg")["bytes_out"], planned);
}

#[test]
fn existing_files_are_not_replaced_unless_asked() {
    let desk = desk();
    desk.write("photos-clean/a.jpg", b"somebody's own");
    let said = desk.run(["clean", "photos", "--jsonl"]);
    assert_eq!(said.code, 1);
    assert_eq!(outcome(&said, "photos/a.jpg"), "failed");
    assert_eq!(
        std::fs::read(desk.path("photos-clean/a.jpg")).unwrap(),
        b"somebody's own"
    );
    assert_eq!(desk.run(["clean", "photos", "--overwrite"]).code, 0);
    let written = desk.tree("photos-clean");
    assert_ne!(written[Path::new("a.jpg")], b"somebody's own");
    // What is there already and the same is done.
    let again = desk.run(["clean", "photos", "--jsonl"]);
    assert_eq!(
        (again.code, outcome(&again, "photos/a.jpg").as_str()),
        (0, "cleaned")
    );
    assert_eq!(desk.tree("photos-clean"), written);
}

#[test]
fn reports_hold_values_only_when_asked() {
    let desk = desk();
    desk.sample(IPHONE, "photos/=cmd|x.jpg");
    let said = desk.run(["scan", "photos", "--report", "r.json", "--report", "r.csv"]);
    assert_eq!(said.code, 1, "{said:?}");
    let said = desk.run([
        "scan", "photos", "--values", "--report", "v.json", "--report", "v.csv",
    ]);
    assert!(said.out.contains("The report is in v.json."), "{said:?}");
    let read = |name: &str| std::fs::read_to_string(desk.path(name)).unwrap();
    for (name, values) in [
        ("r.json", false),
        ("r.csv", false),
        ("v.json", true),
        ("v.csv", true),
    ] {
        assert_eq!(read(name).contains("iPhone"), values, "{name}");
    }
    let report: Value = serde_json::from_str(&read("r.json")).unwrap();
    assert_eq!(report["files"].as_array().unwrap().len(), 3);
    assert_eq!(report["summary"]["files"], 3);
    let text = read("v.csv");
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert!(rows.len() > 10);
    for cell in rows.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{cell}"
        );
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(desk.path("v.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "a report is private");
    }
    for args in [
        ["scan", "photos", "--report", "r.json"],
        ["scan", "photos", "--report", "r.txt"],
        ["scan", "photos", "--report", "no/such/folder/r.json"],
        ["clean", "photos", "--report", "photos-clean/r.json"],
    ] {
        let said = desk.run(args);
        assert_eq!(said.code, 2, "{args:?} {said:?}");
        assert!(!said.err.is_empty());
    }
    assert!(
        !desk.path("photos-clean").exists(),
        "it is said before anything is done"
    );
}

#[test]
fn a_page_is_safe_to_share_or_says_that_it_is_not() {
    let desk = desk();
    let said = desk.run(["scan", "photos", "--report", "safe.html"]);
    assert_eq!(said.code, 1, "{said:?}");
    desk.run(["scan", "photos", "--values", "--report", "full.html"]);
    let read = |name: &str| std::fs::read_to_string(desk.path(name)).unwrap();
    let (safe, full) = (read("safe.html"), read("full.html"));
    let jsonl = desk.run(["scan", "photos", "--jsonl"]);
    let mut secrets = vec!["a.jpg".to_owned()];
    for line in jsonl.out.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        for finding in record["findings"].as_array().into_iter().flatten() {
            let value = &finding["value"];
            let texts = ["text", "time"].map(|key| value[key].as_str().unwrap_or_default());
            secrets.extend(
                texts
                    .into_iter()
                    .filter(|it| it.len() > 5)
                    .map(str::to_owned),
            );
        }
    }
    assert!(secrets.len() > 10);
    for secret in &secrets {
        assert!(!safe.contains(secret), "{secret}");
    }
    assert!(!safe.contains("57.4") && safe.contains("(Latvia"), "{safe}");
    assert!(full.contains("a.jpg") && full.contains("57.4") && full.contains("Do not pass it on"));
    for page in [&safe, &full] {
        assert!(
            page.contains("lang=\"en\"") && !page.contains("<script") && !page.contains("src=")
        );
    }
}

#[test]
fn comparisons_are_reported_like_files() {
    let desk = desk();
    assert_eq!(desk.run(["clean", "photos"]).code, 0);
    let said = desk.run([
        "verify",
        "photos",
        "photos-clean",
        "--report",
        "r.json",
        "--report",
        "r.csv",
    ]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("The report is in r.csv."), "{said:?}");
    let text = std::fs::read_to_string(desk.path("r.json")).unwrap();
    assert!(!text.contains("iPhone"), "values only when asked for");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["files"][0]["outcome"], "proven");
    assert_eq!(report["summary"]["proven"], 2);
    let rows = std::fs::read_to_string(desk.path("r.csv")).unwrap();
    assert!(rows.lines().skip(1).all(|row| row.contains(",proven,")));
    for inside in ["photos/r.json", "photos-clean/r.json"] {
        let said = desk.run(["verify", "photos", "photos-clean", "--report", inside]);
        assert_eq!(said.code, 2, "{said:?}");
    }
}

#[test]
fn common_options_stand_before_the_command_as_well() {
    let desk = desk();
    let help = desk.run(["--lang", "sv", "--help"]);
    assert_eq!(help.code, 0, "{help:?}");
    assert!(help.out.contains("Kommandon"), "{help:?}");
    let scan = desk.run(["--jsonl", "scan", "photos"]);
    assert_eq!(scan.json().len(), 3, "{scan:?}");
}

#[test]
fn mistakes_in_typing_end_in_two() {
    let desk = desk();
    for args in [
        vec![],
        vec!["scan"],
        vec!["sacn", "photos"],
        vec!["scan", "photos", "--nope"],
        vec!["scan", "missing"],
        vec!["clean", "photos", "--names", "some"],
        vec!["clean", "photos", "missing"],
        vec!["verify", "photos"],
        vec!["verify", "photos", "photos/a.jpg"],
        vec!["verify", "photos", "missing"],
        vec!["clean", "photos", "--jobs", "many"],
        vec!["scan", "--files-from", "missing"],
        vec!["scan", "photos", "--names-list", "missing"],
        vec!["scan", "photos", "--password=missing"],
        vec!["clean", "/"],
        vec!["clean", "photos", "--output", "photos/a.jpg/x"],
    ] {
        let said = desk.run(&args);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{args:?} {said:?}");
        assert!(said.err.starts_with("sparlos: "), "{args:?} {said:?}");
        assert!(
            !said.err.contains("error:") && said.err.lines().count() <= 2,
            "{said:?}"
        );
    }
    assert_eq!(desk.names(""), ["photos/a.jpg", "photos/sub/b.jpg"]);
}

#[test]
fn lists_of_files() {
    let desk = desk();
    desk.sample(CLEAN, "new\nline.jpg");
    desk.write("list", b"photos/a.jpg\nphotos/sub/b.jpg\n\nphotos/a.jpg\n");
    desk.write("list0", b"photos/a.jpg\0new\nline.jpg\0");
    let said = desk.run(["scan", "--files-from", "list", "--jsonl"]);
    assert_eq!(said.json().len(), 3, "each file once: {said:?}");
    let said = desk.run(["scan", "--files-from", "list0", "-0", "--jsonl"]);
    assert_eq!(outcome(&said, "new\nline.jpg"), "found", "its name is odd");
    let said = desk.shell("find photos -name '*.jpg' -print0 | $S scan -0 --files-from - --jsonl");
    assert_eq!(said.json().len(), 3, "{said:?}");
}

#[test]
fn quiet_says_only_what_went_wrong() {
    let desk = desk();
    desk.sample(DAMAGED, "photos/damaged.jpg");
    let said = desk.run(["clean", "photos", "--quiet"]);
    assert!(!said.out.contains("photos/a.jpg"), "{said:?}");
    assert!(
        said.out.contains("photos/damaged.jpg") && said.out.contains("3 files:"),
        "{said:?}"
    );
}

#[test]
fn a_closed_pipe_is_no_trouble() {
    let desk = Desk::new();
    for n in 0..200 {
        desk.sample(CLEAN, format!("in/{n}.jpg"));
    }
    let said = desk.shell("{ $S scan in --jobs 1; echo \"code $?\" >&2; } | head -n 1");
    assert_eq!(said.err, "code 0\n");
    let said = desk.shell("{ $S clean in --jobs 1; echo \"code $?\" >&2; } | head -n 1");
    assert_eq!(said.err, "code 0\n");
    assert_eq!(
        desk.names("in-clean").len(),
        200,
        "the work is done all the same"
    );
    let mut child = desk
        .command()
        .args(["formats"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn verify_proves_copies() {
    let desk = Desk::new();
    for (sample, name) in [
        ("iphone", "photo-001"),
        ("samsung-sef", "samsung-sef"),
        ("grey", "kitchen"),
        ("clean", "clean"),
    ] {
        desk.sample(&format!("jpeg/{sample}.jpg"), format!("in/{name}.jpg"));
    }
    desk.sample("png/clean.png", "in/IMG_0001.png");
    desk.sample(IPHONE, "in/2024/IMG_0002.jpg");
    assert_eq!(desk.run(["clean", "in"]).code, 0);
    let said = desk.run(["verify", "in", "in-clean", "--pixels", "--jsonl"]);
    assert_eq!(said.code, 0, "{said:?}");
    let lines = said.json();
    assert_eq!(lines.len(), 7);
    for record in &lines[..6] {
        assert_eq!(record["outcome"], "proven", "{record}");
        assert_eq!(
            (&record["clean"], &record["same"]),
            (&true.into(), &true.into())
        );
        assert_eq!(record["pixels"], true);
    }
    assert_eq!(lines[6]["summary"]["proven"], 6);
    let one = desk.run(["verify", "in/photo-001.jpg", "in-clean/photo-001.jpg"]);
    assert_eq!(one.code, 0, "{one:?}");
    assert!(one.out.contains("clean, shows the same"), "{one:?}");

    // The original itself is not a clean copy.
    let said = desk.run(["verify", "in/photo-001.jpg", "in/photo-001.jpg", "--jsonl"]);
    assert_eq!(
        (
            said.code,
            said.about("in/photo-001.jpg")["outcome"].as_str()
        ),
        (1, Some("not_clean"))
    );
    // Another clean picture is not a copy.
    let said = desk.run([
        "verify",
        "in/photo-001.jpg",
        "in-clean/kitchen.jpg",
        "--jsonl",
        "--pixels",
    ]);
    let record = said.about("in/photo-001.jpg");
    assert_eq!(
        (said.code, &record["clean"], &record["same"]),
        (1, &true.into(), &false.into())
    );
    assert_eq!(record["pixels"], false);
    // One more and one less.
    std::fs::remove_file(desk.path("in-clean/clean.jpg")).unwrap();
    desk.sample("jpeg/rgb.jpg", "in-clean/stranger.jpg");
    let said = desk.run(["verify", "in", "in-clean", "--jsonl"]);
    assert_eq!(said.code, 1);
    let summary = said.json().pop().unwrap();
    assert_eq!(summary["summary"]["without_copy"], 1);
    assert_eq!(summary["summary"]["without_original"], 1);
}

#[test]
fn a_changed_pixel_is_seen() {
    let desk = desk();
    assert_eq!(desk.run(["clean", "photos"]).code, 0);
    let copy = desk.path("photos-clean/a.jpg");
    let mut bytes = std::fs::read(&copy).unwrap();
    let scan = bytes
        .windows(2)
        .rposition(|two| two == [0xFF, 0xDA])
        .unwrap();
    let at = (scan + 40..)
        .find(|at| !matches!(bytes[*at], 0xFF | 0xFE | 0) && bytes[at - 1] != 0xFF)
        .unwrap();
    bytes[at] ^= 1;
    std::fs::write(&copy, bytes).unwrap();
    let said = desk.run([
        "verify",
        "photos/a.jpg",
        "photos-clean/a.jpg",
        "--pixels",
        "--jsonl",
    ]);
    let record = said.about("photos/a.jpg");
    assert_eq!(
        (said.code, &record["same"], &record["pixels"]),
        (1, &false.into(), &false.into())
    );
}

#[test]
fn formats_come_from_the_table() {
    let desk = Desk::new();
    let said = desk.run(["formats", "--jsonl"]);
    assert_eq!(said.code, 0);
    let listed: Vec<String> = said
        .json()
        .iter()
        .map(|line| line["id"].as_str().unwrap().to_owned())
        .collect();
    let table: Vec<&str> = sparlos::formats::FORMATS
        .iter()
        .map(|f| f.info().id)
        .collect();
    assert_eq!(listed, table);
    assert!(
        said.json()[0]["keeps"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["spec"].is_string())
    );
    let said = desk.run(["formats", "--lang", "sv"]);
    assert!(
        said.out.contains("ÄNDELSER") && said.out.contains(".jpg"),
        "{said:?}"
    );
}

#[test]
fn hostile_text_does_not_reach_the_terminal() {
    let desk = Desk::new();
    desk.sample(IPHONE, "in/\u{1b}[2J\u{202e}gpj.jpg");
    for args in [
        vec!["scan", "in"],
        vec!["clean", "in"],
        vec!["verify", "in", "in-clean"],
    ] {
        let said = desk.run(&args);
        assert!(!said.out.contains(['\u{1b}', '\u{202e}']), "{said:?}");
        assert!(said.out.contains("·[2J·gpj.jpg"), "{said:?}");
    }
}
