//! Files inside a drawing.

use super::data::Data;
use super::{INFO, INFO_Z};
use crate::bytes::{Context, Source, copy_in_memory};
use crate::model::{Error, Finding, Found, Result};

/// A cleaned copy of a file inside, what it gives away, and what remains in it.
pub(super) struct Clean {
    pub(super) bytes: Vec<u8>,
    pub(super) found: Found,
    pub(super) residue: Vec<Finding>,
}

/// Cleans a file.
///
/// # Errors
/// [`Error::Unsupported`] when it is of an unknown kind; whatever it is refused for.
pub(super) fn clean(data: &Data, cx: &Context<'_>) -> Result<Clean> {
    let source = Source::memory(&data.bytes);
    let inside = cx.examine_nested(&source)?.ok_or_else(unknown)?;
    if !data.fragment.is_empty() && [INFO.id, INFO_Z.id].contains(&inside.kind.info.id) {
        return Err(Error::unsupported("a part of a drawing inside the drawing"));
    }
    let examined = inside.examined;
    Ok(Clean {
        bytes: copy_in_memory(&examined.plan, &source, cx)?,
        found: examined.found,
        residue: examined.residue,
    })
}

/// A reference that says what the file shows, the same before and after.
///
/// # Errors
/// As [`clean`].
pub(super) fn payload(data: &Data, cx: &Context<'_>) -> Result<String> {
    let payload = cx.payload_nested(&Source::memory(&data.bytes))?;
    let (format, digest) = payload.ok_or_else(unknown)?;
    let media_type = data.media_type_of(&data.bytes);
    Ok(format!("data:{media_type};{},{digest}", format.id))
}

fn unknown() -> Error {
    Error::unsupported("a picture inside is of a kind that cannot be cleaned")
}
