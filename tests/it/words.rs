//! What people read: every text of the code has its Swedish, and lines are laid out so that they can be read.

use std::path::Path;

use sparlos::bytes::Source;
use sparlos::model::{
    Category, Error, Finding, Outcome, OutcomeKind, Severity, Untrusted, Value, Why,
};
use sparlos::pipeline::{self, Job};
use sparlos::report::{Entry, Human, Lang, Layout, Words};

use crate::samples::generator;
use crate::support::rust::literals;
use crate::support::{files_below, read, report, root, samples};

/// Where texts for people come from.
const SOURCES: [&str; 7] = [
    "src/batch",
    "src/bytes",
    "src/containers",
    "src/formats",
    "src/metadata",
    "src/model",
    "src/pipeline",
];

/// Words in them that no person ever reads: paths to structures, tables of names, what stands in files,
/// and errors that have words of their own.
const UNSAID: [&str; 37] = [
    "Bosnia and Herzegovina",
    "Fernando de Noronha",
    "Rio de Janeiro",
    "Compatible with Adobe RGB (1998)",
    "Display P3 Gamut with sRGB Transfer",
    "sRGB (ICC v4 preference perceptual intent beta)",
    "sRGB IEC61966-2-1 black scaled",
    "sRGB EOTF with DCI-P3 Color Gamut",
    "sRGB built-in",
    "sRGB v4 ICC preference perceptual intent beta",
    " of X.X s",
    ", with sound",
    ", without sound",
    "freeGPS block",
    "LIST fram",
    "</Layer group>",
    "/embedded file",
    "X/between and behind the segments of the JPEG",
    "jxlp number",
    "Raw profile type ",
    "title desc metadata",
    "text textArea flowRoot",
    "xMidYMid meet",
    "crx isom",
    "DIB header",
    "X gap",
    "jpeg item",
    "second jp2c",
    "resc, resd",
    "header box",
    "jp2hihdrbpcccolrpclrcmapcdefres rescresd",
    " columns rows colors chars-per-pixel ",
    "#define image_width",
    "#define image_height",
    "static char image_bits[]",
    "static char *image[] = {",
    "the time for one file was up",
];

/// With `X` for everything that is filled in.
fn filled(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('{')
        && let Some((_, behind)) = inside.split_once('}')
    {
        out.push_str(before);
        out.push('X');
        rest = behind;
    }
    out + rest
}

/// Whether it has words of a sentence in it: lower case, and more than one letter.
fn is_wordy(text: &str) -> bool {
    let word = |word: &str| {
        let word = word.trim_matches(|c: char| ",;:()".contains(c));
        word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase())
    };
    text.trim().contains(' ') && text.split(' ').any(word)
}

/// Nobody who adds a text can forget its Swedish.
#[test]
fn every_text_of_the_code_has_its_swedish() {
    let words = Words::new(Lang::Sv);
    let mut missing = Vec::new();
    for path in SOURCES
        .iter()
        .flat_map(|folder| files_below(root().join(folder)))
    {
        let file = path.strip_prefix(root()).unwrap().to_str().unwrap();
        let file = file.replace('\\', "/");
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_test = file.contains("/tests") || name.starts_with("test");
        // Rows of an allowlist stand in a document of their own.
        if is_test || !name.ends_with(".rs") || ["rows.rs", "allowlist.rs"].contains(&name) {
            continue;
        }
        for literal in literals(&read(&file)) {
            let before = literal.before.as_str();
            let row = ["when:", "why:", "spec:", "Row{what:"];
            let is_list = file.contains("/svg/") && before.ends_with(":&str=");
            let is_code = before.ends_with("#[error(") || literal.text.contains("\\n");
            let text = filled(&literal.text);
            if row.iter().any(|field| before.ends_with(field)) || is_list || is_code {
                continue;
            }
            let named = before.ends_with("letwhat=") && !text.contains(|c: char| c.is_uppercase());
            // File names and lists of words are long.
            let is_text = (is_wordy(&text) || named) && text.split(' ').count() < 40;
            if is_text && !words.is_phrase(&text) && !UNSAID.contains(&text.as_str()) {
                let line = literal.line;
                missing.push(format!(
                    "{file}:{line}: src/report/lang/sv-*.txt lacks {text:?}"
                ));
            }
        }
    }
    report(&missing);
}

/// Whether a reader sees that it is English: nothing but words in small letters.
fn is_english(text: &str) -> bool {
    text.split(' ')
        .all(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase() || c == ','))
}

/// What people read of one file, where it is not in their language.
fn foreign(bytes: &[u8], words: &Words) -> Vec<String> {
    let source = Source::memory(bytes);
    let job = Job::default();
    match pipeline::clean(&source, &job) {
        Ok(cleaning) => {
            let found = cleaning.examined.found.findings.iter();
            let left = cleaning.examined.residue.iter();
            let found = found.filter(|finding| is_english(&finding.what));
            let all = left.chain(found).map(|finding| finding.what.to_string());
            all.filter(|what| !words.is_phrase(what)).collect()
        }
        // Names of formats stay as they are.
        Err(Error::Malformed { what, .. }) => Some(what.into_owned())
            .filter(|what| !words.is_phrase(what))
            .into_iter()
            .collect(),
        Err(Error::Unsupported { what }) => Some(what.into_owned())
            .filter(|what| !words.is_phrase(what))
            .into_iter()
            .collect(),
        Err(Error::LimitExceeded { limit }) => Some(limit.to_owned())
            .filter(|limit| !words.is_phrase(limit))
            .into_iter()
            .collect(),
        Err(_) => Vec::new(),
    }
}

/// Names that look like English but stand so in a standard, in a program or in the samples themselves.
const NAMES: [&str; 11] = [
    "abcd",
    "auth",
    "betw",
    "docname",
    "junk",
    "meta",
    "mxfile",
    "parameters",
    "prompt",
    "secret",
    "workflow",
];

#[test]
fn everything_that_is_said_of_the_samples_is_swedish() {
    let words = Words::new(Lang::Sv);
    let canaries = generator::canaries();
    let canaries = canaries.iter().map(|s| (s.file.as_str(), &s.bytes));
    let all = samples::all().iter().map(|s| (s.name.as_str(), &s.bytes));
    let mut missing = std::collections::BTreeMap::new();
    for (file, bytes) in all.chain(canaries) {
        // Cut short they are refused, each time for another reason.
        let cuts = (1..8).map(|n| &bytes[..bytes.len() * n / 8]);
        for bytes in cuts.chain([bytes.as_slice()]) {
            for text in foreign(bytes, &words) {
                missing.entry(text).or_insert(file.to_owned());
            }
        }
    }
    let missing: Vec<String> = missing
        .iter()
        .filter(|(text, _)| !NAMES.contains(&text.as_str()))
        .map(|(text, file)| format!("{file}: src/report/lang/sv-*.txt lacks {text:?}"))
        .collect();
    report(&missing);
}

fn outcome(kind: OutcomeKind, findings: Vec<Finding>, residue: Vec<Finding>) -> Outcome {
    Outcome {
        kind,
        format: Some("jpeg"),
        reason: None,
        findings,
        residue,
        bytes_in: 1,
        bytes_out: None,
    }
}

fn line(
    path: &str,
    paths: &[&str],
    width: Option<usize>,
    outcome: &Outcome,
    why: Option<&Why>,
) -> String {
    let words = Words::new(Lang::Sv);
    let layout = Layout {
        width,
        colour: false,
    };
    let human = Human::for_clean(&words, layout, paths.iter().map(Path::new));
    human.entry(&Entry {
        path: Path::new(path),
        output: None,
        outcome,
        why,
    })
}

/// Whatever a path is like, there is room between it and what became of the file.
#[test]
fn a_path_and_its_outcome_never_touch() {
    let clean = outcome(OutcomeKind::AlreadyClean, Vec::new(), Vec::new());
    for letters in 1..60 {
        for letter in ["a", "å", "a\u{30a}", "猫", "🐈"] {
            let path = letter.repeat(letters);
            for width in [None, Some(10), Some(80), Some(200)] {
                for paths in [vec![path.as_str()], vec![path.as_str(), "x"], vec!["y"]] {
                    let line = line(&path, &paths, width, &clean, None);
                    let said = line.strip_suffix("var redan ren\n").expect(&line);
                    let is_whole = said.starts_with(&path);
                    let is_cut = width.is_some() && said.contains('…') && letters > 10;
                    assert!(said.ends_with("  ") && (is_whole || is_cut), "{line:?}");
                }
            }
        }
    }
}

/// A residue is said whole, and nothing reaches beyond the edge of a terminal as long as its words fit.
#[test]
fn what_is_left_is_never_cut() {
    let what = "settings of the camera that only its maker understands; they may hold more";
    let says = "kamerans egna inställningar, som bara tillverkaren förstår; de kan berätta mer";
    let left = Finding::new(
        "raw.makernote.residual",
        Category::Device,
        Severity::Medium,
        "x",
        what,
    );
    let reduced = outcome(OutcomeKind::Reduced, Vec::new(), vec![left]);
    let path = "a_folder/with_a_rather/long_name.nef";
    for width in [
        None,
        Some(40),
        Some(60),
        Some(80),
        Some(100),
        Some(120),
        Some(400),
    ] {
        let text = line(path, &[path], width, &reduced, None);
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(says), "{text}");
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(
            width.is_none_or(|width| widest <= width.max(path.len() + 16)),
            "{text}"
        );
    }
}

/// Whoever passes a copy on must know which words are still in it.
#[test]
fn what_is_left_is_quoted() {
    let what = "model of the camera, by which programs choose the colours";
    let left = |text: &str| {
        Finding::new(
            "raw.model",
            Category::Device,
            Severity::Medium,
            "IFD0",
            what,
        )
        .value(Value::Text(Untrusted::new(text)))
    };
    let left = ["NIKON", "NIKON Z 6", "NIKON", "\u{1b}[2J"]
        .map(left)
        .to_vec();
    let reduced = outcome(OutcomeKind::Reduced, Vec::new(), left);
    assert_eq!(
        line("a", &["a"], None, &reduced, None),
        "a  DELVIS RENSAD\n   KVAR           apparat: kameramodellen, som program behöver för att visa \
         rätt färger: ”NIKON”, ”NIKON Z 6”, ”·[2J”\n"
    );
}

#[test]
fn a_long_reason_stands_below_where_there_is_little_room() {
    let why = Why::from(Error::malformed("JPEG", 0, "there is no picture in it"));
    let refused = outcome(OutcomeKind::Refused, Vec::new(), Vec::new());
    let path = "a_folder/with_a_rather/long_name.jpg";
    let text = line(path, &[path], Some(80), &refused, Some(&why));
    assert_eq!(
        text,
        "a_folder/with_a_rather/long_name.jpg\n  \
         INTE RENSAD    Filen är skadad och går inte att rensa säkert. Öppna den, spara\n                 \
         den under ett nytt namn och rensa den nya filen, eller be att\n                 \
         få filen igen.\n"
    );
}

/// A shelter worker reads what a photo says, not how the standard calls the field.
#[test]
fn a_scan_speaks_plainly() {
    let words = Words::new(Lang::Sv);
    let text = |category, what: &'static str, text: &str| {
        Finding::new("x", category, Severity::High, "x", what)
            .value(Value::Text(Untrusted::new(text)))
            .role(sparlos::model::Role::Text)
    };
    let bare =
        |severity, what: &'static str| Finding::new("x", Category::Unknown, severity, "x", what);
    let findings = [
        text(Category::Person, "ImageDescription", "Köket hemma"),
        text(Category::Person, "comment", "Anna"),
        bare(Severity::High, "data behind the end of the picture"),
        bare(Severity::High, "tag 0x014D"),
        bare(Severity::Medium, "other datasets: 1:90"),
        Finding::new("y", Category::History, Severity::Medium, "x", "XMP packet"),
    ];
    let lines: Vec<String> = sparlos::report::sections(&words, &findings)
        .into_iter()
        .map(|section| format!("{} {}", section.label, section.items.join(" · ")))
        .collect();
    assert_eq!(
        lines,
        [
            "PERSON ”Köket hemma” · kommentar: Anna",
            "HISTORIK XMP-uppgifter",
            "ÖVRIGT data efter bildens slut · 2 tekniska uppgifter som bilden inte behöver",
        ]
    );
}
