//! What the files of a folder tell together: files made here, the program as a user runs it.

use std::io::Cursor;

use exif::{Field, In, Rational, Tag, Value, experimental::Writer};

use crate::support::desk::Desk;

/// A picture of a phone.
struct Photo {
    model: &'static str,
    serial: Option<&'static str>,
    place: (f64, f64),
    when: String,
}

fn ascii(tag: Tag, text: &str) -> Field {
    Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![text.as_bytes().to_vec()]),
    }
}

fn degrees(tag: Tag, value: f64) -> Field {
    let value = value.abs();
    let minutes = value.fract() * 60.0;
    let whole = |num: f64, denom: u32| Rational {
        num: (num * f64::from(denom)).round() as u32,
        denom,
    };
    Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Rational(vec![
            whole(value.trunc(), 1),
            whole(minutes.trunc(), 1),
            whole(minutes.fract() * 60.0, 10_000),
        ]),
    }
}

impl Photo {
    fn bytes(&self) -> Vec<u8> {
        let (latitude, longitude) = self.place;
        let mut fields = vec![
            ascii(Tag::Make, "Testmobil"),
            ascii(Tag::Model, self.model),
            ascii(Tag::DateTimeOriginal, &self.when),
            ascii(Tag::OffsetTimeOriginal, "+02:00"),
            ascii(Tag::GPSLatitudeRef, if latitude < 0.0 { "S" } else { "N" }),
            ascii(
                Tag::GPSLongitudeRef,
                if longitude < 0.0 { "W" } else { "E" },
            ),
            degrees(Tag::GPSLatitude, latitude),
            degrees(Tag::GPSLongitude, longitude),
        ];
        fields.extend(self.serial.map(|text| ascii(Tag::BodySerialNumber, text)));
        let mut writer = Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut tiff = Cursor::new(Vec::new());
        writer.write(&mut tiff, true).expect("fields");
        let tiff = tiff.into_inner();
        let plain =
            std::fs::read(crate::support::samples::folder().join("jpeg/clean.jpg")).unwrap();
        let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
        let head = [&plain[..2], &[0xFF, 0xE1], &length[..], b"Exif\0\0"].concat();
        [&head, &tiff[..], &plain[2..]].concat()
    }
}

fn paper(author: &str, n: usize) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"><office:meta><meta:initial-creator>{author}</meta:initial-creator></office:meta><office:body><office:text><text:p>Page {n}</text:p></office:text></office:body></office:document>"#
    )
}

const HOME: (f64, f64) = (59.4032, 17.9448);
const SCHOOL: (f64, f64) = (59.3879, 17.9290);
const SHELTER: (f64, f64) = (57.7089, 11.9746);

/// 40 files: a home at night, a school on weekday mornings, a shelter since Tuesday 26 May 2026; two phones,
/// one author.
fn household() -> Desk {
    let desk = Desk::new();
    let mut n = 0;
    let mut photo = |place: (f64, f64), day: u32, hour: u32, phone: bool| {
        n += 1;
        let when = format!("2026:05:{day:02} {hour:02}:15:00");
        let photo = Photo {
            model: if phone { "Alfa 1" } else { "Beta 2" },
            serial: phone.then_some("SN-ALFA-0042"),
            place: (place.0 + f64::from(n % 4) * 0.0001, place.1),
            when,
        };
        desk.write(format!("folder/picture{n:02}.jpg"), &photo.bytes());
    };
    for day in 4..20 {
        photo(HOME, day, 22, true);
    }
    for day in [4, 5, 6, 7, 11, 12, 13, 14] {
        photo(SCHOOL, day, 8, false);
    }
    for day in [26, 27, 28, 29, 30, 31] {
        photo(SHELTER, day, 21, false);
    }
    for n in 0..10 {
        desk.write(
            format!("folder/paper{n}.fodt"),
            paper("Åsa Ek", n).as_bytes(),
        );
    }
    assert_eq!(desk.names("folder").len(), 40);
    desk
}

/// The sentences between the heading and the first explanation.
fn together(out: &str) -> Vec<&str> {
    let lines = out
        .lines()
        .skip_while(|line| !line.starts_with("Tillsammans"));
    lines
        .skip(1)
        .take_while(|line| !line.starts_with("Plats:"))
        .collect()
}

#[test]
fn a_household_yields_exactly_these_statements() {
    let desk = household();
    let said = desk.run(["scan", "folder", "--lang", "sv"]);
    assert_eq!(
        together(&said.out),
        [
            "Sedan tisdag 26 maj 2026 finns bilder från en ny plats: i Göteborg, Sverige. Från den \
             förra, i Kista, Sverige, finns inga nyare. Det kan visa att någon har flyttat.",
            "En plats som någon återvänder till, troligen ett hem: i Kista, Sverige. \
             16 filer under 16 dagar, mest kvällar, nätter och morgnar.",
            "En plats som någon återvänder till, troligen ett hem: i Göteborg, Sverige. \
             6 filer under 6 dagar, mest kvällar, nätter och morgnar.",
            "En plats som någon återvänder till, troligen en skola eller ett jobb: i Rinkeby, Sverige. \
             8 filer under 8 dagar: måndag, tisdag, onsdag, torsdag, klockan 8–9.",
            "16 filer kommer från samma apparat: SN-ALFA-0042.",
            "14 filer kommer från samma modell och kan vara från samma apparat: Beta 2.",
            "10 filer nämner samma namn: Åsa Ek.",
        ],
        "{}",
        said.out
    );
}

#[test]
fn a_sentence_has_one_full_stop() {
    let desk = Desk::new();
    for n in 0..2 {
        desk.write(
            format!("folder/paper{n}.fodt"),
            paper("Ek, Åsa B.", n).as_bytes(),
        );
    }
    let said = desk.run(["scan", "folder", "--lang", "sv"]);
    assert!(
        said.out.contains("2 filer nämner samma namn: Ek, Åsa B.\n"),
        "{}",
        said.out
    );
}

/// Programs read the same: in JSON as values, in CSV as sentences.
#[test]
fn programs_read_the_same_statements() {
    let desk = household();
    let said = desk.run(["scan", "folder", "--jsonl"]);
    let last = said.json().pop().unwrap();
    let together = last["summary"]["together"].as_array().unwrap();
    let kinds: Vec<_> = together
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "moved",
            "home",
            "home",
            "school_or_job",
            "same_device",
            "same_model",
            "same_name"
        ]
    );
    assert_eq!(together[0]["first"], "2026-05-26");
    assert_eq!(together[1]["files"], 16);
    assert_eq!(together[3]["weekdays"], serde_json::json!([0, 1, 2, 3]));
    assert_eq!(together[6]["value"], "Åsa Ek");
    for (file, values) in [("a.json", false), ("b.json", true)] {
        let wanted = if values { &["--values"][..] } else { &[] };
        desk.run([&["scan", "folder", "--report", file], wanted].concat());
        let text = std::fs::read_to_string(desk.path(file)).unwrap();
        let saved: serde_json::Value = serde_json::from_str(&text).unwrap();
        let saved = saved["summary"]["together"].to_string();
        assert!(saved.contains("school_or_job"), "{saved}");
        for value in ["2026", "59.4", "Åsa", "ALFA"] {
            assert_eq!(saved.contains(value), values, "{saved}");
        }
    }
    desk.run(["scan", "folder", "--report", "a.csv"]);
    let text = std::fs::read_to_string(desk.path("a.csv")).unwrap();
    let rows: Vec<&str> = text
        .lines()
        .filter(|row| row.contains(",together,"))
        .collect();
    assert_eq!(rows.len(), 7, "{rows:?}");
    assert!(!rows.join("").contains("Kista"), "{rows:?}");
}

/// Each file is in the group of its place, its device, its people or its day.
#[test]
fn files_are_grouped() {
    let desk = household();
    for (by, heads) in [
        (
            "place",
            &["Kista, Sverige (16 filer)", "Utan plats (10 filer)"][..],
        ),
        (
            "device",
            &["Testmobil Alfa 1, serienummer SN-ALFA-0042 (16 filer)"],
        ),
        ("person", &["Utan namn (30 filer)", "Åsa Ek (10 filer)"]),
        ("day", &["26 maj 2026 (En fil)", "Utan dag (10 filer)"]),
    ] {
        let said = desk.run(["scan", "folder", "--lang", "sv", "--group", by]);
        for head in heads {
            let found = said.out.lines().any(|line| line.eq_ignore_ascii_case(head));
            assert!(found, "{head} is not in:\n{}", said.out);
        }
        let named = said
            .out
            .lines()
            .take_while(|line| !line.starts_with("40 filer"));
        assert!(
            named.filter(|line| line.starts_with("folder/")).count() == 40,
            "{}",
            said.out
        );
    }
}

#[test]
fn unrelated_pictures_yield_none() {
    const MODELS: [&str; 20] = [
        "A1", "B2", "C3", "D4", "E5", "F6", "G7", "H8", "I9", "J10", "K11", "L12", "M13", "N14",
        "O15", "P16", "Q17", "R18", "S19", "T20",
    ];
    let desk = Desk::new();
    for n in 0..40u32 {
        let photo = Photo {
            model: MODELS[n as usize % MODELS.len()],
            serial: None,
            place: (f64::from(n) * 1.7 - 30.0, f64::from(n) * 4.1 - 80.0),
            when: format!(
                "20{:02}:{:02}:{:02} {:02}:15:00",
                10 + n % 13,
                n % 12 + 1,
                n % 28 + 1,
                n % 24
            ),
        };
        desk.write(format!("folder/picture{n:02}.jpg"), &photo.bytes());
    }
    let said = desk.run(["scan", "folder", "--lang", "sv"]);
    assert!(said.out.contains("40 röda"), "{}", said.out);
    assert!(!said.out.contains("Tillsammans"), "{}", said.out);
}

/// The report that can be passed on has the statements without places, dates and values.
#[test]
fn the_safe_report_has_no_values() {
    let desk = household();
    desk.run(["scan", "folder", "--lang", "sv", "--report", "safe.html"]);
    desk.run([
        "scan",
        "folder",
        "--lang",
        "sv",
        "--report",
        "full.html",
        "--values",
    ]);
    let read = |name: &str| std::fs::read_to_string(desk.path(name)).unwrap();
    let (safe, full) = (read("safe.html"), read("full.html"));
    for secret in [
        "Kista",
        "Göteborg",
        "Rinkeby",
        "Åsa",
        "ALFA",
        "Beta",
        "maj 2026",
        "tisdag 26",
    ] {
        assert!(!safe.contains(secret), "{secret}");
        assert!(full.contains(secret), "{secret}");
    }
    // Recurring places are rings on the map of the full report; times are a table there.
    assert_eq!(full.matches("class=\"stay\"").count(), 6);
    assert!(full.contains("class=\"time\"") && full.contains(">31 maj 2026</th>"));
    assert!(!safe.contains("<svg") && !safe.contains("class=\"time\""));
    for words in [
        "troligen ett hem: Sverige. 16 filer",
        "16 filer kommer från samma apparat.",
    ] {
        assert!(safe.contains(words), "{words}");
    }
}

/// What is to be done about an account is said once, in both languages, and listed for programs.
#[test]
fn accounts_are_named() {
    let desk = Desk::new();
    let link = "https://kommun-my.sharepoint.com/personal/asa/Mall.dotx";
    for n in 0..2 {
        desk.write(format!("folder/paper{n}.fodt"), paper(link, n).as_bytes());
    }
    for (lang, words) in [
        (
            "sv",
            "Konto: en fil pekar ut en plats i OneDrive eller SharePoint.",
        ),
        (
            "en",
            "Account: a file points to a place in OneDrive or SharePoint.",
        ),
    ] {
        let said = desk.run(["scan", "folder", "--lang", lang]);
        assert_eq!(said.out.matches(words).count(), 1, "{}", said.out);
    }
    let said = desk.run(["scan", "folder", "--lang", "sv", "--report", "b.html"]);
    let page = std::fs::read_to_string(desk.path("b.html")).unwrap();
    assert_eq!(page.matches("OneDrive").count(), 1, "{}", said.out);
    assert!(!page.contains("kommun-my"), "{page}");
    let said = desk.run(["scan", "folder", "--jsonl"]);
    let last = said.json().pop().unwrap();
    assert_eq!(
        last["summary"]["services"],
        serde_json::json!(["microsoft"])
    );
}
