//! The report in HTML: what may be passed on and what may not, maps, times, pictures, and many files.

use crate::samples::{folder, generator, listed, parse};
use crate::support::desk::Desk;

fn read(desk: &Desk, name: &str) -> String {
    std::fs::read_to_string(desk.path(name)).unwrap()
}

/// As a browser shows it.
fn decoded(page: &str) -> String {
    let mut text = page.to_owned();
    for (entity, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, c);
    }
    text
}

/// Every sample with all secrets that are known to be in it, and every file with one secret.
#[test]
fn the_safe_report_contains_no_secret() {
    let desk = Desk::new();
    let mut secrets = Vec::new();
    let made = generator::canaries();
    let list = parse(&generator::provenance(&made));
    let one = list.iter().zip(made.iter().map(|made| made.bytes.clone()));
    let all = listed();
    let many = (all.iter()).map(|it| (it, std::fs::read(folder().join(&it.file)).unwrap()));
    for (n, (sample, bytes)) in one.chain(many).enumerate() {
        let name = sample.file.rsplit('/').next().unwrap();
        desk.write(format!("files/{n:04}-{name}"), &bytes);
        let texts = sample.secrets.iter().filter(|it| it.encoding != "bytes");
        secrets.extend(texts.map(|it| it.marker.clone()).filter(|it| it.len() > 3));
    }
    assert!(secrets.len() > 500, "{}", secrets.len());
    desk.run([
        "scan",
        "files",
        "--quiet",
        "--report",
        "scan.html",
        "--report",
        "scan.csv",
    ]);
    desk.run([
        "scan",
        "files",
        "--quiet",
        "--report",
        "full.html",
        "--values",
    ]);
    desk.run(["clean", "files", "--quiet", "--report", "clean.html"]);
    for name in ["scan.html", "clean.html"] {
        let page = decoded(&read(&desk, name));
        let told: Vec<&String> = secrets.iter().filter(|it| page.contains(*it)).collect();
        assert!(told.is_empty(), "{name}: {told:?}");
        assert!(!page.contains("<svg") && !page.contains("files/"), "{name}");
    }
    let full = decoded(&read(&desk, "full.html"));
    let told = secrets.iter().filter(|it| full.contains(*it)).count();
    assert!(told > 100, "the search finds what is there: {told}");
    assert!(full.contains("Do not pass it on"));
}

#[test]
fn the_full_report_has_a_map_and_times() {
    let desk = Desk::new();
    desk.sample("jpeg/iphone.jpg", "photos/a.jpg");
    desk.sample("jpeg/clean.jpg", "plain/b.jpg");
    desk.run([
        "scan",
        "photos",
        "--report",
        "full.html",
        "--values",
        "--lang",
        "sv",
    ]);
    desk.run([
        "scan",
        "plain",
        "--report",
        "none.html",
        "--values",
        "--lang",
        "sv",
    ]);
    let full = read(&desk, "full.html");
    for words in [
        "<h2>Karta</h2>",
        "class=\"dot\"",
        "id=\"land\"",
        "När filerna gjordes",
    ] {
        assert!(full.contains(words), "{words}");
        assert!(!read(&desk, "none.html").contains(words), "{words}");
    }
    // One point in the world, the same in the region.
    assert_eq!(full.matches("<circle").count(), 2);
    assert!(full.contains("Filerna visar en plats"));
}

/// Pictures are shown of clean copies only, and only where they are wanted.
#[test]
fn pictures_are_those_of_copies() {
    let desk = Desk::new();
    desk.sample("jpeg/iphone.jpg", "photos/a.jpg");
    desk.sample("jpeg/damaged-header.jpg", "photos/b.jpg");
    desk.write("photos/c.xmp", b"<x/>");
    desk.run(["clean", "photos", "--report", "plain.html"]);
    assert!(!read(&desk, "plain.html").contains("<img"));
    let said = desk.run(["clean", "photos", "--report", "seen.html", "--thumbnails"]);
    let page = read(&desk, "seen.html");
    assert_eq!(page.matches("<img").count(), 1, "{page}");
    assert!(page.contains("img-src data:;") && page.contains("Look at the pictures"));
    assert!(!said.out.contains("It shows no names"), "{}", said.out);
    let said = desk.run(["scan", "photos", "--thumbnails"]);
    assert_eq!(said.code, 2, "{said:?}");
}

/// Ten thousand files are located in folds, the first of them open.
#[test]
fn many_files_are_folded() {
    use std::path::Path;

    use sparlos::model::{Category, Finding, Outcome, OutcomeKind, Severity, Untrusted, Value};
    use sparlos::report::{Entry, Lang, Last, Saved, Show, Summary, Words};

    let words = Words::new(Lang::Sv);
    let show = Show {
        values: true,
        thumbnails: false,
        scans: true,
    };
    let mut saved = Saved::begin("html", show, &words, Vec::new()).unwrap();
    let mut summary = Summary::default();
    for n in 0..10_000u32 {
        let text = Value::Text(Untrusted::new(format!("Person {n}")));
        let finding = Finding::new("x", Category::Person, Severity::High, "x", "author")
            .value(text)
            .role(sparlos::model::Role::PersonName);
        let outcome = Outcome {
            kind: OutcomeKind::Found,
            format: Some("jpeg"),
            reason: None,
            findings: vec![finding; usize::from(n % 2 == 0)],
            residue: Vec::new(),
            bytes_in: 1,
            bytes_out: None,
        };
        let path = format!("folder/picture{n:05}.jpg");
        let entry = Entry {
            path: Path::new(&path),
            output: None,
            outcome: &outcome,
            why: None,
        };
        summary.add(&entry);
        saved.add_entry(&entry, &words).unwrap();
    }
    let page = saved.finish(&Last::Summary(&summary), &words).unwrap();
    assert!(page.len() < 8 << 20, "{}", page.len());
    let page = String::from_utf8(page).unwrap();
    assert_eq!(page.matches("<details").count(), 40);
    assert_eq!(page.matches("<details open>").count(), 1);
    assert_eq!(page.matches("<tr><td>").count(), 10_000);
    // The worst come first.
    let at = |words: &str| page.find(words).unwrap();
    assert!(at("picture09998") < at("picture00001"));
}

#[test]
fn shells_and_manuals_know_every_option() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = desk.run(["completions", shell]);
        assert_eq!(said.code, 0, "{said:?}");
        assert!(
            said.out.contains("drop-uncleanable"),
            "{shell}: {}",
            said.out
        );
    }
    assert_eq!(desk.run(["completions", "tcsh"]).code, 2);
    let page = desk.run(["man", "--lang", "sv"]).out;
    assert!(
        page.contains(".SH NAMN") && page.contains("avslöjar"),
        "{page}"
    );
    let page = desk.run(["man", "clean", "--lang", "sv"]).out;
    let plain = page.replace("\\-", "-");
    assert!(
        plain.contains("--thumbnails") && plain.contains(".SH ANVÄNDNING"),
        "{page}"
    );
}
