//! Files inside a drawing. Drawings inside drawings are looked at here, once each: by way of the pipeline
//! each level would be looked at three times by the level around it.

use super::data::Data;
use super::{INFO, INFO_Z, digest, gzip, judged, read};
use crate::bytes::{CleanInside, Context, Source};
use crate::model::{Error, Inspection, Result};

/// Cleans a file.
///
/// # Errors
/// [`Error::Unsupported`] when it is of an unknown kind; whatever it is refused for.
pub(super) fn clean(data: &Data, cx: &Context<'_>) -> Result<CleanInside> {
    let (id, source) = kind(data, cx)?;
    if !data.fragment.is_empty() && [INFO.id, INFO_Z.id].contains(&id) {
        return Err(Error::unsupported("a part of a drawing inside the drawing"));
    }
    if id == INFO.id {
        let (inspection, copy) = judged(&data.bytes, &cx.deeper()?)?;
        return Ok(told(copy, inspection));
    }
    if id == INFO_Z.id {
        let cx = cx.deeper()?;
        let file = gzip::Gzip::read(&data.bytes, &cx)?;
        let (mut inspection, copy) = judged(&file.content, &cx)?;
        file.report(&copy, &cx, &mut inspection.found)?;
        return Ok(told(gzip::Gzip::write(&copy), inspection));
    }
    cx.clean_nested(id, &source)
}

fn told(bytes: Vec<u8>, inspection: Inspection) -> CleanInside {
    CleanInside {
        bytes,
        found: inspection.found,
        residue: inspection.residue,
    }
}

/// What the file shows, in bytes that are the same before and after.
///
/// # Errors
/// As [`clean`].
pub(super) fn payload(data: &Data, cx: &Context<'_>) -> Result<Vec<u8>> {
    let (id, source) = kind(data, cx)?;
    let drawing = |bytes: &[u8]| {
        let cx = cx.deeper()?;
        let digest = digest::digest(&read(bytes, &cx)?.root, &cx)?;
        Ok(digest.0.to_be_bytes().to_vec())
    };
    if id == INFO.id {
        return drawing(&data.bytes);
    }
    if id == INFO_Z.id {
        return drawing(&gzip::Gzip::read(&data.bytes, cx)?.content);
    }
    Ok(cx.clean_nested(id, &source)?.bytes)
}

fn kind<'a>(data: &'a Data, cx: &Context<'_>) -> Result<(&'static str, Source<'a>)> {
    let source = Source::memory(&data.bytes);
    let id = cx.detect_nested(&source.peek(0, 4096)?);
    let id = id.ok_or_else(|| {
        Error::unsupported("a picture inside is of a kind that cannot be cleaned")
    })?;
    Ok((id, source))
}
