//! What stands behind the end of a picture.

use crate::bytes::{Context, Source};
use crate::model::{Found, Result};

/// Adds what the bytes behind a picture's end are and give away to `found`.
///
/// # Errors
/// Those of the budget; reading.
pub fn read(_tail: &Source<'_>, _place: &str, _cx: &Context<'_>, _found: &mut Found) -> Result<()> {
    Ok(())
}
