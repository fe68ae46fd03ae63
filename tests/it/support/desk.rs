//! A folder of its own for each test, and the program to be run in it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::samples::folder;

/// A temporary folder in which the program runs.
pub struct Desk(tempfile::TempDir);

/// What one run said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).expect("UTF-8 on stdout"),
            err: String::from_utf8(output.stderr.clone()).expect("UTF-8 on stderr"),
        }
    }

    /// All lines of `--jsonl`.
    pub fn json(&self) -> Vec<serde_json::Value> {
        let lines = self.out.lines().map(serde_json::from_str);
        lines
            .map(|line| line.expect("one JSON object a line"))
            .collect()
    }

    /// The record of `--jsonl` about this path.
    pub fn about(&self, path: &str) -> serde_json::Value {
        let found = self
            .json()
            .into_iter()
            .find(|record| record["path"] == path);
        found.unwrap_or_else(|| panic!("nothing about {path} in {}", self.out))
    }
}

impl Desk {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: impl AsRef<Path>, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Puts a sample of the project there, such as `jpeg/iphone.jpg`.
    pub fn sample(&self, sample: &str, name: impl AsRef<Path>) -> PathBuf {
        let bytes = std::fs::read(folder().join(sample)).expect(sample);
        self.write(name, &bytes)
    }

    /// The program, in this folder, in English, with nothing from the tester's surroundings.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sparlos"));
        command
            .current_dir(self.0.path())
            .env_clear()
            .env("LANG", "en_GB.UTF-8")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Said {
        Said::new(&self.command().args(args).output().expect("it runs"))
    }

    /// Runs words in a shell in which `$S` is the program.
    pub fn shell(&self, script: &str) -> Said {
        let mut command = Command::new("/bin/sh");
        command
            .current_dir(self.0.path())
            .env("LANG", "en_GB.UTF-8")
            .env("S", env!("CARGO_BIN_EXE_sparlos"))
            .stdin(Stdio::null())
            .args(["-c", script]);
        Said::new(&command.output().expect("a shell"))
    }

    /// Every file below `name` with its content.
    pub fn tree(&self, name: impl AsRef<Path>) -> BTreeMap<PathBuf, Vec<u8>> {
        let root = self.path(name);
        super::files_below(&root)
            .into_iter()
            .map(|path| {
                let bytes = std::fs::read(&path).unwrap_or_default();
                (path.strip_prefix(&root).unwrap().to_owned(), bytes)
            })
            .collect()
    }

    /// Paths of every file below `name`, sorted.
    pub fn names(&self, name: impl AsRef<Path>) -> Vec<String> {
        let tree = self.tree(name);
        tree.keys()
            .map(|path| path.to_string_lossy().into_owned())
            .collect()
    }
}
