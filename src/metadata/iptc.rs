//! IPTC IIM 4.2 records.

use crate::bytes::Context;
use crate::model::{Found, Result};

/// Adds what a run of IIM datasets gives away to `found`.
///
/// # Errors
/// Those of the budget.
pub fn read(_block: &[u8], _place: &str, _cx: &Context<'_>, _found: &mut Found) -> Result<()> {
    Ok(())
}
