//! What a parser is given beside the bytes.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::{Inside, Nested, Scratchpad, Source, Spill, Streams};
use crate::model::{
    Digest, Error, Examined, FileKind, Found, Info, Limits, Password, Policy, Result,
};

/// What is left of the limits of one file, files inside it included.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    total: Cell<u64>,
    items: Cell<u64>,
    /// Bytes that scratches hold in memory.
    scratch: Arc<AtomicU64>,
    /// Answers of [`Context::once`].
    answers: RefCell<HashMap<Digest, Rc<dyn Any>>>,
}

/// Maximum number of answers that are held.
const ANSWERS: usize = 4096;

impl Budget {
    /// A full budget.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            total: Cell::new(limits.total),
            items: Cell::new(limits.items),
            scratch: Arc::default(),
            answers: RefCell::default(),
            limits,
        }
    }

    /// The limits it started with.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}

/// Budget, policy, and the way to files inside files.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    budget: &'a Budget,
    nested: &'a dyn Nested,
    /// Why to stop now, if so: asked often, and answered by somebody who has a clock.
    stop: &'a dyn Fn() -> Option<&'static str>,
    spill: Option<&'a dyn Spill>,
    policy: Policy,
    password: Option<&'a Password>,
    depth: u32,
    wants_plan: bool,
    takes_text: bool,
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
            spill: None,
            policy,
            password: None,
            depth: 0,
            wants_plan: true,
            takes_text: false,
        }
    }

    /// What `make` returns, which is asked once for each `question`. The question must be a digest of all that
    /// the answer depends on: the same picture is looked at as what is removed and as what is shown.
    ///
    /// # Errors
    /// Those of `make`. They are not held.
    pub fn once<T: Clone + 'static>(
        &self,
        question: Digest,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let known = self.budget.answers.borrow().get(&question).cloned();
        if let Some(known) = known.as_deref().and_then(<dyn Any>::downcast_ref::<T>) {
            return Ok(known.clone());
        }
        let made = make()?;
        let mut answers = self.budget.answers.borrow_mut();
        if answers.len() >= ANSWERS {
            answers.clear();
        }
        answers.insert(question, Rc::new(made.clone()));
        Ok(made)
    }

    /// The same with files for what is too large for memory.
    #[must_use]
    pub fn with_spill(self, spill: &'a dyn Spill) -> Self {
        Self {
            spill: Some(spill),
            ..self
        }
    }

    /// The same with a password for encrypted documents.
    #[must_use]
    pub fn with_password(self, password: Option<&'a Password>) -> Self {
        Self { password, ..self }
    }

    /// The same for a look without a copy.
    #[must_use]
    pub fn without_plan(self) -> Self {
        Self {
            wants_plan: false,
            ..self
        }
    }

    /// Whether the plan of the copy is wanted. Where it is not, nothing needs to be compressed for it.
    #[must_use]
    pub fn wants_plan(&self) -> bool {
        self.wants_plan
    }

    /// The same for files inside of which people chose each, so that plain text can be one of them. Where
    /// a document wants a picture, text is none.
    #[must_use]
    pub fn with_text(self) -> Self {
        Self {
            takes_text: true,
            ..self
        }
    }

    /// Whether a file inside may be plain text.
    #[must_use]
    pub fn takes_text(&self) -> bool {
        self.takes_text
    }

    /// The context of the format of a file inside.
    #[must_use]
    pub fn without_text(self) -> Self {
        Self {
            takes_text: false,
            ..self
        }
    }

    pub(super) fn spill(&self) -> Option<&'a dyn Spill> {
        self.spill
    }

    /// Room for bytes that are neither in the input nor small: what is inflated.
    #[must_use]
    pub fn scratch(&self) -> Scratchpad<'a> {
        Scratchpad::new(*self, self.budget.scratch.clone())
    }

    /// What a cleaned copy may keep.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// The password for encrypted documents, if the user gave one.
    #[must_use]
    pub fn password(&self) -> Option<&'a Password> {
        self.password
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

    /// What a file inside this file gives away, where it is removed as a whole; nothing, when its kind is
    /// unknown. That it is damaged is no reason to refuse the file around it.
    ///
    /// # Errors
    /// Those of the budget, and of reading.
    pub fn inspect_nested(&self, source: &Source<'_>) -> Result<Found> {
        match self.nested.examine(source, &self.deeper()?.without_plan()) {
            Ok(Some(inside)) => {
                let mut found = inside.examined.found;
                found.findings.extend(inside.examined.residue);
                Ok(found)
            }
            Ok(None) => Ok(Found::default()),
            Err(Error::Malformed { .. } | Error::Unsupported { .. }) => Ok(Found::default()),
            Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                Ok(Found::default())
            }
            Err(error) => Err(error),
        }
    }

    /// What one walk through a file inside this file brings; `None` when its kind is unknown.
    ///
    /// # Errors
    /// As for a file of its own.
    pub fn examine_nested(&self, source: &Source<'_>) -> Result<Option<Inside>> {
        self.nested.examine(source, &self.deeper()?)
    }

    /// Format and payload digest of a file inside this file; `None` when its kind is unknown.
    ///
    /// # Errors
    /// As for a file of its own.
    pub fn payload_nested(&self, source: &Source<'_>) -> Result<Option<(&'static Info, Digest)>> {
        self.nested.payload(source, &self.deeper()?)
    }

    /// What one walk through a file inside this file brings, which must be of the format with this id.
    ///
    /// # Errors
    /// As for a file of its own; [`Error::Unsupported`] when it is of another format.
    pub fn examine_as(&self, id: &str, source: &Source<'_>) -> Result<Examined> {
        self.expect(id, source)?;
        let inside = self.examine_nested(source)?.ok_or_else(another_kind)?;
        Ok(inside.examined)
    }

    /// Payload digest of a file inside this file, which must be of the format with this id.
    ///
    /// # Errors
    /// As [`Context::examine_as`].
    pub fn payload_as(&self, id: &str, source: &Source<'_>) -> Result<Digest> {
        self.expect(id, source)?;
        let (_, digest) = self.payload_nested(source)?.ok_or_else(another_kind)?;
        Ok(digest)
    }

    fn expect(&self, id: &str, source: &Source<'_>) -> Result<()> {
        let format = self.identify_nested(source)?;
        format
            .filter(|kind| kind.info.id == id)
            .map(|_| ())
            .ok_or_else(another_kind)
    }

    /// Hands out what is compressed or nested inside a file inside this file; not its own bytes, and
    /// nothing when its kind is unknown.
    ///
    /// # Errors
    /// As for a file of its own, and the sink's.
    pub fn streams_nested(&self, source: &Source<'_>, sink: &mut dyn Streams) -> Result<()> {
        self.nested.streams(source, &self.deeper()?, sink)
    }

    /// The format of a file inside this file.
    ///
    /// # Errors
    /// Reading.
    pub fn identify_nested(&self, source: &Source<'_>) -> Result<Option<FileKind>> {
        self.nested.identify(source)
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

fn another_kind() -> Error {
    Error::unsupported("a file inside this file is not what it should be")
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("depth", &self.depth)
            .finish_non_exhaustive()
    }
}
