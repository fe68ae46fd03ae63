//! Blocks of single makers outside of Exif: FLIR, GoPro (GPMF), Ricoh, DJI, Kodak, Canon CIFF, Casio.

pub(crate) mod gpmf;

use crate::bytes::Context;
use crate::model::{Found, Result};

/// Which maker's block this is, by its first bytes: the catalogue id for its finding and a name for
/// people.
#[must_use]
pub fn recognize(_block: &[u8]) -> Option<(&'static str, &'static str)> {
    None
}

/// Adds what the block gives away to `found`.
///
/// # Errors
/// Those of the budget.
pub fn read(_block: &[u8], _place: &str, _cx: &Context<'_>, _found: &mut Found) -> Result<()> {
    Ok(())
}
