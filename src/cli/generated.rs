//! `sparlos completions` and `sparlos man`: from the grammar of the command line, in the language of the user.

use std::io;

use clap::Command;

use super::args::{self, Common, Completions, Man};
use super::exit_code::ExitCode;
use super::screen::Screen;
use crate::report::Words;

/// Headings of a manual page, and the texts with which to replace them.
const HEADINGS: [(&str, &str); 4] = [
    (".SH NAME", "man-name"),
    (".SH SYNOPSIS", "man-synopsis"),
    (".SH DESCRIPTION", "man-description"),
    (".SH VERSION", "man-version"),
];

pub(super) fn completions(typed: &Completions, common: &Common, words: &Words) -> ExitCode {
    let mut command = args::command(words);
    let mut script = Vec::new();
    clap_complete::generate(typed.shell, &mut command, "sparlos", &mut script);
    print(&script, common, words)
}

pub(super) fn man(typed: &Man, common: &Common, words: &Words) -> ExitCode {
    let mut command = args::command(words);
    command.build();
    let wanted = typed.command.and_then(|word| {
        let name = format!("{word:?}").to_lowercase();
        command.find_subcommand(name).cloned()
    });
    match page(wanted.unwrap_or(command), words) {
        Ok(page) => print(page.as_bytes(), common, words),
        Err(_) => ExitCode::Trouble,
    }
}

/// A page in roff.
fn page(command: Command, words: &Words) -> io::Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    let page = String::from_utf8_lossy(&page).into_owned();
    let lines = page.lines().map(|line| {
        let heading = HEADINGS.iter().find(|(heading, _)| *heading == line);
        heading.map_or(line.to_owned(), |(_, key)| {
            format!(".SH {}", words.get(key))
        })
    });
    Ok(lines.map(|line| line + "\n").collect())
}

fn print(text: &[u8], common: &Common, words: &Words) -> ExitCode {
    let mut screen = Screen::new(common, words);
    screen.print(&String::from_utf8_lossy(text));
    if screen.broken {
        ExitCode::Trouble
    } else {
        ExitCode::Done
    }
}
