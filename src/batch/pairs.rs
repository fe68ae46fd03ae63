//! Compares originals with their copies.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::ThreadPoolBuildError;

use super::Cancel;
use super::input::{Buffer, Input};
use super::pixels::{self, Pixels};
use super::plan::PlanError;
use super::publish::{Disk, Folders};
use super::run::{blame, source};
use super::walk::{All, Entry, Kind, Named, Walk, look_up};
use super::workers::{contained, in_order, stopper};
use crate::bytes::{ReadAt, Source};
use crate::model::{Password, Policy, Why};
use crate::pipeline::{self, Comparison, Job};

/// Which copy belongs to which original.
#[derive(Debug, Default)]
pub struct Paired {
    /// Originals and copies, in the order of the originals.
    pub pairs: Vec<(PathBuf, PathBuf)>,
    /// Originals without a copy.
    pub without_copy: Vec<PathBuf>,
    /// Copies without an original.
    pub without_original: Vec<PathBuf>,
}

/// What the comparison of a pair showed.
#[derive(Debug)]
pub struct Compared {
    /// The original's path.
    pub original: PathBuf,
    /// The copy's path.
    pub copy: PathBuf,
    /// Id of the original's format.
    pub format: Option<&'static str>,
    /// The policy that the copy follows, or the last one that was tried.
    pub policy: Policy,
    /// What the comparison showed, or why there is none.
    pub result: Result<Comparison, Arc<Why>>,
    /// What the comparison of the pixels showed, if it was asked for.
    pub pixels: Option<Pixels>,
}

/// Finds the copies of one file, or of all files of a folder: those of the same name in the same place,
/// and then, for copies with new names, those that show the same.
///
/// # Errors
/// [`PlanError::NotThere`]; there are no threads to be had.
pub fn pair_up(
    original: &Path,
    cleaned: &Path,
    jobs: usize,
    how: &How<'_>,
) -> Result<Paired, PairError> {
    let look = |path: &Path| {
        look_up(&[path.to_owned()]).map_err(|(path, error)| PlanError::NotThere { path, error })
    };
    let (originals, copies) = (look(original)?, look(cleaned)?);
    let is_folder = |named: &[Named]| named.iter().any(|named| named.is_folder);
    match (is_folder(&originals), is_folder(&copies)) {
        (false, false) => {
            return Ok(Paired {
                pairs: vec![(original.to_owned(), cleaned.to_owned())],
                ..Paired::default()
            });
        }
        (true, true) => {}
        _ => return Err(PairError::Mixed),
    }
    let (originals, copies) = (all(&originals), all(&copies));
    let mut by_name: HashMap<&Path, &Entry> = copies
        .iter()
        .map(|entry| (entry.relative.as_path(), entry))
        .collect();
    let mut partner: Vec<Option<PathBuf>> = originals
        .iter()
        .map(|entry| Some(by_name.remove(entry.relative.as_path())?.path.clone()))
        .collect();
    let alone: Vec<usize> = (0..originals.len())
        .filter(|at| matches!(partner.get(*at), Some(None)))
        .collect();
    let left: Vec<&Entry> = copies
        .iter()
        .filter(|entry| by_name.contains_key(entry.relative.as_path()))
        .collect();
    // What shows the same is the same, whatever it is called now.
    let mut by_payload: HashMap<_, Vec<PathBuf>> = HashMap::new();
    let mut without_original = Vec::new();
    let of_copy = |entry: &&Entry, buffer: &mut Buffer| digest(entry, Policy::SHARE, buffer, how);
    let mut at = left.iter();
    in_order(&left, jobs, how.cancel, of_copy, |digest| {
        if let Some(entry) = at.next() {
            match digest {
                Some(digest) => by_payload
                    .entry(digest)
                    .or_default()
                    .push(entry.path.clone()),
                None => without_original.push(entry.path.clone()),
            }
        }
    })?;
    by_payload.values_mut().for_each(|paths| paths.reverse());
    let lonely: Vec<&Entry> = alone.iter().filter_map(|at| originals.get(*at)).collect();
    let mut at = alone.iter();
    let of_original = |entry: &&Entry, buffer: &mut Buffer| {
        [Policy::SHARE, Policy::STRICT].map(|policy| digest(entry, policy, buffer, how))
    };
    in_order(&lonely, jobs, how.cancel, of_original, |digests| {
        let mut digests = digests.into_iter().flatten();
        let copy = digests.find_map(|digest| by_payload.get_mut(&digest)?.pop());
        if let Some(slot) = at.next().and_then(|at| partner.get_mut(*at)) {
            *slot = copy;
        }
    })?;
    without_original.extend(by_payload.into_values().flatten());
    without_original.sort();
    let mut paired = Paired {
        without_original,
        ..Paired::default()
    };
    for (entry, copy) in originals.into_iter().zip(partner) {
        match copy {
            Some(copy) => paired.pairs.push((entry.path, copy)),
            None => paired.without_copy.push(entry.path),
        }
    }
    Ok(paired)
}

/// All that is in folders.
fn all(named: &[Named]) -> Vec<Entry> {
    let mut all = All::default();
    let walk = Walk {
        named,
        follow_links: false,
        outputs: &[],
        read: &Folders::default(),
    };
    walk.run(&mut all);
    all.0
}

/// Why nothing can be compared.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// One of the two is missing.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// One is a file, the other a folder.
    #[error("one is a file and the other a folder")]
    Mixed,
    /// There are no threads to be had.
    #[error(transparent)]
    Threads(#[from] ThreadPoolBuildError),
}

type Payload = (&'static str, u128);

fn digest(entry: &Entry, policy: Policy, buffer: &mut Buffer, how: &How<'_>) -> Option<Payload> {
    matches!(entry.kind, Kind::Regular).then_some(())?;
    contained(|| {
        let input = Input::open(&entry.path, false)?;
        let stop = stopper(input.len(), how.cancel);
        let source = source(&input, &input, buffer)?;
        let (format, digest) = pipeline::payload(&source, &how.job(policy, &stop))?;
        Ok((format, digest.0))
    })
    .ok()
}

/// How files are read for the comparison.
#[derive(Clone, Copy, Debug)]
pub struct How<'a> {
    /// Ends it early.
    pub cancel: &'a Cancel,
    /// The password that opens encrypted documents.
    pub password: Option<&'a Password>,
}

impl How<'_> {
    fn job<'b>(&'b self, policy: Policy, stop: &'b dyn Fn() -> Option<&'static str>) -> Job<'b> {
        Job {
            // There is a copy: the signature is lost already.
            policy: Policy {
                allow_signed: true,
                ..policy
            },
            password: self.password,
            stop,
            spill: Some(&Disk),
            ..Job::default()
        }
    }
}

impl Paired {
    /// Compares every pair and hands the results over in order: with the first of `policies` that proves
    /// the copy, or the last one. Returns whether all were done.
    ///
    /// # Errors
    /// When there are no threads to be had.
    pub fn compare(
        &self,
        policies: &[Policy],
        pixels: bool,
        jobs: usize,
        how: &How<'_>,
        on_result: impl FnMut(Compared),
    ) -> Result<bool, ThreadPoolBuildError> {
        let work = |(original, copy): &(PathBuf, PathBuf), buffer: &mut Buffer| {
            compare(original, copy, policies, pixels, buffer, how)
        };
        in_order(&self.pairs, jobs, how.cancel, work, on_result)
    }
}

fn compare(
    original: &Path,
    copy: &Path,
    policies: &[Policy],
    pixels: bool,
    buffer: &mut Buffer,
    how: &How<'_>,
) -> Compared {
    let mut format = None;
    let mut shown = None;
    let mut policy = Policy::default();
    let result = contained(|| {
        let (input, output) = (Input::open(original, true)?, Input::open(copy, true)?);
        let stop = stopper(input.len().saturating_add(output.len()), how.cancel);
        let source = source(&input, &input, buffer)?;
        let kind = pipeline::identify(&source)?.map(|detected| detected.kind());
        format = kind.map(|kind| kind.info.id);
        let mut found = None;
        for tried in policies {
            policy = *tried;
            let compared =
                pipeline::compare(&source, &Source::random(&output), &how.job(policy, &stop))
                    .map_err(|error| blame(error.into(), &input, kind))?;
            let proven = compared.unclean.is_none() && compared.same_payload;
            found = Some(compared);
            if proven {
                break;
            }
        }
        let found = found.ok_or(Why::Bug)?;
        if pixels {
            shown = Some(pixels::compare(&input, &output));
        }
        Ok(found)
    });
    Compared {
        original: original.to_owned(),
        copy: copy.to_owned(),
        format,
        policy,
        result: result.map_err(Arc::new),
        pixels: shown,
    }
}
