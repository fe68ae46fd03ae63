//! Files in base64 in the middle of a part (`office:binary-data`, ODF 1.3 part 3 §10.4.5): all pictures of flat
//! files, and a few of packages.

use crate::bytes::{Context, Source, base64, copy_in_memory};
use crate::model::{Finding, Found, Result, len_u64};

/// The element that contains them.
pub(super) const ELEMENT: &str = "office:binary-data";

/// The file; `None` when it is no base64.
///
/// # Errors
/// Those of the budget.
pub(super) fn decoded(text: &str, cx: &Context<'_>) -> Result<Option<Vec<u8>>> {
    cx.memory(len_u64(text.len()))?;
    Ok(base64::decode(text.as_bytes()))
}

/// The file in the copy; `None` for one that cannot be cleaned.
///
/// # Errors
/// Those of the budget; reading.
pub(super) fn cleaned(
    text: &str,
    cx: &Context<'_>,
    found: &mut Found,
    residue: &mut Vec<Finding>,
) -> Result<Option<String>> {
    let Some(bytes) = decoded(text, cx)? else {
        return Ok(None);
    };
    let source = Source::memory(&bytes);
    let inside = match cx.examine_nested(&source) {
        Ok(Some(inside)) => inside,
        Ok(None) => return Ok(None),
        Err(error) if crate::formats::common::package::is_of_file(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let plan = inside.told(ELEMENT, found, residue);
    let mut out = String::new();
    if cx.wants_plan() {
        base64::encode(&copy_in_memory(&plan, &source, cx)?, &mut out);
    }
    Ok(Some(out))
}
