//! What a batch reports while it runs, and how it is cancelled.

use std::io::Write;
use std::path::Path;

use sparlos::batch::{Batch, Cancel, Cleanse, Ended, Event, Options};
use sparlos::model::OutcomeKind;

use crate::support::desk::Desk;

/// A picture of 200 MB, of which the disk holds the header.
fn large(desk: &Desk, name: &str) {
    let path = desk.write(name, b"");
    let mut file = std::fs::File::create(path).unwrap();
    file.write_all(b"P6\n10000 7000\n255\n").unwrap();
    file.set_len(18 + 10_000 * 7000 * 3).unwrap();
}

/// Runs a batch on a folder. `on_event` sees every event, and can cancel.
fn run(desk: &Desk, folder: &str, jobs: usize, mut on_event: impl FnMut(&Event, &Cancel)) -> Ended {
    let options = Options {
        clean: Some(Cleanse {
            output: Some(desk.path("out")),
            ..Cleanse::default()
        }),
        jobs,
        ..Options::default()
    };
    let batch = Batch::plan(&[desk.path(folder)], options).unwrap();
    let cancel = Cancel::default();
    batch
        .run(&cancel, |event| on_event(&event, &cancel))
        .unwrap()
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).map(Iterator::flatten);
    entries.map_or(0, |entries| {
        entries
            .map(|entry| match entry.file_type().unwrap().is_dir() {
                true => files(&entry.path()),
                false => 1,
            })
            .sum()
    })
}

#[test]
fn a_large_file_reports_how_far_it_got() {
    let desk = Desk::new();
    large(&desk, "in/scan.ppm");
    let (mut order, mut last) = (String::new(), 0);
    let ended = run(&desk, "in", 1, |event, _| match event {
        Event::Found { .. } => order.push('F'),
        Event::Started { .. } => order.push('S'),
        Event::Progress { done, total, .. } => {
            assert!(*done > last && done <= total, "{last} {done} {total}");
            last = *done;
            order.push('P');
        }
        Event::Finished { record, .. } => {
            assert_eq!(record.outcome.kind, OutcomeKind::AlreadyClean);
            order.push('D');
        }
        Event::Walked => {}
        Event::Ended(_) => order.push('E'),
    });
    assert!(ended.is_complete());
    let (start, rest) = order.split_at(2);
    assert_eq!(start, "FS");
    let steps = rest.trim_end_matches("DE");
    assert!(
        steps.len() > 10 && steps.chars().all(|c| c == 'P'),
        "{order}"
    );
}

#[test]
fn cancelling_reaches_into_a_file_and_leaves_nothing_half_done() {
    let desk = Desk::new();
    for number in 0..8 {
        large(&desk, &format!("in/scan{number}.ppm"));
    }
    let mut kinds = Vec::new();
    let ended = run(&desk, "in", 1, |event, cancel| match event {
        Event::Progress { .. } => cancel.cancel(),
        Event::Finished { record, .. } => kinds.push(record.outcome.kind),
        _ => {}
    });
    assert_eq!(kinds, [OutcomeKind::Failed]);
    assert!(!ended.is_complete());
    assert_eq!(ended.left(), ended.found - 1);
    assert_eq!(files(&desk.path("out")), 0);
}

#[test]
fn cancelling_a_folder_of_many_files_counts_those_that_are_left() {
    let desk = Desk::new();
    for number in 0..500 {
        desk.sample("jpeg/iphone.jpg", format!("in/{number}.jpg"));
    }
    let mut done = 0;
    let ended = run(&desk, "in", 2, |event, cancel| {
        if let Event::Finished { record, .. } = event
            && record.outcome.kind == OutcomeKind::Cleaned
        {
            done += 1;
            if done == 20 {
                cancel.cancel();
            }
        }
    });
    assert!(ended.left() > 0, "{ended:?}");
    assert_eq!(files(&desk.path("out")), done);
}
