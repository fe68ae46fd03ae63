//! Free text and named values: what a keyword says about its value.

use crate::bytes::Context;
use crate::model::{Found, Result};

/// Adds a named free text (`Author`, `Comment`, `exif:GPSLatitude`, …) to `found`, with category,
/// severity and role after its name and, where the text itself holds coordinates, after those.
///
/// # Errors
/// Those of the budget.
pub fn read(
    _id: &'static str,
    _name: &str,
    _text: &str,
    _place: &str,
    _cx: &Context<'_>,
    _found: &mut Found,
) -> Result<()> {
    Ok(())
}
