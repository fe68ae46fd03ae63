//! Metadata of QuickTime and MP4 films, as found behind motion photos.

use crate::bytes::{Context, Source};
use crate::model::{Found, Result};

/// Adds what a film gives away (places, times, device, accounts, timed metadata tracks) to `found`.
///
/// # Errors
/// Those of the budget; reading.
pub fn read(_film: &Source<'_>, _place: &str, _cx: &Context<'_>, _found: &mut Found) -> Result<()> {
    Ok(())
}
