//! `sparlos verify`: is the copy clean, and does it show the same?

use std::path::Path;

use super::args::{Common, Verify};
use super::exit_code::ExitCode;
use super::inputs::{Reports, password};
use super::plan_error;
use super::screen::{Screen, complain, layout};
use crate::batch::{Cancel, Compared, How, PairError, Pixels, lies_in, pair_up};
use crate::model::Policy;
use crate::report::{Checked, Human, Last, Verdict, Verdicts, Words, checked_json, summary_json};

pub(super) fn verify(typed: &Verify, common: &Common, cancel: &Cancel, words: &Words) -> ExitCode {
    match try_verify(typed, common, cancel, words) {
        Ok(code) => code,
        Err(text) => {
            complain(&text);
            ExitCode::Trouble
        }
    }
}

fn try_verify(
    typed: &Verify,
    common: &Common,
    cancel: &Cancel,
    words: &Words,
) -> Result<ExitCode, String> {
    let jobs = usize::from(common.jobs);
    let password = password(&typed.password, words)?;
    let how = How {
        cancel,
        password: password.as_ref(),
    };
    let threads = |error: &dyn std::error::Error| {
        words.say("error-threads", &[("what", (&error.to_string()).into())])
    };
    let paired = pair_up(&typed.original, &typed.cleaned, jobs, &how).map_err(|e| match e {
        PairError::Plan(error) => plan_error(&error, words),
        PairError::Mixed => words.get("verify-mixed"),
        PairError::Threads(error) => threads(&error),
    })?;
    let is_taken = |path: &Path| lies_in(path, &typed.original) || lies_in(path, &typed.cleaned);
    let mut reports = Reports::new(&typed.wanted, (false, false), false, is_taken, words)?;
    let paths = paired.pairs.iter().map(|(original, _)| original.as_path());
    let human = Human::for_verify(words, layout(), paths);
    let mut screen = Screen::new(common, words);
    paired.pairs.iter().for_each(|_| screen.found());
    let mut verdicts = Verdicts::default();
    let mut say = |checked: &Checked<'_>| {
        verdicts.add(checked);
        reports.add_pair(checked);
        if common.jsonl {
            screen.print(&format!("{}\n", checked_json(checked, true)));
        } else if !common.quiet || checked.verdict() != Verdict::Proven {
            screen.print(&human.checked(checked));
        }
        screen.step();
    };
    let policies = match typed.policy {
        Some(policy) => vec![policy.into()],
        None => vec![Policy::SHARE, Policy::STRICT],
    };
    let all = paired
        .compare(&policies, typed.pixels, jobs, &how, |compared| {
            say(&checked(&compared))
        })
        .map_err(|error| threads(&error))?;
    for path in &paired.without_copy {
        say(&alone(Some(path), None));
    }
    for path in &paired.without_original {
        say(&alone(None, Some(path)));
    }
    screen.finish();
    verdicts.not_handled = paired.pairs.len().saturating_sub(verdicts.pairs);
    screen.print(&if common.jsonl {
        format!("{}\n", summary_json(&Last::Verdicts(&verdicts), true))
    } else {
        human.verify_summary(&verdicts)
    });
    let saved = reports.save(&Last::Verdicts(&verdicts))?;
    if !common.jsonl {
        screen.print(&saved);
    }
    Ok(if !all || screen.broken {
        ExitCode::Trouble
    } else if verdicts.is_all_proven() {
        ExitCode::Done
    } else {
        ExitCode::NotClean
    })
}

fn checked(compared: &Compared) -> Checked<'_> {
    Checked {
        original: Some(&compared.original),
        copy: Some(&compared.copy),
        format: compared.format,
        policy: Some(compared.policy),
        comparison: compared.result.as_ref().ok(),
        why: compared
            .result
            .as_ref()
            .err()
            .map(std::convert::AsRef::as_ref),
        pixels: compared.pixels.map(|pixels| match pixels {
            Pixels::Same => Some(true),
            Pixels::Different => Some(false),
            Pixels::Unknown => None,
        }),
    }
}

fn alone<'a>(original: Option<&'a Path>, copy: Option<&'a Path>) -> Checked<'a> {
    Checked {
        original,
        copy,
        format: None,
        policy: None,
        comparison: None,
        why: None,
        pixels: None,
    }
}
