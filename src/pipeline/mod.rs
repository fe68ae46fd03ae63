//! L5: the way of one file, a module for each verb. No threads, no clock, no file system.

mod clean;
mod detect;
mod needles;
mod nested;
mod pixels;
mod scan;
mod second_look;
#[cfg(test)]
pub(crate) mod testing;
mod verify;
#[cfg(test)]
mod wrong;

pub use clean::{Cleaning, clean};
pub use detect::{Detected, candidates, identify};
pub use scan::{Scanned, salvage, scan};
pub use verify::{Comparison, Verified, compare, payload, verify};

use crate::bytes::{Budget, Context, Spill};
use crate::model::{Limits, Password, Policy};

/// How one file is to be treated.
pub struct Job<'a> {
    /// What one file may ask for.
    pub limits: Limits,
    /// What a cleaned copy may keep.
    pub policy: Policy,
    /// The password for encrypted documents.
    pub password: Option<&'a Password>,
    /// Why to stop now, if so. Asked often; the only way in which time reaches this layer.
    pub stop: &'a (dyn Fn() -> Option<&'static str> + 'a),
    /// Files for what is too large for memory, where there is a file system.
    pub spill: Option<&'a (dyn Spill + 'a)>,
}

impl Job<'_> {
    /// Runs `f` with a full budget.
    fn with_context<T>(&self, f: impl FnOnce(&Context<'_>) -> T) -> T {
        let budget = Budget::new(self.limits.clone());
        let cx = Context::new(&budget, &nested::FilesInside, self.stop, self.policy)
            .with_password(self.password);
        f(&match self.spill {
            Some(spill) => cx.with_spill(spill),
            None => cx,
        })
    }
}

impl Default for Job<'_> {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            policy: Policy::default(),
            password: None,
            stop: &|| None,
            spill: None,
        }
    }
}

impl std::fmt::Debug for Job<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
