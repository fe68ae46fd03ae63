//! A context for unit tests of parsers.

use super::{Budget, Context, NoNested};
use crate::model::{Limits, Policy};

/// Runs `f` with default limits, the default policy and no files inside files.
pub(crate) fn with_context<T>(f: impl FnOnce(&Context<'_>) -> T) -> T {
    let budget = Budget::new(Limits::default());
    f(&Context::new(&budget, &NoNested, &|| None, Policy::Share))
}
