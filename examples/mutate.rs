//! Damages the samples, over and over, and sends each result the whole way of a file.
//!
//! `cargo run --release --example mutate -- [--count N] [--seconds S] [--seed S] [--save DIR] [DIR]`
//!
//! Ends with 1 when something panics, hangs, or produces a copy that does not pass its own check. Every such
//! file is saved, and so is every one of which another decoder shows something else than of its copy: those
//! are to be looked at, for decoders disagree about damaged files.
// A runner of experiments may be plain: what it indexes and adds up is its own.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use rayon::prelude::*;
use sparlos::model::{Limits, Policy};
use sparlos::pipeline::Job;

#[path = "../tests/it/support/decode.rs"]
mod decode;
#[path = "../tests/it/support/judge.rs"]
mod judge;
#[path = "../tests/it/support/mutation.rs"]
mod mutation;

use judge::Verdict;
use mutation::{Base, Rng, mutate};

/// Damages files and looks at what becomes of them.
#[derive(Parser)]
struct Args {
    /// How many damaged files are tried.
    #[arg(long, default_value_t = 1_000_000)]
    count: u64,
    /// Stop after so many seconds, however many were tried.
    #[arg(long)]
    seconds: Option<u64>,
    /// The same seed gives the same files.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A file that takes longer than so many seconds counts as a hang.
    #[arg(long, default_value_t = 20)]
    patience: u64,
    /// Where files that break a promise are saved.
    #[arg(long, default_value = "target/mutate")]
    save: PathBuf,
    /// Files larger than so many bytes are left out.
    #[arg(long, default_value_t = 256 << 10)]
    max_size: u64,
    /// Folder of files to damage.
    #[arg(default_value = "sample_media")]
    dir: PathBuf,
}

#[derive(Default)]
struct Tally {
    refused: AtomicU64,
    withheld: AtomicU64,
    passed: AtomicU64,
    broken: AtomicU64,
    /// Decoders disagree about many damaged files, so what one of them sees is to be looked at and does
    /// not fail the run.
    disputed: AtomicU64,
    reasons: Mutex<BTreeMap<String, u64>>,
}

/// How a complaint of another decoder begins.
const SHOWS_OTHER: &str = "the copy shows other";

/// One output in so many is compared with its input by another decoder.
const LOOK_CLOSELY: u64 = 8;

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    let bases = bases(&args.dir, args.max_size);
    if bases.is_empty() {
        eprintln!("no file of a known kind in {}", args.dir.display());
        return 2.into();
    }
    println!("{} files to damage, seed {}", bases.len(), args.seed);
    // Panics are counted, not printed.
    std::panic::set_hook(Box::new(|_| {}));

    let start = Instant::now();
    let running = Running::default();
    let (tally, over) = (Tally::default(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| watch(&running, &over, &args));
        (0..args.count).into_par_iter().for_each(|number| {
            if args
                .seconds
                .is_none_or(|limit| start.elapsed().as_secs() < limit)
            {
                one(number, &args, &bases, &running, &tally);
            }
        });
        over.store(true, Ordering::Relaxed);
    });

    let count = |n: &AtomicU64| n.load(Ordering::Relaxed);
    let (refused, withheld) = (count(&tally.refused), count(&tally.withheld));
    let (passed, broken) = (count(&tally.passed), count(&tally.broken));
    let disputed = count(&tally.disputed);
    let total = refused + withheld + passed + disputed + broken;
    println!(
        "{total} damaged files in {:.1} s ({:.0} a second): {passed} cleaned and verified, {refused} refused, {withheld} withheld, {disputed} disputed, {broken} broken promises",
        start.elapsed().as_secs_f64(),
        total as f64 / start.elapsed().as_secs_f64(),
    );
    for (reason, count) in tally.reasons.into_inner().unwrap() {
        println!("{count:>8}  {reason}");
    }
    if broken + disputed > 0 {
        println!("saved in {}", args.save.display());
    }
    u8::from(broken > 0).into()
}

fn one(number: u64, args: &Args, bases: &[Base], running: &Running, tally: &Tally) {
    let mut rng = Rng::new(args.seed.wrapping_mul(0x9E37_79B9).wrapping_add(number));
    let base = rng.pick(bases).unwrap();
    let donors: Vec<&Base> = bases
        .iter()
        .filter(|other| other.format == base.format)
        .collect();
    let bytes = mutate(&mut rng, base, &donors);
    let broken = running.during(number, &bytes, || verdict(number, &bytes, tally));
    if let Some(why) = broken {
        let counter = if why.starts_with(SHOWS_OTHER) {
            &tally.disputed
        } else {
            &tally.broken
        };
        counter.fetch_add(1, Ordering::Relaxed);
        let count = {
            let mut reasons = tally.reasons.lock().unwrap();
            let count = reasons
                .entry(format!("{}: {why}", base.format))
                .or_default();
            *count += 1;
            *count
        };
        if count <= 20 {
            save(args, base, number, &bytes, &why);
        }
    }
}

/// Which promise is broken, if one is.
fn verdict(number: u64, bytes: &[u8], tally: &Tally) -> Option<String> {
    let job = Job {
        limits: Limits {
            total: 256 << 20,
            block: 64 << 20,
            ..Limits::default()
        },
        policy: if number.is_multiple_of(4) {
            Policy::STRICT
        } else {
            Policy::SHARE
        },
        ..Job::default()
    };
    match judge::judge(bytes, &job) {
        Verdict::Broken(why) => Some(why),
        Verdict::Refused => {
            tally.refused.fetch_add(1, Ordering::Relaxed);
            None
        }
        Verdict::Withheld => {
            tally.withheld.fetch_add(1, Ordering::Relaxed);
            None
        }
        Verdict::Passed(output) => {
            if number.is_multiple_of(LOOK_CLOSELY)
                && let Some(before) = decode::decode(bytes)
            {
                let difference = match decode::decode(&output) {
                    Some(after) => before.differs_from(&after),
                    None => Some("nothing: it can no longer be decoded"),
                };
                if let Some(what) = difference {
                    return Some(format!("{SHOWS_OTHER} {what}"));
                }
            }
            tally.passed.fetch_add(1, Ordering::Relaxed);
            None
        }
    }
}

fn save(args: &Args, base: &Base, number: u64, bytes: &[u8], why: &str) {
    let why: String = why
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' })
        .take(60)
        .collect();
    let _ = std::fs::create_dir_all(&args.save);
    let _ = std::fs::write(
        args.save.join(format!("{}-{number}-{why}", base.format)),
        bytes,
    );
}

/// What each thread is at, so that a hang can be saved.
#[derive(Default)]
struct Running(Mutex<BTreeMap<u64, (Instant, Vec<u8>)>>);

impl Running {
    fn during<T>(&self, number: u64, bytes: &[u8], f: impl FnOnce() -> T) -> T {
        self.0
            .lock()
            .unwrap()
            .insert(number, (Instant::now(), bytes.to_vec()));
        let value = f();
        self.0.lock().unwrap().remove(&number);
        value
    }
}

/// Ends the process when one file takes too long: a thread that hangs cannot be stopped.
fn watch(running: &Running, over: &AtomicBool, args: &Args) {
    while !over.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(200));
        for (number, (since, bytes)) in running.0.lock().unwrap().iter() {
            if since.elapsed() > Duration::from_secs(args.patience) {
                let path = args.save.join(format!("hang-{number}"));
                let _ = std::fs::create_dir_all(&args.save);
                let _ = std::fs::write(&path, bytes);
                println!("number {number} hangs; saved as {}", path.display());
                std::process::exit(1);
            }
        }
    }
}

/// The files of a known kind below `dir`, with the places of their structures.
fn bases(dir: &Path, max_size: u64) -> Vec<Base> {
    walkdir::WalkDir::new(dir)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| {
            entry
                .metadata()
                .is_ok_and(|meta| meta.is_file() && meta.len() <= max_size)
        })
        .filter_map(|entry| {
            Base::new(
                &entry.path().display().to_string(),
                std::fs::read(entry.path()).ok()?,
            )
        })
        .collect()
}
