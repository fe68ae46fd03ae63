//! What can be typed. All help stands in `report/lang`, under the names of commands and arguments.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args, Command, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::batch::{Names, Times};
use crate::model::Policy;
use crate::report::{GroupBy, Lang, Words};

#[derive(Debug, Parser)]
#[command(name = "sparlos", version, disable_help_subcommand = true)]
pub(super) struct Typed {
    #[command(subcommand)]
    pub(super) task: Task,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Subcommand)]
pub(super) enum Task {
    Scan(Scan),
    Clean(Clean),
    Verify(Verify),
    Formats,
    Completions(Completions),
    Man(Man),
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    #[arg(value_enum, hide_possible_values = true)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct Man {
    #[arg(value_enum, hide_possible_values = true)]
    pub(super) command: Option<CommandWord>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum CommandWord {
    Scan,
    Clean,
    Verify,
    Formats,
}

#[derive(Debug, Args)]
pub(super) struct Scan {
    #[command(flatten)]
    pub(super) files: Files,
    #[arg(long)]
    pub(super) details: bool,
    #[arg(long, value_enum, hide_possible_values = true)]
    pub(super) group: Option<GroupWord>,
}

#[derive(Debug, Args)]
pub(super) struct Clean {
    #[command(flatten)]
    pub(super) files: Files,
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    #[arg(
        long,
        value_enum,
        default_value_t,
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) policy: PolicyWord,
    #[arg(
        long,
        value_enum,
        default_value_t,
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) names: NamesWord,
    #[arg(
        long,
        value_enum,
        default_value_t,
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) times: TimesWord,
    #[arg(long)]
    pub(super) allow_signed: bool,
    #[arg(long)]
    pub(super) drop_uncleanable: bool,
    #[arg(long, short = 'n')]
    pub(super) dry_run: bool,
    #[arg(long)]
    pub(super) overwrite: bool,
    #[arg(long)]
    pub(super) thumbnails: bool,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    pub(super) original: PathBuf,
    pub(super) cleaned: PathBuf,
    #[arg(
        id = "policy_of_copy",
        long = "policy",
        value_enum,
        hide_possible_values = true
    )]
    pub(super) policy: Option<PolicyWord>,
    #[arg(long)]
    pub(super) pixels: bool,
    #[command(flatten)]
    pub(super) password: PasswordFrom,
    #[command(flatten)]
    pub(super) wanted: Wanted,
}

#[derive(Debug, Args)]
pub(super) struct Files {
    #[arg(value_name = "PATH", required_unless_present = "files_from")]
    pub(super) paths: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,
    #[arg(short = '0', id = "null", requires = "files_from")]
    pub(super) null: bool,
    #[arg(long)]
    pub(super) follow_links: bool,
    #[arg(long, value_name = "FILE")]
    pub(super) names_list: Option<PathBuf>,
    #[command(flatten)]
    pub(super) password: PasswordFrom,
    #[command(flatten)]
    pub(super) wanted: Wanted,
}

/// Where the password for encrypted documents comes from: a file or, without one, the terminal. Never the
/// command line, which other users of the computer can read.
#[derive(Debug, Args)]
pub(super) struct PasswordFrom {
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub(super) password: Option<Option<PathBuf>>,
}

/// Reports to be saved.
#[derive(Debug, Args)]
pub(super) struct Wanted {
    #[arg(long, value_name = "FILE")]
    pub(super) report: Vec<PathBuf>,
    #[arg(long)]
    pub(super) values: bool,
}

/// Understood before and behind the command.
#[derive(Debug, Args)]
pub(super) struct Common {
    #[arg(long, global = true)]
    pub(super) jsonl: bool,
    #[arg(long, global = true, value_enum, hide_possible_values = true)]
    pub(super) lang: Option<LangWord>,
    #[arg(
        long,
        short,
        global = true,
        value_name = "N",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(super) jobs: u16,
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    #[arg(long, global = true)]
    pub(super) no_progress: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LangWord {
    Sv,
    En,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum PolicyWord {
    #[default]
    Share,
    Strict,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum NamesWord {
    #[default]
    Auto,
    Keep,
    Neutral,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum TimesWord {
    #[default]
    Neutral,
    Keep,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum GroupWord {
    Place,
    Device,
    Person,
    Day,
}

impl From<GroupWord> for GroupBy {
    fn from(word: GroupWord) -> Self {
        match word {
            GroupWord::Place => Self::Place,
            GroupWord::Device => Self::Device,
            GroupWord::Person => Self::Person,
            GroupWord::Day => Self::Day,
        }
    }
}

impl From<LangWord> for Lang {
    fn from(word: LangWord) -> Self {
        match word {
            LangWord::Sv => Self::Sv,
            LangWord::En => Self::En,
        }
    }
}

impl From<PolicyWord> for Policy {
    fn from(word: PolicyWord) -> Self {
        match word {
            PolicyWord::Share => Self::SHARE,
            PolicyWord::Strict => Self::STRICT,
        }
    }
}

impl From<NamesWord> for Names {
    fn from(word: NamesWord) -> Self {
        match word {
            NamesWord::Auto => Self::Auto,
            NamesWord::Keep => Self::Keep,
            NamesWord::Neutral => Self::Neutral,
        }
    }
}

impl From<TimesWord> for Times {
    fn from(word: TimesWord) -> Self {
        match word {
            TimesWord::Neutral => Self::Neutral,
            TimesWord::Keep => Self::Keep,
        }
    }
}

/// The language of the user: what was typed counts, also where the rest was typed wrongly.
pub(super) fn lang(typed: &[OsString]) -> Lang {
    let mut typed = typed.iter().map(|arg| arg.to_string_lossy());
    while let Some(arg) = typed.next() {
        let word = match arg.strip_prefix("--lang=") {
            Some(word) => Some(word.to_owned()),
            None if arg == "--lang" => typed.next().map(|word| word.to_string()),
            None => None,
        };
        if let Some(word) = word {
            return Lang::of_locale(&word);
        }
    }
    sys_locale::get_locale().map_or(Lang::En, |locale| Lang::of_locale(&locale))
}

/// The grammar, with all its help in the words of the user.
pub(super) fn command(words: &Words) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}",
        usage = words.get("help-usage"),
    );
    let command = Typed::command()
        .about(words.get("help-about"))
        .override_usage(words.get("help-usage-all"))
        .after_help(words.get("help-after"))
        .subcommand_help_heading(words.get("help-commands"));
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let mut command = dress(command, words, &template, COMMON).arg(flag(
        words,
        "version",
        'V',
        ArgAction::Version,
    ));
    for name in names {
        command = command.mut_subcommand(&name, |sub| {
            let sub = sub
                .about(words.get(&format!("help-{name}")))
                .override_usage(words.get(&format!("help-usage-{name}")));
            dress(sub, words, &template, 0)
        });
    }
    command
}

/// Where the options that every command has stand in a list of options: behind its own.
const COMMON: usize = 100;

/// `order` is the place of the first argument in the help.
fn dress(command: Command, words: &Words, template: &str, mut order: usize) -> Command {
    command
        .help_template(template.to_owned())
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| {
            let heading = if arg.is_positional() {
                "help-arguments"
            } else {
                "help-options"
            };
            let key = format!("help-arg-{}", arg.get_id());
            let named = arg
                .get_value_names()
                .and_then(<[_]>::first)
                .map_or_else(|| arg.get_id().to_string(), ToString::to_string);
            let named = format!("help-value-{}", named.to_lowercase());
            let arg = if arg.get_action().takes_values() {
                arg.value_name(words.get(&named))
            } else {
                arg
            };
            order = order.saturating_add(1);
            arg.help(words.get(&key))
                .help_heading(words.get(heading))
                .display_order(order)
        })
        .arg(flag(words, "help", 'h', ArgAction::Help))
}

fn flag(words: &Words, name: &'static str, short: char, action: ArgAction) -> clap::Arg {
    clap::Arg::new(name)
        .long(name)
        .short(short)
        .action(action)
        .help(words.get(&format!("help-arg-{name}")))
        .help_heading(words.get("help-options"))
        .display_order(COMMON.saturating_mul(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_help_in_both_languages() {
        for lang in [Lang::Sv, Lang::En] {
            let words = Words::new(lang);
            let mut command = command(&words);
            command.build();
            command.clone().debug_assert();
            for sub in command.get_subcommands() {
                assert!(
                    words.has(&format!("help-{}", sub.get_name())),
                    "{}",
                    sub.get_name()
                );
                for arg in sub.get_arguments() {
                    let key = format!("help-arg-{}", arg.get_id());
                    assert!(words.has(&key), "{key}");
                }
                let help = sub.clone().render_help().to_string();
                assert!(!help.contains("help-"), "{help}");
                let english = ["Usage:", "Print help", "OPTIONS", "possible values"];
                let mixed = lang == Lang::Sv && english.iter().any(|word| help.contains(word));
                assert!(!mixed, "{help}");
            }
        }
    }

    #[test]
    fn arguments_stand_in_the_order_in_which_they_are_typed() {
        let mut command = command(&Words::new(Lang::Sv));
        command.build();
        let verify = command.find_subcommand("verify").unwrap().clone();
        let help = verify.clone().render_help().to_string();
        let at = |text: &str| help.find(text).unwrap();
        assert!(at("<ORIGINAL>") < at("<KOPIA>") && at("--pixels") < at("--jsonl"));
    }

    #[test]
    fn language_is_known_before_the_rest() {
        let lang =
            |typed: &[&str]| super::lang(&typed.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(lang(&["sparlos", "--bad", "--lang", "sv"]), Lang::Sv);
        assert_eq!(lang(&["sparlos", "scan", "--lang=sv", "x"]), Lang::Sv);
        assert_eq!(lang(&["sparlos", "--lang", "en"]), Lang::En);
    }
}
