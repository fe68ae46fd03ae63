//! What every format owes, tried on every sample. A new format is tested by standing in the table.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use sparlos::bytes::{ReadAt, Source};
use sparlos::formats::FORMATS;
use sparlos::model::{Error, Fate, Limits, OutcomeKind, Policy, Step};
use sparlos::pipeline::{self, Job};

use crate::support::decode::{decode, tolerant_jpeg};
use crate::support::judge::{Cleaned, Verdict, candidate, clean, judge};
use crate::support::mutation::{Base, Rng, mutate};
use crate::support::report;
use crate::support::samples::{Sample, all, bases};
use crate::support::watchdog::{GENEROUS, within};

const POLICIES: [Policy; 2] = [Policy::SHARE, Policy::STRICT];

fn job(policy: Policy) -> Job<'static> {
    Job {
        policy,
        ..Job::default()
    }
}

/// A sample, a policy, and what became of it.
type Sent = (&'static Sample, Policy, Result<Cleaned, Error>);

/// Every sample under every policy, cleaned once for all tests.
static CLEANED: LazyLock<Vec<Sent>> = LazyLock::new(|| {
    all()
        .par_iter()
        .flat_map_iter(|sample| POLICIES.map(|policy| (sample, policy)))
        .map(|(sample, policy)| (sample, policy, clean(&sample.source(), &job(policy))))
        .collect()
});

/// Runs `check` on every sample that can be cleaned, under every policy, and reports what it returns.
fn for_each_cleaned(check: impl Fn(&Sample, &Job<'_>, &Cleaned) -> Result<(), String> + Sync) {
    let complaints: Vec<String> = CLEANED
        .par_iter()
        .filter_map(|(sample, policy, cleaned)| {
            let complaint = match cleaned {
                Ok(cleaned) => check(sample, &job(*policy), cleaned).err()?,
                Err(error) if error.is_refusal() => return None,
                Err(error) => error.to_string(),
            };
            Some(format!("{} ({policy:?}): {complaint}", sample.name))
        })
        .collect();
    report(&complaints);
}

fn ensure(holds: bool, complaint: impl Into<String>) -> Result<(), String> {
    holds.then_some(()).ok_or_else(|| complaint.into())
}

/// Two formats that are equally sure of a file would leave the decision to the order of the table.
#[test]
fn one_format_is_more_sure_of_a_sample_than_all_others() {
    let complaints: Vec<String> = all()
        .par_iter()
        .filter_map(|sample| {
            let answers = pipeline::candidates(&sample.source()).unwrap();
            let first = answers.first()?;
            let is_tied = answers.get(1)?.confidence() == first.confidence();
            is_tied.then(|| format!("{}: {answers:?}", sample.name))
        })
        .collect();
    report(&complaints);
}

#[test]
fn every_format_has_a_dirty_sample_that_is_cleaned() {
    let missing: Vec<String> = FORMATS
        .iter()
        // Of plain text all is seen, and nothing is removed.
        .filter(|format| format.info().id != "txt")
        .filter(|format| {
            !all().iter().any(|sample| {
                let folder = sample.name.split('/').next();
                folder == Some(format.info().id)
                    && clean(&sample.source(), &Job::default()).is_ok_and(|it| {
                        let kind = it.verified.kind();
                        // Of a raw photo something always stays.
                        kind == OutcomeKind::Cleaned
                            || kind == OutcomeKind::Reduced && it.bytes != sample.bytes
                    })
            })
        })
        .map(|format| format!("sample_media/{}/ has no dirty file", format.info().id))
        .collect();
    report(&missing);
}

/// Whether the output scan looks for a short text like this one.
fn says_something(word: &[u8]) -> bool {
    let letters = word.iter().filter(|byte| byte.is_ascii_alphabetic());
    let letters = letters.count();
    word[0].is_ascii_uppercase() && letters >= 3
        || letters >= 2 && word.iter().any(u8::is_ascii_digit)
}

/// Otherwise the same word among the metadata of another file would be taken for a value that was left.
#[test]
fn words_that_copies_always_contain_are_in_the_vocabulary() {
    for_each_cleaned(|_, _, cleaned| {
        // These contain what people wrote or drew.
        if [
            "psd", "psb", "dng", "exr", "xbm", "xpm", "pdf", "docx", "xlsx", "pptx", "odt", "ods",
            "odp", "odg", "odf", "epub", "svg", "zip", "tar", "gz",
        ]
        .contains(&cleaned.cleaning.format.info().id)
        {
            return Ok(());
        }
        let vocabulary = cleaned.cleaning.format.info().vocabulary;
        let is_known = |word: &[u8]| {
            let mut known = vocabulary.iter();
            known.any(|known| memchr::memmem::find(known.as_bytes(), word).is_some())
        };
        let is_missing = |word: &[u8]| (word.len() < 4 || says_something(word)) && !is_known(word);
        let mut missing = BTreeSet::new();
        for step in cleaned.cleaning.examined.plan.steps() {
            let Step::Bytes(bytes) = step else { continue };
            let words = bytes.split(|byte| {
                *byte == 0 || byte.is_ascii_whitespace() || byte.is_ascii_punctuation()
            });
            for word in words.filter(|word| (4..8).contains(&word.len())) {
                // A byte beside it may be a number that is a letter by chance.
                let (front, back) = (&word[1..], &word[..word.len() - 1]);
                let mut spellings = [word, front, back].into_iter();
                let is_text = word.iter().all(u8::is_ascii_alphanumeric);
                if is_text && spellings.all(is_missing) {
                    missing.insert(String::from_utf8_lossy(word).into_owned());
                }
            }
        }
        ensure(missing.is_empty(), format!("{missing:?}"))
    });
}

#[test]
fn every_row_says_what_when_why_and_where() {
    let mut complaints = Vec::new();
    let mut ids = BTreeSet::new();
    for format in FORMATS {
        let info = format.info();
        let id = info.id;
        if !ids.insert(id)
            || !id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        {
            complaints.push(format!("{id}: the id is taken or not lower case"));
        }
        if info.name.is_empty() || info.noun.is_empty() || info.extensions.is_empty() {
            complaints.push(format!("{id}: name, noun and extensions"));
        }
        if !info
            .extensions
            .iter()
            .all(|ext| *ext == ext.to_lowercase() && !ext.starts_with('.'))
        {
            complaints.push(format!("{id}: extensions are lower case and without a dot"));
        }
        if info.rows.is_empty() {
            complaints.push(format!("{id}: no allowlist"));
        }
        for row in info.rows {
            if [row.what, row.when, row.why, row.spec]
                .iter()
                .any(|text| text.trim().is_empty())
            {
                complaints.push(format!("{id}: row {:?} leaves something unsaid", row.what));
            }
        }
    }
    report(&complaints);
}

#[test]
fn what_is_kept_stands_in_the_allowlist_of_its_format() {
    for_each_cleaned(|_, _, it| {
        let rows = it.cleaning.format.info().rows;
        for part in it
            .cleaning
            .examined
            .parts
            .iter()
            .flat_map(|map| map.parts())
        {
            if let Some(row) = part.fate.row() {
                ensure(
                    rows.contains(row),
                    format!("{} is kept without a row", part.name),
                )?;
            }
        }
        Ok(())
    });
}

#[test]
fn every_byte_belongs_to_one_part() {
    for_each_cleaned(|sample, _, it| {
        let Some(map) = &it.cleaning.examined.parts else {
            return Ok(());
        };
        let mut at = 0;
        for part in map.parts() {
            ensure(part.span.start() == at, format!("gap or overlap at {at}"))?;
            at = part.span.end();
        }
        ensure(
            at == sample.bytes.len() as u64,
            format!("the map ends at {at}"),
        )?;
        ensure(
            map.plan() == it.cleaning.examined.plan,
            "the plan is not what the map says",
        )
    });
}

#[test]
fn every_dropped_part_has_a_finding() {
    for_each_cleaned(|_, _, it| {
        let ids: BTreeSet<_> = it
            .cleaning
            .examined
            .found
            .findings
            .iter()
            .map(|f| f.id)
            .collect();
        for part in it
            .cleaning
            .examined
            .parts
            .iter()
            .flat_map(|map| map.parts())
        {
            if let Fate::Drop(id) = part.fate {
                ensure(
                    ids.contains(id),
                    format!("{} goes, and no {id} is found", part.name),
                )?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_copy_that_differs_was_announced_by_a_finding() {
    for_each_cleaned(|sample, _, it| {
        let findings = it.cleaning.examined.found.findings.len();
        ensure(
            (findings == 0) == (it.bytes == sample.bytes),
            format!(
                "{findings} findings, {} to {} bytes",
                sample.bytes.len(),
                it.bytes.len()
            ),
        )
    });
}

#[test]
fn outputs_scan_as_nothing_found() {
    for_each_cleaned(|_, job, it| {
        let scanned = pipeline::scan(&Source::memory(&it.bytes), job).map_err(|e| e.to_string())?;
        ensure(
            scanned.found.findings.is_empty(),
            format!("{:?}", scanned.found.findings),
        )
    });
}

#[test]
fn cleaning_twice_gives_the_same_bytes() {
    for_each_cleaned(|_, job, it| {
        let again = clean(&Source::memory(&it.bytes), job).map_err(|e| e.to_string())?;
        ensure(again.bytes == it.bytes, "the second time changes something")?;
        ensure(
            matches!(
                again.verified.kind(),
                OutcomeKind::AlreadyClean | OutcomeKind::Reduced
            ),
            format!("{:?}", again.verified.kind()),
        )
    });
}

/// A file that is read at positions, as large ones are.
struct Positioned<'a>(&'a [u8]);

impl ReadAt for Positioned<'_> {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap();
        let piece = self.0.get(start..start + buf.len());
        buf.copy_from_slice(piece.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

#[test]
fn the_same_input_gives_the_same_output_however_it_is_read() {
    for_each_cleaned(|sample, job, it| {
        let file = Positioned(&sample.bytes);
        for source in [sample.source(), Source::random(&file)] {
            let again = clean(&source, job).map_err(|e| e.to_string())?;
            ensure(again.bytes == it.bytes, "another output")?;
            ensure(
                again.cleaning.examined.found.findings == it.cleaning.examined.found.findings,
                "other findings",
            )?;
        }
        Ok(())
    });
}

#[test]
fn the_payload_stays_the_same() {
    for_each_cleaned(|sample, job, it| {
        // By way of the pipeline, for the sake of files inside files.
        let digest = |bytes: &[u8]| {
            pipeline::payload(&Source::memory(bytes), job).map_err(|e| e.to_string())
        };
        ensure(
            digest(&sample.bytes)? == digest(&it.bytes)?,
            "another digest",
        )
    });
}

#[test]
fn another_decoder_sees_the_same_picture() {
    let compared = AtomicU64::new(0);
    for_each_cleaned(|sample, _, it| {
        let Some(before) = decode(&sample.bytes) else {
            return Ok(());
        };
        compared.fetch_add(1, Ordering::Relaxed);
        let after = decode(&it.bytes).ok_or("the copy can no longer be decoded")?;
        before
            .differs_from(&after)
            .map_or(Ok(()), |what| Err(format!("other {what}")))
    });
    assert!(
        FORMATS.is_empty() || compared.into_inner() > 0,
        "nothing was compared"
    );
}

#[test]
fn a_comparison_finds_the_original_dirty_and_its_copy_clean() {
    for_each_cleaned(|sample, job, it| {
        let copy = Source::memory(&it.bytes);
        let pair = pipeline::compare(&sample.source(), &copy, job).map_err(|e| e.to_string())?;
        ensure(pair.same_payload, "not the same picture")?;
        ensure(pair.unclean.is_none(), format!("{:?}", pair.unclean))?;
        if sample.bytes != it.bytes {
            let with_itself = pipeline::compare(&sample.source(), &sample.source(), job);
            let unclean = with_itself.map_err(|e| e.to_string())?.unclean;
            ensure(unclean.is_some(), "the original passes for clean")?;
        }
        Ok(())
    });
}

/// How many damaged versions of all samples together are tried; the smallest ones are tried wholly.
const TRIES: usize = 30_000;

/// `count` numbers below `n`, spread evenly; all of them when there are no more.
fn spread(n: usize, count: usize) -> impl ParallelIterator<Item = usize> {
    let step = n.div_ceil(count).max(1);
    (0..n.div_ceil(step)).into_par_iter().map(move |i| i * step)
}

/// A damaged file may be refused or cleaned; what comes out must be clean and show what went in.
fn judge_damaged(what: &str, bytes: &[u8], look_closely: bool) -> Option<String> {
    match judge(bytes, &Job::default()) {
        Verdict::Refused | Verdict::Withheld => None,
        Verdict::Broken(why) => Some(format!("{what}: {why}")),
        Verdict::Passed(output) if look_closely => {
            let before = decode(bytes)?;
            match decode(&output) {
                None => Some(format!("{what}: the copy can no longer be decoded")),
                Some(after) => before
                    .differs_from(&after)
                    // Of two Exif blocks this decoder listens to the last, all others to the first.
                    .filter(|difference| *difference != "orientation" || !has_two_exif(bytes))
                    // Where bytes follow the last code of a restart interval, this decoder loses its way;
                    // libjpeg and the one of `image` skip them.
                    .filter(|difference| {
                        let tolerant = tolerant_jpeg(bytes);
                        *difference != "pixels"
                            || tolerant.is_none()
                            || tolerant != tolerant_jpeg(&output)
                    })
                    .map(|difference| format!("{what}: other {difference}")),
            }
        }
        Verdict::Passed(..) => None,
    }
}

fn has_two_exif(bytes: &[u8]) -> bool {
    bytes.windows(6).filter(|six| six == b"Exif\0\0").count() > 1
}

#[test]
fn every_truncation_is_refused_or_cleaned() {
    within(GENEROUS * 15, "truncations", || {
        for sample in all() {
            let complaints: Vec<_> = spread(sample.bytes.len(), TRIES / all().len())
                .filter_map(|len| {
                    let what = format!("{} cut to {len} bytes", sample.name);
                    judge_damaged(&what, &sample.bytes[..len], len % 16 == 0)
                })
                .collect();
            report(&complaints);
        }
    });
}

#[test]
fn every_flipped_bit_is_refused_or_cleaned() {
    within(GENEROUS * 15, "bit flips", || {
        for sample in all() {
            let complaints: Vec<_> = spread(sample.bytes.len() * 8, TRIES / all().len())
                .filter_map(|bit| {
                    let mut bytes = sample.bytes.clone();
                    bytes[bit / 8] ^= 1 << (bit % 8);
                    let what = format!("{} with bit {bit} flipped", sample.name);
                    judge_damaged(&what, &bytes, bit % 16 == 0)
                })
                .collect();
            report(&complaints);
        }
    });
}

#[test]
fn structures_doubled_swapped_and_lied_about_are_refused_or_cleaned() {
    within(GENEROUS * 15, "mutations", || {
        let bases = bases();
        let mut by_format = BTreeMap::<&str, Vec<&Base>>::new();
        for base in &bases {
            by_format.entry(base.format).or_default().push(base);
        }
        let by_format: Vec<_> = by_format.into_values().collect();
        let complaints: Vec<_> = (0..5_000u64)
            .into_par_iter()
            .filter_map(|seed| {
                let mut rng = Rng::new(seed);
                // As many for each format, however many samples it has.
                let donors = rng.pick(&by_format)?;
                let base = rng.pick(donors)?;
                let bytes = mutate(&mut rng, base, donors);
                let what = format!("{}, mutation {seed}", base.name);
                judge_damaged(&what, &bytes, seed % 8 == 0)
            })
            .collect();
        report(&complaints);
    });
}

#[test]
fn a_damaged_candidate_is_not_verified() {
    within(GENEROUS * 15, "damaged candidates", || {
        for_each_cleaned(|sample, job, it| {
            if job.policy != Policy::SHARE {
                return Ok(());
            }
            let shown = decode(&it.bytes);
            let mut rng = Rng::new(it.bytes.len() as u64);
            for _ in 0..200 {
                let mut bytes = it.bytes.clone();
                let bit = rng.below(bytes.len() * 8);
                bytes[bit / 8] ^= 1 << (bit % 8);
                // What passes in spite of the damage must at least look the same.
                if pipeline::verify(&it.cleaning, &Source::memory(&bytes), job).is_ok() {
                    let same = shown.is_some() && decode(&bytes) == shown;
                    ensure(
                        same,
                        format!("bit {bit} of the candidate flipped, and it passed"),
                    )?;
                }
            }
            for len in [0, 1, it.bytes.len() / 2, it.bytes.len() - 1] {
                let cut = Source::memory(&it.bytes[..len]);
                ensure(
                    pipeline::verify(&it.cleaning, &cut, job).is_err(),
                    format!("cut to {len} bytes, and it passed"),
                )?;
            }
            if sample.bytes != it.bytes {
                ensure(
                    pipeline::verify(&it.cleaning, &sample.source(), job).is_err(),
                    "the original passed as its own copy",
                )?;
            }
            Ok(())
        });
    });
}

/// A disk that fails after so many reads.
struct Failing<'a> {
    bytes: &'a [u8],
    reads_left: AtomicU64,
}

impl ReadAt for Failing<'_> {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }
    fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()> {
        let take = |left: u64| left.checked_sub(1);
        self.reads_left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .map_err(|_| io::Error::other("the disk is broken"))?;
        Positioned(self.bytes).read_exact_at(buf, offset)
    }
}

#[test]
fn a_disk_that_fails_is_not_the_files_fault() {
    for_each_cleaned(|sample, job, it| {
        // Each of the first reads, and some of the later ones.
        for reads in (0..40).chain((40..200).step_by(9)) {
            let file = Failing {
                bytes: &sample.bytes,
                reads_left: AtomicU64::new(reads),
            };
            match pipeline::clean(&Source::random(&file), job) {
                Err(Error::Io(_)) => {}
                Err(error) => return Err(format!("after {reads} reads: {error}")),
                Ok(cleaning) => match candidate(&cleaning, &Source::random(&file)) {
                    Err(Error::Io(_)) => {}
                    Err(error) => return Err(format!("while writing: {error}")),
                    Ok(bytes) => return ensure(bytes == it.bytes, "another output"),
                },
            }
        }
        Ok(())
    });
}

#[test]
fn limits_and_stopping_end_the_work() {
    let tight = Limits {
        depth: 0,
        block: 256,
        scratch: 1 << 20,
        total: 256,
        items: 0,
    };
    // Formats of which no sample ended in this way.
    let (mut unlimited, mut unstopped) = (BTreeSet::new(), BTreeSet::new());
    let ids = FORMATS.iter().map(|format| format.info().id);
    // Two formats are one header and one run of pixels, read in one pass with a fixed amount of memory.
    unlimited.extend(ids.clone().filter(|id| !["dds", "qoi"].contains(id)));
    unstopped.extend(ids);
    for sample in all() {
        let Some(format) = sample.format() else {
            continue;
        };
        let id = format.info().id;
        let job = Job {
            limits: tight.clone(),
            ..Job::default()
        };
        match clean(&sample.source(), &job) {
            Ok(_) => {}
            Err(Error::LimitExceeded { .. }) => drop(unlimited.remove(id)),
            Err(error) => assert!(error.is_refusal(), "{}: {error}", sample.name),
        }
        let job = Job {
            stop: &|| Some("time is up"),
            ..Job::default()
        };
        match clean(&sample.source(), &job) {
            Ok(_) => {}
            Err(Error::Stopped(_)) => drop(unstopped.remove(id)),
            Err(error) => assert!(error.is_refusal(), "{}: {error}", sample.name),
        }
    }
    assert!(unlimited.is_empty(), "without limits: {unlimited:?}");
    assert!(unstopped.is_empty(), "never stopped: {unstopped:?}");
}
