//! L7: the command line.

mod args;
mod clean;
mod exit_code;
mod formats;
mod generated;
mod handover;
mod inputs;
mod order;
mod screen;
mod usage;
mod verify;

use std::ffi::OsString;

use self::args::{Task, Typed};
use crate::batch::{Cancel, PlanError};
use crate::report::{Words, printable};
use clap::FromArgMatches;

/// Does what was typed.
#[must_use]
pub fn run() -> std::process::ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let words = Words::new(args::lang(&typed));
    let parsed = args::command(&words)
        .try_get_matches_from(typed)
        .and_then(|matches| Typed::from_arg_matches(&matches));
    let code = match parsed {
        Ok(typed) => {
            let cancel = Cancel::default();
            let handle = cancel.clone();
            // Without a handler Ctrl-C ends it as it ends any program.
            let _ = ctrlc::set_handler(move || handle.cancel());
            let common = &typed.common;
            match typed.task {
                Task::Scan(scan) => clean::scan(&scan, common, &cancel, &words),
                Task::Clean(clean) => clean::clean(&clean, common, &cancel, &words),
                Task::Verify(verify) => verify::verify(&verify, common, &cancel, &words),
                Task::Formats => formats::formats(common, &words),
                Task::Completions(typed) => generated::completions(&typed, common, &words),
                Task::Man(typed) => generated::man(&typed, common, &words),
            }
        }
        Err(error) => usage::explain(&error, &words),
    };
    code.into()
}

/// Why a batch cannot begin, in the words of the user.
fn plan_error(error: &PlanError, words: &Words) -> String {
    let about = |key, path, error| inputs::trouble(key, path, error, words);
    match error {
        PlanError::NotThere { path, error } => about("error-not-there", path, error),
        PlanError::NotWritable { path, error } => about("error-not-writable", path, error),
        PlanError::Overlap { output, input } => words.say(
            "error-overlap",
            &[
                ("output", (&printable(output)).into()),
                ("input", (&printable(input)).into()),
            ],
        ),
        PlanError::NoPlace => words.get("error-no-place"),
    }
}
