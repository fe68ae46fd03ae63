//! Samsung's trailer: `SEFH` directory and `SEFT` end mark, behind a JPEG or in a `sefd` box.

use crate::bytes::{Context, Source};
use crate::model::{Found, Result};

/// Whether the file ends in such a trailer, and where it begins.
///
/// # Errors
/// Reading.
pub fn find(_file: &Source<'_>) -> Result<Option<u64>> {
    Ok(None)
}

/// Adds what a trailer (blocks, directory and end mark) gives away to `found`.
///
/// # Errors
/// Those of the budget; reading.
pub fn read(
    _trailer: &Source<'_>,
    _place: &str,
    _cx: &Context<'_>,
    _found: &mut Found,
) -> Result<()> {
    Ok(())
}
