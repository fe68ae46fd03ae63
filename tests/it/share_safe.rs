//! Saved reports that may be passed on, of a folder full of secrets: none of them is in the reports, however it is
//! written there.

use serde_json::Value;

use crate::samples::{folder, listed};
use crate::support::desk::Desk;

/// Parts of the names of files and folders.
const NAMES: [&str; 4] = ["Hemligson", "0701234567", "Storgatan", "57.7089"];
const FOLDER: &str = "in/Anna Hemligson Storgatan 5";

/// A ZIP with one stored file (APPNOTE §4.3).
fn stored(name: &str, content: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(content);
    let word = |n: usize| u16::try_from(n).unwrap().to_le_bytes();
    let long = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    let mut shared = [20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0].to_vec();
    shared.extend(sum.sum().to_le_bytes());
    shared.extend([long(content.len()), long(content.len())].concat());
    shared.extend([word(name.len()), word(0)].concat());
    let mut zip = [b"PK\x03\x04", &shared[..], name.as_bytes(), content].concat();
    let directory = zip.len();
    zip.extend(
        [
            b"PK\x01\x02\x14\0",
            &shared[..],
            &[0; 14][2..],
            &[0; 2],
            name.as_bytes(),
        ]
        .concat(),
    );
    let length = zip.len() - directory;
    zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    zip.extend([long(length), long(directory)].concat());
    zip.extend([0, 0]);
    zip
}

/// All samples, with names that tell as well, and the texts that nobody may read.
fn seeded() -> (Desk, Vec<String>) {
    let desk = Desk::new();
    let mut secrets = Vec::new();
    for (n, sample) in listed().into_iter().enumerate() {
        let (_, name) = sample.file.rsplit_once('/').unwrap();
        let bytes = std::fs::read(folder().join(&sample.file)).unwrap();
        desk.write(
            format!("{FOLDER}/{n} 57.7089,11.9746 Hemligson 0701234567 {name}"),
            &bytes,
        );
        let texts = sample.secrets.into_iter();
        let texts = texts.filter(|it| it.encoding != "bytes" && it.marker.len() > 5);
        secrets.extend(texts.map(|it| it.marker.to_lowercase()));
    }
    // A member of an archive that is the reason for a refusal, and a file that no program reads.
    desk.write(
        format!("{FOLDER}/a.zip"),
        &stored("Lisa Gömdsson/läs mig.txt", b"text"),
    );
    secrets.extend(["gömdsson".to_owned(), "läs mig".to_owned()]);
    assert!(secrets.len() > 1500, "{}", secrets.len());
    (desk, secrets)
}

/// A page without its marks and entities, and what its pictures contain.
fn read_html(page: &str) -> String {
    let mut text = page.to_owned();
    for (entity, letter) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, letter);
    }
    let bare: String = text
        .split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, t)| t)
        .collect();
    let pictures = pictures(page)
        .into_iter()
        .map(|jpeg| String::from_utf8_lossy(&jpeg).into_owned());
    [text, bare]
        .into_iter()
        .chain(pictures)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The pictures of a page.
fn pictures(page: &str) -> Vec<Vec<u8>> {
    let addresses = page.split("src=\"data:image/jpeg;base64,").skip(1);
    let digits = addresses.filter_map(|rest| Some(rest.split_once('"')?.0));
    digits
        .map(|digits| crate::canary::unbase64(digits.as_bytes()).unwrap())
        .collect()
}

fn read_json(value: &Value, text: &mut String) {
    match value {
        Value::String(it) => text.push_str(it),
        Value::Array(all) => all.iter().for_each(|it| read_json(it, text)),
        Value::Object(all) => all.iter().for_each(|(key, it)| {
            text.push_str(key);
            text.push('\n');
            read_json(it, text);
        }),
        other => text.push_str(&other.to_string()),
    }
    text.push('\n');
}

/// A report as a reader sees it, in small letters.
fn read(desk: &Desk, name: &str) -> String {
    let written = std::fs::read_to_string(desk.path(name)).unwrap();
    let text = match name.rsplit('.').next() {
        Some("html") => read_html(&written),
        Some("json") => {
            let mut text = written.clone();
            read_json(&serde_json::from_str(&written).unwrap(), &mut text);
            text
        }
        _ => written,
    };
    text.to_lowercase()
}

#[test]
fn no_secret_is_in_a_report_without_values() {
    let (desk, secrets) = seeded();
    let mut leaks = Vec::new();
    const CLEAN: [&str; 5] = ["clean", "in", "--output", "out", "--overwrite"];
    let thumbnails = [&CLEAN[..], &["--thumbnails"]].concat();
    for (args, name) in [
        (&["scan", "in"][..], "scan.html"),
        (&["scan", "in"], "scan.json"),
        (&["scan", "in"], "scan.csv"),
        (&CLEAN, "clean.html"),
        (&thumbnails, "thumbnails.html"),
        (&["verify", "in", "out"], "verify.html"),
        (&["verify", "in", "out"], "verify.json"),
    ] {
        let said = desk.run([args, &["--lang", "sv", "--report", name]].concat());
        // A page has no names of files either. Of the others the program says that they have them.
        let is_page = name.ends_with("html");
        let is_named = [&said.out, &said.err]
            .iter()
            .any(|it| it.contains("Den namnger originalen"));
        assert_eq!(
            is_named,
            !is_page || args.contains(&"--thumbnails"),
            "{name}"
        );
        let text = read(&desk, name);
        let names = NAMES.iter().filter(|_| is_page).map(|it| it.to_lowercase());
        let found = names
            .chain(secrets.iter().cloned())
            .filter(|it| text.contains(it.as_str()));
        leaks.extend(found.map(|it| format!("{name}: {it}")));
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// The same search finds them where they are wanted.
#[test]
fn the_search_finds_what_a_full_report_contains() {
    let (desk, secrets) = seeded();
    for kind in ["html", "csv"] {
        let name = format!("full.{kind}");
        desk.run(["scan", "in", "--values", "--report", &name]);
        let text = read(&desk, &name);
        let found = secrets
            .iter()
            .filter(|it| text.contains(it.as_str()))
            .count();
        assert!(found > 300, "{name}: {found}");
        assert!(
            NAMES.iter().all(|it| text.contains(&it.to_lowercase())),
            "{name}"
        );
    }
    assert!(
        read(&desk, "full.html").contains("do not pass it on"),
        "the warning"
    );
}

/// Pictures are those of the copies: as many as there are clean copies at most, without metadata, and not what a file
/// hides inside.
#[test]
fn pictures_show_the_copies() {
    let (desk, _) = seeded();
    desk.run([
        "clean",
        "in",
        "--output",
        "out",
        "--thumbnails",
        "--report",
        "a.html",
    ]);
    let page = std::fs::read_to_string(desk.path("a.html")).unwrap();
    let shown = pictures(&page);
    let mut copies: Vec<image::RgbImage> = Vec::new();
    for path in crate::support::files_below(desk.path("out")) {
        let bytes = std::fs::read(path).unwrap();
        if let Ok(picture) = image::load_from_memory(&bytes) {
            copies.push(picture.thumbnail_exact(8, 8).to_rgb8());
        }
    }
    assert!(
        shown.len() > 20 && shown.len() <= copies.len(),
        "{}",
        shown.len()
    );
    let far = |one: &image::RgbImage, other: &image::RgbImage| {
        let pairs = one.as_raw().iter().zip(other.as_raw());
        pairs.map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>() / 192
    };
    for jpeg in shown {
        assert!(!jpeg.windows(4).any(|it| it == b"Exif"));
        let picture = image::load_from_memory(&jpeg).unwrap();
        assert!(picture.width() <= 160 && picture.height() <= 160);
        // Turned or not.
        let turned = [
            picture.clone(),
            picture.rotate90(),
            picture.rotate180(),
            picture.rotate270(),
            picture.fliph(),
            picture.flipv(),
            picture.rotate90().fliph(),
            picture.rotate270().fliph(),
        ];
        let nearest = turned
            .iter()
            .map(|it| it.thumbnail_exact(8, 8).to_rgb8())
            .flat_map(|it| {
                copies
                    .iter()
                    .map(move |copy| far(&it, copy))
                    .collect::<Vec<_>>()
            })
            .min();
        assert!(nearest.is_some_and(|it| it < 40), "{nearest:?}");
    }
}
