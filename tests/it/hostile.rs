//! Files made to hurt, and every file that ever did.

use sparlos::bytes::{Budget, Context, NoNested, Source};
use sparlos::formats::FORMATS;
use sparlos::metadata;
use sparlos::model::{Found, Limits, Policy};
use sparlos::pipeline::Job;

use crate::support::judge::{Verdict, judge};
use crate::support::mutation::Rng;
use crate::support::watchdog::{GENEROUS, within};
use crate::support::{bombs, files_below, pdf_bombs, report, root};

#[test]
fn bombs_are_refused_or_cleaned_in_time() {
    for (name, bytes) in bombs::all() {
        let len = bytes.len();
        let verdict = within(GENEROUS, &name, move || judge(&bytes, &Job::default()));
        match verdict {
            Verdict::Refused | Verdict::Withheld => {}
            Verdict::Passed(output) => assert!(output.len() <= len, "{name}: the copy is larger"),
            Verdict::Broken(why) => panic!("{name}: {why}"),
        }
    }
}

#[test]
fn bombs_end_at_the_limits() {
    // A tenth of what the bombs unpack to. What need not be unpacked wholly may still be cleaned.
    let pdf = pdf_bombs::all().into_iter();
    let pdf = pdf.map(|(name, bytes)| (name.to_owned(), bytes));
    for (name, bytes) in bombs::all().into_iter().chain(pdf) {
        let len = bytes.len();
        let verdict = within(GENEROUS, &name, move || {
            let job = Job {
                limits: Limits {
                    depth: 4,
                    block: 8 << 20,
                    scratch: 1 << 20,
                    total: 40 << 20,
                    items: 20_000,
                },
                ..Job::default()
            };
            judge(&bytes, &job)
        });
        match verdict {
            Verdict::Refused | Verdict::Withheld => {}
            Verdict::Passed(output) => assert!(output.len() <= len, "{name}: the copy is larger"),
            Verdict::Broken(why) => panic!("{name}: {why}"),
        }
    }
}

#[test]
fn noise_breaks_no_promise() {
    within(GENEROUS, "noise", || {
        let mut rng = Rng::new(7);
        let mut complaints = Vec::new();
        for round in 0..2000 {
            let mut bytes: Vec<u8> = (0..rng.below(2000)).map(|_| rng.next() as u8).collect();
            // The beginning of a known file, and then nothing that makes sense.
            if let Some(sample) = rng.pick(crate::support::samples::all())
                && round % 4 != 0
            {
                let head = rng.below(64).min(sample.bytes.len());
                bytes.splice(
                    ..head.min(bytes.len()),
                    sample.bytes[..head].iter().copied(),
                );
            }
            if let Verdict::Broken(why) = judge(&bytes, &Job::default()) {
                complaints.push(format!("round {round}: {why}"));
            }
        }
        report(&complaints);
        assert!(matches!(judge(b"", &Job::default()), Verdict::Refused));
        assert!(matches!(
            judge(&[0; 4096], &Job::default()),
            Verdict::Refused
        ));
    });
}

#[test]
fn every_crash_ever_found_stays_fixed() {
    for file in files_below(root().join("fuzz/regressions")) {
        let name = file.display().to_string();
        let bytes = std::fs::read(&file).unwrap();
        within(GENEROUS, &name.clone(), move || {
            if let Verdict::Broken(why) = judge(&bytes, &Job::default()) {
                panic!("{name}: {why}");
            }
            every_reader(&bytes);
            every_format(&bytes);
        });
    }
}

/// A block of metadata, whatever it is, given to all readers: none of them may trust the format that
/// found it.
fn every_reader(block: &[u8]) {
    let budget = Budget::new(Limits::default());
    let cx = Context::new(&budget, &NoNested, &|| None, Policy::SHARE);
    let mut found = Found::default();
    if let Ok(facts) = metadata::exif::read(block, "test", &cx, &mut found) {
        let _ = metadata::exif::minimal(&facts);
    }
    if let Ok(facts) = metadata::xmp::read(block, "test", &cx, &mut found) {
        let _ = metadata::xmp::minimal(&facts);
    }
    let _ = metadata::icc::read(block, "test", &cx, &mut found);
    if let Ok(once) = metadata::icc::scrub(block, &cx) {
        let twice = metadata::icc::scrub(&once, &cx).expect("its own output can be scrubbed");
        assert_eq!(once, twice, "scrubbing twice changes something");
    }
}

/// All formats look at a file, also those that would not recognise it.
fn every_format(bytes: &[u8]) {
    let source = Source::memory(bytes);
    for format in FORMATS {
        let budget = Budget::new(Limits::default());
        let cx = Context::new(&budget, &NoNested, &|| None, Policy::SHARE);
        let _ = format.examine(&source, &cx);
        let _ = format.payload_digest(&source, &cx);
        let _ = format.streams(&source, &cx, &mut |_: &'static str, _: &[u8]| Ok(()));
    }
}

#[test]
fn formats_and_readers_survive_what_is_not_theirs() {
    within(GENEROUS * 10, "files of other formats", || {
        for sample in crate::support::samples::all() {
            every_format(&sample.bytes);
            every_reader(&sample.bytes);
        }
        for (_, bytes) in bombs::all() {
            every_reader(&bytes[..bytes.len().min(1 << 20)]);
        }
    });
}
