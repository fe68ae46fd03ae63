//! What a batch is to do, checked before anything is written.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::naming::{Naming, Place, places};
use super::publish::{Folders, Publisher, require_writable, resolve};
use super::walk::{Named, look_up, overlap};
use super::{Options, fold};

/// Why a batch cannot even begin.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// An input is not there.
    #[error("{}: {error}", path.display())]
    NotThere {
        /// As it was typed.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The output lies in an input, or an input in the output.
    #[error("the output folder {} and the input {} lie inside each other", output.display(), input.display())]
    Overlap {
        /// The folder for the copies.
        output: PathBuf,
        /// The input, as it was typed.
        input: PathBuf,
    },
    /// There is nothing beside the input.
    #[error("no place for the copies")]
    NoPlace,
    /// Nothing can be written to the output.
    #[error("{}: {error}", path.display())]
    NotWritable {
        /// The folder for the copies.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// A batch that is ready to run.
#[derive(Debug)]
pub struct Batch {
    pub(super) options: Options,
    pub(super) naming: Naming,
    pub(super) named: Vec<Named>,
    /// Where the copies of each input go; `None` when no copies are wanted.
    pub(super) places: Option<Vec<Place>>,
    pub(super) read: Arc<Folders>,
    pub(super) publisher: Option<Publisher>,
    outputs: Vec<PathBuf>,
}

impl Batch {
    /// Looks up what was named and where the copies are to go. Nothing is written, and no folder is read
    /// yet.
    ///
    /// # Errors
    /// When an input is missing, or the place for the copies will not do.
    pub fn plan(paths: &[PathBuf], options: Options) -> Result<Self, PlanError> {
        let named = look_up(paths).map_err(|(path, error)| PlanError::NotThere { path, error })?;
        let mut outputs = Vec::new();
        let mut targets = None;
        if let Some(clean) = &options.clean {
            let places = places(&named, clean.output.as_deref()).ok_or(PlanError::NoPlace)?;
            outputs.extend(places.iter().map(|place| place.base.clone()));
            outputs.sort();
            outputs.dedup();
            for output in &outputs {
                check_output(output, &named, clean.dry_run)?;
            }
            targets = Some(places);
        }
        let clean = options.clean.as_ref();
        let naming = Naming {
            names: clean.map(|clean| clean.names).unwrap_or_default(),
            nouns: clean.map(|clean| clean.nouns.clone()).unwrap_or_default(),
            listed: options.listed.iter().map(|word| fold(word)).collect(),
        };
        let read = named.iter().map(|n| (n.real.as_path(), n.is_folder));
        let read = Arc::new(Folders::new(read));
        let publisher = clean.map(|clean| Publisher::new(clean, Arc::clone(&read)));
        Ok(Self {
            naming,
            named,
            places: targets,
            read,
            publisher,
            outputs,
            options,
        })
    }

    /// Where links must not lead.
    pub(super) fn real_outputs(&self) -> Vec<PathBuf> {
        let outputs = self.outputs.iter();
        outputs.filter_map(|output| resolve(output).ok()).collect()
    }

    /// The folders that the copies go to.
    #[must_use]
    pub fn outputs(&self) -> &[PathBuf] {
        &self.outputs
    }

    /// Whether a file of this path would stand among the copies.
    #[must_use]
    pub fn is_among_outputs(&self, path: &Path) -> bool {
        self.outputs.iter().any(|output| lies_in(path, output))
    }
}

/// Whether `path`, which need not exist, lies in `folder` or is it, whatever links lead there.
#[must_use]
pub fn lies_in(path: &Path, folder: &Path) -> bool {
    resolve(path).is_ok_and(|path| resolve(folder).is_ok_and(|folder| path.starts_with(folder)))
}

fn check_output(output: &Path, named: &[Named], dry_run: bool) -> Result<(), PlanError> {
    if let Some(input) = overlap(output, named) {
        return Err(PlanError::Overlap {
            output: output.to_owned(),
            input: input.path.clone(),
        });
    }
    if dry_run {
        return Ok(());
    }
    require_writable(output).map_err(|error| PlanError::NotWritable {
        path: output.to_owned(),
        error,
    })
}
