//! What a parser is given beside the bytes.

use std::cell::Cell;

use super::Source;
use crate::model::{Error, Finding, Found, Limits, Policy, Result};

/// What is left of the limits of one file, files inside it included.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    total: Cell<u64>,
    items: Cell<u64>,
}

impl Budget {
    /// A full budget.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            total: Cell::new(limits.total),
            items: Cell::new(limits.items),
            limits,
        }
    }

    /// The limits it started with.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}

/// The pipeline, as far as a format may see it: how files inside files are treated.
pub trait Nested {
    /// What the file inside gives away. A file of an unknown kind gives away nothing that is known.
    ///
    /// # Errors
    /// Those of the budget only. A file inside that is damaged is looked at as far as possible.
    fn inspect(&self, source: &Source<'_>, cx: &Context<'_>) -> Result<Found>;

    /// A cleaned copy of the file inside, which must be of the format with this id.
    ///
    /// # Errors
    /// Whatever a file of its own would be refused for.
    fn clean(&self, format: &str, source: &Source<'_>, cx: &Context<'_>) -> Result<CleanInside>;

    /// Name of the format of the file inside, from its first bytes.
    fn detect(&self, head: &[u8]) -> Option<&'static str>;
}

/// A cleaned copy of a file inside a file, and what one look at the original brought.
#[derive(Debug)]
pub struct CleanInside {
    /// The copy.
    pub bytes: Vec<u8>,
    /// What went.
    pub found: Found,
    /// What stays.
    pub residue: Vec<Finding>,
}

impl CleanInside {
    /// Hands what was found over to the file around it, in which the original stands at `place`. Returns
    /// the copy.
    pub fn told(self, place: &str, found: &mut Found, residue: &mut Vec<Finding>) -> Vec<u8> {
        found.merge(place, self.found);
        let mut stays = Found::default();
        let findings = self.residue;
        stays.merge(
            place,
            Found {
                findings,
                ..Found::default()
            },
        );
        residue.extend(stays.findings);
        self.bytes
    }
}

/// For places where no file can be inside: finds nothing, cleans nothing.
#[derive(Clone, Copy, Debug)]
pub struct NoNested;

impl Nested for NoNested {
    fn inspect(&self, _: &Source<'_>, _: &Context<'_>) -> Result<Found> {
        Ok(Found::default())
    }
    fn clean(&self, _: &str, _: &Source<'_>, _: &Context<'_>) -> Result<CleanInside> {
        Err(Error::unsupported("a file inside this file"))
    }
    fn detect(&self, _: &[u8]) -> Option<&'static str> {
        None
    }
}

/// Budget, policy, and the way to files inside files.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    budget: &'a Budget,
    nested: &'a dyn Nested,
    /// Why to stop now, if so: asked often, and answered by somebody who has a clock.
    stop: &'a dyn Fn() -> Option<&'static str>,
    policy: Policy,
    depth: u32,
}

impl<'a> Context<'a> {
    /// The context of a file that is not inside another.
    pub fn new(
        budget: &'a Budget,
        nested: &'a dyn Nested,
        stop: &'a dyn Fn() -> Option<&'static str>,
        policy: Policy,
    ) -> Self {
        Self {
            budget,
            nested,
            stop,
            policy,
            depth: 0,
        }
    }

    /// What a cleaned copy may keep.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// How many files this file is inside of.
    #[must_use]
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.budget.limits
    }

    /// Counts one structure.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] past [`Limits::items`]; [`Error::Stopped`] when somebody wants to stop.
    pub fn item(&self) -> Result<()> {
        let left = self.budget.items.get();
        self.budget.items.set(
            left.checked_sub(1)
                .ok_or(Error::LimitExceeded { limit: "items" })?,
        );
        if left.is_multiple_of(256) {
            self.check_stop()
        } else {
            Ok(())
        }
    }

    /// Counts `n` bytes that are inflated or held in memory.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] past [`Limits::total`] or, at once, past [`Limits::block`];
    /// [`Error::Stopped`] when somebody wants to stop.
    pub fn memory(&self, n: u64) -> Result<()> {
        if n > self.budget.limits.block {
            return Err(Error::LimitExceeded { limit: "block" });
        }
        let left = self.budget.total.get();
        self.budget.total.set(
            left.checked_sub(n)
                .ok_or(Error::LimitExceeded { limit: "total" })?,
        );
        self.check_stop()
    }

    /// To be asked in long loops.
    ///
    /// # Errors
    /// [`Error::Stopped`] when somebody wants to stop.
    pub fn check_stop(&self) -> Result<()> {
        (self.stop)().map_or(Ok(()), |why| Err(Error::Stopped(why)))
    }

    /// What a file inside this file gives away; nothing, when its kind is unknown.
    ///
    /// # Errors
    /// Those of the budget.
    pub fn inspect_nested(&self, source: &Source<'_>) -> Result<Found> {
        self.nested.inspect(source, &self.deeper()?)
    }

    /// A cleaned copy of a file inside this file, of the format with this id, and what it gives away.
    ///
    /// # Errors
    /// As for a file of its own.
    pub fn clean_nested(&self, format: &str, source: &Source<'_>) -> Result<CleanInside> {
        self.nested.clean(format, source, &self.deeper()?)
    }

    /// Id of the format of a file inside this file.
    #[must_use]
    pub fn detect_nested(&self, head: &[u8]) -> Option<&'static str> {
        self.nested.detect(head)
    }

    /// The context of a block inside a block: readers of metadata standards that can stand inside each
    /// other hand this one on.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] past [`Limits::depth`].
    pub fn deeper(&self) -> Result<Self> {
        let depth = self.depth.saturating_add(1);
        if depth > self.budget.limits.depth {
            return Err(Error::LimitExceeded { limit: "depth" });
        }
        Ok(Self { depth, ..*self })
    }
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}
