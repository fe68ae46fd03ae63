//! What was typed wrongly, said in the words of the user.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::exit_code::ExitCode;
use super::screen::complain;
use crate::model::Untrusted;
use crate::report::{Arg, Words};

/// Shows help that was asked for, or says what was wrong.
pub(super) fn explain(error: &Error, words: &Words) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // A closed pipe is nobody's mistake.
        let _ = error.print();
        return ExitCode::Done;
    }
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => safe(text),
        Some(ContextValue::Strings(texts)) => safe(&texts.join(", ")),
        Some(other) => safe(&other.to_string()),
        None => String::new(),
    };
    let arg = context(ContextKind::InvalidArg);
    let say = |key, with: &[(&'static str, &String)]| {
        let with: Vec<_> = with
            .iter()
            .map(|(name, text)| (*name, Arg::from(*text)))
            .collect();
        words.say(key, &with)
    };
    let text = match error.kind() {
        ErrorKind::UnknownArgument if arg.starts_with('-') => {
            say("error-usage-unknown", &[("arg", &arg)])
        }
        ErrorKind::UnknownArgument => say("error-usage-surplus", &[("arg", &arg)]),
        ErrorKind::InvalidSubcommand => say(
            "error-usage-command",
            &[("arg", &context(ContextKind::InvalidSubcommand))],
        ),
        ErrorKind::MissingRequiredArgument => say("error-usage-missing", &[("arg", &arg)]),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let possible = context(ContextKind::ValidValue);
            let value = context(ContextKind::InvalidValue);
            let key = match (value.is_empty(), possible.is_empty()) {
                (true, _) => "error-usage-empty",
                // The only values of a kind that is not listed.
                (_, true) => "error-usage-number",
                _ => "error-usage-value",
            };
            say(
                key,
                &[("value", &value), ("arg", &arg), ("possible", &possible)],
            )
        }
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg);
            let key = if arg == other {
                "error-usage-twice"
            } else {
                "error-usage-conflict"
            };
            say(key, &[("arg", &arg), ("other", &other)])
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            words.get("error-usage-subcommand")
        }
        _ => words.get("error-usage-other"),
    };
    complain(&text);
    complain(&words.say("error-usage-hint", &[("command", "sparlos --help".into())]));
    ExitCode::Trouble
}

fn safe(text: &str) -> String {
    Untrusted::new(text).for_terminal(200)
}
