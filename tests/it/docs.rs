//! Documents that cannot drift: what can be generated is generated, and the rest is asked.
//!
//! `UPDATE_DOCS=1 cargo test docs` writes the generated parts anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use sparlos::formats::FORMATS;
use sparlos::model::How;
use sparlos::pipeline::{self, Job};

use crate::support::samples::all;
use crate::support::{files_below, read, report, root};

const DOCUMENTS: [&str; 8] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/ADDING_A_FORMAT.md",
    "docs/ARCHITECTURE.md",
    "docs/FORMATS.md",
    "docs/THREAT_MODEL.md",
];

/// Compares a file with what it should say, or makes it say so.
fn keep_true(path: &str, expected: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(root().join(path), expected).unwrap();
        return;
    }
    let text = read(path).replace("\r\n", "\n");
    assert!(
        text == expected,
        "{path} is out of date; `UPDATE_DOCS=1 cargo test docs` writes it anew"
    );
}

/// `text` with what stands between `<!-- name -->` and `<!-- /name -->` replaced.
fn with_block(text: &str, name: &str, block: &str) -> String {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = text.find(&open).unwrap_or_else(|| panic!("no {open}")) + open.len();
    let end = start
        + text[start..]
            .find(&close)
            .unwrap_or_else(|| panic!("no {close}"));
    format!("{}{block}{}", &text[..start], &text[end..])
}

fn page_of_formats() -> String {
    let mut page = String::from(
        "# Formats\n\n\
         Made from the table in `src/formats/table.rs`; a test keeps it true. A cleaned copy consists of \
         the structures listed here and of nothing else: everything that is not listed is left out and \
         reported. *Copied* means byte for byte, which is what the picture, sound or page itself needs; \
         *made anew* means that a minimal structure is written from the few values that decide how the \
         file is shown.\n",
    );
    for format in FORMATS {
        let info = format.info();
        let extensions: Vec<String> = info
            .extensions
            .iter()
            .map(|ext| format!("`.{ext}`"))
            .collect();
        write!(
            page,
            "\n## {}\n\nId `{}`, extensions {}.\n\n\
             | Structure | When | How | Why | Standard |\n|---|---|---|---|---|\n",
            info.name,
            info.id,
            extensions.join(" "),
        )
        .unwrap();
        for row in info.rows {
            let how = match row.how {
                How::Verbatim => "copied",
                How::Rebuild => "made anew",
            };
            let cells =
                [row.what, row.when, how, row.why, row.spec].map(|cell| cell.replace('|', "\\|"));
            writeln!(page, "| {} |", cells.join(" | ")).unwrap();
        }
    }
    page
}

#[test]
fn the_page_of_formats_is_the_table() {
    keep_true("docs/FORMATS.md", &page_of_formats());
}

#[test]
fn the_readme_says_what_the_program_says() {
    let mut formats = String::from("| Format | Extensions |\n|---|---|\n");
    for format in FORMATS {
        let info = format.info();
        writeln!(
            formats,
            "| {} | {} |",
            info.name,
            info.extensions.join(", ")
        )
        .unwrap();
    }
    let mut readme = with_block(&read("README.md"), "formats", &formats);
    // One photo in a folder of its own, so that no path of this machine is printed.
    let desk = tempfile::tempdir().unwrap();
    let photos = desk.path().join("photos");
    std::fs::create_dir(&photos).unwrap();
    let sample = root().join("sample_media/jpeg/iphone.jpg");
    std::fs::copy(sample, photos.join("IMG_4711.jpg")).unwrap();
    for (name, shown, arguments) in [
        ("help", None, &["--help"][..]),
        ("help-clean", None, &["clean", "--help"]),
        (
            "example-scan",
            Some("$ sparlos scan photos"),
            &["scan", "photos"],
        ),
        (
            "example-clean",
            Some("$ sparlos clean photos"),
            &["clean", "photos"],
        ),
    ] {
        let text = printed(desk.path(), arguments);
        let command = shown.map(|line| format!("{line}\n")).unwrap_or_default();
        let block = format!("```text\n{command}{}\n```\n", text.trim_end());
        readme = with_block(&readme, name, &block);
    }
    keep_true("README.md", &readme);
}

/// What the program prints in English on a terminal of 100 columns.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sparlos"))
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "en_GB.UTF-8")
        .env("LANG", "en_GB.UTF-8")
        .env("LANGUAGE", "en")
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(output.status.code().is_some_and(|code| code < 2));
    String::from_utf8(output.stdout).unwrap()
}

/// The lines of the fenced blocks of a language.
fn code_blocks<'a>(text: &'a str, language: &str) -> Vec<Vec<&'a str>> {
    let open = format!("```{language}");
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while lines.by_ref().any(|line| line.trim() == open) {
        blocks.push(
            lines
                .by_ref()
                .take_while(|line| line.trim() != "```")
                .collect(),
        );
    }
    blocks
}

#[test]
fn the_readme_begins_with_the_commands_that_ci_runs() {
    let readme = read("README.md");
    let blocks = code_blocks(&readme, "sh");
    assert_eq!(
        blocks.first().map(Vec::as_slice),
        Some(&["cargo run --release -- clean sample_media", "cargo test"][..])
    );
    let before = readme.find("```sh").unwrap();
    assert!(
        readme[..before].lines().count() < 12,
        "the commands come first"
    );
    let ci = read(".ci/run");
    for command in &blocks[0] {
        assert!(
            ci.lines().any(|line| line.trim().starts_with(command)),
            ".ci/run does not run `{command}`"
        );
    }
}

/// Title and text of the nine sections of the threat model.
fn promises() -> Vec<(String, String)> {
    let page = read("docs/THREAT_MODEL.md");
    (1..=9)
        .map(|number| {
            let open = format!("\n### {number}. ");
            let start = page
                .find(&open)
                .unwrap_or_else(|| panic!("no promise {number}"))
                + open.len();
            let rest = &page[start..];
            let end = rest.find("\n##").unwrap_or(rest.len());
            let (title, text) = rest[..end].split_once('\n').unwrap();
            (title.to_owned(), text.to_owned())
        })
        .collect()
}

#[test]
fn every_promise_has_tests_that_exist_and_stands_in_the_readme() {
    let readme = read("README.md");
    let mut complaints = Vec::new();
    for (title, text) in promises() {
        if !readme.contains(&format!("**{title}.**")) {
            complaints.push(format!("README.md does not say **{title}.**"));
        }
        let (_, held_by) = text
            .split_once("Held by:")
            .expect("each promise says what holds it");
        let tests: Vec<&str> = held_by.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() {
            complaints.push(format!("{title}: held by nothing"));
        }
        for test in tests {
            if !test_exists(test) {
                complaints.push(format!("{title}: there is no test {test}"));
            }
        }
    }
    report(&complaints);
}

/// `contract::name` is a test in `tests/it/contract.rs` or below `tests/it/contract/`; `model::part::name`
/// one in `src/model/part.rs`.
fn test_exists(path: &str) -> bool {
    let (module, name) = path.rsplit_once("::").unwrap();
    let module = module.trim_end_matches("::tests").replace("::", "/");
    let function = format!("fn {name}(");
    ["tests/it", "src"].iter().any(|dir| {
        let stem = root().join(dir).join(&module);
        let mut files = files_below(&stem);
        files.push(stem.with_extension("rs"));
        files
            .iter()
            .filter_map(|file| std::fs::read_to_string(file).ok())
            .any(|text| {
                text.find(&function).is_some_and(|at| {
                    let before = &text[..at];
                    before.trim_end().ends_with(']') && before.rfind("#[test]").is_some()
                })
            })
    })
}

#[test]
fn the_readme_says_what_is_not_done() {
    let readme = read("README.md").to_lowercase();
    for word in [
        "street signs",
        "faces",
        "camera noise",
        "watermarks",
        "the text of a document",
    ] {
        assert!(readme.contains(word), "README.md does not name {word}");
    }
}

#[test]
fn links_lead_somewhere() {
    let mut complaints = Vec::new();
    for document in DOCUMENTS {
        let text = read(document);
        let folder = root().join(document).parent().unwrap().to_owned();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
            if link.starts_with("https://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, page) = if target.is_empty() {
                (root().join(document), text.clone())
            } else {
                let path = folder.join(target);
                let page = std::fs::read_to_string(&path).unwrap_or_default();
                (path, page)
            };
            if !path.exists() || !(anchor.is_empty() || headings(&page).contains(anchor)) {
                complaints.push(format!("{document}: {link}"));
            }
        }
    }
    report(&complaints);
}

/// Headings as anchors.
fn headings(page: &str) -> BTreeSet<String> {
    page.lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

#[test]
fn files_that_are_named_exist() {
    let mut complaints = Vec::new();
    for document in DOCUMENTS {
        for (number, line) in read(document).lines().enumerate() {
            for name in line.split('`').skip(1).step_by(2) {
                let ours = [
                    "src/",
                    "tests/",
                    "docs/",
                    "fuzz/",
                    "benches/",
                    "examples/",
                    ".ci/",
                ]
                .iter()
                .any(|dir| name.starts_with(dir));
                let pattern = name.contains(['<', '*', '…', ' ']);
                if ours && !pattern && !root().join(name).exists() {
                    complaints.push(format!("{document}:{}: {name}", number + 1));
                }
            }
        }
    }
    report(&complaints);
}

#[test]
fn the_changelog_knows_this_version() {
    let version = concat!("\n## [", env!("CARGO_PKG_VERSION"), "]");
    assert!(read("CHANGELOG.md").contains(version), "no {version}");
}

/// `exif.gps`, `png.text.keyword`: at least two words of small letters, digits, `_` and `-`.
fn well_formed(id: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
    };
    id.split('.').count() >= 2 && id.split('.').all(word)
}

#[test]
fn ids_of_findings_are_well_formed() {
    let mut complaints = Vec::new();
    for file in files_below(root().join("src")) {
        if file.file_name().is_some_and(|name| name == "tests.rs") {
            continue;
        }
        let text = read(&file);
        let text = text.split("#[cfg(test)]").next().unwrap();
        for open in ["Finding::new(", "Fate::Drop("] {
            for rest in text.split(open).skip(1) {
                let Some(literal) = rest.trim_start().strip_prefix('"') else {
                    continue; // out of a table, which the samples reach
                };
                let id = literal.split('"').next().unwrap();
                if !well_formed(id) {
                    complaints.push(format!("{}: {id:?}", file.display()));
                }
            }
        }
    }
    for sample in all() {
        let Ok(scanned) = pipeline::scan(&sample.source(), &Job::default()) else {
            continue;
        };
        for finding in scanned.found.findings.iter().chain(&scanned.residue) {
            if !well_formed(finding.id) || finding.place.is_empty() || finding.what.is_empty() {
                complaints.push(format!("{}: {finding:?}", sample.name));
            }
        }
    }
    report(&complaints);
}
