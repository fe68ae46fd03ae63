//! The shape of the house: who may know whom, and who may touch the disk.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::rust::{code, paths};
use crate::support::{files_below, read, report, root};

/// The layers from the bottom to the top. A module names only modules of lower rows, and its own.
const LAYERS: [&[&str]; 9] = [
    &["model"],
    &["bytes"],
    &["containers"],
    &["metadata"],
    &["formats"],
    &["pipeline"],
    &["places", "story"],
    &["batch", "report"],
    &["cli", "app"],
];

/// Below this row: bytes in, bytes out.
const FIRST_WITH_A_WORLD: usize = 7;

/// What reaches the disk, the clock, other threads, the environment, other computers.
const WORLD: [&str; 9] = [
    "std::fs",
    "std::path",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::env",
    "std::process",
    "std::net",
    "std::os",
];

/// The same, by other people's crates.
const WORLDLY_CRATES: [&str; 8] = [
    "clap",
    "ctrlc",
    "indicatif",
    "rayon",
    "rustix",
    "sys_locale",
    "tempfile",
    "walkdir",
];

/// Who may make, rename or remove a file.
const CREATOR: &str = "src/batch/publish";

struct Module {
    /// `src/formats/jpeg/markers.rs`
    file: String,
    /// `formats`, `jpeg`, `markers`
    path: Vec<String>,
    text: String,
    code: String,
}

impl Module {
    fn top(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// The paths that the file names, `super` and `crate` resolved: those of this crate begin with
    /// `crate`.
    fn names(&self) -> Vec<Vec<String>> {
        let resolve = |path: Vec<String>| {
            let supers = path.iter().take_while(|name| *name == "super").count();
            match path[0].as_str() {
                "super" => {
                    let kept = self.path.len().saturating_sub(supers);
                    let mut full = vec!["crate".to_owned()];
                    full.extend_from_slice(&self.path[..kept]);
                    full.extend_from_slice(&path[supers..]);
                    full
                }
                _ => path,
            }
        };
        paths(&self.code).into_iter().map(resolve).collect()
    }
}

/// All modules but the root, without their tests.
fn modules() -> Vec<Module> {
    files_below(root().join("src"))
        .into_iter()
        .filter(|file| file.extension().is_some_and(|ext| ext == "rs"))
        .filter_map(|file| {
            let file = file.strip_prefix(root()).unwrap();
            let path: Vec<String> = file
                .with_extension("")
                .iter()
                .skip(1)
                .map(|name| name.to_str().unwrap().to_owned())
                .filter(|name| name != "mod")
                .collect();
            let is_test = matches!(path.last()?.as_str(), "tests" | "testing");
            let is_root = matches!(path.last()?.as_str(), "lib" | "main");
            let text = read(file);
            (!is_test && !is_root).then(|| Module {
                file: file.to_str().unwrap().replace('\\', "/"),
                code: code(&text),
                path,
                text,
            })
        })
        .collect()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

#[test]
fn a_layer_names_only_lower_layers() {
    let mut complaints = Vec::new();
    let modules = modules();
    assert!(modules.len() > 20, "the source files were not found");
    for module in &modules {
        let Some(own) = layer(module.top()) else {
            complaints.push(format!("{} belongs to no layer", module.file));
            continue;
        };
        for path in module.names() {
            let [root, target, ..] = &path[..] else {
                continue;
            };
            if root != "crate" || target == module.top() {
                continue;
            }
            if layer(target).is_none_or(|its| its >= own) {
                complaints.push(format!("{} names {}", module.file, path.join("::")));
            }
        }
    }
    report(&complaints);
}

/// Groups of formats: each of their modules is a format.
const GROUPS: [&str; 5] = ["document", "drawing", "media", "photo", "raster"];

#[test]
fn formats_do_not_know_each_other() {
    let modules = modules();
    let mut complaints = Vec::new();
    let mut formats = BTreeSet::new();
    for module in modules.iter().filter(|module| module.top() == "formats") {
        let (group, own) = match &module.path[1..] {
            [group, own, ..] if GROUPS.contains(&group.as_str()) => (group, own),
            // The trait and what formats share know no format; the table knows them all.
            [name, ..] if ["common", "format", "refused"].contains(&name.as_str()) => (name, name),
            _ => continue,
        };
        formats.insert(own.clone());
        for path in module.names() {
            let is_other = match &path[..] {
                [root, formats, its_group, other, ..]
                    if root == "crate" && formats == "formats" =>
                {
                    GROUPS.contains(&its_group.as_str()) && (its_group != group || other != own)
                }
                [root, formats, table] => {
                    root == "crate" && formats == "formats" && table == "table"
                }
                _ => false,
            };
            if is_other {
                complaints.push(format!("{} names {}", module.file, path.join("::")));
            }
        }
    }
    assert!(formats.len() > 20, "the formats were not found");
    report(&complaints);
}

#[test]
fn bytes_in_bytes_out_below_the_batch() {
    let mut complaints = Vec::new();
    for module in modules() {
        if layer(module.top()).is_none_or(|own| own >= FIRST_WITH_A_WORLD) {
            continue;
        }
        for path in module.names() {
            let joined = path.join("::");
            let is = |name: &&str| joined == **name || joined.starts_with(&format!("{name}::"));
            if WORLD.iter().any(is) || WORLDLY_CRATES.contains(&path[0].as_str()) {
                complaints.push(format!("{} uses {joined}", module.file));
            }
        }
    }
    report(&complaints);
}

#[test]
fn one_module_creates_renames_and_removes_files() {
    // Opening for reading is `File::open`; whoever needs `OpenOptions` wants more.
    const TOKENS: [&str; 12] = [
        "File::create",
        "File::options",
        "OpenOptions",
        "fs::write",
        "fs::rename",
        "fs::copy",
        "fs::hard_link",
        "fs::remove_",
        "fs::create_dir",
        "fs::set_permissions",
        ".set_times(",
        "tempfile",
    ];
    let mut complaints = Vec::new();
    for module in modules() {
        if module.file.starts_with(CREATOR) {
            continue;
        }
        for token in TOKENS {
            if module.code.contains(token) {
                complaints.push(format!("{}: {token}", module.file));
            }
        }
        if module.text.contains("allow(clippy::disallowed_methods") {
            complaints.push(format!("{} allows disallowed methods", module.file));
        }
    }
    report(&complaints);
}

#[test]
fn nothing_talks_to_other_computers() {
    // The page of `app` may listen on the loopback interface; nothing else may name a socket.
    let mut complaints: Vec<String> = modules()
        .iter()
        .filter(|module| module.top() != "app" && module.code.contains("std::net"))
        .map(|module| module.file.clone())
        .collect();
    let lock: toml::Table = read("Cargo.lock").parse().unwrap();
    const CLIENTS: [&str; 16] = [
        "attohttpc",
        "curl",
        "h2",
        "h3",
        "hyper",
        "isahc",
        "minreq",
        "native-tls",
        "openssl",
        "quinn",
        "reqwest",
        "rustls",
        "surf",
        "tonic",
        "tungstenite",
        "ureq",
    ];
    for package in lock["package"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        if CLIENTS.contains(&name) {
            complaints.push(format!("Cargo.lock: {name}"));
        }
    }
    report(&complaints);
}

#[test]
fn a_verified_token_is_made_in_one_place() {
    let makers: Vec<String> = modules()
        .iter()
        .filter(|module| module.code.contains("Ok(Verified {") || module.code.contains("Verified{"))
        .map(|module| module.file.clone())
        .collect();
    assert_eq!(makers, ["src/pipeline/verify.rs"]);
}

#[test]
fn files_stay_short() {
    const MOST_LINES: usize = 800;
    let complaints: Vec<String> = ["src", "tests", "examples", "fuzz/fuzz_targets"]
        .iter()
        .flat_map(|dir| files_below(root().join(dir)))
        .filter(|file| file.extension().is_some_and(|ext| ext == "rs"))
        .filter_map(|file| {
            let lines = read(&file).lines().count();
            (lines > MOST_LINES).then(|| format!("{}: {lines} lines", file.display()))
        })
        .collect();
    report(&complaints);
}

#[test]
fn exceptions_to_the_lints_have_a_reason() {
    let mut complaints = Vec::new();
    for module in modules() {
        let mut before = "";
        for (number, line) in module.text.lines().enumerate() {
            let excuses = line.contains("#[allow(") || line.contains("#[expect(");
            let reasoned =
                line.contains("//") || line.contains("reason =") || before.contains("//");
            if excuses && !reasoned {
                complaints.push(format!("{}:{}: {}", module.file, number + 1, line.trim()));
            }
            before = line;
        }
    }
    report(&complaints);
}

#[test]
fn the_house_has_its_rooms() {
    for name in [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "deny.toml",
        "clippy.toml",
        "docs/ARCHITECTURE.md",
        "docs/ADDING_A_FORMAT.md",
        "docs/THREAT_MODEL.md",
        "docs/FORMATS.md",
        "fuzz/Cargo.toml",
        "benches/compare.sh",
        ".ci/run",
    ] {
        assert!(root().join(name).is_file(), "{name} is missing");
    }
    assert!(Path::new(root()).join("src/main.rs").is_file());
    assert!(
        read("src/main.rs").lines().count() <= 8,
        "main.rs: five lines"
    );
}
