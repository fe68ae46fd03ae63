//! Photoshop image resource blocks (`8BIM`): IPTC, thumbnails, print settings, paths.

use crate::bytes::Context;
use crate::model::{Found, Result};

/// Adds what a run of resource blocks gives away to `found`.
///
/// # Errors
/// Those of the budget.
pub fn read(_block: &[u8], _place: &str, _cx: &Context<'_>, _found: &mut Found) -> Result<()> {
    Ok(())
}
