//! `sparlos scan` and `sparlos clean`: one batch, looked at or copied.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::args::{Clean, Common, Files, Scan};
use super::exit_code::ExitCode;
use super::handover::strangers;
use super::inputs::{Reports, listed, password, paths};
use super::order::InOrder;
use super::plan_error;
use super::screen::{Screen, complain, layout};
use crate::batch::{Batch, Cancel, Cleanse, Event, Options, Record, RunError, Times};
use crate::formats::FORMATS;
use crate::model::{OutcomeKind, Policy};
use crate::report::{
    Entry, GroupBy, Groups, Human, Last, Summary, Words, entry_json, printable, summary_json,
};

/// The columns of the table follow the first paths: so many.
const LAID_OUT_BY: usize = 64;

/// How a scan is shown.
#[derive(Clone, Copy, Default)]
struct Shown {
    details: bool,
    thumbnails: bool,
    group: Option<GroupBy>,
}

pub(super) fn scan(typed: &Scan, common: &Common, cancel: &Cancel, words: &Words) -> ExitCode {
    let shown = Shown {
        details: typed.details,
        thumbnails: false,
        group: typed.group.map(GroupBy::from),
    };
    run(&typed.files, common, None, shown, cancel, words)
}

pub(super) fn clean(typed: &Clean, common: &Common, cancel: &Cancel, words: &Words) -> ExitCode {
    let nouns = FORMATS
        .iter()
        .map(|format| format.info().noun)
        .chain(["folder"]);
    let cleanse = Cleanse {
        output: typed.output.clone(),
        policy: Policy {
            allow_signed: typed.allow_signed,
            drop_uncleanable: typed.drop_uncleanable,
            ..typed.policy.into()
        },
        names: typed.names.into(),
        times: typed.times.into(),
        dry_run: typed.dry_run,
        overwrite: typed.overwrite,
        nouns: nouns
            .map(|noun| (noun.to_owned(), words.get(&format!("noun-{noun}"))))
            .filter(|(noun, word)| *word != format!("noun-{noun}"))
            .collect::<HashMap<_, _>>(),
    };
    run(
        &typed.files,
        common,
        Some(cleanse),
        Shown {
            thumbnails: typed.thumbnails,
            ..Shown::default()
        },
        cancel,
        words,
    )
}

fn run(
    files: &Files,
    common: &Common,
    cleanse: Option<Cleanse>,
    shown: Shown,
    cancel: &Cancel,
    words: &Words,
) -> ExitCode {
    match try_run(files, common, cleanse, shown, cancel, words) {
        Ok(code) => code,
        Err(text) => {
            complain(&text);
            ExitCode::Trouble
        }
    }
}

fn try_run(
    files: &Files,
    common: &Common,
    cleanse: Option<Cleanse>,
    shown: Shown,
    cancel: &Cancel,
    words: &Words,
) -> Result<ExitCode, String> {
    let paths = paths(files, words)?;
    let overwrite = cleanse.as_ref().is_some_and(|cleanse| cleanse.overwrite);
    let kept_times = cleanse
        .as_ref()
        .is_some_and(|cleanse| cleanse.times == Times::Keep);
    let mut summary = Summary {
        dry_run: cleanse.as_ref().is_some_and(|cleanse| cleanse.dry_run),
        ..Summary::default()
    };
    let cleans = cleanse.is_some();
    let options = Options {
        clean: cleanse,
        jobs: usize::from(common.jobs),
        follow_links: files.follow_links,
        listed: listed(files, words)?,
        password: password(&files.password, words)?,
    };
    let batch = Batch::plan(&paths, options).map_err(|error| plan_error(&error, words))?;
    let is_taken = |path: &Path| batch.is_among_outputs(path);
    let mut reports = Reports::new(
        &files.wanted,
        (shown.thumbnails, !cleans),
        overwrite,
        is_taken,
        words,
    )?;
    let human = |paths: &[PathBuf]| {
        let paths = paths.iter().map(PathBuf::as_path);
        if cleans {
            Human::for_clean(words, layout(), paths)
        } else {
            Human::for_scan(words, layout(), paths, shown.details)
        }
    };
    let mut screen = Screen::new(common, words);
    let mut copies = BTreeSet::new();
    let mut groups = shown.group.map(Groups::new);
    let mut say = |record: &Record, human: &Human<'_>, screen: &mut Screen| {
        let entry = entry(record);
        summary.add(&entry);
        copies.extend(entry.output.map(Path::to_owned));
        if common.jsonl {
            screen.print(&format!("{}\n", entry_json(&entry, true)));
        } else if !common.quiet || is_trouble(entry.outcome.kind) {
            let text = human.entry(&entry);
            match &mut groups {
                Some(groups) => groups.add(words, &entry.outcome.findings, &text),
                None => screen.print(&text),
            }
        }
        if screen.gone && !cleans {
            // Nobody reads it, and there is nothing else to be had from a scan.
            cancel.cancel();
        }
        reports.add_entry(&entry);
    };
    let mut order = InOrder::default();
    let mut first_paths = Vec::new();
    let mut laid_out = None;
    let ended = batch
        .run(cancel, |event| {
            match event {
                Event::Found { path, .. } => {
                    screen.found();
                    first_paths.push(path);
                    if laid_out.is_some() || first_paths.len() < LAID_OUT_BY {
                        if laid_out.is_some() {
                            first_paths.clear();
                        }
                        return;
                    }
                    laid_out = Some(human(&first_paths));
                }
                Event::Finished { index, record } => {
                    screen.step();
                    order.add(index, record);
                }
                Event::Walked | Event::Ended(_) => {
                    laid_out.get_or_insert_with(|| human(&first_paths));
                }
                Event::Progress { done, total, .. } => {
                    screen.part(done, total);
                    return;
                }
                Event::Started { .. } => return,
            }
            let Some(human) = &laid_out else { return };
            while let Some(record) = order.next() {
                say(&record, human, &mut screen);
            }
        })
        .map_err(|error| match error {
            RunError::Threads(error) => {
                words.say("error-threads", &[("what", (&error.to_string()).into())])
            }
            RunError::Disk(error) => {
                words.say("error-disk", &[("what", (&words.io(&error)).into())])
            }
        })?;
    let human = laid_out.unwrap_or_else(|| human(&first_paths));
    // After an interruption there are gaps.
    for record in order.rest() {
        say(&record, &human, &mut screen);
    }
    screen.finish();
    if let Some(groups) = groups {
        screen.print(&groups.texts(words));
    }
    summary.not_handled = usize::try_from(ended.left()).unwrap_or(usize::MAX);
    summary.not_walked = !ended.walked;
    if cleans && !summary.dry_run {
        summary.strangers = strangers(batch.outputs(), &copies);
    }
    if screen.gone && !cleans {
        return Ok(ExitCode::Done);
    }
    if common.jsonl {
        screen.print(&format!(
            "{}\n",
            summary_json(&Last::Summary(&summary), true)
        ));
    } else {
        let outputs: Vec<&Path> = batch.outputs().iter().map(PathBuf::as_path).collect();
        screen.print(&if cleans {
            let next = next(&["verify"], &[paths.as_slice(), batch.outputs()].concat());
            let next = if paths.len() == 1 && outputs.len() == 1 {
                next
            } else {
                String::new()
            };
            human.clean_summary(&summary, &outputs, kept_times, &next)
        } else {
            human.scan_summary(&summary, &next(&["clean"], &paths))
        });
    }
    let saved = reports.save(&Last::Summary(&summary))?;
    if !common.jsonl {
        screen.print(&saved);
    }
    Ok(
        if !ended.is_complete() || screen.broken || summary.output_trouble {
            ExitCode::Trouble
        } else if summary.is_all_clean() {
            ExitCode::Done
        } else {
            ExitCode::NotClean
        },
    )
}

fn entry(record: &Record) -> Entry<'_> {
    Entry {
        path: &record.path,
        output: record.output.as_deref(),
        outcome: &record.outcome,
        why: record.why.as_deref(),
    }
}

fn is_trouble(kind: OutcomeKind) -> bool {
    matches!(
        kind,
        OutcomeKind::Refused | OutcomeKind::Failed | OutcomeKind::Reduced
    )
}

/// A command that can be typed next.
fn next(verbs: &[&str], paths: &[PathBuf]) -> String {
    const MOST: usize = 3;
    let mut command = vec!["sparlos".to_owned()];
    command.extend(verbs.iter().map(ToString::to_string));
    command.extend(paths.iter().take(MOST).map(|path| quoted(path)));
    if paths.len() > MOST {
        command.push("…".to_owned());
    }
    command.join(" ")
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = printable(path);
    let plain = |c: char| c.is_alphanumeric() || "/._-+,=:@%~".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
