//! `sparlos formats`: what can be read and cleaned, from the table.

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::args::Common;
use super::exit_code::ExitCode;
use super::screen::Screen;
use crate::formats::{FORMATS, Info};
use crate::model::How;
use crate::report::Words;

#[derive(Serialize)]
struct Format {
    id: &'static str,
    name: &'static str,
    extensions: &'static [&'static str],
    keeps: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    what: &'static str,
    when: &'static str,
    how: &'static str,
    why: &'static str,
    spec: &'static str,
}

pub(super) fn formats(common: &Common, words: &Words) -> ExitCode {
    let mut screen = Screen::new(common, words);
    let infos = || FORMATS.iter().map(|format| format.info());
    let name = |info: &Info| words.phrase(info.name);
    let heading = words.get("formats-name");
    let widest = infos().map(|info| name(info).width()).max().unwrap_or(0);
    let widest = widest.max(heading.width());
    let line = |name: &str, rest: &str| {
        let gap = " ".repeat(widest.saturating_sub(name.width()));
        format!("{name}{gap}  {rest}\n")
    };
    if !common.jsonl {
        screen.print(&line(&heading, &words.get("formats-extensions")));
    }
    for info in infos() {
        let text = if common.jsonl {
            let keeps = info.rows.iter().map(|row| Row {
                what: row.what,
                when: row.when,
                how: match row.how {
                    How::Verbatim => "verbatim",
                    How::Rebuild => "rebuild",
                },
                why: row.why,
                spec: row.spec,
            });
            let format = Format {
                id: info.id,
                name: info.name,
                extensions: info.extensions,
                keeps: keeps.collect(),
            };
            let format = serde_json::to_string(&format).unwrap_or_default();
            format!("{format}\n")
        } else {
            let extensions: Vec<_> = info.extensions.iter().map(|e| format!(".{e}")).collect();
            line(&name(info), &extensions.join(" "))
        };
        screen.print(&text);
    }
    if !common.jsonl {
        // What a copy consists of, in the words of the standards, is for programs and experts.
        screen.print(&format!("{}\n", words.get("formats-more")));
    }
    if screen.broken {
        ExitCode::Trouble
    } else {
        ExitCode::Done
    }
}
