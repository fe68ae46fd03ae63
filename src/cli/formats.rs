//! `sparlos formats`: what can be read and cleaned, from the table.

use serde::Serialize;

use super::args::Common;
use super::exit_code::ExitCode;
use super::screen::Screen;
use crate::formats::FORMATS;
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
    let mut screen = Screen::new(common, 0, words);
    if !common.jsonl {
        screen.print(&format!(
            "{:8} {:24} {}\n",
            words.get("formats-name"),
            words.get("formats-extensions"),
            words.get("formats-keeps"),
        ));
    }
    for info in FORMATS.iter().map(|format| format.info()) {
        let line = if common.jsonl {
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
            serde_json::to_string(&format).unwrap_or_default()
        } else {
            let mut keeps: Vec<_> = info.rows.iter().map(|row| row.what).collect();
            keeps.dedup();
            let extensions: Vec<_> = info.extensions.iter().map(|e| format!(".{e}")).collect();
            format!(
                "{:8} {:24} {}",
                info.name,
                extensions.join(" "),
                keeps.join(", ")
            )
        };
        screen.print(&format!("{line}\n"));
    }
    if screen.broken {
        ExitCode::Trouble
    } else {
        ExitCode::Done
    }
}
